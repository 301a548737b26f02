//! Text and bytes to values and back. Every file here is one format: pure, without files and without a clock,
//! with its page in docs/spec/, its vectors in tests/vectors/ and its fuzz target.
//!
//! Each reader refuses what its writer would not write (leading zeros, CRLF, upper-case hex, another order), so
//! that a value has one spelling and what was parsed, printed again, is what was read.

pub mod archive;
pub mod bag;
pub mod card;
pub mod digest_list;
pub mod draft;
#[cfg(feature = "paper")]
pub mod frames;
pub mod holds;
pub mod id;
pub mod name;
pub mod note;
pub mod ots;
pub mod padding;
pub mod path;
#[cfg(feature = "paper")]
pub mod picture;
pub mod plain_name;
pub mod policy;
pub mod possession;
pub mod private_key;
#[cfg(feature = "paper")]
pub mod qr_code;
pub mod share_page;
pub mod sshsig;
#[cfg(feature = "strip")]
pub mod strip;
pub mod text;
pub mod time;
pub mod timestamp;

use thiserror::Error;

use crate::crypto::SignError;

/// What is wrong with bytes that should have been one of our text formats.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Longer, or of more entries, than the format allows.
    #[error("{format}: more than {limit} {unit}")]
    TooLarge {
        /// The format that was being read.
        format: &'static str,
        /// How many it allows.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
    /// Not what has to stand at this place.
    #[error("{format}{}: expected {expected}", at(*line))]
    Malformed {
        /// The format that was being read.
        format: &'static str,
        /// The line, counted from 1; 0 where the format has no lines.
        line: u64,
        /// What should have stood there.
        expected: &'static str,
    },
    /// The same name, key or value twice.
    #[error("{format}: {name} is there twice")]
    Duplicate {
        /// The format that was being read.
        format: &'static str,
        /// What came twice.
        name: String,
    },
    /// A key that cannot be used, or a signature that does not verify.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// The place of a line in a message; nothing where a format has no lines.
fn at(line: u64) -> String {
    if line == 0 { String::new() } else { format!(", line {line}") }
}

impl FormatError {
    /// The value of a one-line format is not spelled as it has to be.
    pub(crate) fn spelling(format: &'static str, expected: &'static str) -> Self {
        Self::Malformed { format, line: 0, expected }
    }
}

/// The bytes as text of LF-terminated lines: UTF-8, no longer than `bytes_max`, the last line ended.
///
/// The lines come without their ends. No lines at all are refused too.
pub(crate) fn lines<'a>(
    format: &'static str,
    bytes: &'a [u8],
    bytes_max: usize,
) -> Result<Vec<&'a str>, FormatError> {
    if bytes.len() > bytes_max {
        return Err(FormatError::TooLarge { format, limit: bytes_max as u64, unit: "bytes" });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(format, "UTF-8"))?;
    let body = text.strip_suffix('\n').ok_or(FormatError::spelling(format, "a line feed at the end"))?;
    Ok(body.split('\n').collect())
}
