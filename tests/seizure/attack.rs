//! Who seized a disk and was told the passphrase: everything that opens with it, wherever on the disk it lies, freed
//! blocks included. Nothing is checked, everything is decrypted that could be something, and looked through: whoever
//! attacks does not stop at a wrong tag.

use std::collections::BTreeSet;

use aes::Aes256;
use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit};
use ring::hkdf::{HKDF_SHA256, Salt};
use sanduq::crypto::epoch::EPOCH_LEN;
use sanduq::crypto::keyslot::SLOTS_LEN;
use sanduq::crypto::{CompartmentId, EpochBlock, MasterKey, Passphrase, Slots};

/// Where files begin on this disk.
const BLOCK: usize = 4096;
/// How many bytes SQLCipher keeps at the end of a page, and how many of them are the initialization vector.
const RESERVE: usize = 80;
/// How long a journal's first line is: its blocks lie that far into those of the disk.
const JOURNAL_LINE: usize = 17;
/// How much of a file's beginning is decrypted: what is looked for stands there.
const HEAD: usize = 1024;

/// What opened.
pub struct Opened {
    /// Index keys.
    pub indexes: usize,
    /// Keys of files.
    pub files: usize,
    /// Everything that was decrypted, right or wrong.
    pub texts: Vec<Vec<u8>>,
}

/// Opens what it can. `pieces` are runs of the disk, each with its place on it.
pub fn open(pieces: &[(u64, Vec<u8>)], parts: &[CompartmentId], passphrase: &Passphrase) -> Opened {
    let mut opened = Opened { indexes: 0, files: 0, texts: Vec::new() };
    let masters = masters(pieces, parts, passphrase);
    for key in index_keys(pieces, parts, &masters) {
        opened.indexes += 1;
        let journal = journal_key(&key);
        for (place, piece) in pieces {
            opened.texts.push(pages(&key, *place, piece));
            opened.texts.push(journal_blocks(&journal, *place, piece));
        }
    }
    let keys: BTreeSet<([u8; 32], usize)> = opened.texts.iter().flat_map(|text| file_keys(text)).collect();
    opened.files = keys.len();
    for (key, at) in keys {
        opened.texts.push(file_heads(&key, at, pieces));
    }
    opened
}

fn aligned(place: u64, piece: &[u8]) -> impl Iterator<Item = usize> {
    let first = (BLOCK - (place % BLOCK as u64) as usize) % BLOCK;
    (first..piece.len()).step_by(BLOCK)
}

fn masters(pieces: &[(u64, Vec<u8>)], parts: &[CompartmentId], passphrase: &Passphrase) -> Vec<MasterKey> {
    let mut found = Vec::new();
    for (place, piece) in pieces {
        for at in aligned(*place, piece) {
            let Some(Ok(slots)) = piece.get(at..at + SLOTS_LEN).map(Slots::from_bytes) else { continue };
            found.extend(parts.iter().filter_map(|id| slots.unlock(id, passphrase).ok()));
        }
    }
    found
}

fn index_keys(
    pieces: &[(u64, Vec<u8>)],
    parts: &[CompartmentId],
    masters: &[MasterKey],
) -> BTreeSet<[u8; 32]> {
    let mut found = BTreeSet::new();
    for (place, piece) in pieces {
        for at in aligned(*place, piece) {
            let Some(Ok(block)) = piece.get(at..at + EPOCH_LEN).map(EpochBlock::from_bytes) else { continue };
            for (master, id) in masters.iter().flat_map(|master| parts.iter().map(move |id| (master, id))) {
                if let Ok((_, key)) = block.open(master, id) {
                    found.insert(*key.expose().expose());
                }
            }
        }
    }
    found
}

/// docs/spec/journal.md
fn journal_key(index: &[u8; 32]) -> [u8; 32] {
    let mut key = [0; 32];
    let extracted = Salt::new(HKDF_SHA256, &[]).extract(index);
    extracted.expand(&[b"sanduq/journal/1", &[0]], HKDF_SHA256).unwrap().fill(&mut key).unwrap();
    key
}

/// Every block as if it were a page of the index: AES-256-CBC under the raw key.
fn pages(key: &[u8; 32], place: u64, piece: &[u8]) -> Vec<u8> {
    let cipher = Aes256::new(GenericArray::from_slice(key));
    let mut text = Vec::with_capacity(piece.len());
    for page in aligned(place, piece).filter_map(|at| piece.get(at..at + BLOCK)) {
        let (body, reserve) = page.split_at(BLOCK - RESERVE);
        let mut before: [u8; 16] = reserve[..16].try_into().unwrap();
        for block in body.chunks_exact(16) {
            let mut plain = GenericArray::clone_from_slice(block);
            cipher.decrypt_block(&mut plain);
            text.extend(plain.iter().zip(before).map(|(a, b)| a ^ b));
            before = block.try_into().unwrap();
        }
    }
    text
}

/// Every block as if it were one of the journal, whatever its number.
fn journal_blocks(key: &[u8; 32], place: u64, piece: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(piece.len());
    for at in aligned(place, piece) {
        let Some(block) = piece.get(at + JOURNAL_LINE..at + JOURNAL_LINE + BLOCK) else { continue };
        counter(key, block[..12].try_into().unwrap(), &block[12..], &mut text);
    }
    text
}

/// Decrypts as AES-256-GCM does, without its tag.
fn counter(key: &[u8; 32], nonce: [u8; 12], sealed: &[u8], text: &mut Vec<u8>) {
    let cipher = Aes256::new(GenericArray::from_slice(key));
    for (block, number) in sealed.chunks(16).zip(2u32..) {
        let mut mask = GenericArray::default();
        mask[..12].copy_from_slice(&nonce);
        mask[12..].copy_from_slice(&number.to_be_bytes());
        cipher.encrypt_block(&mut mask);
        text.extend(block.iter().zip(mask).map(|(a, b)| a ^ b));
    }
}

/// What looks like the key of a file, and where in a block of the disk the file begins.
fn file_keys(text: &[u8]) -> Vec<([u8; 32], usize)> {
    let mut found = Vec::new();
    for at in places(text, b"\"packs\":{\"key\":\"") {
        let rest = &text[at + 16..text.len().min(at + 400)];
        let Some(key) = rest.get(..64).and_then(hex) else { continue };
        let Some(from) = places(rest, b"\"at\":").next() else { continue };
        let digits: String =
            rest[from + 5..].iter().take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        found.extend(digits.parse::<usize>().ok().map(|at| (key, at % BLOCK)));
    }
    found
}

fn file_heads(key: &[u8; 32], at: usize, pieces: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut text = Vec::new();
    for (place, piece) in pieces {
        for block in aligned(*place, piece) {
            let Some(head) = piece.get(block + at..block + at + HEAD) else { continue };
            let mut nonce = [0; 12];
            // The first segment, and the last one.
            nonce[11] = 1;
            counter(key, nonce, head, &mut text);
        }
    }
    text
}

/// Where `wanted` stands.
pub fn places<'t>(text: &'t [u8], wanted: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let first = wanted[0];
    text.iter()
        .enumerate()
        .filter(move |(_, byte)| **byte == first)
        .map(|(at, _)| at)
        .filter(move |at| text[*at..].starts_with(wanted))
}

fn hex(text: &[u8]) -> Option<[u8; 32]> {
    sanduq::crypto::hex::decode(std::str::from_utf8(text).ok()?)
}
