//! The Merkle tree of RFC 6962 over hashes that somebody else keeps: in memory, in a database, in tiles.
//!
//! ```text
//! level 2        h20
//!              /     \
//! level 1    h10     h11
//!           /  \    /  \
//! level 0  l0  l1  l2  l3  l4        size 5, root = node(h20, l4)
//! ```
//!
//! What is kept are the hashes of complete subtrees, each under its level (its height) and its index on that level,
//! counted from 0: it covers the leaves `index · 2^level` up to `(index + 1) · 2^level`. Such a hash never changes.
//! A tree of `n` leaves keeps fewer than `2 n` of them, and a root or a proof reads at most some 64 of each.

use std::collections::HashMap;
use std::convert::Infallible;

use super::proof::{leaf_hash, node_hash};
use crate::crypto::Digest;

/// Where the hashes of complete subtrees are kept.
pub trait HashStore {
    /// Why a hash could not be given or taken.
    type Error;

    /// The hash of the complete subtree `index` of `level`.
    ///
    /// It is asked only for hashes that were [put](HashStore::put) for leaves already appended; that one is missing
    /// is an error of the store.
    fn get(&self, level: u8, index: u64) -> Result<Digest, Self::Error>;

    /// Keeps these hashes, new ones all; an append is whole only when all of them are kept.
    fn put(&mut self, hashes: &[StoredHash]) -> Result<(), Self::Error>;
}

/// The hash of a complete subtree with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredHash {
    /// The height of the subtree; 0 for a leaf.
    pub level: u8,
    /// Which one of its level it is, counted from 0.
    pub index: u64,
    /// The hash itself.
    pub hash: Digest,
}

/// Hashes kept in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryHashes(HashMap<(u8, u64), Digest>);

impl HashStore for MemoryHashes {
    type Error = Infallible;

    fn get(&self, level: u8, index: u64) -> Result<Digest, Infallible> {
        Ok(*self.0.get(&(level, index)).expect("asked only for what was put"))
    }

    fn put(&mut self, hashes: &[StoredHash]) -> Result<(), Infallible> {
        self.0.extend(hashes.iter().map(|stored| ((stored.level, stored.index), stored.hash)));
        Ok(())
    }
}

/// A tree of so many leaves over a store of hashes.
#[derive(Debug)]
pub struct Tree<S> {
    store: S,
    size: u64,
}

/// A run of leaves, from `start` up to `end`.
type Run = std::ops::Range<u64>;

impl<S: HashStore> Tree<S> {
    /// The tree of the `size` leaves whose hashes `store` keeps.
    pub fn new(store: S, size: u64) -> Self {
        Self { store, size }
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The store, back again.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// Adds a leaf at the end, gives the store what is new, and returns the leaf's index.
    pub fn append(&mut self, leaf: &[u8]) -> Result<u64, S::Error> {
        self.append_hash(leaf_hash(leaf))
    }

    /// As [`Tree::append`], of a leaf of which only the hash is at hand.
    pub fn append_hash(&mut self, leaf: Digest) -> Result<u64, S::Error> {
        let index = self.size;
        let new = self.new_hashes(leaf)?;
        self.store.put(&new)?;
        self.size += 1;
        Ok(index)
    }

    /// The leaf's hash and that of each subtree which it completes.
    fn new_hashes(&self, leaf: Digest) -> Result<Vec<StoredHash>, S::Error> {
        let mut stored = StoredHash { level: 0, index: self.size, hash: leaf };
        let mut new = vec![stored];
        while stored.index % 2 == 1 {
            let left = self.store.get(stored.level, stored.index - 1)?;
            let hash = node_hash(&left, &stored.hash);
            stored = StoredHash { level: stored.level + 1, index: stored.index >> 1, hash };
            new.push(stored);
        }
        Ok(new)
    }

    /// The root of the first `size` leaves; for none of them the hash of nothing.
    ///
    /// # Panics
    ///
    /// If the tree has fewer leaves.
    pub fn root(&self, size: u64) -> Result<Digest, S::Error> {
        assert!(size <= self.size, "a root of leaves that are there");
        if size == 0 { Ok(Digest::of(b"")) } else { self.hash_of(0..size) }
    }

    /// The proof that leaf `index` is among the first `size` leaves (RFC 6962, section 2.1.1), from the leaf up.
    ///
    /// # Panics
    ///
    /// If there is no such leaf among them, or the tree has fewer leaves than `size`.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Digest>, S::Error> {
        assert!(index < size && size <= self.size, "a proof of a leaf that is there");
        let mut proof = Vec::new();
        let mut run = 0..size;
        while run.end - run.start > 1 {
            let (left, right) = halves(&run);
            let (inner, sibling) = if left.contains(&index) { (left, right) } else { (right, left) };
            proof.push(self.hash_of(sibling)?);
            run = inner;
        }
        proof.reverse();
        Ok(proof)
    }

    /// The proof that the first `new` leaves begin with the first `old` ones (RFC 6962, section 2.1.2).
    ///
    /// # Panics
    ///
    /// If `old` is more than `new`, or the tree has fewer leaves than `new`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Digest>, S::Error> {
        assert!(old <= new && new <= self.size, "a proof of trees that are there");
        let mut proof = Vec::new();
        if old == 0 || old == new {
            return Ok(proof);
        }
        let mut run = 0..new;
        while run.end != old {
            let (left, right) = halves(&run);
            let (inner, sibling) = if old <= left.end { (left, right) } else { (right, left) };
            proof.push(self.hash_of(sibling)?);
            run = inner;
        }
        // Where the old tree is itself the subtree reached, the verifier has its root already.
        if run.start != 0 {
            proof.push(self.hash_of(run)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// The hash over a run that begins where a complete subtree at least as large would begin.
    fn hash_of(&self, run: Run) -> Result<Digest, S::Error> {
        let len = run.end - run.start;
        if len.is_power_of_two() {
            let level = len.trailing_zeros();
            return self.store.get(level as u8, run.start >> level);
        }
        let (left, right) = halves(&run);
        Ok(node_hash(&self.hash_of(left)?, &self.hash_of(right)?))
    }
}

/// A run of two or more split as RFC 6962 splits it: the left half as large a power of two as leaves a right one.
fn halves(run: &Run) -> (Run, Run) {
    let len = run.end - run.start;
    let middle = run.start + (1 << (len - 1).ilog2());
    (run.start..middle, middle..run.end)
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
