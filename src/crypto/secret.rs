//! Secrets: values that are wiped when dropped, print as `[secret]`, and cannot be serialized by accident.
//!
//! A [`Secret`] lives on the heap, so that moving it moves a pointer and leaves no copy behind, and its pages are kept
//! out of swap where the system allows. What passes through
//! registers and stack frames of a primitive is overwritten by [`scrub_stack`] after each derivation, signature and
//! passphrase hashing. [`SecretBytes`] is the one escape: the rows of the encrypted index must hold keys.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use super::{hex, memory, random};

/// What can be a secret: a value that can be wiped and that says where its bytes lie.
pub trait Hold: Zeroize {
    /// Where the bytes begin, and how many there is room for.
    fn place(&self) -> (*const u8, usize);

    /// Overwrites all of that.
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> Hold for [u8; N] {
    fn place(&self) -> (*const u8, usize) {
        (self.as_ptr(), N)
    }

    fn wipe(&mut self) {
        self.as_mut_slice().zeroize();
    }
}

impl Hold for Vec<u8> {
    fn place(&self) -> (*const u8, usize) {
        (self.as_ptr(), self.capacity())
    }

    /// At once and not byte for byte: that takes longer than to fill it.
    fn wipe(&mut self) {
        self.as_mut_slice().zeroize();
        self.clear();
        self.spare_capacity_mut().zeroize();
    }
}

impl Hold for String {
    fn place(&self) -> (*const u8, usize) {
        (self.as_ptr(), self.capacity())
    }
}

/// A value that is wiped when it is dropped.
pub struct Secret<T: Hold>(Box<T>);

impl<T: Hold> Secret<T> {
    /// Takes `value` into keeping. An array that is passed by value may leave a copy in the caller's stack frame:
    /// prefer [`Secret::init`] for those.
    pub fn new(value: T) -> Secret<T> {
        Secret::locked(Box::new(value))
    }

    fn locked(value: Box<T>) -> Secret<T> {
        let secret = Secret(value);
        secret.lock_again();
        secret
    }

    /// Keeps its pages out of swap once more: others that share a page with it may have unlocked that meanwhile.
    pub fn lock_again(&self) {
        let (address, bytes) = self.0.place();
        memory::lock(address, bytes);
    }

    /// The value.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to be changed in place.
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<const N: usize> Secret<[u8; N]> {
    /// A secret array that `fill` writes in place.
    pub fn init(fill: impl FnOnce(&mut [u8; N])) -> Secret<[u8; N]> {
        let mut secret = Secret::new([0; N]);
        fill(&mut secret.0);
        secret
    }

    /// A secret copy of `bytes`, or nothing if they are not `N`.
    pub fn from_slice(bytes: &[u8]) -> Option<Secret<[u8; N]>> {
        (bytes.len() == N).then(|| Secret::init(|own| own.copy_from_slice(bytes)))
    }
}

impl<T: Hold> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Hold + Clone> Clone for Secret<T> {
    fn clone(&self) -> Secret<T> {
        Secret::locked(self.0.clone())
    }
}

impl<T: Hold> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// 32 secret bytes that a row of the encrypted index may hold: serialized as lower-case hexadecimal.
///
/// **Never** put one into anything that is written in clear.
#[derive(Clone)]
pub struct SecretBytes(Secret<[u8; 32]>);

impl SecretBytes {
    /// 32 fresh random bytes.
    pub fn generate() -> SecretBytes {
        SecretBytes(random::secret())
    }

    /// The secret.
    pub fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }
}

impl From<Secret<[u8; 32]>> for SecretBytes {
    fn from(secret: Secret<[u8; 32]>) -> SecretBytes {
        SecretBytes(secret)
    }
}

impl From<SecretBytes> for Secret<[u8; 32]> {
    fn from(bytes: SecretBytes) -> Secret<[u8; 32]> {
        bytes.0
    }
}

impl PartialEq for SecretBytes {
    /// Compares without stopping at the first difference.
    fn eq(&self, other: &SecretBytes) -> bool {
        let pairs = self.0.expose().iter().zip(other.0.expose());
        pairs.fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl Eq for SecretBytes {}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Serialize for SecretBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Zeroizing::new(String::with_capacity(64));
        hex::push(self.0.expose(), &mut text);
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for SecretBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SecretBytes, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = Zeroizing::new(
            hex::decode(&text)
                .ok_or_else(|| serde::de::Error::custom("not 32 secret bytes in lower-case hexadecimal"))?,
        );
        Ok(SecretBytes(Secret::init(|own| *own = *bytes)))
    }
}

/// What a person types to open a part of a vault: normalised to NFKC, so that every keyboard's way of writing the
/// same letters gives the same bytes.
#[derive(Clone, Debug)]
pub struct Passphrase(Secret<String>);

impl Passphrase {
    /// Takes and wipes `typed`.
    pub fn new(typed: String) -> Passphrase {
        let typed = Zeroizing::new(typed);
        // Reserved in full: a string that grows leaves its old bytes behind.
        let len = typed.nfkc().map(char::len_utf8).sum();
        let mut normal = String::with_capacity(len);
        normal.extend(typed.nfkc());
        Passphrase(Secret::new(normal))
    }

    /// The normalised text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.expose().is_empty()
    }
}

impl From<&str> for Passphrase {
    fn from(typed: &str) -> Passphrase {
        Passphrase::new(typed.to_owned())
    }
}

/// How deep below the caller's frame the stack is overwritten.
const SCRUBBED: usize = 256 * 1024;

/// Overwrites the stack below the caller's frame, where primitives leave derived keys.
#[inline(never)]
pub fn scrub_stack() {
    let mut frame = [0u8; SCRUBBED];
    // As a slice: an array is wiped byte for byte, which would take twenty times as long.
    frame.as_mut_slice().zeroize();
    std::hint::black_box(&mut frame);
}

/// Scrubs the stack when a stream is done with: doing it for every chunk would cost more than the sealing.
#[derive(Debug)]
pub(super) struct ScrubOnDrop;

impl Drop for ScrubOnDrop {
    fn drop(&mut self) {
        scrub_stack();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_printed() {
        let bytes = SecretBytes::from(Secret::new([7; 32]));
        assert_eq!(format!("{bytes:?} {:?}", Secret::new([7u8; 32])), "[secret] [secret]");
        assert_eq!(format!("{:?}", Passphrase::from("open")), "Passphrase([secret])");
    }

    #[test]
    fn secret_bytes_in_a_row_have_one_spelling() {
        let bytes = SecretBytes::from(Secret::new([0xab; 32]));
        let json = serde_json::to_string(&bytes).unwrap();
        assert_eq!(json, format!("\"{}\"", "ab".repeat(32)));
        assert_eq!(serde_json::from_str::<SecretBytes>(&json).unwrap(), bytes);
        assert!(serde_json::from_str::<SecretBytes>(&json.to_uppercase()).is_err());
    }

    #[test]
    fn a_passphrase_is_one_however_it_was_typed() {
        assert_eq!(Passphrase::from("e\u{301}\u{fb01}").expose(), "\u{e9}fi");
        assert_eq!(Passphrase::from("\u{fe8e}").expose(), Passphrase::from("\u{627}").expose());
    }

    #[test]
    fn a_wiped_value_is_zero() {
        let mut secret = Secret::new([9u8; 32]);
        secret.expose_mut().zeroize();
        assert_eq!(secret.expose(), &[0; 32]);
    }
}
