//! `sanduq card sign DRAFT [--yes]` signs an organisation's card; the card goes to standard output.
//!
//! What is signed is shown first, officer by officer, because the draft comes from the desk and the card is trusted
//! for who signed it. At a terminal it asks. Without one it goes on, unless this officer is missing from the draft,
//! or officers, threshold or log are others than on the card before: that takes `--yes`.

use crate::cli::commands::card_review;
use crate::cli::context::{Context, told};
use crate::cli::{ask, files};
use crate::ui::{Kind, Trouble, m};
use crate::vault::{CardProblem, CardReview, VaultError};
use std::path::Path;

/// Runs the verb.
pub fn sign(context: &mut Context, draft: &Path, yes: bool) -> Result<(), Trouble> {
    let draft = files::read_small(draft)?;
    let mut vault = context.unlock()?;
    let review = vault.review_draft(&draft).map_err(unread)?;
    card_review::show(&context.terminal, &review);
    if !yes {
        consent(context, &review)?;
    }
    let card = vault.sign_card(&draft, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&card);
    } else {
        terminal.raw(&card.text);
    }
    terminal.remark(m::CARD_SIGNED);
    terminal.remark_value(&card.words);
    terminal.remark_value(&card.numbers);
    terminal.remark(m::CARD_SIGNED_DIGEST);
    terminal.remark_value(&card.digest);
    Ok(())
}

fn unread(error: VaultError) -> Trouble {
    match error {
        VaultError::Card(CardProblem::Invalid(why)) => Trouble::new(Kind::Refused, m::ERR_CARD_DRAFT)
            .value(why)
            .safe(m::SAFE_NOT_SIGNED)
            .hint(m::HINT_CARD_DRAFT)
            .command("sanduq-intake card > DRAFT"),
        other => told(other),
    }
}

/// Goes on with what may be signed, as far as that can be said without `--yes`.
fn consent(context: &Context, review: &CardReview) -> Result<(), Trouble> {
    let declined = |what, hint| {
        Err(Trouble::new(Kind::Declined, what).safe(m::SAFE_NOT_SIGNED).hint(hint).command(SIGN_YES))
    };
    if !review.names_us() {
        return declined(m::ERR_CARD_WITHOUT_US, m::HINT_CARD_WITHOUT_US);
    }
    if context.terminal.can_ask() {
        return ask::confirm(&context.terminal, m::CARD_SIGN_ASK);
    }
    if review.differs() {
        return declined(m::ERR_CARD_DIFFERS, m::HINT_CARD_DIFFERS);
    }
    Ok(())
}

const SIGN_YES: &str = "sanduq card sign DRAFT --yes";

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
