//! A log in memory, laid out as files by the rules of C2SP alone: with nothing of the desk's.

use std::fs;
use std::path::Path;

use sanduq::crypto::{Digest, LogSigningKey};
use sanduq::format::note::NoteSigner;
use sanduq::tlog::tile::Levels;
use sanduq::tlog::{Checkpoint, Leaf, SignedCheckpoint, Tree};

/// The digest that an invented leaf names.
pub fn digest(number: u64) -> Digest {
    Digest::of(format!("an invented bundle {number}").as_bytes())
}

/// An invented leaf.
pub fn leaf(number: u64) -> String {
    Leaf::Ingest(digest(number)).to_string()
}

pub struct Log {
    pub signer: NoteSigner,
    pub leaves: Vec<String>,
    pub tree: Tree<Levels>,
}

impl Log {
    pub fn of(leaves: impl Iterator<Item = String>) -> Log {
        let signer = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
        Log::signed_by(signer, leaves.collect())
    }

    fn signed_by(signer: NoteSigner, leaves: Vec<String>) -> Log {
        let mut tree = Tree::new(Levels::default(), 0);
        for leaf in &leaves {
            tree.append(leaf.as_bytes()).unwrap();
        }
        Log { signer, leaves, tree }
    }

    /// Other leaves under the same key: what a log that lies does.
    pub fn signed_again(&self, leaves: Vec<String>) -> Log {
        Log::signed_by(self.signer.clone(), leaves)
    }

    pub fn first(&self, size: usize) -> Log {
        self.signed_again(self.leaves[..size].to_vec())
    }

    pub fn head_of(&self, size: u64) -> SignedCheckpoint {
        let root = self.tree.root(size).unwrap();
        Checkpoint::of(&self.signer, size, root).sign(&self.signer).unwrap()
    }

    pub fn lay(&self, dir: &Path) {
        let size = self.leaves.len();
        self.pieces(dir, "entries", size, |first, end| {
            let with_length = |leaf: &String| [&(leaf.len() as u16).to_be_bytes(), leaf.as_bytes()].concat();
            self.leaves[first..end].iter().flat_map(with_length).collect()
        });
        let (mut level, mut count) = (0, size);
        while count > 0 {
            self.pieces(dir, &level.to_string(), count, |first, end| {
                let subtree = 256usize.pow(level);
                let hash = |at: usize| *root(&self.leaves[at * subtree..(at + 1) * subtree]).as_bytes();
                (first..end).flat_map(hash).collect()
            });
            (level, count) = (level + 1, count / 256);
        }
        fs::create_dir_all(dir).unwrap();
        fs::write(dir.join("checkpoint"), self.head_of(size as u64).to_string()).unwrap();
    }

    fn pieces(&self, dir: &Path, level: &str, count: usize, bytes: impl Fn(usize, usize) -> Vec<u8>) {
        for index in 0..count.div_ceil(256) {
            let (first, end) = (index * 256, count.min(index * 256 + 256));
            // Fewer than a thousand pieces: a number of three digits is enough.
            let partial = if end - first < 256 { format!(".p/{}", end - first) } else { String::new() };
            let path = dir.join(format!("tile/{level}/{index:03}{partial}"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes(first, end)).unwrap();
        }
    }
}

/// The root over leaves, straight from RFC 6962, section 2.1.
fn root(leaves: &[String]) -> Digest {
    let hash = |prefix: u8, rest: &[&[u8]]| Digest::of(&[&[prefix], rest.concat().as_slice()].concat());
    match leaves {
        [] => Digest::of(b""),
        [leaf] => hash(0, &[leaf.as_bytes()]),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            hash(1, &[root(left).as_bytes(), root(right).as_bytes()])
        }
    }
}
