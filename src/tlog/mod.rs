//! The append-only log: a Merkle tree of leaves (RFC 6962), its signed heads, and the proofs that hold against
//! them. It knows nothing of evidence: a leaf is bytes.
//!
//! ```
//! use sanduq::crypto::LogSigningKey;
//! use sanduq::format::note::NoteSigner;
//! use sanduq::tlog::{Checkpoint, MemoryHashes, TlogProof, Tree};
//!
//! let log = NoteSigner::new("example.org/log", LogSigningKey::generate())?;
//! let mut tree = Tree::new(MemoryHashes::default(), 0);
//! tree.append(b"first")?;
//! tree.append(b"second")?;
//!
//! let head = Checkpoint::of(&log, 2, tree.root(2)?).sign(&log)?;
//! let receipt = TlogProof::logged(b"second", 1, tree.inclusion_proof(1, 2)?, head);
//! let read = TlogProof::parse(receipt.to_string().as_bytes())?;
//! assert_eq!(read.verify_logged(&log.verifier())?, b"second");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A log signs **never** two heads of which one does not grow out of the other.

pub mod add_checkpoint;
pub mod checkpoint;
pub mod cosignature;
pub mod leaf;
pub mod policy;
pub mod proof;
pub mod proof_text;
pub mod stamp;
pub mod tile;
pub mod tree;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use leaf::Leaf;
pub use proof::{leaf_hash, node_hash, verify_consistency, verify_inclusion};
pub use proof_text::TlogProof;
pub use stamp::Stamp;
pub use tree::{HashStore, MemoryHashes, StoredHash, Tree};

use thiserror::Error;

use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::note::NoteError;

/// Why a head, a proof or a receipt of a log does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlogError {
    /// Not spelled as its format wants it.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Not signed by the log.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A head of another log than the one whose key was given.
    #[error("checkpoint of {found}, expected one of {expected}")]
    Origin {
        /// The name of the log whose key was given.
        expected: String,
        /// The origin that the checkpoint names.
        found: String,
    },
    /// The leaf is not in the tree that the head commits to.
    #[error("inclusion proof: leaf {index} is not in the tree of size {size} with root {root}")]
    NotIncluded {
        /// Where the leaf should be.
        index: u64,
        /// The size of the tree.
        size: u64,
        /// The root of the tree.
        root: Digest,
    },
    /// The later head does not grow out of the earlier one.
    #[error("consistency proof: the tree of size {new} does not grow out of that of size {old}")]
    NotConsistent {
        /// The size of the earlier tree.
        old: u64,
        /// The size of the later tree.
        new: u64,
    },
    /// Two heads of one size with different roots: the log shows two histories.
    #[error("two roots for one size {size}")]
    Fork {
        /// The size for which there are two roots.
        size: u64,
    },
    /// Too few of the witnesses of the policy cosigned.
    #[error("too few witnesses cosigned the checkpoint of size {size}")]
    Witnesses {
        /// The size of the tree.
        size: u64,
    },
    /// The receipt does not say which leaf it is for.
    #[error("the receipt carries no leaf")]
    NoLeaf,
}
