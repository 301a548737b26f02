//! Sentences and texts laid out for the width of a terminal, broken between words.
//!
//! A value that may be copied is never broken. Nothing is reordered; each line of right-to-left text
//! is in logical order, as the whole was.

/// Columns beyond which a line is hard to read, however wide the terminal is.
const COLUMNS_MAX: usize = 100;

/// Sentences in lines of at most so many columns, where their words allow it. What is indented is a value or a
/// command, and stays whole.
pub fn flow(text: &str, columns: usize) -> String {
    let whole = |line: &str| line.starts_with(' ');
    lines(text, |line| if whole(line) { line.to_string() } else { break_up(line, columns) })
}

/// A text in lines of at most so many columns, each as far in as the one it was broken from.
pub fn flow_text(text: &str, columns: usize) -> String {
    lines(text, |line| break_up(line, columns))
}

fn lines(text: &str, lay_out: impl Fn(&str) -> String) -> String {
    text.split('\n').map(lay_out).collect::<Vec<_>>().join("\n")
}

fn break_up(line: &str, columns: usize) -> String {
    let columns = columns.min(COLUMNS_MAX);
    if width(line) <= columns {
        return line.to_string();
    }
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    let mut out = " ".repeat(indent);
    let mut used = indent;
    for (place, word) in words.split(' ').enumerate() {
        let wide = width(word);
        if place > 0 && used > indent && used + 1 + wide > columns {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if place > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out
}

/// Columns that a text takes: joiners, vowel signs and isolates take none, the characters of East Asia and pictures
/// two.
pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' => 0,
        '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' => 0,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_breaks_between_words() {
        assert_eq!(flow("one two three four", 9), "one two\nthree\nfour");
        assert_eq!(flow("one two", 80), "one two");
        assert_eq!(flow("unbreakable", 4), "unbreakable");
        assert_eq!(flow("a\nb", 80), "a\nb");
    }

    #[test]
    fn what_is_indented_stays_whole() {
        assert_eq!(flow("  sanduq receipt add FILE", 10), "  sanduq receipt add FILE");
    }

    #[test]
    fn a_text_keeps_its_indent() {
        assert_eq!(flow_text("  one two three", 9), "  one two\n  three");
        assert_eq!(flow_text("  unbreakable", 4), "  unbreakable");
        assert_eq!(flow_text("  a\n    b c", 6), "  a\n    b\n    c");
    }

    #[test]
    fn what_does_not_show_takes_no_column() {
        assert_eq!(width("شهادت\u{200c}نامه"), 9);
        assert_eq!(width("\u{2068}۱۲\u{2069}"), 2);
        assert_eq!(width("مُهَنَّد"), 4);
        assert_eq!(width("证据"), 4);
    }
}
