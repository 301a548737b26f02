//! Search: which items hold all of the words, whichever letter forms, diacritics, digits or half-spaces were
//! typed, here or there.
//!
//! Two forms of each text are kept: folded, and squeezed of all white space. A word of three letters or more is
//! looked up by its trigrams (SQLite FTS5), a shorter one by reading through the texts. Words match anywhere,
//! also within others. The newest items come first.

use rusqlite::params_from_iter;

use super::{Index, signed, text};
use crate::evidence::search::{fold, squeezed};
use crate::store::error::{Part, StoreError};

/// More words than this in one query are refused: each costs a lookup.
const WORDS_MAX: usize = 32;
/// Letters in one trigram.
const TRIGRAM: usize = 3;

impl Index {
    /// The numbers of the items whose text holds every word of `query`, newest first; none for no words.
    pub fn search(&self, query: &str) -> Result<Vec<u64>, StoreError> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        if words.len() > WORDS_MAX {
            return Err(StoreError::Limit { what: "search", len: words.len() as u64 });
        }
        let (long, short): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| word.chars().count() >= TRIGRAM);
        let (statement, values) = statement(&long, &short);
        let mut statement = self.prepare(&statement)?;
        let found: Vec<i64> = statement
            .query_map(params_from_iter(values), |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(|e| self.failure(e))?;
        found.into_iter().map(|number| self.unsigned(number)).collect()
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
        self.execute("DELETE FROM search WHERE rowid = ?1", [number])?;
        let Some(value) = value else { return Ok(()) };
        let text = std::str::from_utf8(value).map_err(|_| damaged())?;
        let statement = "INSERT INTO search (rowid, text, squeezed) VALUES (?1, ?2, ?3)";
        self.execute(statement, rusqlite::params![number, text, squeezed(text)])
    }
}

/// The statement for these words, and the values of its parameters. Only the number of words shapes the text.
fn statement(long: &[&str], short: &[&str]) -> (String, Vec<String>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if !long.is_empty() {
        values.push(long.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" AND "));
        conditions.push("search MATCH ?".to_owned());
    }
    for word in short {
        values.push((*word).to_owned());
        values.push((*word).to_owned());
        conditions.push("(instr(text, ?) > 0 OR instr(squeezed, ?) > 0)".to_owned());
    }
    let mut statement = String::from("SELECT rowid FROM search WHERE ");
    statement.push_str(&conditions.join(" AND "));
    statement.push_str(" ORDER BY rowid DESC");
    (statement, values)
}

/// A word as an FTS5 string, in which nothing is syntax.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    text.push_str(&word.replace('"', "\"\""));
    text.push('"');
    text
}
