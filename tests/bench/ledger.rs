//! How long a large log takes at the desk, where it lies in the ledger and every change of it is synced: ten thousand
//! leaves more, one leaf more, a proof.
//!
//! ```text
//! cargo bench --bench ledger
//! ```
//!
//! It grows by officers' events, for they are the leaves that come many at a time. Each figure is the median of five.

mod median;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use median::median;
use sanduq::bundle::EventLeaves;
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair};
use sanduq::format::card::OfficerLine;
use sanduq::format::time::Time;
use sanduq::intake::{Archive, Fate, Founding, Reading};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// As many as go in one file.
const AT_ONCE: u64 = 10_000;

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("archive");
    let officer = KeyPair::generate();
    let line = OfficerLine { recipient: Identity::generate().to_recipient(), keys: officer.public() };
    let founding = Founding { name: "Invented Archive".to_owned(), officers: vec![line], threshold: 1 };
    let mut archive = Archive::init(&root, &founding).unwrap();
    let log = Reading::open(&root).unwrap().founded().unwrap().log;
    let mut size = 0;
    let mut grow = |archive: &mut Archive, count: u64| {
        let leaves = (size..size + count).map(digest);
        let file = dir.path().join("leaves.events");
        fs::write(&file, EventLeaves::sign(&log, leaves, &officer).print()).unwrap();
        size += count;
        let start = Instant::now();
        accept(archive, &file, count);
        (start.elapsed(), size)
    };
    println!("leaves     ten thousand more  one more   prove");
    let mut reached = 0;
    for wanted in SIZES {
        let mut last = Duration::ZERO;
        while reached < wanted {
            (last, reached) = grow(&mut archive, AT_ONCE.min(wanted - reached));
        }
        let one = median(|| (_, reached) = grow(&mut archive, 1));
        let place = digest(wanted / 3);
        let prove = median(|| {
            let reading = Reading::open(&root).unwrap();
            black_box(reading.prove(&place).unwrap());
        });
        println!("{wanted:<9}  {last:<17.1?}  {one:<9.1?}  {prove:.1?}");
    }
}

fn accept(archive: &mut Archive, file: &Path, count: u64) {
    let now: Time = "2026-11-23T18:40:00Z".parse().unwrap();
    let mut fresh = 0;
    let report = &mut |outcome: sanduq::intake::Outcome| match outcome.fate {
        Fate::Events { fresh: new, .. } => fresh += new as u64,
        other => panic!("{other:?}"),
    };
    archive.accept(&[file.to_path_buf()], now, &AtomicBool::new(false), report).unwrap();
    assert_eq!(fresh, count);
}

fn digest(number: u64) -> Digest {
    Digest::of(format!("an invented event {number}").as_bytes())
}
