//! A command is killed at random times, and stopped or failed at each of its system calls that change a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::{Done, Noise, run, text};
use crate::syncs;
use crate::world::{State, World};

/// Kills of each command of the first whole trip, from the testimony to the receipt: 1,000 in all.
const KILLS_OF_THE_TRIP: u64 = 200;
const TRIP: [&str; 5] = ["add", "seal", "export", "accept", "receipt add"];
/// What is killed at every call as well: it writes the keys anew, or another index, or both ways on what people carry, or
/// makes few calls.
const WHOLE: [&str; 6] = ["rekey", "forget", "sync", "sync at the desk", "panic", "prove"];
/// Kills of every other command, at random times.
const KILLS: u64 = 10;
/// At most so many, where none found the state before, or none the state after.
const KILLS_MAX: u64 = 300;
/// In at most so many places of a command a write is cut short; everywhere where `SANDUQ_FAULTS=all` asks for it.
const SHORT_WRITES: usize = 4;
/// At most so many times there is no memory; each time where `SANDUQ_FAULTS=all` asks for it.
const NO_MEMORY: usize = 3;

/// System calls that change a file, and how they fail. A command of the first whole trip, or one of the others that are
/// tried as a whole, is killed at every one; at every second it fails as well, in one of these ways, in turn. Another
/// command is killed at one of four and fails at another. Every sync fails, and every command is killed at every sync.
/// Where `SANDUQ_FAULTS=all` asks for it, each is killed at every call, and fails there in all of these ways.
const FAULTS: [(&[&str], &[&str]); 6] = [
    (&["write", "pwrite64", "ftruncate"], &["error=ENOSPC", "error=EIO", "error=EINTR"]),
    (&["fsync", "fdatasync"], &["error=EIO"]),
    (&["openat"], &["error=EMFILE", "error=EACCES"]),
    (
        &["mkdir", "mkdirat", "rename", "renameat2", "unlink", "unlinkat", "rmdir", "link", "linkat"],
        &["error=EACCES", "error=EROFS"],
    ),
    (&["fchmod", "utimensat"], &["error=EPERM"]),
    (&["copy_file_range", "sendfile"], &["error=EIO"]),
];
const KILL: &str = "signal=SIGKILL";
/// Memory is asked for everywhere, and changes no file: it fails from where a command has begun with its own files,
/// and only for it.
const MEMORY: (&str, &str) = ("mmap", "error=ENOMEM");
/// The codes that a fault may end a command with (docs/spec/command-line.md): the system did not do what was asked,
/// nothing opened, or what was named could not be found.
const CODES: [i32; 3] = [1, 3, 5];
/// What is said only where nothing was done.
const UNCHANGED: &str = "Your vault is as it was.";
/// What stands in a sentence that a program made for its makers.
const JARGON: [&str; 8] = ["Os {", "Err(", "Error {", "Some(", "kind:", "::", "StoreError", "panicked"];

/// A command that is tried, in the world of `folders` as it was kept. `command` makes it, under another program if
/// one is named; `look` tells the state that is found; `again` runs the command once more and fails the test unless
/// that ends in the state after.
pub struct Trial<'w, C, L, A> {
    pub world: &'w World,
    pub what: &'w str,
    pub folders: &'w [&'w str],
    pub command: C,
    pub passphrase: &'w str,
    pub look: L,
    pub again: A,
}

/// How many faults there were, and after how many of them the state before was found.
#[derive(Default)]
struct Count {
    points: usize,
    before: usize,
}

impl<C: Fn(&[&str]) -> Command, L: Fn() -> State, A: Fn(State)> Trial<'_, C, L, A> {
    pub fn run(&self) {
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
        let usual = if TRIP.contains(what) { KILLS_OF_THE_TRIP } else { KILLS };
        let kills = std::env::var("SANDUQ_KILLS").map_or(usual, |number| number.parse().unwrap());
        let mut dice = Noise::new(kills + what.len() as u64);
        let (mut before, mut after, mut finished) = (0, 0, 0);
        let mut kill = 0;
        // All of a few may come at one side of a short command on a busy machine: then there are more.
        while kill < kills || (kills >= KILLS && (before == 0 || after == 0) && kill < KILLS_MAX) {
            world.reset(folders);
            let wait = Duration::from_micros(dice.next() % longest.as_micros() as u64);
            let done = kill_after(command(&[]), passphrase, wait);
            // One in a few finishes, however busy the machine: so both states are seen.
            longest = longest.mul_f32(if done { 0.9 } else { 1.04 });
            let found = look();
            assert!(!done || found == State::After, "{what}, kill {kill}: it had finished, and is undone");
            let at = format!("{what}, kill {kill}");
            let _at = At(&at);
            again(found);
            finished += u64::from(done);
            match found {
                State::Before => before += 1,
                State::After => after += 1,
            }
            kill += 1;
        }
        println!(
            "MEASURED SIGKILL during {what}: {kill} kills, {before} times the state before, {after} times the \
             state after ({finished} finished), no half, the next command worked"
        );
        let both = before > 0 && after > 0;
        assert!(kills < KILLS || both, "{what}: all kills came at one side, before {before}, after {after}");
    }

    fn fail_at_every_write(&self) {
        let what = self.what;
        let calls = FAULTS.iter().flat_map(|(calls, _)| calls.iter().copied());
        let calls = calls.chain([MEMORY.0]).collect::<Vec<_>>().join(",");
        if self.traced(&["-e", &format!("trace={calls}")]).code != Some(0) {
            println!("SKIPPED failed_at_every_write: no strace, or it may not trace");
            return;
        }
        let trace = self.trace();
        let (mut count, mut changes) = (Count::default(), 0);
        for (call, ways) in
            FAULTS.iter().flat_map(|(calls, ways)| calls.iter().map(move |call| (call, *ways)))
        {
            let whole = TRIP.contains(&self.what) || WHOLE.contains(&self.what);
            let every = if whole { 2 } else { 4 };
            let failed = |number: usize| match ways.len() {
                _ if all() => ways,
                1 => ways,
                count if number % every == 1 => &ways[number / every % count..][..1],
                _ => &[],
            };
            let killed = |number: usize| all() || whole || ways.len() == 1 || number % every == 3;
            for number in self.places(&trace, call) {
                changes += 1;
                for fault in failed(number).iter().chain(killed(number).then_some(&KILL)) {
                    self.fail_at(&mut count, call, fault, number);
                }
            }
        }
        let faults = count.points;
        for number in thinned(self.places_of_memory(&trace), NO_MEMORY) {
            self.fail_at(&mut count, MEMORY.0, MEMORY.1, number);
        }
        let memory = count.points - faults;
        let short = self.cut_writes_short(&mut count, &trace);
        let Count { points, before } = count;
        println!(
            "MEASURED faults where {what} changes files: {points} faults at {changes} changes ({short} writes cut \
             short, {memory} times no memory), {before} times the state before, {} times the state after, no half, the \
             next command worked",
            points - before
        );
        assert!(points > 10 && before > 0, "{what}: {points} faults, {before} of them before");
        assert!(short > 0, "{what}: {short} writes cut short");
    }

    /// At which calls of this name a fault is made. Of those that open one only such count as are made within the
    /// folders that are tried: what cannot be read elsewhere is passed over, and said.
    fn places(&self, trace: &str, call: &str) -> Vec<usize> {
        numbers(trace, call, |line| call != "openat" || self.within(line))
    }

    /// At which of the times memory is asked for there is none.
    fn places_of_memory(&self, trace: &str) -> Vec<usize> {
        let begun = trace.lines().position(|line| self.within(line)).unwrap_or(usize::MAX);
        let later: BTreeSet<_> = trace.lines().skip(begun).map(str::as_ptr).collect();
        numbers(trace, MEMORY.0, |line| later.contains(&line.as_ptr()))
    }

    fn within(&self, line: &str) -> bool {
        self.folders.iter().any(|folder| line.contains(text(&self.world.house.path(folder))))
    }

    fn fail_at(&self, count: &mut Count, call: &str, fault: &str, number: usize) {
        let inject = format!("inject={call}:{fault}:when={number}");
        // Where a sync fails, what comes after it is looked at as well.
        let sync = call.ends_with("sync") && fault == "error=EIO";
        let seen = if sync { format!("trace={}", syncs::CALLS) } else { format!("trace={call}") };
        let done = self.traced(&["--seccomp-bpf", "-e", &seen, "-e", &inject]);
        let at = format!("{}, {inject}", self.what);
        if sync {
            syncs::assert_none_is_tried_again(&self.trace(), &at);
        }
        self.judge(count, done, &at);
    }

    /// A limit on the size of files cuts a write short; what is left of it is refused.
    fn cut_writes_short(&self, count: &mut Count, trace: &str) -> usize {
        let mut short = 0;
        for limit in thinned(limits(trace), SHORT_WRITES) {
            let size = format!("--fsize={limit}");
            self.world.reset(self.folders);
            let mut command = (self.command)(&["env", "--ignore-signal=XFSZ", "prlimit", &size]);
            command.arg("--json");
            let done = run(command, Some(self.passphrase));
            self.judge(count, done, &format!("{}, files of at most {limit} bytes", self.what));
            short += 1;
        }
        short
    }

    /// Success is claimed only where there is success, a failure is said in words, and the next command works.
    fn judge(&self, count: &mut Count, done: Done, at: &str) {
        let _at = At(at);
        let found = (self.look)();
        match done.code {
            Some(0) => assert_eq!(found, State::After, "{at}: success was claimed"),
            Some(code) => {
                said(&done, code, at);
                let unchanged = done.stderr().contains(UNCHANGED);
                assert!(found == State::Before || !unchanged, "{at}: it is done\n{}", done.stderr());
            }
            None => {}
        }
        (self.again)(found);
        count.points += 1;
        count.before += usize::from(found == State::Before);
    }

    /// Runs the command as scripts do, under `strace` with these options.
    fn traced(&self, options: &[&str]) -> Done {
        let trace = self.world.house.path("trace");
        let traced = [&["strace", "-f", "-y", "-qq", "-o", text(&trace)][..], options].concat();
        self.world.reset(self.folders);
        let mut command = (self.command)(&traced);
        // Of what is asked for as one piece, small pieces come by the call that can fail as well.
        command.arg("--json").env("MALLOC_MMAP_THRESHOLD_", "16384");
        run(command, Some(self.passphrase))
    }

    fn trace(&self) -> String {
        fs::read_to_string(self.world.house.path("trace")).unwrap()
    }
}

/// The numbers of the calls of this name that fit. Each thread's calls are counted by themselves, and a fault meets every
/// thread at its call of that number: so all of those must fit.
fn numbers(trace: &str, call: &str, fits: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut fitting = BTreeMap::new();
    for line in trace.lines().filter(|line| is_call(line, call)) {
        let number = counts.entry(line.split_whitespace().next().unwrap_or_default()).or_default();
        *number += 1;
        *fitting.entry(*number).or_insert(true) &= fits(line);
    }
    fitting.into_iter().filter(|(_, fits)| *fits).map(|(number, _)| number).collect()
}

/// Whether nothing is left out.
fn all() -> bool {
    std::env::var("SANDUQ_FAULTS").is_ok_and(|asked| asked == "all")
}

/// Says where it was, if the test fails while it is held.
struct At<'a>(&'a str);

impl Drop for At<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("at {}", self.0);
        }
    }
}

/// As many as `most` of these, evenly; all of them where nothing is left out.
fn thinned<T>(
    places: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    most: usize,
) -> impl Iterator<Item = T> {
    let places = places.into_iter();
    let every = if all() { 1 } else { places.len().div_ceil(most).max(1) };
    places.step_by(every)
}

fn is_call(line: &str, call: &str) -> bool {
    line.split_once(' ').is_some_and(|(_, line)| line.trim_start().starts_with(&format!("{call}(")))
}

/// The sizes of files at which some write of the trace is cut in its middle.
fn limits(trace: &str) -> BTreeSet<u64> {
    let mut written = BTreeMap::<String, u64>::new();
    let mut limits = BTreeSet::new();
    for line in trace.lines().filter(|line| is_call(line, "write") || is_call(line, "pwrite64")) {
        let Some((file, rest)) = syncs::file(line).zip(line.rsplit_once(')').map(|(asked, _)| asked)) else {
            continue;
        };
        let mut numbers = rest.rsplit(", ").map_while(|number| number.parse::<u64>().ok());
        let (at, len) = match is_call(line, "write") {
            true => (written.get(file).copied().unwrap_or(0), numbers.next().unwrap_or(0)),
            false => (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)),
        };
        written.insert(file.to_owned(), at + len);
        if len > 1 && file.starts_with('/') && !file.starts_with("/dev/") | file.starts_with("/dev/shm/") {
            limits.insert(at + len / 2);
        }
    }
    limits
}

/// What failed ended with a code of ours and said why, as a trouble of docs/spec/command-line.md. Where nothing can be
/// written to the terminal nothing is said.
fn said(done: &Done, code: i32, at: &str) {
    let said = done.stderr();
    assert!(CODES.contains(&code), "{at}: ended with {code}\n{said}");
    let mute = at.contains("inject=write:") && !said.trim_end().ends_with('}');
    if mute {
        return assert!(!said.contains("panicked"), "{at}:\n{said}");
    }
    let told: serde_json::Value = serde_json::from_str(said.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{at}: ended with {code} and no trouble ({error})\n{said}"));
    assert!(told["error"].as_str().is_some_and(|id| id.starts_with("err-")), "{at}: {told}");
    assert_eq!(told["exit"].as_i64(), Some(code.into()), "{at}: {told}");
    let texts = ["message", "safe", "hint"].map(|name| told[name].as_str().unwrap_or_default());
    assert!(texts[0].trim().contains(' '), "{at}: {told}");
    let values = told["values"].as_array().expect("values").iter().filter_map(|value| value.as_str());
    for text in texts.into_iter().chain(values) {
        assert!(!JARGON.iter().any(|jargon| text.contains(jargon)), "{at}: {text}");
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
