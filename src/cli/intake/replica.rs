//! `sanduq-intake replica`: keeps bundles for a sister organisation, answers its checks, and hands bundles back.

use crate::cli::intake::arguments::ReplicaVerb;
use crate::cli::intake::told;
use crate::cli::terminal::Terminal;
use crate::crypto::hash::Digest;
use crate::intake::{Archive, Carried, Reading, ReplicaFate, ReplicaOutcome, ReplicaView, Replicas};
use crate::ui::{Describe, Kind, Message, Trouble, m};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Runs the verb.
pub fn run(terminal: &Terminal, root: &Path, verb: ReplicaVerb) -> Result<(), Trouble> {
    match verb {
        ReplicaVerb::Sync { dir } => sync(terminal, root, &dir),
        ReplicaVerb::Answer { challenge, to } => answer(terminal, root, &challenge, &to),
        ReplicaVerb::Export { to, ids } => export(terminal, root, &to, &ids),
        ReplicaVerb::List => list(terminal, root),
    }
}

fn sync(terminal: &Terminal, root: &Path, dir: &Path) -> Result<(), Trouble> {
    let mut archive = Archive::open(root).map_err(told)?;
    let mut tally = Tally::default();
    let mut views = Vec::new();
    let result = archive.keep_replicas(dir, &AtomicBool::new(false), &mut |outcome| {
        tally.count(&outcome.fate);
        if terminal.json() {
            views.push(OutcomeView::of(&outcome));
        } else {
            tell(terminal, &outcome);
        }
    });
    if !terminal.json() && result.is_ok() {
        tally.tell(terminal);
    }
    let replicas = result.map_err(told)?;
    if terminal.json() {
        terminal.answer(&SyncView { outcomes: views, replicas: &replicas });
    } else {
        terminal.say(m::replica_held(replicas.held));
        terminal.value(replicas.list.display());
        terminal.say(m::REPLICA_BACK);
    }
    let damaged = not_whole_here(&replicas.damaged);
    match (tally.end(), damaged) {
        (Err(some), Err(damaged)) => {
            terminal.trouble(&damaged);
            Err(some)
        }
        (some, damaged) => some.and(damaged),
    }
}

fn not_whole_here(damaged: &[Digest]) -> Result<(), Trouble> {
    if damaged.is_empty() {
        return Ok(());
    }
    let told = damaged.iter().fold(Trouble::new(Kind::Failed, m::ERR_REPLICA_DAMAGED), Trouble::value);
    Err(told.safe(m::SAFE_REPLICA_DAMAGED).hint(m::HINT_REPLICA_DAMAGED))
}

fn tell(terminal: &Terminal, outcome: &ReplicaOutcome) {
    let kept = |message: Message, id: &Digest| {
        terminal.say(message);
        terminal.value(outcome.path.display());
        terminal.value(id);
    };
    match &outcome.fate {
        ReplicaFate::Kept { bundle } => kept(m::REPLICA_KEPT, bundle),
        ReplicaFate::Known { bundle } => kept(m::REPLICA_KNOWN, bundle),
        ReplicaFate::Refused(reason) => {
            let told = Trouble::new(Kind::Refused, reason.trouble().what.clone());
            let told = told.value(outcome.path.display()).value(reason);
            terminal.trouble(&told.safe(m::SAFE_REPLICA_REFUSED).hint(m::HINT_REPLICA_REFUSED));
        }
        ReplicaFate::Failed(error) => terminal.trouble(&error.trouble()),
    }
}

/// How many of each there were.
#[derive(Debug, Default)]
struct Tally {
    kept: usize,
    known: usize,
    refused: usize,
    failed: usize,
}

impl Tally {
    fn count(&mut self, fate: &ReplicaFate) {
        let one = match fate {
            ReplicaFate::Kept { .. } => &mut self.kept,
            ReplicaFate::Known { .. } => &mut self.known,
            ReplicaFate::Refused(_) => &mut self.refused,
            ReplicaFate::Failed(_) => &mut self.failed,
        };
        *one += 1;
    }

    /// Sums it up, where there was more than one.
    fn tell(&self, terminal: &Terminal) {
        let Tally { kept, known, refused, failed } = *self;
        match kept + known + refused + failed {
            0 => terminal.say(m::REPLICA_NOTHING),
            1 => {}
            _ => {
                terminal.gap();
                terminal.say(m::ReplicaTally { kept, known, refused, failed });
            }
        }
    }

    fn end(&self) -> Result<(), Trouble> {
        if self.refused + self.failed == 0 {
            return Ok(());
        }
        Err(Trouble::new(Kind::Failed, m::ERR_REPLICA_SOME).safe(m::SAFE_REPLICA_SOME))
    }
}

#[derive(Serialize)]
struct SyncView<'a> {
    outcomes: Vec<OutcomeView>,
    #[serde(flatten)]
    replicas: &'a Replicas,
}

#[derive(Serialize)]
struct OutcomeView {
    #[serde(serialize_with = "crate::format::path::one")]
    path: PathBuf,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl OutcomeView {
    fn of(outcome: &ReplicaOutcome) -> OutcomeView {
        let path = outcome.path.clone();
        let (state, bundle, reason) = match &outcome.fate {
            ReplicaFate::Kept { bundle } => ("kept", Some(*bundle), None),
            ReplicaFate::Known { bundle } => ("known", Some(*bundle), None),
            ReplicaFate::Refused(reason) => ("refused", None, Some(reason.to_string())),
            ReplicaFate::Failed(error) => ("failed", None, Some(error.to_string())),
        };
        OutcomeView { path, state, bundle, reason }
    }
}

fn answer(terminal: &Terminal, root: &Path, challenge: &Path, to: &Path) -> Result<(), Trouble> {
    let answered = Reading::open(root).and_then(|archive| archive.answer_challenge(challenge, to));
    let (held, missing) = answered.map_err(told)?;
    if terminal.json() {
        terminal.answer(&AnswerView { answer: to, held, missing });
    } else {
        terminal.say(m::ReplicaAnswered { held, missing });
        terminal.value(to.display());
    }
    Ok(())
}

#[derive(Serialize)]
struct AnswerView<'a> {
    #[serde(serialize_with = "crate::format::path::one")]
    answer: &'a Path,
    held: usize,
    missing: usize,
}

fn export(terminal: &Terminal, root: &Path, to: &Path, ids: &[Digest]) -> Result<(), Trouble> {
    let exported = Reading::open(root).and_then(|archive| archive.export_replicas(to, ids)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&exported);
    } else {
        match &exported.carried[..] {
            [] if exported.damaged.is_empty() && exported.left == 0 => terminal.say(m::REPLICA_LIST_EMPTY),
            // Of what is there nothing could go.
            [] => {}
            carried => tell_exported(terminal, to, carried),
        }
        if exported.left > 0 {
            terminal.say(m::sync_left(exported.left));
        }
    }
    not_whole_here(&exported.damaged)
}

fn tell_exported(terminal: &Terminal, to: &Path, carried: &[Carried]) {
    terminal.say(m::replica_exported(carried.len()));
    terminal.value(to.display());
    terminal.say(m::REPLICA_EXPORTED_NEXT);
    terminal.value("sanduq-intake accept DIR");
}

fn list(terminal: &Terminal, root: &Path) -> Result<(), Trouble> {
    let replicas = Reading::open(root).and_then(|archive| archive.replicas()).map_err(told)?;
    if terminal.json() {
        terminal.answer(&ListView { replicas: &replicas });
    } else if replicas.is_empty() {
        terminal.say(m::REPLICA_LIST_EMPTY);
    } else {
        for ReplicaView { bundle, bytes } in replicas {
            terminal.data(&bundle.to_string());
            terminal.data(&format!("  {}", terminal.words().size(bytes)));
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct ListView<'a> {
    replicas: &'a [ReplicaView],
}
