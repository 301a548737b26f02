//! `sanduq sync DIR --to NAME` takes in what came back on a medium, and writes what the contact has not acknowledged.

use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::cli::volume::{self, VolumeFlags};
use crate::cli::{ask, post};
use crate::ui::{Trouble, m};
use crate::vault::{SyncOutcome, VaultError};
use std::io;
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, dir: &Path, to: &str, volumes: &VolumeFlags) -> Result<(), Trouble> {
    let volumes = volumes.volumes();
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault
        .sync_in(dir, to, volumes.as_ref(), context.now(), &mut bar)
        .map_err(|error| volume::refused(error, volumes.as_ref(), "sanduq sync DIR --to NAME"))?;
    drop(bar);
    say(terminal, &outcome, to, dir);
    post::trouble(terminal, &outcome.letters)?;
    if let Some(path) = outcome.unread.into_iter().next() {
        // Everything else was done, and the next look takes it in if it is ours.
        let source = io::Error::from(io::ErrorKind::PermissionDenied);
        return Err(told(VaultError::Read { path, source }));
    }
    Ok(())
}

fn say(terminal: &Terminal, outcome: &SyncOutcome, to: &str, dir: &Path) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    post::say(terminal, &outcome.letters);
    if !outcome.letters.replies.is_empty() {
        terminal.say(m::SYNC_LETTERS_STAY);
    }
    if outcome.removed > 0 {
        terminal.say(m::sync_removed(outcome.removed));
    }
    for view in outcome.progress.iter().filter(|view| view.there > 0) {
        terminal.say(volume::progress(view));
    }
    if outcome.left > 0 {
        terminal.say(m::sync_left(outcome.left));
    }
    if outcome.bundles.is_empty() && outcome.parts.is_empty() {
        if outcome.left + outcome.parts_left == 0 {
            terminal.say(m::sync_settled(to));
        }
        return;
    }
    if !outcome.bundles.is_empty() {
        terminal.say(m::export_done(outcome.bundles.len()));
        outcome.bundles.iter().for_each(|bundle| terminal.value(bundle.path.display()));
    }
    volume::say(terminal, &outcome.parts, outcome.parts_left, dir);
    terminal.say(m::SYNC_NEXT);
}
