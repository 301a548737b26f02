//! The quarantine: a copy of what was refused, with the reason in a text file beside it. Nothing is deleted here.
//!
//! A copy is named by the SHA-256 of its content, so the same file refused every day lies there once. The
//! quarantine cannot fill the disk: a copy is made only if it is not longer than [`COPY_BYTES_MAX`] and all copies
//! together leave at least as much free as they take. Else the reason alone is kept, and says so. The source is
//! where it was in either case.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::archive::Places;
use super::carriers::Carriers;
use super::source::Source;
use crate::bundle::BundleError;
use crate::crypto::hash::Digest;
use crate::crypto::hashing::HashingReader;
use crate::format::text::escape;
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

/// The longest copy: longer than every bundle that fits on a common stick in one file.
pub const COPY_BYTES_MAX: u64 = 8 << 30;

/// What became of a file that was refused.
#[derive(Debug)]
pub struct Quarantined {
    /// Why it was refused.
    pub reason: BundleError,
    /// The SHA-256 of the file as it was copied; none where it was not.
    pub digest: Option<Digest>,
    /// Where its copy lies; none where there was no room for one.
    pub copy: Option<PathBuf>,
    /// The bundle here whose name on a medium the file has: of it, this is most likely a damaged copy.
    pub named: Option<Digest>,
}

/// Keeps a copy of a source that was refused, without its disguise, and the reason.
pub(super) fn quarantine(
    places: &Places,
    carriers: &Carriers,
    source: &Path,
    reason: BundleError,
) -> Result<Quarantined, IntakeError> {
    let folder = places.quarantine();
    let (file, len) = carriers.open(source)?;
    if !has_room(&folder, len)? {
        let note = format!("{}copy: none, it has {len} bytes\n", about(source, &reason));
        // Named by its reason: the same file refused again writes the same note.
        write_once(&folder.join(name(&Digest::of(note.as_bytes()), "reason.txt")), note.as_bytes())?;
        return Ok(Quarantined { reason, digest: None, copy: None, named: None });
    }
    let mut copy = NewFile::begin(&folder.join("refused"))?.undated();
    let mut hashed = HashingReader::new(file);
    copy_all(&mut hashed, &mut copy, source, &folder)?;
    let (digest, _) = hashed.finish();
    let path = folder.join(name(&digest, "bundle"));
    match copy.rename(&path).commit() {
        Ok(()) | Err(StoreError::Exists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let note = format!("{}sha256: {digest}\n", about(source, &reason));
    write_once(&folder.join(name(&digest, "reason.txt")), note.as_bytes())?;
    Ok(Quarantined { reason, digest: Some(digest), copy: Some(path), named: None })
}

/// Whether a copy of this length may be added.
fn has_room(folder: &Path, len: u64) -> Result<bool, IntakeError> {
    let trouble = |error| IntakeError::source(folder, error);
    let mut taken = len;
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        taken = taken.saturating_add(entry.and_then(|entry| entry.metadata()).map_err(trouble)?.len());
    }
    let free = files::free_bytes(folder)?.saturating_sub(len);
    Ok(len <= COPY_BYTES_MAX && taken <= free)
}

/// Where it came from and what is wrong, one line each. No time: when something came is nobody's business.
fn about(source: &Path, reason: &BundleError) -> String {
    let source = escape(&source.display().to_string());
    format!("source: {source}\nreason: {}\n", escape(&reason.to_string()))
}

fn name(digest: &Digest, ending: &str) -> String {
    format!("{digest}.{ending}")
}

fn write_once(path: &Path, bytes: &[u8]) -> Result<(), IntakeError> {
    match files::write_new_undated(path, bytes) {
        Ok(()) | Err(StoreError::Exists { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn copy_all(
    source: &mut HashingReader<Source>,
    copy: &mut NewFile,
    from: &Path,
    folder: &Path,
) -> Result<(), IntakeError> {
    let mut buffer = vec![0; 1 << 18];
    let mut left = COPY_BYTES_MAX;
    loop {
        let count = match io::Read::read(source, &mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(IntakeError::source(from, error)),
        };
        copy.write_all(&buffer[..count]).map_err(|e| StoreError::io("write", folder, e))?;
        // A file that grows while it is copied ends here.
        left = match left.checked_sub(count as u64) {
            Some(left) => left,
            None => return Ok(()),
        };
    }
}
