//! A testimony: paragraphs, and in each the runs of text between the marks `[[` and `]]`, which say what may
//! have to be withheld.
//!
//! ```
//! use sanduq::evidence::testimony::Testimony;
//! let told = Testimony::parse("They took him from [[the house in Laleh street]].\n\nI saw it.");
//! assert_eq!(told.paragraphs().len(), 2);
//! assert_eq!(told.paragraphs()[0][1].text, "the house in Laleh street");
//! assert_eq!(told.text(), "They took him from the house in Laleh street.\n\nI saw it.");
//! assert_eq!(Testimony::parse(&told.marked()), told);
//! ```
//!
//! A paragraph ends at an empty line. A mark may span paragraphs: each paragraph's part is then a run of its
//! own. A mark that is opened and never closed is text. Marks that touch are one mark and empty marks are
//! none, so that printing the marks and parsing them again gives the same runs. A run longer than
//! [`RUN_BYTES_MAX`] is cut, so that a testimony of any length can be disclosed in pieces of a known size.

use std::ops::Range;

/// Bytes in one run: small enough to be one unit, long enough for any paragraph a person would write.
pub const RUN_BYTES_MAX: usize = 64 * 1024;

/// What stands between two paragraphs.
const BREAK: &str = "\n\n";

/// A stretch of text within one paragraph that is shown or withheld as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words, without brackets.
    pub text: String,
    /// Whether the witness marked it as what may have to be withheld.
    pub marked: bool,
}

/// A testimony as paragraphs of runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Testimony {
    paragraphs: Vec<Vec<Run>>,
}

impl Testimony {
    /// The testimony in a text with marks. Every text is one.
    pub fn parse(text: &str) -> Testimony {
        let (bare, marks) = unmark(text);
        let mut paragraphs = Vec::new();
        let mut start = 0;
        for (end, _) in bare.match_indices(BREAK) {
            paragraphs.push(runs(&bare, start..end, &marks));
            start = end + BREAK.len();
        }
        paragraphs.push(runs(&bare, start..bare.len(), &marks));
        Testimony { paragraphs }
    }

    /// A testimony from runs that were received.
    pub fn from_paragraphs(paragraphs: Vec<Vec<Run>>) -> Testimony {
        Testimony { paragraphs }
    }

    /// The paragraphs in order, each with its runs in order.
    pub fn paragraphs(&self) -> &[Vec<Run>] {
        &self.paragraphs
    }

    /// The text as it is read and searched: no marks.
    pub fn text(&self) -> String {
        let paragraph = |runs: &Vec<Run>| runs.iter().map(|run| run.text.as_str()).collect::<String>();
        self.paragraphs.iter().map(paragraph).collect::<Vec<_>>().join(BREAK)
    }

    /// The text with its marks again.
    pub fn marked(&self) -> String {
        let mut out = String::new();
        let mut within = false;
        for (at, paragraph) in self.paragraphs.iter().enumerate() {
            let begins_marked = paragraph.first().is_some_and(|run| run.marked);
            if within && !begins_marked {
                out.push_str("]]");
                within = false;
            }
            if at > 0 {
                out.push_str(BREAK);
            }
            for run in paragraph {
                match (within, run.marked) {
                    (false, true) => out.push_str("[["),
                    (true, false) => out.push_str("]]"),
                    _ => {}
                }
                within = run.marked;
                out.push_str(&run.text);
            }
        }
        if within {
            out.push_str("]]");
        }
        out
    }
}

/// The text without its marks, and the stretches of it that were marked: in order, none empty, none touching.
pub(super) fn unmark(text: &str) -> (String, Vec<Range<usize>>) {
    let mut bare = String::with_capacity(text.len());
    let mut marks: Vec<Range<usize>> = Vec::new();
    let mut rest = text;
    while let Some((before, inner, after)) = next_mark(rest) {
        bare.push_str(before);
        let start = bare.len();
        bare.push_str(inner);
        match marks.last_mut() {
            Some(last) if last.end == start => last.end = bare.len(),
            _ if inner.is_empty() => {}
            _ => marks.push(start..bare.len()),
        }
        rest = after;
    }
    bare.push_str(rest);
    (bare, marks)
}

/// The first closed mark of a text: what precedes it, what it holds, what follows.
fn next_mark(text: &str) -> Option<(&str, &str, &str)> {
    let (before, opened) = text.split_once("[[")?;
    let (inner, after) = opened.split_once("]]")?;
    Some((before, inner, after))
}

/// The runs of one paragraph.
fn runs(bare: &str, paragraph: Range<usize>, marks: &[Range<usize>]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = paragraph.start;
    let first = marks.partition_point(|mark| mark.end + BREAK.len() <= paragraph.start);
    for mark in marks[first..].iter().take_while(|mark| mark.start <= paragraph.end) {
        let within = |place: usize| place.clamp(paragraph.start, paragraph.end);
        let (from, to) = (within(mark.start), within(mark.end));
        if from < to || holds_border(bare, &paragraph, mark) {
            push(&mut runs, &bare[at..from], false);
            push(&mut runs, &bare[from..to], true);
            at = to;
        }
    }
    push(&mut runs, &bare[at..paragraph.end], false);
    settle(runs)
}

/// Whether a mark goes on over the break before or behind a paragraph: if it holds the break's first line feed.
/// Such a paragraph has a marked run at that border, an empty one if need be, so that the mark is printed across
/// the break as it was written, and a bracket at its end is not taken for its close.
fn holds_border(bare: &str, paragraph: &Range<usize>, mark: &Range<usize>) -> bool {
    let before = paragraph.start.checked_sub(BREAK.len()).is_some_and(|first| mark.contains(&first));
    let behind = paragraph.end < bare.len() && mark.contains(&paragraph.end);
    before || behind
}

/// Adds a stretch of text, in runs of a length that is allowed. An empty one is added only where a mark has no
/// run yet.
fn push(runs: &mut Vec<Run>, text: &str, marked: bool) {
    let follows_mark = runs.last().is_some_and(|last| last.marked);
    if text.is_empty() {
        if marked && !follows_mark {
            runs.push(Run { text: String::new(), marked });
        }
        return;
    }
    if marked && runs.last().is_some_and(|last| last.marked && last.text.is_empty()) {
        runs.pop();
    }
    let mut rest = text;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(cut(rest));
        runs.push(Run { text: run.to_owned(), marked });
        rest = after;
    }
}

/// Where a run that begins here ends: the whole text, or the last character border within the limit.
fn cut(text: &str) -> usize {
    if text.len() <= RUN_BYTES_MAX {
        return text.len();
    }
    (1..=RUN_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// An empty paragraph still has its place: one empty run.
fn settle(runs: Vec<Run>) -> Vec<Run> {
    if runs.is_empty() { vec![Run { text: String::new(), marked: false }] } else { runs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn runs(text: &str) -> Vec<Vec<(String, bool)>> {
        let told = Testimony::parse(text);
        let pair = |run: &Run| (run.text.clone(), run.marked);
        told.paragraphs().iter().map(|runs| runs.iter().map(pair).collect()).collect()
    }

    fn open(text: &str) -> (String, bool) {
        (text.to_owned(), false)
    }

    fn shut(text: &str) -> (String, bool) {
        (text.to_owned(), true)
    }

    #[test]
    fn marks_become_runs() {
        assert_eq!(runs("a [[b]] c"), [vec![open("a "), shut("b"), open(" c")]]);
        assert_eq!(runs("[[b]]"), [vec![shut("b")]]);
        assert_eq!(runs("a\n\nb"), [vec![open("a")], vec![open("b")]]);
        assert_eq!(runs("a\nb"), [vec![open("a\nb")]]);
        assert_eq!(runs(""), [vec![open("")]]);
    }

    #[test]
    fn a_mark_over_paragraphs_marks_each() {
        assert_eq!(runs("a [[b\n\nc]] d"), [vec![open("a "), shut("b")], vec![shut("c"), open(" d")]]);
    }

    /// A line feed within a mark and one outside of it make a break together.
    #[test]
    fn breaks_are_those_of_the_text_without_marks() {
        let border = vec![shut(""), open("\n"), shut("a")];
        assert_eq!(runs("[[\n]]\n\n[[a]]"), [vec![shut("")], border]);
        assert_eq!(runs("a[[\n]]\nb"), [vec![open("a"), shut("")], vec![shut(""), open("b")]]);
        assert_eq!(runs("a\n[[\nb]]"), [vec![open("a")], vec![shut("b")]]);
    }

    /// A marked text that ends in a bracket cannot be closed right behind it.
    #[test]
    fn a_border_within_a_mark_stays_there() {
        assert_eq!(runs("[[]\n\n]]"), [vec![shut("]")], vec![shut("")]]);
        assert_eq!(runs("a[[\n\nb]]"), [vec![open("a"), shut("")], vec![shut("b")]]);
        assert_eq!(Testimony::parse("[[]\n\n]]").marked(), "[[]\n\n]]");
    }

    #[test]
    fn an_unclosed_mark_is_text() {
        assert_eq!(runs("a [[b"), [vec![open("a [[b")]]);
        assert_eq!(runs("a]] b"), [vec![open("a]] b")]]);
        assert_eq!(runs("[[a]] [[b"), [vec![shut("a"), open(" [[b")]]);
    }

    #[test]
    fn touching_marks_are_one_and_empty_ones_none() {
        assert_eq!(runs("[[a]][[b]]"), [vec![shut("ab")]]);
        assert_eq!(runs("a[[]]b"), [vec![open("ab")]]);
    }

    #[test]
    fn a_long_run_is_cut_between_characters() {
        let long = "ش".repeat(RUN_BYTES_MAX);
        let told = Testimony::parse(&long);
        assert!(told.paragraphs()[0].iter().all(|run| run.text.len() <= RUN_BYTES_MAX));
        assert_eq!(told.text(), long);
        assert_eq!(Testimony::parse(&told.marked()), told);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn marks_survive_printing(text in "(\\[\\[|\\]\\]|\\[|\\]|a|\n\n|\n){0,12}") {
            let told = Testimony::parse(&text);
            prop_assert_eq!(&Testimony::parse(&told.marked()), &told);
            let bare = |text: &str| text.replace(['[', ']'], "");
            prop_assert_eq!(bare(&told.text()), bare(&text));
        }
    }
}
