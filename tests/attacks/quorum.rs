//! Attacks on the quorum: every one of them asks an officer to strip a layer for somebody else.

use sanduq::bundle::signer::Signer;
use sanduq::bundle::{BundleError, Step, layout};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, seal};

use super::forge::{Forge, nest, open, outside, world};

fn step(bundle: &[u8], officer: &Identity) -> Result<Step, BundleError> {
    outside(bundle).expect("the outside is good").open_quorum(officer, None)
}

/// The attacker has a bundle he wants opened, and plants its quorum file in an innocent one of his own. The
/// officer opens what seems harmless, and would strip his layer of the other bundle.
#[test]
fn a_quorum_file_of_another_bundle_is_planted() {
    let world = world();
    let stolen = super::forge::untar(&world.honest, 0);
    let stolen = &stolen.iter().find(|(name, _)| name == "quorum/01.age").unwrap().1;
    for number in 1..=10 {
        let mut forge = Forge::new();
        *forge.outer(&format!("quorum/{number:02}.age")) = stolen.clone();
        let refused = step(&forge.close(), &world.ours.officer);
        assert!(
            matches!(refused, Err(BundleError::Planted { number: found }) if found == number),
            "{number}"
        );
    }
}

/// Payload and quorum files of a stolen bundle in a bag of the attacker's own, under his own one-time keys and
/// his own return recipient.
#[test]
fn a_bundle_re_bagged_under_another_one_time_key() {
    let world = world();
    let mut forge = Forge::new();
    forge.outer = super::forge::untar(&world.honest, 0);
    forge.one_time = KeyPair::generate();
    let mut signer = Signer::parse(forge.outer(layout::SIGNER)).unwrap();
    signer.keys = forge.one_time.public();
    *forge.outer(layout::SIGNER) = signer.print().into_bytes();
    let refused = step(&forge.close(), &world.ours.officer);
    assert!(matches!(refused, Err(BundleError::Planted { number: 1 })));
}

/// Only the return recipient is exchanged, by one who made the outside anew.
#[test]
fn re_bagged_to_divert_the_answers() {
    let world = world();
    let mut forge = Forge::new();
    let mut signer = Signer::parse(forge.outer(layout::SIGNER)).unwrap();
    signer.return_recipient = Identity::generate().to_recipient();
    *forge.outer(layout::SIGNER) = signer.print().into_bytes();
    let refused = step(&forge.close(), &world.ours.officer);
    assert!(matches!(refused, Err(BundleError::Planted { number: 1 })));
}

/// The attacker is himself an officer: he knows the payload's key and makes the quorum files anew too. Now the
/// author's statement tells on him.
#[test]
fn re_bagged_by_an_officer() {
    let world = world();
    let mut forge = Forge::new();
    forge.one_time = KeyPair::generate();
    let mut signer = Signer::parse(forge.outer(layout::SIGNER)).unwrap();
    signer.keys = forge.one_time.public();
    *forge.outer(layout::SIGNER) = signer.print().into_bytes();
    forge.split_key();
    let refused = open(&forge.close(), &world.ours.officer);
    assert!(matches!(refused, Err(BundleError::Statement("one-time key"))));
}

/// The key within opens another payload than the one that came.
#[test]
fn the_key_of_another_payload() {
    let world = world();
    let mut forge = Forge::new();
    forge.payload_key = Identity::generate();
    forge.split_key();
    let refused = open(&forge.close(), &world.ours.officer);
    assert!(matches!(refused, Err(BundleError::Payload)));
}

#[test]
fn a_quorum_file_that_holds_something_else() {
    let world = world();
    let mut forge = Forge::new();
    let signer = Digest::of(forge.outer(layout::SIGNER));
    let honest = nest(&forge.officers, &signer, &forge.payload_key);
    let plain = seal::open_bytes(&world.ours.officer, &honest, 1 << 20).unwrap();
    for (from, to) in [(b"# .", b"#!."), (b"AGE", b"age"), (b"...", b".-.")] {
        let mut other = plain.expose().clone();
        let place = other.windows(3).position(|three| three == from).unwrap();
        other[place..place + 3].copy_from_slice(to);
        *forge.outer("quorum/01.age") = seal::seal_bytes(&forge.officers[0], &other);
        let refused = step(&forge.clone().close(), &world.ours.officer);
        assert!(matches!(refused, Err(BundleError::Quorum { number: 1 })));
    }
}

#[test]
fn a_quorum_file_of_another_length() {
    let mut forge = Forge::new();
    forge.outer("quorum/10.age").pop();
    let bundle = forge.close();
    assert!(outside(&bundle).is_err());
}

#[test]
fn a_stranger_finds_nothing() {
    let theirs = &world().theirs.officer;
    assert!(matches!(step(&world().honest, theirs), Ok(Step::NotYet)));
}
