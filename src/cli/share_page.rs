//! The page of one share: what it is, in the person's language, its words with their numbers, and the same words as a
//! QR code. One A4 page of HTML without scripts and without anything from elsewhere.
//!
//! Whoever has the page has the share: it is written only where a person said so, one share in a file.

use crate::cli::codes;
use crate::cli::markup::html;
use crate::crypto::secret::Secret;
use crate::crypto::share::Share;
use crate::format::share_page::{AFTER, BEFORE};
use crate::ui::{Message, Words, m};
use qrcode::QrCode;

const TEMPLATE: &str = include_str!("share_page.html");
/// Bytes that a filled page has at most: a string that grows leaves its old bytes behind.
const PAGE_BYTES: usize = 64 * 1024;

/// The set as it is spelled: four digits of hexadecimal.
pub fn set(share: &Share) -> String {
    format!("{:04x}", share.set())
}

/// The name of the share's file; it tells that it is a share.
pub fn name(share: &Share) -> String {
    format!("share-{}-{}.html", set(share), share.number())
}

/// The page of one of `count` shares.
pub fn page(words: &Words, share: &Share, count: usize) -> Secret<String> {
    let (number, needed) = (share.number(), share.needed());
    let said = |message: Message| html(&words.say(message));
    let direction = if words.language().is_right_to_left() { "rtl" } else { "ltr" };
    let typed = share.to_words();
    let fields = [
        ("lang", words.language().tag().to_owned()),
        ("dir", direction.to_owned()),
        ("title", said(m::ShareHead { number, count, set: set(share) }.into())),
        ("means", said(m::ShareMeans { needed, count }.into())),
        ("care", said(m::SHARE_CARE)),
        ("use", said(m::SHARE_USE)),
    ];
    let mut page = Secret::new(String::with_capacity(PAGE_BYTES));
    for part in TEMPLATE.split("{{").flat_map(|part| part.split("}}")) {
        match (part, fields.iter().find(|(name, _)| *name == part)) {
            (_, Some((_, text))) => page.expose_mut().push_str(text),
            ("words", _) => push_words(page.expose_mut(), typed.expose()),
            // The words of a share are far shorter than a code may be.
            ("qr", _) => {
                QrCode::new(typed.expose()).iter().for_each(|code| codes::push_svg(page.expose_mut(), code))
            }
            (text, None) => page.expose_mut().push_str(text),
        }
    }
    page
}

fn push_words(page: &mut String, words: &str) {
    for word in words.split(' ') {
        [BEFORE, word, AFTER, "\n"].iter().for_each(|part| page.push_str(part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::codes::tests::modules;
    use crate::crypto::Seed;
    use crate::crypto::share::split;
    use crate::format::share_page::words;
    use crate::ui::Language;

    fn made(language: Language) -> (Share, Secret<String>) {
        let share = split(&Seed::generate(), 2, 3).unwrap().remove(1);
        let page = page(&Words::new(language), &share, 3);
        (share, page)
    }

    #[test]
    fn the_picture_reads_as_the_words() {
        let (share, page) = made(Language::English);
        let dark = modules(page.expose());
        let first = dark[0].0;
        let width = dark.iter().map(|(x, _)| x + 1).max().unwrap() - first;
        let grid = rqrr::SimpleGrid::from_func(width, |x, y| dark.contains(&(x + first, y + first)));
        let (_, read) = rqrr::Grid::new(grid).decode().unwrap();
        assert_eq!(&read, share.to_words().expose());
    }

    #[test]
    fn the_page_gives_its_share_again_in_every_language() {
        for language in Language::ALL {
            let (share, page) = made(language);
            let page = page.expose();
            let read = Share::parse(words(page).unwrap().expose()).unwrap();
            assert_eq!(read.to_words().expose(), share.to_words().expose());
            assert!(page.len() < PAGE_BYTES && !page.contains("{{"), "{}", page.len());
            let rtl = page.contains("dir=\"rtl\"");
            assert_eq!(rtl, language.is_right_to_left());
            for foreign in ["<script", "http", "src=", "url(", "@import", "href"] {
                assert!(!page.contains(foreign), "{foreign}");
            }
        }
        assert!(words("tuna next keep").is_none());
    }
}
