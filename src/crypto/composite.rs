//! The hybrid signature: ML-DSA-44 and Ed25519 over the same message, both of which must verify.
//!
//! It is MLDSA44-Ed25519-SHA512 of draft-ietf-lamps-pq-composite-sigs, which OpenSSH carries as
//! `ssh-mldsa44-ed25519` (draft-miller-sshm-mldsa44-ed25519-composite-sigs). With the message `M`, both
//! halves sign
//!
//! ```text
//! M' = "CompositeAlgorithmSignatures2025" ‖ "COMPSIG-MLDSA44-Ed25519-SHA512" ‖ 0x00 ‖ SHA-512(M)
//! ```
//!
//! ML-DSA under the label as its context. A public key is the ML-DSA key (1312 bytes) and then the Ed25519 key (32),
//! a signature likewise (2420 and 64). No signature of one half stands alone elsewhere: Ed25519 signs a message with
//! a prefix that nothing else begins with.

use ml_dsa::{ExpandedSigningKey, MlDsa44};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::secret::Secret;
use super::seed::derive_from;

/// The length of a public key.
pub const PUBLIC_LEN: usize = MLDSA_PUBLIC_LEN + 32;
/// The length of a signature.
pub const SIGNATURE_LEN: usize = MLDSA_SIGNATURE_LEN + 64;

const MLDSA_PUBLIC_LEN: usize = 1312;
const MLDSA_SIGNATURE_LEN: usize = 2420;
const PREFIX: &[u8] = b"CompositeAlgorithmSignatures2025";
const LABEL: &[u8] = b"COMPSIG-MLDSA44-Ed25519-SHA512";

/// The public key of the pair that `seed` gives.
pub(super) fn public_key(seed: &Secret<[u8; 32]>) -> Vec<u8> {
    let mut key = mldsa_key(seed).verifying_key().encode().to_vec();
    key.extend_from_slice(ed25519_key(seed).public_key().as_ref());
    key
}

/// Signs `message` with both halves.
pub(super) fn sign(seed: &Secret<[u8; 32]>, message: &[u8]) -> Vec<u8> {
    let message = representative(message);
    let first =
        mldsa_key(seed).sign_deterministic(&message, LABEL).expect("the label is shorter than 256 bytes");
    let mut signature = first.encode().to_vec();
    signature.extend_from_slice(ed25519_key(seed).sign(&message).as_ref());
    signature
}

/// Whether both halves of `signature` are those of `key` over `message`.
pub(super) fn verify(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    if key.len() != PUBLIC_LEN || signature.len() != SIGNATURE_LEN {
        return false;
    }
    let (mldsa_key, ed25519_key) = key.split_at(MLDSA_PUBLIC_LEN);
    let (mldsa_signature, ed25519_signature) = signature.split_at(MLDSA_SIGNATURE_LEN);
    let message = representative(message);
    let ed25519 = UnparsedPublicKey::new(&ED25519, ed25519_key).verify(&message, ed25519_signature).is_ok();
    ed25519 && verify_mldsa(mldsa_key, &message, mldsa_signature)
}

/// The Ed25519 half of a public key.
pub(super) fn ed25519_half(key: &[u8]) -> Option<&[u8; 32]> {
    key.get(MLDSA_PUBLIC_LEN..)?.try_into().ok()
}

fn verify_mldsa(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = key.try_into() else { return false };
    let Ok(signature) = ml_dsa::Signature::<MlDsa44>::try_from(signature) else { return false };
    ml_dsa::VerifyingKey::<MlDsa44>::decode(key).verify_with_context(message, LABEL, &signature)
}

/// M', what both halves sign.
fn representative(message: &[u8]) -> Vec<u8> {
    let hash = ring::digest::digest(&ring::digest::SHA512, message);
    [PREFIX, LABEL, &[0], hash.as_ref()].concat()
}

fn mldsa_key(seed: &Secret<[u8; 32]>) -> ExpandedSigningKey<MlDsa44> {
    let seed = derive_from(seed, "sanduq/composite-mldsa44/1", &[]);
    ExpandedSigningKey::from_seed(seed.expose().into())
}

fn ed25519_key(seed: &Secret<[u8; 32]>) -> Ed25519KeyPair {
    let seed = derive_from(seed, "sanduq/composite-ed25519/1", &[]);
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("32 bytes are an Ed25519 seed")
}

#[cfg(test)]
mod tests {
    use super::super::{hex, random};
    use super::*;

    #[test]
    fn the_representative_is_built_as_the_draft_shows() {
        // draft-ietf-lamps-pq-composite-sigs, the message of its sample, under our label.
        let message = hex::decode::<10>("00010203040506070809").unwrap();
        let expected = [
            "436f6d706f73697465416c676f726974686d5369676e61747572657332303235",
            &hex::encode(b"COMPSIG-MLDSA44-Ed25519-SHA512"),
            "00",
            "0f89ee1fcb7b0a4f7809d1267a029719004c5a5e5ec323a7c3523a20974f9a3f",
            "202f56fadba4cd9e8d654ab9f2e96dc5c795ea176fa20ede8d854c342f903533",
        ];
        assert_eq!(hex::encode(&representative(&message)), expected.concat());
    }

    #[test]
    fn both_halves_must_verify() {
        let [seed, other] = [random::secret(), random::secret()];
        let key = public_key(&seed);
        assert_eq!(key.len(), PUBLIC_LEN);
        let signature = sign(&seed, b"text");
        assert_eq!(signature.len(), SIGNATURE_LEN);
        assert!(verify(&key, b"text", &signature));
        assert!(!verify(&key, b"texts", &signature));

        // One half by another key, whichever it is.
        let foreign = sign(&other, b"text");
        let (ours, theirs) = (signature.split_at(MLDSA_SIGNATURE_LEN), foreign.split_at(MLDSA_SIGNATURE_LEN));
        assert!(!verify(&key, b"text", &[ours.0, theirs.1].concat()));
        assert!(!verify(&key, b"text", &[theirs.0, ours.1].concat()));
        assert!(!verify(&key, b"text", &signature[1..]));
        assert!(!verify(&key[1..], b"text", &signature));
    }
}
