//! An invented organisation, its officers and bundles sealed to it, for the tests of the desk and of the audit.
//! Nobody in here is real.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use sanduq::bundle::{FileSource, Parcel, Sealed, pack};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, SecretBytes};
use sanduq::evidence::consent::Consent;
use sanduq::evidence::item::{File, Item, Kind, Origin};
use sanduq::format::card::{Card, OfficerLine};
use sanduq::format::id::RandomId;
use sanduq::format::time::Time;
use sanduq::intake::{Archive, Founding, Outcome, Reading};

/// The moment at which every test begins.
pub fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

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

pub fn officer_line(identity: &Identity) -> OfficerLine {
    OfficerLine { recipient: identity.to_recipient(), keys: KeyPair::generate().public() }
}

/// The bytes of a bundle with one invented testimony, and what the contributor keeps of it.
pub fn bundle(card: &Card) -> (Vec<u8>, Sealed) {
    let items = [testimony("They came at night, this invented witness says.")];
    let author = KeyPair::generate();
    let parcel = Parcel { card, author: &author, items: &items, proof_commit: Digest::of(b"a proof key") };
    let mut bytes = Vec::new();
    let sealed = pack(&parcel, &NoFiles, &mut bytes, &mut |_| {}).unwrap();
    (bytes, sealed)
}

pub fn testimony(account: &str) -> Item {
    Item {
        number: 1,
        id: RandomId::generate(),
        kind: Kind::Testimony,
        title: "An invented night".to_owned(),
        created: now(),
        consent: Consent::default(),
        date: None,
        place: None,
        persons: Vec::new(),
        account: Some(account.to_owned()),
        files: Vec::new(),
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

struct NoFiles;

impl FileSource for NoFiles {
    fn open(&self, _: &File) -> io::Result<Box<dyn Read + '_>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Names and contents of every file below a folder.
pub fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(one) = folders.pop() {
        for entry in fs::read_dir(one).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
