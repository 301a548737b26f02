//! The disk is full at every 16 KiB step of a change (assurance D5, the store alone), and at every 512 KiB while a bundle
//! is padded. The old state is there and opens, or the new one; once there is room the same change succeeds.
//!
//! A tmpfs that grows step by step stands in for the disk, in a mount namespace of its own: the test runs itself
//! again within `unshare`.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use sanduq::crypto::{IndexKey, Secret};
use sanduq::format::id::RandomId;
use sanduq::store::{Pool, Row, Store, StoreError};
use serde::{Deserialize, Serialize};

const INSIDE: &str = "SANDUQ_TEST_STORE_FULL";
const STEP_KIB: u64 = 16;
/// The step while the first object is written, which waits in the outbox and is little more than its padding.
const PADDING_STEP_KIB: u64 = 512;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    number: u64,
    object: RandomId,
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

fn content(number: u64) -> Vec<u8> {
    let len = if number.is_multiple_of(2) { 250_000 } else { 30_000 };
    (0..len).map(|at: u64| (number.wrapping_mul(0x9e37_79b9).wrapping_add(at * 31) >> 3) as u8).collect()
}

/// Keeps 8 more objects, the first in the outbox, the others large and small, and takes one out.
fn change(dir: &Path) -> Result<(), StoreError> {
    let mut store = Store::open(dir, &key())?;
    let mut change = store.begin()?;
    let first = change.count::<Kept>()?;
    for number in first..first + 8 {
        let pool = if number == first { Pool::Outbox } else { Pool::Items };
        let stored = change.put_file(&mut &content(number)[..], pool, &mut |_| {})?;
        change.index_text(number, &"many words of a long testimony ".repeat(200))?;
        change.put(&Kept { number, object: stored.object })?;
    }
    if first > 0 {
        let old: Kept = change.get(&0u64.to_be_bytes())?.expect("number 0 was kept");
        change.remove_object(&old.object)?;
    }
    change.commit()
}

/// Opens the store, compares what it holds, and gives how many rows that are.
fn held(dir: &Path) -> u64 {
    let store = Store::open(dir, &key()).unwrap();
    let rows: Vec<Kept> = store.all().unwrap();
    for row in rows.iter().filter(|row| store.has_object(&row.object).unwrap()) {
        let mut bytes = Vec::new();
        store.open_object(&row.object).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes == content(row.number), "{row:?}");
    }
    assert_eq!(store.search("testimony").unwrap().len(), rows.len());
    rows.len() as u64
}

fn mount(arguments: &[&str], dir: &Path) {
    let mounted = Command::new("mount").args(arguments).arg(dir).status().unwrap();
    assert!(mounted.success());
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

fn inside(dir: &Path) {
    let (template, disk) = (dir.join("template"), dir.join("disk"));
    sanduq::store::files::create_dir(&template).unwrap();
    fs::create_dir(&disk).unwrap();
    drop(Store::create(&template, &key()).unwrap());
    change(&template).unwrap();
    let used = Command::new("du").args(["-sk"]).arg(&template).output().unwrap().stdout;
    let used: u64 = String::from_utf8(used).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let place = disk.join("store");
    let padded = used + Pool::Outbox.packed_len(1) / 1024;
    let (mut full, mut kib) = (0, used + STEP_KIB);
    loop {
        mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"], &disk);
        copy(&template, &place);
        let tried = change(&place);
        let now = held(&place);
        match tried {
            Ok(()) => {
                assert_eq!(now, 16);
                break;
            }
            Err(StoreError::NoSpace { .. }) => assert_eq!(now, 8, "with {kib} KiB"),
            Err(other) => panic!("with {kib} KiB: {other:?}"),
        }
        mount(&["-o", "remount,size=128m"], &disk);
        change(&place).unwrap();
        assert_eq!(held(&place), 16, "with {kib} KiB");
        assert!(Command::new("umount").arg(&disk).status().unwrap().success());
        (full, kib) = (full + 1, kib + if kib < padded { PADDING_STEP_KIB } else { STEP_KIB });
    }
    println!("full at {full} steps of {STEP_KIB} KiB and of {PADDING_STEP_KIB} KiB");
    assert!(full > 60, "{full}");
}

#[test]
fn full_at_every_step() {
    if let Ok(dir) = std::env::var(INSIDE) {
        return inside(Path::new(&dir));
    }
    let able =
        |flags: &str| Command::new("unshare").args([flags, "true"]).status().is_ok_and(|s| s.success());
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| able(flags)) else {
        println!("SKIPPED full_at_every_step: no mount namespaces here");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let run = Command::new("unshare")
        .arg(flags)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full_at_every_step", "--nocapture"])
        .env(INSIDE, dir.path())
        .status()
        .unwrap();
    assert!(run.success());
}
