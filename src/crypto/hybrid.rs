//! To whom something is sealed: age's post-quantum recipients and identities (c2sp.org/age, `mlkem768x25519`).
//!
//! A recipient is written `age1pq1…` (about 2,000 characters), an identity `AGE-SECRET-KEY-PQ-1…`; each is read in no
//! other spelling. What is seized today must not be read in thirty years, so there is no other kind of recipient.
//!
//! ```
//! use sanduq::crypto::hybrid::{Identity, Recipient};
//! let identity = Identity::generate();
//! let text = identity.to_recipient().to_string();
//! assert!(text.starts_with("age1pq1"));
//! assert_eq!(text.parse::<Recipient>(), Ok(identity.to_recipient()));
//! ```

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

pub use age::{DecryptError, EncryptError, Identity as AgeIdentity, Recipient as AgeRecipient};
pub use age_core::format::{FileKey, Stanza};
use age_core::primitives::{bech32_decode, bech32_encode};
use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bech32::Hrp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

use super::secret::Secret;
use super::xwing::{self, ENCAPSULATION_LEN, PUBLIC_LEN};
use super::{hpke, random};

/// The stanza's name.
pub const STANZA_TAG: &str = "mlkem768x25519";
/// How long a wrapped file key is.
pub const BODY_LEN: usize = FILE_KEY_LEN + hpke::TAG_LEN;

const FILE_KEY_LEN: usize = 16;
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const RECIPIENT_PREFIX: Hrp = Hrp::parse_unchecked("age1pq");
const IDENTITY_PREFIX: Hrp = Hrp::parse_unchecked("age-secret-key-pq-");
/// Longer than any recipient or identity is written.
const MAX_TEXT: usize = 2100;

/// A text is not a recipient or an identity. Says nothing of the text: it may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HybridError {
    /// Not a recipient in its one spelling.
    #[error("not a post-quantum age recipient (age1pq1…)")]
    NotARecipient,
    /// A recipient that no identity has: damaged, or made to weaken.
    #[error("a recipient whose key no identity can have")]
    WeakRecipient,
    /// Not an identity in its one spelling.
    #[error("not a post-quantum age identity (AGE-SECRET-KEY-PQ-1…)")]
    NotAnIdentity,
}

/// Who can open what is sealed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient(Box<[u8; PUBLIC_LEN]>);

impl Recipient {
    /// The recipient of these 1216 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Recipient, HybridError> {
        let key = Box::new(<[u8; PUBLIC_LEN]>::try_from(bytes).map_err(|_| HybridError::NotARecipient)?);
        if xwing::is_valid(&key) { Ok(Recipient(key)) } else { Err(HybridError::WeakRecipient) }
    }

    /// Its 1216 bytes.
    pub fn as_bytes(&self) -> &[u8; PUBLIC_LEN] {
        &self.0
    }

    /// The encapsulated key and the wrapped file key.
    pub(super) fn wrap(&self, file_key: &[u8; FILE_KEY_LEN]) -> ([u8; ENCAPSULATION_LEN], Vec<u8>) {
        hpke::seal(&self.0, INFO, file_key)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32_encode(RECIPIENT_PREFIX, &self.0[..]))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        write!(f, "Recipient({}…{})", &text[..15], &text[text.len() - 8..])
    }
}

impl FromStr for Recipient {
    type Err = HybridError;

    fn from_str(text: &str) -> Result<Recipient, HybridError> {
        let bytes = decode(text, RECIPIENT_PREFIX, PUBLIC_LEN).ok_or(HybridError::NotARecipient)?;
        let recipient = Recipient::from_bytes(&bytes)?;
        if recipient.to_string() == text { Ok(recipient) } else { Err(HybridError::NotARecipient) }
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Recipient, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// For age programs: wraps a file key, and may be mixed with other post-quantum recipients only.
impl AgeRecipient for Recipient {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let (encapsulation, body) = self.wrap(file_key.expose_secret());
        let args = vec![BASE64_STANDARD_NO_PAD.encode(encapsulation)];
        let stanza = Stanza { tag: STANZA_TAG.to_owned(), args, body };
        Ok((vec![stanza], HashSet::from(["postquantum".to_owned()])))
    }
}

/// The private key that opens what was sealed to its recipient: a seed of 32 bytes.
#[derive(Clone, Debug)]
pub struct Identity(Secret<[u8; 32]>);

impl Identity {
    /// A fresh identity.
    pub fn generate() -> Identity {
        Identity(random::secret())
    }

    /// The identity that `seed` is.
    pub fn from_seed(seed: &Secret<[u8; 32]>) -> Identity {
        Identity(seed.clone())
    }

    /// Its seed, for the encrypted index.
    pub fn seed(&self) -> &Secret<[u8; 32]> {
        &self.0
    }

    /// The recipient that belongs to it.
    pub fn to_recipient(&self) -> Recipient {
        Recipient(xwing::public_key(&self.0))
    }

    /// The identity as age programs read it.
    pub fn to_secret_string(&self) -> Secret<String> {
        let mut text = bech32_encode(IDENTITY_PREFIX, self.0.expose());
        text.make_ascii_uppercase();
        Secret::new(text)
    }

    /// The file key in a stanza of ours; nothing if it is for another identity, or changed.
    fn unwrap(&self, stanza: &Stanza) -> Option<FileKey> {
        let [encapsulation] = &stanza.args[..] else { return None };
        if stanza.body.len() != BODY_LEN || encapsulation.len() != (ENCAPSULATION_LEN * 4).div_ceil(3) {
            return None;
        }
        let encapsulation = BASE64_STANDARD_NO_PAD.decode(encapsulation).ok()?.try_into().ok()?;
        let file_key = hpke::open(&self.0, &encapsulation, INFO, &stanza.body)?;
        Some(FileKey::init_with_mut(|own| own.copy_from_slice(&file_key)))
    }
}

impl FromStr for Identity {
    type Err = HybridError;

    fn from_str(text: &str) -> Result<Identity, HybridError> {
        let bytes =
            decode(text, IDENTITY_PREFIX, 32).map(Zeroizing::new).ok_or(HybridError::NotAnIdentity)?;
        let identity = Identity(Secret::from_slice(&bytes).ok_or(HybridError::NotAnIdentity)?);
        let same = identity.to_secret_string().expose() == text;
        same.then_some(identity).ok_or(HybridError::NotAnIdentity)
    }
}

/// For age programs: takes the stanzas of its kind, passes over others, as c2sp.org/age wants it. Sanduq's own files
/// are opened by [`open`](super::seal::open), which is stricter.
impl AgeIdentity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let well_formed = stanza.body.len() == BODY_LEN
            && matches!(&stanza.args[..], [share]
                if BASE64_STANDARD_NO_PAD.decode(share).is_ok_and(|share| share.len() == ENCAPSULATION_LEN));
        if !well_formed {
            return Some(Err(DecryptError::InvalidHeader));
        }
        self.unwrap(stanza).map(Ok)
    }
}

/// The `len` bytes that `text` spells in Bech32 under `prefix`.
fn decode(text: &str, prefix: Hrp, len: usize) -> Option<Vec<u8>> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let right = |found: Hrp| if found == prefix { Ok(()) } else { Err(()) };
    bech32_decode(
        text,
        |_| (),
        right,
        |_, bytes| {
            // Reserved in full: a vector that grows leaves its old bytes behind.
            let mut decoded = Vec::with_capacity(len);
            for byte in bytes {
                if decoded.len() == len {
                    decoded.zeroize();
                    return Err(());
                }
                decoded.push(byte);
            }
            if decoded.len() == len { Ok(decoded) } else { Err(()) }
        },
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_has_one_spelling() {
        let identity = Identity::generate();
        let text = identity.to_secret_string();
        assert!(text.expose().starts_with("AGE-SECRET-KEY-PQ-1"));
        let again: Identity = text.expose().parse().unwrap();
        assert_eq!(again.seed().expose(), identity.seed().expose());
        for other in [text.expose().to_lowercase(), format!("{} ", text.expose()), String::new()] {
            assert_eq!(other.parse::<Identity>().unwrap_err(), HybridError::NotAnIdentity);
        }
        assert_eq!(format!("{identity:?}"), "Identity([secret])");
    }

    #[test]
    fn a_recipient_has_one_spelling() {
        let recipient = Identity::generate().to_recipient();
        let text = recipient.to_string();
        let json = serde_json::to_string(&recipient).unwrap();
        assert_eq!(serde_json::from_str::<Recipient>(&json).unwrap(), recipient);
        let mut changed = text.clone().into_bytes();
        changed[100] = if changed[100] == b'q' { b'p' } else { b'q' };
        let changed = String::from_utf8(changed).unwrap();
        for other in [text.to_uppercase(), changed, text[1..].to_owned(), text.repeat(2)] {
            assert_eq!(other.parse::<Recipient>(), Err(HybridError::NotARecipient));
        }
        let zeros = bech32_encode(RECIPIENT_PREFIX, &[0; PUBLIC_LEN]);
        assert_eq!(zeros.parse::<Recipient>(), Err(HybridError::WeakRecipient));
    }

    #[test]
    fn the_recipient_of_the_age_specification() {
        let text = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
        let recipient = text.parse::<Identity>().unwrap().to_recipient().to_string();
        assert!(
            recipient
                .starts_with("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz")
        );
        assert!(recipient.ends_with("h6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"));
    }
}
