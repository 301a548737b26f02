//! `sanduq prove BUNDLE --challenge TEXT --say TEXT [--to FILE]` says something as the author of a bundle. It opens no
//! vault and works where none is: the phrase alone proves.

use crate::bundle::proof::SIGNATURE_ENDING;
use crate::bundle::{BundleError, Commitment, SignedProof};
use crate::cli::context::{Context, told};
use crate::cli::phrase;
use crate::store::{StoreError, files as disk};
use crate::ui::{Trouble, m};
use crate::vault::VaultError;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What was typed.
#[derive(Debug, Args)]
pub struct Wanted {
    /// The bundle, or a folder with its outer members.
    pub bundle: PathBuf,
    /// What is to be answered.
    #[arg(long, value_name = "TEXT")]
    pub challenge: String,
    /// What is to be said.
    #[arg(long, value_name = "TEXT")]
    pub say: String,
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
    proof: &'a Path,
    signature: &'a Path,
}

/// Runs the verb.
pub fn run(context: &Context, wanted: &Wanted) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let about = commitment(&wanted.bundle)?;
    let key = phrase::read(terminal, wanted.phrase_fd)?;
    let signed = key.prove(&about, wanted.challenge.trim(), wanted.say.trim()).map_err(told)?;
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

fn commitment(path: &Path) -> Result<Commitment, Trouble> {
    Commitment::at(path).map_err(|error| match error {
        BundleError::Io(source) => told(VaultError::Read { path: path.to_path_buf(), source }),
        error => told(error),
    })
}

/// Writes both files, or neither.
fn write(signed: &SignedProof, to: &Path, signature: &Path) -> Result<(), StoreError> {
    disk::write_new(to, signed.text.as_bytes())?;
    let written = disk::write_new(signature, signed.signature.as_bytes());
    if written.is_err() {
        disk::remove(to)?;
    }
    written
}
