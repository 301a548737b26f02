//! Parity: parts made of all slices of a bundle together, any of which stands for any slice that was lost.
//!
//! The code is Reed and Solomon's over GF(2^16), as Leopard-RS computes it (the crate `reed-solomon-simd`, always at its
//! high rate). It works on blocks of 64 bytes, each by itself: so it is computed in stripes, and the memory it takes is
//! bounded whatever the length of the slices; stripes give what whole slices give. The code knows nothing of damage:
//! what goes into it was checked against the list of digests, and what comes out of it is checked again.

use std::collections::BTreeMap;
use std::io;

use reed_solomon_simd::engine::DefaultEngine;
use reed_solomon_simd::rate::{HighRateDecoder, HighRateEncoder, RateDecoder, RateEncoder};

use super::volume::{SLICE_UNIT_BYTES, Volume};

/// What the working space of one stripe takes, in bytes.
const STRIPE_MEMORY_BYTES: u64 = 64 << 20;
/// The widest stripe: a segment at rest, so that none is opened twice for one stripe.
const STRIPE_BYTES_MAX: u64 = 1 << 20;

/// Reads a piece of a part: its number, where in the slice, into what.
pub type ReadPiece<'a> = dyn FnMut(u16, u64, &mut [u8]) -> io::Result<()> + 'a;
/// Takes the next piece of a part.
pub type TakePiece<'a> = dyn FnMut(u16, &[u8]) -> io::Result<()> + 'a;

/// How wide a stripe is: as wide as fits in the memory allowed, in whole blocks.
pub fn stripe_len(volume: &Volume) -> u64 {
    let rows =
        (u64::from(volume.parity()).next_power_of_two() + u64::from(volume.slices())).next_power_of_two();
    let fitting = (STRIPE_MEMORY_BYTES / rows).clamp(SLICE_UNIT_BYTES, STRIPE_BYTES_MAX);
    (fitting - fitting % SLICE_UNIT_BYTES).min(volume.slice_len())
}

/// Reads all slices stripe by stripe, and gives every part piece by piece: those of the slices as they were read, then
/// those of the parity.
pub fn encode(volume: &Volume, read: &mut ReadPiece<'_>, take: &mut TakePiece<'_>) -> io::Result<()> {
    encode_striped(volume, stripe_len(volume), read, take)
}

fn encode_striped(
    volume: &Volume,
    stripe: u64,
    read: &mut ReadPiece<'_>,
    take: &mut TakePiece<'_>,
) -> io::Result<()> {
    let mut piece = vec![0; stripe as usize];
    let mut encoder = None;
    for (at, len) in stripes(volume, stripe) {
        let piece = &mut piece[..len];
        let mut fresh = (volume.parity() > 0).then(|| encoder_of(volume, len, encoder.take())).transpose()?;
        for slice in 1..=volume.slices() {
            read(slice, at, piece)?;
            take(slice, piece)?;
            if let Some(encoder) = &mut fresh {
                encoder.add_original_shard(&*piece).map_err(io::Error::other)?;
            }
        }
        if let Some(encoder) = &mut fresh {
            let made = encoder.encode().map_err(io::Error::other)?;
            for (number, parity) in (volume.slices() + 1..).zip(made.recovery_iter()) {
                take(number, parity)?;
            }
        }
        encoder = fresh;
    }
    Ok(())
}

/// Computes slices that are missing from as many parts as there are slices, and gives them piece by piece. Which parts
/// those are is `from`; none of them may be damaged.
pub fn rebuild(
    volume: &Volume,
    from: &[u16],
    read: &mut ReadPiece<'_>,
    take: &mut TakePiece<'_>,
) -> io::Result<()> {
    let stripe = stripe_len(volume);
    let mut piece = vec![0; stripe as usize];
    let (slices, parity) = (usize::from(volume.slices()), usize::from(volume.parity()));
    for (at, len) in stripes(volume, stripe) {
        let piece = &mut piece[..len];
        let mut decoder =
            HighRateDecoder::<DefaultEngine>::new(slices, parity, len, DefaultEngine::new(), None)
                .map_err(io::Error::other)?;
        for number in from {
            read(*number, at, piece)?;
            let index = usize::from(*number - 1);
            let added = match volume.is_slice(*number) {
                true => decoder.add_original_shard(index, &*piece),
                false => decoder.add_recovery_shard(index - slices, &*piece),
            };
            added.map_err(io::Error::other)?;
        }
        let restored = decoder.decode().map_err(io::Error::other)?;
        let restored: BTreeMap<usize, &[u8]> = restored.restored_original_iter().collect();
        for (index, piece) in restored {
            take(index as u16 + 1, piece)?;
        }
    }
    Ok(())
}

type Encoder = HighRateEncoder<DefaultEngine>;

/// The encoder of the stripe before, made ready for this one.
fn encoder_of(volume: &Volume, len: usize, before: Option<Encoder>) -> io::Result<Encoder> {
    let (slices, parity) = (usize::from(volume.slices()), usize::from(volume.parity()));
    let made = match before {
        Some(mut encoder) => encoder.reset(slices, parity, len).map(|()| encoder),
        None => Encoder::new(slices, parity, len, DefaultEngine::new(), None),
    };
    made.map_err(io::Error::other)
}

/// Where each stripe begins, and how wide it is.
fn stripes(volume: &Volume, stripe: u64) -> impl Iterator<Item = (u64, usize)> {
    let len = volume.slice_len();
    (0..len.div_ceil(stripe)).map(move |number| {
        let at = number * stripe;
        (at, stripe.min(len - at) as usize)
    })
}

#[cfg(test)]
#[path = "parity_tests.rs"]
mod tests;
