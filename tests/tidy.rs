//! The house rules. The tables of docs/ARCHITECTURE.md are read and every file under `src/` is held to them, so
//! that the plan and the house cannot drift apart. No dependency is needed:
//! `rustc -O --test --edition 2024 tests/tidy.rs -o target/tidy && target/tidy` answers in seconds.
//!
//! Each rule is shown one snippet that breaks it and one that does not: a rule that cannot fail is no rule.

#[path = "tidy/code.rs"]
mod code;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/tables.rs"]
mod tables;

use code::Source;
use rules::RULES;
use std::fs;
use std::path::{Path, PathBuf};
use tables::Tables;

/// The package's folder: cargo says it; without cargo the working folder is taken.
fn root() -> PathBuf {
    PathBuf::from(option_env!("CARGO_MANIFEST_DIR").unwrap_or("."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn plan() -> Tables {
    Tables::read(&read("docs/ARCHITECTURE.md"))
}

/// Every file under `folder`, relative to the root, in order.
fn files(folder: &str) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let mut found: Vec<String> = found
        .iter()
        .map(|path| path.strip_prefix(root()).expect("under the root").to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let mut sources: Vec<Source> = files("src")
        .iter()
        .filter(|path| path.ends_with(".rs"))
        .map(|path| Source::new(path.strip_prefix("src/").expect("under src"), &read(path)))
        .collect();
    let tests: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            let folder = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_string();
            source.test_modules().into_iter().map(move |module| format!("{folder}/{module}"))
        })
        .collect();
    for source in &mut sources {
        let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        if tests.iter().any(|test| test == module) {
            source.live = source.live.replace(|c| c != '\n', " ");
        }
    }
    sources
}

fn complain(findings: Vec<String>) {
    assert!(findings.is_empty(), "{} to mend:\n{}\n", findings.len(), findings.join("\n"));
}

#[test]
fn the_house_is_as_planned() {
    let (plan, sources) = (plan(), sources());
    assert!(sources.len() > 10, "the sources were found");
    let mut found = Vec::new();
    for source in &sources {
        for (name, rule) in RULES {
            for finding in rule(source, &plan) {
                found.push(format!("src/{}:{}: {name}: {}", source.path, finding.line, finding.what));
            }
        }
    }
    complain(found);
}

#[test]
fn every_floor_has_its_folder() {
    let missing = plan().floors.into_iter().filter(|(folder, _)| !root().join("src").join(folder).is_dir());
    complain(missing.map(|(folder, _)| format!("src/{folder}/ is planned and not there")).collect());
}

#[test]
fn the_map_names_every_file() {
    let sources = sources();
    let mapped = sources
        .iter()
        .filter(|source| source.folder().is_some() && !source.is_test() && !source.path.ends_with("/mod.rs"));
    complain(pages::off_the_map(&mapped.map(|source| source.path.as_str()).collect::<Vec<_>>(), &plan().map));
}

#[test]
fn every_dependency_has_a_door_and_a_reason() {
    let named = pages::dependencies(&read("Cargo.toml"));
    complain(pages::without_door(&named, &plan(), &read("docs/dependencies.md")));
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    for page in
        files("docs").into_iter().chain(["README.md".into(), "SECURITY.md".into(), "CHANGELOG.md".into()])
    {
        if page.ends_with(".md") {
            let folder = root().join(&page).parent().expect("a file has a folder").to_path_buf();
            let links = pages::links(&read(&page));
            let broken = links.into_iter().filter(|link| !folder.join(link).exists());
            found.extend(broken.map(|link| format!("{page}: {link} leads nowhere")));
        }
    }
    complain(found);
}

#[test]
fn every_format_page_is_in_the_index() {
    let index = read("docs/spec/README.md");
    let pages = files("docs/spec").into_iter().filter(|page| !page.ends_with("README.md"));
    let names = pages.filter_map(|page| page.rsplit('/').next().map(str::to_string));
    complain(
        names
            .filter(|name| !index.contains(name.as_str()))
            .map(|name| format!("{name} is not listed"))
            .collect(),
    );
}

/// Somebody who writes a reader of her own needs something to hold it to.
#[test]
fn every_format_page_has_vectors() {
    let formats = files("docs/spec").into_iter().filter(|page| page.ends_with(".md"));
    let formats =
        formats.filter(|page| !["README.md", "command-line.md"].iter().any(|name| page.ends_with(name)));
    let bare: Vec<_> = formats.filter(|page| !read(page).contains("\n## Vectors\n")).collect();
    complain(bare.iter().map(|page| format!("{page} has no vectors")).collect());
}

/// A second reading that nobody reads shows nothing: each file of it is read in one sitting.
#[test]
fn the_second_reading_is_short() {
    let files = files("tests/reference").into_iter().filter(|path| path.ends_with(".py"));
    let lengths: Vec<_> = files.map(|path| (read(&path).lines().count(), path)).collect();
    assert!(lengths.iter().any(|(_, path)| path.ends_with("/verify.py")));
    let long = lengths.into_iter().filter(|(lines, _)| *lines >= 400);
    complain(long.map(|(lines, path)| format!("{path} has {lines} lines, and 399 are read")).collect());
}

#[test]
fn a_test_that_is_off_says_why() {
    let mut found = Vec::new();
    for path in files("tests").into_iter().chain(files("src")).filter(|path| path.ends_with(".rs")) {
        let source = Source::new(&path, &read(&path));
        let bare = code::rows(&source.code, &["#", "[", "ignore", "]"]);
        found.extend(
            bare.into_iter().map(|at| format!("{path}:{}: #[ignore] without a reason", source.line(at))),
        );
    }
    let tests: Vec<_> =
        files("tests").iter().filter(|path| path.ends_with(".rs")).map(|path| read(path)).collect();
    found.extend(pages::bad_skips(&read("tests/skips.txt"), &tests));
    complain(found);
}

/// What each rule is shown: a path, a snippet that breaks it, and one that does not.
const SHOWN: &[(&str, &str, &str, &str)] = &[
    ("imports fall", "bundle/pack.rs", "use crate::vault::Vault;", "use crate::format::bag;"),
    (
        "imports fall",
        "crypto/hash.rs",
        "use crate::{format::bag, crypto::seal};",
        "use crate::{crypto::seal};",
    ),
    (
        "imports fall",
        "store/index/rows.rs",
        "fn f() { crate::vault::init() }",
        "fn f() { crate::crypto::init() }",
    ),
    ("imports fall", "store/lock.rs", "use super::super::vault::Vault;", "use super::vault::Vault;"),
    ("imports fall", "store/mod.rs", "use super::vault::Vault;", "use super::crypto::Digest;"),
    ("imports fall", "store/mod.rs", "use crate::Digest;", "use crate::crypto::Digest;"),
    ("imports fall", "attic/mod.rs", "", ""),
    ("a crate has a door", "bundle/pack.rs", "use ring::digest;", "use crate::crypto::ring_of_keys;"),
    (
        "a crate has a door",
        "bundle/pack.rs",
        "fn f() { age::Encryptor::new() }",
        "fn f(age: u8) -> u8 { age }",
    ),
    ("a crate has a door", "intake/accept.rs", "use rusqlite;", "#[cfg(test)] mod t { use rusqlite; }"),
    ("a crate has a door", "vault/mod.rs", "fn f() { ::tokio::spawn(x) }", "// tokio::spawn is not for here"),
    ("names a folder does not know", "intake/accept.rs", "fn f(i: &Identity) {}", "fn f(i: &IdentityTag) {}"),
    (
        "names a folder does not know",
        "bundle/pack.rs",
        "use crate::store::Store;",
        "use crate::custody::Chain;",
    ),
    ("names a folder does not know", "evidence/item.rs", "use std::fs::File;", "struct File;"),
    ("printing is at the terminal", "vault/mod.rs", "println!(\"hello\");", "let s = \"println!\";"),
    ("printing is at the terminal", "cli/commands/add.rs", "eprint!(\"x\")", "term.say(\"x\")"),
    ("printing is at the terminal", "ui/mod.rs", "io::stdout().lock()", "stdout.lock()"),
    ("a module opens with a paragraph", "tlog/tree.rs", "//! The tree.\n", ""),
    ("no unsafe", "store/files.rs", "unsafe { f() }", "#![forbid(unsafe_code)]"),
    ("no hidden clock", "vault/mod.rs", "std::time::SystemTime::now()", "now.add(1)"),
    ("no hidden clock", "cli/progress.rs", "SystemTime::now()", "Instant::now()"),
    ("no hidden clock", "tlog/tree.rs", "let t = Instant::now();", "let t: Instant = now;"),
    ("no async below the desk", "bundle/pack.rs", "async fn f() {}", "/* async */ fn f() {}"),
    ("no unwrap", "ui/mod.rs", "x.unwrap();", "x.unwrap_or(1); /// x.unwrap()\n"),
    ("no unwrap", "ui/mod.rs", "x\n  .unwrap()", "#[cfg(test)]\nmod tests { fn t() { x.unwrap() } }"),
    (
        "no sql made of strings",
        "store/index/mod.rs",
        "c.execute(&format!(\"{x}\"), [])",
        "c.execute(SQL, [x])",
    ),
    (
        "no sql made of strings",
        "store/index/mod.rs",
        "let q = format!(\"select {x}\");\nc.prepare(&q)",
        "let e = format!(\"{x}\");\n\n\n\n\nc.prepare(SQL)",
    ),
    ("files are written in store", "vault/mod.rs", "std::fs::write(p, b)", "std::fs::read(p)"),
    (
        "files are written in store",
        "cli/mod.rs",
        "use std::fs::{File, create_dir_all};",
        "use std::fs::File;",
    ),
    (
        "files are written in store",
        "vault/keep.rs",
        "OpenOptions::new().write(true)",
        "OpenOptions::new().read(true)",
    ),
    ("no unwrap", "crypto/hybrid.rs", "x.unwrap()", "self.unwrap(stanza)"),
    ("files are written in store", "bundle/pack.rs", "File::create(p)", "File::open(p)"),
    ("randomness has one door", "vault/mod.rs", "SystemRandom::new()", "random::fill(x)"),
    ("no network", "intake/watch.rs", "use std::net::TcpStream;", "use std::io::Read;"),
    ("nothing left over", "vault/mod.rs", "todo!()", "let todo = 1;"),
    ("a file is named for its noun", "vault/utils.rs", "", ""),
];

#[test]
fn every_rule_can_fail() {
    let plan = plan();
    for (name, rule) in RULES {
        let shown: Vec<_> = SHOWN.iter().filter(|shown| shown.0 == *name).collect();
        assert!(!shown.is_empty(), "{name:?} was shown nothing");
        for (_, path, bad, good) in shown {
            assert!(
                !rule(&Source::new(path, bad), &plan).is_empty(),
                "{name:?} lets this pass: {path}: {bad}"
            );
            let found = if good.is_empty() { Vec::new() } else { rule(&Source::new(path, good), &plan) };
            assert!(found.is_empty(), "{name:?} refuses this: {path}: {good}: {found:?}");
        }
    }
    assert!(
        SHOWN.iter().all(|shown| RULES.iter().any(|(name, _)| *name == shown.0)),
        "a snippet for no rule"
    );
}

#[test]
fn literals_and_comments_are_not_code() {
    let text = r##"let a = "unsafe"; let b = r#"unsafe"#; let c = '"'; /* unsafe /* unsafe */ */ fn f<'a>(x: &'a str) {} // unsafe"##;
    let source = Source::new("vault/mod.rs", text);
    assert_eq!(source.code.len(), text.len());
    assert!(!source.code.contains("unsafe") && source.code.contains("&'a str"), "{}", source.code);
}

#[test]
fn pages_are_checked_for_real() {
    assert_eq!(pages::links("[a](b.md#c) [d](https://e.org) [f](#g)"), ["b.md"]);
    let named = pages::dependencies(
        "[dependencies]\nring = \"1\"\nnew-one = { version = \"1\" }\n[lints.rust]\nx = 1\n",
    );
    assert_eq!(named, ["ring", "new-one"]);
    assert!(!pages::without_door(&named, &plan(), "`ring`").is_empty());
    assert_eq!(pages::off_the_map(&["a/b.rs", "a/c.rs"], &["a/b.rs".into(), "a/d.rs".into()]).len(), 2);
    assert_eq!(pages::off_the_map(&["a/b.rs"], &["a/b.rs".into(), "a/b.rs".into()]).len(), 1);
    let skips = "# a word\nname: a reason that is long enough\nbare\ngone: a reason that is long enough\nname: short\n";
    assert_eq!(pages::bad_skips(skips, &["skip(\"name\")".into(), "long_gone".into()]).len(), 3);
}
