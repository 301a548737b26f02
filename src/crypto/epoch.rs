//! Epochs: which key the index has now.
//!
//! An epoch file wraps the index key of one epoch under the compartment's master key:
//!
//! ```text
//! "sanduq-epoch/1\n" ‖ nonce (12) ‖ sealed number (u64 LE) and key (32) ‖ tag (16)
//! ```
//!
//! The compartment's id is associated data. Forgetting means a new index under a new key in a new epoch; there are two
//! files, both written anew each time and each with a nonce of its own, and of two that open the later one counts
//! ([`is_later`]). Without the master key nothing tells how often anything was forgotten, nor which file is the newer;
//! with it the number still does not, for it begins anywhere and goes round.

use super::compartment_id::CompartmentId;
use super::keyslot::{KeyslotError, MasterKey};
use super::random;
use super::secret::Secret;
use super::wrap::{NONCE_LEN, TAG_LEN, open_block, seal_block, take};

/// The length of an epoch file.
pub const EPOCH_LEN: usize = EPOCH_LINE.len() + SEALED_LEN;

const EPOCH_LINE: &[u8] = b"sanduq-epoch/1\n";
/// The number, then the key.
const PLAIN_LEN: usize = 8 + 32;
const SEALED_LEN: usize = NONCE_LEN + PLAIN_LEN + TAG_LEN;

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

/// The number of a compartment's first epoch: any, so that none of a later one says how many came before it.
pub fn first_number() -> u64 {
    u64::from_le_bytes(random::array())
}

/// The number of an epoch that follows another: 1 to 2^32 further, and 0 comes after the last.
pub fn next_number(after: u64) -> u64 {
    after.wrapping_add(1 + u64::from(u32::from_le_bytes(random::array())))
}

/// Whether the epoch `one` came after `other`: it is less than half of all numbers ahead of it. As RFC 1982 compares
/// serial numbers; it would take 2^31 epochs between the two to mistake them.
pub fn is_later(one: u64, other: u64) -> bool {
    one != other && one.wrapping_sub(other) < 1 << 63
}

/// An epoch file: the index key of one epoch, wrapped under the master key. Of two that open, the later one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochBlock([u8; SEALED_LEN]);

impl EpochBlock {
    /// Wraps the index key of epoch `number`, with a fresh nonce: each copy is sealed anew.
    pub fn seal(master: &MasterKey, id: &CompartmentId, number: u64, key: &IndexKey) -> EpochBlock {
        let mut block = [0; SEALED_LEN];
        block[NONCE_LEN..][..8].copy_from_slice(&number.to_le_bytes());
        block[NONCE_LEN + 8..][..32].copy_from_slice(key.0.expose());
        seal_block(&master.0, id.as_bytes(), &mut block);
        EpochBlock(block)
    }

    /// The number of the epoch, and its index key.
    pub fn open(&self, master: &MasterKey, id: &CompartmentId) -> Result<(u64, IndexKey), KeyslotError> {
        let opened = open_block(&master.0, id.as_bytes(), &self.0).ok_or(KeyslotError::Unopened)?;
        let (number, key) = opened.expose().split_first_chunk().ok_or(KeyslotError::Unopened)?;
        let key = Secret::from_slice(key).ok_or(KeyslotError::Unopened)?;
        Ok((u64::from_le_bytes(*number), IndexKey(key)))
    }

    /// Reads the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<EpochBlock, KeyslotError> {
        let mut rest = (bytes.len() == EPOCH_LEN)
            .then(|| bytes.strip_prefix(EPOCH_LINE))
            .flatten()
            .ok_or(KeyslotError::NotAnEpoch)?;
        Ok(EpochBlock(take(&mut rest)))
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        [EPOCH_LINE, &self.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: CompartmentId = CompartmentId::from_bytes([7; 16]);
    const OTHER_ID: CompartmentId = CompartmentId::from_bytes([8; 16]);

    #[test]
    fn an_epoch_opens_under_its_master_key_and_compartment() {
        let (master, key) = (MasterKey::generate(), IndexKey::generate());
        let block = EpochBlock::seal(&master, &ID, 3, &key);
        let bytes = block.to_bytes();
        assert_eq!(bytes.len(), EPOCH_LEN);
        let read = EpochBlock::from_bytes(&bytes).unwrap();
        assert_eq!(read, block);
        let (number, opened) = read.open(&master, &ID).unwrap();
        assert_eq!((number, opened.expose().expose()), (3, key.expose().expose()));
        assert!(read.open(&MasterKey::generate(), &ID).is_err());
        assert!(read.open(&master, &OTHER_ID).is_err());
        for place in EPOCH_LINE.len()..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x80;
            let changed = EpochBlock::from_bytes(&changed).unwrap();
            assert_eq!(changed.open(&master, &ID).unwrap_err(), KeyslotError::Unopened, "byte {place}");
        }
        assert_eq!(EpochBlock::from_bytes(&bytes[1..]).unwrap_err(), KeyslotError::NotAnEpoch);
    }

    /// A laptop is seized while it is locked. The number stood in clear and counted from 1: it said how often its
    /// owner had forgotten something, and a court was told that evidence had been destroyed.
    #[test]
    fn who_has_the_files_and_no_key_does_not_learn_how_often_something_was_forgotten() {
        let (master, key) = (MasterKey::generate(), IndexKey::generate());
        let copies = [1, 1, 2].map(|number| EpochBlock::seal(&master, &ID, number, &key).to_bytes());
        for (one, other) in [(0, 1), (0, 2)] {
            let pairs = copies[one].iter().zip(&copies[other]).skip(EPOCH_LINE.len());
            assert!(
                pairs.filter(|(one, other)| one == other).count() < 16,
                "every byte behind the line differs"
            );
        }
    }

    /// The number began below 2^32 and only grew: whoever opened it divided, and knew how often she had forgotten.
    #[test]
    fn a_number_says_nothing_of_how_many_came_before() {
        const NUMBERS: u32 = 400;
        let high = |number: u64| u32::from(number >> 63 == 1);
        let forgotten = |times: u32| (0..times).fold(first_number(), |number, _| next_number(number));
        for times in [0, 1, 5] {
            let highs: u32 = (0..NUMBERS).map(|_| high(forgotten(times))).sum();
            assert!((NUMBERS / 4..NUMBERS * 3 / 4).contains(&highs), "{highs} of {NUMBERS} after {times}");
        }
    }

    #[test]
    fn the_later_of_two_is_told_all_the_way_round() {
        for first in [0, 7, u64::MAX >> 1, u64::MAX - 5, u64::MAX] {
            let next = next_number(first);
            assert!(is_later(next, first) && !is_later(first, next) && !is_later(first, first));
            assert!(next.wrapping_sub(first) <= 1 << 32);
        }
        assert!(is_later(0, u64::MAX) && !is_later(u64::MAX, 0));
    }
}
