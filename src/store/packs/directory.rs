//! Packs as files of a folder, each under its random name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use super::PackStore;
use crate::format::id::RandomId;
use crate::store::bulk::Bulk;
use crate::store::drop_behind::{DROPPED_BYTES, DropBehind};
use crate::store::error::{Part, StoreError};
use crate::store::files;

/// A folder of packs.
#[derive(Debug)]
pub struct Directory {
    dir: PathBuf,
    /// Held open from the first write to the sync, so that a write the system could not keep is reported there.
    writing: Mutex<HashMap<RandomId, Writing>>,
}

#[derive(Debug)]
struct Writing {
    file: File,
    end: Bulk,
}

impl Directory {
    /// The packs in `dir`, which must be there.
    pub fn open(dir: &Path) -> Directory {
        Directory { dir: dir.to_path_buf(), writing: Mutex::new(HashMap::new()) }
    }

    fn path(&self, pack: &RandomId) -> PathBuf {
        self.dir.join(pack.to_string())
    }

    fn writing(&self) -> MutexGuard<'_, HashMap<RandomId, Writing>> {
        // A panic elsewhere leaves a map of open files, which is as good as before.
        self.writing.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn open_for_writing(&self, pack: &RandomId, at: u64) -> Result<File, StoreError> {
        let path = self.path(pack);
        match at {
            0 => files::create(&path),
            _ => files::open_existing(&path).map_err(|e| missing(&path, e)),
        }
    }
}

impl PackStore for Directory {
    fn append(&self, pack: &RandomId, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut writing = self.writing();
        let Writing { file, end } = match writing.entry(*pack) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(free) => {
                let file = self.open_for_writing(pack, at)?;
                free.insert(Writing { file, end: Bulk::from(at) })
            }
        };
        if end.end() > at {
            // A write that failed half-way went further than anybody counts.
            end.cut(at);
        }
        debug_assert_eq!(end.end(), at, "a pack grows at its end");
        end.write(file, bytes).map_err(|e| StoreError::io("write", &self.path(pack), e))
    }

    fn sync(&self, packs: &[RandomId]) -> Result<(), StoreError> {
        let mut writing = self.writing();
        for pack in packs {
            if let Some(Writing { file, mut end }) = writing.remove(pack) {
                end.flush(&file).map_err(|e| StoreError::io("write", &self.path(pack), e))?;
                file.sync_all().map_err(|e| StoreError::io("sync", &self.path(pack), e))?;
            }
        }
        if packs.is_empty() { Ok(()) } else { files::sync_dir(&self.dir) }
    }

    fn cut(&self, pack: &RandomId, len: u64) -> Result<(), StoreError> {
        if let Some(writing) = self.writing().get_mut(pack) {
            writing.end.cut(len);
        }
        let path = self.path(pack);
        let file = match files::open_existing(&path) {
            Ok(file) => file,
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(e),
        };
        let now = file.metadata().map_err(|e| StoreError::io("inspect", &path, e))?.len();
        if now > len {
            file.set_len(len).map_err(|e| StoreError::io("cut", &path, e))?;
        }
        Ok(())
    }

    fn open(&self, pack: &RandomId, at: u64, len: u64) -> Result<Box<dyn Read + Send>, StoreError> {
        let path = self.path(pack);
        if let Some(Writing { file, end }) = self.writing().get_mut(pack) {
            end.flush(file).map_err(|e| StoreError::io("write", &path, e))?;
        }
        let opened = File::open(&path).map_err(|e| StoreError::io("open", &path, e));
        let mut file = opened.map_err(|e| missing(&path, e))?;
        file.seek(SeekFrom::Start(at)).map_err(|e| StoreError::io("read", &path, e))?;
        if len < DROPPED_BYTES {
            return Ok(Box::new(file.take(len)));
        }
        let once = DropBehind::new(file).map_err(|e| StoreError::io("read", &path, e))?;
        Ok(Box::new(once.take(len)))
    }

    fn list(&self) -> Result<Vec<(RandomId, u64)>, StoreError> {
        let failed = |e| StoreError::io("list", &self.dir, e);
        let mut packs = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if let Some(pack) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
                packs.push((pack, entry.metadata().map_err(failed)?.len()));
            }
        }
        Ok(packs)
    }

    fn remove(&self, packs: &[RandomId]) -> Result<(), StoreError> {
        let mut writing = self.writing();
        for pack in packs {
            writing.remove(pack);
            let path = self.path(pack);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io("remove", &path, e));
                }
                _ => {}
            }
        }
        if packs.is_empty() { Ok(()) } else { files::sync_dir(&self.dir) }
    }
}

/// A pack the index knows of and that is not there is damage.
fn missing(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            StoreError::Damaged { part: Part::Pack, path: path.to_path_buf() }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk became full in the middle of a photograph, room was made, and the next one was written behind where nobody
    /// looked for it.
    #[test]
    fn what_a_failed_write_left_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let (packs, pack) = (Directory::open(dir.path()), RandomId::generate());
        let [begin, lost, next] =
            [(1, 700_000), (2, 5 << 20), (3, 4 << 20)].map(|(byte, len)| vec![byte; len]);
        packs.append(&pack, 0, &begin).unwrap();
        packs.append(&pack, begin.len() as u64, &lost).unwrap();
        // As if that had failed: nobody counts it.
        packs.append(&pack, begin.len() as u64, &next).unwrap();
        packs.sync(&[pack]).unwrap();
        let mut read = Vec::new();
        let len = (begin.len() + next.len()) as u64;
        packs.open(&pack, 0, len).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == [begin, next].concat());
    }
}
