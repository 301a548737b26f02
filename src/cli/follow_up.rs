//! Follow-ups on the command line: which earlier bundle is meant, and what is said of the two.

use crate::bundle::{Act, FollowUp};
use crate::cli::ask;
use crate::cli::context::told;
use crate::cli::terminal::Terminal;
use crate::crypto::Digest;
use crate::ui::{Message, Trouble, m};
use crate::vault::{EarlierView, FollowedView, FollowsView, Vault};
use clap::Args;

/// The flags by which sealing follows up on an earlier bundle.
#[derive(Debug, Clone, Default, Args)]
pub struct FollowUpFlags {
    /// The earlier bundle that this adds to.
    #[arg(long, value_name = "BUNDLE", conflicts_with = "corrects")]
    adds: Option<Digest>,
    /// The earlier bundle that this corrects.
    #[arg(long, value_name = "BUNDLE")]
    corrects: Option<Digest>,
}

impl FollowUpFlags {
    /// What was asked for.
    pub fn follow_up(&self) -> Option<FollowUp> {
        let adds = self.adds.map(|bundle| FollowUp { refers: Some(bundle), act: Act::Add });
        let corrects = self.corrects.map(|bundle| FollowUp { refers: Some(bundle), act: Act::Correct });
        adds.or(corrects)
    }
}

/// Says that an earlier bundle is not known here, and asks at a terminal: it may be forgotten, or mistyped.
pub fn sure(terminal: &Terminal, vault: &Vault, follow_up: &FollowUp) -> Result<(), Trouble> {
    let Some(bundle) = follow_up.refers else { return Ok(()) };
    if vault.has_sealed(&bundle).map_err(told)? {
        return Ok(());
    }
    terminal.remark(m::FOLLOWS_UNKNOWN);
    terminal.remark_value(bundle);
    if terminal.can_ask() { ask::confirm(terminal, m::FOLLOWS_UNKNOWN_ASK) } else { Ok(()) }
}

/// Says what a bundle does to an earlier one.
pub fn follows(terminal: &Terminal, view: &FollowsView) {
    line(terminal, message(view));
    let note = match &view.earlier {
        EarlierView::All | EarlierView::Forgotten => return,
        EarlierView::Bundle(bundle) => return value(terminal, bundle),
        EarlierView::NotHere(bundle) => (bundle, m::FOLLOWS_NOT_HERE),
        EarlierView::OtherHand(bundle) => (bundle, m::FOLLOWS_OTHER_HAND),
    };
    value(terminal, note.0);
    line(terminal, note.1);
}

/// Says what later bundles do to one.
pub fn followed(terminal: &Terminal, views: &[FollowedView]) {
    for view in views {
        line(
            terminal,
            match view.act {
                Act::Add => m::FOLLOWED_ADD,
                Act::Correct => m::FOLLOWED_CORRECT,
                Act::Withdraw => m::FOLLOWED_WITHDRAW,
            },
        );
        value(terminal, &view.bundle);
    }
}

fn message(view: &FollowsView) -> Message {
    match (&view.earlier, view.act) {
        (EarlierView::All, Act::Withdraw) => m::FOLLOWS_WITHDRAW_ALL,
        (EarlierView::All, Act::Add | Act::Correct) => m::FOLLOWS_ALL,
        (EarlierView::Forgotten, Act::Withdraw) => m::FOLLOWS_WITHDRAW_FORGOTTEN,
        (EarlierView::Forgotten, Act::Add | Act::Correct) => m::FOLLOWS_FORGOTTEN,
        (_, Act::Add) => m::FOLLOWS_ADD,
        (_, Act::Correct) => m::FOLLOWS_CORRECT,
        (_, Act::Withdraw) => m::FOLLOWS_WITHDRAW,
    }
}

fn line(terminal: &Terminal, message: Message) {
    terminal.data(&terminal.words().say(message));
}

fn value(terminal: &Terminal, bundle: &str) {
    terminal.data(&format!("  {bundle}"));
}
