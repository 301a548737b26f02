//! A photograph, scan or screenshot, as shades of grey: what codes are looked for in.
//!
//! ```no_run
//! use sanduq::format::picture::Picture;
//!
//! let picture = Picture::read(&std::fs::read("page.jpg")?)?;
//! assert_eq!(picture.pixels().len() as u64, u64::from(picture.width()) * u64::from(picture.height()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! PNG and JPEG are read, and nothing else. Pictures come from cameras and from strangers: how many pixels one claims to
//! have is looked at before there is room for them. docs/spec/paper.md is the normative text.

use std::io::Cursor;

use jpeg_decoder::PixelFormat;
use png::{ColorType, Limits, Transformations};
use thiserror::Error;

/// The longest file that is read: a page in colour at 600 dots an inch, hardly packed.
pub const PICTURE_BYTES_MAX: u64 = 128 << 20;

/// The most pixels: as many as large cameras have. A page at 600 dots an inch has 35 million.
pub const PIXELS_MAX: u64 = 1 << 26;

/// Bytes that a decoder may use beside the picture itself.
const ASIDE_BYTES_MAX: usize = 64 << 20;

const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG_BEGINS: &[u8] = b"\xff\xd8\xff";

/// What is wrong with a picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureError {
    /// It begins neither as a PNG nor as a JPEG.
    #[error("neither PNG nor JPEG")]
    Unknown,
    /// It says that it has more pixels than are read.
    #[error("{width} × {height} pixels, more than {PIXELS_MAX}")]
    TooLarge {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// It is damaged, or of a kind that no camera and no screen makes.
    #[error("damaged, or of an unusual kind")]
    Unreadable,
}

/// A picture without its colours: a byte for each pixel, row by row, 0 black and 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// The picture in these bytes.
    pub fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
        if bytes.starts_with(PNG_BEGINS) {
            read_png(bytes)
        } else if bytes.starts_with(JPEG_BEGINS) {
            read_jpeg(bytes)
        } else {
            Err(PictureError::Unknown)
        }
    }

    /// How many pixels a row has.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How many rows there are.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The picture of these samples, of which every pixel has so many.
    fn of(width: u32, height: u32, samples: Vec<u8>, each: usize) -> Result<Picture, PictureError> {
        let count = check_size(width, height)?;
        let pixels: Vec<u8> = match each {
            1 => samples,
            _ => samples.chunks_exact(each).map(grey).collect(),
        };
        if pixels.len() != count {
            Err(PictureError::Unreadable)
        } else {
            Ok(Picture { width, height, pixels })
        }
    }
}

/// How many pixels that makes, if they may be read.
fn check_size(width: u32, height: u32) -> Result<usize, PictureError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(PictureError::Unreadable),
        count if count > PIXELS_MAX => Err(PictureError::TooLarge { width, height }),
        count => usize::try_from(count).map_err(|_| PictureError::TooLarge { width, height }),
    }
}

fn read_png(bytes: &[u8]) -> Result<Picture, PictureError> {
    let broken = |_| PictureError::Unreadable;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: ASIDE_BYTES_MAX });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let (width, height) = decoder.read_header_info().map_err(broken)?.size();
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(broken)?;
    let len = reader.output_buffer_size().ok_or(PictureError::Unreadable)?;
    let mut samples = vec![0; len];
    let frame = reader.next_frame(&mut samples).map_err(broken)?;
    samples.truncate(frame.buffer_size());
    let each = match frame.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => return Err(PictureError::Unreadable),
    };
    Picture::of(width, height, samples, each)
}

fn read_jpeg(bytes: &[u8]) -> Result<Picture, PictureError> {
    let broken = |_| PictureError::Unreadable;
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.read_info().map_err(broken)?;
    let info = decoder.info().ok_or(PictureError::Unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let count = check_size(width, height)?;
    let each = match info.pixel_format {
        PixelFormat::L8 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::L16 | PixelFormat::CMYK32 => return Err(PictureError::Unreadable),
    };
    decoder.set_max_decoding_buffer_size(count * each);
    Picture::of(width, height, decoder.decode().map_err(broken)?, each)
}

/// The shade of a pixel. What is transparent is shown on white paper.
fn grey(samples: &[u8]) -> u8 {
    let at = |place: usize| u32::from(samples[place]);
    let (shade, opacity) = match samples.len() {
        2 => (at(0), at(1)),
        3 => ((at(0) + 2 * at(1) + at(2)) / 4, 255),
        _ => ((at(0) + 2 * at(1) + at(2)) / 4, at(3)),
    };
    u8::try_from((shade * opacity + 255 * (255 - opacity)) / 255).expect("a mean of two bytes is a byte")
}
