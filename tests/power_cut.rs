//! The power fails during a command, and the disk loses what it had not flushed (assurance D4): over `add`, `seal`,
//! `seal --forget`, `forget`, `rekey`, `withdraw`, `receipt add` and `remove`. From the log of everything that reached the disk, images are made as a cut
//! may leave them: all that was flushed, and of the writes after the last flush none, all, the first ones, any, or
//! the first ones and half of the next. On each image the next command just works, it finds the state before or the
//! state after, and the state after once the command had said that all was well.
//!
//! The control is the same over a program whose every sync does nothing: there the same images must show loss.
//! An image costs a third of a second, so a few hundred are made in every run; `SANDUQ_POWER_CUTS` sets their number
//! (10,000 take an hour) and `SANDUQ_POWER_CUT_SEED` the seed of their dice.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "seizure/device.rs"]
mod device;
mod house;
#[path = "power_cut/images.rs"]
mod images;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use device::Device;
use house::{Done, House, NAME, Noise, Organisation, Person, all, only, run, text};
use images::Cuts;
use world::{State, World, files_below};

/// How large the disk is: a bundle that waits takes half of it.
const DISK_BYTES: u64 = 40 << 20;
/// How many images of all commands together.
const CUTS: usize = 320;
/// How many images the control makes.
const CONTROL_CUTS: usize = 60;
/// What makes a program that does not sync of one that does.
const NO_SYNC: [&str; 8] = [
    "strace",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "inject=fsync,fdatasync:retval=0",
    "--trace=fsync,fdatasync",
];
/// Too large for the index, so it lies in a pack, and another one that shares the pack.
const SCANS: [(&str, u64, usize); 2] = [("one.scan", 1, 60_000), ("two.scan", 2, 90_000)];

/// What is tried, and what it is on every image.
struct Command<'c> {
    args: &'c [&'c str],
    /// The state that is found, from what `status` says.
    state: fn(&serde_json::Value) -> Option<State>,
}

/// How the images of one command came out.
#[derive(Default)]
struct Outcome {
    images: usize,
    writes: usize,
    flushes: usize,
    before: usize,
    after: usize,
    failed: BTreeMap<String, usize>,
}

impl Outcome {
    fn failures(&self) -> usize {
        self.failed.values().sum()
    }

    fn look(&mut self, found: Result<State, String>) {
        self.images += 1;
        match found {
            Ok(State::Before) => self.before += 1,
            Ok(State::After) => self.after += 1,
            Err(why) => *self.failed.entry(why).or_default() += 1,
        }
    }
}

/// Someone with a vault on a disk that remembers.
struct Desk<'h> {
    person: Person<'h>,
    device: Device,
    /// What begins every command that is tried.
    under: &'h [&'h str],
}

impl Desk<'_> {
    fn sanduq(&self, under: &[&str], args: &[&str]) -> Done {
        let inside = self.device.inside();
        let wrapper: Vec<&str> = inside.iter().map(String::as_str).chain(under.iter().copied()).collect();
        run(self.person.command_under(&wrapper, args), Some(&self.person.passphrase))
    }

    fn good(&self, args: &[&str]) -> Done {
        self.sanduq(&[], args).good()
    }

    /// Runs what `then` does with the disk mounted; gives the disk as it is afterwards.
    fn prepare(&mut self, then: impl FnOnce(&Self)) -> Vec<u8> {
        self.device.mount().unwrap();
        then(self);
        self.device.unmount().unwrap();
        self.device.detach();
        self.device.image()
    }

    /// Tries a command on the disk `base`, and looks at `images` of what a cut may leave of it.
    fn cut(&mut self, base: &[u8], command: &Command, images: usize, seed: u64) -> Outcome {
        self.device.begin_from(base).unwrap();
        self.device.mount().unwrap();
        let begun = self.device.records().len();
        self.sanduq(self.under, command.args).good();
        let done = self.device.records().len();
        self.device.unmount().unwrap();
        self.device.detach();
        let cuts = Cuts::new(base, self.device.records(), begun);
        let mut outcome = Outcome { writes: cuts.writes(), flushes: cuts.flushes(), ..Outcome::default() };
        let mut dice = Noise::new(seed);
        for _ in 0..images {
            let cut = cuts.cut(&mut dice);
            let found = self.look(&cut.image, command);
            outcome.look(match found {
                Ok(State::Before) if cut.at >= done => Err("it had finished, and is undone".into()),
                found => found,
            });
        }
        outcome
    }

    /// What the next commands find on a disk that is as the image says.
    fn look(&self, image: &[u8], command: &Command) -> Result<State, String> {
        let (file, at) = (self.person.house.path("image"), self.device.mounted());
        fs::write(&file, image).unwrap();
        self.device.shell(&format!("mount -t ext4 -o loop '{}' '{}'", text(&file), text(&at)))?;
        let found = self.found(command);
        self.device.shell(&format!("umount '{}'", text(&at))).unwrap();
        found
    }

    fn found(&self, command: &Command) -> Result<State, String> {
        let status = ended_well(self.sanduq(&[], &["status", "--json"]))?.json();
        let state = (command.state)(&status).ok_or(format!("half a state: {status}"))?;
        self.originals_are_whole()?;
        self.bundles_are_whole()?;
        Ok(state)
    }

    /// Every scan that is listed is what was added; to take it out writes to the vault as well.
    fn originals_are_whole(&self) -> Result<(), String> {
        let listed = ended_well(self.sanduq(&[], &["list", "--json"]))?.json();
        for item in listed["items"].as_array().expect("items") {
            let Some((name, bytes)) = scan(item["title"].as_str().unwrap_or_default()) else { continue };
            let out = self.person.house.folder("out");
            ended_well(self.sanduq(&[], &["extract", &item["item"].to_string(), "--to", text(&out)]))?;
            let whole = fs::read(out.join(name)).is_ok_and(|found| found == bytes);
            fs::remove_dir_all(&out).unwrap();
            if !whole {
                return Err("an original is not what was added".to_owned());
            }
        }
        Ok(())
    }

    /// Every bundle that waits can be carried away.
    fn bundles_are_whole(&self) -> Result<(), String> {
        let stick = self.person.house.folder("carried");
        ended_well(self.sanduq(&[], &["export", text(&stick)]))?;
        let whole = all(&stick, "bundle")
            .iter()
            .all(|bundle| self.person.house.audit(&["bundle", text(bundle)]).code == Some(0));
        fs::remove_dir_all(&stick).unwrap();
        whole.then_some(()).ok_or_else(|| "a bundle is not whole".to_owned())
    }
}

/// An original by what its name says.
fn scan(title: &str) -> Option<(&'static str, Vec<u8>)> {
    let (name, seed, len) = SCANS.into_iter().find(|(name, ..)| *name == title)?;
    Some((name, Noise::new(seed).bytes(len)))
}

fn ended_well(done: Done) -> Result<Done, String> {
    match done.code {
        Some(0) => Ok(done),
        code => {
            let said = done.stderr();
            let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let trouble: serde_json::Value = serde_json::from_str(first).unwrap_or_default();
            Err(format!("{code:?}: {}", trouble["error"].as_str().unwrap_or(first)))
        }
    }
}

fn items(status: &serde_json::Value) -> u64 {
    status["items"].as_u64().expect("a count")
}

fn delivered(status: &serde_json::Value) -> Vec<&str> {
    let deliveries = status["deliveries"].as_array().expect("deliveries").iter();
    deliveries.map(|delivery| delivery["state"].as_str().expect("a state")).collect()
}

fn by_items(status: &serde_json::Value, before: u64, after: u64) -> Option<State> {
    match items(status) {
        found if found == before => Some(State::Before),
        found if found == after => Some(State::After),
        _ => None,
    }
}

/// The disks that the commands begin with, and what they are given.
struct Prepared {
    kept: Vec<u8>,
    carried: Vec<u8>,
    new: PathBuf,
    receipts: Vec<PathBuf>,
}

fn begin(desk: &mut Desk, house: &House, organisation: &Organisation) -> Prepared {
    let papers = house.folder("papers");
    fs::write(papers.join("letter.txt"), "an invented letter").unwrap();
    for (name, seed, len) in SCANS {
        fs::write(papers.join(name), Noise::new(seed).bytes(len)).unwrap();
    }
    let kept = desk.prepare(|desk| {
        desk.good(&["init"]);
        desk.good(&["add", text(&papers)]);
        desk.good(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]);
    });
    let stick = house.folder("stick");
    desk.device.begin_from(&kept).unwrap();
    let carried = desk.prepare(|desk| {
        desk.good(&["seal", "--all", "--to", NAME]);
        desk.good(&["export", text(&stick)]);
    });
    let receipts = files_below(&organisation.accept(&only(&stick, "bundle"), "receipts"));
    let new = house.folder("new");
    fs::write(new.join("three.scan"), Noise::new(3).bytes(70_000)).unwrap();
    fs::write(new.join("note.txt"), "an invented note").unwrap();
    Prepared { kept, carried, new, receipts }
}

/// Tries all commands under `under`, with so many images together; or says why it cannot.
fn try_all(name: &str, under: &[&str], images: usize) -> Option<Vec<(&'static str, Outcome)>> {
    let world = World::new(name);
    let house = &world.house;
    let device = Device::new(&house.dir, DISK_BYTES).and_then(|device| device.mount().map(|()| device));
    let device = match device {
        Ok(device) => device,
        Err(why) => {
            println!("SKIPPED {name}: {why}");
            return None;
        }
    };
    device.unmount().unwrap();
    let mut person = house.person("amal");
    person.vault = device.mounted().join("vault");
    let organisation = Organisation::new(house, 1, 1);
    let mut desk = Desk { person, device, under };
    let prepared = begin(&mut desk, house, &organisation);
    let seed = std::env::var("SANDUQ_POWER_CUT_SEED").map_or(1, |seed| seed.parse().unwrap());
    let receipts = prepared.receipts.iter().map(|path| text(path));
    let receipt_add: Vec<&str> = ["receipt", "add"].into_iter().chain(receipts).collect();
    let (kept, carried) = (&prepared.kept, &prepared.carried);
    let commands: [(&'static str, &[u8], Command); 8] = [
        ("add", kept, Command { args: &["add", text(&prepared.new)], state: |s| by_items(s, 3, 5) }),
        ("remove", kept, Command { args: &["remove", "2"], state: |s| by_items(s, 3, 2) }),
        ("forget", kept, Command { args: &["forget", "2", "--yes"], state: |s| by_items(s, 3, 2) }),
        ("seal", kept, Command { args: &["seal", "--all", "--to", NAME], state: sealed }),
        (
            "seal --forget",
            kept,
            Command { args: &["seal", "--all", "--to", NAME, "--forget"], state: sealed_and_forgotten },
        ),
        ("rekey", kept, Command { args: &["rekey"], state: |s| (items(s) == 3).then_some(State::After) }),
        ("withdraw", carried, Command { args: &["withdraw", "--all", "--to", NAME], state: withdrawn }),
        ("receipt add", carried, Command { args: &receipt_add, state: received }),
    ];
    let each = images.div_ceil(commands.len());
    let numbered = commands.into_iter().zip(seed..);
    Some(numbered.map(|((what, base, command), seed)| (what, desk.cut(base, &command, each, seed))).collect())
}

fn sealed(status: &serde_json::Value) -> Option<State> {
    match delivered(status)[..] {
        [] => Some(State::Before),
        ["sealed"] => Some(State::After),
        _ => None,
    }
}

/// Never the items and the bundle, and never neither.
fn sealed_and_forgotten(status: &serde_json::Value) -> Option<State> {
    match (&delivered(status)[..], items(status)) {
        ([], 3) => Some(State::Before),
        (["sealed"], 0) => Some(State::After),
        _ => None,
    }
}

fn withdrawn(status: &serde_json::Value) -> Option<State> {
    match (&delivered(status)[..], items(status)) {
        (["carried"], 3) => Some(State::Before),
        (["carried", "sealed"] | ["sealed", "carried"], 4) => Some(State::After),
        _ => None,
    }
}

fn received(status: &serde_json::Value) -> Option<State> {
    match delivered(status)[..] {
        ["carried"] => Some(State::Before),
        ["received"] => Some(State::After),
        _ => None,
    }
}

#[test]
fn a_power_cut_leaves_the_state_before_or_the_state_after() {
    let images = std::env::var("SANDUQ_POWER_CUTS").map_or(CUTS, |number| number.parse().unwrap());
    let Some(outcomes) = try_all("power_cut", &[], images) else { return };
    for (what, outcome) in &outcomes {
        let Outcome { images, writes, flushes, before, after, failed } = outcome;
        println!(
            "MEASURED power cut during {what}: {images} images from {writes} writes and {flushes} flushes, {before} \
             times the state before, {after} times the state after, {} losses, the next command worked",
            outcome.failures()
        );
        assert!(failed.is_empty(), "{what}: {failed:?}");
        assert!(*flushes > 4, "{what}: {flushes} flushes, so the log does not tell what was synced");
        // New keys change nothing that `status` tells: whether it opens is all there is to see.
        let sides = *what == "rekey" || (*before > 0 && *after > 0);
        assert!(*images < 40 || sides, "{what}: all images lie at one side");
    }
}

#[test]
fn a_program_that_does_not_sync_is_caught() {
    let able = std::process::Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !able.is_ok_and(|status| status.success()) {
        return println!("SKIPPED power_cut_control: no strace, or it may not trace");
    }
    let Some(outcomes) = try_all("power_cut_control", &NO_SYNC, CONTROL_CUTS) else { return };
    let (images, failures) = outcomes
        .iter()
        .fold((0, 0), |(images, failures), (_, one)| (images + one.images, failures + one.failures()));
    for (what, outcome) in &outcomes {
        println!("{what}: {} of {} images: {:?}", outcome.failures(), outcome.images, outcome.failed);
    }
    println!(
        "MEASURED power cut, syncs that do nothing (the control): loss in {failures} of {images} images"
    );
    assert!(failures * 5 >= images, "the images hardly notice that nothing is synced: they prove nothing");
}
