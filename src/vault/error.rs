//! Why a vault refuses: data for `ui/` to make sentences of, and a plain line for logs and tests.
//!
//! A wrong passphrase, a wrong key and damaged key slots are one refusal, because saying more helps only who
//! guesses. A refusal never carries plaintext evidence, and every refusal means that the vault is as it was.

use std::path::PathBuf;

use crate::bundle::BundleError;
use crate::bundle::disclosure::Refusal;
use crate::crypto::share::ShareError;
use crate::crypto::{Digest, KeyslotError};
use crate::evidence::EvidenceError;
use crate::format::FormatError;
use crate::format::strip::StripError;
use crate::format::time::Date;
use crate::store::{FileSystem, StoreError};

/// Why a vault refused to do something; the vault is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no vault in this folder.
    #[error("no vault at {}", root.display())]
    NoVault {
        /// The folder that was named.
        root: PathBuf,
    },
    /// The folder holds other files and no vault, so none is made among them.
    #[error("folder is not empty: {}", root.display())]
    NotEmpty {
        /// The folder that was named.
        root: PathBuf,
    },
    /// The folder holds what is left of a part whose key slots are gone, so no fresh one is made beside it.
    #[error("folder holds a damaged part: {}", root.display())]
    Remains {
        /// The folder that was named.
        root: PathBuf,
    },
    /// No such compartment in this vault.
    #[error("no part {part} in this vault")]
    NoPart {
        /// The part that was named.
        part: String,
    },
    /// The passphrase opens nothing here, or the slots are damaged; which of them is not said.
    #[error("wrong passphrase or damaged key slots")]
    Unopened,
    /// The passphrase of a new contributor already opens another's part.
    #[error("passphrase is already in use in this vault")]
    PassphraseInUse,
    /// The passphrase is empty.
    #[error("passphrase is empty")]
    PassphraseEmpty,
    /// The passphrase cannot be hashed on this machine, or not with these parameters.
    #[error(transparent)]
    Hashing(KeyslotError),
    /// Another process has this part open.
    #[error("part is in use by another process")]
    Busy,
    /// The vault would lie on a file system that cannot keep it safe.
    #[error("{} lies on {file_system:?}, which cannot hold a vault", path.display())]
    UnfitFileSystem {
        /// The folder.
        path: PathBuf,
        /// What it lies on.
        file_system: FileSystem,
    },
    /// The index or an object cannot be read: damage, never a fresh vault.
    #[error("damaged: {what}")]
    Damaged {
        /// What could not be read.
        what: String,
    },
    /// A backup goes into an empty folder, and this one holds something.
    #[error("folder for a backup is not empty: {}", dir.display())]
    BackupNotEmpty {
        /// The folder that was named.
        dir: PathBuf,
    },
    /// A backup in the vault itself would be lost with it.
    #[error("folder for a backup lies in the vault: {}", dir.display())]
    BackupInside {
        /// The folder that was named.
        dir: PathBuf,
    },
    /// No such item.
    #[error("no item {number}")]
    NoItem {
        /// The number that was named.
        number: u64,
    },
    /// The item was sealed and can no longer change.
    #[error("item {number} is sealed")]
    Sealed {
        /// The item.
        number: u64,
    },
    /// The item was received from someone else and is not ours to change or send.
    #[error("item {number} was received")]
    NotOwn {
        /// The item.
        number: u64,
    },
    /// The item is a document; only testimony has an account to edit.
    #[error("item {number} is not a testimony")]
    NotTestimony {
        /// The item.
        number: u64,
    },
    /// No draft of this id.
    #[error("no draft {id}")]
    NoDraft {
        /// The id that was named.
        id: String,
    },
    /// A testimony without a word.
    #[error("testimony is empty")]
    EmptyTestimony,
    /// A text is longer than its field may be.
    #[error("{field} has {bytes} bytes, more than {bytes_max}")]
    Text {
        /// The field: `title`, `account`, `label`.
        field: String,
        /// Bytes found.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// A testimony that no bundle has room for: it is too long, or too many stretches of it are marked.
    #[error("the testimony is longer than a bundle can hold")]
    TooLong,
    /// The same, of one that is kept already.
    #[error("item {number} is longer than a bundle can hold")]
    ItemTooLong {
        /// Its number.
        number: u64,
    },
    /// An item breaks another rule of the evidence.
    #[error(transparent)]
    Evidence(EvidenceError),
    /// There is nothing to seal.
    #[error("nothing to seal to {to}")]
    NothingToSeal {
        /// The contact.
        to: String,
    },
    /// No bundle of this id was opened here, so nothing can be said to its author.
    #[error("bundle {bundle} was not opened here")]
    NotOpened {
        /// The id that was named.
        bundle: String,
    },
    /// What was to be said to an author cannot stand in a reply.
    #[error("these words cannot stand in a reply")]
    ReplyWords,
    /// A card of another organisation than the one that the bundle was sealed to.
    #[error("not a card of {name}")]
    AnothersCard {
        /// The organisation on the card that the bundle was sealed to.
        name: String,
    },
    /// The earlier bundle went to another contact, who alone can know it.
    #[error("bundle {bundle} went to {to}")]
    FollowsAnother {
        /// The earlier bundle's id.
        bundle: String,
        /// The contact it went to.
        to: String,
    },
    /// Whoever wrote the item withdrew consent.
    #[error("item {number} was withdrawn by bundle {by}")]
    Withdrawn {
        /// The item.
        number: u64,
        /// The id of the bundle that says so.
        by: String,
    },
    /// It cannot be disclosed so.
    #[error(transparent)]
    Disclosure(#[from] DisclosureProblem),
    /// The seed cannot be split so.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// The words are right and open no part of this vault.
    #[error("the words open no part of this vault")]
    WordsUnopened,
    /// As many passphrases open this part as may.
    #[error("{most} passphrases open this part, and no more may")]
    TooManyPassphrases {
        /// How many may.
        most: usize,
    },
    /// The only passphrase must stay.
    #[error("no other passphrase opens this part")]
    LastPassphrase,
    /// There is nothing to forget.
    #[error("nothing to forget")]
    NothingToForget,
    /// Of what was to be sealed in several bundles some were, and then one failed.
    #[error("{} bundles were sealed before one failed", bundles.len())]
    SealedPartly {
        /// The ids of those that were sealed.
        bundles: Vec<String>,
        /// Why the next one was not.
        source: Box<VaultError>,
    },
    /// What is to be sealed takes several bundles, and a phrase proves the authorship of one: two that commit to the
    /// same key could be linked by anybody.
    #[error("a phrase proves the authorship of one bundle, and this takes several")]
    ProofOfSeveral,
    /// What waits goes to several contacts, and none was named: in one folder each would see the others' bundles.
    #[error("bundles for several contacts, and one folder")]
    ForSeveral {
        /// Whether it was to be disguised.
        disguised: bool,
    },
    /// No such contact.
    #[error("no contact {name}")]
    NoContact {
        /// The name that was given.
        name: String,
    },
    /// A delivery to this contact is still listed.
    #[error("contact {name} has deliveries")]
    ContactInUse {
        /// Its name.
        name: String,
    },
    /// A contact's name is empty, too long or has characters that do not show.
    #[error("contact name is not valid")]
    ContactName,
    /// A card is refused.
    #[error("card: {0}")]
    Card(#[from] CardProblem),
    /// A bundle is refused: nothing of it entered the vault.
    #[error("bundle: {0}")]
    Bundle(BundleError),
    /// This vault's officer does not stand on the card the bundle was sealed to.
    #[error("not an officer on the card of {name}")]
    NotAnOfficer {
        /// The organisation the card names.
        name: String,
    },
    /// A medium or folder cannot take what is to be written.
    #[error("{}: {problem}", path.display())]
    Medium {
        /// The folder or file.
        path: PathBuf,
        /// What stands in the way.
        problem: MediumProblem,
    },
    /// A file named on the command line cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file is larger than its kind may be.
    #[error("{}: too large", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        bytes_max: u64,
    },
    /// A disk became full while something was written; the path says which.
    #[error("no space left for {}", path.display())]
    DiskFull {
        /// What did not fit.
        path: PathBuf,
    },
    /// The store failed otherwise.
    #[error(transparent)]
    Store(StoreError),
}

impl VaultError {
    /// A text or a list of an item is beyond its limit.
    pub(super) fn evidence(error: EvidenceError) -> VaultError {
        match error {
            EvidenceError::TooLong { field, len, max } => {
                VaultError::Text { field: field.to_owned(), bytes: len, bytes_max: max }
            }
            other => VaultError::Evidence(other),
        }
    }

    /// A part of the vault cannot be understood.
    pub(super) fn damaged(what: &'static str) -> VaultError {
        VaultError::Damaged { what: what.to_owned() }
    }
}

impl From<BundleError> for VaultError {
    /// What the store failed on while a bundle streamed by is the store's error again.
    fn from(error: BundleError) -> VaultError {
        match error {
            BundleError::Io(error) => match error.downcast::<StoreError>() {
                Ok(stored) => stored.into(),
                Err(error) => VaultError::Bundle(BundleError::Io(error)),
            },
            BundleError::NotOnCard { name } => VaultError::NotAnOfficer { name },
            other => VaultError::Bundle(other),
        }
    }
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> VaultError {
        let medium = |path, problem| VaultError::Medium { path, problem };
        match error {
            StoreError::NoSpace { path } => VaultError::DiskFull { path },
            StoreError::Busy { .. } => VaultError::Busy,
            StoreError::NotAVault { path } => VaultError::NoVault { root: path },
            StoreError::ReadOnly { path } => medium(path, MediumProblem::ReadOnly),
            StoreError::Exists { path } => medium(path, MediumProblem::Occupied),
            StoreError::Unsuitable { path, file_system } => VaultError::UnfitFileSystem { path, file_system },
            other => VaultError::Store(other),
        }
    }
}

/// What is wrong with a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardProblem {
    /// It is not a card, or a signature or key on it is not valid.
    #[error("not valid: {0}")]
    Invalid(String),
    /// It was valid until a day that has passed.
    #[error("expired on {valid_until}")]
    Expired {
        /// Its last day.
        valid_until: Date,
    },
    /// The words typed are not its words.
    #[error("words do not match")]
    WordsDiffer,
    /// The name is held by a card of another key.
    #[error("another key holds the name {name}")]
    OtherKey {
        /// The name.
        name: String,
    },
    /// A newer card is held.
    #[error("serial {found} is lower than {held}")]
    LowerSerial {
        /// The serial of the card held.
        held: u64,
        /// The serial of the card offered.
        found: u64,
    },
    /// Two different cards carry one serial number and one key: their owner signed both, which convicts.
    #[error("two cards of serial {serial}")]
    TwoCardsOfOneSerial {
        /// The serial number.
        serial: u64,
        /// The digest of the card held, in hex.
        held: String,
        /// The digest of the card offered, in hex.
        found: String,
    },
}

/// Why something cannot be disclosed.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureProblem {
    /// The item is this vault's own, and came in no bundle.
    #[error("item {number} was not received")]
    NotReceived {
        /// The item.
        number: u64,
    },
    /// The items came in several bundles.
    #[error("items {first} and {other} came in two bundles")]
    SeveralBundles {
        /// The first item.
        first: u64,
        /// One that came in another bundle.
        other: u64,
    },
    /// The contributor's terms do not allow it.
    #[error("item {number}: {refusal}")]
    Terms {
        /// The item.
        number: u64,
        /// What they do not allow.
        refusal: Refusal,
    },
    /// The author's statement speaks for a record whose terms do not name the author.
    #[error("not every record of the bundle names its author")]
    Author,
    /// There is no such unit.
    #[error("item {number} has no unit {unit}")]
    NoUnit {
        /// The item.
        number: u64,
        /// The unit.
        unit: u32,
    },
    /// The terms are shown with everything.
    #[error("the terms of item {number} are not withheld")]
    TermsStay {
        /// The item.
        number: u64,
    },
    /// The officer's keys do not stand on the card that the bundle was sealed to, so nobody could check the events.
    #[error("these keys do not stand on the card of {name}")]
    NotOnCard {
        /// The organisation the card names.
        name: String,
    },
    /// The receipt is not one of this bundle, or does not hold.
    #[error("the receipt does not count: {0}")]
    Receipt(BundleError),
    /// A stamp is none.
    #[error("the stamp is none: {0}")]
    Stamp(FormatError),
    /// There is a stamp, and no receipt whose checkpoint it could be over.
    #[error("a stamp without a receipt")]
    StampAlone,
    /// A stamp is over something else than the checkpoint of the receipt.
    #[error("the stamp is over {imprint}")]
    OtherStamp {
        /// What it is over.
        imprint: Digest,
    },
    /// More stamps than a disclosure may have.
    #[error("more than {limit} stamps")]
    TooManyStamps {
        /// How many it may have.
        limit: usize,
    },
    /// Nothing can lie in the place of an original.
    #[error("item {number}, unit {unit}: {problem}")]
    Derivative {
        /// The item.
        number: u64,
        /// The unit that shows the original.
        unit: u32,
        /// Why not.
        problem: DerivativeProblem,
    },
}

/// Why nothing can lie in the place of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DerivativeProblem {
    /// Its metadata, or that of what was made of it, cannot be taken out.
    #[error(transparent)]
    Strip(#[from] StripError),
    /// The unit shows no file.
    #[error("not a file")]
    NotAFile,
    /// Two were given for one original.
    #[error("two derivatives of one original")]
    Twice,
    /// What was given is the original.
    #[error("the original itself")]
    Same,
}

/// What keeps a medium or folder from taking a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediumProblem {
    /// It is not a folder.
    #[error("not a folder")]
    NotAFolder,
    /// It cannot be written to.
    #[error("read-only")]
    ReadOnly,
    /// It has too little room.
    #[error("needs {needed} bytes, has {free}")]
    Full {
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// It was full before all was written.
    #[error("filled up")]
    FilledUp,
    /// It was full before all was written, and nothing of it stays.
    #[error("filled up, and nothing was left there")]
    FilledUpEmpty,
    /// Something is there where a new folder was to be made.
    #[error("there already")]
    FolderThere,
    /// It could not be written to any more before all was written.
    #[error("turned read-only")]
    TurnedReadOnly,
    /// A file is larger than its file system takes (FAT: 4 GiB − 1).
    #[error("file of {len} bytes, the file system takes {len_max}")]
    FileTooLarge {
        /// The file's length.
        len: u64,
        /// The largest the file system takes.
        len_max: u64,
    },
    /// A different file of this name is there; it is never overwritten.
    #[error("a different file is there")]
    Occupied,
    /// More names are in the folder than are looked at.
    #[error("more than {names_max} names")]
    TooManyNames {
        /// How many are looked at.
        names_max: usize,
    },
    /// One name was chosen, and more files than one are to be written.
    #[error("one name for {files} files")]
    OneName {
        /// How many they are.
        files: usize,
    },
    /// What was read back is not what was written.
    #[error("reads back differently")]
    ReadsBackDifferently,
}
