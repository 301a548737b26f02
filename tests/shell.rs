//! `sanduq shell`: one passphrase for several commands, and a lock that does not wait for anybody to think of it.
#![cfg(all(unix, feature = "test-kdf"))]

mod house;
mod terminal;

use std::thread::sleep;
use std::time::{Duration, Instant};

use house::{House, NAME, Organisation, Person, run, text};
use terminal::{LOCKED, PROMPT, Shell};

/// Longer than the tests take between two keys; seconds, where the passphrase hashing has its floor for tests.
const LONG: &str = "60";
/// What leaves the terminal's other screen, and empties it first.
const LEAVE: &str = "\u{1b}[H\u{1b}[J\u{1b}[?1049l";
/// What empties the window and what lies above it.
const WIPE: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

fn furnish(house: &House) -> Person<'_> {
    let person = house.person("p");
    person.sanduq(&["init", "--lang", "en"]).good();
    person.sanduq(&["add", text(&house.write("a letter.txt", "an invented letter"))]).good();
    person
}

#[test]
fn several_commands_take_one_passphrase() {
    let house = House::new("shell");
    let person = furnish(&house);
    house.write("second one.txt", "another invented letter");
    house.write("safe.json", "{}");
    let mut shell = Shell::new(&person, LONG);
    assert!(shell.line("add 'second one.txt' --consent safe.json").contains("Kept, encrypted: one file"));
    assert!(shell.line("list").contains("second one.txt"));
    let shown = shell.line("sanduq show 2 --json");
    assert!(shown.contains("\"title\":\"second one.txt\""), "{shown}");
    assert!(shell.line("--lang fa list").contains("۲"));
    assert!(shell.line("  ").is_empty() || !shell.line("").contains("unknown"));
    assert!(shell.line("show 7").contains("There is no item"));
    let refused = shell.line("lsit");
    assert!(refused.contains("lsit") && refused.contains("sanduq list"), "{refused}");
    assert!(shell.line("help").contains("Ctrl-L"));
    assert_eq!(person.sanduq(&["list"]).bad().code, Some(6), "the shell has the vault");
    shell.enter("exit");
    assert_eq!(shell.code(), 0);
    person.sanduq(&["list"]).good();
}

#[test]
fn what_concerns_another_vault_is_refused() {
    let house = House::new("shell-other");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, LONG);
    for line in [
        "init",
        "tour",
        "shell",
        "--vault elsewhere list",
        "list --part 00",
        "list --passphrase-fd 3",
        "qr x.card",
        "scan x.png --to out",
    ] {
        assert!(shell.line(line).contains("not done inside the shell"), "{line}");
    }
    // Whoever typed there was not heard: no key locked, nor did idleness.
    for line in [
        "testify -",
        "consent 1 --consent -",
        "passphrase change --new-passphrase-fd 0",
        "prove x --challenge 1 --say y --phrase-fd=0",
    ] {
        assert!(shell.line(line).contains("not done inside the shell"), "{line}");
    }
    assert!(shell.line("add \"a letter.txt").contains("quotation mark"));
    shell.control('d');
    assert_eq!(shell.code(), 0);
}

#[test]
fn a_shell_needs_a_person() {
    let house = House::new("shell-alone");
    let person = furnish(&house);
    let refused = person.sanduq(&["shell"]).bad();
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr().contains("for a person at a terminal"), "{}", refused.stderr());
    assert_eq!(person.sanduq(&["shell", "--idle", "61"]).bad().code, Some(2));
}

#[test]
fn a_lock_empties_the_window_and_frees_the_vault() {
    let house = House::new("shell-lock");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, LONG);
    shell.line("show 1");
    shell.keys("extract 1 --to");
    shell.control('l');
    shell.expect(WIPE);
    shell.expect(LOCKED);
    person.sanduq(&["list"]).good();
    shell.answer("Passphrase:", "not the passphrase");
    shell.expect("opens nothing here");
    shell.unlock();
    assert!(!shell.line("list").contains("extract"), "what was being typed is gone");
    shell.enter("lock");
    shell.expect(WIPE);
    shell.answer("Passphrase:", "");
    assert_eq!(shell.code(), 0);
}

/// A place in the shell where a person is asked or shown something.
struct Place {
    name: &'static str,
    command: &'static str,
    /// What is seen on the way there, and what is typed then.
    way: &'static [(&'static str, &'static str)],
    /// What is seen there.
    seen: &'static str,
    /// It is on the terminal's other screen.
    aside: bool,
}

const PLACES: [Place; 14] = [
    Place { name: "a question", command: "remove 1", way: &[], seen: "(yes/no)", aside: false },
    Place {
        name: "an answer that is half typed",
        command: "remove 1",
        way: &[("(yes/no)", "perhaps")],
        seen: "Please type yes or no.",
        aside: false,
    },
    Place {
        name: "the 24 words",
        command: "key words",
        way: &[],
        seen: "To do it another time, type \"later\":",
        aside: true,
    },
    Place {
        name: "one of the 24 words",
        command: "key words",
        way: &[("To do it another time, type \"later\":", "")],
        seen: "Word ",
        aside: true,
    },
    Place {
        name: "a share",
        command: "key split --shares 3 --threshold 2",
        way: &[],
        seen: "Enter when it is on paper:",
        aside: true,
    },
    Place { name: "the passphrase", command: "rekey", way: &[], seen: "Passphrase:", aside: false },
    Place {
        name: "a new passphrase",
        command: "passphrase add",
        way: &[],
        seen: "New passphrase",
        aside: false,
    },
    Place {
        name: "the new passphrase again",
        command: "passphrase add",
        way: &[("New passphrase", "an invented lantern under eleven stairs")],
        seen: "The same again:",
        aside: false,
    },
    Place {
        name: "a passphrase that is weak",
        command: "passphrase add",
        way: &[("New passphrase", "hello")],
        seen: "Use it all the same?",
        aside: false,
    },
    Place {
        name: "a passphrase that was drawn",
        command: "passphrase add",
        way: &[("New passphrase", "")],
        seen: "The same again:",
        aside: true,
    },
    Place {
        name: "the phrase of a proof",
        command: "seal 1 --to Archive-of-Examples --proof",
        way: &[("Seal this item", "yes")],
        seen: "When they are on paper, press Enter:",
        aside: true,
    },
    Place {
        name: "a word of the phrase",
        command: "seal 1 --to Archive-of-Examples --proof",
        way: &[("Seal this item", "yes"), ("When they are on paper, press Enter:", "")],
        seen: "Word ",
        aside: true,
    },
    Place {
        name: "the terms of consent",
        command: "consent 1",
        way: &[("Change this?", "yes")],
        seen: "no to choose otherwise)",
        aside: true,
    },
    Place {
        name: "whom it names",
        command: "testify",
        way: &[("A title", ""), ("withheld from others", "an invented sentence"), ("\u{1b}[?2004l", ".")],
        seen: "Enter for nobody):",
        aside: true,
    },
];

/// The 24 words stood on the screen, somebody was at the door, and Ctrl-L did nothing.
#[test]
fn it_locks_wherever_a_person_is_asked_or_shown_something() {
    let house = House::new("shell-places");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnish(&house);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let mut shell = Shell::new(&person, LONG);
    for place in &PLACES {
        for key in ['l', 'z'] {
            println!("Ctrl-{key} at {}", place.name);
            shell.enter(place.command);
            place.way.iter().for_each(|(seen, typed)| shell.answer(seen, typed));
            shell.expect(place.seen);
            if place.name.contains("half typed") {
                shell.unseen("hal");
            }
            let pressed = Instant::now();
            shell.control(key);
            if place.aside {
                shell.expect(LEAVE);
            }
            shell.expect(WIPE);
            if key == 'z' {
                shell.stopped();
                shell.signal("-CONT");
            }
            shell.expect(LOCKED);
            assert!(pressed.elapsed() < Duration::from_secs(30), "idleness locked it, not the key");
            if key == 'l' {
                person.sanduq(&["list"]).good();
            }
            shell.unlock();
        }
    }
    let keys = shell.line("passphrase remove --others");
    assert!(keys.contains("One passphrase opens your part."), "none was added meanwhile: {keys}");
    assert!(shell.line("list").contains("a letter.txt"), "nothing was removed");
    shell.enter("exit");
    assert_eq!(shell.code(), 0);
}

/// She stopped the first question of all to do something else, and it was gone.
#[test]
fn the_first_passphrase_waits_for_whoever_stops_it() {
    let house = House::new("shell-first");
    let person = furnish(&house);
    let mut shell = Shell::locked(&person, LONG);
    for key in ['l', 'z'] {
        shell.expect("Passphrase:");
        shell.control(key);
        if key == 'z' {
            shell.stopped();
            shell.signal("-CONT");
        }
    }
    shell.unlock();
    assert!(shell.line("list").contains("a letter.txt"));
}

/// What was typed at a question and never sent was still in the terminal's line when the passphrase was asked for, and
/// became its beginning.
#[test]
fn what_was_half_typed_is_no_part_of_the_passphrase() {
    let house = House::new("shell-half");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, "2");
    shell.enter("remove 1");
    shell.expect("(yes/no)");
    shell.unseen("perha");
    shell.expect(LOCKED);
    shell.unlock();
}

/// The program was stopped from outside and gone on with later: nobody typed meanwhile, and no clock of its own ran.
#[test]
fn a_shell_that_was_stopped_for_long_is_locked_when_it_goes_on() {
    let house = House::new("shell-gap");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, LONG);
    shell.line("list");
    shell.signal("-STOP");
    shell.stopped();
    sleep(Duration::from_secs(31));
    shell.signal("-CONT");
    shell.expect(WIPE);
    shell.expect(LOCKED);
    shell.unlock();
}

/// The shell had been opened with one passphrase and the other was typed when a key file was made: it was said to be in use
/// already, and where new keys were made, hers was bound to a file that she had never needed.
#[test]
fn a_key_file_is_for_the_passphrase_that_was_typed_for_it() {
    const SECOND: &str = "the second of the invented passphrases";
    let house = House::new("shell-key-file");
    let person = furnish(&house);
    let both = format!("{}\n{SECOND}", person.passphrase);
    run(person.command(&["passphrase", "add", "--new-passphrase-fd", "3"]), Some(&both)).good();
    let mut shell = Shell::new(&person, LONG);
    shell.enter("key-file set stick.key");
    shell.answer("Passphrase:", SECOND);
    shell.answer("Make it? (yes/no)", "yes");
    let said = shell.expect(PROMPT);
    assert!(said.contains("stick.key") && said.contains("2 passphrases open your part."), "{said}");
    shell.enter("exit");
    assert_eq!(shell.code(), 0);
    person.sanduq(&["list"]).good();
    assert_eq!(run(person.command(&["list"]), Some(SECOND)).code, Some(3));
    run(person.command(&["--key-file", "stick.key", "list"]), Some(SECOND)).good();
}

/// She was slow, and the clock ran on while the vault was locked already: every few minutes the question began anew
/// and what she had typed of the passphrase was gone.
#[test]
fn idleness_locks_once() {
    let house = House::new("shell-idle");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, "2");
    shell.expect(LOCKED);
    sleep(Duration::from_secs(5));
    let passphrase = person.passphrase.clone();
    shell.answer("Passphrase:", &passphrase);
    assert!(!shell.expect(PROMPT).contains(LOCKED));
}

#[test]
fn a_testimony_is_kept_when_the_terminal_goes_away() {
    let house = House::new("shell-hangup");
    let person = furnish(&house);
    for signal in ["-TERM", "-HUP"] {
        let mut shell = Shell::new(&person, LONG);
        shell.enter("testify");
        let begun = signal == "-TERM";
        if begun {
            shell.answer("A title", "");
            shell.expect("withheld from others");
        } else {
            shell.answer("Go on with it?", "yes");
        }
        shell.expect("> ");
        shell.keys("and then the seventh door");
        shell.signal(signal);
        shell.expect(WIPE);
        assert_eq!(shell.code(), 0);
        assert_eq!(person.sanduq(&["status", "--json"]).good().json()["drafts"], 1);
    }
}

/// Ctrl-C in a question ends the command, not the shell.
#[test]
fn ctrl_c_stops_what_is_typed() {
    let house = House::new("shell-stop");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, LONG);
    shell.keys("lis");
    shell.control('c');
    shell.expect(PROMPT);
    shell.enter("remove 1");
    shell.expect("(yes/no)");
    shell.control('c');
    shell.expect("Stopped.");
    shell.expect(PROMPT);
    shell.enter("testify");
    shell.answer("A title", "");
    shell.expect("withheld from others");
    shell.keys("and then the seventh door");
    shell.control('c');
    assert!(shell.expect(PROMPT).contains("draft"), "it is kept");
    assert!(shell.line("list").contains("a letter.txt"));
}
