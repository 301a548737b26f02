//! The disk is full at every step of a command (assurance D5): steps of 16 KiB, and of one page of 4 KiB where a command
//! takes little, over every command that writes more than a page or two. `seal` begins only where the padded bundle
//! fits, so its steps begin little before that. The command says so and fails, the state is the one before, and once
//! there is room the same command succeeds.
//!
//! A tmpfs that is a step larger each time stands in for the disk, in a mount namespace of its own: each test runs
//! itself again within `unshare`.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "full_disk/more.rs"]
mod more;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sanduq::store::Pool;

use house::{Done, NAME, Noise, all, only, run, text};
use world::{State, World, copy, deliveries, files_below, nothing_left_over};

/// Set for the process within the namespace.
const INSIDE: &str = "SANDUQ_TEST_FULL_DISK";
/// How much larger the disk is at each step.
const STEP_KIB: u64 = 16;
/// The least by which it can be larger, where a command takes little.
const PAGE_KIB: u64 = 4;
/// A command that needs more room than this beyond what lies there does not end in this test.
const STEPS_MAX: u64 = 1000;

/// Runs the test `name` within a mount namespace, or says why not; true if this is the process within.
fn inside(name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let able =
        |flags: &str| Command::new("unshare").args([flags, "true"]).status().is_ok_and(|s| s.success());
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| able(flags)) else {
        let named = name.rsplit("::").next().expect("a name");
        println!("SKIPPED {named}: no mount namespaces here");
        return false;
    };
    let run = Command::new("unshare")
        .arg(flags)
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("unshare was just tried");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}\n{err}");
    out.lines().filter(|line| line.starts_with("MEASURED ")).for_each(|line| println!("{line}"));
    false
}

fn mount(options: &str, at: &Path) {
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).status();
    assert!(mounted.expect("mount").success());
}

fn remount(options: &str, at: &Path) {
    let mounted = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(at).status();
    assert!(mounted.expect("mount").success());
}

fn unmount(at: &Path) {
    assert!(Command::new("umount").arg(at).status().expect("umount").success());
}

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
    fn sized_for_a_bundle(self) -> Small<'t> {
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
        Small::new("amal").sized_for_a_bundle(),
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
    fill(&world, "seal --forget", Small::new("amal").sized_for_a_bundle(), seal, look);
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
    fill(&world, "withdraw", Small::new("amal").sized_for_a_bundle(), withdraw, look);
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

/// More than the stick holds goes in as many trips as it takes, each with as much as fits.
#[test]
fn a_small_stick_takes_several_trips() {
    if !inside("a_small_stick_takes_several_trips") {
        return;
    }
    let world = World::new("small-stick");
    let (person, _organisation) = world.begin();
    for number in 0..4 {
        let letter = world.house.write(&format!("{number}.txt"), format!("an invented letter: {number}"));
        person.sanduq(&["add", text(&letter)]).good();
        person.sanduq(&["seal", "--all", "--to", NAME]).good();
    }
    let stick = world.house.folder("small");
    mount("mode=700,size=5m", &stick);
    let sync = || person.sanduq(&["sync", text(&stick), "--to", NAME, "--json"]).good().json();
    let mut trips = 0;
    let mut said = sync();
    assert!(said["left"].as_u64() > Some(0) && said["bundles"].as_array().is_some_and(|one| !one.is_empty()));
    while !said["bundles"].as_array().expect("bundles").is_empty() {
        world.house.desk(&["sync", text(&stick)]).good();
        said = sync();
        trips += 1;
        assert!(trips < 10, "it never ends: {said}");
    }
    assert!(trips > 1 && files_below(&stick).is_empty());
    assert!(deliveries(&person).iter().all(|state| state == "received"));
    unmount(&stick);
    println!("MEASURED sync over a small stick: 4 bundles in {trips} trips, each accepted once");
    let listed = world.house.desk(&["list", "--json"]).good().json();
    assert_eq!(listed["bundles"].as_array().map(Vec::len), Some(4));
}
