//! The page of a report, part by part: the outcome, what it is about, what is shown, the chain of custody, who stands
//! behind it, the receipt, the checks, what is not proved, and how to check it without us.

use super::custody;
use super::record;
use crate::audit::{Check, Disclosed, Outcome, Report, ValueName};
use crate::bundle::disclosure::Audience;
use crate::cli::markup::Markup;
use crate::cli::verify::{name, question, unproved};
use crate::crypto::words::eight_words;
use crate::format::time::{Date, Time};
use crate::tlog::cosignature::cosigned_at;
use crate::ui::{Day, Message, Words, m};
use std::io;

const STYLE: &str = include_str!("report.css");

/// A page while it is written, in one language.
pub(super) struct Page<'w> {
    pub words: &'w Words,
    pub markup: Markup,
    /// Bytes of pictures that may still go into it.
    pub pictures_bytes_left: u64,
    headings: u64,
}

impl<'w> Page<'w> {
    fn new(words: &'w Words) -> Page<'w> {
        let pictures_bytes_left = record::PICTURES_BYTES_MAX;
        Page { words, markup: Markup::default(), pictures_bytes_left, headings: 0 }
    }

    /// A sentence.
    pub fn say(&mut self, message: impl Into<Message>) -> &mut Markup {
        let said = self.words.say(message);
        self.markup.text(&said)
    }

    /// A sentence as a paragraph.
    pub fn paragraph(&mut self, message: impl Into<Message>) {
        self.markup.raw("<p>");
        self.say(message).raw("</p>\n");
    }

    /// A sentence as a paragraph in small print.
    pub fn note(&mut self, message: impl Into<Message>) {
        self.markup.raw("<p class=\"note\">");
        self.say(message).raw("</p>\n");
    }

    /// The beginning of a part, with its number.
    pub fn heading(&mut self, message: Message) {
        self.headings += 1;
        let number = self.words.number(self.headings);
        self.markup.raw("<h2>").text(&number).raw(". ");
        self.say(message).raw("</h2>\n");
    }

    /// Facts: a table of lines. The rows of a table stay whole on paper, in either direction; a list's lines do not.
    pub fn facts(&mut self, fill: impl FnOnce(&mut Page<'w>)) {
        self.markup.raw("<table class=\"facts\">\n<tbody>\n");
        fill(self);
        self.markup.raw("</tbody>\n</table>\n");
    }

    /// A line of facts: what it is, and what `fill` writes.
    pub fn line(&mut self, name: Message, fill: impl FnOnce(&mut Page<'w>)) {
        self.markup.raw("<tr><th scope=\"row\">");
        self.say(name).raw("</th><td>");
        fill(self);
        self.markup.raw("</td></tr>\n");
    }

    /// A line with something to be copied.
    pub fn code(&mut self, name: Message, value: impl ToString) {
        self.line(name, |page| {
            page.markup.code(value);
        });
    }

    /// A line with a foreign text.
    pub fn value(&mut self, name: Message, value: &str) {
        self.line(name, |page| {
            page.markup.value(value);
        });
    }

    /// A line with a sentence.
    pub fn said(&mut self, name: Message, message: impl Into<Message>) {
        self.line(name, |page| {
            page.say(message);
        });
    }

    /// How many of how many.
    pub fn count(&mut self, name: Message, some: u64, all: u64) {
        self.said(name, m::ReportOf { some, all });
    }
}

/// The page of what an audit found on this day.
pub(super) fn of(words: &Words, report: &Report, disclosed: &Disclosed, today: Date) -> io::Result<String> {
    let mut page = Page::new(words);
    head(&mut page);
    outcome(&mut page, report, today);
    if !report.holds() {
        // On every sheet, should one of them come into other hands alone.
        page.markup.raw("<p class=\"everywhere\"><span>");
        page.say(m::REPORT_BAD).raw("</span></p>\n");
    }
    about(&mut page, disclosed);
    page.heading(m::REPORT_SHOWN);
    page.paragraph(m::REPORT_SHOWN_MEANS);
    for one in &disclosed.records {
        record::push(&mut page, disclosed, one)?;
    }
    custody::push(&mut page, report, disclosed);
    author(&mut page, disclosed);
    receipt(&mut page, report, disclosed);
    checks(&mut page, report);
    not_proved(&mut page, report);
    how(&mut page);
    page.markup.raw("</main>\n</body>\n</html>\n");
    Ok(page.markup.finish())
}

fn head(page: &mut Page) {
    let (right_to_left, tag) = (page.words.language().is_right_to_left(), page.words.language().tag());
    page.markup.raw("<!DOCTYPE html>\n<html lang=\"").raw(tag);
    page.markup.raw(if right_to_left { "\" dir=\"rtl\">\n" } else { "\" dir=\"ltr\">\n" });
    page.markup.raw("<head>\n<meta charset=\"utf-8\">\n");
    page.markup.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    page.markup.raw("style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n");
    page.markup.raw("<meta name=\"robots\" content=\"noindex\">\n");
    page.markup.raw("<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    page.say(m::REPORT_TITLE).raw("</title>\n<style>\n").raw(STYLE);
    page.markup.raw("</style>\n</head>\n<body>\n<main>\n<h1>");
    page.say(m::REPORT_TITLE).raw("</h1>\n");
}

/// What does not hold comes before anything that one could rely on.
fn outcome(page: &mut Page, report: &Report, today: Date) {
    let bad: Vec<&Check> = report.checks.iter().filter(|check| check.outcome != Outcome::Holds).collect();
    if report.holds() {
        page.markup.raw("<section class=\"outcome good\">\n<p class=\"big\">&#10003; ");
        page.say(m::VERIFY_ALL_HOLD).raw("</p>\n");
        page.paragraph(m::VERIFY_DISCLOSURE_MEANS);
    } else {
        page.markup.raw("<section class=\"outcome bad\">\n<p class=\"big\">&#10007; ");
        page.say(m::REPORT_BAD).raw("</p>\n");
        page.paragraph(m::REPORT_BAD_MEANS);
        page.markup.raw("<ul>\n");
        for check in bad {
            let asked = page.words.say(question(check.question));
            page.markup.raw("<li>");
            page.say(if check.outcome == Outcome::Fails {
                m::verify_fails(asked)
            } else {
                m::verify_not_asked(asked)
            })
            .raw("</li>\n");
        }
        page.markup.raw("</ul>\n");
    }
    page.note(m::report_day(Day(&today.to_string())));
    page.markup.raw("</section>\n");
}

fn about(page: &mut Page, disclosed: &Disclosed) {
    page.heading(m::REPORT_ABOUT);
    page.paragraph(m::REPORT_ABOUT_MEANS);
    page.facts(|page| {
        match disclosed.audience {
            Some(Audience::Court) => page.said(m::REPORT_FOR, m::REPORT_FOR_COURT),
            Some(Audience::Public) => page.said(m::REPORT_FOR, m::REPORT_FOR_PUBLIC),
            None => page.said(m::REPORT_FOR, m::REPORT_UNREAD),
        }
        match &disclosed.card {
            Some(card) => {
                page.value(m::REPORT_ORGANISATION, card.name());
                page.value(m::REPORT_WORDS, &eight_words(&card.fingerprint()).join(" "));
                page.said(m::REPORT_COMPARE, m::REPORT_COMPARE_MEANS);
                page.code(m::REPORT_CARD, card.digest());
            }
            None => page.said(m::REPORT_ORGANISATION, m::REPORT_UNREAD),
        }
        match disclosed.bundle {
            Some(bundle) => page.code(m::REPORT_BUNDLE, bundle),
            None => page.said(m::REPORT_BUNDLE, m::REPORT_UNREAD),
        }
        match disclosed.records_in_bundle {
            Some(all) => page.count(m::REPORT_RECORDS, disclosed.records.len() as u64, all as u64),
            None => page.said(m::REPORT_RECORDS, m::REPORT_UNREAD),
        }
    });
}

fn author(page: &mut Page, disclosed: &Disclosed) {
    page.heading(m::REPORT_AUTHOR);
    let Some(statement) = &disclosed.author else {
        return page.paragraph(m::REPORT_NO_AUTHOR);
    };
    page.paragraph(m::REPORT_AUTHOR_MEANS);
    let fingerprint = statement.author.fingerprint();
    page.facts(|page| {
        page.code(m::REPORT_KEY, fingerprint);
        page.value(m::REPORT_WORDS, &eight_words(&fingerprint).join(" "));
    });
}

fn receipt(page: &mut Page, report: &Report, disclosed: &Disclosed) {
    page.heading(m::REPORT_RECEIPT);
    let Some(receipt) = &disclosed.receipt else {
        return page.paragraph(m::REPORT_NO_RECEIPT);
    };
    page.paragraph(m::REPORT_RECEIPT_MEANS);
    let checkpoint = receipt.proof().checkpoint.unverified();
    page.facts(|page| {
        page.code(m::REPORT_LOG, &checkpoint.origin);
        page.code(m::REPORT_LEAF, receipt.proof().index);
        page.code(m::REPORT_SIZE_OF_LOG, checkpoint.size);
        page.code(m::REPORT_ROOT, checkpoint.root);
        let witnesses = witnesses(disclosed);
        if witnesses.is_empty() {
            page.said(m::REPORT_WITNESSES, m::REPORT_NO_WITNESSES);
        }
        for (name, time) in witnesses {
            page.line(m::REPORT_WITNESSES, |page| {
                page.markup.code(name).raw(" ");
                page.say(m::report_cosigned(Day(&time.to_string()))).raw(" ").code(time);
            });
        }
        for value in report.values.iter().filter(|value| is_of_a_stamp(value.name)) {
            page.code(name(value.name), &value.value);
        }
    });
}

/// Whether a value tells of a time from outside. What it is worth the parts behind it say.
fn is_of_a_stamp(name: ValueName) -> bool {
    use ValueName::{
        Authority, Block, BlockHash, BlockTime, Calendar, MerkleRoot, StampProof, StampResponse, StampToken,
        TokenSerial, TokenTime,
    };
    matches!(
        name,
        StampResponse
            | StampToken
            | StampProof
            | TokenTime
            | Authority
            | TokenSerial
            | Calendar
            | Block
            | MerkleRoot
            | BlockTime
            | BlockHash
    )
}

/// Those witnesses of the card whose cosignature on the receipt holds, each with its time.
pub(super) fn witnesses(disclosed: &Disclosed) -> Vec<(&str, Time)> {
    let (Some(card), Some(receipt)) = (&disclosed.card, &disclosed.receipt) else { return Vec::new() };
    let head = &receipt.proof().checkpoint;
    let cosigned = card.policy().witnesses().filter(|witness| witness.name() != card.origin());
    let times = cosigned.filter_map(|witness| Some((witness.name(), cosigned_at(head, witness).ok()??)));
    let mut times: Vec<(&str, Time)> = times.collect();
    // A witness with two keys is one witness.
    times.dedup_by_key(|(name, _)| *name);
    times
}

fn checks(page: &mut Page, report: &Report) {
    page.heading(m::REPORT_CHECKS);
    page.paragraph(m::REPORT_CHECKS_MEANS);
    page.markup.raw("<table>\n<tbody>\n");
    for check in &report.checks {
        page.markup.raw(match check.outcome {
            Outcome::Holds => "<tr><td class=\"mark\">&#10003;</td><td>",
            Outcome::Fails => "<tr class=\"bad\"><td class=\"mark\">&#10007;</td><td>",
            Outcome::NotAsked => "<tr class=\"bad\"><td class=\"mark\">&#8211;</td><td>",
        });
        let asked = page.words.say(question(check.question));
        page.say(match check.outcome {
            Outcome::Holds => m::verify_holds(asked),
            Outcome::Fails => m::verify_fails(asked),
            Outcome::NotAsked => m::verify_not_asked(asked),
        });
        for line in check.detail.iter().flat_map(|detail| detail.lines()) {
            page.markup.raw("<br>").code(line);
        }
        page.markup.raw("</td></tr>\n");
    }
    page.markup.raw("</tbody>\n</table>\n");
}

fn not_proved(page: &mut Page, report: &Report) {
    page.heading(m::REPORT_NOT_PROVED);
    page.paragraph(m::REPORT_NOT_PROVED_MEANS);
    page.markup.raw("<ul>\n");
    for one in &report.not_proved {
        page.markup.raw("<li>");
        page.say(unproved(*one)).raw("</li>\n");
    }
    page.markup.raw("</ul>\n");
}

fn how(page: &mut Page) {
    page.heading(m::REPORT_HOW);
    page.paragraph(m::REPORT_HOW_MEANS);
    page.markup.raw("<pre dir=\"ltr\">");
    page.markup.text("sed -n 's/^    //p' VERIFY.txt > ../check.sh\nsh ../check.sh").raw("</pre>\n");
    page.paragraph(m::REPORT_HOW_AGAIN);
    page.markup.raw("<pre dir=\"ltr\">").text("sanduq-verify disclosure .").raw("</pre>\n");
}
