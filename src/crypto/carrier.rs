//! A carrier: a file that is random bytes from the first to the last for whoever lacks its key.
//!
//! ```text
//! 16 random bytes ‖ AES-256-CTR under the carrier key, those 16 bytes as its first counter block ‖ random bytes
//! ```
//!
//! It hides what a file is, and nothing else: what is in it has its own encryption and its own signatures, and a carrier
//! that was changed opens to something that they refuse. So it has no tag: one would tell a right key from a wrong one
//! to whoever tries, and stock `openssl enc -d -aes-256-ctr` takes it off without knowing of tags. How long the tail is,
//! whoever takes it off finds by where the content ends.
//!
//! ```
//! use std::io::{Cursor, Read, Write};
//! use sanduq::crypto::carrier::{CarrierKey, CarrierReader, CarrierWriter};
//! let key = CarrierKey::generate();
//! let mut writer = CarrierWriter::new(&key, Vec::new()).unwrap();
//! writer.write_all(b"a bundle").unwrap();
//! let carrier = writer.finish(100).unwrap();
//! assert_eq!(carrier.len(), 16 + 8 + 100);
//! let mut content = [0; 8];
//! CarrierReader::new(&key, Cursor::new(carrier)).unwrap().read_exact(&mut content).unwrap();
//! assert_eq!(&content, b"a bundle");
//! ```

use std::io::{self, Read, Seek, SeekFrom, Write};

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};

use super::secret::Secret;
use super::{hex, random};

/// The random bytes a carrier begins with.
pub const IV_LEN: usize = 16;
/// How long the file of a carrier key is.
pub const CARRIER_KEY_LEN: usize = 64 + 1;
/// Bytes that are encrypted at once.
const BLOCK_BYTES: usize = 64 * 1024;

type Stream = Ctr128BE<Aes256>;

/// The key of carriers: an organisation's desk has it, and whoever it was handed to. It opens nothing but the disguise.
#[derive(Clone, Debug)]
pub struct CarrierKey(Secret<[u8; 32]>);

/// A file that is no carrier key: it has 64 lower-case hexadecimal digits and a line feed, as `openssl enc -K` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a carrier key")]
pub struct NotACarrierKey;

impl CarrierKey {
    /// A fresh one.
    pub fn generate() -> CarrierKey {
        CarrierKey(random::secret())
    }

    /// Reads the file, which has exactly one spelling.
    pub fn from_text(text: &[u8]) -> Result<CarrierKey, NotACarrierKey> {
        let digits = text.strip_suffix(b"\n").and_then(|digits| std::str::from_utf8(digits).ok());
        let bytes = digits.and_then(hex::decode).ok_or(NotACarrierKey)?;
        Ok(CarrierKey(Secret::new(bytes)))
    }

    /// The file.
    pub fn to_text(&self) -> Secret<Vec<u8>> {
        let mut text = Secret::new(Vec::with_capacity(CARRIER_KEY_LEN));
        for byte in self.0.expose() {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            text.expose_mut().extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
        }
        text.expose_mut().push(b'\n');
        text
    }

    /// Takes the disguise off the first bytes of a carrier's content, which may be anything if the key is not its.
    pub fn uncover(&self, iv: &[u8; IV_LEN], beginning: &mut [u8]) {
        self.stream(iv).apply_keystream(beginning);
    }

    /// On the heap, which is wiped when it is given back: it holds all round keys.
    fn stream(&self, iv: &[u8; IV_LEN]) -> Box<Stream> {
        Box::new(Stream::new(self.0.expose().into(), iv.into()))
    }
}

/// Writes a carrier; **never** forget to [`finish`](CarrierWriter::finish).
pub struct CarrierWriter<W> {
    output: W,
    stream: Box<Stream>,
    block: Vec<u8>,
}

impl<W: Write> CarrierWriter<W> {
    /// Begins a carrier in `output`.
    pub fn new(key: &CarrierKey, mut output: W) -> io::Result<CarrierWriter<W>> {
        let iv = random::array();
        output.write_all(&iv)?;
        Ok(CarrierWriter { output, stream: key.stream(&iv), block: Vec::with_capacity(BLOCK_BYTES) })
    }

    /// Ends it with so many random bytes, and gives the output back, not synced.
    pub fn finish(mut self, mut tail: u64) -> io::Result<W> {
        while tail > 0 {
            let count = tail.min(BLOCK_BYTES as u64);
            self.block.resize(count as usize, 0);
            random::fill(&mut self.block);
            self.output.write_all(&self.block)?;
            tail -= count;
        }
        Ok(self.output)
    }
}

impl<W: Write> Write for CarrierWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(BLOCK_BYTES);
        self.block.clear();
        self.block.extend_from_slice(&bytes[..count]);
        self.stream.apply_keystream(&mut self.block);
        self.output.write_all(&self.block)?;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Reads what is in a carrier, and the tail, as if it were content, after it, until it is told where the content ends.
/// It says nothing of whether the key is right: what it gives shows that.
pub struct CarrierReader<R> {
    input: R,
    stream: Box<Stream>,
    at: u64,
    len: u64,
}

impl<R: Read + Seek> CarrierReader<R> {
    /// Takes the disguise off `input`, from its beginning. A file too short to have an IV is `UnexpectedEof`.
    pub fn new(key: &CarrierKey, mut input: R) -> io::Result<CarrierReader<R>> {
        let mut iv = [0; IV_LEN];
        let len = input.seek(SeekFrom::End(0))?.checked_sub(IV_LEN as u64);
        let len = len.ok_or(io::ErrorKind::UnexpectedEof)?;
        input.rewind()?;
        input.read_exact(&mut iv)?;
        Ok(CarrierReader { input, stream: key.stream(&iv), at: 0, len })
    }

    /// Content and tail together; after [`CarrierReader::cut`] the content alone.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Leaves the tail away: nothing is read past this many bytes of content.
    pub fn cut(&mut self, content: u64) {
        self.len = self.len.min(content);
    }
}

impl<R: Read> Read for CarrierReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = bytes.len().min(left);
        let count = self.input.read(&mut bytes[..wanted])?;
        self.stream.apply_keystream(&mut bytes[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for CarrierReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        // The file has the IV before it, and a place in it is a signed number.
        let place = place.filter(|place| *place < i64::MAX as u64 - IV_LEN as u64);
        let place = place.ok_or(io::ErrorKind::InvalidInput)?;
        self.input.seek(SeekFrom::Start(place + IV_LEN as u64))?;
        self.stream.seek(place);
        self.at = place;
        Ok(place)
    }
}

impl<W> std::fmt::Debug for CarrierWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CarrierWriter")
    }
}

impl<R> std::fmt::Debug for CarrierReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CarrierReader")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn carrier(key: &CarrierKey, content: &[u8], tail: u64) -> Vec<u8> {
        let mut writer = CarrierWriter::new(key, Vec::new()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish(tail).unwrap()
    }

    #[test]
    fn what_is_carried_comes_out_again_from_any_place() {
        let key = CarrierKey::generate();
        let content: Vec<u8> = (0..200_000u32).map(|at| (at % 251) as u8).collect();
        let carrier = carrier(&key, &content, 1000);
        assert_eq!(carrier.len(), IV_LEN + content.len() + 1000);
        let mut reader = CarrierReader::new(&key, Cursor::new(&carrier)).unwrap();
        let mut whole = Vec::new();
        reader.read_to_end(&mut whole).unwrap();
        assert!(whole[..content.len()] == content && whole.len() == content.len() + 1000);
        for place in [0, 1, 15, 16, 17, 70_000, content.len() as u64 - 1] {
            assert_eq!(reader.seek(SeekFrom::Start(place)).unwrap(), place);
            let mut byte = [0];
            reader.read_exact(&mut byte).unwrap();
            assert_eq!(byte[0], content[place as usize], "{place}");
        }
        assert_eq!(reader.seek(SeekFrom::End(0)).unwrap(), whole.len() as u64);
        assert!(reader.seek(SeekFrom::End(-(carrier.len() as i64))).is_err(), "into the IV");
        for far in [SeekFrom::Start(u64::MAX), SeekFrom::End(i64::MAX), SeekFrom::Current(i64::MIN)] {
            assert!(reader.seek(far).is_err(), "{far:?}");
        }
        reader.cut(content.len() as u64);
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), content.len() as u64 - 1);
        let mut last = Vec::new();
        reader.read_to_end(&mut last).unwrap();
        assert_eq!(last, content[content.len() - 1..], "and no tail");
        reader.seek(SeekFrom::End(100)).unwrap();
        assert_eq!(reader.read(&mut [0]).unwrap(), 0, "past the end there is nothing");
    }

    /// Two carriers of one bundle showed that it was the same: no part of them may be alike.
    #[test]
    fn two_carriers_of_one_content_have_nothing_in_common() {
        let key = CarrierKey::generate();
        let [one, two] = [0, 1].map(|_| carrier(&key, &[0; 100_000], 100_000));
        assert!(one.windows(8).step_by(8).zip(two.windows(8).step_by(8)).all(|(a, b)| a != b));
    }

    #[test]
    fn another_key_gives_something_else_and_no_error() {
        let carrier = carrier(&CarrierKey::generate(), b"an invented letter", 0);
        let mut content = Vec::new();
        let other = CarrierKey::generate();
        CarrierReader::new(&other, Cursor::new(&carrier)).unwrap().read_to_end(&mut content).unwrap();
        assert_ne!(content, b"an invented letter");
        assert!(CarrierReader::new(&other, Cursor::new(&carrier[..IV_LEN - 1])).is_err());
    }

    #[test]
    fn a_key_has_one_spelling() {
        let good = CarrierKey::generate().to_text();
        let good = good.expose();
        assert_eq!(good.len(), CARRIER_KEY_LEN);
        assert_eq!(CarrierKey::from_text(good).unwrap().to_text().expose(), good);
        for bad in
            [&good[..64], &[good, &b"\n"[..]].concat(), &good.to_ascii_uppercase()[..], b"", &good[1..]]
        {
            assert!(CarrierKey::from_text(bad).is_err() || bad == good);
        }
        assert_eq!(format!("{:?}", CarrierKey::generate()), "CarrierKey([secret])");
    }
}
