//! Tests of the couriers' layer: by itself, and in a bundle.

use std::io::Cursor;

use super::*;
use crate::bundle::courier_share::{self, CourierShare, Gathering};
use crate::bundle::error::BundleError;
use crate::bundle::layout;
use crate::bundle::outer::{Locked, Outer, Step, Unread};
use crate::bundle::parts::Split;
use crate::bundle::quorum::{self, Peeled};
use crate::bundle::sample::{Organisation, Shelf, organisation, seal_locked, testimony};
use crate::crypto::hybrid::Identity;

/// A bundle to this organisation, split among couriers.
fn sealed(org: &Organisation, needed: usize, count: usize) -> (Outer, Cursor<Vec<u8>>, Vec<CourierShare>) {
    let (lock, shares) = courier_share::split(needed, count).unwrap();
    let items = [testimony("an invented account")];
    let (mut bundle, _) = seal_locked(&org.card, &items, &Shelf::default(), Split::default(), Some(&lock));
    (Outer::read(&mut bundle).unwrap(), bundle, shares)
}

/// What these officers find, one after the other.
fn reached(outer: &Outer, officers: &[&Identity]) -> Step {
    let mut step = outer.open_quorum(officers[0], None).unwrap();
    for officer in &officers[1..] {
        let Step::PassOn(pass_on) = step else { panic!("{step:?}") };
        step = outer.open_quorum(officer, Some(&pass_on)).unwrap();
    }
    step
}

fn locked(outer: &Outer, officers: &[&Identity]) -> Locked {
    match reached(outer, officers) {
        Step::NeedsShares(locked) => locked,
        other => panic!("{other:?}"),
    }
}

fn again(share: &CourierShare) -> CourierShare {
    CourierShare::parse(share.to_bytes().expose()).unwrap()
}

#[test]
fn the_line_has_one_spelling() {
    let list = Digest::of(b"a list");
    let terms = Terms::new(2, 3, list).unwrap();
    let line = terms.line();
    assert_eq!(line, format!("sanduq-couriers/1 2/3 {list}\n"));
    assert_eq!(Terms::strip(format!("{line}rest").as_bytes()), Some((terms, &b"rest"[..])));
    assert_eq!(Terms::new(16, 16, list).unwrap().line().len() as u64, LINE_BYTES_MAX);
    for other in [
        line.replace("2/3", "1/3"),
        line.replace("2/3", "4/3"),
        line.replace("2/3", "2/17"),
        line.replace("2/3", "02/3"),
        line.replace("2/3", "+2/3"),
        line.replace("/1 2", "/2 2"),
        line.replace(" 2", "  2"),
        line.replace('\n', "\r\n"),
        line.replace('\n', " \n"),
        line.to_uppercase(),
        line.trim_end().to_owned(),
        String::new(),
    ] {
        assert_eq!(Terms::strip(other.as_bytes()), None, "{other:?}");
    }
}

/// Every subset of the couriers, with the identities of all officers who are needed: fewer than enough open nothing.
#[test]
fn all_officers_and_one_share_too_few_open_nothing() {
    for (officers, threshold, needed, count) in [(1, 1, 2, 2), (3, 2, 2, 3), (3, 1, 3, 5), (5, 5, 2, 3)] {
        let org = organisation(officers, threshold);
        let (outer, mut bundle, shares) = sealed(&org, needed, count);
        let group: Vec<_> = org.officers.iter().take(threshold).collect();
        let locked = locked(&outer, &group);
        assert_eq!((locked.terms().needed(), locked.terms().count()), (needed, count));
        for chosen in 0u32..1 << count {
            let mut gathering = Gathering::new(locked.terms());
            let given = shares.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
            assert_eq!(gathering.add_all(given.map(|(_, share)| Ok(again(share))).collect()), []);
            let enough = chosen.count_ones() as usize >= needed;
            let Some(identity) = gathering.identity() else {
                assert!(!enough);
                continue;
            };
            assert!(enough);
            let opened = locked.open(&identity.unwrap()).unwrap();
            let recipient = group[0].to_recipient();
            let mut shelf = Shelf::default();
            let unread = Unread::begin(&mut bundle).unwrap();
            let (_, verified) = unread.verify(&opened, &mut bundle, &recipient, &mut shelf).unwrap();
            assert_eq!(verified.records.len(), 1);
        }
        // Nobody's identity is of use for the couriers' layer.
        for officer in &org.officers {
            assert!(locked.open(officer).is_err());
        }
        assert!(locked.open(&Identity::generate()).is_err());
    }
}

/// All couriers without the officers hold nothing either: the layer lies under theirs.
#[test]
fn all_couriers_without_the_officers_open_nothing() {
    let org = organisation(3, 2);
    let (lock, shares) = courier_share::split(2, 3).unwrap();
    let mut gathering = Gathering::new(lock.terms());
    gathering.add_all(shares.into_iter().map(Ok).collect());
    let couriers = gathering.identity().unwrap().unwrap();
    let items = [testimony("an invented account")];
    let (mut bundle, _) = seal_locked(&org.card, &items, &Shelf::default(), Split::default(), Some(&lock));
    let outer = Outer::read(&mut bundle).unwrap();
    assert!(matches!(outer.open_quorum(&couriers, None), Ok(Step::NotYet)));
    let pass_on = outer.open_quorum(&org.officers[0], None).unwrap();
    let Step::PassOn(pass_on) = pass_on else { panic!("{pass_on:?}") };
    assert!(matches!(outer.open_quorum(&couriers, Some(&pass_on)), Ok(Step::NotYet)));
}

/// Nothing outside, and nothing that one officer passes on to the next, shows that a bundle is split.
#[test]
fn a_split_bundle_looks_as_any_other() {
    for (officers, threshold) in [(1, 1), (3, 2), (4, 4), (5, 5)] {
        let org = organisation(officers, threshold);
        let items = [testimony("an invented account")];
        let shelf = Shelf::default();
        let locks = [
            None,
            Some(courier_share::split(2, 3).unwrap().0),
            Some(courier_share::split(16, 16).unwrap().0),
        ];
        let seen = locks.map(|lock| {
            let (mut bundle, sealed) =
                seal_locked(&org.card, &items, &shelf, Split::default(), lock.as_ref());
            let outer = Outer::read(&mut bundle).unwrap();
            let shapes: Vec<_> = (1..=quorum::FILES).map(|number| shape(&outer, number)).collect();
            let passed_on = match outer.open_quorum(&org.officers[0], None).unwrap() {
                Step::PassOn(pass_on) => pass_on.to_bytes().len(),
                _ => 0,
            };
            let names: Vec<_> =
                outer.kept().iter().map(|(name, body)| (name.to_string(), body.len())).collect();
            (sealed.len, shapes, passed_on, names)
        });
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0], seen[2]);
    }
}

/// A quorum file's length, and how long each line of its header is.
fn shape(outer: &Outer, number: u8) -> (usize, Vec<usize>) {
    let file = outer.envelope().member(layout::quorum(number).as_str());
    assert_eq!(file.len() as u64, quorum::file_len());
    let end = file.windows(4).position(|four| four == b"\n---").unwrap();
    let header = std::str::from_utf8(&file[..end]).unwrap();
    (file.len(), header.lines().map(str::len).collect())
}

/// An officer among the attackers has a stolen bundle's couriers' layer, and plants it in a bundle of his own, to have
/// it taken off by couriers and officers who think they open that one.
#[test]
fn a_couriers_layer_of_another_bundle_is_refused() {
    let org = organisation(1, 1);
    let (stolen, _, shares) = sealed(&org, 2, 3);
    let theirs = locked(&stolen, &[&org.officers[0]]);
    let mut gathering = Gathering::new(theirs.terms());
    gathering.add_all(shares.iter().map(again).map(Ok).collect());
    let couriers = gathering.identity().unwrap().unwrap();

    let signer = Digest::of(b"the attacker's signer.pub");
    let content = [theirs.terms.line().as_bytes(), &theirs.layer].concat();
    let planted = quorum::seal_layer(&org.officers[0].to_recipient(), &signer, &content);
    let found = quorum::peel(1, &planted, &org.officers[0], &signer).unwrap();
    let Some(Peeled::Couriers(terms, layer)) = found else { panic!("the attacker's own layer is right") };
    let planted = Locked { bundle: Digest::of(b"his"), signer, number: 1, terms, layer };
    assert!(matches!(planted.open(&couriers), Err(BundleError::Planted { number: 1 })));
    theirs.open(&couriers).unwrap();

    // The officers' layer of the stolen bundle, in a bag of his own.
    let whole = stolen.envelope().member(layout::quorum(1).as_str());
    assert!(matches!(
        quorum::peel(1, whole, &org.officers[0], &signer),
        Err(BundleError::Planted { number: 1 })
    ));
}

#[test]
fn what_is_no_key_under_the_couriers_layer_is_refused() {
    let signer = Digest::of(b"signer.pub");
    let couriers = Identity::generate();
    let terms = Terms::new(2, 3, Digest::of(b"a list")).unwrap();
    let inner = quorum::seal_layer(&Identity::generate().to_recipient(), &signer, b"something");
    for content in [b"nothing".to_vec(), inner.clone(), [terms.line().as_bytes(), &inner].concat()] {
        let layer = quorum::seal_layer(&couriers.to_recipient(), &signer, &content);
        let locked = Locked { bundle: signer, signer, number: 3, terms, layer };
        assert!(matches!(locked.open(&couriers), Err(BundleError::Quorum { number: 3 })));
    }
    // Nor is a line without a layer taken for one.
    let officer = Identity::generate();
    for content in [terms.line(), format!("{}nothing", terms.line()), terms.line().repeat(2)] {
        let layer = quorum::seal_layer(&officer.to_recipient(), &signer, content.as_bytes());
        assert!(matches!(quorum::peel(1, &layer, &officer, &signer), Err(BundleError::Quorum { number: 1 })));
    }
}
