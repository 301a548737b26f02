//! The audit of derivatives in a disclosure: whether each is the file that its statement names, made from an original
//! that a unit which is shown names, and whether an officer of the card signed that.
//!
//! That it shows what the original shows nobody can see here: it is the word of that officer.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::folder::Folder;
use super::report::{Question, Report, Unproved, ValueName};
use crate::bundle::derivative::{Derivative, How, TEXT_BYTES_MAX};
use crate::bundle::{SignedDerivative, disclosure};
use crate::crypto::hash::Digest;
use crate::evidence::unit::Descriptor;
use crate::format::card::Card;
use crate::format::sshsig::ENVELOPE_BYTES_MAX;

/// What the derivatives of a disclosure are held against.
pub(super) struct About<'a> {
    pub bundle: Option<Digest>,
    pub card: Option<&'a Card>,
    /// The files that are shown: the record's id, the unit's number, and what it says.
    pub files: &'a [(Digest, u32, &'a Descriptor)],
}

/// The number of the original that a name under `data/derivatives/` is about.
pub(super) fn number(name: &str) -> Option<u32> {
    disclosure::number(name.split_once('.').map_or(name, |(number, _)| number))
}

/// Asks of every derivative that is there whether it holds; nothing where there is none. Gives those that hold, by the
/// numbers of their originals.
pub(super) fn ask(
    folder: &Folder,
    about: &About,
    report: &mut Report,
) -> io::Result<BTreeMap<u32, Derivative>> {
    let numbers: BTreeSet<u32> = folder.below(disclosure::DERIVATIVES).filter_map(number).collect();
    let (mut held, mut findings) = (BTreeMap::new(), Vec::new());
    if numbers.is_empty() {
        return Ok(held);
    }
    for number in numbers {
        let name = disclosure::derivative(number);
        match about.derivative(folder, number)? {
            Ok(derivative) => {
                report.value(ValueName::Derivative, said(&name, &derivative));
                held.insert(number, derivative);
            }
            Err(finding) => findings.push(format!("{name}: {finding}")),
        }
    }
    report.ask_all(Question::DisclosureDerivatives, findings);
    report.not_proved.push(Unproved::Derivative);
    Ok(held)
}

/// Which derivative it is, and how it was made.
fn said(name: &str, derivative: &Derivative) -> String {
    let words = match &derivative.how {
        How::ByHand { words: Some(words) } => format!("  {words}"),
        _ => String::new(),
    };
    format!("{name}  {}{words}", derivative.how)
}

impl About<'_> {
    /// The derivative of this number, if it is what an officer of the card says of it.
    fn derivative(&self, folder: &Folder, number: u32) -> io::Result<Result<Derivative, String>> {
        let [text, signature, pq_signature] = disclosure::derivative_statement(number);
        let text = folder.read_or_nothing(&text, TEXT_BYTES_MAX)?;
        let signature = folder.read_or_nothing(&signature, ENVELOPE_BYTES_MAX as u64)?;
        let pq_signature = folder.read_or_nothing(&pq_signature, ENVELOPE_BYTES_MAX as u64)?;
        let signed = match SignedDerivative::parse(&text, &signature, &pq_signature) {
            Ok(signed) => signed,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let name = disclosure::derivative(number);
        let found = folder.digest(&name)?.zip(folder.len(&name));
        Ok(self.check(number, &signed, found).map(|()| signed.derivative().clone()).map_err(str::to_owned))
    }

    fn check(
        &self,
        number: u32,
        signed: &SignedDerivative,
        found: Option<(Digest, u64)>,
    ) -> Result<(), &'static str> {
        let said = signed.derivative();
        let officers = self.card.map(Card::officers).unwrap_or_default();
        if !officers.iter().any(|officer| signed.verify(&officer.keys).is_ok()) {
            return Err("not signed with both keys of the officer on the card whom it names");
        }
        if Some(said.bundle) != self.bundle {
            return Err("about another bundle");
        }
        let shown = self.files.iter().find(|(record, unit, _)| (*record, *unit) == (said.record, said.unit));
        let Some((_, _, descriptor)) = shown else { return Err("no unit that is shown is the one it names") };
        if (descriptor.file, descriptor.sha256) != (number, said.original) {
            return Err("made from another original than the unit says");
        }
        if found != Some((said.derivative, said.bytes)) {
            return Err("not the file that its statement names");
        }
        if said.derivative == said.original { Err("the original itself") } else { Ok(()) }
    }
}
