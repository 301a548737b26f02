//! Sticks and disks that cannot take what is to be written.

use crate::house::{House, Organisation, Person, run, text};
use crate::{keeper, refused};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Set for the process within the namespace.
const INSIDE: &str = "SANDUQ_TEST_BAD_MEDIA";

/// Runs the test `name` within a mount namespace, or says why not; true if this is the process within.
fn inside(name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let able =
        |flags: &str| Command::new("unshare").args([flags, "true"]).status().is_ok_and(|s| s.success());
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| able(flags)) else {
        println!("SKIPPED {name}: no mount namespaces here");
        return false;
    };
    let test = format!("media::{name}");
    let mut again = Command::new("unshare");
    again.arg(flags).arg(std::env::current_exe().expect("this test")).args(["--exact", &test, "--nocapture"]);
    let done = again.env(INSIDE, "1").output().expect("unshare was just tried");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}");
    out.lines().filter(|line| line.starts_with("SKIPPED ")).for_each(|line| println!("{line}"));
    false
}

fn mount(house: &House, args: &[&str]) -> bool {
    run(house.command(Path::new("mount"), args), None).code == Some(0)
}

#[test]
fn a_read_only_stick_takes_nothing() {
    if !inside("a_read_only_stick_takes_nothing") {
        return;
    }
    let house = House::new("read-only");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    organisation.send(&person, "first-stick");
    let stick = house.folder("stick");
    assert!(mount(&house, &["-t", "tmpfs", "-o", "ro", "tmpfs", text(&stick)]));
    let told = ["Nothing can be written here:", "lock switch", "Your vault is as it was."];
    refused(person.sanduq(&["export", text(&stick)]), 1, &told);
    refused(person.sanduq(&["extract", "1", "--to", text(&stick)]), 1, &told);
    assert!(mount(&house, &["-o", "remount,rw", text(&stick)]));
    person.sanduq(&["export", text(&stick)]).good();
    run(house.command(Path::new("umount"), &[text(&stick)]), None).good();
}

#[test]
fn a_stick_too_small_is_told_before_anything_is_written() {
    if !inside("a_stick_too_small_is_told_before_anything_is_written") {
        return;
    }
    let house = House::new("too-small");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    organisation.send(&person, "first-stick");
    let stick = house.folder("stick");
    assert!(mount(&house, &["-t", "tmpfs", "-o", "size=64k", "tmpfs", text(&stick)]));
    refused(person.sanduq(&["export", text(&stick)]), 1, &["There is too little room here", "larger stick"]);
    assert!(house.files("stick").is_empty());
    run(house.command(Path::new("umount"), &[text(&stick)]), None).good();
}

#[test]
fn a_vault_is_not_made_on_fat() {
    let name = "a_vault_is_not_made_on_fat";
    if !inside(name) {
        return;
    }
    let house = House::new("fat");
    let (image, stick) = (house.write("fat.img", fat16()), house.folder("stick"));
    if !mount_fat(&house, text(&image), text(&stick)) {
        println!("SKIPPED {name}: FAT cannot be mounted here");
        return;
    }
    let person = house.person("stick/vault");
    refused(person.sanduq(&["init"]), 1, &["A vault cannot be kept safe on this file system"]);
    assert!(house.files("stick").is_empty(), "{:?}", house.files("stick"));
    let organisation = Organisation::new(&house, 1, 1);
    let keeper = keeper(&house);
    keeper.sanduq(&["add", text(&house.write("x", "made up"))]).good();
    organisation.send(&keeper, "stick");
    a_vault_copied_there_is_left_alone(&house);
    run(house.command(Path::new("umount"), &[text(&stick)]), None).good();
}

/// A vault that lay on a stick was opened and added to; forgetting then damaged it, and the sentence spoke of a file that
/// may not be read.
fn a_vault_copied_there_is_left_alone(house: &House) {
    let mut back = house.person("other");
    back.sanduq(&["init"]).good();
    back.sanduq(&["add", text(&house.write("y", "made up"))]).good();
    run(house.command(Path::new("cp"), &["-r", "other", "stick/copied"]), None).good();
    let copied = Person { house, vault: house.path("stick/copied"), passphrase: back.passphrase.clone() };
    let bytes = || {
        let files = house.files("stick/copied").into_iter().filter(|(_, data)| data.is_file());
        files.map(|(name, _)| (fs::read(house.path(&name)).expect("listed"), name)).collect::<Vec<_>>()
    };
    let before = bytes();
    let file = house.write("another", "made up");
    for args in [&["list"][..], &["add", text(&file)], &["forget", "1", "--yes"], &["repair", "--yes"]] {
        refused(copied.sanduq(args), 1, &["A vault cannot be kept safe on this file system"]);
    }
    assert!(bytes() == before, "it was only read");
    run(house.command(Path::new("cp"), &["-r", "stick/copied", "back"]), None).good();
    back.vault = house.path("back");
    assert_eq!(back.list().len(), 1, "on the computer's own disk it opens");
}

/// By the kernel, or by a program where the kernel has no FAT. That program shows 0700 for everything, whatever it is
/// given, and loses what is in a folder that is renamed: a vault there was made, and gone.
fn mount_fat(house: &House, image: &str, stick: &str) -> bool {
    let fuse =
        || run(house.command(Path::new("fusefat"), &["-o", "rw+", image, stick]), None).code == Some(0);
    mount(house, &["-t", "vfat", "-o", "loop", image, stick])
        || (Path::new("/dev/fuse").exists() && has("fusefat") && fuse())
}

fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|found| found.status.success())
}

/// An empty FAT16 file system of 16 MiB.
fn fat16() -> Vec<u8> {
    const SECTOR: usize = 512;
    const SECTORS: usize = 32_768;
    const FAT_SECTORS: u16 = 32;
    let mut image = vec![0; SECTORS * SECTOR];
    image[..11].copy_from_slice(b"\xeb\x3c\x90MSDOS5.0");
    let mut put = |at: usize, bytes: &[u8]| image[at..at + bytes.len()].copy_from_slice(bytes);
    put(11, &512u16.to_le_bytes());
    put(13, &[4, 1, 0, 2]);
    put(17, &512u16.to_le_bytes());
    put(19, &(SECTORS as u16).to_le_bytes());
    put(21, &[0xf8]);
    put(22, &FAT_SECTORS.to_le_bytes());
    put(24, &[32, 0, 2, 0]);
    put(36, b"\x80\x00\x291234STICK      FAT16   ");
    put(510, &[0x55, 0xaa]);
    for fat in 0..2 {
        put((1 + fat * usize::from(FAT_SECTORS)) * SECTOR, &[0xf8, 0xff, 0xff, 0xff]);
    }
    image
}

#[test]
fn what_is_not_a_folder_or_already_taken_is_left_alone() {
    let house = House::new("occupied");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    let file = house.write("file", "mine");
    person.sanduq(&["add", text(&file)]).good();
    let bundle = organisation.send(&person, "stick");
    refused(person.sanduq(&["export", text(&file)]), 1, &["This is not a folder:"]);
    person.sanduq(&["export", text(&house.path("not-there-yet"))]);
    fs::write(&bundle, "something else of this name").expect("written over");
    refused(person.sanduq(&["export", text(&house.path("stick"))]), 1, &["A different file of this name"]);
    assert_eq!(fs::read(&bundle).expect("it"), b"something else of this name");
    let out = house.folder("out");
    fs::write(out.join("file"), "mine").expect("a file");
    let done = person.sanduq(&["extract", "1", "--to", text(&out)]);
    assert_eq!(fs::read(out.join("file")).expect("it"), b"mine", "{}", done.stderr());
    let identity = house.write("identity", "mine");
    refused(
        person.sanduq(&["recipient", "--identity-to", text(&identity)]),
        1,
        &["A different file of this name"],
    );
    assert_eq!(fs::read(&identity).expect("it"), b"mine");
}
