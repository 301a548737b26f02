//! The head of a log: its name, its size and its root, signed as a note (c2sp.org/tlog-checkpoint).
//!
//! ```text
//! example.org/log
//! 2
//! pbmGKt4ajP0cJvqmnzPUJ7Z4bOyRbjdRSxCZWtKUoVQ=
//!
//! — example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! ```
//!
//! Three lines and no others: C2SP allows extension lines and advises against them, for monitors cannot check them.
//! The origin is the name of the log's key, and free of control and direction characters.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::TlogError;
use super::cosignature::Witness;
use super::proof::verify_consistency;
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::note::{KEY_NAME_BYTES_MAX, Note, NoteSignature, NoteSigner, NoteVerifier};
use crate::format::text::steers;
use crate::format::time::Time;

const FORMAT: &str = "checkpoint";

/// What a log says of itself at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
}

impl Checkpoint {
    /// The head of this log at this size.
    #[must_use]
    pub fn of(log: &NoteSigner, size: u64, root: Digest) -> Self {
        Self { origin: log.verifier().name().to_owned(), size, root }
    }

    /// The checkpoint that the text of a note spells.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let wrong = |line, expected| FormatError::Malformed { format: FORMAT, line, expected };
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or_default().split('\n').collect();
        let [origin, size, root] = lines[..] else {
            return Err(FormatError::spelling(FORMAT, "three lines: origin, size, root"));
        };
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| wrong(2, "a decimal number"))?,
            root: digest_of(root).ok_or(wrong(3, "the base64 of a SHA-256"))?,
        };
        let named = (1..=KEY_NAME_BYTES_MAX).contains(&origin.len()) && !origin.contains(steers);
        if named && checkpoint.to_string() == text {
            Ok(checkpoint)
        } else {
            Err(wrong(1, "its one spelling"))
        }
    }

    /// Checks that this head grew out of an older one of the same log, by a consistency proof.
    ///
    /// Two heads of one size with different roots are a [`TlogError::Fork`]: both, signed, convict the log.
    pub fn grew_out_of(&self, older: &Checkpoint, proof: &[Digest]) -> Result<(), TlogError> {
        if self.origin != older.origin {
            let (expected, found) = (older.origin.clone(), self.origin.clone());
            return Err(TlogError::Origin { expected, found });
        }
        if self.size == older.size && self.root != older.root {
            return Err(TlogError::Fork { size: self.size });
        }
        if verify_consistency(older.size, &older.root, self.size, &self.root, proof) {
            return Ok(());
        }
        Err(TlogError::NotConsistent { old: older.size, new: self.size })
    }

    /// The head signed by its log. **Never** sign two that are not consistent.
    pub fn sign(self, log: &NoteSigner) -> Result<SignedCheckpoint, TlogError> {
        let signed = SignedCheckpoint { note: log.sign(&self.to_string())?, checkpoint: self };
        signed.verify(&log.verifier())?;
        Ok(signed)
    }

    /// As [`Checkpoint::sign`], with the log's second, post-quantum signature as well, which says nothing of when.
    pub fn sign_twice(self, log: &NoteSigner) -> Result<SignedCheckpoint, TlogError> {
        let mut signed = self.sign(log)?;
        Witness::beside(log)?.cosign(&mut signed, Time::EPOCH);
        Ok(signed)
    }
}

/// The digest that 44 characters of base64 spell.
pub(super) fn digest_of(base64: &str) -> Option<Digest> {
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    bytes.try_into().ok().map(Digest::from_bytes)
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, BASE64_STANDARD.encode(self.root.as_bytes()))
    }
}

/// A head with the signatures under it. It says nothing until [`SignedCheckpoint::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// The signed checkpoint that these bytes are; no signature is verified.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// Checks that this log signed it and is the one it names, and gives what it says.
    pub fn verify(&self, log: &NoteVerifier) -> Result<&Checkpoint, TlogError> {
        self.note.verify(log)?;
        if self.checkpoint.origin != log.name() {
            return Err(TlogError::Origin {
                expected: log.name().to_owned(),
                found: self.checkpoint.origin.clone(),
            });
        }
        Ok(&self.checkpoint)
    }

    /// What it says, **not** verified.
    #[must_use]
    pub fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note that carries it.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The same head with the signatures of these keys alone, in the order they stand in.
    #[must_use]
    pub fn only<'k>(&self, keys: impl Iterator<Item = &'k NoteVerifier>) -> Self {
        Self { note: self.note.only(keys), checkpoint: self.checkpoint.clone() }
    }

    /// Puts a cosignature under it that came by itself; nothing is verified.
    pub fn add(&mut self, cosignature: NoteSignature) {
        self.note.add(cosignature);
    }

    /// The note, to add a cosignature.
    pub(super) fn note_mut(&mut self) -> &mut Note {
        &mut self.note
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.note, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{LogSigningKey, Secret};
    use crate::tlog::{MemoryHashes, Tree};

    fn log() -> NoteSigner {
        NoteSigner::new("example.org/log", LogSigningKey::from_seed(&Secret::new([3; 32]))).unwrap()
    }

    #[test]
    fn signed_and_read_back() {
        let signed = Checkpoint::of(&log(), 0, Digest::of(b"")).sign(&log()).unwrap();
        let read = SignedCheckpoint::parse(signed.to_string().as_bytes()).unwrap();
        assert_eq!(read, signed);
        assert_eq!(read.verify(&log().verifier()).unwrap().size, 0);
        assert_eq!(
            read.unverified().to_string(),
            "example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        );
    }

    #[test]
    fn a_head_names_its_own_log() {
        let other = Checkpoint { origin: "example.org/other".to_owned(), size: 0, root: Digest::of(b"") };
        assert!(matches!(other.sign(&log()), Err(TlogError::Origin { .. })));
    }

    #[test]
    fn heads_grow_out_of_each_other_or_convict_their_log() {
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for leaf in 0..7u8 {
            tree.append(&[leaf]).unwrap();
        }
        let head = |size| Checkpoint::of(&log(), size, tree.root(size).unwrap());
        let proof = tree.consistency_proof(3, 7).unwrap();
        head(7).grew_out_of(&head(3), &proof).unwrap();
        head(7).grew_out_of(&head(7), &[]).unwrap();
        let refused = |new: Checkpoint, old: Checkpoint| new.grew_out_of(&old, &proof).unwrap_err();
        let forked = Checkpoint { root: Digest::of(b"another history"), ..head(7) };
        assert_eq!(refused(forked.clone(), head(7)), TlogError::Fork { size: 7 });
        assert_eq!(refused(forked, head(3)), TlogError::NotConsistent { old: 3, new: 7 });
        assert_eq!(refused(head(3), head(7)), TlogError::NotConsistent { old: 7, new: 3 });
        let other = Checkpoint { origin: "example.org/other".to_owned(), ..head(7) };
        assert!(matches!(refused(other, head(3)), TlogError::Origin { .. }));
    }

    #[test]
    fn other_spellings_are_refused() {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert!(Checkpoint::parse(&format!("log\n7\n{root}\n")).is_ok());
        for bad in [
            String::new(),
            format!("log\n7\n{root}"),
            format!("log\n07\n{root}\n"),
            format!("log\n+7\n{root}\n"),
            format!("log\n-7\n{root}\n"),
            format!("log\n 7\n{root}\n"),
            format!("log\n18446744073709551616\n{root}\n"),
            format!("\n7\n{root}\n"),
            format!("log\n7\n{root}\nextension\n"),
            format!("log\n7\n{root}\n\n"),
            format!("log\n7\n{}\n", &root[..43]),
            format!("log\n7\n{}V=\n", &root[..42]),
            "log\n7\nAAAA\n".to_owned(),
        ] {
            assert!(Checkpoint::parse(&bad).is_err(), "{bad}");
        }
    }
}
