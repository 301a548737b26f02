//! `sanduq forget (ITEM… | --delivered | --outbox)`: afterwards nothing here opens them any more.

use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, table};
use crate::ui::{Kind, Trouble, m};
use crate::vault::{ForgetOutcome, ForgetPreview, Forgetting, VaultError};

/// What was asked for on the command line.
pub struct Asked {
    /// The items.
    pub items: Vec<ItemNumber>,
    /// All that arrived.
    pub delivered: bool,
    /// What still waits.
    pub outbox: bool,
    /// What was removed or changed before.
    pub traces: bool,
    /// It is not to be asked about.
    pub yes: bool,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    let what = match asked {
        Asked { delivered: true, .. } => Forgetting::Delivered,
        Asked { outbox: true, .. } => Forgetting::Outbox,
        Asked { traces: true, .. } => Forgetting::Traces,
        Asked { items, .. } => Forgetting::Items(items.iter().map(|item| item.0).collect()),
    };
    if what == Forgetting::Traces {
        let set_aside = vault.set_aside().map_err(told)?;
        match asked.yes {
            true => ask::tell_set_aside(terminal, set_aside),
            false => ask::set_aside(terminal, set_aside)?,
        }
        let outcome = vault.forget(&what).map_err(told)?;
        terminal.say(m::FORGET_TRACES_DONE);
        say(terminal, &outcome);
        return Ok(());
    }
    let preview = vault.forget_preview(&what).map_err(told)?;
    if preview.items.is_empty() && preview.waiting.is_empty() {
        return Err(told(VaultError::NothingToForget));
    }
    warn(terminal, &preview, asked.outbox);
    sure(terminal, &preview, asked)?;
    let outcome = vault.forget(&what).map_err(told)?;
    say(terminal, &outcome);
    Ok(())
}

/// Says beforehand what goes and what stays.
pub fn warn(terminal: &Terminal, preview: &ForgetPreview, outbox: bool) {
    if terminal.can_ask() {
        table::lines(terminal.words(), &preview.items).iter().for_each(|line| terminal.aside(line));
    }
    if !preview.unsealed.is_empty() {
        terminal.remark(m::forget_unsealed(preview.unsealed.len()));
    }
    if !preview.not_carried.is_empty() {
        terminal.remark(m::forget_not_carried(preview.not_carried.len()));
    }
    match (outbox, preview.waiting.len()) {
        (_, 0) => {}
        (true, count) => terminal.remark(m::forget_outbox(count)),
        (false, count) => terminal.remark(m::forget_waiting(count)),
    }
    if preview.drafts > 0 {
        terminal.remark(m::forget_drafts(preview.drafts));
    }
    if !preview.items.is_empty() {
        terminal.remark(m::FORGET_MEANS);
    }
    ask::tell_set_aside(terminal, preview.set_aside);
}

fn sure(terminal: &Terminal, preview: &ForgetPreview, asked: &Asked) -> Result<(), Trouble> {
    if asked.yes {
        return Ok(());
    }
    if !terminal.can_ask() {
        let what = match asked {
            Asked { delivered: true, .. } => "--delivered",
            Asked { outbox: true, .. } => "--outbox",
            Asked { traces: true, .. } => "--traces",
            _ => "ITEM…",
        };
        return Err(Trouble::new(Kind::Declined, m::ERR_FORGET_UNSURE)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_FORGET_UNSURE)
            .command(format!("sanduq forget {what} --yes")));
    }
    match asked.outbox {
        true => ask::confirm(terminal, m::FORGET_OUTBOX_ASK),
        false => ask::confirm(terminal, m::forget_ask(preview.items.len())),
    }
}

fn say(terminal: &Terminal, outcome: &ForgetOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    if outcome.items > 0 {
        terminal.say(m::forget_done(outcome.items));
    }
    if outcome.dropped > 0 {
        terminal.say(m::forget_dropped(outcome.dropped));
    }
    if outcome.waiting > 0 {
        terminal.say(m::forget_still(outcome.waiting));
        terminal.command("sanduq receipt add FILE");
    }
    if outcome.renumbered {
        terminal.say(m::FORGET_NUMBERS);
        terminal.command("sanduq list");
    }
}
