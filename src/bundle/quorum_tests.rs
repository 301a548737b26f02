//! Tests of the quorum files.

use super::*;

/// All thresholds that a card of so many officers may have.
fn thresholds() -> impl Iterator<Item = (usize, usize)> {
    let pairs =
        (1..=OFFICERS_MAX).flat_map(|officers| (1..=officers).map(move |threshold| (officers, threshold)));
    pairs.filter(|(officers, threshold)| groups(*officers, *threshold).len() <= usize::from(FILES))
}

fn people(count: usize) -> (Vec<Identity>, Vec<Recipient>) {
    let identities: Vec<_> = (0..count).map(|_| Identity::generate()).collect();
    let recipients = identities.iter().map(Identity::to_recipient).collect();
    (identities, recipients)
}

/// What these officers, one after another, find in one file.
fn open_in_turn(file: &[u8], number: u8, officers: &[&Identity], signer: &Digest) -> Option<Identity> {
    let mut layer = file.to_vec();
    for officer in officers {
        match peel(number, &layer, officer, signer).unwrap()? {
            Peeled::Layer(next) => layer = next,
            Peeled::Key(key) => return Some(key),
            Peeled::Couriers(..) => panic!("nothing was split"),
        }
    }
    None
}

#[test]
fn groups_are_in_card_order() {
    assert_eq!(groups(3, 2), [vec![0, 1], vec![0, 2], vec![1, 2]]);
    assert_eq!(groups(1, 1), [vec![0]]);
    assert_eq!(groups(5, 3).len(), 10);
    assert!(thresholds().all(|(officers, threshold)| officers <= 5 && threshold <= officers));
    assert_eq!(thresholds().count(), 15);
}

#[test]
fn all_files_have_one_length_whatever_the_threshold() {
    let signer = Digest::of(b"signer.pub");
    for (officers, threshold) in thresholds() {
        let (_, recipients) = people(officers);
        let files = seal_files(&recipients, threshold, None, &signer, &Identity::generate());
        assert_eq!(files.len(), usize::from(FILES));
        for file in files {
            assert_eq!(file.len() as u64, file_len(), "{threshold} of {officers}");
        }
    }
}

#[test]
fn every_group_opens_its_file_and_nobody_else_does() {
    let signer = Digest::of(b"signer.pub");
    for (officers, threshold) in [(1, 1), (3, 1), (3, 2), (3, 3), (5, 3), (5, 5)] {
        let (identities, recipients) = people(officers);
        let key = Identity::generate();
        let files = seal_files(&recipients, threshold, None, &signer, &key);
        for (number, group) in (1..).zip(groups(officers, threshold)) {
            let file = &files[usize::from(number) - 1];
            let members: Vec<_> = group.iter().map(|officer| &identities[*officer]).collect();
            let found = open_in_turn(file, number, &members, &signer).unwrap();
            assert_eq!(found.to_recipient(), key.to_recipient());
            assert!(open_in_turn(file, number, &members[1..], &signer).is_none());
            assert!(open_in_turn(file, number, &members[..threshold - 1], &signer).is_none());
        }
        let surplus = &files[groups(officers, threshold).len()..];
        for (file, officer) in surplus.iter().flat_map(|file| identities.iter().map(move |one| (file, one))) {
            assert!(peel(10, file, officer, &signer).unwrap().is_none());
        }
    }
}

#[test]
fn a_layer_of_another_bundle_is_refused() {
    let (identities, recipients) = people(2);
    let files = seal_files(&recipients, 2, None, &Digest::of(b"theirs"), &Identity::generate());
    let refused = peel(1, &files[0], &identities[0], &Digest::of(b"ours"));
    assert!(matches!(refused, Err(BundleError::Planted { number: 1 })));
}

#[test]
fn what_is_neither_key_nor_layer_is_refused() {
    let (identities, recipients) = people(1);
    let signer = Digest::of(b"signer.pub");
    let key = Identity::generate().to_secret_string();
    let key = key.expose();
    for content in [
        String::new(),
        "nothing".to_owned(),
        format!("{key}\n"),
        format!("# ...\n{key}"),
        format!("# .-.\n{key}\n"),
        format!("#...\n{key}\n"),
        format!("# ...\r\n{key}\n"),
        format!("# ...\n{}\n", key.to_lowercase()),
        format!("# ...\n{key}\n{key}\n"),
    ] {
        let sealed = seal_layer(&recipients[0], &signer, content.as_bytes());
        let refused = peel(1, &sealed, &identities[0], &signer);
        assert!(matches!(refused, Err(BundleError::Quorum { number: 1 })), "{content}");
    }
    let good = seal_layer(&recipients[0], &signer, format!("# ...\n{key}\n").as_bytes());
    assert!(matches!(peel(1, &good, &identities[0], &signer), Ok(Some(Peeled::Key(_)))));
}

#[test]
fn who_begins_and_who_follows() {
    assert_eq!(beginners(3, 2, 0), [0]);
    assert_eq!(beginners(3, 2, 1), [0, 1]);
    assert_eq!(beginners(3, 2, 2), [0, 1]);
    assert_eq!(beginners(3, 1, 2), [2]);
    assert_eq!(beginners(3, 3, 2), [0]);
    assert_eq!(followers(3, 2, 0, &[1, 2]), [1, 2]);
    assert_eq!(followers(3, 2, 1, &[3]), [2]);
    assert_eq!(followers(3, 2, 0, &[0, 9]), [] as [usize; 0]);
}
