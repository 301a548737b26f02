//! Tests of compartments: what lies in one, who opens it, and what a crash leaves.

use std::fs::File;

use serde::{Deserialize, Serialize};

use super::*;
use crate::crypto::{KdfParams, Passphrase, Seed};
use crate::store::{Interrupted, Row};

#[derive(Serialize, Deserialize)]
struct Label(String);

impl Row for Label {
    const KIND: &'static str = "label";

    fn key(&self) -> Vec<u8> {
        Vec::new()
    }
}

struct Keys {
    id: CompartmentId,
    slots: Slots,
    master: MasterKey,
    index: IndexKey,
}

fn keys() -> Keys {
    let id = CompartmentId::generate();
    let passphrase = Passphrase::from("sample");
    let (slots, master) = Slots::create(&id, &passphrase, KdfParams::FLOOR, &Seed::generate()).unwrap();
    Keys { id, slots, master, index: IndexKey::generate() }
}

fn epochs(keys: &Keys) -> [EpochBlock; 2] {
    [(); 2].map(|()| EpochBlock::seal(&keys.master, &keys.id, 1, &keys.index))
}

fn create(vault: &Path, keys: &Keys, label: &str) -> Result<Compartment, StoreError> {
    Compartment::create(vault, keys.id, &keys.slots, &epochs(keys), &keys.index, |change| {
        change.put(&Label(label.to_owned()))
    })
}

#[test]
fn made_whole_and_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let vault = dir.path().join("deep/vault");
    let (one, two) = (keys(), keys());
    create(&vault, &one, "one").unwrap();
    create(&vault, &two, "two").unwrap();
    assert_eq!(Compartment::list(&vault).unwrap().len(), 2);
    assert_eq!(fs::read_dir(&vault).unwrap().count(), 2);
    let found = Compartment::find(&vault, &two.id).unwrap().unwrap();
    let epoch = found.epoch(&two.master).unwrap();
    assert_eq!(epoch.number, 1);
    let store = found.open(&two.master).unwrap();
    assert_eq!(store.get::<Label>(&[]).unwrap().unwrap().0, "two");
    assert!(found.epoch(&one.master).is_err());
    assert_eq!(found.slots().unwrap(), two.slots);
}

#[test]
fn what_fails_to_begin_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = Compartment::create(dir.path(), keys.id, &keys.slots, &epochs(&keys), &keys.index, |_| {
        Err(StoreError::Stopped)
    });
    assert!(made.is_err());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    create(dir.path(), &keys, "one").unwrap();
    assert!(matches!(create(dir.path(), &keys, "again"), Err(StoreError::Exists { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn of_two_epochs_the_newer_wins_and_one_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "one").unwrap();
    let newer = IndexKey::generate();
    made.overwrite_epoch(1, &keys.master, 2, &newer).unwrap();
    let opened = made.epoch(&keys.master).unwrap();
    assert_eq!((opened.number, opened.copy), (2, 1));
    assert_eq!(opened.key.expose().expose(), newer.expose().expose());
    fs::write(made.dir().join("epoch.b"), b"torn").unwrap();
    assert_eq!(made.epoch(&keys.master).unwrap().number, 1);
    fs::remove_file(made.dir().join("epoch.a")).unwrap();
    assert!(matches!(made.epoch(&keys.master), Err(StoreError::Damaged { part: Part::Epoch, .. })));
}

fn label(store: &Store) -> String {
    store.get::<Label>(&[]).unwrap().unwrap().0
}

/// A renewal up to the moment before its epoch: the new files stand beside the old.
fn prepared(made: &Compartment, keys: &Keys) -> (Store, Renewal) {
    let mut store = made.open(&keys.master).unwrap();
    let mut change = store.begin().unwrap();
    change.put(&Label("after".to_owned())).unwrap();
    let renewal = change.renew(IndexKey::generate()).unwrap();
    (store, renewal)
}

fn names(made: &Compartment) -> Vec<String> {
    let entries = fs::read_dir(made.dir()).unwrap();
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const WHOLE: [&str; 7] = ["epoch.a", "epoch.b", "index", "journal", "lock", "packs", "slots"];

#[test]
fn a_renewal_is_true_from_its_first_epoch_block_on() {
    for blocks in 0..=2 {
        let dir = tempfile::tempdir().unwrap();
        let keys = keys();
        let made = create(dir.path(), &keys, "before").unwrap();
        let (store, mut renewal) = prepared(&made, &keys);
        let number = epoch::next_number(made.epoch(&keys.master).unwrap().number);
        for copy in 0..blocks {
            made.overwrite_epoch(copy, &keys.master, number, renewal.key()).unwrap();
        }
        // The machine stops here.
        renewal.keep();
        drop(store);
        let store = made.open(&keys.master).unwrap();
        let (expected, found) = match blocks {
            0 => ("before", Interrupted::TakenBack),
            _ => ("after", Interrupted::Finished),
        };
        assert_eq!((label(&store).as_str(), store.interrupted()), (expected, found), "{blocks} blocks");
        assert_eq!(names(&made), WHOLE);
        drop(store);
        let [a, b] = [0, 1].map(|copy| made.read_epoch(EPOCH_FILES[copy], &keys.master, copy).unwrap());
        assert_eq!(a.number, b.number, "nothing of the old epoch stands there, {blocks} blocks");
        assert_eq!(made.open(&keys.master).unwrap().interrupted(), Interrupted::No);
    }
}

#[test]
fn a_new_master_key_is_true_with_its_slots() {
    for steps in 0..=3 {
        let dir = tempfile::tempdir().unwrap();
        let keys = keys();
        let made = create(dir.path(), &keys, "before").unwrap();
        let (store, mut renewal) = prepared(&made, &keys);
        let (old_slots, passphrase) = (made.slots().unwrap(), Passphrase::from("another"));
        let (slots, new) = Slots::create(&keys.id, &passphrase, KdfParams::FLOOR, &Seed::generate()).unwrap();
        let held = made.epoch(&keys.master).unwrap();
        let number = epoch::next_number(held.number);
        let steps_made: [&dyn Fn(); 3] = [
            &|| made.overwrite_epoch(1 - held.copy, &new, number, renewal.key()).unwrap(),
            &|| made.write_slots(&slots).unwrap(),
            &|| made.overwrite_epoch(held.copy, &new, number, renewal.key()).unwrap(),
        ];
        steps_made.iter().take(steps).for_each(|step| step());
        // The machine stops here.
        renewal.keep();
        drop(store);
        let (master, expected) = match made.slots().unwrap() == old_slots {
            true => (&keys.master, "before"),
            false => (&new, "after"),
        };
        assert_eq!(label(&made.open(master).unwrap()), expected, "{steps} steps");
        assert_eq!(expected, if steps < 2 { "before" } else { "after" });
        assert_eq!(names(&made), WHOLE);
        let other = if expected == "before" { &new } else { &keys.master };
        assert!(made.open(other).is_err(), "{steps} steps");
    }
}

#[test]
fn a_rekeyed_compartment_goes_on_and_the_old_master_key_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "before").unwrap();
    let (mut store, renewal) = prepared(&made, &keys);
    let passphrase = Passphrase::from("another");
    let (slots, new) = Slots::create(&keys.id, &passphrase, KdfParams::FLOOR, &Seed::generate()).unwrap();
    let mut held = File::open(made.dir().join("slots")).unwrap();
    made.rekey(&mut store, [&keys.master, &new], &slots, renewal).unwrap();
    assert_eq!(label(&store), "after");
    drop(store);
    assert!(made.epoch(&keys.master).is_err());
    assert_eq!(label(&made.open(&new).unwrap()), "after");
    let mut old = Vec::new();
    io::Read::read_to_end(&mut held, &mut old).unwrap();
    assert!(Slots::from_bytes(&old).is_err(), "the old slots still stand where they lay");
}

/// A change of the slots was interrupted, and what it left outlived the panic.
#[test]
fn destroying_the_keys_takes_those_that_an_interrupted_change_left() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "before").unwrap();
    let left = made.dir().join(files::temporary_name());
    files::write_new(&left, &keys.slots.to_bytes()).unwrap();
    made.destroy_keys().unwrap();
    for path in [left, made.dir().join(SLOTS_FILE)] {
        assert!(Slots::from_bytes(&fs::read(&path).unwrap()).is_err(), "{}", path.display());
    }
}

/// The power failed between the two renames: the journal had its last name, the index not yet.
#[test]
fn a_renewal_is_finished_wherever_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "before").unwrap();
    let (store, mut renewal) = prepared(&made, &keys);
    let number = epoch::next_number(made.epoch(&keys.master).unwrap().number);
    made.overwrite_epoch(0, &keys.master, number, renewal.key()).unwrap();
    renewal.keep();
    drop(store);
    fs::rename(made.dir().join("journal.next"), made.dir().join("journal")).unwrap();
    // What SQLite left of the old index is not for the new one.
    fs::write(made.dir().join("index-journal"), [7; 512]).unwrap();
    assert_eq!(label(&made.open(&keys.master).unwrap()), "after");
    assert_eq!(names(&made), WHOLE);
}

#[test]
fn where_no_index_opens_nothing_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "before").unwrap();
    let (store, mut renewal) = prepared(&made, &keys);
    let number = epoch::next_number(made.epoch(&keys.master).unwrap().number);
    made.overwrite_epoch(1, &keys.master, number, renewal.key()).unwrap();
    renewal.keep();
    drop(store);
    fs::write(made.dir().join("index.next"), vec![7; 8192]).unwrap();
    let before = names(&made);
    assert!(matches!(made.open(&keys.master), Err(StoreError::Damaged { part: Part::Index, .. })));
    assert_eq!(names(&made), before);
    assert_ne!(made.read_epoch("epoch.a", &keys.master, 0).unwrap().number, number, "the older epoch stays");
}

#[test]
fn a_damaged_epoch_block_is_made_whole_from_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "one").unwrap();
    fs::write(made.dir().join("epoch.a"), b"torn").unwrap();
    made.open(&keys.master).unwrap();
    assert!(made.read_epoch("epoch.a", &keys.master, 0).is_some());
    fs::remove_file(made.dir().join("epoch.b")).unwrap();
    assert_eq!(label(&made.open(&keys.master).unwrap()), "one");
    assert!(made.read_epoch("epoch.b", &keys.master, 1).is_some());
}

/// She forgot something, the disk failed at the epoch block, and she went on writing: the next opening took the new
/// index, and what she had written since was gone.
#[test]
fn after_a_renewal_that_failed_nothing_more_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys();
    let made = create(dir.path(), &keys, "before").unwrap();
    let (mut store, renewal) = prepared(&made, &keys);
    fs::remove_file(made.dir().join("epoch.b")).unwrap();
    fs::create_dir(made.dir().join("epoch.b")).unwrap();
    assert!(made.renew(&mut store, &keys.master, renewal).is_err());
    assert!(matches!(store.begin(), Err(StoreError::Stopped)));
}

#[test]
fn a_folder_that_is_no_vault_says_so() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Compartment::list(dir.path()).unwrap().is_empty());
    let file = dir.path().join("file");
    fs::write(&file, b"").unwrap();
    for path in [&dir.path().join("none"), &file] {
        assert!(matches!(Compartment::list(path), Err(StoreError::NotAVault { .. })));
    }
}
