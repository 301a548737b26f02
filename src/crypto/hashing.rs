//! Hashing on the way: what is read or written is counted, and its digest made, while it passes.

use std::io::{self, Read, Write};

use super::aside_hasher::AsideHasher;
use super::hash::Digest;

/// Hashes and counts what is read through it.
#[derive(Debug)]
pub struct HashingReader<R> {
    inner: R,
    hasher: AsideHasher,
    len: u64,
}

impl<R> HashingReader<R> {
    /// Reads from `inner`.
    pub fn new(inner: R) -> HashingReader<R> {
        HashingReader { inner, hasher: AsideHasher::new(), len: 0 }
    }

    /// The digest and the number of the bytes that were read so far, which is the whole only after the reader gave 0.
    pub fn finish(self) -> (Digest, u64) {
        (self.hasher.finish(), self.len)
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buf)?;
        self.hasher.update(&buf[..count]);
        self.len += count as u64;
        Ok(count)
    }
}

/// Hashes and counts what is written through it.
#[derive(Debug)]
pub struct HashingWriter<W> {
    inner: W,
    hasher: AsideHasher,
    len: u64,
}

impl<W> HashingWriter<W> {
    /// Writes to `inner`.
    pub fn new(inner: W) -> HashingWriter<W> {
        HashingWriter { inner, hasher: AsideHasher::new(), len: 0 }
    }

    /// The digest and the number of the bytes that `inner` took.
    pub fn finish(self) -> (Digest, u64) {
        (self.hasher.finish(), self.len)
    }

    /// Like [`finish`](Self::finish), and the writer back.
    pub fn into_parts(self) -> (W, Digest, u64) {
        (self.inner, self.hasher.finish(), self.len)
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buf)?;
        self.hasher.update(&buf[..count]);
        self.len += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_and_writers_count_and_hash() {
        let mut reader = HashingReader::new(&b"abc"[..]);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert_eq!(reader.finish(), (Digest::of(b"abc"), 3));

        let mut writer = HashingWriter::new(Vec::new());
        writer.write_all(b"abc").unwrap();
        assert_eq!(writer.into_parts(), (b"abc".to_vec(), Digest::of(b"abc"), 3));
    }
}
