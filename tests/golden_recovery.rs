//! Pages of shares as a released version wrote them: every later version opens the golden vault by them.
//! `tests/golden/VERSION/recovery/` holds the pages of three shares, of which two are needed, of the words in
//! `tests/golden/VERSION/words.txt`. Nothing in that vault is real.
//!
//! `SANDUQ_WRITE_GOLDEN=1 cargo test --test golden_recovery` writes those of the present version, once, before it is
//! released; **never** again after.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;

use std::fs;
use std::path::{Path, PathBuf};

use house::{House, all, run, text};
use sanduq::crypto::Seed;
use sanduq::crypto::share::{Gathered, Share};

const NEW: &str = "another invented passphrase";

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1").join(name)
}

fn seed() -> Seed {
    let words = fs::read_to_string(golden("words.txt")).unwrap();
    Seed::from_words(words.trim_end()).unwrap()
}

/// The words on a page: the texts of its list, as docs/spec/recovery.md has it.
fn share(page: &Path) -> Share {
    let page = fs::read_to_string(page).unwrap();
    let words = page.split("<li>").skip(1).map(|rest| rest.split_once("</li>").unwrap().0);
    Share::parse(&words.collect::<Vec<_>>().join(" ")).unwrap()
}

#[test]
fn the_pages_of_every_release_open_its_vault() {
    let house = House::new("golden-recovery");
    if std::env::var_os("SANDUQ_WRITE_GOLDEN").is_some() {
        write(&house);
    }
    let pages = all(&golden("recovery"), "html");
    assert_eq!(pages.len(), 3);
    for left_out in 0..3 {
        let mut gathered = Gathered::default();
        for (_, page) in pages.iter().enumerate().filter(|(at, _)| *at != left_out) {
            gathered.add(share(page)).unwrap();
        }
        assert_eq!(gathered.seed().unwrap().expose().expose(), seed().expose().expose());
    }
    let person = house.person("vault");
    copy(&golden("vault"), &person.vault);
    let args = ["recover", "--new-passphrase-fd", "3", "--shares-from", text(&pages[2]), text(&pages[0])];
    run(person.command(&args), Some(NEW)).good();
    assert!(
        !run(person.command(&["list", "--json"]), Some(NEW)).good().json()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

/// A copy that may be changed, with the modes that a repository does not keep.
fn copy(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

fn write(house: &House) {
    let person = house.person("written");
    copy(&golden("vault"), &person.vault);
    let words = fs::read_to_string(golden("words.txt")).unwrap();
    let args = ["recover", "--words-fd", "3", "--new-passphrase-fd", "3"];
    run(person.command(&args), Some(&format!("{}\n{NEW}", words.trim_end()))).good();
    let to = golden("recovery");
    let split = ["key", "split", "--shares", "3", "--threshold", "2", "--to", text(&to)];
    run(person.command(&split), Some(NEW)).good();
}
