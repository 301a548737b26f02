//! Two organisations with three officers each, five contributors and an auditor, whose sticks get lost, copied, cut short,
//! bent, mixed up, reordered and played back, while somebody forges what comes by. A run is ten thousand steps, each of
//! which does something, drawn from a seed; keys, names and what is sealed are new each time.
//!
//! Beside them stands a model of nothing but bytes: which files were honestly made, and which of them came where whole.
//! At every step what came whole counts, and nothing that did not. In the end some contributors exchange with some
//! organisations over a stick that is let alone, and others do not: what at least one intact path carried is received
//! once, receipted and verified, and nothing else is. `SANDUQ_SEED=n` runs one seed, `SANDUQ_SEEDS=n` so many; a
//! failure names its seed.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "simulate/adversary.rs"]
mod adversary;
mod desk;
#[path = "replies/forger.rs"]
#[allow(dead_code, reason = "what is forged about replies is for another test")]
mod forger;
mod house;
#[path = "simulate/people.rs"]
mod people;
#[path = "simulate/truth.rs"]
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use adversary::{Adversary, Forgery, Known};
use house::Noise;
use people::{Contributor, NAMES, Organisation, Read};
use sanduq::audit;
use sanduq::bundle::Receipt;
use sanduq::bundle::letter::letter_len;
use sanduq::bundle::missing::runs;
use sanduq::bundle::reply::About;
use sanduq::crypto::Digest;
use sanduq::format::time::Time;
use sanduq::intake::{Answered, Fate, Reading};
use sanduq::store::files;
use sanduq::vault::{
    DeliveryState, HandOut, Manner, MediumProblem, ReplyView, Sealing, SyncOutcome, VaultError, Volumes,
};
use truth::{Arrived, Brought, Made, Truth};

const SEEDS: u64 = 20;
const STEPS: u64 = 10_000;
const CONTRIBUTORS: usize = 5;
const STICKS: usize = 8;
/// With less room than this in memory a run goes on the disk, where it takes longer.
const MEMORY_BYTES_MIN: u64 = 4 << 30;
/// The folder on a stick in which files get lost from sight; a desk looks there too.
const FOLDER: &str = "old";
/// Times that something is sealed in one run.
const SEALED_MAX: usize = 12;
/// Every so many accounts have a film with them, the first of all among these: their bundles take several slices.
const FILM_EVERY: usize = 4;
const FILM_BYTES: usize = 2_600_000;
/// This account's bundle is split among couriers.
const SPLIT: usize = 1;
const SHARES: usize = 3;
const SHARES_NEEDED: usize = 2;
/// Officers' letters of one organisation: they lie on every stick.
const REPLIES_MAX: usize = 4;
/// A clock is off by up to so many days, either way: all of them lie within the time that an officer's letter is laid.
const DAYS_OFF: u64 = 190;
/// What has to happen in a full test, so that it shows something.
const SHOWN: [&str; 23] = [
    "settled receipts left",
    "bundles sealed",
    "bundles with films",
    "trips",
    "trips with parts",
    "trips with carriers",
    "trips with carriers of parts",
    "visits",
    "bundles made of parts",
    "bundles made with parity",
    "notes of what is missing",
    "parts not carried for a note",
    "sticks lost",
    "sticks too small",
    "sticks played back",
    "sticks mixed",
    "forgeries",
    "forged letters that were refused",
    "replies heard",
    "shares that open",
    "shares too few",
    "bundles on no intact path",
    "bundles whose receipt never came home",
];

/// A bundle as it was sealed.
struct Sent {
    from: usize,
    to: usize,
    account: String,
    /// What the film is known by.
    film: Option<Digest>,
    /// The couriers' shares, and how many of them came whole.
    shares: Option<(Vec<PathBuf>, usize)>,
}

/// What an officer said.
struct Said {
    bundle: Digest,
    officer: usize,
    number: u64,
    words: String,
}

/// What a desk answered on a stick, and what that is judged by.
struct Answers {
    answered: Answered,
    /// Sets of parts of which too little came.
    open: BTreeSet<Digest>,
    /// The letters that lay there before.
    lay: BTreeSet<Digest>,
}

/// Everybody, their sticks, and all that was honestly made.
struct World {
    dir: tempfile::TempDir,
    dice: Noise,
    organisations: Vec<Organisation>,
    contributors: Vec<Contributor>,
    sticks: Vec<PathBuf>,
    /// Between whom each of them goes.
    journeys: Vec<(usize, usize)>,
    adversary: Adversary,
    truth: Truth,
    told: usize,
    sent: BTreeMap<Digest, Sent>,
    /// What came whole to each desk.
    brought: Vec<Brought>,
    /// What each desk has.
    accepted: Vec<BTreeSet<Digest>>,
    /// The authors of the bundles that were opened.
    read: BTreeMap<Digest, Digest>,
    /// What is acknowledged to its contributor.
    acknowledged: BTreeSet<Digest>,
    /// What contributors were last told that a desk does not have.
    missing: BTreeMap<Digest, BTreeSet<u16>>,
    said: Vec<Said>,
    /// Which of it came home.
    heard: BTreeSet<usize>,
    /// Who exchanged with whom over a stick that was let alone.
    calm: BTreeSet<(usize, usize)>,
    count: BTreeMap<&'static str, u64>,
}

impl World {
    fn new(seed: u64) -> World {
        let memory = Path::new("/dev/shm");
        let has_room = files::free_bytes(memory).is_ok_and(|free| free >= MEMORY_BYTES_MIN);
        let base = if has_room { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
        let dir = tempfile::tempdir_in(base).unwrap();
        let organisations: Vec<_> = NAMES.map(|name| Organisation::found(dir.path(), name, day(0))).into();
        let contributor =
            |number| Contributor::new(&dir.path().join(format!("amal{number}")), &organisations, day(0));
        let contributors = (0..CONTRIBUTORS).map(contributor).collect();
        let sticks: Vec<_> = (0..STICKS).map(|number| dir.path().join(format!("stick{number}"))).collect();
        sticks.iter().for_each(|stick| fs::create_dir_all(stick.join(FOLDER)).unwrap());
        World {
            dice: Noise::new(seed),
            brought: (0..NAMES.len()).map(Brought::new).collect(),
            accepted: vec![BTreeSet::new(); organisations.len()],
            adversary: Adversary::new(STICKS),
            organisations,
            contributors,
            sticks,
            journeys: (0..STICKS).map(|stick| (stick % CONTRIBUTORS, stick % NAMES.len())).collect(),
            dir,
            truth: Truth::default(),
            told: 0,
            sent: BTreeMap::new(),
            read: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            missing: BTreeMap::new(),
            said: Vec::new(),
            heard: BTreeSet::new(),
            calm: BTreeSet::new(),
            count: BTreeMap::new(),
        }
    }

    fn below(&mut self, end: usize) -> usize {
        below(&mut self.dice, end)
    }

    /// The time that somebody's clock shows.
    fn now(&mut self) -> Time {
        day(self.below(2 * DAYS_OFF as usize) as i64 - DAYS_OFF as i64)
    }

    fn count(&mut self, what: &'static str, many: usize) {
        *self.count.entry(what).or_default() += many as u64;
    }

    fn folder(&self, name: String) -> PathBuf {
        let folder = self.dir.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Something is done. What cannot be done is drawn anew.
    fn step(&mut self) {
        while !self.act() {}
    }

    fn act(&mut self) -> bool {
        let (stick, other) = (self.below(STICKS), self.below(STICKS));
        let (from, to) = self.journeys[stick];
        let dir = self.sticks[stick].clone();
        match self.below(10_000) {
            0..=6 => self.seal(from),
            7..=61 => {
                let pair = self.journey(stick);
                let way = self.way(pair);
                self.trip(pair, stick, way);
                // Perhaps there was no room for all of it.
                if self.below(3) == 0 {
                    let crowded = self.adversary.crowd(&dir, &mut self.dice);
                    self.count("sticks too small", crowded.into());
                }
                true
            }
            62..=116 => {
                let (_, at) = self.journey(stick);
                self.visit(at, stick);
                true
            }
            117..=128 => self.open(to),
            129 => {
                let now = self.now();
                self.organisations[to].renew_card(now);
                true
            }
            130..=169 => self.forge(stick),
            170..=189 => {
                let mixed = self.adversary.mix(&self.sticks, stick, other, &mut self.dice);
                self.done("sticks mixed", mixed)
            }
            190..=209 => {
                let played = self.adversary.keep_or_play_back(&dir, stick, &mut self.dice);
                self.done("sticks played back", played)
            }
            210..=215 => {
                let lost = self.adversary.lose(&dir);
                self.done("sticks lost", lost)
            }
            _ => {
                let bent = self.adversary.bend(&self.sticks, stick, &mut self.dice);
                self.done("files bent", bent)
            }
        }
    }

    /// Between whom a stick goes: mostly the same as before.
    fn journey(&mut self, stick: usize) -> (usize, usize) {
        if self.below(4) == 0 {
            self.journeys[stick] = (self.below(CONTRIBUTORS), self.below(NAMES.len()));
        }
        self.journeys[stick]
    }

    fn done(&mut self, what: &'static str, done: bool) -> bool {
        self.count(what, done.into());
        done
    }

    /// Somebody tells something, and seals it to one of the two, or to both; some of it with a film, some of it split
    /// among couriers.
    fn seal(&mut self, from: usize) -> bool {
        if self.told >= SEALED_MAX {
            return false;
        }
        let (now, first, both) = (self.now(), self.below(NAMES.len()), self.below(4) == 0);
        let account = format!("An invented account, number {}.", self.told);
        let mut items = vec![self.contributors[from].tell(&account, now)];
        let mut film = None;
        if self.told.is_multiple_of(FILM_EVERY) {
            let bytes = self.dice.bytes(FILM_BYTES);
            let path = self.dir.path().join("film");
            fs::write(&path, &bytes).unwrap();
            items.push(self.contributors[from].keep(&path, now));
            film = Some(Digest::of(&bytes));
        }
        for to in if both { vec![first, 1 - first] } else { vec![first] } {
            let (mut sealing, mut shares) = (Sealing::default(), None);
            if self.told == SPLIT {
                let folder = self.folder(format!("couriers{to}"));
                let couriers = HandOut::new(SHARES_NEEDED, SHARES, vec![folder]).unwrap();
                shares = Some(couriers.paths());
                sealing.couriers = Some(couriers);
            }
            let bundle = self.contributors[from].seal(&items, NAMES[to], &sealing, now);
            let shares = shares.map(|shares| self.travel(shares));
            self.sent.insert(bundle, Sent { from, to, account: account.clone(), film, shares });
            self.count("bundles sealed", 1);
            self.count("bundles with films", film.is_some().into());
        }
        self.told += 1;
        true
    }

    /// Couriers bring their shares, or something else, or nothing; gives what came, and how many are as they were.
    fn travel(&mut self, shares: Vec<PathBuf>) -> (Vec<PathBuf>, usize) {
        let (mut came, mut whole) = (Vec::new(), 0);
        for share in shares {
            match self.below(4) {
                0 => continue,
                1 => {
                    let mut bytes = fs::read(&share).unwrap();
                    let at = self.below(bytes.len());
                    bytes[at] ^= 1 << self.below(7);
                    fs::write(&share, bytes).unwrap();
                }
                _ => whole += 1,
            }
            came.push(share);
        }
        (came, whole)
    }

    /// How a contributor carries something to an organisation: whole or in parts, as it is or disguised; mostly in the
    /// same way as before.
    fn way(&mut self, (from, to): (usize, usize)) -> Way {
        let parts = |parity| Some(Volumes { part_bytes: 2_000_000, parity });
        let (volumes, covered) = match if self.below(4) > 0 { from + to } else { self.below(6) } {
            0 => (parts(0), false),
            1 => (parts(1), false),
            2 => (parts(1), true),
            3 => (parts(2), false),
            4 => (None, true),
            _ => (None, false),
        };
        Way { volumes, covered }
    }

    /// A contributor takes a stick to exchange with an organisation, and all that came home whole counts.
    fn trip(&mut self, (from, to): (usize, usize), stick: usize, way: Way) {
        let now = self.now();
        let dir = self.sticks[stick].clone();
        let post = self.post(from, &dir);
        let before = self.acknowledged.clone();
        let lay_there = |bundle: &Digest| {
            let path = dir.join(format!("{}.bundle", &bundle.to_string()[..16]));
            let whole = Made::Bundle(*bundle);
            !before.contains(bundle) && path.is_file() && self.truth.of(&path) == Some(&whole)
        };
        let lay: BTreeSet<Digest> = self.sent.keys().filter(|bundle| lay_there(bundle)).copied().collect();
        let is_settled = |truth: &Truth, path: &PathBuf| matches!(truth.of(path), Some(Made::Receipt { bundle, .. }) if before.contains(bundle));
        let settled: Vec<PathBuf> =
            letters(&dir).into_iter().filter(|path| is_settled(&self.truth, path)).collect();
        let carrier = way.covered.then_some(&self.organisations[to].carrier);
        let manner = Manner { to: Some(NAMES[to]), volumes: way.volumes, carrier, ..Manner::default() };
        let outcome = match self.contributors[from].sync(&dir, &manner, now) {
            // Damaged bundles lie under every name that the whole one may have; the letters were taken in before.
            Err(VaultError::Medium { problem: MediumProblem::Occupied, .. }) => None,
            outcome => Some(outcome.unwrap()),
        };
        outcome.iter().for_each(|outcome| self.check_letters(outcome, &post));
        self.missing.extend(post.missing);
        self.acknowledged.extend(&post.receipts);
        self.heard.extend(&post.replies);
        outcome.iter().for_each(|outcome| self.check_carried(outcome, (from, to), way));
        let of_mine = |bundle: &Digest| self.sent.get(bundle).is_some_and(|sent| sent.from == from);
        for path in letters(&dir) {
            if let Some(Made::Receipt { bundle, by }) = self.truth.of(&path) {
                let is_mine = of_mine(bundle) && self.sent[bundle].to == *by;
                let goes = is_mine && *by == to && lay.contains(bundle) && path.parent() == Some(&dir);
                assert!(!goes, "a receipt that was seen now is carried again");
            }
        }
        assert!(settled.iter().all(|path| path.exists()), "a stick shows whose a bundle was");
        self.count("settled receipts left", settled.len());
        self.count("trips", 1);
        self.count("trips with parts", (way.volumes.is_some() && !way.covered).into());
        self.count("trips with carriers", (way.volumes.is_none() && way.covered).into());
        self.count("trips with carriers of parts", (way.volumes.is_some() && way.covered).into());
    }

    /// What lies on a stick for somebody.
    fn post(&self, from: usize, dir: &Path) -> Post {
        let is_mine = |bundle: &Digest| self.sent.get(bundle).is_some_and(|sent| sent.from == from);
        let is_by = |bundle: &Digest, by: usize| is_mine(bundle) && self.sent[bundle].to == by;
        let mut post = Post::default();
        for path in letters(dir) {
            match self.truth.of(&path) {
                Some(Made::Receipt { bundle, by }) if is_by(bundle, *by) => {
                    post.receipts.insert(*bundle);
                }
                Some(Made::Missing { set, by, numbers }) if is_by(&self.truth.cuts[set].bundle, *by) => {
                    post.missing.push((*set, numbers.clone()));
                }
                Some(Made::Reply(place)) if is_mine(&self.said[*place].bundle) => {
                    post.replies.insert(*place);
                }
                Some(Made::Forged { about }) if is_mine(about) => {
                    post.forged.insert(path);
                }
                _ => {}
            }
        }
        post
    }

    /// What was taken of the letters on a stick is what was whole, and new.
    fn check_letters(&mut self, outcome: &SyncOutcome, post: &Post) {
        let letters = &outcome.letters;
        assert!(letters.forks.is_empty() && letters.two_cards.is_empty() && letters.offered.is_empty());
        let received: BTreeSet<Digest> = letters.received.iter().map(|id| id.parse().unwrap()).collect();
        let new: BTreeSet<Digest> = post.receipts.difference(&self.acknowledged).copied().collect();
        assert_eq!(received, new, "the receipts that were taken, and those that came");
        let said = |reply: &ReplyView| {
            let said = |said: &Said| {
                said.bundle.to_string() == reply.bundle
                    && (said.officer, said.number, &said.words) == (reply.officer, reply.number, &reply.words)
            };
            self.said.iter().position(said).expect("no officer said this")
        };
        let heard: BTreeSet<usize> = letters.replies.iter().map(said).collect();
        let new: BTreeSet<usize> = post.replies.difference(&self.heard).copied().collect();
        assert_eq!(heard, new, "the replies that were taken, and those that came");
        let refused: BTreeSet<PathBuf> = letters.refused.iter().cloned().collect();
        assert!(post.forged.is_subset(&refused), "a forged letter counts: {:?}\n{letters:#?}", post.forged);
        for card in &letters.cards {
            let at = NAMES.iter().position(|name| *name == card.name).unwrap();
            assert!(card.serial <= self.organisations[at].cards(), "a card that nobody made");
        }
        self.count("replies heard", heard.len());
        self.count("forged letters that were refused", post.forged.len());
    }

    /// All that waits is carried, and nothing else: of what goes in parts, those that the desk does not have.
    fn check_carried(&mut self, outcome: &SyncOutcome, (from, to): (usize, usize), way: Way) {
        let waits = |sent: &Sent, bundle: &Digest| {
            (sent.from, sent.to) == (from, to) && !self.acknowledged.contains(bundle)
        };
        let waiting: BTreeSet<Digest> = self
            .sent
            .iter()
            .filter(|(bundle, sent)| waits(sent, bundle))
            .map(|(bundle, _)| *bundle)
            .collect();
        let mut carried = BTreeSet::new();
        let mut numbers: BTreeMap<Digest, BTreeSet<u16>> = BTreeMap::new();
        let bundles = outcome.bundles.iter().map(|one| (&one.bundle, &one.path, None));
        let parts = outcome.parts.iter().map(|one| (&one.bundle, &one.path, Some(one.number)));
        for (bundle, path, number) in bundles.chain(parts) {
            let bundle = bundle.parse().unwrap();
            let covered = way.covered.then_some((&self.organisations[to].carrier, to));
            let set = self.truth.note_carried(path, bundle, covered);
            assert_eq!(set.is_some(), number.is_some());
            if let Some(set) = set {
                numbers.entry(set).or_default().extend(number);
            }
            carried.insert(bundle);
        }
        assert_eq!(carried, waiting, "what was carried, and what waits");
        for (set, carried) in numbers {
            let parts = self.truth.cuts[&set].parts;
            let open = self.missing.get(&set).cloned().unwrap_or_else(|| (1..=parts).collect());
            assert_eq!(carried, open, "the parts that were carried, and those that the desk does not have");
            self.count("parts not carried for a note", usize::from(parts) - open.len());
        }
    }

    /// A stick comes to a desk: what is on it whole is accepted, and nothing else.
    fn visit(&mut self, at: usize, stick: usize) {
        let now = self.now();
        let dir = self.sticks[stick].clone();
        let Arrived { bundles: came, open, made } = self.brought[at].take(&self.truth, &all_files(&dir));
        let lay = letters(&dir).iter().map(|path| digest(path)).collect();
        let (fates, answered) = self.organisations[at].visit(&dir, now);
        let mut there = BTreeSet::new();
        for (path, fate) in &fates {
            match fate {
                Fate::Accepted { bundle, .. } => {
                    there.insert(*bundle);
                    assert!(self.accepted[at].insert(*bundle), "{bundle} is accepted twice");
                }
                Fate::Known { bundle, .. } => {
                    there.insert(*bundle);
                    assert!(self.accepted[at].contains(bundle), "{bundle} is known of nothing");
                }
                Fate::Failed(error) => panic!("{}: {error}", path.display()),
                _ => {}
            }
        }
        assert_eq!(
            self.accepted[at], self.brought[at].bundles,
            "what is accepted, and what came whole: {fates:#?}"
        );
        assert!(
            came.is_subset(&there),
            "what came whole is not accepted: {came:?}\n{fates:#?}\n{:#?}",
            all_files(&dir).iter().map(|path| (path, self.truth.to_desk(path, at))).collect::<Vec<_>>()
        );
        for set in made {
            let (missing, needed) =
                (self.brought[at].missing(&self.truth, &set), self.truth.cuts[&set].needed);
            self.count("bundles made of parts", 1);
            self.count(
                "bundles made with parity",
                missing.iter().any(|of| usize::from(*of) <= needed).into(),
            );
        }
        self.check_answers(at, &dir, &there, &Answers { open, lay, answered });
        self.count("visits", 1);
    }

    /// Everything that is there has its receipt on the stick, everything that is not has its note, and every officer's
    /// letter lies there.
    fn check_answers(
        &mut self,
        at: usize,
        dir: &Path,
        there: &BTreeSet<Digest>,
        Answers { open, lay, answered }: &Answers,
    ) {
        for receipt in &answered.receipts {
            assert!(self.accepted[at].contains(&receipt.bundle), "a receipt of nothing");
            self.truth.note(&receipt.file, Made::Receipt { bundle: receipt.bundle, by: at });
        }
        let mut told = BTreeSet::new();
        // What the adversary made up is missed as well.
        let views = answered.parts.iter().filter(|view| self.truth.cuts.contains_key(&view.set));
        for view in views.collect::<Vec<_>>() {
            let numbers = self.brought[at].missing(&self.truth, &view.set);
            assert_eq!(view.missing, runs(&numbers), "what is missing of a set");
            // In each folder that parts of it lie in; elsewhere something else may lie under that name.
            let name = self.organisations[at].letter_about(&view.set);
            let is_new = |path: &&PathBuf| path.exists() && !lay.contains(&digest(path));
            for path in [dir.join(&name), dir.join(FOLDER).join(&name)].iter().filter(is_new) {
                self.truth.note(path, Made::Missing { set: view.set, by: at, numbers: numbers.clone() });
            }
            told.insert(view.set);
        }
        // A damaged part tells of its set as well.
        assert!(open.is_subset(&told), "of {open:?} something is missing, and that is not said");
        let is_whole = |set: &&Digest| self.accepted[at].contains(&self.truth.cuts[*set].bundle);
        assert_eq!(
            told.iter().find(is_whole),
            None,
            "of a bundle that is there something is said to be missing"
        );
        self.count("notes of what is missing", told.len());
        let lies: Vec<&Made> = letters(dir).iter().filter_map(|path| self.truth.of(path)).collect();
        for bundle in there {
            assert!(
                lies.contains(&&Made::Receipt { bundle: *bundle, by: at }),
                "{bundle} has no receipt there"
            );
        }
        for (place, said) in self.said.iter().enumerate().filter(|(_, said)| self.sent[&said.bundle].to == at)
        {
            assert!(
                lies.contains(&&Made::Reply(place)),
                "{:?} does not lie there: {answered:?}, {lies:#?}",
                said.words
            );
        }
    }

    /// Two officers open a bundle that the desk has, and sometimes answer it.
    fn open(&mut self, at: usize) -> bool {
        let is_new = |bundle: &&Digest| {
            !self.read.contains_key(*bundle) && self.sent.get(*bundle).is_some_and(|sent| sent.to == at)
        };
        let Some(bundle) = self.accepted[at].iter().find(is_new).copied() else { return false };
        let now = self.now();
        let Some(read) = self.read(at, &bundle, now) else { return false };
        self.read.insert(bundle, read.author);
        let to_same = self.said.iter().filter(|said| self.sent[&said.bundle].to == at).count();
        if to_same < REPLIES_MAX && self.below(3) > 0 {
            let words = format!("Thanks, and who else saw number {}?", self.said.len());
            let folder = self.folder(format!("post{at}"));
            let (officer, reply) = self.organisations[at].reply(&bundle, &words, &folder, now);
            self.organisations[at].lay(&reply.file, now);
            self.truth.note(&reply.file, Made::Reply(self.said.len()));
            self.said.push(Said { bundle, officer, number: reply.number.unwrap(), words });
        }
        true
    }

    /// Opens a bundle, and compares what is in it with what was sealed; nothing if couriers brought too little.
    fn read(&mut self, at: usize, bundle: &Digest, now: Time) -> Option<Read> {
        let sent = &self.sent[bundle];
        let enough = sent.shares.as_ref().is_none_or(|(_, whole)| *whole >= SHARES_NEEDED);
        let shares = sent.shares.as_ref().map_or(&[][..], |(paths, _)| paths);
        let read = self.organisations[at].open(bundle, shares, now);
        assert_eq!(read.is_some(), enough, "shares that came whole: {:?}", sent.shares);
        let read = read?;
        assert_eq!(read.items[0].account.as_ref(), Some(&sent.account));
        let films: Vec<Digest> =
            read.items[1..].iter().map(|item| item.files[0].sha256.parse().unwrap()).collect();
        assert_eq!(films, Vec::from_iter(sent.film));
        Some(read)
    }

    /// Somebody writes what an honest hand would, as far as can be had without its keys. Another contributor helps with
    /// the receipts that came home, and the auditor is shown what is forged.
    fn forge(&mut self, stick: usize) -> bool {
        let (at, insider) = (self.below(NAMES.len()), self.below(CONTRIBUTORS));
        let card = self.organisations[at].card().clone();
        let about = |bundle: &Digest| {
            let author = *self.read.get(bundle)?;
            let card = self.organisations[self.sent[bundle].to].card().digest();
            Some(About { bundle: *bundle, author, card })
        };
        let receipts = self.proofs(insider);
        let known = Known { card: &card, receipts, about: &about };
        match self.adversary.forge(&self.sticks[stick], &known, &mut self.dice) {
            Forgery::Bundle(path, bundle) => self.truth.note(&path, Made::Bundle(bundle)),
            Forgery::Letter { path, about, receipt } => {
                self.truth.note(&path, Made::Forged { about });
                if let Some(receipt) = receipt {
                    assert!(self.holding(&receipt).is_empty(), "a forged receipt holds");
                }
            }
            Forgery::Part => {}
        }
        self.done("forgeries", true)
    }

    /// The receipts that a contributor has, for auditors.
    fn proofs(&self, of: usize) -> Vec<Receipt> {
        let folder = self.folder(format!("proofs{of}"));
        let files = self.contributors[of].vault.receipt_export(&folder).unwrap().files;
        files.iter().map(|path| Receipt::parse(&fs::read(path).unwrap()).unwrap()).collect()
    }

    /// The auditor: under whose card this receipt holds.
    fn holding(&self, receipt: &Receipt) -> Vec<usize> {
        let text = receipt.print();
        let holds =
            |at: &usize| audit::receipt(self.organisations[*at].card().as_bytes(), text.as_bytes()).holds();
        (0..NAMES.len()).filter(holds).collect()
    }

    /// Some contributors exchange with some organisations over a stick that is let alone.
    fn settle(&mut self) {
        for pair in (0..CONTRIBUTORS).flat_map(|from| (0..NAMES.len()).map(move |to| (from, to))) {
            if self.below(2) == 0 {
                continue;
            }
            let stick = self.folder(format!("calm{}{}", pair.0, pair.1));
            self.sticks.push(stick);
            let (stick, way) = (self.sticks.len() - 1, self.way(pair));
            self.trip(pair, stick, way);
            self.visit(pair.1, stick);
            self.trip(pair, stick, way);
            let left = plain_files(&self.sticks[stick]);
            let is_letter = |path: &PathBuf| path.extension().is_some_and(|end| end == "receipt");
            assert!(left.iter().all(is_letter), "{left:?}");
            self.calm.insert(pair);
        }
    }

    /// What came whole was received once, receipted, and verified; and nothing else was. Between those who had a stick
    /// that was let alone everything did.
    fn check(&mut self) {
        for (bundle, sent) in &self.sent {
            let is_calm = self.calm.contains(&(sent.from, sent.to));
            assert!(!is_calm || self.acknowledged.contains(bundle), "{bundle} is not acknowledged");
            let came = self.brought[sent.to].bundles.contains(bundle);
            assert!(came || !self.acknowledged.contains(bundle), "{bundle} is acknowledged, and never came");
        }
        for (place, said) in self.said.iter().enumerate() {
            let sent = &self.sent[&said.bundle];
            let is_calm = self.calm.contains(&(sent.from, sent.to));
            assert!(!is_calm || self.heard.contains(&place), "{:?} was not heard", said.words);
        }
        (0..CONTRIBUTORS).for_each(|from| self.check_contributor(from));
        (0..NAMES.len()).for_each(|at| self.check_desk(at));
        let never = |(bundle, sent): &(&Digest, &Sent)| !self.accepted[sent.to].contains(bundle);
        let never_came = self.sent.iter().filter(never).count();
        let unheard = self.sent.keys().filter(|bundle| !self.acknowledged.contains(*bundle)).count();
        self.count("bundles on no intact path", never_came);
        self.count("bundles whose receipt never came home", unheard - never_came);
    }

    fn check_contributor(&self, from: usize) {
        let vault = &self.contributors[from].vault;
        let status = vault.status().unwrap();
        let own = self.sent.iter().filter(|(_, sent)| sent.from == from);
        let own: BTreeSet<Digest> = own.map(|(bundle, _)| *bundle).collect();
        let acknowledged: BTreeSet<Digest> = self.acknowledged.intersection(&own).copied().collect();
        let received = |state: DeliveryState| state == DeliveryState::Received;
        let ids = |only: bool| -> BTreeSet<Digest> {
            let rows = status.deliveries.iter().filter(|row| !only || received(row.state));
            rows.map(|row| row.bundle.parse().unwrap()).collect()
        };
        assert_eq!((ids(false), ids(true), status.forks.len()), (own, acknowledged.clone(), 0));
        let receipts = self.proofs(from);
        assert_eq!(receipts.iter().map(Receipt::bundle).collect::<BTreeSet<_>>(), acknowledged);
        for receipt in &receipts {
            assert_eq!(self.holding(receipt), [self.sent[&receipt.bundle()].to]);
        }
        let is_mine = |place: &&usize| self.sent[&self.said[**place].bundle].from == from;
        let heard: BTreeSet<&String> =
            self.heard.iter().filter(is_mine).map(|place| &self.said[*place].words).collect();
        let replies = vault.replies(None).unwrap();
        assert_eq!(replies.iter().map(|reply| &reply.words).collect::<BTreeSet<_>>(), heard);
        assert_eq!(replies.len(), heard.len(), "a reply is kept twice");
    }

    fn check_desk(&mut self, at: usize) {
        let reading = Reading::open(&self.organisations[at].root).unwrap();
        let kept: Vec<Digest> = reading.bundles().unwrap().iter().map(|one| one.bundle).collect();
        assert_eq!(kept.iter().copied().collect::<BTreeSet<_>>(), self.brought[at].bundles);
        assert_eq!(kept.len(), self.brought[at].bundles.len(), "a bundle has two leaves");
        let mut items = 0;
        for bundle in &kept {
            assert!(audit::bundle(&self.organisations[at].bundle(bundle)).unwrap().holds());
            let Some(sent) = self.sent.get(bundle).filter(|sent| sent.to == at) else { continue };
            let (in_it, split) = (1 + usize::from(sent.film.is_some()), sent.shares.is_some());
            let opens = match self.read.contains_key(bundle) {
                true => true,
                false => self.read(at, bundle, day(0)).is_some(),
            };
            items += if opens { in_it } else { 0 };
            self.count("shares that open", (split && opens).into());
            self.count("shares too few", (split && !opens).into());
        }
        let organisation = &self.organisations[at];
        assert_eq!(organisation.items(), items, "items that the officers have");
        assert!(organisation.opened() < 2 || organisation.active() == 3, "an officer never opened one");
    }
}

/// How something is carried.
#[derive(Debug, Clone, Copy)]
struct Way {
    volumes: Option<Volumes>,
    covered: bool,
}

/// What lies on a stick for one contributor, whole.
#[derive(Default)]
struct Post {
    receipts: BTreeSet<Digest>,
    missing: Vec<(Digest, BTreeSet<u16>)>,
    replies: BTreeSet<usize>,
    forged: BTreeSet<PathBuf>,
}

/// So many days after an invented one.
fn day(number: i64) -> Time {
    Time::from_unix(1_795_459_200 + number * 24 * 60 * 60).unwrap()
}

fn below(dice: &mut Noise, end: usize) -> usize {
    ((dice.next() >> 16) % end as u64) as usize
}

/// The plain files in a folder, in the order of their names.
fn plain_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn digest(path: &Path) -> Digest {
    Digest::of(&fs::read(path).unwrap())
}

/// Those that may be letters.
fn letters(dir: &Path) -> Vec<PathBuf> {
    let mut files = all_files(dir);
    files.retain(|path| path.metadata().unwrap().len() == letter_len());
    files
}

/// Those on a stick, and in the folder on it.
fn all_files(stick: &Path) -> Vec<PathBuf> {
    let within = stick.join(FOLDER);
    let mut all = plain_files(stick);
    all.extend(if within.is_dir() { plain_files(&within) } else { Vec::new() });
    all
}

/// Says which seed it was, if a run fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("SANDUQ_SEED={} fails", self.0);
        }
    }
}

fn run(seed: u64) -> BTreeMap<&'static str, u64> {
    let _seed = Seed(seed);
    let mut world = World::new(seed);
    for _ in 0..STEPS {
        world.step();
    }
    world.settle();
    world.check();
    world.count
}

#[test]
fn what_came_whole_is_received_once_and_nothing_else_is() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().expect("a number"));
    if let Some(seed) = number("SANDUQ_SEED") {
        return println!("{:#?}", run(seed));
    }
    let seeds = number("SANDUQ_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let work = || {
        let mut counts = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return counts;
            }
            counts.push(run(seed));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let counts: Vec<BTreeMap<&str, u64>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|worker| worker.join().expect("a run failed")).collect()
    });
    assert_eq!(counts.len() as u64, seeds);
    let sum = |what: &str| counts.iter().filter_map(|one| one.get(what)).sum::<u64>();
    let shown: Vec<String> = SHOWN.iter().map(|what| format!("{} {what}", sum(what))).collect();
    println!("MEASURED sticks at random: {seeds} seeds of {STEPS} steps, {}", shown.join(", "));
    for what in SHOWN {
        assert!(seeds < SEEDS || sum(what) > 0, "in all of this there were no {what}");
    }
}
