//! The two keys with which everything is signed: an Ed25519 key, and a composite key that is independent of it.
//!
//! Evidence outlives Ed25519; today's `ssh-keygen` knows nothing else. So both sign, and a verifier demands both:
//! stripping one, or putting another beside it, is a failure.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::hash::Digest;
use super::secret::Secret;
use super::seed::Seed;
use super::sign::{Algorithm, Domain, SignError, Signature, SigningKey, VerifyingKey};

/// Both private keys.
#[derive(Clone, Debug)]
pub struct KeyPair {
    ed25519: SigningKey,
    composite: SigningKey,
}

impl KeyPair {
    /// Two fresh keys.
    pub fn generate() -> KeyPair {
        let key = SigningKey::generate;
        KeyPair { ed25519: key(Algorithm::Ed25519), composite: key(Algorithm::MlDsa44Ed25519) }
    }

    /// The two keys of a `role` (such as `author`) in a `context` (such as an organisation's key).
    ///
    /// The purposes are `sanduq/ROLE-ed25519/1` and `sanduq/ROLE-mldsa44-ed25519/1`.
    pub fn derive(seed: &Seed, role: &str, context: &[u8]) -> KeyPair {
        let part = |kind| seed.derive(&format!("sanduq/{role}-{kind}/1"), context);
        KeyPair::from_seeds(&part("ed25519"), &part("mldsa44-ed25519"))
    }

    /// The two keys that two seeds give, which must be independent of each other.
    pub fn from_seeds(ed25519: &Secret<[u8; 32]>, composite: &Secret<[u8; 32]>) -> KeyPair {
        KeyPair {
            ed25519: SigningKey::from_seed(Algorithm::Ed25519, ed25519),
            composite: SigningKey::from_seed(Algorithm::MlDsa44Ed25519, composite),
        }
    }

    /// The two seeds, Ed25519's first, for the encrypted index.
    pub fn seeds(&self) -> [&Secret<[u8; 32]>; 2] {
        [self.ed25519.seed(), self.composite.seed()]
    }

    /// The two public keys.
    pub fn public(&self) -> PublicPair {
        PublicPair { ed25519: self.ed25519.verifying_key(), composite: self.composite.verifying_key() }
    }

    /// Signs `message` with both keys in the role `D`.
    pub fn sign<D: Domain>(&self, message: &[u8]) -> SignaturePair<D> {
        SignaturePair { ed25519: self.ed25519.sign(message), composite: self.composite.sign(message) }
    }
}

/// Both public keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "[VerifyingKey; 2]", into = "[VerifyingKey; 2]")]
pub struct PublicPair {
    ed25519: VerifyingKey,
    composite: VerifyingKey,
}

impl PublicPair {
    /// The pair of these two keys; refused when either is not of its kind.
    pub fn new(ed25519: VerifyingKey, composite: VerifyingKey) -> Result<PublicPair, SignError> {
        let kinds = (ed25519.algorithm(), composite.algorithm());
        if kinds != (Algorithm::Ed25519, Algorithm::MlDsa44Ed25519) {
            return Err(SignError::NotAKey);
        }
        Ok(PublicPair { ed25519, composite })
    }

    /// The Ed25519 key.
    pub fn ed25519(&self) -> &VerifyingKey {
        &self.ed25519
    }

    /// The composite key.
    pub fn composite(&self) -> &VerifyingKey {
        &self.composite
    }

    /// Two lines, each ended by a line feed: the Ed25519 key, then the composite key.
    pub fn to_lines(&self) -> String {
        format!("{}\n{}\n", self.ed25519, self.composite)
    }

    /// Reads what [`to_lines`](Self::to_lines) writes.
    pub fn from_lines(text: &str) -> Result<PublicPair, SignError> {
        let lines = text.strip_suffix('\n').ok_or(SignError::NotAKey)?;
        let (first, second) = lines.split_once('\n').ok_or(SignError::NotAKey)?;
        PublicPair::new(VerifyingKey::from_line(first)?, VerifyingKey::from_line(second)?)
    }

    /// What people compare, as eight words: the SHA-256 of the two lines.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(self.to_lines().as_bytes())
    }

    /// Checks that both signatures are this pair's over `message` in the role `D`.
    pub fn verify<D: Domain>(&self, message: &[u8], signatures: &SignaturePair<D>) -> Result<(), SignError> {
        self.ed25519.verify(message, &signatures.ed25519)?;
        self.composite.verify(message, &signatures.composite)
    }
}

impl TryFrom<[VerifyingKey; 2]> for PublicPair {
    type Error = SignError;

    fn try_from([ed25519, composite]: [VerifyingKey; 2]) -> Result<PublicPair, SignError> {
        PublicPair::new(ed25519, composite)
    }
}

impl From<PublicPair> for [VerifyingKey; 2] {
    fn from(pair: PublicPair) -> [VerifyingKey; 2] {
        [pair.ed25519, pair.composite]
    }
}

impl fmt::Debug for PublicPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicPair({})", self.fingerprint())
    }
}

/// Both signatures over one message, as they came: they say nothing until a pair of keys verified them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePair<D: Domain> {
    /// By the Ed25519 key.
    pub ed25519: Signature<D>,
    /// By the composite key.
    pub composite: Signature<D>,
}

#[cfg(test)]
mod tests {
    use super::super::sign::domain;
    use super::*;

    #[test]
    fn both_signatures_are_demanded() {
        let [pair, other] = [KeyPair::generate(), KeyPair::generate()];
        let public = pair.public();
        let good = pair.sign::<domain::Author>(b"text");
        public.verify(b"text", &good).unwrap();
        let foreign = other.sign::<domain::Author>(b"text");
        let first = SignaturePair { ed25519: foreign.ed25519.clone(), ..good.clone() };
        let second = SignaturePair { composite: foreign.composite.clone(), ..good.clone() };
        let swapped = SignaturePair { ed25519: good.composite, composite: good.ed25519 };
        for bad in [first, second, swapped, foreign] {
            assert!(public.verify(b"text", &bad).is_err());
        }
    }

    #[test]
    fn pairs_of_two_contexts_have_nothing_in_common() {
        let seed = Seed::from_bytes(Secret::new([1; 32]));
        let [one, two] = ["one", "two"].map(|to| KeyPair::derive(&seed, "author", to.as_bytes()).public());
        assert_ne!(one.ed25519(), two.ed25519());
        assert_ne!(one.composite(), two.composite());
        assert_eq!(KeyPair::derive(&seed, "author", b"one").public(), one);
        let halves = one.composite().as_bytes();
        assert_ne!(one.ed25519().as_bytes(), &halves[1312..]);
    }

    #[test]
    fn the_lines_of_a_pair_have_one_spelling() {
        let public = KeyPair::generate().public();
        let lines = public.to_lines();
        assert_eq!(PublicPair::from_lines(&lines), Ok(public.clone()));
        assert_eq!(public.fingerprint(), Digest::of(lines.as_bytes()));
        let (first, second) = lines.trim_end().split_once('\n').unwrap();
        let others = [
            lines.trim_end().to_owned(),
            format!("{lines}\n"),
            format!("{second}\n{first}\n"),
            format!("{first}\n{first}\n"),
            lines.replace('\n', "\r\n"),
        ];
        for other in others {
            assert_eq!(PublicPair::from_lines(&other), Err(SignError::NotAKey));
        }
        let json = serde_json::to_string(&public).unwrap();
        assert_eq!(serde_json::from_str::<PublicPair>(&json).unwrap(), public);
    }
}
