//! What is sealed, carried, accepted and acknowledged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sanduq::bundle::CourierShare;

use sanduq::bundle::letter::letter_len;

use crate::house::{NAME, Noise, Organisation, Person, all, only, text};
use crate::trial::Trial;
use crate::world::{State, World, copy, deliveries, files_below, nothing_left_over, scan};

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
        world.first_are_whole(&person);
        let stick = world.house.folder("stick");
        person.sanduq(&["export", text(&stick)]).good();
        world.house.audit(&["bundle", text(&only(&stick, "bundle"))]).good();
        fs::remove_dir_all(&stick).unwrap();
    };
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// A bundle in the outbox whose couriers' shares are nowhere would be lost, and nobody would know: the shares are whole
/// wherever the bundle is.
#[test]
fn killed_while_sealing_for_couriers() {
    let world = World::new("couriers");
    let (person, _) = world.begin();
    let shares = world.house.folder("shares");
    let seal = ["seal", "--all", "--to", NAME, "--split", "2/3", "--shares-to", text(&shares)];
    let whole = |path: &PathBuf| CourierShare::parse(&fs::read(path).unwrap()).expect("a whole share");
    let look = || {
        let written: Vec<_> = all(&shares, "share").iter().map(whole).collect();
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => State::Before,
            ["sealed"] => {
                let numbers: Vec<_> = written.iter().map(CourierShare::number).collect();
                assert_eq!(numbers, [1, 2, 3]);
                assert!(written.iter().all(|share| share.set() == written[0].set()));
                State::After
            }
            ref half => panic!("{half:?}"),
        }
    };
    let again = |found| {
        let done = person.sanduq(&seal);
        if found == State::Before {
            done.good();
        }
        assert_eq!(deliveries(&person), ["sealed"]);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &seal);
    let (what, folders, passphrase) = ("seal --split", &["amal", "shares"][..], &person.passphrase);
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
        world.first_are_whole(&person);
    };
    let command = |under: &[&str]| person.command_under(under, &["export", text(&stick)]);
    let (what, folders, passphrase) = ("export", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The parts that have their final names: a temporary name begins with a dot and ends in the same way.
fn parts(stick: &Path) -> Vec<PathBuf> {
    let named = |path: &PathBuf| path.file_name().is_none_or(|name| name.as_encoded_bytes()[0] != b'.');
    all(stick, "part").into_iter().filter(named).collect()
}

#[test]
fn killed_while_syncing_parts() {
    let world = World::new("sync-parts");
    let (person, _) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let args = |stick: &Path| {
        let words = ["sync", text(stick), "--to", NAME, "--volume-size", "2M", "--parity", "1"];
        words.map(str::to_owned).to_vec()
    };
    let sync = |stick: &Path| {
        let args = args(stick);
        person.sanduq(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let contents = |stick: &Path| parts(stick).iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    let reference = world.house.folder("reference");
    copy(&person.vault, &world.house.path("sealed"));
    sync(&reference).good();
    let reference = contents(&reference);
    assert_eq!(reference.len(), 2);
    fs::remove_dir_all(&person.vault).unwrap();
    fs::rename(world.house.path("sealed"), &person.vault).unwrap();
    let stick = world.house.folder("stick");
    // Another program's parts stay whatever happens, and so the folder is listed in every case.
    fs::write(stick.join("film.part"), "half of somebody's film").unwrap();
    let ours = || contents(&stick).into_iter().filter(|bytes| bytes.len() > 100).collect::<Vec<_>>();
    let look = || {
        assert!(
            ours().iter().all(|part| reference.contains(part)),
            "a part that is cut short has its final name"
        );
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sealed"] => State::Before,
            // One of the two is enough for the bundle.
            ["carried"] => State::After,
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        sync(&stick).good();
        assert_eq!(deliveries(&person), ["carried"]);
        assert!(ours() == reference);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| {
        let args = args(&stick);
        person.command_under(under, &args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (what, folders, passphrase) = ("sync in parts", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_the_desk_joins_parts() {
    let world = World::new("join-parts");
    let (person, _) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let (stick, whole) = (world.house.folder("stick"), world.house.folder("whole"));
    person.sanduq(&["export", text(&stick), "--volume-size", "2M", "--parity", "1"]).good();
    person.sanduq(&["export", text(&whole)]).good();
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
        world.house.desk(&["sync", text(&stick)]).good();
        assert_eq!(accepted(), 1);
        let kept = only(&world.house.path("archive/bundles"), "bundle");
        assert!(fs::read(kept).unwrap() == fs::read(only(&whole, "bundle")).unwrap());
        let left = files_below(&world.house.path("archive/parts"));
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(all(&stick, "receipt").len(), 1);
        assert_eq!(parts(&stick).len(), 2, "a source is only read");
    };
    let archive = world.house.path("archive");
    let sync = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive), "sync", text(&stick)];
    let command = |under: &[&str]| {
        let words = [under, &sync].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let (what, folders, passphrase) = ("sync at the desk in parts", &["archive", "stick"][..], "");
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
        world.first_are_whole(&person);
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
        assert!(fs::read(out.join("scan")).unwrap() == scan());
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
        let whole = |path: &PathBuf| world.house.audit(&["bundle", text(path)]).code == Some(0);
        assert!(all(&stick, "bundle").iter().all(whole), "a bundle that is cut short has its final name");
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["carried", "received"] => State::After,
            ["sealed", "carried" | "received"] | ["carried", "carried"] => State::Before,
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&sync).good();
        // Killed between the receipt's taking in and the clearing of the stick, the stick keeps what is settled.
        let (lying, left) = (files_below(&stick), [all(&stick, "bundle"), all(&stick, "receipt")].concat());
        assert_eq!((look(), lying.len()), (State::After, left.len()), "something else is left: {lying:?}");
        assert!((1..=3).contains(&lying.len()), "{lying:?}");
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &sync);
    let (what, folders, passphrase) = ("sync", &["amal", "stick"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// What has its final name is whole, also in disguise: the desk takes it.
#[test]
fn killed_while_syncing_in_disguise() {
    let world = World::new("sync-disguise");
    let (person, _organisation) = world.begin();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    let key = world.house.path("amal.key");
    world.house.desk(&["carrier", "new", "--to", text(&key)]).good();
    let stick = world.house.folder("stick");
    let sync = ["sync", text(&stick), "--to", NAME, "--carrier", text(&key)];
    let named = || all(&stick, "dat");
    let look = || {
        for carrier in named() {
            world.house.desk(&["accept", text(&carrier)]).good();
        }
        match deliveries(&person).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["sealed"] => State::Before,
            ["carried"] => {
                only(&stick, "dat");
                State::After
            }
            ref half => panic!("{half:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&sync).good();
        assert_eq!((look(), files_below(&stick).len()), (State::After, 1));
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &sync);
    let (what, folders, passphrase) = ("sync in disguise", &["amal", "stick"][..], &person.passphrase);
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

/// The replies that are kept.
fn replies(person: &Person) -> usize {
    let said = person.sanduq(&["replies", "--json"]).good().json();
    said["replies"].as_array().expect("replies").len()
}

/// A bundle that the officer opened, and its id.
fn opened(person: &Person, organisation: &Organisation) -> String {
    let bundle = organisation.send(person, "stick");
    let said = organisation.officers[0].sanduq(&["open", text(&bundle), "--json"]).good().json();
    said["bundle"].as_str().expect("a bundle").to_owned()
}

/// A letter is there whole, and what it says is kept; or the same words once more make it.
#[test]
fn killed_while_replying() {
    let world = World::new("reply");
    let (person, organisation) = world.begin();
    let id = opened(&person, &organisation);
    let (officer, post) = (&organisation.officers[0], world.house.folder("post"));
    let words = world.house.write("words", "Thanks.");
    let reply = ["reply", &id, text(&words), "--to", text(&post)];
    let look = || match (replies(officer), all(&post, "receipt").len()) {
        (0 | 1, 0) => State::Before,
        (1, _) => State::After,
        half => panic!("{half:?}"),
    };
    let again = |_| {
        officer.sanduq(&reply).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&officer.vault);
        let whole = |path: &PathBuf| fs::metadata(path).unwrap().len() == letter_len();
        assert!(all(&post, "receipt").iter().all(whole));
    };
    let command = |under: &[&str]| officer.command_under(under, &reply);
    let (what, folders, passphrase) = ("reply", &["officer1", "post"][..], &officer.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The receipt and the reply come in one moment.
#[test]
fn killed_while_taking_a_reply() {
    let world = World::new("take-reply");
    let (person, organisation) = world.begin();
    let id = opened(&person, &organisation);
    let words = world.house.write("words", "Thanks.");
    let post = organisation.accept(&only(&world.house.path("stick"), "bundle"), "post");
    organisation.officers[0].sanduq(&["reply", &id, text(&words), "--to", text(&post)]).good();
    let add = ["receipt", "add", text(&post)];
    let look = || match (replies(&person), deliveries(&person)[0].as_str()) {
        (0, "carried") => State::Before,
        (1, "received") => State::After,
        half => panic!("{half:?}"),
    };
    let again = |_| {
        person.sanduq(&add).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &add);
    let (what, folders, passphrase) = ("receipt add of a reply", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// An officer's letter that the desk does not have yet, for a bundle on a stick that it has not seen.
fn letter(world: &World, person: &Person, organisation: &Organisation) -> PathBuf {
    let id = opened(person, organisation);
    let (post, words) = (world.house.folder("post"), world.house.write("words", "Thanks."));
    organisation.officers[0].sanduq(&["reply", &id, text(&words), "--to", text(&post)]).good();
    only(&post, "receipt")
}

/// The sister's folder is as before or as after, and what lies on the stick is whole.
#[test]
fn killed_while_mirroring() {
    let world = World::new("mirror");
    let (stick, archive) = handed_on(&world);
    fs::remove_file(only(&stick, "bundle")).unwrap();
    let bundle = fs::read(only(&archive.join("bundles"), "bundle")).unwrap();
    let look = || match &all(&stick, "bundle")[..] {
        [] => State::Before,
        [one] if fs::read(one).unwrap() == bundle => State::After,
        half => panic!("{half:?}"),
    };
    let mirror = ["mirror", text(&stick)];
    let again = |_| {
        world.house.desk(&mirror).good();
        assert_eq!(look(), State::After);
    };
    let command = |under: &[&str]| desk_under(&world, under, &mirror);
    let (what, folders, passphrase) = ("mirror", &["archive", "stick"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// A replica is there whole or not at all, and the list names it only when it is.
#[test]
fn killed_while_keeping_a_replica() {
    let world = World::new("replica");
    let (stick, archive) = handed_on(&world);
    let bundle = fs::read(only(&stick, "bundle")).unwrap();
    let replicas = archive.join("replicas");
    let kept = || if replicas.is_dir() { all(&replicas, "bundle") } else { Vec::new() };
    let look = || {
        let kept = kept();
        assert!(kept.iter().all(|path| fs::read(path).unwrap() == bundle), "a replica that is cut short");
        let listed = fs::read_to_string(stick.join("holds.txt")).unwrap_or_default().lines().count();
        match (kept.len(), listed) {
            // A list of nothing is laid where it could not be kept.
            (0 | 1, 0 | 1) => State::Before,
            (1, 2) => State::After,
            half => panic!("{half:?}"),
        }
    };
    let sync = ["replica", "sync", text(&stick)];
    let again = |_| {
        world.house.desk(&sync).good();
        assert_eq!(look(), State::After);
        assert_eq!(files_below(&replicas).len(), 1, "something is left over");
        assert!(world.house.desk(&["log", "--json"]).good().json()["leaves"].as_array().unwrap().len() == 1);
    };
    let command = |under: &[&str]| desk_under(&world, under, &sync);
    let (what, folders, passphrase) = ("replica sync", &["archive", "stick"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// One bundle accepted, and on a stick as `mirror` lays it. The archive is its own sister: to the code that is one more.
fn handed_on(world: &World) -> (PathBuf, PathBuf) {
    let (person, organisation) = world.begin();
    let sent = organisation.send(&person, "sent");
    world.house.desk(&["accept", text(&sent)]).good();
    let stick = world.house.folder("stick");
    world.house.desk(&["mirror", text(&stick)]).good();
    (stick, world.house.path("archive"))
}

fn desk_under(world: &World, under: &[&str], args: &[&str]) -> Command {
    let archive = world.house.path("archive");
    let desk = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive)];
    let words = [under, &desk, args].concat();
    world.house.command(Path::new(words[0]), &words[1..])
}

/// The desk has a letter or has none.
#[test]
fn killed_while_a_letter_is_given_to_the_desk() {
    let world = World::new("letters-add");
    let (person, organisation) = world.begin();
    let letter = letter(&world, &person, &organisation);
    let give = ["letters", "add", text(&letter)];
    let look = || {
        let said = world.house.desk(&["letters", "list", "--json"]).good().json();
        match said["letters"].as_array().expect("letters").len() {
            0 => State::Before,
            1 => State::After,
            half => panic!("{half} letters"),
        }
    };
    let again = |_| {
        world.house.desk(&give).good();
        let kept = all(&world.house.path("archive/letters"), "receipt");
        assert_eq!((look(), kept.len()), (State::After, 1));
    };
    let command = |under: &[&str]| desk_under(&world, under, &give);
    let (what, folders, passphrase) = ("letters add", &["archive"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// In the end the receipt, the card and the letter lie there, each once.
#[test]
fn killed_while_the_desk_lays_letters() {
    let world = World::new("letters-laid");
    let (person, organisation) = world.begin();
    let letter = letter(&world, &person, &organisation);
    world.house.desk(&["accept", text(&organisation.card)]).good();
    world.house.desk(&["letters", "add", text(&letter)]).good();
    let stick = world.house.path("stick");
    let sync = ["sync", text(&stick)];
    let look = || match all(&stick, "receipt").len() {
        0..3 => State::Before,
        3 => State::After,
        more => panic!("{more} letters"),
    };
    let again = |_| {
        world.house.desk(&sync).good();
        assert_eq!(look(), State::After);
        let whole = |path: &PathBuf| fs::metadata(path).unwrap().len() == letter_len();
        assert!(all(&stick, "receipt").iter().all(whole));
    };
    let command = |under: &[&str]| desk_under(&world, under, &sync);
    let (what, folders, passphrase) = ("sync with letters at the desk", &["archive", "stick"][..], "");
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
