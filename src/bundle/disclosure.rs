//! A disclosure: a redacted copy of some records of one bundle, as a folder that is a BagIt bag. Here is what it is
//! called, what its `bag-info.txt` says, and which terms allow it; who writes it is `vault/`, who checks it `audit/`.
//!
//! ```
//! use sanduq::bundle::disclosure::{Audience, Refusal};
//! use sanduq::evidence::consent::{Reach, Terms};
//!
//! let terms = Terms { share: Reach::Court, ..Terms::default() };
//! assert!(Audience::Court.check(&terms, "2026-11-23").is_ok());
//! assert_eq!(Audience::Public.check(&terms, "2026-11-23"), Err(Refusal::Court));
//! ```
//!
//! Under `data/` the events, the derivatives, the receipt with its stamps and the custody record came later. All else is byte
//! for byte what was sealed, so whatever is shown of it stands under the signatures of that day. docs/spec/disclosure.md is
//! the normative text.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::error::BundleError;
use super::layout;
use crate::crypto::hash::Digest;
use crate::evidence::consent::{Day, Naming, Reach, Terms};
use crate::format::bag::{self, Oxum};
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;

/// The value of `Format-Version` in `bag-info.txt`.
pub const FORMAT_VERSION: &str = "sanduq-disclosure/1";
/// The instructions for stock tools.
pub const VERIFY: &str = "VERIFY.txt";
/// The bundle's outer members lie under it.
pub const BUNDLE: &str = "data/bundle/";
/// The records that are shown lie under it.
pub const RECORDS: &str = "data/records/";
/// The originals that are shown lie under it.
pub const FILES: &str = "data/files/";
/// What was made of originals that stay behind lies under it.
pub const DERIVATIVES: &str = "data/derivatives/";
/// The signed events lie under it.
pub const EVENTS: &str = "data/events/";
/// The bundle's receipt.
pub const RECEIPT: &str = "data/receipt.tlog-proof";
/// The stamps on the receipt's checkpoint lie under it.
pub const TIME: &str = "data/time/";
/// Stamps in one disclosure.
pub const STAMPS_MAX: usize = 16;
/// Who did what, for programs of investigators.
pub const CUSTODY_RECORD: &str = "data/custody.jsonld";
/// Bytes of the instructions.
pub const VERIFY_BYTES_MAX: u64 = 128 * 1024;

/// The files that `tagmanifest-sha256.txt` lists, in its order.
pub const TAGGED: [&str; 4] = [layout::BAGIT, layout::INFO, VERIFY, layout::MANIFEST];

const INFO_LABELS: [&str; 4] = ["Format-Version", "Payload-Oxum", "Bundle-SHA256", "Disclosed-For"];

/// For whom a disclosure is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// A court or an official investigation.
    Court,
    /// Everyone.
    Public,
}

/// Why the terms of consent do not allow a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They allow the organisation alone.
    #[error("its terms allow the organisation alone")]
    Organisation,
    /// They allow courts, and this is for the public.
    #[error("its terms allow courts, not the public")]
    Court,
    /// It is too early for the public.
    #[error("its terms allow the public not before {0}")]
    NotBefore(Day),
    /// The author is not to be named.
    #[error("its terms do not name the author")]
    Author,
}

/// What `bag-info.txt` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// How many bytes in how many files lie under `data/`.
    pub oxum: Oxum,
    /// The bundle's id.
    pub bundle: Digest,
    /// For whom it was made.
    pub audience: Audience,
}

impl Audience {
    const ALL: [Audience; 2] = [Audience::Court, Audience::Public];

    fn name(self) -> &'static str {
        match self {
            Audience::Court => "court",
            Audience::Public => "public",
        }
    }

    /// Whether these terms allow a disclosure on this day, `YYYY-MM-DD`.
    pub fn check(self, terms: &Terms, today: &str) -> Result<(), Refusal> {
        match (terms.share, self, terms.not_before) {
            (Reach::Organisation, _, _) => Err(Refusal::Organisation),
            (Reach::Court, Audience::Public, _) => Err(Refusal::Court),
            (Reach::Public, Audience::Public, Some(day)) if today < day.as_str() => {
                Err(Refusal::NotBefore(day))
            }
            _ => Ok(()),
        }
    }
}

/// Whether these terms allow the author to be named.
pub fn check_author(terms: &Terms) -> Result<(), Refusal> {
    if terms.name == Naming::Named { Ok(()) } else { Err(Refusal::Author) }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither court nor public")]
pub struct NotAnAudience;

impl FromStr for Audience {
    type Err = NotAnAudience;

    fn from_str(text: &str) -> Result<Audience, NotAnAudience> {
        Audience::ALL.into_iter().find(|one| one.name() == text).ok_or(NotAnAudience)
    }
}

impl Info {
    /// The text of `bag-info.txt`.
    pub fn print(&self) -> String {
        let values = [
            FORMAT_VERSION.to_owned(),
            self.oxum.to_string(),
            self.bundle.to_string(),
            self.audience.to_string(),
        ];
        let fields: Vec<_> = INFO_LABELS.into_iter().zip(values.iter().map(String::as_str)).collect();
        bag::print_info(&fields).expect("numbers, digests and words are values of a bag")
    }

    /// Reads `bag-info.txt`.
    pub fn parse(bytes: &[u8]) -> Result<Info, BundleError> {
        let values = bag::parse_info(bytes, &INFO_LABELS).map_err(BundleError::format(layout::INFO))?;
        let wrong = || BundleError::content(layout::INFO);
        if values[0] != FORMAT_VERSION {
            return Err(wrong());
        }
        Ok(Info {
            oxum: values[1].parse().map_err(BundleError::format(layout::INFO))?,
            bundle: values[2].parse().map_err(|_| wrong())?,
            audience: values[3].parse().map_err(|_| wrong())?,
        })
    }
}

/// The lists of a bundle's records, from its `records-sha256.txt` and salt: their digests, by their numbers from 1.
pub fn record_lists(bytes: &[u8], salt: &[u8]) -> Result<Vec<Digest>, BundleError> {
    super::unpack::check_list(bytes, salt)
}

/// Where a bundle's outer member lies.
pub fn outer(name: &str) -> String {
    format!("{BUNDLE}{name}")
}

/// The folder of a record, `data/records/0001`.
pub fn record(number: u32) -> String {
    format!("data/{}", layout::record(number))
}

/// Where an original lies, `data/files/0001`.
pub fn file(number: u32) -> String {
    layout::file(number)
}

/// Where the derivative of an original lies, `data/derivatives/0001`.
pub fn derivative(number: u32) -> String {
    format!("{DERIVATIVES}{number:04}")
}

/// The three files beside a derivative: its statement, and the two signatures.
pub fn derivative_statement(number: u32) -> [String; 3] {
    ["txt", "sig", "pq.sig"].map(|ending| format!("{DERIVATIVES}{number:04}.{ending}"))
}

/// The three files of an event: its line, and the two signatures.
pub fn event(number: u32) -> [String; 3] {
    ["txt", "sig", "pq.sig"].map(|ending| format!("{EVENTS}{number:04}.{ending}"))
}

/// The proof that an event stands in the log, beside its three files where there is one.
pub fn event_proof(number: u32) -> String {
    format!("{EVENTS}{number:04}.tlog-proof")
}

/// Where a stamp lies, `data/time/0001.tsr`.
pub fn stamp(number: u32, ending: &str) -> String {
    format!("{TIME}{number:04}.{ending}")
}

/// The number that a part of a name spells: `0001` is 1.
pub fn number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number > 0 && format!("{number:04}") == text).then_some(number)
}

/// The text of `manifest-sha256.txt`: what lies under `data/`, in the order of the names.
pub fn manifest(files: &std::collections::BTreeMap<MemberName, Digest>) -> String {
    let mut list = DigestList::new();
    for (name, digest) in files {
        list.push(name.clone(), *digest).expect("a map has each name once");
    }
    list.to_string()
}

/// The text of `tagmanifest-sha256.txt`, of the files of [`TAGGED`] in their order.
pub fn tag_manifest(digests: [Digest; 4]) -> String {
    TAGGED.iter().zip(digests).map(|(name, digest)| format!("{digest}  {name}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_decide() {
        let day = "2031-05-01".parse().unwrap();
        let terms = |share, not_before| Terms { share, not_before, ..Terms::default() };
        let organisation = terms(Reach::Organisation, None);
        let (court, public) = (terms(Reach::Court, None), terms(Reach::Public, Some(day)));
        for audience in Audience::ALL {
            assert_eq!(audience.check(&organisation, "2040-01-01"), Err(Refusal::Organisation));
        }
        assert_eq!(Audience::Court.check(&court, "2026-11-23"), Ok(()));
        assert_eq!(Audience::Public.check(&court, "2026-11-23"), Err(Refusal::Court));
        assert_eq!(Audience::Court.check(&public, "2026-11-23"), Ok(()));
        assert_eq!(Audience::Public.check(&public, "2031-04-30"), Err(Refusal::NotBefore(day)));
        assert_eq!(Audience::Public.check(&public, "2031-05-01"), Ok(()));
    }

    #[test]
    fn only_who_wants_to_be_named_is() {
        let named = |name| check_author(&Terms { share: Reach::Public, name, ..Terms::default() });
        assert_eq!(named(Naming::Never), Err(Refusal::Author));
        assert_eq!(named(Naming::Pseudonym), Err(Refusal::Author));
        assert_eq!(named(Naming::Named), Ok(()));
    }

    #[test]
    fn info_has_one_spelling() {
        let (oxum, bundle) = (Oxum { bytes: 7, files: 2 }, Digest::of(b"bundle"));
        let info = Info { oxum, bundle, audience: Audience::Court };
        let text = info.print();
        assert_eq!(Info::parse(text.as_bytes()).unwrap(), info);
        for (from, to) in [
            ("sanduq-disclosure/1", "sanduq-bundle/1"),
            ("court", "Court"),
            ("court", "organisation"),
            ("7.2", "7.02"),
            ("Bundle-SHA256", "Bundle-Id"),
            ("\nDisclosed", "\n\nDisclosed"),
        ] {
            assert!(Info::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(number("0001"), Some(1));
        assert_eq!(number("10000"), Some(10_000));
        for text in ["", "1", "0000", "00001", "+001", "0x01", "4294967296"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
