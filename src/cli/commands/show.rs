//! `sanduq show ITEM` shows everything about one item.

use crate::cli::consent;
use crate::cli::context::{Context, told};
use crate::cli::follow_up;
use crate::cli::number::ItemNumber;
use crate::cli::post;
use crate::cli::table;
use crate::cli::terminal::Terminal;
use crate::evidence::consent::Consent;
use crate::format::text;
use crate::ui::{Day, Message, Size, Trouble, m};
use crate::vault::{FileView, ItemDetail, OriginView, SealedTo};

/// Runs the verb.
pub fn run(context: &mut Context, item: ItemNumber) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let detail = vault.show(item.0).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&detail);
        return Ok(());
    }
    let consent = vault.consent(item.0).map_err(told)?;
    show(terminal, &detail, &consent);
    Ok(())
}

fn show(terminal: &Terminal, detail: &ItemDetail, consent: &Consent) {
    let summary = &detail.summary;
    let (kind, state) = (table::kind(summary.kind), table::state(summary.state));
    let day = Day(&summary.created);
    label(terminal, m::ShowHead { number: summary.item, kind, day, state });
    field(terminal, m::SHOW_TITLE, Some(&summary.title));
    field(terminal, m::SHOW_DATE, detail.date.as_ref());
    field(terminal, m::SHOW_PLACE, detail.place.as_ref());
    field(terminal, m::SHOW_PERSONS, &detail.persons);
    if let Some(account) = &detail.account {
        label(terminal, m::SHOW_ACCOUNT);
        for line in text::escape_lines(account).lines() {
            terminal.text(&format!("  {line}"));
        }
    }
    consent::show(terminal, consent);
    detail.files.iter().for_each(|shown| file(terminal, shown));
    detail.sealed_to.iter().for_each(|delivery| sealed(terminal, delivery));
    detail.received.iter().for_each(|origin| received(terminal, origin));
}

fn file(terminal: &Terminal, file: &FileView) {
    label(terminal, m::show_file(Size(file.bytes)));
    for value in [&file.label, &file.media_type, &file.sha256] {
        terminal.data(&format!("  {}", text::escape(value)));
    }
}

fn sealed(terminal: &Terminal, sealed: &SealedTo) {
    let state = table::delivery(sealed.state);
    label(terminal, m::ShowSealed { to: &sealed.to, state });
    terminal.data(&format!("  {}", sealed.bundle));
    sealed.follows.iter().for_each(|view| follow_up::follows(terminal, view));
    follow_up::followed(terminal, &sealed.followed);
    sealed.replies.iter().for_each(|reply| post::show(terminal, reply));
}

fn received(terminal: &Terminal, origin: &OriginView) {
    field(terminal, m::SHOW_AUTHOR, [&origin.author_words, &origin.author]);
    field(terminal, m::SHOW_BUNDLE, Some(&origin.bundle));
    field(terminal, m::SHOW_RECORD, Some(&origin.record));
    origin.follows.iter().for_each(|view| follow_up::follows(terminal, view));
    follow_up::followed(terminal, &origin.followed);
    origin.replies.iter().for_each(|reply| post::show(terminal, reply));
    label(terminal, if origin.receipt { m::SHOW_RECEIPT } else { m::SHOW_NO_RECEIPT });
}

fn field<'a>(terminal: &Terminal, name: Message, values: impl IntoIterator<Item = &'a String>) {
    let mut values = values.into_iter().peekable();
    if values.peek().is_some() {
        label(terminal, name);
    }
    values.for_each(|value| terminal.text(&format!("  {}", text::escape(value))));
}

fn label(terminal: &Terminal, name: impl Into<Message>) {
    terminal.data(&terminal.words().say(name));
}
