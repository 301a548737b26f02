//! `sanduq key words`: the 24 words that open a part without its passphrase.

use crate::cli::context::Context;
use crate::cli::seed_words;
use crate::ui::{Kind, Trouble, m};

/// Shows the words and asks for three of them.
pub fn words(context: &mut Context) -> Result<(), Trouble> {
    if !context.terminal.can_ask() || context.terminal.json() {
        return Err(Trouble::new(Kind::Usage, m::ERR_WORDS_TERMINAL));
    }
    let vault = context.unlock()?;
    let learned = seed_words::teach(&context.terminal, &vault.words())?;
    context.terminal.say(if learned { m::WORDS_DONE } else { m::WORDS_LATER });
    if !learned {
        context.terminal.command("sanduq key words");
    }
    Ok(())
}
