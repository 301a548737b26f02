//! `sanduq contact add CARD [--words "…" | --yes] [--as NAME]` adds an organisation that items can be sealed to.
//!
//! Its key is compared once, with eight words that the organisation reads out over another way than the one the
//! card came by. They are typed, not shown to be nodded at: a person who has to type them has heard them. CARD may be
//! a letter with a card in it.

use crate::cli::commands::card_review;
use crate::cli::context::{Context, told};
use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, codes, files};
use crate::crypto::words;
use crate::ui::{Day, Kind, Trouble, Words, escape, m};
use crate::vault::{
    CardOutcome, CardPreview, CardProblem, CardReview, Confirm, ContactChange, Vault, VaultError,
};
use qrcode::QrCode;
use std::path::Path;

/// How often the eight words may be typed.
const TRIES: usize = 3;

/// How the flags confirm the key.
pub struct Confirmed {
    /// The eight words that were read out.
    pub words: Option<String>,
    /// The key was compared otherwise.
    pub yes: bool,
}

/// Runs the verb.
pub fn run(
    context: &mut Context,
    card: &Path,
    confirmed: Confirmed,
    name: Option<String>,
) -> Result<(), Trouble> {
    let card = files::read_small(card)?;
    let mut vault = context.unlock()?;
    let card = vault.card_in(card).map_err(told)?;
    let preview = vault.preview_card(&card, context.now()).map_err(told)?;
    let review = vault.review_card(&card).map_err(told)?.filter(CardReview::differs);
    if let Some(review) = &review {
        card_review::show(&context.terminal, review);
    }
    let outcome = match confirm(&context.terminal, &preview, review.is_some(), confirmed)? {
        Some(confirm) => vault.contact_add(&card, confirm, name, context.now()).map_err(told)?,
        None => ask_words(context, &mut vault, &card, name)?,
    };
    say(&context.terminal, &outcome);
    Ok(())
}

/// What confirms the key without a question; `None` where the words are to be asked for.
fn confirm(
    terminal: &Terminal,
    card: &CardPreview,
    differs: bool,
    confirmed: Confirmed,
) -> Result<Option<Confirm>, Trouble> {
    match confirmed {
        Confirmed { words: Some(words), .. } => Ok(Some(Confirm::Words(words))),
        Confirmed { yes: true, .. } => Ok(Some(Confirm::Yes)),
        // The key was compared when its first card came; who stands on this one is another question.
        _ if card.known_as.is_some() => {
            if differs {
                allow_change(terminal)?;
            }
            Ok(Some(Confirm::Yes))
        }
        _ if terminal.can_ask() => {
            introduce(terminal, card);
            Ok(None)
        }
        _ => Err(Trouble::new(Kind::Declined, m::ERR_WORDS_NEEDED)
            .hint(m::HINT_WORDS_NEEDED)
            .command("sanduq contact add CARD --words \"…\"")),
    }
}

/// A card whose officers, threshold or log are others than before is taken only by a person's word.
fn allow_change(terminal: &Terminal) -> Result<(), Trouble> {
    if terminal.can_ask() {
        return ask::confirm(terminal, m::CONTACT_CHANGE_ASK);
    }
    Err(Trouble::new(Kind::Declined, m::ERR_CARD_NEWER_DIFFERS)
        .safe(m::SAFE_CONTACTS)
        .hint(m::HINT_CARD_NEWER_DIFFERS)
        .command("sanduq contact add CARD --yes"))
}

fn introduce(terminal: &Terminal, card: &CardPreview) {
    // The code first: it is nearly as high as a window, and what is asked about has to stay in sight.
    if let Ok(code) = QrCode::new(&card.digest) {
        terminal.tell(m::CARD_QR);
        terminal.aside(&codes::blocks(&code));
    }
    terminal.tell(m::CARD_SAYS);
    card_lines(terminal.words(), card).iter().for_each(|line| terminal.aside(line));
    terminal.tell(m::CARD_WORDS_HOW);
}

fn ask_words(
    context: &Context,
    vault: &mut Vault,
    card: &[u8],
    name: Option<String>,
) -> Result<CardOutcome, Trouble> {
    for left in (0..TRIES).rev() {
        let typed = ask::line(&context.terminal, m::CARD_WORDS_ASK)?.unwrap_or_default();
        if typed.is_empty() {
            break;
        }
        let count = words::count(&typed);
        match vault.contact_add(card, Confirm::Words(typed), name.clone(), context.now()) {
            Err(VaultError::Card(CardProblem::WordsDiffer)) if left > 0 => {
                context.terminal.tell(match count {
                    8 => m::CARD_WORDS_AGAIN,
                    _ => m::card_words_count(count),
                })
            }
            added => return added.map_err(told),
        }
    }
    Err(Trouble::new(Kind::Declined, m::ERR_DECLINED))
}

/// What a card says, line by line, without the words that are to be compared.
pub fn card_lines(words: &Words, card: &CardPreview) -> Vec<String> {
    let until = Day(&card.valid_until);
    let until = if card.expired { m::contact_expired(until) } else { m::contact_until(until) };
    vec![
        format!("  {}", escape(&card.name)),
        format!("  {}", words.say(m::CardOfficers { threshold: card.threshold, officers: card.officers })),
        format!("  {}", words.say(until)),
        format!("  {}", words.say(m::card_serial(card.serial))),
        format!("  {}", escape(&card.digest)),
    ]
}

fn say(terminal: &Terminal, outcome: &CardOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    terminal.say(match outcome.change {
        ContactChange::Added => m::CONTACT_ADDED,
        ContactChange::Replaced => m::CONTACT_REPLACED,
        ContactChange::Unchanged => m::CONTACT_UNCHANGED,
    });
    terminal.value(&outcome.name);
    terminal.say(m::CONTACT_NEXT);
    terminal.command(&format!("sanduq seal --all --to {}", quoted(&outcome.name)));
}
