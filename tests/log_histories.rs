//! What a log can do to its history, drawn from seeds and at every point: leaves that are replayed, reordered, replaced,
//! dropped or put in between, a log that is frozen, rolled back or forked, and folders in which leaves, hashes and head are
//! not of one history. The audit of the folder must say which question fails, and of which head that was shown before.
//!
//! What it must say is worked out on lists of leaves alone: a head that was shown before is contradicted where its leaves
//! are not the first of those that are shown now. Beside each lie stands the same log without it, which must hold.
#![cfg(all(feature = "intake", feature = "verify"))]

mod desk;
#[allow(dead_code, unused_imports, reason = "here only the dice and the witnesses are needed")]
#[path = "reference/families.rs"]
mod families;
#[allow(dead_code, reason = "the desk's own export is for tests/log.rs")]
#[path = "log/folder.rs"]
mod folder;
#[path = "log_histories/lies.rs"]
mod lies;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use families::{Rng, policy_of, witnesses};
use folder::Log;
use lies::{Leaves, Lie, OF_FOLDER, OF_HISTORY, Shown, Told, lied, some};
use sanduq::audit::{self, LogQuestions, Outcome, Question, Report, ValueName};
use sanduq::crypto::{KeyPair, LogSigningKey};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;
use sanduq::tlog::cosignature::Witness;
use sanduq::tlog::{SignedCheckpoint, TlogProof};

/// How many leaves there are when the log begins to lie: about the borders of tiles, and few.
const SIZES: [usize; 9] = [2, 3, 8, 9, 255, 256, 257, 512, 513];
/// One whose tile of hashes of tiles is full.
const LARGE: usize = 65_537;
/// How many points of a log are lied about that has more leaves.
const POINTS: usize = 6;
/// How often a log lies several times, and how often then.
const WALKS: usize = 100;
const STEPS: usize = 5;

/// A log's key and card, and a folder to lay things in.
struct Scene {
    dir: tempfile::TempDir,
    signer: NoteSigner,
    /// Of whom the card asks for two.
    witnesses: [Witness; 3],
    card: Card,
}

impl Scene {
    fn new() -> Scene {
        let signer = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
        let witnesses = witnesses();
        let card = desk::card_under(&signer, &KeyPair::generate(), policy_of(&witnesses));
        Scene { dir: tempfile::tempdir().unwrap(), signer, witnesses, card }
    }

    fn log(&self, leaves: &Leaves) -> Log {
        Log::signed_by(self.signer.clone(), leaves.clone())
    }

    fn head(&self, log: &Log, cosigned: usize) -> SignedCheckpoint {
        let mut head = log.head_of(log.leaves.len() as u64);
        self.witnesses[..cosigned].iter().for_each(|witness| witness.cosign(&mut head, desk::now()));
        head
    }

    /// A folder of this name, anew.
    fn fresh(&self, name: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        path
    }

    /// What was shown over these leaves, in one way after the other.
    fn told(&self, number: usize, leaves: &Leaves) -> Told {
        let (log, folder) = (self.log(leaves), self.fresh(&format!("told-{number}")));
        let path = folder.join("told");
        let with_leaves = number % 3 == 2;
        match number % 3 {
            1 if !leaves.is_empty() => {
                let (last, size) = (leaves.len() as u64 - 1, leaves.len() as u64);
                let hashes = log.tree.inclusion_proof(last, size).unwrap();
                let proof =
                    TlogProof::logged(leaves[last as usize].as_bytes(), last, hashes, log.head_of(size));
                fs::write(&path, proof.to_string()).unwrap();
            }
            2 => log.lay(&path),
            _ => fs::write(&path, log.head_of(leaves.len() as u64).to_string()).unwrap(),
        }
        Told { leaves: leaves.clone(), with_leaves, path }
    }

    fn lay(&self, shown: &Shown) -> PathBuf {
        let dir = self.fresh("log");
        self.log(&shown.hashed).lay(&dir);
        if shown.held != shown.hashed {
            let (aside, entries) = (self.fresh("aside"), "tile/entries");
            self.log(&shown.held).lay(&aside);
            fs::remove_dir_all(dir.join(entries)).unwrap();
            fs::rename(aside.join(entries), dir.join(entries)).unwrap();
        }
        let cosigned = if shown.lie == Some(Lie::TooFewWitnesses) { 1 } else { 2 };
        let mut head = self.head(&self.log(&shown.head), cosigned).to_string();
        match shown.lie {
            Some(Lie::LeavesMissing) => remove_last(&dir.join("tile/entries")),
            Some(Lie::HashesMissing) => remove_last(&dir.join("tile/0")),
            Some(Lie::HeadCut) => drop(head.pop()),
            Some(Lie::Stranger) => {
                let stranger = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
                head = self.head(&Log::signed_by(stranger, shown.head.clone()), 2).to_string();
            }
            _ => {}
        }
        fs::write(dir.join("checkpoint"), head).unwrap();
        dir
    }

    fn audited(&self, dir: &Path, told: &[Told]) -> Report {
        let since = told.iter().map(|told| told.path.clone()).collect();
        let questions = LogQuestions { since, ..LogQuestions::default() };
        audit::log(dir, self.card.as_bytes(), &questions).unwrap()
    }

    /// That the audit says of this what it must.
    fn assert_found(&self, shown: &Shown, told: &[Told], what: &str) -> Report {
        let report = self.audited(&self.lay(shown), told);
        assert_eq!(failing(&report), shown.failing(told), "{what}: {report:#?}");
        assert_eq!(report.holds(), shown.failing(told).is_empty(), "{what}: {report:#?}");
        // Without a head nothing more is asked.
        let asked = if shown.lie == Some(Lie::HeadCut) { &[] } else { told };
        let since = report.checks.iter().filter(|check| check.question == Question::LogSince);
        let answered = since.filter(|check| check.outcome != Outcome::NotAsked);
        let grew = asked.iter().map(|told| shown.grew_out_of(&told.leaves));
        assert!(answered.map(|check| check.outcome == Outcome::Holds).eq(grew), "{what}: {report:#?}");
        let contradicted = asked.iter().filter(|told| shown.contradicts(told)).count();
        let convicts = report.values.iter().filter(|value| value.name == ValueName::Convicts).count();
        assert_eq!(convicts, 2 * contradicted, "{what}: {report:#?}");
        report
    }
}

/// The last file in a folder of tiles, by its name, is not there.
fn remove_last(folder: &Path) {
    let last = desk::snapshot(folder).pop().unwrap().0;
    fs::remove_file(last).unwrap();
}

fn failing(report: &Report) -> Vec<Question> {
    let failing = report.checks.iter().filter(|check| check.outcome == Outcome::Fails);
    failing.map(|check| check.question).collect()
}

/// Every point of a short log; of a long one those about the borders of its tiles, and some.
fn points(size: usize, rng: &mut Rng) -> BTreeSet<usize> {
    if size < 10 {
        return (0..size).collect();
    }
    let borders =
        (1..=size / 256).flat_map(|tile| [tile * 256 - 1, tile * 256]).filter(|point| *point < size);
    let mut points: BTreeSet<usize> = [0, size - 1].into_iter().chain(borders).collect();
    while points.len() < POINTS {
        points.insert(rng.below(size));
    }
    points
}

/// A log that showed heads, then lied about the leaf at `point`, showed a head again, and grew.
fn asked(scene: &Scene, (lie, question): (Lie, Question), size: usize, point: usize, rng: &mut Rng) {
    let what = format!("{lie:?} of leaf {point} of {size}");
    let leaves = some(size, rng);
    let shown = [rng.below(point + 1), point + 1 + rng.below(size - point), size];
    let mut told: Vec<Told> =
        (0..).zip(shown).map(|(number, size)| scene.told(number, &leaves[..size].to_vec())).collect();
    let more = some(rng.pick(&[0, 1, 2, 256]), rng);
    let honest = [leaves.clone(), more.clone()].concat();
    let report = scene.assert_found(&Shown::of(&honest), &told, &what);
    assert!(report.holds(), "without {what}: {report:#?}");

    let bad = if OF_HISTORY.contains(&(lie, question)) {
        let mut now = lied(lie, &leaves, point, rng);
        told.push(scene.told(told.len(), &now));
        now.extend(if lie == Lie::Freeze { Vec::new() } else { more });
        Shown::of(&now)
    } else {
        let other = lied(Lie::Fork, &honest, point, rng);
        let shown = Shown { lie: Some(lie), ..Shown::of(&honest) };
        match lie {
            Lie::OtherLeaves => Shown { held: other, ..shown },
            Lie::OtherHashes => Shown { hashed: other, ..shown },
            Lie::OtherHead => Shown { head: other, ..shown },
            _ => shown,
        }
    };
    let report = scene.assert_found(&bad, &told, &what);
    assert!(failing(&report).contains(&question), "{what}: {report:#?}");
}

#[test]
fn every_lie_at_every_point_is_found_by_its_question() {
    let (scene, mut rng, mut sequences) = (Scene::new(), Rng(1), 0);
    for lie in OF_HISTORY.into_iter().chain(OF_FOLDER) {
        for size in SIZES {
            for point in points(size, &mut rng) {
                asked(&scene, lie, size, point, &mut rng);
                sequences += 1;
            }
        }
    }
    println!(
        "MEASURED histories of a log: {sequences} with a lie in {} ways, each found by the question that is named, and \
         as many without that hold",
        OF_HISTORY.len() + OF_FOLDER.len()
    );
    assert!(sequences >= 500, "{sequences} histories");
}

#[test]
fn a_lie_in_a_large_log_is_found() {
    let (scene, mut rng) = (Scene::new(), Rng(2));
    for lie in [OF_HISTORY[0], OF_HISTORY[5], OF_HISTORY[7], OF_FOLDER[1]] {
        let point = rng.below(LARGE);
        asked(&scene, lie, LARGE, point, &mut rng);
    }
}

/// A log that lies again and again, and shows a head before each time.
#[test]
fn one_lie_does_not_hide_another() {
    let (scene, mut rng) = (Scene::new(), Rng(3));
    for walk in 0..WALKS {
        let mut now = some(rng.pick(&SIZES), &mut rng);
        let (mut told, mut lies) = (Vec::new(), Vec::new());
        for number in 0..STEPS {
            told.push(scene.told(number, &now));
            let (lie, _) = rng.pick(&OF_HISTORY);
            if now.len() > 1 {
                let point = rng.below(now.len());
                now = lied(lie, &now, point, &mut rng);
                lies.push((lie, point));
            }
            let more = rng.below(4);
            now.extend(some(more, &mut rng));
        }
        let what = format!("walk {walk}: {lies:?}");
        let report = scene.assert_found(&Shown::of(&now), &told, &what);
        assert!(!report.holds(), "{what}");
    }
    println!("MEASURED histories of a log with several lies: {WALKS}, each head that is contradicted named");
}

/// What is withheld leaves a history that was true once: alone it holds, and a newer head, however it was shown, tells.
#[test]
fn a_frozen_log_holds_until_a_newer_head_is_held_against_it() {
    let (scene, mut rng, mut number) = (Scene::new(), Rng(4), 0);
    for size in SIZES {
        let leaves = some(size, &mut rng);
        for point in points(size, &mut rng) {
            let frozen = Shown::of(&leaves[..point].to_vec());
            assert!(scene.assert_found(&frozen, &[], "alone").holds());
            let older = scene.told(0, &leaves[..rng.below(point + 1)].to_vec());
            assert!(scene.assert_found(&frozen, &[older], "an older head").holds());
            let newer = scene.told(number, &leaves);
            let report = scene.assert_found(&frozen, &[newer], "a newer head");
            assert_eq!(failing(&report), [Question::LogSince]);
            let check = report.checks.iter().find(|check| check.question == Question::LogSince).unwrap();
            let said = format!("the log had {size} leaves and shows {point}");
            assert_eq!(check.detail.as_deref(), Some(&*said));
            // As a vault asks, of the heads in its receipts: those that say the same are one.
            let heads = vec![scene.log(&leaves).head_of(size as u64); 2];
            let questions = LogQuestions { heads, ..LogQuestions::default() };
            let log = scene.dir.path().join("log");
            let report = audit::log(&log, scene.card.as_bytes(), &questions).unwrap();
            assert_eq!(failing(&report), [Question::LogSince]);
            number += 1;
        }
    }
    println!("MEASURED a log that is frozen: {number} times, each found by a newer head and by nothing else");
}
