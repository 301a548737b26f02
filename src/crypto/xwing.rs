//! The key encapsulation X-Wing (draft-connolly-cfrg-xwing-kem; MLKEM768-X25519 of draft-ietf-hpke-pq): ML-KEM-768 and
//! X25519 together, safe as long as either holds.
//!
//! A private key is a seed of 32 bytes, stretched by SHAKE256 to ML-KEM's `d` and `z` and the X25519 scalar. A public
//! key is the ML-KEM key (1184 bytes) and the X25519 key (32), an encapsulation the ML-KEM ciphertext (1088) and the
//! ephemeral X25519 key (32). The shared secret is
//!
//! ```text
//! SHA3-256(ML-KEM secret ‖ X25519 secret ‖ ephemeral X25519 key ‖ X25519 key ‖ "\.//^\")
//! ```
//!
//! An X25519 secret of zeros, which only a key of small order gives, is refused on both sides.

use ml_kem::kem::Decapsulate;
use ml_kem::{B32, EncapsulateDeterministic, EncodedSizeUser, KemCore, MlKem768};
use sha3::Digest as _;
use sha3::digest::{ExtendableOutput, Update as _, XofReader};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use super::secret::{Secret, scrub_stack};
use super::{random, weak};

/// The length of a public key.
pub const PUBLIC_LEN: usize = MLKEM_PUBLIC_LEN + 32;
/// The length of an encapsulation.
pub const ENCAPSULATION_LEN: usize = MLKEM_CIPHERTEXT_LEN + 32;

const MLKEM_PUBLIC_LEN: usize = 1184;
const MLKEM_CIPHERTEXT_LEN: usize = 1088;
const LABEL: &[u8; 6] = br"\.//^\";

type Mlkem = <MlKem768 as KemCore>::EncapsulationKey;

/// The public key of `seed`.
pub(super) fn public_key(seed: &Secret<[u8; 32]>) -> Box<[u8; PUBLIC_LEN]> {
    let key = expand(seed);
    scrub_stack();
    key.public
}

/// Whether `key` can be encapsulated to: the ML-KEM part is reduced (FIPS 203, 7.2), the X25519 part is canonical
/// and not of small order.
pub(super) fn is_valid(key: &[u8; PUBLIC_LEN]) -> bool {
    let (mlkem, x25519) = halves(key);
    let x25519: &[u8; 32] = x25519.try_into().expect("a public key ends with 32 bytes of X25519");
    let canonical = x25519[31] & 0x80 == 0 && weak::is_canonical(x25519);
    // Every scalar is a multiple of the cofactor 8, so any of them shows a small order.
    let contributes =
        StaticSecret::from([1; 32]).diffie_hellman(&PublicKey::from(*x25519)).was_contributory();
    canonical && contributes && mlkem_key(mlkem).as_bytes().as_slice() == mlkem
}

/// A fresh shared secret and its encapsulation to `key`, which [`is_valid`].
pub(super) fn encapsulate(key: &[u8; PUBLIC_LEN]) -> (Secret<[u8; 32]>, [u8; ENCAPSULATION_LEN]) {
    let made = encapsulate_with(key, &random::secret());
    scrub_stack();
    made.expect("a valid key contributes to the secret")
}

#[inline(never)]
fn encapsulate_with(
    key: &[u8; PUBLIC_LEN],
    randomness: &Secret<[u8; 64]>,
) -> Option<(Secret<[u8; 32]>, [u8; ENCAPSULATION_LEN])> {
    let (mlkem, x25519) = halves(key);
    let (for_mlkem, for_x25519) = randomness.expose().split_at(32);
    let (ciphertext, mut first) =
        mlkem_key(mlkem).encapsulate_deterministic(&array(for_mlkem)).expect("encapsulation has no failure");
    let ephemeral = StaticSecret::from(*Zeroizing::new(fixed(for_x25519)));
    let second = ephemeral.diffie_hellman(&PublicKey::from(fixed(x25519)));
    let share = PublicKey::from(&ephemeral);
    let mut encapsulation = [0; ENCAPSULATION_LEN];
    encapsulation[..MLKEM_CIPHERTEXT_LEN].copy_from_slice(&ciphertext);
    encapsulation[MLKEM_CIPHERTEXT_LEN..].copy_from_slice(share.as_bytes());
    let shared = combine(&first, second.as_bytes(), share.as_bytes(), x25519);
    first.zeroize();
    second.was_contributory().then_some((shared, encapsulation))
}

/// The shared secret in `encapsulation`; nothing if its X25519 key has a small order. An encapsulation to another key
/// gives an unrelated secret.
pub(super) fn decapsulate(
    seed: &Secret<[u8; 32]>,
    encapsulation: &[u8; ENCAPSULATION_LEN],
) -> Option<Secret<[u8; 32]>> {
    let shared = decapsulate_with(&expand(seed), encapsulation);
    scrub_stack();
    shared
}

#[inline(never)]
fn decapsulate_with(key: &Expanded, encapsulation: &[u8; ENCAPSULATION_LEN]) -> Option<Secret<[u8; 32]>> {
    let (ciphertext, share) = encapsulation.split_at(MLKEM_CIPHERTEXT_LEN);
    let ciphertext = ciphertext.try_into().expect("an encapsulation begins with an ML-KEM ciphertext");
    let mut first = key.mlkem.decapsulate(ciphertext).expect("decapsulation has no failure");
    let second = key.x25519.diffie_hellman(&PublicKey::from(fixed(share)));
    let shared = combine(&first, second.as_bytes(), share, &key.public[MLKEM_PUBLIC_LEN..]);
    first.zeroize();
    second.was_contributory().then_some(shared)
}

struct Expanded {
    mlkem: <MlKem768 as KemCore>::DecapsulationKey,
    x25519: StaticSecret,
    public: Box<[u8; PUBLIC_LEN]>,
}

#[inline(never)]
fn expand(seed: &Secret<[u8; 32]>) -> Expanded {
    let mut shake = sha3::Shake256::default();
    shake.update(seed.expose());
    let mut stretched = Zeroizing::new([0; 96]);
    shake.finalize_xof().read(&mut *stretched);
    let (mlkem, public) =
        MlKem768::generate_deterministic(&array(&stretched[..32]), &array(&stretched[32..64]));
    let x25519 = StaticSecret::from(*Zeroizing::new(fixed(&stretched[64..])));
    let mut key = Box::new([0; PUBLIC_LEN]);
    key[..MLKEM_PUBLIC_LEN].copy_from_slice(&public.as_bytes());
    key[MLKEM_PUBLIC_LEN..].copy_from_slice(PublicKey::from(&x25519).as_bytes());
    Expanded { mlkem, x25519, public: key }
}

fn combine(first: &[u8], second: &[u8], share: &[u8], key: &[u8]) -> Secret<[u8; 32]> {
    let mut hash = sha3::Sha3_256::new();
    for part in [first, second, share, key, LABEL] {
        sha3::Digest::update(&mut hash, part);
    }
    Secret::init(|shared| hash.finalize_into(shared.into()))
}

fn halves(key: &[u8; PUBLIC_LEN]) -> (&[u8], &[u8]) {
    key.split_at(MLKEM_PUBLIC_LEN)
}

fn mlkem_key(bytes: &[u8]) -> Mlkem {
    Mlkem::from_bytes(bytes.try_into().expect("a public key begins with an ML-KEM key"))
}

fn array(bytes: &[u8]) -> B32 {
    bytes.try_into().expect("a part has 32 bytes")
}

fn fixed(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().expect("a part has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encapsulated_is_decapsulated() {
        let seed = random::secret();
        let key = public_key(&seed);
        assert!(is_valid(&key));
        let (shared, encapsulation) = encapsulate(&key);
        assert_eq!(decapsulate(&seed, &encapsulation).unwrap().expose(), shared.expose());
        let other = decapsulate(&random::secret(), &encapsulation).unwrap();
        assert_ne!(other.expose(), shared.expose());
    }

    #[test]
    fn keys_that_nobody_makes_are_refused() {
        let good = public_key(&random::secret());
        let mut not_reduced = good.clone();
        not_reduced[..3].copy_from_slice(&[0xff; 3]);
        assert!(!is_valid(&not_reduced));
        let mut high_bit = good.clone();
        high_bit[PUBLIC_LEN - 1] |= 0x80;
        assert!(!is_valid(&high_bit));
        // 0, 1, and the two points of order 8.
        let points = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ];
        for point in points {
            let mut low = good.clone();
            low[MLKEM_PUBLIC_LEN..].copy_from_slice(&super::super::hex::decode::<32>(point).unwrap());
            assert!(!is_valid(&low), "{point}");
        }
    }

    #[test]
    fn a_small_order_share_is_refused() {
        let seed = random::secret();
        let (_, mut encapsulation) = encapsulate(&public_key(&seed));
        encapsulation[MLKEM_CIPHERTEXT_LEN..].fill(0);
        assert!(decapsulate(&seed, &encapsulation).is_none());
    }
}
