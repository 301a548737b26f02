//! Letters that officers gave to the desk, to be laid on every stick.
//!
//! The desk cannot know whose stick is whose, for nothing on one names its bearer, and it cannot read a letter. So
//! every letter goes on every stick, and whoever watches learns nothing of whom one is for. A letter is kept as it
//! came, in `letters/`, under a name made from it with the log key, which is the same on every medium: on one stick it
//! lies once. It is open until an officer has it taken back; then the desk takes it off the sticks that come by. A
//! contributor never does: the stick on which one was missing would be hers.

use std::path::{Path, PathBuf};

use super::archive::Archive;
use super::{IntakeError, source};
use crate::bundle::letter::{LETTER_ENDING, letter_len, looks_sealed};
use crate::crypto::hash::Digest;
use crate::crypto::{hex, random};
use crate::format::time::{Date, Time};
use crate::store::StoreError;
use crate::store::files::{self, MARGIN_BYTES};

/// Letters that are laid on a medium: 33 MB, which goes on any stick. The newest come first.
pub const LETTERS_MAX: usize = 500;

/// A letter that is laid on every stick.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LetterView {
    /// Its name, on every medium.
    pub name: String,
    /// The day it was given to the desk.
    pub added: Date,
}

/// A letter that was given to the desk.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LetterAdded {
    /// The file it came in.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// Its name, on every medium.
    pub name: String,
    /// Whether the desk had it already.
    pub already: bool,
}

/// What became of the letters on a medium.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct LettersLaid {
    /// How many were laid there now.
    pub laid: usize,
    /// How many did not fit there.
    pub left: usize,
    /// How many were taken off, because they are taken back.
    pub taken_back: usize,
}

impl Archive {
    /// Keeps a letter of an officer, to be laid on every stick from now on.
    pub fn letter_add(&mut self, path: &Path, now: Time) -> Result<LetterAdded, IntakeError> {
        let letter = read(path)?;
        if !looks_sealed(&letter) {
            return Err(IntakeError::NotALetter { path: path.to_path_buf() });
        }
        let name = hex::encode(&self.log.pseudonym(&Digest::of(&letter)));
        match files::write_new(&self.places.letter(&name), &letter) {
            // Left by an `add` that was killed before the ledger knew, or there already.
            Ok(()) | Err(StoreError::Exists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let already = !self.ledger.open_letter(&name, now.date())?;
        Ok(LetterAdded { path: path.to_path_buf(), name, already })
    }

    /// Takes a letter back: no stick gets it any more, and those that come by lose it.
    pub fn letter_drop(&mut self, name: &str) -> Result<(), IntakeError> {
        if !self.ledger.close_letter(name)? {
            return Err(IntakeError::NoLetter { name: name.to_owned() });
        }
        self.remove_letter(name)
    }

    /// Lays every open letter on a medium, and takes off it those that are not open any more.
    pub(super) fn lay_letters(&self, dir: &Path) -> Result<LettersLaid, IntakeError> {
        let taken_back = self.take_back(dir)?;
        let open = self.ledger.open_letters(LETTERS_MAX)?;
        let mut missing = Vec::new();
        for row in open {
            let letter = read(&self.places.letter(&row.name))?;
            if !read(&on_medium(dir, &row.name)).is_ok_and(|there| there == letter) {
                missing.push(row);
            }
        }
        let fitting = files::how_many_fit(dir, letter_len(), MARGIN_BYTES)?;
        let left = missing.len().saturating_sub(fitting);
        missing.truncate(fitting);
        random::shuffle(&mut missing);
        for row in &missing {
            files::lay(&on_medium(dir, &row.name), &read(&self.places.letter(&row.name))?)?;
        }
        Ok(LettersLaid { laid: missing.len(), left, taken_back })
    }

    fn remove_letter(&self, name: &str) -> Result<(), IntakeError> {
        let path = self.places.letter(name);
        if path.symlink_metadata().is_ok() {
            files::remove(&path)?;
        }
        Ok(())
    }

    /// Takes letters that are closed off a medium.
    fn take_back(&self, dir: &Path) -> Result<usize, IntakeError> {
        let trouble = |error| IntakeError::source(dir, error);
        let mut closed = Vec::new();
        for entry in dir.read_dir().map_err(trouble)? {
            let path = entry.map_err(trouble)?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|end| end == LETTER_ENDING)
                && self.ledger.is_closed_letter(stem)?
                && lies_there(&path)
            {
                closed.push(path);
            }
        }
        closed.iter().try_for_each(|path| files::remove(path))?;
        Ok(closed.len())
    }
}

/// Whether a letter lies there: ours are synced under a temporary name, so one of their length is whole.
pub(super) fn lies_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() == letter_len())
}

/// Where a letter of this name lies on a medium.
pub(super) fn on_medium(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.{LETTER_ENDING}"))
}

/// A letter's bytes; of a longer file, too many.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, IntakeError> {
    source::read(path, letter_len())
}
