//! How long a payload becomes, so that its length tells only a class: at least 1 MiB, above that Padmé; and how long a
//! bundle becomes that waits at home, so that its length does not tell even that class.
//!
//! ```
//! use sanduq::format::padding::{coarse_len, padded_len};
//!
//! assert_eq!(padded_len(12), 1 << 20);
//! assert_eq!(padded_len((1 << 20) + 1), (1 << 20) + (1 << 15));
//! assert_eq!(coarse_len((1 << 20) + 1), 16 << 20);
//! ```
//!
//! Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019)
//! rounds a length up until only as many leading bits may be set as the length's exponent has bits itself. A
//! length so tells O(log log n) bits, for at most 1/32 more bytes at these sizes. Every padded length is a
//! multiple of 32 KiB, so a tar padded to it is still whole blocks.
//!
//! The coarse classes are for disks alone: they cost up to an eighth more, which a stick or a mail should not carry,
//! and each holds four of Padmé's or more.

/// The least length of what is padded.
pub const FLOOR_BYTES: u64 = 1 << 20;

/// The least length of what waits at home, and the least step from one of its classes to the next: some photographs or
/// minutes of speech. More would be felt on a small disk that holds many bundles of one page.
pub const COARSE_FLOOR_BYTES: u64 = 16 << 20;

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

/// The coarse class of `len` bytes: the next multiple of 16 MiB, or of an eighth of the power of two below where that is
/// more; at least 16 MiB, and the largest u64 where it does not fit in one.
#[must_use]
pub fn coarse_len(len: u64) -> u64 {
    let len = len.max(COARSE_FLOOR_BYTES);
    let eighth = 1 << (len.ilog2() - 3);
    len.checked_next_multiple_of(eighth.max(COARSE_FLOOR_BYTES)).unwrap_or(u64::MAX)
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

    /// A stick was intercepted and the laptop it came from was taken, locked: the packs of the bundle that waited in it
    /// were as long as the stick's bundle, to one part in thirty-two.
    #[test]
    fn a_coarse_class_holds_many_classes_of_what_travels() {
        let mut len = 1_u64;
        while len < 1 << 50 {
            for near in [len - 1, len, len + 1, len + len / 3] {
                let coarse = coarse_len(near);
                assert!(coarse >= near && coarse.is_multiple_of(COARSE_FLOOR_BYTES), "{near}");
                assert!(coarse - near <= (near / 8).max(COARSE_FLOOR_BYTES), "{near}");
                assert_eq!(coarse_len(coarse), coarse);
                // The classes of what travels, downwards from the largest that this one holds.
                let mut travels = coarse;
                for _ in 0..4 {
                    assert_eq!((padded_len(travels), coarse_len(travels)), (travels, coarse), "{near}");
                    travels -= 1 << ((travels - 1).ilog2() - 5);
                }
            }
            len *= 2;
        }
        assert_eq!(coarse_len(u64::MAX), u64::MAX);
    }
}
