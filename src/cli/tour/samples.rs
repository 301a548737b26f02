//! The evidence of the tour: drawn by a program, about no real person, place or day, and marked as made up.

/// A testimony in Persian.
pub const TESTIMONY: &[u8] = include_bytes!("samples/testimony.txt");
/// A scanned page, a photograph with EXIF, an audio clip.
pub const FILES: [(&str, &[u8]); 3] = [
    ("page.png", include_bytes!("samples/page.png")),
    ("photograph.jpg", include_bytes!("samples/photograph.jpg")),
    ("voice.wav", include_bytes!("samples/voice.wav")),
];
