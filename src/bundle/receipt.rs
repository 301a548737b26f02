//! A receipt: the proof that an organisation's log holds a bundle's id; and the letter in which it comes back.
//!
//! A receipt is a C2SP tlog-proof whose leaf is `sanduq-log/1 ingest <bundle id>`. It counts only under the log
//! key of the card the bundle was sealed to. On its way back it is a letter: sealed to the bundle's return
//! recipient, filled with zero bytes to one length, so that letters cannot be told apart and name nobody; whoever
//! waits for one tries to open each.

use super::error::BundleError;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::{Identity, Recipient};
use crate::crypto::seal;
use crate::crypto::secret::Secret;
use crate::format::card::Card;
use crate::tlog::{Leaf, TlogProof};

/// The content of every letter: one chunk of age's stream, room for a card or a receipt with many cosignatures.
pub const LETTER_BYTES: usize = 64 * 1024;

/// A receipt as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    proof: TlogProof,
    bundle: Digest,
}

impl Receipt {
    /// Reads a tlog-proof that carries the leaf of a bundle. It is **not** verified.
    pub fn parse(bytes: &[u8]) -> Result<Receipt, BundleError> {
        let proof = TlogProof::parse(bytes).map_err(|_| BundleError::NotAReceipt)?;
        Receipt::of(proof)
    }

    /// The receipt that is this proof.
    pub fn of(proof: TlogProof) -> Result<Receipt, BundleError> {
        let leaf = proof.extra.as_deref().and_then(|leaf| Leaf::parse(leaf).ok());
        match leaf {
            Some(Leaf::Ingest(bundle)) => Ok(Receipt { proof, bundle }),
            _ => Err(BundleError::NotAReceipt),
        }
    }

    /// The bundle it claims was taken in.
    pub fn bundle(&self) -> Digest {
        self.bundle
    }

    /// The proof itself.
    pub fn proof(&self) -> &TlogProof {
        &self.proof
    }

    /// The text, as it is kept in a `*.tlog-proof` file.
    pub fn print(&self) -> String {
        self.proof.to_string()
    }

    /// Checks that the log of this card holds this bundle, under a head that enough witnesses of the card's
    /// policy cosigned.
    pub fn verify(&self, card: &Card, bundle: &Digest) -> Result<(), BundleError> {
        if self.bundle != *bundle {
            return Err(BundleError::Receipt { bundle: self.bundle, error: None });
        }
        let leaf = Leaf::Ingest(*bundle).to_string();
        let held = self.proof.verify_under(leaf.as_bytes(), card.log_key(), card.policy());
        held.map(drop).map_err(|error| BundleError::Receipt { bundle: *bundle, error: Some(error) })
    }
}

/// A letter with this receipt.
pub fn seal_receipt(to: &Recipient, receipt: &Receipt) -> Result<Vec<u8>, BundleError> {
    seal_letter(to, receipt.print().as_bytes())
}

/// The receipt in a letter. A letter to somebody else, or a damaged one, is [`BundleError::NotALetter`].
pub fn open_receipt(identity: &Identity, letter: &[u8]) -> Result<Receipt, BundleError> {
    Receipt::parse(open_letter(identity, letter)?.expose())
}

/// How long every letter is.
pub const fn letter_len() -> u64 {
    seal::sealed_len(LETTER_BYTES as u64)
}

/// Seals a text without zero bytes, filled with zero bytes to [`LETTER_BYTES`].
pub fn seal_letter(to: &Recipient, text: &[u8]) -> Result<Vec<u8>, BundleError> {
    if text.len() > LETTER_BYTES || text.contains(&0) {
        let (len, max) = (text.len() as u64, LETTER_BYTES as u64);
        return Err(BundleError::Length { member: "letter".to_owned(), len, max });
    }
    let mut content = Secret::new(Vec::with_capacity(LETTER_BYTES));
    content.expose_mut().extend_from_slice(text);
    content.expose_mut().resize(LETTER_BYTES, 0);
    Ok(seal::seal_bytes(to, content.expose()))
}

/// The text in a letter.
pub fn open_letter(identity: &Identity, letter: &[u8]) -> Result<Secret<Vec<u8>>, BundleError> {
    let mut content =
        seal::open_bytes(identity, letter, LETTER_BYTES).map_err(|_| BundleError::NotALetter)?;
    let len = content.expose().iter().position(|byte| *byte == 0).unwrap_or(LETTER_BYTES);
    let filled = content.expose()[len..].iter().all(|byte| *byte == 0);
    if content.expose().len() != LETTER_BYTES || !filled {
        return Err(BundleError::NotALetter);
    }
    content.expose_mut().truncate(len);
    Ok(content)
}

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
