//! Accepting: sources are staged, get their names, and then one transaction makes them accepted.
//!
//! The order is what makes a kill harmless: a bundle is copied and synced under a temporary name, renamed to its
//! id, and only then written into the ledger with its leaf and a checkpoint. Between the last two steps it is a
//! bundle without a row, which the next `accept` finds and takes in.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::archive::Archive;
use super::batch::BATCH_BUNDLES_MAX;
use super::events::looks_like_events;
use super::gather::gather;
use super::outcome::{Fate, Outcome};
use super::stage::stage;
use super::{IntakeError, cards};
use crate::format::time::Time;

impl Archive {
    /// Takes in files, and folders of bundles and parts, as they are or disguised under a key that is held. Each source is
    /// reported once its fate is settled; a source that fails does not keep the others from being taken. An `Err` is about
    /// the archive itself: what was not reported by then was not accepted.
    pub fn accept(
        &mut self,
        paths: &[PathBuf],
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let result = self.accept_all(paths, now, stop, report);
        // Something may have its name by now and no row.
        self.strays |= result.is_err();
        result
    }

    fn accept_all(
        &mut self,
        paths: &[PathBuf],
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        self.take_strays(now, report)?;
        self.take_whole_sets(now, stop, report)?;
        let mut files = Vec::new();
        for path in paths {
            if cards::looks_like_a_card(path) {
                let fate = self.accept_card(path, now).unwrap_or_else(Fate::Failed);
                report(Outcome { path: path.clone(), fate });
                continue;
            }
            let gathered = gather(path, None);
            for file in gathered.files {
                if looks_like_events(&file.path, file.named) {
                    let fate = self.accept_events(&file.path, now).unwrap_or_else(Fate::Failed);
                    report(Outcome { path: file.path, fate });
                } else if file.named || self.carriers.know(&file.path) {
                    files.push(file.path);
                }
            }
            for (path, error) in gathered.troubles {
                report(Outcome { path, fate: Fate::Failed(error) });
            }
        }
        if !files.is_empty() {
            self.unsettle()?;
        }
        for batch in files.chunks(BATCH_BUNDLES_MAX) {
            if stop.load(Ordering::Relaxed) {
                return Err(IntakeError::Stopped);
            }
            let shelf = self.places.bundles();
            let staged = batch.iter().map(|path| (path.clone(), stage(&shelf, &self.carriers, path, stop)));
            let staged = staged.collect();
            self.settle(staged, now, stop, report)?;
        }
        self.mark_settled();
        Ok(())
    }
}
