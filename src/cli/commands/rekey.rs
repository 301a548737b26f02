//! `sanduq rekey`: new keys for a part, after somebody may have learned the old ones.

use crate::cli::commands::passphrase::opened_by;
use crate::cli::context::{Context, told};
use crate::cli::{cost, passphrase, seed_words};
use crate::crypto::{KeyFile, Passphrase};
use crate::ui::{Trouble, m};
use crate::vault::{Vault, VaultError};

/// How often one passphrase is asked for.
const REPEATS_MAX: usize = 3;

/// Runs the verb; every passphrase that is not typed opens nothing afterwards.
pub fn run(context: &mut Context) -> Result<(), Trouble> {
    let (mut vault, passphrase) = context.unlock_keeping()?;
    context.terminal.remark(m::REKEY_MEANS);
    let mut kept = vec![(passphrase, context.key_file()?)];
    if context.terminal.can_ask() {
        others(context, &vault, &mut kept)?;
    }
    context.terminal.remark(m::INIT_WAIT);
    let kdf = cost::measured(context)?;
    vault.rekey(kdf, &kept, context.now()).map_err(told)?;
    opened_by(context, &vault, m::REKEY_DONE)?;
    if context.terminal.json() {
        return Ok(());
    }
    context.terminal.remark(m::REKEY_WORDS);
    if context.terminal.can_ask() && seed_words::teach(&context.terminal, &vault.words())? {
        context.terminal.say(m::WORDS_DONE);
    } else {
        context.terminal.command("sanduq key words");
    }
    Ok(())
}

/// Asks for the other passphrases that are to stay; an empty one drops what is left.
fn others(
    context: &Context,
    vault: &Vault,
    kept: &mut Vec<(Passphrase, Option<KeyFile>)>,
) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let count = vault.keys().map_err(told)?.passphrases;
    while kept.len() < count {
        terminal.tell(m::rekey_others(count - kept.len()));
        let Some(typed) = other(context, vault)? else { return Ok(()) };
        kept.push((typed, None));
    }
    Ok(())
}

/// A passphrase that opens the part alone; nothing if an empty one was typed.
fn other(context: &Context, vault: &Vault) -> Result<Option<Passphrase>, Trouble> {
    for _ in 0..REPEATS_MAX {
        let typed = passphrase::existing(&context.passphrase, &context.terminal)?;
        if typed.is_empty() {
            return Ok(None);
        }
        if vault.opens(&typed, None).map_err(told)? {
            return Ok(Some(typed));
        }
        context.terminal.tell(m::REKEY_OPENS_NOT);
    }
    Err(told(VaultError::Unopened))
}
