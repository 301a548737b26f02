//! `VERIFY.txt` of a disclosure: how to check it with tools that every Linux desktop has, in the language that is
//! spoken.
//!
//! The commands are lines that begin with four spaces, in one shell, in their order; what is not there in this
//! disclosure has none. They end at the first thing that does not hold.

use crate::cli::flow::flow;
use crate::ui::{Message, Words, m};

const COMMANDS_INDENT: &str = "    ";
const LINE_COLUMNS: usize = 78;

/// What a disclosure has beside its records.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Originals, or what lies in their place.
    pub files: bool,
    /// What lies in the place of originals.
    pub derivatives: bool,
    /// The author's statement.
    pub author: bool,
    /// A receipt.
    pub receipt: bool,
    /// Stamps on its checkpoint.
    pub stamps: bool,
}

/// The text of `VERIFY.txt`.
pub fn text(words: &Words, parts: Parts) -> String {
    let block = |there: bool, message: Message, commands: &str| {
        let said = flow(&words.say(message), LINE_COLUMNS);
        let commands: String = commands.lines().map(|line| format!("{COMMANDS_INDENT}{line}\n")).collect();
        if there { format!("{said}\n\n{commands}\n") } else { String::new() }
    };
    let say = |message: Message| flow(&words.say(message), LINE_COLUMNS) + "\n\n";
    let mut text = say(m::INSTRUCTIONS_BEGIN);
    text += "  sed -n 's/^    //p' VERIFY.txt > ../check.sh\n  sh ../check.sh\n\n";
    text += &say(m::INSTRUCTIONS_OWN);
    text += &block(true, m::INSTRUCTIONS_WHOLE, include_str!("instructions/whole.sh"));
    text += &block(true, m::INSTRUCTIONS_BUNDLE, include_str!("instructions/bundle.sh"));
    text += &block(true, m::INSTRUCTIONS_RECORDS, include_str!("instructions/records.sh"));
    text += &block(parts.files, m::INSTRUCTIONS_FILES, include_str!("instructions/files.sh"));
    text += &block(true, m::INSTRUCTIONS_CARD, include_str!("instructions/card.sh"));
    text += &block(parts.author, m::INSTRUCTIONS_AUTHOR, include_str!("instructions/author.sh"));
    text += &block(true, m::INSTRUCTIONS_LOG, include_str!("instructions/log.sh"));
    text += &block(parts.receipt, m::INSTRUCTIONS_RECEIPT, include_str!("instructions/receipt.sh"));
    text += &block(parts.stamps, m::INSTRUCTIONS_TIME, include_str!("instructions/time.sh"));
    text += &block(true, m::INSTRUCTIONS_EVENTS, include_str!("instructions/events.sh"));
    text +=
        &block(parts.derivatives, m::INSTRUCTIONS_DERIVATIVES, include_str!("instructions/derivatives.sh"));
    text += &block(true, m::INSTRUCTIONS_END, include_str!("instructions/end.sh"));
    let not = [(parts.author, m::INSTRUCTIONS_NO_AUTHOR), (parts.receipt, m::INSTRUCTIONS_NO_RECEIPT)];
    text += &say(m::INSTRUCTIONS_NOT);
    not.into_iter().filter(|(there, _)| !there).for_each(|(_, message)| text += &say(message));
    if parts.derivatives {
        text += &say(m::INSTRUCTIONS_WORD);
    }
    text += &say(m::INSTRUCTIONS_SECOND);
    text.trim_end().to_owned() + "\n"
}
