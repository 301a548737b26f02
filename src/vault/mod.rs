//! A person's own house: one unlocked compartment of a vault, a contributor's or an officer's.
//!
//! A vault is a folder; in it every contributor has a compartment, and a passphrase opens exactly one of them.
//! [`Vault`] is such a compartment, opened. It is the only way in: what can be done with evidence is a method of
//! it, each in the file named after it, and every method that changes something takes the time it happens (`now`)
//! and writes a custody entry in the same transaction. Nothing here prints, asks, or knows a language: results are
//! plain values that serialize, refusals are [`VaultError`]s that carry data.
//!
//! ```text
//! Vault::init → add_paths, testify → contact_add → seal → export → receipt_add      a contributor
//! Vault::init → recipient_line → sign_card → open_bundle → reply, disclose          an officer
//! ```

mod backup;
mod card_review;
mod carry;
mod carry_parts;
mod change;
mod consent;
mod contacts;
mod couriers;
mod create;
mod derive;
mod direct;
mod disclose;
mod error;
mod events;
mod extract;
mod follow_up;
mod forget;
mod heads;
mod keep;
mod keys;
mod label;
mod letters;
mod manner;
mod medium;
mod officer;
mod open;
mod persons;
mod read;
mod receive;
mod recover;
mod redact;
mod renumber;
mod repair;
mod replies;
mod rows;
mod send;
mod short_files;
mod sync;
mod testimony;
mod volumes;
mod walk;

pub use backup::BackupOutcome;
pub use card_review::{CardReview, OfficerChange, OfficerWords};
pub use carry::{DeliveryState, DeliveryView, ExportOutcome, Exported};
pub use carry_parts::ExportedPart;
pub use contacts::{
    CardDoubt, CardOutcome, CardPreview, Confirm, ContactChange, ContactSummary, ContactView, OfficerView,
};
pub use couriers::{HandOut, RefusedShare, ShareFile, ShareRefusal};
pub use create::{PartView, Vault};
pub use derive::{ByHand, ReviewedDerivative};
pub use direct::DirectOutcome;
pub use disclose::{DisclosedRecord, DisclosureOutcome};
pub use error::{CardProblem, DerivativeProblem, DisclosureProblem, MediumProblem, VaultError};
pub use events::{Did, EventView, EventsOutcome, Noted};
pub use extract::ExtractOutcome;
pub use follow_up::{EarlierView, FollowedView, FollowsView};
pub use forget::{ForgetOutcome, ForgetPreview, Forgetting};
pub use heads::ForkView;
pub use keep::{AddOutcome, Added, SkipReason, Skipped};
pub use keys::{KeysView, Opened, PanicOutcome};
pub use letters::{Elsewhere, LettersOutcome, NewerCard, OfferedCard, TwoCards};
pub use manner::Manner;
pub use officer::SignedCard;
pub use open::{OpenOutcome, Opening, OtherOfficer, PassOnView, SharesNeeded, TakenIn};
pub use read::{FileView, ItemDetail, ItemState, ItemSummary, OriginView, SealedTo};
pub use receive::{ReceiptExportOutcome, StatusView};
pub use redact::{Disclosing, DisclosureReview, ReviewedNote, ReviewedRecord, ShownUnit, Withheld};
pub use repair::{CheckedItem, Repair, RepairOutcome};
pub use replies::{ReplyOutcome, ReplyView, Saying};
pub use send::{SealOutcome, Sealing, Selection};
pub use sync::SyncOutcome;
pub use testimony::{DraftView, TestimonyText};
pub use volumes::{PartsView, Volumes};

/// Hears how far a long method has come, in bytes; `()` does not listen.
pub trait Progress {
    /// Says how many bytes there are in all; called before the first [`advance`](Progress::advance), and again where
    /// another stretch of work begins.
    fn start(&mut self, total: u64);

    /// Says that another `bytes` bytes are done.
    fn advance(&mut self, bytes: u64);
}

impl Progress for () {
    fn start(&mut self, _total: u64) {}

    fn advance(&mut self, _bytes: u64) {}
}
