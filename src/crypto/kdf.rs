//! From a passphrase to a key: Argon2id (RFC 9106), slow and large on purpose.
//!
//! The parameters stand in clear beside what the key opens, so they are foreign input: what is above the limits is
//! refused before any memory is asked for, what is below the floor is refused as well, for reading as for writing.
//! The matrix of blocks is our own, wiped when done.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Version};
use zeroize::Zeroize;

use super::random;
use super::secret::{Passphrase, Secret, scrub_stack};

/// The least memory, in KiB, that a passphrase is hashed with.
pub const FLOOR_KIB: u32 = if cfg!(feature = "test-kdf") { 64 } else { 256 * 1024 };
/// The most memory, in KiB.
pub const MAX_KIB: u32 = 2 * 1024 * 1024;
/// The most passes.
pub const MAX_PASSES: u32 = 16;
/// The most lanes.
pub const MAX_LANES: u32 = 16;

/// How long hashing a passphrase should take where the vault is made: what a person bears at every command, and a
/// guesser pays for every guess.
const TARGET: Duration = Duration::from_millis(1500);

/// What a new compartment may have, by the memory of the machine it is made on.
struct Class {
    /// How much must be available, in KiB: twice what is used, so that nothing else is driven out to the swap.
    available_kib_min: u64,
    memory_kib: u32,
    passes_min: u32,
    passes_max: u32,
}

/// The most passes are for the slower machine that a vault may be carried to: it must open there as well.
const ROOMY: Class =
    Class { available_kib_min: 1024 * 1024, memory_kib: 512 * 1024, passes_min: 3, passes_max: 10 };
/// With half the memory twice the passes at least, so that a guess never has fewer blocks to fill. It still needs
/// only half the memory meanwhile, which no number of passes that a person waits for makes up.
const TIGHT: Class =
    Class { available_kib_min: 0, memory_kib: 256 * 1024, passes_min: 6, passes_max: MAX_PASSES };

/// How a passphrase is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// A passphrase cannot be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    /// Parameters below the floor or above the limits.
    #[error(
        "passphrase hashing with {} KiB, {} passes, {} lanes is outside of what is allowed",
        .0.memory_kib, .0.passes, .0.lanes
    )]
    OutOfBounds(KdfParams),
    /// The machine does not have the memory.
    #[error("there is not enough free memory: passphrase hashing needs {needed_kib} KiB")]
    NotEnoughMemory {
        /// How much is needed, in KiB.
        needed_kib: u32,
    },
}

impl KdfParams {
    /// The least that is allowed.
    pub const FLOOR: KdfParams = KdfParams { memory_kib: FLOOR_KIB, passes: 1, lanes: 1 };

    /// Those of a new compartment on this machine: 512 MiB, or 256 MiB where less than twice that is available
    /// (`None` is unknown, and taken for enough), and as many passes as take about a second and a half. `time` gives
    /// how long one pass takes, with the parameters that it is handed.
    pub fn calibrated<E>(
        available_kib: Option<u64>,
        time: impl FnOnce(KdfParams) -> Result<Duration, E>,
    ) -> Result<KdfParams, E> {
        let roomy = available_kib.is_none_or(|kib| kib >= ROOMY.available_kib_min);
        let class = if roomy { ROOMY } else { TIGHT };
        let once = KdfParams { memory_kib: class.memory_kib, passes: 1, lanes: 1 };
        let pass = time(once)?.as_nanos().max(1);
        // To the nearest whole pass.
        let passes = (TARGET.as_nanos() + pass / 2) / pass;
        let passes = u32::try_from(passes).unwrap_or(u32::MAX).clamp(class.passes_min, class.passes_max);
        Ok(KdfParams { passes, ..once })
    }

    /// Hashes a passphrase that is none, for measuring how long it takes.
    pub fn rehearse(self) -> Result<(), KdfError> {
        hash(&Passphrase::from("nobody's"), &random::array(), self).map(drop)
    }

    /// Whether they are within the limits; asked before any work.
    pub fn check(self) -> Result<(), KdfError> {
        let within = (FLOOR_KIB..=MAX_KIB).contains(&self.memory_kib)
            && (1..=MAX_PASSES).contains(&self.passes)
            && (1..=MAX_LANES).contains(&self.lanes);
        within.then_some(()).ok_or(KdfError::OutOfBounds(self))
    }
}

/// The key that `passphrase` gives with `salt`.
pub(super) fn hash(
    passphrase: &Passphrase,
    salt: &[u8; 32],
    params: KdfParams,
) -> Result<Secret<[u8; 32]>, KdfError> {
    params.check()?;
    let mut matrix = Matrix::new(params)?;
    let mut key = Secret::new([0; 32]);
    run(passphrase.expose().as_bytes(), salt, params, &mut matrix.0, key.expose_mut());
    scrub_stack();
    Ok(key)
}

#[inline(never)]
fn run(passphrase: &[u8], salt: &[u8], params: KdfParams, matrix: &mut [Block], key: &mut [u8; 32]) {
    let params = argon2::Params::new(params.memory_kib, params.passes, params.lanes, Some(key.len()));
    let argon2 =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.expect("the limits lie within Argon2's"));
    argon2
        .hash_password_into_with_memory(passphrase, salt, key, matrix)
        .expect("salt, key and matrix have the lengths that Argon2 wants");
}

/// Argon2's blocks, wiped when dropped.
struct Matrix(Vec<Block>);

impl Matrix {
    fn new(params: KdfParams) -> Result<Matrix, KdfError> {
        let count = argon2::Params::new(params.memory_kib, params.passes, params.lanes, None)
            .expect("the limits lie within Argon2's")
            .block_count();
        let mut blocks = Vec::new();
        let not_enough = KdfError::NotEnoughMemory { needed_kib: params.memory_kib };
        blocks.try_reserve_exact(count).map_err(|_| not_enough)?;
        blocks.resize(count, Block::new());
        Ok(Matrix(blocks))
    }
}

impl Drop for Matrix {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_checked_before_any_work() {
        let good = KdfParams::FLOOR;
        good.check().unwrap();
        let bad = [
            KdfParams { memory_kib: FLOOR_KIB - 1, ..good },
            KdfParams { memory_kib: MAX_KIB + 1, ..good },
            KdfParams { memory_kib: u32::MAX, ..good },
            KdfParams { passes: 0, ..good },
            KdfParams { passes: MAX_PASSES + 1, ..good },
            KdfParams { lanes: 0, ..good },
            KdfParams { lanes: MAX_LANES + 1, ..good },
        ];
        for params in bad {
            let refused = hash(&Passphrase::from("x"), &[0; 32], params).unwrap_err();
            assert_eq!(refused, KdfError::OutOfBounds(params));
        }
    }

    #[test]
    fn calibration_by_memory_and_by_the_time_of_a_pass() {
        const MIB: u64 = 1024;
        // Available memory, milliseconds of one pass over what is chosen, MiB and passes that follow.
        let table = [
            (None, 500, 512, 3),
            (Some(1024 * MIB), 500, 512, 3),
            (Some(64 * 1024 * MIB), 375, 512, 4),
            (Some(64 * 1024 * MIB), 300, 512, 5),
            (None, 429, 512, 3),
            (None, 428, 512, 4),
            (None, 150, 512, 10),
            (None, 1, 512, 10),
            (None, 0, 512, 10),
            (None, 60_000, 512, 3),
            (Some(1024 * MIB - 1), 250, 256, 6),
            (Some(600 * MIB), 150, 256, 10),
            (Some(600 * MIB), 100, 256, 15),
            (Some(600 * MIB), 10, 256, 16),
            (Some(0), 30_000, 256, 6),
        ];
        for (available, pass, mib, passes) in table {
            let timed = |once: KdfParams| {
                assert_eq!(once, KdfParams { memory_kib: mib * 1024, passes: 1, lanes: 1 });
                Ok::<_, KdfError>(Duration::from_millis(pass))
            };
            let params = KdfParams::calibrated(available, timed).unwrap();
            let expected = KdfParams { memory_kib: mib * 1024, passes, lanes: 1 };
            assert_eq!(params, expected, "{available:?} KiB, {pass} ms");
            params.check().unwrap();
        }
        let none = KdfError::NotEnoughMemory { needed_kib: 1 };
        assert_eq!(KdfParams::calibrated(None, |_| Err(none)), Err(none));
    }

    #[test]
    fn argon2id_as_openssl_computes_it() {
        // Computed by pyca cryptography's Argon2id (OpenSSL).
        let (memory_kib, passes, lanes) = (64, 3, 1);
        let mut matrix = Matrix::new(KdfParams { memory_kib, passes, lanes }).unwrap();
        let params = KdfParams { memory_kib, passes, lanes };
        let mut key = [0; 32];
        run(b"password", b"somesalt01234567somesalt01234567", params, &mut matrix.0, &mut key);
        assert_eq!(
            super::super::hex::encode(&key),
            "292674db912f5d820254288dc60f6ebd28d9f6f4e68c75799960e41281228b8e"
        );
    }
}
