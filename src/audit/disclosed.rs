//! What a disclosure shows, as far as its audit could read it: for a report that a person reads.
//!
//! All of it is worth what the checks of the same audit say, **never** more. What did not hold is not here: a record with
//! a changed unit has no item, an event without its signatures is missing, an original that is another one has no bytes.

use std::collections::BTreeMap;
use std::io;

use super::folder::Folder;
use crate::bundle::custody_record::{CustodyRecord, ShownRecord, ToldEvent};
use crate::bundle::derivative::Derivative;
use crate::bundle::disclosure::{self, Audience};
use crate::bundle::{SignedEvent, Statement, receipt::Receipt};
use crate::crypto::hash::Digest;
use crate::evidence::received::ReceivedItem;
use crate::evidence::unit::Descriptor;
use crate::format::card::Card;
use crate::tlog::Leaf;

/// A disclosure as it was read.
pub struct Disclosed {
    pub(super) folder: Folder,
    /// For whom it was made.
    pub audience: Option<Audience>,
    /// The bundle's id.
    pub bundle: Option<Digest>,
    /// The fingerprint of the one-time keys that sealed it.
    pub signer: Option<Digest>,
    /// The organisation's card.
    pub card: Option<Card>,
    /// How many records the bundle has, shown or not.
    pub records_in_bundle: Option<usize>,
    /// Those that are shown, in the order of their numbers.
    pub records: Vec<DisclosedRecord>,
    /// The author's statement, where it was released.
    pub author: Option<Statement>,
    /// The bundle's receipt, where there is one.
    pub receipt: Option<Receipt>,
    /// What was done, in the order of the files.
    pub events: Vec<DisclosedEvent>,
    /// What lies in the place of originals, by the numbers of these.
    pub derivatives: BTreeMap<u32, Derivative>,
}

/// A record that is shown.
#[derive(Debug, Clone)]
pub struct DisclosedRecord {
    /// Its number in the bundle.
    pub number: u32,
    /// The digest of its list.
    pub digest: Digest,
    /// How many units it has.
    pub units: usize,
    /// How many of them are shown.
    pub there: usize,
    /// Those of its units that show a file, each by its number.
    pub files: Vec<(u32, Descriptor)>,
    /// What they say, if they hold.
    pub item: Option<ReceivedItem>,
}

/// An event that an officer of the card signed.
#[derive(Debug, Clone)]
pub struct DisclosedEvent {
    /// Its number in the disclosure.
    pub number: u32,
    /// The event.
    pub signed: SignedEvent,
    /// The fingerprint of the officer's keys.
    pub officer: Digest,
    /// The leaf by which it may stand in the log.
    pub leaf: Option<Leaf>,
    /// Whether it is proved to stand there, or the log at hand has it.
    pub logged: bool,
}

impl Disclosed {
    /// The custody record that all of this makes; `None` where a part of it could not be read.
    pub(super) fn custody_record(&self) -> Option<String> {
        let record = CustodyRecord {
            bundle: self.bundle?,
            audience: self.audience?,
            card: self.card.as_ref()?,
            signer: self.signer?,
            author: self.author.as_ref().map(|statement| statement.author.fingerprint()),
            receipt: self.receipt.as_ref(),
            records: self.records.iter().map(DisclosedRecord::shown).collect::<Option<_>>()?,
            events: self.events.iter().map(DisclosedEvent::told).collect::<Option<_>>()?,
        };
        Some(record.print())
    }

    /// The bytes of an original, if it is there, has no more than so many bytes, and is the one described.
    pub fn original(&self, file: &Descriptor, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
        if file.size > bytes_max {
            return Ok(None);
        }
        let bytes = self.folder.read(&disclosure::file(file.file), file.size)?;
        Ok(bytes.filter(|bytes| Digest::of(bytes) == file.sha256))
    }

    /// The bytes of a derivative, if it has no more than so many, and is the one described.
    pub fn derivative(&self, number: u32, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(said) = self.derivatives.get(&number).filter(|said| said.bytes <= bytes_max) else {
            return Ok(None);
        };
        let bytes = self.folder.read(&disclosure::derivative(number), said.bytes)?;
        Ok(bytes.filter(|bytes| Digest::of(bytes) == said.derivative))
    }

    /// Whether a derivative lies in the place of an original.
    pub fn is_derived(&self, file: &Descriptor) -> bool {
        self.folder.has(&disclosure::derivative(file.file))
    }

    /// Whether an original is there at all.
    pub fn has(&self, file: &Descriptor) -> bool {
        self.folder.has(&disclosure::file(file.file))
    }
}

impl DisclosedRecord {
    fn shown(&self) -> Option<ShownRecord<'_>> {
        let files = self.item.as_ref()?.files.values().filter_map(|file| file.descriptor.as_ref());
        Some(ShownRecord {
            number: self.number,
            digest: self.digest,
            shown: self.there,
            units: self.units,
            files: files.collect(),
        })
    }
}

impl DisclosedEvent {
    fn told(&self) -> Option<ToldEvent> {
        Some(ToldEvent { event: self.signed.event(), officer: self.officer, leaf: self.leaf? })
    }
}
