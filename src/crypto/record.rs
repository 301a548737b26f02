//! A sealed record: short bytes at rest that have a number, such as the journal's.
//!
//! AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, written as `nonce ‖ ciphertext ‖ tag`; the number is
//! associated data, 8 bytes little-endian, so that a record opens in its own place only. The nonce is random and
//! **never** the number: a record that was cut off and written anew has the number of the one before it. One
//! key seals fewer than 2^32 records, which keeps the chance of a repeated nonce below 2^-32.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::keyslot::IndexKey;
use super::secret::{Secret, scrub_stack};
use super::{random, seed::derive_from};

/// What a record is longer than its content: nonce and tag.
pub const RECORD_OVERHEAD: usize = NONCE_LEN + 16;

/// The key of one journal.
pub struct RecordKey(Secret<[u8; 32]>);

impl RecordKey {
    /// The key of the journal that belongs to an index.
    #[must_use]
    pub fn of_journal(key: &IndexKey) -> RecordKey {
        RecordKey(derive_from(key.expose(), "sanduq/journal/1", &[]))
    }

    /// The cipher, made for the moment: ring does not wipe its keys.
    #[inline(never)]
    fn cipher(&self) -> LessSafeKey {
        let unbound = UnboundKey::new(&AES_256_GCM, self.0.expose());
        LessSafeKey::new(unbound.expect("a derived key has 32 bytes"))
    }

    /// Seals `plain` as record `number`.
    #[must_use]
    pub fn seal(&self, number: u64, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random::array();
        let mut sealed = Vec::with_capacity(RECORD_OVERHEAD + plain.len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let (_, body) = sealed.split_at_mut(NONCE_LEN);
        let aad = Aad::from(number.to_le_bytes());
        let tag = self.cipher().seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, body);
        sealed.extend_from_slice(tag.expect("a record is far below the limit of the cipher").as_ref());
        scrub_stack();
        sealed
    }

    /// Opens record `number`; nothing if it is not exactly what was sealed in this place.
    #[must_use]
    pub fn open(&self, number: u64, sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut plain = Secret::new(body.to_vec());
        let aad = Aad::from(number.to_le_bytes());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let len = self.cipher().open_in_place(nonce, aad, plain.expose_mut()).map(|opened| opened.len());
        scrub_stack();
        plain.expose_mut().truncate(len.ok()?);
        Some(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_in_its_own_place_only() {
        let index = IndexKey::generate();
        let key = RecordKey::of_journal(&index);
        let sealed = key.seal(7, b"fact");
        assert_eq!(sealed.len(), 4 + RECORD_OVERHEAD);
        assert_eq!(RecordKey::of_journal(&index).open(7, &sealed).unwrap().expose(), b"fact");
        assert!(key.open(8, &sealed).is_none());
        assert!(RecordKey::of_journal(&IndexKey::generate()).open(7, &sealed).is_none());
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            assert!(key.open(7, &changed).is_none());
            assert!(key.open(7, &sealed[..byte]).is_none());
        }
    }
}
