//! Reading ahead: what comes next is read, and opened, on a thread of its own, while what came is hashed, sealed or written.

use std::fmt;
use std::io::{self, Read};

use super::aside::{Aside, Buffer, Room, buffer};

const PART_BYTES: usize = 512 << 10;

/// The parts there are beside the one that is being taken from.
const ROOM: Room = (6, PART_BYTES);

/// Reads another reader ahead; where no thread can be had, as it is asked. For what is long: a thread costs more than it
/// saves for a few MiB. A read that fails is the last: what was read before it and not taken yet is not given.
pub struct ReadAhead<R: Read> {
    end: End<R>,
    part: Buffer,
    taken: usize,
}

enum End<R> {
    Here(R),
    Ahead(Aside<R, io::Error>),
    /// There is no more.
    Ended,
    /// The thread has ended with an error, which was given out.
    Failed,
}

impl<R: Read + Send + 'static> ReadAhead<R> {
    /// Begins to read.
    pub fn new(input: R) -> ReadAhead<R> {
        let begun = Aside::ahead("read", input, ROOM, |input, part| {
            part.clear();
            input.take(PART_BYTES as u64).read_to_end(part).map(drop)
        });
        ReadAhead { end: begun.map_or_else(End::Here, End::Ahead), part: buffer(PART_BYTES), taken: 0 }
    }
}

impl<R: Read + Send + 'static> Read for ReadAhead<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if let End::Here(input) = &mut self.end {
            return input.read(bytes);
        }
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.taken == self.part.expose().len() {
            self.end = match std::mem::replace(&mut self.end, End::Failed) {
                End::Ahead(ahead) if ahead.exchange(&mut self.part) => {
                    if self.part.expose().is_empty() {
                        End::Ended
                    } else {
                        End::Ahead(ahead)
                    }
                }
                End::Ahead(ahead) => {
                    self.part.expose_mut().clear();
                    self.taken = 0;
                    return Err(ahead.join().err().unwrap_or_else(failed_before));
                }
                End::Failed => return Err(failed_before()),
                end => end,
            };
            self.taken = 0;
        }
        let count = (&self.part.expose()[self.taken..]).read(bytes)?;
        self.taken += count;
        Ok(count)
    }
}

impl<R: Read> fmt::Debug for ReadAhead<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadAhead")
    }
}

fn failed_before() -> io::Error {
    io::Error::other("reading failed before")
}

#[cfg(test)]
mod tests {
    use super::super::aside::tests::NO_THREADS;
    use super::*;

    fn content(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at % 251) as u8).collect()
    }

    /// Fails after so many bytes.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.0);
            self.0 -= count;
            if count == 0 { Err(io::ErrorKind::TimedOut.into()) } else { Ok(count) }
        }
    }

    fn it_is_the_same() {
        for len in [0, 1, PART_BYTES, PART_BYTES + 1, 7 * PART_BYTES] {
            let mut ahead = ReadAhead::new(io::Cursor::new(content(len)));
            assert_eq!(matches!(ahead.end, End::Here(_)), NO_THREADS.get());
            let mut read = Vec::new();
            ahead.read_to_end(&mut read).unwrap();
            assert!(read == content(len), "{len}");
            assert_eq!(ahead.read(&mut [0; 9]).unwrap(), 0);
        }
    }

    #[test]
    fn what_is_read_ahead_is_what_is_there() {
        it_is_the_same();
    }

    #[test]
    fn where_no_thread_can_be_had_it_is_read_here() {
        NO_THREADS.set(true);
        it_is_the_same();
    }

    #[test]
    fn what_fails_on_the_other_thread_is_told_here() {
        for len in [0, 1, PART_BYTES, 5 * PART_BYTES] {
            let mut ahead = ReadAhead::new(Failing(len));
            let failed = io::copy(&mut ahead, &mut io::sink()).unwrap_err();
            assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
            assert!(ahead.read(&mut [0; 9]).is_err(), "it does not seem to have ended");
        }
    }

    #[test]
    fn it_can_be_dropped_before_its_end() {
        let mut ahead = ReadAhead::new(io::Cursor::new(content(7 * PART_BYTES)));
        ahead.read_exact(&mut [0; 9]).unwrap();
    }
}
