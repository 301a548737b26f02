//! Damaged vaults (assurance D9): bits flipped, files cut, sectors wiped, files lost, files of two states mixed. Whatever
//! is whole comes back, what is not is said by name, nothing is deleted, and there is never a fresh vault in its place.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use house::{House, Noise, run, text};
use sanduq::crypto::{KdfParams, Passphrase};
use sanduq::format::time::Time;
use sanduq::store::{Compartment, Part, Remedy, StoreError};
use sanduq::vault::{Forgetting, Repair, RepairOutcome, TestimonyText, Vault, VaultError};
use world::{World, copy, files_below, nothing_left_over};

/// Damages tried of each file.
const DAMAGES: u64 = 40;
/// Mixtures tried of each pair of states.
const MIXTURES: u64 = 60;
/// Items that are told, each in a change of its own; a third has a large file beside it.
const TOLD: u64 = 9;

/// As long as what lies in the index and in no pack.
const SMALL: usize = 4096;
const SECTOR: usize = 512;

fn passphrase() -> Passphrase {
    Passphrase::from("the chest of amal stands behind six doors")
}

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

/// A vault that was made, once it is free: a child of another test that was forked and is not yet another program holds
/// every lock of this process for a moment.
fn opened(root: &Path) -> Vault {
    let mut tries = (0..200).map(|_| {
        thread::sleep(Duration::from_millis(10));
        Vault::unlock(root, None, &passphrase())
    });
    tries.find_map(Result::ok).expect("it is free again")
}

/// A vault that is damaged, looked at, and put back.
struct Damaged {
    world: World,
    root: PathBuf,
}

impl Damaged {
    /// A vault with `TOLD` testimonies, small files and large ones.
    fn new(name: &str) -> Damaged {
        let world = World::new(name);
        let root = world.house.path("amal");
        let vault = match Vault::init(&root, &passphrase(), KdfParams::FLOOR, None, "en", now()) {
            Err(VaultError::Busy) => opened(&root),
            made => made.unwrap(),
        };
        let damaged = Damaged { world, root };
        damaged.tell(vault, 1..=TOLD);
        damaged.world.keep(&["amal"]);
        damaged
    }

    fn tell(&self, mut vault: Vault, numbers: std::ops::RangeInclusive<u64>) {
        for number in numbers {
            let told = TestimonyText { title: Some(format!("told {number}")), account: account(number) };
            vault.testify(told, now()).unwrap();
            if number % 3 == 0 {
                let large = Noise::new(number).bytes(120_000);
                let large = self.world.house.write(&format!("large {number}"), large);
                let mut small = account(number);
                small.truncate(SMALL);
                let small = self.world.house.write(&format!("small {number}"), small);
                vault.add_paths(&[large, small], now(), &mut ()).unwrap();
            }
        }
    }

    fn unlock(&self) -> Vault {
        patiently(|| Vault::unlock(&self.root, None, &passphrase())).unwrap()
    }

    fn reset(&self) {
        self.world.reset(&["amal"]);
    }

    /// The folder of the one part.
    fn part(&self) -> PathBuf {
        Compartment::list(&self.root).unwrap()[0].dir().to_path_buf()
    }

    fn repair(&self) -> Result<RepairOutcome, VaultError> {
        patiently(|| Repair::examine(&self.root, None, &passphrase(), None))?.make()
    }

    /// The titles of all items, oldest first, once every account was read and found right.
    fn titles(&self) -> Vec<String> {
        let vault = self.unlock();
        let mut titles = Vec::new();
        for item in vault.list(None, None).unwrap().into_iter().rev() {
            if let Some(number) = item.title.strip_prefix("told ") {
                let told = vault.show(item.item).unwrap().account.unwrap();
                assert_eq!(told, account(number.parse().unwrap()), "{}", item.title);
            }
            titles.push(item.title);
        }
        titles
    }
}

/// A process that another test is just starting holds what was locked here, until it is another program.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, VaultError>) -> Result<T, VaultError> {
    for _ in 0..1_000 {
        match attempt() {
            Err(VaultError::Busy) => thread::sleep(Duration::from_millis(5)),
            done => return done,
        }
    }
    attempt()
}

fn account(number: u64) -> String {
    format!("An invented account, {number}.\n\n") + &"It goes on. ".repeat(number as usize * 90) + "."
}

/// Every file of the part, by its name in it, except the lock and what an interrupted write left.
fn contents(part: &Path) -> BTreeMap<String, Vec<u8>> {
    let named = |path: &PathBuf| path.strip_prefix(part).unwrap().to_str().unwrap().to_owned();
    let files = files_below(part).into_iter().map(|path| (named(&path), fs::read(&path).unwrap()));
    files.filter(|(name, _)| name != "lock" && !name.starts_with('.')).collect()
}

/// Flips a bit, cuts, wipes a sector, empties or removes a file; says what it did.
fn damage(path: &Path, dice: &mut Noise) -> String {
    let mut bytes = fs::read(path).unwrap();
    let at = dice.next() as usize % bytes.len();
    let kind = dice.next() % 10;
    match kind {
        0..=4 => bytes[at] ^= 1 << (dice.next() % 8),
        5 | 6 => bytes.truncate(at),
        7 => {
            let sector = at / SECTOR * SECTOR;
            let end = bytes.len().min(sector + SECTOR);
            bytes[sector..end].fill(0);
        }
        8 => bytes.clear(),
        _ => {
            fs::remove_file(path).unwrap();
            return "removed".into();
        }
    }
    fs::write(path, bytes).unwrap();
    format!("kind {kind} at {at}")
}

/// Nothing that was there is gone: each file is there as it was, or under a name of its own as it was, or longer.
fn nothing_deleted(before: &BTreeMap<String, Vec<u8>>, part: &Path, what: &str) {
    let after = contents(part);
    for (name, bytes) in before.iter().filter(|(name, _)| name.as_str() != "index-journal") {
        let kept = after.iter().any(|(other, now)| other.starts_with(name.as_str()) && now == bytes);
        let epoch = name.starts_with("epoch.");
        assert!(kept || epoch, "{what}: {name} is gone, there is {:?}", after.keys());
    }
}

#[test]
fn a_damaged_index_is_made_anew_from_the_journal() {
    let damaged = Damaged::new("repair-index");
    let titles = damaged.titles();
    let mut dice = Noise::new(1);
    for number in 0..DAMAGES {
        damaged.reset();
        let part = damaged.part();
        let what = format!("{number}, {}", damage(&part.join("index"), &mut dice));
        let before = contents(&part);
        let outcome = damaged.repair().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(outcome.diagnosis.remedy, Remedy::Index, "{what}");
        assert!(outcome.is_whole(), "{what}: {outcome:?}");
        assert_eq!(damaged.titles(), titles, "{what}");
        nothing_deleted(&before, &part, &what);
        assert_eq!(damaged.repair().unwrap().diagnosis.remedy, Remedy::Nothing, "{what}");
    }
    println!("MEASURED repair: {DAMAGES} damaged indexes, every item recovered");
}

/// The new journal is as good as the old: an index that is lost afterwards comes back from it.
#[test]
fn a_damaged_journal_is_made_anew_from_the_index() {
    let damaged = Damaged::new("repair-journal");
    let titles = damaged.titles();
    let mut dice = Noise::new(2);
    for number in 0..DAMAGES {
        damaged.reset();
        let part = damaged.part();
        let what = format!("{number}, {}", damage(&part.join("journal"), &mut dice));
        let before = contents(&part);
        let outcome = damaged.repair().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(outcome.diagnosis.remedy, Remedy::Journal, "{what}");
        assert!(outcome.is_whole(), "{what}: {outcome:?}");
        assert_eq!(damaged.titles(), titles, "{what}");
        nothing_deleted(&before, &part, &what);
        if number % 4 == 0 {
            damaged.tell(damaged.unlock(), 20..=20);
            fs::remove_file(part.join("index")).unwrap();
            assert!(damaged.repair().unwrap().is_whole(), "{what}");
            assert_eq!(damaged.titles().len(), titles.len() + 1, "{what}");
        }
    }
    println!("MEASURED repair: {DAMAGES} damaged journals, every item recovered");
}

/// Only what lay in the damaged bytes is named; everything else is whole, also when the whole folder is gone.
#[test]
fn of_damaged_packs_every_other_item_is_whole() {
    let damaged = Damaged::new("repair-packs");
    let titles = damaged.titles();
    let mut dice = Noise::new(3);
    let mut broken = 0;
    for number in 0..=DAMAGES {
        damaged.reset();
        let part = damaged.part();
        let what = if number == 0 {
            fs::remove_dir_all(part.join("packs")).unwrap();
            "no packs".to_owned()
        } else {
            let pack = files_below(&part.join("packs")).remove(0);
            damage(&pack, &mut dice)
        };
        let before = contents(&part);
        let outcome = damaged.repair().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(outcome.items.iter().map(|item| item.title.clone()).collect::<Vec<_>>(), titles);
        for item in &outcome.items {
            assert!(item.whole || item.title.starts_with("large"), "{what}: {}", item.title);
            assert_eq!(item.whole, item.damaged.is_empty());
        }
        broken += outcome.items.iter().filter(|item| !item.whole).count();
        // Files are padded: some bits are of nothing.
        assert_eq!(outcome.is_whole(), outcome.items.iter().all(|item| item.whole), "{what}");
        nothing_deleted(&before, &part, &what);
    }
    println!("MEASURED repair: {DAMAGES} damaged packs, {broken} items named, all others whole");
    assert!(broken as u64 > DAMAGES / 2);
}

#[test]
fn of_a_damaged_index_and_a_damaged_journal_the_first_changes_come_back_and_the_loss_is_said() {
    let damaged = Damaged::new("repair-both");
    let titles = damaged.titles();
    let mut dice = Noise::new(5);
    let (mut recovered, mut nothing) = (0, 0);
    for number in 0..DAMAGES {
        damaged.reset();
        let part = damaged.part();
        let index = damage(&part.join("index"), &mut dice);
        // Cut or flipped, but never to nothing: that is another test's.
        let mut bytes = fs::read(part.join("journal")).unwrap();
        let at = 20 + dice.next() as usize % (bytes.len() - 20);
        match dice.next() % 2 {
            0 => bytes[at] ^= 1,
            _ => bytes.truncate(at),
        }
        fs::write(part.join("journal"), bytes).unwrap();
        let (what, before) = (format!("{number}, index {index}, journal {at}"), contents(&part));
        match damaged.repair() {
            Ok(outcome) => {
                recovered += 1;
                assert!(outcome.diagnosis.lost && !outcome.is_whole(), "{what}: {outcome:?}");
                let found = damaged.titles();
                assert_eq!(found, titles[..found.len()], "{what}");
            }
            Err(VaultError::Store(StoreError::Damaged { part: Part::Index, .. })) => {
                nothing += 1;
                assert!(at < 20 + 4096, "{what}: whole changes are not recovered");
            }
            Err(error) => panic!("{what}: {error}"),
        }
        nothing_deleted(&before, &part, &what);
    }
    println!(
        "MEASURED repair: {DAMAGES} times index and journal damaged, {recovered} recovered up to the damage, {nothing} times the first change was hit"
    );
    assert!(recovered > nothing);
}

/// Everything that could be read was gone with two small files, and the program made a new vault.
#[test]
fn where_nothing_opens_nothing_is_touched() {
    let damaged = Damaged::new("repair-nothing");
    let titles = damaged.titles();
    let part = damaged.part();
    for names in [&["index", "journal"][..], &["epoch.a", "epoch.b"], &["slots"]] {
        damaged.reset();
        for name in names {
            fs::write(part.join(name), [7; 9000]).unwrap();
        }
        let before = contents(&part);
        let refused = damaged.repair().unwrap_err();
        assert!(matches!(refused, VaultError::Store(StoreError::Damaged { .. })), "{names:?}: {refused}");
        assert!(contents(&part) == before, "{names:?}");
    }
    // One of the two is enough.
    for name in ["epoch.a", "epoch.b"] {
        damaged.reset();
        fs::remove_file(part.join(name)).unwrap();
        assert!(damaged.repair().unwrap().is_whole());
        assert_eq!(damaged.titles(), titles);
    }
}

/// A vault was copied while it was in use: some files were of before, some of after.
#[test]
fn files_of_two_states_open_or_are_repaired_or_the_loss_is_said() {
    for forgetting in [false, true] {
        let damaged = Damaged::new("repair-mixed");
        let first = damaged.titles();
        let mut vault = damaged.unlock();
        if forgetting {
            vault.forget(&Forgetting::Items(vec![2, 4])).unwrap();
        }
        damaged.tell(vault, 10..=12);
        let last = damaged.titles();
        let part = damaged.part();
        let after = contents(&part);
        damaged.reset();
        let before = contents(&part);
        let mut names: Vec<_> = before.keys().chain(after.keys()).cloned().collect();
        names.sort();
        names.dedup();
        let mut dice = Noise::new(7);
        let (mut whole, mut said, mut refused) = (0, 0, 0);
        for number in 0..MIXTURES {
            damaged.reset();
            let mut what = format!("forgetting {forgetting}, mixture {number}:");
            for name in &names {
                let of_after = dice.next().is_multiple_of(2);
                what.push_str(&format!(" {name} {}", if of_after { "after" } else { "before" }));
                match (if of_after { &after } else { &before }).get(name) {
                    Some(bytes) => fs::write(part.join(name), bytes).unwrap(),
                    None => drop(fs::remove_file(part.join(name))),
                }
            }
            let mixed = contents(&part);
            match damaged.repair() {
                Ok(outcome) => {
                    let found = damaged.titles();
                    assert!(!found.is_empty(), "{what}");
                    let a_state = found == first || found == last;
                    assert!(a_state || !outcome.is_whole(), "{what}: {found:?}");
                    if outcome.is_whole() { whole += 1 } else { said += 1 }
                }
                Err(VaultError::Store(StoreError::Damaged { .. })) => {
                    assert!(forgetting, "{what}: without a new key something opens");
                    assert!(contents(&part) == mixed, "{what}");
                    refused += 1;
                }
                Err(error) => panic!("{what}: {error}"),
            }
        }
        println!(
            "MEASURED repair: {MIXTURES} mixtures of two states, forgetting {forgetting}: {whole} whole, {said} with \
             a loss that is said, {refused} that nothing opens"
        );
    }
}

/// What was set aside held what she then forgot.
#[test]
fn what_was_set_aside_goes_when_something_is_forgotten() {
    let damaged = Damaged::new("repair-forget");
    let part = damaged.part();
    fs::write(part.join("index"), [7; 9000]).unwrap();
    let outcome = damaged.repair().unwrap();
    assert_eq!(outcome.set_aside, ["index.damaged"]);
    fs::remove_file(part.join("journal")).unwrap();
    fs::write(part.join("journal"), "sanduq-journal/1\nno blocks").unwrap();
    assert_eq!(damaged.repair().unwrap().set_aside, ["journal.damaged"]);
    fs::write(part.join("epoch.a.damaged"), [7; 100]).unwrap();
    fs::write(part.join("packs/00112233445566778899aabbccddeeff.damaged"), [7; 100]).unwrap();
    damaged.unlock().forget(&Forgetting::Items(vec![1])).unwrap();
    nothing_left_over(&damaged.root);
    assert!(files_below(&part.join("packs")).iter().all(|path| path.extension().is_none()));
}

#[test]
fn an_interrupted_repair_is_done_again() {
    let damaged = Damaged::new("repair-killed");
    let titles = damaged.titles();
    let person = damaged.world.house.person("amal");
    let mut dice = Noise::new(8);
    for number in 0..50 {
        damaged.reset();
        let part = damaged.part();
        let name = ["index", "journal"][number % 2];
        let bytes = fs::read(part.join(name)).unwrap();
        let mut torn = bytes.clone();
        torn[bytes.len() / 2..].fill(0);
        fs::write(part.join(name), &torn).unwrap();
        let before = contents(&part);
        let mut command = person.command(&["repair", "--yes"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let _ = std::io::Write::write_all(
            &mut child.stdin.take().unwrap(),
            format!("{}\n", person.passphrase).as_bytes(),
        );
        thread::sleep(Duration::from_micros(dice.next() % 150_000));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(damaged.repair().unwrap().is_whole(), "{number}");
        assert_eq!(damaged.titles(), titles, "{number}");
        nothing_deleted(&before, &part, name);
    }
}

#[test]
fn the_command_says_first_what_it_would_do_and_then_what_is_whole() {
    let house = House::new("repair-command");
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let note = house.write("note", "an invented note");
    let scan = house.write("scan", Noise::new(1).bytes(300_000));
    person.sanduq(&["add", text(&note), text(&scan)]).good();
    let well = person.sanduq(&["repair"]).good();
    assert!(well.stdout().contains("nothing had to be repaired") && well.stdout().contains("whole  note"));
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    fs::write(part.join("index"), [7; 9000]).unwrap();
    let before = contents(&part);
    let listed = person.sanduq(&["list"]).bad();
    assert!(listed.stderr().contains("repair") && listed.stderr().contains("backup"), "{}", listed.stderr());
    let unsure = person.sanduq(&["repair"]).bad();
    assert_eq!(unsure.code, Some(7));
    assert!(unsure.stderr().contains("made anew from the journal") && unsure.stderr().contains("--yes"));
    assert!(contents(&part) == before, "without a yes something changed");
    let pack = files_below(&part.join("packs")).remove(0);
    let mut bytes = fs::read(&pack).unwrap();
    bytes[150_000] ^= 1;
    fs::write(&pack, bytes).unwrap();
    let copied = house.path("copied");
    copy(&person.vault, &copied);
    let done = person.sanduq(&["repair", "--yes"]).bad();
    assert_eq!(done.code, Some(1));
    for said in ["index.damaged", "whole  note", "damaged  scan"] {
        assert!(done.stdout().contains(said), "{}", done.stdout());
    }
    assert!(!done.stdout().contains("damaged  note"));
    // As scripts read it.
    let other = house::Person { vault: copied, passphrase: person.passphrase.clone(), house: &house };
    let told = other.sanduq(&["repair", "--yes", "--json"]).bad().json();
    assert_eq!((told["remedy"].as_str(), told["lost"].as_bool()), (Some("index"), Some(false)));
    assert_eq!(told["items"][1]["damaged"][0], "scan");
    assert_eq!(told["set_aside"][0], "index.damaged");
    assert_eq!(person.list().len(), 2);
}

/// A program that was older than the vault thought it damaged, and made it what it knew.
#[test]
fn a_vault_of_a_later_version_is_left_alone() {
    let damaged = Damaged::new("repair-newer");
    let compartment = Compartment::list(&damaged.root).unwrap().remove(0);
    let master = compartment.slots().unwrap().unlock(&compartment.id(), &passphrase()).unwrap();
    let key = compartment.epoch(&master).unwrap().key;
    let key: String = key.expose().expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let index = rusqlite::Connection::open(compartment.dir().join("index")).unwrap();
    index
        .execute_batch(&format!(
            "PRAGMA key = \"x'{key}'\"; UPDATE meta SET value = 99 WHERE name = 'format';"
        ))
        .unwrap();
    drop(index);
    fs::write(compartment.dir().join("journal"), "sanduq-journal/2\n").unwrap();
    let before = contents(compartment.dir());
    let person = damaged.world.house.person("amal");
    let refused = person.sanduq(&["repair", "--yes"]).bad();
    assert!(refused.stderr().contains("newer version"), "{}", refused.stderr());
    assert!(contents(compartment.dir()) == before);
}

/// One page of the index is of an earlier day, and sealed by the right key as all are.
#[test]
fn an_index_with_a_page_of_before_is_mended() {
    const PAGE: usize = 4096;
    let damaged = Damaged::new("repair-page");
    let path = damaged.part().join("index");
    let before = fs::read(&path).unwrap();
    damaged.tell(damaged.unlock(), 10..=10);
    let (titles, after) = (damaged.titles(), fs::read(&path).unwrap());
    let pages = before.len().min(after.len()) / PAGE;
    let stale = |page: &usize| before[page * PAGE..][..PAGE] != after[page * PAGE..][..PAGE];
    let mut mended = 0;
    for page in (0..pages).filter(stale).take(30) {
        let mut mixed = after.clone();
        mixed[page * PAGE..][..PAGE].copy_from_slice(&before[page * PAGE..][..PAGE]);
        fs::write(&path, &mixed).unwrap();
        let outcome = damaged.repair().unwrap();
        assert!(outcome.is_whole(), "page {page}");
        assert_eq!(damaged.titles(), titles, "page {page}");
        mended += usize::from(outcome.diagnosis.remedy == Remedy::Index);
    }
    assert!(mended > 3, "{mended} pages");
}

/// The disk did not give what was on it, and the index was called damaged: whoever repairs a whole vault risks it.
#[test]
fn a_disk_that_fails_is_not_a_damaged_vault() {
    let world = World::new("failing-disk");
    let (person, _) = world.begin();
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    for call in ["pread64", "openat"] {
        let (index, inject) = (part.join("index"), format!("inject={call}:error=EIO"));
        let under = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", text(&index), "-e", &inject];
        if Command::new(under[0]).args(&under[1..5]).arg("true").status().is_err() {
            return println!("SKIPPED failed_at_every_write: no strace, or it may not trace");
        }
        let refused = run(person.command_under(&under, &["list", "--json"]), Some(&person.passphrase)).bad();
        let said: serde_json::Value = serde_json::from_str(refused.stderr().trim()).expect("a trouble");
        assert_eq!((said["error"].as_str(), refused.code), (Some("err-store"), Some(1)), "{call}: {said}");
    }
    assert_eq!(person.list().len(), 2);
}
