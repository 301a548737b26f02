//! Two organisations and five contributors, whose sticks get lost, copied, cut short, bent, mixed up and played back,
//! while somebody forges what comes by: thousands of steps at random, the same ones for the same seed.
//!
//! At every step what came whole counts, and nothing that did not; and once the sticks are let alone for one round each,
//! every item that was sealed is received once, receipted and verified, and nothing else is. `SANDUQ_SEED=n` runs one
//! seed, `SANDUQ_SEEDS=n` so many; a failure names its seed.
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

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use adversary::Adversary;
use house::Noise;
use people::{Contributor, NAMES, Organisation};
use sanduq::audit;
use sanduq::crypto::Digest;
use sanduq::format::time::Time;
use sanduq::intake::{Fate, Reading};
use sanduq::vault::{DeliveryState, SyncOutcome};

const SEEDS: u64 = 20;
const STEPS: u64 = 10_000;
const CONTRIBUTORS: usize = 5;
const STICKS: usize = 6;
/// Bundles that are sealed in one run.
const SEALED_MAX: usize = 10;
/// A clock is off by up to so many days, either way.
const DAYS_OFF: u64 = 300;

/// What became of the steps of one run.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    sealed: u64,
    trips: u64,
    visits: u64,
    lost: u64,
    forged: u64,
}

/// A bundle as it was sealed.
struct Sent {
    from: usize,
    to: usize,
    account: String,
}

/// Everybody, their sticks, and all that was honestly made.
struct World {
    dir: tempfile::TempDir,
    dice: Noise,
    organisations: Vec<Organisation>,
    contributors: Vec<Contributor>,
    sticks: Vec<PathBuf>,
    adversary: Adversary,
    sent: BTreeMap<Digest, Sent>,
    /// The bundles that somebody else sealed, well, to an organisation's card.
    strange: BTreeSet<Digest>,
    /// By their digests, the files that bring a bundle: the bundle, or a part, of which one is enough.
    whole: BTreeMap<Digest, Digest>,
    /// By their digests, the letters with a receipt: which bundle's, from which organisation.
    receipts: BTreeMap<Digest, (Digest, usize)>,
    /// What each desk has.
    accepted: Vec<BTreeSet<Digest>>,
    /// What is acknowledged to its contributor.
    acknowledged: BTreeSet<Digest>,
    count: Count,
}

impl World {
    fn new(seed: u64) -> World {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
        let dir = tempfile::tempdir_in(base).unwrap();
        let organisations: Vec<_> = NAMES.map(|name| Organisation::found(dir.path(), name, day(0))).into();
        let contributor =
            |number| Contributor::new(&dir.path().join(format!("amal{number}")), &organisations, day(0));
        let contributors = (0..CONTRIBUTORS).map(contributor).collect();
        let sticks: Vec<_> = (0..STICKS).map(|number| dir.path().join(format!("stick{number}"))).collect();
        sticks.iter().for_each(|stick| fs::create_dir(stick).unwrap());
        World {
            dice: Noise::new(seed),
            accepted: vec![BTreeSet::new(); organisations.len()],
            adversary: Adversary::new(STICKS),
            organisations,
            contributors,
            sticks,
            dir,
            sent: BTreeMap::new(),
            strange: BTreeSet::new(),
            whole: BTreeMap::new(),
            receipts: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            count: Count::default(),
        }
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.dice.next() >> 16) % end as u64) as usize
    }

    /// The time that somebody's clock shows.
    fn now(&mut self) -> Time {
        day((self.dice.next() >> 16) as i64 % (2 * DAYS_OFF as i64) - DAYS_OFF as i64)
    }

    fn step(&mut self) {
        let stick = self.below(STICKS);
        match self.below(1_000) {
            0..=4 => self.seal(),
            5..=10 => {
                let (from, to) = (self.below(CONTRIBUTORS), self.below(NAMES.len()));
                self.trip(from, to, stick);
            }
            11..=16 => {
                let at = self.below(NAMES.len());
                self.visit(at, stick);
            }
            23 => self.forge(stick),
            24 if self.below(4) == 0 => self.renew_card(),
            25..=40 => {
                let other = self.below(STICKS);
                self.adversary.mix(&self.sticks, stick, other, &mut self.dice);
            }
            41..=46 => self.adversary.keep_or_play_back(&self.sticks[stick], stick, &mut self.dice),
            47..=48 => {
                self.adversary.lose(&self.sticks[stick]);
                self.count.lost += 1;
            }
            _ => self.adversary.bend(&self.sticks[stick], &mut self.dice),
        }
    }

    /// Somebody tells something, and seals it to one of the two, or to both.
    fn seal(&mut self) {
        let (from, both) = (self.below(CONTRIBUTORS), self.below(4) == 0);
        let first = self.below(NAMES.len());
        let now = self.now();
        let account = format!("An invented account, number {}.", self.sent.len() + 1);
        if self.sent.len() >= SEALED_MAX {
            return;
        }
        let item = self.contributors[from].tell(&account, now);
        for to in if both { vec![first, 1 - first] } else { vec![first] } {
            let bundle = self.contributors[from].seal(item, NAMES[to], now);
            self.sent.insert(bundle, Sent { from, to, account: account.clone() });
            self.count.sealed += 1;
        }
    }

    /// A contributor takes a stick to exchange with an organisation, and all that came home whole counts.
    fn trip(&mut self, from: usize, to: usize, stick: usize) {
        let (now, in_parts) = (self.now(), self.below(3) == 0);
        let dir = &self.sticks[stick];
        let came: BTreeSet<Digest> = files(dir)
            .iter()
            .filter_map(|path| self.receipts.get(&digest(path)))
            .filter(|(bundle, by)| {
                self.sent.get(bundle).is_some_and(|sent| sent.from == from && sent.to == *by)
            })
            .map(|(bundle, _)| *bundle)
            .collect();
        let outcome = self.contributors[from].sync(dir, NAMES[to], in_parts, now);
        let SyncOutcome { letters, bundles, parts, .. } = &outcome;
        assert!(letters.forks.is_empty() && letters.two_cards.is_empty() && letters.replies.is_empty());
        let ids = |ids: &[String]| ids.iter().map(|id| id.parse().unwrap()).collect::<BTreeSet<Digest>>();
        let received = ids(&letters.received);
        assert!(received.is_subset(&came), "a receipt that was not one counts");
        let known = |bundle: &Digest| self.acknowledged.contains(bundle);
        assert!(came.iter().all(|bundle| received.contains(bundle) || known(bundle)), "a receipt is lost");
        self.acknowledged.extend(received);
        for (bundle, path) in bundles
            .iter()
            .map(|one| (&one.bundle, &one.path))
            .chain(parts.iter().map(|one| (&one.bundle, &one.path)))
        {
            let bundle = bundle.parse().unwrap();
            let sent = &self.sent[&bundle];
            assert!(sent.from == from && sent.to == to, "somebody else's bundle");
            assert!(!self.acknowledged.contains(&bundle), "what is acknowledged is carried again");
            self.whole.insert(digest(path), bundle);
        }
        self.count.trips += 1;
    }

    /// A stick comes to a desk: what is on it whole is accepted, and nothing else.
    fn visit(&mut self, at: usize, stick: usize) {
        let now = self.now();
        let dir = &self.sticks[stick];
        let came: BTreeSet<Digest> =
            files(dir).iter().filter_map(|path| self.whole.get(&digest(path)).copied()).collect();
        let (fates, answered) = self.organisations[at].visit(dir, now);
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
        let lost: Vec<_> = came.difference(&there).collect();
        assert!(lost.is_empty(), "what came whole is not accepted: {lost:?}\n{fates:#?}");
        let honest = |bundle: &Digest| self.sent.contains_key(bundle) || self.strange.contains(bundle);
        assert!(there.iter().all(honest), "what nobody sealed is accepted");
        for receipt in answered.receipts {
            assert!(self.accepted[at].contains(&receipt.bundle));
            self.receipts.insert(digest(&receipt.file), (receipt.bundle, at));
        }
        self.count.visits += 1;
    }

    /// Somebody writes what an honest hand would, as far as can be had without its keys.
    fn forge(&mut self, stick: usize) {
        let at = self.below(NAMES.len());
        let card = self.organisations[at].card().clone();
        let bundle = self.adversary.forge(&self.sticks[stick], &card, &mut self.dice);
        self.count.forged += 1;
        self.strange.extend(bundle);
    }

    fn renew_card(&mut self) {
        let (at, now) = (self.below(NAMES.len()), self.now());
        self.organisations[at].renew_card(now);
    }

    /// The sticks are let alone for one round of each contributor with each organisation.
    fn settle(&mut self) {
        for from in 0..CONTRIBUTORS {
            for to in 0..NAMES.len() {
                let stick = self.dir.path().join(format!("calm{from}{to}"));
                fs::create_dir(&stick).unwrap();
                self.sticks.push(stick);
                let stick = self.sticks.len() - 1;
                self.trip(from, to, stick);
                self.visit(to, stick);
                self.trip(from, to, stick);
                let left = files(&self.sticks[stick]);
                assert!(
                    left.iter().all(|path| path.extension().is_some_and(|end| end == "receipt")),
                    "{left:?}"
                );
            }
        }
    }

    /// Every item that was sealed was received once, receipted, and verified; and nothing else was.
    fn check(&mut self) {
        let sent: BTreeSet<Digest> = self.sent.keys().copied().collect();
        assert_eq!(self.acknowledged, sent, "what was sent and what is acknowledged");
        for (from, contributor) in self.contributors.iter().enumerate() {
            let status = contributor.vault.status().unwrap();
            let own = self.sent.iter().filter(|(_, sent)| sent.from == from).count();
            assert_eq!((status.deliveries.len(), status.forks.len()), (own, 0));
            assert!(status.deliveries.iter().all(|delivery| delivery.state == DeliveryState::Received));
            let proofs = self.dir.path().join(format!("proofs{from}"));
            let receipts = contributor.vault.receipt_export(&proofs).unwrap().files;
            assert_eq!(receipts.len(), own);
            for receipt in receipts.iter().map(|path| fs::read(path).unwrap()) {
                let holds = |one: &Organisation| audit::receipt(one.card().as_bytes(), &receipt).holds();
                assert_eq!(self.organisations.iter().filter(|one| holds(one)).count(), 1);
            }
        }
        for (at, organisation) in self.organisations.iter_mut().enumerate() {
            let kept: Vec<Digest> = Reading::open(&organisation.root)
                .unwrap()
                .bundles()
                .unwrap()
                .iter()
                .map(|one| one.bundle)
                .collect();
            assert_eq!(kept.iter().copied().collect::<BTreeSet<_>>(), self.accepted[at]);
            assert_eq!(kept.len(), self.accepted[at].len(), "a bundle has two leaves");
            for bundle in &kept {
                let path = organisation.root.join("bundles").join(format!("{bundle}.bundle"));
                assert!(audit::bundle(&path).unwrap().holds());
                let Some(sent) = self.sent.get(bundle).filter(|sent| sent.to == at) else { continue };
                let accounts = organisation.open(&path, day(0));
                assert_eq!(accounts, std::slice::from_ref(&sent.account));
            }
            let own = self.sent.values().filter(|sent| sent.to == at).count();
            assert_eq!(organisation.items(), own, "items that the officers have");
        }
    }
}

/// So many days after an invented one.
fn day(number: i64) -> Time {
    Time::from_unix(1_795_459_200 + number * 24 * 60 * 60).unwrap()
}

/// The plain files in a folder, in the order of their names.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn digest(path: &Path) -> Digest {
    Digest::of(&fs::read(path).unwrap())
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

fn run(seed: u64) -> Count {
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
fn every_item_that_came_whole_is_received_once_and_nothing_else_is() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().expect("a number"));
    if let Some(seed) = number("SANDUQ_SEED") {
        return println!("{:?}", run(seed));
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
    let counts: Vec<Count> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|worker| worker.join().expect("a run failed")).collect()
    });
    let sum = |of: fn(&Count) -> u64| counts.iter().map(of).sum::<u64>();
    println!(
        "MEASURED sticks at random: {seeds} seeds of {STEPS} steps, {} bundles sealed, {} trips, {} visits to a desk, \
         {} sticks lost, {} forgeries: each bundle received once, receipted and verified, and no other",
        sum(|one| one.sealed),
        sum(|one| one.trips),
        sum(|one| one.visits),
        sum(|one| one.lost),
        sum(|one| one.forged)
    );
    assert_eq!(counts.len() as u64, seeds);
}
