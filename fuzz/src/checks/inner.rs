//! The inner bag behind the statement: what an author who signs anything at all may put into it.

use std::collections::BTreeMap;
use std::io::{self, Read};

use sanduq::bundle::FileSink;
use sanduq::bundle::content::Content;
use sanduq::bundle::files::Arriving;
use sanduq::bundle::layout;
use sanduq::bundle::parts::Split;
use sanduq::crypto::Digest;
use sanduq::evidence::layout::{LIST_NAME, unit_name};
use sanduq::format::archive::Writer;
use sanduq::format::digest_list::DigestList;

/// Short, so that files come in parts.
const PART_BYTES: u64 = 16;
/// Names what lies in the archive in place of the digest that only its content gives: `@1` for the first file.
const DIGEST_OF: char = '@';

/// Files in memory.
#[derive(Default)]
struct Shelf(BTreeMap<u32, Vec<u8>>);

impl FileSink for Shelf {
    fn take(&mut self, file: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        self.0.insert(file.number, bytes);
        Ok(())
    }
}

/// Records and files, parted by zero bytes: a record's units are its lines, and the files follow an empty record.
/// An inner bag is made of them in which every digest fits; it is read, or refused, and what was read is what is in it.
pub fn inner(bytes: &[u8]) -> bool {
    let mut sections = bytes.split(|byte| *byte == 0);
    let records: Vec<&[u8]> = sections.by_ref().take_while(|section| !section.is_empty()).collect();
    let files: Vec<&[u8]> = sections.collect();
    let made = Made::of(&records, &files);
    let mut content = Content::new(made.archive.as_slice(), made.archive.len() as u64, Split::of(PART_BYTES));
    let mut shelf = Shelf::default();
    let Ok(found) = content.records(&made.lists) else { return false };
    assert_eq!(found.len(), records.len());
    let Ok(arrived) = content.files(&found, &mut shelf) else { return false };
    for file in &arrived {
        assert_eq!(shelf.0[&file.number], files[file.number as usize - 1], "the file of that number");
        assert_eq!(Digest::of(&shelf.0[&file.number]), file.digest);
    }
    content.end().is_ok_and(|len| {
        assert_eq!(len, made.archive.len() as u64);
        assert_eq!(arrived.len(), files.len());
        true
    })
}

/// An inner archive from its first record on, and the digests of the records' lists.
struct Made {
    archive: Vec<u8>,
    lists: Vec<Digest>,
}

impl Made {
    fn of(records: &[&[u8]], files: &[&[u8]]) -> Made {
        let mut archive = Writer::new(Vec::new());
        let (mut manifest, mut lists) = (DigestList::new(), Vec::new());
        let mut put = |name: &str, body: &[u8]| {
            let name = name.parse::<sanduq::format::name::MemberName>().expect("a name of the layout");
            archive.whole(&name, body).expect("a vector takes every byte");
            manifest.push(name, Digest::of(body)).expect("numbers differ");
        };
        for (record, number) in records.iter().zip(1..) {
            let units: Vec<Vec<u8>> = record
                .split_inclusive(|byte| *byte == b'\n')
                .take(99)
                .map(|unit| with_digests(unit, files))
                .collect();
            let mut list = DigestList::new();
            for (unit, number) in units.iter().zip(1..) {
                list.push(unit_name(number), Digest::of(unit)).expect("numbers differ");
            }
            let (folder, list) = (format!("data/records/{number:04}"), list.to_string());
            put(&format!("{folder}/{LIST_NAME}"), list.as_bytes());
            lists.push(Digest::of(list.as_bytes()));
            for (unit, number) in units.iter().zip(1..) {
                put(&format!("{folder}/{}", unit_name(number)), unit);
            }
        }
        for (file, number) in files.iter().zip(1..) {
            let parts = Split::of(PART_BYTES).parts(&format!("data/files/{number:04}"), file.len() as u64);
            let mut rest = *file;
            for (name, len) in parts.into_iter().flatten() {
                let (part, after) = rest.split_at(len as usize);
                put(name.as_str(), part);
                rest = after;
            }
        }
        let manifest = manifest.to_string();
        let name = layout::MANIFEST.parse().expect("a name of the layout");
        archive.whole(&name, manifest.as_bytes()).expect("a vector takes every byte");
        Made { archive: archive.finish().expect("a vector takes every byte"), lists }
    }
}

/// The unit, with the digest of file N for every `@N`.
fn with_digests(unit: &[u8], files: &[&[u8]]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(unit) else { return unit.to_vec() };
    let mut text = text.to_owned();
    for (file, number) in files.iter().zip(1..=9) {
        text = text.replace(&format!("{DIGEST_OF}{number}"), &Digest::of(file).to_string());
    }
    text.into_bytes()
}
