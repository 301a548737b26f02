//! `sanduq-intake letters add FILE…`, `letters list`, `letters drop NAME…`: what officers say, laid on every stick.

use crate::cli::intake::arguments::LettersVerb;
use crate::cli::intake::told;
use crate::cli::terminal::Terminal;
use crate::format::time::Time;
use crate::intake::{Archive, IntakeError, LetterAdded, LetterView, LettersLaid, Reading};
use crate::ui::{Day, Trouble, m};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Runs one of the verbs.
pub fn run(terminal: &Terminal, root: &Path, verb: LettersVerb, now: Time) -> Result<(), Trouble> {
    match verb {
        LettersVerb::Add { files } => add(terminal, root, &files, now),
        LettersVerb::List => list(terminal, root),
        LettersVerb::Drop { names } => drop(terminal, root, &names),
    }
}

fn add(terminal: &Terminal, root: &Path, files: &[PathBuf], now: Time) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut letters: Vec<LetterAdded> = Vec::new();
    let mut result = Ok(());
    for file in files {
        match archive.letter_add(file, now) {
            Ok(added) => letters.push(added),
            Err(error) => {
                result = Err(after(letters.len(), error));
                break;
            }
        }
    }
    if terminal.json() {
        terminal.answer(&AddedView { letters: &letters });
    } else if !letters.is_empty() {
        terminal.say(m::letters_added(letters.len()));
        letters.iter().for_each(|letter| terminal.value(&letter.name));
        terminal.say(m::LETTERS_ADDED_NEXT);
        terminal.command("sanduq-intake letters drop NAME");
    }
    result
}

#[derive(Serialize)]
struct AddedView<'a> {
    letters: &'a [LetterAdded],
}

fn list(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let letters = Reading::open(root).and_then(|archive| archive.letters()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&ListView { letters: &letters });
    } else if letters.is_empty() {
        terminal.say(m::LETTERS_NONE);
    }
    for letter in letters.iter().filter(|_| !terminal.json()) {
        terminal.data(&letter.name);
        let since = m::letters_since(Day(&letter.added.to_string()));
        terminal.data(&format!("  {}", terminal.words().say(since)));
    }
    Ok(())
}

#[derive(Serialize)]
struct ListView<'a> {
    letters: &'a [LetterView],
}

fn drop(terminal: &Terminal, root: &Path, names: &[String]) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    for (done, name) in names.iter().enumerate() {
        archive.letter_drop(name).map_err(|error| after(done, error))?;
    }
    if terminal.json() {
        terminal.answer(&DroppedView { dropped: names });
    } else {
        terminal.say(m::letters_dropped(names.len()));
    }
    Ok(())
}

#[derive(Serialize)]
struct DroppedView<'a> {
    dropped: &'a [String],
}

/// What is told where so many were done before.
fn after(done: usize, error: IntakeError) -> Trouble {
    match done {
        0 => told(error),
        _ => told(error).safe(m::SAFE_LETTERS_SOME),
    }
}

/// Tells what became of the letters on a medium.
pub fn laid(terminal: &Terminal, letters: &LettersLaid) {
    if letters.laid > 0 {
        terminal.say(m::letters_laid(letters.laid));
    }
    if letters.taken_back > 0 {
        terminal.say(m::letters_taken_back(letters.taken_back));
    }
    if letters.left > 0 {
        terminal.say(m::letters_left(letters.left));
    }
}
