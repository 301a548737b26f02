//! Sealing items to an organisation's card, and carrying the bundles out.
//!
//! A sealed bundle waits in the outbox, itself sealed, so that a locked laptop cannot be matched with a stick that
//! was intercepted. `export` writes every bundle that is not yet acknowledged, reads it back from the medium and
//! checks it before it says done.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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

/// How far a delivery came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// Sealed; it lies in the outbox.
    Sealed,
    /// Written to a medium at least once.
    Carried,
    /// The organisation's receipt is held.
    Received,
}

/// One delivery.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryView {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// How far it came.
    pub state: DeliveryState,
    /// When it was sealed, RFC 3339.
    pub sealed_at: String,
    /// The items in it.
    pub items: Vec<u64>,
    /// The bundle's size.
    pub bytes: u64,
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

/// What `export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportOutcome {
    /// The bundles that now lie in the folder, each read back and verified.
    pub bundles: Vec<Exported>,
}

/// One bundle on a medium.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it lay there already, whole.
    pub already: bool,
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

    /// Writes every bundle without a receipt into `dir`, reads each back and verifies it.
    pub fn export(
        &mut self,
        _dir: &Path,
        _now: Time,
        _progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        todo!()
    }
}
