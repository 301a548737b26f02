//! How long a large vault takes: opening it, a page of its list, all of it, one item shown, a word found, one more added.
//!
//! ```text
//! cargo bench --bench vault --features test-kdf
//! cargo bench --bench vault --features test-kdf -- 1000 10000
//! ```
//!
//! Each figure is the median of five; below it stands the median of the processor's time, for where a machine does other
//! work as well the two differ. The vaults lie in the build's own folder and stay there, so that one that is made
//! needs not be made again; one that is not finished is gone on with. They hold small invented documents with Persian
//! titles: in some thousand batches of one transaction each, as `add` makes them.

mod median;

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use median::median;
use rustix::time::{ClockId, clock_gettime};
use sanduq::crypto::{KdfParams, Passphrase};
use sanduq::format::time::Time;
use sanduq::vault::Vault;

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
const PASSPHRASE: &str = "an invented passphrase";
/// As many as `add` keeps in one transaction.
const AT_ONCE: u64 = 20_000;
/// Stands in the titles of five items.
const RARE: &str = "زعفران";
/// Stands in the title of every hundredth item.
const COMMON: &str = "قطارها";

fn main() {
    let asked: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    let mut outside = Vec::new();
    println!(
        "items    open      list 100  middle    list all  show      few       many      add one   index B  journal B"
    );
    for size in sizes {
        let root = made(size);
        inside(size, &root);
        outside.push((size, root));
    }
    println!("\nas commands, with the start of the process and the opening of the vault in each");
    println!("items      start     list 100  list all  show      few       many 100  many      add one");
    outside.iter().for_each(|(size, root)| commands(*size, root));
}

/// What the library takes, on a vault that is open.
fn inside(size: u64, root: &Path) {
    let open = both(|| drop(black_box(unlocked(root))));
    let mut vault = unlocked(root);
    let first = both(|| assert_eq!(vault.list(Some(100), None).unwrap().len(), 100));
    let middle = both(|| assert_eq!(vault.list(Some(100), Some(size / 2)).unwrap().len(), 100));
    let all = both(|| assert!(vault.list(None, None).unwrap().len() as u64 >= size));
    let show = both(|| drop(black_box(vault.show(size / 3).unwrap())));
    let few = both(|| assert_eq!(vault.search(RARE).unwrap().len(), 5));
    let many = both(|| assert_eq!(vault.search(COMMON).unwrap().len() as u64, size / 100));
    let dir = tempfile::tempdir().unwrap();
    let mut more = 0;
    let add = both(|| {
        more += 1;
        add_one(&mut vault, dir.path(), more);
    });
    drop(vault);
    let figures = [open, first, middle, all, show, few, many, add];
    let line = |place: usize| -> String { figures.map(|times| format!("{:<10.1?}", times[place])).concat() };
    let each = |name: &str| part_of(root).join(name).metadata().unwrap().len() / size;
    println!("{size:<9}{}{:<9}{}", line(0), each("index"), each("journal"));
    println!("{:<9}{}", "", line(1));
}

/// How long something takes, and how long the processor is at it.
fn both(mut run: impl FnMut()) -> [Duration; 2] {
    let mut busy = Vec::new();
    let took = median(|| {
        let before = processor();
        run();
        busy.push(processor() - before);
    });
    busy.sort();
    [took, busy[busy.len() / 2]]
}

fn processor() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap())
}

/// What a person waits for.
fn commands(size: u64, root: &Path) {
    let start = median(|| run(root, &["--version"]));
    let first = median(|| run(root, &["list", "--limit", "100"]));
    let all = median(|| run(root, &["list"]));
    let show = median(|| run(root, &["show", &(size / 3).to_string()]));
    let few = median(|| run(root, &["search", RARE]));
    let page = median(|| run(root, &["search", "--limit", "100", COMMON]));
    let many = median(|| run(root, &["search", COMMON]));
    let dir = tempfile::tempdir().unwrap();
    let mut more = 0;
    let add = median(|| {
        more += 1;
        let path = write_one(dir.path(), more);
        run(root, &["add", path.to_str().unwrap()]);
    });
    println!(
        "{size:<9}  {start:<8.1?}  {first:<8.1?}  {all:<8.1?}  {show:<8.1?}  {few:<8.1?}  {page:<8.1?}  {many:<8.1?}  {add:.1?}"
    );
}

/// The vault of so many items; what is missing of it is made.
fn made(size: u64) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-vault-{size}"));
    let passphrase = Passphrase::from(PASSPHRASE);
    let mut vault = match root.is_dir() {
        true => unlocked(&root),
        false => Vault::init(&root, &passphrase, KdfParams::FLOOR, None, "fa", now()).unwrap(),
    };
    let begun = vault.list(Some(1), None).unwrap().first().map_or(0, |item| item.item);
    let (start, mut spent) = (Instant::now(), Duration::ZERO);
    let mut reached = begun;
    while reached < size {
        let count = AT_ONCE.min(size - reached);
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> =
            (reached..reached + count).map(|number| write(dir.path(), number, size)).collect();
        let adding = Instant::now();
        assert_eq!(vault.add_paths(&paths, now(), &mut ()).unwrap().added.len() as u64, count);
        spent += adding.elapsed();
        reached += count;
        eprintln!("{reached} of {size}, {:.0?} ({:.0?} with the files)", spent, start.elapsed());
    }
    root
}

fn unlocked(root: &Path) -> Vault {
    Vault::unlock(root, None, &Passphrase::from(PASSPHRASE)).unwrap()
}

/// An invented document, unlike every other.
fn write(dir: &Path, number: u64, size: u64) -> PathBuf {
    let word = match number {
        number if number % (size / 5) == 7 => RARE,
        number if number % 100 == 11 => COMMON,
        _ => "نامه",
    };
    let path = dir.join(format!("{word} شماره {number} از بایگانی ساختگی.txt"));
    fs::write(&path, format!("یک سند ساختگی، {number} از {size}.\nAn invented document.\n")).unwrap();
    path
}

fn write_one(dir: &Path, more: u64) -> PathBuf {
    let path = dir.join(format!("یکی بیشتر {more}.txt"));
    let unlike = dir.to_string_lossy();
    fs::write(&path, format!("{more}: {unlike}")).unwrap();
    path
}

fn add_one(vault: &mut Vault, dir: &Path, more: u64) {
    let path = write_one(dir, more);
    assert_eq!(vault.add_paths(&[path], now(), &mut ()).unwrap().added.len(), 1);
}

fn run(root: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq"));
    command.arg("--vault").arg(root).args(["--passphrase-fd", "0"]).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // What only says its version reads nothing.
    let _ = writeln!(child.stdin.take().unwrap(), "{PASSPHRASE}");
    assert!(child.wait().unwrap().success(), "{arguments:?}");
}

/// The folder of the one part there is.
fn part_of(root: &Path) -> PathBuf {
    root.join(Vault::parts(root).unwrap()[0].to_string())
}

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}
