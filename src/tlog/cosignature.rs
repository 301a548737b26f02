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
//! Under the note it stands as one more signature line, its bytes the time (eight bytes, big endian) and the 64 of
//! the signature, under a key of the kind 4.

use super::TlogError;
use super::checkpoint::SignedCheckpoint;
use crate::crypto::LogSigningKey;
use crate::format::FormatError;
use crate::format::note::{KeyKind, NoteError, NoteSignature, NoteVerifier};
use crate::format::time::Time;

/// A witness's name with its private key.
#[derive(Debug, Clone)]
pub struct Witness {
    verifier: NoteVerifier,
    key: LogSigningKey,
}

impl Witness {
    /// A witness of this name.
    pub fn new(name: &str, key: LogSigningKey) -> Result<Self, FormatError> {
        Ok(Self { verifier: NoteVerifier::new(name, KeyKind::Witness, key.verifying_key())?, key })
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
    pub fn cosign(&self, head: &mut SignedCheckpoint, now: Time) {
        let seconds = now.unix() as u64;
        let text = cosigned_text(head, seconds);
        let bytes = [&seconds.to_be_bytes()[..], &self.key.sign_note_text(text.as_bytes())].concat();
        let name = self.verifier.name().to_owned();
        head.note_mut().add(NoteSignature { name, id: self.verifier.id(), bytes });
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
    let text = cosigned_text(head, seconds);
    let good =
        witness.kind() == KeyKind::Witness && witness.key().verify_note_text(text.as_bytes(), signature);
    good.then_some(time)
}

fn cosigned_text(head: &SignedCheckpoint, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", head.unverified())
}
