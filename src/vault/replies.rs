//! Replies: an officer answers the author of a bundle that was opened here, and a contributor reads it.
//!
//! What an officer says is signed, kept here, and sealed to the bundle's return recipient as a letter like every
//! other: the desk that hands it out cannot read it, and nobody sees for whom it is. The same words once more are the
//! same reply, sealed anew, so that a letter that was lost can be made again. A contributor's vault takes a reply only
//! if it is by an officer of the card that the very bundle was sealed to.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::card_review::officer_words;
use super::contacts::{self, held_card};
use super::rows::{Delivery, ReplyRow, TakenBundle};
use super::{Vault, VaultError, medium, send};
use crate::bundle::layout;
use crate::bundle::letter::{LETTER_ENDING, Letter, letter_len};
use crate::bundle::reply::About;
use crate::bundle::signer::Signer;
use crate::bundle::{BundleError, Reply, ReplyError};
use crate::crypto::{Digest, PublicPair, Recipient, hex, random};
use crate::custody::Event;
use crate::format::card::Card;
use crate::format::time::Time;
use crate::store::files;

/// Random bytes in the name of a letter.
const NAME_BYTES: usize = 8;

/// What an officer sends.
#[derive(Debug, Clone, Copy)]
pub enum Saying<'s> {
    /// Words.
    Words(&'s str),
    /// A newer card of the organisation, byte for byte.
    Card(&'s [u8]),
}

/// A reply as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct ReplyView {
    /// The bundle's id.
    pub bundle: String,
    /// The contact's name; where it was written here, the name on the card.
    pub name: String,
    /// The officer's place on the card, from 1.
    pub officer: usize,
    /// The eight words of the officer's line.
    pub officer_words: String,
    /// Its place among this officer's replies about the bundle.
    pub number: u64,
    /// When it came or was written, RFC 3339.
    pub at: String,
    /// Whether it was written here.
    pub written: bool,
    /// Whether it is kept: not where everything it is about is forgotten.
    pub kept: bool,
    /// What is said.
    pub words: String,
}

/// What `reply` did.
#[derive(Debug, Clone, Serialize)]
pub struct ReplyOutcome {
    /// The bundle's id.
    pub bundle: String,
    /// The letter.
    #[serde(serialize_with = "crate::format::path::one")]
    pub file: PathBuf,
    /// The reply's number; none for a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Whether it had been said before: then it is the same reply, sealed anew.
    pub already: bool,
}

impl Vault {
    /// Answers the author of a bundle that was opened here: writes one letter into `dir`.
    pub fn reply(
        &mut self,
        bundle: &Digest,
        saying: Saying<'_>,
        dir: &Path,
        now: Time,
    ) -> Result<ReplyOutcome, VaultError> {
        let taken = self.store.get::<TakenBundle>(bundle.as_bytes())?;
        let taken = taken.ok_or_else(|| VaultError::NotOpened { bundle: bundle.to_string() })?;
        let to = self.return_recipient(&taken)?;
        let _held = medium::prepare(dir)?;
        medium::check_room(dir, letter_len())?;
        let (letter, number, already) = match saying {
            Saying::Words(words) => {
                let (reply, already) = self.write_reply(&taken, words, now)?;
                let number = reply.number();
                (Letter::Reply(reply), Some(number), already)
            }
            Saying::Card(card) => (Letter::Card(Box::new(self.card_for(&taken, card, now)?)), None, false),
        };
        let file = dir.join(format!("{}.{LETTER_ENDING}", hex::encode(&random::array::<NAME_BYTES>())));
        medium::on(dir, files::write_new_undated(&file, &letter.seal(&to)?))?;
        Ok(ReplyOutcome { bundle: bundle.to_string(), file, number, already })
    }

    /// The replies that are kept, about one bundle or about all: in the order of the bundles' ids, and of the replies'
    /// numbers.
    pub fn replies(&self, bundle: Option<&Digest>) -> Result<Vec<ReplyView>, VaultError> {
        let prefix = bundle.map_or(&[][..], |bundle| &bundle.as_bytes()[..]);
        let mut views = Vec::new();
        for row in self.store.all_under::<ReplyRow>(prefix)? {
            let (card, name) = match self.store.get::<Delivery>(row.bundle.as_bytes())? {
                Some(delivery) if !row.written => (delivery.card, delivery.to),
                _ => {
                    let taken = self.store.get::<TakenBundle>(row.bundle.as_bytes())?;
                    let card = taken.ok_or_else(|| VaultError::damaged("reply"))?.card;
                    let name = held_card(&card)?.name().to_owned();
                    (card, name)
                }
            };
            views.push(ReplyView::of(&row, &card, &name)?);
        }
        views.sort_by(|one, next| {
            let place = |view: &ReplyView| (view.number, view.officer);
            one.bundle.cmp(&next.bundle).then(place(one).cmp(&place(next)))
        });
        Ok(views)
    }

    /// Whether a reply is by an officer of the card this bundle was sealed to, about it, and to its author.
    pub(super) fn is_reply_to(&self, reply: &Reply, delivery: &Delivery) -> Result<bool, VaultError> {
        let author = send::author_keys(&self.seed, &self.contact(&delivery.to)?).public().fingerprint();
        Ok(reply.verify(&delivery.bundle, &author, &held_card(&delivery.card)?).is_ok())
    }

    /// Signs the words and keeps the reply; the same words as the last time are the reply of the last time.
    fn write_reply(
        &mut self,
        taken: &TakenBundle,
        words: &str,
        now: Time,
    ) -> Result<(Reply, bool), VaultError> {
        let card = held_card(&taken.card)?;
        let officer = self.place_on(&card)?;
        let last = self.last_written(&taken.bundle)?;
        let number = last.as_ref().map_or(1, |last| last.number() + 1);
        let author = PublicPair::from_lines(&taken.author).map_err(|_| VaultError::damaged("author"))?;
        let about = About { bundle: taken.bundle, author: author.fingerprint(), card: card.digest() };
        let reply = Reply::sign(about, officer, number, words, &self.officer_keys())?;
        if let Some(last) = last.filter(|last| last.words() == reply.words()) {
            return Ok((last, true));
        }
        let mut change = self.begin()?;
        change.put(&ReplyRow { written: true, ..ReplyRow::came(&reply, now) })?;
        change.commit(Event::Reply { bundle: taken.bundle, reply: reply.digest() }, now)?;
        Ok((reply, false))
    }

    /// A card that may be sent about a bundle: by the key of the card it was sealed to, or one that succeeds it.
    fn card_for(&mut self, taken: &TakenBundle, card: &[u8], now: Time) -> Result<Card, VaultError> {
        let card = contacts::parse(card)?;
        contacts::check_valid(&card, now)?;
        let before = held_card(&taken.card)?;
        if card.key() != before.key() && card.formerly() != Some(before.key()) {
            return Err(VaultError::AnothersCard { name: before.name().to_owned() });
        }
        let event = Event::Reply { bundle: taken.bundle, reply: card.digest() };
        self.begin()?.commit(event, now)?;
        Ok(card)
    }

    /// This officer's place on a card, from 1.
    fn place_on(&self, card: &Card) -> Result<usize, VaultError> {
        let own = self.officer_line();
        let place = card.officers().iter().position(|line| *line == own);
        place.map(|place| place + 1).ok_or_else(|| VaultError::NotAnOfficer { name: card.name().to_owned() })
    }

    /// The last reply about a bundle that was written here.
    fn last_written(&self, bundle: &Digest) -> Result<Option<Reply>, VaultError> {
        let rows = self.store.all_under::<ReplyRow>(bundle.as_bytes())?.into_iter();
        let replies = rows.filter(|row| row.written).map(|row| row.reply()).collect::<Result<Vec<_>, _>>()?;
        Ok(replies.into_iter().max_by_key(Reply::number))
    }

    /// To whom answers about a bundle are sealed.
    fn return_recipient(&self, taken: &TakenBundle) -> Result<Recipient, VaultError> {
        let damaged = || VaultError::damaged("signer.pub");
        let part = taken.parts.iter().find(|part| part.name == layout::SIGNER).ok_or_else(damaged)?;
        let mut bytes = Vec::new();
        self.store.open_object(&part.object)?.read_to_end(&mut bytes).map_err(|_| damaged())?;
        Ok(Signer::parse(&bytes).map_err(|_| damaged())?.return_recipient)
    }
}

impl ReplyRow {
    /// The row of a reply that came.
    pub(super) fn came(reply: &Reply, at: Time) -> ReplyRow {
        let (bundle, digest) = (reply.about().bundle, reply.digest());
        ReplyRow { bundle, digest, text: reply.print(), written: false, at }
    }

    fn reply(&self) -> Result<Reply, VaultError> {
        Reply::parse(self.text.as_bytes()).map_err(|_| VaultError::damaged("reply"))
    }
}

impl ReplyView {
    /// The view of a reply that is kept, about a bundle that was sealed to this card.
    pub(super) fn of(row: &ReplyRow, card: &str, name: &str) -> Result<ReplyView, VaultError> {
        let reply = row.reply()?;
        let card = held_card(card)?;
        let line = card.officers().get(reply.officer() - 1).ok_or_else(|| VaultError::damaged("reply"))?;
        Ok(ReplyView {
            bundle: row.bundle.to_string(),
            name: name.to_owned(),
            officer: reply.officer(),
            officer_words: officer_words(line),
            number: reply.number(),
            at: row.at.to_string(),
            written: row.written,
            kept: true,
            words: reply.words().to_owned(),
        })
    }
}

impl From<ReplyError> for VaultError {
    fn from(error: ReplyError) -> VaultError {
        match error {
            ReplyError::Words => VaultError::ReplyWords,
            other => VaultError::Bundle(BundleError::Reply(other)),
        }
    }
}
