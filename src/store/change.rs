//! A change: everything between `begin` and `commit` becomes true together or not at all.
//!
//! Objects go to the packs as they come, facts to the journal and, within one transaction, to the index. The
//! order of a commit is its safety: packs synced, then the journal's last block synced (from here on the change
//! is whole), then the index's transaction, which notes how far of the journal it holds. Dropping a change takes
//! everything back.

use std::io::Read;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use super::Store;
use super::error::StoreError;
use super::index::{self, Row, SEARCH_KIND};
use super::journal;
use super::object::{DIGEST_KIND, INLINE_KIND, ObjectRow, Place, StoredFile};
use super::packs::{Appender, Extent, PackRow, Pool};
use super::writer::ObjectWriter;
use crate::crypto::checksum::Sums;
use crate::crypto::{AsideHasher, Secret};
use crate::evidence::search::fold;
use crate::format::id::RandomId;

/// How much of a source is read at once.
const READ_BYTES: usize = 256 << 10;

/// A change being made. It can be read like the store itself, and sees what it has changed so far.
pub struct Change<'s> {
    store: &'s mut Store,
    appender: Arc<Mutex<Appender>>,
    /// How far the journal reached when it began.
    before: journal::Extent,
    /// What sources are read into, one after another; it is wiped with the change.
    buffer: Option<Secret<Vec<u8>>>,
    /// What rows are written as, one after another; wiped with it.
    row: Option<Secret<Vec<u8>>>,
    state: State,
}

#[derive(PartialEq)]
enum State {
    /// Nothing was changed yet.
    Untouched,
    /// Something was changed.
    Changed,
    /// A step failed: it can only be taken back.
    Failed,
    /// It is committed, or was never to be taken back.
    Done,
}

impl Deref for Change<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}

impl<'s> Change<'s> {
    pub(super) fn begin(store: &'s mut Store) -> Result<Change<'s>, StoreError> {
        if store.stopped {
            return Err(StoreError::Stopped);
        }
        let current = store.pack_with_room()?;
        store.index.begin()?;
        let appender = Appender::new(Arc::clone(&store.packs), current);
        let before = store.journal.extent();
        let (appender, state) = (Arc::new(Mutex::new(appender)), State::Untouched);
        Ok(Change { store, appender, before, buffer: None, row: None, state })
    }

    /// Puts a row in, or in place of the one with its key.
    pub fn put<R: Row>(&mut self, row: &R) -> Result<(), StoreError> {
        let mut value = self.row.take().unwrap_or_else(|| Secret::new(Vec::new()));
        index::encode(row, &mut value)?;
        let put = self.fact(R::KIND, &row.key(), Some(value.expose()));
        self.row = Some(value);
        put
    }

    /// Takes the row of this key out; one that is not there is no error.
    pub fn delete<R: Row>(&mut self, key: &[u8]) -> Result<(), StoreError> {
        self.fact(R::KIND, key, None)
    }

    /// Makes an item findable by this text, in place of any text it had.
    pub fn index_text(&mut self, number: u64, text: &str) -> Result<(), StoreError> {
        let folded = Secret::new(fold(text));
        self.fact(SEARCH_KIND, &number.to_be_bytes(), Some(folded.expose().as_bytes()))
    }

    /// Makes an item findable by nothing.
    pub fn unindex(&mut self, number: u64) -> Result<(), StoreError> {
        self.fact(SEARCH_KIND, &number.to_be_bytes(), None)
    }

    /// Reads `source` to its end and keeps what it gave. `progress` is told the bytes of each step. Content that
    /// [`Pool::Items`] holds already is not kept twice.
    pub fn put_file(
        &mut self,
        source: &mut dyn Read,
        pool: Pool,
        progress: &mut dyn FnMut(u64),
    ) -> Result<StoredFile, StoreError> {
        let mut buffer = self.buffer();
        let mut writer = self.create_object(pool)?;
        let mut hasher = AsideHasher::with_checksum();
        each_piece(source, &mut buffer, &mut |bytes| {
            writer.append(bytes)?;
            hasher.update(bytes);
            progress(bytes.len() as u64);
            Ok(())
        })?;
        let stored = writer.finish(hasher.finish())?;
        self.buffer = Some(buffer);
        Ok(stored)
    }

    /// As [`Change::put_file`] for [`Pool::Items`], with the SHA-256 that is said to be that of what the source gives, and
    /// the checksum that was made with it.
    /// **Never** commit where it turns out to be another: what has that digest would be taken for something else.
    pub fn put_claimed(
        &mut self,
        source: &mut dyn Read,
        sums: Sums,
        progress: &mut dyn FnMut(u64),
    ) -> Result<StoredFile, StoreError> {
        let mut buffer = self.buffer();
        let mut writer = self.create_object(Pool::Items)?;
        each_piece(source, &mut buffer, &mut |bytes| {
            writer.append(bytes)?;
            progress(bytes.len() as u64);
            Ok(())
        })?;
        let stored = writer.finish(sums)?;
        self.buffer = Some(buffer);
        Ok(stored)
    }

    fn buffer(&mut self) -> Secret<Vec<u8>> {
        self.buffer.take().unwrap_or_else(|| Secret::new(vec![0; READ_BYTES]))
    }

    /// Begins an object that is written piece by piece; dropped before its end it never was.
    pub fn create_object(&mut self, pool: Pool) -> Result<ObjectWriter<'_, 's>, StoreError> {
        self.check()?;
        Ok(ObjectWriter::new(self, pool))
    }

    /// Takes an object out, or one use of it where the same content was put in more than once. Its key goes
    /// from the index at once, its bytes when nothing else lies in its packs.
    pub fn remove_object(&mut self, object: &RandomId) -> Result<(), StoreError> {
        let mut row = self.store.object_row(object)?;
        row.uses -= 1;
        if row.uses > 0 {
            return self.put(&row);
        }
        match &row.place {
            Place::Inline => self.fact(INLINE_KIND, object.as_bytes(), None)?,
            Place::Packs { extents, .. } => self.release(extents)?,
        }
        if row.pool == Pool::Items {
            self.fact(DIGEST_KIND, row.digest.as_bytes(), None)?;
        }
        self.delete::<ObjectRow>(&row.key())
    }

    /// Counts one more use of an object that is kept, so that it goes with the last of them.
    pub fn use_again(&mut self, object: &RandomId) -> Result<(), StoreError> {
        let mut row = self.store.object_row(object)?;
        row.uses += 1;
        self.put(&row)
    }

    /// Makes everything since `begin` true and last.
    pub fn commit(mut self) -> Result<(), StoreError> {
        self.check()?;
        if self.state == State::Untouched {
            return Ok(());
        }
        let dead = self.write_pack_rows()?;
        self.make_last()?;
        self.state = State::Done;
        // A pack that stays behind is unknown to the index, and removed when it is next opened.
        let _ = self.store.packs.remove(&dead);
        Ok(())
    }

    /// Makes one fact true, in the journal and in the index.
    pub(super) fn fact(&mut self, kind: &str, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        self.check()?;
        self.state = State::Failed;
        self.store.journal.push(kind, key, value)?;
        self.store.index.apply(kind, key, value)?;
        self.state = State::Changed;
        Ok(())
    }

    pub(super) fn appender(&self) -> Arc<Mutex<Appender>> {
        Arc::clone(&self.appender)
    }

    fn check(&self) -> Result<(), StoreError> {
        // The database may have ended the transaction by itself when a step failed.
        if self.state == State::Failed || self.store.index.is_idle() {
            Err(StoreError::Stopped)
        } else {
            Ok(())
        }
    }

    /// Takes an object of these extents out of the count of their packs.
    pub(super) fn release(&mut self, extents: &[Extent]) -> Result<(), StoreError> {
        for extent in extents {
            if lock(&self.appender).knows(&extent.pack) {
                continue;
            }
            if let Some(row) = self.store.get::<PackRow>(extent.pack.as_bytes())? {
                lock(&self.appender).load(row);
            }
        }
        lock(&self.appender).release(extents);
        Ok(())
    }

    fn write_pack_rows(&mut self) -> Result<Vec<RandomId>, StoreError> {
        let (rows, dead) = lock(&self.appender).outcome();
        for row in &rows {
            self.put(row)?;
        }
        for pack in &dead {
            self.delete::<PackRow>(pack.as_bytes())?;
        }
        Ok(dead)
    }

    /// Makes the packs last that this change wrote to, and notes what lies in them.
    pub(super) fn end_packs(&mut self) -> Result<(), StoreError> {
        self.check()?;
        self.write_pack_rows()?;
        self.state = State::Failed;
        // As in a commit: after a sync that failed nothing more is written.
        self.store.stopped = true;
        lock(&self.appender).sync()?;
        self.store.stopped = false;
        self.state = State::Changed;
        Ok(())
    }

    /// Takes the rows back and leaves the packs, for what was made of both elsewhere.
    pub(super) fn end_renewed(mut self) -> Result<(), StoreError> {
        self.state = State::Failed;
        self.store.index.roll_back()?;
        self.store.journal.cut(self.before)?;
        self.state = State::Done;
        Ok(())
    }

    fn make_last(&mut self) -> Result<(), StoreError> {
        self.state = State::Failed;
        // After a sync that failed nothing more is written: the system may have dropped what it could not write.
        self.store.stopped = true;
        lock(&self.appender).sync()?;
        let extent = self.store.journal.finish()?;
        self.store.index.set_journal_extent(extent)?;
        self.store.index.commit()?;
        self.store.stopped = false;
        Ok(())
    }

    /// Takes everything back. Where the index cannot say that it did not take the change in, or the journal cannot
    /// be cut for good, all is left for the next opening, which makes the change whole if its blocks are there: so
    /// the packs it lies in **never** go before the journal's cut is synced.
    fn roll_back(&mut self) {
        let taken_back = self.store.index.roll_back().is_ok()
            && self.store.index.journal_extent().is_ok_and(|extent| extent == self.before);
        if !taken_back || self.store.journal.cut(self.before).is_err() {
            self.store.stopped = true;
            return;
        }
        lock(&self.appender).roll_back();
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if self.state != State::Done {
            self.roll_back();
        }
    }
}

/// Reads a source to its end.
fn each_piece(
    source: &mut dyn Read,
    buffer: &mut Secret<Vec<u8>>,
    take: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    loop {
        let count = match source.read(buffer.expose_mut()) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(StoreError::Source(e)),
        };
        take(&buffer.expose()[..count])?;
    }
}

/// The appender: a panic elsewhere leaves it as it was between two writes.
pub(super) fn lock(appender: &Mutex<Appender>) -> MutexGuard<'_, Appender> {
    appender.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// How far a commit came before the machine stopped.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    Begun,
    PacksSynced,
    JournalTorn,
    JournalSynced,
}

#[cfg(test)]
impl Change<'_> {
    /// From now on the journal cannot be cut.
    pub(super) fn fail_journal(&mut self) {
        self.store.journal.fail();
    }

    /// The machine stops at this stage of a commit: nothing is taken back.
    pub(super) fn crash(mut self, stage: Stage) {
        let _ = self.write_pack_rows().unwrap();
        if !matches!(stage, Stage::Begun) {
            lock(&self.appender).sync().unwrap();
        }
        if matches!(stage, Stage::JournalTorn | Stage::JournalSynced) {
            self.store.journal.finish().unwrap();
            if matches!(stage, Stage::JournalTorn) {
                self.store.journal.tear();
            }
        }
        self.store.index.roll_back().unwrap();
        self.state = State::Done;
    }
}
