//! Capture straight to sealed: what is captured so was never readable in this vault.
//!
//! The files are read twice where they lie, once for their digests and once into the bundle; a text comes from memory.
//! No key, name, title or word of them is written to the vault. What stays is the bundle that waits for its receipt,
//! as after forgetting, and it goes when the receipt comes.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::keep::{self, new_item};
use super::rows::Kept;
use super::send::{Sealing, Way, fitting};
use super::testimony::told;
use super::walk::{self, Found};
use super::{Progress, Skipped, TestimonyText, Vault, VaultError, label};
use crate::bundle::{FileSource, Original};
use crate::crypto::{Digest, HashingReader};
use crate::evidence::consent::Consent;
use crate::evidence::item::{self, Item, Kind, LABEL_BYTES_MAX, LINE_BYTES_MAX};
use crate::evidence::persons;
use crate::format::id::RandomId;
use crate::format::time::Time;

/// What was sealed without ever being kept.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DirectOutcome {
    /// The contact's name.
    pub to: String,
    /// The bundles' ids: more than one where there were too many files for one.
    pub bundles: Vec<String>,
    /// The labels of the files.
    pub files: Vec<String>,
    /// What was passed over, and why.
    pub skipped: Vec<Skipped>,
    /// The couriers' shares that were written: those of one splitting open all of the bundles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[serde(serialize_with = "crate::format::path::many")]
    pub shares: Vec<PathBuf>,
}

impl Vault {
    /// Seals files to a contact's card without keeping them; the bundle waits in the outbox. The files themselves stay
    /// where they are.
    pub fn seal_direct(
        &mut self,
        paths: &[PathBuf],
        to: &str,
        sealing: &Sealing,
        consent: &Consent,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<DirectOutcome, VaultError> {
        self.way(to, sealing, now)?;
        let (found, mut skipped) = walk::files(paths, &self.folders()?, LABEL_BYTES_MAX);
        let mut captured = Vec::new();
        for found in found {
            match Captured::read(&found, consent, now) {
                Ok(one) => captured.push(one),
                Err(why) => skipped.push(walk::skip(&found.path, why)),
            }
        }
        let files = captured.iter().map(|one| one.label.clone()).collect();
        let (bundles, shares) = self.seal_captured(captured, to, sealing, now, progress)?;
        Ok(DirectOutcome { to: to.to_owned(), bundles, files, skipped, shares })
    }

    /// Seals a testimony to a contact's card without keeping it, not even as a draft; under which terms, and whom it
    /// names.
    pub fn testify_direct(
        &mut self,
        text: TestimonyText,
        to: &str,
        sealing: &Sealing,
        (consent, names): (&Consent, &[String]),
        now: Time,
    ) -> Result<DirectOutcome, VaultError> {
        let persons = persons::names(names.iter().cloned());
        let (title, account) = told(text, &persons)?;
        let mut item = new_item(Kind::Testimony, title, now);
        (item.persons, item.account) = (persons, account);
        item.consent = consent.clone();
        item.check().map_err(VaultError::evidence)?;
        let captured = Captured { item, path: PathBuf::new(), label: String::new() };
        let (bundles, shares) = self.seal_captured(vec![captured], to, sealing, now, &mut ())?;
        Ok(DirectOutcome { to: to.to_owned(), bundles, shares, ..DirectOutcome::default() })
    }

    fn seal_captured(
        &mut self,
        captured: Vec<Captured>,
        to: &str,
        sealing: &Sealing,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<(Vec<String>, Vec<PathBuf>), VaultError> {
        let sources = Sources(captured.iter().map(Captured::source).collect());
        let mut left: Vec<Kept> = captured.into_iter().map(Captured::into_kept).collect();
        if sealing.proof.is_some() && fitting(&left)? < left.len() {
            return Err(VaultError::ProofOfSeveral);
        }
        let (mut bundles, mut shares) = (Vec::new(), Vec::new());
        while !left.is_empty() {
            let later = left.split_off(fitting(&left)?);
            let way = self.way(to, sealing, now)?;
            let mut hand_out = || match shares.is_empty() {
                true => sealing.hand_out().map(|written| shares = written),
                false => Ok(()),
            };
            match self.seal_unkept(left, &sources, &way, &mut hand_out, now, progress) {
                Ok(bundle) => bundles.push(bundle.to_string()),
                Err(error) if bundles.is_empty() => return Err(error),
                // They wait in the outbox: whoever seals all of it once more would send them twice.
                Err(error) => return Err(VaultError::SealedPartly { bundles, source: Box::new(error) }),
            }
            left = later;
        }
        Ok((bundles, shares))
    }

    /// `hand_out` is done last, before the bundle becomes true.
    fn seal_unkept(
        &mut self,
        chosen: Vec<Kept>,
        sources: &Sources,
        way: &Way,
        hand_out: &mut dyn FnMut() -> Result<(), VaultError>,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<Digest, VaultError> {
        self.check_sealing(&chosen, progress)?;
        let items: Vec<Item> = chosen.into_iter().map(|kept| kept.item).collect();
        let mut change = self.begin()?;
        let (sealed, stored) = change.pack(&way.parcel(&items), Some(sources), progress)?;
        let delivery = change.delivery(way, &sealed, &stored, now);
        change.put(&delivery)?;
        hand_out()?;
        change.commit(way.sealed(&sealed), now)?;
        Ok(sealed.bundle)
    }
}

/// What is to be sealed, and where its bytes lie.
struct Captured {
    item: Item,
    path: PathBuf,
    label: String,
}

impl Captured {
    fn read(found: &Found, consent: &Consent, now: Time) -> Result<Captured, super::SkipReason> {
        let (mut file, before) = keep::open(found)?;
        // A file that grows as fast as it is read would never end; one byte more says that it changed.
        let mut head = keep::Head::new(&mut file, before.len() + 1);
        let mut reader = HashingReader::new(&mut head);
        io::copy(&mut reader, &mut io::sink()).map_err(|error| walk::refused(&error))?;
        let (digest, len) = reader.finish();
        if len != before.len() {
            return Err(super::SkipReason::Changed);
        }
        let mut item = new_item(Kind::Document, label::title_of(&found.label, LINE_BYTES_MAX), now);
        item.consent = consent.clone();
        let media_type = keep::media_type(head.begin());
        let (object, label) = (RandomId::generate(), found.label.clone());
        item.files.push(item::File { object, digest, len, media_type, label: label.clone() });
        Ok(Captured { item, path: found.path.clone(), label })
    }

    fn source(&self) -> (Digest, PathBuf) {
        let digest = self.item.files.first().map(|file| file.digest);
        (digest.unwrap_or_else(|| Digest::of(b"")), self.path.clone())
    }

    fn into_kept(self) -> Kept {
        Kept::new(self.item)
    }
}

/// The files where they lie, by the digest each had. Packing refuses one that has another by now.
struct Sources(HashMap<Digest, PathBuf>);

impl FileSource for Sources {
    fn open(&self, file: &item::File) -> io::Result<Original<'_>> {
        let path = self.0.get(&file.digest).map_or(Path::new(""), PathBuf::as_path);
        Ok(Original::of(File::open(path)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::open::tests::{now, officer_and_family};
    use super::super::rows::Delivery;
    use super::*;

    /// More than one bundle holds.
    const NOTES: usize = 6_000;

    /// Changes a file as soon as the second bundle is begun.
    struct Meddler<'p> {
        begun: usize,
        file: &'p Path,
    }

    impl Progress for Meddler<'_> {
        fn start(&mut self, _total: u64) {
            self.begun += 1;
            if self.begun == 2 {
                std::fs::write(self.file, "something else").unwrap();
            }
        }

        fn advance(&mut self, _bytes: u64) {}
    }

    /// The second of two bundles failed, and nothing said that the first was there: she sealed everything again, and the
    /// organisation had half of it twice.
    #[test]
    fn what_was_sealed_before_one_failed_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (_officer, mut family) = officer_and_family(dir.path());
        let folder = dir.path().join("many");
        std::fs::create_dir(&folder).unwrap();
        for number in 0..NOTES {
            std::fs::write(folder.join(format!("{number:05}")), "an invented note").unwrap();
        }
        let last = folder.join(format!("{:05}", NOTES - 1));
        let held = |family: &Vault| -> Vec<String> {
            let rows = family.store.all::<Delivery>().unwrap().into_iter();
            rows.map(|row| row.bundle.to_string()).collect()
        };
        let before = held(&family);
        let mut meddler = Meddler { begun: 0, file: &last };
        let failed = family.seal_direct(
            std::slice::from_ref(&folder),
            "Invented Archive",
            &Sealing::default(),
            &Consent::default(),
            now(),
            &mut meddler,
        );
        let Err(VaultError::SealedPartly { bundles, .. }) = failed else { panic!("{failed:?}") };
        let mut new = held(&family);
        new.retain(|bundle| !before.contains(bundle));
        assert_eq!(bundles, new);
        assert_eq!(bundles.len(), 1);
    }
}
