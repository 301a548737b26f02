//! Long things in parts: what does not fit into one member (4 GiB − 1, all that FAT32 and old tools hold) goes
//! into `NAME.001`, `NAME.002` … each full but the last, to be joined by `cat`.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::error::BundleError;
use super::layout;
use crate::crypto::aside_hasher::AsideHashers;
use crate::crypto::hash::Digest;
use crate::format::archive::{MEMBER_BYTES_MAX, Writer};
use crate::format::name::MemberName;

/// Parts of one thing: three digits.
pub const PARTS_MAX: u64 = 999;

/// How long a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    part_bytes: u64,
}

impl Default for Split {
    /// Parts of 4 GiB − 1, as the format demands.
    fn default() -> Split {
        Split { part_bytes: MEMBER_BYTES_MAX }
    }
}

impl Split {
    /// Shorter parts, so that tests see them. **Never** for anything that travels.
    pub fn of(part_bytes: u64) -> Split {
        Split { part_bytes: part_bytes.clamp(1, MEMBER_BYTES_MAX) }
    }

    /// The members that `len` bytes under this name become, with their lengths.
    pub fn parts(&self, base: &str, len: u64) -> Result<Vec<(MemberName, u64)>, BundleError> {
        if len <= self.part_bytes {
            return Ok(vec![(layout::name(base), len)]);
        }
        let count = len.div_ceil(self.part_bytes);
        if count > PARTS_MAX {
            let max = PARTS_MAX * self.part_bytes;
            return Err(BundleError::Length { member: base.to_owned(), len, max });
        }
        let part = |at: u64| (len - at * self.part_bytes).min(self.part_bytes);
        Ok((0..count).map(|at| (layout::name(&format!("{base}.{:03}", at + 1)), part(at))).collect())
    }
}

/// Writes a stream of a known length into the members of an archive, one part after another, each hashed by itself if
/// it is to be hashed.
pub(super) struct PartsWriter<'a, W> {
    archive: &'a mut Writer<W>,
    hashers: Option<&'a mut AsideHashers>,
    coming: std::slice::Iter<'a, (MemberName, u64)>,
    /// How many bytes the part that was begun has room for.
    left: Option<u64>,
}

impl<'a, W: Write> PartsWriter<'a, W> {
    pub fn new(
        archive: &'a mut Writer<W>,
        hashers: Option<&'a mut AsideHashers>,
        parts: &'a [(MemberName, u64)],
    ) -> PartsWriter<'a, W> {
        PartsWriter { archive, hashers, coming: parts.iter(), left: None }
    }

    /// Ends the last part. The stream must have been as long as announced.
    pub fn finish(mut self) -> Result<(), BundleError> {
        while self.left.is_some() || self.coming.len() > 0 {
            if self.room()? > 0 {
                return Err(BundleError::Sealing("fewer bytes than announced"));
            }
        }
        Ok(())
    }

    /// How many bytes fit into the current part, after beginning the next where one is full.
    fn room(&mut self) -> Result<u64, BundleError> {
        if self.left == Some(0) {
            if let Some(hashers) = &mut self.hashers {
                hashers.end();
            }
            self.left = None;
        }
        if self.left.is_none() {
            let Some((name, len)) = self.coming.next() else { return Ok(0) };
            self.archive.member(name, *len)?;
            self.left = Some(*len);
        }
        Ok(self.left.unwrap_or_default())
    }
}

impl<W: Write> Write for PartsWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = usize::try_from(self.room()?).unwrap_or(usize::MAX);
        if room == 0 && !bytes.is_empty() {
            return Err(BundleError::Sealing("more bytes than announced").into());
        }
        let bytes = &bytes[..bytes.len().min(room)];
        let count = self.archive.write(bytes)?;
        if let Some(hashers) = &mut self.hashers {
            hashers.update(&bytes[..count]);
        }
        if let Some(left) = &mut self.left {
            *left -= count as u64;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.archive.flush()
    }
}

/// Where a part lies in a bundle's file, and what it must hash to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its member's name.
    pub name: MemberName,
    /// Its body's place in the file.
    pub offset: u64,
    /// Its length.
    pub len: u64,
    /// Its SHA-256, once it was read.
    pub digest: Option<Digest>,
}

/// Reads parts as one stream, each hashed by itself.
pub(super) struct PartsReader<'a, R> {
    source: &'a mut R,
    hashers: &'a mut AsideHashers,
    coming: std::slice::Iter<'a, Part>,
    left: u64,
}

impl<'a, R: Read + Seek> PartsReader<'a, R> {
    pub fn new(source: &'a mut R, hashers: &'a mut AsideHashers, parts: &'a [Part]) -> PartsReader<'a, R> {
        PartsReader { source, hashers, coming: parts.iter(), left: 0 }
    }
}

impl<R: Read + Seek> Read for PartsReader<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            let Some(part) = self.coming.next() else { return Ok(0) };
            self.source.seek(SeekFrom::Start(part.offset))?;
            self.left = part.len;
        }
        let wanted = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let count = self.source.read(&mut bytes[..wanted])?;
        self.hashers.update(&bytes[..count]);
        self.left -= count as u64;
        if count > 0 && self.left == 0 {
            self.hashers.end();
        }
        Ok(count)
    }
}
