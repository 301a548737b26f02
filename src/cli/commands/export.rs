//! `sanduq export DIR` writes every sealed bundle without a receipt, reads it back and verifies it.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::ui::{Trouble, m};
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, dir: &Path) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault.export(dir, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    if terminal.json() {
        terminal.answer(&outcome);
    } else if outcome.bundles.is_empty() {
        terminal.say(m::EXPORT_NONE);
    } else {
        terminal.say(m::export_done(outcome.bundles.len()));
        outcome.bundles.iter().for_each(|bundle| terminal.value(bundle.path.display()));
        terminal.say(m::EXPORT_NEXT);
    }
    Ok(())
}
