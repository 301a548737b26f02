//! `sanduq repair` makes a damaged part of a vault whole as far as it can be, and says item by item what is whole.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::terminal::Terminal;
use crate::store::{Diagnosis, Remedy};
use crate::ui::{Kind, Trouble, escape, m};
use crate::vault::{CheckedItem, Repair, RepairOutcome};

/// Runs the verb: what would be done is said first.
pub fn run(context: &mut Context, yes: bool) -> Result<(), Trouble> {
    let (root, part, passphrase) = context.key()?;
    let repair = Repair::examine(&root, part, &passphrase, context.key_file()?.as_ref()).map_err(told)?;
    drop(passphrase);
    let terminal = &context.terminal;
    let diagnosis = repair.diagnosis();
    if !diagnosis.is_well() {
        warn(terminal, diagnosis);
        sure(terminal, yes)?;
    }
    let outcome = repair.make().map_err(told)?;
    say(terminal, &outcome);
    if outcome.is_whole() { Ok(()) } else { Err(not_whole()) }
}

/// Says beforehand what is damaged and what becomes of it.
fn warn(terminal: &Terminal, diagnosis: Diagnosis) {
    match diagnosis.remedy {
        Remedy::Nothing => {}
        Remedy::Index => terminal.tell(m::REPAIR_DOING_INDEX),
        Remedy::Journal => terminal.tell(m::REPAIR_DOING_JOURNAL),
    }
    let Diagnosis { lost, earlier, packs_gone, .. } = diagnosis;
    let said = [(lost, m::REPAIR_LOST), (earlier, m::REPAIR_EARLIER), (packs_gone, m::REPAIR_PACKS_GONE)];
    said.into_iter().filter(|(holds, _)| *holds).for_each(|(_, message)| terminal.tell(message));
    terminal.tell(m::REPAIR_MEANS);
    terminal.remark_command("sanduq backup DIR");
}

fn sure(terminal: &Terminal, yes: bool) -> Result<(), Trouble> {
    if yes {
        return Ok(());
    }
    if !terminal.can_ask() {
        return Err(Trouble::new(Kind::Declined, m::ERR_REPAIR_UNSURE)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_REPAIR_UNSURE)
            .command("sanduq repair --yes"));
    }
    ask::confirm(terminal, m::REPAIR_ASK)
}

fn say(terminal: &Terminal, outcome: &RepairOutcome) {
    if terminal.json() {
        return terminal.answer(outcome);
    }
    terminal.say(if outcome.diagnosis.is_well() { m::REPAIR_NOTHING } else { m::REPAIR_DONE });
    if !outcome.set_aside.is_empty() {
        terminal.say(m::REPAIR_SET_ASIDE);
        outcome.set_aside.iter().for_each(|name| terminal.value(name));
    }
    terminal.say(m::repair_items(outcome.items.len()));
    outcome.items.iter().for_each(|item| say_item(terminal, item));
    if !outcome.bundles.is_empty() {
        terminal.say(m::repair_bundles(outcome.bundles.len()));
        outcome.bundles.iter().for_each(|bundle| terminal.value(bundle));
    }
    if outcome.others > 0 {
        terminal.say(m::repair_others(outcome.others));
    }
}

/// One line, the title last; below it the files that are damaged.
fn say_item(terminal: &Terminal, item: &CheckedItem) {
    let words = terminal.words();
    let state = words.say(if item.whole { m::REPAIR_ITEM_WHOLE } else { m::REPAIR_ITEM_DAMAGED });
    terminal.data(&format!("{}  {state}  {}", words.number(item.item), escape(&item.title)));
    item.damaged.iter().for_each(|label| terminal.data(&format!("    {}", escape(label))));
}

fn not_whole() -> Trouble {
    Trouble::new(Kind::Failed, m::ERR_NOT_WHOLE).safe(m::SAFE_NOT_WHOLE).hint(m::HINT_NOT_WHOLE)
}
