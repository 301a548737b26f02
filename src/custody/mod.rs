//! The chain of custody: what happened to evidence, in which order, each entry bound to the one before it.
//!
//! ```
//! use sanduq::custody::{Chain, Event};
//! use sanduq::format::{id::RandomId, time::Time};
//!
//! let mut chain = Chain::new();
//! let added = Event::Remove { item: RandomId::from_bytes([7; 16]) };
//! let entry = chain.append(Time::from_unix(1_795_459_200)?, added);
//! assert_eq!(chain.head(), entry.digest());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In a vault the entries are rows beside what they tell of, written in the same transaction. What an officer does
//! to a bundle is signed, and its line, hidden under the bundle's salt, is a leaf of the organisation's log. The
//! order is the chain's; the times are what the device's clock said and may go back.

pub mod chain;
pub mod entry;
pub mod event;

pub use chain::{Chain, verify};
pub use entry::Entry;
pub use event::Event;

use thiserror::Error;

use crate::crypto::Digest;
use crate::format::FormatError;

/// Why a chain of custody does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CustodyError {
    /// An entry or event that is not spelled as it has to be, or whose signature does not verify.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// An entry that does not follow the one before it: something was changed, dropped, inserted or reordered.
    #[error("custody entry {number} follows {found}, expected {expected}")]
    Broken {
        /// Which entry, counted from 1.
        number: u64,
        /// The digest of the entry before it.
        expected: Digest,
        /// The digest it names.
        found: Digest,
    },
    /// The last entry is not the one known to be last: the end was cut off.
    #[error("the chain of custody ends at {found}, expected {expected}")]
    Head {
        /// The digest of the entry known to be last.
        expected: Digest,
        /// The digest of the last entry there is.
        found: Digest,
    },
}
