//! `sanduq add PATH…` keeps files and folders: originals byte for byte, every file an item.

use crate::cli::consent;
use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::evidence::consent::Consent;
use crate::ui::{Kind, Message, Trouble, m};
use crate::vault::{AddOutcome, Added, SkipReason, Skipped, Vault};
use std::path::{Path, PathBuf};

/// Items that are named one by one in a terminal; of more, the number is said.
const NAMED_MAX: usize = 20;

/// Runs the verb.
pub fn run(context: &mut Context, paths: &[PathBuf], consent: Option<&Path>) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let mut bar = Bar::new(&context.terminal, m::ADD_DOING);
    let outcome = vault.add_paths(paths, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    if !outcome.added.is_empty() {
        let items: Vec<u64> = outcome.added.iter().map(|added| added.item).collect();
        under(context, &mut vault, &items, consent)?;
    }
    say(&context.terminal, &outcome);
    if outcome.skipped.iter().any(|skipped| is_loss(&skipped.why)) || outcome.added.is_empty() {
        return Err(Trouble::new(Kind::Failed, m::ERR_ADD_SKIPPED)
            .safe(m::SAFE_ADD_SKIPPED)
            .hint(m::HINT_ADD_SKIPPED));
    }
    Ok(())
}

/// Puts what was just kept under the terms that are given, where they are others than what is safe.
pub fn under(
    context: &Context,
    vault: &mut Vault,
    items: &[u64],
    file: Option<&Path>,
) -> Result<(), Trouble> {
    let consent = consent::given(&context.terminal, file).map_err(|trouble| trouble.safe(m::SAFE_CONSENT))?;
    if consent != Consent::default() {
        vault.set_consent(items, &consent, context.now()).map_err(told)?;
    }
    Ok(())
}

fn say(terminal: &Terminal, outcome: &AddOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    for skipped in &outcome.skipped {
        terminal.remark(reason(skipped));
        terminal.remark_value(&skipped.path);
    }
    let added = &outcome.added;
    if let (Some(first), Some(last)) = (added.first(), added.last()) {
        terminal.say(m::add_done(added.len()));
        if added.len() > NAMED_MAX {
            terminal.say(m::AddNumbers { first: first.item, last: last.item });
        } else {
            added.iter().for_each(|added| name(terminal, added));
        }
        terminal.say(m::ADD_ORIGINALS);
    }
}

fn name(terminal: &Terminal, added: &Added) {
    terminal.value(format!("{}  {}", terminal.words().number(added.item), added.label));
    if added.known {
        terminal.say(m::ADD_KNOWN);
    }
    if added.vanished {
        terminal.say(m::ADD_VANISHED);
    }
}

/// Whether a person would miss what was not kept.
fn is_loss(why: &SkipReason) -> bool {
    matches!(why, SkipReason::Changed | SkipReason::Vanished | SkipReason::Unreadable(_))
}

/// Why a path was passed over.
pub fn reason(skipped: &Skipped) -> Message {
    match &skipped.why {
        SkipReason::Link => m::SKIP_LINK,
        SkipReason::NotAFile => m::SKIP_NOT_A_FILE,
        SkipReason::Changed => m::SKIP_CHANGED,
        SkipReason::Vanished => m::SKIP_VANISHED,
        SkipReason::InsideVault => m::SKIP_INSIDE_VAULT,
        SkipReason::Unreadable(system) => m::skip_unreadable(system),
    }
}
