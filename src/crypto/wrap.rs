//! A key under a key: a fresh nonce (12) ‖ AES-256-GCM of the key ‖ tag (16), with associated data that says where it
//! belongs.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::random;
use super::secret::{Secret, scrub_stack};

/// How long a wrapped key is.
pub(super) const WRAPPED_LEN: usize = NONCE_LEN + 32 + TAG_LEN;

/// Before what is sealed.
pub(super) const NONCE_LEN: usize = 12;
/// Behind what is sealed.
pub(super) const TAG_LEN: usize = 16;

/// Wraps `wrapped` under `key`, bound to `data`.
pub(super) fn wrap(key: &Secret<[u8; 32]>, data: &[u8], wrapped: &Secret<[u8; 32]>) -> [u8; WRAPPED_LEN] {
    let mut block = [0; WRAPPED_LEN];
    block[NONCE_LEN..][..32].copy_from_slice(wrapped.expose());
    seal_block(key, data, &mut block);
    block
}

/// The key in `block`; nothing if it is not wrapped under `key` and bound to `data`.
pub(super) fn unwrap(
    key: &Secret<[u8; 32]>,
    data: &[u8],
    block: &[u8; WRAPPED_LEN],
) -> Option<Secret<[u8; 32]>> {
    open_block(key, data, block).and_then(|opened| Secret::from_slice(opened.expose()))
}

/// Seals in place what stands in `block` between the room for the nonce and the room for the tag.
pub(super) fn seal_block(key: &Secret<[u8; 32]>, data: &[u8], block: &mut [u8]) {
    let (nonce, rest) = block.split_at_mut(NONCE_LEN);
    let (body, tag) = rest.split_at_mut(rest.len() - TAG_LEN);
    random::fill(nonce);
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let made = cipher(key).seal_in_place_separate_tag(nonce, Aad::from(data), body);
    tag.copy_from_slice(made.expect("a key is short enough to be sealed").as_ref());
    scrub_stack();
}

/// What was sealed in `block`; nothing if it is not sealed under `key` and bound to `data`.
pub(super) fn open_block(key: &Secret<[u8; 32]>, data: &[u8], block: &[u8]) -> Option<Secret<Vec<u8>>> {
    let (nonce, sealed) = block.split_at_checked(NONCE_LEN)?;
    let mut sealed = Secret::new(sealed.to_vec());
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let len =
        cipher(key).open_in_place(nonce, Aad::from(data), sealed.expose_mut()).map(|opened| opened.len());
    scrub_stack();
    sealed.expose_mut().truncate(len.ok()?);
    Some(sealed)
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
