//! Shares of the 24 words: any few of them, in any order, open the vault; the wrong one is named.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;

use std::path::Path;
use std::process::Command;

use house::{House, Person, run, text};
use rexpect::session::{PtySession, spawn_command};
use sanduq::crypto::bytewords;

const NEW: &str = "an invented passphrase after the loss";
const ENTER: &str = "\u{1b}[?1049h";
const LEAVE: &str = "\u{1b}[?1049l";
/// Milliseconds to wait for what should appear: a busy machine takes its time.
const PATIENCE: u64 = 60_000;

fn at_terminal(person: &Person, args: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq"));
    command.args(["--lang", "en", "--vault", text(&person.vault)]).args(args);
    command.current_dir(&person.house.dir).env_clear().env("HOME", person.house.path("home"));
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    spawn_command(command, Some(PATIENCE)).expect("a pty")
}

fn expect(session: &mut PtySession, needle: &str) -> String {
    session.exp_string(needle).unwrap_or_else(|error| panic!("waiting for {needle:?}: {error}"))
}

fn answer(session: &mut PtySession, question: &str, typed: &str) {
    expect(session, question);
    session.send_line(typed).expect("the terminal takes it");
}

/// What is still printed, and the exit code.
fn rest(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().expect("it ends");
    match session.process().wait().expect("it ends") {
        rexpect::process::WaitStatus::Exited(_, code) => (rest, code),
        other => panic!("{other:?}"),
    }
}

/// So many words of what was shown, each behind its number.
fn numbered(shown: &str, count: usize) -> Vec<String> {
    let parts: Vec<&str> = shown.split_whitespace().collect();
    let word = |place: usize| {
        let at = parts.iter().position(|part| *part == format!("{place}.")).expect("a number");
        parts[at + 1].to_owned()
    };
    (1..=count).map(word).collect()
}

/// Splits the seed into pages in a folder of its own, and gives their paths.
fn split(person: &Person, folder: &str, needed: &str, count: &str) -> Vec<std::path::PathBuf> {
    let dir = person.house.path(folder);
    let made = person.sanduq(&[
        "--json",
        "key",
        "split",
        "--shares",
        count,
        "--threshold",
        needed,
        "--to",
        text(&dir),
    ]);
    let made = made.good().json();
    let files: Vec<_> =
        made["files"].as_array().expect("files").iter().map(|file| file.as_str().unwrap()).collect();
    assert_eq!(files.len().to_string(), count);
    house::all(&dir, "html")
}

fn by_shares(person: &Person, files: &[&Path]) -> house::Done {
    let mut args = vec!["--json", "recover", "--new-passphrase-fd", "3", "--shares-from"];
    args.extend(files.iter().map(|file| text(file)));
    run(person.command(&args), Some(NEW))
}

fn told(done: &house::Done) -> serde_json::Value {
    serde_json::from_slice(&done.err).unwrap_or_else(|error| panic!("{error}: {}", done.stderr()))
}

/// The words on a share's page.
fn words(path: &Path) -> String {
    let page = std::fs::read_to_string(path).expect("a page");
    let words = page.split("<li>").skip(1).map(|rest| rest.split_once("</li>").expect("an item").0);
    words.collect::<Vec<_>>().join(" ")
}

/// A share that somebody changed who knows how: its words belong together.
fn made_up(words: &str) -> String {
    let mut bytes = bytewords::decode(words).unwrap();
    let last = bytes.expose().len() - 1;
    bytes.expose_mut()[last] ^= 1;
    bytewords::encode(bytes.expose()).expose().clone()
}

#[test]
fn shares_in_any_order_recover_and_the_wrong_one_is_named() {
    let house = House::new("recovery-shares");
    let mut person = house.person("p");
    person.sanduq(&["init"]).good();
    let pages = split(&person, "shares", "3", "5");
    let others = loop {
        let others = split(&person, &format!("again-{}", house.files("").len()), "3", "5");
        if others[0].file_name() != pages[0].file_name() {
            break others;
        }
    };
    let [one, two, three, five] = [0, 1, 2, 4].map(|at| pages[at].as_path());
    let page = std::fs::read_to_string(two).expect("a page");
    let changed = house.write("changed.html", page.replacen("<li>tuna</li>", "<li>able</li>", 1));
    let misspelt = house.write("misspelt.html", page.replacen("<li>tuna</li>", "<li>tun</li>", 1));
    let made_up = house.write("made-up.txt", made_up(&words(two)));
    let cases = [
        (vec![&others[1], one, three, five], "err-share-other-set", Some(&others[1])),
        (vec![one, &made_up, three, five], "err-share-made-up", Some(&made_up)),
        (vec![one, &made_up, three], "err-shares-unfit", None),
        (vec![one, two], "err-share-few", None),
        (vec![one, three, &changed], "err-share-apart", Some(&changed)),
        (vec![one, &misspelt, three], "err-share-word", Some(&misspelt)),
        (vec![one, &others[1], three], "err-share-other-set", Some(&others[1])),
        (vec![one, two, one], "err-share-twice", Some(&pages[0])),
    ];
    for (files, error, named) in &cases {
        let refused = by_shares(&person, files).bad();
        let told = told(&refused);
        assert_eq!((told["error"].as_str(), refused.code), (Some(*error), Some(3)), "{told}");
        let values = told["values"].as_array().expect("values");
        assert_eq!(values.first().and_then(|value| value.as_str()), named.map(|path| text(path)), "{told}");
    }
    person.sanduq(&["list"]).good();
    by_shares(&person, &[five, one, three]).good();
    assert_eq!(person.sanduq(&["list"]).bad().code, Some(3));
    person.passphrase = NEW.to_owned();
    person.sanduq(&["list"]).good();
    // Words on paper do as well as pages, and the shares of before are good for the same seed.
    let notes: Vec<_> = [one, two, five]
        .map(|path| house.write(&format!("{}.txt", path.file_stem().unwrap().to_str().unwrap()), words(path)))
        .into();
    by_shares(&person, &notes.iter().map(|path| path.as_path()).collect::<Vec<_>>()).good();
}

#[test]
fn shares_are_shown_one_by_one_and_typed_again() {
    let house = House::new("recovery-shown");
    let mut person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = at_terminal(&person, &["key", "split", "--shares", "3", "--threshold", "2"]);
    answer(&mut session, "Passphrase:", &person.passphrase);
    expect(&mut session, ENTER);
    let mut shown = Vec::new();
    for number in 1..=3 {
        expect(&mut session, &format!("Share {number} of 3 of set "));
        let table = expect(&mut session, "Any 2 of these 3 shares");
        shown.push(numbered(&table[4..], 46));
        answer(&mut session, "Enter when it is on paper:", "");
    }
    expect(&mut session, LEAVE);
    let (after, code) = rest(session);
    assert!(!after.contains("tuna") && code == 0, "{after}");

    let mut session = at_terminal(&person, &["recover", "--shares"]);
    expect(&mut session, ENTER);
    let share = |session: &mut PtySession, at: usize, first: usize| {
        answer(session, "From word 1 on:", &shown[at][..first].join(" "));
        answer(session, &format!("From word {} on:", first + 1), &shown[at][first..].join(" "));
    };
    share(&mut session, 2, 30);
    expect(&mut session, "Shares still needed: 1.");
    share(&mut session, 2, 20);
    expect(&mut session, "Share 3 is there already.");
    // Nobody can tell yet which of the two is wrong, and what was typed is not lost.
    let changed: Vec<String> = made_up(&shown[1].join(" ")).split(' ').map(str::to_owned).collect();
    answer(&mut session, "From word 1 on:", &changed[..23].join(" "));
    answer(&mut session, "From word 24 on:", &changed[23..].join(" "));
    expect(&mut session, "at least one of them is not genuine");
    answer(&mut session, "From word 1 on:", "tuna nxet");
    expect(&mut session, "Word 2 is not in the list");
    answer(&mut session, "From word 2 on:", &shown[0][1..].join(" "));
    expect(&mut session, "Share 2 is not genuine");
    expect(&mut session, LEAVE);
    answer(&mut session, "New passphrase", NEW);
    answer(&mut session, "The same again:", NEW);
    assert_eq!(rest(session).1, 0);
    person.passphrase = NEW.to_owned();
    person.sanduq(&["list"]).good();
}

#[test]
fn shares_are_never_shown_to_a_script_and_written_only_where_the_flag_says() {
    let house = House::new("recovery-pages");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let split = ["key", "split", "--shares", "3", "--threshold", "2"];
    assert_eq!(person.sanduq(&split).bad().code, Some(7));
    for (count, needed) in [("3", "1"), ("3", "4"), ("17", "2")] {
        let stick = house.path("stick");
        let args = ["key", "split", "--shares", count, "--threshold", needed, "--to", text(&stick)];
        assert_eq!(person.sanduq(&args).bad().code, Some(2), "{count} {needed}");
        assert!(!stick.exists());
    }
    let files = house.files("").len();
    let stick = house.path("stick");
    let done = person.sanduq(&[&split[..], &["--to", text(&stick)]].concat()).good();
    assert!(done.stderr().contains("written in plain"), "{}", done.stderr());
    assert_eq!(house.files("").len(), files + 4);
    assert!(!done.stdout().contains("tuna") && !done.stderr().contains("tuna"));
}
