//! Numbers given anew, so that what remains does not tell how much there was.
//!
//! When somebody forgets, the items that stay are numbered from 1 on again, in their old order; where a vault is written
//! anew for another reason they keep the numbers that people know them by. Whenever a vault is written anew, deliveries, whose numbers
//! nobody sees, are numbered again as well, and the chain of custody is begun again with those of its entries that speak
//! of what remains, each with the time it had.

use std::collections::{BTreeMap, HashSet};

use super::VaultError;
use super::change::Change;
use super::rows::{self, Account, Contact, CustodyRow, Delivery, Earlier, Fork, Kept, ReplyRow, TakenBundle};
use crate::crypto::Digest;
use crate::custody::{Chain, Entry, Event};
use crate::format::id::RandomId;
use crate::format::time::Time;
use crate::store::Row;

/// Numbers the items from 1 on; says whether any of them has another number now.
pub(super) fn items(change: &mut Change<'_>) -> Result<bool, VaultError> {
    let mut numbers = BTreeMap::new();
    change.each::<Kept>(&[], |kept| {
        numbers.insert(kept.item.number, numbers.len() as u64 + 1);
        Ok(())
    })?;
    change.counters_mut().item = numbers.len() as u64 + 1;
    numbers.retain(|old, new| old != new);
    // The new number is never greater than the old one: whatever had it has moved before.
    for (old, new) in &numbers {
        move_item(change, *old, *new)?;
    }
    for mut delivery in change.all::<Delivery>()? {
        give_anew(&mut delivery.items, &numbers);
        change.put(&delivery)?;
    }
    for mut taken in change.all::<TakenBundle>()? {
        give_anew(&mut taken.items, &numbers);
        change.put(&taken)?;
    }
    Ok(!numbers.is_empty())
}

/// Gives everything but the items its number anew.
pub(super) fn all_but_items(change: &mut Change<'_>) -> Result<(), VaultError> {
    deliveries(change)?;
    let remaining = Remaining::of(change)?;
    letters(change, &remaining)?;
    chain(change, &remaining)
}

fn move_item(change: &mut Change<'_>, old: u64, new: u64) -> Result<(), VaultError> {
    let key = rows::number_key(old);
    let mut kept = change.get::<Kept>(&key)?.ok_or_else(|| VaultError::damaged("item"))?;
    kept.item.account = change.get::<Account>(&key)?.map(|account| account.text);
    change.delete_item_rows(old)?;
    kept.item.number = new;
    change.keep_again(kept).map(drop)
}

fn deliveries(change: &mut Change<'_>) -> Result<(), VaultError> {
    let mut deliveries = change.all::<Delivery>()?;
    deliveries.sort_by_key(|delivery| delivery.number);
    change.counters_mut().delivery = deliveries.len() as u64 + 1;
    let held: HashSet<Digest> = deliveries.iter().map(|delivery| delivery.bundle).collect();
    for (mut delivery, number) in deliveries.into_iter().zip(1..) {
        delivery.number = number;
        if let Some(follows) = &mut delivery.follows
            && matches!(follows.earlier, Earlier::Bundle(bundle) if !held.contains(&bundle))
        {
            follows.earlier = Earlier::Forgotten;
        }
        change.put(&delivery)?;
    }
    Ok(())
}

/// What was said about a bundle goes with it, and what its receipt showed of the log.
fn letters(change: &mut Change<'_>, remaining: &Remaining) -> Result<(), VaultError> {
    for row in change.all::<ReplyRow>()? {
        if !remaining.bundles.contains(&row.bundle) {
            change.delete::<ReplyRow>(&row.key())?;
        }
    }
    for fork in change.all::<Fork>()? {
        if !fork.bundles.iter().all(|bundle| remaining.bundles.contains(bundle)) {
            change.delete::<Fork>(&fork.key())?;
        }
    }
    Ok(())
}

/// Numbers that nothing has any more stay as they are: those of items an officer removed.
fn give_anew(held: &mut [u64], numbers: &BTreeMap<u64, u64>) {
    for number in held {
        *number = numbers.get(number).copied().unwrap_or(*number);
    }
}

fn chain(change: &mut Change<'_>, remaining: &Remaining) -> Result<(), VaultError> {
    let forks: HashSet<Event> = change.all::<Fork>()?.iter().map(Fork::event).collect();
    let old = change.all::<CustodyRow>()?;
    let mut events: Vec<(Time, Event)> = Vec::new();
    for row in &old {
        let entry: Entry = row.line.parse().map_err(|_| VaultError::damaged("custody"))?;
        if remaining.has(&entry.event) || forks.contains(&entry.event) {
            events.push((entry.time, entry.event));
        }
        change.delete::<CustodyRow>(&rows::number_key(row.number))?;
    }
    let counters = change.counters_mut();
    (counters.entry, counters.head) = (1, Chain::new().head());
    change.note(events).map(drop)
}

/// What an entry of the chain may still speak of.
struct Remaining {
    items: HashSet<RandomId>,
    bundles: HashSet<Digest>,
    /// The cards that are held, or that a bundle which is still listed was sealed to: a card's digest is public, so an
    /// entry that names any other tells of an organisation that is forgotten.
    cards: HashSet<Digest>,
}

impl Remaining {
    fn of(change: &Change<'_>) -> Result<Remaining, VaultError> {
        let (mut items, mut bundles) = (HashSet::new(), HashSet::new());
        change.each::<Kept>(&[], |kept| {
            items.insert(kept.item.id);
            Ok(())
        })?;
        let deliveries = change.all::<Delivery>()?;
        let mut cards: HashSet<Digest> =
            deliveries.iter().map(|row| Digest::of(row.card.as_bytes())).collect();
        cards.extend(change.all::<Contact>()?.iter().map(|row| Digest::of(row.card.as_bytes())));
        bundles.extend(deliveries.iter().filter(|row| !row.items.is_empty()).map(|row| row.bundle));
        bundles.extend(change.all::<TakenBundle>()?.into_iter().map(|row| row.bundle));
        Ok(Remaining { items, bundles, cards })
    }

    fn has(&self, event: &Event) -> bool {
        match event {
            Event::Add { item, .. }
            | Event::Edit { item, .. }
            | Event::Remove { item }
            | Event::Extract { item } => self.items.contains(item),
            Event::Seal { bundle, .. }
            | Event::Export { bundle }
            | Event::Receipt { bundle }
            | Event::Reply { bundle, .. }
            | Event::Open { bundle, .. } => self.bundles.contains(bundle),
            // Kept only with the two heads it speaks of.
            Event::Fork { .. } => false,
            Event::Contact { card } => self.cards.contains(card),
            Event::Sign { .. }
            | Event::Identity { .. }
            | Event::Keys
            | Event::Disclose { .. }
            | Event::Withdraw { .. }
            | Event::Hold { .. }
            | Event::Transfer { .. } => true,
        }
    }
}
