//! Looking for bytes in the memory of another process.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// What the system keeps apart, in bytes.
const PAGE: usize = 4096;

/// Something that must not be found, by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needle {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

impl Needle {
    pub fn new(name: &'static str, bytes: impl Into<Vec<u8>>) -> Needle {
        Needle { name, bytes: bytes.into() }
    }
}

/// The names of what was found.
pub type Found = BTreeSet<&'static str>;

/// All that must not be found. Half of it is a find too: what overwrites the begin of a freed block does not hide the
/// rest.
pub struct Needles {
    halves: Vec<Needle>,
    /// Whether a half begins with these two bytes.
    begins: Vec<bool>,
}

impl Needles {
    pub fn new(all: &[Needle]) -> Needles {
        let halves = all.iter().flat_map(|needle| {
            let (first, second) = needle.bytes.split_at(needle.bytes.len() / 2);
            [first, second].map(|half| Needle::new(needle.name, half))
        });
        let halves: Vec<Needle> = halves.collect();
        let mut begins = vec![false; 1 << 16];
        halves.iter().for_each(|half| begins[begin(&half.bytes)] = true);
        Needles { halves, begins }
    }

    pub fn found_in(&self, memory: &[u8], found: &mut Found) {
        for page in (0..memory.len()).step_by(PAGE) {
            let end = memory.len().min(page + PAGE);
            // No half begins with zeros.
            if memory[page..end].iter().all(|byte| *byte == 0) {
                continue;
            }
            for at in page..end.min(memory.len() - 1) {
                if self.begins[begin(&memory[at..])] {
                    let here = self.halves.iter().filter(|half| memory[at..].starts_with(&half.bytes));
                    found.extend(here.map(|half| half.name));
                }
            }
        }
    }
}

fn begin(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// A part of a process's memory.
pub struct Map {
    pub bytes: Vec<u8>,
    pub locked: bool,
}

/// The memory of a process that can be written, or nothing if it may not be looked at.
pub fn maps(process: i32) -> Option<Vec<Map>> {
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let told = fs::read_to_string(format!("/proc/{process}/smaps")).ok()?;
    let mut maps = Vec::new();
    let mut range = None;
    for line in told.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if let Some((from, to)) = first.split_once('-') {
            let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).expect("an address"));
            range = line.contains(" rw").then_some((from, to));
        } else if let (Some((from, to)), "VmFlags:") = (range, first) {
            let mut bytes = vec![0; usize::try_from(to - from).expect("it fits")];
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                maps.push(Map { bytes, locked: line.split_whitespace().any(|flag| flag == "lo") });
            }
        }
    }
    assert!(
        maps.iter().map(|map| map.bytes.len()).sum::<usize>() > 1 << 20,
        "hardly anything could be looked at"
    );
    Some(maps)
}

/// The names of those needles that are in the memory of a process that may be looked at.
pub fn found(process: i32, needles: &Needles) -> Found {
    let mut found = Found::new();
    let maps = maps(process).expect("it was possible before");
    maps.iter().for_each(|map| needles.found_in(&map.bytes, &mut found));
    found
}
