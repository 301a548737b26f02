//! Replicas: what is kept for a sister organisation, so that no single takedown loses it.
//!
//! A replica is checked as anybody can check a bundle who has no key, and lies in `replicas/`. It is neither logged nor
//! answered: a contributor must never get a receipt of a log whose card she does not hold. Of everything that is held
//! whole a list goes back with the medium; what was damaged since it came is not in it, and so comes again.
//!
//! The replicas together leave at least as much free as they take: who hands on too much does not keep the desk from
//! taking in.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::archive::{Archive, Shelf};
use super::carriers::Carriers;
use super::carry::{Carried, Medium, check_folder};
use super::gather::gather;
use super::mirror::HOLDS_FILE;
use super::stage::{Staged, no_room, stage_within};
use super::stored::whole;
use super::strays::id_of;
use super::{IntakeError, Reading, source};
use crate::bundle::BundleError;
use crate::crypto::hash::Digest;
use crate::format::holds::{Holds, IDS_MAX};
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

/// How every list of what is held begins, in whichever version.
const HOLDS_BEGIN: &[u8] = b"sanduq-holds/";

/// What became of one file on the medium.
#[derive(Debug)]
pub struct ReplicaOutcome {
    /// The file.
    pub path: PathBuf,
    /// What became of it.
    pub fate: ReplicaFate,
}

/// What became of a file that may be a bundle.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReplicaFate {
    /// It is kept now.
    Kept {
        /// The bundle's id.
        bundle: Digest,
    },
    /// It was kept before.
    Known {
        /// The bundle's id.
        bundle: Digest,
    },
    /// It does not hold; nothing of it is kept.
    Refused(BundleError),
    /// It could not be read or kept.
    Failed(IntakeError),
}

/// What is held after a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Replicas {
    /// The list on the medium.
    #[serde(serialize_with = "crate::format::path::one")]
    pub list: PathBuf,
    /// How many bundles are held whole, as the list says.
    pub held: usize,
    /// Those that were damaged since they came. They are not in the list, so they come again.
    pub damaged: Vec<Digest>,
}

/// A replica as it lies here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReplicaView {
    /// The bundle's id.
    pub bundle: Digest,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What was handed back.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// The bundles that now lie on the medium, each read back and checked.
    pub carried: Vec<Carried>,
    /// How many more did not fit.
    pub left: usize,
    /// Those that are not whole here, and so were not carried.
    pub damaged: Vec<Digest>,
}

impl Archive {
    /// Keeps the bundles in a folder and below, and lays the list of all that is held whole into it.
    pub fn keep_replicas(
        &mut self,
        dir: &Path,
        stop: &AtomicBool,
        report: &mut dyn FnMut(ReplicaOutcome),
    ) -> Result<Replicas, IntakeError> {
        check_folder(dir)?;
        check_place(&dir.join(HOLDS_FILE))?;
        let shelf = self.places.replicas();
        files::create_dir_all(shelf.folder())?;
        files::sweep(shelf.folder())?;
        let gathered = gather(dir, Some(shelf.folder()));
        for (path, error) in gathered.troubles {
            report(ReplicaOutcome { path, fate: ReplicaFate::Failed(error) });
        }
        let mut keeper = Keeper { taken: taken(&shelf)?, shelf: &shelf, whole: HashSet::new() };
        for file in gathered.files.into_iter().filter(|file| file.named) {
            let fate = keeper.keep(&file.path, stop).unwrap_or_else(ReplicaFate::Failed);
            report(ReplicaOutcome { path: file.path, fate });
        }
        let (held, damaged) = held(&shelf, &keeper.whole)?;
        let list = dir.join(HOLDS_FILE);
        lay_holds(&list, &held)?;
        Ok(Replicas { list, held: held.ids().len(), damaged })
    }
}

impl Reading {
    /// All replicas, in the order of their ids.
    pub fn replicas(&self) -> Result<Vec<ReplicaView>, IntakeError> {
        let views = on(&self.places.replicas())?.into_iter();
        Ok(views.map(|(bundle, _, bytes)| ReplicaView { bundle, bytes }).collect())
    }

    /// Writes replicas to a medium, as many as fit: these, or all of them where none is named.
    pub fn export_replicas(&self, dir: &Path, ids: &[Digest]) -> Result<Exported, IntakeError> {
        let mut bundles: Vec<(Digest, u64)> =
            self.replicas()?.into_iter().map(|view| (view.bundle, view.bytes)).collect();
        let known: HashSet<Digest> = bundles.iter().map(|(id, _)| *id).collect();
        if let Some(id) = ids.iter().find(|id| !known.contains(id)) {
            return Err(IntakeError::NoReplica { id: *id });
        }
        bundles.retain(|(id, _)| ids.is_empty() || ids.contains(id));
        let load = Medium::prepare(dir)?.load(&self.places.replicas(), &bundles)?;
        Ok(Exported { carried: load.carried, left: load.left, damaged: load.damaged })
    }
}

/// Keeps one file after another.
struct Keeper<'s> {
    shelf: &'s Shelf,
    /// Bytes of all replicas.
    taken: u64,
    /// Those that were read whole by now.
    whole: HashSet<Digest>,
}

impl Keeper<'_> {
    fn keep(&mut self, path: &Path, stop: &AtomicBool) -> Result<ReplicaFate, IntakeError> {
        let (shelf, taken) = (self.shelf, self.taken);
        let room = &mut |len| {
            // As much as leaves as much free as is taken then.
            let room = files::free_bytes(shelf.folder())?.saturating_sub(taken) / 2;
            if len > room { Err(no_room(path, len, room)) } else { Ok(()) }
        };
        match stage_within(shelf, &Carriers::default(), path, room, stop)? {
            Staged::Held { entry, id, copy } => {
                // In place of a damaged one, if one lies there: a whole one would not have been copied.
                copy.commit_replacing()?;
                self.taken = self.taken.saturating_add(entry.bytes());
                self.whole.insert(id);
                Ok(ReplicaFate::Kept { bundle: id })
            }
            Staged::Here { id, .. } => {
                self.whole.insert(id);
                Ok(ReplicaFate::Known { bundle: id })
            }
            Staged::Refused(reason) => Ok(ReplicaFate::Refused(reason)),
        }
    }
}

/// Id, path and length of every replica, in the order of their ids; none where there is no folder for them yet.
pub(super) fn on(shelf: &Shelf) -> Result<Vec<(Digest, PathBuf, u64)>, IntakeError> {
    let folder = shelf.folder();
    let trouble = |error| IntakeError::source(folder, error);
    let entries = match std::fs::read_dir(folder).map_err(trouble) {
        Ok(entries) => entries,
        Err(IntakeError::Vanished { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(trouble)?.path();
        if let Some(id) = id_of(&path) {
            let bytes = path.symlink_metadata().map_err(|error| IntakeError::source(&path, error))?.len();
            found.push((id, path, bytes));
        }
        if found.len() > IDS_MAX {
            return Err(IntakeError::TooMany { path: folder.to_path_buf(), limit: IDS_MAX });
        }
    }
    found.sort();
    Ok(found)
}

fn taken(shelf: &Shelf) -> Result<u64, IntakeError> {
    Ok(on(shelf)?.into_iter().fold(0, |sum: u64, (_, _, bytes)| sum.saturating_add(bytes)))
}

/// What is held whole, and what is not; `read` were read whole just now.
fn held(shelf: &Shelf, read: &HashSet<Digest>) -> Result<(Holds, Vec<Digest>), IntakeError> {
    let all = on(shelf)?.into_iter().map(|(id, path, _)| (id, path));
    let (held, damaged): (Vec<_>, Vec<_>) =
        all.partition(|(id, path)| read.contains(id) || whole(path, id).is_some());
    let ids = |found: Vec<(Digest, PathBuf)>| found.into_iter().map(|(id, _)| id);
    Ok((Holds::of(ids(held))?, ids(damaged).collect()))
}

/// What lies in the list's place is an older list, or nothing; anything else is not ours.
fn check_place(path: &Path) -> Result<(), IntakeError> {
    let occupied = || IntakeError::Store(StoreError::Exists { path: path.to_path_buf() });
    let file = match source::open(path) {
        Ok((file, _)) => file,
        Err(IntakeError::Vanished { .. }) => return Ok(()),
        Err(IntakeError::NotAFile { .. }) => return Err(occupied()),
        Err(error) => return Err(error),
    };
    let mut begin = Vec::new();
    let read = file.take(HOLDS_BEGIN.len() as u64).read_to_end(&mut begin);
    read.map_err(|error| IntakeError::source(path, error))?;
    if begin.is_empty() || begin == HOLDS_BEGIN { Ok(()) } else { Err(occupied()) }
}

fn lay_holds(path: &Path, holds: &Holds) -> Result<(), IntakeError> {
    let mut file = NewFile::begin(path)?.undated();
    let written = file.write_all(holds.to_string().as_bytes());
    written.map_err(|error| StoreError::io("write", path, error))?;
    Ok(file.commit_replacing()?)
}
