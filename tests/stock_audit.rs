//! The auditor's guide, run: exactly the commands that docs/guide/auditors.md shows, in their order, in one shell.
//! They hold for a good bundle with its receipt, and end where they should for every forgery.
#![cfg(feature = "intake")]

mod desk;
#[path = "disclosure/stock.rs"]
#[allow(dead_code, reason = "here the script is another, in another folder each time")]
mod stock;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use desk::{Organisation, accept};
use sanduq::bundle::letter::open_receipt;
use sanduq::crypto::Digest;
use sanduq::format::archive::{Reader, Writer};
use sanduq::format::digest_list::DigestList;

const GUIDE: &str = include_str!("../docs/guide/auditors.md");
const LAST_LINE: &str = "all of it holds\n";
/// What the commands of the guide are, and what lies in the folder in which they are typed.
const TOOLS: [&str; 24] = [
    "awk",
    "base64",
    "bash",
    "cat",
    "cmp",
    "cut",
    "dash",
    "diff",
    "grep",
    "head",
    "ls",
    "mkdir",
    "openssl",
    "rm",
    "sed",
    "sha256sum",
    "sort",
    "ssh-keygen",
    "tail",
    "tar",
    "tr",
    "uniq",
    "wc",
    "xxd",
];
const FILES: [&str; 3] = ["evidence.bundle", "organisation.card", "receipt.tlog-proof"];

/// Names and bodies, in order.
type Members = Vec<(String, Vec<u8>)>;

/// The blocks of the guide fenced with this, in their order. ` ```text ` is for reading only.
fn blocks(fence: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in GUIDE.lines() {
        match &mut block {
            Some(text) if line == "```" => {
                blocks.extend(Some(std::mem::take(text)).filter(|_| block.take().is_some()))
            }
            Some(text) => text.extend([line, "\n"]),
            None if line.strip_prefix("```") == Some(fence) => block = Some(String::new()),
            None => {}
        }
    }
    blocks
}

/// Bundle, receipt and card of an organisation, under the names of the guide, in a folder.
fn evidence(dir: &Path) {
    let org = Organisation::founded(3, 2);
    let desk = org.folder("desk");
    for other in 0..6 {
        org.seal_into(&desk, &format!("{other}.bundle"));
    }
    let (path, sealed) = org.seal_into(&desk, "evidence.bundle");
    let mut archive = org.open();
    accept(&mut archive, &[desk]);
    let mut letters = Vec::new();
    archive.receipts(&org.folder("out"), false, &mut |one| letters.push(one)).unwrap();
    let letter = letters.iter().find(|one| one.bundle == sealed.bundle).unwrap();
    let receipt = open_receipt(&sealed.return_identity, &fs::read(&letter.file).unwrap()).unwrap();
    fs::copy(path, dir.join("evidence.bundle")).unwrap();
    fs::write(dir.join("organisation.card"), org.card().as_bytes()).unwrap();
    fs::write(dir.join("receipt.tlog-proof"), receipt.print()).unwrap();
}

/// A folder with what the guide says it needs.
fn tools() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| stock::linked(&TOOLS, "dash")).path()
}

/// A shell in this folder that finds these tools and no others.
fn shell(dir: &Path, shell: &str, script: &str) -> Command {
    let mut command = Command::new(tools().join(shell));
    command.arg("-c").arg(script).current_dir(dir).env_clear().env("PATH", tools());
    command
}

/// A search path on which `ssh-keygen` knows `ssh-mldsa44-ed25519` (OpenSSH 10.6): the system's own, or with the one
/// before it that `tests/run` unpacks.
fn path_with_a_newer_ssh_keygen() -> Option<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let kinds = Command::new("ssh").args(["-Q", "key"]).output();
    if kinds.is_ok_and(|kinds| text(&kinds.stdout).lines().any(|kind| kind == "ssh-mldsa44-ed25519")) {
        return Some(path);
    }
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
    let tools = std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from).join("openssh");
    if !tools.join("ssh-keygen").is_file() {
        return None;
    }
    Some(std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path))).unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs the audit of the three files in this folder, in a bare one in `bash`, as the guide has it, and here in `dash`, where
/// whatever else lies here is removed before. Both must come to the same end.
fn audit(dir: &Path) -> Result<String, String> {
    let bare = tempfile::tempdir().unwrap();
    for name in FILES {
        fs::copy(dir.join(name), bare.path().join(name)).unwrap();
    }
    let script = "for one in *; do case \"$one\" in *.bundle | *.card | *.tlog-proof) ;; *) rm -r \"$one\" ;; esac; done";
    assert!(shell(dir, "dash", script).status().unwrap().success());
    let [one, other] = [("bash", bare.path()), ("dash", dir)].map(|(shell, dir)| audit_in(shell, dir));
    assert_eq!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    one
}

/// `Err` with what the tools said where it ended early.
fn audit_in(with: &str, dir: &Path) -> Result<String, String> {
    let output = shell(dir, with, &blocks("sh").concat()).output().unwrap();
    let said = text(&output.stdout);
    let whole = said.ends_with(LAST_LINE);
    assert_eq!(output.status.success(), whole, "{said}{}", text(&output.stderr));
    if whole { Ok(said) } else { Err(said + &text(&output.stderr)) }
}

/// The members of a bundle, changed and packed again.
fn rebuilt(dir: &Path, change: impl Fn(&mut Members)) {
    let path = dir.join("evidence.bundle");
    let bytes = fs::read(&path).unwrap();
    let mut reader = Reader::new(bytes.as_slice());
    let mut members = Vec::new();
    while let Some(member) = reader.next_member().unwrap() {
        members.push((member.name.to_string(), reader.body(u64::MAX).unwrap()));
    }
    change(&mut members);
    let mut writer = Writer::new(Vec::new());
    for (name, body) in members {
        writer.whole(&name.parse().unwrap(), &body).unwrap();
    }
    fs::write(path, writer.finish().unwrap()).unwrap();
}

/// Writes both manifests anew, as whoever changes a bundle would.
fn recompute_manifests(members: &mut [(String, Vec<u8>)]) {
    let list = |members: &[(String, Vec<u8>)], wanted: &dyn Fn(&str) -> bool| {
        let mut list = DigestList::new();
        for (name, body) in members.iter().filter(|(name, _)| wanted(name)) {
            list.push(name.parse().unwrap(), Digest::of(body)).unwrap();
        }
        list.to_string().into_bytes()
    };
    let payload = list(members, &|name| name.starts_with("data/"));
    members.iter_mut().find(|(name, _)| name == "manifest-sha256.txt").unwrap().1 = payload;
    let tags = list(members, &|name| !name.starts_with("data/") && !name.starts_with("tagmanifest-"));
    members.iter_mut().find(|(name, _)| name == "tagmanifest-sha256.txt").unwrap().1 = tags;
}

fn body<'a>(members: &'a mut [(String, Vec<u8>)], name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|(one, _)| one == name).unwrap().1
}

#[test]
fn the_guide_holds_for_good_evidence() {
    assert!(blocks("sh").len() >= 10, "the guide has lost its commands");
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    let said = audit(dir.path()).unwrap();
    assert!(said.contains("Good \"sanduq-bundle\" signature for signer"), "{said}");
    assert!(said.contains("Good \"sanduq-card\" signature for card"), "{said}");
    assert!(said.contains("Signature Verified Successfully"), "{said}");
}

#[test]
fn the_second_signature_holds_where_ssh_keygen_knows_it() {
    let Some(path) = path_with_a_newer_ssh_keygen() else {
        println!("SKIPPED the_second_signature_holds_where_ssh_keygen_knows_it: no OpenSSH 10.6 here");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    audit(dir.path()).unwrap();
    let script = blocks("sh second").concat();
    let run = || shell(dir.path(), "bash", &script).env("PATH", &path).output().unwrap();
    let output = run();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("with MLDSA44-ED25519 key"), "{}", text(&output.stdout));
    fs::write(dir.path().join("bag/tagmanifest-sha256.txt"), b"another text\n").unwrap();
    assert!(!run().status.success());
}

#[test]
fn a_changed_payload_with_new_manifests_and_the_old_signature_ends_at_the_signature() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    rebuilt(dir.path(), |members| {
        body(members, "data/payload.age")[100_000] ^= 1;
        recompute_manifests(members);
    });
    let said = audit(dir.path()).unwrap_err();
    assert!(said.contains("\nbundle ") || said.starts_with("bundle "), "the manifests held: {said}");
    assert!(said.contains("Could not verify signature"), "{said}");
    assert!(!said.contains("Good \"sanduq-bundle\""), "{said}");
}

#[test]
fn a_changed_payload_with_old_manifests_ends_at_the_manifest() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    rebuilt(dir.path(), |members| body(members, "data/payload.age")[100_000] ^= 1);
    let said = audit(dir.path()).unwrap_err();
    assert!(said.contains("data/payload.age: FAILED"), "{said}");
}

#[test]
fn a_member_too_many_or_too_few_or_out_of_order_ends_at_the_names() {
    let more = |members: &mut Members| {
        members.push(("zz.txt".to_owned(), b"hello".to_vec()));
        recompute_manifests(members);
    };
    let fewer = |members: &mut Members| {
        members.retain(|(name, _)| name != "quorum/10.age");
        recompute_manifests(members);
    };
    let swapped = |members: &mut Members| members.swap(3, 4);
    let changes: [&dyn Fn(&mut Members); 3] = [&more, &fewer, &swapped];
    for change in changes {
        let dir = tempfile::tempdir().unwrap();
        evidence(dir.path());
        rebuilt(dir.path(), change);
        let said = audit(dir.path()).unwrap_err();
        assert!(!dir.path().join("bag").exists(), "it was unpacked: {said}");
    }
}

#[test]
fn bytes_hidden_in_the_container_are_found_by_packing_it_again() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    let path = dir.path().join("evidence.bundle");
    let mut hidden = fs::read(&path).unwrap();
    hidden.extend([b'x'; 512]);
    fs::write(&path, &hidden).unwrap();
    assert!(audit(dir.path()).unwrap_err().contains("EOF"), "after the end");
    let mut hidden = fs::read(&path).unwrap();
    hidden.truncate(hidden.len() - 512);
    hidden[511] = b'x';
    fs::write(&path, &hidden).unwrap();
    audit(dir.path()).unwrap_err();
}

#[test]
fn a_link_ends_it_before_anything_is_unpacked() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    let inside = dir.path().join("made");
    fs::create_dir(&inside).unwrap();
    let script = "tar -xf ../evidence.bundle && rm signer.pub && ln -s /etc/passwd signer.pub \
        && tar -b1 --format=ustar -cf ../evidence.bundle -T ../order";
    let names = Command::new("tar").arg("-tf").arg(dir.path().join("evidence.bundle")).output().unwrap();
    fs::write(dir.path().join("order"), names.stdout).unwrap();
    let done = Command::new("sh").arg("-c").arg(script).current_dir(&inside).status().unwrap();
    assert!(done.success());
    audit(dir.path()).unwrap_err();
    assert!(!dir.path().join("bag").exists());
}

#[test]
fn a_weak_key_ends_it_whatever_it_signs() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path());
    rebuilt(dir.path(), |members| {
        let text = String::from_utf8(body(members, "signer.pub").clone()).unwrap();
        let weak = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let lines: Vec<_> = [weak].into_iter().chain(text.lines().skip(1)).collect();
        *body(members, "signer.pub") = format!("{}\n", lines.join("\n")).into_bytes();
        recompute_manifests(members);
    });
    let said = audit(dir.path()).unwrap_err();
    assert!(said.contains("bundle ") && !said.contains("signature"), "it ended before the signature: {said}");
}

#[test]
fn the_list_of_weak_keys_is_ours() {
    let listed: Vec<_> = GUIDE.lines().filter(|line| line.len() == 64).collect();
    assert_eq!(listed.len(), 14);
    for line in listed {
        let key: Vec<u8> =
            (0..32).map(|at| u8::from_str_radix(&line[2 * at..2 * at + 2], 16).unwrap()).collect();
        assert!(sanduq::crypto::LogVerifyingKey::from_bytes(key.try_into().unwrap()).is_err(), "{line}");
    }
}

#[test]
fn a_receipt_for_another_bundle_or_by_another_log_does_not_count() {
    for other in ["receipt.tlog-proof", "organisation.card"] {
        let (dir, stranger) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        evidence(dir.path());
        evidence(stranger.path());
        fs::copy(stranger.path().join(other), dir.path().join(other)).unwrap();
        let said = audit(dir.path()).unwrap_err();
        assert!(said.contains("Good \"sanduq-bundle\"") && !said.contains("Verified Successfully"), "{said}");
    }
}

#[test]
fn a_changed_hash_or_place_in_a_receipt_does_not_count() {
    for (from, to) in
        [("\nindex ", "\nindex 1"), ("=\n\n", "=\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n")]
    {
        let dir = tempfile::tempdir().unwrap();
        evidence(dir.path());
        let path = dir.path().join("receipt.tlog-proof");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let said = audit(dir.path()).unwrap_err();
        assert!(said.contains("Verified Successfully"), "the checkpoint held: {said}");
    }
}
