//! What an officer signs, hands on and writes out; receipts for auditors; and authorship proved.

use std::fs;
use std::path::Path;

use sanduq::crypto::Passphrase;

use crate::house::{NAME, Organisation, only, run, text};
use crate::index;
use crate::trial::Trial;
use crate::world::{State, World, files_below, nothing_left_over};

/// A card that was signed is remembered by who signed it.
#[test]
fn killed_while_signing_a_card() {
    let world = World::new("card");
    let (person, organisation) = world.begin();
    drop(person);
    world.house.desk(&["accept", text(&organisation.card)]).good();
    let draft = world.house.write("draft2", world.house.desk(&["card"]).good().out);
    let officer = &organisation.officers[0];
    let sign = ["card", "sign", text(&draft), "--yes"];
    let look = || {
        officer.list();
        let rows = index::rows(&officer.vault, &Passphrase::from(officer.passphrase.as_str()));
        match rows.iter().filter(|(kind, ..)| kind == "own-card").count() {
            1 => State::Before,
            2 => State::After,
            half => panic!("{half} cards"),
        }
    };
    let again = |_| {
        let card = world.house.write("card2", officer.sanduq(&sign).good().out);
        world.house.audit(&["card", text(&card)]).good();
        assert_eq!(look(), State::After);
        nothing_left_over(&officer.vault);
    };
    let command = |under: &[&str]| officer.command_under(under, &sign);
    let (what, folders, passphrase) = ("card sign", &["officer1"][..], &officer.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// What the log has of an officer's events is known when its proofs are kept, all of them; and the stick loses what is
/// settled after that.
#[test]
fn killed_while_carrying_events() {
    let world = World::new("events");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&bundle)]).good();
    let acts = world.house.folder("acts");
    let carry = ["events", text(&acts)];
    officer.sanduq(&carry).good();
    world.house.desk(&["sync", text(&acts)]).good();
    let look = || {
        let known = officer.sanduq(&["events", "--json"]).good().json();
        match known["events"][0]["logged"].as_bool().unwrap() {
            false => State::Before,
            true => State::After,
        }
    };
    let again = |_| {
        officer.sanduq(&carry).good();
        assert_eq!(look(), State::After);
        assert!(files_below(&acts).is_empty(), "{:?}", files_below(&acts));
        nothing_left_over(&officer.vault);
    };
    let command = |under: &[&str]| officer.command_under(under, &carry);
    let (what, folders, passphrase) = ("events", &["officer1", "acts"][..], &officer.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// What is handed on is whole or not there, and the next officer opens the bundle with it.
#[test]
fn killed_while_passing_on() {
    let world = World::new("pass-on");
    let organisation = Organisation::new(&world.house, 2, 2);
    let person = world.house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["add", text(&world.house.write("letter.txt", "an invented letter"))]).good();
    let bundle = organisation.send(&person, "stick");
    let passed = world.house.folder("passed");
    let [first, second] = &organisation.officers[..] else { panic!("two officers") };
    let file = passed.join("on");
    let pass = ["open", text(&bundle), "--pass-on", text(&file)];
    copy_of(&world, "officer2");
    let opens = |file: &Path| {
        second.sanduq(&["open", text(&bundle), "--with", text(file)]).good();
        assert_eq!(second.list().len(), 1);
        world.reset(&["officer2"]);
    };
    let look = || match file.exists() {
        true => {
            opens(&file);
            State::After
        }
        false => State::Before,
    };
    let again = |_| {
        let other = world.house.path("other");
        first.sanduq(&[&pass[..3], &[text(&other)]].concat()).good();
        opens(&other);
        fs::remove_file(&other).unwrap();
        nothing_left_over(&first.vault);
    };
    let command = |under: &[&str]| first.command_under(under, &pass);
    let (what, folders, passphrase) = ("open --pass-on", &["officer1", "passed"][..], &first.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

fn copy_of(world: &World, folder: &str) {
    world.keep(&[folder]);
}

#[test]
fn killed_while_writing_an_identity() {
    let world = World::new("identity");
    let (person, organisation) = world.begin();
    drop(person);
    let officer = &organisation.officers[0];
    let file = world.house.folder("identity").join("age");
    let write = ["recipient", "--identity-to", text(&file)];
    let whole = |file: &Path| fs::read_to_string(file).unwrap().contains("AGE-SECRET-KEY-");
    let look = || match file.exists() {
        true => {
            assert!(whole(&file), "an identity that is cut short has its name");
            State::After
        }
        false => State::Before,
    };
    let again = |_| {
        let other = world.house.path("other");
        officer.sanduq(&["recipient", "--identity-to", text(&other)]).good();
        assert!(whole(&other));
        fs::remove_file(&other).unwrap();
        nothing_left_over(&officer.vault);
    };
    let command = |under: &[&str]| officer.command_under(under, &write);
    let (what, folders, passphrase) =
        ("recipient --identity-to", &["officer1", "identity"][..], &officer.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_writing_receipts_for_auditors() {
    let world = World::new("receipt-export");
    let (person, organisation) = world.begin();
    let bundle = organisation.send(&person, "stick");
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let mut add = vec!["receipt", "add"];
    add.extend(receipts.iter().map(|path| text(path)));
    person.sanduq(&add).good();
    let plain = world.house.folder("plain");
    let whole = |path: &Path| {
        let args = ["receipt", "--card", text(&organisation.card), text(path)];
        world.house.audit(&args).code == Some(0)
    };
    let named = |folder: &Path| {
        let files = files_below(folder).into_iter();
        files.filter(|path| path.extension().is_none_or(|end| end != "part")).collect::<Vec<_>>()
    };
    let look = || match &named(&plain)[..] {
        [] => State::Before,
        [one] => {
            assert!(whole(one), "a receipt that is cut short has its name");
            State::After
        }
        half => panic!("{half:?}"),
    };
    let again = |_| {
        let other = world.house.folder("other");
        person.sanduq(&["receipt", "export", text(&other)]).good();
        assert!(named(&other).iter().all(|path| whole(path)) && named(&other).len() == 1);
        fs::remove_dir_all(&other).unwrap();
        nothing_left_over(&person.vault);
    };
    let export = ["receipt", "export", text(&plain)];
    let command = |under: &[&str]| person.command_under(under, &export);
    let (what, folders, passphrase) = ("receipt export", &["amal", "plain"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The proof counts once both of its files are there.
#[test]
fn killed_while_proving() {
    let world = World::new("prove");
    let (person, _) = world.begin();
    let seal = ["seal", "1", "--to", NAME, "--proof", "--proof-fd", "4"];
    let sealing = person.command_under(&["sh", "-c", "exec \"$@\" 4> phrase-out", "sh"], &seal);
    run(sealing, Some(&person.passphrase)).good();
    let phrase = fs::read_to_string(world.house.path("phrase-out")).unwrap();
    let stick = world.house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let bundle = only(&stick, "bundle");
    let proofs = world.house.folder("proofs");
    let prove = |under: &[&str], to: &Path| {
        let args = ["prove", text(&bundle), "--challenge", "an invented question", "--say", "I wrote it."];
        let more = ["--to", text(to), "--phrase-fd", "0"];
        let words = [under, &[env!("CARGO_BIN_EXE_sanduq")], &args, &more].concat();
        world.house.command(Path::new(words[0]), &words[1..])
    };
    let verify = |proof: &Path| world.house.audit(&["proof", text(proof), text(&bundle)]).good();
    let proof = proofs.join("a.proof");
    let look = || match (proof.exists(), proofs.join("a.proof.sig").exists()) {
        (true, true) => {
            verify(&proof);
            State::After
        }
        _ => State::Before,
    };
    // A proof that is there is not written over; what lies there of one that was killed does not stand in its way.
    let again = |found| {
        let done = run(prove(&[], &proof), Some(phrase.trim()));
        match found {
            State::Before => drop(done.good()),
            State::After => drop(done.bad()),
        }
        verify(&proof);
    };
    let command = |under: &[&str]| prove(under, &proof);
    let (what, folders, passphrase) = ("prove", &["proofs"][..], phrase.trim());
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
