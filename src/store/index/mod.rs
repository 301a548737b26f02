//! The index: an SQLCipher database under the raw index key, of rows that are a kind, a key and a value, and of
//! the folded texts that search looks through.
//!
//! It is the only door to SQLite here. The database keeps its default page layout; its rollback journal is
//! encrypted like itself and lives only while a change is being taken in. Every change to a row goes through
//! [`Index::apply`], so that the same facts make the same rows, whether they come from a change or from the
//! journal. An index that cannot be read is an error: opening **never** makes one. One that a later version wrote is
//! left as it is: whether it is one is read from its file alone, before SQLite may make, take back or change anything.

mod listed;
#[cfg(test)]
mod plan_tests;
mod row;
mod search;

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, params};
use rustix::io::Errno;

pub use row::Row;
pub(crate) use row::{decode, encode};

use super::error::{Part, StoreError};
use super::journal::Extent;
use super::{fact, files};
use crate::crypto::keyslot::IndexKey;
use crate::crypto::{Secret, scrub_stack};

/// The index's file name in a compartment.
pub const INDEX_FILE: &str = "index";
/// What stands behind the name of a database in that of SQLite's rollback journal, which lies beside it.
pub const ROLLBACK_END: &str = "-journal";
/// The format of the tables below.
const FORMAT: u64 = 1;
/// The kind of the facts that feed search: key = the item's number, big-endian; value = its folded text.
pub const SEARCH_KIND: &str = "search";

/// How every connection is made: by one thread, to a file and not to a link.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX
    .union(OpenFlags::SQLITE_OPEN_NOFOLLOW)
    .union(OpenFlags::SQLITE_OPEN_PRIVATE_CACHE);

const TABLES: &str = "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE rows (kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)) STRICT;
    CREATE VIRTUAL TABLE search USING fts5 (text UNINDEXED, squeezed, tokenize = 'trigram case_sensitive 1');
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
";

/// An index that is being read, in one transaction.
#[must_use = "it ends when this is dropped"]
pub struct Reading<'i> {
    _transaction: Transaction<'i>,
}

/// An open index.
pub struct Index {
    connection: Connection,
    path: PathBuf,
}

impl Index {
    /// Makes an empty index at `path`.
    pub fn create(path: &Path, key: &IndexKey) -> Result<Index, StoreError> {
        // Made by us first, so that it is 0600 from its first byte on.
        drop(files::create(path)?);
        let index = Index::connect(path, key)?;
        index.settle()?;
        index.batch("BEGIN IMMEDIATE")?;
        index.batch(TABLES)?;
        index.batch(listed::INDEX)?;
        index.set_meta("format", FORMAT)?;
        index.set_journal_extent(Extent::EMPTY)?;
        index.commit()?;
        Ok(index)
    }

    /// Opens the index at `path`, which must be there and must be of this key.
    pub fn open(path: &Path, key: &IndexKey) -> Result<Index, StoreError> {
        let damaged = || StoreError::Damaged { part: Part::Index, path: path.to_path_buf() };
        let len = std::fs::metadata(path).map(|m| m.len());
        match len {
            Ok(0) => return Err(damaged()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(damaged()),
            _ => {}
        }
        refuse_newer(path, key)?;
        let index = Index::connect(path, key)?;
        match index.meta("format")? {
            Some(FORMAT) => index.settle()?,
            Some(found) if found > FORMAT => return Err(StoreError::Newer { found, known: FORMAT }),
            _ => return Err(damaged()),
        }
        Ok(index)
    }

    fn connect(path: &Path, key: &IndexKey) -> Result<Index, StoreError> {
        let path = path.canonicalize().map_err(|e| StoreError::io("open", path, e))?;
        let flags = FLAGS | OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(&path, flags).map_err(|e| failure(&path, e))?;
        Index::unlocked(connection, path, key)
    }

    /// The database that a connection leads to, under its key. Nothing of it was read.
    fn unlocked(connection: Connection, path: PathBuf, key: &IndexKey) -> Result<Index, StoreError> {
        let index = Index { connection, path };
        // A plan depends on the statement alone. Otherwise one with a range is planned anew for each other value.
        let stable = index.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        stable.map_err(|e| index.failure(e))?;
        // It would write to standard error what it cannot decrypt; the error says it as well.
        index.batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;")?;
        index.give_key(key)?;
        // Of the default cache of 2 MB what a large change writes comes out again before its end, page by page, and often.
        index.batch("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;")?;
        index.batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        Ok(index)
    }

    /// How it is written to, once it is known to be of our format: to say so may write to the file.
    fn settle(&self) -> Result<(), StoreError> {
        self.batch("PRAGMA secure_delete = ON; PRAGMA synchronous = EXTRA; PRAGMA journal_mode = DELETE;")
    }

    /// The raw key goes in as `x'<64 hex digits>'`, in a buffer of ours that is wiped and never grows. The copies
    /// that SQLite makes are its own: `cipher_memory_security`, set before, has it wipe what it frees.
    fn give_key(&self, key: &IndexKey) -> Result<(), StoreError> {
        let mut statement = Secret::new(Vec::with_capacity(96));
        fact::push(&mut statement, b"PRAGMA key = \"x'");
        for byte in key.expose().expose() {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
            fact::push(&mut statement, &digits);
        }
        fact::push(&mut statement, b"'\";");
        let text = std::str::from_utf8(statement.expose()).expect("hex digits and ASCII");
        let given = self.batch(text);
        scrub_stack();
        given
    }

    /// Whether nothing is being taken in just now.
    pub fn is_idle(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// As long as what this gives is held, what is read is read in one transaction: SQLite asks once, and not for each
    /// statement, whether anybody else wrote.
    pub fn reading(&self) -> Result<Reading<'_>, StoreError> {
        let transaction = self.connection.unchecked_transaction().map_err(|e| self.failure(e))?;
        Ok(Reading { _transaction: transaction })
    }

    /// Begins taking a change in.
    pub fn begin(&self) -> Result<(), StoreError> {
        self.batch("BEGIN IMMEDIATE")
    }

    /// Makes what was taken in last.
    pub fn commit(&self) -> Result<(), StoreError> {
        self.batch("COMMIT")
    }

    /// Takes back what was taken in since [`Index::begin`]; nothing if nothing was begun.
    pub fn roll_back(&self) -> Result<(), StoreError> {
        if self.is_idle() { Ok(()) } else { self.batch("ROLLBACK") }
    }

    /// Makes one fact true: `None` says the row is gone.
    pub fn apply(&self, kind: &str, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        if kind == SEARCH_KIND {
            return self.apply_search(key, value);
        }
        match value {
            Some(value) => self.execute(
                "INSERT INTO rows (kind, key, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                params![kind, key, value],
            ),
            None => self.execute("DELETE FROM rows WHERE kind = ?1 AND key = ?2", params![kind, key]),
        }
    }

    /// Gives the value of one row to `take`, where there is such a row.
    pub fn with_row<T>(
        &self,
        kind: &str,
        key: &[u8],
        take: impl FnOnce(&[u8]) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.prepare("SELECT value FROM rows WHERE kind = ?1 AND key = ?2")?;
        let mut rows = statement.query(params![kind, key]).map_err(|e| self.failure(e))?;
        match rows.next().map_err(|e| self.failure(e))? {
            Some(row) => take(row.get_ref(0).and_then(blob).map_err(|e| self.failure(e))?).map(Some),
            None => Ok(None),
        }
    }

    /// Gives the values of all rows of a kind whose key begins with `prefix` to `take`, in order of their keys.
    pub fn each(
        &self,
        kind: &str,
        prefix: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let end = after_all(prefix);
        let mut statement = self.prepare(match end {
            Some(_) => "SELECT value FROM rows WHERE kind = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
            None => "SELECT value FROM rows WHERE kind = ?1 AND key >= ?2 AND ?3 IS NULL ORDER BY key",
        })?;
        let mut rows = statement.query(params![kind, prefix, end]).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            take(row.get_ref(0).and_then(blob).map_err(|e| self.failure(e))?)?;
        }
        Ok(())
    }

    /// Gives everything it holds to `take`, as the facts it would be made anew from.
    pub fn each_fact(
        &self,
        mut take: impl FnMut(&str, &[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare("SELECT kind, key, value FROM rows ORDER BY kind, key")?;
        let mut rows = statement.query([]).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            let kind = row.get_ref(0).and_then(text).map_err(|e| self.failure(e))?;
            let [key, value] = [1, 2].map(|at| row.get_ref(at).and_then(blob));
            take(kind, key.map_err(|e| self.failure(e))?, value.map_err(|e| self.failure(e))?)?;
        }
        self.each_search(|key, value| take(SEARCH_KIND, key, value))
    }

    /// Gives at most `limit` rows of a kind to `take`, the greatest keys first, only those below `before`.
    pub fn page(
        &self,
        kind: &str,
        before: Option<&[u8]>,
        limit: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare(match before {
            Some(_) => "SELECT value FROM rows WHERE kind = ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3",
            None => "SELECT value FROM rows WHERE kind = ?1 AND ?2 IS NULL ORDER BY key DESC LIMIT ?3",
        })?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![kind, before, limit]).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            take(row.get_ref(0).and_then(blob).map_err(|e| self.failure(e))?)?;
        }
        Ok(())
    }

    /// How many rows there are of a kind.
    pub fn count(&self, kind: &str) -> Result<u64, StoreError> {
        let mut statement = self.prepare("SELECT count(*) FROM rows WHERE kind = ?1")?;
        let count = statement.query_row(params![kind], |row| row.get(0)).map_err(|e| self.failure(e))?;
        self.unsigned(count)
    }

    /// How far of the journal was taken in.
    pub fn journal_extent(&self) -> Result<Extent, StoreError> {
        let damaged = || StoreError::Damaged { part: Part::Index, path: self.path.clone() };
        let blocks = self.meta("journal_blocks")?.ok_or_else(damaged)?;
        Ok(Extent { blocks })
    }

    /// Notes how far of the journal was taken in, in the same transaction as what was.
    pub fn set_journal_extent(&self, extent: Extent) -> Result<(), StoreError> {
        self.set_meta("journal_blocks", extent.blocks)
    }

    /// Reads every page and checks how they hang together.
    pub fn check(&self) -> Result<(), StoreError> {
        let damaged = || StoreError::Damaged { part: Part::Index, path: self.path.clone() };
        for query in ["PRAGMA cipher_integrity_check", "PRAGMA integrity_check"] {
            let mut statement = self.prepare(query)?;
            let mut rows = statement.query([]).map_err(|e| self.failure(e))?;
            while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
                let finding: String = row.get(0).map_err(|e| self.failure(e))?;
                if finding != "ok" {
                    return Err(damaged());
                }
            }
        }
        Ok(())
    }

    fn meta(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let mut statement = self.prepare("SELECT value FROM meta WHERE name = ?1")?;
        let value = statement.query_row(params![name], |row| row.get(0)).optional();
        value.map_err(|e| self.failure(e))?.map(|value| self.unsigned(value)).transpose()
    }

    fn set_meta(&self, name: &str, value: u64) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)",
            params![name, signed(value)?],
        )
    }

    fn batch(&self, statements: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(statements).map_err(|e| self.failure(e))
    }

    fn execute(&self, statement: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        let mut statement = self.prepare(statement)?;
        statement.execute(params).map(drop).map_err(|e| self.failure(e))
    }

    fn prepare(&self, statement: &str) -> Result<rusqlite::CachedStatement<'_>, StoreError> {
        #[cfg(test)]
        plan_tests::look_at(&self.connection, statement);
        self.connection.prepare_cached(statement).map_err(|e| self.failure(e))
    }

    /// The database counts in signed numbers; a negative one was never written by us.
    fn unsigned(&self, number: i64) -> Result<u64, StoreError> {
        u64::try_from(number).map_err(|_| StoreError::Damaged { part: Part::Index, path: self.path.clone() })
    }

    fn failure(&self, error: rusqlite::Error) -> StoreError {
        failure(&self.path, error)
    }
}

/// Refuses an index that a later version wrote, by its file alone, as if nothing could change it: so no lock, log or
/// journal beside it is made, taken in or removed, whatever that version keeps there. What cannot be read so is for
/// the opening to judge.
fn refuse_newer(path: &Path, key: &IndexKey) -> Result<(), StoreError> {
    let Ok(path) = path.canonicalize() else { return Ok(()) };
    let flags = FLAGS | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let Ok(connection) = Connection::open_with_flags(unchanging(&path), flags) else { return Ok(()) };
    match Index::unlocked(connection, path, key).and_then(|index| index.meta("format")) {
        Ok(Some(found)) if found > FORMAT => Err(StoreError::Newer { found, known: FORMAT }),
        _ => Ok(()),
    }
}

/// What SQLite calls a file that nothing can change, by the whole of its path.
fn unchanging(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Limit { what: "number", len: number })
}

fn text(value: rusqlite::types::ValueRef<'_>) -> rusqlite::Result<&str> {
    value.as_str().map_err(Into::into)
}

/// The first key behind all that begin with `prefix`; none if there is no such key, because it is empty or all ones.
fn after_all(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut after = prefix[..=last].to_vec();
    after[last] += 1;
    Some(after)
}

fn blob(value: rusqlite::types::ValueRef<'_>) -> rusqlite::Result<&[u8]> {
    value.as_blob().map_err(Into::into)
}

/// What an error of the database means here. Its texts may name values, so only damage and the medium's state
/// are told apart.
fn failure(path: &Path, error: rusqlite::Error) -> StoreError {
    let path = path.to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::NoSpace { path },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { part: Part::Index, path }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path },
        // Which error the system gave SQLite does not say; the file may be as whole as it was.
        Some(ErrorCode::SystemIoFailure) => StoreError::io(step(&error), &path, Errno::IO.into()),
        Some(ErrorCode::CannotOpen) => StoreError::io("open", &path, io::ErrorKind::Other.into()),
        Some(ErrorCode::OutOfMemory) => StoreError::io("read", &path, io::ErrorKind::OutOfMemory.into()),
        _ => StoreError::Index { path, source: Box::new(error) },
    }
}

/// What the system was asked for when it failed.
fn step(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(SQLITE_IOERR_READ | SQLITE_IOERR_SHORT_READ) => "read",
        Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC) => "sync",
        _ => "write",
    }
}
