//! Chunks: content that is cut into chunks of one length, of which only the last may be shorter, each sealed by itself.
//!
//! It is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as c2sp.org/age has it: a chunk's nonce is its
//! number in 11 bytes, big endian, and whether it is the last. So one that is changed, moved, repeated, dropped or put
//! after the end does not open. Only an empty content has an empty chunk. What travels and what lies at rest are both of
//! this shape, of other ciphers and lengths; here they are read.

use std::io::{self, Read};
use std::ops::Range;

use ring::aead::{Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};

use super::secret::{ScrubOnDrop, Secret};

/// How much longer a chunk is when it is sealed.
pub(super) const TAG_LEN: usize = 16;

/// A cipher, and how many bytes a full chunk holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// With keys of 32 bytes and tags of 16.
    pub cipher: &'static Algorithm,
    pub chunk_bytes: usize,
}

impl Shape {
    /// How long a full chunk is when it is sealed.
    pub const fn sealed_bytes(&self) -> usize {
        self.chunk_bytes + TAG_LEN
    }

    /// The cipher under a key, made for the moment: ring does not wipe its keys.
    #[inline(never)]
    pub fn key(&self, key: &Secret<[u8; 32]>) -> LessSafeKey {
        let key = UnboundKey::new(self.cipher, key.expose());
        LessSafeKey::new(key.expect("the cipher has keys of 32 bytes"))
    }
}

/// The nonce of a chunk: 11 bytes of counter, big endian, and whether it is the last.
pub(super) fn chunk_nonce(counter: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&counter.to_be_bytes());
    nonce[11] = last.into();
    Nonce::assume_unique_for_key(nonce)
}

/// Why the next chunk is not there.
#[derive(Debug)]
pub(super) enum ChunkError {
    /// Wrong key, changed, cut short, or there is more than the whole; also whenever more is asked for after an error.
    Unopened,
    /// Reading failed.
    Io(io::Error),
}

/// Opens chunk after chunk.
#[derive(Debug)]
pub(super) struct Chunks<R> {
    input: R,
    shape: Shape,
    key: Secret<[u8; 32]>,
    counter: u64,
    /// Room for a sealed chunk and one byte more, and then what it holds.
    chunk: Secret<Vec<u8>>,
    /// What of that was not taken yet.
    left: Range<usize>,
    state: State,
    _scrub: ScrubOnDrop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// The first byte of the next chunk, which follows.
    Ahead(u8),
    Ended,
    Failed,
}

impl<R: Read> Chunks<R> {
    /// The chunks in `input`, which ends where they end, from the one of number `counter` on. `expected` is how long all
    /// of `input` will hardly be longer than.
    pub fn new(shape: Shape, key: Secret<[u8; 32]>, input: R, counter: u64, expected: usize) -> Chunks<R> {
        let chunk = Secret::new(vec![0; shape.sealed_bytes().min(expected) + 1]);
        let (left, state) = (0..0, State::Start);
        Chunks { input, shape, key, counter, chunk, left, state, _scrub: ScrubOnDrop }
    }

    /// What was opened and not taken.
    pub fn opened(&self) -> &[u8] {
        &self.chunk.expose()[self.left.clone()]
    }

    /// Takes so much of what was opened, or all of it.
    pub fn take(&mut self, count: usize) {
        self.left.start = self.left.end.min(self.left.start + count);
    }

    /// Nothing more is opened, and nothing given of what was.
    pub fn fail(&mut self) {
        (self.left, self.state) = (0..0, State::Failed);
    }

    /// Opens the next chunk in place of what was opened; whether there was one.
    pub fn next(&mut self) -> Result<bool, ChunkError> {
        let ahead = match self.state {
            State::Failed => return Err(ChunkError::Unopened),
            State::Ended => None,
            State::Start => Some(0),
            State::Ahead(byte) => {
                self.chunk.expose_mut()[0] = byte;
                Some(1)
            }
        };
        self.left = 0..0;
        let Some(held) = ahead else { return Ok(false) };
        self.state = State::Failed;
        let (len, state) = self.open_next(held)?;
        (self.left, self.state) = (0..len, state);
        Ok(true)
    }

    fn open_next(&mut self, held: usize) -> Result<(usize, State), ChunkError> {
        let held = self.read_on(held).map_err(ChunkError::Io)?;
        let full = self.shape.sealed_bytes();
        let ahead = self.chunk.expose().get(full).copied().filter(|_| held > full);
        let sealed = &mut self.chunk.expose_mut()[..held.min(full)];
        let nonce = chunk_nonce(self.counter, ahead.is_none());
        let opened = self.shape.key(&self.key).open_in_place(nonce, Aad::empty(), sealed);
        let len = opened.map_err(|_| ChunkError::Unopened)?.len();
        self.counter += 1;
        if len == 0 && self.counter > 1 {
            return Err(ChunkError::Unopened);
        }
        Ok((len, ahead.map_or(State::Ended, State::Ahead)))
    }

    /// Reads until a chunk and the byte behind it are there, of which `held` are, or to the end; how much is there then.
    fn read_on(&mut self, held: usize) -> io::Result<usize> {
        let mut end = held;
        while end <= self.shape.sealed_bytes() {
            if end == self.chunk.expose().len() {
                // It is longer than expected. What lies there is sealed: it may stay behind.
                let mut whole = Secret::new(vec![0; self.shape.sealed_bytes() + 1]);
                whole.expose_mut()[..end].copy_from_slice(self.chunk.expose());
                self.chunk = whole;
            }
            match self.input.read(&mut self.chunk.expose_mut()[end..]) {
                Ok(0) => break,
                Ok(count) => end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(end)
    }
}
