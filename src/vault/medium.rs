//! Writing to what people carry: sticks, cards, a folder that is sent by mail.
//!
//! Room and the largest file a medium takes are checked before the first byte is written, because a stick that fills
//! up half-way helps nobody; and what was written is read back from the medium before it gets its name.

use std::io;
use std::path::Path;

use super::{MediumProblem, VaultError};
use crate::store::files;

/// Room to leave free: folders and tables of the file system need some.
const MARGIN_BYTES: u64 = 1 << 20;

/// Refuses what is not a folder.
pub(super) fn check_folder(dir: &Path) -> Result<(), VaultError> {
    if dir.is_dir() { Ok(()) } else { Err(problem(dir, MediumProblem::NotAFolder)) }
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
