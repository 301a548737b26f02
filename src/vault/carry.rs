//! Carrying sealed bundles out: onto a stick, a card, into a folder that is sent by mail.
//!
//! Every bundle that is not yet acknowledged is written, under the beginning of its id, which is public and tells
//! nothing. Before it gets its name it is read back from the medium and checked as anybody can check it without a
//! key. What lies there already, whole, is left as it is; a different file of that name is never overwritten. The
//! files have no date, and lie on the medium in random order: they do not tell when or in which order they were made.
//! With volumes, what is longer goes in parts (`carry_parts`), as many as there is room for.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::carry_parts::ExportedPart;
use super::manner::{Covered, Input, Manner};
use super::rows::Delivery;
use super::volumes::{PartsView, Volumes};
use super::{FollowsView, MediumProblem, Progress, Vault, VaultError, medium};
use crate::bundle::layout::{BUNDLE_ENDING, CARRIED_NAMES, carried_names};
use crate::bundle::{BundleError, Outer};
use crate::crypto::{Digest, random};
use crate::custody::Event;
use crate::format::time::Time;
use crate::store::files::{self, CLUSTER_BYTES};

/// Bytes copied at once.
const CHUNK_BYTES: usize = 1 << 20;

/// How far a delivery came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// Sealed; it lies in the outbox.
    Sealed,
    /// Written to a medium at least once.
    Carried,
    /// The organisation's receipt is held.
    Received,
}

/// One delivery.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryView {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// How far it came.
    pub state: DeliveryState,
    /// When it was sealed, RFC 3339.
    pub sealed_at: String,
    /// The items in it.
    pub items: Vec<u64>,
    /// The bundle's size.
    pub bytes: u64,
    /// What it does to an earlier bundle, if it follows up on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<FollowsView>,
    /// How far its parts came, if it was cut into parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<PartsView>,
}

/// What `export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportOutcome {
    /// The bundles that now lie in the folder, each read back and verified, oldest first.
    pub bundles: Vec<Exported>,
    /// The parts that now lie there, each read back and verified.
    pub parts: Vec<ExportedPart>,
    /// How many bundles did not fit.
    pub left: usize,
    /// How many parts did not fit: they go next time.
    pub parts_left: usize,
}

/// One bundle on a medium.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// The file.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it lay there already, whole.
    pub already: bool,
}

impl Vault {
    /// Writes every bundle without a receipt into `dir`, reads each back and verifies it.
    ///
    /// Room and the largest file the medium takes are checked first, for all of them together.
    pub fn export(
        &mut self,
        dir: &Path,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        self.export_as(dir, &Manner::default(), now, progress)
    }

    /// As [`Vault::export`], with bundles cut into parts where they are longer than these allow: then as much is
    /// written as there is room for.
    pub fn export_in(
        &mut self,
        dir: &Path,
        volumes: Option<&Volumes>,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        self.export_as(dir, &Manner { volumes: volumes.copied(), ..Manner::default() }, now, progress)
    }

    /// As [`Vault::export_in`], in any manner.
    pub fn export_as(
        &mut self,
        dir: &Path,
        manner: &Manner,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        let to = manner.to.map(|to| self.contact(to)).transpose()?.map(|contact| contact.name);
        let manner = Manner { to: to.as_deref(), ..*manner };
        let load = if manner.volumes.is_some() { Load::AllThatFit } else { Load::All };
        self.check_one_contact(&manner)?;
        let _held = medium::prepare(dir)?;
        let covered = Covered::look(dir, &manner)?;
        medium::on(dir, self.load((dir, &covered), load, &manner, now, progress))
    }

    /// A desk takes in every bundle that lies before it, also what is for others: from one folder it would learn that
    /// there are others, and the log of each would hold what went to all.
    fn check_one_contact(&self, manner: &Manner) -> Result<(), VaultError> {
        let waiting = self.waiting(Load::All, manner)?;
        let contacts: BTreeSet<&str> = waiting.iter().map(|delivery| delivery.to.as_str()).collect();
        if contacts.len() > 1 {
            Err(VaultError::ForSeveral { disguised: manner.carrier.is_some() })
        } else {
            Ok(())
        }
    }

    /// As [`Vault::export_as`], into a folder that is prepared, and of which the carriers were looked at.
    pub(super) fn load(
        &mut self,
        (dir, covered): (&Path, &Covered),
        load: Load,
        manner: &Manner,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        let volumes = manner.volumes();
        let (whole, cut): (Vec<Delivery>, Vec<Delivery>) = self
            .waiting(load, manner)?
            .into_iter()
            .partition(|delivery| volumes.is_none_or(|volumes| volumes.take_whole(delivery.len)));
        if !cut.is_empty() {
            // Each kind is counted by itself from here on.
            manner.check_name(dir, whole.len() + 1)?;
        }
        // Where something else may go, a bundle that does not fit is no trouble yet.
        let alone = cut.is_empty();
        let mut outcome = self.load_whole((dir, covered), (load, manner), (whole, alone), now, progress)?;
        if let Some(volumes) = volumes {
            let carried = self
                .load_parts((dir, covered), cut, (&volumes, manner), now, progress)
                .map_err(|error| manner.told(error))?;
            (outcome.parts, outcome.parts_left) = (carried.parts, carried.left);
        }
        Ok(outcome)
    }

    fn load_whole(
        &mut self,
        (dir, covered): (&Path, &Covered),
        (load, manner): (Load, &Manner),
        (waiting, alone): (Vec<Delivery>, bool),
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExportOutcome, VaultError> {
        let mut carried = Vec::new();
        let mut missing = Vec::new();
        let numbers: HashMap<String, u64> =
            waiting.iter().map(|delivery| (delivery.bundle.to_string(), delivery.number)).collect();
        for delivery in waiting {
            match load.place((dir, covered), manner, &delivery)? {
                Place::Whole(there) => carried.push((delivery, there)),
                Place::Free(path) => missing.push((delivery, path)),
            }
        }
        let left = load.fit((dir, manner), &mut missing, carried.len(), alone)?;
        manner.check_name(dir, missing.len())?;
        progress.start(2 * missing.iter().map(|(delivery, _)| delivery.len).sum::<u64>());
        let mut outcome = ExportOutcome { left, ..Default::default() };
        for (delivery, there) in carried {
            if delivery.state == DeliveryState::Sealed {
                self.note_carried(delivery, now)?;
            }
            outcome.bundles.push(there);
        }
        random::shuffle(&mut missing);
        for (delivery, path) in missing {
            outcome.bundles.push(self.carry(path, manner, &delivery, progress)?);
            self.note_carried(delivery, now)?;
        }
        outcome.bundles.sort_by_key(|exported| numbers.get(&exported.bundle));
        Ok(outcome)
    }

    fn note_carried(&mut self, mut delivery: Delivery, now: Time) -> Result<(), VaultError> {
        delivery.state = DeliveryState::Carried;
        let mut change = self.begin()?;
        change.put(&delivery)?;
        change.commit(Event::Export { bundle: delivery.bundle }, now)
    }

    /// Deliveries that no receipt acknowledges yet, oldest first.
    fn waiting(&self, load: Load, manner: &Manner) -> Result<Vec<Delivery>, VaultError> {
        let mut waiting = self.store.all::<Delivery>()?;
        waiting.retain(|delivery| {
            let wanted = load.takes(delivery) && manner.to.is_none_or(|to| delivery.to == to);
            wanted && delivery.state != DeliveryState::Received
        });
        waiting.sort_by_key(|delivery| delivery.number);
        Ok(waiting)
    }

    fn carry(
        &self,
        path: PathBuf,
        manner: &Manner,
        delivery: &Delivery,
        progress: &mut dyn Progress,
    ) -> Result<Exported, VaultError> {
        let object = delivery.object.ok_or_else(|| VaultError::damaged("outbox"))?;
        let mut sealed = self.store.open_object(&object)?;
        let mut file = manner.begin(&path)?;
        if copy(&mut sealed, &path, &mut file, progress)? != delivery.len {
            return Err(VaultError::damaged("outbox"));
        }
        let mut file = file.finish(delivery.len).map_err(|error| medium::failed("write", &path, error))?;
        file.sync()?;
        let read = manner.open(file.reread()?).map_err(|error| medium::failed("read", &path, error))?;
        check_written(&path, read, delivery, progress)?;
        file.commit()?;
        exported(delivery, path, false)
    }
}

/// What of the waiting bundles is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Load<'t> {
    /// Every one, or none where they do not all fit.
    All,
    /// Every one, as many as fit, the oldest first.
    AllThatFit,
    /// Those to one contact, as many as fit, the oldest first. Where another file has the name of one, it gets a
    /// longer name: a bundle that was cut short on the way must not keep the whole one from going.
    To(&'t str),
}

/// Where a bundle lies on a medium, or can.
enum Place {
    Whole(Exported),
    Free(PathBuf),
}

impl Load<'_> {
    fn takes(self, delivery: &Delivery) -> bool {
        match self {
            Load::All | Load::AllThatFit => true,
            Load::To(to) => delivery.to == to,
        }
    }

    fn place(
        self,
        (dir, covered): (&Path, &Covered),
        manner: &Manner,
        delivery: &Delivery,
    ) -> Result<Place, VaultError> {
        if manner.carrier.is_some() {
            return match find_carrier(covered, manner, delivery)? {
                Some(there) => Ok(Place::Whole(there)),
                None => manner.carrier_path(dir).map(Place::Free),
            };
        }
        let names = match self {
            Load::All | Load::AllThatFit => 1,
            Load::To(_) => CARRIED_NAMES,
        };
        let paths =
            manner.chosen(dir).map_or_else(|| paths(dir, &delivery.bundle).to_vec(), |path| vec![path]);
        let mut free = None;
        let mut occupied = None;
        for path in paths.into_iter().take(names) {
            match find(&path, delivery) {
                Ok(Some(there)) => return Ok(Place::Whole(there)),
                Ok(None) => free = free.or(Some(path)),
                Err(error) => occupied = Some(error),
            }
        }
        match (free, occupied) {
            (Some(path), _) => Ok(Place::Free(path)),
            (None, Some(error)) => Err(error),
            (None, None) => Err(VaultError::damaged("outbox")),
        }
    }

    /// Leaves out what does not fit beside those that lie there, and says how many those are. Nothing at all is an error,
    /// unless something lies there already or may still go.
    fn fit(
        self,
        (dir, manner): (&Path, &Manner),
        missing: &mut Vec<(Delivery, PathBuf)>,
        lying: usize,
        alone: bool,
    ) -> Result<usize, VaultError> {
        let check = |first: usize| check_medium((dir, manner), &missing[..first], lying);
        if let Load::All = self {
            return check(missing.len()).map(|()| 0);
        }
        let mut fitting = 0;
        while fitting < missing.len() && check(fitting + 1).is_ok() {
            fitting += 1;
        }
        if fitting == 0 && lying == 0 && alone && !missing.is_empty() {
            check(1)?;
        }
        let left = missing.len() - fitting;
        missing.truncate(fitting);
        Ok(left)
    }
}

/// The files that a bundle can be carried in, the usual one first.
fn paths(dir: &Path, bundle: &Digest) -> [PathBuf; CARRIED_NAMES] {
    carried_names(bundle, BUNDLE_ENDING).map(|name| dir.join(name))
}

/// The bundle in this file, if it is whole.
fn find(path: &Path, delivery: &Delivery) -> Result<Option<Exported>, VaultError> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(None) };
    let occupied = || medium::problem(path, MediumProblem::Occupied);
    if !metadata.is_file() || metadata.len() != delivery.len {
        return Err(occupied());
    }
    let file = File::open(path).map_err(|error| medium::failed("read", path, error))?;
    let found = holds(&mut &file, delivery).map_err(|error| medium::failed("read", path, error))?;
    // Reading dated it; somebody else's file may keep that.
    let _ = files::undate(&file, path);
    if !found {
        return Err(occupied());
    }
    exported(delivery, path.to_path_buf(), true).map(Some)
}

/// The carrier in which a bundle lies whole, if it does.
fn find_carrier(
    covered: &Covered,
    manner: &Manner,
    delivery: &Delivery,
) -> Result<Option<Exported>, VaultError> {
    for path in covered.bundle(&delivery.bundle) {
        let failed = |error| medium::failed("read", path, error);
        let file = File::open(path).map_err(failed)?;
        let again = file.try_clone().map_err(failed)?;
        let found = holds(&mut manner.open(file).map_err(failed)?, delivery).map_err(failed)?;
        let _ = files::undate(&again, path);
        if found {
            return exported(delivery, path.clone(), true).map(Some);
        }
    }
    Ok(None)
}

/// The file of a bundle on a medium, if it lies there whole; anything else of its name is not ours.
pub(super) fn lies_whole(dir: &Path, delivery: &Delivery) -> Option<PathBuf> {
    let mut paths = paths(dir, &delivery.bundle).into_iter();
    paths.find(|path| find(path, delivery).is_ok_and(|there| there.is_some()))
}

/// The files that have a bundle's names and are not longer: the bundle, or what is left of it where it was damaged.
pub(super) fn lying_under_its_names(dir: &Path, delivery: &Delivery) -> impl Iterator<Item = PathBuf> {
    let len = delivery.len;
    let fits = move |path: &PathBuf| {
        path.symlink_metadata().is_ok_and(|about| about.is_file() && about.len() <= len)
    };
    paths(dir, &delivery.bundle).into_iter().filter(fits)
}

/// Refuses to begin what does not fit beside the answers to it, and to those that lie there.
fn check_medium(
    (dir, manner): (&Path, &Manner),
    missing: &[(Delivery, PathBuf)],
    lying: usize,
) -> Result<(), VaultError> {
    let lens = || missing.iter().map(|(delivery, _)| manner.len_max(delivery.len));
    lens().try_for_each(|len| medium::check_len(dir, len))?;
    let files: u64 = lens().map(|len| len.next_multiple_of(CLUSTER_BYTES)).sum();
    medium::check_room(dir, files + medium::answers_len(lying + missing.len()))
}

/// Copies an object to a medium, and says how many bytes it has. Whether they are the bundle shows where they are read back.
fn copy(
    from: &mut dyn Read,
    path: &Path,
    to: &mut dyn Write,
    progress: &mut dyn Progress,
) -> Result<u64, VaultError> {
    let mut len = 0;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut chunk).map_err(|_| VaultError::damaged("outbox"))?;
        if count == 0 {
            return Ok(len);
        }
        to.write_all(&chunk[..count]).map_err(|error| medium::failed("write", path, error))?;
        progress.advance(count as u64);
        len += count as u64;
    }
}

/// Whether this is the bundle, whole, as anybody can see who has no key.
fn holds(file: &mut (impl Read + Seek), delivery: &Delivery) -> io::Result<bool> {
    match Outer::read(file) {
        Ok(outer) => Ok(outer.id() == delivery.bundle),
        Err(BundleError::Io(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Reads back what was written.
fn check_written(
    path: &Path,
    mut written: Input<impl Read + Seek>,
    delivery: &Delivery,
    progress: &mut dyn Progress,
) -> Result<(), VaultError> {
    let whole = holds(&mut written, delivery).unwrap_or(false);
    progress.advance(delivery.len);
    if whole { Ok(()) } else { Err(medium::problem(path, MediumProblem::ReadsBackDifferently)) }
}

fn exported(delivery: &Delivery, path: PathBuf, already: bool) -> Result<Exported, VaultError> {
    let bytes = path.metadata().map_err(|error| medium::failed("inspect", &path, error))?.len();
    let (bundle, to) = (delivery.bundle.to_string(), delivery.to.clone());
    Ok(Exported { bundle, to, path, bytes, already })
}
