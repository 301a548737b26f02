//! Questions to a person at a terminal.
//!
//! A question is asked only when both sides go through a terminal; otherwise the command ends and says which flag
//! answers instead. An answer that is neither yes nor no is asked for again; no answer is a no. In a shell Ctrl-L ends a
//! question, to [lock].

use crate::cli::lock;
use crate::cli::screen::{LockKey, STOP};
use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Language, Message, Trouble, Words, escape, m};
use std::io;
use std::path::Path;

/// How often an unclear answer is asked for again.
const REPEATS_MAX: usize = 3;
/// Bytes an answer may have: more than a person types, less than fills the memory.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Asks for a line; `None` when the person ended the input.
pub fn line(terminal: &Terminal, question: impl Into<Message>) -> Result<Option<String>, Trouble> {
    terminal.ask(question);
    let answer = hear().map_err(|error| not_heard(&error))?;
    if answer.last() == Some(&STOP) {
        terminal.aside("");
        return Err(Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED));
    }
    if answer.is_empty() {
        terminal.aside("");
        return Ok(None);
    }
    let answer = String::from_utf8(answer).map_err(|error| not_heard(&error))?;
    Ok(Some(answer.trim().to_string()))
}

/// What was typed, to Enter or to a Ctrl-C that is a character, byte by byte: a buffer would keep the answers.
fn hear() -> io::Result<Vec<u8>> {
    let _lock_key = LockKey::listen();
    let _waiting = lock::wait();
    let mut answer = Vec::new();
    while answer.len() < ANSWER_BYTES_MAX {
        let mut byte = [0];
        if !lock::readable(rustix::stdio::stdin())? {
            answer.push(STOP);
        } else if read(&mut byte)? == 0 {
            break;
        } else {
            answer.push(if lock::pressed(&byte) { STOP } else { byte[0] });
        }
        if answer.last().is_some_and(|last| [b'\n', STOP].contains(last)) {
            break;
        }
    }
    Ok(answer)
}

fn read(byte: &mut [u8]) -> io::Result<usize> {
    loop {
        match rustix::io::read(rustix::stdio::stdin(), &mut *byte) {
            Err(rustix::io::Errno::INTR) => {}
            read => return Ok(read?),
        }
    }
}

/// Asks a question that yes or no answers, in any of the languages, whichever is spoken.
pub fn yes(terminal: &Terminal, question: impl Into<Message>) -> Result<bool, Trouble> {
    let mut answer = line(terminal, question)?;
    for _ in 0..REPEATS_MAX {
        let Some(typed) = answer else { return Ok(false) };
        if is_one_of(&typed, m::ANSWERS_YES) {
            return Ok(true);
        }
        if is_one_of(&typed, m::ANSWERS_NO) {
            return Ok(false);
        }
        answer = line(terminal, m::ANSWER_UNCLEAR)?;
    }
    Ok(false)
}

/// Whether something typed is one of the answers of a message, in any of the languages. An Arabic keyboard types the yeh
/// and kaf of Persian as letters of their own.
pub fn is_one_of(typed: &str, answers: Message) -> bool {
    let typed = typed.to_lowercase().replace('ي', "ی").replace('ك', "ک");
    let known = |language| Words::new(language).say(answers.clone());
    Language::ALL.into_iter().any(|language| known(language).split_whitespace().any(|answer| answer == typed))
}

/// Asks, and takes everything but a yes as the end of the command.
pub fn confirm(terminal: &Terminal, question: impl Into<Message>) -> Result<(), Trouble> {
    if yes(terminal, question)? { Ok(()) } else { Err(Trouble::new(Kind::Declined, m::ERR_DECLINED)) }
}

/// Asks before files go that a repair set aside, however many: they may be all that there is of what was lost.
pub fn set_aside(terminal: &Terminal, files: usize) -> Result<(), Trouble> {
    if files == 0 {
        return Ok(());
    }
    tell_set_aside(terminal, files);
    if !terminal.can_ask() {
        return Err(Trouble::new(Kind::Declined, m::ERR_SET_ASIDE_UNSURE)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_SET_ASIDE_UNSURE)
            .command("sanduq forget --traces --yes"));
    }
    confirm(terminal, m::SET_ASIDE_ASK)
}

/// Says that they go, where that was asked for.
pub fn tell_set_aside(terminal: &Terminal, files: usize) {
    if files > 0 {
        terminal.remark(m::set_aside_goes(files));
        terminal.remark_command("sanduq backup DIR");
    }
}

/// Asks before a folder is made that somebody named as if it were there: a stick that is not plugged in would
/// otherwise be a folder on this computer. Without a terminal it is made.
pub fn folder(terminal: &Terminal, dir: &Path) -> Result<(), Trouble> {
    if dir.exists() || !terminal.can_ask() {
        return Ok(());
    }
    terminal.tell(m::FOLDER_NOT_THERE);
    terminal.aside(&format!("  {}", escape(&dir.display().to_string())));
    confirm(terminal, m::FOLDER_ASK)
}

fn not_heard(error: &dyn std::error::Error) -> Trouble {
    Trouble::new(Kind::Failed, m::ERR_ANSWER).value(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On an Arabic keyboard no answer was understood, and after three of them nothing was done.
    #[test]
    fn an_answer_is_known_by_the_letters_of_either_keyboard() {
        assert!(is_one_of("بلي", m::ANSWERS_YES) && is_one_of("بلی", m::ANSWERS_YES));
        assert!(is_one_of("خير", m::ANSWERS_NO) && is_one_of("No", m::ANSWERS_NO));
        assert!(!is_one_of("خير", m::ANSWERS_YES) && !is_one_of("", m::ANSWERS_YES));
    }
}
