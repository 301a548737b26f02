//! What is sealed, carried, accepted and acknowledged.

use std::fs;
use std::path::Path;

use crate::house::{NAME, Noise, Person, all, only, text};
use crate::trial::Trial;
use crate::world::{State, World, copy, deliveries, files_below, nothing_left_over};

#[test]
fn killed_while_sealing() {
    let world = World::new("seal");
    let (person, _) = world.begin();
    let seal = ["seal", "--all", "--to", NAME];
    let look = || match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => State::Before,
        ["sealed"] => State::After,
        ref half => panic!("{half:?}"),
    };
    let again = |found| {
        let done = person.sanduq(&seal);
        if found == State::Before {
            done.good();
        }
        assert_eq!(deliveries(&person), ["sealed"]);
        nothing_left_over(&person.vault);
        let stick = world.house.folder("stick");
        person.sanduq(&["export", text(&stick)]).good();
        world.house.audit(&["bundle", text(&only(&stick, "bundle"))]).good();
        fs::remove_dir_all(&stick).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_exporting() {
    let world = World::new("export");
    let (person, _) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let stick = world.house.folder("reference");
    copy(&person.vault, &world.house.path("sealed"));
    person.sanduq(&["export", text(&stick)]).good();
    let reference = fs::read(only(&stick, "bundle")).unwrap();
    fs::remove_dir_all(&person.vault).unwrap();
    fs::rename(world.house.path("sealed"), &person.vault).unwrap();
    let stick = world.house.folder("stick");
    let look = || {
        let whole = all(&stick, "bundle").iter().all(|path| fs::read(path).unwrap() == reference);
        assert!(whole, "a bundle that is cut short has its final name");
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sealed"] => State::Before,
            ["carried"] => {
                only(&stick, "bundle");
                State::After
            }
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&["export", text(&stick)]).good();
        assert_eq!(deliveries(&person), ["carried"]);
        assert!(fs::read(only(&stick, "bundle")).unwrap() == reference);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &["export", text(&stick)]);
    let (what, folders, passphrase) = ("export", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_accepting() {
    let world = World::new("accept");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let accepted = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        listed["bundles"].as_array().expect("bundles").len()
    };
    let look = || match accepted() {
        0 => State::Before,
        1 => State::After,
        half => panic!("{half} bundles"),
    };
    let again = |_| {
        world.house.desk(&["accept", text(&bundle)]).good();
        assert_eq!(accepted(), 1);
        let kept = only(&world.house.path("archive/bundles"), "bundle");
        assert!(fs::read(kept).unwrap() == fs::read(&bundle).unwrap());
        let receipts = world.house.folder("receipts");
        world.house.desk(&["receipts", "--to", text(&receipts)]).good();
        assert!(!files_below(&receipts).is_empty());
        fs::remove_dir_all(&receipts).unwrap();
    };
    let archive = world.house.path("archive");
    let accept = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "accept", text(&bundle)];
    let command = |under: &[&str]| {
        let words = [under, &accept].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("accept", &["archive"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_taking_a_receipt() {
    let world = World::new("receipt");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let mut args = vec!["receipt", "add"];
    args.extend(receipts.iter().map(|path| text(path)));
    let look = || match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["carried"] => State::Before,
        ["received"] => State::After,
        ref half => panic!("{half:?}"),
    };
    let again = |_| {
        person.sanduq(&args).good();
        assert_eq!(deliveries(&person), ["received"]);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &args);
    let (what, folders, passphrase) = ("receipt add", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_adding_a_contact() {
    let world = World::new("contact");
    let (person, organisation) = world.begin();
    let other = "Another-Name";
    let args = ["contact", "add", text(&organisation.card), "--yes", "--as", other];
    // Someone else, who has no contact yet.
    let person = {
        let new = world.house.person("new");
        new.sanduq(&["init"]).good();
        drop(person);
        new
    };
    let look = || {
        let listed = person.sanduq(&["contact", "list", "--json"]).good().json();
        match listed["contacts"].as_array().expect("contacts").len() {
            0 => State::Before,
            1 => State::After,
            half => panic!("{half} contacts"),
        }
    };
    let again = |_| {
        person.sanduq(&args).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &args);
    let (what, folders, passphrase) = ("contact add", &["new"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// Never a bundle and the items, never neither.
#[test]
fn killed_while_sealing_and_forgetting() {
    let world = World::new("seal-forget");
    let (person, _) = world.begin();
    let seal = ["seal", "--all", "--to", NAME, "--forget"];
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 0) => State::Before,
        (0, 1) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&seal).good();
        }
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
        carried_whole(&world, &person, 1);
    };
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal --forget", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_sealing_directly() {
    let world = World::new("seal-direct");
    let (person, _) = world.begin();
    let scan = world.house.write("straight", Noise::new(5).bytes(300_000));
    let seal = ["seal", "--direct", text(&scan), "--to", NAME];
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 0) => State::Before,
        (2, 1) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&seal).good();
        }
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
        carried_whole(&world, &person, 1);
    };
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal --direct", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_testifying_directly() {
    let world = World::new("testify-direct");
    let (person, _) = world.begin();
    let told = world.house.write("told", "An invented account.\n");
    let testify = ["testify", "--title", "an invented title", text(&told), "--direct", "--to", NAME];
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 0) => State::Before,
        (2, 1) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&testify).good();
        }
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
        carried_whole(&world, &person, 1);
    };
    let command = |under: &[&str]| person.command_under(under, &testify);
    let (what, folders, passphrase) = ("testify --direct", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_withdrawing() {
    let world = World::new("withdraw");
    let (person, organisation) = world.begin();
    organisation.send(&person, "stick");
    let withdraw = ["withdraw", "--all", "--to", NAME];
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 1) => State::Before,
        (3, 2) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&withdraw).good();
        }
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
        carried_whole(&world, &person, 2);
    };
    let command = |under: &[&str]| person.command_under(under, &withdraw);
    let (what, folders, passphrase) = ("withdraw", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_dropping_what_waits() {
    let world = World::new("outbox");
    let (person, organisation) = world.begin();
    organisation.send(&person, "stick");
    let drop = ["forget", "--outbox", "--yes"];
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 1) => State::Before,
        (2, 0) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&drop).good();
        }
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &drop);
    let (what, folders, passphrase) = ("forget --outbox", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_opening() {
    let world = World::new("open");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let officer = &organisation.officers[0];
    let look = || match officer.list().len() {
        0 => State::Before,
        2 => State::After,
        half => panic!("{half} items"),
    };
    let again = |_| {
        officer.sanduq(&["open", text(&bundle)]).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&officer.vault);
        let out = world.house.folder("out");
        for item in ["1", "2"] {
            officer.sanduq(&["extract", item, "--to", text(&out)]).good();
        }
        assert!(fs::read(out.join("scan")).unwrap() == Noise::new(1).bytes(300_000));
        fs::remove_dir_all(&out).unwrap();
    };
    let command = |under: &[&str]| officer.command_under(under, &["open", text(&bundle)]);
    let (what, folders, passphrase) = ("open", &["officer1"][..], &officer.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// Every bundle that waits is written to a stick and passes an audit.
fn carried_whole(world: &World, person: &Person, count: usize) {
    let stick = world.house.folder("carried");
    person.sanduq(&["export", text(&stick)]).good();
    let bundles = all(&stick, "bundle");
    assert_eq!(bundles.len(), count);
    bundles.iter().for_each(|bundle| drop(world.house.audit(&["bundle", text(bundle)]).good()));
    fs::remove_dir_all(&stick).unwrap();
}

/// Whenever it stops, the next look at the stick takes the receipt in and empties it.
#[test]
fn killed_while_syncing() {
    let world = World::new("sync");
    let (person, _organisation) = world.begin();
    let stick = world.house.folder("stick");
    let sync = ["sync", text(&stick), "--to", NAME];
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    person.sanduq(&sync).good();
    world.house.desk(&["sync", text(&stick)]).good();
    person.sanduq(&["seal", "2", "--to", NAME]).good();
    let look = || {
        let whole = |path: &std::path::PathBuf| world.house.audit(&["bundle", text(path)]).code == Some(0);
        assert!(all(&stick, "bundle").iter().all(whole), "a bundle that is cut short has its final name");
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["carried", "received"] => State::After,
            ["sealed", "carried" | "received"] | ["carried", "carried"] => State::Before,
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&sync).good();
        // What a kill leaves under a temporary name is swept when it is an hour old.
        let named =
            files_below(&stick).into_iter().filter(|path| path.extension().is_some_and(|end| end != "part"));
        assert_eq!((look(), named.count()), (State::After, 1));
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &sync);
    let (what, folders, passphrase) = ("sync", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The desk accepts once, and every bundle on the stick has one receipt there.
#[test]
fn killed_while_syncing_at_the_desk() {
    let world = World::new("sync-desk");
    let (person, _organisation) = world.begin();
    let stick = world.house.folder("stick");
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    person.sanduq(&["sync", text(&stick), "--to", NAME]).good();
    let accepted = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        listed["bundles"].as_array().expect("bundles").len()
    };
    let look = || match (accepted(), all(&stick, "receipt").len()) {
        (0 | 1, 0) => State::Before,
        (1, 1) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |_| {
        world.house.desk(&["sync", text(&stick)]).good();
        assert_eq!(look(), State::After);
        assert_eq!(world.house.desk(&["list", "--json"]).good().json()["bundles"][0]["handed_out"], true);
    };
    let archive = world.house.path("archive");
    let sync = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "sync", text(&stick)];
    let command = |under: &[&str]| {
        let words = [under, &sync].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("sync at the desk", &["archive", "stick"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
