//! Letters coming home: receipts, what is missing of bundles in parts, officers' replies and newer cards.
//!
//! On a medium they lie sealed, all alike, and mixed with others': each is tried with every return identity held, and
//! what is not ours is passed over calmly. That one opens proves nothing, for anybody can seal to a return recipient;
//! each kind counts by its own signatures. All that is found becomes one change. What is about something that is
//! forgotten here is shown once and not kept.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::change::Change;
use super::contacts::{CardCame, CardDoubt};
use super::forget::is_orphan;
use super::heads::{ForkView, Heads};
use super::replies::ReplyView;
use super::rows::{Contact, Delivery, Fork, PartTrips, ReplyRow, TakenBundle};
use super::{CardProblem, Vault, VaultError, contacts, volumes};
use crate::bundle::letter::{Letter, looks_sealed};
use crate::bundle::{BundleError, Missing, Receipt, Reply};
use crate::crypto::{Digest, Identity};
use crate::custody::Event;
use crate::format::card::Card;
use crate::format::note::Note;
use crate::format::time::Time;
use crate::store::Row;

/// Bytes of a file that can be a letter, sealed or plain; what is larger is not looked at.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// What came home.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LettersOutcome {
    /// Ids of the bundles that are acknowledged now.
    pub received: Vec<String>,
    /// Those of them of which everything was forgotten: now nothing about them is kept, their receipts neither.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<String>,
    /// Whether traces of those stay until something is next forgotten: what a repair set aside would
    /// go with them, and nobody was asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub traces: bool,
    /// Ids of bundles whose receipt was held already.
    pub already: Vec<String>,
    /// Replies that were not here yet.
    pub replies: Vec<ReplyView>,
    /// Contacts whose card was replaced by a newer one.
    pub cards: Vec<NewerCard>,
    /// Cards that were not taken, because somebody has to look at them first.
    pub offered: Vec<OfferedCard>,
    /// How many letters of ours brought nothing new.
    pub known: usize,
    /// How many files are not ours.
    pub skipped: usize,
    /// Bundles that another contact took in, which cannot open them.
    pub elsewhere: Vec<Elsewhere>,
    /// Letters to us of which nothing was taken: they do not hold, or are of no kind that is known here.
    #[serde(serialize_with = "crate::format::path::many")]
    pub refused: Vec<PathBuf>,
    /// Cards of which an organisation signed two under one number.
    pub two_cards: Vec<TwoCards>,
    /// Logs that signed two histories. Nothing was taken of the receipts that showed it.
    pub forks: Vec<ForkView>,
}

impl LettersOutcome {
    /// Whether there was no file at all.
    pub fn is_empty(&self) -> bool {
        let came = self.received.len() + self.already.len() + self.replies.len() + self.cards.len();
        let wrong = self.refused.len() + self.two_cards.len() + self.forks.len();
        came + wrong + self.offered.len() + self.elsewhere.len() + self.known + self.skipped == 0
    }
}

/// A bundle that lay before the desk of a contact for which it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// The bundle's id.
    pub bundle: String,
    /// The name here of the contact that took it in.
    pub by: String,
}

/// A contact that has a newer card now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewerCard {
    /// The contact's name here.
    pub name: String,
    /// The new card's serial number.
    pub serial: u64,
    /// Its last day.
    pub valid_until: String,
}

/// A card that came and was not taken.
#[derive(Debug, Clone, Serialize)]
pub struct OfferedCard {
    /// The letter it is in, which `contact add` takes.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// The contact's name here.
    pub name: String,
    /// Its serial number.
    pub serial: u64,
    /// Why somebody has to look at it.
    pub why: CardDoubt,
}

/// Two cards of one key and one serial number.
#[derive(Debug, Clone, Serialize)]
pub struct TwoCards {
    /// The letter with the second.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// What is wrong.
    #[serde(skip)]
    pub problem: CardProblem,
}

impl Vault {
    /// Takes in letters, and receipts that lie there in plain; others' are counted and skipped. A folder stands for
    /// the files in it.
    pub fn receipt_add(&mut self, files: &[PathBuf], now: Time) -> Result<LettersOutcome, VaultError> {
        Ok(self.take_letters(&expand(files)?, now)?.0)
    }

    /// Takes in letters, and gives the files that are settled as well: receipts, cards and what is missing, about bundles
    /// that were still open. A reply is never among them, nor is a letter about a bundle that was acknowledged before: who
    /// takes away the letter that she could read shows which one it was.
    pub(super) fn take_letters(
        &mut self,
        files: &[PathBuf],
        now: Time,
    ) -> Result<(LettersOutcome, Vec<(Digest, PathBuf)>), VaultError> {
        let mut post = Post::of(self, now)?;
        let mut settled = Vec::new();
        for path in files {
            if let Lying::Settled(bundle) = post.take(&read_file(path)?, path)? {
                settled.push((bundle, path.clone()));
            }
        }
        let Post { deliveries, taken, trips, news, mut outcome, .. } = post;
        outcome.forgotten = news.ended(&deliveries).map(|row| row.bundle.to_string()).collect();
        outcome.traces = !outcome.forgotten.is_empty() && self.set_aside()? > 0;
        if !news.is_empty() {
            let anew = !outcome.forgotten.is_empty() && !outcome.traces;
            news.commit(self, anew, deliveries, taken, &trips, now)?;
        } else if !news.told.is_empty() {
            let mut change = self.begin_draft()?;
            news.told.iter().try_for_each(|place| change.put(&trips[*place]))?;
            change.commit()?;
        }
        Ok((outcome, settled))
    }

    /// The card in these bytes: a card as it is, or the one in a letter to us.
    pub fn card_in(&self, bytes: Vec<u8>) -> Result<Vec<u8>, VaultError> {
        if !looks_sealed(&bytes) {
            return Ok(bytes);
        }
        for delivery in self.store.all::<Delivery>()? {
            let opened = identity_of(&delivery).map(|identity| Letter::open(&identity, &bytes));
            if let Some(Ok(Letter::Card(card))) = opened {
                return Ok(card.as_bytes().to_vec());
            }
        }
        Ok(bytes)
    }
}

fn settled_in(deliveries: &[Delivery], taken: &[TakenBundle]) -> HashSet<Digest> {
    let deliveries = deliveries.iter().filter(|row| row.receipt.is_some()).map(|row| row.bundle);
    deliveries.chain(taken.iter().filter(|row| row.receipt.is_some()).map(|row| row.bundle)).collect()
}

/// Whether a file has done its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lying {
    /// It is about this bundle.
    Settled(Digest),
    Left,
}

/// What is held, and what the letters read so far add to it.
struct Post<'v> {
    vault: &'v Vault,
    now: Time,
    deliveries: Vec<Delivery>,
    /// The bundles that were acknowledged before.
    settled: HashSet<Digest>,
    identities: Vec<Option<Identity>>,
    taken: Vec<TakenBundle>,
    /// How far the parts of bundles came.
    trips: Vec<PartTrips>,
    heads: Heads,
    news: News,
    outcome: LettersOutcome,
}

impl<'v> Post<'v> {
    fn of(vault: &'v Vault, now: Time) -> Result<Post<'v>, VaultError> {
        let (deliveries, taken) = (vault.store.all::<Delivery>()?, vault.store.all::<TakenBundle>()?);
        Ok(Post {
            vault,
            now,
            settled: settled_in(&deliveries, &taken),
            identities: deliveries.iter().map(identity_of).collect(),
            heads: Heads::of(&deliveries, &taken)?,
            deliveries,
            taken,
            trips: vault.store.all()?,
            news: News::default(),
            outcome: LettersOutcome::default(),
        })
    }

    /// Takes one file in, if it is a letter of ours or a plain receipt for us.
    fn take(&mut self, bytes: &[u8], path: &Path) -> Result<Lying, VaultError> {
        if let Ok(receipt) = Receipt::parse(bytes) {
            let lying = self.take_plain(&receipt, path);
            return Ok(self.unless_settled(&receipt.bundle(), lying));
        }
        if looks_sealed(bytes) {
            for at in 0..self.deliveries.len() {
                let Some(identity) = &self.identities[at] else { continue };
                let lying = match Letter::open(identity, bytes) {
                    Err(BundleError::NotALetter) => continue,
                    Err(_) => self.refuse(path),
                    Ok(Letter::Receipt(receipt)) => self.acknowledge(at, &receipt, path),
                    Ok(Letter::Reply(reply)) => self.answer(at, &reply, path)?,
                    Ok(Letter::Card(card)) => self.renew_card(at, &card, path)?,
                    Ok(Letter::Missing(note)) => self.note_missing(at, &note, path),
                };
                let bundle = self.deliveries[at].bundle;
                return Ok(self.unless_settled(&bundle, lying));
            }
        }
        self.outcome.skipped += 1;
        Ok(Lying::Left)
    }

    fn unless_settled(&self, bundle: &Digest, lying: Lying) -> Lying {
        if self.settled.contains(bundle) { Lying::Left } else { lying }
    }

    fn take_plain(&mut self, receipt: &Receipt, path: &Path) -> Lying {
        let bundle = receipt.bundle();
        if let Some(at) = self.deliveries.iter().position(|row| row.bundle == bundle) {
            return self.acknowledge(at, receipt, path);
        }
        match self.taken.iter().position(|row| row.bundle == bundle) {
            Some(at) => self.note(at, receipt, path),
            None => {
                self.outcome.skipped += 1;
                Lying::Left
            }
        }
    }

    /// A contributor's: the bundle arrived.
    fn acknowledge(&mut self, at: usize, receipt: &Receipt, path: &Path) -> Lying {
        let Delivery { card, bundle, receipt: held, .. } = &self.deliveries[at];
        let (card, bundle, known) = (card.clone(), *bundle, held.is_some());
        let judged = self.judge(receipt, (&card, &bundle, known), path);
        judged.unwrap_or_else(|| {
            self.deliveries[at].receive(receipt);
            self.acknowledged(bundle)
        })
    }

    /// An officer's: the bundle that was opened had been logged.
    fn note(&mut self, at: usize, receipt: &Receipt, path: &Path) -> Lying {
        let TakenBundle { card, bundle, receipt: held, .. } = &self.taken[at];
        let (card, bundle, known) = (card.clone(), *bundle, held.is_some());
        let judged = self.judge(receipt, (&card, &bundle, known), path);
        judged.unwrap_or_else(|| {
            self.taken[at].receipt = Some(receipt.print());
            self.acknowledged(bundle)
        })
    }

    /// What becomes of a receipt that does not prove this bundle under this card, or of one that is `known`; nothing
    /// is said of one that is new.
    fn judge(
        &mut self,
        receipt: &Receipt,
        (card, bundle, known): (&str, &Digest, bool),
        path: &Path,
    ) -> Option<Lying> {
        if !self.proves(receipt, card, bundle, path) {
            return Some(Lying::Left);
        }
        known.then(|| {
            self.outcome.already.push(bundle.to_string());
            Lying::Settled(*bundle)
        })
    }

    /// What the organisation says now holds, and not what it said before: a part may have been lost there.
    fn note_missing(&mut self, at: usize, note: &Note, path: &Path) -> Lying {
        let bundle = self.deliveries[at].bundle;
        let Ok(missing) = volumes::told(&self.deliveries[at], note) else {
            let by_it = |card: &Card| Missing::verify(note, card.log_key()).is_ok();
            return match self.another(&bundle, &by_it) {
                Some(_) => self.pass_over(),
                None => self.refuse(path),
            };
        };
        let place = self.trips.iter().position(|row| row.bundle == bundle && row.set == missing.set);
        if let Some(place) = place {
            volumes::note_there(&mut self.trips[place], &missing);
            self.news.told.insert(place);
        }
        Lying::Settled(bundle)
    }

    fn acknowledged(&mut self, bundle: Digest) -> Lying {
        self.news.acknowledged.insert(bundle);
        self.news.events.push(Event::Receipt { bundle });
        self.outcome.received.push(bundle.to_string());
        Lying::Settled(bundle)
    }

    /// Whether a receipt proves that the log of this card holds this bundle, in the one history that it has shown.
    fn proves(&mut self, receipt: &Receipt, card: &str, bundle: &Digest, path: &Path) -> bool {
        let card = contacts::held_card(card);
        let Some(card) = card.ok().filter(|card| receipt.verify(card, bundle).is_ok()) else {
            let by_it = |card: &Card| receipt.verify(card, bundle).is_ok();
            match self.another(bundle, &by_it) {
                // Of one that is settled nothing is open.
                Some(_) if self.settled.contains(bundle) => drop(self.pass_over()),
                Some(by) => self.say_elsewhere(bundle, by),
                None => drop(self.refuse(path)),
            }
            return false;
        };
        let Some(fork) = self.heads.compare(&card, receipt) else { return true };
        self.outcome.forks.push(fork.view());
        self.news.forks.entry(fork.key()).or_insert(fork);
        false
    }

    /// An officer says something about a bundle of ours.
    fn answer(&mut self, at: usize, reply: &Reply, path: &Path) -> Result<Lying, VaultError> {
        let delivery = &self.deliveries[at];
        if !self.vault.is_reply_to(reply, delivery)? {
            return Ok(self.refuse(path));
        }
        let kept = !is_orphan(delivery);
        let row = ReplyRow::came(reply, self.now);
        let held = self.vault.store.get::<ReplyRow>(&row.key())?.is_some();
        if held || !self.news.replies_seen.insert(row.key()) {
            self.outcome.known += 1;
            return Ok(Lying::Left);
        }
        self.outcome.replies.push(ReplyView { kept, ..ReplyView::of(&row, &delivery.card, &delivery.to)? });
        if kept {
            self.news.events.push(Event::Reply { bundle: row.bundle, reply: reply.digest() });
            self.news.replies.push(row);
        }
        Ok(Lying::Left)
    }

    /// The organisation has a newer card.
    fn renew_card(&mut self, at: usize, card: &Card, path: &Path) -> Result<Lying, VaultError> {
        let (name, bundle) = (self.deliveries[at].to.clone(), self.deliveries[at].bundle);
        let held = match self.news.contacts.get(&name) {
            Some(newer) => newer.clone(),
            None => self.vault.contact(&name)?,
        };
        match self.vault.card_came(&held, card, self.now)? {
            CardCame::Known => {
                self.outcome.known += 1;
                Ok(Lying::Settled(bundle))
            }
            CardCame::Newer(contact) => {
                let (serial, valid_until) = (card.serial(), card.valid_until().to_string());
                self.outcome.cards.push(NewerCard { name: name.clone(), serial, valid_until });
                self.news.events.push(Event::Contact { card: card.digest() });
                self.news.contacts.insert(name, contact);
                Ok(Lying::Settled(bundle))
            }
            CardCame::Doubted(why) => {
                // One for every bundle on the stick: each says the same.
                if self.news.doubted.insert(card.digest()) {
                    let (path, serial) = (path.to_path_buf(), card.serial());
                    self.outcome.offered.push(OfferedCard { path, name, serial, why });
                }
                Ok(Lying::Left)
            }
            CardCame::Twice(problem) => {
                self.outcome.two_cards.push(TwoCards { path: path.to_path_buf(), problem });
                Ok(Lying::Left)
            }
            CardCame::Foreign => {
                let by_it = |held: &Card| held.fingerprint() == card.fingerprint();
                Ok(match self.another(&bundle, &by_it) {
                    Some(_) => self.pass_over(),
                    None => self.refuse(path),
                })
            }
        }
    }

    /// The other contact by whom a letter is that does not hold for its bundle: a desk takes in what lies before it, and
    /// does not know for whom it is.
    fn another(&self, bundle: &Digest, by_it: &dyn Fn(&Card) -> bool) -> Option<String> {
        let contacts = self.vault.store.all::<Contact>().ok()?;
        let own = self.deliveries.iter().find(|row| row.bundle == *bundle).map(|row| row.to.as_str());
        let others = contacts.into_iter().filter(|held| Some(held.name.as_str()) != own);
        let mut by = others.filter(|held| contacts::held_card(&held.card).is_ok_and(|card| by_it(&card)));
        by.next().map(|held| held.name)
    }

    /// Only a receipt shows that a bundle was taken in: anybody can seal a card to who sent it.
    fn say_elsewhere(&mut self, bundle: &Digest, by: String) {
        let elsewhere = Elsewhere { bundle: bundle.to_string(), by };
        if !self.outcome.elsewhere.contains(&elsewhere) {
            self.outcome.elsewhere.push(elsewhere);
        }
    }

    fn pass_over(&mut self) -> Lying {
        self.outcome.known += 1;
        Lying::Left
    }

    fn refuse(&mut self, path: &Path) -> Lying {
        self.outcome.refused.push(path.to_path_buf());
        Lying::Left
    }
}

/// What is to be written.
#[derive(Default)]
struct News {
    acknowledged: HashSet<Digest>,
    /// The sets of parts of which something was told, by their places.
    told: BTreeSet<usize>,
    replies: Vec<ReplyRow>,
    replies_seen: HashSet<Vec<u8>>,
    contacts: HashMap<String, Contact>,
    doubted: HashSet<Digest>,
    forks: HashMap<Vec<u8>, Fork>,
    events: Vec<Event>,
}

impl News {
    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.forks.is_empty()
    }

    /// The bundles that arrived and of which everything is forgotten.
    fn ended<'d>(&'d self, deliveries: &'d [Delivery]) -> impl Iterator<Item = &'d Delivery> {
        deliveries.iter().filter(|row| self.acknowledged.contains(&row.bundle) && is_orphan(row))
    }

    /// Writes all of it at once. Where a bundle arrived of which everything is forgotten, only now nothing is left of
    /// it: then this is a forgetting, and the vault is written anew.
    fn commit(
        self,
        vault: &mut Vault,
        anew: bool,
        deliveries: Vec<Delivery>,
        taken: Vec<TakenBundle>,
        trips: &[PartTrips],
        now: Time,
    ) -> Result<(), VaultError> {
        if anew {
            return vault.renewed(|change| {
                let events = self.write(change, deliveries, taken, trips)?;
                change.note(events.into_iter().map(|event| (now, event))).map(drop)
            });
        }
        let mut change = vault.begin()?;
        let events = self.write(&mut change, deliveries, taken, trips)?;
        change.commit_all(events, now)
    }

    /// Writes the rows, and gives the events. A bundle that arrived need not wait in the outbox any longer.
    fn write(
        self,
        change: &mut Change<'_>,
        deliveries: Vec<Delivery>,
        taken: Vec<TakenBundle>,
        trips: &[PartTrips],
    ) -> Result<Vec<Event>, VaultError> {
        self.told.iter().try_for_each(|place| change.put(&trips[*place]))?;
        for mut delivery in deliveries.into_iter().filter(|row| self.acknowledged.contains(&row.bundle)) {
            if let Some(object) = delivery.object.take() {
                change.remove_object(&object)?;
            }
            match is_orphan(&delivery) {
                true => change.delete_delivery(&delivery.bundle)?,
                false => change.put(&delivery)?,
            }
        }
        for bundle in taken.iter().filter(|row| self.acknowledged.contains(&row.bundle)) {
            change.put(bundle)?;
        }
        self.replies.iter().try_for_each(|reply| change.put(reply))?;
        self.contacts.values().try_for_each(|contact| change.put(contact))?;
        let mut events = self.events;
        for fork in self.forks.values() {
            if change.get::<Fork>(&fork.key())?.is_none() {
                change.put(fork)?;
                events.push(fork.event());
            }
        }
        Ok(events)
    }
}

/// What opens the letters about a bundle.
fn identity_of(delivery: &Delivery) -> Option<Identity> {
    delivery.return_identity.0.expose().parse().ok()
}

/// The files named, and those in the folders named.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, VaultError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |source| VaultError::Read { path: path.clone(), source };
        let mut within = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if entry.file_type().map_err(unreadable)?.is_file() {
                within.push(entry.path());
            }
        }
        within.sort();
        files.append(&mut within);
    }
    Ok(files)
}

/// A file's bytes; of one that is too large to be a letter, the beginning, which is none.
fn read_file(path: &Path) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    let read = open_plain(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|source| VaultError::Read { path: path.to_path_buf(), source })?;
    Ok(bytes)
}

/// Opens a plain file. A pipe is opened without waiting for its other end, and refused.
pub(super) fn open_plain(path: &Path) -> Result<File, VaultError> {
    let unreadable = |source| VaultError::Read { path: path.to_path_buf(), source };
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(unreadable)?;
    match file.metadata().map_err(unreadable)?.is_file() {
        true => Ok(file),
        false => Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "not a file"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `receipt add` on a pipe that nobody writes to waited for ever, with the vault unlocked.
    #[test]
    fn a_pipe_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert!(matches!(read_file(&pipe), Err(VaultError::Read { .. })));
        std::fs::write(dir.path().join("file"), b"bytes").unwrap();
        assert_eq!(read_file(&dir.path().join("file")).unwrap(), b"bytes");
    }
}
