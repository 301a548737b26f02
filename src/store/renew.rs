//! Renewal: what is kept is written anew under a new index key, so that what is no longer kept cannot be opened by
//! anything that stays.
//!
//! ```text
//! change ‖ packs rewritten → index.next, journal.next, all synced     the state before
//! both epoch blocks overwritten where they lie                        from the first on the state after
//! journal.next → journal, index.next → index, old packs removed       finished by the next opening, if need be
//! ```
//!
//! The rows go over one by one into an empty index, and the journal begins with them as its only change: neither
//! holds a page, a number or a deleted word of the old ones. A pack in which anything lies that no row names is
//! left behind, and what is still named is copied to a new one, sealed as it is. Until an epoch block opens to the new
//! key nothing points to the new files, and whatever is there of them is removed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::change::{Change, lock};
use super::error::StoreError;
use super::index::{INDEX_FILE, Index, ROLLBACK_END};
use super::journal::{JOURNAL_FILE, Journal};
use super::object::{ObjectRow, Place};
use super::packs::{Extent, ExtentReader, PackRow, Placing};
use super::repair::{remove_set_aside, set_aside};
use super::{Store, files};
use crate::crypto::keyslot::IndexKey;
use crate::format::id::RandomId;

/// The new index until it takes the old one's name.
pub(super) const NEXT_INDEX: &str = "index.next";
/// The new journal until it takes the old one's name.
pub(super) const NEXT_JOURNAL: &str = "journal.next";

/// How much of a pack is copied at once.
const COPY_BYTES: usize = 1 << 20;

/// A new index and journal that lie whole beside the old ones. Dropped before they are taken over, they are removed.
#[derive(Debug)]
#[must_use = "nothing is renewed until the new epoch stands and the store has taken over"]
pub struct Renewal {
    dir: PathBuf,
    key: IndexKey,
    kept: bool,
}

impl Renewal {
    /// The key of the new index: what the new epoch blocks hold.
    pub fn key(&self) -> &IndexKey {
        &self.key
    }

    /// An epoch block may open to the new key from now on: the files stay, whatever happens.
    pub fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        if !self.kept {
            // What stays is removed when the store is next opened.
            let _ = remove_next(&self.dir);
        }
    }
}

impl Change<'_> {
    /// Writes everything as this change leaves it into a new index and journal under `key`. The old ones stay as they
    /// were before the change, which never becomes true there.
    pub fn renew(mut self, key: IndexKey) -> Result<Renewal, StoreError> {
        self.rewrite_packs()?;
        self.end_packs()?;
        let renewal = Renewal { dir: self.dir().to_path_buf(), key, kept: false };
        remove_next(&renewal.dir)?;
        self.copy_rows(&renewal)?;
        self.end_renewed()?;
        Ok(renewal)
    }

    /// Copies what lives in packs that hold anything else as well.
    fn rewrite_packs(&mut self) -> Result<(), StoreError> {
        let holed = self.holed_packs()?;
        if holed.is_empty() {
            return Ok(());
        }
        lock(&self.appender()).close_current();
        let mut moved = Vec::new();
        self.each::<ObjectRow>(&[], |row| {
            if extents_of(&row).iter().any(|extent| holed.contains(&extent.pack)) {
                moved.push(row.object);
            }
            Ok(())
        })?;
        moved.iter().try_for_each(|object| self.move_object(object))
    }

    /// The packs in which lie bytes of no object.
    fn holed_packs(&self) -> Result<BTreeSet<RandomId>, StoreError> {
        let mut lives: BTreeMap<RandomId, u64> = BTreeMap::new();
        self.each::<ObjectRow>(&[], |row| {
            for extent in extents_of(&row) {
                *lives.entry(extent.pack).or_default() += extent.len;
            }
            Ok(())
        })?;
        let mut holed = BTreeSet::new();
        for (pack, len) in self.pack_lens()? {
            if lives.get(&pack).copied().unwrap_or(0) < len {
                holed.insert(pack);
            }
        }
        Ok(holed)
    }

    /// The packs and their lengths, those this change made or lengthened as they are now.
    fn pack_lens(&self) -> Result<BTreeMap<RandomId, u64>, StoreError> {
        let mut lens = BTreeMap::new();
        self.each::<PackRow>(&[], |row| {
            lens.insert(row.pack, row.len);
            Ok(())
        })?;
        lens.extend(lock(&self.appender()).lens());
        Ok(lens)
    }

    /// Copies an object to the end of a new pack, sealed as it is, and lets go of where it lay.
    fn move_object(&mut self, object: &RandomId) -> Result<(), StoreError> {
        let mut row = self.object_row(object)?;
        let Place::Packs { key, extents } = &row.place else { return Ok(()) };
        let mut reader = ExtentReader::new(Arc::clone(&self.packs), extents.clone());
        let mut placing = Placing::new(row.pool);
        let mut bytes = vec![0; COPY_BYTES];
        loop {
            let count =
                reader.read(&mut bytes).map_err(|e| StoreError::from_stream("read", self.dir(), e))?;
            if count == 0 {
                break;
            }
            lock(&self.appender()).write(&mut placing, &bytes[..count])?;
        }
        let moved = placing.into_extents();
        lock(&self.appender()).keep(&moved);
        self.release(extents)?;
        row.place = Place::Packs { key: key.clone(), extents: moved };
        self.put(&row)
    }

    fn copy_rows(&self, renewal: &Renewal) -> Result<(), StoreError> {
        let mut journal = Journal::create(&renewal.dir.join(NEXT_JOURNAL), &renewal.key)?;
        let next = Index::create(&renewal.dir.join(NEXT_INDEX), &renewal.key)?;
        next.begin()?;
        self.index.each_fact(|kind, key, value| {
            journal.push(kind, key, Some(value))?;
            next.apply(kind, key, Some(value))
        })?;
        let extent = journal.finish()?;
        next.set_journal_extent(extent)?;
        next.commit()?;
        files::sync_dir(&renewal.dir)
    }
}

impl Store {
    /// How many files repairs set aside. They are under the index key of their day, so that a renewal, which ends that
    /// key, takes them away.
    pub fn set_aside(&self) -> Result<usize, StoreError> {
        Ok(set_aside(self.dir())?.len())
    }

    /// Goes on with the new index and journal, once an epoch block opens to their key; the old ones go. What fails
    /// here is finished by the next opening.
    pub fn take_over(&mut self, renewal: Renewal) -> Result<(), StoreError> {
        // Until all of it is done nothing more is written: what is open here may be the old or the new.
        self.stopped = true;
        // The old index is closed before anything takes its name.
        self.index = Index::open(&renewal.dir.join(NEXT_INDEX), &renewal.key)?;
        remove_set_aside(&renewal.dir)?;
        put_in_place(&renewal.dir)?;
        self.index = Index::open(&renewal.dir.join(INDEX_FILE), &renewal.key)?;
        let known = self.index.journal_extent()?;
        self.journal = Journal::open(&renewal.dir.join(JOURNAL_FILE), &renewal.key, known)?;
        self.cut_packs()?;
        self.stopped = false;
        Ok(())
    }
}

/// What an opening found of a renewal that was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupted {
    /// Nothing.
    No,
    /// It had become true, and is finished now.
    Finished,
    /// It never became true, and what was there of it is removed.
    TakenBack,
}

/// Whether a renewal that was interrupted is there to be finished or taken back.
pub(super) fn waits(dir: &Path) -> bool {
    dir.join(NEXT_INDEX).symlink_metadata().is_ok()
}

/// Finishes a renewal whose index opens under `key`, or removes what is there of one that never became true. Where
/// neither the new index nor the old one opens, nothing is touched.
pub(super) fn settle(dir: &Path, key: &IndexKey) -> Result<Interrupted, StoreError> {
    let next = dir.join(NEXT_INDEX);
    let opens = |path: &Path| Index::open(path, key).map(drop);
    if !waits(dir) {
        let remains = dir.join(NEXT_JOURNAL).symlink_metadata().is_ok();
        if remains {
            // Where an index was lost, its journal is all there is.
            opens(&dir.join(INDEX_FILE))?;
        }
        remove_next(dir)?;
        return Ok(if remains { Interrupted::TakenBack } else { Interrupted::No });
    }
    match opens(&next) {
        Ok(()) => {
            remove_set_aside(dir)?;
            put_in_place(dir)?;
            return Ok(Interrupted::Finished);
        }
        Err(newer @ StoreError::Newer { .. }) => return Err(newer),
        Err(_) => {}
    }
    opens(&dir.join(INDEX_FILE))?;
    remove_next(dir)?;
    Ok(Interrupted::TakenBack)
}

/// Gives the new files the names of the old. The journal goes first: an index that stands under its last name has
/// its journal.
fn put_in_place(dir: &Path) -> Result<(), StoreError> {
    // What SQLite would take back of the old index must not be taken back from the new one.
    files::remove(&dir.join(format!("{INDEX_FILE}{ROLLBACK_END}")))?;
    for (next, name) in [(NEXT_JOURNAL, JOURNAL_FILE), (NEXT_INDEX, INDEX_FILE)] {
        if dir.join(next).symlink_metadata().is_ok() {
            files::rename_over(&dir.join(next), &dir.join(name))?;
        }
    }
    Ok(())
}

/// The index goes first: a journal alone is of no renewal that became true.
fn remove_next(dir: &Path) -> Result<(), StoreError> {
    for name in [NEXT_INDEX.to_owned(), format!("{NEXT_INDEX}{ROLLBACK_END}"), NEXT_JOURNAL.to_owned()] {
        files::remove(&dir.join(name))?;
    }
    Ok(())
}

fn extents_of(row: &ObjectRow) -> &[Extent] {
    match &row.place {
        Place::Inline => &[],
        Place::Packs { extents, .. } => extents,
    }
}
