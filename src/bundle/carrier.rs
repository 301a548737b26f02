//! Bundles and parts as carriers: files of random bytes for whoever lacks the carrier key.
//!
//! ```text
//! 16 random bytes ‖ the bundle, or the part, under AES-256-CTR ‖ a tail of random bytes
//! ```
//!
//! The tail is there because a bundle's length is that of a class: a file that is 16 bytes longer would show itself. How
//! long it is is drawn evenly, up to a quarter of the content or to 1 MiB, whichever is more. It ends nowhere by itself:
//! a bundle and a part are archives, and where an archive ends its headers say. So a tail of any length is passed by.
//!
//! What is in a carrier is looked for in its first bytes, where every bundle and every part is alike: a wrong key gives
//! bytes without a pattern. One that was damaged there in a few places is still known for what it is, and then refused
//! for what it has become. docs/spec/carrier.md is the normative text.

use std::io::{self, Read, Seek};

use super::layout::BAGIT;
use super::volume::VOLUME;
use crate::crypto::carrier::{CarrierKey, CarrierReader, IV_LEN};
use crate::crypto::random;
use crate::format::archive::{self, BLOCK_BYTES};
use crate::format::bag::DECLARATION;

/// So much of a file says what it is: the first block of an archive, which is more than what is looked at of a carrier.
pub const BEGINNING_BYTES: usize = BLOCK_BYTES;
/// So much of the first header is looked at under each key: a name, and the zeros behind it. Four blocks of AES.
const NAME_BYTES: usize = 64;
/// So many of them have to be right. By chance it happens once in 2^196 files.
const NAME_BYTES_MIN: usize = NAME_BYTES / 2;
/// A tail may always have this length: the smallest bundles, which are the most, would all lie too close together.
const TAIL_BYTES: u64 = 1 << 20;
/// Else it has up to this part of the content.
const TAIL_SHARE: u64 = 4;
/// Members that are passed over to find the end: a bundle has seventeen, and at most 999 parts of its payload.
const MEMBERS_MAX: usize = 2048;

/// How long the file of a carrier is at most that has so much in it.
pub fn len_max(content: u64) -> u64 {
    content.saturating_add(IV_LEN as u64).saturating_add(tail_max(content))
}

/// The most that can be in a carrier that is never longer than this; none where it has no room for its tail.
pub fn content_max(len: u64) -> Option<u64> {
    let with_iv = len.checked_sub(IV_LEN as u64)?;
    // The first where a quarter is the longer tail, the second where 1 MiB is.
    let share = with_iv - with_iv.div_ceil(TAIL_SHARE + 1);
    if share / TAIL_SHARE >= TAIL_BYTES { Some(share) } else { with_iv.checked_sub(TAIL_BYTES) }
}

/// How long the tail of one carrier is.
pub fn tail_len(content: u64) -> u64 {
    let choices = tail_max(content).saturating_add(1);
    random::below(usize::try_from(choices).unwrap_or(usize::MAX)) as u64
}

fn tail_max(content: u64) -> u64 {
    (content / TAIL_SHARE).max(TAIL_BYTES)
}

/// Whether a file that begins so is a bundle or a part without a disguise.
pub fn is_plain(beginning: &[u8]) -> bool {
    let Some((header, _)) = beginning.split_first_chunk::<BLOCK_BYTES>() else { return false };
    archive::member(header).is_some_and(|member| {
        member.name == *VOLUME || (member.name == *BAGIT && member.len == DECLARATION.len() as u64)
    })
}

/// Whether a file that begins so is a carrier under this key.
pub fn is_under(key: &CarrierKey, beginning: &[u8]) -> bool {
    let Some((iv, rest)) = beginning.split_first_chunk::<IV_LEN>() else { return false };
    let Some((name, _)) = rest.split_first_chunk::<NAME_BYTES>() else { return false };
    let mut name = *name;
    key.uncover(iv, &mut name);
    [BAGIT, VOLUME].iter().any(|expected| is_like(&name, expected.as_bytes()))
}

fn is_like(name: &[u8; NAME_BYTES], expected: &[u8]) -> bool {
    let expected = expected.iter().chain(std::iter::repeat(&0));
    name.iter().zip(expected).filter(|(one, other)| one == other).count() >= NAME_BYTES_MIN
}

/// Reads the bundle or the part that is in a carrier, and nothing behind it. Where its end cannot be found it was
/// changed; then all that is there is read, for the content's own checks to refuse.
pub fn open<R: Read + Seek>(key: &CarrierKey, input: R) -> io::Result<CarrierReader<R>> {
    let mut content = CarrierReader::new(key, input)?;
    if let Some(end) = archive::end(&mut content, MEMBERS_MAX)? {
        content.cut(end);
    }
    content.rewind()?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::bundle::layout;
    use crate::crypto::carrier::CarrierWriter;
    use crate::format::archive::Writer;

    fn carrier(key: &CarrierKey, content: &[u8], tail: u64) -> Vec<u8> {
        let mut writer = CarrierWriter::new(key, Vec::new()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish(tail).unwrap()
    }

    fn archive(first: &str, body: &[u8]) -> Vec<u8> {
        let mut archive = Writer::new(Vec::new());
        archive.whole(&layout::name(first), body).unwrap();
        archive.whole(&layout::name("other"), &[7; 1000]).unwrap();
        archive.finish().unwrap()
    }

    #[test]
    fn what_is_in_a_carrier_ends_where_its_archive_ends() {
        let key = CarrierKey::generate();
        let content = archive(BAGIT, DECLARATION.as_bytes());
        for tail in [0, 1, 512, 1024, 100_000] {
            let mut read = Vec::new();
            let carrier = carrier(&key, &content, tail);
            open(&key, Cursor::new(carrier)).unwrap().read_to_end(&mut read).unwrap();
            assert!(read == content, "{tail}");
        }
    }

    /// Cut short, or with another header: all of it is handed on, for what refuses it to say why.
    #[test]
    fn without_an_end_all_is_read() {
        let key = CarrierKey::generate();
        let mut content = archive(VOLUME, b"");
        let whole = |content: &[u8]| open(&key, Cursor::new(carrier(&key, content, 10))).unwrap().len();
        content[600] ^= 1;
        assert_eq!(whole(&content), content.len() as u64 + 10);
        assert_eq!(whole(&content[..512]), 522);
        assert_eq!(whole(b""), 10);
    }

    #[test]
    fn only_its_key_shows_a_carrier() {
        let (key, other) = (CarrierKey::generate(), CarrierKey::generate());
        for content in [archive(BAGIT, DECLARATION.as_bytes()), archive(VOLUME, b"")] {
            let mut carrier = carrier(&key, &content, 0);
            assert!(is_under(&key, &carrier) && !is_under(&other, &carrier) && !is_plain(&carrier));
            assert!(is_plain(&content) && !is_under(&key, &content));
            assert!(!is_under(&key, &carrier[..IV_LEN + NAME_BYTES - 1]));
            carrier[20..30].fill(0);
            assert!(is_under(&key, &carrier), "a little damage does not hide it");
        }
        let foreign = archive(BAGIT, b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
        assert!(!is_plain(&foreign) && !is_plain(&foreign[..100]) && !is_plain(b""));
    }

    #[test]
    fn a_carrier_is_never_longer_than_was_said() {
        for len in (0..40_000_000).step_by(99_991).chain([4_000_000_000]) {
            let Some(content) = content_max(len) else { continue };
            assert!(len_max(content) <= len, "{len}");
            assert!(len_max(content + 2) > len, "and no shorter than it must be: {len}");
        }
        assert_eq!((content_max(0), content_max(TAIL_BYTES + 15)), (None, None));
        assert_eq!(content_max(2_000_000), Some(2_000_000 - 16 - TAIL_BYTES));
    }

    /// The most bundles have one length: their carriers have as many as there are bytes in 1 MiB.
    #[test]
    fn tails_are_drawn_evenly() {
        for content in [0, 1_181_696, 64 << 20] {
            let most = tail_max(content);
            assert!(most == TAIL_BYTES || most == content / 4);
            let tails: Vec<u64> = (0..4096).map(|_| tail_len(content)).collect();
            assert!(tails.iter().all(|tail| *tail <= most));
            // Each eighth has 512 of them; to miss that by 160 is beyond seven standard deviations.
            for eighth in 0..8 {
                let of_it = tails.iter().filter(|tail| *tail * 8 / (most + 1) == eighth).count();
                assert!((352..=672).contains(&of_it), "{content} {eighth}: {of_it}");
            }
        }
    }
}
