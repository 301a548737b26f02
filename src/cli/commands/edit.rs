//! `sanduq edit ITEM` changes a testimony that is not sealed yet: paragraph by paragraph at a terminal, or replaced
//! by what is piped in.

use crate::cli::commands::testify;
use crate::cli::context::{Context, told};
use crate::cli::editor::{Editor, Typed};
use crate::cli::number::ItemNumber;
use crate::cli::{ask, terminal::Terminal};
use crate::ui::{Kind, Trouble, m};
use crate::vault::TestimonyText;
use std::path::Path;

/// Runs the verb.
pub fn run(context: &mut Context, item: ItemNumber) -> Result<(), Trouble> {
    let mut vault = context.unlock()?;
    let before = vault.testimony(item.0).map_err(told)?;
    let after = if context.terminal.can_ask() {
        retype(&context.terminal, before)?
    } else {
        TestimonyText { title: before.title, account: testify::read(Path::new("-"))? }
    };
    let kept = vault.edit_testimony(item.0, after, context.now()).map_err(told)?;
    testify::say(&context.terminal, &kept);
    context.terminal.say(m::EDIT_TRACES);
    Ok(())
}

/// The testimony as a person left it, each paragraph offered to be changed.
fn retype(terminal: &Terminal, before: TestimonyText) -> Result<TestimonyText, Trouble> {
    let mut editor = Editor::new()?;
    terminal.tell(m::EDIT_TITLE);
    let title = match editor.line("> ", before.title.as_deref().unwrap_or_default())? {
        Typed::Line(title) => Some(title.trim().to_string()).filter(|title| !title.is_empty()),
        Typed::End => before.title,
        Typed::Stop(_) => return Err(unchanged()),
    };
    terminal.tell(m::EDIT_HOW);
    let old: Vec<String> = before.account.split("\n\n").map(str::to_string).collect();
    let mut new: Vec<String> = Vec::new();
    for at in 0.. {
        let standing = old.get(at).map_or("", String::as_str);
        match editor.line("> ", &standing.replace('\n', " "))? {
            Typed::Line(line) if line.trim() != "." => new.extend(paragraphs(&line)),
            Typed::Line(_) | Typed::End => {
                new.extend(kept_rest(terminal, old, at + 1)?);
                break;
            }
            Typed::Stop(line) if ask::yes(terminal, m::EDIT_STOP)? => {
                new.extend(paragraphs(&line));
                new.extend(old.into_iter().skip(at + 1));
                break;
            }
            Typed::Stop(_) => return Err(unchanged()),
        }
    }
    Ok(TestimonyText { title, account: new.join("\n\n") })
}

/// The paragraphs that were not shown yet: they stay, unless a person wants them gone.
fn kept_rest(terminal: &Terminal, old: Vec<String>, shown: usize) -> Result<Vec<String>, Trouble> {
    let rest: Vec<String> = old.into_iter().skip(shown).collect();
    let gone = !rest.is_empty() && ask::yes(terminal, m::edit_rest(rest.len()))?;
    Ok(if gone { Vec::new() } else { rest })
}

fn paragraphs(typed: &str) -> impl Iterator<Item = String> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_string)
}

fn unchanged() -> Trouble {
    Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED).safe(m::SAFE_UNCHANGED)
}
