//! `sanduq seal (ITEM… | --all) --to NAME [--forget] [--proof] [--adds BUNDLE | --corrects BUNDLE]
//! [--split K/N --shares-to DIR…]` seals items to an organisation; the bundle waits to be exported.

use crate::cli::context::{Context, told};
use crate::cli::couriers::{self, CourierFlags};
use crate::cli::follow_up::{self, FollowUpFlags};
use crate::cli::number::ItemNumber;
use crate::cli::phrase::{self, ProofFlags};
use crate::cli::progress::Bar;
use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, table};
use crate::ui::{Trouble, m};
use crate::vault::{SealOutcome, Sealing, Selection, Vault, VaultError};

/// What was asked for on the command line.
pub struct Asked {
    /// The items.
    pub items: Vec<ItemNumber>,
    /// All that were not sealed yet.
    pub all: bool,
    /// They are forgotten in the same moment.
    pub forget: bool,
    /// Whether a phrase shall prove later who sealed it.
    pub proof: ProofFlags,
    /// The earlier bundle that this follows up on.
    pub follow_up: FollowUpFlags,
    /// The couriers among whom the key is split.
    pub couriers: CourierFlags,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked, to: &str) -> Result<(), Trouble> {
    let way = asked.proof.way(&context.terminal)?;
    let couriers = asked.couriers.hand_out()?;
    let mut vault = context.unlock()?;
    let selection = match asked.all {
        true => Selection::AllUnsealed,
        false => Selection::Items(asked.items.iter().map(|item| item.0).collect()),
    };
    if asked.forget {
        context.terminal.remark(m::SEAL_FORGETS);
        ask::tell_set_aside(&context.terminal, vault.set_aside().map_err(told)?);
    }
    couriers::sure(&context.terminal, couriers.as_ref(), !asked.forget)?;
    let mut sealing = Sealing { follow_up: asked.follow_up.follow_up(), proof: None, couriers };
    if let Some(follow_up) = &sealing.follow_up {
        follow_up::sure(&context.terminal, &vault, follow_up)?;
    }
    review(&context.terminal, &vault, &selection, to)?;
    sealing.proof = phrase::commitment(&context.terminal, way)?;
    let mut bar = Bar::new(&context.terminal, m::SEAL_DOING);
    let outcome = match asked.forget {
        true => vault.seal_and_forget(selection, to, &sealing, context.now(), &mut bar),
        false => vault.seal_with(selection, to, &sealing, context.now(), &mut bar),
    };
    drop(bar);
    let couriers = sealing.couriers.as_ref();
    let outcome = outcome.map_err(|error| couriers::failed(error, couriers))?;
    say(&context.terminal, &outcome);
    couriers::say(&context.terminal, couriers, &outcome.shares);
    Ok(())
}

/// Shows what would be sealed and asks, in a terminal only: what is sealed cannot be taken back.
fn review(terminal: &Terminal, vault: &Vault, selection: &Selection, to: &str) -> Result<(), Trouble> {
    if !terminal.can_ask() {
        return Ok(());
    }
    let items = vault.chosen_for(selection, to).map_err(told)?;
    if items.is_empty() {
        return Err(told(VaultError::NothingToSeal { to: to.to_string() }));
    }
    let fresh = vault.unsealed(to).map_err(told)?;
    table::lines(terminal.words(), &items).iter().for_each(|line| terminal.aside(line));
    let again = items.iter().filter(|item| fresh.iter().all(|one| one.item != item.item)).count();
    if again > 0 {
        terminal.tell(m::seal_again(again));
    }
    terminal.tell(m::SEAL_MEANS);
    ask::confirm(terminal, m::SealAsk { count: items.len(), to })
}

/// Says what was sealed.
pub fn say(terminal: &Terminal, outcome: &SealOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    terminal.say(m::SealDone { count: outcome.items.len(), to: &outcome.to });
    terminal.value(&outcome.bundle);
    if outcome.left > 0 {
        terminal.say(m::seal_left(outcome.left));
    }
    if outcome.renumbered {
        terminal.say(m::FORGET_NUMBERS);
        terminal.command("sanduq list");
    }
    terminal.say(m::SEAL_NEXT);
    terminal.command(&format!("sanduq export DIR --to {}", quoted(&outcome.to)));
}
