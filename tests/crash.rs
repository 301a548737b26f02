//! Killed at a random time, and killed or failed at each of their system calls that write, the real programs leave
//! the state before or the state after (assurance D1): over `add`, `seal`, `forget`, `rekey`,
//! `passphrase change`, `export`, `accept` and `receipt add`.
//! Whatever the fault hit, the next command just works, what a command had finished is there, and no success was
//! claimed that is none.
//!
//! Each round starts from the same prepared world, on a file system in memory where there is one: SIGKILL loses
//! nothing that was written, synced or not, so only the order of writes is tried here, as often as can be.
//! `SANDUQ_KILLS` sets the number of kills for each command.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use house::{NAME, Noise, all, only, run, text};
use world::{State, World, copy, deliveries, files_below, nothing_left_over};

/// Kills of each command: more than 1,000 in all.
const KILLS: u64 = 200;

/// System calls that write: the places where a command can be stopped between two of its effects.
const CALLS: [&str; 8] =
    ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat2", "unlink", "ftruncate"];
/// What happens at such a call.
const FAULTS: [&str; 3] = ["signal=SIGKILL", "error=ENOSPC", "error=EIO"];

/// A command that is tried, in the world of `folders` as it was kept. `command` makes it, under another program if
/// one is named; `look` tells the state that is found; `again` runs the command once more and fails the test unless
/// that ends in the state after.
struct Trial<'w, C, L, A> {
    world: &'w World,
    what: &'w str,
    folders: &'w [&'w str],
    command: C,
    passphrase: &'w str,
    look: L,
    again: A,
}

impl<C: Fn(&[&str]) -> Command, L: Fn() -> State, A: Fn(State)> Trial<'_, C, L, A> {
    fn run(&self) {
        self.world.keep(self.folders);
        self.kill_at_random_times();
        self.fail_at_every_write();
    }

    fn kill_at_random_times(&self) {
        let Trial { world, what, folders, command, passphrase, look, again } = self;
        world.reset(folders);
        let start = Instant::now();
        assert!(kill_after(command(&[]), passphrase, Duration::from_secs(60)), "{what} fails");
        let mut longest = start.elapsed();
        assert_eq!(look(), State::After, "{what}, not killed");
        let kills = std::env::var("SANDUQ_KILLS").map_or(KILLS, |number| number.parse().unwrap());
        let mut dice = Noise::new(kills + what.len() as u64);
        let (mut before, mut after, mut finished) = (0, 0, 0);
        for kill in 0..kills {
            world.reset(folders);
            let wait = Duration::from_micros(dice.next() % longest.as_micros() as u64);
            let done = kill_after(command(&[]), passphrase, wait);
            // One in a few finishes, however busy the machine: so both states are seen.
            longest = longest.mul_f32(if done { 0.9 } else { 1.04 });
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
        let both = before > 0 && after > 0;
        assert!(kills < 50 || both, "{what}: all kills came at one side, before {before}, after {after}");
    }

    fn fail_at_every_write(&self) {
        let Trial { world, what, folders, command, passphrase, look, again } = self;
        let trace = world.house.path("trace");
        let under = |options: &[&str]| {
            let traced = [&["strace", "-f", "-qq", "-o", text(&trace)][..], options].concat();
            world.reset(folders);
            finish(command(&traced), passphrase)
        };
        if !under(&["-e", &format!("trace={}", CALLS.join(","))]) {
            println!("SKIPPED failed_at_every_write: no strace, or it may not trace");
            return;
        }
        let traced = fs::read_to_string(&trace).unwrap();
        let (mut points, mut before) = (0, 0);
        for call in CALLS {
            let count = traced.lines().filter(|line| line.contains(&format!(" {call}("))).count();
            for (number, fault) in (1..=count).flat_map(|number| FAULTS.map(|fault| (number, fault))) {
                let inject = format!("inject={call}:{fault}:when={number}");
                let claimed = under(&["-e", &inject]);
                let found = look();
                assert!(!claimed || found == State::After, "{what}, {inject}: success was claimed");
                again(found);
                points += 1;
                before += usize::from(found == State::Before);
            }
        }
        println!(
            "MEASURED a fault at every write of {what}: {points} faults, {before} times the state before, {} times \
             the state after, no half, the next command worked",
            points - before
        );
        assert!(points > 30 && before > 10, "{what}: {points} faults, {before} of them before");
    }
}

/// Runs a command to its end; whether it said that all went well.
fn finish(mut command: Command, passphrase: &str) -> bool {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let _ = writeln!(child.stdin.take().expect("a pipe"), "{passphrase}");
    child.wait().expect("a child of our own").success()
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
    let command = |under: &[&str]| person.command_under(under, &["add", text(&folder)]);
    let (what, folders, passphrase) = ("add", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
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
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// One of two items that share a pack is forgotten: packs, index, journal and both epoch blocks are written anew.
#[test]
fn killed_while_forgetting() {
    let world = World::new("forget");
    let (person, _) = world.begin();
    let bytes = Noise::new(3).bytes(200_000);
    person.sanduq(&["add", text(&world.house.write("stays", &bytes))]).good();
    let look = || match person.list().len() {
        3 => State::Before,
        2 => State::After,
        half => panic!("{half} items"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&["forget", "2", "--yes"]).good();
        }
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
        let out = world.house.folder("out");
        person.sanduq(&["extract", "2", "--to", text(&out)]).good();
        assert!(fs::read(out.join("stays")).unwrap() == bytes);
        fs::remove_dir_all(&out).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &["forget", "2", "--yes"]);
    let (what, folders, passphrase) = ("forget", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// New slots, a new master key and everything under a new index key. The second passphrase is not typed, and goes.
#[test]
fn killed_while_rekeying() {
    let world = World::new("rekey");
    let (person, _) = world.begin();
    let second = "another of the invented passphrases";
    let typed =
        |passphrases: &[&str], args: &[&str]| run(person.command(args), Some(&passphrases.join("\n")));
    let add = ["passphrase", "add", "--new-passphrase-fd", "3"];
    typed(&[&person.passphrase, second], &add).good();
    let look = || {
        assert_eq!(person.list().len(), 2, "the first opens whenever it stops");
        match typed(&[second], &["list"]).code {
            Some(0) => State::Before,
            Some(3) => State::After,
            other => panic!("{other:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&["rekey"]).good();
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &["rekey"]);
    let (what, folders, passphrase) = ("rekey", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// One slot takes the place of another: always one of the two passphrases opens, never both, never none.
#[test]
fn killed_while_changing_the_passphrase() {
    let world = World::new("passphrase");
    let (person, _) = world.begin();
    let second = "another of the invented passphrases";
    let change = ["passphrase", "change", "--new-passphrase-fd", "3"];
    let opens = |passphrase: &str| run(person.command(&["list"]), Some(passphrase)).code == Some(0);
    let look = || match [&person.passphrase, second].map(opens) {
        [true, false] => State::Before,
        [false, true] => State::After,
        both => panic!("{both:?}"),
    };
    let again = |found| {
        let lines = match found {
            State::Before => format!("{}\n{second}", person.passphrase),
            State::After => format!("{second}\n{second}"),
        };
        let keys = run(person.command(&[&change[..], &["--json"]].concat()), Some(&lines)).good().json();
        assert_eq!(keys["passphrases"].as_u64(), Some(1), "a slot that was never written counts as used");
        assert!(opens(second));
    };
    let command = |under: &[&str]| person.command_under(under, &change);
    let lines = format!("{}\n{second}", person.passphrase);
    let (what, folders, passphrase) = ("passphrase change", &["amal"][..], lines.as_str());
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
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
    let command = |under: &[&str]| person.command_under(under, &["export", text(&stick)]);
    let (what, folders, passphrase) = ("export", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
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
    let accept = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "accept", text(&bundle)];
    let command = |under: &[&str]| {
        let words = [under, &accept].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("accept", &["archive"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
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
    let command = |under: &[&str]| person.command_under(under, &args);
    let (what, folders, passphrase) = ("receipt add", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
