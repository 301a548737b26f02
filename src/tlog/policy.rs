//! Whether a head counts by a policy: signed by its log, and cosigned by enough of its witnesses.
//!
//! The policy's text is read in [`crate::format::policy`]. A cosignature by a listed witness that does not verify
//! condemns the head, as with every signature under a known key; those by strangers are ignored.

use super::TlogError;
use super::checkpoint::{Checkpoint, SignedCheckpoint};
use super::cosignature::cosigned_at;
use crate::format::note::NoteVerifier;
use crate::format::policy::Policy;

/// What the head says, once the log's signature and the policy's quorum of cosignatures are verified.
///
/// Where the policy lists logs, `log` must be one of them.
pub fn verify<'a>(
    head: &'a SignedCheckpoint,
    log: &NoteVerifier,
    policy: &Policy,
) -> Result<&'a Checkpoint, TlogError> {
    let checkpoint = head.verify(log)?;
    if !policy.logs().is_empty() && !policy.logs().contains(log) {
        return Err(TlogError::Origin {
            expected: policy.logs()[0].name().to_owned(),
            found: checkpoint.origin.clone(),
        });
    }
    let mut cosigners = Vec::new();
    for witness in policy.witnesses() {
        if cosigned_at(head, witness)?.is_some() {
            cosigners.push(witness);
        }
    }
    let met = policy.is_met(|witness| cosigners.contains(&witness));
    if met { Ok(checkpoint) } else { Err(TlogError::Witnesses { size: checkpoint.size }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{CosignerKey, Digest, LogSigningKey, Secret};
    use crate::format::note::NoteSigner;
    use crate::format::time::Time;
    use crate::tlog::cosignature::Witness;

    fn key(seed: u8) -> LogSigningKey {
        LogSigningKey::from_seed(&Secret::new([seed; 32]))
    }

    fn setting() -> (NoteSigner, [Witness; 3], Policy) {
        let log = NoteSigner::new("example.org/log", key(9)).unwrap();
        let witnesses = [1, 2, 3].map(|seed| Witness::new(&format!("w{seed}"), key(seed)).unwrap());
        let lines: String =
            witnesses.iter().map(|w| format!("witness {} {}\n", w.verifier().name(), w.verifier())).collect();
        let policy = format!("log {}\n{lines}group g 2 w1 w2 w3\nquorum g\n", log.verifier());
        (log, witnesses, Policy::parse(policy.as_bytes()).unwrap())
    }

    fn now() -> Time {
        Time::from_unix(1_795_459_200).unwrap()
    }

    #[test]
    fn enough_witnesses_make_a_head_count() {
        let (log, witnesses, policy) = setting();
        let mut head = Checkpoint::of(&log, 1, Digest::of(b"root")).sign(&log).unwrap();
        witnesses[0].cosign(&mut head, now());
        assert_eq!(verify(&head, &log.verifier(), &policy), Err(TlogError::Witnesses { size: 1 }));
        witnesses[0].cosign(&mut head, now());
        assert!(verify(&head, &log.verifier(), &policy).is_err(), "one witness counts once");
        witnesses[2].cosign(&mut head, now());
        let head = SignedCheckpoint::parse(head.to_string().as_bytes()).unwrap();
        assert_eq!(verify(&head, &log.verifier(), &policy).unwrap().size, 1);
        assert_eq!(cosigned_at(&head, witnesses[2].verifier()).unwrap(), Some(now()));
        assert_eq!(cosigned_at(&head, witnesses[1].verifier()).unwrap(), None);
    }

    #[test]
    fn both_keys_of_a_log_are_asked_for_where_its_policy_says_so() {
        let log = NoteSigner::new("example.org/log", key(9)).unwrap();
        let second = Witness::pq("example.org/log", CosignerKey::beside(key(9).seed())).unwrap();
        let policy = format!("witness log {}\nquorum log\n", second.verifier());
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let mut head = Checkpoint::of(&log, 1, Digest::of(b"root")).sign(&log).unwrap();
        assert_eq!(verify(&head, &log.verifier(), &policy), Err(TlogError::Witnesses { size: 1 }));
        second.cosign(&mut head, Time::from_unix(0).unwrap());
        let head = SignedCheckpoint::parse(head.to_string().as_bytes()).unwrap();
        assert_eq!(verify(&head, &log.verifier(), &policy).unwrap().size, 1);
        // A signature by this key over another head, time or name condemns.
        let other = Witness::pq("example.org/other", CosignerKey::beside(key(9).seed())).unwrap();
        let mut stolen = Checkpoint::of(&log, 1, Digest::of(b"root")).sign(&log).unwrap();
        other.cosign(&mut stolen, Time::from_unix(0).unwrap());
        let mut bytes = stolen.note().signatures()[1].clone();
        (bytes.name, bytes.id) = ("example.org/log".to_owned(), second.verifier().id());
        let mut mixed = Checkpoint::of(&log, 1, Digest::of(b"root")).sign(&log).unwrap();
        mixed.note_mut().add(bytes);
        assert!(matches!(verify(&mixed, &log.verifier(), &policy), Err(TlogError::Note(_))));
    }

    #[test]
    fn a_cosignature_of_another_head_condemns() {
        let (log, witnesses, policy) = setting();
        let mut other = Checkpoint::of(&log, 2, Digest::of(b"other")).sign(&log).unwrap();
        witnesses.iter().for_each(|witness| witness.cosign(&mut other, now()));
        let head = Checkpoint::of(&log, 1, Digest::of(b"root")).sign(&log).unwrap().to_string();
        let (_, cosignatures) =
            other.to_string().split_once("— w1").map(|(a, b)| (a.len(), b.to_owned())).unwrap();
        let mixed = SignedCheckpoint::parse(format!("{head}— w1{cosignatures}").as_bytes()).unwrap();
        assert!(matches!(verify(&mixed, &log.verifier(), &policy), Err(TlogError::Note(_))));
    }

    #[test]
    fn a_log_that_the_policy_does_not_name_is_refused() {
        let (_, _, policy) = setting();
        let other = NoteSigner::new("example.org/log", key(8)).unwrap();
        let head = Checkpoint::of(&other, 1, Digest::of(b"root")).sign(&other).unwrap();
        assert!(matches!(verify(&head, &other.verifier(), &policy), Err(TlogError::Origin { .. })));
        assert!(verify(&head, &other.verifier(), &Policy::none()).is_ok());
    }
}
