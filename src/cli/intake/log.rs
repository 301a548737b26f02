//! `sanduq-intake log`: prints the log, a checkpoint or a proof, and writes the log for auditors.

use crate::cli::intake::arguments::LogVerb;
use crate::cli::intake::told;
use crate::cli::terminal::Terminal;
use crate::crypto::Digest;
use crate::intake::Reading;
use crate::ui::{Trouble, m};
use serde::Serialize;
use std::path::Path;

/// Runs the verb; without one the log is printed.
pub fn run(terminal: &Terminal, root: &Path, verb: Option<&LogVerb>) -> Result<(), Trouble> {
    let archive = Reading::open(root).map_err(told)?;
    match verb {
        None => print(terminal, &archive),
        Some(LogVerb::Checkpoint) => checkpoint(terminal, &archive),
        Some(LogVerb::Prove { id }) => prove(terminal, &archive, id),
        Some(LogVerb::Export { dir }) => export(terminal, &archive, dir),
    }
}

fn print(terminal: &Terminal, archive: &Reading) -> Result<(), Trouble> {
    let log = archive.log().map_err(told)?;
    if terminal.json() {
        terminal.answer(&log);
        return Ok(());
    }
    terminal.raw(&log.checkpoint);
    terminal.data("");
    log.leaves.iter().for_each(|leaf| terminal.data(leaf));
    Ok(())
}

fn checkpoint(terminal: &Terminal, archive: &Reading) -> Result<(), Trouble> {
    let checkpoint = archive.checkpoint().map_err(told)?;
    if terminal.json() {
        terminal.answer(&CheckpointView { checkpoint });
    } else {
        terminal.raw(&checkpoint);
    }
    Ok(())
}

#[derive(Serialize)]
struct CheckpointView {
    checkpoint: String,
}

fn prove(terminal: &Terminal, archive: &Reading, id: &Digest) -> Result<(), Trouble> {
    let proof = archive.prove(id).map_err(told)?;
    if terminal.json() {
        terminal.answer(&proof);
    } else {
        terminal.raw(&proof.proof);
    }
    Ok(())
}

fn export(terminal: &Terminal, archive: &Reading, dir: &Path) -> Result<(), Trouble> {
    let exported = archive.export_log(dir).map_err(told)?;
    if terminal.json() {
        terminal.answer(&exported);
        return Ok(());
    }
    terminal.say(m::log_exported(exported.size));
    terminal.value(dir.display());
    terminal.say(m::LOG_EXPORT_WHOM);
    terminal.command("sanduq-verify log DIR --card CARD");
    Ok(())
}
