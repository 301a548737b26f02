//! Sets of parts whose bundle came otherwise: whole, or cut to another size.
//!
//! The rest of such a set never comes, for its sender has a receipt and carries no more; so what is here of it is let go.
//! A set names the return recipient of its bundle, and the ledger knows that of each bundle; but anybody can name it. So a
//! set counts as a bundle's only where a slice that it lists is what the bundle has at that place: no two bundles have one.
//! That costs no more than whoever brought the slice paid for it.

use std::fs::File;
use std::io::BufReader;

use super::IntakeError;
use super::archive::Archive;
use super::ledger::BundleRow;
use super::parts::{HeldSet, sets};
use super::source::Source;
use crate::bundle::volume::{Part, Set};
use crate::crypto::hash::Digest;

impl Archive {
    /// The bundle here of whose set this part is, if there is one and the part holds.
    pub(super) fn came_otherwise(
        &self,
        part: Part<BufReader<Source>>,
    ) -> Result<Option<BundleRow>, IntakeError> {
        let (volume, number) = (part.set().volume().clone(), part.number());
        let rows = self.ledger.bundles_to(volume.len(), &volume.recipient().to_string())?;
        if rows.is_empty() {
            return Ok(None);
        }
        let Ok(set) = part.copy(&mut |_| Ok(())) else { return Ok(None) };
        Ok(rows.into_iter().find(|row| self.has_slice(&row.id, &set, number)))
    }

    /// Lets go the sets that are of a bundle which was accepted now.
    pub(super) fn let_go_sets_of(&mut self, bundle: &Digest) -> Result<(), IntakeError> {
        let Some(row) = self.ledger.bundle(bundle)? else { return Ok(()) };
        for id in sets(&self.places)? {
            // One that is damaged is told where it is taken up.
            let Ok(Some(held)) = HeldSet::read(&self.places, &id) else { continue };
            let volume = held.set.volume();
            let part = held.there.first().copied();
            if volume.len() == row.bytes
                && volume.recipient().to_string() == row.recipient
                && part.is_some_and(|part| self.has_slice(bundle, &held.set, part))
            {
                self.ledger.note_set(&id, bundle)?;
                self.remove_set(&id)?;
            }
        }
        Ok(())
    }

    /// Whether a bundle has this slice; in place of parity, which says nothing by itself, the first one. Where the bundle
    /// cannot be read, the set may be all there is of it.
    fn has_slice(&self, bundle: &Digest, set: &Set, part: u16) -> bool {
        let slice = if set.volume().is_slice(part) { part } else { 1 };
        let bundle = File::open(self.places.bundles().bundle(bundle));
        bundle.and_then(|bundle| set.is_slice_of(slice, bundle)).unwrap_or(false)
    }
}
