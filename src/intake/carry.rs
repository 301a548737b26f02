//! Bundles of the archive on a medium: which lie there, which fit, and how one is written.
//!
//! A bundle lies under the beginning of its id, as contributors carry theirs; where another file has that name, under a
//! longer one. Before it gets its name it is read back from the medium and checked as anybody can check it without a
//! key. The files have no date and are written in random order. What is not ours is left as it lies, and a medium is
//! never trusted: links and pipes on it lead nowhere.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::archive::Shelf;
use super::gather::NAMES_MAX;
use super::stage::{check_kept, copy_whole, no_room};
use super::{IntakeError, source};
use crate::bundle::Outer;
use crate::bundle::layout::{self, BUNDLE_ENDING};
use crate::crypto::hash::Digest;
use crate::crypto::random;
use crate::store::files::{self, CLUSTER_BYTES, MARGIN_BYTES, NewFile};
use crate::store::lock::Lock;

/// Room to leave free for a bundle's line in the list that comes back.
const LINE_BYTES: u64 = 65;

/// A bundle that lies on a medium.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Carried {
    /// The bundle's id.
    pub bundle: Digest,
    /// The file.
    #[serde(serialize_with = "crate::format::path::one")]
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether it lay there already, whole.
    pub already: bool,
}

/// What became of bundles that were to be carried.
#[derive(Debug, Default)]
pub(super) struct Load {
    /// Those that now lie there, each read back and checked.
    pub carried: Vec<Carried>,
    /// How many did not fit.
    pub left: usize,
    /// Those that are not whole in the archive itself.
    pub damaged: Vec<Digest>,
}

/// A folder on what people carry, looked at once.
#[derive(Debug)]
pub(super) struct Medium<'d> {
    dir: &'d Path,
    names: HashSet<OsString>,
    _held: Option<Lock>,
}

impl<'d> Medium<'d> {
    /// Makes the folder where it is missing, and sweeps it.
    pub fn prepare(dir: &'d Path) -> Result<Medium<'d>, IntakeError> {
        if dir.symlink_metadata().is_err() {
            files::create_dir_all(dir)?;
        }
        check_folder(dir)?;
        let held = files::sweep_medium(dir)?;
        Ok(Medium { dir, names: names_in(dir)?, _held: held })
    }

    /// The file in which this bundle lies here whole, if it does; anything else of its name is not ours.
    pub fn find(&self, id: &Digest) -> Option<PathBuf> {
        let mut names = names_of(id).into_iter().filter(|name| self.names.contains(name));
        names.find_map(|name| lies_whole(&self.dir.join(name), id))
    }

    /// Writes those of these bundles that do not lie here yet, as many as fit, the first of them first.
    pub fn load(&self, shelf: &Shelf, bundles: &[(Digest, u64)]) -> Result<Load, IntakeError> {
        let mut load = Load::default();
        let mut missing = Vec::new();
        for (id, bytes) in bundles.iter().copied() {
            if let Some(file) = self.find(&id) {
                load.carried.push(Carried { bundle: id, file, bytes, already: true });
            } else if let Some(name) = names_of(&id).into_iter().find(|name| !self.names.contains(name)) {
                missing.push(Carried { bundle: id, file: self.dir.join(name), bytes, already: false });
            } else {
                load.left += 1;
            }
        }
        load.left += self.fit(&mut missing, bundles.len(), load.carried.is_empty())?;
        random::shuffle(&mut missing);
        for one in missing {
            if write(shelf, &one)? {
                load.carried.push(one);
            } else {
                load.damaged.push(one.bundle);
            }
        }
        load.carried.sort_by_key(|one| one.bundle);
        load.damaged.sort();
        Ok(load)
    }

    /// Leaves out what does not fit, and says how many those are: one that is too large keeps no other from going.
    /// Nothing at all is an error, unless something lies there already.
    fn fit(
        &self,
        missing: &mut Vec<Carried>,
        lines: usize,
        nothing_there: bool,
    ) -> Result<usize, IntakeError> {
        let margin = MARGIN_BYTES + LINE_BYTES * lines as u64;
        let free = files::free_bytes(self.dir)?.saturating_sub(margin);
        let len_max = files::file_system(self.dir)?.file_bytes_max().unwrap_or(u64::MAX);
        let mut taken = 0u64;
        let (mut fitting, mut left) = (Vec::new(), Vec::new());
        for one in std::mem::take(missing) {
            let with_it = taken.saturating_add(one.bytes).saturating_add(CLUSTER_BYTES);
            if one.bytes <= len_max && with_it <= free {
                taken = with_it;
                fitting.push(one);
            } else {
                left.push(one);
            }
        }
        *missing = fitting;
        match left.first() {
            Some(one) if missing.is_empty() && nothing_there => {
                let (path, len) = (self.dir.to_path_buf(), one.bytes);
                let too_large = len > len_max;
                Err(if too_large {
                    IntakeError::FileTooLarge { path, len, len_max }
                } else {
                    no_room(&path, len + CLUSTER_BYTES + margin, free + margin)
                })
            }
            _ => Ok(left.len()),
        }
    }
}

/// The names that a bundle's file can have, the usual one first.
fn names_of(id: &Digest) -> [OsString; layout::CARRIED_NAMES] {
    layout::carried_names(id, BUNDLE_ENDING).map(OsString::from)
}

/// Refuses what is no folder.
pub(super) fn check_folder(dir: &Path) -> Result<(), IntakeError> {
    let path = dir.to_path_buf();
    match std::fs::metadata(dir) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(IntakeError::NotAFolder { path }),
        Err(error) => Err(IntakeError::source(dir, error)),
    }
}

fn names_in(dir: &Path) -> Result<HashSet<OsString>, IntakeError> {
    let trouble = |error| IntakeError::source(dir, error);
    let mut names = HashSet::new();
    for entry in std::fs::read_dir(dir).map_err(trouble)? {
        if names.len() >= NAMES_MAX {
            return Err(IntakeError::TooMany { path: dir.to_path_buf(), limit: NAMES_MAX });
        }
        names.insert(entry.map_err(trouble)?.file_name());
    }
    Ok(names)
}

fn lies_whole(path: &Path, id: &Digest) -> Option<PathBuf> {
    let (mut file, _) = source::open(path).ok()?;
    let outer = Outer::read(&mut file).ok();
    // Reading dated it; somebody else's file may keep that.
    let _ = files::undate(&file, path);
    outer.filter(|outer| outer.id() == *id).map(|_| path.to_path_buf())
}

/// Writes one bundle; false if it is not whole in the archive itself.
fn write(shelf: &Shelf, one: &Carried) -> Result<bool, IntakeError> {
    let from = shelf.bundle(&one.bundle);
    let (file, len) = match source::open(&from) {
        Ok(opened) => opened,
        Err(IntakeError::Vanished { .. } | IntakeError::NotAFile { .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    if len != one.bytes {
        return Ok(false);
    }
    let mut copy = NewFile::begin(&one.file)?.undated();
    let copied = copy_whole(&mut std::io::Read::take(file, len), &mut copy, &from, &AtomicBool::new(false));
    let written = match copied {
        Err(IntakeError::Source { .. }) => return Ok(false),
        other => other?,
    };
    copy.sync()?;
    if is_bundle(copy.reread()?, &one.bundle) {
        copy.commit()?;
        return Ok(true);
    }
    check_kept(&copy, written)?;
    Ok(false)
}

fn is_bundle(mut file: impl Read + Seek, id: &Digest) -> bool {
    Outer::read(&mut file).is_ok_and(|outer| outer.id() == *id)
}
