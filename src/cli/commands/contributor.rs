//! `sanduq contributor remove`: a contributor's part goes, with everything in it.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::ui::{Kind, Trouble, m};

/// Removes the part that the passphrase opens.
pub fn remove(context: &mut Context, yes: bool) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let terminal = &context.terminal;
    let items = vault.status().map_err(told)?.items;
    terminal.remark(m::contributor_remove_means(items));
    match (yes, terminal.can_ask()) {
        (true, _) => {}
        (false, true) => ask::confirm(terminal, m::CONTRIBUTOR_REMOVE_ASK)?,
        (false, false) => {
            return Err(Trouble::new(Kind::Declined, m::ERR_CONTRIBUTOR_UNSURE)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_FORGET_UNSURE)
                .command("sanduq contributor remove --yes"));
        }
    }
    let about = vault.about();
    vault.into_vault().remove_part().map_err(told)?;
    if terminal.json() {
        terminal.answer(&about);
        return Ok(());
    }
    terminal.say(m::CONTRIBUTOR_REMOVED);
    terminal.value(about.part);
    Ok(())
}
