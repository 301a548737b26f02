//! One open compartment: its index, its journal and its packs, locked against every other process.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::change::Change;
use super::error::{Part, StoreError};
use super::files;
use super::index::{INDEX_FILE, Index, ROLLBACK_END, Reading, Row, decode};
use super::journal::{JOURNAL_FILE, Journal, Step};
use super::lock::Lock;
use super::object::{INLINE_KIND, Object, ObjectReader, ObjectRow, Place};
use super::packs::{Directory, PACK_BYTES_MAX, PackRow, PackStore, Pool};
use super::renew::{self, Interrupted};
use crate::crypto::Secret;
use crate::crypto::keyslot::IndexKey;
use crate::format::id::RandomId;

/// The folder of packs in a compartment.
pub(super) const PACKS_DIR: &str = "packs";

/// One open compartment, locked against every other process.
pub struct Store {
    pub(super) dir: PathBuf,
    pub(super) index: Index,
    pub(super) journal: Journal,
    pub(super) packs: Arc<dyn PackStore>,
    /// A sync failed: nothing more is written.
    pub(super) stopped: bool,
    pub(super) interrupted: Interrupted,
    _lock: Lock,
}

impl Store {
    /// Makes an empty store in the folder `dir`, which is there and holds none.
    pub fn create(dir: &Path, key: &IndexKey) -> Result<Store, StoreError> {
        files::check_new(dir)?;
        let packs_dir = dir.join(PACKS_DIR);
        files::create_dir(&packs_dir)?;
        Store::create_with(dir, key, Arc::new(Directory::open(&packs_dir)))
    }

    /// Opens the store in `dir`. Whatever a crash left half is gone afterwards. **Never** makes one.
    pub fn open(dir: &Path, key: &IndexKey) -> Result<Store, StoreError> {
        files::check_own(dir)?;
        Store::open_locked(dir, key, Lock::file(dir)?)
    }

    /// As [`Store::open`], for who holds the lock.
    pub(super) fn open_locked(dir: &Path, key: &IndexKey, lock: Lock) -> Result<Store, StoreError> {
        let packs_dir = dir.join(PACKS_DIR);
        if !packs_dir.is_dir() {
            return Err(StoreError::Damaged { part: Part::Pack, path: packs_dir });
        }
        Store::open_with(dir, key, Arc::new(Directory::open(&packs_dir)), lock)
    }

    pub(super) fn create_with(
        dir: &Path,
        key: &IndexKey,
        packs: Arc<dyn PackStore>,
    ) -> Result<Store, StoreError> {
        let lock = Lock::file(dir)?;
        let journal = Journal::create(&dir.join(JOURNAL_FILE), key)?;
        let index = Index::create(&dir.join(INDEX_FILE), key)?;
        files::sync_dir(dir)?;
        let (dir, interrupted) = (dir.to_path_buf(), Interrupted::No);
        Ok(Store { dir, index, journal, packs, stopped: false, interrupted, _lock: lock })
    }

    pub(super) fn open_with(
        dir: &Path,
        key: &IndexKey,
        packs: Arc<dyn PackStore>,
        lock: Lock,
    ) -> Result<Store, StoreError> {
        files::sweep_destroying(dir)?;
        let interrupted = renew::settle(dir, key)?;
        let index = Index::open(&dir.join(INDEX_FILE), key)?;
        // Whatever it said is taken back by now; one that says nothing SQLite lets lie until the next change.
        files::remove(&dir.join(format!("{INDEX_FILE}{ROLLBACK_END}")))?;
        let mut journal = Journal::open(&dir.join(JOURNAL_FILE), key, index.journal_extent()?)?;
        journal.write_again()?;
        take_in(&index, &mut journal)?;
        journal.cut_torn()?;
        let dir = dir.to_path_buf();
        let store = Store { dir, index, journal, packs, stopped: false, interrupted, _lock: lock };
        store.cut_packs()?;
        Ok(store)
    }

    /// What this opening found of a renewal that was interrupted.
    pub fn interrupted(&self) -> Interrupted {
        self.interrupted
    }

    /// The folder it lies in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Held while much is read: each reading takes less then. One at a time, and **never** within a change.
    pub fn reading(&self) -> Result<Reading<'_>, StoreError> {
        self.index.reading()
    }

    /// The row of this key.
    pub fn get<R: Row>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.index.with_row(R::KIND, key, decode)
    }

    /// All rows of a kind, in order of their keys.
    pub fn all<R: Row>(&self) -> Result<Vec<R>, StoreError> {
        self.all_under(&[])
    }

    /// All rows of a kind whose key begins with `prefix`, in order of their keys.
    pub fn all_under<R: Row>(&self, prefix: &[u8]) -> Result<Vec<R>, StoreError> {
        let mut rows = Vec::new();
        self.each(prefix, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Gives all rows of a kind whose key begins with `prefix` to `take`, one at a time, in order of their keys.
    pub fn each<R: Row>(
        &self,
        prefix: &[u8],
        mut take: impl FnMut(R) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.index.each(R::KIND, prefix, |bytes| take(decode(bytes)?))
    }

    /// At most `limit` rows of a kind, the greatest keys first, only those below `before`: with numbers as keys
    /// the newest come first.
    pub fn page<R: Row>(&self, before: Option<&[u8]>, limit: u64) -> Result<Vec<R>, StoreError> {
        let mut rows = Vec::new();
        self.index.page(R::KIND, before, limit, |bytes| {
            rows.push(decode(bytes)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Gives what a list shows of at most `limit` items to `take`, the newest first, only those below `before`.
    pub fn each_listed<L: DeserializeOwned, E: From<StoreError>>(
        &self,
        before: Option<u64>,
        limit: u64,
        mut take: impl FnMut(L) -> Result<(), E>,
    ) -> Result<(), E> {
        self.index.listed(before, limit, |bytes| take(shown(bytes)?))
    }

    /// Gives the number of each item whose text holds every word of `query`, and what a list shows of it, to `take`; in
    /// the same order and within the same bounds as [`Store::each_listed`].
    pub fn each_found<L: DeserializeOwned, E: From<StoreError>>(
        &self,
        query: &str,
        before: Option<u64>,
        limit: u64,
        mut take: impl FnMut(u64, Option<L>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.index.search(query, before, limit, |number| take(number, self.index.with_listed(number, shown)?))
    }

    /// How many rows there are of a kind.
    pub fn count<R: Row>(&self) -> Result<u64, StoreError> {
        self.index.count(R::KIND)
    }

    /// The numbers of the items whose text holds every word of `query`, newest first.
    pub fn search(&self, query: &str) -> Result<Vec<u64>, StoreError> {
        let mut numbers = Vec::new();
        self.index.search(query, None, u64::MAX, |number| {
            numbers.push(number);
            Ok::<_, StoreError>(())
        })?;
        Ok(numbers)
    }

    /// An object, to be read once or often, also while a change is being made.
    pub fn object(&self, object: &RandomId) -> Result<Object, StoreError> {
        let row = self.object_row(object)?;
        let inline = match row.place {
            Place::Inline => {
                Some(self.raw(INLINE_KIND, object.as_bytes())?.ok_or_else(|| no_object(object))?)
            }
            Place::Packs { .. } => None,
        };
        Ok(Object { row, inline, packs: Arc::clone(&self.packs) })
    }

    /// Reads an object from its beginning.
    pub fn open_object(&self, object: &RandomId) -> Result<ObjectReader, StoreError> {
        self.object(object)?.open()
    }

    /// Whether an object of this name is kept here.
    pub fn has_object(&self, object: &RandomId) -> Result<bool, StoreError> {
        Ok(self.get::<ObjectRow>(object.as_bytes())?.is_some())
    }

    /// Begins a change. Dropping it takes everything back.
    pub fn begin(&mut self) -> Result<Change<'_>, StoreError> {
        Change::begin(self)
    }

    /// How many bytes may still be written where this store lies.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        files::free_bytes(&self.dir)
    }

    /// Reads the whole index and every object, and gives the names of the objects that are damaged.
    pub fn check(&self) -> Result<Vec<RandomId>, StoreError> {
        self.index.check()?;
        let mut damaged = Vec::new();
        self.each::<ObjectRow>(&[], |row| {
            let read = self.open_object(&row.object).map_err(io::Error::from);
            let whole = read.and_then(|mut reader| {
                let mut hashing = crate::crypto::HashingWriter::new(io::sink());
                io::copy(&mut reader, &mut hashing)?;
                let (digest, len) = hashing.finish();
                Ok((digest == row.digest || row.pool == Pool::Outbox) && len == row.len)
            });
            if !whole.unwrap_or(false) {
                damaged.push(row.object);
            }
            Ok(())
        })?;
        Ok(damaged)
    }

    pub(super) fn object_row(&self, object: &RandomId) -> Result<ObjectRow, StoreError> {
        self.get(object.as_bytes())?.ok_or_else(|| no_object(object))
    }

    pub(super) fn raw(&self, kind: &str, key: &[u8]) -> Result<Option<Secret<Vec<u8>>>, StoreError> {
        self.index.with_row(kind, key, |bytes| Ok(Secret::new(bytes.to_vec())))
    }

    /// The pack of items that is not full yet.
    pub(super) fn pack_with_room(&self) -> Result<Option<PackRow>, StoreError> {
        let mut found = None;
        self.each::<PackRow>(&[], |row| {
            if row.pool == Pool::Items && row.len < PACK_BYTES_MAX {
                found = Some(row);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Removes packs the index does not know and cuts off what lies beyond the known end of the others: both
    /// are of changes that never were.
    pub(super) fn cut_packs(&self) -> Result<(), StoreError> {
        let mut unknown = Vec::new();
        for (pack, len) in self.packs.list()? {
            match self.get::<PackRow>(pack.as_bytes())? {
                None => unknown.push(pack),
                Some(row) if len > row.len => self.packs.cut(&pack, row.len)?,
                Some(_) => {}
            }
        }
        self.packs.remove(&unknown)
    }
}

/// Takes into the index every whole change the journal holds beyond what the index knows.
pub(super) fn take_in(index: &Index, journal: &mut Journal) -> Result<(), StoreError> {
    let taken = journal.catch_up(|step| {
        if index.is_idle() {
            index.begin()?;
        }
        match step {
            Step::Fact(fact) => {
                index.apply(&fact.kind, &fact.key, fact.value.as_ref().map(|value| value.expose().as_slice()))
            }
            Step::Whole(extent) => {
                index.set_journal_extent(extent)?;
                index.commit()
            }
        }
    });
    if taken.is_err() {
        let _ = index.roll_back();
    }
    taken
}

/// What a list shows of an item, from the JSON that the index makes of it.
fn shown<L: DeserializeOwned>(bytes: &[u8]) -> Result<L, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Row { kind: "listed", source })
}

pub(super) fn no_object(object: &RandomId) -> StoreError {
    StoreError::NoObject { object: object.to_string() }
}
