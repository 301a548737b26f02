//! The keys of a log and of its witnesses: raw Ed25519 over the text of a signed note.
//!
//! They are types of their own, so that a log key can sign nothing but notes, and no signature made in a
//! [role](super::sign::Domain) can pass for a note's: the text of a note never begins with `SSHSIG`.

use std::fmt;

use ring::signature::{ED25519, KeyPair as _, UnparsedPublicKey};

use super::hash::Digest;
use super::secret::{Secret, scrub_stack};
use super::seed::derive_from;
use super::sign::{SignError, ed25519_pair};
use super::{hex, random, weak};

/// The private key of a log.
#[derive(Clone, Debug)]
pub struct LogSigningKey(Secret<[u8; 32]>);

impl LogSigningKey {
    /// A fresh key.
    pub fn generate() -> LogSigningKey {
        LogSigningKey(random::secret())
    }

    /// The key that `seed` gives.
    pub fn from_seed(seed: &Secret<[u8; 32]>) -> LogSigningKey {
        LogSigningKey(seed.clone())
    }

    /// Its seed.
    pub fn seed(&self) -> &Secret<[u8; 32]> {
        &self.0
    }

    /// Eight bytes that stand for a digest, the same each time, and tell nobody without this key what they stand for:
    /// the first of HKDF-SHA-256 of the seed with the purpose `sanduq/letter-name/1` and the digest.
    pub fn pseudonym(&self, of: &Digest) -> [u8; 8] {
        let derived = derive_from(&self.0, "sanduq/letter-name/1", of.as_bytes());
        derived.expose().first_chunk().copied().expect("32 bytes have a first 8")
    }

    /// The public key that belongs to it.
    pub fn verifying_key(&self) -> LogVerifyingKey {
        let public = ed25519_pair(&self.0).public_key().as_ref().try_into();
        scrub_stack();
        LogVerifyingKey(public.expect("an Ed25519 public key has 32 bytes"))
    }

    /// Signs the text of a note.
    pub fn sign_note_text(&self, text: &[u8]) -> [u8; 64] {
        let signature = ed25519_pair(&self.0).sign(text).as_ref().try_into();
        scrub_stack();
        signature.expect("an Ed25519 signature has 64 bytes")
    }
}

/// The public key of a log or a witness, which is not weak.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogVerifyingKey([u8; 32]);

impl LogVerifyingKey {
    /// The key that these 32 bytes are.
    pub fn from_bytes(key: [u8; 32]) -> Result<LogVerifyingKey, SignError> {
        if weak::is_weak(&key) { Err(SignError::WeakKey) } else { Ok(LogVerifyingKey(key)) }
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `signature` is this key's over the text of a note (or over a witness's cosigned text).
    pub fn verify_note_text(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(text, signature).is_ok()
    }
}

impl fmt::Debug for LogVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogVerifyingKey({})", hex::encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign::{Algorithm, SigningKey, domain, preimage};
    use super::*;

    #[test]
    fn a_note_is_signed_by_its_key() {
        let key = LogSigningKey::generate();
        let signature = key.sign_note_text(b"log\n1\n");
        assert!(key.verifying_key().verify_note_text(b"log\n1\n", &signature));
        assert!(!key.verifying_key().verify_note_text(b"log\n2\n", &signature));
        assert!(!key.verifying_key().verify_note_text(b"log\n1\n", &signature[1..]));
        assert!(!LogSigningKey::generate().verifying_key().verify_note_text(b"log\n1\n", &signature));
        assert_eq!(format!("{key:?}"), "LogSigningKey([secret])");
    }

    #[test]
    fn a_signature_in_a_role_is_no_notes() {
        let seed = random::secret();
        let signature = SigningKey::from_seed(Algorithm::Ed25519, &seed).sign::<domain::Event>(b"log\n1\n");
        let log_key = LogSigningKey::from_seed(&seed).verifying_key();
        assert!(!log_key.verify_note_text(b"log\n1\n", signature.as_bytes()));
        // It would be one over this text, which is no note's.
        assert!(log_key.verify_note_text(&preimage::<domain::Event>(b"log\n1\n"), signature.as_bytes()));
    }
}
