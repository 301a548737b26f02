//! Bundles in parts: how a bundle that is larger than a stick is cut, and how far its parts came.
//!
//! The same bundle and the same sizes give the same set of parts, byte for byte, so nothing but the list of digests is
//! kept; slices are read from the outbox as they are written, and parity is computed anew. Each part is counted when it
//! was carried, and those that were carried least often go next: a stick that is lost costs a round and nothing else.
//! What the organisation says it has goes no more, until all of it is there and still no receipt came.

use std::collections::BTreeSet;
use std::io::{self, Read};

use serde::Serialize;

use super::change::Change;
use super::contacts::held_card;
use super::rows::{Delivery, PartSet, PartTrips, part_set_key};
use super::{Progress, Vault, VaultError};
use crate::bundle::missing::{Missing, runs};
use crate::bundle::parity;
use crate::bundle::volume::{Set, Volume};
use crate::crypto::Digest;
use crate::crypto::hash::Hasher;
use crate::crypto::hybrid::{Identity, Recipient};
use crate::format::note::Note;
use crate::store::Object;

/// How large parts are to be, and how many of each bundle may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volumes {
    /// Bytes that no part's file is longer than.
    pub part_bytes: u64,
    /// How many parts may be lost or damaged.
    pub parity: u16,
}

impl Volumes {
    /// Whether a bundle of this length goes whole, as one file: it fits, and nothing of it is to be lost.
    pub(super) fn take_whole(&self, len: u64) -> bool {
        self.parity == 0 && len <= self.part_bytes
    }
}

/// How far the parts of a bundle came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartsView {
    /// The set's id.
    pub set: String,
    /// How many parts there are.
    pub parts: u16,
    /// How many of them are needed.
    pub needed: u16,
    /// How many were carried at least once.
    pub carried: usize,
    /// How many the organisation has, as it last said.
    pub there: usize,
    /// The numbers of those it does not have, once it said so: `3 16-160`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// A bundle with the set it is carried in.
pub(super) struct Parted {
    /// The bundle.
    pub delivery: Delivery,
    /// Its parts.
    pub set: Set,
    /// How far they came.
    pub trips: PartTrips,
}

impl Parted {
    /// The parts that are still to be carried: those the organisation did not say it has. If it has all of them and no
    /// receipt came, something went wrong there, and all of them go again.
    pub fn open(&self) -> Vec<u16> {
        let open: Vec<u16> = self.numbers().filter(|number| !self.trips.there.contains(number)).collect();
        if open.is_empty() { self.numbers().collect() } else { open }
    }

    /// How often a part was carried.
    pub fn carried(&self, number: u16) -> u32 {
        self.trips.carried.get(usize::from(number) - 1).copied().unwrap_or(0)
    }

    /// Counts parts that were carried.
    pub fn count(&mut self, numbers: impl IntoIterator<Item = u16>) {
        for number in numbers {
            if let Some(times) = self.trips.carried.get_mut(usize::from(number) - 1) {
                *times = times.saturating_add(1);
            }
        }
    }

    /// Whether enough of them left this house for the bundle to be whole.
    pub fn has_left(&self) -> bool {
        carried_once(&self.trips) >= usize::from(self.set.volume().slices())
    }

    fn numbers(&self) -> std::ops::RangeInclusive<u16> {
        self.set.volume().numbers()
    }
}

fn carried_once(trips: &PartTrips) -> usize {
    trips.carried.iter().filter(|times| **times > 0).count()
}

impl Vault {
    /// The set that a bundle goes in, as it is kept, or made anew from the bundle.
    pub(super) fn parted(
        &self,
        delivery: Delivery,
        volumes: &Volumes,
        progress: &mut dyn Progress,
    ) -> Result<Parted, VaultError> {
        let recipient = return_recipient(&delivery)?;
        let volume = Volume::cut(delivery.len, volumes.part_bytes, volumes.parity, &recipient)?;
        let text = volume.to_string();
        let kept = self.store.all_under::<PartSet>(delivery.bundle.as_bytes())?;
        let set = match kept.into_iter().find(|row| row.volume == text) {
            Some(row) => read_set(&row)?,
            None => digest_parts(&self.outbox(&delivery)?, volume, progress)?,
        };
        let trips = self.store.get(&part_set_key(&delivery.bundle, &set.id()))?;
        let trips = trips.unwrap_or_else(|| PartTrips {
            bundle: delivery.bundle,
            set: set.id(),
            carried: vec![0; usize::from(set.volume().parts())],
            there: BTreeSet::new(),
        });
        Ok(Parted { delivery, set, trips })
    }

    /// Every set that a bundle was carried in.
    pub(super) fn part_sets(&self, bundle: &Digest) -> Result<Vec<Set>, VaultError> {
        self.store.all_under::<PartSet>(bundle.as_bytes())?.iter().map(read_set).collect()
    }

    /// The sealed bundle that waits in the outbox.
    pub(super) fn outbox(&self, delivery: &Delivery) -> Result<Object, VaultError> {
        let object = delivery.object.ok_or_else(|| VaultError::damaged("outbox"))?;
        Ok(self.store.object(&object)?)
    }

    /// How far the parts of a bundle came, of the set that came farthest; none if it was never cut.
    pub(super) fn parts_view(&self, bundle: &Digest) -> Result<Option<PartsView>, VaultError> {
        let mut views = Vec::new();
        for trips in self.store.all_under::<PartTrips>(bundle.as_bytes())? {
            let row = self.store.get::<PartSet>(&part_set_key(bundle, &trips.set))?;
            let set = read_set(&row.ok_or_else(|| VaultError::damaged("parts"))?)?;
            views.push(view(&set, &trips));
        }
        Ok(views.into_iter().max_by_key(|view| (view.there, view.carried)))
    }
}

fn view(set: &Set, trips: &PartTrips) -> PartsView {
    let volume = set.volume();
    let missing = volume.numbers().filter(|number| !trips.there.contains(number)).collect();
    PartsView {
        set: set.id().to_string(),
        parts: volume.parts(),
        needed: volume.slices(),
        carried: carried_once(trips),
        there: trips.there.len(),
        missing: (!trips.there.is_empty()).then(|| runs(&missing)),
    }
}

impl Change<'_> {
    /// Keeps the set that a bundle goes in, and how far it came.
    pub(super) fn put_parts(&mut self, parted: &Parted) -> Result<(), VaultError> {
        let (volume, list) = (parted.set.volume().to_string(), parted.set.list().to_string());
        self.put(&PartSet { bundle: parted.delivery.bundle, set: parted.set.id(), volume, list })?;
        self.put(&parted.trips)
    }

    /// Takes a bundle's row out, and those of the sets it was carried in.
    pub(super) fn delete_delivery(&mut self, bundle: &Digest) -> Result<(), VaultError> {
        for PartSet { set, .. } in self.all_under::<PartSet>(bundle.as_bytes())? {
            self.delete::<PartSet>(&part_set_key(bundle, &set))?;
            self.delete::<PartTrips>(&part_set_key(bundle, &set))?;
        }
        self.delete::<Delivery>(bundle.as_bytes())
    }
}

/// What a letter says of the parts of this delivery, if the log of the card that the bundle was sealed to signed it.
pub(super) fn told(delivery: &Delivery, note: &Note) -> Result<Missing, VaultError> {
    Ok(Missing::verify(note, held_card(&delivery.card)?.log_key())?)
}

/// Takes in what an organisation said is missing: what is not, is there.
pub(super) fn note_there(trips: &mut PartTrips, missing: &Missing) {
    let numbers = 1..=u16::try_from(trips.carried.len()).unwrap_or(u16::MAX);
    trips.there = numbers.filter(|number| !missing.numbers.contains(number)).collect();
}

fn return_recipient(delivery: &Delivery) -> Result<Recipient, VaultError> {
    let identity: Identity =
        delivery.return_identity.0.expose().parse().map_err(|_| VaultError::damaged("return identity"))?;
    Ok(identity.to_recipient())
}

fn read_set(row: &PartSet) -> Result<Set, VaultError> {
    Set::parse(row.volume.as_bytes(), row.list.as_bytes()).map_err(|_| VaultError::damaged("parts"))
}

/// Reads the bundle once, computes its parity, and gives the digests of all parts.
fn digest_parts(object: &Object, volume: Volume, progress: &mut dyn Progress) -> Result<Set, VaultError> {
    progress.start(volume.len());
    let mut hashers: Vec<Hasher> = volume.numbers().map(|_| Hasher::new()).collect();
    let mut read = |slice, at, piece: &mut [u8]| {
        progress.advance(piece.len() as u64);
        read_piece(object, &volume, slice, at, piece)
    };
    let mut take = |number: u16, piece: &[u8]| {
        hashers[usize::from(number) - 1].update(piece);
        Ok(())
    };
    parity::encode(&volume, &mut read, &mut take).map_err(|_| VaultError::damaged("outbox"))?;
    let digests: Vec<Digest> = hashers.into_iter().map(Hasher::finish).collect();
    Ok(Set::of(volume, &digests)?)
}

/// Reads a piece of a slice: the bundle's bytes, and zeros after their end.
pub(super) fn read_piece(
    object: &Object,
    volume: &Volume,
    slice: u16,
    at: u64,
    piece: &mut [u8],
) -> io::Result<()> {
    let content = volume.content_len(slice).saturating_sub(at).min(piece.len() as u64) as usize;
    if content > 0 {
        let mut reader = object.open_at(volume.offset(slice) + at).map_err(io::Error::from)?;
        reader.read_exact(&mut piece[..content])?;
    }
    piece[content..].fill(0);
    Ok(())
}

#[cfg(test)]
#[path = "volumes_tests.rs"]
mod tests;
