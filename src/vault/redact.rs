//! What of a received bundle would leave in a disclosure: which units, under which terms, and what stays.
//!
//! Nothing is written here. What the terms of a record do not allow is refused before anything is shown, and so is an
//! item whose author withdrew consent. The author's statement speaks for every record of its bundle, so it goes along
//! only where each of them says so, shown or not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::Serialize;

use super::contacts::held_card;
use super::derive::{ByHand, Replacement, ReviewedDerivative};
use super::events::{Did, salt_of};
use super::rows::{Kept, TakenBundle};
use super::{DisclosureProblem, Vault, VaultError};
use crate::bundle::disclosure::{self, Audience};
use crate::bundle::{BundleError, Envelope, Receipt, layout};
use crate::crypto::Digest;
use crate::custody::Event;
use crate::evidence::consent::Terms;
use crate::evidence::date::Sureness;
use crate::evidence::item::{File, Kind, Origin};
use crate::evidence::received::ReceivedItem;
use crate::evidence::redaction::{Redaction, Sort, repeats, telling};
use crate::evidence::unit::{Unit, Value};
use crate::format::archive::Reader;
use crate::format::card::Card;
use crate::format::time::Date;
use crate::store::Store;
use crate::tlog::Stamp;

/// What is to be disclosed, to whom, and what of it is to be withheld.
#[derive(Debug, Clone)]
pub struct Disclosing {
    /// The items.
    pub items: Vec<u64>,
    /// To whom.
    pub audience: Audience,
    /// Sorts of units to withhold.
    pub withhold: BTreeSet<Sort>,
    /// Sorts of units to show that would stay behind.
    pub release: BTreeSet<Sort>,
    /// Single units of items, by their numbers: whether each is shown.
    pub units: BTreeMap<(u64, u32), bool>,
    /// Whether the author's statement goes along.
    pub author: bool,
    /// The bundle's receipt, where this vault has none.
    pub receipt: Option<Vec<u8>>,
    /// Stamps on the checkpoint of the receipt.
    pub stamps: Vec<Vec<u8>>,
    /// Whether what was noted by hand of the records goes along: that they are held, that they were handed over.
    pub notes: bool,
    /// Whether a copy without metadata leaves in the place of every original that would leave.
    pub without_metadata: bool,
    /// What was made by hand of originals, by the item and the unit that shows each.
    pub by_hand: BTreeMap<(u64, u32), ByHand>,
}

/// What would leave, line by line, and what stays, by count.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureReview {
    /// The bundle's id.
    pub bundle: String,
    /// To whom.
    #[serde(rename = "for")]
    pub audience: Audience,
    /// The records, in the bundle's order.
    pub records: Vec<ReviewedRecord>,
    /// How many records the bundle has, which shows.
    pub records_in_bundle: usize,
    /// How many originals leave, and how many bytes they have.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What leaves in the place of originals.
    pub derivatives: Vec<ReviewedDerivative>,
    /// Whether the author's statement leaves.
    pub author: bool,
    /// Whether there is a receipt.
    pub receipt: bool,
    /// How many stamps on its checkpoint leave.
    pub stamps: usize,
    /// What was noted by hand of the records, and leaves.
    pub notes: Vec<ReviewedNote>,
    /// How much was noted of them by hand, and stays.
    pub notes_kept: usize,
}

/// What an officer noted of a record.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewedNote {
    /// The item.
    pub item: u64,
    /// What was done.
    pub did: Did,
    /// The digest of the card of the organisation that it was handed over to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
}

/// What would leave of one record.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewedRecord {
    /// The item.
    pub item: u64,
    /// The record's id.
    pub record: String,
    /// The terms, which always leave.
    #[serde(skip)]
    pub terms: Terms,
    /// Its units that leave, in the order in which they are read.
    pub shown: Vec<ShownUnit>,
    /// How many of which sort stay.
    pub withheld: Vec<Withheld>,
}

impl ReviewedRecord {
    /// How many units the record has.
    pub fn units(&self) -> usize {
        1 + self.shown.len() + self.withheld.iter().map(|stays| stays.count).sum::<usize>()
    }
}

/// A unit that would leave.
#[derive(Debug, Clone, Serialize)]
pub struct ShownUnit {
    /// Its number in the record.
    pub unit: u32,
    /// What it is.
    pub what: Sort,
    /// What it says.
    pub said: String,
    /// Whether something that is withheld can be read in it.
    pub repeats: bool,
}

/// Units that stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// Their sort.
    pub what: Sort,
    /// How many.
    pub count: usize,
    /// Their numbers in the record.
    pub units: Vec<u32>,
}

/// A disclosure of which everything is known and nothing written.
pub(super) struct Prepared {
    pub bundle: Digest,
    pub card: Card,
    /// What goes along whole, by the names it has there.
    pub whole: Vec<(String, Vec<u8>)>,
    pub records: Vec<Chosen>,
    pub records_in_bundle: usize,
    /// What leaves in the place of originals, by their numbers in the bundle.
    pub derivatives: BTreeMap<u32, Replacement>,
    pub author: bool,
    pub receipt: bool,
    pub stamps: usize,
    /// What was noted of the records by hand, and leaves.
    pub notes: Vec<Event>,
    pub notes_kept: usize,
}

/// A record of which some units leave.
pub(super) struct Chosen {
    pub kept: Kept,
    pub number: u32,
    pub id: Digest,
    pub list: Vec<u8>,
    pub units: Vec<ChosenUnit>,
}

/// A unit as it lies in the bundle, and whether it leaves.
pub(super) struct ChosenUnit {
    pub bytes: Vec<u8>,
    pub value: Value,
    pub shown: bool,
}

/// A record as this vault keeps it.
struct Record {
    list: Vec<u8>,
    units: Vec<Vec<u8>>,
    item: ReceivedItem,
}

impl Vault {
    /// What a disclosure would show. Nothing is written.
    pub fn disclosure_review(
        &self,
        wanted: &Disclosing,
        today: Date,
    ) -> Result<DisclosureReview, VaultError> {
        let prepared = self.prepare_disclosure(wanted, today)?;
        let originals = prepared.originals();
        let hidden: Vec<String> = prepared.records.iter().flat_map(Chosen::telling).collect();
        Ok(DisclosureReview {
            bundle: prepared.bundle.to_string(),
            audience: wanted.audience,
            records: prepared.records.iter().map(|record| review(record, &hidden)).collect(),
            records_in_bundle: prepared.records_in_bundle,
            files: originals.len(),
            bytes: originals.values().map(|file| file.len).sum(),
            derivatives: prepared.derivatives.values().map(Replacement::review).collect(),
            author: prepared.author,
            receipt: prepared.receipt,
            stamps: prepared.stamps,
            notes: prepared.notes.iter().filter_map(|event| note(event, &prepared.records)).collect(),
            notes_kept: prepared.notes_kept,
        })
    }

    /// Everything that a disclosure consists of, as far as the terms allow it.
    pub(super) fn prepare_disclosure(
        &self,
        wanted: &Disclosing,
        today: Date,
    ) -> Result<Prepared, VaultError> {
        let (taken, items) = self.one_bundle(&wanted.items)?;
        let card = held_card(&taken.card)?;
        let [salt, list] =
            [layout::SALT, layout::RECORDS].map(|name| self.part(&taken, &format!("inner/{name}")));
        let (salt, list) = (salt?, list?);
        let lists = disclosure::record_lists(&list, &salt).map_err(|_| VaultError::damaged("records"))?;
        let mut records = Vec::new();
        for (kept, id) in items {
            records.push(self.choose(wanted, &taken, (kept, id), &lists, today)?);
        }
        check_units(wanted, &records)?;
        records.sort_by_key(|record| record.number);
        let mut notes = self.noted_events(&records.iter().map(|record| record.id).collect::<Vec<_>>())?;
        let notes_kept = if wanted.notes { 0 } else { std::mem::take(&mut notes).len() };
        let derivatives = self.derivatives(wanted, &records)?;
        let mut whole = vec![(layout::SALT.to_owned(), salt), (layout::RECORDS.to_owned(), list)];
        for name in Envelope::names() {
            whole.push((disclosure::outer(name.as_str()), self.part(&taken, name.as_str())?));
        }
        let mut inner = vec![layout::CARD];
        if wanted.author {
            self.check_author(&taken, &lists)?;
            inner.extend([layout::AUTHOR, layout::AUTHOR_SIGNATURE, layout::AUTHOR_PQ_SIGNATURE]);
        }
        for name in inner {
            whole.push((name.to_owned(), self.part(&taken, &format!("inner/{name}"))?));
        }
        let receipt = receipt(wanted, &taken, &card)?;
        whole.extend(stamps(wanted, receipt.as_ref())?);
        let receipt = receipt.map(|receipt| (disclosure::RECEIPT.to_owned(), receipt.print().into_bytes()));
        let there = receipt.is_some();
        whole.extend(receipt);
        Ok(Prepared {
            bundle: taken.bundle,
            card,
            whole,
            records,
            records_in_bundle: lists.len(),
            derivatives,
            author: wanted.author,
            receipt: there,
            stamps: wanted.stamps.len(),
            notes,
            notes_kept,
        })
    }

    /// The bundle that all of these items came in, and each item with its record's id.
    fn one_bundle(&self, numbers: &[u64]) -> Result<(TakenBundle, Vec<(Kept, Digest)>), VaultError> {
        let mut found: Option<(u64, Digest)> = None;
        let mut items = Vec::new();
        for number in numbers.iter().copied().collect::<BTreeSet<_>>() {
            let kept = self.kept(number)?;
            let Origin::Received { bundle, record, .. } = kept.item.origin else {
                return Err(DisclosureProblem::NotReceived { number }.into());
            };
            self.check_not_withdrawn(&kept)?;
            match found {
                Some((first, known)) if known != bundle => {
                    return Err(DisclosureProblem::SeveralBundles { first, other: number }.into());
                }
                _ => found = found.or(Some((number, bundle))),
            }
            items.push((kept, record));
        }
        let bundle = found.ok_or(VaultError::NoItem { number: 0 })?.1;
        let taken = self.store.get::<TakenBundle>(bundle.as_bytes())?;
        Ok((taken.ok_or_else(|| VaultError::damaged("bundle"))?, items))
    }

    fn choose(
        &self,
        wanted: &Disclosing,
        taken: &TakenBundle,
        (kept, id): (Kept, Digest),
        lists: &[Digest],
        today: Date,
    ) -> Result<Chosen, VaultError> {
        let damaged = || VaultError::damaged("record");
        let place = lists.iter().position(|list| *list == id).ok_or_else(damaged)?;
        let number = place as u32 + 1;
        let record = self.record(taken, number)?;
        let item = kept.item.number;
        let allowed = wanted.audience.check(&record.item.terms, &today.to_string());
        allowed.map_err(|refusal| DisclosureProblem::Terms { number: item, refusal })?;
        let values: Option<Vec<Value>> =
            record.units.iter().map(|unit| Some(Unit::parse(unit)?.value)).collect();
        let values = values.ok_or_else(damaged)?;
        let own = wanted.units.iter().filter(|((one, _), _)| *one == item);
        let redaction = Redaction {
            withhold: wanted.withhold.clone(),
            release: wanted.release.clone(),
            units: own.map(|((_, unit), shown)| (*unit, *shown)).collect(),
        };
        let shown = redaction.shown(&values.iter().collect::<Vec<_>>());
        let units = record.units.into_iter().zip(values).zip(shown);
        let units = units.map(|((bytes, value), shown)| ChosenUnit { bytes, value, shown }).collect();
        Ok(Chosen { kept, number, id, list: record.list, units })
    }

    /// Refuses the author's statement unless every record of its bundle allows it to be shown.
    fn check_author(&self, taken: &TakenBundle, lists: &[Digest]) -> Result<(), VaultError> {
        for number in 1..=lists.len() as u32 {
            let terms = self.record(taken, number)?.item.terms;
            disclosure::check_author(&terms).map_err(|_| DisclosureProblem::Author)?;
        }
        Ok(())
    }

    /// A record as it was taken in, checked once more.
    fn record(&self, taken: &TakenBundle, number: u32) -> Result<Record, VaultError> {
        let damaged = |_| VaultError::damaged("record");
        let archive = self.part(taken, &format!("inner/{}.tar", disclosure::record(number)))?;
        let mut reader = Reader::new(archive.as_slice());
        let (mut list, mut units) = (None, Vec::new());
        while reader.next_member().map_err(damaged)?.is_some() {
            let body = reader.body(layout::RECORD_BYTES_MAX).map_err(damaged)?;
            match list {
                None => list = Some(body),
                Some(_) => units.push(body),
            }
        }
        let list = list.unwrap_or_default();
        let item = ReceivedItem::read(&list, units.iter().map(|unit| Some(unit.as_slice())));
        Ok(Record { item: item.map_err(|_| VaultError::damaged("record"))?, list, units })
    }

    fn part(&self, taken: &TakenBundle, name: &str) -> Result<Vec<u8>, VaultError> {
        read_part(&self.store, taken, name)
    }
}

/// What was kept of a bundle byte for byte under this name.
pub(super) fn read_part(store: &Store, taken: &TakenBundle, name: &str) -> Result<Vec<u8>, VaultError> {
    let damaged = || VaultError::damaged("bundle");
    let part = taken.parts.iter().find(|part| part.name == name).ok_or_else(damaged)?;
    let mut bytes = Vec::new();
    store.open_object(&part.object)?.read_to_end(&mut bytes).map_err(|_| damaged())?;
    Ok(bytes)
}

impl Prepared {
    /// The bundle's inner salt.
    pub fn salt(&self) -> Result<[u8; 32], VaultError> {
        let salt = self.whole.iter().find(|(name, _)| name == layout::SALT);
        salt_of(salt.map_or(&[][..], |(_, salt)| salt))
    }

    /// The originals that leave, by their numbers in the bundle.
    pub fn originals(&self) -> BTreeMap<u32, &File> {
        let shown = self.records.iter().flat_map(Chosen::files);
        let shown = shown.map(|(_, number, file)| (number, file));
        shown.filter(|(number, _)| !self.derivatives.contains_key(number)).collect()
    }
}

/// The receipt that was handed over, or else the one that is held. It must be about this bundle and hold.
fn receipt(wanted: &Disclosing, taken: &TakenBundle, card: &Card) -> Result<Option<Receipt>, VaultError> {
    let held = || taken.receipt.as_ref().map(|text| text.as_bytes().to_vec());
    let Some(bytes) = wanted.receipt.clone().or_else(held) else { return Ok(None) };
    let checked = Receipt::parse(&bytes).and_then(|receipt| {
        receipt.verify(card, &taken.bundle)?;
        Ok::<_, BundleError>(receipt)
    });
    Ok(Some(checked.map_err(DisclosureProblem::Receipt)?))
}

/// The stamps, by the names they have there. Each must be over the checkpoint of the receipt.
fn stamps(wanted: &Disclosing, receipt: Option<&Receipt>) -> Result<Vec<(String, Vec<u8>)>, VaultError> {
    if wanted.stamps.len() > disclosure::STAMPS_MAX {
        return Err(DisclosureProblem::TooManyStamps { limit: disclosure::STAMPS_MAX }.into());
    }
    let head = receipt.map(|receipt| receipt.proof().checkpoint.unverified());
    let named = |(bytes, number): (&Vec<u8>, u32)| {
        let head = head.ok_or(DisclosureProblem::StampAlone)?;
        let stamp = Stamp::parse(bytes).map_err(DisclosureProblem::Stamp)?;
        match stamp.is_over(head) {
            true => Ok((disclosure::stamp(number, stamp.ending()), stamp.kept())),
            false => Err(DisclosureProblem::OtherStamp { imprint: stamp.imprint() }.into()),
        }
    };
    wanted.stamps.iter().zip(1..).map(named).collect()
}

/// Refuses the number of a unit that is not there, and that of the terms, which are never withheld.
fn check_units(wanted: &Disclosing, records: &[Chosen]) -> Result<(), VaultError> {
    for ((item, unit), shown) in &wanted.units {
        let record = records.iter().find(|record| record.kept.item.number == *item);
        let there = record.is_some_and(|record| (1..=record.units.len()).contains(&(*unit as usize)));
        if !there {
            return Err(DisclosureProblem::NoUnit { number: *item, unit: *unit }.into());
        }
        if *unit == 1 && !shown {
            return Err(DisclosureProblem::TermsStay { number: *item }.into());
        }
    }
    Ok(())
}

impl Chosen {
    /// The files that are shown: the unit that shows each, its number in the bundle, and it.
    pub fn files(&self) -> impl Iterator<Item = (u32, u32, &File)> {
        let shown = (1..).zip(&self.units).filter(|(_, unit)| unit.shown);
        shown.filter_map(|(unit, chosen)| {
            let Value::File(descriptor) = &chosen.value else { return None };
            let file = self.kept.item.files.iter().find(|file| file.digest == descriptor.sha256)?;
            Some((unit, descriptor.file, file))
        })
    }

    /// What would give away what of it is withheld.
    fn telling(&self) -> Vec<String> {
        let values: Vec<&Value> = self.units.iter().map(|unit| &unit.value).collect();
        telling(&values, &self.units.iter().map(|unit| unit.shown).collect::<Vec<_>>())
    }
}

/// What an event says that was noted by hand of one of these records.
fn note(event: &Event, records: &[Chosen]) -> Option<ReviewedNote> {
    let (record, did, card) = match event {
        Event::Hold { record } => (record, Did::Held, None),
        Event::Transfer { record, card } => (record, Did::Transferred, Some(card.to_string())),
        _ => return None,
    };
    let chosen = records.iter().find(|chosen| chosen.id == *record)?;
    Some(ReviewedNote { item: chosen.kept.item.number, did, card })
}

fn review(record: &Chosen, hidden: &[String]) -> ReviewedRecord {
    let mut units: Vec<(u32, &ChosenUnit)> = (1..).zip(&record.units).collect();
    units.sort_by_key(|(_, unit)| place(&unit.value));
    let (mut shown, mut withheld, mut terms) = (Vec::new(), Vec::<Withheld>::new(), Terms::default());
    for (number, ChosenUnit { value, shown: leaves, .. }) in units {
        let what = Sort::of(value);
        if let Value::Consent(said) = value {
            terms = *said;
        } else if *leaves {
            shown.push(ShownUnit { unit: number, what, said: said(value), repeats: repeats(value, hidden) });
        } else if let Some(known) = withheld.iter_mut().find(|known| known.what == what) {
            known.count += 1;
            known.units.push(number);
        } else {
            withheld.push(Withheld { what, count: 1, units: vec![number] });
        }
    }
    let (item, record) = (record.kept.item.number, record.id.to_string());
    ReviewedRecord { item, record, terms, shown, withheld }
}

/// Where a value stands for somebody who reads the record: the account in its order, a file with its name.
fn place(value: &Value) -> (u8, u32, u32) {
    match value {
        Value::Consent(_) => (0, 0, 0),
        Value::Kind(_) => (1, 0, 0),
        Value::Title(_) => (2, 0, 0),
        Value::Date(_) => (3, 0, 0),
        Value::Place(_) => (4, 0, 0),
        Value::Person(person) => (5, person.position, 0),
        Value::Run(run) => (6, run.paragraph, run.run),
        Value::File(file) => (7, file.position, 0),
        Value::Label(label) => (7, label.position, 1),
        Value::Pseudonym(_) => (8, 0, 0),
        Value::ConsentWords(_) => (9, 0, 0),
    }
}

/// How sure a date is, as its unit says.
fn sure(sure: Sureness) -> &'static str {
    match sure {
        Sureness::Certain => "certain",
        Sureness::About => "about",
        Sureness::Uncertain => "uncertain",
    }
}

/// What a unit says, as text.
fn said(value: &Value) -> String {
    match value {
        Value::Consent(_) => String::new(),
        Value::Pseudonym(text) | Value::ConsentWords(text) | Value::Title(text) | Value::Place(text) => {
            text.clone()
        }
        Value::Kind(Kind::Testimony) => "testimony".to_owned(),
        Value::Kind(Kind::Document) => "document".to_owned(),
        Value::Date(date) => format!("{}, {}", date.day(), sure(date.sure())),
        Value::Person(person) => person.name.clone(),
        Value::Run(run) => run.text.clone(),
        Value::File(file) => {
            format!("files/{:04}  {}  {} bytes  {}", file.file, file.media_type, file.size, file.sha256)
        }
        Value::Label(label) => label.label.clone(),
    }
}
