//! Reading what is kept: list, show and search. Nothing here changes or writes anything.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;

use super::follow_up::Withdrawals;
use super::rows::{self, Account, Delivery, Kept, Listed, TakenBundle};
use super::{FollowedView, FollowsView, ReplyView, Vault, VaultError, follow_up};
use crate::crypto::{Digest, words};
use crate::evidence::item::{Item, Kind, Origin};

/// One line of a list.
#[derive(Debug, Clone, Serialize)]
pub struct ItemSummary {
    /// The item's number in this vault.
    pub item: u64,
    /// `testimony` or `document`.
    pub kind: &'static str,
    /// The title.
    pub title: String,
    /// When it was kept here, RFC 3339.
    pub created: String,
    /// Bytes of its files, or of its account.
    pub bytes: u64,
    /// How many files it has.
    pub files: usize,
    /// Whether it is own or received, still open or sealed.
    pub state: ItemState,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemState {
    /// Own, and not yet sealed to anyone: may be edited and removed.
    Open,
    /// Own, and sealed at least once.
    Sealed,
    /// Received from a contributor.
    Received,
    /// Received from a contributor who withdrew consent later, or had done so before it came.
    Withdrawn,
}

/// Everything about one item.
#[derive(Debug, Clone, Serialize)]
pub struct ItemDetail {
    /// What a list shows.
    #[serde(flatten)]
    pub summary: ItemSummary,
    /// The account, with `[[…]]` around what may have to be withheld; for testimony only.
    pub account: Option<String>,
    /// The date it tells of, as it was given.
    pub date: Option<String>,
    /// The place.
    pub place: Option<String>,
    /// Persons named.
    pub persons: Vec<String>,
    /// The consent terms, as they stand in the record.
    pub consent: serde_json::Value,
    /// Its files.
    pub files: Vec<FileView>,
    /// To whom it was sealed, and how far that came.
    pub sealed_to: Vec<SealedTo>,
    /// Where a received item came from.
    pub received: Option<OriginView>,
}

/// One file of an item.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// Its label.
    pub label: String,
    /// Its media type, guessed from its first bytes.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// One delivery of an item.
#[derive(Debug, Clone, Serialize)]
pub struct SealedTo {
    /// The contact's name.
    pub to: String,
    /// The bundle's id.
    pub bundle: String,
    /// How far it came.
    pub state: super::DeliveryState,
    /// What the bundle does to an earlier one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<FollowsView>,
    /// What later bundles do to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub followed: Vec<FollowedView>,
    /// What officers said about the bundle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<ReplyView>,
}

/// Where a received item came from.
#[derive(Debug, Clone, Serialize)]
pub struct OriginView {
    /// The bundle's id.
    pub bundle: String,
    /// The author key as eight words.
    pub author_words: String,
    /// The author key's fingerprint, in hex.
    pub author: String,
    /// The record's id within the bundle, in hex.
    pub record: String,
    /// Whether the bundle's receipt is held.
    pub receipt: bool,
    /// What the bundle does to an earlier one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<FollowsView>,
    /// What later bundles by the same author do to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub followed: Vec<FollowedView>,
    /// What was said to its author from here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<ReplyView>,
}

impl Vault {
    /// Items, newest first; those below `after` if given, at most `limit` if given.
    pub fn list(&self, limit: Option<usize>, after: Option<u64>) -> Result<Vec<ItemSummary>, VaultError> {
        let mut items = Vec::new();
        self.each_listed(limit, after, |item| items.push(item))?;
        Ok(items)
    }

    /// Gives what [`Vault::list`] has to `take`, one at a time.
    pub fn each_listed(
        &self,
        limit: Option<usize>,
        after: Option<u64>,
        mut take: impl FnMut(ItemSummary),
    ) -> Result<(), VaultError> {
        let mut standing = Standing::of_all(self);
        self.store.each_listed(after, rows_of(limit), |listed| {
            take(standing.of(listed)?);
            Ok(())
        })
    }

    /// Everything about one item.
    pub fn show(&self, number: u64) -> Result<ItemDetail, VaultError> {
        let kept = self.kept(number)?;
        let account = self.account(number)?;
        let item = &kept.item;
        Ok(ItemDetail {
            summary: Standing::of_all(self).of(Listed::from(&kept))?,
            account,
            date: item.date.as_ref().map(|date| date.day().to_owned()),
            place: item.place.clone(),
            persons: item.persons.clone(),
            consent: serde_json::to_value(&item.consent).map_err(|_| VaultError::damaged("item"))?,
            files: item.files.iter().map(file_view).collect(),
            sealed_to: self.sealed_to(&kept)?,
            received: self.origin(item)?,
        })
    }

    /// Items that hold all the words, newest first, whichever letter forms were typed.
    pub fn search(&self, words: &str) -> Result<Vec<ItemSummary>, VaultError> {
        let mut items = Vec::new();
        self.each_found(words, None, None, |item| items.push(item))?;
        Ok(items)
    }

    /// Gives what [`Vault::search`] has to `take`, one at a time; those below `after` if given, at most `limit` if given.
    pub fn each_found(
        &self,
        words: &str,
        limit: Option<usize>,
        after: Option<u64>,
        mut take: impl FnMut(ItemSummary),
    ) -> Result<(), VaultError> {
        let mut standing = Standing::of_all(self);
        self.store.each_found(words, after, rows_of(limit), |number, listed| {
            take(standing.of(listed.ok_or(VaultError::NoItem { number })?)?);
            Ok(())
        })
    }

    /// The row of one item.
    pub(super) fn kept(&self, number: u64) -> Result<Kept, VaultError> {
        self.store.get::<Kept>(&rows::number_key(number))?.ok_or(VaultError::NoItem { number })
    }

    /// The row of one own item that was not sealed yet.
    pub(super) fn open_item(&self, number: u64) -> Result<Kept, VaultError> {
        let kept = self.kept(number)?;
        match state(&kept) {
            ItemState::Open => Ok(kept),
            ItemState::Sealed => Err(VaultError::Sealed { number }),
            ItemState::Received | ItemState::Withdrawn => Err(VaultError::NotOwn { number }),
        }
    }

    /// The account of one item, if it has one.
    pub(super) fn account(&self, number: u64) -> Result<Option<String>, VaultError> {
        Ok(self.store.get::<Account>(&rows::number_key(number))?.map(|row| row.text))
    }

    fn sealed_to(&self, kept: &Kept) -> Result<Vec<SealedTo>, VaultError> {
        let mut sealed = Vec::new();
        for bundle in &kept.sealed {
            if let Some(delivery) = self.store.get::<Delivery>(bundle.as_bytes())? {
                sealed.push(SealedTo {
                    followed: self.followed_here(&delivery)?,
                    follows: delivery.follows.as_ref().map(follow_up::view),
                    to: delivery.to,
                    bundle: bundle.to_string(),
                    state: delivery.state,
                    replies: self.replies(Some(bundle))?,
                });
            }
        }
        Ok(sealed)
    }

    fn origin(&self, item: &Item) -> Result<Option<OriginView>, VaultError> {
        let Origin::Received { bundle, record, author } = &item.origin else { return Ok(None) };
        let taken = self.store.get::<TakenBundle>(bundle.as_bytes())?;
        Ok(Some(OriginView {
            bundle: bundle.to_string(),
            author_words: words::eight_words(author).join(" "),
            author: author.to_string(),
            record: record.to_string(),
            receipt: taken.as_ref().is_some_and(|taken| taken.receipt.is_some()),
            follows: taken.map(|taken| self.follows_view(&taken)).transpose()?.flatten(),
            followed: self.followed_view(bundle, author)?,
            replies: self.replies(Some(bundle))?,
        }))
    }
}

fn rows_of(limit: Option<usize>) -> u64 {
    limit.map_or(u64::MAX, |limit| limit as u64)
}

/// Where items stand, also whether their authors withdrew them. What an author withdrew is remembered, for an
/// officer's list has many items of one.
struct Standing<'v> {
    vault: &'v Vault,
    withdrawn: HashMap<Digest, Withdrawals>,
}

impl Standing<'_> {
    fn of_all(vault: &Vault) -> Standing<'_> {
        Standing { vault, withdrawn: HashMap::new() }
    }

    /// What a list shows of an item.
    fn of(&mut self, listed: Listed) -> Result<ItemSummary, VaultError> {
        let withdrawn = self.is_withdrawn(&listed)?;
        let summary = summary_of(listed);
        Ok(if withdrawn { ItemSummary { state: ItemState::Withdrawn, ..summary } } else { summary })
    }

    fn is_withdrawn(&mut self, listed: &Listed) -> Result<bool, VaultError> {
        let (Some(bundle), Some(author)) = (&listed.bundle, listed.author) else { return Ok(false) };
        Ok(match self.withdrawn.entry(author) {
            Entry::Occupied(known) => known.get().hold_for(bundle),
            Entry::Vacant(unknown) => unknown.insert(self.vault.withdrawals_by(&author)?).hold_for(bundle),
        })
    }
}

/// What a list shows of an own item.
pub(super) fn summary(kept: &Kept) -> ItemSummary {
    summary_of(Listed::from(kept))
}

pub(super) fn summary_of(listed: Listed) -> ItemSummary {
    ItemSummary {
        item: listed.number,
        kind: match listed.kind {
            Kind::Testimony => "testimony",
            Kind::Document => "document",
        },
        bytes: listed.bytes,
        files: listed.files,
        state: listed.state(),
        title: listed.title,
        created: listed.created,
    }
}

/// Where an item stands, as its own row tells.
pub(super) fn state(kept: &Kept) -> ItemState {
    stands(matches!(kept.item.origin, Origin::Own), kept.sealed.len())
}

impl Listed {
    /// Where it stands, as its own row tells.
    pub(super) fn state(&self) -> ItemState {
        stands(self.bundle.is_none(), self.sealed)
    }
}

fn stands(own: bool, sealed: usize) -> ItemState {
    match (own, sealed) {
        (false, _) => ItemState::Received,
        (true, 0) => ItemState::Open,
        (true, _) => ItemState::Sealed,
    }
}

fn file_view(file: &crate::evidence::item::File) -> FileView {
    FileView {
        label: file.label.clone(),
        media_type: file.media_type.clone(),
        bytes: file.len,
        sha256: file.digest.to_string(),
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
