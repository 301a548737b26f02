//! Writing to what people carry: sticks, cards, a folder that is sent by mail.
//!
//! Room and the largest file a medium takes are checked before the first byte is written, because a stick that fills
//! up half-way helps nobody; and what was written is read back from the medium before it gets its name.

use std::io;
use std::path::Path;

use super::{MediumProblem, VaultError};
use crate::format::time::Time;
use crate::store::files::{self, FileSystem, MARGIN_BYTES};
use crate::store::lock::Lock;

/// A folder that is about to be written to: made where it is missing, and swept ([`files::sweep_medium`]).
pub(super) fn prepare(dir: &Path, now: Time) -> Result<Option<Lock>, VaultError> {
    if dir.symlink_metadata().is_err() {
        files::create_dir_all(dir)?;
    }
    if !dir.is_dir() {
        return Err(problem(dir, MediumProblem::NotAFolder));
    }
    Ok(files::sweep_medium(dir, now)?)
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
    too_large(files::file_system(dir)?, len).map_or(Ok(()), |too_large| Err(problem(dir, too_large)))
}

fn too_large(file_system: FileSystem, len: u64) -> Option<MediumProblem> {
    let len_max = file_system.file_bytes_max().filter(|len_max| len > *len_max)?;
    Some(MediumProblem::FileTooLarge { len, len_max })
}

/// What stands in the way of one path.
pub(super) fn problem(path: &Path, problem: MediumProblem) -> VaultError {
    VaultError::Medium { path: path.to_path_buf(), problem }
}

/// What the system said of one path.
pub(super) fn failed(step: &'static str, path: &Path, source: io::Error) -> VaultError {
    crate::store::StoreError::io(step, path, source).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bundle of 5 GB was copied to a stick for a quarter of an hour, and then the stick was full at 4 GiB.
    #[test]
    fn what_fat_cannot_hold_is_refused_with_what_will_help() {
        let four_gib = 1_u64 << 32;
        assert!(too_large(FileSystem::Fat, four_gib - 1).is_none());
        assert!(
            too_large(FileSystem::Local, four_gib).is_none()
                && too_large(FileSystem::Exfat, four_gib).is_none()
        );
        let found = too_large(FileSystem::Fat, four_gib).unwrap();
        assert!(
            matches!(found, MediumProblem::FileTooLarge { len, len_max } if len == four_gib && len_max == len - 1)
        );
    }
}
