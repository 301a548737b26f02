//! Lists of items, one a line: number, day, where it stands, kind, title.
//!
//! The title comes last, so that a title in another direction of writing leaves the columns before it in place. The
//! others are as wide as the widest word that may stand in them, so that the first line can be printed before the last
//! is known.

use crate::cli::terminal::{Terminal, json_text};
use crate::ui::{Message, Words, escape, m};
use crate::vault::{DeliveryState, ItemState, ItemSummary};
use unicode_width::UnicodeWidthStr;

/// Items shown in a terminal where no limit was given; all of them when piped.
pub const WATCHED_MAX: usize = 100;

/// Bytes gathered before they are printed.
const PRINT_BYTES: usize = 64 * 1024;
/// Letters of a day, such as 2026-11-23 or ۱۴۰۵/۰۹/۰۲: all days are of one width.
const DAY_CHARS: usize = 10;
const STATES: [ItemState; 4] =
    [ItemState::Open, ItemState::Sealed, ItemState::Received, ItemState::Withdrawn];
const KINDS: [&str; 2] = ["testimony", "document"];

/// A list that is printed as its items come, the newest first: with `--json` as one document.
pub struct List<'t> {
    terminal: &'t Terminal,
    limit: usize,
    count: usize,
    last: Option<u64>,
    /// There is one more than are to be shown.
    more: bool,
    columns: Option<Columns<'t>>,
    /// What is not printed yet.
    text: String,
}

impl List<'_> {
    /// One that shows so many of what comes.
    pub fn new(terminal: &Terminal, limit: Option<usize>) -> List<'_> {
        let limit = limit.unwrap_or(usize::MAX);
        List { terminal, limit, count: 0, last: None, more: false, columns: None, text: String::new() }
    }

    /// How many items it has to be given to know whether there are more than it shows.
    pub fn wants(&self) -> Option<usize> {
        self.limit.checked_add(1)
    }

    /// Shows the next item.
    pub fn add(&mut self, item: &ItemSummary) {
        if self.count == self.limit {
            self.more = true;
            return;
        }
        if self.terminal.json() {
            self.text.push_str(if self.count == 0 { r#"{"items":["# } else { "," });
            self.text.push_str(&json_text(item).expect("numbers and strings serialize"));
        } else {
            let words = self.terminal.words();
            let columns = self.columns.get_or_insert_with(|| Columns::new(words, item.item));
            columns.line(item, &mut self.text);
            self.text.push('\n');
        }
        self.count += 1;
        self.last = Some(item.item);
        if self.text.len() >= PRINT_BYTES {
            self.terminal.raw(&self.text);
            self.text.clear();
        }
    }

    /// Prints what is left of it, or says that it is empty; gives the last item shown, if there are more.
    pub fn end(mut self, empty: Message) -> Option<u64> {
        if self.terminal.json() {
            self.text.push_str(if self.count == 0 { "{\"items\":[]}\n" } else { "]}\n" });
        } else if self.count == 0 {
            self.terminal.say(empty);
        }
        self.terminal.raw(&self.text);
        self.last.filter(|_| self.more)
    }
}

/// The lines of a list that is whole.
pub fn lines(words: &Words, items: &[ItemSummary]) -> Vec<String> {
    let mut columns = Columns::new(words, items.iter().map(|item| item.item).max().unwrap_or(0));
    let line = |item| {
        let mut line = String::new();
        columns.line(item, &mut line);
        line
    };
    items.iter().map(line).collect()
}

/// What stands before the titles, each as wide as its column.
struct Columns<'w> {
    words: &'w Words,
    number: usize,
    /// The day of the item before, and how it is written: many items are of one day.
    day: (String, String),
    states: [String; STATES.len()],
    kinds: [String; KINDS.len()],
}

impl Columns<'_> {
    /// Those of a list in which no number is greater than this one.
    fn new(words: &Words, greatest: u64) -> Columns<'_> {
        Columns {
            words,
            number: words.number(greatest).width(),
            day: Default::default(),
            states: padded(STATES.map(|of| words.say(state(of)))),
            kinds: padded(KINDS.map(|of| words.say(kind(of)))),
        }
    }

    fn line(&mut self, item: &ItemSummary, line: &mut String) {
        let number = self.words.number(item.item);
        (number.width()..self.number).for_each(|_| line.push(' '));
        let day = item.created.get(..DAY_CHARS).unwrap_or(&item.created);
        if self.day.0 != day {
            self.day = (day.to_owned(), self.words.day(day));
        }
        let state = STATES.iter().position(|of| *of == item.state).expect("every state is among them");
        let kind = usize::from(item.kind != KINDS[0]);
        let before = [&number, &self.day.1, &self.states[state], &self.kinds[kind]];
        for text in before {
            line.push_str(text);
            line.push_str("  ");
        }
        line.push_str(&escape(&item.title));
    }
}

fn padded<const N: usize>(texts: [String; N]) -> [String; N] {
    let widest = texts.iter().map(|text| text.width()).max().unwrap_or(0);
    texts.map(|text| {
        let padding = " ".repeat(widest - text.width());
        text + &padding
    })
}

/// Where an item stands, in a word.
pub fn state(state: ItemState) -> Message {
    match state {
        ItemState::Open => m::STATE_OPEN,
        ItemState::Sealed => m::STATE_SEALED,
        ItemState::Received => m::STATE_RECEIVED,
        ItemState::Withdrawn => m::STATE_WITHDRAWN,
    }
}

/// How far a delivery came, in a word.
pub fn delivery(state: DeliveryState) -> Message {
    match state {
        DeliveryState::Sealed => m::DELIVERY_SEALED,
        DeliveryState::Carried => m::DELIVERY_CARRIED,
        DeliveryState::Received => m::DELIVERY_RECEIVED,
    }
}

/// What an item is, in a word.
pub fn kind(kind: &str) -> Message {
    if kind == "testimony" { m::KIND_TESTIMONY } else { m::KIND_DOCUMENT }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    fn items(count: u64) -> Vec<ItemSummary> {
        let item = |number: u64| ItemSummary {
            item: number,
            kind: KINDS[usize::from(number.is_multiple_of(3))],
            title: format!("title {number}"),
            created: format!("2026-11-{:02}T18:40:00Z", 1 + number % 28),
            bytes: 1,
            files: 1,
            state: STATES[usize::try_from(number).expect("a small number") % STATES.len()],
        };
        (1..=count).rev().map(item).collect()
    }

    #[test]
    fn a_list_is_whole_in_order_and_aligned() {
        for language in Language::ALL {
            let terminal = Terminal::playing(language, true, false);
            let items = items(2_500);
            let mut list = List::new(&terminal, None);
            items.iter().for_each(|item| list.add(item));
            assert_eq!(list.end(m::LIST_EMPTY), None);
            let printed = String::from_utf8(terminal.take()).unwrap();
            let lines: Vec<&str> = printed.lines().collect();
            assert!(lines == super::lines(terminal.words(), &items), "{language:?}: {}", lines.len());
            for (line, item) in lines.iter().zip(&items) {
                let (before, title) = line.split_at(line.find("title").unwrap());
                assert_eq!(title, item.title);
                assert_eq!(before.width(), lines[0].find("title").map(|at| lines[0][..at].width()).unwrap());
                let words: Vec<&str> =
                    before.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
                let said = terminal.words();
                assert_eq!(words[..2], [said.number(item.item), said.day(&item.created)]);
                assert_eq!(words[2..], [said.say(state(item.state)), said.say(kind(item.kind))]);
            }
        }
    }

    #[test]
    fn a_list_says_whether_there_are_more_than_it_shows() {
        let terminal = Terminal::playing(Language::English, true, false);
        for (limit, last) in [(4, None), (3, None), (2, Some(2))] {
            let mut list = List::new(&terminal, Some(limit));
            items(3).iter().take(list.wants().unwrap()).for_each(|item| list.add(item));
            assert_eq!(list.end(m::LIST_EMPTY), last);
            assert_eq!(terminal.take().iter().filter(|byte| **byte == b'\n').count(), limit.min(3));
        }
        assert_eq!(List::new(&terminal, None).end(m::LIST_EMPTY), None);
        assert_eq!(terminal.take(), b"Nothing is kept here yet.\n");
    }
}
