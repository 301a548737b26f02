//! Both ways in one go with what people carry: what is on a medium is taken in, and the receipt of every bundle on it is
//! laid there, with the organisation's newest card and every letter of its officers.
//!
//! A bundle comes on every stick until its receipt was seen, so a receipt that was handed out before is laid out again:
//! the stick that had it may be lost. Its name is the same each time and tells nobody what it is for, so on one stick
//! it lies once. Of a bundle that comes in parts, the sender is told which are missing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::IntakeError;
use super::answer::HandedOut;
use super::archive::Archive;
use super::laid::Laid;
use super::letters::LettersLaid;
use super::outcome::{Fate, Outcome};
use super::parts::SetView;
use crate::crypto::hash::Digest;
use crate::format::time::Time;

/// What was laid on a medium.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Answered {
    /// The receipts.
    pub receipts: Vec<HandedOut>,
    /// The bundles of which parts are missing, as their senders are told.
    pub parts: Vec<SetView>,
    /// How many letters with the newest card.
    pub cards: usize,
    /// The letters of officers.
    pub letters: LettersLaid,
}

/// What was found on a medium, of what its bearer waits for answers to.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    bundles: BTreeSet<Digest>,
    sets: BTreeSet<Digest>,
}

impl Arrived {
    /// Notes what came of something that lay there.
    pub fn note(&mut self, fate: &Fate) {
        match fate {
            Fate::Accepted { bundle, .. } | Fate::Known { bundle, .. } => {
                self.bundles.insert(*bundle);
            }
            Fate::Part { set, .. } | Fate::PartRefused { set: Some(set), .. } => {
                self.sets.insert(*set);
            }
            _ => {}
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.bundles.is_empty() && self.sets.is_empty()
    }
}

impl Archive {
    /// Takes in the bundles in a folder and below, and lays into it what they are answered with; gives what was laid
    /// now.
    pub fn sync(
        &mut self,
        dir: &Path,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<Answered, IntakeError> {
        let mut arrived = Arrived::default();
        self.accept(&[dir.to_path_buf()], now, stop, &mut |outcome| {
            arrived.note(&outcome.fate);
            report(outcome);
        })?;
        self.lay_answers(&arrived, dir, now)
    }

    /// Lays on a medium the receipts of what arrived with it, what is missing of bundles that come in parts, the newest
    /// card, and the letters of officers.
    pub(super) fn lay_answers(
        &mut self,
        arrived: &Arrived,
        dir: &Path,
        now: Time,
    ) -> Result<Answered, IntakeError> {
        let laid = Laid::read(dir)?;
        let (there, missing): (Vec<Digest>, Vec<Digest>) =
            arrived.bundles.iter().copied().partition(|bundle| laid.has(&self.log, bundle));
        // Killed after a letter was laid there and before it was noted.
        self.ledger.hand_out(&there)?;
        let receipts = self.answer_on(&missing, dir, &laid)?;
        let parts = self.tell_missing(&arrived.sets, dir)?;
        let cards = self.lay_cards(&arrived.bundles, dir, &laid)?;
        Ok(Answered { receipts, parts, cards, letters: self.lay_letters(dir, now)? })
    }
}
