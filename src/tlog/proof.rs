//! The hashes of RFC 6962 and the two proofs over them: that a leaf is in a tree, that one tree grew out of
//! another.
//!
//! ```
//! use sanduq::tlog::{leaf_hash, node_hash, verify_inclusion};
//!
//! let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
//! assert!(verify_inclusion(&right, 1, 2, &[left], &node_hash(&left, &right)));
//! ```
//!
//! A leaf hashes as SHA-256(0x00 ‖ leaf), a node as SHA-256(0x01 ‖ left ‖ right), so neither passes for the other
//! (RFC 6962, section 2.1). The verifying is that of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use crate::crypto::{Digest, Hasher};

/// The hash of a leaf.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[0]);
    hasher.update(leaf);
    hasher.finish()
}

/// The hash of the node above two others.
#[must_use]
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

/// Whether the leaf of this hash is number `index`, counted from 0, of the `size` leaves under `root`.
#[must_use]
pub fn verify_inclusion(leaf: &Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> bool {
    index < size && climb(leaf, index, size - 1, proof).as_ref() == Some(root)
}

/// The root that a proof leads to, from a node at `place` on a level whose last place is `last`; nothing if the
/// proof is too long or too short for that.
fn climb(start: &Digest, mut place: u64, mut last: u64, proof: &[Digest]) -> Option<Digest> {
    let mut hash = *start;
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if place % 2 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            (place, last) = up_while_left(place, last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// A node at the right edge that is a left child has no sibling, and is its own parent: go up past these.
fn up_while_left(mut place: u64, mut last: u64) -> (u64, u64) {
    while place.is_multiple_of(2) && place != 0 {
        (place, last) = (place >> 1, last >> 1);
    }
    (place, last)
}

/// Whether the tree of `new_size` leaves under `new_root` begins with the `old_size` leaves under `old_root`.
///
/// The empty tree is the beginning of every tree: its proof is empty, and its root is the hash of nothing.
#[must_use]
pub fn verify_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> bool {
    if old_size == 0 {
        return proof.is_empty() && *old_root == Digest::of(b"") && (new_size > 0 || old_root == new_root);
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    // Where the old tree is one whole subtree of the new one, the proof leaves its root out.
    let (start, rest) = match proof.split_first() {
        None => return false,
        Some(_) if old_size > new_size => return false,
        Some(_) if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (first, rest),
    };
    grow(old_size, new_size, start, rest) == Some((*old_root, *new_root))
}

/// The old and the new root that a proof leads to from the last whole subtree of the old tree.
fn grow(old_size: u64, new_size: u64, start: &Digest, proof: &[Digest]) -> Option<(Digest, Digest)> {
    let (mut place, mut last) = (old_size - 1, new_size - 1);
    while place % 2 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let (mut old, mut new) = (*start, *start);
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if place % 2 == 1 || place == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            (place, last) = up_while_left(place, last);
        } else {
            new = node_hash(&new, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    (last == 0).then_some((old, new))
}
