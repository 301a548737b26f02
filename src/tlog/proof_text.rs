//! A receipt: the proof, to be kept and checked without a network, that something stands in a log
//! (c2sp.org/tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra c2FuZHVxLWxvZy8xIGluZ2VzdCA…
//! index 1
//! vTtOWEiGtTPOnWuG1x/cZB1VwGf+RVP9GvlnOHXSeSM=
//!
//! example.org/log
//! 2
//! pbmGKt4ajP0cJvqmnzPUJ7Z4bOyRbjdRSxCZWtKUoVQ=
//!
//! — example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe…
//! ```
//!
//! The hashes go from the leaf's sibling up to the root's child. `extra` is no part of what is proved; here it
//! carries the leaf itself, and counts once the leaf's hash has led to the signed root.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::TlogError;
use super::checkpoint::{Checkpoint, SignedCheckpoint, digest_of};
use super::policy;
use super::proof::{leaf_hash, verify_inclusion};
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::note::{NOTE_BYTES_MAX, NoteVerifier};
use crate::format::policy::Policy;

/// The first line.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The longest proof: its checkpoint's limit and a little.
pub const PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + (16 << 10);

/// The most hashes: the height of the tallest tree.
pub const HASHES_MAX: usize = 64;

/// The most bytes of `extra`.
pub const EXTRA_BYTES_MAX: usize = 4 << 10;

const FORMAT: &str = "tlog-proof";

/// A leaf's place in a log, the hashes that lead from it to the root, and the signed head with that root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Bytes that go with the proof and are no part of it: in our receipts, the leaf.
    pub extra: Option<Vec<u8>>,
    /// The leaf's place, counted from 0.
    pub index: u64,
    /// The hashes of the siblings from the leaf up.
    pub hashes: Vec<Digest>,
    /// The head they lead to.
    pub checkpoint: SignedCheckpoint,
}

impl TlogProof {
    /// A proof that carries its leaf.
    #[must_use]
    pub fn logged(leaf: &[u8], index: u64, hashes: Vec<Digest>, checkpoint: SignedCheckpoint) -> Self {
        Self { extra: Some(leaf.to_vec()), index, hashes, checkpoint }
    }

    /// The proof that these bytes spell; nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: PROOF_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(FORMAT, "UTF-8"))?;
        let wrong = || FormatError::spelling(FORMAT, "the hashes, an empty line and a checkpoint");
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(wrong)?;
        let proof = Self::parse_head(head, SignedCheckpoint::parse(checkpoint.as_bytes())?)?;
        if proof.to_string() == text { Ok(proof) } else { Err(wrong()) }
    }

    fn parse_head(head: &str, checkpoint: SignedCheckpoint) -> Result<Self, FormatError> {
        let wrong = |line, expected| FormatError::Malformed { format: FORMAT, line, expected };
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(wrong(1, HEADER));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(parse_extra);
        let extra = extra.transpose().map_err(|()| wrong(2, "up to 4096 bytes in base64"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")?.parse().ok());
        let index = index.ok_or(wrong(2, "the leaf's index"))?;
        let hashes: Option<Vec<_>> = lines.by_ref().take(HASHES_MAX).map(digest_of).collect();
        let hashes = hashes.filter(|_| lines.next().is_none());
        let hashes = hashes.ok_or(wrong(3, "up to 64 hashes in base64"))?;
        Ok(Self { extra, index, hashes, checkpoint })
    }

    /// Checks that `leaf` is in the log of this key, and gives the head that says so.
    pub fn verify(&self, leaf: &[u8], log: &NoteVerifier) -> Result<&Checkpoint, TlogError> {
        self.verify_under(leaf, log, &Policy::none())
    }

    /// As [`TlogProof::verify`], with enough of the policy's witnesses under the head.
    pub fn verify_under(
        &self,
        leaf: &[u8],
        log: &NoteVerifier,
        policy: &Policy,
    ) -> Result<&Checkpoint, TlogError> {
        let head = policy::verify(&self.checkpoint, log, policy)?;
        let (index, size, root) = (self.index, head.size, head.root);
        if verify_inclusion(&leaf_hash(leaf), index, size, &self.hashes, &root) {
            Ok(head)
        } else {
            Err(TlogError::NotIncluded { index, size, root })
        }
    }

    /// Checks that the leaf it carries is in the log of this key, and gives that leaf.
    pub fn verify_logged(&self, log: &NoteVerifier) -> Result<&[u8], TlogError> {
        let leaf = self.extra.as_deref().ok_or(TlogError::NoLeaf)?;
        self.verify(leaf, log)?;
        Ok(leaf)
    }
}

fn parse_extra(line: &str) -> Result<Vec<u8>, ()> {
    let base64 = line.strip_prefix("extra ").ok_or(())?;
    let extra = BASE64_STANDARD.decode(base64).map_err(|_| ())?;
    if (1..=EXTRA_BYTES_MAX).contains(&extra.len()) { Ok(extra) } else { Err(()) }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", BASE64_STANDARD.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{LogSigningKey, Secret};
    use crate::format::note::NoteSigner;
    use crate::tlog::{MemoryHashes, Tree};

    fn log() -> NoteSigner {
        NoteSigner::new("example.org/log", LogSigningKey::from_seed(&Secret::new([3; 32]))).unwrap()
    }

    fn receipt(index: u64, size: u64) -> TlogProof {
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for number in 0..size {
            tree.append(number.to_string().as_bytes()).unwrap();
        }
        let head = Checkpoint::of(&log(), size, tree.root(size).unwrap()).sign(&log()).unwrap();
        TlogProof::logged(
            index.to_string().as_bytes(),
            index,
            tree.inclusion_proof(index, size).unwrap(),
            head,
        )
    }

    #[test]
    fn receipts_of_all_sizes_are_read_back_and_hold() {
        for (index, size) in [(0, 1), (0, 2), (1, 2), (4, 5), (99, 300)] {
            let text = receipt(index, size).to_string();
            let read = TlogProof::parse(text.as_bytes()).unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(read.verify_logged(&log().verifier()).unwrap(), index.to_string().as_bytes());
            assert!(read.verify(b"another", &log().verifier()).is_err());
        }
    }

    #[test]
    fn a_receipt_of_another_log_or_place_is_refused() {
        let proof = receipt(4, 5);
        let other = NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap();
        assert!(matches!(proof.verify(b"4", &other.verifier()), Err(TlogError::Note(_))));
        let moved = TlogProof { index: 3, ..proof.clone() };
        assert!(matches!(moved.verify(b"4", &log().verifier()), Err(TlogError::NotIncluded { .. })));
        let swapped = TlogProof { extra: Some(b"3".to_vec()), ..proof.clone() };
        assert!(swapped.verify_logged(&log().verifier()).is_err());
        let bare = TlogProof { extra: None, ..proof };
        assert_eq!(bare.verify_logged(&log().verifier()), Err(TlogError::NoLeaf));
        assert!(
            TlogProof::parse(bare.to_string().as_bytes()).unwrap().verify(b"4", &log().verifier()).is_ok()
        );
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = receipt(4, 5).to_string();
        for bad in [
            String::new(),
            good.replace("@v1", "@v2"),
            good.replace("index 4", "index 04"),
            good.replace("index 4", "index +4"),
            good.replace("index 4\n", ""),
            good.replace("extra NA==", "extra NA="),
            good.replace("extra NA==", "extra NB=="),
            good.replace("extra NA==", "extra "),
            good.replace("index 4\n", &format!("index 4\n{}", "A\n".repeat(3))),
            good.replace("\n\nexample", "\n\n\nexample"),
            good.replace('\n', "\r\n"),
            good.trim_end().to_owned(),
            format!("{good}\n"),
        ] {
            assert_ne!(bad, good);
            assert!(TlogProof::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let tall = |count| good.replace("index 4\n", &format!("index 4\n{}", hash.repeat(count)));
        assert!(TlogProof::parse(tall(HASHES_MAX - 1).as_bytes()).is_ok());
        assert!(TlogProof::parse(tall(HASHES_MAX).as_bytes()).is_err());
    }
}
