//! The nouns: values that can only be valid, and no input or output.
//!
//! A contributor keeps an [`Item`](item::Item): a testimony or a document. For each organisation it is cut
//! into salted [units](mod@unit), small files that can be shown or withheld one by one; the list of their digests
//! is the [record](mod@record). What an organisation holds of another person's item is a
//! [`ReceivedItem`](received::ReceivedItem). docs/spec/unit.md and docs/spec/record.md are the normative text.

pub mod composed;
pub mod consent;
pub mod contributor;
pub mod date;
pub mod item;
pub mod layout;
pub mod persons;
pub mod received;
pub mod record;
pub mod redaction;
pub mod search;
pub mod testimony;
pub mod unit;
pub mod weight;

use crate::crypto::hash::Digest;

/// Why a value cannot be evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// A text longer than its field allows.
    #[error("{field} has {len} bytes, more than {max}")]
    TooLong {
        /// The field, as its unit is named.
        field: &'static str,
        /// Bytes found.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// More values of one sort than a record may hold.
    #[error("{count} {what}, more than {max}")]
    TooMany {
        /// What is too many.
        what: &'static str,
        /// The number found.
        count: usize,
        /// The number allowed.
        max: usize,
    },
    /// A date that is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of the calendar.
    #[error("not a date: {0}")]
    Date(String),
    /// A pseudonym without terms that say so, or such terms without a pseudonym.
    #[error("a pseudonym and the terms of consent do not fit")]
    Pseudonym,
    /// A unit file that is not in the one spelling, or says what no unit may say.
    #[error("{name} is not a unit")]
    Unit {
        /// The unit's file name.
        name: String,
    },
    /// A unit file that does not have the digest its list gives.
    #[error("{name} has digest {found}, the list says {expected}")]
    DigestMismatch {
        /// The unit's file name.
        name: String,
        /// The digest in the list.
        expected: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// A unit file that its list does not name.
    #[error("{name} is not in the list")]
    Unlisted {
        /// The unit's file name.
        name: String,
    },
    /// A digest list that is not one of units numbered from 0001 on.
    #[error("not a list of units")]
    List,
    /// Units that are each well formed and do not make one item together.
    #[error("the units do not make one item: {0}")]
    Shape(&'static str),
}

/// Refuses a text that is longer than its field allows.
fn check_len(field: &'static str, text: &str, max: usize) -> Result<(), EvidenceError> {
    let len = text.len();
    if len > max { Err(EvidenceError::TooLong { field, len, max }) } else { Ok(()) }
}

/// Refuses more values than a record may hold.
fn check_count(what: &'static str, count: usize, max: usize) -> Result<(), EvidenceError> {
    if count > max { Err(EvidenceError::TooMany { what, count, max }) } else { Ok(()) }
}
