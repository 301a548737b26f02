//! What a card says and what it changes, for whoever is about to sign or to trust it.
//!
//! A desk drafts the cards and carries them, so a desk that was taken over could slip in an officer of its own, lower
//! the threshold, or name another log. Whoever signs or takes a card therefore sees every officer as eight words, and
//! what differs from the card before it. The words are of the whole line, recipient and signing keys together, so
//! that an officer's keys under another's recipient are another officer.

use serde::Serialize;

use super::contacts::{self, held_card};
use super::{CardProblem, Vault, VaultError};
use crate::crypto::{Digest, words};
use crate::format::card::{Card, Draft, OfficerLine, Terms};

/// How an officer stands between two cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfficerChange {
    /// On this card, and there is no earlier one.
    First,
    /// On both.
    Same,
    /// On this card and not on the earlier one.
    New,
    /// On the earlier card and not on this one.
    Gone,
}

/// One officer of a card, to be compared.
#[derive(Debug, Clone, Serialize)]
pub struct OfficerWords {
    /// The eight words of the officer's line.
    pub words: String,
    /// How the officer stands between this card and the earlier one.
    pub change: OfficerChange,
    /// Whether it is the officer of this vault.
    pub own: bool,
}

/// What a card says beside the card before it.
#[derive(Debug, Clone, Serialize)]
pub struct CardReview {
    /// The name on the card.
    pub name: String,
    /// Its serial number.
    pub serial: u64,
    /// The serial number of the earlier card, if one is held.
    pub earlier: Option<u64>,
    /// How many officers must come together to open.
    pub threshold: usize,
    /// The same on the earlier card.
    pub threshold_before: Option<usize>,
    /// The officers in card order, then those who are gone.
    pub officers: Vec<OfficerWords>,
    /// The log's verifier key.
    pub log: String,
    /// Whether the earlier card named another log, or other witnesses of it.
    pub log_changed: bool,
}

impl CardReview {
    pub(super) fn of(terms: &Terms, before: Option<&Terms>, own: &OfficerLine) -> CardReview {
        let view = |officer: &OfficerLine, change| OfficerWords {
            words: officer_words(officer),
            change,
            own: officer == own,
        };
        let change = |officer| match before {
            None => OfficerChange::First,
            Some(before) if before.officers.contains(officer) => OfficerChange::Same,
            Some(_) => OfficerChange::New,
        };
        let gone = before.into_iter().flat_map(|before| &before.officers);
        let gone = gone.filter(|officer| !terms.officers.contains(officer));
        CardReview {
            name: terms.name.clone(),
            serial: terms.serial,
            earlier: before.map(|before| before.serial),
            threshold: terms.threshold,
            threshold_before: before.map(|before| before.threshold),
            officers: (terms.officers.iter().map(|officer| view(officer, change(officer))))
                .chain(gone.map(|officer| view(officer, OfficerChange::Gone)))
                .collect(),
            log: terms.log.to_string(),
            log_changed: before
                .is_some_and(|before| before.log != terms.log || before.policy != terms.policy),
        }
    }

    /// How many officers stand on the card.
    pub fn officers_now(&self) -> usize {
        self.officers.iter().filter(|officer| officer.change != OfficerChange::Gone).count()
    }

    /// Whether this vault's officer stands on the card, keys and recipient.
    pub fn names_us(&self) -> bool {
        self.officers.iter().any(|officer| officer.own && officer.change != OfficerChange::Gone)
    }

    /// Whether the officers, the threshold or the log are others than on the earlier card.
    pub fn differs(&self) -> bool {
        let moved =
            |officer: &OfficerWords| matches!(officer.change, OfficerChange::New | OfficerChange::Gone);
        let threshold = self.threshold_before.is_some_and(|before| before != self.threshold);
        threshold || self.log_changed || self.officers.iter().any(moved)
    }
}

impl Vault {
    /// The eight words of this officer's line: what another officer compares before signing a card with it.
    pub fn recipient_words(&self) -> String {
        officer_words(&self.officer_line())
    }

    /// What a draft says, beside the newest card that was signed here; signs nothing.
    pub fn review_draft(&self, draft: &[u8]) -> Result<CardReview, VaultError> {
        let draft = Draft::parse(draft).map_err(|error| CardProblem::Invalid(error.to_string()))?;
        let before = self.newest_own_card()?;
        Ok(CardReview::of(draft.terms(), before.as_ref().map(Card::terms), &self.officer_line()))
    }

    /// What a card says beside the newest one held of its key, or of the key it succeeds; `None` if no such card is
    /// held. Adds nothing.
    pub fn review_card(&self, card: &[u8]) -> Result<Option<CardReview>, VaultError> {
        let card = contacts::parse(card)?;
        let mut held = Vec::new();
        for contact in self.contacts()? {
            let other = held_card(&contact.card)?;
            if other.key() == card.key() || Some(other.key()) == card.formerly() {
                held.push(other);
            }
        }
        let before = held.into_iter().max_by_key(Card::serial);
        Ok(before.map(|before| CardReview::of(card.terms(), Some(before.terms()), &self.officer_line())))
    }
}

pub(super) fn officer_words(officer: &OfficerLine) -> String {
    words::eight_words(&Digest::of(officer.to_string().as_bytes())).join(" ")
}
