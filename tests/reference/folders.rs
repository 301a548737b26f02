//! Attacks on what is a folder: disclosures and logs. A case is a folder and the files it is judged by.
//!
//! What is kept of a case under `tests/attacks/NAME/` is only what differs: `good/` from the honest case of its kind,
//! which lies in `base/`, and `bad/` from `good/`. There are the files that are others, and in `changes` a line for each
//! that is gone, a link or a pipe.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use sanduq::audit::{self, LogQuestions};

use super::families::Rng;
use super::{disclosures, histories};

/// What a folder is judged by, beside it, in the order in which a verdict is asked for.
pub const KINDS: &[(&str, &[&str])] = &[("disclosure", &["day"]), ("log", &["card", "older"])];

/// The folder of a case has this name among its files.
const FOLDER: &str = "folder/";
/// What cannot be kept as a file.
const CHANGES: &str = "changes";

/// What lies under a name.
#[derive(Clone, PartialEq, Eq)]
pub enum Entry {
    File(Vec<u8>),
    /// A link to this path.
    Link(String),
    Pipe,
}

/// Everything in a case by its name, the files of its folder under `folder/`.
pub type Case = BTreeMap<String, Entry>;

/// Two neighbours.
pub struct Pair {
    pub good: Case,
    pub bad: Case,
}

/// One attack, as [`Family`](super::families::Family).
pub struct Family {
    pub name: &'static str,
    pub kind: &'static str,
    pub story: &'static str,
    /// Whether the stock commands of docs/spec/disclosure.md see it.
    pub stock: bool,
    pub make: fn(&mut Rng) -> Pair,
}

pub fn all() -> Vec<Family> {
    disclosures::families().into_iter().chain(histories::families()).collect()
}

pub fn names(kind: &str) -> Option<&'static [&'static str]> {
    KINDS.iter().find(|(one, _)| *one == kind).map(|(_, names)| *names)
}

/// A case of this folder and these files.
pub fn case(folder: &BTreeMap<String, Entry>, files: &[(&str, &[u8])]) -> Case {
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), Entry::File(bytes.to_vec())));
    folder.iter().map(|(name, entry)| (format!("{FOLDER}{name}"), entry.clone())).chain(files).collect()
}

/// The honest case that all of a kind are laid over.
pub fn base(kind: &str) -> Case {
    if kind == "log" { histories::base() } else { disclosures::base() }
}

pub fn base_path(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/base").join(kind)
}

/// The files of a case in which there is nothing else.
pub fn plain_files(case: &Case) -> Vec<(String, Vec<u8>)> {
    let plain = |(name, entry): (&String, &Entry)| match entry {
        Entry::File(bytes) => (name.clone(), bytes.clone()),
        _ => panic!("{name} is no plain file"),
    };
    case.iter().map(plain).collect()
}

/// What is kept of a case: the files that differ from its base.
pub fn kept(case: &Case, base: &Case) -> Vec<(String, Vec<u8>)> {
    let mut changes = String::new();
    let mut files = Vec::new();
    for (name, entry) in case.iter().filter(|(name, entry)| base.get(*name) != Some(entry)) {
        match entry {
            Entry::File(bytes) => files.push((name.clone(), bytes.clone())),
            Entry::Link(target) => changes += &format!("link {name} {target}\n"),
            Entry::Pipe => changes += &format!("pipe {name}\n"),
        }
    }
    for name in base.keys().filter(|name| !case.contains_key(*name)) {
        changes += &format!("gone {name}\n");
    }
    files.push((CHANGES.to_owned(), changes.into_bytes()));
    files
}

/// A case, with what is kept of its neighbour laid over it.
pub fn over(mut case: Case, kept: &Path) -> Case {
    let mut over = files(kept);
    let changes = over.remove(CHANGES);
    case.extend(over);
    let Some(Entry::File(changes)) = changes else { return case };
    for line in std::str::from_utf8(&changes).unwrap().lines() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["gone", name] => drop(case.remove(name).unwrap()),
            ["link", name, target] => drop(case.insert(name.to_owned(), Entry::Link(target.to_owned()))),
            ["pipe", name] => drop(case.insert(name.to_owned(), Entry::Pipe)),
            _ => panic!("{}: {line}", kept.display()),
        }
    }
    case
}

/// Every file below a folder, which need not be there.
pub fn files(root: &Path) -> Case {
    let mut found = Case::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, Entry::File(fs::read(path).unwrap()));
            }
        }
    }
    found
}

/// A case laid out in a folder of its own.
pub struct Laid {
    dir: tempfile::TempDir,
    kind: String,
}

impl Laid {
    pub fn new(kind: &str, case: &Case) -> Laid {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(FOLDER)).unwrap();
        for (name, entry) in case {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match entry {
                Entry::File(bytes) => fs::write(path, bytes).unwrap(),
                Entry::Link(target) => symlink(target, path).unwrap(),
                Entry::Pipe => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
            }
        }
        Laid { dir, kind: kind.to_owned() }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("folder")
    }

    /// A file beside the folder; nothing where it is gone.
    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.dir.path().join(name)).unwrap_or_default()
    }

    /// The files beside the folder.
    pub fn beside(&self) -> Vec<Vec<u8>> {
        names(&self.kind).unwrap().iter().map(|name| self.file(name)).collect()
    }

    /// What the library says, by the calls of `sanduq-verify`. A folder that cannot be read is refused.
    pub fn library(&self) -> bool {
        let report = if self.kind == "log" {
            let since = vec![self.dir.path().join("older")];
            audit::log(&self.folder(), &self.file("card"), &LogQuestions { since, ..LogQuestions::default() })
        } else {
            let day = String::from_utf8(self.file("day")).unwrap();
            audit::disclosure(&self.folder(), day.trim_end().parse().unwrap())
        };
        report.is_ok_and(|report| report.holds())
    }
}

/// A case as chance or a clumsy hand leaves it: beside it another honest one, from which files come. In words, what was
/// done.
pub fn damaged(case: &Case, other: &Case, rng: &mut Rng) -> (Case, String) {
    let mut damaged = case.clone();
    let names: Vec<&String> = case.keys().filter(|name| *name != "day").collect();
    let name = rng.pick(&names);
    let Entry::File(bytes) = &case[name] else { panic!("{name} is no plain file") };
    let mut bytes = bytes.clone();
    let (place, end) = (rng.below(bytes.len()), bytes.len() - 1);
    let done = match rng.below(8) {
        0..=2 => {
            bytes[place] ^= 1 << rng.below(8);
            format!("{name}: a bit of byte {place}")
        }
        3 => {
            bytes.truncate(rng.pick(&[place, end, 0]));
            format!("{name}: cut to {}", bytes.len())
        }
        4 => {
            bytes.push(rng.pick(b"\0\n x"));
            format!("{name}: a byte more")
        }
        5 => {
            bytes.remove(place);
            format!("{name}: byte {place} gone")
        }
        6 => {
            damaged.remove(name);
            return (damaged, format!("{name}: gone"));
        }
        _ => {
            // Under its own name or, rarely, under any other.
            let names: Vec<&String> = other.keys().filter(|name| *name != "day").collect();
            let from = if other.contains_key(name) && rng.below(4) > 0 { name } else { rng.pick(&names) };
            damaged.insert(name.clone(), other[from].clone());
            return (damaged, format!("{name}: another's {from}"));
        }
    };
    damaged.insert(name.clone(), Entry::File(bytes));
    (damaged, done)
}

/// Two honest cases of a kind from one seed.
pub fn two(kind: &str, rng: &mut Rng) -> [Case; 2] {
    if kind == "log" { histories::two(rng) } else { disclosures::two(rng) }
}

/// Makes the lists of a case fit again, where its kind has any.
pub fn agree(kind: &str, case: &mut Case) {
    if kind == "disclosure" {
        disclosures::agree_again(case);
    }
}
