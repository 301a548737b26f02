//! A key file: 32 random bytes on a stick, without which a passphrase does not open.
//!
//! ```text
//! sanduq-key-file/1
//! 64 lower-case hexadecimal digits
//! ```
//!
//! Both lines end with a line feed. The slot's key is HKDF-SHA-256 of what Argon2id gives for the passphrase, with these
//! bytes as context: neither alone opens it. A slot does not show whether it takes a key file.
//!
//! ```
//! use sanduq::crypto::KeyFile;
//! let file = KeyFile::generate();
//! let text = file.to_text();
//! assert_eq!(KeyFile::from_text(text.expose()).unwrap().to_text().expose(), text.expose());
//! ```

use super::keyslot::KeyslotError;
use super::secret::Secret;
use super::{hex, random};

/// How long a key file is.
pub const KEY_FILE_LEN: usize = LINE.len() + 64 + 1;

const LINE: &str = "sanduq-key-file/1\n";

/// What a key file holds.
#[derive(Debug, Clone)]
pub struct KeyFile(Secret<[u8; 32]>);

impl KeyFile {
    /// A fresh one.
    pub fn generate() -> KeyFile {
        KeyFile(random::secret())
    }

    /// Reads the file, which has exactly one spelling.
    pub fn from_text(text: &[u8]) -> Result<KeyFile, KeyslotError> {
        let digits = text.strip_prefix(LINE.as_bytes()).and_then(|rest| rest.strip_suffix(b"\n"));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let bytes = digits.and_then(hex::decode).ok_or(KeyslotError::NotAKeyFile)?;
        Ok(KeyFile(Secret::new(bytes)))
    }

    /// The file.
    pub fn to_text(&self) -> Secret<Vec<u8>> {
        let mut text = Secret::new(Vec::with_capacity(KEY_FILE_LEN));
        text.expose_mut().extend_from_slice(LINE.as_bytes());
        for byte in self.0.expose() {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            text.expose_mut().extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
        }
        text.expose_mut().push(b'\n');
        text
    }

    pub(super) fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_has_one_spelling() {
        let good = KeyFile::generate().to_text();
        let good = good.expose();
        assert_eq!(good.len(), KEY_FILE_LEN);
        assert_eq!(KeyFile::from_text(good).unwrap().to_text().expose(), good);
        let mut bad =
            vec![good[..good.len() - 1].to_vec(), [good, &b"\n"[..]].concat(), good.to_ascii_uppercase()];
        bad.push(good.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect());
        bad.push(Vec::new());
        for bad in bad {
            assert_eq!(KeyFile::from_text(&bad).unwrap_err(), KeyslotError::NotAKeyFile);
        }
    }
}
