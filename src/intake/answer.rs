//! Answers: a receipt for each accepted bundle, sealed to the bundle's return recipient, under the newest head that counts
//! by the newest card; what came after that head waits ([`super::witnesses`]).
//!
//! Every letter has the same length, a random name and no date, and they are laid out in random order, so a folder of them tells nothing but how many they are;
//! whoever waits for one tries each. A bundle counts as answered once its letter is synced: after a kill some
//! letters may be written twice, none is lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::archive::Archive;
use super::laid::Laid;
use super::ledger::BundleRow;
use crate::bundle::letter::{LETTER_ENDING, Letter, letter_len, seal_receipt};
use crate::bundle::receipt::Receipt;
use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::crypto::hybrid::Recipient;
use crate::crypto::random;
use crate::format::card::Card;
use crate::store::files;
use crate::tlog::{Leaf, SignedCheckpoint, TlogProof};

/// Letters between two marks in the ledger.
const BATCH_LETTERS_MAX: usize = 256;

/// A receipt that was laid out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HandedOut {
    /// The bundle it is for.
    pub bundle: Digest,
    /// The letter.
    #[serde(serialize_with = "crate::format::path::one")]
    pub file: PathBuf,
}

impl Archive {
    /// Writes letters for all bundles that have none yet, or with `again` for all, into a folder, which is made
    /// where it is missing. Says how many have to wait until enough witnesses cosigned a head.
    pub fn receipts(
        &mut self,
        to: &Path,
        again: bool,
        report: &mut dyn FnMut(HandedOut),
    ) -> Result<usize, IntakeError> {
        files::create_dir_all(to)?;
        let head = self.answering_head()?;
        let (mut from, mut waiting) = (0, 0);
        loop {
            let rows = if again {
                self.ledger.bundles(from, BATCH_LETTERS_MAX)?
            } else {
                self.ledger.waiting(from, BATCH_LETTERS_MAX)?
            };
            let Some(last) = rows.last() else { return Ok(waiting) };
            from = last.leaf + 1;
            let (rows, later) = under(head.as_ref(), rows);
            waiting += later;
            if let Some(head) = &head {
                self.answer(&rows, to, head)?.into_iter().for_each(&mut *report);
            }
        }
    }

    /// Lays the receipts of these bundles on a medium, as many as fit, under names by which they are found there again; and
    /// says how many have to wait for witnesses.
    pub(super) fn answer_on(
        &mut self,
        bundles: &[Digest],
        dir: &Path,
        laid: &Laid<'_>,
    ) -> Result<(Vec<HandedOut>, usize), IntakeError> {
        let mut rows = Vec::new();
        for id in bundles {
            rows.extend(self.ledger.bundle(id)?);
        }
        let head = self.answering_head()?;
        let (mut rows, waiting) = under(head.as_ref(), rows);
        rows.truncate(files::how_many_fit(dir, letter_len(), 0)?);
        let Some(head) = head else { return Ok((Vec::new(), waiting)) };
        let name =
            |archive: &Archive, row: &BundleRow, letter: &[u8]| laid.path(&archive.log, &row.id, letter);
        Ok((self.write_letters(&rows, dir, &head, &name)?, waiting))
    }

    /// Lays the newest card of the organisation on a medium, as a letter for each of these bundles that lies there
    /// once; says how many were laid now. Where there is no room for all, none is.
    pub(super) fn lay_cards(
        &self,
        bundles: &BTreeSet<Digest>,
        dir: &Path,
        laid: &Laid<'_>,
    ) -> Result<usize, IntakeError> {
        let Some(newest) = self.ledger.newest_card()? else { return Ok(0) };
        let path = self.places.card(&newest.digest);
        let bytes = std::fs::read(&path).map_err(|error| IntakeError::source(&path, error))?;
        let card = Letter::Card(Box::new(Card::parse(&bytes).map_err(IntakeError::Card)?));
        let about = |bundle: &Digest| Digest::of(format!("card {} {bundle}", newest.serial).as_bytes());
        let mut missing: Vec<&Digest> =
            bundles.iter().filter(|bundle| !laid.has(&self.log, &about(bundle))).collect();
        if missing.len() > files::how_many_fit(dir, letter_len(), 0)? {
            return Ok(0);
        }
        random::shuffle(&mut missing);
        for bundle in &missing {
            let Some(row) = self.ledger.bundle(bundle)? else { continue };
            let damaged = |what| self.ledger.damaged(what);
            let to: Recipient = row.recipient.parse().map_err(|_| damaged("a return recipient is none"))?;
            let letter = card.seal(&to).map_err(|_| damaged("a card is longer than a letter"))?;
            files::lay(&laid.path(&self.log, &about(bundle), &letter), &letter)?;
        }
        Ok(missing.len())
    }

    fn answer(
        &mut self,
        rows: &[BundleRow],
        to: &Path,
        head: &SignedCheckpoint,
    ) -> Result<Vec<HandedOut>, IntakeError> {
        let random = || hex::encode(&random::array::<8>());
        self.write_letters(rows, to, head, &|_, _, _| to.join(format!("{}.{LETTER_ENDING}", random())))
    }

    fn write_letters(
        &mut self,
        rows: &[BundleRow],
        to: &Path,
        head: &SignedCheckpoint,
        name: &dyn Fn(&Archive, &BundleRow, &[u8]) -> PathBuf,
    ) -> Result<Vec<HandedOut>, IntakeError> {
        let needed = rows.len() as u64 * letter_len();
        let free = files::free_bytes(to)?;
        if needed > free {
            return Err(IntakeError::NoRoom { path: to.to_path_buf(), needed, free });
        }
        let mut handed_out = Vec::with_capacity(rows.len());
        let mut order: Vec<&BundleRow> = rows.iter().collect();
        random::shuffle(&mut order);
        for row in order {
            let letter = self.letter(row, head)?;
            let file = name(self, row, &letter);
            files::lay(&file, &letter)?;
            handed_out.push((row.leaf, HandedOut { bundle: row.id, file }));
        }
        self.ledger.hand_out(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
        handed_out.sort_by_key(|(leaf, _)| *leaf);
        Ok(handed_out.into_iter().map(|(_, one)| one).collect())
    }

    /// The sealed receipt of one bundle, verified before it is sealed.
    fn letter(&self, row: &BundleRow, checkpoint: &SignedCheckpoint) -> Result<Vec<u8>, IntakeError> {
        let damaged = |what| self.ledger.damaged(what);
        let leaf = Leaf::Ingest(row.id).to_string();
        let size = checkpoint.unverified().size;
        if row.leaf >= size {
            return Err(damaged("a bundle's leaf is not in the log"));
        }
        let hashes = self.ledger.inclusion_proof(row.leaf, size)?;
        let proof = TlogProof::logged(leaf.as_bytes(), row.leaf, hashes, checkpoint.clone());
        proof.verify_logged(&self.log.verifier())?;
        let to: Recipient = row.recipient.parse().map_err(|_| damaged("a return recipient is none"))?;
        let receipt = Receipt::of(proof).map_err(|_| damaged("a bundle's leaf is none"))?;
        seal_receipt(&to, &receipt).map_err(|_| damaged("a receipt is longer than a letter"))
    }
}

/// The bundles that stand in the log under this head, and how many do not yet.
fn under(head: Option<&SignedCheckpoint>, rows: Vec<BundleRow>) -> (Vec<BundleRow>, usize) {
    let size = head.map_or(0, |head| head.unverified().size);
    let all = rows.len();
    let rows: Vec<BundleRow> = rows.into_iter().filter(|row| row.leaf < size).collect();
    let waiting = all - rows.len();
    (rows, waiting)
}
