//! Bundles that came together are logged together: in random order, in one transaction, under one checkpoint. The log
//! does not tell which lay on one stick.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::IntakeError;
use super::archive::Archive;
use super::ledger::Entry;
use super::outcome::{Fate, Outcome};
use super::quarantine::{Quarantined, quarantine};
use super::stage::{Brought, Staged};
use crate::bundle::layout::{BUNDLE_ENDING, carried_names};
use crate::crypto::hash::Digest;
use crate::crypto::random;
use crate::format::time::Time;
use crate::store::files;

/// How many bundles are logged in one transaction: enough to be worth it, few enough that the first is not long
/// without its answer.
pub const BATCH_BUNDLES_MAX: usize = 64;

/// A source with what staging made of it.
pub(super) type StagedSource = (PathBuf, Result<Brought, IntakeError>);

impl Archive {
    /// Settles what was staged: names the copies, logs them together, quarantines what was refused, keeps parts.
    pub(super) fn settle(
        &mut self,
        staged: Vec<StagedSource>,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let mut accepted = Vec::new();
        let parts = self.settle_bundles(staged, now, &mut |outcome| {
            if let Fate::Accepted { bundle, .. } = &outcome.fate {
                accepted.push(*bundle);
            }
            report(outcome);
        })?;
        accepted.iter().try_for_each(|bundle| self.let_go_sets_of(bundle))?;
        self.take_parts(&parts, now, stop, report)
    }

    /// Settles those that are bundles, or none; gives those that are parts.
    pub(super) fn settle_bundles(
        &mut self,
        staged: Vec<StagedSource>,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<Vec<PathBuf>, IntakeError> {
        let mut parts = Vec::new();
        let mut batch = Batch::default();
        for (path, staged) in staged {
            let settled = match staged {
                Ok(Brought::Bundle(Staged::Held { entry, id, copy })) => {
                    // In place of a damaged one, if one lies there: a whole one would not have been copied.
                    copy.name_replacing().map(|()| batch.push(&path, entry, id)).map_err(Into::into)
                }
                Ok(Brought::Bundle(Staged::Here { entry, id })) => {
                    batch.push(&path, entry, id);
                    Ok(())
                }
                Ok(Brought::Part) => {
                    parts.push(path.clone());
                    Ok(())
                }
                Ok(Brought::Foreign) => Ok(()),
                Ok(Brought::Bundle(Staged::Refused(reason))) => {
                    quarantine(&self.places, &self.carriers, &path, reason)
                        .and_then(|kept| Ok(Quarantined { named: self.named(&path)?, ..kept }))
                        .map(|kept| report(Outcome { path: path.clone(), fate: Fate::Quarantined(kept) }))
                }
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                // Of a copy that could not be named or removed something may lie there.
                self.strays = true;
                report(Outcome { path, fate: Fate::Failed(error) });
            }
        }
        self.log_batch(batch, now, report)?;
        Ok(parts)
    }

    /// The bundle here whose name a file has, as bundles are carried.
    fn named(&self, path: &Path) -> Result<Option<Digest>, IntakeError> {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(None) };
        let digits = name.split('.').next().unwrap_or_default();
        let bound = |filled: String| filled.parse::<Digest>().ok();
        let bounds = bound(format!("{digits:0<64}")).zip(bound(format!("{digits:f<64}")));
        let Some((from, to)) = bounds else { return Ok(None) };
        let found = self.ledger.bundle_between(&from, &to)?;
        Ok(found.filter(|id| carried_names(id, BUNDLE_ENDING).iter().any(|carried| carried == name)))
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
            // Whoever gave them their names, which may have been an earlier run that did not come so far.
            files::sync_dir(self.places.bundles().folder())?;
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
