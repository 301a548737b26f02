//! How long a large log takes at the desk, where it lies in the ledger and every change of it is synced: one bundle more,
//! as `accept` takes it in; ten thousand leaves more, one leaf more, a proof.
//!
//! ```text
//! cargo bench --bench ledger                      1,000, 10,000, 100,000 and 1,000,000 bundles
//! cargo bench --bench ledger -- 1000 1000000      as many as one likes
//! ```
//!
//! The log grows by officers' events, for they are the leaves that come many at a time, and each gets the row and the file
//! of a bundle under its digest: the file is empty, and lies in `bundles/` as a real one would. What is accepted and timed
//! is a real bundle, from the opening of the archive to its closing. Each figure is a median; the CPU is that of this
//! process, which does not wait for the disk.

#[path = "../desk/mod.rs"]
mod desk;
mod median;

use std::fs::{self, File};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use desk::now;
use median::median;
use rustix::time::{ClockId, clock_gettime};
use sanduq::bundle::EventLeaves;
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair};
use sanduq::format::card::{Card, OfficerLine};
use sanduq::format::note::NoteVerifier;
use sanduq::intake::{Archive, Fate, Founding, Outcome, Reading};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// As many as go in one file.
const AT_ONCE: u64 = 10_000;
/// So many bundles are accepted one by one at each size: a sync takes now this long, now that.
const BUNDLES: usize = 25;

fn main() {
    let given: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if given.is_empty() { SIZES.to_vec() } else { given };
    let mut desk = Desk::found();
    println!("bundles    accept one  its CPU    ten thousand more  one more   prove");
    let mut first = None;
    for wanted in sizes {
        let mut last = Duration::ZERO;
        while desk.reached < wanted {
            last = desk.grow(AT_ONCE.min(wanted - desk.reached));
        }
        desk.lay_bundles();
        let accept = desk.accept_bundles();
        let one = median(|| {
            black_box(desk.grow(1));
        });
        let place = digest(wanted / 3);
        let prove = median(|| {
            let reading = Reading::open(&desk.root).unwrap();
            black_box(reading.prove(&place).unwrap());
        });
        let (wall, cpu) = accept;
        println!("{wanted:<9}  {wall:<10.1?}  {cpu:<9.1?}  {last:<17.1?}  {one:<9.1?}  {prove:.1?}");
        let (first_wall, first_cpu) = *first.get_or_insert(accept);
        let ratio = |of: Duration, to: Duration| of.as_secs_f64() / to.as_secs_f64();
        println!("           x {:<8.2}  x {:.2}", ratio(wall, first_wall), ratio(cpu, first_cpu));
    }
}

/// A desk whose log grows.
struct Desk {
    dir: tempfile::TempDir,
    root: PathBuf,
    log: NoteVerifier,
    officer: KeyPair,
    card: Card,
    /// Invented events that were logged.
    reached: u64,
    /// Those of them that have the row and the file of a bundle.
    laid: u64,
}

impl Desk {
    fn found() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("archive");
        let officer = KeyPair::generate();
        let line = OfficerLine { recipient: Identity::generate().to_recipient(), keys: officer.public() };
        let founding = Founding { name: "Invented Archive".to_owned(), officers: vec![line], threshold: 1 };
        Archive::init(&root, &founding).unwrap();
        let reading = Reading::open(&root).unwrap();
        let log = reading.founded().unwrap().log;
        let card = reading.card_draft(now()).unwrap().sign(&KeyPair::generate());
        Desk { dir, root, log, officer, card, reached: 0, laid: 0 }
    }

    /// Logs so many events more; how long the ledger took.
    fn grow(&mut self, count: u64) -> Duration {
        let leaves = (self.reached..self.reached + count).map(digest);
        let file = self.dir.path().join("leaves.events");
        fs::write(&file, EventLeaves::sign(&self.log, leaves, &self.officer).print()).unwrap();
        self.reached += count;
        let mut archive = Archive::open(&self.root).unwrap();
        let start = Instant::now();
        match accept(&mut archive, &file) {
            Fate::Events { fresh, .. } => assert_eq!(fresh as u64, count),
            other => panic!("{other:?}"),
        }
        start.elapsed()
    }

    /// Gives what was logged the row and the file of a bundle, as those have that lie here long since.
    fn lay_bundles(&mut self) {
        let mut ledger = rusqlite::Connection::open(self.root.join("ledger.sqlite")).unwrap();
        let transaction = ledger.transaction().unwrap();
        let recipient = Identity::generate().to_recipient().to_string();
        let row = "INSERT INTO bundles (leaf, id, bytes, accepted, recipient, handed_out)
             SELECT number, ?1, 262144, '2026-11-23', ?2, 1 FROM leaves WHERE text = ?3";
        let mut statement = transaction.prepare(row).unwrap();
        for id in (self.laid..self.reached).map(digest) {
            let text = format!("sanduq-log/1 event {id}");
            let laid = statement.execute(rusqlite::params![id.as_bytes(), recipient, text]).unwrap();
            assert_eq!(laid, 1, "its leaf is there");
            File::create(self.root.join(format!("bundles/{id}.bundle"))).unwrap();
        }
        drop(statement);
        transaction.commit().unwrap();
        self.laid = self.reached;
        assert!(std::process::Command::new("sync").status().unwrap().success());
    }

    /// Wall and CPU time in which one more bundle is accepted: the medians.
    fn accept_bundles(&self) -> (Duration, Duration) {
        let file = self.dir.path().join("one.bundle");
        let mut times: Vec<(Duration, Duration)> = (0..BUNDLES)
            .map(|_| {
                fs::write(&file, desk::bundle(&self.card).0).unwrap();
                let (start, begun) = (Instant::now(), cpu());
                let fate = accept(&mut Archive::open(&self.root).unwrap(), &file);
                assert!(matches!(fate, Fate::Accepted { .. }), "{fate:?}");
                (start.elapsed(), cpu() - begun)
            })
            .collect();
        let mut middle = |of: fn(&(Duration, Duration)) -> Duration| {
            times.sort_by_key(of);
            of(&times[BUNDLES / 2])
        };
        (middle(|time| time.0), middle(|time| time.1))
    }
}

fn accept(archive: &mut Archive, file: &Path) -> Fate {
    let mut fates = Vec::new();
    let mut report = |outcome: Outcome| fates.push(outcome.fate);
    archive.accept(&[file.to_path_buf()], now(), &AtomicBool::new(false), &mut report).unwrap();
    assert_eq!(fates.len(), 1, "{fates:?}");
    fates.remove(0)
}

/// How long this process computed.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

fn digest(number: u64) -> Digest {
    Digest::of(format!("an invented event {number}").as_bytes())
}
