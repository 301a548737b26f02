//! What the library says of a case, by the calls that its programs make.

use std::collections::BTreeMap;

use sanduq::audit;
use sanduq::bundle::receipt::Receipt;
use sanduq::bundle::{Commitment, Proof};
use sanduq::crypto::domain::Bundle;
use sanduq::crypto::{Digest, VerifyingKey};
use sanduq::evidence::layout::unit_name;
use sanduq::evidence::received::ReceivedItem;
use sanduq::format::archive::Reader;
use sanduq::format::card::Card;
use sanduq::format::note::Note;
use sanduq::format::policy::Policy;
use sanduq::format::sshsig;
use sanduq::tlog::{Checkpoint, SignedCheckpoint, Stamp, policy};

use super::families::unbase64;

/// Whether the files of a case of this kind hold.
pub fn holds(kind: &str, files: &[Vec<u8>]) -> bool {
    match (kind, files) {
        ("card", [card]) => Card::parse(card).is_ok(),
        ("note", [note]) => Note::parse(note).is_ok(),
        ("policy", [policy]) => Policy::parse(policy).is_ok(),
        ("head", [head, card]) => Card::parse(card).is_ok_and(|card| counted(head, &card).is_some()),
        ("consistency", [older, newer, card, hashes]) => grew(older, newer, card, hashes).is_some(),
        ("receipt", [receipt, card, id]) => received(receipt, card, id),
        ("proof", [proof, signature, manifest, info]) => {
            match (Proof::parse(proof), Commitment::of_members(manifest, info)) {
                (Ok(proof), Ok(about)) => proof.verify(&about, signature).is_ok(),
                _ => false,
            }
        }
        ("stamp", [text, stamp]) => {
            Stamp::parse(stamp).is_ok_and(|stamp| stamp.imprint() == Digest::of(text))
        }
        ("signature", [envelope, key, message]) => signed(envelope, key, message).is_some(),
        _ => panic!("a {kind} of {} files", files.len()),
    }
}

/// Whether the units in the archive of a record's folder are as its list says, and make an item as far as they go.
pub fn record(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let mut files = BTreeMap::new();
    loop {
        match reader.next_member() {
            Ok(Some(member)) => files.insert(member.name.to_string(), reader.body(u64::MAX).unwrap()),
            Ok(None) => break,
            Err(_) => return false,
        };
    }
    let Some(list) = files.remove("disclosure-sha256.txt") else { return false };
    let named = list.iter().filter(|byte| **byte == b'\n').count().max(files.len());
    let units: Vec<_> = (1..=named as u32).map(|number| files.remove(unit_name(number).as_str())).collect();
    files.is_empty() && ReceivedItem::read(&list, units.iter().map(Option::as_deref)).is_ok()
}

/// The head, if it counts under this card.
fn counted(head: &[u8], card: &Card) -> Option<Checkpoint> {
    let head = SignedCheckpoint::parse(head).ok()?;
    policy::verify(&head, card.log_key(), card.policy()).ok().cloned()
}

fn grew(older: &[u8], newer: &[u8], card: &[u8], hashes: &[u8]) -> Option<()> {
    let card = Card::parse(card).ok()?;
    let (older, newer) = (counted(older, &card)?, counted(newer, &card)?);
    let hash = |line: &str| Digest::from_bytes(unbase64(line).try_into().expect("the families write hashes"));
    let hashes: Vec<Digest> = std::str::from_utf8(hashes).ok()?.lines().map(hash).collect();
    newer.grew_out_of(&older, &hashes).ok()
}

/// By the call of whoever waits for a receipt. The audit, which is told no bundle, refuses nothing that this accepts.
fn received(receipt: &[u8], card: &[u8], id: &[u8]) -> bool {
    let id: Digest = std::str::from_utf8(id).unwrap().trim_end().parse().unwrap();
    let holds = match (Card::parse(card), Receipt::parse(receipt)) {
        (Ok(card), Ok(receipt)) => receipt.verify(&card, &id).is_ok(),
        _ => false,
    };
    let report = audit::receipt(card, receipt);
    let about = report.values.iter().any(|value| value.value == id.to_string());
    assert_eq!(holds, report.holds() && about, "{report:?}");
    holds
}

fn signed(envelope: &[u8], key: &[u8], message: &[u8]) -> Option<()> {
    let key = VerifyingKey::from_line(std::str::from_utf8(key).ok()?.strip_suffix('\n')?).ok()?;
    let (by, signature) = sshsig::parse::<Bundle>(envelope).ok()?;
    (by == key).then_some(())?;
    key.verify(message, &signature).ok()
}
