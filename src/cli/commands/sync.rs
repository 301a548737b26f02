//! `sanduq sync DIR --to NAME` takes in what came back on a medium, and writes what the contact has not acknowledged.

use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, post};
use crate::ui::{Trouble, m};
use crate::vault::{SyncOutcome, VaultError};
use std::io;
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, dir: &Path, to: &str) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault.sync(dir, to, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    say(terminal, &outcome, to);
    post::trouble(terminal, &outcome.letters)?;
    if let Some(path) = outcome.unread.into_iter().next() {
        // Everything else was done, and the next look takes it in if it is ours.
        let source = io::Error::from(io::ErrorKind::PermissionDenied);
        return Err(told(VaultError::Read { path, source }));
    }
    Ok(())
}

fn say(terminal: &Terminal, outcome: &SyncOutcome, to: &str) {
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
    if outcome.left > 0 {
        terminal.say(m::sync_left(outcome.left));
    }
    if outcome.bundles.is_empty() {
        terminal.say(m::sync_settled(to));
        return;
    }
    terminal.say(m::export_done(outcome.bundles.len()));
    outcome.bundles.iter().for_each(|bundle| terminal.value(bundle.path.display()));
    terminal.say(m::SYNC_NEXT);
}
