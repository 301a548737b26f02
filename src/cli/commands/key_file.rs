//! `sanduq key-file set FILE | drop`: a file without which the passphrase does not open.

use crate::cli::ask;
use crate::cli::commands::passphrase::{counted, old_slots, say};
use crate::cli::context::{Context, told};
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::crypto::KeyFile;
use crate::store::files;
use crate::ui::{Trouble, m};
use crate::vault::VaultError;
use std::path::Path;

/// Makes a key file, and lets the passphrase that was typed open only together with it.
pub fn set(context: &mut Context, file: &Path) -> Result<(), Trouble> {
    let (mut vault, passphrase) = context.unlock_keeping()?;
    means(&context.terminal, file);
    if context.terminal.can_ask() {
        ask::confirm(&context.terminal, m::KEY_FILE_ASK)?;
    }
    let made = KeyFile::generate();
    // The file is whole on its medium before the slot needs it.
    files::write_new(file, made.to_text().expose()).map_err(|error| told(VaultError::from(error)))?;
    vault.change_passphrase(&passphrase, Some(&made), context.now()).map_err(told)?;
    context.terminal.say(m::KEY_FILE_DONE);
    context.terminal.value(file.display());
    counted(context, &vault)?;
    old_slots(&context.terminal);
    Ok(())
}

/// Says what will be needed from then on, before anything is done.
fn means(terminal: &Terminal, file: &Path) {
    terminal.remark(m::KEY_FILE_MEANS);
    terminal.remark_value(file.display());
    terminal.remark(m::KEY_FILE_NAMED);
    terminal.remark_command(&shell::line(["sanduq", "--key-file", &file.to_string_lossy(), "…"]));
    terminal.remark(m::KEY_FILE_KEEP);
}

/// Lets the passphrase that was typed open alone again.
pub fn drop(context: &mut Context) -> Result<(), Trouble> {
    let (mut vault, passphrase) = context.unlock_keeping()?;
    vault.change_passphrase(&passphrase, None, context.now()).map_err(told)?;
    say(context, &vault, m::KEY_FILE_DROPPED)
}
