//! A split bundle in other people's hands: the couriers' identity by Python's standard library alone, everything else by
//! `age`, `tail`, `sha256sum` and `tar`, as docs/spec/courier.md says it.

use crate::house::{House, NAME, Organisation, all, only, text};
use crate::tools::{for_plugin, good, path_with_plugin, plugin, program, run, run_command, said, script};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &[u8] = b"An invented page of an invented ledger.\n";

fn python3(test: &str) -> Option<PathBuf> {
    program(test, "python3")
}

/// Debian's age, with our plugin beside it.
fn age(age: &Path, house: &House, identity: &[u8], sealed: &[u8]) -> Vec<u8> {
    let spelled = for_plugin(std::str::from_utf8(identity).expect("an identity is text"));
    let spelled = house.write("identity-for-plugin", spelled);
    let mut command = Command::new(age);
    command.args(["-d", "-i", text(&spelled)]).env("PATH", path_with_plugin());
    let output = run_command(command, sealed);
    assert!(output.status.success(), "{}", said(&output));
    output.stdout
}

/// The first line, and what follows it.
fn parted(bytes: &[u8]) -> (String, Vec<u8>) {
    let end = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
    (String::from_utf8(bytes[..end - 1].to_vec()).expect("a line is text"), bytes[end..].to_vec())
}

#[test]
fn officers_and_couriers_open_a_bundle_with_stock_tools() {
    const TEST: &str = "officers_and_couriers_open_a_bundle_with_stock_tools";
    let (Some(python), Some(program), Some(_)) = (python3(TEST), program(TEST, "age"), plugin(TEST)) else {
        return;
    };
    let house = House::new("stock-couriers");
    let organisation = Organisation::new(&house, 2, 3);
    let family = house.person("family");
    let page = house.write("page.txt", DOCUMENT);
    family.sanduq(&["init"]).good();
    family.sanduq(&["add", text(&page)]).good();
    family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let shares = house.path("shares");
    family.sanduq(&["seal", "--all", "--to", NAME, "--split", "2/3", "--shares-to", text(&shares)]).good();
    let stick = house.folder("stick");
    family.sanduq(&["export", text(&stick)]).good();
    let bag = house.folder("bag");
    good(Path::new("/bin/tar"), &["-x", "-f", text(&only(&stick, "bundle")), "-C", text(&bag)], b"");
    let identity = |number: usize| {
        let file = house.path(&format!("identity{number}"));
        organisation.officers[number - 1].sanduq(&["recipient", "--identity-to", text(&file)]).good();
        fs::read(file).expect("it was written")
    };
    let read = |name: &str| fs::read(bag.join(name)).expect("a member of the bundle");

    // Officers 1 and 3.
    let (line, layer) = parted(&age(&program, &house, &identity(1), &read("quorum/02.age")));
    let (again, under) = parted(&age(&program, &house, &identity(3), &layer));
    assert!(line == again && line.starts_with("sanduq-quorum/1 "));
    let (terms, couriers) = parted(&under);

    // The couriers 3 and 1, and the list that each of them carries.
    let shares = all(&shares, "share");
    for share in &shares {
        let list = "sed '1,2d;$d' \"$0\" | sha256sum | cut -c1-64";
        let digest = good(Path::new("/bin/sh"), &["-c", list, text(share)], b"");
        let digest = String::from_utf8(digest).expect("hex");
        assert_eq!(terms, format!("sanduq-couriers/1 2/3 {}", digest.trim_end()));
        let own = "cd \"$1\" && tail -n 1 \"$0\" > share-own && sha256sum share-own | cut -c1-64";
        let own = good(Path::new("/bin/sh"), &["-c", own, text(share), text(&house.dir)], b"");
        let own = String::from_utf8(own).expect("hex");
        assert!(fs::read_to_string(share).expect("text").contains(&format!("{}  share-", own.trim_end())));
    }
    let script = script("couriers.py");
    let two = good(&python, &[&script, text(&shares[2]), text(&shares[0])], b"");
    assert_eq!(two, good(&python, &[&script, text(&shares[1]), text(&shares[2])], b""));
    assert!(!run(&python, &[&script, text(&shares[1])], b"").status.success());

    let (own, key) = parted(&age(&program, &house, &two, &couriers));
    assert_eq!(own, line);
    let inner = house.write("inner.tar", age(&program, &house, &key, &read("data/payload.age")));
    let opened = house.folder("opened");
    good(Path::new("/bin/tar"), &["-x", "-f", text(&inner), "-C", text(&opened)], b"");
    let same = |name: &str| fs::read(house.path(name)).is_ok_and(|bytes| bytes == DOCUMENT);
    assert!(house.files("opened").iter().any(|(name, _)| name.contains("/files/") && same(name)));
}

/// The vectors were made by another program; this one gives what stands beside them.
#[test]
fn python_gives_the_identity_of_the_vectors() {
    let Some(python) = python3("python_gives_the_identity_of_the_vectors") else { return };
    let vector = |name: &str| format!("{}/tests/vectors/courier/{name}", env!("CARGO_MANIFEST_DIR"));
    let pair = [vector("good-3-of-3"), vector("good-1-of-3")];
    let found = good(&python, &[&script("couriers.py"), &pair[0], &pair[1]], b"");
    assert_eq!(found, fs::read(vector("identity")).expect("the identity"));
}
