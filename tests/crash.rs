//! Killed at a random time, the real programs leave the state before or the state after (assurance D1): over `add`,
//! `seal`, `export`, `accept` and `receipt add`. Whatever the kill hit, the next command just works, and what a
//! command had finished is there.
//!
//! Each round starts from the same prepared world, on a file system in memory where there is one: SIGKILL loses
//! nothing that was written, synced or not, so only the order of writes is tried here, as often as can be.
//! `SANDUQ_KILLS` sets the number of kills for each command.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use house::{House, NAME, Noise, Organisation, Person, all, only, text};

/// Kills of each of the five commands: 1,000 in all.
const KILLS: u64 = 200;

/// What a kill left.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Before,
    After,
}

/// A world that can be put back to how it was prepared.
struct World {
    house: House,
    prepared: PathBuf,
}

impl World {
    fn new(name: &str) -> World {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
        let dir = base.join(format!("sanduq-crash-{name}-{}", std::process::id()));
        fs::create_dir_all(dir.join("home")).unwrap();
        fs::create_dir_all(dir.join("tmp")).unwrap();
        let prepared = dir.join("prepared");
        fs::create_dir_all(&prepared).unwrap();
        World { house: House { dir }, prepared }
    }

    /// Someone with two things in her vault, and an organisation whose card she has.
    fn begin(&self) -> (Person<'_>, Organisation<'_>) {
        let person = self.house.person("amal");
        person.sanduq(&["init"]).good();
        let first = self.house.write("letter.txt", "an invented letter");
        let second = self.house.write("scan", Noise::new(1).bytes(300_000));
        person.sanduq(&["add", text(&first), text(&second)]).good();
        let organisation = Organisation::new(&self.house, 1, 1);
        person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
        (person, organisation)
    }

    /// From now on [`World::reset`] brings these folders back as they are.
    fn keep(&self, folders: &[&str]) {
        for folder in folders {
            copy(&self.house.path(folder), &self.prepared.join(folder));
        }
    }

    fn reset(&self, folders: &[&str]) {
        for folder in folders {
            fs::remove_dir_all(self.house.path(folder)).unwrap();
            copy(&self.prepared.join(folder), &self.house.path(folder));
        }
    }

    /// Kills `command` again and again, each time in the world of `folders` as it was kept. `look` tells the state
    /// that is found; `again` runs the command once more and fails the test unless that ends in the state after.
    fn kill(
        &self,
        what: &str,
        folders: &[&str],
        command: impl Fn() -> Command,
        passphrase: &str,
        look: impl Fn() -> State,
        again: impl Fn(State),
    ) {
        self.keep(folders);
        let took = self.time(folders, &command, passphrase);
        assert_eq!(look(), State::After, "{what}, not killed");
        let kills = std::env::var("SANDUQ_KILLS").map_or(KILLS, |number| number.parse().unwrap());
        let mut dice = Noise::new(kills + what.len() as u64);
        let (mut before, mut after, mut finished) = (0, 0, 0);
        for kill in 0..kills {
            self.reset(folders);
            // Some come after the end, so that both states are seen however the times vary.
            let wait = Duration::from_micros(dice.next() % (took.as_micros() as u64 * 5 / 4));
            let done = kill_after(command(), passphrase, wait);
            let found = look();
            assert!(!done || found == State::After, "{what}, kill {kill}: it had finished, and is undone");
            again(found);
            finished += u64::from(done);
            match found {
                State::Before => before += 1,
                State::After => after += 1,
            }
        }
        println!(
            "MEASURED SIGKILL during {what}: {kills} kills, {before} times the state before, {after} times the \
             state after ({finished} finished), no half, the next command worked"
        );
        assert!(
            before > 0 && after > 0,
            "{what}: all kills came at one side, before {before}, after {after}"
        );
    }

    /// How long it takes when nothing kills it, the longest of three.
    fn time(&self, folders: &[&str], command: &impl Fn() -> Command, passphrase: &str) -> Duration {
        let run = || {
            self.reset(folders);
            let start = Instant::now();
            assert!(kill_after(command(), passphrase, Duration::from_secs(60)), "{:?} fails", command());
            start.elapsed()
        };
        [run(), run(), run()].into_iter().max().expect("three runs")
    }
}

/// Runs a command and kills it after `wait`, unless it has ended well by then; says whether it has.
fn kill_after(mut command: Command, passphrase: &str, wait: Duration) -> bool {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let _ = writeln!(child.stdin.take().expect("a pipe"), "{passphrase}");
    let end = Instant::now() + wait;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("a child of our own") {
            assert!(status.success(), "{command:?} failed by itself");
            return true;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().expect("a child of our own");
    child.wait().expect("a child of our own").success()
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp").success());
}

/// After a command that worked nothing is left of what a kill left: only the files that docs/spec/vault.md lists.
fn nothing_left_over(vault: &Path) {
    let part = fs::read_dir(vault).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    assert_eq!(part.len(), 1, "{part:?}");
    let mut names: Vec<_> =
        fs::read_dir(&part[0]).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["epoch.a", "epoch.b", "index", "journal", "lock", "packs", "slots"]);
}

/// The deliveries that `status` tells of, as their states.
fn deliveries(person: &Person) -> Vec<String> {
    let status = person.sanduq(&["status", "--json"]).good().json();
    let states = status["deliveries"].as_array().expect("deliveries").iter();
    states.map(|delivery| delivery["state"].as_str().expect("a state").to_owned()).collect()
}

#[test]
fn killed_while_adding() {
    let world = World::new("add");
    let (person, _) = world.begin();
    let bytes = Noise::new(2).bytes(1_500_000);
    let folder = world.house.folder("new");
    fs::write(folder.join("one"), &bytes).unwrap();
    fs::write(folder.join("two"), "an invented note").unwrap();
    let items = || person.list().len();
    let look = || match items() {
        2 => State::Before,
        4 => State::After,
        half => panic!("{half} items"),
    };
    let again = |_| {
        let had = items();
        person.sanduq(&["add", text(&folder)]).good();
        assert_eq!(items(), had + 2);
        nothing_left_over(&person.vault);
        for item in person.list().iter().filter(|item| item["bytes"] == bytes.len()) {
            let out = world.house.folder("out");
            person.sanduq(&["extract", &item["item"].to_string(), "--to", text(&out)]).good();
            let mut found = files_below(&out);
            assert!(fs::read(found.remove(0)).unwrap() == bytes && found.is_empty());
            fs::remove_dir_all(&out).unwrap();
        }
    };
    world.kill("add", &["amal"], || person.command(&["add", text(&folder)]), &person.passphrase, look, again);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn killed_while_sealing() {
    let world = World::new("seal");
    let (person, _) = world.begin();
    let seal = ["seal", "--all", "--to", NAME];
    let look = || match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => State::Before,
        ["sealed"] => State::After,
        ref half => panic!("{half:?}"),
    };
    let again = |found| {
        let done = person.sanduq(&seal);
        if found == State::Before {
            done.good();
        }
        assert_eq!(deliveries(&person), ["sealed"]);
        nothing_left_over(&person.vault);
        let stick = world.house.folder("stick");
        person.sanduq(&["export", text(&stick)]).good();
        world.house.audit(&["bundle", text(&only(&stick, "bundle"))]).good();
        fs::remove_dir_all(&stick).unwrap();
    };
    world.kill("seal", &["amal"], || person.command(&seal), &person.passphrase, look, again);
}

#[test]
fn killed_while_exporting() {
    let world = World::new("export");
    let (person, _) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = world.house.folder("reference");
    copy(&person.vault, &world.house.path("sealed"));
    person.sanduq(&["export", text(&stick)]).good();
    let reference = fs::read(only(&stick, "bundle")).unwrap();
    fs::remove_dir_all(&person.vault).unwrap();
    fs::rename(world.house.path("sealed"), &person.vault).unwrap();
    let stick = world.house.folder("stick");
    let look = || {
        let whole = all(&stick, "bundle").iter().all(|path| fs::read(path).unwrap() == reference);
        assert!(whole, "a bundle that is cut short has its final name");
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sealed"] => State::Before,
            ["carried"] => {
                only(&stick, "bundle");
                State::After
            }
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&["export", text(&stick)]).good();
        assert_eq!(deliveries(&person), ["carried"]);
        assert!(fs::read(only(&stick, "bundle")).unwrap() == reference);
        nothing_left_over(&person.vault);
    };
    let export = || person.command(&["export", text(&stick)]);
    world.kill("export", &["amal", "stick"], export, &person.passphrase, look, again);
}

#[test]
fn killed_while_accepting() {
    let world = World::new("accept");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let accepted = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        listed["bundles"].as_array().expect("bundles").len()
    };
    let look = || match accepted() {
        0 => State::Before,
        1 => State::After,
        half => panic!("{half} bundles"),
    };
    let again = |_| {
        world.house.desk(&["accept", text(&bundle)]).good();
        assert_eq!(accepted(), 1);
        let kept = only(&world.house.path("archive/bundles"), "bundle");
        assert!(fs::read(kept).unwrap() == fs::read(&bundle).unwrap());
        let receipts = world.house.folder("receipts");
        world.house.desk(&["receipts", "--to", text(&receipts)]).good();
        assert!(!files_below(&receipts).is_empty());
        fs::remove_dir_all(&receipts).unwrap();
    };
    let archive = world.house.path("archive");
    let intake = Path::new(env!("CARGO_BIN_EXE_sanduq-intake"));
    let accept = || world.house.command(intake, &["--archive", text(&archive), "accept", text(&bundle)]);
    world.kill("accept", &["archive"], accept, "", look, again);
}

#[test]
fn killed_while_taking_a_receipt() {
    let world = World::new("receipt");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let mut args = vec!["receipt", "add"];
    args.extend(receipts.iter().map(|path| text(path)));
    let look = || match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["carried"] => State::Before,
        ["received"] => State::After,
        ref half => panic!("{half:?}"),
    };
    let again = |_| {
        person.sanduq(&args).good();
        assert_eq!(deliveries(&person), ["received"]);
        nothing_left_over(&person.vault);
    };
    world.kill("receipt add", &["amal"], || person.command(&args), &person.passphrase, look, again);
}
