//! Epochs: which key the index has now.
//!
//! An epoch file wraps the index key of one epoch under the compartment's master key:
//!
//! ```text
//! "sanduq-epoch/1\n" ‖ number (u64 LE) ‖ nonce (12) ‖ wrapped key (32) ‖ tag (16)
//! ```
//!
//! The compartment's id and the number are associated data. Forgetting means a new index under a new key in a new
//! epoch; there are two files, written in turn, and of two that open the newer counts.

use super::compartment_id::CompartmentId;
use super::keyslot::{KeyslotError, MasterKey};
use super::random;
use super::secret::Secret;
use super::wrap::{WRAPPED_LEN, take, unwrap, wrap};

/// The length of an epoch file.
pub const EPOCH_LEN: usize = EPOCH_LINE.len() + 8 + WRAPPED_LEN;

const EPOCH_LINE: &[u8] = b"sanduq-epoch/1\n";

/// The key of one epoch's index and journal.
#[derive(Clone, Debug)]
pub struct IndexKey(Secret<[u8; 32]>);

impl IndexKey {
    /// A fresh key.
    pub fn generate() -> IndexKey {
        IndexKey(random::secret())
    }

    /// The key that these bytes are.
    pub fn from_secret(key: &Secret<[u8; 32]>) -> IndexKey {
        IndexKey(key.clone())
    }

    /// Its bytes.
    pub fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }
}

/// An epoch file: the index key of one epoch, wrapped under the master key. Of two that open, the newer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochBlock {
    number: u64,
    wrapped: [u8; WRAPPED_LEN],
}

impl EpochBlock {
    /// Wraps the index key of epoch `number`, with a fresh nonce.
    pub fn seal(master: &MasterKey, id: &CompartmentId, number: u64, key: &IndexKey) -> EpochBlock {
        EpochBlock { number, wrapped: wrap(&master.0, &epoch_data(id, number), &key.0) }
    }

    /// The index key.
    pub fn open(&self, master: &MasterKey, id: &CompartmentId) -> Result<IndexKey, KeyslotError> {
        let key = unwrap(&master.0, &epoch_data(id, self.number), &self.wrapped);
        key.map(IndexKey).ok_or(KeyslotError::Unopened)
    }

    /// The number of the epoch, which only opening proves.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Reads the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<EpochBlock, KeyslotError> {
        let mut rest = (bytes.len() == EPOCH_LEN)
            .then(|| bytes.strip_prefix(EPOCH_LINE))
            .flatten()
            .ok_or(KeyslotError::NotAnEpoch)?;
        Ok(EpochBlock { number: u64::from_le_bytes(take(&mut rest)), wrapped: take(&mut rest) })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        [EPOCH_LINE, &self.number.to_le_bytes(), &self.wrapped].concat()
    }
}

fn epoch_data(id: &CompartmentId, number: u64) -> Vec<u8> {
    [&id.as_bytes()[..], &number.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: CompartmentId = CompartmentId::from_bytes([7; 16]);
    const OTHER_ID: CompartmentId = CompartmentId::from_bytes([8; 16]);

    #[test]
    fn an_epoch_opens_under_its_master_key_number_and_compartment() {
        let (master, key) = (MasterKey::generate(), IndexKey::generate());
        let block = EpochBlock::seal(&master, &ID, 3, &key);
        let bytes = block.to_bytes();
        assert_eq!(bytes.len(), EPOCH_LEN);
        let read = EpochBlock::from_bytes(&bytes).unwrap();
        assert_eq!(read, block);
        assert_eq!(read.open(&master, &ID).unwrap().expose().expose(), key.expose().expose());
        assert!(read.open(&MasterKey::generate(), &ID).is_err());
        assert!(read.open(&master, &OTHER_ID).is_err());
        assert!(EpochBlock { number: 4, ..read }.open(&master, &ID).is_err());
        for place in EPOCH_LINE.len()..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x80;
            let changed = EpochBlock::from_bytes(&changed).unwrap();
            assert_eq!(changed.open(&master, &ID).unwrap_err(), KeyslotError::Unopened, "byte {place}");
        }
        assert_eq!(EpochBlock::from_bytes(&bytes[1..]).unwrap_err(), KeyslotError::NotAnEpoch);
    }
}
