//! The command line as people and scripts use it: the real programs, their output, their exit codes; and at a
//! terminal (a pty), what is asked and what happens to the answer.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "cli/answers.rs"]
mod answers;
mod house;
#[path = "cli/pty.rs"]
mod pty;
#[path = "cli/seen.rs"]
mod seen;
#[allow(dead_code, reason = "only a picture is needed here, not the reading of it")]
#[path = "paper/sheet.rs"]
mod sheet;
#[path = "cli/tour.rs"]
mod tour;

use house::{House, NAME, Organisation, Person, run, text};
use std::path::Path;
use std::process::{Command, Stdio};

const SANDUQ: &str = env!("CARGO_BIN_EXE_sanduq");

/// A vault with a testimony (1) and two documents (2, 3).
fn furnished<'h>(house: &'h House, name: &str) -> Person<'h> {
    let person = house.person(name);
    person.sanduq(&["init"]).good();
    let account = house.write("account.txt", "بند نخست، از [[گلنار]].\n\nThe second paragraph.\n");
    person.sanduq(&["testify", "--title", "در کوچه", text(&account)]).good();
    house.write("folder/page.png", b"\x89PNG made up");
    house.write("folder/inner/note.txt", "made up");
    person.sanduq(&["add", text(&house.path("folder"))]).good();
    person
}

/// `sanduq` without a controlling terminal and without any passphrase.
fn alone(house: &House, args: &[&str]) -> house::Done {
    let mut all = vec!["--wait", SANDUQ];
    all.extend(args);
    run(house.command(Path::new("setsid"), &all), None)
}

#[test]
fn without_a_terminal_and_a_descriptor_a_command_says_so_and_ends() {
    let house = House::new("alone");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let done = alone(&house, &["--vault", text(&person.vault), "list"]).bad();
    assert_eq!(done.code, Some(3));
    assert!(done.stderr().contains("there is no terminal to ask for it"), "{}", done.stderr());
    assert!(done.stderr().contains("--passphrase-fd"), "{}", done.stderr());
    let done = alone(&house, &["--vault", text(&house.path("new")), "init"]).bad();
    assert_eq!(done.code, Some(3));
    assert!(!house.path("new").exists(), "nothing was made");
}

#[test]
fn flags_stand_before_or_after_the_verb() {
    let house = House::new("flags");
    let person = furnished(&house, "p");
    let before = person.sanduq(&["--json", "list", "--limit", "1"]).good().json();
    let after = person.sanduq(&["list", "--limit", "1", "--json"]).good().json();
    assert_eq!(before, after);
    assert_eq!(before["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_number_is_taken_in_every_script() {
    let house = House::new("digits");
    let person = furnished(&house, "p");
    let latin = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(latin["title"], "در کوچه");
    for number in ["۱", "١"] {
        assert_eq!(person.sanduq(&["show", number, "--json"]).good().json(), latin);
    }
    let listed = person.sanduq(&["list", "--after", "۳", "--limit", "١", "--json"]).good().json();
    assert_eq!(listed["items"][0]["item"], 2);
}

#[test]
fn search_and_show_tell_what_was_kept() {
    let house = House::new("search");
    let person = furnished(&house, "p");
    let found = person.sanduq(&["search", "كوچه", "--json"]).good().json();
    assert_eq!(found["items"][0]["item"], 1, "an Arabic kaf finds a Persian one");
    let shown = person.sanduq(&["show", "1"]).good().stdout();
    assert!(shown.contains("  بند نخست، از [[گلنار]]."), "{shown}");
    let nothing = person.sanduq(&["search", "nowhere"]).good().stdout();
    assert!(nothing.contains("Nothing here holds all these words."), "{nothing}");
}

#[test]
fn every_answer_in_json_is_one_document() {
    let house = House::new("json");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    let card = text(&organisation.card).to_string();
    let stick = house.folder("stick");
    let out = house.path("out");
    let lines: Vec<Vec<&str>> = vec![
        vec!["list"],
        vec!["show", "2"],
        vec!["search", "the"],
        vec!["extract", "2", "--to", text(&out)],
        vec!["recipient"],
        vec!["contact", "add", &card, "--yes", "--as", NAME],
        vec!["contact", "list"],
        vec!["contact", "show", NAME],
        vec!["seal", "--all", "--to", NAME],
        vec!["export", text(&stick)],
        vec!["status"],
        vec!["receipt", "export", text(&out)],
    ];
    for mut line in lines {
        line.push("--json");
        let done = person.sanduq(&line).good();
        assert!(done.json().is_object(), "{line:?} gives an object");
        assert_eq!(done.stdout().lines().count(), 1, "{line:?} gives one line");
    }
    let refused = person.sanduq(&["show", "99", "--json"]).bad();
    assert!(refused.out.is_empty(), "nothing on standard output");
    let told: serde_json::Value = serde_json::from_str(&refused.stderr()).expect("trouble is JSON as well");
    assert_eq!((told["error"].as_str(), told["exit"].as_u64()), (Some("err-no-item"), Some(5)));
    assert_eq!(told["commands"], serde_json::json!(["sanduq list"]), "what the hint speaks of");
    assert_eq!(refused.code, Some(5));
}

#[test]
fn status_says_how_far_each_bundle_came() {
    let house = House::new("status");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    let state = |person: &Person| {
        let status = person.sanduq(&["status", "--json"]).good().json();
        let delivery = status["deliveries"][0].clone();
        assert_eq!(delivery["to"], NAME);
        assert_eq!(delivery["bundle"].as_str().map(str::len), Some(64));
        delivery["state"].as_str().expect("a state").to_string()
    };
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    assert_eq!(state(&person), "sealed");
    person.sanduq(&["export", text(&house.folder("stick"))]).good();
    assert_eq!(state(&person), "carried");
    let post = organisation.accept(&house.path("stick"), "post");
    person.sanduq(&["receipt", "add", text(&house::only(&post, "receipt"))]).good();
    assert_eq!(state(&person), "received");
}

#[test]
fn quiet_leaves_data_and_takes_sentences() {
    let house = House::new("quiet");
    let person = furnished(&house, "p");
    let done = person.sanduq(&["--quiet", "recipient"]).good();
    assert!(done.stdout().starts_with("age1pq1"), "{}", done.stdout());
    assert!(done.err.is_empty(), "{}", done.stderr());
    let done = person.sanduq(&["add", text(&house.write("x", "x")), "-q"]).good();
    assert!(done.out.is_empty() && done.err.is_empty(), "{}{}", done.stdout(), done.stderr());
    assert!(!person.sanduq(&["-q", "show", "99"]).bad().err.is_empty(), "trouble is told all the same");
}

#[test]
fn a_recipient_is_one_line_and_a_card_is_the_card() {
    let house = House::new("recipient");
    let organisation = Organisation::new(&house, 1, 1);
    let line = organisation.officers[0].sanduq(&["recipient"]).good();
    assert_eq!(line.stdout().lines().count(), 1);
    assert_eq!(line.stdout().split_whitespace().count(), 5);
    let draft = house.path("draft");
    let signed = organisation.officers[0].sanduq(&["card", "sign", text(&draft)]).good();
    assert!(signed.stdout().starts_with("sanduq-card/1\n"));
    assert!(signed.stderr().contains("eight words"), "the words are told beside it");
    house.audit(&["card", text(&house.write("again.card", &signed.out))]).good();
}

#[test]
fn the_eight_words_or_numbers_confirm_a_card() {
    let house = House::new("words");
    let organisation = Organisation::new(&house, 1, 1);
    let card = text(&organisation.card).to_string();
    let shown = organisation.officers[0].sanduq(&["card", "sign", text(&house.path("draft"))]).good();
    let told = shown.stderr();
    let (words, numbers) = eight(&told);

    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let refused = person.sanduq(&["contact", "add", &card]).bad();
    assert_eq!(refused.code, Some(7), "without a terminal nobody can be asked");
    let wrong = person.sanduq(&["contact", "add", &card, "--words", &words.replacen(' ', " zoo ", 1)]).bad();
    assert_eq!(wrong.code, Some(4));
    assert!(wrong.stderr().contains("Your contacts are as they were."), "{}", wrong.stderr());
    person.sanduq(&["contact", "add", &card, "--words", &words.to_uppercase()]).good();

    let other = house.person("q");
    other.sanduq(&["init"]).good();
    let persian: String = numbers.chars().map(|c| c.to_digit(10).map_or(c, persian_digit)).collect();
    other.sanduq(&["contact", "add", &card, "--words", &persian]).good();
}

/// The eight words and the eight numbers that are told when a card is signed.
fn eight(told: &str) -> (&str, &str) {
    let mut lines = told.lines().skip_while(|line| !line.contains("eight words")).skip(1).map(str::trim);
    (lines.next().expect("words"), lines.next().expect("numbers"))
}

fn persian_digit(digit: u32) -> char {
    char::from_u32('۰' as u32 + digit).expect("a digit")
}

#[test]
fn a_testimony_is_piped_in_behind_the_passphrase() {
    let house = House::new("piped");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let input = format!("{}\nA first line.\r\n\r\nبند دوم.\n", person.passphrase);
    // Once as a pipe, once as a file: the passphrase's line is never part of the testimony.
    let file = house.write("input", &input);
    let by_file = Command::new(SANDUQ)
        .args(["--vault", text(&person.vault), "--passphrase-fd", "0", "testify", "-"])
        .stdin(std::fs::File::open(&file).expect("it was just written"))
        .output()
        .expect("sanduq runs");
    assert!(by_file.status.success(), "{by_file:?}");
    let mut by_pipe = Command::new(SANDUQ)
        .args(["--vault", text(&person.vault), "--passphrase-fd", "0", "testify"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("sanduq runs");
    std::io::Write::write_all(by_pipe.stdin.as_mut().expect("a pipe"), input.as_bytes()).expect("it reads");
    assert!(by_pipe.wait_with_output().expect("it ends").status.success());
    for item in ["1", "2"] {
        let shown = person.sanduq(&["show", item, "--json"]).good().json();
        assert_eq!(shown["account"].as_str().map(str::trim_end), Some("A first line.\n\nبند دوم."));
    }
}

#[test]
fn edit_replaces_and_remove_removes_until_sealed() {
    let house = House::new("edit");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    let other = house.write("other", "Another account.");
    person.sanduq_from(&["edit", "1"], &other).good();
    let shown = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(
        (shown["account"].as_str(), shown["title"].as_str()),
        (Some("Another account."), Some("در کوچه"))
    );
    person.sanduq(&["remove", "3"]).good();
    assert_eq!(person.sanduq(&["show", "3"]).bad().code, Some(5));
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
    for verb in ["edit", "remove"] {
        let refused = person.sanduq_from(&[verb, "1"], &other).bad();
        assert_eq!(refused.code, Some(7));
        assert!(refused.stderr().contains("is sealed"), "{}", refused.stderr());
    }
    assert_eq!(
        person.sanduq_from(&["edit", "2"], &other).bad().code,
        Some(7),
        "a document has no words to edit"
    );
}

#[test]
fn a_list_is_whole_when_piped_and_ends_quietly_when_nobody_reads_on() {
    let house = House::new("list");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    for number in 0..120 {
        house.write(&format!("many/{number:03}"), format!("made up {number}"));
    }
    person.sanduq(&["add", text(&house.path("many"))]).good();
    let listed = person.sanduq(&["list"]).good();
    assert_eq!(listed.stdout().lines().count(), 120);
    let first = listed.stdout().lines().next().unwrap_or_default().trim().to_string();
    assert!(first.starts_with("120 "), "newest first: {first}");
    let some = person.sanduq(&["list", "--limit", "2", "--after", "50", "--json"]).good().json();
    let numbers: Vec<u64> =
        some["items"].as_array().expect("items").iter().filter_map(|i| i["item"].as_u64()).collect();
    assert_eq!(numbers, [49, 48]);
    let script = format!(
        "printf '%s\\n' '{}' | '{SANDUQ}' --vault '{}' --passphrase-fd 0 list 2>err | head -n 1; cat err",
        person.passphrase,
        text(&person.vault)
    );
    let piped = run(house.command(Path::new("bash"), &["-c", &script]), None).good();
    assert_eq!(piped.stdout().lines().count(), 1, "no complaint: {}", piped.stdout());
}

#[test]
fn the_language_is_the_flags_then_the_vaults_then_the_environments() {
    let house = House::new("language");
    let person = house.person("p");
    person.sanduq(&["init", "--lang", "fa"]).good();
    let empty = |args: &[&str]| {
        let mut all = vec!["list"];
        all.extend(args);
        person.sanduq(&all).good().stdout()
    };
    assert!(empty(&[]).contains("هنوز چیزی"), "the vault's language, though the environment says C.UTF-8");
    assert!(empty(&["--lang", "en"]).contains("Nothing is kept here yet."));
    let spoken = |name: &str, value: &str| {
        let mut command = house.command(Path::new(SANDUQ), &["--vault", "nowhere", "list"]);
        command.env_remove("LC_ALL").env(name, value);
        run(command, None).bad().stderr()
    };
    assert!(spoken("LANG", "fa_IR.UTF-8").contains("صندوقی نیست"));
    assert!(spoken("LC_MESSAGES", "fa_IR").contains("صندوقی نیست"));
    assert!(spoken("LANG", "C").contains("There is no vault here"));
    assert!(spoken("LANG", "de_DE.UTF-8").contains("There is no vault here"));
    let unknown = person.sanduq(&["list", "--lang", "xx"]).bad();
    assert_eq!(unknown.code, Some(2));
}

#[test]
fn a_command_line_that_makes_no_sense_is_answered_in_words() {
    let house = House::new("usage");
    for (args, told) in [
        (&["lst"][..], "Did you mean this?"),
        (&["show"], "This is missing:"),
        (&["show", "x"], "An item's number is needed here"),
        (&["show", "0"], "An item's number is needed here"),
        (&["list", "--limit", "x"], "This value does not fit:"),
        (&["list", "--colour"], "There is no such flag"),
        (&["seal", "1", "--all", "--to", "x"], "do not go together"),
        (&[], "A command is missing."),
    ] {
        let done = run(house.command(Path::new(SANDUQ), args), None).bad();
        assert_eq!(done.code, Some(2), "{args:?}");
        assert!(done.stderr().contains(told), "{args:?}: {}", done.stderr());
        assert!(done.out.is_empty(), "{args:?}");
    }
    for args in
        [&["--help"][..], &["--version"], &["seal", "--help"], &["contact", "add", "--help", "--lang", "fa"]]
    {
        let done = run(house.command(Path::new(SANDUQ), args), None).good();
        assert!(!done.out.is_empty() && done.err.is_empty(), "{args:?}");
    }
}

/// A mistyped name and a forged bundle were one exit code, and a script took the first for the second.
#[test]
fn a_file_that_is_not_there_is_no_forgery() {
    let house = House::new("cli-no-file");
    let nothing = house.path("nothing.bundle");
    let done = house.audit(&["--lang", "en", "bundle", text(&nothing)]).bad();
    assert_eq!(done.code, Some(5));
    let said = done.stderr();
    assert!(said.contains("There is no such file") && !said.contains("Not all checks hold"), "{said}");
    let forged = house.write("forged.bundle", "not a bundle");
    for files in [[text(&nothing), text(&forged)], [text(&forged), text(&nothing)]] {
        let done = house.audit(&["--lang", "en", "bundle", files[0], files[1]]).bad();
        assert_eq!(done.code, Some(1), "one of them was judged");
        let said = done.stderr();
        assert!(said.contains("There is no such file") && said.contains("Not all checks hold"), "{said}");
    }
}

/// "This shows what a command takes: --help", it said, and for `receipt ad`: "Did you mean this? add". Neither can be
/// copied and run.
#[test]
fn what_is_suggested_can_be_copied() {
    let house = House::new("copied");
    for (args, told) in [
        (&["show"][..], "  sanduq show --help\n"),
        (&["--vault", "v", "--json", "receipt", "ad"], "sanduq receipt add"),
        (&["receipt", "ad"], "  sanduq receipt add\n"),
        (&["list", "--limt", "3"], "  sanduq list --limit\n"),
        (&["show", "abc"], "  sanduq list\n"),
        (&["nonsense"], "  sanduq --help\n"),
        (&[], "  sanduq init\n"),
        (&["--lang", "en"], "  sanduq init\n"),
        (&["receipt"], "  sanduq receipt --help\n"),
    ] {
        let done = run(house.command(Path::new(SANDUQ), args), None).bad();
        assert!(done.stderr().contains(told), "{args:?}: {}", done.stderr());
    }
}

/// Who typed `sanduq help`, as for other programs, was told that there is no such command.
#[test]
fn help_is_a_word_as_well() {
    let house = House::new("help");
    let said = |args: &[&str]| run(house.command(Path::new(SANDUQ), args), None).good().stdout();
    assert_eq!(said(&["help"]), said(&["--help"]));
    assert_eq!(
        said(&["--lang", "fa", "help", "contact", "add"]),
        said(&["--lang", "fa", "contact", "add", "--help"])
    );
    assert_eq!(said(&["contact", "help", "add"]), said(&["contact", "add", "--help"]));
    let flags = |text: &str| {
        let flags = text.lines().filter(|line| line.trim_start().starts_with('-'));
        flags.map(str::to_string).collect::<Vec<_>>()
    };
    for args in [&["help"][..], &["help", "show"], &["help", "receipt", "add"], &["help", "--lang", "fa"]] {
        let text = said(args);
        assert!(!text.contains("OPTIONS") && !text.contains("COMMAND"), "{text}");
        let last = flags(&text).into_iter().rfind(|line| !line.contains("--version")).expect("flags");
        assert!(last.contains("-h, --help"), "{text}");
    }
    // A command that has commands below it has two usages, and `[OPTIONS]` was left in the second.
    let mirror = house.desk(&["mirror", "--help"]).good().stdout();
    assert!(mirror.contains("mirror [DIR] …") && !mirror.contains("OPTIONS"), "{mirror}");
    let unknown = run(house.command(Path::new(SANDUQ), &["help", "nonsense"]), None).bad();
    assert!(unknown.stderr().contains("There is no such command"), "{}", unknown.stderr());
}

#[test]
fn another_contributor_gets_a_part_of_their_own() {
    let house = House::new("parts");
    let first = furnished(&house, "v");
    let mut second = house.person("v");
    second.passphrase = "a passphrase of the second one".to_string();
    let made = second.sanduq(&["init", "--name", "دومی", "--json"]).good().json();
    assert_eq!(made["label"], "دومی");
    assert!(second.list().is_empty(), "nothing of the other's is seen");
    assert_eq!(first.list().len(), 3);
    let part = made["part"].as_str().expect("an id").to_string();
    assert!(second.sanduq(&["--part", &part, "list"]).good().stdout().contains("Nothing is kept"));
    assert_eq!(
        first.sanduq(&["--part", &part, "list"]).bad().code,
        Some(3),
        "the first one's does not open it"
    );
    assert_eq!(first.sanduq(&["--part", &"0".repeat(32), "list"]).bad().code, Some(5));
    let mut third = house.person("v");
    third.passphrase = first.passphrase.clone();
    assert_eq!(third.sanduq(&["init"]).bad().code, Some(3), "one passphrase opens one part");
}

#[test]
fn a_suggested_command_names_the_vault_it_is_about() {
    let house = House::new("suggested");
    let person = house.person("my vault");
    let made = person.sanduq(&["init"]).good().stdout();
    let line = made.lines().find(|line| line.trim_start().starts_with("sanduq ") && line.contains("add"));
    let line = line.expect("a next step").trim();
    assert_eq!(line, format!("sanduq --vault '{}' add PATH…", text(&person.vault)));
}

/// The second of three officers was told a command that would have sent the bundle back to the first.
#[test]
fn an_officer_in_the_middle_is_told_to_name_both_files() {
    let house = House::new("officer-in-the-middle");
    let organisation = Organisation::new(&house, 3, 3);
    let person = furnished(&house, "p");
    let bundle = organisation.send(&person, "stick");
    let (bundle, passed) = (text(&bundle), house.path("passed"));
    let [first, second, _] = &organisation.officers[..] else { panic!("three officers") };
    first.sanduq(&["open", bundle, "--pass-on", text(&passed)]).good();
    let told = second.sanduq(&["open", bundle, "--with", text(&passed)]).bad();
    assert!(told.stderr().contains("--with FILE --pass-on FILE"), "{}", told.stderr());
}

/// Nothing went, and "not everything" was said, with a command that would have kept it.
#[test]
fn of_a_file_that_cannot_be_sealed_directly_it_is_said_that_nothing_was() {
    let house = House::new("direct-nothing");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    organisation.send(&person, "stick");
    let link = house.path("link");
    std::os::unix::fs::symlink(house.path("nowhere"), &link).unwrap();
    let told = person.sanduq(&["seal", "--direct", text(&link), "--to", NAME]).bad();
    assert!(
        told.stderr().contains("Nothing was sealed.") && told.stderr().contains("--direct"),
        "{}",
        told.stderr()
    );
}

#[test]
fn officers_pass_a_bundle_on_by_the_command_line() {
    let house = House::new("officers");
    let organisation = Organisation::new(&house, 2, 3);
    let person = furnished(&house, "p");
    let bundle = organisation.send(&person, "stick");
    let bundle = text(&bundle);
    let passed = house.path("passed");
    let [first, second, third] = &organisation.officers[..] else { panic!("three officers") };
    let last = third.sanduq(&["open", bundle]).bad();
    assert_eq!(last.code, Some(7));
    // Whoever does not hold the card cannot be told who; with it, the first two are named by their words.
    assert!(last.stderr().contains("it does not hold the card"), "{}", last.stderr());
    third.sanduq(&["contact", "add", text(&organisation.card), "--yes"]).good();
    let last = third.sanduq(&["open", bundle]).bad();
    assert_eq!(last.code, Some(7));
    let said = last.stderr();
    assert!(said.contains("Another officer has to begin:"), "{said}");
    let named = said.lines().filter(|line| line.split_whitespace().count() == 9 && line.starts_with("  "));
    assert_eq!(named.count(), 2, "{said}");
    let no_file = first.sanduq(&["open", bundle]).bad();
    assert!(no_file.stderr().contains("--pass-on FILE"), "{}", no_file.stderr());
    first.sanduq(&["open", bundle, "--pass-on", text(&passed)]).good();
    assert_eq!(
        first.sanduq(&["open", bundle, "--pass-on", text(&passed)]).bad().code,
        Some(1),
        "never over it"
    );
    let opened = second.sanduq(&["open", bundle, "--with", text(&passed), "--json"]).good().json();
    assert_eq!(opened["outcome"], "taken-in");
    assert_eq!(opened["items"].as_array().map(Vec::len), Some(3));
    let again = second.sanduq(&["open", bundle, "--with", text(&passed)]).good().stdout();
    assert!(again.contains("was opened before"), "{again}");
    assert_eq!(second.list().len(), 3);
    let status = second.sanduq(&["status"]).good().stdout();
    assert!(status.contains("3 items came from others.") && !status.contains("sealed"), "{status}");
}
