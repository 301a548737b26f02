//! The clock jumps by up to ten years between any two commands, forwards and back (assurance D11): nothing refuses but a
//! card that is past its last day, in words; the order of items and of the chain of custody is that in which things
//! were done, whatever the times in it; receipts count; the vault opens.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "linkable/index.rs"]
mod index;
mod world;

use std::fs;
use std::path::Path;
use std::process::Command;

use house::{Done, House, NAME, Noise, Organisation, Person, all, run, text};
use sanduq::crypto::{Digest, Passphrase};
use world::{deliveries, files_below, nothing_left_over};

/// How many trips, and how many steps each has at random.
const TRIPS: u64 = 8;
const STEPS: u64 = 25;
/// How far the clock jumps from the day it is, either way.
const JUMP_DAYS: u64 = 3_653;
/// A card is valid for two years from the day on which it was drafted; what lies nearer than this to that day is not
/// asked about.
const CARD_DAYS: i64 = 730;
const NEAR_DAYS: i64 = 3;

/// Somebody whose clock cannot be relied upon.
struct Trip<'h> {
    person: Person<'h>,
    organisation: &'h Organisation<'h>,
    dice: Noise,
    /// The titles of what she keeps, in the order in which she kept it.
    titles: Vec<String>,
    /// The titles of those that were not sealed.
    unsealed: Vec<String>,
    /// What was done that leaves an entry, since the vault was made; none once anything was forgotten.
    done: Option<Vec<&'static str>>,
    made: u64,
    /// The entries of the chain of custody as they were last, without the digests before them.
    entries: Vec<String>,
}

impl Trip<'_> {
    /// How many days the next command's clock is off, forwards or back.
    fn jump(&mut self) -> i64 {
        let days = self.dice.next() >> 16;
        (days % (2 * JUMP_DAYS)) as i64 - JUMP_DAYS as i64
    }

    fn sanduq(&self, days: i64, args: &[&str]) -> Done {
        let days = format!("{days:+}d");
        let under = ["faketime", "-f", &days];
        run(self.person.command_under(&under, args), Some(&self.person.passphrase))
    }

    /// The desk's clock jumps as well.
    fn desk(&mut self, args: &[&str]) -> Done {
        let (days, house) = (format!("{:+}d", self.jump()), self.person.house);
        let archive = house.path("archive");
        let intake = env!("CARGO_BIN_EXE_sanduq-intake");
        let words = [&["-f", &days, intake, "--archive", text(&archive)], args].concat();
        run(house.command(Path::new("faketime"), &words), None)
    }

    fn at_any_time(&mut self, args: &[&str]) -> Done {
        let days = self.jump();
        self.sanduq(days, args).good()
    }

    fn note(&mut self, event: &'static str) {
        self.done.iter_mut().for_each(|done| done.push(event));
    }

    fn keep(&mut self) {
        self.made += 1;
        let title = format!("paper-{}.txt", self.made);
        let file =
            self.person.house.write(&format!("papers/{title}"), format!("an invented paper {}", self.made));
        if self.dice.next() >> 16 & 1 == 0 {
            self.at_any_time(&["add", text(&file)]);
        } else {
            self.at_any_time(&["testify", "--title", &title, text(&file)]);
        }
        self.note("add");
        self.titles.push(title.clone());
        self.unsealed.push(title);
    }

    /// Sealing is what the card's last day is for.
    fn seal(&mut self) {
        let days = self.jump();
        if self.unsealed.is_empty() || (days - CARD_DAYS).abs() <= NEAR_DAYS {
            return;
        }
        let sealed = self.sanduq(days, &["seal", "--all", "--to", NAME]);
        if days > CARD_DAYS {
            let said = sealed.bad().stderr();
            return assert!(said.contains("no longer valid"), "{days} days: {said}");
        }
        sealed.good();
        self.note("seal");
        self.unsealed.clear();
    }

    /// Everything that waits is carried, accepted and acknowledged.
    fn deliver(&mut self) {
        let waiting = deliveries(&self.person).iter().filter(|state| *state != "received").count();
        if waiting == 0 {
            return;
        }
        let stick = self.person.house.folder("stick");
        self.at_any_time(&["export", text(&stick)]);
        for bundle in all(&stick, "bundle") {
            self.desk(&["accept", text(&bundle)]).good();
        }
        let receipts = self.person.house.folder("receipts");
        self.desk(&["receipts", "--to", text(&receipts)]).good();
        let mut args = vec!["receipt", "add"];
        let files = files_below(&receipts);
        args.extend(files.iter().map(|path| text(path)));
        self.at_any_time(&args);
        assert!(deliveries(&self.person).iter().all(|state| state == "received"), "a receipt does not count");
        (0..waiting).for_each(|_| self.note("export"));
        (0..waiting).for_each(|_| self.note("receipt"));
        fs::remove_dir_all(&stick).unwrap();
        fs::remove_dir_all(&receipts).unwrap();
    }

    fn forget(&mut self) {
        let delivered = !deliveries(&self.person).is_empty() && self.unsealed.len() < self.titles.len();
        let waits = deliveries(&self.person).iter().any(|state| state != "received");
        if delivered && !waits {
            self.at_any_time(&["forget", "--delivered", "--yes"]);
            self.titles = self.unsealed.clone();
            self.done = None;
        }
    }

    /// What there is now, at yet another time.
    fn look(&mut self) {
        let listed = self.at_any_time(&["list", "--json"]).json();
        let items = listed["items"].as_array().unwrap();
        let titles: Vec<&str> = items.iter().rev().map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!(titles, self.titles, "the order of items depends on the clock");
        let numbers: Vec<u64> = items.iter().rev().map(|item| item["item"].as_u64().unwrap()).collect();
        assert!(numbers.is_sorted());
    }

    /// Every entry names the one before it, and they stand as things were done; so do those that a forgetting leaves.
    fn custody(&mut self) {
        let entries = entries(&self.person);
        let known = |entry: &&String| entries.contains(entry) && self.entries.contains(entry);
        let [left, kept] = [&self.entries, &entries].map(|all| all.iter().filter(known).collect::<Vec<_>>());
        assert_eq!(left, kept, "forgetting changed the order of custody");
        if let Some(done) = &self.done {
            let events: Vec<&str> = entries.iter().filter_map(|entry| entry.split(' ').nth(1)).collect();
            assert_eq!(events, *done, "the order of custody depends on the clock");
        }
        self.entries = entries;
    }
}

/// The chain as it lies in the vault, each entry without the digest before it.
fn entries(person: &Person) -> Vec<String> {
    let rows = index::rows(&person.vault, &Passphrase::from(person.passphrase.as_str()));
    let (mut before, mut entries) = (Digest::from_bytes([0; 32]), Vec::new());
    for (_, _, value) in rows.iter().filter(|(kind, ..)| kind == "custody") {
        let row: serde_json::Value = serde_json::from_slice(value).unwrap();
        let line = row["line"].as_str().unwrap();
        let (digest, entry) = line.split_once(' ').unwrap();
        assert_eq!(digest, before.to_string(), "the chain is broken");
        entries.push(entry.to_owned());
        before = Digest::of(line.as_bytes());
    }
    entries
}

fn trip(house: &House, organisation: &Organisation, number: u64) -> u64 {
    let person = house.person(&format!("amal{number}"));
    let mut trip = Trip {
        person,
        organisation,
        dice: Noise::new(number + 1),
        titles: Vec::new(),
        unsealed: Vec::new(),
        done: Some(Vec::new()),
        made: 0,
        entries: Vec::new(),
    };
    trip.at_any_time(&["init"]);
    let card = trip.organisation.card.clone();
    let late = trip.sanduq(CARD_DAYS + 10, &["contact", "add", text(&card), "--yes", "--as", NAME]).bad();
    assert!(late.stderr().contains("no longer valid"), "{}", late.stderr());
    trip.sanduq(-3_000, &["contact", "add", text(&card), "--yes", "--as", NAME]).good();
    trip.note("contact");
    for _ in 0..STEPS {
        match trip.dice.next() >> 16 & 7 {
            0..=2 => trip.keep(),
            3..=4 => trip.seal(),
            5..=6 => trip.deliver(),
            _ => trip.forget(),
        }
        trip.look();
        trip.custody();
    }
    nothing_left_over(&trip.person.vault);
    trip.made
}

#[test]
fn the_clock_jumps_by_ten_years_between_any_two_commands() {
    let house = House::new("clock");
    let probe = Command::new("faketime").args(["-f", "-3650d", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        return println!("SKIPPED clock_jumps: no faketime");
    }
    let organisation = Organisation::new(&house, 1, 1);
    let kept: u64 = (0..TRIPS).map(|number| trip(&house, &organisation, number)).sum();
    println!(
        "MEASURED clock jumps of up to ten years: {TRIPS} vaults, {} steps at other times, {kept} items, the order of \
         items and of custody is that of the steps, only a card past its last day refused",
        TRIPS * STEPS
    );
}
