//! `sanduq card sign DRAFT` signs an organisation's card; the card goes to standard output.

use crate::cli::context::{Context, told};
use crate::cli::files;
use crate::ui::{Trouble, m};
use std::path::Path;

/// Runs the verb.
pub fn sign(context: &mut Context, draft: &Path) -> Result<(), Trouble> {
    let draft = files::read_small(draft)?;
    let mut vault = context.unlock()?;
    let card = vault.sign_card(&draft, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&card);
    } else {
        terminal.raw(&card.text);
    }
    terminal.remark(m::CARD_SIGNED);
    terminal.remark_value(&card.words);
    terminal.remark_value(&card.numbers);
    terminal.remark(m::CARD_SIGNED_DIGEST);
    terminal.remark_value(&card.digest);
    Ok(())
}
