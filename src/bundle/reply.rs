//! A reply: what an officer says to the author of a bundle that was opened, such as a question or thanks.
//!
//! ```text
//! sanduq-reply/1
//! bundle: 64 hexadecimal digits
//! author: the fingerprint of the author's keys
//! card: SHA-256 of the card the bundle was sealed to
//! officer: 1
//! number: 1
//!
//! what the officer says, in as many lines as needed
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! ```
//!
//! Signed is every byte before the first signature, by both keys of the officer at that place of the card, in the role
//! `sanduq-reply`. The number orders one officer's replies about a bundle without a clock. It names bundle, author and
//! card, so it can be shown to nobody as if it were about something else. docs/spec/reply.md is the normative text.
//!
//! ```
//! use sanduq::bundle::reply::{About, Reply};
//! use sanduq::crypto::{Digest, KeyPair};
//!
//! let digest = Digest::of(b"invented");
//! let about = About { bundle: digest, author: digest, card: digest };
//! let reply = Reply::sign(about, 1, 1, "Who else saw it?", &KeyPair::generate())?;
//! assert_eq!(Reply::parse(reply.print().as_bytes())?, reply);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::crypto::hash::Digest;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::sign::domain;
use crate::evidence::composed::{compose, is_composed};
use crate::format::card::{Card, OFFICERS_MAX};
use crate::format::{FormatError, lines, sshsig};

/// Bytes of the words: a few pages.
pub const WORDS_BYTES_MAX: usize = 16 << 10;
/// Bytes of a reply, signatures and all.
pub const REPLY_BYTES_MAX: usize = WORDS_BYTES_MAX + 512 + 2 * sshsig::ENVELOPE_BYTES_MAX;

/// The first line.
pub const FIRST_LINE: &str = "sanduq-reply/1";

const FORMAT: &str = "reply";
/// How a signature begins; no words may hold it, or stock tools would cut them there.
const SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----";

/// What a reply is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The bundle's id.
    pub bundle: Digest,
    /// The fingerprint of its author's keys.
    pub author: Digest,
    /// SHA-256 of the card it was sealed to.
    pub card: Digest,
}

/// A reply and its two signatures. It says nothing until it [verifies](Reply::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    about: About,
    officer: usize,
    number: u64,
    words: String,
    signatures: [String; 2],
}

/// A reply cannot be made, or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// These words cannot stand in a reply.
    #[error("what is said has 1 to {WORDS_BYTES_MAX} bytes, no zero byte and no signature in it")]
    Words,
    /// It is about something else.
    #[error("about another {0}")]
    Another(&'static str),
    /// No officer stands at this place of the card.
    #[error("no officer {0} on the card")]
    NoOfficer(usize),
    /// The signatures are not by that officer over this reply.
    #[error(transparent)]
    Signature(#[from] FormatError),
}

impl Reply {
    /// Says something as the officer at this place of the card, from 1. The words are put into composed form.
    pub fn sign(
        about: About,
        officer: usize,
        number: u64,
        words: &str,
        keys: &KeyPair,
    ) -> Result<Reply, ReplyError> {
        if !(1..=OFFICERS_MAX).contains(&officer) {
            return Err(ReplyError::NoOfficer(officer));
        }
        let words = said(words)?;
        let mut reply = Reply { about, officer, number, words, signatures: Default::default() };
        let signatures = keys.sign::<domain::Reply>(reply.text().as_bytes());
        reply.signatures = sshsig::encode_pair(&keys.public(), &signatures);
        Ok(reply)
    }

    /// Reads a reply; nothing but the one spelling of [`Reply::print`]. Its signatures are **not** checked here.
    pub fn parse(bytes: &[u8]) -> Result<Reply, FormatError> {
        if bytes.len() > REPLY_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: REPLY_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(FORMAT, "UTF-8"))?;
        let start = whole.find(SIGNATURE).ok_or(FormatError::spelling(FORMAT, "two signatures"))?;
        let (text, signatures) = whole.split_at(start);
        let reply =
            Reply { signatures: sshsig::parse_pair::<domain::Reply>(signatures)?, ..read_text(text)? };
        if reply.print() == whole {
            Ok(reply)
        } else {
            Err(FormatError::spelling(FORMAT, "its one spelling"))
        }
    }

    /// The whole reply: what is signed, then the signature of the Ed25519 key, then that of the composite key.
    pub fn print(&self) -> String {
        let [signature, pq_signature] = &self.signatures;
        format!("{}{signature}{pq_signature}", self.text())
    }

    /// What is signed.
    pub fn text(&self) -> String {
        let About { bundle, author, card } = self.about;
        let Reply { officer, number, words, .. } = self;
        format!(
            "{FIRST_LINE}\nbundle: {bundle}\nauthor: {author}\ncard: {card}\nofficer: {officer}\n\
             number: {number}\n\n{words}\n"
        )
    }

    /// The digest of what is signed: by it a reply is known, whichever signatures it came with.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// What it says it is about.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The officer's place on the card, from 1.
    pub fn officer(&self) -> usize {
        self.officer
    }

    /// Its place among this officer's replies about the bundle, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What is said. **Never** show it without escaping it.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Checks that it is about this bundle by this author, sealed to this card, and signed by the officer it names.
    pub fn verify(&self, bundle: &Digest, author: &Digest, card: &Card) -> Result<(), ReplyError> {
        let same = [
            ("bundle", self.about.bundle == *bundle),
            ("author", self.about.author == *author),
            ("card", self.about.card == card.digest()),
        ];
        if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
            return Err(ReplyError::Another(what));
        }
        let officer = self.officer.checked_sub(1).and_then(|place| card.officers().get(place));
        let officer = officer.ok_or(ReplyError::NoOfficer(self.officer))?;
        let [signature, pq_signature] = &self.signatures;
        let text = self.text();
        Ok(sshsig::verify_pair::<domain::Reply>(&officer.keys, text.as_bytes(), signature, pq_signature)?)
    }
}

/// Words as they stand in a reply.
fn said(words: &str) -> Result<String, ReplyError> {
    let words = compose(words.trim());
    if fits(&words) { Ok(words) } else { Err(ReplyError::Words) }
}

/// Whether words can stand in a reply: there, not too long, composed, without white space around them.
fn fits(words: &str) -> bool {
    let there = !words.is_empty() && words.len() <= WORDS_BYTES_MAX && words.trim() == words;
    there && is_composed(words) && !words.contains('\0') && !words.contains(SIGNATURE)
}

/// What is signed of a reply.
fn read_text(text: &str) -> Result<Reply, FormatError> {
    let wrong = |line, expected| FormatError::Malformed { format: FORMAT, line, expected };
    let lines = lines(FORMAT, text.as_bytes(), REPLY_BYTES_MAX)?;
    if lines.first() != Some(&FIRST_LINE) {
        return Err(wrong(1, FIRST_LINE));
    }
    let value = |line: usize, label| {
        let text = lines.get(line - 1).and_then(|text| text.strip_prefix(label)?.strip_prefix(": "));
        text.ok_or(wrong(line as u64, label))
    };
    let digest =
        |line: usize, label| value(line, label)?.parse().map_err(|_| wrong(line as u64, "a SHA-256"));
    let about =
        About { bundle: digest(2, "bundle")?, author: digest(3, "author")?, card: digest(4, "card")? };
    let officer = value(5, "officer")?.parse().ok().filter(|officer| (1..=OFFICERS_MAX).contains(officer));
    let number = value(6, "number")?.parse().ok().filter(|number| *number >= 1);
    if lines.get(6) != Some(&"") {
        return Err(wrong(7, "an empty line"));
    }
    let words = lines[7..].join("\n");
    if !fits(&words) {
        return Err(wrong(8, "words in composed form"));
    }
    Ok(Reply {
        about,
        officer: officer.ok_or(wrong(5, "a place on a card"))?,
        number: number.ok_or(wrong(6, "a number from 1"))?,
        words,
        signatures: Default::default(),
    })
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
