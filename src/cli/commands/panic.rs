//! `sanduq panic`: the keys of the whole vault are destroyed, at once and for ever.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::ui::{Kind, Trouble, m};
use crate::vault::Vault;

/// Runs the verb. It asks no passphrase: whoever needs it has no time, and whoever can run it could delete the folder.
pub fn run(context: &mut Context, yes: bool) -> Result<(), Trouble> {
    let root = context.root()?;
    let terminal = &context.terminal;
    let parts = Vault::parts(&root).map_err(told)?.len();
    if !yes {
        if !terminal.can_ask() {
            return Err(Trouble::new(Kind::Declined, m::ERR_PANIC_UNSURE)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_FORGET_UNSURE)
                .command("sanduq panic --yes"));
        }
        terminal.tell(m::panic_means(parts));
        ask::confirm(terminal, m::PANIC_ASK)?;
    }
    let outcome = Vault::panic(&root)
        .map_err(|error| told(error).safe(m::SAFE_PANIC_SOME).hint(m::HINT_PANIC_FAILED))?;
    if terminal.json() {
        terminal.answer(&outcome);
        return Ok(());
    }
    terminal.say(m::PANIC_DONE);
    terminal.say(m::PANIC_STAYS);
    Ok(())
}
