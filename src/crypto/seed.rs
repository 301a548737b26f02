//! A contributor's seed: 32 random bytes, from which every lasting key of hers is derived by purpose, and which
//! 24 words on paper carry.
//!
//! Derivation is HKDF-SHA-256 (RFC 5869) without a salt, `info` = purpose ‖ 0x00 ‖ context, so that no purpose is
//! the beginning of another with a context. The words are BIP-39's: they encode the bytes and a checksum, and no
//! PBKDF2 is run over them.
//!
//! ```
//! use sanduq::crypto::Seed;
//! let seed = Seed::generate();
//! let words = seed.to_words();
//! assert_eq!(words.expose().split(' ').count(), 24);
//! let again = Seed::from_words(words.expose()).unwrap();
//! assert_eq!(again.expose().expose(), seed.expose().expose());
//! ```

use zeroize::Zeroizing;

use super::hash::Digest;
use super::secret::{Secret, scrub_stack};
use super::{random, words};

const SEED_WORDS: usize = 24;

/// Far more than 24 words need; longer text is refused before it is looked at.
const MAX_TYPED: usize = 4096;

/// 32 random bytes that everything lasting is derived from.
#[derive(Clone, Debug)]
pub struct Seed(Secret<[u8; 32]>);

/// What was typed is not the words of a seed or a phrase. Names places, never words: they are secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// Not 24 words.
    #[error("expected {expected} words, found {found}")]
    Count {
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A word that is not in the list, by its place counted from 1.
    #[error("word {place} is not in the list")]
    NotAWord {
        /// Its place, counted from 1.
        place: usize,
    },
    /// All words are in the list, but they do not belong together.
    #[error("the words do not belong together: one is wrong, or their order is")]
    Checksum,
}

impl Seed {
    /// A fresh seed.
    pub fn generate() -> Seed {
        Seed(random::secret())
    }

    /// The seed that these bytes are.
    pub fn from_bytes(bytes: Secret<[u8; 32]>) -> Seed {
        Seed(bytes)
    }

    /// Its bytes, for the encrypted index.
    pub fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }

    /// The key for one `purpose` (such as `sanduq/author-ed25519/1`) and `context` (such as an organisation's key).
    pub fn derive(&self, purpose: &str, context: &[u8]) -> Secret<[u8; 32]> {
        derive_from(&self.0, purpose, context)
    }

    /// The seed as 24 words of BIP-39's English list, one space between them.
    pub fn to_words(&self) -> Secret<String> {
        let mut bytes = Zeroizing::new([0; 33]);
        bytes[..32].copy_from_slice(self.0.expose());
        bytes[32] = Digest::of(self.0.expose()).as_bytes()[0];
        join((0..SEED_WORDS).map(|number| words::eleven_bits(&*bytes, number)))
    }

    /// The seed that 24 words carry; case and the white space between them make no difference.
    pub fn from_words(typed: &str) -> Result<Seed, SeedError> {
        let places = read_words(typed, SEED_WORDS)?;
        let mut bytes = Zeroizing::new([0u8; 33]);
        for bit in 0..SEED_WORDS * 11 {
            let set = places[bit / 11] >> (10 - bit % 11) & 1;
            bytes[bit / 8] |= (set as u8) << (7 - bit % 8);
        }
        let seed = Secret::init(|own: &mut [u8; 32]| own.copy_from_slice(&bytes[..32]));
        if Digest::of(seed.expose()).as_bytes()[0] != bytes[32] {
            return Err(SeedError::Checksum);
        }
        Ok(Seed(seed))
    }
}

/// HKDF-SHA-256 of `secret` for `purpose` and `context`, as [`Seed::derive`] does it.
pub fn derive_from(secret: &Secret<[u8; 32]>, purpose: &str, context: &[u8]) -> Secret<[u8; 32]> {
    let derived = derive(secret.expose(), purpose, context);
    scrub_stack();
    derived
}

/// As [`derive_from`] for each of these contexts, where what is derived goes out with what it is derived for, as salts do.
pub fn derive_salts(
    secret: &Secret<[u8; 32]>,
    purpose: &str,
    contexts: impl IntoIterator<Item = Vec<u8>>,
) -> Vec<[u8; 32]> {
    let salts = contexts.into_iter().map(|context| {
        let mut salt = [0; 32];
        derive_into(secret.expose(), purpose, &context, &mut salt);
        salt
    });
    let salts = salts.collect();
    scrub_stack();
    salts
}

fn derive(secret: &[u8], purpose: &str, context: &[u8]) -> Secret<[u8; 32]> {
    Secret::init(|bytes| derive_into(secret, purpose, context, bytes))
}

#[inline(never)]
fn derive_into(secret: &[u8], purpose: &str, context: &[u8], derived: &mut [u8; 32]) {
    use ring::hkdf::{HKDF_SHA256, Salt};
    let key = Salt::new(HKDF_SHA256, &[]).extract(secret);
    let info = [purpose.as_bytes(), &[0], context];
    let okm = key.expand(&info, HKDF_SHA256).expect("32 bytes are within what HKDF gives");
    okm.fill(derived).expect("the length asked for is the length given");
}

/// A random phrase of `count` words, 11 bits each: a generated passphrase, or the phrase that proves authorship.
pub fn phrase(count: usize) -> Secret<String> {
    let places =
        Zeroizing::new((0..count).map(|_| random::below(words::LIST_LEN) as u16).collect::<Vec<_>>());
    join(places.iter().copied())
}

/// The key that a phrase of `count` words from [`phrase`] carries, for one `purpose`. With twelve words it has 132
/// bits and needs no slow hashing; **never** use it with a phrase that a person made up.
pub fn from_phrase(typed: &str, count: usize, purpose: &str) -> Result<Secret<[u8; 32]>, SeedError> {
    let places = read_words(typed, count)?;
    let phrase = join(places.iter().copied());
    let derived = derive(phrase.expose().as_bytes(), purpose, &[]);
    scrub_stack();
    Ok(derived)
}

fn join(places: impl Iterator<Item = u16> + Clone) -> Secret<String> {
    // Reserved in full: a string that grows leaves its old bytes behind.
    let len = places.clone().map(|place| words::word(place).len() + 1).sum();
    let mut text = String::with_capacity(len);
    for place in places {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(words::word(place));
    }
    Secret::new(text)
}

fn read_words(typed: &str, expected: usize) -> Result<Zeroizing<Vec<u16>>, SeedError> {
    let found = if typed.len() > MAX_TYPED { usize::MAX } else { typed.split_whitespace().count() };
    if found != expected {
        return Err(SeedError::Count { expected, found });
    }
    let mut places = Zeroizing::new(Vec::with_capacity(expected));
    for (number, typed) in typed.split_whitespace().enumerate() {
        let word = Zeroizing::new(typed.to_ascii_lowercase());
        places.push(words::place(&word).ok_or(SeedError::NotAWord { place: number + 1 })?);
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(byte: u8) -> Seed {
        Seed::from_bytes(Secret::new([byte; 32]))
    }

    #[test]
    fn words_are_those_of_bip39() {
        // From the vectors of BIP-39.
        let zero = "abandon ".repeat(23) + "art";
        let ones = "zoo ".repeat(23) + "vote";
        assert_eq!(seed(0).to_words().expose(), &zero);
        assert_eq!(seed(0xff).to_words().expose(), &ones);
        assert_eq!(Seed::from_words(&zero).unwrap().expose().expose(), &[0; 32]);
        assert_eq!(Seed::from_words(&ones.to_uppercase()).unwrap().expose().expose(), &[0xff; 32]);
        let own = Seed::generate();
        let foreign = bip39::Mnemonic::from_entropy(own.expose().expose()).unwrap();
        assert_eq!(own.to_words().expose(), &foreign.to_string());
    }

    #[test]
    fn wrong_words_are_named_by_place() {
        let right = seed(3).to_words().expose().clone();
        let mut words: Vec<&str> = right.split(' ').collect();
        words[4] = "sanduq";
        assert_eq!(Seed::from_words(&words.join(" ")).unwrap_err(), SeedError::NotAWord { place: 5 });
        words.pop();
        let count = SeedError::Count { expected: 24, found: 23 };
        assert_eq!(Seed::from_words(&words.join(" ")).unwrap_err(), count);
        let other = "abandon ".repeat(24);
        assert_eq!(Seed::from_words(&other).unwrap_err(), SeedError::Checksum);
        assert!(Seed::from_words(&"a ".repeat(MAX_TYPED)).is_err());
    }

    #[test]
    fn purposes_and_contexts_are_apart() {
        let seed = seed(1);
        let keys = [("a", &b""[..]), ("a", b"b"), ("ab", b""), ("b", b"")];
        let derived: std::collections::BTreeSet<_> =
            keys.iter().map(|(purpose, context)| *seed.derive(purpose, context).expose()).collect();
        assert_eq!(derived.len(), keys.len());
        assert_eq!(seed.derive("a", b"b").expose(), seed.derive("a", b"b").expose());
    }

    #[test]
    fn a_phrase_gives_its_key_however_it_is_typed() {
        let phrase = phrase(12);
        let typed = format!(" {} ", phrase.expose().to_uppercase().replace(' ', "\n"));
        let key = from_phrase(phrase.expose(), 12, "test").unwrap();
        assert_eq!(from_phrase(&typed, 12, "test").unwrap().expose(), key.expose());
        assert!(from_phrase(phrase.expose(), 11, "test").is_err());
    }
}
