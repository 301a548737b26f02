//! Digest lists: `sha256sum` checks ours, and we read its.

use crate::house::{House, text};
use crate::tools::{program, run_command};
use sanduq::crypto::Digest;
use sanduq::format::digest_list::DigestList;
use std::process::{Command, Output};

#[test]
fn sha256sum_checks_our_list_and_we_read_its() {
    let Some(sha256sum) = program("sha256sum_checks_our_list_and_we_read_its", "sha256sum") else { return };
    let house = House::new("sha256sum");
    let unit = house.folder("units").join("0001.json");
    std::fs::write(&unit, "{}").expect("in our own house");
    let mut list = DigestList::new();
    list.push("units/0001.json".parse().expect("a name"), Digest::of(b"{}")).expect("room for one");
    let list_file = house.write("list", list.to_string());
    let here = |args: &[&str]| -> Output {
        let mut command = Command::new(&sha256sum);
        command.args(args).current_dir(list_file.parent().expect("a folder"));
        run_command(command, b"")
    };
    assert!(here(&["--strict", "-c", text(&list_file)]).status.success());
    assert_eq!(DigestList::parse(&here(&["units/0001.json"]).stdout).expect("a list of sha256sum's"), list);
    std::fs::write(&unit, "{ }").expect("in our own house");
    assert!(!here(&["--strict", "-c", text(&list_file)]).status.success());
}
