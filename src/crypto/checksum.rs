//! A checksum: whether a disk gives back what was written to it. It takes far less time than a digest, and
//! proves nothing against anybody who may choose the bytes.

use std::io::{self, Write};

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
