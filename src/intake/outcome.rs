//! What became of each thing that was brought to the desk: one fate for one source, said as soon as it is settled.

use std::path::PathBuf;

use super::IntakeError;
use super::quarantine::Quarantined;
use crate::bundle::BundleError;
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
    /// Events of an officer; those that were not in the log are now.
    Events {
        /// The officer's place on the card, from 1.
        officer: usize,
        /// How many they are.
        events: usize,
        /// How many of them are new.
        fresh: usize,
    },
    /// It is a part of a bundle, kept until there are enough of them.
    Part {
        /// The id of its set.
        set: Digest,
        /// Its number.
        number: u16,
        /// How many parts there are.
        parts: u16,
        /// How many of them are here now.
        there: usize,
        /// How many are needed.
        needed: u16,
        /// Whether it was not here before.
        fresh: bool,
    },
    /// A part that does not hold, or a set that makes no bundle. It is not copied: the others make up for it, or it
    /// comes again.
    PartRefused {
        /// The id of the set, where it can be told.
        set: Option<Digest>,
        /// The number of the part, where it is about one.
        number: Option<u16>,
        /// Why.
        reason: BundleError,
    },
    /// It does not hold; a copy lies in quarantine.
    Quarantined(Quarantined),
    /// It could not be read or kept.
    Failed(IntakeError),
}
