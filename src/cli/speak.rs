//! The words of `--help`, in every language, put onto the command line that clap derived; and a command line read
//! with them.
//!
//! Each program has its [`Help`]: which message explains which verb and which argument. A test walks the whole
//! command line and fails where one has none.

use crate::cli::terminal::Terminal;
use crate::cli::usage::{self, Called};
use crate::cli::{asked_language, first_language};
use crate::ui::{Language, Message, Words, m};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::process::ExitCode;

/// Where a flag stands that is the same everywhere: behind all others.
const LAST: usize = 1000;

/// The words of one program's help.
#[derive(Clone, Copy)]
pub struct Help {
    /// What stands below everything.
    pub after: fn() -> Message,
    /// What a verb does, by its names joined with a space; the program itself under the empty name.
    pub verb: fn(&str) -> Option<Message>,
    /// What an argument of a verb is.
    pub argument: fn(&str, &str) -> Option<Message>,
}

/// A command line as it was understood.
pub struct Spoken<A> {
    /// What was typed.
    pub arguments: A,
    /// The language asked for by `--lang`.
    pub lang: Option<Language>,
    /// Where the answer goes.
    pub terminal: Terminal,
}

/// The flags that every program has.
pub trait Common {
    /// The value of `--lang`.
    fn lang(&self) -> Option<&str>;
    /// Whether `--json` was given.
    fn json(&self) -> bool;
    /// Whether `--quiet` was given.
    fn quiet(&self) -> bool;
}

/// Reads a command line. Where it asks for help or is not understood, that is answered, and the exit code given.
pub fn read<A: CommandFactory + FromArgMatches + Common>(
    arguments: &[OsString],
    help: &Help,
) -> Result<Spoken<A>, ExitCode> {
    let known = first_language(arguments, |name| std::env::var(name).ok());
    let language = known.unwrap_or(Language::English);
    let command = dress_all(A::command(), help, &Words::new(language));
    let called = Called::of(&command, arguments);
    let parsed = command
        .try_get_matches_from(called.with_help_flag(arguments))
        .and_then(|found| A::from_arg_matches(&found));
    let arguments = parsed.map_err(|error| {
        let terminal = Terminal::new(language, false, false);
        terminal.end(usage::answer(&error, &called, &terminal))
    })?;
    let mut terminal = Terminal::new(language, arguments.json(), arguments.quiet());
    if known.is_none() {
        terminal.unsure();
    }
    match asked_language(arguments.lang()) {
        Ok(lang) => Ok(Spoken { arguments, lang, terminal }),
        Err(trouble) => Err(terminal.end(Err(trouble))),
    }
}

/// The command line with all its words in this language.
pub fn dress_all(command: Command, help: &Help, words: &Words) -> Command {
    let command = command.version(env!("CARGO_PKG_VERSION")).after_help(words.say((help.after)()));
    let command = command.arg(
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .display_order(LAST)
            .help(words.say(m::HELP_VERSION)),
    );
    dress(command, &mut Vec::new(), help, words)
}

fn dress(mut command: Command, path: &mut Vec<String>, help: &Help, words: &Words) -> Command {
    let say = |message: Option<Message>| message.map(|message| words.say(message));
    let verb = path.join(" ");
    if let Some(about) = say((help.verb)(&verb)) {
        command = command.about(about);
    }
    command = command.help_template(format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        words.say(m::HELP_USAGE)
    ));
    command = command.subcommand_help_heading(words.say(m::HELP_COMMANDS)).disable_help_flag(true);
    let asked = Arg::new("help").long("help").short('h').action(ArgAction::Help).display_order(LAST);
    command = command.arg(asked.help(words.say(m::HELP_HELP)));
    command = command.mut_args(|arg| {
        let everywhere = arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
        let heading = words.say(match arg.is_positional() {
            true => m::HELP_ARGUMENTS,
            false if everywhere => m::HELP_FLAGS_EVERYWHERE,
            false => m::HELP_FLAGS,
        });
        let told = say(argument(help, &verb, arg.get_id().as_str()));
        let arg = arg.help_heading(heading);
        match told {
            Some(told) => arg.help(told),
            None => arg,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |verb| {
            path.push(name.clone());
            let verb = dress(verb, path, help, words);
            path.pop();
            verb
        });
    }
    command
}

fn argument(help: &Help, verb: &str, id: &str) -> Option<Message> {
    match id {
        "lang" => Some(m::HELP_ARG_LANG),
        "json" => Some(m::HELP_ARG_JSON),
        "quiet" => Some(m::HELP_ARG_QUIET),
        "help" => Some(m::HELP_HELP),
        "version" => Some(m::HELP_VERSION),
        _ => (help.argument)(verb, id),
    }
}

/// Fails where a verb or an argument has no words.
#[cfg(test)]
pub fn assert_every_word<A: CommandFactory>(help: &Help) {
    fn walk(command: &Command, path: &str, help: &Help) {
        assert!((help.verb)(path).is_some(), "{path} has no words");
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            assert!(argument(help, path, id).is_some(), "{path} {id} has no words");
        }
        for verb in command.get_subcommands() {
            walk(verb, format!("{path} {}", verb.get_name()).trim(), help);
        }
    }
    for language in Language::ALL {
        let command = dress_all(A::command(), help, &Words::new(language));
        command.clone().debug_assert();
        walk(&command, "", help);
    }
}
