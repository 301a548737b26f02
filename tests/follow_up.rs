//! A later bundle adds to an earlier one, corrects it, or withdraws consent for it, and both sides see it.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake"))]

mod house;

use std::fs;
use std::path::{Path, PathBuf};

use house::{House, NAME, Organisation, Person, all, text};
use serde_json::{Value, json};

/// Someone with three letters and an organisation whose card she has.
fn begin(house: &House) -> (Person<'_>, Organisation<'_>) {
    let organisation = Organisation::new(house, 1, 1);
    (contributor(&organisation, "amal"), organisation)
}

fn contributor<'h>(organisation: &Organisation<'h>, name: &str) -> Person<'h> {
    let person = organisation.house.person(name);
    person.sanduq(&["init"]).good();
    for letter in ["one", "two", "three"] {
        let path =
            organisation.house.write(&format!("{letter}.txt"), format!("an invented letter: {letter}"));
        person.sanduq(&["add", text(&path)]).good();
    }
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    person
}

/// Seals as these words say, and gives the bundle's id.
fn seal(person: &Person, words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().chain(["--to", NAME, "--json"]).collect();
    let outcome = person.sanduq(&words).good().json();
    let bundle = outcome["bundle"].as_str().or(outcome["bundles"][0].as_str());
    bundle.expect("a bundle was sealed").to_owned()
}

/// Carries everything that waits, and gives the file of this bundle.
fn carry(person: &Person, bundle: &str) -> PathBuf {
    let stick = person.house.folder(&format!("stick-{bundle}"));
    let exported = person.sanduq(&["export", text(&stick), "--json"]).good().json();
    let exported = exported["bundles"].as_array().unwrap().iter();
    let path = exported.filter(|one| one["bundle"] == bundle).map(|one| one["path"].as_str().unwrap()).next();
    PathBuf::from(path.expect("it was carried"))
}

fn open(officer: &Person, file: &Path) -> Value {
    officer.sanduq(&["open", text(file), "--json"]).good().json()
}

/// Title and state of every item, the oldest first.
fn states(officer: &Person) -> Vec<(String, String)> {
    let said = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    officer.list().iter().rev().map(|item| (said(item, "title"), said(item, "state"))).collect()
}

fn state(title: &str, state: &str) -> (String, String) {
    (title.to_owned(), state.to_owned())
}

/// She asked that her letter be used no more, and weeks later an officer who had not heard handed it to a journalist.
#[test]
fn what_is_withdrawn_is_shown_as_withdrawn_and_not_written_out() {
    let house = House::new("follow-withdraw");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    let (first, second) = (seal(&person, &["seal", "1"]), seal(&person, &["seal", "2"]));
    open(officer, &carry(&person, &first));
    open(officer, &carry(&person, &second));
    let out = house.folder("out");
    officer.sanduq(&["extract", "1", "--to", text(&out)]).good();

    let withdrawal = seal(&person, &["withdraw", &first]);
    let opened = open(officer, &carry(&person, &withdrawal));
    assert_eq!(opened["follows"], json!({ "act": "withdraw", "earlier": { "bundle": first } }));
    assert_eq!(opened["withdrawn"], json!([1]));
    let title = "Withdrawal of consent";
    let now = [state("one.txt", "withdrawn"), state("two.txt", "received"), state(title, "received")];
    assert_eq!(states(officer), now);
    let refused = officer.sanduq(&["extract", "1", "--to", text(&house.folder("again")), "--json"]).bad();
    assert_eq!(refused.code, Some(7), "{}", refused.stderr());
    assert!(refused.stderr().contains(&withdrawal), "{}", refused.stderr());
    assert!(fs::read_dir(house.path("again")).unwrap().next().is_none());
    officer.sanduq(&["extract", "2", "--to", text(&out)]).good();
    let shown = officer.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(shown["received"]["followed"], json!([{ "act": "withdraw", "bundle": withdrawal }]));
    let found = officer.sanduq(&["search", "one.txt", "--json"]).good().json();
    assert_eq!(found["items"][0]["state"], "withdrawn");

    // On her own side as well.
    let shown = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(shown["sealed_to"][0]["followed"], json!([{ "act": "withdraw", "bundle": withdrawal }]));
    let status = person.sanduq(&["status", "--json"]).good().json();
    let row = status["deliveries"].as_array().unwrap().iter().find(|row| row["bundle"] == withdrawal);
    assert_eq!(row.unwrap()["follows"], json!({ "act": "withdraw", "earlier": { "bundle": first } }));
    let said = person.sanduq(&["show", "4"]).good().stdout();
    assert!(said.contains("I withdraw my consent"), "{said}");
    assert!(said.contains("It withdraws consent for this earlier bundle:"), "{said}");
}

/// Two sticks took two roads, and the withdrawal came before what it withdrew.
#[test]
fn the_order_of_arrival_makes_no_difference() {
    let house = House::new("follow-order");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    let first = seal(&person, &["seal", "1"]);
    let withdrawal = seal(&person, &["withdraw", &first]);
    let before = open(officer, &carry(&person, &withdrawal));
    assert_eq!(before["follows"]["earlier"], json!({ "not-here": first }));
    assert_eq!(before["withdrawn"], Value::Null);
    let file = carry(&person, &first);
    assert_eq!(open(officer, &file)["withdrawn"], json!([2]));
    assert_eq!(states(officer)[1], state("one.txt", "withdrawn"));
    officer.sanduq(&["extract", "2", "--to", text(&house.folder("out"))]).bad();
    assert_eq!(open(officer, &file)["withdrawn"], json!([2]), "opened once more");
    let shown = officer.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(shown["received"]["follows"]["earlier"], json!({ "bundle": first }));
}

/// Somebody who had learned a bundle's id sent a withdrawal of what was not theirs.
#[test]
fn another_hand_withdraws_nothing() {
    let house = House::new("follow-hand");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    let stranger = contributor(&organisation, "stranger");
    let first = seal(&person, &["seal", "1"]);
    let early = seal(&stranger, &["withdraw", &first]);
    open(officer, &carry(&stranger, &early));
    open(officer, &carry(&person, &first));
    let all = seal(&stranger, &["withdraw", "--all"]);
    let late = seal(&stranger, &["withdraw", &first, "--direct"]);
    open(officer, &carry(&stranger, &all));
    let opened = open(officer, &carry(&stranger, &late));
    assert_eq!(opened["follows"]["earlier"], json!({ "other-hand": first }));
    assert_eq!(states(officer)[1], state("one.txt", "received"));
    officer.sanduq(&["extract", "2", "--to", text(&house.folder("out"))]).good();
    let shown = officer.sanduq(&["show", "1"]).good().stdout();
    assert!(shown.contains("That one is by another author, so this has no effect."), "{shown}");
}

/// All of it, also what was under way, and what she sends later by mistake.
#[test]
fn a_withdrawal_of_all_holds_for_every_bundle_but_itself() {
    let house = House::new("follow-all");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    let first = seal(&person, &["seal", "1"]);
    let words = house.write("words.txt", "An invented reason.");
    let withdrawal = seal(&person, &["withdraw", "--all", "--message", text(&words)]);
    let later = seal(&person, &["seal", "2"]);
    open(officer, &carry(&person, &later));
    open(officer, &carry(&person, &first));
    assert_eq!(open(officer, &carry(&person, &withdrawal))["withdrawn"], json!([1, 2]));
    let title = "Withdrawal of consent";
    let now = [state("two.txt", "withdrawn"), state("one.txt", "withdrawn"), state(title, "received")];
    assert_eq!(states(officer), now);
    let out = house.folder("out");
    officer.sanduq(&["extract", "3", "--to", text(&out)]).good();
    let said = all(&out, "txt").iter().map(|path| fs::read_to_string(path).unwrap()).collect::<String>();
    assert_eq!(said.trim_end(), "An invented reason.");
    let shown = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(shown["sealed_to"][0]["followed"], json!([{ "act": "withdraw", "bundle": withdrawal }]));
}

/// An addition and a correction say what they belong to, on both sides, and nothing outside does.
#[test]
fn an_addition_and_a_correction_are_shown_on_both_sides_and_nowhere_else() {
    let house = House::new("follow-add");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    let first = seal(&person, &["seal", "1"]);
    let added = seal(&person, &["seal", "2", "--adds", &first]);
    let direct = house.write("direct.txt", "an invented correction");
    let corrected = {
        let words = ["seal", "--direct", text(&direct), "--corrects", &first];
        seal(&person, &words)
    };
    let files = [&first, &added, &corrected].map(|bundle| carry(&person, bundle));
    let raw: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&first[2 * at..2 * at + 2], 16).unwrap()).collect();
    for file in &files[1..] {
        let bytes = fs::read(file).unwrap();
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!has(first.as_bytes()) && !has(&raw), "the outside names the earlier bundle");
    }
    files.iter().for_each(|file| drop(open(officer, file)));
    assert!(states(officer).iter().all(|(_, state)| state == "received"));
    let followed = json!([{ "act": "add", "bundle": added }, { "act": "correct", "bundle": corrected }]);
    let sorted = |shown: &Value| {
        let mut views = shown.as_array().unwrap().clone();
        views.sort_by_key(|view| view["act"].as_str().unwrap().to_owned());
        Value::Array(views)
    };
    let theirs = officer.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(sorted(&theirs["received"]["followed"]), followed);
    let hers = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(sorted(&hers["sealed_to"][0]["followed"]), followed);
    let shown = officer.sanduq(&["show", "2"]).good().stdout();
    assert!(shown.contains("It adds to this earlier bundle:") && shown.contains(&first), "{shown}");
}

/// A forgotten bundle came back into the vault by its id, in the row of the bundle that withdrew it.
#[test]
fn what_is_forgotten_is_not_named_by_what_follows_it() {
    let house = House::new("follow-forget");
    let (person, organisation) = begin(&house);
    let first = seal(&person, &["seal", "1"]);
    let receipts = organisation.accept(&carry(&person, &first), "receipts");
    person.sanduq(&["receipt", "add", text(&receipts)]).good();
    let added = seal(&person, &["seal", "2", "--adds", &first]);
    person.sanduq(&["forget", "1", "--yes"]).good();
    let unknown = person.sanduq(&["withdraw", &first, "--to", NAME]).good();
    assert!(unknown.stderr().contains("does not know this bundle"), "{}", unknown.stderr());
    let status = person.sanduq(&["status", "--json"]).good();
    assert!(!status.stdout().contains(&first), "{}", status.stdout());
    let status = status.json();
    let rows = status["deliveries"].as_array().unwrap();
    let follows = |row: &Value| row["follows"]["earlier"].as_str().map(str::to_owned);
    assert_eq!(rows.iter().map(follows).collect::<Vec<_>>(), vec![Some("forgotten".to_owned()); 2]);
    assert!(rows.iter().any(|row| row["bundle"] == added));
    // The organisation knows which one is meant.
    let officer = &organisation.officers[0];
    open(officer, &carry(&person, &added));
    let shown = officer.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(shown["received"]["follows"]["earlier"], json!({ "not-here": first }));
}

/// Nothing is kept of a withdrawal that is sealed directly.
#[test]
fn a_withdrawal_can_leave_nothing_behind() {
    let house = House::new("follow-direct");
    let (person, _organisation) = begin(&house);
    let first = seal(&person, &["seal", "1"]);
    seal(&person, &["withdraw", &first, "--direct"]);
    assert_eq!(person.list().len(), 3);
}

/// A withdrawal of a bundle whose id is all zeros counted as one of everything, and nobody was shown that it was.
#[test]
fn a_bundle_of_zeros_is_not_all_of_them() {
    let house = House::new("follow-zeros");
    let (person, organisation) = begin(&house);
    let officer = &organisation.officers[0];
    open(officer, &carry(&person, &seal(&person, &["seal", "1"])));
    let withdrawal = seal(&person, &["withdraw", &"0".repeat(64)]);
    open(officer, &carry(&person, &withdrawal));
    assert_eq!(states(officer)[0], state("one.txt", "received"));
}

#[test]
fn what_no_follow_up_can_mean_is_refused() {
    let house = House::new("follow-bad");
    let (person, organisation) = begin(&house);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", "another"]).good();
    let first = seal(&person, &["seal", "1"]);
    let code = |words: &[&str]| person.sanduq(words).bad().code;
    assert_eq!(code(&["withdraw", &first, "--to", "another"]), Some(7));
    assert_eq!(code(&["seal", "2", "--adds", &first, "--to", "another"]), Some(7));
    assert_eq!(code(&["withdraw", &first[1..], "--to", NAME]), Some(2));
    assert_eq!(code(&["withdraw", "--to", NAME]), Some(2));
    assert_eq!(code(&["withdraw", &first, "--all", "--to", NAME]), Some(2));
    assert_eq!(code(&["seal", "2", "--adds", &first, "--corrects", &first, "--to", NAME]), Some(2));
    assert_eq!(code(&["withdraw", &first, "--to", "nobody"]), Some(5));
    let status = person.sanduq(&["status", "--json"]).good().json();
    assert_eq!(status["deliveries"].as_array().unwrap().len(), 1);
}
