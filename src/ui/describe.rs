//! Every error as a person reads it: what happened, what is safe now, and what to do next.
//!
//! Library errors carry data and speak plain English for logs; the sentences stand here, once, by message id:
//! `err-…` says what happened, `safe-…` what is safe, `hint-…` what helps. Values that may be copied (a path, an
//! id, a digest) are kept apart from the sentences and shown on lines of their own.

mod bundle;
#[cfg(feature = "intake")]
mod intake;
mod store;
#[cfg(feature = "vault")]
mod vault;
#[cfg(feature = "verify")]
mod witness;

use crate::ui::{Message, Words, m};

/// An error that can be told to a person.
pub trait Describe {
    /// What to tell.
    fn trouble(&self) -> Trouble;
}

/// What is told about an error; boxed, because it travels as the other side of every result.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble(Box<Told>);

/// The parts of a [`Trouble`].
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What sort of trouble it is, which decides the exit code.
    pub kind: Kind,
    /// What happened: one sentence.
    pub what: Message,
    /// Values that belong to it, one a line, not yet escaped.
    pub values: Vec<String>,
    /// What is safe now.
    pub safe: Option<Message>,
    /// What to do next.
    pub hint: Option<Message>,
    /// Command lines that help, to be copied.
    pub commands: Vec<String>,
}

/// The sorts of trouble; docs/spec/command-line.md lists their exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A disk, a medium or the system did not do what was asked.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// Nothing opened: a wrong passphrase or key, or none could be asked for.
    Locked,
    /// What was handed over does not verify, and nothing of it was taken.
    Refused,
    /// What was named is not there.
    Missing,
    /// Another process is at work.
    Busy,
    /// An answer was needed and not given, or it was no.
    Declined,
    /// Interrupted by the person.
    Interrupted,
}

impl Kind {
    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::Locked => 3,
            Kind::Refused => 4,
            Kind::Missing => 5,
            Kind::Busy => 6,
            Kind::Declined => 7,
            Kind::Interrupted => 130,
        }
    }
}

impl Trouble {
    /// Trouble of a kind, with its sentence. Where it is not said otherwise nothing was changed, but by what failed on
    /// its way or was stopped.
    pub fn new(kind: Kind, what: impl Into<Message>) -> Trouble {
        let on_its_way = matches!(kind, Kind::Failed | Kind::Interrupted);
        Trouble(Box::new(Told {
            kind,
            what: what.into(),
            values: Vec::new(),
            safe: (!on_its_way).then_some(m::SAFE_UNCHANGED),
            hint: None,
            commands: Vec::new(),
        }))
    }

    /// With a value on a line of its own.
    pub fn value(mut self, value: impl ToString) -> Trouble {
        self.0.values.push(value.to_string());
        self
    }

    /// With what is safe now.
    pub fn safe(mut self, safe: impl Into<Message>) -> Trouble {
        self.0.safe = Some(safe.into());
        self
    }

    /// As one of several that are told in a row: what is safe is said once, at their end.
    pub fn one_of_several(mut self) -> Trouble {
        self.0.safe = None;
        self
    }

    /// With what to do next.
    pub fn hint(mut self, hint: impl Into<Message>) -> Trouble {
        self.0.hint = Some(hint.into());
        self
    }

    /// With a command line that helps.
    pub fn command(mut self, command: impl Into<String>) -> Trouble {
        self.0.commands.push(command.into());
        self
    }

    /// All of it as text, line by line, every value escaped and alone on its line. `typed` makes of a command that
    /// helps what has to be typed here.
    pub fn tell(&self, words: &Words, typed: impl Fn(&str) -> String) -> String {
        let value = |value: &String| format!("  {}", super::escape(value));
        let mut lines = vec![words.say(self.what.clone())];
        lines.extend(self.values.iter().map(value));
        lines.extend(self.safe.iter().chain(&self.hint).map(|message| words.say(message.clone())));
        lines.extend(self.commands.iter().map(|command| typed(command)).map(|command| value(&command)));
        lines.join("\n")
    }
}

impl std::ops::Deref for Trouble {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl Describe for Trouble {
    fn trouble(&self) -> Trouble {
        self.clone()
    }
}
