//! Bundles in disguise, from end to end with the programs themselves: with the key, with another and without, in parts,
//! under names that people choose, among whatever else lies on a stick, and with stock tools.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "carrier/statistics.rs"]
mod statistics;

mod disk;
mod house;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use house::{Done, House, NAME, Noise, Organisation, Person, all, only, text};
use sanduq::crypto::carrier::CarrierReader;
use sanduq::crypto::{CarrierKey, Digest};
use serde_json::Value;
use world::deliveries;

/// Someone with a sealed letter, the organisation it is for, and the carrier key that she was handed.
fn begin(house: &House) -> (Person<'_>, Organisation<'_>, PathBuf) {
    let organisation = Organisation::new(house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    seal(&person, "one", NAME);
    let key = new_key(house, "amal.key");
    (person, organisation, key)
}

fn seal(person: &Person, letter: &str, to: &str) {
    let path = person.house.write(&format!("{letter}.txt"), format!("an invented letter: {letter}"));
    person.sanduq(&["add", text(&path)]).good();
    person.sanduq(&["seal", "--all", "--to", to]).good();
}

fn new_key(house: &House, name: &str) -> PathBuf {
    let key = house.path(name);
    house.desk(&["carrier", "new", "--to", text(&key)]).good();
    key
}

fn keys(house: &House) -> Vec<String> {
    let listed = house.desk(&["carrier", "list", "--json"]).good().json();
    let names = listed["carriers"].as_array().expect("carriers").iter();
    names.map(|one| one["carrier"].as_str().expect("a name").to_owned()).collect()
}

/// What a key is called at the desk.
fn name_of(key: &Path) -> String {
    digest(&fs::read(key).unwrap())[..16].to_owned()
}

fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

fn home(person: &Person, stick: &Path, key: &Path) -> Value {
    let args = ["sync", text(stick), "--to", NAME, "--carrier", text(key), "--json"];
    person.sanduq(&args).good().json()
}

fn export(person: &Person, stick: &Path, more: &[&str]) -> Done {
    person.sanduq(&[&["export", text(stick), "--json"], more].concat())
}

fn desk(house: &House, stick: &Path) -> Value {
    house.desk(&["sync", text(stick), "--json"]).good().json()
}

fn count(said: &Value, field: &str) -> usize {
    said[field].as_array().expect(field).len()
}

fn states(said: &Value) -> Vec<&str> {
    let outcomes = said["outcomes"].as_array().expect("outcomes").iter();
    let mut states: Vec<&str> = outcomes.map(|outcome| outcome["state"].as_str().expect("a state")).collect();
    states.sort();
    states
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The bundle as it would go without a disguise.
fn bare(person: &Person) -> Vec<u8> {
    let folder = person.house.folder("bare");
    person.sanduq(&["export", text(&folder)]).good();
    fs::read(only(&folder, "bundle")).unwrap()
}

/// The one bundle that the desk has is the one that was sealed, without its disguise.
fn arrived_whole(house: &House, person: &Person) {
    let kept = only(&house.path("archive/bundles"), "bundle");
    assert!(fs::read(kept).unwrap() == bare(person), "it differs");
}

#[test]
fn a_carrier_goes_and_comes_back_and_is_taken_off() {
    let house = House::new("carrier");
    let (person, _organisation, key) = begin(&house);
    let stick = house.folder("stick");
    assert_eq!(count(&home(&person, &stick, &key), "bundles"), 1);
    let carrier = only(&stick, "dat");
    let bundle = bare(&person);
    let bytes = fs::read(&carrier).unwrap();
    assert!(bytes.len() >= 16 + bundle.len() && bytes.len() <= 16 + bundle.len() + (1 << 20));
    assert!(!bytes.windows(9).any(|window| window == b"bagit.txt"));
    // The next trip finds it again, by the key alone, also under another name.
    let renamed = stick.join("holiday.dat");
    fs::rename(&carrier, &renamed).unwrap();
    let again = home(&person, &stick, &key);
    assert_eq!((&again["bundles"][0]["already"], files(&stick).len()), (&true.into(), 1));
    let said = desk(&house, &stick);
    assert_eq!((states(&said), count(&said, "receipts")), (vec!["accepted"], 1));
    arrived_whole(&house, &person);
    // Twice the same stick: nothing doubles, and it stays as it lay.
    assert_eq!(states(&desk(&house, &stick)), ["known"]);
    assert!(fs::read(&renamed).unwrap() == bytes, "the desk only reads");
    let back = home(&person, &stick, &key);
    assert_eq!((count(&back, "received"), &back["removed"]), (1, &2.into()));
    assert_eq!((files(&stick).len(), deliveries(&person)), (0, vec!["received".to_owned()]));
}

/// A file under a key that is not held is another program's, and nobody is told of it: no alarm, no copy, no error.
#[test]
fn without_its_key_a_carrier_is_passed_over() {
    let house = House::new("carrier-wrong");
    let (person, _organisation, key) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick, &key);
    house.desk(&["carrier", "remove", &name_of(&key)]).good();
    let calm = || {
        let said = desk(&house, &stick);
        assert_eq!((count(&said, "outcomes"), count(&said, "receipts")), (0, 0));
        assert!(files(&house.path("archive/quarantine")).is_empty());
    };
    calm();
    new_key(&house, "other.key");
    new_key(&house, "third.key");
    calm();
    assert!(keys(&house).len() == 2 && !keys(&house).contains(&name_of(&key)));
    // Named by hand it was meant to be a bundle, and is none.
    let refused = house.desk(&["accept", text(&only(&stick, "dat"))]).bad();
    assert!(refused.stderr().contains("dat"), "{}", refused.stderr());
    // The others go on: what is under a key that is held is taken from among them.
    let other = house.folder("other");
    export(&person, &other, &["--carrier", text(&house.path("third.key"))]).good();
    fs::copy(only(&other, "dat"), stick.join("another")).unwrap();
    assert_eq!(states(&desk(&house, &stick)), ["accepted"]);
}

#[test]
fn keys_are_kept_listed_and_forgotten() {
    let house = House::new("carrier-keys");
    let (_, _organisation, key) = begin(&house);
    assert_eq!(keys(&house), [name_of(&key)]);
    let kept = house.path(&format!("archive/carriers/{}.key", name_of(&key)));
    assert!(fs::read(&kept).unwrap() == fs::read(&key).unwrap());
    let mode = |path: &Path| std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!((mode(&kept) & 0o777, mode(kept.parent().unwrap()) & 0o777), (0o600, 0o700));
    assert_eq!(mode(&key) & 0o777, 0o600);
    // Where the file cannot be written there is no key either.
    house.desk(&["carrier", "new", "--to", text(&key)]).bad();
    assert_eq!(keys(&house).len(), 1);
    let card = fs::read_to_string(house.path(&format!("{NAME}.card"))).unwrap();
    assert!(!card.contains(fs::read_to_string(&key).unwrap().trim()));
    assert_eq!(house.desk(&["carrier", "remove", "0000000000000000"]).bad().code, Some(5));
    house.desk(&["carrier", "remove", &name_of(&key)]).good();
    assert!(keys(&house).is_empty() && !kept.exists());
    // One that was changed where it is kept is said to be, and nothing is taken in meanwhile.
    let again = new_key(&house, "again.key");
    let kept = house.path(&format!("archive/carriers/{}.key", name_of(&again)));
    fs::write(&kept, "0".repeat(64) + "\n").unwrap();
    assert_eq!(house.desk(&["sync", text(&house.folder("stick"))]).bad().code, Some(1));
}

/// An archive that was made before there were carriers has no folder for them.
#[test]
fn an_archive_without_keys_works_as_before() {
    let house = House::new("carrier-none");
    let (person, _organisation, key) = begin(&house);
    house.desk(&["carrier", "remove", &name_of(&key)]).good();
    fs::remove_dir(house.path("archive/carriers")).unwrap();
    assert!(keys(&house).is_empty());
    let stick = house.folder("stick");
    export(&person, &stick, &[]).good();
    assert_eq!(states(&desk(&house, &stick)), ["accepted"]);
    assert!(!house.path("archive/carriers").exists());
}

#[test]
fn a_changed_carrier_is_refused_as_its_bundle_would_be() {
    let house = House::new("carrier-changed");
    let (person, _organisation, key) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick, &key);
    let carrier = only(&stick, "dat");
    let (whole, bundle) = (fs::read(&carrier).unwrap(), bare(&person));
    let plain = house.folder("plain").join("a.bundle");
    let reason = |path: &Path, bytes: &[u8]| {
        fs::write(path, bytes).unwrap();
        let folder = path.parent().expect("a folder");
        let said = house.desk(&["accept", text(folder), "--json"]).bad().json();
        assert_eq!(states(&said), ["refused"]);
        said["outcomes"][0]["reason"].as_str().expect("a reason").to_owned()
    };
    let turned = |bytes: &[u8], at: usize| {
        let mut turned = bytes.to_vec();
        turned[at] ^= 1;
        turned
    };
    for at in [0, 200, 512, 600_000, bundle.len() - 1] {
        let expected = reason(&plain, &turned(&bundle, at));
        assert_eq!(reason(&carrier, &turned(&whole, 16 + at)), expected, "{at}");
    }
    assert_eq!(reason(&carrier, &whole[..800_000]), reason(&plain, &bundle[..800_000 - 16]));
    // What is in quarantine is the bundle, for who looks at it has no key.
    let kept = all(&house.path("archive/quarantine"), "bundle");
    let is_bare = |path: &PathBuf| fs::read(path).unwrap()[100..].starts_with(b"0000644");
    assert!(kept.iter().all(is_bare), "{kept:?}");
    assert!(
        kept.contains(
            &house.path(&format!("archive/quarantine/{}.bundle", digest(&turned(&bundle, 600_000))))
        )
    );
    // The tail is nobody's.
    fs::write(&carrier, [&whole[..16 + bundle.len()], &[0; 1000]].concat()).unwrap();
    assert_eq!(states(&desk(&house, &stick)), ["accepted"]);
    arrived_whole(&house, &person);
}

#[test]
fn parts_go_as_carriers_and_some_may_be_lost() {
    let house = House::new("carrier-parts");
    let (person, _organisation, key) = begin(&house);
    let film = house.write("film", Noise::new(1).bytes(4_000_000));
    person.sanduq(&["add", text(&film)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = house.folder("stick");
    let sync = |parity: &str| {
        let volumes = ["--volume-size", "2M", "--parity", parity, "--carrier", text(&key), "--json"];
        person.sanduq(&[&["sync", text(&stick), "--to", NAME], &volumes[..]].concat()).good().json()
    };
    let said = sync("1");
    let carriers = all(&stick, "dat");
    assert!(count(&said, "parts") == carriers.len() && carriers.len() > 6, "{}", carriers.len());
    assert!(carriers.iter().all(|path| path.metadata().unwrap().len() <= 2_000_000));
    let again = sync("1");
    assert!(again["parts"].as_array().unwrap().iter().all(|part| part["already"] == true));
    // One is lost, and of the other bundle one is damaged: both are written anew, or come from parity.
    let of = |said: &Value, at: usize| PathBuf::from(said["parts"][at]["path"].as_str().unwrap());
    let (first, last) = (of(&said, 0), of(&said, carriers.len() - 1));
    assert_ne!(said["parts"][0]["bundle"], said["parts"][carriers.len() - 1]["bundle"]);
    fs::remove_file(&first).unwrap();
    let mut damaged = fs::read(&last).unwrap();
    damaged[300_000] ^= 1;
    fs::write(&last, damaged).unwrap();
    let said = house.desk(&["sync", text(&stick), "--json"]).json();
    let accepted = states(&said).iter().filter(|state| **state == "accepted").count();
    assert_eq!((accepted, count(&said, "receipts")), (2, 2), "{said}");
    assert!(files(&house.path("archive/parts")).is_empty());
    let back = sync("1");
    assert_eq!(count(&back, "received"), 2);
    assert!(files(&stick).is_empty(), "{:?}", files(&stick));
}

#[test]
fn a_name_that_she_chose() {
    let house = House::new("carrier-names");
    let (person, _organisation, key) = begin(&house);
    let stick = house.folder("stick");
    // Without a carrier it is a bundle, and the desk knows it by what it is.
    export(&person, &stick, &["--plain-name", "holiday.dat"]).good();
    assert_eq!(files(&stick), [stick.join("holiday.dat")]);
    let again = export(&person, &stick, &["--plain-name", "holiday.dat"]).good().json();
    assert_eq!(again["bundles"][0]["already"], true);
    // Taken, with a carrier: never overwritten.
    let taken = export(&person, &stick, &["--plain-name", "holiday.dat", "--carrier", text(&key)]).bad();
    assert_eq!(taken.code, Some(1));
    export(&person, &stick, &["--plain-name", "عکس‌ها.bin", "--carrier", text(&key)]).good();
    assert_eq!(files(&stick).len(), 2);
    assert_eq!(states(&desk(&house, &stick)), ["accepted", "known"]);
    // Two bundles, one name.
    seal(&person, "two", NAME);
    let stick = house.folder("second");
    for more in [&["--plain-name", "a.dat"][..], &["--plain-name", "a.dat", "--carrier", text(&key)]] {
        assert_eq!(export(&person, &stick, more).bad().code, Some(1));
        assert!(files(&stick).is_empty());
    }
    for bad in ["../a", "a/b", ".hidden", "a\u{202e}b", "", "a\n"] {
        assert_eq!(export(&person, &stick, &["--plain-name", bad]).bad().code, Some(2), "{bad:?}");
    }
    // Without a key it would not be known again, and lie there for ever.
    let unknown = person.sanduq(&["sync", text(&stick), "--to", NAME, "--plain-name", "a.dat"]).bad();
    assert_eq!(unknown.code, Some(2));
}

#[test]
fn what_is_no_key_or_lies_in_the_way_is_refused() {
    let house = House::new("carrier-refused");
    let (person, organisation, key) = begin(&house);
    let stick = house.folder("stick");
    let good = fs::read_to_string(&key).unwrap();
    for bad in [good.trim_end().to_owned(), good.to_uppercase(), good.clone() + "\n", String::new()] {
        let wrong = house.write("wrong.key", bad);
        assert_eq!(export(&person, &stick, &["--carrier", text(&wrong)]).bad().code, Some(4));
    }
    assert_eq!(export(&person, &stick, &["--carrier", text(&house.path("gone"))]).bad().code, Some(5));
    // On the stick it would be found with what it disguises.
    let there = stick.join("amal.key");
    fs::copy(&key, &there).unwrap();
    assert_eq!(export(&person, &stick, &["--carrier", text(&there)]).bad().code, Some(7));
    fs::remove_file(there).unwrap();
    // What goes to another organisation would be nothing known there.
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", "another"]).good();
    seal(&person, "two", "another");
    let several = export(&person, &stick, &["--carrier", text(&key)]).bad();
    assert!(several.code == Some(7) && several.stderr().contains("--to NAME"), "{}", several.stderr());
    assert_eq!((files(&stick).len(), deliveries(&person)), (0, vec!["sealed".to_owned(); 2]));
    let one = export(&person, &stick, &["--carrier", text(&key), "--to", "another"]).good().json();
    assert_eq!((count(&one, "bundles"), files(&stick).len()), (1, 1));
}

/// What is watched is looked at every few seconds: other files are tried once, and a carrier among them is answered.
#[test]
fn a_watched_folder_takes_carriers_too() {
    let house = House::new("carrier-watch");
    let (person, _organisation, key) = begin(&house);
    let (stick, inbox) = (house.folder("stick"), house.folder("inbox"));
    export(&person, &stick, &["--carrier", text(&key), "--plain-name", "holiday.dat"]).good();
    fs::write(inbox.join("picture.jpg"), Noise::new(3).bytes(100_000)).unwrap();
    let archive = house.path("archive");
    let args = ["--archive", text(&archive), "watch", text(&inbox), "--every", "1"];
    let mut watching = house.command(Path::new(env!("CARGO_BIN_EXE_sanduq-intake")), &args).spawn().unwrap();
    fs::copy(stick.join("holiday.dat"), inbox.join("holiday.dat")).unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while all(&inbox, "receipt").is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(100));
    }
    watching.kill().unwrap();
    watching.wait().unwrap();
    assert_eq!((all(&inbox, "receipt").len(), files(&inbox).len()), (1, 3));
    arrived_whole(&house, &person);
}

/// The stick has room for the bundle and not for its tail: it is said before anything is written.
#[test]
fn a_stick_with_no_room_for_the_tail_takes_nothing() {
    if !disk::inside("a_stick_with_no_room_for_the_tail_takes_nothing") {
        return;
    }
    let house = House::new("carrier-full");
    let (person, _organisation, key) = begin(&house);
    let stick = house.folder("stick");
    disk::mount("size=2700k", &stick);
    let refused = export(&person, &stick, &["--carrier", text(&key)]).bad();
    assert_eq!((refused.code, files(&stick).len()), (Some(1), 0), "{}", refused.stderr());
    export(&person, &stick, &[]).good();
    assert!(Command::new("umount").arg(&stick).status().unwrap().success());
}

/// Ten thousand pictures lay on the stick, and each was tried under every key.
#[test]
fn a_stick_full_of_other_files_is_looked_through_soon() {
    let house = House::new("carrier-many");
    let (person, _organisation, key) = begin(&house);
    for number in 0..20 {
        new_key(&house, &format!("{number}.key"));
    }
    let stick = house.folder("stick");
    let mut noise = Noise::new(7);
    for folder in 0..10 {
        fs::create_dir(stick.join(format!("{folder}"))).unwrap();
        for number in 0..1000 {
            fs::write(stick.join(format!("{folder}/{number}.jpg")), noise.bytes(1000)).unwrap();
        }
    }
    home(&person, &stick, &key);
    fs::rename(only(&stick, "dat"), stick.join("3/IMG_1000.jpg")).unwrap();
    let begun = Instant::now();
    assert_eq!(states(&desk(&house, &stick)), ["accepted"]);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    arrived_whole(&house, &person);
}

/// The commands of docs/spec/carrier.md, as they stand there: one takes the disguise off, the other puts one on that
/// the desk takes.
#[test]
fn stock_openssl_takes_it_off_and_puts_it_on() {
    if !Command::new("openssl").arg("version").output().is_ok_and(|done| done.status.success()) {
        println!("SKIPPED stock_openssl_takes_it_off_and_puts_it_on: no openssl");
        return;
    }
    let house = House::new("carrier-stock");
    let (person, _organisation, key) = begin(&house);
    let work = house.folder("work");
    fs::copy(&key, work.join("amal.key")).unwrap();
    export(&person, &house.folder("stick"), &["--carrier", text(&key), "--plain-name", "holiday.dat"]).good();
    fs::rename(house.path("stick/holiday.dat"), work.join("holiday.dat")).unwrap();
    let bundle = bare(&person);
    fs::write(work.join("in.bundle"), &bundle).unwrap();
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec/carrier.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```sh\n").skip(1).map(|block| block.split_once("```").expect("its end").0).collect();
    assert_eq!(blocks.len(), 2);
    for commands in blocks {
        let done = Command::new("sh").args(["-euc", commands]).current_dir(&work).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    assert!(fs::read(work.join("out.bundle")).unwrap() == bundle, "openssl takes it off");
    let other = house.folder("other");
    fs::copy(work.join("made.dat"), other.join("made.dat")).unwrap();
    assert_eq!(states(&desk(&house, &other)), ["accepted"]);
    arrived_whole(&house, &person);
}

/// One key for all sticks, and the same bundle on each: nothing tells that it is.
#[test]
fn two_carriers_of_one_bundle_are_not_alike() {
    let house = House::new("carrier-twice");
    let (person, _organisation, key) = begin(&house);
    let lens_and_names: Vec<(u64, PathBuf)> = (0..8)
        .map(|number| {
            let stick = house.folder(&format!("stick{number}"));
            export(&person, &stick, &["--carrier", text(&key)]).good();
            let path = only(&stick, "dat");
            (path.metadata().unwrap().len(), path)
        })
        .collect();
    // Among 2^20 lengths, eight are all alike once in 2^140.
    assert!(lens_and_names.iter().any(|(len, _)| *len != lens_and_names[0].0), "{lens_and_names:?}");
    let key = CarrierKey::from_text(&fs::read(key).unwrap()).unwrap();
    let read = |path: &Path| CarrierReader::new(&key, fs::File::open(path).unwrap()).unwrap();
    assert!(lens_and_names.iter().all(|(len, path)| read(path).len() + 16 == *len));
    let (one, two) = (fs::read(&lens_and_names[0].1).unwrap(), fs::read(&lens_and_names[1].1).unwrap());
    let alike = one.chunks_exact(16).zip(two.chunks_exact(16)).any(|(one, two)| one == two);
    assert!(!alike, "16 bytes are the same");
}
