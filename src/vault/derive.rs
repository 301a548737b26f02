//! What lies in a disclosure in the place of an original that would tell too much: a copy without metadata, or what an
//! officer made of it by hand.
//!
//! Nothing of this is kept, and the original stays as it is. A copy without metadata is made twice, once to see that it
//! can be and once to be written, so that there is never more than one of them in memory. What was made by hand and is a
//! JPEG or a PNG loses its metadata as well, for programs that crop pictures copy it; anything else leaves as it is given.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use serde::{Serialize, Serializer};

use super::keep::media_type;
use super::redact::{Chosen, Disclosing};
use super::{DerivativeProblem, DisclosureProblem, Vault, VaultError};
use crate::bundle::derivative::{Derivative, How, SignedDerivative, is_media_type};
use crate::crypto::Digest;
use crate::evidence::item::File;
use crate::evidence::unit::Value;
use crate::format::strip::{PICTURE_BYTES_MAX, PictureKind, StripError, strip};

/// What an officer made of an original.
#[derive(Clone, PartialEq, Eq)]
pub struct ByHand {
    /// It.
    pub bytes: Vec<u8>,
    /// What the officer says was done.
    pub words: Option<String>,
}

/// What leaves in the place of an original.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewedDerivative {
    /// The item.
    pub item: u64,
    /// The unit that shows the original.
    pub unit: u32,
    /// How it was made.
    #[serde(serialize_with = "as_text")]
    pub how: How,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Whether its metadata was taken out here; of a JPEG or a PNG it always is.
    pub stripped: bool,
    /// What the officer says was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

fn as_text<S: Serializer>(how: &How, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(how)
}

/// An original that stays, and what of it is known that leaves.
pub(super) struct Replacement {
    item: u64,
    unit: u32,
    record: Digest,
    original: File,
    by_hand: Option<ByHand>,
    media_type: String,
    bytes: u64,
}

impl Replacement {
    /// Bytes of what leaves.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn how(&self) -> How {
        match &self.by_hand {
            Some(by_hand) => How::ByHand { words: by_hand.words.clone() },
            None => How::MetadataRemoved,
        }
    }

    pub fn review(&self) -> ReviewedDerivative {
        ReviewedDerivative {
            item: self.item,
            unit: self.unit,
            how: self.how(),
            media_type: self.media_type.clone(),
            bytes: self.bytes,
            stripped: PictureKind::named(&self.media_type).is_some(),
            words: self.by_hand.as_ref().and_then(|by_hand| by_hand.words.clone()),
        }
    }
}

impl Vault {
    /// What leaves in the place of originals, by their numbers in the bundle. An original without metadata leaves itself.
    pub(super) fn derivatives(
        &self,
        wanted: &Disclosing,
        records: &[Chosen],
    ) -> Result<BTreeMap<u32, Replacement>, VaultError> {
        check_by_hand(wanted, records)?;
        let mut made = BTreeMap::new();
        for (place, number, file) in shown(records) {
            let Some(by_hand) = wanted.by_hand.get(&(place.item, place.unit)) else { continue };
            let replacement = place.by_hand(file, by_hand).map_err(|problem| place.problem(problem))?;
            if made.insert(number, replacement).is_some() {
                return Err(place.problem(DerivativeProblem::Twice));
            }
        }
        for (place, number, file) in shown(records).filter(|_| wanted.without_metadata) {
            if !made.contains_key(&number)
                && let Some(replacement) = self.without_metadata(&place, file)?
            {
                made.insert(number, replacement);
            }
        }
        Ok(made)
    }

    /// What leaves in the place of an original, and the statement about it.
    pub(super) fn make_derivative(
        &self,
        bundle: &Digest,
        made: &Replacement,
    ) -> Result<(Vec<u8>, SignedDerivative), VaultError> {
        let place = Place { item: made.item, unit: made.unit, record: made.record };
        let bytes = match &made.by_hand {
            Some(by_hand) => by_hand.bytes.clone(),
            None => self.stripped(&place, &made.original)?.0,
        };
        let keys = self.officer_keys();
        let derivative = Derivative {
            bundle: *bundle,
            record: made.record,
            unit: made.unit,
            original: made.original.digest,
            derivative: Digest::of(&bytes),
            bytes: bytes.len() as u64,
            media_type: made.media_type.clone(),
            how: made.how(),
            officer: keys.public().fingerprint(),
        };
        Ok((bytes, SignedDerivative::sign(derivative, &keys)))
    }

    fn without_metadata(&self, place: &Place, file: &File) -> Result<Option<Replacement>, VaultError> {
        let (bytes, media_type) = self.stripped(place, file)?;
        let changed = Digest::of(&bytes) != file.digest;
        Ok(changed.then(|| place.replacement(file, None, media_type.to_owned(), bytes.len() as u64)))
    }

    /// The original without its metadata, and its media type.
    fn stripped(&self, place: &Place, file: &File) -> Result<(Vec<u8>, &'static str), VaultError> {
        let refused = |error| place.problem(DerivativeProblem::Strip(error));
        if file.len > PICTURE_BYTES_MAX {
            return Err(refused(StripError::TooLarge));
        }
        let damaged = || VaultError::damaged("file");
        let mut bytes = Vec::new();
        self.store.open_object(&file.object)?.read_to_end(&mut bytes).map_err(|_| damaged())?;
        if Digest::of(&bytes) != file.digest {
            return Err(damaged());
        }
        let bare = strip(bytes).map_err(refused)?;
        Ok((bare.bytes, bare.kind.media_type()))
    }
}

/// The unit that shows a file.
struct Place {
    item: u64,
    unit: u32,
    record: Digest,
}

impl Place {
    fn problem(&self, problem: DerivativeProblem) -> VaultError {
        DisclosureProblem::Derivative { number: self.item, unit: self.unit, problem }.into()
    }

    fn by_hand(&self, original: &File, given: &ByHand) -> Result<Replacement, DerivativeProblem> {
        let (bytes, media_type) = match strip(given.bytes.clone()) {
            Ok(bare) => (bare.bytes, bare.kind.media_type().to_owned()),
            Err(StripError::Unknown) => (given.bytes.clone(), media_type(&given.bytes)),
            Err(error) => return Err(error.into()),
        };
        if [Digest::of(&bytes), Digest::of(&given.bytes)].contains(&original.digest) {
            return Err(DerivativeProblem::Same);
        }
        let plain =
            if is_media_type(&media_type) { media_type } else { "application/octet-stream".to_owned() };
        let len = bytes.len() as u64;
        Ok(self.replacement(original, Some(ByHand { bytes, words: given.words.clone() }), plain, len))
    }

    fn replacement(
        &self,
        original: &File,
        by_hand: Option<ByHand>,
        media_type: String,
        bytes: u64,
    ) -> Replacement {
        let Place { item, unit, record } = *self;
        Replacement { item, unit, record, original: original.clone(), by_hand, media_type, bytes }
    }
}

/// Every file that is shown, where, and its number in the bundle.
fn shown(records: &[Chosen]) -> impl Iterator<Item = (Place, u32, &File)> {
    records.iter().flat_map(|record| {
        let place = |unit| Place { item: record.kept.item.number, unit, record: record.id };
        record.files().map(move |(unit, number, file)| (place(unit), number, file))
    })
}

/// Refuses what was made of something that is no file. Of a file that is withheld nothing leaves, and that is no fault.
fn check_by_hand(wanted: &Disclosing, records: &[Chosen]) -> Result<(), VaultError> {
    for (item, unit) in wanted.by_hand.keys() {
        let record = records.iter().find(|record| record.kept.item.number == *item);
        let value = record.and_then(|record| record.units.get((*unit as usize).checked_sub(1)?));
        match value {
            None => return Err(DisclosureProblem::NoUnit { number: *item, unit: *unit }.into()),
            Some(chosen) if matches!(chosen.value, Value::File(_)) => {}
            Some(_) => {
                let problem = DerivativeProblem::NotAFile;
                return Err(DisclosureProblem::Derivative { number: *item, unit: *unit, problem }.into());
            }
        }
    }
    Ok(())
}

impl fmt::Debug for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByHand({} bytes)", self.bytes.len())
    }
}
