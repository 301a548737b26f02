//! `sanduq key words`: the 24 words that open a part without its passphrase. `sanduq key split`: shares of them.

use crate::cli::context::{Context, told};
use crate::cli::number::Count;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, seed_words, share_page, shares};
use crate::crypto::share::{self, Share};
use crate::ui::{Kind, Trouble, m};
use crate::vault::Vault;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Written {
    set: String,
    threshold: usize,
    #[serde(serialize_with = "crate::format::path::many")]
    files: Vec<PathBuf>,
}

/// Shows the words and asks for three of them.
pub fn words(context: &mut Context) -> Result<(), Trouble> {
    if !has_reader(&context.terminal) {
        return Err(Trouble::new(Kind::Usage, m::ERR_WORDS_TERMINAL));
    }
    let mut vault = context.unlock()?;
    let learned = seed_words::teach(&context.terminal, &vault.words())?;
    if learned {
        vault.words_are_kept(context.now()).map_err(told)?;
    }
    context.terminal.say(if learned { m::WORDS_DONE } else { m::WORDS_LATER });
    if !learned {
        context.terminal.command("sanduq key words");
    }
    Ok(())
}

/// Makes shares: a page for each in the folder `to`, or one after the other at the terminal.
pub fn split(context: &mut Context, count: Count, needed: Count, to: Option<&Path>) -> Result<(), Trouble> {
    share::check(needed.0, count.0).map_err(told)?;
    if to.is_none() && !has_reader(&context.terminal) {
        return Err(Trouble::new(Kind::Declined, m::ERR_SHARES_TERMINAL)
            .hint(m::HINT_SHARES_TERMINAL)
            .command("sanduq key split --shares N --threshold K --to DIR"));
    }
    let mut vault = context.unlock()?;
    if let Some(dir) = to {
        sure(&context.terminal, dir)?;
    }
    let made = vault.split(needed.0, count.0, context.now()).map_err(told)?;
    match to {
        Some(dir) => write(context, &made, dir)?,
        None => shares::show(&context.terminal, &made)?,
    }
    vault.words_are_kept(context.now()).map_err(told)
}

/// Whether a person reads what is shown here, and no file or script.
fn has_reader(terminal: &Terminal) -> bool {
    terminal.can_ask() && !terminal.json()
}

/// Says that what is written can be read by anyone, and asks at a terminal.
fn sure(terminal: &Terminal, dir: &Path) -> Result<(), Trouble> {
    terminal.remark(m::SHARES_PLAIN);
    ask::folder(terminal, dir)?;
    if terminal.can_ask() { ask::confirm(terminal, m::SHARES_PLAIN_ASK) } else { Ok(()) }
}

fn write(context: &Context, made: &[Share], dir: &Path) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let mut files = Vec::new();
    for share in made {
        let page = share_page::page(terminal.words(), share, made.len());
        let path = Vault::write_page(dir, &share_page::name(share), &page);
        let some =
            |trouble: Trouble| if files.is_empty() { trouble } else { trouble.safe(m::SAFE_SHARES_SOME) };
        let path = path.map_err(|error| some(told(error)))?;
        files.push(path);
    }
    let set = made.first().map(share_page::set).unwrap_or_default();
    let threshold = made.first().map(Share::needed).unwrap_or_default();
    if terminal.json() {
        terminal.answer(&Written { set, threshold, files });
        return Ok(());
    }
    terminal.say(m::SharesWritten { count: made.len(), needed: threshold });
    files.iter().for_each(|path| terminal.value(path.display()));
    terminal.say(m::SHARES_WRITTEN_THEN);
    Ok(())
}
