//! A name that a person chooses for a file on a medium: a plain one, such as `holiday.dat`.
//!
//! ```
//! use sanduq::format::plain_name::PlainName;
//!
//! assert_eq!("holiday.dat".parse::<PlainName>().unwrap().as_str(), "holiday.dat");
//! assert!("../holiday.dat".parse::<PlainName>().is_err());
//! assert!("photo\u{202e}gpj.exe".parse::<PlainName>().is_err());
//! ```
//!
//! It names no folder, has nothing that steers a terminal or turns the direction of reading, nothing that file systems
//! of sticks refuse, and does not hide the file.

use super::text::steers;

/// The longest name, in bytes of UTF-8: what every file system in use takes.
pub const PLAIN_NAME_BYTES_MAX: usize = 255;

/// What FAT and exFAT take in no name; `/` and `\` part folders.
const REFUSED: &str = r#"/\:*?"<>|"#;

/// A plain name of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainName(String);

/// The text is no plain name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a plain file name")]
pub struct NotAPlainName;

impl PlainName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for PlainName {
    type Err = NotAPlainName;

    fn from_str(text: &str) -> Result<PlainName, NotAPlainName> {
        let refused = |character| steers(character) || REFUSED.contains(character);
        let fits = (1..=PLAIN_NAME_BYTES_MAX).contains(&text.len());
        // FAT drops spaces and dots at the end, and two names would be one.
        let odd = text.starts_with(['.', ' ']) || text.ends_with(['.', ' ']);
        if fits && !odd && !text.contains(refused) {
            Ok(PlainName(text.to_owned()))
        } else {
            Err(NotAPlainName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_give_files_are_plain() {
        for name in
            ["holiday.dat", "a", "IMG 0001.jpg", "عکس\u{200c}ها.dat", "naïve – x.bin", &"x".repeat(255)]
        {
            assert_eq!(name.parse::<PlainName>().map(|name| name.as_str().to_owned()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn what_leads_elsewhere_or_shows_otherwise_is_not() {
        let long = "x".repeat(256);
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "/a",
            "../a",
            "a\\b",
            "C:a",
            "a*",
            "a?",
            "a|b",
            "a<b",
            "a\"",
            ".hidden",
            " a",
            "a ",
            "a.",
            "a\nb",
            "a\0",
            "a\u{202e}b",
            "a\u{200f}",
            "\u{feff}a",
            "a\u{7f}",
            &long,
        ] {
            assert_eq!(name.parse::<PlainName>(), Err(NotAPlainName), "{name:?}");
        }
    }
}
