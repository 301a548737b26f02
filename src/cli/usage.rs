//! A command line that clap does not understand, told in our own words.

use crate::cli::terminal::Terminal;
#[cfg(feature = "vault")]
use crate::format::plain_name::NotAPlainName;
use crate::ui::{Kind, Trouble, m};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use std::error::Error as _;
use std::ffi::OsString;
use std::mem;

/// What was typed is not the number of an item.
#[derive(Debug, thiserror::Error)]
#[error("not an item's number")]
pub struct NotAnItem;

/// The verb that a command line names, as far as it names one that exists.
pub struct Called {
    /// The command as it is typed, without flags: `sanduq receipt`.
    pub line: String,
    /// The command that everything begins with, where no verb was named: `sanduq init`.
    begin: Option<String>,
    /// Where the word `help` stands, in place of a verb or before one.
    help: Option<usize>,
}

impl Called {
    /// Reads the verbs of a command line.
    pub fn of(command: &Command, arguments: &[OsString]) -> Called {
        let mut called = Called { line: command.get_name().to_string(), begin: begin(command), help: None };
        let mut verb = command;
        let mut is_value = false;
        for (place, typed) in arguments.iter().enumerate().skip(1) {
            let typed = typed.to_string_lossy();
            if mem::take(&mut is_value) {
                continue;
            }
            if let Some(flag) = typed.strip_prefix('-') {
                is_value = takes_value(command, flag);
            } else if typed == "help" && verb.has_subcommands() && called.help.is_none() {
                called.help = Some(place);
            } else if let Some(found) = verb.find_subcommand(typed.as_ref()) {
                verb = found;
                called.line = format!("{} {}", called.line, verb.get_name());
                called.begin = None;
            } else {
                break;
            }
        }
        called
    }

    /// The command line with `--help` where it has the word `help`, as many programs take it.
    pub fn with_help_flag(&self, arguments: &[OsString]) -> Vec<OsString> {
        let mut arguments = arguments.to_vec();
        if let Some(place) = self.help {
            arguments.remove(place);
            arguments.push("--help".into());
        }
        arguments
    }
}

fn begin(command: &Command) -> Option<String> {
    let init = command.find_subcommand("init")?;
    let more = if init.get_arguments().any(Arg::is_required_set) { " --help" } else { "" };
    Some(format!("{} init{more}", command.get_name()))
}

/// Whether the word after this flag is its value; only flags that stand before a verb matter.
fn takes_value(command: &Command, flag: &str) -> bool {
    let named = |arg: &&Arg| flag.strip_prefix('-').is_some_and(|name| arg.get_long() == Some(name));
    command.get_arguments().find(named).is_some_and(|arg| arg.get_action().takes_values())
}

/// Prints what was asked for (`--help`, `--version`), or gives the trouble to tell.
pub fn answer(error: &Error, called: &Called, terminal: &Terminal) -> Result<(), Trouble> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal.raw(&help(error));
            Ok(())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal.aside(help(error).trim_end());
            Err(verb_missing(called))
        }
        ErrorKind::MissingSubcommand => Err(verb_missing(called)),
        _ => Err(trouble(error, &called.line)),
    }
}

fn verb_missing(called: &Called) -> Trouble {
    let trouble = Trouble::new(Kind::Usage, m::ERR_VERB_MISSING);
    match &called.begin {
        Some(begin) => trouble.hint(m::HINT_BEGIN).command(begin),
        None => trouble.hint(m::HINT_HELP).command(format!("{} --help", called.line)),
    }
}

/// The help without the two English words that clap itself puts into it.
fn help(error: &Error) -> String {
    error.render().to_string().replace(" [OPTIONS]", "").replacen(" <COMMAND>", " …", 1)
}

/// What to tell of an error in this command.
pub fn trouble(error: &Error, line: &str) -> Trouble {
    if error.source().is_some_and(<dyn std::error::Error>::is::<NotAnItem>) {
        let given = words(error, ContextKind::InvalidValue);
        let trouble = Trouble::new(Kind::Usage, m::ERR_NOT_AN_ITEM).value(given);
        return trouble.hint(m::HINT_NOT_AN_ITEM).command("sanduq list");
    }
    #[cfg(feature = "vault")]
    if error.source().is_some_and(<dyn std::error::Error>::is::<super::volume::NotASize>) {
        let given = words(error, ContextKind::InvalidValue);
        return Trouble::new(Kind::Usage, m::ERR_NOT_A_SIZE).value(given).hint(m::HINT_NOT_A_SIZE);
    }
    #[cfg(feature = "vault")]
    if error.source().is_some_and(<dyn std::error::Error>::is::<NotAPlainName>) {
        let given = words(error, ContextKind::InvalidValue);
        return Trouble::new(Kind::Usage, m::ERR_NOT_A_PLAIN_NAME)
            .value(given)
            .hint(m::HINT_NOT_A_PLAIN_NAME);
    }
    let argument = words(error, ContextKind::InvalidArg);
    let told = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            Trouble::new(Kind::Usage, m::ERR_VERB_UNKNOWN).value(words(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => Trouble::new(Kind::Usage, m::ERR_FLAG_UNKNOWN).value(argument),
        ErrorKind::MissingRequiredArgument => {
            Trouble::new(Kind::Usage, m::ERR_ARGUMENT_MISSING).value(argument)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let given = words(error, ContextKind::InvalidValue);
            Trouble::new(Kind::Usage, m::ERR_VALUE).value(format!("{argument} {given}"))
        }
        ErrorKind::ArgumentConflict => Trouble::new(Kind::Usage, m::ERR_CONFLICT)
            .value(argument)
            .value(words(error, ContextKind::PriorArg)),
        ErrorKind::MissingSubcommand => Trouble::new(Kind::Usage, m::ERR_VERB_MISSING),
        _ => Trouble::new(Kind::Usage, m::ERR_USAGE).value(argument),
    };
    let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg]
        .into_iter()
        .find_map(|kind| nearest(error, kind));
    match suggested {
        Some(suggested) => told.hint(m::HINT_MEANT).command(format!("{line} {suggested}")),
        None => told.hint(m::HINT_HELP).command(format!("{line} --help")),
    }
}

/// The likeliest of what clap suggests: its last.
fn nearest(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.last().cloned(),
        _ => None,
    }
}

fn words(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}
