//! `sanduq prove BUNDLE --challenge TEXT --say TEXT [--to FILE]` says something as the author of a bundle. It opens no
//! vault and works where none is: the phrase alone proves.

use crate::bundle::proof::SIGNATURE_ENDING;
use crate::bundle::{BundleError, Commitment, SignedProof};
use crate::cli::context::{Context, told};
use crate::cli::screen::Screen;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, phrase};
use crate::store::{StoreError, files as disk};
use crate::ui::{Kind, Message, Trouble, m};
use crate::vault::VaultError;
use clap::Args;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// What was typed.
#[derive(Debug, Args)]
pub struct Wanted {
    /// The bundle, or a folder with its outer members.
    pub bundle: PathBuf,
    /// What is to be answered; asked for where it is missing.
    #[arg(long, value_name = "TEXT")]
    pub challenge: Option<String>,
    /// What is to be said; asked for where it is missing.
    #[arg(long, value_name = "TEXT")]
    pub say: Option<String>,
    /// Where to write the proof.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// The descriptor to read the phrase from.
    #[arg(long, value_name = "N")]
    pub phrase_fd: Option<u32>,
}

#[derive(Serialize)]
struct Proved<'a> {
    bundle: String,
    #[serde(serialize_with = "crate::format::path::one")]
    proof: &'a Path,
    #[serde(serialize_with = "crate::format::path::one")]
    signature: &'a Path,
}

/// Runs the verb.
pub fn run(context: &Context, wanted: &Wanted) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let about = commitment(&wanted.bundle)?;
    let challenge = given_or_asked(terminal, wanted.challenge.as_deref(), m::PROVE_CHALLENGE)?;
    let say = given_or_asked(terminal, wanted.say.as_deref(), m::PROVE_SAY)?;
    let key = phrase::read(terminal, wanted.phrase_fd)?;
    let signed = key.prove(&about, challenge.trim(), say.trim()).map_err(told)?;
    let bundle = about.bundle.to_string();
    let to = wanted.to.clone().unwrap_or_else(|| PathBuf::from(format!("proof-{}.proof", &bundle[..8])));
    let signature = PathBuf::from(format!("{}.{SIGNATURE_ENDING}", to.display()));
    write(&signed, &to, &signature).map_err(told)?;
    if terminal.json() {
        terminal.answer(&Proved { bundle, proof: &to, signature: &signature });
        return Ok(());
    }
    terminal.say(m::PROVE_DONE);
    terminal.value(to.display());
    terminal.value(signature.display());
    terminal.say(m::PROVE_NEXT);
    terminal.value("sanduq-verify proof PROOF BUNDLE --challenge TEXT");
    Ok(())
}

/// A text from the command line, which a shell remembers, or typed on the other screen, which nobody does.
fn given_or_asked(terminal: &Terminal, given: Option<&str>, question: Message) -> Result<String, Trouble> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    if !terminal.can_ask() {
        return Err(Trouble::new(Kind::Usage, m::ERR_PROVE_TEXTS)
            .command("sanduq prove BUNDLE --challenge TEXT --say TEXT"));
    }
    let _screen = Screen::enter();
    Ok(ask::line(terminal, question)?.unwrap_or_default())
}

fn commitment(path: &Path) -> Result<Commitment, Trouble> {
    Commitment::at(path).map_err(|error| match error {
        BundleError::Io(source) => told(VaultError::Read { path: path.to_path_buf(), source }),
        error => told(error),
    })
}

/// Writes both files, or neither: first the signature. One that lies there alone and is the same was left by a command
/// that was killed between the two; the same words are signed the same way each time.
fn write(signed: &SignedProof, to: &Path, signature: &Path) -> Result<(), StoreError> {
    let bytes = signed.signature.as_bytes();
    match disk::write_new(signature, bytes) {
        Err(StoreError::Exists { .. }) if is_alone(signature, to, bytes) => {}
        written => written?,
    }
    let written = disk::write_new(to, signed.text.as_bytes());
    // Where the proof got its name and only that may not last, it needs its signature.
    if matches!(written, Err(StoreError::Exists { .. })) || written.is_err() && to.symlink_metadata().is_err()
    {
        disk::remove(signature)?;
    }
    written
}

/// Whether these bytes lie in the signature's place, and nothing in that of the proof.
fn is_alone(signature: &Path, to: &Path, bytes: &[u8]) -> bool {
    let is_as_long = |data: fs::Metadata| data.is_file() && data.len() == bytes.len() as u64;
    to.symlink_metadata().is_err()
        && signature.symlink_metadata().is_ok_and(is_as_long)
        && fs::read(signature).is_ok_and(|found| found == bytes)
}
