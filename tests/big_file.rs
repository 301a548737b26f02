//! A large file makes the whole trip: added, sealed, exported, accepted, opened by an officer and extracted, byte for
//! byte, with less than 256 MiB of memory for each command. It has 1 GiB, or as many as `SANDUQ_BIG_FILE=n` says. What is
//! no longer needed is removed on the way, so that less than five times as much free space is enough; with less the test
//! says that it was skipped.

mod house;

use house::{Done, House, NAME, Noise, Organisation, only, text};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

const GIBIBYTES: u64 = 1;
/// What one command may hold in memory.
const PEAK_KIB_MAX: u64 = 256 << 10;
const SEED: u64 = 3;
const BLOCK_BYTES: usize = 1 << 20;

#[test]
fn a_large_file_makes_the_whole_trip() {
    let gibibytes = std::env::var("SANDUQ_BIG_FILE").map_or(GIBIBYTES, |number| number.parse().unwrap());
    let (file_bytes, free_bytes_min) = (gibibytes << 30, (5 * gibibytes) << 30);
    let house = House::new("big-file");
    let stat = rustix::fs::statvfs(&house.dir).expect("the house is on a disk");
    if stat.f_bavail * stat.f_frsize < free_bytes_min {
        println!("SKIPPED big_file: less than {} GiB are free", free_bytes_min >> 30);
        return;
    }
    let organisation = Organisation::new(&house, 1, 1);
    let (family, officer) = (house.person("family"), &organisation.officers[0]);
    family.sanduq(&["init"]).good();
    let original = house.path("recording.bin");
    make(&original, file_bytes).expect("there is room");

    let mut peaks = Vec::new();
    let mut within = |what: &'static str, done: Done| {
        let done = done.good();
        assert!(done.peak_kib < PEAK_KIB_MAX, "{what} held {} MiB", done.peak_kib >> 10);
        assert!(done.peak_kib > 0, "nobody looked at {what}");
        peaks.push((what, done.peak_kib >> 10));
    };
    within("add", family.sanduq(&["add", text(&original)]));
    fs::remove_file(&original).expect("it was added");
    within(
        "contact add",
        family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]),
    );
    within("seal", family.sanduq(&["seal", "--all", "--to", NAME]));
    let stick = house.folder("stick");
    within("export", family.sanduq(&["export", text(&stick)]));
    fs::remove_dir_all(&family.vault).expect("its bundle is on the stick");
    let bundle = only(&stick, "bundle");
    within("verify", house.audit(&["bundle", text(&bundle)]));
    within("accept", house.desk(&["accept", text(&bundle)]));
    fs::remove_dir_all(house.path("archive")).expect("the stick is as good");
    within("open", officer.sanduq(&["open", text(&bundle)]));
    fs::remove_dir_all(&stick).expect("it was opened");
    let to = house.folder("extracted");
    within("extract", officer.sanduq(&["extract", &officer.newest(), "--to", text(&to)]));

    let files: Vec<_> =
        house.files("extracted").into_iter().filter(|(_, data)| data.len() == file_bytes).collect();
    assert_eq!(files.len(), 1, "one file of this length was extracted");
    compare(&house.path(&files[0].0), file_bytes).expect("byte for byte");
    let told: Vec<String> = peaks.iter().map(|(what, mib)| format!("{what} {mib}")).collect();
    println!("MEASURED peak memory with a file of {gibibytes} GiB: {} MiB", told.join(", "));
}

fn make(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(BLOCK_BYTES, File::create(path)?);
    let (mut noise, mut block) = (Noise::new(SEED), vec![0; BLOCK_BYTES]);
    for _ in 0..bytes / BLOCK_BYTES as u64 {
        noise.fill(&mut block);
        file.write_all(&block)?;
    }
    file.flush()
}

fn compare(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = BufReader::with_capacity(BLOCK_BYTES, File::open(path)?);
    let (mut noise, mut expected, mut found) = (Noise::new(SEED), vec![0; BLOCK_BYTES], vec![0; BLOCK_BYTES]);
    for number in 0..bytes / BLOCK_BYTES as u64 {
        noise.fill(&mut expected);
        file.read_exact(&mut found)?;
        if expected != found {
            return Err(io::Error::other(format!("MiB {number} differs")));
        }
    }
    Ok(())
}
