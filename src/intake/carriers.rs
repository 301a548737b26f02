//! Carrier keys at the desk: made here, handed over privately, and tried on every file that is nothing known.
//!
//! ```text
//! carriers/7c1f….key     a carrier key, named by the first 16 digits of its file's SHA-256
//! ```
//!
//! A carrier key opens no bundle: it takes a disguise off, and is never on the card. One that got into wrong hands is
//! removed; what still comes under it is another program's file from then on. How many are held is bounded, for each is
//! tried on each file: a few bytes of it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::IntakeError;
use super::archive::{Archive, CARRIER_KEY_ENDING, Places};
use super::read::Reading;
use super::source::{self, Source};
use crate::bundle::carrier::{self, BEGINNING_BYTES};
use crate::crypto::carrier::CARRIER_KEY_LEN;
use crate::crypto::hash::Digest;
use crate::crypto::{CarrierKey, Secret};
use crate::store::files;

/// Carrier keys that are held at one time.
pub const CARRIERS_MAX: usize = 256;

/// Digits of a key's name.
const NAME_DIGITS: usize = 16;

/// A carrier key, as people and scripts read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CarrierView {
    /// Its name: the first digits of the SHA-256 of its file.
    pub carrier: String,
}

/// The carrier keys that are held.
#[derive(Debug, Clone, Default)]
pub(super) struct Carriers(Arc<Vec<CarrierKey>>);

impl Carriers {
    /// Reads those of an archive; one that was made before there were any has none.
    pub fn read(places: &Places) -> Result<Carriers, IntakeError> {
        let keys = names(places)?.into_iter().map(|name| read_key(&places.carrier(&name), &name));
        Ok(Carriers(Arc::new(keys.collect::<Result<_, _>>()?)))
    }

    /// Whether a file in a folder is a bundle or a part, as it is or disguised, whatever its name. What cannot be read
    /// is not.
    pub fn know(&self, path: &Path) -> bool {
        let begin = |(mut file, _)| begin(&mut file).ok();
        let beginning = source::open(path).ok().and_then(begin).unwrap_or_default();
        carrier::is_plain(&beginning) || self.fitting(&beginning).is_some()
    }

    /// What is in a file that was brought, and how long that is: of a carrier, what is under the disguise.
    pub fn open(&self, path: &Path) -> Result<(Source, u64), IntakeError> {
        let trouble = |error| IntakeError::source(path, error);
        let (mut file, len) = source::open(path)?;
        let beginning = begin(&mut file).map_err(trouble)?;
        let fitting = if carrier::is_plain(&beginning) { None } else { self.fitting(&beginning) };
        let Some(key) = fitting else { return Ok((Source::Plain(file), len)) };
        let content = carrier::open(key, file).map_err(trouble)?;
        let len = content.len();
        Ok((Source::Carrier(content), len))
    }

    fn fitting(&self, beginning: &[u8]) -> Option<&CarrierKey> {
        self.0.iter().find(|key| carrier::is_under(key, beginning))
    }
}

fn begin(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
    file.by_ref().take(BEGINNING_BYTES as u64).read_to_end(&mut beginning)?;
    std::io::Seek::rewind(file)?;
    Ok(beginning)
}

impl Archive {
    /// Makes a carrier key, keeps it, and writes the file that is to be handed over.
    pub fn carrier_new(&mut self, to: &Path) -> Result<CarrierView, IntakeError> {
        if names(&self.places)?.len() >= CARRIERS_MAX {
            return Err(IntakeError::TooManyCarriers { limit: CARRIERS_MAX });
        }
        let text = CarrierKey::generate().to_text();
        let name = name_of(text.expose());
        let kept = self.places.carrier(&name);
        files::create_dir_all(&self.places.carriers())?;
        // Kept before it is handed over: what comes under a key that nobody has any more could never be taken in.
        files::write_new(&kept, text.expose())?;
        if let Err(error) = files::write_new(to, text.expose()) {
            // Where only the last sync failed it lies there, and may be handed over.
            if read_key(to, &name).is_err() {
                forget(&kept)?;
            }
            return Err(error.into());
        }
        self.carriers = Carriers::read(&self.places)?;
        Ok(CarrierView { carrier: name })
    }

    /// Forgets a carrier key: what comes under it is nothing known from now on.
    pub fn carrier_remove(&mut self, name: &str) -> Result<(), IntakeError> {
        if !names(&self.places)?.iter().any(|one| one == name) {
            return Err(IntakeError::NoCarrier { name: name.to_owned() });
        }
        forget(&self.places.carrier(name))?;
        self.carriers = Carriers::read(&self.places)?;
        Ok(())
    }
}

impl Reading {
    /// The carrier keys that are held.
    pub fn carriers(&self) -> Result<Vec<CarrierView>, IntakeError> {
        Ok(names(&self.places)?.into_iter().map(|carrier| CarrierView { carrier }).collect())
    }
}

/// Random bytes over its own, and then it goes: whoever gets the desk's disk later shall not tell what was under it.
fn forget(path: &Path) -> Result<(), IntakeError> {
    files::destroy(path)?;
    Ok(files::remove(path)?)
}

/// What a key is called, by the text of its file.
fn name_of(text: &[u8]) -> String {
    Digest::of(text).to_string()[..NAME_DIGITS].to_owned()
}

fn names(places: &Places) -> Result<Vec<String>, IntakeError> {
    let folder = places.carriers();
    let trouble = |error| IntakeError::source(&folder, error);
    let mut names = Vec::new();
    if folder.symlink_metadata().is_err() {
        return Ok(names);
    }
    for entry in std::fs::read_dir(&folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let digits = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        if path.extension().is_some_and(|end| end == CARRIER_KEY_ENDING)
            && stem.len() == NAME_DIGITS
            && stem.bytes().all(digits)
        {
            names.push(stem.to_owned());
        }
        if names.len() > CARRIERS_MAX {
            return Err(IntakeError::TooManyCarriers { limit: CARRIERS_MAX });
        }
    }
    names.sort();
    Ok(names)
}

fn read_key(path: &Path, name: &str) -> Result<CarrierKey, IntakeError> {
    let trouble = |error| IntakeError::source(path, error);
    let mut text = Secret::new(Vec::with_capacity(CARRIER_KEY_LEN + 1));
    let (file, _) = source::open(path)?;
    file.take(CARRIER_KEY_LEN as u64 + 1).read_to_end(text.expose_mut()).map_err(trouble)?;
    let key = CarrierKey::from_text(text.expose()).ok().filter(|_| name_of(text.expose()) == name);
    let what = "a carrier key is not as it was kept";
    key.ok_or_else(|| IntakeError::Damaged { what, path: path.to_path_buf() })
}
