//! The audit of a whole log: whether its leaves make the root that it signed, and whether it grew out of every head
//! that it signed before.
//!
//! What is audited is a folder as `sanduq-intake log export` writes it (c2sp.org/tlog-tiles). All leaves are read
//! and the tree is made anew from them, so nothing rests on what the log says of itself but its signature. Held against
//! an older head, a leaf that was changed, dropped or put in between shows: the first leaves make another root. Two
//! heads that contradict each other, each with the log's signature, convict it before anybody who has its key.
//!
//! With all leaves in hand absence can be shown as well: that no leaf up to a size names a digest.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::report::{Question, Report, ValueName};
use super::stamp;
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::card::Card;
use crate::format::note::{NOTE_BYTES_MAX, NoteVerifier};
use crate::format::ots::BlockHeader;
use crate::tlog::proof_text::PROOF_BYTES_MAX;
use crate::tlog::stamp::{STAMP_BYTES_MAX, StampName};
use crate::tlog::tile::{self, HASH_BYTES, Held, LEAF_BYTES_MAX, Levels, Tile, WIDTH, tiles};
use crate::tlog::{Checkpoint, Leaf, SignedCheckpoint, Stamp, TlogError, TlogProof, Tree, policy};

/// The name of the newest head in a log's folder.
const CHECKPOINT: &str = "checkpoint";

/// The folder of stamps on heads of it.
const STAMPS: &str = "stamp";

/// The most stamps there may be: one a day for forty years.
const STAMPS_MAX: usize = 1 << 14;

/// The largest log that is audited: its hashes take a gibibyte.
pub const LEAVES_MAX: u64 = 1 << 24;

/// Numbers of leaves that are named where many differ.
const NAMED_MAX: usize = 8;

/// What an auditor asks of a log beside whether it is whole.
#[derive(Debug, Clone, Default)]
pub struct LogQuestions {
    /// Heads that it showed before: files with a checkpoint or a receipt, or folders of an older export.
    pub since: Vec<PathBuf>,
    /// Heads that it showed before, as they are held. Of those that say the same one is asked.
    pub heads: Vec<SignedCheckpoint>,
    /// Digests that no leaf may name: ids of bundles, digests of cards, leaves of events.
    pub lacks: Vec<Digest>,
    /// Up to how many leaves that is asked; all, if nothing is said.
    pub at: Option<u64>,
    /// Headers of blocks that a stamp should lead to.
    pub headers: Vec<BlockHeader>,
}

impl LogQuestions {
    /// Each head once: many receipts and events stand under one.
    fn heads(&self) -> impl Iterator<Item = &SignedCheckpoint> {
        let mut said = HashSet::new();
        self.heads.iter().filter(move |head| said.insert(head.unverified().to_string()))
    }
}

/// Audits the log in this folder against the card that names its key. An `Err` is about a file that was named and could
/// not be read.
pub fn log(dir: &Path, card: &[u8], questions: &LogQuestions) -> io::Result<Report> {
    let mut report = Report::default();
    match report.ask(Question::CardSignatures, Card::parse(card)) {
        Some(card) => {
            ask(dir, &card, questions, &mut report)?;
            report.value(ValueName::Card, card.digest());
        }
        None => {
            report.not_asked(Question::LogHead);
            not_asked(questions, &mut report);
        }
    }
    Ok(report)
}

/// Asks everything about the log in this folder, of which the card is known to hold. Gives its leaves where they make the
/// root that it signed.
pub(super) fn ask(
    dir: &Path,
    card: &Card,
    questions: &LogQuestions,
    report: &mut Report,
) -> io::Result<Option<Vec<Vec<u8>>>> {
    let head = read(&dir.join(CHECKPOINT), NOTE_BYTES_MAX)?;
    let mut olders = questions.since.iter().map(|path| Older::read(path)).collect::<io::Result<Vec<_>>>()?;
    olders.extend(questions.heads().cloned().map(|head| Older { head: Ok(head), leaves: None }));
    let Some(head) = report.ask(Question::LogHead, SignedCheckpoint::parse(&head)) else {
        not_asked(questions, report);
        return Ok(None);
    };
    let signed = report.ask(Question::LogSigned, head.verify(card.log_key())).is_some();
    report.ask(Question::LogWitnesses, policy::verify(&head, card.log_key(), card.policy()));
    let audit = Audit { dir, log: card.log_key(), head: &head };
    let leaves = audit.run(report, &olders, questions);
    let Checkpoint { size, root, .. } = head.unverified();
    report.value(ValueName::Log, card.log_key());
    report.value(ValueName::Size, size);
    report.value(ValueName::Root, root);
    Ok(leaves.filter(|_| signed))
}

/// Without a head nothing more can be asked.
fn not_asked(questions: &LogQuestions, report: &mut Report) {
    let olders = questions.since.len() + questions.heads().count();
    let olders = std::iter::repeat_n(Question::LogSince, olders);
    let lacks = questions.lacks.iter().map(|_| Question::LogLacks);
    let blocks = questions.headers.iter().map(|_| Question::StampBlock);
    let rest = [
        Question::LogSigned,
        Question::LogWitnesses,
        Question::LogLeaves,
        Question::LogRoot,
        Question::LogTiles,
        Question::LogOnce,
    ];
    let all = rest.into_iter().chain(olders).chain(lacks).chain(blocks);
    all.for_each(|question| report.not_asked(question));
}

struct Audit<'a> {
    dir: &'a Path,
    log: &'a NoteVerifier,
    head: &'a SignedCheckpoint,
}

impl Audit<'_> {
    fn run(&self, report: &mut Report, olders: &[Older], questions: &LogQuestions) -> Option<Vec<Vec<u8>>> {
        let leaves = report.ask(Question::LogLeaves, read_leaves(self.dir, self.head.unverified().size));
        let Some(leaves) = leaves else {
            [Question::LogRoot, Question::LogTiles, Question::LogOnce]
                .into_iter()
                .for_each(|question| report.not_asked(question));
            // Two heads of one size need no leaves.
            olders.iter().for_each(|older| self.since(report, older, None));
            questions.lacks.iter().for_each(|_| report.not_asked(Question::LogLacks));
            questions.headers.iter().for_each(|_| report.not_asked(Question::StampBlock));
            return None;
        };
        let tree = tree_of(&leaves);
        let made = report.ask(Question::LogRoot, self.root(&tree)).is_some();
        olders.iter().for_each(|older| self.since(report, older, Some(&tree)));
        report.ask(Question::LogOnce, once(&leaves));
        for digest in &questions.lacks {
            report.ask(Question::LogLacks, lacks(&leaves, digest, questions.at));
        }
        self.stamps(report, &tree, &questions.headers);
        report.ask(Question::LogTiles, self.tiles(&tree.into_store()));
        made.then_some(leaves)
    }

    /// Every stamp beside the leaves is over a head that they make.
    fn stamps(&self, report: &mut Report, tree: &Tree<Levels>, headers: &[BlockHeader]) {
        let (mut over, mut findings) = (Vec::new(), Vec::new());
        let names = match stamp_names(&self.dir.join(STAMPS)) {
            Ok(names) => names,
            Err(error) => {
                findings.push(format!("{STAMPS}: {error}"));
                Vec::new()
            }
        };
        let asked = !names.is_empty() || !findings.is_empty();
        for name in names {
            let shown = format!("{STAMPS}/{name}");
            match self.stamp(&name, tree) {
                Ok(stamp) => over.push((shown, stamp)),
                Err(finding) => findings.push(format!("{shown}: {finding}")),
            }
        }
        // Most logs have none.
        if asked {
            report.ask_all(Question::LogStamps, findings);
        }
        stamp::tell(&over, headers, report);
    }

    fn stamp(&self, name: &str, tree: &Tree<Levels>) -> Result<Stamp, String> {
        let StampName { size, digest, ending } =
            name.parse().map_err(|error: FormatError| error.to_string())?;
        let bytes = read(&self.dir.join(STAMPS).join(name), STAMP_BYTES_MAX).map_err(|e| e.to_string())?;
        if Digest::of(&bytes) != digest {
            return Err("it is not what its name says".to_owned());
        }
        let stamp = Stamp::parse_kept(&bytes, ending).map_err(|error| error.to_string())?;
        if size > self.head.unverified().size {
            return Err(format!("over a head of {size} leaves, and there are fewer"));
        }
        let head =
            Checkpoint { origin: self.head.unverified().origin.clone(), size, root: root_of(tree, size) };
        stamp::check("the stamp", &stamp, &head).map(|()| stamp)
    }

    fn root(&self, tree: &Tree<Levels>) -> Result<(), String> {
        let Checkpoint { size, root, .. } = self.head.unverified();
        let found = root_of(tree, *size);
        if found == *root { Ok(()) } else { Err(format!("the {size} leaves make the root {found}")) }
    }

    /// Every tile of hashes is what the leaves make.
    fn tiles(&self, levels: &Levels) -> Result<(), String> {
        for tile in tiles(self.head.unverified().size).filter(|tile| tile.held != Held::Leaves) {
            let bytes = read_tile(self.dir, &tile, HASH_BYTES * WIDTH as usize).map_err(|e| e.to_string())?;
            if bytes != levels.tile(&tile) {
                return Err(format!("{} is not what the leaves make", tile.path()));
            }
        }
        Ok(())
    }

    /// Whether this head grew out of an older one; if the two contradict each other, both are given.
    fn since(&self, report: &mut Report, older: &Older, tree: Option<&Tree<Levels>>) {
        let signed = older.head.as_ref().map_err(ToString::to_string);
        let answer = signed.and_then(|signed| {
            let old = signed.verify(self.log).map_err(|error| error.to_string())?;
            self.grew(old, older, tree)
        });
        let convicts = answer.is_err() && self.contradicts(older, tree);
        report.ask(Question::LogSince, answer);
        if let (true, Ok(signed)) = (convicts, &older.head) {
            report.value(ValueName::Convicts, signed);
            report.value(ValueName::Convicts, self.head);
        }
    }

    fn grew(&self, old: &Checkpoint, older: &Older, tree: Option<&Tree<Levels>>) -> Result<(), String> {
        let new = self.head.unverified();
        if old.size == new.size {
            let fork = TlogError::Fork { size: new.size }.to_string();
            return if old.root == new.root {
                Ok(())
            } else {
                Err(fork + &older.differing(self.dir, new.size))
            };
        }
        if old.size > new.size {
            return Err(format!("the log had {} leaves and shows {}", old.size, new.size));
        }
        let tree = tree.ok_or("its leaves could not be read")?;
        if root_of(tree, old.size) == old.root {
            return Ok(());
        }
        let broken = TlogError::NotConsistent { old: old.size, new: new.size }.to_string();
        Err(broken + &older.differing(self.dir, old.size))
    }

    /// Whether the two heads, both signed by the log, cannot both be true. That a shorter log is shown is none yet.
    fn contradicts(&self, older: &Older, tree: Option<&Tree<Levels>>) -> bool {
        let Ok(signed) = &older.head else { return false };
        let (Ok(old), Ok(new)) = (signed.verify(self.log), self.head.verify(self.log)) else { return false };
        match old.size.cmp(&new.size) {
            std::cmp::Ordering::Equal => old.root != new.root,
            // Only where the leaves are those of the head do they speak for it.
            std::cmp::Ordering::Less => tree.is_some_and(|tree| {
                root_of(tree, new.size) == new.root && root_of(tree, old.size) != old.root
            }),
            std::cmp::Ordering::Greater => older.leaves.as_ref().is_some_and(|leaves| {
                let tree = tree_of(leaves);
                tree.size() == old.size
                    && root_of(&tree, old.size) == old.root
                    && root_of(&tree, new.size) != new.root
            }),
        }
    }
}

/// A head that the log showed before, and its leaves where they are at hand.
struct Older {
    head: Result<SignedCheckpoint, FormatError>,
    leaves: Option<Vec<Vec<u8>>>,
}

impl Older {
    fn read(path: &Path) -> io::Result<Older> {
        if path.is_dir() {
            let head = SignedCheckpoint::parse(&read(&path.join(CHECKPOINT), NOTE_BYTES_MAX)?);
            let leaves = head.as_ref().ok().and_then(|head| read_leaves(path, head.unverified().size).ok());
            return Ok(Older { head, leaves });
        }
        let bytes = read(path, PROOF_BYTES_MAX)?;
        let head = match TlogProof::parse(&bytes) {
            Ok(proof) => Ok(proof.checkpoint),
            Err(_) => SignedCheckpoint::parse(&bytes),
        };
        Ok(Older { head, leaves: None })
    }

    /// Which of the first leaves are others now, where the older ones are at hand.
    fn differing(&self, dir: &Path, size: u64) -> String {
        let (Some(old), Ok(new)) = (&self.leaves, read_leaves(dir, size)) else { return String::new() };
        let differing = old.iter().zip(&new).zip(0..).filter(|((old, new), _)| old != new);
        let named: Vec<String> = differing
            .take(NAMED_MAX)
            .map(|((old, new), number)| {
                let [old, new] = [old, new].map(|leaf| String::from_utf8_lossy(leaf));
                format!("leaf {number} was {old:?} and is {new:?}")
            })
            .collect();
        if named.is_empty() { String::new() } else { format!(": {}", named.join("; ")) }
    }
}

/// The newest head of the log in this folder, if it is one; nothing is verified.
pub fn log_head(dir: &Path) -> io::Result<Option<SignedCheckpoint>> {
    Ok(SignedCheckpoint::parse(&read(&dir.join(CHECKPOINT), NOTE_BYTES_MAX)?).ok())
}

/// Every leaf of a log of so many, in order; each one that ours has, or one of a later version.
fn read_leaves(dir: &Path, size: u64) -> Result<Vec<Vec<u8>>, String> {
    if size > LEAVES_MAX {
        return Err(format!("more than {LEAVES_MAX} leaves"));
    }
    let mut leaves: Vec<Vec<u8>> = Vec::new();
    for tile in tiles(size).filter(|tile| tile.held == Held::Leaves) {
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", tile.path());
        let bytes = read_tile(dir, &tile, (2 + LEAF_BYTES_MAX) * WIDTH as usize).map_err(|e| named(&e))?;
        let found = tile::parse_leaves(&bytes, tile.width).map_err(|e| named(&e))?;
        for (leaf, number) in found.into_iter().zip(tile.first()..) {
            Leaf::parse(leaf).map_err(|error| format!("leaf {number}: {error}"))?;
            leaves.push(leaf.to_vec());
        }
    }
    Ok(leaves)
}

/// The bytes of a tile, or, where a partial one is no longer there, the beginning of the full one.
fn read_tile(dir: &Path, tile: &Tile, bytes_max: usize) -> io::Result<Vec<u8>> {
    match read(&dir.join(tile.path()), bytes_max) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && tile.width < WIDTH => {
            let full = Tile { width: WIDTH, ..*tile };
            let bytes = read(&dir.join(full.path()), bytes_max).map_err(|_| error)?;
            Ok(beginning(&full, tile.width, bytes))
        }
        read => read,
    }
}

/// As much of a full tile as one of this width has; all of one that is none.
fn beginning(full: &Tile, width: u64, bytes: Vec<u8>) -> Vec<u8> {
    let len = match full.held {
        Held::Hashes { .. } => Some(width as usize * HASH_BYTES),
        Held::Leaves => tile::parse_leaves(&bytes, WIDTH)
            .ok()
            .map(|leaves| leaves.iter().take(width as usize).map(|leaf| 2 + leaf.len()).sum()),
    };
    let len = len.unwrap_or(bytes.len()).min(bytes.len());
    bytes[..len].to_vec()
}

/// The names in a folder of stamps, in their order; none where there is no folder.
fn stamp_names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if names.len() == STAMPS_MAX {
            return Err(io::Error::other(format!("more than {STAMPS_MAX} files")));
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_file() {
            return Err(io::Error::other(format!("{name:?} is not a plain file")));
        }
        names.push(name);
    }
    names.sort_unstable();
    Ok(names)
}

fn tree_of(leaves: &[Vec<u8>]) -> Tree<Levels> {
    let mut tree = Tree::new(Levels::default(), 0);
    for leaf in leaves {
        let Ok(_) = tree.append(leaf);
    }
    tree
}

fn root_of(tree: &Tree<Levels>, size: u64) -> Digest {
    let Ok(root) = tree.root(size);
    root
}

/// No leaf stands there twice.
fn once(leaves: &[Vec<u8>]) -> Result<(), String> {
    let mut seen = HashSet::new();
    match leaves.iter().zip(0u64..).find(|(leaf, _)| !seen.insert(*leaf)) {
        None => Ok(()),
        Some((leaf, number)) => {
            Err(format!("leaf {number} stands there before: {}", String::from_utf8_lossy(leaf)))
        }
    }
}

/// No leaf among the first ones names this digest.
fn lacks(leaves: &[Vec<u8>], digest: &Digest, at: Option<u64>) -> Result<(), String> {
    let size = leaves.len() as u64;
    let asked = at.unwrap_or(size);
    if asked > size {
        return Err(format!("the log has {size} leaves and not {asked}"));
    }
    let names = |leaf: &Vec<u8>| Leaf::parse(leaf).is_ok_and(|leaf| leaf.digest() == *digest);
    match leaves[..asked as usize].iter().position(names) {
        None => Ok(()),
        Some(number) => Err(format!("leaf {number} names {digest}")),
    }
}

/// At most so many bytes: a longer file is cut, and is found not to be what it should.
fn read(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    let kind = path.metadata()?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        // Opening a pipe would wait for whoever writes into it.
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of more stamps than one a day for forty years the rest was passed over, and nobody was told.
    #[test]
    fn more_stamps_than_there_may_be_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..=STAMPS_MAX {
            std::fs::write(dir.path().join(number.to_string()), "").unwrap();
        }
        assert!(stamp_names(dir.path()).is_err());
        std::fs::remove_file(dir.path().join("0")).unwrap();
        assert_eq!(stamp_names(dir.path()).unwrap().len(), STAMPS_MAX);
    }
}
