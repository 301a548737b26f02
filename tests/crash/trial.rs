//! A command is killed at random times, and stopped or failed at each of its system calls that change a file.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::{Done, Noise, run, text};
use crate::world::{State, World};

/// Kills of each command of the first whole trip, from the testimony to the receipt: 1,000 in all.
const KILLS_OF_THE_TRIP: u64 = 200;
const TRIP: [&str; 5] = ["add", "seal", "export", "accept", "receipt add"];

/// Kills of every other command.
const KILLS: u64 = 20;

/// System calls that change a file, and how they fail: the command is killed at every one. At every sync, and at every
/// second of the others, it fails in one of these ways, in turn; at every one in all of them where `SANDUQ_FAULTS=all`
/// asks for it. Of those that open a file only such count as are made within the folders that are tried: what cannot be
/// read elsewhere is passed over, and said.
const FAULTS: [(&[&str], &[&str]); 4] = [
    (&["write", "pwrite64", "ftruncate"], &["error=ENOSPC", "error=EIO", "error=EINTR"]),
    (&["fsync", "fdatasync"], &["error=EIO"]),
    (&["openat"], &["error=EMFILE", "error=EACCES"]),
    (
        &["mkdir", "mkdirat", "link", "linkat", "rename", "renameat2", "unlink", "unlinkat", "rmdir"],
        &["error=EACCES", "error=EROFS"],
    ),
];
const KILL: &str = "signal=SIGKILL";

/// The codes that a command may end with (docs/spec/command-line.md).
const CODES: std::ops::RangeInclusive<i32> = 0..=9;

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
        assert!(kills < 20 || both, "{what}: all kills came at one side, before {before}, after {after}");
    }

    fn fail_at_every_write(&self) {
        let Trial { world, what, folders, command, passphrase, look, again } = self;
        let trace = world.house.path("trace");
        let under = |options: &[&str]| {
            let traced = [&["strace", "-f", "-y", "-qq", "-o", text(&trace)][..], options].concat();
            world.reset(folders);
            run(command(&traced), Some(passphrase))
        };
        let calls = FAULTS.iter().flat_map(|(calls, _)| calls.iter().copied()).collect::<Vec<_>>();
        if under(&["-e", &format!("trace={}", calls.join(","))]).code != Some(0) {
            println!("SKIPPED failed_at_every_write: no strace, or it may not trace");
            return;
        }
        let traced = fs::read_to_string(&trace).unwrap();
        let all = std::env::var("SANDUQ_FAULTS").is_ok_and(|asked| asked == "all");
        let (mut points, mut before) = (0, 0);
        for (call, faults) in FAULTS.iter().flat_map(|(calls, faults)| calls.iter().map(move |c| (c, faults)))
        {
            let lines = traced.lines().filter(|line| line.contains(&format!(" {call}(")));
            let within =
                |line: &str| folders.iter().any(|folder| line.contains(text(&world.house.path(folder))));
            let ours = |line: &str| *call != "openat" || within(line);
            let places = lines.zip(1..).filter(|(line, _)| ours(line)).map(|(_, number)| number);
            let failed = |number: usize| match faults.len() {
                _ if all => *faults,
                1 => *faults,
                _ if number.is_multiple_of(2) => &[],
                count => &faults[number / 2 % count..][..1],
            };
            let tried = |number| failed(number).iter().chain([&KILL]).map(move |fault| (number, *fault));
            for (number, fault) in places.flat_map(tried) {
                let inject = format!("inject={call}:{fault}:when={number}");
                let done = under(&["--seccomp-bpf", "-e", &format!("trace={call}"), "-e", &inject]);
                let found = look();
                match done.code {
                    Some(0) => assert_eq!(found, State::After, "{what}, {inject}: success was claimed"),
                    Some(code) => said(&done, code, &format!("{what}, {inject}")),
                    None => {}
                }
                again(found);
                points += 1;
                before += usize::from(found == State::Before);
            }
        }
        println!(
            "MEASURED a fault at every change of a file by {what}: {points} faults, {before} times the state before, \
             {} times the state after, no half, the next command worked",
            points - before
        );
        assert!(points > 10 && before > 0, "{what}: {points} faults, {before} of them before");
    }
}

/// What failed ended with a code of ours and said why. Where nothing can be written to the terminal nothing is said.
fn said(done: &Done, code: i32, at: &str) {
    assert!(CODES.contains(&code), "{at}: ended with {code}\n{}", done.stderr());
    assert!(!done.stderr().contains("panicked"), "{at}:\n{}", done.stderr());
    let mute = at.contains("inject=write:");
    assert!(mute || done.stderr().contains(char::is_whitespace), "{at}: ended with {code} and no word");
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
