//! Carrying the parts of bundles onto a stick: which go next, which lie there already, and how each is written.
//!
//! Every part is synced, read back from the medium and checked against the list of its set before it gets its name,
//! which is the beginning of a digest of set and number, and tells nothing. As many go as there is room for; the others
//! go next time. What was carried is counted also where writing fails half-way.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::carry::DeliveryState;
use super::manner::{Covered, Input, Manner, Output};
use super::rows::Delivery;
use super::volumes::{Parted, Volumes, read_piece};
use super::{MediumProblem, Progress, Vault, VaultError, medium};
use crate::bundle::layout::{CARRIED_NAMES, carried_names};
use crate::bundle::volume::{PART_ENDING, Part, Set};
use crate::bundle::{BundleError, parity};
use crate::crypto::random;
use crate::custody::Event;
use crate::format::archive::Writer;
use crate::format::time::Time;
use crate::store::files::{self, CLUSTER_BYTES};

/// One part on a medium.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedPart {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// Its number.
    pub number: u16,
    /// How many parts there are.
    pub parts: u16,
    /// The file.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it lay there already, whole.
    pub already: bool,
}

/// What of parts was carried.
#[derive(Debug, Default)]
pub(super) struct CarriedParts {
    /// Those that lie there now.
    pub parts: Vec<ExportedPart>,
    /// How many more there are.
    pub left: usize,
}

/// A part that is to be written: which set, which number, under which name.
struct Wanted {
    at: usize,
    number: u16,
    path: PathBuf,
}

impl Vault {
    /// Writes as many parts of these bundles as there is room for, those first that were carried least often.
    pub(super) fn load_parts(
        &mut self,
        (dir, covered): (&Path, &Covered),
        deliveries: Vec<Delivery>,
        (volumes, manner): (&Volumes, &Manner),
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<CarriedParts, VaultError> {
        let mut sets = Vec::new();
        for delivery in deliveries {
            sets.push(self.parted(delivery, volumes, progress)?);
        }
        let (mut there, mut wanted) = (Vec::new(), Vec::new());
        for (at, parted) in sets.iter().enumerate() {
            for number in parted.open() {
                match place((dir, covered), manner, &parted.set, number)? {
                    Place::Whole(path) => there.push((at, number, path)),
                    Place::Free(path) => wanted.push(Wanted { at, number, path }),
                }
            }
        }
        wanted.sort_by_key(|one| {
            let parted = &sets[one.at];
            (parted.carried(one.number), parted.delivery.number, one.number)
        });
        let left = fit(dir, manner, &sets, &mut wanted, there.is_empty())?;
        manner.check_name(dir, wanted.len())?;
        let bytes = wanted.iter().map(|one| sets[one.at].set.volume().part_len()).sum::<u64>();
        progress.start(2 * bytes);
        let mut written = Vec::new();
        let result = self.write_parts(&sets, manner, wanted, &mut written, progress);
        let parts = there.iter().map(|(at, number, path)| exported(&sets[*at], *number, path.clone(), true));
        let mut parts: Vec<ExportedPart> = parts.collect();
        parts.extend(written.iter().map(|one| exported(&sets[one.at], one.number, one.path.clone(), false)));
        let mut counted = Vec::new();
        for (at, parted) in sets.iter_mut().enumerate() {
            let now_written = written.iter().filter(|one| one.at == at).map(|one| one.number);
            // Those that were written, and not counted any more: killed in between.
            let uncounted = there.iter().filter(|(of, number, _)| *of == at && parted.carried(*number) == 0);
            let numbers: Vec<u16> = now_written.chain(uncounted.map(|(_, number, _)| *number)).collect();
            if !numbers.is_empty() {
                parted.count(numbers);
                counted.push(at);
            }
        }
        self.note_parts(counted.into_iter().map(|at| &sets[at]), now)?;
        result?;
        parts.sort_by(|one, other| (&one.bundle, one.number).cmp(&(&other.bundle, other.number)));
        Ok(CarriedParts { parts, left })
    }

    fn note_parts<'p>(
        &mut self,
        sets: impl Iterator<Item = &'p Parted>,
        now: Time,
    ) -> Result<(), VaultError> {
        let mut events = Vec::new();
        let mut change = self.begin()?;
        for parted in sets {
            change.put_parts(parted)?;
            if parted.delivery.state == DeliveryState::Sealed && parted.has_left() {
                change.put(&Delivery { state: DeliveryState::Carried, ..parted.delivery.clone() })?;
            }
            events.push(Event::Export { bundle: parted.delivery.bundle });
        }
        change.commit_all(events, now)
    }

    /// Writes parts, and says of each as soon as it is whole: in random order, so that nothing tells which were made
    /// when; those of parity together, for they are computed together.
    fn write_parts(
        &self,
        sets: &[Parted],
        manner: &Manner,
        mut wanted: Vec<Wanted>,
        written: &mut Vec<Wanted>,
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        random::shuffle(&mut wanted);
        let (slices, mut parities): (Vec<Wanted>, Vec<Wanted>) =
            wanted.into_iter().partition(|one| sets[one.at].set.volume().is_slice(one.number));
        for one in slices {
            self.write_slice(&sets[one.at], manner, &one, progress)?;
            written.push(one);
        }
        for (at, parted) in sets.iter().enumerate() {
            let (of_set, others) = parities.into_iter().partition::<Vec<_>, _>(|one| one.at == at);
            parities = others;
            if !of_set.is_empty() {
                self.write_parity(parted, manner, &of_set, progress)?;
                written.extend(of_set);
            }
        }
        Ok(())
    }

    fn write_slice(
        &self,
        parted: &Parted,
        manner: &Manner,
        wanted: &Wanted,
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        let (object, volume) = (self.outbox(&parted.delivery)?, parted.set.volume());
        let mut file = begin(parted, manner, wanted)?;
        let mut piece = vec![0; PIECE_BYTES];
        let mut at = 0;
        while at < volume.slice_len() {
            let len = (volume.slice_len() - at).min(PIECE_BYTES as u64) as usize;
            read_piece(&object, volume, wanted.number, at, &mut piece[..len])
                .map_err(|_| VaultError::damaged("outbox"))?;
            file.write_all(&piece[..len]).map_err(|error| medium::failed("write", &wanted.path, error))?;
            progress.advance(len as u64);
            at += len as u64;
        }
        finish(parted, manner, wanted, file, progress)
    }

    /// Reads the bundle once, and writes these parts of its parity beside each other.
    fn write_parity(
        &self,
        parted: &Parted,
        manner: &Manner,
        wanted: &[Wanted],
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        let (object, volume) = (self.outbox(&parted.delivery)?, parted.set.volume());
        let mut files = Vec::new();
        for one in wanted {
            files.push((one.number, begin(parted, manner, one)?));
        }
        let mut refused = None;
        let mut read = |slice, at, piece: &mut [u8]| read_piece(&object, volume, slice, at, piece);
        let mut take = |number: u16, piece: &[u8]| {
            let Some((_, file)) = files.iter_mut().find(|(of, _)| *of == number) else { return Ok(()) };
            progress.advance(piece.len() as u64);
            file.write_all(piece).inspect_err(|_| refused = Some(number))
        };
        let made = parity::encode(volume, &mut read, &mut take);
        if let Err(error) = made {
            let path = wanted.iter().find(|one| Some(one.number) == refused).map(|one| &one.path);
            return Err(
                path.map_or(VaultError::damaged("outbox"), |path| medium::failed("write", path, error))
            );
        }
        for (one, (_, file)) in wanted.iter().zip(files) {
            finish(parted, manner, one, file, progress)?;
        }
        Ok(())
    }
}

/// How much of a slice is read and written at once: a segment at rest.
const PIECE_BYTES: usize = 1 << 20;

/// Begins a part's file, up to where its slice begins.
fn begin(parted: &Parted, manner: &Manner, wanted: &Wanted) -> Result<Writer<Output>, VaultError> {
    parted.set.begin(wanted.number, manner.begin(&wanted.path)?).map_err(|error| told(&wanted.path, error))
}

/// Ends a part's file, reads it back from the medium, and gives it its name.
fn finish(
    parted: &Parted,
    manner: &Manner,
    wanted: &Wanted,
    file: Writer<Output>,
    progress: &mut dyn Progress,
) -> Result<(), VaultError> {
    let failed = |step| move |error| medium::failed(step, &wanted.path, error);
    let file = file.finish().map_err(|error| told(&wanted.path, error.into()))?;
    let mut file = file.finish(parted.set.volume().part_len()).map_err(failed("write"))?;
    file.sync()?;
    let read = manner.open(file.reread()?).map_err(failed("read"))?;
    if check(read, &parted.set, wanted.number).map_err(failed("read"))? != Lies::Whole {
        return Err(medium::problem(&wanted.path, MediumProblem::ReadsBackDifferently));
    }
    progress.advance(parted.set.volume().slice_len());
    Ok(file.commit()?)
}

fn told(path: &Path, error: BundleError) -> VaultError {
    match error {
        BundleError::Io(error) => medium::failed("write", path, error),
        other => other.into(),
    }
}

/// Leaves out what there is no room for, and says how many those are. Nothing at all is an error, unless something lies
/// there already.
fn fit(
    dir: &Path,
    manner: &Manner,
    sets: &[Parted],
    wanted: &mut Vec<Wanted>,
    nothing_there: bool,
) -> Result<usize, VaultError> {
    let mut needed = medium::answers_len(sets.len());
    let mut fitting = 0;
    for one in wanted.iter() {
        let len = manner.len_max(sets[one.at].set.volume().part_len());
        needed += len.next_multiple_of(CLUSTER_BYTES);
        let fits = medium::check_len(dir, len).and_then(|()| medium::check_room(dir, needed));
        match fits {
            Ok(()) => fitting += 1,
            Err(error) if fitting == 0 && nothing_there => return Err(error),
            Err(_) => break,
        }
    }
    let left = wanted.len() - fitting;
    wanted.truncate(fitting);
    Ok(left)
}

/// Where a part lies on a medium, or can.
enum Place {
    Whole(PathBuf),
    Free(PathBuf),
}

/// What lies under a part's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// The part.
    Whole,
    /// The part, damaged: it is ours, and of no use.
    Damaged,
    /// Something else.
    Foreign,
}

/// A part's files, under names that are the longer the more of them are taken by others.
fn paths(dir: &Path, set: &Set, number: u16) -> [PathBuf; CARRIED_NAMES] {
    carried_names(&set.pseudonym(number), PART_ENDING).map(|name| dir.join(name))
}

/// Where a part lies, or may be written. One of ours that is damaged is removed: it would keep the whole one away.
fn place(
    (dir, covered): (&Path, &Covered),
    manner: &Manner,
    set: &Set,
    number: u16,
) -> Result<Place, VaultError> {
    if manner.carrier.is_some() {
        return place_carrier((dir, covered), manner, set, number);
    }
    let mut free = None;
    for path in manner.chosen(dir).map_or_else(|| paths(dir, set, number).to_vec(), |path| vec![path]) {
        match look(&path, &Manner::default(), set, number)? {
            Some(Lies::Whole) => return Ok(Place::Whole(path)),
            Some(Lies::Damaged) => {
                files::remove(&path)?;
                free = free.or(Some(path));
            }
            Some(Lies::Foreign) => {}
            None => free = free.or(Some(path)),
        }
    }
    let [shortest, ..] = paths(dir, set, number);
    let taken = manner.chosen(dir).unwrap_or(shortest);
    free.map(Place::Free).ok_or_else(|| medium::problem(&taken, MediumProblem::Occupied))
}

/// As [`place`], where the key tells which files are this part.
fn place_carrier(
    (dir, covered): (&Path, &Covered),
    manner: &Manner,
    set: &Set,
    number: u16,
) -> Result<Place, VaultError> {
    for path in covered.part(&set.id(), number) {
        match look(path, manner, set, number)? {
            Some(Lies::Whole) => return Ok(Place::Whole(path.clone())),
            Some(Lies::Damaged) => files::remove(path)?,
            _ => {}
        }
    }
    manner.carrier_path(dir).map(Place::Free)
}

/// What lies under a name, if anything does.
fn look(path: &Path, manner: &Manner, set: &Set, number: u16) -> Result<Option<Lies>, VaultError> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(None) };
    if !metadata.is_file() {
        return Ok(Some(Lies::Foreign));
    }
    let failed = |error| medium::failed("read", path, error);
    let file = File::open(path).map_err(failed)?;
    let content = file.try_clone().and_then(|file| manner.open(file)).map_err(failed)?;
    let lies = check(content, set, number).map_err(failed)?;
    // Reading dated it; somebody else's file may keep that.
    let _ = files::undate(&file, path);
    Ok(Some(lies))
}

fn check(file: Input<impl Read + Seek>, set: &Set, number: u16) -> io::Result<Lies> {
    let part = match Part::open(file) {
        Ok(part) if part.set().id() == set.id() && part.number() == number => part,
        Err(BundleError::Io(error)) => return Err(error),
        _ => return Ok(Lies::Foreign),
    };
    match part.copy(&mut |_| Ok(())) {
        Ok(_) => Ok(Lies::Whole),
        Err(BundleError::Io(error)) => Err(error),
        Err(_) => Ok(Lies::Damaged),
    }
}

/// The files of these parts on a medium, whole or damaged.
pub(super) fn lying_parts(
    (dir, covered): (&Path, &Covered),
    set: &Set,
    numbers: impl IntoIterator<Item = u16>,
) -> Vec<PathBuf> {
    let (id, mut lying) = (set.id(), Vec::new());
    for number in numbers {
        lying.extend(paths(dir, set, number).into_iter().filter(|path| is_ours(path, set, number)));
        lying.extend(covered.part(&id, number).cloned());
    }
    lying
}

/// Whether a file is this part, whole or damaged: by what stands before its slice.
fn is_ours(path: &Path, set: &Set, number: u16) -> bool {
    let plain = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let Some(file) = plain.then(|| File::open(path).ok()).flatten() else { return false };
    let ours = Part::open(&file).is_ok_and(|part| part.set().id() == set.id() && part.number() == number);
    let _ = files::undate(&file, path);
    ours
}

fn exported(parted: &Parted, number: u16, path: PathBuf, already: bool) -> ExportedPart {
    ExportedPart {
        bundle: parted.delivery.bundle.to_string(),
        to: parted.delivery.to.clone(),
        number,
        parts: parted.set.volume().parts(),
        bytes: path.metadata().map_or(parted.set.volume().part_len(), |data| data.len()),
        path,
        already,
    }
}
