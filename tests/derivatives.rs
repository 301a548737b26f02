//! What lies in a disclosure in the place of an original: that nothing of the original's metadata is in it, that it shows
//! the same pixels, that the officer who made it signed from what, and that nobody can put something else there.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]
// The evidence and the bags are those of the tests of disclosures, and the tools those of foreign programs.
#![allow(dead_code)]

#[path = "disclosure/bag.rs"]
mod bag;
#[path = "disclosure/evidence.rs"]
mod evidence;
mod house;
#[path = "disclosure/instructions.rs"]
mod instructions;
#[path = "disclosure/stock.rs"]
mod stock;
mod world;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use bag::{Bag, agree, audited, failures, judge};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use evidence::{Case, document, receipt, terms};
use house::{House, Organisation, text};
use instructions::judge::tools;
use instructions::{follow_instructions, follow_only};
use sanduq::audit::{Question, Unproved, ValueName};
use sanduq::bundle::derivative::Derivative;
use sanduq::bundle::disclosure;
use sanduq::bundle::files::{FileSource, Original};
use sanduq::bundle::{Parcel, SignedDerivative, SignedEvent, pack};
use sanduq::crypto::{Digest, KeyPair, domain};
use sanduq::custody::Event;
use sanduq::evidence::consent::{Naming, Reach};
use sanduq::evidence::item::{File, Item};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::id::RandomId;
use sanduq::format::sshsig;

/// Words that a camera, a program or a person wrote into a picture, each in one place.
const CANARIES: [&str; 7] = [
    "CanaryCamera",
    "CanaryArtist",
    "CanaryCreator",
    "CanaryCity",
    "CanaryComment",
    "CanaryBehindTheEnd",
    "CanaryNotes",
];

struct Shelf(HashMap<Digest, Vec<u8>>);

impl FileSource for Shelf {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        Ok(Original::of(self.0[&file.digest].as_slice()))
    }
}

/// An officer who opened a bundle of documents, each with one of these originals.
fn case<'h>(house: &'h House, officers: usize, originals: &[(&[u8], &str)]) -> Case<'h> {
    let organisation = Organisation::new(house, 1, officers);
    let court = terms(Reach::Court, Naming::Never, None);
    let items: Vec<Item> = originals.iter().map(|(content, kind)| item(content, kind, court)).collect();
    let shelf = originals.iter().map(|(content, _)| (Digest::of(content), content.to_vec()));
    let card = Card::parse(&fs::read(&organisation.card).unwrap()).unwrap();
    let author = KeyPair::generate();
    let parcel = Parcel {
        card: &card,
        author: &author,
        items: &items,
        proof_commit: Digest::of(b"invented"),
        follow_up: None,
        couriers: None,
    };
    let mut bytes = Vec::new();
    let sealed = pack(&parcel, &Shelf(shelf.collect()), &mut bytes, &mut |_| {}).unwrap();
    let bundle = house.write("one.bundle", bytes);
    organisation.officers[0].sanduq(&["open", text(&bundle)]).good();
    let receipt = receipt(&organisation, &bundle, &sealed);
    Case { organisation, receipt }
}

fn item(content: &[u8], kind: &str, court: sanduq::evidence::consent::Terms) -> Item {
    let file = File {
        object: RandomId::generate(),
        digest: Digest::of(content),
        len: content.len() as u64,
        media_type: kind.to_owned(),
        label: "picture".to_owned(),
    };
    Item { files: vec![file], title: "A picture".to_owned(), ..document(court) }
}

/// A small PNG with text in it and behind it.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 31, 17);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_text_chunk("Comment".to_owned(), CANARIES[4].to_owned()).unwrap();
    encoder.add_text_chunk("Author".to_owned(), CANARIES[1].to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&house::Noise::new(3).bytes(31 * 17 * 3)).unwrap();
    writer.finish().unwrap();
    bytes.extend_from_slice(CANARIES[5].as_bytes());
    bytes
}

fn pixels(png: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

/// A coloured picture as other programs take it.
fn ppm() -> Vec<u8> {
    let mut noise = house::Noise::new(5);
    let mut shades = (0..97 * 61 * 3).map(|at| (at / 9 + noise.next() as usize % 32) as u8).collect();
    let mut ppm = b"P6\n97 61\n255\n".to_vec();
    ppm.append(&mut shades);
    ppm
}

/// The unit of an item that shows its file, as the command line has it.
fn unit(case: &Case, item: u64) -> String {
    let to = case.organisation.house.path("nothing");
    let item_number = item.to_string();
    let args = ["disclose", &item_number, "--for", "court", "--to", text(&to), "--json"];
    let review = case.officer().sanduq(&args).json();
    let shown = review["records"][0]["shown"].as_array().unwrap();
    let file = shown.iter().find(|unit| unit["what"] == "file").unwrap();
    format!("{item}:{:04}", file["unit"].as_u64().unwrap())
}

fn all_bytes(bag: &Bag) -> Vec<u8> {
    bag.values().flatten().copied().collect()
}

fn has(bytes: &[u8], canary: &str) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

#[test]
fn a_picture_without_metadata_lies_in_the_place_of_its_original() {
    let house = House::new("derivatives");
    let original = png();
    let case = case(&house, 1, &[(&original, "image/png")]);
    let args = ["1", "--for", "court", "--without-metadata", "--receipt", text(&case.receipt), "--json"];
    let (dir, done) = case.disclose("bare", &args);
    let outcome = done.good().json();
    assert_eq!((&outcome["files"], &outcome["derivatives"]), (&0.into(), &1.into()));
    let good = bag::read(&dir);
    assert!(!good.contains_key("data/files/0001"));
    let derivative = &good["data/derivatives/0001"];
    assert_eq!(pixels(derivative), pixels(&original));
    for canary in [CANARIES[1], CANARIES[4], CANARIES[5]] {
        assert!(has(&original, canary) && !has(&all_bytes(&good), canary), "{canary}");
    }
    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert!(report.not_proved.contains(&Unproved::Derivative));
    let told = report.values.iter().find(|value| value.name == ValueName::Derivative).unwrap();
    assert_eq!(told.value, "data/derivatives/0001  metadata-removed");
    let said = follow_instructions(&dir).unwrap();
    assert!(said.contains("data/derivatives/0001: metadata-removed"), "{said}");
    for (language, words) in [("en", "the word of the officer"), ("fa", "گفتهٔ امینی است")] {
        let said = house.audit(&["disclosure", "--lang", language, text(&dir)]).good().stdout();
        assert!(said.contains(words), "{said}");
    }
    // A reader of the report looked for the original where there was none.
    let page = house.path("page.html");
    house.audit(&["report", text(&dir), "--to", text(&page)]).good();
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("data/derivatives/0001") && !page.contains("data/files/0001"));
    // Nor did the page show the copy, which is all of the picture that a court may see.
    let shown = format!("<img src=\"data:image/png;base64,{}\"", BASE64_STANDARD.encode(derivative));
    assert!(page.contains(&shown));
    let mut changed = good.clone();
    changed.get_mut("data/derivatives/0001").unwrap()[40] ^= 1;
    agree(&mut changed);
    bag::write(&changed, &house.folder("changed"));
    let page = house.path("changed.html");
    let report = house.audit(&["report", text(&house.path("changed")), "--to", text(&page)]);
    assert_eq!(report.code, Some(1), "{}", report.stdout());
    assert!(!fs::read_to_string(page).unwrap().contains("<img"));
    exiftool_finds_nothing_in_a_png(&house, &original, derivative);
    // Without the switch the original leaves, and nothing else.
    let (dir, done) = case.disclose("whole", &["1", "--for", "court", "--lang", "fa"]);
    done.good();
    let whole = bag::read(&dir);
    assert_eq!(whole["data/files/0001"], original);
    assert!(!whole.keys().any(|name| name.contains("derivatives")));
    follow_instructions(&dir).unwrap();
}

/// What exiftool says of a file.
fn tags(house: &House, name: &str, bytes: &[u8], exiftool: &Path) -> String {
    let path = house.write(name, bytes);
    let said = tools::good(exiftool, &["-a", "-G0", "-s", text(&path)], b"");
    String::from_utf8(said).unwrap()
}

fn exiftool_finds_nothing_in_a_png(house: &House, original: &[u8], derivative: &[u8]) {
    let test = "a_picture_without_metadata_lies_in_the_place_of_its_original";
    let Some(exiftool) = tools::program(test, "exiftool") else { return };
    let [before, after] = [original, derivative].map(|bytes| tags(house, "asked.png", bytes, &exiftool));
    assert!(CANARIES.iter().any(|canary| before.contains(canary)), "{before}");
    let plain = "ImageWidth ImageHeight BitDepth ColorType Compression Filter Interlace Palette";
    for line in after.lines() {
        let (group, tag) = line.trim_start_matches('[').split_once(']').unwrap();
        let tag = tag.split_whitespace().next().unwrap();
        let known = ["ExifTool", "File", "Composite"].contains(&group);
        assert!(known || group == "PNG" && plain.split(' ').any(|one| one == tag), "{line}");
    }
}

/// A document of one empty page, which says who wrote it or does not.
fn pdf(author: Option<&str>) -> Vec<u8> {
    let info = author.map_or(String::new(), |author| format!("/Author({author})"));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_owned(),
        format!("<<{info}>>"),
    ];
    let (mut whole, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (object, number) in objects.iter().zip(1..) {
        places += &format!("{:010} 00000 n \n", whole.len());
        whole += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let at = whole.len();
    whole += &format!("xref\n0 5\n0000000000 65535 f \n{places}");
    whole += &format!("trailer\n<</Size 5/Root 1 0 R/Info 4 0 R>>\nstartxref\n{at}\n%%EOF\n");
    whole.into_bytes()
}

/// What programs hide in a PDF no crate takes out for sure: it is made anew by hand, or it stays.
#[test]
fn of_a_pdf_a_copy_made_by_hand_leaves() {
    let house = House::new("derivative-pdf");
    let (original, anew) = (pdf(Some(CANARIES[0])), pdf(None));
    let case = case(&house, 1, &[(&original, "application/pdf")]);
    let (_, refused) = case.disclose("bare", &["1", "--for", "court", "--without-metadata"]);
    assert!(refused.bad().stderr().contains("neither a JPEG nor a PNG"));
    let by_hand = format!("{}={}", unit(&case, 1), text(&house.write("anew.pdf", &anew)));
    let (dir, done) = case.disclose("by-hand", &["1", "--for", "court", "--derivative", &by_hand]);
    done.good();
    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    follow_instructions(&dir).unwrap();
    let good = bag::read(&dir);
    let said = statement(&good);
    assert_eq!((said.media_type.as_str(), said.original), ("application/pdf", Digest::of(&original)));
    assert_eq!(good["data/derivatives/0001"], anew);
    assert!(!has(&all_bytes(&good), CANARIES[0]));
    let test = "of_a_pdf_a_copy_made_by_hand_leaves";
    let Some(exiftool) = tools::program(test, "exiftool") else { return };
    let [before, after] = [&original, &anew].map(|bytes| tags(&house, "asked.pdf", bytes, &exiftool));
    assert!(before.contains("Author") && before.contains(CANARIES[0]), "{before}");
    assert!(after.contains("PageCount") && !after.contains("Author"), "{after}");
}

/// What exiftool finds in the original it finds nowhere in the derivative, and djpeg sees the same pixels.
#[test]
fn exiftool_finds_nothing_and_djpeg_sees_the_same() {
    let test = "exiftool_finds_nothing_and_djpeg_sees_the_same";
    let Some(exiftool) = tools::program(test, "exiftool") else { return };
    let Some(cjpeg) = tools::program(test, "cjpeg") else { return };
    let Some(djpeg) = tools::program(test, "djpeg") else { return };
    let ppm = ppm();
    let kinds: [&[&str]; 4] =
        [&["-sample", "2x2"], &["-progressive"], &["-restart", "1", "-rgb"], &["-grayscale"]];
    for (number, flags) in kinds.iter().enumerate() {
        let house = House::new("exiftool");
        let plain = tools::good(&cjpeg, flags, &ppm);
        let thumbnail = house.write("thumbnail.jpg", &plain);
        let picture = house.write("picture.jpg", &plain);
        let [camera, artist, creator, city, comment, ..] = CANARIES;
        let thumbnail = format!("-ThumbnailImage<={}", text(&thumbnail));
        let notes = format!("-UserComment={}", CANARIES[6]);
        let written = [
            "-q",
            "-n",
            "-overwrite_original",
            "-GPSLatitude=35.7",
            "-GPSLatitudeRef=N",
            "-Orientation=6",
            &format!("-Make={camera}"),
            &format!("-Artist={artist}"),
            &format!("-XMP:Creator={creator}"),
            &format!("-IPTC:City={city}"),
            &format!("-Comment={comment}"),
            &notes,
            &thumbnail,
            text(&picture),
        ];
        tools::good(&exiftool, &written, b"");
        let mut original = fs::read(&picture).unwrap();
        original.extend_from_slice(CANARIES[5].as_bytes());
        original.extend_from_slice(&plain);
        let tags = |bytes: &[u8]| tags(&house, "asked.jpg", bytes, &exiftool);
        let before = tags(&original);
        for group in ["[EXIF]", "[XMP]", "[IPTC]", "[File]          Comment", "GPSLatitude", "ThumbnailImage"]
        {
            assert!(before.contains(group), "{group} in {before}");
        }
        let case = case(&house, 1, &[(&original, "image/jpeg")]);
        let (dir, done) = case.disclose("bare", &["1", "--for", "court", "--without-metadata"]);
        done.good();
        let good = bag::read(&dir);
        let derivative = &good["data/derivatives/0001"];
        let after = tags(derivative);
        for line in after.lines() {
            let group = line.split(']').next().unwrap().trim_start_matches('[');
            assert!(["ExifTool", "File", "Composite", "APP14"].contains(&group), "{flags:?}: {line}");
        }
        assert!(
            !after.contains("Comment ") && !after.contains("GPS") && !after.contains("Thumbnail"),
            "{after}"
        );
        for canary in CANARIES {
            assert!(has(&original, canary) && !has(&all_bytes(&good), canary), "{flags:?} {canary}");
        }
        let seen = |bytes: &[u8]| tools::good(&djpeg, &["-ppm"], bytes);
        assert_eq!(seen(derivative), seen(&plain), "{number}");
        assert!(audited(&dir).holds());
    }
}

#[test]
fn what_was_made_by_hand_lies_there_with_the_officers_words() {
    let house = House::new("by-hand");
    let (original, text_file) = (png(), b"an invented page".to_vec());
    let case = case(&house, 1, &[(&original, "image/png"), (&text_file, "text/plain")]);
    let (one, two) = (unit(&case, 1), unit(&case, 2));
    // A program that crops copies the metadata.
    let mut cropped = png();
    cropped.truncate(cropped.len() - CANARIES[5].len());
    let cropped = house.write("cropped.png", &cropped);
    let anew = house.write("anew.txt", "an invented ████");
    let by_hand = [format!("{one}={}", text(&cropped)), format!("{two}={}", text(&anew))];
    let words = format!("{two}=a name is blacked out");
    let args = |lang| {
        [
            "1",
            "2",
            "--for",
            "court",
            "--derivative",
            &by_hand[0],
            "--derivative",
            &by_hand[1],
            "--derivative-words",
            &words,
            "--lang",
            lang,
        ]
    };
    let to = house.path("reviewed");
    for (lang, said) in [("en", "made by hand"), ("fa", "ساختهٔ دست")] {
        let mut all = vec!["disclose", "--to", text(&to)];
        all.extend(args(lang));
        let review = case.officer().sanduq(&all).bad().stderr();
        assert!(review.contains(said) && review.contains("a name is blacked out"), "{review}");
        assert!(!to.exists());
    }
    let (dir, done) = case.disclose("by-hand", &args("en"));
    done.good();
    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    let told = report.values.iter().filter(|value| value.name == ValueName::Derivative);
    let told: Vec<_> = told.map(|value| value.value.as_str()).collect();
    let expected =
        ["data/derivatives/0001  by-hand", "data/derivatives/0002  by-hand  a name is blacked out"];
    assert_eq!(told, expected);
    follow_instructions(&dir).unwrap();
    let good = bag::read(&dir);
    assert_eq!(good["data/derivatives/0002"], "an invented ████".as_bytes());
    assert!(!has(&all_bytes(&good), CANARIES[4]) && !has(&all_bytes(&good), "an invented page"));
}

#[test]
fn what_cannot_lie_there_is_refused_with_the_way_on() {
    let house = House::new("derivatives-refused");
    let original = png();
    let case = case(&house, 1, &[(&original, "image/png"), (b"an invented page", "text/plain")]);
    let (one, two) = (unit(&case, 1), unit(&case, 2));
    let refused = |args: &[&str], code: i32, error: &str| {
        let (dir, done) = case.disclose("out", &[args, &["--for", "court", "--json"]].concat());
        assert_eq!(done.code, Some(code), "{args:?} {}", done.stderr());
        assert!(done.stderr().contains(error) && !dir.exists(), "{args:?} {}", done.stderr());
    };
    refused(&["1", "2", "--without-metadata"], 7, "err-strip-unknown");
    let given = |unit: &str, bytes: &[u8]| format!("{unit}={}", text(&house.write("given", bytes)));
    let mut cut = original.clone();
    cut.truncate(100);
    refused(&["1", "--derivative", &given(&one, &cut)], 7, "err-strip-damaged");
    refused(&["1", "--derivative", &given(&one, &original)], 7, "err-derivative-same");
    let good = given(&two, b"other");
    refused(&["2", "--derivative", &good, "--derivative", &good], 2, "err-derivative-given-twice");
    refused(&["2", "--derivative", &given("2:0001", b"other")], 5, "err-derivative-not-a-file");
    refused(&["2", "--derivative", &given("2:0099", b"other")], 5, "err-no-unit");
    refused(&["2", "--derivative", &given(&one, b"other")], 5, "err-no-unit");
    let good = given(&two, b"other");
    for words in ["two\nlines", "\u{1b}[2J", "\u{202e}turned", &"x".repeat(201)] {
        let words = format!("{two}={words}");
        refused(&["2", "--derivative", &good, "--derivative-words", &words], 2, "err-derivative-words");
    }
    let words = format!("{one}=cropped");
    refused(&["2", "--derivative", &good, "--derivative-words", &words], 2, "err-derivative-none");
    // What is withheld needs no derivative.
    let (dir, done) =
        case.disclose("out", &["1", "2", "--for", "court", "--without-metadata", "--withhold-unit", &two]);
    done.good();
    assert!(audited(&dir).holds());
}

/// What is said of the derivative in a bag.
fn statement(bag: &Bag) -> Derivative {
    let [text, one, two] =
        ["txt", "sig", "pq.sig"].map(|ending| &bag[&format!("data/derivatives/0001.{ending}")]);
    SignedDerivative::parse(text, one, two).unwrap().derivative().clone()
}

/// Signs a statement and lays it beside the derivative.
fn lay(bag: &mut Bag, statement: Derivative, officer: &KeyPair) {
    let name = "data/derivatives/0001";
    let files = SignedDerivative::sign(statement, officer).print();
    for (ending, text) in ["txt", "sig", "pq.sig"].iter().zip(files) {
        bag.insert(format!("{name}.{ending}"), text.into_bytes());
    }
    agree(bag);
}

#[test]
fn every_change_of_a_derivative_is_refused_with_its_name() {
    let house = House::new("derivative-attacks");
    let original = png();
    let mut case = case(&house, 2, &[(&original, "image/png"), (b"an invented page", "text/plain")]);
    let (dir, done) = case.disclose("good", &["1", "--for", "court", "--without-metadata"]);
    done.good();
    case.organisation.officers.swap(0, 1);
    case.officer().sanduq(&["open", text(&house.path("one.bundle"))]).good();
    let (other, done) = case.disclose("other", &["1", "--for", "court", "--without-metadata"]);
    done.good();
    let [good, other] = [dir, other].map(|dir| bag::read(&dir));
    let said = statement(&good);
    let question = Question::DisclosureDerivatives;
    let refused = |told: &str, question: Question, named: &str, change: &dyn Fn(&mut Bag)| {
        let mut bag = good.clone();
        change(&mut bag);
        agree(&mut bag);
        let found = judge(&bag);
        let there = found.iter().any(|(asked, detail)| *asked == question && detail.contains(named));
        assert!(there, "{told}: {question:?} does not name {named}: {found:#?}");
        let dir = tempfile::tempdir().unwrap();
        bag::write(&bag, dir.path());
        let stock = follow_only(dir.path(), None);
        assert!(stock.is_err() || told.ends_with('*'), "{told}: the stock commands say that it holds");
    };
    assert_eq!((judge(&good), judge(&other)), (vec![], vec![]));
    let name = "data/derivatives/0001";
    refused("the derivative changed", question, "not the file", &|bag| bag.get_mut(name).unwrap()[40] ^= 1);
    refused("the original in its place", question, "not the file", &|bag| {
        bag.insert(name.to_owned(), original.clone());
    });
    refused("beside its original", Question::DisclosureFiles, "data/files/0001", &|bag| {
        bag.insert("data/files/0001".to_owned(), original.clone());
    });
    refused("of a unit that is not shown", Question::DisclosureFiles, "data/files/0001", &|bag| {
        bag.retain(|name, bytes| !(name.contains("units") && bytes.starts_with(b"{\"unit\":\"file\"")));
    });
    refused("of a unit that is not shown", question, "no unit", &|bag| {
        bag.retain(|name, bytes| !(name.contains("units") && bytes.starts_with(b"{\"unit\":\"file\"")));
    });
    refused("of an original that no unit names", Question::DisclosureFiles, "data/files/0002", &|bag| {
        for ending in ["", ".txt", ".sig", ".pq.sig"] {
            bag.insert(format!("data/derivatives/0002{ending}"), good[&format!("{name}{ending}")].clone());
        }
    });
    // What ends with a star only our own program tells: stock commands know neither second signatures nor the layout.
    for (ending, mark) in [("", ""), (".txt", ""), (".sig", ""), (".pq.sig", "*")] {
        let cut = format!("{name}{ending}");
        refused(&format!("a file missing{mark}"), Question::DisclosureLayout, &cut, &|bag| {
            drop(bag.remove(&cut))
        });
    }
    refused("another file there*", Question::DisclosureLayout, "0001.tlog-proof", &|bag| {
        bag.insert(format!("{name}.tlog-proof"), Vec::new());
    });
    refused("signatures exchanged", question, "signed", &|bag| {
        let (one, two) = (bag[&format!("{name}.sig")].clone(), bag[&format!("{name}.pq.sig")].clone());
        bag.insert(format!("{name}.sig"), two);
        bag.insert(format!("{name}.pq.sig"), one);
    });
    for (ending, mark) in [("sig", ""), ("pq.sig", "*")] {
        refused(&format!("another officer's signature{mark}"), question, "signed", &|bag| {
            let cut = format!("{name}.{ending}");
            bag.insert(cut.clone(), other[&cut].clone());
        });
    }
    // An officer of the card who signs what is not so, and a stranger who signs what is: with keys made here.
    let stranger = KeyPair::generate();
    let by = |change: &dyn Fn(&mut Derivative)| {
        let mut said = Derivative { officer: stranger.public().fingerprint(), ..said.clone() };
        change(&mut said);
        said
    };
    refused("a stranger's", question, "signed", &|bag| lay(bag, by(&|_| ()), &stranger));
    refused("a stranger's in an officer's name", question, "signed", &|bag| {
        lay(bag, said.clone(), &stranger)
    });
    refused("words with an escape", question, "", &|bag| {
        let text = String::from_utf8(bag[&format!("{name}.txt")].clone()).unwrap();
        let text = text.replace("metadata-removed", "by-hand") + "words: \u{1b}[2J\n";
        bag.insert(format!("{name}.txt"), text.into_bytes());
    });
}

/// The same disclosure under another card, on which an officer stands whose keys are at hand. Without the author's
/// statement nothing binds the card, so all of it holds.
fn under_another_card(good: &Bag) -> (Bag, KeyPair) {
    let officer = KeyPair::generate();
    let card = Card::parse(&good["data/card"]).unwrap();
    let recipient = card.officers()[0].recipient.clone();
    let line = OfficerLine { recipient, keys: officer.public() };
    let draft = Draft::new(Terms { officers: vec![line], ..card.terms().clone() }).unwrap();
    let mut bag = good.clone();
    bag.insert("data/card".to_owned(), draft.sign(&KeyPair::generate()).as_bytes().to_vec());
    for number in 1..=2 {
        let names = disclosure::event(number);
        let event = match std::str::from_utf8(&bag[&names[0]]).unwrap().parse().unwrap() {
            Event::Open { bundle, .. } => Event::Open { bundle, officer: officer.public().fingerprint() },
            event => event,
        };
        for (name, text) in names.iter().zip(SignedEvent::sign(event, &officer).print()) {
            bag.insert(name.clone(), text.into_bytes());
        }
    }
    (bag, officer)
}

/// An officer of the card signs what is not so.
#[test]
fn what_an_officer_signs_that_is_not_so_is_told() {
    let house = House::new("derivative-lies");
    let original = png();
    let case = case(&house, 1, &[(&original, "image/png")]);
    let (dir, done) = case.disclose("good", &["1", "--for", "court", "--without-metadata"]);
    done.good();
    let good = bag::read(&dir);
    let said = statement(&good);
    let (good, officer) = under_another_card(&good);
    let said = Derivative { officer: officer.public().fingerprint(), ..said };
    let laid = |said: Derivative| {
        let mut bag = good.clone();
        lay(&mut bag, said, &officer);
        let dir = tempfile::tempdir().unwrap();
        bag::write(&bag, dir.path());
        (judge(&bag), follow_only(dir.path(), None))
    };
    let (found, stock) = laid(said.clone());
    // The custody record is of the card that was there before.
    let of_record = |(asked, _): &(Question, String)| *asked == Question::DisclosureCustodyRecord;
    assert!(found.iter().all(of_record) && stock.is_ok(), "{found:#?} {stock:?}");
    type Change = (&'static str, fn(&mut Derivative, Digest), &'static str);
    let changes: [Change; 6] = [
        ("another bundle", |said, digest| said.bundle = digest, "another bundle"),
        ("another record", |said, digest| said.record = digest, "no unit"),
        ("another unit", |said, _| said.unit = 1, "no unit"),
        ("another original", |said, digest| said.original = digest, "another original"),
        ("another derivative", |said, digest| said.derivative = digest, "not the file"),
        ("another length", |said, _| said.bytes += 1, "not the file"),
    ];
    for (told, change, named) in changes {
        let mut lie = said.clone();
        change(&mut lie, Digest::of(b"another"));
        let (found, stock) = laid(lie);
        let question = Question::DisclosureDerivatives;
        let there = found.iter().any(|(asked, detail)| *asked == question && detail.contains(named));
        assert!(there && stock.is_err(), "{told}: {found:#?} {stock:?}");
    }
    // The same statement, signed as an event.
    let mut bag = good.clone();
    lay(&mut bag, said, &officer);
    let text = bag["data/derivatives/0001.txt"].clone();
    let signed = sshsig::encode_pair(&officer.public(), &officer.sign::<domain::Event>(&text));
    bag.insert("data/derivatives/0001.sig".to_owned(), signed[0].clone().into_bytes());
    bag.insert("data/derivatives/0001.pq.sig".to_owned(), signed[1].clone().into_bytes());
    agree(&mut bag);
    assert!(judge(&bag).iter().any(|(question, _)| *question == Question::DisclosureDerivatives));
    let dir = tempfile::tempdir().unwrap();
    bag::write(&bag, dir.path());
    assert!(follow_instructions(dir.path()).is_err());
}
