//! Objects: content kept under a random name, sealed under a key of its own.
//!
//! Content of at most 4 KiB lies in the index itself. Larger content is padded to a size class within a sealed
//! stream (docs/spec/packs.md) and lies in packs. The index keeps digest, length, key and place.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::index::Row;
use super::packs::{Extent, ExtentReader, PackStore, Pool};
use crate::crypto::read_ahead::ReadAhead;
use crate::crypto::stream::{self, FileKey, OpeningReader, SEGMENT_BYTES};
use crate::crypto::{Digest, Secret, SecretBytes};
use crate::format::id::RandomId;

/// The largest content that lies in the index itself.
pub const INLINE_BYTES_MAX: usize = 4 << 10;

/// What is longer is read and opened ahead.
const READ_HERE_BYTES: u64 = 4 << 20;

/// The kind of the facts that hold content in the index; key = the object's name.
pub(super) const INLINE_KIND: &str = "store.inline";
/// The kind of the facts that tell which object holds a content; key = its digest, value = the object's name.
pub(super) const DIGEST_KIND: &str = "store.digest";

/// What was put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// The object that holds the content.
    pub object: RandomId,
    /// SHA-256 of the content; of a bundle its id.
    pub digest: Digest,
    /// The content's length.
    pub len: u64,
    /// Whether it was not kept here before.
    pub fresh: bool,
}

/// What the index knows of an object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ObjectRow {
    pub object: RandomId,
    pub pool: Pool,
    pub digest: Digest,
    /// CRC-32 of the bytes that the digest was made of, where it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<u32>,
    pub len: u64,
    /// How many rows of the caller name it: content that was added twice is kept once.
    pub uses: u64,
    pub place: Place,
}

/// Where an object's content lies.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    Inline,
    Packs { key: SecretBytes, extents: Vec<Extent> },
}

impl Row for ObjectRow {
    const KIND: &'static str = "store.object";

    fn key(&self) -> Vec<u8> {
        self.object.as_bytes().to_vec()
    }
}

/// An object that can be read, also while a change is being made.
#[derive(Clone)]
pub struct Object {
    pub(super) row: ObjectRow,
    pub(super) inline: Option<Secret<Vec<u8>>>,
    pub(super) packs: Arc<dyn PackStore>,
}

impl Object {
    /// SHA-256 of its content; of a bundle its id.
    pub fn digest(&self) -> Digest {
        self.row.digest
    }

    /// What its digest was made of had this CRC-32, where one was made.
    pub fn checksum(&self) -> Option<u32> {
        self.row.checksum
    }

    /// The length of its content.
    pub fn len(&self) -> u64 {
        self.row.len
    }

    /// Whether its content is no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.row.len == 0
    }

    /// Reads its content from the beginning. Each 1 MiB is verified before any of it is given out; what was
    /// changed or cut short is an error, never fewer bytes.
    pub fn open(&self) -> Result<ObjectReader, StoreError> {
        Ok(match self.open_at(0)?.0 {
            Content::Packs(reader) if self.row.len > READ_HERE_BYTES => {
                ObjectReader(Content::Ahead(ReadAhead::new(*reader)))
            }
            content => ObjectReader(content),
        })
    }

    /// As [`Object::open`], from `offset` on and for a piece of it: what lies before its segment is not read, and nothing
    /// ahead.
    pub fn open_at(&self, offset: u64) -> Result<ObjectReader, StoreError> {
        let offset = offset.min(self.row.len);
        let (content, at) = match (&self.row.place, &self.inline) {
            (Place::Packs { key, extents }, _) => {
                // The end of the content lies in its last segment, or where that is full.
                let segment = offset.min(self.row.len.saturating_sub(1)) / SEGMENT_BYTES as u64;
                let at = segment * SEGMENT_BYTES as u64;
                let skip = if segment == 0 { 0 } else { stream::sealed_len(at) };
                let sealed = ExtentReader::from(Arc::clone(&self.packs), extents.clone(), skip);
                let key = FileKey::from_secret(key.expose());
                let reader = OpeningReader::from_segment(key, sealed, segment, self.row.len);
                (Content::Packs(Box::new(reader)), at)
            }
            (Place::Inline, Some(bytes)) => (Content::Inline(Cursor::new(bytes.clone())), 0),
            (Place::Inline, None) => {
                return Err(StoreError::NoObject { object: self.row.object.to_string() });
            }
        };
        let mut reader = ObjectReader(content);
        io::copy(&mut reader.by_ref().take(offset - at), &mut io::sink())
            .map_err(|error| StoreError::from_stream("read", std::path::Path::new("packs"), error))?;
        Ok(reader)
    }
}

/// The content of one object.
pub struct ObjectReader(Content);

enum Content {
    Inline(Cursor<Secret<Vec<u8>>>),
    Packs(Box<OpeningReader<ExtentReader>>),
    Ahead(ReadAhead<OpeningReader<ExtentReader>>),
}

impl Read for ObjectReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Content::Inline(bytes) => {
                let position = usize::try_from(bytes.position()).expect("it is in memory");
                let count = (&bytes.get_ref().expose()[position..]).read(buf)?;
                bytes.set_position((position + count) as u64);
                Ok(count)
            }
            Content::Packs(reader) => reader.read(buf),
            Content::Ahead(reader) => reader.read(buf),
        }
    }
}
