//! Signatures: `ssh-keygen` takes both kinds of our envelopes and we take its; pyca cryptography checks each half of
//! our composite, and makes composites that we take. A signature that was made for one role never passes in another.

use crate::house::{House, text};
use crate::tools::{composite_keygen, good, program, python, run, run_command, script};
use sanduq::crypto::sign::domain::{Author, Bundle};
use sanduq::crypto::{Algorithm, SigningKey, VerifyingKey};
use sanduq::format::sshsig;
use std::fs;
use std::path::Path;
use std::process::Command;

const MESSAGE: &[u8] = b"an invented message\n";

fn keygen_verifies(keygen: &Path, house: &House, namespace: &str, message: &[u8]) -> bool {
    let (allowed, signature) = (house.path("allowed"), house.path("message.sig"));
    let args =
        ["-Y", "verify", "-f", text(&allowed), "-I", "someone", "-n", namespace, "-s", text(&signature)];
    run(keygen, &args, message).status.success()
}

fn takes_our_signatures(keygen: &Path, algorithm: Algorithm) {
    let house = House::new(&format!("keygen-takes-{algorithm:?}"));
    let key = SigningKey::generate(algorithm);
    house.write("allowed", format!("someone {}\n", key.verifying_key().to_line()));
    house.write("message.sig", sshsig::encode(&key.verifying_key(), &key.sign::<Bundle>(MESSAGE)));
    assert!(keygen_verifies(keygen, &house, "sanduq-bundle", MESSAGE));
    assert!(!keygen_verifies(keygen, &house, "sanduq-author", MESSAGE), "another role");
    assert!(!keygen_verifies(keygen, &house, "sanduq-bundle", b"another message\n"), "another message");
}

fn we_take_the_signatures_of(keygen: &Path, kind: &str) {
    let house = House::new(&format!("we-take-{kind}"));
    let (key, message) = (house.path("key"), house.write("message", MESSAGE));
    good(keygen, &["-q", "-t", kind, "-N", "", "-C", "", "-f", text(&key)], b"");
    good(keygen, &["-q", "-Y", "sign", "-f", text(&key), "-n", "sanduq-bundle", text(&message)], b"");
    let line = fs::read_to_string(house.path("key.pub")).expect("ssh-keygen wrote it");
    let expected = VerifyingKey::from_line(line.trim()).expect("a key of ssh-keygen's");
    let envelope = fs::read_to_string(house.path("message.sig")).expect("ssh-keygen wrote it");

    let (signer, signature) = sshsig::parse::<Bundle>(&envelope).expect("an envelope of ssh-keygen's");
    assert_eq!(signer.to_line(), expected.to_line());
    signer.verify(MESSAGE, &signature).expect("a good signature");
    signer.verify(b"another message\n", &signature).expect_err("another message");
    sshsig::parse::<Author>(&envelope).expect_err("another role");
    assert_eq!(sshsig::encode(&signer, &signature), envelope, "one spelling, byte for byte");
}

#[test]
fn ssh_keygen_takes_our_signatures() {
    let Some(keygen) = program("ssh_keygen_takes_our_signatures", "ssh-keygen") else { return };
    takes_our_signatures(&keygen, Algorithm::Ed25519);
}

#[test]
fn we_take_ssh_keygens_signatures() {
    let Some(keygen) = program("we_take_ssh_keygens_signatures", "ssh-keygen") else { return };
    we_take_the_signatures_of(&keygen, "ed25519");
}

#[test]
fn ssh_keygen_takes_our_composites() {
    let Some(keygen) = composite_keygen("ssh_keygen_takes_our_composites") else { return };
    takes_our_signatures(&keygen, Algorithm::MlDsa44Ed25519);
}

#[test]
fn we_take_ssh_keygens_composites() {
    let Some(keygen) = composite_keygen("we_take_ssh_keygens_composites") else { return };
    we_take_the_signatures_of(&keygen, "mldsa44-ed25519");
}

fn pyca_verifies(python: &Path, house: &House, namespace: &str) -> (bool, String) {
    let [key, signature, message] = ["key.pub", "message.sig", "message"].map(|name| house.path(name));
    let args = ["verify", text(&key), text(&signature), namespace, text(&message)];
    let output = run_command(python_command(python, &args), b"");
    (output.status.success(), crate::tools::said(&output).trim().to_string())
}

fn python_command(python: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(python);
    command.arg(script("composite.py")).args(args);
    command
}

#[test]
fn pyca_verifies_both_halves_of_our_composite() {
    let Some(python) = python("pyca_verifies_both_halves_of_our_composite") else { return };
    let house = House::new("pyca-verifies");
    let key = SigningKey::generate(Algorithm::MlDsa44Ed25519);
    let good = key.sign::<Bundle>(MESSAGE);
    house.write("message", MESSAGE);
    house.write("key.pub", key.verifying_key().to_line() + "\n");
    house.write("message.sig", sshsig::encode(&key.verifying_key(), &good));
    assert_eq!(pyca_verifies(&python, &house, "sanduq-bundle"), (true, "both halves hold".into()));
    assert!(!pyca_verifies(&python, &house, "sanduq-author").0, "another role");

    // Each half broken by itself is named by itself: so each is really looked at.
    for (at, half) in [(7, "the ML-DSA half does not hold"), (2420 + 7, "the Ed25519 half does not hold")] {
        let mut bytes = good.as_bytes().to_vec();
        bytes[at] ^= 1;
        let broken = sanduq::crypto::Signature::<Bundle>::from_bytes(Algorithm::MlDsa44Ed25519, bytes)
            .expect("the length is right");
        house.write("message.sig", sshsig::encode(&key.verifying_key(), &broken));
        assert_eq!(pyca_verifies(&python, &house, "sanduq-bundle"), (false, half.into()));
        key.verifying_key().verify(MESSAGE, &broken).expect_err("we refuse it too");
    }
}

#[test]
fn we_take_pycas_composite() {
    let Some(python) = python("we_take_pycas_composite") else { return };
    let house = House::new("we-take-pyca");
    let message = house.write("message", MESSAGE);
    let (key, signature) = (house.path("key.pub"), house.path("message.sig"));
    let args = ["sign", "sanduq-bundle", text(&message), text(&key), text(&signature)];
    let output = run_command(python_command(&python, &args), b"");
    assert!(output.status.success(), "{}", crate::tools::said(&output));

    let envelope = fs::read_to_string(&signature).expect("pyca wrote it");
    let line = fs::read_to_string(&key).expect("pyca wrote it");
    let (signer, found) = sshsig::parse::<Bundle>(&envelope).expect("an envelope of pyca's");
    assert_eq!(signer.to_line(), line.trim());
    signer.verify(MESSAGE, &found).expect("a good signature");
    signer.verify(b"another message\n", &found).expect_err("another message");
    sshsig::parse::<Author>(&envelope).expect_err("another role");
}
