//! The laptop is seized and the passphrase is given up. 1,000 items were added, sent, acknowledged and forgotten: of the
//! disk as it is then, freed blocks included, the passphrase opens none of them. Before they were forgotten the same
//! attack finds all of them, so it can.
//!
//! The log of everything that ever reached the disk is attacked as well. There the overwritten epoch blocks still
//! stand, as they do in a copy of the disk that was made in time: SECURITY.md says so, and here it is measured.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "seizure/attack.rs"]
mod attack;
#[path = "seizure/device.rs"]
mod device;
mod house;

use std::collections::BTreeSet;
use std::fs;

use attack::{Opened, places};
use device::Device;
use house::{Done, House, NAME, Noise, Organisation, Person, all, run, text};
use sanduq::crypto::{CompartmentId, Passphrase};

/// How large the disk is.
const DISK_BYTES: u64 = 96 << 20;
/// How many items.
const ITEMS: usize = 1_000;
/// How many of them are too large for the index, and lie in packs.
const LARGE: usize = 20;
/// What stands at the beginning of everything that is looked for.
const CANARY: &str = "canary-";
/// Digits behind it.
const DIGITS: usize = 4;

fn canary(number: usize) -> String {
    format!("{CANARY}{number:0DIGITS$}")
}

/// The items of which a canary stands in these texts.
fn found<'t>(texts: impl Iterator<Item = &'t [u8]>) -> BTreeSet<usize> {
    let mut numbers = BTreeSet::new();
    for text in texts {
        for at in places(text, CANARY.as_bytes()) {
            let digits = text.get(at + CANARY.len()..at + CANARY.len() + DIGITS);
            let number = digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            numbers.extend(number.filter(|number| *number < ITEMS));
        }
    }
    numbers
}

/// What a person does with her vault on the disk.
struct Seized<'h> {
    person: Person<'h>,
    device: Device,
}

impl Seized<'_> {
    fn sanduq(&self, args: &[&str]) -> Done {
        let inside = self.device.inside();
        let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
        run(self.person.command_under(&inside, args), Some(&self.person.passphrase)).good()
    }

    fn parts(&self) -> Vec<CompartmentId> {
        let names = self.device.shell(&format!("ls '{}'", text(&self.person.vault))).unwrap();
        names.lines().filter_map(|name| name.parse().ok()).collect()
    }

    fn attack(&self, pieces: &[(u64, Vec<u8>)], parts: &[CompartmentId]) -> (Opened, BTreeSet<usize>) {
        let opened = attack::open(pieces, parts, &Passphrase::from(self.person.passphrase.as_str()));
        let numbers = found(opened.texts.iter().map(Vec::as_slice));
        (opened, numbers)
    }
}

/// The evidence: each with its canary in its name and at its beginning.
fn evidence(house: &House) -> std::path::PathBuf {
    let folder = house.folder("evidence");
    let mut noise = Noise::new(7);
    for number in 0..ITEMS {
        let mut bytes = format!("{} is an invented paper. ", canary(number)).into_bytes();
        let len = if number < LARGE { 40_000 } else { 100 + (noise.next() % 1_500) as usize };
        let printable = noise.bytes(len).into_iter().map(|byte| b' ' + byte % 64);
        bytes.extend(printable);
        fs::write(folder.join(format!("{}.txt", canary(number))), bytes).unwrap();
    }
    folder
}

fn send(seized: &Seized, house: &House, organisation: &Organisation) {
    seized.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]);
    loop {
        let sealed = seized.sanduq(&["seal", "--all", "--to", NAME, "--json"]).json();
        if sealed["left"].as_u64() == Some(0) {
            break;
        }
    }
    let stick = house.folder("stick");
    seized.sanduq(&["export", text(&stick)]);
    let bundles = all(&stick, "bundle");
    let mut accept = vec!["accept"];
    accept.extend(bundles.iter().map(|bundle| text(bundle)));
    house.desk(&accept).good();
    let receipts = house.folder("receipts");
    house.desk(&["receipts", "--to", text(&receipts)]).good();
    seized.sanduq(&["receipt", "add", text(&receipts)]);
}

/// What the index named of the deliveries: bundle ids, return identities, and receipts by how they begin. There must
/// be some of each, or nothing is looked for. A receipt alone was not looked for once, and no bundle's id stands in it.
fn names(opened: &Opened) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (before, len) in [("\"bundle\":\"", 64), ("\"return_identity\":\"", 60), ("\"receipt\":\"", 60)] {
        let held = names.len();
        for text in &opened.texts {
            for at in places(text, before.as_bytes()) {
                let name = text.get(at + before.len()..at + before.len() + len);
                let name = name.and_then(|name| std::str::from_utf8(name).ok());
                names.extend(name.filter(|name| name.is_ascii()).map(str::to_owned));
            }
        }
        assert!(names.len() > held, "nothing is named as {before}");
    }
    names
}

#[test]
fn a_seized_disk_and_the_passphrase_open_nothing_that_was_forgotten() {
    let house = House::new("seizure");
    let device = match Device::new(&house.dir, DISK_BYTES) {
        Ok(device) => device,
        Err(why) => return println!("SKIPPED seized_disk: {why}"),
    };
    if let Err(why) = device.mount() {
        return println!("SKIPPED seized_disk: {why}");
    }
    let mut person = house.person("amal");
    person.vault = device.mounted().join("vault");
    let mut seized = Seized { person, device };
    let organisation = Organisation::new(&house, 1, 1);
    seized.sanduq(&["init"]);
    seized.sanduq(&["add", text(&evidence(&house))]);
    send(&seized, &house, &organisation);
    let parts = seized.parts();

    seized.device.unmount().unwrap();
    let (before, recovered) = seized.attack(&[(0, seized.device.image())], &parts);
    assert_eq!(recovered.len(), ITEMS, "the attack finds less than there is: it proves nothing");
    let named = names(&before);
    println!(
        "MEASURED a seized disk with its passphrase, before forgetting: {} of {ITEMS} items, {} file keys",
        recovered.len(),
        before.files
    );
    drop(before);

    seized.device.mount().unwrap();
    let outcome = seized.sanduq(&["forget", "--delivered", "--yes", "--json"]).json();
    assert_eq!(outcome["items"].as_u64(), Some(ITEMS as u64));
    seized.device.unmount().unwrap();
    seized.device.detach();
    let image = [(0, seized.device.image())];
    let (after, recovered) = seized.attack(&image, &parts);
    assert!(after.indexes > 0, "the vault itself still opens");
    assert!(recovered.is_empty(), "{} of {ITEMS} items are recovered: {recovered:?}", recovered.len());
    for name in &named {
        let told = after.texts.iter().any(|text| places(text, name.as_bytes()).next().is_some());
        assert!(!told, "the vault still knows {name}");
    }
    println!(
        "MEASURED a seized disk with its passphrase, after forgetting: 0 of {ITEMS} items, 0 of {} names of bundles, \
         return identities and receipts, {} index keys, {} file keys",
        named.len(),
        after.indexes,
        after.files
    );

    let log = seized.device.log();
    let written: u64 = log.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    for (what, pieces) in [("the image", &image[..]), ("the log of all writes", &log)] {
        let plain = found(pieces.iter().map(|(_, bytes)| bytes.as_slice()));
        assert!(plain.is_empty(), "{what} holds canaries in clear: {plain:?}");
    }
    let (_, recovered) = seized.attack(&log, &parts);
    println!(
        "MEASURED the log of all {} MiB ever written to that disk: 0 canaries in clear; with the passphrase {} of \
         {ITEMS} items, for the overwritten epoch blocks stand in it",
        written >> 20,
        recovered.len()
    );
    assert!(!recovered.is_empty(), "the log is not what was written");
}
