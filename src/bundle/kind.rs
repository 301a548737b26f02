//! What a file is that travels, told by what is in it and never by its name.
//!
//! ```
//! use sanduq::bundle::Kind;
//!
//! assert_eq!(Kind::of(b"notes of my own"), None);
//! ```

use std::io::Cursor;

use super::letter::looks_sealed;
use super::outer::Outer;
use super::receipt::Receipt;
use crate::format::card::Card;
use serde::Serialize;

/// What can be handed over for everybody to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An organisation's card, of which every signature holds. Whose it is, its eight words say.
    Card,
    /// A receipt in its one spelling. Whether a log signed it, its card says.
    Receipt,
    /// A sealed letter, as it looks from outside.
    Letter,
    /// A bundle of which everything holds that needs no key.
    Bundle,
}

impl Kind {
    /// What these bytes are; `None` if they are none of these, or not whole.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        if looks_sealed(bytes) {
            Some(Kind::Letter)
        } else if Card::parse(bytes).is_ok() {
            Some(Kind::Card)
        } else if Receipt::parse(bytes).is_ok() {
            Some(Kind::Receipt)
        } else {
            Outer::read(&mut Cursor::new(bytes)).is_ok().then_some(Kind::Bundle)
        }
    }

    /// What the name of such a file ends with.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Kind::Card => "card",
            Kind::Receipt => "tlog-proof",
            Kind::Letter => super::letter::LETTER_ENDING,
            Kind::Bundle => "bundle",
        }
    }
}
