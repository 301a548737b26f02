//! Bits as words: the BIP-39 English list, 11 bits a word.
//!
//! Two people compare a fingerprint by eight words read out aloud, or by the eight places of these words in the
//! list as four-digit numbers, which need no Latin letters:
//!
//! ```
//! use sanduq::crypto::{words, Digest};
//! let digest = Digest::of(b"abc");
//! let spoken = words::eight_words(&digest).join(" ");
//! assert!(words::matches_eight(&digest, &spoken));
//! let numbers = words::eight_numbers(&digest).map(|number| format!("{number:04}")).join("-");
//! assert!(words::matches_eight(&digest, &numbers));
//! ```
//!
//! Eight words carry 88 bits of the digest. That is enough where a forger must hit one given value; it is no
//! protection where one party may choose both of two colliding keys.

use std::cmp::Ordering;

use zeroize::Zeroizing;

use super::hash::Digest;

/// How many words the list has: each stands for 11 bits.
pub(super) const LIST_LEN: usize = 2048;

/// Letters of a typed word that are looked at; the longest in the list has eight.
const LONGEST_TYPED: usize = 16;

/// More than anybody needs to type eight words with spaces between them.
const MAX_TYPED: usize = 1024;

/// The word at `place`, counted from 0.
pub(super) fn word(place: u16) -> &'static str {
    bip39::Language::English.word_list()[usize::from(place)]
}

/// The place of `word`, counted from 0, if it is in the list.
pub(super) fn place(word: &str) -> Option<u16> {
    bip39::Language::English.find_word(word)
}

/// The first 88 bits of `digest` as eight words.
pub fn eight_words(digest: &Digest) -> [&'static str; 8] {
    eight_places(digest).map(word)
}

/// The same eight words as their places in the list, 1 to 2048.
pub fn eight_numbers(digest: &Digest) -> [u16; 8] {
    eight_places(digest).map(|place| place + 1)
}

/// Whether `typed` is the eight words, or their eight numbers in ASCII, Persian or Arabic digits. Case, and
/// whether spaces, commas or hyphens stand between them, makes no difference.
pub fn matches_eight(digest: &Digest, typed: &str) -> bool {
    typed.len() <= MAX_TYPED && read_eight(typed).is_some_and(|places| places == eight_places(digest))
}

/// Whether a word is in the list.
pub fn is_listed(word: &str) -> bool {
    place(word).is_some()
}

/// The word of the list that is nearest to a misspelt one, if no other is as near and it is within two letters that are
/// wrong, missing, too many or swapped.
pub fn nearest(typed: &str) -> Option<&'static str> {
    nearest_of(bip39::Language::English.word_list().iter().copied(), typed)
}

/// The word of a list that is nearest to a misspelt one, by the same measure.
pub(super) fn nearest_of(list: impl Iterator<Item = &'static str>, typed: &str) -> Option<&'static str> {
    const FARTHEST: usize = 2;
    let typed = Zeroizing::new(typed.chars().take(LONGEST_TYPED).collect::<String>().to_lowercase());
    let (mut nearest, mut distance) = (None, FARTHEST + 1);
    for word in list {
        let far = strsim::osa_distance(&typed, word);
        match far.cmp(&distance) {
            Ordering::Less => (nearest, distance) = (Some(word), far),
            Ordering::Equal => nearest = None,
            Ordering::Greater => {}
        }
    }
    nearest
}

/// How many words or numbers `typed` has, whether or not they are right.
pub fn count(typed: &str) -> usize {
    parts(typed).len()
}

fn eight_places(digest: &Digest) -> [u16; 8] {
    let mut places = [0; 8];
    for (number, place) in places.iter_mut().enumerate() {
        *place = eleven_bits(digest.as_bytes(), number);
    }
    places
}

/// The `number`th run of 11 bits in `bytes`, most significant bit first.
pub(super) fn eleven_bits(bytes: &[u8], number: usize) -> u16 {
    (number * 11..number * 11 + 11)
        .fold(0, |bits, bit| bits << 1 | u16::from(bytes[bit / 8] >> (7 - bit % 8) & 1))
}

fn read_eight(typed: &str) -> Option<[u16; 8]> {
    let places: Vec<u16> = parts(typed).iter().map(|part| read_one(part)).collect::<Option<_>>()?;
    places.try_into().ok()
}

fn parts(typed: &str) -> Vec<String> {
    let typed: String = typed.chars().map(ascii_digit).flat_map(char::to_lowercase).collect();
    let parts: Vec<String> =
        typed.split(is_separator).filter(|part| !part.is_empty()).map(str::to_string).collect();
    let digits = parts.concat();
    match digits.len() {
        // Digits say by themselves where a number of four ends.
        32 if digits.bytes().all(|b| b.is_ascii_digit()) => {
            (0..8).map(|number| digits[number * 4..number * 4 + 4].to_string()).collect()
        }
        _ => parts,
    }
}

fn read_one(part: &str) -> Option<u16> {
    if part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit()) {
        let number: u16 = part.parse().ok()?;
        return (1..=LIST_LEN as u16).contains(&number).then(|| number - 1);
    }
    place(part)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ',' | '،' | '٬' | '-' | '‐' | '‑' | '–' | '\u{200c}' | '\u{200e}' | '\u{200f}')
}

/// Persian (U+06F0…) and Arabic (U+0660…) digits as ASCII; everything else as it is.
fn ascii_digit(c: char) -> char {
    let value = match c {
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        _ => return c,
    };
    char::from_digit(value, 10).expect("ten digits have the values 0 to 9")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest() -> Digest {
        let bytes = "000000ffffffffffff80402010080400000000000000000000000000000000ff";
        bytes.parse().unwrap()
    }

    #[test]
    fn eleven_bits_a_word() {
        let bits: String = digest().as_bytes()[..11].iter().map(|byte| format!("{byte:08b}")).collect();
        for (number, place) in eight_places(&digest()).into_iter().enumerate() {
            assert_eq!(u16::from_str_radix(&bits[number * 11..][..11], 2).unwrap(), place);
        }
        assert_eq!(eight_words(&digest())[0], "abandon");
        assert_eq!(eight_numbers(&digest())[0], 1);
        assert_eq!(eight_words(&digest())[3], "zoo");
        assert_eq!(eight_numbers(&digest())[3], 2048);
    }

    #[test]
    fn typed_in_many_ways() {
        let digest = Digest::of(b"a card");
        let words = eight_words(&digest);
        let numbers = eight_numbers(&digest).map(|number| format!("{number:04}"));
        let persian: String = numbers
            .join(" ")
            .chars()
            .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0x6f0 + d).unwrap()))
            .collect();
        let arabic: String = numbers
            .join("،")
            .chars()
            .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0x660 + d).unwrap()))
            .collect();
        let right = [
            words.join(" "),
            words.join(" , ").to_uppercase(),
            format!("  {}\n", words.join("-")),
            numbers.join(" "),
            numbers.join("-"),
            numbers.concat(),
            persian,
            arabic,
        ];
        for typed in &right {
            assert!(matches_eight(&digest, typed), "{typed}");
        }
    }

    #[test]
    fn typed_wrong() {
        let digest = Digest::of(b"a card");
        let words = eight_words(&digest);
        let mut swapped = words;
        swapped.swap(0, 1);
        let wrong = [
            String::new(),
            swapped.join(" "),
            words[..7].join(" "),
            format!("{} {}", words.join(" "), words[0]),
            words.concat(),
            "0000".repeat(8),
            "2049 ".repeat(8),
            words.join(" ") + &" ".repeat(MAX_TYPED),
        ];
        for typed in &wrong {
            assert!(!matches_eight(&digest, typed), "{typed}");
        }
        assert!(!matches_eight(&Digest::of(b"another card"), &words.join(" ")));
    }
}
