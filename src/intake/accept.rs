//! Accepting: sources are staged, get their names, and then one transaction makes them accepted.
//!
//! The order is what makes a kill harmless: a bundle is copied and synced under a temporary name, renamed to its
//! id, and only then written into the ledger with its leaf and a checkpoint. Between the last two steps it is a
//! bundle without a row, which the next `accept` finds and takes in. Bundles that came together are logged
//! together, in random order under one checkpoint: the log does not tell which lay on one stick.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::archive::Archive;
use super::gather::gather;
use super::ledger::Entry;
use super::quarantine::{Quarantined, quarantine};
use super::stage::{Staged, stage};
use super::{IntakeError, cards};
use crate::crypto::hash::Digest;
use crate::crypto::random;
use crate::format::time::Time;

/// How many bundles are logged in one transaction: enough to be worth it, few enough that the first is not long
/// without its answer.
pub const BATCH_BUNDLES_MAX: usize = 64;

/// What became of one source.
#[derive(Debug)]
pub struct Outcome {
    /// The source.
    pub path: PathBuf,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a source.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fate {
    /// It is stored and logged.
    Accepted {
        /// The bundle's id.
        bundle: Digest,
        /// The number of its leaf.
        leaf: u64,
    },
    /// It was accepted before.
    Known {
        /// The bundle's id.
        bundle: Digest,
        /// The number of its leaf.
        leaf: u64,
    },
    /// A card of this organisation, now stored and logged.
    CardAccepted {
        /// The card's digest.
        card: Digest,
        /// Its serial number.
        serial: u64,
        /// The number of its leaf.
        leaf: u64,
    },
    /// A card that was accepted before.
    CardKnown {
        /// The card's digest.
        card: Digest,
        /// Its serial number.
        serial: u64,
        /// The number of its leaf.
        leaf: u64,
    },
    /// It does not hold; a copy lies in quarantine.
    Quarantined(Quarantined),
    /// It could not be read or kept.
    Failed(IntakeError),
}

/// A source with what staging made of it.
pub(super) type StagedSource = (PathBuf, Result<Staged, IntakeError>);

impl Archive {
    /// Takes in files, and folders of `*.bundle` files. Each source is reported once its fate is settled; a source
    /// that fails does not keep the others from being taken. An `Err` is about the archive itself: what was not
    /// reported by then was not accepted.
    pub fn accept(
        &mut self,
        paths: &[PathBuf],
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        self.take_strays(now, report)?;
        let mut files = Vec::new();
        for path in paths {
            if cards::looks_like_a_card(path) {
                let fate = self.accept_card(path, now).unwrap_or_else(Fate::Failed);
                report(Outcome { path: path.clone(), fate });
                continue;
            }
            let gathered = gather(path, None);
            files.extend(gathered.files.into_iter().map(|file| file.path));
            for (path, error) in gathered.troubles {
                report(Outcome { path, fate: Fate::Failed(error) });
            }
        }
        for batch in files.chunks(BATCH_BUNDLES_MAX) {
            if stop.load(Ordering::Relaxed) {
                return Err(IntakeError::Stopped);
            }
            let staged = batch.iter().map(|path| (path.clone(), stage(&self.places, path, stop)));
            let staged = staged.collect();
            self.settle(staged, now, report)?;
        }
        Ok(())
    }

    /// Settles what was staged: names the copies, logs them together, quarantines what was refused.
    pub(super) fn settle(
        &mut self,
        staged: Vec<StagedSource>,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let mut batch = Batch::default();
        for (path, staged) in staged {
            let settled = match staged {
                Ok(Staged::Held { entry, id, copy }) => {
                    // In place of a damaged one, if one lies there: a whole one would not have been copied.
                    copy.commit_replacing().map(|()| batch.push(&path, entry, id)).map_err(Into::into)
                }
                Ok(Staged::Here { entry, id }) => {
                    batch.push(&path, entry, id);
                    Ok(())
                }
                Ok(Staged::Refused(reason)) => quarantine(&self.places, &path, reason)
                    .map(|kept| report(Outcome { path: path.clone(), fate: Fate::Quarantined(kept) })),
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                report(Outcome { path, fate: Fate::Failed(error) });
            }
        }
        self.log_batch(batch, now, report)
    }

    /// Writes the new ones of a batch into the ledger, and reports all of it.
    pub(super) fn log_batch(
        &mut self,
        batch: Batch,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let mut fresh = Vec::new();
        let mut seen = HashSet::new();
        for (_, entry, id) in &batch.0 {
            if self.ledger.bundle(id)?.is_none() && seen.insert(*id) {
                fresh.push((*id, entry.clone()));
            }
        }
        random::shuffle(&mut fresh);
        if !fresh.is_empty() {
            let entries: Vec<_> = fresh.iter().map(|(_, entry)| entry.clone()).collect();
            self.ledger.record(&entries, now.date(), &self.log)?;
        }
        let mut fresh: HashSet<_> = fresh.into_iter().map(|(id, _)| id).collect();
        for (path, _, bundle) in batch.0 {
            let row = self.ledger.bundle(&bundle)?.expect("it was there, or was recorded just now");
            let leaf = row.leaf;
            let accepted = fresh.remove(&bundle);
            let fate = if accepted { Fate::Accepted { bundle, leaf } } else { Fate::Known { bundle, leaf } };
            report(Outcome { path, fate });
        }
        Ok(())
    }
}

/// Bundles that hold and lie under their names, with the source of each.
#[derive(Debug, Default)]
pub(super) struct Batch(Vec<(PathBuf, Entry, Digest)>);

impl Batch {
    pub fn push(&mut self, path: &Path, entry: Entry, id: Digest) {
        self.0.push((path.to_path_buf(), entry, id));
    }
}
