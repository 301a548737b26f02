//! How the database goes about each statement: by a key, and through a whole table only where that is the task.
//!
//! In tests [`Index::prepare`](super::Index) has every statement looked at before it is run, so whatever a test of this
//! crate runs is held to it. That none is forgotten is seen from the sources: what stands there as SQL must be among what
//! one round of all calls runs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::{Connection, StatementStatus, params};

use super::listed::INDEX;
use super::{INDEX_FILE, Index, SEARCH_KIND};
use crate::crypto::Secret;
use crate::crypto::keyslot::IndexKey;
use crate::store::error::StoreError;

/// What reads a whole table, by how it begins, and why it must.
const MAY_SCAN: [(&str, &str); 3] = [
    (
        "SELECT kind, key, value FROM rows ORDER BY",
        "everything is written anew, or compared with the journal",
    ),
    ("SELECT rowid, text FROM search ORDER BY", "the same, for what is searched"),
    ("SELECT rowid FROM search WHERE instr", "no word has three letters, so there is no trigram to look up"),
];
/// With what a statement begins that reads or changes rows.
const VERBS: [&str; 6] = ["SELECT", "INSERT", "DELETE", "UPDATE", "REPLACE", "WITH"];

thread_local! {
    static SEEN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Fails where a statement goes through more than it asks for.
pub(super) fn look_at(connection: &Connection, statement: &str) {
    let known = SEEN.with_borrow(|seen| seen.contains(&on_one_line(statement)));
    if known || !is_of_rows(statement) {
        return;
    }
    // A file that is no index explains nothing; what is prepared next fails on it as well.
    let Ok(plan) = plan(connection, statement) else { return };
    assert!(may_scan(statement) || !scans(statement, &plan), "{statement}\n{plan:#?}");
    SEEN.with_borrow_mut(|seen| seen.insert(on_one_line(statement)));
}

fn plan(connection: &Connection, statement: &str) -> rusqlite::Result<Vec<String>> {
    let mut explained = connection.prepare(&["EXPLAIN QUERY PLAN ", statement].concat())?;
    explained.raw_query().mapped(|row| row.get("detail")).collect()
}

/// Whether a step goes through a table, sorts what it found, has keys to look for and does not look for them, or reads
/// rows although it names the index that is to be enough.
fn scans(statement: &str, plan: &[String]) -> bool {
    let asks_for_keys = ["key = ?", "key < ?", "key >= ?"].iter().any(|term| statement.contains(term));
    plan.iter().any(|step| match step.split_once(" VIRTUAL TABLE INDEX ") {
        // FTS5 says what it was given: a rowid (`=`) or words (`M`).
        Some((_, given)) => !given.contains(['=', 'M']),
        None if step.starts_with("SEARCH") => {
            let (by_key, enough) = (step.contains("(kind=? AND key"), step.contains(" COVERING "));
            asks_for_keys && !by_key || statement.contains("INDEXED BY") && !enough
        }
        None => true,
    })
}

fn may_scan(statement: &str) -> bool {
    MAY_SCAN.iter().any(|(begin, _)| on_one_line(statement).starts_with(begin))
}

fn is_of_rows(statement: &str) -> bool {
    VERBS.iter().any(|verb| statement.trim_start().starts_with(verb))
}

fn on_one_line(statement: &str) -> String {
    statement.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs everything that an index can be asked for.
fn round(dir: &Path) {
    let index = Index::create(&dir.join(INDEX_FILE), &IndexKey::from_secret(&Secret::new([1; 32]))).unwrap();
    index.begin().unwrap();
    for (kind, key) in [("note", &b"1"[..]), (SEARCH_KIND, &1u64.to_be_bytes())] {
        index.apply(kind, key, Some(b"an invented text")).unwrap();
        index.apply(kind, key, None).unwrap();
    }
    index.set_journal_extent(index.journal_extent().unwrap()).unwrap();
    index.commit().unwrap();
    index.with_row("note", b"1", |_| Ok(())).unwrap();
    for prefix in [&b""[..], b"1"] {
        index.each("note", prefix, |_| Ok(())).unwrap();
    }
    for before in [None, Some(&b"1"[..])] {
        index.page("note", before, 1, |_| Ok(())).unwrap();
    }
    index.listed(None, 1, |_| Ok::<_, StoreError>(())).unwrap();
    index.with_listed(1, |_| Ok(())).unwrap();
    index.each_fact(|_, _, _| Ok(())).unwrap();
    index.count("note").unwrap();
    for words in ["invented", "an", "an invented text"] {
        index.search(words, None, 1, |_| Ok::<_, StoreError>(())).unwrap();
    }
    index.check().unwrap();
}

/// The statements of the sources beside this one, each on one line.
fn written() -> BTreeSet<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/index");
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let sources = files.filter(|path| !path.to_str().unwrap().ends_with("_tests.rs"));
    let texts: Vec<String> = sources.map(|path| fs::read_to_string(path).unwrap()).collect();
    let pieces = texts.iter().flat_map(|text| text.split('"'));
    // Of a list only the verb stands there, before what is computed.
    pieces.filter(|piece| is_of_rows(piece)).map(on_one_line).collect()
}

#[test]
fn every_statement_was_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    round(dir.path());
    let seen = SEEN.with_borrow(BTreeSet::clone);
    let written = written();
    assert!(written.len() > 10, "{written:#?}");
    for statement in &written {
        // Of a search what it begins with stands there.
        assert!(seen.iter().any(|seen| seen.starts_with(statement)), "never run in a round: {statement}");
    }
    for (begin, why) in MAY_SCAN {
        assert!(
            seen.iter().any(|seen| seen.starts_with(begin)),
            "there is no such statement: {begin} ({why})"
        );
    }
}

/// To open some hundred texts SQLite planned one statement ten thousand times: its range was another each time.
#[test]
fn a_range_is_planned_once_whatever_its_ends() {
    let dir = tempfile::tempdir().unwrap();
    let index =
        Index::create(&dir.path().join(INDEX_FILE), &IndexKey::from_secret(&Secret::new([1; 32]))).unwrap();
    let text = "SELECT value FROM rows WHERE kind = ?1 AND key >= ?2 AND key < ?3 ORDER BY key";
    let mut statement = index.connection.prepare(text).unwrap();
    for end in 1..9_u8 {
        assert!(
            statement
                .query(params!["note", [0_u8].as_slice(), [end].as_slice()])
                .unwrap()
                .next()
                .unwrap()
                .is_none()
        );
    }
    assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
}

#[test]
fn a_walk_through_a_table_is_seen() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(super::TABLES).unwrap();
    connection.execute_batch(INDEX).unwrap();
    let scans = |statement| scans(statement, &plan(&connection, statement).unwrap());
    for (name, statement) in [
        ("by the value", "SELECT key FROM rows WHERE value = ?1"),
        ("the key alone", "SELECT value FROM rows WHERE key = ?1"),
        ("a key that may be none", "SELECT value FROM rows WHERE kind = ?1 AND (?2 IS NULL OR key < ?2)"),
        ("sorted", "SELECT value FROM rows WHERE kind = ?1 ORDER BY value"),
        ("texts", "SELECT rowid FROM search WHERE text = ?1"),
        ("rows, for a list", "SELECT value FROM rows INDEXED BY listed WHERE kind = 'item' AND key < ?1"),
    ] {
        assert!(scans(statement), "{name}");
    }
    for (name, statement) in [
        ("a row", "SELECT value FROM rows WHERE kind = ?1 AND key = ?2"),
        ("a word", "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC"),
        (
            "the newest of a list",
            "SELECT key FROM rows INDEXED BY listed WHERE kind = 'item' ORDER BY key DESC",
        ),
        ("a text", "DELETE FROM search WHERE rowid = ?1"),
    ] {
        assert!(!scans(statement), "{name}");
    }
}
