//! `sanduq seal --direct PATH… --to NAME` and `sanduq testify --direct --to NAME`: sealed without ever being kept.

use crate::cli::ask;
use crate::cli::consent;
use crate::cli::context::{Context, told};
use crate::cli::follow_up::{self, FollowUpFlags};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Trouble, m};
use crate::vault::{DirectOutcome, Sealing};
use std::path::{Path, PathBuf};

/// Runs `seal --direct`.
pub fn run(
    context: &mut Context,
    paths: &[PathBuf],
    to: &str,
    follow_up: &FollowUpFlags,
    consent: Option<&Path>,
) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let sealing = Sealing { follow_up: follow_up.follow_up(), ..Sealing::default() };
    if let Some(follow_up) = &sealing.follow_up {
        follow_up::sure(&context.terminal, &vault, follow_up)?;
    }
    sure(&context.terminal, to)?;
    let terms = consent::given(&context.terminal, consent)?;
    let mut bar = Bar::new(&context.terminal, m::SEAL_DOING);
    let outcome = vault.seal_direct(paths, to, &sealing, &terms, context.now(), &mut bar);
    drop(bar);
    let outcome = outcome.map_err(told)?;
    say(&context.terminal, &outcome);
    if outcome.bundles.is_empty() || !outcome.skipped.is_empty() {
        return Err(Trouble::new(Kind::Failed, m::ERR_DIRECT_SKIPPED).hint(m::HINT_ADD_SKIPPED));
    }
    Ok(())
}

/// Says beforehand what can never be had back here, and asks at a terminal.
pub fn sure(terminal: &Terminal, to: &str) -> Result<(), Trouble> {
    terminal.remark(m::DIRECT_MEANS);
    if terminal.can_ask() { ask::confirm(terminal, m::direct_ask(to)) } else { Ok(()) }
}

/// Says what was sealed.
pub fn say(terminal: &Terminal, outcome: &DirectOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    for skipped in &outcome.skipped {
        terminal.remark(super::add::reason(skipped));
        terminal.remark_value(&skipped.path);
    }
    if outcome.bundles.is_empty() {
        return;
    }
    terminal.say(m::direct_done(&outcome.to));
    outcome.bundles.iter().for_each(|bundle| terminal.value(bundle));
    if !outcome.files.is_empty() {
        terminal.say(m::DIRECT_FILES);
        outcome.files.iter().for_each(|label| terminal.value(label));
    }
    terminal.say(m::SEAL_NEXT);
    terminal.command("sanduq export DIR");
}
