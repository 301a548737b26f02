//! `sanduq receipt add FILE…` takes receipts and other letters in; `sanduq receipt export DIR` writes them in plain for
//! auditors; `sanduq receipt check LOG` holds an organisation's whole log against them.

use crate::audit::{self, LogQuestions};
use crate::cli::context::{Context, told};
use crate::cli::terminal::Terminal;
use crate::cli::{ask, given, post, verify};
use crate::ui::{Kind, Trouble, m};
use crate::vault::{Forgetting, LettersOutcome};
use std::path::{Path, PathBuf};

/// Takes letters in; others' are skipped calmly.
pub fn add(context: &mut Context, files: &[PathBuf]) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let outcome = vault.receipt_add(files, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&outcome);
    } else {
        // An officer's receipts are of bundles that stay.
        let preview = vault.forget_preview(&Forgetting::Delivered).map_err(told)?;
        say(terminal, &outcome, !outcome.received.is_empty() && !preview.items.is_empty());
    }
    post::trouble(terminal, &outcome)
}

fn say(terminal: &Terminal, outcome: &LettersOutcome, forgettable: bool) {
    if outcome.is_empty() {
        return terminal.say(m::RECEIPT_NOTHING);
    }
    post::say(terminal, outcome);
    if forgettable {
        terminal.say(m::RECEIPT_FORGET);
        terminal.command("sanduq forget --delivered");
    }
    if !outcome.already.is_empty() {
        terminal.say(m::receipt_already(outcome.already.len()));
        outcome.already.iter().for_each(|bundle| terminal.value(bundle));
    }
    if outcome.known > 0 {
        terminal.say(m::letters_known(outcome.known));
    }
    if outcome.skipped > 0 {
        terminal.say(m::receipt_skipped(outcome.skipped));
    }
}

/// Writes the receipts held.
pub fn export(context: &mut Context, dir: &Path) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let outcome = vault.receipt_export(dir).map_err(told)?;
    if terminal.json() {
        terminal.answer(&outcome);
    } else {
        let is_receipt = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "tlog-proof");
        let (receipts, heads): (Vec<_>, Vec<_>) = outcome.files.iter().partition(is_receipt);
        terminal.say(m::receipt_exported(receipts.len()));
        receipts.iter().for_each(|file| terminal.value(file.display()));
        if !heads.is_empty() {
            terminal.say(m::RECEIPT_EXPORTED_HEADS);
            heads.iter().for_each(|file| terminal.value(file.display()));
        }
    }
    Ok(())
}

/// Audits a log against every head that it showed here. Nothing is written, so nobody sees whose receipts these were.
pub fn check(context: &mut Context, log: &Path) -> Result<(), Trouble> {
    let head = audit::log_head(log).map_err(|error| given::unread(log, &error))?;
    let vault = context.unlock()?;
    let shown = head.map(|head| vault.shown_by(&head)).transpose().map_err(told)?.flatten();
    let Some((card, heads)) = shown else {
        return Err(Trouble::new(Kind::Missing, m::ERR_NO_RECEIPT_OF_LOG)
            .value(log.display())
            .hint(m::HINT_NO_RECEIPT_OF_LOG));
    };
    let questions = LogQuestions { heads, ..LogQuestions::default() };
    verify::each(&context.terminal, &[log.to_path_buf()], m::RECEIPT_CHECK_MEANS, |dir| {
        audit::log(dir, card.as_bytes(), &questions)
    })
}
