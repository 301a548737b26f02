//! The vectors of the formats: a folder for each under `tests/vectors/`, with files that every reader accepts
//! (`good-…`) and files that every reader refuses (`bad-…`), the reason in the name.
//!
//! They are also what our writers write, byte for byte: [`samples`](samples::all) makes them anew from fixed seeds, and
//! a difference means that a format has changed. A new vector is added there and written by
//! `SANDUQ_WRITE_VECTORS=1 cargo test --test vectors_format`; an old one is never rewritten after a release.

#[path = "../fuzz/src/checks.rs"]
mod checks;
#[path = "vectors_format/samples.rs"]
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use sanduq::bundle::{Proof, ProofKey, carrier};
use sanduq::crypto::CarrierKey;
use sanduq::crypto::carrier::CARRIER_KEY_LEN;
use sanduq::crypto::domain::Bundle;
use sanduq::crypto::{Digest, VerifyingKey};
use sanduq::format::note::NoteVerifier;
use sanduq::format::padding::{coarse_len, padded_len};
use sanduq::format::sshsig;
use sanduq::tlog::{MemoryHashes, TlogProof, Tree};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(vectors().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(path: &str) -> String {
    String::from_utf8(read(path)).unwrap()
}

/// The vectors in a format's folder that begin with `good-` or `bad-`.
fn judged(format: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(vectors().join(format)).unwrap_or_else(|error| panic!("{format}: {error}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("good-") || name.starts_with("bad-")).collect()
}

#[test]
fn every_vector_is_accepted_or_refused_as_its_name_says() {
    let mut wrong = Vec::new();
    for (format, check) in checks::CHECKS.iter().filter(|(format, _)| samples::FORMATS.contains(format)) {
        let names = judged(format);
        assert!(names.iter().any(|name| name.starts_with("good-")), "{format} has none to accept");
        assert!(names.iter().any(|name| name.starts_with("bad-")), "{format} has none to refuse");
        for name in names {
            if check(&read(&format!("{format}/{name}"))) != name.starts_with("good-") {
                wrong.push(format!("{format}/{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "judged otherwise: {wrong:#?}");
}

#[test]
fn our_writers_write_the_vectors() {
    let writing = std::env::var_os("SANDUQ_WRITE_VECTORS").is_some();
    for sample in samples::all() {
        let path = vectors().join(&sample.path);
        if writing {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &sample.bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|bytes| bytes == sample.bytes), "{} differs", sample.path);
    }
}

#[test]
fn every_vector_is_one_of_the_samples() {
    let known: BTreeSet<String> = samples::all().into_iter().map(|sample| sample.path).collect();
    for format in samples::FORMATS {
        for name in judged(format).into_iter().filter(|name| !is_foreign(name)) {
            assert!(known.contains(&format!("{format}/{name}")), "{format}/{name} is nobody's");
        }
    }
}

/// What another program made.
fn is_foreign(name: &str) -> bool {
    ["by-ssh-keygen", "by-openssl", "by-opentimestamps"].iter().any(|by| name.contains(by))
}

/// Its counter block is the last but one, so that it grows past its end.
#[test]
fn a_carrier_that_openssl_made_has_in_it_what_openssl_was_given() {
    let key = CarrierKey::from_text(&read("carrier/by-openssl.key")).unwrap();
    let carrier = read("carrier/good-carrier-by-openssl").split_off(CARRIER_KEY_LEN);
    assert_eq!(carrier[..16], [vec![0xff; 15], vec![0xfe]].concat());
    let mut content = Vec::new();
    carrier::open(&key, Cursor::new(carrier)).unwrap().read_to_end(&mut content).unwrap();
    assert!(content == read("carrier/by-openssl.tar"));
}

#[test]
fn what_ssh_keygen_signed_verifies() {
    for made in ["by-ssh-keygen", "composite-by-ssh-keygen"] {
        let key = VerifyingKey::from_line(text(&format!("sshsig/{made}.pub")).trim_end()).unwrap();
        let signature = read(&format!("sshsig/good-{made}.sig"));
        let (signer, signature) = sshsig::parse::<Bundle>(signature).unwrap();
        assert_eq!(signer, key);
        key.verify(&read(&format!("sshsig/{made}.message")), &signature).unwrap();
        assert!(key.verify(b"another message", &signature).is_err());
    }
}

#[test]
fn roots_are_those_of_rfc_6962s_reference() {
    let leaves = text("log/leaves.txt");
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    for (line, root) in leaves.lines().zip(text("log/roots.txt").lines()) {
        tree.append(&bytes_of(line)).unwrap();
        assert_eq!(tree.root(tree.size()).unwrap().to_string(), root, "{} leaves", tree.size());
    }
    assert_eq!(tree.size(), 8);
}

fn bytes_of(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn receipts_hold_for_their_log_alone() {
    let log: NoteVerifier = text("vkey/good-log").parse().unwrap();
    let proof = TlogProof::parse(&read("receipt/good-ingest")).unwrap();
    let leaf = proof.verify_logged(&log).unwrap();
    assert_eq!(leaf, read("leaf/good-ingest"));
    let other = TlogProof::parse(&read("receipt/good-spelling-of-another-log")).unwrap();
    assert!(other.verify_logged(&log).is_err());
    let moved = TlogProof::parse(&read("receipt/good-spelling-at-another-place")).unwrap();
    assert!(moved.verify_logged(&log).is_err());
}

#[test]
fn the_phrase_gives_the_key_and_the_key_holds_what_it_signed() {
    let key = ProofKey::from_phrase(text("proof/phrase").trim_end()).unwrap();
    assert_eq!(key.commit().to_string(), text("proof/key.sha256").trim_end());
    assert_eq!(key.commit(), Digest::of(&read("proof/key.pub")));
    let proof = Proof::parse(&read("proof/good-answer")).unwrap();
    proof.verify(&samples::proof_about(), &read("proof/answer.sig")).unwrap();
    let other = Proof::parse(&read("proof/good-persian")).unwrap();
    assert!(other.verify(&samples::proof_about(), &read("proof/answer.sig")).is_err());
}

#[test]
fn lengths_are_padded_as_listed() {
    let check = |list: &str, class: fn(u64) -> u64| {
        for line in text(list).lines() {
            let (len, padded) = line.split_once(' ').unwrap();
            assert_eq!(class(len.parse().unwrap()), padded.parse::<u64>().unwrap(), "{len}");
        }
    };
    check("padding/lengths.txt", padded_len);
    check("padding/coarse.txt", coarse_len);
}

#[test]
fn a_digest_list_has_the_digest_that_sha256sum_gives_it() {
    let list = read("digest_list/good-record");
    assert_eq!(Digest::of(&list).to_string(), text("digest_list/record.sha256").trim_end());
}

#[test]
fn the_examples_of_the_pages_are_vectors() {
    for (page, vector) in [
        ("bag", "bag/good-outer-bag"),
        ("custody", "custody/good-first-entry"),
        ("custody", "custody/good-second-entry"),
        ("digest-list", "digest_list/good-record"),
        ("log", "leaf/good-ingest"),
        ("mirror", "holds/good-two"),
        ("note", "checkpoint/good-cosigned"),
        ("possession", "possession/good-answer"),
        ("possession", "possession/good-challenge"),
        ("proof", "proof/good-answer"),
        ("proof", "proof/answer.sig"),
        ("proof", "proof/key.pub"),
        ("receipt", "receipt/good-ingest"),
        ("sshsig", "sshsig/good-by-ssh-keygen.sig"),
        ("volume", "missing/good-some"),
        ("witness", "add_checkpoint/good-request"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/spec/{page}.md"));
        let page = fs::read_to_string(&path).unwrap();
        assert!(page.contains(&format!("{}\n", text(vector).trim_end())), "{vector} in {}", path.display());
    }
}

/// Where a page shortens its example with `…`, what stands there is in the vector, in that order.
#[test]
fn the_shortened_examples_of_the_pages_are_vectors() {
    let page = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/spec/{name}.md"));
        let text = fs::read_to_string(path).unwrap();
        let (_, from) = text.split_once("```text\n").expect("an example");
        from.split_once("```").expect("its end").0.to_owned()
    };
    for (name, vector) in [("card", "card/good-two-of-three.card"), ("reply", "reply/good-question")] {
        let (example, vector) = (page(name), text(vector));
        let mut rest = vector.as_str();
        for piece in example.split('…').map(str::trim).filter(|piece| !piece.is_empty()) {
            let at = rest.find(piece).unwrap_or_else(|| panic!("{piece:?} is not in the vector's rest"));
            rest = &rest[at + piece.len()..];
        }
    }
    let numbers = page("padding").replace(',', "");
    for (line, vectors) in numbers.lines().zip(["padding/lengths.txt", "padding/coarse.txt"]) {
        let words: Vec<&str> = line.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).collect();
        let line = words.join(" ");
        assert!(text(vectors).lines().any(|known| known == line), "{line} in {vectors}");
    }
    assert_eq!(numbers.lines().count(), 2);
}
