//! Ed25519 public keys that must never be trusted.
//!
//! Eight points of the curve have a small order, and there are 14 ways to write them. Under such a key a signature
//! that nobody made verifies: with the identity point, `R` = identity and `S` = 0 "signs" every message, for ring as
//! for ssh-keygen. Besides, a y coordinate of p or more writes some point a second time. Both are refused wherever
//! a key from outside is read. A key of mixed order (a good point plus a small one) is accepted: it needs a private
//! key to sign with, and ring's verification is cofactorless.

use super::hex;

/// The 14 encodings of the 8 points of small order, canonical or not.
pub const SMALL_ORDER: [&str; 14] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// Whether `key` encodes a point of small order, or encodes a point in other than its canonical way.
pub fn is_weak(key: &[u8; 32]) -> bool {
    !is_canonical(key) || SMALL_ORDER.contains(&hex::encode(key).as_str())
}

/// Whether the y coordinate, the sign bit aside, is below p = 2^255 − 19.
pub(super) fn is_canonical(key: &[u8; 32]) -> bool {
    key[31] & 0x7f != 0x7f || key[1..31].iter().any(|byte| *byte != 0xff) || key[0] < 0xed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_and_above_are_not_canonical() {
        let mut key = [0xff; 32];
        key[31] = 0x7f;
        for (lowest, canonical) in [(0xec, true), (0xed, false), (0xff, false)] {
            key[0] = lowest;
            assert_eq!(is_canonical(&key), canonical);
        }
        key[30] = 0xfe;
        assert!(is_canonical(&key));
    }

    #[test]
    fn the_list_holds_each_encoding_once() {
        let different: std::collections::BTreeSet<_> = SMALL_ORDER.into_iter().collect();
        assert_eq!(different.len(), 14);
        for weak in SMALL_ORDER {
            assert!(is_weak(&hex::decode(weak).unwrap()), "{weak}");
        }
    }
}
