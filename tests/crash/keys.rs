//! Passphrases, key files, words and the end of a part.

use std::cell::RefCell;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use sanduq::crypto::{Passphrase, Seed};
use sanduq::vault::Vault;

use crate::house::text;
use crate::house::{Person, run};
use crate::trial::Trial;
use crate::world::{State, World, nothing_left_over};

const SECOND: &str = "another of the invented passphrases";

fn opens(person: &Person, args: &[&str], passphrase: &str) -> bool {
    run(person.command(&[args, &["list"]].concat()), Some(passphrase)).code == Some(0)
}

/// New slots, a new master key and everything under a new index key. The second passphrase is not typed, and goes. Where
/// it had not become true, she read that forgetting was interrupted; where it had, nothing, and her words on paper were
/// dead.
#[test]
fn killed_while_rekeying() {
    let world = World::new("rekey");
    let (person, _) = world.begin();
    let typed =
        |passphrases: &[&str], args: &[&str]| run(person.command(args), Some(&passphrases.join("\n")));
    let add = ["passphrase", "add", "--new-passphrase-fd", "3"];
    typed(&[&person.passphrase, SECOND], &add).good();
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let words = Vault::unlock(&person.vault, None, &passphrase).unwrap().words();
    let words = Seed::from_words(words.expose()).unwrap();
    let look = || {
        let part = fs::read_dir(&person.vault).unwrap().next().expect("a part").unwrap().path();
        let remains = ["index.next", "journal.next"].iter().any(|name| part.join(name).exists());
        let first = person.sanduq(&["list", "--json"]).good();
        assert_eq!(person.list().len(), 2, "the first opens whenever it stops");
        let said = first.stderr();
        assert!(!said.contains("forgotten"), "{said}");
        let by_words = Vault::recoverable(&person.vault, None, &words).is_ok();
        match (typed(&[SECOND], &["list"]).code, by_words) {
            (Some(0), true) => {
                assert!(!said.contains("24 new words"), "{said}");
                assert_eq!(said.contains("Nothing came of it"), remains, "{said}");
                State::Before
            }
            (Some(3), false) => {
                assert!(said.contains("24 new words") && said.contains("key words"), "{said}");
                assert_eq!(said.contains("had taken effect"), remains, "{said}");
                State::After
            }
            other => panic!("{other:?}"),
        }
    };
    let again = |_| {
        person.sanduq(&["rekey"]).good();
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &["rekey"]);
    let (what, folders, passphrase) = ("rekey", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The file of slots as it lay on the disk before a command, held open: what is read of it is what stands there, also
/// when no name leads there any more.
struct OldSlots(RefCell<Option<(File, Vec<u8>)>>);

impl OldSlots {
    fn new() -> OldSlots {
        OldSlots(RefCell::new(None))
    }

    fn hold(&self, person: &Person) {
        let part = fs::read_dir(&person.vault).unwrap().next().expect("a part").unwrap().path();
        let file = File::open(part.join("slots")).unwrap();
        let bytes = fs::read(part.join("slots")).unwrap();
        *self.0.borrow_mut() = Some((file, bytes));
    }

    /// Nothing of them can be read any more, neither where they lay nor under another name.
    fn are_gone(&self, person: &Person) {
        let held = self.0.borrow();
        let (file, bytes) = held.as_ref().expect("held before the command");
        let mut found = vec![0; bytes.len()];
        file.read_exact_at(&mut found, 0).unwrap();
        let slot = |bytes: &[u8], place: usize| bytes[59 + place * 60..][..60].to_vec();
        assert!(
            (0..8).all(|place| slot(&found, place) != slot(bytes, place)),
            "the old slots lie in freed blocks"
        );
        nothing_left_over(&person.vault);
    }
}

/// One slot takes the place of another: always one of the two passphrases opens, never both, never none. A machine that
/// stopped between the new name and the noise over the old file left the old slots where they lay, for good: the old
/// passphrase and a look at the freed blocks gave the master key.
#[test]
fn killed_while_changing_the_passphrase() {
    let world = World::new("passphrase");
    let (person, _) = world.begin();
    let change = ["passphrase", "change", "--new-passphrase-fd", "3"];
    let old = OldSlots::new();
    let look = || match [&person.passphrase, SECOND].map(|passphrase| opens(&person, &[], passphrase)) {
        [true, false] => State::Before,
        [false, true] => {
            old.are_gone(&person);
            State::After
        }
        both => panic!("{both:?}"),
    };
    let again = |found| {
        let lines = match found {
            State::Before => format!("{}\n{SECOND}", person.passphrase),
            State::After => format!("{SECOND}\n{SECOND}"),
        };
        let keys = run(person.command(&[&change[..], &["--json"]].concat()), Some(&lines)).good().json();
        assert_eq!(keys["passphrases"].as_u64(), Some(1), "a slot that was never written counts as used");
        assert!(opens(&person, &[], SECOND));
    };
    let command = |under: &[&str]| {
        old.hold(&person);
        person.command_under(under, &change)
    };
    let lines = format!("{}\n{SECOND}", person.passphrase);
    let (what, folders, passphrase) = ("passphrase change", &["amal"][..], lines.as_str());
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_adding_a_passphrase() {
    let world = World::new("passphrase-add");
    let (person, _) = world.begin();
    let add = ["passphrase", "add", "--new-passphrase-fd", "3"];
    let look = || match [&person.passphrase, SECOND].map(|passphrase| opens(&person, &[], passphrase)) {
        [true, false] => State::Before,
        [true, true] => State::After,
        both => panic!("{both:?}"),
    };
    let lines = format!("{}\n{SECOND}", person.passphrase);
    let again = |found| {
        if found == State::Before {
            run(person.command(&add), Some(&lines)).good();
        }
        let remove = ["passphrase", "remove", "--others", "--json"];
        let keys = person.sanduq(&remove).good().json();
        assert_eq!(keys["passphrases"].as_u64(), Some(1), "a slot that was never written counts as used");
        assert!(opens(&person, &[], &person.passphrase) && !opens(&person, &[], SECOND));
    };
    let command = |under: &[&str]| person.command_under(under, &add);
    let (what, folders, passphrase) = ("passphrase add", &["amal"][..], lines.as_str());
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The passphrase opens alone or with the file, always one of the two.
#[test]
fn killed_while_setting_a_key_file() {
    let world = World::new("key-file");
    let (person, _) = world.begin();
    let stick = world.house.folder("key");
    let file = stick.join("key");
    let set = ["key-file", "set", text(&file)];
    let look = || {
        let with = file.exists() && opens(&person, &["--key-file", text(&file)], &person.passphrase);
        match (opens(&person, &[], &person.passphrase), with) {
            // Where none is needed, a key file does no harm.
            (true, _) => State::Before,
            (false, true) => State::After,
            (false, false) => panic!("nothing opens it"),
        }
    };
    let again = |found| match found {
        // A file that is there is never written over: it may be somebody's key.
        State::Before => {
            let other = stick.join("other");
            person.sanduq(&["key-file", "set", text(&other)]).good();
            assert!(opens(&person, &["--key-file", text(&other)], &person.passphrase));
        }
        State::After => {
            person.sanduq(&["--key-file", text(&file), "key-file", "drop"]).good();
            assert!(opens(&person, &[], &person.passphrase));
        }
    };
    let command = |under: &[&str]| person.command_under(under, &set);
    let (what, folders, passphrase) = ("key-file set", &["amal", "key"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_recovering() {
    let world = World::new("recover");
    let (person, _) = world.begin();
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let words = Vault::unlock(&person.vault, None, &passphrase).unwrap().words().expose().clone();
    let recover = ["recover", "--words-fd", "3", "--new-passphrase-fd", "3"];
    let look = || match [&person.passphrase, SECOND].map(|passphrase| opens(&person, &[], passphrase)) {
        [true, false] => State::Before,
        [false, true] => State::After,
        both => panic!("{both:?}"),
    };
    let lines = format!("{words}\n{SECOND}");
    let again = |_| {
        run(person.command(&recover), Some(&lines)).good();
        assert_eq!(look(), State::After);
    };
    let command = |under: &[&str]| person.command_under(under, &recover);
    let (what, folders, passphrase) = ("recover", &["amal"][..], lines.as_str());
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// Another part of the vault opens whenever it stops; what no longer opens can still be removed.
#[test]
fn killed_while_removing_a_part() {
    let world = World::new("contributor");
    let (person, _) = world.begin();
    run(person.command(&["init"]), Some(SECOND)).good();
    let remove = ["contributor", "remove", "--yes"];
    let look = || {
        assert!(opens(&person, &[], &person.passphrase), "the other part");
        match opens(&person, &[], SECOND) {
            true => State::Before,
            false => State::After,
        }
    };
    let again = |found| {
        if found == State::Before {
            run(person.command(&remove), Some(SECOND)).good();
        }
        assert_eq!(look(), State::After);
        assert_eq!(person.list().len(), 2);
    };
    let command = |under: &[&str]| person.command_under(under, &remove);
    let (what, folders, passphrase) = ("contributor remove", &["amal"][..], SECOND);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_in_panic() {
    let world = World::new("panic");
    let (person, _) = world.begin();
    let look = || match opens(&person, &[], &person.passphrase) {
        true => State::Before,
        false => State::After,
    };
    let again = |_| {
        person.sanduq(&["panic", "--yes"]).good();
        assert_eq!(look(), State::After);
    };
    let command = |under: &[&str]| person.command_under(under, &["panic", "--yes"]);
    let (what, folders, passphrase) = ("panic", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

#[test]
fn killed_while_removing_a_passphrase() {
    let world = World::new("passphrase-remove");
    let (person, _) = world.begin();
    let lines = format!("{}\n{SECOND}", person.passphrase);
    run(person.command(&["passphrase", "add", "--new-passphrase-fd", "3"]), Some(&lines)).good();
    let remove = ["passphrase", "remove", "--others"];
    let look = || match [&person.passphrase, SECOND].map(|passphrase| opens(&person, &[], passphrase)) {
        [true, true] => State::Before,
        [true, false] => State::After,
        both => panic!("{both:?}"),
    };
    let again = |_| {
        let keys = person.sanduq(&[&remove[..], &["--json"]].concat()).good().json();
        assert_eq!(keys["passphrases"].as_u64(), Some(1));
        assert_eq!(look(), State::After);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &remove);
    let (what, folders, passphrase) = ("passphrase remove", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}

/// The passphrase opens with the file or alone, always one of the two.
#[test]
fn killed_while_dropping_a_key_file() {
    let world = World::new("key-file-drop");
    let (person, _) = world.begin();
    let file = world.house.folder("key").join("key");
    person.sanduq(&["key-file", "set", text(&file)]).good();
    let with = ["--key-file", text(&file)];
    let drop = ["--key-file", text(&file), "key-file", "drop"];
    let look = || match [&[][..], &with].map(|args| opens(&person, args, &person.passphrase)) {
        [false, true] => State::Before,
        [true, _] => State::After,
        [false, false] => panic!("nothing opens it"),
    };
    let again = |found| {
        if found == State::Before {
            person.sanduq(&drop).good();
        }
        assert_eq!(look(), State::After);
        assert_eq!(person.list().len(), 2);
        nothing_left_over(&person.vault);
    };
    let command = |under: &[&str]| person.command_under(under, &drop);
    let (what, folders, passphrase) = ("key-file drop", &["amal"][..], &person.passphrase);
    Trial { world: &world, what, folders, command, passphrase, look, again }.run();
}
