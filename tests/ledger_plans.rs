//! How SQLite answers each question that the ledger asks: by a key or an index, and not by reading a table from end to
//! end. A ledger grows for years, and what is asked for one bundle must cost no more then than on the first day.
//!
//! The questions are found where they stand: every text in `src/intake/ledger/` that is a statement is explained, on a
//! ledger as `init` makes it. So a new one is explained too, and where it has to read all of something it is named below,
//! with the reason.
#![cfg(feature = "intake")]

mod desk;

use std::fs;
use std::path::Path;

use desk::Organisation;

/// What SQLite says of a plan that takes longer the more there is.
const GROWING: [&str; 2] = ["SCAN", "TEMP B-TREE"];

/// How a statement begins, but for those that make tables.
const VERBS: [&str; 7] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "PRAGMA"];

/// The statements that read a table from end to end. None is asked for a bundle.
const READ_ALL: [(&str, &str); 5] = [
    ("SELECT line FROM officers ORDER BY place", "it wants them all: as many as a card has, at most 16"),
    (
        "SELECT serial, digest, leaf, fingerprint FROM cards WHERE digest = ?",
        "asked for a card that comes by hand; an organisation has one or two a year",
    ),
    (
        "SELECT name, added FROM letters WHERE open = 1 ORDER BY number DESC LIMIT ?",
        "it wants all that are open, asked once for each medium",
    ),
    (
        "SELECT DISTINCT size FROM cosignatures ORDER BY size DESC",
        "asked once for each medium; a head is cosigned when somebody carries it to the witnesses",
    ),
    ("SELECT size FROM asked ORDER BY size DESC", "asked for a witness's answer, as often as one was asked"),
];

#[test]
fn no_question_about_a_bundle_reads_a_whole_table() {
    let statements = statements();
    assert!(statements.len() > 30, "{} statements were found", statements.len());
    let org = Organisation::founded(1, 1);
    let ledger = rusqlite::Connection::open(org.root().join("ledger.sqlite")).unwrap();
    let mut found: Vec<String> = Vec::new();
    for statement in &statements {
        let plan = plan(&ledger, statement);
        let grows = GROWING.iter().any(|word| plan.contains(word));
        let named = READ_ALL.iter().any(|(known, _)| known == statement);
        match (grows, named) {
            (true, false) => found.push(format!("reads all, and is not named: {statement}\n{plan}")),
            (false, true) => found.push(format!("is named, and does not read all: {statement}\n{plan}")),
            _ => {}
        }
    }
    found.extend(
        READ_ALL
            .iter()
            .filter(|(known, _)| !statements.iter().any(|statement| statement == known))
            .map(|(known, _)| format!("is named, and nobody asks it: {known}")),
    );
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn statements_are_told_from_other_texts() {
    let source = r#"
        // "SELECT a comment"
        let asked = "SELECT size FROM witnesses WHERE name = ?";
        let broken = "INSERT INTO sets (id) VALUES (?)
                      ON CONFLICT DO NOTHING";
        let other = "selection of \"SELECT 1\""; let other = 'x'; let other = "Selected by";
        t.execute("delete FROM letters", [])
    "#;
    let expected = [
        "SELECT size FROM witnesses WHERE name = ?",
        "INSERT INTO sets (id) VALUES (?) ON CONFLICT DO NOTHING",
        "delete FROM letters",
    ];
    assert_eq!(statements_in(source), expected);
}

/// Every statement of the ledger.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/ledger");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|path| statements_in(&fs::read_to_string(path).unwrap())).collect()
}

/// The texts in a source that are statements, each on one line. The ledger has no raw strings, and no quotation mark
/// between single ones.
fn statements_in(source: &str) -> Vec<String> {
    let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).fold(
        String::new(),
        |mut code, line| {
            code.push_str(line);
            code.push('\n');
            code
        },
    );
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(begin) = rest.find('"') {
        let text = &rest[begin + 1..];
        let mut escaped = false;
        let end = text.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.expect("a text ends");
        let words: Vec<&str> = text[..end].split_whitespace().collect();
        let is_statement = words.len() > 1 && VERBS.iter().any(|verb| words[0].eq_ignore_ascii_case(verb));
        found.extend(is_statement.then(|| words.join(" ")));
        rest = &text[end + 1..];
    }
    found
}

fn plan(ledger: &rusqlite::Connection, statement: &str) -> String {
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let mut prepared = ledger.prepare(&explain).unwrap_or_else(|error| panic!("{statement}: {error}"));
    let steps = prepared.raw_query().mapped(|row| row.get::<_, String>(3));
    steps.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
}
