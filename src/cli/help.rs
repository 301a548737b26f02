//! The words of `--help`, in every language, put onto the command line that clap derived.

use crate::ui::{Message, Words, m};
use clap::{Arg, ArgAction, Command};

/// The command line with all its words in this language.
pub fn speak(command: Command, words: &Words) -> Command {
    let command = command.version(env!("CARGO_PKG_VERSION")).after_help(words.say(m::HELP_AFTER));
    let command = command.arg(
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .help(words.say(m::HELP_VERSION)),
    );
    dress(command, &mut Vec::new(), words)
}

fn dress(mut command: Command, path: &mut Vec<String>, words: &Words) -> Command {
    let say = |message: Option<Message>| message.map(|message| words.say(message));
    if let Some(about) = say(about(path)) {
        command = command.about(about);
    }
    command = command.help_template(format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        words.say(m::HELP_USAGE)
    ));
    command = command.subcommand_help_heading(words.say(m::HELP_COMMANDS)).disable_help_flag(true);
    let asked =
        Arg::new("help").long("help").short('h').action(ArgAction::Help).help(words.say(m::HELP_HELP));
    command = command.arg(asked);
    let verb = path.join(" ");
    command = command.mut_args(|arg| {
        let help = say(argument(&verb, arg.get_id().as_str()));
        let heading = words.say(if arg.is_positional() { m::HELP_ARGUMENTS } else { m::HELP_FLAGS });
        let arg = arg.help_heading(heading);
        match help {
            Some(help) => arg.help(help),
            None => arg,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |verb| {
            path.push(name.clone());
            let verb = dress(verb, path, words);
            path.pop();
            verb
        });
    }
    command
}

fn about(path: &[String]) -> Option<Message> {
    Some(match path.join(" ").as_str() {
        "" => m::HELP_SANDUQ,
        "init" => m::HELP_INIT,
        "add" => m::HELP_ADD,
        "testify" => m::HELP_TESTIFY,
        "edit" => m::HELP_EDIT,
        "remove" => m::HELP_REMOVE,
        "list" => m::HELP_LIST,
        "show" => m::HELP_SHOW,
        "search" => m::HELP_SEARCH,
        "extract" => m::HELP_EXTRACT,
        "recipient" => m::HELP_RECIPIENT,
        "card" => m::HELP_CARD,
        "card sign" => m::HELP_CARD_SIGN,
        "contact" => m::HELP_CONTACT,
        "contact add" => m::HELP_CONTACT_ADD,
        "contact list" => m::HELP_CONTACT_LIST,
        "contact show" => m::HELP_CONTACT_SHOW,
        "seal" => m::HELP_SEAL,
        "export" => m::HELP_EXPORT,
        "receipt" => m::HELP_RECEIPT,
        "receipt add" => m::HELP_RECEIPT_ADD,
        "receipt export" => m::HELP_RECEIPT_EXPORT,
        "status" => m::HELP_STATUS,
        "open" => m::HELP_OPEN,
        "tour" => m::HELP_TOUR,
        _ => return None,
    })
}

fn argument(verb: &str, id: &str) -> Option<Message> {
    Some(match (verb, id) {
        (_, "vault") => m::HELP_ARG_VAULT,
        (_, "part") => m::HELP_ARG_PART,
        (_, "passphrase_fd") => m::HELP_ARG_PASSPHRASE_FD,
        (_, "lang") => m::HELP_ARG_LANG,
        (_, "json") => m::HELP_ARG_JSON,
        (_, "quiet") => m::HELP_ARG_QUIET,
        (_, "help") => m::HELP_HELP,
        (_, "version") => m::HELP_VERSION,
        ("init", "name") => m::HELP_ARG_LABEL,
        ("add", "paths") => m::HELP_ARG_PATHS,
        ("testify", "title") => m::HELP_ARG_TITLE,
        ("testify", "file") => m::HELP_ARG_TESTIMONY_FILE,
        ("list", "limit") => m::HELP_ARG_LIMIT,
        ("list", "after") => m::HELP_ARG_AFTER,
        (_, "item") => m::HELP_ARG_ITEM,
        ("search", "words") => m::HELP_ARG_SEARCH,
        ("extract", "to") => m::HELP_ARG_EXTRACT_TO,
        ("recipient", "identity_to") => m::HELP_ARG_IDENTITY_TO,
        ("card sign", "draft") => m::HELP_ARG_DRAFT,
        ("contact add", "card") => m::HELP_ARG_CARD,
        ("contact add", "words") => m::HELP_ARG_WORDS,
        ("contact add", "yes") => m::HELP_ARG_YES,
        ("contact add", "name") => m::HELP_ARG_AS,
        ("contact show", "name") => m::HELP_ARG_CONTACT,
        ("seal", "items") => m::HELP_ARG_ITEMS,
        ("seal", "all") => m::HELP_ARG_ALL,
        ("seal", "to") => m::HELP_ARG_CONTACT,
        ("export", "dir") => m::HELP_ARG_EXPORT_DIR,
        ("receipt add", "files") => m::HELP_ARG_RECEIPTS,
        ("receipt export", "dir") => m::HELP_ARG_RECEIPT_DIR,
        ("open", "bundle") => m::HELP_ARG_BUNDLE,
        ("open", "with") => m::HELP_ARG_WITH,
        ("open", "pass_on") => m::HELP_ARG_PASS_ON,
        ("tour", "dir") => m::HELP_ARG_TOUR_DIR,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::Arguments;
    use crate::ui::Language;
    use clap::CommandFactory;

    fn every_word_is_translated(command: &Command, path: &str) {
        let names: Vec<String> = path.split_whitespace().map(str::to_string).collect();
        assert!(about(&names).is_some(), "{path} has no words");
        for arg in command.get_arguments() {
            assert!(argument(path, arg.get_id().as_str()).is_some(), "{path} {} has no words", arg.get_id());
        }
        for verb in command.get_subcommands() {
            every_word_is_translated(verb, format!("{path} {}", verb.get_name()).trim());
        }
    }

    #[test]
    fn every_verb_and_flag_has_words_in_every_language() {
        for language in Language::ALL {
            let command = speak(Arguments::command(), &Words::new(language));
            command.clone().debug_assert();
            every_word_is_translated(&command, "");
        }
    }
}
