//! `sanduq recover`: a vault, or a copy of one, opens by the 24 words alone and gets a new passphrase.

use crate::cli::context::{Context, told};
use crate::cli::{cost, passphrase, seed_words};
use crate::ui::{Trouble, m};
use crate::vault::{PartView, Vault};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Serialize)]
struct Recovered {
    vault: PathBuf,
    #[serde(flatten)]
    about: PartView,
}

/// Runs the verb; `words` and `new` are the descriptors of a script.
pub fn run(context: &mut Context, words: Option<u32>, new: Option<u32>) -> Result<(), Trouble> {
    let (root, part) = (context.root()?, context.part()?);
    Vault::parts(&root).map_err(told)?;
    let seed = seed_words::typed(&context.terminal, words)?;
    Vault::recoverable(&root, part, &seed).map_err(told)?;
    context.terminal.remark(m::RECOVER_FOUND);
    let source = new.map_or(passphrase::Source::Terminal, passphrase::Source::Descriptor);
    let passphrase = passphrase::new(&source, &context.terminal)?;
    context.terminal.remark(m::INIT_WAIT);
    let kdf = cost::measured(context)?;
    let vault = Vault::recover(&root, part, &seed, &passphrase, kdf, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&Recovered { vault: root, about: vault.about() });
        return Ok(());
    }
    terminal.say(m::RECOVER_DONE);
    terminal.value(root.display());
    terminal.say(m::RECOVER_OLD);
    Ok(())
}
