//! What every command is handed: where the vault is, where the passphrase comes from, the terminal and the clock.

use crate::cli::flags::Global;
use crate::cli::passphrase::{self, Source};
use crate::cli::terminal::Terminal;
use crate::cli::unlocked::{Kept, Unlocked};
use crate::cli::{place, shell};
use crate::crypto::key_file::KEY_FILE_LEN;
use crate::crypto::keyslot::CompartmentId;
use crate::crypto::{KeyFile, Passphrase, Secret};
use crate::format::time::Time;
use crate::store::Interrupted;
use crate::ui::{Describe, Kind, Language, Trouble, m};
use crate::vault::{Opened, Vault, VaultError};
use std::fs::File;
use std::io::Read;
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
    /// The key file, where one was named.
    pub key_file: Option<PathBuf>,
    clock: Clock<'a>,
    /// What the shell keeps open, if this is a command of one.
    kept: Option<Kept>,
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
            key_file: global.key_file.clone(),
            clock,
            kept: None,
        };
        if let Some(root) = &global.vault {
            let flag = shell::line(["--vault", &root.to_string_lossy()]);
            context.terminal.called_with("sanduq", flag);
        }
        context
    }

    /// The context of a line that is typed in a shell, which keeps the vault in this folder open.
    pub fn in_shell(
        root: PathBuf,
        kept: Kept,
        terminal: Terminal,
        lang: Language,
        clock: Clock<'a>,
    ) -> Context<'a> {
        Context {
            terminal,
            vault: Some(root),
            passphrase: Source::Terminal,
            lang: Some(lang),
            part: None,
            key_file: None,
            clock,
            kept: Some(kept),
        }
    }

    /// The part that `--part` named.
    pub fn part(&self) -> Result<Option<CompartmentId>, Trouble> {
        self.part.as_deref().map(part_id).transpose()
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

    /// Opens the part of the vault that the passphrase belongs to, and goes on in that part's language unless
    /// `--lang` asked for another.
    pub fn unlock(&mut self) -> Result<Unlocked, Trouble> {
        if let Some(vault) = self.kept.as_ref().and_then(Unlocked::lent) {
            return Ok(vault);
        }
        self.unlock_keeping().map(|(vault, _)| vault)
    }

    /// As [`Context::unlock`], and gives the passphrase as well, for what needs it once more: it is asked for also where
    /// the vault is open.
    pub fn unlock_keeping(&mut self) -> Result<(Unlocked, Passphrase), Trouble> {
        if let Some(mut vault) = self.kept.as_ref().and_then(Unlocked::lent) {
            let passphrase = passphrase::existing(&self.passphrase, &self.terminal)?;
            let key_file = self.key_file()?;
            let opened = vault.opens(&passphrase, key_file.as_ref()).map_err(told)?;
            // The shell may have been opened by another one: what is done now concerns the one that was typed.
            vault.go_on_with(opened.ok_or_else(|| told(VaultError::Unopened))?);
            return Ok((vault, passphrase));
        }
        let (vault, passphrase) = self.open_or_leave()?.ok_or_else(|| told(VaultError::Unopened))?;
        Ok((Unlocked::own(vault), passphrase))
    }

    /// What `--key-file` named.
    pub fn key_file(&self) -> Result<Option<KeyFile>, Trouble> {
        let Some(path) = &self.key_file else { return Ok(None) };
        let mut text = Secret::new(Vec::with_capacity(KEY_FILE_LEN + 1));
        let read = File::open(path)
            .and_then(|file| file.take(KEY_FILE_LEN as u64 + 1).read_to_end(text.expose_mut()));
        read.map_err(|source| told(VaultError::Read { path: path.clone(), source }))?;
        let wrong = |_| Trouble::new(Kind::Refused, m::ERR_NOT_A_KEY_FILE).value(path.display());
        KeyFile::from_text(text.expose()).map(Some).map_err(wrong)
    }

    /// The key file, if that was needed for a slot to open.
    pub fn key_file_of(&self, opened: Opened) -> Result<Option<KeyFile>, Trouble> {
        if opened.needs_key_file() { self.key_file() } else { Ok(None) }
    }

    /// As [`Context::unlock`]; nothing where the passphrase was left empty.
    pub fn unlock_or_leave(&mut self) -> Result<Option<Vault>, Trouble> {
        Ok(self.open_or_leave()?.map(|(vault, _)| vault))
    }

    /// Which part of which vault is to be opened, and with which passphrase.
    pub fn key(&self) -> Result<(PathBuf, Option<CompartmentId>, Passphrase), Trouble> {
        let root = self.root()?;
        // Before a passphrase is asked for: there may be nothing that it could open.
        Vault::parts(&root).map_err(told)?;
        let part = self.part()?;
        let passphrase = passphrase::existing(&self.passphrase, &self.terminal)?;
        Ok((root, part, passphrase))
    }

    fn open_or_leave(&mut self) -> Result<Option<(Vault, Passphrase)>, Trouble> {
        let (root, part, passphrase) = self.key()?;
        if passphrase.is_empty() {
            return Ok(None);
        }
        let key_file = self.key_file()?;
        let vault = Vault::unlock_with(&root, part, &passphrase, key_file.as_ref()).map_err(told)?;
        let kept = Language::from_tag(&vault.about().lang);
        if let (None, Some(language)) = (self.lang, kept) {
            self.terminal.speak(language);
        }
        self.say_what_was_left(&vault);
        Ok(Some((vault, passphrase)))
    }

    /// Says what became of a command that was interrupted, and what a person has still to do after one.
    fn say_what_was_left(&self, vault: &Vault) {
        match vault.interrupted() {
            Interrupted::No => {}
            Interrupted::TakenBack => self.terminal.remark(m::ANEW_TAKEN_BACK),
            Interrupted::Finished => {
                self.terminal.remark(m::ANEW_FINISHED);
                self.terminal.remark_command("sanduq list");
            }
        }
        if vault.has_new_words() {
            self.terminal.remark(m::WORDS_NEW);
            self.terminal.remark_command("sanduq key words");
        }
    }
}

/// An error as trouble, for `map_err`.
pub fn told(error: impl Describe) -> Trouble {
    error.trouble()
}

fn part_id(text: &str) -> Result<CompartmentId, Trouble> {
    text.parse().map_err(|_| VaultError::NoPart { part: text.to_string() }.trouble())
}
