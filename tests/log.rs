//! The log as plain files: other people's logs read it, an auditor checks it, and every way to rewrite it is found.
#![cfg(all(feature = "intake", feature = "verify"))]

mod desk;
#[path = "log/folder.rs"]
mod folder;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use desk::{Organisation, card, names, snapshot};
use folder::{Log, Shown, leaf};
use sanduq::audit::{self, LogQuestions, Outcome, Question, Report, ValueName};
use sanduq::crypto::{Digest, KeyPair};
use sanduq::format::card::Card;
use sanduq::intake::IntakeError;
use tlog_tiles::{TileHashReader, TileReader};

const MANY: u64 = 10_000;
/// How long something may take that ends at once.
const PATIENCE: Duration = Duration::from_secs(60);
/// Sizes at the borders of subtrees and tiles, and some between.
const SIZES: [u64; 16] = [1, 2, 3, 255, 256, 257, 511, 512, 1000, 4095, 4096, 4097, 8191, 8192, 9999, 10_000];

struct Files<'a>(&'a Path);

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        // Its path begins with the height of a tile, which C2SP fixes at 8.
        let path = |tile: &tlog_tiles::Tile| self.0.join(tile.path().replacen("tile/8/", "tile/", 1));
        let read = |tile: &tlog_tiles::Tile| fs::read(path(tile)).unwrap();
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

#[test]
fn the_tiles_are_those_of_tlog_tiles() {
    let (laid, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    tlog_tiles_reads(laid.path(), &Log::of((0..MANY).map(leaf)).shown(laid.path()));
    tlog_tiles_reads(desk.path(), &folder::exported(desk.path(), MANY));
}

fn tlog_tiles_reads(dir: &Path, log: &Shown) {
    let text = fs::read(dir.join("checkpoint")).unwrap();
    let text = &text[..text.windows(2).position(|two| two == b"\n\n").unwrap() + 1];
    let head = tlog_tiles::Checkpoint::from_bytes(text).unwrap();
    assert_eq!((head.size(), head.origin()), (MANY, log.verifier.name()));
    let files = Files(dir);
    let hashes = TileHashReader::new(MANY, *head.hash(), &files);
    for size in SIZES {
        let root = tlog_tiles::tree_hash(size, &hashes).unwrap();
        assert_eq!(root.0, *log.tree.root(size).unwrap().as_bytes(), "root of {size}");
        let record = tlog_tiles::prove_record(MANY, size - 1, &hashes).unwrap();
        let ours = log.tree.inclusion_proof(size - 1, MANY).unwrap();
        assert_eq!(record.iter().map(|hash| hash.0).collect::<Vec<_>>(), bytes(&ours), "leaf {}", size - 1);
        let tree = tlog_tiles::prove_tree(MANY, size, &hashes).unwrap();
        tlog_tiles::check_tree(&tree, MANY, *head.hash(), size, root).unwrap();
        // Where nothing has to be proved, theirs is as empty as ours.
        let ours = log.tree.consistency_proof(size, MANY).unwrap();
        assert_eq!(tree.iter().map(|hash| hash.0).collect::<Vec<_>>(), bytes(&ours), "growth from {size}");
    }
}

fn bytes(hashes: &[Digest]) -> Vec<[u8; 32]> {
    hashes.iter().map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn go_reads_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/log/sumdb.go");
    let program = dir.path().join("sumdb");
    let build = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", dir.path().join("cache"))
        .env("CGO_ENABLED", "0")
        .output();
    let library = Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir();
    let Ok(build) =
        build.and_then(|build| library.then_some(build).ok_or_else(|| io::ErrorKind::NotFound.into()))
    else {
        return println!("SKIPPED go_reads_the_log: no Go, or no golang.org/x/mod");
    };
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let [laid, desk] = ["laid", "desk"].map(|name| dir.path().join(name));
    go_reads(&program, &laid, &Log::of((0..MANY).map(leaf)).shown(&laid));
    go_reads(&program, &desk, &folder::exported(&desk, MANY));
}

fn go_reads(program: &Path, dir: &Path, log: &Shown) {
    let read = Command::new(program)
        .arg(dir)
        .arg(log.verifier.to_string())
        .args(SIZES.map(|size| size.to_string()))
        .output()
        .unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let expected: String = SIZES
        .iter()
        .map(|size| {
            let root = BASE64_STANDARD.encode(log.tree.root(*size).unwrap().as_bytes());
            let grown = log.tree.consistency_proof(*size, MANY).unwrap().len();
            let included = log.tree.inclusion_proof(size - 1, MANY).unwrap().len();
            format!("{size} {root} {grown} {included}\n")
        })
        .collect();
    assert_eq!(String::from_utf8(read.stdout).unwrap(), expected);
}

/// What the desk exports holds, and a second export writes only what is new.
#[test]
fn the_desk_exports_its_log() {
    let org = Organisation::founded(1, 1);
    let (to, sticks) = (org.dir.path().join("log"), org.folder("sticks"));
    let mut bundles = Vec::new();
    for number in 0..3 {
        let exported = org.look().export_log(&to).unwrap();
        assert_eq!(exported.size, number);
        assert_eq!(org.look().export_log(&to).unwrap().files, 0, "there is nothing new");
        let name = format!("{number}.bundle");
        let (path, sealed) = org.seal_into(&sticks, &name);
        org.accept(&[path]);
        bundles.push(sealed.bundle);
    }
    let before = snapshot(&to);
    assert_eq!(org.look().export_log(&to).unwrap().files, 3, "the leaves, their hashes and the head");
    let after = snapshot(&to);
    let head = to.join("checkpoint");
    assert!(before.iter().filter(|(path, _)| *path != head).all(|file| after.contains(file)));
    assert_eq!(names(&to.join("tile")), ["0", "entries"]);

    let report = audit::log(&to, org.card().as_bytes(), &LogQuestions::default()).unwrap();
    assert!(report.holds(), "{report:#?}");
    let proof = org.look().prove(&bundles[1]).unwrap();
    let card = org.card();
    assert!(audit::receipt(card.as_bytes(), proof.proof.as_bytes()).holds());
    assert!(matches!(org.look().prove(&Digest::of(b"no bundle")), Err(IntakeError::NotLogged { .. })));
    let lacks = LogQuestions { lacks: vec![bundles[2]], at: Some(proof.leaf + 1), ..Default::default() };
    let there = org.look().prove(&bundles[2]).unwrap().leaf;
    assert_eq!(audit::log(&to, card.as_bytes(), &lacks).unwrap().holds(), there > proof.leaf);
}

/// Story: an archive was put back from a copy; what it knows is less than what it has shown. Nothing may be written over
/// what was shown, for the two would convict it.
#[test]
fn what_was_shown_is_never_written_over() {
    let org = Organisation::founded(1, 1);
    let to = org.dir.path().join("log");
    let (path, _) = org.seal_into(&org.folder("sticks"), "a.bundle");
    org.accept(&[path]);
    let (copy, ledger) = (org.dir.path().join("old"), org.root().join("ledger.sqlite"));
    fs::copy(&ledger, &copy).unwrap();
    let (path, lost) = org.seal_into(&org.folder("sticks"), "b.bundle");
    org.accept(&[path]);
    org.look().export_log(&to).unwrap();
    let shown = snapshot(&to);
    fs::copy(&copy, &ledger).unwrap();
    fs::remove_file(org.root().join(format!("bundles/{}.bundle", lost.bundle))).unwrap();
    assert!(matches!(org.look().export_log(&to), Err(IntakeError::Behind { shown: 2, known: 1, .. })));
    let (path, _) = org.seal_into(&org.folder("sticks"), "c.bundle");
    org.accept(&[path]);
    assert!(matches!(org.look().export_log(&to), Err(IntakeError::OtherLog { .. })));
    // With one more, no file has the name of one that was shown; the head was all the same.
    let (path, _) = org.seal_into(&org.folder("sticks"), "d.bundle");
    org.accept(&[path]);
    assert!(matches!(org.look().export_log(&to), Err(IntakeError::OtherLog { .. })));
    assert_eq!(snapshot(&to), shown);
    let other = Organisation::founded(1, 1);
    assert!(matches!(other.look().export_log(&to), Err(IntakeError::OtherLog { .. })));
    assert_eq!(snapshot(&to), shown);
}

/// A log of 300 leaves in a folder, its card, and what is asked of it.
struct Asked {
    dir: tempfile::TempDir,
    log: Log,
    card: Card,
}

impl Asked {
    fn new() -> Asked {
        let log = Log::of((0..300).map(leaf));
        let card = card(&log.signer, &KeyPair::generate());
        let dir = tempfile::tempdir().unwrap();
        log.lay(&dir.path().join("log"));
        Asked { dir, log, card }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn ask(&self, name: &str, since: &[&str]) -> Report {
        let since = since.iter().map(|name| self.path(name)).collect();
        let questions = LogQuestions { since, ..LogQuestions::default() };
        audit::log(&self.path(name), self.card.as_bytes(), &questions).unwrap()
    }
}

fn fails(report: &Report) -> Vec<Question> {
    let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Fails);
    failed.map(|check| check.question).collect()
}

fn convicts(report: &Report) -> usize {
    report.values.iter().filter(|value| value.name == ValueName::Convicts).count()
}

fn detail(report: &Report, question: Question) -> String {
    let check = report.checks.iter().find(|check| check.question == question).unwrap();
    check.detail.clone().unwrap_or_default()
}

#[test]
fn a_log_that_only_grew_holds() {
    let asked = Asked::new();
    for (name, size) in [("empty", 0), ("one", 1), ("tile", 256), ("near", 299)] {
        asked.log.first(size).lay(&asked.path(name));
    }
    fs::write(asked.path("old-checkpoint"), asked.log.head_of(257).to_string()).unwrap();
    let since = ["empty", "one", "tile", "near", "log", "old-checkpoint"];
    let report = asked.ask("log", &since);
    assert!(report.holds(), "{report:#?}");
    assert_eq!(
        report.checks.iter().filter(|check| check.question == Question::LogSince).count(),
        since.len()
    );
    // A partial tile may go once the full one is there.
    let asked_of_full = asked.path("full");
    asked.log.first(10).lay(&asked_of_full);
    fs::remove_dir_all(asked_of_full.join("tile")).unwrap();
    copy_tiles(&asked.path("log"), &asked_of_full);
    assert!(asked.ask("full", &[]).holds(), "{:#?}", asked.ask("full", &[]));
}

fn copy_tiles(from: &Path, to: &Path) {
    for (path, bytes) in snapshot(&from.join("tile")) {
        let path = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_changed_leaf_convicts_the_log() {
    let asked = Asked::new();
    asked.log.first(200).lay(&asked.path("old"));
    for (name, since) in [("edited", "old"), ("edited", "old/checkpoint")] {
        let mut leaves = asked.log.leaves.clone();
        leaves[17] = leaf(4711);
        asked.log.signed_again(leaves).lay(&asked.path(name));
        let report = asked.ask(name, &[since]);
        assert_eq!((fails(&report), convicts(&report)), (vec![Question::LogSince], 2), "{report:#?}");
        let named = detail(&report, Question::LogSince).contains("leaf 17 was");
        assert_eq!(named, since == "old", "which one it was is said where the old leaves are there");
        fs::remove_dir_all(asked.path(name)).unwrap();
    }
}

#[test]
fn a_leaf_that_was_dropped_or_put_in_between_convicts_the_log() {
    let asked = Asked::new();
    asked.log.first(200).lay(&asked.path("old"));
    let mut dropped = asked.log.leaves.clone();
    dropped.remove(100);
    let mut inserted = asked.log.leaves.clone();
    inserted.insert(100, leaf(4711));
    let mut swapped = asked.log.leaves.clone();
    swapped.swap(5, 6);
    for (name, leaves) in [("dropped", dropped), ("inserted", inserted), ("swapped", swapped)] {
        asked.log.signed_again(leaves).lay(&asked.path(name));
        let report = asked.ask(name, &["old"]);
        assert_eq!((fails(&report), convicts(&report)), (vec![Question::LogSince], 2), "{name}: {report:#?}");
    }
}

#[test]
fn two_roots_for_one_size_convict_the_log() {
    let asked = Asked::new();
    let mut leaves = asked.log.leaves.clone();
    leaves[299] = leaf(4711);
    asked.log.signed_again(leaves).lay(&asked.path("fork"));
    let report = asked.ask("fork", &["log"]);
    assert_eq!((fails(&report), convicts(&report)), (vec![Question::LogSince], 2), "{report:#?}");
    assert!(detail(&report, Question::LogSince).contains("two roots for one size 300"));
    // Also where not a single leaf is to be had.
    fs::remove_dir_all(asked.path("fork/tile")).unwrap();
    let report = asked.ask("fork", &["log"]);
    assert_eq!(fails(&report), [Question::LogLeaves, Question::LogSince]);
    assert_eq!(convicts(&report), 2);
}

#[test]
fn a_log_that_was_cut_short_is_found() {
    let asked = Asked::new();
    asked.log.first(250).lay(&asked.path("short"));
    let report = asked.ask("short", &["log"]);
    assert_eq!(fails(&report), [Question::LogSince]);
    assert_eq!(convicts(&report), 0, "an old head is true; that it is shown again proves nothing yet");
    // One that went on from there another way is convicted by the leaves that were there.
    let mut leaves = asked.log.leaves[..250].to_vec();
    leaves[249] = leaf(4711);
    asked.log.signed_again(leaves).lay(&asked.path("other"));
    let report = asked.ask("other", &["log"]);
    assert_eq!((fails(&report), convicts(&report)), (vec![Question::LogSince], 2));
}

#[test]
fn a_leaf_that_stands_there_twice_is_found() {
    let asked = Asked::new();
    let mut leaves = asked.log.leaves.clone();
    leaves.push(leaf(3));
    asked.log.signed_again(leaves).lay(&asked.path("twice"));
    let report = asked.ask("twice", &["log"]);
    assert_eq!(fails(&report), [Question::LogOnce]);
    assert!(detail(&report, Question::LogOnce).contains("leaf 300"));
}

#[test]
fn files_that_are_not_the_log_s_are_found() {
    let asked = Asked::new();
    let tamper = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let path = asked.path("log").join(name);
        let before = fs::read(&path).unwrap();
        let mut bytes = before.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let report = asked.ask("log", &[]);
        fs::write(path, before).unwrap();
        assert!(!report.holds() && convicts(&report) == 0, "{name}: {report:#?}");
        fails(&report)
    };
    let flip = |bytes: &mut Vec<u8>| bytes[80] ^= 1;
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(70);
    let add = |bytes: &mut Vec<u8>| bytes.push(0);
    let sha = |bytes: &mut Vec<u8>| {
        // A digit of a digest becomes another one: it is still a leaf.
        let at = bytes.len() - 1;
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    };
    assert_eq!(tamper("tile/entries/001.p/44", &sha), [Question::LogRoot, Question::LogTiles]);
    assert_eq!(tamper("tile/entries/000", &cut), [Question::LogLeaves]);
    assert_eq!(tamper("tile/entries/000", &add), [Question::LogLeaves]);
    assert_eq!(tamper("tile/0/000", &flip), [Question::LogTiles]);
    assert_eq!(tamper("tile/0/001.p/44", &add), [Question::LogTiles]);
    assert_eq!(tamper("tile/1/000.p/1", &add), [Question::LogTiles]);
    assert_eq!(tamper("checkpoint", &cut), [Question::LogHead]);
    let stranger = Log::of((0..300).map(leaf)).head_of(300).to_string();
    assert_eq!(
        tamper("checkpoint", &|bytes| *bytes = stranger.clone().into_bytes()),
        [Question::LogSigned, Question::LogWitnesses]
    );
    let larger = asked.log.signed_again((0..301).map(leaf).collect()).head_of(301).to_string();
    assert_eq!(
        tamper("checkpoint", &|bytes| *bytes = larger.clone().into_bytes()),
        [Question::LogLeaves],
        "a leaf is missing"
    );
    assert!(asked.ask("log", &[]).holds());
}

/// An auditor waited for ever for whoever would write into it.
#[test]
fn a_pipe_in_the_place_of_a_file_is_told_at_once() {
    let asked = Asked::new();
    for (name, question) in [("tile/entries/000", Question::LogLeaves), ("tile/0/000", Question::LogTiles)] {
        let path = asked.path("log").join(name);
        let before = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        // What waits for ever is not waited for.
        let (told, heard) = mpsc::channel();
        let (log, card) = (asked.path("log"), asked.card.as_bytes().to_vec());
        thread::spawn(move || told.send(audit::log(&log, &card, &LogQuestions::default()).unwrap()));
        let report = heard.recv_timeout(PATIENCE).expect("it ends");
        assert!(fails(&report).contains(&question), "{name}: {report:#?}");
        assert!(detail(&report, question).contains("not a file"), "{report:#?}");
        fs::remove_file(&path).unwrap();
        fs::write(&path, before).unwrap();
    }
    assert!(asked.ask("log", &[]).holds());
}

#[test]
fn absence_is_shown_up_to_a_size() {
    let asked = Asked::new();
    let lacks = |digest: Digest, at: Option<u64>| {
        let questions = LogQuestions { lacks: vec![digest], at, ..LogQuestions::default() };
        audit::log(&asked.path("log"), asked.card.as_bytes(), &questions).unwrap()
    };
    let (planted, there) = (Digest::of(b"planted"), folder::digest(100));
    assert!(lacks(planted, None).holds() && lacks(planted, Some(300)).holds());
    assert!(lacks(there, Some(100)).holds(), "before it came it was not there");
    for (digest, at) in [(there, Some(101)), (there, None), (planted, Some(301))] {
        let report = lacks(digest, at);
        assert_eq!(fails(&report), [Question::LogLacks], "{at:?}");
    }
    assert_eq!(detail(&lacks(there, None), Question::LogLacks), format!("leaf 100 names {there}"));
}

#[test]
fn a_head_of_another_log_says_nothing_against_this_one() {
    let asked = Asked::new();
    Log::of((0..10).map(leaf)).lay(&asked.path("other"));
    fs::write(asked.path("none"), b"no checkpoint\n").unwrap();
    for since in ["other", "none"] {
        let report = asked.ask("log", &[since]);
        assert_eq!((fails(&report), convicts(&report)), (vec![Question::LogSince], 0), "{since}");
    }
}
