//! A signed event: what an officer did with a bundle, as one line, and the officer's two signatures over it.
//!
//! ```
//! use sanduq::bundle::event::SignedEvent;
//! use sanduq::crypto::{Digest, KeyPair};
//! use sanduq::custody::Event;
//!
//! let officer = KeyPair::generate();
//! let signed = SignedEvent::sign(Event::Disclose { record: Digest::of(b"list") }, &officer);
//! let [line, signature, pq_signature] = signed.print();
//! let read = SignedEvent::parse(line.as_bytes(), signature.as_bytes(), pq_signature.as_bytes())?;
//! read.verify(&officer.public())?;
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! It travels as three files: the line **without** a line feed, for that is what is signed, and an SSHSIG envelope for
//! each key. In the log stands only its [leaf](SignedEvent::leaf), which tells nothing to who has not the bundle's inner
//! salt.

use std::fmt;

use crate::crypto::{KeyPair, PublicPair, domain};
use crate::custody::Event;
use crate::format::{FormatError, sshsig};
use crate::tlog::Leaf;

/// Bytes of an event's line.
pub const LINE_BYTES_MAX: u64 = 256;

const FORMAT: &str = "signed event";

/// An event with its signatures. They are **not** verified until [`SignedEvent::verify`] says so.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedEvent {
    event: Event,
    signatures: [String; 2],
}

impl SignedEvent {
    /// The event, signed by an officer.
    #[must_use]
    pub fn sign(event: Event, officer: &KeyPair) -> SignedEvent {
        SignedEvent { event, signatures: event.sign(officer) }
    }

    /// Reads the line and the two envelopes; nothing but the one spelling of each.
    pub fn parse(line: &[u8], signature: &[u8], pq_signature: &[u8]) -> Result<SignedEvent, FormatError> {
        let wrong = |_| FormatError::spelling(FORMAT, "an event's line and two signatures");
        let event = std::str::from_utf8(line).map_err(wrong)?.parse()?;
        let envelope = |bytes: &[u8]| {
            sshsig::parse::<domain::Event>(bytes)?;
            Ok::<_, FormatError>(std::str::from_utf8(bytes).map_err(wrong)?.to_owned())
        };
        Ok(SignedEvent { event, signatures: [envelope(signature)?, envelope(pq_signature)?] })
    }

    /// The texts of the three files: the line, the Ed25519 signature, the composite one.
    #[must_use]
    pub fn print(&self) -> [String; 3] {
        let [signature, pq_signature] = self.signatures.clone();
        [self.event.to_string(), signature, pq_signature]
    }

    /// What happened.
    #[must_use]
    pub fn event(&self) -> Event {
        self.event
    }

    /// Checks that both signatures are this officer's.
    pub fn verify(&self, officer: &PublicPair) -> Result<(), FormatError> {
        self.event.verify(officer, &self.signatures)
    }

    /// The leaf by which it stands in the log, under the bundle's inner salt.
    #[must_use]
    pub fn leaf(&self, salt: &[u8; 32]) -> Leaf {
        self.event.leaf(salt)
    }
}

impl fmt::Debug for SignedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedEvent({})", self.event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Digest;

    #[test]
    fn it_is_of_one_officer_one_event_and_one_spelling() {
        let officer = KeyPair::generate();
        let record = Digest::of(b"one");
        let signed = SignedEvent::sign(Event::Disclose { record }, &officer);
        signed.verify(&officer.public()).unwrap();
        assert!(signed.verify(&KeyPair::generate().public()).is_err());
        let [line, one, two] = signed.print();
        let parse = |line: &str, one: &str, two: &str| {
            SignedEvent::parse(line.as_bytes(), one.as_bytes(), two.as_bytes())
        };
        assert_eq!(parse(&line, &one, &two).unwrap(), signed);
        assert!(parse(&format!("{line}\n"), &one, &two).is_err());
        assert!(parse(&line, &format!("{one}\n"), &two).is_err());
        assert!(parse(&line, &two, &one).unwrap().verify(&officer.public()).is_err());
        let withdrawn = line.replace("disclose", "withdraw");
        assert!(parse(&withdrawn, &one, &two).unwrap().verify(&officer.public()).is_err());
        assert_eq!(signed.leaf(&[7; 32]), Event::Disclose { record }.leaf(&[7; 32]));
    }
}
