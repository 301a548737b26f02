//! Making, telling, what opens a part, mending, and both sides of a stick that goes to and fro.

use std::fs;

use sanduq::crypto::Passphrase;
use sanduq::vault::Vault;

use crate::house::{Done, NAME, Noise, Person, all, run, text};
use crate::world::{State, World, deliveries};
use crate::{Small, fill, inside};

const SECOND: &str = "another of the invented passphrases";

/// The command of these arguments, which reads these lines.
fn typed<'t>(person: &'t Person, lines: &'t str, args: &'t [&'t str]) -> impl Fn() -> Done + 't {
    move || run(person.command(args), Some(lines))
}

fn opens(person: &Person, args: &[&str], passphrase: &str) -> bool {
    run(person.command(&[args, &["list"]].concat()), Some(passphrase)).code == Some(0)
}

/// Which of the two passphrases opens, the old one and the new one.
fn both(person: &Person) -> [bool; 2] {
    [&person.passphrase, SECOND].map(|passphrase| opens(person, &[], passphrase))
}

fn old_or_new(person: &Person) -> State {
    match both(person) {
        [true, false] => State::Before,
        [false, true] => State::After,
        half => panic!("{half:?}"),
    }
}

fn items(person: &Person, before: usize, after: usize) -> State {
    match person.list().len() {
        found if found == before => State::Before,
        found if found == after => State::After,
        half => panic!("{half} items"),
    }
}

#[test]
fn full_while_making_a_vault() {
    if !inside("more::full_while_making_a_vault") {
        return;
    }
    let world = World::new("full-init");
    let person = world.house.person("new");
    world.house.folder("new");
    let look = || match person.sanduq(&["list"]).code {
        Some(0) => State::After,
        Some(5) => State::Before,
        other => panic!("{other:?}"),
    };
    fill(&world, "init", Small::new("new").by_pages(), || person.sanduq(&["init"]), look);
}

#[test]
fn full_while_testifying() {
    if !inside("more::full_while_testifying") {
        return;
    }
    let world = World::new("full-testify");
    let (person, _) = world.begin();
    let told = world.house.write("told", "An invented account.\n\nOf an invented person.\n".repeat(400));
    let testify = || person.sanduq(&["testify", "--title", "an invented title", text(&told)]);
    fill(&world, "testify", Small::new("amal").by_pages(), testify, || items(&person, 2, 3));
}

#[test]
fn full_while_changing_the_passphrase() {
    if !inside("more::full_while_changing_the_passphrase") {
        return;
    }
    let world = World::new("full-passphrase");
    let (person, _) = world.begin();
    let lines = format!("{}\n{SECOND}", person.passphrase);
    let change = typed(&person, &lines, &["passphrase", "change", "--new-passphrase-fd", "3"]);
    fill(&world, "passphrase change", Small::new("amal").by_pages(), change, || old_or_new(&person));
}

#[test]
fn full_while_adding_a_passphrase() {
    if !inside("more::full_while_adding_a_passphrase") {
        return;
    }
    let world = World::new("full-passphrase-add");
    let (person, _) = world.begin();
    let lines = format!("{}\n{SECOND}", person.passphrase);
    let add = typed(&person, &lines, &["passphrase", "add", "--new-passphrase-fd", "3"]);
    let look = || match both(&person) {
        [true, false] => State::Before,
        [true, true] => State::After,
        half => panic!("{half:?}"),
    };
    fill(&world, "passphrase add", Small::new("amal").by_pages(), add, look);
}

#[test]
fn full_while_removing_a_passphrase() {
    if !inside("more::full_while_removing_a_passphrase") {
        return;
    }
    let world = World::new("full-passphrase-remove");
    let (person, _) = world.begin();
    let lines = format!("{}\n{SECOND}", person.passphrase);
    typed(&person, &lines, &["passphrase", "add", "--new-passphrase-fd", "3"])().good();
    let look = || match both(&person) {
        [true, true] => State::Before,
        [true, false] => State::After,
        half => panic!("{half:?}"),
    };
    let remove = || person.sanduq(&["passphrase", "remove", "--others"]);
    fill(&world, "passphrase remove", Small::new("amal").by_pages(), remove, look);
}

#[test]
fn full_while_setting_a_key_file() {
    if !inside("more::full_while_setting_a_key_file") {
        return;
    }
    let world = World::new("full-key-file");
    let (person, _) = world.begin();
    let stick = world.house.folder("key");
    // A file that is there is never written over, so that each time it is another one.
    let number = std::cell::Cell::new(0);
    let file = |number: u32| stick.join(number.to_string());
    let set = || {
        number.set(number.get() + 1);
        person.sanduq(&["key-file", "set", text(&file(number.get()))])
    };
    let look = || {
        let with = ["--key-file", text(&file(number.get())).to_owned().leak()];
        match [&[][..], &with].map(|args| opens(&person, args, &person.passphrase)) {
            [true, _] => State::Before,
            [false, true] => State::After,
            [false, false] => panic!("nothing opens it"),
        }
    };
    fill(&world, "key-file set", Small::new("amal").by_pages(), set, look);
}

#[test]
fn full_while_dropping_a_key_file() {
    if !inside("more::full_while_dropping_a_key_file") {
        return;
    }
    let world = World::new("full-key-file-drop");
    let (person, _) = world.begin();
    let file = world.house.folder("key").join("key");
    person.sanduq(&["key-file", "set", text(&file)]).good();
    let with = ["--key-file", text(&file)];
    let look = || match [&[][..], &with].map(|args| opens(&person, args, &person.passphrase)) {
        [false, true] => State::Before,
        [true, _] => State::After,
        [false, false] => panic!("nothing opens it"),
    };
    let drop = || person.sanduq(&[&with[..], &["key-file", "drop"]].concat());
    fill(&world, "key-file drop", Small::new("amal").by_pages(), drop, look);
}

#[test]
fn full_while_recovering() {
    if !inside("more::full_while_recovering") {
        return;
    }
    let world = World::new("full-recover");
    let (person, _) = world.begin();
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let words = Vault::unlock(&person.vault, None, &passphrase).unwrap().words().expose().clone();
    let lines = format!("{words}\n{SECOND}");
    let recover = typed(&person, &lines, &["recover", "--words-fd", "3", "--new-passphrase-fd", "3"]);
    fill(&world, "recover", Small::new("amal").by_pages(), recover, || old_or_new(&person));
}

#[test]
fn full_while_repairing() {
    if !inside("more::full_while_repairing") {
        return;
    }
    let world = World::new("full-repair");
    let (person, _) = world.begin();
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    fs::write(part.join("index"), vec![7; 9_000]).unwrap();
    let look = || match person.sanduq(&["list"]).code {
        Some(0) => {
            assert_eq!(person.list().len(), 2);
            State::After
        }
        _ => State::Before,
    };
    fill(&world, "repair", Small::new("amal").by_pages(), || person.sanduq(&["repair", "--yes"]), look);
}

/// Pages of another time are of another set.
#[test]
fn full_while_writing_shares() {
    if !inside("more::full_while_writing_shares") {
        return;
    }
    let world = World::new("full-split");
    let (person, _) = world.begin();
    let pages = world.house.folder("pages");
    let look = || {
        let written = all(&pages, "html");
        assert!(written.iter().all(|page| fs::read_to_string(page).unwrap().trim_end().ends_with("</html>")));
        if written.len() < 3 { State::Before } else { State::After }
    };
    let split = ["key", "split", "--shares", "3", "--threshold", "2", "--to", text(&pages)];
    let small = Small::new("pages").with(&["amal"]).by_pages();
    fill(&world, "key split", small, || person.sanduq(&split), look);
}

/// To forget what waits needs room, for what stays is written anew.
#[test]
fn full_while_dropping_what_waits() {
    if !inside("more::full_while_dropping_what_waits") {
        return;
    }
    let world = World::new("full-outbox");
    let (person, organisation) = world.begin();
    organisation.send(&person, "stick");
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 1) => State::Before,
        (2, 0) => State::After,
        half => panic!("{half:?}"),
    };
    let forget = || person.sanduq(&["forget", "--outbox", "--yes"]);
    fill(&world, "forget --outbox", Small::new("amal").by_pages(), forget, look);
}

#[test]
fn full_while_sealing_directly() {
    if !inside("more::full_while_sealing_directly") {
        return;
    }
    let world = World::new("full-seal-direct");
    let (person, _) = world.begin();
    let scan = world.house.write("straight", Noise::new(5).bytes(300_000));
    let look = || match (person.list().len(), deliveries(&person).len()) {
        (2, 0) => State::Before,
        (2, 1) => State::After,
        half => panic!("{half:?}"),
    };
    let seal = || person.sanduq(&["seal", "--direct", text(&scan), "--to", NAME]);
    fill(&world, "seal --direct", Small::new("amal").sized_for_a_bundle(), seal, look);
}

/// The receipt on the stick is taken in where there is no room for it, and the stick keeps it until there is.
#[test]
fn full_while_syncing() {
    if !inside("more::full_while_syncing") {
        return;
    }
    let world = World::new("full-sync");
    let (person, _organisation) = world.begin();
    let stick = world.house.folder("stick");
    let sync = ["sync", text(&stick), "--to", NAME];
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    person.sanduq(&sync).good();
    world.house.desk(&["sync", text(&stick)]).good();
    let look = || match deliveries(&person)[0].as_str() {
        "carried" => State::Before,
        "received" => State::After,
        half => panic!("{half}"),
    };
    fill(&world, "sync", Small::new("amal").with(&["stick"]).by_pages(), || person.sanduq(&sync), look);
}

#[test]
fn full_while_syncing_at_the_desk() {
    if !inside("more::full_while_syncing_at_the_desk") {
        return;
    }
    let world = World::new("full-sync-desk");
    let (person, _organisation) = world.begin();
    let stick = world.house.folder("stick");
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    person.sanduq(&["sync", text(&stick), "--to", NAME]).good();
    let look = || {
        let listed = world.house.desk(&["list", "--json"]).good().json();
        match (listed["bundles"].as_array().map(Vec::len), all(&stick, "receipt").len()) {
            (Some(0), 0) => State::Before,
            (Some(1), 1) => State::After,
            half => panic!("{half:?}"),
        }
    };
    let sync = || world.house.desk(&["sync", text(&stick)]);
    fill(&world, "sync at the desk", Small::new("archive").with(&["stick"]), sync, look);
}
