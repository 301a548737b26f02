//! Tests of names that look alike.

use super::*;
use crate::crypto::{KdfParams, KeyPair, LogSigningKey, Passphrase};
use crate::format::card::{Draft, OfficerLine, Terms};
use crate::format::note::NoteVerifier;
use crate::format::policy::Policy;

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

/// A card of a key of its own.
fn card(name: &str, officer: &OfficerLine) -> Vec<u8> {
    let log = LogSigningKey::generate().verifying_key();
    let terms = Terms {
        name: name.to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 1,
        officers: vec![officer.clone()],
        log: NoteVerifier::log("invented.example/log", log).unwrap(),
        policy: Policy::none(),
    };
    Draft::new(terms).unwrap().sign(&KeyPair::generate()).as_bytes().to_vec()
}

/// Somebody made a card under the name of an organisation that is held, with an Arabic yeh for the Persian one: a
/// second contact stood in the list that looked the same, and one of the two got the evidence.
#[test]
fn a_name_that_looks_like_one_held_is_held() {
    let dir = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::from("an invented passphrase");
    let root = dir.path().join("vault");
    let mut vault = Vault::init(&root, &passphrase, KdfParams::FLOOR, None, "fa", now()).unwrap();
    let officer: OfficerLine = vault.recipient_line().parse().unwrap();
    let held = "بایگانی نمونه";
    vault.contact_add(&card(held, &officer), Confirm::Yes, None, now()).unwrap();
    for alike in
        ["بايگاني نمونه", "بایگانی\u{200c}نمونه", "بایگانی  نمونه", "بایگانینمونه", "بایگانی نمونه\u{64f}"]
    {
        let refused = vault.contact_add(&card(alike, &officer), Confirm::Yes, None, now());
        let Err(VaultError::Card(CardProblem::OtherKey { name })) = refused else {
            panic!("{alike}: {refused:?}")
        };
        assert_eq!(name, held);
    }
    vault.contact_add(&card("بایگانی دیگر", &officer), Confirm::Yes, None, now()).unwrap();
    assert_eq!(vault.contact_list(now()).unwrap().len(), 2);
}
