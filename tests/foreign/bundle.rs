//! A bundle and its receipt in other people's hands: `bagit.py` finds a valid bag, `openssl` verifies the checkpoint
//! under the card's log key, and two officers open the payload with `age`, `tail` and `tar` alone.

use crate::house::{House, Organisation, Person, all, only, text};
use crate::tools::{
    for_plugin, good, node, path_with_plugin, plugin, program, python, run, run_command, said, script,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &[u8] = b"An invented page of an invented ledger.\n";

/// A trip that is over: a bundle, unpacked by `tar`, its receipt in plain, and the officers' identities.
struct Trip {
    house: House,
    bag: PathBuf,
    card: PathBuf,
    receipt: PathBuf,
    identities: Vec<PathBuf>,
}

fn trip(name: &str, threshold: usize, officers: usize) -> Trip {
    let house = House::new(name);
    let organisation = Organisation::new(&house, threshold, officers);
    let family = house.person("family");
    let page = house.write("page.txt", DOCUMENT);
    family.sanduq(&["init"]).good();
    family.sanduq(&["add", text(&page)]).good();
    let bundle = organisation.send(&family, "stick");
    let handed = organisation.accept(&bundle, "handed");
    let receipt = plain_receipt(&house, &family, &handed);
    let bag = house.folder("bag");
    good(Path::new("/bin/tar"), &["-x", "-f", text(&bundle), "-C", text(&bag)], b"");
    let identity_of = |(number, officer): (usize, &Person)| {
        let identity = house.path(&format!("identity{}", number + 1));
        officer.sanduq(&["recipient", "--identity-to", text(&identity)]).good();
        identity
    };
    let identities = organisation.officers.iter().enumerate().map(identity_of).collect();
    let card = organisation.card.clone();
    Trip { house, bag, card, receipt, identities }
}

fn plain_receipt(house: &House, family: &Person, handed: &Path) -> PathBuf {
    let sealed = fs::read_dir(handed).expect("receipts were laid there");
    for receipt in sealed {
        family.sanduq(&["receipt", "add", text(&receipt.expect("listed").path())]).good();
    }
    let plain = house.folder("plain");
    family.sanduq(&["receipt", "export", text(&plain)]).good();
    only(&plain, "tlog-proof")
}

#[test]
fn bagit_validates_an_unpacked_bundle() {
    let Some(python) = python("bagit_validates_an_unpacked_bundle") else { return };
    let trip = trip("bagit", 1, 1);
    good(&python, &["-m", "bagit", "--validate", text(&trip.bag)], b"");
    fs::write(trip.bag.join("data/payload.age"), "another payload").expect("in our own house");
    assert!(!run(&python, &["-m", "bagit", "--validate", text(&trip.bag)], b"").status.success());
}

/// The first 12 bytes of every Ed25519 key in DER.
const ED25519_DER: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

#[test]
fn openssl_verifies_the_checkpoint() {
    let Some(openssl) = program("openssl_verifies_the_checkpoint", "openssl") else { return };
    let trip = trip("openssl", 1, 1);
    // Read by hand, not by our own readers: the vkey on the card, the checkpoint at the receipt's end.
    let card = fs::read_to_string(&trip.card).expect("a card is text");
    let vkey = card.lines().find_map(|line| line.strip_prefix("log: ")).expect("the card names its log");
    // Base64 may itself hold a plus, so what comes last is not what follows the last one.
    let key = STANDARD.decode(vkey.splitn(3, '+').nth(2).expect("name+id+key")).expect("base64");
    assert_eq!(key[0], 1, "Ed25519");
    let key = trip.house.write("log.der", [ED25519_DER, &key[1..]].concat());
    let receipt = fs::read_to_string(&trip.receipt).expect("a receipt is text");
    let (_, checkpoint) = receipt.split_once("\n\n").expect("a blank line before the checkpoint");
    let (signed, signatures) = checkpoint.split_once("\n\n").expect("a blank line before its signatures");
    let signature =
        signatures.lines().next().and_then(|line| line.rsplit(' ').next()).expect("one signature");
    let signature = STANDARD.decode(signature).expect("base64");
    let signature = trip.house.write("signature", &signature[4..]);

    let verified = |signed: &str| {
        let message = trip.house.write("signed", signed);
        let args = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", text(&key), "-rawin"];
        let args = [&args[..], &["-in", text(&message), "-sigfile", text(&signature)]].concat();
        run(&openssl, &args, b"").status.success()
    };
    assert!(verified(&format!("{signed}\n")));
    assert!(!verified(&format!("{signed}0\n")), "another root");
}

/// The payload opened by `opener` (which puts the plaintext of standard input on standard output) for officers
/// 1 and 3 of a two-of-three card, as docs/spec says it.
fn open_by_hand(trip: &Trip, opener: impl Fn(&Path, &[u8]) -> Vec<u8>) {
    let read = |name: &str| fs::read(trip.bag.join(name)).expect("a member of the bundle");
    let first_line_off = |bytes: Vec<u8>| {
        let line = bytes.iter().position(|byte| *byte == b'\n').expect("a first line");
        assert!(bytes.starts_with(b"sanduq-quorum/1 "));
        bytes[line + 1..].to_vec()
    };
    let layer = first_line_off(opener(&trip.identities[0], &read("quorum/02.age")));
    let payload_identity = first_line_off(opener(&trip.identities[2], &layer));
    let payload_identity = trip.house.write("payload-identity", payload_identity);
    let inner = trip.house.write("inner.tar", opener(&payload_identity, &read("data/payload.age")));
    let opened = trip.house.folder("opened");
    good(Path::new("/bin/tar"), &["-x", "-f", text(&inner), "-C", text(&opened)], b"");
    let files = trip.house.files("opened");
    let same = |name: &str| fs::read(trip.house.path(name)).is_ok_and(|bytes| bytes == DOCUMENT);
    assert!(files.iter().any(|(name, _)| name.contains("/files/") && same(name)), "{files:?}");
    let card = fs::read(&trip.card).expect("the card");
    assert!(files.iter().any(
        |(name, _)| name.ends_with("/card") && fs::read(trip.house.path(name)).ok() == Some(card.clone())
    ));
    assert_eq!(all(&trip.bag.join("quorum"), "age").len(), 10);
}

#[test]
fn two_officers_open_a_bundle_with_npm_age() {
    let Some(node) = node("two_officers_open_a_bundle_with_npm_age") else { return };
    let trip = trip("stock-npm", 2, 3);
    open_by_hand(&trip, |identity, sealed| {
        good(&node, &[&script("age.mjs"), "open", text(identity)], sealed)
    });
}

#[test]
fn two_officers_open_a_bundle_with_debian_age() {
    const NAME: &str = "two_officers_open_a_bundle_with_debian_age";
    let (Some(age), Some(_)) = (program(NAME, "age"), plugin(NAME)) else { return };
    let trip = trip("stock-debian", 2, 3);
    open_by_hand(&trip, |identity, sealed| {
        let spelled = for_plugin(&fs::read_to_string(identity).expect("an identity is text"));
        let spelled = trip.house.write("identity-for-plugin", spelled);
        let mut command = Command::new(&age);
        command.args(["-d", "-i", text(&spelled)]).env("PATH", path_with_plugin());
        let output = run_command(command, sealed);
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    });
}
