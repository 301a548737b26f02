//! How a compartment is opened: passphrase → slot → master key → epoch → index key.
//!
//! The file `slots` is a header line and 526 bytes:
//!
//! ```text
//! "sanduq-slots/1\n" ‖ salt (32) ‖ KiB, passes, lanes (3 × u32 LE) ‖ 8 slots of nonce (12) ‖ wrapped key (32) ‖ tag (16)
//! ```
//!
//! Each slot in use wraps the same random master key with AES-256-GCM; the others are random bytes and look the
//! same. A slot's key is Argon2id of a passphrase with the salt, or derived from the contributor's seed. An epoch
//! file wraps the index key of one epoch under the master key:
//!
//! ```text
//! "sanduq-epoch/1\n" ‖ number (u64 LE) ‖ nonce (12) ‖ wrapped key (32) ‖ tag (16)
//! ```
//!
//! The compartment's id and the slot's or epoch's number are associated data, so no block can be moved. What does not
//! open, does not say why: a wrong passphrase, a changed byte and an unused slot are one.

use std::fmt;
use std::str::FromStr;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

pub use super::kdf::KdfParams;
use super::kdf::{self, KdfError};
use super::secret::{Passphrase, Secret, scrub_stack};
use super::seed::Seed;
use super::{hex, random};

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
/// The length of an epoch file.
pub const EPOCH_LEN: usize = EPOCH_LINE.len() + 8 + WRAPPED_LEN;

const SLOTS_LINE: &[u8] = b"sanduq-slots/1\n";
const EPOCH_LINE: &[u8] = b"sanduq-epoch/1\n";
const SALT_LEN: usize = 32;
const PARAMS_LEN: usize = 12;
const NONCE_LEN: usize = 12;
const WRAPPED_LEN: usize = NONCE_LEN + 32 + 16;

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

/// The random key in the slots, which opens the epochs.
#[derive(Clone, Debug)]
pub struct MasterKey(Secret<[u8; 32]>);

impl MasterKey {
    /// A fresh key.
    pub fn generate() -> MasterKey {
        MasterKey(random::secret())
    }
}

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
        params.check()?;
        let slots = std::array::from_fn(|_| random::array());
        let mut slots = Slots { salt: random::array(), params, slots };
        let master = MasterKey::generate();
        let by_passphrase = slots.passphrase_key(passphrase)?;
        slots.set_slot(id, PASSPHRASE_SLOT, &by_passphrase, &master)?;
        slots.set_slot(id, RECOVERY_SLOT, &recovery_key(id, seed), &master)?;
        Ok((slots, master))
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
        self.open_with(id, &self.passphrase_key(passphrase)?)
    }

    /// The master key, by the contributor's seed.
    pub fn unlock_by_seed(&self, id: &CompartmentId, seed: &Seed) -> Result<MasterKey, KeyslotError> {
        self.open_with(id, &recovery_key(id, seed))
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

    /// Tries every slot, so that the time does not tell which one opened.
    fn open_with(&self, id: &CompartmentId, key: &SlotKey) -> Result<MasterKey, KeyslotError> {
        let mut found = None;
        for (number, slot) in self.slots.iter().enumerate() {
            found = unwrap(&key.0, &slot_data(id, number), slot).or(found);
        }
        found.map(MasterKey).ok_or(KeyslotError::Unopened)
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slots({:?})", self.params)
    }
}

/// The key of the slot that the contributor's seed opens.
pub fn recovery_key(id: &CompartmentId, seed: &Seed) -> SlotKey {
    SlotKey(seed.derive("sanduq/recovery-slot/1", &id.0))
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

fn slot_data(id: &CompartmentId, number: usize) -> Vec<u8> {
    [&id.0[..], &[number as u8]].concat()
}

fn epoch_data(id: &CompartmentId, number: u64) -> Vec<u8> {
    [&id.0[..], &number.to_le_bytes()].concat()
}

/// nonce ‖ AES-256-GCM of `wrapped` ‖ tag.
fn wrap(key: &Secret<[u8; 32]>, data: &[u8], wrapped: &Secret<[u8; 32]>) -> [u8; WRAPPED_LEN] {
    let mut block: [u8; WRAPPED_LEN] = random::array();
    let (nonce, rest) = block.split_at_mut(NONCE_LEN);
    let (body, tag) = rest.split_at_mut(32);
    body.copy_from_slice(wrapped.expose());
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let made = cipher(key).seal_in_place_separate_tag(nonce, Aad::from(data), body);
    tag.copy_from_slice(made.expect("32 bytes are few enough to be sealed").as_ref());
    scrub_stack();
    block
}

fn unwrap(key: &Secret<[u8; 32]>, data: &[u8], block: &[u8; WRAPPED_LEN]) -> Option<Secret<[u8; 32]>> {
    let (nonce, sealed) = block.split_at(NONCE_LEN);
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("a nonce has 12 bytes");
    let opened = cipher(key)
        .open_in_place(nonce, Aad::from(data), &mut sealed)
        .ok()
        .and_then(|key| Secret::from_slice(key));
    scrub_stack();
    opened
}

#[inline(never)]
fn cipher(key: &Secret<[u8; 32]>) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).expect("32 bytes are an AES-256 key"))
}

/// The next `N` bytes of a file whose length was checked.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (taken, after) = rest.split_first_chunk().expect("the length of the file was checked");
    *rest = after;
    *taken
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: CompartmentId = CompartmentId([7; 16]);
    const OTHER_ID: CompartmentId = CompartmentId([8; 16]);

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

    #[test]
    fn an_id_is_a_folder_name_in_one_spelling() {
        let id = CompartmentId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in ["", "..", &id.to_string().to_uppercase()[..31]] {
            assert_eq!(other.parse::<CompartmentId>(), Err(KeyslotError::NotAnId));
        }
    }
}
