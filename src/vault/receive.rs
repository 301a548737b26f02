//! Receipts coming home, and where every delivery stands.
//!
//! On a medium receipts lie sealed, randomly named and mixed with others': each is tried with every return identity
//! held, and what is not ours is passed over calmly. A receipt counts only under the log key of the card sealed to, and
//! so does what an organisation says is missing of a bundle's parts.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::change::Change;
use super::contacts::held_card;
use super::forget::is_orphan;
use super::rows::{Delivery, Draft, Kept, PartTrips, TakenBundle};
use super::{
    DeliveryState, DeliveryView, ItemState, MediumProblem, Vault, VaultError, follow_up, medium, read,
    volumes,
};
use crate::bundle::Missing;
use crate::bundle::receipt::{self, Receipt};
use crate::crypto::Digest;
use crate::custody::Event;
use crate::format::time::Time;
use crate::store::files;

/// Bytes of a file that can be a receipt, sealed or plain; what is larger is not looked at.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Hex digits of a bundle's id in the name of its receipt.
const NAME_DIGITS: usize = 16;

/// What `receipt add` did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptOutcome {
    /// Ids of the bundles that are acknowledged now.
    pub received: Vec<String>,
    /// Ids of bundles whose receipt was held already.
    pub already: Vec<String>,
    /// How many files are not ours.
    pub skipped: usize,
    /// Files that claim to acknowledge a bundle of ours and prove nothing: another log, or altered.
    pub refused: Vec<PathBuf>,
}

/// What `receipt export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptExportOutcome {
    /// The plain receipts written, for auditors.
    pub files: Vec<PathBuf>,
}

/// Where everything stands.
#[derive(Debug, Clone, Serialize)]
pub struct StatusView {
    /// Every delivery, newest first.
    pub deliveries: Vec<DeliveryView>,
    /// Own items that were sealed to no one yet.
    pub unsealed: u64,
    /// Drafts waiting.
    pub drafts: u64,
    /// All items.
    pub items: u64,
    /// Those of them that came from others.
    pub received: u64,
}

impl Vault {
    /// Takes in receipts, sealed or plain; others' are counted and skipped. A folder stands for the files in it.
    pub fn receipt_add(&mut self, files: &[PathBuf], now: Time) -> Result<ReceiptOutcome, VaultError> {
        Ok(self.take_receipts(&expand(files)?, now)?.0)
    }

    /// Takes in receipts, and gives the files that were such of ours as well.
    pub(super) fn take_receipts(
        &mut self,
        files: &[PathBuf],
        now: Time,
    ) -> Result<(ReceiptOutcome, Vec<PathBuf>), VaultError> {
        let mut pending = Pending {
            deliveries: self.store.all()?,
            taken: self.store.all()?,
            trips: self.store.all()?,
            changed: Vec::new(),
            told: BTreeSet::new(),
        };
        let (mut outcome, mut ours) = (ReceiptOutcome::default(), Vec::new());
        for path in files {
            let taking = pending.take(&read_file(path)?);
            if matches!(taking, Taking::Proves(_) | Taking::Known(_) | Taking::Told) {
                ours.push(path.clone());
            }
            match taking {
                Taking::NotOurs => outcome.skipped += 1,
                Taking::Told => {}
                Taking::Proves(bundle) => outcome.received.push(bundle.to_string()),
                Taking::Known(bundle) => outcome.already.push(bundle.to_string()),
                Taking::ProvesNothing => outcome.refused.push(path.clone()),
            }
        }
        if pending.changed.is_empty() {
            let mut change = self.begin_draft()?;
            pending.told_trips().try_for_each(|trips| change.put(trips))?;
            change.commit()?;
            return Ok((outcome, ours));
        }
        let events: Vec<Event> =
            pending.changed.iter().map(|bundle| Event::Receipt { bundle: *bundle }).collect();
        if pending.ends_forgetting() {
            self.renewed(|change| {
                pending.write(change)?;
                change.note(events.into_iter().map(|event| (now, event)))
            })?;
        } else {
            let mut change = self.begin()?;
            pending.write(&mut change)?;
            change.commit_all(events, now)?;
        }
        Ok((outcome, ours))
    }

    /// Writes the receipts held, in plain, for auditors. What lies there already is left as it is.
    pub fn receipt_export(&self, dir: &Path, now: Time) -> Result<ReceiptExportOutcome, VaultError> {
        let _held = medium::prepare(dir, now)?;
        let deliveries = self.store.all::<Delivery>()?.into_iter().map(|row| (row.bundle, row.receipt));
        let taken = self.store.all::<TakenBundle>()?.into_iter().map(|row| (row.bundle, row.receipt));
        let mut outcome = ReceiptExportOutcome::default();
        for (bundle, receipt) in deliveries.chain(taken) {
            let Some(receipt) = receipt else { continue };
            let path = dir.join(format!("{}.tlog-proof", &bundle.to_string()[..NAME_DIGITS]));
            if !outcome.files.contains(&path) {
                write_once(&path, receipt.as_bytes())?;
                outcome.files.push(path);
            }
        }
        Ok(outcome)
    }

    /// Where everything stands.
    pub fn status(&self) -> Result<StatusView, VaultError> {
        let mut deliveries = self.store.all::<Delivery>()?;
        deliveries.sort_by_key(|delivery| std::cmp::Reverse(delivery.number));
        let (mut items, mut unsealed, mut received) = (0, 0, 0);
        self.store.each::<Kept>(&[], |kept| {
            items += 1;
            unsealed += u64::from(read::state(&kept) == ItemState::Open);
            received += u64::from(read::state(&kept) == ItemState::Received);
            Ok(())
        })?;
        let mut views = Vec::new();
        for delivery in deliveries {
            let parts = self.parts_view(&delivery.bundle)?;
            views.push(DeliveryView { parts, ..delivery_view(delivery) });
        }
        Ok(StatusView { deliveries: views, unsealed, drafts: self.store.count::<Draft>()?, items, received })
    }
}

/// What a file turned out to be.
enum Taking {
    NotOurs,
    Proves(Digest),
    Known(Digest),
    /// It says what is missing of a bundle's parts.
    Told,
    ProvesNothing,
}

/// What is held, and what of it changes by the receipts read so far.
struct Pending {
    deliveries: Vec<Delivery>,
    taken: Vec<TakenBundle>,
    trips: Vec<PartTrips>,
    changed: Vec<Digest>,
    /// The sets of which something was told, by their places in `trips`.
    told: BTreeSet<usize>,
}

impl Pending {
    /// Takes one file in, if it is a receipt of ours.
    fn take(&mut self, bytes: &[u8]) -> Taking {
        match Receipt::parse(bytes) {
            Ok(receipt) => self.take_plain(&receipt),
            Err(_) => self.take_sealed(bytes),
        }
    }

    fn take_plain(&mut self, receipt: &Receipt) -> Taking {
        let bundle = receipt.bundle();
        if let Some(at) = self.deliveries.iter().position(|row| row.bundle == bundle) {
            return self.acknowledge(at, receipt);
        }
        match self.taken.iter().position(|row| row.bundle == bundle) {
            Some(at) => self.note(at, receipt),
            None => Taking::NotOurs,
        }
    }

    fn take_sealed(&mut self, bytes: &[u8]) -> Taking {
        if bytes.len() as u64 != receipt::letter_len() {
            return Taking::NotOurs;
        }
        for at in 0..self.deliveries.len() {
            let Ok(identity) = self.deliveries[at].return_identity.0.expose().parse() else { continue };
            let Ok(text) = receipt::open_letter(&identity, bytes) else { continue };
            if let Some(told) = volumes::told(&self.deliveries[at], text.expose()) {
                return told.map_or(Taking::ProvesNothing, |missing| self.note_missing(at, &missing));
            }
            match Receipt::parse(text.expose()) {
                Ok(receipt) => return self.acknowledge(at, &receipt),
                Err(_) => continue,
            }
        }
        Taking::NotOurs
    }

    /// What the organisation says now holds, and not what it said before: a part may have been lost there.
    fn note_missing(&mut self, at: usize, missing: &Missing) -> Taking {
        let bundle = self.deliveries[at].bundle;
        let place = self.trips.iter().position(|row| row.bundle == bundle && row.set == missing.set);
        if let Some(place) = place {
            volumes::note_there(&mut self.trips[place], missing);
            self.told.insert(place);
        }
        Taking::Told
    }

    fn told_trips(&self) -> impl Iterator<Item = &PartTrips> {
        self.told.iter().map(|place| &self.trips[*place])
    }

    /// A contributor's: the bundle arrived.
    fn acknowledge(&mut self, at: usize, receipt: &Receipt) -> Taking {
        let delivery = &mut self.deliveries[at];
        if !proves(receipt, &delivery.card, &delivery.bundle) {
            return Taking::ProvesNothing;
        }
        if delivery.state == DeliveryState::Received {
            return Taking::Known(delivery.bundle);
        }
        delivery.state = DeliveryState::Received;
        delivery.receipt = Some(receipt.print());
        self.changed.push(delivery.bundle);
        Taking::Proves(delivery.bundle)
    }

    /// An officer's: the bundle that was opened had been logged.
    fn note(&mut self, at: usize, receipt: &Receipt) -> Taking {
        let taken = &mut self.taken[at];
        if !proves(receipt, &taken.card, &taken.bundle) {
            return Taking::ProvesNothing;
        }
        if taken.receipt.is_some() {
            return Taking::Known(taken.bundle);
        }
        taken.receipt = Some(receipt.print());
        self.changed.push(taken.bundle);
        Taking::Proves(taken.bundle)
    }

    /// Whether a bundle arrived of which everything is forgotten: only now nothing is left of it.
    fn ends_forgetting(&self) -> bool {
        let arrived = |row: &&Delivery| self.changed.contains(&row.bundle);
        self.deliveries.iter().filter(arrived).any(is_orphan)
    }

    /// Writes what changed; a bundle that arrived need not wait in the outbox any longer.
    fn write(&mut self, change: &mut Change<'_>) -> Result<(), VaultError> {
        for trips in self.told_trips() {
            change.put(trips)?;
        }
        for bundle in &self.changed {
            if let Some(delivery) = self.deliveries.iter_mut().find(|row| row.bundle == *bundle) {
                if let Some(object) = delivery.object.take() {
                    change.remove_object(&object)?;
                }
                match is_orphan(delivery) {
                    true => change.delete_delivery(&delivery.bundle)?,
                    false => change.put(delivery)?,
                }
            }
            if let Some(taken) = self.taken.iter().find(|row| row.bundle == *bundle) {
                change.put(taken)?;
            }
        }
        Ok(())
    }
}

/// Whether a receipt proves that the log of this card holds this bundle.
fn proves(receipt: &Receipt, card: &str, bundle: &Digest) -> bool {
    held_card(card).is_ok_and(|card| receipt.verify(&card, bundle).is_ok())
}

/// The files named, and those in the folders named.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, VaultError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |source| VaultError::Read { path: path.clone(), source };
        let mut within = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if entry.file_type().map_err(unreadable)?.is_file() {
                within.push(entry.path());
            }
        }
        within.sort();
        files.append(&mut within);
    }
    Ok(files)
}

/// A file's bytes; of one that is too large to be a receipt, the beginning, which is none.
fn read_file(path: &Path) -> Result<Vec<u8>, VaultError> {
    let unreadable = |source| VaultError::Read { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    // A pipe is opened without waiting for its other end, and refused.
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "not a file")));
    }
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// Writes a file, unless the very same lies there.
fn write_once(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    match std::fs::read(path) {
        Ok(there) if there == bytes => Ok(()),
        Ok(_) => Err(medium::problem(path, MediumProblem::Occupied)),
        Err(_) => Ok(files::write_new_undated(path, bytes)?),
    }
}

pub(super) fn delivery_view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        bundle: delivery.bundle.to_string(),
        to: delivery.to,
        state: delivery.state,
        sealed_at: delivery.sealed_at.to_string(),
        items: delivery.items,
        bytes: delivery.len,
        follows: delivery.follows.as_ref().map(follow_up::view),
        parts: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `receipt add` on a pipe that nobody writes to waited for ever, with the vault unlocked.
    #[test]
    fn a_pipe_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert!(matches!(read_file(&pipe), Err(VaultError::Read { .. })));
        std::fs::write(dir.path().join("file"), b"bytes").unwrap();
        assert_eq!(read_file(&dir.path().join("file")).unwrap(), b"bytes");
    }
}
