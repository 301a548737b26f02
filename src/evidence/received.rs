//! An item as somebody else's record tells it: every unit checked against the list, and what is left out
//! simply not known.
//!
//! A full record (every unit present, as in a bundle) must make one whole item: one kind, one title, at most
//! one date and place, persons, runs and files each numbered without a gap. A part of a record (as in a
//! disclosure) must not contradict itself; the terms of consent are never missing.

use std::collections::BTreeMap;

use super::EvidenceError;
use super::consent::{Naming, Terms};
use super::date::EventDate;
use super::item::Kind;
use super::layout::{BYTES_MAX, UNITS_MAX, unit_name};
use super::testimony::{Run, Testimony};
use super::unit::{Descriptor, Unit, Value};
use crate::crypto::hash::Digest;
use crate::format::digest_list::DigestList;

/// What a record tells, as far as its units are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedItem {
    /// The record's id.
    pub record: Digest,
    /// How many units are not there.
    pub withheld: usize,
    /// The terms of consent.
    pub terms: Terms,
    /// The name that the contributor chose for it.
    pub pseudonym: Option<String>,
    /// The contributor's words on them.
    pub consent_words: Option<String>,
    /// Testimony or document.
    pub kind: Option<Kind>,
    /// The title.
    pub title: Option<String>,
    /// When it happened.
    pub date: Option<EventDate>,
    /// Where it happened.
    pub place: Option<String>,
    /// Persons named, by position from 1.
    pub persons: BTreeMap<u32, String>,
    /// Runs of the account, by paragraph and run from 1.
    pub runs: BTreeMap<(u32, u32), Run>,
    /// Files, by position from 1.
    pub files: BTreeMap<u32, ReceivedFile>,
}

/// What is known of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedFile {
    /// What it is.
    pub descriptor: Option<Descriptor>,
    /// What it was called: a label, **never** a path.
    pub label: Option<String>,
}

impl ReceivedItem {
    /// Reads a record from its list and its units in the order of the list, `None` for one left out.
    pub fn read<'a>(
        list: &[u8],
        units: impl IntoIterator<Item = Option<&'a [u8]>>,
    ) -> Result<ReceivedItem, EvidenceError> {
        let parsed = parse_list(list)?;
        let mut units = units.into_iter();
        let mut item: Option<ReceivedItem> = None;
        let mut bytes_left = BYTES_MAX;
        for ((name, digest), number) in parsed.iter().zip(1u32..) {
            let Some(unit) = units.next().flatten() else {
                item.as_mut().ok_or(EvidenceError::Shape("no terms of consent"))?.withheld += 1;
                continue;
            };
            bytes_left = bytes_left.checked_sub(unit.len() as u64).ok_or(EvidenceError::List)?;
            let value = checked(name.as_str(), digest, unit)?;
            match (&mut item, value) {
                (None, Value::Consent(terms)) if number == 1 => item = Some(Self::under(terms, list)),
                (Some(item), value) => item.take(value)?,
                (None, _) => return Err(EvidenceError::Shape("no terms of consent")),
            }
        }
        if units.next().is_some() {
            return Err(EvidenceError::Unlisted { name: unit_name(parsed.len() as u32 + 1).to_string() });
        }
        let item = item.ok_or(EvidenceError::List)?;
        if item.withheld == 0 {
            item.check_whole()?;
        }
        Ok(item)
    }

    /// Whether every unit was there.
    pub fn is_whole(&self) -> bool {
        self.withheld == 0
    }

    /// The account with its marks, if every run of it is known.
    pub fn account(&self) -> Option<Testimony> {
        if !self.is_whole() || self.runs.is_empty() {
            return None;
        }
        let mut paragraphs: Vec<Vec<Run>> = Vec::new();
        for ((_, run), part) in &self.runs {
            if *run == 1 {
                paragraphs.push(Vec::new());
            }
            paragraphs.last_mut()?.push(part.clone());
        }
        Some(Testimony::from_paragraphs(paragraphs))
    }

    /// A record of which nothing but its terms is known.
    pub(crate) fn under(terms: Terms, list: &[u8]) -> ReceivedItem {
        ReceivedItem {
            record: Digest::of(list),
            withheld: 0,
            terms,
            pseudonym: None,
            consent_words: None,
            kind: None,
            title: None,
            date: None,
            place: None,
            persons: BTreeMap::new(),
            runs: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    fn take(&mut self, value: Value) -> Result<(), EvidenceError> {
        match value {
            Value::Consent(_) => Err(EvidenceError::Shape("two terms of consent")),
            Value::Pseudonym(_) if self.terms.name != Naming::Pseudonym => Err(EvidenceError::Pseudonym),
            Value::Pseudonym(name) => once(&mut self.pseudonym, name),
            Value::ConsentWords(words) => once(&mut self.consent_words, words),
            Value::Kind(kind) => once(&mut self.kind, kind),
            Value::Title(title) => once(&mut self.title, title),
            Value::Date(date) => once(&mut self.date, date),
            Value::Place(place) => once(&mut self.place, place),
            Value::Person(person) => first(self.persons.insert(person.position, person.name)),
            Value::Run(run) => {
                let place = (run.paragraph, run.run);
                first(self.runs.insert(place, Run { text: run.text, marked: run.marked }))
            }
            Value::File(file) => {
                let known = self.files.entry(file.position).or_default();
                once(&mut known.descriptor, file)
            }
            Value::Label(label) => {
                let known = self.files.entry(label.position).or_default();
                once(&mut known.label, label.label)
            }
        }
    }

    fn check_whole(&self) -> Result<(), EvidenceError> {
        let shape = |holds: bool, why| if holds { Ok(()) } else { Err(EvidenceError::Shape(why)) };
        if (self.terms.name == Naming::Pseudonym)
            != self.pseudonym.as_ref().is_some_and(|name| !name.is_empty())
        {
            return Err(EvidenceError::Pseudonym);
        }
        shape(self.kind.is_some(), "no kind")?;
        shape(self.title.is_some(), "no title")?;
        shape(self.persons.keys().copied().eq(1..=count(self.persons.len())), "a person is missing")?;
        shape(self.runs_have_no_gap(), "a run is missing")?;
        shape(self.files.keys().copied().eq(1..=count(self.files.len())), "a file is missing")?;
        let whole = |file: &ReceivedFile| file.descriptor.is_some() && file.label.is_some();
        shape(self.files.values().all(whole), "a file without descriptor or label")
    }

    fn runs_have_no_gap(&self) -> bool {
        let mut before = (0, 0);
        self.runs.keys().all(|place| {
            let next = (before.0, before.1 + 1);
            let opens = (before.0 + 1, 1);
            before = *place;
            *place == opens || (place.0 > 0 && *place == next)
        })
    }
}

/// A list that names exactly `units/0001.json`, `units/0002.json` and so on.
fn parse_list(list: &[u8]) -> Result<DigestList, EvidenceError> {
    let parsed = DigestList::parse_up_to(list, UNITS_MAX).map_err(|_| EvidenceError::List)?;
    let in_order = parsed.iter().zip(1..).all(|((name, _), number)| *name == unit_name(number));
    if in_order { Ok(parsed) } else { Err(EvidenceError::List) }
}

fn checked(name: &str, expected: Digest, bytes: &[u8]) -> Result<Value, EvidenceError> {
    let found = Digest::of(bytes);
    if found != expected {
        return Err(EvidenceError::DigestMismatch { name: name.to_owned(), expected, found });
    }
    let unit = Unit::parse(bytes).ok_or_else(|| EvidenceError::Unit { name: name.to_owned() })?;
    Ok(unit.value)
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), EvidenceError> {
    first(place.replace(value))
}

fn first<T>(before: Option<T>) -> Result<(), EvidenceError> {
    if before.is_some() { Err(EvidenceError::Shape("one thing said twice")) } else { Ok(()) }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
