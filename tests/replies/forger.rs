//! An invented organisation all of whose keys the test holds: it opens what is sealed to it, and writes every letter
//! that an honest one would, and those that it would not.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sanduq::bundle::files::Arriving;
use sanduq::bundle::letter::Letter;
use sanduq::bundle::reply::About;
use sanduq::bundle::{FileSink, Receipt, Reply, Step, Unread};
use sanduq::crypto::{Digest, Identity, KeyPair, LogSigningKey, Recipient};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

pub struct Forger {
    pub officers: Vec<(Identity, KeyPair)>,
    pub card_key: KeyPair,
    pub log: NoteSigner,
}

/// What an officer knows of a bundle after opening it.
pub struct Seen {
    pub about: About,
    pub to: Recipient,
}

struct Nowhere;

impl FileSink for Nowhere {
    fn take(&mut self, _: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        io::copy(content, &mut io::sink()).map(drop)
    }
}

impl Forger {
    /// Two officers, each of whom opens alone.
    pub fn new() -> Forger {
        let officers = (0..2).map(|_| (Identity::generate(), KeyPair::generate())).collect();
        let log = NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap();
        Forger { officers, card_key: KeyPair::generate(), log }
    }

    pub fn terms(&self, serial: u64) -> Terms {
        let line = |(identity, keys): &(Identity, KeyPair)| OfficerLine {
            recipient: identity.to_recipient(),
            keys: keys.public(),
        };
        Terms {
            name: "Invented Archive".to_owned(),
            serial,
            valid_until: "2099-11-23".parse().unwrap(),
            threshold: 1,
            officers: self.officers.iter().map(line).collect(),
            log: self.log.verifier(),
            policy: Policy::none(),
        }
    }

    pub fn card(&self, serial: u64) -> Card {
        Draft::new(self.terms(serial)).unwrap().sign(&self.card_key)
    }

    pub fn open(&self, bundle: &Path) -> Seen {
        let mut file = File::open(bundle).unwrap();
        let unread = Unread::begin(&mut file).unwrap();
        let identity = &self.officers[0].0;
        let Step::Opened(opened) = unread.open_quorum(identity, None).unwrap() else {
            panic!("one is enough")
        };
        let recipient = identity.to_recipient();
        let (outer, verified) = unread.verify(&opened, &mut file, &recipient, &mut Nowhere).unwrap();
        let author = verified.author.fingerprint();
        let about = About { bundle: verified.bundle, author, card: verified.card.digest() };
        Seen { about, to: outer.return_recipient().clone() }
    }

    /// A receipt from a log that holds `others` other entries before this bundle, said to come from `history`.
    pub fn receipt(&self, bundle: Digest, others: u64, history: &str) -> Receipt {
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for number in 0..others {
            tree.append(format!("{history} {number}").as_bytes()).unwrap();
        }
        let leaf = Leaf::Ingest(bundle).to_string();
        let index = tree.append(leaf.as_bytes()).unwrap();
        let head = Checkpoint::of(&self.log, tree.size(), tree.root(tree.size()).unwrap());
        let hashes = tree.inclusion_proof(index, tree.size()).unwrap();
        Receipt::of(TlogProof::logged(leaf.as_bytes(), index, hashes, head.sign(&self.log).unwrap())).unwrap()
    }
}

impl Seen {
    /// What the second officer says about it, numbered.
    pub fn reply(&self, forger: &Forger, number: u64, words: &str) -> Reply {
        Reply::sign(self.about, 2, number, words, &forger.officers[1].1).unwrap()
    }

    /// Seals a letter to the bundle's author, into a file in `dir`.
    pub fn post(&self, letter: &Letter, dir: &Path) -> PathBuf {
        write(dir, &letter.seal(&self.to).unwrap())
    }
}

/// A file in `dir` with a name as every letter has one.
pub fn write(dir: &Path, letter: &[u8]) -> PathBuf {
    let path = dir.join(format!("{}.receipt", &Digest::of(letter).to_string()[..16]));
    std::fs::write(&path, letter).unwrap();
    path
}
