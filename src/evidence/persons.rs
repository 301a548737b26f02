//! The persons an account names: where their names stand in it, so that each occurrence can be withheld alone.
//!
//! ```
//! use sanduq::evidence::persons::mark;
//! let names = ["علی رضایی".to_owned()];
//! assert_eq!(mark("ديروز علي‌ رضایی را بردند.", &names), "ديروز [[علي‌ رضایی]] را بردند.");
//! ```
//!
//! Names and account meet in the folded form in which texts are searched, so letter variants, vowel marks,
//! half-spaces and spaces make no difference. A name counts where a word begins with it; short Arabic prefixes
//! (و، ف، ب، ک، ل، ال) may stand before it, and the word is marked with whatever ending it has. So more may be marked than
//! was meant, and **never** less: what is marked is withheld only if somebody withholds it.

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;

use super::search::{is_dropped, squeezed};
use super::testimony::unmark;

/// Letters of a word that may stand before a name, in their folded forms.
const PREFIX_LETTERS: &str = "وفبکلا";
/// Letters that may stand before a name in one word, at most.
const PREFIX_LETTERS_MAX: usize = 3;

/// The names as they are kept: without brackets, white space around them, blank ones, or one said twice.
pub fn names(typed: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for typed in typed {
        let name = typed.replace(['[', ']'], "").trim().to_owned();
        if !squeezed(&name).is_empty() && names.iter().all(|known| squeezed(known) != squeezed(&name)) {
            names.push(name);
        }
    }
    names
}

/// The account with every occurrence of the names between marks as well. The text without marks stays the same, and
/// what was marked stays marked.
pub fn mark(account: &str, names: &[String]) -> String {
    let (bare, mut marks) = unmark(account);
    let folded = Folded::of(&bare);
    marks.extend(names.iter().flat_map(|name| folded.places(&bare, name)));
    print(&bare, &joined(marks))
}

/// The stretches of an account that the names would mark, each once, in the order in which they come first.
pub fn found(account: &str, names: &[String]) -> Vec<String> {
    let (bare, _) = unmark(account);
    let folded = Folded::of(&bare);
    let mut found: Vec<String> = Vec::new();
    for place in joined(names.iter().flat_map(|name| folded.places(&bare, name)).collect()) {
        let text = bare[place].to_owned();
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// A text in its folded form, which knows where each piece of it came from.
struct Folded {
    text: String,
    /// Where each piece begins in the folded text, and the stretch of the text it was.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut folded = Folded { text: String::with_capacity(text.len()), pieces: Vec::new() };
        let mut letters = text.char_indices().peekable();
        while let Some((start, letter)) = letters.next() {
            let mut end = start + letter.len_utf8();
            // A letter and its signs fold together.
            while let Some((at, sign)) = letters.next_if(|(_, sign)| is_sign(*sign)) {
                end = at + sign.len_utf8();
            }
            let piece = squeezed(&text[start..end]);
            if !piece.is_empty() {
                folded.pieces.push((folded.text.len(), start..end));
                folded.text.push_str(&piece);
            }
        }
        folded
    }

    /// Where the name stands in the text that was folded.
    fn places(&self, text: &str, name: &str) -> Vec<Range<usize>> {
        let (name, mut places, mut from) = (squeezed(name), Vec::new(), 0);
        let Some(first) = name.chars().next() else { return places };
        while let Some(at) = self.text[from..].find(&name).map(|at| from + at) {
            let start = self.piece(at).start;
            let last = self.piece(at + name.len() - 1).end;
            if let Some(start) = word_start(text, start) {
                places.push(start..word_end(text, last));
            }
            from = at + first.len_utf8();
        }
        places
    }

    /// The stretch of the text from which a byte of the folded text came.
    fn piece(&self, at: usize) -> Range<usize> {
        let after = self.pieces.partition_point(|(begins, _)| *begins <= at);
        self.pieces[after - 1].1.clone()
    }
}

/// Whether a character folds together with what stands before it.
fn is_sign(letter: char) -> bool {
    let is_gone = || squeezed(letter.encode_utf8(&mut [0; 4])).is_empty();
    canonical_combining_class(letter) != 0 || is_dropped(letter) || (!letter.is_whitespace() && is_gone())
}

/// Where the word begins that has a name from `start` on, if at most a prefix stands before the name.
fn word_start(text: &str, start: usize) -> Option<usize> {
    let (mut begins, mut prefix) = (start, 0);
    for letter in text[..start].chars().rev().take_while(|letter| letter.is_alphanumeric()) {
        begins -= letter.len_utf8();
        let folded = squeezed(letter.encode_utf8(&mut [0; 4]));
        if !folded.chars().all(|letter| PREFIX_LETTERS.contains(letter)) {
            return None;
        }
        prefix += folded.chars().count();
        if prefix > PREFIX_LETTERS_MAX {
            return None;
        }
    }
    Some(begins)
}

fn word_end(text: &str, end: usize) -> usize {
    let within = |letter: &char| letter.is_alphanumeric() || is_dropped(*letter);
    let rest = text[end..].chars().take_while(within).map(char::len_utf8).sum::<usize>();
    end + rest
}

/// The stretches in order, those that overlap or touch as one.
fn joined(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_by_key(|mark| mark.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    joined
}

/// The text with its marks. Two brackets that were opened and never closed are text, and would open the mark behind
/// them: that mark begins there.
fn print(bare: &str, marks: &[Range<usize>]) -> String {
    let (mut out, mut at) = (String::with_capacity(bare.len() + 4 * marks.len()), 0);
    for mark in marks {
        let between = &bare[at..mark.start];
        let start = at + between.find("[[").unwrap_or(between.len());
        out.push_str(&bare[at..start]);
        out.push_str("[[");
        out.push_str(&bare[start..mark.end]);
        out.push_str("]]");
        at = mark.end;
    }
    out.push_str(&bare[at..]);
    out
}

#[cfg(test)]
#[path = "persons_tests.rs"]
mod tests;
