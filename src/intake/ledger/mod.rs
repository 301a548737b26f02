//! The ledger: which bundles and cards were accepted, the log's leaves, the hashes of its tree and every checkpoint
//! that was ever signed. One SQLite file; what belongs together is written in one transaction.
//!
//! It holds nothing secret, yet when a bundle came is nobody's business: it keeps the day, not the hour, and the
//! file is 0600. A checkpoint is kept under its size, which is unique, and is written in the transaction that
//! grows the log; so no second one of that size can ever be signed. The journal is SQLite's rollback journal and
//! `synchronous` is EXTRA: once a transaction is reported, a power cut cannot take it back, for a checkpoint that
//! has left the house and is forgotten here would make the log lie.

mod cosignatures;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params,
};

use cosignatures::WITNESSES;

use super::IntakeError;
use crate::crypto::hash::Digest;
use crate::format::note::NoteSigner;
use crate::format::time::Date;
use crate::store::StoreError;
use crate::tlog::{Checkpoint, HashStore, Leaf, SignedCheckpoint, StoredHash, Tree};

/// "Sndq", so that `file` and a curious person see whose database it is.
const APPLICATION_ID: i64 = 0x536e_6471;
/// The newest layout this program knows.
const LAYOUT: i64 = 2;
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
    CREATE INDEX lengths ON bundles (bytes);
    CREATE TABLE sets (
        id BLOB PRIMARY KEY, bundle BLOB NOT NULL REFERENCES bundles (id)
    ) WITHOUT ROWID;
    CREATE TABLE cards (
        serial INTEGER PRIMARY KEY, leaf INTEGER NOT NULL UNIQUE REFERENCES leaves, digest BLOB NOT NULL,
        fingerprint BLOB NOT NULL
    );
    CREATE TABLE letters (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, added TEXT NOT NULL, open INTEGER NOT NULL
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
    Bundle {
        id: Digest,
        bytes: u64,
        recipient: String,
    },
    Card {
        digest: Digest,
        serial: u64,
        fingerprint: Digest,
    },
    /// An event, of which nothing but the digest of its leaf is known.
    Event(Digest),
}

impl Entry {
    /// How long the bundle is; all else counts as nothing.
    pub fn bytes(&self) -> u64 {
        match self {
            Entry::Bundle { bytes, .. } => *bytes,
            Entry::Card { .. } | Entry::Event(_) => 0,
        }
    }

    /// Its leaf.
    fn leaf(&self) -> Leaf {
        match self {
            Entry::Bundle { id, .. } => Leaf::Ingest(*id),
            Entry::Card { digest, .. } => Leaf::Card(*digest),
            Entry::Event(digest) => Leaf::Event(*digest),
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

/// A letter of an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LetterRow {
    pub name: String,
    pub added: Date,
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
        let mut ledger = Ledger { db: connect(path)?, path: path.into() };
        ledger.transact(|t| {
            t.execute_batch(TABLES)?;
            t.execute_batch(WITNESSES)?;
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
        let mut ledger = Ledger { db: connect(path)?, path: path.into() };
        let pragma = |ledger: &Ledger, name| {
            ledger.ask(|db| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)))
        };
        match (pragma(&ledger, "application_id")?, pragma(&ledger, "user_version")?) {
            (APPLICATION_ID, LAYOUT) => Ok(ledger),
            (APPLICATION_ID, 1) => ledger.add_witnesses().map(|()| ledger),
            (APPLICATION_ID, found) if found > LAYOUT => Err(IntakeError::Newer { found, known: LAYOUT }),
            _ => Err(IntakeError::Damaged { what: "the ledger is none", path: ledger.path }),
        }
    }

    /// From layout 1 to 2; another process may have done it meanwhile.
    fn add_witnesses(&mut self) -> Result<(), IntakeError> {
        self.transact(|t| {
            if t.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? == 1 {
                t.execute_batch(WITNESSES)?;
                t.pragma_update(None, "user_version", LAYOUT)?;
            }
            Ok(())
        })
    }

    /// Opens a ledger for reading, also beside a writer. It still opens the file for writing, because a reader
    /// that finds the journal of a killed writer has to roll it back.
    pub fn look(path: &Path) -> Result<Ledger, IntakeError> {
        let ledger = Ledger::open(path)?;
        ledger.ask(|db| db.pragma_update(None, "query_only", true))?;
        Ok(ledger)
    }

    /// What the archive is.
    pub fn about(&self) -> Result<About, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare("SELECT line FROM officers ORDER BY place")?;
            let officers = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            db.query_row("SELECT name, threshold, log FROM archive WHERE one = 1", [], |row| {
                Ok(About { name: row.get(0)?, threshold: row.get(1)?, log: row.get(2)?, officers })
            })
        })
    }

    /// How many leaves the log has.
    pub fn size(&self) -> Result<u64, IntakeError> {
        // Leaves are numbered from 0 without a gap.
        self.ask(|db| {
            db.query_row("SELECT coalesce(max(number) + 1, 0) FROM leaves", [], |row| unsigned(row, 0))
        })
    }

    /// The newest checkpoint, and the size it is for.
    pub fn head(&self) -> Result<(u64, String), IntakeError> {
        const NEWEST: &str =
            "SELECT size, note FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)";
        self.ask(|db| db.query_row(NEWEST, [], |row| Ok((unsigned(row, 0)?, row.get(1)?))))
    }

    /// The bundle with this id, if it was accepted.
    pub fn bundle(&self, id: &Digest) -> Result<Option<BundleRow>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached(
                "SELECT leaf, id, bytes, accepted, recipient, handed_out FROM bundles WHERE id = ?",
            )?
            .query_row([id.as_bytes()], bundle_row)
            .optional()
        })
    }

    /// The bundle that was made of the set of parts with this id, if one was.
    pub fn bundle_of_set(&self, set: &Digest) -> Result<Option<BundleRow>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached(
                "SELECT leaf, bundles.id, bytes, accepted, recipient, handed_out
                 FROM sets JOIN bundles ON bundles.id = sets.bundle WHERE sets.id = ?",
            )?
            .query_row([set.as_bytes()], bundle_row)
            .optional()
        })
    }

    /// The first bundle whose id is none below `from` and none above `to`.
    pub fn bundle_between(&self, from: &Digest, to: &Digest) -> Result<Option<Digest>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached("SELECT id FROM bundles WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1")?
                .query_row([from.as_bytes(), to.as_bytes()], |row| digest(row, 0))
                .optional()
        })
    }

    /// The first few bundles of this length whose receipts are sealed to this recipient: of an honest one there is one.
    pub fn bundles_to(&self, bytes: u64, recipient: &str) -> Result<Vec<BundleRow>, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare_cached(
                "SELECT leaf, id, bytes, accepted, recipient, handed_out FROM bundles
                 WHERE bytes = ? AND recipient = ? ORDER BY leaf LIMIT 8",
            )?;
            statement.query_map(params![bytes as i64, recipient], bundle_row)?.collect()
        })
    }

    /// Remembers which bundle was made of a set of parts.
    pub fn note_set(&mut self, set: &Digest, bundle: &Digest) -> Result<(), IntakeError> {
        self.transact(|t| {
            let insert = "INSERT OR IGNORE INTO sets (id, bundle) VALUES (?, ?)";
            t.execute(insert, params![set.as_bytes(), bundle.as_bytes()]).map(drop)
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

    /// Up to `count` hashes of complete subtrees of a level, from number `from` on.
    pub fn hashes(&self, level: u8, from: u64, count: usize) -> Result<Vec<Digest>, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare_cached(
                "SELECT hash FROM hashes WHERE level = ? AND place >= ? ORDER BY place LIMIT ?",
            )?;
            statement.query_map(params![level, from as i64, count as i64], |row| digest(row, 0))?.collect()
        })
    }

    /// The number of a leaf, if it stands in the log.
    pub fn number(&self, leaf: &Leaf) -> Result<Option<u64>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached("SELECT number FROM leaves WHERE text = ?")?
                .query_row([leaf.to_string()], |row| unsigned(row, 0))
                .optional()
        })
    }

    /// The card with the highest serial that was accepted.
    pub fn newest_card(&self) -> Result<Option<CardRow>, IntakeError> {
        self.ask(|db| {
            db.query_row(
                "SELECT serial, digest, leaf, fingerprint FROM cards
                 WHERE serial = (SELECT max(serial) FROM cards)",
                [],
                card_row,
            )
            .optional()
        })
    }

    /// The card with this digest, if it was accepted.
    pub fn card(&self, digest: &Digest) -> Result<Option<CardRow>, IntakeError> {
        self.ask(|db| {
            db.query_row(
                "SELECT serial, digest, leaf, fingerprint FROM cards WHERE digest = ?",
                [digest.as_bytes()],
                card_row,
            )
            .optional()
        })
    }

    /// Logs entries, one leaf each in the order given, signs the checkpoint of the log as it is then, and keeps
    /// all of it or nothing. Gives the leaves' numbers.
    pub fn record(
        &mut self,
        entries: &[Entry],
        day: Date,
        log: &NoteSigner,
    ) -> Result<Vec<u64>, IntakeError> {
        let size = self.size()?;
        let signed = SignedCheckpoint::parse(self.head()?.1.as_bytes())?;
        let path = self.path.clone();
        let ledger = |source: rusqlite::Error| error(&path, source);
        let transaction =
            self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(ledger)?;
        let mut tree = Tree::new(Hashes(&transaction), size);
        let head = signed.verify(&log.verifier())?;
        if head.size != size || head.root != tree.root(size).map_err(ledger)? {
            return Err(IntakeError::Damaged { what: "the log and its newest checkpoint differ", path });
        }
        let mut numbers = Vec::with_capacity(entries.len());
        for entry in entries {
            let leaf = entry.leaf().to_string();
            let number = tree.append(leaf.as_bytes()).map_err(ledger)?;
            insert(&transaction, number, &leaf, entry, day).map_err(ledger)?;
            numbers.push(number);
        }
        let (size, root) = (tree.size(), tree.root(tree.size()).map_err(ledger)?);
        let note = Checkpoint::of(log, size, root).sign_twice(log)?.to_string();
        let insert = "INSERT INTO checkpoints (size, note) VALUES (?, ?)";
        transaction.execute(insert, params![size as i64, note]).map_err(ledger)?;
        transaction.commit().map_err(ledger)?;
        Ok(numbers)
    }

    /// The hashes that lead from a leaf to the root of the log as it is.
    pub fn inclusion_proof(&self, leaf: u64, size: u64) -> Result<Vec<Digest>, IntakeError> {
        self.ask(|db| Tree::new(Hashes(db), size).inclusion_proof(leaf, size))
    }

    /// The root of the first `size` leaves of the log.
    pub fn root(&self, size: u64) -> Result<Digest, IntakeError> {
        let all = self.size()?;
        self.ask(|db| Tree::new(Hashes(db), all).root(size))
    }

    /// The proof that the first `new` leaves begin with the first `old` ones.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Digest>, IntakeError> {
        self.ask(|db| Tree::new(Hashes(db), new).consistency_proof(old, new))
    }

    /// The checkpoint of this size, if one was signed.
    pub fn checkpoint(&self, size: u64) -> Result<Option<String>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached("SELECT note FROM checkpoints WHERE size = ?")?
                .query_row([size as i64], |row| row.get(0))
                .optional()
        })
    }

    /// Up to `limit` checkpoints that were signed with fewer leaves than so many, the newest first.
    pub fn checkpoints_below(&self, size: u64, limit: usize) -> Result<Vec<String>, IntakeError> {
        self.ask(|db| {
            db.prepare_cached("SELECT note FROM checkpoints WHERE size < ? ORDER BY size DESC LIMIT ?")?
                .query_map([size as i64, limit as i64], |row| row.get(0))?
                .collect()
        })
    }

    /// Remembers that the receipts of these bundles lie, synced, where they were to lie.
    pub fn hand_out(&mut self, bundles: &[Digest]) -> Result<(), IntakeError> {
        self.transact(|t| {
            let mut statement = t.prepare_cached("UPDATE bundles SET handed_out = 1 WHERE id = ?")?;
            bundles.iter().try_for_each(|id| statement.execute([id.as_bytes()]).map(drop))
        })
    }

    /// Notes a letter that is to lie on every medium; false if it is one already.
    pub fn open_letter(&mut self, name: &str, day: Date) -> Result<bool, IntakeError> {
        let day = day.to_string();
        self.transact(|t| {
            let open = t.query_row("SELECT open FROM letters WHERE name = ?", [name], |row| row.get(0));
            if open.optional()? == Some(true) {
                return Ok(false);
            }
            t.execute("DELETE FROM letters WHERE name = ?", [name])?;
            t.execute("INSERT INTO letters (name, added, open) VALUES (?, ?, 1)", [name, &day])?;
            Ok(true)
        })
    }

    /// Notes that a letter is taken back; false if there is none of this name.
    pub fn close_letter(&mut self, name: &str) -> Result<bool, IntakeError> {
        self.transact(|t| Ok(t.execute("UPDATE letters SET open = 0 WHERE name = ?", [name])? == 1))
    }

    /// Up to `limit` letters that are to lie on every medium, the newest first.
    pub fn open_letters(&self, limit: usize) -> Result<Vec<LetterRow>, IntakeError> {
        self.ask(|db| {
            db.prepare("SELECT name, added FROM letters WHERE open = 1 ORDER BY number DESC LIMIT ?")?
                .query_map([limit as i64], |row| Ok(LetterRow { name: row.get(0)?, added: text(row, 1)? }))?
                .collect()
        })
    }

    /// Whether a letter of this name was taken back.
    pub fn is_closed_letter(&self, name: &str) -> Result<bool, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare_cached("SELECT 1 FROM letters WHERE open = 0 AND name = ?")?;
            statement.exists([name])
        })
    }

    /// The error of a ledger whose rows do not belong together.
    pub fn damaged(&self, what: &'static str) -> IntakeError {
        IntakeError::Damaged { what, path: self.path.clone() }
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, IntakeError> {
        question(&self.db).map_err(|source| error(&self.path, source))
    }

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T, IntakeError> {
        let path = self.path.clone();
        let run = || {
            let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|source| error(&path, source))
    }
}

/// Opens the file, which must be there, and sets what every connection needs.
fn connect(path: &Path) -> Result<Connection, IntakeError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(WAIT)?;
        db.pragma_update(None, "journal_mode", "DELETE")?;
        db.pragma_update(None, "synchronous", "EXTRA")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "trusted_schema", false)?;
        // Temporary tables of a sort stay in memory: nothing lies beside the ledger but its journal.
        db.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(db)
    };
    open().map_err(|source| error(path, source))
}

fn error(path: &Path, source: rusqlite::Error) -> IntakeError {
    let path = path.to_path_buf();
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::NoSpace { path }.into(),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path }.into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path }.into(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            IntakeError::Damaged { what: "the ledger is no whole database", path }
        }
        _ => IntakeError::Ledger { path, source: Box::new(source) },
    }
}

/// The tree's hashes as rows.
struct Hashes<'a>(&'a Connection);

impl HashStore for Hashes<'_> {
    type Error = rusqlite::Error;

    fn get(&self, level: u8, index: u64) -> rusqlite::Result<Digest> {
        self.0
            .prepare_cached("SELECT hash FROM hashes WHERE level = ? AND place = ?")?
            .query_row(params![level, index as i64], |row| digest(row, 0))
    }

    fn put(&mut self, hashes: &[StoredHash]) -> rusqlite::Result<()> {
        let insert = "INSERT INTO hashes (level, place, hash) VALUES (?, ?, ?)";
        let mut statement = self.0.prepare_cached(insert)?;
        hashes.iter().try_for_each(|stored| {
            let row = params![stored.level, stored.index as i64, stored.hash.as_bytes()];
            statement.execute(row).map(drop)
        })
    }
}

fn insert(db: &Connection, number: u64, leaf: &str, entry: &Entry, day: Date) -> rusqlite::Result<()> {
    let number = number as i64;
    db.prepare_cached("INSERT INTO leaves (number, text) VALUES (?, ?)")?.execute(params![number, leaf])?;
    match entry {
        Entry::Bundle { id, bytes, recipient } => db
            .prepare_cached(
                "INSERT INTO bundles (leaf, id, bytes, accepted, recipient) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![number, id.as_bytes(), *bytes as i64, day.to_string(), recipient])?,
        Entry::Card { digest, serial, fingerprint } => db
            .prepare_cached("INSERT INTO cards (leaf, digest, serial, fingerprint) VALUES (?, ?, ?, ?)")?
            .execute(params![number, digest.as_bytes(), *serial as i64, fingerprint.as_bytes()])?,
        Entry::Event(_) => 0,
    };
    Ok(())
}

fn bundle_row(row: &Row) -> rusqlite::Result<BundleRow> {
    Ok(BundleRow {
        leaf: unsigned(row, 0)?,
        id: digest(row, 1)?,
        bytes: unsigned(row, 2)?,
        accepted: text(row, 3)?,
        recipient: row.get(4)?,
        handed_out: row.get(5)?,
    })
}

fn card_row(row: &Row) -> rusqlite::Result<CardRow> {
    Ok(CardRow {
        serial: unsigned(row, 0)?,
        digest: digest(row, 1)?,
        leaf: unsigned(row, 2)?,
        fingerprint: digest(row, 3)?,
    })
}

fn digest(row: &Row, column: usize) -> rusqlite::Result<Digest> {
    Ok(Digest::from_bytes(row.get(column)?))
}

fn unsigned(row: &Row, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn text<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &Row,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error));
    text.parse().map_err(wrong)
}
