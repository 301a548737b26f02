//! Disclosing: a redacted copy of some records of one bundle, written as a folder that anyone can check.
//!
//! The folder is filled under a temporary name. What makes it a disclosure, its `bagit.txt`, is written only when the
//! chain of custody has an entry for each record; then it gets its name. So whatever a killed run leaves is either no
//! disclosure or one that the chain knows of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::derive::Replacement;
use super::redact::{Disclosing, Prepared};
use super::rows::OfficerEvent;
use super::{DisclosureProblem, MediumProblem, Progress, Vault, VaultError, medium};
use crate::bundle::custody_record::{CustodyRecord, ShownRecord, ToldEvent};
use crate::bundle::disclosure::{self, Audience, Info};
use crate::bundle::signer::Signer;
use crate::bundle::{Receipt, SignedEvent, Statement, layout};
use crate::crypto::Digest;
use crate::custody::Event;
use crate::evidence::item::File;
use crate::evidence::layout::{LIST_NAME, unit_name};
use crate::format::bag::{self, Oxum};
use crate::format::name::MemberName;
use crate::format::time::Time;
use crate::store::files::{self, NewFile, NewFolder};
use crate::tlog::Leaf;

/// What was disclosed.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureOutcome {
    /// The folder.
    #[serde(serialize_with = "crate::format::path::one")]
    pub dir: PathBuf,
    /// The bundle's id.
    pub bundle: String,
    /// To whom.
    #[serde(rename = "for")]
    pub audience: Audience,
    /// The records, in the bundle's order.
    pub records: Vec<DisclosedRecord>,
    /// How many originals went along.
    pub files: usize,
    /// How many derivatives went along in the place of originals.
    pub derivatives: usize,
    /// Whether the author's statement went along.
    pub author: bool,
    /// Whether there is a receipt.
    pub receipt: bool,
    /// How many stamps on its checkpoint went along.
    pub stamps: usize,
    /// The leaves by which the events stand in the log, or may come to.
    pub events: Vec<String>,
    /// How many of them are proved to.
    pub logged: usize,
}

/// What was disclosed of one record.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosedRecord {
    /// The item.
    pub item: u64,
    /// The record's id.
    pub record: String,
    /// How many units it has.
    pub units: usize,
    /// How many of them are shown.
    pub shown: usize,
}

impl Vault {
    /// Writes a disclosure into a new folder, with these instructions for stock tools, and an entry for each record into
    /// the chain of custody. `to` must not be there yet; the folder it lies in must.
    pub fn disclose(
        &mut self,
        wanted: &Disclosing,
        to: &Path,
        instructions: &str,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<DisclosureOutcome, VaultError> {
        let prepared = self.prepare_disclosure(wanted, now.date())?;
        let events = self.sign_events(&prepared)?;
        let place = Place::of(to)?;
        let _held = place.prepare()?;
        let originals = prepared.originals();
        place.check_room(&prepared, &originals)?;
        let derivatives = prepared.derivatives.values().map(Replacement::bytes);
        progress.start(originals.values().map(|file| file.len).chain(derivatives).sum());
        let record = custody_record(&prepared, wanted.audience, &events)?;
        let bag = place.told(self.fill(&place, &prepared, (&events, &record), progress))?;
        let info = Info { oxum: bag.oxum, bundle: prepared.bundle, audience: wanted.audience };
        place.told(bag.close(&info, instructions))?;
        let disclosed = prepared.records.iter().map(|record| Event::Disclose { record: record.id });
        let disclosed: Vec<Event> = disclosed.collect();
        let mut change = self.begin()?;
        disclosed.iter().try_for_each(|event| change.note_event_on(&prepared.bundle, *event))?;
        change.commit_all(disclosed, now)?;
        place.told(bag.commit(to))?;
        Ok(outcome(&prepared, wanted.audience, to, &events))
    }

    /// What the chain says of this bundle and these records, signed: that it was opened, that they are disclosed, and,
    /// where that was asked for, what was noted of them; each with the proof that the log has it, where one came.
    fn sign_events(&self, prepared: &Prepared) -> Result<Vec<Told>, VaultError> {
        let keys = self.officer_keys();
        if prepared.card.officers().iter().all(|officer| officer.keys != keys.public()) {
            return Err(DisclosureProblem::NotOnCard { name: prepared.card.name().to_owned() }.into());
        }
        let opened = Event::Open { bundle: prepared.bundle, officer: keys.public().fingerprint() };
        let disclosed = prepared.records.iter().map(|record| Event::Disclose { record: record.id });
        let salt = prepared.salt()?;
        let told = |event: Event| {
            let leaf = event.leaf(&salt);
            let known = self.store.get::<OfficerEvent>(leaf.digest().as_bytes())?;
            Ok(Told { signed: SignedEvent::sign(event, &keys), leaf, proof: known.and_then(|row| row.proof) })
        };
        [opened].into_iter().chain(disclosed).chain(prepared.notes.iter().copied()).map(told).collect()
    }

    /// Everything under `data/`.
    fn fill(
        &self,
        place: &Place,
        prepared: &Prepared,
        (events, custody_record): (&[Told], &str),
        progress: &mut dyn Progress,
    ) -> Result<Bag, VaultError> {
        let mut bag = Bag::begin(place)?;
        bag.put(disclosure::CUSTODY_RECORD, custody_record.as_bytes())?;
        for (name, bytes) in &prepared.whole {
            bag.put(name, bytes)?;
        }
        for record in &prepared.records {
            let folder = disclosure::record(record.number);
            bag.put(&format!("{folder}/{LIST_NAME}"), &record.list)?;
            for (unit, number) in record.units.iter().zip(1..).filter(|(unit, _)| unit.shown) {
                bag.put(&format!("{folder}/{}", unit_name(number)), &unit.bytes)?;
            }
        }
        for (event, number) in events.iter().zip(1..) {
            for (name, text) in disclosure::event(number).iter().zip(event.signed.print()) {
                bag.put(name, text.as_bytes())?;
            }
            if let Some(proof) = &event.proof {
                bag.put(&disclosure::event_proof(number), proof.as_bytes())?;
            }
        }
        for (number, file) in prepared.originals() {
            let mut out = bag.begin_file(&disclosure::file(number))?;
            self.copy_whole(file, &mut out, progress)?;
            bag.end_file(&disclosure::file(number), out, file)?;
        }
        for (number, made) in &prepared.derivatives {
            let (bytes, statement) = self.make_derivative(&prepared.bundle, made)?;
            bag.put(&disclosure::derivative(*number), &bytes)?;
            for (name, text) in disclosure::derivative_statement(*number).iter().zip(statement.print()) {
                bag.put(name, text.as_bytes())?;
            }
            progress.advance(made.bytes());
        }
        Ok(bag)
    }
}

/// An event that goes along.
struct Told {
    signed: SignedEvent,
    leaf: Leaf,
    proof: Option<String>,
}

/// Where a disclosure is written to.
struct Place<'a> {
    to: &'a Path,
    parent: &'a Path,
}

impl<'a> Place<'a> {
    fn of(to: &'a Path) -> Result<Place<'a>, VaultError> {
        let parent = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if to.symlink_metadata().is_ok() {
            return Err(medium::problem(to, MediumProblem::FolderThere));
        }
        if to.file_name().is_none() || !parent.is_dir() {
            return Err(medium::problem(parent, MediumProblem::NotAFolder));
        }
        Ok(Place { to, parent })
    }

    /// Takes the folder it goes into for itself, and sweeps what a killed run left there.
    fn prepare(&self) -> Result<Option<crate::store::lock::Lock>, VaultError> {
        let held = medium::prepare(self.parent)?;
        if held.is_some() {
            files::sweep_abandoned_folders(self.parent)?;
        }
        Ok(held)
    }

    fn check_room(&self, prepared: &Prepared, originals: &BTreeMap<u32, &File>) -> Result<(), VaultError> {
        let units = prepared.records.iter().flat_map(|record| &record.units).map(|unit| unit.bytes.len());
        let whole = prepared.whole.iter().map(|(_, bytes)| bytes.len());
        let small: u64 = units.chain(whole).map(|len| (len as u64).next_multiple_of(FILE_BYTES)).sum();
        let derivatives = prepared.derivatives.values().map(|made| made.bytes() + 3 * FILE_BYTES);
        let large = originals.values().map(|file| file.len).chain(derivatives);
        let large: u64 = large.map(|len| len.next_multiple_of(FILE_BYTES)).sum();
        medium::check_room(self.parent, small + large)?;
        originals.values().try_for_each(|file| medium::check_len(self.parent, file.len))
    }

    /// What became of writing there. Where it ended half-way nothing of it stays.
    fn told<T>(&self, written: Result<T, VaultError>) -> Result<T, VaultError> {
        written.map_err(|error| match error {
            VaultError::DiskFull { path } if path.starts_with(self.parent) => {
                medium::problem(self.to, MediumProblem::FilledUpEmpty)
            }
            VaultError::Medium { problem: MediumProblem::ReadOnly, .. } => {
                medium::problem(self.to, MediumProblem::ReadOnly)
            }
            error => error,
        })
    }
}

/// The room that a small file takes at least.
const FILE_BYTES: u64 = 4096;

/// A disclosure while it is written.
struct Bag {
    folder: NewFolder,
    digests: BTreeMap<MemberName, Digest>,
    oxum: Oxum,
}

impl Bag {
    fn begin(place: &Place) -> Result<Bag, VaultError> {
        let folder = NewFolder::begin(place.parent)?;
        Ok(Bag { folder, digests: BTreeMap::new(), oxum: Oxum { bytes: 0, files: 0 } })
    }

    fn path(&self, name: &str) -> Result<PathBuf, VaultError> {
        let path = self.folder.path().join(name);
        files::create_dir_all(path.parent().unwrap_or(self.folder.path()))?;
        Ok(path)
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        files::write_new_undated(&self.path(name)?, bytes)?;
        self.list(name, Digest::of(bytes), bytes.len() as u64);
        Ok(())
    }

    fn begin_file(&self, name: &str) -> Result<NewFile, VaultError> {
        Ok(NewFile::begin(&self.path(name)?)?.undated())
    }

    /// Ends an original, whose digest was checked while it was copied.
    fn end_file(&mut self, name: &str, out: NewFile, file: &File) -> Result<(), VaultError> {
        out.commit()?;
        self.list(name, file.digest, file.len);
        Ok(())
    }

    fn list(&mut self, name: &str, digest: Digest, len: u64) {
        let name = name.parse().expect("the names of the layout are member names");
        self.digests.insert(name, digest);
        self.oxum = Oxum { bytes: self.oxum.bytes + len, files: self.oxum.files + 1 };
    }

    /// Writes everything but the declaration that makes it a bag.
    fn close(&self, info: &Info, instructions: &str) -> Result<(), VaultError> {
        let (info, manifest) = (info.print(), disclosure::manifest(&self.digests));
        let tagged = [bag::DECLARATION, &info, instructions, &manifest];
        let tags = disclosure::tag_manifest(tagged.map(|text| Digest::of(text.as_bytes())));
        for (name, text) in disclosure::TAGGED.into_iter().zip(tagged).skip(1) {
            files::write_new_undated(&self.path(name)?, text.as_bytes())?;
        }
        Ok(files::write_new_undated(&self.path(layout::TAG_MANIFEST)?, tags.as_bytes())?)
    }

    /// Makes it a bag, and gives it its name.
    fn commit(self, to: &Path) -> Result<(), VaultError> {
        files::write_new_undated(&self.path(layout::BAGIT)?, bag::DECLARATION.as_bytes())?;
        Ok(self.folder.commit(to)?)
    }
}

/// The text of the custody record, from what goes into the folder.
fn custody_record(prepared: &Prepared, audience: Audience, events: &[Told]) -> Result<String, VaultError> {
    let member = |name: &str| {
        let found = prepared.whole.iter().find(|(whole, _)| whole == name);
        found.map(|(_, bytes)| bytes.as_slice())
    };
    let signer = Signer::parse(member(&disclosure::outer(layout::SIGNER)).unwrap_or_default())?;
    let author = member(layout::AUTHOR).map(Statement::parse).transpose()?;
    let receipt = member(disclosure::RECEIPT).map(Receipt::parse).transpose()?;
    let officer = |signed: &SignedEvent| {
        let officers = prepared.card.officers().iter();
        officers.map(|officer| &officer.keys).find(|keys| signed.verify(keys).is_ok())
    };
    let told = |told: &Told| {
        let officer = officer(&told.signed).ok_or_else(|| VaultError::damaged("card"))?.fingerprint();
        Ok(ToldEvent { event: told.signed.event(), officer, leaf: told.leaf })
    };
    let record = CustodyRecord {
        bundle: prepared.bundle,
        audience,
        card: &prepared.card,
        signer: signer.keys.fingerprint(),
        author: author.map(|statement| statement.author.fingerprint()),
        receipt: receipt.as_ref(),
        records: prepared.records.iter().map(shown_record).collect(),
        events: events.iter().map(told).collect::<Result<_, VaultError>>()?,
    };
    Ok(record.print())
}

fn shown_record(record: &super::redact::Chosen) -> ShownRecord<'_> {
    let shown = || record.units.iter().filter(|unit| unit.shown);
    let mut files: Vec<_> = shown().filter_map(|unit| unit.value.file()).collect();
    files.sort_unstable_by_key(|file| file.position);
    ShownRecord {
        number: record.number,
        digest: record.id,
        shown: shown().count(),
        units: record.units.len(),
        files,
    }
}

fn outcome(prepared: &Prepared, audience: Audience, to: &Path, events: &[Told]) -> DisclosureOutcome {
    let record = |record: &super::redact::Chosen| DisclosedRecord {
        item: record.kept.item.number,
        record: record.id.to_string(),
        units: record.units.len(),
        shown: record.units.iter().filter(|unit| unit.shown).count(),
    };
    DisclosureOutcome {
        dir: to.to_path_buf(),
        bundle: prepared.bundle.to_string(),
        audience,
        records: prepared.records.iter().map(record).collect(),
        files: prepared.originals().len(),
        derivatives: prepared.derivatives.len(),
        author: prepared.author,
        receipt: prepared.receipt,
        stamps: prepared.stamps,
        events: events.iter().map(|event| event.leaf.to_string()).collect(),
        logged: events.iter().filter(|event| event.proof.is_some()).count(),
    }
}

#[cfg(test)]
#[path = "disclose_tests.rs"]
mod tests;
