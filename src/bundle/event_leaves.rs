//! The events of an officer on their way to the desk: their leaves alone, in one file that the officer signed.
//!
//! ```text
//! sanduq-events/1
//! log: the verifier key of the organisation's log
//! officer: the fingerprint of the officer's keys
//! leaf: 64 hexadecimal digits
//! …
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! -----BEGIN SSH SIGNATURE-----
//! …
//! -----END SSH SIGNATURE-----
//! ```
//!
//! Signed is every byte before the first signature, in the role `sanduq-event`; no event's line begins as this does. The
//! desk learns how many events there are and whose, and nothing of what they are: a leaf is hidden under its bundle's
//! inner salt. What comes back are [proofs](super::event_proofs). docs/spec/events.md is the normative text.
//!
//! ```
//! use sanduq::bundle::event_leaves::EventLeaves;
//! use sanduq::crypto::{Digest, KeyPair, LogSigningKey};
//! use sanduq::format::note::NoteSigner;
//!
//! let log = NoteSigner::new("example.org/log", LogSigningKey::generate())?.verifier();
//! let officer = KeyPair::generate();
//! let leaves = EventLeaves::sign(&log, [Digest::of(b"invented")], &officer);
//! let read = EventLeaves::parse(leaves.print().as_bytes())?;
//! read.verify(&officer.public())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;

use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::crypto::key_pair::{KeyPair, PublicPair};
use crate::crypto::sign::domain;
use crate::format::note::NoteVerifier;
use crate::format::{FormatError, lines, sshsig};

/// The first line.
pub const FIRST_LINE: &str = "sanduq-events/1";
/// How the file's name ends.
pub const ENDING: &str = "events";
/// Leaves in one file: more than an officer makes in years, and the file stays under a megabyte.
pub const LEAVES_MAX: usize = 10_000;
/// Bytes of the file.
pub const BYTES_MAX: usize = LEAVES_MAX * LEAF_LINE_BYTES + 1024 + 2 * sshsig::ENVELOPE_BYTES_MAX;

const LEAF_LINE_BYTES: usize = "leaf: ".len() + 64 + 1;
const FORMAT: &str = "officer's events";
const SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----";

/// Leaves of events, signed by an officer. They are **not** verified until [`EventLeaves::verify`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLeaves {
    log: NoteVerifier,
    officer: Digest,
    leaves: BTreeSet<Digest>,
    signatures: [String; 2],
}

impl EventLeaves {
    /// The first [`LEAVES_MAX`] of these leaves, in the order of their digests, for the log with this key.
    #[must_use]
    pub fn sign(log: &NoteVerifier, leaves: impl IntoIterator<Item = Digest>, officer: &KeyPair) -> Self {
        let leaves: BTreeSet<Digest> = leaves.into_iter().collect();
        let mut signed = Self {
            log: log.clone(),
            officer: officer.public().fingerprint(),
            leaves: leaves.into_iter().take(LEAVES_MAX).collect(),
            signatures: Default::default(),
        };
        let signatures = officer.sign::<domain::Event>(signed.text().as_bytes());
        signed.signatures = sshsig::encode_pair(&officer.public(), &signatures);
        signed
    }

    /// Reads the file; nothing but the one spelling of [`EventLeaves::print`]. The signatures are **not** checked here.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > BYTES_MAX {
            return Err(FormatError::TooLarge { format: FORMAT, limit: BYTES_MAX as u64, unit: "bytes" });
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(FORMAT, "UTF-8"))?;
        let start = whole.find(SIGNATURE).ok_or(FormatError::spelling(FORMAT, "two signatures"))?;
        let (text, signatures) = whole.split_at(start);
        let read = Self { signatures: sshsig::parse_pair::<domain::Event>(signatures)?, ..read_text(text)? };
        if read.print() == whole { Ok(read) } else { Err(FormatError::spelling(FORMAT, "its one spelling")) }
    }

    /// The whole file: what is signed, then the signature of the Ed25519 key, then that of the composite key.
    #[must_use]
    pub fn print(&self) -> String {
        let [signature, pq_signature] = &self.signatures;
        format!("{}{signature}{pq_signature}", self.text())
    }

    /// What is signed.
    fn text(&self) -> String {
        let leaves: String = self.leaves.iter().map(|leaf| format!("leaf: {leaf}\n")).collect();
        format!("{FIRST_LINE}\nlog: {}\nofficer: {}\n{leaves}", self.log, self.officer)
    }

    /// The name it lies under: the same for the same leaves, and nothing but them makes it.
    #[must_use]
    pub fn name(&self) -> String {
        hex::encode(&Digest::of(self.text().as_bytes()).as_bytes()[..8])
    }

    /// The log it is for.
    pub fn log(&self) -> &NoteVerifier {
        &self.log
    }

    /// The fingerprint of the keys that it says signed it.
    pub fn officer(&self) -> Digest {
        self.officer
    }

    /// The leaves, as their digests.
    pub fn leaves(&self) -> &BTreeSet<Digest> {
        &self.leaves
    }

    /// Checks that both signatures are this officer's.
    pub fn verify(&self, officer: &PublicPair) -> Result<(), FormatError> {
        if officer.fingerprint() != self.officer {
            return Err(FormatError::spelling(FORMAT, "this officer's fingerprint"));
        }
        let [signature, pq_signature] = &self.signatures;
        sshsig::verify_pair::<domain::Event>(officer, self.text().as_bytes(), signature, pq_signature)
    }
}

/// Whether a file that begins so is one.
#[must_use]
pub fn begins_so(beginning: &[u8]) -> bool {
    beginning.strip_prefix(FIRST_LINE.as_bytes()).is_some_and(|rest| rest.starts_with(b"\n"))
}

fn read_text(text: &str) -> Result<EventLeaves, FormatError> {
    let wrong = |line, expected| FormatError::Malformed { format: FORMAT, line, expected };
    let lines = lines(FORMAT, text.as_bytes(), BYTES_MAX)?;
    let value = |line: usize, label: &'static str| {
        let text = lines.get(line - 1).and_then(|text| text.strip_prefix(label)?.strip_prefix(": "));
        text.ok_or(wrong(line as u64, label))
    };
    if lines.first() != Some(&FIRST_LINE) {
        return Err(wrong(1, FIRST_LINE));
    }
    let log = value(2, "log")?.parse()?;
    let officer = value(3, "officer")?.parse().map_err(|_| wrong(3, "a SHA-256"))?;
    let mut leaves = BTreeSet::new();
    for line in 4..=lines.len() {
        let leaf: Digest = value(line, "leaf")?.parse().map_err(|_| wrong(line as u64, "a SHA-256"))?;
        if leaves.last().is_some_and(|last| *last >= leaf) {
            return Err(wrong(line as u64, "leaves in order, each once"));
        }
        leaves.insert(leaf);
    }
    if !(1..=LEAVES_MAX).contains(&leaves.len()) {
        return Err(wrong(4, "1 to 10,000 leaves"));
    }
    Ok(EventLeaves { log, officer, leaves, signatures: Default::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::LogSigningKey;
    use crate::format::note::NoteSigner;

    fn log() -> NoteSigner {
        NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap()
    }

    #[test]
    fn it_is_of_one_officer_and_one_spelling() {
        let (officer, log) = (KeyPair::generate(), log());
        let leaves = [Digest::of(b"one"), Digest::of(b"two"), Digest::of(b"one")];
        let signed = EventLeaves::sign(&log.verifier(), leaves, &officer);
        assert_eq!(signed.leaves().len(), 2);
        let text = signed.print();
        assert_eq!(EventLeaves::parse(text.as_bytes()).unwrap(), signed);
        signed.verify(&officer.public()).unwrap();
        assert!(signed.verify(&KeyPair::generate().public()).is_err());
        let first = text.lines().nth(3).unwrap();
        let second = text.lines().nth(4).unwrap();
        for (told, bad) in [
            ("no leaf", text.replace(&format!("{first}\n{second}\n"), "")),
            ("a leaf twice", text.replace(first, &format!("{first}\n{first}"))),
            ("another order", text.replace(&format!("{first}\n{second}"), &format!("{second}\n{first}"))),
            ("upper case", text.replace(first, &first.to_uppercase())),
            ("another version", text.replace("events/1", "events/2")),
            ("one signature", text[..text.rfind(SIGNATURE).unwrap()].to_owned()),
            ("something behind", format!("{text}\n")),
            ("other line ends", text.replace('\n', "\r\n")),
        ] {
            assert_ne!(bad, text, "{told}");
            assert!(EventLeaves::parse(bad.as_bytes()).is_err(), "{told}");
        }
        let dropped = EventLeaves::parse(text.replace(&format!("{first}\n"), "").as_bytes()).unwrap();
        assert!(dropped.verify(&officer.public()).is_err());
    }

    /// What is signed here must never pass for an event's line, which is signed in the same role.
    #[test]
    fn no_event_is_signed_by_it() {
        let officer = KeyPair::generate();
        let text = EventLeaves::sign(&log().verifier(), [Digest::of(b"one")], &officer).text();
        assert!(text.parse::<crate::custody::Event>().is_err());
        assert!(text.trim_end().parse::<crate::custody::Event>().is_err());
    }
}
