//! What is kept, changed, removed and forgotten.

use std::fs;

use crate::house::{Noise, text};
use crate::trial::Trial;
use crate::world::{State, World, files_below, nothing_left_over};

#[test]
fn killed_while_adding() {
    let world = World::new("add");
    let (person, _) = world.begin();
    let bytes = Noise::new(2).bytes(1_500_000);
    let folder = world.house.folder("new");
    fs::write(folder.join("one"), &bytes).unwrap();
    fs::write(folder.join("two"), "an invented note").unwrap();
    let items = || person.list().len();
    let look = || match items() {
        2 => State::Before,
        4 => State::After,
        half => panic!("{half} items"),
    };
    let again = |_| {
        let had = items();
        person.sanduq(&["add", text(&folder)]).good();
        assert_eq!(items(), had + 2);
        nothing_left_over(&person.vault);
        world.first_are_whole(&person);
        for item in person.list().iter().filter(|item| item["bytes"] == bytes.len()) {
            let out = world.house.folder("out");
            person.sanduq(&["extract", &item["item"].to_string(), "--to", text(&out)]).good();
            let mut found = files_below(&out);
            assert!(fs::read(found.remove(0)).unwrap() == bytes && found.is_empty());
            fs::remove_dir_all(&out).unwrap();
        }
    };
    let command = |under: &[&str]| person.command_under(under, &["add", text(&folder)]);
    let (what, folders, passphrase) = ("add", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// One of two items that share a pack is forgotten: packs, index, journal and both epoch blocks are written anew.
#[test]
fn killed_while_forgetting() {
    let world = World::new("forget");
    let (person, _) = world.begin();
    let bytes = Noise::new(3).bytes(200_000);
    person.sanduq(&["add", text(&world.house.write("stays", &bytes))]).good();
    let look = || match person.list().len() {
        3 => State::Before,
        2 => State::After,
        half => panic!("{half} items"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&["forget", "2", "--yes"]).good();
        }
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
        let out = world.house.folder("out");
        person.sanduq(&["extract", "2", "--to", text(&out)]).good();
        assert!(fs::read(out.join("stays")).unwrap() == bytes);
        fs::remove_dir_all(&out).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &["forget", "2", "--yes"]);
    let (what, folders, passphrase) = ("forget", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_testifying() {
    let world = World::new("testify");
    let (person, _) = world.begin();
    let told = world.house.write("told", "An invented account.\n\nOf [[an invented person]].\n");
    let look = || match person.list().len() {
        2 => State::Before,
        3 => State::After,
        half => panic!("{half} items"),
    };
    let args = ["testify", "--title", "an invented title", text(&told)];
    let again = |found| {
        if found == State::Before {
            person.sanduq(&args).good();
        }
        nothing_left_over(&person.vault);
        let shown = person.sanduq(&["show", "3", "--json"]).good().stdout();
        assert!(shown.contains("an invented person"), "{shown}");
    };
    let command = |under: &[&str]| person.command_under(under, &args);
    let (what, folders, passphrase) = ("testify", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_removing() {
    let world = World::new("remove");
    let (person, _) = world.begin();
    let look = || match person.list().len() {
        2 => State::Before,
        1 => State::After,
        half => panic!("{half} items"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&["remove", "2"]).good();
        }
        assert_eq!(person.list()[0]["title"], "letter.txt");
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &["remove", "2"]);
    let (what, folders, passphrase) = ("remove", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// A vault that is half made must not stand in the way of making it.
#[test]
fn killed_while_making_a_vault() {
    let world = World::new("init");
    let person = world.house.person("new");
    world.house.folder("new");
    let look = || match person.sanduq(&["list"]).code {
        Some(0) => State::After,
        Some(5) => State::Before,
        other => panic!("{other:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&["init"]).good();
        }
        person.sanduq(&["testify", "-", "--title", "the first"]).bad();
        assert!(person.list().is_empty());
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &["init"]);
    let (what, folders, passphrase) = ("init", &["new"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
