//! What travels: a contributor's items sealed to one organisation, in one file that anybody can check and only
//! k of its officers together can open.
//!
//! ```text
//! bagit.txt  bag-info.txt  signer.pub            who signs (one-time keys), what is bound
//! quorum/01.age … quorum/10.age                  the payload's key, for each group of officers
//! data/payload.age                               an inner bag, padded, encrypted
//! manifest-sha256.txt  tagmanifest-sha256.txt    BagIt; the bundle's id is the SHA-256 of the second
//! tagmanifest-sha256.txt.sig  .pq.sig            SSHSIG by both one-time keys
//! ```
//!
//! [`pack()`] makes one. [`Outer`] is a bundle of which everything holds that needs no
//! key; an officer's identity makes of it a [`Step`] towards the payload's key; and only
//! [`Verified`], of which every byte has been vouched for by its author, may enter a vault.
//! docs/spec/bundle.md is the normative text.

pub mod author;
pub mod carrier;
pub mod content;
#[cfg(feature = "shares")]
pub mod courier_share;
pub mod couriers;
pub mod custody_record;
pub mod derivative;
pub mod disclosure;
pub mod envelope;
pub mod error;
pub mod event;
pub mod event_leaves;
pub mod event_proofs;
pub mod files;
pub mod filling;
mod inner;
pub mod kind;
pub mod layout;
pub mod letter;
mod members;
pub mod missing;
mod original;
pub mod outer;
pub mod pack;
#[cfg(feature = "parity")]
pub mod parity;
pub mod parts;
pub mod pass_on;
pub mod proof;
pub mod quorum;
pub mod receipt;
pub mod reply;
pub mod signer;
pub mod unpack;
pub mod volume;

pub use author::{Act, FollowUp, Statement};
#[cfg(feature = "shares")]
pub use courier_share::{CourierError, CourierShare, Gathering};
pub use couriers::{CouriersLock, Terms};
pub use custody_record::CustodyRecord;
pub use derivative::{Derivative, SignedDerivative};
pub use disclosure::Audience;
pub use envelope::{Check, Envelope};
pub use error::BundleError;
pub use event::SignedEvent;
pub use event_leaves::EventLeaves;
pub use event_proofs::EventProofs;
pub use files::{FileSink, FileSource, Original};
pub use filling::Filling;
pub use kind::Kind;
pub use letter::Letter;
pub use missing::Missing;
pub use outer::{Locked, Outer, Step, Unread};
pub use pack::{Parcel, Sealed, pack};
pub use pass_on::PassOn;
pub use proof::{Commitment, Proof, ProofError, ProofKey, SignedProof};
pub use receipt::Receipt;
pub use reply::{Reply, ReplyError};
pub use unpack::Verified;

#[cfg(test)]
mod round_trip_tests;
#[cfg(test)]
pub(crate) mod sample;
