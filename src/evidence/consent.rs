//! What a contributor allows: how far a statement may travel, under which name, from when on, whether she may be asked,
//! and her own words on it.
//!
//! The terms are always unit 0001 and are disclosed with every part of a record, so that nobody can hold a
//! passage without the conditions it was given under. The free words and a pseudonym are units of their own, because
//! they may tell who she is. The safe default is: this organisation only, never named, never contacted.
//!
//! ```
//! use sanduq::evidence::consent::{Consent, Naming, Reach};
//! let consent = Consent::default();
//! assert_eq!(consent.terms().share, Reach::Organisation);
//! assert_eq!(consent.terms().name, Naming::Never);
//! assert!(!consent.terms().contact);
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::EvidenceError;
use super::date::{EventDate, Sureness};
use super::item::LINE_BYTES_MAX;

/// Bytes in the free words of a consent: a few pages.
pub const WORDS_BYTES_MAX: usize = 16 * 1024;

/// How far a statement may travel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The organisation it was sealed to, and nobody else.
    #[default]
    Organisation,
    /// Also courts and official investigations.
    Court,
    /// Everyone.
    Public,
}

/// Under which name a statement travels; the name goes as far as the statement does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// Under none.
    #[default]
    Never,
    /// Under a name that she chose for it.
    Pseudonym,
    /// Under her own.
    Named,
}

/// A day of the Gregorian calendar, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day([u8; 10]);

impl Day {
    /// The day as it is written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a day is digits and hyphens")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Day {
    type Err = EvidenceError;

    fn from_str(text: &str) -> Result<Day, EvidenceError> {
        let day = EventDate::new(text, Sureness::Certain)?;
        let bytes = day.day().as_bytes().try_into();
        bytes.map(Day).map_err(|_| EvidenceError::Date(text.to_owned()))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The terms themselves, as unit 0001 holds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Terms {
    /// How far the statement may travel.
    pub share: Reach,
    /// Under which name.
    pub name: Naming,
    /// The first day on which it may be published; at once where there is none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub not_before: Option<Day>,
    /// Whether the organisation may turn to the contributor with questions.
    pub contact: bool,
}

/// Terms, and what the contributor wants to say about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawConsent")]
pub struct Consent {
    terms: Terms,
    pseudonym: Option<String>,
    words: Option<String>,
}

/// [`Consent`] as it is read, before it is checked; what is left out is the safe default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConsent {
    #[serde(default)]
    terms: Terms,
    #[serde(default)]
    pseudonym: Option<String>,
    #[serde(default)]
    words: Option<String>,
}

impl TryFrom<RawConsent> for Consent {
    type Error = EvidenceError;

    fn try_from(raw: RawConsent) -> Result<Consent, EvidenceError> {
        Consent::new(raw.terms, raw.pseudonym, raw.words)
    }
}

impl Consent {
    /// A consent with free words of at most [`WORDS_BYTES_MAX`], and with a pseudonym exactly where the terms say so.
    pub fn new(
        terms: Terms,
        pseudonym: Option<String>,
        words: Option<String>,
    ) -> Result<Consent, EvidenceError> {
        if let Some(words) = &words {
            super::check_len("consent-words", words, WORDS_BYTES_MAX)?;
        }
        if let Some(pseudonym) = &pseudonym {
            super::check_len("pseudonym", pseudonym, LINE_BYTES_MAX)?;
        }
        let given = pseudonym.as_ref().is_some_and(|pseudonym| !pseudonym.is_empty());
        if given != (terms.name == Naming::Pseudonym) || pseudonym.is_some() != given {
            return Err(EvidenceError::Pseudonym);
        }
        Ok(Consent { terms, pseudonym, words })
    }

    /// The terms, which everyone sees who sees any of the record.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// The name that she chose for it, where it travels under one.
    pub fn pseudonym(&self) -> Option<&str> {
        self.pseudonym.as_deref()
    }

    /// Her own words, if she said any.
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_stands_where_the_terms_say_so_and_nowhere_else() {
        let terms = |name| Terms { share: Reach::Public, name, ..Terms::default() };
        let made =
            |name, pseudonym: Option<&str>| Consent::new(terms(name), pseudonym.map(str::to_owned), None);
        assert!(made(Naming::Pseudonym, Some("Reed")).is_ok());
        for (name, pseudonym) in [
            (Naming::Pseudonym, None),
            (Naming::Pseudonym, Some("")),
            (Naming::Never, Some("Reed")),
            (Naming::Named, Some("Reed")),
            (Naming::Never, Some("")),
        ] {
            assert_eq!(made(name, pseudonym), Err(EvidenceError::Pseudonym), "{name:?} {pseudonym:?}");
        }
    }

    #[test]
    fn terms_have_one_spelling() {
        let day = "2031-05-01".parse().unwrap();
        let terms = Terms { share: Reach::Court, name: Naming::Named, not_before: Some(day), contact: true };
        let json = r#"{"share":"court","name":"named","not-before":"2031-05-01","contact":true}"#;
        assert_eq!(serde_json::to_string(&terms).unwrap(), json);
        assert_eq!(serde_json::from_str::<Terms>(json).unwrap(), terms);
        for (from, to) in [
            ("2031-05-01", "2031-05"),
            ("2031-05-01", "2031-02-30"),
            ("\"named\"", "\"public\""),
            (",\"contact\":true", ""),
            ("\"not-before\":\"2031-05-01\",", ""),
            ("true", "1"),
            ("{", "{\"more\":1,"),
        ] {
            let other = json.replacen(from, to, 1);
            assert!(serde_json::from_str::<Terms>(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn words_have_a_limit() {
        let words = "x".repeat(WORDS_BYTES_MAX + 1);
        assert!(Consent::new(Terms::default(), None, Some(words)).is_err());
    }

    #[test]
    fn a_file_of_consent_says_what_differs_from_the_default() {
        let read = |text: &str| serde_json::from_str::<Consent>(text);
        assert_eq!(read("{}").unwrap(), Consent::default());
        assert!(read(r#"{"pseudonym":"Reed"}"#).is_err());
        assert!(read(r#"{"word":"Ask"}"#).is_err());
    }
}
