//! What is missing of bundles that come in parts, told to who sent them: a letter on the medium, as a receipt is.
//!
//! It is sealed to the return recipient that the parts name, says which numbers are not here, and is signed by the log,
//! for anybody can seal a letter. Its name is the same for one set each time, so on one stick there is one, the newest.

use std::collections::BTreeSet;
use std::path::Path;

use super::IntakeError;
use super::archive::Archive;
use super::letters::on_medium;
use super::parts::{HeldSet, SetView};
use crate::bundle::Missing;
use crate::bundle::letter::{Letter, letter_len};
use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::store::files;

impl Archive {
    /// Lays a letter for each of these sets of which parts are missing; gives what was told, and of how many there was no
    /// room to tell it.
    pub(super) fn tell_missing(
        &self,
        sets: &BTreeSet<Digest>,
        dir: &Path,
    ) -> Result<(Vec<SetView>, usize), IntakeError> {
        let (mut told, mut left) = (Vec::new(), 0);
        for id in sets {
            let Some(held) = HeldSet::read(&self.places, id)? else { continue };
            let numbers = held.missing();
            if numbers.is_empty() {
                continue;
            }
            let letter = self.letter_of_missing(&held, Missing { set: *id, numbers })?;
            if files::how_many_fit(dir, letter_len(), 0)? == 0 {
                left += 1;
                continue;
            }
            files::lay(&on_medium(dir, &hex::encode(&self.log.pseudonym(id))), &letter)?;
            told.push(held.view());
        }
        Ok((told, left))
    }

    fn letter_of_missing(&self, held: &HeldSet, missing: Missing) -> Result<Vec<u8>, IntakeError> {
        let damaged = |what| IntakeError::Damaged { what, path: held.dir.clone() };
        let note = missing.sign(&self.log).map_err(|_| damaged("what is missing cannot be said"))?;
        let letter = Letter::Missing(note).seal(held.set.volume().recipient());
        letter.map_err(|_| damaged("what is missing is longer than a letter"))
    }
}
