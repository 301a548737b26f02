//! Those who are honest: organisations with their officers, and contributors. All of them are invented.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};

use sanduq::crypto::{Digest, KdfParams, Passphrase};
use sanduq::format::card::Card;
use sanduq::format::time::Time;
use sanduq::intake::{Answered, Archive, Fate, Founding, Reading, read_officer};
use sanduq::vault::{
    Confirm, Manner, OpenOutcome, Saying, Selection, SyncOutcome, TestimonyText, Vault, Volumes,
};

/// What the organisations are called.
pub const NAMES: [&str; 2] = ["Archive-of-Examples", "House-of-Samples"];
/// What every testimony is called.
pub const TITLE: &str = "an invented title";
const OFFICERS: usize = 3;
const THRESHOLD: usize = 2;

/// A desk and the vaults of its officers, of whom two open together.
pub struct Organisation {
    pub root: PathBuf,
    archive: Archive,
    officers: Vec<Vault>,
    cards: Vec<Card>,
}

/// Somebody who has both organisations' cards.
pub struct Contributor {
    pub vault: Vault,
}

fn vault(root: &Path, now: Time) -> Vault {
    let passphrase = Passphrase::from("the chest stands behind six invented doors");
    Vault::init(root, &passphrase, KdfParams::FLOOR, None, "en", now).unwrap()
}

impl Organisation {
    pub fn found(dir: &Path, name: &str, now: Time) -> Organisation {
        let officers: Vec<Vault> =
            (1..=OFFICERS).map(|number| vault(&dir.join(format!("{name}-{number}")), now)).collect();
        let line = |(officer, number): (&Vault, usize)| {
            let path = dir.join(format!("{name}-{number}.recipient"));
            fs::write(&path, officer.recipient_line()).unwrap();
            read_officer(&path).unwrap()
        };
        let founding = Founding {
            name: name.to_owned(),
            officers: officers.iter().zip(1..).map(line).collect(),
            threshold: THRESHOLD,
        };
        let root = dir.join(name);
        let archive = Archive::init(&root, &founding).unwrap();
        let mut organisation = Organisation { root, archive, officers, cards: Vec::new() };
        organisation.renew_card(now);
        organisation
    }

    /// The first of its cards: the one that every contributor was given.
    pub fn card(&self) -> &Card {
        &self.cards[0]
    }

    /// The first officer signs a newer card, and the desk lays it on sticks from then on.
    pub fn renew_card(&mut self, now: Time) {
        let draft = Reading::open(&self.root).unwrap().card_draft(now).unwrap().to_string();
        let signed = self.officers[0].sign_card(draft.as_bytes(), now).unwrap();
        let path = self.root.with_extension("card");
        fs::write(&path, &signed.text).unwrap();
        let mut fates = Vec::new();
        let accepted =
            self.archive.accept(&[path], now, &Default::default(), &mut |outcome| fates.push(outcome.fate));
        accepted.unwrap();
        assert!(matches!(fates[..], [Fate::CardAccepted { .. }]), "{fates:?}");
        self.cards.push(Card::parse(signed.text.as_bytes()).unwrap());
    }

    /// A stick is brought to the desk; what became of everything on it, and what was laid there.
    pub fn visit(&mut self, stick: &Path, now: Time) -> (Vec<(PathBuf, Fate)>, Answered) {
        let mut fates = Vec::new();
        let answered = self.archive.sync(stick, now, &Default::default(), &mut |outcome| {
            fates.push((outcome.path, outcome.fate));
        });
        (fates, answered.unwrap())
    }

    /// Two officers open a bundle, the second of them twice; the accounts in it, in the order of the items.
    pub fn open(&mut self, bundle: &Path, now: Time) -> Vec<String> {
        let [first, second, ..] = &mut self.officers[..] else { panic!("two officers") };
        let OpenOutcome::PassOn(passed) = first.open_bundle(bundle, None, now, &mut ()).unwrap() else {
            panic!("one officer opened it alone")
        };
        let mut open = || match second.open_bundle(bundle, Some(&passed.file), now, &mut ()).unwrap() {
            OpenOutcome::TakenIn(taken) => taken,
            other => panic!("{other:?}"),
        };
        let (taken, again) = (open(), open());
        assert!(!taken.already && again.already, "it was taken in twice");
        taken.items.iter().map(|item| second.show(*item).unwrap().account.unwrap_or_default()).collect()
    }

    /// The second officer answers the author of a bundle.
    pub fn reply(&mut self, bundle: &str, words: &str, to: &Path, now: Time) {
        let bundle = bundle.parse().unwrap();
        self.officers[1].reply(&bundle, Saying::Words(words), to, now).unwrap();
    }

    /// How many items the second officer has.
    pub fn items(&self) -> usize {
        self.officers[1].list(None, None).unwrap().len()
    }
}

impl Contributor {
    pub fn new(root: &Path, organisations: &[Organisation], now: Time) -> Contributor {
        let mut vault = vault(root, now);
        for (organisation, name) in organisations.iter().zip(NAMES) {
            let card = organisation.card().as_bytes();
            vault.contact_add(card, Confirm::Yes, Some(name.to_owned()), now).unwrap();
        }
        Contributor { vault }
    }

    /// Keeps an account; its number.
    pub fn tell(&mut self, account: &str, now: Time) -> u64 {
        let told = TestimonyText { title: Some(TITLE.to_owned()), account: account.to_owned() };
        self.vault.testify(told, now).unwrap().item
    }

    /// Seals one item; the bundle's id.
    pub fn seal(&mut self, item: u64, to: &str, now: Time) -> Digest {
        let sealed = self.vault.seal(Selection::Items(vec![item]), to, now, &mut ()).unwrap();
        sealed.bundle.parse().unwrap()
    }

    /// Exchanges with an organisation over a stick; in parts, of which any one is enough for so small a bundle.
    pub fn sync(&mut self, stick: &Path, to: &str, in_parts: bool, now: Time) -> SyncOutcome {
        let volumes = in_parts.then_some(Volumes { part_bytes: 2_000_000, parity: 1 });
        let manner = Manner { to: Some(to), volumes, ..Manner::default() };
        self.vault.sync_as(stick, &manner, now, &mut ()).unwrap()
    }
}
