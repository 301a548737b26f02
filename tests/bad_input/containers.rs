//! What is no bundle, or no longer one: at the officers', at the desk and at the auditor's.

use crate::house::{House, NAME, Noise, Organisation, Person, all, only, text};
use crate::{keeper, refused};
use std::fs;
use std::path::Path;

/// What is safe when an officer's vault refuses a bundle.
const NOTHING_TAKEN: &str = "Nothing of it entered your vault.";

/// One ustar header of 512 bytes, its checksum right.
fn header(name: &str, kind: u8, len: u64, link: &str) -> [u8; 512] {
    let mut bytes = [0; 512];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes[100..108].copy_from_slice(b"0000644\0");
    bytes[108..116].copy_from_slice(b"0000000\0");
    bytes[116..124].copy_from_slice(b"0000000\0");
    bytes[124..136].copy_from_slice(format!("{len:011o}\0").as_bytes());
    bytes[136..148].copy_from_slice(b"00000000000\0");
    bytes[156] = kind;
    bytes[157..157 + link.len()].copy_from_slice(link.as_bytes());
    bytes[257..265].copy_from_slice(b"ustar\x0000");
    bytes[148..156].fill(b' ');
    let sum: u32 = bytes.iter().map(|byte| u32::from(*byte)).sum();
    bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes
}

fn tar(members: &[[u8; 512]]) -> Vec<u8> {
    let mut bytes = members.concat();
    bytes.extend([0; 1024]);
    bytes
}

/// Opened by an officer, accepted by the desk, checked by the auditor: refused by all three.
fn refused_by_all(organisation: &Organisation, officer: &Person, name: &str, bytes: &[u8]) {
    let house = organisation.house;
    let path = house.write(&format!("{name}.bundle"), bytes);
    let before = officer.list().len();
    refused(officer.sanduq(&["open", text(&path)]), 4, &[NOTHING_TAKEN]);
    assert_eq!(officer.list().len(), before, "{name}");
    refused(house.desk(&["accept", text(&path)]), 1, &["was not touched", "nothing was deleted"]);
    assert_eq!(house.audit(&["bundle", text(&path)]).bad().code, Some(1), "{name}");
    assert_eq!(fs::read(&path).expect("the source"), bytes, "the source is left alone");
}

#[test]
fn no_container_but_our_own_is_read() {
    let house = House::new("containers");
    let organisation = Organisation::new(&house, 1, 1);
    let officer = &organisation.officers[0];
    let file = |name: &str| header(name, b'0', 0, "");
    let all: [(&str, Vec<u8>); 11] = [
        ("empty", Vec::new()),
        ("noise", Noise::new(7).bytes(10_000)),
        ("link", tar(&[header("bagit.txt", b'2', 0, "/etc/passwd")])),
        ("hard-link", tar(&[header("bagit.txt", b'1', 0, "bag-info.txt")])),
        ("device", tar(&[header("bagit.txt", b'3', 0, "")])),
        ("folder", tar(&[header("quorum/", b'5', 0, "")])),
        ("absolute", tar(&[file("/etc/cron.d/evil")])),
        ("upwards", tar(&[file("../../evil")])),
        ("twice", tar(&[file("bagit.txt"), file("bagit.txt")])),
        ("pax", tar(&[header("PaxHeaders/x", b'x', 0, ""), file("bagit.txt")])),
        ("claims-10-gb", tar(&[header("bagit.txt", b'0', 0o77_777_777_777, "")])),
    ];
    for (name, bytes) in &all {
        refused_by_all(&organisation, officer, name, bytes);
    }
    assert!(!Path::new("/etc/cron.d/evil").exists());
}

#[test]
fn a_bundle_cut_short_or_grown_is_refused() {
    let house = House::new("cut");
    let organisation = Organisation::new(&house, 1, 1);
    let officer = &organisation.officers[0];
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    let whole = fs::read(organisation.send(&person, "stick")).expect("the bundle");
    for (name, len) in
        [("1", 1), ("half", whole.len() / 2), ("last-block", whole.len() - 512), ("last", whole.len() - 1)]
    {
        refused_by_all(&organisation, officer, &format!("cut-{name}"), &whole[..len]);
    }
    refused_by_all(&organisation, officer, "grown", &[&whole[..], &[0; 512]].concat());
    let good = house.write("whole.bundle", &whole);
    officer.sanduq(&["open", text(&good)]).good();
    refused(officer.sanduq(&["open", text(&house.path("none.bundle"))]), 5, &["There is no such file:"]);
}

#[test]
fn what_another_officer_passed_on_is_checked() {
    let house = House::new("passed-on");
    let organisation = Organisation::new(&house, 2, 2);
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    organisation.send(&person, "stick");
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    person.sanduq(&["export", text(&house.path("stick"))]).good();
    let bundles = all(&house.path("stick"), "bundle");
    let [a, b] = &bundles[..] else { panic!("two bundles") };
    let [one, two] = &organisation.officers[..] else { panic!("two officers") };
    let passed = house.path("passed");
    one.sanduq(&["open", text(a), "--pass-on", text(&passed)]).good();
    refused(
        two.sanduq(&["open", text(b), "--with", text(&passed)]),
        4,
        &["belongs to another bundle", NOTHING_TAKEN],
    );
    let mut bytes = fs::read(&passed).expect("passed on");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = house.write("damaged", bytes);
    two.sanduq(&["open", text(a), "--with", text(&damaged)]).bad();
    assert!(two.list().is_empty());
    two.sanduq(&["open", text(a), "--with", text(&passed)]).good();
}

#[test]
fn a_bundle_for_others_is_told_as_such() {
    let house = House::new("others");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    let bundle = organisation.send(&person, "stick");
    // The sender is no officer.
    person.sanduq(&["open", text(&bundle)]).bad();
    assert_eq!(person.list().len(), 1);
}

#[test]
fn receipts_of_others_are_skipped_and_false_ones_refused() {
    let house = House::new("receipts");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    let bundle = organisation.send(&person, "stick");
    let other = house.person("other");
    other.sanduq(&["init"]).good();
    other.sanduq(&["add", text(&house.write("y", "made up"))]).good();
    let others = organisation.send(&other, "other-stick");
    organisation.accept(&others, "post");
    let post = organisation.accept(&bundle, "post");
    let mut add =
        vec!["receipt".to_string(), "add".into(), text(&house.write("holiday.jpg", "no receipt")).into()];
    add.extend(all(&post, "receipt").iter().map(|path| text(path).to_string()));
    let add: Vec<&str> = add.iter().map(String::as_str).collect();
    let done = person.sanduq(&add).good();
    assert!(done.stdout().contains("One bundle has arrived"), "{}", done.stdout());
    assert!(done.stdout().contains("2 files are not for you and were passed over."), "{}", done.stdout());

    person.sanduq(&["receipt", "export", text(&house.path("proofs"))]).good();
    let proof = only(&house.path("proofs"), "tlog-proof");
    let text_of = fs::read_to_string(&proof).expect("a proof");
    let (own, other) = if text_of.contains(
        "index 0
",
    ) {
        ("0", "1")
    } else {
        ("1", "0")
    };
    let forged = text_of.replace(
        &format!(
            "index {own}
"
        ),
        &format!(
            "index {other}
"
        ),
    );
    let forged = house.write("forged.tlog-proof", forged);
    let audited = house.audit(&["receipt", "--card", text(&organisation.card), text(&forged)]);
    assert_eq!(audited.bad().code, Some(1));
}
