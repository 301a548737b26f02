//! Disclosures of invented evidence to report on, and their pages.

use std::fs;
use std::path::{Path, PathBuf};

use sanduq::crypto::{Digest, KeyPair};
use sanduq::evidence::consent::{Naming, Reach};
use sanduq::evidence::item::{File, Item, Kind};
use sanduq::format::id::RandomId;

use crate::evidence::{self, Case, receipt, seal_with, terms};
use crate::house::{self, House, Organisation, text};

/// A photograph as a camera makes it.
pub const PHOTOGRAPH: &[u8] = include_bytes!("../../src/cli/tour/samples/photograph.jpg");

pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1/disclosure/court")
}

/// The page about a disclosure, in a language, and how the command ended.
pub fn reported(house: &House, dir: &Path, lang: &str) -> (PathBuf, house::Done) {
    let name = format!("{}-{lang}.html", dir.file_name().unwrap().to_str().unwrap());
    let page = house.path(&name);
    let _ = fs::remove_file(&page);
    let done = house.audit(&["report", text(dir), "--to", text(&page), "--lang", lang]);
    (page, done)
}

/// An item with a file for each of these contents.
pub fn document(title: &str, files: &[(&str, &str, &[u8])]) -> Item {
    let file = |(label, media_type, content): &(&str, &str, &[u8])| File {
        object: RandomId::generate(),
        digest: Digest::of(content),
        len: content.len() as u64,
        media_type: (*media_type).to_owned(),
        label: (*label).to_owned(),
    };
    let files = files.iter().map(file).collect();
    Item { title: title.to_owned(), account: None, kind: Kind::Document, files, ..public("") }
}

/// A testimony that everyone may read.
pub fn public(account: &str) -> Item {
    let open = terms(Reach::Public, Naming::Never, None);
    Item { account: Some(account.to_owned()), ..evidence::other(open) }
}

/// An officer who opened a bundle of these items with these originals.
pub fn case<'h>(house: &'h House, items: &[Item], contents: &[&[u8]]) -> Case<'h> {
    let organisation = Organisation::new(house, 1, 1);
    let contents = contents.iter().map(|content| content.to_vec()).collect();
    let (bundle, sealed) =
        seal_with(&organisation, &KeyPair::generate(), items, None, "one.bundle", contents);
    organisation.officers[0].sanduq(&["open", text(&bundle)]).good();
    let receipt = receipt(&organisation, &bundle, &sealed);
    Case { organisation, receipt }
}
