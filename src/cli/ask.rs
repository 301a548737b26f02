//! Questions to a person at a terminal.
//!
//! A question is asked only when both sides go through a terminal; otherwise the command ends and says which flag
//! answers instead. No answer, an empty one or an unknown one is a no.

use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Message, Trouble, m};
use std::io::{self, BufRead};

/// Bytes an answer may have: more than a person types, less than fills the memory.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Asks for a line; `None` when the person ended the input.
pub fn line(terminal: &Terminal, question: impl Into<Message>) -> Result<Option<String>, Trouble> {
    terminal.ask(question);
    let mut answer = Vec::new();
    let mut stdin = io::Read::take(io::stdin().lock(), ANSWER_BYTES_MAX);
    stdin.read_until(b'\n', &mut answer).map_err(|error| not_heard(&error))?;
    if answer.is_empty() {
        terminal.aside("");
        return Ok(None);
    }
    let answer = String::from_utf8(answer).map_err(|error| not_heard(&error))?;
    Ok(Some(answer.trim().to_string()))
}

/// Asks a question that yes or no answers; everything but a yes is a no.
pub fn yes(terminal: &Terminal, question: impl Into<Message>) -> Result<bool, Trouble> {
    let answer = line(terminal, question)?.unwrap_or_default().to_lowercase();
    let yes = terminal.words().say(m::ANSWERS_YES);
    Ok(yes.split_whitespace().any(|known| known == answer))
}

/// Asks, and takes everything but a yes as the end of the command.
pub fn confirm(terminal: &Terminal, question: impl Into<Message>) -> Result<(), Trouble> {
    if yes(terminal, question)? { Ok(()) } else { Err(Trouble::new(Kind::Declined, m::ERR_DECLINED)) }
}

fn not_heard(error: &dyn std::error::Error) -> Trouble {
    Trouble::new(Kind::Failed, m::ERR_ANSWER).value(error)
}
