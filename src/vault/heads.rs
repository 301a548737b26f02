//! The heads that an organisation's log showed here, each in a receipt that is held, compared with one another.
//!
//! A log that shows one person one history and another person another signs two heads of one size with different
//! roots sooner or later; both together, with its signature under each, convict it. So every receipt that comes is
//! held against all that are here. There is no list of heads beside the receipts: a head that stayed behind would
//! tell when something was sent that is forgotten. Whether a larger head grew out of a smaller one takes a proof that
//! no receipt carries: it is asked of the whole log, where somebody has it ([`Vault::shown_by`]).

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::contacts::held_card;
use super::rows::{Delivery, Fork, TakenBundle};
use super::{Vault, VaultError};
use crate::bundle::Receipt;
use crate::crypto::Digest;
use crate::custody::Event;
use crate::format::card::Card;
use crate::tlog::SignedCheckpoint;

/// Two heads of one log that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForkView {
    /// The log's name.
    pub log: String,
    /// For how many entries there are two roots.
    pub size: u64,
    /// One head, as the log signed it.
    pub one: String,
    /// The other.
    pub other: String,
}

/// Every head that is known here, by the log's key and the size.
#[derive(Debug, Default)]
pub(super) struct Heads(HashMap<(String, u64), Head>);

#[derive(Debug, Clone)]
struct Head {
    root: Digest,
    note: String,
    bundle: Digest,
}

impl Heads {
    /// Those of the receipts that are held.
    pub fn of(deliveries: &[Delivery], taken: &[TakenBundle]) -> Result<Heads, VaultError> {
        let mut heads = Heads::default();
        let mut cards = HashMap::new();
        let sent = deliveries.iter().map(|row| (&row.card, &row.receipt));
        let opened = taken.iter().map(|row| (&row.card, &row.receipt));
        for (card, receipt) in sent.chain(opened) {
            let Some(receipt) = receipt else { continue };
            let receipt = Receipt::parse(receipt.as_bytes()).map_err(|_| VaultError::damaged("receipt"))?;
            if !cards.contains_key(card) {
                cards.insert(card, held_card(card)?);
            }
            heads.compare(&cards[card], &receipt);
        }
        Ok(heads)
    }

    /// Takes in the head of a receipt that was verified under this card, unless there is another of its size: then
    /// gives the two.
    pub fn compare(&mut self, card: &Card, receipt: &Receipt) -> Option<Fork> {
        let signed = &receipt.proof().checkpoint;
        let head = signed.unverified();
        let new = Head { root: head.root, note: signed.to_string(), bundle: receipt.bundle() };
        let held = self.0.entry((card.log_key().to_string(), head.size)).or_insert_with(|| new.clone());
        let differs = held.root != new.root;
        differs.then(|| Fork::of(&head.origin, head.size, [held.as_side(), new.as_side()]))
    }
}

impl Head {
    fn as_side(&self) -> (String, Digest) {
        (self.note.clone(), self.bundle)
    }
}

impl Fork {
    /// The fork of these two heads, which is the same whichever of them came first.
    fn of(log: &str, size: u64, mut sides: [(String, Digest); 2]) -> Fork {
        sides.sort();
        let [(one, first), (other, second)] = sides;
        Fork { log: log.to_owned(), size, one, other, bundles: [first, second] }
    }

    pub(super) fn event(&self) -> Event {
        Event::Fork { one: Digest::of(self.one.as_bytes()), other: Digest::of(self.other.as_bytes()) }
    }

    pub(super) fn view(&self) -> ForkView {
        let Fork { log, size, one, other, .. } = self.clone();
        ForkView { log, size, one, other }
    }
}

impl Vault {
    /// What the log of this head showed here: the newest card that names it, and the head of every receipt that is held.
    /// Where several logs have its name it is the one whose key signed the head. Nothing where no receipt is held of it.
    pub fn shown_by(
        &self,
        log: &SignedCheckpoint,
    ) -> Result<Option<(Card, Vec<SignedCheckpoint>)>, VaultError> {
        let (sent, opened) = (self.store.all::<Delivery>()?, self.store.all::<TakenBundle>()?);
        let sent = sent.iter().map(|row| (&row.card, &row.receipt));
        let opened = opened.iter().map(|row| (&row.card, &row.receipt));
        let mut shown: BTreeMap<String, (Card, Vec<SignedCheckpoint>)> = BTreeMap::new();
        for (card, receipt) in sent.chain(opened) {
            let Some(receipt) = receipt else { continue };
            let card = held_card(card)?;
            if card.log_key().name() != log.unverified().origin {
                continue;
            }
            let receipt = Receipt::parse(receipt.as_bytes()).map_err(|_| VaultError::damaged("receipt"))?;
            let of_key = shown.entry(card.log_key().to_string());
            let (newest, heads) = of_key.or_insert_with(|| (card.clone(), Vec::new()));
            heads.push(receipt.proof().checkpoint.clone());
            if newest.serial() < card.serial() {
                *newest = card;
            }
        }
        let mut shown: Vec<_> = shown.into_values().collect();
        let signed = shown.iter().position(|(card, _)| log.verify(card.log_key()).is_ok());
        Ok((!shown.is_empty()).then(|| shown.swap_remove(signed.unwrap_or(0))))
    }

    /// The logs that were convicted here.
    pub(super) fn forks(&self) -> Result<Vec<ForkView>, VaultError> {
        Ok(self.store.all::<Fork>()?.iter().map(Fork::view).collect())
    }
}
