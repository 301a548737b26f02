//! `sanduq export DIR` writes every sealed bundle without a receipt, as it is or disguised, reads it back and verifies
//! it.

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::disguise;
use crate::cli::progress::Bar;
use crate::cli::volume::{self, VolumeFlags};
use crate::format::plain_name::PlainName;
use crate::ui::{Trouble, m};
use crate::vault::Manner;
use clap::Args;
use std::path::PathBuf;

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// Where to.
    dir: PathBuf,
    /// Only what goes to this contact.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Into which parts.
    #[command(flatten)]
    volumes: VolumeFlags,
    /// The carrier key.
    #[arg(long, value_name = "FILE")]
    carrier: Option<PathBuf>,
    /// The name of the one file.
    #[arg(long, value_name = "NAME")]
    plain_name: Option<PlainName>,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let dir = &asked.dir;
    let carrier = asked.carrier.as_deref().map(|path| disguise::key(path, dir)).transpose()?;
    let manner = Manner {
        to: asked.to.as_deref(),
        volumes: asked.volumes.volumes(),
        carrier: carrier.as_ref(),
        name: asked.plain_name.as_ref(),
    };
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let again = if manner.to.is_some() { "sanduq export DIR --to NAME" } else { "sanduq export DIR" };
    let mut bar = Bar::new(terminal, m::EXPORT_DOING);
    let outcome = vault
        .export_as(dir, &manner, context.now(), &mut bar)
        .map_err(|error| volume::refused(error, manner.volumes.as_ref(), again))?;
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
        if manner.carrier.is_some() {
            terminal.say(m::EXPORT_CARRIER);
        }
    }
    Ok(())
}
