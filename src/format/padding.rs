//! How long a payload becomes, so that its length tells only a class: at least 1 MiB, above that Padmé.
//!
//! ```
//! use sanduq::format::padding::padded_len;
//!
//! assert_eq!(padded_len(12), 1 << 20);
//! assert_eq!(padded_len((1 << 20) + 1), (1 << 20) + (1 << 15));
//! ```
//!
//! Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019)
//! rounds a length up until only as many leading bits may be set as the length's exponent has bits itself. A
//! length so tells O(log log n) bits, for at most 1/32 more bytes at these sizes. Every padded length is a
//! multiple of 32 KiB, so a tar padded to it is still whole blocks.

/// The least length of what is padded.
pub const FLOOR_BYTES: u64 = 1 << 20;

/// The length to which `len` bytes are padded with zero bytes: **never** less than `len`.
#[must_use]
pub fn padded_len(len: u64) -> u64 {
    padme(len.max(FLOOR_BYTES))
}

/// `len`, at least 2, rounded up to Padmé's next class; the largest u64 where that class does not fit in one.
#[must_use]
pub fn padme(len: u64) -> u64 {
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1 << (exponent - kept_bits)) - 1;
    len.checked_add(mask).map_or(u64::MAX, |sum| sum & !mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn small_things_are_all_of_one_size() {
        for len in [0, 1, 512, MIB - 1, MIB] {
            assert_eq!(padded_len(len), MIB);
        }
    }

    #[test]
    fn the_classes_are_those_of_the_paper() {
        // L, E = ⌊log₂ L⌋, S = ⌊log₂ E⌋ + 1, and L rounded up to a multiple of 2^(E − S).
        assert_eq!(padme(9), 10);
        assert_eq!(padme(1000), 1024);
        assert_eq!(padded_len(2 * MIB + 1), 2 * MIB + (1 << 16));
        assert_eq!(padded_len((1 << 32) - 1), 1 << 32);
        assert_eq!(padded_len((1 << 32) + 1), (1 << 32) + (1 << 26));
    }

    #[test]
    fn never_shorter_never_much_longer_and_whole_blocks() {
        let mut len = 1_u64;
        while len < 1 << 50 {
            for near in [len - 1, len, len + 1, len + len / 3] {
                let padded = padded_len(near);
                assert!(padded >= near && padded.is_multiple_of(32768));
                assert!(near < MIB || padded - near <= near / 32, "{near}");
                assert_eq!(padded_len(padded), padded);
            }
            len *= 2;
        }
        assert_eq!(padded_len(u64::MAX), u64::MAX);
    }
}
