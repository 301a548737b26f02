//! An invented organisation with an archive of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use sanduq::bundle::Sealed;
use sanduq::crypto::KeyPair;
use sanduq::crypto::hybrid::Identity;
use sanduq::format::card::Card;
use sanduq::intake::{Archive, Founding, Outcome, Reading};

use super::{bundle, now, officer_line};

/// An archive with its card key and its officers' keys, in a folder of its own.
pub struct Organisation {
    pub dir: tempfile::TempDir,
    pub card_key: KeyPair,
    pub officers: Vec<Identity>,
}

impl Organisation {
    pub fn founded(officers: usize, threshold: usize) -> Organisation {
        let dir = tempfile::tempdir().unwrap();
        let officers: Vec<_> = (0..officers).map(|_| Identity::generate()).collect();
        let founding = Founding {
            name: "Invented Archive".to_owned(),
            officers: officers.iter().map(officer_line).collect(),
            threshold,
        };
        Archive::init(&dir.path().join("archive"), &founding).unwrap();
        Organisation { dir, card_key: KeyPair::generate(), officers }
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("archive")
    }

    /// A folder in which things arrive.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.dir.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The card of the archive's draft, signed; the archive has not seen it.
    pub fn card(&self) -> Card {
        Reading::open(&self.root()).unwrap().card_draft(now()).unwrap().sign(&self.card_key)
    }

    pub fn open(&self) -> Archive {
        Archive::open(&self.root()).unwrap()
    }

    pub fn look(&self) -> Reading {
        Reading::open(&self.root()).unwrap()
    }

    /// Seals one invented testimony to the card, as a file of this name in `folder`.
    pub fn seal_into(&self, folder: &Path, name: &str) -> (PathBuf, Sealed) {
        let (bytes, sealed) = bundle(&self.card());
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        (path, sealed)
    }

    pub fn accept(&self, paths: &[PathBuf]) -> Vec<Outcome> {
        accept(&mut self.open(), paths)
    }
}

pub fn accept(archive: &mut Archive, paths: &[PathBuf]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let stop = AtomicBool::new(false);
    archive.accept(paths, now(), &stop, &mut |outcome| outcomes.push(outcome)).unwrap();
    outcomes
}
