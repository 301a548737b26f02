//! Tests of records: from an item to its units and back.

use super::super::consent::{Consent, Naming, Reach, Terms};
use super::super::date::{EventDate, Sureness};
use super::super::item::{File, Kind, Origin};
use super::super::weight::Weight;
use super::*;
use crate::crypto::secret::SecretBytes;
use crate::format::id::RandomId;
use crate::format::time::Time;

fn file(content: &[u8], label: &str) -> File {
    File {
        object: RandomId::generate(),
        digest: Digest::of(content),
        len: content.len() as u64,
        media_type: "text/plain".to_owned(),
        label: label.to_owned(),
    }
}

/// An invented testimony with every field in use.
fn testimony() -> Item {
    let terms = Terms { share: Reach::Court, name: Naming::Pseudonym, ..Terms::default() };
    Item {
        number: 1,
        id: RandomId::generate(),
        kind: Kind::Testimony,
        title: "نمونه: آنچه دیدم".to_owned(),
        created: Time::from_unix(1_795_459_200).unwrap(),
        consent: Consent::new(terms, Some("Reed".to_owned()), Some("Ask me first.".to_owned())).unwrap(),
        date: Some(EventDate::new("1988-08", Sureness::About).unwrap()),
        place: Some("Sample Town".to_owned()),
        persons: vec!["First Invented".to_owned(), "Second Invented".to_owned()],
        account: Some("I saw [[the man from next door]].\n\nThen they left.".to_owned()),
        files: vec![file(b"one", "a/one.txt"), file(b"two", "two.txt"), file(b"one", "again.txt")],
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

fn numbers(digest: &Digest) -> u32 {
    if *digest == Digest::of(b"one") { 7 } else { 8 }
}

fn organisation() -> Digest {
    Digest::of(b"a card key")
}

fn read(record: &Record) -> ReceivedItem {
    ReceivedItem::read(record.list(), record.units().map(|(_, unit)| Some(unit))).unwrap()
}

#[test]
fn a_record_weighs_what_it_is_said_to() {
    let mut item = testimony();
    let marks = "[[a]] \u{1} \"نمونه\" ".repeat(6000);
    for account in [None, Some(String::new()), item.account.clone(), Some(marks)] {
        item.account = account;
        let record = Record::build(&item, &organisation(), |_| u32::MAX).unwrap();
        let lens = record.units().map(|(_, unit)| unit.len() as u64);
        let bytes = record.list().len() as u64 + lens.sum::<u64>();
        assert_eq!(Weight::of(&item).unwrap(), Weight { members: 1 + record.units().len(), bytes });
    }
    item.account = Some("[[a]] ".repeat(50_000));
    assert!(matches!(Weight::of(&item), Err(EvidenceError::TooMany { what: "units", .. })));
}

#[test]
fn what_is_built_is_read_again() {
    let item = testimony();
    let record = Record::build(&item, &organisation(), numbers).unwrap();
    let read = read(&record);
    assert!(read.is_whole());
    assert_eq!(read.record, Digest::of(record.list()));
    assert_eq!(read.terms, item.consent.terms());
    assert_eq!(read.consent_words.as_deref(), item.consent.words());
    assert_eq!(read.kind, Some(item.kind));
    assert_eq!(read.title.as_ref(), Some(&item.title));
    assert_eq!(read.date, item.date);
    assert_eq!(read.place, item.place);
    assert!(read.persons.values().eq(&item.persons));
    assert_eq!(read.account().unwrap().marked(), item.account.unwrap());
    let files: Vec<_> = read.files.values().map(|file| file.descriptor.clone().unwrap().file).collect();
    assert_eq!(files, [7, 8, 7]);
    let labels: Vec<_> = read.files.values().map(|file| file.label.clone().unwrap()).collect();
    assert_eq!(labels, ["a/one.txt", "two.txt", "again.txt"]);
}

#[test]
fn the_first_unit_is_consent_and_the_others_have_no_order() {
    let item = testimony();
    let order = || {
        let record = Record::build(&item, &organisation(), numbers).unwrap();
        let sorts = record.units().map(|(_, unit)| Unit::parse(unit).unwrap().value.name());
        sorts.collect::<Vec<_>>()
    };
    let orders: Vec<_> = (0..4).map(|_| order()).collect();
    assert!(orders.iter().all(|order| order[0] == "consent"));
    assert!(orders.iter().any(|order| *order != orders[0]));
}

#[test]
fn salts_differ_by_organisation_number_and_value() {
    let secret = SecretBytes::generate();
    let place = |name: &str| Value::Place(name.to_owned());
    let other = Digest::of(b"another card key");
    let two = |secret: &SecretBytes, organisation: &Digest, name: &str| {
        salts(secret.expose(), organisation, &[place(name), place(name)])
    };
    let found = [
        two(&secret, &organisation(), "a"),
        two(&secret, &other, "a"),
        two(&secret, &organisation(), "b"),
        two(&SecretBytes::generate(), &organisation(), "a"),
    ];
    assert_eq!(found[0], two(&secret, &organisation(), "a"));
    let found = found.concat();
    for (at, one) in found.iter().enumerate() {
        assert!(!found[..at].contains(one));
    }
}

#[test]
fn units_can_be_left_out() {
    let record = Record::build(&testimony(), &organisation(), numbers).unwrap();
    let units: Vec<_> = record.units().map(|(_, unit)| unit).collect();
    for left_out in 1..units.len() {
        let shown = units.iter().enumerate().map(|(at, unit)| (at != left_out).then_some(*unit));
        let read = ReceivedItem::read(record.list(), shown).unwrap();
        assert_eq!(read.withheld, 1);
        assert_eq!(read.account(), None);
    }
    let no_terms = units.iter().enumerate().map(|(at, unit)| (at != 0).then_some(*unit));
    assert!(ReceivedItem::read(record.list(), no_terms).is_err());
}

#[test]
fn changed_swapped_and_added_units_are_refused() {
    let record = Record::build(&testimony(), &organisation(), numbers).unwrap();
    let units: Vec<_> = record.units().map(|(_, unit)| unit.to_vec()).collect();
    let fails = |units: &[Vec<u8>]| {
        let shown = units.iter().map(|unit| Some(unit.as_slice()));
        assert!(ReceivedItem::read(record.list(), shown).is_err());
    };
    for changed in 0..units.len() {
        let mut other = units.clone();
        other[changed][10] ^= 1;
        fails(&other);
    }
    let mut swapped = units.clone();
    swapped.swap(1, 2);
    fails(&swapped);
    let mut added = units.clone();
    added.push(units[1].clone());
    fails(&added);
}

/// A record of these values, honestly listed: only their sense can be wrong.
fn said(values: Vec<Value>) -> Result<ReceivedItem, EvidenceError> {
    let record = Record::of(values, |_, _| Digest::from_bytes([1; 32])).unwrap();
    ReceivedItem::read(record.list(), record.units().map(|(_, unit)| Some(unit)))
}

#[test]
fn what_does_not_make_one_item_is_refused() {
    let consent = || Value::Consent(Terms::default());
    let title = || Value::Title(String::new());
    let kind = || Value::Kind(Kind::Document);
    let run = |paragraph, run| Value::Run(PlacedRun { paragraph, run, marked: false, text: String::new() });
    let person = |position| Value::Person(Person { position, name: String::new() });
    let label = |position| Value::Label(Label { position, label: String::new() });

    assert!(said(vec![consent(), kind(), title(), run(1, 1), run(2, 1), run(2, 2)]).is_ok());
    for wrong in [
        vec![kind(), title(), consent()],
        vec![consent(), kind()],
        vec![consent(), title()],
        vec![consent(), kind(), title(), title()],
        vec![consent(), consent(), kind(), title()],
        vec![consent(), kind(), title(), run(1, 2)],
        vec![consent(), kind(), title(), run(0, 1)],
        vec![consent(), kind(), title(), run(2, 1)],
        vec![consent(), kind(), title(), run(1, 1), run(3, 1)],
        vec![consent(), kind(), title(), run(1, 1), run(1, 1)],
        vec![consent(), kind(), title(), person(2)],
        vec![consent(), kind(), title(), person(1), person(1)],
        vec![consent(), kind(), title(), label(1)],
    ] {
        assert!(said(wrong.clone()).is_err(), "{wrong:?}");
    }
}

#[test]
fn lists_that_name_anything_else_are_refused() {
    let record = Record::build(&testimony(), &organisation(), numbers).unwrap();
    let text = std::str::from_utf8(record.list()).unwrap();
    let units: Vec<_> = record.units().map(|(_, unit)| Some(unit)).collect();
    for (from, to) in
        [("0002", "0099"), ("units/0002", "units/2"), ("units/0003", "units/0002"), ("\n", "\r\n")]
    {
        let other = text.replacen(from, to, 1);
        assert!(ReceivedItem::read(other.as_bytes(), units.iter().copied()).is_err());
    }
    assert!(ReceivedItem::read(b"", []).is_err());
}
