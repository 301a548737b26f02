//! Bundles that were damaged on the way: every bit outside the payload flipped (of eight of the ten quorum files one of
//! every byte), a bit in every sector of the payload, every truncation, sectors wiped and exchanged. Each must be
//! reported, none may pass in silence.
//!
//! A bundle is at least a megabyte, because of its padding; most damage is found before the payload is read. The
//! work is cut into tests that run side by side.

#[path = "attacks/forge.rs"]
#[allow(dead_code, reason = "written for tests/attacks.rs; damage needs its honest bundle alone")]
mod forge;
#[allow(dead_code, reason = "the forger asks it; damage is asked about here")]
#[path = "reference/judge.rs"]
mod judge;

use std::io::Cursor;
use std::ops::Range;

use forge::world;
use sanduq::bundle::{Outer, layout};
use sanduq::format::archive::tar_len;

const SECTOR: usize = 512;

/// Where each member's header, body and filling lie.
fn members() -> Vec<(String, Range<usize>, Range<usize>)> {
    let mut at = 0;
    let lay = |(name, body): (String, Vec<u8>)| {
        let begin = at;
        at += SECTOR + body.len().next_multiple_of(SECTOR);
        (name, begin..at, begin + SECTOR..begin + SECTOR + body.len())
    };
    let members: Vec<_> = forge::untar(&world().honest, 0).into_iter().map(lay).collect();
    assert_eq!(tar_len(members.iter().map(|(_, _, body)| body.len() as u64)), world().honest.len() as u64);
    members
}

fn is_reported(bundle: &[u8]) -> bool {
    Outer::read(&mut Cursor::new(bundle)).is_err()
}

/// Flips one bit after another and puts each back.
fn flip(bits: impl Iterator<Item = usize>) -> usize {
    let mut bundle = world().honest.clone();
    let mut flipped = 0;
    for bit in bits {
        bundle[bit / 8] ^= 1 << (bit % 8);
        assert!(is_reported(&bundle), "bit {} of byte {} is not missed", bit % 8, bit / 8);
        bundle[bit / 8] ^= 1 << (bit % 8);
        flipped += 1;
    }
    assert!(!is_reported(&bundle));
    println!("MEASURED D7 bundle, {}: {flipped} bits flipped, 0 silent", test_name());
    flipped
}

/// What a test is about, from the name of its thread: tests run in threads that are called as they are.
fn test_name() -> String {
    std::thread::current().name().unwrap_or_default().replace('_', " ")
}

/// Every bit of the members whose names pass, headers and filling included, but no payload.
fn flip_members(passes: impl Fn(&str) -> bool) {
    let members = members();
    let chosen = members.iter().filter(|(name, _, _)| passes(name) && !name.starts_with("data/"));
    let bytes = chosen.flat_map(|(_, all, _)| all.clone());
    assert!(flip(bytes.flat_map(|byte| byte * 8..byte * 8 + 8)) > 8 * SECTOR);
}

#[test]
fn every_bit_of_the_declarations_and_keys() {
    flip_members(|name| [layout::BAGIT, layout::INFO, layout::SIGNER].contains(&name));
}

#[test]
fn every_bit_of_the_manifests() {
    flip_members(|name| [layout::MANIFEST, layout::TAG_MANIFEST].contains(&name));
}

#[test]
fn every_bit_of_the_signatures() {
    flip_members(|name| [layout::SIGNATURE, layout::PQ_SIGNATURE].contains(&name));
}

#[test]
fn every_bit_of_the_first_and_the_last_quorum_file() {
    flip_members(|name| ["quorum/01.age", "quorum/10.age"].contains(&name));
}

/// As the first and the last, but for time: of a megabyte of bits each is one that a whole bundle is read for.
#[test]
fn a_bit_of_every_byte_of_the_other_quorum_files() {
    let is_other =
        |name: &str| name.starts_with("quorum/") && !["quorum/01.age", "quorum/10.age"].contains(&name);
    let members = members();
    let others = members.iter().filter(|(name, _, _)| is_other(name));
    let bytes = others.flat_map(|(_, all, _)| all.clone());
    assert!(flip(bytes.map(|byte| byte * 8 + byte % 8)) > 8 * SECTOR);
}

#[test]
fn every_bit_of_the_payload_s_header_and_filling_and_of_the_end() {
    let members = members();
    let (_, all, body) = members.iter().find(|(name, _, _)| name == layout::PAYLOAD).unwrap();
    let end = world().honest.len() - 2 * SECTOR..world().honest.len();
    let bytes = (all.start..body.start).chain(body.end..all.end).chain(end);
    flip(bytes.flat_map(|byte| byte * 8..byte * 8 + 8));
}

#[test]
fn a_bit_in_every_sector_of_the_payload() {
    let members = members();
    let (_, _, body) = members.iter().find(|(name, _, _)| name == layout::PAYLOAD).unwrap();
    let bits = body.clone().step_by(SECTOR).enumerate().map(|(sector, byte)| byte * 8 + sector % 8);
    assert!(flip(bits) > 2000);
}

#[test]
fn every_truncation() {
    let honest = &world().honest;
    let borders = members().into_iter().flat_map(|(_, all, body)| [all.start, body.start, body.end, all.end]);
    let near = borders.flat_map(|border| [border.saturating_sub(1), border, border + 1]);
    let every = (0..honest.len()).step_by(SECTOR);
    let ends = near.chain(every).chain([honest.len() - 1]).filter(|end| *end < honest.len());
    let cuts = ends.inspect(|end| assert!(is_reported(&honest[..*end]), "cut at {end}")).count();
    println!("MEASURED D8 bundle, {}: {cuts} cuts, 0 silent", test_name());
}

/// A small generator for damage that can be repeated (splitmix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Damages a copy 1,000 times, each time anew.
fn damage_sectors(seed: u64, damage: impl Fn(&mut [u8], &mut Seeded)) {
    let honest = &world().honest;
    let mut seeded = Seeded(seed);
    let mut done = 0;
    while done < 1000 {
        let mut bundle = honest.clone();
        damage(&mut bundle, &mut seeded);
        if bundle != *honest {
            assert!(is_reported(&bundle), "seed {seed}, number {done}");
            done += 1;
        }
    }
    println!("MEASURED D8 bundle, {}: {done} times, 0 silent", test_name());
}

#[test]
fn sectors_wiped() {
    damage_sectors(1, |bundle, seeded| {
        let at = seeded.below(bundle.len() / SECTOR) * SECTOR;
        bundle[at..at + SECTOR].fill(0);
    });
}

#[test]
fn sectors_exchanged() {
    damage_sectors(2, |bundle, seeded| {
        let mut sector = || seeded.below(world().honest.len() / SECTOR) * SECTOR;
        let (one, other) = (sector(), sector());
        for byte in 0..SECTOR {
            bundle.swap(one + byte, other + byte);
        }
    });
}
