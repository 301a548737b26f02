//! What the golden vault of the present version is made of: a contributor who is an officer as well, so that one vault
//! holds a row of every kind. All of it is invented.
//!
//! A bundle that waits for its receipt takes 16 MiB of an outbox; so those that were sealed here have theirs.

use std::cell::Cell;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use sanduq::bundle::letter::seal_receipt;
use sanduq::bundle::receipt::Receipt;
use sanduq::bundle::{Act, FollowUp, Outer};
use sanduq::crypto::{KeyFile, LogSigningKey, Passphrase};
use sanduq::format::card::{Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};
use sanduq::vault::{Confirm, OpenOutcome, Saying, Sealing, Selection, TestimonyText, Vault, Volumes};

use crate::{KDF, PASSPHRASE, copy, now, report};

const ACCOUNT: &str = "این گواهی ساختگی است.\nنام او مینا بود و در خانهٔ ما زندگی می‌کرد.";
const SECOND: &str = "another golden passphrase";
/// What the organisation is called here.
const TO: &str = "archive";

/// Longer than what lies in the index, so that it lies in a pack.
fn scan() -> Vec<u8> {
    (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// The organisation of which the vault's owner is the officer, and its desk.
struct Organisation {
    log: NoteSigner,
    /// How many entries its log has.
    size: Cell<u64>,
}

impl Organisation {
    fn draft(&self, vault: &Vault, serial: u64) -> String {
        let terms = Terms {
            name: "Invented Archive".into(),
            serial,
            valid_until: "2028-11-23".parse().unwrap(),
            threshold: 1,
            officers: vec![vault.recipient_line().parse::<OfficerLine>().unwrap()],
            log: self.log.verifier(),
            policy: Policy::none(),
        };
        Draft::new(terms).unwrap().to_string()
    }

    /// The sealed receipt for a bundle, the last entry of a log of this size. Two of one size convict the log.
    fn accept(&self, bundle: &[u8], size: u64) -> Vec<u8> {
        let outer = Outer::read(&mut Cursor::new(bundle)).unwrap();
        let leaf = Leaf::Ingest(outer.id()).to_string();
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for other in 1..size {
            tree.append(other.to_string().as_bytes()).unwrap();
        }
        let index = tree.append(leaf.as_bytes()).unwrap();
        let head = Checkpoint::of(&self.log, tree.size(), tree.root(tree.size()).unwrap());
        let head = head.sign(&self.log).unwrap();
        let hashes = tree.inclusion_proof(index, tree.size()).unwrap();
        let receipt = Receipt::of(TlogProof::logged(leaf.as_bytes(), index, hashes, head)).unwrap();
        seal_receipt(outer.return_recipient(), &receipt).unwrap()
    }

    /// Everything that waits is carried and acknowledged; gives the bundles.
    fn deliver(&self, from: &mut Vault, scratch: &Path, stick: &str) -> Vec<PathBuf> {
        let exported = from.export(&scratch.join(stick), now(), &mut ()).unwrap().bundles;
        let bundles: Vec<PathBuf> = exported.into_iter().map(|bundle| bundle.path).collect();
        for (number, bundle) in bundles.iter().enumerate() {
            let receipt = scratch.join(format!("{stick}-{number}.receipt"));
            let mut add = |size| {
                fs::write(&receipt, self.accept(&fs::read(bundle).unwrap(), size)).unwrap();
                let outcome = from.receipt_add(std::slice::from_ref(&receipt), now()).unwrap();
                (outcome.received.len(), outcome.forks.len())
            };
            if number == 1 {
                assert_eq!(add(self.size.get()), (0, 1), "another history");
            }
            self.size.set(self.size.get() + 1);
            assert_eq!(add(self.size.get()), (1, 0));
        }
        bundles
    }
}

fn told(title: &str, account: &str) -> TestimonyText {
    TestimonyText { title: Some(title.into()), account: account.into() }
}

fn file(scratch: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    fs::write(scratch.join(name), bytes).unwrap();
    scratch.join(name)
}

/// Own items: a testimony with a person and under terms, two files, one of them twice.
fn keep(vault: &mut Vault, scratch: &Path) {
    let item = vault.testify(told("گواهی ساختگی", ACCOUNT), now()).unwrap().item;
    vault.name_persons(item, &["مینا".into()], now()).unwrap();
    let terms = r#"{"terms":{"share":"court","name":"pseudonym","not-before":"2031-05-01","contact":true},"pseudonym":"Reed","words":"Ask me first."}"#;
    vault.set_consent(&[item], &serde_json::from_str(terms).unwrap(), now()).unwrap();
    let (note, large) =
        (file(scratch, "note.txt", "made up, about no real person\n"), file(scratch, "scan.bin", scan()));
    vault.add_paths(&[large, note], now(), &mut ()).unwrap();
}

/// What is sealed here: a bundle, one that corrects it, and a withdrawal.
fn send(vault: &mut Vault, organisation: &Organisation, scratch: &Path) {
    let first = vault.seal(Selection::Items(vec![1, 2]), TO, now(), &mut ()).unwrap().bundle;
    let refers = Some(first.parse().unwrap());
    let corrects = Sealing { follow_up: Some(FollowUp { refers, act: Act::Correct }), ..Sealing::default() };
    vault.seal_with(Selection::Items(vec![3]), TO, &corrects, now(), &mut ()).unwrap();
    let withdraws =
        Sealing { follow_up: Some(FollowUp { refers, act: Act::Withdraw }), ..Sealing::default() };
    vault.withdraw(told("withdrawn", "I take it back."), TO, &withdraws, now(), &mut ()).unwrap();
    let volumes = Volumes { part_bytes: 2_000_000, parity: 1 };
    vault.export_in(&scratch.join("parts"), Some(&volumes), now(), &mut ()).unwrap();
    organisation.deliver(vault, scratch, "stick");
}

/// What comes from somebody else: a bundle, and later the withdrawal of all.
fn receive(vault: &mut Vault, organisation: &Organisation, card: &[u8], scratch: &Path) {
    let passphrase = Passphrase::from("an invented other passphrase");
    let mut other = Vault::init(&scratch.join("other"), &passphrase, KDF, None, "en", now()).unwrap();
    other.contact_add(card, Confirm::Yes, Some(TO.into()), now()).unwrap();
    other.testify(told("from elsewhere", "An invented account from elsewhere."), now()).unwrap();
    other.seal(Selection::AllUnsealed, TO, now(), &mut ()).unwrap();
    let all =
        Sealing { follow_up: Some(FollowUp { refers: None, act: Act::Withdraw }), ..Sealing::default() };
    for bundle in organisation.deliver(&mut other, scratch, "other-stick") {
        let opened = vault.open_bundle(&bundle, None, now(), &mut ()).unwrap();
        assert!(matches!(opened, OpenOutcome::TakenIn(_)));
        let id = Outer::read(&mut fs::File::open(&bundle).unwrap()).unwrap().id();
        vault.reply(&id, Saying::Words("An invented answer."), &scratch.join("post"), now()).unwrap();
    }
    other.withdraw(told("withdrawn", "All of it."), TO, &all, now(), &mut ()).unwrap();
    for bundle in organisation.deliver(&mut other, scratch, "other-stick-again") {
        vault.open_bundle(&bundle, None, now(), &mut ()).unwrap();
    }
}

/// A draft that waits, and one number that was given and is gone.
fn leave(vault: &mut Vault) {
    let draft = vault.draft_begin(Some("begun".into()), now()).unwrap();
    let paragraphs = ["An invented beginning.".to_owned(), "And no end.".to_owned()];
    vault.draft_save(&draft, Some("begun".into()), &paragraphs, now()).unwrap();
    let gone = vault.testify(told("gone", "nothing"), now()).unwrap().item;
    vault.remove(gone, now()).unwrap();
}

/// Writes the golden vault of a version, and beside it what must come out, the words, the key file and a draft.
pub fn write(version: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("vault");
    let folder = version.join("vault");
    assert!(!folder.exists(), "a golden vault is written once");
    let label = Some("Maryam".to_owned());
    let mut vault = Vault::init(&root, &Passphrase::from(PASSPHRASE), KDF, label, "fa", now()).unwrap();
    let log = NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap();
    let organisation = Organisation { log, size: Cell::new(0) };
    let draft = organisation.draft(&vault, 1);
    let card = vault.sign_card(draft.as_bytes(), now()).unwrap().text.into_bytes();
    vault.contact_add(&card, Confirm::Yes, Some(TO.into()), now()).unwrap();
    keep(&mut vault, scratch.path());
    send(&mut vault, &organisation, scratch.path());
    receive(&mut vault, &organisation, &card, scratch.path());
    leave(&mut vault);
    let key_file = KeyFile::generate();
    vault.add_passphrase(&Passphrase::from(SECOND), Some(&key_file), now()).unwrap();
    fs::create_dir_all(version).unwrap();
    fs::write(version.join("draft"), organisation.draft(&vault, 2)).unwrap();
    fs::write(version.join("words.txt"), format!("{}\n", vault.words().expose())).unwrap();
    fs::write(version.join("key-file"), key_file.to_text().expose()).unwrap();
    drop(vault);
    copy(&root, &folder);
    let mut vault = Vault::unlock(&root, None, &Passphrase::from(PASSPHRASE)).unwrap();
    let out = scratch.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(version.join("vault.txt"), report(&mut vault, version, &out)).unwrap();
}
