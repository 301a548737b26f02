//! One writer: whoever opens a compartment holds an exclusive lock on its `lock` file until it closes.
//!
//! The lock belongs to the open file, so it ends with the process, however that ends: there is no stale lock.
//! A second process is told at once that the compartment is in use, and never waits.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::error::StoreError;

/// The name of the lock file in a compartment.
pub const LOCK_FILE: &str = "lock";

/// A held lock; dropping it gives it back.
#[derive(Debug)]
pub struct Lock {
    held: File,
}

impl Lock {
    /// Locks `dir` by its file `lock`, made where it is missing. [`StoreError::Busy`] if another holds it.
    pub fn file(dir: &Path) -> Result<Lock, StoreError> {
        let path = dir.join(LOCK_FILE);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
            .open(&path)
            .map_err(|e| StoreError::io("lock", &path, e))?;
        super::files::restrict(&file, &path)?;
        let held = Lock::hold(file, dir)?;
        super::medium::check_modes(dir, &path)?;
        Ok(held)
    }

    /// Locks the folder itself, for work that makes or sweeps what lies in it.
    pub fn folder(dir: &Path) -> Result<Lock, StoreError> {
        let file = File::open(dir).map_err(|e| StoreError::io("lock", dir, e))?;
        Lock::hold(file, dir)
    }

    fn hold(file: File, dir: &Path) -> Result<Lock, StoreError> {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock { held: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::Busy { path: dir.to_path_buf() }),
            Err(e) => Err(StoreError::io("lock", dir, e.into())),
        }
    }
}

impl Drop for Lock {
    /// Closing would do, but that a child which another thread has just forked shares the open file until it is another
    /// program: so long the next command would be told that the vault is in use.
    fn drop(&mut self) {
        let _ = flock(&self.held, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_second_is_told_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::file(dir.path()).unwrap();
        assert!(matches!(Lock::file(dir.path()), Err(StoreError::Busy { .. })));
        drop(first);
        Lock::file(dir.path()).unwrap();
        let mode = std::fs::metadata(dir.path().join(LOCK_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    /// Tests that opened a vault themselves were told now and then that it was in use, by a child of another test.
    #[test]
    fn it_ends_though_a_child_shares_the_open_file() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::file(dir.path()).unwrap();
        let _shared = first.held.try_clone().unwrap();
        drop(first);
        Lock::file(dir.path()).unwrap();
    }

    #[test]
    fn a_folder_is_locked_without_a_file_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let _first = Lock::folder(dir.path()).unwrap();
        assert!(matches!(Lock::folder(dir.path()), Err(StoreError::Busy { .. })));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
