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
    /// Its number, by which the newer of two is known ([`is_later`](crate::crypto::epoch::is_later)).
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
#[path = "compartment_tests.rs"]
mod tests;
