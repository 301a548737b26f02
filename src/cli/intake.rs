//! `sanduq-intake`: the organisation's desk, which takes bundles in and answers with receipts. It opens nothing.

mod answered;
mod arguments;
mod carrier;
mod help;
mod letters;
mod log;
mod mirror;
mod outcomes;
mod replica;
mod stamp;
mod watch;

use crate::cli::intake::arguments::{Arguments, Verb};
use crate::cli::speak::{self, Spoken};
use crate::cli::terminal::Terminal;
#[cfg(feature = "vault")]
use crate::cli::usage;
use crate::cli::{place, shell};
use crate::format::time::Time;
use crate::intake::{
    Answered, Archive, BundleView, Clock, Founding, Reading, SetView, Witnesses, read_officer, read_witness,
};
use crate::ui::{Day, Describe, Kind, Size, Trouble, m};
use serde::Serialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

/// Runs a command line; `clock` tells the time whenever it is asked.
pub fn run(arguments: Vec<OsString>, clock: Clock) -> ExitCode {
    let spoken = match speak::read::<Arguments>(&arguments, &help::HELP) {
        Ok(spoken) => spoken,
        Err(code) => return code,
    };
    let Spoken { arguments, mut terminal, .. } = spoken;
    if let Some(named) = &arguments.global.archive {
        terminal.called_with("sanduq-intake", shell::line(["--archive", &named.to_string_lossy()]));
    }
    let result = root(arguments.global.archive).and_then(|root| act(&terminal, &root, arguments.verb, clock));
    terminal.end(result)
}

/// Runs a command line that the tour shows, and gives the answer that the terminal kept.
#[cfg(feature = "vault")]
pub(super) fn play(words: &[&str], terminal: Terminal, now: Time) -> Result<Vec<u8>, Trouble> {
    let arguments = <Arguments as clap::Parser>::try_parse_from(words)
        .map_err(|error| usage::trouble(&error, "sanduq-intake"))?;
    act(&terminal, &root(arguments.global.archive)?, arguments.verb, std::sync::Arc::new(move || now))?;
    Ok(terminal.take())
}

/// The archive's folder: `--archive`, else where the system keeps a person's data.
fn root(named: Option<PathBuf>) -> Result<PathBuf, Trouble> {
    let usual = || place::data_folder("sanduq-archive", |name| std::env::var_os(name).map(PathBuf::from));
    named.or_else(usual).ok_or_else(|| {
        Trouble::new(Kind::Usage, m::ERR_NO_ARCHIVE_HOME).hint(m::HINT_NO_HOME).command("--archive DIR")
    })
}

fn act(terminal: &Terminal, root: &Path, verb: Verb, clock: Clock) -> Result<(), Trouble> {
    match verb {
        Verb::Init { name, officers, threshold } => init(terminal, root, name, &officers, threshold),
        Verb::Card { witness, quorum } => card(terminal, root, &witness, quorum, clock()),
        Verb::Accept { paths } => accept(terminal, root, &paths, clock()),
        Verb::Watch { folder, every } => watch::run(terminal, root, folder, every, clock),
        Verb::Sync { dir } => sync(terminal, root, &dir, clock()),
        Verb::Letters { verb } => letters::run(terminal, root, verb, clock()),
        Verb::Carrier { verb } => carrier::run(terminal, root, verb),
        Verb::Mirror { dir, verb } => mirror::run(terminal, root, dir.as_deref(), verb.as_ref()),
        Verb::Replica(verb) => replica::run(terminal, root, verb),
        Verb::Receipts { to, again } => receipts(terminal, root, &to, again),
        Verb::List => list(terminal, root),
        Verb::Log { verb } => log::run(terminal, root, verb.as_ref()),
    }
}

fn init(
    terminal: &Terminal,
    root: &Path,
    name: String,
    officers: &[PathBuf],
    threshold: Option<usize>,
) -> Result<(), Trouble> {
    let officers =
        officers.iter().map(|path| read_officer(path)).collect::<Result<Vec<_>, _>>().map_err(told)?;
    let threshold = threshold.unwrap_or(Founding::usual_threshold(officers.len()));
    Archive::init(root, &Founding { name, officers, threshold }).map_err(told)?;
    let founded = Reading::open(root).and_then(|archive| archive.founded()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&InitView { archive: root, founded: &founded });
        return Ok(());
    }
    terminal.say(m::INTAKE_INIT_DONE);
    terminal.value(root.display());
    terminal
        .say(m::IntakeInitQuorum { threshold: usize::from(founded.threshold), officers: founded.officers });
    terminal.say(m::INTAKE_INIT_LOG);
    terminal.value(&founded.log);
    terminal.say(m::INTAKE_INIT_KEY);
    terminal.gap();
    terminal.say(m::INTAKE_INIT_NEXT);
    terminal.command("sanduq-intake card > card.draft");
    terminal.command("sanduq card sign card.draft > organisation.card");
    terminal.command("sanduq-intake accept organisation.card");
    Ok(())
}

#[derive(Serialize)]
struct InitView<'a> {
    #[serde(serialize_with = "crate::format::path::one")]
    archive: &'a Path,
    #[serde(flatten)]
    founded: &'a crate::intake::Founded,
}

fn card(
    terminal: &Terminal,
    root: &Path,
    witnesses: &[PathBuf],
    needed: Option<usize>,
    now: Time,
) -> Result<(), Trouble> {
    let keys =
        witnesses.iter().map(|path| read_witness(path)).collect::<Result<Vec<_>, _>>().map_err(told)?;
    let witnesses = (!keys.is_empty()).then_some(Witnesses { keys, needed });
    let draft = Reading::open(root)
        .and_then(|archive| archive.card_draft_with(now, witnesses.as_ref()))
        .map_err(told)?;
    if terminal.json() {
        let terms = draft.terms();
        let (serial, valid_until) = (terms.serial, terms.valid_until);
        terminal.answer(&DraftView { serial, valid_until, draft: draft.to_string() });
    } else {
        terminal.raw(&draft.to_string());
    }
    Ok(())
}

#[derive(Serialize)]
struct DraftView {
    serial: u64,
    valid_until: crate::format::time::Date,
    draft: String,
}

fn accept(terminal: &Terminal, root: &Path, paths: &[PathBuf], now: Time) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut tally = outcomes::Tally::default();
    let mut views = Vec::new();
    // A signal ends this command as it ends any other: whatever it did by then is whole.
    let result = archive.accept(paths, now, &AtomicBool::new(false), &mut |outcome| {
        tally.count(&outcome);
        if terminal.json() {
            views.push(outcomes::OutcomeView::of(&outcome));
        } else {
            outcomes::tell(terminal, &outcome);
        }
    });
    if terminal.json() {
        terminal.answer(&outcomes::OutcomesView { outcomes: views });
    } else {
        tally.tell(terminal, result.is_ok());
    }
    result.map_err(told)?;
    tally.end()
}

fn sync(terminal: &Terminal, root: &Path, dir: &Path, now: Time) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut tally = outcomes::Tally::default();
    let mut views = Vec::new();
    let result = archive.sync(dir, now, &AtomicBool::new(false), &mut |outcome| {
        tally.count(&outcome);
        if terminal.json() {
            views.push(outcomes::OutcomeView::of(&outcome));
        } else {
            outcomes::tell(terminal, &outcome);
        }
    });
    if !terminal.json() {
        tally.tell(terminal, result.is_ok());
    }
    let answered = match result {
        Ok(answered) => answered,
        Err(error) => {
            if terminal.json() {
                terminal.answer(&outcomes::OutcomesView { outcomes: views });
            }
            return Err(told(error));
        }
    };
    if terminal.json() {
        terminal.answer(&SyncView { outcomes: views, answered: &answered });
    } else {
        answered::tell(terminal, &answered);
    }
    answered::troubles(terminal, &answered)?;
    tally.end()
}

#[derive(Serialize)]
struct SyncView<'a> {
    outcomes: Vec<outcomes::OutcomeView>,
    #[serde(flatten)]
    answered: &'a Answered,
}

fn receipts(terminal: &Terminal, root: &Path, to: &Path, again: bool) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut receipts = Vec::new();
    let result = archive.receipts(to, again, &mut |one| receipts.push(one));
    if terminal.json() {
        let waiting = *result.as_ref().unwrap_or(&0);
        terminal.answer(&ReceiptsView { receipts: &receipts, waiting });
    } else if receipts.is_empty() && matches!(result, Ok(0)) {
        terminal.say(m::RECEIPTS_NONE);
    } else if !receipts.is_empty() {
        terminal.say(m::receipts_done(receipts.len()));
        terminal.value(to.display());
        terminal.say(m::RECEIPTS_SEALED);
    }
    let waiting = result.map_err(told)?;
    if !terminal.json() {
        answered::waiting(terminal, waiting);
    }
    Ok(())
}

#[derive(Serialize)]
struct ReceiptsView<'a> {
    receipts: &'a [crate::intake::HandedOut],
    waiting: usize,
}

fn list(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let archive = Reading::open(root).map_err(told)?;
    let (bundles, sets) = (archive.bundles().map_err(told)?, archive.sets().map_err(told)?);
    if terminal.json() {
        terminal.answer(&ListView { bundles: &bundles, sets: &sets });
        return Ok(());
    }
    if bundles.is_empty() && sets.is_empty() {
        terminal.say(m::INTAKE_LIST_EMPTY);
    }
    bundles.iter().for_each(|bundle| list_one(terminal, bundle));
    if !sets.is_empty() {
        terminal.say(m::INTAKE_LIST_PARTS);
        sets.iter().for_each(|set| outcomes::tell_set(terminal, set));
    }
    Ok(())
}

#[derive(Serialize)]
struct ListView<'a> {
    bundles: &'a [BundleView],
    sets: &'a [SetView],
}

/// The id alone on its line, what is known of it below.
fn list_one(terminal: &Terminal, bundle: &BundleView) {
    let words = terminal.words();
    let answered = if bundle.handed_out { m::INTAKE_LIST_ANSWERED } else { m::INTAKE_LIST_WAITING };
    let day = bundle.accepted.to_string();
    terminal.data(&bundle.bundle.to_string());
    let about =
        m::IntakeListAbout { leaf: bundle.leaf, day: Day(&day), size: Size(bundle.bytes), receipt: answered };
    terminal.data(&format!("  {}", words.say(about)));
}

fn told(error: impl Describe) -> Trouble {
    error.trouble()
}
