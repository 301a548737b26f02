//! Tests of letters.

use super::super::reply::About;
use super::super::sample::organisation;
use super::*;
use crate::crypto::hash::Digest;
use crate::crypto::key_pair::KeyPair;
use crate::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

fn receipt() -> Receipt {
    let org = organisation(1, 1);
    let leaf = Leaf::Ingest(Digest::of(b"a tag manifest")).to_string();
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    tree.append(leaf.as_bytes()).unwrap();
    let head = Checkpoint::of(&org.log, 1, tree.root(1).unwrap()).sign(&org.log).unwrap();
    Receipt::of(TlogProof::logged(leaf.as_bytes(), 0, Vec::new(), head)).unwrap()
}

fn reply(words: &str) -> Reply {
    let digest = Digest::of(b"invented");
    let about = About { bundle: digest, author: digest, card: digest };
    Reply::sign(about, 1, 1, words, &KeyPair::generate()).unwrap()
}

fn missing() -> Note {
    let missing = Missing { set: Digest::of(b"a set"), numbers: [3, 7].into() };
    missing.sign(&organisation(1, 1).log).unwrap()
}

#[test]
fn every_kind_looks_alike_and_is_told_by_its_first_line() {
    let identity = Identity::generate();
    let longest = "\u{6a9}".repeat(reply::WORDS_BYTES_MAX / 2);
    let letters = [
        Letter::Receipt(receipt()),
        Letter::Reply(reply("Thanks.")),
        Letter::Reply(reply(&longest)),
        Letter::Card(Box::new(organisation(5, 3).card)),
        Letter::Missing(missing()),
    ];
    for letter in letters {
        let sealed = letter.seal(&identity.to_recipient()).unwrap();
        assert!(looks_sealed(&sealed));
        assert_eq!(Letter::open(&identity, &sealed).unwrap(), letter);
        assert!(matches!(Letter::open(&Identity::generate(), &sealed), Err(BundleError::NotALetter)));
    }
    let sealed = seal_letter(&identity.to_recipient(), b"sanduq-letter/9\nof a later time\n").unwrap();
    assert!(matches!(Letter::open(&identity, &sealed), Err(BundleError::UnknownLetter)));
    assert!(!looks_sealed(&vec![7; usize::try_from(letter_len()).unwrap()]));
    assert!(!looks_sealed(&sealed[1..]));
}

#[test]
fn letters_have_one_length_and_open_only_for_their_recipient() {
    let identity = Identity::generate();
    let receipt = receipt();
    let letter = seal_receipt(&identity.to_recipient(), &receipt).unwrap();
    assert_eq!(letter.len() as u64, letter_len());
    assert_eq!(seal_letter(&identity.to_recipient(), b"").unwrap().len(), letter.len());
    assert_eq!(open_receipt(&identity, &letter).unwrap(), receipt);
    assert!(matches!(open_receipt(&Identity::generate(), &letter), Err(BundleError::NotALetter)));
    let mut changed = letter.clone();
    changed[letter.len() - 1] ^= 1;
    assert!(matches!(open_receipt(&identity, &changed), Err(BundleError::NotALetter)));
}

#[test]
fn a_letter_has_one_spelling() {
    let identity = Identity::generate();
    let mut content = vec![0; LETTER_BYTES];
    content[..2].copy_from_slice(b"hi");
    let seal = |content: &[u8]| seal::seal_bytes(&identity.to_recipient(), content);
    assert_eq!(open_letter(&identity, &seal(&content)).unwrap().expose(), b"hi");
    assert!(open_letter(&identity, &seal(&content[1..])).is_err());
    content[LETTER_BYTES - 1] = 1;
    assert!(open_letter(&identity, &seal(&content)).is_err());
    assert!(seal_letter(&identity.to_recipient(), b"a\0b").is_err());
    assert!(seal_letter(&identity.to_recipient(), &[b'x'; LETTER_BYTES + 1]).is_err());
}
