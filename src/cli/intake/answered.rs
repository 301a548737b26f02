//! What the desk laid on a medium, told as people read it.

use std::collections::BTreeSet;

use super::{letters, outcomes};
use crate::cli::terminal::Terminal;
use crate::intake::{Answered, IntakeError};
use crate::ui::{Describe, Trouble, m};

/// Tells what was laid there.
pub fn tell(terminal: &Terminal, answered: &Answered) {
    for set in &answered.parts {
        terminal.say(m::INTAKE_SYNC_PARTS);
        outcomes::tell_set(terminal, set);
    }
    if !answered.receipts.is_empty() {
        terminal.say(m::receipts_done(answered.receipts.len()));
        let folders: BTreeSet<_> = answered.receipts.iter().filter_map(|one| one.file.parent()).collect();
        folders.iter().for_each(|folder| terminal.value(folder.display()));
    } else if !answered.parts.is_empty() {
        terminal.say(m::INTAKE_SYNC_MORE);
    } else if answered.is_empty() {
        terminal.say(m::INTAKE_SYNC_NONE);
    }
    if answered.left > 0 {
        terminal.say(m::intake_sync_left(answered.left));
    }
    waiting(terminal, answered.waiting);
    if answered.cards > 0 {
        terminal.say(m::intake_sync_cards(answered.cards));
    }
    if answered.events.proved > 0 {
        terminal.say(m::intake_sync_events(answered.events.proved));
    }
    if answered.events.waiting > 0 {
        terminal.say(m::intake_sync_events_waiting(answered.events.waiting));
        terminal.command("sanduq-intake log ask DIR");
    }
    letters::laid(terminal, &answered.letters);
    let laid = answered.cards + answered.letters.laid + answered.events.proved;
    if !answered.receipts.is_empty() || laid > 0 {
        terminal.say(m::INTAKE_SYNC_BACK);
    }
}

/// Tells how many receipts wait for witnesses, and what to do about it.
pub fn waiting(terminal: &Terminal, receipts: usize) {
    if receipts > 0 {
        terminal.say(m::receipts_waiting(receipts));
        terminal.command("sanduq-intake log ask DIR");
    }
}

/// What kept answers from where they were to lie, all but the last told already.
pub fn troubles(terminal: &Terminal, answered: &Answered) -> Result<(), Trouble> {
    let Some((last, before)) = answered.troubles.split_last() else { return Ok(()) };
    before.iter().for_each(|error| terminal.trouble(&unlaid(error)));
    Err(unlaid(last))
}

/// What arrived is taken in, whatever became of the answers to it.
pub fn unlaid(error: &IntakeError) -> Trouble {
    error.trouble().safe(m::SAFE_UNANSWERED)
}
