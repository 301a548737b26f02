//! A derivative's statement: that a file was made from an original which stays behind, by whom and how.
//!
//! ```text
//! sanduq-derivative/1
//! bundle: the bundle's id
//! record: the record's id
//! unit: 0005
//! original: the SHA-256 of the original, as that unit says it
//! derivative: the SHA-256 of the file
//! bytes: 200000
//! type: image/jpeg
//! how: metadata-removed
//! officer: the fingerprint of the officer's keys
//! ```
//!
//! It lies beside the file, with the officer's two signatures over it in the role `sanduq-derivative`. What was made by
//! hand may have one line more, `words`, in which the officer says what was done. docs/spec/derivative.md is the
//! normative text.
//!
//! ```
//! use sanduq::bundle::derivative::{Derivative, How, SignedDerivative};
//! use sanduq::crypto::{Digest, KeyPair};
//!
//! let officer = KeyPair::generate();
//! let digest = Digest::of(b"invented");
//! let derivative = Derivative {
//!     bundle: digest,
//!     record: digest,
//!     unit: 5,
//!     original: digest,
//!     derivative: digest,
//!     bytes: 8,
//!     media_type: "image/jpeg".to_owned(),
//!     how: How::ByHand { words: Some("faces are blurred".to_owned()) },
//!     officer: officer.public().fingerprint(),
//! };
//! let [text, signature, pq_signature] = SignedDerivative::sign(derivative, &officer).print();
//! let read = SignedDerivative::parse(text.as_bytes(), signature.as_bytes(), pq_signature.as_bytes())?;
//! read.verify(&officer.public())?;
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```

use std::fmt;

use super::disclosure;
use crate::crypto::hash::Digest;
use crate::crypto::key_pair::{KeyPair, PublicPair};
use crate::crypto::sign::domain;
use crate::format::{FormatError, lines, sshsig, text};

/// The first line.
pub const FIRST_LINE: &str = "sanduq-derivative/1";
/// Bytes of the statement.
pub const TEXT_BYTES_MAX: u64 = 1024;
/// Bytes of what an officer says of it.
pub const WORDS_BYTES_MAX: usize = 200;
/// Bytes of a media type.
const MEDIA_TYPE_BYTES_MAX: usize = 127;

const FORMAT: &str = "derivative";
const LABELS: [&str; 10] =
    ["bundle", "record", "unit", "original", "derivative", "bytes", "type", "how", "officer", "words"];

/// How a derivative was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// By this program: the same pixels, and nothing beside them.
    MetadataRemoved,
    /// With another program: cropped, blurred, made anew.
    ByHand {
        /// What the officer says was done.
        words: Option<String>,
    },
}

/// What a file is that lies in the place of an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivative {
    /// The bundle's id.
    pub bundle: Digest,
    /// The id of a record that shows the original's unit.
    pub record: Digest,
    /// The number of that unit.
    pub unit: u32,
    /// The digest of the original.
    pub original: Digest,
    /// The digest of the file.
    pub derivative: Digest,
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// How it was made.
    pub how: How,
    /// The fingerprint of the keys of who made it.
    pub officer: Digest,
}

/// A derivative's statement with its signatures. They are **not** verified until [`SignedDerivative::verify`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDerivative {
    derivative: Derivative,
    signatures: [String; 2],
}

impl How {
    fn name(&self) -> &'static str {
        match self {
            How::MetadataRemoved => "metadata-removed",
            How::ByHand { .. } => "by-hand",
        }
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Derivative {
    /// What is signed.
    fn text(&self) -> String {
        let values = [
            self.bundle.to_string(),
            self.record.to_string(),
            format!("{:04}", self.unit),
            self.original.to_string(),
            self.derivative.to_string(),
            self.bytes.to_string(),
            self.media_type.clone(),
            self.how.to_string(),
            self.officer.to_string(),
        ];
        let words = match &self.how {
            How::ByHand { words } => words.clone(),
            How::MetadataRemoved => None,
        };
        let lines = LABELS.iter().zip(values.into_iter().chain(words));
        let lines: String = lines.map(|(label, value)| format!("{label}: {value}\n")).collect();
        format!("{FIRST_LINE}\n{lines}")
    }

    fn parse(text: &[u8]) -> Result<Derivative, FormatError> {
        let lines = lines(FORMAT, text, TEXT_BYTES_MAX as usize)?;
        let wrong =
            |line: usize, expected| FormatError::Malformed { format: FORMAT, line: line as u64, expected };
        if lines.first() != Some(&FIRST_LINE) {
            return Err(wrong(1, FIRST_LINE));
        }
        if lines.len() > LABELS.len() + 1 {
            return Err(wrong(LABELS.len() + 2, "nothing more"));
        }
        let value = |at: usize| {
            let text = lines.get(at + 1).and_then(|line| line.strip_prefix(LABELS[at])?.strip_prefix(": "));
            text.ok_or(wrong(at + 2, LABELS[at]))
        };
        let digest = |at: usize| value(at)?.parse().map_err(|_| wrong(at + 2, "a SHA-256"));
        let read = Derivative {
            bundle: digest(0)?,
            record: digest(1)?,
            unit: disclosure::number(value(2)?).ok_or(wrong(4, "the number of a unit"))?,
            original: digest(3)?,
            derivative: digest(4)?,
            bytes: value(5)?.parse().map_err(|_| wrong(7, "a number"))?,
            media_type: value(6)?.to_owned(),
            how: match (value(7)?, lines.get(LABELS.len())) {
                ("metadata-removed", None) => How::MetadataRemoved,
                ("by-hand", None) => How::ByHand { words: None },
                ("by-hand", Some(_)) => How::ByHand { words: Some(value(9)?.to_owned()) },
                _ => return Err(wrong(9, "metadata-removed, or by-hand and words")),
            },
            officer: digest(8)?,
        };
        if !is_media_type(&read.media_type) {
            return Err(wrong(8, "a media type"));
        }
        if matches!(&read.how, How::ByHand { words: Some(words) } if !are_words(words)) {
            return Err(wrong(11, "1 to 200 bytes of one line"));
        }
        if read.text().as_bytes() == text { Ok(read) } else { Err(wrong(0, "its one spelling")) }
    }
}

/// Whether an officer may say this of a derivative: one line of 1 to [`WORDS_BYTES_MAX`] bytes, without what steers a
/// terminal or the direction of reading.
#[must_use]
pub fn are_words(words: &str) -> bool {
    (1..=WORDS_BYTES_MAX).contains(&words.len()) && !words.chars().any(text::steers) && words.trim() == words
}

/// Whether it is a type and a subtype of small letters, digits and `.+-`.
#[must_use]
pub fn is_media_type(text: &str) -> bool {
    let part = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".+-".contains(&byte);
        !part.is_empty() && part.bytes().all(plain)
    };
    text.len() <= MEDIA_TYPE_BYTES_MAX
        && text.split_once('/').is_some_and(|(one, other)| part(one) && part(other))
}

impl SignedDerivative {
    /// The statement, signed by who made the derivative.
    #[must_use]
    pub fn sign(derivative: Derivative, officer: &KeyPair) -> SignedDerivative {
        let signatures = officer.sign::<domain::Derivative>(derivative.text().as_bytes());
        SignedDerivative { signatures: sshsig::encode_pair(&officer.public(), &signatures), derivative }
    }

    /// Reads the statement and the two envelopes; nothing but the one spelling of each.
    pub fn parse(
        text: &[u8],
        signature: &[u8],
        pq_signature: &[u8],
    ) -> Result<SignedDerivative, FormatError> {
        let derivative = Derivative::parse(text)?;
        let envelope = |bytes: &[u8]| {
            sshsig::parse::<domain::Derivative>(bytes)?;
            let text = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(FORMAT, "UTF-8"))?;
            Ok::<_, FormatError>(text.to_owned())
        };
        Ok(SignedDerivative { derivative, signatures: [envelope(signature)?, envelope(pq_signature)?] })
    }

    /// The texts of the three files: the statement, the Ed25519 signature, the composite one.
    #[must_use]
    pub fn print(&self) -> [String; 3] {
        let [signature, pq_signature] = self.signatures.clone();
        [self.derivative.text(), signature, pq_signature]
    }

    /// What is said.
    #[must_use]
    pub fn derivative(&self) -> &Derivative {
        &self.derivative
    }

    /// Checks that it names this officer, and that both signatures are this officer's.
    pub fn verify(&self, officer: &PublicPair) -> Result<(), FormatError> {
        if officer.fingerprint() != self.derivative.officer {
            return Err(FormatError::spelling(FORMAT, "this officer's fingerprint"));
        }
        let [signature, pq_signature] = &self.signatures;
        let text = self.derivative.text();
        sshsig::verify_pair::<domain::Derivative>(officer, text.as_bytes(), signature, pq_signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivative(how: How, officer: &KeyPair) -> Derivative {
        Derivative {
            bundle: Digest::of(b"bundle"),
            record: Digest::of(b"record"),
            unit: 12,
            original: Digest::of(b"original"),
            derivative: Digest::of(b"derivative"),
            bytes: 10,
            media_type: "image/jpeg".to_owned(),
            how,
            officer: officer.public().fingerprint(),
        }
    }

    #[test]
    fn it_is_of_one_officer_and_one_spelling() {
        let officer = KeyPair::generate();
        let words = How::ByHand { words: Some("چهره‌ها پوشانده شد".to_owned()) };
        for how in [How::MetadataRemoved, How::ByHand { words: None }, words] {
            let signed = SignedDerivative::sign(derivative(how, &officer), &officer);
            signed.verify(&officer.public()).unwrap();
            assert!(signed.verify(&KeyPair::generate().public()).is_err());
            let [text, one, two] = signed.print();
            let parse = |text: &str| SignedDerivative::parse(text.as_bytes(), one.as_bytes(), two.as_bytes());
            assert_eq!(parse(&text).unwrap(), signed);
            let other = parse(&text.replace("unit: 0012", "unit: 0013")).unwrap();
            assert!(other.verify(&officer.public()).is_err());
            assert!(
                SignedDerivative::parse(text.as_bytes(), two.as_bytes(), one.as_bytes())
                    .unwrap()
                    .verify(&officer.public())
                    .is_err()
            );
        }
    }

    /// Who says that another officer made it.
    #[test]
    fn it_names_who_signed_it() {
        let [officer, other] = [KeyPair::generate(), KeyPair::generate()];
        let signed = SignedDerivative::sign(derivative(How::MetadataRemoved, &officer), &other);
        assert!(signed.verify(&officer.public()).is_err() && signed.verify(&other.public()).is_err());
    }

    #[test]
    fn words_are_one_line_that_steers_nothing() {
        assert!(are_words("cropped") && are_words(&"x".repeat(200)));
        for words in ["", " cropped", "two\nlines", "a\u{1b}[2J", "a\u{202e}b", "a\u{9b}2J", &"x".repeat(201)]
        {
            assert!(!are_words(words), "{words:?}");
        }
    }
}
