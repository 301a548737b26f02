//! Digests of much: they are made on a thread of its own, while whoever has the bytes reads, seals or writes them.

use std::convert::Infallible;
use std::fmt;

use super::aside::{Aside, Buffer, Room, buffer};
use super::checksum::{Checksum, Sums};
use super::hash::{Digest, Hasher};

/// How much is handed over at once.
const BLOCK_BYTES: usize = 256 << 10;

/// How many there are beside the one that is being filled.
const ROOM: Room = (12, BLOCK_BYTES);

/// Below this a thread costs more than it saves.
const HERE_BYTES: usize = 16 * BLOCK_BYTES;

/// In a block each piece has its length before it, and this bit where a content ends with it.
const ENDS: u32 = 1 << 31;
const HEAD_BYTES: usize = size_of::<u32>();

/// What is made of a content while it passes: its digest, or that and more.
pub trait Making: Default + Send + 'static {
    /// What it is in the end.
    type Made: Copy + Send;

    /// Adds `bytes` to the content.
    fn update(&mut self, bytes: &[u8]);

    /// What was made of everything that was added.
    fn finish(self) -> Self::Made;
}

impl Making for Hasher {
    type Made = Digest;

    fn update(&mut self, bytes: &[u8]) {
        Hasher::update(self, bytes);
    }

    fn finish(self) -> Digest {
        Hasher::finish(self)
    }
}

impl Making for (Hasher, Checksum) {
    type Made = Sums;

    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.1.update(bytes);
    }

    fn finish(self) -> Sums {
        Sums { digest: self.0.finish(), checksum: Some(self.1.finish()) }
    }
}

/// The digest of one content in the making.
#[derive(Debug)]
pub struct AsideHasher<M: Making = Hasher>(AsideHashers<M>);

impl AsideHasher {
    /// A digest of nothing yet.
    pub fn new() -> AsideHasher {
        AsideHasher::default()
    }
}

impl AsideHasher<(Hasher, Checksum)> {
    /// A digest of nothing yet, and a checksum of the same bytes.
    pub fn with_checksum() -> AsideHasher<(Hasher, Checksum)> {
        AsideHasher::default()
    }
}

impl<M: Making> AsideHasher<M> {
    /// Adds `bytes` to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything that was added.
    pub fn finish(mut self) -> M::Made {
        self.0.end();
        self.0.finish()[0]
    }
}

impl<M: Making> Default for AsideHasher<M> {
    fn default() -> AsideHasher<M> {
        AsideHasher(AsideHashers::default())
    }
}

/// The digests of contents in the making, which come one after another: at first here, from the fifth MiB on aside, if a
/// thread can be had.
pub struct AsideHashers<M: Making = Hasher> {
    place: Place<M>,
    /// How much may still be hashed here before a thread is begun.
    left: usize,
    /// What is handed over next.
    block: Buffer,
}

enum Place<M: Making> {
    Here(Hashing<M>),
    Aside(Aside<Hashing<M>, Infallible>),
}

struct Hashing<M: Making> {
    hasher: M,
    ended: Vec<M::Made>,
}

impl<M: Making> Default for Hashing<M> {
    fn default() -> Hashing<M> {
        Hashing { hasher: M::default(), ended: Vec::new() }
    }
}

impl<M: Making> Hashing<M> {
    fn end(&mut self) {
        self.ended.push(std::mem::take(&mut self.hasher).finish());
    }

    /// Takes a block, and leaves it empty.
    fn take(&mut self, block: &mut Vec<u8>) {
        let mut rest = block.as_slice();
        while let Some((head, after)) = rest.split_first_chunk() {
            let head = u32::from_le_bytes(*head);
            let (piece, next) = after.split_at((head & !ENDS) as usize);
            self.hasher.update(piece);
            if head & ENDS != 0 {
                self.end();
            }
            rest = next;
        }
        block.clear();
    }
}

impl AsideHashers {
    /// The first content begins.
    pub fn new() -> AsideHashers {
        AsideHashers::default()
    }
}

impl<M: Making> AsideHashers<M> {
    /// Adds `bytes` to the content that comes.
    pub fn update(&mut self, bytes: &[u8]) {
        if bytes.len() > self.left {
            self.go_aside();
            // Where there is no thread it is asked for again some MiB later.
            self.left = HERE_BYTES + bytes.len();
        }
        match &mut self.place {
            Place::Here(hashing) => {
                hashing.hasher.update(bytes);
                self.left -= bytes.len();
            }
            Place::Aside(aside) => hand_over(aside, &mut self.block, bytes, false),
        }
    }

    /// Ends the content; the next begins.
    pub fn end(&mut self) {
        match &mut self.place {
            Place::Here(hashing) => hashing.end(),
            Place::Aside(aside) => hand_over(aside, &mut self.block, &[], true),
        }
    }

    /// The digests of the contents that were ended, in their order.
    pub fn finish(mut self) -> Vec<M::Made> {
        match self.place {
            Place::Here(hashing) => hashing.ended,
            Place::Aside(aside) => {
                let Ok(mut hashing) = aside.join();
                hashing.take(self.block.expose_mut());
                hashing.ended
            }
        }
    }

    fn go_aside(&mut self) {
        self.place = match std::mem::replace(&mut self.place, Place::Here(Hashing::default())) {
            Place::Here(hashing) => {
                self.block = buffer(BLOCK_BYTES);
                let begun = Aside::begin("hash", hashing, ROOM, |hashing, block| {
                    hashing.take(block);
                    Ok(())
                });
                begun.map_or_else(Place::Here, Place::Aside)
            }
            aside => aside,
        };
    }
}

fn hand_over<M: Making>(
    aside: &Aside<Hashing<M>, Infallible>,
    block: &mut Buffer,
    mut bytes: &[u8],
    ends: bool,
) {
    loop {
        let room = BLOCK_BYTES - HEAD_BYTES - block.expose().len();
        let (now, later) = bytes.split_at(bytes.len().min(room));
        let head = now.len() as u32 | if ends && later.is_empty() { ENDS } else { 0 };
        block.expose_mut().extend_from_slice(&head.to_le_bytes());
        block.expose_mut().extend_from_slice(now);
        if block.expose().len() + HEAD_BYTES >= BLOCK_BYTES {
            assert!(aside.exchange(block), "hashing does not fail");
        }
        bytes = later;
        if bytes.is_empty() {
            return;
        }
    }
}

impl<M: Making> Default for AsideHashers<M> {
    fn default() -> AsideHashers<M> {
        AsideHashers { place: Place::Here(Hashing::default()), left: HERE_BYTES, block: buffer(0) }
    }
}

impl<M: Making> fmt::Debug for AsideHashers<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsideHashers")
    }
}

#[cfg(test)]
mod tests {
    use super::super::aside::tests::NO_THREADS;
    use super::*;

    fn it_is_the_same_digest() {
        let whole: Vec<u8> = (0..9 << 20).map(|at: u32| (at % 251) as u8).collect();
        for len in [0, 1, HERE_BYTES, HERE_BYTES + 1, 2 * HERE_BYTES - 1, whole.len()] {
            for step in [1000, BLOCK_BYTES, BLOCK_BYTES + 1, whole.len()] {
                let mut hasher = AsideHasher::with_checksum();
                whole[..len].chunks(step).for_each(|part| hasher.update(part));
                let aside = matches!(hasher.0.place, Place::Aside(_));
                assert_eq!(aside, len > HERE_BYTES && !NO_THREADS.get(), "{len} in steps of {step}");
                assert_eq!(hasher.finish(), Sums::of(&whole[..len]), "{len} in steps of {step}");
            }
        }
    }

    /// Contents of every length there is around a block, and none, in one row.
    fn each_has_its_digest() {
        let whole: Vec<u8> = (0..HERE_BYTES).map(|at| (at % 249) as u8).collect();
        let around = |len: usize| (0..12).map(move |less| len.saturating_sub(less));
        let lens = [&[HERE_BYTES, 1, 0, 0, 70_000, 300_000, 5][..], &around(BLOCK_BYTES).collect::<Vec<_>>()];
        let (mut hashers, mut expected) = (AsideHashers::new(), Vec::new());
        for len in lens.concat().repeat(2) {
            whole[..len].chunks(70_000).for_each(|part| hashers.update(part));
            hashers.end();
            expected.push(Digest::of(&whole[..len]));
        }
        assert_eq!(matches!(hashers.place, Place::Aside(_)), !NO_THREADS.get());
        hashers.update(b"what was not ended has none");
        assert_eq!(hashers.finish(), expected);
    }

    #[test]
    fn it_is_the_same_digest_here_and_aside() {
        it_is_the_same_digest();
        each_has_its_digest();
    }

    #[test]
    fn it_is_the_same_digest_where_no_thread_can_be_had() {
        NO_THREADS.set(true);
        it_is_the_same_digest();
        each_has_its_digest();
    }
}
