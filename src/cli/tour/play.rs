//! The play: eight chapters, from three officers and a desk to an auditor who holds no key and a vault that forgets.

use crate::cli::context::told;
use crate::cli::tour::samples;
use crate::cli::tour::stage::Stage;
use crate::crypto::words::eight_words;
use crate::format::card::Card;
use crate::ui::{Kind, Trouble, m};
use crate::vault::{CardProblem, VaultError};

/// Plays all of it.
pub fn all(stage: &Stage) -> Result<(), Trouble> {
    officers(stage)?;
    desk(stage)?;
    keep(stage)?;
    send(stage)?;
    receive(stage)?;
    open(stage)?;
    audit(stage)?;
    forget(stage)
}

fn officers(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_OFFICERS);
    for officer in ["officer-1", "officer-2", "officer-3"] {
        stage.run(&["sanduq", "--vault", officer, "init", "--quiet"])?;
        stage.run_to(&["sanduq", "--vault", officer, "recipient"], &format!("{officer}.txt"))?;
    }
    Ok(())
}

fn desk(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_DESK);
    let name = stage.words().say(m::TOUR_ORGANISATION);
    let officers = ["officer-1.txt", "officer-2.txt", "officer-3.txt"];
    let mut found =
        vec!["sanduq-intake", "--archive", "desk", "init", "--name", name.as_str(), "--threshold", "2"];
    found.push("--officers");
    found.extend(officers);
    stage.run(&found)?;
    stage.run_to(&["sanduq-intake", "--archive", "desk", "card"], "card.draft")?;
    stage.chapter(m::TOUR_CARD);
    stage.run_to(&["sanduq", "--vault", "officer-1", "card", "sign", "card.draft"], "organisation.card")?;
    stage.run(&["sanduq-intake", "--archive", "desk", "accept", "organisation.card"])
}

fn keep(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_KEEP);
    stage.write("testimony.txt", samples::TESTIMONY)?;
    stage.folder("samples")?;
    for (name, bytes) in samples::FILES {
        stage.write(&format!("samples/{name}"), bytes)?;
    }
    stage.run(&["sanduq", "--vault", "family", "init"])?;
    stage.chapter(m::TOUR_TESTIFY);
    stage.run(&["sanduq", "--vault", "family", "testify", "--title", "فانوس‌های کاغذی", "testimony.txt"])?;
    stage.run(&["sanduq", "--vault", "family", "add", "samples"])?;
    stage.run(&["sanduq", "--vault", "family", "list"])?;
    stage.chapter(m::TOUR_SEARCH);
    stage.run(&["sanduq", "--vault", "family", "search", "كوچه", "12"])
}

fn send(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_CONTACT);
    let card = card(stage)?;
    let words = eight_words(&card.fingerprint()).join(" ");
    let add = ["sanduq", "--vault", "family", "contact", "add", "organisation.card", "--words", &words];
    stage.run(&add)?;
    stage.chapter(m::TOUR_SEAL);
    stage.run(&["sanduq", "--vault", "family", "seal", "--all", "--to", card.name()])?;
    stage.folder("stick")?;
    stage.run(&["sanduq", "--vault", "family", "export", "stick"])
}

fn receive(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_ACCEPT);
    stage.run(&["sanduq-intake", "--archive", "desk", "accept", "stick"])?;
    stage.run(&["sanduq-intake", "--archive", "desk", "receipts", "--to", "post"])?;
    stage.chapter(m::TOUR_RECEIPT);
    let receipts = stage.files("post")?;
    let mut add = vec!["sanduq", "--vault", "family", "receipt", "add"];
    add.extend(receipts.iter().map(String::as_str));
    stage.run(&add)?;
    stage.run(&["sanduq", "--vault", "family", "status"])
}

fn open(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_OPEN);
    let bundle = bundle(stage)?;
    stage.run(&["sanduq", "--vault", "officer-1", "open", &bundle, "--pass-on", "passed-on"])?;
    stage.run(&["sanduq", "--vault", "officer-3", "open", &bundle, "--with", "passed-on"])?;
    stage.chapter(m::TOUR_READ);
    stage.run(&["sanduq", "--vault", "officer-3", "list"])?;
    stage.run(&["sanduq", "--vault", "officer-3", "show", "1"])?;
    stage.run(&["sanduq", "--vault", "officer-3", "extract", "2", "--to", "opened"])
}

fn audit(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_AUDIT);
    let bundle = bundle(stage)?;
    stage.run(&["sanduq-verify", "bundle", &bundle])?;
    stage.run(&["sanduq", "--vault", "family", "receipt", "export", "proofs"])?;
    let proofs = stage.files("proofs")?;
    let mut verify = vec!["sanduq-verify", "receipt", "--card", "organisation.card"];
    verify.extend(proofs.iter().map(String::as_str));
    stage.run(&verify)?;
    let mut add = vec!["sanduq", "--vault", "officer-3", "receipt", "add"];
    add.extend(proofs.iter().map(String::as_str));
    stage.chapter(m::TOUR_PROOF);
    stage.run(&add)?;
    stage.chapter(m::TOUR_CHANGED);
    let mut bytes = stage.read(&bundle)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    stage.write("changed.bundle", &bytes)?;
    match stage.run_to_fail(&["sanduq-verify", "bundle", "changed.bundle"]) {
        Some(_) => Ok(()),
        None => Err(Trouble::new(Kind::Failed, m::ERR_TOUR)),
    }
}

fn forget(stage: &Stage) -> Result<(), Trouble> {
    stage.chapter(m::TOUR_FORGET);
    stage.run(&["sanduq", "--vault", "family", "forget", "--delivered", "--yes"])?;
    stage.run(&["sanduq", "--vault", "family", "list"])?;
    stage.run(&["sanduq", "--vault", "family", "status"])
}

fn card(stage: &Stage) -> Result<Card, Trouble> {
    let invalid =
        |error: crate::format::FormatError| VaultError::Card(CardProblem::Invalid(error.to_string()));
    Card::parse(&stage.read("organisation.card")?).map_err(invalid).map_err(told)
}

/// The one bundle on the stick.
fn bundle(stage: &Stage) -> Result<String, Trouble> {
    stage.files("stick")?.into_iter().next().ok_or_else(|| Trouble::new(Kind::Failed, m::ERR_TOUR))
}
