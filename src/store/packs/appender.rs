//! What one change does to the packs: which it appends to, which it makes, and how to take it all back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Extent, PACK_BYTES_MAX, PackRow, PackStore, Pool};
use crate::format::id::RandomId;
use crate::store::error::StoreError;

/// The packs one change has touched.
pub struct Appender {
    packs: Arc<dyn PackStore>,
    touched: BTreeMap<RandomId, Touched>,
    /// The pack of items that is not full yet.
    current: Option<RandomId>,
}

struct Touched {
    row: PackRow,
    /// Its length before this change; 0 for a pack that this change made.
    base: u64,
}

/// One object on its way into packs.
pub struct Placing {
    pool: Pool,
    extents: Vec<Extent>,
}

impl Placing {
    /// An object of this pool, nothing written yet.
    pub fn new(pool: Pool) -> Placing {
        Placing { pool, extents: Vec::new() }
    }

    /// Where it lies.
    pub fn into_extents(self) -> Vec<Extent> {
        self.extents
    }
}

impl Appender {
    /// Nothing touched yet; items go to the end of `current` if it is given.
    pub fn new(packs: Arc<dyn PackStore>, current: Option<PackRow>) -> Appender {
        let mut appender =
            Appender { packs, touched: BTreeMap::new(), current: current.as_ref().map(|r| r.pack) };
        if let Some(row) = current {
            appender.load(row);
        }
        appender
    }

    /// Whether a pack's row is known here already.
    pub fn knows(&self, pack: &RandomId) -> bool {
        self.touched.contains_key(pack)
    }

    /// Takes in what the index knows of a pack, before it is changed.
    pub fn load(&mut self, row: PackRow) {
        let base = row.len;
        self.touched.entry(row.pack).or_insert(Touched { row, base });
    }

    /// What comes next goes to a new pack.
    pub fn close_current(&mut self) {
        self.current = None;
    }

    /// The packs that are known here, and how long they are by now.
    pub fn lens(&self) -> impl Iterator<Item = (RandomId, u64)> {
        self.touched.iter().map(|(pack, touched)| (*pack, touched.row.len))
    }

    /// Appends `bytes` to the object, beginning new packs as they fill.
    pub fn write(&mut self, placing: &mut Placing, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            let touched = self.pack_for(placing);
            let room = PACK_BYTES_MAX - touched.row.len;
            let (now, later) = bytes.split_at(bytes.len().min(room as usize));
            let (pack, at, len) = (touched.row.pack, touched.row.len, now.len() as u64);
            self.packs.append(&pack, at, now)?;
            self.touched.get_mut(&pack).expect("pack_for gave one that is touched").row.len += len;
            placing.extend(pack, at, len);
            if at + len == PACK_BYTES_MAX {
                // A full pack is synced and closed: however large the change, few files are open.
                self.packs.sync(&[pack])?;
            }
            bytes = later;
        }
        Ok(())
    }

    /// The object is whole: its packs hold one more.
    pub fn keep(&mut self, extents: &[Extent]) {
        self.count(extents, |live| live + 1);
    }

    /// An object of these extents, whose packs are all loaded, is gone: its packs hold one less.
    pub fn release(&mut self, extents: &[Extent]) {
        self.count(extents, |live| live.saturating_sub(1));
    }

    /// Takes back an object that was not kept.
    pub fn undo(&mut self, placing: Placing) {
        for extent in placing.extents.iter().rev() {
            let Some(touched) = self.touched.get_mut(&extent.pack) else { continue };
            touched.row.len = extent.at;
            if touched.row.len == 0 {
                self.touched.remove(&extent.pack);
                self.current = self.current.filter(|current| *current != extent.pack);
                // Whatever stays behind is unknown to the index, and removed when it is next opened.
                let _ = self.packs.remove(&[extent.pack]);
            } else {
                let _ = self.packs.cut(&extent.pack, extent.at);
            }
        }
    }

    /// Takes everything back.
    pub fn roll_back(&mut self) {
        for (pack, touched) in std::mem::take(&mut self.touched) {
            let _ = match touched.base {
                0 => self.packs.remove(&[pack]),
                base if touched.row.len > base => self.packs.cut(&pack, base),
                _ => Ok(()),
            };
        }
        self.current = None;
    }

    /// Makes everything that was appended last.
    pub fn sync(&self) -> Result<(), StoreError> {
        let grown: Vec<RandomId> =
            self.touched.iter().filter(|(_, t)| t.row.len > t.base).map(|(pack, _)| *pack).collect();
        self.packs.sync(&grown)
    }

    /// The rows that changed, and the packs nothing lies in any more.
    pub fn outcome(&self) -> (Vec<PackRow>, Vec<RandomId>) {
        let (mut rows, mut dead) = (Vec::new(), Vec::new());
        for touched in self.touched.values() {
            match touched.row.live {
                0 => dead.push(touched.row.pack),
                _ => rows.push(touched.row.clone()),
            }
        }
        (rows, dead)
    }

    fn count(&mut self, extents: &[Extent], change: fn(u64) -> u64) {
        let mut packs: Vec<RandomId> = extents.iter().map(|e| e.pack).collect();
        packs.sort_unstable();
        packs.dedup();
        for pack in packs {
            if let Some(touched) = self.touched.get_mut(&pack) {
                touched.row.live = change(touched.row.live);
            }
        }
    }

    /// The pack the object's next bytes go to, which has room.
    fn pack_for(&mut self, placing: &Placing) -> &Touched {
        let candidate = match placing.pool {
            Pool::Items => self.current,
            Pool::Outbox => placing.extents.last().map(|extent| extent.pack),
        };
        let with_room =
            candidate.filter(|pack| self.touched.get(pack).is_some_and(|t| t.row.len < PACK_BYTES_MAX));
        let pack = with_room.unwrap_or_else(|| self.begin_pack(placing.pool));
        &self.touched[&pack]
    }

    fn begin_pack(&mut self, pool: Pool) -> RandomId {
        let pack = RandomId::generate();
        self.touched.insert(pack, Touched { row: PackRow { pack, pool, len: 0, live: 0 }, base: 0 });
        if pool == Pool::Items {
            self.current = Some(pack);
        }
        pack
    }
}

impl Placing {
    fn extend(&mut self, pack: RandomId, at: u64, len: u64) {
        match self.extents.last_mut() {
            Some(last) if last.pack == pack && last.at + last.len == at => last.len += len,
            _ => self.extents.push(Extent { pack, at, len }),
        }
    }
}
