//! The commands that our pages give to whoever trusts none of our programs, taken from the pages and run over the attacks.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::families::{self, Family, Files, Pair, Rng};
use super::{bundles, stock};

/// The commands of the page, without the blocks for what is not there.
pub fn for_disclosure(folder: &Path) -> String {
    let page = include_str!("../../docs/spec/disclosure.md");
    let there = |title: &str| {
        let needed = [
            ("The author's", "data/author*"),
            ("The originals", "data/files"),
            ("The receipt", "data/receipt.tlog-proof"),
        ];
        needed.iter().all(|(block, file)| !title.starts_with(block) || any(folder, file))
    };
    let mut script = String::new();
    for (before, block) in page.split("\n```sh\n").zip(page.split("\n```sh\n").skip(1)) {
        let title = before.trim_end().lines().last().unwrap();
        if there(title) {
            script += block.split("```\n").next().unwrap();
        }
    }
    script
}

/// Whether something of this name is there, which may end in any way after a star.
fn any(folder: &Path, name: &str) -> bool {
    let (parent, last) = name.rsplit_once('/').unwrap();
    let there = fs::read_dir(folder.join(parent)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut there = there.map(|name| name.into_string().unwrap());
    match last.strip_suffix('*') {
        Some(start) => there.any(|name| name.starts_with(start)),
        None => there.any(|name| name == last),
    }
}

/// What the commands leave to `sanduq-verify`, as the pages say: of bundles, cards and receipts the second signatures and
/// witnesses; what a card or a proof says that it may not, though its keys signed it; a second spelling of a signature, which
/// OpenSSH takes; the padding and the header of a payload; and the way of a stamp of OpenTimestamps.
const LEFT_OUT: [&str; 39] = [
    "bundle-signature-spelled-otherwise",
    "bundle-whose-payload-has-no-class",
    "bundle-whose-payload-is-not-sealed",
    "card-log-key-of-a-witness",
    "card-log-under-another-id",
    "card-name-that-steers",
    "card-of-no-day",
    "card-of-no-name",
    "card-of-no-serial",
    "card-policy-of-another-log",
    "card-signature-stripped",
    "card-spelled-otherwise",
    "card-that-succeeds-itself",
    "card-weak-key",
    "card-with-a-third-signature",
    "card-with-a-threshold-nobody-meets",
    "card-with-an-officer-twice",
    "card-with-one-signature-twice",
    "card-with-six-officers",
    "cosignature-by-an-unknown-witness",
    "cosignature-counted-twice",
    "cosignature-in-another-s-name",
    "cosignature-of-another-head",
    "cosignature-of-another-time",
    "cosignature-without-a-time",
    "cosignatures-too-few",
    "half-of-a-composite-signature",
    "log-signature-twice-one-of-them-bad",
    "malleated-signature",
    "proof-by-a-bag-info-spelled-otherwise",
    "proof-that-says-nothing-or-too-much",
    "proof-that-steers",
    "recipient-of-small-order",
    "recipient-that-was-mistyped",
    "recipient-with-an-unreduced-coefficient",
    "timestamp-block-without-a-root",
    "timestamp-by-a-broken-hash",
    "timestamp-way-cut-short",
    "timestamp-with-something-behind-it",
];

/// The blocks of commands in a page, or in a part of one.
fn blocks(page: &str) -> String {
    page.split("```sh\n").skip(1).map(|block| block.split("```\n").next().unwrap()).collect()
}

/// The commands of docs/guide/auditors.md under this heading.
fn guide(heading: &str) -> String {
    let guide = include_str!("../../docs/guide/auditors.md");
    blocks(guide.split_once(&format!("\n### {heading}\n")).unwrap().1.split("\n### ").next().unwrap())
}

/// The list of weak keys that the guide makes.
fn weak_keys() -> String {
    guide("The keys").split_inclusive("\nEND\n").next().unwrap().to_owned()
}

/// Lays the files of a case down as its page names them, and gives the page's commands.
fn laid(kind: &str, files: &Files, dir: &Path) -> String {
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    match (kind, files.as_slice()) {
        ("card", [card]) => {
            put("organisation.card", card);
            weak_keys() + &guide("The card")
        }
        ("receipt", [receipt, card, id]) => {
            put("organisation.card", card);
            put("receipt.tlog-proof", receipt);
            let id = String::from_utf8_lossy(id);
            format!("{}{}bundle='{}'\n{}", weak_keys(), guide("The card"), id.trim(), guide("The receipt"))
        }
        ("bundle", [bundle]) => {
            put("evidence.bundle", bundle);
            ["The container", "The manifests", "The keys", "The signature"].map(guide).concat()
        }
        ("proof", [text, signature, manifest, info]) => {
            put("a.proof", text);
            put("a.proof.sig", signature);
            put("tagmanifest-sha256.txt", manifest);
            put("bag-info.txt", info);
            let asked = "CHALLENGE=$(sed -n '3s/^challenge: //p' a.proof)\n";
            weak_keys() + asked + &blocks(include_str!("../../docs/spec/proof.md"))
        }
        ("signature", [signature, key, message]) => {
            put("MESSAGE.sig", signature);
            put("signer.pub", key);
            put("MESSAGE", message);
            weak_keys() + &blocks(include_str!("../../docs/spec/sshsig.md"))
        }
        ("stamp", [text, stamp]) => {
            put("checkpoint.txt", text);
            let ots = stamp.starts_with(b"\0OpenTimestamps");
            put(if ots { "data/time/0001.ots" } else { "data/time/0001.tsr" }, stamp);
            "work=.\n".to_owned() + &blocks(include_str!("../../docs/spec/time.md"))
        }
        _ => panic!("no page has commands for a {kind} of {} files", files.len()),
    }
}

/// How the guide begins.
const BEFORE: &str = "set -eu\nall='all of it'\nexport LC_ALL=C\n";

/// Two neighbours of a family, from the first seed of which every OpenSSH can say something: one of Ed25519.
fn asked(family: &Family) -> Option<Pair> {
    let ed25519 = |pair: &Pair| family.kind != "signature" || pair.good[1].starts_with(b"ssh-ed25519 ");
    (0..32).map(|seed| (family.make)(&mut Rng(seed))).find(ed25519)
}

#[test]
fn the_auditors_commands_meet_the_attacks() {
    let tools = [&stock::TOOLS[..], &["cmp", "mkdir", "tar"]].concat();
    let kinds = ["card", "receipt", "bundle", "proof", "signature", "stamp"];
    let (mut cases, mut left_out, mut wrong) = (0, BTreeSet::new(), Vec::new());
    let families = families::all().into_iter().chain(bundles::families());
    for family in families.filter(|family| kinds.contains(&family.kind)) {
        let seen = !LEFT_OUT.contains(&family.name);
        left_out.extend(Some(family.name).filter(|_| !seen));
        let Some(Pair { good, bad }) = asked(&family) else {
            assert!(!seen, "{} is of no key that every OpenSSH knows", family.name);
            continue;
        };
        for (files, holds) in [(good, true), (bad, !seen)] {
            cases += 1;
            for shell in stock::SHELLS {
                let dir = tempfile::tempdir().unwrap();
                let commands = laid(family.kind, &files, dir.path());
                let script = format!("{BEFORE}{commands}echo; echo \"$all holds\"\n");
                let followed = stock::follow_in(&tools, shell, dir.path(), &script, None);
                if followed.is_ok() != holds {
                    wrong.push(format!("{} in {shell}: {followed:?}", family.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(left_out, LEFT_OUT.into(), "left out, and not there");
    println!("MEASURED stock commands: {cases} cases, {} families left out", LEFT_OUT.len());
}
