//! Receipts coming home, and where every delivery stands.
//!
//! On a medium receipts lie sealed, randomly named and mixed with others': each is tried with every return identity
//! held, and what is not ours is passed over calmly. A receipt counts only under the log key of the card sealed to.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{DeliveryView, Vault, VaultError};
use crate::format::time::Time;

/// What `receipt add` did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptOutcome {
    /// Ids of the bundles that are acknowledged now.
    pub received: Vec<String>,
    /// Ids of bundles whose receipt was held already.
    pub already: Vec<String>,
    /// How many files are not ours.
    pub skipped: usize,
}

/// What `receipt export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptExportOutcome {
    /// The plain receipts written, for auditors.
    pub files: Vec<PathBuf>,
}

/// Where everything stands.
#[derive(Debug, Clone, Serialize)]
pub struct StatusView {
    /// Every delivery, newest first.
    pub deliveries: Vec<DeliveryView>,
    /// Own items that were sealed to no one yet.
    pub unsealed: u64,
    /// Drafts waiting.
    pub drafts: u64,
    /// All items.
    pub items: u64,
}

impl Vault {
    /// Takes in receipts, sealed or plain; others' are counted and skipped.
    pub fn receipt_add(&mut self, _files: &[PathBuf], _now: Time) -> Result<ReceiptOutcome, VaultError> {
        todo!()
    }

    /// Writes the receipts held, in plain, for auditors.
    pub fn receipt_export(&self, _dir: &Path) -> Result<ReceiptExportOutcome, VaultError> {
        todo!()
    }

    /// Where everything stands.
    pub fn status(&self) -> Result<StatusView, VaultError> {
        todo!()
    }
}
