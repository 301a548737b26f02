//! What is forgotten besides items that are named, and contacts that are removed.

use crate::house::text;
use crate::trial::Trial;
use crate::world::{State, World, deliveries, files_below, nothing_left_over};

/// What was removed before leaves its traces, and its number: afterwards neither.
#[test]
fn killed_while_forgetting_traces() {
    let world = World::new("traces");
    let (person, _) = world.begin();
    person.sanduq(&["remove", "1"]).good();
    let forget = ["forget", "--traces"];
    let look = || match person.list()[..] {
        [ref only] if only["item"] == 2 => State::Before,
        [ref only] if only["item"] == 1 => State::After,
        ref half => panic!("{half:?}"),
    };
    let again = |_| {
        person.sanduq(&forget).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
        let out = world.house.folder("out");
        person.sanduq(&["extract", "1", "--to", text(&out)]).good();
        assert_eq!(files_below(&out).len(), 1);
        std::fs::remove_dir_all(&out).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &forget);
    let (what, folders, passphrase) = ("forget --traces", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_forgetting_what_was_delivered() {
    let world = World::new("delivered");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let mut add = vec!["receipt", "add"];
    add.extend(receipts.iter().map(|path| text(path)));
    person.sanduq(&add).good();
    let forget = ["forget", "--delivered", "--yes"];
    let look = || match person.list().len() {
        2 => State::Before,
        0 => State::After,
        half => panic!("{half} items"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&forget).good();
        }
        assert_eq!(look(), State::After);
        assert!(deliveries(&person).is_empty());
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &forget);
    let (what, folders, passphrase) = ("forget --delivered", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_removing_a_contact() {
    let world = World::new("contact-remove");
    let (person, _) = world.begin();
    let remove = ["contact", "remove", crate::house::NAME, "--yes"];
    let look = || {
        let listed = person.sanduq(&["contact", "list", "--json"]).good().json();
        match listed["contacts"].as_array().expect("contacts").len() {
            1 => State::Before,
            0 => State::After,
            half => panic!("{half} contacts"),
        }
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&remove).good();
        }
        assert_eq!(look(), State::After);
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &remove);
    let (what, folders, passphrase) = ("contact remove", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
