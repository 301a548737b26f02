//! The desk's letters on a medium: found again, and told from damaged ones, by their names alone.
//!
//! ```text
//! 7f3a09c1d05e88b2.receipt       8 digits of what the letter is about, 8 digits of its bytes
//! ```
//!
//! Both are made with the log key, so that a name tells nobody else anything. The desk cannot open a letter, and seals
//! each anew; yet it must know whether the one that lies there is whole: of a receipt that was damaged on the way its
//! contributor would hear nothing, and so would the desk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{IntakeError, letters};
use crate::bundle::letter::LETTER_ENDING;
use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::format::note::NoteSigner;

/// Digits that a letter is found by, and as many that its bytes are known by.
const DIGITS: usize = 8;

/// The letters on a medium.
#[derive(Debug)]
pub(super) struct Laid<'d> {
    dir: &'d Path,
    /// By the first digits of their names.
    letters: BTreeMap<String, Vec<PathBuf>>,
}

impl<'d> Laid<'d> {
    /// What lies in a folder under names as the desk's letters have.
    pub fn read(dir: &'d Path) -> Result<Laid<'d>, IntakeError> {
        let trouble = |error| IntakeError::source(dir, error);
        let mut letters: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in dir.read_dir().map_err(trouble)? {
            let path = entry.map_err(trouble)?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if let Some(found_by) = stem.get(..DIGITS)
                && path.extension().is_some_and(|end| end == LETTER_ENDING)
            {
                letters.entry(found_by.to_owned()).or_default().push(path);
            }
        }
        Ok(Laid { dir, letters })
    }

    /// Whether a letter about this lies there, whole. What cannot be read is as good as none.
    pub fn has(&self, log: &NoteSigner, about: &Digest) -> bool {
        let candidates = self.letters.get(&digits(log, about));
        candidates.into_iter().flatten().any(|path| {
            let is_whole = |letter: Vec<u8>| *path == self.path(log, about, &letter);
            letters::lies_there(path) && letters::read(path).is_ok_and(is_whole)
        })
    }

    /// Where a letter about this lies, or shall.
    pub fn path(&self, log: &NoteSigner, about: &Digest, letter: &[u8]) -> PathBuf {
        let name = [about, &Digest::of(letter)].map(|digest| digits(log, digest)).concat();
        letters::on_medium(self.dir, &name)
    }
}

fn digits(log: &NoteSigner, of: &Digest) -> String {
    hex::encode(&log.pseudonym(of)[..DIGITS / 2])
}
