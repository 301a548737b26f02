//! The one door to randomness: the operating system's generator, through ring.
//!
//! If the operating system gives no randomness, the process ends: there is nothing safe to go on with.

use ring::rand::{SecureRandom, SystemRandom};

use super::secret::Secret;

/// Fills `bytes` with fresh randomness.
///
/// # Panics
///
/// If the operating system has none to give.
pub fn fill(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system gives randomness");
}

/// `N` random bytes, not secret: nonces, salts, names.
pub fn array<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// `N` random bytes that are wiped when dropped: keys and seeds.
pub fn secret<const N: usize>() -> Secret<[u8; N]> {
    Secret::init(|bytes| fill(bytes))
}

/// A number below `bound`, each as likely as the other.
///
/// # Panics
///
/// If `bound` is 0.
pub fn below(bound: usize) -> usize {
    assert!(bound > 0, "there is no number below zero");
    let bound = bound as u64;
    // The numbers past the last full run of `bound` would favour the small ones.
    let runs = u64::MAX - u64::MAX % bound;
    loop {
        let number = u64::from_le_bytes(array());
        if number < runs {
            return (number % bound) as usize;
        }
    }
}

/// Puts `items` into random order (Fisher and Yates).
pub fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<_> = (0..100).collect();
        shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn numbers_stay_below_and_reach_each() {
        let mut seen = [0; 3];
        (0..300).for_each(|_| seen[below(3)] += 1);
        assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
    }
}
