//! Parts of bundles, until there are enough of them: how each is kept, and what of its set is there.
//!
//! ```text
//! parts/<set id>/volume.txt          as every part of the set has it
//! parts/<set id>/parts-sha256.txt    the same
//! parts/<set id>/slices/0001         a slice that has the digest listed, under its name in the part
//! parts/<set id>/parity/0001         a parity
//! ```
//!
//! It is what `tar -x` makes of the parts, and `sha256sum -c` and `cat` work in it. A slice gets its name after it was
//! compared with the list and synced, so what has a name holds. Who brings parts cannot fill the disk: they may take as
//! much as stays free, and there may be so many sets. A set whose bundle was taken in is gone from here, and the ledger
//! knows whose it was.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::IntakeError;
use super::archive::{Archive, Places};
use super::outcome::Fate;
use super::source::Source;
use crate::bundle::BundleError;
use crate::bundle::missing::runs;
use crate::bundle::volume::{PARTS, Part, Set, VOLUME};
use crate::crypto::hash::Digest;
use crate::store::StoreError;
use crate::store::files::{self, NewFile, NewFolder};

/// Sets that wait for parts at one time.
pub const SETS_MAX: usize = 1024;

/// The folders of a set.
const FOLDERS: [&str; 2] = ["slices", "parity"];
/// Says why what a set was put together to is no bundle.
pub(super) const REFUSED: &str = "refused.txt";
/// Says that a set's parity does not fit its slices: only slices count.
pub(super) const PARITY_REFUSED: &str = "parity-refused.txt";

/// A set that waits for parts, as people and scripts read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SetView {
    /// The set's id.
    pub set: Digest,
    /// How long the bundle is that it makes.
    pub bytes: u64,
    /// How many parts there are.
    pub parts: u16,
    /// How many of them are needed.
    pub needed: u16,
    /// How many are here.
    pub there: usize,
    /// The numbers of those that are not: `3 16-160`.
    pub missing: String,
    /// Whether its parity does not fit its slices, so that every slice is needed.
    pub parity_refused: bool,
    /// Why what it was put together to was refused, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A set of which parts are kept.
#[derive(Debug)]
pub(super) struct HeldSet {
    /// Where they lie.
    pub dir: PathBuf,
    /// What the set is.
    pub set: Set,
    /// The numbers of the parts that are here.
    pub there: BTreeSet<u16>,
    /// Whether its parity is of no use.
    pub parity_refused: bool,
    /// Why it makes no bundle, if that was tried.
    pub refused: Option<String>,
}

impl HeldSet {
    /// What is kept of a set; nothing if none of it is.
    pub fn read(places: &Places, id: &Digest) -> Result<Option<HeldSet>, IntakeError> {
        let dir = places.set(id);
        if dir.symlink_metadata().is_err() {
            return Ok(None);
        }
        let damaged =
            || IntakeError::Damaged { what: "a set of parts is not as it was kept", path: dir.clone() };
        let text = |name: &str| std::fs::read(dir.join(name)).map_err(|_| damaged());
        let set = Set::parse(&text(VOLUME)?, &text(PARTS)?).map_err(|_| damaged())?;
        if set.id() != *id {
            return Err(damaged());
        }
        let there = |number: &u16| path_of(&dir, &set, *number).symlink_metadata().is_ok();
        let there = set.volume().numbers().filter(there).collect();
        let parity_refused = dir.join(PARITY_REFUSED).symlink_metadata().is_ok();
        let refused = std::fs::read_to_string(dir.join(REFUSED)).ok();
        Ok(Some(HeldSet { dir, set, there, parity_refused, refused }))
    }

    /// Where a part of it lies, or will.
    pub fn path(&self, number: u16) -> PathBuf {
        path_of(&self.dir, &self.set, number)
    }

    /// The slices of the bundle that are not here.
    pub fn slices_missing(&self) -> Vec<u16> {
        (1..=self.set.volume().slices()).filter(|slice| !self.there.contains(slice)).collect()
    }

    /// Whether there is enough to make the bundle of.
    pub fn is_enough(&self) -> bool {
        let enough = self.there.len() >= usize::from(self.set.volume().slices());
        enough && (!self.parity_refused || self.slices_missing().is_empty())
    }

    /// The numbers of all parts that are not here.
    pub fn missing(&self) -> BTreeSet<u16> {
        self.set.volume().numbers().filter(|number| !self.there.contains(number)).collect()
    }

    /// What is here and what is missing.
    pub fn view(&self) -> SetView {
        let volume = self.set.volume();
        SetView {
            set: self.set.id(),
            bytes: volume.len(),
            parts: volume.parts(),
            needed: volume.slices(),
            there: self.there.len(),
            missing: runs(&self.missing()),
            parity_refused: self.parity_refused,
            refused: self.refused.clone(),
        }
    }
}

fn path_of(dir: &Path, set: &Set, number: u16) -> PathBuf {
    dir.join(set.volume().name(number).as_str())
}

/// The sets of which parts are kept, by their ids.
pub(super) fn sets(places: &Places) -> Result<Vec<Digest>, IntakeError> {
    let folder = places.parts();
    let trouble = |error| IntakeError::source(&folder, error);
    let mut sets = Vec::new();
    if folder.symlink_metadata().is_err() {
        return Ok(sets);
    }
    for entry in std::fs::read_dir(&folder).map_err(trouble)? {
        sets.extend(
            entry.map_err(trouble)?.file_name().to_str().and_then(|name| name.parse::<Digest>().ok()),
        );
    }
    sets.sort();
    Ok(sets)
}

/// Removes what an interrupted writing left, and the sets of which nothing is here.
pub(super) fn sweep(places: &Places) -> Result<(), IntakeError> {
    files::sweep(&places.parts())?;
    for id in sets(places)? {
        let dir = places.set(&id);
        for folder in FOLDERS.map(|folder| dir.join(folder)) {
            if folder.is_dir() {
                files::sweep(&folder)?;
            }
        }
        if HeldSet::read(places, &id).is_ok_and(|held| held.is_some_and(|held| held.there.is_empty())) {
            files::remove_dir(&dir)?;
        }
    }
    Ok(())
}

/// How much more parts may take.
#[derive(Debug)]
pub(super) struct Room {
    sets: usize,
    taken: u64,
}

impl Room {
    /// What is taken now.
    pub fn now(places: &Places) -> Result<Room, IntakeError> {
        let sets = sets(places)?;
        let mut taken = 0_u64;
        for folder in sets.iter().flat_map(|id| FOLDERS.map(|folder| places.set(id).join(folder))) {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                taken = taken.saturating_add(entry.metadata().map_or(0, |data| data.len()));
            }
        }
        Ok(Room { sets: sets.len(), taken })
    }

    /// Counts one more slice, unless it would leave less free than all parts take.
    fn admit(&mut self, places: &Places, source: &Path, len: u64, new_set: bool) -> Result<(), IntakeError> {
        if new_set && self.sets >= SETS_MAX {
            return Err(IntakeError::TooManySets { path: source.to_path_buf(), limit: SETS_MAX });
        }
        let needed = self.taken.saturating_add(len.saturating_mul(2));
        let free = files::free_bytes(&places.parts())?;
        if needed > free {
            return Err(IntakeError::NoRoom { path: source.to_path_buf(), needed, free });
        }
        self.taken += len;
        self.sets += usize::from(new_set);
        Ok(())
    }
}

impl Archive {
    /// Keeps one part, if it holds and is not here.
    pub(super) fn take_part(
        &mut self,
        source: &Path,
        room: &mut Room,
        stop: &AtomicBool,
    ) -> Result<Fate, IntakeError> {
        let part = match self.open_part(source)? {
            Ok(part) => part,
            Err(reason) => return Ok(Fate::PartRefused { set: None, number: None, reason }),
        };
        let (id, number) = (part.set().id(), part.number());
        if let Some(row) = self.ledger.bundle_of_set(&id)? {
            return Ok(Fate::Known { bundle: row.id, leaf: row.leaf });
        }
        let held = HeldSet::read(&self.places, &id)?;
        if held.is_none()
            && let Ok(part) = self.open_part(source)?
            && let Some(row) = self.came_otherwise(part)?
        {
            return Ok(Fate::Known { bundle: row.id, leaf: row.leaf });
        }
        if let Some(held) = held.as_ref().filter(|held| held.there.contains(&number)) {
            return Ok(fate(held, number, false));
        }
        room.admit(&self.places, source, part.set().volume().slice_len(), held.is_none())?;
        if held.is_none() {
            self.begin_set(part.set())?;
        }
        match self.copy_part(part, source, stop) {
            Ok(None) => {}
            Ok(Some(reason)) => {
                // Else a part that does not hold would leave a set of which nothing is here.
                sweep_empty(&self.places, &id)?;
                return Ok(Fate::PartRefused { set: Some(id), number: Some(number), reason });
            }
            Err(error) => {
                sweep_empty(&self.places, &id)?;
                return Err(error);
            }
        }
        let held = HeldSet::read(&self.places, &id)?;
        Ok(fate(&held.expect("a part of it was kept just now"), number, true))
    }

    /// Reads a part up to its slice, or says why it is none.
    fn open_part(&self, source: &Path) -> Result<Result<Part<BufReader<Source>>, BundleError>, IntakeError> {
        let (file, _) = self.carriers.open(source)?;
        match Part::open(BufReader::with_capacity(BUFFER_BYTES, file)) {
            Err(BundleError::Io(error)) => Err(IntakeError::source(source, error)),
            part => Ok(part),
        }
    }

    /// Makes the folder of a set, whole or not at all.
    fn begin_set(&self, set: &Set) -> Result<(), IntakeError> {
        let folder = NewFolder::begin(&self.places.parts())?;
        files::write_new_undated(&folder.path().join(VOLUME), set.volume().to_string().as_bytes())?;
        files::write_new_undated(&folder.path().join(PARTS), set.list().to_string().as_bytes())?;
        for name in FOLDERS {
            files::create_dir(&folder.path().join(name))?;
        }
        Ok(folder.commit(&self.places.set(&set.id()))?)
    }

    /// Copies a part's slice under its name; gives why it was refused, if it was.
    fn copy_part(
        &self,
        part: Part<BufReader<Source>>,
        source: &Path,
        stop: &AtomicBool,
    ) -> Result<Option<BundleError>, IntakeError> {
        let path = path_of(&self.places.set(&part.set().id()), part.set(), part.number());
        let mut copy = NewFile::begin(&path)?.undated();
        let mut failed = None;
        let copied = part.copy(&mut |piece| {
            if stop.load(Ordering::Relaxed) {
                failed = Some(IntakeError::Stopped);
                return Err(io::ErrorKind::Other.into());
            }
            copy.write_all(piece).map_err(|error| {
                let kind = error.kind();
                failed = Some(StoreError::io("write", &path, error).into());
                kind.into()
            })
        });
        match (copied, failed) {
            (_, Some(error)) => Err(error),
            (Ok(_), None) => {
                copy.commit()?;
                Ok(None)
            }
            (Err(BundleError::Io(error)), None) => Err(IntakeError::source(source, error)),
            (Err(reason), None) => Ok(Some(reason)),
        }
    }
}

/// How much of a part is read at once.
const BUFFER_BYTES: usize = 1 << 18;

fn fate(held: &HeldSet, number: u16, fresh: bool) -> Fate {
    let volume = held.set.volume();
    Fate::Part {
        set: held.set.id(),
        number,
        parts: volume.parts(),
        there: held.there.len(),
        needed: volume.slices(),
        fresh,
    }
}

fn sweep_empty(places: &Places, id: &Digest) -> Result<(), IntakeError> {
    match HeldSet::read(places, id)? {
        Some(held) if held.there.is_empty() => Ok(files::remove_dir(&held.dir)?),
        _ => Ok(()),
    }
}
