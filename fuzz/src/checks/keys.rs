//! Readers of keys, sealed files and what lies beside a vault.

use std::io::Read as _;

use sanduq::bundle::ProofKey;
use sanduq::crypto::hybrid::{Identity, Recipient};
use sanduq::crypto::keyslot::{EpochBlock, Slots};
use sanduq::crypto::share::{Gathered, Share};
use sanduq::crypto::{Digest, KeyFile, PublicPair, Secret, Seed, VerifyingKey, seal, words};
use sanduq::format::share_page;

use super::{as_text, parsed};

pub fn verifying_key(bytes: &[u8]) -> bool {
    let blob = VerifyingKey::from_blob(bytes).is_ok_and(|key| {
        assert_eq!(key.to_blob(), bytes);
        true
    });
    let pair = as_text(bytes, |text| PublicPair::from_lines(text).map(|pair| pair.to_lines()));
    blob || pair || parsed::<VerifyingKey>(bytes)
}

pub fn recipient(bytes: &[u8]) -> bool {
    let identity = std::str::from_utf8(bytes).is_ok_and(|text| {
        text.parse::<Identity>().is_ok_and(|identity| {
            assert_eq!(identity.to_secret_string().expose(), text);
            true
        })
    });
    identity || parsed::<Recipient>(bytes)
}

/// A file sealed to the identity that all corpora are sealed to.
pub fn sealed(bytes: &[u8]) -> bool {
    let Ok(mut opener) = seal::open(&sealed_to(), bytes) else { return false };
    let mut plain = Vec::new();
    let whole = opener.read_to_end(&mut plain).is_ok();
    assert!(!whole || seal::plain_len(bytes.len() as u64) == Some(plain.len() as u64));
    whole
}

/// Whose corpus of sealed files it is: `tests/corpora/seeds.rs` seals to the same.
fn sealed_to() -> Identity {
    Identity::from_seed(&Secret::new([7; 32]))
}

pub fn slots(bytes: &[u8]) -> bool {
    Slots::from_bytes(bytes).is_ok_and(|slots| {
        assert_eq!(slots.to_bytes(), bytes);
        true
    })
}

pub fn key_file(bytes: &[u8]) -> bool {
    KeyFile::from_text(bytes).is_ok_and(|file| {
        assert_eq!(file.to_text().expose(), bytes);
        true
    })
}

pub fn epoch(bytes: &[u8]) -> bool {
    EpochBlock::from_bytes(bytes).is_ok_and(|block| {
        assert_eq!(block.to_bytes(), bytes);
        true
    })
}

/// What was typed where a share was asked for.
pub fn share(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    Share::parse(text).is_ok_and(|share| {
        let again = Share::parse(share.to_words().expose()).expect("our own words");
        assert_eq!(
            (again.set(), again.number(), again.needed()),
            (share.set(), share.number(), share.needed())
        );
        assert_eq!(again.to_words().expose(), share.to_words().expose());
        let mut gathered = Gathered::default();
        gathered.add(share).expect("the first one");
        assert!(gathered.seed().is_err(), "one is never enough");
        true
    })
}

/// The page of a share that somebody handed over: what is found on it is on it, and no longer than it.
pub fn share_page(bytes: &[u8]) -> bool {
    let Ok(page) = std::str::from_utf8(bytes) else { return false };
    share_page::words(page).is_some_and(|words| {
        assert!(words.expose().len() <= page.len());
        let found = Share::parse(words.expose());
        found.is_ok_and(|share| share.needed() >= 2)
    })
}

/// What was typed where the 24 words or the twelve were asked for: one phrase, however it was typed.
pub fn phrase(bytes: &[u8]) -> bool {
    let Ok(typed) = std::str::from_utf8(bytes) else { return false };
    let seed = Seed::from_words(typed).is_ok_and(|seed| {
        let words = seed.to_words();
        let again = Seed::from_words(words.expose()).expect("our own words");
        assert_eq!(again.expose().expose(), seed.expose().expose());
        assert!(typed.split_whitespace().map(str::to_ascii_lowercase).eq(words.expose().split(' ')));
        true
    });
    let proof = ProofKey::from_phrase(typed).is_ok_and(|key| {
        let again = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        assert_eq!(ProofKey::from_phrase(&again).expect("the same words").commit(), key.commit());
        true
    });
    assert!(!(seed && proof), "they have different lengths");
    seed || proof
}

/// What was typed where eight words were asked for.
pub fn eight_words(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|typed| words::matches_eight(&Digest::of(b"abc"), typed))
}
