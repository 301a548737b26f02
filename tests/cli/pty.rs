//! At a terminal: a pty stands in for it, and what a person would see and type is checked.

use crate::furnished;
use crate::house::{House, NAME, Organisation, Person, run, text};
use rexpect::session::{PtySession, spawn_command};
use std::fs;
use std::process::Command;

pub const SANDUQ: &str = env!("CARGO_BIN_EXE_sanduq");
/// What shows the terminal's other screen, which leaves nothing in the window or above it, and what leaves it.
const ENTER: &str = "\u{1b}[?1049h";
const LEAVE: &str = "\u{1b}[?1049l";
/// Milliseconds to wait for what should appear: a busy machine takes its time.
const PATIENCE: u64 = 60_000;

/// `sanduq` on this person's vault at a terminal of its own.
fn at_terminal(person: &Person, args: &[&str]) -> PtySession {
    spawned(person, Command::new(SANDUQ), args)
}

fn spawned(person: &Person, mut command: Command, args: &[&str]) -> PtySession {
    command.args(["--vault", text(&person.vault)]).args(args).current_dir(&person.house.dir).env_clear();
    command.env("HOME", person.house.path("home")).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
    command.env("PATH", "/usr/bin:/bin");
    spawn_command(command, Some(PATIENCE)).expect("a pty")
}

/// At a terminal of so many columns.
fn unlock_narrow(person: &Person, columns: u16, args: &[&str]) -> PtySession {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("stty cols {columns} rows 24; exec \"$@\""), "sh", SANDUQ]);
    let mut session = spawned(person, shell, args);
    answer(&mut session, "Passphrase:", &person.passphrase);
    session
}

/// What is still printed, and the exit code.
pub fn rest(mut session: PtySession) -> (String, i32) {
    let rest = session.exp_eof().expect("it ends");
    let bytes: Vec<u8> = rest.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    (String::from_utf8_lossy(&bytes).into_owned(), code(session))
}

pub fn expect(session: &mut PtySession, needle: &str) -> String {
    // The pty's reader takes every byte for a character of its own.
    let bytes = |text: &str| text.bytes().map(char::from).collect::<String>();
    let before = session.exp_string(&bytes(needle));
    let before = before.unwrap_or_else(|error| panic!("waiting for {needle:?}: {error}"));
    let before: Vec<u8> = before.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    String::from_utf8_lossy(&before).into_owned()
}

pub fn answer(session: &mut PtySession, question: &str, typed: &str) {
    expect(session, question);
    session.send_line(typed).expect("the terminal takes it");
}

/// The exit code, after all was read.
pub fn code(mut session: PtySession) -> i32 {
    let _ = session.exp_eof();
    match session.process().wait().expect("it ends") {
        rexpect::process::WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

pub fn unlock(person: &Person, args: &[&str]) -> PtySession {
    let mut session = at_terminal(person, args);
    answer(&mut session, "Passphrase:", &person.passphrase);
    session
}

/// Answers what is asked after a testimony, with nobody named and the safe terms, and waits until it is kept.
pub fn kept_without_names(mut session: PtySession) {
    answer(&mut session, "Names, with commas", "");
    answer(&mut session, "Keep it so?", "");
    expect(&mut session, "Your testimony is kept");
    assert_eq!(code(session), 0);
}

#[test]
fn init_asks_the_language_in_each_script_and_a_passphrase_twice() {
    let house = House::new("pty-init");
    let person = house.person("p");
    let mut session = at_terminal(&person, &["init"]);
    expect(&mut session, "For English, type 1");
    expect(&mut session, "برای فارسی ۲");
    answer(&mut session, "1 / 2:", "۲");
    answer(&mut session, "گذرواژهٔ تازه", &person.passphrase);
    answer(&mut session, "همان را دوباره:", "something else");
    expect(&mut session, "این دو یکی نبودند");
    answer(&mut session, "گذرواژهٔ تازه", &person.passphrase);
    answer(&mut session, "همان را دوباره:", &person.passphrase);
    let rest = expect(&mut session, "صندوق شما آماده است");
    assert!(!rest.contains(&person.passphrase), "a passphrase is never shown");
    answer(&mut session, "برای وقت دیگر", "بعدا");
    expect(&mut session, "گذرواژهٔ گم‌شده یعنی صندوق گم‌شده");
    expect(&mut session, "sanduq --vault");
    assert_eq!(code(session), 0);
    assert!(
        person.sanduq(&["list"]).good().stdout().contains("هنوز چیزی"),
        "the language is kept in the vault"
    );
}

#[test]
fn a_weak_passphrase_is_warned_of_and_one_is_offered() {
    let house = House::new("pty-weak");
    let mut person = house.person("p");
    let mut session = at_terminal(&person, &["--lang", "en", "init"]);
    answer(&mut session, "New passphrase", "hello");
    expect(&mut session, "a computer could guess this one");
    answer(&mut session, "Use it all the same?", "maybe");
    answer(&mut session, "Please type yes or no.", "نه");
    answer(&mut session, "New passphrase", "");
    expect(&mut session, "drawn at random");
    let shown = session.exp_regex(r"[a-z]+( [a-z]+){6}").expect("seven words");
    answer(&mut session, "The same again:", &shown.1);
    expect(&mut session, "Your vault is ready");
    answer(&mut session, "Press Enter when they are on paper", "later");
    assert_eq!(code(session), 0);
    person.passphrase = shown.1;
    person.sanduq(&["list"]).good();
}

/// The 24 words that stand on the screen, each behind its number.
fn words_shown(session: &mut PtySession) -> Vec<String> {
    let shown = expect(session, "Press Enter when they are on paper");
    numbered(&shown, 24, ".")
}

/// So many words of what was shown, each behind its number and this mark.
fn numbered(shown: &str, count: usize, mark: &str) -> Vec<String> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut parts = shown.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        let number = part.strip_suffix(mark).and_then(|number| number.parse().ok());
        if let (Some(number), Some(word)) = (number, parts.peek()) {
            words.push((number, (*word).to_owned()));
        }
    }
    words.sort();
    assert_eq!(words.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=count).collect::<Vec<_>>());
    words.into_iter().map(|(_, word)| word).collect()
}

fn asked_for(session: &mut PtySession) -> usize {
    let (_, question) = session.exp_regex(r"Word \d+:").expect("a question");
    question.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number")
}

/// She had copied the words in a hurry and found out a year later.
#[test]
fn the_words_are_shown_again_until_three_of_them_are_right() {
    let house = House::new("pty-words");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    person.sanduq(&["rekey"]).good();
    let mut session = unlock(&person, &["--lang", "en", "key", "words"]);
    expect(&mut session, "24 new words");
    let words = words_shown(&mut session);
    session.send_line("").expect("typed");
    asked_for(&mut session);
    session.send_line("wrong").expect("typed");
    answer(&mut session, "Press Enter to see them again", "");
    assert_eq!(words_shown(&mut session), words);
    session.send_line("").expect("typed");
    for _ in 0..3 {
        let place = asked_for(&mut session);
        session.send_line(&words[place - 1].to_uppercase()).expect("typed");
    }
    expect(&mut session, "The words are on paper");
    let (rest, code) = rest(session);
    assert!(words.iter().filter(|word| rest.contains(word.as_str())).count() < 4, "{rest}");
    assert_eq!(code, 0);
    let later = person.sanduq(&["list"]).good().stderr();
    assert!(!later.contains("24 new words"), "{later}");

    // Typed back, one of them misspelt at first, in several lines.
    let mut session = at_terminal(&person, &["--lang", "en", "recover"]);
    expect(&mut session, "Type your 24 words");
    session.send_line(&words[..12].join(" ")).expect("typed");
    expect(&mut session, "From word 13 on");
    session.send_line("qqqqqqqq").expect("typed");
    expect(&mut session, "Word 13 is not in the list");
    session.send_line(&words[12..].join(" ")).expect("typed");
    expect(&mut session, "The words open a part of this vault");
    let new = "an invented passphrase after the loss";
    answer(&mut session, "New passphrase", new);
    answer(&mut session, "The same again:", new);
    expect(&mut session, "Recovered");
    assert_eq!(self::code(session), 0);
}

#[test]
fn a_further_part_is_made_only_after_a_yes() {
    let house = House::new("pty-part");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = at_terminal(&person, &["--lang", "en", "init"]);
    answer(&mut session, "Make a further part?", "no");
    expect(&mut session, "Nothing was done.");
    assert_eq!(code(session), 7);
}

#[test]
fn a_testimony_goes_on_where_it_was_stopped() {
    let house = House::new("pty-testify");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["testify"]);
    answer(&mut session, "A title", "عنوان");
    expect(&mut session, "Put [[ and ]]");
    answer(&mut session, "> ", "The first paragraph.");
    answer(&mut session, "> ", "بند دوم، از [[گلنار]].");
    expect(&mut session, "> ");
    session.send("A third one, stopped in the mid").expect("typed");
    session.flush().expect("typed");
    expect(&mut session, "in the mid");
    session.send_control('c').expect("Ctrl-C");
    expect(&mut session, "is kept in your vault, encrypted, as a draft");
    assert_eq!(code(session), 130);
    assert_eq!(person.sanduq(&["status", "--json"]).good().json()["drafts"], 1);

    let mut session = unlock(&person, &["testify"]);
    expect(&mut session, "The first paragraph.");
    answer(&mut session, "Go on with it?", "yes");
    expect(&mut session, "> ");
    answer(&mut session, "stopped in the mid", "dle.");
    answer(&mut session, "> ", ".");
    kept_without_names(session);
    let kept = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(kept["title"], "عنوان");
    assert_eq!(
        kept["account"],
        "The first paragraph.\n\nبند دوم، از [[گلنار]].\n\nA third one, stopped in the middle."
    );
    assert_eq!(person.sanduq(&["status", "--json"]).good().json()["drafts"], 0);
}

/// She pasted three paragraphs into a terminal that sends them as keys. The first was kept, and the others, which came
/// with its Enter, were gone without a word.
#[test]
fn what_comes_with_an_enter_is_not_lost() {
    let house = House::new("pty-pasted");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    expect(&mut session, "> ");
    session.send("The first.\rبند دوم.\rThe third.\r.\r").expect("pasted");
    session.flush().expect("pasted");
    kept_without_names(session);
    let kept = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(kept["account"], "The first.\n\nبند دوم.\n\nThe third.");
}

/// Somebody came in while she wrote, and she pressed Ctrl-C. All she had typed stood in the window, with the name
/// that was to be withheld, and so it did after she had read her draft again and after she had finished.
#[test]
fn a_testimony_leaves_nothing_on_the_screen() {
    let house = House::new("pty-screen");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let nothing_of_it = |session: PtySession| {
        let (rest, code) = rest(session);
        assert!(!rest.contains("witness") && !rest.contains("گلنار"), "{rest}");
        (rest, code)
    };

    let mut session = unlock(&person, &["testify"]);
    expect(&mut session, ENTER);
    answer(&mut session, "A title", "");
    expect(&mut session, "Put [[ and ]]");
    answer(&mut session, "> ", "The witness was [[گلنار]].");
    // What begins the next line: keys sent earlier would belong to this one.
    expect(&mut session, "[?2004h");
    session.send_control('c').expect("Ctrl-C");
    expect(&mut session, LEAVE);
    let (stopped, code) = nothing_of_it(session);
    assert!(stopped.contains("is kept in your vault, encrypted, as a draft"), "{stopped}");
    assert_eq!(code, 130);

    let mut session = unlock(&person, &["testify"]);
    expect(&mut session, ENTER);
    expect(&mut session, "The witness was");
    expect(&mut session, "Go on with it?");
    session.send_control('c').expect("Ctrl-C");
    expect(&mut session, LEAVE);
    assert_eq!(nothing_of_it(session).1, 130);

    let mut session = unlock(&person, &["testify"]);
    expect(&mut session, ENTER);
    answer(&mut session, "Go on with it?", "yes");
    answer(&mut session, "> ", "");
    answer(&mut session, "> ", ".");
    expect(&mut session, LEAVE);
    answer(&mut session, "Names, with commas", "");
    answer(&mut session, "Keep it so?", "");
    let (kept, code) = nothing_of_it(session);
    assert!(kept.contains("Your testimony is kept"), "{kept}");
    assert_eq!(code, 0);

    let mut session = unlock(&person, &["edit", "1"]);
    expect(&mut session, ENTER);
    expect(&mut session, "The title:");
    session.send_control('c').expect("Ctrl-C");
    expect(&mut session, LEAVE);
    assert_eq!(nothing_of_it(session).1, 130);
}

/// A terminal that knows no sequences showed them as litter around the text.
#[test]
fn a_dumb_terminal_gets_no_sequences() {
    let house = House::new("pty-dumb");
    let person = house.person("p");
    let mut dumb = Command::new("sh");
    dumb.args(["-c", "TERM=dumb exec \"$@\"", "sh", SANDUQ]);
    let mut session = spawned(&person, dumb, &["--lang", "en", "init"]);
    answer(&mut session, "New passphrase", "");
    let shown = expect(&mut session, "The same again:");
    assert!(shown.contains("drawn at random") && !shown.contains('\u{1b}'), "{shown:?}");
    session.send_control('c').expect("Ctrl-C");
    assert_eq!(rest(session).1, 130);
}

/// "It is shown only now", said the vault of the passphrase it had made, and left it standing in the window.
#[test]
fn a_passphrase_that_was_made_leaves_the_screen() {
    let house = House::new("pty-made");
    let person = house.person("p");
    let begun = || {
        let mut session = at_terminal(&person, &["--lang", "en", "init"]);
        answer(&mut session, "New passphrase", "");
        expect(&mut session, ENTER);
        let shown = session.exp_regex(r"[a-z]+( [a-z]+){6}").expect("seven words").1;
        expect(&mut session, "The same again:");
        (session, shown)
    };
    let (mut session, shown) = begun();
    session.send_control('c').expect("Ctrl-C");
    expect(&mut session, LEAVE);
    let (after, code) = rest(session);
    assert!(!after.contains(&shown), "{after}");
    assert_eq!(code, 130);

    let (mut session, shown) = begun();
    session.send_line("something else").expect("typed");
    // It is shown again, the same, for whoever wrote it down wrongly.
    expect(&mut session, &shown);
    answer(&mut session, "The same again:", &shown);
    expect(&mut session, LEAVE);
    let ready = expect(&mut session, "Press Enter when they are on paper");
    assert!(ready.contains("Your vault is ready") && !ready.contains(&shown), "{ready}");
    session.send_control('c').expect("Ctrl-C");
    // The vault is made, whatever comes behind.
    let (after, code) = rest(session);
    assert!(after.contains("key words") && !after.contains(&shown), "{after}");
    assert_eq!(code, 0);
}

/// Ctrl-D at the passphrase put "Nothing was done." behind the colon.
#[test]
fn what_ends_the_passphrase_is_answered_on_a_line_of_its_own() {
    let house = House::new("pty-end");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    for (key, told, exit) in [('d', "Nothing was done.", 7), ('c', "Stopped.", 130)] {
        let mut session = at_terminal(&person, &["--lang", "en", "list"]);
        expect(&mut session, "Passphrase:");
        session.send_control(key).expect("typed");
        let before = expect(&mut session, told);
        assert!(before.contains('\n'), "{before:?}");
        assert_eq!(code(session), exit);
    }
}

/// Her account was broken by the terminal within its words, in the middle of a line that was to be read aloud.
#[test]
fn evidence_and_questions_are_broken_between_words() {
    let house = House::new("pty-words");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let account = house.write("a.txt", "شهادت می‌دهم که در آن روز سرد زمستان همه در کوچه ایستاده بودند.");
    person.sanduq(&["testify", "--title", "در کوچه", text(&account)]).good();
    let (shown, _) = rest(unlock_narrow(&person, 40, &["show", "1"]));
    let lines: Vec<&str> = shown.lines().map(|line| line.trim_end_matches('\r')).collect();
    let first = lines.iter().position(|line| line.contains("شهادت")).expect("the account");
    assert!(lines[first].chars().count() <= 41, "{shown}");
    assert!(lines[first + 1].starts_with("  ") && lines[first + 1].ends_with("بودند."), "{shown}");
    let mut session = unlock_narrow(&person, 24, &["remove", "1"]);
    expect(&mut session, "Remove item 1 from your\r\nvault? (yes/no)");
    session.send_line("no").expect("typed");
    assert_eq!(code(session), 7);
}

#[test]
fn a_testimony_without_a_word_leaves_nothing() {
    let house = House::new("pty-nothing");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    expect(&mut session, "Put [[ and ]]");
    answer(&mut session, "> ", ".");
    expect(&mut session, "There is not a word in it");
    assert_eq!(code(session), 7);
    assert_eq!(person.sanduq(&["status", "--json"]).good().json()["drafts"], 0);
}

/// She went on with a draft, emptied its only line and ended it: nothing was kept, she was told, and the draft lay there.
#[test]
fn a_draft_that_was_emptied_is_said_to_be_there() {
    let house = House::new("pty-emptied");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    expect(&mut session, "> ");
    session.send("One line").expect("typed");
    session.flush().expect("typed");
    expect(&mut session, "One line");
    session.send_control('c').expect("Ctrl-C");
    assert_eq!(code(session), 130);
    let mut session = unlock(&person, &["testify"]);
    answer(&mut session, "Go on with it?", "yes");
    expect(&mut session, "> ");
    expect(&mut session, "One line");
    session.send_control('u').expect("Ctrl-U");
    session.send_line(".").expect("typed");
    expect(&mut session, "There is not a word in it.");
    expect(&mut session, "as a draft");
    assert_eq!(code(session), 7);
    assert_eq!(person.sanduq(&["status", "--json"]).good().json()["drafts"], 1);
}

#[test]
fn edit_offers_each_paragraph() {
    let house = House::new("pty-edit");
    let person = furnished(&house, "p");
    let mut session = unlock(&person, &["edit", "1"]);
    answer(&mut session, "The title:", "");
    expect(&mut session, "Each paragraph");
    answer(&mut session, "از [[گلنار]].", " و باز.");
    answer(&mut session, "The second paragraph.", "");
    answer(&mut session, "> ", "A new third.");
    answer(&mut session, "> ", ".");
    expect(&mut session, "Your testimony is kept");
    assert_eq!(code(session), 0);
    let kept = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(kept["account"], "بند نخست، از [[گلنار]]. و باز.\n\nThe second paragraph.\n\nA new third.");
    assert_eq!(kept["title"], "در کوچه");
}

/// She emptied the first paragraph and typed a dot, as she was told ends it, and the second, which she had not been
/// shown, was gone without a word.
#[test]
fn edit_keeps_what_was_not_shown() {
    let house = House::new("pty-edit-dot");
    let person = furnished(&house, "p");
    let edit = |answer_to_rest: &str| {
        let mut session = unlock(&person, &["edit", "1"]);
        answer(&mut session, "The title:", "");
        expect(&mut session, "Each paragraph");
        // Ctrl-U empties the line.
        answer(&mut session, "از [[گلنار]]", "\u{15}.");
        answer(&mut session, "One more paragraph follows that was not shown.", answer_to_rest);
        session
    };
    let mut session = edit("no");
    expect(&mut session, "Your testimony is kept");
    assert_eq!(code(session), 0);
    assert_eq!(person.sanduq(&["show", "1", "--json"]).good().json()["account"], "The second paragraph.");
}

/// On 24 lines the QR code had pushed the name off the screen when the question came; and who typed seven of the
/// words was told that they were another card's.
#[test]
fn a_contact_is_added_by_the_words_that_were_heard() {
    let house = House::new("pty-contact");
    let organisation = Organisation::new(&house, 2, 3);
    let signed =
        organisation.officers[0].sanduq(&["card", "sign", text(&house.path("draft"))]).good().stderr();
    let words = crate::eight(&signed).0;
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["contact", "add", text(&organisation.card)]);
    let code_shown = expect(&mut session, NAME);
    assert!(code_shown.contains('█'), "a QR code");
    let shown = expect(&mut session, "2 of its 3 officers together");
    assert!(!shown.contains('█'), "the name is nearest to the question");
    let shown = shown + &code_shown + &expect(&mut session, "Eight words or eight numbers:");
    assert!(!shown.contains(words), "the words are heard, not read off the screen");
    session.send_line("zoo zoo zoo").expect("typed");
    expect(&mut session, "You typed 3 of them; it takes eight.");
    answer(&mut session, "Eight words or eight numbers:", "zoo zoo zoo zoo zoo zoo zoo zoo");
    expect(&mut session, "These are not the words of this card.");
    answer(&mut session, "Eight words or eight numbers:", words);
    expect(&mut session, "Added.");
    assert_eq!(code(session), 0);
}

/// Her laptop says no language, as many do, and her vault is Persian. The passphrase was asked for in English, and what
/// was wrong with it was said in English, to somebody who reads neither.
#[test]
fn where_no_language_is_known_a_locked_vault_speaks_each() {
    let house = House::new("pty-unsure");
    let person = house.person("p");
    person.sanduq(&["--lang", "fa", "init"]).good();
    let mut session = at_terminal(&person, &["list"]);
    expect(&mut session, "گذرواژه:");
    answer(&mut session, "Passphrase:", "not this one");
    expect(&mut session, "این گذرواژه اینجا چیزی را باز نمی‌کند.");
    expect(&mut session, "This passphrase opens nothing here.");
    assert_eq!(code(session), 3);
    let mut session = unlock(&person, &["list"]);
    let rest = expect(&mut session, "هنوز چیزی");
    assert!(!rest.contains("Nothing"), "{rest}");
    assert_eq!(code(session), 0);
    // Who asks for a language is spoken to in that one.
    let mut session = at_terminal(&person, &["--lang", "fa", "list"]);
    let before = expect(&mut session, "گذرواژه:");
    assert!(!before.contains("Passphrase"), "{before}");
    session.send_line("not this one").expect("typed");
    let rest = session.exp_eof().expect("it ends");
    assert!(!rest.contains("opens nothing"), "{rest}");
}

/// The draft comes from the desk: whoever signs sees who will open, word by word, and is asked.
#[test]
fn a_card_is_signed_after_its_officers_were_shown_and_a_yes() {
    let house = House::new("pty-card");
    let organisation = Organisation::new(&house, 2, 3);
    let draft = house.path("draft");
    let args = ["card", "sign", text(&draft)];
    let mut session = unlock(&organisation.officers[0], &args);
    let before = expect(&mut session, "Sign this card?");
    assert!(before.contains(NAME), "{before}");
    let words = |line: &str| line.split_whitespace().filter(|word| word.len() > 2).count() >= 8;
    assert!(before.lines().filter(|line| words(line)).count() >= 3, "three officers' words: {before}");
    session.send_line("no").expect("typed");
    let rest = expect(&mut session, "Nothing was done.");
    assert!(!rest.contains("BEGIN SSH SIGNATURE"), "{rest}");
    assert_eq!(code(session), 7);
    let mut session = unlock(&organisation.officers[0], &args);
    answer(&mut session, "Sign this card?", "yes");
    expect(&mut session, "BEGIN SSH SIGNATURE");
    assert_eq!(code(session), 0);
}

#[test]
fn sealing_everything_and_removing_are_asked_about() {
    let house = House::new("pty-ask");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let mut session = unlock(&person, &["seal", "--all", "--to", NAME]);
    expect(&mut session, "page.png");
    answer(&mut session, "Seal these 3 items", "no");
    assert_eq!(code(session), 7);
    // A slip of one digit cannot be taken back, so items that are named are shown as well.
    let mut session = unlock(&person, &["seal", "1", "2", "--to", NAME]);
    expect(&mut session, "can no longer be changed or removed");
    answer(&mut session, "Seal these 2 items", "no");
    assert_eq!(code(session), 7);
    let mut session = unlock(&person, &["remove", "1"]);
    answer(&mut session, "Remove item 1", "no");
    assert_eq!(code(session), 7);
    assert_eq!(person.list().len(), 3);
    let mut session = unlock(&person, &["remove", "1"]);
    answer(&mut session, "Remove item 1", "yes");
    assert_eq!(code(session), 0);
    assert_eq!(person.list().len(), 2);
}

/// She held on to a paper with a slip of the pen in it, and years later could prove nothing.
#[test]
fn the_phrase_of_a_proof_is_shown_again_until_two_of_its_words_are_right() {
    let house = House::new("pty-proof");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let mut session = unlock(&person, &["seal", "1", "--to", NAME, "--proof", "--forget"]);
    answer(&mut session, "Seal this item", "yes");
    expect(&mut session, ENTER);
    let words = numbered(&expect(&mut session, "When they are on paper, press Enter"), 12, "");
    session.send_line("").expect("typed");
    expect(&mut session, LEAVE);
    asked_for(&mut session);
    session.send_line("wrong").expect("typed");
    answer(&mut session, "Press Enter:", "");
    assert_eq!(numbered(&expect(&mut session, "When they are on paper, press Enter"), 12, ""), words);
    session.send_line("").expect("typed");
    for _ in 0..2 {
        let place = asked_for(&mut session);
        session.send_line(&words[place - 1]).expect("typed");
    }
    let (rest, code) = rest(session);
    let shown = words.iter().filter(|word| rest.split_whitespace().any(|shown| shown == *word));
    assert!(shown.count() < 4, "{rest}");
    assert_eq!(code, 0, "{rest}");

    // What was sealed is forgotten, and the phrase, typed without being shown, still proves.
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let bundle = crate::house::only(&stick, "bundle");
    let proof = house.path("a.proof");
    let said = ["prove", text(&bundle), "--challenge", "58213", "--say", "It was I.", "--to", text(&proof)];
    let mut session = at_terminal(&person, &said);
    answer(&mut session, "The twelve words of this bundle:", &format!("{} sanduk", words[..11].join(" ")));
    answer(&mut session, "The twelve words of this bundle:", &words.join(" "));
    let (rest, code) = self::rest(session);
    assert!(!rest.contains(&words[..2].join(" ")), "{rest}");
    assert_eq!(code, 0, "{rest}");
    house.audit(&["proof", text(&proof), text(&bundle), "--challenge", "58213"]).good();
}

/// She said yes, and read only afterwards which file she would need from then on.
#[test]
fn a_key_file_is_named_before_the_question() {
    let house = House::new("pty-key-file");
    let person = furnished(&house, "p");
    let file = house.path("stick.key");
    let mut session = unlock(&person, &["key-file", "set", text(&file)]);
    let before = expect(&mut session, "Make it? (yes/no)");
    assert!(before.contains(text(&file)) && before.contains("--key-file"), "{before}");
    session.send_line("no").expect("typed");
    assert_eq!(code(session), 7);
    assert!(!file.exists());
}

/// The one question before the keys of a whole vault are destroyed: only a yes does it.
#[test]
fn panic_asks_once_and_takes_only_a_yes() {
    let house = House::new("pty-panic");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    for (typed, ended) in [("no", 7), ("", 7), ("yes", 0)] {
        person.sanduq(&["list"]).good();
        let mut session = at_terminal(&person, &["--lang", "en", "panic"]);
        answer(&mut session, "Destroy the keys?", typed);
        if typed.is_empty() {
            answer(&mut session, "yes or no", "no");
        }
        expect(&mut session, if ended == 0 { "The keys are destroyed." } else { "Nothing was done." });
        assert_eq!(code(session), ended, "{typed:?}");
    }
    assert_eq!(person.sanduq(&["list"]).bad().code, Some(3));
}

/// What a repair set aside may be all that is left of her evidence: without a yes it stays.
#[test]
fn what_was_set_aside_goes_only_after_a_yes() {
    let house = House::new("pty-aside");
    let person = furnished(&house, "p");
    let organisation = Organisation::new(&house, 1, 1);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let mut index = fs::read(part.join("index")).unwrap();
    index[4096..8192].fill(0);
    fs::write(part.join("index"), index).unwrap();
    person.sanduq(&["repair", "--yes"]).good();
    let aside = part.join("index.damaged");
    for args in [&["rekey"][..], &["forget", "--traces"], &["contact", "remove", NAME]] {
        let mut session = unlock(&person, args);
        expect(&mut session, "This also takes away");
        answer(&mut session, "May what was set aside go?", "no");
        expect(&mut session, "Nothing was done.");
        assert_eq!(code(session), 7, "{args:?}");
        assert!(aside.exists(), "{args:?}");
    }
    let mut session = unlock(&person, &["forget", "--traces"]);
    answer(&mut session, "May what was set aside go?", "yes");
    assert_eq!(code(session), 0);
    assert!(!aside.exists());
}

/// The other passphrase needed the file as well, and was dropped because it was only tried alone.
#[test]
fn rekey_keeps_a_passphrase_that_needs_the_key_file() {
    let house = House::new("pty-rekey");
    let person = furnished(&house, "p");
    let second = Person { house: &house, vault: person.vault.clone(), passphrase: "the second one".into() };
    let file = house.path("stick.key");
    let both = format!("{}\n{}", person.passphrase, second.passphrase);
    run(person.command(&["passphrase", "add", "--new-passphrase-fd", "3"]), Some(&both)).good();
    second.sanduq(&["key-file", "set", text(&file)]).good();
    let mut session = unlock(&person, &["--key-file", text(&file), "rekey"]);
    for typed in [&person.passphrase, "never a passphrase of hers", &second.passphrase] {
        // Her own is kept already: typed twice it would have two slots.
        answer(&mut session, "Passphrase:", typed);
    }
    expect(&mut session, "Your part has new keys.");
    answer(&mut session, "Press Enter when they are on paper", "later");
    assert_eq!(code(session), 0);
    person.sanduq(&["list"]).good();
    second.sanduq(&["list"]).bad();
    second.sanduq(&["--key-file", text(&file), "list"]).good();
}

/// The stick was not plugged in: its bundle lay in a folder on her laptop, and the vault said that it was carried.
#[test]
fn a_folder_that_is_not_there_is_made_only_after_a_yes() {
    let house = House::new("pty-folder");
    let organisation = Organisation::new(&house, 1, 1);
    let person = furnished(&house, "p");
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let stick = house.path("stick");
    let out = house.path("out");
    for args in [vec!["export", text(&stick)], vec!["extract", "1", "--to", text(&out)]] {
        let mut session = unlock(&person, &args);
        expect(&mut session, "There is no such folder:");
        answer(&mut session, "the stick is not plugged in.", "no");
        assert_eq!(code(session), 7, "{args:?}");
    }
    assert!(!stick.exists() && !out.exists());
    let mut session = unlock(&person, &["export", text(&stick)]);
    answer(&mut session, "the stick is not plugged in.", "yes");
    expect(&mut session, "One bundle is written");
    assert_eq!(code(session), 0);
    let mut session = unlock(&person, &["seal", "1", "--to", NAME]);
    expect(&mut session, "One of these was sealed to them before.");
    answer(&mut session, "Seal this item", "no");
    assert_eq!(code(session), 7);
}

#[test]
fn a_terminal_sees_a_hundred_and_how_to_see_more() {
    let house = House::new("pty-list");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    for number in 0..1_105 {
        house.write(&format!("many/{number:04} made up"), format!("invented {number}"));
    }
    person.sanduq(&["add", text(&house.path("many"))]).good();
    for (args, said, again) in [
        (&["list"][..], "There are older ones:", "list --after 1006"),
        (
            &["search", "made", "up"],
            "Only the newest 100 are shown. The older ones:",
            "search --after 1006 made up",
        ),
    ] {
        let mut session = unlock(&person, args);
        let seen = expect(&mut session, said);
        assert_eq!(seen.lines().filter(|line| line.contains("document")).count(), 100);
        expect(&mut session, again);
        assert_eq!(code(session), 0);
        // Piped it is whole, and so is its JSON.
        let piped = person.sanduq(args).good();
        assert!(!piped.stderr().contains("older ones"), "{}", piped.stderr());
        let lines: Vec<String> = piped.stdout().lines().map(str::to_owned).collect();
        let numbers: Vec<u64> =
            lines.iter().map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
        assert!(numbers.iter().copied().eq((1..=1_105).rev()));
        assert!(lines.iter().all(|line| line.find("document") == lines[0].find("document")));
        let json = person.sanduq(&[args, &["--json"]].concat()).good().json();
        let items = json["items"].as_array().unwrap();
        assert_eq!(items.len(), numbers.len());
        for (item, line) in items.iter().zip(&lines) {
            assert!(line.ends_with(item["title"].as_str().unwrap()), "{line} {item}");
        }
        let next =
            person.sanduq(&[args, &["--json", "--after", "1006", "--limit", "2"]].concat()).good().json();
        assert_eq!(next["items"].as_array().unwrap()[..], items[100..102]);
    }
}
