//! What can go wrong while something is kept: each error names the step and carries the thing, so that the
//! reader's sentence can say what is safe now.

use std::io;
use std::path::{Path, PathBuf};

use super::medium::FileSystem;

/// A part of a compartment that can be damaged on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The key slots.
    Slots,
    /// Both copies of the epoch block.
    Epoch,
    /// The encrypted index.
    Index,
    /// The journal of facts.
    Journal,
    /// A pack of sealed objects.
    Pack,
}

/// Why something could not be kept or given back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refused one step on one file.
    #[error("cannot {step} {}", path.display())]
    Io {
        /// The step, as a bare verb: `write`, `sync`, `rename`.
        step: &'static str,
        /// The file or folder it was about.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The medium is full; the old state is untouched.
    #[error("no space left for {}", path.display())]
    NoSpace {
        /// The file or folder that did not fit.
        path: PathBuf,
    },
    /// The medium cannot be written to.
    #[error("{} is read-only", path.display())]
    ReadOnly {
        /// The file or folder that should have been written.
        path: PathBuf,
    },
    /// The file is larger than this medium can hold in one file.
    #[error("{} is too large for its file system", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A vault cannot live on this file system: it keeps no permissions or loses what was synced.
    #[error("{} lies on {file_system:?}, which cannot hold a vault", path.display())]
    Unsuitable {
        /// The folder.
        path: PathBuf,
        /// What it lies on.
        file_system: FileSystem,
    },
    /// Another process has this compartment or folder open.
    #[error("{} is in use by another process", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// Another process keeps changing this compartment, so that no copy of it is of one moment.
    #[error("{} is being changed by another process", path.display())]
    Changing {
        /// The folder.
        path: PathBuf,
    },
    /// What was read back from a medium is not what was written to it.
    #[error("{} reads back differently", path.display())]
    ReadsBack {
        /// The file.
        path: PathBuf,
    },
    /// Something of this name is there already; nothing was overwritten.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// There is no vault in this folder.
    #[error("{} is not a vault", path.display())]
    NotAVault {
        /// The folder.
        path: PathBuf,
    },
    /// A part is missing, shorter than it was, or its bytes were changed.
    #[error("the {part:?} at {} is damaged", path.display())]
    Damaged {
        /// Which part.
        part: Part,
        /// The file.
        path: PathBuf,
    },
    /// The vault was written by a later version.
    #[error("written in format {found}, this program reads up to {known}")]
    Newer {
        /// The format found.
        found: u64,
        /// The newest format known here.
        known: u64,
    },
    /// The index refused a statement.
    #[error("the index at {} failed", path.display())]
    Index {
        /// The index file.
        path: PathBuf,
        /// What the database said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No object of this name is kept here.
    #[error("no object {object}")]
    NoObject {
        /// Its name.
        object: String,
    },
    /// A row could not be understood.
    #[error("a row of kind {kind} cannot be read")]
    Row {
        /// The kind.
        kind: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// A value is larger than a row, a key or a journal record may be.
    #[error("a {what} of {len} bytes is over the limit")]
    Limit {
        /// What is too large.
        what: &'static str,
        /// Its size.
        len: u64,
    },
    /// What was to be kept could not be read to its end.
    #[error("the source could not be read")]
    Source(#[source] io::Error),
    /// An earlier sync failed; until the vault is opened again nothing more is written.
    #[error("an earlier write failed, nothing more is written until the vault is opened again")]
    Stopped,
}

impl StoreError {
    /// The error of one step on one path; a full or read-only medium and a file too large become errors of their own.
    pub(crate) fn io(step: &'static str, path: &Path, source: io::Error) -> StoreError {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::NoSpace { path },
            io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path },
            io::ErrorKind::FileTooLarge => StoreError::TooLarge { path },
            _ => StoreError::Io { step, path, source },
        }
    }

    /// The same error of a step before which what was asked for may have become true: that the medium is full or
    /// read-only is no reason to say of it that all is as it was.
    pub(crate) fn behind(self) -> StoreError {
        let (path, kind) = match self {
            StoreError::NoSpace { path } => (path, io::ErrorKind::StorageFull),
            StoreError::ReadOnly { path } => (path, io::ErrorKind::ReadOnlyFilesystem),
            other => return other,
        };
        StoreError::Io { step: "finish", path, source: kind.into() }
    }

    /// What a writer or reader of this folder failed with, where it was handed on as an [`io::Error`].
    pub fn from_stream(step: &'static str, path: &Path, error: io::Error) -> StoreError {
        match error.downcast::<StoreError>() {
            Ok(own) => own,
            Err(foreign) => StoreError::io(step, path, foreign),
        }
    }
}

/// For handing an error through `Read` and `Write`; its kind is kept.
impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> io::Error {
        let kind = match &error {
            StoreError::Io { source, .. } | StoreError::Source(source) => source.kind(),
            StoreError::NoSpace { .. } => io::ErrorKind::StorageFull,
            StoreError::ReadOnly { .. } => io::ErrorKind::ReadOnlyFilesystem,
            StoreError::TooLarge { .. } => io::ErrorKind::FileTooLarge,
            StoreError::Damaged { .. } => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
