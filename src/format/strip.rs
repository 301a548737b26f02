//! A picture without metadata: the same pixels, and nothing that says where, when, with what or by whom it was taken.
//!
//! ```no_run
//! use sanduq::format::strip::strip;
//!
//! let bare = strip(std::fs::read("photograph.jpg")?)?;
//! assert_eq!(bare.kind.media_type(), "image/jpeg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is kept is listed, and all else is dropped, so that nothing has to be known to be removed:
//!
//! | | kept |
//! |---|---|
//! | JPEG | one frame (`SOF0` to `SOF2`), tables (`DQT`, `DHT`), the restart interval (`DRI`), scans (`SOS`) with their data up to the end of the image; of Adobe's segment the one byte that says how the colours are coded |
//! | PNG | `IHDR`, `PLTE`, `tRNS`, `IDAT`, `IEND` |
//!
//! So EXIF, XMP, IPTC, comments, thumbnails, colour profiles, further pictures and everything behind the end go. What is
//! kept must have the length that it must have: text behind a table would stay otherwise. A picture that needs something
//! else, as an animated one does, is refused, **never** half-stripped. What is drawn in the pixels stays, and so does
//! what is hidden in their coding. docs/spec/derivative.md is the normative text.

use std::ops::RangeInclusive;

use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use thiserror::Error;

/// Bytes of a picture: what the largest cameras write, and little enough to hold twice.
pub const PICTURE_BYTES_MAX: u64 = 64 << 20;
/// Scans of one JPEG; a progressive one has about ten, and each is looked for from where the last one ended.
const SCANS_MAX: usize = 128;

const JPEG_BEGINS: [u8; 2] = [markers::P, markers::SOI];
const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Adobe's segment with nothing in it but, behind it, how the colours are coded.
const ADOBE: &[u8; 11] = b"Adobe\0\x64\0\0\0\0";
const ADOBE_BYTES: usize = ADOBE.len() + 1;

/// Why a picture is not stripped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StripError {
    /// It begins neither as a JPEG nor as a PNG.
    #[error("neither JPEG nor PNG")]
    Unknown,
    /// It is longer than what is held at once.
    #[error("more than {PICTURE_BYTES_MAX} bytes")]
    TooLarge,
    /// It is damaged, cut off, or not as its format says.
    #[error("damaged")]
    Damaged,
    /// It needs something that is not known to be free of metadata.
    #[error("of an unusual kind")]
    Unusual,
}

/// What a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureKind {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            PictureKind::Jpeg => "image/jpeg",
            PictureKind::Png => "image/png",
        }
    }

    /// The one of this media type.
    #[must_use]
    pub fn named(media_type: &str) -> Option<PictureKind> {
        [PictureKind::Jpeg, PictureKind::Png].into_iter().find(|kind| kind.media_type() == media_type)
    }

    fn of(bytes: &[u8]) -> Option<PictureKind> {
        if bytes.starts_with(&JPEG_BEGINS) {
            return Some(PictureKind::Jpeg);
        }
        bytes.starts_with(PNG_BEGINS).then_some(PictureKind::Png)
    }
}

/// A picture without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// What it is.
    pub kind: PictureKind,
    /// It.
    pub bytes: Vec<u8>,
}

/// The picture without its metadata; the same of the same bytes, always.
pub fn strip(bytes: Vec<u8>) -> Result<Bare, StripError> {
    let kind = PictureKind::of(&bytes).ok_or(StripError::Unknown)?;
    if bytes.len() as u64 > PICTURE_BYTES_MAX {
        return Err(StripError::TooLarge);
    }
    let bytes = match kind {
        PictureKind::Jpeg => jpeg(bytes)?,
        PictureKind::Png => png(bytes)?,
    };
    Ok(Bare { kind, bytes })
}

/// img-parts reads a JPEG up to its first scan, and leaves all behind it in one piece. So each scan is cut out, and what
/// follows it is read as if it were the beginning of a picture.
fn jpeg(bytes: Vec<u8>) -> Result<Vec<u8>, StripError> {
    let mut kept: Vec<u8> = JPEG_BEGINS.to_vec();
    let mut rest = Bytes::from(bytes);
    let (mut frames, mut colours) = (0, Colours::default());
    for scan in 0..=SCANS_MAX {
        let part = Jpeg::from_bytes(rest.clone()).map_err(|_| StripError::Damaged)?;
        let mut behind = None;
        for segment in part.segments() {
            colours.look(segment);
            match judge(segment)? {
                Judged::Dropped => {}
                Judged::Adobe(coding) => match colours.adobe.replace(coding) {
                    None => put(&mut kept, markers::APP14, &[&ADOBE[..], &[coding]].concat()),
                    Some(before) if before == coding => {}
                    Some(_) => return Err(StripError::Unusual),
                },
                Judged::Kept => {
                    frames += usize::from(is_frame(segment.marker()));
                    put(&mut kept, segment.marker(), segment.contents());
                }
            }
            if segment.marker() == markers::SOS {
                behind = Some(segment.len_with_entropy() - segment.len());
            }
        }
        let Some(behind) = behind else {
            kept.extend([markers::P, markers::EOI]);
            if frames != 1 || scan == 0 {
                return Err(StripError::Damaged);
            }
            return if colours.stay() { Ok(kept) } else { Err(StripError::Unusual) };
        };
        let data = rest.slice(rest.len() - behind..);
        let end = end_of_scan(&data).ok_or(StripError::Damaged)?;
        kept.extend_from_slice(&data[..end]);
        rest = Bytes::from([&JPEG_BEGINS[..], &data[end..]].concat());
    }
    Err(StripError::Unusual)
}

/// How a JPEG says that its colours are coded: decoders ask JFIF's segment, then Adobe's, then the names of the parts.
#[derive(Default)]
struct Colours {
    jfif: bool,
    adobe: Option<u8>,
    parts: Vec<u8>,
}

impl Colours {
    fn look(&mut self, segment: &JpegSegment) {
        let contents = segment.contents();
        self.jfif |= segment.marker() == markers::APP0 && contents.starts_with(b"JFIF\0");
        if is_frame(segment.marker()) {
            self.parts = contents.iter().skip(6).step_by(3).copied().collect();
        }
    }

    /// Whether they are read in the same way without JFIF's segment. Where it contradicts the others they are not.
    fn stay(&self) -> bool {
        let otherwise = self.adobe == Some(0) || (self.adobe.is_none() && self.parts == b"RGB");
        !(self.jfif && self.parts.len() == 3 && otherwise)
    }
}

/// What becomes of a segment.
enum Judged {
    Kept,
    Dropped,
    /// Kept with nothing but how the colours are coded.
    Adobe(u8),
}

fn judge(segment: &JpegSegment) -> Result<Judged, StripError> {
    let contents = segment.contents();
    let whole = match segment.marker() {
        markers::APP14 if contents.starts_with(b"Adobe") && contents.len() >= ADOBE_BYTES => {
            return Ok(Judged::Adobe(contents[ADOBE_BYTES - 1]));
        }
        markers::APP0..=markers::APP15 | markers::COM => return Ok(Judged::Dropped),
        marker if is_frame(marker) => {
            contents.get(5).is_some_and(|n| contents.len() == 6 + 3 * usize::from(*n))
        }
        markers::SOS => contents.first().is_some_and(|n| contents.len() == 4 + 2 * usize::from(*n)),
        markers::DRI => contents.len() == 2,
        markers::DQT => are_tables(contents, |table| {
            let precision = usize::from(table[0] >> 4);
            (precision < 2).then_some(1 + 64 * (1 + precision))
        }),
        markers::DHT => are_tables(contents, |table| {
            let counts = table.get(1..17)?;
            Some(17 + counts.iter().map(|count| usize::from(*count)).sum::<usize>())
        }),
        _ => return Err(StripError::Unusual),
    };
    if whole { Ok(Judged::Kept) } else { Err(StripError::Damaged) }
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, markers::SOF0 | markers::SOF1 | markers::SOF2)
}

/// Whether the contents are tables, one behind the other, and nothing else.
fn are_tables(contents: &[u8], len: impl Fn(&[u8]) -> Option<usize>) -> bool {
    let mut rest = contents;
    while !rest.is_empty() {
        match len(rest).and_then(|len| rest.get(len..)) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    true
}

fn put(kept: &mut Vec<u8>, marker: u8, contents: &[u8]) {
    let len = u16::try_from(contents.len() + 2).expect("it was read from a segment, or is Adobe's");
    kept.extend([markers::P, marker]);
    kept.extend(len.to_be_bytes());
    kept.extend_from_slice(contents);
}

/// Where the data of a scan ends: at the first marker that is neither a stuffed byte nor a restart.
fn end_of_scan(data: &[u8]) -> Option<usize> {
    data.windows(2)
        .position(|two| two[0] == markers::P && !matches!(two[1], markers::Z | markers::RST0..=markers::RST7))
}

fn png(bytes: Vec<u8>) -> Result<Vec<u8>, StripError> {
    let mut picture = Png::from_bytes(Bytes::from(bytes)).map_err(|_| StripError::Damaged)?;
    let colours = match picture.chunks().first() {
        Some(head) if head.kind() == *b"IHDR" && head.contents().len() == 13 => {
            PngColours::of(head.contents())
        }
        _ => None,
    };
    let colours = colours.ok_or(StripError::Damaged)?;
    for chunk in picture.chunks() {
        judge_chunk(chunk, &colours)?;
    }
    picture.chunks_mut().retain(|chunk| is_kept(chunk.kind()));
    let kinds: Vec<[u8; 4]> = picture.chunks().iter().map(PngChunk::kind).collect();
    let once = |kind: &[u8; 4]| kinds.iter().filter(|one| *one == kind).count() <= 1;
    let ends = kinds.first() == Some(b"IHDR") && kinds.last() == Some(b"IEND");
    if !ends || !kinds.contains(b"IDAT") || ![b"IHDR", b"PLTE", b"tRNS"].into_iter().all(once) {
        return Err(StripError::Damaged);
    }
    Ok(picture.encoder().bytes().to_vec())
}

fn is_kept(kind: [u8; 4]) -> bool {
    matches!(&kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND")
}

/// How long the tables of a PNG may be, by how its head says that the colours are coded (PNG, sections 11.2 and 11.3).
struct PngColours {
    palette_max: usize,
    transparent: Option<RangeInclusive<usize>>,
}

impl PngColours {
    fn of(head: &[u8]) -> Option<PngColours> {
        let (depth, colours) = (head[8], head[9]);
        let (palette_max, transparent) = match (colours, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => (0, Some(2..=2)),
            (2, 8 | 16) => (768, Some(6..=6)),
            (3, 1 | 2 | 4 | 8) => (3 << depth, Some(0..=1 << depth)),
            (4, 8 | 16) => (0, None),
            (6, 8 | 16) => (768, None),
            _ => return None,
        };
        Some(PngColours { palette_max, transparent })
    }
}

/// A chunk that is dropped must be one that a picture can do without; one that is kept is as long as it must be.
fn judge_chunk(chunk: &PngChunk, colours: &PngColours) -> Result<(), StripError> {
    let len = chunk.contents().len();
    let whole = match &chunk.kind() {
        b"IHDR" => len == 13,
        b"PLTE" => len.is_multiple_of(3) && len <= colours.palette_max,
        b"tRNS" => colours.transparent.as_ref().is_some_and(|lengths| lengths.contains(&len)),
        b"IDAT" => true,
        b"IEND" => len == 0,
        // The pictures of an animation behind its first one.
        b"acTL" | b"fcTL" | b"fdAT" => return Err(StripError::Unusual),
        [first, ..] if first.is_ascii_lowercase() => true,
        _ => return Err(StripError::Unusual),
    };
    if whole { Ok(()) } else { Err(StripError::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grey JPEG of one block, which no decoder is asked about here.
    fn tiny(before: &[u8], within: &[u8], behind: &[u8]) -> Vec<u8> {
        let table = |marker: u8, contents: &[u8]| {
            let mut segment = Vec::new();
            put(&mut segment, marker, contents);
            segment
        };
        let mut huffman = vec![0; 17];
        huffman[1] = 1;
        huffman.push(0);
        [
            &JPEG_BEGINS[..],
            before,
            &table(markers::DQT, &[&[0][..], &[1; 64]].concat()),
            &table(markers::SOF0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
            &table(markers::DHT, &huffman),
            &table(markers::SOS, &[1, 1, 0, 0, 63, 0]),
            &[0x12, 0xff, 0, 0xff, markers::RST0, 0x34],
            within,
            &[markers::P, markers::EOI],
            behind,
        ]
        .concat()
    }

    fn comment(text: &[u8]) -> Vec<u8> {
        let mut segment = Vec::new();
        put(&mut segment, markers::COM, text);
        segment
    }

    fn chunks(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = PNG_BEGINS.to_vec();
        for (kind, contents) in parts {
            let chunk = PngChunk::new(**kind, Bytes::copy_from_slice(contents));
            bytes.extend_from_slice(&chunk.encoder().bytes());
        }
        bytes
    }

    const HEAD: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];

    /// A crate that reads a JPEG up to its first scan would have left all behind it as it was.
    #[test]
    fn what_is_between_and_behind_the_scans_goes_too() {
        let bare = tiny(b"", b"", b"");
        assert_eq!(strip(bare.clone()).unwrap().bytes, bare);
        let app = |marker: u8| {
            let mut segment = Vec::new();
            put(&mut segment, marker, b"Exif\0\0canary");
            segment
        };
        let every: Vec<u8> = (markers::APP0..=markers::APP15).flat_map(app).collect();
        for (told, picture) in [
            ("before", tiny(&comment(b"canary"), b"", b"")),
            ("every application's", tiny(&every, b"", b"")),
            ("behind a scan", tiny(b"", &comment(b"canary"), b"")),
            ("another application behind a scan", tiny(b"", &app(markers::APP1), b"")),
            ("behind the end", tiny(b"", b"", b"canary")),
            ("another picture behind the end", tiny(b"", b"", &tiny(&comment(b"canary"), b"", b""))),
        ] {
            assert_eq!(strip(picture).unwrap().bytes, bare, "{told}");
        }
    }

    #[test]
    fn of_adobes_segment_the_colours_stay() {
        let mut adobe = Vec::new();
        put(&mut adobe, markers::APP14, b"Adobe\0\x65canr\x02 and more");
        let bare = strip(tiny(&adobe, b"", b"")).unwrap().bytes;
        assert_eq!(&bare[6..18], b"Adobe\0\x64\0\0\0\0\x02");
        assert_eq!(strip(bare.clone()).unwrap().bytes, bare);
    }

    /// JFIF's segment, which is dropped, said that the colours are luminance and differences; what is left says red, green
    /// and blue.
    #[test]
    fn a_picture_whose_colours_would_change_is_refused() {
        let segment = |marker, contents: &[u8]| {
            let mut segment = Vec::new();
            put(&mut segment, marker, contents);
            segment
        };
        let jfif = segment(markers::APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let adobe = |coding: u8| segment(markers::APP14, &[&ADOBE[..], &[coding]].concat());
        let coloured = |before: &[u8], [r, g, b]: [u8; 3]| {
            let picture = tiny(before, b"", b"");
            let at = picture.windows(2).position(|two| two == [markers::P, markers::SOF0]).unwrap();
            let frame = segment(markers::SOF0, &[8, 0, 8, 0, 8, 3, r, 0x11, 0, g, 0x11, 0, b, 0x11, 0]);
            [&picture[..at], &frame, &picture[at + 13..]].concat()
        };
        for (before, parts, stays) in [
            (jfif.clone(), [1, 2, 3], true),
            (jfif.clone(), *b"RGB", false),
            (Vec::new(), *b"RGB", true),
            ([&jfif[..], &adobe(1)].concat(), [1, 2, 3], true),
            ([&jfif[..], &adobe(0)].concat(), [1, 2, 3], false),
            (adobe(0), [1, 2, 3], true),
            ([adobe(1), adobe(1)].concat(), [1, 2, 3], true),
            ([adobe(0), adobe(1)].concat(), [1, 2, 3], false),
        ] {
            let found = strip(coloured(&before, parts)).map(drop);
            assert_eq!(found, if stays { Ok(()) } else { Err(StripError::Unusual) }, "{before:?} {parts:?}");
        }
    }

    #[test]
    fn what_is_damaged_or_unusual_is_refused() {
        let good = tiny(b"", b"", b"");
        let with = |from: &[u8], to: &[u8]| {
            let at = good.windows(from.len()).position(|window| window == from).unwrap();
            [&good[..at], to, &good[at + from.len()..]].concat()
        };
        let text =
            b"\xff\xdb\x00\x49\x00".iter().copied().chain([1; 64]).chain(*b"canary").collect::<Vec<u8>>();
        for (told, picture, error) in [
            ("cut off", good[..good.len() - 1].to_vec(), StripError::Damaged),
            ("no end", good[..good.len() - 2].to_vec(), StripError::Damaged),
            ("no scan", [&JPEG_BEGINS[..], &[markers::P, markers::EOI]].concat(), StripError::Damaged),
            ("text behind a table", tiny(&text, b"", b""), StripError::Damaged),
            ("another frame", with(&[0xff, 0xc0], &[0xff, 0xc9]), StripError::Unusual),
            ("a frame too long", with(&[0, 11, 8, 0, 8], &[0, 12, 8, 0, 8, 0]), StripError::Damaged),
            ("a text", b"canary".to_vec(), StripError::Unknown),
            ("nothing", Vec::new(), StripError::Unknown),
            (
                "many scans",
                tiny(b"", &b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00".repeat(200), b""),
                StripError::Unusual,
            ),
        ] {
            assert_eq!(strip(picture), Err(error), "{told}");
        }
        let mut long = good.clone();
        long.resize(PICTURE_BYTES_MAX as usize + 1, 0);
        assert_eq!(strip(long), Err(StripError::TooLarge));
    }

    #[test]
    fn of_a_png_five_kinds_of_chunks_stay() {
        let bare = chunks(&[(b"IHDR", HEAD), (b"IDAT", b"x"), (b"IDAT", b"y"), (b"IEND", b"")]);
        assert_eq!(strip(bare.clone()).unwrap(), Bare { kind: PictureKind::Png, bytes: bare.clone() });
        let told = chunks(&[
            (b"IHDR", HEAD),
            (b"tEXt", b"Comment\0canary"),
            (b"eXIf", b"canary"),
            (b"IDAT", b"x"),
            (b"IDAT", b"y"),
            (b"zTXt", b"canary"),
            (b"IEND", b""),
        ]);
        assert_eq!(strip([&told[..], b"canary"].concat()).unwrap().bytes, bare);
        let mut damaged = bare.clone();
        *damaged.last_mut().unwrap() ^= 1;
        for (told, picture, error) in [
            ("a checksum", damaged, StripError::Damaged),
            ("no end", chunks(&[(b"IHDR", HEAD), (b"IDAT", b"x")]), StripError::Damaged),
            ("no pixels", chunks(&[(b"IHDR", HEAD), (b"IEND", b"")]), StripError::Damaged),
            (
                "two heads",
                chunks(&[(b"IHDR", HEAD), (b"IHDR", HEAD), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Damaged,
            ),
            (
                "a long head",
                chunks(&[(b"IHDR", &[0; 14]), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Damaged,
            ),
            (
                "text in the end",
                chunks(&[(b"IHDR", HEAD), (b"IDAT", b"x"), (b"IEND", b"canary")]),
                StripError::Damaged,
            ),
            (
                "text behind a transparent grey",
                chunks(&[(b"IHDR", HEAD), (b"tRNS", b"xxcanary"), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Damaged,
            ),
            (
                "a palette of nothing",
                chunks(&[(b"IHDR", HEAD), (b"PLTE", b"canary"), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Damaged,
            ),
            (
                "animated",
                chunks(&[(b"IHDR", HEAD), (b"acTL", b"x"), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Unusual,
            ),
            (
                "unknown and needed",
                chunks(&[(b"IHDR", HEAD), (b"NEED", b"x"), (b"IDAT", b"x"), (b"IEND", b"")]),
                StripError::Unusual,
            ),
        ] {
            assert_eq!(strip(picture), Err(error), "{told}");
        }
    }
}
