//! A record: what a contributor says about one item to one organisation, as salted units under a list of
//! their digests.
//!
//! ```text
//! disclosure-sha256.txt   5d2b…  units/0001.json      the SHA-256 of this list is the record's id
//!                         90af…  units/0002.json
//! units/0001.json         {"unit":"consent","salt":"…","value":{…}}
//! units/0002.json         {"unit":"person", …
//! ```
//!
//! Unit 0001 holds the terms of consent; all others are numbered in random order, so that the number of a unit
//! that was left out tells nothing. Each salt is derived from the item's secret, the organisation's card key,
//! the unit's number and the value: one organisation's copy opens nothing that another withheld, and two
//! records of one item open nothing of each other.

use std::iter;

use super::EvidenceError;
use super::item::Item;
use super::layout::{LIST_NAME, UNITS_MAX, unit_name};
use super::received::ReceivedItem;
use super::testimony::Testimony;
use super::unit::{Descriptor, Label, Person, PlacedRun, Unit, Value};
use crate::crypto::hash::Digest;
use crate::crypto::secret::Secret;
use crate::crypto::{random, seed};
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;

const SALT_PURPOSE: &str = "sanduq/unit-salt/1";

/// The units of one item for one organisation, and the list that binds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    units: Vec<Vec<u8>>,
    list: Vec<u8>,
    id: Digest,
}

impl Record {
    /// Cuts an item into units for the organisation with this card key. `number` tells under which number of
    /// `files/` each of the item's files, in their order, travels.
    pub fn build(
        item: &Item,
        organisation: &Digest,
        number: impl Fn(&Digest) -> u32,
    ) -> Result<Record, EvidenceError> {
        item.check()?;
        let mut values = values(item, number)?;
        random::shuffle(&mut values[1..]);
        let salts = salts(item.secret.expose(), organisation, &values);
        let record = Record::of(values, |number, _| Digest::from_bytes(salts[number as usize - 1]))?;
        let read = ReceivedItem::read(&record.list, record.units.iter().map(|unit| Some(unit.as_slice())))?;
        debug_assert_eq!(read.record, record.id);
        Ok(record)
    }

    /// The record of these values in this order, with the salts that are given for number and value.
    pub fn of(values: Vec<Value>, salt: impl Fn(u32, &Value) -> Digest) -> Result<Record, EvidenceError> {
        super::check_count("units", values.len(), UNITS_MAX)?;
        let mut units = Vec::with_capacity(values.len());
        let mut list = DigestList::new();
        for (value, number) in values.into_iter().zip(1..) {
            let unit = Unit { salt: salt(number, &value), value }.to_bytes();
            list.push(unit_name(number), Digest::of(&unit)).map_err(|_| EvidenceError::List)?;
            units.push(unit);
        }
        let list = list.to_string().into_bytes();
        let id = Digest::of(&list);
        Ok(Record { units, list, id })
    }

    /// The record's id: the SHA-256 of its list.
    pub fn id(&self) -> Digest {
        self.id
    }

    /// The bytes of `disclosure-sha256.txt`.
    pub fn list(&self) -> &[u8] {
        &self.list
    }

    /// All of it: `disclosure-sha256.txt`, then the unit files in the order of the list.
    pub fn into_members(self) -> impl Iterator<Item = (MemberName, Vec<u8>)> {
        let list = LIST_NAME.parse().expect("the list's name is a member's name");
        let units = self.units.into_iter().zip(1..).map(|(unit, number)| (unit_name(number), unit));
        iter::once((list, self.list)).chain(units)
    }

    /// The unit files with their names, in the order of the list.
    pub fn units(&self) -> impl ExactSizeIterator<Item = (MemberName, &[u8])> {
        self.units.iter().enumerate().map(|(at, unit)| (unit_name(at as u32 + 1), unit.as_slice()))
    }
}

/// The salts of the units that have these values, in their order.
fn salts(secret: &Secret<[u8; 32]>, organisation: &Digest, values: &[Value]) -> Vec<[u8; 32]> {
    let contexts = values.iter().zip(1u32..).map(|(value, number)| {
        let said = Digest::of(format!("{} {}", value.name(), value.to_json()).as_bytes());
        [&organisation.as_bytes()[..], &number.to_be_bytes(), said.as_bytes()].concat()
    });
    seed::derive_salts(secret, SALT_PURPOSE, contexts)
}

/// The values of an item, the terms of consent first.
pub(super) fn values(item: &Item, number: impl Fn(&Digest) -> u32) -> Result<Vec<Value>, EvidenceError> {
    let mut values =
        vec![Value::Consent(item.consent.terms()), Value::Kind(item.kind), Value::Title(item.title.clone())];
    values.extend(item.consent.pseudonym().map(|name| Value::Pseudonym(name.to_owned())));
    values.extend(item.consent.words().map(|words| Value::ConsentWords(words.to_owned())));
    values.extend(item.date.clone().map(Value::Date));
    values.extend(item.place.clone().map(Value::Place));
    for (name, position) in item.persons.iter().zip(1..) {
        values.push(Value::Person(Person { position, name: name.clone() }));
    }
    if let Some(account) = &item.account {
        values.extend(runs(&Testimony::parse(account)));
    }
    for (file, position) in item.files.iter().zip(1..) {
        values.push(Value::File(Descriptor {
            position,
            file: number(&file.digest),
            media_type: file.media_type.clone(),
            size: file.len,
            sha256: file.digest,
        }));
        values.push(Value::Label(Label { position, label: file.label.clone() }));
    }
    super::check_count("units", values.len(), UNITS_MAX)?;
    Ok(values)
}

fn runs(account: &Testimony) -> impl Iterator<Item = Value> + '_ {
    account.paragraphs().iter().zip(1..).flat_map(|(runs, paragraph)| {
        runs.iter().zip(1..).map(move |(part, run)| {
            let (marked, text) = (part.marked, part.text.clone());
            Value::Run(PlacedRun { paragraph, run, marked, text })
        })
    })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
