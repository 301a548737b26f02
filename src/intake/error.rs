//! What can go wrong at the desk: about the archive, about a source, about a card.

use std::io;
use std::path::{Path, PathBuf};

use crate::crypto::hash::Digest;
use crate::format::FormatError;
use crate::format::possession::NotItsAnswer;
use crate::format::time::Date;
use crate::store::StoreError;
use crate::tlog::TlogError;

/// Why the desk could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntakeError {
    /// There is no archive in this folder.
    #[error("{} is not an archive", path.display())]
    NotAnArchive {
        /// The folder.
        path: PathBuf,
    },
    /// There is something in this folder; no archive is made over it.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// Writing, syncing or locking failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger refused a statement.
    #[error("the ledger {} failed: {source}", path.display())]
    Ledger {
        /// The ledger's file.
        path: PathBuf,
        /// What the database said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The log's key, its newest checkpoint or a proof does not hold.
    #[error(transparent)]
    Log(#[from] TlogError),
    /// Parts of the archive do not belong together.
    #[error("the archive is damaged: {what}")]
    Damaged {
        /// What does not hold.
        what: &'static str,
        /// The file it was found in.
        path: PathBuf,
    },
    /// What lies where the log is to be written is of another log, or is damaged.
    #[error("{} is not of this log", path.display())]
    OtherLog {
        /// The file.
        path: PathBuf,
    },
    /// The log was shown with more entries than it has here: this archive is an older copy of itself.
    #[error("{} has {shown} entries, and the log {known}", path.display())]
    Behind {
        /// The checkpoint that was shown.
        path: PathBuf,
        /// How many entries it has.
        shown: u64,
        /// How many this archive knows.
        known: u64,
    },
    /// What a witness answered is no answer, or to nothing that was asked.
    #[error("{}: {source}", path.display())]
    WitnessAnswer {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// What should be an officer's events is none, or not for this archive.
    #[error("{}: {source}", path.display())]
    Events {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A file of a witness's keys has none.
    #[error("{}: {source}", path.display())]
    WitnessKeys {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A file is neither an authority's token nor a proof of OpenTimestamps.
    #[error("{}: {source}", path.display())]
    Stamp {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A stamp is over something that is no head of this log.
    #[error("{} is over {imprint}", path.display())]
    OtherStamp {
        /// The stamp.
        path: PathBuf,
        /// What it is over.
        imprint: Digest,
    },
    /// No head that holds this digest was stamped.
    #[error("no head that holds {digest} was stamped")]
    NotStamped {
        /// What was asked for.
        digest: Digest,
    },
    /// Nothing in the log names this digest.
    #[error("nothing in the log names {digest}")]
    NotLogged {
        /// What was asked for.
        digest: Digest,
    },
    /// The archive was written by a later version.
    #[error("the archive has layout {found}, this program knows up to {known}")]
    Newer {
        /// The layout found.
        found: i64,
        /// The newest known here.
        known: i64,
    },
    /// A source could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Source {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A source is not there, or was taken away while it was read.
    #[error("{} is not there", path.display())]
    Vanished {
        /// The file or folder.
        path: PathBuf,
    },
    /// A source is a device, a pipe or another thing that is no file.
    #[error("{} is neither a file nor a folder", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// What is to be carried to and fro is no folder.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// What was named.
        path: PathBuf,
    },
    /// A medium does not take a file of this length.
    #[error("{} takes files of {len_max} bytes, not of {len}", path.display())]
    FileTooLarge {
        /// The medium.
        path: PathBuf,
        /// The bundle's length.
        len: u64,
        /// The longest file that the medium takes.
        len_max: u64,
    },
    /// The list of what a sister organisation holds is none.
    #[error("{} is no list of what is held: {source}", path.display())]
    Holds {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A possession check's challenge or answer is none.
    #[error("{}: {source}", path.display())]
    Possession {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// An answer is to another challenge, or not to all of it.
    #[error("{}: {source}", path.display())]
    NotItsAnswer {
        /// The answer.
        path: PathBuf,
        /// What it is instead.
        source: NotItsAnswer,
    },
    /// No bundle was accepted, so none can be asked for.
    #[error("there is no bundle to ask for")]
    NothingToAsk,
    /// No replica has this id.
    #[error("no replica has the id {id}")]
    NoReplica {
        /// The id.
        id: Digest,
    },
    /// Folders nest deeper than is searched.
    #[error("{} lies deeper than is searched", path.display())]
    TooDeep {
        /// The folder that was not searched.
        path: PathBuf,
    },
    /// More names in a folder than are looked at.
    #[error("{} has more than {limit} entries", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// How many are looked at.
        limit: usize,
    },
    /// Too many bundles wait for parts.
    #[error("{limit} bundles wait for parts, and no more are begun")]
    TooManySets {
        /// The source.
        path: PathBuf,
        /// How many may wait.
        limit: usize,
    },
    /// What came does not fit on the archive's disk.
    #[error("{needed} bytes are needed, {free} are free")]
    NoRoom {
        /// The source.
        path: PathBuf,
        /// Its length.
        needed: u64,
        /// What the archive's disk has.
        free: u64,
    },
    /// The work was told to stop before this one was done.
    #[error("stopped")]
    Stopped,
    /// The name of an organisation, its officers or its threshold make no card.
    #[error("this makes no card: {0}")]
    Founding(FormatError),
    /// A file that should hold one officer's line does not.
    #[error("{} holds no officer's line: {source}", path.display())]
    Officer {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: FormatError,
    },
    /// A file that is to be laid on sticks is no sealed letter.
    #[error("{} is no sealed letter", path.display())]
    NotALetter {
        /// The file.
        path: PathBuf,
    },
    /// No letter of this name was given to the desk.
    #[error("no letter {name}")]
    NoLetter {
        /// The name.
        name: String,
    },
    /// As many carrier keys are held as may be.
    #[error("{limit} carrier keys are held, and no more may")]
    TooManyCarriers {
        /// How many may be held.
        limit: usize,
    },
    /// No carrier key of this name is held.
    #[error("no carrier key {name}")]
    NoCarrier {
        /// The name.
        name: String,
    },
    /// A card does not verify.
    #[error("the card does not hold: {0}")]
    Card(FormatError),
    /// A card names another organisation, other officers or another log than this archive.
    #[error("the card has another {what} than this archive")]
    ForeignCard {
        /// What differs.
        what: &'static str,
    },
    /// A card is past its day.
    #[error("the card was valid until {until}")]
    ExpiredCard {
        /// Its last day.
        until: Date,
    },
    /// A card is made with another key than the card before it.
    #[error("the card is signed with key {found}, the last one with {expected}")]
    ForeignCardKey {
        /// The fingerprint of the key that signed the last card.
        expected: Digest,
        /// The fingerprint of the key that signed this one.
        found: Digest,
    },
    /// A card with this serial, or a later one, was accepted before.
    #[error("the card has serial {found}, {newest} was accepted before")]
    OldCard {
        /// The newest serial accepted.
        newest: u64,
        /// The serial of this card.
        found: u64,
    },
    /// The timers and signals of the system could not be had.
    #[error("cannot watch: {0}")]
    Watch(io::Error),
}

impl From<FormatError> for IntakeError {
    /// What the archive itself wrote is not spelled as it should be.
    fn from(error: FormatError) -> IntakeError {
        IntakeError::Log(error.into())
    }
}

impl IntakeError {
    /// The error of reading a source.
    pub(super) fn source(path: &Path, source: io::Error) -> IntakeError {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound => IntakeError::Vanished { path },
            _ => IntakeError::Source { path, source },
        }
    }

    /// Whether the same source may be taken later without having changed.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            IntakeError::Store(_)
                | IntakeError::Ledger { .. }
                | IntakeError::Source { .. }
                | IntakeError::Vanished { .. }
                | IntakeError::NoRoom { .. }
                | IntakeError::TooManySets { .. }
                | IntakeError::Stopped
        )
    }
}
