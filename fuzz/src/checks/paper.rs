//! Codes, the pictures they are in, and pictures without metadata.

use sanduq::format::frames::{File, Frames, Gathering};
use sanduq::format::qr_code;
use sanduq::format::strip;

/// Texts of codes, one a line: whatever they say, gathering them ends, and a file that they make is made again by our
/// own frames of it.
pub fn frames(bytes: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_suffix('\n')) else {
        return false;
    };
    let mut gathering = Gathering::default();
    let ours = text.split('\n').all(|line| gathering.add(line).unwrap_or(false));
    let files = gathering.files();
    for file in &files {
        if let File::Whole(file) = file {
            assert_eq!(again(file), [File::Whole(file.clone())]);
        }
    }
    ours && !files.is_empty() && files.iter().all(|file| matches!(file, File::Whole(_)))
}

fn again(file: &[u8]) -> Vec<File> {
    let frames = Frames::of(file, 1451).expect("it was within the limits");
    let mut gathering = Gathering::default();
    // Without the first: its sums make up for it, and a single frame is all there is.
    let skipped = usize::from(frames.pieces() > 1);
    for frame in frames.with_spares().iter().skip(skipped) {
        assert!(gathering.add(frame).expect("one file"), "{frame}");
    }
    gathering.files()
}

/// A picture without metadata has none to be taken out, and what is behind it goes.
pub fn strip(bytes: &[u8]) -> bool {
    let Ok(bare) = strip::strip(bytes.to_vec()) else { return false };
    assert_eq!(strip::strip(bare.bytes.clone()).as_ref(), Ok(&bare));
    assert_eq!(strip::strip([&bare.bytes, &b"behind"[..]].concat()).as_ref(), Ok(&bare));
    true
}

/// A photograph, from the bytes of its file to the file that its codes carry.
pub fn picture(bytes: &[u8]) -> bool {
    let Ok(texts) = qr_code::texts(bytes) else { return false };
    let mut gathering = Gathering::default();
    let ours = texts.iter().filter(|text| gathering.add(text).unwrap_or(false)).count();
    ours > 0 && !gathering.files().is_empty()
}
