//! A stick that keeps other bytes than were written to it. Whatever writes to one reads it back before it says done:
//! here a bit is turned between the last write and the sync, while the program is held there.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::house::{Done, House, NAME, Organisation, Person, all, run, text};
use crate::refused;
use crate::world::{World, deliveries, files_below};

/// How long the program is held before it syncs, and how long it may take to come there.
const HELD: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(60);

/// A file that has no final name yet.
fn unnamed(dir: &Path) -> Option<PathBuf> {
    let begins_with_a_dot =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes()[0] == b'.');
    files_below(dir).into_iter().find(begins_with_a_dot)
}

/// Runs a command twice from the same state of `folders`: once whole, to see which of its syncs is the first of the
/// `nth` new file in `dir`; and once with a bit of that file turned. Gives how the second ended.
fn turned<C>(world: &World, folders: &[&str], dir: &Path, nth: usize, passphrase: &str, command: C) -> Done
where
    C: Fn(&[&str]) -> Command,
{
    let trace = world.house.path("trace");
    let run_under = |more: &[&str]| {
        let strace = ["strace", "-f", "-y", "-qq", "-o", text(&trace), "-e", "trace=fsync"];
        run(command(&[&strace, more].concat()), Some(passphrase))
    };
    world.keep(folders);
    run_under(&[]).good();
    let traced = fs::read_to_string(&trace).unwrap();
    let syncs = traced.lines().filter(|line| line.contains(" fsync(")).zip(1..);
    let here = format!("<{}/", text(dir));
    let mut seen = HashSet::new();
    let mut ours = syncs.filter_map(|(line, number)| {
        let path = line.split(&here).nth(1)?.split('>').next()?;
        let new = path.rsplit('/').next()?.starts_with('.') && seen.insert(path);
        new.then_some(number)
    });
    let number = ours.nth(nth).expect("a new file is synced before it gets its name");
    world.reset(folders);
    let hold = format!("inject=fsync:delay_enter={}:when={number}", HELD.as_micros());
    let turning = dir.to_path_buf();
    let hand = thread::spawn(move || {
        let end = Instant::now() + PATIENCE;
        let (mut seen, mut since) = (None, Instant::now());
        while Instant::now() < end {
            let now = unnamed(&turning).and_then(|path| Some((fs::metadata(&path).ok()?.len(), path)));
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            // It has grown no more for a while: it is held.
            if let Some((len, path)) = seen.as_ref().filter(|_| since.elapsed() > HELD / 3) {
                let file = fs::File::options().read(true).write(true).open(path).unwrap();
                let mut byte = [0];
                file.read_exact_at(&mut byte, len / 2).unwrap();
                file.write_all_at(&[byte[0] ^ 1], len / 2).unwrap();
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    });
    let done = run_under(&["-e", &hold]);
    assert!(hand.join().expect("the hand that turns"), "nothing was turned");
    done
}

/// Someone with a sealed bundle.
fn begin<'w>(world: &'w World) -> (Person<'w>, Organisation<'w>) {
    let (person, organisation) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    (person, organisation)
}

/// Whether strace is here and may trace.
fn traces(house: &House) -> bool {
    let words = ["-o", "/dev/null", "true"];
    let traces = house.command(Path::new("strace"), &words).status().is_ok_and(|status| status.success());
    if !traces {
        println!("SKIPPED read_back: no strace, or it may not trace");
    }
    traces
}

const TOLD: [&str; 2] = ["What was read back from here is not what was written:", "is as it was"];

#[test]
fn an_exported_bundle_is_read_back() {
    let world = World::new("reread-export");
    let (person, _) = begin(&world);
    let stick = world.house.folder("stick");
    let export = ["export", text(&stick)];
    let command = |under: &[&str]| person.command_under(under, &export);
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["amal", "stick"], &stick, 0, &person.passphrase, command);
    refused(done, 1, &TOLD);
    assert!(files_below(&stick).is_empty(), "nothing of it is left");
    assert_eq!(deliveries(&person), ["sealed"]);
    person.sanduq(&export).good();
    assert_eq!(deliveries(&person), ["carried"]);
}

/// What is in it is read through the disguise: where the carrier differs, so does the bundle.
#[test]
fn an_exported_carrier_is_read_back() {
    let world = World::new("reread-carrier");
    let (person, _) = begin(&world);
    let (stick, key) = (world.house.folder("stick"), world.house.path("amal.key"));
    world.house.desk(&["carrier", "new", "--to", text(&key)]).good();
    let export = ["export", text(&stick), "--carrier", text(&key)];
    let command = |under: &[&str]| person.command_under(under, &export);
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["amal", "stick"], &stick, 0, &person.passphrase, command);
    refused(done, 1, &TOLD);
    assert!(files_below(&stick).is_empty(), "nothing of it is left");
    assert_eq!(deliveries(&person), ["sealed"]);
    person.sanduq(&export).good();
    assert_eq!(deliveries(&person), ["carried"]);
}

/// The first part has its name when the second, of parity, is found to be another.
#[test]
fn every_part_is_read_back() {
    let world = World::new("reread-parts");
    let (person, _) = begin(&world);
    let stick = world.house.folder("stick");
    let export = ["export", text(&stick), "--volume-size", "2M", "--parity", "1"];
    let command = |under: &[&str]| person.command_under(under, &export);
    if !traces(&world.house) {
        return;
    }
    for (nth, whole) in [(0, 0), (1, 1)] {
        let done = turned(&world, &["amal", "stick"], &stick, nth, &person.passphrase, command);
        refused(done, 1, &TOLD[..1]);
        assert_eq!(all(&stick, "part").len(), whole);
        assert_eq!(files_below(&stick).len(), whole, "nothing else is left");
        person.sanduq(&export).good();
        assert_eq!(all(&stick, "part").len(), 2);
        fs::remove_dir_all(world.prepared.join("amal")).unwrap();
        fs::remove_dir_all(world.prepared.join("stick")).unwrap();
        fs::remove_dir_all(&stick).unwrap();
        world.house.folder("stick");
    }
}

/// A share that cannot be used would be found out when it is too late.
#[test]
fn a_couriers_share_is_read_back() {
    let world = World::new("reread-shares");
    let (person, _) = world.begin();
    let shares = world.house.folder("shares");
    let seal = ["seal", "--all", "--to", NAME, "--split", "2/3", "--shares-to", text(&shares)];
    let command = |under: &[&str]| person.command_under(under, &seal);
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["amal", "shares"], &shares, 1, &person.passphrase, command);
    refused(done, 1, &TOLD);
    assert!(files_below(&shares).is_empty(), "the share that was whole is gone with the others");
    assert!(deliveries(&person).is_empty(), "and no bundle is here that nobody could open");
    person.sanduq(&seal).good();
}

/// What is synced first is the folder that the copy is made in.
#[test]
fn a_backup_is_read_back() {
    let world = World::new("reread-backup");
    let (person, _) = world.begin();
    let copy = world.house.folder("copy");
    let backup = ["backup", text(&copy)];
    let command = |under: &[&str]| person.command_under(under, &backup);
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["amal", "copy"], &copy, 1, &person.passphrase, command);
    refused(done, 1, &TOLD);
    let again = world.house.folder("another copy");
    person.sanduq(&["backup", text(&again)]).good();
}

#[test]
fn a_bundle_for_the_sister_is_read_back() {
    let world = World::new("reread-mirror");
    let (person, organisation) = world.begin();
    organisation.accept(&organisation.send(&person, "stick"), "post");
    let (archive, sister) = (world.house.path("archive"), world.house.folder("sister"));
    let mirror = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "mirror", text(&sister)];
    let command = |under: &[&str]| {
        let words = [under, &mirror].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["archive", "sister"], &sister, 0, "", command);
    refused(done, 1, &TOLD);
    assert!(files_below(&sister).is_empty(), "nothing of it is left");
    world.house.desk(&["mirror", text(&sister)]).good();
    assert_eq!(all(&sister, "bundle").len(), 1);
}

/// A bundle that the archive's own failing disk had changed was said not to verify, and put aside as the sender's.
#[test]
fn what_the_desk_keeps_is_read_back() {
    let world = World::new("reread-accept");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let archive = world.house.path("archive");
    let accept = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "accept", text(&bundle)];
    let command = |under: &[&str]| {
        let words = [under, &accept].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["archive"], &archive, 0, "", command);
    refused(done, 1, &TOLD[..1]);
    assert!(files_below(&archive.join("bundles")).is_empty(), "nothing of it is left");
    assert!(files_below(&archive.join("quarantine")).is_empty(), "and nothing is said against the bundle");
    world.house.desk(&["accept", text(&bundle)]).good();
    assert_eq!(all(&archive.join("bundles"), "bundle").len(), 1);
}

/// As [`what_the_desk_keeps_is_read_back`], where the bundle is joined from parts: the set was said to be of no bundle.
#[test]
fn what_is_joined_from_parts_is_read_back() {
    let world = World::new("reread-join");
    let (person, _) = begin(&world);
    let stick = world.house.folder("stick");
    person.sanduq(&["export", text(&stick), "--volume-size", "2M", "--parity", "1"]).good();
    let archive = world.house.path("archive");
    let accept = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "accept", text(&stick)];
    let command = |under: &[&str]| {
        let words = [under, &accept].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    if !traces(&world.house) {
        return;
    }
    let done = turned(&world, &["archive"], &archive.join("bundles"), 0, "", command);
    refused(done, 1, &TOLD[..1]);
    assert!(files_below(&archive.join("bundles")).is_empty(), "nothing of it is left");
    world.house.desk(&["accept", text(&stick)]).good();
    assert_eq!(all(&archive.join("bundles"), "bundle").len(), 1);
}
