//! Real input: the sample texts beside the checkout, when they are there, and a folder of two thousand mixed files
//! such as people really have: long names, names in several scripts, control and direction characters, empty files,
//! deep folders, twice the same bytes. All of it is kept, found again, sealed, accepted, opened and taken out byte
//! for byte.

mod house;

use house::{House, NAME, Noise, Organisation, Person, text};
use sanduq::crypto::{Digest, Passphrase};
use sanduq::vault::Vault;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

#[test]
fn sample_texts_are_kept_and_found() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let texts: Vec<PathBuf> = house_texts(&samples);
    if texts.is_empty() {
        println!("SKIPPED sample_texts: there are no sample texts beside the checkout");
        return;
    }
    let house = House::new("samples");
    let family = house.person("family");
    family.sanduq(&["init"]).good();
    for path in &texts {
        family.sanduq(&["testify", "--title", "a sample", text(path)]).good();
        let testified = family.newest();
        let kept = family.sanduq(&["show", &testified, "--json"]).good().json();
        assert_eq!(
            words_of(kept["account"].as_str().expect("told")),
            words_of(&read(path)),
            "{}",
            path.display()
        );
        family.sanduq(&["add", text(path)]).good();
        let (added, original) = (family.newest(), fs::read(path).expect("a sample"));
        assert_eq!(taken_out(&house, &family, &added), std::slice::from_ref(&original), "{}", path.display());

        // Any longer word of the text finds the testimony.
        let words = String::from_utf8_lossy(&original).into_owned();
        let longest = words.split(|c: char| !c.is_alphabetic()).max_by_key(|word| word.len()).expect("words");
        let found = family.sanduq(&["search", longest, "--json"]).good().stdout();
        assert!(found.contains(&format!("\"item\":{testified},")), "{longest} is not found: {found}");
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a sample is text")
}

/// The words of a text in their order: the white space between paragraphs has one spelling.
fn words_of(text: &str) -> Vec<String> {
    text.trim_start_matches('\u{feff}').split_whitespace().map(|word| word.nfc().collect()).collect()
}

fn house_texts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut texts: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == "txt")).collect();
    texts.sort();
    texts
}

/// The contents of the files that `extract` wrote.
fn taken_out(house: &House, person: &Person, item: &str) -> Vec<Vec<u8>> {
    let to = house.folder(&format!("out/{item}"));
    person.sanduq(&["extract", item, "--to", text(&to)]).good();
    let files = house.files(&format!("out/{item}")).into_iter().filter(|(_, data)| data.is_file());
    files.map(|(path, _)| fs::read(house.path(&path)).expect("listed")).collect()
}

const FILES: usize = 2_000;

/// How many of them are taken out again, each by a process of its own.
const TAKEN_OUT: usize = 60;

/// The number of a file of the mixed folder, from its label.
fn number_in(label: &str) -> usize {
    let digits = label.rsplit_once('-').expect("a number").1;
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().expect("a number")
}

/// File `number` of the mixed folder: where it lies and what is in it.
fn mixed(number: usize) -> (String, Vec<u8>) {
    let folders =
        ["", "2019/", "2019/letters/", "تصاویر/", "deep/er/and/deep/er/still/", "with space/", "ملفات/صور/"];
    let names = [
        "scan",
        "نامه",
        "رسالة",
        "photo\u{202e}gpj",
        "two\nlines",
        "quote'\"\\",
        "naïve-é",
        "e\u{301}",
        "-rf",
        "CON",
        ".hidden",
        "emoji-🕊",
        "trailing ",
        "a\u{200c}b",
    ];
    let endings = [".txt", ".jpg", ".pdf", ".mp3", "", ".docx"];
    let long = if number.is_multiple_of(97) { "x".repeat(200) } else { String::new() };
    let path = format!(
        "{}{}{long}-{number}{}",
        folders[number % folders.len()],
        names[number % names.len()],
        endings[number % endings.len()]
    );
    let length = match number % 10 {
        0 => 0,
        1 => 1,
        // The same bytes again and again.
        2 => return (path, b"the same page".to_vec()),
        3 => 40_000,
        // Each side of what still lies in the index.
        4 => 32 * 1024,
        5 => 32 * 1024 + 1,
        _ => number,
    };
    let magic: &[u8] = [&b""[..], b"\xff\xd8\xff\xe0", b"%PDF-1.4\n", b"ID3"][number % 4];
    let mut content = Noise::new(number as u64).bytes(length);
    let head = magic.len().min(content.len());
    content[..head].copy_from_slice(&magic[..head]);
    (path, content)
}

#[test]
fn two_thousand_mixed_files_make_the_whole_trip() {
    let house = House::new("mixed");
    for number in 0..FILES {
        let (path, content) = mixed(number);
        house.write(&format!("originals/{path}"), content);
    }
    let organisation = Organisation::new(&house, 1, 1);
    let (family, officer) = (house.person("family"), &organisation.officers[0]);
    family.sanduq(&["init"]).good();
    let start = std::time::Instant::now();
    family.sanduq(&["add", text(&house.path("originals"))]).good();
    let added = start.elapsed();
    all_are_there(&house, &family);

    family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let start = std::time::Instant::now();
    family.sanduq(&["seal", "--all", "--to", NAME]).good();
    let sealed = start.elapsed();
    let stick = house.folder("stick");
    family.sanduq(&["export", text(&stick)]).good();
    let bundle = house::only(&stick, "bundle");
    house.audit(&["bundle", text(&bundle)]).good();
    house.desk(&["accept", text(&bundle)]).good();
    let start = std::time::Instant::now();
    officer.sanduq(&["open", text(&bundle)]).good();
    println!(
        "MEASURED {FILES} mixed files: add {added:.1?}, seal {sealed:.1?}, open {:.1?}",
        start.elapsed()
    );
    all_are_there(&house, officer);
}

/// Every file is there once under its own label with its own digest, and those that are taken out are what went in.
fn all_are_there(house: &House, person: &Person) {
    let expected: BTreeMap<usize, Vec<u8>> = (0..FILES).map(|number| (number, mixed(number).1)).collect();
    let vault =
        Vault::unlock(&person.vault, None, &Passphrase::from(person.passphrase.as_str())).expect("it opens");
    let mut found = BTreeMap::new();
    for item in vault.list(None, None).expect("a list") {
        let detail = vault.show(item.item).expect("an item");
        let [file] = &detail.files[..] else { panic!("{} files in {}", detail.files.len(), item.title) };
        let number = number_in(&file.label);
        assert_eq!(file.sha256, Digest::of(&expected[&number]).to_string(), "{}", file.label);
        assert!(found.insert(number, item.item).is_none(), "{} is there twice", file.label);
    }
    assert_eq!(found.len(), FILES);
    drop(vault);
    for (number, item) in found.iter().step_by(FILES / TAKEN_OUT) {
        let files = taken_out(house, person, &item.to_string());
        assert!(files == [expected[number].clone()], "{number} came out as something else");
    }
    fs::remove_dir_all(house.path("out")).expect("it was written");
}
