//! The catalogue of attacks on what is small: each family makes, from a seed, a case that must be refused and beside it
//! a neighbour that must hold. Everybody in them is invented, and every key is made of a fixed seed.

#[path = "cards.rs"]
mod cards;
#[path = "logs.rs"]
mod logs;
#[path = "proofs.rs"]
mod proofs;
#[path = "signatures.rs"]
mod signatures;
#[path = "stamps.rs"]
mod stamps;

pub use cards::{signed as signed_card, terms as log_terms};
pub use logs::{policy_of, witnesses};
pub use proofs::by_the_library as proof_by_the_library;

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sanduq::crypto::{KeyPair, LogSigningKey, Secret, weak};
use sanduq::format::note::NoteSigner;

/// What a case of a kind is made of, in the order in which a verdict is asked for.
pub const KINDS: &[(&str, &[&str])] = &[
    ("card", &["card"]),
    ("head", &["checkpoint", "card"]),
    ("consistency", &["older", "newer", "card", "hashes"]),
    ("note", &["note"]),
    ("policy", &["policy"]),
    ("proof", &["proof", "proof.sig", "tagmanifest-sha256.txt", "bag-info.txt"]),
    ("receipt", &["receipt", "card", "bundle-id"]),
    ("signature", &["signature", "key", "message"]),
    ("stamp", &["checkpoint.txt", "stamp"]),
];

/// The bytes of a case, one for each of its kind's names.
pub type Files = Vec<Vec<u8>>;

/// Two neighbours.
pub struct Pair {
    pub good: Files,
    pub bad: Files,
}

/// One attack. Its name is that of its folder under `tests/attacks/`.
pub struct Family {
    pub name: &'static str,
    pub kind: &'static str,
    pub story: &'static str,
    pub make: fn(&mut Rng) -> Pair,
}

/// Every family but those of whole bundles.
pub fn all() -> Vec<Family> {
    [cards::families(), logs::families(), proofs::families(), signatures::families(), stamps::families()]
        .into_iter()
        .flatten()
        .collect()
}

/// Numbers from a seed: SplitMix64.
#[derive(Clone)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}

/// The key pair of this number, which is made once.
pub fn keys(number: u8) -> KeyPair {
    static KEYS: Mutex<BTreeMap<u8, KeyPair>> = Mutex::new(BTreeMap::new());
    let make = || KeyPair::from_seeds(&Secret::new([number; 32]), &Secret::new([number + 100; 32]));
    KEYS.lock().unwrap().entry(number).or_insert_with(make).clone()
}

pub fn log_key(number: u8) -> LogSigningKey {
    LogSigningKey::from_seed(&Secret::new([number; 32]))
}

pub fn log() -> NoteSigner {
    NoteSigner::new("archive.example/log", log_key(50)).unwrap()
}

/// A text in which one thing was replaced, which must be there.
pub fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to replace: {from}");
    text.replacen(from, to, 1)
}

/// Any text of lines as another program might spell it.
pub fn misspelled(text: &str, rng: &mut Rng) -> Vec<u8> {
    let place = rng.below(text.matches('\n').count());
    let feed = text.match_indices('\n').nth(place).unwrap().0;
    let (before, after) = text.split_at(feed);
    let ways = [
        format!("{before}\r{after}"),
        format!("{before} {after}"),
        format!("{before}\n{after}"),
        format!("{before}{}", &after[1..]),
        format!("\u{feff}{text}"),
        format!("{text}\n"),
        format!("{text}x"),
        text.trim_end().to_owned(),
        String::new(),
    ];
    rng.pick(&ways).into_bytes()
}

/// A key of Ed25519 under which anybody can sign, or of which there is a second spelling.
pub fn weak_key(rng: &mut Rng) -> Vec<u8> {
    let small = rng.pick(&weak::SMALL_ORDER);
    let bytes = |hex: &str| -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    // Every y from p = 2^255 - 19 up, with either sign, is the second spelling of one below 19.
    let mut beyond = [0xff; 32];
    (beyond[0], beyond[31]) = (0xed + rng.below(19) as u8, if rng.below(2) == 0 { 0x7f } else { 0xff });
    if rng.below(2) == 0 { bytes(small) } else { beyond.to_vec() }
}

/// An SSH key line of these bytes, weak or not.
pub fn line_of(kind: &str, key: &[u8]) -> String {
    let string = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    format!("{kind} {}", BASE64_STANDARD.encode([string(kind.as_bytes()), string(key)].concat()))
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

pub fn unbase64(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).unwrap()
}

/// The order of Ed25519's group: a signature's S and S + L fit the same equation.
pub fn malleate(signature: &mut [u8]) {
    let order: [u8; 32] = *b"\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10";
    let end = signature.len();
    let mut carry = 0;
    for (byte, add) in signature[end - 32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry as u8;
        carry >>= 8;
    }
}
