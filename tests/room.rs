//! How much others can make the desk keep and carry: whoever brings parts or letters without end leaves room for those
//! who come after, and nothing is kept by half.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "disk/mod.rs"]
mod disk;
mod house;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use disk::{inside, mount, unmount};
use house::{House, NAME, Noise, Organisation, all, text};
use sanduq::bundle::letter::{letter_len, seal_letter};
use sanduq::bundle::volume::Part;
use sanduq::crypto::{Digest, Identity};
use sanduq::format::time::Time;
use sanduq::intake::{Archive, Fate, IntakeError, LETTERS_MAX, LettersLaid, Outcome, SETS_MAX};
use world::files_below;

/// The parts of an invented bundle of five slices of 2 MB and one of parity, by their numbers, and the organisation's
/// empty archive.
fn parts(house: &House) -> BTreeMap<u16, PathBuf> {
    let organisation = Organisation::new(house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let film = house.write("film", Noise::new(1).bytes(8_000_000));
    person.sanduq(&["add", text(&film)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick), "--volume-size", "2M", "--parity", "1"]).good();
    let number = |path: &Path| Part::open(fs::File::open(path).unwrap()).unwrap().number();
    let parts: BTreeMap<_, _> = all(&stick, "part").into_iter().map(|path| (number(&path), path)).collect();
    assert_eq!(parts.len(), 6);
    parts
}

fn archive(house: &House) -> Archive {
    Archive::open(&house.path("archive")).unwrap()
}

fn accept(house: &House, paths: &[&PathBuf]) -> Vec<Outcome> {
    let paths: Vec<PathBuf> = paths.iter().copied().cloned().collect();
    let mut outcomes = Vec::new();
    archive(house)
        .accept(&paths, day(0), &Default::default(), &mut |outcome| outcomes.push(outcome))
        .unwrap();
    outcomes
}

/// Some days after an invented one.
fn day(number: i64) -> Time {
    Time::from_unix(1_795_459_200 + number * 24 * 60 * 60).unwrap()
}

fn free(folder: &Path) -> u64 {
    let found = rustix::fs::statvfs(folder).unwrap();
    found.f_bavail * found.f_frsize
}

fn taken(folder: &Path) -> u64 {
    files_below(folder).iter().map(|path| path.metadata().unwrap().len()).sum()
}

#[test]
fn parts_leave_as_much_room_as_they_take() {
    if !inside("parts_leave_as_much_room_as_they_take") {
        return;
    }
    let house = House::new("room-parts");
    let parts = parts(&house);
    let folder = house.path("archive/parts");
    mount("mode=700,size=9m", &folder);
    let outcomes = accept(&house, &[&parts[&1], &parts[&2], &parts[&3], &parts[&4]]);
    let fates = outcomes.iter().map(|outcome| match &outcome.fate {
        Fate::Part { fresh: true, .. } => "kept",
        Fate::Failed(IntakeError::NoRoom { .. }) => "no room",
        other => panic!("{other:?}"),
    });
    assert_eq!(fates.collect::<Vec<_>>(), ["kept", "kept", "no room", "no room"]);
    assert!(free(&folder) >= taken(&folder), "{} free, {} taken", free(&folder), taken(&folder));
    unmount(&folder);
}

/// The parts are all here, and the bundle that they make does not fit beside them.
#[test]
fn a_bundle_that_does_not_fit_waits_in_its_parts() {
    if !inside("a_bundle_that_does_not_fit_waits_in_its_parts") {
        return;
    }
    let house = House::new("room-bundles");
    let parts = parts(&house);
    let folder = house.path("archive/bundles");
    mount("mode=700,size=4m", &folder);
    // The last slice would be computed, which takes room as well.
    let outcomes = accept(&house, &[&parts[&1], &parts[&2], &parts[&3], &parts[&4], &parts[&6]]);
    let Fate::Failed(IntakeError::NoRoom { needed, free, .. }) = outcomes.last().unwrap().fate else {
        panic!("{outcomes:?}")
    };
    let len = parts[&1].metadata().unwrap().len();
    assert!(needed > 5 * (len - 100_000) && free <= 4 << 20, "{needed} of {free}");
    assert_eq!((files_below(&folder), outcomes.len()), (Vec::new(), 6));
    unmount(&folder);
    let outcomes = accept(&house, &[]);
    assert!(matches!(outcomes[..], [Outcome { fate: Fate::Accepted { .. }, .. }]), "{outcomes:?}");
}

#[test]
fn so_many_sets_wait_for_parts_and_no_more() {
    let house = House::new("room-sets");
    let parts = parts(&house);
    let folder = house.path("archive/parts");
    let strange = |number: usize| folder.join(Digest::of(&number.to_be_bytes()).to_string());
    (0..SETS_MAX).for_each(|number| fs::create_dir(strange(number)).unwrap());
    // The empty folders are told of as well, each as damaged.
    let first = |outcomes: Vec<Outcome>| {
        let of = outcomes.into_iter().find(|outcome| outcome.path == parts[&1]);
        of.expect("what became of the first part").fate
    };
    let fate = first(accept(&house, &[&parts[&1]]));
    assert!(matches!(fate, Fate::Failed(IntakeError::TooManySets { limit: SETS_MAX, .. })), "{fate:?}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), SETS_MAX);
    fs::remove_dir(strange(7)).unwrap();
    let fate = first(accept(&house, &[&parts[&1], &parts[&2]]));
    assert!(matches!(fate, Fate::Part { fresh: true, .. }), "{fate:?}");
}

/// An archive with this many letters, each given on the day of its number; their names.
fn letters(house: &House, count: usize) -> Vec<String> {
    Organisation::new(house, 1, 1);
    let to = Identity::generate().to_recipient();
    let mut archive = archive(house);
    let mut give = |number: usize| {
        let letter = house.write("letter", seal_letter(&to, number.to_string().as_bytes()).unwrap());
        archive.letter_add(&letter, day(number as i64)).unwrap().name
    };
    (0..count).map(&mut give).collect()
}

fn lay(house: &House, stick: &Path) -> LettersLaid {
    archive(house).sync(stick, day(300), &Default::default(), &mut |_| {}).unwrap().letters
}

fn laid(stick: &Path) -> BTreeSet<String> {
    let stems = all(stick, "receipt").into_iter().map(|path| path.file_stem().unwrap().to_owned());
    stems.map(|stem| stem.into_string().unwrap()).collect()
}

#[test]
fn of_more_letters_than_go_on_a_stick_the_newest_do() {
    let house = House::new("room-letters");
    let names = letters(&house, LETTERS_MAX + 2);
    let stick = house.folder("post");
    assert_eq!(lay(&house, &stick).laid, LETTERS_MAX);
    assert_eq!(laid(&stick), names[2..].iter().cloned().collect());
    assert_eq!(lay(&house, &stick), LettersLaid::default(), "on one stick a letter lies once");
}

/// Somebody's films filled the stick after the bundles were written to it: the desk said that it had taken them in, failed,
/// and laid nothing at all.
#[test]
fn as_many_answers_are_laid_as_fit() {
    if !inside("as_many_answers_are_laid_as_fit") {
        return;
    }
    let house = House::new("room-answers");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    for number in 0..3 {
        let letter = house.write(&format!("{number}.txt"), format!("an invented letter: {number}"));
        person.sanduq(&["add", text(&letter)]).good();
        person.sanduq(&["seal", "--all", "--to", NAME]).good();
    }
    let stick = house.folder("stick");
    mount("mode=700,size=20m", &stick);
    person.sanduq(&["export", text(&stick)]).good();
    let film = stick.join("film.mkv");
    let fill = free(&stick) - letter_len().next_multiple_of(4096) - 8192;
    fs::write(&film, vec![7; usize::try_from(fill).unwrap()]).unwrap();
    let said = house.desk(&["sync", text(&stick), "--json"]).good().json();
    let count = |field: &str| said[field].as_array().unwrap().len();
    assert_eq!((count("outcomes"), count("receipts"), &said["left"]), (3, 1, &2.into()));
    assert!(house.desk(&["sync", text(&stick)]).good().stdout().contains("no room for 2 more answers"));
    fs::remove_file(film).unwrap();
    let said = house.desk(&["sync", text(&stick), "--json"]).good().json();
    assert_eq!((said["receipts"].as_array().unwrap().len(), &said["left"]), (2, &0.into()));
    unmount(&stick);
}

#[test]
fn letters_that_do_not_fit_are_left_for_another_stick() {
    if !inside("letters_that_do_not_fit_are_left_for_another_stick") {
        return;
    }
    let house = House::new("room-small");
    let names = letters(&house, 6);
    let stick = house.folder("post");
    mount(&format!("mode=700,size={}", 4 * letter_len() + 20_000 + (1 << 20)), &stick);
    assert_eq!(lay(&house, &stick), LettersLaid { laid: 4, left: 2, taken_back: 0 });
    assert_eq!(laid(&stick), names[2..].iter().cloned().collect(), "the newest come first");
    assert!(files_below(&stick).iter().all(|path| path.metadata().unwrap().len() == letter_len()));
    unmount(&stick);
    assert_eq!(lay(&house, &stick).laid, 6, "another stick takes them all");
}
