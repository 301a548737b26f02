//! A bundle, what an officer passed on, a receipt and a letter as a released version wrote them: every later version
//! opens them. `tests/golden/VERSION/bundle/` holds them with the keys that open them, all invented, and what must
//! come out.
//!
//! `SANDUQ_WRITE_GOLDEN=1 cargo test --test golden_bundle` writes those of the present version, once, before it is
//! released; **never** again after.

#[path = "golden_bundle/write.rs"]
mod write;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sanduq::bundle::files::{Arriving, FileSink};
use sanduq::bundle::letter::open_receipt;
use sanduq::bundle::receipt::Receipt;
use sanduq::bundle::{Outer, PassOn, Step, Unread, Verified};
use sanduq::crypto::Digest;
use sanduq::crypto::hybrid::Identity;
use sanduq::format::card::Card;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The folders of all released versions, and of the one to come.
fn versions() -> Vec<PathBuf> {
    let versions = fs::read_dir(golden()).expect("there are golden files");
    let folders: Vec<_> = versions.map(|version| version.unwrap().path().join("bundle")).collect();
    let folders: Vec<_> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
    assert!(!folders.is_empty());
    folders
}

fn identity(folder: &Path, name: &str) -> Identity {
    let text = fs::read_to_string(folder.join(format!("{name}.identity"))).unwrap();
    text.trim_end().parse().unwrap()
}

#[derive(Default)]
struct Hashes(BTreeMap<u32, Digest>);

impl FileSink for Hashes {
    fn take(&mut self, file: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        self.0.insert(file.number, Digest::of(&bytes));
        Ok(())
    }
}

/// What comes out of a bundle, line by line, to be compared with what is written beside it.
fn report(verified: &Verified, files: &Hashes) -> String {
    let mut text = format!("bundle {}\nauthor {}\n", verified.bundle, verified.author.fingerprint());
    for record in &verified.records {
        let item = &record.item;
        let title = item.title.as_deref().unwrap_or_default();
        writeln!(text, "record {} {title}", item.record).unwrap();
        if let Some(account) = item.account() {
            writeln!(text, "account {:?}", account.marked()).unwrap();
        }
        for file in item.files.values() {
            let descriptor = file.descriptor.as_ref().unwrap();
            writeln!(text, "label {} {:?}", descriptor.file, file.label.as_deref().unwrap()).unwrap();
        }
    }
    for (number, digest) in &files.0 {
        writeln!(text, "file {number} {digest}").unwrap();
    }
    text
}

#[test]
fn golden_bundles_open() {
    for folder in versions() {
        let mut source = File::open(folder.join("testimony.bundle")).unwrap();
        let outer = Outer::read(&mut source).unwrap();
        let [first, second, third] = [1, 2, 3].map(|number| identity(&folder, &format!("officer-{number}")));
        let Ok(Step::PassOn(pass_on)) = outer.open_quorum(&first, None) else { panic!("a layer") };
        let kept = PassOn::parse(&fs::read(folder.join("pass-on")).unwrap()).unwrap();
        assert_eq!(pass_on, kept);
        assert!(matches!(outer.open_quorum(&third, None), Ok(Step::NotYet)));
        for officer in [second, third] {
            let Ok(Step::Opened(opened)) = outer.open_quorum(&officer, Some(&kept)) else {
                panic!("the key")
            };
            let mut files = Hashes::default();
            let (unread, recipient) = (Unread::begin(&mut source).unwrap(), officer.to_recipient());
            let (_, verified) = unread.verify(&opened, &mut source, &recipient, &mut files).unwrap();
            assert_eq!(verified.card.as_bytes(), fs::read(folder.join("archive.card")).unwrap());
            let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
            assert_eq!(report(&verified, &files), expected);
        }
    }
}

#[test]
fn golden_receipts_hold() {
    for folder in versions() {
        let bundle = Outer::read(&mut File::open(folder.join("testimony.bundle")).unwrap()).unwrap().id();
        let card = Card::parse(&fs::read(folder.join("archive.card")).unwrap()).unwrap();
        let receipt = Receipt::parse(&fs::read(folder.join("receipt.tlog-proof")).unwrap()).unwrap();
        receipt.verify(&card, &bundle).unwrap();
        let letter = fs::read(folder.join("letter")).unwrap();
        assert_eq!(open_receipt(&identity(&folder, "return"), &letter).unwrap(), receipt);
    }
}
