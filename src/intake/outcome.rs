//! What became of each thing that was brought to the desk: one fate for one source, said as soon as it is settled.

use std::path::PathBuf;

use super::IntakeError;
use super::quarantine::Quarantined;
use crate::crypto::hash::Digest;

/// What became of one source.
#[derive(Debug)]
pub struct Outcome {
    /// The source.
    pub path: PathBuf,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a source.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fate {
    /// It is stored and logged.
    Accepted {
        /// The bundle's id.
        bundle: Digest,
        /// The number of its leaf.
        leaf: u64,
    },
    /// It was accepted before.
    Known {
        /// The bundle's id.
        bundle: Digest,
        /// The number of its leaf.
        leaf: u64,
    },
    /// A card of this organisation, now stored and logged.
    CardAccepted {
        /// The card's digest.
        card: Digest,
        /// Its serial number.
        serial: u64,
        /// The number of its leaf.
        leaf: u64,
    },
    /// A card that was accepted before.
    CardKnown {
        /// The card's digest.
        card: Digest,
        /// Its serial number.
        serial: u64,
        /// The number of its leaf.
        leaf: u64,
    },
    /// It does not hold; a copy lies in quarantine.
    Quarantined(Quarantined),
    /// It could not be read or kept.
    Failed(IntakeError),
}
