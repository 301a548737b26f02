//! A signed card comes back to the desk: it is checked against the archive, stored, and its digest logged, so
//! that nobody can show two people two cards unnoticed.
//!
//! A card is taken only where its file is named by hand, **never** from a folder: anyone can make a card under any
//! name. The first one names the card key; a later one must be by the same key, or name it as its former key and
//! carry its signatures too.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::archive::Archive;
use super::ledger::{About, CardRow, Entry};
use super::outcome::Fate;
use super::{IntakeError, source};
use crate::format::card::{CARD_BYTES_MAX, Card};
use crate::format::draft::HEADER;
use crate::format::time::{Date, Time};
use crate::store::StoreError;
use crate::store::files;

/// Whether a file begins as cards and drafts do.
pub(super) fn looks_like_a_card(path: &Path) -> bool {
    let mut start = [0; HEADER.len() + 1];
    let read = open(path).map(|(mut file, _)| file.read_exact(&mut start));
    matches!(read, Ok(Ok(()))) && start.strip_prefix(HEADER.as_bytes()) == Some(b"\n")
}

impl Archive {
    /// Stores and logs a card of this organisation. The same card twice is taken once.
    pub(super) fn accept_card(&mut self, path: &Path, now: Time) -> Result<Fate, IntakeError> {
        let card = Card::parse(&source::read(path, CARD_BYTES_MAX as u64)?).map_err(IntakeError::Card)?;
        if let Some(CardRow { serial, leaf, digest, .. }) = self.ledger.card(&card.digest())? {
            return Ok(Fate::CardKnown { card: digest, serial, leaf });
        }
        check(&card, &self.about, self.ledger.newest_card()?.as_ref(), now.date())?;
        let (digest, serial) = (card.digest(), card.serial());
        match files::write_new(&self.places.card(&digest), card.as_bytes()) {
            // Left by an `accept` that was killed before it was logged.
            Ok(()) | Err(StoreError::Exists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let entry = Entry::Card { digest, serial, fingerprint: card.fingerprint() };
        let leaves = self.ledger.record(&[entry], now.date(), &self.log)?;
        Ok(Fate::CardAccepted { card: digest, serial, leaf: leaves[0] })
    }
}

/// Opens a file named by hand.
fn open(path: &Path) -> Result<(File, u64), IntakeError> {
    source::open(&source::named(path).map_err(|error| IntakeError::source(path, error))?)
}

/// Whether this card is one of this archive's, newer than those before, by the same hand, and of use today.
fn check(card: &Card, about: &About, newest: Option<&CardRow>, today: Date) -> Result<(), IntakeError> {
    let officers: Vec<_> = card.officers().iter().map(ToString::to_string).collect();
    let same = [
        ("log", card.log_key().to_string() == about.log),
        ("name", card.name() == about.name),
        ("list of officers", officers == about.officers),
        ("threshold", card.threshold() == usize::from(about.threshold)),
    ];
    if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
        return Err(IntakeError::ForeignCard { what });
    }
    if let Some(newest) = newest {
        let older = card.formerly().map(|older| older.fingerprint());
        if card.fingerprint() != newest.fingerprint && older != Some(newest.fingerprint) {
            return Err(IntakeError::ForeignCardKey {
                expected: newest.fingerprint,
                found: card.fingerprint(),
            });
        }
        if card.serial() <= newest.serial {
            return Err(IntakeError::OldCard { newest: newest.serial, found: card.serial() });
        }
    }
    if card.has_expired(today) {
        return Err(IntakeError::ExpiredCard { until: card.valid_until() });
    }
    Ok(())
}
