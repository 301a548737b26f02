//! A digest that is made on a thread of its own, so that one core hashes while another reads, seals or writes. Memory is
//! bounded: a few blocks wait at most.

use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::hash::{Digest, Hasher};
use super::secret::{Secret, scrub_stack};

/// How much is handed over at once.
const BLOCK_BYTES: usize = 256 << 10;

/// Blocks that may wait; one is being hashed and one filled beside them.
const WAITING_MAX: usize = 4;

/// Below this a thread costs more than it saves.
const HERE_BYTES: usize = 16 * BLOCK_BYTES;

type Block = Secret<Vec<u8>>;

/// A digest in the making: at first here, from the fifth MiB on aside, if a thread can be had.
pub struct AsideHasher {
    /// What is hashed here.
    here: Hasher,
    /// How much that may still be before a thread is begun.
    left: usize,
    thread: Option<Thread>,
}

struct Thread {
    block: Block,
    /// Gone when no more are to come.
    full: Option<SyncSender<Block>>,
    empty: Receiver<Block>,
    thread: Option<JoinHandle<Digest>>,
}

impl AsideHasher {
    /// A digest of nothing yet.
    pub fn new() -> AsideHasher {
        AsideHasher { here: Hasher::new(), left: HERE_BYTES, thread: None }
    }

    /// Adds `bytes` to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        if self.thread.is_none() && bytes.len() > self.left {
            // Where there is none it goes on here, and asks again some MiB later.
            self.thread = Thread::begin(self.here.clone()).ok();
            self.left = HERE_BYTES + bytes.len();
        }
        match &mut self.thread {
            Some(thread) => thread.update(bytes),
            None => {
                self.here.update(bytes);
                self.left -= bytes.len();
            }
        }
    }

    /// The digest of everything that was added.
    pub fn finish(self) -> Digest {
        match self.thread {
            Some(thread) => thread.finish(),
            None => self.here.finish(),
        }
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

impl Thread {
    fn begin(mut hasher: Hasher) -> io::Result<Thread> {
        let (full, waiting) = sync_channel::<Block>(WAITING_MAX);
        let (emptied, empty) = sync_channel(WAITING_MAX + 2);
        for _ in 0..=WAITING_MAX {
            let _ = emptied.send(new_block());
        }
        let thread = Builder::new().name("hash".to_owned()).spawn(move || {
            for mut block in waiting {
                hasher.update(block.expose());
                block.expose_mut().clear();
                // Who ended has no use for it.
                let _ = emptied.send(block);
            }
            let digest = hasher.finish();
            scrub_stack();
            digest
        })?;
        Ok(Thread { block: new_block(), full: Some(full), empty, thread: Some(thread) })
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BLOCK_BYTES - self.block.expose().len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.block.expose_mut().extend_from_slice(now);
            if now.len() == room {
                let empty = self.empty.recv().expect(ENDED);
                self.send(empty);
            }
            bytes = later;
        }
    }

    fn finish(mut self) -> Digest {
        self.send(Secret::new(Vec::new()));
        self.full = None;
        let thread = self.thread.take().expect("only finish and drop take it");
        thread.join().expect("hashing does not panic")
    }

    /// Gives the block away, and goes on with this one.
    fn send(&mut self, next: Block) {
        let full = self.full.as_ref().expect("only finish and drop take it");
        full.send(std::mem::replace(&mut self.block, next)).expect(ENDED);
    }
}

impl Drop for Thread {
    /// What was handed over is wiped when this returns.
    fn drop(&mut self) {
        self.full = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

const ENDED: &str = "the thread takes blocks until its sender is gone";

fn new_block() -> Block {
    Secret::new(Vec::with_capacity(BLOCK_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_digest_here_and_aside() {
        let whole: Vec<u8> = (0..9 << 20).map(|at: u32| (at % 251) as u8).collect();
        for len in [0, 1, HERE_BYTES, HERE_BYTES + 1, 2 * HERE_BYTES - 1, whole.len()] {
            for step in [1000, BLOCK_BYTES, BLOCK_BYTES + 1, whole.len()] {
                let mut hasher = AsideHasher::new();
                whole[..len].chunks(step).for_each(|part| hasher.update(part));
                assert_eq!(hasher.finish(), Digest::of(&whole[..len]), "{len} in steps of {step}");
            }
        }
    }

    #[test]
    fn it_can_be_dropped_before_its_end() {
        let mut hasher = AsideHasher::new();
        hasher.update(&[7; 3 * HERE_BYTES]);
        assert!(hasher.thread.is_some());
    }
}
