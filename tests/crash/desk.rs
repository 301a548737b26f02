//! An archive that is made, and receipts that are handed out.

use std::fs;
use std::path::Path;

use crate::house::{all, run, text};
use crate::trial::Trial;
use crate::world::{State, World};

/// An archive that is half made must not stand in the way of making it.
#[test]
fn killed_while_making_an_archive() {
    let world = World::new("archive");
    let officer = world.house.person("officer");
    officer.sanduq(&["init"]).good();
    let line = world.house.write("line", officer.sanduq(&["recipient"]).good().out);
    let archive = world.house.folder("place").join("archive");
    let intake = |under: &[&str], args: &[&str]| {
        let words =
            [under, &[env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive)], args].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let init = ["init", "--name", "An-Invented-Archive", "--officers", text(&line)];
    let look = || match run(intake(&[], &["list"]), None).code {
        Some(0) => State::After,
        Some(5) => State::Before,
        other => panic!("{other:?}"),
    };
    let again = |found| {
        if found == State::Before {
            run(intake(&[], &init), None).good();
        }
        assert!(run(intake(&[], &["card"]), None).good().stdout().contains("An-Invented-Archive"));
    };
    let command = |under: &[&str]| intake(under, &init);
    let (what, folders, passphrase) = ("init at the desk", &["place"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_handing_out_receipts() {
    let world = World::new("hand-out");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    world.house.desk(&["accept", text(&bundle)]).good();
    let out = world.house.folder("out");
    let look = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        match (listed["bundles"][0]["handed_out"].as_bool(), all(&out, "receipt").len()) {
            (Some(false), 0 | 1) => State::Before,
            (Some(true), 1) => State::After,
            half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        let other = world.house.folder("other");
        world.house.desk(&["receipts", "--to", text(&other)]).good();
        for receipt in all(&out, "receipt").iter().chain(&all(&other, "receipt")) {
            let kept = world.house.folder("kept");
            fs::copy(receipt, kept.join("letter")).unwrap();
            assert!(fs::metadata(receipt).unwrap().len() > 0);
        }
    };
    let archive = world.house.path("archive");
    let receipts =
        [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "receipts", "--to", text(&out)];
    let command = |under: &[&str]| {
        let words = [under, &receipts].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("receipts at the desk", &["archive", "out"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
