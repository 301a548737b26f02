//! `sanduq disclose ITEM… --for court|public --to DIR [--withhold KIND,…] [--release KIND,…]` writes a redacted copy that
//! anyone can check, after a review of every line that leaves.

use crate::bundle::derivative::{How, are_words};
use crate::bundle::disclosure::Audience;
use crate::cli::context::{Context, told};
use crate::cli::instructions::{self, Parts};
use crate::cli::number::{ItemNumber, NotAUnit, UnitNumber};
use crate::cli::progress::Bar;
use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, files, terms};
use crate::evidence::redaction::{NotASort, Sort};
use crate::format::strip::PICTURE_BYTES_MAX;
use crate::format::text;
use crate::ui::{Kind, Message, Size, Trouble, escape, m};
use crate::vault::{
    ByHand, Disclosing, DisclosureOutcome, DisclosureReview, ReviewedDerivative, ReviewedRecord,
};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// The items.
    #[arg(required = true, value_name = "ITEM")]
    items: Vec<ItemNumber>,
    /// To whom.
    #[arg(long = "for", value_name = "court|public")]
    audience: Audience,
    /// Sorts of units to withhold.
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    withhold: Vec<Sort>,
    /// Sorts of units to show that would stay behind.
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    release: Vec<Released>,
    /// Single units to withhold.
    #[arg(long, value_delimiter = ',', value_name = "ITEM:UNIT")]
    withhold_unit: Vec<UnitNumber>,
    /// Single units to show.
    #[arg(long, value_delimiter = ',', value_name = "ITEM:UNIT")]
    release_unit: Vec<UnitNumber>,
    /// A copy without metadata leaves in the place of every original.
    #[arg(long)]
    without_metadata: bool,
    /// What was made by hand of originals.
    #[arg(long, value_name = "ITEM:UNIT=FILE")]
    derivative: Vec<Given>,
    /// What was done to make it.
    #[arg(long, value_name = "ITEM:UNIT=WORDS", requires = "derivative")]
    derivative_words: Vec<Given>,
    /// The bundle's receipt.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Stamps on the receipt's checkpoint.
    #[arg(long, value_name = "FILE")]
    stamp: Vec<PathBuf>,
    /// What was noted of the items by hand goes along.
    #[arg(long)]
    with_notes: bool,
    /// The new folder.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// It was reviewed.
    #[arg(long)]
    yes: bool,
}

/// What can be released: a sort of units, or the author's statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Released {
    Units(Sort),
    Author,
}

impl FromStr for Released {
    type Err = NotASort;

    fn from_str(text: &str) -> Result<Released, NotASort> {
        if text == "author" { Ok(Released::Author) } else { text.parse().map(Released::Units) }
    }
}

/// What is given for a unit: `3:0007=blurred.jpg`.
#[derive(Debug, Clone)]
struct Given {
    unit: UnitNumber,
    value: String,
}

impl FromStr for Given {
    type Err = NotAUnit;

    fn from_str(text: &str) -> Result<Given, NotAUnit> {
        let (unit, value) = text.split_once('=').filter(|(_, value)| !value.is_empty()).ok_or(NotAUnit)?;
        Ok(Given { unit: unit.parse()?, value: value.to_owned() })
    }
}

/// The answer of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
enum Answer<'a> {
    Review(&'a DisclosureReview),
    Disclosed(&'a DisclosureOutcome),
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let mut wanted = asked.wanted()?;
    let mut vault = context.unlock()?;
    let today = context.now().date();
    let terminal = &context.terminal;
    let review = loop {
        let review = vault.disclosure_review(&wanted, today).map_err(told)?;
        match decide(terminal, &review, asked.yes)? {
            Decision::Write => break review,
            Decision::Other(unit) => choose_otherwise(&mut wanted, &review, unit),
            Decision::Again => {}
        }
    };
    let derivatives = !review.derivatives.is_empty();
    let parts = Parts {
        files: review.files > 0 || derivatives,
        derivatives,
        author: review.author,
        receipt: review.receipt,
        stamps: review.stamps > 0,
    };
    let instructions = instructions::text(terminal.words(), parts);
    let mut bar = Bar::new(terminal, m::DISCLOSE_DOING);
    let outcome = vault.disclose(&wanted, &asked.to, &instructions, context.now(), &mut bar);
    drop(bar);
    say(terminal, &outcome.map_err(told)?);
    Ok(())
}

impl Asked {
    fn wanted(&self) -> Result<Disclosing, Trouble> {
        let released = |released: &Released| match released {
            Released::Units(sort) => Some(*sort),
            Released::Author => None,
        };
        let release: Vec<Sort> = self.release.iter().filter_map(released).collect();
        if let Some(both) = self.withhold.iter().find(|sort| release.contains(sort)) {
            return Err(Trouble::new(Kind::Usage, m::ERR_DISCLOSE_BOTH).value(both.name()));
        }
        if let Some(both) = self.withhold_unit.iter().find(|unit| self.release_unit.contains(unit)) {
            return Err(Trouble::new(Kind::Usage, m::ERR_DISCLOSE_BOTH).value(both));
        }
        let chosen = |units: &[UnitNumber], shown: bool| {
            units.iter().map(|unit| ((unit.item, unit.unit), shown)).collect::<BTreeMap<_, _>>()
        };
        let mut units = chosen(&self.withhold_unit, false);
        units.extend(chosen(&self.release_unit, true));
        Ok(Disclosing {
            items: self.items.iter().map(|item| item.0).collect(),
            audience: self.audience,
            withhold: self.withhold.iter().copied().collect(),
            release: release.into_iter().collect(),
            units,
            author: self.release.contains(&Released::Author),
            receipt: self.receipt.as_deref().map(files::read_small).transpose()?,
            stamps: self.stamp.iter().map(|path| files::read_small(path)).collect::<Result<_, _>>()?,
            notes: self.with_notes,
            without_metadata: self.without_metadata,
            by_hand: self.by_hand()?,
        })
    }

    fn by_hand(&self) -> Result<BTreeMap<(u64, u32), ByHand>, Trouble> {
        let wrong = |message, given: &Given| Trouble::new(Kind::Usage, message).value(given.unit);
        let mut by_hand = BTreeMap::new();
        for given in &self.derivative {
            let bytes = files::read(Path::new(&given.value), PICTURE_BYTES_MAX)?;
            let made = ByHand { bytes, words: None };
            if by_hand.insert((given.unit.item, given.unit.unit), made).is_some() {
                return Err(wrong(m::ERR_DERIVATIVE_GIVEN_TWICE, given));
            }
        }
        for given in &self.derivative_words {
            if !are_words(&given.value) {
                return Err(wrong(m::ERR_DERIVATIVE_WORDS, given));
            }
            match by_hand.get_mut(&(given.unit.item, given.unit.unit)) {
                Some(made) if made.words.is_none() => made.words = Some(given.value.clone()),
                Some(_) => return Err(wrong(m::ERR_DERIVATIVE_GIVEN_TWICE, given)),
                None => return Err(wrong(m::ERR_DERIVATIVE_NONE, given)),
            }
        }
        Ok(by_hand)
    }
}

/// What is to happen after a review.
enum Decision {
    Write,
    /// This unit is shown where it was withheld, or withheld where it was shown.
    Other(UnitNumber),
    Again,
}

fn decide(terminal: &Terminal, review: &DisclosureReview, yes: bool) -> Result<Decision, Trouble> {
    if yes {
        warn(terminal, review);
        return Ok(Decision::Write);
    }
    if !terminal.can_ask() {
        match terminal.json() {
            true => terminal.answer(&Answer::Review(review)),
            false => show(terminal, review),
        }
        return Err(Trouble::new(Kind::Declined, m::ERR_DISCLOSE_UNSURE)
            .safe(m::SAFE_NOT_DISCLOSED)
            .hint(m::HINT_DISCLOSE_UNSURE)
            .command(match review.audience {
                Audience::Court => "sanduq disclose ITEM… --for court --to DIR --yes",
                Audience::Public => "sanduq disclose ITEM… --for public --to DIR --yes",
            }));
    }
    show(terminal, review);
    let typed = ask::line(terminal, m::DISCLOSE_ASK)?.unwrap_or_default().to_lowercase();
    if ask::is_one_of(&typed, m::ANSWERS_YES) {
        return Ok(Decision::Write);
    }
    if typed.is_empty() || ask::is_one_of(&typed, m::ANSWERS_NO) {
        return Err(Trouble::new(Kind::Declined, m::ERR_DECLINED));
    }
    match typed.parse::<UnitNumber>().ok().filter(|unit| is_there(review, *unit)) {
        Some(unit) => Ok(Decision::Other(unit)),
        None => {
            terminal.tell(m::DISCLOSE_UNCLEAR);
            Ok(Decision::Again)
        }
    }
}

/// Names what was reviewed and should be looked at once more.
fn warn(terminal: &Terminal, review: &DisclosureReview) {
    let repeating = |record: &ReviewedRecord| {
        let shown = record.shown.iter().filter(|unit| unit.repeats).map(|unit| unit.unit);
        shown.map(|unit| UnitNumber { item: record.item, unit }).collect::<Vec<_>>()
    };
    let repeating: Vec<UnitNumber> = review.records.iter().flat_map(repeating).collect();
    if !repeating.is_empty() {
        terminal.remark(m::DISCLOSE_REPEATS);
        repeating.iter().for_each(|unit| terminal.remark_value(unit));
    }
}

/// Whether a unit is one that can leave or stay.
fn is_there(review: &DisclosureReview, unit: UnitNumber) -> bool {
    let record = review.records.iter().find(|record| record.item == unit.item);
    record.is_some_and(|record| (2..=record.units()).contains(&(unit.unit as usize)))
}

fn choose_otherwise(wanted: &mut Disclosing, review: &DisclosureReview, unit: UnitNumber) {
    let record = review.records.iter().find(|record| record.item == unit.item);
    let shown = record.is_some_and(|record| record.shown.iter().any(|one| one.unit == unit.unit));
    wanted.units.insert((unit.item, unit.unit), !shown);
}

/// Shows every line that leaves, and counts what stays.
fn show(terminal: &Terminal, review: &DisclosureReview) {
    terminal.tell(match review.audience {
        Audience::Court => m::DISCLOSE_COURT,
        Audience::Public => m::DISCLOSE_PUBLIC,
    });
    review.records.iter().for_each(|record| show_record(terminal, record));
    if review.files > 0 {
        terminal.tell(m::DiscloseFiles { count: review.files, size: Size(review.bytes) });
    }
    show_derivatives(terminal, &review.derivatives);
    terminal.tell(if review.author { m::DISCLOSE_AUTHOR } else { m::DISCLOSE_NO_AUTHOR });
    terminal.tell(if review.receipt { m::DISCLOSE_RECEIPT } else { m::DISCLOSE_NO_RECEIPT });
    if review.stamps > 0 {
        terminal.tell(m::disclose_stamps(review.stamps));
    }
    show_notes(terminal, review);
    terminal.tell(m::disclose_shows(review.records_in_bundle));
}

/// Shows what leaves of that which was noted by hand, or how much of it stays.
fn show_notes(terminal: &Terminal, review: &DisclosureReview) {
    if review.notes_kept > 0 {
        terminal.tell(m::disclose_notes_kept(review.notes_kept));
    }
    if review.notes.is_empty() {
        return;
    }
    terminal.tell(m::DISCLOSE_NOTES);
    for note in &review.notes {
        let said = terminal.words().say(match &note.card {
            None => m::disclose_held(note.item),
            Some(_) => m::disclose_transferred(note.item),
        });
        terminal.aside_text(&format!("  {said}"));
        if let Some(card) = &note.card {
            terminal.aside(&format!("    {card}"));
        }
    }
}

/// Shows what leaves in the place of originals.
fn show_derivatives(terminal: &Terminal, derivatives: &[ReviewedDerivative]) {
    if derivatives.is_empty() {
        return;
    }
    terminal.tell(m::DISCLOSE_DERIVATIVES);
    for made in derivatives {
        let unit = UnitNumber { item: made.item, unit: made.unit };
        let how = terminal.words().say(match made.how {
            How::MetadataRemoved => m::derivative_metadata_removed(Size(made.bytes)),
            How::ByHand { .. } => m::derivative_by_hand(Size(made.bytes)),
        });
        terminal.aside_text(&format!("  {unit}  {how}  {}", escape(&made.media_type)));
        if let How::ByHand { words: Some(words) } = &made.how {
            terminal.aside_text(&format!("    {}", escape(words)));
        }
    }
    terminal.tell(m::DISCLOSE_DERIVATIVES_MEAN);
    if derivatives.iter().any(|made| !made.stripped) {
        terminal.tell(m::DISCLOSE_DERIVATIVES_LOOK);
    }
}

fn show_record(terminal: &Terminal, record: &ReviewedRecord) {
    let words = terminal.words();
    terminal.aside("");
    let (shown, units) = (record.shown.len() + 1, record.units());
    terminal.tell(m::DiscloseItem { number: record.item, shown, units });
    terminal.tell(m::DISCLOSE_TERMS);
    terms::terms(&record.terms)
        .into_iter()
        .for_each(|line| terminal.aside_text(&format!("  {}", words.say(line))));
    for unit in &record.shown {
        if unit.repeats {
            terminal.tell(m::DISCLOSE_REPEATS);
        }
        let number = UnitNumber { item: record.item, unit: unit.unit };
        terminal.aside(&format!("  {number}  {}", words.say(sort(unit.what))));
        for line in text::escape_lines(&unit.said).lines() {
            terminal.aside_text(&format!("    {line}"));
        }
    }
    if !record.withheld.is_empty() {
        terminal.tell(m::DISCLOSE_STAYS);
        for stays in &record.withheld {
            let count = words.number(stays.count as u64);
            let number = |unit: &u32| UnitNumber { item: record.item, unit: *unit }.to_string();
            let numbers: Vec<String> = stays.units.iter().map(number).collect();
            let line = format!("  {count}  {}  {}", words.say(sort(stays.what)), numbers.join(" "));
            terminal.aside_text(&line);
        }
    }
}

fn sort(sort: Sort) -> Message {
    match sort {
        Sort::Consent => m::SORT_CONSENT,
        Sort::Kind => m::SORT_KIND,
        Sort::Title => m::SORT_TITLE,
        Sort::Date => m::SORT_DATE,
        Sort::Place => m::SORT_PLACE,
        Sort::Person => m::SORT_PERSON,
        Sort::Run => m::SORT_RUN,
        Sort::Marked => m::SORT_MARKED,
        Sort::File => m::SORT_FILE,
        Sort::Label => m::SORT_LABEL,
        Sort::Pseudonym => m::SORT_PSEUDONYM,
        Sort::ConsentWords => m::SORT_CONSENT_WORDS,
    }
}

fn say(terminal: &Terminal, outcome: &DisclosureOutcome) {
    if terminal.json() {
        return terminal.answer(&Answer::Disclosed(outcome));
    }
    terminal.say(m::DISCLOSE_DONE);
    terminal.value(outcome.dir.display());
    terminal.say(if outcome.logged == outcome.events.len() { m::DISCLOSE_LOGGED } else { m::DISCLOSE_LOG });
    terminal.say(m::DISCLOSE_CHECK);
    terminal
        .command(&format!("sanduq-verify disclosure {}", quoted(&escape(&outcome.dir.to_string_lossy()))));
}
