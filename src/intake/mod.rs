//! The organisation's intake desk: takes sealed bundles in, logs each, and answers with receipts.
//!
//! An archive is a folder:
//!
//! ```text
//! ARCHIVE/
//!   ledger.sqlite     what was accepted, the log's leaves, hashes and checkpoints
//!   log.key           signs checkpoints, and nothing else
//!   bundles/          <bundle id>.bundle, as they came
//!   cards/            <digest>.card: every card of the organisation that was logged
//!   carriers/         <name>.key: carrier keys, which take a disguise off and open nothing
//!   letters/          <name>.receipt: what officers gave to be laid on every stick
//!   parts/            <set id>/: parts of bundles that wait for the others
//!   quarantine/       what was refused, with the reason beside it
//!   replicas/         what is kept for a sister organisation: neither logged nor answered
//!   stamps/           <size>-<digest>.tsr, .ots: times from outside on heads of the log
//!   lock              one writer
//! ```
//!
//! What must hold: the desk has no key that opens a bundle and none that makes a card, and its code cannot name
//! one. A bundle counts as accepted when its row, its leaf and a checkpoint over it are written in one
//! transaction, after the file was synced; killed at any instant, an archive is as before or as after, and a
//! bundle file that lacks its row is taken in by the next [`Archive::accept`]. A source is only ever read.
//! docs/spec/intake.md is the normative text.

mod accept;
mod answer;
mod archive;
mod batch;
mod cards;
mod carriers;
mod carry;
mod draft;
mod error;
mod events;
mod export;
mod gather;
mod inbox;
mod laid;
mod ledger;
mod letters;
mod mirror;
mod missing;
mod outcome;
mod parts;
mod possession;
mod quarantine;
mod read;
mod rebuild;
mod recut;
mod replica;
mod source;
mod stage;
mod stamps;
mod stored;
mod strays;
mod sync;
mod watch;
mod witnesses;

pub use answer::HandedOut;
pub use archive::Archive;
pub use carriers::{CARRIERS_MAX, CarrierView};
pub use carry::Carried;
pub use draft::{Founding, read_officer};
pub use error::IntakeError;
pub use events::ProofsLaid;
pub use export::LogExported;
pub use letters::{LETTERS_MAX, LetterAdded, LetterView, LettersLaid};
pub use mirror::Mirrored;
pub use outcome::{Fate, Outcome};
pub use parts::{SETS_MAX, SetView};
pub use possession::{Finding, Possession};
pub use quarantine::Quarantined;
pub use read::{BundleView, Founded, LogView, ProofView, Reading};
pub use replica::{Exported, ReplicaFate, ReplicaOutcome, ReplicaView, Replicas};
pub use stamps::{StampKept, StampSays, StampedProof, ToStamp};
pub use sync::Answered;
pub use watch::{Clock, Watch, WatchEvent, watch};
pub use witnesses::{Asked, Cosigned, WITNESSES_MAX, Witnesses, read_witness};
