//! The file `log.key`: the private key of the log with its name, as Go's `note` package spells it.
//!
//! ```text
//! PRIVATE+KEY+<name>+<id, 8 hexadecimal digits>+<base64 of 0x01 and the 32 bytes of the seed>
//! ```
//!
//! One line, so that any tool for C2SP logs can take the log over. Who holds it can log, and can make the log
//! lie; nothing can be opened with it and no card signed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::crypto::{LogSigningKey, Secret};
use crate::format::FormatError;
use crate::format::note::{KeyKind, NoteSigner};

/// The longest file: a name, a key and what is between them.
pub(super) const BYTES_MAX: u64 = 1024;

const FORMAT: &str = "log key";
const PREFIX: &str = "PRIVATE+KEY+";

/// The line of a key under a name.
pub(super) fn print(name: &str, key: &LogSigningKey) -> Result<Secret<Vec<u8>>, FormatError> {
    let verifier = NoteSigner::new(name, key.clone())?.verifier();
    let id = u32::from_be_bytes(verifier.id());
    let encoded = Secret::new([&[KeyKind::Log as u8], &key.seed().expose()[..]].concat());
    let encoded = Secret::new(BASE64_STANDARD.encode(encoded.expose()));
    Ok(Secret::new(format!("{PREFIX}{name}+{id:08x}+{}\n", encoded.expose()).into_bytes()))
}

/// The signer that the line spells.
pub(super) fn parse(line: &Secret<Vec<u8>>) -> Result<NoteSigner, FormatError> {
    let wrong = || FormatError::Malformed { format: FORMAT, line: 1, expected: "PRIVATE+KEY+name+id+key" };
    let text = std::str::from_utf8(line.expose()).map_err(|_| wrong())?;
    let rest = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix('\n')).ok_or_else(wrong)?;
    let mut parts = rest.splitn(3, '+');
    let (Some(name), Some(_id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let decoded = Secret::new(BASE64_STANDARD.decode(encoded).map_err(|_| wrong())?);
    let Some((&kind, seed)) = decoded.expose().split_first() else { return Err(wrong()) };
    let seed = Secret::new(<[u8; 32]>::try_from(seed).map_err(|_| wrong())?);
    let key = LogSigningKey::from_seed(&seed);
    let one_spelling = print(name, &key)?.expose() == line.expose();
    if kind == KeyKind::Log as u8 && one_spelling { NoteSigner::new(name, key) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the documentation of golang.org/x/mod/sumdb/note.
    const GO_PRIVATE: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n";
    const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    fn secret(text: &str) -> Secret<Vec<u8>> {
        Secret::new(text.as_bytes().to_vec())
    }

    #[test]
    fn the_key_of_go_is_ours() {
        assert_eq!(parse(&secret(GO_PRIVATE)).unwrap().verifier().to_string(), GO_PUBLIC);
    }

    #[test]
    fn what_was_printed_is_read() {
        let key = LogSigningKey::generate();
        let line = print("sanduq.invalid/log", &key).unwrap();
        let expected = NoteSigner::new("sanduq.invalid/log", key).unwrap().verifier();
        assert_eq!(parse(&line).unwrap().verifier(), expected);
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            String::new(),
            GO_PRIVATE.trim_end().to_owned(),
            GO_PRIVATE.replace("c74f20a3", "c74f20a4"),
            GO_PRIVATE.replace("c74f20a3", "C74F20A3"),
            GO_PRIVATE.replace("PRIVATE+KEY+", ""),
            GO_PRIVATE.replace("+AYEK", "+BIEK"),
            GO_PRIVATE.replace("PeterNeumann", "Peter Neumann"),
            format!("{GO_PRIVATE}\n"),
            format!("{PREFIX}a+00000000+AQ==\n"),
        ] {
            assert!(parse(&secret(&bad)).is_err(), "{bad}");
        }
    }
}
