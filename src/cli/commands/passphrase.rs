//! `sanduq passphrase change | add | remove`: which passphrases open a part.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::passphrase::{self, Source};
use crate::cli::terminal::Terminal;
use crate::ui::{Message, Trouble, m};
use crate::vault::{KeysView, Vault};

/// Puts a new passphrase in the place of the one that was typed.
pub fn change(context: &mut Context, from: Option<u32>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let new = passphrase::new(&source(from), &context.terminal)?;
    // Where a key file was needed to come in, it is needed with the new one.
    let key_file = context.key_file_of(vault.opened())?;
    vault.change_passphrase(&new, key_file.as_ref(), context.now()).map_err(told)?;
    say(context, &vault, m::PASSPHRASE_CHANGED)
}

/// Lets another passphrase open the part as well.
pub fn add(context: &mut Context, from: Option<u32>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let new = passphrase::new(&source(from), &context.terminal)?;
    vault.add_passphrase(&new, None, context.now()).map_err(told)?;
    say(context, &vault, m::PASSPHRASE_ADDED)
}

/// Takes one passphrase away, which is typed.
pub fn remove(context: &mut Context, from: Option<u32>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    context.terminal.remark(m::PASSPHRASE_REMOVE_TYPE);
    let gone = passphrase::existing(&source(from), &context.terminal)?;
    let key_file = context.key_file()?;
    vault.remove_passphrase(&gone, key_file.as_ref(), context.now()).map_err(told)?;
    say(context, &vault, m::PASSPHRASE_REMOVED)
}

/// Takes every passphrase away but the one that was typed.
pub fn remove_others(context: &mut Context) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let others = vault.keys().map_err(told)?.passphrases - 1;
    if others > 0 && context.terminal.can_ask() {
        ask::confirm(&context.terminal, m::passphrase_others_ask(others))?;
    }
    vault.remove_other_passphrases(context.now()).map_err(told)?;
    say(context, &vault, m::PASSPHRASE_OTHERS_REMOVED)
}

fn source(from: Option<u32>) -> Source {
    from.map_or(Source::Terminal, Source::Descriptor)
}

/// Says what was done, and what opens the part now.
pub fn say(context: &Context, vault: &Vault, done: Message) -> Result<(), Trouble> {
    opened_by(context, vault, done)?;
    old_slots(&context.terminal);
    Ok(())
}

/// Says what an older file of slots would open, and what ends that.
pub fn old_slots(terminal: &Terminal) {
    if !terminal.json() {
        terminal.say(m::PASSPHRASE_OLD_SLOTS);
        terminal.command("sanduq rekey");
    }
}

/// Says what was done, and what opens the part now, where older slots open nothing of it.
pub fn opened_by(context: &Context, vault: &Vault, done: Message) -> Result<(), Trouble> {
    context.terminal.say(done);
    counted(context, vault)
}

/// Says how many passphrases open the part now.
pub fn counted(context: &Context, vault: &Vault) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let keys: KeysView = vault.keys().map_err(told)?;
    if terminal.json() {
        terminal.answer(&keys);
        return Ok(());
    }
    terminal.say(m::passphrase_count(keys.passphrases));
    if keys.key_files > 0 {
        terminal.say(m::key_file_count(keys.key_files));
    }
    terminal.say(m::PASSPHRASE_COPIES);
    Ok(())
}
