//! The texts of the QR codes in a picture, in any order and at any angle.
//!
//! What is found has passed the code's own correction of errors, which catches accidents and nothing else: any stranger
//! can draw a code. docs/spec/paper.md is the normative text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

use super::picture::{Picture, PictureError};

/// The texts of all codes in the picture that these bytes are; perhaps none.
///
/// The readers of pictures are other people's and large. Should one of them panic, that picture cannot be read, and
/// those before and after it can.
pub fn texts(bytes: &[u8]) -> Result<Vec<String>, PictureError> {
    // Nothing that is looked at after a panic was changed by what panicked.
    catch_unwind(AssertUnwindSafe(|| Picture::read(bytes).map(|picture| find(&picture))))
        .unwrap_or(Err(PictureError::Unreadable))
}

fn find(picture: &Picture) -> Vec<String> {
    let Ok(source) = Luma8Source::new_with_slice(picture.pixels(), picture.width(), picture.height()) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let found = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default();
    found.iter().map(|code| code.getText().to_owned()).collect()
}
