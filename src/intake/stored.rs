//! A bundle file as it lies in the archive, `bundles/<id>.bundle`: whether it holds, and what the ledger says of it.

use std::fs::File;
use std::path::Path;

use super::IntakeError;
use super::ledger::Entry;
use crate::bundle::{BundleError, Outer};
use crate::crypto::hash::Digest;

/// What the ledger is to say of the bundle with this id, if it lies here whole.
pub(super) fn whole(path: &Path, id: &Digest) -> Option<Entry> {
    check(path, id).ok()
}

/// Why a bundle file in the archive does not count.
pub(super) enum Unfit {
    /// It does not hold.
    Refused(BundleError),
    /// It cannot be read now.
    Unread(IntakeError),
}

/// Reads all of a bundle file that lies in the archive under this id.
pub(super) fn check(path: &Path, id: &Digest) -> Result<Entry, Unfit> {
    let unread = |error| Unfit::Unread(IntakeError::source(path, error));
    let mut file = File::open(path).map_err(unread)?;
    let bytes = file.metadata().map_err(unread)?.len();
    let outer = match Outer::read(&mut file) {
        Ok(outer) => outer,
        Err(BundleError::Io(error)) => return Err(unread(error)),
        Err(error) => return Err(Unfit::Refused(error)),
    };
    if outer.id() != *id {
        let (name, expected, found) = ("the bundle".to_owned(), *id, outer.id());
        return Err(Unfit::Refused(BundleError::DigestMismatch { name, expected, found }));
    }
    Ok(entry(&outer, bytes))
}

/// What the ledger is to say of a bundle.
pub(super) fn entry(outer: &Outer, bytes: u64) -> Entry {
    Entry::Bundle { id: outer.id(), bytes, recipient: outer.return_recipient().to_string() }
}
