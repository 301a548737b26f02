//! The audit of stamps: whether a time from outside is over the head that it is shown with, and what time it tells.
//!
//! Two things are not proved here. An authority's token **claims** a time: whether the authority signed it `openssl ts
//! -verify` tells, with its root certificate. And a proof of OpenTimestamps leads to the Merkle root of a block: whether
//! the block has it whoever asks compares, or gives the block's header, which a node of their own or an explorer that
//! they believe has told them.

use std::path::PathBuf;

use super::report::{Question, Report, Unproved, ValueName};
use crate::format::FormatError;
use crate::format::ots::{Attestation, BlockHeader, OtsProof};
use crate::format::timestamp::Token;
use crate::tlog::{Checkpoint, Stamp, TlogProof};

/// What an auditor holds against a receipt beside its card.
#[derive(Debug, Clone, Default)]
pub struct TimeQuestions {
    /// Stamps on its checkpoint, as they came, each under the name of its file.
    pub stamps: Vec<(PathBuf, Vec<u8>)>,
    /// Headers of blocks that a stamp should lead to.
    pub headers: Vec<BlockHeader>,
}

/// Audits stamps on the checkpoint of a receipt, or of any other proof, and adds to its report what they say.
pub fn time(report: &mut Report, proof: &[u8], questions: &TimeQuestions) {
    let proof = TlogProof::parse(proof).ok();
    let head = proof.as_ref().map(|proof| proof.checkpoint.unverified());
    let read = |(path, bytes): &(PathBuf, Vec<u8>)| (path.display().to_string(), Stamp::parse(bytes));
    let stamps = questions.stamps.iter().map(read);
    ask(head, stamps, &questions.headers, report);
}

/// Asks everything about stamps on this head.
pub(super) fn ask(
    head: Option<&Checkpoint>,
    stamps: impl Iterator<Item = (String, Result<Stamp, FormatError>)>,
    headers: &[BlockHeader],
    report: &mut Report,
) {
    let mut over = Vec::new();
    for (name, read) in stamps {
        let stamp = report.ask(Question::StampForm, read.map_err(|error| format!("{name}: {error}")));
        match (head, stamp) {
            (Some(head), Some(stamp)) => {
                let checked = check(&name, &stamp, head);
                over.extend(report.ask(Question::StampHead, checked).map(|()| (name, stamp)));
            }
            _ => report.not_asked(Question::StampHead),
        }
    }
    tell(&over, headers, report);
}

/// Whether a stamp is over this head.
pub(super) fn check(name: &str, stamp: &Stamp, head: &Checkpoint) -> Result<(), String> {
    if stamp.is_over(head) {
        return Ok(());
    }
    Err(format!("{name}: it is over {}, which is not this checkpoint of size {}", stamp.imprint(), head.size))
}

/// Tells what stamps say that are over what they should be, and holds headers of blocks against them.
pub(super) fn tell(stamps: &[(String, Stamp)], headers: &[BlockHeader], report: &mut Report) {
    for (name, stamp) in stamps {
        let kind = match stamp {
            Stamp::Response(_) => ValueName::StampResponse,
            Stamp::Token(_) => ValueName::StampToken,
            Stamp::Proof(_) => ValueName::StampProof,
        };
        report.value(kind, name);
        report.value(ValueName::Imprint, stamp.imprint());
        match stamp {
            Stamp::Response(token) | Stamp::Token(token) => tell_token(token, report),
            Stamp::Proof(proof) => tell_proof(proof, headers, report),
        }
    }
    if waits(stamps) {
        unproved(Unproved::Pending, report);
    }
    for header in headers {
        let proofs = stamps.iter().filter_map(|(_, stamp)| match stamp {
            Stamp::Proof(proof) => Some(proof),
            _ => None,
        });
        let led = proofs.flat_map(OtsProof::blocks).any(|(_, root)| root == header.root);
        let found = || format!("no stamp leads to the Merkle root {} of block {}", header.root, header.hash);
        report.ask(Question::StampBlock, if led { Ok(()) } else { Err(found()) });
    }
}

fn tell_token(token: &Token, report: &mut Report) {
    report.value(ValueName::TokenTime, token.time);
    if let Some(authority) = &token.authority {
        report.value(ValueName::Authority, authority);
    }
    report.value(ValueName::TokenSerial, &token.serial);
    unproved(Unproved::AuthoritySignature, report);
}

fn tell_proof(proof: &OtsProof, headers: &[BlockHeader], report: &mut Report) {
    for attestation in &proof.attestations {
        if let Attestation::Pending { calendar } = attestation {
            report.value(ValueName::Calendar, calendar);
        }
    }
    for (height, root) in proof.blocks() {
        report.value(ValueName::Block, height);
        report.value(ValueName::MerkleRoot, root);
        match headers.iter().find(|header| header.root == root) {
            Some(header) => {
                report.value(ValueName::BlockTime, header.time);
                report.value(ValueName::BlockHash, header.hash);
                unproved(Unproved::Chain, report);
            }
            None => unproved(Unproved::Block, report),
        }
    }
}

/// Whether a proof waits for its calendars, and no other over the same head leads to a block.
fn waits(stamps: &[(String, Stamp)]) -> bool {
    let proofs =
        || stamps.iter().filter(|(_, stamp)| matches!(stamp, Stamp::Proof(_))).map(|(_, stamp)| stamp);
    let told = |one: &Stamp| proofs().any(|other| other.tells_time() && other.imprint() == one.imprint());
    proofs().any(|proof| !told(proof))
}

/// Once, however many stamps leave it open.
fn unproved(what: Unproved, report: &mut Report) {
    if !report.not_proved.contains(&what) {
        report.not_proved.push(what);
    }
}
