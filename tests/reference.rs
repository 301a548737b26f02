//! A second reading of the formats against ours: `reference/verify.py` was written from docs/spec alone and shares no
//! line with the library, so what one accepts and the other refuses is a mistake in one of them or in the page.
//!
//! The bundles of `tests/attacks.rs` go before it as well, where they are made.

#[path = "reference/bundles.rs"]
mod bundles;
#[allow(dead_code, reason = "the table of all checks; only formats with vectors are asked here")]
#[path = "../fuzz/src/checks.rs"]
mod checks;
#[path = "reference/families.rs"]
mod families;
#[allow(dead_code, reason = "written for tests/attacks.rs, which needs all of it")]
#[path = "attacks/forge.rs"]
mod forge;
#[path = "reference/judge.rs"]
mod judge;
#[path = "reference/library.rs"]
mod library;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use families::{Family, KINDS, Pair, Rng};
use sanduq::bundle::Proof;
use sanduq::format::text::steers;

/// The folders of `tests/vectors/` that the second reading knows, and what it calls their formats.
const VECTORS: &[(&str, &str)] = &[
    ("archive", "archive"),
    ("author", "author"),
    ("bag", "bag"),
    ("card", "card"),
    ("checkpoint", "checkpoint"),
    ("digest_list", "digest_list"),
    ("disclosure", "disclosed_for"),
    ("draft", "draft"),
    ("event", "event_text"),
    ("leaf", "leaf"),
    ("name", "name"),
    ("note", "note"),
    ("officer", "officer"),
    ("policy", "policy"),
    ("proof", "proof_text"),
    ("receipt", "tlog_proof"),
    ("record", "record"),
    ("signer", "signer"),
    ("sshsig", "sshsig"),
    ("tile", "tile"),
    ("unit", "unit"),
    ("vkey", "vkey"),
];

fn vectors() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors"))
}

#[test]
fn every_vector_is_judged_as_its_name_says() {
    let mut wrong = Vec::new();
    for (folder, kind) in VECTORS {
        let check = if *folder == "record" { library::record } else { checks::check(folder) };
        for entry in fs::read_dir(vectors().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if !name.starts_with("good-") && !name.starts_with("bad-") {
                continue;
            }
            let bytes = fs::read(entry.path()).unwrap();
            let Some((holds, words)) = judge::verdict(kind, &[&bytes]) else { return };
            if holds != name.starts_with("good-") || check(&bytes) != holds {
                wrong.push(format!("{folder}/{name}: {words}"));
            }
        }
    }
    assert!(wrong.is_empty(), "judged otherwise: {wrong:#?}");
}

#[test]
fn padding_is_what_the_page_says() {
    let lengths = fs::read(vectors().join("padding/lengths.txt")).unwrap();
    let Some((holds, words)) = judge::verdict("padding", &[&lengths]) else { return };
    assert!(holds, "{words}");
}

#[test]
fn what_any_version_disclosed_holds() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let versions = fs::read_dir(golden).unwrap().map(|version| version.unwrap().path());
    for folder in versions.map(|version| version.join("disclosure/court")).filter(|folder| folder.is_dir()) {
        let Some((holds, words)) = judge::verdict_on_folder("disclosure", &folder, &[]) else { return };
        assert!(holds, "{}: {words}", folder.display());
    }
}

/// How many seeds each family is asked for, beside the one that is kept; two cases each.
const SEEDS: u64 = 8;

fn attacks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks")
}

/// Both verdicts on a case, which must be the same and what the case was made to be.
fn judged(kind: &str, files: &[Vec<u8>], good: bool) -> Option<Result<(), String>> {
    let slices: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let (reference, words) = judge::verdict(kind, &slices)?;
    let library =
        if kind == "bundle" { forge::outside(&files[0]).is_ok() } else { library::holds(kind, files) };
    let agreed = reference == good && library == good;
    Some(agreed.then_some(()).ok_or(format!("good: {good}, library: {library}, verify.py: {words}")))
}

/// The files of a kind, by their names.
fn names(kind: &str) -> &'static [&'static str] {
    KINDS.iter().find(|(one, _)| *one == kind).unwrap_or_else(|| panic!("no kind {kind}")).1
}

/// The listing of `tests/attacks/` is the catalogue: a folder for each attack, with the kind of what it attacks and its
/// story; and, where that is small, one case that must be refused and a neighbour that must hold.
#[test]
fn every_attack_that_is_kept_is_refused_and_its_neighbour_holds() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(attacks()).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let about = fs::read_to_string(folder.join("kind")).unwrap();
        let kind = about.lines().next().unwrap();
        if kind == "bundle" {
            continue;
        }
        for (case, good) in [("good", true), ("bad", false)] {
            let read = |name: &&str| fs::read(folder.join(case).join(name)).unwrap();
            let files: Vec<Vec<u8>> = names(kind).iter().map(read).collect();
            match judged(kind, &files, good) {
                None => return,
                Some(Ok(())) => {}
                Some(Err(verdicts)) => wrong.push(format!("{}: {verdicts}", folder.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is kept is made again from its seed, so that it can be read how; `SANDUQ_WRITE_VECTORS=1` writes it.
#[test]
fn the_catalogue_is_what_the_families_make() {
    let writing = std::env::var_os("SANDUQ_WRITE_VECTORS").is_some();
    let mut kept = BTreeSet::new();
    for family in families::all().into_iter().chain(bundles::families()) {
        let about = format!("{}\n{}\n", family.kind, family.story);
        let mut files = vec![("kind".to_owned(), about.into_bytes())];
        if family.kind != "bundle" {
            let Pair { good, bad } = (family.make)(&mut Rng(0));
            for (case, contents) in [("good", good), ("bad", bad)] {
                let named = names(family.kind).iter().map(|name| format!("{case}/{name}"));
                files.extend(named.zip(contents));
            }
        }
        for (name, bytes) in files {
            let path = attacks().join(family.name).join(&name);
            if writing {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &bytes).unwrap();
            }
            assert!(fs::read(&path).is_ok_and(|there| there == bytes), "{} differs", path.display());
        }
        assert!(kept.insert(family.name), "two families are called {}", family.name);
    }
    let there = fs::read_dir(attacks()).unwrap().map(|entry| entry.unwrap());
    for folder in there.filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        assert!(kept.contains(name.as_str()), "{name} is no family's");
    }
}

/// Every family from other seeds.
fn mutated(families: Vec<Family>) {
    let (mut cases, mut wrong) = (0, Vec::new());
    for family in &families {
        for seed in 1..=SEEDS {
            let Pair { good, bad } = (family.make)(&mut Rng(seed));
            for (files, holds) in [(good, true), (bad, false)] {
                match judged(family.kind, &files, holds) {
                    None => return,
                    Some(Ok(())) => cases += 1,
                    Some(Err(verdicts)) => wrong.push(format!("{} {seed}: {verdicts}", family.name)),
                }
            }
        }
    }
    println!("MEASURED second reading: {cases} cases of {} families, both verdicts equal", families.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn seeded_attacks_on_cards_logs_proofs_and_signatures() {
    mutated(families::all());
}

#[test]
fn seeded_attacks_on_bundles() {
    mutated(bundles::families());
}

/// The page names the characters that steer; whoever forgets one shows it to people as it is.
#[test]
fn every_character_steers_for_both_or_for_neither() {
    let text = fs::read_to_string(vectors().join("proof/good-answer")).unwrap();
    let says = |said: &str| {
        let bytes = text.replace("It is green.", &format!("It is{said}green."));
        let (holds, words) = judge::verdict("proof_text", &[bytes.as_bytes()])?;
        assert_eq!(holds, Proof::parse(bytes.as_bytes()).is_ok(), "{said:?}: {words}");
        Some(holds)
    };
    let (steering, others): (Vec<char>, Vec<char>) =
        ('\0'..=char::MAX).filter(|character| *character != '\n').partition(|character| steers(*character));
    let all = others.chunks(4000).map(|some| (some.iter().collect::<String>(), true));
    let each = steering.iter().map(|one| (one.to_string(), false));
    for (said, good) in all.chain(each) {
        match says(&said) {
            None => return,
            Some(holds) => assert_eq!(holds, good, "{said:?}"),
        }
    }
}

/// The library's own writer makes proofs that hold for both.
#[test]
fn a_proof_by_the_phrase_holds() {
    let files = families::proof_by_the_library(&mut Rng(1));
    if let Some(verdicts) = judged("proof", &files, true) {
        verdicts.unwrap();
    }
}
