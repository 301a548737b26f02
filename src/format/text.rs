//! Foreign text made safe to show on one line: what steers a terminal or turns the direction of reading becomes
//! visible.
//!
//! ```
//! use sanduq::format::text::escape;
//!
//! assert_eq!(escape("photo\u{202e}gpj.exe"), "photo<U+202E>gpj.exe");
//! assert_eq!(escape("می\u{200c}روم"), "می\u{200c}روم");
//! ```
//!
//! Shown as `<U+XXXX>`: the control characters C0, DEL and C1; the direction marks, embeddings, overrides and
//! isolates; line and paragraph separators; the invisible characters that serve only to make two names look
//! alike. The zero-width non-joiner and joiner stay, for Persian, Urdu and others cannot be written without them.

/// The text with every character of steering shown as `<U+XXXX>`, line ends too.
#[must_use]
pub fn escape(text: &str) -> String {
    escape_but(text, |_| false)
}

/// As [`escape`], with line feeds left: for a whole testimony, **never** for a name or a title.
#[must_use]
pub fn escape_lines(text: &str) -> String {
    escape_but(text, |character| character == '\n')
}

fn escape_but(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|character| steers(character) && !kept(character)) {
        let (before, from) = rest.split_at(at);
        shown.push_str(before);
        let mut after = from.chars();
        after.by_ref().take(1).for_each(|found| shown.push_str(&format!("<U+{:04X}>", u32::from(found))));
        rest = after.as_str();
    }
    shown.push_str(rest);
    shown
}

/// Whether this character changes how others are shown, or shows as nothing at all.
#[must_use]
pub fn steers(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown() {
        for (given, shown) in [
            ("\u{1b}]52;c;AAAA\u{7}", "<U+001B>]52;c;AAAA<U+0007>"),
            ("a\r\nb\tc", "a<U+000D><U+000A>b<U+0009>c"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("\u{200e}\u{200f}\u{61c}", "<U+200E><U+200F><U+061C>"),
            ("\u{202a}\u{202e}\u{2066}\u{2069}", "<U+202A><U+202E><U+2066><U+2069>"),
            ("\u{feff}a\u{200b}b", "<U+FEFF>a<U+200B>b"),
            ("\u{e0041}", "<U+E0041>"),
        ] {
            assert_eq!(escape(given), shown);
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in
            ["گواهی خانوادهٔ او", "می\u{200c}خواهم", "شهادة أمّ أحمد", "naïve – „Zeugnis“", "👩\u{200d}👧", ""]
        {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn a_testimony_keeps_its_lines() {
        assert_eq!(escape_lines("a\nb\r"), "a\nb<U+000D>");
    }
}
