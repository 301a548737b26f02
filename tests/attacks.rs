//! Bundles that somebody changed, forged, planted or passed on: each test is one attack, and none may succeed.
//!
//! The forger of `attacks/forge.rs` holds every key the attacker of the story would hold. What is refused from
//! outside is refused without any key, so already by the intake and by an auditor; `reference/verify.py`, which
//! shares no line with the library, is asked about every one of these outsides and must agree.

#[path = "attacks/forge.rs"]
mod forge;
#[path = "attacks/inside.rs"]
mod inside;
#[path = "reference/judge.rs"]
mod judge;
#[path = "attacks/outside.rs"]
mod outside;
#[path = "attacks/quorum.rs"]
mod quorum;

use forge::{Forge, open, world};

#[test]
fn the_honest_bundle_opens() {
    assert_eq!(open(&world().honest, &world().ours.officer).unwrap().records.len(), 2);
}

/// Without this, every refusal below could be the forger's own mistake.
#[test]
fn a_forger_who_changes_nothing_writes_a_good_bundle() {
    let mut forge = Forge::new();
    forge.relist();
    forge.restate(|_| {});
    let opened = open(&forge.close_inside(), &world().ours.officer).unwrap();
    assert_eq!(opened.records.len(), 2);
    assert_eq!(opened.files.len(), 2);
}
