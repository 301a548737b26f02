//! Backups: the whole vault is copied as it lies, without a passphrase, also while another process changes it. A copy
//! is a state that was, opens like the vault, and is there whole or not at all.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use house::{Done, House, Noise, Person, run, text};
use sanduq::crypto::{KdfParams, Passphrase};
use sanduq::format::time::Time;
use sanduq::vault::{TestimonyText, Vault};
use world::{State, World, copy, files_below};

/// Copies tried while another process adds.
const TRIES: usize = 12;

/// Someone with a testimony, a small file and a large one, and another person's part beside hers.
fn begin(house: &House) -> Person<'_> {
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let other = Person { passphrase: "another invented passphrase".into(), ..house.person("amal") };
    other.sanduq(&["init"]).good();
    let told = house.write("told.txt", "an invented testimony");
    person.sanduq(&["testify", text(&told)]).good();
    let scan = house.write("scan", Noise::new(1).bytes(300_000));
    person.sanduq(&["add", text(&told), text(&scan)]).good();
    other.sanduq(&["add", text(&told)]).good();
    person
}

/// `sanduq backup` without any passphrase.
fn backup(house: &House, vault: &Path, dir: &Path) -> Done {
    let args = ["--vault", text(vault), "backup", text(dir), "--json"];
    run(house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &args), None)
}

/// Every file below, by its name there, except locks.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = files_below(dir).into_iter().filter(|path| !path.ends_with("lock"));
    files.map(|path| (path.strip_prefix(dir).unwrap().to_path_buf(), fs::read(&path).unwrap())).collect()
}

#[test]
fn a_backup_is_the_vault_byte_for_byte_and_opens_like_it() {
    let house = House::new("backup-whole");
    let person = begin(&house);
    let dir = house.path("deep/backup");
    let outcome = backup(&house, &person.vault, &dir).good();
    assert!(outcome.stderr().contains("forget later stays in it"), "{}", outcome.stderr());
    assert!(outcome.stderr().contains("same disk"), "{}", outcome.stderr());
    let told = outcome.json();
    let copied = contents(&dir);
    assert_eq!((told["parts"].as_u64(), told["files"].as_u64()), (Some(2), Some(copied.len() as u64)));
    assert_eq!(told["bytes"].as_u64().unwrap(), copied.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    assert!(copied == contents(&person.vault));
    for (name, metadata) in house.files("deep/backup") {
        let mode = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{name}");
    }
    // Opened where it lies, and copied back after the vault was lost.
    let there = Person { vault: dir.clone(), passphrase: person.passphrase.clone(), house: &house };
    assert_eq!(there.list(), person.list());
    let before = person.list();
    fs::remove_dir_all(&person.vault).unwrap();
    copy(&dir, &person.vault);
    assert_eq!(person.list(), before);
    let out = house.folder("out");
    let scan = before.iter().find(|item| item["bytes"] == 300_000).unwrap();
    person.sanduq(&["extract", &scan["item"].to_string(), "--to", text(&out)]).good();
    assert!(fs::read(out.join("scan")).unwrap() == Noise::new(1).bytes(300_000));
}

#[test]
fn a_folder_that_holds_anything_is_refused() {
    let house = House::new("backup-refused");
    let person = begin(&house);
    let dir = house.folder("backup");
    backup(&house, &person.vault, &dir).good();
    let before = contents(&dir);
    let again = backup(&house, &person.vault, &dir).bad();
    assert!(again.stderr().contains("err-backup-not-empty"), "{}", again.stderr());
    assert!(contents(&dir) == before);
    let inside = backup(&house, &person.vault, &person.vault.join("backup")).bad();
    assert!(inside.stderr().contains("err-backup-inside"), "{}", inside.stderr());
    assert!(!person.vault.join("backup").exists());
    let none = backup(&house, &house.path("none"), &house.path("other")).bad();
    assert_eq!(none.code, Some(5));
    assert!(!house.path("other").exists());
}

/// What is left of a part whose key slots are gone is what `init` advises to copy before anything else.
#[test]
fn what_is_left_of_a_part_is_copied_too() {
    let house = House::new("backup-remains");
    let person = begin(&house);
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(part.join("slots")).unwrap();
    let dir = house.path("backup");
    backup(&house, &person.vault, &dir).good();
    assert!(contents(&dir) == contents(&person.vault));
}

/// A backup was made while she typed: half of it was of before, half of after, and it opened as neither.
#[test]
fn a_copy_made_while_another_process_adds_is_a_state_that_was() {
    // In memory, where adding is fast enough that a copy is hardly ever of one round.
    let house = World::new("backup-busy").house;
    let root = house.path("amal");
    let passphrase = || Passphrase::from("the chest of amal stands behind six doors");
    let now: Time = "2026-11-23T18:40:00Z".parse().unwrap();
    let mut vault = Vault::init(&root, &passphrase(), KdfParams::FLOOR, None, "en", now).unwrap();
    let done = AtomicBool::new(false);
    // Now and then it rests long enough to be copied; where that was not long enough, longer.
    let rest = AtomicU64::new(400);
    // The first make the index so large that it changes while it is read.
    let account = |number: usize| format!("invented {number} ").repeat(if number < 20 { 40_000 } else { 40 });
    let testify = |vault: &mut Vault, number| {
        vault.testify(TestimonyText { title: None, account: account(number) }, now).unwrap();
    };
    (1..20).for_each(|number| testify(&mut vault, number));
    let (mut made, mut refused) = (0, 0);
    thread::scope(|scope| {
        let adding = scope.spawn(|| {
            let mut number = 19;
            let mut dice = Noise::new(9);
            while !done.load(Ordering::Relaxed) {
                number += 1;
                testify(&mut vault, number);
                let resting = dice.next().is_multiple_of(12);
                thread::sleep(Duration::from_millis(if resting { rest.load(Ordering::Relaxed) } else { 1 }));
            }
            number
        });
        let finished = Finished(&done);
        for number in 0..TRIES {
            let dir = house.path(&format!("backup{number}"));
            let copied = backup(&house, &root, &dir);
            if copied.code != Some(0) {
                assert_eq!(copied.code, Some(6), "{}", copied.stderr());
                assert!(files_below(&dir).is_empty(), "what failed left something");
                refused += 1;
                rest.store((2 * rest.load(Ordering::Relaxed)).min(8_000), Ordering::Relaxed);
                continue;
            }
            made += 1;
            let copy = Vault::unlock(&dir, None, &passphrase()).unwrap();
            let items = copy.list(None, None).unwrap();
            for (at, item) in items.iter().rev().enumerate() {
                assert_eq!(item.item, at as u64 + 1, "a prefix of what was added");
                assert_eq!(copy.show(item.item).unwrap().account.unwrap().trim(), account(at + 1).trim());
            }
        }
        drop(finished);
        let added = adding.join().unwrap();
        println!(
            "MEASURED backups while another process added {added} times: {made} made, {refused} refused"
        );
    });
    assert!(made >= 3, "{made} made, {refused} refused");
}

/// Ends the adding also when an assertion fails.
struct Finished<'a>(&'a AtomicBool);

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// While nobody else has the vault open, nobody can open it before the copy is done; afterwards everybody can.
#[test]
fn killed_at_any_time_there_is_no_half_and_the_next_one_works() {
    let world = World::new("backup");
    let (person, _) = world.begin();
    let dir = world.house.path("backup");
    let args = ["--vault", text(&person.vault), "backup", text(&dir)];
    let whole = contents(&person.vault);
    let mut dice = Noise::new(4);
    let mut seen = Vec::new();
    for _ in 0..60 {
        let mut command = world.house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &args);
        let quiet = std::process::Stdio::null;
        let mut child = command.stdout(quiet()).stderr(quiet()).spawn().unwrap();
        thread::sleep(Duration::from_micros(dice.next() % 120_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let copied = dir.exists() && fs::read_dir(&dir).unwrap().flatten().any(|e| e.file_name().len() == 32);
        seen.push(if copied { State::After } else { State::Before });
        if !copied {
            backup(&world.house, &person.vault, &dir).good();
        }
        assert!(contents(&dir) == whole);
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(seen.contains(&State::Before), "no kill came in time");
    assert_eq!(person.list().len(), 2);
}

#[test]
fn what_was_added_between_is_in_the_next_backup_and_the_vault_is_untouched() {
    let house = House::new("backup-next");
    let person = begin(&house);
    let times = || -> Vec<_> {
        let files = house.files("amal");
        files.into_iter().map(|(name, about)| (name, about.mtime_nsec(), about.ino(), about.len())).collect()
    };
    let before = times();
    backup(&house, &person.vault, &house.path("one")).good();
    assert_eq!(times(), before);
    person.sanduq(&["forget", "1", "--yes"]).good();
    backup(&house, &person.vault, &house.path("two")).good();
    let count = |dir: &str| {
        let vault = house.path(dir);
        Person { house: &house, vault, passphrase: person.passphrase.clone() }.list().len()
    };
    assert_eq!((count("one"), count("two")), (3, 2), "the old backup keeps what was forgotten");
}
