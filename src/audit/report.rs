//! A report: what was asked, what was found, and the values by which a person recognises what it is about.

use serde::Serialize;

/// Findings of one question that are told by name; whoever finds so many needs no more.
const FINDINGS_MAX: usize = 100;

/// All that an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it is about: ids, digests, names. Each was read, and is only worth what the checks say.
    pub values: Vec<Value>,
    /// The questions, in the order in which they were asked.
    pub checks: Vec<Check>,
    /// What is not proved though everything holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_proved: Vec<Unproved>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was asked.
    pub question: Question,
    /// The answer.
    pub outcome: Outcome,
    /// What does not hold, in plain English for experts, a line for each finding; foreign text in it is not escaped.
    pub detail: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Yes.
    Holds,
    /// No.
    Fails,
    /// It could not be asked, because something before it failed.
    NotAsked,
}

/// What an audit asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Has the bundle its members, in their order and lengths, and nothing else?
    BundleLayout,
    /// Is `bagit.txt` the declaration of a bag?
    BundleDeclaration,
    /// Are the one-time keys whole, of the two kinds, and not weak?
    BundleKeys,
    /// Does the manifest list the payload as it is?
    BundleManifest,
    /// Does the payload begin as every sealed file does?
    BundleSealed,
    /// Does the tag manifest list every other member as it is?
    BundleTagManifest,
    /// Is the Ed25519 signature over the tag manifest by the one-time key?
    BundleSignature,
    /// Is the post-quantum signature over the tag manifest by the one-time key?
    BundlePqSignature,
    /// Is the card whole, and does every signature on it hold?
    CardSignatures,
    /// May the card be sealed to today?
    CardInTime,
    /// Is the receipt a proof about one bundle, in its one spelling?
    ReceiptForm,
    /// Did the log that the card names sign the checkpoint?
    ReceiptCheckpoint,
    /// Did as many witnesses cosign as the card's policy asks?
    ReceiptWitnesses,
    /// Do the hashes lead from the bundle's leaf to the root of the checkpoint?
    ReceiptInclusion,
    /// Does the bundle's list vouch for what it commits to?
    ProofCommits,
    /// Is the proof of authorship in its one spelling, and its key not weak?
    ProofForm,
    /// Is it about this bundle?
    ProofBundle,
    /// Is its key the one that the bundle commits to?
    ProofCommitment,
    /// Did that key sign it?
    ProofSignature,
    /// Does it answer the challenge that was put?
    ProofChallenge,
    /// Is the log's newest checkpoint one, in its one spelling?
    LogHead,
    /// Did the log that the card names sign it?
    LogSigned,
    /// Did as many witnesses cosign it as the card's policy asks?
    LogWitnesses,
    /// Is every leaf there, and each one of ours?
    LogLeaves,
    /// Do the leaves make the root of the checkpoint?
    LogRoot,
    /// Are the tiles of hashes what the leaves make?
    LogTiles,
    /// Does no leaf stand there twice?
    LogOnce,
    /// Did the log grow out of a head that it showed before?
    LogSince,
    /// Does no leaf name a digest?
    LogLacks,
    /// Is the receipt about this bundle?
    ReceiptBundle,
    /// Is the stamp an authority's token or a proof of OpenTimestamps?
    StampForm,
    /// Is the stamp over the checkpoint that it is shown with?
    StampHead,
    /// Does a stamp lead to the block whose header was given?
    StampBlock,
    /// Is every stamp in the log's folder over a head that the leaves make?
    LogStamps,
    /// Has the disclosure the files it must have, and no others?
    DisclosureLayout,
    /// Does it declare itself as a disclosure, and count what is there?
    DisclosureDeclaration,
    /// Do both manifests list exactly what is there?
    DisclosureManifests,
    /// Is the outside of the bundle there that it names?
    DisclosureBundle,
    /// Are the records that are shown in the list that the bundle commits to?
    DisclosureRecords,
    /// Is every unit that is shown in its record's list?
    DisclosureUnits,
    /// Is every file named by a unit that is shown, and each of these there, or a derivative in its place?
    DisclosureFiles,
    /// Is every derivative what an officer of the card signed that it is, made from an original that is named?
    DisclosureDerivatives,
    /// Do the terms of every record allow it?
    DisclosureTerms,
    /// Is the author's statement the one that the bundle commits to, about it and this card, and signed?
    DisclosureAuthor,
    /// Is every event about this and signed by an officer of the card, and is none missing?
    DisclosureEvents,
    /// Do the proofs that are there show that the log has these events?
    DisclosureLogged,
    /// Does the log say of no record that is shown that its author withdrew it?
    DisclosureStands,
    /// Does the custody record say what the rest of the disclosure says?
    DisclosureCustodyRecord,
}

/// What a report does not prove though every answer is yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unproved {
    /// Who stands behind it: the author's statement is not there.
    Author,
    /// That it was sealed to this card: the author's statement is not there.
    Addressee,
    /// That the organisation's log holds the bundle: there is no receipt.
    Receipt,
    /// That a derivative shows what its original shows.
    Derivative,
    /// That the events, or some of them, stand in the log.
    Events,
    /// That no record was withdrawn since: the log is not at hand.
    Stands,
    /// That nothing more was taken out on the way.
    Complete,
    /// That what is said is true.
    Truth,
    /// That an authority signed the time that its token claims.
    AuthoritySignature,
    /// That a block has the Merkle root that a stamp leads to.
    Block,
    /// That the block whose header was given is one of Bitcoin's chain.
    Chain,
    /// Any time: only calendars attest so far.
    Pending,
}

/// A value that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// What it is.
    pub name: ValueName,
    /// It, as text; foreign text is not escaped.
    pub value: String,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueName {
    /// The id of a bundle.
    Bundle,
    /// The fingerprint of the one-time keys that signed it.
    Signer,
    /// What an organisation calls itself.
    Name,
    /// The serial number of a card.
    Serial,
    /// The last day on which to seal to a card.
    ValidUntil,
    /// How many officers of how many open together.
    Quorum,
    /// The digest of a card, which the log names.
    Card,
    /// The fingerprint of a card key.
    CardKey,
    /// The same as eight words, for reading aloud.
    Words,
    /// A log's name and public key.
    Log,
    /// A leaf's number in the log.
    Leaf,
    /// How many leaves the log had.
    Size,
    /// The root of the log at that size.
    Root,
    /// What a proof of authorship answers.
    Challenge,
    /// What is said in it, in several lines.
    Said,
    /// A signed checkpoint, in several lines, that contradicts another one.
    Convicts,
    /// For whom a disclosure was made.
    Audience,
    /// How many records of how many in the bundle are shown.
    Records,
    /// A record that is shown.
    Record,
    /// How many of its units of how many are shown.
    Units,
    /// A derivative that lies in the place of an original, and how it was made.
    Derivative,
    /// How many of how many events are known to stand in the log.
    Logged,
    /// The fingerprint of the author's keys.
    Author,
    /// The same as eight words.
    AuthorWords,
    /// A file with an authority's response.
    StampResponse,
    /// A file with an authority's token by itself.
    StampToken,
    /// A file with a proof of OpenTimestamps.
    StampProof,
    /// What was stamped: the digest of a checkpoint's text.
    Imprint,
    /// The time that an authority's token claims.
    TokenTime,
    /// Whose token it says it is.
    Authority,
    /// The number of a token, in hexadecimal.
    TokenSerial,
    /// A calendar that promises to have a head attested.
    Calendar,
    /// The height of a block of Bitcoin.
    Block,
    /// The Merkle root that the block must have.
    MerkleRoot,
    /// When the block was made, by its header.
    BlockTime,
    /// The block's name, by its header.
    BlockHash,
}

impl Report {
    /// Whether every question was asked and every answer is yes.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.outcome == Outcome::Holds)
    }

    pub(super) fn value(&mut self, name: ValueName, value: impl ToString) {
        self.values.push(Value { name, value: value.to_string() });
    }

    /// Takes an answer down, and gives what was found where it holds.
    pub(super) fn ask<T, E: ToString>(&mut self, question: Question, answer: Result<T, E>) -> Option<T> {
        let (found, detail) = match answer {
            Ok(found) => (Some(found), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let outcome = if found.is_some() { Outcome::Holds } else { Outcome::Fails };
        self.checks.push(Check { question, outcome, detail });
        found
    }

    /// Takes down an answer that is a list of what does not hold.
    pub(super) fn ask_all(&mut self, question: Question, mut findings: Vec<String>) {
        if let Some(more) = findings.len().checked_sub(FINDINGS_MAX).filter(|more| *more > 0) {
            findings.truncate(FINDINGS_MAX);
            findings.push(format!("and {more} more"));
        }
        let answer = if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) };
        self.ask(question, answer);
    }

    pub(super) fn not_asked(&mut self, question: Question) {
        self.checks.push(Check { question, outcome: Outcome::NotAsked, detail: None });
    }
}
