//! The log as plain files, for auditors and witnesses (c2sp.org/tlog-tiles, [`crate::tlog::tile`]).
//!
//! ```text
//! LOG/
//!   checkpoint               the newest signed head
//!   tile/entries/000 …       the leaves
//!   tile/0/000 …             their hashes
//!   tile/1/000.p/3 …         the hashes of 256 of those each
//!   stamp/3-7cd1….tsr …      times from outside on heads of it
//! ```
//!
//! The ledger stays the log; this is a copy for others. What lies there already and is the same is left as it is, so a
//! second export writes only what is new, and the head last. What lies there and is **not** the same is never
//! overwritten: it is another log's, or this archive is an older copy of itself.

use std::path::{Path, PathBuf};

use super::read::Reading;
use super::{IntakeError, source, stamps};
use crate::format::note::NOTE_BYTES_MAX;
use crate::store::files;
use crate::tlog::SignedCheckpoint;
use crate::tlog::tile::{Held, Tile, print_leaves, tiles};

/// The name of the newest head.
const CHECKPOINT: &str = "checkpoint";

/// The folder of the stamps.
const STAMPS: &str = "stamp";

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogExported {
    /// Where to.
    #[serde(serialize_with = "crate::format::path::one")]
    pub to: PathBuf,
    /// How many leaves the log has.
    pub size: u64,
    /// How many files were written now.
    pub files: usize,
}

impl Reading {
    /// Writes the log as plain files into a folder, which is made where it is missing; of an older export what is new.
    pub fn export_log(&self, dir: &Path) -> Result<LogExported, IntakeError> {
        let size = self.ledger.head()?.0;
        let head = self.cosigned_head(size)?.to_string();
        files::create_dir_all(dir)?;
        self.check_export(dir, size)?;
        let mut written = 0;
        for tile in tiles(size) {
            let path = dir.join(tile.path());
            files::create_dir_all(path.parent().expect("a tile lies in a folder"))?;
            written += usize::from(lay(&path, &self.tile(&tile)?)?);
        }
        for name in stamps::kept(&self.places)?.iter().filter(|name| name.size <= size) {
            files::create_dir_all(&dir.join(STAMPS))?;
            let bytes = stamps::read(&self.places, name)?;
            written += usize::from(lay(&dir.join(STAMPS).join(name.to_string()), &bytes)?);
        }
        // Last: whoever reads it finds all that it sums up.
        let path = dir.join(CHECKPOINT);
        if read(&path, NOTE_BYTES_MAX)?.is_none_or(|there| there != head.as_bytes()) {
            files::replace(&path, head.as_bytes())?;
            written += 1;
        }
        Ok(LogExported { to: dir.to_path_buf(), size, files: written })
    }

    /// What was exported there before must be of this log, and no more than it has.
    fn check_export(&self, dir: &Path, size: u64) -> Result<(), IntakeError> {
        let path = dir.join(CHECKPOINT);
        let Some(bytes) = read(&path, NOTE_BYTES_MAX)? else { return Ok(()) };
        let log = self.ledger.about()?.log.parse()?;
        let other = || IntakeError::OtherLog { path: path.clone() };
        let there = SignedCheckpoint::parse(&bytes).map_err(|_| other())?;
        let there = there.verify(&log).map_err(|_| other())?;
        if there.size > size {
            return Err(IntakeError::Behind { path, shown: there.size, known: size });
        }
        // Partial tiles of another width would not be held against one another.
        if self.ledger.root(there.size)? == there.root { Ok(()) } else { Err(other()) }
    }

    fn tile(&self, tile: &Tile) -> Result<Vec<u8>, IntakeError> {
        let (first, width) = (tile.first(), tile.width as usize);
        let (bytes, count) = match tile.held {
            Held::Leaves => {
                let leaves = self.ledger.leaves(first, width)?;
                let bytes = print_leaves(leaves.iter().map(String::as_bytes));
                (bytes.map_err(|_| self.ledger.damaged("a leaf is too long"))?, leaves.len())
            }
            Held::Hashes { .. } => {
                let hashes = self.ledger.hashes(tile.tree_level(), first, width)?;
                (hashes.iter().flat_map(|hash| *hash.as_bytes()).collect(), hashes.len())
            }
        };
        if count == width { Ok(bytes) } else { Err(self.ledger.damaged("the log has a gap")) }
    }
}

/// Writes a file that never changes; false where it lies there already.
fn lay(path: &Path, bytes: &[u8]) -> Result<bool, IntakeError> {
    match read(path, bytes.len())? {
        None => files::write_new(path, bytes)?,
        Some(there) if there == bytes => return Ok(false),
        Some(_) => return Err(IntakeError::OtherLog { path: path.to_path_buf() }),
    }
    Ok(true)
}

/// At most one byte more than so many; nothing where there is no file.
fn read(path: &Path, bytes_max: usize) -> Result<Option<Vec<u8>>, IntakeError> {
    match source::read(path, bytes_max as u64) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(IntakeError::Vanished { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
