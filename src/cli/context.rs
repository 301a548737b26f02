//! What every command is handed: where the vault is, where the passphrase comes from, the terminal and the clock.

use crate::cli::arguments::Global;
use crate::cli::passphrase::{self, Source};
use crate::cli::terminal::Terminal;
use crate::cli::{place, shell};
use crate::crypto::Passphrase;
use crate::crypto::keyslot::CompartmentId;
use crate::format::time::Time;
use crate::ui::{Describe, Kind, Language, Trouble, m};
use crate::vault::Vault;
use std::path::PathBuf;
use std::time::Duration;

/// What tells the time whenever it is asked.
#[derive(Clone, Copy)]
pub struct Clock<'a> {
    /// The time of day.
    pub now: &'a dyn Fn() -> Time,
    /// The time since some moment that stays the same; it never goes back.
    pub stopwatch: &'a dyn Fn() -> Duration,
}

/// The world of one command.
pub struct Context<'a> {
    /// Where it speaks.
    pub terminal: Terminal,
    vault: Option<PathBuf>,
    /// Where passphrases come from.
    pub passphrase: Source,
    /// The language asked for by `--lang`.
    pub lang: Option<Language>,
    part: Option<String>,
    clock: Clock<'a>,
}

impl<'a> Context<'a> {
    /// The context that the global flags ask for.
    pub fn new(global: &Global, terminal: Terminal, lang: Option<Language>, clock: Clock<'a>) -> Context<'a> {
        let passphrase = global.passphrase_fd.map_or(Source::Terminal, Source::Descriptor);
        let mut context = Context {
            terminal,
            vault: global.vault.clone(),
            passphrase,
            lang,
            part: global.part.clone(),
            clock,
        };
        if let Some(root) = &global.vault {
            let flag = shell::line(["--vault", &root.to_string_lossy()]);
            context.terminal.called_with("sanduq", flag);
        }
        context
    }

    /// The clock.
    pub fn clock(&self) -> Clock<'a> {
        self.clock
    }

    /// The folder of the vault: `--vault`, else where the system keeps a person's data.
    pub fn root(&self) -> Result<PathBuf, Trouble> {
        let usual = || place::data_folder("sanduq", |name| std::env::var_os(name).map(PathBuf::from));
        self.vault.clone().or_else(usual).ok_or_else(|| {
            Trouble::new(Kind::Usage, m::ERR_NO_HOME).hint(m::HINT_NO_HOME).command("--vault DIR")
        })
    }

    /// What time it is.
    pub fn now(&self) -> Time {
        (self.clock.now)()
    }

    /// Which part of which vault is to be opened, and with which passphrase.
    pub fn key(&self) -> Result<(PathBuf, Option<CompartmentId>, Passphrase), Trouble> {
        let root = self.root()?;
        // Before a passphrase is asked for: there may be nothing that it could open.
        Vault::parts(&root).map_err(told)?;
        let part = self.part.as_deref().map(part_id).transpose()?;
        let passphrase = passphrase::existing(&self.passphrase, &self.terminal)?;
        Ok((root, part, passphrase))
    }

    /// Opens the part of the vault that the passphrase belongs to, and goes on in that part's language unless
    /// `--lang` asked for another.
    pub fn unlock(&mut self) -> Result<Vault, Trouble> {
        let (root, part, passphrase) = self.key()?;
        let vault = Vault::unlock(&root, part, &passphrase).map_err(told)?;
        let kept = Language::from_tag(&vault.about().lang);
        if let (None, Some(language)) = (self.lang, kept) {
            self.terminal.speak(language);
        }
        if vault.forgetting_was_interrupted() {
            self.terminal.remark(m::FORGET_INTERRUPTED);
        }
        Ok(vault)
    }
}

/// An error as trouble, for `map_err`.
pub fn told(error: impl Describe) -> Trouble {
    error.trouble()
}

fn part_id(text: &str) -> Result<CompartmentId, Trouble> {
    text.parse().map_err(|_| crate::vault::VaultError::NoPart { part: text.to_string() }.trouble())
}
