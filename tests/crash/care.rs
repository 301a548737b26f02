//! Copies of the vault, what mends it, and the pages of shares.

use std::fs;

use crate::house::{Person, all, text};
use crate::trial::Trial;
use crate::world::{State, World, files_below};

/// A copy that is cut short does not look like a vault.
#[test]
fn killed_while_backing_up() {
    let world = World::new("backup");
    let (person, _) = world.begin();
    let copies = world.house.folder("copies");
    let backup = ["backup", text(&copies)];
    let copied = Person { house: &world.house, vault: copies.clone(), passphrase: person.passphrase.clone() };
    let parts = || {
        let names = fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.len() == 32).count()
    };
    let look = || match parts() {
        0 => State::Before,
        1 => {
            assert_eq!(copied.list().len(), 2);
            State::After
        }
        half => panic!("{half} parts"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&backup).good();
        }
        assert_eq!(look(), State::After);
        assert_eq!(person.list().len(), 2);
    };
    let command = |under: &[&str]| person.command_under(under, &backup);
    let (what, folders, passphrase) = ("backup", &["amal", "copies"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_repairing() {
    let world = World::new("repair");
    let (person, _) = world.begin();
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let damaged = vec![7; 9_000];
    fs::write(part.join("index"), &damaged).unwrap();
    let look = || match person.sanduq(&["list"]).code {
        Some(0) => State::After,
        Some(_) => State::Before,
        None => panic!("killed"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&["repair", "--yes"]).good();
        }
        assert_eq!(person.list().len(), 2);
        let aside = files_below(&part).iter().any(|path| fs::read(path).unwrap() == damaged);
        assert!(aside, "what was damaged is set aside, not deleted");
    };
    let command = |under: &[&str]| person.command_under(under, &["repair", "--yes"]);
    let (what, folders, passphrase) = ("repair", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// Each page is whole or not there, and those of another time are of another set.
#[test]
fn killed_while_writing_shares() {
    let world = World::new("split");
    let (person, _) = world.begin();
    let pages = world.house.folder("pages");
    let split = ["key", "split", "--shares", "3", "--threshold", "2", "--to", text(&pages)];
    let look = || {
        let written = all(&pages, "html");
        assert!(written.iter().all(|page| fs::read_to_string(page).unwrap().trim_end().ends_with("</html>")));
        if written.len() == 3 { State::After } else { State::Before }
    };
    let again = |_| {
        let other = world.house.folder("others");
        let args = [&split[..7], &[text(&other)]].concat();
        person.sanduq(&args).good();
        assert_eq!(all(&other, "html").len(), 3);
        fs::remove_dir_all(&other).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &split);
    let (what, folders, passphrase) = ("key split", &["amal", "pages"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
