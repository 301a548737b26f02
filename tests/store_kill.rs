//! A process that keeps things is killed at random times (assurance D1, the store alone). What it had said was
//! committed is there byte for byte; what it had not is there whole or not at all; the store opens without
//! repair and goes on.
//!
//! The test runs itself as the child. What a child commits is made from its number, so that the parent knows it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use sanduq::crypto::{IndexKey, Secret};
use sanduq::store::{Change, Pool, Row, Store, StoreError};
use serde::{Deserialize, Serialize};

const CHILD: &str = "SANDUQ_TEST_STORE_KILL";
const KILLS: u64 = 300;

#[derive(Serialize, Deserialize)]
struct Kept {
    number: u64,
    objects: Vec<sanduq::format::id::RandomId>,
}

impl Row for Kept {
    const KIND: &'static str = "kept";

    fn key(&self) -> Vec<u8> {
        self.number.to_be_bytes().to_vec()
    }
}

fn key() -> IndexKey {
    IndexKey::from_secret(&Secret::new([7; 32]))
}

/// The contents of number `number`: one small, one that goes to packs, and now and then one for the outbox, which is
/// padded to many times its length.
fn contents(number: u64) -> Vec<(Vec<u8>, Pool)> {
    let bytes = |len: u64, salt: u64| {
        let start = number.wrapping_mul(0x9e37_79b9).wrapping_add(salt);
        (0..len).map(|at| (start.wrapping_add(at * 31) >> 3) as u8).collect()
    };
    let mut contents = vec![
        (bytes(number % 5000, 1), Pool::Items),
        (bytes(40_000 + number * 7919 % 300_000, 2), Pool::Items),
    ];
    if number.is_multiple_of(8) {
        contents.push((bytes(33_000 + number * 104_729 % 200_000, 3), Pool::Outbox));
    }
    contents
}

fn keep(change: &mut Change<'_>, number: u64) -> Result<(), StoreError> {
    let mut objects = Vec::new();
    for (bytes, pool) in contents(number) {
        objects.push(change.put_file(&mut &bytes[..], pool, &mut |_| {})?.object);
    }
    change.index_text(number, &format!("number {number}"))?;
    change.put(&Kept { number, objects })
}

fn forget(change: &mut Change<'_>, number: u64) -> Result<(), StoreError> {
    let Some(kept) = change.get::<Kept>(&number.to_be_bytes())? else { return Ok(()) };
    for object in &kept.objects {
        change.remove_object(object)?;
    }
    change.unindex(number)?;
    change.delete::<Kept>(&number.to_be_bytes())
}

/// Keeps number after number, takes each out again ten later, and says every one that is committed.
fn child(dir: &Path) -> Result<(), StoreError> {
    let mut store = Store::open(dir, &key())?;
    let mut number = store.page::<Kept>(None, 1)?.first().map_or(0, |kept| kept.number + 1);
    loop {
        let mut change = store.begin()?;
        keep(&mut change, number)?;
        if let Some(old) = number.checked_sub(10) {
            forget(&mut change, old)?;
        }
        change.commit()?;
        // A line of its own that is not held back.
        println!("\ncommitted {number}");
        number += 1;
    }
}

#[test]
fn killed_at_random_times() {
    if let Ok(dir) = std::env::var(CHILD) {
        panic!("the child ended: {:?}", child(Path::new(&dir)));
    }
    let base = if Path::new("/dev/shm").is_dir() {
        PathBuf::from("/dev/shm")
    } else {
        PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
    };
    let dir = tempfile::Builder::new().tempdir_in(base).unwrap();
    let place = dir.path().join("store");
    sanduq::store::files::create_dir(&place).unwrap();
    drop(Store::create(&place, &key()).unwrap());

    let (mut said, mut whole_but_unsaid) = (None, 0);
    for kill in 0..KILLS {
        let newest = kill_once(&place, Duration::from_micros(2_000 + kill * 7919 % 100_000));
        said = newest.or(said);
        let held = check(&place);
        assert!(held >= said, "said {said:?}, held {held:?}");
        whole_but_unsaid += u32::from(held > said);
        assert!(held.unwrap_or(0) <= said.map_or(0, |n| n + 1), "said {said:?}, held {held:?}");
        said = held;
    }
    let said = said.expect("300 children have committed something");
    println!(
        "MEASURED D1 store alone: {KILLS} kills, {said} commits, {whole_but_unsaid} whole although not said"
    );
    assert!(said > KILLS / 8, "the children hardly began: {said}");
}

/// Runs a child for a while, and gives the last number it said.
fn kill_once(place: &Path, after: Duration) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_at_random_times", "--nocapture"])
        .env(CHILD, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert!(complaint.is_empty(), "{complaint}");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.filter_map(|line| line.strip_prefix("committed ")?.parse().ok()).last()
}

/// Opens the store, compares everything in it, and gives its newest number.
fn check(place: &Path) -> Option<u64> {
    let store = Store::open(place, &key()).unwrap();
    let all: Vec<Kept> = store.all().unwrap();
    assert!(all.len() <= 10);
    for kept in &all {
        for (object, (bytes, _)) in kept.objects.iter().zip(contents(kept.number)) {
            let mut found = Vec::new();
            store.open_object(object).unwrap().read_to_end(&mut found).unwrap();
            assert!(found == bytes, "number {}", kept.number);
        }
        assert!(store.search(&format!("number {}", kept.number)).unwrap().contains(&kept.number));
    }
    let outbox_and_items = std::fs::read_dir(place.join("packs")).unwrap().count();
    assert!(outbox_and_items <= all.len() + 10, "{outbox_and_items} packs for {}", all.len());
    all.last().map(|kept| kept.number)
}
