//! Writing one object: sealed as it comes, if it is large; whatever its size, a few MiB of memory.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::Store;
use super::change::{Change, lock};
use super::error::StoreError;
use super::fact;
use super::object::{DIGEST_KIND, INLINE_BYTES_MAX, INLINE_KIND, ObjectRow, Place, StoredFile};
use super::packs::{Appender, Extent, Placing, Pool};
use crate::crypto::checksum::Sums;
use crate::crypto::stream::{FileKey, SealingWriter};
use crate::crypto::{Digest, Secret};
use crate::format::id::RandomId;

/// An object being written. Dropped before [`ObjectWriter::finish`] it never was.
pub struct ObjectWriter<'c, 's> {
    change: &'c mut Change<'s>,
    pool: Pool,
    len: u64,
    content: Content,
}

enum Content {
    /// So far it fits in the index.
    Small(Secret<Vec<u8>>),
    /// It goes to packs.
    Large { key: FileKey, writer: SealingWriter<Sink> },
}

impl<'c, 's> ObjectWriter<'c, 's> {
    pub(super) fn new(change: &'c mut Change<'s>, pool: Pool) -> ObjectWriter<'c, 's> {
        let content = Content::Small(Secret::new(Vec::new()));
        ObjectWriter { change, pool, len: 0, content }
    }

    /// The store as the change sees it so far: for reading other objects while this one is written.
    pub fn store(&self) -> &Store {
        self.change
    }

    /// Adds bytes to the content.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.len += bytes.len() as u64;
        if let Content::Small(small) = &mut self.content {
            if small.expose().len() + bytes.len() <= INLINE_BYTES_MAX {
                fact::push(small, bytes);
                return Ok(());
            }
            self.content = Content::begin_large(self.change.appender(), self.pool, small.expose())?;
        }
        match &mut self.content {
            Content::Large { writer, .. } => writer.write_all(bytes).map_err(stream_error),
            Content::Small(_) => unreachable!("small content has just become large"),
        }
    }

    /// The content is whole: keeps it, unless it is kept already. The digest is its SHA-256, or of a bundle its id: whoever
    /// writes knows it already, or hashes.
    pub fn finish(self, sums: impl Into<Sums>) -> Result<StoredFile, StoreError> {
        let ObjectWriter { change, pool, len, content } = self;
        let Sums { digest, checksum } = sums.into();
        if pool == Pool::Items
            && let Some(mut row) = change.object_by_digest(&digest)?
        {
            drop(content);
            row.uses += 1;
            row.checksum = row.checksum.or(checksum);
            change.put(&row)?;
            return Ok(StoredFile { object: row.object, digest, len, fresh: false });
        }
        let object = RandomId::generate();
        let place = content.keep(change, &object, pool, len)?;
        if pool == Pool::Items {
            change.fact(DIGEST_KIND, digest.as_bytes(), Some(object.as_bytes()))?;
        }
        change.put(&ObjectRow { object, pool, digest, checksum, len, uses: 1, place })?;
        Ok(StoredFile { object, digest, len, fresh: true })
    }
}

/// For what writes to any `Write`; its errors give back the [`StoreError`] by [`StoreError::from_stream`].
impl Write for ObjectWriter<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Content {
    fn begin_large(appender: Arc<Mutex<Appender>>, pool: Pool, first: &[u8]) -> Result<Content, StoreError> {
        let key = FileKey::generate();
        let sink = Sink { appender, placing: Some(Placing::new(pool)) };
        let mut writer = SealingWriter::new(&key, sink);
        writer.write_all(first).map_err(stream_error)?;
        Ok(Content::Large { key, writer })
    }

    fn keep(
        self,
        change: &mut Change<'_>,
        object: &RandomId,
        pool: Pool,
        len: u64,
    ) -> Result<Place, StoreError> {
        match self {
            Content::Small(bytes) => {
                change.fact(INLINE_KIND, object.as_bytes(), Some(bytes.expose()))?;
                Ok(Place::Inline)
            }
            Content::Large { key, writer } => {
                let sink = writer.finish(pool.padded_len(len)).map_err(stream_error)?;
                let extents = sink.keep();
                Ok(Place::Packs { key: key.into_secret_bytes(), extents })
            }
        }
    }
}

/// The end of the sealed stream: its bytes go to packs, and are taken back unless they are kept.
struct Sink {
    appender: Arc<Mutex<Appender>>,
    placing: Option<Placing>,
}

impl Sink {
    fn keep(mut self) -> Vec<Extent> {
        let placing = self.placing.take().expect("only keep and drop take it");
        let extents = placing.into_extents();
        lock(&self.appender).keep(&extents);
        extents
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let placing = self.placing.as_mut().expect("only keep and drop take it");
        lock(&self.appender).write(placing, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(placing) = self.placing.take() {
            lock(&self.appender).undo(placing);
        }
    }
}

fn stream_error(error: io::Error) -> StoreError {
    StoreError::from_stream("write", Path::new("packs"), error)
}

impl Change<'_> {
    fn object_by_digest(&self, digest: &Digest) -> Result<Option<ObjectRow>, StoreError> {
        let object = self.raw(DIGEST_KIND, digest.as_bytes())?;
        let object = object.and_then(|bytes| <[u8; 16]>::try_from(bytes.expose().as_slice()).ok());
        object.map(|bytes| self.object_row(&RandomId::from_bytes(bytes))).transpose()
    }
}
