//! Looking into an archive without being its writer: what it is, what it holds, what its log says.

use std::path::Path;

use super::IntakeError;
use super::archive::{Places, check_archive, read_log_key};
use super::draft;
use super::ledger::Ledger;
use super::letters::LetterView;
use super::parts::{self, HeldSet, SetView};
use super::witnesses::{Witnesses, next_policy};
use crate::crypto::hash::Digest;
use crate::format::card::Draft;
use crate::format::note::NoteVerifier;
use crate::format::time::{Date, Time};
use crate::tlog::{Leaf, SignedCheckpoint, TlogProof};

/// Rows that are read at once.
const PAGE: usize = 1024;

/// An archive, opened for looking only; a writer may be at work meanwhile.
#[derive(Debug)]
pub struct Reading {
    pub(super) places: Places,
    pub(super) ledger: Ledger,
}

/// What an archive is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Founded {
    /// What the organisation calls itself.
    pub name: String,
    /// How many officers it has.
    pub officers: usize,
    /// How many of them open together.
    pub threshold: u8,
    /// The log's name and public key.
    pub log: NoteVerifier,
}

/// An accepted bundle.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BundleView {
    /// The number of its leaf.
    pub leaf: u64,
    /// Its id.
    pub bundle: Digest,
    /// Its length in bytes.
    pub bytes: u64,
    /// The day it was accepted.
    pub accepted: Date,
    /// Whether its receipt was handed out.
    pub handed_out: bool,
}

/// The proof that something stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ProofView {
    /// The number of its leaf.
    pub leaf: u64,
    /// How many leaves the log has at the checkpoint.
    pub size: u64,
    /// The proof, as it is handed on (docs/spec/receipt.md).
    pub proof: String,
}

/// What a log says: its newest checkpoint, and every leaf.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogView {
    /// The signed checkpoint, as it is published.
    pub checkpoint: String,
    /// The leaves, from the first on. For auditors only.
    pub leaves: Vec<String>,
}

impl Reading {
    /// Opens an archive for looking.
    pub fn open(root: &Path) -> Result<Reading, IntakeError> {
        let places = Places::of(root);
        check_archive(&places)?;
        Ok(Reading { ledger: Ledger::look(&places.ledger())?, places })
    }

    /// What it is.
    pub fn founded(&self) -> Result<Founded, IntakeError> {
        let about = self.ledger.about()?;
        let (officers, log) = (about.officers.len(), about.log.parse()?);
        Ok(Founded { name: about.name, officers, threshold: about.threshold, log })
    }

    /// The unsigned draft of the organisation's next card.
    pub fn card_draft(&self, now: Time) -> Result<Draft, IntakeError> {
        self.card_draft_with(now, None)
    }

    /// As [`Reading::card_draft`], with these witnesses in place of those of the card before.
    pub fn card_draft_with(&self, now: Time, witnesses: Option<&Witnesses>) -> Result<Draft, IntakeError> {
        let about = self.ledger.about()?;
        let log = read_log_key(&self.places, &about)?;
        let policy = next_policy(&self.places, &self.ledger, &log, witnesses)?;
        draft::draft(&about, self.ledger.newest_card()?.as_ref(), policy, now.date())
    }

    /// Every accepted bundle, in the order of the log.
    pub fn bundles(&self) -> Result<Vec<BundleView>, IntakeError> {
        let mut views: Vec<BundleView> = Vec::new();
        loop {
            let from = views.last().map_or(0, |view| view.leaf + 1);
            let rows = self.ledger.bundles(from, PAGE)?;
            if rows.is_empty() {
                return Ok(views);
            }
            views.extend(rows.into_iter().map(|row| BundleView {
                leaf: row.leaf,
                bundle: row.id,
                bytes: row.bytes,
                accepted: row.accepted,
                handed_out: row.handed_out,
            }));
        }
    }

    /// The sets of parts that wait for others. One that is taken in meanwhile is left out.
    pub fn sets(&self) -> Result<Vec<SetView>, IntakeError> {
        let mut views = Vec::new();
        for id in parts::sets(&self.places)? {
            match HeldSet::read(&self.places, &id) {
                Ok(held) => views.extend(held.map(|held| held.view())),
                Err(_) if self.places.set(&id).symlink_metadata().is_err() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(views)
    }

    /// The letters of officers that are laid on every medium, the newest first.
    pub fn letters(&self) -> Result<Vec<LetterView>, IntakeError> {
        let rows = self.ledger.open_letters(usize::MAX >> 1)?;
        Ok(rows.into_iter().map(|row| LetterView { name: row.name, added: row.added }).collect())
    }

    /// The log. The leaves are those the checkpoint counts, also while a writer adds to them.
    pub fn log(&self) -> Result<LogView, IntakeError> {
        let (size, checkpoint) = self.ledger.head()?;
        let mut leaves: Vec<String> = Vec::new();
        while (leaves.len() as u64) < size {
            let from = leaves.len() as u64;
            let page = self.ledger.leaves(from, PAGE.min((size - from) as usize))?;
            if page.is_empty() {
                return Err(self.ledger.damaged("the log has fewer leaves than its checkpoint says"));
            }
            leaves.extend(page);
        }
        Ok(LogView { checkpoint, leaves })
    }

    /// The newest signed checkpoint.
    pub fn checkpoint(&self) -> Result<String, IntakeError> {
        Ok(self.cosigned_head(self.ledger.head()?.0)?.to_string())
    }

    /// The head of this size with every cosignature that came.
    pub(super) fn cosigned_head(&self, size: u64) -> Result<SignedCheckpoint, IntakeError> {
        self.ledger.cosigned_head(size, &read_log_key(&self.places, &self.ledger.about()?)?)
    }

    /// The proof that a bundle, a card or an event of this digest stands in the log, against the newest checkpoint. For a
    /// bundle it is the receipt, and **not** sealed: it is for auditors.
    pub fn prove(&self, digest: &Digest) -> Result<ProofView, IntakeError> {
        let size = self.ledger.head()?.0;
        let head = self.cosigned_head(size)?;
        let (leaf, number) = self.leaf_of(digest, size)?;
        let hashes = self.ledger.inclusion_proof(number, size)?;
        let proof = TlogProof::logged(leaf.to_string().as_bytes(), number, hashes, head);
        proof.verify_logged(&self.ledger.about()?.log.parse()?)?;
        Ok(ProofView { leaf: number, size, proof: proof.to_string() })
    }

    /// The leaf among the first `size` that names this digest, and its number.
    pub(super) fn leaf_of(&self, digest: &Digest, size: u64) -> Result<(Leaf, u64), IntakeError> {
        for leaf in [Leaf::Ingest(*digest), Leaf::Card(*digest), Leaf::Event(*digest)] {
            if let Some(number) = self.ledger.number(&leaf)?.filter(|number| *number < size) {
                return Ok((leaf, number));
            }
        }
        Err(IntakeError::NotLogged { digest: *digest })
    }
}
