//! What a disk or medium refuses, as a person reads it.

use crate::store::StoreError;
use crate::ui::{Describe, Kind, Trouble, m};
use std::io;

/// How a bundle is carried on a stick that cannot hold it as one file.
pub(super) const IN_PARTS: &str = "sanduq export DIR --volume-size 2G";

impl Describe for StoreError {
    fn trouble(&self) -> Trouble {
        let failed = |what| Trouble::new(Kind::Failed, what);
        match self {
            StoreError::Io { step, path, source } => {
                io_trouble(step, source).value(path.display()).value(source)
            }
            StoreError::NoSpace { path } => {
                failed(m::ERR_DISK_FULL).value(path.display()).hint(m::HINT_DISK_FULL).safe(m::SAFE_VAULT)
            }
            StoreError::ReadOnly { path } => {
                failed(m::ERR_READ_ONLY).value(path.display()).hint(m::HINT_READ_ONLY).safe(m::SAFE_VAULT)
            }
            StoreError::TooLarge { path } => failed(m::ERR_FILE_TOO_LARGE_HERE)
                .value(path.display())
                .safe(m::SAFE_WHOLE)
                .hint(m::HINT_FILE_TOO_LARGE)
                .command(IN_PARTS),
            StoreError::Unsuitable { path, file_system } => failed(m::ERR_FILE_SYSTEM)
                .value(path.display())
                .value(file_system.name())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_FILE_SYSTEM),
            StoreError::Busy { path } => {
                Trouble::new(Kind::Busy, m::ERR_BUSY).value(path.display()).hint(m::HINT_BUSY)
            }
            StoreError::Changing { path } => Trouble::new(Kind::Busy, m::ERR_CHANGING)
                .value(path.display())
                .safe(m::SAFE_VAULT)
                .hint(m::HINT_CHANGING),
            StoreError::ReadsBack { path } => {
                failed(m::ERR_READS_BACK).value(path.display()).safe(m::SAFE_VAULT).hint(m::HINT_READS_BACK)
            }
            StoreError::Exists { path } => {
                failed(m::ERR_OCCUPIED).value(path.display()).safe(m::SAFE_OCCUPIED).hint(m::HINT_OCCUPIED)
            }
            StoreError::NotAVault { path } => {
                Trouble::new(Kind::Missing, m::ERR_NO_VAULT).value(path.display()).hint(m::HINT_NO_VAULT)
            }
            StoreError::Newer { .. } => {
                failed(m::ERR_NEWER).value(self).safe(m::SAFE_DAMAGED).hint(m::HINT_NEWER)
            }
            StoreError::Damaged { .. }
            | StoreError::Index { .. }
            | StoreError::NoObject { .. }
            | StoreError::Row { .. } => {
                failed(m::ERR_DAMAGED).value(self).safe(m::SAFE_DAMAGED).hint(m::HINT_DAMAGED)
            }
            StoreError::Source(source) => {
                failed(m::ERR_SOURCE).value(source).safe(m::SAFE_VAULT).hint(m::HINT_SOURCE_READ)
            }
            StoreError::Limit { .. } | StoreError::Stopped => {
                failed(m::ERR_STORE).value(self).safe(m::SAFE_VAULT).hint(m::HINT_STORE)
            }
        }
    }
}

fn io_trouble(step: &str, source: &io::Error) -> Trouble {
    match source.kind() {
        io::ErrorKind::NotFound => {
            Trouble::new(Kind::Missing, m::ERR_NO_FILE).safe(m::SAFE_WHOLE).hint(m::HINT_NO_FILE)
        }
        io::ErrorKind::PermissionDenied if ["open", "read", "list", "inspect"].contains(&step) => {
            Trouble::new(Kind::Failed, m::ERR_NO_PERMISSION).safe(m::SAFE_WHOLE).hint(m::HINT_NO_PERMISSION)
        }
        // The step that failed may be one behind that which made it true.
        _ => Trouble::new(Kind::Failed, m::ERR_STORE).safe(m::SAFE_WHOLE).hint(m::HINT_STORE),
    }
}
