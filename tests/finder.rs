//! What the finder of a stick learns: every byte of every file on it belongs to a field of docs/spec/medium.md, and is
//! alike in others' files, or not, as that page says.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "simulate/people.rs"]
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use people::{Contributor, NAMES, Organisation};
use sanduq::crypto::CarrierKey;
use sanduq::format::time::Time;
use sanduq::vault::{HandOut, Manner, Sealing, Selection};

/// The fields of one file, each with its bytes.
type Fields = BTreeMap<String, Vec<u8>>;

const NAMES_AND_SIZES: &str = "names and sizes";
/// What stands in this field for one member.
const NAME_AND_SIZE_BYTES: usize = 100 + 12 + 8;
const PADDING: &str = "padding";
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
struct Sticks {
    found: Vec<Found>,
    words: Vec<Vec<u8>>,
}

impl Sticks {
    fn new() -> Sticks {
        let dir = tempfile::tempdir().unwrap();
        let key = CarrierKey::generate();
        let mut sticks = Sticks { found: Vec::new(), words: Vec::new() };
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
                    let added = contributor.vault.add_paths(&[film], now, &mut ()).unwrap();
                    items.extend(added.added.iter().map(|one| one.item));
                }
                let sealed =
                    contributor.vault.seal(Selection::Items(items), name, now, &mut ()).unwrap().bundle;
                contributor.sync(&stick, name, true, now);
                sticks.take(&stick, "part", of_a_set, part);
                if let [lost, _, ..] = &files(&stick, "part")[2..] {
                    // The desk says which is missing, and which more.
                    fs::remove_file(lost).unwrap();
                }
                organisation.visit(&stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                clear(&stick);

                contributor.sync(&stick, name, false, now);
                sticks.take(&stick, "bundle", of_none, bundle);
                organisation.visit(&stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                let path = organisation.root.join(format!("bundles/{sealed}.bundle"));
                assert_eq!(organisation.open(&path, now)[0], account);
                clear(&stick);
                organisation.reply(&sealed, "Thanks.", &stick, now);
                sticks.take(&stick, "letter", of_none, letter);
                clear(&stick);

                let manner = Manner { to: Some(name), carrier: Some(&key), ..Manner::default() };
                let item = contributor.tell(account, now);
                contributor.seal(item, name, now);
                contributor.vault.export_as(&stick, &manner, now, &mut ()).unwrap();
                sticks.take(&stick, "carrier", of_none, carrier);
                clear(&stick);

                let couriers = HandOut::new(2, 3, vec![stick.clone()]).unwrap();
                let sealing = Sealing { couriers: Some(couriers), ..Sealing::default() };
                let item = contributor.tell(account, now);
                let split = contributor
                    .vault
                    .seal_with(Selection::Items(vec![item]), name, &sealing, now, &mut ())
                    .unwrap();
                sticks.take(&stick, "share", |_| (split.bundle.clone(), "2 of 3"), share);
                clear(&stick);
                contributor.sync(&stick, name, true, now);
                sticks.take(&stick, "part", of_a_set, part);
                clear(&stick);
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
        }
        sticks
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
            kind => kind,
        };
        for path in files(stick, ending) {
            let bytes = fs::read(&path).unwrap();
            assert_eq!(path.metadata().unwrap().mtime(), 315_446_400, "{}", path.display());
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

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

fn day(number: i64) -> Time {
    Time::from_unix(1_795_459_200 + number * 24 * 60 * 60).unwrap()
}

/// Whether a field of two files is as the page says; what is alike, where it may not be, or differs.
fn is_as_said(tells: &str, one: &Found, other: &Found, field: &str) -> bool {
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
        "its own" => !alike,
        "a piece of its bundle" => !alike || one.set == other.set,
        other => panic!("{other}: says nothing"),
    }
}

#[test]
fn a_finder_learns_what_the_page_says_and_no_more() {
    let (table, sticks) = (table(), Sticks::new());
    let mut compared = 0_u64;
    for kind in ["bundle", "part", "letter", "share", "carrier"] {
        let found: Vec<&Found> = sticks.found.iter().filter(|one| one.kind == kind).collect();
        assert!(found.len() >= 4, "{kind}: {}", found.len());
        let fields = |one: &Found| one.fields.keys().cloned().collect::<BTreeSet<_>>();
        let said: BTreeSet<_> =
            table.keys().filter(|(of, _)| of == kind).map(|(_, field)| field.clone()).collect();
        for (at, one) in found.iter().enumerate() {
            assert_eq!(fields(one), said, "the fields of a {kind}");
            for other in &found[..at] {
                for field in &said {
                    let tells = &table[&(kind.to_owned(), field.clone())];
                    assert!(is_as_said(tells, one, other, field), "{kind}, {field}: not {tells}");
                    compared += 1;
                }
            }
        }
    }
    let letters: BTreeSet<_> =
        sticks.found.iter().filter(|one| one.kind == "letter").map(|one| one.len).collect();
    assert_eq!(letters.len(), 1, "letters are of one length");
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
