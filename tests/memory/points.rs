//! Where a shell is locked: eleven commands, each locked in five ways.
//!
//! A command has a middle, where something is shown or half typed; some ways lock there, others once it has ended.

use std::fs;

use sanduq::crypto::bytewords;
use sanduq::crypto::share::SHARE_WORDS;

use crate::house::{House, NAME, Noise, Organisation, Person, text};
use crate::look::{Found, Needle, Needles, found};
use crate::secrets::{self, ANSWER, HALF, KEPT, NEW, PSEUDONYM, SOUGHT, TITLE, TYPED};
use crate::terminal::{LOCKED, PROMPT, Shell};

/// What stands before a share in its bytes (docs/spec/recovery.md).
const SHARE_BEGIN: usize = 5;

/// What the editor writes when a line has ended.
const ENDED: &str = "\u{1b}[?2004l";

/// A way of locking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The command `lock`.
    Verb,
    /// Ctrl-L in the middle.
    CtrlL,
    /// Ctrl-Z in the middle.
    CtrlZ,
    /// SIGTSTP from outside, at the prompt.
    Signal,
    /// Nobody types, in the middle.
    Idle,
}

impl Way {
    /// Whether the command has ended by then.
    fn is_after(self) -> bool {
        matches!(self, Way::Verb | Way::Signal)
    }
}

/// A command that leaves traces.
pub struct Work {
    pub name: &'static str,
    /// Leads to its middle; gives what was shown there and is secret.
    begin: fn(&mut Shell) -> Vec<Needle>,
    /// Leads from there to the prompt.
    end: fn(&mut Shell),
    /// What is surely in the memory in its middle.
    held: &'static [&'static str],
}

/// What every open vault holds.
const ALWAYS: [&str; 3] = ["seed", "master key", "what the 24 words carry"];

pub const WORKS: [Work; 11] = [
    Work {
        name: "looking",
        begin: look,
        end: |shell| shell.control('c'),
        held: &["title", "testimony that was kept", "half a sentence", "file key in hexadecimal"],
    },
    Work { name: "testify", begin: testify, end: end_testimony, held: &["testimony that was typed"] },
    Work { name: "edit", begin: edit, end: end_edit, held: &["testimony that was kept", "title"] },
    Work { name: "add", begin: add, end: |shell| shell.enter(""), held: &[] },
    Work { name: "consent", begin: consent, end: end_consent, held: &["pseudonym"] },
    Work { name: "remove", begin: remove, end: |shell| shell.enter("no"), held: &[] },
    Work { name: "seal", begin: seal, end: end_seal, held: &["phrase of a proof"] },
    Work { name: "key words", begin: words, end: |shell| shell.enter("later"), held: &["24 words"] },
    Work { name: "key split", begin: split, end: end_split, held: &["share"] },
    Work {
        name: "passphrase add",
        begin: passphrase_add,
        end: end_passphrase_add,
        held: &["new passphrase"],
    },
    Work { name: "rekey", begin: rekey, end: |shell| shell.enter("later"), held: &["24 words"] },
];

/// Someone with a testimony and two files, and an organisation's card.
pub fn furnish<'h>(house: &'h House) -> Person<'h> {
    let organisation = Organisation::new(house, 1, 1);
    let person = house.person("p");
    person.sanduq(&["init", "--lang", "en"]).good();
    let account = house.write("account.txt", KEPT);
    person.sanduq(&["testify", "--title", TITLE, text(&account)]).good();
    for (name, seed) in [("scan", 1), ("another scan", 2)] {
        person.sanduq(&["add", text(&house.write(name, Noise::new(seed).bytes(300_000)))]).good();
    }
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    fs::remove_file(account).unwrap();
    person
}

/// Does the work, locks in this way, and looks: nothing of what was ever secret here may be left. Gives what was found
/// while it was open.
pub fn point(shell: &mut Shell, work: &Work, way: Way, known: &mut Vec<Needle>) -> Found {
    known.extend((work.begin)(shell));
    let needles = Needles::new(known);
    let mut seen = found(shell.process, &needles);
    // The new keys are not known before it is locked.
    let always = if work.name == "rekey" { &[][..] } else { &ALWAYS };
    let missing: Vec<_> = always.iter().chain(work.held).filter(|name| !seen.contains(*name)).collect();
    assert!(
        missing.is_empty(),
        "in the middle of {}: {missing:?} is not found, so the looking is blind",
        work.name
    );
    if way.is_after() {
        (work.end)(shell);
        shell.expect(PROMPT);
        seen.extend(found(shell.process, &needles));
    }
    match way {
        Way::Verb => shell.enter("lock"),
        Way::CtrlL => shell.control('l'),
        Way::CtrlZ => shell.control('z'),
        Way::Signal => shell.signal("-TSTP"),
        Way::Idle => {}
    }
    if matches!(way, Way::CtrlZ | Way::Signal) {
        shell.stopped();
        known.extend(secrets::keys(shell.person));
        let left = found(shell.process, &Needles::new(known));
        assert!(left.is_empty(), "{} and {way:?}, while it is stopped: {left:?}", work.name);
        shell.signal("-CONT");
    }
    shell.expect(LOCKED);
    // Also what is new since: the vault is free now.
    known.extend(secrets::keys(shell.person));
    known.sort();
    known.dedup();
    let left = found(shell.process, &Needles::new(known));
    assert!(left.is_empty(), "{} and {way:?}: {left:?}", work.name);
    shell.unlock();
    seen
}

fn look(shell: &mut Shell) -> Vec<Needle> {
    let out = shell.person.house.folder("out");
    for line in ["list", "show 1", "show 1 --json", "status", "extract 2 --to out", "sanduq list"] {
        shell.line(line);
    }
    fs::remove_dir_all(out).unwrap();
    shell.line(&format!("search {SOUGHT}"));
    shell.keys(HALF);
    Vec::new()
}

/// A testimony that is begun: no title, a paragraph, and half of the next one. What is left of an earlier one goes.
fn testify(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("testify");
    let (_, asked) = shell.session.exp_regex("A title|Go on with it").unwrap();
    if asked.starts_with("Go on") {
        shell.enter("no");
        shell.answer("Drop it?", "yes");
        shell.expect("A title");
    }
    shell.answer("> ", "");
    shell.expect("withheld from others");
    shell.answer("> ", TYPED);
    shell.expect(ENDED);
    shell.keys(HALF);
    Vec::new()
}

fn end_testimony(shell: &mut Shell) {
    shell.enter("");
    shell.answer(ENDED, ".");
    shell.answer("Enter for nobody):", "");
    shell.answer("no to choose otherwise)", "");
}

fn edit(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("edit 1");
    shell.expect("The title:");
    shell.answer("> ", "");
    shell.expect(KEPT);
    // The terminal breaks it where its line is full.
    let (first, rest) = HALF.split_at(HALF.len() / 2);
    shell.keys(first);
    shell.unseen(rest);
    Vec::new()
}

fn end_edit(shell: &mut Shell) {
    shell.control('c');
    shell.answer("Keep the changes made so far?", "no");
}

fn add(shell: &mut Shell) -> Vec<Needle> {
    let house = shell.person.house;
    // Never the same twice: what is known already is not kept again.
    let number = house.files("").len() as u64 + u64::from(std::process::id());
    house.write("note", Noise::new(number).bytes(100_000));
    shell.enter("add note");
    shell.expect("no to choose otherwise)");
    Vec::new()
}

fn consent(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("consent 1");
    shell.answer("Change this?", "yes");
    shell.answer("no to choose otherwise)", "no");
    shell.answer("3 everyone:", "1");
    shell.answer("3 your own name:", "2");
    shell.answer("Which name?", PSEUDONYM);
    shell.expect("turn to you with questions?");
    Vec::new()
}

fn end_consent(shell: &mut Shell) {
    shell.enter("no");
    shell.answer("in your own words", "");
}

fn remove(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("remove 2");
    shell.answer("(yes/no)", ANSWER);
    shell.expect("yes or no");
    Vec::new()
}

fn seal(shell: &mut Shell) -> Vec<Needle> {
    shell.enter(&format!("seal 3 --to {NAME} --proof"));
    shell.answer("Seal this item", "yes");
    let shown = shell.expect("When they are on paper, press Enter:");
    vec![Needle::new("phrase of a proof", numbered(&shown, 12, ""))]
}

fn end_seal(shell: &mut Shell) {
    shell.enter("");
    shell.answer("Word ", "");
}

fn words(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("key words");
    let shown = shell.expect("type \"later\":");
    vec![Needle::new("24 words", numbered(&shown, 24, "."))]
}

fn split(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("key split --shares 2 --threshold 2");
    let shown = shell.expect("Enter when it is on paper:");
    let words = numbered(&shown, SHARE_WORDS, ".");
    let bytes = bytewords::decode(&words).expect("a share").expose()[SHARE_BEGIN..].to_vec();
    vec![Needle::new("share", bytes), Needle::new("share in words", words)]
}

fn end_split(shell: &mut Shell) {
    shell.enter("");
    shell.answer("Enter when it is on paper:", "");
}

fn passphrase_add(shell: &mut Shell) -> Vec<Needle> {
    shell.enter("passphrase add");
    shell.answer("New passphrase", NEW);
    shell.expect("The same again:");
    Vec::new()
}

fn end_passphrase_add(shell: &mut Shell) {
    shell.enter(NEW);
    shell.expect(PROMPT);
    shell.enter("passphrase remove --others");
    shell.answer("(yes/no)", "yes");
}

fn rekey(shell: &mut Shell) -> Vec<Needle> {
    let passphrase = shell.person.passphrase.clone();
    shell.enter("rekey");
    shell.answer("Passphrase:", &passphrase);
    let shown = shell.expect("type \"later\":");
    vec![Needle::new("24 words", numbered(&shown, 24, "."))]
}

/// So many words of what was shown, each behind its number and this mark, as one line.
fn numbered(shown: &str, count: usize, mark: &str) -> String {
    let mut words = Vec::new();
    let mut parts = shown.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        let number = part.strip_suffix(mark).and_then(|number| number.parse::<usize>().ok());
        if number == Some(words.len() + 1) {
            words.extend(parts.peek().copied());
        }
    }
    assert_eq!(words.len(), count, "{shown}");
    words.join(" ")
}
