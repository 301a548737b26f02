//! `sanduq events [DIR]` shows what was opened and disclosed here, and whether the organisation's log has it; with a medium
//! it takes the proofs that lie there and lays what the desk is to log.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Message, Trouble, m};
use crate::vault::{Did, EventView, EventsOutcome};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Events {
    events: Vec<EventView>,
}

/// Runs the verb.
pub fn run(context: &mut Context, dir: Option<&Path>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    let Some(dir) = dir else {
        let events = vault.events().map_err(told)?;
        show(terminal, events);
        return Ok(());
    };
    ask::folder(terminal, dir)?;
    let outcome = vault.carry_events(dir).map_err(told)?;
    say(terminal, &outcome);
    match outcome.refused.split_first() {
        None => Ok(()),
        Some((first, others)) => {
            let trouble = Trouble::new(Kind::Refused, m::ERR_EVENT_PROOFS).value(first.display());
            let trouble = others.iter().fold(trouble, |trouble, path| trouble.value(path.display()));
            Err(trouble.safe(m::SAFE_EVENT_PROOFS).hint(m::HINT_EVENT_PROOFS))
        }
    }
}

fn show(terminal: &Terminal, events: Vec<EventView>) {
    if terminal.json() {
        return terminal.answer(&Events { events });
    }
    if events.is_empty() {
        return terminal.say(m::EVENTS_NONE);
    }
    let words = terminal.words();
    for event in &events {
        let logged = if event.logged { m::EVENTS_LOGGED } else { m::EVENTS_WAITING };
        terminal.data(&words.say(did(event.did)));
        terminal.data(&format!("  {}", event.what));
        terminal.data(&format!("  {}", words.say(logged)));
    }
    if events.iter().any(|event| !event.logged) {
        terminal.say(m::EVENTS_NEXT);
        terminal.command("sanduq events DIR");
    }
}

fn did(did: Did) -> Message {
    match did {
        Did::Opened => m::EVENTS_OPENED,
        Did::Disclosed => m::EVENTS_DISCLOSED,
        Did::Withdrawn => m::EVENTS_WITHDRAWN,
        Did::Held => m::EVENTS_HELD,
        Did::Transferred => m::EVENTS_TRANSFERRED,
    }
}

fn say(terminal: &Terminal, outcome: &EventsOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    if outcome.proved > 0 {
        terminal.say(m::events_proved(outcome.proved));
    }
    if outcome.removed > 0 {
        terminal.say(m::sync_removed(outcome.removed));
    }
    if outcome.waiting > 0 {
        terminal.say(m::events_laid(outcome.waiting));
        outcome.files.iter().for_each(|file| terminal.value(file.display()));
        terminal.say(m::EVENTS_DESK);
    } else {
        terminal.say(m::EVENTS_SETTLED);
    }
}
