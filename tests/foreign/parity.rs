//! Parity: what our writer makes and what another program makes from the page of the format, and back.

use crate::house::{House, Noise, text};
use crate::tools::{program, run, said};
use sanduq::bundle::parity;
use sanduq::bundle::volume::{Set, Volume};
use sanduq::crypto::Digest;
use sanduq::crypto::hybrid::Identity;
use std::path::Path;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/parity.py");

/// A set whose parts lie in a folder as `tar -x` puts them.
fn written(house: &House, name: &str, slices: u16, parities: u16) -> Set {
    let len = u64::from(slices) * 128 - 40;
    let volume = Volume::new(len, slices, parities, Identity::generate().to_recipient()).expect("not empty");
    let content = Noise::new(u64::from(slices)).bytes(len as usize);
    let mut parts = vec![Vec::new(); usize::from(volume.parts())];
    let mut read = |slice: u16, at: u64, piece: &mut [u8]| {
        let from = &content[((volume.offset(slice) + at) as usize).min(content.len())..];
        let count = from.len().min(piece.len());
        piece[..count].copy_from_slice(&from[..count]);
        piece[count..].fill(0);
        Ok(())
    };
    let mut take = |number: u16, piece: &[u8]| {
        parts[usize::from(number) - 1].extend_from_slice(piece);
        Ok(())
    };
    parity::encode(&volume, &mut read, &mut take).expect("nothing fails in memory");
    for (number, part) in volume.numbers().zip(&parts) {
        house.write(&format!("{name}/{}", volume.name(number)), part);
    }
    house.write(&format!("{name}/volume.txt"), volume.to_string());
    let digests: Vec<Digest> = parts.iter().map(|part| Digest::of(part)).collect();
    Set::of(volume, &digests).expect("a digest for each part")
}

#[test]
fn another_program_makes_the_same_parity_and_finds_the_slices() {
    let Some(python) = program("another_program_makes_the_same_parity_and_finds_the_slices", "python3")
    else {
        return;
    };
    let house = House::new("parity");
    for (slices, parities) in [(1, 1), (1, 3), (5, 2), (3, 3), (9, 4), (4, 9), (20, 6)] {
        let name = format!("{slices}-{parities}");
        let set = written(&house, &name, slices, parities);
        let folder = house.path(&name);
        let ask = |args: &[&str]| digests(&python, args);
        let expected: Vec<Digest> = (1..=parities).map(|parity| set.digest(slices + parity)).collect();
        assert_eq!(ask(&["encode", text(&folder)]), expected, "{slices} slices, {parities} parities");
        // The last parts there are: as much parity as can be used.
        let last: Vec<String> = (parities + 1..=slices + parities).map(|number| number.to_string()).collect();
        let args: Vec<&str> =
            ["solve", text(&folder)].into_iter().chain(last.iter().map(String::as_str)).collect();
        let expected: Vec<Digest> = (1..=slices).map(|slice| set.digest(slice)).collect();
        assert_eq!(ask(&args), expected, "{slices} slices from {last:?}");
    }
}

fn digests(python: &Path, args: &[&str]) -> Vec<Digest> {
    let done = run(python, &[&[SCRIPT], args].concat(), b"");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    said(&done).lines().map(|line| line.parse().expect("a digest")).collect()
}
