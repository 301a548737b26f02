//! The entries in their order, of which none can be changed, dropped, inserted or moved without breaking the next.
//!
//! Only the end can be cut off unseen; so whoever checks a chain brings along the digest of the entry that is last,
//! from a place of its own.

use super::CustodyError;
use super::entry::{Entry, START};
use super::event::Event;
use crate::crypto::Digest;
use crate::format::time::Time;

/// The end of a chain, to which the next entry is added. The entries themselves are kept elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    head: Digest,
}

impl Chain {
    /// A chain without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::resume(START)
    }

    /// The chain whose last entry has this digest.
    #[must_use]
    pub fn resume(head: Digest) -> Self {
        Self { head }
    }

    /// The digest of the last entry; [`START`] before the first.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.head
    }

    /// Adds an event and gives the entry to be kept.
    pub fn append(&mut self, now: Time, event: Event) -> Entry {
        let entry = Entry { previous: self.head, time: now, event };
        self.head = entry.digest();
        entry
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

/// Checks that these entries, from the first to the last, form one chain that ends at `head`.
pub fn verify<'a>(entries: impl IntoIterator<Item = &'a Entry>, head: &Digest) -> Result<(), CustodyError> {
    let mut expected = START;
    for (entry, number) in entries.into_iter().zip(1..) {
        if entry.previous != expected {
            return Err(CustodyError::Broken { number, expected, found: entry.previous });
        }
        expected = entry.digest();
    }
    if expected == *head { Ok(()) } else { Err(CustodyError::Head { expected: *head, found: expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::id::RandomId;

    fn entries(count: u8) -> (Vec<Entry>, Digest) {
        let mut chain = Chain::new();
        let time = |seconds| Time::from_unix(1_795_459_200 + i64::from(seconds)).unwrap();
        let event = |number| Event::Remove { item: RandomId::from_bytes([number; 16]) };
        let entries = (0..count).map(|number| chain.append(time(number), event(number))).collect();
        (entries, chain.head())
    }

    #[test]
    fn a_chain_holds_and_is_read_back() {
        let (chain, head) = entries(5);
        let read: Vec<Entry> = chain.iter().map(|entry| entry.to_string().parse().unwrap()).collect();
        assert_eq!(read, chain);
        verify(&read, &head).unwrap();
        verify(&[], &START).unwrap();
    }

    #[test]
    fn a_changed_dropped_moved_or_cut_entry_is_noticed() {
        let (chain, head) = entries(5);
        for place in 0..5 {
            let mut changed = chain.clone();
            changed[place].time = Time::from_unix(0).unwrap();
            assert!(verify(&changed, &head).is_err(), "changed {place}");
            let mut dropped = chain.clone();
            dropped.remove(place);
            assert!(verify(&dropped, &head).is_err(), "dropped {place}");
            let mut doubled = chain.clone();
            doubled.insert(place, chain[place]);
            assert!(verify(&doubled, &head).is_err(), "doubled {place}");
        }
        let mut moved = chain.clone();
        moved.swap(1, 2);
        assert!(matches!(verify(&moved, &head), Err(CustodyError::Broken { number: 2, .. })));
        assert!(matches!(verify(&chain[..4], &head), Err(CustodyError::Head { .. })));
    }

    #[test]
    fn entries_have_one_spelling() {
        let line = entries(1).0[0].to_string();
        for bad in
            [format!(" {line}"), format!("{line} "), line.replacen(' ', "  ", 1), line.replace('Z', "")]
        {
            assert!(bad.parse::<Entry>().is_err(), "{bad}");
        }
    }
}
