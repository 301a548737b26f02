//! The inner bag as it is written: everything small in memory, the originals streamed, the length of all of it
//! known before the first byte.

use std::collections::HashMap;
use std::io::Write;

use super::error::BundleError;
use super::files::FileSource;
use super::layout::{self, Named};
use super::original;
use super::parts::{PartsWriter, Split};
use crate::crypto::aside_hasher::AsideHashers;
use crate::crypto::hash::Digest;
use crate::evidence::item::{File, Item};
use crate::format::archive::{self, Writer};
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;
use crate::format::{bag, padding};

const COPY_BYTES: usize = 256 * 1024;

/// Which number each file has under `files/`: 1, 2 … in the order of the items, equal files once.
#[derive(Debug, Default)]
pub(super) struct Numbering<'a> {
    numbers: HashMap<Digest, u32>,
    files: Vec<&'a File>,
}

impl<'a> Numbering<'a> {
    pub fn of(items: &'a [Item]) -> Result<Numbering<'a>, BundleError> {
        let mut numbering = Numbering::default();
        for file in items.iter().flat_map(|item| &item.files) {
            let next = numbering.files.len() as u32 + 1;
            if *numbering.numbers.entry(file.digest).or_insert(next) == next {
                numbering.files.push(file);
            }
        }
        let (count, max) = (numbering.files.len() as u64, layout::FILES_MAX as u64);
        if count > max {
            return Err(BundleError::TooMany { what: "files", count, max });
        }
        Ok(numbering)
    }

    /// The number of a file of these items.
    pub fn get(&self, digest: &Digest) -> u32 {
        self.numbers.get(digest).copied().unwrap_or_default()
    }
}

/// The inner bag, ready to be written.
#[derive(Debug)]
pub(super) struct Inner<'a> {
    small: Vec<Named>,
    files: Vec<(&'a File, Vec<(MemberName, u64)>)>,
    len: u64,
}

impl<'a> Inner<'a> {
    /// The bag of these members, which all lie under `data/`, and the originals.
    pub fn new(small: Vec<Named>, numbering: Numbering<'a>, split: Split) -> Result<Inner<'a>, BundleError> {
        let parts =
            |(file, number): (&'a File, u32)| Ok((file, split.parts(&layout::file(number), file.len)?));
        let files =
            numbering.files.into_iter().zip(1..).map(parts).collect::<Result<Vec<_>, BundleError>>()?;
        let mut inner = Inner { small, files, len: 0 };
        let count = inner.listed().count();
        if count > layout::INNER_MEMBERS_MAX {
            let (count, max) = (count as u64, layout::INNER_MEMBERS_MAX as u64);
            return Err(BundleError::TooMany { what: "members", count, max });
        }
        inner.len = archive::tar_len(inner.lens());
        Ok(inner)
    }

    /// How many bytes are written.
    pub fn padded_len(&self) -> u64 {
        padding::padded_len(self.len)
    }

    fn listed(&self) -> impl Iterator<Item = (&MemberName, u64)> {
        let small = self.small.iter().map(|(name, body)| (name, body.len() as u64));
        let parts = self.files.iter().flat_map(|(_, parts)| parts);
        small.chain(parts.map(|(name, len)| (name, *len)))
    }

    fn lens(&self) -> impl Iterator<Item = u64> {
        let manifest: u64 = self.listed().map(|(name, _)| 64 + 2 + name.as_str().len() as u64 + 1).sum();
        let bodies: Vec<u64> = self.listed().map(|(_, len)| len).collect();
        [bag::DECLARATION.len() as u64].into_iter().chain(bodies).chain([manifest])
    }

    /// Writes the bag and its padding. Each original is read once, and must be what its digest says.
    pub fn write<W: Write>(
        self,
        out: W,
        source: &dyn FileSource,
        progress: &mut dyn FnMut(u64),
    ) -> Result<W, BundleError> {
        let padded = self.padded_len();
        let mut archive = Writer::new(out);
        let mut list = DigestList::new();
        archive.whole(&layout::name(layout::BAGIT), bag::DECLARATION.as_bytes())?;
        for (name, body) in self.small {
            archive.whole(&name, &body)?;
            list.push(name, Digest::of(&body)).map_err(BundleError::format(layout::MANIFEST))?;
        }
        let (mut hashers, mut buffer) = (AsideHashers::new(), vec![0; COPY_BYTES]);
        let mut hashed = Vec::with_capacity(self.files.len());
        for (file, parts) in &self.files {
            let original = source.open(file)?;
            let is_hashed = original::is_hashed(&original, parts.len());
            hashed.push(is_hashed);
            let mut out = PartsWriter::new(&mut archive, is_hashed.then_some(&mut hashers), parts);
            original::copy(file, original, parts.len(), &mut buffer, |bytes| {
                out.write_all(bytes)?;
                progress(bytes.len() as u64);
                Ok(())
            })?;
            out.finish()?;
        }
        let mut digests = hashers.finish().into_iter();
        for ((file, parts), is_hashed) in self.files.into_iter().zip(hashed) {
            let is_one = parts.len() == 1;
            for (name, _) in parts {
                let made = if is_hashed { digests.next() } else { Some(file.digest) };
                let digest = made.ok_or(BundleError::Sealing("a part that was not hashed"))?;
                if is_one {
                    original::refuse_other(file, digest)?;
                }
                list.push(name, digest).map_err(BundleError::format(layout::MANIFEST))?;
            }
        }
        archive.whole(&layout::name(layout::MANIFEST), list.to_string().as_bytes())?;
        Ok(archive.finish_padded(padded)?)
    }
}
