//! A log in memory, laid out as files by the rules of C2SP alone, with nothing of the desk's; and one that a desk exported.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use sanduq::bundle::EventLeaves;
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, LogSigningKey};
use sanduq::format::card::OfficerLine;
use sanduq::format::note::{NoteSigner, NoteVerifier};
use sanduq::intake::{Archive, Fate, Founding, Reading};
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

/// A log as others have to read it.
pub struct Shown {
    pub verifier: NoteVerifier,
    pub tree: Tree<Levels>,
}

/// A desk logs so many events of an officer and exports its log; gives what that must be.
pub fn exported(to: &Path, many: u64) -> Shown {
    let archive = tempfile::tempdir().unwrap();
    let (root, officer) = (archive.path().join("archive"), KeyPair::generate());
    let line = OfficerLine { recipient: Identity::generate().to_recipient(), keys: officer.public() };
    let founding = Founding { name: "Invented Archive".to_owned(), officers: vec![line], threshold: 1 };
    let mut desk = Archive::init(&root, &founding).unwrap();
    let verifier = Reading::open(&root).unwrap().founded().unwrap().log;
    let file = archive.path().join("leaves.events");
    fs::write(&file, EventLeaves::sign(&verifier, (0..many).map(digest), &officer).print()).unwrap();
    let (now, mut fresh) = ("2026-11-23T18:40:00Z".parse().unwrap(), 0);
    let report = &mut |outcome: sanduq::intake::Outcome| match outcome.fate {
        Fate::Events { fresh: new, .. } => fresh += new as u64,
        other => panic!("{other:?}"),
    };
    desk.accept(&[file], now, &AtomicBool::new(false), report).unwrap();
    assert_eq!(fresh, many);
    Reading::open(&root).unwrap().export_log(to).unwrap();
    // In which order it logged them is in the files alone: what they are is known.
    let leaves = entries(to, many);
    let mut sorted = leaves.clone();
    sorted.sort();
    let mut expected: Vec<_> = (0..many).map(|number| Leaf::Event(digest(number)).to_string()).collect();
    expected.sort();
    assert!(sorted == expected, "other leaves than were brought");
    let mut tree = Tree::new(Levels::default(), 0);
    for leaf in &leaves {
        tree.append(leaf.as_bytes()).unwrap();
    }
    Shown { verifier, tree }
}

/// The leaves in the files of a log, each behind its length.
fn entries(dir: &Path, many: u64) -> Vec<String> {
    let mut leaves = Vec::new();
    for index in 0..many.div_ceil(256) {
        let width = (many - index * 256).min(256);
        let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
        let bytes = fs::read(dir.join(format!("tile/entries/{index:03}{partial}"))).unwrap();
        let mut rest = &bytes[..];
        while let Some((len, after)) = rest.split_first_chunk::<2>() {
            let (leaf, after) = after.split_at(u16::from_be_bytes(*len).into());
            leaves.push(String::from_utf8(leaf.to_vec()).unwrap());
            rest = after;
        }
    }
    leaves
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

    pub fn signed_by(signer: NoteSigner, leaves: Vec<String>) -> Log {
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

    /// Lays it, and gives what others have to read.
    pub fn shown(self, dir: &Path) -> Shown {
        self.lay(dir);
        Shown { verifier: self.signer.verifier(), tree: self.tree }
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
