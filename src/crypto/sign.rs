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
//! There are two algorithms: Ed25519 (RFC 8032), and the [`composite`] of ML-DSA-44 and Ed25519. A
//! public key from outside is refused when its Ed25519 part is [weak](super::weak). The bytes of a signature are
//! **never** an identifier.

use std::fmt;
use std::marker::PhantomData;

use ring::signature::{Ed25519KeyPair, KeyPair as _};

pub use super::domain::{self, Domain};
use super::secret::{Secret, scrub_stack};
pub use super::verifying_key::VerifyingKey;
use super::{composite, random, ssh_wire};

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
            Algorithm::MlDsa44Ed25519 => "ssh-mldsa44-ed25519",
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
        VerifyingKey::from_bytes(self.algorithm, &key).expect("a key of our own is not weak")
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
}
