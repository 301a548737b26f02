//! The terms of consent: asked for in plain language, read from a file, and shown in words.
//!
//! The first question offers what is safe, and Enter takes it. Whoever wants something else is asked one thing after the
//! other; an answer that is left empty is the safe one.

use crate::cli::ask;
use crate::cli::number::whole_number;
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::cli::terms::{day_and_contact, reach_and_name};
use crate::evidence::consent::{Consent, Day, Naming, Reach, Terms, WORDS_BYTES_MAX};
use crate::ui::{Kind, Message, Trouble, escape, m};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a file of consent: the words, escaped in every byte, and room for the rest.
const FILE_BYTES_MAX: usize = 8 * WORDS_BYTES_MAX;
/// How often an answer that is none of those offered is asked for.
const REPEATS_MAX: usize = 3;

/// What a command line and a person say about the terms: a file, else the answers at a terminal, else what is safe.
pub fn given(terminal: &Terminal, file: Option<&Path>) -> Result<Consent, Trouble> {
    match file {
        Some(file) => read(file),
        None if terminal.can_ask() && !terminal.json() => asked(terminal),
        None => Ok(Consent::default()),
    }
}

/// Asks for the terms at a terminal.
pub fn asked(terminal: &Terminal) -> Result<Consent, Trouble> {
    // A pseudonym and her own words are not to stay in the window.
    let _screen = Screen::enter();
    terminal.tell(m::CONSENT_SAFE);
    let keep = ask::line(terminal, m::CONSENT_KEEP)?.unwrap_or_default();
    if keep.is_empty() || ask::is_one_of(&keep.to_lowercase(), m::ANSWERS_YES) {
        return Ok(Consent::default());
    }
    let share = [Reach::Organisation, Reach::Court, Reach::Public][choice(terminal, m::CONSENT_SHARE)?];
    let name = [Naming::Never, Naming::Pseudonym, Naming::Named][choice(terminal, m::CONSENT_NAME)?];
    let pseudonym = match name {
        Naming::Pseudonym => answered(terminal, m::CONSENT_PSEUDONYM)?,
        Naming::Never | Naming::Named => None,
    };
    // A name that was not given is none.
    let name = if name == Naming::Pseudonym && pseudonym.is_none() { Naming::Never } else { name };
    let not_before = match share {
        Reach::Public => day(terminal)?,
        Reach::Organisation | Reach::Court => None,
    };
    let contact = ask::yes(terminal, m::CONSENT_CONTACT)?;
    let words = answered(terminal, m::CONSENT_WORDS)?;
    let terms = Terms { share, name, not_before, contact };
    Consent::new(terms, pseudonym, words).map_err(|error| refused(&error))
}

/// Which of three, counted from 0; the first where nothing is typed.
fn choice(terminal: &Terminal, question: Message) -> Result<usize, Trouble> {
    for _ in 0..REPEATS_MAX {
        let Some(typed) = answered(terminal, question.clone())? else { return Ok(0) };
        if let Some(number @ 1..=3) = whole_number(&typed) {
            return Ok(number as usize - 1);
        }
        terminal.tell(m::CONSENT_UNCLEAR);
    }
    Ok(0)
}

fn day(terminal: &Terminal) -> Result<Option<Day>, Trouble> {
    for _ in 0..REPEATS_MAX {
        let Some(typed) = answered(terminal, m::CONSENT_DAY)? else { return Ok(None) };
        match typed.parse() {
            Ok(day) => return Ok(Some(day)),
            Err(_) => terminal.tell(m::CONSENT_DAY_UNCLEAR),
        }
    }
    Err(Trouble::new(Kind::Declined, m::ERR_DECLINED))
}

/// What was typed, if anything was.
fn answered(terminal: &Terminal, question: Message) -> Result<Option<String>, Trouble> {
    Ok(ask::line(terminal, question)?.filter(|typed| !typed.is_empty()))
}

/// The terms in a file, or in standard input for `-`.
fn read(path: &Path) -> Result<Consent, Trouble> {
    let unread = |source| {
        crate::cli::context::told(crate::vault::VaultError::Read { path: path.to_path_buf(), source })
    };
    let limit = FILE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let count = match path == Path::new("-") {
        true => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
        false => File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    };
    if count.map_err(unread)? > FILE_BYTES_MAX {
        return Err(Trouble::new(Kind::Refused, m::ERR_CONSENT_FILE).value(path.display()));
    }
    serde_json::from_slice(&bytes).map_err(|error| refused(&error).value(path.display()))
}

fn refused(error: &dyn std::error::Error) -> Trouble {
    Trouble::new(Kind::Refused, m::ERR_CONSENT_FILE).value(error).hint(m::HINT_CONSENT_FILE)
}

/// Says the terms in words, each on a line of its own.
pub fn show(terminal: &Terminal, consent: &Consent) {
    let terms = consent.terms();
    let [share, name] = reach_and_name(&terms);
    let say = |message: Message| terminal.data(&terminal.words().say(message));
    say(share);
    say(name);
    consent.pseudonym().into_iter().for_each(|name| terminal.data(&format!("  {}", escape(name))));
    day_and_contact(&terms).into_iter().for_each(say);
    consent.words().into_iter().for_each(|words| terminal.data(&format!("  {}", escape(words))));
}
