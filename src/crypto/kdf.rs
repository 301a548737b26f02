//! From a passphrase to a key: Argon2id (RFC 9106), slow and large on purpose.
//!
//! The parameters stand in clear beside what the key opens, so they are foreign input: what is above the limits is
//! refused before any memory is asked for, what is below the floor is refused as well, for reading as for writing.
//! The matrix of blocks is our own, wiped when done.

use argon2::{Algorithm, Argon2, Block, Version};
use zeroize::Zeroize;

use super::secret::{Passphrase, Secret, scrub_stack};

/// The least memory, in KiB, that a passphrase is hashed with.
pub const FLOOR_KIB: u32 = if cfg!(feature = "test-kdf") { 64 } else { 256 * 1024 };
/// The most memory, in KiB.
pub const MAX_KIB: u32 = 2 * 1024 * 1024;
/// The most passes.
pub const MAX_PASSES: u32 = 16;
/// The most lanes.
pub const MAX_LANES: u32 = 16;

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

impl Default for KdfParams {
    /// 512 MiB, 3 passes, 1 lane: somewhat more than a second on a laptop.
    fn default() -> KdfParams {
        KdfParams { memory_kib: 512 * 1024, passes: 3, lanes: 1 }
    }
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
        KdfParams::default().check().unwrap();
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
