//! `signer.pub`: the one-time keys that sign a bundle's outside, and the recipient to whom answers are sealed.
//!
//! Three lines: the Ed25519 key and the composite key as OpenSSH writes them, then the return recipient. The
//! keys are made for one bundle and forgotten with it, so they link nothing; the identity of the return
//! recipient stays with the contributor until the bundle is acknowledged.

use super::error::BundleError;
use super::layout;
use crate::crypto::hybrid::Recipient;
use crate::crypto::key_pair::PublicPair;

/// Who signed a bundle's outside, and where answers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The one-time keys.
    pub keys: PublicPair,
    /// To whom receipts and replies are sealed.
    pub return_recipient: Recipient,
}

impl Signer {
    /// The three lines.
    pub fn print(&self) -> String {
        format!("{}{}\n", self.keys.to_lines(), self.return_recipient)
    }

    /// Reads the three lines; weak keys are refused.
    pub fn parse(bytes: &[u8]) -> Result<Signer, BundleError> {
        let wrong = || BundleError::content(layout::SIGNER);
        let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
        let body = text.strip_suffix('\n').ok_or_else(wrong)?;
        let (keys, recipient) = body.rsplit_once('\n').ok_or_else(wrong)?;
        let keys = PublicPair::from_lines(&format!("{keys}\n"))
            .map_err(|error| BundleError::Key { member: layout::SIGNER.to_owned(), error })?;
        let signer = Signer { keys, return_recipient: recipient.parse().map_err(|_| wrong())? };
        if signer.print() == text { Ok(signer) } else { Err(wrong()) }
    }
}
