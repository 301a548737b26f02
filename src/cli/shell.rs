//! Words as a shell takes them, for commands that are shown to be typed or copied.

/// The word, in quotes where the shell would take it apart otherwise.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@=+,…".contains(c);
    let bare = !word.is_empty() && word.chars().all(plain);
    if bare { word.to_string() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// The words as one command line.
pub fn line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_word_for_the_shell() {
        assert_eq!(line(["seal", "--to", "Made-up Org", "بایگانی"]), "seal --to 'Made-up Org' بایگانی");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a;b"), "'a;b'");
    }
}
