//! Shares of a seed: any few of them give it back, and fewer give nothing at all.
//!
//! This is Shamir's secret sharing as SSKR writes it (Blockchain Commons, BCR-2020-011), in one group, so that other
//! people's tools read the shares as well: they give the same 32 bytes, which BIP-39 writes as the same 24 words.
//!
//! ```text
//! set (16 bits) ‖ 0x00 ‖ 0x0 ‖ needed − 1 (4 bits) ‖ 0x0 ‖ number − 1 (4 bits) ‖ value (32 bytes)
//! ```
//!
//! On paper it is bytewords of that byte string in CBOR under the tag 40309, whose CRC-32 names a share that was
//! noted wrongly. The set is drawn at every splitting and tells shares of two splittings apart.
//!
//! ```
//! use sanduq::crypto::{Seed, share::{Gathered, Share, split}};
//! let seed = Seed::generate();
//! let shares = split(&seed, 2, 3).unwrap();
//! let mut gathered = Gathered::default();
//! for share in &shares[1..] {
//!     gathered.add(Share::parse(share.to_words().expose()).unwrap()).unwrap();
//! }
//! assert_eq!(gathered.seed().unwrap().expose().expose(), seed.expose().expose());
//! ```

use std::fmt;

use sskr::{GroupSpec, Spec};

use super::bytewords::{self, BytewordsError};
use super::random;
use super::secret::{Secret, scrub_stack};
use super::seed::Seed;

/// The most shares that a seed may be split into.
pub const SHARES_MAX: usize = 16;
/// The fewest shares that may be needed: a single one would be the seed itself.
pub const NEEDED_MIN: usize = 2;

/// Tag 40309 of CBOR, then a byte string of 37 bytes.
const CBOR: &[u8] = &[0xd9, 0x9d, 0x75, 0x58, SHARE_LEN as u8];
/// How many words a share has.
pub const SHARE_WORDS: usize = CBOR.len() + SHARE_LEN + 4;
const META_LEN: usize = 5;
const SHARE_LEN: usize = META_LEN + 32;

/// One share of a seed.
pub struct Share(Secret<[u8; SHARE_LEN]>);

/// Shares cannot be made, read or put together. Names places and numbers, never words: they are secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// So many shares, or so many needed, are not possible.
    #[error("cannot split into {count} shares of which {needed} are needed")]
    Split {
        /// How many shares.
        count: usize,
        /// How many of them are needed.
        needed: usize,
    },
    /// A word that is not a byteword, by its place counted from 1.
    #[error("word {place} of the share is not in the list")]
    NotAWord {
        /// Its place, counted from 1.
        place: usize,
    },
    /// The words do not belong together: one is wrong, missing or too many, or their order is.
    #[error("the words of the share do not belong together")]
    Checksum,
    /// Rightly noted, but not a share of a seed of ours.
    #[error("not a share of a seed")]
    NotAShare,
    /// A share of another splitting.
    #[error("share {number} is of the set {found:04x}, the others are of {expected:04x}")]
    OtherSet {
        /// The share's number.
        number: usize,
        /// Its set.
        found: u16,
        /// The set of the others.
        expected: u16,
    },
    /// A share of this number is there already.
    #[error("share {number} is there already")]
    Twice {
        /// The number.
        number: usize,
    },
    /// Not yet enough.
    #[error("{missing} more shares are needed")]
    TooFew {
        /// How many are missing.
        missing: usize,
    },
    /// It does not fit those that fit together: it was made up.
    #[error("share {number} is not genuine")]
    NotGenuine {
        /// The number it bears.
        number: usize,
    },
    /// There are enough, but they do not fit: one was made up.
    #[error("the shares do not fit together")]
    DoNotFit,
}

impl From<BytewordsError> for ShareError {
    fn from(error: BytewordsError) -> ShareError {
        match error {
            BytewordsError::NotAWord { place } => ShareError::NotAWord { place },
            BytewordsError::Checksum => ShareError::Checksum,
        }
    }
}

/// Refuses numbers of shares that are not possible: before anybody is asked for anything.
pub fn check(needed: usize, count: usize) -> Result<(), ShareError> {
    match (NEEDED_MIN..=SHARES_MAX).contains(&needed) && (needed..=SHARES_MAX).contains(&count) {
        true => Ok(()),
        false => Err(ShareError::Split { count, needed }),
    }
}

/// Splits a seed into `count` shares, any `needed` of which give it back.
pub fn split(seed: &Seed, needed: usize, count: usize) -> Result<Vec<Share>, ShareError> {
    split_secret(seed.expose(), needed, count)
}

/// As [`split`], for any secret of 32 bytes.
pub fn split_secret(
    secret: &Secret<[u8; 32]>,
    needed: usize,
    count: usize,
) -> Result<Vec<Share>, ShareError> {
    check(needed, count)?;
    let impossible = |_| ShareError::Split { count, needed };
    let spec =
        GroupSpec::new(needed, count).and_then(|group| Spec::new(1, vec![group])).map_err(impossible)?;
    let secret = sskr::Secret::new(secret.expose()).map_err(impossible)?;
    let made = sskr::sskr_generate_using(&spec, &secret, &mut Door).map_err(impossible)?;
    scrub_stack();
    let bytes = made.into_iter().flatten().map(Secret::new);
    bytes.map(|bytes| Share::from_bytes(bytes.expose())).collect()
}

impl Share {
    /// The share that these words are. Case, punctuation and numbers before words make no difference.
    pub fn parse(typed: &str) -> Result<Share, ShareError> {
        let bytes = bytewords::decode(typed)?;
        Share::from_bytes(bytes.expose().strip_prefix(CBOR).ok_or(ShareError::NotAShare)?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Share, ShareError> {
        let share = Share(Secret::from_slice(bytes).ok_or(ShareError::NotAShare)?);
        let [_, _, groups, group, member, ..] = *share.0.expose();
        let is_ours = groups == 0 && group >> 4 == 0 && member >> 4 == 0 && share.needed() >= NEEDED_MIN;
        is_ours.then_some(share).ok_or(ShareError::NotAShare)
    }

    /// The share as words, one space between them.
    pub fn to_words(&self) -> Secret<String> {
        let mut bytes = Secret::new(Vec::with_capacity(CBOR.len() + SHARE_LEN));
        bytes.expose_mut().extend_from_slice(CBOR);
        bytes.expose_mut().extend_from_slice(self.0.expose());
        bytewords::encode(bytes.expose())
    }

    /// What tells the shares of one splitting from those of another.
    pub fn set(&self) -> u16 {
        u16::from_be_bytes([self.0.expose()[0], self.0.expose()[1]])
    }

    /// Its number in the set, from 1.
    pub fn number(&self) -> usize {
        usize::from(self.0.expose()[4] & 0xf) + 1
    }

    /// As this one, but for one bit of a byte, and rightly noted.
    #[cfg(test)]
    pub(super) fn changed(&self, at: usize) -> Share {
        let mut bytes = *self.0.expose();
        bytes[at] ^= 1;
        Share::from_bytes(&bytes).expect("still a share")
    }

    /// How many shares of the set give the seed.
    pub fn needed(&self) -> usize {
        usize::from(self.0.expose()[3] & 0xf) + 1
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Share) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({:04x}, {})", self.set(), self.number())
    }
}

/// Shares of one set, as they come in.
#[derive(Debug, Default)]
pub struct Gathered(Vec<Share>);

impl Gathered {
    /// Takes a share in, unless it is of another set or there already.
    pub fn add(&mut self, share: Share) -> Result<(), ShareError> {
        let number = share.number();
        if let Some(first) = self.0.first()
            && (first.set(), first.needed()) != (share.set(), share.needed())
        {
            return Err(ShareError::OtherSet { number, found: share.set(), expected: first.set() });
        }
        if self.0.iter().any(|held| held.number() == number) {
            return Err(ShareError::Twice { number });
        }
        self.0.push(share);
        Ok(())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many more are needed; unknown until there is one.
    pub fn missing(&self) -> Option<usize> {
        Some(self.0.first()?.needed().saturating_sub(self.0.len()))
    }

    /// The seed, once there are enough.
    pub fn seed(&self) -> Result<Seed, ShareError> {
        self.secret().map(Seed::from_bytes)
    }

    /// The secret that was split, once there are enough.
    pub fn secret(&self) -> Result<Secret<[u8; 32]>, ShareError> {
        match self.missing() {
            Some(0) => {}
            missing => return Err(ShareError::TooFew { missing: missing.unwrap_or(NEEDED_MIN) }),
        }
        combine(&self.0.iter().collect::<Vec<_>>())
    }
}

/// The secret of shares of one splitting, as many as are needed or more.
pub(super) fn combine(shares: &[&Share]) -> Result<Secret<[u8; 32]>, ShareError> {
    let bytes: Vec<&[u8]> = shares.iter().map(|share| &share.0.expose()[..]).collect();
    let secret = sskr::sskr_combine(&bytes).map_err(|_| ShareError::DoNotFit)?;
    scrub_stack();
    Secret::from_slice(secret.data()).ok_or(ShareError::DoNotFit)
}

/// The one door to randomness, as the crate asks for it.
struct Door;

impl rand_core::RngCore for Door {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(random::array())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(random::array())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        random::fill(bytes);
    }
}

impl rand_core::CryptoRng for Door {}

impl bc_rand::RandomNumberGenerator for Door {}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::from_bytes(Secret::new(std::array::from_fn(|at| at as u8)))
    }

    /// The shares at the set bits of `chosen`.
    fn gather(words: &[String], chosen: u32) -> Gathered {
        let mut gathered = Gathered::default();
        for (at, words) in words.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1) {
            gathered.add(Share::parse(words).unwrap()).unwrap_or_else(|error| panic!("{at}: {error}"));
        }
        gathered
    }

    fn words(shares: &[Share]) -> Vec<String> {
        shares.iter().map(|share| share.to_words().expose().clone()).collect()
    }

    #[test]
    fn every_subset_that_is_large_enough_gives_the_seed_and_no_smaller_one_does() {
        for (needed, count) in [(2, 2), (2, 3), (3, 5), (5, 5), (4, 7)] {
            let shares = words(&split(&seed(), needed, count).unwrap());
            for chosen in 1u32..1 << count {
                let gathered = gather(&shares, chosen);
                let missing = needed.saturating_sub(chosen.count_ones() as usize);
                assert_eq!(gathered.missing(), Some(missing));
                match gathered.seed() {
                    Ok(found) => {
                        assert_eq!((found.expose().expose(), missing), (seed().expose().expose(), 0))
                    }
                    Err(error) => assert_eq!(error, ShareError::TooFew { missing }),
                }
            }
        }
        let most = words(&split(&seed(), 16, 16).unwrap());
        gather(&most, 0xffff).seed().unwrap();
        assert!(gather(&most, 0x7fff).seed().is_err());
    }

    /// Too few shares were refused by our own counting alone, and whoever has them need not count: with a lie about how
    /// many are needed they go through, and what comes of them is not the seed. With one share less than needed every
    /// seed is as likely as the other: the missing share can be made for any.
    #[test]
    fn one_share_too_few_is_taken_for_enough_only_by_a_lie() {
        for (needed, count) in [(2, 3), (3, 5), (5, 5), (4, 7)] {
            let shares = split(&seed(), needed, count).unwrap();
            for share in &shares {
                let holds = |part: &[u8]| share.0.expose().windows(part.len()).any(|held| held == part);
                assert!(!seed().expose().expose().windows(8).any(holds), "a share shows a part of the seed");
            }
            for chosen in (1u32..1 << count).filter(|chosen| chosen.count_ones() as usize == needed - 1) {
                let mut lying = Gathered::default();
                for (_, share) in (0..).zip(&shares).filter(|(at, _)| chosen >> at & 1 == 1) {
                    let mut bytes = *share.0.expose();
                    bytes[3] = needed as u8 - 2;
                    lying.0.push(Share(Secret::new(bytes)));
                }
                assert_eq!(lying.missing(), Some(0));
                match lying.seed() {
                    // Of one share that is said to be enough, the crate takes the value for the secret.
                    Ok(found) if needed == 2 => assert_ne!(found.expose().expose(), seed().expose().expose()),
                    found => assert_eq!(found.unwrap_err(), ShareError::DoNotFit, "{needed}, {chosen:b}"),
                }
            }
        }
    }

    #[test]
    fn a_share_that_was_changed_is_refused() {
        let share = &split(&seed(), 2, 3).unwrap()[1];
        let words: Vec<String> = share.to_words().expose().split(' ').map(str::to_owned).collect();
        assert_eq!(words.len(), CBOR.len() + SHARE_LEN + 4);
        assert_eq!(words[..5], ["tuna", "next", "keep", "hard", "data"]);
        for at in 0..words.len() {
            for other in ["able", "zoom", "lion"] {
                let mut changed = words.clone();
                changed[at] = other.to_owned();
                let parsed = Share::parse(&changed.join(" "));
                assert!(changed == words || parsed.unwrap_err() == ShareError::Checksum, "word {at}");
            }
            let mut misspelt = words.clone();
            misspelt[at] = "sanduq".to_owned();
            assert_eq!(
                Share::parse(&misspelt.join(" ")).unwrap_err(),
                ShareError::NotAWord { place: at + 1 }
            );
            let mut missing = words.clone();
            missing.remove(at);
            assert_eq!(Share::parse(&missing.join(" ")).unwrap_err(), ShareError::Checksum);
        }
    }

    #[test]
    fn every_byte_of_a_share_counts() {
        let shares = split(&seed(), 2, 3).unwrap();
        for at in 0..SHARE_LEN {
            let mut bytes = *shares[0].0.expose();
            bytes[at] ^= 1;
            let Ok(changed) = Share::from_bytes(&bytes) else { continue };
            let mut gathered = gather(&words(&shares), 0b10);
            let found = gathered.add(changed).and_then(|()| gathered.seed().map(drop));
            assert!(found.is_err(), "byte {at}");
        }
    }

    #[test]
    fn shares_of_two_sets_and_a_share_twice_are_named() {
        let first = split(&seed(), 2, 3).unwrap();
        let second = loop {
            let second = split(&seed(), 2, 3).unwrap();
            if second[0].set() != first[0].set() {
                break second;
            }
        };
        let mut gathered = gather(&words(&first), 0b1);
        let [share, again] =
            [&second[2], &first[0]].map(|share| Share::parse(share.to_words().expose()).unwrap());
        let (found, expected) = (share.set(), first[0].set());
        assert_eq!(gathered.add(share), Err(ShareError::OtherSet { number: 3, found, expected }));
        assert_eq!(gathered.add(again), Err(ShareError::Twice { number: 1 }));
        assert_eq!(gathered.count(), 1);
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        for (needed, count) in [(0, 3), (1, 3), (4, 3), (2, 17), (17, 17), (2, 0)] {
            assert_eq!(split(&seed(), needed, count).unwrap_err(), ShareError::Split { count, needed });
        }
    }

    /// The two groups of BCR-2020-011's own example, and a set that seedtool-cli's manual shows: other people's shares
    /// give what other people say they give.
    #[test]
    fn published_shares_give_the_published_seeds() {
        let example = [
            "tuna next keep gyro gear runs body acid able film nail barn cost aqua epic veto quad fern jump buzz epic \
             slot frog apex taxi grim fern twin leaf",
            "tuna next keep gyro gear runs body acid also heat ruby gala beta visa help horn liar limp monk gush waxy \
             into junk jolt keep lion leaf ruby purr",
            "tuna next keep gyro gear runs body brag able foxy webs free fish inky memo figs easy inch fair exam kiwi \
             view solo gear eyes ruin tuna gala iris",
            "tuna next keep gyro gear runs body brag also omit keno each gyro zest zinc race logo kiln roof visa waxy \
             iron sets rock swan leaf tent navy redo",
            "tuna next keep gyro gear runs body brag aqua idea edge numb ugly keys exit open skew sets tied undo purr \
             view ramp hawk body skew redo data unit",
        ];
        assert_eq!(combined(&example), "7daa851251002874e1a1995f0897e6b1");
        let manual = [
            "tuna next keep gyro acid yawn able acid able leaf idle mild legs play ugly atom liar slot scar film redo \
             tent poem wasp maze calm scar need toil",
            "tuna next keep gyro acid yawn able acid acid holy keep when luau cook jazz yank rock grim toil stub dice \
             keys very ruby work crux peck down iron",
        ];
        assert_eq!(combined(&manual), "59f2293a5bce7d4de59e71b4207ac5d2");
        assert_eq!(Share::parse(manual[0]).unwrap_err(), ShareError::NotAShare);
    }

    /// What shares of 16 bytes give, in hex.
    fn combined(words: &[&str]) -> String {
        let bytes: Vec<Vec<u8>> =
            words.iter().map(|words| bytewords::decode(words).unwrap().expose()[4..].to_vec()).collect();
        crate::crypto::hex::encode(sskr::sskr_combine(&bytes).unwrap().data())
    }
}
