//! `sanduq status` shows where every delivery stands.

use crate::cli::context::{Context, told};
use crate::cli::follow_up;
use crate::cli::table;
use crate::cli::terminal::Terminal;
use crate::cli::volume;
use crate::format::text;
use crate::ui::{Day, Message, Trouble, m};
use crate::vault::{DeliveryState, DeliveryView, StatusView};

/// Runs the verb.
pub fn run(context: &mut Context) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let status = vault.status().map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&status);
    } else {
        show(terminal, &status);
    }
    Ok(())
}

fn show(terminal: &Terminal, status: &StatusView) {
    let say = |message: Message| terminal.data(&terminal.words().say(message));
    let own = status.items - status.received;
    if own > 0 || status.received == 0 {
        say(m::StatusItems { items: own, unsealed: status.unsealed }.into());
    }
    if status.received > 0 {
        say(m::status_received(status.received));
    }
    if status.drafts > 0 {
        say(m::status_drafts(status.drafts));
        terminal.command("sanduq testify");
    }
    if status.deliveries.is_empty() && own > 0 {
        say(m::STATUS_NONE);
    }
    status.deliveries.iter().for_each(|delivery| show_delivery(terminal, delivery));
    if status.replies > 0 {
        say(m::status_replies(status.replies));
        terminal.command("sanduq replies");
    }
    for fork in &status.forks {
        say(m::status_fork(fork.size));
        terminal.data(&format!("  {}", text::escape(&fork.log)));
        terminal.command("sanduq receipt export DIR");
    }
}

fn show_delivery(terminal: &Terminal, delivery: &DeliveryView) {
    let words = terminal.words();
    let (day, state) = (Day(&delivery.sealed_at), table::delivery(delivery.state));
    let count = delivery.items.len();
    let said = match count {
        0 => words.say(m::StatusForgotten { to: &delivery.to, day, state }),
        _ => words.say(m::StatusDelivery { count, to: &delivery.to, day, state }),
    };
    terminal.data(&said);
    terminal.data(&format!("  {}", delivery.bundle));
    // Of what arrived nothing is on its way any more.
    if let Some(parts) = delivery.parts.as_ref().filter(|_| delivery.state != DeliveryState::Received) {
        terminal.data(&format!("  {}", words.say(volume::progress(parts))));
    }
    delivery.follows.iter().for_each(|view| follow_up::follows(terminal, view));
}
