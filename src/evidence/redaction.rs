//! Which units of a record are shown, and which are withheld: by sort, and by number where somebody looked at one.
//!
//! ```
//! use sanduq::evidence::redaction::{Redaction, Sort};
//! use sanduq::evidence::unit::Value;
//!
//! let mut redaction = Redaction::default();
//! redaction.withhold.insert(Sort::Place);
//! let place = Value::Place("Shiraz".to_owned());
//! let title = Value::Title("What I saw".to_owned());
//! let terms = Value::Consent(Default::default());
//! assert_eq!(redaction.shown(&[&terms, &place, &title]), [true, false, true]);
//! ```
//!
//! What may tell who somebody is stays behind unless it is released: persons named, passages that the witness marked,
//! the names of files, and the witness's words to the organisation. The terms are **never** withheld; the name of a file
//! goes only with the file, and a title that is the name of a file only with that name.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::Serialize;

use super::persons;
use super::unit::Value;

/// A sort of units, as it is withheld or released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// The terms of consent, which are always shown.
    Consent,
    /// Testimony or document.
    Kind,
    /// The title.
    Title,
    /// When it happened.
    Date,
    /// Where it happened.
    Place,
    /// The persons named.
    Person,
    /// The account, all of it.
    Run,
    /// Passages of the account that the witness marked.
    Marked,
    /// The files, and what they are.
    File,
    /// What the files were called.
    Label,
    /// The name that the contributor chose.
    Pseudonym,
    /// The contributor's words on the terms.
    ConsentWords,
}

impl Sort {
    const ALL: [Sort; 12] = [
        Sort::Consent,
        Sort::Kind,
        Sort::Title,
        Sort::Date,
        Sort::Place,
        Sort::Person,
        Sort::Run,
        Sort::Marked,
        Sort::File,
        Sort::Label,
        Sort::Pseudonym,
        Sort::ConsentWords,
    ];

    /// The word for it, which for most is that of the unit.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Consent => "consent",
            Sort::Kind => "kind",
            Sort::Title => "title",
            Sort::Date => "date",
            Sort::Place => "place",
            Sort::Person => "person",
            Sort::Run => "run",
            Sort::Marked => "marked",
            Sort::File => "file",
            Sort::Label => "label",
            Sort::Pseudonym => "pseudonym",
            Sort::ConsentWords => "consent-words",
        }
    }

    /// The sort of a value.
    pub fn of(value: &Value) -> Sort {
        match value {
            Value::Consent(_) => Sort::Consent,
            Value::Pseudonym(_) => Sort::Pseudonym,
            Value::ConsentWords(_) => Sort::ConsentWords,
            Value::Kind(_) => Sort::Kind,
            Value::Title(_) => Sort::Title,
            Value::Date(_) => Sort::Date,
            Value::Place(_) => Sort::Place,
            Value::Person(_) => Sort::Person,
            Value::Run(run) if run.marked => Sort::Marked,
            Value::Run(_) => Sort::Run,
            Value::File(_) => Sort::File,
            Value::Label(_) => Sort::Label,
        }
    }

    /// Whether it stays behind where nothing was said about it.
    pub fn is_guarded(self) -> bool {
        matches!(self, Sort::Person | Sort::Marked | Sort::Label | Sort::ConsentWords)
    }
}

/// A word that names no sort of units that can be withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no sort of units that can be withheld")]
pub struct NotASort;

impl FromStr for Sort {
    type Err = NotASort;

    fn from_str(text: &str) -> Result<Sort, NotASort> {
        let known = Sort::ALL.into_iter().filter(|sort| *sort != Sort::Consent);
        known.into_iter().find(|sort| sort.name() == text).ok_or(NotASort)
    }
}

/// What is to be withheld of one record, and what released.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// Sorts to withhold.
    pub withhold: BTreeSet<Sort>,
    /// Sorts to show that would stay behind.
    pub release: BTreeSet<Sort>,
    /// Single units by their numbers from 1: whether each is shown, whatever its sort.
    pub units: BTreeMap<u32, bool>,
}

impl Redaction {
    /// Which of a record's units are shown, in their order.
    pub fn shown(&self, units: &[&Value]) -> Vec<bool> {
        let numbered = || units.iter().copied().zip(1..);
        let mut shown: Vec<bool> = numbered().map(|(value, number)| self.chosen(value, number)).collect();
        let is_shown = |shown: &[bool], wanted: &dyn Fn(&Value) -> bool| {
            units.iter().zip(shown).any(|(value, shown)| *shown && wanted(value))
        };
        for (at, value) in units.iter().enumerate() {
            if let Value::Label(label) = value {
                let its_file =
                    |one: &Value| matches!(one, Value::File(file) if file.position == label.position);
                shown[at] = shown[at] && is_shown(&shown, &its_file);
            }
        }
        for (value, number) in numbered() {
            let at = number as usize - 1;
            if let Value::Title(title) = value
                && !self.release.contains(&Sort::Title)
                && !self.units.contains_key(&number)
            {
                let names_one =
                    |one: &Value| matches!(one, Value::Label(label) if names(title, &label.label));
                let hidden = units.iter().zip(&shown).any(|(one, shown)| !shown && names_one(one));
                shown[at] = shown[at] && !hidden;
            }
        }
        shown
    }

    fn chosen(&self, value: &Value, number: u32) -> bool {
        let sort = Sort::of(value);
        if sort == Sort::Consent {
            return true;
        }
        if let Some(shown) = self.units.get(&number) {
            return *shown;
        }
        let withheld = self.withhold.contains(&sort)
            || (sort == Sort::Marked && self.withhold.contains(&Sort::Run))
            || (sort.is_guarded() && !self.release.contains(&sort));
        !withheld
    }
}

/// What would give away the values that are withheld, if it could be read elsewhere: names and short texts.
pub fn telling(units: &[&Value], shown: &[bool]) -> Vec<String> {
    let withheld = units.iter().zip(shown).filter(|(_, shown)| !**shown);
    persons::names(withheld.flat_map(|(value, _)| told_by(value)))
}

/// Whether any of these can be read in a value, in whichever letter forms.
pub fn repeats(value: &Value, telling: &[String]) -> bool {
    text(value).is_some_and(|said| !persons::found(said, telling).is_empty())
}

/// A title made of a file's name.
fn names(title: &str, label: &str) -> bool {
    !title.is_empty() && label.ends_with(title)
}

/// The text of a value, if it is one.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Pseudonym(text) | Value::ConsentWords(text) | Value::Title(text) | Value::Place(text) => {
            Some(text)
        }
        Value::Person(person) => Some(&person.name),
        Value::Run(run) => Some(&run.text),
        Value::Label(label) => Some(&label.label),
        Value::Consent(_) | Value::Kind(_) | Value::Date(_) | Value::File(_) => None,
    }
}

/// What would give a withheld value away: the whole of a short text, and every part of a person's name.
fn told_by(value: &Value) -> Vec<String> {
    let whole = text(value).filter(|text| text.len() <= TELLING_BYTES_MAX).map(str::to_owned);
    let parts = match value {
        Value::Person(person) => person.name.split_whitespace().filter(|part| is_long(part)).collect(),
        _ => Vec::new(),
    };
    parts.into_iter().map(str::to_owned).chain(whole.filter(|text| is_long(text.trim()))).collect()
}

/// Longer texts are not looked for word by word: they are passages, not names.
const TELLING_BYTES_MAX: usize = 256;
/// Letters of what is looked for: shorter words stand in everything.
const LETTERS_MIN: usize = 3;

fn is_long(text: &str) -> bool {
    text.chars().count() >= LETTERS_MIN
}

#[cfg(test)]
mod tests {
    use super::super::unit::{Descriptor, Label, Person, PlacedRun};
    use super::*;
    use crate::crypto::hash::Digest;
    use crate::evidence::item::Kind;

    fn run(run: u32, marked: bool, text: &str) -> Value {
        Value::Run(PlacedRun { paragraph: 1, run, marked, text: text.to_owned() })
    }

    fn file(position: u32) -> Value {
        let media_type = "image/jpeg".to_owned();
        Value::File(Descriptor { position, file: position, media_type, size: 1, sha256: Digest::of(b"") })
    }

    fn label(position: u32, label: &str) -> Value {
        Value::Label(Label { position, label: label.to_owned() })
    }

    fn document() -> Vec<Value> {
        vec![
            Value::Consent(Default::default()),
            Value::Kind(Kind::Document),
            Value::Title("Amal at the gate.jpg".to_owned()),
            file(1),
            label(1, "folder/Amal at the gate.jpg"),
        ]
    }

    fn shown(redaction: &Redaction, values: &[Value]) -> Vec<bool> {
        redaction.shown(&values.iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_tells_who_somebody_is_stays_behind_unless_it_is_released() {
        let person = Value::Person(Person { position: 1, name: "Amal".to_owned() });
        let values = [
            Value::Consent(Default::default()),
            Value::ConsentWords("Ask me".to_owned()),
            person,
            run(1, false, "I saw "),
            run(2, true, "Amal"),
            Value::Pseudonym("Reed".to_owned()),
        ];
        let mut redaction = Redaction::default();
        assert_eq!(shown(&redaction, &values), [true, false, false, true, false, true]);
        redaction.release.extend([Sort::Marked, Sort::Person, Sort::ConsentWords]);
        assert_eq!(shown(&redaction, &values), [true; 6]);
        redaction.withhold.insert(Sort::Run);
        assert_eq!(shown(&redaction, &values), [true, true, true, false, false, true]);
        redaction.units.extend([(1, false), (2, false), (5, true)]);
        assert_eq!(shown(&redaction, &values), [true, false, true, false, true, true]);
    }

    /// The name of a photograph was withheld, and stood in the title.
    #[test]
    fn a_title_that_is_the_name_of_a_file_goes_only_with_it() {
        let values = document();
        let mut redaction = Redaction::default();
        assert_eq!(shown(&redaction, &values), [true, true, false, true, false]);
        redaction.release.insert(Sort::Title);
        assert_eq!(shown(&redaction, &values), [true, true, true, true, false]);
        let released = Redaction { release: [Sort::Label].into(), ..Redaction::default() };
        assert_eq!(shown(&released, &values), [true; 5]);
    }

    #[test]
    fn a_name_goes_only_with_its_file() {
        let mut redaction = Redaction { release: [Sort::Label].into(), ..Redaction::default() };
        redaction.withhold.insert(Sort::File);
        assert_eq!(shown(&redaction, &document()), [true, true, false, false, false]);
        redaction.units.insert(5, true);
        assert_eq!(shown(&redaction, &document()), [true, true, false, false, false]);
    }

    /// A name was marked where it stood first; it stood a second time, unmarked and with other letters.
    #[test]
    fn what_is_withheld_and_can_be_read_elsewhere_is_found() {
        let person = Value::Person(Person { position: 1, name: "علی رضایی".to_owned() });
        let values = [
            person,
            Value::Place("Sample Town".to_owned()),
            run(1, false, "فردا رضايي آمد"),
            run(2, false, "nothing"),
            run(3, true, "the man from next door"),
            run(4, false, "again The Man from next door"),
        ];
        let values: Vec<&Value> = values.iter().collect();
        let hidden = telling(&values, &[false, true, true, true, false, true]);
        let repeating: Vec<bool> = values.iter().map(|value| repeats(value, &hidden)).collect();
        assert_eq!(repeating, [true, false, true, false, true, true]);
        assert!(telling(&values, &[true; 6]).is_empty() && !repeats(values[0], &[]));
    }

    #[test]
    fn every_sort_has_one_word() {
        for sort in Sort::ALL {
            assert_eq!(sort.name().parse::<Sort>().ok(), (sort != Sort::Consent).then_some(sort));
        }
        assert!("Person".parse::<Sort>().is_err());
    }
}
