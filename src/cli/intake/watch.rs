//! `sanduq-intake watch DIR` takes in what arrives, until Ctrl-C or a signal ends it.

use crate::cli::intake::answered;
use crate::cli::intake::outcomes::{self, OutcomeView};
use crate::cli::intake::told;
use crate::cli::terminal::Terminal;
use crate::intake::{Answered, Clock, Watch, WatchEvent, watch};
use crate::ui::{Describe, Trouble, m};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Runs the verb. With `--json` each event is a document on a line of its own.
pub fn run(
    terminal: &Terminal,
    root: &Path,
    folder: PathBuf,
    every: u64,
    clock: Clock,
) -> Result<(), Trouble> {
    terminal.say(m::WATCH_BEGINS);
    terminal.value(folder.display());
    let desk = Watch { folder, every: Duration::from_secs(every), clock };
    watch(root, &desk, &mut |event| tell(terminal, &event)).map_err(told)?;
    terminal.say(m::WATCH_ENDED);
    Ok(())
}

fn tell(terminal: &Terminal, event: &WatchEvent) {
    match event {
        WatchEvent::Settled(outcome) if terminal.json() => terminal.answer(&OutcomeView::of(outcome)),
        WatchEvent::Settled(outcome) => outcomes::tell(terminal, outcome),
        WatchEvent::Answered { folder, answered } if terminal.json() => {
            terminal.answer(&AnsweredView { folder, answered });
        }
        WatchEvent::Answered { answered, .. } => answered::tell(terminal, answered),
        WatchEvent::Unanswered(error) => terminal.trouble(&answered::unlaid(error)),
        WatchEvent::Trouble(error) => terminal.trouble(&error.trouble()),
    }
}

#[derive(Serialize)]
struct AnsweredView<'a> {
    #[serde(serialize_with = "crate::format::path::one")]
    folder: &'a PathBuf,
    #[serde(flatten)]
    answered: &'a Answered,
}
