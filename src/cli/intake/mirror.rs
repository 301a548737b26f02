//! `sanduq-intake mirror`: hands bundles on to a sister organisation, and checks that it still has them.

use crate::cli::intake::arguments::MirrorVerb;
use crate::cli::intake::told;
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::crypto::hash::Digest;
use crate::intake::{Finding, Mirrored, Possession, Reading};
use crate::ui::{Kind, Message, Trouble, m};
use serde::Serialize;
use std::num::NonZeroUsize;
use std::path::Path;

/// Runs the verb: on a folder, or the check.
pub fn run(
    terminal: &Terminal,
    root: &Path,
    dir: Option<&Path>,
    verb: Option<&MirrorVerb>,
) -> Result<(), Trouble> {
    match (dir, verb) {
        (Some(dir), None) => carry(terminal, root, dir),
        (None, Some(verb)) => audit(terminal, root, verb),
        // clap asks for one of them; it does not refuse both.
        _ => Err(Trouble::new(Kind::Usage, m::ERR_CONFLICT).value("DIR").value("audit")),
    }
}

/// Writes what the sister does not hold yet, and takes off what it holds.
fn carry(terminal: &Terminal, root: &Path, dir: &Path) -> Result<(), Trouble> {
    let mirrored = Reading::open(root).and_then(|archive| archive.mirror(dir)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&mirrored);
    } else {
        tell(terminal, dir, &mirrored);
    }
    not_whole_here(&mirrored.damaged)
}

fn tell(terminal: &Terminal, dir: &Path, mirrored: &Mirrored) {
    match mirrored.held {
        Some(held) => terminal.say(m::mirror_held(held)),
        None => terminal.say(m::MIRROR_NO_LIST),
    }
    if mirrored.removed > 0 {
        terminal.say(m::sync_removed(mirrored.removed));
    }
    if !mirrored.carried.is_empty() {
        terminal.say(m::mirror_carried(mirrored.carried.len()));
        terminal.value(dir.display());
    }
    if mirrored.left > 0 {
        terminal.say(m::sync_left(mirrored.left));
    }
    if !mirrored.carried.is_empty() {
        terminal.say(m::MIRROR_NEXT);
        terminal.value("sanduq-intake replica sync DIR");
    } else if mirrored.left == 0 && mirrored.damaged.is_empty() {
        nothing_to_carry(terminal, mirrored.held);
    }
}

fn nothing_to_carry(terminal: &Terminal, held: Option<usize>) {
    if held.unwrap_or(0) == 0 {
        terminal.say(m::INTAKE_LIST_EMPTY);
        return;
    }
    terminal.say(m::MIRROR_ALL_HELD);
    terminal.command("sanduq-intake mirror audit --challenge FILE");
}

/// Trouble, if something is not whole in the archive that should have been carried.
fn not_whole_here(damaged: &[Digest]) -> Result<(), Trouble> {
    if damaged.is_empty() {
        return Ok(());
    }
    let told = Trouble::new(Kind::Failed, m::ERR_OWN_DAMAGED);
    Err(damaged
        .iter()
        .fold(told, Trouble::value)
        .safe(m::SAFE_OWN_DAMAGED)
        .hint(m::HINT_OWN_DAMAGED)
        .command("sanduq-intake replica export --to DIR")
        .command("sanduq-intake accept DIR"))
}

/// Writes a challenge, or checks the answer to one.
fn audit(terminal: &Terminal, root: &Path, verb: &MirrorVerb) -> Result<(), Trouble> {
    let MirrorVerb::Audit { challenge, answer, sample } = verb;
    match answer {
        None => ask(terminal, root, challenge, *sample),
        Some(answer) => check(terminal, root, challenge, answer),
    }
}

fn ask(terminal: &Terminal, root: &Path, file: &Path, sample: Option<NonZeroUsize>) -> Result<(), Trouble> {
    let challenge = shell::line([&*file.to_string_lossy()]);
    let check = format!("sanduq-intake mirror audit --challenge {challenge} --answer ANSWER");
    if file.symlink_metadata().is_ok() {
        let told = Trouble::new(Kind::Failed, m::ERR_CHALLENGE_THERE).value(file.display());
        return Err(told.safe(m::SAFE_UNCHANGED).command(check));
    }
    let sample = sample.map(NonZeroUsize::get);
    let asked = Reading::open(root).and_then(|archive| archive.challenge(file, sample)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&AskedView { challenge: file, asked });
        return Ok(());
    }
    terminal.say(m::audit_asked(asked));
    terminal.value(file.display());
    terminal.say(m::AUDIT_NEXT);
    terminal.value("sanduq-intake replica answer CHALLENGE --to ANSWER");
    terminal.command(&check);
    Ok(())
}

#[derive(Serialize)]
struct AskedView<'a> {
    #[serde(serialize_with = "crate::format::path::one")]
    challenge: &'a Path,
    asked: usize,
}

fn check(terminal: &Terminal, root: &Path, challenge: &Path, answer: &Path) -> Result<(), Trouble> {
    let findings = Reading::open(root).and_then(|archive| archive.audit(challenge, answer)).map_err(told)?;
    let held = findings.iter().filter(|one| one.state == Possession::Held).count();
    if terminal.json() {
        terminal.answer(&FindingsView { bundles: &findings });
    } else {
        terminal.say(m::audit_held(held));
        let found = |state| findings.iter().filter(move |one| one.state == state).map(|one| one.bundle);
        name(terminal, m::audit_missing, found(Possession::Missing));
        name(terminal, m::audit_wrong, found(Possession::Wrong));
        name(terminal, m::audit_unsure, found(Possession::Unsure));
    }
    if held == findings.len() {
        return Ok(());
    }
    if findings.iter().all(|one| matches!(one.state, Possession::Held | Possession::Unsure)) {
        return Err(Trouble::new(Kind::Failed, m::ERR_AUDIT_OWN)
            .safe(m::SAFE_AUDIT)
            .hint(m::HINT_OWN_DAMAGED)
            .command("sanduq-intake replica export --to DIR")
            .command("sanduq-intake accept DIR"));
    }
    let told = Trouble::new(Kind::Failed, m::ERR_AUDIT).safe(m::SAFE_AUDIT).hint(m::HINT_AUDIT);
    Err(told.command("sanduq-intake mirror DIR"))
}

/// Names bundles of which the same is said, where there are any.
fn name(terminal: &Terminal, said: fn(usize) -> Message, bundles: impl Iterator<Item = Digest>) {
    let bundles: Vec<Digest> = bundles.collect();
    if !bundles.is_empty() {
        terminal.say(said(bundles.len()));
        bundles.iter().for_each(|id| terminal.value(id));
    }
}

#[derive(Serialize)]
struct FindingsView<'a> {
    bundles: &'a [Finding],
}
