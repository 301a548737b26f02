//! An officer's events: what was opened, disclosed and withdrawn here, on its way into the organisation's log and back.
//!
//! Each event is a row from the change in which it happened. Its leaf is hidden under the bundle's inner salt. A medium
//! carries the leaves of those of which no proof came, signed; what comes back proves that they stand in the log, and a
//! later disclosure carries the proofs. Events of one log are in one file, and the medium that brings the proof of all of them
//! is rid of both. docs/spec/events.md is the normative text.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::change::Change;
use super::contacts::held_card;
use super::letters::open_plain;
use super::medium;
use super::redact::read_part;
use super::rows::{OfficerEvent, TakenBundle};
use super::sync::NAMES_MAX;
use super::{DisclosureProblem, MediumProblem, Vault, VaultError};
use crate::bundle::event_leaves::{self, BYTES_MAX};
use crate::bundle::{EventLeaves, event_proofs, layout};
use crate::crypto::{Digest, PublicPair};
use crate::custody::Event;
use crate::evidence::item::Origin;
use crate::format::card::Card;
use crate::format::name::MemberName;
use crate::format::time::Time;
use crate::store::files;
use crate::tlog::{Leaf, TlogProof};

/// Something an officer did, and whether the log is known to have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// What was done.
    pub did: Did,
    /// To what: the id of a bundle that was opened, else of a record.
    pub what: String,
    /// The bundle's id.
    pub bundle: String,
    /// The digest by which it stands in the log.
    pub leaf: String,
    /// Whether there is a proof that it does.
    pub logged: bool,
}

/// What is noted of an item by hand.
#[derive(Debug, Clone)]
pub enum Noted {
    /// It must be kept for a proceeding.
    Hold,
    /// It was handed over to the organisation of this card.
    Transfer(Box<Card>),
}

/// What an officer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Did {
    /// Opened a bundle.
    Opened,
    /// Disclosed a record.
    Disclosed,
    /// Opened the withdrawal of a record.
    Withdrawn,
    /// Holds a record for a proceeding.
    Held,
    /// Handed a record over to another organisation.
    Transferred,
}

/// What came of carrying events on a medium.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EventsOutcome {
    /// How many are now known to stand in the log.
    pub proved: usize,
    /// How many lie on the medium, for the desk.
    pub waiting: usize,
    /// The files they lie in, one for each log.
    #[serde(serialize_with = "crate::format::path::many")]
    pub files: Vec<PathBuf>,
    /// Archives of proofs that cannot be read, or of which one does not hold.
    #[serde(serialize_with = "crate::format::path::many")]
    pub refused: Vec<PathBuf>,
    /// How many files were taken off the medium, because nothing in them is open any more.
    pub removed: usize,
}

/// The card that each bundle with an event was sealed to, by the bundle.
type Cards = HashMap<Digest, Card>;

impl Vault {
    /// What was done here, as far as it belongs into a log.
    pub fn events(&self) -> Result<Vec<EventView>, VaultError> {
        self.store.all::<OfficerEvent>()?.iter().map(view).collect()
    }

    /// Notes what was done with items that came in bundles, outside of this program: each is an event of its bundle. Gives
    /// the records' ids.
    pub fn note_custody(
        &mut self,
        items: &[u64],
        noted: &Noted,
        now: Time,
    ) -> Result<Vec<String>, VaultError> {
        let mut events = Vec::new();
        for number in items.iter().copied().collect::<BTreeSet<_>>() {
            let Origin::Received { bundle, record, .. } = self.kept(number)?.item.origin else {
                return Err(DisclosureProblem::NotReceived { number }.into());
            };
            let event = match noted {
                Noted::Hold => Event::Hold { record },
                Noted::Transfer(card) => Event::Transfer { record, card: card.digest() },
            };
            events.push((bundle, record, event));
        }
        let mut change = self.begin()?;
        events.iter().try_for_each(|(bundle, _, event)| change.note_event_on(bundle, *event))?;
        let records = events.iter().map(|(_, record, _)| record.to_string()).collect();
        change.commit_all(events.into_iter().map(|(.., event)| event), now)?;
        Ok(records)
    }

    /// The events of these records that were noted by hand, in the order of their lines.
    pub(super) fn noted_events(&self, records: &[Digest]) -> Result<Vec<Event>, VaultError> {
        let mut noted = BTreeMap::new();
        for row in self.store.all::<OfficerEvent>()? {
            let event: Event = row.line.parse().map_err(|_| VaultError::damaged("event"))?;
            if let Event::Hold { record } | Event::Transfer { record, .. } = event
                && records.contains(&record)
            {
                noted.insert(row.line, event);
            }
        }
        Ok(noted.into_values().collect())
    }

    /// Takes in the proofs that lie in a folder, and lays there what no proof came of.
    pub fn carry_events(&mut self, dir: &Path) -> Result<EventsOutcome, VaultError> {
        let _held = medium::prepare(dir)?;
        medium::on(dir, self.exchange_events(dir))
    }

    fn exchange_events(&mut self, dir: &Path) -> Result<EventsOutcome, VaultError> {
        let mut events: BTreeMap<Digest, OfficerEvent> =
            self.store.all::<OfficerEvent>()?.into_iter().map(|event| (event.leaf, event)).collect();
        let cards = self.cards_of(events.values())?;
        let mut outcome = EventsOutcome::default();
        let proofs = lying(dir, event_proofs::ENDING)?;
        let (mut fresh, mut whole) = (HashSet::new(), Vec::new());
        for path in proofs {
            match take_proofs(&path, &mut events, &cards, &mut fresh)? {
                Taken::Ours => whole.push(path),
                Taken::Others => {}
                Taken::Refused => outcome.refused.push(path),
            }
        }
        if !fresh.is_empty() {
            let mut change = self.begin_draft()?;
            fresh.iter().try_for_each(|leaf| change.put(&events[leaf]))?;
            change.commit()?;
        }
        outcome.proved = fresh.len();
        let open = self.signed(&events, &cards);
        outcome.waiting = open.iter().map(|leaves| leaves.leaves().len()).sum();
        outcome.files = open.iter().map(|leaves| file(dir, leaves)).collect();
        let keys = self.officer_keys().public();
        for (path, leaves) in outcome.files.iter().zip(&open) {
            // One that was damaged on the way has the same name.
            if own_leaves(path, &keys)?.is_none_or(|there| there.leaves() != leaves.leaves()) {
                files::lay(path, leaves.print().as_bytes())?;
            }
        }
        whole.extend(settled(dir, &outcome.files, &events, &keys)?);
        outcome.removed = whole.len();
        whole.iter().try_for_each(|path| files::remove(path))?;
        Ok(outcome)
    }

    fn cards_of<'a>(&self, events: impl Iterator<Item = &'a OfficerEvent>) -> Result<Cards, VaultError> {
        let mut cards = Cards::new();
        for event in events {
            if !cards.contains_key(&event.bundle)
                && let Some(taken) = self.store.get::<TakenBundle>(event.bundle.as_bytes())?
            {
                cards.insert(event.bundle, held_card(&taken.card)?);
            }
        }
        Ok(cards)
    }

    /// What no proof came of, one file for each log.
    fn signed(&self, events: &BTreeMap<Digest, OfficerEvent>, cards: &Cards) -> Vec<EventLeaves> {
        let mut logs = BTreeMap::new();
        for event in events.values().filter(|event| event.proof.is_none()) {
            if let Some(card) = cards.get(&event.bundle) {
                let log = logs.entry(card.log_key().to_string()).or_insert((card.log_key(), Vec::new()));
                log.1.push(event.leaf);
            }
        }
        let keys = self.officer_keys();
        logs.into_values().map(|(log, leaves)| EventLeaves::sign(log, leaves, &keys)).collect()
    }
}

/// The files of this officer's events in a folder that are not those that lie there now, and have nothing in them that is
/// not known here: a vault that was put back from a copy does not know what it did since.
fn settled(
    dir: &Path,
    now: &[PathBuf],
    events: &BTreeMap<Digest, OfficerEvent>,
    keys: &PublicPair,
) -> Result<Vec<PathBuf>, VaultError> {
    let mut settled = Vec::new();
    for path in lying(dir, event_leaves::ENDING)?.into_iter().filter(|path| !now.contains(path)) {
        let known = |leaves: EventLeaves| leaves.leaves().iter().all(|leaf| events.contains_key(leaf));
        if own_leaves(&path, keys)?.is_some_and(known) {
            settled.push(path);
        }
    }
    Ok(settled)
}

/// What is in a file of events, if these keys signed it and it is whole; nothing where it is not there.
fn own_leaves(path: &Path, keys: &PublicPair) -> Result<Option<EventLeaves>, VaultError> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let read = open_plain(path)?.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| VaultError::Read { path: path.to_path_buf(), source })?;
    Ok(EventLeaves::parse(&bytes).ok().filter(|leaves| leaves.verify(keys).is_ok()))
}

impl Change<'_> {
    /// Remembers what was done to a bundle, until the log has it; what is remembered already stays as it is.
    pub(super) fn note_event(
        &mut self,
        bundle: &Digest,
        salt: &[u8; 32],
        event: Event,
    ) -> Result<(), VaultError> {
        let Leaf::Event(leaf) = event.leaf(salt) else { return Ok(()) };
        if self.get::<OfficerEvent>(leaf.as_bytes())?.is_none() {
            self.put(&OfficerEvent { leaf, bundle: *bundle, line: event.to_string(), proof: None })?;
        }
        Ok(())
    }

    /// As [`Change::note_event`], for a bundle that was taken in before.
    pub(super) fn note_event_on(&mut self, bundle: &Digest, event: Event) -> Result<(), VaultError> {
        let taken = self.get::<TakenBundle>(bundle.as_bytes())?;
        let taken = taken.ok_or_else(|| VaultError::damaged("bundle"))?;
        let salt = read_part(self, &taken, &format!("inner/{}", layout::SALT))?;
        self.note_event(bundle, &salt_of(&salt)?, event)
    }
}

/// The inner salt of a bundle.
pub(super) fn salt_of(bytes: &[u8]) -> Result<[u8; 32], VaultError> {
    bytes.try_into().map_err(|_| VaultError::damaged("bundle"))
}

/// What an archive of proofs turned out to be.
enum Taken {
    /// Each is of an event here, and holds.
    Ours,
    /// Another officer waits for one of them.
    Others,
    /// It cannot be read, or one of our events is not proved by what is said to prove it.
    Refused,
}

/// Takes the proofs of events here that hold.
fn take_proofs(
    path: &Path,
    events: &mut BTreeMap<Digest, OfficerEvent>,
    cards: &Cards,
    fresh: &mut HashSet<Digest>,
) -> Result<Taken, VaultError> {
    let (mut others, mut wrong) = (false, false);
    let read = event_proofs::read(BufReader::new(open_plain(path)?), &mut |leaf, proof| {
        let Some(event) = events.get_mut(&leaf) else {
            others = true;
            return;
        };
        if !proves(&proof, &leaf, cards.get(&event.bundle)) {
            wrong = true;
        } else if event.proof.is_none() {
            event.proof = Some(proof.to_string());
            fresh.insert(leaf);
        }
    });
    Ok(match (read, wrong, others) {
        (Err(_), _, _) | (_, true, _) => Taken::Refused,
        (Ok(()), false, true) => Taken::Others,
        (Ok(()), false, false) => Taken::Ours,
    })
}

/// Whether it proves that the log of this card has this leaf, as the card's policy asks.
fn proves(proof: &TlogProof, leaf: &Digest, card: Option<&Card>) -> bool {
    let leaf = Leaf::Event(*leaf).to_string();
    let says_so = proof.extra.as_deref() == Some(leaf.as_bytes());
    let holds = |card: &Card| proof.verify_under(leaf.as_bytes(), card.log_key(), card.policy()).is_ok();
    says_so && card.is_some_and(holds)
}

fn file(dir: &Path, leaves: &EventLeaves) -> PathBuf {
    dir.join(format!("{}.{}", leaves.name(), event_leaves::ENDING))
}

/// The plain files in a folder that are named so, in the order of their names.
fn lying(dir: &Path, ending: &str) -> Result<Vec<PathBuf>, VaultError> {
    let unreadable = |source| VaultError::Read { path: dir.to_path_buf(), source };
    let mut found = Vec::new();
    for (entry, number) in dir.read_dir().map_err(unreadable)?.zip(0..) {
        if number > NAMES_MAX {
            return Err(medium::problem(dir, MediumProblem::TooManyNames { names_max: NAMES_MAX }));
        }
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_named_so = name.parse::<MemberName>().is_ok()
            && path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
        if is_named_so && path.symlink_metadata().is_ok_and(|about| about.is_file()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn view(row: &OfficerEvent) -> Result<EventView, VaultError> {
    let event: Event = row.line.parse().map_err(|_| VaultError::damaged("event"))?;
    let (did, what) = match event {
        Event::Open { bundle, .. } => (Did::Opened, bundle),
        Event::Disclose { record } => (Did::Disclosed, record),
        Event::Withdraw { record } => (Did::Withdrawn, record),
        Event::Hold { record } => (Did::Held, record),
        Event::Transfer { record, .. } => (Did::Transferred, record),
        _ => return Err(VaultError::damaged("event")),
    };
    Ok(EventView {
        did,
        what: what.to_string(),
        bundle: row.bundle.to_string(),
        leaf: row.leaf.to_string(),
        logged: row.proof.is_some(),
    })
}
