//! The name of a member of an archive or of a line in a digest list: a type of its own, so that no string from
//! outside becomes a path.
//!
//! ```
//! use sanduq::format::name::MemberName;
//!
//! let name: MemberName = "records/1/units/0001.json".parse()?;
//! assert_eq!(name.as_str(), "records/1/units/0001.json");
//! for bad in ["/etc/passwd", "../a", "a//b", "a/", "A", "a b", ".ssh/config", ""] {
//!     assert!(bad.parse::<MemberName>().is_err());
//! }
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! At most 100 bytes (the name field of ustar) of `a-z`, `0-9`, `.`, `_`, `-` in parts joined by single `/`. No
//! part is empty, begins with `.` or `-`, or ends with `.`. So there is no `..`, no absolute name, no hidden
//! file, no option, and no two names that a file system folds into one. What people called a file is a label
//! inside a record, never a name.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::FormatError;

/// The longest name: what ustar's name field holds.
pub const NAME_BYTES_MAX: usize = 100;

/// A name from the small alphabet that is the same, and harmless, on every file system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberName(String);

impl MemberName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_part(part: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.') && part.bytes().all(plain)
}

impl FromStr for MemberName {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        if text.len() <= NAME_BYTES_MAX && text.split('/').all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FormatError::spelling("member name", "up to 100 of a-z 0-9 . _ - in parts joined by /"))
        }
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for MemberName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for MemberName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for MemberName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for MemberName {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Serialize for MemberName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MemberName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Names that can stand beside each other: none twice, and none that is the folder of another.
#[derive(Debug, Clone, Default)]
pub struct UniqueNames {
    files: HashSet<MemberName>,
    folders: HashSet<String>,
}

impl UniqueNames {
    /// No names yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a name in, unless it is there already or one of the two would be both a file and a folder.
    pub fn admit(&mut self, name: &MemberName) -> Result<(), FormatError> {
        let folders = || name.0.match_indices('/').map(|(end, _)| &name.0[..end]);
        let taken = self.files.contains(name) || self.folders.contains(name.as_str());
        if taken || folders().any(|folder| self.files.contains(folder)) {
            return Err(FormatError::Duplicate { format: "member name", name: name.to_string() });
        }
        self.folders.extend(folders().map(str::to_owned));
        self.files.insert(name.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_beside_each_other() {
        let mut names = UniqueNames::new();
        let mut admit = |name: &str| names.admit(&name.parse().unwrap()).is_ok();
        assert!(admit("a") && admit("b/c") && admit("b/d") && admit("ab/c"));
        assert!(!admit("a") && !admit("b/c") && !admit("b") && !admit("a/x") && !admit("b/c/x"));
    }

    #[test]
    fn our_names_are_names() {
        for name in
            ["card", "bagit.txt", "quorum/01.age", "data/payload.age.001", "tagmanifest-sha256.txt.pq.sig"]
        {
            assert_eq!(name.parse::<MemberName>().unwrap(), name);
        }
        assert!("a".repeat(100).parse::<MemberName>().is_ok());
    }

    #[test]
    fn no_name_leaves_its_folder_or_hides() {
        for name in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/..",
            "../a",
            "a/./b",
            ".a",
            "a/.b",
            "-rf",
            "a/-b",
            "a.",
            "a./b",
            "a\\b",
            "c:",
            "a b",
            "a\n",
            "a\0",
            "A",
            "é",
            "a*",
            "~",
            "con:",
            "a\u{202e}b",
        ] {
            assert!(name.parse::<MemberName>().is_err(), "{name:?}");
        }
        assert!("a".repeat(101).parse::<MemberName>().is_err());
    }
}
