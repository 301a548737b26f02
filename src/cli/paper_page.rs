//! The page of a card, a receipt or a letter: what it is and how it comes back in, in the person's language, and its
//! codes, two beside each other. HTML for A4, without scripts and without anything from elsewhere.

use crate::bundle::Kind;
use crate::cli::codes::{self, ON_PAPER};
use crate::cli::markup::html;
use crate::crypto::Digest;
use crate::format::frames::{Frames, piece_bytes_max};
use crate::ui::{Message, Words, m};

const TEMPLATE: &str = include_str!("paper_page.html");

/// The most pieces that go on paper: more than a letter is in. That many are about thirty sheets.
pub const PIECES_MAX: usize = 128;

/// Codes on a sheet.
const SHEET_CODES: usize = 6;

/// A file's codes, as they go on paper.
pub struct Codes {
    frames: Vec<String>,
    pieces: usize,
}

impl Codes {
    /// The codes of this file; `None` where they are too many for paper.
    pub fn of(file: &[u8]) -> Option<Codes> {
        let frames = Frames::of(file, ON_PAPER.chars)?;
        let pieces = frames.pieces();
        (pieces <= PIECES_MAX).then(|| Codes { frames: frames.with_spares(), pieces })
    }

    /// How many codes there are.
    pub fn count(&self) -> usize {
        self.frames.len()
    }

    /// How many of them rebuild the file where each is a piece of it.
    pub fn pieces(&self) -> usize {
        self.pieces
    }
}

/// How many sheets a file of so many bytes would take, were it put on paper.
pub fn sheets(bytes: usize) -> usize {
    bytes.div_ceil(piece_bytes_max(ON_PAPER.chars)).div_ceil(SHEET_CODES)
}

/// The page of a file of this kind.
pub fn page(words: &Words, kind: Kind, file: &[u8], codes: &Codes) -> String {
    let said = |message: Message| html(&words.say(message));
    let direction = if words.language().is_right_to_left() { "rtl" } else { "ltr" };
    let (count, needed) = (codes.count(), codes.pieces());
    let what = if count == 1 { m::PAPER_WHAT_ONE } else { m::PaperWhat { count, needed }.into() };
    let fields = [
        ("lang", words.language().tag().to_owned()),
        ("dir", direction.to_owned()),
        ("title", said(title(kind))),
        ("what", said(what)),
        ("how", said(m::PAPER_HOW)),
        ("command", html("sanduq scan PICTURES… --to FOLDER")),
        ("care", said(if kind == Kind::Card { m::PAPER_CARE_CARD } else { m::PAPER_CARE })),
    ];
    let mut page = String::new();
    for part in TEMPLATE.split("{{").flat_map(|part| part.split("}}")) {
        match (part, fields.iter().find(|(name, _)| *name == part)) {
            (_, Some((_, text))) => page.push_str(text),
            ("codes", _) => push_codes(&mut page, file, codes),
            (text, None) => page.push_str(text),
        }
    }
    page
}

fn title(kind: Kind) -> Message {
    match kind {
        Kind::Card => m::PAPER_CARD,
        Kind::Receipt => m::PAPER_RECEIPT,
        Kind::Letter => m::PAPER_LETTER,
        Kind::Bundle => m::PAPER_BUNDLE,
    }
}

/// Each code with its number and the beginning of the file's SHA-256, so that sheets of two files are told apart.
fn push_codes(page: &mut String, file: &[u8], codes: &Codes) {
    let digest = Digest::of(file).to_string();
    for (place, frame) in codes.frames.iter().enumerate() {
        page.push_str("<figure>");
        let code = ON_PAPER.draw(frame).expect("a frame is as long as the code allows");
        codes::push_svg(page, &code);
        let (number, count) = (place + 1, codes.count());
        page.push_str(&format!("<figcaption>{} {number}/{count}</figcaption></figure>\n", &digest[..8]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::frames::{File, Gathering};
    use crate::ui::Language;

    #[test]
    fn the_page_holds_its_file_and_nothing_from_elsewhere() {
        let file: Vec<u8> = (0..3000_u32).flat_map(u32::to_le_bytes).collect();
        let codes = Codes::of(&file).unwrap();
        let mut gathering = Gathering::default();
        codes.frames[1..].iter().for_each(|frame| assert!(gathering.add(frame).unwrap()));
        for language in Language::ALL {
            let page = page(&Words::new(language), Kind::Card, &file, &codes);
            assert_eq!(page.matches("<svg").count(), codes.count());
            assert_eq!(page.contains("dir=\"rtl\""), language.is_right_to_left());
            for foreign in ["<script", "http", "src=", "url(", "@import", "href", "{{"] {
                assert!(!page.contains(foreign), "{foreign}");
            }
        }
        assert!(matches!(&gathering.files()[..], [File::Whole(whole)] if *whole == file));
    }

    #[test]
    fn a_letter_goes_on_paper_and_a_bundle_does_not() {
        assert_eq!(Codes::of(&vec![7; 67_195]).unwrap().pieces(), 98);
        assert!(Codes::of(&vec![7; 1_181_696]).is_none());
        assert_eq!(sheets(67_195), 17);
        assert!(sheets(1_181_696) > 280);
    }
}
