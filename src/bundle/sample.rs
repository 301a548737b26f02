//! Invented evidence, organisations and officers for the tests of this folder.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};

use super::couriers::CouriersLock;
use super::files::{Arriving, FileSink, FileSource, Original};
use super::pack::{Parcel, Sealed, pack_split};
use super::parts::Split;
use crate::crypto::checksum::Sums;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Identity;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::log_key::LogSigningKey;
use crate::crypto::secret::SecretBytes;
use crate::evidence::consent::Consent;
use crate::evidence::item::{File, Item, Kind, Origin};
use crate::format::card::{Card, Draft, OfficerLine, Terms};
use crate::format::id::RandomId;
use crate::format::note::NoteSigner;
use crate::format::policy::Policy;
use crate::format::time::Time;

/// An organisation with its officers' identities.
pub struct Organisation {
    pub card: Card,
    pub officers: Vec<Identity>,
    pub log: NoteSigner,
}

pub fn organisation(officers: usize, threshold: usize) -> Organisation {
    organisation_under(officers, threshold, Policy::none())
}

/// One whose log counts by this policy.
pub fn organisation_under(officers: usize, threshold: usize, policy: Policy) -> Organisation {
    let identities: Vec<_> = (0..officers).map(|_| Identity::generate()).collect();
    let line =
        |one: &Identity| OfficerLine { recipient: one.to_recipient(), keys: KeyPair::generate().public() };
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold,
        officers: identities.iter().map(line).collect(),
        log: log.verifier(),
        policy,
    };
    let card = Draft::new(terms).unwrap().sign(&KeyPair::generate());
    Organisation { card, officers: identities, log }
}

/// The same files, each with the checksum that was made with its digest.
pub struct Summed<'a>(pub &'a Shelf);

impl FileSource for Summed<'_> {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        let checksum = self.0.0.get(&file.digest).and_then(|content| Sums::of(content).checksum);
        Ok(Original { checksum, ..self.0.open(file)? })
    }
}

/// Files in memory.
#[derive(Default)]
pub struct Shelf(pub HashMap<Digest, Vec<u8>>);

impl Shelf {
    pub fn put(&mut self, content: &[u8], label: &str) -> File {
        let digest = Digest::of(content);
        self.0.insert(digest, content.to_vec());
        let media_type = "application/octet-stream".to_owned();
        File {
            object: RandomId::generate(),
            digest,
            len: content.len() as u64,
            media_type,
            label: label.to_owned(),
        }
    }
}

impl FileSource for Shelf {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        let content = self.0.get(&file.digest).ok_or(io::ErrorKind::NotFound)?;
        Ok(Original::of(content.as_slice()))
    }
}

impl FileSink for Shelf {
    fn take(&mut self, file: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        self.0.insert(file.digest, bytes);
        Ok(())
    }
}

pub fn document(files: Vec<File>) -> Item {
    Item {
        number: 1,
        id: RandomId::generate(),
        kind: Kind::Document,
        title: "An invented page".to_owned(),
        created: Time::from_unix(1_795_459_200).unwrap(),
        consent: Consent::default(),
        date: None,
        place: None,
        persons: Vec::new(),
        account: None,
        files,
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

pub fn testimony(account: &str) -> Item {
    Item { kind: Kind::Testimony, account: Some(account.to_owned()), ..document(Vec::new()) }
}

pub fn seal(card: &Card, items: &[Item], source: &dyn FileSource, split: Split) -> (Cursor<Vec<u8>>, Sealed) {
    seal_locked(card, items, source, split, None)
}

/// As [`seal`], with a couriers' layer.
pub fn seal_locked(
    card: &Card,
    items: &[Item],
    source: &dyn FileSource,
    split: Split,
    couriers: Option<&CouriersLock>,
) -> (Cursor<Vec<u8>>, Sealed) {
    let author = KeyPair::generate();
    let proof_commit = Digest::of(b"a proof key");
    let parcel = Parcel { card, author: &author, items, proof_commit, follow_up: None, couriers };
    let mut out = Vec::new();
    let sealed = pack_split(&parcel, source, &mut out, &mut |_| {}, split).unwrap();
    assert_eq!(sealed.len, out.len() as u64);
    (Cursor::new(out), sealed)
}
