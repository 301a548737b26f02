//! The intake desk as an organisation uses it: what it takes, what it refuses, what it answers, and what a kill,
//! a full disk or a hostile stick leave behind.
#![cfg(feature = "intake")]

mod desk;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use desk::{Organisation, accept, bundle, names, now, officer_line, snapshot};
use sanduq::bundle::letter::open_receipt;
use sanduq::crypto::KeyPair;
use sanduq::crypto::hybrid::Identity;
use sanduq::intake::{Archive, Fate, Founding, HandedOut, IntakeError, Outcome};
use sanduq::store::StoreError;

fn fates(outcomes: &[Outcome]) -> Vec<&'static str> {
    let word = |outcome: &Outcome| match outcome.fate {
        Fate::Accepted { .. } => "accepted",
        Fate::Known { .. } => "known",
        Fate::CardAccepted { .. } => "card accepted",
        Fate::CardKnown { .. } => "card known",
        Fate::Quarantined(_) => "quarantined",
        Fate::Failed(_) => "failed",
        _ => "?",
    };
    outcomes.iter().map(word).collect()
}

fn receipts(archive: &mut Archive, to: &Path, again: bool) -> Vec<HandedOut> {
    let mut handed_out = Vec::new();
    archive.receipts(to, again, &mut |one| handed_out.push(one)).unwrap();
    handed_out
}

#[test]
fn a_bundle_is_accepted_logged_and_answered() {
    let org = Organisation::founded(3, 2);
    let (path, sealed) = org.seal_into(&org.folder("stick"), "a.bundle");
    let before = fs::read(&path).unwrap();
    let card = org.card();

    let mut archive = org.open();
    assert_eq!(fates(&accept(&mut archive, std::slice::from_ref(&path))), ["accepted"]);
    let kept = org.root().join(format!("bundles/{}.bundle", sealed.bundle));
    assert_eq!(fs::read(kept).unwrap(), before);
    assert_eq!(fs::read(&path).unwrap(), before);

    let handed_out = receipts(&mut archive, &org.folder("out"), false);
    assert_eq!(handed_out.iter().map(|one| one.bundle).collect::<Vec<_>>(), [sealed.bundle]);
    let letter = fs::read(&handed_out[0].file).unwrap();
    let receipt = open_receipt(&sealed.return_identity, &letter).unwrap();
    receipt.verify(&card, &sealed.bundle).unwrap();
    assert!(open_receipt(&Identity::generate(), &letter).is_err());
    assert!(receipts(&mut archive, &org.folder("out"), false).is_empty());
    assert_eq!(receipts(&mut archive, &org.folder("out"), true).len(), 1);
}

#[test]
fn a_bundle_that_comes_twice_is_accepted_once() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let (path, _) = org.seal_into(&stick, "a.bundle");
    fs::copy(&path, stick.join("b.bundle")).unwrap();
    assert_eq!(fates(&org.accept(&[stick])), ["accepted", "known"]);
    assert_eq!(fates(&org.accept(&[path])), ["known"]);
    assert_eq!(org.look().log().unwrap().leaves.len(), 1);
    assert_eq!(org.look().bundles().unwrap().len(), 1);
}

#[test]
fn a_copy_that_was_lost_or_damaged_is_restored_when_the_bundle_comes_again() {
    let org = Organisation::founded(1, 1);
    let (path, sealed) = org.seal_into(&org.folder("stick"), "a.bundle");
    org.accept(std::slice::from_ref(&path));
    let kept = org.root().join(format!("bundles/{}.bundle", sealed.bundle));
    let mut damaged = fs::read(&kept).unwrap();
    damaged[100_000] ^= 1;
    fs::write(&kept, damaged).unwrap();
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["known"]);
    assert_eq!(fs::read(&kept).unwrap(), fs::read(&path).unwrap());
    fs::remove_file(&kept).unwrap();
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["known"]);
    assert_eq!(fs::read(&kept).unwrap(), fs::read(&path).unwrap());
}

#[test]
fn what_fails_is_quarantined_with_its_reason_and_the_rest_goes_on() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let (path, _) = org.seal_into(&stick, "good.bundle");
    let mut changed = fs::read(&path).unwrap();
    changed[200_000] ^= 1;
    fs::write(stick.join("changed.bundle"), &changed).unwrap();
    fs::write(stick.join("cut.bundle"), &changed[..5000]).unwrap();
    fs::write(stick.join("\u{1b}]52;c;AAAA\u{7}\u{202e}.bundle"), b"no bundle").unwrap();
    fs::write(stick.join("empty.bundle"), b"").unwrap();
    let before = snapshot(&stick);

    let outcomes = org.accept(std::slice::from_ref(&stick));
    let mut all = fates(&outcomes);
    all.sort_unstable();
    assert_eq!(all, ["accepted", "quarantined", "quarantined", "quarantined", "quarantined"]);
    assert_eq!(snapshot(&stick), before);
    let quarantine = org.root().join("quarantine");
    assert_eq!(names(&quarantine).len(), 8);
    for outcome in &outcomes {
        let Fate::Quarantined(kept) = &outcome.fate else { continue };
        let copy = kept.copy.as_ref().unwrap();
        assert_eq!(fs::read(copy).unwrap(), fs::read(&outcome.path).unwrap());
        let reason = fs::read_to_string(copy.with_extension("reason.txt")).unwrap();
        assert!(reason.contains(&format!("sha256: {}", kept.digest.unwrap())), "{reason}");
        assert!(!reason.chars().any(|c| c != '\n' && sanduq::format::text::steers(c)), "{reason:?}");
    }
    // Refused again, it lies there once.
    org.accept(&[stick]);
    assert_eq!(names(&quarantine).len(), 8);
}

#[test]
fn what_claims_to_be_huge_is_refused_at_once_and_not_copied() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let (path, _) = org.seal_into(&stick, "a.bundle");
    let good = fs::read(&path).unwrap();
    let sparse = |name: &str, start: &[u8]| {
        let file = fs::File::create(stick.join(name)).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, start, 0).unwrap();
        file.set_len(1 << 40).unwrap();
    };
    sparse("zeros.bundle", b"");
    sparse("longer.bundle", &good);
    fs::remove_file(path).unwrap();
    let began = std::time::Instant::now();
    assert_eq!(fates(&org.accept(&[stick])), ["quarantined", "quarantined"]);
    assert!(began.elapsed() < std::time::Duration::from_secs(1));
    let kept = names(&org.root().join("quarantine"));
    assert!(kept.len() == 2 && kept.iter().all(|name| name.ends_with(".reason.txt")), "{kept:?}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let (path, _) = org.seal_into(&stick, "a.bundle");
    let pipe = stick.join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let outcomes = org.accept(&[stick.join("gone.bundle"), pipe, path]);
    assert_eq!(fates(&outcomes), ["failed", "failed", "accepted"]);
    assert!(matches!(outcomes[0].fate, Fate::Failed(IntakeError::Vanished { .. })));
    assert!(matches!(outcomes[1].fate, Fate::Failed(IntakeError::NotAFile { .. })));
}

#[test]
fn a_bundle_left_without_its_row_is_taken_in_by_the_next_accept() {
    let org = Organisation::founded(1, 1);
    let (bytes, sealed) = bundle(&org.card());
    let stray = org.root().join(format!("bundles/{}.bundle", sealed.bundle));
    fs::write(&stray, &bytes).unwrap();
    fs::write(org.root().join("bundles/.0123456789abcdef0123456789abcdef.part"), b"half").unwrap();
    let broken = org.root().join(format!("bundles/{}.bundle", "0".repeat(64)));
    fs::write(&broken, &bytes[..bytes.len() - 512]).unwrap();
    let outcomes = org.accept(&[]);
    assert_eq!(fates(&outcomes), ["quarantined", "accepted"]);
    assert_eq!(names(&org.root().join("bundles")), [format!("{}.bundle", sealed.bundle)]);
    assert_eq!(names(&org.root().join("quarantine")).len(), 2);
    assert!(org.accept(&[]).is_empty());
}

/// To list a million bundles took longer than to take one in.
#[test]
fn bundles_are_listed_only_where_nothing_says_that_each_has_its_row() {
    let org = Organisation::founded(1, 1);
    let (path, _) = org.seal_into(&org.folder("stick"), "a.bundle");
    let settled = org.root().join("settled");
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["accepted"]);
    let head = fs::read_to_string(&settled).unwrap();
    let ledger = rusqlite::Connection::open(org.root().join("ledger.sqlite")).unwrap();
    let newest = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
    let note: String = ledger.query_row(newest, [], |row| row.get(0)).unwrap();
    assert!(head.lines().count() == 3 && note.starts_with(&format!("{head}\n")), "{head}");
    drop(ledger);

    let (bytes, sealed) = bundle(&org.card());
    fs::write(org.root().join(format!("bundles/{}.bundle", sealed.bundle)), &bytes).unwrap();
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["known"]);
    fs::remove_file(&settled).unwrap();
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["accepted", "known"]);
    assert!(settled.exists());

    // The mark of another head: a ledger was put back, or another program has added to it.
    let (bytes, sealed) = bundle(&org.card());
    fs::write(org.root().join(format!("bundles/{}.bundle", sealed.bundle)), &bytes).unwrap();
    fs::write(&settled, head).unwrap();
    assert_eq!(fates(&org.accept(&[path])), ["accepted", "known"]);
}

/// A bundle that could not be logged is a stray, also for the process that left it.
#[test]
fn what_could_not_be_logged_is_looked_for() {
    let org = Organisation::founded(1, 1);
    let (path, _) = org.seal_into(&org.folder("stick"), "a.bundle");
    let mut archive = org.open();
    let ledger = rusqlite::Connection::open(org.root().join("ledger.sqlite")).unwrap();
    let refuse = "CREATE TRIGGER no BEFORE INSERT ON leaves BEGIN SELECT RAISE(ABORT, 'no'); END";
    ledger.execute_batch(refuse).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    archive.accept(&[path], now(), &stop, &mut |_| {}).unwrap_err();
    assert!(!org.root().join("settled").exists());
    ledger.execute_batch("DROP TRIGGER no").unwrap();
    assert_eq!(fates(&accept(&mut archive, &[])), ["accepted"]);
    assert!(org.root().join("settled").exists());
}

#[test]
fn every_checkpoint_grows_out_of_the_one_before() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let mut sizes = vec![0];
    let mut roots = vec![org.look().log().unwrap().checkpoint];
    for round in 0..3_usize {
        for one in 0..=round {
            org.seal_into(&stick, &format!("{round}-{one}.bundle"));
        }
        org.accept(std::slice::from_ref(&stick));
        let log = org.look().log().unwrap();
        sizes.push(log.leaves.len());
        roots.push(log.checkpoint);
    }
    assert_eq!(sizes, [0, 1, 3, 6]);
    let log = org.look().log().unwrap();
    for (size, checkpoint) in sizes.into_iter().zip(roots) {
        let mut tree = sanduq::tlog::Tree::new(sanduq::tlog::MemoryHashes::default(), 0);
        for leaf in &log.leaves[..size] {
            tree.append(leaf.as_bytes()).unwrap();
        }
        let signed = sanduq::tlog::SignedCheckpoint::parse(checkpoint.as_bytes()).unwrap();
        let head = signed.verify(&org.open().log_key()).unwrap();
        assert_eq!((head.size, head.root), (size as u64, tree.root(size as u64).unwrap()));
    }
}

#[test]
fn a_log_that_does_not_fit_its_checkpoint_signs_nothing_more() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    org.seal_into(&stick, "a.bundle");
    org.accept(std::slice::from_ref(&stick));
    let ledger = rusqlite::Connection::open(org.root().join("ledger.sqlite")).unwrap();
    ledger.execute("UPDATE hashes SET hash = zeroblob(32)", []).unwrap();
    org.seal_into(&stick, "b.bundle");
    let mut archive = org.open();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let error = archive.accept(&[stick], now(), &stop, &mut |_| {}).unwrap_err();
    assert!(matches!(error, IntakeError::Damaged { .. }), "{error}");
    assert_eq!(org.look().log().unwrap().leaves.len(), 1);
}

#[test]
fn the_card_comes_back_is_logged_and_the_next_draft_counts_up() {
    let org = Organisation::founded(2, 2);
    let card = org.card();
    assert_eq!((card.serial(), card.threshold()), (1, 2));
    assert_eq!(card.valid_until().to_string(), "2028-11-23");
    let path = org.folder("desk").join("signed.card");
    fs::write(&path, card.as_bytes()).unwrap();
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["card accepted"]);
    assert_eq!(fates(&org.accept(std::slice::from_ref(&path))), ["card known"]);
    assert_eq!(org.look().log().unwrap().leaves, [format!("sanduq-log/1 card {}", card.digest())]);
    assert_eq!(fs::read(org.root().join(format!("cards/{}.card", card.digest()))).unwrap(), card.as_bytes());
    assert_eq!(org.card().serial(), 2);
}

#[test]
fn a_card_is_taken_only_by_hand_and_only_our_own() {
    let org = Organisation::founded(2, 2);
    let desk = org.folder("desk");
    let put = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = desk.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let fate = |path: PathBuf| match org.accept(&[path]).pop().unwrap().fate {
        Fate::Failed(error) => error,
        other => panic!("{other:?}"),
    };
    let ours = put("ours.card", org.card().as_bytes());
    assert!(org.accept(std::slice::from_ref(&desk)).is_empty(), "a folder gives no cards");

    let draft = put("draft", org.look().card_draft(now()).unwrap().to_string().as_bytes());
    assert!(matches!(fate(draft), IntakeError::Card(_)));
    let other = put("other.card", Organisation::founded(2, 2).card().as_bytes());
    assert!(matches!(fate(other), IntakeError::ForeignCard { what: "log" }));
    let text = String::from_utf8(org.card().as_bytes().to_vec()).unwrap();
    let broken = put("broken.card", text.replace("threshold: 2", "threshold: 1").as_bytes());
    assert!(matches!(fate(broken), IntakeError::Card(_)));

    assert_eq!(fates(&org.accept(&[ours])), ["card accepted"]);
    let next = org.look().card_draft(now()).unwrap();
    let by_another = put("another.card", next.clone().sign(&KeyPair::generate()).as_bytes());
    assert!(matches!(fate(by_another), IntakeError::ForeignCardKey { .. }));
    // The same serial again, with another word in it.
    let old = text.replace("valid-until: 2028-11-23", "valid-until: 2028-11-22");
    let old: String = old.split_inclusive('\n').take_while(|line| !line.starts_with("key: ")).collect();
    let old = sanduq::format::card::Draft::parse(old.as_bytes()).unwrap().sign(&org.card_key);
    assert!(matches!(fate(put("old.card", old.as_bytes())), IntakeError::OldCard { newest: 1, found: 1 }));

    let succeeding = next.sign_succeeding(&KeyPair::generate(), &org.card_key);
    assert_eq!(fates(&org.accept(&[put("succeeding.card", succeeding.as_bytes())])), ["card accepted"]);
}

#[test]
fn an_expired_card_is_not_logged() {
    let org = Organisation::founded(1, 1);
    let card = org.folder("desk").join("signed.card");
    fs::write(&card, org.card().as_bytes()).unwrap();
    let late = "2028-11-24T00:00:00Z".parse().unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let mut outcomes = Vec::new();
    org.open().accept(&[card], late, &stop, &mut |one| outcomes.push(one)).unwrap();
    assert!(matches!(outcomes[0].fate, Fate::Failed(IntakeError::ExpiredCard { .. })));
    assert!(org.look().log().unwrap().leaves.is_empty());
}

#[test]
fn an_archive_is_made_once_and_never_over_something() {
    let org = Organisation::founded(1, 1);
    let founding = Founding {
        name: "Another".to_owned(),
        officers: vec![officer_line(&Identity::generate())],
        threshold: 1,
    };
    let before = snapshot(&org.root());
    assert!(matches!(Archive::init(&org.root(), &founding), Err(IntakeError::NotEmpty { .. })));
    assert_eq!(snapshot(&org.root()), before);
    let holiday = org.folder("holiday");
    fs::write(holiday.join("photo.jpg"), b"").unwrap();
    assert!(matches!(Archive::init(&holiday, &founding), Err(IntakeError::NotEmpty { .. })));
    assert_eq!(names(&holiday), ["photo.jpg"]);
    assert!(matches!(Archive::open(&holiday), Err(IntakeError::NotAnArchive { .. })));
    let impossible = Founding { threshold: 2, ..founding.clone() };
    let empty = org.folder("empty");
    assert!(matches!(Archive::init(&empty, &impossible), Err(IntakeError::Founding(_))));
    assert!(names(&empty).is_empty());
    // What an interrupted attempt leaves is no archive, and nothing is lost by beginning anew.
    fs::write(empty.join("log.key"), b"half").unwrap();
    fs::write(empty.join("lock"), b"").unwrap();
    fs::write(empty.join(".0123456789abcdef0123456789abcdef.part"), b"half").unwrap();
    fs::create_dir(empty.join("bundles")).unwrap();
    assert!(matches!(Archive::open(&empty), Err(IntakeError::NotAnArchive { .. })));
    Archive::init(&empty, &founding).unwrap();
    // An archive whose ledger was lost is none of these: its bundles are there.
    let stick = org.folder("stick");
    org.seal_into(&stick, "a.bundle");
    org.accept(&[stick]);
    fs::remove_file(org.root().join("ledger.sqlite")).unwrap();
    assert!(matches!(Archive::init(&org.root(), &founding), Err(IntakeError::NotEmpty { .. })));
}

#[test]
fn two_at_once_are_told_apart_and_a_reader_may_look() {
    let org = Organisation::founded(1, 1);
    let held = org.open();
    assert!(matches!(Archive::open(&org.root()), Err(IntakeError::Store(StoreError::Busy { .. }))));
    assert!(org.look().bundles().unwrap().is_empty());
    drop(held);
    org.open();
}

#[test]
fn every_file_is_private() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    org.seal_into(&stick, "a.bundle");
    fs::write(stick.join("b.bundle"), b"").unwrap();
    let card = org.folder("desk").join("signed.card");
    fs::write(&card, org.card().as_bytes()).unwrap();
    org.accept(&[stick, card]);
    let out = org.dir.path().join("new/out");
    receipts(&mut org.open(), &out, false);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (path, _) in snapshot(&org.root()).into_iter().chain(snapshot(&out)) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
    }
}
