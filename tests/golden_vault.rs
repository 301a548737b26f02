//! A vault as a released version wrote it: every later version opens it, reads it and goes on writing in it.
//! `tests/golden/VERSION/vault/` holds it, with the passphrase `an invented golden passphrase` and invented evidence,
//! and `tests/golden/VERSION/vault.txt` what must come out.
//!
//! `SANDUQ_WRITE_GOLDEN=1 cargo test --test golden_vault` writes that of the present version, once, before it is
//! released; **never** again after.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sanduq::crypto::{Digest, KdfParams, Passphrase, Seed};
use sanduq::format::time::Time;
use sanduq::vault::{Forgetting, TestimonyText, Vault};

const PASSPHRASE: &str = "an invented golden passphrase";
/// 256 MiB, the floor that reading demands too: with less, a build without `test-kdf` would refuse the vault.
const KDF: KdfParams = KdfParams { memory_kib: 256 * 1024, passes: 1, lanes: 1 };
const ACCOUNT: &str = "این گواهی ساختگی است.\nنام او [[مینا]] بود و در خانهٔ ما زندگی می‌کرد.";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

/// Longer than what lies in the index, so that it lies in a pack.
fn scan() -> Vec<u8> {
    (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
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
fn report(vault: &mut Vault, scratch: &Path) -> String {
    let mut text = String::new();
    let items = vault.list(None, None).unwrap();
    for item in &items {
        let detail = vault.show(item.item).unwrap();
        writeln!(text, "item {} {} {}", item.item, item.kind, item.title).unwrap();
        for line in detail.account.iter().flat_map(|account| account.lines()) {
            writeln!(text, "account {line}").unwrap();
        }
        for file in &detail.files {
            writeln!(text, "file {} {} {}", file.label, file.bytes, file.sha256).unwrap();
        }
        let dir = scratch.join(item.item.to_string());
        fs::create_dir(&dir).unwrap();
        for file in vault.extract(item.item, &dir, now(), &mut ()).unwrap().files {
            writeln!(text, "extracted {}", Digest::of(&fs::read(file).unwrap())).unwrap();
        }
    }
    for words in ["مينا", "scan", "نیست"] {
        let found: Vec<_> = vault.search(words).unwrap().iter().map(|item| item.item).collect();
        writeln!(text, "search {words} {found:?}").unwrap();
    }
    text
}

fn write(version: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    let scan_file = scratch.path().join("scan.bin");
    fs::write(&scan_file, scan()).unwrap();
    let note = scratch.path().join("note.txt");
    fs::write(&note, "made up, about no real person\n").unwrap();
    let root = scratch.path().join("vault");
    let mut vault = Vault::init(&root, &Passphrase::from(PASSPHRASE), KDF, None, "fa", now()).unwrap();
    let title = Some("گواهی ساختگی".to_owned());
    vault.testify(TestimonyText { title, account: ACCOUNT.into() }, now()).unwrap();
    vault.add_paths(&[scan_file, note], now(), &mut ()).unwrap();
    drop(vault);
    let folder = version.join("vault");
    assert!(!folder.exists(), "a golden vault is written once");
    fs::create_dir_all(version).unwrap();
    copy(&root, &folder);
    let mut vault = Vault::unlock(&root, None, &Passphrase::from(PASSPHRASE)).unwrap();
    let out = scratch.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(version.join("vault.txt"), report(&mut vault, &out)).unwrap();
    fs::write(version.join("words.txt"), format!("{}\n", vault.words().expose())).unwrap();
}

#[test]
fn vaults_of_every_version_open() {
    if std::env::var_os("SANDUQ_WRITE_GOLDEN").is_some() {
        write(&golden().join("0.1"));
    }
    let versions = fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path());
    let versions: Vec<_> = versions.filter(|version| version.join("vault").is_dir()).collect();
    assert!(!versions.is_empty());
    for version in versions {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().join("vault");
        copy(&version.join("vault"), &root);
        let mut vault = Vault::unlock(&root, None, &Passphrase::from(PASSPHRASE)).unwrap();
        let out = scratch.path().join("out");
        fs::create_dir(&out).unwrap();
        let expected = fs::read_to_string(version.join("vault.txt")).unwrap();
        assert_eq!(report(&mut vault, &out), expected, "{}", version.display());
        // It is no museum piece: the next testimony goes in and is there when it is opened again.
        let text = TestimonyText { title: Some("new".into()), account: "later".into() };
        let item = vault.testify(text, now()).unwrap().item;
        drop(vault);
        let vault = Vault::unlock(&root, None, &Passphrase::from(PASSPHRASE)).unwrap();
        assert_eq!(vault.testimony(item).unwrap().account, "later");
        // Its slots take a new passphrase, and what is forgotten is gone.
        let mut vault = vault;
        vault.change_passphrase(&Passphrase::from("another golden passphrase"), None, now()).unwrap();
        vault.forget(&Forgetting::Items(vec![item])).unwrap();
        assert!(vault.show(item).is_err());
        drop(vault);
        // The words on paper open it, whatever its passphrase is.
        let words = fs::read_to_string(version.join("words.txt")).unwrap();
        let seed = Seed::from_words(&words).unwrap();
        let mut vault =
            Vault::recover(&root, None, &seed, &Passphrase::from("recovered"), KDF, now()).unwrap();
        let again = scratch.path().join("again");
        fs::create_dir(&again).unwrap();
        assert_eq!(report(&mut vault, &again), expected, "{}", version.display());
    }
}

#[test]
fn a_golden_vault_with_a_damaged_index_is_an_error_and_never_a_fresh_vault() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("vault");
    copy(&golden().join("0.1/vault"), &root);
    let part = fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_dir()).unwrap();
    let index = part.join("index");
    let mut bytes = fs::read(&index).unwrap();
    bytes[2000] ^= 1;
    fs::write(&index, &bytes).unwrap();
    let refused = Vault::unlock(&root, None, &Passphrase::from(PASSPHRASE));
    assert!(refused.is_err());
    assert_eq!(fs::read(&index).unwrap(), bytes, "nothing was written over it");
}
