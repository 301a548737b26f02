//! What people touch on a command line: parse, unlock, do one thing, say it.
//!
//! Each program has its arguments and its verbs; a verb is a file that reads like its manual page. What is printed
//! goes through [`terminal`], the only place that prints. Nothing here decides what may be done with evidence:
//! that is `vault/`, `intake/` and `audit/`. docs/spec/command-line.md holds exit codes and the shapes of `--json`.

pub mod terminal;

#[cfg(feature = "vault")]
mod animation;
#[cfg(feature = "vault")]
mod arguments;
#[cfg(feature = "vault")]
mod ask;
#[cfg(feature = "vault")]
mod codes;
#[cfg(feature = "vault")]
mod commands;
#[cfg(feature = "vault")]
mod consent;
#[cfg(feature = "vault")]
mod context;
#[cfg(feature = "vault")]
mod cost;
#[cfg(feature = "vault")]
mod couriers;
#[cfg(feature = "vault")]
mod disguise;
#[cfg(feature = "vault")]
mod editor;
#[cfg(feature = "vault")]
mod files;
#[cfg(feature = "vault")]
mod flags;
mod flow;
#[cfg(feature = "vault")]
mod follow_up;
#[cfg(feature = "verify")]
mod given;
#[cfg(feature = "vault")]
mod help;
#[cfg(feature = "vault")]
mod hidden;
#[cfg(feature = "vault")]
mod instructions;
#[cfg(feature = "intake")]
pub mod intake;
#[cfg(feature = "vault")]
mod lock;
#[cfg(any(feature = "vault", feature = "verify"))]
mod markup;
#[cfg(feature = "vault")]
mod number;
#[cfg(feature = "vault")]
mod paper_page;
#[cfg(feature = "vault")]
mod passphrase;
#[cfg(feature = "vault")]
mod persons;
#[cfg(feature = "vault")]
mod phrase;
#[cfg(any(feature = "vault", feature = "intake", feature = "verify"))]
mod place;
#[cfg(feature = "vault")]
mod post;
#[cfg(feature = "vault")]
mod progress;
#[cfg(feature = "verify")]
mod report;
#[cfg(all(feature = "vault", feature = "intake"))]
pub mod sanduq;
#[cfg(feature = "vault")]
mod screen;
#[cfg(feature = "vault")]
mod seed_words;
#[cfg(all(feature = "vault", feature = "intake"))]
mod session;
#[cfg(feature = "vault")]
mod share_page;
#[cfg(feature = "vault")]
mod shares;
#[cfg(any(feature = "vault", feature = "intake", feature = "verify"))]
mod shell;
pub mod speak;
#[cfg(feature = "vault")]
mod table;
#[cfg(any(feature = "vault", feature = "verify"))]
mod terms;
#[cfg(all(feature = "vault", feature = "intake"))]
mod tour;
#[cfg(feature = "vault")]
mod unlocked;
pub mod usage;
#[cfg(feature = "verify")]
pub mod verify;
#[cfg(feature = "vault")]
mod volume;
#[cfg(feature = "verify")]
mod witness;

use crate::ui::{Kind, Language, Trouble, m};
use std::ffi::OsString;

/// The language a program begins to speak in, before its arguments are parsed: `--lang` if it is anywhere among
/// them, else what the environment's locale says. `None` where neither names one.
pub fn first_language(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    let mut asked = None;
    while let Some(argument) = arguments.next() {
        let tag = if argument == "--lang" { arguments.next() } else { argument.strip_prefix("--lang=") };
        asked = asked.or_else(|| Language::from_tag(tag?));
    }
    asked.or_else(|| Language::from_environment(variable))
}

/// The language that `--lang` names.
pub fn asked_language(tag: Option<&str>) -> Result<Option<Language>, Trouble> {
    let Some(tag) = tag else { return Ok(None) };
    match Language::from_tag(tag) {
        Some(language) => Ok(Some(language)),
        None => Err(Trouble::new(Kind::Usage, m::err_language_unknown(tag))
            .hint(m::HINT_LANGUAGE_UNKNOWN)
            .command("--lang en   English")
            .command("--lang fa   فارسی")),
    }
}
