//! The audit of a receipt: whether the log that a card names holds the bundle that the receipt names.
//!
//! A receipt is worth what its card is worth; whether the card is the organisation's is asked of people, by its
//! eight words. That the card has expired since takes nothing from the receipt.

use super::report::{Question, Report, ValueName};
use crate::bundle::receipt::Receipt;
use crate::format::card::Card;
use crate::tlog::Leaf;
use crate::tlog::{TlogError, leaf_hash, policy, verify_inclusion};

/// Audits a receipt, a `*.tlog-proof`, against a card. Both are bytes as they came.
#[must_use]
pub fn receipt(card: &[u8], receipt: &[u8]) -> Report {
    let mut report = Report::default();
    let card = report.ask(Question::CardSignatures, Card::parse(card));
    let asked = ask(card.as_ref(), receipt, &mut report);
    if let Some(receipt) = &asked {
        report.value(ValueName::Bundle, receipt.bundle());
        describe(receipt, &mut report);
    }
    if let (Some(card), Some(_)) = (&card, &asked) {
        report.value(ValueName::Log, card.log_key());
        report.value(ValueName::Card, card.digest());
    }
    report
}

/// Asks everything about a receipt, against a card that holds if there is one.
pub(super) fn ask(card: Option<&Card>, receipt: &[u8], report: &mut Report) -> Option<Receipt> {
    let receipt = report.ask(Question::ReceiptForm, Receipt::parse(receipt));
    match (card, &receipt) {
        (Some(card), Some(receipt)) => {
            let checkpoint = &receipt.proof().checkpoint;
            report.ask(Question::ReceiptCheckpoint, checkpoint.verify(card.log_key()));
            let cosigned = policy::verify(checkpoint, card.log_key(), card.policy());
            report.ask(Question::ReceiptWitnesses, cosigned);
        }
        _ => {
            report.not_asked(Question::ReceiptCheckpoint);
            report.not_asked(Question::ReceiptWitnesses);
        }
    }
    match &receipt {
        Some(receipt) => drop(report.ask(Question::ReceiptInclusion, included(receipt))),
        None => report.not_asked(Question::ReceiptInclusion),
    }
    receipt
}

/// Where in the log it stands.
pub(super) fn describe(receipt: &Receipt, report: &mut Report) {
    let checkpoint = receipt.proof().checkpoint.unverified();
    report.value(ValueName::Leaf, receipt.proof().index);
    report.value(ValueName::Size, checkpoint.size);
    report.value(ValueName::Root, checkpoint.root);
}

/// Asked by itself, so that it is answered whoever signed the checkpoint.
fn included(receipt: &Receipt) -> Result<(), TlogError> {
    let (proof, head) = (receipt.proof(), receipt.proof().checkpoint.unverified());
    let leaf = leaf_hash(Leaf::Ingest(receipt.bundle()).to_string().as_bytes());
    if verify_inclusion(&leaf, proof.index, head.size, &proof.hashes, &head.root) {
        return Ok(());
    }
    Err(TlogError::NotIncluded { index: proof.index, size: head.size, root: head.root })
}
