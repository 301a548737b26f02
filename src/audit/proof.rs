//! The audit of a proof of authorship: whether what is said was said by whoever sealed a bundle, in answer to a
//! challenge.
//!
//! That all of it holds means: the holder of the phrase says these words, about this bundle, to this challenge. It
//! does **not** say who that is, and without a challenge of one's own it does not say when.

use std::io;
use std::path::Path;

use super::report::{Question, Report, ValueName};
use crate::bundle::{BundleError, Commitment, Proof};

const ABOUT_THE_BUNDLE: [Question; 3] =
    [Question::ProofBundle, Question::ProofCommitment, Question::ProofSignature];

/// Audits a proof with its signature, both as they came, against the bundle at this path: its file, or a folder with
/// its outer members. An `Err` is about the bundle: it could not be read.
pub fn proof(proof: &[u8], signature: &[u8], bundle: &Path, challenge: Option<&str>) -> io::Result<Report> {
    let mut report = Report::default();
    let about = match Commitment::at(bundle) {
        Err(BundleError::Io(error)) => return Err(error),
        read => report.ask(Question::ProofCommits, read),
    };
    let proof = report.ask(Question::ProofForm, Proof::parse(proof));
    match (&proof, &about) {
        (Some(proof), Some(about)) => {
            report.ask(Question::ProofBundle, proof.check_bundle(about));
            report.ask(Question::ProofCommitment, proof.check_commitment(about));
            report.ask(Question::ProofSignature, proof.check_signature(signature));
        }
        _ => ABOUT_THE_BUNDLE.into_iter().for_each(|question| report.not_asked(question)),
    }
    match (&proof, challenge) {
        (Some(proof), Some(asked)) => {
            report.ask(Question::ProofChallenge, answers(proof, asked));
        }
        (None, Some(_)) => report.not_asked(Question::ProofChallenge),
        (_, None) => {}
    }
    if let Some(proof) = &proof {
        report.value(ValueName::Bundle, proof.bundle());
        report.value(ValueName::Challenge, proof.challenge());
        report.value(ValueName::Said, proof.said());
    }
    Ok(report)
}

fn answers(proof: &Proof, asked: &str) -> Result<(), String> {
    if proof.challenge() == asked { Ok(()) } else { Err(format!("it answers {:?}", proof.challenge())) }
}
