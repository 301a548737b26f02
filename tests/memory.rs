//! What a look into the memory of `sanduq shell` finds, from outside and as the administrator: everything while the
//! vault is open, nothing after it was locked, in whichever way.
//!
//! The secrets are learnt beforehand through the library, in this process, and the shell draws none anew. Where this
//! test may not look into another process it is skipped and says so.
#![cfg(all(target_os = "linux", feature = "test-kdf"))]

mod house;
mod terminal;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use house::{House, Noise, Person, text};
use sanduq::crypto::{KdfParams, Passphrase, Seed};
use sanduq::store::{Compartment, Row, Store};
use sanduq::vault::Vault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use terminal::{LOCKED, Shell};

/// Minutes without a key; seconds, where the passphrase hashing has its floor for tests.
const IDLE: &str = "6";
/// Longer than the tests take between two keys.
const LONG: &str = "60";
const TITLE: &str = "کوچهٔ هشتم، پشت نانوایی";
const KEPT: &str = "The lamps were carried down the ninth stair";
const TYPED: &str = "Nobody asked who held the paper lantern";
const HALF: &str = "half a sentence about the seventh door";
const SOUGHT: &str = "unfindablewordsoughtbyher";
const ANSWER: &str = "surely not this time thanks";

/// Something that must not be found, by name.
struct Needle {
    name: &'static str,
    bytes: Vec<u8>,
}

/// All that must not be found. Half of it is a find too: what overwrites the begin of a freed block does not hide the
/// rest.
struct Needles {
    halves: Vec<Needle>,
    /// Whether a half begins with these two bytes.
    begins: Vec<bool>,
}

impl Needles {
    fn new(all: &[Needle]) -> Needles {
        let halves = all.iter().flat_map(|needle| {
            let (first, second) = needle.bytes.split_at(needle.bytes.len() / 2);
            [first, second].map(|half| Needle { name: needle.name, bytes: half.to_vec() })
        });
        let halves: Vec<Needle> = halves.collect();
        let mut begins = vec![false; 1 << 16];
        halves.iter().for_each(|half| begins[begin(&half.bytes)] = true);
        Needles { halves, begins }
    }

    fn found_in(&self, memory: &[u8], found: &mut BTreeSet<&'static str>) {
        for at in 0..memory.len().saturating_sub(1) {
            if self.begins[begin(&memory[at..])] {
                let here = self.halves.iter().filter(|half| memory[at..].starts_with(&half.bytes));
                found.extend(here.map(|half| half.name));
            }
        }
    }
}

fn begin(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// A part of a process's memory.
struct Map {
    bytes: Vec<u8>,
    locked: bool,
}

/// The memory of a process that can be written, or nothing if it may not be looked at.
fn maps(process: i32) -> Option<Vec<Map>> {
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let told = fs::read_to_string(format!("/proc/{process}/smaps")).ok()?;
    let mut maps = Vec::new();
    let mut range = None;
    for line in told.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if let Some((from, to)) = first.split_once('-') {
            let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).expect("an address"));
            range = line.contains(" rw").then_some((from, to));
        } else if let (Some((from, to)), "VmFlags:") = (range, first) {
            let mut bytes = vec![0; usize::try_from(to - from).expect("it fits")];
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                maps.push(Map { bytes, locked: line.split_whitespace().any(|flag| flag == "lo") });
            }
        }
    }
    assert!(
        maps.iter().map(|map| map.bytes.len()).sum::<usize>() > 1 << 20,
        "hardly anything could be looked at"
    );
    Some(maps)
}

/// The names of those needles that are in the memory of a process.
fn found(process: i32, needles: &Needles) -> Option<BTreeSet<&'static str>> {
    let mut found = BTreeSet::new();
    maps(process)?.iter().for_each(|map| needles.found_in(&map.bytes, &mut found));
    Some(found)
}

/// A row as it stands in the index.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct OwnerRow(Value);

impl Row for OwnerRow {
    const KIND: &'static str = "owner";

    fn key(&self) -> Vec<u8> {
        Vec::new()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct ObjectRow(Value);

impl Row for ObjectRow {
    const KIND: &'static str = "store.object";

    fn key(&self) -> Vec<u8> {
        Vec::new()
    }
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn hex_of(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

fn object_key(store: &Store) -> String {
    let rows = store.all::<ObjectRow>().unwrap();
    let key = rows.iter().find_map(|row| row.0["place"]["packs"]["key"].as_str());
    key.expect("a file in a pack").to_owned()
}

/// What is secret in this person's vault.
fn needles(person: &Person) -> Vec<Needle> {
    let compartment = Compartment::list(&person.vault).unwrap().remove(0);
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let slots = compartment.slots().unwrap();
    let master = slots.unlock(&compartment.id(), &passphrase).unwrap();
    let index = compartment.epoch(&master).unwrap().key;
    let store = compartment.open(&master).unwrap();
    let owner: OwnerRow = store.get(b"").unwrap().unwrap();
    let seed = owner.0["seed"].as_str().unwrap().to_owned();
    let file = object_key(&store);
    let words = Seed::from_bytes(sanduq::crypto::Secret::from_slice(&bytes_of(&seed)).unwrap()).to_words();
    let (master, index) = (master.expose().expose(), index.expose().expose());
    let all = [
        ("passphrase", person.passphrase.clone().into_bytes()),
        ("seed", bytes_of(&seed)),
        ("seed in hexadecimal", seed.into_bytes()),
        ("seed in words", words.expose().clone().into_bytes()),
        ("master key", master.to_vec()),
        ("index key", index.to_vec()),
        ("index key in hexadecimal", hex_of(index)),
        ("index key in upper case", hex_of(index).to_ascii_uppercase()),
        ("file key", bytes_of(&file)),
        ("file key in hexadecimal", file.into_bytes()),
        ("title", TITLE.as_bytes().to_vec()),
        ("testimony that was kept", KEPT.as_bytes().to_vec()),
        ("testimony that was typed", TYPED.as_bytes().to_vec()),
        ("half a sentence", HALF.as_bytes().to_vec()),
        ("word that was sought", SOUGHT.as_bytes().to_vec()),
        ("answer", ANSWER.as_bytes().to_vec()),
    ];
    all.into_iter().map(|(name, bytes)| Needle { name, bytes }).collect()
}

/// Someone with a testimony and a file.
fn furnish<'h>(house: &'h House) -> Person<'h> {
    let person = house.person("p");
    person.sanduq(&["init", "--lang", "en"]).good();
    let account = house.write("account.txt", KEPT);
    person.sanduq(&["testify", "--title", TITLE, text(&account)]).good();
    let file = house.write("scan", Noise::new(1).bytes(300_000));
    person.sanduq(&["add", text(&file)]).good();
    fs::remove_file(account).unwrap();
    person
}

/// All that leaves traces.
fn work(shell: &mut Shell) {
    shell.person.house.folder("out");
    for line in ["list", "show 1", "show 1 --json", "status", "extract 2 --to out", "sanduq list"] {
        shell.line(line);
    }
    fs::remove_dir_all(shell.person.house.path("out")).unwrap();
    shell.line(&format!("search {SOUGHT}"));
    shell.enter("remove 2");
    shell.answer("(yes/no)", ANSWER);
    shell.answer("yes or no", "no");
    shell.expect(terminal::PROMPT);
}

/// A testimony that is begun: no title, a paragraph, and half of the next one.
fn begin_testimony(shell: &mut Shell) {
    shell.enter("testify");
    shell.answer("A title", "");
    shell.expect("withheld from others");
    shell.answer("> ", TYPED);
    shell.expect("> ");
    shell.keys(HALF);
}

fn may_look(shell: &Shell) -> bool {
    let may = File::open(format!("/proc/{}/mem", shell.process)).is_ok();
    if !may {
        println!("SKIPPED memory_after_a_lock: this user may not look into the memory of another process");
    }
    may
}

/// Nothing is left once it has locked, and it opens again.
fn left_nothing(shell: &mut Shell, way: &str, needles: &Needles) {
    shell.expect(LOCKED);
    let left = found(shell.process, needles).expect("it was possible before");
    assert!(left.is_empty(), "after {way}: {left:?}");
    shell.unlock();
}

#[test]
fn nothing_is_left_after_a_lock() {
    let house = House::new("memory");
    let person = furnish(&house);
    let needles = Needles::new(&needles(&person));
    let mut shell = Shell::new(&person, LONG);
    if !may_look(&shell) {
        return;
    }
    for way in ["lock", "Ctrl-L", "Ctrl-L in a testimony", "Ctrl-Z", "SIGTSTP"] {
        work(&mut shell);
        match way {
            "lock" => shell.enter("lock"),
            "Ctrl-L" => {
                shell.keys(HALF);
                let open = found(shell.process, &needles).expect("it was possible before");
                let shown = ["seed", "master key", "file key in hexadecimal", "title", "half a sentence"];
                assert!(shown.iter().all(|name| open.contains(name)), "the looking works: {open:?}");
                assert!(!open.contains("passphrase"), "it is wiped once it has opened");
                shell.control('l');
            }
            "Ctrl-L in a testimony" => {
                begin_testimony(&mut shell);
                let open = found(shell.process, &needles).expect("it was possible before");
                assert!(open.contains("testimony that was typed"), "the looking works: {open:?}");
                shell.control('l');
            }
            "Ctrl-Z" => {
                shell.keys(HALF);
                shell.control('z');
                shell.stopped();
                let stopped = found(shell.process, &needles).expect("it was possible before");
                assert!(stopped.is_empty(), "while it is stopped: {stopped:?}");
                shell.signal("-CONT");
            }
            _ => {
                shell.signal("-TSTP");
                shell.stopped();
                shell.signal("-CONT");
            }
        }
        left_nothing(&mut shell, way, &needles);
    }
}

/// The passphrase is wiped so soon that it is only found while it is being hashed: so the looking would find it later,
/// in the form in which it is looked for.
#[test]
fn the_passphrase_is_found_while_it_is_hashed() {
    let house = House::new("memory-passphrase");
    let person = house.person("p");
    let slow = KdfParams { memory_kib: 128 << 10, passes: 16, lanes: 1 };
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let now = "2026-03-01T10:00:00Z".parse().unwrap();
    drop(Vault::init(&person.vault, &passphrase, slow, None, "en", now).unwrap());
    let needles =
        Needles::new(&[Needle { name: "passphrase", bytes: person.passphrase.clone().into_bytes() }]);
    let mut shell = Shell::new(&person, LONG);
    if !may_look(&shell) {
        return;
    }
    shell.enter("lock");
    shell.expect(LOCKED);
    let looked = |shell: &Shell| found(shell.process, &needles).expect("it was possible before");
    assert!(looked(&shell).is_empty());
    shell.expect("Passphrase:");
    shell.enter(&person.passphrase);
    let patience = Instant::now();
    while looked(&shell).is_empty() {
        assert!(patience.elapsed() < Duration::from_secs(30), "it was never found");
    }
    shell.expect(terminal::PROMPT);
    assert!(looked(&shell).is_empty(), "it is wiped once it has opened");
}

#[test]
fn nothing_is_left_when_nobody_types() {
    let house = House::new("memory-idle");
    let person = furnish(&house);
    let needles = Needles::new(&needles(&person));
    let mut shell = Shell::new(&person, IDLE);
    if !may_look(&shell) {
        return;
    }
    shell.line("show 1");
    shell.keys(HALF);
    left_nothing(&mut shell, "idleness", &needles);
    begin_testimony(&mut shell);
    left_nothing(&mut shell, "idleness in a testimony", &needles);
}

/// Opening and locking again and again neither fills the memory nor the list of open files, and what was locked of it
/// is used again.
#[test]
fn two_hundred_locks_leave_no_growth() {
    let house = House::new("memory-cycles");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, LONG);
    let mut cycles = |count| {
        for _ in 0..count {
            shell.line("show 1");
            shell.enter("lock");
            shell.expect(LOCKED);
            shell.unlock();
        }
        let kib = |field| shell.status(field).parse::<i64>().expect("KiB");
        let files = fs::read_dir(format!("/proc/{}/fd", shell.process)).map(Iterator::count);
        (kib("VmRSS:"), kib("VmLck:"), files.unwrap_or_default())
    };
    let (held, locked, files) = cycles(20);
    let (held_later, locked_later, files_later) = cycles(180);
    println!(
        "memory after 20 and 200 cycles: {held} and {held_later} KiB, locked {locked} and {locked_later} KiB"
    );
    assert!(held_later - held < 1024, "{held} KiB grew to {held_later}");
    assert!(locked_later - locked < 512, "{locked} KiB locked grew to {locked_later}");
    assert_eq!(files, files_later);
}

/// What the system itself says: no core is written, and as much memory may be locked as the system allows.
#[test]
fn the_system_writes_nothing_down() {
    let house = House::new("memory-limits");
    let person = furnish(&house);
    let shell = Shell::new(&person, LONG);
    let limits = fs::read_to_string(format!("/proc/{}/limits", shell.process)).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"]);
    let lockable = lockable(&limits);
    assert_eq!(lockable[0], lockable[1], "as much as the system allows");
}

/// SQLCipher locks memory as well, and unlocks the pages of what it frees; keys that shared a page with that lay in
/// memory that could be swapped while the shell waited.
#[test]
fn keys_are_locked_while_the_shell_waits() {
    let house = House::new("memory-locked");
    let person = furnish(&house);
    let keys = needles(&person).into_iter().filter(|needle| ["seed", "master key"].contains(&needle.name));
    let keys = Needles::new(&keys.collect::<Vec<_>>());
    let mut shell = Shell::new(&person, LONG);
    let limits = fs::read_to_string(format!("/proc/{}/limits", shell.process)).unwrap();
    if !may_look(&shell) || lockable(&limits)[0] == "0" {
        return;
    }
    for line in [
        "list",
        "show 1",
        "search lamps",
        "status",
        "list",
        "add account-2.txt --consent safe.json",
        "show 2",
    ] {
        person.house.write("account-2.txt", line);
        person.house.write("safe.json", "{}");
        shell.line(line);
        let maps = maps(shell.process).expect("it was possible before");
        let open = |locked| {
            let mut found = BTreeSet::new();
            let chosen = maps.iter().filter(|map| map.locked == locked);
            chosen.for_each(|map| keys.found_in(&map.bytes, &mut found));
            found
        };
        assert_eq!(open(true).len(), 2, "after {line}");
        assert!(open(false).is_empty(), "after {line}: {:?}", open(false));
    }
}

/// The soft and the hard limit of locked memory.
fn lockable(limits: &str) -> Vec<&str> {
    let line = limits.lines().find(|line| line.starts_with("Max locked memory")).unwrap();
    line.split_whitespace().skip(3).take(2).collect()
}

/// Runs a command as somebody who is not the administrator.
fn as_somebody(arguments: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).args(arguments).env_clear();
    command.env("PATH", "/usr/bin:/bin").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Whether somebody who runs this process may look into it.
fn looks_into(process: u32) -> bool {
    let maps = format!("/proc/{process}/maps");
    as_somebody(&["head", "-c", "1", &maps]).status().expect("head").success()
}

#[test]
fn the_same_user_may_not_look() {
    let program = env!("CARGO_BIN_EXE_sanduq");
    if !as_somebody(&[program, "--version"]).status().is_ok_and(|done| done.success()) {
        println!("SKIPPED memory_of_the_same_user: the program cannot be run as another user here");
        return;
    }
    // Both wait for input that never comes.
    let mut vault =
        as_somebody(&[program, "--vault", "/nowhere/vault", "--passphrase-fd", "0", "init"]).spawn().unwrap();
    let mut other = as_somebody(&["cat"]).spawn().unwrap();
    let patience = Instant::now();
    while looks_into(vault.id()) && patience.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(50));
    }
    assert!(looks_into(other.id()), "a program that hides nothing can be looked into");
    assert!(!looks_into(vault.id()));
    assert_eq!(vault.try_wait().unwrap(), None, "it was running while it was looked into");
    for child in [&mut vault, &mut other] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
