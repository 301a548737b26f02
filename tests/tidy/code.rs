//! Rust source as the house rules see it: the raw text, the code with comments and literals blanked out, and the
//! code that ships, without what stands under `#[cfg(test)]`. Offsets are the same in all three, so a finding
//! always knows its line.
//!
//! This is no parser. It knows comments, literals, attributes and `use` trees, which is all that the rules need.

use std::ops::Range;

/// One file under `src/`.
pub struct Source {
    /// Relative to `src/`, with `/`.
    pub path: String,
    pub text: String,
    /// Comments and literals are spaces.
    pub code: String,
    /// As `code`, and `#[cfg(test)]` items are spaces too.
    pub live: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        let code = blank(text, &comments_and_literals(text));
        let live = blank(&code, &test_items(&code));
        let mut source = Source { path: path.into(), text: text.into(), code, live };
        if source.is_test() {
            source.live = source.code.replace(|c| c != '\n', " ");
        }
        source
    }

    /// A file of nothing but tests, by its name.
    pub fn is_test(&self) -> bool {
        ["/tests.rs", "_tests.rs", "_test.rs"].iter().any(|end| self.path.ends_with(end))
            || self.path.contains("/tests/")
    }

    /// `crypto` of `crypto/seal.rs`; nothing for `lib.rs`.
    pub fn folder(&self) -> Option<&str> {
        self.path.split_once('/').map(|(folder, _)| folder)
    }

    pub fn line(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }

    /// True when `place` is this file, or a folder above it (`crypto/`).
    pub fn is_in(&self, place: &str) -> bool {
        if place.ends_with('/') { self.path.starts_with(place) } else { self.path == place }
    }

    /// Modules declared as `#[cfg(test)] mod name;`: their files are tests as well.
    pub fn test_modules(&self) -> Vec<String> {
        test_items(&self.code)
            .into_iter()
            .filter_map(|item| {
                let words = tokens(&self.code[item]);
                let at = words.iter().position(|(_, word)| *word == "mod")?;
                (words.get(at + 2)?.1 == ";").then(|| words[at + 1].1.to_string())
            })
            .collect()
    }
}

/// A path as it is written, `use` trees unfolded: `use crate::{a::B, c}` gives `crate::a::B` and `crate::c`.
pub struct PathUse {
    pub offset: usize,
    pub segments: Vec<String>,
    /// From a `use` line, where one segment alone already names a crate.
    pub imported: bool,
}

impl PathUse {
    /// True when `first::second` stands anywhere in the path.
    pub fn has_pair(&self, first: &str, second: &str) -> bool {
        self.segments.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    }
}

pub fn paths(code: &str) -> Vec<PathUse> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (offset, token) = tokens[at];
        if token == "use" {
            at = use_tree(&tokens, at + 1, &[], &mut found);
        } else if is_word(token) && !continues(&tokens, at) {
            let mut segments = vec![token.to_string()];
            while at + 2 < tokens.len() && tokens[at + 1].1 == "::" && is_word(tokens[at + 2].1) {
                segments.push(tokens[at + 2].1.to_string());
                at += 2;
            }
            found.push(PathUse { offset, segments, imported: false });
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// True when the word at `at` goes on from something before it: a field, a method, a lifetime, a later segment.
fn continues(tokens: &[(usize, &str)], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |at| tokens[at].1);
    match before(1) {
        "." | "'" => true,
        "::" => is_word(before(2)) || before(2) == ">",
        _ => false,
    }
}

/// Reads one branch of a `use` tree and gives the place after it.
fn use_tree(tokens: &[(usize, &str)], mut at: usize, above: &[String], found: &mut Vec<PathUse>) -> usize {
    let mut segments = above.to_vec();
    let offset = tokens.get(at).map_or(0, |token| token.0);
    while let Some((_, token)) = tokens.get(at) {
        match *token {
            "{" => {
                at += 1;
                while at < tokens.len() && tokens[at].1 != "}" {
                    at = use_tree(tokens, at, &segments, found);
                    if tokens.get(at).is_some_and(|token| token.1 == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "as" => at += 2,
            "::" => at += 1,
            word if is_word(word) || word == "*" => {
                segments.push(word.to_string());
                at += 1;
            }
            _ => break,
        }
    }
    found.push(PathUse { offset, segments, imported: true });
    // A branch always moves on, also over what this reader does not know.
    if at < tokens.len() && !matches!(tokens[at].1, "," | "}" | ";") { at + 1 } else { at }
}

/// Words, `::`, and every other character that is not space, with their offsets.
pub fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut chars = code.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_alphanumeric() || c == '_' {
            while let Some((at, _)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                end = at + code[at..].chars().next().map_or(1, char::len_utf8);
            }
        } else if c == ':' && chars.next_if(|(_, c)| *c == ':').is_some() {
            end += 1;
        } else if c.is_whitespace() {
            continue;
        }
        found.push((start, &code[start..end]));
    }
    found
}

pub fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Every place where `wanted` stands as these tokens in a row.
pub fn rows(code: &str, wanted: &[&str]) -> Vec<usize> {
    tokens(code)
        .windows(wanted.len())
        .filter(|row| row.iter().zip(wanted).all(|((_, token), wanted)| token == wanted))
        .map(|row| row[0].0)
        .collect()
}

/// The offset after the bracket that closes the one at `open`.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return open + at + 1;
        }
    }
    code.len()
}

fn blank(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = text.as_bytes().to_vec();
    for range in ranges {
        for byte in &mut out[range.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(out).expect("whole characters were blanked")
}

fn comments_and_literals(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(hashes) = raw_string(rest).filter(|_| !in_word) {
            raw_length(rest, hashes)
        } else if rest.starts_with('"') {
            quoted(rest, '"')
        } else if rest.starts_with('\'') && is_char(rest) {
            quoted(rest, '\'')
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        found.push(at..at + length);
        at += length;
    }
    found
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The number of `#` when a raw string begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn raw_length(rest: &str, hashes: usize) -> usize {
    let close = format!("\"{}", "#".repeat(hashes));
    let open = rest.find('"').map_or(0, |at| at + 1);
    rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len())
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character and not a lifetime.
fn is_char(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// Items under `#[cfg(test)]`, from the attribute to the closing brace or semicolon.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let starts = [&["#", "[", "cfg", "(", "test"][..], &["#", "[", "cfg", "(", "all", "(", "test"][..]];
    let mut places: Vec<usize> = starts.iter().flat_map(|start| rows(code, start)).collect();
    places.sort_unstable();
    for start in places {
        if found.last().is_some_and(|item| item.contains(&start)) {
            continue;
        }
        let mut at = closing(code, start + 1);
        while let Some(next) = code[at..].find(|c: char| !c.is_whitespace()) {
            at += next;
            if !code[at..].starts_with('#') {
                break;
            }
            at = closing(code, at + 1);
        }
        let end = match code[at..].find(['{', ';']) {
            Some(stop) if code[at + stop..].starts_with('{') => closing(code, at + stop),
            Some(stop) => at + stop + 1,
            None => code.len(),
        };
        found.push(start..end);
    }
    found
}
