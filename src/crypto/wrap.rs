//! A key under a key: a fresh nonce (12) ‖ AES-256-GCM of 32 bytes (32) ‖ tag (16), with associated data that says
//! where it belongs.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::random;
use super::secret::{Secret, scrub_stack};

/// How long a wrapped key is.
pub(super) const WRAPPED_LEN: usize = NONCE_LEN + 32 + 16;

const NONCE_LEN: usize = 12;

/// Wraps `wrapped` under `key`, bound to `data`.
pub(super) fn wrap(key: &Secret<[u8; 32]>, data: &[u8], wrapped: &Secret<[u8; 32]>) -> [u8; WRAPPED_LEN] {
    let mut block: [u8; WRAPPED_LEN] = random::array();
    let (nonce, rest) = block.split_at_mut(NONCE_LEN);
    let (body, tag) = rest.split_at_mut(32);
    body.copy_from_slice(wrapped.expose());
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let made = cipher(key).seal_in_place_separate_tag(nonce, Aad::from(data), body);
    tag.copy_from_slice(made.expect("32 bytes are few enough to be sealed").as_ref());
    scrub_stack();
    block
}

/// The key in `block`; nothing if it is not wrapped under `key` and bound to `data`.
pub(super) fn unwrap(
    key: &Secret<[u8; 32]>,
    data: &[u8],
    block: &[u8; WRAPPED_LEN],
) -> Option<Secret<[u8; 32]>> {
    let (nonce, sealed) = block.split_at(NONCE_LEN);
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let opened = cipher(key)
        .open_in_place(nonce, Aad::from(data), &mut sealed)
        .ok()
        .and_then(|key| Secret::from_slice(key));
    scrub_stack();
    opened
}

#[inline(never)]
fn cipher(key: &Secret<[u8; 32]>) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).expect("32 bytes are an AES-256 key"))
}

/// The next `N` bytes of a file whose length was checked.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (taken, after) = rest.split_first_chunk().expect("the length of the file was checked");
    *rest = after;
    *taken
}
