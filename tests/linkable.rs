//! Two bundles by one contributor and two by two contributors cannot be told apart: not by what is public of them, and
//! not by who has the contributor's vault with its passphrase as well, once what was sent is acknowledged and forgotten
//! (SECURITY.md). Nor can two bundles with one item, sealed to two organisations. The test plays that adversary: everything the index still holds, the seed and all that is derived from
//! it, against every byte of the bundles and of their receipts.
//!
//! The controls show that it can: before the items are forgotten it links every bundle, and while a forgotten bundle
//! waits for its receipt as well, as documented.
#![cfg(feature = "test-kdf")]

#[path = "linkable/adversary.rs"]
mod adversary;
#[path = "linkable/index.rs"]
mod index;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use adversary::{Judgement, Public, Reached, Sent, common, fixed, judge};
use sanduq::bundle::letter::seal_receipt;
use sanduq::bundle::proof::ProofKey;
use sanduq::bundle::receipt::Receipt;
use sanduq::bundle::{Act, FollowUp, Outer};
use sanduq::crypto::{KdfParams, LogSigningKey, Passphrase};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};
use sanduq::vault::{Confirm, Forgetting, Sealing, Selection, TestimonyText, Vault};

/// What everybody calls the organisation, and another one.
const CONTACT: &str = "archive";
const OTHER: &str = "sister";
const PASSPHRASE: &str = "an invented passphrase";
/// Each is in one pair with herself and in one with the next.
const CONTRIBUTORS: usize = 30;
/// How many are enough for a control.
const CONTROLS: usize = 8;
/// How unlikely a run must be by chance alone, all rules together, for it to count.
const CHANCE: f64 = 0.01;

fn day(number: i64) -> Time {
    let first: Time = "2026-11-23T18:40:00Z".parse().unwrap();
    Time::from_unix(first.unix() + number * 86_400).unwrap()
}

/// Whom everybody seals to: who sends to one organisation has the same author keys each time.
struct Organisation {
    officer: Vault,
    log: NoteSigner,
    card: Vec<u8>,
    dir: tempfile::TempDir,
}

impl Organisation {
    fn new() -> Organisation {
        let dir = folder();
        let mut officer = vault_at(&dir.path().join("officer"));
        let log = NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap();
        let draft = Draft::new(Terms {
            name: "Invented Archive".into(),
            serial: 1,
            valid_until: "2028-11-23".parse().unwrap(),
            threshold: 1,
            officers: vec![officer.recipient_line().parse::<OfficerLine>().unwrap()],
            log: log.verifier(),
            policy: Policy::none(),
        });
        let card =
            officer.sign_card(draft.unwrap().to_string().as_bytes(), day(0)).unwrap().text.into_bytes();
        Organisation { officer, log, card, dir }
    }

    /// What the desk answers, as it travels.
    fn answer(&self, bundle: &[u8]) -> Vec<u8> {
        let outer = Outer::read(&mut Cursor::new(bundle)).unwrap();
        let leaf = Leaf::Ingest(outer.id()).to_string();
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        let index = tree.append(leaf.as_bytes()).unwrap();
        let size = tree.size();
        let head = Checkpoint::of(&self.log, size, tree.root(size).unwrap()).sign(&self.log).unwrap();
        let hashes = tree.inclusion_proof(index, size).unwrap();
        let proof = TlogProof::logged(leaf.as_bytes(), index, hashes, head);
        seal_receipt(outer.return_recipient(), &Receipt::of(proof).unwrap()).unwrap()
    }
}

/// In memory where there is such a place: nothing here is about the disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn vault_at(root: &Path) -> Vault {
    Vault::init(root, &Passphrase::from(PASSPHRASE), KdfParams::FLOOR, None, "fa", day(0)).unwrap()
}

/// Someone who keeps one item for herself and sends the others.
struct Contributor<'o> {
    organisation: &'o Organisation,
    dir: tempfile::TempDir,
    vault: Vault,
}

impl<'o> Contributor<'o> {
    fn of(organisation: &'o Organisation) -> Contributor<'o> {
        let dir = folder();
        let mut vault = vault_at(&dir.path().join("vault"));
        vault.contact_add(&organisation.card, Confirm::Yes, Some(CONTACT.into()), day(0)).unwrap();
        let kept = TestimonyText { title: None, account: "An invented note that stays.".into() };
        vault.testify(kept, day(0)).unwrap();
        Contributor { organisation, dir, vault }
    }

    /// Seals one testimony and carries it; `number` is its day as well. What is told is the same for everybody.
    fn send(&mut self, number: i64) -> Sent {
        self.send_as(number, &Sealing::default())
    }

    fn send_as(&mut self, number: i64, sealing: &Sealing) -> Sent {
        let item = self.tell(number);
        self.seal(item, number, (CONTACT, self.organisation), sealing)
    }

    /// Keeps one testimony; gives its number.
    fn tell(&mut self, number: i64) -> u64 {
        let account = format!("They came on the invented day {number}.");
        self.vault.testify(TestimonyText { title: None, account }, day(number)).unwrap().item
    }

    /// Seals one item to an organisation, by the name that she has for it, and carries it there.
    fn seal(&mut self, item: u64, number: i64, to: (&str, &Organisation), sealing: &Sealing) -> Sent {
        let chosen = Selection::Items(vec![item]);
        let sealed = self.vault.seal_with(chosen, to.0, sealing, day(number), &mut ()).unwrap();
        let stick = self.dir.path().join(format!("stick{number}"));
        let exported = self.vault.export(&stick, day(number), &mut ()).unwrap();
        let exported = exported.bundles.iter().find(|one| one.bundle == sealed.bundle).unwrap();
        let bundle = fs::read(&exported.path).unwrap();
        let letter = to.1.answer(&bundle);
        Sent { bundle, letter }
    }

    fn acknowledge(&mut self, sent: &Sent, number: i64) {
        let path = self.dir.path().join("letter");
        fs::write(&path, &sent.letter).unwrap();
        assert_eq!(self.vault.receipt_add(&[path], day(number)).unwrap().received.len(), 1);
    }

    /// Two bundles, each acknowledged and forgotten. The second adds to the first, and has a proof of authorship: inside
    /// it names the other, and nothing outside may show that.
    fn send_and_forget_twice(&mut self) -> [Sent; 2] {
        let mut sealing = Sealing::default();
        [1, 2].map(|number| {
            let sent = self.send_as(number, &sealing);
            let first = Outer::read(&mut Cursor::new(&sent.bundle)).unwrap().id();
            let key = ProofKey::from_phrase(ProofKey::draw().expose()).unwrap();
            sealing = Sealing {
                follow_up: Some(FollowUp { refers: Some(first), act: Act::Add }),
                proof: Some(key.commit()),
                ..Sealing::default()
            };
            self.acknowledge(&sent, number);
            assert_eq!(self.vault.forget(&Forgetting::Delivered).unwrap().items, 1);
            sent
        })
    }

    /// One item sealed to her organisation and, the day after, to another one; both acknowledged, and forgotten.
    fn send_to_both_and_forget(&mut self, other: &Organisation) -> [Sent; 2] {
        self.vault.contact_add(&other.card, Confirm::Yes, Some(OTHER.into()), day(0)).unwrap();
        let item = self.tell(1);
        let first = (CONTACT, self.organisation);
        let sent = [(1, first), (2, (OTHER, other))].map(|(number, to)| {
            let sent = self.seal(item, number, to, &Sealing::default());
            self.acknowledge(&sent, number);
            sent
        });
        assert_eq!(self.vault.forget(&Forgetting::Delivered).unwrap().items, 1);
        sent
    }

    /// Her vault is taken from her, and its passphrase.
    fn coerced(self) -> Reached {
        let card = &self.organisation.card;
        self.coerced_by_who_has(&[card])
    }

    /// The same, by one who has these cards.
    fn coerced_by_who_has(self, cards: &[&[u8]]) -> Reached {
        let Contributor { dir, vault, .. } = self;
        drop(vault);
        Reached::all(&dir.path().join("vault"), PASSPHRASE, cards)
    }
}

/// Contributors with what each of them sent and what her vault still tells.
type People = Vec<([Public; 2], Reached)>;

fn everybody(organisation: &Organisation) -> People {
    let fixed = in_all(organisation);
    let one = |_| {
        let mut contributor = Contributor::of(organisation);
        let sent = contributor.send_and_forget_twice();
        (sent.map(|sent| Public::of(&sent, &fixed)), contributor.coerced())
    };
    (0..CONTRIBUTORS).map(one).collect()
}

/// Contributors of whom each sent one item to both organisations.
fn everybody_to_both(organisations: [&Organisation; 2]) -> People {
    let [first, second] = organisations;
    let [one, other] = organisations.map(|organisation| Contributor::of(organisation).send(1));
    let fixed = fixed(&one, &other);
    let one = |_| {
        let mut contributor = Contributor::of(first);
        let sent = contributor.send_to_both_and_forget(second);
        let reached = contributor.coerced_by_who_has(&[&first.card, &second.card]);
        (sent.map(|sent| Public::of(&sent, &fixed)), reached)
    };
    (0..CONTRIBUTORS).map(one).collect()
}

/// What is in every bundle, whoever sealed it.
fn in_all(organisation: &Organisation) -> Vec<u64> {
    let [one, other] = [1, 1].map(|number| Contributor::of(organisation).send(number));
    fixed(&one, &other)
}

/// How often each rule is right on pairs of which half are one person's.
fn play(people: &People) -> Vec<(&'static str, u64)> {
    let mut right: Vec<(&'static str, u64)> = Vec::new();
    for (number, ([first, second], vault)) in people.iter().enumerate() {
        let ([_, others], _) = &people[(number + 1) % people.len()];
        let pairs = [judge(first, second, vault), judge(first, others, vault)];
        for (same, other) in pairs[0].rules().into_iter().zip(pairs[1].rules()) {
            // A rule that speaks alike of both is right about one of them.
            let points = u64::from(same.1) + u64::from(!other.1);
            match right.iter_mut().find(|(name, _)| *name == same.0) {
                Some((_, sum)) => *sum += points,
                None => right.push((same.0, points)),
            }
        }
    }
    right
}

/// How far from half of `games` a fair coin stays but for a share of `chance` of all times.
fn spread(games: u64, chance: f64) -> u64 {
    let mut ways = vec![1.0f64];
    for _ in 0..games {
        let next = |at: usize| ways.get(at).unwrap_or(&0.0) + if at > 0 { ways[at - 1] } else { 0.0 };
        ways = (0..=ways.len()).map(|at| next(at) / 2.0).collect();
    }
    let beyond = |far: u64| -> f64 {
        let away = |at: usize| (at as u64).abs_diff(games / 2) > far;
        ways.iter().enumerate().filter(|(at, _)| away(*at)).map(|(_, share)| share).sum()
    };
    (0..games).find(|far| beyond(*far) < chance).expect("nothing is farther than all")
}

fn too_good(right: &[(&'static str, u64)]) -> Vec<&'static str> {
    let games = 2 * CONTRIBUTORS as u64;
    let far = spread(games, CHANCE / right.len() as f64);
    right.iter().filter(|(_, sum)| sum.abs_diff(games / 2) > far).map(|(name, _)| *name).collect()
}

#[test]
fn two_bundles_of_one_contributor_are_as_those_of_two() {
    let organisation = Organisation::new();
    nothing_links("bundles", &|| everybody(&organisation));
}

/// An item that went to two organisations: the sister that keeps the one for the other sees both.
#[test]
fn one_item_to_two_organisations_is_as_two_of_two_contributors() {
    let organisations = [Organisation::new(), Organisation::new()];
    nothing_links("one item's bundles to two organisations", &|| {
        everybody_to_both([&organisations[0], &organisations[1]])
    });
}

/// The adversary is no better than a coin on the pairs that these people make.
fn nothing_links(what: &str, everybody: &dyn Fn() -> People) {
    let right = play(&everybody());
    let mut linking = too_good(&right);
    if !linking.is_empty() {
        // Chance is not as kind to the same rule twice.
        let again = too_good(&play(&everybody()));
        linking.retain(|rule| again.contains(rule));
    }
    assert!(linking.is_empty(), "these rules link: {linking:?} of {right:?}");
    let games = 2 * CONTRIBUTORS as u64;
    let (name, best) = right.iter().max_by_key(|(_, sum)| sum.abs_diff(games / 2)).unwrap();
    println!(
        "MEASURED linking {what} with the public parts and the coerced vault, after forgetting: the best of {} rules \
         (\"{name}\") is right on {best} of {games} pairs, half of them one contributor's; a coin gives {} to {}",
        right.len(),
        games / 2 - spread(games, CHANCE / right.len() as f64),
        games / 2 + spread(games, CHANCE / right.len() as f64)
    );
    // What is found by a key is found for certain: eight equal bytes may be an accident.
    for rule in adversary::BY_KEY {
        let sum = right.iter().find(|(name, _)| *name == rule).unwrap().1;
        assert_eq!(sum, games / 2, "{rule} finds something in some bundles");
    }
}

/// Runs the adversary on one bundle as it stands with its sender's vault, for some senders; how often each is linked.
fn linked_by(make: impl Fn(&mut Contributor) -> Sent, finds: impl Fn(&Judgement) -> bool) -> usize {
    let organisation = Organisation::new();
    let fixed = in_all(&organisation);
    let one = |_| {
        let mut contributor = Contributor::of(&organisation);
        let strangers = Public::of(&Contributor::of(&organisation).send(1), &fixed);
        let sent = Public::of(&make(&mut contributor), &fixed);
        let judgement = judge(&strangers, &sent, &contributor.coerced());
        usize::from(finds(&judgement))
    };
    (0..CONTROLS).map(one).sum()
}

#[test]
fn before_it_is_forgotten_every_bundle_is_linked() {
    let acknowledged = |contributor: &mut Contributor| {
        let sent = contributor.send(1);
        contributor.acknowledge(&sent, 1);
        sent
    };
    let by_bytes = linked_by(acknowledged, |judgement| judgement.second_in_vault > 0);
    assert_eq!(by_bytes, CONTROLS, "the adversary does not see what the vault holds");
    let by_key = linked_by(acknowledged, |judgement| judgement.opens);
    assert_eq!(by_key, CONTROLS, "the adversary does not find the identity that opens the receipt");
    println!("MEASURED linking bundles with the coerced vault, before forgetting: {by_bytes} of {CONTROLS}");
    // And so is the one that went to a second organisation.
    let other = Organisation::new();
    let to_another = |contributor: &mut Contributor| {
        contributor.vault.contact_add(&other.card, Confirm::Yes, Some(OTHER.into()), day(0)).unwrap();
        let item = contributor.tell(1);
        contributor.seal(item, 1, (OTHER, &other), &Sealing::default())
    };
    assert_eq!(linked_by(to_another, |judgement| judgement.second_in_vault > 0), CONTROLS);
}

/// SECURITY.md: a bundle that waits for its receipt shows where it came from, also when its items are forgotten.
#[test]
fn a_bundle_that_waits_is_linked_although_its_items_are_forgotten() {
    let waiting = |contributor: &mut Contributor| {
        let sent = contributor.send(1);
        contributor.vault.forget(&Forgetting::Items(vec![2])).unwrap();
        sent
    };
    let linked = linked_by(waiting, |judgement| judgement.second_in_vault > 0);
    assert_eq!(linked, CONTROLS);
    println!(
        "MEASURED linking bundles with the coerced vault, forgotten and not acknowledged: {linked} of {CONTROLS}"
    );
    let dropped = |contributor: &mut Contributor| {
        let sent = waiting(contributor);
        contributor.vault.forget(&Forgetting::Outbox).unwrap();
        sent
    };
    let found = |judgement: &Judgement| judgement.second_in_vault > 0 || judgement.derived || judgement.opens;
    assert_eq!(linked_by(dropped, found), 0, "what is dropped from the outbox is still named");
}

#[test]
fn the_adversary_knows_one_bundle_from_another() {
    let organisation = Organisation::new();
    let fixed = in_all(&organisation);
    let mut contributor = Contributor::of(&organisation);
    let sent = contributor.send(1);
    let mut shared = contributor.send(2);
    // Sixteen bytes that both have in common are enough.
    shared.letter.extend_from_slice(&sent.bundle[600_000..600_016]);
    let [sent, shared] = [sent, shared].map(|sent| Public::of(&sent, &fixed));
    assert!(common(&sent, &sent) > 500_000, "the same bundle twice is not found");
    assert_eq!(common(&sent, &shared), 9);
}

/// Were an author's key outside, the seed would tell it.
#[test]
fn the_adversary_derives_the_keys_that_officers_see() {
    let mut organisation = Organisation::new();
    let card: Card = Card::parse(&organisation.card).unwrap();
    let mut contributor = Contributor::of(&organisation);
    let mut sent = contributor.send(1);
    let reached = contributor.coerced();
    let path = organisation.dir.path().join("one.bundle");
    fs::write(&path, &sent.bundle).unwrap();
    organisation.officer.open_bundle(&path, None, day(2), &mut ()).unwrap();
    let author = organisation.officer.show(1).unwrap().received.unwrap().author;
    assert!(!reached.derives(&Public::of(&sent, &[])));
    sent.letter.extend_from_slice(author.as_bytes());
    assert!(
        reached.derives(&Public::of(&sent, &[])),
        "the author's key for {} is not derived",
        card.fingerprint()
    );
}
