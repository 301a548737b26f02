//! The command line of `sanduq-intake`, as clap reads it; its words come from `help.rs`.

use crate::cli::speak::Common;
use crate::crypto::hash::Digest;
use clap::{ArgGroup, Args, Parser, Subcommand};
use std::num::NonZeroUsize;
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
    Card {
        /// The keys of a witness, a file each.
        #[arg(long, value_name = "FILE")]
        witness: Vec<PathBuf>,
        /// How many of them are enough.
        #[arg(long, value_name = "K", requires = "witness")]
        quorum: Option<usize>,
    },
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
    /// Carrier keys, under which bundles come disguised.
    Carrier {
        /// What to do with them.
        #[command(subcommand)]
        verb: CarrierVerb,
    },
    /// Hands bundles on to a sister organisation.
    #[command(subcommand_negates_reqs = true)]
    Mirror {
        /// The folder that goes to and fro.
        #[arg(required = true, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// What else to do with what was handed on.
        #[command(subcommand)]
        verb: Option<MirrorVerb>,
    },
    /// Keeps bundles for a sister organisation.
    #[command(subcommand)]
    Replica(ReplicaVerb),
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
    /// Prints the log, or writes it for others.
    Log {
        /// What else to do with it.
        #[command(subcommand)]
        verb: Option<LogVerb>,
    },
}

/// What to do with the log.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum LogVerb {
    /// Prints the newest checkpoint.
    Checkpoint,
    /// Prints the proof that something stands in the log.
    Prove {
        /// What it is about.
        #[arg(value_name = "ID")]
        id: Digest,
        /// Under a stamped head, with its stamps; where to.
        #[arg(long, value_name = "DIR")]
        stamped: Option<PathBuf>,
    },
    /// Has heads of the log stamped with a time.
    #[command(group = ArgGroup::new("way").required(true))]
    Stamp {
        /// Writes the newest head, for whoever stamps it.
        #[arg(long, value_name = "FILE", group = "way")]
        export: Option<PathBuf>,
        /// Takes what came back.
        #[arg(long, value_name = "FILE", group = "way")]
        import: Option<PathBuf>,
    },
    /// Asks the witnesses for cosignatures.
    Ask {
        /// Where to.
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Where the proofs begin.
        #[arg(long, value_name = "SIZE")]
        from: Option<u64>,
    },
    /// Takes witnesses' answers.
    Cosigned {
        /// The answers.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Writes the log as plain files.
    Export {
        /// Where to.
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
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

/// What to do with carrier keys.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum CarrierVerb {
    /// Makes one.
    New {
        /// The file to hand over.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Lists those that are held.
    List,
    /// Forgets them.
    Remove {
        /// Their names.
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
}

/// What to do with what was handed on.
#[derive(Debug, Subcommand)]
pub enum MirrorVerb {
    /// Writes a challenge, or checks the answer to it.
    Audit {
        /// The challenge's file.
        #[arg(long, value_name = "FILE")]
        challenge: PathBuf,
        /// The answer's file.
        #[arg(long, value_name = "FILE", conflicts_with = "sample")]
        answer: Option<PathBuf>,
        /// How many bundles to ask about.
        #[arg(long, value_name = "N")]
        sample: Option<NonZeroUsize>,
    },
}

/// What to do with what is kept for a sister organisation.
#[derive(Debug, Subcommand)]
pub enum ReplicaVerb {
    /// Keeps what is on a medium, and lays the list of what is held there.
    Sync {
        /// The medium.
        dir: PathBuf,
    },
    /// Answers a challenge.
    Answer {
        /// The challenge's file.
        #[arg(value_name = "FILE")]
        challenge: PathBuf,
        /// The answer's file.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Hands bundles back.
    Export {
        /// Where to.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Which; all where none is named.
        #[arg(value_name = "ID")]
        ids: Vec<Digest>,
    },
    /// Lists what is kept.
    List,
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
