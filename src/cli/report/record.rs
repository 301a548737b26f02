//! One record of a report: what is shown of it in words, where something was withheld, the terms, and its files.

use super::page::Page;
use crate::audit::{Disclosed, DisclosedRecord};
use crate::bundle::disclosure;
use crate::cli::terms;
use crate::evidence::date::{EventDate, Sureness};
use crate::evidence::item::Kind;
use crate::evidence::received::{ReceivedFile, ReceivedItem};
use crate::evidence::unit::Descriptor;
use crate::ui::{Size, m};
use std::io;

/// A picture up to this size is shown; a photograph of a telephone is smaller.
const PICTURE_BYTES_MAX: u64 = 16 << 20;
/// So much of pictures a page has at most: a browser has to hold all of it.
pub(super) const PICTURES_BYTES_MAX: u64 = 64 << 20;

/// The pictures that every browser shows: what they are called, how they begin, how the page begins to show them.
const PICTURES: [(&str, &[u8], &str); 2] = [
    ("image/jpeg", b"\xff\xd8\xff", "<img src=\"data:image/jpeg;base64,"),
    ("image/png", b"\x89PNG\r\n\x1a\n", "<img src=\"data:image/png;base64,"),
];

/// Length of `YYYY-MM-DD`.
const DAY_CHARS: usize = 10;

/// Writes a record.
pub(super) fn push(page: &mut Page, disclosed: &Disclosed, record: &DisclosedRecord) -> io::Result<()> {
    page.markup.raw("<article>\n<h3>");
    let number = page.words.number(record.number.into());
    page.say(m::report_record(number));
    if let Some(title) = record.item.as_ref().and_then(|item| item.title.as_ref()) {
        page.markup.raw(": ").value(title);
    }
    page.markup.raw("</h3>\n");
    let Some(item) = &record.item else {
        page.markup.raw("<p class=\"bad\">");
        page.say(m::REPORT_RECORD_BAD).raw("</p>\n</article>\n");
        return Ok(());
    };
    page.facts(|page| {
        facts(page, item);
        page.count(m::REPORT_UNITS, record.there as u64, record.units as u64);
        page.code(m::REPORT_RECORD_ID, record.digest);
    });
    account(page, item);
    for (position, file) in &item.files {
        push_file(page, disclosed, *position, file)?;
    }
    withheld(page, item.withheld);
    page.markup.raw("</article>\n");
    Ok(())
}

fn facts(page: &mut Page, item: &ReceivedItem) {
    match item.kind {
        Some(Kind::Testimony) => page.said(m::REPORT_KIND, m::KIND_TESTIMONY),
        Some(Kind::Document) => page.said(m::REPORT_KIND, m::KIND_DOCUMENT),
        None => {}
    }
    if let Some(date) = &item.date {
        page.line(m::REPORT_WHEN, |page| when(page, date));
        page.said(
            m::REPORT_SURE,
            match date.sure() {
                Sureness::Certain => m::REPORT_SURE_CERTAIN,
                Sureness::About => m::REPORT_SURE_ABOUT,
                Sureness::Uncertain => m::REPORT_SURE_UNCERTAIN,
            },
        );
    }
    let named = [(m::REPORT_WHERE, item.place.as_ref()), (m::REPORT_PSEUDONYM, item.pseudonym.as_ref())];
    for (name, value) in named.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        page.value(name, value);
    }
    for name in item.persons.values() {
        page.value(m::REPORT_PERSON, name);
    }
    page.line(m::REPORT_TERMS, |page| {
        for (place, sentence) in terms::terms(&item.terms).into_iter().enumerate() {
            page.markup.raw(if place == 0 { "" } else { "<br>" });
            page.say(sentence);
        }
    });
    if let Some(words) = &item.consent_words {
        page.line(m::REPORT_CONSENT_WORDS, |page| {
            page.markup.raw("<bdi class=\"lines\">").lines(words).raw("</bdi>");
        });
    }
}

/// A day as the language writes days, and as it was sealed.
fn when(page: &mut Page, date: &EventDate) {
    let shown = page.words.day(date.day());
    if date.day().len() == DAY_CHARS && shown != date.day() {
        page.markup.raw("<bdi>").text(&shown).raw("</bdi> &#8211; ");
    }
    page.markup.code(date.day()).raw(" ");
    page.say(m::REPORT_GREGORIAN);
}

/// The account as far as it is shown, with a mark wherever a run or a paragraph is missing before another one. The runs
/// of a paragraph are one text, in one direction, which its own letters give; marks do not count.
fn account(page: &mut Page, item: &ReceivedItem) {
    if item.runs.is_empty() {
        return;
    }
    page.markup.raw("<h4>");
    page.say(m::REPORT_ACCOUNT).raw("</h4>\n<div class=\"account\">\n");
    let (mut paragraph, mut run) = (0, 0);
    for ((its_paragraph, its_run), text) in &item.runs {
        if *its_paragraph != paragraph {
            page.markup.raw(if paragraph == 0 { "" } else { "</p>\n" });
            if *its_paragraph > paragraph + 1 {
                page.markup.raw("<p>");
                gap(page);
                page.markup.raw("</p>\n");
            }
            page.markup.raw("<p dir=\"auto\">");
            (paragraph, run) = (*its_paragraph, 0);
        }
        if *its_run > run + 1 {
            gap(page);
        }
        run = *its_run;
        page.markup.lines(&text.text);
    }
    page.markup.raw("</p>\n");
    if !item.is_whole() {
        page.note(m::REPORT_ACCOUNT_PART);
    }
    page.markup.raw("</div>\n");
}

fn gap(page: &mut Page) {
    page.markup.raw(" <bdi class=\"gap\">");
    page.say(m::REPORT_GAP).raw("</bdi> ");
}

fn withheld(page: &mut Page, count: usize) {
    page.markup.raw("<p class=\"withheld\">");
    page.say(if count == 0 { m::REPORT_WHOLE } else { m::report_withheld(count) }).raw("</p>\n");
}

fn push_file(page: &mut Page, disclosed: &Disclosed, position: u32, file: &ReceivedFile) -> io::Result<()> {
    page.markup.raw("<section class=\"file\">\n<h4>");
    page.say(m::report_file(position)).raw("</h4>\n");
    page.facts(|page| file_facts(page, disclosed, file));
    match &file.descriptor {
        Some(descriptor) => picture(page, disclosed, descriptor)?,
        None => page.note(m::REPORT_FILE_WITHHELD),
    }
    page.markup.raw("</section>\n");
    Ok(())
}

fn file_facts(page: &mut Page, disclosed: &Disclosed, file: &ReceivedFile) {
    if let Some(label) = &file.label {
        page.value(m::REPORT_LABEL, label);
    }
    let Some(descriptor) = &file.descriptor else { return };
    let is_replaced = disclosed.is_derived(descriptor) && !disclosed.has(descriptor);
    if !is_replaced {
        page.code(m::REPORT_PATH, disclosure::file(descriptor.file));
    }
    page.code(m::REPORT_MEDIA_TYPE, &descriptor.media_type);
    page.line(m::REPORT_BYTES, |page| {
        page.say(m::report_size(Size(descriptor.size))).raw(" (").code(descriptor.size).raw(")");
    });
    page.code(m::REPORT_SHA256, descriptor.sha256);
    if is_replaced {
        page.code(m::REPORT_IN_ITS_PLACE, disclosure::derivative(descriptor.file));
    }
}

/// The original itself where it is a picture, or the copy in its place: what a browser shows is what was sealed, or what an
/// officer signed, and nothing is decoded here.
fn picture(page: &mut Page, disclosed: &Disclosed, file: &Descriptor) -> io::Result<()> {
    if disclosed.has(file) {
        return show(page, (&file.media_type, file.size), |most| disclosed.original(file, most));
    }
    if !disclosed.is_derived(file) {
        page.note(m::REPORT_FILE_MISSING);
        return Ok(());
    }
    page.note(m::REPORT_FILE_DERIVED);
    match disclosed.derivatives.get(&file.file) {
        Some(copy) => {
            show(page, (&copy.media_type, copy.bytes), |most| disclosed.derivative(file.file, most))
        }
        None => Ok(()),
    }
}

/// What is of this type and this long, if it is a picture and begins as one.
fn show(
    page: &mut Page,
    (media_type, bytes): (&str, u64),
    read: impl FnOnce(u64) -> io::Result<Option<Vec<u8>>>,
) -> io::Result<()> {
    let Some((_, magic, begin)) = PICTURES.iter().find(|(name, ..)| *name == media_type) else {
        return Ok(());
    };
    let bytes_max = PICTURE_BYTES_MAX.min(page.pictures_bytes_left);
    if bytes > bytes_max {
        page.note(m::REPORT_PICTURE_LARGE);
        return Ok(());
    }
    match read(bytes_max)? {
        Some(found) if found.starts_with(magic) => {
            page.pictures_bytes_left -= bytes;
            page.markup.raw("<figure>").raw(begin).base64(&found);
            page.markup.raw("\" alt=\"\"></figure>\n");
        }
        Some(_) => page.note(m::REPORT_PICTURE_NONE),
        None => page.note(m::REPORT_FILE_OTHER),
    }
    Ok(())
}
