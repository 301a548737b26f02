//! `sanduq backup DIR` copies the whole vault, every part of it, and reads it back; it asks for no passphrase.

use crate::cli::ask;
use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::ui::{Trouble, m};
use crate::vault::{BackupOutcome, Vault};
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, dir: &Path) -> Result<(), Trouble> {
    let root = context.root()?;
    Vault::is_there(&root).map_err(told)?;
    let terminal = &context.terminal;
    ask::folder(terminal, dir)?;
    let mut bar = Bar::new(terminal, m::BACKUP_DOING);
    let outcome = Vault::backup(&root, dir, &mut bar).map_err(told)?;
    drop(bar);
    say(terminal, &outcome);
    Ok(())
}

fn say(terminal: &Terminal, outcome: &BackupOutcome) {
    if terminal.json() {
        terminal.answer(outcome);
    } else {
        terminal.say(m::backup_done(outcome.parts));
        terminal.value(outcome.dir.display());
    }
    if outcome.same_disk {
        terminal.remark(m::BACKUP_SAME_DISK);
    }
    if !outcome.opens_there {
        terminal.remark(m::BACKUP_NOT_THERE);
    }
    terminal.remark(m::BACKUP_KEEPS);
}
