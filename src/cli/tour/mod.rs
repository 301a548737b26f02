//! `sanduq tour [DIR]` plays the whole trip on made-up evidence: from a testimony to a verified receipt.
//!
//! Every command that is shown is parsed and run as it stands, in this process, in a folder that the tour makes and
//! leaves to look at; so what is shown is what works. Nothing outside that folder is written, no vault of a person
//! is opened, and a folder of an earlier tour is never written over. The passphrases are drawn for the tour and
//! stand in the folder's READ-ME.txt; its vaults make less of an effort against guessing than real ones.

mod folder;
mod play;
mod read_me;
mod samples;
mod stage;

use crate::cli::context::Context;
use crate::ui::{Trouble, m};
use serde::Serialize;
use stage::Stage;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Toured {
    #[serde(serialize_with = "crate::format::path::one")]
    tour: PathBuf,
}

/// Runs the verb.
pub fn run(context: &Context, dir: Option<&Path>) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let folder = folder::make(dir)?;
    terminal.say(m::TOUR_BEGIN);
    terminal.value(folder.display());
    terminal.say(m::TOUR_HOW);
    let stage = Stage::new(context, &folder)?;
    read_me::write(&stage)?;
    play::all(&stage)?;
    if terminal.json() {
        terminal.answer(&Toured { tour: folder });
        return Ok(());
    }
    terminal.gap();
    terminal.say(m::TOUR_END);
    terminal.value(folder.display());
    terminal.say(m::TOUR_END_NEXT);
    terminal.value("sanduq init");
    Ok(())
}
