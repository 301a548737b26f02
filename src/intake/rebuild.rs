//! A bundle made of its parts: slices that are missing are computed from parity, each is compared with the list, and what
//! they make together is taken in as any bundle is.
//!
//! ```text
//! slices that are missing, computed, compared, synced, named      as if they had been brought
//! the bundle, from all slices, under a temporary name             every slice compared again
//! its checks, its name, its row, its leaf                         as for a bundle that came whole
//! whose set it was, in the ledger; the parts removed              a part of it that comes later is known
//! ```
//!
//! A kill between any two of these leaves a set that is tried again by the next `accept`. Where the parity gives other
//! slices than the list names, whoever made the set lied or erred: then the parity counts no more, and the slices
//! themselves are waited for.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::IntakeError;
use super::archive::Archive;
use super::outcome::{Fate, Outcome};
use super::parts::{HeldSet, PARITY_REFUSED, REFUSED, Room, sets};
use super::stage::{Brought, Staged, check};
use crate::bundle::{BundleError, parity};
use crate::crypto::checksum::Checksum;
use crate::crypto::hash::{Digest, Hasher};
use crate::format::time::Time;
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

const BUFFER_BYTES: usize = 1 << 20;

/// What a set was made to.
enum Made {
    /// Its bundle, checked.
    Staged(Staged),
    /// A slice that lay here has changed since it was kept; it is gone now.
    Changed(u16),
    /// The parity does not fit.
    ParityRefused,
}

impl Archive {
    /// Keeps parts, and makes the bundles of those sets of which enough is here.
    pub(super) fn take_parts(
        &mut self,
        sources: &[PathBuf],
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        if sources.is_empty() {
            return Ok(());
        }
        let mut room = Room::now(&self.places)?;
        let mut touched: BTreeMap<Digest, PathBuf> = BTreeMap::new();
        for path in sources {
            let fate = self.take_part(path, &mut room, stop).unwrap_or_else(Fate::Failed);
            if let Fate::Part { set, .. } = fate {
                touched.insert(set, path.clone());
            }
            report(Outcome { path: path.clone(), fate });
        }
        touched.iter().try_for_each(|(set, path)| self.complete(set, path, now, stop, report))
    }

    /// Makes the bundles of all sets of which enough is here: what a kill left.
    pub(super) fn take_whole_sets(
        &mut self,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        for set in sets(&self.places)? {
            let path = self.places.set(&set);
            self.complete(&set, &path, now, stop, report)?;
        }
        Ok(())
    }

    /// Makes the bundle of a set, if enough of it is here. `path` is what its fate is told of.
    fn complete(
        &mut self,
        set: &Digest,
        path: &Path,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        if self.ledger.bundle_of_set(set)?.is_some() {
            return self.remove_set(set);
        }
        let held = match HeldSet::read(&self.places, set) {
            Ok(Some(held)) if held.is_enough() && held.refused.is_none() => held,
            Ok(_) => return Ok(()),
            Err(error) => {
                report(Outcome { path: path.to_path_buf(), fate: Fate::Failed(error) });
                return Ok(());
            }
        };
        let refused = |number, reason| Fate::PartRefused { set: Some(*set), number, reason };
        self.unsettle()?;
        let fate = match self.make(&held, stop) {
            Ok(Made::Staged(Staged::Refused(reason))) => {
                files::replace(&held.dir.join(REFUSED), format!("{reason}\n").as_bytes())?;
                refused(None, reason)
            }
            Ok(Made::Staged(staged)) => return self.settle_set(set, path, staged, now, report),
            Ok(Made::ParityRefused) => refused(None, BundleError::Parity { set: *set }),
            Ok(Made::Changed(number)) => {
                let what = "a part that was kept has changed since; bring it again";
                Fate::Failed(IntakeError::Damaged { what, path: held.path(number) })
            }
            Err(error) => {
                self.strays = true;
                Fate::Failed(error)
            }
        };
        report(Outcome { path: path.to_path_buf(), fate });
        Ok(())
    }

    /// Takes in the bundle that a set made, remembers whose set it was, and lets its parts go.
    fn settle_set(
        &mut self,
        set: &Digest,
        path: &Path,
        staged: Staged,
        now: Time,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<(), IntakeError> {
        let mut taken = None;
        self.settle_bundles(vec![(path.to_path_buf(), Ok(Brought::Bundle(staged)))], now, &mut |outcome| {
            if let Fate::Accepted { bundle, .. } | Fate::Known { bundle, .. } = outcome.fate {
                taken = Some(bundle);
            }
            report(outcome);
        })?;
        let Some(bundle) = taken else { return Ok(()) };
        self.ledger.note_set(set, &bundle)?;
        self.remove_set(set)?;
        self.let_go_sets_of(&bundle)
    }

    pub(super) fn remove_set(&self, set: &Digest) -> Result<(), IntakeError> {
        let dir = self.places.set(set);
        if dir.symlink_metadata().is_ok() { Ok(files::remove_dir(&dir)?) } else { Ok(()) }
    }

    fn make(&self, held: &HeldSet, stop: &AtomicBool) -> Result<Made, IntakeError> {
        let volume = held.set.volume();
        let missing = held.slices_missing();
        let needed = volume.len() + missing.len() as u64 * volume.slice_len();
        let free = files::free_bytes(self.places.bundles().folder())?;
        if needed > free {
            return Err(IntakeError::NoRoom { path: held.dir.clone(), needed, free });
        }
        if !missing.is_empty()
            && let Some(spoilt) = rebuild(held, &missing, stop)?
        {
            return Ok(spoilt);
        }
        self.join(held, stop)
    }

    /// Writes the bundle from its slices, each compared with the list once more.
    fn join(&self, held: &HeldSet, stop: &AtomicBool) -> Result<Made, IntakeError> {
        let volume = held.set.volume();
        let path = self.places.bundles().bundle(&held.set.id());
        let mut copy = NewFile::begin(&path)?.undated();
        let mut joined = Checksum::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        for slice in 1..=volume.slices() {
            let (mut file, mut hasher, mut at) = (open(&held.path(slice))?, Hasher::new(), 0);
            loop {
                go_on(stop)?;
                let count = file
                    .read(&mut buffer)
                    .map_err(|error| StoreError::io("read", &held.path(slice), error))?;
                if count == 0 {
                    break;
                }
                hasher.update(&buffer[..count]);
                let content = volume.content_len(slice).saturating_sub(at).min(count as u64) as usize;
                copy.write_all(&buffer[..content]).map_err(|error| StoreError::io("write", &path, error))?;
                joined.update(&buffer[..content]);
                at += count as u64;
            }
            if hasher.finish() != held.set.digest(slice) {
                return changed(held, slice);
            }
        }
        copy.sync()?;
        Ok(Made::Staged(check(&self.places.bundles(), copy, joined.finish())?))
    }
}

/// Computes missing slices and keeps them as if they had been brought; says what kept it from that.
fn rebuild(held: &HeldSet, missing: &[u16], stop: &AtomicBool) -> Result<Option<Made>, IntakeError> {
    let volume = held.set.volume();
    let from: Vec<u16> = held.there.iter().copied().take(usize::from(volume.slices())).collect();
    let mut read: BTreeMap<u16, Hasher> = from.iter().map(|number| (*number, Hasher::new())).collect();
    let mut made = BTreeMap::new();
    for slice in missing {
        made.insert(*slice, (NewFile::begin(&held.path(*slice))?.undated().one_of_many(), Hasher::new()));
    }
    let failed = RefCell::new(None);
    let fail = |error: IntakeError| {
        *failed.borrow_mut() = Some(error);
        io::Error::from(io::ErrorKind::Other)
    };
    let result = parity::rebuild(
        volume,
        &from,
        &mut |number, at, piece| {
            go_on(stop).map_err(&fail)?;
            let path = held.path(number);
            let mut read_piece = || {
                let mut file = File::open(&path)?;
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(piece)
            };
            read_piece().map_err(|error| fail(StoreError::io("read", &path, error).into()))?;
            read.entry(number).or_default().update(piece);
            Ok(())
        },
        &mut |slice, piece| {
            let Some((file, hasher)) = made.get_mut(&slice) else { return Ok(()) };
            hasher.update(piece);
            let path = held.path(slice);
            file.write_all(piece).map_err(|error| fail(StoreError::io("write", &path, error).into()))
        },
    );
    if let Err(error) = result {
        return Err(failed.take().unwrap_or_else(|| IntakeError::source(&held.dir, error)));
    }
    // Before anybody is said to have lied: what was read is what was kept.
    for (number, hasher) in read {
        if hasher.finish() != held.set.digest(number) {
            return changed(held, number).map(Some);
        }
    }
    let mut named = Vec::new();
    for (slice, (file, hasher)) in made {
        if hasher.finish() != held.set.digest(slice) {
            files::replace(
                &held.dir.join(PARITY_REFUSED),
                b"the parity of this set does not fit its slices\n",
            )?;
            return Ok(Some(Made::ParityRefused));
        }
        named.push(file);
    }
    for file in named {
        file.commit()?;
    }
    Ok(None)
}

/// A part that changed while it lay here is waited for anew.
fn changed(held: &HeldSet, number: u16) -> Result<Made, IntakeError> {
    files::remove(&held.path(number))?;
    Ok(Made::Changed(number))
}

fn open(path: &Path) -> Result<File, IntakeError> {
    File::open(path).map_err(|error| StoreError::io("read", path, error).into())
}

fn go_on(stop: &AtomicBool) -> Result<(), IntakeError> {
    if stop.load(Ordering::Relaxed) { Err(IntakeError::Stopped) } else { Ok(()) }
}
