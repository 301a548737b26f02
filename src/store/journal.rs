//! The journal: every fact the index holds, appended as sealed records under a key derived from the index key.
//!
//! ```text
//! journal = "sanduq-journal/1\n" record*
//! record  = len u32 LE ‖ nonce 12 ‖ ciphertext ‖ tag 16        len counts what follows it
//! plain   = 00 ‖ fact*                                         more of this change follows
//!         | 01 ‖ fact*                                         the change is whole
//! ```
//!
//! A record's number, counted from 0, is its associated data: none can be left out, moved or doubled. A change
//! counts once its last record is synced. The index knows how long the journal was when it last took a change
//! in; whole changes beyond that are taken in when the vault is opened, and a torn end is cut off.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::error::{Part, StoreError};
use super::fact::{self, Fact};
use super::files;
use crate::crypto::Secret;
use crate::crypto::keyslot::IndexKey;
use crate::crypto::record::RecordKey;

/// The journal's file name in a compartment.
pub const JOURNAL_FILE: &str = "journal";
/// The first line.
const HEADER: &[u8] = b"sanduq-journal/1\n";
/// Facts are gathered up to this size before a record is written: it bounds memory, not a change.
const RECORD_BYTES: usize = 1 << 20;
/// The largest record a reader takes: one value at its limit, and what stands around it.
const RECORD_BYTES_MAX: usize = RECORD_BYTES + fact::VALUE_BYTES_MAX + (1 << 16);
/// More records follow before the change is whole.
const MORE: u8 = 0;
/// The change is whole.
const LAST: u8 = 1;

/// How far a journal reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Its bytes, the header included.
    pub len: u64,
    /// Its records.
    pub records: u64,
}

impl Extent {
    /// A journal with nothing in it.
    pub const EMPTY: Extent = Extent { len: HEADER.len() as u64, records: 0 };
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
    /// Up to where records are written.
    end: Extent,
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

    /// Opens the journal whose first `known` bytes the index holds; a shorter one is damage.
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
        if len < known.len || file.read_exact_at(&mut header, 0).is_err() || header != HEADER {
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
        if self.gathered.expose().is_empty() {
            fact::push(&mut self.gathered, &[MORE]);
        }
        fact::encode(kind, key, value, &mut self.gathered)?;
        if self.gathered.expose().len() >= RECORD_BYTES { self.write_record(MORE) } else { Ok(()) }
    }

    /// Writes what is left of the change and makes it last. Afterwards the change is whole.
    pub fn finish(&mut self) -> Result<Extent, StoreError> {
        self.write_record(LAST)?;
        self.file.sync_all().map_err(|e| StoreError::io("sync", &self.path, e))?;
        self.whole = self.end;
        Ok(self.whole)
    }

    /// Takes back the change that was not finished, or back to `extent` one the index could not take in.
    pub fn cut(&mut self, extent: Extent) -> Result<(), StoreError> {
        self.gathered = Secret::new(Vec::new());
        (self.whole, self.end) = (extent, extent);
        self.file.set_len(extent.len).map_err(|e| StoreError::io("cut", &self.path, e))
    }

    /// Gives each whole change beyond what is known to `take`, fact by fact. A torn end stays where it is; the
    /// next change is written over it.
    pub fn catch_up(
        &mut self,
        mut take: impl FnMut(Step<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        while let Some(next) = self.end_of_change()? {
            let (mut reader, mut at) = (self.reader(), self.whole);
            while at != next {
                let Some((_, facts, end)) = self.read_record(&mut reader, at)? else {
                    return Err(StoreError::Damaged { part: Part::Journal, path: self.path.clone() });
                };
                facts.iter().try_for_each(|fact| take(Step::Fact(fact)))?;
                at = end;
            }
            drop(reader);
            self.whole = next;
            take(Step::Whole(next))?;
        }
        self.end = self.whole;
        Ok(())
    }

    /// Cuts off whatever lies beyond the last whole change.
    pub fn cut_torn(&mut self) -> Result<(), StoreError> {
        let len = self.file.metadata().map_err(|e| StoreError::io("inspect", &self.path, e))?.len();
        if len > self.whole.len { self.cut(self.whole) } else { Ok(()) }
    }

    /// Where the change after the last whole one ends; nothing if there is none, or it is torn.
    fn end_of_change(&self) -> Result<Option<Extent>, StoreError> {
        let (mut reader, mut from) = (self.reader(), self.whole);
        while let Some((flag, _, end)) = self.read_record(&mut reader, from)? {
            if flag == LAST {
                return Ok(Some(end));
            }
            from = end;
        }
        Ok(None)
    }

    fn reader(&self) -> BufReader<ReadFrom<'_>> {
        BufReader::new(ReadFrom { file: &self.file, at: self.whole.len })
    }

    fn read_record(
        &self,
        reader: &mut impl Read,
        at: Extent,
    ) -> Result<Option<(u8, Vec<Fact>, Extent)>, StoreError> {
        let sealed = read_sealed(reader).map_err(|e| StoreError::io("read", &self.path, e))?;
        Ok(sealed.and_then(|sealed| open_record(&self.key, &sealed, at)))
    }

    fn write_record(&mut self, flag: u8) -> Result<(), StoreError> {
        if self.gathered.expose().is_empty() {
            fact::push(&mut self.gathered, &[flag]);
        }
        self.gathered.expose_mut()[0] = flag;
        let sealed = self.key.seal(self.end.records, self.gathered.expose());
        let mut record = Vec::with_capacity(4 + sealed.len());
        record.extend_from_slice(&(sealed.len() as u32).to_le_bytes());
        record.extend_from_slice(&sealed);
        let failed = |e| StoreError::io("write", &self.path, e);
        self.file.write_all_at(&record, self.end.len).map_err(failed)?;
        self.end = Extent { len: self.end.len + record.len() as u64, records: self.end.records + 1 };
        self.gathered = Secret::new(Vec::new());
        Ok(())
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

/// The sealed bytes of one record; nothing if they are cut short or longer than any record.
fn read_sealed(reader: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut len = [0; 4];
    match reader.read_exact(&mut len) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let len = u32::from_le_bytes(len) as usize;
    if len > RECORD_BYTES_MAX {
        return Ok(None);
    }
    let mut sealed = Vec::new();
    let read = reader.take(len as u64).read_to_end(&mut sealed)?;
    Ok((read == len).then_some(sealed))
}

/// One record: its flag, its facts and where it ends. Nothing if it was changed or is not of this place.
fn open_record(key: &RecordKey, sealed: &[u8], at: Extent) -> Option<(u8, Vec<Fact>, Extent)> {
    let plain = key.open(at.records, sealed)?;
    let (flag, facts) = plain.expose().split_first()?;
    let end = Extent { len: at.len + 4 + sealed.len() as u64, records: at.records + 1 };
    matches!(*flag, MORE | LAST).then_some(())?;
    Some((*flag, fact::decode(facts)?, end))
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
        records: u64,
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
        assert_eq!(journal.extent(), Extent { len: vector.whole_len, records: vector.records });
        journal.cut_torn().unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), vector.whole_len);
    }
}
