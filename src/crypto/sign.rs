//! Signatures in roles.
//!
//! Everything signed is signed in a [`Domain`], whose namespace is part of the message: the bytes under the signature
//! are those of OpenSSH's SSHSIG,
//!
//! ```text
//! "SSHSIG" ‖ string namespace ‖ string "" ‖ string "sha512" ‖ string SHA-512(message)
//! ```
//!
//! so a signature is valid in one role only, and `ssh-keygen -Y verify -n sanduq-bundle …` checks it without us. The
//! type carries the role too, and a signature of one role does not compile where another is wanted:
//!
//! ```compile_fail
//! use sanduq::crypto::{domain, Algorithm, SigningKey};
//! let key = SigningKey::generate(Algorithm::Ed25519);
//! let signature = key.sign::<domain::Bundle>(b"text");
//! key.verifying_key().verify::<domain::Card>(b"text", &signature).unwrap();
//! ```
//!
//! There are two algorithms: Ed25519 (RFC 8032), and the [composite](super::composite) of ML-DSA-44 and Ed25519. A
//! public key from outside is refused when its Ed25519 part is [weak](super::weak). The bytes of a signature are
//! **never** an identifier.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::secret::{Secret, scrub_stack};
use super::{composite, random, ssh_wire, weak};

/// A role in which something is signed.
pub trait Domain: sealed::Sealed + fmt::Debug + Clone + Copy + PartialEq + Eq + 'static {
    /// The SSHSIG namespace of the role.
    const NAMESPACE: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

/// The roles.
pub mod domain {
    macro_rules! domains {
        ($($(#[$doc:meta])* $name:ident = $namespace:literal;)*) => {$(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $name {}
            impl super::sealed::Sealed for $name {}
            impl super::Domain for $name {
                const NAMESPACE: &'static str = $namespace;
            }
        )*};
    }

    domains! {
        /// The list that closes a bundle, by its one-time keys.
        Bundle = "sanduq-bundle";
        /// Who vouches for a bundle, by the contributor's keys for one organisation.
        Author = "sanduq-author";
        /// An organisation's public card, by its card key.
        Card = "sanduq-card";
        /// A claim of authorship made later, by the key that a phrase carries.
        Proof = "sanduq-proof";
        /// An organisation's answer to a contributor.
        Reply = "sanduq-reply";
        /// An entry of the chain of custody, by an officer's key.
        Event = "sanduq-event";
        /// A copy made from an original.
        Derivative = "sanduq-derivative";
    }
}

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44 and Ed25519 together.
    MlDsa44Ed25519,
}

impl Algorithm {
    /// The name OpenSSH gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "ssh-ed25519",
            Algorithm::MlDsa44Ed25519 => "ssh-mldsa44-ed25519@openssh.com",
        }
    }

    /// The algorithm of that name, if it is one of ours.
    pub fn named(name: &str) -> Option<Algorithm> {
        [Algorithm::Ed25519, Algorithm::MlDsa44Ed25519].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// How many bytes a public key has.
    pub const fn public_len(self) -> usize {
        match self {
            Algorithm::Ed25519 => 32,
            Algorithm::MlDsa44Ed25519 => composite::PUBLIC_LEN,
        }
    }

    /// How many bytes a signature has.
    pub const fn signature_len(self) -> usize {
        match self {
            Algorithm::Ed25519 => 64,
            Algorithm::MlDsa44Ed25519 => composite::SIGNATURE_LEN,
        }
    }
}

/// A key or a signature cannot be used, or does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Not a public key in the one spelling that we write.
    #[error("not a public key of a known kind in its one spelling")]
    NotAKey,
    /// An Ed25519 key of small order, or in a non-canonical encoding.
    #[error("a weak public key, under which anybody can sign")]
    WeakKey,
    /// Not a signature of the algorithm that it should be of.
    #[error("not a {} signature", expected.name())]
    NotASignature {
        /// The algorithm that was expected.
        expected: Algorithm,
    },
    /// The signature is not of this key over this message in this role.
    #[error("the {} signature does not verify in the role {role}", algorithm.name())]
    BadSignature {
        /// The algorithm of the key.
        algorithm: Algorithm,
        /// The namespace.
        role: &'static str,
    },
}

/// A private key: only its 32-byte seed is held, wiped when dropped; the rest is made for the moment of signing.
#[derive(Clone, Debug)]
pub struct SigningKey {
    algorithm: Algorithm,
    seed: Secret<[u8; 32]>,
}

impl SigningKey {
    /// A fresh key.
    pub fn generate(algorithm: Algorithm) -> SigningKey {
        SigningKey { algorithm, seed: random::secret() }
    }

    /// The key that `seed` gives. **Never** give one seed to two algorithms: derive one for each.
    pub fn from_seed(algorithm: Algorithm, seed: &Secret<[u8; 32]>) -> SigningKey {
        SigningKey { algorithm, seed: seed.clone() }
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its seed, for the encrypted index.
    pub fn seed(&self) -> &Secret<[u8; 32]> {
        &self.seed
    }

    /// The public key that belongs to it.
    pub fn verifying_key(&self) -> VerifyingKey {
        let key = match self.algorithm {
            Algorithm::Ed25519 => ed25519_pair(&self.seed).public_key().as_ref().to_vec(),
            Algorithm::MlDsa44Ed25519 => composite::public_key(&self.seed),
        };
        scrub_stack();
        VerifyingKey { algorithm: self.algorithm, key }
    }

    /// Signs `message` in the role `D`.
    pub fn sign<D: Domain>(&self, message: &[u8]) -> Signature<D> {
        let preimage = preimage::<D>(message);
        let bytes = match self.algorithm {
            Algorithm::Ed25519 => ed25519_pair(&self.seed).sign(&preimage).as_ref().to_vec(),
            Algorithm::MlDsa44Ed25519 => composite::sign(&self.seed, &preimage),
        };
        scrub_stack();
        Signature { algorithm: self.algorithm, bytes, role: PhantomData }
    }
}

#[inline(never)]
pub(super) fn ed25519_pair(seed: &Secret<[u8; 32]>) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("32 bytes are an Ed25519 seed")
}

/// What is signed for `message` in the role `D`: SSHSIG's preimage.
pub fn preimage<D: Domain>(message: &[u8]) -> Vec<u8> {
    let hash = ring::digest::digest(&ring::digest::SHA512, message);
    let mut preimage = b"SSHSIG".to_vec();
    for part in [D::NAMESPACE.as_bytes(), b"", b"sha512", hash.as_ref()] {
        ssh_wire::put_string(&mut preimage, part);
    }
    preimage
}

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
        if signature.algorithm != self.algorithm {
            return Err(SignError::NotASignature { expected: self.algorithm });
        }
        let preimage = preimage::<D>(message);
        let good = match self.algorithm {
            Algorithm::Ed25519 => {
                UnparsedPublicKey::new(&ED25519, &self.key).verify(&preimage, &signature.bytes).is_ok()
            }
            Algorithm::MlDsa44Ed25519 => composite::verify(&self.key, &preimage, &signature.bytes),
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

/// A signature in the role `D`, as it came: it says nothing until a key verified it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature<D: Domain> {
    algorithm: Algorithm,
    bytes: Vec<u8>,
    role: PhantomData<D>,
}

impl<D: Domain> Signature<D> {
    /// The signature that these raw bytes are: 64 for Ed25519, 2484 for the composite.
    pub fn from_bytes(algorithm: Algorithm, bytes: Vec<u8>) -> Result<Signature<D>, SignError> {
        if bytes.len() != algorithm.signature_len() {
            return Err(SignError::NotASignature { expected: algorithm });
        }
        Ok(Signature { algorithm, bytes, role: PhantomData })
    }

    /// Its raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How it was made.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl<D: Domain> fmt::Debug for Signature<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}, {})", D::NAMESPACE, self.algorithm.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Algorithm; 2] = [Algorithm::Ed25519, Algorithm::MlDsa44Ed25519];

    #[test]
    fn a_signature_is_good_for_its_key_its_message_and_its_role_only() {
        for algorithm in BOTH {
            let key = SigningKey::generate(algorithm);
            let public = key.verifying_key();
            let signature = key.sign::<domain::Bundle>(b"text");
            public.verify(b"text", &signature).unwrap();
            let bad = |role| Err(SignError::BadSignature { algorithm, role });
            assert_eq!(public.verify(b"Text", &signature), bad("sanduq-bundle"));
            let moved =
                Signature::<domain::Card>::from_bytes(algorithm, signature.as_bytes().to_vec()).unwrap();
            assert_eq!(public.verify(b"text", &moved), bad("sanduq-card"));
            let other = SigningKey::generate(algorithm).verifying_key();
            assert_eq!(other.verify(b"text", &signature), bad("sanduq-bundle"));
        }
    }

    #[test]
    fn a_key_checks_signatures_of_its_own_algorithm_only() {
        let keys = BOTH.map(SigningKey::generate);
        let signature = keys[0].sign::<domain::Bundle>(b"text");
        let expected = Algorithm::MlDsa44Ed25519;
        let refused = keys[1].verifying_key().verify(b"text", &signature);
        assert_eq!(refused, Err(SignError::NotASignature { expected }));
        let cut = Signature::<domain::Bundle>::from_bytes(expected, vec![0; 2483]);
        assert_eq!(cut, Err(SignError::NotASignature { expected }));
    }

    #[test]
    fn one_seed_gives_one_key_and_one_signature() {
        for algorithm in BOTH {
            let key = SigningKey::from_seed(algorithm, &Secret::new([5; 32]));
            let again = SigningKey::from_seed(algorithm, &Secret::new([5; 32]));
            assert_eq!(key.verifying_key(), again.verifying_key());
            assert_eq!(key.sign::<domain::Card>(b"x"), again.sign::<domain::Card>(b"x"));
        }
    }

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
