//! An archive that is made, and receipts that are handed out.

use std::fs;
use std::path::Path;

use crate::house::{all, run, text};
use crate::trial::Trial;
use crate::world::{State, World, files_below};
use sanduq::crypto::Digest;

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

/// A carrier key that was handed over and that the desk does not hold is worse than none: what comes under it could never
/// be taken in.
#[test]
fn killed_while_making_a_carrier_key() {
    let world = World::new("carrier-key");
    let _ = world.begin();
    let hand = world.house.folder("hand");
    let key = hand.join("amal.key");
    let held = || {
        let said = world.house.desk(&["carrier", "list", "--json"]).good().json();
        let names = said["carriers"].as_array().expect("carriers").iter();
        names.map(|one| one["carrier"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    let look = || match fs::read(&key) {
        Err(_) => State::Before,
        Ok(text) => {
            let name = Digest::of(&text).to_string()[..16].to_owned();
            assert!(held().contains(&name), "a key that the desk does not hold was handed over");
            State::After
        }
    };
    let new = ["carrier", "new", "--to", text(&key)];
    let again = |found| {
        if found == State::Before {
            world.house.desk(&new).good();
        }
        assert_eq!(look(), State::After);
        let files = files_below(&hand).into_iter().filter(|path| path != &key).count();
        assert!(files <= 1, "more than one remains of what was interrupted");
    };
    let archive = world.house.path("archive");
    let new = [&[env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive)][..], &new].concat();
    let command = |under: &[&str]| {
        let words = [under, &new].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("carrier new", &["archive", "hand"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
