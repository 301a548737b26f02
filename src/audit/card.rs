//! The audit of a card: whether it is whole, signed by the key it names, and of use today.
//!
//! That it holds does **not** say whose card it is: anyone can make one under any name. Its eight words are to be
//! compared with those the organisation reads out.

use super::report::{Question, Report, ValueName};
use crate::crypto::words::eight_words;
use crate::format::card::Card;
use crate::format::time::Date;

/// Audits a card on this day.
#[must_use]
pub fn card(bytes: &[u8], today: Date) -> Report {
    let mut report = Report::default();
    match report.ask(Question::CardSignatures, Card::parse(bytes)) {
        Some(card) => {
            report.ask(Question::CardInTime, in_time(&card, today));
            describe(&card, &mut report);
        }
        None => report.not_asked(Question::CardInTime),
    }
    report
}

fn in_time(card: &Card, today: Date) -> Result<(), String> {
    if card.has_expired(today) { Err(format!("valid until {}", card.valid_until())) } else { Ok(()) }
}

fn describe(card: &Card, report: &mut Report) {
    report.value(ValueName::Name, card.name());
    report.value(ValueName::Serial, card.serial());
    report.value(ValueName::ValidUntil, card.valid_until());
    report.value(ValueName::Quorum, format!("{}/{}", card.threshold(), card.officers().len()));
    report.value(ValueName::Log, card.log_key());
    report.value(ValueName::Card, card.digest());
    report.value(ValueName::CardKey, card.fingerprint());
    report.value(ValueName::Words, eight_words(&card.fingerprint()).join(" "));
}
