//! The flags of `sanduq` that stand before or after any verb; `help.rs` has their words.

use clap::Args;
use std::path::PathBuf;

/// Flags that stand before or after any verb.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The folder of the vault.
    #[arg(long, global = true, value_name = "DIR")]
    pub vault: Option<PathBuf>,
    /// The part of the vault to open.
    #[arg(long, global = true, value_name = "ID")]
    pub part: Option<String>,
    /// The descriptor to read the passphrase from.
    #[arg(long, global = true, value_name = "N")]
    pub passphrase_fd: Option<u32>,
    /// The key file, where the passphrase needs one.
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The language to speak.
    #[arg(long, global = true, value_name = "TAG")]
    pub lang: Option<String>,
    /// Whether to answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Whether to say only what was asked for.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}
