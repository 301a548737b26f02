//! Strays: bundle files without a row in the ledger, left by an `accept` that was killed between the two. The next
//! one checks each again and takes it in.
//!
//! An archive may hold a million bundles, and to list them takes longer than to take one in. So a mark, the file
//! `settled`, says that there was none when the log had the head that is written in it: it is removed, and that made last,
//! before anything is written into `bundles/`, and made again when all of it has its row. Where it is missing, or of another
//! head, `bundles/` is looked through once.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::archive::{Archive, Places};
use super::batch::{BATCH_BUNDLES_MAX, Batch};
use super::ledger::Ledger;
use super::outcome::{Fate, Outcome};
use super::quarantine::quarantine;
use super::stored::{Unfit, check};
use crate::bundle::BundleError;
use crate::crypto::hash::Digest;
use crate::format::time::Time;
use crate::store::files;

impl Archive {
    /// Takes in every bundle file that has no row, unless it is known that there is none.
    pub(super) fn take_strays(
        &mut self,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        if !self.strays {
            return Ok(());
        }
        self.strays = false;
        let result = self.look_for_strays(now, report);
        self.strays |= result.is_err();
        result
    }

    /// Takes the mark away: from here on a kill leaves a stray.
    pub(super) fn unsettle(&self) -> Result<(), IntakeError> {
        let mark = self.places.settled();
        if mark.exists() {
            return Ok(files::remove(&mark)?);
        }
        // Whoever removed it may have been stopped before that was last.
        Ok(files::sync_dir(self.root())?)
    }

    /// Whether the mark is there, of the log as it is now: not of one that was put back, or that an older program has added
    /// to.
    pub(super) fn is_settled(places: &Places, ledger: &Ledger) -> Result<bool, IntakeError> {
        let text = mark_of(ledger)?;
        Ok(fs::read(places.settled()).is_ok_and(|mark| mark == text))
    }

    /// Makes the mark, if all that lies in `bundles/` has its row. One that cannot be made, or is not synced when the power
    /// fails, costs a look: what was taken in is taken in all the same.
    pub(super) fn mark_settled(&self) {
        let mark = self.places.settled();
        let Ok(text) = mark_of(&self.ledger) else { return };
        if self.strays || fs::read(&mark).is_ok_and(|there| there == text) || files::remove(&mark).is_err() {
            return;
        }
        if let Ok(mut file) = files::create(&mark) {
            let _ = file.write_all(&text);
            // No file tells the hour when something came.
            let _ = files::undate(&file, &mark);
        }
    }

    fn look_for_strays(&mut self, now: Time, report: &mut dyn FnMut(Outcome)) -> Result<(), IntakeError> {
        let mut strays = Vec::new();
        self.each_bundle_file(|id, path| {
            if self.ledger.bundle(&id)?.is_none() {
                strays.push((id, path));
            }
            Ok(())
        })?;
        strays.sort();
        for strays in strays.chunks(BATCH_BUNDLES_MAX) {
            let mut batch = Batch::default();
            for (id, path) in strays {
                match check(path, id) {
                    Ok(entry) => batch.push(path, entry, *id),
                    Err(Unfit::Refused(reason)) => {
                        let fate = self.put_aside(path, reason).unwrap_or_else(Fate::Failed);
                        self.strays |= path.symlink_metadata().is_ok();
                        report(Outcome { path: path.clone(), fate });
                    }
                    Err(Unfit::Unread(error)) => {
                        self.strays = true;
                        report(Outcome { path: path.clone(), fate: Fate::Failed(error) });
                    }
                }
            }
            self.log_batch(batch, now, report)?;
        }
        Ok(())
    }

    fn each_bundle_file(
        &self,
        mut visit: impl FnMut(Digest, PathBuf) -> Result<(), IntakeError>,
    ) -> Result<(), IntakeError> {
        let shelf = self.places.bundles();
        let folder = shelf.folder();
        let trouble = |error| IntakeError::source(folder, error);
        for entry in fs::read_dir(folder).map_err(trouble)? {
            let path = entry.map_err(trouble)?.path();
            if let Some(id) = id_of(&path) {
                visit(id, path)?;
            }
        }
        Ok(())
    }

    /// A stray that does not hold goes to quarantine; it was never accepted.
    fn put_aside(&self, path: &Path, reason: BundleError) -> Result<Fate, IntakeError> {
        let kept = quarantine(&self.places, &self.carriers, path, reason)?;
        if kept.copy.is_some() {
            files::remove(path)?;
        }
        Ok(Fate::Quarantined(kept))
    }
}

/// The id in the name `<id>.bundle`.
pub(super) fn id_of(path: &Path) -> Option<Digest> {
    let is_bundle = path.extension() == Some(OsStr::new("bundle"));
    path.file_stem().filter(|_| is_bundle)?.to_str()?.parse().ok()
}

/// What stands in the mark: the head of the log, without its signatures.
fn mark_of(ledger: &Ledger) -> Result<Vec<u8>, IntakeError> {
    let (_, note) = ledger.head()?;
    let text = note.split_once("\n\n").map_or(note.as_str(), |(text, _)| text);
    Ok(format!("{text}\n").into_bytes())
}
