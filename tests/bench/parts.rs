//! How fast the inner parts are, each by itself: hashing, both kinds of sealing, a record, an archive, a list, a word
//! folded for the search.
//!
//! ```text
//! cargo bench --bench parts
//! cargo bench --bench parts -- seal      # those with this in their name
//! ```
//!
//! Criterion compares with the last time: it keeps what it measured under `target/criterion`.

use std::hint::black_box;
use std::io::{self, Read, Write};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::read_ahead::ReadAhead;
use sanduq::crypto::secret::SecretBytes;
use sanduq::crypto::stream::{self, FileKey, OpeningReader, SealingWriter};
use sanduq::crypto::{AsideHasher, Digest, seal};
use sanduq::evidence::consent::Consent;
use sanduq::evidence::item::{Item, Kind, Origin};
use sanduq::evidence::record::Record;
use sanduq::evidence::search::fold;
use sanduq::format::archive::Writer;
use sanduq::format::digest_list::DigestList;
use sanduq::format::id::RandomId;
use sanduq::format::name::MemberName;

/// A piece of a film.
const LONG: usize = 64 << 20;
/// A note.
const SHORT: usize = 30 << 10;
/// Members of an archive, and lines of a list.
const MANY: usize = 1000;

/// So much is sealed or read at once.
const STEP: usize = 256 << 10;

fn hashing(criterion: &mut Criterion) {
    let content = vec![7; LONG];
    let mut group = criterion.benchmark_group("hash");
    group.sample_size(20).throughput(Throughput::Bytes(LONG as u64));
    group.bench_function("64 MiB here", |bencher| bencher.iter(|| Digest::of(black_box(&content))));
    group.bench_function("64 MiB aside", |bencher| {
        bencher.iter(|| {
            let mut hasher = AsideHasher::new();
            content.chunks(STEP).for_each(|part| hasher.update(black_box(part)));
            hasher.finish()
        });
    });
    group.finish();
}

fn travelling(criterion: &mut Criterion) {
    let (identity, content) = (Identity::generate(), vec![7; LONG]);
    let recipient = identity.to_recipient();
    let sealed = |content: &[u8]| seal::seal_bytes(&recipient, content);
    let mut group = criterion.benchmark_group("seal for travel");
    group.sample_size(20);
    for (name, len) in [("header alone", 0), ("30 KiB", SHORT), ("64 MiB", LONG)] {
        let (content, bytes) = (&content[..len], sealed(&content[..len]));
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(format!("{name} sealed"), |bencher| {
            bencher.iter(|| {
                let mut sealer = seal::seal(&recipient, io::sink()).unwrap();
                sealer.write_all(black_box(content)).unwrap();
                sealer.finish().unwrap()
            });
        });
        group.bench_function(format!("{name} opened"), |bencher| {
            bencher.iter(|| drain(seal::open(&identity, black_box(&bytes[..])).unwrap()));
        });
    }
    group.finish();
}

fn at_rest(criterion: &mut Criterion) {
    let (key, content) = (FileKey::generate(), vec![7; LONG]);
    let mut group = criterion.benchmark_group("seal at rest");
    group.sample_size(20);
    for (name, len) in [("30 KiB", SHORT), ("64 MiB", LONG)] {
        let content = &content[..len];
        let mut writer = SealingWriter::new(&key, Vec::new());
        writer.write_all(content).unwrap();
        let sealed = writer.finish(len as u64).unwrap();
        assert_eq!(sealed.len() as u64, stream::sealed_len(len as u64));
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(format!("{name} sealed"), |bencher| {
            bencher.iter(|| {
                let mut writer = SealingWriter::new(&key, io::sink());
                writer.write_all(black_box(content)).unwrap();
                writer.finish(len as u64).unwrap()
            });
        });
        group.bench_function(format!("{name} opened"), |bencher| {
            bencher.iter(|| drain(OpeningReader::new(&key, black_box(&sealed[..]), len as u64)));
        });
        group.bench_function(format!("{name} opened ahead"), |bencher| {
            let owned = || io::Cursor::new(sealed.clone());
            let open = |sealed| drain(ReadAhead::new(OpeningReader::new(&key, sealed, len as u64)));
            bencher.iter_batched(owned, open, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn formats(criterion: &mut Criterion) {
    let (item, organisation) = (testimony(), Digest::of(b"an invented organisation"));
    let bodies: Vec<(MemberName, _)> =
        (0..MANY).map(|at| (format!("data/{at:04}").parse().unwrap(), vec![7; 1 << 10])).collect();
    let mut list = DigestList::new();
    bodies.iter().for_each(|(name, body)| list.push(name.clone(), Digest::of(body)).unwrap());
    let list = list.to_string();
    let words = "نامه‌ای از بایگانی ساختگی ".repeat(100);

    let mut group = criterion.benchmark_group("formats");
    group.bench_function("record of a testimony", |bencher| {
        bencher.iter(|| Record::build(black_box(&item), &organisation, |_| 0).unwrap());
    });
    group.throughput(Throughput::Elements(MANY as u64));
    group.bench_function("archive of 1000 members", |bencher| {
        bencher.iter(|| {
            let mut archive = Writer::new(io::sink());
            bodies.iter().for_each(|(name, body)| archive.whole(name, black_box(body)).unwrap());
            archive.finish().unwrap()
        });
    });
    group.bench_function("list of 1000 digests", |bencher| {
        bencher.iter(|| DigestList::parse(black_box(list.as_bytes())).unwrap());
    });
    group.throughput(Throughput::Bytes(words.len() as u64));
    group.bench_function("Persian folded", |bencher| bencher.iter(|| fold(black_box(&words))));
    group.finish();
}

fn drain(mut content: impl Read) -> u64 {
    let (mut buffer, mut len) = (vec![0; STEP], 0);
    loop {
        match content.read(&mut buffer).unwrap() {
            0 => return len,
            count => len += count as u64,
        }
    }
}

/// An invented testimony with marks.
fn testimony() -> Item {
    let paragraph = "This was invented for measuring; [[an invented person]] said nothing of it.\n\n";
    Item {
        number: 1,
        id: RandomId::generate(),
        kind: Kind::Testimony,
        title: "Invented".to_owned(),
        created: "2026-11-29T12:00:00Z".parse().unwrap(),
        consent: Consent::default(),
        date: None,
        place: Some("Sample Town".to_owned()),
        persons: vec!["Invented Person".to_owned()],
        account: Some(paragraph.repeat(10)),
        files: Vec::new(),
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

criterion_group!(parts, hashing, travelling, at_rest, formats);
criterion_main!(parts);
