//! A house that can be put back to how it was prepared, again and again: for what must leave the state before or
//! the state after.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sanduq::crypto::Passphrase;
use sanduq::vault::Vault;

use crate::house::{House, NAME, Noise, Organisation, Person, text};

/// The first of the two things in the vault of [`World::begin`].
const LETTER: &str = "an invented letter";

/// The second of them.
pub fn scan() -> Vec<u8> {
    Noise::new(1).bytes(300_000)
}

/// What an interrupted command left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    Before,
    After,
}

/// A world that can be put back to how it was prepared.
pub struct World {
    pub house: House,
    pub prepared: PathBuf,
}

impl World {
    pub fn new(name: &str) -> World {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory } else { Path::new(env!("CARGO_TARGET_TMPDIR")) };
        let dir = base.join(format!("sanduq-crash-{name}-{}", std::process::id()));
        fs::create_dir_all(dir.join("home")).unwrap();
        fs::create_dir_all(dir.join("tmp")).unwrap();
        let prepared = dir.join("prepared");
        fs::create_dir_all(&prepared).unwrap();
        World { house: House { dir }, prepared }
    }

    /// Someone with two things in her vault, and an organisation whose card she has.
    pub fn begin(&self) -> (Person<'_>, Organisation<'_>) {
        let person = self.house.person("amal");
        person.sanduq(&["init"]).good();
        let first = self.house.write("letter.txt", LETTER);
        let second = self.house.write("scan", scan());
        person.sanduq(&["add", text(&first), text(&second)]).good();
        let organisation = Organisation::new(&self.house, 1, 1);
        person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
        (person, organisation)
    }

    /// What was in the vault when it all began is there, byte for byte.
    pub fn first_are_whole(&self, person: &Person) {
        let passphrase = Passphrase::from(person.passphrase.as_str());
        let mut vault = Vault::unlock(&person.vault, None, &passphrase).unwrap();
        let out = self.house.folder("first");
        for (item, name, bytes) in [(1, "letter.txt", LETTER.as_bytes().to_vec()), (2, "scan", scan())] {
            vault.extract(item, &out, "2026-11-23T18:40:00Z".parse().unwrap(), &mut ()).unwrap();
            assert!(fs::read(out.join(name)).unwrap() == bytes, "{name}");
        }
        fs::remove_dir_all(&out).unwrap();
    }

    /// From now on [`World::reset`] brings these folders back as they are.
    pub fn keep(&self, folders: &[&str]) {
        for folder in folders {
            copy(&self.house.path(folder), &self.prepared.join(folder));
        }
    }

    pub fn reset(&self, folders: &[&str]) {
        for folder in folders {
            fs::remove_dir_all(self.house.path(folder)).unwrap();
            copy(&self.prepared.join(folder), &self.house.path(folder));
        }
    }
}

pub fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp").success());
}

/// After a command that worked nothing is left of what a kill left: only the files that docs/spec/vault.md lists.
pub fn nothing_left_over(vault: &Path) {
    let part = fs::read_dir(vault).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    assert_eq!(part.len(), 1, "{part:?}");
    let mut names: Vec<_> =
        fs::read_dir(&part[0]).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["epoch.a", "epoch.b", "index", "journal", "lock", "packs", "slots"]);
}

/// The deliveries that `status` tells of, as their states.
pub fn deliveries(person: &Person) -> Vec<String> {
    let status = person.sanduq(&["status", "--json"]).good().json();
    let states = status["deliveries"].as_array().expect("deliveries").iter();
    states.map(|delivery| delivery["state"].as_str().expect("a state").to_owned()).collect()
}

pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
