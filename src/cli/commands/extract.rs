//! `sanduq extract ITEM --to DIR` writes an item's originals in plain, as only `disclose` does besides.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::cli::progress::Bar;
use crate::ui::{Trouble, m};
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, item: ItemNumber, to: &Path) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, to)?;
    let mut bar = Bar::new(terminal, m::EXTRACT_DOING);
    let outcome = vault.extract(item.0, to, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    if terminal.json() {
        terminal.answer(&outcome);
    } else {
        terminal.say(m::extract_done(outcome.files.len()));
        outcome.files.iter().for_each(|file| terminal.value(file.display()));
    }
    terminal.remark(m::EXTRACT_PLAIN);
    Ok(())
}
