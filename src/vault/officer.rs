//! An officer's vault: the line for a card draft, the card key, the identity as a file.
//!
//! All of an officer's keys come from the seed, each by a purpose of its own, so nothing here is stored.

use std::path::Path;

use serde::Serialize;

use super::{Vault, VaultError};
use crate::format::time::Time;

/// A card that was just signed.
#[derive(Debug, Clone, Serialize)]
pub struct SignedCard {
    /// The card, as it is to be written.
    pub text: String,
    /// Its SHA-256, in hex.
    pub digest: String,
    /// The eight words of the card key: what is read out to contributors.
    pub words: String,
    /// The same as numbers.
    pub numbers: String,
}

impl Vault {
    /// What goes into a card draft for this officer: recipient and signing keys on one line.
    pub fn recipient_line(&self) -> Result<String, VaultError> {
        todo!()
    }

    /// Writes this officer's age identity to a new file, so that stock age opens what we open.
    ///
    /// Whoever reads that file opens what this officer opens. **Never** leave it on a shared machine.
    pub fn identity_to(&mut self, _path: &Path, _now: Time) -> Result<(), VaultError> {
        todo!()
    }

    /// Signs a card draft with this vault's card key and keeps the card as our own.
    pub fn sign_card(&mut self, _draft: &[u8], _now: Time) -> Result<SignedCard, VaultError> {
        todo!()
    }
}
