//! Shows what a card says beside the card before it: on standard error, and also with `--quiet`, because whoever
//! signs or takes a card must not be spared it.

use crate::cli::terminal::Terminal;
use crate::ui::{Message, escape, m};
use crate::vault::{CardReview, OfficerChange, OfficerWords};

/// Shows it.
pub fn show(terminal: &Terminal, review: &CardReview) {
    let words = terminal.words();
    terminal.aside(&words.say(m::REVIEW_SAYS));
    terminal.aside(&format!("  {}", escape(&review.name)));
    terminal.aside(&format!("  {}", words.say(number(review))));
    let count = m::ReviewOfficers { officers: review.officers_now(), threshold: review.threshold };
    terminal.aside(&format!("  {}", words.say(count)));
    if let Some(before) = review.threshold_before.filter(|before| *before != review.threshold) {
        terminal.aside(&format!("  {}", words.say(m::review_threshold_before(before))));
    }
    for (officer, place) in review.officers.iter().zip(1_usize..) {
        terminal.aside(&words.say(standing(officer, place)));
        terminal.aside(&format!("  {}", officer.words));
    }
    terminal.aside(&words.say(if review.log_changed { m::REVIEW_LOG_CHANGED } else { m::REVIEW_LOG }));
    terminal.aside(&format!("  {}", escape(&review.log)));
}

fn number(review: &CardReview) -> Message {
    match review.earlier {
        None => m::review_first(review.serial),
        Some(before) => m::ReviewSerial { before, serial: review.serial }.into(),
    }
}

fn standing(officer: &OfficerWords, place: usize) -> Message {
    match (officer.change, officer.own) {
        (OfficerChange::Gone, true) => m::REVIEW_GONE_OWN,
        (OfficerChange::Gone, false) => m::REVIEW_GONE,
        (OfficerChange::New, true) => m::review_new_own(place),
        (OfficerChange::New, false) => m::review_new(place),
        (OfficerChange::Same, true) => m::review_same_own(place),
        (OfficerChange::Same, false) => m::review_same(place),
        (OfficerChange::First, true) => m::review_officer_own(place),
        (OfficerChange::First, false) => m::review_officer(place),
    }
}
