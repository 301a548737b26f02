//! Keeping files and folders: every file becomes one item, byte for byte.
//!
//! A file is read once, hashed and sealed as it streams by. A file that changes or vanishes while it is read is
//! reported and the others are kept; links, devices and sockets are skipped and reported, never followed.

use std::path::PathBuf;

use serde::Serialize;

use super::{Progress, Vault, VaultError};
use crate::format::time::Time;

/// What `add` did, file by file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddOutcome {
    /// The new items, in the order they were read.
    pub added: Vec<Added>,
    /// What was not kept, and why.
    pub skipped: Vec<Skipped>,
}

/// One file that became an item.
#[derive(Debug, Clone, Serialize)]
pub struct Added {
    /// The item's number.
    pub item: u64,
    /// The file's label: its path relative to the folder it was found in.
    pub label: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Whether the same bytes were in this part already; they are stored once.
    pub known: bool,
}

/// One path that was not kept.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// The path, for people: what is not UTF-8 in it is replaced.
    pub path: String,
    /// Why.
    pub why: SkipReason,
}

/// Why a path was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum SkipReason {
    /// A symbolic link; links are not followed.
    Link,
    /// A device, pipe or socket.
    NotAFile,
    /// It changed while it was read.
    Changed,
    /// It vanished before or while it was read.
    Vanished,
    /// It lies inside the vault itself.
    InsideVault,
    /// It cannot be read; with what the system said.
    Unreadable(String),
}

impl Vault {
    /// Keeps the files and folders named, each file as one item, in one transaction at the end of each file.
    ///
    /// A path that does not exist is reported as skipped. Fails only when the vault itself cannot go on (disk full);
    /// what was kept until then stays.
    pub fn add_paths(
        &mut self,
        _paths: &[PathBuf],
        _now: Time,
        _progress: &mut dyn Progress,
    ) -> Result<AddOutcome, VaultError> {
        todo!()
    }
}
