//! Filling a bundle: how many items go into it.
//!
//! A reader takes more than a writer fills in: a bundle of several items is filled as far as an old laptop's memory is
//! hardly touched by it, for whoever seals or opens it holds all of its records at once. One item may take all that a
//! reader takes.

use super::layout::{FILES_MAX, RECORD_BYTES_MAX, RECORDS_MAX};
use crate::evidence::EvidenceError;
use crate::evidence::item::Item;
use crate::evidence::weight::Weight;
use crate::format::archive::MEMBER_BYTES_MAX;

/// Members of records and parts of originals in a bundle of several items.
const MEMBERS_FULL: u64 = 40_000;

/// Bytes of units and lists in a bundle of several items.
const BYTES_FULL: u64 = 16 << 20;

/// What other terms of consent may add to an item that is kept already.
const TERMS_BYTES: u64 = 64 << 10;

/// What the items that were chosen for a bundle take of it.
#[derive(Debug, Default)]
pub struct Filling {
    records: usize,
    files: usize,
    members: u64,
    bytes: u64,
}

impl Filling {
    /// Takes one item more, with its account in it, if there is room for it; for the first there always is. After one that
    /// there was none for, there is none.
    pub fn takes(&mut self, item: &Item) -> Result<bool, EvidenceError> {
        let weight = Weight::of(item)?;
        let parts = item.files.iter().map(|file| file.len.div_ceil(MEMBER_BYTES_MAX).max(1));
        self.records += 1;
        self.files += item.files.len();
        self.members += weight.members as u64 + parts.sum::<u64>();
        self.bytes += weight.bytes;
        let is_room = self.records <= RECORDS_MAX
            && self.files <= FILES_MAX
            && self.members <= MEMBERS_FULL
            && self.bytes <= BYTES_FULL;
        Ok(is_room || self.records == 1)
    }
}

/// Whether a bundle can hold this item, at least alone, also under other terms.
pub fn has_room(item: &Item) -> bool {
    Weight::of(item).is_ok_and(|weight| weight.bytes + TERMS_BYTES <= RECORD_BYTES_MAX)
}
