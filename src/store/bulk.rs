//! Writing much: after the first few MiB whole aligned pieces go past the system's page cache, where the file system takes
//! them so. A film then does not push everything else out of a small machine's memory, is not copied once
//! more on its way, and is on its way to the disk before the sync that waits for it.
//!
//! What was written is on its way only after [`Bulk::flush`]: up to a piece is held here.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

use crate::crypto::Secret;

/// How long a piece is, and between which multiples it lies: not a whole MiB, for many disks, virtual ones as well, take at
/// most 254 or twice 127 pages in one request, and the two pages that are left would be one more each time.
const PIECE_BYTES: usize = 1008 << 10;

/// Before so much was written nothing is held: most changes are small.
const THROUGH_BYTES: u64 = 2 * PIECE_BYTES as u64;

/// Where memory and file must begin for the disks there are; those that ask for less are content, too.
const ALIGN: usize = 4096;

/// The end of a file that is being written.
#[derive(Debug)]
pub(super) struct Bulk {
    /// How much of the file is written.
    at: u64,
    /// How much of that was written in one go with what came, and not in pieces.
    through: u64,
    /// What comes behind it, in memory; empty until a whole piece may come.
    memory: Secret<Vec<u8>>,
    held: usize,
    is_plain: bool,
    past_cache: PastCache,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PastCache {
    Off,
    On,
    /// The file system does not take it.
    Refused,
}

impl Bulk {
    /// Goes on at `at`, which is the length of the file or, over a tail that never was, less.
    pub fn from(at: u64) -> Bulk {
        Bulk {
            at,
            through: 0,
            memory: Secret::new(Vec::new()),
            held: 0,
            is_plain: false,
            past_cache: PastCache::Off,
        }
    }

    /// Holds nothing, ever: where many files are written beside each other.
    pub fn plain(&mut self) {
        self.is_plain = true;
    }

    /// Where the next byte goes.
    pub fn end(&self) -> u64 {
        self.at + self.held as u64
    }

    /// Adds `bytes` to the end of `file`, which must be the same each time.
    pub fn write(&mut self, file: &File, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.held == PIECE_BYTES {
                self.write_piece(file)?;
            }
            let edge = (self.end() / PIECE_BYTES as u64 + 1) * PIECE_BYTES as u64;
            let (now, later) = bytes.split_at(bytes.len().min((edge - self.end()) as usize));
            let at_edge = self.end().is_multiple_of(PIECE_BYTES as u64);
            if self.held > 0 || (at_edge && self.through >= THROUGH_BYTES && !self.is_plain) {
                self.hold(now);
                if self.held == PIECE_BYTES {
                    self.write_piece(file)?;
                }
            } else {
                self.write_through(file, now)?;
            }
            bytes = later;
        }
        Ok(())
    }

    /// Writes what is still held. After it the file can be read as any other.
    pub fn flush(&mut self, file: &File) -> io::Result<()> {
        self.past_cache(file, false)?;
        let begin = self.begin();
        file.write_all_at(&self.memory.expose()[begin..begin + self.held], self.at)?;
        (self.at, self.held) = (self.end(), 0);
        Ok(())
    }

    /// Goes back to `len`, which lies before the end; the file itself is cut by the caller.
    #[cfg(feature = "sqlite")]
    pub fn cut(&mut self, len: u64) {
        self.held = usize::try_from(len.saturating_sub(self.at)).unwrap_or(self.held).min(self.held);
        self.at = self.at.min(len);
    }

    fn hold(&mut self, bytes: &[u8]) {
        if self.memory.expose().is_empty() {
            self.memory = Secret::new(vec![0; PIECE_BYTES + ALIGN]);
        }
        let begin = self.begin() + self.held;
        self.memory.expose_mut()[begin..begin + bytes.len()].copy_from_slice(bytes);
        self.held += bytes.len();
    }

    /// Where in memory a piece begins.
    fn begin(&self) -> usize {
        if self.memory.expose().is_empty() { 0 } else { self.memory.expose().as_ptr().align_offset(ALIGN) }
    }

    fn write_piece(&mut self, file: &File) -> io::Result<()> {
        self.past_cache(file, true)?;
        let begin = self.begin();
        let piece = &self.memory.expose()[begin..begin + PIECE_BYTES];
        match file.write_all_at(piece, self.at) {
            // The flag was taken, and what it asks for is not there: for this disk a piece is not aligned, or none is.
            Err(error) if self.past_cache == PastCache::On && is_refusal(&error) => {
                self.past_cache(file, false)?;
                self.past_cache = PastCache::Refused;
                file.write_all_at(&self.memory.expose()[begin..begin + PIECE_BYTES], self.at)?;
            }
            other => other?,
        }
        (self.at, self.held) = (self.at + PIECE_BYTES as u64, 0);
        Ok(())
    }

    fn write_through(&mut self, file: &File, bytes: &[u8]) -> io::Result<()> {
        self.past_cache(file, false)?;
        file.write_all_at(bytes, self.at)?;
        self.at += bytes.len() as u64;
        self.through += bytes.len() as u64;
        Ok(())
    }

    /// What is written to the file goes past the cache from now on, or into it.
    fn past_cache(&mut self, file: &File, on: bool) -> io::Result<()> {
        let wanted = if on { PastCache::On } else { PastCache::Off };
        if self.past_cache == wanted || self.past_cache == PastCache::Refused {
            return Ok(());
        }
        let flags = fcntl_getfl(file)?;
        match fcntl_setfl(file, if on { flags | OFlags::DIRECT } else { flags - OFlags::DIRECT }) {
            Ok(()) => self.past_cache = wanted,
            Err(_) if on => self.past_cache = PastCache::Refused,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

fn is_refusal(error: &io::Error) -> bool {
    [Errno::INVAL, Errno::NOTSUP].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use super::*;

    fn content(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at % 251) as u8).collect()
    }

    fn whole(mut file: &File) -> Vec<u8> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// On a disk that takes it, and in memory, which before Linux 6.6 did not.
    fn files() -> Vec<File> {
        let here = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let memory = tempfile::tempfile_in("/dev/shm").ok();
        [Some(here), memory].into_iter().flatten().collect()
    }

    #[test]
    fn what_is_written_in_any_steps_is_there() {
        let content = content(5 * PIECE_BYTES + 4097);
        for file in files() {
            for step in [1000, 4096, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, content.len()] {
                file.set_len(0).unwrap();
                let mut bulk = Bulk::from(0);
                for part in content.chunks(step) {
                    bulk.write(&file, part).unwrap();
                }
                assert_eq!(bulk.end(), content.len() as u64);
                bulk.flush(&file).unwrap();
                assert!(whole(&file) == content, "steps of {step}");
            }
        }
    }

    #[test]
    fn it_goes_on_anywhere_and_after_every_flush() {
        let content = content(9 * PIECE_BYTES);
        for file in files() {
            for begin in [0, 1, 4096, PIECE_BYTES, PIECE_BYTES + 5] {
                file.set_len(0).unwrap();
                file.write_all_at(&content[..begin], 0).unwrap();
                let mut bulk = Bulk::from(begin as u64);
                for part in content[begin..].chunks(4 * PIECE_BYTES + 70_000) {
                    bulk.write(&file, part).unwrap();
                    bulk.flush(&file).unwrap();
                    assert!(whole(&file) == content[..bulk.end() as usize], "from {begin}");
                }
                assert_eq!(bulk.end(), content.len() as u64);
            }
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn it_can_be_cut_where_it_was_written_and_where_it_is_held() {
        let content = content(5 * PIECE_BYTES);
        for file in files() {
            for cut in [
                10,
                PIECE_BYTES,
                3 * PIECE_BYTES,
                4 * PIECE_BYTES,
                4 * PIECE_BYTES + 7,
                4 * PIECE_BYTES + 100,
            ] {
                file.set_len(0).unwrap();
                let mut bulk = Bulk::from(0);
                bulk.write(&file, &content[..4 * PIECE_BYTES + 100]).unwrap();
                bulk.cut(cut as u64);
                file.set_len(file.metadata().unwrap().len().min(cut as u64)).unwrap();
                assert_eq!(bulk.end(), cut as u64);
                bulk.write(&file, &content[cut..]).unwrap();
                bulk.flush(&file).unwrap();
                assert!(whole(&file) == content, "cut at {cut}");
            }
        }
    }

    /// What goes past the cache is the point of it: at least where the tests lie, unless that is a file system of memory.
    #[test]
    fn pieces_go_past_the_cache_where_they_may() {
        let [file, other] = [(); 2].map(|()| tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap());
        let may = fcntl_setfl(&other, fcntl_getfl(&other).unwrap() | OFlags::DIRECT).is_ok();
        let mut bulk = Bulk::from(0);
        bulk.write(&file, &content(4 * PIECE_BYTES)).unwrap();
        assert!(bulk.past_cache == PastCache::On || !may || bulk.past_cache == PastCache::Refused);
        assert_eq!(bulk.held, 0);
    }
}
