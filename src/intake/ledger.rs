//! The ledger: which bundles and cards were accepted, the log's leaves, the hashes of its tree and every checkpoint
//! that was ever signed. One SQLite file; what belongs together is written in one transaction.
//!
//! It holds nothing secret, yet when a bundle came is nobody's business: it keeps the day, not the hour, and the
//! file is 0600. A checkpoint is kept under its size, which is unique, and is written in the transaction that
//! grows the log; so no second one of that size can ever be signed. The journal is SQLite's rollback journal and
//! `synchronous` is EXTRA: once a transaction is reported, a power cut cannot take it back, for a checkpoint that
//! has left the house and is forgotten here would make the log lie.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Transaction, params};

use super::IntakeError;
use crate::crypto::hash::Digest;
use crate::format::time::Date;
use crate::tlog::{HashStore, Tree};

/// "Sndq", so that `file` and a curious person see whose database it is.
const APPLICATION_ID: i64 = 0x536e_6471;
/// The newest layout this program knows.
const LAYOUT: i64 = 1;
/// How long a reader waits for a writer's commit.
const WAIT: Duration = Duration::from_secs(10);

const TABLES: &str = "
    CREATE TABLE archive (
        one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, threshold INTEGER NOT NULL,
        log TEXT NOT NULL
    );
    CREATE TABLE officers (place INTEGER PRIMARY KEY, line TEXT NOT NULL UNIQUE);
    CREATE TABLE leaves (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE hashes (
        level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, place)
    ) WITHOUT ROWID;
    CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
    CREATE TABLE bundles (
        leaf INTEGER PRIMARY KEY REFERENCES leaves, id BLOB NOT NULL UNIQUE, bytes INTEGER NOT NULL,
        accepted TEXT NOT NULL, recipient TEXT NOT NULL, handed_out INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX waiting ON bundles (leaf) WHERE handed_out = 0;
    CREATE TABLE cards (
        serial INTEGER PRIMARY KEY, leaf INTEGER NOT NULL UNIQUE REFERENCES leaves, digest BLOB NOT NULL,
        fingerprint BLOB NOT NULL
    );
";

/// What an archive is, as `init` was told and the log key made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    pub name: String,
    pub threshold: u8,
    pub officers: Vec<String>,
    /// The log's verifier key, which names its origin.
    pub log: String,
}

/// What is to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Bundle { id: Digest, bytes: u64, recipient: String },
    Card { digest: Digest, serial: u64, fingerprint: Digest },
}

impl Entry {
    /// The text of its leaf.
    fn leaf(&self) -> String {
        match self {
            Entry::Bundle { id, .. } => leaf::ingest(id),
            Entry::Card { digest, .. } => leaf::card(digest),
        }
    }
}

/// An accepted bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BundleRow {
    pub id: Digest,
    pub leaf: u64,
    pub bytes: u64,
    pub accepted: Date,
    /// Where its receipt is sealed to.
    pub recipient: String,
    pub handed_out: bool,
}

/// An accepted card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardRow {
    pub serial: u64,
    pub digest: Digest,
    pub leaf: u64,
    pub fingerprint: Digest,
}

/// An open ledger.
#[derive(Debug)]
pub(super) struct Ledger {
    db: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Makes the tables in an empty file and writes what the archive is, with the checkpoint of the empty log.
    pub fn create(path: &Path, about: &About, checkpoint: &str) -> Result<(), IntakeError> {
        let mut ledger = Ledger { db: connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?, path: path.into() };
        ledger.transact(|t| {
            t.execute_batch(TABLES)?;
            t.pragma_update(None, "application_id", APPLICATION_ID)?;
            t.pragma_update(None, "user_version", LAYOUT)?;
            let row = params![about.name, about.threshold, about.log];
            t.execute("INSERT INTO archive (one, name, threshold, log) VALUES (1, ?, ?, ?)", row)?;
            for (place, line) in about.officers.iter().enumerate() {
                t.execute("INSERT INTO officers (place, line) VALUES (?, ?)", params![place as i64, line])?;
            }
            t.execute("INSERT INTO checkpoints (size, note) VALUES (0, ?)", [checkpoint])?;
            Ok(())
        })
    }

    /// Opens a ledger for writing.
    pub fn open(path: &Path) -> Result<Ledger, IntakeError> {
        Ledger::known(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a ledger for reading, also beside a writer. It still opens the file for writing, because a reader
    /// that finds the journal of a killed writer has to roll it back.
    pub fn look(path: &Path) -> Result<Ledger, IntakeError> {
        let ledger = Ledger::known(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        ledger.db.pragma_update(None, "query_only", true).map_err(|e| ledger.error(e))?;
        Ok(ledger)
    }

    fn known(path: &Path, flags: OpenFlags) -> Result<Ledger, IntakeError> {
        let ledger = Ledger { db: connect(path, flags)?, path: path.into() };
        let pragma = |name| ledger.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (application, layout) =
            (pragma("application_id").map_err(|e| ledger.error(e))?, pragma("user_version").map_err(|e| ledger.error(e))?);
        match (application, layout) {
            (APPLICATION_ID, LAYOUT) => Ok(ledger),
            (APPLICATION_ID, found) if found > LAYOUT => Err(IntakeError::Newer { found, known: LAYOUT }),
            _ => Err(ledger.damaged("it is no ledger")),
        }
    }

    /// What the archive is.
    pub fn about(&self) -> Result<About, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare("SELECT line FROM officers ORDER BY place")?;
            let officers = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            db.query_row("SELECT name, threshold, log FROM archive", [], |row| {
                Ok(About { name: row.get(0)?, threshold: row.get(1)?, log: row.get(2)?, officers })
            })
        })
    }

    /// How many leaves the log has.
    pub fn size(&self) -> Result<u64, IntakeError> {
        let size = self.ask(|db| db.query_row("SELECT count(*) FROM leaves", [], |row| row.get::<_, i64>(0)))?;
        self.number(size)
    }

    /// The checkpoint of the log as it is.
    pub fn checkpoint(&self) -> Result<String, IntakeError> {
        const NEWEST: &str = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
        self.ask(|db| db.query_row(NEWEST, [], |row| row.get(0)))
    }

    /// The bundle with this id, if it was accepted.
    pub fn bundle(&self, id: &Digest) -> Result<Option<BundleRow>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached("SELECT leaf, id, bytes, accepted, recipient, handed_out FROM bundles WHERE id = ?")?
                .query_row([id.as_bytes()], bundle_row)
                .optional()
        })
    }

    /// Up to `limit` bundles from the leaf `from` on, in the order of the log.
    pub fn bundles(&self, from: u64, limit: usize) -> Result<Vec<BundleRow>, IntakeError> {
        self.page(
            "SELECT leaf, id, bytes, accepted, recipient, handed_out FROM bundles
             WHERE leaf >= ? ORDER BY leaf LIMIT ?",
            from,
            limit,
        )
    }

    /// As [`Ledger::bundles`], those alone whose receipt was not handed out.
    pub fn waiting(&self, from: u64, limit: usize) -> Result<Vec<BundleRow>, IntakeError> {
        self.page(
            "SELECT leaf, id, bytes, accepted, recipient, handed_out FROM bundles
             WHERE handed_out = 0 AND leaf >= ? ORDER BY leaf LIMIT ?",
            from,
            limit,
        )
    }

    fn page(&self, sql: &str, from: u64, limit: usize) -> Result<Vec<BundleRow>, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare_cached(sql)?;
            statement.query_map(params![from as i64, limit as i64], bundle_row)?.collect()
        })
    }

    /// Up to `limit` leaves from number `from` on.
    pub fn leaves(&self, from: u64, limit: usize) -> Result<Vec<String>, IntakeError> {
        self.ask(|db| {
            let mut statement =
                db.prepare_cached("SELECT text FROM leaves WHERE number >= ? ORDER BY number LIMIT ?")?;
            statement.query_map(params![from as i64, limit as i64], |row| row.get(0))?.collect()
        })
    }

    /// The card with the highest serial that was accepted.
    pub fn newest_card(&self) -> Result<Option<CardRow>, IntakeError> {
        self.ask(|db| {
            db.query_row(
                "SELECT serial, digest, leaf, fingerprint FROM cards ORDER BY serial DESC LIMIT 1",
                [],
                card_row,
            )
            .optional()
        })
    }

    /// Logs entries, one leaf each in the order given, and keeps the checkpoint that `sign` makes of the size and
    /// root the log has after it. All of it or nothing.
    pub fn record(
        &mut self,
        entries: &[Entry],
        day: Date,
        sign: impl Fn(u64, &Digest) -> String,
    ) -> Result<Vec<u64>, IntakeError> {
        let path = self.path.clone();
        let size = self.size()?;
        self.transact(|t| {
            let mut tree = Tree::new(Hashes(t), size);
            let mut numbers = Vec::with_capacity(entries.len());
            for entry in entries {
                let text = entry.leaf();
                let number = tree.append(&text)?;
            }
            Ok(numbers)
        })
    }
}
