//! `sanduq contact list` and `sanduq contact show NAME`: the organisations that items can be sealed to.

use crate::cli::ask;
use crate::cli::commands::contact_add;
use crate::cli::context::{Context, told};
use crate::format::text;
use crate::ui::{Day, Trouble, m};
use crate::vault::ContactSummary;
use serde::Serialize;

#[derive(Serialize)]
struct Contacts {
    contacts: Vec<ContactSummary>,
}

#[derive(Serialize)]
struct Removed<'a> {
    removed: &'a str,
}

/// Lists the contacts.
pub fn list(context: &mut Context) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let contacts = vault.contact_list(context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&Contacts { contacts });
    } else if contacts.is_empty() {
        terminal.say(m::CONTACT_NONE);
        terminal.command("sanduq contact add CARD");
    } else {
        for contact in &contacts {
            let until = Day(&contact.valid_until);
            terminal.data(&text::escape(&contact.name));
            let until = if contact.expired { m::contact_expired(until) } else { m::contact_until(until) };
            terminal.data(&format!("  {}", terminal.words().say(until)));
            terminal.data(&format!("  {}", contact.words));
        }
    }
    Ok(())
}

/// Forgets one contact: nothing here says any more that it was one.
pub fn remove(context: &mut Context, name: &str, yes: bool) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    vault.contact_show(name, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    terminal.remark(m::CONTACT_REMOVE_MEANS);
    ask::set_aside(terminal, vault.set_aside().map_err(told)?)?;
    if !yes {
        ask::confirm(terminal, m::contact_remove_ask(name))?;
    }
    vault.contact_remove(name).map_err(told)?;
    if terminal.json() {
        terminal.answer(&Removed { removed: name });
    } else {
        terminal.say(m::CONTACT_REMOVED);
    }
    Ok(())
}

/// Shows one contact.
pub fn show(context: &mut Context, name: &str) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let contact = vault.contact_show(name, context.now()).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&contact);
        return Ok(());
    }
    let say = |message| terminal.data(&terminal.words().say(message));
    say(m::contact_head(&contact.name));
    contact_add::card_lines(terminal.words(), &contact.card).iter().for_each(|line| terminal.data(line));
    let added = Day(&contact.added);
    say(if contact.confirmed == "words" { m::contact_by_words(added) } else { m::contact_by_yes(added) });
    say(m::CONTACT_LOG);
    terminal.data(&format!("  {}", text::escape(&contact.log)));
    for officer in &contact.officers {
        say(m::contact_officer(officer.place));
        terminal.data(&format!("  {}", &officer.words));
    }
    Ok(())
}
