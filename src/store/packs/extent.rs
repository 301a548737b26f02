//! Where a sealed object lies: runs of bytes in packs, read as one stream.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::PackStore;
use crate::crypto::stream;
use crate::format::id::RandomId;
use crate::format::padding::{coarse_len, padme};
use crate::store::index::Row;

/// What an object is kept for, which decides with whom it shares a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pool {
    /// Evidence: objects lie together, each content once.
    Items,
    /// Bundles not yet acknowledged: each has packs of its own, which go when it goes.
    Outbox,
}

impl Pool {
    /// How long the content of an object of `len` bytes, too large for the index, is made before it is sealed: to its size class, or for a
    /// bundle to one so coarse that the packs it waits in hardly tell which stick it is on.
    pub(crate) fn padded_len(self, len: u64) -> u64 {
        match self {
            Pool::Items => padme(len),
            Pool::Outbox => coarse_len(len),
        }
    }

    /// How many bytes an object of `len` bytes, too large for the index, takes in packs.
    pub fn packed_len(self, len: u64) -> u64 {
        stream::sealed_len(self.padded_len(len))
    }
}

/// A run of bytes in one pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The pack.
    pub pack: RandomId,
    /// Where the run begins.
    pub at: u64,
    /// How long it is.
    pub len: u64,
}

/// What the index knows of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackRow {
    /// The pack.
    pub pack: RandomId,
    /// What its objects are kept for.
    pub pool: Pool,
    /// Its true length: whatever lies beyond never was.
    pub len: u64,
    /// How many objects have bytes in it; with the last one it goes.
    pub live: u64,
}

impl Row for PackRow {
    const KIND: &'static str = "store.pack";

    fn key(&self) -> Vec<u8> {
        self.pack.as_bytes().to_vec()
    }
}

/// Reads extents one after another.
pub struct ExtentReader {
    packs: Arc<dyn PackStore>,
    waiting: VecDeque<Extent>,
    current: Option<Box<dyn Read + Send>>,
}

impl ExtentReader {
    /// A reader of `extents`, in this order.
    pub fn new(packs: Arc<dyn PackStore>, extents: Vec<Extent>) -> ExtentReader {
        ExtentReader { packs, waiting: extents.into(), current: None }
    }
}

impl ExtentReader {
    /// As [`ExtentReader::new`], without the first `skip` bytes.
    pub fn from(packs: Arc<dyn PackStore>, extents: Vec<Extent>, mut skip: u64) -> ExtentReader {
        let mut waiting = VecDeque::new();
        for Extent { pack, at, len } in extents {
            let passed = skip.min(len);
            skip -= passed;
            if passed < len {
                waiting.push_back(Extent { pack, at: at + passed, len: len - passed });
            }
        }
        ExtentReader { packs, waiting, current: None }
    }
}

impl Read for ExtentReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(current) = &mut self.current {
                let count = current.read(buf)?;
                if count > 0 || buf.is_empty() {
                    return Ok(count);
                }
            }
            let Some(next) = self.waiting.pop_front() else { return Ok(0) };
            self.current = Some(self.packs.open(&next.pack, next.at, next.len).map_err(io::Error::from)?);
        }
    }
}
