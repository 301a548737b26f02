//! Sets of parts whose bundle came otherwise: whole, or cut to another size.
//!
//! The rest of such a set never comes, for its sender has a receipt and carries no more; so what is here of it is let go.
//! A set names the return recipient of its bundle, and the ledger knows that of each bundle; but anybody can name it.
//! So a set counts as a bundle's only where the bundle, cut as the set says, gives every slice that the set lists.

use std::fs::File;

use super::IntakeError;
use super::archive::Archive;
use super::ledger::BundleRow;
use super::parts::{HeldSet, sets};
use crate::bundle::volume::Set;
use crate::crypto::hash::Digest;

impl Archive {
    /// The bundle here of which this set is, if there is one; it is remembered.
    pub(super) fn came_otherwise(&mut self, set: &Set) -> Result<Option<BundleRow>, IntakeError> {
        let volume = set.volume();
        for row in self.ledger.bundles_to(volume.len(), &volume.recipient().to_string())? {
            if self.is_cut_from(set, &row.id) {
                self.ledger.note_set(&set.id(), &row.id)?;
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Lets go the sets that are of a bundle which was accepted now.
    pub(super) fn let_go_sets_of(&mut self, bundle: &Digest) -> Result<(), IntakeError> {
        let Some(row) = self.ledger.bundle(bundle)? else { return Ok(()) };
        for id in sets(&self.places)? {
            // One that is damaged is told where it is taken up.
            let Ok(Some(held)) = HeldSet::read(&self.places, &id) else { continue };
            let volume = held.set.volume();
            if volume.len() == row.bytes
                && volume.recipient().to_string() == row.recipient
                && self.is_cut_from(&held.set, bundle)
            {
                self.ledger.note_set(&id, bundle)?;
                self.remove_set(&id)?;
            }
        }
        Ok(())
    }

    /// Where the bundle cannot be read, the set may be all there is of it.
    fn is_cut_from(&self, set: &Set, bundle: &Digest) -> bool {
        let bundle = File::open(self.places.bundles().bundle(bundle));
        bundle.and_then(|bundle| set.is_cut_from(bundle)).unwrap_or(false)
    }
}
