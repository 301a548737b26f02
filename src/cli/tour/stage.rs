//! The stage: says what happens, shows each command as it would be typed in the tour's folder, and runs it.

use crate::cli::context::{Context, told};
use crate::cli::terminal::Terminal;
use crate::cli::{intake, sanduq, shell, verify};
use crate::crypto::secret::Passphrase;
use crate::crypto::seed;
use crate::store::files;
use crate::ui::{Message, Trouble, Words};
use crate::vault::VaultError;
use std::fs;
use std::path::{Path, PathBuf};

/// The persons of the tour; each has a vault in a folder of this name.
pub const PERSONS: [&str; 4] = ["family", "officer-1", "officer-2", "officer-3"];
/// Words of a passphrase of the tour.
const PHRASE_WORDS: usize = 5;

/// The tour's world.
pub struct Stage<'a> {
    context: &'a Context<'a>,
    folder: &'a Path,
    passphrases: Vec<(&'static str, Passphrase)>,
}

impl<'a> Stage<'a> {
    /// A stage in this folder, which becomes the working folder, so that commands can name files as a person would.
    pub fn new(context: &'a Context<'a>, folder: &'a Path) -> Result<Stage<'a>, Trouble> {
        let unread = |source| told(VaultError::Read { path: folder.to_path_buf(), source });
        std::env::set_current_dir(folder).map_err(unread)?;
        let passphrase = |person| (person, Passphrase::new(seed::phrase(PHRASE_WORDS).expose().clone()));
        Ok(Stage { context, folder, passphrases: PERSONS.map(passphrase).into() })
    }

    /// The words it speaks with.
    pub fn words(&self) -> &Words {
        self.context.terminal.words()
    }

    /// The persons with their passphrases.
    pub fn passphrases(&self) -> &[(&'static str, Passphrase)] {
        &self.passphrases
    }

    /// Begins a chapter.
    pub fn chapter(&self, message: Message) {
        self.context.terminal.gap();
        self.context.terminal.say(message);
    }

    /// Writes a file of the tour.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        files::write_new(&self.folder.join(name), bytes).map_err(told)
    }

    /// Makes a folder of the tour.
    pub fn folder(&self, name: &str) -> Result<(), Trouble> {
        files::create_dir(&self.folder.join(name)).map_err(told)
    }

    /// Reads a file of the tour.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let path = self.folder.join(name);
        fs::read(&path).map_err(|source| told(VaultError::Read { path, source }))
    }

    /// The files in a folder of the tour, as a person in the tour's folder would name them.
    pub fn files(&self, name: &str) -> Result<Vec<String>, Trouble> {
        let unread = |source| told(VaultError::Read { path: PathBuf::from(name), source });
        let mut found = Vec::new();
        for entry in fs::read_dir(self.folder.join(name)).map_err(unread)? {
            found.push(format!("{name}/{}", entry.map_err(unread)?.file_name().to_string_lossy()));
        }
        found.sort();
        Ok(found)
    }

    /// Shows a command and runs it.
    pub fn run(&self, words: &[&str]) -> Result<(), Trouble> {
        self.show(&shell::line(words.iter().copied()));
        self.play(words, false).map(drop)
    }

    /// Shows a command whose answer goes to a file, and runs it.
    pub fn run_to(&self, words: &[&str], file: &str) -> Result<(), Trouble> {
        self.show(&format!("{} > {}", shell::line(words.iter().copied()), shell::quoted(file)));
        let answer = self.play(words, true)?;
        self.write(file, &answer)
    }

    /// Shows a command and runs it, which has to fail; gives the trouble if it does.
    pub fn run_to_fail(&self, words: &[&str]) -> Option<Trouble> {
        self.show(&shell::line(words.iter().copied()));
        let trouble = self.play(words, false).err()?;
        if !self.is_silent() {
            self.terminal(false).trouble(&trouble);
        }
        Some(trouble)
    }

    fn show(&self, line: &str) {
        self.context.terminal.gap();
        if !self.is_silent() {
            self.context.terminal.data(&format!("$ {line}"));
        }
    }

    fn terminal(&self, keep: bool) -> Terminal {
        let silent = self.is_silent();
        Terminal::playing(self.words().language(), keep || silent, silent)
    }

    fn is_silent(&self) -> bool {
        self.context.terminal.json() || self.context.terminal.quiet()
    }

    fn play(&self, words: &[&str], keep: bool) -> Result<Vec<u8>, Trouble> {
        let terminal = self.terminal(keep);
        match words.first() {
            Some(&"sanduq") => sanduq::play(words, terminal, self.passphrase(words), self.context.clock()),
            Some(&"sanduq-intake") => intake::play(words, terminal, self.context.now()),
            _ => verify::play(words, terminal, self.context.now()),
        }
    }

    /// The passphrase of the person whose vault a command names.
    fn passphrase(&self, words: &[&str]) -> Passphrase {
        let named = words.iter().skip_while(|word| **word != "--vault").nth(1);
        let found = self.passphrases.iter().find(|(person, _)| Some(person) == named);
        found
            .map(|(_, passphrase)| passphrase.clone())
            .expect("the tour opens the vaults of its persons only")
    }
}
