//! One entry of the chain: the digest of the entry before it, the time, and the event, on one line.
//!
//! ```text
//! 0000000000000000000000000000000000000000000000000000000000000000 2026-11-23T18:40:00Z remove 07070707070707070707070707070707
//! ```
//!
//! The first entry follows 64 zeros. An entry's digest is the SHA-256 of its line, without a line feed.

use std::fmt;
use std::str::FromStr;

use super::event::Event;
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::time::Time;

/// What the first entry follows.
pub const START: Digest = Digest::from_bytes([0; 32]);

/// An event in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The digest of the entry before it, or [`START`].
    pub previous: Digest,
    /// When it happened, by the device's clock.
    pub time: Time,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// The digest by which the next entry names this one.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_string().as_bytes())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.previous, self.time, self.event)
    }
}

impl FromStr for Entry {
    type Err = FormatError;

    fn from_str(line: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::spelling("custody entry", "a digest, a time and an event");
        let mut fields = line.splitn(3, ' ');
        let (Some(previous), Some(time), Some(event)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(wrong());
        };
        Ok(Self {
            previous: previous.parse().map_err(|_| wrong())?,
            time: time.parse()?,
            event: event.parse()?,
        })
    }
}
