//! What a report shows, word by word in the order of the page, each with what it stands in.

/// A word of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// The number of the row of a table that it stands in.
    pub row: Option<usize>,
    /// The number of the heading that it stands in.
    pub heading: Option<usize>,
    /// The number of the cell, paragraph, heading or item of a list that it stands in.
    pub block: usize,
    /// Whether it is the name of a row.
    pub is_name: bool,
    /// Whether it stands in a mark for what was withheld.
    pub is_gap: bool,
}

/// Elements that no word goes through.
const BLOCKS: [&str; 16] = [
    "p", "td", "th", "tr", "table", "tbody", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "article",
];

/// The words of a report. The page is our own, so that its tags are where they seem to be; tests/report.rs has it read
/// by a foreign parser.
pub fn words(page: &str, digits: [char; 10]) -> Vec<Shown> {
    let (_, body) = page.split_once("<main>").unwrap();
    // What stands at the side of every sheet is no part of the text.
    let body = match body.split_once("<p class=\"everywhere\">") {
        Some((before, rest)) => format!("{before}{}", rest.split_once("</p>").unwrap().1),
        None => body.to_owned(),
    };
    let mut words: Vec<Shown> = Vec::new();
    let (mut now, mut word) = (Shown::default(), String::new());
    let (mut rows, mut headings, mut lists) = (0, 0, Vec::new());
    let flush = |word: &mut String, now: &Shown, words: &mut Vec<Shown>| {
        let parts = word.split_whitespace().map(|text| Shown { text: text.to_owned(), ..now.clone() });
        words.extend(parts);
        word.clear();
    };
    for piece in body.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let is_end = name.starts_with('/');
        let name = name.trim_start_matches('/');
        let is_gap = attributes == "class=\"gap\"";
        if BLOCKS.contains(&name) || is_gap || (name == "bdi" && is_end && now.is_gap) {
            flush(&mut word, &now, &mut words);
            now.block += usize::from(name != "br" && name != "bdi");
        }
        match (name, is_end) {
            ("tr", false) => (now.row, rows) = (Some(rows), rows + 1),
            ("tr", true) => now.row = None,
            ("h1" | "h2" | "h3" | "h4", false) => (now.heading, headings) = (Some(headings), headings + 1),
            ("h1" | "h2" | "h3" | "h4", true) => now.heading = None,
            ("th", _) => now.is_name = !is_end,
            ("bdi", _) => now.is_gap = is_gap,
            ("ol", false) => lists.push(Some(0)),
            ("ul", false) => lists.push(None),
            ("ol" | "ul", true) => drop(lists.pop()),
            ("li", false) => {
                if let Some(Some(number)) = lists.last_mut() {
                    *number += 1;
                    let figures = number.to_string();
                    let digit = |figure: char| digits[figure.to_digit(10).unwrap() as usize];
                    let text = figures.chars().map(digit).collect();
                    words.push(Shown { text, ..now.clone() });
                }
            }
            _ => {}
        }
        word.push_str(&unescape(text));
    }
    flush(&mut word, &now, &mut words);
    words
}

/// The text of what stands between tags.
pub fn unescape(text: &str) -> String {
    let mut said =
        text.replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    while let Some((before, rest)) = said.split_once("&#") {
        let (number, after) = rest.split_once(';').unwrap();
        let letter = char::from_u32(number.parse().unwrap()).unwrap();
        said = format!("{before}{letter}{after}");
    }
    said.replace("&amp;", "&")
}

/// Whether a letter is one of those that are read from right to left.
pub fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{6ff}') && letter.is_alphabetic()
}

/// The letters, digits and signs of a word: what is compared of it. Accents, and what only joins or parts letters, lie
/// elsewhere on paper than in the text; and of a lam and an alef that are drawn as one, nobody says which comes first.
pub fn key(text: &str) -> String {
    let accent = |letter: &char| matches!(letter, '\u{64b}'..='\u{65f}' | '\u{670}');
    let kept =
        |letter: &char| letter.is_alphanumeric() || "\u{2713}\u{2717}\u{2190}\u{2192}".contains(*letter);
    let mut letters: Vec<char> = text.chars().filter(|letter| kept(letter) && !accent(letter)).collect();
    let turned = |pair: &[char]| matches!(pair, ['ا' | 'آ', 'ل']);
    while let Some(at) = letters.windows(2).position(turned) {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}
