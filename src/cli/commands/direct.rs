//! `sanduq seal --direct PATH… --to NAME` and `sanduq testify --direct --to NAME`: sealed without ever being kept.

use crate::cli::ask;
use crate::cli::consent;
use crate::cli::context::Context;
use crate::cli::couriers::{self, CourierFlags};
use crate::cli::follow_up::{self, FollowUpFlags};
use crate::cli::phrase::{self, ProofFlags};
use crate::cli::progress::Bar;
use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::ui::{Kind, Trouble, m};
use crate::vault::{DirectOutcome, Sealing};
use std::path::PathBuf;

/// What was asked for on the command line.
pub struct Asked {
    /// The files and folders.
    pub paths: Vec<PathBuf>,
    /// The contact's name.
    pub to: String,
    /// The terms of consent, as a file.
    pub consent: Option<PathBuf>,
    /// Whether a phrase shall prove later who sealed it.
    pub proof: ProofFlags,
    /// The earlier bundle that this follows up on.
    pub follow_up: FollowUpFlags,
    /// The couriers among whom the key is split.
    pub couriers: CourierFlags,
}

/// Runs `seal --direct`.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let way = asked.proof.way(&context.terminal)?;
    let couriers = asked.couriers.hand_out()?;
    let mut vault = context.unlock()?;
    couriers::sure(&context.terminal, couriers.as_ref(), false)?;
    let mut sealing = Sealing { follow_up: asked.follow_up.follow_up(), couriers, ..Sealing::default() };
    if let Some(follow_up) = &sealing.follow_up {
        follow_up::sure(&context.terminal, &vault, follow_up)?;
    }
    sure(&context.terminal, &asked.to)?;
    let terms = consent::given(&context.terminal, asked.consent.as_deref())?;
    sealing.proof = phrase::commitment(&context.terminal, way)?;
    let mut bar = Bar::new(&context.terminal, m::SEAL_DOING);
    let outcome = vault.seal_direct(&asked.paths, &asked.to, &sealing, &terms, context.now(), &mut bar);
    drop(bar);
    let couriers = sealing.couriers.as_ref();
    let outcome = outcome.map_err(|error| couriers::failed(error, couriers))?;
    say(&context.terminal, &outcome);
    couriers::say(&context.terminal, couriers, &outcome.shares);
    if outcome.bundles.is_empty() || !outcome.skipped.is_empty() {
        let what = if outcome.bundles.is_empty() { m::ERR_DIRECT_NOTHING } else { m::ERR_DIRECT_SKIPPED };
        return Err(Trouble::new(Kind::Failed, what).hint(m::HINT_DIRECT_SKIPPED));
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
    terminal.command(&format!("sanduq export DIR --to {}", quoted(&outcome.to)));
}
