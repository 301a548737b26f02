//! Two processes at one vault, and locks that somebody left (assurance D11): one wins, the other says at once that the
//! vault is in use and ends with 6, whatever it was to do, and nothing it was to do is begun. A lock ends with its
//! process, however that ends, and a file that is only called `lock` locks nothing.
//!
//! The first process is stopped while it holds the lock, so that it is there for as long as the others are tried.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use house::{Done, NAME, Noise, Organisation, Person, run, text};
use sanduq::crypto::Passphrase;
use sanduq::vault::Vault;
use world::{World, files_below, nothing_left_over};

/// Large enough that whoever keeps it is still at it when it is looked at.
const LARGE_BYTES: usize = 24 << 20;
/// How often two processes begin at the same moment.
const RACES: usize = 20;
/// The passphrase somebody wants to take.
const NEW: &str = "another of the invented passphrases";

/// A process that holds a lock and is stopped.
struct Held(Child);

impl Held {
    /// Begins `command` again and again until it can be stopped while it holds the lock at `lock`.
    fn begin(mut command: impl FnMut() -> Command, passphrase: &str, lock: &Path) -> Held {
        let end = Instant::now() + Duration::from_secs(60);
        while Instant::now() < end {
            let mut child =
                command().stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let _ = writeln!(child.stdin.take().unwrap(), "{passphrase}");
            while child.try_wait().unwrap().is_none() {
                if is_locked(lock) {
                    signal(&child, "STOP");
                    thread::sleep(Duration::from_millis(20));
                    if is_locked(lock) {
                        return Held(child);
                    }
                    signal(&child, "CONT");
                }
                thread::sleep(Duration::from_micros(200));
            }
        }
        panic!("it never held the lock when it was looked at");
    }

    fn go_on(mut self) -> ExitStatus {
        signal(&self.0, "CONT");
        self.0.wait().unwrap()
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn is_locked(lock: &Path) -> bool {
    fs::File::open(lock).is_ok_and(|file| file.try_lock().is_err())
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

fn part(vault: &Path) -> PathBuf {
    fs::read_dir(vault).unwrap().next().unwrap().unwrap().path()
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files_below(folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn busy(done: Done, id: &str, what: &str) {
    let said = done.stderr();
    assert_eq!(done.code, Some(6), "{what}: {said}");
    let told: serde_json::Value = serde_json::from_str(said.lines().last().unwrap_or_default()).expect(&said);
    assert_eq!(told["error"], id, "{what}: {said}");
    assert!(told["hint"].as_str().is_some_and(|hint| hint.contains(' ')), "{what}: {said}");
}

/// Someone whose vault has something of all that can be changed.
fn begin(world: &World) -> (Person<'_>, Organisation<'_>) {
    let (person, organisation) = world.begin();
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let told = world.house.write("told", "An invented account.\n");
    person.sanduq(&["testify", text(&told)]).good();
    (person, organisation)
}

#[test]
fn of_two_processes_one_wins_and_the_other_says_so() {
    let world = World::new("at-once");
    let (person, organisation) = begin(&world);
    let large = world.house.write("large", Noise::new(7).bytes(LARGE_BYTES));
    let papers = [world.house.path("letter.txt"), world.house.path("told"), organisation.card.clone()];
    let [letter, told, card] = papers.each_ref().map(|path| text(path));
    let terms = world.house.write("terms", "{}");
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let words = Vault::unlock(&person.vault, None, &passphrase).unwrap().words().expose().clone();
    let (one, both) = (person.passphrase.clone(), format!("{}\n{NEW}", person.passphrase));
    let by_words = format!("{words}\n{NEW}");
    let out = world.house.folder("out");
    let (to, key) = (text(&out).to_owned(), text(&out.join("key")).to_owned());
    let draft = world.house.write("draft2", world.house.desk(&["card"]).good().out);
    let commands: &[(&[&str], &str)] = &[
        (&["add", letter], &one),
        (&["testify", told], &one),
        (&["testify", told, "--direct", "--to", NAME], &one),
        (&["edit", "3"], &one),
        (&["consent", "2", "--consent", text(&terms)], &one),
        (&["remove", "2"], &one),
        (&["extract", "2", "--to", &to], &one),
        (&["contact", "add", card, "--yes", "--as", "Other"], &one),
        (&["contact", "remove", NAME, "--yes"], &one),
        (&["seal", "--all", "--to", NAME], &one),
        (&["seal", "--all", "--to", NAME, "--forget"], &one),
        (&["seal", "--direct", letter, "--to", NAME], &one),
        (&["withdraw", "--all", "--to", NAME], &one),
        (&["export", &to], &one),
        (&["sync", &to, "--to", NAME], &one),
        (&["receipt", "add", letter], &one),
        (&["receipt", "export", &to], &one),
        (&["open", letter], &one),
        (&["card", "sign", text(&draft), "--yes"], &one),
        (&["recipient", "--identity-to", &key], &one),
        (&["forget", "1", "--yes"], &one),
        (&["forget", "--traces"], &one),
        (&["forget", "--delivered", "--yes"], &one),
        (&["forget", "--outbox", "--yes"], &one),
        (&["passphrase", "change", "--new-passphrase-fd", "3"], &both),
        (&["passphrase", "add", "--new-passphrase-fd", "3"], &both),
        (&["passphrase", "remove", "--others"], &one),
        (&["key-file", "set", &key], &one),
        (&["key-file", "drop"], &one),
        (&["key", "split", "--shares", "3", "--threshold", "2", "--to", &to], &one),
        (&["recover", "--words-fd", "3", "--new-passphrase-fd", "3"], &by_words),
        (&["rekey"], &one),
        (&["repair", "--yes"], &one),
        (&["contributor", "remove", "--yes"], &one),
        (&["list"], &one),
        (&["status"], &one),
    ];
    let lock = part(&person.vault).join("lock");
    let held = Held::begin(|| person.command(&["add", text(&large)]), &person.passphrase, &lock);
    let before = contents(&person.vault);
    for (args, lines) in commands {
        let done = run(person.command(&[args, &["--json"][..]].concat()), Some(lines));
        busy(done, "err-busy", &format!("{args:?}"));
        assert!(contents(&person.vault) == before, "{args:?} changed something");
        assert!(files_below(&out).is_empty(), "{args:?} wrote something");
    }
    assert!(held.go_on().success(), "who held the lock was disturbed");
    assert!(person.list().iter().any(|item| item["title"] == "large"));
    nothing_left_over(&person.vault);
    println!(
        "MEASURED two processes at once: {} commands beside one that holds the vault, each ends with 6 and changes nothing",
        commands.len()
    );
}

#[test]
fn of_two_processes_at_one_archive_one_wins_and_the_other_says_so() {
    let world = World::new("at-once-desk");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let (archive, out) = (world.house.path("archive"), world.house.folder("out"));
    let accept = || {
        let args = ["--archive", text(&archive), "accept", text(&bundle)];
        world.house.command(Path::new(env!("CARGO_BIN_EXE_sanduq-intake")), &args)
    };
    let lock = archive.join("lock");
    let held = Held::begin(accept, "", if lock.exists() { &lock } else { &archive });
    for args in [
        &["accept", text(&bundle)][..],
        &["accept", text(&organisation.card)],
        &["sync", text(&out)],
        &["receipts", "--to", text(&out)],
    ] {
        busy(world.house.desk(&[args, &["--json"]].concat()), "err-archive-busy", &format!("{args:?}"));
        assert!(files_below(&out).is_empty(), "{args:?} wrote something");
    }
    assert!(held.go_on().success(), "who held the lock was disturbed");
    let listed = world.house.desk(&["list", "--json"]).good().json();
    assert_eq!(listed["bundles"].as_array().map(Vec::len), Some(1));
}

/// Both begin at the same moment: each either did all of it, or ended with 6 and did nothing.
#[test]
fn whoever_comes_first_wins() {
    let world = World::new("race");
    let (person, _organisation) = world.begin();
    let (mut refused, mut kept) = (0, person.list().len());
    for race in 0..RACES {
        let papers = [0, 1].map(|number| {
            let name = format!("paper-{race}-{number}");
            world.house.write(&name, Noise::new((2 * race + number) as u64 + 1).bytes(60_000))
        });
        let codes = thread::scope(|scope| {
            let both =
                papers.each_ref().map(|paper| scope.spawn(|| person.sanduq(&["add", text(paper)]).code));
            both.map(|one| one.join().unwrap())
        });
        let won = codes.iter().filter(|code| **code == Some(0)).count();
        refused += codes.iter().filter(|code| **code == Some(6)).count();
        assert!(won > 0 && codes.iter().all(|code| matches!(code, Some(0 | 6))), "{codes:?}");
        kept += won;
        assert_eq!(person.list().len(), kept, "{codes:?}");
    }
    nothing_left_over(&person.vault);
    println!(
        "MEASURED two that begin at once: {RACES} times, {refused} told that the vault is in use, nothing lost or doubled"
    );
    assert!(refused > 0, "they never met");
}

#[test]
fn a_lock_that_was_left_behind_locks_nothing() {
    let world = World::new("stale");
    let (person, _organisation) = world.begin();
    let large = world.house.write("large", Noise::new(7).bytes(LARGE_BYTES));
    let lock = part(&person.vault).join("lock");
    let mut titles = person.list().len();
    let mut add = |what: &str| {
        let paper = world.house.write(&format!("papers/{what}"), format!("an invented paper: {what}"));
        person.sanduq(&["add", text(&paper)]).good();
        titles += 1;
        assert_eq!(person.list().len(), titles, "{what}");
        nothing_left_over(&person.vault);
    };
    Held::begin(|| person.command(&["add", text(&large)]), &person.passphrase, &lock).kill();
    add("after the one who held it was killed");
    // As other programs write theirs: who holds it, where and since when. The machine was started anew since.
    fs::write(&lock, "4711\nanother-boot\n2026-01-01T00:00:00Z\n").unwrap();
    fs::File::open(&lock).unwrap().set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    add("a file of another boot");
    let ours = std::process::id().to_string();
    fs::write(&lock, ours).unwrap();
    add("a file that names a process that runs");
    fs::remove_file(&lock).unwrap();
    add("no file");
    assert!(lock.exists());
}
