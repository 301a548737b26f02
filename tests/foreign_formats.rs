//! Other people's programs on single formats: `ssh-keygen` verifies what we signed and we verify what it signed,
//! `openssl` verifies a checkpoint, `sha256sum` checks a list. A program that is missing makes its test say
//! `SKIPPED name: why`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sanduq::crypto::domain::{Bundle, Card as CardRole};
use sanduq::crypto::{Algorithm, Digest, LogSigningKey, SigningKey, VerifyingKey};
use sanduq::format::digest_list::DigestList;
use sanduq::format::note::NoteSigner;
use sanduq::format::sshsig;
use sanduq::tlog::{Checkpoint, SignedCheckpoint};

/// The program's output, or nothing, said as a skip, if it is not here.
fn run(test: &str, command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            println!("SKIPPED {test}: {:?}: {error}", command.get_program());
            None
        }
    }
}

fn ssh_keygen_verify(folder: &Path, namespace: &str, message: &str) -> Command {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "verify", "-f", "allowed", "-I", "signer", "-n", namespace, "-s", "message.sig"]);
    fs::write(folder.join("message"), message).unwrap();
    command.current_dir(folder).stdin(fs::File::open(folder.join("message")).unwrap());
    command
}

#[test]
fn ssh_keygen_takes_our_signature_in_its_role_alone() {
    let test = "ssh_keygen_takes_our_signature_in_its_role_alone";
    let folder = tempfile::tempdir().unwrap();
    let key = SigningKey::generate(Algorithm::Ed25519);
    let signature = key.sign::<Bundle>(b"sealed\n");
    fs::write(folder.path().join("allowed"), format!("signer {}\n", key.verifying_key())).unwrap();
    fs::write(folder.path().join("message.sig"), sshsig::encode(&key.verifying_key(), &signature)).unwrap();
    for (namespace, message, good) in [
        ("sanduq-bundle", "sealed\n", true),
        ("sanduq-card", "sealed\n", false),
        ("sanduq-bundle", "sealed", false),
    ] {
        let Some(output) = run(test, &mut ssh_keygen_verify(folder.path(), namespace, message)) else {
            return;
        };
        assert_eq!(output.status.success(), good, "{namespace} {message:?}: {output:?}");
    }
}

#[test]
fn we_take_the_signature_of_ssh_keygen() {
    let test = "we_take_the_signature_of_ssh_keygen";
    let folder = tempfile::tempdir().unwrap();
    let ssh_keygen = || {
        let mut command = Command::new("ssh-keygen");
        command.current_dir(folder.path()).stdin(Stdio::null());
        command
    };
    if run(test, ssh_keygen().args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "key"])).is_none() {
        return;
    }
    fs::write(folder.path().join("message"), "sealed\n").unwrap();
    let output = run(test, ssh_keygen().args(["-Y", "sign", "-f", "key", "-n", "sanduq-card", "message"]));
    assert!(output.unwrap().status.success());
    let key = fs::read_to_string(folder.path().join("key.pub")).unwrap();
    let envelope = fs::read(folder.path().join("message.sig")).unwrap();
    let (signer, signature) = sshsig::parse::<CardRole>(&envelope).unwrap();
    assert_eq!(signer, VerifyingKey::from_line(key.trim_end()).unwrap());
    signer.verify(b"sealed\n", &signature).unwrap();
    assert_eq!(sshsig::encode(&signer, &signature).as_bytes(), envelope);
    assert!(sshsig::parse::<Bundle>(&envelope).is_err());
}

/// An Ed25519 public key as openssl wants it: the fixed beginning of its SubjectPublicKeyInfo (RFC 8410), then the key.
fn spki(key: &[u8; 32]) -> String {
    let der = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], &key[..]].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(der))
}

#[test]
fn openssl_verifies_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    let head = Checkpoint::of(&log, 0, Digest::of(b"")).sign(&log).unwrap().to_string();
    let head = SignedCheckpoint::parse(head.as_bytes()).unwrap();
    fs::write(folder.path().join("key.pem"), spki(log.verifier().key().as_bytes())).unwrap();
    fs::write(folder.path().join("signature"), &head.note().signatures()[0].bytes).unwrap();
    for (text, good) in
        [(head.note().text().to_owned(), true), (head.note().text().replace("\n0\n", "\n1\n"), false)]
    {
        fs::write(folder.path().join("text"), text).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text"]);
        openssl.args(["-sigfile", "signature"]).current_dir(folder.path());
        let Some(output) = run("openssl_verifies_a_checkpoint", &mut openssl) else { return };
        assert_eq!(output.status.success(), good, "{output:?}");
    }
}

#[test]
fn sha256sum_checks_our_list_and_we_read_its() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("units")).unwrap();
    fs::write(folder.path().join("units/0001.json"), "{}").unwrap();
    let mut list = DigestList::new();
    list.push("units/0001.json".parse().unwrap(), Digest::of(b"{}")).unwrap();
    fs::write(folder.path().join("list"), list.to_string()).unwrap();
    let sha256sum = |arguments: &[&str]| {
        let test = "sha256sum_checks_our_list_and_we_read_its";
        run(test, Command::new("sha256sum").args(arguments).current_dir(folder.path()))
    };
    let Some(output) = sha256sum(&["--strict", "-c", "list"]) else { return };
    assert!(output.status.success());
    let theirs = sha256sum(&["units/0001.json"]).unwrap().stdout;
    assert_eq!(DigestList::parse(&theirs).unwrap(), list);
    fs::write(folder.path().join("units/0001.json"), "{ }").unwrap();
    assert!(!sha256sum(&["--strict", "-c", "list"]).unwrap().status.success());
}
