//! Forgetting: afterwards the own passphrase opens nothing of it any more.
//!
//! An item that is forgotten is gone with its keys, its text, its title and every word it was found by. What is
//! left is written anew under a new key ([`store::Renewal`](crate::store::Renewal)), and numbered anew; whoever
//! forgets is told so, for a number that was noted names another item from then on. A bundle that was acknowledged
//! goes with the last of its items. One that still waits for its receipt stays in the outbox: nobody here can open it,
//! but as long as it waits it shows that it was sealed here; when its receipt comes, it goes as well.

use std::collections::BTreeSet;

use serde::Serialize;

use super::change::Change;
use super::read::{self, state};
use super::receive::delivery_view;
use super::rows::{Delivery, Kept};
use super::{DeliveryState, DeliveryView, ItemState, ItemSummary, Vault, VaultError, renumber};
use crate::crypto::Digest;
use crate::store::Interrupted;

/// What to forget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgetting {
    /// These own items.
    Items(Vec<u64>),
    /// Every own item of which every bundle was acknowledged.
    Delivered,
    /// Every bundle that still waits for its receipt; the items in it stay as they are.
    Outbox,
    /// What was removed, changed or dropped before: everything that is kept stays.
    Traces,
}

/// What would be forgotten, for a person to look at before it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ForgetPreview {
    /// The items.
    pub items: Vec<ItemSummary>,
    /// Those of them that were never sealed to anybody: with them the only copy goes.
    pub unsealed: Vec<u64>,
    /// Those of them with a bundle that was never carried out of the vault.
    pub not_carried: Vec<u64>,
    /// Bundles that stay in the outbox, or that go with it: those that still wait for a receipt.
    pub waiting: Vec<DeliveryView>,
    /// How many drafts there are: they stay.
    pub drafts: usize,
    /// How many files that a repair set aside go with it.
    pub set_aside: usize,
}

/// What was forgotten.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ForgetOutcome {
    /// How many items.
    pub items: u64,
    /// How many bundles were dropped from the outbox.
    pub dropped: u64,
    /// How many bundles stay there until their receipt comes.
    pub waiting: u64,
    /// How many items are left.
    pub left: u64,
    /// Whether any of those has another number now.
    pub renumbered: bool,
}

impl Vault {
    /// What forgetting would take, and what would stay.
    pub fn forget_preview(&self, what: &Forgetting) -> Result<ForgetPreview, VaultError> {
        let chosen = self.forgettable(what)?;
        let numbers = numbers_of(&chosen);
        let mut waiting = self.store.all::<Delivery>()?;
        waiting.retain(is_waiting);
        let of = |delivery: &Delivery| delivery.items.iter().any(|number| numbers.contains(number));
        let not_carried =
            waiting.iter().filter(|row| row.state == DeliveryState::Sealed).flat_map(|row| row.items.clone());
        let not_carried: BTreeSet<u64> = not_carried.filter(|number| numbers.contains(number)).collect();
        let all = *what == Forgetting::Outbox;
        Ok(ForgetPreview {
            unsealed: chosen.iter().filter(|k| k.sealed.is_empty()).map(|k| k.item.number).collect(),
            items: chosen.iter().map(read::summary).collect(),
            not_carried: not_carried.into_iter().collect(),
            drafts: self.drafts()?.len(),
            set_aside: self.set_aside()?,
            waiting: waiting.into_iter().filter(|row| all || of(row)).map(delivery_view).collect(),
        })
    }

    /// Forgets. A crash at any moment leaves everything as it was, or all of it forgotten.
    pub fn forget(&mut self, what: &Forgetting) -> Result<ForgetOutcome, VaultError> {
        let chosen = self.forgettable(what)?;
        let outbox = *what == Forgetting::Outbox;
        if chosen.is_empty() && !outbox && *what != Forgetting::Traces {
            return Err(VaultError::NothingToForget);
        }
        self.renewed(|change| {
            change.forget_items(&chosen)?;
            let dropped = if outbox { change.drop_waiting()? } else { 0 };
            let renumbered = renumber::items(change)?;
            let waiting = change.all::<Delivery>()?.iter().filter(|row| is_orphan(row)).count() as u64;
            let left = change.count::<Kept>()?;
            Ok(ForgetOutcome { items: chosen.len() as u64, dropped, waiting, left, renumbered })
        })
    }

    /// Makes a change by which what it takes out can never be opened again.
    pub(super) fn renewed<T>(
        &mut self,
        make: impl FnOnce(&mut Change<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let mut change = self.begin()?;
        let made = make(&mut change)?;
        let renewal = change.renew()?;
        self.compartment.renew(&mut self.store, &self.master, renewal)?;
        Ok(made)
    }

    /// What the opening found of something that wrote the vault anew and was interrupted.
    pub fn interrupted(&self) -> Interrupted {
        self.store.interrupted()
    }

    fn forgettable(&self, what: &Forgetting) -> Result<Vec<Kept>, VaultError> {
        match what {
            Forgetting::Items(numbers) => {
                let numbers: BTreeSet<u64> = numbers.iter().copied().collect();
                numbers.into_iter().map(|number| self.own(number)).collect()
            }
            Forgetting::Delivered => self.delivered(),
            Forgetting::Outbox | Forgetting::Traces => Ok(Vec::new()),
        }
    }

    /// The own items that were sealed, and of which every bundle was acknowledged.
    fn delivered(&self) -> Result<Vec<Kept>, VaultError> {
        let deliveries = self.store.all::<Delivery>()?.into_iter();
        let waiting: BTreeSet<Digest> = deliveries.filter(is_waiting).map(|row| row.bundle).collect();
        let mut found = Vec::new();
        self.store.each::<Kept>(&[], |kept| {
            let arrived = !kept.sealed.iter().any(|bundle| waiting.contains(bundle));
            if state(&kept) == ItemState::Sealed && arrived {
                found.push(kept);
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl Change<'_> {
    /// Takes items out, and every bundle that was acknowledged with the last of its items.
    pub(super) fn forget_items(&mut self, chosen: &[Kept]) -> Result<(), VaultError> {
        for kept in chosen {
            self.remove_item(kept)?;
        }
        let numbers = numbers_of(chosen);
        for mut delivery in self.all::<Delivery>()? {
            delivery.items.retain(|number| !numbers.contains(number));
            if delivery.items.is_empty() && !is_waiting(&delivery) {
                self.delete_delivery(&delivery.bundle)?;
            } else {
                self.put(&delivery)?;
            }
        }
        Ok(())
    }

    /// Takes every waiting bundle out of the outbox; its items are as if they had never been sealed into it.
    fn drop_waiting(&mut self) -> Result<u64, VaultError> {
        let mut waiting = self.all::<Delivery>()?;
        waiting.retain(is_waiting);
        for delivery in &waiting {
            if let Some(object) = &delivery.object {
                self.remove_object(object)?;
            }
            for number in &delivery.items {
                self.unseal(*number, &delivery.bundle)?;
            }
            self.delete_delivery(&delivery.bundle)?;
        }
        Ok(waiting.len() as u64)
    }

    fn unseal(&mut self, number: u64, bundle: &Digest) -> Result<(), VaultError> {
        let key = super::rows::number_key(number);
        let Some(mut kept) = self.get::<Kept>(&key)? else { return Ok(()) };
        kept.sealed.retain(|held| held != bundle);
        self.put(&kept)
    }
}

/// Whether no receipt came yet.
fn is_waiting(delivery: &Delivery) -> bool {
    delivery.state != DeliveryState::Received
}

/// Whether everything in the bundle is forgotten.
pub(super) fn is_orphan(delivery: &Delivery) -> bool {
    delivery.items.is_empty()
}

fn numbers_of(chosen: &[Kept]) -> BTreeSet<u64> {
    chosen.iter().map(|kept| kept.item.number).collect()
}
