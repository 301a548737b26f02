//! An officer's vault: the line for a card draft, the card key, the identity as a file.
//!
//! All of an officer's keys come from the seed, each by a purpose of its own, so nothing here is stored.

use std::path::Path;

use serde::Serialize;

use super::contacts::{self, compare_serials, held_card};
use super::rows::OwnCard;
use super::{CardProblem, Vault, VaultError};
use crate::crypto::{Identity, KeyPair, Secret, words};
use crate::custody::Event;
use crate::format::card::{Card, Draft, OfficerLine};
use crate::format::time::Time;
use crate::store::files;

/// The purpose of an officer's age identity.
const IDENTITY_PURPOSE: &str = "sanduq/officer-age/1";

/// The role of an officer's signing keys.
const OFFICER_ROLE: &str = "officer";

/// The role of the keys that sign an organisation's cards.
const CARD_ROLE: &str = "card";

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
    pub fn recipient_line(&self) -> String {
        self.officer_line().to_string()
    }

    /// Writes this officer's age identity to a new file, so that stock age opens what we open.
    ///
    /// Whoever reads that file opens what this officer opens. **Never** leave it on a shared machine.
    pub fn identity_to(&mut self, path: &Path, now: Time) -> Result<(), VaultError> {
        let secret = self.identity().to_secret_string();
        let mut text = Secret::new(String::with_capacity(secret.expose().len() + 1));
        text.expose_mut().push_str(secret.expose());
        text.expose_mut().push('\n');
        // An entry without a file is a question to ask; a file without an entry would be a copy that nobody knows of.
        let officer = self.officer_keys().public().fingerprint();
        self.begin()?.commit(Event::Identity { officer }, now)?;
        Ok(files::write_new(path, text.expose().as_bytes())?)
    }

    /// Signs a card draft with this vault's card key and keeps the card as our own.
    ///
    /// Refuses a serial number that was signed before with other words, or a lower one: two cards of one serial
    /// convict whoever signed them. The same draft gives the same card again.
    pub fn sign_card(&mut self, draft: &[u8], now: Time) -> Result<SignedCard, VaultError> {
        let draft = Draft::parse(draft).map_err(|error| CardProblem::Invalid(error.to_string()))?;
        let card = draft.sign(&self.card_key());
        contacts::check_valid(&card, now)?;
        match self.newest_own_card()? {
            Some(held) if held.terms() == card.terms() => return Ok(signed(&held)),
            Some(held) => compare_serials(&held, &card)?,
            None => {}
        }
        let mut change = self.begin()?;
        change.put(&OwnCard { serial: card.serial(), card: contacts::text_of(&card), signed: now })?;
        change.commit(Event::Sign { card: card.digest() }, now)?;
        Ok(signed(&card))
    }

    /// This officer's age identity.
    pub(super) fn identity(&self) -> Identity {
        Identity::from_seed(&self.seed.derive(IDENTITY_PURPOSE, &[]))
    }

    /// This officer's signing keys.
    pub(super) fn officer_keys(&self) -> KeyPair {
        KeyPair::derive(&self.seed, OFFICER_ROLE, &[])
    }

    pub(super) fn officer_line(&self) -> OfficerLine {
        let keys = self.officer_keys();
        OfficerLine { recipient: self.identity().to_recipient(), keys: keys.public() }
    }

    fn card_key(&self) -> KeyPair {
        KeyPair::derive(&self.seed, CARD_ROLE, &[])
    }

    pub(super) fn newest_own_card(&self) -> Result<Option<Card>, VaultError> {
        let newest = self.store.page::<OwnCard>(None, 1)?.pop();
        newest.map(|row| held_card(&row.card)).transpose()
    }
}

fn signed(card: &Card) -> SignedCard {
    let fingerprint = card.fingerprint();
    SignedCard {
        text: contacts::text_of(card),
        digest: card.digest().to_string(),
        words: words::eight_words(&fingerprint).join(" "),
        numbers: contacts::numbers(&fingerprint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{KdfParams, Passphrase};
    use crate::vault::rows::CustodyRow;

    /// The identity was written, then the disk was full and the entry was not: a copy of the key of which the chain
    /// of custody knew nothing.
    #[test]
    fn an_identity_is_in_the_chain_of_custody_before_it_is_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let passphrase = Passphrase::from("an invented passphrase");
        let now: Time = "2026-11-23T18:40:00Z".parse().unwrap();
        let root = dir.path().join("vault");
        let mut vault = Vault::init(&root, &passphrase, KdfParams::FLOOR, None, "en", now).unwrap();
        assert!(vault.identity_to(&dir.path().join("missing").join("key"), now).is_err());
        let rows = vault.store.all::<CustodyRow>().unwrap();
        assert!(matches!(&rows[..], [row] if row.line.contains(" identity ")), "{rows:?}");
    }
}
