//! The age test kit (C2SP's CCTV, 143 vectors) against what we open, and the age crate against what we seal.
//!
//! A sealed file of ours is an age file of one shape: one `mlkem768x25519` stanza, no armor. So of the kit exactly one
//! vector opens with `seal::open`, four more that age takes are refused on purpose, and every refusal of age is ours.
//! The kit's payloads come under X25519 headers; they are put under a header of ours with the same file key, so that
//! each of them runs through our reader. The adapter that age programs use passes the hybrid vectors as age wants it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use age::secrecy::ExposeSecret as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use sanduq::crypto::hybrid::{AgeRecipient, FileKey};
use sanduq::crypto::{Digest, Identity, hmac, seal};

/// Files that age takes and we refuse: armored, with another stanza beside ours, or with two of ours.
const REFUSED_ON_PURPOSE: [&str; 4] =
    ["armor_hybrid", "hybrid_and_x25519", "hybrid_grease", "hybrid_multiple_recipients"];

struct Vector {
    name: String,
    fields: BTreeMap<String, String>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Vector {
        let bytes = std::fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let fields: BTreeMap<_, _> = head
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut file = bytes[end + 2..].to_vec();
        if fields.contains_key("compressed") {
            file = miniz_oxide::inflate::decompress_to_vec_zlib(&file).unwrap();
        }
        Vector { name: path.file_name().unwrap().to_str().unwrap().to_owned(), fields, file }
    }

    fn expects(&self, outcome: &str) -> bool {
        self.fields["expect"] == outcome
    }

    /// The kit's identity if it is one of ours; any other cannot be given to us.
    fn identity(&self) -> Option<Identity> {
        self.fields.get("identity")?.parse().ok()
    }
}

fn kit() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/age-testkit");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 143);
    paths.iter().map(|path| Vector::read(path)).collect()
}

/// What a reader gave before it ended or failed, and whether it ended.
fn drain(mut reader: impl Read) -> (Digest, bool) {
    let mut released = Vec::new();
    let whole = reader.read_to_end(&mut released).is_ok();
    (Digest::of(&released), whole)
}

#[test]
fn of_the_kit_exactly_the_files_of_our_shape_open() {
    let mut opened = Vec::new();
    let mut refused_on_purpose = Vec::new();
    for vector in kit() {
        let identity = vector.identity();
        let ours = identity.is_some();
        match seal::open(&identity.unwrap_or_else(Identity::generate), &vector.file[..]) {
            Ok(opener) => {
                let (payload, whole) = drain(opener);
                assert!(vector.expects("success") && whole, "{}", vector.name);
                assert_eq!(payload.to_string(), vector.fields["payload"], "{}", vector.name);
                opened.push(vector.name);
            }
            Err(seal::SealError::Unopened) if ours && vector.expects("success") => {
                refused_on_purpose.push(vector.name);
            }
            Err(seal::SealError::Unopened) => {}
            Err(error) => panic!("{}: {error}", vector.name),
        }
    }
    assert_eq!(opened, ["hybrid"]);
    assert_eq!(refused_on_purpose, REFUSED_ON_PURPOSE);
    let refused = refused_on_purpose.len();
    println!(
        "MEASURED F2 age test kit: 143 vectors as age says, but for {refused} that are refused on purpose"
    );
}

#[test]
fn the_adapter_for_age_programs_gives_what_the_kit_expects() {
    let mut count = 0;
    for vector in kit().into_iter().filter(|vector| vector.name.starts_with("hybrid")) {
        let keys: Vec<Box<dyn age::Identity>> = match vector.identity() {
            Some(identity) => vec![Box::new(identity)],
            None => vec![Box::new(vector.fields["identity"].parse::<age::x25519::Identity>().unwrap())],
        };
        let opened = age::Decryptor::new(&vector.file[..])
            .and_then(|decryptor| decryptor.decrypt(keys.iter().map(|key| &**key)));
        assert_eq!(opened.is_ok(), vector.expects("success"), "{}", vector.name);
        if let Ok(reader) = opened {
            let (payload, whole) = drain(reader);
            assert!(whole);
            assert_eq!(payload.to_string(), vector.fields["payload"], "{}", vector.name);
        }
        count += 1;
    }
    assert_eq!(count, 18);
}

/// A header of ours that wraps `file_key`.
fn header(identity: &Identity, file_key: [u8; 16]) -> Vec<u8> {
    let wrapped = identity.to_recipient().wrap_file_key(&FileKey::new(Box::new(file_key))).unwrap().0;
    let base64 = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
    let stanza = &wrapped[0];
    let text =
        format!("age-encryption.org/v1\n-> {} {}\n{}\n---", stanza.tag, stanza.args[0], base64(&stanza.body));
    let key = hmac(hmac(&[], &file_key).as_bytes(), b"header\x01");
    let mac = hmac(key.as_bytes(), text.as_bytes());
    format!("{text} {}\n", base64(mac.as_bytes())).into_bytes()
}

#[test]
fn the_kits_payloads_under_our_header() {
    let identity = Identity::generate();
    let (mut count, mut given_less) = (0, Vec::new());
    for vector in kit().into_iter().filter(|vector| vector.name.starts_with("stream_")) {
        let key = &vector.fields["file key"];
        let key = std::array::from_fn(|at| u8::from_str_radix(&key[at * 2..at * 2 + 2], 16).unwrap());
        let mac_line = vector.file.windows(5).position(|window| window == b"\n--- ").unwrap();
        let payload =
            mac_line + 5 + vector.file[mac_line + 5..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let mut file = header(&identity, key);
        assert_eq!(file.len(), seal::HEADER_LEN);
        file.extend_from_slice(&vector.file[payload..]);
        match seal::open(&identity, &file[..]) {
            Ok(opener) => {
                let (payload, whole) = drain(opener);
                assert_eq!(whole, vector.expects("success"), "{}", vector.name);
                if payload.to_string() != vector.fields["payload"] {
                    assert!(!whole, "{}", vector.name);
                    given_less.push(vector.name);
                }
            }
            Err(_) => assert!(vector.expects("header failure"), "{}", vector.name),
        }
        count += 1;
    }
    assert_eq!(count, 28);
    // The chunk that is marked as the last is not the last: the kit has it given out before that is found, and ours asks first.
    given_less.sort();
    let ends_elsewhere = [
        "stream_no_final_full",
        "stream_no_final_two_chunks_full",
        "stream_trailing_garbage_long",
        "stream_trailing_garbage_short",
        "stream_two_final_chunks",
        "stream_two_final_chunks_full",
        "stream_two_final_chunks_second",
    ];
    assert_eq!(given_less, ends_elsewhere);
}

/// An identity of the age crate's trait that reveals the file key it finds.
struct Revealing(Identity, std::cell::RefCell<Option<[u8; 16]>>);

impl age::Identity for Revealing {
    fn unwrap_stanza(
        &self,
        stanza: &sanduq::crypto::hybrid::Stanza,
    ) -> Option<Result<FileKey, age::DecryptError>> {
        let found = age::Identity::unwrap_stanza(&self.0, stanza)?;
        if let Ok(key) = &found {
            *self.1.borrow_mut() = Some(*key.expose_secret());
        }
        Some(found)
    }
}

#[test]
fn the_age_crate_opens_what_we_seal() {
    let identity = Revealing(Identity::generate(), Default::default());
    let mut keys = std::collections::BTreeSet::new();
    for len in [0, 1, 65535, 65536, 65537, 131072, 200_000] {
        let plain: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let sealed = seal::seal_bytes(&identity.0.to_recipient(), &plain);
        assert_eq!(sealed.len() as u64, seal::sealed_len(len as u64));
        let mut opened = Vec::new();
        let decryptor = age::Decryptor::new(&sealed[..]).unwrap();
        decryptor
            .decrypt([&identity as &dyn age::Identity].into_iter())
            .unwrap()
            .read_to_end(&mut opened)
            .unwrap();
        assert_eq!(opened, plain);
        assert!(keys.insert(identity.1.take().unwrap()), "a file key was used twice");
    }
}

#[test]
fn what_the_age_crate_seals_with_grease_is_refused() {
    let identity = Identity::generate();
    let recipient = identity.to_recipient();
    let encryptor = age::Encryptor::with_recipients([&recipient as &dyn age::Recipient].into_iter()).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(b"plain").unwrap();
    writer.finish().unwrap();
    assert!(matches!(seal::open(&identity, &sealed[..]), Err(seal::SealError::Unopened)));
    assert_eq!(age::decrypt(&identity, &sealed).unwrap(), b"plain");
}

#[test]
fn post_quantum_recipients_are_not_mixed_with_others() {
    let ours = Identity::generate().to_recipient();
    let other = age::x25519::Identity::generate().to_public();
    let both = [&ours as &dyn age::Recipient, &other];
    assert!(age::Encryptor::with_recipients(both.into_iter()).is_err());
}
