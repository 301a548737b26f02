//! Opening the payload: one pass, from the top down. What vouches comes before what it vouches for: the card
//! and the author's statement with its signatures first, then the list of records, each record's list, its
//! units, and the originals; so nothing is read whose digest was not already signed.
//!
//! Files go to a [`FileSink`] while they are read and are untrusted until this module gives a [`Verified`].

use std::io::{BufReader, Read, Seek};

use super::author::Statement;
use super::content::{BUFFER_BYTES, Content, VerifiedRecord, expect_digest};
use super::error::BundleError;
use super::files::{Arriving, FileSink};
use super::layout::{self, Named};
use super::outer::{Opened, Outer};
use super::parts::PartsReader;
use crate::crypto::aside_hasher::AsideHashers;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Recipient;
use crate::crypto::key_pair::PublicPair;
use crate::crypto::seal;
use crate::evidence::layout::LIST_NAME;
use crate::format::card::Card;
use crate::format::digest_list::DigestList;
use crate::format::{bag, padding};

/// A bundle of which every byte is vouched for: what may enter a vault.
#[derive(Debug)]
pub struct Verified {
    /// The bundle's id.
    pub bundle: Digest,
    /// The card it was sealed to.
    pub card: Card,
    /// The author's keys for this organisation.
    pub author: PublicPair,
    /// All that the author says.
    pub statement: Statement,
    /// The records, in their order.
    pub records: Vec<VerifiedRecord>,
    /// The inner members `data/card`, `data/salt`, `data/records-sha256.txt`, `data/author` and its signatures,
    /// byte for byte: kept for a later disclosure together with [`Outer::kept`] and the records' bytes.
    pub kept: Vec<Named>,
    /// The originals that went to the sink, by their numbers.
    pub files: Vec<Arriving>,
}

impl Outer {
    /// Opens the payload and checks everything in it; also gives the digests of its parts, which are **not** compared.
    pub(super) fn open_payload(
        &self,
        opened: &Opened,
        source: &mut (impl Read + Seek),
        officer: &Recipient,
        sink: &mut dyn FileSink,
    ) -> Result<(Verified, Vec<Digest>), BundleError> {
        if opened.bundle != self.id() {
            return Err(BundleError::Payload);
        }
        let mut hashers = AsideHashers::new();
        let parts = PartsReader::new(source, &mut hashers, self.envelope().payload());
        let opener = seal::open(&opened.key, BufReader::with_capacity(BUFFER_BYTES, parts))
            .map_err(|_| BundleError::Payload)?;
        let total = self.info().oxum.bytes;
        let content = Content::new(opener, total, self.split());
        let verified = Inside { outer: self, content }.read(officer, sink)?;
        Ok((verified, hashers.finish()))
    }
}

/// The inner bag while it is read, and the outside that it must agree with.
struct Inside<'a, R> {
    outer: &'a Outer,
    content: Content<R>,
}

impl<R: Read> Inside<'_, R> {
    fn read(mut self, officer: &Recipient, sink: &mut dyn FileSink) -> Result<Verified, BundleError> {
        let declaration = self.content.tag(&layout::name(layout::BAGIT), layout::TEXT_BYTES_MAX)?;
        if declaration != bag::DECLARATION.as_bytes() {
            return Err(BundleError::content(layout::BAGIT));
        }
        let mut kept = Vec::new();
        let content = &mut self.content;
        let mut keep = |text: &str, max| {
            let name = layout::name(text);
            let body = content.small(&name, max)?;
            kept.push((name, body.clone()));
            Ok::<_, BundleError>(body)
        };
        let card = keep(layout::CARD, layout::CARD_BYTES_MAX)?;
        let salt = keep(layout::SALT, 32)?;
        let list = keep(layout::RECORDS, layout::RECORD_BYTES_MAX)?;
        let author = keep(layout::AUTHOR, layout::TEXT_BYTES_MAX)?;
        let signature = keep(layout::AUTHOR_SIGNATURE, layout::TEXT_BYTES_MAX)?;
        let pq_signature = keep(layout::AUTHOR_PQ_SIGNATURE, layout::TEXT_BYTES_MAX)?;

        let statement = self.check_statement(&author, &list)?;
        statement.verify(&signature, &pq_signature)?;
        let card = check_card(&card, &statement, officer)?;
        let lists = check_list(&list, &salt)?;
        let records = self.content.records(&lists)?;
        let files = self.content.files(&records, sink)?;
        check_padding(self.content.end()?, self.outer.info().oxum.bytes)?;
        let (bundle, author) = (self.outer.id(), statement.author.clone());
        Ok(Verified { bundle, card, author, statement, records, kept, files })
    }

    /// The author's statement, which must say what the outside says.
    fn check_statement(&self, author: &[u8], list: &[u8]) -> Result<Statement, BundleError> {
        let info = self.outer.info();
        expect_digest(layout::AUTHOR, info.author, Digest::of(author))?;
        expect_digest(layout::RECORDS, info.disclosure, Digest::of(list))?;
        let statement = Statement::parse(author)?;
        statement.check_outside(info, self.outer.signer())?;
        Ok(statement)
    }
}

/// The card inside, which must be the one the author names, valid by itself, and name this officer.
fn check_card(bytes: &[u8], statement: &Statement, officer: &Recipient) -> Result<Card, BundleError> {
    expect_digest(layout::CARD, statement.card, Digest::of(bytes))?;
    let card = Card::parse(bytes).map_err(BundleError::Card)?;
    if !card.officers().iter().any(|one| one.recipient == *officer) {
        return Err(BundleError::NotOnCard { name: card.name().to_owned() });
    }
    Ok(card)
}

/// `records-sha256.txt`: the salt, then the records' lists in order; their digests.
pub(super) fn check_list(bytes: &[u8], salt: &[u8]) -> Result<Vec<Digest>, BundleError> {
    let list = DigestList::parse_up_to(bytes, layout::RECORDS_MAX + 1);
    let list = list.map_err(BundleError::format(layout::RECORDS))?;
    let mut entries = list.iter();
    let wrong = || BundleError::content(layout::RECORDS);
    let (name, digest) = entries.next().ok_or_else(wrong)?;
    if *name != "salt" || salt.len() != 32 {
        return Err(wrong());
    }
    expect_digest(layout::SALT, digest, Digest::of(salt))?;
    let mut lists = Vec::new();
    for ((name, digest), number) in entries.zip(1..) {
        if name.as_str() != format!("{}/{LIST_NAME}", layout::record(number)) {
            return Err(wrong());
        }
        lists.push(digest);
    }
    Ok(lists)
}

/// The payload is as long as the format gives for an inner archive of this length: no padding beyond the class.
fn check_padding(archive_len: u64, payload_len: u64) -> Result<(), BundleError> {
    if seal::sealed_len(padding::padded_len(archive_len)) == payload_len {
        return Ok(());
    }
    Err(BundleError::content("the payload's padding"))
}
