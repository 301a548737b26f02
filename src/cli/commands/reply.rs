//! `sanduq reply BUNDLE [FILE|-] [--to DIR] [--card CARD]`: an officer says something to the author of a bundle.
//!
//! It is typed as a testimony is, or read from a file or from standard input; signed, sealed to the author alone, and
//! written as one letter for the desk to hand out. With `--card` the letter holds a newer card instead.

use crate::cli::commands::testify;
use crate::cli::context::{Context, told};
use crate::cli::files;
use crate::cli::shell::quoted;
use crate::crypto::Digest;
use crate::ui::{Trouble, m};
use crate::vault::Saying;
use clap::Args;
use std::path::{Path, PathBuf};

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// The bundle that was opened here.
    bundle: Digest,
    /// A file with what is said; `-` is standard input.
    #[arg(value_name = "FILE", conflicts_with = "card")]
    file: Option<PathBuf>,
    /// Where to write the letter.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// A newer card to send instead of words.
    #[arg(long, value_name = "CARD")]
    card: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let card = asked.card.as_deref().map(files::read_small).transpose()?;
    let typed = asked.file.is_none() && context.terminal.can_ask();
    let mut vault = context.unlock()?;
    let words = match &card {
        Some(_) => String::new(),
        None if typed => testify::type_words(context, m::REPLY_HOW)?,
        None => testify::read(asked.file.as_deref().unwrap_or(Path::new("-")))?,
    };
    let saying = card.as_deref().map_or(Saying::Words(&words), Saying::Card);
    let to = asked.to.as_deref().unwrap_or(Path::new("."));
    let outcome = vault.reply(&asked.bundle, saying, to, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&outcome);
        return Ok(());
    }
    terminal.say(match (outcome.number, outcome.already) {
        (None, _) => m::REPLY_CARD_DONE,
        (Some(_), true) => m::REPLY_ALREADY,
        (Some(_), false) => m::REPLY_DONE,
    });
    terminal.value(outcome.file.display());
    terminal.say(m::REPLY_NEXT);
    terminal.value(format!("sanduq-intake letters add {}", quoted(&outcome.file.to_string_lossy())));
    Ok(())
}
