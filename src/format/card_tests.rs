//! Tests of drafts and cards.

use super::*;
use crate::crypto::hybrid::Identity;
use crate::crypto::{LogSigningKey, Secret};
use crate::format::draft::SERIAL_MAX;

fn keys(seed: u8) -> KeyPair {
    KeyPair::from_seeds(&Secret::new([seed; 32]), &Secret::new([seed + 100; 32]))
}

fn officer(seed: u8) -> OfficerLine {
    let recipient = Identity::from_seed(&Secret::new([seed; 32])).to_recipient();
    OfficerLine { recipient, keys: keys(seed).public() }
}

fn log(name: &str) -> NoteVerifier {
    let key = LogSigningKey::from_seed(&Secret::new([50; 32])).verifying_key();
    NoteVerifier::log(name, key).unwrap()
}

fn terms() -> Terms {
    Terms {
        name: "Invented Archive – بایگانی".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 2,
        officers: vec![officer(1), officer(2), officer(3)],
        log: log("archive.example/log"),
        policy: Policy::none(),
    }
}

fn card() -> Card {
    Draft::new(terms()).unwrap().sign(&keys(9))
}

fn refused(change: impl FnOnce(&mut Terms)) {
    let mut terms = terms();
    change(&mut terms);
    assert!(Draft::new(terms).is_err());
}

#[test]
fn a_draft_is_read_back() {
    let draft = Draft::new(terms()).unwrap();
    assert_eq!(Draft::parse(draft.to_string().as_bytes()).unwrap(), draft);
}

#[test]
fn a_card_is_read_back() {
    let card = card();
    let read = Card::parse(card.as_bytes()).unwrap();
    assert_eq!(read, card);
    assert_eq!(read.terms(), &terms());
    assert_eq!(read.key(), &keys(9).public());
    assert_eq!(read.digest(), Digest::of(card.as_bytes()));
    assert_eq!(read.origin(), "archive.example/log");
    assert!(read.formerly().is_none());
    assert!(!read.has_expired("2028-11-23".parse().unwrap()));
    assert!(read.has_expired("2028-11-24".parse().unwrap()));
}

#[test]
fn a_card_of_five_officers_and_two_keys_fits() {
    let mut terms = terms();
    terms.officers.extend([officer(4), officer(5)]);
    let card = Draft::new(terms).unwrap().sign_succeeding(&keys(9), &keys(8));
    let read = Card::parse(card.as_bytes()).unwrap();
    assert_eq!(read.formerly(), Some(&keys(8).public()));
    assert_eq!(read.key(), &keys(9).public());
}

#[test]
fn terms_that_do_not_hold_together_are_refused() {
    refused(|terms| terms.name = String::new());
    refused(|terms| terms.name = " a".to_owned());
    refused(|terms| terms.name = "a\nserial: 2".to_owned());
    refused(|terms| terms.name = "a\u{202e}b".to_owned());
    refused(|terms| terms.name = "a".repeat(201));
    refused(|terms| terms.serial = 0);
    refused(|terms| terms.serial = SERIAL_MAX + 1);
    refused(|terms| terms.threshold = 0);
    refused(|terms| terms.threshold = 4);
    refused(|terms| terms.officers.clear());
    refused(|terms| terms.officers = (1..=6).map(officer).collect());
    refused(|terms| terms.officers[2] = officer(1));
    refused(|terms| terms.officers[2].recipient = officer(1).recipient);
    refused(|terms| terms.officers[2].keys = officer(1).keys);
    refused(|terms| {
        let policy = format!("log {}\nquorum none\n", log("archive.example/other"));
        terms.policy = Policy::parse(policy.as_bytes()).unwrap();
    });
}

/// A desk drafted a card of the largest number there is, it was signed, and no later card could follow it: the
/// organisation could never change its officers again.
#[test]
fn a_serial_number_leaves_room_for_the_next_card() {
    let mut last = terms();
    last.serial = SERIAL_MAX;
    let card = Draft::new(last).unwrap().sign(&keys(9));
    assert_eq!(Card::parse(card.as_bytes()).unwrap().serial(), 1_000_000_000);
    let draft = Draft::new(terms()).unwrap().to_string();
    for serial in ["1000000001", "18446744073709551615"] {
        let far = draft.replace("serial: 1\n", &format!("serial: {serial}\n"));
        assert!(Draft::parse(far.as_bytes()).is_err(), "{serial}");
    }
}

#[test]
fn other_spellings_are_refused() {
    let draft = Draft::new(terms()).unwrap().to_string();
    for bad in [
        String::new(),
        draft.replace("sanduq-card/1", "sanduq-card/2"),
        draft.replace("serial: 1\n", "serial: 01\n"),
        draft.replace("serial: 1\n", "serial: 1 \n"),
        draft.replace("serial: 1\n", "serial: +1\n"),
        draft.replace("serial: 1\n", ""),
        draft.replace("serial: 1\n", "serial: 1\nserial: 1\n"),
        draft.replace("threshold: 2\n", "threshold: 02\n"),
        draft.replace("name: ", "name:"),
        draft.replace("policy: quorum none\n", ""),
        draft.replace('\n', "\r\n"),
        draft.trim_end().to_owned(),
        format!("{draft}\n"),
        format!("{draft}note: x\n"),
    ] {
        assert_ne!(bad, draft);
        assert!(Draft::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(Card::parse(draft.as_bytes()).is_err());
    assert!(Draft::parse(card().as_bytes()).is_err());
}

#[test]
fn changed_stripped_and_strange_signatures_are_refused() {
    let card = String::from_utf8(card().as_bytes().to_vec()).unwrap();
    let start = card.find(sshsig::BEGIN).unwrap();
    let (text, signatures) = card.split_at(start);
    let [sig, pq_sig] = signatures.split_inclusive(sshsig::END).collect::<Vec<_>>()[..] else { panic!() };
    let other = sshsig::encode_pair(&keys(8).public(), &keys(8).sign::<domain::Card>(text.as_bytes()));
    let role = sshsig::encode_pair(&keys(9).public(), &keys(9).sign::<domain::Bundle>(text.as_bytes()));
    for bad in [
        card.replace("threshold: 2", "threshold: 1"),
        text.to_owned(),
        format!("{text}{sig}"),
        format!("{text}{pq_sig}"),
        format!("{text}{pq_sig}{sig}"),
        format!("{text}{sig}{sig}"),
        format!("{text}{sig}{pq_sig}{sig}"),
        format!("{text}{sig}\n{pq_sig}"),
        format!("{text}{}{pq_sig}", other[0]),
        format!("{text}{}", other.concat()),
        format!("{text}{}", role.concat()),
        format!("{card}\n"),
        format!("{card}{}", other.concat()),
    ] {
        assert_ne!(bad, card);
        assert!(Card::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_change_of_keys_needs_the_older_signatures() {
    let draft = || Draft::new(terms()).unwrap();
    let card = draft().sign_succeeding(&keys(9), &keys(8));
    let text = String::from_utf8(card.as_bytes().to_vec()).unwrap();
    let (signed, signatures) = text.split_at(text.find(sshsig::BEGIN).unwrap());
    let envelopes: Vec<_> = signatures.split_inclusive(sshsig::END).collect();
    assert!(Card::parse(format!("{signed}{}{}", envelopes[0], envelopes[1]).as_bytes()).is_err());
    let swapped = [signed, envelopes[2], envelopes[3], envelopes[0], envelopes[1]].concat();
    assert!(Card::parse(swapped.as_bytes()).is_err());
    assert!(Card::parse(draft().sign_succeeding(&keys(9), &keys(9)).as_bytes()).is_err());
}

#[test]
fn an_officer_line_has_five_fields() {
    let line = officer(1).to_string();
    assert_eq!(line.split(' ').count(), 5);
    assert_eq!(line.parse::<OfficerLine>().unwrap(), officer(1));
    for bad in
        [line.clone() + " ", line.replacen(' ', "  ", 1), line.to_uppercase(), format!("officer: {line}")]
    {
        assert!(bad.parse::<OfficerLine>().is_err(), "{bad}");
    }
}
