//! A vault as a released version wrote it: every later version opens it, reads every kind of row in it and goes on
//! writing in it. `tests/golden/VERSION/vault/` holds it, with the passphrase `an invented golden passphrase` and
//! invented evidence; `vault.txt` beside it says what must come out, `words.txt` and `key-file` open it as well, and
//! `draft` is a card's draft to be held beside the one that was signed in it.
//!
//! `SANDUQ_WRITE_GOLDEN=1 cargo test --test golden_vault` writes that of the present version, once, before it is
//! released; **never** again after. Its words are new then, so the pages of tests/golden_recovery.rs are written after it.

#[path = "linkable/index.rs"]
mod index;
#[path = "golden_vault/write.rs"]
mod write;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sanduq::crypto::{Digest, KdfParams, KeyFile, Passphrase, Seed};
use sanduq::format::time::Time;
use sanduq::vault::{Forgetting, ItemState, TestimonyText, Vault};

const PASSPHRASE: &str = "an invented golden passphrase";
/// 256 MiB, the floor that reading demands too: with less, a build without `test-kdf` would refuse the vault.
const KDF: KdfParams = KdfParams { memory_kib: 256 * 1024, passes: 1, lanes: 1 };
/// Every kind of row there is, and how the line of the report begins that a vault without such rows would not give.
const KINDS: [(&str, &str); 23] = [
    ("account", "account "),
    ("contact", "contact archive "),
    ("counters", "next 9"),
    ("custody", "entry "),
    ("delivery", "delivery "),
    ("draft", "draft begun "),
    ("draft-paragraph", "paragraph "),
    ("followed-up", "followed "),
    ("fork", "fork "),
    ("item", "item "),
    ("officer-event", "event "),
    ("own-card", "card serial 2 after Some(1)"),
    ("owner", "owner Some(\"Maryam\") fa"),
    ("part-set", "parts {\"set\""),
    ("part-trips", "parts "),
    ("reply", "reply "),
    ("search", "search مينا [1]"),
    ("slot-use", "keys 2 1"),
    ("store.digest", "known scan.bin"),
    ("store.inline", "extracted 658384b6"),
    ("store.object", "extracted "),
    ("store.pack", "file scan.bin 100000 "),
    ("taken", "received "),
];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

fn phrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

/// A copy that may be changed, with the modes that a repository does not keep.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

/// All that a vault says, to be compared with what is written beside it.
fn report(vault: &mut Vault, version: &Path, scratch: &Path) -> String {
    let mut text = String::new();
    let about = vault.about();
    writeln!(text, "owner {:?} {}", about.label, about.lang).unwrap();
    for item in &vault.list(None, None).unwrap() {
        tell_item(&mut text, vault, item.item, scratch);
    }
    for words in ["مينا", "scan", "elsewhere", "نیست"] {
        let found: Vec<_> = vault.search(words).unwrap().iter().map(|item| item.item).collect();
        writeln!(text, "search {words} {found:?}").unwrap();
    }
    for contact in vault.contact_list(now()).unwrap() {
        let shown = vault.contact_show(&contact.name, now()).unwrap();
        writeln!(text, "contact {} {}", contact.name, serde_json::to_string(&shown).unwrap()).unwrap();
    }
    let status = vault.status().unwrap();
    for delivery in status.deliveries {
        writeln!(text, "delivery {}", serde_json::to_string(&delivery).unwrap()).unwrap();
        if let Some(parts) = &delivery.parts {
            writeln!(text, "parts {}", serde_json::to_string(parts).unwrap()).unwrap();
        }
    }
    for fork in status.forks {
        writeln!(text, "fork {}", serde_json::to_string(&fork).unwrap()).unwrap();
    }
    for reply in vault.replies(None).unwrap() {
        writeln!(text, "reply {}", serde_json::to_string(&reply).unwrap()).unwrap();
    }
    for event in vault.events().unwrap() {
        writeln!(text, "event {}", serde_json::to_string(&event).unwrap()).unwrap();
    }
    for draft in vault.drafts().unwrap() {
        writeln!(text, "draft {} {}", draft.title.unwrap_or_default(), draft.paragraphs.len()).unwrap();
        draft.paragraphs.iter().for_each(|text_of| writeln!(text, "paragraph {text_of}").unwrap());
    }
    let keys = vault.keys().unwrap();
    writeln!(text, "keys {} {}", keys.passphrases, keys.key_files).unwrap();
    let review = vault.review_draft(&fs::read(version.join("draft")).unwrap()).unwrap();
    writeln!(text, "card serial {} after {:?}, differs {}", review.serial, review.earlier, review.differs())
        .unwrap();
    text
}

fn tell_item(text: &mut String, vault: &mut Vault, number: u64, scratch: &Path) {
    let detail = vault.show(number).unwrap();
    let summary = &detail.summary;
    writeln!(text, "item {number} {} {} {:?}", summary.kind, summary.title, summary.state).unwrap();
    for line in detail.account.iter().flat_map(|account| account.lines()) {
        writeln!(text, "account {line}").unwrap();
    }
    writeln!(text, "persons {:?}", detail.persons).unwrap();
    writeln!(text, "terms {}", serde_json::to_string(&vault.consent(number).unwrap()).unwrap()).unwrap();
    for file in &detail.files {
        writeln!(text, "file {} {} {}", file.label, file.bytes, file.sha256).unwrap();
    }
    for sealed in &detail.sealed_to {
        writeln!(text, "sealed {}", serde_json::to_string(sealed).unwrap()).unwrap();
    }
    if let Some(origin) = &detail.received {
        writeln!(text, "received {} {}", origin.author, origin.author_words).unwrap();
        for followed in &origin.followed {
            writeln!(text, "followed {}", serde_json::to_string(followed).unwrap()).unwrap();
        }
    }
    if summary.state == ItemState::Withdrawn {
        return assert!(vault.extract(number, scratch, now(), &mut ()).is_err(), "it was withdrawn");
    }
    let dir = scratch.join(number.to_string());
    fs::create_dir(&dir).unwrap();
    for file in vault.extract(number, &dir, now(), &mut ()).unwrap().files {
        writeln!(text, "extracted {}", Digest::of(&fs::read(file).unwrap())).unwrap();
    }
}

/// What only going on shows: the next number is one that nothing had, the next entry follows the chain, and the same
/// content is known.
fn go_on(root: &Path, scan: &Path) -> String {
    let mut text = String::new();
    let mut vault = Vault::unlock(root, None, &phrase()).unwrap();
    let known = vault.add_paths(&[scan.to_path_buf()], now(), &mut ()).unwrap().added.remove(0);
    assert!(known.known);
    writeln!(text, "known {}", known.label).unwrap();
    let told = TestimonyText { title: Some("new".into()), account: "later".into() };
    let item = vault.testify(told, now()).unwrap().item;
    writeln!(text, "next {item}").unwrap();
    assert_eq!(vault.testimony(item).unwrap().account, "later");
    drop(vault);
    let mut before = Digest::from_bytes([0; 32]);
    for (_, _, value) in index::rows(root, &phrase()).iter().filter(|(kind, ..)| kind == "custody") {
        let row: serde_json::Value = serde_json::from_slice(value).unwrap();
        let line = row["line"].as_str().unwrap();
        let (digest, entry) = line.split_once(' ').unwrap();
        assert_eq!(digest, before.to_string(), "the chain is broken");
        before = Digest::of(line.as_bytes());
        writeln!(text, "entry {}", entry.split(' ').nth(1).unwrap()).unwrap();
    }
    text
}

/// The versions of which there is a golden vault, and each in a folder where it may be changed.
fn versions() -> Vec<(PathBuf, tempfile::TempDir)> {
    if std::env::var_os("SANDUQ_WRITE_GOLDEN").is_some() {
        write::write(&golden().join("0.1"));
    }
    let versions = fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path());
    let versions: Vec<_> = versions.filter(|version| version.join("vault").is_dir()).collect();
    assert!(!versions.is_empty());
    let scratch = |version: PathBuf| {
        let scratch = tempfile::tempdir().unwrap();
        copy(&version.join("vault"), &scratch.path().join("vault"));
        (version, scratch)
    };
    versions.into_iter().map(scratch).collect()
}

fn folder(scratch: &Path, name: &str) -> PathBuf {
    fs::create_dir(scratch.join(name)).unwrap();
    scratch.join(name)
}

#[test]
fn vaults_of_every_version_open() {
    for (version, scratch) in versions() {
        let (scratch, root) = (scratch.path(), scratch.path().join("vault"));
        let mut vault = Vault::unlock(&root, None, &phrase()).unwrap();
        let out = folder(scratch, "out");
        let expected = fs::read_to_string(version.join("vault.txt")).unwrap();
        let said = report(&mut vault, &version, &out);
        assert_eq!(said, expected, "{}", version.display());
        drop(vault);
        every_kind_is_read(&root, &said, &go_on(&root, &out.join("2/scan.bin")));
        // Its slots take a new passphrase, and what is forgotten is gone.
        let mut vault = Vault::unlock(&root, None, &phrase()).unwrap();
        let newest = vault.list(Some(1), None).unwrap()[0].item;
        vault.change_passphrase(&Passphrase::from("a third golden passphrase"), None, now()).unwrap();
        vault.forget(&Forgetting::Items(vec![newest])).unwrap();
        assert!(vault.show(newest).is_err());
    }
}

/// There are rows of every kind that the programs know, and what each says comes out.
fn every_kind_is_read(root: &Path, said: &str, gone_on: &str) {
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, ..) in index::rows(root, &phrase()) {
        *held.entry(kind).or_default() += 1;
    }
    let known: BTreeMap<_, _> = KINDS.into_iter().collect();
    assert!(held.keys().map(String::as_str).eq(known.keys().copied()), "{held:?}");
    for (kind, begins) in known {
        let mut lines = said.lines().chain(gone_on.lines());
        assert!(lines.any(|line| line.starts_with(begins)), "{kind}: nothing begins with {begins}");
    }
    let source = include_str!("../src/vault/rows.rs");
    // What is another reading of the same rows names no kind of its own.
    let named = source.lines().filter(|line| line.contains("const KIND: &'static str = \""));
    for line in named {
        let kind = line.split('"').nth(1).unwrap();
        assert!(KINDS.iter().any(|(known, _)| *known == kind), "the golden vault knows nothing of {kind}");
    }
    println!(
        "MEASURED golden vault: {} kinds of rows, {} rows, each kind read",
        held.len(),
        held.values().sum::<usize>()
    );
}

/// The words on paper open it whatever its passphrases are, and so does another passphrase with its key file.
#[test]
fn vaults_of_every_version_open_by_their_words_and_their_key_file() {
    for (version, scratch) in versions() {
        let (scratch, root) = (scratch.path(), scratch.path().join("vault"));
        let key_file = KeyFile::from_text(&fs::read(version.join("key-file")).unwrap()).unwrap();
        let second = Passphrase::from("another golden passphrase");
        assert!(Vault::unlock(&root, None, &second).is_err());
        drop(Vault::unlock_with(&root, None, &second, Some(&key_file)).unwrap());
        let words = fs::read_to_string(version.join("words.txt")).unwrap();
        let seed = Seed::from_words(&words).unwrap();
        let mut vault =
            Vault::recover(&root, None, &seed, &Passphrase::from("recovered"), KDF, now()).unwrap();
        let said = report(&mut vault, &version, &folder(scratch, "out"));
        let expected = fs::read_to_string(version.join("vault.txt")).unwrap();
        // One passphrase opens it now, in the place of all that did.
        assert_eq!(said, expected.replace("keys 2 1", "keys 1 0"), "{}", version.display());
    }
}

#[test]
fn a_golden_vault_with_a_damaged_index_is_an_error_and_never_a_fresh_vault() {
    for (_, scratch) in versions() {
        let root = scratch.path().join("vault");
        let part = fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_dir()).unwrap();
        let index = part.join("index");
        let mut bytes = fs::read(&index).unwrap();
        bytes[2000] ^= 1;
        fs::write(&index, &bytes).unwrap();
        let refused = Vault::unlock(&root, None, &phrase());
        assert!(refused.is_err());
        assert_eq!(fs::read(&index).unwrap(), bytes, "nothing was written over it");
    }
}
