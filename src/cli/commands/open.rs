//! `sanduq open BUNDLE [--with FILE] [--pass-on FILE] [--shares FILE…]` opens a bundle as an officer.

use crate::cli::context::{Context, told};
use crate::cli::couriers;
use crate::cli::files;
use crate::cli::follow_up;
use crate::cli::progress::Bar;
use crate::cli::terminal::Terminal;
use crate::store::files as disk;
use crate::ui::{Kind, Trouble, m};
use crate::vault::{OpenOutcome, Opening, OtherOfficer, PassOnView, TakenIn};
use std::path::{Path, PathBuf};

/// What was asked for on the command line.
pub struct Asked {
    /// The bundle.
    pub bundle: PathBuf,
    /// What another officer passed on.
    pub with: Option<PathBuf>,
    /// Where to write what is passed on.
    pub pass_on: Option<PathBuf>,
    /// Couriers' shares.
    pub shares: Vec<PathBuf>,
}

/// Runs the verb.
pub fn run(context: &mut Context, asked: &Asked) -> Result<(), Trouble> {
    let with = asked.with.as_deref().map(files::read_small).transpose()?;
    let shares = couriers::read(&asked.shares)?;
    let mut vault = context.unlock()?;
    let terminal = &context.terminal;
    let mut bar = Bar::new(terminal, m::OPEN_DOING);
    let opening = Opening { with: with.as_deref(), shares: &shares };
    let outcome = vault.open_with(&asked.bundle, opening, context.now(), &mut bar).map_err(told)?;
    drop(bar);
    match &outcome {
        OpenOutcome::TakenIn(taken) => taken_in(terminal, taken),
        OpenOutcome::PassOn(view) => {
            hand_on(terminal, view, (asked.with.as_deref(), asked.pass_on.as_deref()))?;
            if !shares.is_empty() {
                terminal.remark(m::OPEN_SHARES_LATER);
            }
        }
        OpenOutcome::SharesNeeded(view) => {
            couriers::name_refused(terminal, &view.refused);
            if terminal.json() {
                terminal.answer(&outcome);
            }
            return Err(couriers::needed(view, asked.with.as_deref()));
        }
        OpenOutcome::OthersMustBegin { who } => return Err(others_first(terminal, who)),
    }
    if terminal.json() {
        terminal.answer(&outcome);
    }
    Ok(())
}

fn taken_in(terminal: &Terminal, taken: &TakenIn) {
    if terminal.json() {
        return;
    }
    couriers::name_refused(terminal, &taken.refused_shares);
    if taken.already {
        terminal.say(m::OPEN_ALREADY);
    } else {
        terminal.say(m::open_done(taken.items.len()));
    }
    terminal.value(numbers(terminal, &taken.items));
    terminal.say(m::open_addressed(&taken.card_name));
    terminal.say(m::OPEN_AUTHOR);
    terminal.value(&taken.author_words);
    terminal.value(&taken.author);
    terminal.say(m::OPEN_AUTHOR_MEANS);
    terminal.say(m::OPEN_BUNDLE);
    terminal.value(&taken.bundle);
    taken.follows.iter().for_each(|view| follow_up::follows(terminal, view));
    if !taken.withdrawn.is_empty() {
        terminal.say(m::OPEN_WITHDRAWN);
        terminal.value(numbers(terminal, &taken.withdrawn));
    }
}

fn numbers(terminal: &Terminal, items: &[u64]) -> String {
    let numbers: Vec<String> = items.iter().map(|item| terminal.words().number(*item)).collect();
    numbers.join("  ")
}

fn hand_on(
    terminal: &Terminal,
    view: &PassOnView,
    (with, pass_on): (Option<&Path>, Option<&Path>),
) -> Result<(), Trouble> {
    let Some(path) = pass_on else {
        return Err(Trouble::new(Kind::Declined, m::ERR_PASS_ON_NEEDED)
            .hint(m::HINT_PASS_ON_NEEDED)
            .command(match with {
                // Otherwise the first officer would have to begin again.
                Some(_) => "sanduq open BUNDLE --with FILE --pass-on FILE",
                None => "sanduq open BUNDLE --pass-on FILE",
            }));
    };
    disk::write_new_undated(path, &view.file).map_err(told)?;
    terminal.say(m::OPEN_PASSED_ON);
    terminal.value(path.display());
    terminal.say(m::OPEN_NEXT_OFFICER);
    officers(terminal, &view.next).iter().for_each(|line| terminal.value(line));
    terminal.say(m::OPEN_NEXT_THEN);
    terminal.value("sanduq open BUNDLE --with FILE");
    Ok(())
}

fn others_first(terminal: &Terminal, who: &[OtherOfficer]) -> Trouble {
    if who.is_empty() {
        return Trouble::new(Kind::Declined, m::ERR_OTHERS_UNKNOWN)
            .hint(m::HINT_OTHERS_UNKNOWN)
            .command("sanduq contact add CARD");
    }
    let trouble = Trouble::new(Kind::Declined, m::ERR_OTHERS_FIRST).hint(m::HINT_OTHERS_FIRST);
    officers(terminal, who).into_iter().fold(trouble, Trouble::value)
}

fn officers(terminal: &Terminal, who: &[OtherOfficer]) -> Vec<String> {
    let line = |officer: &OtherOfficer| {
        let words = officer.words.as_deref().unwrap_or_default();
        format!("{}  {words}", terminal.words().number(officer.place as u64)).trim_end().to_string()
    };
    who.iter().map(line).collect()
}
