//! An officer opens a bundle: every check, and then everything enters in one transaction.
//!
//! With a threshold of one the bundle opens at once. With more, each officer takes off a layer and passes a small
//! file on; nobody ever holds a joint key. Where the key was split among couriers, the last officer needs enough of
//! their shares as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::iter;
use std::path::Path;

use serde::Serialize;

use super::card_review::officer_words;
use super::change::Change;
use super::contacts::{self, held_card};
use super::couriers::{self, RefusedShare, ShareFile};
use super::events::salt_of;
use super::keep::new_item;
use super::rows::{Contact, OwnCard, Part, TakenBundle};
use super::{FollowsView, Progress, Vault, VaultError};
use crate::bundle::content::VerifiedRecord;
use crate::bundle::files::Arriving;
use crate::bundle::layout;
use crate::bundle::outer::{Locked, Opened};
use crate::bundle::quorum;
use crate::bundle::{BundleError, FileSink, Outer, PassOn, Step, Unread, Verified};
use crate::crypto::{Digest, HashingWriter, PublicPair, words};
use crate::custody::Event;
use crate::evidence::consent::Consent;
use crate::evidence::item::{self, Item, Kind, Origin};
use crate::evidence::layout::{LIST_NAME, unit_name};
use crate::evidence::received::ReceivedItem;
use crate::format::archive::{self, ArchiveError, Writer};
use crate::format::card::Card;
use crate::format::time::Time;
use crate::store::{Pool, StoreError, StoredFile};

/// How much of a record is written at once.
const RECORD_AT_ONCE_BYTES: u64 = 256 << 10;

/// What came of opening a bundle.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum OpenOutcome {
    /// It is open, and its items are in this vault.
    TakenIn(TakenIn),
    /// Our layer is off; others must go on with what we pass on.
    PassOn(PassOnView),
    /// All officers' layers are off; couriers' shares are needed.
    SharesNeeded(SharesNeeded),
    /// Others must begin, or go before us.
    OthersMustBegin {
        /// Who, in card order.
        who: Vec<OtherOfficer>,
    },
}

/// What entered the vault.
#[derive(Debug, Clone, Serialize)]
pub struct TakenIn {
    /// The bundle's id.
    pub bundle: String,
    /// The new items' numbers, in the bundle's order.
    pub items: Vec<u64>,
    /// The author key as eight words.
    pub author_words: String,
    /// The author key's fingerprint, in hex.
    pub author: String,
    /// The name on the card it was sealed to.
    pub card_name: String,
    /// Whether it had been taken in before: then nothing changed.
    pub already: bool,
    /// What it does to an earlier bundle, if it follows up on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<FollowsView>,
    /// Items of this vault that it withdraws, and those of its own that were withdrawn before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<u64>,
    /// Files that were named as couriers' shares and are none of this bundle: enough others were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_shares: Vec<RefusedShare>,
}

/// What is still needed of the couriers.
#[derive(Debug, Clone, Serialize)]
pub struct SharesNeeded {
    /// The bundle's id.
    pub bundle: String,
    /// How many shares open it.
    pub needed: usize,
    /// How many there are in all.
    pub count: usize,
    /// How many of those that were named fit.
    pub fitting: usize,
    /// Those that do not.
    pub refused: Vec<RefusedShare>,
}

/// What an officer opens a bundle with, beyond the own identity.
#[derive(Debug, Clone, Copy, Default)]
pub struct Opening<'a> {
    /// What another officer passed on.
    pub with: Option<&'a [u8]>,
    /// Couriers' shares.
    pub shares: &'a [ShareFile],
}

/// What is passed on to the next officer.
#[derive(Debug, Clone, Serialize)]
pub struct PassOnView {
    /// The bundle's id.
    pub bundle: String,
    /// The file to hand on, together with the bundle.
    #[serde(skip)]
    pub file: Vec<u8>,
    /// Who may go on with it.
    pub next: Vec<OtherOfficer>,
}

/// Another officer, as far as this vault knows.
#[derive(Debug, Clone, Serialize)]
pub struct OtherOfficer {
    /// The officer's place on the card, from 1.
    pub place: usize,
    /// The officer's age recipient, when the card is held here.
    pub recipient: Option<String>,
    /// The eight words of the officer's line, by which officers know each other.
    pub words: Option<String>,
}

impl Vault {
    /// Opens a bundle as an officer, with what another officer passed on if there is such.
    ///
    /// Everything is checked before anything enters: what of it was stored meanwhile is gone if a check fails. A
    /// bundle that was taken in before is not taken in again.
    pub fn open_bundle(
        &mut self,
        bundle: &Path,
        with: Option<&[u8]>,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<OpenOutcome, VaultError> {
        self.open_with(bundle, Opening { with, shares: &[] }, now, progress)
    }

    /// As [`Vault::open_bundle`], with couriers' shares as well.
    pub fn open_with(
        &mut self,
        bundle: &Path,
        opening: Opening<'_>,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<OpenOutcome, VaultError> {
        let unreadable = |source| VaultError::Read { path: bundle.to_path_buf(), source };
        let mut file = File::open(bundle).map_err(unreadable)?;
        let len = file.metadata().map_err(unreadable)?.len();
        let unread = Unread::begin(&mut file)?;
        progress.start(len);
        if let Some(taken) = self.store.get::<TakenBundle>(unread.id().as_bytes())? {
            check_closed(unread, &mut file, progress)?;
            return Ok(OpenOutcome::TakenIn(self.taken_in(&taken, true)?));
        }
        let with = opening.with.map(PassOn::parse).transpose()?;
        match unread.open_quorum(&self.identity(), with.as_ref())? {
            Step::Opened(opened) => self.take_in(unread, &opened, &mut file, now, progress),
            Step::NeedsShares(locked) => {
                self.open_locked(unread, &locked, opening.shares, &mut file, now, progress)
            }
            Step::PassOn(pass_on) => {
                check_closed(unread, &mut file, progress)?;
                self.pass_on(&pass_on)
            }
            Step::NotYet => {
                check_closed(unread, &mut file, progress)?;
                Ok(OpenOutcome::OthersMustBegin { who: self.beginners()? })
            }
        }
    }

    fn open_locked(
        &mut self,
        unread: Unread,
        locked: &Locked,
        shares: &[ShareFile],
        file: &mut File,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<OpenOutcome, VaultError> {
        let (terms, gathered) = (locked.terms(), couriers::gather(locked, shares)?);
        let Some(opened) = &gathered.opened else {
            let outer = check_closed(unread, file, progress)?;
            return Ok(OpenOutcome::SharesNeeded(SharesNeeded {
                bundle: outer.id().to_string(),
                needed: terms.needed(),
                count: terms.count(),
                fitting: gathered.fitting,
                refused: gathered.refused,
            }));
        };
        let mut taken = self.take_in(unread, opened, file, now, progress)?;
        if let OpenOutcome::TakenIn(view) = &mut taken {
            view.refused_shares = gathered.refused;
        }
        Ok(taken)
    }

    fn take_in(
        &mut self,
        unread: Unread,
        opened: &Opened,
        file: &mut File,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<OpenOutcome, VaultError> {
        self.check_room(unread.info().oxum.bytes)?;
        let (officer, keys) = (self.identity().to_recipient(), self.officer_keys().public().fingerprint());
        let mut change = self.begin()?;
        let mut staged = Staged { change: &mut change, objects: BTreeMap::new(), progress };
        let (outer, verified) = unread.verify(opened, file, &officer, &mut staged)?;
        let objects = staged.objects;
        let taken = change.keep_verified(&outer, &verified, &objects, now)?;
        let opened = (verified.bundle, Event::Open { bundle: verified.bundle, officer: keys });
        let events = [vec![opened], change.keep_follow_up(&taken)?].concat();
        let salt = verified.kept.iter().find(|(name, _)| name.as_str() == layout::SALT);
        let salt = salt_of(salt.map_or(&[][..], |(_, salt)| salt))?;
        for (bundle, event) in &events {
            match *bundle == verified.bundle {
                true => change.note_event(bundle, &salt, *event)?,
                false => change.note_event_on(bundle, *event)?,
            }
        }
        change.commit_all(events.into_iter().map(|(_, event)| event), now)?;
        Ok(OpenOutcome::TakenIn(self.taken_in(&taken, false)?))
    }

    fn taken_in(&self, taken: &TakenBundle, already: bool) -> Result<TakenIn, VaultError> {
        let author = fingerprint(&taken.author)?;
        Ok(TakenIn {
            bundle: taken.bundle.to_string(),
            items: taken.items.clone(),
            author_words: words::eight_words(&author).join(" "),
            author: author.to_string(),
            card_name: held_card(&taken.card)?.name().to_owned(),
            already,
            follows: self.follows_view(taken)?,
            withdrawn: self.withdrawn_with(taken)?,
            refused_shares: Vec::new(),
        })
    }

    fn pass_on(&self, pass_on: &PassOn) -> Result<OpenOutcome, VaultError> {
        let next = self.others(|card, officer| {
            quorum::followers(card.officers().len(), card.threshold(), officer, &pass_on.numbers())
        })?;
        let (bundle, file) = (pass_on.bundle().to_string(), pass_on.to_bytes());
        Ok(OpenOutcome::PassOn(PassOnView { bundle, file, next }))
    }

    fn beginners(&self) -> Result<Vec<OtherOfficer>, VaultError> {
        self.others(|card, officer| quorum::beginners(card.officers().len(), card.threshold(), officer))
    }

    /// Those officers, but for this one, whose places `choose` gives, on the card that is held here; none if there
    /// is no such card.
    fn others(
        &self,
        choose: impl FnOnce(&Card, usize) -> Vec<usize>,
    ) -> Result<Vec<OtherOfficer>, VaultError> {
        let Some((card, own)) = self.card_with_us()? else { return Ok(Vec::new()) };
        let places = choose(&card, own).into_iter().filter(|place| *place != own);
        let officer = |place: usize| {
            let line = card.officers().get(place);
            OtherOfficer {
                place: place + 1,
                recipient: line.map(|line| line.recipient.to_string()),
                words: line.map(officer_words),
            }
        };
        Ok(places.map(officer).collect())
    }

    /// The newest card held on which this officer stands, and the place, from 0.
    fn card_with_us(&self) -> Result<Option<(Card, usize)>, VaultError> {
        let own = self.identity().to_recipient();
        let signed = self.store.all::<OwnCard>()?.into_iter().rev().map(|row| row.card);
        let held = self.store.all::<Contact>()?.into_iter().map(|row| row.card);
        for card in signed.chain(held) {
            let card = held_card(&card)?;
            if let Some(place) = card.officers().iter().position(|officer| officer.recipient == own) {
                return Ok(Some((card, place)));
            }
        }
        Ok(None)
    }
}

/// Checks the payload of a bundle that stays closed: damage shows to the first officer who has it in hand.
fn check_closed(unread: Unread, file: &mut File, progress: &mut dyn Progress) -> Result<Outer, BundleError> {
    let outer = unread.read(file)?;
    progress.advance(outer.info().oxum.bytes);
    Ok(outer)
}

/// Takes the originals of a bundle into a change that is thrown away unless all of it verifies.
struct Staged<'a, 'v> {
    change: &'a mut Change<'v>,
    objects: BTreeMap<u32, StoredFile>,
    progress: &'a mut dyn Progress,
}

impl FileSink for Staged<'_, '_> {
    fn take(&mut self, file: &Arriving, mut content: &mut dyn Read) -> io::Result<()> {
        let progress = &mut *self.progress;
        let mut read = |bytes| progress.advance(bytes);
        let stored = self.change.put_claimed(&mut content, file.digest.into(), &mut read);
        let stored = stored.map_err(|error| match error {
            StoreError::Source(error) => error,
            other => other.into(),
        })?;
        self.objects.insert(file.number, stored);
        Ok(())
    }
}

impl Change<'_> {
    /// Makes items of the records, and keeps byte for byte what a later disclosure needs.
    fn keep_verified(
        &mut self,
        outer: &Outer,
        verified: &Verified,
        objects: &BTreeMap<u32, StoredFile>,
        now: Time,
    ) -> Result<TakenBundle, VaultError> {
        let (mut items, mut used) = (Vec::new(), BTreeSet::new());
        for record in &verified.records {
            let item = item_of(&record.item, verified, objects, now)?;
            self.count_uses(&record.item, objects, &mut used)?;
            items.push(self.keep_new(item)?.0.item.number);
        }
        let taken = TakenBundle {
            bundle: verified.bundle,
            card: contacts::text_of(&verified.card),
            author: verified.author.to_lines(),
            opened: now,
            items,
            parts: self.keep_parts(outer, verified)?,
            receipt: None,
            follow_up: verified.statement.follow_up,
        };
        self.put(&taken)?;
        Ok(taken)
    }

    /// Storing a file counted its first use; each further item that refers to it is one more.
    fn count_uses(
        &mut self,
        received: &ReceivedItem,
        objects: &BTreeMap<u32, StoredFile>,
        used: &mut BTreeSet<u32>,
    ) -> Result<(), VaultError> {
        for descriptor in received.files.values().filter_map(|file| file.descriptor.as_ref()) {
            if !used.insert(descriptor.file)
                && let Some(stored) = objects.get(&descriptor.file)
            {
                self.use_again(&stored.object)?;
            }
        }
        Ok(())
    }

    fn keep_parts(&mut self, outer: &Outer, verified: &Verified) -> Result<Vec<Part>, VaultError> {
        let mut parts = Vec::new();
        for (name, bytes) in outer.kept() {
            parts.push(self.keep_part(name.to_string(), bytes)?);
        }
        for (name, bytes) in &verified.kept {
            parts.push(self.keep_part(format!("inner/{name}"), bytes)?);
        }
        for (record, number) in verified.records.iter().zip(1..) {
            parts.push(self.keep_record(format!("inner/data/records/{number:04}.tar"), record)?);
        }
        Ok(parts)
    }

    fn keep_part(&mut self, name: String, mut bytes: &[u8]) -> Result<Part, VaultError> {
        let stored = self.put_file(&mut bytes, Pool::Items, &mut |_| {})?;
        Ok(Part { name, object: stored.object })
    }

    /// Keeps a record's list and units as one archive, so that a bundle of many records is not a crowd of objects.
    fn keep_record(&mut self, name: String, record: &VerifiedRecord) -> Result<Part, VaultError> {
        let object = HashingWriter::new(self.create_object(Pool::Items)?);
        let lens = iter::once(&record.list).chain(&record.units).map(|body| body.len() as u64);
        let at_once = archive::tar_len(lens).min(RECORD_AT_ONCE_BYTES);
        let out = BufWriter::with_capacity(at_once as usize, object);
        let written = write_record(record, out).map_err(BundleError::from)?;
        let written = written.into_inner().map_err(|error| BundleError::Io(error.into_error()))?;
        let (object, digest, _) = written.into_parts();
        Ok(Part { name, object: object.finish(digest)?.object })
    }
}

fn write_record<W: Write>(record: &VerifiedRecord, out: W) -> Result<W, ArchiveError> {
    let mut archive = Writer::new(out);
    let list = LIST_NAME.parse().expect("the list's name is a member's name");
    archive.whole(&list, &record.list)?;
    for (unit, number) in record.units.iter().zip(1..) {
        archive.whole(&unit_name(number), unit)?;
    }
    archive.finish()
}

/// A record as an item of this vault.
fn item_of(
    received: &ReceivedItem,
    verified: &Verified,
    objects: &BTreeMap<u32, StoredFile>,
    now: Time,
) -> Result<Item, VaultError> {
    let title = received.title.clone().unwrap_or_default();
    let mut item = new_item(received.kind.unwrap_or(Kind::Document), title, now);
    let consent = Consent::new(received.terms, received.pseudonym.clone(), received.consent_words.clone());
    item.consent = consent.map_err(VaultError::evidence)?;
    item.date = received.date.clone();
    item.place = received.place.clone();
    item.persons = received.persons.values().cloned().collect();
    item.account = received.account().map(|account| account.marked());
    item.files = files_of(received, objects)?;
    item.origin = Origin::Received {
        bundle: verified.bundle,
        record: received.record,
        author: verified.author.fingerprint(),
    };
    Ok(item)
}

fn files_of(
    received: &ReceivedItem,
    objects: &BTreeMap<u32, StoredFile>,
) -> Result<Vec<item::File>, VaultError> {
    let missing = || VaultError::Bundle(BundleError::Files("a file is missing"));
    let file = |known: &crate::evidence::received::ReceivedFile| {
        let descriptor = known.descriptor.as_ref().ok_or_else(missing)?;
        let stored = objects.get(&descriptor.file).ok_or_else(missing)?;
        Ok(item::File {
            object: stored.object,
            digest: stored.digest,
            len: stored.len,
            media_type: descriptor.media_type.clone(),
            label: known.label.clone().unwrap_or_default(),
        })
    };
    received.files.values().map(file).collect()
}

fn fingerprint(lines: &str) -> Result<Digest, VaultError> {
    let keys = PublicPair::from_lines(lines).map_err(|_| VaultError::damaged("author"))?;
    Ok(keys.fingerprint())
}

#[cfg(test)]
#[path = "open_tests.rs"]
pub(super) mod tests;
