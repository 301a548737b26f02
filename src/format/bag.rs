//! The two declarations of a BagIt bag (RFC 8493): `bagit.txt`, always the same, and `bag-info.txt`, whose labels
//! and order the format of the bag fixes. The manifests are digest lists.
//!
//! ```
//! use sanduq::format::bag;
//!
//! let labels = ["Format-Version", "Payload-Oxum"];
//! let text = bag::print_info(&[("Format-Version", "1"), ("Payload-Oxum", "1048592.1")])?;
//! assert_eq!(text, "Format-Version: 1\nPayload-Oxum: 1048592.1\n");
//! assert_eq!(bag::parse_info(text.as_bytes(), &labels)?, ["1", "1048592.1"]);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! RFC 8493 lets labels repeat, fold and come in any order; here every label the format names comes once, in the
//! order of the format, with one space after the colon and a value of printable ASCII on the same line.

use std::fmt;
use std::str::FromStr;

use super::{FormatError, lines};

/// All of `bagit.txt`.
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The longest value of a label.
pub const VALUE_BYTES_MAX: usize = 256;

const FORMAT: &str = "bag-info.txt";
const LABEL_BYTES_MAX: usize = 64;

/// `bag-info.txt` with these labels and values, in this order.
pub fn print_info(fields: &[(&str, &str)]) -> Result<String, FormatError> {
    let mut text = String::new();
    for ((label, value), line) in fields.iter().zip(1..) {
        if !is_value(value) {
            return Err(malformed(line));
        }
        text.push_str(&format!("{label}: {value}\n"));
    }
    Ok(text)
}

/// The values of a `bag-info.txt` that has exactly these labels in this order.
pub fn parse_info(bytes: &[u8], labels: &[&str]) -> Result<Vec<String>, FormatError> {
    let lines = lines(FORMAT, bytes, labels.len() * (LABEL_BYTES_MAX + 2 + VALUE_BYTES_MAX + 1))?;
    if lines.len() != labels.len() {
        return Err(FormatError::spelling(FORMAT, "one line for each label"));
    }
    let value = |((line, label), number): ((&str, &&str), u64)| {
        let value = line.strip_prefix(label).and_then(|rest| rest.strip_prefix(": "));
        value.filter(|value| is_value(value)).map(str::to_owned).ok_or_else(|| malformed(number))
    };
    lines.into_iter().zip(labels).zip(1..).map(value).collect()
}

fn malformed(line: u64) -> FormatError {
    FormatError::Malformed { format: FORMAT, line, expected: "the label in its place and a value in ASCII" }
}

fn is_value(value: &str) -> bool {
    let printable = |byte: u8| matches!(byte, b' '..=b'~');
    (1..=VALUE_BYTES_MAX).contains(&value.len()) && value.trim() == value && value.bytes().all(printable)
}

/// `Payload-Oxum`: how many bytes in how many files lie under `data/`. Spelled `bytes.files`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oxum {
    /// The lengths of all payload files together.
    pub bytes: u64,
    /// How many payload files there are.
    pub files: u64,
}

impl fmt::Display for Oxum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.bytes, self.files)
    }
}

impl FromStr for Oxum {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let number = |text: &str| text.parse::<u64>().ok();
        let parsed = text
            .split_once('.')
            .and_then(|(bytes, files)| Some(Self { bytes: number(bytes)?, files: number(files)? }));
        parsed
            .filter(|oxum| oxum.to_string() == text)
            .ok_or(FormatError::spelling("Payload-Oxum", "two decimal numbers joined by a full stop"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [&str; 2] = ["Format-Version", "Payload-Oxum"];

    #[test]
    fn printed_and_read_back() {
        let text = print_info(&[("Format-Version", "1"), ("Payload-Oxum", "7.1")]).unwrap();
        assert_eq!(parse_info(text.as_bytes(), &LABELS).unwrap(), ["1", "7.1"]);
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "Format-Version: 1\n",
            "Payload-Oxum: 7.1\nFormat-Version: 1\n",
            "Format-Version: 1\nPayload-Oxum: 7.1",
            "Format-Version: 1\nPayload-Oxum: 7.1\n\n",
            "Format-Version: 1\nPayload-Oxum: 7.1\nBagging-Date: 2026-11-23\n",
            "Format-Version: 1\r\nPayload-Oxum: 7.1\n",
            "Format-Version:  1\nPayload-Oxum: 7.1\n",
            "Format-Version:1\nPayload-Oxum: 7.1\n",
            "Format-Version: 1 \nPayload-Oxum: 7.1\n",
            "Format-Version: \nPayload-Oxum: 7.1\n",
            "format-version: 1\nPayload-Oxum: 7.1\n",
            "Format-Version: ۱\nPayload-Oxum: 7.1\n",
            "Format-Version: 1\n Payload-Oxum: 7.1\n",
        ] {
            assert!(parse_info(text.as_bytes(), &LABELS).is_err(), "{text:?}");
        }
        assert!(print_info(&[("A", "1\nB: 2")]).is_err());
        assert!(print_info(&[("A", &"1".repeat(257))]).is_err());
    }

    #[test]
    fn oxum_has_one_spelling() {
        let oxum = Oxum { bytes: 1_048_592, files: 1 };
        assert_eq!(oxum.to_string().parse::<Oxum>().unwrap(), oxum);
        for text in ["", ".", "1", "1.", ".1", "01.1", "+1.1", "1.1.1", "1.1 ", "18446744073709551616.1"] {
            assert!(text.parse::<Oxum>().is_err(), "{text}");
        }
    }
}
