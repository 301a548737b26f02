//! What is secret in a vault: learnt through the library and Argon2 itself, in the process of the test.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use sanduq::crypto::{Passphrase, Secret, Seed};
use sanduq::store::{Compartment, Row, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::house::Person;
use crate::look::Needle;

pub const TITLE: &str = "کوچهٔ هشتم، پشت نانوایی";
pub const KEPT: &str = "The lamps were carried down the ninth stair";
pub const TYPED: &str = "Nobody asked who held the paper lantern";
pub const HALF: &str = "half a sentence about the seventh door";
pub const SOUGHT: &str = "unfindablewordsoughtbyher";
pub const ANSWER: &str = "surely not this time thanks";
pub const PSEUDONYM: &str = "the one who kept the ladder dry";
pub const NEW: &str = "eleven cold winters behind the mill pond";

/// A file of slots before its slots: a line, the salt, three numbers (docs/spec/slots.md).
const SALT: std::ops::Range<usize> = 15..47;
const COST: usize = 47;
/// Bytes of one block of Argon2's matrix that are looked for.
const WINDOW: usize = 64;

/// A row as it stands in the index.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct OwnerRow(Value);

impl Row for OwnerRow {
    const KIND: &'static str = "owner";

    fn key(&self) -> Vec<u8> {
        Vec::new()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct ObjectRow(Value);

impl Row for ObjectRow {
    const KIND: &'static str = "store.object";

    fn key(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// What is typed and kept, whatever the vault is.
pub fn texts(person: &Person) -> Vec<Needle> {
    let all = [
        ("passphrase", person.passphrase.as_str()),
        ("new passphrase", NEW),
        ("title", TITLE),
        ("testimony that was kept", KEPT),
        ("testimony that was typed", TYPED),
        ("half a sentence", HALF),
        ("word that was sought", SOUGHT),
        ("answer", ANSWER),
        ("pseudonym", PSEUDONYM),
    ];
    all.into_iter().map(|(name, text)| Needle::new(name, text)).collect()
}

/// The keys of a person's vault as it is now, which nobody may have open.
pub fn keys(person: &Person) -> Vec<Needle> {
    let compartment = Compartment::list(&person.vault).unwrap().remove(0);
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let slots = compartment.slots().unwrap();
    let master = slots.unlock(&compartment.id(), &passphrase).unwrap();
    let index = compartment.epoch(&master).unwrap().key;
    let store = compartment.open(&master).unwrap();
    let owner: OwnerRow = store.get(b"").unwrap().unwrap();
    let seed = owner.0["seed"].as_str().unwrap().to_owned();
    let recovery = owner.0["recovery"].as_str().unwrap_or(&seed).to_owned();
    let files = object_keys(&store);
    let words = Seed::from_bytes(Secret::from_slice(&bytes_of(&recovery)).unwrap()).to_words();
    let (master, index) = (master.expose().expose(), index.expose().expose());
    let mut all = vec![
        Needle::new("seed", bytes_of(&seed)),
        Needle::new("seed in hexadecimal", seed),
        Needle::new("what the 24 words carry", bytes_of(&recovery)),
        Needle::new("24 words", words.expose().as_bytes()),
        Needle::new("master key", &master[..]),
        Needle::new("index key", &index[..]),
        Needle::new("index key in hexadecimal", hex_of(index)),
        Needle::new("index key in upper case", hex_of(index).to_ascii_uppercase()),
    ];
    for file in files {
        all.push(Needle::new("file key", bytes_of(&file)));
        all.push(Needle::new("file key in hexadecimal", file));
    }
    all.extend([person.passphrase.as_str(), NEW].iter().flat_map(|typed| hashed(&slots.to_bytes(), typed)));
    all
}

/// What Argon2id makes of a passphrase with the salt and the cost of this file of slots: the slot's key, and parts of the
/// matrix that it was made in, as they are at the end.
pub fn hashed(slots: &[u8], passphrase: &str) -> Vec<Needle> {
    let number = |at: usize| u32::from_le_bytes(slots[COST + 4 * at..][..4].try_into().unwrap());
    let params = Params::new(number(0), number(1), number(2), Some(32)).unwrap();
    let mut matrix = vec![Block::new(); params.block_count()];
    let mut key = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_into_with_memory(passphrase.as_bytes(), &slots[SALT], &mut key, &mut matrix[..])
        .unwrap();
    let window = |block: usize| {
        let bytes: Vec<u8> = matrix[block].as_ref().iter().flat_map(|word| word.to_le_bytes()).collect();
        Needle::new("Argon2's matrix", &bytes[400..400 + WINDOW])
    };
    let last = matrix.len() - 1;
    [Needle::new("slot key", &key[..])].into_iter().chain([4, last / 2, last].map(window)).collect()
}

fn object_keys(store: &Store) -> Vec<String> {
    let rows = store.all::<ObjectRow>().unwrap();
    let keys = rows.iter().filter_map(|row| row.0["place"]["packs"]["key"].as_str());
    let keys: Vec<String> = keys.map(str::to_owned).collect();
    assert!(!keys.is_empty(), "a file in a pack");
    keys
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn hex_of(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}
