//! Where the foreign programs are, and how they are run: a program, its arguments, what it reads, what it said.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Built with the feature `plugin` only.
const PLUGIN: Option<&str> = option_env!("CARGO_BIN_EXE_age-plugin-pq");

/// Says that a test was skipped, in the one form that `tests/run` collects.
pub fn skipped(name: &str, why: &str) {
    println!("SKIPPED {name}: {why}");
}

/// A program on the search path; says that the test was skipped when there is none.
pub fn program(test: &str, name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skipped(test, &format!("{name} is not installed"));
    }
    found
}

/// The `ssh-keygen` that knows `ssh-mldsa44-ed25519` (OpenSSH 10.6): the system's, or the one that `tests/run` unpacks.
pub fn composite_keygen(test: &str) -> Option<PathBuf> {
    let kinds = Command::new("ssh").args(["-Q", "key"]).output();
    if kinds.is_ok_and(|kinds| said(&kinds).lines().any(|kind| kind == "ssh-mldsa44-ed25519")) {
        return program(test, "ssh-keygen");
    }
    let unpacked = tools_folder().join("openssh/ssh-keygen");
    if !unpacked.is_file() {
        skipped(test, "no OpenSSH 10.6 (tests/run tools unpacks it)");
        return None;
    }
    Some(unpacked)
}

/// What `tests/run` installs beside the build: Python's and npm's packages.
pub fn tools_folder() -> PathBuf {
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
    std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from)
}

/// The Python that has `bagit` and `cryptography`.
pub fn python(test: &str) -> Option<PathBuf> {
    let python = tools_folder().join("venv/bin/python");
    let ready = python.is_file() && run(&python, &["-c", "import bagit, cryptography"], b"").status.success();
    if !ready {
        skipped(test, "no Python with bagit and cryptography (tests/run tools installs it)");
    }
    ready.then_some(python)
}

/// Node, when npm's age is there too.
pub fn node(test: &str) -> Option<PathBuf> {
    if !tools_folder().join("npm/node_modules/age-encryption").is_dir() {
        skipped(test, "no npm age-encryption (tests/run tools installs it)");
        return None;
    }
    program(test, "node")
}

/// A script of `tests/foreign/`.
pub fn script(name: &str) -> String {
    format!("{}/tests/foreign/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs a program on some input. Our own plugin is on its search path.
pub fn run(program: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(program);
    command.args(args).env("SANDUQ_TEST_TOOLS", tools_folder()).env("PATH", path_with_plugin());
    run_command(command, input)
}

pub fn run_command(mut command: Command, input: &[u8]) -> Output {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("it was piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that has seen enough closes its end.
        let _ = pipe.write_all(&input);
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer does not panic");
    output
}

/// Standard output of a run that must succeed.
pub fn good(program: &Path, args: &[&str], input: &[u8]) -> Vec<u8> {
    let output = run(program, args, input);
    assert!(output.status.success(), "{} {args:?}: {}", program.display(), said(&output));
    output.stdout
}

/// Both streams, for a message.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// `age-plugin-pq`, when it was built (feature `plugin`).
pub fn plugin(test: &str) -> Option<PathBuf> {
    let built = PLUGIN.map(PathBuf::from);
    if built.is_none() {
        skipped(test, "built without the feature plugin");
    }
    built
}

pub fn path_with_plugin() -> std::ffi::OsString {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let plugin = PLUGIN.and_then(|path| Path::new(path).parent());
    let all = plugin.map(Path::to_path_buf).into_iter().chain(std::env::split_paths(&paths));
    std::env::join_paths(all).expect("no folder with a colon")
}

/// An identity in the spelling that an age without post-quantum keys hands to `age-plugin-pq`.
pub fn for_plugin(identity: &str) -> String {
    let plugin = PLUGIN.expect("asked for before");
    let converted = good(Path::new(plugin), &["--identity"], identity.as_bytes());
    String::from_utf8(converted).expect("identities are ASCII")
}
