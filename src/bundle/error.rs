//! Why a bundle was not made, not accepted or not opened: the step, and the thing it failed on.

use crate::crypto::hash::Digest;
use crate::crypto::seal::SealError;
use crate::crypto::sign::SignError;
use crate::evidence::EvidenceError;
use crate::format::FormatError;
use crate::format::archive::ArchiveError;
use crate::tlog::TlogError;

/// Why a bundle was not made, not accepted or not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(std::io::Error),
    /// The container is damaged or not in our subset of ustar.
    #[error("{0}")]
    Archive(ArchiveError),
    /// A member is not in the one spelling of its format.
    #[error("{member}: {error}")]
    Format {
        /// The member.
        member: String,
        /// What is wrong with it.
        error: FormatError,
    },
    /// Another member than the one that stands at this place, or none.
    #[error("expected member {expected}, found {}", found.as_deref().unwrap_or("the end"))]
    Member {
        /// The member that should stand here.
        expected: String,
        /// What stands here.
        found: Option<String>,
    },
    /// A member of another length than it must have, or longer than it may be.
    #[error("{member} has {len} bytes, at most {max} are allowed")]
    Length {
        /// The member.
        member: String,
        /// Bytes announced.
        len: u64,
        /// Bytes allowed.
        max: u64,
    },
    /// A member that claims more bytes than the file has.
    #[error("{member} claims {len} bytes, the file has {left} left")]
    Claim {
        /// The member.
        member: String,
        /// Bytes announced.
        len: u64,
        /// Bytes that are there.
        left: u64,
    },
    /// A member whose content is not what its format fixes.
    #[error("{member} is not as its format demands")]
    Content {
        /// The member.
        member: String,
    },
    /// A manifest that does not list exactly what is there.
    #[error("{manifest} does not list the members as they are")]
    Manifest {
        /// The manifest's name.
        manifest: String,
    },
    /// A digest that differs from the one something else vouches for.
    #[error("{name} has digest {found}, expected {expected}")]
    DigestMismatch {
        /// What was hashed.
        name: String,
        /// The digest vouched for.
        expected: Digest,
        /// The digest found.
        found: Digest,
    },
    /// A key that cannot be used.
    #[error("{member}: {error}")]
    Key {
        /// The member it stands in.
        member: String,
        /// Why not.
        error: SignError,
    },
    /// A signature that is not there, not well formed or not by the key that must have signed.
    #[error("{member}: the signature does not hold")]
    Signature {
        /// The signature's member.
        member: String,
    },
    /// A quorum file made for another bundle: somebody wants a layer stripped for himself.
    #[error("quorum file {number} belongs to another bundle")]
    Planted {
        /// The quorum file, 1 to 10.
        number: u8,
    },
    /// A quorum file that opens and holds something else than it must.
    #[error("quorum file {number} holds no key and no layer")]
    Quorum {
        /// The quorum file, 1 to 10.
        number: u8,
    },
    /// What an officer passed on belongs to another bundle.
    #[error("passed on for bundle {found}, this is bundle {expected}")]
    PassedOnForAnother {
        /// This bundle.
        expected: Digest,
        /// The bundle it was passed on for.
        found: Digest,
    },
    /// A file of passed-on layers that is damaged.
    #[error("what was passed on is damaged: {0}")]
    PassOn(&'static str),
    /// The payload does not open or is damaged.
    #[error("the payload does not open with this key, or is damaged")]
    Payload,
    /// The inner statement names other keys, records or commitments than the outer parts.
    #[error("the author's statement names another {0}")]
    Statement(&'static str),
    /// The bundle was sealed to a card on which this officer does not stand.
    #[error("this officer does not stand on the card of {name} it was sealed to")]
    NotOnCard {
        /// The organisation the card names.
        name: String,
    },
    /// The card inside is not a valid card.
    #[error("the card inside does not hold: {0}")]
    Card(FormatError),
    /// A record or unit is not well formed.
    #[error("record {record}: {error}")]
    Evidence {
        /// Which record, from 1.
        record: u32,
        /// What is wrong.
        error: EvidenceError,
    },
    /// The records and the files do not belong together.
    #[error("the files are not those the records name: {0}")]
    Files(&'static str),
    /// A file gave other bytes than were kept: it changed or vanished.
    #[error("{label} gave other bytes than were kept")]
    FileChanged {
        /// The file's label.
        label: String,
    },
    /// More than one bundle may hold.
    #[error("{count} {what}, more than {max}")]
    TooMany {
        /// What is too many.
        what: &'static str,
        /// The number found.
        count: u64,
        /// The number allowed.
        max: u64,
    },
    /// Parts of the size asked for are too small for this bundle.
    #[error("parts of {smallest} bytes are the smallest for this bundle")]
    VolumeSize {
        /// The smallest size that works, in bytes.
        smallest: u64,
    },
    /// The parity of a set gives other slices than its list names: whoever made the set lied, or erred.
    #[error("the parity of set {set} does not fit its slices")]
    Parity {
        /// The set.
        set: Digest,
    },
    /// Sealing the payload or a layer failed.
    #[error("sealing failed: {0}")]
    Sealing(&'static str),
    /// A letter that does not open with this identity, or is damaged.
    #[error("the letter does not open with this key, or is damaged")]
    NotALetter,
    /// A letter that opens, of a kind that is not known here.
    #[error("a letter of an unknown kind")]
    UnknownLetter,
    /// A reply that cannot be made or does not hold.
    #[error("the reply does not hold: {0}")]
    Reply(super::reply::ReplyError),
    /// Not a receipt for a bundle.
    #[error("not a receipt")]
    NotAReceipt,
    /// A receipt for another bundle, by another log, or one that does not prove inclusion.
    #[error("the receipt for {bundle} does not hold here{}", error.as_ref().map(|error| format!(": {error}")).unwrap_or_default())]
    Receipt {
        /// The bundle the receipt names.
        bundle: Digest,
        /// What does not hold; nothing where it is simply for another bundle.
        error: Option<TlogError>,
    },
}

impl From<std::io::Error> for BundleError {
    /// Errors that were carried through a reader or writer come out again as what they were.
    fn from(error: std::io::Error) -> BundleError {
        if error.get_ref().is_some_and(|inner| inner.is::<BundleError>()) {
            let inner = error.into_inner().expect("there is one, as was just seen");
            return *inner.downcast().expect("it is ours, as was just seen");
        }
        if error.get_ref().is_some_and(|inner| inner.is::<SealError>()) {
            return BundleError::Payload;
        }
        BundleError::Io(error)
    }
}

impl From<BundleError> for std::io::Error {
    fn from(error: BundleError) -> std::io::Error {
        match error {
            BundleError::Io(error) => error,
            other => std::io::Error::other(other),
        }
    }
}

impl From<ArchiveError> for BundleError {
    fn from(error: ArchiveError) -> BundleError {
        match error {
            ArchiveError::Io(error) => error.into(),
            other => BundleError::Archive(other),
        }
    }
}

impl BundleError {
    /// The error of a member's format.
    pub(super) fn format(member: impl ToString) -> impl FnOnce(FormatError) -> BundleError {
        move |error| BundleError::Format { member: member.to_string(), error }
    }

    /// The error of a member that is not what its format fixes.
    pub(crate) fn content(member: impl ToString) -> BundleError {
        BundleError::Content { member: member.to_string() }
    }
}
