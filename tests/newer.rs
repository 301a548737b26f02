//! An index that a later version wrote (assurance D10) is refused in words by every command, and nothing in the vault's
//! folder changes: no byte of a file, no file more, none less. A later version may use a write-ahead log, so such an
//! index is tried as well, alone and with a log beside it that was not yet taken into it.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "linkable/index.rs"]
mod index;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use house::{NAME, Person, run, text};
use sanduq::crypto::Passphrase;
use sanduq::vault::Vault;
use world::{World, copy, files_below};

/// What another version may have left.
const INDEXES: [(&str, &str, &str); 3] = [
    ("of our kind", "PRAGMA journal_mode = DELETE", ""),
    ("with a write-ahead log", "PRAGMA journal_mode = WAL", ""),
    (
        "with a write-ahead log that waits",
        "PRAGMA journal_mode = WAL",
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('invented', 1)",
    ),
];

/// Makes the index one of format 99 as `mode` has it; `waits` is done to it and left in its log.
fn later(person: &Person, mode: &str, waits: &str) {
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let (path, key) = index::place(&person.vault, &passphrase);
    let index = rusqlite::Connection::open(&path).unwrap();
    index.execute_batch(&format!("PRAGMA key = \"x'{key}'\"; {mode};")).unwrap();
    index.execute_batch("UPDATE meta SET value = 99 WHERE name = 'format'").unwrap();
    index.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    if !waits.is_empty() {
        index.execute_batch(waits).unwrap();
        // As a kill leaves it: the log is taken in when the last connection closes.
        copy(&person.vault, &person.house.path("killed"));
        drop(index);
        fs::remove_dir_all(&person.vault).unwrap();
        fs::rename(person.house.path("killed"), &person.vault).unwrap();
        assert!(files_below(&person.vault).iter().any(|path| path.ends_with("index-wal")));
    }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files_below(folder).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_vault_of_a_later_version_is_refused_by_every_command_and_left_as_it_is() {
    let world = World::new("newer");
    let (person, _organisation) = world.begin();
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let words = Vault::unlock(&person.vault, None, &passphrase).unwrap().words().expose().clone();
    let (letter, new) = (world.house.path("letter.txt"), "another of the invented passphrases");
    let stick = world.house.folder("stick");
    let two_lines = |first: &str| format!("{first}\n{new}");
    let (by_words, changed) = (two_lines(&words), two_lines(&person.passphrase));
    let alone = person.passphrase.clone();
    let recover = ["recover", "--words-fd", "3", "--new-passphrase-fd", "3"];
    let change = ["passphrase", "change", "--new-passphrase-fd", "3"];
    let commands: [(&[&str], &str); 12] = [
        (&["list"], &alone),
        (&["show", "1"], &alone),
        (&["status"], &alone),
        (&["add", text(&letter)], &alone),
        (&["remove", "1"], &alone),
        (&["forget", "1", "--yes"], &alone),
        (&["forget", "--traces"], &alone),
        (&["seal", "--all", "--to", NAME], &alone),
        (&["rekey"], &alone),
        (&["repair", "--yes"], &alone),
        (&change, &changed),
        (&recover, &by_words),
    ];
    world.keep(&["amal"]);
    let mut refused = 0;
    for (what, mode, waits) in INDEXES {
        world.reset(&["amal"]);
        later(&person, mode, waits);
        let before = contents(&person.vault);
        for (args, lines) in commands {
            let done = run(person.command(&[args, &["--json"]].concat()), Some(lines)).bad();
            let said = done.stderr();
            let said: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).expect(&said);
            assert_eq!(said["error"], "err-newer", "{what}, {args:?}: {said}");
            assert_eq!(done.code, Some(1), "{what}, {args:?}");
            assert!(contents(&person.vault) == before, "{what}: {args:?} changed the vault");
            refused += 1;
        }
        let told = person.sanduq(&["add", text(&stick)]).bad().stderr();
        assert!(told.contains("written by a newer version of this program"), "{told}");
    }
    println!("MEASURED a vault of a later version: {refused} commands refused, every file as it was");
}
