//! What stands in the log: one line of text a leaf, which names a digest and nothing else.
//!
//! ```
//! use sanduq::crypto::Digest;
//! use sanduq::tlog::Leaf;
//!
//! let leaf = Leaf::Ingest(Digest::of(b"tagmanifest"));
//! assert!(leaf.to_string().starts_with("sanduq-log/1 ingest "));
//! assert_eq!(Leaf::parse(leaf.to_string().as_bytes())?, leaf);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! The leaf is the line without a line feed. There is no time in it: the order is the log's, and an intake may
//! shuffle what came in together.

use std::fmt;

use crate::crypto::Digest;
use crate::format::FormatError;

const PREFIX: &str = "sanduq-log/1 ";

/// A leaf of an intake's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// A bundle of this id was taken in.
    Ingest(Digest),
    /// A card of this digest was given out.
    Card(Digest),
    /// Something happened to a bundle: the HMAC, under its inner salt, of the event's line.
    Event(Digest),
}

impl Leaf {
    /// The leaf that these bytes spell.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let wrong =
            FormatError::spelling("log leaf", "sanduq-log/1, then ingest, card or event, then a digest");
        let text = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_prefix(PREFIX));
        let Some((kind, digest)) = text.and_then(|text| text.split_once(' ')) else { return Err(wrong) };
        let Ok(digest) = digest.parse() else { return Err(wrong) };
        match kind {
            "ingest" => Ok(Self::Ingest(digest)),
            "card" => Ok(Self::Card(digest)),
            "event" => Ok(Self::Event(digest)),
            _ => Err(wrong),
        }
    }

    /// The digest that it names.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Ingest(digest) | Self::Card(digest) | Self::Event(digest) => *digest,
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, digest) = match self {
            Self::Ingest(digest) => ("ingest", digest),
            Self::Card(digest) => ("card", digest),
            Self::Event(digest) => ("event", digest),
        };
        write!(f, "{PREFIX}{kind} {digest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_have_one_spelling() {
        let digest = Digest::of(b"");
        for leaf in [Leaf::Ingest(digest), Leaf::Card(digest), Leaf::Event(digest)] {
            assert_eq!(Leaf::parse(leaf.to_string().as_bytes()).unwrap(), leaf);
        }
        for bad in [
            String::new(),
            format!("sanduq-log/1 ingest {digest}\n"),
            format!("sanduq-log/1  ingest {digest}"),
            format!("sanduq-log/2 ingest {digest}"),
            format!("sanduq-log/1 forget {digest}"),
            format!("sanduq-log/1 ingest {}", digest.to_string().to_uppercase()),
            "sanduq-log/1 ingest".to_owned(),
        ] {
            assert!(Leaf::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
