//! Forged bundles before the desk's real command. A desk has no key that opens a bundle and cannot tell for whom one is: it
//! decides by the outside alone, and so whatever a forger of `reference/bundles.rs` changed must be refused by that.
//!
//! Every forgery lies on a stick between good ones. Of it nothing is taken in: no leaf, no row, no receipt, no file but the
//! copy in quarantine that docs/spec/intake.md promises. The good ones beside it are all taken in, each once.
//!
//! One thing a desk does not look at: the payload of what it has already. A copy that differs from a bundle here in nothing
//! else is that bundle, says the page, and known.
#![cfg(all(feature = "intake", feature = "verify"))]

#[path = "reference/bundles.rs"]
mod bundles;
mod desk;
#[allow(dead_code, unused_imports, reason = "here only the families of whole bundles are asked for")]
#[path = "reference/families.rs"]
mod families;
#[allow(dead_code, reason = "written for tests/attacks.rs, which needs all of it")]
#[path = "attacks/forge.rs"]
mod forge;
#[allow(dead_code, reason = "the desk is asked here, and no second reading")]
#[path = "reference/judge.rs"]
mod judge;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use desk::Organisation;
use families::{Family, Pair, Rng};
use forge::{Forge, untar};
use sanduq::audit::{self, LogQuestions};
use sanduq::bundle::layout;
use sanduq::crypto::Digest;
use sanduq::tlog::Leaf;
use serde_json::Value;

/// How many seeds each family is asked for.
const SEEDS: u64 = 118;
/// How many of these come to the desk by themselves before the others.
const ALONE: usize = 2;
/// How many come once more, each beside the good one that it was made of.
const BESIDE: u64 = 12;
/// How many good ones lie between the forgeries.
const NEIGHBOURS: u64 = 16;

/// Everything below a folder: of a file its length, its inode and when that was last changed, and nothing of a folder.
type Listing = BTreeMap<PathBuf, Option<[i64; 4]>>;

fn listing(root: &Path) -> Listing {
    let mut found = Listing::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let meta = path.symlink_metadata().unwrap();
            let seen = [meta.len() as i64, meta.ino() as i64, meta.ctime(), meta.ctime_nsec()];
            found.insert(path.clone(), (!meta.is_dir()).then_some(seen));
            if meta.is_dir() {
                waiting.push(path);
            }
        }
    }
    found
}

/// What stands in one of them alone, or otherwise.
fn differing(before: &Listing, after: &Listing) -> BTreeSet<PathBuf> {
    let names = before.keys().chain(after.keys());
    names.filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// A bundle's id, without the library's reader.
fn id(bundle: &[u8]) -> Digest {
    let members = untar(bundle, 0);
    Digest::of(&members.iter().find(|(name, _)| name == layout::TAG_MANIFEST).unwrap().1)
}

/// A good bundle that is no other's copy. No officer could open its payload, which no desk can know.
fn neighbour(seed: u64) -> Vec<u8> {
    let mut forge = Forge::new();
    let payload = forge.outer(layout::PAYLOAD);
    let end = payload.len() - 8;
    payload[end..].copy_from_slice(&seed.to_be_bytes());
    forge.close()
}

/// Whether a forgery is the good one but for bytes of its payload.
fn differs_in_its_payload(good: &[u8], bad: &[u8]) -> bool {
    let header = format!("{}\0", layout::PAYLOAD);
    let start = 512 + good.windows(header.len()).position(|part| part == header.as_bytes()).unwrap();
    let payload = start..start + Forge::new().outer(layout::PAYLOAD).len();
    let differing = (0..).zip(good.iter().zip(bad)).filter(|(_, (good, bad))| good != bad);
    good.len() == bad.len() && differing.map(|(place, _)| place).all(|place| payload.contains(&place))
}

/// What must become of a file on a stick.
#[derive(Clone, Copy)]
enum Fate {
    /// It is the bundle of this id, which is taken in or known.
    Holds(Digest),
    /// It is refused; the digest of all of it.
    Refused(Digest),
}

use Fate::{Holds, Refused};

/// The files on a stick.
type Stick = BTreeMap<PathBuf, Fate>;

/// A desk with one bundle in its archive.
struct Scene {
    org: Organisation,
    /// The ids of what was taken in.
    taken: BTreeSet<Digest>,
}

impl Scene {
    fn new() -> Scene {
        let org = Organisation::founded(1, 1);
        let (path, sealed) = org.seal_into(&org.folder("earlier"), "a.bundle");
        org.accept(&[path]);
        Scene { org, taken: BTreeSet::from([sealed.bundle]) }
    }

    /// The command as it is typed, in a folder where whatever it left would be seen: its exit code, its answer, and what
    /// it changed on disk.
    fn desk(&self, args: &[&Path]) -> (Option<i32>, Value, BTreeSet<PathBuf>) {
        let root = self.org.dir.path();
        let before = listing(root);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq-intake"));
        command.env_clear().env("HOME", root).env("TMPDIR", root).current_dir(root);
        let output = command.arg("--json").arg("--archive").arg(self.org.root()).args(args).output().unwrap();
        let mut changed = differing(&before, &listing(root));
        // It is opened anew whenever a command is at work, and there is never anything in it.
        let lock = self.org.root().join("lock");
        assert_eq!(fs::read(&lock).unwrap(), b"");
        changed.remove(&lock);
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap(), changed)
    }

    /// Where the copy of something refused lies, and the reason.
    fn aside(&self, digest: &Digest) -> [PathBuf; 2] {
        let folder = self.org.root().join("quarantine");
        ["bundle", "reason.txt"].map(|ending| folder.join(format!("{digest}.{ending}")))
    }

    fn kept(&self, id: &Digest) -> PathBuf {
        self.org.root().join(format!("bundles/{id}.bundle"))
    }

    /// `accept` of this path, where these files are: each has its fate, and nothing is written but what goes with it.
    fn accept(&mut self, path: &Path, stick: &Stick) {
        let fresh: BTreeSet<Digest> = stick.values().filter_map(|fate| fate.id()).collect();
        let fresh: BTreeSet<Digest> = fresh.difference(&self.taken).copied().collect();
        let refused: BTreeSet<Digest> = stick.values().filter_map(|fate| fate.refused()).collect();
        let mut expected: BTreeSet<_> = refused.iter().flat_map(|digest| self.aside(digest)).collect();
        // What was refused before lies there once.
        expected.retain(|path| !path.exists());
        expected.extend(fresh.iter().map(|id| self.kept(id)));
        // Taken away before and made again after.
        expected.insert(self.org.root().join("settled"));
        if !fresh.is_empty() {
            expected.insert(self.org.root().join("ledger.sqlite"));
        }
        let (code, answer, changed) = self.desk(&[Path::new("accept"), path]);
        assert_eq!(code, Some(i32::from(!refused.is_empty())), "{answer}");
        let otherwise: Vec<_> = changed.symmetric_difference(&expected).collect();
        assert!(otherwise.is_empty(), "written and not foreseen, or the other way round: {otherwise:#?}");
        let told = answer["outcomes"].as_array().unwrap().iter();
        let told: BTreeMap<_, _> =
            told.map(|one| (PathBuf::from(one["path"].as_str().unwrap()), one)).collect();
        assert!(told.keys().eq(stick.keys()), "{answer}");
        let mut accepted = Vec::new();
        for (path, fate) in stick {
            match fate {
                Holds(id) => accepted.extend(self.assert_holds(told[path], id)),
                Refused(digest) => self.assert_refused(told[path], digest),
            }
        }
        accepted.sort();
        assert!(accepted.iter().eq(&fresh), "each is accepted once: {answer}");
        for id in &fresh {
            let kept = Digest::of(&fs::read(self.kept(id)).unwrap());
            let mut came = stick.iter().filter(|(_, fate)| fate.id() == Some(*id));
            assert!(
                came.any(|(path, _)| Digest::of(&fs::read(path).unwrap()) == kept),
                "{id}: not as it came"
            );
        }
        self.taken.extend(fresh);
        self.assert_logged();
    }

    /// That this is the bundle of this id; which was accepted now, if it was.
    fn assert_holds(&self, told: &Value, id: &Digest) -> Option<Digest> {
        assert_eq!(told["bundle"], id.to_string(), "{told}");
        let state = told["state"].as_str().unwrap();
        assert!(state == "accepted" || state == "known", "{told}");
        (state == "accepted").then_some(*id)
    }

    /// That this was refused, and that of it there is what a person may look at, and why.
    fn assert_refused(&self, told: &Value, digest: &Digest) {
        let [copy, reason] = self.aside(digest);
        let named: Vec<_> = told.as_object().unwrap().keys().collect();
        assert_eq!(named, ["copy", "path", "reason", "state"], "{told}");
        assert_eq!((&told["state"], told["copy"].as_str()), (&"refused".into(), copy.to_str()), "{told}");
        assert_eq!(Digest::of(&fs::read(copy).unwrap()), *digest, "{told}");
        let why = told["reason"].as_str().unwrap();
        let reason = fs::read_to_string(reason).unwrap();
        assert!(reason.ends_with(&format!("\nreason: {why}\nsha256: {digest}\n")), "{reason}: {told}");
    }

    /// That the log and the ledger have what was taken in, and nothing else.
    fn assert_logged(&self) {
        let look = self.org.look();
        let mut leaves = look.log().unwrap().leaves;
        leaves.sort();
        let expected: Vec<String> = self.taken.iter().map(|id| Leaf::Ingest(*id).to_string()).collect();
        assert_eq!(leaves, expected);
        let rows: BTreeSet<Digest> = look.bundles().unwrap().iter().map(|row| row.bundle).collect();
        assert_eq!(rows, self.taken);
        assert!(look.sets().unwrap().is_empty());
    }

    /// The log as an auditor gets it.
    fn exported(&self, name: &str) -> PathBuf {
        let to = self.org.dir.path().join(name);
        self.org.look().export_log(&to).unwrap();
        to
    }
}

impl Fate {
    fn id(self) -> Option<Digest> {
        if let Holds(id) = self { Some(id) } else { None }
    }

    fn refused(self) -> Option<Digest> {
        if let Refused(digest) = self { Some(digest) } else { None }
    }
}

/// Everything that is asked of a family; gives how many forgeries and how many good ones there were.
fn asked(family: &Family) -> (usize, usize) {
    let mut scene = Scene::new();
    let since = scene.exported("since");
    let [stick, beside] = ["stick/papers", "stick/beside"].map(|name| scene.org.folder(name));
    let lay = |folder: &Path, name: String, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let (mut all, mut pairs, mut again) = (Stick::new(), Stick::new(), Stick::new());
    for seed in 1..=NEIGHBOURS {
        let bytes = neighbour(seed);
        all.insert(lay(&stick, format!("{seed:03}-neighbour.bundle"), &bytes), Holds(id(&bytes)));
    }
    for seed in 1..=SEEDS {
        let Pair { good, bad } = (family.make)(&mut Rng(seed));
        let ([good], [bad]) = (&good[..], &bad[..]) else { panic!("a bundle is one file") };
        let fate = Refused(Digest::of(bad));
        all.insert(lay(&stick, format!("{seed:03}-{}.bundle", family.name), bad), fate);
        if seed <= BESIDE {
            let path = lay(&beside, format!("{seed:03}-{}.bundle", family.name), bad);
            pairs.insert(path.clone(), fate);
            again.insert(path, if differs_in_its_payload(good, bad) { Holds(id(good)) } else { fate });
            let path = lay(&beside, format!("{seed:03}-good.bundle"), good);
            pairs.insert(path.clone(), Holds(id(good)));
            again.insert(path, Holds(id(good)));
        }
    }
    for (path, fate) in all.iter().filter(|(_, fate)| fate.refused().is_some()).take(ALONE) {
        scene.accept(path, &Stick::from([(path.clone(), *fate)]));
    }
    scene.accept(&stick, &all);
    scene.accept(&beside, &pairs);
    scene.accept(&beside, &again);
    let questions = LogQuestions { since: vec![since], ..LogQuestions::default() };
    let report = audit::log(&scene.exported("log"), scene.org.card().as_bytes(), &questions).unwrap();
    assert!(report.holds(), "{report:#?}");
    let (code, answer, _) = scene.desk(&["receipts", "--to", "out"].map(Path::new));
    let receipts = answer["receipts"].as_array().unwrap().len();
    assert_eq!((code, receipts), (Some(0), scene.taken.len()), "a receipt for each that was taken in");
    (SEEDS as usize, all.len() - SEEDS as usize + pairs.len() - BESIDE as usize)
}

#[test]
fn what_is_forged_is_refused_at_the_desk_and_nothing_of_it_is_taken_in() {
    let families = bundles::families();
    // A disk is waited for as long as is computed, so two desks are at work.
    let halves = families.chunks(families.len().div_ceil(2));
    let counted: Vec<(usize, usize)> = thread::scope(|scope| {
        let at_work: Vec<_> =
            halves.map(|half| scope.spawn(|| half.iter().map(asked).collect::<Vec<_>>())).collect();
        at_work.into_iter().flat_map(|desk| desk.join().unwrap()).collect()
    });
    let (forged, good) = counted.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    println!(
        "MEASURED forged bundles at the desk: {forged} of {} families, each refused by `accept` and nothing of it taken \
         in, {good} good ones beside them all taken in or known",
        families.len()
    );
    assert!(forged >= 2000, "{forged} forgeries");
}
