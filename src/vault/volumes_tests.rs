use super::*;

fn trips(carried: &[u32], there: &[u16]) -> PartTrips {
    let (bundle, set) = (Digest::of(b"bundle"), Digest::of(b"set"));
    PartTrips { bundle, set, carried: carried.to_vec(), there: there.iter().copied().collect() }
}

#[test]
fn what_is_not_missing_is_there() {
    let mut row = trips(&[1, 1, 0, 0], &[4]);
    let missing = |numbers: &[u16]| Missing { set: row.set, numbers: numbers.iter().copied().collect() };
    let (first, later) = (missing(&[3, 4]), missing(&[1, 3, 4]));
    note_there(&mut row, &first);
    assert_eq!(row.there, BTreeSet::from([1, 2]));
    // What is said later holds: the desk lost a part that it had.
    note_there(&mut row, &later);
    assert_eq!(row.there, BTreeSet::from([2]));
}

#[test]
fn a_bundle_that_fits_goes_whole_unless_some_of_it_may_be_lost() {
    let volumes = |parity| Volumes { part_bytes: 25_000_000, parity };
    assert!(volumes(0).take_whole(25_000_000));
    assert!(!volumes(0).take_whole(25_000_001));
    assert!(!volumes(1).take_whole(1));
}
