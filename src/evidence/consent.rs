//! What a contributor allows: how far a statement may travel, how far her name may, and her own words on it.
//!
//! The terms are always unit 0001 and are disclosed with every part of a record, so that nobody can hold a
//! passage without the conditions it was given under; the free words are a unit of their own, because they
//! may tell who she is. The safe default is: this organisation only, never named.
//!
//! ```
//! use sanduq::evidence::consent::{Consent, Naming, Reach};
//! let consent = Consent::default();
//! assert_eq!(consent.terms().share, Reach::Organisation);
//! assert_eq!(consent.terms().name, Naming::Never);
//! ```

use serde::{Deserialize, Serialize};

use super::EvidenceError;

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

/// Before whom the contributor may be named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// Before nobody.
    #[default]
    Never,
    /// Before the organisation it was sealed to.
    Organisation,
    /// Also before courts and official investigations.
    Court,
    /// Before everyone.
    Public,
}

/// The terms themselves, as unit 0001 holds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawTerms")]
pub struct Terms {
    /// How far the statement may travel.
    pub share: Reach,
    /// Before whom the contributor may be named.
    pub name: Naming,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerms {
    share: Reach,
    name: Naming,
}

impl Terms {
    /// Terms under which the name goes no further than the statement.
    pub fn new(share: Reach, name: Naming) -> Result<Terms, EvidenceError> {
        let furthest = match share {
            Reach::Organisation => Naming::Organisation,
            Reach::Court => Naming::Court,
            Reach::Public => Naming::Public,
        };
        if name > furthest {
            return Err(EvidenceError::NamedFurther);
        }
        Ok(Terms { share, name })
    }
}

impl TryFrom<RawTerms> for Terms {
    type Error = EvidenceError;

    fn try_from(raw: RawTerms) -> Result<Terms, EvidenceError> {
        Terms::new(raw.share, raw.name)
    }
}

/// Terms, and what the contributor wants to say about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    terms: Terms,
    words: Option<String>,
}

impl Consent {
    /// A consent with free words of at most [`WORDS_BYTES_MAX`].
    pub fn new(terms: Terms, words: Option<String>) -> Result<Consent, EvidenceError> {
        if let Some(words) = &words {
            super::check_len("consent-words", words, WORDS_BYTES_MAX)?;
        }
        Ok(Consent { terms, words })
    }

    /// The terms, which everyone sees who sees any of the record.
    pub fn terms(&self) -> Terms {
        self.terms
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
    fn a_name_goes_no_further_than_the_statement() {
        assert_eq!(Terms::new(Reach::Organisation, Naming::Court), Err(EvidenceError::NamedFurther));
        assert_eq!(Terms::new(Reach::Court, Naming::Public), Err(EvidenceError::NamedFurther));
        assert!(Terms::new(Reach::Public, Naming::Public).is_ok());
        assert!(Terms::new(Reach::Organisation, Naming::Organisation).is_ok());
        let forged = serde_json::from_str::<Terms>(r#"{"share":"organisation","name":"public"}"#);
        assert!(forged.is_err());
    }

    #[test]
    fn words_have_a_limit() {
        let words = "x".repeat(WORDS_BYTES_MAX + 1);
        assert!(Consent::new(Terms::default(), Some(words)).is_err());
    }
}
