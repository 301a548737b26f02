//! What the ledger knows of witnesses: which cosigned which head, how much each knows, and about which heads they were
//! asked. It came with layout 2.

use rusqlite::{OptionalExtension, params};

use super::super::IntakeError;
use super::{Ledger, unsigned};

/// Its tables.
pub(super) const WITNESSES: &str = "
    CREATE TABLE cosignatures (
        size INTEGER NOT NULL REFERENCES checkpoints, witness TEXT NOT NULL, lines TEXT NOT NULL,
        PRIMARY KEY (size, witness)
    ) WITHOUT ROWID;
    CREATE TABLE witnesses (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE asked (size INTEGER PRIMARY KEY REFERENCES checkpoints);
";

/// How much a witness knows, which does not become less.
const WITNESSED: &str = "INSERT INTO witnesses (name, size) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET size = max(size, excluded.size)";

impl Ledger {
    /// The lines under the checkpoint of this size that came from witnesses.
    pub fn cosignatures(&self, size: u64) -> Result<Vec<String>, IntakeError> {
        let lines: Vec<String> = self.ask(|db| {
            let mut statement =
                db.prepare_cached("SELECT lines FROM cosignatures WHERE size = ? ORDER BY witness")?;
            statement.query_map([size as i64], |row| row.get(0))?.collect()
        })?;
        Ok(lines.iter().flat_map(|lines| lines.lines()).map(str::to_owned).collect())
    }

    /// The sizes of checkpoints that any witness cosigned, the newest first.
    pub fn cosigned(&self) -> Result<Vec<u64>, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare("SELECT DISTINCT size FROM cosignatures ORDER BY size DESC")?;
            statement.query_map([], |row| unsigned(row, 0))?.collect()
        })
    }

    /// Keeps what a witness put under a checkpoint, and that it knows the log up to there.
    pub fn cosign(&mut self, size: u64, witness: &str, lines: &[String]) -> Result<(), IntakeError> {
        let lines: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        self.transact(|t| {
            let insert = "INSERT OR REPLACE INTO cosignatures (size, witness, lines) VALUES (?, ?, ?)";
            t.execute(insert, params![size as i64, witness, lines])?;
            t.execute(WITNESSED, params![witness, size as i64]).map(drop)
        })
    }

    /// How many leaves a witness knows; 0 where nothing was heard of it.
    pub fn witnessed(&self, witness: &str) -> Result<u64, IntakeError> {
        self.ask(|db| {
            let asked = "SELECT size FROM witnesses WHERE name = ?";
            Ok(db.query_row(asked, [witness], |row| unsigned(row, 0)).optional()?.unwrap_or(0))
        })
    }

    /// Remembers that a witness says it knows so many leaves.
    pub fn note_witnessed(&mut self, witness: &str, size: u64) -> Result<(), IntakeError> {
        self.transact(|t| t.execute(WITNESSED, params![witness, size as i64]).map(drop))
    }

    /// Remembers that witnesses were asked about the checkpoint of this size.
    pub fn note_asked(&mut self, size: u64) -> Result<(), IntakeError> {
        self.transact(|t| t.execute("INSERT OR IGNORE INTO asked (size) VALUES (?)", [size as i64]).map(drop))
    }

    /// The sizes that witnesses were asked about, the newest first.
    pub fn asked(&self) -> Result<Vec<u64>, IntakeError> {
        self.ask(|db| {
            let mut statement = db.prepare("SELECT size FROM asked ORDER BY size DESC")?;
            statement.query_map([], |row| unsigned(row, 0))?.collect()
        })
    }
}
