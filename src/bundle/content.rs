//! The inner bag's members, each listed as it is read: first those the caller asks for by name, then the records, the
//! originals, which are listed when all of them were read, the manifest and the end. Nothing here opens or trusts
//! anything: every digest is handed in, or was read under one that was.
//!
//! Files go to a [`FileSink`] while they are read and are untrusted until all of it was read.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::error::BundleError;
use super::files::{Arriving, FileSink};
use super::layout;
use super::members::Members;
use super::parts::Split;
use crate::crypto::aside_hasher::{AsideHasher, AsideHashers};
use crate::crypto::hash::Digest;
use crate::evidence::layout::{LIST_NAME, UNITS_MAX, unit_name};
use crate::evidence::received::ReceivedItem;
use crate::evidence::unit::UNIT_BYTES_MAX;
use crate::format::archive;
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;

pub(super) const BUFFER_BYTES: usize = 256 * 1024;

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

/// The inner bag while it is read.
pub struct Content<R> {
    members: Members<R>,
    split: Split,
    /// What was read under `data/`, but for the originals.
    list: DigestList,
    /// The parts of originals that were begun; they are listed when all were read.
    parts: Vec<MemberName>,
    hashers: AsideHashers,
}

impl<R: Read> Content<R> {
    /// The inner archive of at most `total` bytes, of whose members none was read.
    pub fn new(plain: R, total: u64, split: Split) -> Content<R> {
        let (members, hashers) = (Members::padded(plain, total), AsideHashers::new());
        Content { members, split, list: DigestList::new(), parts: Vec::new(), hashers }
    }

    /// A member outside `data/`, which no list names.
    pub(super) fn tag(&mut self, name: &MemberName, max: u64) -> Result<Vec<u8>, BundleError> {
        self.members.whole(name, max)
    }

    /// A member under `data/`, whole.
    pub(super) fn small(&mut self, name: &MemberName, max: u64) -> Result<Vec<u8>, BundleError> {
        let body = self.members.whole(name, max)?;
        self.listed(name, Digest::of(&body))?;
        Ok(body)
    }

    fn listed(&mut self, name: &MemberName, digest: Digest) -> Result<(), BundleError> {
        self.check_count()?;
        self.list.push(name.clone(), digest).map_err(BundleError::format(layout::MANIFEST))
    }

    /// Refuses one member more than there may be.
    fn check_count(&self) -> Result<(), BundleError> {
        if self.list.len() + self.parts.len() >= layout::INNER_MEMBERS_MAX {
            let max = layout::INNER_MEMBERS_MAX as u64;
            return Err(BundleError::TooMany { what: "members", count: max + 1, max });
        }
        Ok(())
    }

    /// The records, whose lists have these digests.
    pub fn records(&mut self, lists: &[Digest]) -> Result<Vec<VerifiedRecord>, BundleError> {
        let mut bytes_left = layout::RECORD_BYTES_MAX;
        let mut records = Vec::new();
        for (digest, number) in lists.iter().zip(1..) {
            records.push(self.record(number, *digest, &mut bytes_left)?);
        }
        Ok(records)
    }

    fn record(&mut self, record: u32, digest: Digest, left: &mut u64) -> Result<VerifiedRecord, BundleError> {
        let folder = format!("data/{}", layout::record(record));
        let mut next = |content: &mut Self, text: &str, max: u64| {
            let body = content.small(&layout::name(&format!("{folder}/{text}")), max.min(*left))?;
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

    /// The originals that the records name, given to the sink one after another. Their digests are known, and compared,
    /// when the last was read: meanwhile one core hashes and the other opens.
    pub fn files(
        &mut self,
        records: &[VerifiedRecord],
        sink: &mut dyn FileSink,
    ) -> Result<Vec<Arriving>, BundleError> {
        let files = named_files(records)?;
        let mut whole = Vec::new();
        for file in &files {
            whole.push(self.file(file, sink)?);
        }
        let digests = std::mem::take(&mut self.hashers).finish();
        let mut parts = std::mem::take(&mut self.parts).into_iter().zip(digests);
        for (file, whole) in files.iter().zip(whole) {
            for _ in 0..whole.parts {
                let (name, digest) = parts.next().expect("each part was hashed");
                expect_digest(&layout::file(file.number), file.digest, whole.digest.unwrap_or(digest))?;
                self.listed(&name, digest)?;
            }
        }
        Ok(files)
    }

    fn file(&mut self, file: &Arriving, sink: &mut dyn FileSink) -> Result<Whole, BundleError> {
        let parts = self.split.parts(&layout::file(file.number), file.len)?;
        let count = parts.len();
        let whole = (count > 1).then(AsideHasher::new);
        let before = self.parts.len();
        let mut content = Original { bag: self, coming: parts.into_iter(), is_begun: false, whole };
        sink.take(file, &mut content)?;
        io::copy(&mut content, &mut io::sink())?;
        let digest = content.whole.map(AsideHasher::finish);
        // A sink may have minded no failed read.
        if self.parts.len() - before != count {
            return Err(BundleError::Files("a file that was not read to its end"));
        }
        Ok(Whole { parts: count, digest })
    }

    /// The manifest over all that was read, and the end: how long the archive is.
    pub fn end(mut self) -> Result<u64, BundleError> {
        let expected = self.list.to_string();
        let manifest = self.members.whole(&layout::name(layout::MANIFEST), expected.len() as u64)?;
        if manifest != expected.as_bytes() {
            return Err(BundleError::Manifest { manifest: layout::MANIFEST.to_owned() });
        }
        self.members.end()
    }
}

pub(super) fn expect_digest(name: &str, expected: Digest, found: Digest) -> Result<(), BundleError> {
    if expected == found {
        return Ok(());
    }
    Err(BundleError::DigestMismatch { name: name.to_owned(), expected, found })
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

/// An original that was read.
struct Whole {
    parts: usize,
    /// Of all parts in a row, where there are many.
    digest: Option<Digest>,
}

/// One original while it is read: its parts one after another, hashed each, and as a whole where there are many.
struct Original<'a, R> {
    bag: &'a mut Content<R>,
    coming: std::vec::IntoIter<(MemberName, u64)>,
    /// Whether there is a part that was begun and not read to its end.
    is_begun: bool,
    whole: Option<AsideHasher>,
}

impl<R: Read> Original<'_, R> {
    /// Begins the next part; false where there is none.
    fn begin(&mut self) -> Result<bool, BundleError> {
        let Some((name, len)) = self.coming.next() else { return Ok(false) };
        if self.bag.members.begin(&name, archive::MEMBER_BYTES_MAX)? != len {
            return Err(BundleError::Files("a file of another length"));
        }
        self.bag.check_count()?;
        self.bag.parts.push(name);
        self.is_begun = true;
        Ok(true)
    }
}

impl<R: Read> Read for Original<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        while self.is_begun || self.begin()? {
            let count = match self.bag.members.content().read(bytes) {
                // The content ends in it, and opened so far as it goes: nothing is wrong with the reading.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(BundleError::Files("a file that was cut short").into());
                }
                read => read?,
            };
            if count > 0 {
                self.bag.hashers.update(&bytes[..count]);
                if let Some(whole) = &mut self.whole {
                    whole.update(&bytes[..count]);
                }
                return Ok(count);
            }
            self.bag.hashers.end();
            self.is_begun = false;
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::files::Discard;
    use crate::evidence::received::ReceivedFile;
    use crate::evidence::unit::Descriptor;

    fn record(files: u32) -> VerifiedRecord {
        let file = |file: u32| {
            let (media_type, sha256) = ("text/plain".to_owned(), Digest::of(&file.to_le_bytes()));
            let descriptor = Some(Descriptor { position: file, file, media_type, size: 1, sha256 });
            (file, ReceivedFile { descriptor, label: None })
        };
        let mut item = ReceivedItem::under(Default::default(), b"");
        item.files = (1..=files).map(file).collect();
        VerifiedRecord { item, list: Vec::new(), units: Vec::new() }
    }

    /// A forger let what was sealed end in the middle of a file, and the officer was told that the stick could not be read.
    #[test]
    fn a_file_that_is_cut_short_is_no_trouble_of_reading() {
        let mut archive = archive::Writer::new(Vec::new());
        archive.whole(&layout::file(1).parse().unwrap(), &[7; 1000]).unwrap();
        let mut bytes = archive.finish().unwrap();
        bytes.truncate(archive::BLOCK_BYTES + 500);
        let mut one = record(1);
        one.item
            .files
            .values_mut()
            .filter_map(|file| file.descriptor.as_mut())
            .for_each(|file| file.size = 1000);
        let mut content = Content::new(&bytes[..], 1 << 20, Split::default());
        let refused = content.files(&[one], &mut Discard);
        assert!(matches!(refused, Err(BundleError::Files(_))), "{refused:?}");
    }

    /// No bundle of so many files is made in a test: what its records name is enough.
    #[test]
    fn records_name_no_more_files_than_a_bundle_may_have() {
        let max = layout::FILES_MAX as u32;
        assert_eq!(named_files(&[record(max)]).unwrap().len(), layout::FILES_MAX);
        let refused = named_files(&[record(max + 1)]);
        assert!(matches!(refused, Err(BundleError::TooMany { what: "files", .. })), "{refused:?}");
    }
}
