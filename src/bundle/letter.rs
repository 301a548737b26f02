//! A letter: the one form in which every answer to a contributor travels, whatever it says.
//!
//! It is sealed to the return recipient of one bundle and filled with zero bytes to one length, so that letters
//! cannot be told apart and name nobody; whoever waits for one tries to open each. The first line of what is in it
//! tells its kind:
//!
//! ```text
//! c2sp.org/tlog-proof@v1      a receipt
//! sanduq-reply/1              an officer's reply
//! sanduq-card/1               a newer card
//! sanduq-parts/1              what is missing of a bundle that comes in parts
//! ```
//!
//! That a letter opens says nothing of who wrote it: the return recipient stands outside on the bundle. Each kind has
//! signatures of its own, and counts by them alone. docs/spec/receipt-sealed.md is the normative text.

use super::error::BundleError;
use super::missing::Missing;
use super::receipt::Receipt;
use super::reply::{self, Reply};
use crate::crypto::hybrid::{Identity, Recipient};
use crate::crypto::seal;
use crate::crypto::secret::Secret;
use crate::format::card::Card;
use crate::format::draft;
use crate::format::note::Note;
use crate::tlog::proof_text;

/// The content of every letter: one chunk of age's stream, room for a card or a receipt with many cosignatures.
pub const LETTER_BYTES: usize = 64 * 1024;

/// What a name of a letter ends with, whatever is in it.
pub const LETTER_ENDING: &str = "receipt";

/// With what every letter begins that was sealed to a return recipient.
const SEALED_START: &[u8] = b"age-encryption.org/v1\n-> mlkem768x25519 ";

/// What is in a letter. Nothing of it is verified but a card's own signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// The proof that a bundle was logged.
    Receipt(Receipt),
    /// What an officer says to the bundle's author.
    Reply(Reply),
    /// A card of the organisation.
    Card(Box<Card>),
    /// What is missing of a set of parts, as somebody signed it: [`Missing::verify`] says whether the log did.
    Missing(Note),
}

impl Letter {
    /// Reads what was in a letter; its first line says what it is.
    pub fn parse(text: &[u8]) -> Result<Letter, BundleError> {
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if first == proof_text::HEADER.as_bytes() {
            Receipt::parse(text).map(Letter::Receipt)
        } else if first == reply::FIRST_LINE.as_bytes() {
            Reply::parse(text).map(Letter::Reply).map_err(BundleError::format("letter"))
        } else if first == draft::HEADER.as_bytes() {
            Card::parse(text).map(Box::new).map(Letter::Card).map_err(BundleError::Card)
        } else if Missing::is_one(text) {
            Note::parse(text).map(Letter::Missing).map_err(BundleError::format("letter"))
        } else {
            Err(BundleError::UnknownLetter)
        }
    }

    /// The text that is sealed.
    pub fn print(&self) -> Vec<u8> {
        match self {
            Letter::Receipt(receipt) => receipt.print().into(),
            Letter::Reply(reply) => reply.print().into(),
            Letter::Card(card) => card.as_bytes().to_vec(),
            Letter::Missing(note) => note.to_string().into(),
        }
    }

    /// Seals it.
    pub fn seal(&self, to: &Recipient) -> Result<Vec<u8>, BundleError> {
        seal_letter(to, &self.print())
    }

    /// Opens a letter. One to somebody else, or a damaged one, is [`BundleError::NotALetter`]; every other error is
    /// about a letter to this identity.
    pub fn open(identity: &Identity, letter: &[u8]) -> Result<Letter, BundleError> {
        Letter::parse(open_letter(identity, letter)?.expose())
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

/// Whether these bytes look from outside as every letter does. What is in it, and for whom, nobody sees.
pub fn looks_sealed(letter: &[u8]) -> bool {
    letter.len() as u64 == letter_len() && letter.starts_with(SEALED_START)
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
#[path = "letter_tests.rs"]
mod tests;
