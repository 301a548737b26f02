//! The vectors of evidence and bundles: `good-…` is accepted and `bad-…` refused, the reason in the name. They are
//! also what our writers write; `SANDUQ_WRITE_VECTORS=1 cargo test --test vectors_bundle` writes new ones, and an old
//! one is never rewritten after a release.
//!
//! A record is a folder; its vector is that folder as an archive. What is made with fresh randomness (payloads,
//! quorum files, letters) has its vectors in `tests/golden/`.

#[path = "vectors_bundle/samples.rs"]
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sanduq::bundle::courier_share::{CourierShare, Gathering};
use sanduq::bundle::disclosure::Info;
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{
    EventLeaves, EventProofs, PassOn, SignedDerivative, SignedEvent, Statement, Terms, event_proofs,
};
use sanduq::crypto::Digest;
use sanduq::evidence::received::ReceivedItem;
use sanduq::evidence::unit::Unit;
use sanduq::format::archive::Reader;

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(vectors().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn record(bytes: &[u8]) -> Option<ReceivedItem> {
    let mut reader = Reader::new(bytes);
    assert_eq!(reader.next_member().ok()??.name, "disclosure-sha256.txt");
    let list = reader.body(u64::MAX).ok()?;
    let named = list.iter().filter(|byte| **byte == b'\n').count();
    let mut units = vec![None; named];
    while let Some(member) = reader.next_member().ok()? {
        let number: usize = member.name.as_str()["units/".len()..][..4].parse().ok()?;
        units.resize(named.max(number), None);
        units[number - 1] = Some(reader.body(u64::MAX).ok()?);
    }
    ReceivedItem::read(&list, units.iter().map(|unit| unit.as_deref())).ok()
}

/// An event's line and its two signatures, as they follow each other.
fn event(bytes: &[u8]) -> Option<SignedEvent> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (line, signatures) = text.split_once('\n')?;
    let (first, second) = signatures.split_once("END SSH SIGNATURE-----\n")?;
    let first = format!("{first}END SSH SIGNATURE-----\n");
    SignedEvent::parse(line.as_bytes(), first.as_bytes(), second.as_bytes()).ok()
}

/// A derivative's statement and its two signatures, as they follow each other.
fn derivative(bytes: &[u8]) -> Option<SignedDerivative> {
    let whole = std::str::from_utf8(bytes).ok()?;
    let (text, signatures) = whole.split_at(whole.find("-----BEGIN SSH SIGNATURE-----\n")?);
    let (first, second) = signatures.split_once("END SSH SIGNATURE-----\n")?;
    let first = format!("{first}END SSH SIGNATURE-----\n");
    SignedDerivative::parse(text.as_bytes(), first.as_bytes(), second.as_bytes()).ok()
}

/// An archive of proofs, read and written again.
fn proofs(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut found = Vec::new();
    event_proofs::read(bytes, &mut |leaf, proof| found.push((leaf, proof))).ok()?;
    let mut proofs = EventProofs::begin(Vec::new());
    found.iter().for_each(|(leaf, proof)| proofs.add(leaf, proof).unwrap());
    proofs.finish().ok()
}

/// Whether our reader of a format accepts these bytes; what it accepts must print again as it was.
fn accepts(format: &str, bytes: &[u8]) -> bool {
    let printed = match format {
        "unit" => Unit::parse(bytes).map(|unit| unit.to_bytes()),
        "record" => record(bytes).map(|_| bytes.to_vec()),
        "author" => Statement::parse(bytes).ok().map(|statement| statement.print().into_bytes()),
        "derivative" => derivative(bytes).map(|signed| signed.print().concat().into_bytes()),
        "disclosure" => Info::parse(bytes).ok().map(|info| info.print().into_bytes()),
        "event_leaves" => EventLeaves::parse(bytes).ok().map(|leaves| leaves.print().into_bytes()),
        "event_proofs" => proofs(bytes),
        "event" => event(bytes)
            .map(|event| event.print())
            .map(|[line, one, two]| format!("{line}\n{one}{two}").into_bytes()),
        "signer" => Signer::parse(bytes).ok().map(|signer| signer.print().into_bytes()),
        "courier" => CourierShare::parse(bytes).ok().map(|share| share.to_bytes().expose().clone()),
        "pass_on" => PassOn::parse(bytes).ok().map(|pass_on| pass_on.to_bytes()),
        other => panic!("{other} has no reader here"),
    };
    printed.is_some_and(|printed| {
        assert_eq!(printed, bytes, "one spelling");
        true
    })
}

fn judged(format: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(vectors().join(format)).unwrap_or_else(|error| panic!("{format}: {error}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("good-") || name.starts_with("bad-")).collect()
}

#[test]
fn every_vector_is_accepted_or_refused_as_its_name_says() {
    let mut wrong = Vec::new();
    for format in samples::FORMATS {
        let names = judged(format);
        assert!(names.iter().any(|name| name.starts_with("good-")), "{format} has none to accept");
        assert!(names.iter().any(|name| name.starts_with("bad-")), "{format} has none to refuse");
        for name in names {
            if accepts(format, &read(&format!("{format}/{name}"))) != name.starts_with("good-") {
                wrong.push(format!("{format}/{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "judged otherwise: {wrong:#?}");
}

#[test]
fn our_writers_write_the_vectors() {
    let writing = std::env::var_os("SANDUQ_WRITE_VECTORS").is_some();
    let mut known = BTreeSet::new();
    for (format, name, bytes) in samples::all() {
        let path = vectors().join(format).join(&name);
        if writing {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|found| found == bytes), "{format}/{name} differs");
        known.insert(format!("{format}/{name}"));
    }
    for format in samples::FORMATS {
        for name in judged(format) {
            assert!(known.contains(&format!("{format}/{name}")), "{format}/{name} is nobody's");
        }
    }
}

#[test]
fn a_record_is_named_by_its_list_whatever_is_left_out() {
    let whole = record(&read("record/good-whole")).unwrap();
    let part = record(&read("record/good-part")).unwrap();
    assert!(whole.is_whole() && part.withheld == 1);
    assert_eq!(whole.record, part.record);
    assert_eq!(whole.account().unwrap().marked(), "I saw [[the man from next door]].\n\nThen they left.");
    assert_eq!((whole.place.is_some(), part.place), (true, None));
}

/// The list's digest, which a bundle would vouch for, and the identity stand beside the shares.
#[test]
fn any_two_couriers_give_the_identity() {
    let list = text("courier/list.sha256").trim_end().parse().unwrap();
    let terms = Terms::new(2, 3, list).unwrap();
    for pair in [[1, 2], [1, 3], [3, 2]] {
        let mut gathering = Gathering::new(&terms);
        for number in pair {
            assert!(gathering.identity().is_none());
            gathering
                .add(CourierShare::parse(&read(&format!("courier/good-{number}-of-3"))).unwrap())
                .unwrap();
        }
        let identity = gathering.identity().unwrap().unwrap();
        assert_eq!(identity.to_secret_string().expose(), text("courier/identity").trim_end());
    }
}

fn text(path: &str) -> String {
    String::from_utf8(read(path)).unwrap()
}

#[test]
fn the_author_signed_the_statement() {
    let statement = Statement::parse(&read("author/good-statement")).unwrap();
    let (signature, pq_signature) = (read("author/statement.sig"), read("author/statement.pq.sig"));
    statement.verify(&signature, &pq_signature).unwrap();
    assert!(statement.verify(&pq_signature, &signature).is_err());
    let follow_up = Statement::parse(&read("author/good-withdrawal")).unwrap();
    assert!(follow_up.verify(&signature, &pq_signature).is_err());
    assert_eq!(follow_up.follow_up.unwrap().refers, Some(Digest::of(b"an earlier bundle")));
}
