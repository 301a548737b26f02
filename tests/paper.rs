//! Cards, receipts, letters and bundles as codes, and back from pictures of them: by the real programs, against other
//! people's.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "paper/sheet.rs"]
mod sheet;
#[allow(dead_code, reason = "what runs Python and JavaScript is for other tests")]
#[path = "foreign/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use house::{Done, House, run, text};
use rexpect::session::{PtySession, spawn_command};
use sanduq::format::frames::Frames;
use serde_json::{Value, json};
use sheet::Sheet;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/0.1/bundle");

fn golden(name: &str) -> PathBuf {
    Path::new(GOLDEN).join(name)
}

fn sanduq(house: &House, args: &[&str]) -> Done {
    run(house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), args), None)
}

/// The codes of a golden file's page.
fn printed(house: &House, name: &str) -> Vec<Sheet> {
    let page = house.path(&format!("{name}.html"));
    if !page.exists() {
        sanduq(house, &["qr", text(&golden(name)), "--to", text(&page)]).good();
    }
    sheet::codes(&fs::read_to_string(page).expect("a page"), 4)
}

/// The same, as large as a camera shows them that takes four of them at once.
fn near(house: &House, name: &str) -> Vec<Sheet> {
    printed(house, name);
    sheet::codes(&fs::read_to_string(house.path(&format!("{name}.html"))).expect("a page"), 6)
}

/// Writes codes into a folder, six to a picture.
fn lay(house: &House, folder: &str, codes: &[Sheet]) -> PathBuf {
    let dir = house.folder(folder);
    for (number, codes) in codes.chunks(6).enumerate() {
        Sheet::of(codes).write_png(&dir.join(format!("{number:03}.png")));
    }
    dir
}

fn scan(house: &House, pictures: &[&Path]) -> Done {
    let out = house.path("out");
    let mut args = vec!["--lang", "en", "--json", "scan", "--to", text(&out)];
    args.extend(pictures.iter().map(|path| text(path)));
    sanduq(house, &args)
}

/// What was found: kinds, and whether each file is the golden one.
fn found(done: &Done) -> Vec<(String, bool)> {
    let golden_of = |kind: &str| match kind {
        "card" => "archive.card",
        "receipt" => "receipt.tlog-proof",
        "letter" => "letter",
        _ => "testimony.bundle",
    };
    let told = done.json();
    let files = told["files"].as_array().expect("files").iter();
    let judged = files.map(|file| {
        let kind = file["kind"].as_str().expect("a kind").to_owned();
        let written = fs::read(file["path"].as_str().expect("a path")).expect("it was written");
        let same = written == fs::read(golden(golden_of(&kind))).expect("a golden file");
        (kind, same)
    });
    judged.collect()
}

fn error(done: &Done) -> Value {
    let last = done.stderr().trim_end().rsplit('\n').next().map(str::to_owned).expect("a line");
    serde_json::from_str(&last).unwrap_or_else(|error| panic!("{error}: {}", done.stderr()))
}

fn one(kind: &str) -> Vec<(String, bool)> {
    vec![(kind.to_owned(), true)]
}

#[test]
fn a_page_comes_back_byte_for_byte() {
    let house = House::new("paper-page");
    for (name, kind, codes) in
        [("archive.card", "card", 32), ("receipt.tlog-proof", "receipt", 1), ("letter", "letter", 101)]
    {
        let printed = printed(&house, name);
        assert_eq!(printed.len(), codes, "{name}");
        let pictures = lay(&house, name, &printed);
        let done = scan(&house, &[&pictures]).good();
        assert_eq!(found(&done), one(kind));
        assert_eq!(done.json()["codes"], codes);
        let again = scan(&house, &[&pictures]).good();
        assert_eq!(again.json()["files"][0]["already"], true);
    }
}

#[test]
fn a_photograph_is_read_as_a_screenshot_is() {
    let house = House::new("paper-photograph");
    let codes = near(&house, "archive.card");
    let dir = house.folder("photographs");
    for (number, codes) in codes.chunks(4).enumerate() {
        let degrees = [3.0, -3.0, 90.5, 177.0, 0.7, 14.0][number % 6];
        Sheet::of(codes).photographed(degrees).write_png(&dir.join(format!("{number}.png")));
    }
    assert_eq!(found(&scan(&house, &[&dir]).good()), one("card"));
}

#[test]
fn a_camera_that_packs_its_pictures_is_read_too() {
    let Some(cjpeg) = tools::program("a_camera_that_packs_its_pictures_is_read_too", "cjpeg") else { return };
    let house = House::new("paper-jpeg");
    let codes = near(&house, "archive.card");
    let dir = house.folder("photographs");
    for (number, codes) in codes.chunks(4).enumerate() {
        let pgm = Sheet::of(codes).photographed(3.0).pgm();
        let flags = if number % 2 == 0 { ["-quality", "55"] } else { ["-progressive", "-optimize"] };
        let packed = tools::run(&cjpeg, &flags, &pgm);
        assert!(packed.status.success());
        fs::write(dir.join(format!("{number}.jpg")), packed.stdout).expect("a file");
    }
    assert_eq!(found(&scan(&house, &[&dir]).good()), one("card"));
}

#[test]
fn codes_come_in_any_order_twice_and_some_never() {
    let house = House::new("paper-order");
    let mut codes = printed(&house, "archive.card");
    codes.reverse();
    let twice: Vec<Sheet> = codes.iter().chain(&codes[..9]).cloned().collect();
    assert_eq!(found(&scan(&house, &[&lay(&house, "twice", &twice)]).good()), one("card"));
    // Number 7 of 32 was never photographed: a sum of several makes up for it.
    let without: Vec<Sheet> = [&codes[..25], &codes[26..]].concat();
    assert_eq!(found(&scan(&house, &[&lay(&house, "without", &without)]).good()), one("card"));
    fs::remove_dir_all(house.path("out")).expect("it is there");
    let few = lay(&house, "few", &codes[15..]);
    let done = scan(&house, &[&few]).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(4), &json!("err-scan-incomplete")));
    let missing: Vec<u64> = (18..=29).collect();
    assert_eq!(done.json()["incomplete"], json!([{"needed": 29, "known": 17, "missing": missing}]));
    assert!(!house.path("out").exists());
    // The rest comes later, with all pictures named once more.
    let rest = lay(&house, "rest", &codes[..15]);
    assert_eq!(found(&scan(&house, &[&few, &rest]).good()), one("card"));
}

#[test]
fn codes_of_several_files_are_told_apart() {
    let house = House::new("paper-mixed");
    let mut codes = printed(&house, "archive.card");
    codes.extend(printed(&house, "letter"));
    let middle = codes.len() / 2;
    codes.rotate_left(middle);
    let receipt = lay(&house, "receipt", &printed(&house, "receipt.tlog-proof"));
    let done = scan(&house, &[&lay(&house, "mixed", &codes), &receipt]).good();
    let mut kinds = found(&done);
    kinds.sort();
    assert_eq!(kinds, [one("card"), one("letter"), one("receipt")].concat());
    // One is whole and another is not: the whole one is there, and that is said.
    fs::remove_dir_all(house.path("out")).expect("it is there");
    let few = lay(&house, "few", &printed(&house, "letter")[..40]);
    let done = scan(&house, &[&few, &receipt]).bad();
    assert_eq!(found(&done), one("receipt"));
    assert!(error(&done)["safe"].as_str().is_some_and(|safe| safe.contains("is written")));
}

/// A code by the crate that draws them, with nothing of ours.
fn code(text: &str) -> Sheet {
    let code = qrcode::QrCode::new(text).expect("it fits");
    let side = code.width() + 8;
    let mut sheet = Sheet::white(side * 4, side * 4);
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            let (x, y) = (place % code.width() + 4, place / code.width() + 4);
            (0..4).for_each(|row| sheet.pixels[(y * 4 + row) * side * 4 + x * 4..][..4].fill(0));
        }
    }
    sheet
}

/// A frame with one bit of the file turned over and its own checksum made anew.
fn forged(frame: &str) -> String {
    let lower = frame.to_ascii_lowercase();
    let (head, _) = lower.rsplit_once('/').expect("a frame");
    let (_, mut payload) = ur::ur::decode(&lower).expect("a frame");
    *payload.last_mut().expect("it is not empty") ^= 1;
    format!("{head}/{}", ur::bytewords::encode(&payload, ur::bytewords::Style::Minimal)).to_ascii_uppercase()
}

#[test]
fn a_changed_code_is_never_part_of_a_file() {
    let house = House::new("paper-changed");
    let card = fs::read(golden("archive.card")).expect("a card");
    let frames: Vec<String> = Frames::of(&card, 1400).expect("few enough").take(31).collect();
    let lay = |name: &str, frames: &[String]| {
        let dir = house.folder(name);
        for (number, frame) in frames.iter().enumerate() {
            code(frame).write_png(&dir.join(format!("{number}.png")));
        }
        dir
    };
    assert_eq!(found(&scan(&house, &[&lay("whole", &frames)]).good()), one("card"));
    fs::remove_dir_all(house.path("out")).expect("it is there");
    // Its checksums fit and the sum of the whole does not.
    let mut changed = frames.clone();
    changed[4] = forged(&frames[4]);
    let done = scan(&house, &[&lay("changed", &changed)]).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(4), &json!("err-scan-changed")));
    // A letter of it was changed: the code says nothing of ours, and the file lacks it.
    let mut misspelt = frames[..30].to_vec();
    misspelt[4] = format!("{}AAAA", &frames[4][..frames[4].len() - 4]);
    let done = scan(&house, &[&lay("misspelt", &misspelt)]).bad();
    assert_eq!(
        (&done.json()["others"], done.json()["incomplete"][0]["missing"][0].as_u64()),
        (&json!(1), Some(5))
    );
    // Whole, and a text of somebody's.
    let text =
        Frames::of(b"a text that is nothing of Sanduq's", 1400).expect("one").take(1).collect::<Vec<_>>();
    let done = scan(&house, &[&lay("text", &text)]).bad();
    assert_eq!(&error(&done)["error"], &json!("err-scan-changed"));
    assert!(!house.path("out").exists());
}

#[test]
fn what_is_no_picture_or_has_no_code_of_ours_is_passed_over() {
    let house = House::new("paper-others");
    let claim = |width: u32, height: u32| {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&[0])).expect("a picture");
        bytes[16..24].copy_from_slice(&[width.to_be_bytes(), height.to_be_bytes()].concat());
        let sum = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    };
    let mut whole = Vec::new();
    code("https://an.invented.example/").write_png(&house.path("address.png"));
    fs::File::open(house.path("address.png"))
        .and_then(|mut file| std::io::copy(&mut file, &mut whole))
        .expect("read");
    Sheet::white(300, 200).write_png(&house.path("white.png"));
    let jpeg =
        [b"\xff\xd8\xff\xc0\x00\x11\x08".as_slice(), &[0xff; 4], b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"]
            .concat();
    let cases = [
        (house.path("white.png"), "no-code"),
        (house.write("huge.png", claim(100_000, 100_000)), "too-large"),
        (house.write("wide.png", claim(u32::MAX >> 1, 1)), "too-large"),
        (house.write("huge.jpg", jpeg), "too-large"),
        (house.write("half.png", &whole[..whole.len() / 2]), "unreadable"),
        (house.write("notes.png", "notes of my own"), "not-a-picture"),
        (house.write("empty.png", ""), "not-a-picture"),
    ];
    let mut pictures: Vec<&Path> = cases.iter().map(|(path, _)| path.as_path()).collect();
    let address = house.path("address.png");
    pictures.push(&address);
    let done = scan(&house, &pictures).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(4), &json!("err-scan-none")));
    let expected: Vec<_> = cases.iter().map(|(path, why)| json!({"path": text(path), "why": why})).collect();
    assert_eq!(done.json()["unread"], json!(expected));
    assert_eq!((&done.json()["codes"], &done.json()["others"]), (&json!(1), &json!(1)));
    assert!(done.peak_kib < 200 * 1024, "{} KiB", done.peak_kib);
    assert_eq!(scan(&house, &[&house.path("gone.png")]).bad().code, Some(5));
}

/// CRC-32 as PNG has it, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), bit))
}

#[test]
fn only_what_may_be_seen_is_drawn() {
    let house = House::new("paper-refused");
    let page = house.path("page.html");
    let qr = |file: &Path| sanduq(&house, &["--json", "qr", text(file), "--to", text(&page)]);
    let notes = house.write("notes.txt", "what I saw");
    let mut card = fs::read(golden("archive.card")).expect("a card");
    card[40] ^= 1;
    let card = house.write("changed.card", card);
    for file in [&notes, &card, &golden("officer-1.identity"), &golden("pass-on")] {
        let done = qr(file).bad();
        assert_eq!(
            (done.code, &error(&done)["error"]),
            (Some(4), &json!("err-qr-kind")),
            "{}",
            file.display()
        );
    }
    let done = qr(&golden("testimony.bundle")).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(7), &json!("err-paper-long")));
    let done = qr(&house.write("large.bundle", vec![0; 1_300_000])).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(7), &json!("err-qr-long")));
    assert!(!page.exists());
    let done = sanduq(&house, &["--json", "qr", text(&golden("archive.card"))]).bad();
    assert_eq!((done.code, &error(&done)["error"]), (Some(7), &json!("err-qr-terminal")));
    let written = qr(&golden("archive.card")).good().json();
    assert_eq!(written, json!({"kind": "card", "page": text(&page), "codes": 32, "needed": 29}));
    // A page that is there is not written over.
    assert_eq!(qr(&golden("archive.card")).bad().code, Some(1));
}

#[test]
fn other_programs_read_our_codes() {
    let Some(zbarimg) = tools::program("other_programs_read_our_codes", "zbarimg") else { return };
    let house = House::new("paper-zbar");
    let pictures = lay(&house, "sheets", &printed(&house, "archive.card"));
    let mut files = house::all(&pictures, "png");
    files.sort();
    let args: Vec<&str> = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]
        .into_iter()
        .chain(files.iter().map(|file| text(file)))
        .collect();
    let read = tools::run(&zbarimg, &args, b"");
    let mut decoder = ur::Decoder::default();
    let read = String::from_utf8(read.stdout).expect("text");
    assert_eq!(read.lines().count(), 32);
    read.lines().for_each(|frame| decoder.receive(frame).expect("a part of a resource"));
    let message = decoder.message().expect("a message").expect("all of it");
    let card: &minicbor::bytes::ByteSlice = minicbor::decode(&message).expect("a byte string");
    assert_eq!(&card[..], fs::read(golden("archive.card")).expect("a card"));
}

#[test]
fn we_read_the_codes_of_other_programs() {
    let Some(qrencode) = tools::program("we_read_the_codes_of_other_programs", "qrencode") else { return };
    let house = House::new("paper-qrencode");
    let dir = house.folder("codes");
    let card = fs::read(golden("archive.card")).expect("a card");
    let message = minicbor::to_vec(minicbor::bytes::ByteVec::from(card)).expect("a byte string");
    // In lower case, in smaller pieces, and with the first five never shown.
    let mut encoder = ur::Encoder::bytes(&message, 500).expect("an encoder");
    for number in 0..90 {
        let frame = encoder.next_part().expect("a part");
        let path = dir.join(format!("{number}.png"));
        let drawn = tools::run(&qrencode, &["-o", text(&path), "-s", "3", "-l", "L"], frame.as_bytes());
        assert!(drawn.status.success());
        if number < 5 {
            fs::remove_file(path).expect("it was drawn");
        }
    }
    assert_eq!(found(&scan(&house, &[&dir]).good()), one("card"));
}

/// Five minutes before a screen, of which a tenth is out of focus.
#[test]
fn a_bundle_that_was_filmed_is_whole() {
    let house = House::new("paper-film");
    let dir = house.folder("film");
    let bundle = fs::read(golden("testimony.bundle")).expect("a bundle");
    let frames = Frames::of(&bundle, 1853).expect("few enough");
    assert_eq!(frames.pieces(), 1328);
    for (number, frame) in frames.take(1800).enumerate().filter(|(number, _)| number % 10 != 3) {
        code(&frame).write_png(&dir.join(format!("{number:04}.png")));
    }
    assert_eq!(found(&scan(&house, &[&dir]).good()), one("bundle"));
}

fn at_terminal(house: &House, rows: u16, columns: u16, args: &[&str]) -> PtySession {
    let line = format!("stty rows {rows} cols {columns}; exec \"$0\" \"$@\"");
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_sanduq"), "--lang", "en"]).args(args);
    command.current_dir(&house.dir).env_clear().env("HOME", house.path("home"));
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    spawn_command(command, Some(60_000)).expect("a pty")
}

/// The half blocks of what was drawn, as a picture.
fn seen(drawn: &str) -> Sheet {
    // Each byte came as a character of its own.
    let bytes: Vec<u8> = drawn.chars().map(|byte| u8::try_from(byte).expect("a byte")).collect();
    let drawn = String::from_utf8_lossy(&bytes);
    let rows: Vec<&str> = drawn
        .split("\u{1b}[30;107m")
        .skip(1)
        .map(|line| line.split('\u{1b}').next().expect("a line"))
        .collect();
    let width = rows[0].chars().count();
    let mut sheet = Sheet::white(width * 4, rows.len() * 8);
    for (row, line) in rows.iter().enumerate() {
        for (column, block) in line.chars().enumerate() {
            let halves = [matches!(block, '█' | '▀'), matches!(block, '█' | '▄')];
            for (half, dark) in halves.into_iter().enumerate() {
                if dark {
                    (0..4).for_each(|line| {
                        sheet.pixels[(row * 8 + half * 4 + line) * width * 4 + column * 4..][..4].fill(0);
                    });
                }
            }
        }
    }
    sheet
}

#[test]
fn a_camera_in_front_of_the_terminal_gathers_the_card() {
    let house = House::new("paper-terminal");
    let mut session = at_terminal(&house, 66, 130, &["qr", "--rate", "20", text(&golden("archive.card"))]);
    let dir = house.folder("film");
    session.exp_string("\u{1b}[?1049h").expect("the other screen");
    for number in 0..70 {
        let drawn = session.exp_string("q ends").expect("a frame");
        // The camera looks away now and then.
        if number % 7 != 3 {
            seen(&drawn).write_png(&dir.join(format!("{number:02}.png")));
        }
    }
    session.send("q").and_then(|_| session.flush()).expect("the terminal takes it");
    let rest = session.exp_eof().expect("it ends");
    assert!(rest.contains("\u{1b}[?25h") && rest.contains("\u{1b}[?1049l"), "{rest}");
    assert!(rest.contains("22 codes hold all of it"), "{rest}");
    assert_eq!(found(&scan(&house, &[&dir]).good()), one("card"));
}

#[test]
fn a_window_that_is_too_small_is_told() {
    let house = House::new("paper-window");
    let told = |rows, columns, file: &str| {
        let mut session = at_terminal(&house, rows, columns, &["qr", text(&golden(file))]);
        session.exp_eof().expect("it ends")
    };
    let small = told(24, 80, "testimony.bundle");
    assert!(
        small.contains("they need 81 columns and 42 rows") && !small.contains("\u{1b}[?1049h"),
        "{small}"
    );
    let small = told(10, 20, "receipt.tlog-proof");
    assert!(small.contains("columns and"), "{small}");
    // Ctrl-C ends it as q does, and the screen is as it was.
    let mut session = at_terminal(&house, 60, 100, &["qr", text(&golden("receipt.tlog-proof"))]);
    session.exp_string("q ends").expect("a code");
    session.send_control('c').expect("the terminal takes it");
    let rest = session.exp_eof().expect("it ends");
    assert!(rest.contains("\u{1b}[?1049l") && rest.contains("That was one code"), "{rest}");
}
