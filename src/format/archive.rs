//! The strict subset of POSIX ustar in which bundles travel: plain files, one after another, that any `tar -x`
//! unpacks and that two readers cannot understand in two ways.
//!
//! ```
//! use std::io::{Read, Write};
//! use sanduq::format::archive::{Reader, Writer};
//!
//! let mut writer = Writer::new(Vec::new());
//! writer.member(&"card".parse()?, 5)?;
//! writer.write_all(b"hello")?;
//! let tar = writer.finish()?;
//!
//! let mut reader = Reader::new(&tar[..]);
//! let member = reader.next_member()?.expect("there is one");
//! assert_eq!((member.name.as_str(), member.len), ("card", 5));
//! let mut body = String::new();
//! reader.read_to_string(&mut body)?;
//! assert_eq!(body, "hello");
//! assert!(reader.next_member()?.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each member is a header block, the body, and zero bytes up to a multiple of 512; two zero blocks end the
//! archive, and nothing follows them, or, where the reader allows it, zero bytes that hide the size. A header's
//! name and size are the only things that vary: type `0`, mode 0644, owner 0, time 0, no prefix, no PAX and no
//! GNU extension. The reader builds the header that the writer would write for that name and size, and refuses
//! any other byte. The writer's bytes are those of GNU
//! `tar -b1 --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644`.

use std::io::{self, Read, Write};

use thiserror::Error;

pub use super::name::{MemberName, UniqueNames};

/// The unit of tar: headers are one block, bodies are filled up to whole ones.
pub const BLOCK_BYTES: usize = 512;

/// The longest body: what the oldest file systems on sticks hold. Larger files travel in parts.
pub const MEMBER_BYTES_MAX: u64 = u32::MAX as u64;

/// The most members that are read from one archive.
pub const MEMBERS_MAX: u64 = 1 << 20;

const BLOCK: u64 = BLOCK_BYTES as u64;
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// Where the fields of a ustar header end, to say which one is wrong.
const FIELD_ENDS: [(usize, &str); 17] = [
    (100, "name"),
    (108, "mode"),
    (116, "uid"),
    (124, "gid"),
    (136, "size"),
    (148, "mtime"),
    (156, "checksum"),
    (157, "type"),
    (257, "linkname"),
    (263, "magic"),
    (265, "version"),
    (297, "uname"),
    (329, "gname"),
    (337, "devmajor"),
    (345, "devminor"),
    (500, "prefix"),
    (512, "reserved"),
];

/// Why an archive was not written or not read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The writer or reader below failed.
    #[error("archive: {0}")]
    Io(#[from] io::Error),
    /// The bytes end before the archive does.
    #[error("archive: cut short in member {member}")]
    Cut {
        /// Which member, counted from 1.
        member: u64,
    },
    /// A header that is not spelled as the writer spells it: another type than a plain file, a PAX or GNU
    /// extension, a name outside the alphabet, a wrong checksum.
    #[error("archive: member {member} has a foreign {field} in its header")]
    Header {
        /// Which member, counted from 1.
        member: u64,
        /// The first field that differs.
        field: &'static str,
    },
    /// A byte other than zero where only zeros stand.
    #[error("archive: bytes other than zero after member {member}")]
    Padding {
        /// After which member, counted from 1.
        member: u64,
    },
    /// Bytes after the end, or more zeros than are allowed there.
    #[error("archive: something follows its end")]
    Trailing,
    /// A member of more than [`MEMBER_BYTES_MAX`].
    #[error("archive: a member of {len} bytes is too long")]
    TooLong {
        /// How long it would be.
        len: u64,
    },
    /// More than [`MEMBERS_MAX`] members.
    #[error("archive: more than {MEMBERS_MAX} members")]
    TooMany,
    /// The body was not as long as the header says.
    #[error("archive: a member ended with {missing} bytes missing")]
    Unfinished {
        /// How many bytes are missing.
        missing: u64,
    },
    /// The archive is longer than what it was to be padded to.
    #[error("archive: {len} bytes do not fit in {padded}")]
    Padded {
        /// How long it is, end blocks included.
        len: u64,
        /// How long it was to become.
        padded: u64,
    },
}

/// How long an archive of bodies of these lengths is, end blocks included.
#[must_use]
pub fn tar_len(sizes: impl IntoIterator<Item = u64>) -> u64 {
    sizes.into_iter().map(|size| BLOCK + size.next_multiple_of(BLOCK)).sum::<u64>() + 2 * BLOCK
}

/// Writes members one after another.
///
/// After [`Writer::member`] exactly as many bytes are to be written as it announced; the zero bytes after a body
/// come by themselves.
#[derive(Debug)]
pub struct Writer<W> {
    inner: W,
    written: u64,
    missing: u64,
}

impl<W: Write> Writer<W> {
    /// An archive without members yet.
    pub fn new(inner: W) -> Self {
        Self { inner, written: 0, missing: 0 }
    }

    /// Begins a member whose body, of `len` bytes, is written next.
    pub fn member(&mut self, name: &MemberName, len: u64) -> Result<(), ArchiveError> {
        if len > MEMBER_BYTES_MAX {
            return Err(ArchiveError::TooLong { len });
        }
        self.end_member()?;
        self.put(&header(name, len))?;
        self.missing = len;
        Ok(())
    }

    /// A member whose whole body is at hand.
    pub fn whole(&mut self, name: &MemberName, body: &[u8]) -> Result<(), ArchiveError> {
        self.member(name, body.len() as u64)?;
        self.write_all(body)?;
        Ok(())
    }

    /// Ends the archive.
    pub fn finish(mut self) -> Result<W, ArchiveError> {
        self.end()?;
        Ok(self.inner)
    }

    /// Ends the archive and fills it with zero bytes up to `padded` bytes in all.
    pub fn finish_padded(mut self, padded: u64) -> Result<W, ArchiveError> {
        self.end()?;
        let fill = padded.checked_sub(self.written);
        let fill = fill.ok_or(ArchiveError::Padded { len: self.written, padded })?;
        io::copy(&mut io::repeat(0).take(fill), &mut self.inner)?;
        Ok(self.inner)
    }

    fn end(&mut self) -> Result<(), ArchiveError> {
        self.end_member()?;
        self.put(&[0; 2 * BLOCK_BYTES])?;
        Ok(())
    }

    fn end_member(&mut self) -> Result<(), ArchiveError> {
        if self.missing > 0 {
            return Err(ArchiveError::Unfinished { missing: self.missing });
        }
        let fill = self.written.next_multiple_of(BLOCK) - self.written;
        self.put(&[0; BLOCK_BYTES][..fill as usize])?;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.missing {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "more bytes than the member was to have",
            ));
        }
        let count = self.inner.write(bytes)?;
        self.written += count as u64;
        self.missing -= count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A member as its header announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name; **not** checked against earlier ones: [`UniqueNames`] does that.
    pub name: MemberName,
    /// How many bytes its body has.
    pub len: u64,
}

/// Reads members one after another; between two calls of [`Reader::next_member`] it reads as the current body.
///
/// What is left of a body is skipped. Nothing is trusted for memory: a header may announce 4 GiB, but only what
/// is there is read.
#[derive(Debug)]
pub struct Reader<R> {
    inner: R,
    members: u64,
    left: u64,
    fill: usize,
    zeros_max: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads an archive that ends with its two zero blocks.
    pub fn new(inner: R) -> Self {
        Self::with_trailing_zeros(inner, 0)
    }

    /// Reads an archive after whose end up to `zeros_max` zero bytes may stand.
    pub fn with_trailing_zeros(inner: R, zeros_max: u64) -> Self {
        Self { inner, members: 0, left: 0, fill: 0, zeros_max, ended: false }
    }

    /// The next member, or `None` after the last, when all that follows has been checked too.
    pub fn next_member(&mut self) -> Result<Option<Member>, ArchiveError> {
        if self.ended {
            return Ok(None);
        }
        self.skip_body()?;
        let mut block = [0; BLOCK_BYTES];
        self.exact(&mut block)?;
        if block == [0; BLOCK_BYTES] {
            self.check_end()?;
            self.ended = true;
            return Ok(None);
        }
        if self.members == MEMBERS_MAX {
            return Err(ArchiveError::TooMany);
        }
        self.members += 1;
        let member =
            parse_header(&block).map_err(|field| ArchiveError::Header { member: self.members, field })?;
        self.left = member.len;
        self.fill = (member.len.next_multiple_of(BLOCK) - member.len) as usize;
        Ok(Some(member))
    }

    /// The whole body of the current member, refused if it is longer than `bytes_max`.
    pub fn body(&mut self, bytes_max: u64) -> Result<Vec<u8>, ArchiveError> {
        if self.left > bytes_max {
            return Err(ArchiveError::TooLong { len: self.left });
        }
        let mut body = Vec::new();
        self.read_to_end(&mut body).map_err(|error| self.named(error))?;
        Ok(body)
    }

    fn skip_body(&mut self) -> Result<(), ArchiveError> {
        io::copy(self, &mut io::sink()).map_err(|error| self.named(error))?;
        let mut fill = [0; BLOCK_BYTES];
        let fill = &mut fill[..std::mem::take(&mut self.fill)];
        self.exact(fill)?;
        if fill.iter().any(|byte| *byte != 0) {
            return Err(ArchiveError::Padding { member: self.members });
        }
        Ok(())
    }

    fn check_end(&mut self) -> Result<(), ArchiveError> {
        let mut block = [0; BLOCK_BYTES];
        self.exact(&mut block)?;
        if block != [0; BLOCK_BYTES] {
            return Err(ArchiveError::Padding { member: self.members });
        }
        self.check_trailing_zeros()
    }

    fn check_trailing_zeros(&mut self) -> Result<(), ArchiveError> {
        let mut buffer = vec![0; 1 << 16];
        let mut zeros = 0;
        loop {
            let count = match self.inner.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            zeros += count as u64;
            if zeros > self.zeros_max || buffer[..count].iter().any(|byte| *byte != 0) {
                return Err(ArchiveError::Trailing);
            }
        }
    }

    fn exact(&mut self, bytes: &mut [u8]) -> Result<(), ArchiveError> {
        self.inner.read_exact(bytes).map_err(|error| self.named(error))
    }

    fn named(&self, error: io::Error) -> ArchiveError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => ArchiveError::Cut { member: self.members },
            _ => ArchiveError::Io(error),
        }
    }
}

impl<R: Read + io::Seek> Reader<R> {
    /// Passes over what is left of the current body without reading it.
    ///
    /// The caller has compared the announced length with the file's: past its end there is no error here.
    pub fn pass_over(&mut self) -> Result<(), ArchiveError> {
        let left = i64::try_from(self.left).expect("a body has at most 4 GiB");
        self.inner.seek_relative(left)?;
        self.left = 0;
        Ok(())
    }
}

impl<R: Read> Read for Reader<R> {
    /// Reads of the current body; the end of the bytes before the end of the body is `UnexpectedEof`.
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let wanted = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.inner.read(&mut bytes[..wanted])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// The member that a header announces; none where it is not spelled as the writer spells it.
pub fn member(header: &[u8; BLOCK_BYTES]) -> Option<Member> {
    parse_header(header).ok()
}

/// Where an archive ends, its two zero blocks included, as its headers say; none where one of them is not spelled as the
/// writer spells it, or is missing. Bodies are passed over, so it is quick, and whether they hold it does not ask.
pub fn end(source: &mut (impl Read + io::Seek), members_max: usize) -> io::Result<Option<u64>> {
    let mut at = 0;
    for _ in 0..=members_max {
        let mut block = [0; BLOCK_BYTES];
        source.seek(io::SeekFrom::Start(at))?;
        match source.read_exact(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        if block == [0; BLOCK_BYTES] {
            return Ok(Some(at + 2 * BLOCK));
        }
        let Ok(member) = parse_header(&block) else { return Ok(None) };
        at += BLOCK + member.len.next_multiple_of(BLOCK);
    }
    Ok(None)
}

/// The one header for this name and size.
fn header(name: &MemberName, len: u64) -> [u8; BLOCK_BYTES] {
    let mut block = [0; BLOCK_BYTES];
    let mut set = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    set(NAME.start, name.as_str().as_bytes());
    set(100, b"0000644\x000000000\x000000000\0");
    set(SIZE.start, format!("{len:011o}\0").as_bytes());
    set(136, b"00000000000\0");
    set(CHECKSUM.start, b"        ");
    set(156, b"0");
    set(257, b"ustar\x0000");
    set(329, b"0000000\x000000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// The member whose header this is, or the field that is not as [`header`] writes it.
fn parse_header(block: &[u8; BLOCK_BYTES]) -> Result<Member, &'static str> {
    let name = block[NAME].split(|byte| *byte == 0).next().unwrap_or_default();
    let name = std::str::from_utf8(name).ok().and_then(|name| name.parse().ok());
    let len = std::str::from_utf8(&block[SIZE.start..SIZE.end - 1]).ok();
    let len = len.and_then(|digits| u64::from_str_radix(digits, 8).ok());
    let member =
        Member { name: name.ok_or("name")?, len: len.filter(|len| *len <= MEMBER_BYTES_MAX).ok_or("size")? };
    let right = header(&member.name, member.len);
    if right == *block { Ok(member) } else { Err(foreign_field(&right, block)) }
}

/// The first field that differs; the checksum, which differs with every other, only where nothing else does.
fn foreign_field(right: &[u8; BLOCK_BYTES], given: &[u8; BLOCK_BYTES]) -> &'static str {
    let differs = |place: &usize| right[*place] != given[*place] && !CHECKSUM.contains(place);
    let field_of = |place| FIELD_ENDS.iter().find(|(end, _)| place < *end).map(|(_, field)| *field);
    (0..BLOCK_BYTES).find(differs).and_then(field_of).unwrap_or("checksum")
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
