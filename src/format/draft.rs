//! What an organisation's card says, before the card key signed it: a draft. And the one line by which an officer
//! goes into it.
//!
//! ```text
//! sanduq-card/1
//! name: Invented Archive
//! serial: 1
//! valid-until: 2028-11-23
//! threshold: 2
//! officer: age1pq1… ssh-ed25519 AAAA… ssh-mldsa44-ed25519 AAAA…
//! officer: age1pq1… ssh-ed25519 AAAA… ssh-mldsa44-ed25519 AAAA…
//! officer: age1pq1… ssh-ed25519 AAAA… ssh-mldsa44-ed25519 AAAA…
//! log: archive.example/log+3ab1c4d2+AR…
//! policy: quorum none
//! ```
//!
//! One to five officers, none twice, of whom `threshold` open together; the log whose receipts count; the policy by
//! which they count ([`super::policy`], each line after `policy: `), which names this log or none.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::note::{KeyKind, NoteVerifier};
use super::policy::Policy;
use super::text::steers;
use super::time::Date;
use super::{FormatError, lines};
use crate::crypto::hybrid::Recipient;
use crate::crypto::{PublicPair, VerifyingKey};

/// The first line of drafts and cards.
pub const HEADER: &str = "sanduq-card/1";

/// The most officers: with five, no threshold needs more than ten groups.
pub const OFFICERS_MAX: usize = 5;

/// The longest card or draft: five officers, a full policy, four signatures.
pub const CARD_BYTES_MAX: usize = 64 << 10;

/// The longest name of an organisation.
pub const NAME_BYTES_MAX: usize = 200;

/// The largest serial number: a card of the largest number there is could never be followed by another.
pub const SERIAL_MAX: u64 = 1_000_000_000;

pub(super) const FORMAT: &str = "card";

/// An officer's public keys: what `sanduq recipient` prints, five fields on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerLine {
    /// To whom bundles are sealed.
    pub recipient: Recipient,
    /// The keys with which this officer signs events.
    pub keys: PublicPair,
}

impl fmt::Display for OfficerLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.recipient, self.keys.ed25519(), self.keys.composite())
    }
}

impl FromStr for OfficerLine {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::spelling("officer line", "a recipient and two signing keys");
        let fields: Vec<&str> = text.splitn(6, ' ').collect();
        let [recipient, kind, key, pq_kind, pq_key] = fields[..] else { return Err(wrong()) };
        let line = Self {
            recipient: recipient.parse().map_err(|_| wrong())?,
            keys: PublicPair::new(
                VerifyingKey::from_line(&format!("{kind} {key}"))?,
                VerifyingKey::from_line(&format!("{pq_kind} {pq_key}"))?,
            )?,
        };
        if line.to_string() == text { Ok(line) } else { Err(wrong()) }
    }
}

impl Serialize for OfficerLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OfficerLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What a card says, apart from its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What the organisation calls itself.
    pub name: String,
    /// Counts up with every card; a lower one is refused where a higher one was seen. At least 1.
    pub serial: u64,
    /// The last day on which to seal to this card.
    pub valid_until: Date,
    /// How many officers open together.
    pub threshold: usize,
    /// The officers, in the order that the quorum files follow.
    pub officers: Vec<OfficerLine>,
    /// The log whose receipts count.
    pub log: NoteVerifier,
    /// When they count.
    pub policy: Policy,
}

/// An unsigned card: terms that hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(Terms);

impl Draft {
    /// The draft of these terms, refused if they break a rule of the format.
    pub fn new(terms: Terms) -> Result<Self, FormatError> {
        check_name(&terms.name)?;
        check_officers(&terms)?;
        let other_log = terms.policy.logs().iter().any(|log| *log != terms.log);
        let wrong = |expected| Err(FormatError::spelling(FORMAT, expected));
        if !(1..=SERIAL_MAX).contains(&terms.serial) {
            return wrong("a serial number of at least 1 and at most a billion");
        }
        if terms.log.kind() != KeyKind::Log || other_log {
            return wrong("one log, with the same key in the policy");
        }
        // Else its own key would be counted among those that watch it.
        if terms.policy.logs().is_empty()
            && terms.policy.witnesses().any(|key| key.name() == terms.log.name())
        {
            return wrong("the log named in the policy that asks for a further key of it");
        }
        Ok(Self(terms))
    }

    /// The draft that these bytes spell.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let lines = lines(FORMAT, bytes, CARD_BYTES_MAX)?;
        let mut fields = Fields { lines: &lines, number: 0 };
        let draft = Self::parse_fields(&mut fields)?;
        fields.end()?;
        if draft.to_string().as_bytes() == bytes {
            Ok(draft)
        } else {
            Err(FormatError::spelling(FORMAT, "its one spelling"))
        }
    }

    pub(super) fn parse_fields(fields: &mut Fields<'_>) -> Result<Self, FormatError> {
        fields.header()?;
        Self::new(Terms {
            name: fields.take("name: ")?.to_owned(),
            serial: fields.number("serial: ")?,
            valid_until: fields.take("valid-until: ")?.parse()?,
            threshold: usize::try_from(fields.number("threshold: ")?).unwrap_or(usize::MAX),
            officers: fields.run("officer: ").map(str::parse).collect::<Result<_, _>>()?,
            log: fields.take("log: ")?.parse()?,
            policy: Policy::parse(
                fields.run("policy: ").map(|line| line.to_owned() + "\n").collect::<String>().as_bytes(),
            )?,
        })
    }

    /// What it says.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.0
    }
}

impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Terms { name, serial, valid_until, threshold, officers, log, policy } = &self.0;
        writeln!(
            f,
            "{HEADER}\nname: {name}\nserial: {serial}\nvalid-until: {valid_until}\nthreshold: {threshold}"
        )?;
        officers.iter().try_for_each(|officer| writeln!(f, "officer: {officer}"))?;
        writeln!(f, "log: {log}")?;
        policy.to_string().lines().try_for_each(|line| writeln!(f, "policy: {line}"))
    }
}

fn check_name(name: &str) -> Result<(), FormatError> {
    let fits = (1..=NAME_BYTES_MAX).contains(&name.len()) && name.trim() == name;
    if fits && !name.contains(steers) {
        return Ok(());
    }
    Err(FormatError::spelling(FORMAT, "a name of up to 200 bytes without control or direction characters"))
}

fn check_officers(terms: &Terms) -> Result<(), FormatError> {
    let officers = &terms.officers;
    if !(1..=OFFICERS_MAX).contains(&officers.len()) {
        return Err(FormatError::spelling(FORMAT, "one to five officers"));
    }
    if !(1..=officers.len()).contains(&terms.threshold) {
        return Err(FormatError::spelling(FORMAT, "a threshold between 1 and the number of officers"));
    }
    for (place, officer) in officers.iter().enumerate() {
        if officers[..place].iter().any(|other| share_a_key(officer, other)) {
            return Err(FormatError::Duplicate { format: FORMAT, name: officer.keys.ed25519().to_line() });
        }
    }
    Ok(())
}

fn share_a_key(one: &OfficerLine, other: &OfficerLine) -> bool {
    one.recipient == other.recipient
        || one.keys.ed25519() == other.keys.ed25519()
        || one.keys.composite() == other.keys.composite()
}

/// The labelled lines of a card, taken from the front.
pub(super) struct Fields<'a> {
    pub(super) lines: &'a [&'a str],
    pub(super) number: u64,
}

impl<'a> Fields<'a> {
    fn header(&mut self) -> Result<(), FormatError> {
        if self.take(HEADER)?.is_empty() { Ok(()) } else { Err(self.wrong(HEADER)) }
    }

    /// The value of the next line, which has this label.
    pub(super) fn take(&mut self, label: &'static str) -> Result<&'a str, FormatError> {
        self.take_if(label).ok_or_else(|| FormatError::Malformed {
            format: FORMAT,
            line: self.number + 1,
            expected: label,
        })
    }

    /// The value of the next line, if it has this label.
    pub(super) fn take_if(&mut self, label: &str) -> Option<&'a str> {
        let (first, rest) = self.lines.split_first()?;
        let value = first.strip_prefix(label)?;
        self.lines = rest;
        self.number += 1;
        Some(value)
    }

    fn run(&mut self, label: &'static str) -> impl Iterator<Item = &'a str> {
        std::iter::from_fn(move || self.take_if(label))
    }

    fn number(&mut self, label: &'static str) -> Result<u64, FormatError> {
        let value = self.take(label)?;
        value.parse().map_err(|_| self.wrong("a decimal number"))
    }

    /// Refuses whatever was not taken.
    pub(super) fn end(&self) -> Result<(), FormatError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        Err(FormatError::Malformed { format: FORMAT, line: self.number + 1, expected: "the end" })
    }

    fn wrong(&self, expected: &'static str) -> FormatError {
        FormatError::Malformed { format: FORMAT, line: self.number, expected }
    }
}
