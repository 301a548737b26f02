//! The disk is full at every step of a command (assurance D5): steps of 16 KiB, and of one page of 4 KiB where a command
//! takes little, over every command that writes more than a page or two. `seal` begins only where the padded bundle
//! fits, so its steps begin little before that. The command says so and fails, the state is the one before, and once
//! there is room the same command succeeds.
//!
//! A tmpfs that is a step larger each time stands in for the disk, in a mount namespace of its own: each test runs
//! itself again within `unshare`.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod disk;
mod house;
#[path = "full_disk/more.rs"]
mod more;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sanduq::store::Pool;
use sanduq::store::files;
use serde_json::Value;

use disk::{inside, mount, remount, unmount};
use house::{Done, NAME, Noise, all, only, run, text};
use world::{State, World, copy, deliveries, files_below, nothing_left_over};

/// How much larger the disk is at each step.
const STEP_KIB: u64 = 16;
/// The least by which it can be larger, where a command takes little.
const PAGE_KIB: u64 = 4;
/// A command that needs more room than this beyond what lies there does not end in this test.
const STEPS_MAX: u64 = 1000;

fn used_kib(folder: &Path) -> u64 {
    let said = Command::new("du").arg("-sk").arg(folder).output().expect("du").stdout;
    let said = String::from_utf8(said).expect("du writes text");
    said.split_whitespace().next().and_then(|number| number.parse().ok()).expect("du writes a number")
}

/// A folder on a disk that is full, and others that are put back as well.
struct Small<'t> {
    folder: &'t str,
    others: &'t [&'t str],
    /// The room beside what lies there from which the steps go on.
    first_kib: u64,
    step_kib: u64,
}

impl<'t> Small<'t> {
    fn new(folder: &'t str) -> Small<'t> {
        Small { folder, others: &[], first_kib: 0, step_kib: STEP_KIB }
    }

    fn with(self, others: &'t [&'t str]) -> Small<'t> {
        Small { others, ..self }
    }

    /// A bundle is begun only where it fits: the steps begin before that, and go on until all the rest fits.
    fn where_a_bundle_fits(self) -> Small<'t> {
        Small { first_kib: Pool::Outbox.packed_len(1) / 1024 - 128, ..self }
    }

    fn by_pages(self) -> Small<'t> {
        Small { step_kib: PAGE_KIB, ..self }
    }
}

/// Runs `command` on a disk that is full at every step, until it fits.
fn fill(world: &World, what: &str, small: Small, command: impl Fn() -> Done, look: impl Fn() -> State) {
    let Small { folder, others, first_kib, step_kib } = small;
    world.keep(others);
    world.keep(&[folder]);
    let (disk, kept) = (world.house.path(folder), world.prepared.join(folder));
    fs::remove_dir_all(&disk).unwrap();
    fs::create_dir(&disk).unwrap();
    let used = used_kib(&kept);
    for step in 1..STEPS_MAX {
        world.reset(others);
        mount(&format!("mode=700,size={}k", used + first_kib + step * step_kib), &disk);
        copy(&kept.join("."), &disk);
        let tried = command();
        if tried.code == Some(0) {
            assert!(look() == State::After);
            unmount(&disk);
            println!(
                "MEASURED disk full during {what}: {step} steps of {step_kib} KiB, each the state before"
            );
            assert!(step > 2, "{what} was hardly tried: {step} steps");
            return;
        }
        let said = tried.bad();
        assert!(look() == State::Before, "{what} with {step} steps: {}", said.stderr());
        remount("size=256m", &disk);
        assert!(look() == State::Before, "{what} with {step} steps, then room");
        command().good();
        assert!(look() == State::After, "{what} with {step} steps, then again");
        unmount(&disk);
    }
    panic!("{what} never fits");
}

#[test]
fn full_while_adding() {
    if !inside("full_while_adding") {
        return;
    }
    let world = World::new("full-add");
    let (person, _) = world.begin();
    let folder = world.house.folder("new");
    fs::write(folder.join("one"), Noise::new(2).bytes(500_000)).unwrap();
    fs::write(folder.join("two"), "an invented note").unwrap();
    let look = || match person.list().len() {
        2 => State::Before,
        4 => State::After,
        half => panic!("{half} items"),
    };
    fill(&world, "add", Small::new("amal"), || person.sanduq(&["add", text(&folder)]), look);
    assert!(person.vault.is_dir());
}

#[test]
fn full_while_sealing() {
    if !inside("full_while_sealing") {
        return;
    }
    let world = World::new("full-seal");
    let (person, _) = world.begin();
    let look = || match deliveries(&person).len() {
        0 => State::Before,
        1 => State::After,
        half => panic!("{half} deliveries"),
    };
    fill(
        &world,
        "seal",
        Small::new("amal").where_a_bundle_fits(),
        || person.sanduq(&["seal", "--all", "--to", NAME]),
        look,
    );
}

/// What stays is written anew beside what was there: so to forget needs room.
#[test]
fn full_while_forgetting() {
    if !inside("full_while_forgetting") {
        return;
    }
    let world = World::new("full-forget");
    let (person, _) = world.begin();
    // It shares a pack with what is forgotten, and is copied.
    let bytes = Noise::new(3).bytes(200_000);
    person.sanduq(&["add", text(&world.house.write("stays", &bytes))]).good();
    let out = world.house.folder("out");
    let whole = |number: &str| {
        person.sanduq(&["extract", number, "--to", text(&out)]).good();
        assert!(fs::read(only_file(&out)).unwrap() == bytes);
        fs::remove_file(only_file(&out)).unwrap();
    };
    let look = || match person.list().len() {
        3 => State::Before,
        2 => {
            nothing_left_over(&person.vault);
            State::After
        }
        half => panic!("{half} items"),
    };
    let forget = || {
        let done = person.sanduq(&["forget", "2", "--yes"]);
        if done.code == Some(0) {
            whole("2");
        }
        done
    };
    fill(&world, "forget", Small::new("amal"), forget, look);
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files = files_below(folder);
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

#[test]
fn full_while_exporting() {
    if !inside("full_while_exporting") {
        return;
    }
    let world = World::new("full-export");
    let (person, _) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = world.house.folder("stick");
    let look = || match (all(&stick, "bundle").len(), deliveries(&person)[0].as_str()) {
        (0, "sealed") => State::Before,
        (1, "carried") => {
            world.house.audit(&["bundle", text(&only(&stick, "bundle"))]).good();
            assert_eq!(files_below(&stick).len(), 1);
            State::After
        }
        half => panic!("{half:?}"),
    };
    fill(
        &world,
        "export",
        Small::new("stick").with(&["amal"]),
        || person.sanduq(&["export", text(&stick)]),
        look,
    );
}

#[test]
fn full_while_accepting() {
    if !inside("full_while_accepting") {
        return;
    }
    let world = World::new("full-accept");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let look = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        match listed["bundles"].as_array().expect("bundles").len() {
            0 => State::Before,
            1 => State::After,
            half => panic!("{half} bundles"),
        }
    };
    fill(&world, "accept", Small::new("archive"), || world.house.desk(&["accept", text(&bundle)]), look);
}

#[test]
fn full_while_taking_a_receipt() {
    if !inside("full_while_taking_a_receipt") {
        return;
    }
    let world = World::new("full-receipt");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let look = || match deliveries(&person)[0].as_str() {
        "carried" => State::Before,
        "received" => State::After,
        half => panic!("{half}"),
    };
    let take = || {
        let mut args = vec!["receipt", "add"];
        args.extend(receipts.iter().map(|path| text(path)));
        let done = person.sanduq(&args);
        if done.code == Some(0) {
            nothing_left_over(&person.vault);
        }
        done
    };
    fill(&world, "receipt add", Small::new("amal").by_pages(), take, look);
}

#[test]
fn full_while_sealing_and_forgetting() {
    if !inside("full_while_sealing_and_forgetting") {
        return;
    }
    let world = World::new("full-seal-forget");
    let (person, _) = world.begin();
    let look = || match (deliveries(&person).len(), person.list().len()) {
        (0, 2) => State::Before,
        (1, 0) => State::After,
        half => panic!("{half:?}"),
    };
    let seal = || person.sanduq(&["seal", "--all", "--to", NAME, "--forget"]);
    fill(&world, "seal --forget", Small::new("amal").where_a_bundle_fits(), seal, look);
}

#[test]
fn full_while_withdrawing() {
    if !inside("full_while_withdrawing") {
        return;
    }
    let world = World::new("full-withdraw");
    let (person, organisation) = world.begin();
    organisation.send(&person, "stick");
    let look = || match (deliveries(&person).len(), person.list().len()) {
        (1, 2) => State::Before,
        (2, 3) => State::After,
        half => panic!("{half:?}"),
    };
    let withdraw = || person.sanduq(&["withdraw", "--all", "--to", NAME]);
    fill(&world, "withdraw", Small::new("amal").where_a_bundle_fits(), withdraw, look);
}

/// The old passphrase opens until the new one does, and the second, which is not typed, goes with the old keys.
#[test]
fn full_while_rekeying() {
    if !inside("full_while_rekeying") {
        return;
    }
    let world = World::new("full-rekey");
    let (person, _) = world.begin();
    let second = "another of the invented passphrases";
    let lines = format!("{}\n{second}", person.passphrase);
    run(person.command(&["passphrase", "add", "--new-passphrase-fd", "3"]), Some(&lines)).good();
    let look = || {
        assert_eq!(person.list().len(), 2);
        match run(person.command(&["list"]), Some(second)).code {
            Some(0) => State::Before,
            Some(3) => State::After,
            other => panic!("{other:?}"),
        }
    };
    fill(&world, "rekey", Small::new("amal"), || person.sanduq(&["rekey"]), look);
}

#[test]
fn full_while_opening() {
    if !inside("full_while_opening") {
        return;
    }
    let world = World::new("full-open");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let officer = &organisation.officers[0];
    let look = || match officer.list().len() {
        0 => State::Before,
        2 => State::After,
        half => panic!("{half} items"),
    };
    fill(&world, "open", Small::new("officer1"), || officer.sanduq(&["open", text(&bundle)]), look);
}

/// An officer's answer, and what comes home of it with the receipt.
#[test]
fn full_while_replying_and_reading() {
    if !inside("full_while_replying_and_reading") {
        return;
    }
    let world = World::new("full-reply");
    let (person, organisation) = world.begin();
    let officer = &organisation.officers[0];
    let bundle = organisation.send(&person, "stick");
    let opened = officer.sanduq(&["open", text(&bundle), "--json"]).good().json();
    let post = organisation.accept(&bundle, "post");
    let words = world.house.write("words", "an invented word of thanks ".repeat(500));
    let kept = |person: &house::Person| {
        let said = person.sanduq(&["replies", "--json"]).good().json();
        said["replies"].as_array().expect("replies").len()
    };
    let reply = ["reply", opened["bundle"].as_str().expect("a bundle"), text(&words), "--to", text(&post)];
    let look = || if kept(officer) == 0 { State::Before } else { State::After };
    fill(&world, "reply", Small::new("officer1").with(&["post"]), || officer.sanduq(&reply), look);
    world.reset(&["officer1", "post"]);
    officer.sanduq(&reply).good();
    let look = || match (kept(&person), deliveries(&person)[0].as_str()) {
        (0, "carried") => State::Before,
        (1, "received") => State::After,
        half => panic!("{half:?}"),
    };
    let add = || person.sanduq(&["receipt", "add", text(&post)]);
    fill(&world, "receipt add of a reply", Small::new("amal"), add, look);
}

/// What could not be copied whole is not there under the name of a part.
#[test]
fn full_while_backing_up() {
    if !inside("full_while_backing_up") {
        return;
    }
    let world = World::new("full-backup");
    let (person, _) = world.begin();
    let copies = world.house.folder("copies");
    let look = || {
        let names = fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().file_name());
        match names.filter(|name| name.len() == 32).count() {
            0 => State::Before,
            1 => State::After,
            half => panic!("{half} parts"),
        }
    };
    let backup = || person.sanduq(&["backup", text(&copies)]);
    fill(&world, "backup", Small::new("copies").with(&["amal"]), backup, look);
}

/// The way on that was offered, parts of 700 MB, led nowhere: a bundle that is shorter than that goes whole.
#[test]
fn what_is_offered_for_a_small_stick_goes_on_it() {
    if !inside("what_is_offered_for_a_small_stick_goes_on_it") {
        return;
    }
    let world = World::new("small-hint");
    let (person, _organisation) = world.begin();
    let film = world.house.write("film", Noise::new(3).bytes(30 << 20));
    person.sanduq(&["add", text(&film)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = world.house.folder("small");
    mount("mode=700,size=22m", &stick);
    let dir = text(&stick).to_owned();
    for asked in ["export DIR", "sync DIR --to NAME"] {
        let words = |line: &str| -> Vec<String> {
            let put = |word: &str| word.replace("DIR", &dir).replace("NAME", NAME);
            line.split(' ').map(put).collect()
        };
        let run = |line: &str, json: &[&str]| {
            let words = words(line);
            let args: Vec<&str> = words.iter().map(String::as_str).chain(json.iter().copied()).collect();
            person.sanduq(&args)
        };
        let refused: Value = serde_json::from_str(&run(asked, &["--json"]).bad().stderr()).expect("json");
        let offered = refused["commands"][0].as_str().expect("a command").to_owned();
        assert_eq!(offered, format!("sanduq {asked} --volume-size 10M"));
        let said = run(offered.strip_prefix("sanduq ").expect("ours"), &["--json"]).good().json();
        assert!(said["parts"].as_array().is_some_and(|parts| !parts.is_empty()), "{said}");
        files_below(&stick).iter().for_each(|path| fs::remove_file(path).expect("a part"));
    }
    unmount(&stick);
}

/// More than the stick holds goes in as many trips as it takes, each with as much as fits beside the answers: a stick
/// that was full of bundles had no room for a single receipt, and came and went so for ever. And what an interrupted
/// trip left on it stands in nobody's way.
#[test]
fn a_small_stick_takes_several_trips() {
    if !inside("a_small_stick_takes_several_trips") {
        return;
    }
    let world = World::new("small-stick");
    let (person, _organisation) = world.begin();
    for number in 0..24 {
        let letter = world.house.write(&format!("{number}.txt"), format!("an invented letter: {number}"));
        person.sanduq(&["add", text(&letter)]).good();
        person.sanduq(&["seal", "--all", "--to", NAME]).good();
    }
    let stick = world.house.folder("small");
    mount("mode=700,size=25m", &stick);
    fs::write(stick.join(files::temporary_name()), vec![7; 23 << 20]).expect("what a trip left");
    let sync = || person.sanduq(&["sync", text(&stick), "--to", NAME, "--json"]).good().json();
    let mut trips = 0;
    let mut said = sync();
    assert!(said["left"].as_u64() > Some(0) && said["bundles"].as_array().is_some_and(|one| !one.is_empty()));
    while !said["bundles"].as_array().expect("bundles").is_empty() {
        let answered = world.house.desk(&["sync", text(&stick), "--json"]).good().json();
        assert_eq!(answered["left"], 0, "room was kept for every answer");
        said = sync();
        trips += 1;
        assert!(trips < 10, "it never ends: {said}");
    }
    assert!(trips > 1 && files_below(&stick).is_empty());
    assert!(deliveries(&person).iter().all(|state| state == "received"));
    unmount(&stick);
    println!("MEASURED sync over a small stick: 24 bundles in {trips} trips, each accepted once");
    let listed = world.house.desk(&["list", "--json"]).good().json();
    assert_eq!(listed["bundles"].as_array().map(Vec::len), Some(24));
}

/// A sister with a small disk keeps what leaves her as much as it takes, says so, and goes on taking in her own; and a
/// stick that is small takes several trips.
#[test]
fn a_small_stick_and_a_small_sister() {
    if !inside("a_small_stick_and_a_small_sister") {
        return;
    }
    let world = World::new("small-sister");
    let (person, _organisation) = world.begin();
    for number in 0..4 {
        let letter = world.house.write(&format!("{number}.txt"), format!("an invented letter: {number}"));
        person.sanduq(&["add", text(&letter)]).good();
        person.sanduq(&["seal", "--all", "--to", NAME]).good();
    }
    let sent = world.house.folder("sent");
    person.sanduq(&["export", text(&sent)]).good();
    world.house.desk(&["accept", text(&sent)]).good();
    let stick = world.house.folder("small");
    mount("mode=700,size=5m", &stick);
    let replicas = world.house.folder("archive/replicas");
    mount("mode=700,size=5m", &replicas);
    let mirror = || world.house.desk(&["mirror", text(&stick), "--json"]).good().json();
    let keep = || world.house.desk(&["replica", "sync", text(&stick), "--json"]);
    let said = mirror();
    assert_eq!((said["carried"].as_array().map(Vec::len), &said["left"]), (Some(3), &1.into()));
    // Each is 1.1 MB: two take less than they leave, three would take more.
    let full = keep();
    assert_eq!((full.code, full.json()["held"].as_u64()), (Some(1), Some(2)), "{}", full.stdout());
    remount("size=20m", &replicas);
    let mut trips = 0;
    while keep().good().json()["held"] != 4 {
        mirror();
        trips += 1;
        assert!(trips < 10, "it never ends");
    }
    assert_eq!(mirror()["held"], 4);
    assert_eq!(files_below(&stick), [stick.join("holds.txt")]);
    unmount(&stick);
    unmount(&replicas);
}
