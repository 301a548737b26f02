//! `sanduq search WORDS` finds items that hold all the words, whichever letter forms were typed.

use crate::cli::context::{Context, told};
use crate::cli::table;
use crate::ui::{Trouble, m};

/// Runs the verb.
pub fn run(context: &mut Context, words: &[String]) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let found = vault.search(&words.join(" ")).map_err(told)?;
    table::print(&context.terminal, &found, m::SEARCH_EMPTY);
    Ok(())
}
