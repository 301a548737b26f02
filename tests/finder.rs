//! What the finder of a stick learns: every byte of every file on it belongs to a field of docs/spec/medium.md, and is
//! alike in others' files, or not, as that page says; whether the stick went between a contributor and an organisation,
//! between officers, or between organisations, and whether what was written there was finished or not.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "simulate/people.rs"]
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use house::{House, text};
use people::{Contributor, NAMES, Organisation};
use sanduq::crypto::CarrierKey;
use sanduq::format::time::Time;
use sanduq::intake::Reading;
use sanduq::store::files::write_new_undated;
use sanduq::vault::{HandOut, Manner, Progress, Sealing, Volumes};

/// The fields of one file, each with its bytes.
type Fields = BTreeMap<String, Vec<u8>>;

const NAMES_AND_SIZES: &str = "names and sizes";
/// What stands in this field for one member.
const NAME_AND_SIZE_BYTES: usize = 100 + 12 + 8;
const PADDING: &str = "padding";
const ID_DIGITS: usize = 64;
/// The time of everything that was finished.
const UNDATED: i64 = 315_446_400;
/// So long is every word that is looked for: a shorter one stands in random bytes by chance.
const WORD_BYTES_MIN: usize = 10;

/// One file as it was found, and what its maker knows of it.
struct Found {
    kind: &'static str,
    /// The parts of one bundle, the shares of one splitting.
    set: String,
    /// What was typed: sizes and counts.
    asked: &'static str,
    len: usize,
    fields: Fields,
}

/// Takes an archive apart: the fields of its headers and of the zeros between and after its members, and the members.
fn members(bytes: &[u8]) -> (Fields, Vec<(String, Vec<u8>)>) {
    let (mut fields, mut members) = (Fields::new(), Vec::new());
    let mut at = 0;
    while bytes[at] != 0 {
        let header = &bytes[at..at + 512];
        let text = |from: usize, to: usize| {
            String::from_utf8(header[from..to].split(|byte| *byte == 0).next().unwrap().to_vec()).unwrap()
        };
        let len = usize::from_str_radix(text(124, 136).trim(), 8).unwrap();
        for (from, to) in [(0, 100), (124, 136), (148, 156)] {
            add(&mut fields, NAMES_AND_SIZES, &header[from..to]);
        }
        for (from, to) in [(100, 124), (136, 148), (156, 512)] {
            add(&mut fields, "headers", &header[from..to]);
        }
        members.push((text(0, 100), bytes[at + 512..at + 512 + len].to_vec()));
        let end = at + 512 + len;
        at = end.next_multiple_of(512);
        add(&mut fields, PADDING, &bytes[end..at]);
    }
    add(&mut fields, PADDING, &bytes[at..]);
    (fields, members)
}

fn add(fields: &mut Fields, name: &str, bytes: &[u8]) {
    fields.entry(name.to_owned()).or_default().extend(bytes);
}

/// Lines of the form `name: value`, each a field of its own; a line without a name is its own.
fn lines(fields: &mut Fields, text: &[u8]) {
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let name = String::from_utf8(line.to_vec()).unwrap();
        let name = name.trim_end().split_once(": ").map_or(name.trim_end(), |(name, _)| name).to_owned();
        add(fields, &name, line);
    }
}

fn bundle(bytes: &[u8]) -> Fields {
    let (mut fields, members) = members(bytes);
    for (name, body) in members {
        match name.as_str() {
            "bag-info.txt" => lines(&mut fields, &body),
            quorum if quorum.starts_with("quorum/") => add(&mut fields, "quorum", &body),
            other => add(&mut fields, other, &body),
        }
    }
    fields
}

fn part(bytes: &[u8]) -> Fields {
    let (mut fields, members) = members(bytes);
    for (name, body) in members {
        match name.as_str() {
            "volume.txt" => lines(&mut fields, &body),
            list @ ("parts-sha256.txt" | "set-sha256.txt") => add(&mut fields, list, &body),
            _ => add(&mut fields, "slice", &body),
        }
    }
    fields
}

fn letter(bytes: &[u8]) -> Fields {
    let mac = bytes.windows(5).position(|found| found == b"\n--- ").unwrap() + 1;
    let content = mac + bytes[mac..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let version = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut fields = Fields::new();
    add(&mut fields, std::str::from_utf8(&bytes[..version]).unwrap().trim_end(), &bytes[..version]);
    add(&mut fields, "stanza", &bytes[version..mac]);
    add(&mut fields, "mac", &bytes[mac..content]);
    add(&mut fields, "content", &bytes[content..]);
    fields
}

fn share(bytes: &[u8]) -> Fields {
    let mut fields = Fields::new();
    for line in std::str::from_utf8(bytes).unwrap().split_inclusive('\n') {
        let name = match line {
            "sanduq-courier/1\n" => "sanduq-courier/1",
            line if line.starts_with("needed: ") => "needed",
            line if line.contains("  share-") => "list",
            _ => "words",
        };
        add(&mut fields, name, line.as_bytes());
    }
    fields
}

fn pass_on(bytes: &[u8]) -> Fields {
    let (mut fields, members) = members(bytes);
    for (name, body) in members {
        match name.as_str() {
            "pass-on" => lines(&mut fields, &body),
            _ => add(&mut fields, "layers", &body),
        }
    }
    fields
}

/// A list of what is held, a challenge or an answer: a line with its kind, perhaps one with a nonce, and ids, each perhaps
/// with what is said of it.
fn list(bytes: &[u8]) -> Fields {
    let mut fields = Fields::new();
    for line in std::str::from_utf8(bytes).unwrap().split_inclusive('\n') {
        match line {
            line if line.starts_with("sanduq-") => add(&mut fields, line.trim_end(), line.as_bytes()),
            line if line.starts_with("nonce: ") => add(&mut fields, "nonce", line.as_bytes()),
            line => {
                let (id, said) = line.as_bytes().split_at(ID_DIGITS);
                add(&mut fields, "ids", id);
                let field = if said == b"\n" { "ids" } else { "tags" };
                add(&mut fields, field, said);
            }
        }
    }
    fields
}

fn carrier(bytes: &[u8]) -> Fields {
    Fields::from([("all of it".to_owned(), bytes.to_vec())])
}

/// The table of the page: of each kind of file its fields, and what they tell.
fn table() -> BTreeMap<(String, String), String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spec/medium.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect());
    cells.map(|row: Vec<String>| ((row[1].clone(), row[2].clone()), row[3].clone())).collect()
}

/// Everything that lies on sticks between people who have nothing in common, and words that must not.
#[derive(Default)]
struct Sticks {
    found: Vec<Found>,
    words: Vec<Vec<u8>>,
    /// The ids of all bundles.
    bundles: BTreeSet<String>,
    /// What has no name yet on a stick that is pulled out while it is written to, and how long the file is that begins so.
    unfinished: Vec<(usize, Vec<u8>)>,
}

/// Looks at what has no name yet on a stick, each time that something was written there.
struct Pulled {
    stick: PathBuf,
    found: Vec<Vec<u8>>,
}

impl Progress for Pulled {
    fn start(&mut self, _: u64) {}

    fn advance(&mut self, _: u64) {
        for path in entries(&self.stick) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let digits = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(".part"));
            let Some(digits) = digits else { continue };
            assert!(digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
            assert_eq!(path.metadata().unwrap().mtime(), UNDATED);
            self.found.push(fs::read(path).unwrap());
        }
    }
}

impl Sticks {
    fn new() -> Sticks {
        let dir = tempfile::tempdir().unwrap();
        let key = CarrierKey::generate();
        let mut sticks = Sticks::default();
        let mut organisations: Vec<_> =
            NAMES.map(|name| Organisation::found(dir.path(), name, day(0))).into();
        for (at, (account, now)) in
            [("شبانه آمدند، این گواه ساختگی می‌گوید.", day(0)), ("They came at night.", day(400))]
                .into_iter()
                .enumerate()
        {
            let root = dir.path().join(format!("amal-the-{at}th-of-the-invented"));
            let mut contributor = Contributor::new(&root, &organisations, day(0));
            let stick = dir.path().join(format!("stick{at}"));
            fs::create_dir(&stick).unwrap();
            for (to, organisation) in organisations.iter_mut().enumerate() {
                let name = NAMES[to];
                let mut items = vec![contributor.tell(account, now)];
                if to == 1 {
                    // Of another class of length, and of more than one slice.
                    let film = dir.path().join("film");
                    fs::write(&film, vec![7; 3_000_000]).unwrap();
                    items.push(contributor.keep(&film, now));
                }
                let sealed = contributor.seal(&items, name, &Sealing::default(), now);
                let whole = Manner { to: Some(name), ..Manner::default() };
                let in_parts =
                    Manner { volumes: Some(Volumes { part_bytes: 2_000_000, parity: 1 }), ..whole };
                contributor.sync(&stick, &in_parts, now).unwrap();
                sticks.take(&stick, "part", of_a_set, part);
                if let [lost, _, ..] = &files(&stick, "part")[2..] {
                    // The desk says which is missing, and which more.
                    fs::remove_file(lost).unwrap();
                }
                organisation.visit(&stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                clear(&stick);

                sticks.pull_out(&mut contributor, &stick, &whole, now);
                sticks.pull_out(&mut contributor, &stick, &in_parts, now);
                contributor.sync(&stick, &whole, now).unwrap();
                sticks.take(&stick, "bundle", of_none, bundle);
                organisation.visit(&stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                assert_eq!(
                    organisation.open(&sealed, &[], now).unwrap().items[0].account.as_deref(),
                    Some(account)
                );
                clear(&stick);
                organisation.reply(&sealed, "Thanks.", &stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                clear(&stick);

                let covered = Manner { carrier: Some(&key), ..whole };
                let item = contributor.tell(account, now);
                let other = contributor.seal(&[item], name, &Sealing::default(), now);
                contributor.vault.export_as(&stick, &covered, now, &mut ()).unwrap();
                sticks.take(&stick, "carrier", of_none, carrier);
                sticks.pull_out(&mut contributor, &stick, &covered, now);
                clear(&stick);

                let couriers = HandOut::new(2, 3, vec![stick.clone()]).unwrap();
                let sealing = Sealing { couriers: Some(couriers), ..Sealing::default() };
                let item = contributor.tell(account, now);
                let split = contributor.seal(&[item], name, &sealing, now);
                sticks.take(&stick, "share", |_| (split.to_string(), "2 of 3"), share);
                clear(&stick);
                contributor.sync(&stick, &in_parts, now).unwrap();
                sticks.take(&stick, "part", of_a_set, part);
                organisation.visit(&stick, now);
                clear(&stick);
                sticks.bundles.extend([sealed, other, split].map(|bundle| bundle.to_string()));
                organisation.open(&other, &[], now).unwrap();
                for (officer, file) in std::mem::take(&mut organisation.passed_on) {
                    write_new_undated(&stick.join("to-the-next.pass-on"), &file).unwrap();
                    let asked = ["officer 1", "officer 2"][officer];
                    sticks.take(&stick, "pass-on", |_| (String::new(), asked), pass_on);
                    clear(&stick);
                }
                sticks.words.push(name.as_bytes().to_vec());
                sticks.words.push(organisation.card().digest().as_bytes().to_vec());
                sticks.words.push(organisation.card().fingerprint().to_string().into_bytes());
            }
            sticks.words.push(account.as_bytes().to_vec());
            sticks.words.push(now.to_string().into_bytes());
            sticks.words.extend(
                [format!("amal-the-{at}th-of-the-invented"), people::TITLE.to_owned()]
                    .map(String::into_bytes),
            );
            sticks.hand_on(&mut organisations, dir.path());
        }
        sticks
    }

    /// Each of two organisations keeps what the other accepted, and is asked for it.
    fn hand_on(&mut self, organisations: &mut [Organisation], dir: &Path) {
        for (origin, sister) in [(0, 1), (1, 0)] {
            let stick = dir.join("mirror");
            fs::create_dir(&stick).unwrap();
            let reading = |at: usize| Reading::open(&organisations[at].root).unwrap();
            let (asks, answers) = (reading(origin), reading(sister));
            asks.mirror(&stick).unwrap();
            self.take(&stick, "bundle", of_none, bundle);
            organisations[sister].keep_replicas(&stick);
            self.take(&stick, "holds", of_none, list);
            let (challenge, answer) = (stick.join("a.challenge"), stick.join("an.answer"));
            asks.challenge(&challenge, None).unwrap();
            answers.answer_challenge(&challenge, &answer).unwrap();
            let nonce = list(&fs::read(&challenge).unwrap())["nonce"].clone();
            self.take(&stick, "challenge", of_none, list);
            self.take(&stick, "answer", |_| (String::from_utf8(nonce.clone()).unwrap(), ""), list);
            fs::remove_dir_all(stick).unwrap();
        }
    }

    /// Pulls a stick out while a contributor writes to it.
    fn pull_out(&mut self, contributor: &mut Contributor, dir: &Path, manner: &Manner, now: Time) {
        let stick = dir.with_file_name("pulled");
        fs::create_dir(&stick).unwrap();
        let mut pulled = Pulled { stick: stick.clone(), found: Vec::new() };
        contributor.vault.sync_as(&stick, manner, now, &mut pulled).unwrap();
        let whole: Vec<Vec<u8>> = entries(&stick).iter().map(|path| fs::read(path).unwrap()).collect();
        assert!(!pulled.found.is_empty(), "nothing was being written");
        for unfinished in pulled.found {
            let file = whole.iter().find(|whole| whole.starts_with(&unfinished));
            self.unfinished.push((file.expect("it became no file").len(), unfinished));
        }
        fs::remove_dir_all(stick).unwrap();
    }

    /// Takes what of this kind lies there.
    fn take(
        &mut self,
        stick: &Path,
        kind: &'static str,
        about: impl Fn(&Fields) -> (String, &'static str),
        parse: fn(&[u8]) -> Fields,
    ) {
        let ending = match kind {
            "letter" => "receipt",
            "carrier" => "dat",
            "holds" => "txt",
            kind => kind,
        };
        for path in files(stick, ending) {
            let bytes = fs::read(&path).unwrap();
            assert_eq!(path.metadata().unwrap().mtime(), UNDATED, "{}", path.display());
            let fields = parse(&bytes);
            assert_eq!(fields.values().map(Vec::len).sum::<usize>(), bytes.len(), "bytes of no field");
            let (set, asked) = about(&fields);
            if !self.found.iter().any(|known| known.kind == kind && known.fields == fields) {
                self.found.push(Found { kind, set, asked, len: bytes.len(), fields });
            }
        }
    }
}

fn of_none(_: &Fields) -> (String, &'static str) {
    (String::new(), "")
}

fn of_a_set(part: &Fields) -> (String, &'static str) {
    (String::from_utf8(part["set-sha256.txt"].clone()).unwrap(), "parts of 2 MB, one more than is needed")
}

fn clear(stick: &Path) {
    fs::remove_dir_all(stick).unwrap();
    fs::create_dir(stick).unwrap();
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = entries(dir);
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

fn day(number: i64) -> Time {
    Time::from_unix(1_795_459_200 + number * 24 * 60 * 60).unwrap()
}

/// The ids in a field that has nothing else in it.
fn ids(field: &[u8]) -> BTreeSet<String> {
    let text = std::str::from_utf8(field).unwrap().replace('\n', "");
    let digits = text.strip_prefix("bundle: ").unwrap_or(&text).as_bytes();
    digits.chunks(ID_DIGITS).map(|id| String::from_utf8(id.to_vec()).unwrap()).collect()
}

/// Whether a field of two files is as the page says; what is alike, where it may not be, or differs.
fn is_as_said(tells: &str, (one, other): (&Found, &Found), field: &str, bundles: &BTreeSet<String>) -> bool {
    let alike = one.fields[field] == other.fields[field];
    match tells {
        "the same" if field == PADDING => {
            [one, other].iter().all(|found| found.fields[field].iter().all(|byte| *byte == 0))
        }
        "the same" => alike,
        "which part it is" => {
            let others = |found: &Found| {
                let all = &found.fields[field];
                all[..all.len() - NAME_AND_SIZE_BYTES].to_vec()
            };
            others(one) == others(other) || one.len != other.len
        }
        "by its length" => alike || one.len != other.len,
        "by what was asked" => alike || one.asked != other.asked || one.len != other.len,
        "of its set" => alike == (one.set == other.set),
        "its challenge's" => {
            let is_its = |found: &Found| found.fields[field] == found.set.as_bytes();
            is_its(one) && is_its(other) && !alike
        }
        "by the officer's place" => alike == (one.asked == other.asked),
        "which bundles" => [one, other].iter().all(|found| ids(&found.fields[field]).is_subset(bundles)),
        "its own" => !alike,
        "a piece of its bundle" => !alike || one.set == other.set,
        other => panic!("{other}: says nothing"),
    }
}

#[test]
fn a_finder_learns_what_the_page_says_and_no_more() {
    let (mut table, sticks) = (table(), Sticks::new());
    let mut compared = 0_u64;
    let unfinished = table.remove(&("unfinished".to_owned(), "all of it".to_owned()));
    assert_eq!(unfinished.as_deref(), Some("the beginning of the file"));
    assert!(sticks.unfinished.iter().any(|(len, bytes)| bytes.len() < *len), "all of it was finished");
    let kinds: BTreeSet<&String> = table.keys().map(|(kind, _)| kind).collect();
    for kind in kinds {
        let found: Vec<&Found> = sticks.found.iter().filter(|one| one.kind == *kind).collect();
        assert!(found.len() >= 4, "{kind}: {}", found.len());
        let fields = |one: &Found| one.fields.keys().cloned().collect::<BTreeSet<_>>();
        let said: BTreeSet<_> =
            table.keys().filter(|(of, _)| of == kind).map(|(_, field)| field.clone()).collect();
        for (at, one) in found.iter().enumerate() {
            assert_eq!(fields(one), said, "the fields of a {kind}");
            for other in &found[..at] {
                for field in &said {
                    let tells = &table[&(kind.to_owned(), field.clone())];
                    assert!(
                        is_as_said(tells, (one, other), field, &sticks.bundles),
                        "{kind}, {field}: not {tells}"
                    );
                    compared += 1;
                }
            }
        }
    }
    let letters: BTreeSet<_> =
        sticks.found.iter().filter(|one| one.kind == "letter").map(|one| one.len).collect();
    assert_eq!(letters.len(), 1, "letters are of one length");
    assert!(sticks.found.iter().all(|one| table.keys().any(|(kind, _)| kind == one.kind)));
    for one in &sticks.found {
        for (field, bytes) in &one.fields {
            for word in &sticks.words {
                assert!(word.len() >= WORD_BYTES_MIN, "{}", String::from_utf8_lossy(word));
                let hex: String = word.iter().map(|byte| format!("{byte:02x}")).collect();
                let encoded = BASE64_STANDARD_NO_PAD.encode(word);
                for spelling in [&word[..], hex.as_bytes(), &encoded.as_bytes()[..encoded.len() - 1]] {
                    let shows = bytes.windows(spelling.len()).any(|found| found == spelling);
                    assert!(!shows, "{}, {field}: {}", one.kind, String::from_utf8_lossy(word));
                }
            }
        }
    }
    println!(
        "MEASURED what a finder learns: {} files of two contributors to two organisations, every byte in one of {} \
         fields, {compared} comparisons as docs/spec/medium.md says",
        sticks.found.len(),
        table.len()
    );
}

/// What one officer handed to the next said on every stick when she had opened the bundle.
#[test]
fn what_an_officer_passes_on_has_no_time() {
    let house = House::new("finder");
    let organisation = house::Organisation::new(&house, 2, 3);
    let contributor = house.person("amal");
    contributor.sanduq(&["init"]).good();
    contributor
        .sanduq_from(&["testify", "--title", people::TITLE], &house.write("account", "They came."))
        .good();
    let bundle = organisation.send(&contributor, "stick");
    let passed = house.folder("stick").join("to-the-next");
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&bundle), "--pass-on", text(&passed)]).good();
    assert_eq!(passed.metadata().unwrap().mtime(), UNDATED);
}
