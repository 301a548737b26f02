//! What is told otherwise, under other terms, and taken out.

use std::fs;

use crate::house::{Noise, text};
use crate::trial::Trial;
use crate::world::{State, World, files_below, nothing_left_over};

#[test]
fn killed_while_editing() {
    let world = World::new("edit");
    let (person, _) = world.begin();
    let told = world.house.write("told", "An invented account.\n");
    person.sanduq(&["testify", text(&told)]).good();
    let other = world.house.write("other", "Another invented account.\n");
    let account = || person.sanduq(&["show", "3", "--json"]).good().json()["account"].to_string();
    let look = || match account() {
        told if told.contains("An invented account") => State::Before,
        told if told.contains("Another invented account") => State::After,
        half => panic!("{half}"),
    };
    let again = |_| {
        person.sanduq_from(&["edit", "3"], &other).good();
        assert_eq!(look(), State::After);
        let found = person.sanduq(&["search", "another", "--json"]).good().json();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "search finds what it was changed to");
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| {
        let mut command = person.command_under(under, &["edit", "3"]);
        command.env("SANDUQ_TEST_INPUT", &other);
        command
    };
    let (what, folders, passphrase) = ("edit", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_changing_the_terms() {
    let world = World::new("consent");
    let (person, _) = world.begin();
    let court = world.house.write("court", r#"{"terms":{"share":"court","name":"never","not-before":null,"contact":true},"pseudonym":null,"words":"invented"}"#);
    let change = ["consent", "1", "--consent", text(&court)];
    let look = || {
        let held = person.sanduq(&["consent", "1", "--json"]).good().json();
        match (held["terms"]["share"].as_str(), held["terms"]["contact"].as_bool(), held["words"].as_str()) {
            (Some("organisation"), Some(false), None) => State::Before,
            (Some("court"), Some(true), Some("invented")) => State::After,
            half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&change).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &change);
    let (what, folders, passphrase) = ("consent", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// What stands in the folder under its own name is whole.
#[test]
fn killed_while_extracting() {
    let world = World::new("extract");
    let (person, _) = world.begin();
    let out = world.house.folder("out");
    let extract = ["extract", "2", "--to", text(&out)];
    let bytes = Noise::new(1).bytes(300_000);
    let look = || match fs::read(out.join("scan")) {
        Ok(found) => {
            assert!(found == bytes, "an original that is cut short has its name");
            State::After
        }
        Err(_) => State::Before,
    };
    let again = |_| {
        let other = world.house.folder("other");
        person.sanduq(&[&extract[..3], &[text(&other)]].concat()).good();
        assert!(files_below(&other).iter().any(|path| fs::read(path).unwrap() == bytes));
        fs::remove_dir_all(&other).unwrap();
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &extract);
    let (what, folders, passphrase) = ("extract", &["amal", "out"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
