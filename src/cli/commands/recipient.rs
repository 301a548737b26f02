//! `sanduq recipient [--identity-to FILE]` prints an officer's line for a card draft.

use crate::cli::context::{Context, told};
use crate::ui::{Trouble, m};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Recipient {
    recipient: String,
}

/// Runs the verb.
pub fn run(context: &mut Context, identity_to: Option<&Path>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let recipient = vault.recipient_line();
    if let Some(path) = identity_to {
        vault.identity_to(path, context.now()).map_err(told)?;
        context.terminal.remark(m::IDENTITY_WRITTEN);
        context.terminal.remark_value(path.display());
        context.terminal.remark(m::IDENTITY_CARE);
    }
    context.terminal.remark(m::RECIPIENT_WORDS);
    context.terminal.remark_value(vault.recipient_words());
    match context.terminal.json() {
        true => context.terminal.answer(&Recipient { recipient }),
        false => context.terminal.data(&recipient),
    }
    Ok(())
}
