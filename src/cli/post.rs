//! What came home in letters, as it is told: what arrived, what officers say, which card is newer; and what is wrong
//! with letters that do not hold.

use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::format::text;
use crate::ui::{Day, Describe, Kind, Message, Trouble, m};
use crate::vault::{CardDoubt, Elsewhere, LettersOutcome, NewerCard, OfferedCard, ReplyView, VaultError};

/// Tells what came, without what is wrong.
pub fn say(terminal: &Terminal, outcome: &LettersOutcome) {
    let kept: Vec<_> = outcome.received.iter().filter(|id| !outcome.forgotten.contains(id)).collect();
    if !kept.is_empty() {
        terminal.say(m::receipt_received(kept.len()));
        kept.iter().for_each(|bundle| terminal.value(bundle));
    }
    if !outcome.forgotten.is_empty() {
        terminal.say(m::receipt_forgotten(outcome.forgotten.len()));
        outcome.forgotten.iter().for_each(|bundle| terminal.value(bundle));
    }
    if outcome.traces {
        terminal.say(m::RECEIPT_TRACES);
        terminal.command("sanduq forget --traces");
    }
    for Elsewhere { bundle, by } in &outcome.elsewhere {
        terminal.say(m::letter_elsewhere(by));
        terminal.value(bundle);
    }
    outcome.cards.iter().for_each(|card| newer(terminal, card));
    outcome.offered.iter().for_each(|card| offered(terminal, card));
    if outcome.replies.is_empty() {
        return;
    }
    terminal.say(m::reply_came(outcome.replies.len()));
    outcome.replies.iter().for_each(|reply| show(terminal, reply));
    if outcome.replies.iter().any(|reply| reply.kept) {
        terminal.say(m::REPLY_AGAIN);
        terminal.command("sanduq replies");
    }
}

/// Shows a reply: who says it about what, and the words.
pub fn show(terminal: &Terminal, reply: &ReplyView) {
    let day = Day(&reply.at);
    let head: Message = if reply.written {
        m::ReplyWritten { number: reply.number, name: &reply.name, day }.into()
    } else {
        m::ReplyHead { officer: reply.officer, number: reply.number, name: &reply.name, day }.into()
    };
    let words = terminal.words();
    terminal.data(&words.say(head));
    terminal.data(&format!("  {}", reply.bundle));
    terminal.data(&words.say(m::REPLY_WORDS));
    for line in text::escape_lines(&reply.words).lines() {
        terminal.text(&format!("  {line}"));
    }
    if !reply.kept {
        terminal.say(m::REPLY_NOT_KEPT);
    }
}

/// What is wrong with letters that came, all but the last told already.
pub fn trouble(terminal: &Terminal, outcome: &LettersOutcome) -> Result<(), Trouble> {
    let mut troubles = Vec::new();
    for fork in &outcome.forks {
        let trouble = Trouble::new(Kind::Refused, m::err_fork(fork.size)).value(&fork.log);
        let trouble = trouble.safe(m::SAFE_FORK).hint(m::HINT_FORK);
        troubles.push(trouble.command("sanduq receipt export DIR"));
    }
    for two in &outcome.two_cards {
        troubles.push(VaultError::Card(two.problem.clone()).trouble().value(two.path.display()));
    }
    if !outcome.refused.is_empty() {
        let trouble = Trouble::new(Kind::Refused, m::ERR_RECEIPT_REFUSED)
            .safe(m::SAFE_RECEIPTS)
            .hint(m::HINT_RECEIPT_REFUSED);
        let refused = outcome.refused.iter();
        troubles.push(refused.fold(trouble, |trouble, file| trouble.value(file.display())));
    }
    let Some(last) = troubles.pop() else { return Ok(()) };
    troubles.iter().for_each(|trouble| terminal.trouble(trouble));
    Err(last)
}

fn newer(terminal: &Terminal, card: &NewerCard) {
    let until = Day(&card.valid_until);
    terminal.say(m::CardNewer { name: &card.name, serial: card.serial, until });
}

fn offered(terminal: &Terminal, card: &OfferedCard) {
    terminal.say(match card.why {
        CardDoubt::OtherKey => m::card_other_key(&card.name),
        CardDoubt::Differs => m::card_differs(&card.name),
    });
    let path = quoted(&card.path.to_string_lossy());
    terminal.command(&format!("sanduq contact add {path} --as {}", quoted(&card.name)));
}
