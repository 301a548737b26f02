//! A witness: an auditor's own laptop that keeps the last head it saw of each log, and says "this one grew out of it" with
//! its own keys (c2sp.org/tlog-witness, c2sp.org/tlog-cosignature).
//!
//! ```text
//! WITNESS/
//!   witness.key            its private key, in one line
//!   <log>.checkpoint       the last head it cosigned of each log, named by the SHA-256 of the log's key
//!   <log>.refused          a head that contradicts it, signed by the log: the two convict the log
//!   lock                   one writer
//! ```
//!
//! What must hold: of one log it never cosigns two heads of which one does not grow out of the other. So the new head is
//! on the disk, synced, before its cosignature leaves the house; killed between, it says at the next request what it
//! cosigned last, and is asked from there. Nothing here opens a network connection: requests and answers are files.

mod cosign;
mod state;

use std::path::PathBuf;

use thiserror::Error;

pub use cosign::Verdict;
pub use state::{LogView, WitnessState};

use crate::format::FormatError;
use crate::store::StoreError;
use crate::tlog::TlogError;

/// Why a witness did not do what it was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// There is no witness in this folder.
    #[error("{} is no witness's folder", path.display())]
    NotAWitness {
        /// The folder.
        path: PathBuf,
    },
    /// There is something in this folder; no witness is made over it.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A name that a key cannot bear.
    #[error("no name for a key: {0}")]
    Name(FormatError),
    /// What is kept here was changed.
    #[error("the witness's {} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The request is none.
    #[error(transparent)]
    Request(#[from] FormatError),
    /// The head is not one that may be cosigned: not signed by the log, or not grown out of what was.
    #[error(transparent)]
    Log(#[from] TlogError),
    /// Writing, syncing or locking failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
