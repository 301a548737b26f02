//! Tests of receipts.

use super::super::sample::{Organisation, organisation, organisation_under};
use super::*;
use crate::crypto::log_key::LogSigningKey;
use crate::format::policy::Policy;
use crate::format::time::Time;
use crate::tlog::cosignature::Witness;
use crate::tlog::{Checkpoint, MemoryHashes, TlogError, Tree};

fn receipt(org: &Organisation, leaf: &str) -> TlogProof {
    cosigned_receipt(org, leaf, &[])
}

fn cosigned_receipt(org: &Organisation, leaf: &str, witnesses: &[Witness]) -> TlogProof {
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    tree.append(b"somebody else's").unwrap();
    tree.append(leaf.as_bytes()).unwrap();
    let mut head = Checkpoint::of(&org.log, 2, tree.root(2).unwrap()).sign(&org.log).unwrap();
    let now = Time::from_unix(1_795_459_200).unwrap();
    witnesses.iter().for_each(|witness| witness.cosign(&mut head, now));
    TlogProof::logged(leaf.as_bytes(), 1, tree.inclusion_proof(1, 2).unwrap(), head)
}

fn bundle() -> Digest {
    Digest::of(b"a tag manifest")
}

fn ingested(org: &Organisation) -> Receipt {
    Receipt::of(receipt(org, &Leaf::Ingest(bundle()).to_string())).unwrap()
}

#[test]
fn a_receipt_holds_for_its_bundle_under_its_card() {
    let (org, other) = (organisation(1, 1), organisation(1, 1));
    let receipt = ingested(&org);
    assert_eq!(Receipt::parse(receipt.print().as_bytes()).unwrap(), receipt);
    assert_eq!(receipt.bundle(), bundle());
    receipt.verify(&org.card, &bundle()).unwrap();
    let held_for_another = receipt.verify(&org.card, &Digest::of(b"another"));
    assert!(matches!(held_for_another, Err(BundleError::Receipt { error: None, .. })));
    let by_another = receipt.verify(&other.card, &bundle());
    assert!(matches!(by_another, Err(BundleError::Receipt { error: Some(_), .. })));
}

/// A log that answers without its witnesses could show this person a history of her own.
#[test]
fn a_receipt_holds_only_with_the_quorum_of_witnesses_that_its_card_asks_for() {
    let witnesses = [1, 2, 3].map(|n| Witness::new(&format!("w{n}"), LogSigningKey::generate()).unwrap());
    let lines: String = witnesses
        .iter()
        .map(|witness| format!("witness {} {}\n", witness.verifier().name(), witness.verifier()))
        .collect();
    let policy = Policy::parse(format!("{lines}group two 2 w1 w2 w3\nquorum two\n").as_bytes()).unwrap();
    let org = organisation_under(1, 1, policy);
    let leaf = Leaf::Ingest(bundle()).to_string();
    let verified = |witnesses: &[Witness]| {
        Receipt::of(cosigned_receipt(&org, &leaf, witnesses)).unwrap().verify(&org.card, &bundle())
    };
    for too_few in [&witnesses[..0], &witnesses[..1]] {
        let refused = verified(too_few);
        let by_witnesses = matches!(
            refused,
            Err(BundleError::Receipt { error: Some(TlogError::Witnesses { size: 2 }), .. })
        );
        assert!(by_witnesses, "{} cosignatures: {refused:?}", too_few.len());
    }
    verified(&witnesses[1..]).unwrap();
}

#[test]
fn another_leaf_is_no_receipt() {
    let org = organisation(1, 1);
    for leaf in
        [Leaf::Card(bundle()).to_string(), format!("sanduq-log/1 ingest {}\n", bundle()), "x".to_owned()]
    {
        assert!(matches!(Receipt::of(receipt(&org, &leaf)), Err(BundleError::NotAReceipt)));
    }
}

#[test]
fn a_leaf_exchanged_in_the_text_does_not_verify() {
    let org = organisation(1, 1);
    let mut proof = receipt(&org, &Leaf::Ingest(bundle()).to_string());
    let claimed = Digest::of(b"another");
    proof.extra = Some(Leaf::Ingest(claimed).to_string().into_bytes());
    assert!(Receipt::of(proof).unwrap().verify(&org.card, &claimed).is_err());
}
