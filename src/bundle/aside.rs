//! A digest that is made on a thread of its own, so that one core encrypts while another hashes what was
//! encrypted. Memory is bounded: a few blocks wait at most.

use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use crate::crypto::hash::{Digest, Hasher};

/// Blocks that may wait; a sealed file comes in blocks of 64 KiB.
const WAITING_MAX: usize = 16;

/// A digest in the making, on another thread.
pub(super) struct AsideHasher {
    blocks: SyncSender<Vec<u8>>,
    thread: JoinHandle<Digest>,
}

impl AsideHasher {
    /// A digest of nothing yet.
    pub fn new() -> io::Result<AsideHasher> {
        let (blocks, waiting) = sync_channel::<Vec<u8>>(WAITING_MAX);
        let thread = Builder::new().name("hash".to_owned()).spawn(move || {
            let mut hasher = Hasher::new();
            waiting.iter().for_each(|block| hasher.update(&block));
            hasher.finish()
        })?;
        Ok(AsideHasher { blocks, thread })
    }

    /// Adds `bytes` to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.blocks.send(bytes.to_vec()).expect("the thread takes blocks until its sender is gone");
    }

    /// The digest of everything that was added.
    pub fn finish(self) -> Digest {
        drop(self.blocks);
        self.thread.join().expect("hashing does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_digest() {
        let mut hasher = AsideHasher::new().unwrap();
        (0..100u8).for_each(|byte| hasher.update(&[byte; 1000]));
        let whole: Vec<u8> = (0..100u8).flat_map(|byte| [byte; 1000]).collect();
        assert_eq!(hasher.finish(), Digest::of(&whole));
        assert_eq!(AsideHasher::new().unwrap().finish(), Digest::of(b""));
    }
}
