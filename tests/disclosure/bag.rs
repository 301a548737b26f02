//! A disclosure as somebody holds it who wants to change it: every file, and manifests that fit again afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sanduq::audit::{self, Outcome, Question, Report};
use sanduq::bundle::disclosure::{self, Info};
use sanduq::bundle::layout;
use sanduq::crypto::Digest;
use sanduq::format::bag::Oxum;

use crate::world::files_below;

/// Every file of a folder, by its name.
pub type Bag = BTreeMap<String, Vec<u8>>;

pub fn read(dir: &Path) -> Bag {
    let name = |path: &Path| path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
    files_below(dir).iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

pub fn write(bag: &Bag, dir: &Path) {
    for (name, bytes) in bag {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Makes the bag agree with itself again, as whoever changes one would.
pub fn agree(bag: &mut Bag) {
    let payload: Vec<_> = bag.iter().filter(|(name, _)| name.starts_with("data/")).collect();
    let oxum = Oxum {
        bytes: payload.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
        files: payload.len() as u64,
    };
    let digests =
        payload.iter().filter_map(|(name, bytes)| Some((name.parse().ok()?, Digest::of(bytes)))).collect();
    let info = Info::parse(&bag[layout::INFO]).map(|info| Info { oxum, ..info }.print().into_bytes());
    if let Ok(info) = info {
        bag.insert(layout::INFO.to_owned(), info);
    }
    bag.insert(layout::MANIFEST.to_owned(), disclosure::manifest(&digests).into_bytes());
    let tags = disclosure::TAGGED.map(|name| Digest::of(&bag[name]));
    bag.insert(layout::TAG_MANIFEST.to_owned(), disclosure::tag_manifest(tags).into_bytes());
}

pub fn audited(dir: &Path) -> Report {
    audit::disclosure(dir, "2026-11-23".parse().unwrap()).unwrap()
}

/// What does not hold, and what is said of it.
pub fn failures(report: &Report) -> Vec<(Question, String)> {
    let failed = report.checks.iter().filter(|check| check.outcome != Outcome::Holds);
    failed.map(|check| (check.question, check.detail.clone().unwrap_or_default())).collect()
}

/// The audit of a changed bag.
pub fn judge(bag: &Bag) -> Vec<(Question, String)> {
    let dir = tempfile::tempdir().unwrap();
    write(bag, dir.path());
    failures(&audited(dir.path()))
}
