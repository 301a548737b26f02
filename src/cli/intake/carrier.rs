//! `sanduq-intake carrier new --to FILE`, `carrier list`, `carrier remove NAME…`: keys under which bundles come disguised.

use crate::cli::intake::arguments::CarrierVerb;
use crate::cli::intake::told;
use crate::cli::terminal::Terminal;
use crate::intake::{Archive, CarrierView, Reading};
use crate::ui::{Trouble, m};
use serde::Serialize;
use std::path::Path;

/// Runs one of the verbs.
pub fn run(terminal: &Terminal, root: &Path, verb: CarrierVerb) -> Result<(), Trouble> {
    match verb {
        CarrierVerb::New { to } => new(terminal, root, &to),
        CarrierVerb::List => list(terminal, root),
        CarrierVerb::Remove { names } => remove(terminal, root, &names),
    }
}

fn new(terminal: &Terminal, root: &Path, to: &Path) -> Result<(), Trouble> {
    let made = Archive::open(root).and_then(|mut archive| archive.carrier_new(to)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&MadeView { made: &made, file: to });
        return Ok(());
    }
    terminal.say(m::CARRIER_MADE);
    terminal.value(to.display());
    terminal.say(m::CARRIER_MADE_HAND);
    terminal.say(m::CARRIER_MADE_NEXT);
    terminal.command(&format!("sanduq-intake carrier remove {}", made.carrier));
    Ok(())
}

#[derive(Serialize)]
struct MadeView<'a> {
    #[serde(flatten)]
    made: &'a CarrierView,
    #[serde(serialize_with = "crate::format::path::one")]
    file: &'a Path,
}

fn list(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let carriers = Reading::open(root).and_then(|archive| archive.carriers()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&ListView { carriers: &carriers });
    } else if carriers.is_empty() {
        terminal.say(m::CARRIER_NONE);
    } else {
        carriers.iter().for_each(|one| terminal.data(&one.carrier));
    }
    Ok(())
}

#[derive(Serialize)]
struct ListView<'a> {
    carriers: &'a [CarrierView],
}

fn remove(terminal: &Terminal, root: &Path, names: &[String]) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    for (done, name) in names.iter().enumerate() {
        archive.carrier_remove(name).map_err(|error| match done {
            0 => told(error),
            _ => told(error).safe(m::SAFE_LETTERS_SOME),
        })?;
    }
    if terminal.json() {
        terminal.answer(&RemovedView { removed: names });
    } else {
        terminal.say(m::carriers_removed(names.len()));
    }
    Ok(())
}

#[derive(Serialize)]
struct RemovedView<'a> {
    removed: &'a [String],
}
