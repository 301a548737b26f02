//! A unit: the smallest piece of a record, one value under one salt, in a file of its own that can be shown or
//! left out.
//!
//! ```
//! use sanduq::crypto::hash::Digest;
//! use sanduq::evidence::unit::{Unit, Value};
//!
//! let unit = Unit { salt: Digest::from_bytes([7; 32]), value: Value::Place("Shiraz".to_owned()) };
//! let bytes = unit.to_bytes();
//! let start = br#"{"unit":"place","salt":"0707"#;
//! assert_eq!(&bytes[..start.len()], start);
//! assert!(bytes.ends_with(b"\",\"value\":\"Shiraz\"}\n"));
//! assert_eq!(Unit::parse(&bytes), Some(unit));
//! ```
//!
//! One line of JSON and a line feed; the keys in this order, no spaces, characters outside ASCII as
//! themselves, only the escapes that JSON demands. A reader prints what it read and refuses the file if the
//! bytes differ. The salt keeps a value that was left out from being guessed by hashing guesses; it is told
//! together with the value and **never** without it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::consent::{Terms, WORDS_BYTES_MAX};
use super::date::EventDate;
use super::item::{Kind, LABEL_BYTES_MAX, LINE_BYTES_MAX, MEDIA_TYPE_BYTES_MAX};
use super::testimony::RUN_BYTES_MAX;
use super::{EvidenceError, check_len};
use crate::crypto::hash::Digest;

/// Bytes in a unit file: a run of which JSON must escape every byte as `\u00XX`, and room for the rest.
pub const UNIT_BYTES_MAX: usize = 6 * RUN_BYTES_MAX + 1024;

/// A salt as it is written.
const SALT_DIGITS: usize = 64;

/// A value with its salt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// 32 bytes nobody can guess.
    pub salt: Digest,
    /// What the unit says.
    pub value: Value,
}

/// What a unit can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The terms of consent, always unit 0001.
    Consent(Terms),
    /// The name that she chose for it.
    Pseudonym(String),
    /// The contributor's own words on them.
    ConsentWords(String),
    /// Testimony or document.
    Kind(Kind),
    /// The title.
    Title(String),
    /// When it happened, and how sure that is.
    Date(EventDate),
    /// Where it happened.
    Place(String),
    /// One person named.
    Person(Person),
    /// One stretch of the account.
    Run(PlacedRun),
    /// What one file is.
    File(Descriptor),
    /// What one file was called.
    Label(Label),
}

/// A person named in an item, with her place in the order they were named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// 1 for the first named.
    pub position: u32,
    /// The name.
    pub name: String,
}

/// A run of the account with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedRun {
    /// 1 for the first paragraph.
    pub paragraph: u32,
    /// 1 for the first run of its paragraph.
    pub run: u32,
    /// Whether the witness marked it as what may have to be withheld.
    pub marked: bool,
    /// The words.
    pub text: String,
}

/// What a file is, without what it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Descriptor {
    /// 1 for the item's first file.
    pub position: u32,
    /// Its number under `files/` in the bundle: 1 is `files/0001`.
    pub file: u32,
    /// What the bytes seem to be, such as `image/jpeg`.
    pub media_type: String,
    /// How many bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
}

/// What a file was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The position of the descriptor it belongs to.
    pub position: u32,
    /// The name, **never** a path to write to.
    pub label: String,
}

#[derive(Serialize, Deserialize)]
struct Line<V> {
    unit: String,
    salt: Digest,
    value: V,
}

impl Value {
    /// The word that stands for this sort of value in the file.
    pub fn name(&self) -> &'static str {
        match self {
            Value::Consent(_) => "consent",
            Value::Pseudonym(_) => "pseudonym",
            Value::ConsentWords(_) => "consent-words",
            Value::Kind(_) => "kind",
            Value::Title(_) => "title",
            Value::Date(_) => "date",
            Value::Place(_) => "place",
            Value::Person(_) => "person",
            Value::Run(_) => "run",
            Value::File(_) => "file",
            Value::Label(_) => "label",
        }
    }

    /// Checks the lengths that the sort of value allows.
    pub fn check(&self) -> Result<(), EvidenceError> {
        match self {
            Value::Pseudonym(text) => check_len("pseudonym", text, LINE_BYTES_MAX),
            Value::ConsentWords(text) => check_len("consent-words", text, WORDS_BYTES_MAX),
            Value::Title(text) => check_len("title", text, LINE_BYTES_MAX),
            Value::Place(text) => check_len("place", text, LINE_BYTES_MAX),
            Value::Person(person) => check_len("person", &person.name, LINE_BYTES_MAX),
            Value::Run(run) => check_len("run", &run.text, RUN_BYTES_MAX),
            Value::File(file) => check_len("media-type", &file.media_type, MEDIA_TYPE_BYTES_MAX),
            Value::Label(label) => check_len("label", &label.label, LABEL_BYTES_MAX),
            Value::Consent(_) | Value::Kind(_) | Value::Date(_) => Ok(()),
        }
    }

    /// Whether it says something: what is counted is counted from 1, and a pseudonym is a name.
    fn says_something(&self) -> bool {
        match self {
            Value::Pseudonym(name) => !name.is_empty(),
            Value::Person(Person { position, .. }) | Value::Label(Label { position, .. }) => *position > 0,
            Value::Run(run) => run.paragraph > 0 && run.run > 0,
            Value::File(file) => file.position > 0 && file.file > 0,
            _ => true,
        }
    }

    /// What a file is, where this says it.
    pub fn file(&self) -> Option<&Descriptor> {
        match self {
            Value::File(file) => Some(file),
            _ => None,
        }
    }

    /// How many bytes the unit of this value has, whatever its salt.
    pub(super) fn unit_len(&self) -> usize {
        const AROUND: &str = "{'unit':'','salt':'','value':}\n";
        AROUND.len() + self.name().len() + SALT_DIGITS + self.to_json().len()
    }

    /// The value alone, as JSON.
    pub(super) fn to_json(&self) -> String {
        match self {
            Value::Consent(terms) => json(terms),
            Value::Pseudonym(text) | Value::ConsentWords(text) | Value::Title(text) | Value::Place(text) => {
                json(text)
            }
            Value::Kind(kind) => json(kind),
            Value::Date(date) => json(date),
            Value::Person(person) => json(person),
            Value::Run(run) => json(run),
            Value::File(file) => json(file),
            Value::Label(label) => json(label),
        }
    }
}

impl Unit {
    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let name = self.value.name();
        format!("{{\"unit\":\"{name}\",\"salt\":\"{}\",\"value\":{}}}\n", self.salt, self.value.to_json())
            .into()
    }

    /// The unit in a file's bytes; nothing if they are not in the one spelling or beyond a limit.
    pub fn parse(bytes: &[u8]) -> Option<Unit> {
        if bytes.len() > UNIT_BYTES_MAX {
            return None;
        }
        let sort = std::str::from_utf8(bytes).ok()?.strip_prefix("{\"unit\":\"")?.split_once('"')?.0;
        let unit = match sort {
            "consent" => read(bytes, Value::Consent),
            "pseudonym" => read(bytes, Value::Pseudonym),
            "consent-words" => read(bytes, Value::ConsentWords),
            "kind" => read(bytes, Value::Kind),
            "title" => read(bytes, Value::Title),
            "date" => read(bytes, Value::Date),
            "place" => read(bytes, Value::Place),
            "person" => read(bytes, Value::Person),
            "run" => read(bytes, Value::Run),
            "file" => read(bytes, Value::File),
            "label" => read(bytes, Value::Label),
            _ => None,
        }?;
        let value = &unit.value;
        (value.says_something() && value.check().is_ok() && unit.to_bytes() == bytes).then_some(unit)
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("values of units have no maps and no keys but texts")
}

fn read<T: DeserializeOwned>(bytes: &[u8], value: fn(T) -> Value) -> Option<Unit> {
    let line: Line<T> = serde_json::from_slice(bytes).ok()?;
    Some(Unit { salt: line.salt, value: value(line.value) })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::consent::{Naming, Reach};
    use super::super::date::Sureness;
    use super::*;
    use proptest::prelude::*;

    pub fn one_of_each() -> Vec<Value> {
        vec![
            Value::Consent(Terms { share: Reach::Court, name: Naming::Pseudonym, ..Terms::default() }),
            Value::Pseudonym("Reed".to_owned()),
            Value::ConsentWords("Ask me \"first\"\n".to_owned()),
            Value::Kind(Kind::Testimony),
            Value::Title("آنچه دیدم".to_owned()),
            Value::Date(EventDate::new("1988-08", Sureness::About).unwrap()),
            Value::Place("Shiraz".to_owned()),
            Value::Person(Person { position: 1, name: "نمونه".to_owned() }),
            Value::Run(PlacedRun {
                paragraph: 1,
                run: 2,
                marked: true,
                text: "a\u{1}\u{2028}\u{7f}".to_owned(),
            }),
            Value::File(Descriptor {
                position: 1,
                file: 1,
                media_type: "image/jpeg".to_owned(),
                size: 3,
                sha256: Digest::of(b"abc"),
            }),
            Value::Label(Label { position: 1, label: "../../etc/\u{202e}gpj.exe".to_owned() }),
        ]
    }

    fn salted(value: Value) -> Unit {
        Unit { salt: Digest::from_bytes([0xab; 32]), value }
    }

    #[test]
    fn every_sort_is_printed_and_read() {
        for value in one_of_each() {
            let unit = salted(value);
            assert_eq!(unit.to_bytes().len(), unit.value.unit_len());
            assert_eq!(Unit::parse(&unit.to_bytes()), Some(unit));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let bytes = salted(Value::Person(Person { position: 1, name: "a/é".to_owned() })).to_bytes();
        let text = String::from_utf8(bytes).unwrap();
        assert!(Unit::parse(text.as_bytes()).is_some());
        let changes = [
            (":1,", ": 1,"),
            (":1,", ":1.0,"),
            (":1,", ":01,"),
            ("a/", "a\\/"),
            ("é", "\\u00e9"),
            ("\"abab", "\"ABAB"),
            ("}\n", "}"),
            ("}\n", "}\r\n"),
            ("}\n", "}\n\n"),
            ("{\"unit\"", "\u{feff}{\"unit\""),
            ("\"position\":1,", "\"position\":1,\"position\":1,"),
            ("\"position\":1,", ""),
            ("\"name\"", "\"age\":3,\"name\""),
            ("\"person\"", "\"place\""),
            ("\"person\"", "\"rumour\""),
        ];
        for (from, to) in changes {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text);
            assert_eq!(Unit::parse(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn every_flipped_bit_is_another_value_or_refused() {
        let unit = salted(Value::Place("x".to_owned()));
        let bytes = unit.to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(Unit::parse(&other), Some(unit.clone()), "bit {bit}");
        }
    }

    #[test]
    fn a_long_title_is_refused() {
        let unit = salted(Value::Title("x".repeat(LINE_BYTES_MAX + 1)));
        assert_eq!(Unit::parse(&unit.to_bytes()), None);
    }

    #[test]
    fn the_longest_run_fits() {
        let text = "\u{1}".repeat(RUN_BYTES_MAX);
        let unit = salted(Value::Run(PlacedRun { paragraph: u32::MAX, run: u32::MAX, marked: false, text }));
        assert!(Unit::parse(&unit.to_bytes()).is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_printed_and_read(text in any::<String>()) {
            let unit = salted(Value::Title(text));
            prop_assume!(unit.value.check().is_ok());
            prop_assert_eq!(Unit::parse(&unit.to_bytes()), Some(unit));
        }
    }
}
