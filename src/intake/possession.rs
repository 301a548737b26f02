//! Possession checks: whether a sister organisation still has what she should keep, asked so that only the stored bytes
//! can answer.
//!
//! The origin draws a challenge and keeps it; the sister answers each id with a tag over the whole file, under the
//! challenge's nonce; the origin makes the same tags from its own bytes. A bundle that is not whole in the origin's own
//! archive proves nothing about the sister's, and is said to be so. docs/spec/possession.md is the normative text.

use std::io;
use std::path::Path;

use super::archive::Shelf;
use super::mirror::{named, read_text};
use super::stored::whole;
use super::{IntakeError, Reading, source};
use crate::crypto::hash::Digest;
use crate::crypto::random;
use crate::format::FormatError;
use crate::format::possession::{Answer, BYTES_MAX, Challenge};
use crate::store::files;

/// What an answer says of one bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Possession {
    /// The same bytes as here.
    Held,
    /// She says herself that she has not got it.
    Missing,
    /// Other bytes than here.
    Wrong,
    /// It is not whole here, so nothing can be said of hers.
    Unsure,
}

/// What an answer says of one bundle that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The bundle's id.
    pub bundle: Digest,
    /// What is said of it.
    pub state: Possession,
}

impl Reading {
    /// Writes a fresh challenge about all accepted bundles, or about so many of them at random, to a file that must not
    /// be there yet; says about how many it is.
    pub fn challenge(&self, file: &Path, sample: Option<usize>) -> Result<usize, IntakeError> {
        let mut ids: Vec<Digest> = self.bundles()?.into_iter().map(|view| view.bundle).collect();
        if ids.is_empty() {
            return Err(IntakeError::NothingToAsk);
        }
        if let Some(sample) = sample {
            random::shuffle(&mut ids);
            ids.truncate(sample);
        }
        let challenge = Challenge::draw(ids).map_err(|source| spelling(file, source))?;
        files::write_new_undated(file, challenge.to_string().as_bytes())?;
        Ok(challenge.ids().len())
    }

    /// Answers a challenge from the replicas, into a file that must not be there yet; says how many are held and how
    /// many are missing. One that cannot be read is missing.
    pub fn answer_challenge(&self, file: &Path, to: &Path) -> Result<(usize, usize), IntakeError> {
        let challenge = read_challenge(file)?;
        let shelf = self.places.replicas();
        let tags: Vec<_> = challenge.ids().iter().map(|id| tag(&challenge, &shelf, id)).collect();
        let held = tags.iter().flatten().count();
        let answer = Answer::to(&challenge, tags);
        files::write_new_undated(to, answer.to_string().as_bytes())?;
        Ok((held, challenge.ids().len() - held))
    }

    /// What an answer shows, for each bundle that was asked for.
    pub fn audit(&self, challenge: &Path, answer: &Path) -> Result<Vec<Finding>, IntakeError> {
        let asked = read_challenge(challenge)?;
        let text = read_text(&named(answer)?, BYTES_MAX)?;
        let said = Answer::parse(&text).map_err(|source| spelling(answer, source))?;
        let said = said.checked(&asked).map_err(|source| {
            let path = answer.to_path_buf();
            IntakeError::NotItsAnswer { path, source }
        })?;
        let shelf = self.places.bundles();
        Ok(said.into_iter().map(|(bundle, tag)| find(&asked, &shelf, bundle, tag)).collect())
    }
}

fn find(asked: &Challenge, shelf: &Shelf, bundle: Digest, said: Option<Digest>) -> Finding {
    let ours = || whole(&shelf.bundle(&bundle), &bundle).and_then(|_| tag(asked, shelf, &bundle));
    let state = match said {
        None => Possession::Missing,
        Some(said) => match ours() {
            None => Possession::Unsure,
            Some(ours) if ours == said => Possession::Held,
            Some(_) => Possession::Wrong,
        },
    };
    Finding { bundle, state }
}

/// The tag of a bundle as it lies on a shelf, whole or not.
fn tag(challenge: &Challenge, shelf: &Shelf, id: &Digest) -> Option<Digest> {
    let (mut file, _) = source::open(&shelf.bundle(id)).ok()?;
    let mut tag = challenge.tag();
    io::copy(&mut file, &mut tag).ok()?;
    Some(tag.finish())
}

fn read_challenge(path: &Path) -> Result<Challenge, IntakeError> {
    let text = read_text(&named(path)?, BYTES_MAX)?;
    Challenge::parse(&text).map_err(|source| spelling(path, source))
}

fn spelling(path: &Path, source: FormatError) -> IntakeError {
    IntakeError::Possession { path: path.to_path_buf(), source }
}
