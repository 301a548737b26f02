//! A file that is many times larger than the stick goes over it in parts, in as many trips as it takes; one of them is
//! lost on the way. 300 MiB over a stick of 64 MiB in every run; 10 GiB over one of 1 GiB where it is asked for, in a
//! few minutes and 35 GiB of free space.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod disk;
mod house;
mod world;

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use disk::{inside, mount, unmount};
use house::{Done, House, NAME, Noise, Organisation, Person, all, only, text};
use world::deliveries;

const BLOCK_BYTES: usize = 1 << 20;
/// What one command may hold in memory.
const PEAK_KIB_MAX: u64 = 200_000;
/// Asks for the long one.
const ASKED: &str = "SANDUQ_BIG_VOLUMES";

struct Size {
    name: &'static str,
    file_bytes: u64,
    stick: &'static str,
    volume: &'static str,
    parity: &'static str,
    free_bytes_min: u64,
}

#[test]
fn volumes_over_a_small_stick() {
    carry(&Size {
        name: "volumes_over_a_small_stick",
        file_bytes: 300 << 20,
        stick: "64m",
        volume: "10M",
        parity: "2",
        free_bytes_min: 3 << 30,
    });
}

#[test]
fn big_volumes() {
    if std::env::var_os(ASKED).is_none() {
        println!("SKIPPED big_volumes: it takes minutes, and {ASKED}=1 asks for it");
        return;
    }
    carry(&Size {
        name: "big_volumes",
        file_bytes: 10 << 30,
        stick: "1g",
        volume: "64M",
        parity: "3",
        free_bytes_min: 35 << 30,
    });
}

fn carry(size: &Size) {
    let name = size.name;
    if !inside(name) {
        return;
    }
    let house = House::new(name);
    let stat = rustix::fs::statvfs(&house.dir).expect("the house is on a disk");
    if stat.f_bavail * stat.f_frsize < size.free_bytes_min {
        println!("SKIPPED {name}: less than {} GiB are free", size.free_bytes_min >> 30);
        return;
    }
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let original = house.path("film");
    make(&original, size.file_bytes);
    person.sanduq(&["add", text(&original)]).good();
    fs::remove_file(&original).unwrap();
    // Nothing but the sealed bundle stays.
    person.sanduq(&["seal", "--all", "--to", NAME, "--forget"]).good();
    let stick = house.folder("stick");
    mount(&format!("mode=700,size={}", size.stick), &stick);
    let trips = to_and_fro(&house, &person, &stick, size);
    unmount(&stick);
    assert!(deliveries(&person).is_empty(), "it arrived, and was forgotten");
    let listed = house.desk(&["list", "--json"]).good().json();
    assert_eq!(
        (listed["bundles"].as_array().unwrap().len(), listed["sets"].as_array().unwrap().len()),
        (1, 0)
    );
    let Trips { count, parts, home_kib, desk_kib, seconds } = trips;
    println!(
        "MEASURED {} MiB over a stick of {}: {parts} parts of {} in {count} trips, one of them lost, in {seconds} s; \
         peak memory {} MiB at home, {} MiB at the desk",
        size.file_bytes >> 20,
        size.stick,
        size.volume,
        home_kib >> 10,
        desk_kib >> 10,
    );
    open_and_compare(&house, &organisation.officers[0], size);
}

struct Trips {
    count: usize,
    parts: u64,
    home_kib: u64,
    desk_kib: u64,
    seconds: u64,
}

fn to_and_fro(house: &House, person: &Person, stick: &Path, size: &Size) -> Trips {
    let start = Instant::now();
    let (mut count, mut parts, mut home_kib, mut desk_kib) = (0, 0, 0, 0);
    let args =
        ["sync", text(stick), "--to", NAME, "--volume-size", size.volume, "--parity", size.parity, "--json"];
    let within = |done: Done, peak: &mut u64| {
        let done = done.good();
        assert!(done.peak_kib < PEAK_KIB_MAX, "it held {} MiB", done.peak_kib >> 10);
        *peak = (*peak).max(done.peak_kib);
        done
    };
    loop {
        let said = within(person.sanduq(&args), &mut home_kib).json();
        let carried = said["parts"].as_array().expect("parts");
        if carried.is_empty() {
            assert_eq!(said["received"].as_array().map(Vec::len), Some(1), "{said}");
            assert!(all(stick, "part").is_empty());
            return Trips { count, parts, home_kib, desk_kib, seconds: start.elapsed().as_secs() };
        }
        parts = carried[0]["parts"].as_u64().expect("a number");
        count += 1;
        assert!(count < 100, "it never ends: {said}");
        if count == 2 {
            // This stick is lost.
            all(stick, "part").iter().for_each(|path| fs::remove_file(path).unwrap());
            continue;
        }
        within(house.desk(&["sync", text(stick)]), &mut desk_kib);
    }
}

/// What the officer opens is what was sealed. The archive is needed no more but for this bundle.
fn open_and_compare(house: &House, officer: &Person, size: &Size) {
    fs::remove_dir_all(house.path("amal")).unwrap();
    let bundle = only(&house.path("archive/bundles"), "bundle");
    officer.sanduq(&["open", text(&bundle)]).good();
    fs::remove_dir_all(house.path("archive")).unwrap();
    let to = house.folder("extracted");
    officer.sanduq(&["extract", &officer.newest(), "--to", text(&to)]).good();
    let files = house.files("extracted");
    let (path, _) = files.iter().find(|(_, data)| data.len() == size.file_bytes).expect("the file");
    let mut file = BufReader::with_capacity(BLOCK_BYTES, File::open(house.path(path)).unwrap());
    let (mut noise, mut expected, mut found) = (Noise::new(7), vec![0; BLOCK_BYTES], vec![0; BLOCK_BYTES]);
    for number in 0..size.file_bytes / BLOCK_BYTES as u64 {
        noise.fill(&mut expected);
        file.read_exact(&mut found).unwrap();
        assert!(expected == found, "MiB {number} differs");
    }
}

fn make(path: &Path, bytes: u64) {
    let mut file = BufWriter::with_capacity(BLOCK_BYTES, File::create(path).unwrap());
    let (mut noise, mut block) = (Noise::new(7), vec![0; BLOCK_BYTES]);
    for _ in 0..bytes / BLOCK_BYTES as u64 {
        noise.fill(&mut block);
        file.write_all(&block).unwrap();
    }
    file.flush().unwrap();
}
