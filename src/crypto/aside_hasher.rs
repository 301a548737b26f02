//! A digest of much: it is made on a thread of its own, while whoever has the bytes reads, seals or writes them.

use std::convert::Infallible;
use std::fmt;

use super::aside::{Aside, Buffer, Room, buffer};
use super::hash::{Digest, Hasher};

/// How much is handed over at once.
const BLOCK_BYTES: usize = 256 << 10;

/// How many there are beside the one that is being filled.
const ROOM: Room = (5, BLOCK_BYTES);

/// Below this a thread costs more than it saves.
const HERE_BYTES: usize = 16 * BLOCK_BYTES;

/// A digest in the making: at first here, from the fifth MiB on aside, if a thread can be had.
pub struct AsideHasher {
    end: End,
    /// How much may still be hashed here before a thread is begun.
    left: usize,
    /// What is handed over next.
    block: Buffer,
}

enum End {
    Here(Hasher),
    Aside(Aside<Hasher, Infallible>),
}

impl AsideHasher {
    /// A digest of nothing yet.
    pub fn new() -> AsideHasher {
        AsideHasher { end: End::Here(Hasher::new()), left: HERE_BYTES, block: buffer(0) }
    }

    /// Adds `bytes` to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        if bytes.len() > self.left {
            self.go_aside();
            // Where there is no thread it is asked for again some MiB later.
            self.left = HERE_BYTES + bytes.len();
        }
        match &mut self.end {
            End::Here(hasher) => {
                hasher.update(bytes);
                self.left -= bytes.len();
            }
            End::Aside(aside) => hand_over(aside, &mut self.block, bytes),
        }
    }

    /// The digest of everything that was added.
    pub fn finish(self) -> Digest {
        match self.end {
            End::Here(hasher) => hasher.finish(),
            End::Aside(aside) => {
                let Ok(mut hasher) = aside.join();
                hasher.update(self.block.expose());
                hasher.finish()
            }
        }
    }

    fn go_aside(&mut self) {
        self.end = match std::mem::replace(&mut self.end, End::Here(Hasher::new())) {
            End::Here(hasher) => {
                self.block = buffer(BLOCK_BYTES);
                let begun = Aside::begin("hash", hasher, ROOM, |hasher, block| {
                    hasher.update(block);
                    block.clear();
                    Ok(())
                });
                begun.map_or_else(End::Here, End::Aside)
            }
            aside => aside,
        };
    }
}

fn hand_over(aside: &Aside<Hasher, Infallible>, block: &mut Buffer, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - block.expose().len()));
        block.expose_mut().extend_from_slice(now);
        if block.expose().len() == BLOCK_BYTES {
            assert!(aside.exchange(block), "hashing does not fail");
        }
        bytes = later;
    }
}

impl Default for AsideHasher {
    fn default() -> AsideHasher {
        AsideHasher::new()
    }
}

impl fmt::Debug for AsideHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsideHasher")
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
                let mut hasher = AsideHasher::new();
                whole[..len].chunks(step).for_each(|part| hasher.update(part));
                let aside = matches!(hasher.end, End::Aside(_));
                assert_eq!(aside, len > HERE_BYTES && !NO_THREADS.get(), "{len} in steps of {step}");
                assert_eq!(hasher.finish(), Digest::of(&whole[..len]), "{len} in steps of {step}");
            }
        }
    }

    #[test]
    fn it_is_the_same_digest_here_and_aside() {
        it_is_the_same_digest();
    }

    #[test]
    fn it_is_the_same_digest_where_no_thread_can_be_had() {
        NO_THREADS.set(true);
        it_is_the_same_digest();
    }
}
