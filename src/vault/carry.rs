//! Carrying sealed bundles out: onto a stick, a card, into a folder that is sent by mail.
//!
//! Every bundle that is not yet acknowledged is written, under the beginning of its id, which is public and tells
//! nothing. Before it gets its name it is read back from the medium and checked as anybody can check it without a
//! key. What lies there already, whole, is left as it is; a different file of that name is never overwritten. The
//! files have no date, and lie on the medium in random order: they do not tell when or in which order they were made.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::rows::Delivery;
use super::{FollowsView, MediumProblem, Progress, Vault, VaultError, medium};
use crate::bundle::Outer;
use crate::crypto::{Digest, HashingReader, random};
use crate::custody::Event;
use crate::format::time::Time;
use crate::store::files::{self, NewFile};

/// Hex digits of a bundle's id in its file name.
const NAME_DIGITS: usize = 16;

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
}

/// What `export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportOutcome {
    /// The bundles that now lie in the folder, each read back and verified, oldest first.
    pub bundles: Vec<Exported>,
}

/// One bundle on a medium.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name.
    pub to: String,
    /// The file.
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
        let _held = medium::prepare(dir, now)?;
        let mut carried = Vec::new();
        let mut missing = Vec::new();
        let waiting = self.waiting()?;
        let numbers: HashMap<String, u64> =
            waiting.iter().map(|delivery| (delivery.bundle.to_string(), delivery.number)).collect();
        for delivery in waiting {
            match find(dir, &delivery)? {
                Some(there) => carried.push((delivery, there)),
                None => missing.push(delivery),
            }
        }
        check_medium(dir, &missing)?;
        progress.start(2 * missing.iter().map(|delivery| delivery.len).sum::<u64>());
        let mut outcome = ExportOutcome::default();
        for (delivery, there) in carried {
            if delivery.state == DeliveryState::Sealed {
                self.note_carried(delivery, now)?;
            }
            outcome.bundles.push(there);
        }
        random::shuffle(&mut missing);
        for delivery in missing {
            outcome.bundles.push(self.carry(dir, &delivery, progress)?);
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
    fn waiting(&self) -> Result<Vec<Delivery>, VaultError> {
        let mut waiting = self.store.all::<Delivery>()?;
        waiting.retain(|delivery| delivery.state != DeliveryState::Received);
        waiting.sort_by_key(|delivery| delivery.number);
        Ok(waiting)
    }

    fn carry(
        &self,
        dir: &Path,
        delivery: &Delivery,
        progress: &mut dyn Progress,
    ) -> Result<Exported, VaultError> {
        let path = path_of(dir, &delivery.bundle);
        let object = delivery.object.ok_or_else(|| VaultError::damaged("outbox"))?;
        let mut sealed = self.store.open_object(&object)?;
        let mut file = NewFile::begin(&path)?.undated();
        let written = copy(&mut sealed, &path, &mut file, progress)?;
        if written != (delivery.digest, delivery.len) {
            return Err(VaultError::damaged("outbox"));
        }
        file.sync()?;
        check_written(&path, file.reread()?, delivery, progress)?;
        file.commit()?;
        Ok(exported(delivery, path, false))
    }
}

/// The file a bundle is carried in.
fn path_of(dir: &Path, bundle: &Digest) -> PathBuf {
    dir.join(format!("{}.bundle", &bundle.to_string()[..NAME_DIGITS]))
}

/// The bundle on the medium, if it lies there whole.
fn find(dir: &Path, delivery: &Delivery) -> Result<Option<Exported>, VaultError> {
    let path = path_of(dir, &delivery.bundle);
    let Ok(metadata) = path.symlink_metadata() else { return Ok(None) };
    let occupied = || medium::problem(&path, MediumProblem::Occupied);
    if !metadata.is_file() || metadata.len() != delivery.len {
        return Err(occupied());
    }
    let file = File::open(&path).map_err(|error| medium::failed("read", &path, error))?;
    let mut reader = HashingReader::new(&file);
    io::copy(&mut reader, &mut io::sink()).map_err(|error| medium::failed("read", &path, error))?;
    // Reading dated it; somebody else's file may keep that.
    let _ = files::undate(&file, &path);
    if reader.finish().0 != delivery.digest {
        return Err(occupied());
    }
    Ok(Some(exported(delivery, path, true)))
}

fn check_medium(dir: &Path, missing: &[Delivery]) -> Result<(), VaultError> {
    missing.iter().try_for_each(|delivery| medium::check_len(dir, delivery.len))?;
    medium::check_room(dir, missing.iter().map(|delivery| delivery.len).sum())
}

/// Copies an object to a medium, and says what was copied.
fn copy(
    from: &mut dyn Read,
    path: &Path,
    to: &mut dyn Write,
    progress: &mut dyn Progress,
) -> Result<(Digest, u64), VaultError> {
    let mut from = HashingReader::new(from);
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let count = from.read(&mut chunk).map_err(|_| VaultError::damaged("outbox"))?;
        if count == 0 {
            return Ok(from.finish());
        }
        to.write_all(&chunk[..count]).map_err(|error| medium::failed("write", path, error))?;
        progress.advance(count as u64);
    }
}

/// Reads back what was written and checks it as anybody can who has no key.
fn check_written(
    path: &Path,
    mut written: File,
    delivery: &Delivery,
    progress: &mut dyn Progress,
) -> Result<(), VaultError> {
    let differs = || medium::problem(path, MediumProblem::ReadsBackDifferently);
    let outer = Outer::read(&mut written).map_err(|_| differs())?;
    progress.advance(delivery.len);
    if outer.id() != delivery.bundle { Err(differs()) } else { Ok(()) }
}

fn exported(delivery: &Delivery, path: PathBuf, already: bool) -> Exported {
    Exported {
        bundle: delivery.bundle.to_string(),
        to: delivery.to.clone(),
        path,
        bytes: delivery.len,
        already,
    }
}
