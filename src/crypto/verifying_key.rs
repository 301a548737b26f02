//! Public keys, as OpenSSH writes them and in that spelling only.
//!
//! A line is `type base64`, without a comment; the base64 holds SSH's wire encoding, string type ‖ string key. Types
//! are `ssh-ed25519` with a key of 32 bytes and `ssh-mldsa44-ed25519` with one of 1344. However a key
//! comes, it is refused when its Ed25519 part is [`weak`].

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::domain::Domain;
use super::sign::{Algorithm, SignError, Signature, preimage};
use super::{composite, ssh_wire, weak};

/// A public key that is not weak.
///
/// Written as OpenSSH writes it, without a comment: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA…`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl VerifyingKey {
    /// Reads the line `type base64`, without a comment or a line feed.
    pub fn from_line(line: &str) -> Result<VerifyingKey, SignError> {
        let (name, text) = line.split_once(' ').ok_or(SignError::NotAKey)?;
        let algorithm = Algorithm::named(name).ok_or(SignError::NotAKey)?;
        if text.len() > algorithm.public_len() * 2 + 128 {
            return Err(SignError::NotAKey);
        }
        let blob = BASE64_STANDARD.decode(text).map_err(|_| SignError::NotAKey)?;
        let key = VerifyingKey::from_blob(&blob)?;
        if key.to_line() == line { Ok(key) } else { Err(SignError::NotAKey) }
    }

    /// The line `type base64`.
    pub fn to_line(&self) -> String {
        format!("{} {}", self.algorithm.name(), BASE64_STANDARD.encode(self.to_blob()))
    }

    /// Reads the SSH wire encoding: string type ‖ string key.
    pub fn from_blob(blob: &[u8]) -> Result<VerifyingKey, SignError> {
        let (name, key) = ssh_wire::two_strings(blob).ok_or(SignError::NotAKey)?;
        let name = std::str::from_utf8(name).map_err(|_| SignError::NotAKey)?;
        let algorithm = Algorithm::named(name).ok_or(SignError::NotAKey)?;
        VerifyingKey::from_bytes(algorithm, key)
    }

    /// The SSH wire encoding.
    pub fn to_blob(&self) -> Vec<u8> {
        let mut blob = Vec::with_capacity(8 + self.algorithm.name().len() + self.key.len());
        ssh_wire::put_string(&mut blob, self.algorithm.name().as_bytes());
        ssh_wire::put_string(&mut blob, &self.key);
        blob
    }

    /// The key that these raw bytes are: 32 for Ed25519, 1344 for the composite.
    pub fn from_bytes(algorithm: Algorithm, key: &[u8]) -> Result<VerifyingKey, SignError> {
        if key.len() != algorithm.public_len() {
            return Err(SignError::NotAKey);
        }
        let ed25519 = match algorithm {
            Algorithm::Ed25519 => key.try_into().ok(),
            Algorithm::MlDsa44Ed25519 => composite::ed25519_half(key),
        };
        if weak::is_weak(ed25519.ok_or(SignError::NotAKey)?) {
            return Err(SignError::WeakKey);
        }
        Ok(VerifyingKey { algorithm, key: key.to_vec() })
    }

    /// Its raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.key
    }

    /// How it verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Checks that `signature` is this key's over `message` in the role `D`.
    pub fn verify<D: Domain>(&self, message: &[u8], signature: &Signature<D>) -> Result<(), SignError> {
        if signature.algorithm() != self.algorithm {
            return Err(SignError::NotASignature { expected: self.algorithm });
        }
        let preimage = preimage::<D>(message);
        let good = match self.algorithm {
            Algorithm::Ed25519 => {
                UnparsedPublicKey::new(&ED25519, &self.key).verify(&preimage, signature.as_bytes()).is_ok()
            }
            Algorithm::MlDsa44Ed25519 => composite::verify(&self.key, &preimage, signature.as_bytes()),
        };
        let bad = SignError::BadSignature { algorithm: self.algorithm, role: D::NAMESPACE };
        good.then_some(()).ok_or(bad)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_line())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_line())
    }
}

impl FromStr for VerifyingKey {
    type Err = SignError;

    fn from_str(line: &str) -> Result<VerifyingKey, SignError> {
        VerifyingKey::from_line(line)
    }
}

impl Serialize for VerifyingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_line())
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<VerifyingKey, D::Error> {
        VerifyingKey::from_line(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign::SigningKey;
    use super::*;

    const BOTH: [Algorithm; 2] = [Algorithm::Ed25519, Algorithm::MlDsa44Ed25519];

    #[test]
    fn a_key_has_one_spelling() {
        for algorithm in BOTH {
            let key = SigningKey::generate(algorithm).verifying_key();
            let line = key.to_line();
            assert_eq!(VerifyingKey::from_line(&line), Ok(key.clone()));
            assert_eq!(VerifyingKey::from_blob(&key.to_blob()), Ok(key.clone()));
            let json = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<VerifyingKey>(&json).unwrap(), key);
            let others = [
                format!("{line} comment"),
                format!("{line}\n"),
                format!(" {line}"),
                line.replacen(' ', "  ", 1),
                line.trim_end_matches('=').to_owned() + "=====",
                line.replacen("ssh-", "SSH-", 1),
                line.replacen("AAAA", "AAAB", 1),
                line.split_once(' ').unwrap().1.to_owned(),
                "A".repeat(10_000),
            ];
            for other in others {
                assert_eq!(VerifyingKey::from_line(&other), Err(SignError::NotAKey), "{other}");
            }
            for end in 0..key.to_blob().len() {
                assert_eq!(VerifyingKey::from_blob(&key.to_blob()[..end]), Err(SignError::NotAKey));
            }
        }
    }

    #[test]
    fn a_line_names_the_kind_that_its_blob_has() {
        let key = SigningKey::generate(Algorithm::Ed25519).verifying_key();
        let other = key.to_line().replace("ssh-ed25519", Algorithm::MlDsa44Ed25519.name());
        assert_eq!(VerifyingKey::from_line(&other), Err(SignError::NotAKey));
    }
}
