//! Every command of every program, typed with `--json`: one document of one line, with the keys that the page of the
//! command line gives for it. Which commands there are the programs' own `--help` says, so none can be left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use sanduq::crypto::{Digest, Passphrase};
use sanduq::vault::Vault;
use serde_json::Value;

use crate::house::{Done, House, NAME, Organisation, Person, only, run, text};
use crate::sheet;

/// The programs, and those of their commands that answer nothing in JSON, and why.
const PROGRAMS: [(&str, &str, &[&str]); 3] = [
    // They are for a person at a terminal.
    ("sanduq", env!("CARGO_BIN_EXE_sanduq"), &["key words", "shell"]),
    // It goes on until it is stopped.
    ("sanduq-intake", env!("CARGO_BIN_EXE_sanduq-intake"), &["watch"]),
    ("sanduq-verify", env!("CARGO_BIN_EXE_sanduq-verify"), &[]),
];

/// The keys of an answer: those it always has, and those it may have.
#[derive(Debug, Default)]
struct Shape {
    always: BTreeSet<String>,
    maybe: BTreeSet<String>,
}

impl Shape {
    /// The outermost keys of `{"one","two"?,"three":{…}}`, written as on the page.
    fn parse(written: &str) -> Shape {
        let mut shape = Shape::default();
        let (mut depth, mut before) = (0, ' ');
        let mut rest = written.chars();
        while let Some(next) = rest.next() {
            match next {
                '{' | '[' => depth += 1,
                '}' | ']' => depth -= 1,
                '"' => {
                    let word: String = rest.by_ref().take_while(|next| *next != '"').collect();
                    let maybe = rest.as_str().starts_with('?');
                    // After a colon or a bar stands a value.
                    if depth == 1 && !matches!(before, ':' | '|') {
                        if maybe { &mut shape.maybe } else { &mut shape.always }.insert(word);
                    }
                }
                _ => {}
            }
            before = next;
        }
        shape
    }

    fn fits(&self, given: &BTreeSet<String>) -> bool {
        self.always.is_subset(given) && given.difference(&self.always).all(|key| self.maybe.contains(key))
    }
}

/// The page that scripts rely on.
struct Page(String);

impl Page {
    fn read() -> Page {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec/command-line.md");
        Page(fs::read_to_string(path).expect("the page of the command line").replace("\\|", "|"))
    }

    /// What the page says that a command answers: the shapes of all its rows, or of the sentence that names it.
    fn shapes(&self, program: &str, verb: &str) -> Vec<Shape> {
        let title = format!("## The commands of `{program}`");
        let (_, about) = self.0.split_once(&title).unwrap_or_else(|| panic!("{title}"));
        let about = about.split("\n## ").next().expect("a first part");
        let names = |said: &str| {
            let mut spans = said.split('`').skip(1).step_by(2);
            spans.any(|span| span == verb || span.starts_with(&format!("{verb} ")))
        };
        let lines = about.lines().filter_map(|line| match line.strip_prefix("| ") {
            Some(row) => {
                row.split_once("` | ").filter(|(cell, _)| names(&format!("{cell}`"))).map(|row| row.1)
            }
            None => line.split_once(" answer ").filter(|(said, _)| names(said)).map(|(_, answer)| answer),
        });
        // Some rows of `seal` say that they answer as its first one does.
        let lines = lines.filter(|answer| verb != "seal" || !answer.starts_with("as `seal`"));
        lines.flat_map(|answer| self.shapes_in(answer)).collect()
    }

    fn shapes_in(&self, answer: &str) -> Vec<Shape> {
        let mut answer = answer.to_owned();
        for name in ["ITEM-LINE", "LETTERS", "CARD"] {
            let (_, shape) = self.0.split_once(&format!("{name} is `")).expect("it is on the page");
            let shape = format!("`{}`", shape.split('`').next().expect("up to the next mark"));
            if answer.starts_with(name) {
                answer = answer.replacen(name, &shape, 1);
            }
        }
        if answer.starts_with("as `seal`") {
            return self.shapes("sanduq", "seal");
        }
        let answer = answer.replace("}` and `{", ",");
        answer.split('`').skip(1).step_by(2).filter(|span| span.starts_with('{')).map(Shape::parse).collect()
    }
}

/// What was typed, and the page that every answer is held to.
struct Typist<'h> {
    house: &'h House,
    page: Page,
    typed: BTreeSet<String>,
}

impl Typist<'_> {
    /// Holds an answer to the page, and gives it.
    fn holds(&mut self, program: &str, verb: &str, done: Done) -> Value {
        let told = format!("{}\n{}\n{}", done.told, done.stdout(), done.stderr());
        assert_eq!(done.stdout().lines().count(), 1, "one line: {told}");
        let answer = done.json();
        let given = answer.as_object().expect("an object").keys().cloned().collect();
        let shapes = self.page.shapes(program, verb);
        assert!(shapes.iter().any(|shape| shape.fits(&given)), "{told}\nthe page has {shapes:#?}");
        self.typed.insert(format!("{program} {verb}"));
        answer
    }

    /// `sanduq VERB ARGS --json`, of someone whose passphrase this is, and what else is read after it.
    fn vault_reads(&mut self, person: &Person, read: &[&str], verb: &str, args: &[&str]) -> Value {
        let words: Vec<&str> = verb.split(' ').chain(args.iter().copied()).chain(["--json"]).collect();
        let done = run(person.command(&words), Some(&read.join("\n"))).good();
        self.holds("sanduq", verb, done)
    }

    fn vault(&mut self, person: &Person, verb: &str, args: &[&str]) -> Value {
        self.vault_reads(person, &[&person.passphrase], verb, args)
    }

    /// `sanduq-intake VERB ARGS --json` on this archive.
    fn desk(&mut self, archive: &Path, verb: &str, args: &[&str]) -> Value {
        let words = ["--archive", text(archive)].into_iter().chain(verb.split(' '));
        let words: Vec<&str> = words.chain(args.iter().copied()).chain(["--json"]).collect();
        let done = run(self.house.command(Path::new(PROGRAMS[1].1), &words), None).good();
        self.holds("sanduq-intake", verb, done)
    }

    fn audit(&mut self, verb: &str, args: &[&str]) -> Value {
        let words: Vec<&str> = verb.split(' ').chain(args.iter().copied()).chain(["--json"]).collect();
        let done = self.house.audit(&words).good();
        self.holds("sanduq-verify", verb, done)
    }
}

/// The commands of a program, as its help names them: `receipt add`, not `receipt`.
fn commands(house: &House, program: &str, verb: &[&str]) -> Vec<String> {
    let words = [verb, &["--lang", "en", "--help"]].concat();
    let help = run(house.command(Path::new(program), &words), None).good().stdout();
    let Some((_, listed)) = help.split_once("\nCommands:\n") else { return vec![verb.join(" ")] };
    // A verb that is a command of its own as well has a usage without verbs below it.
    let usages =
        help.lines().skip_while(|line| !line.starts_with("Usage:")).take_while(|line| !line.is_empty());
    let own = usages.into_iter().any(|usage| !usage.ends_with('…'));
    let listed = listed.lines().take_while(|line| line.starts_with("  "));
    let mut found: Vec<_> = own.then(|| verb.join(" ")).into_iter().collect();
    for name in listed.filter_map(|line| line.split_whitespace().next()) {
        found.extend(commands(house, program, &[verb, &[name]].concat()));
    }
    found
}

#[test]
fn every_command_answers_in_json_as_the_page_says() {
    let house = House::new("answers");
    let mut typist = Typist { house: &house, page: Page::read(), typed: BTreeSet::new() };
    let organisation = Organisation::new(&house, 1, 1);
    let (person, archive) = (house.person("p"), house.path("archive"));
    keep(&mut typist, &person);
    carry(&mut typist, &person, &organisation, &archive);
    follow(&mut typist, &person);
    hand_on(&mut typist, &organisation, &archive);
    print(&mut typist, &person);
    renew(&mut typist, &person);

    let mut there = BTreeSet::new();
    for (program, path, silent) in PROGRAMS {
        let verbs = commands(&house, path, &[]).into_iter();
        there.extend(
            verbs.filter(|verb| !silent.contains(&verb.as_str())).map(|verb| format!("{program} {verb}")),
        );
    }
    assert!(there.len() > 50, "{there:?}");
    assert_eq!(typist.typed, there);
}

/// What goes over paper.
fn print(typist: &mut Typist, person: &Person) {
    let house = typist.house;
    let receipt = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/0.1/bundle/receipt.tlog-proof");
    let (page, picture) = (house.path("page.html"), house.path("page.png"));
    typist.vault(person, "qr", &[receipt, "--to", text(&page)]);
    sheet::codes(&fs::read_to_string(page).expect("a page"), 4)[0].write_png(&picture);
    let found = typist.vault(person, "scan", &[text(&picture), "--to", text(&house.path("scanned"))]);
    assert_eq!(found["files"][0]["kind"], "receipt");
}

/// What is done with a vault alone.
fn keep(typist: &mut Typist, person: &Person) {
    let house = typist.house;
    typist.vault(person, "init", &["--name", "an invented label"]);
    let page = house.write("page.txt", "an invented page");
    typist.vault(person, "add", &[text(&page)]);
    let account = house.write("account.txt", "An invented account.\n");
    typist.vault(person, "testify", &["--title", "in the street", text(&account)]);
    let mut edit = person.command(&["edit", "2", "--json"]);
    edit.env("SANDUQ_TEST_INPUT", &account);
    typist.holds("sanduq", "edit", run(edit, Some(&person.passphrase)).good());
    typist.vault(person, "consent", &["2"]);
    typist.vault(person, "list", &[]);
    typist.vault(person, "show", &["1"]);
    typist.vault(person, "search", &["street"]);
    typist.vault(person, "extract", &["1", "--to", text(&house.path("out"))]);
    typist.vault(person, "add", &[text(&house.write("another.txt", "another invented page"))]);
    typist.vault(person, "remove", &["3"]);
    typist.vault(person, "status", &[]);
    let tour = house.command(Path::new(PROGRAMS[0].1), &["tour", "a tour", "--json"]);
    typist.holds("sanduq", "tour", run(tour, None).good());
}

/// A witness is named on a card, asked, and answers.
fn watch(typist: &mut Typist) {
    let house = &House::new("answers-watched");
    let organisation = Organisation::new(house, 1, 1);
    let (officer, archive) = (&organisation.officers[0], &house.path("archive"));
    typist.desk(archive, "accept", &[text(&organisation.card)]);
    let laptop = house.path("witness");
    let at = ["--witness", text(&laptop)];
    typist.audit("witness init", &["auditor.example/one", at[0], at[1]]);
    let keys = typist.audit("witness keys", &at)["keys"].clone();
    let lines: Vec<&str> = keys.as_array().expect("keys").iter().filter_map(Value::as_str).collect();
    let keys = house.write("witness.keys", lines.join("\n"));
    let draft = typist.desk(archive, "card", &["--witness", text(&keys)]);
    let draft = house.write("watched.draft", draft["draft"].as_str().expect("a draft"));
    let signed = typist.vault(officer, "card sign", &[text(&draft), "--yes"]);
    let card = house.write("watched.card", signed["text"].as_str().expect("a card"));
    typist.desk(archive, "accept", &[text(&card)]);
    let asked = typist.desk(archive, "log ask", &[text(&house.path("requests"))]);
    let (request, answer) = (asked["asked"][0]["file"].as_str().expect("a request"), house.path("answer"));
    let cosign = [request, "--card", text(&card), "--to", text(&answer), at[0], at[1]];
    assert_eq!(typist.audit("witness cosign", &cosign)["state"], "cosigned");
    let taken = typist.desk(archive, "log cosigned", &[text(&answer)]);
    assert_eq!(taken["answers"][0]["enough"], true);
    typist.audit("witness status", &at);
}

/// A head goes out to be stamped, and a calendar's promise comes back.
fn stamp(typist: &mut Typist, archive: &Path, id: &str) {
    let house = typist.house;
    let head = house.path("head");
    let written = typist.desk(archive, "log stamp", &["--export", text(&head)]);
    let digest = Digest::of(&fs::read(&head).expect("a head"));
    assert_eq!(written["sha256"], digest.to_string());
    let begin = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08";
    let promise = b"\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x19\x18https://calendar.example";
    let proof = house.write("head.ots", [&begin[..], digest.as_bytes(), promise].concat());
    let kept = typist.desk(archive, "log stamp", &["--import", text(&proof)]);
    assert_eq!(kept["calendars"][0], "https://calendar.example");
    typist.desk(archive, "log prove", &[id, "--stamped", text(&house.path("stamped"))]);
}

/// From the contact to the receipt and the reply, with the audits.
fn carry(typist: &mut Typist, person: &Person, organisation: &Organisation, archive: &Path) {
    let house = typist.house;
    let officer = &organisation.officers[0];
    let line = typist.vault(officer, "recipient", &[])["recipient"].as_str().expect("a line").to_owned();
    let line = house.write("officer.recipient", format!("{line}\n"));
    let second = house.path("second archive");
    typist.desk(&second, "init", &["--name", "Second Example", "--officers", text(&line)]);
    let draft = typist.desk(archive, "card", &[])["draft"].as_str().expect("a draft").to_owned();
    let signed = typist.vault(officer, "card sign", &[text(&house.write("next.draft", draft)), "--yes"]);
    let card = house.write("next.card", signed["text"].as_str().expect("a card"));
    typist.audit("card", &[text(&card)]);
    typist.vault(person, "contact add", &[text(&card), "--yes", "--as", NAME]);
    typist.vault(person, "contact list", &[]);
    typist.vault(person, "contact show", &[NAME]);

    let terms = r#"{"terms":{"share":"court","name":"never","not-before":null,"contact":false}}"#;
    typist.vault(person, "consent", &["1", "--consent", text(&house.write("terms", terms))]);
    typist.vault(person, "seal", &["1", "2", "--to", NAME]);
    let stick = house.folder("stick");
    typist.vault(person, "export", &[text(&stick)]);
    let bundle = only(&stick, "bundle");
    typist.audit("bundle", &[text(&bundle)]);
    typist.desk(archive, "accept", &[text(&bundle)]);
    let post = house.folder("post");
    typist.desk(archive, "receipts", &["--to", text(&post)]);
    typist.desk(archive, "list", &[]);
    typist.desk(archive, "log", &[]);
    typist.vault(person, "receipt add", &[text(&only(&post, "receipt"))]);
    let receipts = house.folder("receipts");
    let exported = typist.vault(person, "receipt export", &[text(&receipts)]);
    typist.audit("receipt", &["--card", text(&card), exported["files"][0].as_str().expect("a receipt")]);

    let opened = typist.vault(officer, "open", &[text(&bundle)]);
    let disclosed = house.path("disclosed");
    typist.vault(officer, "disclose", &["1", "--for", "court", "--to", text(&disclosed), "--yes"]);
    typist.audit("disclosure", &[text(&disclosed)]);
    typist.vault(officer, "custody hold", &["1"]);
    typist.vault(officer, "custody transfer", &["1", "--to", text(&card)]);
    typist.vault(officer, "events", &[]);
    let acts = house.folder("acts");
    typist.vault(officer, "events", &[text(&acts)]);
    typist.desk(archive, "sync", &[text(&acts)]);
    typist.audit("report", &[text(&disclosed), "--to", text(&house.path("report.html"))]);
    let said = house.write("said", "An invented question?\n");
    let id = opened["bundle"].as_str().expect("an id");
    typist.desk(archive, "log checkpoint", &[]);
    typist.desk(archive, "log prove", &[id]);
    stamp(typist, archive, id);
    let log = house.path("log");
    typist.desk(archive, "log export", &[text(&log)]);
    typist.audit("log", &[text(&log), "--card", text(&card)]);
    typist.vault(person, "receipt check", &[text(&log)]);
    watch(typist);
    let letters = house.folder("letters");
    let reply = typist.vault(officer, "reply", &[id, text(&said), "--to", text(&letters)]);
    typist.desk(archive, "letters add", &[reply["file"].as_str().expect("a letter")]);
    let listed = typist.desk(archive, "letters list", &[]);
    typist.desk(archive, "sync", &[text(&stick)]);
    typist.vault(person, "sync", &[text(&stick), "--to", NAME]);
    assert_eq!(typist.vault(person, "replies", &[])["replies"].as_array().map(Vec::len), Some(1));
    typist.desk(archive, "letters drop", &[listed["letters"][0]["name"].as_str().expect("a name")]);
    let key = house.path("carrier.key");
    let made = typist.desk(archive, "carrier new", &["--to", text(&key)]);
    typist.desk(archive, "carrier list", &[]);
    typist.desk(archive, "carrier remove", &[made["carrier"].as_str().expect("a name")]);
}

/// What comes after a bundle: its withdrawal, a proof; and what is sealed without being kept.
fn follow(typist: &mut Typist, person: &Person) {
    let house = typist.house;
    typist.vault(person, "withdraw", &["--all", "--to", NAME]);
    let page = house.write("direct.txt", "a third invented page");
    typist.vault(person, "seal", &["--direct", text(&page), "--to", NAME]);
    typist.vault(person, "testify", &[text(&page), "--direct", "--to", NAME]);

    let later = house.write("later.txt", "a fourth invented page");
    let item = typist.vault(person, "add", &[text(&later)])["added"][0]["item"].to_string();
    let args = ["seal", &item, "--to", NAME, "--proof", "--proof-fd", "4", "--json"];
    let mut seal = person.command_under(&["sh", "-c", "exec \"$@\" 4> phrase", "sh"], &args);
    seal.stdin(Stdio::piped());
    let sealed = typist.holds("sanduq", "seal", run(seal, Some(&person.passphrase)).good());
    let stick = house.folder("proofs");
    typist.vault(person, "export", &[text(&stick)]);
    let id = sealed["bundle"].as_str().expect("an id");
    let bundle = stick.join(format!("{}.bundle", &id[..16]));
    let args = ["prove", text(&bundle), "--challenge", "day 3", "--say", "It was I.", "--to", "a.proof"];
    let words = [&args[..], &["--phrase-fd", "0", "--json"]].concat();
    let mut prove = house.command(Path::new(PROGRAMS[0].1), &words);
    prove.stdin(fs::File::open(house.path("phrase")).expect("a phrase"));
    typist.holds("sanduq", "prove", run(prove, None).good());
    typist.audit("proof", &["a.proof", text(&bundle), "--challenge", "day 3"]);
    typist.vault(person, "forget", &["--delivered", "--yes"]);
    typist.vault(person, "forget", &["--outbox", "--yes"]);
    typist.vault(person, "contact remove", &[NAME, "--yes"]);
}

/// A sister organisation keeps what was accepted, and shows that she does.
fn hand_on(typist: &mut Typist, organisation: &Organisation, archive: &Path) {
    let house = organisation.house;
    let sister = house.path("second archive");
    let stick = house.folder("to the sister");
    typist.desk(archive, "mirror", &[text(&stick)]);
    typist.desk(&sister, "replica sync", &[text(&stick)]);
    typist.desk(archive, "mirror", &[text(&stick)]);
    typist.desk(archive, "mirror audit", &["--challenge", "asked"]);
    typist.desk(&sister, "replica answer", &["asked", "--to", "answered"]);
    typist.desk(archive, "mirror audit", &["--challenge", "asked", "--answer", "answered"]);
    typist.desk(&sister, "replica list", &[]);
    typist.desk(&sister, "replica export", &["--to", text(&house.folder("back"))]);
}

/// Passphrases, words, shares and copies; at the end nothing opens any more.
fn renew(typist: &mut Typist, person: &Person) {
    let house = typist.house;
    let (mut person, new) = (
        Person { house, vault: person.vault.clone(), passphrase: person.passphrase.clone() },
        "a second invented passphrase",
    );
    let first = person.passphrase.clone();
    let key_file = house.path("key file");
    typist.vault_reads(&person, &[&first, new], "passphrase add", &["--new-passphrase-fd", "3"]);
    typist.vault_reads(&person, &[&first, new], "passphrase remove", &["--gone-passphrase-fd", "3"]);
    typist.vault_reads(&person, &[&first, new], "passphrase change", &["--new-passphrase-fd", "3"]);
    person.passphrase = new.to_owned();
    typist.vault(&person, "key-file set", &[text(&key_file)]);
    typist.vault(&person, "key-file drop", &["--key-file", text(&key_file)]);
    typist.vault(&person, "rekey", &[]);
    typist.vault(&person, "repair", &["--yes"]);
    typist.vault(
        &person,
        "key split",
        &["--shares", "3", "--threshold", "2", "--to", text(&house.folder("shares"))],
    );
    let copy = house.path("copy");
    typist.vault(&person, "backup", &[text(&copy)]);
    let vault = Vault::unlock(&person.vault, None, &Passphrase::from(new)).expect("it opens");
    let words = vault.words().expose().clone();
    drop(vault);
    let again = Person { house, vault: copy, passphrase: "a third invented passphrase".to_owned() };
    let read = [&words[..], &again.passphrase];
    typist.vault_reads(&again, &read, "recover", &["--words-fd", "3", "--new-passphrase-fd", "3"]);
    typist.vault(&again, "contributor remove", &["--yes"]);
    typist.vault(&person, "panic", &["--yes"]);
}
