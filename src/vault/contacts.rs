//! Contacts: organisations' cards, each confirmed once by eight words.
//!
//! A name is held by one card key. A card of another key under a held name is refused, so is one of a lower serial
//! number; and two different cards of one serial convict whoever signed them.

use serde::Serialize;

use super::{Vault, VaultError};
use crate::format::time::Time;

/// How a card's key was confirmed.
pub enum Confirm {
    /// By the eight words, or number groups, that were read out.
    Words(String),
    /// By saying yes, for scripts and for who compared otherwise.
    Yes,
}

/// A card as it lies before us, valid by itself and not yet trusted.
#[derive(Debug, Clone, Serialize)]
pub struct CardPreview {
    /// The name on the card.
    pub name: String,
    /// Its serial number.
    pub serial: u64,
    /// Its last day.
    pub valid_until: String,
    /// Whether that day has passed.
    pub expired: bool,
    /// How many officers must come together to open.
    pub threshold: usize,
    /// How many officers there are.
    pub officers: usize,
    /// The SHA-256 of the card, in hex: what the QR code shows.
    pub digest: String,
    /// The fingerprint of the card key, in hex.
    pub fingerprint: String,
    /// The eight words of the card key.
    pub words: String,
    /// The same as eight numbers, in groups of four digits.
    pub numbers: String,
    /// Whether this key is already a contact's: then no words need to be asked.
    pub known_as: Option<String>,
}

/// What happened to the contact list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactChange {
    /// A new contact.
    Added,
    /// A newer card of a key that was held already.
    Replaced,
    /// The very card that was held already.
    Unchanged,
}

/// What `contact add` did.
#[derive(Debug, Clone, Serialize)]
pub struct CardOutcome {
    /// The contact's name here.
    pub name: String,
    /// What happened.
    pub change: ContactChange,
    /// The card.
    pub card: CardPreview,
}

/// One line of the contact list.
#[derive(Debug, Clone, Serialize)]
pub struct ContactSummary {
    /// The contact's name here.
    pub name: String,
    /// The card's serial number.
    pub serial: u64,
    /// The card's last day.
    pub valid_until: String,
    /// Whether that day has passed.
    pub expired: bool,
    /// The eight words of its key.
    pub words: String,
}

/// One officer on a card.
#[derive(Debug, Clone, Serialize)]
pub struct OfficerView {
    /// The officer's place on the card, from 1.
    pub place: usize,
    /// The officer's age recipient.
    pub recipient: String,
}

/// Everything about one contact.
#[derive(Debug, Clone, Serialize)]
pub struct ContactView {
    /// The contact's name here.
    pub name: String,
    /// When it was added, RFC 3339.
    pub added: String,
    /// How the key was confirmed: `words` or `yes`.
    pub confirmed: String,
    /// The card.
    pub card: CardPreview,
    /// The log's verifier key.
    pub log: String,
    /// The officers, in card order.
    pub officers: Vec<OfficerView>,
}

impl Vault {
    /// What a card says, with the words to compare; checks the card itself, adds nothing.
    pub fn preview_card(&self, _card: &[u8], _now: Time) -> Result<CardPreview, VaultError> {
        todo!()
    }

    /// Adds an organisation's card, under its own name or another, once its key is confirmed.
    pub fn contact_add(
        &mut self,
        _card: &[u8],
        _confirm: Confirm,
        _as_name: Option<String>,
        _now: Time,
    ) -> Result<CardOutcome, VaultError> {
        todo!()
    }

    /// The contacts, by name.
    pub fn contact_list(&self, _now: Time) -> Result<Vec<ContactSummary>, VaultError> {
        todo!()
    }

    /// One contact.
    pub fn contact_show(&self, _name: &str, _now: Time) -> Result<ContactView, VaultError> {
        todo!()
    }
}
