//! Tests of sealing: what is chosen for a bundle, and what is refused.

use super::super::change::FOUND_BYTES_MAX;
use super::super::keep::new_item;
use super::super::open::tests::{now, officer_and_family};
use super::super::{Confirm, Forgetting, TestimonyText};
use super::*;
use crate::bundle::BundleError;
use crate::crypto::checksum::Sums;
use crate::evidence::consent::Consent;
use crate::evidence::item::Kind;

/// The laptop's memory was bad on the day that she added the film: what was kept is not what was hashed. Officers
/// would have found it, when the film was forgotten here.
#[test]
fn what_was_kept_with_the_digest_of_something_else_is_not_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let (_officer, mut family) = officer_and_family(dir.path());
    let kept = b"what was kept";
    let hashed = Sums::of(b"what was hashed");
    for (name, sums, named) in [
        ("both are of something else", hashed, hashed.digest),
        ("a digest alone", hashed.digest.into(), hashed.digest),
        ("an item that names another digest", Sums::of(kept), hashed.digest),
    ] {
        let mut change = family.begin().unwrap();
        let stored = change.put_claimed(&mut &kept[..], sums, &mut |_| {}).unwrap();
        let mut item = new_item(Kind::Document, name.to_owned(), now());
        let media_type = "text/plain".to_owned();
        let (object, len) = (stored.object, stored.len);
        item.files.push(File { object, digest: named, len, media_type, label: name.to_owned() });
        let (row, event) = change.keep_new(item).unwrap();
        change.commit(event, now()).unwrap();
        let selection = Selection::Items(vec![row.item.number]);
        let refused = family.seal(selection, "Invented Archive", now(), &mut ());
        assert!(
            matches!(&refused, Err(VaultError::Bundle(BundleError::FileChanged { label })) if label == name),
            "{refused:?}"
        );
        family.remove(row.item.number, now()).unwrap();
    }
}

/// What is sealed is found from the deliveries, and stands in the rows of the items as well: the two must never
/// differ, or something would be sent twice, or never.
#[test]
fn everything_is_what_no_bundle_to_this_contact_holds() {
    let dir = tempfile::tempdir().unwrap();
    let (_officer, mut family) = officer_and_family(dir.path());
    let (archive, second) = ("Invented Archive", "Second");
    let card = family.contact(archive).unwrap().card;
    family.contact_add(card.as_bytes(), Confirm::Yes, Some(second.to_owned()), now()).unwrap();
    // The second of three is longer than what a bundle of several holds.
    for count in [1, 25_000, 1] {
        family.testify(marked(count), now()).unwrap();
    }

    let by_rows = |family: &Vault, to: &str| -> Vec<u64> {
        let theirs: Vec<_> =
            family.store.all::<Delivery>().unwrap().into_iter().filter(|row| row.to == to).collect();
        let mut items = family.store.all::<Kept>().unwrap();
        items.retain(|kept| !theirs.iter().any(|row| kept.sealed.contains(&row.bundle)));
        items.iter().map(|kept| kept.item.number).collect()
    };
    let left = |family: &Vault, to: &str| -> Vec<u64> {
        let left: Vec<_> = family.unsealed(to).unwrap().iter().map(|item| item.item).collect();
        assert_eq!(left, by_rows(family, to), "{to}");
        left
    };
    assert_eq!(left(&family, archive), [1, 2, 3, 4, 5]);
    let first = family.seal(Selection::AllUnsealed, archive, now(), &mut ()).unwrap();
    assert_eq!((&first.items[..], first.left), (&[1, 2, 3][..], 2));
    family.seal(Selection::Items(vec![5, 3, 5]), second, now(), &mut ()).unwrap();
    assert_eq!((left(&family, archive), left(&family, second)), (vec![4, 5], vec![1, 2, 4]));

    family.forget(&Forgetting::Items(vec![1])).unwrap();
    assert_eq!((left(&family, archive), left(&family, second)), (vec![3, 4], vec![1, 3]));
    let rest = family.seal(Selection::AllUnsealed, archive, now(), &mut ()).unwrap();
    assert_eq!((&rest.items[..], rest.left), (&[3][..], 1));
    let last = family.seal(Selection::AllUnsealed, archive, now(), &mut ()).unwrap();
    assert_eq!((&last.items[..], last.left), (&[4][..], 0));
    assert!(matches!(
        family.seal(Selection::AllUnsealed, archive, now(), &mut ()),
        Err(VaultError::NothingToSeal { .. })
    ));
    family.forget(&Forgetting::Outbox).unwrap();
    assert_eq!((left(&family, archive), left(&family, second)), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
}

fn marked(count: usize) -> TestimonyText {
    TestimonyText { title: Some("marked".to_owned()), account: "[[a]] ".repeat(count) }
}

/// Three long testimonies, full of marks, were thought to fit in one bundle. They do not, and she was told that her
/// bundle was damaged: she could seal nothing.
#[test]
fn what_is_full_of_marks_goes_in_as_many_bundles_as_it_takes() {
    let dir = tempfile::tempdir().unwrap();
    let (_officer, mut family) = officer_and_family(dir.path());
    for _ in 0..3 {
        family.testify(marked(25_000), now()).unwrap();
    }
    let mut bundles = Vec::new();
    loop {
        let sealed = family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
        bundles.push(sealed.items);
        if sealed.left == 0 {
            break;
        }
    }
    assert_eq!(bundles, [vec![1, 2], vec![3], vec![4], vec![5]]);
}

/// A testimony with more marks than a record has room for was kept, and could never be sealed.
#[test]
fn what_no_bundle_has_room_for_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (_officer, mut family) = officer_and_family(dir.path());
    let too_long = |outcome| matches!(outcome, Err(VaultError::TooLong));
    assert!(too_long(family.testify(marked(50_000), now())));
    let mut told = marked(40_000);
    let number = family.testify(told.clone(), now()).unwrap().item;
    assert!(too_long(family.edit_testimony(number, marked(50_000), now())));
    told.account = "he ".repeat(50_000);
    let number = family.testify(told, now()).unwrap().item;
    assert!(too_long(family.name_persons(number, &["he".to_owned()], now())));

    let draft = family.draft_begin(None, now()).unwrap();
    family.draft_save(&draft, None, &[marked(50_000).account], now()).unwrap();
    assert!(too_long(family.draft_finish(&draft, now())));
    assert_eq!(family.drafts().unwrap().len(), 1, "what was typed stays");
    let (consent, sealing) = (Consent::default(), Sealing::default());
    let direct = family.testify_direct(marked(50_000), "Invented Archive", &sealing, (&consent, &[]), now());
    assert!(matches!(direct, Err(VaultError::TooLong)));
    let longer = TestimonyText { title: None, account: "x".repeat(FOUND_BYTES_MAX + 1) };
    assert!(matches!(family.testify(longer, now()), Err(VaultError::Text { .. })));
}

/// One testimony that was kept in a version that did not weigh them, and whatever came before and after it was never
/// sealed again.
#[test]
fn what_no_bundle_has_room_for_is_named_and_what_is_before_it_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let (_officer, mut family) = officer_and_family(dir.path());
    let mut change = family.begin().unwrap();
    let mut item = new_item(Kind::Testimony, "marked".to_owned(), now());
    item.account = Some(marked(50_000).account);
    let (_, event) = change.keep_new(item).unwrap();
    change.commit(event, now()).unwrap();
    family.testify(marked(1), now()).unwrap();
    let mut seal = || family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ());
    let first = seal().unwrap();
    assert_eq!((&first.items[..], first.left), (&[1, 2][..], 2));
    assert!(matches!(seal(), Err(VaultError::ItemTooLong { number: 3 })));
    family.edit_testimony(3, marked(1), now()).unwrap();
    let rest = family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
    assert_eq!((&rest.items[..], rest.left), (&[3, 4][..], 0));
}

/// The disk was nearly full, and sealing was refused only after minutes of writing, for the bundle's padding had
/// not been counted.
#[test]
fn the_room_for_a_bundle_is_counted_with_its_padding() {
    const MIB: u64 = 1 << 20;
    for (content, needed_mib) in [(0, 16), (MIB, 16), (16 * MIB, 32), (100 * MIB, 112), (1024 * MIB, 1152)] {
        // 16 bytes of seal for each MiB at rest.
        assert_eq!(outbox_len(content), needed_mib * (MIB + 16), "{content}");
    }
}
