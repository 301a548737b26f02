//! Reading much once: what lies behind is dropped from the system's page cache while it is read. So a film that is sealed,
//! or read back from a stick, does not push everything else out of a small machine's memory, and needs little of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroU64;

use rustix::fs::{Advice, fadvise};

/// How much is read before it is dropped, and between which multiples it lies: the system holds a file in pieces of up to
/// 2 MiB, and drops none of which only a part is asked for.
pub(super) const DROPPED_BYTES: u64 = 4 << 20;

/// A file that is read once. It is read as any other: dropping is advice, and may be declined.
#[derive(Debug)]
pub struct DropBehind {
    file: File,
    at: u64,
    /// From where on what was read may still be in the cache: a multiple of [`DROPPED_BYTES`].
    from: u64,
}

impl DropBehind {
    /// Reads on where `file` is.
    pub fn new(mut file: File) -> io::Result<DropBehind> {
        let at = file.stream_position()?;
        Ok(DropBehind { file, at, from: edge_before(at) })
    }

    /// How long the file is.
    pub fn file_len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}

impl Read for DropBehind {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(bytes)?;
        self.at += count as u64;
        if self.at - self.from >= DROPPED_BYTES {
            let edge = edge_before(self.at);
            let _ = fadvise(&self.file, self.from, NonZeroU64::new(edge - self.from), Advice::DontNeed);
            self.from = edge;
        }
        Ok(count)
    }
}

impl Seek for DropBehind {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        self.from = edge_before(self.at);
        Ok(self.at)
    }
}

fn edge_before(at: u64) -> u64 {
    at / DROPPED_BYTES * DROPPED_BYTES
}

#[cfg(test)]
mod tests {
    use std::io::{IoSliceMut, Write};

    use rustix::io::{ReadWriteFlags, preadv2};

    use super::*;

    /// Whether the page at `at` can be had without a disk.
    fn is_cached_at(file: &File, at: u64) -> bool {
        let mut page = [0; 4096];
        preadv2(file, &mut [IoSliceMut::new(&mut page)], at, ReadWriteFlags::NOWAIT).is_ok()
    }

    fn is_cached(file: &File) -> bool {
        is_cached_at(file, 0)
    }

    /// So many bytes on a disk, and whether a file there can be dropped at all: one of memory is nowhere else.
    fn dropped(len: u64) -> (File, bool) {
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&vec![7; len as usize]).unwrap();
        file.sync_all().unwrap();
        fadvise(&file, 0, None, Advice::DontNeed).unwrap();
        let may = !is_cached(&file);
        file.rewind().unwrap();
        (file, may)
    }

    #[test]
    fn what_lies_behind_is_dropped() {
        let (mut file, may) = dropped(2 * DROPPED_BYTES);
        io::copy(&mut file, &mut io::sink()).unwrap();
        assert!(is_cached(&file));
        file.rewind().unwrap();
        let mut once = DropBehind::new(file).unwrap();
        io::copy(&mut once, &mut io::sink()).unwrap();
        assert!(!is_cached(&once.file) || !may);
    }

    /// A film was read in steps that were no multiple of the system's own, and half of it stayed in memory: what the end of a
    /// dropped run fell into was kept whole. Reading it took longer.
    #[test]
    fn what_lies_behind_is_dropped_however_it_is_read() {
        let left = || {
            let (mut file, may) = dropped(8 * DROPPED_BYTES);
            file.seek(SeekFrom::Start(100)).unwrap();
            let mut once = DropBehind::new(file).unwrap();
            let mut step = vec![0; (1 << 20) + 16];
            while once.read(&mut step).unwrap() > 0 {}
            let pages = (0..8 * DROPPED_BYTES).step_by(4096);
            if may { pages.filter(|&at| is_cached_at(&once.file, at)).count() } else { 0 }
        };
        // What the system is at work with when it is told to drop it stays: on a busy machine a little does at times.
        assert!((0..20).any(|_| left() == 0));
    }

    #[test]
    fn it_is_read_as_any_other_file() {
        let content: Vec<u8> = (0..3 * DROPPED_BYTES + 5).map(|at| (at % 251) as u8).collect();
        let mut file = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        file.write_all(&content).unwrap();
        file.sync_all().unwrap();
        file.seek(SeekFrom::Start(7)).unwrap();
        let mut once = DropBehind::new(file).unwrap();
        assert_eq!(once.file_len().unwrap(), content.len() as u64);
        let rest = |once: &mut DropBehind| {
            let mut read = Vec::new();
            once.read_to_end(&mut read).unwrap();
            read
        };
        assert!(rest(&mut once) == content[7..]);
        for begin in [0, DROPPED_BYTES as usize + 1, content.len()] {
            once.seek(SeekFrom::Start(begin as u64)).unwrap();
            assert!(rest(&mut once) == content[begin..], "from {begin}");
        }
    }
}
