//! Ids that are nothing but random bytes: they name an object or a folder and tell nothing of it.
//!
//! ```
//! use sanduq::format::id::RandomId;
//!
//! let id: RandomId = "00112233445566778899aabbccddeeff".parse()?;
//! assert_eq!(id.to_string(), "00112233445566778899aabbccddeeff");
//! assert!("00112233445566778899AABBCCDDEEFF".parse::<RandomId>().is_err());
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! 16 bytes, spelled as 32 lower-case hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::FormatError;
use crate::crypto::{hex, random};

/// 16 random bytes that name something: an object, an item, a folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RandomId([u8; 16]);

impl RandomId {
    /// A fresh one.
    #[must_use]
    pub fn generate() -> Self {
        Self(random::array())
    }

    /// The id these bytes are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for RandomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for RandomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RandomId {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let id = hex::decode(text).map(Self);
        id.ok_or(FormatError::spelling("random id", "32 lower-case hexadecimal digits"))
    }
}

impl Serialize for RandomId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RandomId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        for wrong in ["", "0011", "00112233445566778899AABBCCDDEEFF", " 0112233445566778899aabbccddeeff"] {
            assert!(wrong.parse::<RandomId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_survive_json() {
        let id = RandomId::from_bytes([7; 16]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"07070707070707070707070707070707\"");
        assert_eq!(serde_json::from_str::<RandomId>(&json).unwrap(), id);
    }

    #[test]
    fn two_ids_differ() {
        assert_ne!(RandomId::generate(), RandomId::generate());
    }
}
