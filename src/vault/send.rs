//! Sealing items to an organisation's card.
//!
//! Whoever seals vouches for the items with keys that only this organisation sees, because they are derived for its
//! card key. The one-time keys of the outside are gone when sealing ends; only the return identity stays, until the
//! bundle is acknowledged and forgotten. The sealed bundle waits in the outbox, itself sealed, so that a locked
//! laptop cannot be matched with a stick that was intercepted.

use serde::Serialize;

use super::{Progress, Vault, VaultError};
use crate::format::time::Time;

/// What to seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These items.
    Items(Vec<u64>),
    /// Every own item that was not yet sealed to this contact.
    AllUnsealed,
}

/// What `seal` made.
#[derive(Debug, Clone, Serialize)]
pub struct SealOutcome {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// The items in it.
    pub items: Vec<u64>,
    /// The bundle's size.
    pub bytes: u64,
}

impl Vault {
    /// The own items not yet sealed to this contact: what [`Selection::AllUnsealed`] would take.
    pub fn unsealed(&self, _to: &str) -> Result<Vec<super::ItemSummary>, VaultError> {
        todo!()
    }

    /// Seals items to a contact's card; the bundle waits in the outbox.
    pub fn seal(
        &mut self,
        _selection: Selection,
        _to: &str,
        _now: Time,
        _progress: &mut dyn Progress,
    ) -> Result<SealOutcome, VaultError> {
        todo!()
    }
}
