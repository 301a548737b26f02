//! Whom a testimony names: asked once, on the terminal's other screen, after it was typed.

use crate::cli::ask;
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::evidence::persons;
use crate::ui::{Trouble, m};

/// What people put between names.
const BETWEEN: [char; 5] = [',', '،', ';', '؛', '/'];

/// The names a person gives; none if she passes over it.
pub fn asked(terminal: &Terminal) -> Result<Vec<String>, Trouble> {
    if !terminal.can_ask() || terminal.json() {
        return Ok(Vec::new());
    }
    let _screen = Screen::enter();
    terminal.tell(m::PERSONS_WHY);
    let typed = ask::line(terminal, m::PERSONS_ASK)?.unwrap_or_default();
    Ok(persons::names(typed.split(BETWEEN).map(str::to_owned)))
}
