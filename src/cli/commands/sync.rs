//! `sanduq sync DIR --to NAME` takes in what came back on a medium, and writes what the contact has not acknowledged.

use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::cli::volume::{self, VolumeFlags};
use crate::cli::{ask, disguise, post};
use crate::format::plain_name::PlainName;
use crate::ui::{Trouble, m};
use crate::vault::{Manner, SyncOutcome, VaultError};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// The medium.
    dir: PathBuf,
    /// The contact it goes to.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// Into which parts.
    #[command(flatten)]
    volumes: VolumeFlags,
    /// The carrier key.
    #[arg(long, value_name = "FILE")]
    carrier: Option<PathBuf>,
    /// The name of the one file; without a key it would not be known again.
    #[arg(long, value_name = "NAME", requires = "carrier")]
    plain_name: Option<PlainName>,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let (dir, to) = (&asked.dir, asked.to.as_str());
    let carrier = asked.carrier.as_deref().map(|path| disguise::key(path, dir)).transpose()?;
    let manner = Manner {
        to: Some(to),
        volumes: asked.volumes.volumes(),
        carrier: carrier.as_ref(),
        name: asked.plain_name.as_ref(),
    };
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault
        .sync_as(dir, &manner, context.now(), &mut bar)
        .map_err(|error| volume::refused(error, manner.volumes.as_ref(), "sanduq sync DIR --to NAME"))?;
    drop(bar);
    say(terminal, &outcome, to, dir);
    if manner.carrier.is_some() && !(outcome.bundles.is_empty() && outcome.parts.is_empty()) {
        terminal.say(m::EXPORT_CARRIER);
    }
    post::trouble(terminal, &outcome.letters)?;
    if let Some(path) = outcome.unread.into_iter().next() {
        // Everything else was done, and the next look takes it in if it is ours.
        let source = io::Error::from(io::ErrorKind::PermissionDenied);
        return Err(told(VaultError::Read { path, source }).safe(m::SAFE_SYNC));
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
    if outcome.settled > 0 {
        terminal.say(m::sync_earlier(outcome.settled));
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
