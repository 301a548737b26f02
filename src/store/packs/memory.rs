//! Packs in memory that can crash: what was not synced is then lost, kept, torn or followed by garbage, as a
//! seed decides. It also can be full. For tests.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Mutex;

use super::PackStore;
use crate::format::id::RandomId;
use crate::store::error::{Part, StoreError};

/// A seeded sequence of numbers: the same seed gives the same crashes.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `bound` (SplitMix64).
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }
}

#[derive(Default)]
pub struct Memory {
    packs: Mutex<BTreeMap<RandomId, Pack>>,
    room: Mutex<Option<u64>>,
}

#[derive(Default, Clone)]
struct Pack {
    bytes: Vec<u8>,
    synced: Option<Vec<u8>>,
}

impl Memory {
    /// The machine stops: each pack is left as the dice say, but never without what was synced.
    pub fn crash(&self, dice: &mut Dice) {
        let mut packs = self.packs.lock().unwrap();
        packs.retain(|_, pack| {
            let synced = pack.synced.clone();
            let floor = synced.as_ref().map_or(0, Vec::len).min(pack.bytes.len());
            match dice.below(4) {
                0 => match synced {
                    Some(synced) => pack.bytes = synced,
                    None => return false,
                },
                1 => {}
                2 => pack.bytes.truncate(floor + dice.below((pack.bytes.len() - floor) as u64 + 1) as usize),
                _ => {
                    let garbage = dice.below(200_000) as usize;
                    pack.bytes.truncate(floor);
                    pack.bytes.resize(floor + garbage, 0xa5);
                }
            }
            pack.synced = Some(pack.bytes.clone());
            true
        });
    }

    /// From now on only `bytes` more can be written, or again any number.
    pub fn set_room(&self, bytes: Option<u64>) {
        *self.room.lock().unwrap() = bytes;
    }
}

impl PackStore for Memory {
    fn append(&self, pack: &RandomId, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(room) = self.room.lock().unwrap().as_mut() {
            let path = Path::new("memory").to_path_buf();
            *room = room.checked_sub(bytes.len() as u64).ok_or(StoreError::NoSpace { path })?;
        }
        let mut packs = self.packs.lock().unwrap();
        assert!(at == 0 || packs.contains_key(pack), "appended to a pack that is not there");
        let own = &mut packs.entry(*pack).or_default().bytes;
        assert!(at <= own.len() as u64, "left a hole");
        own.truncate(at as usize);
        own.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&self, packs: &[RandomId]) -> Result<(), StoreError> {
        let mut own = self.packs.lock().unwrap();
        for pack in packs {
            let pack = own.get_mut(pack).unwrap();
            pack.synced = Some(pack.bytes.clone());
        }
        Ok(())
    }

    fn cut(&self, pack: &RandomId, len: u64) -> Result<(), StoreError> {
        if let Some(pack) = self.packs.lock().unwrap().get_mut(pack) {
            pack.bytes.truncate(len as usize);
        }
        Ok(())
    }

    fn open(&self, pack: &RandomId, at: u64, len: u64) -> Result<Box<dyn Read + Send>, StoreError> {
        let packs = self.packs.lock().unwrap();
        let missing = || StoreError::Damaged { part: Part::Pack, path: pack.to_string().into() };
        let bytes = &packs.get(pack).ok_or_else(missing)?.bytes;
        let from = (at as usize).min(bytes.len());
        let to = ((at + len) as usize).min(bytes.len());
        Ok(Box::new(Cursor::new(bytes[from..to].to_vec())))
    }

    fn list(&self) -> Result<Vec<(RandomId, u64)>, StoreError> {
        Ok(self.packs.lock().unwrap().iter().map(|(id, pack)| (*id, pack.bytes.len() as u64)).collect())
    }

    fn remove(&self, packs: &[RandomId]) -> Result<(), StoreError> {
        let mut own = self.packs.lock().unwrap();
        for pack in packs {
            own.remove(pack);
        }
        Ok(())
    }
}
