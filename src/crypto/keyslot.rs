//! How a compartment is opened: passphrase → slot → master key → epoch → index key.
//!
//! The file `slots` is a header line and 526 bytes:
//!
//! ```text
//! "sanduq-slots/1\n" ‖ salt (32) ‖ KiB, passes, lanes (3 × u32 LE) ‖ 8 slots of nonce (12) ‖ wrapped key (32) ‖ tag (16)
//! ```
//!
//! Each slot in use wraps the same random master key with AES-256-GCM; the others are random bytes and look the
//! same. A slot's key is Argon2id of a passphrase with the salt, or derived from the contributor's seed.
//!
//! The compartment's id and the slot's or epoch's number are associated data, so no block can be moved. What does not
//! open, does not say why: a wrong passphrase, a changed byte and an unused slot are one.

use std::fmt;

pub use super::compartment_id::CompartmentId;
pub use super::epoch::{EPOCH_LEN, EpochBlock, IndexKey};
use super::hash::Digest;
pub use super::kdf::KdfParams;
use super::kdf::{self, KdfError};
use super::key_file::KeyFile;
use super::random;
use super::secret::{Passphrase, Secret};
use super::seed::{Seed, derive_from};
use super::wrap::{WRAPPED_LEN, take, unwrap, wrap};

/// How many slots there are.
pub const SLOTS: usize = 8;
/// How many of them may be in use.
pub const MAX_USED: usize = 4;
/// The slot that `create` puts the passphrase into.
pub const PASSPHRASE_SLOT: usize = 0;
/// The slot that `create` makes for the seed.
pub const RECOVERY_SLOT: usize = 1;
/// The length of the file `slots`.
pub const SLOTS_LEN: usize = SLOTS_LINE.len() + SALT_LEN + PARAMS_LEN + SLOTS * WRAPPED_LEN;

const SLOTS_LINE: &[u8] = b"sanduq-slots/1\n";
const SALT_LEN: usize = 32;
const PARAMS_LEN: usize = 12;

/// The random key in the slots, which opens the epochs.
#[derive(Clone, Debug)]
pub struct MasterKey(pub(super) Secret<[u8; 32]>);

impl MasterKey {
    /// A fresh key.
    pub fn generate() -> MasterKey {
        MasterKey(random::secret())
    }

    /// Its bytes.
    pub fn expose(&self) -> &Secret<[u8; 32]> {
        &self.0
    }
}

/// A file of slots or an epoch cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyslotError {
    /// Not the name of a compartment.
    #[error("not the name of a compartment")]
    NotAnId,
    /// Not a file of slots.
    #[error("not a file of key slots")]
    NotSlots,
    /// Not an epoch file.
    #[error("not an epoch file")]
    NotAnEpoch,
    /// There is no slot of that number.
    #[error("there is no slot {number}")]
    NoSuchSlot {
        /// The number.
        number: usize,
    },
    /// Not a key file.
    #[error("not a key file")]
    NotAKeyFile,
    /// The passphrase cannot be hashed.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// Wrong passphrase, wrong seed, another compartment's, or changed: one error, that says no more.
    #[error("it does not open")]
    Unopened,
}

/// The key that wraps the master key in a slot.
#[derive(Debug)]
pub struct SlotKey(Secret<[u8; 32]>);

/// The file `slots` of a compartment.
#[derive(Clone, PartialEq, Eq)]
pub struct Slots {
    salt: [u8; SALT_LEN],
    params: KdfParams,
    slots: [[u8; WRAPPED_LEN]; SLOTS],
}

impl Slots {
    /// Slots for a new compartment with a fresh master key: one opens by `passphrase`, one by `seed`, and the others
    /// are random.
    pub fn create(
        id: &CompartmentId,
        passphrase: &Passphrase,
        params: KdfParams,
        seed: &Seed,
    ) -> Result<(Slots, MasterKey), KeyslotError> {
        let mut slots = Slots::unused(params)?;
        let master = MasterKey::generate();
        let by_passphrase = slots.passphrase_key(passphrase)?;
        slots.set_slot(id, PASSPHRASE_SLOT, &by_passphrase, &master)?;
        slots.set_slot(id, RECOVERY_SLOT, &recovery_key(id, seed), &master)?;
        Ok((slots, master))
    }

    /// Slots with a fresh salt, of which none is in use.
    pub fn unused(params: KdfParams) -> Result<Slots, KeyslotError> {
        params.check()?;
        let slots = std::array::from_fn(|_| random::array());
        Ok(Slots { salt: random::array(), params, slots })
    }

    /// Reads the file, whose parameters must be within the limits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Slots, KeyslotError> {
        let mut rest = (bytes.len() == SLOTS_LEN)
            .then(|| bytes.strip_prefix(SLOTS_LINE))
            .flatten()
            .ok_or(KeyslotError::NotSlots)?;
        let salt = take(&mut rest);
        let [memory_kib, passes, lanes] = [(); 3].map(|()| u32::from_le_bytes(take(&mut rest)));
        let params = KdfParams { memory_kib, passes, lanes };
        params.check()?;
        Ok(Slots { salt, params, slots: [(); SLOTS].map(|()| take(&mut rest)) })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let KdfParams { memory_kib, passes, lanes } = self.params;
        let mut bytes = SLOTS_LINE.to_vec();
        bytes.extend_from_slice(&self.salt);
        [memory_kib, passes, lanes].iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
        self.slots.iter().for_each(|slot| bytes.extend_from_slice(slot));
        bytes
    }

    /// How passphrases are hashed here.
    pub fn params(&self) -> KdfParams {
        self.params
    }

    /// The key that a passphrase gives here: the slow step.
    pub fn passphrase_key(&self, passphrase: &Passphrase) -> Result<SlotKey, KeyslotError> {
        Ok(SlotKey(kdf::hash(passphrase, &self.salt, self.params)?))
    }

    /// The master key, by a passphrase.
    pub fn unlock(&self, id: &CompartmentId, passphrase: &Passphrase) -> Result<MasterKey, KeyslotError> {
        self.open_with(id, &self.passphrase_key(passphrase)?).map(|(_, master)| master)
    }

    /// The master key, by the contributor's seed.
    pub fn unlock_by_seed(&self, id: &CompartmentId, seed: &Seed) -> Result<MasterKey, KeyslotError> {
        self.open_with(id, &recovery_key(id, seed)).map(|(_, master)| master)
    }

    /// SHA-256 of what stands in slot `number`: by it a row tells whether the slot is the one that was written.
    pub fn mark(&self, number: usize) -> Option<Digest> {
        self.slots.get(number).map(|slot| Digest::of(slot))
    }

    /// Puts the master key into slot `number` under `key`, with a fresh nonce. The caller knows which slots are in
    /// use; a slot that is to replace another goes into a spare one first.
    pub fn set_slot(
        &mut self,
        id: &CompartmentId,
        number: usize,
        key: &SlotKey,
        master: &MasterKey,
    ) -> Result<(), KeyslotError> {
        let slot = self.slots.get_mut(number).ok_or(KeyslotError::NoSuchSlot { number })?;
        *slot = wrap(&key.0, &slot_data(id, number), &master.0);
        Ok(())
    }

    /// Makes slot `number` random again: nothing opens it any more.
    pub fn clear_slot(&mut self, number: usize) -> Result<(), KeyslotError> {
        *self.slots.get_mut(number).ok_or(KeyslotError::NoSuchSlot { number })? = random::array();
        Ok(())
    }

    /// The number of the slot that `key` opens, and the master key in it. Tries every slot, so that the time does not
    /// tell which one opened.
    pub fn open_with(&self, id: &CompartmentId, key: &SlotKey) -> Result<(usize, MasterKey), KeyslotError> {
        let mut found = None;
        for (number, slot) in self.slots.iter().enumerate() {
            let opened = unwrap(&key.0, &slot_data(id, number), slot);
            found = opened.map(|master| (number, MasterKey(master))).or(found);
        }
        found.ok_or(KeyslotError::Unopened)
    }
}

impl SlotKey {
    /// The key for a slot that a passphrase opens only together with a key file.
    pub fn with_file(&self, file: &KeyFile) -> SlotKey {
        SlotKey(derive_from(&self.0, "sanduq/slot-key-file/1", file.expose().expose()))
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slots({:?})", self.params)
    }
}

/// The key of the slot that the contributor's seed opens.
pub fn recovery_key(id: &CompartmentId, seed: &Seed) -> SlotKey {
    SlotKey(seed.derive("sanduq/recovery-slot/1", id.as_bytes()))
}

fn slot_data(id: &CompartmentId, number: usize) -> Vec<u8> {
    [&id.as_bytes()[..], &[number as u8]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: CompartmentId = CompartmentId::from_bytes([7; 16]);
    const OTHER_ID: CompartmentId = CompartmentId::from_bytes([8; 16]);

    /// Slots that need no passphrase hashing.
    fn slots(seed: &Seed) -> (Slots, MasterKey) {
        let params = KdfParams::FLOOR;
        let mut slots =
            Slots { salt: random::array(), params, slots: std::array::from_fn(|_| random::array()) };
        let master = MasterKey::generate();
        slots.set_slot(&ID, RECOVERY_SLOT, &recovery_key(&ID, seed), &master).unwrap();
        (slots, master)
    }

    #[test]
    fn opened_by_passphrase_and_by_seed() {
        let seed = Seed::generate();
        let right = Passphrase::from("correct horse");
        let (slots, master) = Slots::create(&ID, &right, KdfParams::FLOOR, &seed).unwrap();
        let slots = Slots::from_bytes(&slots.to_bytes()).unwrap();
        assert_eq!(slots.unlock(&ID, &right).unwrap().0.expose(), master.0.expose());
        assert_eq!(slots.unlock_by_seed(&ID, &seed).unwrap().0.expose(), master.0.expose());
        let wrong = Passphrase::from("correct hose");
        assert_eq!(slots.unlock(&ID, &wrong).unwrap_err(), KeyslotError::Unopened);
        assert_eq!(slots.unlock(&OTHER_ID, &right).unwrap_err(), KeyslotError::Unopened);
    }

    #[test]
    fn every_byte_of_a_used_slot_counts() {
        let seed = Seed::generate();
        let (slots, _) = slots(&seed);
        let bytes = slots.to_bytes();
        let used = SLOTS_LINE.len() + SALT_LEN + PARAMS_LEN + RECOVERY_SLOT * WRAPPED_LEN;
        for place in used..used + WRAPPED_LEN {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let opened = Slots::from_bytes(&changed).unwrap().unlock_by_seed(&ID, &seed);
            assert_eq!(opened.unwrap_err(), KeyslotError::Unopened, "byte {place}");
        }
        assert!(Slots::from_bytes(&bytes).unwrap().unlock_by_seed(&ID, &Seed::generate()).is_err());
    }

    #[test]
    fn a_slot_works_in_its_place_only_until_it_is_cleared() {
        let seed = Seed::generate();
        let (mut slots, master) = slots(&seed);
        slots.slots.swap(RECOVERY_SLOT, 5);
        assert!(slots.unlock_by_seed(&ID, &seed).is_err());
        slots.set_slot(&ID, 5, &recovery_key(&ID, &seed), &master).unwrap();
        assert!(slots.unlock_by_seed(&ID, &seed).is_ok());
        slots.clear_slot(5).unwrap();
        assert!(slots.unlock_by_seed(&ID, &seed).is_err());
        assert_eq!(slots.clear_slot(8), Err(KeyslotError::NoSuchSlot { number: 8 }));
    }

    #[test]
    fn files_of_another_shape_are_refused() {
        let (slots, _) = slots(&Seed::generate());
        let bytes = slots.to_bytes();
        assert_eq!(bytes.len(), SLOTS_LEN);
        assert_eq!(SLOTS_LEN, 539);
        assert_eq!(Slots::from_bytes(&bytes).unwrap().to_bytes(), bytes);
        for end in 0..bytes.len() {
            assert_eq!(Slots::from_bytes(&bytes[..end]).unwrap_err(), KeyslotError::NotSlots);
        }
        let mut newer = bytes.clone();
        newer[13] = b'2';
        assert_eq!(Slots::from_bytes(&newer).unwrap_err(), KeyslotError::NotSlots);
        let mut huge = bytes;
        huge[SLOTS_LINE.len() + SALT_LEN..][..4].fill(0xff);
        assert!(matches!(Slots::from_bytes(&huge).unwrap_err(), KeyslotError::Kdf(KdfError::OutOfBounds(_))));
    }
}
