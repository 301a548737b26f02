//! Volumes: a bundle that is longer than what it travels on goes in parts of one length, in any order, in any number of
//! trips.
//!
//! ```text
//! volume.txt             sanduq-volume/1, how long the bundle is, how many slices and how much parity, where answers go
//! parts-sha256.txt       volume.txt, every slice of the bundle, every parity, each with its SHA-256
//! set-sha256.txt         parts-sha256.txt with its SHA-256, which is the set's id
//! slices/0001            one slice, or one parity: the only member that differs from part to part
//! ```
//!
//! All slices are equally long: the bundle's length divided by their number, rounded up to a multiple of 64, and the
//! last is filled with zero bytes. So every part of a set is as long as every other. Each part carries the digests of all
//! of them, parity included, and names them all by one id: a part that was changed, or that belongs to another set, is
//! told from the others by itself, and can spoil none of them. A part tells what the bundle itself would: how long it is
//! by its class, and to whom answers are sealed.
//!
//! The parity is made of all slices together ([`super::parity`]): as many slices as there is parity may be lost.
//! docs/spec/volume.md is the normative text.

use std::io::{Read, Seek, SeekFrom, Write};

use super::error::BundleError;
use super::layout;
use crate::crypto::hash::{Digest, Hasher};
use crate::crypto::hashing::HashingReader;
use crate::crypto::hybrid::Recipient;
use crate::format::archive::{self, BLOCK_BYTES, MEMBER_BYTES_MAX, Reader, Writer};
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;

/// What a set is.
pub const VOLUME: &str = "volume.txt";
/// The digests of all parts.
pub const PARTS: &str = "parts-sha256.txt";
/// The digest of that list.
pub const SET: &str = "set-sha256.txt";
/// How the name of a part's file ends.
pub const PART_ENDING: &str = "part";

/// Slices of one bundle: four digits with room to spare, and a list that fits five times into the smallest part.
pub const SLICES_MAX: u16 = 4096;
/// Parity of one set.
pub const PARITY_MAX: u16 = 255;
/// Slices are filled up to this: what parity is computed in.
pub const SLICE_UNIT_BYTES: u64 = 64;
/// The longest slice: what fits into one member.
pub const SLICE_BYTES_MAX: u64 = MEMBER_BYTES_MAX - MEMBER_BYTES_MAX % SLICE_UNIT_BYTES;
/// The shortest part that is made for carrying: the list of the longest set fits into it five times.
pub const PART_BYTES_MIN: u64 = 2_000_000;
/// The longest part that is made: 4 GB, which fits on FAT32.
pub const PART_BYTES_MAX: u64 = 4_000_000_000;
/// Sizes that are offered where one was too small are whole multiples of this.
pub(crate) const PART_STEP_BYTES: u64 = 1_000_000;

/// The longest `volume.txt`: five short lines, one of them with a recipient.
const VOLUME_BYTES_MAX: u64 = layout::TEXT_BYTES_MAX;
/// Entries of the longest list.
const ENTRIES_MAX: usize = 1 + SLICES_MAX as usize + PARITY_MAX as usize;
/// A line of a list beside its name: a digest, two spaces, a line feed.
const LINE_BYTES: u64 = 64 + 2 + 1;
/// The longest list: each name has eleven letters or fewer.
const PARTS_BYTES_MAX: u64 = ENTRIES_MAX as u64 * (LINE_BYTES + SLICE_NAME_BYTES);
/// `slices/0001` and `parity/0001`.
const SLICE_NAME_BYTES: u64 = 11;

const FORMAT_LINE: &str = "sanduq-volume/1";

/// How a bundle is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    len: u64,
    slices: u16,
    parity: u16,
    recipient: Recipient,
}

impl Volume {
    /// A bundle of `len` bytes in so many slices and so much parity. None where slices would be empty or too long.
    pub fn new(len: u64, slices: u16, parity: u16, recipient: Recipient) -> Option<Volume> {
        let counted = (1..=SLICES_MAX).contains(&slices) && parity <= PARITY_MAX && len > 0;
        let volume = Volume { len, slices, parity, recipient };
        (counted && volume.slice_len() <= SLICE_BYTES_MAX && volume.content_len(slices) > 0).then_some(volume)
    }

    /// The fewest slices with which no part's file is longer than `part_bytes`.
    pub fn cut(len: u64, part_bytes: u64, parity: u16, recipient: &Recipient) -> Result<Volume, BundleError> {
        let fewest = len.div_ceil(part_bytes.max(1)).max(1);
        let counts = (1..=SLICES_MAX).filter(|count| u64::from(*count) >= fewest);
        let mut volumes = counts.filter_map(|count| Volume::new(len, count, parity, recipient.clone()));
        let found = volumes.find(|volume| volume.part_len() <= part_bytes);
        found.ok_or_else(|| BundleError::VolumeSize { smallest: smallest(len, parity, recipient) })
    }

    /// How long the bundle is.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// No bundle is empty.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// How many slices it is cut into: so many parts are needed, whichever they are.
    pub fn slices(&self) -> u16 {
        self.slices
    }

    /// How many may be lost.
    pub fn parity(&self) -> u16 {
        self.parity
    }

    /// How many parts there are: numbered from 1 on, the slices first.
    pub fn parts(&self) -> u16 {
        self.slices + self.parity
    }

    /// The numbers of all parts.
    pub fn numbers(&self) -> std::ops::RangeInclusive<u16> {
        1..=self.parts()
    }

    /// Whether this part is one of the bundle's own slices.
    pub fn is_slice(&self, number: u16) -> bool {
        number <= self.slices
    }

    /// To whom answers are sealed: the bundle's return recipient.
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// How long every slice is, and every parity.
    pub fn slice_len(&self) -> u64 {
        self.len.div_ceil(u64::from(self.slices)).next_multiple_of(SLICE_UNIT_BYTES)
    }

    /// Where in the bundle a slice begins.
    pub fn offset(&self, slice: u16) -> u64 {
        u64::from(slice - 1) * self.slice_len()
    }

    /// How many of a slice's bytes are the bundle's; zeros follow them.
    pub fn content_len(&self, slice: u16) -> u64 {
        self.len.saturating_sub(self.offset(slice)).min(self.slice_len())
    }

    /// How long every part's file is.
    pub fn part_len(&self) -> u64 {
        let volume = self.to_string().len() as u64;
        let parts = u64::from(self.parts()) * (LINE_BYTES + SLICE_NAME_BYTES);
        let list = LINE_BYTES + VOLUME.len() as u64 + parts;
        archive::tar_len([volume, list, LINE_BYTES + PARTS.len() as u64, self.slice_len()])
    }

    /// The member that a part holds.
    pub fn name(&self, number: u16) -> MemberName {
        match number.checked_sub(self.slices) {
            None | Some(0) => layout::name(&format!("slices/{number:04}")),
            Some(parity) => layout::name(&format!("parity/{parity:04}")),
        }
    }

    /// The part that holds this member.
    fn number(&self, name: &MemberName) -> Option<u16> {
        let (kind, digits) = name.as_str().split_once('/')?;
        let number: u16 = digits.parse().ok()?;
        let number = if kind == "parity" { number.checked_add(self.slices)? } else { number };
        (self.numbers().contains(&number) && self.name(number) == *name).then_some(number)
    }

    /// Reads `volume.txt`.
    pub fn parse(bytes: &[u8]) -> Result<Volume, BundleError> {
        let wrong = || BundleError::content(VOLUME);
        let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
        let mut lines = text.split('\n');
        let mut value =
            |label: &str| lines.next().and_then(|line| line.strip_prefix(label)).ok_or_else(wrong);
        value(FORMAT_LINE)?;
        let len = value("length: ")?.parse().map_err(|_| wrong())?;
        let slices = value("slices: ")?.parse().map_err(|_| wrong())?;
        let parity = value("parity: ")?.parse().map_err(|_| wrong())?;
        let recipient = value("return: ")?.parse().map_err(|_| wrong())?;
        let volume = Volume::new(len, slices, parity, recipient).ok_or_else(wrong)?;
        if volume.to_string() == text { Ok(volume) } else { Err(wrong()) }
    }
}

impl std::fmt::Display for Volume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{FORMAT_LINE}\nlength: {}\nslices: {}", self.len, self.slices)?;
        writeln!(f, "parity: {}\nreturn: {}", self.parity, self.recipient)
    }
}

/// The smallest size of a part, in whole MB, with which a bundle of this length can be carried.
fn smallest(len: u64, parity: u16, recipient: &Recipient) -> u64 {
    let most = Volume::new(len, SLICES_MAX, parity, recipient.clone());
    let needed = most.map_or(PART_BYTES_MIN, |volume| volume.part_len());
    needed.next_multiple_of(PART_STEP_BYTES).max(PART_BYTES_MIN)
}

/// A set of parts: how the bundle is cut, and the digest of each part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    volume: Volume,
    list: DigestList,
    id: Digest,
}

impl Set {
    /// The set of these parts: the digest of each slice, and then of each parity.
    pub fn of(volume: Volume, digests: &[Digest]) -> Result<Set, BundleError> {
        if digests.len() != usize::from(volume.parts()) {
            return Err(BundleError::Manifest { manifest: PARTS.to_owned() });
        }
        let list = list_of(&volume, digests);
        Ok(Set { id: list.digest(), volume, list })
    }

    /// The set that `volume.txt` and `parts-sha256.txt` spell.
    pub fn parse(volume: &[u8], list: &[u8]) -> Result<Set, BundleError> {
        let volume = Volume::parse(volume)?;
        let found = DigestList::parse_up_to(list, ENTRIES_MAX).map_err(BundleError::format(PARTS))?;
        let digests: Vec<Digest> = found.iter().skip(1).map(|(_, digest)| digest).collect();
        let set = Set::of(volume, &digests)?;
        if set.list == found { Ok(set) } else { Err(BundleError::Manifest { manifest: PARTS.to_owned() }) }
    }

    /// Its id: the SHA-256 of `parts-sha256.txt`.
    pub fn id(&self) -> Digest {
        self.id
    }

    /// How the bundle is cut.
    pub fn volume(&self) -> &Volume {
        &self.volume
    }

    /// `parts-sha256.txt`.
    pub fn list(&self) -> &DigestList {
        &self.list
    }

    /// The digest of a slice or a parity.
    pub fn digest(&self, number: u16) -> Digest {
        self.list.get(self.volume.name(number).as_str()).expect("a set lists every part")
    }

    /// Whether this slice is what a bundle has at its place.
    pub fn is_slice_of(&self, slice: u16, mut bundle: impl Read + Seek) -> std::io::Result<bool> {
        let content = self.volume.content_len(slice);
        let zeros = std::io::repeat(0).take(self.volume.slice_len() - content);
        bundle.seek(SeekFrom::Start(self.volume.offset(slice)))?;
        let mut hashed = HashingReader::new(bundle.take(content).chain(zeros));
        std::io::copy(&mut hashed, &mut std::io::sink())?;
        Ok(hashed.finish().0 == self.digest(slice))
    }

    /// What stands for a part in the name of its file: the same each time, and nothing to who does not hold the part.
    pub fn pseudonym(&self, number: u16) -> Digest {
        Digest::of(format!("{}  {}\n", self.id, self.volume.name(number)).as_bytes())
    }

    /// Writes a part up to where its slice begins; exactly [`Volume::slice_len`] bytes of it and
    /// [`Writer::finish`] are to follow.
    pub fn begin<W: Write>(&self, number: u16, output: W) -> Result<Writer<W>, BundleError> {
        let mut archive = Writer::new(output);
        archive.whole(&layout::name(VOLUME), self.volume.to_string().as_bytes())?;
        archive.whole(&layout::name(PARTS), self.list.to_string().as_bytes())?;
        archive.whole(&layout::name(SET), set_line(&self.id).as_bytes())?;
        archive.member(&self.volume.name(number), self.volume.slice_len())?;
        Ok(archive)
    }
}

fn list_of(volume: &Volume, digests: &[Digest]) -> DigestList {
    let mut list = DigestList::new();
    let mut push = |name, digest| list.push(name, digest).expect("no two parts have one name");
    push(layout::name(VOLUME), Digest::of(volume.to_string().as_bytes()));
    volume.numbers().zip(digests).for_each(|(number, digest)| push(volume.name(number), *digest));
    list
}

fn set_line(id: &Digest) -> String {
    format!("{id}  {PARTS}\n")
}

/// A part that is being read: what stands before its slice holds; the slice is still to come.
#[derive(Debug)]
pub struct Part<R> {
    set: Set,
    number: u16,
    reader: Reader<R>,
}

impl<R: Read> Part<R> {
    /// Reads a part up to where its slice begins.
    pub fn open(source: R) -> Result<Part<R>, BundleError> {
        let mut reader = Reader::new(source);
        let volume = text_member(&mut reader, VOLUME, VOLUME_BYTES_MAX)?;
        let list = text_member(&mut reader, PARTS, PARTS_BYTES_MAX)?;
        let id = text_member(&mut reader, SET, LINE_BYTES + PARTS.len() as u64)?;
        let set = Set::parse(&volume, &list)?;
        if id != set_line(&set.id).as_bytes() {
            return Err(BundleError::Manifest { manifest: SET.to_owned() });
        }
        let member = reader.next_member()?;
        let number = member.as_ref().and_then(|member| set.volume.number(&member.name));
        let (Some(member), Some(number)) = (member, number) else {
            return Err(BundleError::Member { expected: set.volume.name(1).to_string(), found: None });
        };
        if member.len != set.volume.slice_len() {
            let (len, max) = (member.len, set.volume.slice_len());
            return Err(BundleError::Length { member: member.name.to_string(), len, max });
        }
        Ok(Part { set, number, reader })
    }

    /// The set it belongs to.
    pub fn set(&self) -> &Set {
        &self.set
    }

    /// Its number in the set.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// Gives the slice, piece by piece, and says at the end whether it is the one that the list names. What was given is
    /// **not** to be used if it is not.
    pub fn copy(mut self, take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<Set, BundleError> {
        let mut hasher = Hasher::new();
        let mut buffer = vec![0; COPY_BYTES];
        loop {
            let count = match self.reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(cut_short()),
                Err(error) => return Err(BundleError::Io(error)),
            };
            hasher.update(&buffer[..count]);
            take(&buffer[..count])?;
        }
        let (expected, found) = (self.set.digest(self.number), hasher.finish());
        if expected != found {
            let name = self.set.volume.name(self.number).to_string();
            return Err(BundleError::DigestMismatch { name, expected, found });
        }
        match self.reader.next_member()? {
            None => Ok(self.set),
            Some(more) => Err(BundleError::Member {
                expected: "the end".to_owned(),
                found: Some(more.name.to_string()),
            }),
        }
    }
}

/// The slice is the fourth member.
fn cut_short() -> BundleError {
    BundleError::Archive(archive::ArchiveError::Cut { member: 4 })
}

/// How much of a slice is copied at once.
const COPY_BYTES: usize = 1 << 18;

fn text_member<R: Read>(reader: &mut Reader<R>, name: &str, bytes_max: u64) -> Result<Vec<u8>, BundleError> {
    match reader.next_member()? {
        Some(member) if member.name == *name => Ok(reader.body(bytes_max)?),
        other => {
            let found = other.map(|member| member.name.to_string());
            Err(BundleError::Member { expected: name.to_owned(), found })
        }
    }
}

/// Whether a file that begins so is a part, or was one before it was damaged: another program's `*.part` begins
/// otherwise.
pub fn begins_a_part(block: &[u8]) -> bool {
    let named = |block: &[u8]| block.starts_with(VOLUME.as_bytes()) && block[VOLUME.len()] == 0;
    block.len() == BLOCK_BYTES && named(block)
}

#[cfg(test)]
#[path = "volume_tests.rs"]
mod tests;
