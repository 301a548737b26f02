//! The page that a report is: that it shows what is shown and nothing that is withheld, that no foreign text gets into
//! its markup, and that what does not hold stands on top.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "disclosure/bag.rs"]
#[allow(dead_code, reason = "written for tests/disclosure.rs; a report needs a folder as it is")]
mod bag;
#[path = "report/cases.rs"]
mod cases;
#[path = "disclosure/evidence.rs"]
#[allow(dead_code, reason = "written for tests/disclosure.rs, which discloses more kinds of evidence")]
mod evidence;
mod house;
#[path = "report/page.rs"]
mod page;
mod world;

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cases::{PHOTOGRAPH, case, document, golden, public, reported};
use evidence::{CANARIES, Case, terms};
use house::{House, text};
use page::{Outline, outline};
use sanduq::evidence::consent::{Consent, Naming, Reach};
use sanduq::evidence::item::Item;
use sanduq::evidence::unit::{Unit, Value};
use sanduq::ui::escape;

/// What begins as a PNG; nothing here decodes it.
const DRAWING: &[u8] = b"\x89PNG\r\n\x1a\nmade up for a test";

fn parsed(page: &Path, test: &str) -> Option<Outline> {
    let read = outline(page);
    if read.is_none() {
        println!("SKIPPED {test}: no Python");
    }
    read
}

/// The units that lie in a disclosure.
fn units(dir: &Path) -> Vec<Value> {
    let units = bag::read(dir).into_iter().filter(|(name, _)| name.contains("/units/"));
    units.map(|(_, bytes)| Unit::parse(&bytes).unwrap().value).collect()
}

/// What of a unit has to be read on the page.
fn told(value: &Value) -> Vec<String> {
    match value {
        Value::Pseudonym(text) | Value::Title(text) | Value::Place(text) => vec![escape(text)],
        Value::ConsentWords(text) => vec![text.clone()],
        Value::Date(date) => vec![date.day().to_owned()],
        Value::Person(person) => vec![escape(&person.name)],
        Value::Run(run) => vec![run.text.clone()],
        Value::Label(label) => vec![escape(&label.label)],
        Value::File(file) => {
            vec![file.sha256.to_string(), file.size.to_string(), file.media_type.clone()]
        }
        Value::Consent(_) | Value::Kind(_) => Vec::new(),
    }
}

#[test]
fn a_report_shows_what_is_shown_and_nothing_that_is_withheld() {
    let house = House::new("report");
    let case = Case::for_court(&house);
    let args =
        ["1", "2", "--for", "court", "--withhold", "place", "--receipt", text(&case.receipt), "--json"];
    let (dir, done) = case.disclose("shown", &args);
    let outcome = done.good().json();
    for lang in ["en", "fa"] {
        let (page, done) = reported(&house, &dir, lang);
        let said = done.good().stdout();
        let raw = fs::read_to_string(&page).unwrap();
        for canary in CANARIES {
            assert!(!raw.contains(canary), "{canary}");
        }
        for foreign in ["<script", "://", "url(", "@import", "href", "javascript", "onerror"] {
            assert!(!raw.contains(foreign), "{foreign}");
        }
        let Some(read) = parsed(&page, "a_report_shows_what_is_shown_and_nothing_that_is_withheld") else {
            return;
        };
        let shown = read.text();
        let values = units(&dir);
        assert_eq!(values.len(), 11);
        for part in values.iter().flat_map(told) {
            assert!(shown.contains(&part), "{part} in {shown}");
        }
        for leaf in outcome["events"].as_array().unwrap() {
            assert!(shown.contains(leaf.as_str().unwrap()), "{leaf}");
        }
        // Every answer and every value that the terminal gives stands on the page too.
        let report = bag::audited(&dir);
        for value in report.values.iter().filter(|value| !value.value.contains('/')) {
            let is_audience = value.value == "court";
            assert!(is_audience || shown.contains(&value.value), "{value:?}");
        }
        let marks = ["holds: ", "درست است: "];
        let held = said.lines().filter(|line| marks.iter().any(|mark| line.contains(mark)));
        assert_eq!(held.clone().count(), report.checks.len(), "{said}");
        held.for_each(|line| assert!(shown.contains(line.trim()), "{line}"));
        let (withheld, gap) = match lang {
            "en" => ("4 units of this record were withheld", "withheld"),
            _ => ("۴ واحد از این مورد پوشانده شده است", "پوشانده شده"),
        };
        assert!(shown.contains(withheld), "{shown}");
        // Between the two runs of the first paragraph one was withheld.
        let account = shown.split_once("I stood at the gate.").unwrap().1;
        assert!(account.split_once(" came.").unwrap().0.contains(gap), "{account}");
        assert!(raw.contains(&format!(
            "<html lang=\"{lang}\" dir=\"{}\">",
            if lang == "fa" { "rtl" } else { "ltr" }
        )));
    }
}

#[test]
fn the_parts_of_a_report_have_their_order() {
    let house = House::new("report-parts");
    for (lang, first, third) in [
        ("en", "1. What this is about", "3. The chain of custody"),
        ("fa", "۱. این دربارهٔ چیست", "۳. زنجیرهٔ نگهداری"),
    ] {
        let (page, done) = reported(&house, &golden(), lang);
        done.good();
        let Some(read) = parsed(&page, "the_parts_of_a_report_have_their_order") else { return };
        let heads = read.within("h2");
        assert_eq!(heads.len(), 8, "{heads:?}");
        assert_eq!((heads[0].as_str(), heads[2].as_str()), (first, third));
        let count = |tag: &str| read.elements.iter().filter(|(name, _)| name == tag).count();
        assert_eq!((count("h1"), count("article"), count("figure"), count("b")), (1, 2, 0, 4));
        assert_eq!(count("script") + count("link") + count("iframe") + count("a") + count("form"), 0);
        let classes: Vec<&str> = read
            .elements
            .iter()
            .filter(|(name, attributes)| name == "span" && attributes.contains_key("class"))
            .filter_map(|(_, attributes)| attributes["class"].as_str())
            .collect();
        assert_eq!(classes, ["shown"; 4]);
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
        assert!(read.elements.iter().any(|(name, attributes)| name == "meta"
            && attributes.get("content").is_some_and(|content| content == policy)));
    }
}

/// A reader of Persian gets Persian: what stands in Latin letters is a value or a name that has no other.
#[test]
fn a_persian_report_speaks_persian() {
    let house = House::new("report-persian");
    let (page, done) = reported(&house, &golden(), "fa");
    done.good();
    let Some(read) = parsed(&page, "a_persian_report_speaks_persian") else { return };
    assert_eq!((read.attribute("html", "lang"), read.attribute("html", "dir")), (Some("fa"), Some("rtl")));
    let apart = ["code", "bdi", "div", "pre", "style"];
    let known = [
        "SHA",
        "Ed",
        "BagIt",
        "VERIFY",
        "txt",
        "all",
        "of",
        "it",
        "holds",
        "docs",
        "spec",
        "custody",
        "jsonld",
        "log",
        "disclosure",
        "md",
    ];
    for (above, said) in &read.texts {
        if above.iter().any(|tag| apart.contains(&tag.as_str())) {
            continue;
        }
        let words = said.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        let strange: Vec<&str> = words.filter(|word| !known.contains(word)).collect();
        assert!(strange.is_empty(), "{strange:?} in {said}");
    }
}

/// What people write who want to be more than text, and what becomes something else where it is put.
fn hostile() -> Vec<String> {
    const BREAKING: [&str; 20] = [
        "<script>alert(1)</script>",
        "</bdi></td></tr></tbody></table></article><h2>9. All checks hold</h2>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</title><script>1</script>",
        "</style><style>*{display:none}</style>",
        "<!--",
        "--><b>",
        "<![CDATA[",
        "]]>",
        "&lt;script&gt;",
        "&#60;b&#62;",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)>",
        "<base href=//example.invalid/>",
        "<meta http-equiv=refresh content=0>",
        "{{title}}",
        "<?xml version=\"1.0\"?>",
        "</html>",
        "<plaintext>",
    ];
    const STEERING: [char; 10] = [
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{200f}',
        '\u{0}',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
        '\u{feff}',
        '\u{e0041}',
    ];
    let pairs = BREAKING.iter().flat_map(|text| STEERING.map(|letter| format!("{letter}{text}{letter}")));
    pairs.collect()
}

/// Forty documents and testimonies, in which everything that is a text is one of these.
fn items_of(texts: &[String]) -> Vec<Item> {
    let item = |texts: &[String]| {
        let open = terms(Reach::Public, Naming::Pseudonym, None);
        let [title, place, person, label, rest] = texts else { panic!("five texts") };
        let account = format!("{rest}\n\n[[{person}]] {title}\n{label}");
        Item {
            account: Some(account),
            place: Some(place.clone()),
            persons: vec![person.clone(), rest.clone()],
            consent: Consent::new(open, Some(title.clone()), Some(format!("{place}\n{label}"))).unwrap(),
            ..document(title, &[(label, "image/png", DRAWING), (rest, rest, b"other")])
        }
    };
    texts.chunks_exact(5).map(item).collect()
}

/// The runs of a paragraph are read in their order: a browser takes a paragraph's direction from the text that stands in
/// it and not within `bdi`, and within one of the other direction they would stand the wrong way round.
#[test]
fn the_runs_of_a_paragraph_are_one_text() {
    let house = House::new("report-runs");
    let told = "آن روز [[علی]] آمد و [[رضا]] رفت.";
    let case = case(&house, &[public(told), public("Nothing")], &[]);
    let (dir, done) = case.disclose("runs", &["1", "--for", "public"]);
    done.good();
    let (page, done) = reported(&house, &dir, "en");
    done.good();
    let raw = fs::read_to_string(&page).unwrap();
    let gap = " <bdi class=\"gap\">withheld</bdi> ";
    assert!(raw.contains(&format!("<p dir=\"auto\">آن روز {gap} آمد و {gap} رفت.</p>")), "{raw}");
}

/// Two hundred texts, in every place that a text can have: the page has the same elements with the same attributes as
/// one with harmless texts in the same places, and shows nothing that steers.
#[test]
fn no_text_becomes_markup() {
    let hostile = hostile();
    assert_eq!(hostile.len(), 200);
    let harmless: Vec<String> = (0..200).map(|number| format!("harmless {number}")).collect();
    let numbers: Vec<String> = (1..=40).map(|number: u32| number.to_string()).collect();
    let mut pages = Vec::new();
    for texts in [&hostile, &harmless] {
        let house = House::new("report-hostile");
        let case = case(&house, &items_of(texts), &[DRAWING, b"other"]);
        let mut args: Vec<&str> = numbers.iter().map(String::as_str).collect();
        args.extend(["--for", "public", "--release", "person,marked,label,consent-words"]);
        let (dir, done) = case.disclose("hostile", &args);
        done.good();
        let (page, done) = reported(&house, &dir, "en");
        done.good();
        let raw = fs::read_to_string(&page).unwrap();
        let Some(read) = parsed(&page, "no_text_becomes_markup") else { return };
        let shown = read.text();
        for part in units(&dir).iter().flat_map(told) {
            let part = sanduq::format::text::escape_lines(&part);
            assert!(shown.contains(&part), "{part}");
        }
        let steering = |letter: &char| *letter != '\n' && sanduq::format::text::steers(*letter);
        assert_eq!(raw.chars().find(steering), None);
        pages.push(read);
    }
    // But for the marks around what steers.
    let escape = |attributes: &serde_json::Map<String, serde_json::Value>| {
        attributes.len() == 2 && attributes["dir"] == "ltr" && attributes["class"] == "escape"
    };
    let plain = |page: &Outline| {
        let elements = page.elements.iter();
        elements.filter(|(tag, attributes)| tag != "bdi" || !escape(attributes)).cloned().collect::<Vec<_>>()
    };
    let [hostile, harmless] = [&pages[0], &pages[1]].map(plain);
    assert!(harmless.len() > 3000, "{}", harmless.len());
    assert!(pages[0].elements.len() > hostile.len() + 400 && pages[1].elements.len() == harmless.len());
    for (one, other) in hostile.iter().zip(&harmless) {
        assert_eq!(one, other);
    }
    assert_eq!(hostile.len(), harmless.len());
}

#[test]
fn a_picture_is_shown_as_it_was_sealed_and_only_if_it_is_one() {
    let house = House::new("report-pictures");
    let large = [PHOTOGRAPH, &vec![0; 17 << 20]].concat();
    let files: [(&str, &str, &[u8]); 4] = [
        ("gate.jpg", "image/jpeg", PHOTOGRAPH),
        ("plan.png", "image/png", DRAWING),
        ("false.png", "image/png", b"no picture"),
        ("large.jpg", "image/jpeg", &large),
    ];
    let contents = files.map(|(_, _, content)| content);
    let case = case(&house, &[document("Pictures", &files), public("Nothing")], &contents);
    let (dir, done) = case.disclose("pictures", &["1", "2", "--for", "public"]);
    done.good();
    let (page, done) = reported(&house, &dir, "en");
    done.good();
    let raw = fs::read_to_string(&page).unwrap();
    for (kind, content) in [("jpeg", PHOTOGRAPH), ("png", DRAWING)] {
        let shown = format!("<img src=\"data:image/{kind};base64,{}\"", BASE64_STANDARD.encode(content));
        assert_eq!(raw.matches(&shown).count(), 1, "{kind}");
    }
    assert_eq!(raw.matches("<img").count(), 2);
    assert!(raw.contains("does not begin as one") && raw.contains("too large for this page"));
    // Another picture in its place is not shown, though it is one.
    let original = bag::read(&dir).into_iter().find(|(_, bytes)| bytes == PHOTOGRAPH).unwrap().0;
    let mut other = PHOTOGRAPH.to_vec();
    *other.last_mut().unwrap() ^= 1;
    fs::write(dir.join(&original), other).unwrap();
    let (page, done) = reported(&house, &dir, "en");
    assert_eq!(done.code, Some(1));
    let raw = fs::read_to_string(&page).unwrap();
    assert!(raw.matches("<img").count() == 1 && raw.contains("is another one, and not shown here"));
    fs::remove_file(dir.join(&original)).unwrap();
    let (page, done) = reported(&house, &dir, "en");
    assert_eq!(done.code, Some(1));
    assert!(fs::read_to_string(&page).unwrap().contains("The file is not in the folder."));
}

#[test]
fn what_does_not_hold_stands_on_top() {
    let house = House::new("report-damaged");
    let dir = house.path("damaged");
    let change = |name: &str, from: &str, to: &str| {
        let _ = fs::remove_dir_all(&dir);
        world::copy(&golden(), &dir);
        let path = dir.join(name);
        let said = fs::read_to_string(&path).unwrap();
        assert!(said.contains(from), "{name}");
        fs::write(&path, said.replacen(from, to, 1)).unwrap();
    };
    let unit = "data/records/0001/units";
    let units = fs::read_dir(golden().join(unit)).unwrap().map(|entry| entry.unwrap().path());
    let title = units
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .find(|(_, said)| said.contains("What I saw"));
    let title = format!("{unit}/{}", title.unwrap().0.file_name().unwrap().to_str().unwrap());
    let expected = fs::read_to_string(golden().with_file_name("expected.txt")).unwrap();
    let words = |name: &str| {
        let line = expected.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    let (card_words, author_words) = (words("Words "), words("AuthorWords "));
    for (name, from, to, lost, failing) in [
        (
            title.as_str(),
            "What I saw",
            "What I did",
            "Canaryville",
            "every unit that is shown is in its record",
        ),
        (
            "data/events/0002.sig",
            "U1NIU0lH",
            "U1NIU0lI",
            "An officer disclosed record 1",
            "what was done is signed by officers",
        ),
        ("data/card", "Archive-of-Examples", "Archive-of-Exampled", card_words.as_str(), "the card is whole"),
        ("data/receipt.tlog-proof", "index 0", "index 1", "", "the bundle is in the log"),
        (
            "data/author",
            "author: ",
            "auteur: ",
            author_words.as_str(),
            "the author&#39;s statement is the one",
        ),
        ("data/bundle/tagmanifest-sha256.txt", "bagit.txt", "bagel.txt", "", "all other members are those"),
        ("bag-info.txt", "public", "Public", "the public</td>", "it declares itself as a disclosure"),
    ] {
        change(name, from, to);
        let (page, done) = reported(&house, &dir, "en");
        let checked = house.audit(&["disclosure", text(&dir)]);
        assert_eq!((done.code, checked.code), (Some(1), Some(1)), "{name}");
        let raw = fs::read_to_string(&page).unwrap();
        let (top, rest) = raw.split_once("<h2>").unwrap();
        assert!(top.contains("class=\"outcome bad\"") && top.contains("NOT ALL CHECKS HOLD."), "{name}");
        assert!(top.contains(&format!("DOES NOT HOLD: {failing}")), "{name}: {top}");
        assert!(!raw.contains("All checks hold.") && !raw.contains("outcome good"), "{name}");
        assert!(lost.is_empty() || !rest.contains(lost), "{name}: {lost}");
        parsed(&page, "what_does_not_hold_stands_on_top");
        let (page, done) = reported(&house, &dir, "fa");
        assert_eq!(done.code, Some(1));
        assert!(fs::read_to_string(&page).unwrap().contains("دست‌کم یکی از وارسی‌ها درست نیست."), "{name}");
    }
    // A folder of nothing is reported as one; one that is not there is not.
    let empty = house.folder("empty");
    let (page, done) = reported(&house, &empty, "en");
    assert_eq!(done.code, Some(1));
    assert!(fs::read_to_string(&page).unwrap().contains("This could not be read."));
    let (page, done) = reported(&house, &house.path("gone"), "en");
    assert!(done.code == Some(5) && !page.exists(), "{}", done.stderr());
}

#[test]
fn a_report_is_written_beside_the_folder_and_over_nothing() {
    let house = House::new("report-place");
    let dir = house.path("court");
    world::copy(&golden(), &dir);
    let inside = dir.join("data/report.html");
    let done = house.audit(&["report", text(&dir), "--to", text(&inside), "--json"]);
    assert_eq!(done.code, Some(2), "{}", done.stderr());
    assert!(done.stderr().contains("err-report-inside") && !inside.exists());
    let link = house.path("link");
    std::os::unix::fs::symlink(&dir, &link).unwrap();
    let done = house.audit(&["report", text(&dir), "--to", text(&link.join("report.html")), "--json"]);
    assert!(done.stderr().contains("err-report-inside") && !dir.join("report.html").exists());
    let there = house.write("there.html", "mine");
    let done = house.audit(&["report", text(&dir), "--to", text(&there)]);
    assert!(done.code != Some(0) && fs::read(&there).unwrap() == b"mine", "{}", done.stderr());
    let done = house.audit(&["report", text(&dir), "--to", text(&house.path("no/where.html"))]);
    assert_eq!(done.code, Some(5), "{}", done.stderr());
    let page = house.path("page.html");
    let answer = house.audit(&["report", text(&dir), "--to", text(&page), "--json"]).good().json();
    assert_eq!(answer["files"][0]["holds"], true);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&page).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// The auditors' guide says which command answers what a standard asks, and where the report shows it.
#[test]
fn what_the_guide_says_of_standards_is_there() {
    let guide = include_str!("../docs/guide/auditors.md");
    let section = guide.split_once("\n## By the standards\n").unwrap().1.split_once("\n## ").unwrap().0;
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter(|line| !line.contains("---"))
        .map(|line| line.split(" | ").collect())
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let expected = "property authenticity availability identity persistence renderability understandability \
        process identification collection acquisition preservation \
        requirement auditability repeatability reproducibility justifiability";
    assert_eq!(names.join(" "), expected);
    let house = House::new("report-standards");
    let (page, done) = reported(&house, &golden(), "en");
    done.good();
    let raw = fs::read_to_string(&page).unwrap();
    let programs = [
        ("sanduq", env!("CARGO_BIN_EXE_sanduq")),
        ("sanduq-intake", env!("CARGO_BIN_EXE_sanduq-intake")),
        ("sanduq-verify", env!("CARGO_BIN_EXE_sanduq-verify")),
    ];
    let (mut commands, mut parts) = (0, 0);
    for row in rows.iter().filter(|row| !["property", "process", "requirement"].contains(&row[0])) {
        for quoted in row[2].split('`').skip(1).step_by(2).filter(|quoted| quoted.starts_with("sanduq")) {
            let mut words = quoted.split(' ');
            let program = words.next().unwrap();
            let path = programs.iter().find(|(name, _)| *name == program).unwrap().1;
            let asked: Vec<&str> = words.chain(["--help"]).collect();
            let done = house::run(house.command(Path::new(path), &asked), None).good();
            assert!(done.stdout().contains(&format!("Usage: {quoted}")), "{quoted}: {}", done.stdout());
            commands += 1;
        }
        for part in row[3].split("; ").filter(|part| *part != "none") {
            let (number, name) = part.strip_prefix("part ").unwrap().split_once(", ").unwrap();
            assert!(raw.contains(&format!("<h2>{number}. {name}</h2>")), "{part}");
            parts += 1;
        }
    }
    assert!(commands >= 20 && parts >= 14, "{commands} commands, {parts} parts");
}
