//! Bad input, as it is met on the command line: each is answered with a clear sentence, with what is safe now and
//! what to do, and a code that is not 0; nothing is lost, and nothing is there by half.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "bad_input/containers.rs"]
mod containers;
mod house;
#[path = "bad_input/media.rs"]
mod media;
#[path = "bad_input/reread.rs"]
mod reread;
mod world;

use house::{Done, House, NAME, Organisation, Person, run, text};
use sanduq::crypto::KeyPair;
use sanduq::format::card::Draft;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The command refused with this code, and said all of this.
fn refused(done: Done, code: i32, told: &[&str]) {
    let done = done.bad();
    assert_eq!(done.code, Some(code), "{}\n{}", done.told, done.stderr());
    // What happened, what is safe now and what to do: whoever is frightened must not have to guess.
    let said = done.stderr();
    let sentences = said.lines().filter(|line| !line.starts_with("  ")).count();
    assert!(sentences >= 3, "{} leaves something out:\n{said}", done.told);
    for told in told {
        assert!(done.stderr().contains(told), "{} should say {told:?}:\n{}", done.told, done.stderr());
    }
}

fn keeper<'h>(house: &'h House) -> Person<'h> {
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    person
}

#[test]
fn what_is_not_a_vault_is_not_opened_and_not_made_one() {
    let house = House::new("not-a-vault");
    let nobody = house.person("nowhere");
    refused(nobody.sanduq(&["list"]), 5, &["There is no vault here:", "init"]);
    assert!(!nobody.vault.exists());
    house.write("photos/a.jpg", "mine");
    let photos = house.person("photos");
    refused(photos.sanduq(&["list"]), 5, &["There is no vault here:"]);
    assert_eq!(house.files("photos").len(), 1, "it is as it was");
    let damaged = keeper(&house);
    let (slots, _) = house.files("p").into_iter().find(|(name, _)| name.ends_with("/slots")).expect("slots");
    fs::remove_file(house.path(&slots)).expect("removed");
    let before = house.files("p").len();
    // It may be saved yet: whoever is told that there is no vault may throw the folder away.
    refused(damaged.sanduq(&["list"]), 1, &["what is left of a vault", "Copy the whole folder"]);
    refused(damaged.sanduq(&["init"]), 1, &["what is left of a vault", "Copy the whole folder"]);
    assert_eq!(house.files("p").len(), before, "no fresh part beside what is left of one");
}

/// A vault was made among somebody's photographs: whoever carried the folder off or cleaned it up later took evidence
/// for files of theirs, or files of theirs for evidence.
#[test]
fn a_vault_wants_a_folder_of_its_own() {
    let house = House::new("own-folder");
    let person = keeper(&house);
    house.write("p/letter", "mine");
    person.sanduq(&["list"]).good();
    let mut second = house.person("p");
    second.passphrase = "the second one's passphrase".into();
    second.sanduq(&["init"]).good();

    for (number, stray) in
        ["letter", ".hidden", "folder/letter", "desktop.ini.txt", ".Trash"].iter().enumerate()
    {
        house.write(&format!("strays{number}/{stray}"), "mine");
        let at = house.person(&format!("strays{number}"));
        let names = || house.files(&format!("strays{number}")).into_iter().map(|(name, _)| name);
        let before: Vec<_> = names().collect();
        let english =
            ["There are other files in this folder, so no vault was made in it:", "Nothing was changed."];
        refused(at.sanduq(&["init"]), 1, &english);
        let persian = ["در این پوشه فایل‌های دیگری هست", "پوشه‌ای تازه یا خالی"];
        refused(at.sanduq(&["--lang", "fa", "init"]), 1, &persian);
        assert!(names().eq(before), "{stray}: it is as it was");
    }

    let leftover = format!(".{}.part/slots", "0123456789abcdef".repeat(2));
    let usual = ["lost+found/x", ".DS_Store", ".Trash-1000/x", ".directory", "desktop.ini", &leftover];
    usual.iter().for_each(|name| drop(house.write(&format!("disk/{name}"), "the system's")));
    house.person("disk").sanduq(&["init"]).good();
}

#[test]
fn a_wrong_passphrase_says_nothing_more() {
    let house = House::new("wrong");
    let first = keeper(&house);
    let mut second = house.person("p");
    second.passphrase = "the second one's passphrase".into();
    let part = second.sanduq(&["init", "--json"]).good().json()["part"].as_str().expect("an id").to_string();
    let mut wrong = house.person("p");
    wrong.passphrase = "no passphrase of anyone".into();
    let told = wrong.sanduq(&["list"]).bad();
    assert_eq!(told.code, Some(3));
    let of_part = wrong.sanduq(&["--part", &part, "list"]).bad();
    assert_eq!((told.code, &told.err), (of_part.code, &of_part.err), "no hint which part");
    refused(first.sanduq(&["--part", &part, "list"]), 3, &["This passphrase opens nothing here."]);
    wrong.passphrase = String::new();
    refused(wrong.sanduq(&["list"]), 3, &["There was no passphrase on descriptor 3."]);
}

#[test]
fn damaged_slots_are_told_like_a_wrong_passphrase() {
    let house = House::new("slots");
    let person = keeper(&house);
    let (name, _) = house.files("p").into_iter().find(|(name, _)| name.ends_with("/slots")).expect("slots");
    let path = house.path(&name);
    let mut bytes = fs::read(&path).expect("slots");
    bytes.iter_mut().skip(64).for_each(|byte| *byte ^= 0x55);
    fs::write(&path, bytes).expect("changed");
    refused(
        person.sanduq(&["list"]),
        3,
        &["This passphrase opens nothing here.", "Your vault is as it was."],
    );
}

#[test]
fn an_index_that_cannot_be_read_is_never_a_fresh_vault() {
    let house = House::new("index");
    let person = keeper(&house);
    person.sanduq(&["add", text(&house.write("x", "x"))]).good();
    let named = |end: &str| {
        let (name, _) =
            house.files("p").into_iter().find(|(name, _)| name.ends_with(end)).expect("it is there");
        house.path(&name)
    };
    fs::write(named("/index"), vec![7; 8192]).expect("overwritten");
    let before = house.files("p").len();
    refused(person.sanduq(&["list"]), 1, &["cannot be read", "Copy the whole vault folder"]);
    fs::remove_file(named("/index")).expect("removed");
    person.sanduq(&["list"]).bad();
    assert!(house.files("p").len() <= before, "nothing was made anew");
}

#[test]
fn a_file_that_vanished_or_changes_is_named_and_the_others_are_kept() {
    let house = House::new("changes");
    let person = keeper(&house);
    let good = house.write("good", "good");
    let done = person.sanduq(&["add", text(&good), text(&house.path("gone"))]);
    refused(done, 1, &["because it is not there:", "What was kept is complete"]);
    assert_eq!(person.list().len(), 1);

    let growing = house.write("growing", vec![1; 64 << 20]);
    let stop = AtomicBool::new(false);
    let done = thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&growing).expect("ours");
            while !stop.load(Ordering::Relaxed) {
                std::io::Write::write_all(&mut file, &[2; 4096]).expect("it grows");
                thread::sleep(Duration::from_millis(1));
            }
        });
        let done = person.sanduq(&["add", text(&growing)]);
        stop.store(true, Ordering::Relaxed);
        done
    });
    refused(done, 1, &["because it changed while it was read:", text(&growing)]);
    assert_eq!(person.list().len(), 1, "nothing is there by half");
    person.sanduq(&["add", text(&growing)]).good();
}

#[test]
fn links_and_devices_are_passed_over_and_named() {
    let house = House::new("links");
    let person = keeper(&house);
    house.write("folder/real", "real");
    std::os::unix::fs::symlink("/etc/passwd", house.path("folder/link")).expect("a link");
    run(house.command(Path::new("mkfifo"), &["folder/pipe"]), None).good();
    let done = person.sanduq(&["add", text(&house.path("folder"))]).good();
    assert!(done.stderr().contains("a link to somewhere else"), "{}", done.stderr());
    assert!(done.stderr().contains("not a file or folder"), "{}", done.stderr());
    assert_eq!(person.list().len(), 1);
    refused(person.sanduq(&["add", text(&house.path("folder/link"))]), 1, &["Not everything was kept."]);
    let inside = person.sanduq(&["add", text(&person.vault)]);
    refused(inside, 1, &["it belongs to the vault itself"]);
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let house = House::new("names");
    let person = keeper(&house);
    let evil = "photo\u{202e}gpj.exe\u{1b}[2J\u{7}\nx";
    house.write(&format!("folder/{evil}"), "made up");
    let added = person.sanduq(&["add", text(&house.path("folder"))]).good();
    let listed = person.sanduq(&["list"]).good();
    let shown = person.sanduq(&["show", "1"]).good();
    let out = house.path("out");
    let extracted = person.sanduq(&["extract", "1", "--to", text(&out)]).good();
    for done in [&added, &listed, &shown, &extracted] {
        let said = done.stdout() + &done.stderr();
        assert!(!said.contains(['\u{202e}', '\u{1b}', '\u{7}']), "{said:?}");
    }
    assert!(listed.stdout().contains("photo<U+202E>gpj.exe<U+001B>[2J"), "{}", listed.stdout());
    assert_eq!(listed.stdout().lines().count(), 1);
    let written = house.files("out");
    assert_eq!(written.len(), 1);
    assert!(!written[0].0.contains(['\u{202e}', '\u{1b}', '\u{7}', '\n']), "{written:?}");
    let title = person.sanduq(&["testify", "--title", evil, text(&house.write("t", "text\u{1b}[31m"))]);
    let said = title.stdout() + &title.stderr() + &person.sanduq(&["show", "2"]).stdout();
    assert!(!said.contains(['\u{202e}', '\u{1b}', '\u{7}']), "{said:?}");
}

#[test]
fn two_processes_at_once_do_not_meet_in_one_vault() {
    let house = House::new("busy");
    let person = keeper(&house);
    // It reads the testimony from a pipe that nobody fills, after it unlocked.
    let mut command = house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &[]);
    command.args(["--vault", text(&person.vault), "--passphrase-fd", "0", "testify", "-"]);
    let mut first = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs");
    let mut pipe = first.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut pipe, format!("{}\nmade up", person.passphrase).as_bytes())
        .expect("it reads");
    // Only once the first has the vault: else the second may have it, and the first ends.
    let has_the_lock = || {
        let open = fs::read_dir(format!("/proc/{}/fd", first.id())).into_iter().flatten().flatten();
        open.filter_map(|file| fs::read_link(file.path()).ok()).any(|path| path.ends_with("lock"))
    };
    let waited = (0..2_000).take_while(|_| !has_the_lock()).map(|_| thread::sleep(Duration::from_millis(5)));
    assert!(waited.count() < 2_000, "it never took the vault");
    thread::sleep(Duration::from_millis(50));
    let done = person.sanduq(&["list"]);
    refused(done, 6, &["being used by another program", "Your vault is as it was."]);
    drop(pipe);
    assert!(first.wait().expect("it ends").success());
    assert_eq!(person.list().len(), 1);
}

#[test]
fn a_testimony_that_is_no_text_or_no_word_is_not_kept() {
    let house = House::new("text");
    let person = keeper(&house);
    let picture = house.write("picture", b"\xff\xd8\xff\xe0 made up");
    refused(person.sanduq(&["testify", text(&picture)]), 4, &["not plain text in UTF-8", "add PATH…"]);
    let empty = house.write("empty", " \n\n");
    refused(person.sanduq(&["testify", text(&empty)]), 7, &["There is not a word in it"]);
    refused(person.sanduq(&["testify", text(&house.path("none"))]), 5, &["There is no such file:"]);
    refused(person.sanduq(&["testify", text(&house.folder("folder"))]), 1, &["This is a folder"]);
    assert!(person.list().is_empty());
}

/// The card of an organisation, signed anew after its draft was changed.
fn signed_again(organisation: &Organisation, change: impl Fn(&str) -> String) -> Done {
    let house = organisation.house;
    let draft = fs::read_to_string(house.path("draft")).expect("the draft");
    let changed = house.write("changed.draft", change(&draft));
    organisation.officers[0].sanduq(&["card", "sign", text(&changed)])
}

#[test]
fn a_card_is_refused_that_is_broken_old_expired_or_of_another_key() {
    let house = House::new("cards");
    let organisation = Organisation::new(&house, 1, 2);
    let person = keeper(&house);
    let add = |card: &Path| person.sanduq(&["contact", "add", text(card), "--yes"]);
    let same = "Your contacts are as they were.";
    let card = fs::read(&organisation.card).expect("the card");

    refused(add(&house.write("empty.card", "")), 4, &["This is not a valid card.", same]);
    refused(add(&house.write("large.card", vec![b'a'; 2 << 20])), 4, &["larger than such a file can be"]);
    let name =
        house.write("name.card", String::from_utf8_lossy(&card).replacen(NAME, "Archive-of-Exbmples", 1));
    refused(add(&name), 4, &["This is not a valid card.", same]);
    // Signed by nobody, under a key for which `ssh-keygen` takes it.
    let weak = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/card/bad-weak-key.card");
    refused(add(&weak), 4, &["This is not a valid card.", same]);
    let cut = house.write("cut.card", &card[..card.len() - 40]);
    refused(add(&cut), 4, &["This is not a valid card.", same]);
    assert!(
        person.sanduq(&["contact", "list", "--json"]).good().json()["contacts"]
            .as_array()
            .is_some_and(Vec::is_empty)
    );

    run(house.command(Path::new("cp"), &["-r", "officer1", "copy"]), None).good();
    let newer = signed_again(&organisation, |draft| draft.replace("serial: 1", "serial: 2")).good();
    add(&house.write("newer.card", &newer.out)).good();
    refused(add(&organisation.card), 4, &["is older than the one you have", same]);
    let other_day = |draft: &str| {
        let line = draft.lines().find(|line| line.starts_with("valid-until: ")).expect("a day").to_string();
        draft.replace("serial: 1", "serial: 2").replace(&line, "valid-until: 2027-01-01")
    };
    // The vault that signed number 2 signs no other one; a copy of it from before would.
    refused(signed_again(&organisation, other_day), 4, &["Two different cards carry the number 2"]);
    run(house.command(Path::new("rm"), &["-r", "officer1"]), None).good();
    fs::rename(house.path("copy"), house.path("officer1")).expect("the older copy takes its place");
    let twin = signed_again(&organisation, other_day).good();
    refused(add(&house.write("twin.card", &twin.out)), 4, &["Two different cards carry the number 2", same]);

    let stranger = organisation.officers[1].sanduq(&["card", "sign", text(&house.path("draft"))]).good();
    let stranger = house.write("stranger.card", &stranger.out);
    refused(add(&stranger), 4, &["with another key", same, "--as NAME"]);
    person.sanduq(&["contact", "add", text(&stranger), "--yes", "--as", "The others"]).good();
}

#[test]
fn an_expired_card_is_neither_signed_nor_taken() {
    let house = House::new("expired");
    let organisation = Organisation::new(&house, 1, 1);
    let person = keeper(&house);
    let past = |draft: &str| {
        let line = draft.lines().find(|line| line.starts_with("valid-until: ")).expect("a day").to_string();
        draft.replace(&line, "valid-until: 2001-01-01")
    };
    refused(signed_again(&organisation, past), 4, &["no longer valid"]);
    // What another program signed.
    let draft = past(&fs::read_to_string(house.path("draft")).expect("the draft"));
    let card = Draft::parse(draft.as_bytes()).expect("a draft").sign(&KeyPair::generate());
    let card = house.write("expired.card", card.as_bytes());
    refused(person.sanduq(&["contact", "add", text(&card), "--yes"]), 4, &["no longer valid", "2001-01-01"]);
}
