//! `sanduq consent ITEM [--consent FILE]` shows the terms of an item, and changes them.

use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::cli::{ask, consent};
use crate::ui::{Trouble, m};
use crate::vault::ItemState;
use std::path::Path;

/// Runs the verb: without a file it shows the terms, and asks at a terminal whether others shall hold.
pub fn run(context: &mut Context, item: ItemNumber, file: Option<&Path>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    let state = vault.show(item.0).map_err(told)?.summary.state;
    if file.is_none() {
        let held = vault.consent(item.0).map_err(told)?;
        match terminal.json() {
            true => terminal.answer(&held),
            false => consent::show(terminal, &held),
        }
        let own = state != ItemState::Received;
        if !own || !terminal.can_ask() || terminal.json() || !ask::yes(terminal, m::CONSENT_CHANGE)? {
            return Ok(());
        }
    }
    let new = consent::given(terminal, file)?;
    vault.set_consent(&[item.0], &new, context.now()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&new);
        return Ok(());
    }
    terminal.say(m::CONSENT_DONE);
    consent::show(terminal, &new);
    if state == ItemState::Sealed {
        terminal.say(m::CONSENT_SEALED);
    }
    Ok(())
}
