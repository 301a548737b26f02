//! Passphrases: typed at the terminal without being shown, or read as a line from a descriptor that a script opened.
//!
//! Never from the command line or the environment, where other programs see them. A new passphrase is typed twice;
//! whoever leaves it empty gets one made of words drawn at random, which is the better choice. How long a guesser
//! might need is an estimate and said as one: a warning, never a refusal.

use crate::cli::ask;
use crate::cli::hidden::Keys;
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::crypto::secret::{Passphrase, Secret};
use crate::crypto::seed;
use crate::ui::{Kind, Message, Trouble, m};
use std::fs::File;
use std::io::{self, Read};

/// Bytes a passphrase may have.
const PASSPHRASE_BYTES_MAX: usize = 1024;
/// How a script hands a passphrase over.
const EXAMPLE: &str = "sanduq --passphrase-fd 3 … 3< FILE";
/// Words of a generated passphrase: 77 bits, each guess slowed by Argon2id.
const PHRASE_WORDS: usize = 7;
/// Guesses, as a power of ten, below which a passphrase is called weak and above which it is called strong.
const WEAK_BELOW: f64 = 9.0;
const STRONG_FROM: f64 = 14.0;

/// Where passphrases come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The terminal, `/dev/tty`, whatever standard input is.
    Terminal,
    /// A line read from this descriptor.
    Descriptor(u32),
    /// The tour, which draws its own: **never** a person's.
    Tour(Passphrase),
}

/// The passphrase of a vault that exists.
pub fn existing(source: &Source, terminal: &Terminal) -> Result<Passphrase, Trouble> {
    match source {
        Source::Descriptor(descriptor) => from_descriptor(*descriptor),
        Source::Terminal => Ok(Passphrase::new(typed(terminal, m::PASSPHRASE)?)),
        Source::Tour(passphrase) => Ok(passphrase.clone()),
    }
}

/// A passphrase for a new part of a vault.
pub fn new(source: &Source, terminal: &Terminal) -> Result<Passphrase, Trouble> {
    match source {
        Source::Descriptor(descriptor) => from_descriptor(*descriptor),
        Source::Terminal => chosen(terminal),
        Source::Tour(passphrase) => Ok(passphrase.clone()),
    }
}

fn chosen(terminal: &Terminal) -> Result<Passphrase, Trouble> {
    terminal.tell(m::PASSPHRASE_ADVICE);
    loop {
        let typed = Passphrase::new(typed(terminal, m::PASSPHRASE_NEW)?);
        if typed.is_empty() {
            return generated(terminal);
        }
        let Some(first) = weighed(terminal, typed)? else { continue };
        if is_typed_again(terminal, first.expose())? {
            return Ok(first);
        }
    }
}

fn is_typed_again(terminal: &Terminal, first: &str) -> Result<bool, Trouble> {
    let second = Passphrase::new(typed(terminal, m::PASSPHRASE_AGAIN)?);
    let same = first == second.expose();
    if !same {
        terminal.tell(m::PASSPHRASE_DIFFERS);
    }
    Ok(same)
}

/// A passphrase drawn at random, shown to be written down until it was typed.
fn generated(terminal: &Terminal) -> Result<Passphrase, Trouble> {
    let phrase = seed::phrase(PHRASE_WORDS);
    let _screen = Screen::enter();
    loop {
        terminal.tell(m::PASSPHRASE_MADE);
        terminal.aside("");
        terminal.aside(&format!("  {}", phrase.expose()));
        terminal.aside("");
        terminal.tell(m::PASSPHRASE_MADE_THEN);
        if is_typed_again(terminal, phrase.expose())? {
            return Ok(Passphrase::new(phrase.expose().clone()));
        }
    }
}

/// Says how well a chosen passphrase may hold; `None` if another one shall be chosen.
fn weighed(terminal: &Terminal, passphrase: Passphrase) -> Result<Option<Passphrase>, Trouble> {
    let guesses = zxcvbn::zxcvbn(passphrase.expose(), &["sanduq", "صندوق"]).guesses_log10();
    let estimate = match guesses {
        _ if guesses < WEAK_BELOW => m::PASSPHRASE_WEAK,
        _ if guesses < STRONG_FROM => m::PASSPHRASE_FAIR,
        _ => m::PASSPHRASE_STRONG,
    };
    terminal.tell(estimate);
    let keep = guesses >= WEAK_BELOW || ask::yes(terminal, m::PASSPHRASE_WEAK_KEEP)?;
    Ok(keep.then_some(passphrase))
}

/// A line typed at the terminal without being shown.
pub fn typed(terminal: &Terminal, question: Message) -> Result<String, Trouble> {
    let prompted = Keys::open().and_then(|keys| {
        let config = rpassword::ConfigBuilder::new().input_reader(keys).build();
        rpassword::prompt_password_with_config(terminal.question(question), config)
    });
    prompted.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionAborted => Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED),
        io::ErrorKind::UnexpectedEof => Trouble::new(Kind::Declined, m::ERR_DECLINED),
        _ => Trouble::new(Kind::Locked, m::ERR_NO_TERMINAL).hint(m::HINT_NO_TERMINAL).command(EXAMPLE),
    })
}

fn from_descriptor(descriptor: u32) -> Result<Passphrase, Trouble> {
    let line = line_of(descriptor).map_err(|error| {
        Trouble::new(Kind::Locked, m::err_descriptor(descriptor))
            .value(error)
            .hint(m::HINT_DESCRIPTOR)
            .command(EXAMPLE)
    })?;
    let passphrase = Passphrase::new(line.expose().clone());
    if passphrase.is_empty() {
        return Err(Trouble::new(Kind::Locked, m::err_descriptor_empty(descriptor))
            .hint(m::HINT_DESCRIPTOR)
            .command(EXAMPLE));
    }
    Ok(passphrase)
}

/// A line read from a descriptor, byte by byte, so that what follows the line is left to its reader.
pub fn line_of(descriptor: u32) -> io::Result<Secret<String>> {
    let line = match descriptor {
        // Opening /dev/fd/0 anew would begin a file at its start, and what follows would be read twice.
        0 => read_line(|byte| rustix::io::read(rustix::stdio::stdin(), byte).map_err(io::Error::from)),
        _ => {
            File::open(format!("/dev/fd/{descriptor}")).and_then(|mut file| read_line(|byte| file.read(byte)))
        }
    }?;
    // The error of a string that is no UTF-8 would carry what was typed.
    let text = std::str::from_utf8(line.expose()).map_err(io::Error::other)?;
    Ok(Secret::new(text.to_owned()))
}

fn read_line(mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> io::Result<Secret<Vec<u8>>> {
    // Reserved in full: a vector that grows leaves its old bytes behind.
    let mut line = Secret::new(Vec::with_capacity(PASSPHRASE_BYTES_MAX));
    let mut byte = [0];
    loop {
        match read(&mut byte) {
            Ok(0) => break,
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) if line.expose().len() == PASSPHRASE_BYTES_MAX => {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, "line too long"));
            }
            Ok(_) => line.expose_mut().push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if line.expose().last() == Some(&b'\r') {
        line.expose_mut().pop();
    }
    Ok(line)
}
