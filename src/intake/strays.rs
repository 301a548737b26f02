//! Strays: bundle files without a row in the ledger, left by an `accept` that was killed between the two. The next
//! one checks each again and takes it in.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::archive::Archive;
use super::batch::{BATCH_BUNDLES_MAX, Batch};
use super::outcome::{Fate, Outcome};
use super::quarantine::quarantine;
use super::stored::{Unfit, check};
use crate::bundle::BundleError;
use crate::crypto::hash::Digest;
use crate::format::time::Time;
use crate::store::files;

impl Archive {
    /// Takes in every bundle file that has no row. Where the numbers agree there is none, and no name is looked up.
    pub(super) fn take_strays(
        &mut self,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let mut files = 0;
        self.each_bundle_file(|_, _| {
            files += 1;
            Ok(())
        })?;
        if files <= self.ledger.bundle_count()? {
            return Ok(());
        }
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
                        report(Outcome { path: path.clone(), fate });
                    }
                    Err(Unfit::Unread(error)) => {
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
