//! The signed note of C2SP (c2sp.org/signed-note): a text, an empty line, and a line for each signature. Logs
//! sign their checkpoints so, and witnesses add theirs.
//!
//! ```
//! use sanduq::crypto::LogSigningKey;
//! use sanduq::format::note::{Note, NoteSigner};
//!
//! let signer = NoteSigner::new("example.org/log", LogSigningKey::generate())?;
//! let note = signer.sign("example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")?;
//! let read = Note::parse(note.to_string().as_bytes())?;
//! read.verify(&signer.verifier())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A signature line is an em dash, a space, the key's name, a space, and the base64 of the key's id (four bytes)
//! and the signature. The id is the beginning of the SHA-256 of name, line feed, kind and key. Signatures by
//! unknown keys are kept and ignored; one under a known name and id that does not verify condemns the note.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::FormatError;
use super::text::steers;
use crate::crypto::{CosignerVerifyingKey, Digest, LogSigningKey, LogVerifyingKey};

/// The longest note: room for many witnesses' post-quantum signatures of 5 kB.
pub const NOTE_BYTES_MAX: usize = 256 << 10;

/// The most signatures on a note.
pub const SIGNATURES_MAX: usize = 64;

/// The longest name of a key.
pub const KEY_NAME_BYTES_MAX: usize = 256;

/// The longest name of a cosigner with an ML-DSA-44 key, and of a log that it cosigns for.
pub const COSIGNER_NAME_BYTES_MAX: usize = 255;

const FORMAT: &str = "signed note";

const LOG: u8 = KeyKind::Log as u8;
const WITNESS: u8 = KeyKind::Witness as u8;
const PQ_WITNESS: u8 = KeyKind::PqWitness as u8;

/// Why a note does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// No signature by this key stands under it.
    #[error("signed note: no signature by {name}")]
    Unsigned {
        /// The key's name.
        name: String,
    },
    /// A signature under this key's name and id is not this key's.
    #[error("signed note: the signature by {name} does not verify")]
    Signature {
        /// The key's name.
        name: String,
    },
}

/// What a key signs: the byte that C2SP gives each kind of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum KeyKind {
    /// Ed25519 over the text of the note: a log.
    Log = 1,
    /// Timestamped Ed25519 cosignature (c2sp.org/tlog-cosignature): a witness.
    Witness = 4,
    /// Timestamped ML-DSA-44 cosignature (the same page): a witness, or the log itself.
    PqWitness = 6,
}

/// The bytes of a public key, with what can be verified by it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKey {
    /// Ed25519, of a log or a witness.
    Ed25519(LogVerifyingKey),
    /// ML-DSA-44, of a cosigner.
    MlDsa44(CosignerVerifyingKey),
}

impl NoteKey {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) => key.as_bytes(),
            Self::MlDsa44(key) => key.as_bytes(),
        }
    }
}

/// A public key with its name and kind, spelled `name+id+base64`: what C2SP calls a vkey.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteVerifier {
    name: String,
    kind: KeyKind,
    key: NoteKey,
}

impl NoteVerifier {
    /// The key of a log under this name, which must not be empty nor hold spaces, `+`, control or direction characters.
    pub fn log(name: &str, key: LogVerifyingKey) -> Result<Self, FormatError> {
        Self::named(name, KeyKind::Log, NoteKey::Ed25519(key))
    }

    /// As [`NoteVerifier::log`], the Ed25519 key of a witness.
    pub fn witness(name: &str, key: LogVerifyingKey) -> Result<Self, FormatError> {
        Self::named(name, KeyKind::Witness, NoteKey::Ed25519(key))
    }

    /// As [`NoteVerifier::log`], the ML-DSA-44 key of a cosigner. Its name and that of the log it cosigns for are part of
    /// what it signs, with one byte for the length of each: at most 255 bytes.
    pub fn pq_witness(name: &str, key: CosignerVerifyingKey) -> Result<Self, FormatError> {
        Self::named(name, KeyKind::PqWitness, NoteKey::MlDsa44(key))
    }

    fn named(name: &str, kind: KeyKind, key: NoteKey) -> Result<Self, FormatError> {
        let short = kind != KeyKind::PqWitness || name.len() <= COSIGNER_NAME_BYTES_MAX;
        if is_key_name(name) && !name.contains(steers) && short {
            Ok(Self { name: name.to_owned(), kind, key })
        } else {
            Err(FormatError::spelling(FORMAT, "a key name without spaces and +"))
        }
    }

    /// The name: for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key itself.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        &self.key
    }

    /// The key's id: four bytes, **not** a fingerprint.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let preimage = [self.name.as_bytes(), b"\n", &self.encoded()].concat();
        let [a, b, c, d, ..] = *Digest::of(&preimage).as_bytes();
        [a, b, c, d]
    }

    fn encoded(&self) -> Vec<u8> {
        [&[self.kind as u8], self.key.as_bytes()].concat()
    }
}

fn is_key_name(name: &str) -> bool {
    let forbidden = |character: char| character.is_whitespace() || character.is_control() || character == '+';
    (1..=KEY_NAME_BYTES_MAX).contains(&name.len()) && !name.contains(forbidden)
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, BASE64_STANDARD.encode(self.encoded()))
    }
}

impl fmt::Debug for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for NoteVerifier {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::spelling("verifier key", "name+id+base64 of an Ed25519 or ML-DSA-44 key");
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| wrong())?;
        let (kind, key) = bytes.split_first().ok_or_else(wrong)?;
        let ed25519 = || -> Result<LogVerifyingKey, FormatError> {
            Ok(LogVerifyingKey::from_bytes(key.try_into().map_err(|_| wrong())?)?)
        };
        let verifier = match *kind {
            LOG => Self::log(name, ed25519()?)?,
            WITNESS => Self::witness(name, ed25519()?)?,
            PQ_WITNESS => Self::pq_witness(name, CosignerVerifyingKey::from_bytes(key).ok_or_else(wrong)?)?,
            _ => return Err(wrong()),
        };
        if verifier.to_string() == text { Ok(verifier) } else { Err(wrong()) }
    }
}

impl Serialize for NoteVerifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NoteVerifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A log's name with its private key.
#[derive(Debug, Clone)]
pub struct NoteSigner {
    name: String,
    key: LogSigningKey,
}

impl NoteSigner {
    /// A signer of notes under this name.
    pub fn new(name: &str, key: LogSigningKey) -> Result<Self, FormatError> {
        let verifier = NoteVerifier::log(name, key.verifying_key())?;
        Ok(Self { name: verifier.name, key })
    }

    /// The key itself.
    #[must_use]
    pub fn key(&self) -> &LogSigningKey {
        &self.key
    }

    /// The public side.
    #[must_use]
    pub fn verifier(&self) -> NoteVerifier {
        let key = NoteKey::Ed25519(self.key.verifying_key());
        NoteVerifier { name: self.name.clone(), kind: KeyKind::Log, key }
    }

    /// What stands for a digest and tells nobody without the key what it stands for.
    #[must_use]
    pub fn pseudonym(&self, of: &Digest) -> [u8; 8] {
        self.key.pseudonym(of)
    }

    /// A note of this text, which must end with a line feed, with this one signature.
    pub fn sign(&self, text: &str) -> Result<Note, FormatError> {
        if !is_text(text) {
            return Err(FormatError::spelling(FORMAT, "a text of whole lines"));
        }
        let signature = NoteSignature {
            name: self.name.clone(),
            id: self.verifier().id(),
            bytes: self.key.sign_note_text(text.as_bytes()).to_vec(),
        };
        Ok(Note { text: text.to_owned(), signatures: vec![signature] })
    }
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.chars().any(|character| character.is_control() && character != '\n')
}

/// A signature under a note, **not** verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key that is said to have signed.
    pub name: String,
    /// That key's id.
    pub id: [u8; 4],
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// A text with its signatures. Until [`Note::verify`] the text says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// The note that these bytes are; no signature is verified.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: NOTE_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let whole = std::str::from_utf8(bytes).ok().filter(|whole| is_text(whole));
        let whole = whole.ok_or(FormatError::spelling(FORMAT, "UTF-8 without control characters"))?;
        let wrong = || FormatError::spelling(FORMAT, "signatures after an empty line");
        let split = whole.rfind("\n\n").ok_or_else(wrong)?;
        let (text, lines) = (&whole[..=split], &whole[split + 2..]);
        if lines.lines().count() > SIGNATURES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: SIGNATURES_MAX as u64,
                unit: "signatures",
            });
        }
        let signatures: Option<Vec<_>> = lines.lines().map(parse_signature).collect();
        let signatures = signatures.filter(|found| !found.is_empty()).ok_or_else(wrong)?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The signed text, with its last line feed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, unverified, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The signatures under the name and id of this key, unverified.
    pub fn signatures_of(&self, verifier: &NoteVerifier) -> impl Iterator<Item = &NoteSignature> {
        let (name, id) = (verifier.name.clone(), verifier.id());
        self.signatures.iter().filter(move |signature| signature.name == name && signature.id == id)
    }

    /// The same text with the signatures under the names and ids of these keys alone.
    #[must_use]
    pub fn only<'k>(&self, keys: impl Iterator<Item = &'k NoteVerifier>) -> Self {
        let known: Vec<_> = keys.map(|key| (key.name.as_str(), key.id())).collect();
        let is_known = |signature: &&NoteSignature| known.contains(&(signature.name.as_str(), signature.id));
        let signatures = self.signatures.iter().filter(is_known).cloned().collect();
        Self { text: self.text.clone(), signatures }
    }

    /// Adds a signature, as a witness does.
    pub fn add(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }

    /// Checks that this log key signed the text.
    ///
    /// A witness's key verifies nothing here: what it signs is more than the text.
    pub fn verify(&self, log: &NoteVerifier) -> Result<(), NoteError> {
        let unsigned = NoteError::Unsigned { name: log.name.clone() };
        let (KeyKind::Log, NoteKey::Ed25519(key)) = (log.kind, &log.key) else { return Err(unsigned) };
        let mut found = Err(unsigned);
        for signature in self.signatures_of(log) {
            if !key.verify_note_text(self.text.as_bytes(), &signature.bytes) {
                return Err(NoteError::Signature { name: log.name.clone() });
            }
            found = Ok(());
        }
        found
    }
}

impl NoteSignature {
    /// The signature that a line under a note spells, without its line feed; nothing is verified.
    pub fn parse(line: &str) -> Result<Self, FormatError> {
        parse_signature(line)
            .filter(|signature| signature.to_string() == line)
            .ok_or(FormatError::spelling(FORMAT, "a signature's line"))
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id, &self.bytes[..]].concat();
        write!(f, "— {} {}", self.name, BASE64_STANDARD.encode(bytes))
    }
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    let whole = is_key_name(name) && !signature.is_empty();
    whole.then(|| NoteSignature { name: name.to_owned(), id: *id, bytes: signature.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Secret;

    /// From golang.org/x/mod/sumdb/note: the text, the key and the note that its documentation shows.
    const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer() -> NoteSigner {
        NoteSigner::new("example.org/log", LogSigningKey::from_seed(&Secret::new([3; 32]))).unwrap()
    }

    #[test]
    fn the_note_of_go_verifies() {
        let key: NoteVerifier = GO_KEY.parse().unwrap();
        assert_eq!(key.to_string(), GO_KEY);
        let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
        note.verify(&key).unwrap();
        assert_eq!(note.to_string(), GO_NOTE);
    }

    #[test]
    fn a_changed_text_or_signature_is_refused() {
        let key: NoteVerifier = GO_KEY.parse().unwrap();
        let changed = GO_NOTE.replace("your problem,", "our problem,");
        let error = Note::parse(changed.as_bytes()).unwrap().verify(&key).unwrap_err();
        assert_eq!(error, NoteError::Signature { name: "PeterNeumann".to_owned() });
        let error = Note::parse(GO_NOTE.as_bytes()).unwrap().verify(&signer().verifier()).unwrap_err();
        assert_eq!(error, NoteError::Unsigned { name: "example.org/log".to_owned() });
    }

    #[test]
    fn unknown_signatures_are_kept_and_one_bad_known_one_condemns() {
        let mut note = signer().sign("text\n").unwrap();
        note.add(NoteSignature { name: "stranger".to_owned(), id: [1, 2, 3, 4], bytes: vec![5; 64] });
        let mut note = Note::parse(note.to_string().as_bytes()).unwrap();
        note.verify(&signer().verifier()).unwrap();
        note.add(NoteSignature {
            name: "example.org/log".to_owned(),
            id: signer().verifier().id(),
            bytes: vec![5; 64],
        });
        assert!(note.verify(&signer().verifier()).is_err());
    }

    #[test]
    fn a_text_may_hold_empty_lines() {
        let note = signer().sign("a\n\n— b\n\nc\n").unwrap();
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!(read.text(), "a\n\n— b\n\nc\n");
        assert!(signer().sign("a").is_err());
        assert!(signer().sign("a\tb\n").is_err());
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = signer().sign("text\n").unwrap().to_string();
        let (text, line) = good.split_at("text\n\n".len());
        for bad in [
            String::new(),
            text.to_owned(),
            line.to_owned(),
            good.trim_end().to_owned(),
            format!("{good}\n"),
            good.replace('\n', "\r\n"),
            good.replace("— ", "- "),
            good.replace("— ", "—  "),
            good.replace("=\n", "\n").replace("==", "="),
            format!("{text}{}", line.replace("\n", " \n")),
            format!("text\n{line}"),
            format!("{text}— a+b AAAAAAA=\n"),
            format!("{text}— a AAAAAA==\n"),
            format!("{text}{}", "— a AAAAAAA=\n".repeat(SIGNATURES_MAX + 1)),
        ] {
            assert!(Note::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Note::parse(b"\xff\n\n").is_err());
        assert!(Note::parse(&vec![b'a'; NOTE_BYTES_MAX + 1]).is_err());
    }

    #[test]
    fn verifier_keys_have_one_spelling() {
        let good = signer().verifier().to_string();
        assert_eq!(good.parse::<NoteVerifier>().unwrap(), signer().verifier());
        let (name, rest) = good.split_once('+').unwrap();
        let (id, key) = rest.split_once('+').unwrap();
        for bad in [
            String::new(),
            format!("+{id}+{key}"),
            format!("{name}+00000000+{key}"),
            format!("{name}+{}+{key}", id.to_uppercase()),
            format!("{name}x+{id}+{key}"),
            format!("{name}+{id}+{key}="),
            format!("{name}+{id}"),
            format!("{good} "),
            format!("a b+{id}+{key}"),
        ] {
            assert!(bad.parse::<NoteVerifier>().is_err() || bad == good, "{bad}");
        }
    }
}
