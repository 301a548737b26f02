//! `sanduq recover`: a vault, or a copy of one, opens by the 24 words or by shares of them, and gets a new passphrase.

use crate::cli::context::{Context, told};
use crate::cli::terminal::Terminal;
use crate::cli::{cost, passphrase, seed_words, shares};
use crate::crypto::Seed;
use crate::ui::{Trouble, m};
use crate::vault::{PartView, Vault};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Serialize)]
struct Recovered {
    #[serde(serialize_with = "crate::format::path::one")]
    vault: PathBuf,
    #[serde(flatten)]
    about: PartView,
}

/// What is on paper.
pub enum Paper {
    /// The words, typed or from this descriptor.
    Words(Option<u32>),
    /// Shares that are typed.
    Shares,
    /// Files with a share in each.
    Files(Vec<PathBuf>),
}

impl Paper {
    /// What the flags say.
    pub fn of(words_fd: Option<u32>, shares: bool, files: Vec<PathBuf>) -> Paper {
        match (shares, files.is_empty()) {
            (true, _) => Paper::Shares,
            (false, false) => Paper::Files(files),
            (false, true) => Paper::Words(words_fd),
        }
    }

    fn seed(&self, terminal: &Terminal) -> Result<Seed, Trouble> {
        match self {
            Paper::Words(descriptor) => seed_words::typed(terminal, *descriptor),
            Paper::Shares => shares::typed(terminal),
            Paper::Files(paths) => shares::from_files(paths),
        }
    }
}

/// Runs the verb; `new` is the descriptor of a script.
pub fn run(context: &mut Context, paper: &Paper, new: Option<u32>) -> Result<(), Trouble> {
    let (root, part) = (context.root()?, context.part()?);
    Vault::parts(&root).map_err(told)?;
    let seed = paper.seed(&context.terminal)?;
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
