//! The post-quantum keys of logs and witnesses: ML-DSA-44 (FIPS 204) without a context, over the message of a cosignature
//! (c2sp.org/tlog-cosignature).
//!
//! They are types of their own and sign nothing else: every message of a cosignature begins with its label, and the
//! context is empty, whereas the ML-DSA half of a [role's signature](super::sign::Domain) has the label of its composite
//! as context.

use std::fmt;

use ml_dsa::{ExpandedSigningKey, MlDsa44};

use super::hash::Digest;
use super::random;
use super::secret::{Secret, scrub_stack};
use super::seed::derive_from;

/// The length of a public key.
pub const COSIGNER_KEY_LEN: usize = 1312;
/// The length of a signature.
pub const COSIGNATURE_LEN: usize = 2420;

const CONTEXT: &[u8] = b"";

/// The private key of a cosigner.
#[derive(Clone, Debug)]
pub struct CosignerKey(Secret<[u8; 32]>);

impl CosignerKey {
    /// A fresh key.
    pub fn generate() -> CosignerKey {
        CosignerKey(random::secret())
    }

    /// The key that `seed` gives, as FIPS 204 makes it of one.
    pub fn from_seed(seed: &Secret<[u8; 32]>) -> CosignerKey {
        CosignerKey(seed.clone())
    }

    /// The key that belongs to an Ed25519 seed: HKDF-SHA-256 of it with the purpose `sanduq/log-mldsa44/1`.
    pub fn beside(seed: &Secret<[u8; 32]>) -> CosignerKey {
        CosignerKey(derive_from(seed, "sanduq/log-mldsa44/1", &[]))
    }

    /// The public key that belongs to it.
    pub fn verifying_key(&self) -> CosignerVerifyingKey {
        let public = self.expanded().verifying_key().encode().to_vec();
        scrub_stack();
        CosignerVerifyingKey(public)
    }

    /// Signs the message of a cosignature.
    pub fn sign_cosignature(&self, message: &[u8]) -> Vec<u8> {
        let signature =
            self.expanded().sign_deterministic(message, CONTEXT).expect("an empty context is allowed");
        let signature = signature.encode().to_vec();
        scrub_stack();
        signature
    }

    fn expanded(&self) -> ExpandedSigningKey<MlDsa44> {
        ExpandedSigningKey::from_seed(self.0.expose().into())
    }
}

/// The public key of a cosigner.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CosignerVerifyingKey(Vec<u8>);

impl CosignerVerifyingKey {
    /// The key that these bytes are; nothing if they are not 1312. Each string of that length is a key of ML-DSA-44, and
    /// none is weak.
    pub fn from_bytes(key: &[u8]) -> Option<CosignerVerifyingKey> {
        (key.len() == COSIGNER_KEY_LEN).then(|| CosignerVerifyingKey(key.to_vec()))
    }

    /// Its 1312 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `signature` is this key's over the message of a cosignature.
    pub fn verify_cosignature(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = self.0[..].try_into() else { return false };
        let Ok(signature) = ml_dsa::Signature::<MlDsa44>::try_from(signature) else { return false };
        ml_dsa::VerifyingKey::<MlDsa44>::decode(key).verify_with_context(message, CONTEXT, &signature)
    }
}

impl fmt::Debug for CosignerVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerVerifyingKey({})", Digest::of(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign::{Algorithm, SigningKey, domain};
    use super::*;

    #[test]
    fn a_message_is_signed_by_its_key() {
        let key = CosignerKey::generate();
        let signature = key.sign_cosignature(b"message");
        assert_eq!(signature.len(), COSIGNATURE_LEN);
        assert!(key.verifying_key().verify_cosignature(b"message", &signature));
        assert!(!key.verifying_key().verify_cosignature(b"messages", &signature));
        assert!(!key.verifying_key().verify_cosignature(b"message", &signature[1..]));
        assert!(!CosignerKey::generate().verifying_key().verify_cosignature(b"message", &signature));
        assert_eq!(format!("{key:?}"), "CosignerKey([secret])");
        assert!(CosignerVerifyingKey::from_bytes(&[0; 32]).is_none());
    }

    #[test]
    fn the_key_beside_an_ed25519_key_is_another_one_than_the_composite_s() {
        let seed = random::secret();
        let role = SigningKey::from_seed(Algorithm::MlDsa44Ed25519, &seed).verifying_key();
        let beside = CosignerKey::beside(&seed);
        assert!(!role.as_bytes().starts_with(beside.verifying_key().as_bytes()));
        assert_ne!(beside.verifying_key(), CosignerKey::from_seed(&seed).verifying_key());
        let signed =
            SigningKey::from_seed(Algorithm::MlDsa44Ed25519, &seed).sign::<domain::Event>(b"message");
        assert!(
            !beside.verifying_key().verify_cosignature(b"message", &signed.as_bytes()[..COSIGNATURE_LEN])
        );
    }
}
