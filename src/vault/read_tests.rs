//! Tests of what a list says of items.

use super::*;
use crate::bundle::{Act, FollowUp};
use crate::vault::open::tests::{now, officer_and_family};
use crate::vault::{Sealing, Selection, TestimonyText};

/// What the index makes of each item is what the item's row says, and a list shows what `show` does.
fn assert_listed(vault: &Vault) {
    let kept = vault.store.all::<Kept>().unwrap();
    let mut listed = Vec::new();
    let take = |one: Listed| {
        listed.push(one);
        Ok::<_, VaultError>(())
    };
    vault.store.each_listed(None, u64::MAX, take).unwrap();
    assert_eq!(listed, kept.iter().rev().map(Listed::from).collect::<Vec<_>>());
    for kept in &kept {
        let account = vault.account(kept.item.number).unwrap().map_or(0, |text| text.len() as u64);
        assert_eq!(kept.bytes, kept.item.files.iter().map(|file| file.len).sum::<u64>() + account);
    }
    let shown = kept.iter().rev().map(|kept| vault.show(kept.item.number).unwrap().summary);
    let shown: Vec<_> = shown.map(|summary| serde_json::to_value(summary).unwrap()).collect();
    assert_eq!(
        serde_json::to_value(vault.list(None, None).unwrap()).unwrap(),
        serde_json::Value::from(shown)
    );
    vault.store.check().unwrap();
}

fn states(vault: &Vault) -> Vec<ItemState> {
    vault.list(None, None).unwrap().iter().map(|item| item.state).collect()
}

#[test]
fn a_list_says_what_the_rows_say() {
    let dir = tempfile::tempdir().unwrap();
    let (mut officer, mut family) = officer_and_family(dir.path());
    let title = "\"ß\\/\u{1}\u{7f}\u{2028} می\u{200c}روم 👩\u{200d}👧 {[,]}";
    let told = |title: &str| TestimonyText { title: Some(title.to_owned()), account: "invented".to_owned() };
    family.testify(told(title), now()).unwrap();
    family.name_persons(3, &["Laleh".to_owned()], now()).unwrap();
    assert_listed(&family);
    assert_eq!(family.list(Some(1), None).unwrap()[0].title, title);

    let to = "Invented Archive";
    let first = family.seal(Selection::Items(vec![1]), to, now(), &mut ()).unwrap().bundle;
    family.seal(Selection::Items(vec![1, 3]), to, now(), &mut ()).unwrap();
    assert_listed(&family);
    assert_eq!(states(&family), [ItemState::Sealed, ItemState::Open, ItemState::Sealed]);

    let exported = family.export(&dir.path().join("stick"), now(), &mut ()).unwrap().bundles;
    for bundle in &exported {
        officer.open_bundle(&bundle.path, None, now(), &mut ()).unwrap();
        assert_listed(&officer);
    }
    assert_eq!(states(&officer), [ItemState::Received; 3]);

    let follow_up = Some(FollowUp { refers: Some(first.parse().unwrap()), act: Act::Withdraw });
    let sealing = Sealing { follow_up, ..Sealing::default() };
    family.withdraw(told("no more"), to, &sealing, now(), &mut ()).unwrap();
    let exported = family.export(&dir.path().join("next"), now(), &mut ()).unwrap().bundles;
    officer.open_bundle(&exported.last().unwrap().path, None, now(), &mut ()).unwrap();
    assert_listed(&officer);
    assert_eq!(states(&officer).iter().filter(|state| **state == ItemState::Withdrawn).count(), 1);

    family.forget(&crate::vault::Forgetting::Items(vec![2])).unwrap();
    assert_listed(&family);
    assert_eq!(family.list(None, Some(3)).unwrap().iter().map(|item| item.item).collect::<Vec<_>>(), [2, 1]);
}
