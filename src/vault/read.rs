//! Reading what is kept: list, show, search and extract.
//!
//! `extract` alone writes plaintext. A file's given name is a label, never a path: what is written lies directly
//! under the folder named, nothing there is overwritten, and nothing that does not show is left in a name.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Progress, Vault, VaultError};

/// One line of a list.
#[derive(Debug, Clone, Serialize)]
pub struct ItemSummary {
    /// The item's number in this vault.
    pub item: u64,
    /// `testimony` or `document`.
    pub kind: String,
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
}

/// What `extract` wrote.
#[derive(Debug, Clone, Serialize)]
pub struct ExtractOutcome {
    /// The item.
    pub item: u64,
    /// The files written, in plain.
    pub files: Vec<PathBuf>,
}

impl Vault {
    /// Items, newest first; those below `after` if given, at most `limit` if given.
    pub fn list(&self, _limit: Option<usize>, _after: Option<u64>) -> Result<Vec<ItemSummary>, VaultError> {
        todo!()
    }

    /// Everything about one item.
    pub fn show(&self, _number: u64) -> Result<ItemDetail, VaultError> {
        todo!()
    }

    /// Items that hold all the words, newest first, whichever letter forms were typed.
    pub fn search(&self, _words: &str) -> Result<Vec<ItemSummary>, VaultError> {
        todo!()
    }

    /// Writes an item's originals, and its account as UTF-8 text, **in plain** under `dir`, which is made if need
    /// be. Nothing is overwritten.
    pub fn extract(
        &self,
        _number: u64,
        _dir: &Path,
        _progress: &mut dyn Progress,
    ) -> Result<ExtractOutcome, VaultError> {
        todo!()
    }
}
