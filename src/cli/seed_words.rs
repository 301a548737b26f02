//! The 24 words: shown to be written on paper, asked for to see that they were, and typed to get a vault back.
//!
//! They are shown and typed on the terminal's other screen, and nothing of them stays in the window. Each step can be
//! put off.

use crate::cli::ask;
use crate::cli::passphrase;
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::crypto::seed::SeedError;
use crate::crypto::{Secret, Seed, random, words};
use crate::ui::{Kind, Trouble, m};

/// How many words there are.
const WORDS: usize = 24;
/// How a script hands them over.
const WORDS_EXAMPLE: &str = "sanduq recover --words-fd 3 … 3< FILE";

/// Which words are typed from paper, and how many.
pub struct WordList {
    /// How many.
    pub count: usize,
    /// Whether a word is one of them.
    pub is_listed: fn(&str) -> bool,
    /// The one that a misspelt word is nearest to.
    pub nearest: fn(&str) -> Option<&'static str>,
}

const SEED: WordList = WordList { count: WORDS, is_listed: words::is_listed, nearest: words::nearest };

/// Words shown on one line.
const ON_A_LINE: usize = 4;
/// How many are asked for.
const ASKED: usize = 3;
/// Letters of the longest word, and two spaces.
const COLUMN: usize = 10;

/// Shows the words and asks for three of them, until they are right or the person puts it off; says which it was.
pub fn teach(terminal: &Terminal, words: &Secret<String>) -> Result<bool, Trouble> {
    loop {
        if !show(terminal, words)? {
            return Ok(false);
        }
        match quiz(terminal, words)? {
            Heard::Right => return Ok(true),
            Heard::Later => return Ok(false),
            Heard::Wrong => {}
        }
    }
}

/// Shows the words; `false` if they are to be written down another time.
fn show(terminal: &Terminal, words: &Secret<String>) -> Result<bool, Trouble> {
    let _screen = Screen::enter();
    terminal.tell(m::WORDS_MEAN);
    terminal.aside("");
    table(words.expose()).iter().for_each(|line| terminal.aside(line));
    terminal.aside("");
    let said = ask::line(terminal, m::WORDS_WRITTEN)?;
    Ok(said.is_some_and(|said| !is_later(&said)))
}

/// The lines in which words stand, each behind its number.
pub fn table(words: &str) -> Vec<String> {
    let numbered: Vec<_> = words.split(' ').zip(1..).collect();
    let column = |(word, place): &(&str, usize)| format!("{place:>4}. {word:<COLUMN$}");
    let line = |line: &[(&str, usize)]| line.iter().map(column).collect::<String>().trim_end().to_owned();
    numbered.chunks(ON_A_LINE).map(line).collect()
}

enum Heard {
    Right,
    Wrong,
    Later,
}

fn quiz(terminal: &Terminal, words: &Secret<String>) -> Result<Heard, Trouble> {
    let _screen = Screen::enter();
    let mut places: Vec<usize> = (0..WORDS).collect();
    random::shuffle(&mut places);
    places.truncate(ASKED);
    places.sort_unstable();
    for place in places {
        let Some(typed) = ask::line(terminal, m::words_ask(place + 1))? else { return Ok(Heard::Later) };
        if is_later(&typed) {
            return Ok(Heard::Later);
        }
        if words.expose().split(' ').nth(place) != Some(typed.trim().to_lowercase().as_str()) {
            terminal.tell(m::words_wrong(place + 1));
            ask::line(terminal, m::WORDS_AGAIN)?;
            return Ok(Heard::Wrong);
        }
    }
    Ok(Heard::Right)
}

/// Whether an answer puts it off, in any of the languages.
fn is_later(typed: &str) -> bool {
    ask::is_one_of(&typed.trim().to_lowercase(), m::ANSWERS_LATER)
}

/// The seed whose words a person types, or a script hands over on a descriptor.
pub fn typed(terminal: &Terminal, from: Option<u32>) -> Result<Seed, Trouble> {
    if let Some(descriptor) = from {
        let line = passphrase::line_of(descriptor).map_err(|error| {
            Trouble::new(Kind::Locked, m::err_phrase_descriptor(descriptor))
                .value(error)
                .command(WORDS_EXAMPLE)
        })?;
        return Seed::from_words(&cleaned(line.expose()).join(" "))
            .map_err(|error| trouble(&error, line.expose()));
    }
    if !terminal.can_ask() {
        return Err(Trouble::new(Kind::Locked, m::ERR_WORDS_ALONE)
            .hint(m::HINT_WORDS_ALONE)
            .command(WORDS_EXAMPLE));
    }
    let _screen = Screen::enter();
    terminal.tell(m::WORDS_TYPE);
    loop {
        let typed = gather(terminal, &SEED)?;
        match Seed::from_words(&typed.join(" ")) {
            Ok(seed) => return Ok(seed),
            Err(error) => terminal.tell(wrong(&error)),
        }
    }
}

/// Takes words line by line until there are enough; one that is not in the list is asked for once more.
pub fn gather(terminal: &Terminal, list: &WordList) -> Result<Vec<String>, Trouble> {
    let mut typed: Vec<String> = Vec::new();
    while typed.len() < list.count {
        let line = ask::line(terminal, m::words_next(typed.len() + 1))?;
        let line = line.ok_or_else(|| Trouble::new(Kind::Declined, m::ERR_DECLINED))?;
        for word in cleaned(&line) {
            if !(list.is_listed)(&word) {
                misspelt(terminal, typed.len() + 1, (list.nearest)(&word));
                break;
            }
            typed.push(word);
        }
    }
    typed.truncate(list.count);
    Ok(typed)
}

fn misspelt(terminal: &Terminal, place: usize, nearest: Option<&str>) {
    terminal.tell(m::words_unknown(place));
    if let Some(nearest) = nearest {
        terminal.tell(m::WORDS_NEAREST);
        terminal.aside(&format!("  {nearest}"));
    }
}

/// The words in a line, without the numbers that people write before them.
fn cleaned(line: &str) -> Vec<String> {
    let words = line.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase());
    bare.filter(|word| !word.is_empty()).collect()
}

fn trouble(error: &SeedError, typed: &str) -> Trouble {
    let trouble = Trouble::new(Kind::Locked, wrong(error));
    let SeedError::NotAWord { place } = error else { return trouble };
    let typed = cleaned(typed);
    match typed.get(place - 1).and_then(|word| words::nearest(word)) {
        Some(nearest) => trouble.hint(m::WORDS_NEAREST).value(nearest),
        None => trouble,
    }
}

fn wrong(error: &SeedError) -> crate::ui::Message {
    match error {
        SeedError::Count { found, .. } => m::words_count(*found),
        SeedError::NotAWord { place } => m::words_unknown(*place),
        SeedError::Checksum => m::WORDS_CHECKSUM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_as_people_write_them() {
        assert_eq!(cleaned(" 1. Abandon,2) zoo\t 3.art\n"), ["abandon", "zoo", "art"]);
        assert!(cleaned(" 12 . ").is_empty());
    }
}
