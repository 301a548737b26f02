//! What opens a part: passphrases that change, come and go, a key file, new keys after a suspicion, and the end of a part
//! or of a whole vault.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use house::{Done, House, Person, run, text};
use world::nothing_left_over;

const FIRST: &str = "the first of the invented passphrases";
const SECOND: &str = "the second of the invented passphrases";
const THIRD: &str = "the third of the invented passphrases";

/// Someone with a letter.
fn begin(house: &House) -> Person<'_> {
    let mut person = house.person("amal");
    person.passphrase = FIRST.to_owned();
    person.sanduq(&["init"]).good();
    person.sanduq(&["add", text(&house.write("letter.txt", "an invented letter"))]).good();
    person
}

/// Runs a command that reads these passphrases, one line each, from one descriptor.
fn with(person: &Person, passphrases: &[&str], args: &[&str]) -> Done {
    run(person.command(args), Some(&passphrases.join("\n")))
}

fn opens(person: &Person, passphrase: &str) -> bool {
    let done = with(person, &[passphrase], &["list", "--json"]);
    if done.code == Some(0) {
        assert_eq!(done.json()["items"].as_array().unwrap().len(), 1);
    } else {
        assert_eq!(done.code, Some(3), "{}", done.stderr());
    }
    done.code == Some(0)
}

fn which(person: &Person) -> [bool; 3] {
    [FIRST, SECOND, THIRD].map(|passphrase| opens(person, passphrase))
}

fn part(person: &Person) -> PathBuf {
    fs::read_dir(&person.vault)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap()
}

fn bytes(person: &Person, names: &[&str]) -> Vec<Vec<u8>> {
    names.iter().map(|name| fs::read(part(person).join(name)).unwrap()).collect()
}

#[test]
fn a_passphrase_changes_one_slot_and_nothing_else() {
    let house = House::new("keys-change");
    let person = begin(&house);
    let before = bytes(&person, &["epoch.a", "epoch.b"]);
    let slots = bytes(&person, &["slots"]).remove(0);
    let change = ["passphrase", "change", "--new-passphrase-fd", "3", "--json"];
    let keys = with(&person, &[FIRST, SECOND], &change).good().json();
    assert_eq!(keys["passphrases"].as_u64(), Some(1));
    assert_eq!(which(&person), [false, true, false]);
    assert_eq!(bytes(&person, &["epoch.a", "epoch.b"]), before);
    let after = bytes(&person, &["slots"]).remove(0);
    assert_eq!(after[..59], slots[..59], "the salt and the cost stay");
    // 60 bytes a slot: the one that was left and the one that was taken.
    let changed =
        (0..8).filter(|slot| after[59 + slot * 60..][..60] != slots[59 + slot * 60..][..60]).count();
    assert_eq!(changed, 2);
    let same = with(&person, &[SECOND, SECOND], &change);
    same.good();
    assert_eq!(which(&person), [false, true, false]);
}

#[test]
fn passphrases_come_and_go_and_the_last_one_stays() {
    let house = House::new("keys-add");
    let person = begin(&house);
    let add = ["passphrase", "add", "--new-passphrase-fd", "3"];
    with(&person, &[FIRST, SECOND], &add).good();
    with(&person, &[FIRST, THIRD], &add).good();
    assert_eq!(which(&person), [true; 3]);
    let fourth = with(&person, &[FIRST, "one too many of the invented"], &add).bad();
    assert!(fourth.stderr().contains("passphrase remove"), "{}", fourth.stderr());
    with(&person, &[FIRST, SECOND], &add).bad();
    let remove = ["passphrase", "remove", "--gone-passphrase-fd", "3"];
    with(&person, &[FIRST, "never a passphrase of hers"], &remove).bad();
    with(&person, &[SECOND, SECOND], &remove).good();
    assert_eq!(which(&person), [true, false, true]);
    let said = with(&person, &[THIRD], &["passphrase", "remove", "--others"]).good().stdout();
    assert!(said.contains("only the one that you typed"), "{said}");
    assert_eq!(which(&person), [false, false, true]);
    with(&person, &[THIRD, THIRD], &remove).bad();
    assert_eq!(which(&person), [false, false, true]);
}

/// A passphrase that had been removed was back with the old file of slots, and was said to be gone for ever when it was
/// removed once more.
#[test]
fn an_old_file_of_slots_is_cleared_of_what_it_brings_back() {
    let house = House::new("keys-old-slots");
    let person = begin(&house);
    with(&person, &[FIRST, SECOND], &["passphrase", "add", "--new-passphrase-fd", "3"]).good();
    let slots = part(&person).join("slots");
    let old = fs::read(&slots).unwrap();
    let gone = ["passphrase", "remove", "--gone-passphrase-fd", "3"];
    for remove in [&["passphrase", "remove", "--others"][..], &gone] {
        with(&person, &[FIRST], &["passphrase", "remove", "--others"]).good();
        assert_eq!(which(&person), [true, false, false]);
        fs::write(&slots, &old).unwrap();
        assert_eq!(which(&person), [true, true, false], "it is the same master key");
        with(&person, &[FIRST, SECOND], remove).good();
        assert_eq!(which(&person), [true, false, false]);
    }
    with(&person, &[FIRST], &["rekey"]).good();
    fs::write(&slots, &old).unwrap();
    let list = with(&person, &[SECOND], &["list"]).bad();
    assert_eq!(
        list.code,
        Some(1),
        "after new keys what an old file leads to opens nothing: {}",
        list.stderr()
    );
}

/// One passphrase must never open two parts: a second person's things would be lost to her.
#[test]
fn a_passphrase_of_another_part_is_refused() {
    let house = House::new("keys-other");
    let person = begin(&house);
    with(&person, &[SECOND], &["init"]).good();
    with(&person, &[FIRST, SECOND], &["passphrase", "change", "--new-passphrase-fd", "3"]).bad();
    with(&person, &[FIRST, SECOND], &["passphrase", "add", "--new-passphrase-fd", "3"]).bad();
    assert!(opens(&person, FIRST));
}

#[test]
fn with_a_key_file_the_passphrase_alone_opens_nothing() {
    let house = House::new("keys-file");
    let person = begin(&house);
    let file = house.path("stick.key");
    with(&person, &[FIRST], &["key-file", "set", text(&file)]).good();
    assert!(!opens(&person, FIRST));
    let by_file = |passphrase, file: &Path| {
        with(&person, &[passphrase], &["--key-file", text(file), "list"]).code == Some(0)
    };
    assert!(by_file(FIRST, &file));
    assert!(!by_file(SECOND, &file));
    let mut other = fs::read(&file).unwrap();
    let last = other.len() - 2;
    other[last] = if other[last] == b'0' { b'1' } else { b'0' };
    assert!(!by_file(FIRST, &house.write("other.key", &other)));
    for wrong in [&b""[..], b"sanduq-key-file/1\n", &[b'0'; 100_000]] {
        let refused =
            with(&person, &[FIRST], &["--key-file", text(&house.write("wrong.key", wrong)), "list"]);
        assert_eq!(refused.bad().code, Some(4));
    }
    // It is never written over: another file of that name may be somebody's key.
    with(&person, &[FIRST], &["--key-file", text(&file), "key-file", "set", text(&file)]).bad();
    assert!(by_file(FIRST, &file));
    let change = ["--key-file", text(&file), "passphrase", "change", "--new-passphrase-fd", "3"];
    with(&person, &[FIRST, SECOND], &change).good();
    assert!(by_file(SECOND, &file) && !opens(&person, SECOND) && !by_file(FIRST, &file));
    with(&person, &[SECOND], &["--key-file", text(&file), "key-file", "drop"]).good();
    assert!(opens(&person, SECOND));
}

/// Two of them shared a vault; one passphrase needed the file on her stick, the other had never needed one. The file was
/// named while the other typed hers, and from then on hers opened nothing without it.
#[test]
fn a_passphrase_that_opens_alone_is_not_bound_to_a_key_file() {
    let house = House::new("keys-unbound");
    let person = begin(&house);
    let file = house.path("stick.key");
    let named = ["--key-file", text(&file)];
    with(&person, &[FIRST, SECOND], &["passphrase", "add", "--new-passphrase-fd", "3"]).good();
    with(&person, &[SECOND], &["key-file", "set", text(&file)]).good();
    assert_eq!(which(&person), [true, false, false]);
    let change = [&named[..], &["passphrase", "change", "--new-passphrase-fd", "3", "--json"]].concat();
    let keys = with(&person, &[FIRST, THIRD], &change).good().json();
    assert_eq!((keys["passphrases"].as_u64(), keys["key_files"].as_u64()), (Some(2), Some(1)));
    assert_eq!(which(&person), [false, false, true]);
    let keys = with(&person, &[THIRD], &[&named[..], &["rekey", "--json"]].concat()).good().json();
    assert_eq!((keys["passphrases"].as_u64(), keys["key_files"].as_u64()), (Some(1), Some(0)));
    assert_eq!(which(&person), [false, false, true]);
}

/// The laptop had been in other hands for a night.
#[test]
fn rekey_drops_what_is_not_typed_and_keeps_everything_else() {
    let house = House::new("keys-rekey");
    let person = begin(&house);
    with(&person, &[FIRST, SECOND], &["passphrase", "add", "--new-passphrase-fd", "3"]).good();
    let before = bytes(&person, &["slots", "epoch.a", "epoch.b"]);
    let copied = house.folder("copied");
    world::copy(&part(&person), &copied.join("part"));
    with(&person, &[FIRST], &["rekey"]).good();
    assert_eq!(which(&person), [true, false, false]);
    nothing_left_over(&person.vault);
    let after = bytes(&person, &["slots", "epoch.a", "epoch.b"]);
    assert!(before.iter().zip(&after).all(|(before, after)| before != after));
    let salt = |files: &[Vec<u8>]| files[0][15..47].to_vec();
    assert_ne!(salt(&before), salt(&after), "the salt of before");
    // The old slots lead to nothing in the vault as it is now.
    fs::copy(copied.join("part/slots"), part(&person).join("slots")).unwrap();
    assert_ne!(with(&person, &[FIRST], &["list"]).code, Some(0));
}

#[test]
fn a_part_that_is_removed_leaves_the_others() {
    let house = House::new("keys-contributor");
    let person = begin(&house);
    with(&person, &[SECOND], &["init"]).good();
    let unsure = with(&person, &[SECOND], &["contributor", "remove"]).bad();
    assert!(unsure.stderr().contains("--yes"), "{}", unsure.stderr());
    with(&person, &[SECOND], &["contributor", "remove", "--yes"]).good();
    assert_eq!(fs::read_dir(&person.vault).unwrap().count(), 1);
    assert_eq!(which(&person), [true, false, false]);
}

/// They were at the door.
#[test]
fn after_panic_nothing_opens_and_a_copy_still_does() {
    let house = House::new("keys-panic");
    let person = begin(&house);
    with(&person, &[SECOND], &["init"]).good();
    let copied = house.path("copied");
    world::copy(&person.vault, &copied);
    let panic = |args: &[&str]| {
        let all = [&["--vault", text(&person.vault)], args].concat();
        run(house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &all), None)
    };
    panic(&["panic"]).bad();
    assert!(opens(&person, FIRST));
    let packs = house.files("amal").len();
    let outcome = panic(&["panic", "--yes", "--json"]).good().json();
    assert_eq!(outcome["parts"].as_u64(), Some(2));
    for (language, chip) in [("en", "flash chip"), ("fa", "تراشهٔ حافظه")] {
        // With --yes nothing was asked, and so the caveat was never seen.
        let said = panic(&["--lang", language, "panic", "--yes"]).good().stdout();
        assert!(said.contains(chip), "{said}");
    }
    assert_eq!(which(&person), [false; 3]);
    assert_eq!(house.files("amal").len(), packs, "the evidence itself is not touched");
    let mut other = house.person("copied");
    other.passphrase = FIRST.to_owned();
    assert!(opens(&other, FIRST));
    // A vault that cannot be opened is never taken for an empty one.
    assert_eq!(with(&person, &[THIRD], &["add", text(&house.path("letter.txt"))]).bad().code, Some(3));
}

#[test]
fn slots_of_a_wrong_size_or_cost_are_refused_before_anything_is_hashed() {
    let house = House::new("keys-slots");
    let person = begin(&house);
    let path = part(&person).join("slots");
    let good = fs::read(&path).unwrap();
    let mut huge = good.clone();
    // 64 GiB.
    huge[15 + 32..15 + 36].copy_from_slice(&(64u32 << 20).to_le_bytes());
    for bad in [&good[..good.len() - 1], &[&good[..], &[0]].concat(), &[], &huge] {
        fs::write(&path, bad).unwrap();
        let refused = with(&person, &[FIRST], &["list"]).bad();
        assert_eq!(refused.code, Some(3), "{}", refused.stderr());
        assert!(refused.peak_kib < 256 << 10);
        assert_eq!(fs::read(&path).unwrap(), bad, "a damaged file is left as it is");
    }
    fs::write(&path, &good).unwrap();
    assert!(opens(&person, FIRST));
}
