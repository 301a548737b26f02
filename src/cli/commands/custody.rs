//! `sanduq custody hold ITEM…` and `sanduq custody transfer ITEM… --to CARD` note what an officer did with received items
//! outside of this program, as events that belong into the organisation's log.

use crate::cli::context::{Context, told};
use crate::cli::files;
use crate::cli::number::ItemNumber;
use crate::format::card::Card;
use crate::ui::{Kind, Message, Trouble, m};
use crate::vault::Noted;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Answer {
    records: Vec<String>,
}

/// Runs `custody hold`.
pub fn hold(context: &mut Context, items: &[ItemNumber]) -> Result<(), Trouble> {
    note(context, items, &Noted::Hold, m::CUSTODY_HELD)
}

/// Runs `custody transfer`.
pub fn transfer(context: &mut Context, items: &[ItemNumber], to: &Path) -> Result<(), Trouble> {
    let card = Card::parse(&files::read_small(to)?).map_err(|error| {
        Trouble::new(Kind::Refused, m::ERR_CARD).value(to.display()).value(error).hint(m::HINT_CARD)
    })?;
    note(context, items, &Noted::Transfer(Box::new(card)), m::CUSTODY_TRANSFERRED)
}

fn note(context: &mut Context, items: &[ItemNumber], noted: &Noted, done: Message) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let items: Vec<u64> = items.iter().map(|item| item.0).collect();
    let records = vault.note_custody(&items, noted, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&Answer { records });
        return Ok(());
    }
    terminal.say(done);
    records.iter().for_each(|record| terminal.value(record));
    terminal.say(m::EVENTS_NEXT);
    terminal.command("sanduq events DIR");
    Ok(())
}
