//! Contacts: organisations' cards, each confirmed once by eight words.
//!
//! A name is held by one card key, and so is every name that looks like it. A card of another key under a held name is refused, unless the key held signed it
//! too; so is one of a lower serial number; and two different cards of one serial convict whoever signed them.

use serde::Serialize;

use super::card_review::{CardReview, officer_words};
use super::rows::{Confirmed, Contact, Delivery};
use super::{CardProblem, Vault, VaultError};
use crate::crypto::{Digest, words};
use crate::custody::Event;
use crate::evidence::search::squeezed;
use crate::format::card::Card;
use crate::format::text;
use crate::format::time::Time;

/// Bytes of a contact's name.
const NAME_BYTES_MAX: usize = 200;

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

/// Why a card that came by itself is not taken without a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardDoubt {
    /// It is by another key, which the key held vouches for.
    OtherKey,
    /// Its officers, their needed number or its log are others than before.
    Differs,
}

/// What a card that came in a letter is to the contact it came from.
#[derive(Debug)]
pub(super) enum CardCame {
    /// A newer one by the same key, and the contact with it.
    Newer(Contact),
    /// The one held, an older one, or one that has expired.
    Known,
    /// One that a person has to look at.
    Doubted(CardDoubt),
    /// Another one of the serial number held: its owner signed both.
    Twice(CardProblem),
    /// One by a key that has nothing to do with the contact.
    Foreign,
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
    /// The eight words of the officer's line, by which officers know each other.
    pub words: String,
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
    pub fn preview_card(&self, card: &[u8], now: Time) -> Result<CardPreview, VaultError> {
        let card = parse(card)?;
        let known = self.contacts_with_key(&card)?.into_iter().next();
        Ok(preview(&card, known.map(|contact| contact.name), now))
    }

    /// Adds an organisation's card, under its own name or another, once its key is confirmed.
    pub fn contact_add(
        &mut self,
        card: &[u8],
        confirm: Confirm,
        as_name: Option<String>,
        now: Time,
    ) -> Result<CardOutcome, VaultError> {
        let card = parse(card)?;
        check_valid(&card, now)?;
        let name = checked_name(as_name.unwrap_or_else(|| card.name().to_owned()))?;
        let held = self.held_alike(&name)?;
        let name = held.as_ref().map_or(name, |held| held.name.clone());
        let change = self.compare_with_held(held.as_ref(), &card)?;
        let confirmed = confirmed(&card, &confirm)?;
        if change != ContactChange::Unchanged {
            let first_key = match held {
                Some(held) => held.first_key,
                None => self.first_key(&card)?,
            };
            let contact =
                Contact { name: name.clone(), card: text_of(&card), first_key, confirmed, added: now };
            let mut changes = self.begin()?;
            changes.put(&contact)?;
            changes.commit(Event::Contact { card: card.digest() }, now)?;
        }
        Ok(CardOutcome { card: preview(&card, Some(name.clone()), now), name, change })
    }

    /// The contacts, by name.
    pub fn contact_list(&self, now: Time) -> Result<Vec<ContactSummary>, VaultError> {
        let mut list = Vec::new();
        for contact in self.contacts()? {
            list.push(summary(&contact, now)?);
        }
        list.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(list)
    }

    /// One contact.
    pub fn contact_show(&self, name: &str, now: Time) -> Result<ContactView, VaultError> {
        let contact = self.contact(name)?;
        let card = held_card(&contact.card)?;
        let officers = card.officers().iter().zip(1..);
        Ok(ContactView {
            added: contact.added.to_string(),
            confirmed: match contact.confirmed {
                Confirmed::Words => "words".to_owned(),
                Confirmed::Yes => "yes".to_owned(),
            },
            log: card.log_key().to_string(),
            officers: officers
                .map(|(officer, place)| OfficerView {
                    place,
                    recipient: officer.recipient.to_string(),
                    words: officer_words(officer),
                })
                .collect(),
            card: preview(&card, Some(contact.name.clone()), now),
            name: contact.name,
        })
    }

    /// What a card is that came in a letter about a bundle to this contact. Changes nothing.
    pub(super) fn card_came(&self, held: &Contact, card: &Card, now: Time) -> Result<CardCame, VaultError> {
        let before = held_card(&held.card)?;
        if before.key() != card.key() {
            let (follows, precedes) =
                (card.formerly() == Some(before.key()), before.formerly() == Some(card.key()));
            return Ok(match (follows, precedes) {
                (true, _) if !card.has_expired(now.date()) => CardCame::Doubted(CardDoubt::OtherKey),
                (false, false) => CardCame::Foreign,
                _ => CardCame::Known,
            });
        }
        match self.compare_with_held(Some(held), card) {
            Err(VaultError::Card(problem @ CardProblem::TwoCardsOfOneSerial { .. })) => {
                return Ok(CardCame::Twice(problem));
            }
            Err(VaultError::Card(CardProblem::LowerSerial { .. })) | Ok(ContactChange::Unchanged) => {
                return Ok(CardCame::Known);
            }
            Err(error) => return Err(error),
            Ok(_) if card.has_expired(now.date()) => return Ok(CardCame::Known),
            Ok(_) => {}
        }
        if CardReview::of(card.terms(), Some(before.terms()), &self.officer_line()).differs() {
            return Ok(CardCame::Doubted(CardDoubt::Differs));
        }
        Ok(CardCame::Newer(Contact { card: text_of(card), added: now, ..held.clone() }))
    }

    /// Forgets a contact, so that nothing here names the organisation any more: everything that stays is written anew, as
    /// when an item is forgotten. Refused as long as a delivery to it is listed.
    pub fn contact_remove(&mut self, name: &str) -> Result<(), VaultError> {
        let contact = self.contact(name)?;
        if self.store.all::<Delivery>()?.iter().any(|delivery| delivery.to == contact.name) {
            return Err(VaultError::ContactInUse { name: contact.name });
        }
        self.renewed(|change| change.delete::<Contact>(contact.name.as_bytes()))
    }

    /// All contacts.
    pub(super) fn contacts(&self) -> Result<Vec<Contact>, VaultError> {
        Ok(self.store.all::<Contact>()?)
    }

    /// The contact of this name.
    pub(super) fn contact(&self, name: &str) -> Result<Contact, VaultError> {
        let contact = self.store.get::<Contact>(name.as_bytes())?;
        contact.ok_or_else(|| VaultError::NoContact { name: name.to_owned() })
    }

    /// What the own keys for an organisation are derived with: the key under which any name for it came first. So one
    /// organisation held under two names knows one author.
    fn first_key(&self, card: &Card) -> Result<Digest, VaultError> {
        for contact in self.contacts()? {
            let held = held_card(&contact.card)?;
            if [Some(held.key()), held.formerly()].contains(&Some(card.key()))
                || card.formerly() == Some(held.key())
            {
                return Ok(contact.first_key);
            }
        }
        Ok(card.fingerprint())
    }

    /// What this card would do beside or in place of the one held under its name, or why it may not.
    fn compare_with_held(&self, held: Option<&Contact>, card: &Card) -> Result<ContactChange, VaultError> {
        for other in self.contacts_with_key(card)? {
            compare_serials(&held_card(&other.card)?, card)?;
        }
        let Some(held) = held else { return Ok(ContactChange::Added) };
        let held_card = held_card(&held.card)?;
        if held_card.digest() == card.digest() {
            return Ok(ContactChange::Unchanged);
        }
        if held_card.key() != card.key() && card.formerly() != Some(held_card.key()) {
            return Err(CardProblem::OtherKey { name: held.name.clone() }.into());
        }
        compare_serials(&held_card, card)?;
        Ok(ContactChange::Replaced)
    }

    /// The contact of this name, or of one that a person would take for it: other forms of the same letters and
    /// digits, marks that fall away, spaces.
    fn held_alike(&self, name: &str) -> Result<Option<Contact>, VaultError> {
        if let Some(exact) = self.store.get::<Contact>(name.as_bytes())? {
            return Ok(Some(exact));
        }
        let form = squeezed(name);
        Ok(self.contacts()?.into_iter().find(|contact| squeezed(&contact.name) == form))
    }

    fn contacts_with_key(&self, card: &Card) -> Result<Vec<Contact>, VaultError> {
        let mut same = Vec::new();
        for contact in self.store.all::<Contact>()? {
            if held_card(&contact.card)?.fingerprint() == card.fingerprint() {
                same.push(contact);
            }
        }
        Ok(same)
    }
}

/// A card from outside.
pub(super) fn parse(card: &[u8]) -> Result<Card, VaultError> {
    Card::parse(card).map_err(|error| CardProblem::Invalid(error.to_string()).into())
}

/// A card that was valid when it was kept here.
pub(super) fn held_card(card: &str) -> Result<Card, VaultError> {
    Card::parse(card.as_bytes()).map_err(|_| VaultError::damaged("card"))
}

/// The bytes of a card, which are text.
pub(super) fn text_of(card: &Card) -> String {
    String::from_utf8_lossy(card.as_bytes()).into_owned()
}

/// Refuses a card whose last day has passed.
pub(super) fn check_valid(card: &Card, now: Time) -> Result<(), CardProblem> {
    if card.has_expired(now.date()) {
        Err(CardProblem::Expired { valid_until: card.valid_until() })
    } else {
        Ok(())
    }
}

/// Refuses a card that is older than one held, or that contradicts it.
pub(super) fn compare_serials(held: &Card, found: &Card) -> Result<(), CardProblem> {
    if found.serial() < held.serial() {
        return Err(CardProblem::LowerSerial { held: held.serial(), found: found.serial() });
    }
    if found.serial() == held.serial() && found.digest() != held.digest() {
        return Err(CardProblem::TwoCardsOfOneSerial {
            serial: found.serial(),
            held: held.digest().to_string(),
            found: found.digest().to_string(),
        });
    }
    Ok(())
}

fn confirmed(card: &Card, confirm: &Confirm) -> Result<Confirmed, CardProblem> {
    match confirm {
        Confirm::Yes => Ok(Confirmed::Yes),
        Confirm::Words(typed) if words::matches_eight(&card.fingerprint(), typed) => Ok(Confirmed::Words),
        Confirm::Words(_) => Err(CardProblem::WordsDiffer),
    }
}

fn checked_name(name: String) -> Result<String, VaultError> {
    let name = name.trim().to_owned();
    let shows = !name.chars().any(text::steers);
    if name.is_empty() || name.len() > NAME_BYTES_MAX || !shows {
        Err(VaultError::ContactName)
    } else {
        Ok(name)
    }
}

fn summary(contact: &Contact, now: Time) -> Result<ContactSummary, VaultError> {
    let card = held_card(&contact.card)?;
    Ok(ContactSummary {
        name: contact.name.clone(),
        serial: card.serial(),
        valid_until: card.valid_until().to_string(),
        expired: card.has_expired(now.date()),
        words: words::eight_words(&card.fingerprint()).join(" "),
    })
}

fn preview(card: &Card, known_as: Option<String>, now: Time) -> CardPreview {
    let fingerprint = card.fingerprint();
    CardPreview {
        name: card.name().to_owned(),
        serial: card.serial(),
        valid_until: card.valid_until().to_string(),
        expired: card.has_expired(now.date()),
        threshold: card.threshold(),
        officers: card.officers().len(),
        digest: card.digest().to_string(),
        fingerprint: fingerprint.to_string(),
        words: words::eight_words(&fingerprint).join(" "),
        numbers: numbers(&fingerprint),
        known_as,
    }
}

/// A fingerprint as eight groups of four digits, which need no Latin letters.
pub(super) fn numbers(fingerprint: &crate::crypto::Digest) -> String {
    words::eight_numbers(fingerprint).map(|number| format!("{number:04}")).join(" ")
}

#[cfg(test)]
#[path = "contacts_tests.rs"]
mod tests;
