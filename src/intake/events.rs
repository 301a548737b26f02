//! Officers' events: the leaves of what they opened and disclosed come on a stick, are logged, and are answered with the
//! proof of each.
//!
//! A file of leaves is taken from a folder as well as by hand, for it is signed: it must be by an officer of this archive
//! and for its log. What they stand for the desk cannot know. The leaves that are new are logged in random order, under
//! one checkpoint; one that is there already is not logged twice. docs/spec/events.md is the normative text.

use std::path::{Path, PathBuf};

use super::archive::Archive;
use super::ledger::Entry;
use super::outcome::Fate;
use super::{IntakeError, source};
use crate::bundle::event_leaves::{BYTES_MAX, ENDING, FIRST_LINE, begins_so};
use crate::bundle::{EventLeaves, EventProofs, event_proofs};
use crate::crypto::random;
use crate::format::FormatError;
use crate::format::draft::OfficerLine;
use crate::format::time::Time;
use crate::store::files;
use crate::tlog::{Leaf, TlogProof};

/// What was laid for an officer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct ProofsLaid {
    /// How many events it is proved of that they stand in the log.
    pub proved: usize,
    /// How many wait until enough witnesses cosigned a head.
    pub waiting: usize,
}

impl ProofsLaid {
    /// With what was laid beside it.
    pub(super) fn add(&mut self, other: ProofsLaid) {
        self.proved += other.proved;
        self.waiting += other.waiting;
    }
}

/// Whether a file is one of an officer's events, by its beginning; a file in a folder by its name as well.
pub(super) fn looks_like_events(path: &Path, named: bool) -> bool {
    let is_named_so = || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING));
    (named || is_named_so())
        && source::read(path, FIRST_LINE.len() as u64).is_ok_and(|beginning| begins_so(&beginning))
}

impl Archive {
    /// Logs the events in a file that are not in the log yet.
    pub(super) fn accept_events(&mut self, path: &Path, now: Time) -> Result<Fate, IntakeError> {
        let (officer, leaves) = self.read_events(path)?;
        let mut fresh = Vec::new();
        for leaf in leaves.leaves() {
            if self.ledger.number(&Leaf::Event(*leaf))?.is_none() {
                fresh.push(Entry::Event(*leaf));
            }
        }
        random::shuffle(&mut fresh);
        if !fresh.is_empty() {
            self.ledger.record(&fresh, now.date(), &self.log)?;
        }
        Ok(Fate::Events { officer, events: leaves.leaves().len(), fresh: fresh.len() })
    }

    /// Lays into a folder the proofs of the events in a file that lies there.
    pub(super) fn lay_proofs(&self, path: &Path, dir: &Path) -> Result<ProofsLaid, IntakeError> {
        let (_, leaves) = self.read_events(path)?;
        let events = leaves.leaves().len();
        let Some(head) = self.answering_head()? else { return Ok(ProofsLaid { proved: 0, waiting: events }) };
        let size = head.unverified().size;
        let (mut proofs, mut proved) = (EventProofs::begin(Vec::new()), 0);
        for leaf in leaves.leaves() {
            let logged = Leaf::Event(*leaf);
            let Some(number) = self.ledger.number(&logged)?.filter(|number| *number < size) else { continue };
            let hashes = self.ledger.inclusion_proof(number, size)?;
            let proof = TlogProof::logged(logged.to_string().as_bytes(), number, hashes, head.clone());
            proof.verify_logged(&self.log.verifier())?;
            proofs.add(leaf, &proof).map_err(|_| self.ledger.damaged("a proof is too long"))?;
            proved += 1;
        }
        let archive = proofs.finish().map_err(|_| self.ledger.damaged("proofs make no archive"))?;
        let path = proofs_file(dir, &leaves);
        let (needed, free) = (archive.len() as u64, files::free_bytes(dir)?);
        if needed > free {
            return Err(IntakeError::NoRoom { path, needed, free });
        }
        files::lay(&path, &archive)?;
        Ok(ProofsLaid { proved, waiting: events - proved })
    }

    /// The leaves in a file that an officer of this archive signed for its log, and the officer's place on the card.
    fn read_events(&self, path: &Path) -> Result<(usize, EventLeaves), IntakeError> {
        let refused = |source: FormatError| IntakeError::Events { path: path.to_path_buf(), source };
        let foreign = |what| refused(FormatError::spelling("officer's events", what));
        let leaves = EventLeaves::parse(&source::read(path, BYTES_MAX as u64)?).map_err(refused)?;
        if leaves.log().to_string() != self.about.log {
            return Err(foreign("this archive's log"));
        }
        let officers: Result<Vec<OfficerLine>, _> =
            self.about.officers.iter().map(|line| line.parse()).collect();
        let officers = officers.map_err(|_| self.ledger.damaged("an officer's line is none"))?;
        let place = officers.iter().position(|officer| officer.keys.fingerprint() == leaves.officer());
        let place = place.ok_or_else(|| foreign("an officer of this archive"))?;
        leaves.verify(&officers[place].keys).map_err(refused)?;
        Ok((place + 1, leaves))
    }
}

fn proofs_file(dir: &Path, leaves: &EventLeaves) -> PathBuf {
    dir.join(format!("{}.{}", leaves.name(), event_proofs::ENDING))
}
