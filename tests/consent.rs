//! Under which terms evidence travels: asked for in plain language, safe by default, and the same on the other side.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use house::{House, NAME, Organisation, Person, only, text};
use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};

fn begin(house: &House) -> (Person<'_>, Organisation<'_>) {
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let organisation = Organisation::new(house, 1, 1);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    (person, organisation)
}

fn consent(person: &Person, item: &str) -> Value {
    person.sanduq(&["consent", item, "--json"]).good().json()
}

/// What the officer sees of the only item, after she opened the bundle.
fn received(person: &Person, organisation: &Organisation) -> Value {
    let stick = person.house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&only(&stick, "bundle"))]).good();
    consent(officer, "1")
}

/// Types at a terminal: waits for each text and answers it.
fn typed(person: &Person, args: &[&str], dialogue: &[(&str, &str)]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sanduq"));
    command.arg("--vault").arg(&person.vault).args(["--lang", "en"]).args(args);
    command.env_clear().env("TERM", "xterm").env("LC_ALL", "C.UTF-8").current_dir(&person.house.dir);
    let mut session: PtySession = spawn_command(command, Some(60_000)).expect("a pty");
    session.exp_string("Passphrase:").expect("asked");
    session.send_line(&person.passphrase).expect("typed");
    for (question, answer) in dialogue {
        session.exp_string(question).unwrap_or_else(|error| panic!("{question}: {error}"));
        session.send_line(answer).expect("typed");
    }
    session.exp_eof().expect("it ends")
}

#[test]
fn enter_takes_what_is_safe() {
    let house = House::new("consent-safe");
    let (person, organisation) = begin(&house);
    let letter = house.write("letter.txt", "an invented letter");
    typed(&person, &["add", text(&letter)], &[("Keep it so?", "")]);
    let safe = json!({ "share": "organisation", "name": "never", "not-before": null, "contact": false });
    assert_eq!(consent(&person, "1"), json!({ "terms": safe, "pseudonym": null, "words": null }));
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    assert_eq!(received(&person, &organisation)["terms"], safe);
}

#[test]
fn every_choice_reaches_the_other_side() {
    let house = House::new("consent-chosen");
    let (person, organisation) = begin(&house);
    let letter = house.write("letter.txt", "an invented letter");
    let kept = typed(
        &person,
        &["add", text(&letter)],
        &[
            ("Keep it so?", "no"),
            ("Who may read it?", "seven"),
            ("Please type 1, 2 or 3.", "3"),
            ("May your name be used?", "2"),
            ("Which name?", "Reed"),
            ("Not to be published before", "2031-02-30"),
            ("A day is written as", "2031-05-01"),
            ("turn to you with questions?", "yes"),
            ("in your own words", "Ask me \"first\"."),
        ],
    );
    assert!(kept.contains("Kept, encrypted: one file"), "{kept}");
    let chosen = json!({
        "terms": { "share": "public", "name": "pseudonym", "not-before": "2031-05-01", "contact": true },
        "pseudonym": "Reed",
        "words": "Ask me \"first\"."
    });
    assert_eq!(consent(&person, "1"), chosen);
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    assert_eq!(received(&person, &organisation), chosen);
    let shown = organisation.officers[0].sanduq(&["--lang", "en", "show", "1"]).good().stdout();
    for said in
        ["Everyone may read it", "a name chosen for it", "Reed", "not to be published before", "Ask me"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let persian = organisation.officers[0].sanduq(&["--lang", "fa", "show", "1"]).good().stdout();
    assert!(persian.contains("همه می‌توانند بخوانند") && persian.contains("۱۴۱۰"), "{persian}");
}

#[test]
fn a_file_says_what_differs_and_a_wrong_one_changes_nothing() {
    let house = House::new("consent-file");
    let (person, _) = begin(&house);
    let letter = house.write("letter.txt", "an invented letter");
    let court = house.write(
        "court.json",
        r#"{"terms":{"share":"court","name":"named","not-before":null,"contact":false}}"#,
    );
    person.sanduq(&["add", text(&letter), "--consent", text(&court)]).good();
    let held = consent(&person, "1");
    assert_eq!(held["terms"]["share"], "court");
    let words = "x".repeat(20_000);
    for (name, wrong) in [
        ("empty", String::new()),
        ("unknown", r#"{"terms":{"share":"press","name":"never","not-before":null,"contact":false}}"#.into()),
        ("more", r#"{"more":1}"#.into()),
        ("pseudonym", r#"{"pseudonym":"Reed"}"#.into()),
        ("long", format!(r#"{{"words":"{words}"}}"#)),
        ("endless", " ".repeat(1 << 20)),
    ] {
        let file = house.write(&format!("{name}.json"), wrong);
        let refused = person.sanduq(&["consent", "1", "--consent", text(&file)]).bad();
        assert_eq!(refused.code, Some(4), "{name}: {}", refused.stderr());
        assert_eq!(consent(&person, "1"), held, "{name}");
    }
    // What is sealed already keeps its terms; the next bundle travels under the new ones.
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let safe = house.write("safe.json", "{}");
    let changed = person.sanduq(&["--lang", "en", "consent", "1", "--consent", text(&safe)]).good().stdout();
    assert!(changed.contains("What was sealed before went out under the terms it had then"), "{changed}");
    assert_eq!(consent(&person, "1")["terms"]["share"], "organisation");
}

#[test]
fn what_is_sealed_directly_has_terms_as_well() {
    let house = House::new("consent-direct");
    let (person, organisation) = begin(&house);
    let letter = house.write("letter.txt", "an invented letter");
    let court = house.write(
        "court.json",
        r#"{"terms":{"share":"court","name":"never","not-before":null,"contact":true},"words":"Be careful."}"#,
    );
    let direct = ["seal", "--direct", text(&letter), "--to", NAME, "--consent", text(&court)];
    person.sanduq(&direct).good();
    let seen = received(&person, &organisation);
    assert_eq!((&seen["terms"]["share"], &seen["words"]), (&json!("court"), &json!("Be careful.")));
}
