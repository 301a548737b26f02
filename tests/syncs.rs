//! A sync costs a stick 5 to 50 milliseconds, so their number is a promise of its own: a batch is made to last as a whole,
//! whatever is in it, and what is carried is synced once.
//!
//! They are counted by `strace`; where it is missing or may not trace, the test says that it was skipped.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;

use std::fs;
use std::path::Path;
use std::process::Command;

use house::{House, NAME, Organisation, Person, run, text};

/// What any change of a vault takes: its journal, and for SQLite's transaction the rollback journal twice, the folder
/// before and after, and the index.
const CHANGE: usize = 6;
/// What is put into packs takes that much more: the pack and the folder of packs.
const PACK: usize = 2;
/// What the desk's ledger takes for what came together: as an index does.
const LOGGED: usize = 6;
/// What a file takes that is carried: itself and its name.
const CARRIED: usize = 2;

/// A command in which every sync is written into a file.
fn traced(trace: &Path) -> [&str; 9] {
    let calls = "fsync,fdatasync,syncfs,sync,sync_file_range";
    ["strace", "-f", "-qq", "-e", calls, "-e", "signal=none", "-o", text(trace)]
}

fn count(trace: &Path) -> usize {
    let seen = fs::read_to_string(trace).expect("strace wrote it");
    seen.lines().filter(|line| line.contains("sync") && !line.contains("resumed>")).count()
}

/// How many syncs a command of `sanduq` makes.
fn syncs(person: &Person, args: &[&str]) -> usize {
    let trace = person.house.path("trace");
    run(person.command_under(&traced(&trace), args), Some(&person.passphrase)).good();
    count(&trace)
}

/// How many syncs the desk makes.
fn syncs_of_desk(house: &House, args: &[&str]) -> usize {
    let (trace, archive) = (house.path("trace"), house.path("archive"));
    let mut all = traced(&trace)[1..].to_vec();
    all.extend([env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive)]);
    all.extend(args);
    run(house.command(Path::new("strace"), &all), None).good();
    count(&trace)
}

fn may_trace() -> bool {
    Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status().is_ok_and(|s| s.success())
}

#[test]
fn a_batch_costs_as_many_syncs_as_one_of_it() {
    if !may_trace() {
        println!("SKIPPED syncs: strace is missing or may not trace here");
        return;
    }
    let house = House::new("syncs");
    let organisation = Organisation::new(&house, 1, 1);
    let family = house.person("family");
    family.sanduq(&["init"]).good();
    family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    // Longer than what lies in the index.
    let note = |name: String| house.write(&name, name.repeat(1000));
    let many = house.folder("many");
    (0..300).for_each(|number| drop(note(format!("many/invented note {number}.txt"))));

    let one = note("an invented note.txt".to_owned());
    assert_eq!(syncs(&family, &["add", text(&one)]), CHANGE + PACK);
    assert_eq!(syncs(&family, &["add", text(&many)]), CHANGE + PACK);
    assert_eq!(syncs(&family, &["seal", "--all", "--to", NAME]), CHANGE + PACK);
    let stick = house.folder("stick");
    assert_eq!(syncs(&family, &["export", text(&stick)]), CARRIED + CHANGE);

    // The desk logs what came together at once.
    let more = house.folder("more");
    (0..5).for_each(|number| {
        family.sanduq(&["seal", &(number + 1).to_string(), "--to", NAME]).good();
    });
    family.sanduq(&["export", text(&more)]).good();
    fs::rename(house::only(&stick, "bundle"), house.path("first.bundle")).unwrap();
    let first = house.path("first.bundle");
    let of_one = syncs_of_desk(&house, &["accept", text(&first)]);
    for lying in house::all(&more, "bundle") {
        if fs::read(&lying).unwrap() == fs::read(&first).unwrap() {
            fs::remove_file(lying).unwrap();
        }
    }
    assert_eq!(house::all(&more, "bundle").len(), 5);
    let of_five = syncs_of_desk(&house, &["accept", text(&more)]);
    assert_eq!(of_five - of_one, 4, "each bundle once, their names at once: {of_one} and {of_five}");
    assert_eq!(of_one, CARRIED + LOGGED);
}
