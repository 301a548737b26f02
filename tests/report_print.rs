//! A report on paper: that each word of it is printed once, in its order and in whole letters, and nothing that is
//! withheld; that no heading stands alone and no row is torn; that what was withheld is black.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "report/cases.rs"]
mod cases;
#[path = "disclosure/evidence.rs"]
#[allow(dead_code, reason = "written for tests/disclosure.rs, which discloses more kinds of evidence")]
mod evidence;
mod house;
#[path = "report/paper.rs"]
mod paper;
#[path = "report/shown.rs"]
mod shown;
mod world;

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use cases::{PHOTOGRAPH, case, document, golden, public, reported};
use house::{House, text};
use paper::{ENDS, Ink, Place, Sheet, ask, dots, print, sheets};
use sanduq::evidence::item::Item;
use sanduq::format::strip;
use shown::{Shown, is_right_to_left, key, words};

/// Where words may stand: within the margins that the page asks for, of 16, 18 and 20 mm, and on a sheet of A4.
const MARGINS: Place = Place { left: 45.3, top: 51.0, right: 550.0, bottom: 785.3 };
/// At the side of the sheets of a report that does not hold, this wide, a mark says so.
const SIDE_POINTS: f64 = 16.0;
/// So many words may stand between one and the one beside it: as many as a cell has beside another one.
const BESIDE: usize = 60;
/// Persian letters that join the next one. A word of these and of nothing else is one stroke.
const JOINING: &str = "بپتثجچحخسشصضطظعغفقکگلمنهی";
/// What no sheet may show.
const CANARY: &str = "Canaryperson";

/// A report that was printed: its words, and where each of them lies.
struct Printed {
    lang: &'static str,
    pdf: PathBuf,
    sheets: Vec<Sheet>,
    words: Vec<Shown>,
    inks: Vec<(usize, Ink)>,
}

impl Printed {
    fn new(page: &Path, lang: &'static str) -> Option<Printed> {
        let pdf = print(page)?;
        let digits: Vec<char> = if lang == "fa" { "۰۱۲۳۴۵۶۷۸۹" } else { "0123456789" }.chars().collect();
        let words = words(&fs::read_to_string(page).unwrap(), digits.try_into().unwrap());
        let words = words.iter().flat_map(pieces).filter(|word| !key(&word.text).is_empty()).collect();
        let mut printed = Printed { lang, sheets: sheets(&pdf), pdf, words, inks: Vec::new() };
        printed.inks = printed.find();
        Some(printed)
    }

    /// Where each word lies. Every word on paper is one of the page's that has not been found yet, and not far from the
    /// one before it.
    fn find(&self) -> Vec<(usize, Ink)> {
        let keys: Vec<String> = self.words.iter().map(|word| key(&word.text)).collect();
        let mut places: Vec<Option<(usize, Ink)>> = vec![None; keys.len()];
        let (mut first, mut next) = (0, 0);
        for (number, sheet) in self.sheets.iter().enumerate() {
            let body = sheet.lines.iter().filter(|line| line[0].place.middle() < MARGINS.bottom);
            let is_aside = |ink: &&Ink| ink.place.right < MARGINS.left + SIDE_POINTS;
            for ink in body.flat_map(|line| self.in_order(line)).filter(|ink| !is_aside(ink)) {
                for found in ink.keys() {
                    let is_it = |at: &usize| places[*at].is_none() && keys[*at] == found;
                    let near = first..keys.len().min(first + BESIDE);
                    let at = Some(next).filter(|next| near.contains(next) && is_it(next));
                    let at = at.or_else(|| near.clone().find(is_it));
                    let at = at.unwrap_or_else(|| {
                        panic!("sheet {}: {found:?} is not among {:?}", number + 1, &keys[near.clone()])
                    });
                    places[at] = Some((number, ink.clone()));
                    next = at + 1;
                    first += places[first..].iter().take_while(|place| place.is_some()).count();
                }
            }
        }
        let lost = places.iter().position(Option::is_none);
        assert_eq!(lost.map(|at| &self.words[at]), None, "a word is not on paper");
        places.into_iter().map(Option::unwrap).collect()
    }

    /// A line's words in the order in which they are read: words of the other direction one behind another turn around.
    fn in_order<'s>(&self, line: &'s [Ink]) -> Vec<&'s Ink> {
        let is_turned = |ink: &&Ink| ink.letters.chars().any(is_right_to_left);
        let mut runs: Vec<Vec<&Ink>> = line
            .chunk_by(|one, other| is_turned(&one) == is_turned(&other))
            .map(|run| run.iter().collect())
            .collect();
        if self.lang == "fa" {
            runs.reverse();
        }
        let turned = runs.iter_mut().filter(|run| is_turned(&run[0]));
        turned.for_each(|run| run.reverse());
        runs.concat()
    }

    fn place_of(&self, at: usize) -> (usize, Place) {
        let (sheet, ink) = &self.inks[at];
        (*sheet, ink.place)
    }
}

/// What of a word may stand on a line of its own.
fn pieces(word: &Shown) -> impl Iterator<Item = Shown> {
    word.text.split(ENDS).map(|text| Shown { text: text.to_owned(), ..word.clone() })
}

/// A report of ten records on many sheets: long accounts in two languages with passages that are withheld, a
/// picture, a copy in the place of a picture, and an event for each record.
fn long(house: &House) -> PathBuf {
    let english: String = (1..=20)
        .map(|day| {
            format!(
                "On day {day} the lanterns were counted, {} of them, and [[{CANARY} {day}]] wrote the sum \
                 of day {day} into a book with a grey cover. Nobody asked what the book was for, and after \
                 the count the yard was empty until morning.\n\n",
                day * 7
            )
        })
        .collect();
    let persian: String = (1..=15)
        .map(|day| {
            format!(
                "روز {day} فانوس‌ها را شمردند و [[{CANARY} {day}]] شمارهٔ {} را در دفتری با جلد خاکستری نوشت. \
                 هیچ‌کس نپرسید که این دفتر برای چیست، و پس از شمارش حیاط تا صبح خالی ماند.\n\n",
                day * 7
            )
        })
        .collect();
    let bare = strip::strip(PHOTOGRAPH.to_vec()).unwrap().bytes;
    let mut items = vec![
        Item { title: "The count of the lanterns".to_owned(), ..public(&english) },
        Item { title: "شمارش فانوس‌ها".to_owned(), ..public(&persian) },
        document("Lanterns", &[("lanterns.jpg", "image/jpeg", PHOTOGRAPH)]),
        document("Lanterns again", &[("again.jpg", "image/jpeg", &bare)]),
    ];
    let short =
        |number| public(&format!("The yard was empty when [[{CANARY}]] came for the {number}th time."));
    items.extend((5..=10).map(short));
    let case = case(house, &items, &[PHOTOGRAPH, &bare]);
    let numbers: Vec<String> = (1..=items.len()).map(|number| number.to_string()).collect();
    let mut args: Vec<&str> = numbers.iter().map(String::as_str).collect();
    args.extend(["--for", "public", "--without-metadata", "--receipt", text(&case.receipt)]);
    let (dir, done) = case.disclose("long", &args);
    done.good();
    dir
}

/// The golden disclosure with a list that was changed: a check does not hold, and everything is shown all the same.
fn damaged(house: &House) -> PathBuf {
    let dir = house.path("damaged");
    world::copy(&golden(), &dir);
    let list = dir.join("data/bundle/tagmanifest-sha256.txt");
    let said = fs::read_to_string(&list).unwrap();
    fs::write(&list, said.replacen("bagit.txt", "bagel.txt", 1)).unwrap();
    dir
}

#[test]
fn a_report_on_paper_is_what_the_page_shows() {
    let house = House::new("report-print");
    printed(&house, &golden(), true, 5..=9, 0, "a_report_on_paper_is_what_the_page_shows");
}

#[test]
fn every_sheet_says_that_not_all_holds() {
    let house = House::new("report-print-damaged");
    printed(&house, &damaged(&house), false, 5..=10, 0, "every_sheet_says_that_not_all_holds");
}

#[test]
fn a_long_report_with_pictures_is_printed_whole() {
    let house = House::new("report-print-long");
    printed(&house, &long(&house), true, 10..=30, 2, "a_long_report_with_pictures_is_printed_whole");
}

/// The same report on shorter and shorter sheets, so that sheets end everywhere in it.
#[test]
fn no_heading_stands_alone_wherever_a_sheet_ends() {
    let house = House::new("report-print-ends");
    let (page, done) = reported(&house, &golden(), "en");
    done.good();
    let said = fs::read_to_string(&page).unwrap();
    let margins = "margin: 18mm 16mm 20mm";
    assert!(said.contains(margins));
    for top in (24..=60).step_by(6) {
        let other = house.path("other.html");
        fs::write(&other, said.replace(margins, &format!("margin: {top}mm 16mm 20mm"))).unwrap();
        let Some(printed) = Printed::new(&other, "en") else {
            println!("SKIPPED no_heading_stands_alone_wherever_a_sheet_ends: no WeasyPrint or no Poppler");
            return;
        };
        headings_and_rows_are_whole(&printed);
    }
}

/// Prints the report of a disclosure in both languages, and looks at it: so many sheets, and so many pictures on them.
fn printed(
    house: &House,
    dir: &Path,
    holds: bool,
    sheets: RangeInclusive<usize>,
    pictures: usize,
    test: &str,
) {
    for lang in ["en", "fa"] {
        let (page, done) = reported(house, dir, lang);
        assert_eq!(done.code, Some(i32::from(!holds)), "{}", done.stderr());
        let Some(printed) = Printed::new(&page, lang) else {
            println!("SKIPPED {test}: no WeasyPrint or no Poppler");
            return;
        };
        assert!(sheets.contains(&printed.sheets.len()), "{} sheets in {lang}", printed.sheets.len());
        every_sheet_is_in_order(&printed);
        the_mark_is_at_the_side(&printed, holds);
        the_verdict_stands_first(&printed, holds);
        headings_and_rows_are_whole(&printed);
        words_are_read_in_their_direction(&printed);
        dots_are_where_they_belong(&printed);
        let listed = |program: &str, args: &[&str]| -> Vec<String> {
            let said = String::from_utf8(ask(program, args, &printed.pdf, &[])).unwrap();
            said.lines().skip(2).map(str::to_owned).collect()
        };
        let found = listed("pdfimages", &["-list"]);
        assert_eq!(found.len(), pictures, "{found:?}");
        for font in listed("pdffonts", &[]) {
            assert!(font.contains(" yes yes yes "), "embedded, in part, with letters: {font}");
        }
    }
}

/// A4, words within the margins, nothing that is withheld, and the sheet's number at its foot.
fn every_sheet_is_in_order(printed: &Printed) {
    let count = printed.sheets.len();
    for (number, sheet) in printed.sheets.iter().enumerate() {
        assert!((sheet.width - 595.3).abs() < 1.0 && (sheet.height - 841.9).abs() < 1.0, "{sheet:?}");
        let (foot, body) = sheet.lines.split_last().unwrap();
        for ink in body.iter().flatten() {
            let Place { left, top, right, bottom } = ink.place;
            let is_within = left >= MARGINS.left && right <= MARGINS.right && top >= MARGINS.top;
            assert!(is_within && bottom <= MARGINS.bottom, "sheet {}: {ink:?}", number + 1);
            assert!(!ink.letters.contains(CANARY), "{ink:?}");
        }
        let mut said: Vec<&str> = foot.iter().map(|ink| ink.letters.as_str()).collect();
        if printed.lang == "fa" {
            said.reverse();
        }
        let digit = |figure: char| "۰۱۲۳۴۵۶۷۸۹".chars().nth(figure.to_digit(10).unwrap() as usize).unwrap();
        let figures = |number: usize| match printed.lang {
            "fa" => number.to_string().chars().map(digit).collect(),
            _ => number.to_string(),
        };
        assert_eq!(said, [figures(number + 1).as_str(), "/", figures(count).as_str()]);
    }
}

/// At the side of each sheet, should it come into other hands alone.
fn the_mark_is_at_the_side(printed: &Printed, holds: bool) {
    let mark = if printed.lang == "fa" {
        "دست‌کم یکی از وارسی‌ها درست نیست."
    } else {
        "NOT ALL CHECKS HOLD."
    };
    // It is read from top to bottom, and of such words Poppler gives the letters.
    let sorted = |text: &str| {
        let mut letters: Vec<char> = key(text).chars().collect();
        letters.sort_unstable();
        letters
    };
    let mark = if holds { Vec::new() } else { sorted(mark) };
    for (number, sheet) in printed.sheets.iter().enumerate() {
        let aside = sheet.lines.iter().flatten().filter(|ink| ink.place.right < MARGINS.left + SIDE_POINTS);
        let said: String = aside.map(|ink| ink.letters.as_str()).collect();
        assert_eq!(sorted(&said), mark, "sheet {}", number + 1);
    }
}

fn the_verdict_stands_first(printed: &Printed, holds: bool) {
    let verdict = match (printed.lang, holds) {
        ("fa", true) => "✓ همه درست است.",
        ("fa", false) => "✗ دست‌کم یکی از وارسی‌ها درست نیست.",
        (_, true) => "✓ All checks hold.",
        (_, false) => "✗ NOT ALL CHECKS HOLD.",
    };
    let verdict: Vec<&str> = verdict.split(' ').collect();
    let said: Vec<&str> = printed.words.iter().map(|word| word.text.as_str()).collect();
    let at = said.windows(verdict.len()).position(|window| window == verdict).unwrap();
    let (sheet, place) = printed.place_of(at);
    assert!(sheet == 0 && place.bottom < MARGINS.top + 150.0, "{place:?}");
}

/// A heading stands with the word behind it, and a row is on one sheet.
fn headings_and_rows_are_whole(printed: &Printed) {
    for (at, pair) in printed.words.windows(2).enumerate() {
        let [sheet, next] = [at, at + 1].map(|at| printed.place_of(at).0);
        let together = pair[0].heading.is_some() || (pair[0].row.is_some() && pair[0].row == pair[1].row);
        assert!(!together || sheet == next, "sheet {}: {pair:?}", sheet + 1);
        assert!(sheet <= next, "{pair:?}");
    }
}

/// Names of rows stand before what they name, and of two words of one text and one line the first comes first; where a
/// text's own direction is another one than the page's, that is not asked.
fn words_are_read_in_their_direction(printed: &Printed) {
    let is_persian = |at: usize| {
        let mut letters = printed.words[at].text.chars().filter(|letter| letter.is_alphabetic());
        letters.next().map(is_right_to_left)
    };
    // Of two that are the same, side by side, nobody can say which is which.
    let is_twice = |word: &Shown| {
        let beside = printed.words.iter().filter(|other| other.row == word.row && other.block != word.block);
        word.row.is_some() && beside.into_iter().any(|other| key(&other.text) == key(&word.text))
    };
    let mut asked = 0;
    for at in 1..printed.words.len() {
        let [(sheet, one), (next, other)] = [at - 1, at].map(|at| printed.place_of(at));
        let [before, word] = [at - 1, at].map(|at| &printed.words[at]);
        if is_twice(before) || is_twice(word) {
            continue;
        }
        if before.is_name && !word.is_name && before.row == word.row {
            assert!((one.left > other.left) == (printed.lang == "fa"), "{before:?} {word:?}");
        }
        let is_one_line =
            sheet == next && one.left != other.left && (one.middle() - other.middle()).abs() < 3.0;
        let direction = is_persian(at).filter(|_| before.block == word.block && is_one_line);
        if direction.is_some() && direction == is_persian(at - 1) {
            assert_eq!(Some(one.left > other.left), direction, "{before:?} {one:?} {word:?} {other:?}");
            asked += 1;
        }
    }
    assert!(asked > printed.words.len() / 4, "{asked}");
}

/// There is no ink in the margins, marks for what was withheld are black, and Persian letters join.
fn dots_are_where_they_belong(printed: &Printed) {
    let is_one_stroke =
        |word: &str| word.chars().count() > 2 && word.chars().all(|letter| JOINING.contains(letter));
    let (mut gaps, mut joined) = (0, 0);
    for (number, sheet) in printed.sheets.iter().enumerate() {
        let dots = dots(&printed.pdf, number);
        let white = |place: Place| dots.columns(place).iter().flatten().all(|dot| *dot > 250);
        let all = Place { left: 0.0, top: 0.0, right: sheet.width, bottom: sheet.height };
        for margin in [
            Place { bottom: MARGINS.top - 1.0, ..all },
            Place { right: MARGINS.left - 1.0, ..all },
            Place { left: MARGINS.right + 1.0, ..all },
        ] {
            assert!(white(margin), "sheet {}: ink in the margin", number + 1);
        }
        for (word, (_, ink)) in printed.words.iter().zip(&printed.inks).filter(|(_, at)| at.0 == number) {
            let columns = dots.columns(ink.place);
            if word.is_gap {
                let dots = columns.concat();
                let black = dots.iter().filter(|dot| **dot < 64).count();
                assert!(black * 2 > dots.len(), "{word:?}: {black} of {} dots", dots.len());
                gaps += 1;
            } else if is_one_stroke(&word.text) && is_one_stroke(&ink.letters) {
                let is_inked = |column: &Vec<u8>| column.iter().any(|dot| *dot < 160);
                let ends = [columns.iter().position(is_inked), columns.iter().rposition(is_inked)];
                let [Some(first), Some(last)] = ends else { panic!("{word:?} is white") };
                assert!(columns[first..=last].iter().all(is_inked), "{word:?} is in pieces");
                joined += 1;
            }
        }
    }
    assert!(gaps > 0 && (printed.lang != "fa" || joined > 20), "{gaps} {joined}");
}
