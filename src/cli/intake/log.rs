//! `sanduq-intake log`: prints the log, a checkpoint or a proof, and writes the log for auditors.

use crate::cli::intake::arguments::LogVerb;
use crate::cli::intake::{stamp, told};
use crate::cli::terminal::Terminal;
use crate::crypto::Digest;
use crate::intake::{Archive, Asked, Cosigned, Reading};
use crate::ui::{Trouble, m};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Runs the verb; without one the log is printed.
pub fn run(terminal: &Terminal, root: &Path, verb: Option<&LogVerb>) -> Result<(), Trouble> {
    let look = || Reading::open(root).map_err(told);
    match verb {
        None => print(terminal, &look()?),
        Some(LogVerb::Checkpoint) => checkpoint(terminal, &look()?),
        Some(LogVerb::Prove { id, stamped: None }) => prove(terminal, &look()?, id),
        Some(LogVerb::Prove { id, stamped: Some(dir) }) => stamp::prove(terminal, &look()?, id, dir),
        Some(LogVerb::Stamp { export: Some(file), .. }) => stamp::export(terminal, &look()?, file),
        Some(LogVerb::Stamp { import, .. }) => {
            import.as_deref().map_or(Ok(()), |file| stamp::import(terminal, root, file))
        }
        Some(LogVerb::Export { dir }) => export(terminal, &look()?, dir),
        Some(LogVerb::Ask { dir, from }) => ask(terminal, root, dir, *from),
        Some(LogVerb::Cosigned { files }) => cosigned(terminal, root, files),
    }
}

fn ask(terminal: &Terminal, root: &Path, dir: &Path, from: Option<u64>) -> Result<(), Trouble> {
    let asked = Archive::open(root).and_then(|mut archive| archive.ask_witnesses(dir, from)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&AskView { asked: &asked });
        return Ok(());
    }
    if asked.is_empty() {
        terminal.say(m::LOG_ASK_NOBODY);
        terminal.command("sanduq-intake card --witness FILE > card.draft");
        return Ok(());
    }
    for one in &asked {
        terminal.say(m::LOG_ASK_WITNESS);
        terminal.value(&one.witness);
        terminal.value(one.file.display());
    }
    terminal.say(m::LOG_ASK_NEXT);
    terminal.command("sanduq-verify witness cosign REQUEST --card CARD --to FILE");
    Ok(())
}

#[derive(Serialize)]
struct AskView<'a> {
    asked: &'a [Asked],
}

fn cosigned(terminal: &Terminal, root: &Path, files: &[PathBuf]) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut answers = Vec::new();
    let mut last = None;
    for path in files {
        match archive.take_answer(path).map_err(told) {
            Ok(answer) => answers.push(answer),
            // One that is none keeps the others from nothing.
            Err(trouble) => {
                if let Some(before) = last.replace(trouble) {
                    terminal.trouble(&before);
                }
            }
        }
    }
    if terminal.json() {
        terminal.answer(&AnswersView { answers: &answers });
    } else {
        answers.iter().for_each(|answer| tell(terminal, answer));
    }
    match last {
        Some(trouble) if !answers.is_empty() => Err(trouble.safe(m::SAFE_LETTERS_SOME)),
        last => last.map_or(Ok(()), Err),
    }
}

#[derive(Serialize)]
struct AnswersView<'a> {
    answers: &'a [Cosigned],
}

fn tell(terminal: &Terminal, answer: &Cosigned) {
    match answer {
        Cosigned::Cosigned { witness, size, enough } => {
            terminal.say(m::log_cosigned(*size));
            terminal.value(witness);
            if *enough {
                terminal.say(m::LOG_COSIGNED_ENOUGH);
                terminal.command("sanduq-intake sync DIR");
            } else {
                terminal.say(m::LOG_COSIGNED_MORE);
            }
        }
        Cosigned::AskAgain { witnesses, last } => {
            terminal.say(m::log_ask_again(*last));
            witnesses.iter().for_each(|witness| terminal.value(witness));
            terminal.say(m::LOG_ASK_AGAIN_NEXT);
            terminal.command("sanduq-intake log ask DIR");
        }
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
