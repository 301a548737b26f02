//! Opening the payload: one pass, from the top down. What vouches comes before what it vouches for: the card
//! and the author's statement with its signatures first, then the list of records, each record's list, its
//! units, and the originals; so nothing is read whose digest was not already signed.
//!
//! Files go to a [`FileSink`] while they are read and are untrusted until this module gives a [`Verified`].

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek};

use super::author::Statement;
use super::error::BundleError;
use super::files::{Arriving, FileSink};
use super::layout::{self, Named};
use super::members::Members;
use super::outer::{Opened, Outer};
use super::parts::PartsReader;
use crate::crypto::hash::{Digest, Hasher};
use crate::crypto::hybrid::Recipient;
use crate::crypto::key_pair::PublicPair;
use crate::crypto::seal;
use crate::evidence::received::ReceivedItem;
use crate::evidence::record::{LIST_NAME, UNITS_MAX, unit_name};
use crate::evidence::unit::UNIT_BYTES_MAX;
use crate::format::card::Card;
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;
use crate::format::{archive, bag, padding};

const BUFFER_BYTES: usize = 256 * 1024;

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

/// A record, read and as it came.
#[derive(Debug)]
pub struct VerifiedRecord {
    /// What it says.
    pub item: ReceivedItem,
    /// Its `disclosure-sha256.txt`.
    pub list: Vec<u8>,
    /// Its unit files in the order of the list: `units/0001.json` and on.
    pub units: Vec<Vec<u8>>,
}

impl Outer {
    /// Opens the payload and checks everything in it: card, author, records, units, files. `officer` is who
    /// opens, and must stand on the card inside. `source` is the file this bundle was read from.
    pub fn verify(
        &self,
        opened: &Opened,
        source: &mut (impl Read + Seek),
        officer: &Recipient,
        sink: &mut dyn FileSink,
    ) -> Result<Verified, BundleError> {
        if opened.bundle != self.id() {
            return Err(BundleError::Payload);
        }
        let parts = PartsReader::new(source, self.envelope().payload());
        let opener = seal::open(&opened.key, BufReader::with_capacity(BUFFER_BYTES, parts))
            .map_err(|_| BundleError::Payload)?;
        let total = self.info().oxum.bytes;
        let mut inside =
            Inside { outer: self, members: Members::padded(opener, total), list: DigestList::new() };
        inside.read(officer, sink)
    }
}

/// The inner bag while it is read.
struct Inside<'a, R> {
    outer: &'a Outer,
    members: Members<R>,
    list: DigestList,
}

impl<R: Read> Inside<'_, R> {
    fn read(&mut self, officer: &Recipient, sink: &mut dyn FileSink) -> Result<Verified, BundleError> {
        let declaration = self.members.whole(&layout::name(layout::BAGIT), layout::TEXT_BYTES_MAX)?;
        if declaration != bag::DECLARATION.as_bytes() {
            return Err(BundleError::content(layout::BAGIT));
        }
        let mut kept = Vec::new();
        let mut keep = |inside: &mut Self, text: &str, max| {
            let name = layout::name(text);
            let body = inside.small(&name, max)?;
            kept.push((name, body.clone()));
            Ok::<_, BundleError>(body)
        };
        let card = keep(self, layout::CARD, layout::CARD_BYTES_MAX)?;
        let salt = keep(self, layout::SALT, 32)?;
        let list = keep(self, layout::RECORDS, layout::RECORD_BYTES_MAX)?;
        let author = keep(self, layout::AUTHOR, layout::TEXT_BYTES_MAX)?;
        let signature = keep(self, layout::AUTHOR_SIGNATURE, layout::TEXT_BYTES_MAX)?;
        let pq_signature = keep(self, layout::AUTHOR_PQ_SIGNATURE, layout::TEXT_BYTES_MAX)?;

        let statement = self.check_statement(&author, &list)?;
        statement.verify(&signature, &pq_signature)?;
        let card = check_card(&card, &statement, officer)?;
        let lists = check_list(&list, &salt)?;
        let records = self.records(&lists)?;
        let files = self.files(&records, sink)?;
        self.end()?;
        let (bundle, author) = (self.outer.id(), statement.author.clone());
        Ok(Verified { bundle, card, author, statement, records, kept, files })
    }

    /// A member under `data/`, whole.
    fn small(&mut self, name: &MemberName, max: u64) -> Result<Vec<u8>, BundleError> {
        let body = self.members.whole(name, max)?;
        self.listed(name, Digest::of(&body))?;
        Ok(body)
    }

    fn listed(&mut self, name: &MemberName, digest: Digest) -> Result<(), BundleError> {
        if self.list.len() >= layout::INNER_MEMBERS_MAX {
            let max = layout::INNER_MEMBERS_MAX as u64;
            return Err(BundleError::TooMany { what: "members", count: max + 1, max });
        }
        self.list.push(name.clone(), digest).map_err(BundleError::format(layout::MANIFEST))
    }

    /// The author's statement, which must say what the outside says.
    fn check_statement(&self, author: &[u8], list: &[u8]) -> Result<Statement, BundleError> {
        let info = self.outer.info();
        expect_digest(layout::AUTHOR, info.author, Digest::of(author))?;
        expect_digest(layout::RECORDS, info.disclosure, Digest::of(list))?;
        let statement = Statement::parse(author)?;
        let names = |holds: bool, what| if holds { Ok(()) } else { Err(BundleError::Statement(what)) };
        names(statement.bundle == *self.outer.signer(), "one-time key")?;
        names(statement.disclosure == info.disclosure, "list of records")?;
        names(statement.proof == info.proof, "proof of authorship")?;
        Ok(statement)
    }

    fn records(&mut self, lists: &[Digest]) -> Result<Vec<VerifiedRecord>, BundleError> {
        let mut bytes_left = layout::RECORD_BYTES_MAX;
        let mut records = Vec::new();
        for (digest, number) in lists.iter().zip(1..) {
            records.push(self.record(number, *digest, &mut bytes_left)?);
        }
        Ok(records)
    }

    fn record(&mut self, record: u32, digest: Digest, left: &mut u64) -> Result<VerifiedRecord, BundleError> {
        let folder = format!("data/{}", layout::record(record));
        let mut next = |inside: &mut Self, text: &str, max: u64| {
            let body = inside.small(&layout::name(&format!("{folder}/{text}")), max.min(*left))?;
            *left -= body.len() as u64;
            Ok::<_, BundleError>(body)
        };
        let list = next(self, LIST_NAME, layout::RECORD_BYTES_MAX)?;
        expect_digest(&format!("{folder}/{LIST_NAME}"), digest, Digest::of(&list))?;
        let count = list.iter().filter(|byte| **byte == b'\n').count().min(UNITS_MAX);
        let mut units = Vec::new();
        for unit in 1..=count {
            units.push(next(self, unit_name(unit as u32).as_str(), UNIT_BYTES_MAX as u64)?);
        }
        let item = ReceivedItem::read(&list, units.iter().map(|unit| Some(unit.as_slice())))
            .map_err(|error| BundleError::Evidence { record, error })?;
        Ok(VerifiedRecord { item, list, units })
    }

    fn files(
        &mut self,
        records: &[VerifiedRecord],
        sink: &mut dyn FileSink,
    ) -> Result<Vec<Arriving>, BundleError> {
        let files = named_files(records)?;
        for file in &files {
            self.file(file, sink)?;
        }
        Ok(files)
    }

    fn file(&mut self, file: &Arriving, sink: &mut dyn FileSink) -> Result<(), BundleError> {
        let parts = self.outer.split().parts(&layout::file(file.number), file.len)?;
        let whole = (parts.len() > 1).then(Hasher::new);
        let mut content = FileContent {
            inside: self,
            file: *file,
            coming: parts.into_iter(),
            part: None,
            whole,
            done: None,
        };
        sink.take(file, &mut content)?;
        let mut buffer = vec![0; BUFFER_BYTES];
        while content.read(&mut buffer)? > 0 {}
        content.check()
    }

    /// The manifest, the end, and a padding of exactly the length the format gives.
    fn end(&mut self) -> Result<(), BundleError> {
        let expected = self.list.to_string();
        let manifest = self.members.whole(&layout::name(layout::MANIFEST), expected.len() as u64)?;
        if manifest != expected.as_bytes() {
            return Err(BundleError::Manifest { manifest: layout::MANIFEST.to_owned() });
        }
        let len = self.members.end()?;
        if seal::sealed_len(padding::padded_len(len)) != self.outer.info().oxum.bytes {
            return Err(BundleError::content("the payload's padding"));
        }
        Ok(())
    }
}

fn expect_digest(name: &str, expected: Digest, found: Digest) -> Result<(), BundleError> {
    if expected == found {
        return Ok(());
    }
    Err(BundleError::DigestMismatch { name: name.to_owned(), expected, found })
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
fn check_list(bytes: &[u8], salt: &[u8]) -> Result<Vec<Digest>, BundleError> {
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

/// The files that the records name: numbers 1, 2 … without a gap, each with one digest and one length.
fn named_files(records: &[VerifiedRecord]) -> Result<Vec<Arriving>, BundleError> {
    let mut files = BTreeMap::new();
    for named in records.iter().flat_map(|record| record.item.files.values()) {
        let Some(descriptor) = &named.descriptor else { continue };
        let file = Arriving { number: descriptor.file, len: descriptor.size, digest: descriptor.sha256 };
        if *files.entry(file.number).or_insert(file) != file {
            return Err(BundleError::Files("two files under one number"));
        }
    }
    let (count, max) = (files.len() as u64, layout::FILES_MAX as u64);
    if count > max {
        return Err(BundleError::TooMany { what: "files", count, max });
    }
    if !files.keys().copied().eq(1..=files.len() as u32) {
        return Err(BundleError::Files("a number is missing"));
    }
    Ok(files.into_values().collect())
}

/// One original while it is read: its parts one after another, hashed each, and as a whole where there are many.
struct FileContent<'a, 'b, R> {
    inside: &'a mut Inside<'b, R>,
    file: Arriving,
    coming: std::vec::IntoIter<(MemberName, u64)>,
    part: Option<(MemberName, Hasher)>,
    whole: Option<Hasher>,
    /// The digest of the whole, once the end was seen.
    done: Option<Digest>,
}

impl<R: Read> FileContent<'_, '_, R> {
    /// Ends the part that was read and begins the next; at the end checks the whole.
    fn next_part(&mut self) -> Result<(), BundleError> {
        let mut last = None;
        if let Some((name, hasher)) = self.part.take() {
            let digest = hasher.finish();
            self.inside.listed(&name, digest)?;
            last = Some(digest);
        }
        match self.coming.next() {
            Some((name, len)) => self.begin(name, len),
            None => self.end(last),
        }
    }

    fn begin(&mut self, name: MemberName, len: u64) -> Result<(), BundleError> {
        if self.inside.members.begin(&name, archive::MEMBER_BYTES_MAX)? != len {
            return Err(BundleError::Files("a file of another length"));
        }
        self.part = Some((name, Hasher::new()));
        Ok(())
    }

    fn end(&mut self, last: Option<Digest>) -> Result<(), BundleError> {
        let found = self.whole.take().map(Hasher::finish).or(last);
        self.done = Some(found.ok_or(BundleError::Files("a file that was not read to its end"))?);
        self.check()
    }

    /// Whether the end was seen, and the digest was right.
    fn check(&self) -> Result<(), BundleError> {
        let found = self.done.ok_or(BundleError::Files("a file that was not read to its end"))?;
        expect_digest(&layout::file(self.file.number), self.file.digest, found)
    }
}

impl<R: Read> Read for FileContent<'_, '_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        while self.done.is_none() {
            if let Some((_, hasher)) = &mut self.part {
                let count = self.inside.members.content().read(bytes)?;
                if count > 0 {
                    hasher.update(&bytes[..count]);
                    if let Some(whole) = &mut self.whole {
                        whole.update(&bytes[..count]);
                    }
                    return Ok(count);
                }
            }
            self.next_part()?;
        }
        Ok(0)
    }
}
