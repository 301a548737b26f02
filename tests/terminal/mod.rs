//! `sanduq shell` at a terminal of its own: a pty stands in for it, and a person types into it.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use crate::house::{Person, text};
use rexpect::session::{PtySession, spawn_command};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const SANDUQ: &str = env!("CARGO_BIN_EXE_sanduq");
/// Milliseconds to wait for what should appear: a busy machine takes its time.
const PATIENCE: u64 = 60_000;
/// What the shell says before each line.
pub const PROMPT: &str = "sanduq> ";
/// What it says when it was locked.
pub const LOCKED: &str = "The vault is locked. The passphrase opens it";

/// A shell at a terminal of its own, unlocked.
pub struct Shell<'p> {
    pub person: &'p Person<'p>,
    pub session: PtySession,
    pub process: i32,
}

impl<'p> Shell<'p> {
    pub fn new(person: &'p Person<'p>, idle: &str) -> Shell<'p> {
        let mut shell = Shell::locked(person, idle);
        shell.unlock();
        shell
    }

    /// One that still asks for the passphrase.
    pub fn locked(person: &'p Person<'p>, idle: &str) -> Shell<'p> {
        Shell::under(person, idle, &[])
    }

    /// The same, run by another program.
    pub fn under(person: &'p Person<'p>, idle: &str, wrapper: &[&str]) -> Shell<'p> {
        // Its number is told before it becomes the program.
        let mut command = Command::new("sh");
        command.args(["-c", "echo process $$.; exec \"$@\"", "sh"]).args(wrapper).arg(SANDUQ);
        command.args(["--vault", text(&person.vault), "--lang", "en", "shell", "--idle", idle]);
        command.current_dir(&person.house.dir).env_clear().env("HOME", person.house.path("home"));
        command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
        let mut session = spawn_command(command, Some(PATIENCE)).expect("a pty");
        let (_, told) = session.exp_regex(r"process \d+\.").expect("its number");
        let process = told.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number");
        Shell { person, session, process }
    }

    /// Waits for this text, and gives what came before it.
    pub fn expect(&mut self, text: &str) -> String {
        // The pty's reader takes every byte for a character of its own.
        let bytes: String = text.bytes().map(char::from).collect();
        let before = self.session.exp_string(&bytes);
        let before = before.unwrap_or_else(|error| panic!("waiting for {text:?}: {error}"));
        let before: Vec<u8> = before.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        String::from_utf8_lossy(&before).into_owned()
    }

    /// Types the passphrase when it is asked for.
    pub fn unlock(&mut self) {
        self.expect("Passphrase:");
        self.session.send_line(&self.person.passphrase).unwrap();
        self.expect(PROMPT);
    }

    /// Types a line, and gives what is shown up to the next prompt.
    pub fn line(&mut self, line: &str) -> String {
        self.enter(line);
        self.expect(PROMPT)
    }

    /// Types a line.
    pub fn enter(&mut self, line: &str) {
        self.session.send_line(line).unwrap();
    }

    /// Types a line after this question.
    pub fn answer(&mut self, question: &str, line: &str) {
        self.expect(question);
        self.enter(line);
    }

    /// Presses Ctrl and this key.
    pub fn control(&mut self, key: char) {
        self.session.send_control(key).unwrap();
    }

    /// The exit code, once it has ended.
    pub fn code(mut self) -> i32 {
        let _ = self.session.exp_eof();
        match self.session.process().wait().expect("it ends") {
            rexpect::process::WaitStatus::Exited(_, code) => code,
            other => panic!("{other:?}"),
        }
    }

    /// Types keys that end no line, and waits until they are shown.
    pub fn keys(&mut self, keys: &str) {
        self.session.send(keys).unwrap();
        self.session.flush().unwrap();
        self.expect(keys);
    }

    /// Types keys that end no line at a question: the pty does not show them.
    pub fn unseen(&mut self, keys: &str) {
        self.session.send(keys).unwrap();
        self.session.flush().unwrap();
    }

    /// A field of what the system says about it.
    pub fn status(&self, field: &str) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process)).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
        line.split_whitespace().nth(1).unwrap_or_default().to_owned()
    }

    /// Waits until it is stopped, as by Ctrl-Z.
    pub fn stopped(&self) {
        let patience = Instant::now();
        while self.status("State:") != "T" {
            assert!(patience.elapsed() < Duration::from_millis(PATIENCE), "it does not stop");
            sleep(Duration::from_millis(50));
        }
    }

    /// Stops it where it is, all its threads, and unnoticed by itself.
    pub fn pause(&self) {
        self.at_once(Signal::STOP);
        let patience = Instant::now();
        while self.status("State:") != "T" {
            assert!(patience.elapsed() < Duration::from_millis(PATIENCE), "it does not stop");
        }
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.at_once(Signal::CONT);
    }

    fn at_once(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.process).expect("a process"), signal).unwrap();
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.to_string()]).status().unwrap();
        assert!(sent.success());
    }
}
