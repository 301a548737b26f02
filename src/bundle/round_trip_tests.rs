//! From items to a bundle and back: tests over the whole folder.

use std::io;

use super::error::BundleError;
use super::files::{Discard, FileSource, Original};
use super::outer::{Opened, Outer, Step, Unread};
use super::pack::{Parcel, pack, pack_split};
use super::parts::Split;
use super::pass_on::PassOn;
use super::sample::{Organisation, Shelf, Summed, document, organisation, seal, testimony};
use super::{layout, quorum};
use crate::crypto::checksum::Sums;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Identity;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::random;
use crate::evidence::item::{File, Item};

fn open(outer: &Outer, identity: &Identity) -> Opened {
    match outer.open_quorum(identity, None).unwrap() {
        Step::Opened(opened) => opened,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_sealed_is_opened() {
    let org = organisation(1, 1);
    let mut shelf = Shelf::default();
    let page = shelf.put(b"an invented page", "page.txt");
    let empty = shelf.put(b"", "empty");
    let items = [
        document(vec![page.clone(), empty]),
        testimony("I saw [[him]].\n\nThen rain."),
        document(vec![page]),
    ];
    for source in [&shelf as &dyn FileSource, &Summed(&shelf)] {
        is_opened(&org, &items, source, &shelf);
    }
}

fn is_opened(org: &Organisation, items: &[Item], source: &dyn FileSource, shelf: &Shelf) {
    let (mut bundle, sealed) = seal(&org.card, items, source, Split::default());

    let outer = Outer::read(&mut bundle).unwrap();
    assert_eq!(outer.id(), sealed.bundle);
    assert_eq!(outer.author_commit(), sealed.author);
    assert_eq!(outer.return_recipient(), &sealed.return_identity.to_recipient());
    assert_eq!(outer.kept().len(), 3 + 10 + 4);

    let officer = &org.officers[0];
    let mut taken = Shelf::default();
    let (read, verified) = Unread::begin(&mut bundle)
        .unwrap()
        .verify(&open(&outer, officer), &mut bundle, &officer.to_recipient(), &mut taken)
        .unwrap();
    assert_eq!(read.kept(), outer.kept());
    assert_eq!(verified.bundle, sealed.bundle);
    assert_eq!(verified.card, org.card);
    let ids: Vec<_> = verified.records.iter().map(|record| record.item.record).collect();
    assert_eq!(ids, sealed.records);
    assert_eq!(verified.records[1].item.account().unwrap().marked(), "I saw [[him]].\n\nThen rain.");
    assert_eq!(verified.files.len(), 2);
    assert_eq!(taken.0, shelf.0);
    assert!(verified.records.iter().all(|record| record.item.is_whole()));
    let names: Vec<_> = verified.kept.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..4], [layout::CARD, layout::SALT, layout::RECORDS, layout::AUTHOR]);
}

#[test]
fn long_things_travel_in_parts() {
    let org = organisation(1, 1);
    let mut shelf = Shelf::default();
    let mut content = vec![0; 1_000_000];
    random::fill(&mut content);
    let items =
        [document(vec![shelf.put(&content, "long"), shelf.put(&content[..300_000], "just one part")])];
    for source in [&shelf as &dyn FileSource, &Summed(&shelf)] {
        is_opened_from_parts(&org, &items, source, &shelf);
    }
}

fn is_opened_from_parts(org: &Organisation, items: &[Item], source: &dyn FileSource, shelf: &Shelf) {
    let split = Split::of(300_000);
    let (mut bundle, _) = seal(&org.card, items, source, split);
    assert!(Outer::read(&mut bundle).is_err());

    let outer = Outer::read_split(&mut bundle, split).unwrap();
    assert!(outer.info().oxum.files > 4);
    let officer = &org.officers[0];
    let mut taken = Shelf::default();
    let unread = Unread::begin_split(&mut bundle, split).unwrap();
    unread.verify(&open(&outer, officer), &mut bundle, &officer.to_recipient(), &mut taken).unwrap();
    assert_eq!(taken.0, shelf.0);
}

#[test]
fn officers_pass_on_in_card_order() {
    let org = organisation(3, 2);
    let (mut bundle, _) = seal(&org.card, &[testimony("…")], &Shelf::default(), Split::default());
    let outer = Outer::read(&mut bundle).unwrap();
    let [first, second, third] = &org.officers[..] else { panic!("three officers") };

    assert!(matches!(outer.open_quorum(third, None), Ok(Step::NotYet)));
    assert!(matches!(outer.open_quorum(&Identity::generate(), None), Ok(Step::NotYet)));
    let Ok(Step::PassOn(pass_on)) = outer.open_quorum(first, None) else { panic!("a layer") };
    assert_eq!(pass_on.numbers(), [1, 2]);
    assert_eq!(quorum::followers(3, 2, 0, &pass_on.numbers()), [1, 2]);
    let pass_on = PassOn::parse(&pass_on.to_bytes()).unwrap();
    assert!(matches!(outer.open_quorum(first, Some(&pass_on)), Ok(Step::NotYet)));
    for officer in [second, third] {
        let Ok(Step::Opened(opened)) = outer.open_quorum(officer, Some(&pass_on)) else { panic!("the key") };
        let unread = Unread::begin(&mut bundle).unwrap();
        unread.verify(&opened, &mut bundle, &officer.to_recipient(), &mut Discard).unwrap();
    }
}

#[test]
fn what_was_passed_on_for_another_bundle_is_refused() {
    let org = organisation(2, 2);
    let sealed = || seal(&org.card, &[testimony("…")], &Shelf::default(), Split::default()).0;
    let (ours, theirs) = (Outer::read(&mut sealed()).unwrap(), Outer::read(&mut sealed()).unwrap());
    let Ok(Step::PassOn(pass_on)) = theirs.open_quorum(&org.officers[0], None) else { panic!("a layer") };
    let refused = ours.open_quorum(&org.officers[1], Some(&pass_on));
    assert!(matches!(refused, Err(BundleError::PassedOnForAnother { .. })));

    let text = String::from_utf8_lossy(&pass_on.to_bytes()).into_owned();
    assert!(text.contains(&theirs.id().to_string()));
    let mut bytes = pass_on.to_bytes();
    let place = text.find(&theirs.id().to_string()).unwrap();
    bytes[place..place + 64].copy_from_slice(ours.id().to_string().as_bytes());
    let relabelled = PassOn::parse(&bytes).unwrap();
    let refused = ours.open_quorum(&org.officers[1], Some(&relabelled));
    assert!(matches!(refused, Err(BundleError::Planted { number: 1 })));
}

#[test]
fn passed_on_files_have_one_spelling() {
    let pass_on = PassOn::new(Digest::of(b"id"), vec![(1, b"layer".to_vec()), (3, Vec::new())]);
    let bytes = pass_on.to_bytes();
    assert_eq!(PassOn::parse(&bytes).unwrap(), pass_on);
    for end in 0..bytes.len() {
        assert!(PassOn::parse(&bytes[..end]).is_err(), "{end}");
    }
    for empty in [
        PassOn::new(Digest::of(b"id"), Vec::new()),
        PassOn::new(Digest::of(b"id"), vec![(3, vec![]), (1, vec![])]),
    ] {
        assert!(PassOn::parse(&empty.to_bytes()).is_err());
    }
}

#[test]
fn the_same_items_sealed_twice_show_nothing_in_common() {
    let org = organisation(2, 1);
    let items = [testimony("The same.")];
    let read = || {
        let (mut bundle, _) = seal(&org.card, &items, &Shelf::default(), Split::default());
        (Outer::read(&mut bundle).unwrap(), bundle.into_inner().len())
    };
    let ((one, one_len), (other, other_len)) = (read(), read());
    assert_eq!(one_len, other_len);
    assert_ne!(one.disclosure(), other.disclosure());
    assert_ne!(one.author_commit(), other.author_commit());
    assert_ne!(one.signer(), other.signer());
    assert_ne!(one.return_recipient(), other.return_recipient());
}

#[test]
fn who_is_not_on_the_card_takes_nothing() {
    let org = organisation(1, 1);
    let (mut bundle, _) = seal(&org.card, &[testimony("…")], &Shelf::default(), Split::default());
    let outer = Outer::read(&mut bundle).unwrap();
    let stranger = Identity::generate().to_recipient();
    let unread = Unread::begin(&mut bundle).unwrap();
    let refused = unread.verify(&open(&outer, &org.officers[0]), &mut bundle, &stranger, &mut Discard);
    assert!(matches!(refused, Err(BundleError::NotOnCard { .. })));
}

#[test]
fn a_payload_that_changes_after_its_outside_was_read_is_refused() {
    let org = organisation(1, 1);
    let (mut bundle, _) = seal(&org.card, &[testimony("…")], &Shelf::default(), Split::default());
    let outer = Outer::read(&mut bundle).unwrap();
    let opened = open(&outer, &org.officers[0]);
    let last = outer.envelope().payload()[0].offset + outer.info().oxum.bytes - 1;
    let unread = Unread::begin(&mut bundle).unwrap();
    bundle.get_mut()[last as usize] ^= 1;
    let officer = org.officers[0].to_recipient();
    let refused = unread.verify(&opened, &mut bundle, &officer, &mut Discard);
    assert!(matches!(refused, Err(BundleError::Manifest { .. })), "{refused:?}");
}

/// Gives other bytes than were kept, and what their checksum was.
struct Liar(Vec<u8>, Option<u32>);

impl FileSource for Liar {
    fn open(&self, _: &File) -> io::Result<Original<'_>> {
        Ok(Original { checksum: self.1, ..Original::of(self.0.as_slice()) })
    }
}

#[test]
fn a_file_that_changes_while_it_is_packed_is_not_sealed() {
    let org = organisation(1, 1);
    let kept = vec![7; 700_000];
    let file = Shelf::default().put(&kept, "page.txt");
    let items = [document(vec![file])];
    let author = KeyPair::generate();
    let parcel = Parcel {
        card: &org.card,
        author: &author,
        items: &items,
        proof_commit: Digest::of(b""),
        follow_up: None,
        couriers: None,
    };
    let one_other = [&kept[..600_000], &[8], &kept[600_001..]].concat();
    for other in [one_other, [&kept[..], &[7]].concat(), kept[1..].to_vec(), Vec::new()] {
        for checksum in [None, Sums::of(&kept).checksum] {
            let liar = Liar(other.clone(), checksum);
            for split in [Split::default(), Split::of(300_000)] {
                let refused = pack_split(&parcel, &liar, &mut io::sink(), &mut |_| {}, split);
                assert!(matches!(refused, Err(BundleError::FileChanged { .. })), "{refused:?}");
            }
        }
    }
    assert!(matches!(
        pack(&parcel, &Shelf::default(), &mut io::sink(), &mut |_| {}),
        Err(BundleError::Io(_))
    ));
}

/// A checksum is believed: bytes that somebody chose so that theirs is the same are sealed. They must stay out of an
/// officer's vault.
#[test]
fn what_a_checksum_does_not_show_the_officer_finds() {
    let org = organisation(1, 1);
    let items = [document(vec![Shelf::default().put(b"as it was kept", "page.txt")])];
    let other = b"as it was kepT";
    let (mut bundle, _) =
        seal(&org.card, &items, &Liar(other.to_vec(), Sums::of(other).checksum), Split::default());
    let outer = Outer::read(&mut bundle).unwrap();
    let (officer, opened) = (org.officers[0].to_recipient(), open(&outer, &org.officers[0]));
    let refused = Unread::begin(&mut bundle).unwrap().verify(&opened, &mut bundle, &officer, &mut Discard);
    assert!(
        matches!(refused, Err(BundleError::Manifest { .. } | BundleError::DigestMismatch { .. })),
        "{refused:?}"
    );
}
