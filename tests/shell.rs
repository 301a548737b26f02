//! `sanduq shell`: one passphrase for several commands, and a lock that does not wait for anybody to think of it.
#![cfg(all(unix, feature = "test-kdf"))]

mod house;
mod terminal;

use house::{House, Person, text};
use terminal::{LOCKED, PROMPT, Shell};

/// Longer than the tests take between two keys; seconds, where the passphrase hashing has its floor for tests.
const LONG: &str = "60";
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
    for line in
        ["init", "tour", "shell", "--vault elsewhere list", "list --part 00", "list --passphrase-fd 3"]
    {
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

/// She was slow, and the clock ran on while the vault was locked already: every few minutes the question began anew
/// and what she had typed of the passphrase was gone.
#[test]
fn idleness_locks_once() {
    let house = House::new("shell-idle");
    let person = furnish(&house);
    let mut shell = Shell::new(&person, "2");
    shell.expect(LOCKED);
    std::thread::sleep(std::time::Duration::from_secs(5));
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
    assert!(shell.line("list").contains("a letter.txt"));
}
