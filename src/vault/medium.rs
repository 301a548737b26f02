//! Writing to what people carry: sticks, cards, a folder that is sent by mail.
//!
//! Room and the largest file a medium takes are checked before the first byte is written, because a stick that fills
//! up half-way helps nobody; and what was written is read back from the medium before it gets its name.

use std::io;
use std::path::Path;

use super::{MediumProblem, Vault, VaultError};
use crate::bundle::letter::letter_len;
use crate::store::files::{self, CLUSTER_BYTES, MARGIN_BYTES};
use crate::store::lock::Lock;

/// A folder that is about to be written to: made where it is missing, and swept ([`files::sweep_medium`]).
pub(super) fn prepare(dir: &Path) -> Result<Option<Lock>, VaultError> {
    if dir.symlink_metadata().is_err() {
        files::create_dir_all(dir)?;
    }
    if !dir.is_dir() {
        return Err(problem(dir, MediumProblem::NotAFolder));
    }
    files::check_writable(dir)?;
    Ok(files::sweep_medium(dir)?)
}

/// Refuses to begin what will not fit.
pub(super) fn check_room(dir: &Path, needed: u64) -> Result<(), VaultError> {
    let (needed, free) = (needed.saturating_add(MARGIN_BYTES), files::free_bytes(dir)?);
    if free < needed {
        return Err(problem(dir, MediumProblem::Full { needed, free }));
    }
    Ok(())
}

/// Room for what comes back about so many bundles: the receipt of each, and a newer card.
pub(super) fn answers_len(bundles: usize) -> u64 {
    const LETTERS: u64 = 2;
    LETTERS * bundles as u64 * letter_len().next_multiple_of(CLUSTER_BYTES)
}

impl Vault {
    /// How much of a medium's room is left free beside so many bundles: for the medium itself, and for the answers.
    pub fn medium_overhead(bundles: usize) -> u64 {
        MARGIN_BYTES + answers_len(bundles)
    }
}

/// Refuses a file that is larger than the file system takes.
pub(super) fn check_len(dir: &Path, len: u64) -> Result<(), VaultError> {
    too_large(file_bytes_max(dir)?, len).map_or(Ok(()), |too_large| Err(problem(dir, too_large)))
}

/// The largest file that is taken there, where that is a limit people meet.
fn file_bytes_max(dir: &Path) -> Result<Option<u64>, VaultError> {
    #[cfg(test)]
    if let Some(len_max) = tests::SMALL_FILES_ONLY.get() {
        return Ok(Some(len_max));
    }
    Ok(files::file_system(dir)?.file_bytes_max())
}

fn too_large(len_max: Option<u64>, len: u64) -> Option<MediumProblem> {
    let len_max = len_max.filter(|len_max| len > *len_max)?;
    Some(MediumProblem::FileTooLarge { len, len_max })
}

/// What became of writing to a folder. Where it ended half-way what was whole before stays, and is counted: to say of it
/// that the vault is as it was, or its disk full, would be false.
pub(super) fn on<T>(dir: &Path, written: Result<T, impl Into<VaultError>>) -> Result<T, VaultError> {
    written.map_err(|error| match error.into() {
        VaultError::DiskFull { path } if path.starts_with(dir) => problem(&path, MediumProblem::FilledUp),
        VaultError::Medium { path, problem: MediumProblem::ReadOnly } if path.starts_with(dir) => {
            problem(&path, MediumProblem::TurnedReadOnly)
        }
        error => error,
    })
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
    use std::cell::Cell;
    use std::fs;

    use super::*;
    use crate::store::files::FileSystem;
    use crate::vault::open::tests::{now, officer_and_family};
    use crate::vault::{Selection, Volumes};

    thread_local! {
        /// The largest file that every medium takes, for a test.
        pub static SMALL_FILES_ONLY: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// FAT cannot be had wherever tests run: every medium takes small files only, and nothing is begun that is larger.
    #[test]
    fn nothing_is_begun_that_the_medium_cannot_hold() {
        let dir = tempfile::tempdir().unwrap();
        let (_, mut family) = officer_and_family(dir.path());
        let scan = dir.path().join("scan");
        fs::write(&scan, vec![7; 3 << 20]).unwrap();
        family.add_paths(&[scan], now(), &mut ()).unwrap();
        family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
        let stick = dir.path().join("stick");
        let refused = |error| match error {
            VaultError::Medium { problem: MediumProblem::FileTooLarge { len_max, .. }, .. } => {
                assert_eq!((len_max, fs::read_dir(&stick).unwrap().count()), (1 << 20, 0));
            }
            other => panic!("{other:?}"),
        };
        SMALL_FILES_ONLY.set(Some(1 << 20));
        refused(family.export(&stick, now(), &mut ()).unwrap_err());
        refused(family.sync(&stick, "Invented Archive", now(), &mut ()).unwrap_err());
        let volumes = Volumes { part_bytes: 2_000_000, parity: 1 };
        refused(family.export_in(&stick, Some(&volumes), now(), &mut ()).unwrap_err());
        refused(family.extract(3, &stick, now(), &mut ()).unwrap_err());
        SMALL_FILES_ONLY.set(None);
        assert_eq!(family.export_in(&stick, Some(&volumes), now(), &mut ()).unwrap().parts.len(), 3);
    }

    /// A bundle of 5 GB was copied to a stick for a quarter of an hour, and then the stick was full at 4 GiB.
    #[test]
    fn what_fat_cannot_hold_is_refused_with_what_will_help() {
        let four_gib = 1_u64 << 32;
        let too_large = |on: FileSystem, len| too_large(on.file_bytes_max(), len);
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
