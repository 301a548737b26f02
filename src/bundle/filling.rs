//! Filling a bundle: how many items go into it.
//!
//! A reader takes more than a writer fills in: a bundle of several items is filled as far as an old laptop's memory is
//! hardly touched by it, for whoever seals or opens it holds all of its records at once. One item may take all that a
//! reader takes.

use super::layout::{FILES_MAX, RECORD_BYTES_MAX, RECORDS_MAX};
use crate::evidence::consent::WORDS_BYTES_MAX;
use crate::evidence::item::{Item, LINE_BYTES_MAX};
use crate::evidence::layout::UNITS_MAX;
use crate::evidence::weight::Weight;
use crate::format::archive::MEMBER_BYTES_MAX;

/// Members of records and parts of originals in a bundle of several items.
const MEMBERS_FULL: u64 = 40_000;

/// Bytes of units and lists in a bundle of several items.
const BYTES_FULL: u64 = 16 << 20;

// What is bounded here bounds the rest: a record has a list and three units at least, a file one part.
const _: () = assert!(MEMBERS_FULL <= 4 * RECORDS_MAX as u64 && MEMBERS_FULL <= FILES_MAX as u64);

/// What other terms of consent may add to an item that is kept already: a pseudonym and words, of which JSON may have to
/// escape each byte as `\u00XX`, and what stands around them.
const TERMS_UNITS: usize = 2;
const TERMS_BYTES: u64 = 6 * (WORDS_BYTES_MAX + LINE_BYTES_MAX) as u64 + 1024;

/// No bundle has room for an item, not even alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// What the items that were chosen for a bundle take of it.
#[derive(Debug, Default)]
pub struct Filling {
    members: u64,
    bytes: u64,
}

impl Filling {
    /// Takes one item more, with its account in it, if there is room for it; for the first there always is, unless it is
    /// too long for any bundle. After one that there was none for, there is none.
    pub fn takes(&mut self, item: &Item) -> Result<bool, TooLong> {
        let weight = weigh(item, Weight::default())?;
        let parts = item.files.iter().map(|file| file.len.div_ceil(MEMBER_BYTES_MAX).max(1));
        let is_first = self.members == 0;
        self.members += weight.members as u64 + parts.sum::<u64>();
        self.bytes += weight.bytes;
        Ok(is_first || (self.members <= MEMBERS_FULL && self.bytes <= BYTES_FULL))
    }
}

/// Refuses an item that no bundle can hold, or none when it is under other terms.
pub fn check_fits(item: &Item) -> Result<(), TooLong> {
    weigh(item, Weight { members: TERMS_UNITS, bytes: TERMS_BYTES }).map(drop)
}

/// What an item takes, if a bundle can hold it and this besides.
fn weigh(item: &Item, besides: Weight) -> Result<Weight, TooLong> {
    let weight = Weight::of(item).map_err(|_| TooLong)?;
    let fits =
        weight.members + besides.members <= 1 + UNITS_MAX && weight.bytes + besides.bytes <= RECORD_BYTES_MAX;
    if fits { Ok(weight) } else { Err(TooLong) }
}

#[cfg(test)]
mod tests {
    use super::super::sample::testimony;
    use super::*;
    use crate::evidence::consent::{Consent, Naming, Terms};

    /// Other terms, as long as any are.
    fn under_other_terms(item: Item) -> Item {
        let terms = Terms { name: Naming::Pseudonym, ..Terms::default() };
        let long = |bytes: usize| Some("\u{1}".repeat(bytes));
        let consent = Consent::new(terms, long(LINE_BYTES_MAX), long(WORDS_BYTES_MAX)).unwrap();
        Item { consent, ..item }
    }

    fn marked(count: usize) -> Item {
        testimony("[[a]] ".repeat(count).trim_end())
    }

    #[test]
    fn several_items_fill_a_bundle_by_their_bytes_too() {
        let third = testimony(&"x".repeat(BYTES_FULL as usize / 3));
        let mut filling = Filling::default();
        let taken = [(); 3].map(|()| filling.takes(&third));
        assert_eq!(taken, [Ok(true), Ok(true), Ok(false)]);
        assert_eq!(Filling::default().takes(&testimony(&"x".repeat(BYTES_FULL as usize + 1))), Ok(true));
    }

    #[test]
    fn terms_take_what_is_left_for_them_at_most() {
        let item = marked(3);
        let before = Weight::of(&item).unwrap();
        let after = Weight::of(&under_other_terms(item)).unwrap();
        assert_eq!(after.members - before.members, TERMS_UNITS);
        assert!((1..=TERMS_BYTES).contains(&(after.bytes - before.bytes)));
    }

    /// A testimony of 100,000 units was kept; then its author chose a name, and it could not be sealed.
    #[test]
    fn what_fits_does_so_under_any_terms() {
        // Terms, kind and title, and a space between each two that are marked.
        let units = |marks: usize| 3 + 2 * marks - 1;
        let most = (UNITS_MAX - TERMS_UNITS - units(0)) / 2;
        assert_eq!(check_fits(&marked(most + 1)), Err(TooLong));
        let item = marked(most);
        assert_eq!(check_fits(&item), Ok(()));
        let mut filling = Filling::default();
        assert_eq!(filling.takes(&under_other_terms(item)), Ok(true));
        assert_eq!(filling.takes(&marked(1)), Ok(false));
        assert_eq!(Filling::default().takes(&marked(most + 3)), Err(TooLong));
    }
}
