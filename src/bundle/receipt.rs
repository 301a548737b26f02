//! A receipt: the proof that an organisation's log holds a bundle's id.
//!
//! A receipt is a C2SP tlog-proof whose leaf is `sanduq-log/1 ingest <bundle id>`. It counts only under the log
//! key of the card the bundle was sealed to. On its way back it is a [letter](super::letter).

use super::error::BundleError;
use crate::crypto::hash::Digest;
use crate::format::card::Card;
use crate::tlog::{Leaf, TlogProof};

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

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
