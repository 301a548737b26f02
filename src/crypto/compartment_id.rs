//! The name of a compartment: 16 random bytes, which are its folder's name as 32 lower-case hexadecimal digits, and
//! associated data of everything that is wrapped in it.

use std::fmt;
use std::str::FromStr;

use super::keyslot::KeyslotError;
use super::{hex, random};

/// The random name of a compartment, which is its folder's: 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompartmentId([u8; 16]);

impl CompartmentId {
    /// A fresh id.
    pub fn generate() -> CompartmentId {
        CompartmentId(random::array())
    }

    /// The id that these bytes are.
    pub const fn from_bytes(bytes: [u8; 16]) -> CompartmentId {
        CompartmentId(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for CompartmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for CompartmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CompartmentId {
    type Err = KeyslotError;

    fn from_str(text: &str) -> Result<CompartmentId, KeyslotError> {
        hex::decode(text).map(CompartmentId).ok_or(KeyslotError::NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_folder_name_in_one_spelling() {
        let id = CompartmentId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in ["", "..", &id.to_string().to_uppercase()[..31]] {
            assert_eq!(other.parse::<CompartmentId>(), Err(KeyslotError::NotAnId));
        }
    }
}
