//! A message: an id of `locales/`, with the values it is said with.
//!
//! Messages are not made by hand: the build script writes one constant or function for each (`ui::m`).

use crate::format::text;

/// Something that can be said: a message's id and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    id: &'static str,
    values: Vec<(&'static str, Arg)>,
}

/// A value within a sentence: a number, or text that is escaped on its way in.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A count, shown in the language's digits.
    Number(u64),
    /// A length in bytes, shown in the unit that suits it.
    Size(u64),
    /// A day or time of the data (`2026-11-23`), shown as the language writes days.
    Day(String),
    /// Another message, said within this one.
    Said(Box<Message>),
    /// Text without control or direction characters.
    Text(String),
}

impl Message {
    /// The message with this id and no values yet.
    pub(super) const fn new(id: &'static str) -> Message {
        Message { id, values: Vec::new() }
    }

    /// The message with one more value.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Message {
        self.values.push((name, value.into()));
        self
    }

    /// The id, such as `list-empty`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    pub(super) fn values(&self) -> &[(&'static str, Arg)] {
        &self.values
    }
}

/// A length in bytes, as a value of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl From<Size> for Arg {
    fn from(size: Size) -> Arg {
        Arg::Size(size.0)
    }
}

/// A day, or a time in RFC 3339, as a value of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'a>(pub &'a str);

impl From<Day<'_>> for Arg {
    fn from(day: Day) -> Arg {
        Arg::Day(escape(day.0))
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Arg {
        Arg::Said(Box::new(message))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(escape(text))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(escape(&text))
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Arg {
        Arg::Text(escape(text))
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Arg {
        Arg::Number(number)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Arg {
        Arg::Number(number.into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Arg {
        Arg::Number(number as u64)
    }
}

/// The text with every control and direction character shown as a visible escape, so that no name can move the
/// cursor, recolour the screen or turn the reading direction.
pub fn escape(text: &str) -> String {
    text::escape(text)
}
