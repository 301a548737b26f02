//! What is kept, as another program made it from the specification: key slots, an epoch, segments.

use std::io::{Read, Write};

use sanduq::crypto::stream::{OpeningReader, SealingWriter};
use sanduq::crypto::{Digest, EpochBlock, FileKey, KeyslotError, Passphrase, Secret, Seed, Slots, hex};

struct Vectors(serde_json::Value);

impl Vectors {
    fn read() -> Vectors {
        Vectors(
            serde_json::from_str(&std::fs::read_to_string("tests/vectors/at_rest.json").unwrap()).unwrap(),
        )
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        let text = self.text(name);
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect()
    }

    fn secret(&self, name: &str) -> Secret<[u8; 32]> {
        Secret::from_slice(&self.bytes(name)).unwrap()
    }
}

#[test]
fn slots_open_by_passphrase_and_by_seed() {
    let vectors = Vectors::read();
    let id = vectors.text("compartment").parse().unwrap();
    let slots = Slots::from_bytes(&vectors.bytes("slots")).unwrap();
    assert_eq!(slots.to_bytes(), vectors.bytes("slots"));
    let epoch = EpochBlock::from_bytes(&vectors.bytes("epoch")).unwrap();
    assert_eq!(epoch.to_bytes(), vectors.bytes("epoch"));

    let by_seed = slots.unlock_by_seed(&id, &Seed::from_bytes(vectors.secret("seed"))).unwrap();
    let by_passphrase = slots.unlock(&id, &Passphrase::from(vectors.text("passphrase"))).unwrap();
    for master in [by_seed, by_passphrase] {
        let (number, key) = epoch.open(&master, &id).unwrap();
        assert_eq!(Some(number), vectors.0["epoch_number"].as_u64());
        assert_eq!(hex::encode(key.expose().expose()), vectors.text("index_key"));
    }
    let wrong = slots.unlock(&id, &Passphrase::from("an invented passphrase ")).unwrap_err();
    assert_eq!(wrong, KeyslotError::Unopened);
}

#[test]
fn segments_are_sealed_byte_for_byte() {
    let vectors = Vectors::read();
    let key = FileKey::from_secret(&vectors.secret("file_key"));
    let mut writer = SealingWriter::new(&key, Vec::new());
    writer.write_all(vectors.text("content").as_bytes()).unwrap();
    let sealed = writer.finish(vectors.0["padded"].as_u64().unwrap()).unwrap();
    assert_eq!(Digest::of(&sealed).to_string(), vectors.text("segments_sha256"));
    let mut content = String::new();
    let len = vectors.text("content").len() as u64;
    OpeningReader::new(&key, &sealed[..], len).read_to_string(&mut content).unwrap();
    assert_eq!(content, vectors.text("content"));
}
