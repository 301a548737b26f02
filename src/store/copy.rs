//! Copying compartments as they lie: ciphertext, without any key.
//!
//! ```text
//! list ‖ copy what is not as it was when copied ‖ list again      until both lists are one
//! ```
//!
//! A list holds the name, length, times and place of every file. Where nobody else has the compartment open, its lock
//! is held meanwhile, and the first round is the last. Where somebody has, every file is a copy of how it was at the
//! moment of the last list, because none was written since it was copied: one state, never a mixture. The times of files
//! alone are not trusted with that: before it counts, every file is read once more, and must be what was copied. Each
//! copy is read back from its medium before it gets its name.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::StoreError;
use super::files::{self, NewFile, NewFolder};
use super::lock::{LOCK_FILE, Lock};
use super::opened::PACKS_DIR;
use crate::crypto::{CompartmentId, Digest, HashingReader, HashingWriter};

/// How often a compartment that is being changed is looked at again.
const ROUNDS_MAX: usize = 20;
/// Waited between a list and the first read: longer than the clock that files are stamped by takes for a tick, so that
/// whatever is written after it shows in the next list.
const TICK: Duration = Duration::from_millis(50);
/// How much of a file is copied at once.
const COPY_BYTES: usize = 1 << 20;

/// What a file was when it was listed; one that was written since differs.
type Stamp = (u64, u64, [i64; 4]);

/// A compartment's files by their names in it.
type Listing = BTreeMap<PathBuf, Stamp>;

/// How much was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The folders of a vault's compartments, in order; those whose key slots are gone as well.
pub fn folders(vault: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(vault).map_err(|e| StoreError::io("list", vault, e))? {
        let entry = entry.map_err(|e| StoreError::io("list", vault, e))?;
        let named = entry.file_name().to_str().is_some_and(|name| name.parse::<CompartmentId>().is_ok());
        if named && entry.path().is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// How many bytes a copy of these folders takes, as they are now.
pub fn bytes_of(folders: &[PathBuf]) -> Result<u64, StoreError> {
    folders.iter().map(|folder| Ok(list(folder)?.values().map(|(len, ..)| len).sum::<u64>())).sum()
}

/// Copies compartments into the folder `to`, where nothing has their names yet: each is there whole or not at all,
/// and none is there before all were copied. `progress` is told the bytes of each step.
pub fn copy(folders: &[PathBuf], to: &Path, progress: &mut dyn FnMut(u64)) -> Result<Copied, StoreError> {
    let (mut copies, mut copied) = (Vec::new(), Copied::default());
    for from in folders {
        let new = NewFolder::begin(to)?;
        let mut copying =
            Copying { from, to: new.path(), lock: None, copied: BTreeMap::new(), progress: &mut *progress };
        copying.run()?;
        copied.files += copying.copied.len() as u64;
        copied.bytes += copying.copied.values().map(|((len, ..), _)| len).sum::<u64>();
        copies.push((new, to.join(from.file_name().expect("a compartment has a name"))));
    }
    copies.into_iter().try_for_each(|(new, name)| new.commit(&name))?;
    Ok(copied)
}

/// One compartment on its way.
struct Copying<'c> {
    from: &'c Path,
    to: &'c Path,
    lock: Option<Held>,
    /// What a file was when it was listed, and what was copied of it.
    copied: BTreeMap<PathBuf, (Stamp, (Digest, u64))>,
    progress: &'c mut dyn FnMut(u64),
}

/// Why nobody else changes a compartment meanwhile.
enum Held {
    /// Its lock is ours.
    Lock { _lock: Lock },
    /// Nobody can write there.
    ReadOnly,
}

impl Copying<'_> {
    fn run(&mut self) -> Result<(), StoreError> {
        if self.from.join(PACKS_DIR).is_dir() {
            files::create_dir(&self.to.join(PACKS_DIR))?;
        }
        for _ in 0..ROUNDS_MAX {
            if self.round()? {
                return Ok(());
            }
        }
        Err(StoreError::Changing { path: self.from.to_path_buf() })
    }

    /// Copies what is not as it was when it was copied; whether the copy is of one state now.
    fn round(&mut self) -> Result<bool, StoreError> {
        if self.lock.is_none() {
            self.lock = hold(self.from)?;
        }
        let before = list(self.from)?;
        thread::sleep(TICK);
        // What lies there may be of a file that went while it was about to be copied again.
        for name in list(self.to)?.keys().filter(|name| !before.contains_key(*name)) {
            files::remove(&self.to.join(name))?;
        }
        self.copied.retain(|name, (stamp, _)| before.get(name) == Some(stamp));
        for (name, stamp) in &before {
            if !self.copied.contains_key(name)
                && let Some(read) = self.file(name)?
            {
                self.copied.insert(name.clone(), (*stamp, read));
            }
        }
        if self.lock.is_some() {
            return Ok(list(self.from)? == before);
        }
        let settled = before.keys().all(|name| is_settled(name)) && list(self.from)? == before;
        Ok(settled && self.is_still_so()? && list(self.from)? == before)
    }

    /// Whether every file is still what was copied, byte for byte; what is not is copied again.
    fn is_still_so(&mut self) -> Result<bool, StoreError> {
        let (from, count) = (self.from, self.copied.len());
        let mut changed = Vec::new();
        for (name, (_, read)) in &self.copied {
            if digest_of(&from.join(name))? != Some(*read) {
                changed.push(name.clone());
            }
        }
        self.copied.retain(|name, _| !changed.contains(name));
        Ok(self.copied.len() == count)
    }

    /// Copies one file and reads it back; gives its digest and length, if it was still there.
    fn file(&mut self, name: &Path) -> Result<Option<(Digest, u64)>, StoreError> {
        let (from, to) = (self.from.join(name), self.to.join(name));
        let Some(source) = open_if_there(&from)? else { return Ok(None) };
        let mut source = HashingReader::new(source);
        let mut copy = NewFile::begin(&to)?;
        let mut bytes = vec![0; COPY_BYTES];
        loop {
            let count = source.read(&mut bytes).map_err(|e| StoreError::io("read", &from, e))?;
            if count == 0 {
                break;
            }
            copy.write_all(&bytes[..count]).map_err(|e| StoreError::io("write", &to, e))?;
            (self.progress)(count as u64);
        }
        copy.sync()?;
        let mut written = HashingWriter::new(io::sink());
        io::copy(&mut copy.reread()?, &mut written).map_err(|e| StoreError::io("read", &to, e))?;
        let read = source.finish();
        if written.finish() != read {
            return Err(StoreError::ReadsBack { path: to });
        }
        copy.commit_replacing()?;
        Ok(Some(read))
    }
}

/// The digest and length of a file, if it is there.
fn digest_of(path: &Path) -> Result<Option<(Digest, u64)>, StoreError> {
    let Some(mut file) = open_if_there(path)? else { return Ok(None) };
    let mut read = HashingWriter::new(io::sink());
    io::copy(&mut file, &mut read).map_err(|e| StoreError::io("read", path, e))?;
    Ok(Some(read.finish()))
}

fn open_if_there(path: &Path) -> Result<Option<File>, StoreError> {
    match files::open_for_reading(path) {
        Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Keeps everybody else from changing a compartment, unless somebody has it open.
fn hold(dir: &Path) -> Result<Option<Held>, StoreError> {
    match Lock::file(dir) {
        Ok(lock) => Ok(Some(Held::Lock { _lock: lock })),
        Err(StoreError::ReadOnly { .. }) => Ok(Some(Held::ReadOnly)),
        Err(StoreError::Busy { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Every plain file of a compartment, except its lock and what an interrupted write left.
fn list(dir: &Path) -> Result<Listing, StoreError> {
    let mut listing = Listing::new();
    list_into(dir, Path::new(""), &mut listing)?;
    if dir.join(PACKS_DIR).is_dir() {
        list_into(dir, Path::new(PACKS_DIR), &mut listing)?;
    }
    Ok(listing)
}

fn list_into(dir: &Path, below: &Path, listing: &mut Listing) -> Result<(), StoreError> {
    let folder = dir.join(below);
    for entry in fs::read_dir(&folder).map_err(|e| StoreError::io("list", &folder, e))? {
        let entry = entry.map_err(|e| StoreError::io("list", &folder, e))?;
        let about = match entry.metadata() {
            // It went meanwhile, and the next list lacks it as well.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            about => about.map_err(|e| StoreError::io("inspect", &entry.path(), e))?,
        };
        let name = entry.file_name();
        let passing = name == LOCK_FILE || name.to_str().is_some_and(files::is_temporary);
        if about.is_file() && !passing {
            listing.insert(below.join(name), stamp(&about));
        }
    }
    Ok(())
}

fn stamp(about: &Metadata) -> Stamp {
    let times = [about.mtime(), about.mtime_nsec(), about.ctime(), about.ctime_nsec()];
    (about.len(), about.ino(), times)
}

/// Whether a file is one of a compartment that nobody is changing.
fn is_settled(name: &Path) -> bool {
    name.to_str().is_some_and(|name| !name.ends_with("-journal") && !name.ends_with(".next"))
}

/// Whether two paths lie on one disk, as far as the system can tell.
pub fn on_one_disk(one: &Path, other: &Path) -> bool {
    let disk = |path: &Path| File::open(path).and_then(|file| file.metadata()).map(|about| about.dev());
    matches!((disk(one), disk(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A backup was made while she typed, and did not open: beside the index lay the journal of a change that had been
    /// made long ago, copied in one round and gone in the next just before it was copied again, and SQLite took that
    /// change back.
    #[test]
    fn what_goes_while_it_is_copied_again_is_not_in_the_copy() {
        let dir = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| dir.path().join(name));
        fs::create_dir(&from).unwrap();
        fs::create_dir(&to).unwrap();
        let _other = Lock::file(&from).unwrap();
        let journal = from.join("index-journal");
        let write = |text: &str| {
            fs::write(from.join("index"), text).unwrap();
            fs::write(&journal, text).unwrap();
        };
        write("one");
        let mut steps = 0;
        let mut progress = |_| {
            steps += 1;
            // The first of the second round: the index is being copied, its journal is next.
            if steps == 3 {
                fs::remove_file(&journal).unwrap();
            }
        };
        let mut copying =
            Copying { from: &from, to: &to, lock: None, copied: BTreeMap::new(), progress: &mut progress };
        assert!(!copying.round().unwrap());
        write("another");
        assert!(!copying.round().unwrap());
        assert!(copying.round().unwrap());
        assert_eq!(fs::read_to_string(to.join("index")).unwrap(), "another");
        assert!(!to.join("index-journal").exists());
    }
}
