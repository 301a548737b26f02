//! `sanduq remove ITEM` removes an item that is not sealed yet.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::ui::{Trouble, m};

/// Runs the verb; at a terminal it shows the item and asks.
pub fn run(context: &mut Context, item: ItemNumber) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    if terminal.can_ask() {
        let detail = vault.show(item.0).map_err(told)?;
        terminal.aside(&format!("  {}", crate::ui::escape(&detail.summary.title)));
        ask::confirm(terminal, m::remove_ask(item.0))?;
    }
    let removed = vault.remove(item.0, context.now()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&removed);
    } else {
        terminal.say(m::remove_done(removed.item));
        terminal.value(&removed.title);
    }
    Ok(())
}
