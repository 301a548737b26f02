//! `accept`, also of the last part of a bundle, `receipts`, `replica export` and `replica answer` while the system fails or kills them at each of their system calls that writes: the
//! archive is as before or as after, the next command just works, and no success was claimed that is none.
#![cfg(all(feature = "intake", feature = "verify"))]

mod desk;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;

use desk::{Organisation, accept, names};
use sanduq::audit::{self, LogQuestions};
use sanduq::bundle::letter::open_receipt;
use sanduq::bundle::parity;
use sanduq::bundle::volume::{Set, Volume};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, hmac};
use sanduq::format::card::Card;
use sanduq::format::possession::{Answer, Challenge};
use sanduq::intake::{Archive, Reading};

const CALLS: [&str; 8] =
    ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat2", "unlink", "ftruncate"];

/// An archive with one bundle in it, and another bundle on a stick, to be copied for every fault.
struct Scene {
    org: Organisation,
    bundle: PathBuf,
    id: Digest,
    identity: Identity,
    card: Card,
}

impl Scene {
    fn new() -> Scene {
        let org = Organisation::founded(1, 1);
        let before = org.folder("before");
        org.seal_into(&before, "before.bundle");
        accept(&mut org.open(), &[before]);
        let (bundle, sealed) = org.seal_into(&org.folder("stick"), "a.bundle");
        let card = org.card();
        Scene { org, bundle, id: sealed.bundle, identity: sealed.return_identity, card }
    }

    /// A fresh copy of the archive and an empty folder for receipts.
    fn fresh(&self) -> (PathBuf, PathBuf) {
        let (root, out) = (self.org.dir.path().join("copy"), self.org.dir.path().join("out"));
        let _ = (fs::remove_dir_all(&root), fs::remove_dir_all(&out));
        let copied = Command::new("cp").arg("-a").arg(self.org.root()).arg(&root).status().unwrap();
        assert!(copied.success());
        fs::create_dir(&out).unwrap();
        (root, out)
    }

    /// The command under strace with these options; whether it said that all went well.
    fn run(&self, root: &Path, arguments: &[&Path], options: &[String]) -> bool {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-o"]).arg(self.org.dir.path().join("trace")).args(options);
        strace.arg(env!("CARGO_BIN_EXE_sanduq-intake")).arg("--archive").arg(root).args(arguments);
        strace.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        strace.output().unwrap().status.success()
    }

    /// How often the command makes each call.
    fn count(&self, arguments: &dyn Fn(&Path) -> Vec<PathBuf>) -> Vec<(&'static str, usize)> {
        let (root, out) = self.fresh();
        let arguments = arguments(&out);
        let arguments: Vec<_> = arguments.iter().map(PathBuf::as_path).collect();
        assert!(self.run(&root, &arguments, &["-e".to_owned(), format!("trace={}", CALLS.join(","))]));
        let trace = fs::read_to_string(self.org.dir.path().join("trace")).unwrap();
        let of = |call: &str| trace.lines().filter(|line| line.contains(&format!(" {call}("))).count();
        CALLS.into_iter().map(|call| (call, of(call))).collect()
    }

    /// Every fault at every call of the command, each on a fresh archive that `check` then looks at.
    fn fail_everywhere(
        &self,
        arguments: &dyn Fn(&Path) -> Vec<PathBuf>,
        check: &dyn Fn(&Path, &Path, bool, &str),
    ) -> usize {
        let mut points = 0;
        for (call, count) in self.count(arguments) {
            for (number, fault) in (1..=count).flat_map(|number| {
                ["signal=SIGKILL", "error=ENOSPC", "error=EIO"].map(|fault| (number, fault))
            }) {
                let (root, out) = self.fresh();
                let arguments = arguments(&out);
                let arguments: Vec<_> = arguments.iter().map(PathBuf::as_path).collect();
                let inject = format!("inject={call}:{fault}:when={number}");
                let claimed = self.run(&root, &arguments, &["-e".to_owned(), inject.clone()]);
                check(&root, &out, claimed, &inject);
                points += 1;
            }
        }
        points
    }

    /// The bundle on the stick in so many parts, in the order of their numbers.
    fn parts(&self, slices: u16, parities: u16) -> Vec<PathBuf> {
        let bytes = fs::read(&self.bundle).unwrap();
        let recipient = self.identity.to_recipient();
        let volume = Volume::new(bytes.len() as u64, slices, parities, recipient).unwrap();
        let mut bodies = vec![Vec::new(); usize::from(volume.parts())];
        let mut read = |slice: u16, at: u64, piece: &mut [u8]| {
            let from = &bytes[((volume.offset(slice) + at) as usize).min(bytes.len())..];
            let count = from.len().min(piece.len());
            piece[..count].copy_from_slice(&from[..count]);
            piece[count..].fill(0);
            Ok(())
        };
        let mut take = |number: u16, piece: &[u8]| {
            bodies[usize::from(number) - 1].extend_from_slice(piece);
            Ok(())
        };
        parity::encode(&volume, &mut read, &mut take).unwrap();
        let digests: Vec<Digest> = bodies.iter().map(|body| Digest::of(body)).collect();
        let set = Set::of(volume, &digests).unwrap();
        let folder = self.org.folder("parts");
        let write = |(number, body): (u16, &Vec<u8>)| {
            let path = folder.join(format!("{number}.part"));
            let mut part = set.begin(number, fs::File::create(&path).unwrap()).unwrap();
            part.write_all(body).unwrap();
            part.finish().unwrap();
            path
        };
        (1..).zip(&bodies).map(write).collect()
    }

    /// The log of an archive as an auditor gets it, in a new folder.
    fn exported(&self, root: &Path, name: &str) -> PathBuf {
        let to = self.org.dir.path().join(name);
        let _ = fs::remove_dir_all(&to);
        Reading::open(root).unwrap().export_log(&to).unwrap();
        to
    }

    /// Whether the log of an archive holds, and grew out of all of these.
    fn assert_grew(&self, root: &Path, since: &[PathBuf], fault: &str) {
        let log = self.exported(root, "after.log");
        let questions = LogQuestions { since: since.to_vec(), ..LogQuestions::default() };
        let report = audit::log(&log, self.card.as_bytes(), &questions).unwrap();
        assert!(report.holds(), "{fault}: {report:#?}");
    }

    /// What lies in `bundles/` and has no row is looked for by the next `accept`.
    fn assert_strays_are_found(&self, root: &Path, leaves: usize, fault: &str) {
        let strays = names(&root.join("bundles")).len() - leaves;
        assert!(strays == 0 || !root.join("settled").exists(), "{fault}: nobody would look for {strays}");
    }

    fn leaves(&self, root: &Path) -> usize {
        Reading::open(root).unwrap().log().unwrap().leaves.len()
    }
}

fn has_strace(test: &str) -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let works = works.is_ok_and(|status| status.success());
    if !works {
        println!("SKIPPED {test}: no strace, or it may not trace");
    }
    works
}

#[test]
fn accept_fails_or_dies_at_every_write() {
    if !has_strace("accept_fails_or_dies_at_every_write") {
        return;
    }
    let scene = Scene::new();
    let arguments = |_: &Path| vec![PathBuf::from("accept"), scene.bundle.clone()];
    let shown = scene.exported(&scene.org.root(), "shown.log");
    let points = scene.fail_everywhere(&arguments, &|root, _, claimed, fault| {
        let leaves = scene.leaves(root);
        assert!(leaves == 1 || leaves == 2, "{fault}: {leaves} leaves");
        scene.assert_strays_are_found(root, leaves, fault);
        // What was shown before stays true, and what somebody is shown now.
        let between = scene.exported(root, "between.log");
        scene.assert_grew(root, std::slice::from_ref(&shown), fault);
        assert!(!claimed || leaves == 2, "{fault}: success was claimed");
        for row in Reading::open(root).unwrap().bundles().unwrap() {
            let kept = root.join(format!("bundles/{}.bundle", row.bundle));
            assert!(kept.exists(), "{fault}: logged, and not there");
        }
        let mut archive = Archive::open(root).unwrap_or_else(|error| panic!("{fault}: {error}"));
        accept(&mut archive, std::slice::from_ref(&scene.bundle));
        assert_eq!(scene.leaves(root), 2, "{fault}");
        scene.assert_grew(root, &[shown.clone(), between], fault);
        let kept = root.join(format!("bundles/{}.bundle", scene.id));
        assert!(fs::read(kept).unwrap() == fs::read(&scene.bundle).unwrap(), "{fault}: it differs");
        assert_eq!(names(&root.join("bundles")).len(), 2, "{fault}: something is left over");
        assert!(names(&root.join("quarantine")).is_empty(), "{fault}: it was refused");
    });
    assert!(points > 30, "{points} points are fewer than there must be");
}

#[test]
fn receipts_fail_or_die_at_every_write() {
    if !has_strace("receipts_fail_or_die_at_every_write") {
        return;
    }
    let scene = Scene::new();
    accept(&mut scene.org.open(), std::slice::from_ref(&scene.bundle));
    let arguments =
        |out: &Path| ["receipts", "--to"].map(PathBuf::from).into_iter().chain([out.into()]).collect();
    let points = scene.fail_everywhere(&arguments, &|root, out, claimed, fault| {
        let letters = |out: &Path| {
            let letters = names(out).into_iter().filter(|name| name.ends_with(".receipt"));
            letters.map(|name| fs::read(out.join(name)).unwrap()).collect::<Vec<_>>()
        };
        assert!(!claimed || letters(out).len() == 2, "{fault}: success was claimed");
        let mut archive = Archive::open(root).unwrap_or_else(|error| panic!("{fault}: {error}"));
        archive.receipts(out, false, &mut |_| {}).unwrap_or_else(|error| panic!("{fault}: {error}"));
        // Each one is whole, and ours is among them.
        let ours =
            letters(out).iter().filter_map(|one| open_receipt(&scene.identity, one).ok()).collect::<Vec<_>>();
        assert!(!ours.is_empty(), "{fault}: a receipt is lost");
        ours.iter().for_each(|one| one.verify(&scene.card, &scene.id).unwrap());
        assert!(Reading::open(root).unwrap().bundles().unwrap().iter().all(|one| one.handed_out), "{fault}");
    });
    assert!(points > 20, "{points} points are fewer than there must be");
}

/// The last part that is needed comes: a slice is computed, the bundle joined, checked and logged, the parts go.
#[test]
fn the_last_part_fails_or_dies_at_every_write() {
    if !has_strace("the_last_part_fails_or_dies_at_every_write") {
        return;
    }
    let scene = Scene::new();
    let parts = scene.parts(3, 1);
    accept(&mut scene.org.open(), &parts[..2]);
    let arguments = |_: &Path| vec![PathBuf::from("accept"), parts[3].clone()];
    let points = scene.fail_everywhere(&arguments, &|root, _, claimed, fault| {
        let leaves = scene.leaves(root);
        assert!(leaves == 1 || leaves == 2, "{fault}: {leaves} leaves");
        scene.assert_strays_are_found(root, leaves, fault);
        assert!(!claimed || leaves == 2, "{fault}: success was claimed");
        let sets = Reading::open(root).unwrap().sets().unwrap();
        assert!(leaves == 2 || sets[0].there >= 2, "{fault}: neither the parts nor the bundle");
        let mut archive = Archive::open(root).unwrap_or_else(|error| panic!("{fault}: {error}"));
        accept(&mut archive, &parts[3..]);
        assert_eq!(scene.leaves(root), 2, "{fault}");
        let kept = root.join(format!("bundles/{}.bundle", scene.id));
        assert!(fs::read(kept).unwrap() == fs::read(&scene.bundle).unwrap(), "{fault}: it differs");
        assert_eq!(names(&root.join("bundles")).len(), 2, "{fault}: something is left over");
        assert!(names(&root.join("parts")).is_empty(), "{fault}: parts are left over");
        assert!(names(&root.join("quarantine")).is_empty(), "{fault}: it was refused");
    });
    assert!(points > 40, "{points} points are fewer than there must be");
}

#[test]
fn handing_back_and_answering_fail_or_die_at_every_write() {
    if !has_strace("handing_back_and_answering_fail_or_die_at_every_write") {
        return;
    }
    let scene = Scene::new();
    let whole = fs::read(&scene.bundle).unwrap();
    let stick = scene.bundle.parent().unwrap();
    let stop = AtomicBool::new(false);
    scene.org.open().keep_replicas(stick, &stop, &mut |_| {}).unwrap();
    let export = |out: &Path| {
        ["replica", "export", "--to"].map(PathBuf::from).into_iter().chain([out.into()]).collect()
    };
    let points = scene.fail_everywhere(&export, &|root, out, claimed, fault| {
        let bundles = |out: &Path| -> Vec<Vec<u8>> {
            let named = names(out).into_iter().filter(|name| name.ends_with(".bundle"));
            named.map(|name| fs::read(out.join(name)).unwrap()).collect()
        };
        assert!(bundles(out).iter().all(|one| *one == whole), "{fault}: it is not whole");
        assert!(!claimed || bundles(out).len() == 1, "{fault}: success was claimed");
        Reading::open(root).unwrap().export_replicas(out, &[]).unwrap();
        assert_eq!(bundles(out).len(), 1, "{fault}");
    });
    assert!(points > 10, "{points} points are fewer than there must be");
    let asked = scene.org.dir.path().join("asked");
    fs::write(&asked, Challenge::with_nonce([7; 32], [scene.id]).unwrap().to_string()).unwrap();
    let answer = |out: &Path| {
        let words = ["replica".into(), "answer".into(), asked.clone(), "--to".into(), out.join("answer")];
        words.into_iter().collect()
    };
    scene.fail_everywhere(&answer, &|root, out, claimed, fault| {
        let path = out.join("answer");
        if claimed || path.exists() {
            let said = Answer::parse(&fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{fault}: {e}"));
            assert!(said.to_string().ends_with(&format!("{}\n", hmac(&[7; 32], &whole))), "{fault}");
        }
        Reading::open(root).unwrap().answer_challenge(&asked, &out.join("again")).unwrap();
    });
}
