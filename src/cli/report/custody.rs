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

/// Columns of the picture are so wide, in its own units.
const COLUMN: i64 = 160;
/// The circles' middle is so far down.
const MIDDLE: i64 = 30;
const RADIUS: i64 = 18;

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

/// The picture: a circle for each step and an arrow to the next, in the direction of reading.
fn picture(page: &mut Page, states: [State; 4]) {
    let right_to_left = page.words.language().is_right_to_left();
    let width = COLUMN * STEPS.len() as i64;
    page.markup.raw("<svg class=\"way\" viewBox=\"0 0 ").number(width);
    page.markup.raw(" 92\" role=\"img\">\n<title>");
    page.say(m::REPORT_CUSTODY).raw("</title>\n");
    let at = |place: usize| {
        let along = COLUMN * place as i64 + COLUMN / 2;
        if right_to_left { width - along } else { along }
    };
    for (place, (name, state)) in STEPS.into_iter().zip(states).enumerate() {
        if place > 0 {
            arrow(page, at(place - 1), at(place));
        }
        circle(page, at(place), state);
        label(page, at(place), 66, "<text class=\"name\" x=\"", name);
        label(
            page,
            at(place),
            84,
            "<text x=\"",
            match state {
                State::Shown => m::REPORT_STATE_SHOWN,
                State::Fails => m::REPORT_STATE_FAILS,
                State::NotShown => m::REPORT_STATE_NOT_SHOWN,
            },
        );
    }
    page.markup.raw("</svg>\n");
}

fn arrow(page: &mut Page, from: i64, to: i64) {
    let ahead = if to > from { 1 } else { -1 };
    let (begin, tip) = (from + ahead * (RADIUS + 6), to - ahead * (RADIUS + 6));
    page.markup.raw("<path class=\"arrow\" d=\"M").number(begin).raw(" ").number(MIDDLE);
    page.markup.raw("H").number(tip).raw("m").number(-8 * ahead).raw(" -5l").number(8 * ahead);
    page.markup.raw(" 5l").number(-8 * ahead).raw(" 5\"/>\n");
}

fn circle(page: &mut Page, x: i64, state: State) {
    page.markup.raw(match state {
        State::Shown => "<circle class=\"shown\" cx=\"",
        State::Fails => "<circle class=\"fails\" cx=\"",
        State::NotShown => "<circle class=\"missing\" cx=\"",
    });
    page.markup.number(x).raw("\" cy=\"").number(MIDDLE).raw("\" r=\"").number(RADIUS).raw("\"/>");
    page.markup.raw("<text class=\"mark\" x=\"").number(x).raw("\" y=\"").number(MIDDLE + 7).raw(
        match state {
            State::Shown => "\">&#10003;</text>\n",
            State::Fails => "\">&#10007;</text>\n",
            State::NotShown => "\">?</text>\n",
        },
    );
}

fn label(page: &mut Page, x: i64, y: i64, begin: &'static str, said: Message) {
    page.markup.raw(begin).number(x).raw("\" y=\"").number(y).raw("\">");
    page.say(said).raw("</text>\n");
}

/// A step in words.
fn step(page: &mut Page, name: Message, fill: impl FnOnce(&mut Page)) {
    page.markup.raw("<li>\n<h4>");
    page.say(name).raw("</h4>\n<dl>\n");
    fill(page);
    page.markup.raw("</dl>\n</li>\n");
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
