//! An officer opens a bundle: every check first, then everything enters in one transaction.
//!
//! With a threshold of one the bundle opens at once. With more, each officer takes off a layer and passes a small
//! file on; nobody ever holds a joint key.

use std::path::Path;

use serde::Serialize;

use super::{Progress, Vault, VaultError};
use crate::format::time::Time;

/// What came of opening a bundle.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum OpenOutcome {
    /// It is open, and its items are in this vault.
    TakenIn(TakenIn),
    /// Our layer is off; others must go on with what we pass on.
    PassOn(PassOnView),
    /// Others must begin, or go before us.
    OthersMustBegin {
        /// Who, in card order.
        who: Vec<OtherOfficer>,
    },
}

/// What entered the vault.
#[derive(Debug, Clone, Serialize)]
pub struct TakenIn {
    /// The bundle's id.
    pub bundle: String,
    /// The new items' numbers, in the bundle's order.
    pub items: Vec<u64>,
    /// The author key as eight words.
    pub author_words: String,
    /// The author key's fingerprint, in hex.
    pub author: String,
    /// The name on the card it was sealed to.
    pub card_name: String,
    /// Whether it had been taken in before: then nothing changed.
    pub already: bool,
}

/// What is passed on to the next officer.
#[derive(Debug, Clone, Serialize)]
pub struct PassOnView {
    /// The bundle's id.
    pub bundle: String,
    /// The file to hand on, together with the bundle.
    #[serde(skip)]
    pub file: Vec<u8>,
    /// Who may go on with it.
    pub next: Vec<OtherOfficer>,
}

/// Another officer, as far as this vault knows.
#[derive(Debug, Clone, Serialize)]
pub struct OtherOfficer {
    /// The officer's place on the card, from 1.
    pub place: usize,
    /// The officer's age recipient, when the card is held here.
    pub recipient: Option<String>,
}

impl Vault {
    /// Opens a bundle as an officer, with what another officer passed on if there is such.
    pub fn open_bundle(
        &mut self,
        _bundle: &Path,
        _with: Option<&[u8]>,
        _now: Time,
        _progress: &mut dyn Progress,
    ) -> Result<OpenOutcome, VaultError> {
        todo!()
    }
}
