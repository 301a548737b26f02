//! What became of each source, as it is told: what was taken on standard output, what was not on standard error.

use crate::bundle::BundleError;
use crate::cli::terminal::Terminal;
use crate::crypto::hash::Digest;
use crate::intake::{Fate, IntakeError, Outcome, Quarantined, SetView};
use crate::ui::{Describe, Kind, Message, Size, Trouble, m};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Tells the fate of one source.
pub fn tell(terminal: &Terminal, outcome: &Outcome) {
    let taken = |message: Message, id: &Digest| {
        terminal.say(message);
        terminal.value(outcome.path.display());
        terminal.value(id);
    };
    match &outcome.fate {
        Fate::Accepted { bundle, leaf } => taken(m::accept_bundle(*leaf), bundle),
        Fate::Known { bundle, leaf } => taken(m::accept_known(*leaf), bundle),
        Fate::CardAccepted { card, serial, leaf } => {
            taken(m::AcceptCard { leaf: *leaf, serial: *serial }.into(), card)
        }
        Fate::CardKnown { card, serial, leaf } => {
            taken(m::AcceptCardKnown { leaf: *leaf, serial: *serial }.into(), card)
        }
        Fate::Events { officer, events, fresh } => {
            let (officer, events, fresh) = (*officer, *events, *fresh);
            terminal.say(m::AcceptEvents { officer, events, fresh });
            terminal.value(outcome.path.display());
        }
        Fate::Part { number, parts, fresh, .. } => {
            let part = m::AcceptPart { number: u64::from(*number), parts: u64::from(*parts) };
            let known = m::AcceptPartKnown { number: u64::from(*number), parts: u64::from(*parts) };
            terminal.say(if *fresh { part.into() } else { Message::from(known) });
            terminal.value(outcome.path.display());
        }
        Fate::PartRefused { set, number, reason } => {
            terminal.trouble(&part_refused(&outcome.path, set.as_ref(), *number, reason));
        }
        Fate::Quarantined(kept) => terminal.trouble(&refused(&outcome.path, kept)),
        Fate::Failed(error) => terminal.trouble(&failed(&outcome.path, error)),
    }
}

/// What is here of a set and what is missing; the id alone on its line, and so the numbers.
pub fn tell_set(terminal: &Terminal, set: &SetView) {
    let words = terminal.words();
    let about = m::IntakeListSet {
        there: set.there as u64,
        parts: u64::from(set.parts),
        needed: u64::from(set.needed),
        size: Size(set.bytes),
    };
    terminal.data(&set.set.to_string());
    terminal.data(&format!("  {}", words.say(about)));
    terminal.data(&format!("  {}", words.say(m::INTAKE_LIST_MISSING)));
    terminal.data(&format!("  {}", set.missing));
    if set.parity_refused {
        terminal.data(&format!("  {}", words.say(m::INTAKE_LIST_PARITY_REFUSED)));
    }
    if let Some(refused) = &set.refused {
        terminal.data(&format!("  {}", words.say(m::INTAKE_LIST_SET_REFUSED)));
        terminal.data(&format!("  {}", refused.trim_end()));
    }
}

fn part_refused(
    path: &std::path::Path,
    set: Option<&Digest>,
    number: Option<u16>,
    reason: &BundleError,
) -> Trouble {
    let (what, hint): (Message, Message) = match (reason, number) {
        (BundleError::Parity { .. }, _) => (m::ERR_PARITY, m::HINT_PARITY),
        (_, Some(number)) => (m::err_part_damaged(u64::from(number)), m::HINT_PART_DAMAGED),
        (_, None) if set.is_some() => (m::ERR_SET_REFUSED, m::HINT_SET_REFUSED),
        (_, None) => (m::ERR_PART_UNREADABLE, m::HINT_PART_DAMAGED),
    };
    let told = Trouble::new(Kind::Refused, what).value(path.display()).value(reason);
    let told = set.into_iter().fold(told, |told, set| told.value(set));
    told.safe(m::SAFE_PART_REFUSED).hint(hint)
}

fn refused(path: &std::path::Path, kept: &Quarantined) -> Trouble {
    let reason = kept.reason.trouble();
    let told = Trouble::new(Kind::Refused, reason.what.clone()).value(path.display()).value(&kept.reason);
    match &kept.copy {
        _ if kept.named.is_some() => told.safe(m::SAFE_HERE_WHOLE).hint(m::HINT_HERE_WHOLE),
        Some(copy) => {
            told.safe(m::SAFE_QUARANTINED).hint(m::HINT_QUARANTINED).command(copy.display().to_string())
        }
        None => told.safe(m::SAFE_NOT_COPIED).hint(m::HINT_NOT_COPIED),
    }
}

/// The trouble, with the source named where the error is about something else.
fn failed(path: &std::path::Path, error: &IntakeError) -> Trouble {
    let told = error.trouble();
    let path = path.display().to_string();
    if told.values.contains(&path) { told } else { told.value(path) }
}

/// How many of each there were.
#[derive(Debug, Default)]
pub struct Tally {
    accepted: usize,
    known: usize,
    refused: usize,
    failed: usize,
    parts: usize,
    /// Whether parts of a set are still waited for.
    waiting: BTreeMap<Digest, bool>,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, outcome: &Outcome) {
        if let Fate::Part { set, there, needed, .. } = outcome.fate {
            self.waiting.insert(set, there < usize::from(needed));
        }
        let one = match outcome.fate {
            Fate::Accepted { .. } | Fate::CardAccepted { .. } => &mut self.accepted,
            Fate::Known { .. } | Fate::CardKnown { .. } | Fate::Events { fresh: 0, .. } => &mut self.known,
            Fate::Events { .. } => &mut self.accepted,
            Fate::Part { fresh: true, .. } => &mut self.parts,
            Fate::Part { fresh: false, .. } => &mut self.known,
            Fate::PartRefused { .. } | Fate::Quarantined(_) => &mut self.refused,
            Fate::Failed(_) => &mut self.failed,
        };
        *one += 1;
    }

    /// Sums it up, where there was more than one. That there was nothing is said only if `all` was looked at.
    pub fn tell(&self, terminal: &Terminal, all: bool) {
        match self.accepted + self.known + self.refused + self.failed {
            0 if self.parts == 0 && all => terminal.say(m::ACCEPT_NOTHING),
            0 | 1 => {}
            _ => {
                terminal.gap();
                terminal.say(m::AcceptTally {
                    accepted: self.accepted,
                    known: self.known,
                    refused: self.refused,
                    failed: self.failed,
                });
            }
        }
        if self.parts > 0 && self.waiting.values().any(|waits| *waits) {
            terminal.say(m::accept_parts(self.parts));
        }
    }

    /// Trouble, if anything was not taken.
    pub fn end(&self) -> Result<(), Trouble> {
        if self.refused + self.failed == 0 {
            return Ok(());
        }
        Err(Trouble::new(Kind::Failed, m::ERR_ACCEPT_SOME).safe(m::SAFE_ACCEPT_SOME))
    }
}

/// The answer of `accept --json`.
#[derive(Serialize)]
pub struct OutcomesView {
    /// What became of each source.
    pub outcomes: Vec<OutcomeView>,
}

/// The fate of one source, as scripts read it.
#[derive(Serialize)]
pub struct OutcomeView {
    #[serde(serialize_with = "crate::format::path::one")]
    path: PathBuf,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u16>,
    /// Events of an officer, and those of them that are new.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::format::path::if_any")]
    copy: Option<PathBuf>,
}

impl OutcomeView {
    /// The view of an outcome.
    pub fn of(outcome: &Outcome) -> OutcomeView {
        let view = |state| OutcomeView {
            path: outcome.path.clone(),
            state,
            bundle: None,
            card: None,
            serial: None,
            leaf: None,
            set: None,
            part: None,
            events: None,
            fresh: None,
            reason: None,
            copy: None,
        };
        let bundle = |state, bundle: &Digest, leaf: &u64| OutcomeView {
            bundle: Some(*bundle),
            leaf: Some(*leaf),
            ..view(state)
        };
        let card = |state, card: &Digest, serial: &u64, leaf: &u64| OutcomeView {
            card: Some(*card),
            serial: Some(*serial),
            leaf: Some(*leaf),
            ..view(state)
        };
        match &outcome.fate {
            Fate::Accepted { bundle: id, leaf } => bundle("accepted", id, leaf),
            Fate::Known { bundle: id, leaf } => bundle("known", id, leaf),
            Fate::CardAccepted { card: id, serial, leaf } => card("accepted", id, serial, leaf),
            Fate::CardKnown { card: id, serial, leaf } => card("known", id, serial, leaf),
            Fate::Events { events, fresh, .. } => {
                let state = if *fresh > 0 { "accepted" } else { "known" };
                OutcomeView { events: Some(*events), fresh: Some(*fresh), ..view(state) }
            }
            Fate::Part { set, number, fresh, .. } => {
                let state = if *fresh { "kept" } else { "known" };
                OutcomeView { set: Some(*set), part: Some(*number), ..view(state) }
            }
            Fate::PartRefused { set, number, reason } => {
                let reason = Some(reason.to_string());
                OutcomeView { set: *set, part: *number, reason, ..view("refused") }
            }
            Fate::Quarantined(kept) => {
                let reason = Some(kept.reason.to_string());
                OutcomeView { reason, copy: kept.copy.clone(), ..view("refused") }
            }
            Fate::Failed(error) => OutcomeView { reason: Some(error.to_string()), ..view("failed") },
        }
    }
}
