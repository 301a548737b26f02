//! Cosigning: whether a head grew out of the last one that was cosigned, and the answer to who asked.

use super::{WitnessError, WitnessState};
use crate::crypto::Digest;
use crate::format::card::Card;
use crate::format::note::NoteVerifier;
use crate::format::time::Time;
use crate::tlog::add_checkpoint::{AddCheckpoint, Answer};
use crate::tlog::cosignature::cosigned_at;
use crate::tlog::{Checkpoint, SignedCheckpoint, TlogError};

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The head was cosigned.
    Cosigned {
        /// How many leaves it has.
        size: u64,
        /// How many the last one had.
        grew_from: u64,
        /// What goes back to the log.
        answer: Answer,
    },
    /// The proof begins elsewhere than at the last head; with the answer the log asks again.
    AskAgain {
        /// How many leaves the last head had.
        last: u64,
        /// What goes back to the log.
        answer: Answer,
    },
    /// The head contradicts the last one. Both are signed by the log, and together they convict it.
    Convicts {
        /// The head that was cosigned last.
        last: Box<SignedCheckpoint>,
        /// The one that was refused now.
        refused: Box<SignedCheckpoint>,
    },
}

impl WitnessState {
    /// Cosigns the head of a request, if the log that this card names signed it and it grew out of the last one.
    ///
    /// The head is kept, synced, before this gives an answer.
    pub fn cosign(&self, card: &Card, request: &AddCheckpoint, now: Time) -> Result<Verdict, WitnessError> {
        let log = card.log_key();
        let head = checked(card, &request.checkpoint)?;
        let last = self.last(log)?;
        let old = match &last {
            None => Checkpoint { origin: head.origin.clone(), size: 0, root: Digest::of(b"") },
            Some(last) => last.verify(log)?.clone(),
        };
        // Two roots of one size need no proof.
        if let Some(last) = last.filter(|_| old.size == head.size && old.root != head.root) {
            return self.convict(log, last, &request.checkpoint);
        }
        if request.old != old.size {
            return Ok(Verdict::AskAgain { last: old.size, answer: Answer::Last(old.size) });
        }
        // That a proof does not hold convicts nobody: whoever brings a request may have made it up.
        head.grew_out_of(&old, &request.proof)?;
        let mut cosigned = stripped(log, card, &request.checkpoint);
        self.keys.iter().for_each(|key| key.cosign(&mut cosigned, now));
        self.keep(log, &cosigned)?;
        let ours = self.verifiers().flat_map(|key| cosigned.note().signatures_of(key)).cloned();
        let answer = Answer::Cosigned(ours.collect());
        Ok(Verdict::Cosigned { size: head.size, grew_from: old.size, answer })
    }

    fn convict(
        &self,
        log: &NoteVerifier,
        last: SignedCheckpoint,
        refused: &SignedCheckpoint,
    ) -> Result<Verdict, WitnessError> {
        self.keep_refused(log, refused)?;
        Ok(Verdict::Convicts { last: Box::new(last), refused: Box::new(refused.clone()) })
    }
}

/// What the head says, if it is signed by every key of the log that the card names.
fn checked<'h>(card: &Card, head: &'h SignedCheckpoint) -> Result<&'h Checkpoint, WitnessError> {
    let checkpoint = head.verify(card.log_key())?;
    if checkpoint.origin.len() > crate::format::note::COSIGNER_NAME_BYTES_MAX {
        return Err(
            crate::format::FormatError::spelling("checkpoint", "a log's name of at most 255 bytes").into()
        );
    }
    for key in further_keys(card) {
        if cosigned_at(head, key)?.is_none() {
            return Err(TlogError::Witnesses { size: checkpoint.size }.into());
        }
    }
    Ok(checkpoint)
}

/// The log's further keys, which stand in the card's policy under the log's own name.
fn further_keys(card: &Card) -> impl Iterator<Item = &NoteVerifier> {
    card.policy().witnesses().filter(|key| key.name() == card.log_key().name())
}

/// The head with the log's own signatures alone: nothing that was not verified is kept or passed on.
fn stripped(log: &NoteVerifier, card: &Card, head: &SignedCheckpoint) -> SignedCheckpoint {
    head.only(std::iter::once(log).chain(further_keys(card)))
}
