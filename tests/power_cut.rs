//! The power fails during a command, and the disk loses what it had not flushed (assurance D4): over every command
//! that writes to a vault or an archive, or carries from one to the other, and over what finishes a command that was
//! killed at a sync. From the log of everything that reached the disk, images are made as a cut may leave them: all
//! that was flushed, and of the writes after the last flush none, all, the first ones, any, or the first ones and half
//! of the next. On each image the next command just works, it finds the state before or the state after, and the state
//! after once the command had said that all was well.
//!
//! The control is the same over a program whose every sync does nothing: there the same images must show loss.
//! An image costs a third of a second, so a few hundred are made in every run. More are made by
//! `SANDUQ_POWER_CUTS=10000 cargo test --features test-kdf,plugin --test power_cut -- --show-output`, which takes an
//! hour; `SANDUQ_POWER_CUT_SEED` is the seed of their dice, another one for other images.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "power_cut/commands.rs"]
mod commands;
#[path = "seizure/device.rs"]
mod device;
mod house;
#[path = "power_cut/images.rs"]
mod images;
mod world;

use std::collections::BTreeMap;
use std::fs;

use commands::Trial;
use device::Device;
use house::{Done, Noise, Organisation, Person, all, run, text};
use images::Cuts;
use world::{State, World};

/// How large the disk is: a bundle that waits takes half of it.
const DISK_BYTES: u64 = 40 << 20;
/// How many images of all commands together.
const CUTS: usize = 506;
/// How many images the control makes.
const CONTROL_CUTS: usize = 64;
/// What the control tries: commands of one change. A forgetting writes so much anew that most cuts leave the state
/// before, whether anything was synced or not.
const CONTROL: [&str; 8] = ["add", "remove", "init", "seal", "receipt add", "key-file set", "accept", "open"];
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
    /// `sanduq` on her vault, with these lines to read.
    fn type_lines(&self, under: &[&str], lines: &str, args: &[&str]) -> Done {
        self.of(&self.person, under, lines, args)
    }

    /// `sanduq` on the vault of somebody else on this disk.
    fn of(&self, person: &Person, under: &[&str], lines: &str, args: &[&str]) -> Done {
        run(person.command_under(&self.wrapper(under), args), Some(lines))
    }

    fn sanduq(&self, under: &[&str], args: &[&str]) -> Done {
        self.type_lines(under, &self.person.passphrase, args)
    }

    fn good(&self, args: &[&str]) -> Done {
        self.sanduq(&[], args).good()
    }

    /// Any program, where the disk is seen.
    fn program(&self, under: &[&str], args: &[&str]) -> Done {
        let words = [&self.wrapper(under)[..], args].concat();
        run(self.person.house.command(words[0].as_ref(), &words[1..]), None)
    }

    fn wrapper(&self, under: &[&str]) -> Vec<&'static str> {
        let inside = self.device.inside();
        let words = inside.iter().map(String::as_str).chain(under.iter().copied());
        words.map(|word| &*word.to_owned().leak()).collect()
    }

    /// Runs what `then` does with the disk mounted; gives the disk as it is afterwards.
    fn prepare(&mut self, then: impl FnOnce(&Self)) -> Vec<u8> {
        self.device.mount().unwrap();
        then(self);
        self.device.unmount().unwrap();
        self.device.detach();
        self.device.image()
    }

    /// Tries a command, and looks at `images` of what a cut may leave of its disk.
    fn cut(&mut self, trial: &Trial, images: usize, seed: u64) -> Outcome {
        self.device.begin_from(trial.base).unwrap();
        self.device.mount().unwrap();
        let begun = self.device.records().len();
        (trial.run)(self, self.under).good();
        let done = self.device.records().len();
        self.device.unmount().unwrap();
        self.device.detach();
        let cuts = Cuts::new(trial.base, self.device.records(), begun);
        let mut outcome = Outcome { writes: cuts.writes(), flushes: cuts.flushes(), ..Outcome::default() };
        let mut dice = Noise::new(seed);
        for _ in 0..images {
            let cut = cuts.cut(done, &mut dice);
            let found = self.look(&cut.image, trial);
            outcome.look(match found {
                Ok(State::Before) if cut.at >= done => Err("it had finished, and is undone".into()),
                found => found,
            });
        }
        outcome
    }

    /// What the next commands find on a disk that is as the image says.
    fn look(&self, image: &[u8], trial: &Trial) -> Result<State, String> {
        let (file, at) = (self.person.house.path("image"), self.device.mounted());
        fs::write(&file, image).unwrap();
        self.device.shell(&format!("mount -t ext4 -o loop '{}' '{}'", text(&file), text(&at)))?;
        let found = (trial.found)(self);
        self.device.shell(&format!("umount '{}'", text(&at))).unwrap();
        found
    }

    /// Every scan that is listed is what was added; to take it out writes to the vault as well.
    fn originals_are_whole(&self, person: &Person, lines: &str) -> Result<(), String> {
        let listed = ended_well(self.of(person, &[], lines, &["list", "--json"]))?.json();
        for item in listed["items"].as_array().expect("items") {
            let Some((name, bytes)) = scan(item["title"].as_str().unwrap_or_default()) else { continue };
            let out = person.house.folder("out");
            let extract = ["extract", &item["item"].to_string(), "--to", text(&out)];
            ended_well(self.of(person, &[], lines, &extract))?;
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
    let disks = commands::prepare(&mut desk, house, &organisation);
    let seed = std::env::var("SANDUQ_POWER_CUT_SEED").map_or(1, |seed| seed.parse().unwrap());
    let only = std::env::var("SANDUQ_POWER_CUT_OF").ok();
    let mut trials = disks.trials(&desk);
    trials.retain(|trial| only.as_ref().is_none_or(|only| trial.what.contains(only.as_str())));
    trials.retain(|trial| under.is_empty() || CONTROL.contains(&trial.what));
    let each = images.div_ceil(trials.len());
    let numbered = trials.into_iter().zip(seed..);
    Some(numbered.map(|(trial, seed)| (trial.what, desk.cut(&trial, each, seed))).collect())
}

#[test]
fn a_power_cut_leaves_the_state_before_or_the_state_after() {
    let images = std::env::var("SANDUQ_POWER_CUTS").map_or(CUTS, |number| number.parse().unwrap());
    let Some(outcomes) = try_all("power_cut", &[], images) else { return };
    let sum = |of: fn(&Outcome) -> usize| outcomes.iter().map(|(_, outcome)| of(outcome)).sum::<usize>();
    println!(
        "MEASURED power cuts: {} images over {} commands, {} times the state before, {} times the state after",
        sum(|one| one.images),
        outcomes.len(),
        sum(|one| one.before),
        sum(|one| one.after)
    );
    for (what, outcome) in &outcomes {
        let Outcome { images, writes, flushes, before, after, failed } = outcome;
        println!(
            "MEASURED power cut during {what}: {images} images from {writes} writes and {flushes} flushes, {before} \
             times the state before, {after} times the state after, {} losses, the next command worked",
            outcome.failures()
        );
        assert!(failed.is_empty(), "{what}: {failed:?}");
        assert!(*flushes > 4, "{what}: {flushes} flushes, so the log does not tell what was synced");
        assert!(*images < 60 || (*before > 0 && *after > 0), "{what}: all images lie at one side");
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
