//! `sanduq-verify`: checks bundles, receipts, cards, proofs of authorship, logs and disclosures, with no key and no vault,
//! and prints every answer; writes a page about a disclosure; and is a witness.

use crate::audit::{
    self, Beside, LogQuestions, Outcome, Question, Report, TimeQuestions, Unproved, ValueName,
};
use crate::bundle::proof::{PROOF_BYTES_MAX, SIGNATURE_ENDING};
use crate::cli::given::{read, unread};
use crate::cli::report;
use crate::cli::shell;
use crate::cli::speak::{self, Common, Help, Spoken};
use crate::cli::terminal::Terminal;
use crate::cli::witness::{self, WitnessVerb};
use crate::crypto::Digest;
use crate::format::card::CARD_BYTES_MAX;
use crate::format::ots::BlockHeader;
use crate::format::sshsig::ENVELOPE_BYTES_MAX;
use crate::format::time::Time;
use crate::tlog::proof_text::PROOF_BYTES_MAX as RECEIPT_BYTES_MAX;
use crate::tlog::stamp::STAMP_BYTES_MAX;
use crate::ui::{Kind, Message, Trouble, m};
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The words of `sanduq-verify --help`.
const HELP: Help = Help { after: || m::HELP_VERIFY_AFTER, verb, argument };

/// Tokens of which the command is told.
const TOKENS_TOLD_MAX: usize = 8;

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "sanduq-verify",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// The language to speak.
    #[arg(long, global = true, value_name = "TAG")]
    lang: Option<String>,
    /// Whether to answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Whether to say only what does not hold.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// What to check.
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Checks bundles.
    Bundle {
        /// The bundles.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Checks receipts against a card.
    Receipt {
        /// The card that names the log.
        #[arg(long, value_name = "CARD")]
        card: PathBuf,
        /// The receipts.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Stamps on their checkpoint.
        #[arg(long, value_name = "STAMP")]
        stamp: Vec<PathBuf>,
        /// Headers of blocks that a stamp leads to.
        #[arg(long, value_name = "HEX", requires = "stamp")]
        block_header: Vec<BlockHeader>,
    },
    /// Checks cards.
    Card {
        /// The cards.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Checks a proof of authorship against its bundle.
    Proof {
        /// The proof; its signature lies beside it.
        #[arg(value_name = "PROOF")]
        proof: PathBuf,
        /// The bundle, or a folder with its outer members.
        #[arg(value_name = "BUNDLE")]
        bundle: PathBuf,
        /// What the author was asked to answer.
        #[arg(long, value_name = "TEXT")]
        challenge: Option<String>,
    },
    /// Checks a whole log.
    Log {
        /// The folder that the desk exported it to.
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// The card that names the log.
        #[arg(long, value_name = "CARD")]
        card: PathBuf,
        /// What the log showed before.
        #[arg(long, value_name = "OLD")]
        since: Vec<PathBuf>,
        /// What no entry may name.
        #[arg(long, value_name = "ID")]
        lacks: Vec<Digest>,
        /// Among how many entries.
        #[arg(long, value_name = "SIZE", requires = "lacks")]
        at: Option<u64>,
        /// Headers of blocks that a stamp leads to.
        #[arg(long, value_name = "HEX")]
        block_header: Vec<BlockHeader>,
    },
    /// Cosigns heads of logs that only grew.
    Witness {
        /// The folder of the witness.
        #[arg(long, global = true, value_name = "DIR")]
        witness: Option<PathBuf>,
        /// What to do.
        #[command(subcommand)]
        verb: WitnessVerb,
    },
    /// Checks disclosures.
    Disclosure {
        /// The folders.
        #[arg(required = true, value_name = "DIR")]
        dirs: Vec<PathBuf>,
        /// What is at hand beside them.
        #[command(flatten)]
        beside: BesideFlags,
    },
    /// Checks a disclosure and writes a page about it.
    Report {
        /// The folder.
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// The page.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// What is at hand beside it.
        #[command(flatten)]
        beside: BesideFlags,
    },
}

/// What is at hand beside a disclosure.
#[derive(Debug, Args)]
struct BesideFlags {
    /// The organisation's log.
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// Headers of blocks that a stamp leads to.
    #[arg(long, value_name = "HEX")]
    block_header: Vec<BlockHeader>,
}

impl BesideFlags {
    /// What is asked about must be there: a wrong name is no forgery.
    fn beside(&self) -> Result<Beside<'_>, Trouble> {
        self.log.iter().try_for_each(|path| is_there(path))?;
        Ok(Beside { log: self.log.as_deref(), headers: &self.block_header })
    }
}

fn is_there(path: &Path) -> Result<(), Trouble> {
    path.metadata().map(drop).map_err(|error| unread(path, &error))
}

impl Common for Arguments {
    fn lang(&self) -> Option<&str> {
        self.lang.as_deref()
    }

    fn json(&self) -> bool {
        self.json
    }

    fn quiet(&self) -> bool {
        self.quiet
    }
}

/// Runs a command line at this time.
pub fn run(arguments: Vec<OsString>, now: Time) -> ExitCode {
    let spoken = match speak::read::<Arguments>(&arguments, &HELP) {
        Ok(spoken) => spoken,
        Err(code) => return code,
    };
    let Spoken { arguments, mut terminal, .. } = spoken;
    if let Verb::Witness { witness: Some(dir), .. } = &arguments.verb {
        terminal.called_with("sanduq-verify witness", shell::line(["--witness", &dir.to_string_lossy()]));
    }
    let result = act(&terminal, &arguments.verb, now);
    terminal.end(result)
}

/// Runs a command line that the tour shows, and gives the answer that the terminal kept.
#[cfg(feature = "vault")]
pub(super) fn play(words: &[&str], terminal: Terminal, now: Time) -> Result<Vec<u8>, Trouble> {
    let arguments = Arguments::try_parse_from(words)
        .map_err(|error| crate::cli::usage::trouble(&error, "sanduq-verify"))?;
    act(&terminal, &arguments.verb, now)?;
    Ok(terminal.take())
}

fn act(terminal: &Terminal, verb: &Verb, now: Time) -> Result<(), Trouble> {
    match verb {
        Verb::Bundle { files } => each(terminal, files, m::VERIFY_BUNDLE_MEANS, audit::bundle),
        Verb::Receipt { card, files, stamp, block_header } => {
            check_receipts(terminal, card, files, stamp, block_header)
        }
        Verb::Card { files } => each(terminal, files, m::VERIFY_CARD_MEANS, |path| {
            Ok(audit::card(&read(path, CARD_BYTES_MAX)?, now.date()))
        }),
        Verb::Proof { proof, bundle, challenge } => {
            check_proof(terminal, proof, bundle, challenge.as_deref())
        }
        Verb::Log { dir, card, since, lacks, at, block_header } => {
            let (since, lacks, headers) = (since.clone(), lacks.clone(), block_header.clone());
            let questions = LogQuestions { since, lacks, at: *at, headers, ..LogQuestions::default() };
            check_log(terminal, dir, card, &questions)
        }
        Verb::Witness { witness, verb } => witness::run(terminal, witness.as_deref(), verb, now),
        Verb::Disclosure { dirs, beside } => {
            let beside = beside.beside()?;
            each(terminal, dirs, m::VERIFY_DISCLOSURE_MEANS, |path| {
                Ok(audit::disclosed(path, now.date(), &beside)?.0)
            })
        }
        Verb::Report { dir, to, beside } => write_report(terminal, (dir, to), &beside.beside()?, now),
    }
}

/// Audits receipts, each with the same stamps.
fn check_receipts(
    terminal: &Terminal,
    card: &Path,
    files: &[PathBuf],
    stamps: &[PathBuf],
    headers: &[BlockHeader],
) -> Result<(), Trouble> {
    let read_named = |path: &Path, bytes_max| read(path, bytes_max).map_err(|error| unread(path, &error));
    let card = read_named(card, CARD_BYTES_MAX)?;
    let stamps = stamps.iter().map(|path| Ok((path.clone(), read_named(path, STAMP_BYTES_MAX)?)));
    let stamps = stamps.collect::<Result<_, Trouble>>()?;
    let questions = TimeQuestions { stamps, headers: headers.to_vec() };
    each(terminal, files, m::VERIFY_RECEIPT_MEANS, |path| {
        let receipt = read(path, RECEIPT_BYTES_MAX)?;
        let mut report = audit::receipt(&card, &receipt);
        audit::time(&mut report, &receipt, &questions);
        Ok(report)
    })
}

/// Audits a disclosure and writes what it shows as a page, whatever was found; then tells what was found.
fn write_report(
    terminal: &Terminal,
    (dir, to): (&PathBuf, &Path),
    beside: &Beside,
    now: Time,
) -> Result<(), Trouble> {
    report::check_place(dir, to)?;
    let (found, disclosed) =
        audit::disclosed(dir, now.date(), beside).map_err(|error| unread(dir, &error))?;
    report::write(terminal.words(), (dir, to), &found, &disclosed, now.date())?;
    terminal.say(m::REPORT_WRITTEN);
    terminal.value(to.display());
    each(terminal, std::slice::from_ref(dir), m::VERIFY_DISCLOSURE_MEANS, |_| Ok(found.clone()))
}

/// Audits a log in its folder.
fn check_log(terminal: &Terminal, dir: &Path, card: &Path, questions: &LogQuestions) -> Result<(), Trouble> {
    questions.since.iter().try_for_each(|path| is_there(path))?;
    let card = read(card, CARD_BYTES_MAX).map_err(|error| unread(card, &error))?;
    each(terminal, &[dir.to_owned()], m::VERIFY_LOG_MEANS, |dir| audit::log(dir, &card, questions))
}

/// Audits a proof with the signature beside it against a bundle; which of the three cannot be read is told by name.
fn check_proof(
    terminal: &Terminal,
    proof: &Path,
    bundle: &Path,
    challenge: Option<&str>,
) -> Result<(), Trouble> {
    let beside = PathBuf::from(format!("{}.{SIGNATURE_ENDING}", proof.display()));
    let [text, signature] = [(proof, PROOF_BYTES_MAX), (&*beside, ENVELOPE_BYTES_MAX)]
        .map(|(path, bytes_max)| read(path, bytes_max).map_err(|error| unread(path, &error)));
    let report = audit::proof(&text?, &signature?, bundle, challenge.map(str::trim))
        .map_err(|error| unread(bundle, &error))?;
    let means = if challenge.is_some() { m::VERIFY_PROOF_MEANS } else { m::VERIFY_PROOF_UNASKED };
    each(terminal, &[proof.to_owned()], means, |_| Ok(report.clone()))
}

/// Audits each file, tells every answer, and ends in trouble unless all of them hold.
pub(super) fn each(
    terminal: &Terminal,
    files: &[PathBuf],
    means: Message,
    audit: impl Fn(&Path) -> io::Result<Report>,
) -> Result<(), Trouble> {
    let mut views = Vec::new();
    let mut unread_last = None;
    for path in files {
        let report = audit(path);
        if let Err(error) = &report
            && let Some(before) = unread_last.replace(unread(path, error))
        {
            terminal.trouble(&before);
        }
        if let Ok(report) = &report {
            tell(terminal, path, report);
        }
        views.push(FileView::of(path, report));
    }
    if terminal.json() {
        terminal.answer(&FilesView { files: &views });
    }
    if views.iter().all(|view| view.holds) {
        terminal.gap();
        terminal.say(m::VERIFY_ALL_HOLD);
        terminal.say(means);
        return Ok(());
    }
    let judged_bad = views.iter().any(|view| view.report.is_some() && !view.holds);
    if let Some(trouble) = unread_last {
        if !judged_bad {
            // What was not read was not judged: a wrong name is no forgery.
            return Err(trouble);
        }
        terminal.trouble(&trouble);
    }
    terminal.gap();
    Err(Trouble::new(Kind::Failed, m::ERR_VERIFY_FAILED).hint(m::HINT_VERIFY_FAILED))
}

fn tell(terminal: &Terminal, path: &Path, report: &Report) {
    terminal.gap();
    terminal.say(m::VERIFY_FILE);
    terminal.value(path.display());
    for check in &report.checks {
        let asked = terminal.words().say(question(check.question));
        terminal.say(match check.outcome {
            Outcome::Holds => m::verify_holds(asked),
            Outcome::Fails => m::verify_fails(asked),
            Outcome::NotAsked => m::verify_not_asked(asked),
        });
        if let Some(detail) = &check.detail {
            detail.lines().for_each(|line| terminal.value(line));
        }
    }
    for value in &report.values {
        terminal.say(name(value.name));
        match value.name {
            ValueName::Said | ValueName::Convicts => {
                value.value.lines().for_each(|line| terminal.value(line))
            }
            _ => terminal.value(&value.value),
        }
    }
    if !report.not_proved.is_empty() {
        report.not_proved.iter().for_each(|one| {
            let what = terminal.words().say(unproved(*one));
            terminal.say(m::verify_not_proved(what));
        });
    }
    tell_tokens(terminal, path, report);
}

/// The commands that tell what of an authority's tokens is not checked here.
fn tell_tokens(terminal: &Terminal, path: &Path, report: &Report) {
    let tokens = report.values.windows(2).filter_map(|pair| match (pair[0].name, pair[1].name) {
        (ValueName::StampResponse, ValueName::Imprint) => Some((&pair[0].value, &pair[1].value, &[][..])),
        (ValueName::StampToken, ValueName::Imprint) => {
            Some((&pair[0].value, &pair[1].value, &["-token_in"][..]))
        }
        _ => None,
    });
    for ((file, imprint, bare), number) in tokens.take(TOKENS_TOLD_MAX).zip(1..) {
        if number == 1 {
            terminal.say(m::VERIFY_TOKEN_COMMAND);
        }
        // In a folder, the name is one from there.
        let file = if path.is_dir() { path.join(file).display().to_string() } else { file.clone() };
        let words = ["openssl", "ts", "-verify", "-digest", imprint, "-in", &file];
        let rest = ["-CAfile", "ROOT.pem"];
        terminal.command(&shell::line(words.into_iter().chain(bare.iter().copied()).chain(rest)));
    }
}

/// The answer of `--json`.
#[derive(Serialize)]
struct FilesView<'a> {
    files: &'a [FileView],
}

#[derive(Serialize)]
struct FileView {
    #[serde(serialize_with = "crate::format::path::one")]
    file: PathBuf,
    holds: bool,
    #[serde(flatten)]
    report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl FileView {
    fn of(path: &Path, report: io::Result<Report>) -> FileView {
        let file = path.to_path_buf();
        match report {
            Ok(report) => FileView { file, holds: report.holds(), report: Some(report), error: None },
            Err(error) => FileView { file, holds: false, report: None, error: Some(error.to_string()) },
        }
    }
}

pub(super) fn question(question: Question) -> Message {
    match question {
        Question::BundleLayout => m::CHECK_BUNDLE_LAYOUT,
        Question::BundleDeclaration => m::CHECK_BUNDLE_DECLARATION,
        Question::BundleKeys => m::CHECK_BUNDLE_KEYS,
        Question::BundleManifest => m::CHECK_BUNDLE_MANIFEST,
        Question::BundleSealed => m::CHECK_BUNDLE_SEALED,
        Question::BundleTagManifest => m::CHECK_BUNDLE_TAG_MANIFEST,
        Question::BundleSignature => m::CHECK_BUNDLE_SIGNATURE,
        Question::BundlePqSignature => m::CHECK_BUNDLE_PQ_SIGNATURE,
        Question::CardSignatures => m::CHECK_CARD_SIGNATURES,
        Question::CardInTime => m::CHECK_CARD_IN_TIME,
        Question::ReceiptForm => m::CHECK_RECEIPT_FORM,
        Question::ReceiptCheckpoint => m::CHECK_RECEIPT_CHECKPOINT,
        Question::ReceiptWitnesses => m::CHECK_RECEIPT_WITNESSES,
        Question::ReceiptInclusion => m::CHECK_RECEIPT_INCLUSION,
        Question::ProofCommits => m::CHECK_PROOF_COMMITS,
        Question::ProofForm => m::CHECK_PROOF_FORM,
        Question::ProofBundle => m::CHECK_PROOF_BUNDLE,
        Question::ProofCommitment => m::CHECK_PROOF_COMMITMENT,
        Question::ProofSignature => m::CHECK_PROOF_SIGNATURE,
        Question::ProofChallenge => m::CHECK_PROOF_CHALLENGE,
        Question::LogHead => m::CHECK_LOG_HEAD,
        Question::LogSigned => m::CHECK_RECEIPT_CHECKPOINT,
        Question::LogWitnesses => m::CHECK_RECEIPT_WITNESSES,
        Question::LogLeaves => m::CHECK_LOG_LEAVES,
        Question::LogRoot => m::CHECK_LOG_ROOT,
        Question::LogTiles => m::CHECK_LOG_TILES,
        Question::LogOnce => m::CHECK_LOG_ONCE,
        Question::LogSince => m::CHECK_LOG_SINCE,
        Question::LogLacks => m::CHECK_LOG_LACKS,
        Question::ReceiptBundle => m::CHECK_RECEIPT_BUNDLE,
        Question::StampForm => m::CHECK_STAMP_FORM,
        Question::StampHead => m::CHECK_STAMP_HEAD,
        Question::StampBlock => m::CHECK_STAMP_BLOCK,
        Question::LogStamps => m::CHECK_LOG_STAMPS,
        Question::DisclosureLayout => m::CHECK_DISCLOSURE_LAYOUT,
        Question::DisclosureDeclaration => m::CHECK_DISCLOSURE_DECLARATION,
        Question::DisclosureManifests => m::CHECK_DISCLOSURE_MANIFESTS,
        Question::DisclosureBundle => m::CHECK_DISCLOSURE_BUNDLE,
        Question::DisclosureRecords => m::CHECK_DISCLOSURE_RECORDS,
        Question::DisclosureUnits => m::CHECK_DISCLOSURE_UNITS,
        Question::DisclosureFiles => m::CHECK_DISCLOSURE_FILES,
        Question::DisclosureDerivatives => m::CHECK_DISCLOSURE_DERIVATIVES,
        Question::DisclosureTerms => m::CHECK_DISCLOSURE_TERMS,
        Question::DisclosureAuthor => m::CHECK_DISCLOSURE_AUTHOR,
        Question::DisclosureEvents => m::CHECK_DISCLOSURE_EVENTS,
        Question::DisclosureLogged => m::CHECK_DISCLOSURE_LOGGED,
        Question::DisclosureStands => m::CHECK_DISCLOSURE_STANDS,
        Question::DisclosureCustodyRecord => m::CHECK_DISCLOSURE_CUSTODY_RECORD,
    }
}

pub(super) fn name(name: ValueName) -> Message {
    match name {
        ValueName::Bundle => m::VALUE_BUNDLE,
        ValueName::Signer => m::VALUE_SIGNER,
        ValueName::Name => m::VALUE_NAME,
        ValueName::Serial => m::VALUE_SERIAL,
        ValueName::ValidUntil => m::VALUE_VALID_UNTIL,
        ValueName::Quorum => m::VALUE_QUORUM,
        ValueName::Card => m::VALUE_CARD,
        ValueName::CardKey => m::VALUE_CARD_KEY,
        ValueName::Words => m::VALUE_WORDS,
        ValueName::Log => m::VALUE_LOG,
        ValueName::Leaf => m::VALUE_LEAF,
        ValueName::Size => m::VALUE_SIZE,
        ValueName::Root => m::VALUE_ROOT,
        ValueName::Challenge => m::VALUE_CHALLENGE,
        ValueName::Said => m::VALUE_SAID,
        ValueName::Convicts => m::VALUE_CONVICTS,
        ValueName::Audience => m::VALUE_AUDIENCE,
        ValueName::Records => m::VALUE_RECORDS,
        ValueName::Record => m::VALUE_RECORD,
        ValueName::Units => m::VALUE_UNITS,
        ValueName::Derivative => m::VALUE_DERIVATIVE,
        ValueName::Logged => m::VALUE_LOGGED,
        ValueName::Author => m::VALUE_AUTHOR,
        ValueName::AuthorWords => m::VALUE_AUTHOR_WORDS,
        ValueName::StampResponse | ValueName::StampToken => m::VALUE_STAMP_TOKEN,
        ValueName::StampProof => m::VALUE_STAMP_PROOF,
        ValueName::Imprint => m::VALUE_IMPRINT,
        ValueName::TokenTime => m::VALUE_TOKEN_TIME,
        ValueName::Authority => m::VALUE_AUTHORITY,
        ValueName::TokenSerial => m::VALUE_TOKEN_SERIAL,
        ValueName::Calendar => m::VALUE_CALENDAR,
        ValueName::Block => m::VALUE_BLOCK,
        ValueName::MerkleRoot => m::VALUE_MERKLE_ROOT,
        ValueName::BlockTime => m::VALUE_BLOCK_TIME,
        ValueName::BlockHash => m::VALUE_BLOCK_HASH,
    }
}

pub(super) fn unproved(unproved: Unproved) -> Message {
    match unproved {
        Unproved::Author => m::UNPROVED_AUTHOR,
        Unproved::Addressee => m::UNPROVED_ADDRESSEE,
        Unproved::Receipt => m::UNPROVED_RECEIPT,
        Unproved::Derivative => m::UNPROVED_DERIVATIVE,
        Unproved::Events => m::UNPROVED_EVENTS,
        Unproved::Stands => m::UNPROVED_STANDS,
        Unproved::Complete => m::UNPROVED_COMPLETE,
        Unproved::Truth => m::UNPROVED_TRUTH,
        Unproved::AuthoritySignature => m::UNPROVED_AUTHORITY_SIGNATURE,
        Unproved::Block => m::UNPROVED_BLOCK,
        Unproved::Chain => m::UNPROVED_CHAIN,
        Unproved::Pending => m::UNPROVED_PENDING,
    }
}

fn verb(verb: &str) -> Option<Message> {
    Some(match verb {
        "" => m::HELP_VERIFY,
        "bundle" => m::HELP_VERIFY_BUNDLE,
        "receipt" => m::HELP_VERIFY_RECEIPT,
        "card" => m::HELP_VERIFY_CARD,
        "proof" => m::HELP_VERIFY_PROOF,
        "log" => m::HELP_VERIFY_LOG,
        "witness" => m::HELP_WITNESS,
        "witness init" => m::HELP_WITNESS_INIT,
        "witness keys" => m::HELP_WITNESS_KEYS,
        "witness cosign" => m::HELP_WITNESS_COSIGN,
        "witness status" => m::HELP_WITNESS_STATUS,
        "disclosure" => m::HELP_VERIFY_DISCLOSURE,
        "report" => m::HELP_VERIFY_REPORT,
        _ => return None,
    })
}

fn argument(verb: &str, id: &str) -> Option<Message> {
    Some(match (verb, id) {
        (_, "witness") => m::HELP_ARG_WITNESS,
        ("witness init", "name") => m::HELP_ARG_WITNESS_NAME,
        ("witness cosign", "request") => m::HELP_ARG_WITNESS_REQUEST,
        ("witness cosign", "to") => m::HELP_ARG_WITNESS_TO,
        ("receipt" | "log" | "witness cosign", "card") => m::HELP_ARG_VERIFY_CARD,
        ("log", "dir") => m::HELP_ARG_VERIFY_LOG,
        ("log", "since") => m::HELP_ARG_VERIFY_SINCE,
        ("log", "lacks") => m::HELP_ARG_VERIFY_LACKS,
        ("log", "at") => m::HELP_ARG_VERIFY_AT,
        ("receipt", "stamp") => m::HELP_ARG_VERIFY_STAMP,
        (_, "block_header") => m::HELP_ARG_VERIFY_BLOCK_HEADER,
        (_, "files") => m::HELP_ARG_VERIFY_FILES,
        ("disclosure", "dirs") => m::HELP_ARG_VERIFY_DIRS,
        ("disclosure" | "report", "log") => m::HELP_ARG_VERIFY_DISCLOSURE_LOG,
        ("report", "dir") => m::HELP_ARG_REPORT_DIR,
        ("report", "to") => m::HELP_ARG_REPORT_TO,
        ("proof", "proof") => m::HELP_ARG_VERIFY_PROOF,
        ("proof", "bundle") => m::HELP_ARG_VERIFY_BUNDLE,
        ("proof", "challenge") => m::HELP_ARG_VERIFY_CHALLENGE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::speak::assert_every_word;

    #[test]
    fn every_verb_and_flag_has_words_in_every_language() {
        assert_every_word::<Arguments>(&HELP);
    }
}
