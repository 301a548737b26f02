//! Sealing items to an organisation's card.
//!
//! Whoever seals vouches for the items with keys that only this organisation sees, because they are derived for its
//! card key. The one-time keys of the outside are gone when sealing ends; only the return identity stays, until the
//! bundle is acknowledged and forgotten. The sealed bundle waits in the outbox, itself sealed and padded anew: no byte
//! in a locked laptop matches a stick that was intercepted, and its length tells a coarse class only.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::change::Change;
use super::contacts::{self, held_card};
use super::couriers::HandOut;
use super::read::state;
use super::rows::{Contact, Delivery, Follows, Kept, Listed, SecretText, number_key};
use super::{DeliveryState, ItemState, ItemSummary, Progress, Vault, VaultError, read, renumber};
use crate::bundle::{CouriersLock, FileSource, Filling, FollowUp, Original, Parcel, Sealed, pack};
use crate::crypto::{Digest, KeyPair, Seed, random, seal};
use crate::custody::Event;
use crate::evidence::item::{File, Item};
use crate::format::card::Card;
use crate::format::padding::padded_len;
use crate::format::time::Time;
use crate::store::{ObjectWriter, Pool, StoredFile};

/// The role of the keys that a contributor vouches with.
const AUTHOR_ROLE: &str = "author";

/// What to seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These items.
    Items(Vec<u64>),
    /// Every own item that was not yet sealed to this contact.
    AllUnsealed,
}

/// How to seal, beyond what and to whom.
#[derive(Debug, Default)]
pub struct Sealing {
    /// What the bundle does to an earlier one, if it follows up on one.
    pub follow_up: Option<FollowUp>,
    /// SHA-256 of the key with which authorship can be proved later ([`crate::bundle::proof`]). The phrase that
    /// carries the key **never** comes here.
    pub proof: Option<Digest>,
    /// The couriers among whom the key is split, if it is.
    pub couriers: Option<HandOut>,
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
    /// Items that did not fit in one bundle and wait for the next `seal`.
    pub left: u64,
    /// Whether any item that is left has another number now: where those that were sealed are forgotten.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub renumbered: bool,
    /// The couriers' shares that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[serde(serialize_with = "crate::format::path::many")]
    pub shares: Vec<PathBuf>,
}

impl Sealing {
    /// Writes the couriers' shares, if there are any: the last thing before a bundle becomes true.
    pub(super) fn hand_out(&self) -> Result<Vec<PathBuf>, VaultError> {
        self.couriers.as_ref().map_or(Ok(Vec::new()), |couriers| couriers.write())
    }
}

impl Vault {
    /// The own items not yet sealed to this contact: what [`Selection::AllUnsealed`] would take.
    pub fn unsealed(&self, to: &str) -> Result<Vec<ItemSummary>, VaultError> {
        self.summaries(&Selection::AllUnsealed, to)
    }

    /// What a selection would take, for a person to look at before it is sealed.
    pub fn chosen_for(&self, selection: &Selection, to: &str) -> Result<Vec<ItemSummary>, VaultError> {
        self.summaries(selection, to)
    }

    /// Seals items to a contact's card; the bundle waits in the outbox.
    ///
    /// An item may be sealed again, also to the same contact: the two bundles have nothing in common that anybody
    /// else could see.
    pub fn seal(
        &mut self,
        selection: Selection,
        to: &str,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SealOutcome, VaultError> {
        self.seal_with(selection, to, &Sealing::default(), now, progress)
    }

    /// As [`Vault::seal`], with more to say about how.
    pub fn seal_with(
        &mut self,
        selection: Selection,
        to: &str,
        sealing: &Sealing,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SealOutcome, VaultError> {
        let (ready, left) = self.ready(selection, to, sealing, now, progress)?;
        let mut change = self.begin()?;
        let (delivery, event) = change.seal(ready, now, progress)?;
        let shares = sealing.hand_out()?;
        change.commit(event, now)?;
        Ok(SealOutcome { shares, ..outcome(delivery, left) })
    }

    /// As [`Vault::seal_with`], and forgets the items in the same moment: what is sealed can be opened by nobody here.
    pub fn seal_and_forget(
        &mut self,
        selection: Selection,
        to: &str,
        sealing: &Sealing,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SealOutcome, VaultError> {
        let (ready, left) = self.ready(selection, to, sealing, now, progress)?;
        self.renewed(|change| {
            let (delivery, event) = change.seal(ready, now, progress)?;
            change.note([(now, event)])?;
            let sealed = delivery.items.iter().map(|number| change.sealing(*number));
            let sealed = sealed.collect::<Result<Vec<_>, _>>()?;
            change.forget_items(&sealed)?;
            let renumbered = renumber::items(change)?;
            let shares = sealing.hand_out()?;
            Ok(SealOutcome { shares, renumbered, ..outcome(delivery, left) })
        })
    }

    /// Everything that sealing a selection needs, and how many items must wait for another bundle.
    fn ready(
        &self,
        selection: Selection,
        to: &str,
        sealing: &Sealing,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<(Ready, u64), VaultError> {
        let _at_once = self.store.reading()?;
        let way = self.way(to, sealing, now)?;
        let mut numbers = self.numbers(&selection, to)?.into_iter();
        let (mut chosen, mut left, mut filling) = (Vec::new(), 0, Filling::default());
        while let Some(number) = numbers.next() {
            let mut kept = self.own(number)?;
            kept.item.account = self.account(number)?;
            match filling.takes(&kept.item) {
                Ok(true) => chosen.push(kept),
                // Those before it go by themselves; then it is the first, and named.
                Err(_) if chosen.is_empty() => return Err(VaultError::ItemTooLong { number }),
                Ok(false) | Err(_) => {
                    left = 1 + numbers.len() as u64;
                    break;
                }
            }
        }
        if chosen.is_empty() {
            return Err(VaultError::NothingToSeal { to: to.to_owned() });
        }
        self.check_sealing(&chosen, progress)?;
        Ok((Ready { way, items: chosen }, left))
    }

    /// To whom a bundle goes, who vouches for it, and what it follows up on.
    pub(super) fn way(&self, to: &str, sealing: &Sealing, now: Time) -> Result<Way, VaultError> {
        let (card, author) = self.addressed(to, now)?;
        let follows = sealing.follow_up.map(|follow_up| self.follows(to, &follow_up)).transpose()?;
        Ok(Way {
            to: to.to_owned(),
            card,
            author,
            follow_up: sealing.follow_up,
            follows,
            proof: sealing.proof,
            couriers: sealing.couriers.as_ref().map(|hand_out| hand_out.lock().clone()),
        })
    }

    /// The card that a contact is sealed to now, and the keys to vouch with before it.
    pub(super) fn addressed(&self, to: &str, now: Time) -> Result<(Card, KeyPair), VaultError> {
        let contact = self.contact(to)?;
        let card = held_card(&contact.card)?;
        contacts::check_valid(&card, now)?;
        Ok((card, author_keys(&self.seed, &contact)))
    }

    /// Refuses what cannot fit where the vault lies, and says how much there is to read.
    pub(super) fn check_sealing(
        &self,
        chosen: &[Kept],
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        let files = chosen.iter().flat_map(|kept| &kept.item.files);
        // A file that several items name travels once.
        let distinct: HashMap<Digest, u64> = files.map(|file| (file.digest, file.len)).collect();
        let total = distinct.values().sum();
        let told: u64 = chosen.iter().map(|kept| kept.told).sum();
        self.check_room(outbox_len(total + told))?;
        progress.start(total);
        Ok(())
    }

    /// The numbers of a selection, from the first on.
    fn numbers(&self, selection: &Selection, to: &str) -> Result<Vec<u64>, VaultError> {
        match selection {
            Selection::AllUnsealed => {
                let mut numbers = Vec::new();
                self.each_unsealed(to, |listed| numbers.push(listed.number))?;
                numbers.reverse();
                Ok(numbers)
            }
            Selection::Items(numbers) => {
                let numbers: BTreeSet<u64> = numbers.iter().copied().collect();
                numbers.iter().try_for_each(|number| self.own(*number).map(drop))?;
                Ok(numbers.into_iter().collect())
            }
        }
    }

    /// Gives what a list shows of each own item that no bundle to this contact holds to `take`, the newest first.
    fn each_unsealed(&self, to: &str, mut take: impl FnMut(Listed)) -> Result<(), VaultError> {
        let mut sealed: Vec<u64> = Vec::new();
        self.store.each::<Delivery>(&[], |row| {
            if row.to == to {
                sealed.extend(row.items);
            }
            Ok(())
        })?;
        sealed.sort_unstable();
        self.store.each_listed(None, u64::MAX, |listed: Listed| {
            if listed.state() != ItemState::Received && sealed.binary_search(&listed.number).is_err() {
                take(listed);
            }
            Ok(())
        })
    }

    fn summaries(&self, selection: &Selection, to: &str) -> Result<Vec<ItemSummary>, VaultError> {
        self.contact(to)?;
        let mut summaries = Vec::new();
        match selection {
            Selection::AllUnsealed => {
                self.each_unsealed(to, |listed| summaries.push(read::summary_of(listed)))?;
                summaries.reverse();
            }
            Selection::Items(_) => {
                for number in self.numbers(selection, to)? {
                    summaries.push(read::summary(&self.own(number)?));
                }
            }
        }
        Ok(summaries)
    }

    pub(super) fn own(&self, number: u64) -> Result<Kept, VaultError> {
        let kept = self.kept(number)?;
        match state(&kept) {
            ItemState::Received | ItemState::Withdrawn => Err(VaultError::NotOwn { number }),
            ItemState::Open | ItemState::Sealed => Ok(kept),
        }
    }
}

/// The keys with which a contributor vouches before one contact.
pub(super) fn author_keys(seed: &Seed, contact: &Contact) -> KeyPair {
    KeyPair::derive(seed, AUTHOR_ROLE, contact.first_key.as_bytes())
}

/// To whom a bundle goes, and who vouches for it.
pub(super) struct Way {
    to: String,
    card: Card,
    author: KeyPair,
    follow_up: Option<FollowUp>,
    /// The same, as it is kept.
    follows: Option<Follows>,
    proof: Option<Digest>,
    couriers: Option<CouriersLock>,
}

impl Way {
    /// These items, to be packed.
    pub(super) fn parcel<'a>(&'a self, items: &'a [Item]) -> Parcel<'a> {
        // Else the digest of a key that nobody has, which looks the same.
        let proof_commit = self.proof.unwrap_or_else(|| Digest::from_bytes(random::array()));
        Parcel {
            card: &self.card,
            author: &self.author,
            items,
            proof_commit,
            follow_up: self.follow_up,
            couriers: self.couriers.as_ref(),
        }
    }

    /// The event that sealing this was.
    pub(super) fn sealed(&self, sealed: &Sealed) -> Event {
        Event::Seal { bundle: sealed.bundle, card: self.card.digest() }
    }
}

/// What is about to be sealed.
pub(super) struct Ready {
    /// To whom.
    pub way: Way,
    /// The items as they are kept, and their accounts in them.
    pub items: Vec<Kept>,
}

pub(super) fn outcome(delivery: Delivery, left: u64) -> SealOutcome {
    SealOutcome {
        bundle: delivery.bundle.to_string(),
        to: delivery.to,
        items: delivery.items,
        bytes: delivery.len,
        left,
        renumbered: false,
        shares: Vec::new(),
    }
}

impl Change<'_> {
    /// Seals items of the vault; the event that this is, is still to be noted.
    pub(super) fn seal(
        &mut self,
        ready: Ready,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<(Delivery, Event), VaultError> {
        let Ready { way, items } = ready;
        let (items, before): (Vec<Item>, Vec<_>) =
            items.into_iter().map(|kept| (kept.item, kept.sealed)).unzip();
        let (sealed, stored) = self.pack(&way.parcel(&items), None, progress)?;
        let mut delivery = self.delivery(&way, &sealed, &stored, now);
        delivery.items = items.iter().map(|item| item.number).collect();
        self.put(&delivery)?;
        for (item, before) in items.into_iter().zip(before) {
            let mut kept = Kept { sealed: before, ..Kept::new(item) };
            kept.item.account = None;
            kept.sealed.push(sealed.bundle);
            self.put(&kept)?;
        }
        Ok((delivery, way.sealed(&sealed)))
    }

    /// The row of an item that is being sealed.
    fn sealing(&self, number: u64) -> Result<Kept, VaultError> {
        self.get::<Kept>(&number_key(number))?.ok_or(VaultError::NoItem { number })
    }

    /// Packs a parcel into the outbox, its originals read from `source`, or from the vault where there is none; memory
    /// is bounded, whatever their size.
    pub(super) fn pack(
        &mut self,
        parcel: &Parcel<'_>,
        source: Option<&dyn FileSource>,
        progress: &mut dyn Progress,
    ) -> Result<(Sealed, StoredFile), VaultError> {
        let outbox = RefCell::new(self.create_object(Pool::Outbox)?);
        let mut read = |bytes| progress.advance(bytes);
        let own = Originals(&outbox);
        let sealed = pack(parcel, source.unwrap_or(&own), &mut Outbox(&outbox), &mut read)?;
        let stored = outbox.into_inner().finish(sealed.bundle)?;
        Ok((sealed, stored))
    }

    /// The row of a bundle that was just packed, without any items.
    pub(super) fn delivery(
        &mut self,
        way: &Way,
        sealed: &Sealed,
        stored: &StoredFile,
        now: Time,
    ) -> Delivery {
        Delivery {
            number: self.next_delivery(),
            bundle: sealed.bundle,
            to: way.to.clone(),
            card: contacts::text_of(&way.card),
            sealed_at: now,
            return_identity: SecretText(sealed.return_identity.to_secret_string()),
            author: sealed.author,
            items: Vec::new(),
            object: Some(stored.object),
            len: stored.len,
            state: DeliveryState::Sealed,
            receipt: None,
            follows: way.follows,
        }
    }
}

/// The originals, read from the store that the outbox is written to.
struct Originals<'o, 'c, 's>(&'o RefCell<ObjectWriter<'c, 's>>);

impl FileSource for Originals<'_, '_, '_> {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        let object = self.0.borrow().store().object(&file.object)?;
        let checksum = object.checksum().filter(|_| object.digest() == file.digest);
        Ok(Original { content: Box::new(object.open()?), checksum })
    }
}

/// The object that a bundle is packed into.
struct Outbox<'o, 'c, 's>(&'o RefCell<ObjectWriter<'c, 's>>);

impl Write for Outbox<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a bundle of so many bytes of originals and accounts takes in the outbox, at the least: it lies there beside
/// them, whole.
fn outbox_len(content: u64) -> u64 {
    Pool::Outbox.packed_len(seal::sealed_len(padded_len(content)))
}

/// How many of these items, from the first on, fit in one bundle: at least one.
pub(super) fn fitting(chosen: &[Kept]) -> Result<usize, VaultError> {
    let (mut filling, mut count) = (Filling::default(), 0);
    for kept in chosen {
        match filling.takes(&kept.item) {
            Ok(true) => count += 1,
            Err(_) if count == 0 => return Err(VaultError::TooLong),
            Ok(false) | Err(_) => break,
        }
    }
    Ok(count)
}

#[cfg(test)]
#[path = "send_tests.rs"]
mod tests;
