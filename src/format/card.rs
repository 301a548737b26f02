//! An organisation's public card: who its officers are, which log answers for it, and the key that says so.
//!
//! It is a [draft](super::draft) followed by the card key and that key's two signatures:
//!
//! ```text
//! sanduq-card/1
//! name: Invented Archive
//! …
//! policy: quorum none
//! key: ssh-ed25519 AAAA…
//! pq-key: ssh-mldsa44-ed25519 AAAA…
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! ```
//!
//! Signed is every byte before the first signature, in the role `sanduq-card`. A card that succeeds one of another
//! key names the older key after its own, as `formerly:` and `formerly-pq:`, and is signed by the older pair too.
//! People compare the fingerprint of the key as eight words; the signature alone says only that whoever holds this
//! key made this card.

use std::fmt;

pub use super::draft::{CARD_BYTES_MAX, Draft, OFFICERS_MAX, OfficerLine, Terms};
use super::draft::{FORMAT, Fields};
use super::note::NoteVerifier;
use super::policy::Policy;
use super::time::Date;
use super::{FormatError, lines, sshsig};
use crate::crypto::{Digest, KeyPair, PublicPair, VerifyingKey, domain};

/// A card whose signatures verify, with the bytes it came in.
#[derive(Clone)]
pub struct Card {
    bytes: Vec<u8>,
    draft: Draft,
    key: PublicPair,
    formerly: Option<PublicPair>,
}

impl Draft {
    /// The card of this draft, signed with the card key.
    #[must_use]
    pub fn sign(self, key: &KeyPair) -> Card {
        Card::signed(self, key, None)
    }

    /// The card of this draft under a new key, signed with the older key too.
    #[must_use]
    pub fn sign_succeeding(self, key: &KeyPair, older: &KeyPair) -> Card {
        Card::signed(self, key, Some(older))
    }
}

impl Card {
    fn signed(draft: Draft, key: &KeyPair, older: Option<&KeyPair>) -> Self {
        let formerly = older.map(KeyPair::public);
        let text = signed_text(&draft, &key.public(), formerly.as_ref());
        let mut bytes = text.clone();
        for signer in [Some(key), older].into_iter().flatten() {
            let signatures = signer.sign::<domain::Card>(text.as_bytes());
            bytes.push_str(&sshsig::encode_pair(&signer.public(), &signatures).concat());
        }
        Self { bytes: bytes.into_bytes(), draft, key: key.public(), formerly }
    }

    /// The card that these bytes are, with every signature verified.
    ///
    /// Whether its key is the organisation's, and whether it is still valid, is for the caller to ask.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > CARD_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: CARD_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let wrong = || FormatError::spelling(FORMAT, "a text and its signatures");
        let whole = std::str::from_utf8(bytes).map_err(|_| wrong())?;
        let start = whole.find(sshsig::BEGIN).ok_or_else(wrong)?;
        let (text, signatures) = whole.split_at(start);
        let card = Self::parse_text(text, bytes)?;
        card.verify(text, &signatures.split_inclusive(sshsig::END).collect::<Vec<_>>())?;
        Ok(card)
    }

    fn parse_text(text: &str, bytes: &[u8]) -> Result<Self, FormatError> {
        let lines = lines(FORMAT, text.as_bytes(), CARD_BYTES_MAX)?;
        let mut fields = Fields { lines: &lines, number: 0 };
        let draft = Draft::parse_fields(&mut fields)?;
        let key = pair(fields.take("key: ")?, fields.take("pq-key: ")?)?;
        let formerly = match fields.take_if("formerly: ") {
            Some(older) => Some(pair(older, fields.take("formerly-pq: ")?)?),
            None => None,
        };
        fields.end()?;
        if signed_text(&draft, &key, formerly.as_ref()) != text || formerly.as_ref() == Some(&key) {
            return Err(FormatError::spelling(FORMAT, "its one spelling"));
        }
        Ok(Self { bytes: bytes.to_vec(), draft, key, formerly })
    }

    fn verify(&self, text: &str, envelopes: &[&str]) -> Result<(), FormatError> {
        let signers: Vec<_> = [Some(&self.key), self.formerly.as_ref()].into_iter().flatten().collect();
        if envelopes.len() != 2 * signers.len() {
            return Err(FormatError::spelling(FORMAT, "two signatures by each key pair"));
        }
        signers.iter().zip(envelopes.chunks_exact(2)).try_for_each(|(signer, pair)| {
            sshsig::verify_pair::<domain::Card>(signer, text.as_bytes(), pair[0], pair[1])
        })
    }

    /// The bytes of the card, as they came and as they are passed on.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 of those bytes, by which bundles and the log name the card.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// What it says.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        self.draft.terms()
    }

    /// The card key.
    #[must_use]
    pub fn key(&self) -> &PublicPair {
        &self.key
    }

    /// The key before, if the organisation changed it.
    #[must_use]
    pub fn formerly(&self) -> Option<&PublicPair> {
        self.formerly.as_ref()
    }

    /// What people compare as eight words: the fingerprint of the card key.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        self.key.fingerprint()
    }

    /// What the organisation calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.terms().name
    }

    /// The number of this card among the organisation's.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.terms().serial
    }

    /// The last day on which to seal to it.
    #[must_use]
    pub fn valid_until(&self) -> Date {
        self.terms().valid_until
    }

    /// Whether on this day it is no longer to be sealed to.
    #[must_use]
    pub fn has_expired(&self, today: Date) -> bool {
        today > self.valid_until()
    }

    /// The officers, in the order of the quorum files.
    #[must_use]
    pub fn officers(&self) -> &[OfficerLine] {
        &self.terms().officers
    }

    /// How many officers open together.
    #[must_use]
    pub fn threshold(&self) -> usize {
        self.terms().threshold
    }

    /// The log whose receipts count.
    #[must_use]
    pub fn log_key(&self) -> &NoteVerifier {
        &self.terms().log
    }

    /// That log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.log_key().name()
    }

    /// When receipts count.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.terms().policy
    }
}

impl PartialEq for Card {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Card {}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({:?}, serial {}, {})", self.name(), self.serial(), self.digest())
    }
}

fn pair(ed25519: &str, composite: &str) -> Result<PublicPair, FormatError> {
    Ok(PublicPair::new(VerifyingKey::from_line(ed25519)?, VerifyingKey::from_line(composite)?)?)
}

fn signed_text(draft: &Draft, key: &PublicPair, formerly: Option<&PublicPair>) -> String {
    let mut text = format!("{draft}key: {}\npq-key: {}\n", key.ed25519(), key.composite());
    if let Some(older) = formerly {
        text += &format!("formerly: {}\nformerly-pq: {}\n", older.ed25519(), older.composite());
    }
    text
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
