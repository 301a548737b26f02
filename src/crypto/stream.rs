//! Segments at rest: a file in the vault is sealed as it is read, in segments of 1 MiB, under a key of its own.
//!
//! The content is followed by zero bytes up to its size class, and this plaintext is cut into segments, each sealed
//! with AES-256-GCM. The nonce is the segment's number in 11 bytes, big endian, and 1 for the last segment or 0 for
//! any other: numbers may start at zero, because each key seals one stream. So a segment that is changed, moved,
//! repeated, dropped or put after the end is noticed, and nothing tells where the content ends.
//!
//! ```
//! use std::io::{Read, Write};
//! use sanduq::crypto::stream::{self, FileKey, OpeningReader, SealingWriter};
//! let key = FileKey::generate();
//! let mut writer = SealingWriter::new(&key, Vec::new());
//! writer.write_all(b"photograph").unwrap();
//! let sealed = writer.finish(4096).unwrap();
//! assert_eq!(sealed.len() as u64, stream::sealed_len(4096));
//! let mut content = Vec::new();
//! OpeningReader::new(&key, &sealed[..], 10).read_to_end(&mut content).unwrap();
//! assert_eq!(content, b"photograph");
//! ```

use std::io::{self, Read, Write};

use super::aside::{Aside, Buffer, Room, buffer};
use super::chunks::{ChunkError, Chunks, Shape, TAG_LEN, chunk_nonce};
use super::random;
use super::secret::{ScrubOnDrop, Secret, SecretBytes};
use ring::aead::{AES_256_GCM, Aad};

/// How many bytes of plaintext a segment holds; only the last may hold fewer.
pub const SEGMENT_BYTES: usize = 1 << 20;

const SHAPE: Shape = Shape { cipher: &AES_256_GCM, chunk_bytes: SEGMENT_BYTES };

/// How many bytes a full segment is when it is sealed.
const SEALED_BYTES: usize = SHAPE.sealed_bytes();

/// What there is first to hold a segment: most streams are no longer, and a larger buffer takes longer to wipe than to fill.
const FIRST_BYTES: usize = 128 << 10;

/// The segments there are beside the one that is being filled.
const ROOM: Room = (5, SEALED_BYTES);

/// So many segments are sealed at once: for them a thread costs more than it saves.
const SEALED_HERE: u64 = 4;

/// The key of one file. **Never** seal two streams under one key.
#[derive(Clone, Debug)]
pub struct FileKey(Secret<[u8; 32]>);

impl FileKey {
    /// A fresh key.
    pub fn generate() -> FileKey {
        FileKey(random::secret())
    }

    /// The key that a row of the index holds.
    pub fn from_secret(key: &Secret<[u8; 32]>) -> FileKey {
        FileKey(key.clone())
    }

    /// The key, for a row of the encrypted index.
    pub fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }

    /// The key as a row of the encrypted index holds it.
    pub fn into_secret_bytes(self) -> SecretBytes {
        self.0.into()
    }
}

/// A stream at rest cannot be sealed or opened. It comes inside an [`io::Error`] of kind `InvalidData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// Wrong key, cut short or changed.
    #[error("the stored file does not open: it is damaged, or the key is another's")]
    Unopened,
    /// The content is longer than the length to pad it to.
    #[error("{content} bytes of content do not fit into {padded}")]
    DoesNotFit {
        /// How much was written.
        content: u64,
        /// The length to pad to.
        padded: u64,
    },
}

impl From<StreamError> for io::Error {
    fn from(error: StreamError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

/// The exact length of the sealed stream of `padded` bytes of plaintext.
pub const fn sealed_len(padded: u64) -> u64 {
    let segments = if padded == 0 { 1 } else { padded.div_ceil(SEGMENT_BYTES as u64) };
    padded + segments * TAG_LEN as u64
}

/// Seals what is written to it; **never** forget to [`finish`](SealingWriter::finish).
///
/// From the fifth MiB on segments go to a thread of their own, which seals and writes them while whoever writes here goes
/// on. Dropped, it waits until that thread has dropped `output`.
#[derive(Debug)]
pub struct SealingWriter<W: Write + Send + 'static> {
    end: End<W>,
    written: u64,
    segment: Buffer,
}

#[derive(Debug)]
enum End<W: Write> {
    Here(Sealing<W>),
    Aside(Aside<Sealing<W>, io::Error>),
    /// The thread has ended with an error, which was given out.
    Failed,
}

impl<W: Write + Send + 'static> SealingWriter<W> {
    /// Seals into `output` under `key`, which must be fresh.
    pub fn new(key: &FileKey, output: W) -> SealingWriter<W> {
        let sealing = Sealing { output, key: key.clone(), counter: 0, _scrub: ScrubOnDrop };
        SealingWriter { end: End::Here(sealing), written: 0, segment: buffer(FIRST_BYTES) }
    }

    /// How many bytes of content were written.
    pub fn content_len(&self) -> u64 {
        self.written
    }

    /// Pads the content with zeros to `padded` bytes, seals the last segment, and gives the output back, not synced.
    pub fn finish(mut self, padded: u64) -> io::Result<W> {
        let content = self.written;
        let mut zeros = padded.checked_sub(content).ok_or(StreamError::DoesNotFit { content, padded })?;
        while zeros > 0 {
            self.make_room()?;
            let segment = self.segment_with(zeros.try_into().unwrap_or(usize::MAX));
            let count = zeros.min((SEGMENT_BYTES - segment.len()) as u64);
            segment.resize(segment.len() + count as usize, 0);
            zeros -= count;
        }
        let mut sealing = match self.end {
            End::Here(sealing) => sealing,
            End::Aside(aside) => aside.join()?,
            End::Failed => return Err(failed_before()),
        };
        sealing.write(self.segment.expose_mut(), true)?;
        Ok(sealing.output)
    }

    /// The segment, with room for so many bytes more, or as many as it can have.
    fn segment_with(&mut self, more: usize) -> &mut Vec<u8> {
        let held = self.segment.expose();
        if more > held.capacity() - held.len() - TAG_LEN && held.capacity() < SEALED_BYTES {
            let mut whole = buffer(SEALED_BYTES);
            whole.expose_mut().extend_from_slice(held);
            self.segment = whole;
        }
        self.segment.expose_mut()
    }

    /// Hands a full segment on: it is not the last, as more is to come.
    fn make_room(&mut self) -> io::Result<()> {
        if self.segment.expose().len() < SEGMENT_BYTES {
            return Ok(());
        }
        let end = match std::mem::replace(&mut self.end, End::Failed) {
            // Where no thread can be had it goes on here.
            End::Here(sealing) if sealing.counter >= SEALED_HERE => {
                let step = |sealing: &mut Sealing<W>, segment: &mut Vec<u8>| sealing.write(segment, false);
                let begun = Aside::begin("seal", sealing, ROOM, step);
                begun.map_or_else(End::Here, End::Aside)
            }
            other => other,
        };
        self.end = match end {
            End::Here(mut sealing) => {
                sealing.write(self.segment.expose_mut(), false)?;
                End::Here(sealing)
            }
            End::Aside(aside) if aside.exchange(&mut self.segment) => End::Aside(aside),
            End::Aside(aside) => return Err(aside.join().err().unwrap_or_else(failed_before)),
            End::Failed => return Err(failed_before()),
        };
        Ok(())
    }
}

impl<W: Write + Send + 'static> Write for SealingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.make_room()?;
        }
        let segment = self.segment_with(bytes.len());
        let count = bytes.len().min(SEGMENT_BYTES - segment.len());
        segment.extend_from_slice(&bytes[..count]);
        self.written += count as u64;
        Ok(count)
    }

    /// What was written is on its way; only [`finish`](SealingWriter::finish) says that it arrived.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed_before() -> io::Error {
    io::Error::other("writing failed before")
}

/// What seals segment after segment.
#[derive(Debug)]
struct Sealing<W> {
    output: W,
    key: FileKey,
    counter: u64,
    _scrub: ScrubOnDrop,
}

impl<W: Write> Sealing<W> {
    /// Seals and writes a segment, and empties it.
    fn write(&mut self, segment: &mut Vec<u8>, last: bool) -> io::Result<()> {
        let nonce = chunk_nonce(self.counter, last);
        SHAPE
            .key(&self.key.0)
            .seal_in_place_append_tag(nonce, Aad::empty(), segment)
            .expect("a segment is short enough to be sealed");
        self.output.write_all(segment)?;
        segment.clear();
        self.counter += 1;
        Ok(())
    }
}

/// Reads the content of a sealed stream, and checks the padding after it.
///
/// What it gives is authentic segment by segment, but only a read that gives 0 says that nothing is missing: read to
/// the end, **never** just as many bytes as the content has.
#[derive(Debug)]
pub struct OpeningReader<R: Read> {
    segments: Chunks<R>,
    /// How much of the content is still to be given.
    left: u64,
}

impl<R: Read> OpeningReader<R> {
    /// Opens the stream in `input`, which ends where the stream ends, under `key`; the content has `content_len` bytes.
    pub fn new(key: &FileKey, input: R, content_len: u64) -> OpeningReader<R> {
        OpeningReader::from_segment(key.clone(), input, 0, content_len)
    }

    /// As [`OpeningReader::new`], from the segment of this number on, counted from 0: `input` begins where that segment
    /// does, and what comes before it is not looked at. `content_len` is the length of the whole content.
    pub fn from_segment(key: FileKey, input: R, segment: u64, content_len: u64) -> OpeningReader<R> {
        let left = content_len.saturating_sub(segment * SEGMENT_BYTES as u64);
        OpeningReader { segments: Chunks::new(SHAPE, key.0, input, segment, expected(left)), left }
    }

    /// Opens segments until there is content to give, or the stream has ended after nothing but zeros.
    fn fill(&mut self) -> Result<(), ChunkError> {
        loop {
            let opened = self.segments.opened();
            if self.left > 0 && !opened.is_empty() {
                return Ok(());
            }
            if opened.iter().any(|byte| *byte != 0) {
                return Err(ChunkError::Unopened);
            }
            if !self.segments.next()? {
                return if self.left > 0 { Err(ChunkError::Unopened) } else { Ok(()) };
            }
        }
    }
}

impl<R: Read> Read for OpeningReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        if let Err(error) = self.fill() {
            self.segments.fail();
            return Err(match error {
                ChunkError::Unopened => StreamError::Unopened.into(),
                ChunkError::Io(error) => error,
            });
        }
        let opened = self.segments.opened();
        let count = buf.len().min(opened.len()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        buf[..count].copy_from_slice(&opened[..count]);
        self.segments.take(count);
        self.left -= count as u64;
        Ok(count)
    }
}

/// How long a sealed stream of little content is at most: padding adds an eighth, and to the least a little more.
fn expected(content_len: u64) -> usize {
    let padded = content_len.saturating_add(content_len / 8).saturating_add(4096);
    usize::try_from(padded).unwrap_or(usize::MAX).saturating_add(TAG_LEN)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn sealed(key: &FileKey, content: &[u8], padded: u64) -> Vec<u8> {
        let mut writer = SealingWriter::new(key, Vec::new());
        writer.write_all(content).unwrap();
        assert_eq!(writer.content_len(), content.len() as u64);
        writer.finish(padded).unwrap()
    }

    fn opened(key: &FileKey, sealed: &[u8], len: u64) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        OpeningReader::new(key, sealed, len).read_to_end(&mut content)?;
        Ok(content)
    }

    fn unopened(result: io::Result<Vec<u8>>) -> bool {
        let error = result.unwrap_err();
        error.get_ref().and_then(|inner| inner.downcast_ref()) == Some(&StreamError::Unopened)
    }

    fn content(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at % 253) as u8 + 1).collect()
    }

    #[test]
    fn what_is_sealed_is_opened_at_every_edge() {
        let segment = SEGMENT_BYTES;
        for len in [0, 1, segment - 1, segment, segment + 1, 2 * segment, 7 * segment] {
            for padded in [len, len + 1, len.next_multiple_of(segment), 2 * segment + 5, 3 * segment] {
                let padded = padded.max(len) as u64;
                let key = FileKey::generate();
                let sealed = sealed(&key, &content(len), padded);
                assert_eq!(sealed.len() as u64, sealed_len(padded), "{len} in {padded}");
                assert!(opened(&key, &sealed, len as u64).unwrap() == content(len), "{len} in {padded}");
            }
        }
    }

    #[test]
    fn changed_moved_dropped_or_added() {
        let key = FileKey::generate();
        let whole = sealed(&key, &content(10), 3 * SEGMENT_BYTES as u64);
        let step = SEGMENT_BYTES + TAG_LEN;
        let [a, b, c] = [0, 1, 2].map(|at| &whole[at * step..(at + 1) * step]);
        assert!(opened(&key, &[a, b, c].concat(), 10).is_ok());
        for other in [[a, c, b].concat(), [a, c].concat(), [a, b].concat(), [a, b, c, c].concat(), a.to_vec()]
        {
            assert!(unopened(opened(&key, &other, 10)));
        }
        for place in [0, 20, step - 1, step, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(unopened(opened(&key, &changed, 10)), "byte {place}");
        }
        for cut in [0, 1, 15, step, step + 1, whole.len() - 1] {
            assert!(unopened(opened(&key, &whole[..cut], 10)), "cut at {cut}");
        }
        assert!(unopened(opened(&key, &[&whole[..], &[0]].concat(), 10)));
        assert!(unopened(opened(&FileKey::generate(), &whole, 10)));
    }

    #[test]
    fn opened_from_any_segment_on_it_gives_the_rest() {
        let key = FileKey::generate();
        let (len, step) = (2 * SEGMENT_BYTES + 100, SEGMENT_BYTES + TAG_LEN);
        let (content, whole) = (content(len), sealed(&key, &content(len), 4 * SEGMENT_BYTES as u64));
        let from = |segment: usize, at: usize| {
            let mut found = Vec::new();
            let input = &whole[at * step..];
            OpeningReader::from_segment(key.clone(), input, segment as u64, len as u64)
                .read_to_end(&mut found)?;
            io::Result::Ok(found)
        };
        for segment in 0..4 {
            let rest = &content[(segment * SEGMENT_BYTES).min(len)..];
            assert!(from(segment, segment).unwrap() == rest, "from segment {segment}");
        }
        assert!(unopened(from(1, 0)) && unopened(from(1, 2)), "a segment opens under its own number alone");
    }

    #[test]
    fn the_length_of_the_content_must_be_right() {
        let key = FileKey::generate();
        let sealed = sealed(&key, &content(100), 4096);
        assert!(unopened(opened(&key, &sealed, 99)));
        assert!(unopened(opened(&key, &sealed, 4097)));
        // Zeros belong to the padding or to the content: only the row in the index knows.
        assert_eq!(opened(&key, &sealed, 101).unwrap().len(), 101);
    }

    #[test]
    fn only_an_empty_stream_has_an_empty_segment() {
        let key = FileKey::generate();
        let mut writer = SealingWriter::new(&key, Vec::new());
        writer.write_all(&content(SEGMENT_BYTES)).unwrap();
        writer.make_room().unwrap();
        let second_spelling = writer.finish(SEGMENT_BYTES as u64).unwrap();
        assert!(unopened(opened(&key, &second_spelling, SEGMENT_BYTES as u64)));
        assert!(opened(&key, &sealed(&key, b"", 0), 0).is_ok());
    }

    #[test]
    fn a_reader_that_failed_stays_failed() {
        let key = FileKey::generate();
        let mut sealed = sealed(&key, &content(SEGMENT_BYTES + 1), 2 * SEGMENT_BYTES as u64);
        *sealed.last_mut().unwrap() ^= 1;
        let mut reader = OpeningReader::new(&key, &sealed[..], SEGMENT_BYTES as u64 + 1);
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
        assert!(reader.read(&mut [0; 1]).is_err());
    }

    /// An output that fails at its seventh write, and says when it is dropped.
    struct Failing(Arc<AtomicUsize>);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                6 => Err(io::ErrorKind::StorageFull.into()),
                _ => Ok(bytes.len()),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Drop for Failing {
        fn drop(&mut self) {
            self.0.fetch_add(100, Ordering::SeqCst);
        }
    }

    #[test]
    fn what_fails_on_the_other_thread_is_told_here() {
        let writes = Arc::default();
        let mut writer = SealingWriter::new(&FileKey::generate(), Failing(Arc::clone(&writes)));
        // More than can be on the way when the seventh fails.
        let failed = writer.write_all(&content((7 + ROOM.0 + 3) * SEGMENT_BYTES)).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::StorageFull);
        assert_eq!(writes.load(Ordering::SeqCst), 107, "it was dropped, and nothing written after it");
        assert!(writer.write_all(&content(SEGMENT_BYTES + 1)).is_err() && writer.finish(1 << 30).is_err());

        let mut writer = SealingWriter::new(&FileKey::generate(), Failing(Arc::default()));
        writer.write_all(&content(7 * SEGMENT_BYTES + 1)).unwrap();
        let failed = writer.finish(8 * SEGMENT_BYTES as u64).err().unwrap();
        assert_eq!(failed.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn where_no_thread_can_be_had_it_is_sealed_here() {
        let (key, len) = (FileKey::generate(), 9 * SEGMENT_BYTES + 3);
        let aside = sealed(&key, &content(len), len as u64);
        super::super::aside::tests::NO_THREADS.set(true);
        let mut writer = SealingWriter::new(&key, Vec::new());
        writer.write_all(&content(len)).unwrap();
        assert!(matches!(writer.end, End::Here(_)));
        assert!(writer.finish(len as u64).unwrap() == aside);
    }

    #[test]
    fn when_it_is_dropped_so_is_its_output() {
        for segments in [0, 1, 4, 5, 6] {
            let writes = Arc::default();
            let mut writer = SealingWriter::new(&FileKey::generate(), Failing(Arc::clone(&writes)));
            writer.write_all(&content(segments * SEGMENT_BYTES + 1)).unwrap();
            drop(writer);
            assert_eq!(writes.load(Ordering::SeqCst), 100 + segments);
        }
    }

    #[test]
    fn content_that_does_not_fit_is_refused() {
        let mut writer = SealingWriter::new(&FileKey::generate(), Vec::new());
        writer.write_all(b"four").unwrap();
        let error = writer.finish(3).unwrap_err();
        let expected = StreamError::DoesNotFit { content: 4, padded: 3 };
        assert_eq!(error.get_ref().unwrap().downcast_ref(), Some(&expected));
    }
}
