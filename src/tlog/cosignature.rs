//! A witness's cosignature on a head (c2sp.org/tlog-cosignature): "I saw this head at this time, and it grew out of
//! every head I cosigned before".
//!
//! What is signed, with Ed25519:
//!
//! ```text
//! cosignature/v1
//! time 1795459200
//! example.org/log
//! 2
//! pbmGKt4ajP0cJvqmnzPUJ7Z4bOyRbjdRSxCZWtKUoVQ=
//! ```
//!
//! and with ML-DSA-44, each text behind its length in a byte, each number in eight bytes, big endian:
//!
//! ```text
//! "subtree/v1\n\0" ‖ witness's name ‖ time ‖ origin ‖ 0 ‖ size ‖ root
//! ```
//!
//! Under the note it stands as one more signature line, its bytes the time (eight bytes, big endian) and those of the
//! signature, under a key of the kind 4 or 6. A log signs its own heads in the second way as well, with the time 0, which
//! says nothing of when.

use super::TlogError;
use super::checkpoint::SignedCheckpoint;
use crate::crypto::{CosignerKey, LogSigningKey};
use crate::format::FormatError;
use crate::format::note::{
    COSIGNER_NAME_BYTES_MAX, KeyKind, NoteError, NoteKey, NoteSignature, NoteSigner, NoteVerifier,
};
use crate::format::time::Time;

const SUBTREE_LABEL: &[u8; 12] = b"subtree/v1\n\0";

/// A witness's name with one of its private keys.
#[derive(Debug, Clone)]
pub struct Witness {
    verifier: NoteVerifier,
    key: Key,
}

#[derive(Debug, Clone)]
enum Key {
    Ed25519(LogSigningKey),
    MlDsa44(CosignerKey),
}

impl Witness {
    /// A witness of this name, with an Ed25519 key.
    pub fn new(name: &str, key: LogSigningKey) -> Result<Self, FormatError> {
        Ok(Self { verifier: NoteVerifier::witness(name, key.verifying_key())?, key: Key::Ed25519(key) })
    }

    /// A witness of this name, with an ML-DSA-44 key; or a log, whose name it is.
    pub fn pq(name: &str, key: CosignerKey) -> Result<Self, FormatError> {
        Ok(Self { verifier: NoteVerifier::pq_witness(name, key.verifying_key())?, key: Key::MlDsa44(key) })
    }

    /// The second key of a log, made from the same seed as its first.
    pub fn beside(log: &NoteSigner) -> Result<Self, FormatError> {
        Self::pq(log.verifier().name(), CosignerKey::beside(log.key().seed()))
    }

    /// The public side.
    #[must_use]
    pub fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }

    /// Adds this witness's cosignature, of the time `now`.
    ///
    /// That the head is the log's own and grew out of the last one cosigned is checked by the caller, **always**:
    /// it is all that a cosignature says.
    ///
    /// # Panics
    ///
    /// If the log's name is longer than an ML-DSA-44 cosignature can say; [`Witness::can_cosign`] tells.
    pub fn cosign(&self, head: &mut SignedCheckpoint, now: Time) {
        let seconds = now.unix() as u64;
        let signed = match &self.key {
            Key::Ed25519(key) => key.sign_note_text(cosigned_text(head, seconds).as_bytes()).to_vec(),
            Key::MlDsa44(key) => {
                let message = cosigned_message(head, self.verifier.name(), seconds);
                key.sign_cosignature(&message.expect("its name is short enough"))
            }
        };
        let bytes = [&seconds.to_be_bytes()[..], &signed].concat();
        let name = self.verifier.name().to_owned();
        head.note_mut().add(NoteSignature { name, id: self.verifier.id(), bytes });
    }

    /// Whether a cosignature of this kind can name the log.
    #[must_use]
    pub fn can_cosign(&self, origin: &str) -> bool {
        matches!(self.key, Key::Ed25519(_)) || origin.len() <= COSIGNER_NAME_BYTES_MAX
    }
}

/// When this witness cosigned the head, if it did; a cosignature of it that does not verify condemns the head.
pub fn cosigned_at(head: &SignedCheckpoint, witness: &NoteVerifier) -> Result<Option<Time>, TlogError> {
    let mut latest = None;
    for signature in head.note().signatures_of(witness) {
        let bad = || NoteError::Signature { name: witness.name().to_owned() };
        let time = verify(head, witness, &signature.bytes).ok_or_else(bad)?;
        latest = latest.max(Some(time));
    }
    Ok(latest)
}

fn verify(head: &SignedCheckpoint, witness: &NoteVerifier, bytes: &[u8]) -> Option<Time> {
    let (seconds, signature) = bytes.split_first_chunk::<8>()?;
    let seconds = u64::from_be_bytes(*seconds);
    let time = Time::from_unix(i64::try_from(seconds).ok()?).ok()?;
    let good = match (witness.kind(), witness.key()) {
        (KeyKind::Witness, NoteKey::Ed25519(key)) => {
            key.verify_note_text(cosigned_text(head, seconds).as_bytes(), signature)
        }
        (KeyKind::PqWitness, NoteKey::MlDsa44(key)) => {
            key.verify_cosignature(&cosigned_message(head, witness.name(), seconds)?, signature)
        }
        _ => false,
    };
    good.then_some(time)
}

/// What an Ed25519 key signs.
fn cosigned_text(head: &SignedCheckpoint, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", head.unverified())
}

/// What an ML-DSA-44 key signs; nothing where a name is too long for it.
fn cosigned_message(head: &SignedCheckpoint, cosigner: &str, seconds: u64) -> Option<Vec<u8>> {
    let head = head.unverified();
    let mut message = SUBTREE_LABEL.to_vec();
    let mut name = |text: &str, number: u64| {
        message.push(u8::try_from(text.len()).ok()?);
        message.extend(text.as_bytes());
        message.extend(number.to_be_bytes());
        Some(())
    };
    name(cosigner, seconds)?;
    // A head is the subtree that begins with the first leaf.
    name(&head.origin, 0)?;
    message.extend(head.size.to_be_bytes());
    message.extend(head.root.as_bytes());
    Some(message)
}
