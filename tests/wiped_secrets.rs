//! After a secret was dropped, its bytes are nowhere in the memory of the process that can be written.
//!
//! What is looked for is held masked, so that the looking finds nothing of its own; a secret that is still alive shows
//! that the looking works. One test in a process of its own: other threads would leave secrets of theirs.
#![cfg(target_os = "linux")]

use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;

use sanduq::crypto::stream::{OpeningReader, SealingWriter};
use sanduq::crypto::{
    CompartmentId, EpochBlock, FileKey, Identity, IndexKey, KdfParams, KeyPair, Passphrase, Secret, Seed,
    Slots, domain, random, seal, seed,
};

const MASK: u8 = 0xa5;

/// What to look for, by name.
struct Needle(&'static str, Vec<u8>);

impl Needle {
    fn new(name: &'static str, secret: &[u8]) -> Needle {
        assert!(secret.len() >= 16);
        Needle(name, secret.iter().map(|byte| byte ^ MASK).collect())
    }

    /// Half of it is a find: what overwrites the begin of a freed block does not hide the rest.
    fn is_in(&self, memory: &[u8]) -> bool {
        let halves = self.1.split_at(self.1.len() / 2);
        [halves.0, halves.1].into_iter().any(|half| {
            memory.windows(half.len()).any(|window| {
                window[0] ^ MASK == half[0]
                    && window.iter().zip(half).all(|(byte, masked)| byte ^ MASK == *masked)
            })
        })
    }
}

/// The names of those needles that are in writable memory.
fn found(needles: &[Needle]) -> Vec<&'static str> {
    let mut found = std::collections::BTreeSet::new();
    let memory = File::open("/proc/self/mem").unwrap();
    for line in read_to_string("/proc/self/maps").unwrap().lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut bytes = vec![0; (to - from) as usize];
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        found.extend(needles.iter().filter(|needle| needle.is_in(&bytes)).map(|needle| needle.0));
    }
    found.into_iter().collect()
}

#[inline(never)]
fn vault() -> Vec<Needle> {
    let id = CompartmentId::generate();
    let contributor = Seed::generate();
    let phrase = seed::phrase(7);
    let words = contributor.to_words();
    let mut needles = vec![
        Needle::new("seed", contributor.expose().expose()),
        Needle::new("words", words.expose().as_bytes()),
        Needle::new("passphrase", phrase.expose().as_bytes()),
    ];
    let passphrase = Passphrase::new(phrase.expose().clone());
    drop(phrase);
    let (slots, master) = Slots::create(&id, &passphrase, KdfParams::FLOOR, &contributor).unwrap();
    let index = IndexKey::generate();
    needles.push(Needle::new("index key", index.expose().expose()));
    let epoch = EpochBlock::seal(&master, &id, 1, &index);
    drop((master, index));
    let master = slots.unlock(&id, &passphrase).unwrap();
    drop(epoch.open(&master, &id).unwrap());
    drop(slots.unlock_by_seed(&id, &contributor).unwrap());
    drop(Seed::from_words(words.expose()).unwrap());
    let recovery = contributor.derive("sanduq/recovery-slot/1", id.as_bytes());
    needles.push(Needle::new("recovery slot key", recovery.expose()));
    needles
}

#[inline(never)]
fn signing() -> Vec<Needle> {
    let pair = KeyPair::generate();
    let signature = pair.sign::<domain::Author>(b"text");
    pair.public().verify(b"text", &signature).unwrap();
    let [ed25519, composite] = pair.seeds();
    let half = |purpose| seed::derive_from(composite, purpose, &[]);
    vec![
        Needle::new("Ed25519 seed", ed25519.expose()),
        Needle::new("composite seed", composite.expose()),
        Needle::new("ML-DSA half", half("sanduq/composite-mldsa44/1").expose()),
        Needle::new("Ed25519 half", half("sanduq/composite-ed25519/1").expose()),
    ]
}

#[inline(never)]
fn files() -> Vec<Needle> {
    let content: Secret<[u8; 4096]> = random::secret();
    let (key, identity) = (FileKey::generate(), Identity::generate());
    let mut writer = SealingWriter::new(&key, Vec::new());
    writer.write_all(content.expose()).unwrap();
    let at_rest = writer.finish(8192).unwrap();
    let mut read: Secret<[u8; 4096]> = Secret::init(|_| ());
    let mut reader = OpeningReader::new(&key, &at_rest[..], 4096);
    reader.read_exact(read.expose_mut()).unwrap();
    assert_eq!(reader.read(&mut [0]).unwrap(), 0);
    assert!(read.expose() == content.expose());
    let sealed = seal::seal_bytes(&identity.to_recipient(), content.expose());
    drop(seal::open_bytes(&identity, &sealed, 4096).unwrap());
    vec![
        Needle::new("content", &content.expose()[..64]),
        Needle::new("file key", key.expose().expose()),
        Needle::new("identity", identity.seed().expose()),
        Needle::new("identity as text", identity.to_secret_string().expose().as_bytes()),
    ]
}

#[test]
fn nothing_of_a_dropped_secret_is_left() {
    let alive: Secret<[u8; 32]> = random::secret();
    let mut needles = vec![Needle::new("alive", alive.expose())];
    // Looked for after each step: the next one would write over what this one left on the stack.
    for step in [vault, signing, files] {
        needles.extend(step());
        assert_eq!(found(&needles), ["alive"]);
    }
    assert_eq!(needles.len(), 14);
    black_box(alive.expose());
}
