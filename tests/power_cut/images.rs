//! The images that a power cut may leave: what was flushed is there, of what was not any part may be.

use crate::device::{Record, SECTOR};
use crate::house::Noise;

/// What there is to cut.
pub struct Cuts<'b> {
    base: &'b [u8],
    records: Vec<Record>,
    /// Where a stretch begins in which nothing is flushed: behind each flush, and where the command began.
    stretches: Vec<usize>,
}

/// A disk as a cut left it.
pub struct Cut {
    /// How many records there were when the power failed.
    pub at: usize,
    pub image: Vec<u8>,
}

impl<'b> Cuts<'b> {
    /// Cuts at any place of `records` from the one at `begun` on, on a disk that was `base` before the first.
    pub fn new(base: &'b [u8], records: Vec<Record>, begun: usize) -> Cuts<'b> {
        let (mut stretches, mut written) = (vec![begun], false);
        for (record, next) in records.iter().zip(1..).skip(begun) {
            // Flushes with nothing between them are one.
            if record.is_flush() && written {
                stretches.push(next);
            }
            written = !record.is_flush() && (written || !record.bytes.is_empty());
        }
        Cuts { base, records, stretches }
    }

    pub fn writes(&self) -> usize {
        self.records.iter().skip(self.stretches[0]).filter(|record| !record.bytes.is_empty()).count()
    }

    pub fn flushes(&self) -> usize {
        self.stretches.len() - 1
    }

    /// One of them: the power failed in any stretch or, as often, at any record, or one time in four just as the
    /// command had said that it was `done`; then each way to lose writes is as likely.
    pub fn cut(&self, done: usize, dice: &mut Noise) -> Cut {
        let at = match (dice.next() >> 16) % 8 {
            0 | 1 => done,
            2..=4 => self.in_a_stretch(dice),
            _ => self.at_a_record(dice),
        };
        let from =
            self.stretches.iter().copied().rfind(|from| *from <= at).expect("the first one begins all");
        let mut image = self.base.to_vec();
        self.records[..from].iter().for_each(|record| apply(&mut image, record));
        lose(&mut image, &self.records[from..at], dice);
        Cut { at, image }
    }

    fn in_a_stretch(&self, dice: &mut Noise) -> usize {
        let stretch = below(dice, self.stretches.len());
        let from = self.stretches[stretch];
        let end = self.stretches.get(stretch + 1).map_or(self.records.len(), |next| next - 1);
        from + below(dice, end - from + 1)
    }

    fn at_a_record(&self, dice: &mut Noise) -> usize {
        let from = self.stretches[0];
        from + below(dice, self.records.len() - from + 1)
    }
}

/// Applies a part of the writes that were not flushed, and all that reached the medium by themselves.
fn lose(image: &mut [u8], flying: &[Record], dice: &mut Noise) {
    let count = flying.len();
    match dice.next() % 5 {
        0 => keep(image, flying, |_| false),
        1 => keep(image, flying, |_| true),
        2 => {
            let first = below(dice, count + 1);
            keep(image, flying, |at| at < first);
        }
        3 => keep(image, flying, |_| dice.next().is_multiple_of(2)),
        _ => {
            let torn = below(dice, count.max(1));
            keep(image, flying, |at| at < torn);
            flying.get(torn).into_iter().for_each(|record| tear(image, record, dice));
        }
    }
}

fn keep(image: &mut [u8], flying: &[Record], mut kept: impl FnMut(usize) -> bool) {
    for (at, record) in flying.iter().enumerate() {
        if kept(at) || record.has_reached() {
            apply(image, record);
        }
    }
}

fn apply(image: &mut [u8], record: &Record) {
    let place = record.place as usize;
    image[place..place + record.bytes.len()].copy_from_slice(&record.bytes);
}

/// Half of the write's sectors, the first or the last ones.
fn tear(image: &mut [u8], record: &Record, dice: &mut Noise) {
    let place = record.place as usize;
    let sectors = record.bytes.len() / SECTOR;
    let half = sectors / 2 * SECTOR;
    let part = if dice.next().is_multiple_of(2) { 0..half } else { half..record.bytes.len() };
    image[place + part.start..place + part.end].copy_from_slice(&record.bytes[part]);
}

fn below(dice: &mut Noise, end: usize) -> usize {
    // The low bits of what the noise gives are its weakest.
    ((dice.next() >> 16) % end as u64) as usize
}
