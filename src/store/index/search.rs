//! Search: which items hold all of the words, whichever letter forms, diacritics, digits or half-spaces were
//! typed, here or there.
//!
//! Two forms of each text are kept: folded, which makes the other anew, and squeezed of all white space, in which every
//! word of the first stands as well. A word of three letters or more is looked up by its trigrams (SQLite FTS5), a shorter
//! one by reading through the texts. Words match anywhere, also within others. The newest items come first.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::{Index, signed, text};
use crate::evidence::search::{fold, squeezed};
use crate::store::error::{Part, StoreError};

/// More words than this in one query are refused: each costs a lookup.
const WORDS_MAX: usize = 32;
/// Letters in one trigram.
const TRIGRAM: usize = 3;

impl Index {
    /// Gives the numbers of at most `limit` items whose text holds every word of `query` to `take`, the newest first,
    /// only those below `before`; none for no words.
    ///
    /// As long as it runs the database is held for reading: whatever `take` looks up costs no lock of its own.
    pub fn search<E: From<StoreError>>(
        &self,
        query: &str,
        before: Option<u64>,
        limit: u64,
        mut take: impl FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().collect();
        if words.is_empty() {
            return Ok(());
        }
        if words.len() > WORDS_MAX {
            return Err(StoreError::Limit { what: "search", len: words.len() as u64 }.into());
        }
        let (long, short): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| word.chars().count() >= TRIGRAM);
        let (statement, mut values) = statement(&long, &short);
        // No number is greater than what the database can count.
        values.push(Value::Integer(before.and_then(|number| number.try_into().ok()).unwrap_or(i64::MAX)));
        values.push(Value::Integer(limit.try_into().unwrap_or(i64::MAX)));
        let mut statement = self.prepare(&statement)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            take(self.unsigned(row.get(0).map_err(|e| self.failure(e))?)?)?;
        }
        Ok(())
    }

    /// Gives key and value of every fact of kind `search` to `take`.
    pub(super) fn each_search(
        &self,
        mut take: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare("SELECT rowid, text FROM search ORDER BY rowid")?;
        let mut rows = statement.query([]).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            let number = self.unsigned(row.get(0).map_err(|e| self.failure(e))?)?;
            let value = row.get_ref(1).and_then(text).map_err(|e| self.failure(e))?;
            take(&number.to_be_bytes(), value.as_bytes())?;
        }
        Ok(())
    }

    /// Makes a fact of kind `search` true.
    pub(super) fn apply_search(&self, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        let damaged = || StoreError::Damaged { part: Part::Journal, path: self.path.clone() };
        let number = signed(u64::from_be_bytes(key.try_into().map_err(|_| damaged())?))?;
        let Some(value) = value else {
            return self.execute("DELETE FROM search WHERE rowid = ?1", [number]);
        };
        let text = std::str::from_utf8(value).map_err(|_| damaged())?;
        let statement = "INSERT OR REPLACE INTO search (rowid, text, squeezed) VALUES (?1, ?2, ?3)";
        self.execute(statement, rusqlite::params![number, text, squeezed(text)])
    }
}

/// The statement for these words, and the values of its parameters but the last two: below which number, and how many.
/// Only the number of words shapes the text.
fn statement(long: &[&str], short: &[&str]) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if !long.is_empty() {
        values.push(Value::Text(long.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" AND ")));
        conditions.push("search MATCH ?".to_owned());
    }
    for word in short {
        values.push(Value::Text((*word).to_owned()));
        conditions.push("instr(squeezed, ?) > 0".to_owned());
    }
    let mut statement = String::from("SELECT rowid FROM search WHERE ");
    statement.push_str(&conditions.join(" AND "));
    statement.push_str(" AND rowid < ? ORDER BY rowid DESC LIMIT ?");
    (statement, values)
}

/// A word as an FTS5 string, in which nothing is syntax.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    text.push_str(&word.replace('"', "\"\""));
    text.push('"');
    text
}
