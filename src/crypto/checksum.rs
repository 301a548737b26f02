//! A checksum: whether a disk gives back what was written to it, or a vault what was hashed. It takes far less time than a digest, and
//! proves nothing against anybody who may choose the bytes.

use std::io::{self, Write};

use super::hash::Digest;

/// By what a content is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// Its SHA-256.
    pub digest: Digest,
    /// Its CRC-32, where it was made of the same bytes at the same time: whoever reads the content later can tell by it,
    /// in far less time, whether the digest is still that of what is read.
    pub checksum: Option<u32>,
}

impl Sums {
    /// Those of `bytes`.
    pub fn of(bytes: &[u8]) -> Sums {
        let mut checksum = Checksum::new();
        checksum.update(bytes);
        Sums { digest: Digest::of(bytes), checksum: Some(checksum.finish()) }
    }
}

impl From<Digest> for Sums {
    /// A digest without a checksum.
    fn from(digest: Digest) -> Sums {
        Sums { digest, checksum: None }
    }
}

/// CRC-32, as gzip and PNG have it, in the making.
#[derive(Debug, Clone, Default)]
pub struct Checksum(crc32fast::Hasher);

impl Checksum {
    /// Of nothing yet.
    pub fn new() -> Checksum {
        Checksum::default()
    }

    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of everything that was added.
    pub fn finish(self) -> u32 {
        self.0.finalize()
    }
}

impl Write for Checksum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value that every list of checksums has for this one.
    #[test]
    fn it_is_the_one_of_gzip() {
        let mut checksum = Checksum::new();
        checksum.write_all(b"1234").unwrap();
        checksum.update(b"56789");
        assert_eq!(checksum.finish(), 0xcbf4_3926);
        assert_eq!(Checksum::new().finish(), 0);
    }
}
