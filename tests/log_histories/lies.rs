//! What a log does to its history, and what must be found of it: worked out on lists of leaves, without a hash.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::path::PathBuf;

use sanduq::audit::Question;

use crate::families::Rng;
use crate::folder::leaf;

/// What is done to the history, which the log then signs; each with the question that finds it.
pub const OF_HISTORY: [(Lie, Question); 8] = [
    (Lie::Replay, Question::LogOnce),
    (Lie::Reorder, Question::LogSince),
    (Lie::Replace, Question::LogSince),
    (Lie::Drop, Question::LogSince),
    (Lie::Insert, Question::LogSince),
    (Lie::Freeze, Question::LogSince),
    (Lie::RollBack, Question::LogSince),
    (Lie::Fork, Question::LogSince),
];
/// What is done to the folder, in which then not all is of one history.
pub const OF_FOLDER: [(Lie, Question); 8] = [
    (Lie::OtherLeaves, Question::LogRoot),
    (Lie::OtherHashes, Question::LogTiles),
    (Lie::OtherHead, Question::LogRoot),
    (Lie::LeavesMissing, Question::LogLeaves),
    (Lie::HashesMissing, Question::LogTiles),
    (Lie::HeadCut, Question::LogHead),
    (Lie::Stranger, Question::LogSigned),
    (Lie::TooFewWitnesses, Question::LogWitnesses),
];

/// One thing that is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lie {
    /// A leaf that stands there comes in once more.
    Replay,
    /// Two leaves change places.
    Reorder,
    Replace,
    Drop,
    /// A leaf comes in before others that were there.
    Insert,
    /// The last leaves are withheld, under a head that was true once.
    Freeze,
    /// The last leaves are gone, and it grows again from there, by fewer.
    RollBack,
    /// It goes on otherwise from a point, and is as long as before.
    Fork,
    OtherLeaves,
    OtherHashes,
    OtherHead,
    LeavesMissing,
    HashesMissing,
    HeadCut,
    /// Another log's key.
    Stranger,
    TooFewWitnesses,
}

/// What a log has, in order.
pub type Leaves = Vec<String>;

/// A leaf that no list here has yet.
fn fresh(rng: &mut Rng) -> String {
    leaf(rng.next())
}

/// So many of them.
pub fn some(many: usize, rng: &mut Rng) -> Leaves {
    (0..many).map(|_| fresh(rng)).collect()
}

/// The history after this lie about the leaf at `point`.
pub fn lied(lie: Lie, leaves: &Leaves, point: usize, rng: &mut Rng) -> Leaves {
    let mut leaves = leaves.clone();
    let size = leaves.len();
    match lie {
        Lie::Replay => leaves.push(leaves[point].clone()),
        // The last one changes places with the first.
        Lie::Reorder => leaves.swap(point, (point + 1) % size),
        Lie::Replace => leaves[point] = fresh(rng),
        Lie::Drop => drop(leaves.remove(point)),
        Lie::Insert => leaves.insert(point, fresh(rng)),
        Lie::Freeze => leaves.truncate(point),
        Lie::RollBack => {
            leaves.truncate(point);
            leaves.extend(some(rng.below(size - point), rng));
        }
        _ => leaves.splice(point.., some(size - point, rng)).for_each(drop),
    }
    leaves
}

/// A head that was shown before, and how: alone, in a receipt, or over the leaves.
pub struct Told {
    pub leaves: Leaves,
    pub with_leaves: bool,
    pub path: PathBuf,
}

/// A folder of a log: what its head says, which leaves are in it, and what its hashes are made of.
#[derive(Clone)]
pub struct Shown {
    pub head: Leaves,
    pub held: Leaves,
    pub hashed: Leaves,
    pub lie: Option<Lie>,
}

impl Shown {
    pub fn of(leaves: &Leaves) -> Shown {
        let leaves = leaves.clone();
        Shown { head: leaves.clone(), held: leaves.clone(), hashed: leaves, lie: None }
    }

    fn is_readable(&self) -> bool {
        self.lie != Some(Lie::LeavesMissing)
    }

    /// Whether it grew out of a head over these leaves, as far as its own can tell. Heads of one size need none.
    pub fn grew_out_of(&self, told: &Leaves) -> bool {
        if told.len() == self.head.len() {
            return *told == self.head;
        }
        self.is_readable() && told.len() < self.head.len() && self.held.starts_with(told)
    }

    /// Whether the head of this and the one that was shown cannot both be true, and that can be shown.
    pub fn contradicts(&self, told: &Told) -> bool {
        let (old, new) = (&told.leaves, &self.head);
        self.lie != Some(Lie::Stranger)
            && match old.len().cmp(&new.len()) {
                Ordering::Equal => old != new,
                Ordering::Less => self.is_readable() && self.held == *new && !new.starts_with(old),
                Ordering::Greater => told.with_leaves && !old.starts_with(new),
            }
    }

    /// The questions that fail, in the order in which they are asked.
    pub fn failing(&self, told: &[Told]) -> Vec<Question> {
        let lie = self.lie;
        if lie == Some(Lie::HeadCut) {
            return vec![Question::LogHead];
        }
        let fails = |question, fails: bool| fails.then_some(question);
        let distinct = self.held.iter().collect::<HashSet<_>>().len() == self.held.len();
        let stranger = lie == Some(Lie::Stranger);
        let signed = [
            fails(Question::LogSigned, stranger),
            fails(Question::LogWitnesses, stranger || lie == Some(Lie::TooFewWitnesses)),
            fails(Question::LogLeaves, !self.is_readable()),
            fails(Question::LogRoot, self.is_readable() && self.held != self.head),
        ];
        let since = told.iter().map(|told| fails(Question::LogSince, !self.grew_out_of(&told.leaves)));
        let tiles = self.held != self.hashed || lie == Some(Lie::HashesMissing);
        let rest = [
            fails(Question::LogOnce, self.is_readable() && !distinct),
            fails(Question::LogTiles, self.is_readable() && tiles),
        ];
        signed.into_iter().chain(since).chain(rest).flatten().collect()
    }
}
