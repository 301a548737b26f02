//! Those who are honest: organisations with their officers, and contributors. All of them are invented.

#![allow(dead_code, reason = "each test file takes what it needs")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sanduq::crypto::{CarrierKey, Digest, KdfParams, LogSigningKey, Passphrase, Secret, hex};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;
use sanduq::format::time::Time;
use sanduq::intake::{
    Answered, Archive, Fate, Founding, LetterAdded, Reading, ReplicaFate, ReplicaOutcome, read_officer,
};
use sanduq::vault::{
    Confirm, ItemDetail, Manner, OpenOutcome, Opening, ReplyOutcome, Saying, Sealing, Selection, ShareFile,
    SyncOutcome, TestimonyText, Vault, VaultError,
};

/// What the organisations are called.
pub const NAMES: [&str; 2] = ["Archive-of-Examples", "House-of-Samples"];
/// What every testimony is called.
pub const TITLE: &str = "an invented title";
const OFFICERS: usize = 3;
const THRESHOLD: usize = 2;
/// Who opens together, in the order of the card: the first takes off the outer layer.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// A desk and the vaults of its officers, of whom two open together: another two each time.
pub struct Organisation {
    pub root: PathBuf,
    /// What its contributors may disguise their bundles with.
    pub carrier: CarrierKey,
    archive: Archive,
    officers: Vec<Vault>,
    cards: Vec<Card>,
    /// By which officer each bundle was taken in.
    opened: BTreeMap<Digest, usize>,
    /// The officers who took off a layer.
    active: BTreeSet<usize>,
    /// What was passed on, and by which officer.
    pub passed_on: Vec<(usize, Vec<u8>)>,
}

/// What was in a bundle.
pub struct Read {
    pub author: Digest,
    pub items: Vec<ItemDetail>,
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
        let mut archive = Archive::init(&root, &founding).unwrap();
        let key = dir.join(format!("{name}.key"));
        archive.carrier_new(&key).unwrap();
        let carrier = CarrierKey::from_text(&fs::read(key).unwrap()).unwrap();
        let mut organisation = Organisation {
            root,
            carrier,
            archive,
            officers,
            cards: Vec::new(),
            opened: BTreeMap::new(),
            active: BTreeSet::new(),
            passed_on: Vec::new(),
        };
        organisation.renew_card(now);
        organisation
    }

    /// The first of its cards: the one that every contributor was given.
    pub fn card(&self) -> &Card {
        &self.cards[0]
    }

    /// How many cards it made.
    pub fn cards(&self) -> u64 {
        self.cards.len() as u64
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
        let answered = answered.unwrap();
        assert!(answered.troubles.is_empty(), "{:?}", answered.troubles);
        (fates, answered)
    }

    /// Where a bundle lies in the archive.
    pub fn bundle(&self, bundle: &Digest) -> PathBuf {
        self.root.join("bundles").join(format!("{bundle}.bundle"))
    }

    /// What the desk calls the letter about a set of parts, on every stick (docs/spec/intake.md).
    pub fn letter_about(&self, set: &Digest) -> String {
        let line = fs::read_to_string(self.root.join("log.key")).unwrap();
        let seed = BASE64_STANDARD.decode(line.trim_end().splitn(5, '+').last().unwrap()).unwrap();
        let key = LogSigningKey::from_seed(&Secret::new(seed[1..].try_into().unwrap()));
        let log = NoteSigner::new(self.card().log_key().name(), key).unwrap();
        format!("{}.receipt", hex::encode(&log.pseudonym(set)))
    }

    /// Two officers open a bundle, the second of them twice; nothing if it takes more couriers' shares than these.
    pub fn open(&mut self, bundle: &Digest, shares: &[PathBuf], now: Time) -> Option<Read> {
        let path = self.bundle(bundle);
        let (first, second) = PAIRS[self.opened.len() % PAIRS.len()];
        let outcome = self.officers[first].open_bundle(&path, None, now, &mut ()).unwrap();
        let OpenOutcome::PassOn(passed) = outcome else { panic!("one officer opened it alone") };
        let file =
            |path: &PathBuf| ShareFile { path: path.clone(), bytes: Secret::new(fs::read(path).unwrap()) };
        let shares: Vec<_> = shares.iter().map(file).collect();
        let officer = &mut self.officers[second];
        let mut open = || {
            let opening = Opening { with: Some(&passed.file), shares: &shares };
            match officer.open_with(&path, opening, now, &mut ()).unwrap() {
                OpenOutcome::TakenIn(taken) => Some(taken),
                OpenOutcome::SharesNeeded(_) => None,
                other => panic!("{other:?}"),
            }
        };
        let (taken, again) = (open()?, open()?);
        assert!(!taken.already && again.already, "it was taken in twice");
        self.opened.insert(*bundle, second);
        self.active.extend([first, second]);
        self.passed_on.push((first, passed.file));
        let items = taken.items.iter().map(|item| self.officers[second].show(*item).unwrap()).collect();
        Some(Read { author: taken.author.parse().unwrap(), items })
    }

    /// How many bundles were opened.
    pub fn opened(&self) -> usize {
        self.opened.len()
    }

    /// How many officers took off a layer of one.
    pub fn active(&self) -> usize {
        self.active.len()
    }

    /// The officer who took in a bundle answers its author; the officer's place on the card, and the letter.
    pub fn reply(&mut self, bundle: &Digest, words: &str, to: &Path, now: Time) -> (usize, ReplyOutcome) {
        let officer = self.opened[bundle];
        let reply = self.officers[officer].reply(bundle, Saying::Words(words), to, now).unwrap();
        (officer + 1, reply)
    }

    /// An officer's letter is given to the desk, which lays it on every stick from then on.
    pub fn lay(&mut self, letter: &Path, now: Time) -> LetterAdded {
        self.archive.letter_add(letter, now).unwrap()
    }

    /// Keeps what another organisation handed on, and lays the list of what is held beside it.
    pub fn keep_replicas(&mut self, dir: &Path) {
        let refused = &mut |outcome: ReplicaOutcome| {
            assert!(
                matches!(outcome.fate, ReplicaFate::Kept { .. } | ReplicaFate::Known { .. }),
                "{outcome:?}"
            );
        };
        self.archive.keep_replicas(dir, &Default::default(), refused).unwrap();
    }

    /// How many items the officers have.
    pub fn items(&self) -> usize {
        self.officers.iter().map(|officer| officer.list(None, None).unwrap().len()).sum()
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

    /// Keeps a file; its number.
    pub fn keep(&mut self, file: &Path, now: Time) -> u64 {
        self.vault.add_paths(&[file.to_path_buf()], now, &mut ()).unwrap().added[0].item
    }

    /// Seals items; the bundle's id.
    pub fn seal(&mut self, items: &[u64], to: &str, sealing: &Sealing, now: Time) -> Digest {
        let items = Selection::Items(items.to_vec());
        self.vault.seal_with(items, to, sealing, now, &mut ()).unwrap().bundle.parse().unwrap()
    }

    /// Exchanges with an organisation over a stick.
    pub fn sync(&mut self, stick: &Path, manner: &Manner, now: Time) -> Result<SyncOutcome, VaultError> {
        self.vault.sync_as(stick, manner, now, &mut ())
    }
}
