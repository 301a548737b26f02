//! The journal: every fact the index holds, appended in sealed blocks of one size, under a key derived from the
//! index key.
//!
//! ```text
//! journal = "sanduq-journal/1\n" block*
//! block   = nonce 12 ‖ ciphertext 4068 ‖ tag 16
//! plain   = 00 ‖ len u16 LE ‖ bytes                  more of this change follows: the block is full
//!         | 01 ‖ len u16 LE ‖ bytes ‖ zeros          the change is whole
//! change  = the bytes of its blocks together = fact*
//! ```
//!
//! All blocks look alike: who has the file and no key learns how many there are, not where a change ends or how
//! long it is. A block's number, counted from 0, is its associated data: none can be left out, moved or doubled.
//! A change counts once its last block is synced. The index knows how many blocks the journal had when it last
//! took a change in; whole changes beyond that are taken in when the vault is opened, and a torn end is cut off.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::error::{Part, StoreError};
use super::fact::{self, Fact, FactReader};
use super::files;
use crate::crypto::Secret;
use crate::crypto::keyslot::IndexKey;
use crate::crypto::record::{RECORD_OVERHEAD, RecordKey};

/// The journal's file name in a compartment.
pub const JOURNAL_FILE: &str = "journal";
/// The first line.
const HEADER: &[u8] = b"sanduq-journal/1\n";
/// Facts are gathered up to this size before blocks are written: it bounds memory, not a change.
const GATHERED_BYTES: usize = 1 << 20;
/// What a block takes in the file.
const BLOCK_BYTES: usize = 4096;
/// What is sealed in it.
const PLAIN_BYTES: usize = BLOCK_BYTES - RECORD_OVERHEAD;
/// Before the facts' bytes in a block: the flag and how many they are.
const HEAD_BYTES: usize = 3;
/// Bytes of facts that a block holds.
const BODY_BYTES: usize = PLAIN_BYTES - HEAD_BYTES;
/// More blocks follow before the change is whole.
const MORE: u8 = 0;
/// The change is whole.
const LAST: u8 = 1;

/// How far a journal reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its blocks.
    pub blocks: u64,
}

impl Extent {
    /// A journal with nothing in it.
    pub const EMPTY: Extent = Extent { blocks: 0 };

    /// Its bytes, the header included.
    pub fn len(self) -> u64 {
        self.blocks.saturating_mul(BLOCK_BYTES as u64).saturating_add(HEADER.len() as u64)
    }
}

/// What a journal gives back, in order.
pub enum Step<'f> {
    /// A fact of the change that is being read.
    Fact(&'f Fact),
    /// The change is whole, and the journal so far reaches here.
    Whole(Extent),
}

/// An open journal.
pub struct Journal {
    file: File,
    path: PathBuf,
    key: RecordKey,
    /// Up to where changes are whole.
    whole: Extent,
    /// Up to where blocks are written.
    end: Extent,
    /// Facts of the change that are in no block yet.
    gathered: Secret<Vec<u8>>,
}

impl Journal {
    /// Makes an empty journal at `path`, synced; its folder is not.
    pub fn create(path: &Path, key: &IndexKey) -> Result<Journal, StoreError> {
        let file = files::create(path)?;
        file.write_all_at(HEADER, 0).map_err(|e| StoreError::io("write", path, e))?;
        file.sync_all().map_err(|e| StoreError::io("sync", path, e))?;
        Ok(Journal::at(file, path, key, Extent::EMPTY))
    }

    /// Opens the journal whose first `known` blocks the index holds; a shorter one is damage.
    pub fn open(path: &Path, key: &IndexKey, known: Extent) -> Result<Journal, StoreError> {
        let damaged = || StoreError::Damaged { part: Part::Journal, path: path.to_path_buf() };
        let file = match files::open_existing(path) {
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(damaged());
            }
            other => other?,
        };
        let mut header = [0; HEADER.len()];
        let len = file.metadata().map_err(|e| StoreError::io("inspect", path, e))?.len();
        if len < known.len() || file.read_exact_at(&mut header, 0).is_err() || header != HEADER {
            return Err(damaged());
        }
        Ok(Journal::at(file, path, key, known))
    }

    fn at(file: File, path: &Path, key: &IndexKey, known: Extent) -> Journal {
        let key = RecordKey::of_journal(key);
        let gathered = Secret::new(Vec::new());
        Journal { file, path: path.to_path_buf(), key, whole: known, end: known, gathered }
    }

    /// How far whole changes reach.
    pub fn extent(&self) -> Extent {
        self.whole
    }

    /// Adds one fact to the change.
    pub fn push(&mut self, kind: &str, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        fact::encode(kind, key, value, &mut self.gathered)?;
        if self.gathered.expose().len() >= GATHERED_BYTES { self.write_blocks(MORE) } else { Ok(()) }
    }

    /// Writes what is left of the change and makes it last. Afterwards the change is whole.
    pub fn finish(&mut self) -> Result<Extent, StoreError> {
        self.write_blocks(LAST)?;
        self.file.sync_all().map_err(|e| StoreError::io("sync", &self.path, e))?;
        self.whole = self.end;
        Ok(self.whole)
    }

    /// Takes back the change that was not finished, or back to `extent` one the index could not take in, and makes
    /// that last: a change that was said to have failed must not be there after a power cut.
    pub fn cut(&mut self, extent: Extent) -> Result<(), StoreError> {
        self.gathered = Secret::new(Vec::new());
        (self.whole, self.end) = (extent, extent);
        let len = self.file.metadata().map_err(|e| StoreError::io("inspect", &self.path, e))?.len();
        if len <= extent.len() {
            return Ok(());
        }
        self.file.set_len(extent.len()).map_err(|e| StoreError::io("cut", &self.path, e))?;
        self.file.sync_all().map_err(|e| StoreError::io("sync", &self.path, e))
    }

    /// Writes whatever lies beyond what is known once more where it lies, and makes that last.
    pub fn write_again(&self) -> Result<(), StoreError> {
        let len = self.file.metadata().map_err(|e| StoreError::io("inspect", &self.path, e))?.len();
        if len <= self.whole.len() {
            return Ok(());
        }
        files::write_again(&self.file, &self.path, self.whole.len()..len)
    }

    /// Gives each whole change beyond what is known to `take`, fact by fact. A torn end stays where it is; the
    /// next change is written over it.
    pub fn catch_up(
        &mut self,
        mut take: impl FnMut(Step<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // Read twice: nothing of a change is given before its last block was seen.
        while let Some(next) = self.read_change(|_| Ok(()))? {
            if self.read_change(|fact| take(Step::Fact(fact)))? != Some(next) {
                return Err(StoreError::Damaged { part: Part::Journal, path: self.path.clone() });
            }
            self.whole = next;
            take(Step::Whole(next))?;
        }
        self.end = self.whole;
        Ok(())
    }

    /// Cuts off whatever lies beyond the last whole change.
    pub fn cut_torn(&mut self) -> Result<(), StoreError> {
        self.cut(self.whole)
    }

    /// Gives the facts of the change after the last whole one to `take`, and says where it ends; nothing if there
    /// is none, or it is torn.
    fn read_change(
        &self,
        mut take: impl FnMut(&Fact) -> Result<(), StoreError>,
    ) -> Result<Option<Extent>, StoreError> {
        let mut reader = BufReader::new(ReadFrom { file: &self.file, at: self.whole.len() });
        let (mut facts, mut at) = (FactReader::new(), self.whole);
        loop {
            let sealed = read_block(&mut reader).map_err(|e| StoreError::io("read", &self.path, e))?;
            let plain = sealed.and_then(|sealed| self.key.open(at.blocks, &sealed));
            let Some((flag, body)) = plain.as_ref().and_then(|plain| parse(plain.expose())) else {
                return Ok(None);
            };
            at.blocks += 1;
            facts.push(body);
            while let Some(fact) = facts.next_fact() {
                take(&fact)?;
            }
            if flag == LAST {
                return Ok(facts.is_empty().then_some(at));
            }
        }
    }

    /// Writes what was gathered: all of it as the end of the change, or as many full blocks as surely do not end
    /// it, which leaves at least one byte for the last.
    fn write_blocks(&mut self, flag: u8) -> Result<(), StoreError> {
        let gathered = std::mem::replace(&mut self.gathered, Secret::new(Vec::new()));
        let (mut rest, mut blocks, mut end) = (gathered.expose().as_slice(), Vec::new(), self.end);
        while rest.len() > BODY_BYTES {
            let (body, after) = rest.split_at(BODY_BYTES);
            blocks.extend_from_slice(&self.key.seal(end.blocks, print(MORE, body).expose()));
            end.blocks += 1;
            rest = after;
        }
        if flag == LAST {
            blocks.extend_from_slice(&self.key.seal(end.blocks, print(LAST, rest).expose()));
            end.blocks += 1;
        } else {
            fact::push(&mut self.gathered, rest);
        }
        let failed = |e| StoreError::io("write", &self.path, e);
        self.file.write_all_at(&blocks, self.end.len()).map_err(failed)?;
        self.end = end;
        Ok(())
    }
}

#[cfg(test)]
impl Journal {
    /// The machine stops before the last three bytes of the journal are on the disk.
    pub(super) fn tear(&self) {
        self.file.set_len(self.end.len() - 3).unwrap();
    }

    /// From now on the medium takes nothing more: neither blocks nor a cut.
    pub(super) fn fail(&mut self) {
        self.file = File::open(&self.path).unwrap();
    }
}

/// Reads a file from a place on, whoever else reads it.
struct ReadFrom<'f> {
    file: &'f File,
    at: u64,
}

impl Read for ReadFrom<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buf, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// The sealed bytes of the next block; nothing if it is cut short.
fn read_block(reader: &mut impl Read) -> io::Result<Option<[u8; BLOCK_BYTES]>> {
    let mut sealed = [0; BLOCK_BYTES];
    match reader.read_exact(&mut sealed) {
        Ok(()) => Ok(Some(sealed)),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

/// What is sealed in a block: always as many bytes.
fn print(flag: u8, body: &[u8]) -> Secret<Vec<u8>> {
    let mut plain = Secret::new(Vec::with_capacity(PLAIN_BYTES));
    let bytes = plain.expose_mut();
    bytes.push(flag);
    bytes.extend_from_slice(&(body.len() as u16).to_le_bytes());
    bytes.extend_from_slice(body);
    bytes.resize(PLAIN_BYTES, 0);
    plain
}

/// A block's flag and its bytes of facts; nothing if it is not spelled as [`print`] does.
fn parse(plain: &[u8]) -> Option<(u8, &[u8])> {
    let ([flag, low, high], rest) = plain.split_first_chunk::<HEAD_BYTES>()?;
    let (body, padding) = rest.split_at_checked(usize::from(u16::from_le_bytes([*low, *high])))?;
    let fitting = match *flag {
        MORE => body.len() == BODY_BYTES,
        LAST => padding.iter().all(|byte| *byte == 0),
        _ => false,
    };
    fitting.then_some((*flag, body))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::crypto::hex;

    #[derive(Deserialize)]
    struct Vector {
        index_key: String,
        journal: String,
        whole_len: u64,
        blocks: u64,
        changes: Vec<Vec<(String, String, Option<String>)>>,
    }

    fn bytes(text: &str) -> Vec<u8> {
        let pairs = text.as_bytes().chunks_exact(2);
        pairs.flat_map(|pair| hex::decode::<1>(std::str::from_utf8(pair).unwrap()).unwrap()).collect()
    }

    #[test]
    fn another_programs_journal_is_read_as_the_page_says() {
        let vector: Vector = serde_json::from_str(include_str!("../../tests/vectors/journal.json")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(JOURNAL_FILE);
        files::write_new(&path, &bytes(&vector.journal)).unwrap();
        let key = IndexKey::from_secret(&Secret::new(hex::decode(&vector.index_key).unwrap()));
        let mut journal = Journal::open(&path, &key, Extent::EMPTY).unwrap();
        let mut changes = vec![Vec::new()];
        journal
            .catch_up(|step| {
                match step {
                    Step::Fact(fact) => {
                        let value =
                            fact.value.as_ref().map(|v| String::from_utf8(v.expose().clone()).unwrap());
                        let key = fact.key.iter().map(|byte| format!("{byte:02x}")).collect();
                        changes.last_mut().unwrap().push((fact.kind.clone(), key, value));
                    }
                    Step::Whole(_) => changes.push(Vec::new()),
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(changes.pop(), Some(Vec::new()));
        assert_eq!(changes, vector.changes);
        assert_eq!(journal.extent(), Extent { blocks: vector.blocks });
        journal.cut_torn().unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), vector.whole_len);
    }

    /// A locked laptop is seized, and the testimony it is thought to hold stands in a newspaper. Each change lay in
    /// the journal with its exact length before it, so the file said how long every paragraph was, and in which
    /// order they were typed, to anybody who could count.
    #[test]
    fn who_has_the_journal_and_no_key_counts_blocks_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let key = IndexKey::from_secret(&Secret::new([1; 32]));
        let file_len = |name: &str, changes: &[usize]| {
            let path = dir.path().join(name);
            let mut journal = Journal::create(&path, &key).unwrap();
            for len in changes {
                journal.push("note", b"1", Some(&vec![b'x'; *len])).unwrap();
                journal.finish().unwrap();
            }
            std::fs::metadata(&path).unwrap().len() as usize - HEADER.len()
        };
        for (name, len) in [("a", 0), ("b", 1), ("c", 1_000), ("d", 4_000)] {
            assert_eq!(file_len(name, &[len]), BLOCK_BYTES, "{len}");
        }
        assert_eq!(file_len("three", &[7, 700, 4_000]), 3 * BLOCK_BYTES);
        // The same count whether it was one long testimony or three short ones.
        assert_eq!(file_len("long", &[10_000]), 3 * BLOCK_BYTES);
        assert_eq!(file_len("larger than what is gathered", &[1 << 20]) % BLOCK_BYTES, 0);
        let bytes = std::fs::read(dir.path().join("three")).unwrap();
        for block in bytes[HEADER.len()..].chunks(BLOCK_BYTES) {
            let zeros = block.iter().filter(|byte| **byte == 0).count();
            assert!(zeros < 64, "a block looks random from its first byte to its last: {zeros}");
        }
    }

    #[test]
    fn a_change_of_any_length_comes_back_and_leaves_no_empty_block() {
        let dir = tempfile::tempdir().unwrap();
        let key = IndexKey::from_secret(&Secret::new([1; 32]));
        // What stands around the value of this fact: kind, key and their lengths.
        let around = 1 + 4 + 2 + 1 + 4;
        for len in [BODY_BYTES - 1, BODY_BYTES, BODY_BYTES + 1, 2 * BODY_BYTES, GATHERED_BYTES, 3_000_000] {
            let path = dir.path().join(len.to_string());
            let mut journal = Journal::create(&path, &key).unwrap();
            journal.push("note", b"1", Some(&vec![7; len - around])).unwrap();
            let end = journal.finish().unwrap();
            assert_eq!(end.blocks, len.div_ceil(BODY_BYTES) as u64);
            let mut read = Journal::open(&path, &key, Extent::EMPTY).unwrap();
            let mut lens = Vec::new();
            read.catch_up(|step| {
                if let Step::Fact(fact) = step {
                    lens.push(fact.value.as_ref().map(|value| value.expose().len()));
                }
                Ok(())
            })
            .unwrap();
            assert_eq!((lens, read.extent()), (vec![Some(len - around)], end));
        }
    }

    /// Who can write to the disk and has no key may hope to undo what she added last, or to add it twice.
    #[test]
    fn no_block_is_left_out_moved_or_doubled() {
        let dir = tempfile::tempdir().unwrap();
        let key = IndexKey::from_secret(&Secret::new([1; 32]));
        let path = dir.path().join(JOURNAL_FILE);
        let mut journal = Journal::create(&path, &key).unwrap();
        for change in ["one", "two", "three", "four"] {
            journal.push("note", change.as_bytes(), None).unwrap();
            journal.finish().unwrap();
        }
        let whole = std::fs::read(&path).unwrap();
        let blocks: Vec<&[u8]> = whole[HEADER.len()..].chunks(BLOCK_BYTES).collect();
        let read = |order: &[usize]| {
            let bytes = order.iter().fold(HEADER.to_vec(), |bytes, at| [&bytes, blocks[*at]].concat());
            std::fs::write(&path, bytes).unwrap();
            let (mut journal, mut found) = (Journal::open(&path, &key, Extent::EMPTY).unwrap(), Vec::new());
            let take = |step: Step<'_>| {
                if let Step::Fact(fact) = step {
                    found.push(String::from_utf8(fact.key.clone()).unwrap());
                }
                Ok(())
            };
            journal.catch_up(take).unwrap();
            found
        };
        assert_eq!(read(&[0, 1, 2, 3]), ["one", "two", "three", "four"]);
        assert_eq!(read(&[0, 2, 3]), ["one"], "left out");
        assert_eq!(read(&[0, 2, 1, 3]), ["one"], "exchanged");
        assert_eq!(read(&[0, 1, 1, 2, 3]), ["one", "two"], "doubled");
        assert_eq!(read(&[1, 2, 3]), [""; 0], "the first is gone");
        // Blocks that the index had taken in are missed.
        let shorter = Journal::open(&path, &key, Extent { blocks: 4 });
        assert!(matches!(shorter, Err(StoreError::Damaged { part: Part::Journal, .. })));
    }

    #[test]
    fn a_block_has_one_spelling() {
        let last = print(LAST, b"facts").expose().clone();
        assert_eq!(parse(&last), Some((LAST, &b"facts"[..])));
        assert_eq!(parse(print(MORE, &[1; BODY_BYTES]).expose()).map(|(flag, _)| flag), Some(MORE));
        for (place, byte) in [(0, 2), (0, MORE), (1, 4), (2, 0xff), (PLAIN_BYTES - 1, 1)] {
            let mut other = last.clone();
            other[place] = byte;
            assert_eq!(parse(&other), None, "byte {place}");
        }
    }
}
