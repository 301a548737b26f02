//! Lists of items, one a line: number, day, where it stands, kind, title.
//!
//! The title comes last, so that a title in another direction of writing leaves the columns before it in place.

use crate::cli::terminal::Terminal;
use crate::ui::{Message, Words, escape, m};
use crate::vault::{DeliveryState, ItemState, ItemSummary};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

/// A list as `--json` gives it.
#[derive(Serialize)]
pub struct Items<'a> {
    /// The items, newest first.
    pub items: &'a [ItemSummary],
}

/// Prints a list, or says that it is empty.
pub fn print(terminal: &Terminal, items: &[ItemSummary], empty: Message) {
    if terminal.json() {
        return terminal.answer(&Items { items });
    }
    if items.is_empty() {
        return terminal.say(empty);
    }
    for line in lines(terminal.words(), items) {
        terminal.data(&line);
    }
}

/// The lines of a list.
pub fn lines(words: &Words, items: &[ItemSummary]) -> Vec<String> {
    let rows: Vec<[String; 5]> = items.iter().map(|item| row(words, item)).collect();
    let widest = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3].map(widest);
    rows.iter().map(|row| line(row, &widths)).collect()
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

fn row(words: &Words, item: &ItemSummary) -> [String; 5] {
    [
        words.number(item.item),
        words.day(&item.created),
        words.say(state(item.state)),
        words.say(kind(&item.kind)),
        escape(&item.title),
    ]
}

fn line(row: &[String; 5], widths: &[usize; 4]) -> String {
    let padding = |column: usize| " ".repeat(widths[column] - row[column].width());
    let mut line = format!("{}{}", padding(0), row[0]);
    for (column, text) in row.iter().enumerate().take(4).skip(1) {
        line.push_str(&format!("  {text}{}", padding(column)));
    }
    format!("{line}  {}", row[4])
}
