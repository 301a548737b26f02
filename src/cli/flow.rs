//! Sentences laid out for the width of a terminal, broken between words.
//!
//! Only sentences: a value that may be copied is never broken. Nothing is reordered; each line of right-to-left text
//! is in logical order, as the whole was.

/// Columns beyond which a line is hard to read, however wide the terminal is.
const COLUMNS_MAX: usize = 100;

/// The text in lines of at most so many columns, where its words allow it.
pub fn flow(text: &str, columns: usize) -> String {
    let columns = columns.min(COLUMNS_MAX);
    text.split('\n').map(|line| break_up(line, columns)).collect::<Vec<_>>().join("\n")
}

fn break_up(line: &str, columns: usize) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    // What is indented is a value or a command.
    if indent > 0 || width(line) <= columns {
        return line.to_string();
    }
    let mut out = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out
}

/// Columns that a text of our own languages takes: joiners, vowel signs and isolates take none.
pub fn width(text: &str) -> usize {
    let invisible =
        |c: &char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{64b}'..='\u{65f}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !invisible(c)).count()
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
    fn what_does_not_show_takes_no_column() {
        assert_eq!(width("شهادت\u{200c}نامه"), 9);
        assert_eq!(width("\u{2068}۱۲\u{2069}"), 2);
    }
}
