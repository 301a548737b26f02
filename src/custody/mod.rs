//! The chain of custody.

use serde::{Deserialize, Serialize};

use crate::crypto::Digest;
use crate::format::id::RandomId;
use crate::format::time::Time;

/// Stub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Event {
    Created,
    Kept(RandomId),
    Added(usize),
    Edited(RandomId),
    Removed(RandomId),
    DraftSaved(RandomId),
    DraftDropped(RandomId),
    Contact(Digest),
    CardSigned(Digest),
    IdentityWritten,
    Sealed(Digest),
    Carried(Digest),
    Received(Digest),
    Opened(Digest),
}

/// Stub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    pub previous: Digest,
    pub at: Time,
    pub event: Event,
}

impl Entry {
    pub fn digest(&self) -> Digest {
        Digest::of(serde_json::to_string(self).unwrap().as_bytes())
    }
}
