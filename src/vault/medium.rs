//! Writing to what people carry: sticks, cards, a folder that is sent by mail.
//!
//! Room and the largest file a medium takes are checked before the first byte is written, because a stick that fills
//! up half-way helps nobody; and what was written is read back from the medium before it gets its name.

use std::io;
use std::path::Path;

use super::{MediumProblem, VaultError};
use crate::format::time::Time;
use crate::store::files;
use crate::store::lock::Lock;

/// Room to leave free: folders and tables of the file system need some.
const MARGIN_BYTES: u64 = 1 << 20;

/// A folder that is about to be written to: made where it is missing, and rid of what an interrupted writing left
/// there, which may be plaintext: plain files of our temporary names, older than an hour. While the guard is held no
/// other process of ours sweeps it.
pub(super) fn prepare(dir: &Path, now: Time) -> Result<Option<Lock>, VaultError> {
    if dir.symlink_metadata().is_err() {
        files::create_dir_all(dir)?;
    }
    if !dir.is_dir() {
        return Err(problem(dir, MediumProblem::NotAFolder));
    }
    // Some media know no locks, and somebody else may be writing there: then nothing is swept.
    let lock = Lock::folder(dir).ok();
    if lock.is_some() {
        files::sweep_old(dir, now)?;
    }
    Ok(lock)
}

/// Refuses to begin what will not fit.
pub(super) fn check_room(dir: &Path, needed: u64) -> Result<(), VaultError> {
    let free = files::free_bytes(dir)?;
    if free < needed.saturating_add(MARGIN_BYTES) {
        return Err(problem(dir, MediumProblem::Full { needed, free }));
    }
    Ok(())
}

/// Refuses a file that is larger than the file system takes.
pub(super) fn check_len(dir: &Path, len: u64) -> Result<(), VaultError> {
    match files::file_system(dir)?.file_bytes_max() {
        Some(len_max) if len > len_max => Err(problem(dir, MediumProblem::FileTooLarge { len, len_max })),
        _ => Ok(()),
    }
}

/// What stands in the way of one path.
pub(super) fn problem(path: &Path, problem: MediumProblem) -> VaultError {
    VaultError::Medium { path: path.to_path_buf(), problem }
}

/// What the system said of one path.
pub(super) fn failed(step: &'static str, path: &Path, source: io::Error) -> VaultError {
    crate::store::StoreError::io(step, path, source).into()
}
