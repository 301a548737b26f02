//! The twelve words that prove authorship: shown once when a bundle is sealed, typed again whenever she wants to prove.
//!
//! They are shown on the terminal's other screen, or written to a descriptor that a script opened, and kept nowhere.
//! So that a slip of the pen is found while it can be mended, two of them are asked for after they have left the
//! screen; whoever is in a hurry leaves that out.

use crate::bundle::proof::{PHRASE_WORDS, ProofKey};
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, passphrase};
use crate::crypto::Digest;
use crate::crypto::random;
use crate::crypto::secret::Secret;
use crate::crypto::seed::SeedError;
use crate::ui::{Kind, Trouble, m};
use clap::Args;
use rustix::fs::{Mode, OFlags, open};
use std::fs::File;
use std::io::{self, Write};

/// How a script has the phrase written.
const SHOW_EXAMPLE: &str = "sanduq seal … --proof --proof-fd 4 4> FILE";
/// How a script hands the phrase over.
const READ_EXAMPLE: &str = "sanduq prove … --phrase-fd 3 3< FILE";
/// How often a misspelt phrase is asked for again.
const REPEATS_MAX: usize = 3;

/// The flags by which sealing makes a phrase.
#[derive(Debug, Clone, Default, Args)]
pub struct ProofFlags {
    /// Whether a phrase shall prove later who sealed it.
    #[arg(long)]
    pub proof: bool,
    /// The descriptor to write that phrase to.
    #[arg(long, value_name = "N", requires = "proof", value_parser = clap::value_parser!(u32).range(3..))]
    pub proof_fd: Option<u32>,
}

impl ProofFlags {
    /// Where the phrase goes, if one is wanted. To be asked before a passphrase is: a phrase that nobody can see would
    /// prove nothing.
    pub fn way(&self, terminal: &Terminal) -> Result<Option<Way>, Trouble> {
        self.proof.then(|| Way::find(terminal, self.proof_fd)).transpose()
    }
}

/// Where a new phrase goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The terminal's other screen.
    Screen,
    /// This descriptor.
    Descriptor(u32),
}

impl Way {
    /// The way there is: the descriptor that was named, else a terminal. An error where there is neither.
    pub fn find(terminal: &Terminal, descriptor: Option<u32>) -> Result<Way, Trouble> {
        match descriptor {
            Some(descriptor) => Ok(Way::Descriptor(descriptor)),
            None if terminal.can_ask() => Ok(Way::Screen),
            None => Err(Trouble::new(Kind::Declined, m::ERR_PROOF_UNSEEN)
                .hint(m::HINT_PROOF_UNSEEN)
                .command(SHOW_EXAMPLE)),
        }
    }
}

/// Draws a phrase and hands it over, if one is wanted; gives what the bundle commits to. To be done before anything is
/// sealed: the key is gone once it is, and so would be the chance to write it down.
pub fn commitment(terminal: &Terminal, way: Option<Way>) -> Result<Option<Digest>, Trouble> {
    way.map(|way| hand_over(terminal, way).map(|key| key.commit())).transpose()
}

fn hand_over(terminal: &Terminal, way: Way) -> Result<ProofKey, Trouble> {
    let phrase = ProofKey::draw();
    match way {
        Way::Screen => shown_until_written(terminal, &phrase)?,
        Way::Descriptor(descriptor) => write(&phrase, descriptor).map_err(|error| {
            Trouble::new(Kind::Failed, m::err_proof_descriptor(descriptor))
                .value(error)
                .safe(m::SAFE_NOTHING_SEALED)
                .hint(m::HINT_PROOF_UNSEEN)
                .command(SHOW_EXAMPLE)
        })?,
    }
    Ok(ProofKey::from_phrase(phrase.expose()).expect("a phrase of our own has its words"))
}

fn shown_until_written(terminal: &Terminal, phrase: &Secret<String>) -> Result<(), Trouble> {
    loop {
        show(terminal, phrase)?;
        if is_written(terminal, phrase)? {
            return Ok(());
        }
    }
}

fn show(terminal: &Terminal, phrase: &Secret<String>) -> Result<(), Trouble> {
    let _screen = Screen::enter();
    terminal.tell(m::PROOF_MADE);
    terminal.aside("");
    for (word, number) in phrase.expose().split(' ').zip(1..) {
        terminal.aside(&format!("  {}  {word}", terminal.words().number(number)));
    }
    terminal.aside("");
    terminal.tell(m::PROOF_MADE_THEN);
    let written = ask::line(terminal, m::PROOF_WRITTEN)?;
    written.map(drop).ok_or_else(|| Trouble::new(Kind::Declined, m::ERR_DECLINED))
}

/// Asks for two of the words while none is to be seen; whoever types nothing is not asked further.
fn is_written(terminal: &Terminal, phrase: &Secret<String>) -> Result<bool, Trouble> {
    let _screen = Screen::enter();
    terminal.tell(m::PROOF_CHECK);
    let words: Vec<&str> = phrase.expose().split(' ').collect();
    for place in two_places() {
        let typed = Secret::new(passphrase::typed(terminal, m::proof_word(place + 1))?);
        let typed = typed.expose().trim();
        if typed.is_empty() {
            return Ok(true);
        }
        if !typed.eq_ignore_ascii_case(words[place]) {
            terminal.tell(m::PROOF_DIFFERS);
            ask::line(terminal, m::PROOF_AGAIN)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Two different places of a phrase, in their order.
fn two_places() -> [usize; 2] {
    let (one, other) = (random::below(PHRASE_WORDS), random::below(PHRASE_WORDS - 1));
    let other = if other < one { other } else { other + 1 };
    [one.min(other), one.max(other)]
}

fn write(phrase: &Secret<String>, descriptor: u32) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CLOEXEC;
    let mut file = File::from(open(format!("/dev/fd/{descriptor}"), flags, Mode::empty())?);
    file.write_all(phrase.expose().as_bytes())?;
    file.write_all(b"\n")
}

/// The key of a phrase that is typed without being shown, or read as a line from a descriptor. At a terminal a
/// misspelt one is asked for again.
pub fn read(terminal: &Terminal, descriptor: Option<u32>) -> Result<ProofKey, Trouble> {
    let Some(descriptor) = descriptor else { return typed(terminal) };
    let line = passphrase::line_of(descriptor).map_err(|error| {
        Trouble::new(Kind::Locked, m::err_phrase_descriptor(descriptor)).value(error).command(READ_EXAMPLE)
    })?;
    ProofKey::from_phrase(line.expose()).map_err(misspelt)
}

fn typed(terminal: &Terminal) -> Result<ProofKey, Trouble> {
    let mut left = REPEATS_MAX;
    loop {
        left -= 1;
        let typed = Secret::new(passphrase::typed(terminal, m::PHRASE)?);
        match ProofKey::from_phrase(typed.expose()).map_err(misspelt) {
            Err(trouble) if left > 0 => terminal.trouble(&trouble),
            key => return key,
        }
    }
}

/// What is wrong with a phrase: the place, **never** the word.
fn misspelt(error: SeedError) -> Trouble {
    let what = match error {
        SeedError::Count { found, .. } => m::err_phrase_count(found),
        SeedError::NotAWord { place } => m::err_phrase_word(place),
        SeedError::Checksum => m::WORDS_CHECKSUM,
    };
    Trouble::new(Kind::Locked, what).hint(m::HINT_PHRASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_are_asked_for_in_their_order() {
        for _ in 0..500 {
            let [one, other] = two_places();
            assert!(one < other && other < PHRASE_WORDS);
        }
    }
}
