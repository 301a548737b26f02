//! Names with their SHA-256, in the form that `sha256sum --strict -c` reads: manifests of a bag, the units of a
//! record, the records of a bundle.
//!
//! ```
//! use sanduq::crypto::hash::Digest;
//! use sanduq::format::digest_list::DigestList;
//!
//! let mut list = DigestList::new();
//! list.push("salt".parse()?, Digest::of(b""))?;
//! let text = list.to_string();
//! assert_eq!(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  salt\n");
//! assert_eq!(DigestList::parse(text.as_bytes())?, list);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! One line an entry: 64 lower-case hexadecimal digits, two spaces, the name, a line feed. No name comes twice;
//! the order is the writer's and is kept, for the digest of the list itself is often signed.

use std::collections::HashMap;
use std::fmt;

use super::name::MemberName;
use super::{FormatError, lines};
use crate::crypto::hash::Digest;

/// The most entries that are read: more than any bundle within its size limits holds.
pub const ENTRIES_MAX: usize = 1 << 18;

/// The longest line: digest, two spaces, name, line feed.
const LINE_BYTES_MAX: usize = 64 + 2 + super::name::NAME_BYTES_MAX + 1;

const FORMAT: &str = "digest list";

/// An ordered list of names, each once, with the digest of what it names.
#[derive(Clone, Default)]
pub struct DigestList {
    entries: Vec<(MemberName, Digest)>,
    places: HashMap<MemberName, usize>,
}

impl DigestList {
    /// A list of nothing; it can be filled, but not printed and read back while empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The list that these bytes spell, of at most [`ENTRIES_MAX`] entries and at least one.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::parse_up_to(bytes, ENTRIES_MAX)
    }

    /// As [`DigestList::parse`], for a place where only so many entries can stand.
    pub fn parse_up_to(bytes: &[u8], entries_max: usize) -> Result<Self, FormatError> {
        let lines = lines(FORMAT, bytes, entries_max.saturating_mul(LINE_BYTES_MAX))?;
        if lines.len() > entries_max {
            return Err(FormatError::TooLarge { format: FORMAT, limit: entries_max as u64, unit: "entries" });
        }
        let mut list = Self::new();
        for (line, number) in lines.into_iter().zip(1..) {
            let (digest, name) = entry(line).ok_or(FormatError::Malformed {
                format: FORMAT,
                line: number,
                expected: "64 hexadecimal digits, two spaces, a name",
            })?;
            list.push(name, digest)?;
        }
        Ok(list)
    }

    /// Adds an entry at the end; a name that is there already is refused.
    pub fn push(&mut self, name: MemberName, digest: Digest) -> Result<(), FormatError> {
        if self.places.contains_key(&name) {
            return Err(FormatError::Duplicate { format: FORMAT, name: name.to_string() });
        }
        self.places.insert(name.clone(), self.entries.len());
        self.entries.push((name, digest));
        Ok(())
    }

    /// The digest listed for this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Digest> {
        self.places.get(name).map(|place| self.entries[*place].1)
    }

    /// The entries in the order of the list.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&MemberName, Digest)> {
        self.entries.iter().map(|(name, digest)| (name, *digest))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The SHA-256 of the printed list.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_string().as_bytes())
    }
}

fn entry(line: &str) -> Option<(Digest, MemberName)> {
    let (digest, name) = line.split_once("  ")?;
    Some((digest.parse().ok()?, name.parse().ok()?))
}

impl fmt::Display for DigestList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.iter().try_for_each(|(name, digest)| writeln!(f, "{digest}  {name}"))
    }
}

impl fmt::Debug for DigestList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.entries).finish()
    }
}

impl PartialEq for DigestList {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for DigestList {}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn printed_and_read_back() {
        let text = format!("{EMPTY}  salt\n{EMPTY}  records/1/disclosure-sha256.txt\n");
        let list = DigestList::parse(text.as_bytes()).unwrap();
        assert_eq!(list.to_string(), text);
        assert_eq!(list.len(), 2);
        assert_eq!(list.get("salt"), Some(Digest::of(b"")));
        assert_eq!(list.get("pepper"), None);
        assert_eq!(list.digest(), Digest::of(text.as_bytes()));
    }

    #[test]
    fn other_spellings_are_refused() {
        let upper = EMPTY.to_uppercase();
        for text in [
            String::new(),
            "\n".to_owned(),
            format!("{EMPTY}  salt"),
            format!("{EMPTY} salt\n"),
            format!("{EMPTY} *salt\n"),
            format!("{EMPTY}   salt\n"),
            format!("{EMPTY}\tsalt\n"),
            format!("{EMPTY}  salt\r\n"),
            format!("{EMPTY}  salt\n\n"),
            format!("\n{EMPTY}  salt\n"),
            format!("{upper}  salt\n"),
            format!("{EMPTY}  ../salt\n"),
            format!("\\{EMPTY}  salt\n"),
            format!("\u{feff}{EMPTY}  salt\n"),
            format!("{EMPTY}0  salt\n"),
            format!("{EMPTY}  \n"),
        ] {
            assert!(DigestList::parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(DigestList::parse(b"\xff\n").is_err());
    }

    #[test]
    fn a_name_comes_once() {
        let text = format!("{EMPTY}  salt\n{EMPTY}  salt\n");
        assert_eq!(
            DigestList::parse(text.as_bytes()),
            Err(FormatError::Duplicate { format: FORMAT, name: "salt".to_owned() })
        );
    }

    #[test]
    fn too_many_entries_are_refused() {
        let text: String = (0..4).map(|n| format!("{EMPTY}  n{n}\n")).collect();
        assert!(DigestList::parse_up_to(text.as_bytes(), 4).is_ok());
        assert!(DigestList::parse_up_to(text.as_bytes(), 3).is_err());
    }
}
