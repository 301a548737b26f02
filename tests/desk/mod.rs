//! An invented organisation, its officers and bundles sealed to it, for the tests of the desk and of the audit.
//! Nobody in here is real.

#![allow(dead_code, reason = "each test file takes what it needs")]

#[cfg(feature = "intake")]
mod organisation;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "intake")]
#[allow(unused_imports, reason = "each test file takes what it needs")]
pub use organisation::{Organisation, accept};
use sanduq::bundle::{FileSource, Original, Parcel, Sealed, pack};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, SecretBytes};
use sanduq::evidence::consent::Consent;
use sanduq::evidence::item::{File, Item, Kind, Origin};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::id::RandomId;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;

/// The moment at which every test begins.
pub fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

pub fn officer_line(identity: &Identity) -> OfficerLine {
    OfficerLine { recipient: identity.to_recipient(), keys: KeyPair::generate().public() }
}

/// A card of an organisation with one officer, this log and this card key.
pub fn card(log: &NoteSigner, key: &KeyPair) -> Card {
    card_under(log, key, Policy::none())
}

/// A card whose log counts by this policy.
pub fn card_under(log: &NoteSigner, key: &KeyPair, policy: Policy) -> Card {
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 1,
        officers: vec![officer_line(&Identity::generate())],
        log: log.verifier(),
        policy,
    };
    Draft::new(terms).unwrap().sign(key)
}

/// The bytes of a bundle with one invented testimony, and what the contributor keeps of it.
pub fn bundle(card: &Card) -> (Vec<u8>, Sealed) {
    let items = [testimony("They came at night, this invented witness says.")];
    let author = KeyPair::generate();
    let parcel = Parcel {
        card,
        author: &author,
        items: &items,
        proof_commit: Digest::of(b"a proof key"),
        follow_up: None,
        couriers: None,
    };
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
    fn open(&self, _: &File) -> io::Result<Original<'_>> {
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
