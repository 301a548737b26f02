//! HPKE (RFC 9180) in base mode, one message a key, with X-Wing (0x647a), HKDF-SHA256 (1) and ChaCha20-Poly1305 (3):
//! what the age recipient `mlkem768x25519` wraps its file key with.
//!
//! Only what that needs is here: no pre-shared key, no sender key, no associated data, sequence number 0.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{self, HKDF_SHA256};
use zeroize::Zeroizing;

use super::hash::hmac;
use super::secret::{Secret, scrub_stack};
use super::xwing::{self, ENCAPSULATION_LEN, PUBLIC_LEN};

const SUITE: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
const VERSION: &[u8] = b"HPKE-v1";
const MODE_BASE: u8 = 0;
/// What the authentication adds to a message.
pub const TAG_LEN: usize = 16;

/// Seals `message` to `key`: the encapsulation and the ciphertext.
pub(super) fn seal(
    key: &[u8; PUBLIC_LEN],
    info: &[u8],
    message: &[u8],
) -> ([u8; ENCAPSULATION_LEN], Vec<u8>) {
    let (shared, encapsulation) = xwing::encapsulate(key);
    let mut sealed = Vec::with_capacity(message.len() + TAG_LEN);
    sealed.extend_from_slice(message);
    let (key, nonce) = schedule(&shared, info);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
        .expect("a message of one chunk can be sealed");
    scrub_stack();
    (encapsulation, sealed)
}

/// Opens what [`seal`] made for the key of `seed`.
pub(super) fn open(
    seed: &Secret<[u8; 32]>,
    encapsulation: &[u8; ENCAPSULATION_LEN],
    info: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let shared = xwing::decapsulate(seed, encapsulation)?;
    let (key, nonce) = schedule(&shared, info);
    let mut message = Zeroizing::new(sealed.to_vec());
    let len = key.open_in_place(nonce, Aad::empty(), &mut message).map(|opened| opened.len());
    scrub_stack();
    message.truncate(len.ok()?);
    Some(message)
}

/// KeySchedule (RFC 9180, 5.1), as far as one message needs it.
#[inline(never)]
fn schedule(shared: &Secret<[u8; 32]>, info: &[u8]) -> (LessSafeKey, Nonce) {
    let psk_id_hash = hmac(&[], &labeled(&[], b"psk_id_hash", &[]));
    let info_hash = hmac(&[], &labeled(&[], b"info_hash", info));
    let context = [&[MODE_BASE], &psk_id_hash.as_bytes()[..], info_hash.as_bytes()].concat();
    let secret = hkdf::Salt::new(HKDF_SHA256, shared.expose()).extract(&labeled(&[], b"secret", &[]));
    let mut key = Zeroizing::new([0; 32]);
    expand(&secret, b"key", &context, &mut *key);
    let mut nonce = [0; 12];
    expand(&secret, b"base_nonce", &context, &mut nonce);
    let key = UnboundKey::new(&CHACHA20_POLY1305, &*key).expect("32 bytes are a ChaCha20-Poly1305 key");
    (LessSafeKey::new(key), Nonce::assume_unique_for_key(nonce))
}

/// LabeledExpand.
fn expand(secret: &hkdf::Prk, label: &[u8], context: &[u8], out: &mut [u8]) {
    struct Len(usize);
    impl hkdf::KeyType for Len {
        fn len(&self) -> usize {
            self.0
        }
    }
    let info = labeled(&[0, out.len() as u8], label, context);
    let info = [&info[..]];
    let okm = secret.expand(&info, Len(out.len())).expect("HKDF gives the few bytes asked for");
    okm.fill(out).expect("the length asked for is the length given");
}

/// What a labelled extraction or expansion is fed.
fn labeled(before: &[u8], label: &[u8], after: &[u8]) -> Vec<u8> {
    [before, VERSION, SUITE, label, after].concat()
}
