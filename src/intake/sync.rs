//! Both ways in one go with what people carry: what is on a medium is taken in, and the receipt of every bundle on it is
//! laid there.
//!
//! A bundle comes on every stick until its receipt was seen, so a receipt that was handed out before is laid out again:
//! the stick that had it may be lost. Its name is the same each time and tells nobody what it is for, so on one stick
//! it lies once. Of a bundle that comes in parts, the sender is told which are missing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::IntakeError;
use super::answer::{HandedOut, RECEIPT_ENDING};
use super::archive::Archive;
use super::outcome::{Fate, Outcome};
use super::parts::SetView;
use crate::bundle::receipt::letter_len;
use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::format::time::Time;

/// What was laid on a medium.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Synced {
    /// The receipts that were laid now.
    pub receipts: Vec<HandedOut>,
    /// The bundles of which parts are missing, as their senders are told.
    pub parts: Vec<SetView>,
}

impl Archive {
    /// Takes in the bundles in a folder and below, and lays their receipts into it, and what is missing of those that
    /// come in parts.
    pub fn sync(
        &mut self,
        dir: &Path,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<Synced, IntakeError> {
        let mut bundles = Vec::new();
        let mut sets = BTreeSet::new();
        self.accept(&[dir.to_path_buf()], now, stop, &mut |outcome| {
            if let Fate::Accepted { bundle, .. } | Fate::Known { bundle, .. } = &outcome.fate {
                bundles.push(*bundle);
            }
            if let Fate::Part { set, .. } | Fate::PartRefused { set: Some(set), .. } = &outcome.fate {
                sets.insert(*set);
            }
            report(outcome);
        })?;
        bundles.sort();
        bundles.dedup();
        let (there, missing): (Vec<Digest>, Vec<Digest>) =
            bundles.into_iter().partition(|bundle| lies_there(&self.letter_path(dir, bundle)));
        // Killed after a letter was laid there and before it was noted.
        self.ledger.hand_out(&there)?;
        let receipts = self.answer_on(&missing, dir)?;
        Ok(Synced { receipts, parts: self.tell_missing(&sets, dir)? })
    }

    /// The file in which the receipt of a bundle lies on a medium.
    pub(super) fn letter_path(&self, dir: &Path, bundle: &Digest) -> PathBuf {
        dir.join(format!("{}.{RECEIPT_ENDING}", hex::encode(&self.log.pseudonym(bundle))))
    }
}

/// Whether a letter of ours lies there: it was synced under a temporary name, so one of its length is whole.
fn lies_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() == letter_len())
}
