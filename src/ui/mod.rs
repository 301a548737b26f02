//! The only folder that knows languages: every word a person reads is said here, once, by message id.
//!
//! The words stand in `locales/<language>/*.ftl` (Project Fluent). The build script `build.rs` stops the build
//! where two languages differ in their messages or in a message's variables, and writes the module [`m`]: a
//! constant for each message without variables, a function for each with one, a struct for each with several. So what
//! is said is checked by the compiler:
//!
//! ```
//! use sanduq::ui::{Language, Words, m};
//!
//! let words = Words::new(Language::Persian);
//! assert_eq!(words.say(m::ERR_DECLINED), "هیچ کاری انجام نشد.");
//! ```
//!
//! What must hold: a value that is copied (an id, a digest, a path) stands on a line of its own, escaped by
//! [`escape`] and without any character of direction around it; right-to-left text is written in logical order
//! and never reordered, because terminals that can show it do that themselves.

mod calendar;
mod describe;
mod locale;
mod message;
mod words;

pub use crate::ui::describe::{Describe, Kind, Told, Trouble};
pub use crate::ui::locale::Language;
pub use crate::ui::message::{Arg, Day, Message, Size, escape};
pub use crate::ui::words::Words;

#[cfg(test)]
#[path = "build.rs"]
#[allow(dead_code)]
mod build;
#[cfg(test)]
mod build_test;

/// The messages: one constant, function or struct each, written by the build script from the English file.
pub mod m {
    use crate::ui::message::{Arg, Message};

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}
