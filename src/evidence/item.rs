//! An item: one testimony or one document, as its vault keeps it, with the secret from which the salts of its
//! units are made.
//!
//! A testimony has an account and may have files; a document has files. The title, the date, the place and
//! the persons named are optional to know and each can be withheld alone. What was received from somebody
//! else says so in its [`Origin`], and its secret is only a filler: its units are kept as they came.

use serde::{Deserialize, Serialize};

use super::consent::Consent;
use super::date::EventDate;
use super::{EvidenceError, check_count, check_len};
use crate::crypto::hash::Digest;
use crate::crypto::secret::SecretBytes;
use crate::format::id::RandomId;
use crate::format::time::Time;

/// Bytes in a title, a place or a person's name: a long sentence.
pub const LINE_BYTES_MAX: usize = 4 * 1024;

/// Bytes in a file's label: the longest path most systems know.
pub const LABEL_BYTES_MAX: usize = 4 * 1024;

/// Bytes in a media type such as `image/jpeg`.
pub const MEDIA_TYPE_BYTES_MAX: usize = 128;

/// Persons named in one item.
pub const PERSONS_MAX: usize = 1_000;

/// Files of one item.
pub const FILES_MAX: usize = 10_000;

/// What sort of item it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody tells.
    Testimony,
    /// Something that was made elsewhere: a paper, a photograph, a recording.
    Document,
}

/// A file of an item: where its bytes lie, what they are, and what it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The object in the vault's store that holds the bytes.
    pub object: RandomId,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// How many bytes.
    pub len: u64,
    /// What they seem to be, such as `image/jpeg`.
    pub media_type: String,
    /// The given name, a label and **never** a path to write to.
    pub label: String,
}

/// Where an item came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Kept by the owner of this vault.
    Own,
    /// Taken in from a verified bundle.
    Received {
        /// The bundle's id.
        bundle: Digest,
        /// The record's id.
        record: Digest,
        /// Fingerprint of the author's keys.
        author: Digest,
    },
}

/// One item of a vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// The number its owner calls it by.
    pub number: u64,
    /// The name it has inside the vault.
    pub id: RandomId,
    /// Testimony or document.
    pub kind: Kind,
    /// A title, possibly empty.
    pub title: String,
    /// When it was put into the vault. Never sealed: what travels tells nothing of the vault.
    pub created: Time,
    /// What the contributor allows.
    pub consent: Consent,
    /// When it happened.
    pub date: Option<EventDate>,
    /// Where it happened.
    pub place: Option<String>,
    /// Who is named in it, one entry each.
    pub persons: Vec<String>,
    /// What was told, with `[[marks]]`.
    pub account: Option<String>,
    /// The originals.
    pub files: Vec<File>,
    /// What the salts of its units are derived from.
    pub secret: SecretBytes,
    /// Own or received.
    pub origin: Origin,
}

impl Item {
    /// Checks every length and count, so that what is kept can also be sealed.
    pub fn check(&self) -> Result<(), EvidenceError> {
        check_len("title", &self.title, LINE_BYTES_MAX)?;
        if let Some(place) = &self.place {
            check_len("place", place, LINE_BYTES_MAX)?;
        }
        check_count("persons", self.persons.len(), PERSONS_MAX)?;
        for person in &self.persons {
            check_len("person", person, LINE_BYTES_MAX)?;
        }
        check_count("files", self.files.len(), FILES_MAX)?;
        for file in &self.files {
            check_len("label", &file.label, LABEL_BYTES_MAX)?;
            check_len("media-type", &file.media_type, MEDIA_TYPE_BYTES_MAX)?;
        }
        Ok(())
    }
}
