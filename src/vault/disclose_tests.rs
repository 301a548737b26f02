//! Tests of what a disclosure leaves in a vault.

use super::*;
use crate::custody;
use crate::evidence::consent::{Consent, Reach, Terms};
use crate::vault::open::tests::{now, officer_and_family};
use crate::vault::rows::{Counters, CustodyRow, ONLY};
use crate::vault::{Selection, VaultError};

/// The lines of the chain that tell of disclosures; the chain holds.
fn told(vault: &Vault) -> Vec<String> {
    let rows = vault.store.all::<CustodyRow>().unwrap();
    let entries: Vec<custody::Entry> = rows.iter().map(|row| row.line.parse().unwrap()).collect();
    let head = vault.store.get::<Counters>(ONLY).unwrap().unwrap().head;
    custody::verify(&entries, &head).unwrap();
    let events = entries.iter().map(|entry| entry.event.to_string());
    events.filter(|event| event.starts_with("disclose ")).collect()
}

/// A folder that nobody could tell of lay at a court: the disk had been full when its entry was to be written.
#[test]
fn the_chain_of_custody_has_an_entry_for_each_record_and_for_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (mut officer, mut family) = officer_and_family(dir.path());
    let terms = Terms { share: Reach::Court, ..Terms::default() };
    family.set_consent(&[1, 2], &Consent::new(terms, None, None).unwrap(), now()).unwrap();
    family.seal(Selection::AllUnsealed, "Invented Archive", now(), &mut ()).unwrap();
    let exported = family.export(&dir.path().join("stick"), now(), &mut ()).unwrap().bundles;
    officer.open_bundle(&exported[0].path, None, now(), &mut ()).unwrap();

    let wanted = |audience| Disclosing {
        items: vec![2, 1, 2],
        audience,
        withhold: Default::default(),
        release: Default::default(),
        units: BTreeMap::new(),
        author: false,
        receipt: None,
        stamps: Vec::new(),
        notes: false,
        without_metadata: false,
        by_hand: BTreeMap::new(),
    };
    let to = dir.path().join("disclosed");
    let court = wanted(Audience::Court);
    let refused = officer.disclose(&wanted(Audience::Public), &to, "", now(), &mut ());
    assert!(matches!(refused, Err(VaultError::Disclosure(DisclosureProblem::Terms { number: 1, .. }))));
    assert!(officer.disclosure_review(&court, now().date()).unwrap().records.len() == 2);
    assert!(told(&officer).is_empty() && !to.exists());

    let outcome = officer.disclose(&court, &to, "", now(), &mut ()).unwrap();
    let expected: Vec<_> =
        outcome.records.iter().map(|record| format!("disclose {}", record.record)).collect();
    assert_eq!((told(&officer), expected.len()), (expected, 2));
    let again = officer.disclose(&court, &to, "", now(), &mut ());
    assert!(matches!(again, Err(VaultError::Medium { problem: MediumProblem::FolderThere, .. })));
    assert_eq!(told(&officer).len(), 2);
}
