//! The command line of `sanduq`, as clap reads it; its words come from `help.rs`.

use crate::cli::commands::{disclose, export, prove, qr, reply, sync, withdraw};
use crate::cli::couriers::CourierFlags;
use crate::cli::flags::Global;
use crate::cli::follow_up::FollowUpFlags;
use crate::cli::number::{Count, ItemNumber, Minutes};
use crate::cli::phrase::ProofFlags;
use crate::crypto::Digest;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "sanduq",
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

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Makes a vault, or another part of one.
    Init {
        /// A name for the part; it never leaves the vault.
        #[arg(long, value_name = "LABEL")]
        name: Option<String>,
    },
    /// Keeps files and folders.
    Add {
        /// What to keep.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The terms of consent, as a file.
        #[arg(long, value_name = "FILE")]
        consent: Option<PathBuf>,
    },
    /// Keeps a testimony.
    Testify {
        /// Its title.
        #[arg(long, value_name = "T")]
        title: Option<String>,
        /// A file to read it from; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Seal it at once, without keeping it.
        #[arg(long, requires = "to")]
        direct: bool,
        /// The contact to seal it to.
        #[arg(long, requires = "direct", value_name = "NAME")]
        to: Option<String>,
        /// Whether a phrase shall prove later who sealed it.
        #[arg(long, requires = "direct")]
        proof: bool,
        /// The descriptor to write that phrase to.
        #[arg(long, value_name = "N", requires = "proof", value_parser = clap::value_parser!(u32).range(3..))]
        proof_fd: Option<u32>,
        /// The terms of consent, as a file.
        #[arg(long, value_name = "FILE")]
        consent: Option<PathBuf>,
        /// The couriers among whom its key is split.
        #[command(flatten)]
        couriers: CourierFlags,
    },
    /// Shows and changes the terms of consent of an item.
    Consent {
        /// The item.
        item: ItemNumber,
        /// The terms of consent, as a file.
        #[arg(long, value_name = "FILE")]
        consent: Option<PathBuf>,
    },
    /// Changes a testimony that is not sealed yet.
    Edit {
        /// The testimony.
        item: ItemNumber,
    },
    /// Removes an item that is not sealed yet.
    Remove {
        /// The item.
        item: ItemNumber,
    },
    /// Lists what is kept.
    List {
        /// How many.
        #[arg(long, value_name = "N")]
        limit: Option<Count>,
        /// Only what was kept before this one.
        #[arg(long, value_name = "ITEM")]
        after: Option<ItemNumber>,
    },
    /// Shows one item.
    Show {
        /// The item.
        item: ItemNumber,
    },
    /// Finds items by their words.
    Search {
        /// How many.
        #[arg(long, value_name = "N")]
        limit: Option<Count>,
        /// Only what was kept before this one.
        #[arg(long, value_name = "ITEM")]
        after: Option<ItemNumber>,
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Writes an item's originals in plain.
    Extract {
        /// The item.
        item: ItemNumber,
        /// Where to.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Prints an officer's line for a card draft.
    Recipient {
        /// Also writes the secret identity to this file.
        #[arg(long, value_name = "FILE")]
        identity_to: Option<PathBuf>,
    },
    /// An organisation's own card.
    Card {
        /// What to do with it.
        #[command(subcommand)]
        verb: CardVerb,
    },
    /// The organisations that items can be sealed to.
    Contact {
        /// What to do with them.
        #[command(subcommand)]
        verb: ContactVerb,
    },
    /// Seals items to an organisation.
    Seal {
        /// The items.
        #[arg(required_unless_present_any = ["all", "direct"], conflicts_with = "all", value_name = "ITEM")]
        items: Vec<ItemNumber>,
        /// Every own item not yet sealed to it.
        #[arg(long)]
        all: bool,
        /// The contact's name.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// Forget the items in the same moment.
        #[arg(long)]
        forget: bool,
        /// Whether a phrase shall prove later who sealed it.
        #[command(flatten)]
        proof: ProofFlags,
        /// Files to seal at once, without keeping them.
        #[arg(long, num_args = 1.., conflicts_with_all = ["items", "all", "forget"], value_name = "PATH")]
        direct: Vec<PathBuf>,
        /// The terms of consent for them, as a file.
        #[arg(long, requires = "direct", value_name = "FILE")]
        consent: Option<PathBuf>,
        /// The earlier bundle that this follows up on.
        #[command(flatten)]
        follow_up: FollowUpFlags,
        /// The couriers among whom its key is split.
        #[command(flatten)]
        couriers: CourierFlags,
    },
    /// Withdraws consent for what was sealed.
    Withdraw(withdraw::Asked),
    /// Says something as the author of a bundle.
    Prove(prove::Wanted),
    /// Forgets items: nothing here opens them any more.
    Forget {
        /// The items.
        #[arg(required_unless_present_any = ["delivered", "outbox", "traces"], value_name = "ITEM")]
        items: Vec<ItemNumber>,
        /// Every item of which all bundles have arrived.
        #[arg(long, conflicts_with_all = ["items", "outbox"])]
        delivered: bool,
        /// The bundles that still wait for a receipt.
        #[arg(long, conflicts_with = "items")]
        outbox: bool,
        /// What was removed or changed before.
        #[arg(long, conflicts_with_all = ["items", "delivered", "outbox"])]
        traces: bool,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Copies the whole vault to another disk.
    Backup {
        /// Where to.
        dir: PathBuf,
    },
    /// Makes whole what of a damaged vault can be, and says what is not.
    Repair {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Writes sealed bundles to a folder or medium.
    Export(export::Asked),
    /// Takes in what came back on a medium, and writes what is still open.
    Sync(sync::Asked),
    /// Receipts of organisations.
    Receipt {
        /// What to do with them.
        #[command(subcommand)]
        verb: ReceiptVerb,
    },
    /// Says something to the author of a bundle that was opened here.
    Reply(reply::Asked),
    /// Shows what officers said about what was sent.
    Replies {
        /// About this bundle alone.
        bundle: Option<Digest>,
    },
    /// Shows a card, a receipt, a letter or a bundle as QR codes.
    Qr(qr::Asked),
    /// Reads what QR codes in pictures carry.
    Scan {
        /// The pictures, or folders of them.
        #[arg(required = true, value_name = "PICTURE")]
        pictures: Vec<PathBuf>,
        /// Where to write it.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Shows where every delivery stands.
    Status,
    /// Opens a bundle as an officer.
    Open {
        /// The bundle.
        bundle: PathBuf,
        /// What another officer passed on.
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
        /// Where to write what is passed on to the next officer.
        #[arg(long, value_name = "FILE")]
        pass_on: Option<PathBuf>,
        /// Couriers' shares.
        #[arg(long, num_args = 1.., value_name = "FILE")]
        shares: Vec<PathBuf>,
    },
    /// Writes a redacted copy of what was received.
    Disclose(disclose::Asked),
    /// Notes what was done with received items.
    Custody {
        /// What was done.
        #[command(subcommand)]
        verb: CustodyVerb,
    },
    /// Shows what was opened and disclosed here, or carries it to the log.
    Events {
        /// The medium.
        dir: Option<PathBuf>,
    },
    /// The passphrases of a part.
    Passphrase {
        /// What to do with them.
        #[command(subcommand)]
        verb: PassphraseVerb,
    },
    /// A file without which the passphrase does not open.
    KeyFile {
        /// What to do with it.
        #[command(subcommand)]
        verb: KeyFileVerb,
    },
    /// The 24 words of a part.
    Key {
        /// What to do with them.
        #[command(subcommand)]
        verb: KeyVerb,
    },
    /// Opens a vault by the 24 words.
    Recover {
        /// The descriptor to read the words from.
        #[arg(long, value_name = "N")]
        words_fd: Option<u32>,
        /// Type shares instead of the words.
        #[arg(long, conflicts_with_all = ["words_fd", "shares_from"])]
        shares: bool,
        /// Files with a share in each.
        #[arg(long, num_args = 1.., conflicts_with = "words_fd", value_name = "FILE")]
        shares_from: Vec<PathBuf>,
        /// The descriptor to read the new passphrase from.
        #[arg(long, value_name = "N")]
        new_passphrase_fd: Option<u32>,
    },
    /// Gives a part new keys after somebody may have learned the old ones.
    Rekey,
    /// A contributor's part of the vault.
    Contributor {
        /// What to do with it.
        #[command(subcommand)]
        verb: ContributorVerb,
    },
    /// Destroys the keys of the whole vault, at once and for ever.
    Panic {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Keeps the vault open for several commands.
    Shell {
        /// Minutes without a key after which it locks itself.
        #[arg(long, value_name = "MINUTES", default_value = "5")]
        idle: Minutes,
    },
    /// Plays the whole trip on invented evidence.
    Tour {
        /// Where to play it.
        dir: Option<PathBuf>,
    },
}

/// What to do with passphrases.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum PassphraseVerb {
    /// Puts a new one in the place of the one typed.
    Change {
        /// The descriptor to read the new passphrase from.
        #[arg(long, value_name = "N")]
        new_passphrase_fd: Option<u32>,
    },
    /// Lets another one open the part as well.
    Add {
        /// The descriptor to read the new passphrase from.
        #[arg(long, value_name = "N")]
        new_passphrase_fd: Option<u32>,
    },
    /// Takes one away.
    Remove {
        /// All but the one typed.
        #[arg(long)]
        others: bool,
        /// The descriptor to read the passphrase from that is to go.
        #[arg(long, value_name = "N", conflicts_with = "others")]
        gone_passphrase_fd: Option<u32>,
    },
}

/// What to do with the key file.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum KeyFileVerb {
    /// Makes one, which the passphrase needs from then on.
    Set {
        /// Where to write it.
        file: PathBuf,
    },
    /// Lets the passphrase open alone again.
    Drop,
}

/// What to do with the 24 words.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum KeyVerb {
    /// Shows them.
    Words,
    /// Splits them into shares.
    Split {
        /// How many shares to make.
        #[arg(long, value_name = "N")]
        shares: Count,
        /// How many of them open the vault together.
        #[arg(long, value_name = "K")]
        threshold: Count,
        /// Where to write a page for each.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

/// What to do with a part.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum ContributorVerb {
    /// Removes it, with everything in it.
    Remove {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// What was done with received items.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum CustodyVerb {
    /// They must be kept.
    Hold {
        /// The items.
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<ItemNumber>,
    },
    /// They were handed over.
    Transfer {
        /// The items.
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<ItemNumber>,
        /// The card of the organisation that has them now.
        #[arg(long, value_name = "CARD")]
        to: PathBuf,
    },
}

/// What to do with the own card.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum CardVerb {
    /// Signs a draft.
    Sign {
        /// The draft.
        draft: PathBuf,
        /// What it says was compared already.
        #[arg(long)]
        yes: bool,
    },
}

/// What to do with contacts.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum ContactVerb {
    /// Adds an organisation's card.
    Add {
        /// The card.
        card: PathBuf,
        /// The eight words that were read out.
        #[arg(long, conflicts_with = "yes", value_name = "WORDS")]
        words: Option<String>,
        /// The key was compared otherwise.
        #[arg(long)]
        yes: bool,
        /// The name to hold it under.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Lists contacts.
    List,
    /// Shows one contact.
    Show {
        /// Its name.
        name: String,
    },
    /// Forgets one contact.
    Remove {
        /// Its name.
        name: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// What to do with receipts.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum ReceiptVerb {
    /// Takes receipts in.
    Add {
        /// The receipts.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Writes the receipts held.
    Export {
        /// Where to.
        dir: PathBuf,
    },
    /// Holds a log against the receipts held.
    Check {
        /// The log, as it was exported.
        log: PathBuf,
    },
}
