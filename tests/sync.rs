//! Sticks that go to and fro: whatever gets lost, comes twice or crosses on the way, in the end every bundle was
//! accepted once and acknowledged, and the stick that brought the receipt is empty.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Cursor;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use house::{Done, House, NAME, Organisation, Person, all, only, text};
use sanduq::bundle::Outer;
use sanduq::bundle::letter::seal_letter;
use serde_json::Value;
use world::deliveries;

/// Someone with a letter, and an organisation whose card she has.
fn begin(house: &House) -> (Person<'_>, Organisation<'_>) {
    let organisation = Organisation::new(house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    seal(&person, "one", NAME);
    (person, organisation)
}

fn seal(person: &Person, letter: &str, to: &str) {
    let path = person.house.write(&format!("{letter}.txt"), format!("an invented letter: {letter}"));
    person.sanduq(&["add", text(&path)]).good();
    person.sanduq(&["seal", "--all", "--to", to]).good();
}

fn home(person: &Person, stick: &Path) -> Value {
    person.sanduq(&["sync", text(stick), "--to", NAME, "--json"]).good().json()
}

fn desk(house: &House, stick: &Path) -> Value {
    house.desk(&["sync", text(stick), "--json"]).good().json()
}

fn count(said: &Value, field: &str) -> usize {
    said[field].as_array().expect(field).len()
}

fn accepted(house: &House) -> usize {
    count(&house.desk(&["list", "--json"]).good().json(), "bundles")
}

fn names(stick: &Path) -> usize {
    fs::read_dir(stick).unwrap().count()
}

#[test]
fn a_stick_goes_and_comes_back_and_is_empty() {
    let house = House::new("sync");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    assert_eq!(count(&home(&person, &stick), "bundles"), 1);
    let said = desk(&house, &stick);
    assert_eq!((count(&said, "outcomes"), count(&said, "receipts")), (1, 1));
    let back = home(&person, &stick);
    assert_eq!(
        (count(&back, "received"), count(&back, "bundles"), back["removed"].as_u64()),
        (1, 0, Some(2))
    );
    assert_eq!((names(&stick), deliveries(&person)), (0, vec!["received".to_owned()]));
    // The second trip carries what is new and nothing else.
    seal(&person, "two", NAME);
    assert_eq!(count(&home(&person, &stick), "bundles"), 1);
    assert_eq!(names(&stick), 1);
}

/// The stick with the receipt was lost on the way home, and no other ever got one: the desk had answered.
#[test]
fn a_stick_that_is_lost_costs_a_trip_and_nothing_else() {
    let house = House::new("sync-lost");
    let (person, _organisation) = begin(&house);
    let (first, second) = (house.folder("first"), house.folder("second"));
    home(&person, &first);
    desk(&house, &first);
    // It does not come back; another one goes, with the same bundle.
    assert_eq!(count(&home(&person, &second), "bundles"), 1);
    let said = desk(&house, &second);
    assert_eq!((count(&said, "receipts"), accepted(&house)), (1, 1));
    assert_eq!(count(&home(&person, &second), "received"), 1);
    // It is found after all: nothing doubles, and what lies there is left, for anybody may have had it in hand.
    let found = home(&person, &first);
    assert_eq!((count(&found, "received"), names(&first)), (0, 2));
    assert_eq!((&found["removed"], &found["settled"]), (&0.into(), &1.into()));
    assert_eq!(count(&found, "bundles"), 0);
}

#[test]
fn the_same_stick_twice_doubles_nothing() {
    let house = House::new("sync-twice");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick);
    assert_eq!(home(&person, &stick)["bundles"][0]["already"], true);
    desk(&house, &stick);
    assert_eq!((count(&desk(&house, &stick), "receipts"), names(&stick), accepted(&house)), (0, 2, 1));
    // Two sticks cross: the second is written before the first comes back.
    let other = house.folder("other");
    home(&person, &other);
    assert_eq!(count(&home(&person, &stick), "received"), 1);
    desk(&house, &other);
    let back = home(&person, &other);
    assert_eq!((count(&back, "received"), names(&other), accepted(&house)), (0, 2, 1));
}

/// Somebody who had a bundle and its receipt laid copies of both on every stick that went home: the one that came back
/// without them, with another bundle on it, was hers.
#[test]
fn no_stick_tells_whose_a_bundle_was() {
    let house = House::new("sync-planted");
    let (amal, organisation) = begin(&house);
    let basma = house.person("basma");
    basma.sanduq(&["init"]).good();
    basma.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let first = house.folder("first");
    home(&amal, &first);
    desk(&house, &first);
    let planted: Vec<_> = [all(&first, "bundle"), all(&first, "receipt")].concat();
    let copies = house.folder("copies");
    let names_of = |paths: &[PathBuf]| -> BTreeSet<OsString> {
        paths.iter().map(|path| path.file_name().unwrap().to_owned()).collect()
    };
    for path in &planted {
        fs::copy(path, copies.join(path.file_name().unwrap())).unwrap();
    }
    assert_eq!(count(&home(&amal, &first), "received"), 1);

    let mut left = Vec::new();
    for (person, stick) in [(&amal, house.folder("hers")), (&basma, house.folder("a strangers"))] {
        seal(person, "more", NAME);
        for path in fs::read_dir(&copies).unwrap() {
            let path = path.unwrap().path();
            fs::copy(&path, stick.join(path.file_name().unwrap())).unwrap();
        }
        assert_eq!(count(&home(person, &stick), "bundles"), 1);
        let lying: Vec<PathBuf> = fs::read_dir(&stick).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(lying.len(), planted.len() + 1);
        left.push(names_of(&lying).intersection(&names_of(&planted)).cloned().collect::<BTreeSet<_>>());
    }
    assert_eq!((&left[0], left[0].len()), (&left[1], planted.len()));
}

/// The same, with the receipt of a bundle that was still open laid on a stick for another organisation, or on one that the
/// bundle was not on: it was read, and gone.
#[test]
fn a_receipt_is_read_and_left_where_its_bundle_is_not() {
    let house = House::new("sync-read");
    let (person, organisation) = begin(&house);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", "Another-Name"]).good();
    seal(&person, "two", "Another-Name");
    let first = house.folder("first");
    home(&person, &first);
    desk(&house, &first);
    let planted = [all(&first, "bundle"), all(&first, "receipt")].concat();
    let (other, bare) = (house.folder("other"), house.folder("bare"));
    for (stick, planted) in [(&other, &planted[..]), (&bare, &planted[1..])] {
        for path in planted {
            fs::copy(path, stick.join(path.file_name().unwrap())).unwrap();
        }
    }
    let vault = person.vault.clone();
    let kept = house.path("kept");
    world::copy(&vault, &kept);
    let said = person.sanduq(&["sync", text(&other), "--to", "Another-Name", "--json"]).good().json();
    assert_eq!(
        (count(&said, "received"), &said["removed"], names(&other)),
        (1, &0.into(), planted.len() + 1)
    );
    fs::remove_dir_all(&vault).unwrap();
    fs::rename(kept, &vault).unwrap();
    let said = home(&person, &bare);
    assert_eq!((count(&said, "received"), &said["removed"], names(&bare)), (1, &0.into(), planted.len() - 1));
}

/// A bundle was damaged on a stick after it had arrived: it stayed there for good, and at each visit the desk asked for
/// it once more.
#[test]
fn a_damaged_copy_of_what_arrived_is_no_trouble() {
    let house = House::new("sync-damaged");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick);
    desk(&house, &stick);
    let bundle = only(&stick, "bundle");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[100_000] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    let again = house.desk(&["sync", text(&stick)]).bad();
    assert!(again.code == Some(1) && again.stderr().contains("need not come again"), "{}", again.stderr());
    assert_eq!(count(&home(&person, &stick), "received"), 1);
    assert_eq!(names(&stick), 0);
}

/// A folder on the stick: the desk answered in the stick's root, and at home the answers were looked for in the folder.
#[test]
fn answers_lie_where_the_bundle_lay() {
    let house = House::new("sync-below");
    let (person, _organisation) = begin(&house);
    let (stick, papers) = (house.folder("stick"), house.folder("stick/papers"));
    home(&person, &papers);
    assert_eq!(count(&desk(&house, &stick), "receipts"), 1);
    assert_eq!((all(&papers, "receipt").len(), all(&stick, "receipt").len()), (1, 0));
    assert_eq!(count(&home(&person, &papers), "received"), 1);
    assert_eq!(names(&papers), 0);
    // And where somebody tidied the stick, they are found below it.
    seal(&person, "two", NAME);
    home(&person, &stick);
    let bundle = only(&stick, "bundle");
    fs::rename(&bundle, papers.join(bundle.file_name().unwrap())).unwrap();
    desk(&house, &stick);
    assert_eq!((all(&papers, "receipt").len(), count(&home(&person, &stick), "received")), (1, 1));
}

/// A stick for one organisation showed a second one that there was another.
#[test]
fn what_goes_to_others_is_not_on_it() {
    let house = House::new("sync-others");
    let (person, organisation) = begin(&house);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", "Another-Name"]).good();
    seal(&person, "two", "Another-Name");
    let stick = house.folder("stick");
    let said = home(&person, &stick);
    assert_eq!((count(&said, "bundles"), names(&stick)), (1, 1));
    assert_eq!(said["bundles"][0]["to"], NAME);
    // Nor is it in one folder for all.
    let folder = house.path("for all");
    let both = person.sanduq(&["export", text(&folder)]).bad();
    assert!(both.code == Some(7) && both.stderr().contains("--to NAME"), "{}", both.stderr());
    assert!(!folder.exists());
    person.sanduq(&["export", text(&folder), "--to", "Another-Name"]).good();
    assert_eq!(names(&folder), 1);
}

/// One stick went to two desks. What the other one answered about a bundle that is not for it was called false, and the
/// person was told to keep it as a proof.
#[test]
fn what_another_desk_took_in_is_said_calmly() {
    let (house, second) = (House::new("sync-elsewhere"), House::new("sync-elsewhere-second"));
    let (person, _organisation) = begin(&house);
    let other = Organisation::new(&second, 1, 1);
    second.desk(&["accept", text(&other.card)]).good();
    person.sanduq(&["contact", "add", text(&other.card), "--yes", "--as", "Other"]).good();
    let stick = house.folder("stick");
    home(&person, &stick);
    assert_eq!(desk(&second, &stick)["cards"], 1);
    let told = person.sanduq(&["sync", text(&stick), "--to", NAME]).good();
    assert!(told.stdout().contains("Other took in a bundle"), "{}", told.stdout());
    let said = home(&person, &stick);
    assert_eq!((count(&said, "elsewhere"), count(&said, "refused"), count(&said, "bundles")), (1, 0, 1));
    assert_eq!(said["elsewhere"][0]["by"], "Other");
    assert_eq!(deliveries(&person), ["carried"]);
    // Where there is nothing, that is said.
    let empty = house.folder("empty");
    assert!(person.sanduq(&["receipt", "add", text(&empty)]).good().stdout().contains("nothing here"));
    // It still arrives where it is for, and then there is nothing more to say of it.
    desk(&house, &stick);
    let back = home(&person, &stick);
    assert_eq!((count(&back, "received"), deliveries(&person)), (1, vec!["received".to_owned()]));
    assert_eq!((count(&home(&person, &stick), "elsewhere"), names(&stick)), (0, 2));
}

#[test]
fn what_is_not_ours_is_left_as_it_lies() {
    let house = House::new("sync-strangers");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    for number in 0..3_000 {
        fs::write(stick.join(format!("IMG_{number}.jpg")), "somebody's photograph").unwrap();
    }
    let letter = vec![7; usize::try_from(sanduq::bundle::letter::letter_len()).unwrap()];
    fs::write(stick.join("somebody.receipt"), &letter).unwrap();
    fs::write(stick.join("other.bundle"), "another program's").unwrap();
    std::os::unix::fs::symlink(&person.vault, stick.join("link")).unwrap();
    home(&person, &stick);
    // Its beginning alone came through: the whole bundle goes under a longer name beside it.
    let bundle = all(&stick, "bundle").into_iter().find(|path| !path.ends_with("other.bundle")).unwrap();
    let bytes = fs::read(&bundle).unwrap();
    fs::write(&bundle, &bytes[..bytes.len() / 2]).unwrap();
    let said = home(&person, &stick);
    let longer = said["bundles"][0]["path"].as_str().unwrap().to_owned();
    assert!(fs::read(&longer).unwrap() == bytes && Path::new(&longer) != bundle);
    let told = house.desk(&["sync", text(&stick), "--json"]);
    assert_eq!((told.code, count(&told.json(), "receipts")), (Some(1), 1), "two files are refused, and said");
    assert_eq!(count(&home(&person, &stick), "received"), 1);
    assert_eq!(names(&stick), 3_000 + 3, "somebody's files, and not the half that has the bundle's name");
}

/// A receipt that was cut short kept everything else from the stick; and of one that was bent nobody ever heard: the desk
/// saw that it lay there, and its contributor could not open it.
#[test]
fn a_receipt_that_was_damaged_on_the_way_is_laid_anew() {
    let house = House::new("sync-damaged");
    let (person, _organisation) = begin(&house);
    let stick = house.folder("stick");
    home(&person, &stick);
    assert_eq!(count(&desk(&house, &stick), "receipts"), 1);
    let damages: [fn(&mut Vec<u8>); 4] = [
        |letter| letter[10] ^= 1,
        |letter| *letter.last_mut().unwrap() ^= 1,
        |letter| letter.truncate(1_000),
        |letter| letter.clear(),
    ];
    for damage in damages {
        for path in all(&stick, "receipt") {
            let mut letter = fs::read(&path).unwrap();
            if !letter.is_empty() {
                damage(&mut letter);
            }
            fs::write(&path, letter).unwrap();
        }
        let said = person.sanduq(&["sync", text(&stick), "--to", NAME, "--json"]).json();
        assert_eq!(count(&said, "received"), 0);
        assert_eq!(count(&desk(&house, &stick), "receipts"), 1);
        assert_eq!(count(&desk(&house, &stick), "receipts"), 0, "a whole one lies there once");
    }
    let said = person.sanduq(&["sync", text(&stick), "--to", NAME, "--json"]).json();
    assert_eq!((count(&said, "received"), count(&said, "bundles")), (1, 0));
}

/// Names come from other systems, and from who means ill: one that is no text, one that steers a terminal, one of two
/// lines, and one as long as can be. And the folder of the stick may itself be a link.
#[test]
fn names_that_are_no_text_are_passed_over_and_shown_harmless() {
    let house = House::new("sync-names");
    let (person, _organisation) = begin(&house);
    let (stick, link) = (house.folder("stick"), house.path("usb"));
    std::os::unix::fs::symlink(&stick, &link).unwrap();
    home(&person, &link);
    assert_eq!(count(&desk(&house, &link), "receipts"), 1);
    // Anybody can seal a letter to her.
    let bundle = fs::read(only(&stick, "bundle")).unwrap();
    let outer = Outer::read(&mut Cursor::new(&bundle)).unwrap();
    let letter = seal_letter(outer.return_recipient(), b"of a later time\n").unwrap();
    let names: [&[u8]; 4] = [b"\xff\xfe", b"\x1b[2J\xe2\x80\xae", b"one\ntwo", &[b'x'; 240]];
    for name in names {
        let place = |ending: &[u8]| stick.join(OsStr::from_bytes(&[name, ending].concat()));
        // To her; and what claims to be for the desk.
        fs::write(place(b".receipt"), &letter).unwrap();
        fs::write(place(b".bundle"), &bundle[..7_000]).unwrap();
        fs::write(place(b".part"), "half of somebody's film").unwrap();
        fs::create_dir(place(b"")).unwrap();
    }
    let shown = |done: Done| {
        assert!(!(done.stdout() + &done.stderr()).contains(['\x1b', '\u{202e}']), "{}", done.stdout());
        done
    };
    let told = shown(person.sanduq(&["sync", text(&link), "--to", NAME, "--json"]));
    let said = told.json();
    assert_eq!((told.code, count(&said, "received"), count(&said, "refused")), (Some(4), 1, 4), "{said}");
    assert_eq!(said["removed"], 2, "the bundle and its receipt");
    assert_eq!(shown(person.sanduq(&["sync", text(&link), "--to", NAME])).code, Some(4));
    let told = shown(house.desk(&["sync", text(&link), "--json"]));
    assert_eq!((told.code, count(&told.json(), "outcomes")), (Some(1), 4), "{}", told.stdout());
    assert_eq!(shown(house.desk(&["sync", text(&link)])).code, Some(1));
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 16, "all of it lies there as it did");
}
