//! One thing that happened to evidence, as a line of text: a verb and the ids of what it happened to.
//!
//! ```
//! use sanduq::crypto::Digest;
//! use sanduq::custody::Event;
//!
//! let event = Event::Open { bundle: Digest::of(b"tagmanifest"), officer: Digest::of(b"keys") };
//! assert!(event.to_string().starts_with("open "));
//! assert_eq!(event.to_string().parse::<Event>()?, event);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! The fields stand in the order of [`Event`]'s, one space between. An officer signs the line with both keys in the
//! role `sanduq-event`. In the log stands only its HMAC-SHA-256 under the bundle's inner salt: who was given the salt
//! with a disclosure finds every event of that bundle, and others can guess none.

use std::fmt;
use std::str::FromStr;

use crate::crypto::{Digest, KeyPair, PublicPair, domain, hmac};
use crate::format::id::RandomId;
use crate::format::{FormatError, sshsig};
use crate::tlog::Leaf;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// An item was added: `add ITEM CONTENT`.
    Add {
        /// Which item.
        item: RandomId,
        /// The digest of what it holds, as its vault computes it.
        content: Digest,
    },
    /// An item was changed before it was sealed: `edit ITEM CONTENT`.
    Edit {
        /// Which item.
        item: RandomId,
        /// The digest of what it holds now.
        content: Digest,
    },
    /// An item was removed: `remove ITEM`.
    Remove {
        /// Which item.
        item: RandomId,
    },
    /// An item was written out in the clear: `extract ITEM`.
    Extract {
        /// Which item.
        item: RandomId,
    },
    /// An organisation's card was taken in: `contact CARD`.
    Contact {
        /// The card's digest.
        card: Digest,
    },
    /// Items were sealed: `seal BUNDLE CARD`.
    Seal {
        /// The bundle's id.
        bundle: Digest,
        /// The digest of the card sealed to.
        card: Digest,
    },
    /// A bundle was written to a medium and read back: `export BUNDLE`.
    Export {
        /// The bundle's id.
        bundle: Digest,
    },
    /// A bundle's receipt came and holds: `receipt BUNDLE`.
    Receipt {
        /// The bundle's id.
        bundle: Digest,
    },
    /// Something was said about a bundle, by an officer here or to us: `reply BUNDLE REPLY`.
    Reply {
        /// The bundle's id.
        bundle: Digest,
        /// The digest of what is signed of the reply; of the card, where a card was sent.
        reply: Digest,
    },
    /// A log signed two heads of one size: `fork HEAD HEAD`.
    Fork {
        /// The digest of one head, as it was signed.
        one: Digest,
        /// That of the other.
        other: Digest,
    },
    /// An officer opened a bundle: `open BUNDLE OFFICER`.
    Open {
        /// The bundle's id.
        bundle: Digest,
        /// The fingerprint of the officer's signing keys.
        officer: Digest,
    },
    /// An organisation's card was signed here: `sign CARD`.
    Sign {
        /// The card's digest.
        card: Digest,
    },
    /// An officer's age identity was written out in the clear: `identity OFFICER`.
    Identity {
        /// The fingerprint of the officer's signing keys.
        officer: Digest,
    },
    /// What opens this part was changed: `keys`.
    Keys,
    /// A record was disclosed: `disclose RECORD`.
    Disclose {
        /// The record's id.
        record: Digest,
    },
    /// A record was withdrawn by its contributor: `withdraw RECORD`.
    Withdraw {
        /// The record's id.
        record: Digest,
    },
    /// A record is to be kept whatever happens, for a proceeding that is under way or expected: `hold RECORD`.
    Hold {
        /// The record's id.
        record: Digest,
    },
    /// A record was handed over to another organisation: `transfer RECORD CARD`.
    Transfer {
        /// The record's id.
        record: Digest,
        /// The digest of that organisation's card.
        card: Digest,
    },
}

impl Event {
    /// The first word of its line.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Edit { .. } => "edit",
            Self::Remove { .. } => "remove",
            Self::Extract { .. } => "extract",
            Self::Contact { .. } => "contact",
            Self::Seal { .. } => "seal",
            Self::Export { .. } => "export",
            Self::Receipt { .. } => "receipt",
            Self::Reply { .. } => "reply",
            Self::Fork { .. } => "fork",
            Self::Open { .. } => "open",
            Self::Sign { .. } => "sign",
            Self::Identity { .. } => "identity",
            Self::Keys => "keys",
            Self::Disclose { .. } => "disclose",
            Self::Withdraw { .. } => "withdraw",
            Self::Hold { .. } => "hold",
            Self::Transfer { .. } => "transfer",
        }
    }

    /// The leaf by which this event of a bundle stands in the log.
    #[must_use]
    pub fn leaf(&self, salt: &[u8; 32]) -> Leaf {
        Leaf::Event(hmac(salt, self.to_string().as_bytes()))
    }

    /// The two SSHSIG envelopes over the line, Ed25519's first.
    #[must_use]
    pub fn sign(&self, officer: &KeyPair) -> [String; 2] {
        sshsig::encode_pair(&officer.public(), &officer.sign::<domain::Event>(self.to_string().as_bytes()))
    }

    /// Checks that these are the officer's two signatures over the line.
    pub fn verify(&self, officer: &PublicPair, envelopes: &[String; 2]) -> Result<(), FormatError> {
        sshsig::verify_pair::<domain::Event>(
            officer,
            self.to_string().as_bytes(),
            &envelopes[0],
            &envelopes[1],
        )
    }

    fn from_words(words: &[&str]) -> Option<Self> {
        let id = |text: &str| text.parse::<RandomId>().ok();
        let digest = |text: &str| text.parse::<Digest>().ok();
        Some(match *words {
            ["add", item, content] => Self::Add { item: id(item)?, content: digest(content)? },
            ["edit", item, content] => Self::Edit { item: id(item)?, content: digest(content)? },
            ["remove", item] => Self::Remove { item: id(item)? },
            ["extract", item] => Self::Extract { item: id(item)? },
            ["contact", card] => Self::Contact { card: digest(card)? },
            ["seal", bundle, card] => Self::Seal { bundle: digest(bundle)?, card: digest(card)? },
            ["export", bundle] => Self::Export { bundle: digest(bundle)? },
            ["receipt", bundle] => Self::Receipt { bundle: digest(bundle)? },
            ["reply", bundle, reply] => Self::Reply { bundle: digest(bundle)?, reply: digest(reply)? },
            ["fork", one, other] => Self::Fork { one: digest(one)?, other: digest(other)? },
            ["open", bundle, officer] => Self::Open { bundle: digest(bundle)?, officer: digest(officer)? },
            ["sign", card] => Self::Sign { card: digest(card)? },
            ["identity", officer] => Self::Identity { officer: digest(officer)? },
            ["keys"] => Self::Keys,
            ["disclose", record] => Self::Disclose { record: digest(record)? },
            ["withdraw", record] => Self::Withdraw { record: digest(record)? },
            ["hold", record] => Self::Hold { record: digest(record)? },
            ["transfer", record, card] => Self::Transfer { record: digest(record)?, card: digest(card)? },
            _ => return None,
        })
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        match self {
            Self::Add { item, content } | Self::Edit { item, content } => write!(f, " {item} {content}"),
            Self::Remove { item } | Self::Extract { item } => write!(f, " {item}"),
            Self::Contact { card } | Self::Sign { card } => write!(f, " {card}"),
            Self::Seal { bundle, card } => write!(f, " {bundle} {card}"),
            Self::Export { bundle } | Self::Receipt { bundle } => write!(f, " {bundle}"),
            Self::Reply { bundle, reply } => write!(f, " {bundle} {reply}"),
            Self::Fork { one, other } => write!(f, " {one} {other}"),
            Self::Open { bundle, officer } => write!(f, " {bundle} {officer}"),
            Self::Identity { officer } => write!(f, " {officer}"),
            Self::Keys => Ok(()),
            Self::Disclose { record } | Self::Withdraw { record } | Self::Hold { record } => {
                write!(f, " {record}")
            }
            Self::Transfer { record, card } => write!(f, " {record} {card}"),
        }
    }
}

impl FromStr for Event {
    type Err = FormatError;

    fn from_str(line: &str) -> Result<Self, FormatError> {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        Self::from_words(&words).ok_or(FormatError::spelling("custody event", "a verb and the ids it takes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [Event; 18] {
        let (item, digest) = (RandomId::from_bytes([7; 16]), Digest::of(b""));
        [
            Event::Add { item, content: digest },
            Event::Edit { item, content: digest },
            Event::Remove { item },
            Event::Extract { item },
            Event::Contact { card: digest },
            Event::Seal { bundle: digest, card: digest },
            Event::Export { bundle: digest },
            Event::Receipt { bundle: digest },
            Event::Open { bundle: digest, officer: digest },
            Event::Disclose { record: digest },
            Event::Withdraw { record: digest },
            Event::Sign { card: digest },
            Event::Identity { officer: digest },
            Event::Keys,
            Event::Reply { bundle: digest, reply: digest },
            Event::Fork { one: digest, other: digest },
            Event::Hold { record: digest },
            Event::Transfer { record: digest, card: digest },
        ]
    }

    #[test]
    fn every_event_is_read_back_in_one_spelling() {
        for event in all() {
            let line = event.to_string();
            assert_eq!(line.parse::<Event>().unwrap(), event);
            let spaced = format!("{line} ").replacen(' ', "  ", 1);
            for bad in [format!("{line} "), format!("{line}\n"), spaced, line.to_uppercase()] {
                assert!(bad.parse::<Event>().is_err(), "{bad}");
            }
        }
        assert!("forget".parse::<Event>().is_err());
    }

    #[test]
    fn a_signature_is_of_one_officer_and_one_event() {
        let officer = KeyPair::generate();
        let [opened, withdrawn] = [all()[8], all()[10]];
        let signed = opened.sign(&officer);
        opened.verify(&officer.public(), &signed).unwrap();
        assert!(withdrawn.verify(&officer.public(), &signed).is_err());
        assert!(opened.verify(&KeyPair::generate().public(), &signed).is_err());
    }

    #[test]
    fn the_log_tells_an_event_only_to_who_holds_the_salt() {
        let event = all()[8];
        assert_eq!(event.leaf(&[1; 32]), event.leaf(&[1; 32]));
        assert_ne!(event.leaf(&[1; 32]), event.leaf(&[2; 32]));
        assert_eq!(event.leaf(&[1; 32]), Leaf::Event(hmac(&[1; 32], event.to_string().as_bytes())));
    }
}
