//! Mirroring: what was accepted is handed on to a sister organisation, which keeps it and cannot open it, so that no
//! single place has to survive.
//!
//! A folder goes to and fro. Nothing is remembered here: what the sister holds, she says in a list that comes back in
//! the same folder ([`Holds`]); everything that is not in it is carried, so whatever is lost on the way costs a trip and
//! nothing else. A false list delays, until [`Reading::audit`](super::Reading::audit) finds it.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::carry::{Carried, Medium};
use super::{IntakeError, Reading, source};
use crate::crypto::hash::Digest;
use crate::format::holds::{BYTES_MAX, Holds};
use crate::store::files;

/// The list of what is held, in the folder that goes to and fro.
pub(super) const HOLDS_FILE: &str = "holds.txt";

/// What `mirror` did, and what is still open.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Mirrored {
    /// How many accepted bundles the sister says she holds; nothing where there is no list of hers.
    pub held: Option<usize>,
    /// How many bundles that she holds were taken off the medium.
    pub removed: usize,
    /// The bundles that now lie there for her, each read back and checked.
    pub carried: Vec<Carried>,
    /// How many more she does not hold and did not fit.
    pub left: usize,
    /// Those that are not whole in this archive, and so were not carried.
    pub damaged: Vec<Digest>,
}

impl Reading {
    /// Writes to a medium what the sister does not hold yet, and takes off it what she holds.
    pub fn mirror(&self, dir: &Path) -> Result<Mirrored, IntakeError> {
        let medium = Medium::prepare(dir)?;
        let holds = read_holds(&dir.join(HOLDS_FILE))?;
        let holds_it = |id: &Digest| holds.as_ref().is_some_and(|holds| holds.contains(id));
        let bundles = self.bundles()?.into_iter().map(|view| (view.bundle, view.bytes));
        let (held, wanting): (Vec<_>, Vec<_>) = bundles.partition(|(id, _)| holds_it(id));
        let mut mirrored = Mirrored { held: holds.is_some().then_some(held.len()), ..Default::default() };
        for (id, _) in &held {
            if let Some(path) = medium.find(id) {
                files::remove(&path)?;
                mirrored.removed += 1;
            }
        }
        let load = medium.load(&self.places.bundles(), &wanting)?;
        (mirrored.carried, mirrored.left, mirrored.damaged) = (load.carried, load.left, load.damaged);
        Ok(mirrored)
    }
}

/// The list that a sister laid there, if one lies there.
fn read_holds(path: &Path) -> Result<Option<Holds>, IntakeError> {
    match read_text(path, BYTES_MAX) {
        Ok(bytes) => Holds::parse(&bytes)
            .map(Some)
            .map_err(|source| IntakeError::Holds { path: path.to_path_buf(), source }),
        Err(IntakeError::Vanished { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A text that came from elsewhere, to one byte past its limit.
pub(super) fn read_text(path: &Path, bytes_max: usize) -> Result<Vec<u8>, IntakeError> {
    let (file, _) = source::open(path)?;
    let mut bytes = Vec::new();
    let read = file.take(bytes_max as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| IntakeError::source(path, error))?;
    Ok(bytes)
}

/// The file that was named by hand.
pub(super) fn named(path: &Path) -> Result<PathBuf, IntakeError> {
    source::named(path).map_err(|error| IntakeError::source(path, error))
}
