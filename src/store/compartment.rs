//! A compartment: one contributor's folder in a vault, and the two small files that lead from a passphrase to
//! its index key.
//!
//! ```text
//! VAULT/<32 hex digits>/  slots  epoch.a  epoch.b  index  journal  packs/  lock
//! ```
//!
//! It is made under a temporary name and renamed when everything in it is synced, its first rows included: there
//! is no half-made compartment. Two epoch blocks stand there so that one may be overwritten while the other
//! holds; of two that open, the newer wins. Each is sealed by itself and both are written anew at every change, so
//! that neither bytes nor times tell which is which.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::change::Change;
use super::error::{Part, StoreError};
use super::files::NewFolder;
use super::lock::Lock;
use super::{Renewal, Store, files, renew};
use crate::crypto::{CompartmentId, EpochBlock, IndexKey, MasterKey, Slots, epoch};

const SLOTS_FILE: &str = "slots";
const EPOCH_FILES: [&str; 2] = ["epoch.a", "epoch.b"];

/// A larger file is none of ours; the true ones have a few hundred bytes.
const FILE_BYTES_MAX: u64 = 4096;

/// The place of one compartment, locked as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compartment {
    id: CompartmentId,
    dir: PathBuf,
}

/// An epoch block that opened.
#[derive(Debug)]
pub struct OpenEpoch {
    /// Its number: the newer of two is the greater.
    pub number: u64,
    /// The index key.
    pub key: IndexKey,
    /// Which of the two copies it stands in.
    pub copy: usize,
}

impl Compartment {
    /// All compartments of a vault, in order of their ids; none if the folder holds none.
    /// [`StoreError::NotAVault`] if there is no such folder.
    pub fn list(vault: &Path) -> Result<Vec<Compartment>, StoreError> {
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                StoreError::NotAVault { path: vault.to_path_buf() }
            }
            _ => StoreError::io("list", vault, e),
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(vault).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if let Some(id) = id
                && entry.path().join(SLOTS_FILE).is_file()
            {
                found.push(Compartment { id, dir: entry.path() });
            }
        }
        found.sort_by_key(|compartment| compartment.id);
        Ok(found)
    }

    /// The compartment of this id, if the vault has it.
    pub fn find(vault: &Path, id: &CompartmentId) -> Result<Option<Compartment>, StoreError> {
        Ok(Compartment::list(vault)?.into_iter().find(|compartment| compartment.id == *id))
    }

    /// Makes a compartment in the folder `vault`, which is made where it is missing. `fill` puts in the first
    /// rows: the compartment is there with all of them, or not at all. The two epoch blocks are of one epoch, each
    /// sealed by itself.
    pub fn create<E: From<StoreError>>(
        vault: &Path,
        id: CompartmentId,
        slots: &Slots,
        epochs: &[EpochBlock; 2],
        key: &IndexKey,
        fill: impl FnOnce(&mut Change<'_>) -> Result<(), E>,
    ) -> Result<Compartment, E> {
        let fresh = !vault.is_dir();
        files::create_dir_all(vault)?;
        let made = Compartment::create_in(vault, id, slots, epochs, key, fill);
        if made.is_err() && fresh {
            // Whatever is in it was there before, or is another's.
            let _ = files::remove_empty(vault);
        }
        made
    }

    fn create_in<E: From<StoreError>>(
        vault: &Path,
        id: CompartmentId,
        slots: &Slots,
        epochs: &[EpochBlock; 2],
        key: &IndexKey,
        fill: impl FnOnce(&mut Change<'_>) -> Result<(), E>,
    ) -> Result<Compartment, E> {
        files::check_suitable(vault)?;
        let _lock = Lock::folder(vault)?;
        files::sweep(vault)?;
        let made = NewFolder::begin(vault)?;
        files::write_new(&made.path().join(SLOTS_FILE), &slots.to_bytes())?;
        for (name, epoch) in EPOCH_FILES.into_iter().zip(epochs) {
            files::write_new(&made.path().join(name), &epoch.to_bytes())?;
        }
        let mut store = Store::create(made.path(), key)?;
        let mut change = store.begin()?;
        fill(&mut change)?;
        change.commit()?;
        drop(store);
        let dir = vault.join(id.to_string());
        made.commit(&dir)?;
        Ok(Compartment { id, dir })
    }

    /// Its id, which is its folder's name.
    pub fn id(&self) -> CompartmentId {
        self.id
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its key slots.
    pub fn slots(&self) -> Result<Slots, StoreError> {
        let path = self.dir.join(SLOTS_FILE);
        Slots::from_bytes(&read(&path, Part::Slots)?)
            .map_err(|_| StoreError::Damaged { part: Part::Slots, path })
    }

    /// Writes random bytes over its key slots and its epoch blocks where they lie, and over those that an interrupted
    /// change left: afterwards nothing opens it. Goes on where one of them cannot be written, and then fails. Takes no
    /// lock: whoever uses it meanwhile cannot prevent it.
    pub fn destroy_keys(&self) -> Result<(), StoreError> {
        let files = [SLOTS_FILE, EPOCH_FILES[0], EPOCH_FILES[1]].map(|name| self.dir.join(name));
        let remains = files::small_remains(&self.dir).unwrap_or_default();
        let all = files.into_iter().chain(remains.into_iter().map(|(path, _)| path));
        let present: Vec<PathBuf> = all.filter(|path| path.symlink_metadata().is_ok()).collect();
        let failures: Vec<StoreError> =
            present.iter().filter_map(|path| files::destroy(path).err()).collect();
        let some_are_destroyed = failures.len() < present.len();
        match failures.into_iter().next() {
            Some(failure) if some_are_destroyed => Err(failure.behind()),
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    /// Destroys its keys and removes it, with all that is in it. The store that was open must be closed.
    pub fn remove(&self) -> Result<(), StoreError> {
        let _lock = Lock::file(&self.dir)?;
        self.destroy_keys()?;
        files::remove_dir(&self.dir).map_err(StoreError::behind)
    }

    /// Writes its key slots: the old ones or the new ones, never a half; and of the old ones nothing stays on the disk.
    pub fn write_slots(&self, slots: &Slots) -> Result<(), StoreError> {
        files::replace_destroying(&self.dir.join(SLOTS_FILE), &slots.to_bytes())
    }

    /// The newer of its epoch blocks that open under `master`.
    pub fn epoch(&self, master: &MasterKey) -> Result<OpenEpoch, StoreError> {
        Ok(self.epochs(master)?.swap_remove(0))
    }

    /// Its epoch blocks that open under `master`, at least one, the newest first; of two of one epoch only one.
    pub(super) fn epochs(&self, master: &MasterKey) -> Result<Vec<OpenEpoch>, StoreError> {
        let copies = EPOCH_FILES.iter().enumerate();
        let mut opened: Vec<_> =
            copies.filter_map(|(copy, name)| self.read_epoch(name, master, copy)).collect();
        if let [one, other] = &opened[..]
            && epoch::is_later(other.number, one.number)
        {
            opened.swap(0, 1);
        }
        opened.dedup_by_key(|epoch| epoch.number);
        if opened.is_empty() {
            return Err(StoreError::Damaged { part: Part::Epoch, path: self.epoch_path(0) });
        }
        Ok(opened)
    }

    /// Where a copy of its epoch block lies.
    pub(super) fn epoch_path(&self, copy: usize) -> PathBuf {
        self.dir.join(EPOCH_FILES[copy])
    }

    /// Makes `key` the key of a newer epoch, in place of one that opens nothing.
    pub(super) fn overrule(
        &self,
        epoch: &OpenEpoch,
        master: &MasterKey,
        key: &IndexKey,
    ) -> Result<(), StoreError> {
        self.overwrite_epoch(epoch.copy, master, epoch::next_number(epoch.number), key)
    }

    /// Opens what it holds. A renewal that was interrupted is finished or taken back, and an epoch block that is of
    /// an older epoch or does not open is overwritten.
    pub fn open(&self, master: &MasterKey) -> Result<Store, StoreError> {
        files::check_own(&self.dir)?;
        // The lock comes first: whoever holds it may be changing the epoch.
        let lock = Lock::file(&self.dir)?;
        self.open_held(master, lock)
    }

    /// As [`Compartment::open`], for who holds the lock.
    pub(super) fn open_held(&self, master: &MasterKey, lock: Lock) -> Result<Store, StoreError> {
        let newest = self.epoch(master)?;
        if renew::waits(&self.dir) {
            self.write_epoch_again(newest.copy)?;
        }
        let store = Store::open_locked(&self.dir, &newest.key, lock)?;
        // Only now: as long as the newer epoch opens nothing, the older one is all there is.
        for (copy, name) in EPOCH_FILES.iter().enumerate() {
            let held = self.read_epoch(name, master, copy);
            if held.is_none_or(|held| held.number != newest.number) {
                self.overwrite_epoch(copy, master, newest.number, &newest.key)?;
            }
        }
        Ok(store)
    }

    /// Makes true what was written for a renewal: an epoch of its key, and the store goes on with it. From the first
    /// block on it is true, also if this fails afterwards: the next opening finishes it. Both blocks are overwritten
    /// where they lie, so that nothing stays that opens the old index.
    pub fn renew(
        &self,
        store: &mut Store,
        master: &MasterKey,
        mut renewal: Renewal,
    ) -> Result<(), StoreError> {
        let OpenEpoch { number, copy, .. } = self.epoch(master)?;
        let number = epoch::next_number(number);
        // From here on nothing is written to the old index: what was said to be kept there could be gone.
        store.stopped = true;
        renewal.keep();
        let renewed = [1 - copy, copy]
            .into_iter()
            .try_for_each(|copy| self.overwrite_epoch(copy, master, number, renewal.key()))
            .and_then(|()| store.take_over(renewal));
        renewed.map_err(StoreError::behind)
    }

    /// As [`Compartment::renew`], under a new master key and with the slots that hold it: the old master key opens
    /// nothing any more. True from the moment the slots are written; before it, the old ones and the old epoch hold.
    pub fn rekey(
        &self,
        store: &mut Store,
        [old, new]: [&MasterKey; 2],
        slots: &Slots,
        mut renewal: Renewal,
    ) -> Result<(), StoreError> {
        let OpenEpoch { number, copy, .. } = self.epoch(old)?;
        let number = epoch::next_number(number);
        store.stopped = true;
        renewal.keep();
        self.overwrite_epoch(1 - copy, new, number, renewal.key())?;
        self.write_slots(slots)?;
        let renewed = self.overwrite_epoch(copy, new, number, renewal.key());
        renewed.and_then(|()| store.take_over(renewal)).map_err(StoreError::behind)
    }

    /// Makes a copy of the epoch block last that may lie in the system's memory alone: what the old index held goes on
    /// the strength of it.
    fn write_epoch_again(&self, copy: usize) -> Result<(), StoreError> {
        let path = self.epoch_path(copy);
        let file = files::open_existing(&path)?;
        let len = file.metadata().map_err(|e| StoreError::io("inspect", &path, e))?.len();
        files::write_again(&file, &path, 0..len)
    }

    fn overwrite_epoch(
        &self,
        copy: usize,
        master: &MasterKey,
        number: u64,
        key: &IndexKey,
    ) -> Result<(), StoreError> {
        let path = self.dir.join(EPOCH_FILES[copy]);
        let block = EpochBlock::seal(master, &self.id, number, key).to_bytes();
        match path.symlink_metadata() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => files::write_new(&path, &block),
            _ => files::overwrite_in_place(&path, &block),
        }
    }

    fn read_epoch(&self, name: &str, master: &MasterKey, copy: usize) -> Option<OpenEpoch> {
        let bytes = read(&self.dir.join(name), Part::Epoch).ok()?;
        let block = EpochBlock::from_bytes(&bytes).ok()?;
        let (number, key) = block.open(master, &self.id).ok()?;
        Some(OpenEpoch { number, key, copy })
    }
}

fn read(path: &Path, part: Part) -> Result<Vec<u8>, StoreError> {
    let damaged = || StoreError::Damaged { part, path: path.to_path_buf() };
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() <= FILE_BYTES_MAX => {}
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(StoreError::io("read", path, e)),
        _ => return Err(damaged()),
    }
    fs::read(path).map_err(|e| StoreError::io("read", path, e))
}

#[cfg(test)]
mod tests {
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
            let (slots, new) =
                Slots::create(&keys.id, &passphrase, KdfParams::FLOOR, &Seed::generate()).unwrap();
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
        assert_ne!(
            made.read_epoch("epoch.a", &keys.master, 0).unwrap().number,
            number,
            "the older epoch stays"
        );
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
}
