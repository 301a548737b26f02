//! What a command did to the system around it, as `strace` saw it: one program and no other, writing only within the
//! house, no socket.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::house::{Done, House, run, text};

const CALLS: &str = "trace=execve,execveat,openat,open,creat,openat2,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,\
                     symlink,symlinkat,memfd_create,mknod,mknodat,connect,bind";
/// Calls that make a name.
const MAKES: [&str; 12] = [
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "mknod",
    "mknodat",
    "creat",
];
/// What may be opened for writing outside of the house: the terminal and the hole, and a process's own settings.
const ALLOWED: [&str; 3] = ["/dev/null", "/dev/tty", "/proc"];

pub fn has_strace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// Runs what `make` makes under the words it is given, where there is `strace`, and fails the test where it did what
/// it must not.
pub fn watched(house: &House, passphrase: Option<&str>, make: impl FnOnce(&[&str]) -> Command) -> Done {
    let (done, findings) = traced(house, passphrase, make);
    assert!(findings.is_empty(), "{}: {findings:#?}", done.told);
    done
}

fn traced(
    house: &House,
    passphrase: Option<&str>,
    make: impl FnOnce(&[&str]) -> Command,
) -> (Done, Vec<String>) {
    if !has_strace() {
        return (run(make(&[]), passphrase), Vec::new());
    }
    let log = house.path("trace");
    let done = run(make(&["strace", "-f", "-y", "-s", "4096", "-e", CALLS, "-o", text(&log)]), passphrase);
    let trace = fs::read_to_string(&log).expect("strace wrote it");
    fs::remove_file(&log).expect("it was there");
    (done, findings(&trace, &house.dir))
}

/// What a trace shows that must not be. `house` is the working folder as well.
fn findings(trace: &str, house: &Path) -> Vec<String> {
    let done = trace.lines().filter(|line| !line.contains(" = -1 ") && !line.contains(" = ?"));
    let mut found = Vec::new();
    let mut programs = 0;
    for line in done {
        let Some((call, asked)) =
            line.split_once(' ').and_then(|(_, call)| call.trim_start().split_once('('))
        else {
            continue;
        };
        programs += usize::from(call.starts_with("execve"));
        let paths = match call {
            "connect" | "bind" | "memfd_create" => {
                found.push(line.to_owned());
                continue;
            }
            "open" | "openat" | "openat2" if writes(asked) => opened(asked).into_iter().collect(),
            _ if MAKES.contains(&call) => named(asked, house),
            _ => continue,
        };
        let mine =
            |path: &PathBuf| path.starts_with(house) || ALLOWED.iter().any(|place| path.starts_with(place));
        if paths.is_empty() || !paths.iter().all(mine) {
            found.push(line.to_owned());
        }
    }
    if programs != 1 {
        found.push(format!("{programs} programs were started"));
    }
    found
}

fn writes(asked: &str) -> bool {
    ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE", "O_TRUNC"].iter().any(|flag| asked.contains(flag))
}

/// What an open gave, as the system calls it: `… = 3</a/path>`.
fn opened(asked: &str) -> Option<PathBuf> {
    let (_, given) = asked.rsplit_once(" = ")?;
    Some(given.split_once('<')?.1.rsplit_once('>')?.0.into())
}

/// Every path that a call names, made absolute: each stands in quotes, behind its folder (`5</a/folder>`) or none.
fn named(asked: &str, working: &Path) -> Vec<PathBuf> {
    let (asked, _) = asked.rsplit_once(" = ").unwrap_or((asked, ""));
    let mut pieces = asked.split('"');
    let mut paths = Vec::new();
    while let (Some(before), Some(path)) = (pieces.next(), pieces.next()) {
        let folder = before.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>'));
        let folder = folder.map_or(working, |(folder, _)| Path::new(folder));
        paths.push(plain(&folder.join(path)));
    }
    paths
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The control: what is done outside of the house is seen, however the path is written.
pub fn the_control_is_found(house: &House) {
    if !has_strace() {
        return;
    }
    let outside = format!("{}-outside", text(&house.dir));
    let name = Path::new(&outside).file_name().and_then(|name| name.to_str()).expect("text");
    let seen = |script: &str| {
        let make = |under: &[&str]| {
            let words = [under, &["bash", "-c", script]].concat();
            house.command(Path::new(words[0]), &words[1..])
        };
        let (done, findings) = traced(house, None, make);
        done.good();
        findings
    };
    assert_eq!(seen("echo x > within; cd ..; echo y > $OLDPWD/within"), Vec::<String>::new());
    for script in [
        format!("echo x > {outside}"),
        format!("echo x >> ../{name}"),
        format!("cd /; echo x > {outside}"),
        "exec 3<> /dev/udp/127.0.0.1/9".to_owned(),
    ] {
        assert_eq!(seen(&script).len(), 1, "{script}");
    }
    for script in [
        format!("exec mkdir {outside}-folder"),
        format!("exec mv within ../{name}"),
        format!("exec ln ../{name} {outside}-link"),
    ] {
        // The shell, and what it became.
        assert_eq!(seen(&script).len(), 2, "{script}");
    }
    for made in ["", "-link"] {
        fs::remove_file(format!("{outside}{made}")).expect("it was made");
    }
    fs::remove_dir(format!("{outside}-folder")).expect("it was made");
}
