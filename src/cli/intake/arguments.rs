//! The command line of `sanduq-intake`, as clap reads it; its words come from `help.rs`.

use crate::cli::speak::Common;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "sanduq-intake",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Arguments {
    /// Flags that stand before or after any verb.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Flags that stand before or after any verb.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The folder of the archive.
    #[arg(long, global = true, value_name = "DIR")]
    pub archive: Option<PathBuf>,
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

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Makes an archive.
    Init {
        /// What the organisation calls itself.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// The officers' lines, a file each.
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        officers: Vec<PathBuf>,
        /// How many of them open together.
        #[arg(long, value_name = "K")]
        threshold: Option<usize>,
    },
    /// Prints the unsigned draft of the next card.
    Card,
    /// Takes in bundles, folders of them, or the organisation's signed card.
    Accept {
        /// What to take in.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Takes in whatever arrives in a folder, until it is ended.
    Watch {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Seconds between two looks.
        #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
        every: u64,
    },
    /// Takes in what is on a medium, and lays the receipts for it there.
    Sync {
        /// The medium.
        dir: PathBuf,
    },
    /// Letters of officers, which go on every stick.
    Letters {
        /// What to do with them.
        #[command(subcommand)]
        verb: LettersVerb,
    },
    /// Writes receipts.
    Receipts {
        /// Where to.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Also those that were handed out before.
        #[arg(long)]
        again: bool,
    },
    /// Lists what was accepted.
    List,
    /// Prints the log.
    Log,
}

/// What to do with letters of officers.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum LettersVerb {
    /// Lays them on every stick from now on.
    Add {
        /// The letters.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Lists those that go on every stick.
    List,
    /// Takes them back.
    Drop {
        /// Their names.
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
}

impl Common for Arguments {
    fn lang(&self) -> Option<&str> {
        self.global.lang.as_deref()
    }

    fn json(&self) -> bool {
        self.global.json
    }

    fn quiet(&self) -> bool {
        self.global.quiet
    }
}
