//! Attacks on a whole log in its folder: on its leaves, on its tiles, and on the heads that it showed before.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sanduq::crypto::Digest;
use sanduq::format::card::Draft;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::tlog::tile::{Held, Levels, Tile, print_leaves, tiles};
use sanduq::tlog::{Checkpoint, Leaf, SignedCheckpoint, Tree};

use super::families::{
    Rng, base64, log, log_key, log_terms as terms, misspelled, policy_of, signed_card as signed, witnesses,
};
use super::folders::{Case, Entry, Family, Pair, case};

type Folder = BTreeMap<String, Entry>;

/// A log, and the head of its first leaves that it showed before.
#[derive(Clone)]
struct Log {
    signer: NoteSigner,
    leaves: Vec<String>,
    older: Vec<u8>,
    /// How many of three witnesses cosigned its heads, where its card asks for two.
    cosigned: Option<usize>,
}

fn leaf(rng: &mut Rng) -> String {
    let digest = Digest::of(&rng.next().to_be_bytes());
    rng.pick(&[Leaf::Ingest(digest), Leaf::Card(digest), Leaf::Event(digest)]).to_string()
}

fn card() -> Vec<u8> {
    static CARD: OnceLock<String> = OnceLock::new();
    CARD.get_or_init(|| card_of(Policy::none())).clone().into_bytes()
}

fn card_of(policy: Policy) -> String {
    signed(&Draft::new(terms("Invented Archive", 1, policy)).unwrap().to_string())
}

fn tree(leaves: &[String]) -> Tree<Levels> {
    let mut tree = Tree::new(Levels::default(), 0);
    leaves.iter().for_each(|leaf| tree.append(leaf.as_bytes()).map(drop).unwrap());
    tree
}

impl Log {
    fn new(rng: &mut Rng) -> Log {
        let size = rng.pick(&[3, 40, 255, 256, 257, 300, 520]);
        let leaves: Vec<String> = (0..size).map(|_| leaf(rng)).collect();
        let mut log = Log { signer: log(), leaves, older: Vec::new(), cosigned: None };
        let shown = 2 + rng.below(size - 1);
        log.older = log.head(shown).to_string().into_bytes();
        log
    }

    fn head(&self, size: usize) -> SignedCheckpoint {
        let root = tree(&self.leaves[..size]).root(size as u64).unwrap();
        let mut head = Checkpoint::of(&self.signer, size as u64, root).sign_twice(&self.signer).unwrap();
        let time = Time::from_unix(1_795_459_200).unwrap();
        witnesses()[..self.cosigned.unwrap_or(0)].iter().for_each(|one| one.cosign(&mut head, time));
        head
    }

    /// How many leaves the older head has.
    fn shown(&self) -> usize {
        SignedCheckpoint::parse(&self.older).unwrap().unverified().size as usize
    }

    fn folder(&self) -> Folder {
        let size = self.leaves.len() as u64;
        let levels = tree(&self.leaves).into_store();
        let leaves = |tile: &Tile| {
            let first = tile.first() as usize;
            let held = &self.leaves[first..first + tile.width as usize];
            print_leaves(held.iter().map(String::as_bytes)).unwrap()
        };
        let bytes = |tile: &Tile| if tile.held == Held::Leaves { leaves(tile) } else { levels.tile(tile) };
        let mut folder: Folder = tiles(size).map(|tile| (tile.path(), Entry::File(bytes(&tile)))).collect();
        let head = self.head(self.leaves.len()).to_string();
        folder.insert("checkpoint".to_owned(), Entry::File(head.into_bytes()));
        folder
    }

    fn case(&self) -> Case {
        self.case_of(&self.folder())
    }

    fn case_of(&self, folder: &Folder) -> Case {
        let card = match self.cosigned {
            Some(_) => card_of(policy_of(&witnesses())).into_bytes(),
            None => card(),
        };
        case(folder, &[("card", &card), ("older", &self.older)])
    }
}

pub fn base() -> Case {
    Log::new(&mut Rng(0)).case()
}

/// Two logs of one size by one key, which cannot both be true.
pub fn two(rng: &mut Rng) -> [Case; 2] {
    let log = Log::new(rng);
    let leaves = log.leaves.iter().map(|_| leaf(rng)).collect();
    let mut other = Log { leaves, ..log.clone() };
    other.older = other.head(log.shown()).to_string().into_bytes();
    [log, other].map(|log| log.case())
}

/// A log whose leaves became others after it showed a head, under heads that it signs.
fn rewritten(rng: &mut Rng, change: impl FnOnce(&mut Log, usize, &mut Rng)) -> Pair {
    let log = Log::new(rng);
    let mut bad = log.clone();
    // One that the older head has.
    let place = rng.below(log.shown() - 1);
    change(&mut bad, place, rng);
    Pair { good: log.case(), bad: bad.case() }
}

/// A log of which a file was changed.
fn tampered(rng: &mut Rng, change: impl FnOnce(&Log, &mut Folder, &mut Rng)) -> Pair {
    let log = Log::new(rng);
    let mut folder = log.folder();
    change(&log, &mut folder, rng);
    Pair { good: log.case(), bad: log.case_of(&folder) }
}

/// A tile of leaves, or of hashes.
fn some_tile(folder: &Folder, leaves: bool, rng: &mut Rng) -> String {
    let names = folder.keys().filter(|name| name.starts_with("tile/"));
    let names: Vec<String> = names.filter(|name| name.contains("/entries/") == leaves).cloned().collect();
    rng.pick(&names)
}

fn bytes<'f>(folder: &'f mut Folder, name: &str) -> &'f mut Vec<u8> {
    match folder.get_mut(name) {
        Some(Entry::File(bytes)) => bytes,
        _ => panic!("no file {name}"),
    }
}

fn put(folder: &mut Folder, name: &str, content: impl Into<Vec<u8>>) {
    folder.insert(name.to_owned(), Entry::File(content.into()));
}

/// Another digit in place of one.
fn other_digit(digit: u8) -> u8 {
    if digit == b'0' { b'1' } else { b'0' }
}

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "log", story, stock: false, make };
    vec![
        family("log-checkpoint-with-too-few-cosignatures", "The card asks for two witnesses.", |rng| {
            let log = Log::new(rng);
            let [good, bad] = [2 + rng.below(2), rng.below(2)];
            let [good, bad] = [good, bad].map(|by| Log { cosigned: Some(by), ..log.clone() }.case());
            Pair { good, bad }
        }),
        family("log-entry-replaced", "A leaf that a head was shown of is another one.", |rng| {
            rewritten(rng, |log, place, rng| log.leaves[place] = leaf(rng))
        }),
        family("log-entry-dropped", "A leaf that a head was shown of is gone.", |rng| {
            rewritten(rng, |log, place, rng| {
                log.leaves.remove(place);
                log.leaves.push(leaf(rng));
            })
        }),
        family("log-entry-inserted", "A leaf came in between, where a head was shown before.", |rng| {
            rewritten(rng, |log, place, rng| log.leaves.insert(place, leaf(rng)))
        }),
        family("log-entries-swapped", "Two leaves changed places.", |rng| {
            rewritten(rng, |log, place, _| log.leaves.swap(place, place + 1))
        }),
        family("log-truncated", "The last leaves are gone, and the head is one of before.", |rng| {
            rewritten(rng, |log, _, rng| {
                let shown = log.shown();
                log.leaves.truncate(rng.below(shown));
            })
        }),
        family("log-with-two-roots-of-one-size", "Two checkpoints for one size, both by the log.", |rng| {
            let mut log = Log::new(rng);
            log.older = log.head(log.leaves.len()).to_string().into_bytes();
            let mut fork = log.clone();
            let place = rng.below(log.leaves.len());
            fork.leaves[place] = leaf(rng);
            Pair { good: log.case(), bad: fork.case() }
        }),
        family(
            "log-that-grew-out-of-a-fork",
            "The head that was shown before is of another history.",
            |rng| {
                let log = Log::new(rng);
                let shown = log.shown();
                let mut fork = log.clone();
                fork.leaves[rng.below(shown)] = leaf(rng);
                let older = fork.head(shown).to_string().into_bytes();
                Pair { good: log.case(), bad: Log { older, ..log }.case() }
            },
        ),
        family(
            "log-older-head-by-another-log",
            "A head that was shown before, by somebody else's key.",
            |rng| {
                let log = Log::new(rng);
                let signer = NoteSigner::new("archive.example/log", log_key(51)).unwrap();
                let older = Log { signer, ..log.clone() }.head(log.shown()).to_string().into_bytes();
                Pair { good: log.case(), bad: Log { older, ..log }.case() }
            },
        ),
        family("log-with-a-leaf-twice", "What came in once stands there two times.", |rng| {
            rewritten(rng, |log, place, _| log.leaves.push(log.leaves[place].clone()))
        }),
        family(
            "log-with-a-leaf-of-no-kind",
            "What no log of ours holds, rightly hashed and signed.",
            |rng| {
                let log = Log::new(rng);
                let mut bad = log.clone();
                let strange = [
                    "sanduq-log/1 note ".to_owned() + &Digest::of(b"x").to_string(),
                    "sanduq-log/2 card ".to_owned() + &Digest::of(b"x").to_string(),
                    leaf(rng) + "\n",
                    leaf(rng).to_uppercase(),
                    leaf(rng) + " ",
                    "x".to_owned(),
                ];
                bad.leaves.push(rng.pick(&strange));
                let mut good = log;
                good.leaves.push(leaf(rng));
                Pair { good: good.case(), bad: bad.case() }
            },
        ),
        family("log-leaf-changed-in-its-tile", "A leaf is another one than its hash says.", |rng| {
            tampered(rng, |_, folder, rng| {
                let name = some_tile(folder, true, rng);
                let last = bytes(folder, &name).last_mut().unwrap();
                *last = other_digit(*last);
            })
        }),
        family("log-tile-changed", "One bit of a hash.", |rng| {
            tampered(rng, |_, folder, rng| {
                let name = some_tile(folder, false, rng);
                let tile = bytes(folder, &name);
                let place = rng.below(tile.len());
                tile[place] ^= 1 << rng.below(8);
            })
        }),
        family("log-tile-missing", "A tile is not there, and no full one that begins as it did.", |rng| {
            let log = Log::new(rng);
            let (mut good, mut bad) = (log.folder(), log.folder());
            let mut full = log.clone();
            full.leaves.resize_with(log.leaves.len().next_multiple_of(256), || leaf(rng));
            let partial = |name: &String| Some(name.split_once(".p/")?.0.to_owned());
            for (stem, entry) in full.folder() {
                if let Some(name) = good.keys().find(|name| partial(name).as_ref() == Some(&stem)).cloned() {
                    good.remove(&name);
                    good.insert(stem, entry);
                }
            }
            let leaves = rng.below(2) == 0;
            bad.remove(&some_tile(&bad, leaves, rng));
            Pair { good: log.case_of(&good), bad: log.case_of(&bad) }
        }),
        family("log-tile-of-another-width", "A tile that holds more or fewer than its name says.", |rng| {
            tampered(rng, |_, folder, rng| {
                let leaves = rng.below(2) == 0;
                let name = some_tile(folder, leaves, rng);
                let tile = bytes(folder, &name);
                // A leaf is as long as its two bytes say.
                let one = if leaves { 2 + usize::from(tile[0]) * 256 + usize::from(tile[1]) } else { 32 };
                match rng.below(2) {
                    0 => drop(tile.drain(..one)),
                    _ => tile.extend_from_within(..one),
                }
            })
        }),
        family("log-tile-cut-short", "The end of a tile is missing.", |rng| {
            tampered(rng, |_, folder, rng| {
                let leaves = rng.below(2) == 0;
                let name = some_tile(folder, leaves, rng);
                let tile = bytes(folder, &name);
                tile.truncate(rng.below(tile.len()));
            })
        }),
        family("log-tiles-exchanged", "The tiles of another log, under the head of this one.", |rng| {
            tampered(rng, |log, folder, rng| {
                let leaves = log.leaves.iter().map(|_| leaf(rng)).collect();
                let head = folder["checkpoint"].clone();
                *folder = Log { leaves, ..log.clone() }.folder();
                folder.insert("checkpoint".to_owned(), head);
            })
        }),
        family("log-checkpoint-by-another-log", "A head of the right root, by somebody else's key.", |rng| {
            tampered(rng, |log, folder, _| {
                let signer = NoteSigner::new("archive.example/log", log_key(51)).unwrap();
                let other = Log { signer, ..log.clone() };
                put(folder, "checkpoint", other.head(log.leaves.len()).to_string());
            })
        }),
        family(
            "log-checkpoint-of-other-leaves",
            "A head that the log signed, over leaves that are not there.",
            |rng| {
                tampered(rng, |log, folder, rng| {
                    let mut other = log.clone();
                    match rng.below(3) {
                        0 => other.leaves.push(leaf(rng)),
                        1 => drop(other.leaves.pop()),
                        _ => *other.leaves.last_mut().unwrap() = leaf(rng),
                    }
                    put(folder, "checkpoint", other.head(other.leaves.len()).to_string());
                })
            },
        ),
        family("log-checkpoint-changed", "A head whose text or signature is another.", |rng| {
            tampered(rng, |log, folder, rng| {
                let head = log.head(log.leaves.len()).to_string();
                let size = format!("\n{}\n", log.leaves.len());
                let root = base64(Digest::of(&rng.next().to_be_bytes()).as_bytes());
                let lines: Vec<&str> = head.lines().collect();
                let changed = [
                    head.replacen(&size, "\n1\n", 1),
                    head.replacen(lines[2], &root, 1),
                    head.replacen("archive.example", "another.example", 1),
                    head.replacen(lines[4], "", 1),
                ];
                put(folder, "checkpoint", rng.pick(&changed));
            })
        }),
        family("log-checkpoint-spelled-otherwise", "The head as another program would spell it.", |rng| {
            tampered(rng, |log, folder, rng| {
                let head = log.head(log.leaves.len()).to_string();
                put(folder, "checkpoint", misspelled(&head, rng));
            })
        }),
        family("log-checkpoint-missing", "Leaves that nobody signed for.", |rng| {
            tampered(rng, |_, folder, _| drop(folder.remove("checkpoint")))
        }),
    ]
}
