//! What a seized device shows. Forty canaries go into vaults by every door while every command is run, and after
//! each command everything it left behind is looked at: no canary in any form in any file or file name, none in what
//! a command prints that is not asked to show it, no file that is not on the list, no mode but 0600 and 0700 under
//! an open umask, no other program started, nothing opened for writing elsewhere.
//!
//! The same scan over an unencrypted control finds every canary in every form.

#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "canaries/layout.rs"]
mod layout;
#[path = "canaries/patterns.rs"]
mod patterns;
#[path = "canaries/trace.rs"]
mod trace;

mod house;
mod terminal;

use house::{Done, House, Organisation, Person, all, only, run, text};
use patterns::{Canary, Door, Form, Scan, canaries, control, forms, key_forms};
use sanduq::crypto::carrier::CarrierKey;
use sanduq::crypto::{Passphrase, Seed, hex};
use sanduq::vault::Vault;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use terminal::Shell;

/// A house where everything that is done is looked at.
struct Watched<'h> {
    house: &'h House,
    canaries: Vec<Canary>,
    forms: &'h [Form],
    scan: Scan<'h>,
    /// For the keys of those who have a vault: the same, once there are any.
    keys: Vec<Scan<'h>>,
    commands: usize,
    scanned: u64,
}

impl<'h> Watched<'h> {
    fn text(&self, door: Door, number: usize) -> String {
        self.canaries.iter().filter(|canary| canary.door == door).nth(number).expect("so many").text.clone()
    }

    /// Runs a command, which must succeed, and looks at what it left. `shows` are the doors whose canaries it was
    /// asked to print.
    fn step(&mut self, person: &Person, args: &[&str], shows: &[Door]) -> Done {
        self.looked(traced(person, args, None), shows)
    }

    fn step_from(&mut self, person: &Person, args: &[&str], input: &Path, shows: &[Door]) -> Done {
        self.looked(traced(person, args, Some(input)), shows)
    }

    /// With the file `given` on descriptor 4.
    fn step_given(&mut self, person: &Person, args: &[&str]) -> Done {
        let mut command = person.command_under(&["sh", "-c", "exec \"$@\" 4< given", "sh"], args);
        command.stdin(Stdio::piped());
        let mut done = run(command, Some(&person.passphrase));
        done.told = args.join(" ");
        self.looked(done, &[])
    }

    fn looked(&mut self, done: Done, shows: &[Door]) -> Done {
        let done = done.good();
        self.commands += 1;
        for (stream, bytes) in [("standard output", &done.out), ("standard error", &done.err)] {
            let found = self.scan.find(bytes).into_iter();
            let told = found.filter(|form| !shows.contains(&self.canaries[form.canary].door));
            self.nothing(told, &format!("{stream} of {}", done.told));
            let keys = self.keys.iter().flat_map(|keys| keys.find(bytes));
            self.nothing(keys, &format!("{stream} of {}", done.told));
            let key = String::from_utf8_lossy(bytes).contains("AGE-SECRET-KEY");
            assert!(!key, "a secret key on {stream} of {}", done.told);
        }
        self.look_at_files(&done.told);
        done
    }

    /// From now on nothing may show this person's seed, nor the words for it.
    fn guard(&mut self, person: &Person) {
        let vault = Vault::unlock(&person.vault, None, &Passphrase::from(person.passphrase.as_str()))
            .expect("it opens");
        let words = vault.words();
        let seed = Seed::from_words(words.expose()).expect("24 words");
        self.guard_key(
            format!("the seed of {}", person.vault.display()),
            seed.expose().expose(),
            words.expose(),
        );
    }

    fn guard_key(&mut self, text: String, key: &[u8], words: &str) {
        self.canaries.push(Canary { door: Door::Key, text });
        let forms = key_forms(self.canaries.len() - 1, key, words);
        let forms: &'static [Form] = forms.leak();
        let keys = Scan::new(forms);
        assert_eq!(keys.find(&control(forms)).len(), forms.len(), "the scan is blind to a form of a key");
        self.keys.push(keys);
    }

    /// Looks at what the system tells everybody of a process that waits with the passphrase and a text in its hands.
    fn look_at_process(&mut self, person: &Person) {
        let title = self.text(Door::Title, 0);
        let mut command = person.house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &[]);
        command.args([
            "--vault",
            text(&person.vault),
            "--passphrase-fd",
            "0",
            "testify",
            "--title",
            &title,
            "-",
        ]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs");
        let mut pipe = child.stdin.take().expect("it was piped");
        writeln!(pipe, "{}\n{}", person.passphrase, self.text(Door::Testimony, 0)).expect("it reads");
        thread::sleep(Duration::from_millis(500));
        let seen = |what: &str| fs::read(format!("/proc/{}/{what}", child.id())).expect("it waits");
        let (arguments, environment) = (seen("cmdline"), seen("environ"));
        // What the person typed as an argument is the control.
        let told: Vec<Door> =
            self.scan.find(&arguments).iter().map(|form| self.canaries[form.canary].door).collect();
        assert!(!told.is_empty() && told.iter().all(|door| *door == Door::Title), "{told:?}");
        self.nothing(self.scan.find(&environment).into_iter(), "the environment of a process");
        for bytes in [&arguments, &environment] {
            self.nothing(
                self.keys.iter().flat_map(|keys| keys.find(bytes)),
                "what the system tells of a process",
            );
        }
        child.kill().expect("a child of our own");
        child.wait().expect("a child of our own");
        self.look_at_files("a testimony that was killed while it was read");
    }

    fn nothing(&self, found: impl Iterator<Item = &'h Form>, place: &str) {
        let found: Vec<String> =
            found.map(|form| format!("{} ({})", self.canaries[form.canary].text, form.how)).collect();
        assert!(found.is_empty(), "canaries in {place}: {found:#?}");
    }

    fn look_at_files(&mut self, told: &str) {
        for (top, allowed) in PLACES {
            for (path, data) in self.house.files(top) {
                let inside = path.strip_prefix(top).unwrap_or(&path).trim_start_matches('/');
                let wrong = layout::wrong(inside, &data, allowed);
                assert!(wrong.is_none(), "after {told}: in {top}: {}", wrong.unwrap_or_default());
                self.nothing(self.scan.find(path.as_bytes()).into_iter(), &format!("the name {path}"));
                if data.is_file() {
                    let bytes = fs::read(self.house.path(&path)).expect("listed");
                    self.scanned += bytes.len() as u64;
                    let found = self.scan.find(&bytes).into_iter();
                    let keys = self.keys.iter().flat_map(|keys| keys.find(&bytes));
                    self.nothing(found.chain(keys), &format!("{path} after {told}"));
                }
            }
        }
    }
}

/// Where commands may leave files, and which.
const PLACES: &[(&str, &[&str])] = &[
    ("family", layout::VAULT),
    ("officer1", layout::VAULT),
    ("stick", layout::STICK),
    ("to-and-fro", layout::TO_AND_FRO),
    ("disguised", layout::DISGUISED),
    ("copies", layout::VAULT),
    ("pages", layout::PAGES),
    ("shares", layout::SHARES),
    ("archive", layout::ARCHIVE),
    ("handed", layout::HANDED),
    ("post", layout::HANDED),
    ("home", &[]),
    ("tmp", &[]),
];

/// Runs a command and looks at what it started and opened.
fn traced(person: &Person, args: &[&str], input: Option<&Path>) -> Done {
    let mut done = trace::watched(person.house, Some(&person.passphrase), |under| {
        let mut command = person.command_under(under, args);
        if let Some(input) = input {
            command.env("SANDUQ_TEST_INPUT", input);
        }
        command
    });
    done.told = args.join(" ");
    done
}

/// The desk's command, looked at in the same way.
fn desk(house: &House, args: &[&str]) -> Done {
    let archive = house.path("archive");
    let intake = [env!("CARGO_BIN_EXE_sanduq-intake"), "--archive", text(&archive)];
    plain(house, &[&intake, args].concat())
}

/// The auditor's.
fn audit(house: &House, args: &[&str]) -> Done {
    plain(house, &[&[env!("CARGO_BIN_EXE_sanduq-verify")], args].concat())
}

fn plain(house: &House, words: &[&str]) -> Done {
    trace::watched(house, None, |under| {
        let words = [under, words].concat();
        house.command(Path::new(words[0]), &words[1..])
    })
}

#[test]
fn nothing_is_left_in_the_clear() {
    // Whatever the umask is, modes are ours.
    rustix::process::umask(rustix::fs::Mode::empty());
    let house = House::new("canaries");
    let canaries = canaries();
    assert_eq!(canaries.len(), 40);
    let forms = forms(&canaries);
    let scan = Scan::new(&forms);
    let keys = Vec::new();
    let mut watched = Watched { house: &house, canaries, forms: &forms, scan, keys, commands: 0, scanned: 0 };
    the_control_is_found(&watched);
    trace::the_control_is_found(&house);

    let organisation = Organisation::new(&house, 1, 1);
    let mut family = house.person("family");
    family.passphrase = watched.text(Door::Passphrase, 0);
    watched.guard(&organisation.officers[0]);
    keep(&mut watched, &family);
    typed(&mut watched, &family);
    send(&mut watched, &family, &organisation);
    receive(&mut watched, &family, &organisation.officers[0]);
    to_and_fro(&mut watched, &family);
    follow_up(&mut watched, &family);
    forget(&mut watched, &family);
    care(&mut watched, &mut family);
    if !trace::has_strace() {
        println!("SKIPPED canaries_traced: strace is missing or may not trace here");
    }
    println!(
        "MEASURED S1 canaries: {} canaries in {} forms and the seeds of {} vaults, {} commands, {} MiB scanned, 0 hits",
        watched.canaries.iter().filter(|canary| canary.door != Door::Key).count(),
        watched.forms.len(),
        watched.keys.len(),
        watched.commands,
        watched.scanned >> 20
    );
    println!(
        "MEASURED S4 files and modes: every file after each of {} commands is on the list, 0600 and 0700 under umask 000",
        watched.commands
    );
}

/// The scan can find: every form of every canary in an unencrypted control, and each kind of disorder in a file.
fn the_control_is_found(watched: &Watched) {
    let found = watched.scan.find(&control(watched.forms));
    let missing: Vec<&str> = watched
        .forms
        .iter()
        .filter(|form| !found.iter().any(|other| std::ptr::eq(*other, *form)))
        .map(|form| form.how)
        .collect();
    assert!(missing.is_empty(), "the scan is blind to {missing:?}");
    assert!(watched.scan.find(&house::Noise::new(7).bytes(1 << 20)).is_empty());
    let file = fs::metadata(watched.house.write("control", "x")).expect("just written");
    assert!(layout::wrong("passphrase.txt", &file, layout::VAULT).is_some());
    assert!(
        layout::wrong("lock", &file, &["lock"]).is_some_and(|wrong| wrong.contains("0666")),
        "umask 000 makes 0666"
    );
}

/// Content and names by files, titles and words by testimony, a label; read again in every way.
fn keep(watched: &mut Watched, family: &Person) {
    let label = watched.text(Door::Label, 0);
    watched.step(family, &["init", "--name", &label], &[]);
    watched.guard(family);
    for number in 0..10 {
        let name = format!("originals/{}.txt", watched.text(Door::FileName, number));
        // Small ones lie in the index, large ones in packs.
        let filler = house::Noise::new(number as u64).bytes(number * 20_000);
        watched.house.write(&name, [watched.text(Door::Content, number).as_bytes(), &filler].concat());
    }
    let originals = watched.house.path("originals");
    watched.step(family, &["add", text(&originals)], &[Door::FileName]);
    for number in 0..4 {
        let words: Vec<String> =
            (0..3).map(|part| watched.text(Door::Testimony, number * 3 + part)).collect();
        let testimony = format!("{}\n\nThen [[{}]] came.\n\n{}\n", words[0], words[1], words[2]);
        let input = watched.house.write("originals/testimony", testimony);
        let title = watched.text(Door::Title, number);
        // By a file and by standard input.
        let from = if number % 2 == 0 { text(&input) } else { "-" };
        watched.step_from(family, &["testify", "--title", &title, from], &input, &[Door::Title]);
    }
    let everything = &[Door::FileName, Door::Title, Door::Testimony, Door::Label, Door::Content];
    let newest = family.newest();
    watched.step(family, &["list"], everything);
    watched.step(family, &["list", "--json"], everything);
    watched.step(family, &["show", &newest], everything);
    let word = watched.text(Door::Testimony, 4);
    watched.step(family, &["search", &word], everything);
    let input = watched.house.write("originals/testimony", watched.text(Door::Testimony, 1));
    watched.step_from(family, &["edit", &newest], &input, everything);
    watched.step(family, &["remove", &newest], everything);
    watched.step(family, &["status"], &[]);
}

/// A testimony that is begun at a terminal and stopped: what was typed is a draft, and nowhere else.
fn typed(watched: &mut Watched, family: &Person) {
    let mut shell = Shell::new(family, "5");
    shell.enter("testify");
    shell.answer("A title", &watched.text(Door::Title, 1));
    shell.expect("withheld from others");
    shell.answer("> ", &watched.text(Door::Testimony, 5));
    shell.expect("> ");
    shell.keys(&watched.text(Door::Testimony, 7));
    shell.control('c');
    shell.expect(terminal::LOCKED);
    shell.answer("Passphrase:", "");
    assert_eq!(shell.code(), 0);
    assert_eq!(family.sanduq(&["status", "--json"]).good().json()["drafts"], 1);
    watched.look_at_files("a testimony that was typed and stopped");
    watched.look_at_process(family);
}

/// To the card's organisation, by stick, and the receipt back.
fn send(watched: &mut Watched, family: &Person, organisation: &Organisation) {
    let contact = watched.text(Door::Contact, 0);
    let names = &[Door::Contact];
    watched.step(family, &["contact", "add", text(&organisation.card), "--yes", "--as", &contact], names);
    watched.step(family, &["contact", "list"], names);
    watched.step(family, &["contact", "show", &contact], names);
    let shares = watched.house.path("shares");
    let split = ["--split", "2/3", "--shares-to", text(&shares)];
    watched.step(family, &[&["seal", "--all", "--to", &contact], &split[..]].concat(), names);
    let stick = watched.house.folder("stick");
    watched.step(family, &["export", text(&stick)], names);
    watched.step(family, &["status"], names);
    let bundle = only(&stick, "bundle");
    let handed = watched.house.folder("handed");
    for args in [&["accept", text(&bundle)][..], &["receipts", "--to", text(&handed)], &["list"], &["log"]] {
        let done = desk(watched.house, args);
        watched.looked(done, &[]);
    }
    let judged = audit(watched.house, &["bundle", text(&bundle)]);
    watched.looked(judged, &[]);
    for receipt in fs::read_dir(&handed).expect("handed out").map(|entry| entry.expect("listed").path()) {
        watched.step(family, &["receipt", "add", text(&receipt)], names);
    }
    let plain = watched.house.folder("plain-receipts");
    watched.step(family, &["receipt", "export", text(&plain)], names);
    assert_eq!(all(&plain, "tlog-proof").len(), 1);
    watched.step(family, &["status", "--json"], names);
}

/// Both ways with a stick of its own.
fn to_and_fro(watched: &mut Watched, family: &Person) {
    let (contact, names) = (watched.text(Door::Contact, 0), &[Door::Contact]);
    let stick = watched.house.folder("to-and-fro");
    watched.step(family, &["seal", "2", "--to", &contact], names);
    // In disguise first: the carrier key is in its file and nowhere else.
    let key = CarrierKey::generate().to_text();
    let file = watched.house.write("originals.key", key.expose());
    let digits = std::str::from_utf8(key.expose()).expect("digits").trim_end().to_owned();
    watched.guard_key("a carrier key".to_owned(), &hex::decode::<32>(&digits).expect("a key"), "");
    let disguised = watched.house.folder("disguised");
    watched.step(family, &["sync", text(&disguised), "--to", &contact, "--carrier", text(&file)], names);
    only(&disguised, "dat");
    watched.step(family, &["sync", text(&stick), "--to", &contact], names);
    desk(watched.house, &["sync", text(&stick)]).good();
    watched.look_at_files("the desk's sync");
    watched.step(family, &["sync", text(&stick), "--to", &contact], SAID);
    assert!(all(&stick, "bundle").is_empty() && all(&stick, "receipt").len() == 2, "what is settled is gone");
    watched.step(family, &["replies"], SAID);
    watched.step(family, &["replies", "--json"], SAID);
    // The same again, in parts.
    watched.step(family, &["seal", "2", "--to", &contact], names);
    let parts = ["sync", text(&stick), "--to", &contact, "--volume-size", "2M", "--parity", "2"];
    watched.step(family, &parts, SAID);
    desk(watched.house, &["sync", text(&stick)]).good();
    watched.look_at_files("the desk's sync of parts");
    watched.step(family, &parts, SAID);
    assert!(all(&stick, "part").is_empty() && all(&stick, "receipt").len() == 2, "all of it is settled");
}

/// Opened by the officer, and taken out by the one command that writes plaintext.
fn receive(watched: &mut Watched, family: &Person, officer: &Person) {
    let bundle = only(&watched.house.path("stick"), "bundle");
    let titles = &[Door::FileName, Door::Title];
    let shares = all(&watched.house.path("shares"), "share");
    let open = ["open", text(&bundle), "--shares", text(&shares[0]), text(&shares[2])];
    watched.step(officer, &open, titles);
    watched.step(officer, &["list"], titles);
    watched.step(officer, &["recipient"], &[]);
    let draft = watched.house.path("draft");
    watched.step(officer, &["card", "sign", text(&draft)], &[]);
    reply(watched, officer);
    events(watched, officer);
    let item = family.list().iter().map(|item| item["item"].to_string()).next_back().expect("items");
    let to = watched.house.folder("extracted");
    watched.step(family, &["extract", &item, "--to", text(&to)], titles);
    let plain: Vec<_> =
        watched.house.files("extracted").into_iter().filter(|(_, data)| data.is_file()).collect();
    assert!(!plain.is_empty(), "extract wrote a file");
    let found = plain
        .iter()
        .any(|(path, _)| !watched.scan.find(&fs::read(watched.house.path(path)).expect("listed")).is_empty());
    assert!(found, "the canary is in what extract wrote, and nowhere else");
}

/// What the officer says to the author, given to the desk as a letter.
fn reply(watched: &mut Watched, officer: &Person) {
    let shown = watched.step(officer, &["show", "1", "--json"], SAID).json();
    let bundle = shown["received"]["bundle"].as_str().expect("a bundle").to_owned();
    let said = watched.house.write("originals/said", watched.text(Door::Testimony, 5));
    let post = watched.house.folder("post");
    watched.step(officer, &["reply", &bundle, text(&said), "--to", text(&post)], &[]);
    watched.step_from(officer, &["reply", &bundle, "--to", text(&post)], &said, &[]);
    watched.step(officer, &["replies"], SAID);
    let letters = all(&post, "receipt");
    assert_eq!(letters.len(), 2, "one reply, sealed twice");
    desk(watched.house, &["letters", "add", text(&letters[0]), text(&letters[1])]).good();
    watched.look_at_files("letters add");
}

/// What the officer did comes into the log, and the proof of it home.
fn events(watched: &mut Watched, officer: &Person) {
    watched.step(officer, &["events"], &[]);
    let stick = watched.house.folder("acts");
    watched.step(officer, &["events", text(&stick)], &[]);
    desk(watched.house, &["sync", text(&stick)]).good();
    watched.look_at_files("the desk's sync of events");
    watched.step(officer, &["events", text(&stick)], &[]);
}

/// What shows with an item, and with what was said about it.
const SAID: &[Door] = &[Door::FileName, Door::Title, Door::Testimony, Door::Contact, Door::Content];

/// A correction and a withdrawal of what was sent before, with a message.
fn follow_up(watched: &mut Watched, family: &Person) {
    let (contact, names) = (watched.text(Door::Contact, 0), &[Door::Contact, Door::FileName, Door::Title]);
    let status = watched.step(family, &["status", "--json"], names).json();
    let bundle = status["deliveries"][0]["bundle"].as_str().expect("a delivery").to_owned();
    let item = family.newest();
    watched.step(family, &["seal", &item, "--to", &contact, "--corrects", &bundle], names);
    let said = watched.house.write("originals/said", watched.text(Door::Testimony, 3));
    let withdraw = ["withdraw", &bundle, "--to", &contact, "--message", text(&said)];
    watched.step(family, &withdraw, names);
    watched.step(family, &["withdraw", "--all", "--to", &contact, "--direct"], names);
    watched.step(family, &["consent", &item, "--json"], names);
}

/// What is done to the vault as a whole, and to what it still knows when nothing is left in it.
fn care(watched: &mut Watched, family: &mut Person) {
    let (contact, names) = (watched.text(Door::Contact, 0), &[Door::Contact, Door::FileName, Door::Title]);
    let copies = watched.house.path("copies");
    watched.step(family, &["backup", text(&copies)], names);
    watched.step(family, &["repair"], &[Door::Contact, Door::FileName, Door::Title, Door::Label]);
    let pages = watched.house.path("pages");
    watched.step(family, &["key", "split", "--shares", "3", "--threshold", "2", "--to", text(&pages)], names);
    watched.step(family, &["contact", "remove", &contact, "--yes"], names);
    watched.step(family, &["forget", "--traces"], names);
    passphrases(watched, family);
    watched.step(family, &["rekey"], names);
    watched.step(family, &["panic", "--yes"], names);
}

/// A second passphrase, a key file, and the first passphrase changed to it and back.
fn passphrases(watched: &mut Watched, family: &mut Person) {
    let (first, second) = (family.passphrase.clone(), watched.text(Door::Passphrase, 1));
    let given = |watched: &Watched, passphrase: &str| watched.house.write("given", format!("{passphrase}\n"));
    given(watched, &second);
    watched.step_given(family, &["passphrase", "add", "--new-passphrase-fd", "4"]);
    family.passphrase = second;
    watched.step(family, &["status"], &[]);
    given(watched, &first);
    watched.step_given(family, &["passphrase", "remove", "--gone-passphrase-fd", "4"]);
    watched.step_given(family, &["passphrase", "change", "--new-passphrase-fd", "4"]);
    family.passphrase = first;
    let key_file = watched.house.path("key-file");
    watched.step(family, &["key-file", "set", text(&key_file)], &[]);
    watched.step(family, &["--key-file", text(&key_file), "key-file", "drop"], &[]);
}

/// Sealed without being kept, sealed and forgotten, forgotten by number, once delivered, and while it waits.
fn forget(watched: &mut Watched, family: &Person) {
    let (contact, names) = (watched.text(Door::Contact, 0), &[Door::Contact, Door::FileName, Door::Title]);
    let original = watched.house.path(&format!("originals/{}.txt", watched.text(Door::FileName, 9)));
    watched.step(family, &["seal", "--direct", text(&original), "--to", &contact], names);
    let input = watched.house.write("originals/testimony", watched.text(Door::Testimony, 2));
    let title = watched.text(Door::Title, 0);
    let testify = ["testify", "--title", &title, "-", "--direct", "--to", &contact];
    watched.step_from(family, &testify, &input, names);
    watched.step(family, &["seal", "1", "--to", &contact, "--forget"], names);
    watched.step(family, &["forget", "1", "2", "--yes"], names);
    watched.step(family, &["forget", "--delivered", "--yes"], names);
    watched.step(family, &["forget", "--outbox", "--yes"], names);
    let left: Vec<String> = family.list().iter().map(|item| item["item"].to_string()).collect();
    let rest: Vec<&str> = ["forget", "--yes"].into_iter().chain(left.iter().map(String::as_str)).collect();
    watched.step(family, &rest, names);
    assert!(family.list().is_empty(), "everything is forgotten");
}

/// Kills of each command, spread over the time it takes.
const KILLS: u32 = 12;

/// A killed command may leave a temporary file, and nothing in the clear; after the next command every file is on
/// the list again.
#[test]
fn a_killed_command_leaves_nothing_in_the_clear() {
    let house = House::new("killed");
    let canaries = canaries();
    let forms = forms(&canaries);
    let scan = Scan::new(&forms);
    let keys = Vec::new();
    let mut watched = Watched { house: &house, canaries, forms: &forms, scan, keys, commands: 0, scanned: 0 };
    let organisation = Organisation::new(&house, 1, 1);
    let family = house.person("family");
    family.sanduq(&["init"]).good();
    family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", house::NAME]).good();
    let testimony = house.write("originals/testimony", watched.text(Door::Testimony, 0).repeat(2_000));
    let pages = house.path("originals/pages");
    let add = ["add", text(&pages)];
    killed(&mut watched, &family, &add, write_pages);
    killed(&mut watched, &family, &["testify", "--title", "untold", text(&testimony)], |_, _| ());
    killed(&mut watched, &family, &["seal", "--all", "--to", house::NAME], |watched, kill| {
        write_pages(watched, KILLS + kill + 1);
        family.sanduq(&add).good();
    });
    family.sanduq(&["status"]).good();
    watched.look_at_files("a command after many kills");
    println!("MEASURED S1 after SIGKILL: {} kills, {} MiB scanned, 0 hits", KILLS * 3, watched.scanned >> 20);
}

/// Ten pages of 100 KiB each, new for every round.
fn write_pages(watched: &Watched, round: u32) {
    for number in 0..10 {
        let name = format!("originals/pages/{}.txt", watched.text(Door::FileName, number));
        let content = format!("{round} {}", watched.text(Door::Content, number).repeat(3_000));
        watched.house.write(&name, content);
    }
}

/// Runs a command to its end once, to know how long it takes, and then kills it at twelve places on the way.
fn killed(watched: &mut Watched, person: &Person, args: &[&str], prepare: impl Fn(&Watched, u32)) {
    prepare(watched, 0);
    let start = std::time::Instant::now();
    person.sanduq(args).good();
    let whole = start.elapsed();
    for kill in 1..=KILLS {
        prepare(watched, kill);
        kill_after(person, args, whole * kill / KILLS);
        for (path, data) in watched.house.files("family").into_iter().filter(|(_, data)| data.is_file()) {
            let bytes = fs::read(watched.house.path(&path)).expect("listed");
            watched.scanned += data.len();
            watched
                .nothing(watched.scan.find(&bytes).into_iter(), &format!("{path} after a kill of {args:?}"));
        }
    }
}

fn kill_after(person: &Person, args: &[&str], delay: Duration) {
    let mut command = person.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("it was piped");
    writeln!(pipe, "{}", person.passphrase).expect("it waits for its passphrase");
    thread::sleep(delay);
    child.kill().expect("a child of our own");
    child.wait().expect("a child of our own");
}
