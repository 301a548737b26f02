//! The private key of a log or a witness with its name, as Go's `note` package spells it: a desk's `log.key`, a witness's
//! `witness.key`.
//!
//! ```text
//! PRIVATE+KEY+<name>+<id, 8 hexadecimal digits>+<base64 of the kind (1 or 4) and the 32 bytes of the seed>
//! ```
//!
//! One line, so that any tool for C2SP logs can take a log over. Who holds a log's can log, and can make the log lie;
//! nothing can be opened with it and no card signed. The ML-DSA-44 key of the same log or witness is made from the same
//! seed ([`crate::crypto::CosignerKey::beside`]).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::FormatError;
use super::note::{KeyKind, NoteVerifier};
use crate::crypto::{LogSigningKey, Secret};

/// The longest file: a name, a key and what is between them.
pub const PRIVATE_KEY_BYTES_MAX: u64 = 1024;

const FORMAT: &str = "private key";
const PREFIX: &str = "PRIVATE+KEY+";

/// The line of a key under a name, of this kind: a log's or a witness's.
pub fn print(name: &str, kind: KeyKind, key: &LogSigningKey) -> Result<Secret<Vec<u8>>, FormatError> {
    let verifier = match kind {
        KeyKind::Log => NoteVerifier::log(name, key.verifying_key())?,
        KeyKind::Witness => NoteVerifier::witness(name, key.verifying_key())?,
        KeyKind::PqWitness => return Err(wrong()),
    };
    let id = u32::from_be_bytes(verifier.id());
    let encoded = Secret::new([&[kind as u8], &key.seed().expose()[..]].concat());
    let encoded = Secret::new(BASE64_STANDARD.encode(encoded.expose()));
    Ok(Secret::new(format!("{PREFIX}{name}+{id:08x}+{}\n", encoded.expose()).into_bytes()))
}

fn wrong() -> FormatError {
    FormatError::Malformed { format: FORMAT, line: 1, expected: "PRIVATE+KEY+name+id+key" }
}

/// The name and the key of this kind that the line spells.
pub fn parse(line: &Secret<Vec<u8>>, kind: KeyKind) -> Result<(String, LogSigningKey), FormatError> {
    let text = std::str::from_utf8(line.expose()).map_err(|_| wrong())?;
    let rest = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix('\n')).ok_or_else(wrong)?;
    let mut parts = rest.splitn(3, '+');
    let (Some(name), Some(_id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let decoded = Secret::new(BASE64_STANDARD.decode(encoded).map_err(|_| wrong())?);
    let Some((&found, seed)) = decoded.expose().split_first() else { return Err(wrong()) };
    let seed = Secret::new(<[u8; 32]>::try_from(seed).map_err(|_| wrong())?);
    let key = LogSigningKey::from_seed(&seed);
    let one_spelling = found == kind as u8 && print(name, kind, &key)?.expose() == line.expose();
    if one_spelling { Ok((name.to_owned(), key)) } else { Err(wrong()) }
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
        let (name, key) = parse(&secret(GO_PRIVATE), KeyKind::Log).unwrap();
        assert_eq!(NoteVerifier::log(&name, key.verifying_key()).unwrap().to_string(), GO_PUBLIC);
        assert!(parse(&secret(GO_PRIVATE), KeyKind::Witness).is_err());
    }

    #[test]
    fn what_was_printed_is_read() {
        let key = LogSigningKey::generate();
        for kind in [KeyKind::Log, KeyKind::Witness] {
            let line = print("sanduq.invalid/log", kind, &key).unwrap();
            let (name, read) = parse(&line, kind).unwrap();
            assert_eq!((&*name, read.verifying_key()), ("sanduq.invalid/log", key.verifying_key()));
        }
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
            assert!(parse(&secret(&bad), KeyKind::Log).is_err(), "{bad}");
        }
    }
}
