//! `sanduq withdraw (BUNDLE | --all) --to NAME [--message FILE] [--direct]` withdraws consent for what was sealed.

use crate::bundle::{Act, FollowUp};
use crate::cli::commands::{direct, seal, testify};
use crate::cli::context::{Context, told};
use crate::cli::phrase::{self, ProofFlags};
use crate::cli::progress::Bar;
use crate::cli::{ask, follow_up};
use crate::crypto::Digest;
use crate::evidence::consent::Consent;
use crate::ui::{Trouble, m};
use crate::vault::{Sealing, TestimonyText};
use clap::Args;
use std::path::PathBuf;

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// The bundle; all of them where there is none.
    #[arg(required_unless_present = "all", value_name = "BUNDLE")]
    bundle: Option<Digest>,
    /// Every bundle that was sealed to the contact.
    #[arg(long, conflicts_with = "bundle")]
    all: bool,
    /// The contact's name.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// A file with what is said to them; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    message: Option<PathBuf>,
    /// Keep nothing of it.
    #[arg(long)]
    direct: bool,
    /// Whether a phrase shall prove later who withdrew.
    #[command(flatten)]
    proof: ProofFlags,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let way = asked.proof.way(&context.terminal)?;
    let said = said(context, asked)?;
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    let withdrawal = FollowUp { refers: asked.bundle, act: Act::Withdraw };
    follow_up::sure(terminal, &vault, &withdrawal)?;
    terminal.remark(if asked.all { m::WITHDRAW_ALL_MEANS } else { m::WITHDRAW_MEANS });
    if terminal.can_ask() {
        ask::confirm(terminal, m::withdraw_ask(&asked.to))?;
    }
    let proof = phrase::commitment(terminal, way)?;
    let sealing = Sealing { follow_up: Some(withdrawal), proof, ..Sealing::default() };
    if asked.direct {
        let outcome =
            vault.testify_direct(said, &asked.to, &sealing, (&Consent::default(), &[]), context.now());
        direct::say(terminal, &outcome.map_err(told)?);
    } else {
        let mut bar = Bar::new(terminal, m::SEAL_DOING);
        let outcome = vault.withdraw(said, &asked.to, &sealing, context.now(), &mut bar);
        drop(bar);
        seal::say(terminal, &outcome.map_err(told)?);
    }
    Ok(())
}

/// What she says to them, or the plain sentence that she withdraws.
fn said(context: &Context, asked: &Asked) -> Result<TestimonyText, Trouble> {
    let words = context.terminal.words();
    let account = match &asked.message {
        Some(file) => testify::read(file)?,
        None => words.say(m::WITHDRAW_SAID),
    };
    Ok(TestimonyText { title: Some(words.say(m::WITHDRAW_TITLE)), account })
}
