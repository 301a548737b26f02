//! Bundles in parts, from end to end with the programs themselves: any order, any number of trips, lost and damaged
//! parts, parts that lie, parts of other sets, and whatever else lies on a stick.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use house::{Done, House, NAME, Noise, Organisation, Person, all, only, text};
use sanduq::bundle::letter::seal_letter;
use sanduq::bundle::volume::{Part, Set, Volume};
use sanduq::bundle::{Missing, parity};
use sanduq::crypto::{Digest, LogSigningKey};
use sanduq::format::note::NoteSigner;
use serde_json::Value;
use world::deliveries;

/// A bundle of this many bytes of content needs five slices of 2 MB.
const CONTENT_BYTES: usize = 8_000_000;
const SIZE: &str = "2M";

/// Someone with a sealed bundle of five slices, and the organisation it is for.
fn begin(house: &House) -> (Person<'_>, Organisation<'_>) {
    begin_with(house, CONTENT_BYTES)
}

fn begin_with(house: &House, bytes: usize) -> (Person<'_>, Organisation<'_>) {
    let organisation = Organisation::new(house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    seal(&person, 1, bytes);
    (person, organisation)
}

fn seal(person: &Person, seed: u64, bytes: usize) {
    let path = person.house.write(&format!("film-{seed}"), Noise::new(seed).bytes(bytes));
    person.sanduq(&["add", text(&path)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    fs::remove_file(path).unwrap();
}

/// All parts of all bundles, exported into a folder, by set and number.
fn exported(person: &Person, folder: &str, parity: &str) -> Vec<PathBuf> {
    let folder = person.house.folder(folder);
    let mut args = vec!["export", text(&folder), "--volume-size", SIZE, "--json"];
    if parity != "0" {
        args.extend(["--parity", parity]);
    }
    let said = person.sanduq(&args).good().json();
    assert_eq!(said["parts_left"], 0);
    let parts = said["parts"].as_array().expect("parts").iter();
    parts.map(|part| PathBuf::from(part["path"].as_str().expect("a path"))).collect()
}

fn home(person: &Person, stick: &Path, parity: &str) -> Value {
    home_done(person, stick, parity).good().json()
}

fn home_done(person: &Person, stick: &Path, parity: &str) -> Done {
    let args = ["sync", text(stick), "--to", NAME, "--volume-size", SIZE, "--parity", parity, "--json"];
    person.sanduq(&args)
}

fn desk(house: &House, stick: &Path) -> Done {
    house.desk(&["sync", text(stick), "--json"])
}

fn listed(house: &House) -> (usize, Vec<Value>) {
    let listed = house.desk(&["list", "--json"]).good().json();
    (count(&listed, "bundles"), listed["sets"].as_array().expect("sets").clone())
}

fn count(said: &Value, field: &str) -> usize {
    said[field].as_array().expect(field).len()
}

/// The states of what was brought, with how often each came.
fn states(said: &Value) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for outcome in said["outcomes"].as_array().expect("outcomes") {
        *states.entry(outcome["state"].as_str().expect("a state").to_owned()).or_default() += 1;
    }
    states
}

fn some<const N: usize>(states: [(&str, usize); N]) -> BTreeMap<String, usize> {
    states.into_iter().map(|(state, count)| (state.to_owned(), count)).collect()
}

/// Brings parts on a stick of their own.
fn bring(house: &House, stick: &str, parts: &[&PathBuf]) -> Value {
    let stick = house.folder(stick);
    for part in parts {
        fs::copy(part, stick.join(part.file_name().unwrap())).unwrap();
    }
    house.desk(&["accept", text(&stick), "--json"]).json()
}

fn numbers(parts: &[PathBuf]) -> BTreeMap<u16, &PathBuf> {
    parts.iter().map(|path| (Part::open(File::open(path).unwrap()).unwrap().number(), path)).collect()
}

/// The one bundle that the desk has is the one that was sealed.
fn arrived_whole(house: &House, person: &Person) {
    let whole = house.folder("whole");
    person.sanduq(&["export", text(&whole)]).good();
    let kept = only(&house.path("archive/bundles"), "bundle");
    assert!(fs::read(kept).unwrap() == fs::read(only(&whole, "bundle")).unwrap(), "it differs");
    assert!(fs::read_dir(house.path("archive/parts")).unwrap().next().is_none(), "parts are left");
}

/// Under a bundle that had arrived it said that none of its parts had, as far as was known.
#[test]
fn of_what_arrived_no_parts_are_said_to_be_on_their_way() {
    let house = House::new("volumes-status");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    let status = |person: &Person| person.sanduq(&["status"]).good().stdout();
    home(&person, &stick, "1");
    assert!(status(&person).contains("6 of 6 parts were carried"), "{}", status(&person));
    desk(&house, &stick).good();
    home(&person, &stick, "1");
    let said = status(&person);
    assert!(said.contains("arrived, receipt held") && !said.contains("parts"), "{said}");
}

#[test]
fn parts_come_in_any_order_and_any_number_of_trips() {
    let house = House::new("volumes-order");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "0");
    assert_eq!(parts.len(), 5);
    let lens: BTreeSet<u64> = parts.iter().map(|path| path.metadata().unwrap().len()).collect();
    assert!(lens.len() == 1 && lens.first().is_some_and(|len| *len <= 2_000_000), "{lens:?}");
    let by = numbers(&parts);
    assert_eq!(states(&bring(&house, "one", &[by[&4], by[&2]])), some([("kept", 2)]));
    let (bundles, sets) = listed(&house);
    assert_eq!((bundles, &sets[0]["there"], &sets[0]["missing"]), (0, &2.into(), &"1 3 5".into()));
    // The second trip brings one of the first again.
    assert_eq!(states(&bring(&house, "two", &[by[&5], by[&2]])), some([("kept", 1), ("known", 1)]));
    let last = bring(&house, "three", &[by[&3], by[&1]]);
    assert_eq!(states(&last), some([("kept", 2), ("accepted", 1)]));
    arrived_whole(&house, &person);
    // A part of a set whose bundle was taken in is known, and nothing doubles.
    assert_eq!(states(&bring(&house, "four", &[by[&1], by[&2]])), some([("known", 2)]));
    assert_eq!(listed(&house), (1, Vec::new()));
}

#[test]
fn the_same_bundle_and_sizes_give_the_same_parts() {
    let house = House::new("volumes-same");
    let (person, _) = begin(&house);
    let bytes = |parts: &[PathBuf]| -> BTreeMap<_, _> {
        parts.iter().map(|path| (path.file_name().unwrap().to_owned(), fs::read(path).unwrap())).collect()
    };
    let (one, two) = (exported(&person, "one", "2"), exported(&person, "two", "2"));
    assert_eq!(one.len(), 7);
    assert!(bytes(&one) == bytes(&two));
    // Whole parts stay as they lie; a damaged one of ours is written anew.
    let said = || {
        person.sanduq(&["export", text(&house.path("one")), "--volume-size", SIZE, "--parity", "2", "--json"])
    };
    assert!(said().good().json()["parts"].as_array().unwrap().iter().all(|part| part["already"] == true));
    let mut damaged = fs::read(&one[3]).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&one[3], damaged).unwrap();
    let again = said().good().json();
    let fresh = again["parts"].as_array().unwrap().iter().filter(|part| part["already"] == false).count();
    assert_eq!(fresh, 1);
    assert!(bytes(&one) == bytes(&two));
}

/// The commands of docs/spec/volume.md, as they stand there.
#[test]
fn stock_tools_join_the_parts() {
    let house = House::new("volumes-stock");
    let (person, _) = begin(&house);
    exported(&person, "all", "2");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec/volume.md")).unwrap();
    let (_, commands) = page.split_once("```sh\n").expect("commands");
    let commands = commands.split_once("```").expect("their end").0;
    let mut sh = Command::new("sh");
    sh.args(["-euc", commands]).current_dir(house.path("all"));
    let done = sh.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let whole = house.folder("whole");
    person.sanduq(&["export", text(&whole)]).good();
    let joined = fs::read(house.path("all/joined.bundle")).unwrap();
    assert!(joined == fs::read(only(&whole, "bundle")).unwrap());
}

#[test]
fn as_many_parts_as_there_is_parity_may_be_lost_and_no_more() {
    let house = House::new("volumes-lost");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "2");
    let by = numbers(&parts);
    let said = bring(&house, "few", &[by[&1], by[&6], by[&4], by[&7]]);
    assert_eq!((states(&said), listed(&house).0), (some([("kept", 4)]), 0));
    let (_, sets) = listed(&house);
    assert_eq!((&sets[0]["missing"], &sets[0]["needed"]), (&"2-3 5".into(), &5.into()));
    let told = house.desk(&["list"]).good().stdout();
    assert!(told.contains("2-3 5"), "{told}");
    assert_eq!(states(&bring(&house, "enough", &[by[&3]])), some([("kept", 1), ("accepted", 1)]));
    arrived_whole(&house, &person);
}

/// Every part but as many as may be lost is there, and all of them are damaged; then some of them are.
#[test]
fn a_thousand_flipped_bits_are_told_and_made_up_for() {
    let house = House::new("volumes-bits");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "2");
    let mut dice = Noise::new(1_000);
    let flipped = |paths: &[&PathBuf], dice: &mut Noise| {
        let stick = house.folder("flipped");
        let mut bytes: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
        for _ in 0..1_000 {
            let part = dice.next() as usize % bytes.len();
            let bit = dice.next() as usize % (bytes[part].len() * 8);
            bytes[part][bit / 8] ^= 1 << (bit % 8);
        }
        for (path, bytes) in paths.iter().zip(bytes) {
            fs::write(stick.join(path.file_name().unwrap()), bytes).unwrap();
        }
        let said = house.desk(&["accept", text(&stick), "--json"]);
        fs::remove_dir_all(stick).unwrap();
        said
    };
    let all: Vec<&PathBuf> = parts.iter().collect();
    for _ in 0..5 {
        let said = flipped(&all[..5], &mut dice);
        assert_eq!((said.code, states(&said.json())), (Some(1), some([("refused", 5)])));
        let outcomes = said.json()["outcomes"].clone();
        for outcome in outcomes.as_array().unwrap() {
            assert!(!outcome["reason"].as_str().unwrap().is_empty());
        }
        assert_eq!(listed(&house), (0, Vec::new()), "what is damaged leaves nothing behind");
    }
    // The bits of one damaged part are not those of its set.
    let said = flipped(&all[..2], &mut dice).json();
    assert_eq!(states(&said), some([("refused", 2)]));
    assert_eq!(states(&bring(&house, "others", &all[2..])), some([("kept", 5), ("accepted", 1)]));
    arrived_whole(&house, &person);
}

/// Whoever made the set put another parity into it, and listed it: the list vouches for it.
#[test]
fn a_parity_that_lies_is_found_out_and_the_slices_are_enough() {
    let house = House::new("volumes-lie");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "1");
    let by = numbers(&parts);
    let set = Part::open(File::open(by[&1]).unwrap()).unwrap().set().clone();
    let lie = vec![7; usize::try_from(set.volume().slice_len()).unwrap()];
    let slices: Vec<Vec<u8>> = (1..=5).map(|number| body(by[&number])).collect();
    let mut digests: Vec<Digest> = slices.iter().map(|slice| Digest::of(slice)).collect();
    digests.push(Digest::of(&lie));
    let liar = Set::of(set.volume().clone(), &digests).unwrap();
    let folder = house.folder("liar");
    let write = |number: u16, body: &[u8]| {
        let path = folder.join(format!("{number}.part"));
        let mut part = liar.begin(number, File::create(&path).unwrap()).unwrap();
        part.write_all(body).unwrap();
        part.finish().unwrap();
        path
    };
    let made: Vec<PathBuf> =
        slices.iter().chain([&lie]).zip(1..).map(|(body, number)| write(number, body)).collect();
    let said = bring(&house, "without-two", &[&made[0], &made[2], &made[3], &made[4], &made[5]]);
    assert_eq!(states(&said), some([("kept", 5), ("refused", 1)]));
    let (bundles, sets) = listed(&house);
    assert_eq!((bundles, &sets[0]["parity_refused"], &sets[0]["missing"]), (0, &true.into(), &"2".into()));
    assert!(house.desk(&["list"]).good().stdout().contains("every slice is needed"));
    assert_eq!(states(&bring(&house, "the-second", &[&made[1]])), some([("kept", 1), ("accepted", 1)]));
    arrived_whole(&house, &person);
}

/// Parts of which the rest would never come lay in the archive for good: the sender had chosen another size.
#[test]
fn of_a_bundle_that_came_otherwise_no_parts_are_kept() {
    let house = House::new("volumes-otherwise");
    let (person, _) = begin(&house);
    let small = exported(&person, "small", "1");
    let large = house.folder("large");
    person.sanduq(&["export", text(&large), "--volume-size", "3M"]).good();
    let (small, large) = (numbers(&small), all(&large, "part"));
    let large = numbers(&large);
    assert_eq!((small.len(), large.len()), (6, 3));
    bring(&house, "one", &[small[&1], small[&6]]);
    // A set that claims to be of the same bundle, and lists other slices.
    let set = Part::open(File::open(small[&1]).unwrap()).unwrap().set().clone();
    let bodies: Vec<Vec<u8>> =
        (1..=6).map(|number| vec![number; usize::try_from(set.volume().slice_len()).unwrap()]).collect();
    let digests: Vec<Digest> = bodies.iter().map(|body| Digest::of(body)).collect();
    let claims = Set::of(set.volume().clone(), &digests).unwrap();
    let claimed: Vec<PathBuf> = (1..=2u16)
        .map(|number| {
            let path = house.path(&format!("claimed-{number}.part"));
            let mut part = claims.begin(number, File::create(&path).unwrap()).unwrap();
            part.write_all(&bodies[usize::from(number) - 1]).unwrap();
            part.finish().unwrap();
            path
        })
        .collect();
    assert_eq!(states(&bring(&house, "claimed", &[&claimed[0]])), some([("kept", 1)]));
    assert_eq!(listed(&house).1.len(), 2);

    let said = bring(&house, "all", &large.values().copied().collect::<Vec<_>>());
    assert_eq!(states(&said), some([("kept", 3), ("accepted", 1)]));
    let (bundles, sets) = listed(&house);
    assert_eq!((bundles, sets.len(), &sets[0]["set"]), (1, 1, &claims.id().to_string().into()));
    // What is found of it later is known and answered, and what only claims to be of it is a set of its own.
    let stick = house.folder("late");
    fs::copy(small[&3], stick.join("late.part")).unwrap();
    fs::copy(&claimed[1], stick.join("claimed.part")).unwrap();
    let late = desk(&house, &stick).good().json();
    assert_eq!((states(&late), count(&late, "receipts")), (some([("known", 1), ("kept", 1)]), 1));
}

#[test]
fn of_a_bundle_that_came_whole_no_parts_are_kept() {
    let house = House::new("volumes-whole");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "0");
    bring(&house, "one", &[&parts[0]]);
    assert_eq!(listed(&house).1.len(), 1);
    let whole = house.folder("whole");
    person.sanduq(&["export", text(&whole)]).good();
    assert_eq!(states(&desk(&house, &whole).good().json()), some([("accepted", 1)]));
    assert_eq!(listed(&house), (1, Vec::new()));
    assert_eq!(states(&bring(&house, "late", &[&parts[1]])), some([("known", 1)]));
}

fn body(part: &Path) -> Vec<u8> {
    let mut body = Vec::new();
    let part = Part::open(File::open(part).unwrap()).unwrap();
    part.copy(&mut |piece| {
        body.extend_from_slice(piece);
        Ok(())
    })
    .unwrap();
    body
}

/// A set whose parts hold, every one of them, and make no bundle.
#[test]
fn what_makes_no_bundle_is_refused_once() {
    let house = House::new("volumes-none");
    let (person, _) = begin(&house);
    let recipient = Part::open(File::open(&exported(&person, "all", "0")[0]).unwrap())
        .unwrap()
        .set()
        .volume()
        .recipient()
        .clone();
    let volume = Volume::new(100_000, 2, 0, recipient).unwrap();
    let bodies = [vec![1; volume.slice_len() as usize], vec![2; volume.slice_len() as usize]];
    let set = Set::of(volume, &bodies.each_ref().map(|body| Digest::of(body))).unwrap();
    let stick = house.folder("stick");
    for (number, body) in (1..).zip(&bodies) {
        let mut part =
            set.begin(number, File::create(stick.join(format!("{number}.part"))).unwrap()).unwrap();
        part.write_all(body).unwrap();
        part.finish().unwrap();
    }
    let said = house.desk(&["accept", text(&stick), "--json"]).bad().json();
    assert_eq!(states(&said), some([("kept", 2), ("refused", 1)]));
    let (bundles, sets) = listed(&house);
    assert!(bundles == 0 && sets[0]["refused"].as_str().is_some_and(|reason| !reason.is_empty()));
    assert_eq!(states(&house.desk(&["accept", text(&stick), "--json"]).good().json()), some([("known", 2)]));
}

#[test]
fn sets_that_come_mixed_are_told_apart() {
    let house = House::new("volumes-mixed");
    let (person, _) = begin(&house);
    seal(&person, 2, 3_000_000);
    let parts = exported(&person, "all", "1");
    let said = bring(&house, "stick", &parts.iter().collect::<Vec<_>>());
    assert_eq!(states(&said)["accepted"], 2);
    assert_eq!(listed(&house), (2, Vec::new()));
}

#[test]
fn ten_thousand_files_of_others_are_passed_over() {
    let house = House::new("volumes-strangers");
    let (person, _) = begin(&house);
    let stick = house.folder("stick");
    for number in 0..9_000 {
        fs::write(stick.join(format!("IMG_{number}.jpg")), "somebody's photograph").unwrap();
    }
    for number in 0..1_000 {
        fs::write(stick.join(format!("film-{number}.mkv.part")), "half of somebody's film").unwrap();
    }
    fs::write(stick.join("empty.part"), "").unwrap();
    fs::write(stick.join(".0123456789abcdef0123456789abcdef.part"), "volume.txt").unwrap();
    fs::write(stick.join("._film.part"), "volume.txt").unwrap();
    std::os::unix::fs::symlink(&person.vault, stick.join("link.part")).unwrap();
    home(&person, &stick, "1");
    let said = desk(&house, &stick).good().json();
    assert_eq!(states(&said), some([("kept", 6), ("accepted", 1)]));
    let back = home(&person, &stick, "1");
    assert_eq!((count(&back, "received"), count(&back, "parts"), back["removed"].as_u64()), (1, 0, Some(7)));
    // The one that has a name as our temporary files have, and that nobody is writing, is swept.
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 9_000 + 1_000 + 3);
    assert!(fs::read_dir(house.path("archive/quarantine")).unwrap().next().is_none());
    assert_eq!(deliveries(&person), ["received"]);
}

/// A bundle was saved under a name that ends as parts do: it was passed over without a word.
#[test]
fn a_bundle_that_is_named_as_a_part_is_taken_in() {
    let house = House::new("volumes-named");
    let (person, _) = begin(&house);
    let whole = house.folder("whole");
    person.sanduq(&["export", text(&whole)]).good();
    let stick = house.folder("stick");
    fs::copy(only(&whole, "bundle"), stick.join("letter.bundle.part")).unwrap();
    assert_eq!(states(&desk(&house, &stick).good().json()), some([("accepted", 1)]));
}

#[test]
fn the_desk_says_what_is_missing_and_only_that_goes_next() {
    let house = House::new("volumes-letters");
    let (person, _) = begin(&house);
    let (first, second) = (house.folder("first"), house.folder("second"));
    assert_eq!(count(&home(&person, &first, "2"), "parts"), 7);
    let by: BTreeMap<u16, PathBuf> =
        numbers(&all(&first, "part")).into_iter().map(|(number, path)| (number, path.clone())).collect();
    // Four of seven are lost on the way.
    for number in [1, 3, 4, 7] {
        fs::remove_file(&by[&number]).unwrap();
    }
    let said = desk(&house, &first).good().json();
    assert_eq!((count(&said, "receipts"), &said["parts"][0]["missing"]), (0, &"1 3-4 7".into()));
    assert_eq!(all(&first, "receipt").len(), 1);
    // Another stick crosses: it was written before the first came home.
    assert_eq!(count(&home(&person, &second, "2"), "parts"), 7);
    let back = home(&person, &first, "2");
    let gone: Vec<u64> =
        back["parts"].as_array().unwrap().iter().map(|part| part["number"].as_u64().unwrap()).collect();
    assert_eq!((gone, back["removed"].as_u64()), (vec![1, 3, 4, 7], Some(4)));
    assert_eq!(
        (&back["progress"][0]["there"], &back["progress"][0]["missing"]),
        (&3.into(), &"1 3-4 7".into())
    );
    let told = person.sanduq(&["status"]).good().stdout();
    assert!(told.contains("7 of 7") && told.contains('3'), "{told}");
    // The second stick arrives first.
    let said = desk(&house, &second).good().json();
    assert_eq!((count(&said, "receipts"), count(&said, "parts")), (1, 0));
    let said = desk(&house, &first).good().json();
    assert_eq!((count(&said, "receipts"), states(&said)), (1, some([("known", 4)])));
    home(&person, &first, "2");
    assert_eq!(fs::read_dir(&first).unwrap().count(), 0);
    // What comes after the receipt is left: its seven parts, and one more receipt.
    let back = home(&person, &second, "2");
    assert_eq!((&back["settled"], fs::read_dir(&second).unwrap().count()), (&7.into(), 8));
    assert_eq!((listed(&house).0, deliveries(&person)), (1, vec!["received".to_owned()]));
}

/// A folder stood where the letter was to lie: nothing else on the stick was answered, and "your archive is as it was".
#[test]
fn one_folder_that_takes_no_answer_keeps_none_from_another() {
    let house = House::new("volumes-folders");
    let (person, _) = begin(&house);
    let stick = house.folder("stick");
    let (one, two) = (house.folder("stick/a"), house.folder("stick/b"));
    let parts = exported(&person, "parts", "0");
    fs::copy(&parts[0], one.join("1.part")).unwrap();
    desk(&house, &stick).good();
    let note = only(&one, "receipt");
    fs::remove_file(&note).unwrap();
    fs::create_dir_all(note.join("somebody's")).unwrap();
    seal(&person, 2, 1_000);
    let whole = house.folder("whole");
    person.sanduq(&["export", text(&whole), "--volume-size", "4M"]).good();
    fs::copy(only(&whole, "bundle"), two.join("two.bundle")).unwrap();
    let done = desk(&house, &stick).bad();
    assert_eq!((done.code, count(&done.json(), "receipts"), all(&two, "receipt").len()), (Some(1), 1, 1));
    let told = house.desk(&["sync", text(&stick)]).bad().stderr();
    assert!(told.contains("taken in and logged") && !told.contains("as it was"), "{told}");
}

/// The organisation said that it has every part, its machine was lost, and the bundle was never carried again.
#[test]
fn what_is_said_later_takes_the_place_of_what_was_said_before() {
    let house = House::new("volumes-relapse");
    let (person, _) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick, "2");
    let parts = all(&stick, "part");
    for (number, path) in numbers(&parts) {
        if number > 4 {
            fs::remove_file(path).unwrap();
        }
    }
    desk(&house, &stick).good();
    assert_eq!(home(&person, &stick, "2")["progress"][0]["there"], 4);
    fs::remove_dir_all(only_folder(&house.path("archive/parts"))).unwrap();
    desk(&house, &stick).good();
    let back = home(&person, &stick, "2");
    assert_eq!((&back["progress"][0]["there"], count(&back, "parts")), (&3.into(), 4));
}

fn only_folder(dir: &Path) -> PathBuf {
    let found: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

/// Anybody can seal a letter to the recipient that every part names.
#[test]
fn a_letter_that_the_log_did_not_sign_counts_for_nothing() {
    let house = House::new("volumes-forged");
    let (person, _) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick, "2");
    let set = Part::open(File::open(&all(&stick, "part")[0]).unwrap()).unwrap().set().clone();
    let missing = Missing { set: set.id(), numbers: BTreeSet::from([7]) };
    let stranger = NoteSigner::new("sanduq.invalid/0", LogSigningKey::generate()).unwrap();
    let signed = missing.sign(&stranger).unwrap().to_string();
    let recipient = set.volume().recipient();
    for (name, letter) in [("signed", signed.as_bytes()), ("unsigned", missing.to_string().as_bytes())] {
        fs::write(stick.join(format!("{name}.receipt")), seal_letter(recipient, letter).unwrap()).unwrap();
    }
    let done = home_done(&person, &stick, "2");
    assert_eq!(done.code, Some(4), "{}", done.stderr());
    let said = done.json();
    assert_eq!((count(&said, "refused"), count(&said, "parts"), said["removed"].as_u64()), (2, 7, Some(0)));
    assert_eq!(said["progress"][0]["there"], 0);
}

#[test]
fn a_bundle_that_fits_goes_whole_and_a_size_that_is_too_small_is_told() {
    let house = House::new("volumes-sizes");
    let (person, _) = begin_with(&house, 10_000);
    let stick = house.folder("stick");
    let said = person.sanduq(&["export", text(&stick), "--volume-size", "25M", "--json"]).good().json();
    assert_eq!((count(&said, "bundles"), count(&said, "parts")), (1, 0));
    // With parity it is doubled even where it fits.
    let said = person
        .sanduq(&["export", text(&stick), "--volume-size", "25M", "--parity", "1", "--json"])
        .good()
        .json();
    assert_eq!((count(&said, "bundles"), count(&said, "parts")), (0, 2));
    for bad in [
        &["--volume-size", "1M"][..],
        &["--volume-size", "5G"],
        &["--volume-size", "2X"],
        &["--parity", "1"],
        &["--volume-size", "2M", "--parity", "256"],
    ] {
        let refused = person.sanduq(&[&["export", text(&stick)], bad].concat()).bad();
        assert_eq!(refused.code, Some(2), "{bad:?}\n{}", refused.stderr());
    }
}

#[test]
fn a_part_alone_tells_nothing_of_who_or_what() {
    let house = House::new("volumes-canary");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let path = house.write("canary-name.bin", "canary-content ".repeat(400_000));
    person.sanduq(&["add", text(&path)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    for part in exported(&person, "all", "1") {
        let bytes = fs::read(&part).unwrap();
        for canary in ["canary", NAME, &person.passphrase] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
        let times = part.metadata().unwrap().modified().unwrap();
        assert!(times < std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(315_532_800));
    }
}

/// A slice that lay in the archive changed after it was kept.
#[test]
fn what_changed_in_the_archive_is_waited_for_anew() {
    let house = House::new("volumes-rot");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "1");
    let by = numbers(&parts);
    bring(&house, "one", &[by[&1], by[&2], by[&6]]);
    let slice = only_folder(&house.path("archive/parts")).join("slices/0002");
    let mut bytes = fs::read(&slice).unwrap();
    bytes[1_000] ^= 1;
    fs::write(&slice, bytes).unwrap();
    let said = bring(&house, "two", &[by[&3], by[&4]]);
    assert_eq!(states(&said), some([("kept", 2), ("failed", 1)]));
    assert_eq!(listed(&house).1[0]["missing"], "2 5");
    assert_eq!(states(&bring(&house, "three", &[by[&5]])), some([("kept", 1), ("accepted", 1)]));
    arrived_whole(&house, &person);
}

/// A slice changed after it was kept, and nothing had to be computed: only joining it reads it.
#[test]
fn what_changed_is_found_where_no_parity_is_needed() {
    let house = House::new("volumes-joined");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "0");
    let by = numbers(&parts);
    bring(&house, "one", &[by[&1], by[&2], by[&3], by[&4]]);
    let slice = only_folder(&house.path("archive/parts")).join("slices/0003");
    let mut bytes = fs::read(&slice).unwrap();
    bytes[1_000] ^= 1;
    fs::write(&slice, bytes).unwrap();
    assert_eq!(states(&bring(&house, "two", &[by[&5]])), some([("kept", 1), ("failed", 1)]));
    assert_eq!(listed(&house).1[0]["missing"], "3");
    assert_eq!(states(&bring(&house, "three", &[by[&3]])), some([("kept", 1), ("accepted", 1)]));
    arrived_whole(&house, &person);
}

/// What was computed is the same as what was carried.
#[test]
fn parity_on_the_stick_is_that_of_the_slices() {
    let house = House::new("volumes-parity");
    let (person, _) = begin(&house);
    let parts = exported(&person, "all", "3");
    let by = numbers(&parts);
    let set = Part::open(File::open(by[&1]).unwrap()).unwrap().set().clone();
    let slices: Vec<Vec<u8>> = (1..=5).map(|number| body(by[&number])).collect();
    let mut made = vec![Vec::new(); 8];
    let mut read = |slice: u16, at: u64, piece: &mut [u8]| {
        piece.copy_from_slice(&slices[usize::from(slice) - 1][at as usize..][..piece.len()]);
        Ok(())
    };
    let mut take = |number: u16, piece: &[u8]| {
        made[usize::from(number) - 1].extend_from_slice(piece);
        Ok(())
    };
    parity::encode(set.volume(), &mut read, &mut take).unwrap();
    for number in 6..=8 {
        assert!(made[usize::from(number) - 1] == body(by[&number]), "{number}");
    }
}
