//! Making a compartment and opening one.
//!
//! A vault folder holds compartments under random names. A passphrase selects its compartment by opening it, so two
//! contributors may never have the same passphrase; and whatever goes wrong on the way in is one refusal.

use std::path::Path;

use serde::Serialize;

use super::VaultError;
use crate::crypto::keyslot::{CompartmentId, KdfParams};
use crate::crypto::secret::Passphrase;
use crate::format::time::Time;

/// One contributor's part of a vault, unlocked: dropping it locks it again.
pub struct Vault {}

/// One part of a vault, as anyone sees it who has the folder and, once unlocked, its label and language.
#[derive(Debug, Clone, Serialize)]
pub struct PartView {
    /// The compartment's random id.
    pub part: String,
    /// The label given at `init`; it never leaves the vault.
    pub label: Option<String>,
    /// The language chosen at `init`.
    pub lang: String,
}

impl Vault {
    /// Whether this folder holds a vault.
    pub fn is_vault(_root: &Path) -> bool {
        todo!()
    }

    /// The ids of the compartments in this vault, sorted.
    pub fn parts(_root: &Path) -> Result<Vec<CompartmentId>, VaultError> {
        todo!()
    }

    /// Makes a new compartment, also in a folder that holds others already, and returns it unlocked.
    ///
    /// Refuses a passphrase that opens another compartment: the passphrase selects the part.
    pub fn init(
        _root: &Path,
        _passphrase: &Passphrase,
        _kdf: KdfParams,
        _label: Option<String>,
        _lang: &str,
        _now: Time,
    ) -> Result<Vault, VaultError> {
        todo!()
    }

    /// Opens the named compartment, or the one that the passphrase opens.
    pub fn unlock(
        _root: &Path,
        _part: Option<CompartmentId>,
        _passphrase: &Passphrase,
    ) -> Result<Vault, VaultError> {
        todo!()
    }

    /// This part's id, label and language.
    pub fn about(&self) -> Result<PartView, VaultError> {
        todo!()
    }

    /// The language chosen at `init`, as a tag.
    pub fn lang(&self) -> Result<String, VaultError> {
        todo!()
    }
}
