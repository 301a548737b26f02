//! `sanduq export DIR` writes every sealed bundle without a receipt, reads it back and verifies it.

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::progress::Bar;
use crate::cli::volume::{self, VolumeFlags};
use crate::ui::{Trouble, m};
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, dir: &Path, volumes: &VolumeFlags) -> Result<(), Trouble> {
    let volumes = volumes.volumes();
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault
        .export_in(dir, volumes.as_ref(), context.now(), &mut bar)
        .map_err(|error| volume::refused(error, volumes.as_ref(), "sanduq export DIR"))?;
    drop(bar);
    if terminal.json() {
        terminal.answer(&outcome);
    } else if outcome.bundles.is_empty() && outcome.parts.is_empty() {
        terminal.say(m::EXPORT_NONE);
    } else {
        if !outcome.bundles.is_empty() {
            terminal.say(m::export_done(outcome.bundles.len()));
            outcome.bundles.iter().for_each(|bundle| terminal.value(bundle.path.display()));
        }
        if outcome.left > 0 {
            terminal.say(m::sync_left(outcome.left));
        }
        volume::say(terminal, &outcome.parts, outcome.parts_left, dir);
        terminal.say(m::EXPORT_NEXT);
    }
    Ok(())
}
