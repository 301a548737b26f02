//! A log as plain files (c2sp.org/tlog-tiles): its hashes and its leaves in pieces of up to 256, which never change
//! once they are full. Any web server, stick or folder holds them, and existing clients read them.
//!
//! ```
//! use sanduq::tlog::tile::{Tile, tiles};
//!
//! let names: Vec<_> = tiles(257).map(|tile| tile.path()).collect();
//! assert_eq!(
//!     names,
//!     ["tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]
//! );
//! # let _: Tile = tiles(1).next().unwrap();
//! ```
//!
//! Tile `index` of level `l` has the hashes of the complete subtrees of `256^l` leaves that begin with number
//! `256 · index`. The last tile of a level may be partial; it carries its width in its name. Beside the tiles of level 0
//! lie the leaves themselves, each behind its length in two bytes.

use super::tree::{HashStore, StoredHash};
use crate::crypto::Digest;
use crate::format::FormatError;

/// Hashes, or leaves, in a full tile.
pub const WIDTH: u64 = 256;

/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;

/// The longest leaf that C2SP's two bytes of length can hold.
pub const LEAF_BYTES_MAX: usize = 0xffff;

/// Levels of subtrees between a tile and the one above it.
const LEVELS: u8 = 8;

/// Levels of tiles of the largest log.
const TILE_LEVELS: u8 = 64 / LEVELS;

const FORMAT: &str = "log tile";

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The leaves themselves.
    Leaves,
    /// The hashes of subtrees of `256^level` leaves.
    Hashes {
        /// The level of the tile, 0 for the hashes of leaves.
        level: u8,
    },
}

/// A piece of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// What it holds.
    pub held: Held,
    /// Which one of its level it is, counted from 0.
    pub index: u64,
    /// How many it holds: 1 to 256.
    pub width: u64,
}

impl Tile {
    /// Its name below the log's folder, with `/` between folders.
    #[must_use]
    pub fn path(&self) -> String {
        let level = match self.held {
            Held::Leaves => "entries".to_owned(),
            Held::Hashes { level } => level.to_string(),
        };
        let mut number = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            number = format!("x{:03}/{number}", rest % 1000);
            rest /= 1000;
        }
        let partial = if self.width < WIDTH { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{level}/{number}{partial}")
    }

    /// The number of what it holds first, on its level.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.index * WIDTH
    }

    /// The level of the tree that its hashes stand on; for leaves, that of their hashes.
    #[must_use]
    pub fn tree_level(&self) -> u8 {
        match self.held {
            Held::Leaves => 0,
            Held::Hashes { level } => level * LEVELS,
        }
    }
}

/// All tiles of a log of so many leaves: the leaves, then the hashes from the lowest level up.
pub fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    let count = move |level: u8| size >> (u32::from(level) * u32::from(LEVELS));
    let levels = (0..TILE_LEVELS).map(move |level| (Held::Hashes { level }, count(level)));
    let levels = levels.take_while(|(_, count)| *count > 0);
    let leaves = std::iter::once((Held::Leaves, size));
    leaves.chain(levels).flat_map(|(held, count)| {
        let full = (0..count / WIDTH).map(move |index| Tile { held, index, width: WIDTH });
        let partial = Tile { held, index: count / WIDTH, width: count % WIDTH };
        full.chain((partial.width > 0).then_some(partial))
    })
}

/// The bytes of a tile of these leaves; one longer than [`LEAF_BYTES_MAX`] is refused.
pub fn print_leaves<'l>(leaves: impl IntoIterator<Item = &'l [u8]>) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        let too_long =
            FormatError::TooLarge { format: FORMAT, limit: LEAF_BYTES_MAX as u64, unit: "bytes in a leaf" };
        let len = u16::try_from(leaf.len()).map_err(|_| too_long)?;
        bytes.extend(len.to_be_bytes());
        bytes.extend(leaf);
    }
    Ok(bytes)
}

/// The `width` leaves that these bytes are, and nothing after them.
pub fn parse_leaves(mut bytes: &[u8], width: u64) -> Result<Vec<&[u8]>, FormatError> {
    let wrong =
        || FormatError::spelling(FORMAT, "as many leaves as the tile is wide, each behind its length");
    let mut leaves = Vec::new();
    for _ in 0..width {
        let (len, rest) = bytes.split_first_chunk::<2>().ok_or_else(wrong)?;
        let (leaf, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len))).ok_or_else(wrong)?;
        leaves.push(leaf);
        bytes = rest;
    }
    if bytes.is_empty() { Ok(leaves) } else { Err(wrong()) }
}

/// The `width` hashes that these bytes are, and nothing after them.
pub fn parse_hashes(bytes: &[u8], width: u64) -> Result<Vec<Digest>, FormatError> {
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    if hashes.len() as u64 != width || !rest.is_empty() {
        return Err(FormatError::spelling(FORMAT, "as many hashes as the tile is wide"));
    }
    Ok(hashes.iter().copied().map(Digest::from_bytes).collect())
}

/// Every hash of a tree, level by level: half the room that a table of places takes.
#[derive(Debug, Clone, Default)]
pub struct Levels(Vec<Vec<Digest>>);

impl Levels {
    /// The bytes of a tile of hashes, as a tree of these hashes has it.
    ///
    /// # Panics
    ///
    /// If the tree is too small for that tile.
    #[must_use]
    pub fn tile(&self, tile: &Tile) -> Vec<u8> {
        let first = tile.first() as usize;
        let hashes = &self.0[usize::from(tile.tree_level())][first..first + tile.width as usize];
        hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
    }
}

impl HashStore for Levels {
    type Error = std::convert::Infallible;

    fn get(&self, level: u8, index: u64) -> Result<Digest, Self::Error> {
        Ok(self.0[usize::from(level)][index as usize])
    }

    fn put(&mut self, hashes: &[StoredHash]) -> Result<(), Self::Error> {
        for stored in hashes {
            if self.0.len() <= usize::from(stored.level) {
                self.0.push(Vec::new());
            }
            // Each hash of a level is put when its subtree is complete, one after another.
            self.0[usize::from(stored.level)].push(stored.hash);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::Tree;

    #[test]
    fn the_examples_of_c2sp() {
        let tile = |index, width| Tile { held: Held::Hashes { level: 0 }, index, width }.path();
        assert_eq!(tile(1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(1_234_067, 7), "tile/0/x001/x234/067.p/7");
        assert_eq!(tile(999, 256), "tile/0/999");
        assert_eq!(tile(1000, 256), "tile/0/x001/000");
        let count = |size, level, full| {
            tiles(size)
                .filter(|tile| tile.held == Held::Hashes { level } && (tile.width == WIDTH) == full)
                .count()
        };
        let width = |size, level| {
            tiles(size).find(|tile| tile.held == Held::Hashes { level } && tile.width < WIDTH).unwrap().width
        };
        assert_eq!((count(70_000, 0, true), width(70_000, 0)), (273, 112));
        assert_eq!((count(70_000, 1, true), width(70_000, 1)), (1, 17));
        assert_eq!((count(70_000, 2, true), width(70_000, 2)), (0, 1));
        assert_eq!((count(256, 0, true), count(256, 0, false), width(256, 1)), (1, 0, 1));
        assert_eq!(tiles(0).count(), 0);
    }

    #[test]
    fn leaves_come_back_and_other_bytes_are_refused() {
        let bytes = print_leaves([&b"one"[..], b"", b"three"]).unwrap();
        assert_eq!(parse_leaves(&bytes, 3).unwrap(), [&b"one"[..], b"", b"three"]);
        assert!(parse_leaves(&bytes, 2).is_err() && parse_leaves(&bytes, 4).is_err());
        assert!(parse_leaves(&bytes[..bytes.len() - 1], 3).is_err());
        assert!(print_leaves([&[0; LEAF_BYTES_MAX + 1][..]]).is_err());
        assert!(parse_hashes(&[0; 64], 2).is_ok());
        assert!(parse_hashes(&[0; 64], 1).is_err() && parse_hashes(&[0; 65], 2).is_err());
    }

    #[test]
    fn levels_hold_what_a_tree_puts() {
        let mut tree = Tree::new(Levels::default(), 0);
        for number in 0..600u32 {
            tree.append(&number.to_be_bytes()).unwrap();
        }
        let root = tree.root(600).unwrap();
        let levels = tree.into_store();
        for tile in tiles(600).filter(|tile| tile.held != Held::Leaves) {
            assert_eq!(parse_hashes(&levels.tile(&tile), tile.width).unwrap().len() as u64, tile.width);
        }
        // The root from the tiles alone, as any client makes it.
        let above: Vec<Digest> = parse_hashes(&levels.tile(&tiles(600).last().unwrap()), 2).unwrap();
        let right = Tree::new(levels, 600);
        assert_eq!(above.len(), 2);
        assert_eq!(right.root(600).unwrap(), root);
    }
}
