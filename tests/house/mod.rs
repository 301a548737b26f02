//! A house to test in: people with vaults, an organisation with officers and a desk, and a stick between them. Every
//! step is a real process with the arguments a person would type, in a folder that is gone afterwards.
//!
//! The programs get a bare environment (`PATH`, `HOME`, `TMPDIR`, `LC_ALL`, and `RUST_LOG=trace` so that whatever
//! would log does), and passphrases by a descriptor.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// The descriptor passphrases come by, so that standard input stays free.
const PASSPHRASE_FD: &str = "3";

const SANDUQ: Option<&str> = option_env!("CARGO_BIN_EXE_sanduq");
const INTAKE: Option<&str> = option_env!("CARGO_BIN_EXE_sanduq-intake");
const VERIFY: Option<&str> = option_env!("CARGO_BIN_EXE_sanduq-verify");
/// Some foreign checks need no program of ours, and so compile without them.
const BUILT: &str = "this test needs the features vault, intake and verify";

/// A folder of its own under the target folder: a real disk, never a temporary file system in memory.
pub struct House {
    pub dir: PathBuf,
}

impl House {
    pub fn new(name: &str) -> House {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(dir.join("home")).expect("a folder under the target folder");
        fs::create_dir_all(dir.join("tmp")).expect("a folder under the target folder");
        House { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the house")).expect("a folder");
        fs::write(&path, bytes).expect("a file in the house");
        path
    }

    /// A folder in the house, made.
    pub fn folder(&self, name: &str) -> PathBuf {
        fs::create_dir_all(self.path(name)).expect("a folder");
        self.path(name)
    }

    /// Someone with a vault. It is not made yet.
    pub fn person(&self, name: &str) -> Person<'_> {
        Person {
            house: self,
            vault: self.path(name),
            passphrase: format!("the chest of {name} stands behind six doors"),
        }
    }

    /// `sanduq-intake` on the archive of this house.
    pub fn desk(&self, args: &[&str]) -> Done {
        let archive = self.path("archive");
        let mut all = vec!["--archive", text(&archive)];
        all.extend(args);
        run(self.command(Path::new(INTAKE.expect(BUILT)), &all), None)
    }

    /// `sanduq-verify`.
    pub fn audit(&self, args: &[&str]) -> Done {
        run(self.command(Path::new(VERIFY.expect(BUILT)), args), None)
    }

    /// A program with the bare environment of this house.
    pub fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.dir).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.env("LC_ALL", "C.UTF-8").env("RUST_LOG", "trace").stdin(Stdio::null());
        command
    }

    /// Every file and folder, relative to the house, with what `symlink_metadata` says.
    pub fn files(&self, below: &str) -> Vec<(String, fs::Metadata)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let data = entry.path().symlink_metadata().expect("it was just listed");
                if data.is_dir() {
                    folders.push(entry.path());
                }
                let name = entry
                    .path()
                    .strip_prefix(&self.dir)
                    .expect("in the house")
                    .to_string_lossy()
                    .into_owned();
                found.push((name, data));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // A failed test leaves its house to look at.
        if !thread::panicking() {
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// A person with a vault and a passphrase.
pub struct Person<'h> {
    pub house: &'h House,
    pub vault: PathBuf,
    pub passphrase: String,
}

impl Person<'_> {
    /// `sanduq` on this person's vault.
    pub fn sanduq(&self, args: &[&str]) -> Done {
        run(self.command(args), Some(&self.passphrase))
    }

    /// The same, with a file as standard input.
    pub fn sanduq_from(&self, args: &[&str], input: &Path) -> Done {
        let mut command = self.command(args);
        command.env("SANDUQ_TEST_INPUT", input);
        run(command, Some(&self.passphrase))
    }

    /// `sh` puts the pipe on the passphrase's descriptor and makes itself `sanduq`.
    pub fn command(&self, args: &[&str]) -> Command {
        self.command_under(&[], args)
    }

    /// The same, under another program such as `strace`.
    pub fn command_under(&self, wrapper: &[&str], args: &[&str]) -> Command {
        const SHELL: &str =
            "exec 3<&0 0<\"${SANDUQ_TEST_INPUT:-/dev/null}\"; unset SANDUQ_TEST_INPUT; exec \"$@\"";
        let mut all = vec!["-c", SHELL, "sh"];
        all.extend(wrapper);
        let vault = text(&self.vault);
        all.extend([SANDUQ.expect(BUILT), "--vault", vault, "--passphrase-fd", PASSPHRASE_FD]);
        all.extend(args);
        self.house.command(Path::new("/bin/sh"), &all)
    }

    /// Everything this person's `list --json` shows, newest first.
    pub fn list(&self) -> Vec<serde_json::Value> {
        let listed = self.sanduq(&["list", "--json"]).good().json();
        listed["items"].as_array().expect("list --json gives items").clone()
    }

    /// The number of the newest item, as it is typed.
    pub fn newest(&self) -> String {
        self.list()[0]["item"].to_string()
    }
}

/// What a process left behind.
#[derive(Debug)]
pub struct Done {
    pub told: String,
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
    /// The most memory it held, in KiB, as far as a look every few milliseconds saw.
    pub peak_kib: u64,
}

impl Done {
    /// Fails the test unless the command succeeded.
    pub fn good(self) -> Done {
        assert_eq!(self.code, Some(0), "{}\n{}\n{}", self.told, self.stdout(), self.stderr());
        self
    }

    /// Fails the test unless the command refused, in words.
    pub fn bad(self) -> Done {
        assert!(
            self.code.is_some_and(|code| code != 0),
            "{} should have failed\n{}",
            self.told,
            self.stdout()
        );
        assert!(!self.err.is_empty(), "{} failed without a word", self.told);
        assert!(!self.stderr().contains("panicked"), "{}\n{}", self.told, self.stderr());
        self
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.err).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", self.told, self.stdout()))
    }
}

/// Runs a command to its end, with the passphrase as a line of what it may read.
pub fn run(mut command: Command, passphrase: Option<&str>) -> Done {
    let told = format!("{command:?}");
    if passphrase.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    if let (Some(passphrase), Some(mut pipe)) = (passphrase, child.stdin.take()) {
        // A program that needs no passphrase may be gone already.
        let _ = writeln!(pipe, "{passphrase}");
    }
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let (code, peak_kib) = watch(&mut child);
    Done { told, code, out: out.join().expect("read"), err: err.join().expect("read"), peak_kib }
}

fn drain(pipe: Option<impl std::io::Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("a pipe of our own");
        }
        bytes
    })
}

fn watch(child: &mut Child) -> (Option<i32>, u64) {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The kernel keeps the peak itself, so no look can miss an earlier one.
        let high = fs::read_to_string(&status).unwrap_or_default();
        let line = high.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child of our own") {
            return (status.code(), peak);
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// An organisation with `officers` officers of whom `threshold` open together, its card signed by the first.
pub struct Organisation<'h> {
    pub house: &'h House,
    pub officers: Vec<Person<'h>>,
    pub card: PathBuf,
}

/// What the organisation of every house is called.
pub const NAME: &str = "Archive-of-Examples";

impl<'h> Organisation<'h> {
    pub fn new(house: &'h House, threshold: usize, officers: usize) -> Organisation<'h> {
        let officers: Vec<Person> =
            (1..=officers).map(|number| house.person(&format!("officer{number}"))).collect();
        let mut args = vec!["init".to_string(), "--name".into(), NAME.into(), "--officers".into()];
        for (number, officer) in officers.iter().enumerate() {
            officer.sanduq(&["init"]).good();
            let line = officer.sanduq(&["recipient"]).good();
            args.push(text(&house.write(&format!("officer{}.recipient", number + 1), line.out)).into());
        }
        args.extend(["--threshold".into(), threshold.to_string()]);
        house.desk(&args.iter().map(String::as_str).collect::<Vec<_>>()).good();
        let draft = house.write("draft", house.desk(&["card"]).good().out);
        let signed = officers[0].sanduq(&["card", "sign", text(&draft)]).good();
        let card = house.write(&format!("{NAME}.card"), signed.out);
        Organisation { house, officers, card }
    }

    /// Seals everything to this organisation and carries it on the stick; gives the bundle's path there.
    pub fn send(&self, from: &Person, stick: &str) -> PathBuf {
        from.sanduq(&["contact", "add", text(&self.card), "--yes", "--as", NAME]).good();
        from.sanduq(&["seal", "--all", "--to", NAME]).good();
        let stick = self.house.folder(stick);
        from.sanduq(&["export", text(&stick)]).good();
        only(&stick, "bundle")
    }

    /// The desk accepts what is there and lays its receipts into `to`.
    pub fn accept(&self, bundle: &Path, to: &str) -> PathBuf {
        self.house.desk(&["accept", text(bundle)]).good();
        let to = self.house.folder(to);
        self.house.desk(&["receipts", "--to", text(&to)]).good();
        to
    }
}

/// The one file of this kind in a folder.
pub fn only(folder: &Path, extension: &str) -> PathBuf {
    let mut found = all(folder, extension);
    assert_eq!(found.len(), 1, "one .{extension} in {}: {found:?}", folder.display());
    found.remove(0)
}

/// All files of this kind in a folder, in order.
pub fn all(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("listed").path()).collect();
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    found.sort();
    found
}

/// Paths in a house are plain text.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in the house is text")
}

/// Bytes that look random and are the same for the same seed: xorshift, for content, never for keys.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Noise {
        Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes);
        bytes
    }
}
