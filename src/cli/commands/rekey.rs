//! `sanduq rekey`: new keys for a part, after somebody may have learned the old ones.

use crate::cli::commands::passphrase::opened_by;
use crate::cli::context::{Context, told};
use crate::cli::{ask, cost, passphrase, seed_words};
use crate::crypto::{KeyFile, Passphrase};
use crate::ui::{Trouble, m};
use crate::vault::{Opened, Vault, VaultError};

/// How often one passphrase is asked for.
const REPEATS_MAX: usize = 3;

/// Runs the verb; every passphrase that is not typed opens nothing afterwards.
pub fn run(context: &mut Context) -> Result<(), Trouble> {
    let (mut vault, passphrase) = context.unlock_keeping()?;
    context.terminal.remark(m::REKEY_MEANS);
    ask::set_aside(&context.terminal, vault.set_aside().map_err(told)?)?;
    let key_file = context.key_file_of(vault.opened())?;
    let mut kept = Keeping { passphrases: vec![(passphrase, key_file)], opened: vec![vault.opened()] };
    if context.terminal.can_ask() {
        others(context, &vault, &mut kept)?;
    }
    context.terminal.remark(m::INIT_WAIT);
    let kdf = cost::measured(context)?;
    vault.rekey(kdf, &kept.passphrases, context.now()).map_err(told)?;
    opened_by(context, &vault, m::REKEY_DONE)?;
    if context.terminal.json() {
        return Ok(());
    }
    context.terminal.remark(m::REKEY_WORDS);
    if context.terminal.can_ask() && seed_words::teach(&context.terminal, &vault.words())? {
        vault.words_are_kept(context.now()).map_err(told)?;
        context.terminal.say(m::WORDS_DONE);
    } else {
        context.terminal.command("sanduq key words");
    }
    Ok(())
}

/// The passphrases that stay, each with the key file where it needs that, and the slots that they open as yet.
struct Keeping {
    passphrases: Vec<(Passphrase, Option<KeyFile>)>,
    opened: Vec<Opened>,
}

/// Asks for the other passphrases that are to stay; an empty one drops what is left.
fn others(context: &Context, vault: &Vault, kept: &mut Keeping) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let count = vault.keys().map_err(told)?.passphrases;
    while kept.opened.len() < count {
        terminal.tell(m::rekey_others(count - kept.opened.len()));
        let Some((typed, opened)) = other(context, vault, &kept.opened)? else { return Ok(()) };
        kept.passphrases.push((typed, context.key_file_of(opened)?));
        kept.opened.push(opened);
    }
    Ok(())
}

/// A passphrase that opens the part, alone or with the key file that was named, and is not among those kept already;
/// nothing if an empty one was typed.
fn other(context: &Context, vault: &Vault, kept: &[Opened]) -> Result<Option<(Passphrase, Opened)>, Trouble> {
    let key_file = context.key_file()?;
    for _ in 0..REPEATS_MAX {
        let typed = passphrase::existing(&context.passphrase, &context.terminal)?;
        if typed.is_empty() {
            return Ok(None);
        }
        match vault.opens(&typed, key_file.as_ref()).map_err(told)? {
            Some(opened) if kept.contains(&opened) => context.terminal.tell(m::REKEY_KEPT_ALREADY),
            Some(opened) => return Ok(Some((typed, opened))),
            None => context.terminal.tell(m::REKEY_OPENS_NOT),
        }
    }
    Err(told(VaultError::Unopened))
}
