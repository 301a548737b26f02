//! The one way to change a vault: objects, rows and a custody entry in one transaction.
//!
//! A [`Change`] is begun, filled, and ends in [`Change::commit`], which demands the event that the chain of custody is
//! to remember. There is no other way to a committed change, so nothing in a vault changes without an entry; and
//! dropping a change takes everything back.

use std::ops::Deref;

use super::rows::{self, Account, Counters, CustodyRow, DraftRow, Kept, Owner, SlotUse};
use super::{Vault, VaultError, renumber};
use crate::crypto::checksum::Sums;
use crate::crypto::{Digest, IndexKey, Slots, hmac};
use crate::custody::{Chain, Event};
use crate::evidence::item::Item;
use crate::evidence::testimony::Testimony;
use crate::format::id::RandomId;
use crate::format::time::Time;
use crate::store::{self, Pool, Renewal, Row, Store, StoreError, StoredFile};

/// Bytes of an item's text that it is found by. What an officer opens may be longer; while a text is put into the search index,
/// that takes many times its length of memory.
pub(super) const FOUND_BYTES_MAX: usize = 4 << 20;

/// A change being made. It reads like the store, and sees what it has changed so far.
pub(super) struct Change<'v> {
    store: store::Change<'v>,
    counters: Counters,
}

impl Vault {
    /// Begins a change; dropping it takes everything back.
    pub(super) fn begin(&mut self) -> Result<Change<'_>, VaultError> {
        let counters = self.store.get::<Counters>(rows::ONLY)?;
        let counters = counters.ok_or_else(|| VaultError::damaged("counters"))?;
        Ok(Change { store: self.store.begin()?, counters })
    }
}

impl Deref for Change<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl<'v> Change<'v> {
    /// Puts a row in, or in place of the one with its key.
    pub(super) fn put<R: Row>(&mut self, row: &R) -> Result<(), VaultError> {
        Ok(self.store.put(row)?)
    }

    /// Takes the row of this key out.
    pub(super) fn delete<R: Row>(&mut self, key: &[u8]) -> Result<(), VaultError> {
        Ok(self.store.delete::<R>(key)?)
    }

    /// Keeps what a source gives as an object.
    pub(super) fn put_file(
        &mut self,
        source: &mut dyn std::io::Read,
        pool: Pool,
        progress: &mut dyn FnMut(u64),
    ) -> Result<StoredFile, StoreError> {
        self.store.put_file(source, pool, progress)
    }

    /// Keeps what a source gives, of which the caller finds out, before this is committed, whether it has this SHA-256;
    /// and the checksum that was made with it.
    pub(super) fn put_claimed(
        &mut self,
        source: &mut dyn std::io::Read,
        sums: Sums,
        progress: &mut dyn FnMut(u64),
    ) -> Result<StoredFile, StoreError> {
        self.store.put_claimed(source, sums, progress)
    }

    /// Begins an object that is written piece by piece.
    pub(super) fn create_object(&mut self, pool: Pool) -> Result<store::ObjectWriter<'_, 'v>, VaultError> {
        Ok(self.store.create_object(pool)?)
    }

    /// Takes an object out, or one use of it.
    pub(super) fn remove_object(&mut self, object: &RandomId) -> Result<(), VaultError> {
        Ok(self.store.remove_object(object)?)
    }

    /// Counts one more use of an object.
    pub(super) fn use_again(&mut self, object: &RandomId) -> Result<(), VaultError> {
        Ok(self.store.use_again(object)?)
    }

    /// The place in time of a new delivery.
    pub(super) fn next_delivery(&mut self) -> u64 {
        let number = self.counters.delivery;
        self.counters.delivery += 1;
        number
    }

    /// Keeps a new item under the next number, and gives the event that this is.
    pub(super) fn keep_new(&mut self, mut item: Item) -> Result<(Kept, Event), VaultError> {
        item.number = self.counters.item;
        self.counters.item += 1;
        let event = Event::Add { item: item.id, content: content_of(&item) };
        let kept = self.keep_again(Kept::new(item))?;
        Ok((kept, event))
    }

    /// Keeps an item as it is now: its row, its account, and the text it is found by.
    pub(super) fn keep_again(&mut self, mut kept: Kept) -> Result<Kept, VaultError> {
        kept.item.check().map_err(VaultError::evidence)?;
        let number = kept.item.number;
        self.store.index_text(number, &text_of(&kept.item))?;
        kept.count();
        if let Some(text) = kept.item.account.take() {
            self.put(&Account { number, text })?;
        }
        self.put(&kept)?;
        Ok(kept)
    }

    /// Removes an item, and the objects that nothing else refers to.
    pub(super) fn remove_item(&mut self, kept: &Kept) -> Result<(), VaultError> {
        self.delete_item_rows(kept.item.number)?;
        for file in &kept.item.files {
            self.remove_object(&file.object)?;
        }
        Ok(())
    }

    /// Takes out what is kept of an item under its number; its objects stay.
    pub(super) fn delete_item_rows(&mut self, number: u64) -> Result<(), VaultError> {
        let key = rows::number_key(number);
        self.store.unindex(number)?;
        self.delete::<Account>(&key)?;
        self.delete::<Kept>(&key)
    }

    /// Makes the change true by writing anew all that is left by it, in an epoch of its own: what it took out cannot
    /// be opened any more.
    pub(super) fn renew(mut self) -> Result<Renewal, VaultError> {
        renumber::all_but_items(&mut self)?;
        self.put_counters()?;
        Ok(self.store.renew(IndexKey::generate())?)
    }

    /// Makes the change last, and the event that it was an entry of the chain of custody.
    pub(super) fn commit(self, event: Event, now: Time) -> Result<(), VaultError> {
        self.commit_all([event], now)
    }

    /// Like [`Change::commit`], for what is several events at once; without any, nothing becomes true.
    pub(super) fn commit_all(
        mut self,
        events: impl IntoIterator<Item = Event>,
        now: Time,
    ) -> Result<(), VaultError> {
        if self.note(events.into_iter().map(|event| (now, event)))? == 0 {
            return Ok(());
        }
        self.put_counters()?;
        Ok(self.store.commit()?)
    }

    /// Adds events to the chain of custody, and says how many there were.
    pub(super) fn note(
        &mut self,
        events: impl IntoIterator<Item = (Time, Event)>,
    ) -> Result<u64, VaultError> {
        let mut chain = Chain::resume(self.counters.head);
        let first = self.counters.entry;
        for (time, event) in events {
            let line = chain.append(time, event).to_string();
            self.store.put(&CustodyRow { number: self.counters.entry, line })?;
            self.counters.entry += 1;
        }
        self.counters.head = chain.head();
        Ok(self.counters.entry - first)
    }

    /// Where the numbers go on: for what gives them anew.
    pub(super) fn counters_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }

    fn put_counters(&mut self) -> Result<(), VaultError> {
        Ok(self.store.put(&self.counters)?)
    }
}

/// A change of drafts alone. What is still being typed is no evidence, and how somebody came to her words is
/// nobody's business: the chain of custody begins when a draft becomes an item.
pub(super) struct DraftChange<'v>(store::Change<'v>);

impl Vault {
    /// Begins a change of drafts.
    pub(super) fn begin_draft(&mut self) -> Result<DraftChange<'_>, VaultError> {
        Ok(DraftChange(self.store.begin()?))
    }
}

impl DraftChange<'_> {
    /// Puts a draft in, or in place of what it was.
    pub(super) fn put<R: DraftRow>(&mut self, row: &R) -> Result<(), VaultError> {
        Ok(self.0.put(row)?)
    }

    /// Takes a part of a draft out.
    pub(super) fn delete<R: DraftRow>(&mut self, key: &[u8]) -> Result<(), VaultError> {
        Ok(self.0.delete::<R>(key)?)
    }

    /// Makes the change last.
    pub(super) fn commit(self) -> Result<(), VaultError> {
        Ok(self.0.commit()?)
    }
}

/// Fills a new compartment: whose it is, which key slots it has, and where its numbers begin.
pub(super) fn fill_first(
    first: &mut store::Change<'_>,
    owner: &Owner,
    slots: &Slots,
) -> Result<(), VaultError> {
    first.put(owner)?;
    first.put(&SlotUse::first(slots))?;
    Ok(first.put(&Counters::first())?)
}

/// What the chain of custody remembers of an item's content: a digest under the item's own secret, so that a chain
/// that is shown tells nothing that could be guessed and tried.
pub(super) fn content_of(item: &Item) -> Digest {
    let files: Vec<_> = item.files.iter().map(|file| (file.digest, &file.label)).collect();
    let said = (
        &item.kind,
        &item.title,
        &item.account,
        &item.date,
        &item.place,
        &item.persons,
        &item.consent,
        files,
    );
    let text = serde_json::to_string(&said).expect("texts, digests and lists of them are JSON");
    hmac(item.secret.expose().expose(), text.as_bytes())
}

/// The text an item is found by: everything in it that was typed or given, up to [`FOUND_BYTES_MAX`].
fn text_of(item: &Item) -> String {
    let mut texts = vec![item.title.clone()];
    texts.extend(item.account.as_deref().map(|account| Testimony::parse(account).text()));
    texts.extend(item.place.clone());
    texts.extend(item.persons.iter().cloned());
    texts.extend(item.files.iter().map(|file| file.label.clone()));
    let mut text = texts.join("\n");
    let end = (0..=FOUND_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{KdfParams, Passphrase};
    use crate::custody;
    use crate::vault::TestimonyText;

    fn now() -> Time {
        "2026-11-23T18:40:00Z".parse().unwrap()
    }

    fn told(account: &str) -> TestimonyText {
        TestimonyText { title: None, account: account.to_owned() }
    }

    fn vault(dir: &tempfile::TempDir) -> Vault {
        let passphrase = Passphrase::from("an invented passphrase");
        Vault::init(&dir.path().join("vault"), &passphrase, KdfParams::FLOOR, None, "en", now()).unwrap()
    }

    fn entries(vault: &Vault) -> Vec<custody::Entry> {
        let rows = vault.store.all::<CustodyRow>().unwrap();
        assert!(rows.iter().map(|row| row.number).eq(1..=rows.len() as u64));
        rows.iter().map(|row| row.line.parse().unwrap()).collect()
    }

    #[test]
    fn every_change_is_an_entry_and_the_entries_are_a_chain() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(&dir);
        vault.testify(told("one"), now()).unwrap();
        vault.edit_testimony(1, told("two"), now()).unwrap();
        let draft = vault.draft_begin(None, now()).unwrap();
        vault.draft_save(&draft, None, &["three".to_owned()], now()).unwrap();
        vault.draft_finish(&draft, now()).unwrap();
        vault.extract(2, &dir.path().join("out"), now(), &mut ()).unwrap();
        vault.remove(1, now()).unwrap();

        let entries = entries(&vault);
        let verbs: Vec<_> = entries.iter().map(|entry| entry.event.to_string()).collect();
        let verbs: Vec<_> = verbs.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(verbs, ["add", "edit", "add", "extract", "remove"]);
        let head = vault.store.get::<Counters>(rows::ONLY).unwrap().unwrap().head;
        custody::verify(&entries, &head).unwrap();
        assert!(custody::verify(&entries[..4], &head).is_err());
    }

    /// Somebody wanted to add a passphrase, and nobody knew which of eight slots of random bytes were free.
    #[test]
    fn a_new_part_knows_its_slots() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(&dir);
        let row = vault.store.get::<SlotUse>(rows::ONLY).unwrap().unwrap();
        let held = row.clone().held(&vault.compartment.slots().unwrap());
        assert_eq!(held, row);
        assert_eq!(row.used().iter().map(|slot| slot.place).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_change_that_is_dropped_never_was() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(&dir);
        let item = super::super::keep::new_item(crate::evidence::item::Kind::Testimony, "t".into(), now());
        let mut change = vault.begin().unwrap();
        change.keep_new(item.clone()).unwrap();
        drop(change);
        let mut change = vault.begin().unwrap();
        change.keep_new(item).unwrap();
        change.commit_all([], now()).unwrap();
        assert!(vault.list(None, None).unwrap().is_empty());
        assert!(entries(&vault).is_empty());
    }

    /// An officer opened a testimony of thirty MiB, and a GiB of memory was taken to make it findable.
    #[test]
    fn a_long_item_is_found_by_how_it_begins() {
        let mut item =
            super::super::keep::new_item(crate::evidence::item::Kind::Testimony, "t".into(), now());
        item.account = Some("ش".repeat(FOUND_BYTES_MAX));
        let text = text_of(&item);
        // The title and a line feed are two bytes, so are the letters.
        assert_eq!(text.len(), FOUND_BYTES_MAX);
        item.title = "ti".to_owned();
        assert_eq!(text_of(&item).len(), FOUND_BYTES_MAX - 1);
        item.account = Some("شب".to_owned());
        assert_eq!(text_of(&item), "ti\nشب");
    }

    #[test]
    fn content_is_named_without_telling_it() {
        let item = super::super::keep::new_item(crate::evidence::item::Kind::Testimony, "t".into(), now());
        let mut other = item.clone();
        assert_eq!(content_of(&item), content_of(&other));
        other.account = Some("said".to_owned());
        assert_ne!(content_of(&item), content_of(&other));
        let secret = crate::crypto::SecretBytes::generate();
        assert_ne!(content_of(&item), content_of(&Item { secret, ..item.clone() }));
    }
}
