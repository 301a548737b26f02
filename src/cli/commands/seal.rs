//! `sanduq seal (ITEM… | --all) --to NAME` seals items to an organisation; the bundle waits to be exported.

use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, table};
use crate::ui::{Trouble, m};
use crate::vault::{SealOutcome, Selection, Vault, VaultError};

/// Runs the verb.
pub fn run(context: &mut Context, items: &[ItemNumber], all: bool, to: &str) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let selection = if all {
        review(&context.terminal, &vault, to)?;
        Selection::AllUnsealed
    } else {
        Selection::Items(items.iter().map(|item| item.0).collect())
    };
    let mut bar = Bar::new(&context.terminal, m::SEAL_DOING);
    let outcome = vault.seal(selection, to, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    say(&context.terminal, &outcome);
    Ok(())
}

/// Shows what `--all` would seal and asks, in a terminal only.
fn review(terminal: &Terminal, vault: &Vault, to: &str) -> Result<(), Trouble> {
    if !terminal.can_ask() {
        return Ok(());
    }
    let items = vault.unsealed(to).map_err(told)?;
    if items.is_empty() {
        return Err(told(VaultError::NothingToSeal { to: to.to_string() }));
    }
    table::lines(terminal.words(), &items).iter().for_each(|line| terminal.aside(line));
    ask::confirm(terminal, m::SealAsk { count: items.len(), to })
}

fn say(terminal: &Terminal, outcome: &SealOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    terminal.say(m::SealDone { count: outcome.items.len(), to: &outcome.to });
    terminal.value(&outcome.bundle);
    if outcome.left > 0 {
        terminal.say(m::seal_left(outcome.left));
    }
    terminal.say(m::SEAL_NEXT);
    terminal.command("sanduq export DIR");
}
