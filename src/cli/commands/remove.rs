//! `sanduq remove ITEM` removes an item that is not sealed yet.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::number::ItemNumber;
use crate::ui::{Trouble, m};

/// Runs the verb; at a terminal it shows the item and asks.
pub fn run(context: &mut Context, item: ItemNumber) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    if terminal.can_ask() {
        let detail = vault.show(item.0).map_err(told)?;
        terminal.aside(&format!("  {}", crate::ui::escape(&detail.summary.title)));
        ask::confirm(terminal, m::remove_ask(item.0))?;
    }
    let removed = vault.remove(item.0, context.now()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&removed);
    } else {
        terminal.say(m::remove_done(removed.item));
        terminal.value(&removed.title);
        terminal.say(m::REMOVE_TRACES);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::cli::sanduq::{Clock, play};
    use crate::cli::terminal::Terminal;
    use crate::crypto::{KdfParams, Passphrase};
    use crate::format::time::Time;
    use crate::ui::Language;
    use crate::vault::{TestimonyText, Vault};
    use std::time::Duration;

    /// She removed a testimony, was made to give up her passphrase, and learned that her words were still to be had.
    #[test]
    fn whoever_removes_is_told_what_stays() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("vault");
        let phrase = || Passphrase::from("an invented passphrase");
        let now: Time = "2026-11-23T18:40:00Z".parse().unwrap();
        let mut vault = Vault::init(&root, &phrase(), KdfParams::FLOOR, None, "en", now).unwrap();
        vault.testify(TestimonyText { title: None, account: "invented".into() }, now).unwrap();
        drop(vault);
        let terminal = Terminal::playing(Language::English, true, false);
        let said = play(
            &["sanduq", "--vault", root.to_str().unwrap(), "remove", "1"],
            terminal,
            phrase(),
            Clock { now: &move || now, stopwatch: &Duration::default },
        );
        let said = String::from_utf8(said.unwrap()).unwrap();
        assert!(said.contains("readable only with your passphrase"), "{said}");
    }
}
