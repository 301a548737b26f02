//! `sanduq list [--limit N] [--after ITEM]` lists what is kept, newest first.

use crate::cli::context::{Context, told};
use crate::cli::number::{Count, ItemNumber};
use crate::cli::table::{List, WATCHED_MAX};
use crate::ui::{Trouble, m};

/// Runs the verb.
pub fn run(context: &mut Context, limit: Option<Count>, after: Option<ItemNumber>) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let terminal = &context.terminal;
    let limit = limit.map(|count| count.0).or(terminal.is_watched().then_some(WATCHED_MAX));
    let mut list = List::new(terminal, limit);
    vault.each_listed(list.wants(), after.map(|item| item.0), |item| list.add(&item)).map_err(told)?;
    if let Some(last) = list.end(m::LIST_EMPTY) {
        terminal.remark(m::LIST_MORE);
        terminal.remark_command(&format!("sanduq list --after {last}"));
    }
    Ok(())
}
