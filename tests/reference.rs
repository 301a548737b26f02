//! A second reading of the formats against ours: `reference/verify.py` was written from docs/spec alone and shares no
//! line with the library, so what one accepts and the other refuses is a mistake in one of them or in the page.
//!
//! The bundles of `tests/attacks.rs` go before it as well, where they are made.

#[path = "reference/bundles.rs"]
mod bundles;
#[allow(dead_code, reason = "the table of all checks; only formats with vectors are asked here")]
#[path = "../fuzz/src/checks.rs"]
mod checks;
#[path = "reference/commands.rs"]
mod commands;
#[path = "reference/disclosures.rs"]
mod disclosures;
#[path = "reference/families.rs"]
mod families;
#[path = "reference/folders.rs"]
mod folders;
#[allow(dead_code, reason = "written for tests/attacks.rs, which needs all of it")]
#[path = "attacks/forge.rs"]
mod forge;
#[path = "reference/histories.rs"]
mod histories;
#[path = "reference/judge.rs"]
mod judge;
#[path = "reference/library.rs"]
mod library;
#[path = "disclosure/stock.rs"]
mod stock;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use families::{Family, KINDS, Pair, Rng};
use folders::Entry;
use sanduq::bundle::Proof;
use sanduq::format::text::steers;

/// The folders of `tests/vectors/` that the second reading knows, and what it calls their formats.
const VECTORS: &[(&str, &str)] = &[
    ("archive", "archive"),
    ("author", "author"),
    ("bag", "bag"),
    ("card", "card"),
    ("checkpoint", "checkpoint"),
    ("derivative", "derivative"),
    ("digest_list", "digest_list"),
    ("disclosure", "disclosed_for"),
    ("draft", "draft"),
    ("event", "event_text"),
    ("event_leaves", "event_leaves"),
    ("event_proofs", "event_proofs"),
    ("leaf", "leaf"),
    ("name", "name"),
    ("note", "note"),
    ("ots", "ots"),
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

/// Those that it does not know, and why.
const OTHERS: &[(&str, &str)] = &[
    ("add_checkpoint", "spoken between a desk and a witness: tests/foreign/witness.py reads it"),
    ("age-testkit", "sealed files take a key, and other programs of age read them"),
    ("carrier", "a disguise takes a key, and openssl takes it off"),
    ("courier", "a share is for an officer with a key"),
    ("custody", "the chain of a vault is sealed in it"),
    ("frames", "paper is read by scanners of QR codes"),
    ("holds", "spoken between two desks"),
    ("log", "a table of roots; whole logs come before it in tests/reference/histories.rs"),
    ("missing", "sealed to the contributor"),
    ("padding", "a test of its own"),
    ("pass_on", "a pass-on file is for an officer with a key"),
    ("possession", "spoken between two desks"),
    ("reply", "sealed to the contributor; tests/foreign/ verifies its signatures"),
    ("time", "a time of day stands in nothing that it judges"),
    ("timestamp", "openssl judges a token; of it the second reading takes the imprint alone"),
    ("volume", "a part is put together before it is judged; tests/foreign/parity.py does"),
];

fn vectors() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors"))
}

#[test]
fn every_folder_of_vectors_is_known_or_has_a_reason() {
    let known: BTreeSet<&str> = VECTORS.iter().chain(OTHERS).map(|(folder, _)| *folder).collect();
    assert_eq!(known.len(), VECTORS.len() + OTHERS.len(), "one is named twice");
    let entries = fs::read_dir(vectors()).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let there: BTreeSet<String> =
        folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(there.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
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

/// As it is typed: a verdict in words, and 0, 1 or 2.
#[test]
fn the_second_reading_is_a_command() {
    let Some(python) = judge::tools::python("the_second_reading_is_a_command") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/verify.py");
    let asked = |args: &[&str], code: i32, said: &str| {
        let mut command = Command::new(&python);
        let done = command.args(["-B", script]).args(args).current_dir(&folder).output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(code), "{args:?}: {out}");
        assert!(out.starts_with(said), "{args:?}: {out}");
    };
    asked(&["bundle", "bundle/testimony.bundle"], 0, "holds");
    asked(&["card", "bundle/archive.card"], 0, "holds");
    asked(&["disclosure", "disclosure/court"], 0, "holds");
    asked(&["bundle", "bundle/archive.card"], 1, "refused: ");
    asked(&["disclosure", "bundle"], 1, "refused: ");
    asked(&["fish", "bundle/archive.card"], 2, "");
    asked(&["bundle"], 2, "");
}

/// How many seeds each family is asked for, beside the one that is kept; two cases each.
const SEEDS: u64 = 8;
/// Folders are slower to judge.
const SEEDS_OF_FOLDERS: u64 = 4;

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
        if kind == "bundle" || folders::names(kind).is_some() {
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
    for (kind, _) in folders::KINDS {
        let base = folders::base(kind);
        keep(writing, &folders::base_path(kind), &folders::plain_files(&base));
        for family in folders::all().into_iter().filter(|family| family.kind == *kind) {
            let about = format!("{}\n{}\n", family.kind, family.story);
            let mut files = vec![("kind".to_owned(), about.into_bytes())];
            let folders::Pair { good, bad } = (family.make)(&mut Rng(0));
            for (case, contents, under) in [("good", &good, &base), ("bad", &bad, &good)] {
                let differing = folders::kept(contents, under).into_iter();
                files.extend(differing.map(|(name, bytes)| (format!("{case}/{name}"), bytes)));
            }
            keep(writing, &attacks().join(family.name), &files);
            assert!(kept.insert(family.name), "two families are called {}", family.name);
        }
    }
    let there = fs::read_dir(attacks()).unwrap().map(|entry| entry.unwrap());
    for folder in there.filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        assert!(kept.contains(name.as_str()), "{name} is no family's");
    }
}

/// Writes these files, or sees that they and no others are there.
fn keep(writing: bool, root: &Path, files: &[(String, Vec<u8>)]) {
    if writing {
        let _ = fs::remove_dir_all(root);
        for (name, bytes) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let wanted = files.iter().map(|(name, bytes)| (name.clone(), Entry::File(bytes.clone()))).collect();
    assert!(folders::files(root) == wanted, "{} differs", root.display());
}

/// What the library says of a case that is a folder, and in words and not what the second reading does.
fn both(kind: &str, case: &folders::Case) -> Option<(bool, String, bool)> {
    let laid = folders::Laid::new(kind, case);
    let beside = laid.beside();
    let beside: Vec<&[u8]> = beside.iter().map(Vec::as_slice).collect();
    let (reference, words) = judge::verdict_on_folder(kind, &laid.folder(), &beside)?;
    Some((laid.library(), words, reference))
}

/// The verdicts of both on a case that is a folder, and of the stock commands where they are asked.
fn judged_folder(kind: &str, case: &folders::Case, good: bool, stock: bool) -> Option<Result<(), String>> {
    let (library, words, reference) = both(kind, case)?;
    let mut agreed = reference == good && library == good;
    let mut said = format!("good: {good}, library: {library}, verify.py: {words}");
    if stock {
        let laid = folders::Laid::new(kind, case);
        let followed = stock::follow(&laid.folder(), &commands::for_disclosure(&laid.folder()), None);
        agreed &= followed.is_ok() == good;
        said += &format!(", stock commands: {followed:?}");
    }
    Some(agreed.then_some(()).ok_or(said))
}

/// The attacks that every verifier of such formats is asked about first.
const FIRST: [&str; 19] = [
    "disclosed-member-swapped",
    "manifest-line-dropped",
    "signature-of-another-role",
    "signature-by-a-weak-key",
    "malleated-signature",
    "receipt-from-another-log",
    "checkpoint-of-a-fork",
    "inclusion-proof-of-another-leaf",
    "cosignature-by-an-unknown-witness",
    "unit-changed",
    "unit-from-another-item",
    "digest-list-reordered",
    "author-statement-to-another-card",
    "withdrawn-item-disclosed",
    "log-truncated",
    "log-entry-replaced",
    "log-with-two-roots-of-one-size",
    "bundle-of-other-members",
    "timestamp-over-other-bytes",
];

#[test]
fn the_catalogue_has_what_is_asked_first_and_more() {
    for name in FIRST {
        let folder = attacks().join(name);
        let kind = fs::read_to_string(folder.join("kind")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let kept = ["good", "bad"].iter().all(|case| folder.join(case).is_dir());
        assert!(kept || kind.starts_with("bundle\n"), "{name} has no cases");
    }
    let all =
        fs::read_dir(attacks()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    println!("MEASURED attacks: {all} families");
    assert!(all >= 200, "{all} families");
    let seeded = SEEDS as usize * (families::all().len() + bundles::families().len());
    let made = 2 * (seeded + SEEDS_OF_FOLDERS as usize * folders::all().len());
    assert!(made >= 1_600, "{made} cases");
}

/// The attacks on whole bundles that are tests of their own stand in the listing of the folder too.
#[test]
fn the_listing_names_the_attacks_that_are_tests() {
    let listing = fs::read_to_string(attacks().join("README.md")).unwrap();
    let listed = listing.lines().filter_map(|line| line.strip_prefix("- "));
    let mut found = BTreeSet::new();
    for file in ["inside", "outside", "quorum"] {
        let source = fs::read_to_string(attacks().join(format!("{file}.rs"))).unwrap();
        for test in source.split("#[test]\nfn ").skip(1) {
            let name = test.split('(').next().unwrap().replace('_', "-");
            found.insert(format!("`{file}` {name}"));
        }
    }
    assert!(found.len() > 50, "{found:?}");
    assert_eq!(listed.map(str::to_owned).collect::<BTreeSet<_>>(), found);
}

/// The cases that are folders, from what is kept of them; the stock commands are asked as well where they know the kind.
#[test]
fn every_folder_that_is_kept_is_refused_and_its_neighbour_holds() {
    let mut wrong = Vec::new();
    for family in folders::all() {
        let folder = attacks().join(family.name);
        let neighbour = folders::over(folders::files(&folders::base_path(family.kind)), &folder.join("good"));
        let attack = folders::over(neighbour.clone(), &folder.join("bad"));
        for (case, good) in [(neighbour, true), (attack, false)] {
            // What they need not see some versions of them may.
            let stock = family.kind == "disclosure" && (good || family.stock);
            match judged_folder(family.kind, &case, good, stock) {
                None => return,
                Some(Ok(())) => {}
                Some(Err(verdicts)) => wrong.push(format!("{}: {verdicts}", family.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn seeded_attacks_on_disclosures_and_logs() {
    let (mut cases, mut wrong) = (0, Vec::new());
    let families = folders::all();
    for family in &families {
        for seed in 1..=SEEDS_OF_FOLDERS {
            let folders::Pair { good, bad } = (family.make)(&mut Rng(seed));
            for (case, holds) in [(good, true), (bad, false)] {
                match judged_folder(family.kind, &case, holds, false) {
                    None => return,
                    Some(Ok(())) => cases += 1,
                    Some(Err(verdicts)) => wrong.push(format!("{} {seed}: {verdicts}", family.name)),
                }
            }
        }
    }
    println!(
        "MEASURED second reading of folders: {cases} cases of {} families, both verdicts equal",
        families.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How many folders of a kind are damaged, and how often each.
const DAMAGED: [u64; 2] = [8, 40];

/// What chance does to a folder, which nobody thought of beforehand: both must say the same of it, whatever that is; of a
/// disclosure whose lists were not made to fit again, that it does not hold. A head may bear signatures that a card does
/// not ask for.
#[test]
fn seeded_damage_to_disclosures_and_logs() {
    let (mut cases, mut refused, mut wrong) = (0, 0, Vec::new());
    let [folders, times] = DAMAGED;
    for (kind, seed) in
        folders::KINDS.iter().flat_map(|(kind, _)| (1..=folders).map(move |seed| (*kind, seed)))
    {
        let mut rng = Rng(seed);
        let [case, other] = folders::two(kind, &mut rng);
        for time in 0..times {
            let (mut damaged, done) = folders::damaged(&case, &other, &mut rng);
            if damaged == case {
                continue;
            }
            let agreeing = time % 2 == 0;
            if agreeing {
                folders::agree(kind, &mut damaged);
            }
            let Some((library, words, reference)) = both(kind, &damaged) else { return };
            cases += 1;
            refused += usize::from(!reference);
            if library != reference || (reference && kind == "disclosure" && !agreeing) {
                wrong.push(format!(
                    "{kind} {seed}, {done}, agreeing: {agreeing}: library: {library}, verify.py: {words}"
                ));
            }
        }
    }
    println!(
        "MEASURED second reading of what chance damaged: {cases} folders, both verdicts equal, {refused} refused"
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
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
