//! The chain of custody in a report: a picture of the way from sealing to disclosing, and each step in words, with what
//! shows it, where it stands in the log, and its time, where one is proved.

use super::page::{Page, witnesses};
use crate::audit::{Disclosed, DisclosedEvent, Outcome, Question, Report};
use crate::crypto::Digest;
use crate::crypto::words::eight_words;
use crate::custody::Event;
use crate::ui::{Day, Message, m};

/// What is to be seen of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Shown,
    Fails,
    NotShown,
}

/// The steps of the picture, in the order of the way.
const STEPS: [Message; 4] =
    [m::REPORT_STEP_SEALED, m::REPORT_STEP_LOGGED, m::REPORT_STEP_OPENED, m::REPORT_STEP_DISCLOSED];

const SEALED: [Question; 4] = [
    Question::BundleKeys,
    Question::BundleTagManifest,
    Question::BundleSignature,
    Question::BundlePqSignature,
];
const LOGGED: [Question; 5] = [
    Question::ReceiptForm,
    Question::ReceiptCheckpoint,
    Question::ReceiptWitnesses,
    Question::ReceiptInclusion,
    Question::ReceiptBundle,
];

/// Writes the part.
pub(super) fn push(page: &mut Page, report: &Report, disclosed: &Disclosed) {
    page.heading(m::REPORT_CUSTODY);
    page.paragraph(m::REPORT_CUSTODY_MEANS);
    let states = states(report, disclosed);
    picture(page, states);
    page.note(m::REPORT_CUSTODY_ORDER);
    page.markup.raw("<ol class=\"steps\">\n");
    sealed(page, disclosed, states[0]);
    logged(page, disclosed, states[1]);
    for event in &disclosed.events {
        told(page, disclosed, event);
    }
    page.markup.raw("</ol>\n");
    if states[2] == State::NotShown {
        page.paragraph(m::REPORT_NOT_OPENED);
    }
    if states[3] == State::Fails {
        page.markup.raw("<p class=\"bad\">");
        page.say(m::REPORT_EVENTS_BAD).raw("</p>\n");
    }
}

fn states(report: &Report, disclosed: &Disclosed) -> [State; 4] {
    let outcome = |question: &Question| {
        report.checks.iter().find(|check| check.question == *question).map(|check| check.outcome)
    };
    let all = |questions: &[Question]| {
        let answers: Vec<Option<Outcome>> = questions.iter().map(outcome).collect();
        if answers.iter().all(Option::is_none) {
            State::NotShown
        } else if answers.iter().all(|answer| *answer == Some(Outcome::Holds)) {
            State::Shown
        } else {
            State::Fails
        }
    };
    let opened = disclosed.events.iter().any(|one| matches!(one.signed.event(), Event::Open { .. }));
    let opened = if opened { State::Shown } else { State::NotShown };
    [all(&SEALED), all(&LOGGED), opened, all(&[Question::DisclosureEvents])]
}

/// The picture: a circle for each step and an arrow to the next, in the direction of reading. It is a table of one row,
/// with the page's own letters: what lays out and shapes the page does so with the picture too, in either direction.
fn picture(page: &mut Page, states: [State; 4]) {
    let arrow = if page.words.language().is_right_to_left() { "&#8592;" } else { "&#8594;" };
    page.markup.raw("<table class=\"way\">\n<tbody>\n<tr>");
    for (place, (name, state)) in STEPS.into_iter().zip(states).enumerate() {
        if place > 0 {
            page.markup.raw("<td class=\"arrow\">").raw(arrow).raw("</td>\n");
        }
        let (begin, said) = match state {
            State::Shown => ("<td><span class=\"shown\">&#10003;</span><br>", m::REPORT_STATE_SHOWN),
            State::Fails => ("<td><span class=\"fails\">&#10007;</span><br>", m::REPORT_STATE_FAILS),
            State::NotShown => ("<td><span class=\"missing\">?</span><br>", m::REPORT_STATE_NOT_SHOWN),
        };
        page.markup.raw(begin).raw("<b>");
        page.say(name).raw("</b><br>");
        page.say(said).raw("</td>\n");
    }
    page.markup.raw("</tr>\n</tbody>\n</table>\n");
}

/// A step in words.
fn step(page: &mut Page, name: Message, fill: impl FnOnce(&mut Page)) {
    page.markup.raw("<li>\n<h4>");
    page.say(name).raw("</h4>\n");
    page.facts(fill);
    page.markup.raw("</li>\n");
}

fn sealed(page: &mut Page, disclosed: &Disclosed, state: State) {
    step(page, m::REPORT_SEALED, |page| {
        match &disclosed.author {
            Some(statement) => {
                page.line(m::REPORT_BY, |page| {
                    let words = eight_words(&statement.author.fingerprint()).join(" ");
                    page.say(m::REPORT_BY_AUTHOR).raw(" ").value(words);
                });
            }
            None => page.said(m::REPORT_BY, m::REPORT_BY_UNNAMED),
        }
        page.said(
            m::REPORT_SHOWN_BY,
            if state == State::Shown { m::REPORT_SEALED_SHOWN } else { m::REPORT_STATE_FAILS },
        );
        if let Some(signer) = disclosed.signer {
            page.code(m::REPORT_ONCE_KEY, signer);
        }
        page.said(m::REPORT_TIME, m::REPORT_NO_TIME);
    });
}

fn logged(page: &mut Page, disclosed: &Disclosed, state: State) {
    let Some(receipt) = disclosed.receipt.as_ref().filter(|_| state != State::NotShown) else {
        return step(page, m::REPORT_LOGGED, |page| {
            page.said(m::REPORT_SHOWN_BY, m::REPORT_NO_RECEIPT);
        });
    };
    let checkpoint = receipt.proof().checkpoint.unverified();
    step(page, m::REPORT_LOGGED, |page| {
        page.code(m::REPORT_BY, &checkpoint.origin);
        page.said(
            m::REPORT_SHOWN_BY,
            if state == State::Shown { m::REPORT_LOGGED_SHOWN } else { m::REPORT_STATE_FAILS },
        );
        page.said(m::REPORT_IN_LOG, m::ReportEntry { index: receipt.proof().index, size: checkpoint.size });
        let earliest = witnesses(disclosed).into_iter().map(|(_, time)| time).min();
        match earliest.filter(|_| state == State::Shown) {
            Some(time) => page.line(m::REPORT_TIME, |page| {
                page.say(m::report_by_time(Day(&time.to_string()))).raw(" ").code(time);
            }),
            None => page.said(m::REPORT_TIME, m::REPORT_NO_TIME),
        }
    });
}

/// An event.
fn told(page: &mut Page, disclosed: &Disclosed, event: &DisclosedEvent) {
    let number = |record: Digest| {
        let shown = disclosed.records.iter().find(|shown| shown.digest == record);
        page.words.number(shown.map_or(0, |shown| shown.number).into())
    };
    let name = match event.signed.event() {
        Event::Open { .. } => m::REPORT_OPENED,
        Event::Disclose { record } => m::report_disclosed(number(record)),
        Event::Hold { record } => m::report_held(number(record)),
        Event::Transfer { record, .. } => m::report_transferred(number(record)),
        _ => return,
    };
    step(page, name, |page| {
        let officers = disclosed.card.as_ref().map(|card| card.officers()).unwrap_or_default();
        let place = officers.iter().position(|officer| officer.keys.fingerprint() == event.officer);
        page.said(m::REPORT_BY, m::report_officer(place.map_or(0, |place| place as u64 + 1)));
        page.code(m::REPORT_KEY, event.officer);
        page.said(m::REPORT_SHOWN_BY, m::REPORT_EVENT_SHOWN);
        if let Some(leaf) = event.leaf {
            page.said(
                m::REPORT_IN_LOG,
                if event.logged { m::REPORT_EVENT_LOGGED } else { m::REPORT_NOT_LOGGED },
            );
            page.code(m::REPORT_LEAF_LINE, leaf);
        }
        if let Event::Transfer { card, .. } = event.signed.event() {
            page.code(m::REPORT_TRANSFERRED_TO, card);
        }
        page.said(m::REPORT_TIME, m::REPORT_NO_TIME);
    });
}
