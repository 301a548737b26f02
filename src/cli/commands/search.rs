//! `sanduq search [--limit N] [--after ITEM] WORDS` finds items that hold all the words, whichever letter forms were
//! typed, newest first.

use crate::cli::context::{Context, told};
use crate::cli::number::{Count, ItemNumber};
use crate::cli::shell;
use crate::cli::table::{List, WATCHED_MAX};
use crate::ui::{Trouble, m};

/// Runs the verb.
pub fn run(
    context: &mut Context,
    words: &[String],
    limit: Option<Count>,
    after: Option<ItemNumber>,
) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let terminal = &context.terminal;
    let limit = limit.map(|count| count.0).or(terminal.is_watched().then_some(WATCHED_MAX));
    let mut list = List::new(terminal, limit);
    let (wanted, after) = (list.wants(), after.map(|item| item.0));
    vault.each_found(&words.join(" "), wanted, after, |item| list.add(&item)).map_err(told)?;
    if let (Some(last), Some(limit)) = (list.end(m::SEARCH_EMPTY), limit) {
        terminal.remark(m::search_more(limit as u64));
        terminal.remark_command(&again(words, last));
    }
    Ok(())
}

/// What finds those that are older than this item.
fn again(words: &[String], last: u64) -> String {
    let words = shell::line(words.iter().map(String::as_str));
    // What begins as a flag does is a word here.
    let end = if words.starts_with('-') || words.contains(" -") { "-- " } else { "" };
    format!("sanduq search --after {last} {end}{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_for_older_ones_holds_the_words_as_they_were_typed() {
        let again = |words: &[&str]| again(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>(), 7);
        assert_eq!(again(&["نامه", "it's"]), r"sanduq search --after 7 نامه 'it'\''s'");
        assert_eq!(again(&["a", "-b"]), "sanduq search --after 7 -- a -b");
    }
}
