//! How much room an item's record takes, told before it is made.

use super::EvidenceError;
use super::item::Item;
use super::layout::unit_name;
use super::record::values;

/// Bytes of a line of a digest list beside the name in it: 64 digits, two spaces and a line feed.
const LINE_BYTES: usize = 64 + 2 + 1;

/// What a record takes of a bundle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Its files: the list and the units.
    pub members: usize,
    /// Their bytes, or a few more: as many as if the item's files had the highest numbers there are.
    pub bytes: u64,
}

impl Weight {
    /// That of the record of this item, for whatever organisation.
    pub fn of(item: &Item) -> Result<Weight, EvidenceError> {
        let mut weight = Weight { members: 1, bytes: 0 };
        for (value, number) in values(item, |_| u32::MAX)?.iter().zip(1..) {
            weight.members += 1;
            weight.bytes += (value.unit_len() + LINE_BYTES + unit_name(number).as_str().len()) as u64;
        }
        Ok(weight)
    }
}
