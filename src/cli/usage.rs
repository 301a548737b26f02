//! A command line that clap does not understand, told in our own words.

use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Trouble, m};
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Prints what was asked for (`--help`, `--version`), or gives the trouble to tell.
pub fn answer(error: &Error, terminal: &Terminal) -> Result<(), Trouble> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal.raw(&error.render().to_string());
            Ok(())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal.aside(error.render().to_string().trim_end());
            Err(Trouble::new(Kind::Usage, m::ERR_VERB_MISSING))
        }
        _ => Err(trouble(error)),
    }
}

/// What to tell of an error.
pub fn trouble(error: &Error) -> Trouble {
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
        .map(|kind| words(error, kind))
        .into_iter()
        .find(|text| !text.is_empty());
    match suggested {
        Some(suggested) => told.hint(m::HINT_MEANT).command(suggested),
        None => told.hint(m::HINT_HELP).command("--help"),
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
