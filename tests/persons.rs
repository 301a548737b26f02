//! What is said about a third person is its own unit: asked for at the terminal, marked wherever it stands.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake"))]

mod house;

use std::fs;
use std::process::Command;

use house::{House, NAME, Organisation, Person, only, text};
use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};

/// Milliseconds to wait for what should appear: a busy machine takes its time.
const PATIENCE: u64 = 60_000;
/// Leaves the terminal's other screen, and all that stood on it.
const LEAVE: &str = "\u{1b}[?1049l";

fn unlock(person: &Person, args: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq"));
    command.args(["--lang", "en", "--vault", text(&person.vault)]).args(args);
    command.current_dir(&person.house.dir).env_clear().env("HOME", person.house.path("home"));
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    let mut session = spawn_command(command, Some(PATIENCE)).expect("a pty");
    answer(&mut session, "Passphrase:", &person.passphrase);
    session
}

fn expect(session: &mut PtySession, needle: &str) {
    session.exp_string(needle).unwrap_or_else(|error| panic!("waiting for {needle:?}: {error}"));
}

fn answer(session: &mut PtySession, question: &str, typed: &str) {
    expect(session, question);
    session.send_line(typed).expect("the terminal takes it");
}

/// What is still printed, one character a byte, after a command that ends well.
fn rest(mut session: PtySession) -> String {
    let rest = session.exp_eof().expect("it ends");
    match session.process().wait().expect("it ends") {
        rexpect::process::WaitStatus::Exited(_, 0) => rest,
        other => panic!("{other:?}: {rest}"),
    }
}

fn shown(person: &Person, item: &str) -> Value {
    person.sanduq(&["show", item, "--json"]).good().json()
}

/// She named her neighbour nine times and marked him eight times, and the ninth was published.
#[test]
fn a_name_that_is_given_is_marked_wherever_it_stands() {
    let house = House::new("persons");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    answer(&mut session, "> ", "ديروز علي‌ رضایی را بردند، و Golnar saw it. GOLNAR wept.");
    answer(&mut session, "> ", ".");
    answer(&mut session, "Names, with commas", "علی رضایی، golnar , ,Golnar");
    expect(&mut session, LEAVE);
    answer(&mut session, "Keep it so?", "");
    let rest = rest(session);
    assert!(!rest.to_lowercase().contains("golnar"), "{rest}");

    let kept = shown(&person, "1");
    assert_eq!(kept["persons"], json!(["علی رضایی", "golnar"]));
    let marked = "ديروز [[علي‌ رضایی]] را بردند، و [[Golnar]] saw it. [[GOLNAR]] wept.";
    assert_eq!(kept["account"], marked);
    let out = house.folder("out");
    person.sanduq(&["extract", "1", "--to", text(&out)]).good();
    let plain = fs::read_to_string(only(&out, "txt")).unwrap();
    assert_eq!(plain.trim_end(), "ديروز علي‌ رضایی را بردند، و Golnar saw it. GOLNAR wept.");

    // What is written anew is marked as well, for it was said whom it names.
    let mut session = unlock(&person, &["edit", "1"]);
    answer(&mut session, "The title:", "");
    answer(&mut session, "wept.", " So did golnar.");
    answer(&mut session, "> ", ".");
    self::rest(session);
    assert!(shown(&person, "1")["account"].as_str().unwrap().ends_with("So did [[golnar]]."));

    // Each is a unit of its own where it arrives.
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&only(&stick, "bundle"))]).good();
    let received = shown(officer, "1");
    assert_eq!(received["persons"], json!(["علی رضایی", "golnar"]));
    assert_eq!(received["account"], shown(&person, "1")["account"]);
}

/// Nobody is named where Enter is pressed, nor where nobody can be asked.
/// A testimony without a title got its first words as one, and the name of whom it was to protect stood in them.
#[test]
fn a_title_made_of_the_account_does_not_carry_the_name() {
    use sanduq::format::time::Time;
    use sanduq::vault::{TestimonyText, Vault};
    let house = House::new("persons-title");
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let passphrase = sanduq::crypto::Passphrase::from(person.passphrase.as_str());
    let mut vault = Vault::unlock(&person.vault, None, &passphrase).unwrap();
    let now: Time = "2026-03-01T10:00:00Z".parse().unwrap();
    let account = || "They took Ahmad Invented away.\nI saw Ahmad Invented.".to_owned();
    let names = ["Ahmad Invented".to_owned()];
    let draft = vault.draft_begin(None, now).unwrap();
    vault.draft_save(&draft, None, &[account()], now).unwrap();
    let kept = vault.draft_finish(&draft, now).unwrap();
    let named = vault.name_persons(kept.item, &names, now).unwrap();
    assert_eq!(named.title, "They took … away.");
    let text = TestimonyText { title: None, account: account() };
    assert_eq!(vault.edit_testimony(kept.item, text, now).unwrap().title, "They took … away.");
    // A title that was given stays as it was given.
    let text = TestimonyText { title: Some("Ahmad Invented".into()), account: account() };
    assert_eq!(vault.edit_testimony(kept.item, text, now).unwrap().title, "Ahmad Invented");
    assert_eq!(vault.name_persons(kept.item, &names, now).unwrap().title, "Ahmad Invented");
    drop(vault);
}

#[test]
fn nobody_is_named_unless_somebody_says_so() {
    let house = House::new("persons-none");
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    answer(&mut session, "> ", "An invented Golnar.");
    answer(&mut session, "> ", ".");
    answer(&mut session, "Names, with commas", " , ");
    answer(&mut session, "Keep it so?", "");
    rest(session);
    person.sanduq(&["testify", text(&house.write("told.txt", "An invented Golnar."))]).good();
    for item in ["1", "2"] {
        let kept = shown(&person, item);
        assert_eq!((&kept["persons"], &kept["account"]), (&json!([]), &json!("An invented Golnar.")));
    }
}

/// What is sealed directly is cut in the same way.
#[test]
fn a_testimony_that_is_never_kept_is_marked_too() {
    let house = House::new("persons-direct");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let mut session = unlock(&person, &["testify", "--title", "t", "--direct", "--to", NAME]);
    answer(&mut session, "and keep nothing?", "yes");
    answer(&mut session, "> ", "An invented Golnar.");
    answer(&mut session, "> ", ".");
    answer(&mut session, "Names, with commas", "Golnar");
    answer(&mut session, "Keep it so?", "");
    rest(session);
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&only(&stick, "bundle"))]).good();
    let received = shown(officer, "1");
    assert_eq!(received["account"], "An invented [[Golnar]].");
    assert_eq!(received["persons"], json!(["Golnar"]));
}
