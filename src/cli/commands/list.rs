//! `sanduq list [--limit N] [--after ITEM]` lists what is kept, newest first.

use crate::cli::context::{Context, told};
use crate::cli::number::{Count, ItemNumber};
use crate::cli::table;
use crate::ui::{Trouble, m};

/// Items shown in a terminal where no limit was given; all of them when piped.
const WATCHED_MAX: usize = 100;

/// Runs the verb.
pub fn run(context: &mut Context, limit: Option<Count>, after: Option<ItemNumber>) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let terminal = &context.terminal;
    let limit = limit.map(|count| count.0).or(terminal.is_watched().then_some(WATCHED_MAX));
    let items = vault.list(limit, after.map(|item| item.0)).map_err(told)?;
    table::print(terminal, &items, m::LIST_EMPTY);
    if let (Some(last), Some(limit)) = (items.last(), limit)
        && items.len() == limit
        && last.item > 1
    {
        terminal.remark(m::LIST_MORE);
        terminal.remark_command(&format!("sanduq list --after {}", last.item));
    }
    Ok(())
}
