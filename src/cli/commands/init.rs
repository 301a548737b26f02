//! `sanduq init [--name LABEL]` makes a vault; in a vault that exists it makes a part for another contributor.

use crate::cli::context::{Context, told};
use crate::cli::number::whole_number;
use crate::cli::passphrase::Source;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, cost, passphrase, seed_words};
use crate::ui::{Language, Trouble, Words, m};
use crate::vault::{PartView, Vault};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Serialize)]
struct Made {
    #[serde(serialize_with = "crate::format::path::one")]
    vault: PathBuf,
    #[serde(flatten)]
    about: PartView,
}

/// Runs the verb.
pub fn run(context: &mut Context, label: Option<String>) -> Result<(), Trouble> {
    let root = context.root()?;
    let language = language(context)?;
    context.terminal.speak(language);
    let terminal = &context.terminal;
    let parts = Vault::neighbours(&root).map_err(told)?;
    if parts > 0 {
        terminal.remark(m::init_another(parts));
        terminal.remark_value(root.display());
        if terminal.can_ask() {
            ask::confirm(terminal, m::INIT_ANOTHER_ASK)?;
        }
    }
    let passphrase = passphrase::new(&context.passphrase, terminal)?;
    terminal.remark(m::INIT_WAIT);
    let kdf = cost::measured(context)?;
    let vault = Vault::init(&root, &passphrase, kdf, label, language.tag(), context.now()).map_err(told)?;
    say(terminal, &Made { vault: root, about: vault.about() });
    if terminal.can_ask() && !terminal.json() && matches!(context.passphrase, Source::Terminal) {
        teach(terminal, &vault);
    }
    Ok(())
}

/// Shows the 24 words. The vault is made: whatever comes between does not undo it.
fn teach(terminal: &Terminal, vault: &Vault) {
    if !seed_words::teach(terminal, &vault.words()).unwrap_or(false) {
        terminal.say(m::WORDS_LATER);
        terminal.command("sanduq key words");
    }
}

fn say(terminal: &Terminal, made: &Made) {
    if terminal.json() {
        return terminal.answer(made);
    }
    terminal.say(m::INIT_DONE);
    terminal.value(made.vault.display());
    terminal.say(m::INIT_PART);
    terminal.value(&made.about.part);
    terminal.say(m::INIT_NEXT);
    terminal.command("sanduq add PATH…");
    terminal.command("sanduq testify");
    terminal.say(m::INIT_ORIGINALS);
    terminal.command("sanduq backup DIR");
}

/// The language of the new part: `--lang`, else what a person at a terminal chooses, else the environment's.
fn language(context: &Context) -> Result<Language, Trouble> {
    let terminal = &context.terminal;
    let spoken = terminal.words().language();
    if context.lang.is_some() || !terminal.can_ask() {
        return Ok(context.lang.unwrap_or(spoken));
    }
    for language in Language::ALL {
        terminal.aside(&Words::new(language).say(m::LANGUAGE_CHOICE));
    }
    let typed = ask::line(terminal, m::LANGUAGE_ASK)?.unwrap_or_default();
    let chosen =
        whole_number(&typed).and_then(|number| number.checked_sub(1)).and_then(|at| usize::try_from(at).ok());
    Ok(chosen
        .and_then(|at| Language::ALL.get(at).copied())
        .or_else(|| Language::from_tag(&typed))
        .unwrap_or(spoken))
}
