//! The proofs that events stand in the log, on their way from the desk to the officer: one archive with a tlog-proof for
//! each leaf, named by it.
//!
//! ```text
//! 4a35a005566a4c0b1e0a459f3eb00139bdbc64b2f2d1440dc7ce0432ce27a2a6.tlog-proof
//! …
//! ```
//!
//! The members stand in the order of their leaves, each once. The log's signature vouches for each, so the archive itself
//! is not signed. docs/spec/events.md is the normative text.

use std::io::{Read, Write};

use super::event_leaves::LEAVES_MAX;
use crate::crypto::hash::Digest;
use crate::format::FormatError;
use crate::format::archive::{ArchiveError, Reader, Writer};
use crate::tlog::proof_text::{PROOF_BYTES_MAX, TlogProof};

/// How the archive's name ends.
pub const ENDING: &str = "proofs";

const PROOF_ENDING: &str = ".tlog-proof";

/// What the desk answers with: for each leaf that stands in its log the proof of it, in one archive.
#[derive(Debug)]
pub struct EventProofs<W>(Writer<W>);

impl<W: Write> EventProofs<W> {
    /// An archive without a proof yet.
    pub fn begin(to: W) -> Self {
        Self(Writer::new(to))
    }

    /// Adds the proof of an event's leaf. They come in the order of their leaves.
    pub fn add(&mut self, leaf: &Digest, proof: &TlogProof) -> Result<(), ArchiveError> {
        let name = format!("{leaf}{PROOF_ENDING}").parse().expect("a digest and an ending are a name");
        self.0.whole(&name, proof.to_string().as_bytes())
    }

    /// Ends the archive.
    pub fn finish(self) -> Result<W, ArchiveError> {
        self.0.finish()
    }
}

/// Reads an archive of proofs. Each is given with the leaf it is named by; nothing is verified.
pub fn read(from: impl Read, take: &mut dyn FnMut(Digest, TlogProof)) -> Result<(), EventProofsError> {
    let mut reader = Reader::new(from);
    let mut last: Option<Digest> = None;
    let mut count = 0;
    while let Some(member) = reader.next_member()? {
        let leaf = member.name.as_str().strip_suffix(PROOF_ENDING).and_then(|leaf| leaf.parse().ok());
        let leaf: Digest = leaf.ok_or(EventProofsError::Name)?;
        count += 1;
        if last.is_some_and(|last| last >= leaf) || count > LEAVES_MAX {
            return Err(EventProofsError::Name);
        }
        last = Some(leaf);
        take(leaf, TlogProof::parse(&reader.body(PROOF_BYTES_MAX as u64)?)?);
    }
    Ok(())
}

/// Why an archive of proofs cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EventProofsError {
    /// It is no archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What is in it is no proof.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// What is in it has not the name of a leaf, or they are out of order, or too many.
    #[error("up to {LEAVES_MAX} proofs, each named by its leaf, in order")]
    Name,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::LogSigningKey;
    use crate::format::note::NoteSigner;
    use crate::tlog::{Checkpoint, Leaf, MemoryHashes, Tree};

    #[test]
    fn proofs_are_read_back_by_their_leaves() {
        let log = NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap();
        let mut leaves = [Digest::of(b"one"), Digest::of(b"two")];
        leaves.sort();
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for leaf in &leaves {
            tree.append(Leaf::Event(*leaf).to_string().as_bytes()).unwrap();
        }
        let head = Checkpoint::of(&log, 2, tree.root(2).unwrap()).sign(&log).unwrap();
        let proof = |number: usize| {
            let text = Leaf::Event(leaves[number]).to_string();
            let hashes = tree.inclusion_proof(number as u64, 2).unwrap();
            TlogProof::logged(text.as_bytes(), number as u64, hashes, head.clone())
        };
        let archive = |order: &[usize]| {
            let mut proofs = EventProofs::begin(Vec::new());
            order.iter().for_each(|at| proofs.add(&leaves[*at], &proof(*at)).unwrap());
            proofs.finish().unwrap()
        };
        let found_in = |bytes: &[u8]| {
            let mut found = Vec::new();
            read(bytes, &mut |leaf, proof| found.push((leaf, proof))).map(|()| found)
        };
        assert_eq!(found_in(&archive(&[0, 1])).unwrap(), [(leaves[0], proof(0)), (leaves[1], proof(1))]);
        assert!(found_in(&archive(&[])).unwrap().is_empty());
        for bad in [archive(&[1, 0]), archive(&[0, 0]), archive(&[0])[..700].to_vec()] {
            assert!(found_in(&bad).is_err());
        }
    }
}
