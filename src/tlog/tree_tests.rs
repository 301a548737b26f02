//! Tests of the tree and its proofs, against the values of the certificate-transparency reference and against the
//! definition of RFC 6962 written down a second time.

use super::super::{leaf_hash, node_hash, verify_consistency, verify_inclusion};
use super::*;
use crate::crypto::hex;

/// The leaves of the reference's merkletree tests.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of the first 0, 1, … 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn tree(leaves: impl IntoIterator<Item = Vec<u8>>) -> Tree<MemoryHashes> {
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    for leaf in leaves {
        tree.append(&leaf).unwrap();
    }
    tree
}

fn numbered(count: u64) -> Tree<MemoryHashes> {
    tree((0..count).map(|number| number.to_string().into_bytes()))
}

/// MTH as RFC 6962 defines it, over leaves.
fn root_by_definition(leaves: &[Vec<u8>]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [leaf] => leaf_hash(leaf),
        _ => {
            let (left, right) = leaves.split_at(1 << (leaves.len() - 1).ilog2());
            node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

#[test]
fn roots_are_those_of_the_reference() {
    let tree = tree(LEAVES.map(<[u8]>::to_vec));
    for (size, root) in (0..).zip(ROOTS) {
        assert_eq!(tree.root(size).unwrap().to_string(), root, "{size}");
    }
}

#[test]
fn proofs_are_those_of_the_reference() {
    let tree = tree(LEAVES.map(<[u8]>::to_vec));
    let hashes =
        |proof: Vec<Digest>| proof.iter().map(|hash| hex::encode(hash.as_bytes())).collect::<Vec<_>>();
    assert_eq!(
        hashes(tree.inclusion_proof(0, 8).unwrap()),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        hashes(tree.consistency_proof(6, 8).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(hashes(tree.inclusion_proof(5, 8).unwrap()).len(), 3);
    assert!(tree.inclusion_proof(0, 1).unwrap().is_empty());
}

#[test]
fn roots_follow_the_definition() {
    let tree = numbered(70);
    let leaves: Vec<_> = (0..70).map(|number: u64| number.to_string().into_bytes()).collect();
    for size in 0..=70 {
        assert_eq!(tree.root(size as u64).unwrap(), root_by_definition(&leaves[..size]));
    }
}

#[test]
fn every_leaf_is_proved_and_no_other() {
    let tree = numbered(40);
    for size in 1..=40 {
        let root = tree.root(size).unwrap();
        for index in 0..size {
            let proof = tree.inclusion_proof(index, size).unwrap();
            let leaf = leaf_hash(index.to_string().as_bytes());
            assert!(verify_inclusion(&leaf, index, size, &proof, &root), "{index} of {size}");
            assert!(!verify_inclusion(&leaf_hash(b"x"), index, size, &proof, &root));
            assert!(!verify_inclusion(&leaf, index, size, &proof, &leaf_hash(b"x")));
            assert!(
                (0..size + 2)
                    .all(|other| other == index || !verify_inclusion(&leaf, other, size, &proof, &root))
            );
            let longer = [&proof[..], &[leaf]].concat();
            assert!(!verify_inclusion(&leaf, index, size, &longer, &root));
            assert!(proof.is_empty() || !verify_inclusion(&leaf, index, size, &proof[1..], &root));
        }
    }
}

#[test]
fn every_growth_is_proved_and_no_other() {
    let tree = numbered(40);
    let mut other = tree_with_another_leaf(40, 3);
    for new in 0..=40 {
        for old in 0..=new {
            let proof = tree.consistency_proof(old, new).unwrap();
            let (old_root, new_root) = (tree.root(old).unwrap(), tree.root(new).unwrap());
            assert!(verify_consistency(old, &old_root, new, &new_root, &proof), "{old} to {new}");
            let longer = [&proof[..], &[old_root]].concat();
            assert!(!verify_consistency(old, &old_root, new, &new_root, &longer));
            assert!(proof.is_empty() || !verify_consistency(old, &old_root, new, &new_root, &proof[1..]));
            assert!(new == old || !verify_consistency(new, &new_root, old, &old_root, &proof));
            let forked = other.root(new).unwrap();
            assert!(old <= 3 || !verify_consistency(old, &old_root, new, &forked, &proof));
            let proof = other.consistency_proof(old, new).unwrap();
            assert!(old <= 3 || !verify_consistency(old, &old_root, new, &forked, &proof));
        }
    }
    other.append(b"more").unwrap();
}

fn tree_with_another_leaf(count: u64, at: u64) -> Tree<MemoryHashes> {
    tree((0..count).map(|number| if number == at { b"x".to_vec() } else { number.to_string().into_bytes() }))
}

#[test]
fn nothing_grows_out_of_a_false_empty_tree() {
    let root = leaf_hash(b"x");
    assert!(verify_consistency(0, &Digest::of(b""), 5, &root, &[]));
    assert!(!verify_consistency(0, &root, 5, &root, &[]));
    assert!(!verify_consistency(0, &Digest::of(b""), 0, &root, &[]));
    assert!(!verify_consistency(0, &Digest::of(b""), 5, &root, &[root]));
    assert!(!verify_inclusion(&root, 0, 0, &[], &root));
    assert!(!verify_inclusion(&root, u64::MAX, u64::MAX, &[root; 64], &root));
}

#[test]
fn appending_stores_each_complete_subtree_once() {
    let tree = numbered(8);
    let store = tree.into_store();
    assert_eq!(store.0.len(), 15);
    let reopened = Tree::new(store, 8);
    assert_eq!(reopened.root(8).unwrap(), numbered(8).root(8).unwrap());
}
