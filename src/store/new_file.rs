//! Files and folders that are being written: under a temporary name in their own folder until they are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, FlockOperation, OFlags, fadvise, flock};

use super::bulk::Bulk;
use super::drop_behind::DropBehind;
use super::error::StoreError;
use super::files::{self, folder_of, sync_dir, temporary_name};
use super::lock::Lock;

/// A file being written: under a temporary name until [`NewFile::commit`], gone if dropped before. It is locked
/// meanwhile, where the file system knows locks: so what an interrupted writing left is told from what is being written.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    end: Box<Bulk>,
    pub(super) temporary: PathBuf,
    path: PathBuf,
    undated: bool,
    /// The times it had when they were last taken from it. Others tell of a writing or a reading.
    no_times: Option<Times>,
    /// All that was written lasts.
    synced: bool,
    done: bool,
}

/// Nanoseconds since 1970 of the last reading and the last writing.
type Times = [i64; 2];

impl NewFile {
    /// Begins a file that will stand at `path`. Nothing is there until it is committed.
    pub fn begin(path: &Path) -> Result<NewFile, StoreError> {
        let temporary = folder_of(path).join(temporary_name());
        let file = files::create(&temporary)?;
        let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
        Ok(NewFile {
            file,
            end: Box::new(Bulk::from(0)),
            temporary,
            path: path.to_path_buf(),
            undated: false,
            no_times: None,
            synced: false,
            done: false,
        })
    }

    /// It shall not tell when it was written, nor shall what is left of it if this is interrupted: for what travels. The
    /// medium may still know.
    pub fn undated(mut self) -> NewFile {
        self.undated = true;
        self
    }

    /// It is one of many that are written beside each other: no piece of it waits in memory.
    pub fn one_of_many(mut self) -> NewFile {
        self.end.plain();
        self
    }

    /// The path it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes what was written so far last on the medium, unless it does already. Where it is undated, writing has set a
    /// time again, and so may reading have.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.end.flush(&self.file).map_err(|e| StoreError::io("write", &self.path, e))?;
        if self.undated && (self.no_times.is_none() || self.times()? != self.no_times) {
            files::undate(&self.file, &self.path)?;
            self.no_times = self.times()?;
            self.synced = false;
        }
        if !self.synced {
            self.file.sync_all().map_err(|e| StoreError::io("sync", &self.path, e))?;
            self.synced = true;
        }
        Ok(())
    }

    fn times(&self) -> Result<Option<Times>, StoreError> {
        let about = self.file.metadata().map_err(|e| StoreError::io("inspect", &self.path, e))?;
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        let read = nanoseconds(about.atime(), about.atime_nsec());
        Ok(Some([read, nanoseconds(about.mtime(), about.mtime_nsec())]))
    }

    /// Opens what was written anew from its beginning, past the system's memory of it where that can be had:
    /// for checking a file before it gets its name. Call [`NewFile::sync`] first.
    pub fn reread(&self) -> Result<DropBehind, StoreError> {
        let failed = |e| StoreError::io("read", &self.path, e);
        // Where reading may go unseen, no time has to be taken from it again.
        let unseen = OFlags::NOATIME.bits() as i32;
        let opened = OpenOptions::new().read(true).custom_flags(unseen).open(&self.temporary);
        let file = opened.or_else(|_| File::open(&self.temporary)).map_err(failed)?;
        forget_cached(&file);
        DropBehind::new(file).map_err(failed)
    }

    /// Gives it its name, where nothing of this name may be yet.
    pub fn commit(mut self) -> Result<(), StoreError> {
        self.sync()?;
        files::rename_new(&self.temporary, &self.path)?;
        self.done = true;
        sync_dir(folder_of(&self.path))
    }

    /// Gives it another path than it was begun for, in the same folder: where the name follows from the content.
    pub fn rename(mut self, path: &Path) -> NewFile {
        self.path = path.to_path_buf();
        self
    }

    /// Gives it its name, in place of what has it now.
    pub fn commit_replacing(self) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.name_replacing()?;
        sync_dir(folder_of(&path))
    }

    /// As [`NewFile::commit_replacing`], where many get their names at once: they last only once their folder is synced.
    pub fn name_replacing(mut self) -> Result<(), StoreError> {
        self.sync()?;
        fs::rename(&self.temporary, &self.path).map_err(|e| StoreError::io("rename", &self.path, e))?;
        self.done = true;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.synced = false;
        self.end.write(&self.file, bytes)?;
        if self.undated {
            files::undate(&self.file, &self.path)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end.flush(&self.file)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.done {
            // Whatever remains is swept when the folder is next worked on.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// A folder being filled: under a temporary name until [`NewFolder::commit`], gone with all that is in it if dropped
/// before. It is locked meanwhile, where the file system knows locks, as a [`NewFile`] is.
#[derive(Debug)]
pub struct NewFolder {
    dir: PathBuf,
    _held: Option<Lock>,
}

impl NewFolder {
    /// Begins a folder in the folder `parent`.
    pub fn begin(parent: &Path) -> Result<NewFolder, StoreError> {
        let dir = parent.join(temporary_name());
        files::create_dir(&dir)?;
        let held = Lock::folder(&dir).ok();
        Ok(NewFolder { dir, _held: held })
    }

    /// Where it is until it has its name.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// Gives it its name in the same folder, where nothing of this name may be yet.
    pub fn commit(self, path: &Path) -> Result<(), StoreError> {
        files::rename(&self.dir, path)
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        // After the rename nothing has this name.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Asks the system to drop its copy, so that a re-read sees the medium. Advice only: it may be declined.
fn forget_cached(file: &File) {
    let _ = fadvise(file, 0, None, Advice::DontNeed);
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_dropped_file_never_was() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = NewFile::begin(&dir.path().join("a")).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(dir.path()).len(), 1);
        drop(file);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn it_can_be_reread_before_it_has_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = NewFile::begin(&dir.path().join("a")).unwrap();
        file.write_all(b"whole").unwrap();
        file.sync().unwrap();
        let mut text = String::new();
        file.reread().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "whole");
        assert!(!dir.path().join("a").exists());
        file.commit().unwrap();
        assert!(dir.path().join("a").exists());
    }

    /// A stick is found on somebody; its files said to the second when they were written, and one laptop had been
    /// awake then.
    #[test]
    fn what_travels_does_not_tell_when_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut file = NewFile::begin(&path).unwrap().undated();
        file.write_all(b"sealed").unwrap();
        file.sync().unwrap();
        file.reread().unwrap().read_to_string(&mut String::new()).unwrap();
        file.commit().unwrap();
        let letter = dir.path().join("b");
        files::write_new_undated(&letter, b"sealed").unwrap();
        let replaced = dir.path().join("c");
        NewFile::begin(&replaced).unwrap().undated().commit_replacing().unwrap();
        for path in [path, letter, replaced] {
            let metadata = fs::metadata(&path).unwrap();
            assert_eq!((metadata.mtime(), metadata.mtime_nsec()), (files::UNDATED_SECONDS, 0));
            assert_eq!((metadata.atime(), metadata.atime_nsec()), (files::UNDATED_SECONDS, 0));
        }
    }

    #[test]
    fn what_is_left_of_an_undated_file_has_no_date_either() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = NewFile::begin(&dir.path().join("a")).unwrap().undated();
        file.write_all(b"half").unwrap();
        assert_eq!(fs::metadata(&file.temporary).unwrap().mtime(), files::UNDATED_SECONDS);
    }

    /// What was read back got its time again and was synced once more, which on a stick takes as long as all of it.
    #[test]
    fn what_lasts_is_synced_once_and_what_is_written_behind_it_is_synced_again() {
        let dir = tempfile::tempdir().unwrap();
        for undated in [false, true] {
            let mut file = NewFile::begin(&dir.path().join("a")).unwrap();
            file.undated = undated;
            file.write_all(b"one").unwrap();
            assert!(!file.synced);
            file.sync().unwrap();
            file.reread().unwrap().read_to_string(&mut String::new()).unwrap();
            assert!(file.synced && (!undated || file.times().unwrap() == file.no_times));
            file.write_all(b"two").unwrap();
            assert!(!file.synced);
            file.sync().unwrap();
            assert!(file.synced);
        }
    }

    /// Where reading shows, by a file system that does not let it go unseen, the time goes again.
    #[test]
    fn a_time_that_came_back_is_taken_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut file = NewFile::begin(&path).unwrap().undated();
        file.sync().unwrap();
        file.file.set_times(fs::FileTimes::new().set_accessed(std::time::SystemTime::now())).unwrap();
        file.commit().unwrap();
        assert_eq!(fs::metadata(path).unwrap().atime(), files::UNDATED_SECONDS);
    }
}
