//! A backup: the whole vault, every part of it, copied as it lies. No passphrase is needed, because nothing is opened.
//!
//! The folder of a backup is a vault like any other, and opens with the passphrases that opened the vault when it was
//! made. Whatever is forgotten later is still in it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::create::holds_strangers;
use super::{MediumProblem, Progress, Vault, VaultError, medium};
use crate::store::lock::Lock;
use crate::store::{StoreError, copy, files};

/// What a backup became.
#[derive(Debug, Clone, Serialize)]
pub struct BackupOutcome {
    /// Its folder.
    #[serde(serialize_with = "crate::format::path::one")]
    pub dir: PathBuf,
    /// How many parts of the vault are in it.
    pub parts: usize,
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether it lies on the disk of the vault itself, and would be lost with it.
    pub same_disk: bool,
    /// Whether a vault can be opened where it lies; if not, it must be copied to a computer's disk for that.
    pub opens_there: bool,
}

impl Vault {
    /// Refuses a folder that holds neither a vault nor what is left of one: that is copied as well, before anything
    /// else is tried with it.
    pub fn is_there(root: &Path) -> Result<(), VaultError> {
        match Vault::parts(root) {
            Ok(_) | Err(VaultError::Remains { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Copies the whole vault in `root` into `dir`, which is made where it is missing and must hold nothing. Every file
    /// is read back from its medium. Another process may have the vault open meanwhile.
    pub fn backup(root: &Path, dir: &Path, progress: &mut dyn Progress) -> Result<BackupOutcome, VaultError> {
        Vault::is_there(root)?;
        let parts = copy::folders(root)?;
        let _lock = prepare(root, dir)?;
        let needed = copy::bytes_of(&parts)?;
        medium::check_room(dir, needed)?;
        progress.start(needed);
        let copied = copy::copy(&parts, dir, &mut |bytes| progress.advance(bytes))?;
        Ok(BackupOutcome {
            dir: dir.to_path_buf(),
            parts: parts.len(),
            files: copied.files,
            bytes: copied.bytes,
            same_disk: copy::on_one_disk(root, dir),
            opens_there: files::check_suitable(dir).is_ok(),
        })
    }
}

/// A folder that is about to become a backup. While the guard is held no other process of ours writes there.
fn prepare(root: &Path, dir: &Path) -> Result<Option<Lock>, VaultError> {
    if lies_in(dir, root) {
        return Err(VaultError::BackupInside { dir: dir.to_path_buf() });
    }
    if dir.symlink_metadata().is_err() {
        files::create_dir_all(dir)?;
    }
    if !dir.is_dir() {
        return Err(medium::problem(dir, MediumProblem::NotAFolder));
    }
    if holds_strangers(dir) {
        return Err(VaultError::BackupNotEmpty { dir: dir.to_path_buf() });
    }
    match Lock::folder(dir) {
        Ok(lock) => {
            files::sweep(dir)?;
            Ok(Some(lock))
        }
        Err(error @ StoreError::Busy { .. }) => Err(error.into()),
        // Some media know no locks: then nothing is swept.
        Err(_) => Ok(None),
    }
}

/// Whether a path, or what of it is there already, lies in a folder or is that folder.
fn lies_in(path: &Path, folder: &Path) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there = absolute.ancestors().find_map(|above| above.canonicalize().ok());
    matches!((there, folder.canonicalize()), (Some(there), Ok(folder)) if there.starts_with(&folder))
}
