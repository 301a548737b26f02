//! A page of HTML on paper: WeasyPrint makes a PDF of it, and the programs of Poppler say where each word of it lies and
//! which dots are black.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shown::{is_right_to_left, key, unescape};

/// Points of a sheet are so many to an inch.
const POINTS: f64 = 72.0;
/// Dots of a picture of a sheet are so many to an inch.
const DOTS: f64 = 144.0;
/// Words of one line have their middles within so many points; lines are farther apart.
const LINE_POINTS: f64 = 5.0;
/// What lies closer than this is one word: an accent and the letter that bears it are two for Poppler.
const TOUCHING_POINTS: f64 = 1.0;

/// A line may end behind these, in the middle of a word.
pub const ENDS: [char; 2] = ['/', '-'];

/// Where something lies, in points from the upper left corner of its sheet.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Place {
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }
}

/// A word as it lies on a sheet, its letters from left to right.
#[derive(Debug, Clone)]
pub struct Ink {
    pub letters: String,
    pub place: Place,
}

impl Ink {
    /// What is compared of it, in the order of reading, piece by piece.
    pub fn keys(&self) -> Vec<String> {
        let mut letters: Vec<char> = self.letters.chars().collect();
        if letters.iter().copied().any(is_right_to_left) {
            letters.reverse();
        }
        let pieces =
            letters.split(|letter| ENDS.contains(letter)).map(|piece| key(&piece.iter().collect::<String>()));
        pieces.filter(|key| !key.is_empty()).collect()
    }
}

/// A sheet: its size, and its lines from the top, each from left to right.
#[derive(Debug)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    pub lines: Vec<Vec<Ink>>,
}

/// A sheet's dots, from black (0) to white (255).
pub struct Dots {
    width: usize,
    bytes: Vec<u8>,
}

/// Prints a page; `None` where there is no WeasyPrint or no Poppler.
pub fn print(page: &Path) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
    let tools = std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from);
    let printer = tools.join("venv/bin/weasyprint");
    for (program, arg) in [(printer.as_path(), "--version"), (Path::new("pdftotext"), "-v")] {
        Command::new(program).arg(arg).output().ok().filter(|done| done.status.success())?;
    }
    let pdf = page.with_extension("pdf");
    let done = Command::new(printer).arg("--quiet").arg(page).arg(&pdf).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(pdf)
}

/// What one of Poppler's programs says.
pub fn ask(program: &str, args: &[&str], pdf: &Path, to: &[&str]) -> Vec<u8> {
    let done = Command::new(program).args(args).arg(pdf).args(to).output().unwrap();
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The sheets of a PDF with their words.
pub fn sheets(pdf: &Path) -> Vec<Sheet> {
    let said = String::from_utf8(ask("pdftotext", &["-bbox"], pdf, &["-"])).unwrap();
    let mut sheets: Vec<(Sheet, Vec<Ink>)> = Vec::new();
    for line in said.lines().map(str::trim) {
        let number = |name: &str| -> f64 {
            let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        if line.starts_with("<page ") {
            let sheet = Sheet { width: number("width"), height: number("height"), lines: Vec::new() };
            sheets.push((sheet, Vec::new()));
        } else if line.starts_with("<word ") {
            let letters = line.split_once('>').unwrap().1.strip_suffix("</word>").unwrap();
            let [left, top, right, bottom] = ["xMin", "yMin", "xMax", "yMax"].map(number);
            let place = Place { left, top, right, bottom };
            let letters = unescape(letters);
            sheets.last_mut().unwrap().1.push(Ink { letters, place });
        }
    }
    sheets.into_iter().map(|(sheet, words)| Sheet { lines: lines(words), ..sheet }).collect()
}

fn lines(mut words: Vec<Ink>) -> Vec<Vec<Ink>> {
    words.sort_by(|one, other| one.place.middle().total_cmp(&other.place.middle()));
    let mut lines: Vec<Vec<Ink>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if word.place.middle() - line[0].place.middle() < LINE_POINTS => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    lines.into_iter().map(joined).collect()
}

fn joined(mut line: Vec<Ink>) -> Vec<Ink> {
    line.sort_by(|one, other| one.place.left.total_cmp(&other.place.left));
    let mut words: Vec<Ink> = Vec::new();
    for word in line {
        match words.last_mut() {
            Some(last) if word.place.left - last.place.right < TOUCHING_POINTS => {
                last.letters.push_str(&word.letters);
                last.place.right = last.place.right.max(word.place.right);
            }
            _ => words.push(word),
        }
    }
    words
}

/// The dots of a sheet, counted from 0.
pub fn dots(pdf: &Path, sheet: usize) -> Dots {
    let number = (sheet + 1).to_string();
    let scale = DOTS.to_string();
    let picture = ask("pdftoppm", &["-gray", "-r", &scale, "-f", &number, "-l", &number], pdf, &[]);
    // P5, width and height, the greatest value, then the bytes.
    let mut head = picture.splitn(4, |byte| *byte == b'\n');
    assert_eq!(head.next(), Some(&b"P5"[..]));
    let size = std::str::from_utf8(head.next().unwrap()).unwrap();
    assert_eq!(head.next(), Some(&b"255"[..]));
    let width = size.split(' ').next().unwrap().parse().unwrap();
    Dots { width, bytes: head.next().unwrap().to_vec() }
}

impl Dots {
    /// The columns of dots within a place, from left to right, each from the top.
    pub fn columns(&self, place: Place) -> Vec<Vec<u8>> {
        let at = |points: f64| (points * DOTS / POINTS).max(0.0) as usize;
        let rows = at(place.top)..at(place.bottom).min(self.bytes.len() / self.width);
        let columns = at(place.left)..at(place.right).min(self.width);
        columns
            .map(|column| rows.clone().map(|row| self.bytes[row * self.width + column]).collect())
            .collect()
    }
}
