//! What is seen at a terminal besides words: a bar, a QR code, a sentence of warning; and a text that is longer than a
//! terminal's own line may be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::house::{House, Noise, Organisation, run, text};
use crate::pty::{SANDUQ, answer, code, expect, kept_without_names, rest, unlock};

/// How many bytes are work that takes a while.
const LONG_WORK_BYTES: usize = 64 << 20;

/// Whoever waits at a terminal sees how far it is; a script's log is not filled with it.
#[test]
fn a_bar_is_shown_on_long_work_at_a_terminal_only() {
    let house = House::new("seen-bar");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let film = house.write("film", Noise::new(1).bytes(LONG_WORK_BYTES));
    let piped = person.sanduq(&["add", text(&film)]).good();
    assert!(!piped.err.iter().any(|byte| [b'\r', 0x1b].contains(byte)), "{}", piped.stderr());
    assert!(!piped.stderr().contains('█') && !piped.stderr().contains(" %"), "{}", piped.stderr());
    let mut session =
        unlock(&person, &["add", text(&house.write("film2", Noise::new(2).bytes(LONG_WORK_BYTES)))]);
    let seen = expect(&mut session, "Keep it so?");
    assert!(seen.contains('█') && seen.contains(" %"), "{seen}");
    session.send_line("").expect("typed");
    assert_eq!(code(session), 0);
}

/// The officer holds her card's QR code beside it: one of another text would be worse than none.
#[test]
fn the_qr_code_of_a_card_is_that_of_its_digest() {
    let house = House::new("seen-qr");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let mut session = unlock(&person, &["contact", "add", text(&organisation.card)]);
    let seen = expect(&mut session, "Eight words or eight numbers:");
    session.send_line("").expect("typed");
    let (_, declined) = rest(session);
    assert_eq!(declined, 7);
    let squares = squares(&seen);
    let edge = |of: fn(&(usize, usize)) -> usize| squares.iter().map(of).min().expect("a square");
    let (left, top) = (edge(|square| square.0), edge(|square| square.1));
    let width = squares.iter().map(|(x, _)| x + 1).max().expect("a square") - left;
    let grid = rqrr::SimpleGrid::from_func(width, |x, y| squares.contains(&(x + left, y + top)));
    let (_, read) = rqrr::Grid::new(grid).decode().expect("a QR code");
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes"]).good();
    let held = person.sanduq(&["contact", "show", crate::house::NAME, "--json"]).good().json();
    assert_eq!(Some(read.as_str()), held["card"]["digest"].as_str());
}

/// The dark squares of a code of half blocks, by column and row.
fn squares(seen: &str) -> BTreeSet<(usize, usize)> {
    let lines = seen.lines().filter_map(|line| line.split("\u{1b}[30;107m").nth(1)?.split('\u{1b}').next());
    let mut squares = BTreeSet::new();
    for (row, line) in lines.enumerate() {
        for (column, half) in line.chars().enumerate() {
            squares.extend(['█', '▀'].contains(&half).then_some((column, 2 * row)));
            squares.extend(['█', '▄'].contains(&half).then_some((column, 2 * row + 1)));
        }
    }
    squares
}

#[test]
fn extract_says_that_it_writes_in_the_clear() {
    let house = House::new("seen-plain");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    person.sanduq(&["add", text(&house.write("page", "made up"))]).good();
    for (language, said) in [
        ("en", "These are readable by anyone who finds them. Delete them when you no longer need them."),
        ("fa", "هر کس این‌ها را بیابد می‌تواند بخواند. وقتی دیگر لازمشان ندارید پاکشان کنید."),
    ] {
        let out = house.path(language);
        let done = person.sanduq(&["--lang", language, "extract", "1", "--to", text(&out)]).good();
        assert!(done.stderr().lines().any(|line| line == said), "{}", done.stderr());
        assert_eq!(fs::read(out.join("page")).expect("written"), b"made up");
    }
    let list = run(house.command(Path::new(SANDUQ), &["extract", "--help", "--lang", "en"]), None).good();
    assert!(list.stdout().contains("readable by anyone"), "{}", list.stdout());
}

/// A terminal cuts a line off at 4,096 bytes.
#[test]
fn a_paragraph_of_any_length_can_be_typed() {
    let house = House::new("seen-long");
    let person = house.person("p");
    person.sanduq(&["init"]).good();
    let words: Vec<String> = (0..2_000).map(|number| format!("word{number:05}")).collect();
    let mut session = unlock(&person, &["testify", "--title", "t"]);
    expect(&mut session, "> ");
    for piece in words.chunks(100) {
        session.send(&format!("{} ", piece.join(" "))).expect("typed");
        session.flush().expect("typed");
    }
    session.send_line("end").expect("typed");
    answer(&mut session, "> ", ".");
    kept_without_names(session);
    let kept = person.sanduq(&["show", "1", "--json"]).good().json();
    assert_eq!(kept["account"], format!("{} end", words.join(" ")));
}
