//! A file as a row of short texts, each for one QR code, and the file again from enough of them: Uniform Resources
//! (Blockchain Commons, BCR-2020-005) of the type `bytes`.
//!
//! ```
//! use sanduq::format::frames::{File, Frames, Gathering};
//!
//! let file = b"an invented receipt ".repeat(40);
//! let mut frames = Frames::of(&file, 400).expect("few enough");
//! assert_eq!(frames.pieces(), 5);
//! let mut gathering = Gathering::default();
//! for frame in frames.by_ref().skip(2).take(12) {
//!     assert!(frame.starts_with("UR:BYTES/") && frame.len() <= 400);
//!     gathering.add(&frame)?;
//! }
//! assert_eq!(gathering.files(), [File::Whole(file)]);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! The first frames are the pieces of the file, one after another; those that follow are sums of several pieces, without
//! an end, so that whoever missed some of them needs only a few more of any. A frame carries two checksums, of itself
//! and of the whole, against accidents: what a file is worth, its own signatures say. docs/spec/paper.md is the
//! normative text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ur::ur::Kind;

use super::FormatError;

/// The longest file: the shortest that a bundle can be, and some more.
pub const FILE_BYTES_MAX: usize = 1_250_000;

/// The most pieces a file is in: more would take a quarter of an hour to show.
pub const PIECES_MAX: usize = 4096;

/// The most frames that are gathered: twice what the longest file needs.
pub const FRAMES_MAX: usize = 2 * PIECES_MAX;

/// The most files whose frames are gathered at once: a pile of letters.
pub const FILES_MAX: usize = 64;

/// The longest text of a frame: what the largest code holds.
pub const FRAME_CHARS_MAX: usize = 4296;

/// The highest number of a frame: an animation begins anew after it.
const NUMBER_MAX: usize = 999_999;

const FORMAT: &str = "frames";
const BEGINS: &str = "ur:bytes/";

/// Characters of a frame that carry nothing of the file: its beginning, two numbers and what divides them.
const AROUND_CHARS: usize = "ur:bytes/999999-4096/".len();
/// Bytes of a frame that carry nothing of the file: five CBOR heads, at their longest, and a checksum.
const AROUND_BYTES: usize = 1 + 5 + 3 + 5 + 5 + 3 + 4;

/// Bytes of a file that a frame of so many characters carries, a little less than half as many.
#[must_use]
pub const fn piece_bytes_max(chars_max: usize) -> usize {
    (chars_max.saturating_sub(AROUND_CHARS) / 2).saturating_sub(AROUND_BYTES)
}

/// The frames of a file, without an end.
pub struct Frames {
    message: Vec<u8>,
    piece_bytes: usize,
    encoder: Option<ur::Encoder<'static>>,
}

impl Frames {
    /// The frames of this file, of which none is longer than so many characters; `None` where it would be in more than
    /// [`PIECES_MAX`] pieces, or is longer than [`FILE_BYTES_MAX`].
    #[must_use]
    pub fn of(file: &[u8], chars_max: usize) -> Option<Frames> {
        if file.is_empty() || file.len() > FILE_BYTES_MAX {
            return None;
        }
        let message = wrap(file);
        let alone = BEGINS.len() + 2 * (message.len() + 4) <= chars_max;
        let piece_bytes = piece_bytes_max(chars_max);
        let encoder = match alone {
            true => None,
            false => Some(encoder(&message, piece_bytes)?),
        };
        Some(Frames { message, piece_bytes, encoder })
    }

    /// How many pieces the file is in: so many frames rebuild it if none is missed.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.encoder.as_ref().map_or(1, ur::Encoder::fragment_count)
    }
}

/// How many frames after the pieces are looked at for [`Frames::with_spares`].
const SPARES_AMONG: usize = 1000;

impl Frames {
    /// All pieces, and after them a few sums in which every piece is twice: so whichever one of all these frames is
    /// missing, the others rebuild the file.
    #[must_use]
    pub fn with_spares(mut self) -> Vec<String> {
        let pieces = self.pieces();
        let mut chosen: Vec<String> = self.by_ref().take(pieces).collect();
        if pieces == 1 {
            return chosen;
        }
        let mut sums: Vec<(BTreeSet<usize>, String)> =
            self.take(SPARES_AMONG).map(|frame| (summed(&frame), frame)).collect();
        for _ in 0..2 {
            let mut bare: BTreeSet<usize> = (0..pieces).collect();
            while let Some(best) = (0..sums.len()).max_by_key(|at| sums[*at].0.intersection(&bare).count()) {
                let (summed, frame) = sums.swap_remove(best);
                let before = bare.len();
                bare.retain(|piece| !summed.contains(piece));
                if bare.len() == before {
                    break;
                }
                sums.retain(|(others, _)| *others != summed);
                chosen.push(frame);
            }
        }
        chosen
    }
}

/// Which pieces are summed in a frame, counted from 0.
fn summed(frame: &str) -> BTreeSet<usize> {
    let payload = ur::ur::decode(frame).map(|(_, payload)| payload).unwrap_or_default();
    let part = minicbor::decode::<ur::fountain::Part>(&payload);
    part.map(|part| part.indexes().into_iter().collect()).unwrap_or_default()
}

impl Iterator for Frames {
    type Item = String;

    /// The next frame, in upper case, which codes hold in the least room. A file that fits into one is always the same.
    fn next(&mut self) -> Option<String> {
        let Some(current) = &mut self.encoder else {
            return Some(ur::ur::encode(&self.message, &ur::ur::Type::Bytes).to_ascii_uppercase());
        };
        if current.current_index() >= NUMBER_MAX {
            *current = encoder(&self.message, self.piece_bytes)?;
        }
        current.next_part().ok().map(|frame| frame.to_ascii_uppercase())
    }
}

fn encoder(message: &[u8], piece_bytes: usize) -> Option<ur::Encoder<'static>> {
    ur::Encoder::bytes(message, piece_bytes).ok().filter(|encoder| encoder.fragment_count() <= PIECES_MAX)
}

/// What a frame says of the file it is of; frames of one file say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    pieces: u32,
    bytes: u32,
    checksum: u32,
    piece_bytes: usize,
}

/// A file of which frames were gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// All of it.
    Whole(Vec<u8>),
    /// Not enough of it.
    Partly {
        /// How many pieces it is in.
        pieces: usize,
        /// How many of them are known.
        known: usize,
        /// The numbers of the first frames, one for each piece, that were not seen.
        unseen: Vec<usize>,
    },
    /// Enough frames, and what they make is not what they say: one of them was changed.
    Changed,
}

/// Frames as they come in: in any order, of several files, twice.
#[derive(Default)]
pub struct Gathering {
    alone: BTreeSet<Vec<u8>>,
    // The highest number first: the decoder works out sums only when a piece comes after them.
    frames: BTreeMap<Head, BTreeSet<(Reverse<u32>, String)>>,
    count: usize,
}

impl Gathering {
    /// Takes what a code said; false if it is no frame. An error where there are more files or frames than are
    /// gathered at once.
    pub fn add(&mut self, text: &str) -> Result<bool, FormatError> {
        if text.len() > FRAME_CHARS_MAX || !text.is_ascii() {
            return Ok(false);
        }
        let text = text.to_ascii_lowercase();
        let Some(rest) = text.strip_prefix(BEGINS) else { return Ok(false) };
        let Ok((kind, payload)) = ur::ur::decode(&text) else { return Ok(false) };
        let new = if kind == Kind::SinglePart {
            self.alone.insert(payload)
        } else {
            let numbers = rest.split('/').next().and_then(numbers);
            let Some((number, head)) =
                head(&payload).filter(|(number, head)| Some((*number, head.pieces)) == numbers)
            else {
                return Ok(false);
            };
            self.frames.entry(head).or_default().insert((Reverse(number), text))
        };
        self.count += usize::from(new);
        check(self.count, FRAMES_MAX, "frames")?;
        check(self.alone.len() + self.frames.len(), FILES_MAX, "files")?;
        Ok(true)
    }

    /// What the frames make, a file each.
    #[must_use]
    pub fn files(self) -> Vec<File> {
        let alone = self.alone.into_iter().map(|message| unwrap(&message).map_or(File::Changed, File::Whole));
        let joined = self.frames.into_iter().map(|(head, frames)| join(&head, &frames));
        alone.chain(joined).collect()
    }
}

fn check(count: usize, limit: usize, unit: &'static str) -> Result<(), FormatError> {
    if count <= limit {
        return Ok(());
    }
    Err(FormatError::TooLarge { format: FORMAT, limit: limit as u64, unit })
}

fn join(head: &Head, frames: &BTreeSet<(Reverse<u32>, String)>) -> File {
    let mut decoder = ur::Decoder::default();
    // A frame that is none was not gathered, and one that says nothing new is passed over.
    frames.iter().for_each(|(_, frame)| drop(decoder.receive(frame)));
    if decoder.complete() {
        let message = decoder.message().ok().flatten();
        return message.and_then(|message| unwrap(&message)).map_or(File::Changed, File::Whole);
    }
    let seen: BTreeSet<u32> = frames.iter().map(|(number, _)| number.0).collect();
    File::Partly {
        pieces: head.pieces as usize,
        known: decoder.resolved_fragment_count().unwrap_or(0),
        unseen: (1..=head.pieces)
            .filter(|number| !seen.contains(number))
            .map(|number| number as usize)
            .collect(),
    }
}

/// The two numbers of `1-9`, each in its one spelling.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.parse().ok().filter(|number: &u32| number.to_string() == text);
    let (number_of, pieces) = text.split_once('-').map(|(one, other)| (number(one), number(other)))?;
    Some((number_of?, pieces?))
}

/// What the payload of a frame says, if it is within the limits and adds up.
fn head(payload: &[u8]) -> Option<(u32, Head)> {
    let mut reader = minicbor::Decoder::new(payload);
    if reader.array().ok()? != Some(5) {
        return None;
    }
    let (number, pieces, bytes) = (reader.u32().ok()?, reader.u32().ok()?, reader.u32().ok()?);
    let (checksum, piece_bytes) = (reader.u32().ok()?, reader.bytes().ok()?.len());
    let (count, len) = (pieces as usize, bytes as usize);
    let adds_up = piece_bytes > 0 && len.div_ceil(piece_bytes) == count;
    let within = number > 0 && (1..=PIECES_MAX).contains(&count) && len <= wrapped_len_max();
    let all = reader.position() == payload.len();
    (adds_up && within && all).then_some((number, Head { pieces, bytes, checksum, piece_bytes }))
}

/// The longest message: the longest file and the head of its byte string.
const fn wrapped_len_max() -> usize {
    FILE_BYTES_MAX + 5
}

/// The file as a CBOR byte string, which a resource of the type `bytes` is.
fn wrap(file: &[u8]) -> Vec<u8> {
    let mut writer = minicbor::Encoder::new(Vec::with_capacity(file.len() + 5));
    writer.bytes(file).expect("a vector takes what is written to it");
    writer.into_writer()
}

/// The file in a CBOR byte string; `None` of anything else, and of one that is not spelled as we do.
fn unwrap(message: &[u8]) -> Option<Vec<u8>> {
    let file = minicbor::Decoder::new(message).bytes().ok()?;
    (!file.is_empty() && wrap(file) == message).then(|| file.to_vec())
}
