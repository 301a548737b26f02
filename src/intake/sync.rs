//! Both ways in one go with what people carry: what is on a medium is taken in, and the receipt of every bundle on it is
//! laid there, with the organisation's newest card and every letter of its officers. An officer's events are answered with
//! their proofs.
//!
//! A bundle comes on every stick until its receipt was seen, so a receipt that was handed out before is laid out again:
//! the stick that had it may be lost. Its name is the same each time and tells nobody what it is for, so on one stick
//! it lies once. Of a bundle that comes in parts, the sender is told which are missing. Answers lie in the folder in which
//! the bundle lay, for there its sender looks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::IntakeError;
use super::answer::HandedOut;
use super::archive::Archive;
use super::events::ProofsLaid;
use super::laid::Laid;
use super::letters::LettersLaid;
use super::outcome::{Fate, Outcome};
use super::parts::SetView;
use crate::crypto::hash::Digest;
use crate::format::time::Time;

/// What was laid on a medium.
#[derive(Debug, Default, serde::Serialize)]
pub struct Answered {
    /// The receipts.
    pub receipts: Vec<HandedOut>,
    /// The bundles of which parts are missing, as their senders are told.
    pub parts: Vec<SetView>,
    /// How many letters with the newest card.
    pub cards: usize,
    /// The letters of officers.
    pub letters: LettersLaid,
    /// What was laid for officers: proofs that their events stand in the log.
    pub events: ProofsLaid,
    /// How many receipts, and letters of what is missing, did not fit.
    pub left: usize,
    /// How many receipts wait until enough witnesses cosigned a head.
    pub waiting: usize,
    /// What kept answers from a folder; the others got theirs, and what arrived is taken in all the same.
    #[serde(skip)]
    pub troubles: Vec<IntakeError>,
}

impl Answered {
    /// Whether nothing was laid, and nothing had to be.
    pub fn is_empty(&self) -> bool {
        self.receipts.is_empty()
            && self.parts.is_empty()
            && self.cards + self.left + self.waiting == 0
            && self.letters == LettersLaid::default()
            && self.events == ProofsLaid::default()
            && self.troubles.is_empty()
    }

    /// With what was laid into another folder of the same medium.
    fn add(&mut self, other: Answered) {
        self.receipts.extend(other.receipts);
        self.parts.extend(other.parts);
        self.cards += other.cards;
        self.left += other.left;
        self.waiting += other.waiting;
        self.events.add(other.events);
        self.troubles.extend(other.troubles);
    }
}

/// What was found in one folder, of what its bearer waits for answers to.
#[derive(Debug, Default)]
struct Arrived {
    bundles: BTreeSet<Digest>,
    sets: BTreeSet<Digest>,
    events: BTreeSet<PathBuf>,
}

/// What arrived, by the folders in which it lay: each gets the answers to it.
#[derive(Debug, Default)]
pub(super) struct Arrivals(BTreeMap<PathBuf, Arrived>);

impl Arrivals {
    /// Notes what came of something that lay in this folder.
    pub fn note(&mut self, outcome: &Outcome, folder: &Path) {
        let (bundle, set, events) = match &outcome.fate {
            Fate::Accepted { bundle, .. } | Fate::Known { bundle, .. } => (Some(*bundle), None, None),
            Fate::Part { set, .. } | Fate::PartRefused { set: Some(set), .. } => (None, Some(*set), None),
            Fate::Events { .. } => (None, None, Some(outcome.path.clone())),
            _ => return,
        };
        let arrived = self.0.entry(folder.to_path_buf()).or_default();
        arrived.bundles.extend(bundle);
        arrived.sets.extend(set);
        arrived.events.extend(events);
    }

    /// The folders in which something arrived.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

impl Archive {
    /// Takes in the bundles in a folder and below, and lays what they are answered with into each folder that one lay in;
    /// gives what was laid now. Letters of officers are laid into the folder itself in any case.
    pub fn sync(
        &mut self,
        dir: &Path,
        now: Time,
        stop: &AtomicBool,
        report: &mut dyn FnMut(Outcome),
    ) -> Result<Answered, IntakeError> {
        let mut arrivals = Arrivals::default();
        let root = self.places.root().to_path_buf();
        self.accept(&[dir.to_path_buf()], now, stop, &mut |outcome| {
            // What a kill had left lies in the archive itself, and its bearer may be the one who brings this.
            let lay = outcome.path.parent().filter(|folder| !folder.starts_with(&root));
            arrivals.note(&outcome, lay.unwrap_or(dir));
            report(outcome);
        })?;
        let mut all = Answered::default();
        for (_, answered) in self.answer_all(arrivals) {
            match answered {
                Ok(answered) => all.add(answered),
                Err(error) => all.troubles.push(error),
            }
        }
        match self.lay_letters(dir) {
            Ok(letters) => all.letters = letters,
            Err(error) => all.troubles.push(error),
        }
        Ok(all)
    }

    /// Lays into each folder the answers to what arrived in it.
    pub(super) fn answer_all(
        &mut self,
        arrivals: Arrivals,
    ) -> impl Iterator<Item = (PathBuf, Result<Answered, IntakeError>)> {
        arrivals.0.into_iter().map(|(folder, arrived)| {
            let answered = self.lay_answers(&arrived, &folder);
            (folder, answered)
        })
    }

    /// Lays into a folder the receipts of what arrived in it, what is missing of bundles that come in parts, and the newest
    /// card: as much of it as fits, in this order.
    fn lay_answers(&mut self, arrived: &Arrived, dir: &Path) -> Result<Answered, IntakeError> {
        let laid = Laid::read(dir)?;
        let (there, missing): (Vec<Digest>, Vec<Digest>) =
            arrived.bundles.iter().copied().partition(|bundle| laid.has(&self.log, bundle));
        // Killed after a letter was laid there and before it was noted.
        self.ledger.hand_out(&there)?;
        let (receipts, waiting) = self.answer_on(&missing, dir, &laid)?;
        let (parts, untold) = self.tell_missing(&arrived.sets, dir)?;
        let cards = self.lay_cards(&arrived.bundles, dir, &laid)?;
        let (mut events, mut troubles) = (ProofsLaid::default(), Vec::new());
        for path in &arrived.events {
            match self.lay_proofs(path, dir) {
                Ok(laid) => events.add(laid),
                Err(error) => troubles.push(error),
            }
        }
        let left = missing.len() - receipts.len() - waiting + untold;
        Ok(Answered { receipts, parts, cards, events, left, waiting, troubles, ..Answered::default() })
    }
}
