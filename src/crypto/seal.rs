//! Sealed files: what travels is encrypted by age (c2sp.org/age), in a profile of one shape.
//!
//! A sealed file is an age file with exactly one recipient stanza, `mlkem768x25519`, and nothing else in its header,
//! so every header has 1627 bytes and tells nothing of the program or the number of readers (docs/decisions/0001).
//! Any age program that knows post-quantum recipients opens it; [`open`] takes only files of this shape.
//!
//! ```
//! use sanduq::crypto::hybrid::Identity;
//! use sanduq::crypto::seal;
//! let identity = Identity::generate();
//! let sealed = seal::seal_bytes(&identity.to_recipient(), b"testimony");
//! assert_eq!(sealed.len() as u64, seal::sealed_len(9));
//! assert_eq!(seal::open_bytes(&identity, &sealed, 100).unwrap().expose(), b"testimony");
//! ```
//!
//! The writer makes the header itself, the reader has it read by the age crate. What a reader gives before its end is
//! authentic chunk by chunk, but only an end without an error says that nothing is missing.

use std::cell::RefCell;
use std::io::{self, Read, Write};

use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305};
use ring::hkdf::{HKDF_SHA256, Salt};

use super::chunks::{ChunkError, Chunks, Shape, TAG_LEN, chunk_nonce};
use super::hash::hmac;
use super::hybrid::{AgeIdentity, BODY_LEN, DecryptError, FileKey, Identity, Recipient, Stanza};
use super::random;
use super::secret::{ScrubOnDrop, Secret, scrub_stack};
use super::xwing::ENCAPSULATION_LEN;

/// How long every header is.
pub const HEADER_LEN: usize =
    INTRO.len() + base64_len(ENCAPSULATION_LEN) + base64_len(BODY_LEN) + MAC_LINE_LEN + 2;

const INTRO: &str = "age-encryption.org/v1\n-> mlkem768x25519 ";
const MAC_LINE_LEN: usize = "--- ".len() + base64_len(32) + "\n".len();
const NONCE_LEN: usize = 16;
const CHUNK: usize = 64 * 1024;
const SHAPE: Shape = Shape { cipher: &CHACHA20_POLY1305, chunk_bytes: CHUNK };

const fn base64_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// A sealed file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Wrong identity, not a sealed file, cut short or changed: one error, that an adversary learns nothing from.
    #[error("the sealed file does not open: it is damaged, or not for this key")]
    Unopened,
    /// It would hold more than the reader is ready to take.
    #[error("the sealed file holds more than {max} bytes")]
    TooLong {
        /// The most that is taken.
        max: usize,
    },
    /// Reading failed.
    #[error("reading the sealed file: {0}")]
    Io(#[from] io::Error),
}

/// Begins a sealed file for `recipient` in `output`, which gets the header at once.
pub fn seal<W: Write>(recipient: &Recipient, mut output: W) -> io::Result<Sealer<W>> {
    let file_key = random::secret();
    let nonce = random::array::<NONCE_LEN>();
    output.write_all(header(recipient, &file_key).as_bytes())?;
    output.write_all(&nonce)?;
    let key = derive(&file_key, &nonce, b"payload");
    let chunk = Secret::new(Vec::with_capacity(SHAPE.sealed_bytes()));
    Ok(Sealer { output, key, counter: 0, chunk, _scrub: ScrubOnDrop })
}

/// Writes a sealed file; **never** forget to [`finish`](Sealer::finish): without it the file is cut short.
#[derive(Debug)]
pub struct Sealer<W: Write> {
    output: W,
    key: Secret<[u8; 32]>,
    counter: u64,
    chunk: Secret<Vec<u8>>,
    _scrub: ScrubOnDrop,
}

impl<W: Write> Sealer<W> {
    /// Ends the file and gives the output back, not flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_chunk(true)?;
        Ok(self.output)
    }

    fn write_chunk(&mut self, last: bool) -> io::Result<()> {
        let chunk = self.chunk.expose_mut();
        SHAPE
            .key(&self.key)
            .seal_in_place_append_tag(chunk_nonce(self.counter, last), Aad::empty(), chunk)
            .expect("a chunk is short enough to be sealed");
        self.output.write_all(chunk)?;
        chunk.clear();
        self.counter += 1;
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until it is known not to be the last.
        if self.chunk.expose().len() == CHUNK && !bytes.is_empty() {
            self.write_chunk(false)?;
        }
        let count = bytes.len().min(CHUNK - self.chunk.expose().len());
        self.chunk.expose_mut().extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Opens a sealed file with `identity`: checks the header, and gives a reader of the content.
pub fn open<R: Read>(identity: &Identity, mut input: R) -> Result<Opener<R>, SealError> {
    let mut begin = vec![0; HEADER_LEN + NONCE_LEN];
    input.read_exact(&mut begin).map_err(unopened_or_io)?;
    let (header, nonce) = begin.split_at(HEADER_LEN);
    if !begins_as_ours(header) {
        return Err(SealError::Unopened);
    }
    let unwrapping = Unwrapping { identity, file_key: RefCell::default() };
    let decryptor = age::Decryptor::new_buffered(&begin[..]).map_err(unopened)?;
    // This checks the header's MAC; what it would read of the content is not there.
    let checked = decryptor.decrypt([&unwrapping as &dyn AgeIdentity].into_iter()).map(drop);
    checked.map_err(unopened)?;
    let file_key = unwrapping.file_key.into_inner().ok_or(SealError::Unopened)?;
    let key = derive(&file_key, nonce, b"payload");
    scrub_stack();
    Ok(Opener { chunks: Chunks::new(SHAPE, key, input, 0, usize::MAX) })
}

/// An identity that keeps the file key which it unwraps.
struct Unwrapping<'i> {
    identity: &'i Identity,
    file_key: RefCell<Option<Secret<[u8; 16]>>>,
}

impl AgeIdentity for Unwrapping<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let unwrapped = self.identity.unwrap_stanza(stanza);
        if let Some(Ok(key)) = &unwrapped {
            *self.file_key.borrow_mut() = Secret::from_slice(key.expose_secret());
        }
        unwrapped
    }
}

/// Reads the content of a sealed file. A read that fails with [`SealError`] inside says that what was read so far
/// must not be used; only a read that gives 0 says that it was the whole.
pub struct Opener<R: Read> {
    chunks: Chunks<R>,
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        while self.chunks.opened().is_empty() {
            match self.chunks.next() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(ChunkError::Unopened) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, SealError::Unopened));
                }
                Err(ChunkError::Io(error)) => return Err(error),
            }
        }
        let count = self.chunks.opened().read(buf)?;
        self.chunks.take(count);
        Ok(count)
    }
}

impl<R: Read> std::fmt::Debug for Opener<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opener")
    }
}

/// The exact length of a sealed file whose content has `plain` bytes.
pub const fn sealed_len(plain: u64) -> u64 {
    let chunks = if plain == 0 { 1 } else { plain.div_ceil(CHUNK as u64) };
    (HEADER_LEN + NONCE_LEN) as u64 + plain + chunks * TAG_LEN as u64
}

/// The length of the content of a sealed file of `sealed` bytes, if there is a content of that length.
pub fn plain_len(sealed: u64) -> Option<u64> {
    let body = sealed.checked_sub((HEADER_LEN + NONCE_LEN) as u64)?;
    let chunks = body.div_ceil((CHUNK + TAG_LEN) as u64);
    let plain = body.checked_sub(chunks * TAG_LEN as u64)?;
    (sealed_len(plain) == sealed).then_some(plain)
}

/// Seals `plain` in memory.
pub fn seal_bytes(recipient: &Recipient, plain: &[u8]) -> Vec<u8> {
    let sealed = Vec::with_capacity(sealed_len(plain.len() as u64) as usize);
    let mut sealer = seal(recipient, sealed).expect("memory can be written to");
    sealer.write_all(plain).expect("memory can be written to");
    sealer.finish().expect("memory can be written to")
}

/// Opens `sealed` in memory, when its content has at most `max` bytes.
pub fn open_bytes(identity: &Identity, sealed: &[u8], max: usize) -> Result<Secret<Vec<u8>>, SealError> {
    let len = plain_len(sealed.len() as u64).ok_or(SealError::Unopened)? as usize;
    if len > max {
        return Err(SealError::TooLong { max });
    }
    let mut plain = Secret::new(vec![0; len]);
    let mut opener = open(identity, sealed)?;
    opener.read_exact(plain.expose_mut()).map_err(|_| SealError::Unopened)?;
    match opener.read(&mut [0]) {
        Ok(0) => Ok(plain),
        _ => Err(SealError::Unopened),
    }
}

fn header(recipient: &Recipient, file_key: &Secret<[u8; 16]>) -> String {
    let (encapsulation, body) = recipient.wrap(file_key.expose());
    let base64 = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
    let mut header = format!("{INTRO}{}\n{}\n---", base64(&encapsulation), base64(&body));
    let mac_key = derive(file_key, &[], b"header");
    let mac = hmac(mac_key.expose(), header.as_bytes());
    header.push(' ');
    header.push_str(&base64(mac.as_bytes()));
    header.push('\n');
    header
}

/// Whether a sealed file of ours can begin so: the lines of its header, each of its length, so that there is room for
/// one stanza and no other. It needs no key, and tells nothing of what follows.
pub fn begins_as_ours(header: &[u8]) -> bool {
    if header.len() != HEADER_LEN {
        return false;
    }
    let body = INTRO.len() + base64_len(ENCAPSULATION_LEN) + 1;
    let mac = body + base64_len(BODY_LEN) + 1;
    let feeds = header.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place);
    let values = [&header[INTRO.len()..body - 1], &header[body..mac - 1], &header[mac + 4..HEADER_LEN - 1]];
    header.starts_with(INTRO.as_bytes())
        && header[mac..].starts_with(b"--- ")
        && feeds.skip(1).eq([body - 1, mac - 1, HEADER_LEN - 1])
        && values.into_iter().all(|value| BASE64_STANDARD_NO_PAD.decode(value).is_ok())
}

/// HKDF-SHA-256 of a file key.
#[inline(never)]
fn derive(file_key: &Secret<[u8; 16]>, salt: &[u8], info: &[u8]) -> Secret<[u8; 32]> {
    let prk = Salt::new(HKDF_SHA256, salt).extract(file_key.expose());
    let info = [info];
    let okm = prk.expand(&info, HKDF_SHA256).expect("32 bytes are within what HKDF gives");
    Secret::init(|key| okm.fill(key).expect("the length asked for is the length given"))
}

fn unopened(error: DecryptError) -> SealError {
    match error {
        DecryptError::Io(error) => unopened_or_io(error),
        _ => SealError::Unopened,
    }
}

/// The age crate says by these two kinds that the header does not hold or the file is cut short.
fn unopened_or_io(error: io::Error) -> SealError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => SealError::Unopened,
        _ => SealError::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(identity: &Identity, sealed: &[u8]) -> bool {
        matches!(open_bytes(identity, sealed, usize::MAX), Err(SealError::Unopened)) && {
            // The stream refuses by itself, without the length being known.
            match open(identity, sealed) {
                Ok(mut opener) => {
                    let error = io::copy(&mut opener, &mut io::sink()).unwrap_err();
                    error
                        .get_ref()
                        .is_some_and(|inner| matches!(inner.downcast_ref(), Some(SealError::Unopened)))
                }
                Err(error) => matches!(error, SealError::Unopened),
            }
        }
    }

    #[test]
    fn lengths_are_exact_both_ways() {
        let identity = Identity::generate();
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17] {
            let plain = vec![7; len];
            let sealed = seal_bytes(&identity.to_recipient(), &plain);
            assert_eq!(sealed.len() as u64, sealed_len(len as u64));
            assert_eq!(plain_len(sealed.len() as u64), Some(len as u64));
            assert_eq!(open_bytes(&identity, &sealed, len).unwrap().expose(), &plain);
            let refused = len > 0 && open_bytes(&identity, &sealed, len - 1).is_ok();
            assert!(!refused);
        }
        let empty = sealed_len(0);
        assert_eq!((plain_len(empty - 1), plain_len(empty)), (None, Some(0)));
        // A second chunk that would have no content.
        assert_eq!(plain_len(sealed_len(CHUNK as u64) + 16), None);
        assert_eq!(plain_len(0), None);
    }

    #[test]
    fn every_header_has_one_length() {
        assert_eq!(HEADER_LEN, 1627);
        for _ in 0..20 {
            let recipient = Identity::generate().to_recipient();
            let header = header(&recipient, &random::secret());
            assert_eq!(header.len(), HEADER_LEN);
            assert!(begins_as_ours(header.as_bytes()));
        }
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let identity = Identity::generate();
        let sealed = seal_bytes(&identity.to_recipient(), b"what was seen");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(fails(&identity, &changed), "byte {place}");
        }
        assert!(fails(&Identity::generate(), &sealed));
    }

    #[test]
    fn cut_short_longer_or_reordered() {
        let identity = Identity::generate();
        let sealed = seal_bytes(&identity.to_recipient(), &vec![3; 3 * CHUNK]);
        let first = HEADER_LEN + NONCE_LEN;
        let chunk = CHUNK + TAG_LEN;
        let cuts = [0, 10, HEADER_LEN, first, first + 1, first + chunk, first + 2 * chunk, sealed.len() - 1];
        for cut in cuts {
            assert!(fails(&identity, &sealed[..cut]), "cut at {cut}");
        }
        assert!(fails(&identity, &[&sealed[..], &[0]].concat()));
        assert!(fails(&identity, &[&sealed[..], &sealed[first..]].concat()));
        let [head, a, b, c] = [
            0..first,
            first..first + chunk,
            first + chunk..first + 2 * chunk,
            first + 2 * chunk..sealed.len(),
        ]
        .map(|range| &sealed[range]);
        assert_eq!([head, a, b, c].concat(), sealed);
        assert!(fails(&identity, &[head, b, a, c].concat()));
        assert!(fails(&identity, &[head, a, c].concat()));
        assert!(fails(&identity, &[head, a, b, b, c].concat()));
    }

    #[test]
    fn an_endless_header_is_not_read() {
        struct Endless(u64);
        impl Read for Endless {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.0 += buf.len() as u64;
                buf.fill(b'\n');
                Ok(buf.len())
            }
        }
        let mut input = io::Cursor::new(INTRO.as_bytes()).chain(Endless(0));
        assert!(matches!(open(&Identity::generate(), &mut input), Err(SealError::Unopened)));
        assert!(input.get_ref().1.0 <= HEADER_LEN as u64);
    }

    #[test]
    fn a_failing_disk_is_not_a_wrong_key() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::PermissionDenied))
            }
        }
        let identity = Identity::generate();
        assert!(matches!(open(&identity, Failing), Err(SealError::Io(_))));
        let sealed = seal_bytes(&identity.to_recipient(), b"x");
        let mut opener = open(&identity, sealed[..HEADER_LEN + NONCE_LEN].chain(Failing)).unwrap();
        let error = opener.read(&mut [0; 10]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }
}
