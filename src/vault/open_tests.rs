//! Tests of what enters an officer's vault.

use super::*;
use crate::crypto::{KdfParams, LogSigningKey, Passphrase};
use crate::format::card::{Draft, Terms};
use crate::format::note::NoteVerifier;
use crate::format::policy::Policy;
use crate::vault::{Confirm, Selection};

pub(in crate::vault) fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

fn vault(root: &Path) -> Vault {
    let passphrase = Passphrase::from("an invented passphrase");
    Vault::init(root, &passphrase, KdfParams::FLOOR, None, "en", now()).unwrap()
}

/// An officer, and a family that holds the officer's card and has two files of one content.
pub(in crate::vault) fn officer_and_family(dir: &Path) -> (Vault, Vault) {
    let mut officer = vault(&dir.join("officer"));
    let log = LogSigningKey::generate().verifying_key();
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 1,
        officers: vec![officer.recipient_line().parse().unwrap()],
        log: NoteVerifier::log("invented.example/log", log).unwrap(),
        policy: Policy::none(),
    };
    let draft = Draft::new(terms).unwrap().to_string();
    let card = officer.sign_card(draft.as_bytes(), now()).unwrap().text;

    let mut family = vault(&dir.join("family"));
    family.contact_add(card.as_bytes(), Confirm::Yes, None, now()).unwrap();
    for name in ["one.txt", "two.txt"] {
        let path = dir.join(name);
        std::fs::write(&path, "an invented photograph").unwrap();
        family.add_paths(&[path], now(), &mut ()).unwrap();
    }
    (officer, family)
}

/// An officer opened the second of two copies to see whether it was whole; it was not, and she was told that the bundle
/// was opened before.
#[test]
fn a_damaged_copy_of_what_was_opened_before_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let (mut officer, mut family) = officer_and_family(dir.path());
    family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
    let path = &family.export(&dir.path().join("stick"), now(), &mut ()).unwrap().bundles[0].path;
    let mut open = || officer.open_bundle(path, None, now(), &mut ());
    open().unwrap();
    assert!(matches!(open(), Ok(OpenOutcome::TakenIn(TakenIn { already: true, .. }))));
    let mut bytes = std::fs::read(path).unwrap();
    // In the payload, which is by far the most of it.
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
    assert!(matches!(open(), Err(VaultError::Bundle(BundleError::Manifest { .. }))));
}

/// Two items of one bundle shared a photograph. Its object was counted once, so that whoever took one of the items
/// out took the photograph from the other too.
#[test]
fn a_file_of_two_received_items_is_counted_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (mut officer, mut family) = officer_and_family(dir.path());
    family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
    let exported = family.export(&dir.path().join("stick"), now(), &mut ()).unwrap().bundles;

    let outcome = officer.open_bundle(&exported[0].path, None, now(), &mut ()).unwrap();
    assert!(matches!(outcome, OpenOutcome::TakenIn(TakenIn { items, .. }) if items == [1, 2]));
    let (first, second) = (officer.kept(1).unwrap(), officer.kept(2).unwrap());
    assert_eq!(first.item.files[0].object, second.item.files[0].object);
    let event = Event::Remove { item: first.item.id };
    let mut change = officer.begin().unwrap();
    change.remove_item(&first).unwrap();
    change.commit(event, now()).unwrap();
    officer.extract(2, &dir.path().join("out"), now(), &mut ()).unwrap();
    assert_eq!(std::fs::read(dir.path().join("out").join("two.txt")).unwrap(), b"an invented photograph");
}
