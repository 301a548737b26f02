//! The tour: it plays, twice, beside what is there; and what it shows can be typed.

use crate::house::{House, run, text};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

const PROGRAMS: [(&str, &str); 3] = [
    ("sanduq", env!("CARGO_BIN_EXE_sanduq")),
    ("sanduq-intake", env!("CARGO_BIN_EXE_sanduq-intake")),
    ("sanduq-verify", env!("CARGO_BIN_EXE_sanduq-verify")),
];

fn tour(house: &House, args: &[&str]) -> crate::house::Done {
    run(house.command(Path::new(PROGRAMS[0].1), args), None)
}

#[test]
fn the_tour_plays_twice_and_writes_over_nothing() {
    let house = House::new("tour");
    let first = tour(&house, &["tour"]).good().stdout();
    let folder = house.path("tmp/sanduq-tour");
    assert!(first.contains(text(&folder)), "it names its folder: {first}");
    let before = house.files("tmp/sanduq-tour").len();
    let second = tour(&house, &["--lang", "fa", "tour"]).good().stdout();
    assert!(second.contains("sanduq-tour-2"), "{second}");
    assert_eq!(house.files("tmp/sanduq-tour").len(), before);
    assert!(house.files("home").is_empty(), "a real vault's place is not touched");
    let named = tour(&house, &["--json", "tour", "my tour"]).good();
    assert_eq!(named.json()["tour"], text(&house.path("my tour")));
    assert!(named.err.is_empty(), "{}", named.stderr());
}

/// Every command of a tour, typed again in another folder with the real programs, has the same outcome.
#[test]
fn what_the_tour_shows_can_be_typed() {
    let house = House::new("typed");
    let shown = tour(&house, &["tour", text(&house.path("tour"))]).good().stdout();
    let typed = house.folder("typed");
    for name in ["testimony.txt", "samples"] {
        let from = house.path("tour").join(name);
        run(house.command(Path::new("cp"), &["-r", text(&from), text(&typed)]), None).good();
    }
    fs::create_dir(typed.join("stick")).expect("a stick");
    let mut values = Values::default();
    let mut commands = 0;
    for line in shown.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let line = values.translated(line, &house, &typed);
        let done = type_it(&house, &typed, &line);
        if line.contains("changed.bundle") {
            done.bad()
        } else {
            done.good()
        };
        commands += 1;
    }
    assert!(commands > 20, "{shown}");
}

/// What differs from tour to tour: names that come out of random keys.
#[derive(Default)]
struct Values(HashMap<String, String>);

impl Values {
    /// The line with this tour's names in place of that tour's.
    fn translated(&mut self, line: &str, house: &House, typed: &Path) -> String {
        for folder in ["stick", "post", "proofs"] {
            let (theirs, ours) = (names(&house.path("tour").join(folder)), names(&typed.join(folder)));
            for (theirs, ours) in theirs.into_iter().zip(ours) {
                self.0.insert(format!("{folder}/{theirs}"), format!("{folder}/{ours}"));
            }
        }
        let mut line =
            self.0.iter().fold(line.to_string(), |line, (theirs, ours)| line.replace(theirs, ours));
        if let Some(at) = line.find("--words") {
            line.replace_range(at.., "--yes");
        }
        if line.contains("changed.bundle") {
            let bundle = typed.join("stick").join(&names(&typed.join("stick"))[0]);
            let mut bytes = fs::read(bundle).expect("the bundle");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(typed.join("changed.bundle"), bytes).expect("a changed copy");
        }
        line
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Types a line into a shell whose programs are ours; a vault's passphrase is its folder's name.
fn type_it(house: &House, typed: &Path, line: &str) -> crate::house::Done {
    let functions: String =
        PROGRAMS.iter().map(|(name, path)| format!("{name}() {{ '{path}' \"$@\"; }}\n")).collect();
    let person = line.split_whitespace().skip_while(|word| *word != "--vault").nth(1).unwrap_or_default();
    let line = line.replacen("--vault", "--passphrase-fd 3 --vault", 1);
    let script = format!("set -e\n{functions}{line} 3<<<'the passphrase of {person}'");
    let mut command = house.command(Path::new("bash"), &["-c", &script]);
    command.current_dir(typed);
    run(command, None)
}
