//! A stamp: a time from outside on a head of the log, either the token of an authority ([`crate::format::timestamp`]) or a
//! proof of OpenTimestamps ([`crate::format::ots`]).
//!
//! Stamped is the text of the checkpoint that its log signs, three lines, each with its line feed. The signatures are not
//! in it: cosignatures that come later leave the stamp as good as it was. A stamp says that the head was there **before**
//! a time, and with it every leaf that it sums up; how long before it does not say. docs/spec/time.md is the normative
//! text.

use std::fmt;
use std::str::FromStr;

use super::checkpoint::Checkpoint;
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::ots::{self, OtsProof};
use crate::format::timestamp::{self, Token};

/// The longest stamp.
pub const STAMP_BYTES_MAX: usize = if timestamp::RESPONSE_BYTES_MAX > ots::PROOF_BYTES_MAX {
    timestamp::RESPONSE_BYTES_MAX
} else {
    ots::PROOF_BYTES_MAX
};

/// A time from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// An authority's, in a response.
    Response(Token),
    /// An authority's, by itself.
    Token(Token),
    /// One of OpenTimestamps.
    Proof(OtsProof),
}

impl Stamp {
    /// The stamp that these bytes are, of whichever kind. Nothing is verified but the way of a proof.
    pub fn parse(bytes: &[u8]) -> Result<Stamp, FormatError> {
        if OtsProof::begins(bytes) {
            return OtsProof::parse(bytes).map(Stamp::Proof);
        }
        match Token::parse(bytes) {
            Ok(token) => Ok(Stamp::Token(token)),
            Err(_) => Token::parse_response(bytes).map(Stamp::Response),
        }
    }

    /// The stamp in a file whose name ends so, in the spelling in which it is kept.
    pub fn parse_kept(bytes: &[u8], ending: &str) -> Result<Stamp, FormatError> {
        let stamp = Stamp::parse(bytes)?;
        if stamp.ending() == ending && stamp.kept() == bytes {
            Ok(stamp)
        } else {
            Err(FormatError::spelling(
                "stamp",
                "the one spelling in which it is kept, under its kind's ending",
            ))
        }
    }

    /// What was stamped: the digest of a text.
    #[must_use]
    pub fn imprint(&self) -> Digest {
        match self {
            Stamp::Response(token) | Stamp::Token(token) => token.imprint,
            Stamp::Proof(proof) => proof.digest,
        }
    }

    /// How the name of a file with such a stamp ends.
    #[must_use]
    pub fn ending(&self) -> &'static str {
        match self {
            Stamp::Response(_) | Stamp::Token(_) => RESPONSE_ENDING,
            Stamp::Proof(_) => PROOF_ENDING,
        }
    }

    /// The bytes to keep: of an authority's token the response that has it and nothing else, for `openssl`.
    #[must_use]
    pub fn kept(&self) -> Vec<u8> {
        match self {
            Stamp::Response(token) | Stamp::Token(token) => token.response(),
            Stamp::Proof(proof) => proof.as_bytes().to_vec(),
        }
    }

    /// Whether it tells a time: a proof that only waits for its calendars tells none yet.
    #[must_use]
    pub fn tells_time(&self) -> bool {
        match self {
            Stamp::Response(_) | Stamp::Token(_) => true,
            Stamp::Proof(proof) => proof.blocks().next().is_some(),
        }
    }

    /// Whether this head is what was stamped.
    #[must_use]
    pub fn is_over(&self, head: &Checkpoint) -> bool {
        self.imprint() == stamped(head)
    }
}

/// How the name of a file with an authority's response ends.
pub const RESPONSE_ENDING: &str = "tsr";
/// How the name of a file with a proof of OpenTimestamps ends.
pub const PROOF_ENDING: &str = "ots";

/// The digest that a stamp on this head is over.
#[must_use]
pub fn stamped(head: &Checkpoint) -> Digest {
    Digest::of(head.to_string().as_bytes())
}

/// The name of a file with a stamp: the size of the head that it is over, its own digest, and its kind. So the same stamp
/// has one name.
///
/// ```
/// use sanduq::tlog::stamp::StampName;
///
/// let text = "3-7cd101e8ef6b21a2e14b2ef53d8ad1e1f8d25a4fd8ab1c4bb1b1d8cb34de2be3.tsr";
/// let name: StampName = text.parse()?;
/// assert_eq!((name.size, name.to_string().as_str()), (3, text));
/// # Ok::<(), sanduq::format::FormatError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StampName {
    /// How many leaves the head has.
    pub size: u64,
    /// The digest of the file.
    pub digest: Digest,
    /// How it ends.
    pub ending: &'static str,
}

impl StampName {
    /// The name of this stamp over the head of this size.
    #[must_use]
    pub fn of(stamp: &Stamp, size: u64) -> StampName {
        StampName { size, digest: Digest::of(&stamp.kept()), ending: stamp.ending() }
    }
}

impl fmt::Display for StampName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}.{}", self.size, self.digest, self.ending)
    }
}

impl FromStr for StampName {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<StampName, FormatError> {
        let read = || {
            let (size, rest) = text.split_once('-')?;
            let (digest, ending) = rest.split_once('.')?;
            let ending = [RESPONSE_ENDING, PROOF_ENDING].into_iter().find(|known| *known == ending)?;
            Some(StampName { size: size.parse().ok()?, digest: digest.parse().ok()?, ending })
        };
        let name = read().filter(|name| name.to_string() == text);
        name.ok_or(FormatError::spelling("stamp's name", "SIZE-DIGEST.tsr or SIZE-DIGEST.ots"))
    }
}
