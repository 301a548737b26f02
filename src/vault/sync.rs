//! Both ways in one go with what people carry: letters are read off a medium, what is settled goes from it, and what
//! one organisation has not acknowledged yet is written to it.
//!
//! Nothing depends on a trip succeeding. A bundle is written to every medium until its receipt came home; the medium that
//! brings both is rid of them, and of what else came about that bundle, so that a stick carries only what is still open. Of a bundle that goes in parts, those are taken off that the organisation says it has, and only the others are
//! written. What goes to other organisations is neither written nor touched, and what is not ours is left as it lies.
//!
//! So is everything about a bundle that was acknowledged before, that goes to another organisation, or that did not lie on
//! this medium: who lays a receipt on many sticks, with a copy of its bundle or without, would know by the one from which
//! it is gone whose it was. A bundle that is open and lies on a stick for its own organisation tells as much anyway.
//! A reply is left for the same reason: the desk lays every one on every stick.

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::carry::{Exported, Load, lies_whole, lying_under_its_names};
use super::carry_parts::{ExportedPart, lying_parts};
use super::manner::{Covered, Manner};
use super::rows::{Delivery, PartTrips, part_set_key};
use super::volumes::PartsView;
use super::{DeliveryState, LettersOutcome, MediumProblem, Progress, Vault, VaultError, medium};
use crate::bundle::letter::letter_len;
use crate::bundle::volume::Set;
use crate::crypto::Digest;
use crate::format::time::Time;
use crate::store::files;

/// Names in a folder that are looked at: more than a stick of a person has, few enough to end soon.
pub const NAMES_MAX: usize = 100_000;
/// How deep folders on a medium are looked into for letters.
const FOLDER_DEPTH_MAX: usize = 16;

/// What `sync` did, and what is still open.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SyncOutcome {
    /// What came home.
    #[serde(flatten)]
    pub letters: LettersOutcome,
    /// The bundles that now lie there, each read back and verified, oldest first.
    pub bundles: Vec<Exported>,
    /// The parts that now lie there, each read back and verified.
    pub parts: Vec<ExportedPart>,
    /// How far the parts of what still waits came.
    pub progress: Vec<PartsView>,
    /// How many files were taken off the medium: receipts, cards and what was missing that were read, bundles that are
    /// acknowledged, parts that arrived.
    pub removed: usize,
    /// How many files of bundles that were acknowledged on an earlier trip lie there, and are left.
    pub settled: usize,
    /// Files that may be letters and cannot be read.
    #[serde(serialize_with = "crate::format::path::many")]
    pub unread: Vec<PathBuf>,
    /// How many more wait for their receipt and did not fit.
    pub left: usize,
    /// How many parts did not fit: they go next time.
    pub parts_left: usize,
}

/// The files of one bundle on a medium.
#[derive(Default)]
struct Lies {
    /// It, or what is left of it.
    whole: Vec<PathBuf>,
    /// Its parts.
    parts: Vec<PathBuf>,
    /// Those of its parts that the organisation says it has.
    there: Vec<PathBuf>,
}

impl Vault {
    /// Takes in what came back on a medium, and writes what `to` has not acknowledged yet.
    pub fn sync(
        &mut self,
        dir: &Path,
        to: &str,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SyncOutcome, VaultError> {
        self.sync_as(dir, &Manner { to: Some(to), ..Manner::default() }, now, progress)
    }

    /// As [`Vault::sync`], in any manner that names the contact. The carriers on the medium are known by their key, so
    /// those of an earlier trip are found again under whatever name.
    pub fn sync_as(
        &mut self,
        dir: &Path,
        manner: &Manner,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SyncOutcome, VaultError> {
        let to = self.contact(manner.to.unwrap_or_default())?.name;
        let _held = medium::prepare(dir)?;
        medium::on(dir, self.exchange(dir, to, manner, now, progress))
    }

    /// As [`Vault::sync_as`], with a folder that is prepared and a contact that is there.
    fn exchange(
        &mut self,
        dir: &Path,
        to: String,
        manner: &Manner,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SyncOutcome, VaultError> {
        let covered = Covered::look(dir, manner)?;
        let (sealed, unread) = letters(dir)?;
        // Before they are taken in: a delivery of which everything is forgotten is unknown afterwards.
        let before = self.store.all::<Delivery>()?;
        let mut sets = Vec::new();
        for delivery in &before {
            sets.extend(self.part_sets(&delivery.bundle)?.into_iter().map(|set| (delivery, set)));
        }
        let (letters, read) = self.take_letters(&sealed, now)?;
        let received: BTreeSet<String> = letters.received.iter().cloned().collect();
        let mut outcome = SyncOutcome { letters, unread, ..Default::default() };
        let mut done_with = BTreeSet::new();
        for delivery in &before {
            let sets = sets.iter().filter(|(of, _)| of.bundle == delivery.bundle);
            let lies = self.lies((dir, &covered), delivery, sets.map(|(_, set)| set))?;
            if delivery.state == DeliveryState::Received {
                outcome.settled += lies.whole.len() + lies.parts.len();
            } else if delivery.to == to && !(lies.whole.is_empty() && lies.parts.is_empty()) {
                done_with.extend(
                    read.iter().filter(|(of, _)| *of == delivery.bundle).map(|(_, path)| path.clone()),
                );
                match received.contains(&delivery.bundle.to_string()) {
                    true => done_with.extend(lies.whole.into_iter().chain(lies.parts)),
                    false => done_with.extend(lies.there),
                }
            }
        }
        outcome.removed = done_with.len();
        done_with.iter().try_for_each(|path| files::remove(path))?;
        let settled = |row: &Delivery| {
            row.state == DeliveryState::Received || received.contains(&row.bundle.to_string())
        };
        let loaded = self.load((dir, &covered), Load::To(&to), manner, now, progress)?;
        (outcome.bundles, outcome.left) = (loaded.bundles, loaded.left);
        (outcome.parts, outcome.parts_left) = (loaded.parts, loaded.parts_left);
        for delivery in self.store.all::<Delivery>()?.iter().filter(|row| row.to == to && !settled(row)) {
            outcome.progress.extend(self.parts_view(&delivery.bundle)?);
        }
        Ok(outcome)
    }

    /// The files on a medium in which a bundle lies.
    fn lies<'s>(
        &self,
        (dir, covered): (&Path, &Covered),
        delivery: &Delivery,
        sets: impl Iterator<Item = &'s Set>,
    ) -> Result<Lies, VaultError> {
        let plain: Vec<PathBuf> = match delivery.state {
            DeliveryState::Received => lies_whole(dir, delivery).into_iter().collect(),
            _ => lying_under_its_names(dir, delivery).collect(),
        };
        let whole = plain.into_iter().chain(covered.bundle(&delivery.bundle).cloned()).collect();
        let mut lies = Lies { whole, ..Lies::default() };
        for set in sets {
            lies.parts.extend(lying_parts((dir, covered), set, set.volume().numbers()));
            let there = self.there(&delivery.bundle, &set.id())?;
            lies.there.extend(lying_parts((dir, covered), set, there));
        }
        Ok(lies)
    }

    /// The parts of a set that the organisation says it has; none where it has them all and no receipt came, for then
    /// they go again.
    fn there(&self, bundle: &Digest, set: &Digest) -> Result<BTreeSet<u16>, VaultError> {
        let trips = self.store.get::<PartTrips>(&part_set_key(bundle, set))?;
        Ok(trips
            .filter(|trips| trips.there.len() < trips.carried.len())
            .map_or(BTreeSet::new(), |row| row.there))
    }
}

/// The files in a folder and below that may be letters, plain files of their one length, and those of them that cannot be
/// read: a desk answers in the folder that a bundle lies in. Links lead nowhere. What lies below is looked at as far as
/// it can be read, and as it is not too much.
fn letters(dir: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), VaultError> {
    let unread = |source| VaultError::Read { path: dir.to_path_buf(), source };
    let mut letters = Vec::new();
    let mut folders = VecDeque::from([(dir.to_path_buf(), 0)]);
    let mut names = 0;
    while let Some((folder, depth)) = folders.pop_front() {
        let folder = match folder.read_dir() {
            Err(error) if depth == 0 => return Err(unread(error)),
            Err(_) => continue,
            Ok(folder) => folder,
        };
        for entry in folder {
            names += 1;
            match (entry, depth) {
                (_, 0) if names > NAMES_MAX => {
                    return Err(medium::problem(dir, MediumProblem::TooManyNames { names_max: NAMES_MAX }));
                }
                (_, _) if names > NAMES_MAX => break,
                (Err(error), 0) => return Err(unread(error)),
                (Err(_), _) => {}
                (Ok(entry), _) => {
                    let path = entry.path();
                    let Ok(about) = path.symlink_metadata() else { continue };
                    if about.is_dir() && depth < FOLDER_DEPTH_MAX {
                        folders.push_back((path, depth + 1));
                    } else if about.is_file() && about.len() == letter_len() {
                        letters.push(path);
                    }
                }
            }
        }
    }
    letters.sort();
    Ok(letters.into_iter().partition(|path| File::open(path).is_ok()))
}
