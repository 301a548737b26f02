//! Replays the corpora of the fuzz targets, `fuzz/corpus/TARGET/`, through the same checks, so that what a fuzzer once
//! found stays found by every test run. The seeds of targets that have no vectors are made here, by
//! `SANDUQ_WRITE_CORPORA=1 cargo test --test corpora`; the others start from `tests/vectors/`.

#[path = "../fuzz/src/checks.rs"]
mod checks;
#[path = "corpora/seeds.rs"]
mod seeds;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_corpus_is_replayed() {
    for (target, check) in checks::CHECKS {
        let judged: Vec<bool> =
            files(&corpus(target)).iter().map(|file| check(&fs::read(file).unwrap())).collect();
        assert!(
            judged.contains(&true),
            "{target}: nothing is accepted, so nothing behind the first line is tried"
        );
    }
}

#[test]
fn every_target_has_its_file_its_corpus_and_its_line() {
    let checks: BTreeSet<String> = checks::CHECKS.iter().map(|(target, _)| (*target).to_owned()).collect();
    let stems = |folder: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
        files(&folder).iter().map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stems("fuzz_targets"), checks);
    assert_eq!(stems("corpus"), checks);
    let manifest = include_str!("../fuzz/Cargo.toml");
    for target in checks {
        let target_file = format!("fuzz/fuzz_targets/{target}.rs");
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(target_file)).unwrap();
        assert!(
            text.contains(&format!("check(\"{target}\")"))
                && manifest.contains(&format!("name = \"{target}\""))
        );
    }
}

#[test]
fn every_seed_is_accepted() {
    let writing = std::env::var_os("SANDUQ_WRITE_CORPORA").is_some();
    for (target, name, bytes) in seeds::all() {
        let (_, check) = checks::CHECKS.iter().find(|(known, _)| *known == target).unwrap();
        assert!(check(&bytes), "{target}/{name}");
        if writing {
            fs::create_dir_all(corpus(target)).unwrap();
            fs::write(corpus(target).join(name), bytes).unwrap();
        }
    }
}
