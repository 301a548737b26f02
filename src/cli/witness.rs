//! `sanduq-verify witness`: an auditor's own key under the heads of a log that only grew.

use crate::cli::given::{read, unread};
use crate::cli::place;
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::format::card::{CARD_BYTES_MAX, Card};
use crate::format::note::NoteVerifier;
use crate::format::time::Time;
use crate::store::files;
use crate::tlog::add_checkpoint::{AddCheckpoint, REQUEST_BYTES_MAX};
use crate::ui::{Day, Describe, Kind, Message, Trouble, m};
use crate::witness::{LogView, Verdict, WitnessState};
use clap::Subcommand;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What a witness does.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum WitnessVerb {
    /// Makes a witness.
    Init {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Prints its public keys.
    Keys,
    /// Cosigns a head that grew out of the last one.
    Cosign {
        /// What the desk asked.
        #[arg(value_name = "REQUEST")]
        request: PathBuf,
        /// The card that names the log.
        #[arg(long, value_name = "CARD")]
        card: PathBuf,
        /// Where the answer goes.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Says which heads it cosigned last.
    Status,
}

/// Runs the verb, in this folder or where the system keeps a person's data.
pub fn run(terminal: &Terminal, dir: Option<&Path>, verb: &WitnessVerb, now: Time) -> Result<(), Trouble> {
    let usual = || place::data_folder("sanduq-witness", |name| std::env::var_os(name).map(PathBuf::from));
    let root = dir.map(Path::to_owned).or_else(usual).ok_or_else(|| {
        Trouble::new(Kind::Usage, m::ERR_NO_WITNESS_HOME).hint(m::HINT_NO_HOME).command("--witness DIR")
    })?;
    match verb {
        WitnessVerb::Init { name } => init(terminal, &root, name),
        WitnessVerb::Keys => keys(terminal, &root),
        WitnessVerb::Cosign { request, card, to } => cosign(terminal, &root, (request, card), to, now),
        WitnessVerb::Status => status(terminal, &root),
    }
}

fn init(terminal: &Terminal, root: &Path, name: &str) -> Result<(), Trouble> {
    let witness = WitnessState::init(root, name).map_err(|error| error.trouble())?;
    let keys: Vec<&NoteVerifier> = witness.verifiers().collect();
    if terminal.json() {
        terminal.answer(&InitView { witness: root, keys: &keys });
        return Ok(());
    }
    terminal.say(m::WITNESS_INIT_DONE);
    terminal.value(root.display());
    terminal.say(m::WITNESS_INIT_KEYS);
    keys.iter().for_each(|key| terminal.value(key));
    terminal.command("sanduq-verify witness keys > witness.keys");
    terminal.say(m::WITNESS_INIT_SAFE);
    Ok(())
}

#[derive(Serialize)]
struct InitView<'a> {
    #[serde(serialize_with = "crate::format::path::one")]
    witness: &'a Path,
    keys: &'a [&'a NoteVerifier],
}

/// The lines alone, for a file.
fn keys(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let witness = WitnessState::open(root).map_err(|error| error.trouble())?;
    let keys: Vec<&NoteVerifier> = witness.verifiers().collect();
    if terminal.json() {
        terminal.answer(&KeysView { keys: &keys });
    } else {
        keys.iter().for_each(|key| terminal.data(&key.to_string()));
    }
    Ok(())
}

#[derive(Serialize)]
struct KeysView<'a> {
    keys: &'a [&'a NoteVerifier],
}

fn cosign(
    terminal: &Terminal,
    root: &Path,
    (request, card): (&Path, &Path),
    to: &Path,
    now: Time,
) -> Result<(), Trouble> {
    let witness = WitnessState::open(root).map_err(|error| error.trouble())?;
    let card_bytes = read(card, CARD_BYTES_MAX).map_err(|error| unread(card, &error))?;
    let refused = |message: Message, path: &Path, error: &dyn std::fmt::Display| {
        Trouble::new(Kind::Refused, message).value(path.display()).value(error).safe(m::SAFE_NOT_COSIGNED)
    };
    let card_read = Card::parse(&card_bytes).map_err(|error| refused(m::ERR_WITNESS_CARD, card, &error))?;
    let bytes = read(request, REQUEST_BYTES_MAX).map_err(|error| unread(request, &error))?;
    let asked =
        AddCheckpoint::parse(&bytes).map_err(|error| refused(m::ERR_WITNESS_REQUEST, request, &error))?;
    let verdict = witness.cosign(&card_read, &asked, now).map_err(|error| error.trouble())?;
    let answer = match &verdict {
        Verdict::Cosigned { answer, .. } | Verdict::AskAgain { answer, .. } => answer.to_string(),
        Verdict::Convicts { last, refused } => return Err(convicted(terminal, last, refused)),
    };
    // The head is kept by now. If the answer cannot be written, the desk is told next time what was cosigned last.
    files::replace(to, answer.as_bytes()).map_err(|error| error.trouble())?;
    if terminal.json() {
        terminal.answer(&CosignView::of(&verdict, to));
        return Ok(());
    }
    match verdict {
        Verdict::Cosigned { size, grew_from: 0, .. } => terminal.say(m::witness_first(size)),
        Verdict::Cosigned { size, grew_from, .. } => {
            terminal.say(m::WitnessCosigned { old: grew_from, size })
        }
        Verdict::AskAgain { last, .. } => terminal.say(m::witness_ask_again(last)),
        Verdict::Convicts { .. } => {}
    }
    terminal.value(to.display());
    terminal.say(m::WITNESS_NEXT);
    terminal.command("sanduq-intake log cosigned FILE");
    Ok(())
}

/// Both heads, as they are, and the trouble.
fn convicted(terminal: &Terminal, last: &impl ToString, refused: &impl ToString) -> Trouble {
    let heads = [last.to_string(), refused.to_string()];
    if terminal.json() {
        terminal.answer(&ConvictsView { state: "convicts", heads: &heads });
    } else {
        for head in &heads {
            terminal.gap();
            head.lines().for_each(|line| terminal.value(line));
        }
        terminal.gap();
    }
    Trouble::new(Kind::Refused, m::ERR_LOG_CONVICTED).safe(m::SAFE_NOT_COSIGNED).hint(m::HINT_LOG_CONVICTED)
}

#[derive(Serialize)]
struct ConvictsView<'a> {
    state: &'a str,
    heads: &'a [String],
}

#[derive(Serialize)]
struct CosignView<'a> {
    state: &'a str,
    size: u64,
    #[serde(serialize_with = "crate::format::path::one")]
    answer: &'a Path,
}

impl<'a> CosignView<'a> {
    fn of(verdict: &Verdict, answer: &'a Path) -> CosignView<'a> {
        let (state, size) = match verdict {
            Verdict::Cosigned { size, .. } => ("cosigned", *size),
            Verdict::AskAgain { last, .. } => ("ask-again", *last),
            Verdict::Convicts { last, .. } => ("convicts", last.unverified().size),
        };
        CosignView { state, size, answer }
    }
}

fn status(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let witness = WitnessState::open(root).map_err(|error| error.trouble())?;
    let logs = witness.logs().map_err(|error| error.trouble())?;
    let keys: Vec<&NoteVerifier> = witness.verifiers().collect();
    if terminal.json() {
        terminal.answer(&StatusView { keys: &keys, logs: &logs });
        return Ok(());
    }
    terminal.say(m::WITNESS_INIT_KEYS);
    keys.iter().for_each(|key| terminal.value(key));
    if logs.is_empty() {
        terminal.say(m::WITNESS_NO_LOGS);
        terminal.command(&shell::line([
            "sanduq-verify",
            "witness",
            "cosign",
            "REQUEST",
            "--card",
            "CARD",
            "--to",
            "FILE",
        ]));
    }
    logs.iter().for_each(|log| tell(terminal, log));
    Ok(())
}

#[derive(Serialize)]
struct StatusView<'a> {
    keys: &'a [&'a NoteVerifier],
    logs: &'a [LogView],
}

fn tell(terminal: &Terminal, log: &LogView) {
    terminal.gap();
    terminal.say(m::VALUE_LOG);
    terminal.value(&log.log);
    terminal.say(m::witness_log_size(log.size));
    terminal.value(log.root);
    if let Some(cosigned) = log.cosigned {
        let day = cosigned.date().to_string();
        terminal.say(m::witness_log_day(Day(&day)));
    }
    if log.convicted {
        terminal.say(m::ERR_LOG_CONVICTED);
    }
}
