//! The audit of the events in a disclosure: what officers say they did, whether each is signed by an officer of the card,
//! and whether the log has it.
//!
//! An event that is not in the log is no fault: a disclosure can be made before the log knows of it. How many are is told.
//! A record that its author withdrew is one, whether the disclosure tells of it or the log does.

use std::collections::{BTreeSet, HashSet};
use std::io;

use super::disclosed::DisclosedEvent;
use super::folder::Folder;
use super::report::{Question, Report, Unproved, ValueName};
use crate::bundle::SignedEvent;
use crate::bundle::disclosure;
use crate::bundle::event::LINE_BYTES_MAX;
use crate::crypto::hash::Digest;
use crate::custody::Event;
use crate::format::card::Card;
use crate::format::sshsig::ENVELOPE_BYTES_MAX;
use crate::tlog::proof_text::PROOF_BYTES_MAX;
use crate::tlog::{Leaf, TlogError, TlogProof};

/// What the events of a disclosure are held against.
pub(super) struct About<'a> {
    pub bundle: Option<Digest>,
    pub card: Option<&'a Card>,
    /// The records that are shown, by number and id.
    pub records: &'a [(u32, Digest)],
    /// The bundle's inner salt.
    pub salt: Option<&'a [u8; 32]>,
}

/// Asks whether every event is about this and signed, none is missing, and each proof that is there holds. Gives the events
/// that hold, and whether all do.
pub(super) fn ask(
    folder: &Folder,
    about: &About,
    report: &mut Report,
) -> io::Result<(Vec<DisclosedEvent>, bool)> {
    let (mut told, mut findings, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    let mut said = HashSet::new();
    let names = folder.below(disclosure::EVENTS);
    let numbers: BTreeSet<u32> =
        names.filter_map(|name| disclosure::number(name.split_once('.')?.0)).collect();
    if !numbers.iter().copied().eq(1..=numbers.len() as u32) {
        findings.push(format!("{}: a number is missing", disclosure::EVENTS));
    }
    let mut proofs = 0;
    for number in numbers {
        let name = disclosure::event_proof(number);
        let proof = folder.read(&name, PROOF_BYTES_MAX as u64)?;
        proofs += usize::from(proof.is_some());
        let (signed, officer) = match about.event(folder, number)? {
            Ok(event) => event,
            Err(finding) => {
                findings.push(format!("{}: {finding}", disclosure::event(number)[0]));
                continue;
            }
        };
        if !said.insert(signed.event()) {
            findings.push(format!("{}: told before", disclosure::event(number)[0]));
        }
        let leaf = about.salt.map(|salt| signed.leaf(salt));
        let proved = proof.map(|proof| about.proved(leaf, &proof));
        if let Some(Err(finding)) = &proved {
            wrong.push(format!("{name}: {finding}"));
        }
        let logged = matches!(proved, Some(Ok(())));
        told.push(DisclosedEvent { number, signed, officer, leaf, logged });
    }
    for (number, record) in about.records {
        if !said.contains(&Event::Disclose { record: *record }) {
            let name = disclosure::record(*number);
            findings.push(format!("{name}: no event that holds says that it was disclosed"));
        }
    }
    let hold = findings.is_empty();
    report.ask_all(Question::DisclosureEvents, findings);
    if proofs > 0 {
        report.ask_all(Question::DisclosureLogged, wrong);
    }
    Ok((told, hold))
}

/// Tells how many of the events are known to stand in the log.
pub(super) fn tell_logged(told: &[DisclosedEvent], report: &mut Report) {
    let logged = told.iter().filter(|told| told.logged).count();
    report.value(ValueName::Logged, format!("{logged}/{}", told.len()));
    if logged < told.len() || told.is_empty() {
        report.not_proved.push(Unproved::Events);
    }
}

/// Asks a whole log that holds whether a record that is shown was withdrawn, and which events stand in it.
pub(super) fn ask_log(
    told: &mut [DisclosedEvent],
    about: &About,
    leaves: Option<Vec<Vec<u8>>>,
    report: &mut Report,
) {
    let (Some(leaves), Some(salt)) = (leaves, about.salt) else {
        return report.not_asked(Question::DisclosureStands);
    };
    let leaves: HashSet<Vec<u8>> = leaves.into_iter().collect();
    let has = |event: &Event| leaves.contains(event.leaf(salt).to_string().as_bytes());
    let withdrawn = about.records.iter().filter(|(_, record)| has(&Event::Withdraw { record: *record }));
    let findings = withdrawn.map(|(number, _)| format!("{}: withdrawn", disclosure::record(*number)));
    report.ask_all(Question::DisclosureStands, findings.collect());
    told.iter_mut().for_each(|told| told.logged |= has(&told.signed.event()));
}

impl About<'_> {
    /// The event of this number, and the officer of the card who signed it, if a disclosure of these records may tell it.
    fn event(&self, folder: &Folder, number: u32) -> io::Result<Result<(SignedEvent, Digest), String>> {
        let [line, signature, pq_signature] = disclosure::event(number);
        let line = folder.read_or_nothing(&line, LINE_BYTES_MAX)?;
        let signature = folder.read_or_nothing(&signature, ENVELOPE_BYTES_MAX as u64)?;
        let pq_signature = folder.read_or_nothing(&pq_signature, ENVELOPE_BYTES_MAX as u64)?;
        let event = SignedEvent::parse(&line, &signature, &pq_signature).map_err(|error| error.to_string());
        Ok(event.and_then(|event| self.check(&event).map(|officer| (event, officer))))
    }

    fn check(&self, event: &SignedEvent) -> Result<Digest, String> {
        let shown = |record: &Digest| self.records.iter().any(|(_, shown)| shown == record);
        let officers = self.card.map(Card::officers).unwrap_or_default();
        let officer = officers.iter().find(|officer| event.verify(&officer.keys).is_ok());
        let officer =
            officer.ok_or("not signed with both keys of an officer on the card")?.keys.fingerprint();
        match event.event() {
            Event::Open { bundle, officer: by } if Some(bundle) == self.bundle && by == officer => {
                Ok(officer)
            }
            Event::Disclose { record } | Event::Hold { record } | Event::Transfer { record, .. }
                if shown(&record) =>
            {
                Ok(officer)
            }
            Event::Withdraw { record } if shown(&record) => Err("its author withdrew consent".to_owned()),
            _ => Err("about something else".to_owned()),
        }
    }

    /// That the log of the card has this event, as the card's policy asks.
    fn proved(&self, leaf: Option<Leaf>, proof: &[u8]) -> Result<(), String> {
        let (Some(card), Some(leaf)) = (self.card, leaf) else {
            return Err("without the card and the salt it cannot be asked".to_owned());
        };
        let leaf = leaf.to_string();
        let proof = TlogProof::parse(proof).map_err(|error| error.to_string())?;
        if proof.extra.as_deref() != Some(leaf.as_bytes()) {
            return Err("about something else".to_owned());
        }
        let head = proof.verify_under(leaf.as_bytes(), card.log_key(), card.policy());
        head.map(drop).map_err(|error: TlogError| error.to_string())
    }
}
