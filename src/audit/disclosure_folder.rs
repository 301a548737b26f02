//! A disclosure as a folder: whether what has to lie there does and nothing else, whether it declares itself as what it is,
//! and whether both manifests list it. What the files say is asked elsewhere ([`super::disclosure`]).

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::derivatives;
use super::folder::Folder;
use crate::bundle::disclosure::{self, Info};
use crate::bundle::{BundleError, Envelope, layout};
use crate::crypto::hash::Digest;
use crate::evidence::layout::{LIST_NAME, unit_name};
use crate::format::bag;
use crate::tlog::stamp::{PROOF_ENDING, RESPONSE_ENDING};

/// The author's three files.
pub(super) const AUTHOR: [&str; 3] = [layout::AUTHOR, layout::AUTHOR_SIGNATURE, layout::AUTHOR_PQ_SIGNATURE];

/// What is wrong, each with the name of what it is about.
pub(super) type Findings = Vec<String>;

/// What is missing, and what is there and no disclosure has.
pub(super) fn layout_findings(folder: &Folder) -> Findings {
    let fixed = disclosure::TAGGED.into_iter().chain([layout::TAG_MANIFEST]);
    let inner = [layout::CARD, layout::SALT, layout::RECORDS, disclosure::CUSTODY_RECORD];
    let mut wanted: BTreeSet<String> = fixed.chain(inner).map(str::to_owned).collect();
    wanted.extend(Envelope::names().iter().map(|name| disclosure::outer(name.as_str())));
    if AUTHOR.iter().any(|name| folder.has(name)) {
        wanted.extend(AUTHOR.map(str::to_owned));
    }
    let mut findings = Findings::new();
    for name in folder.names() {
        match needs(name) {
            Some(beside) => wanted.extend(beside),
            None if wanted.contains(name) || name == disclosure::RECEIPT => {}
            None => findings.push(format!("{name}: no disclosure has such a file")),
        }
    }
    let stamps: Vec<_> = folder.below(disclosure::TIME).map(|name| name.split('.').next()).collect();
    let numbers = stamps.iter().map(|number| disclosure::number((*number)?));
    if stamps.len() > disclosure::STAMPS_MAX || !numbers.eq((1..=stamps.len() as u32).map(Some)) {
        findings.push(format!("{}: a number is missing, or there twice, or too many are", disclosure::TIME));
    }
    let missing = wanted.into_iter().filter(|name| !folder.has(name));
    findings.extend(missing.map(|name| format!("{name}: it is not there")));
    findings
}

/// What has to lie beside a file of a record, an event, a derivative or an original; `None` where it is none of these.
fn needs(name: &str) -> Option<Vec<String>> {
    if let Some(event) = name.strip_prefix(disclosure::EVENTS) {
        let number = disclosure::number(event.split_once('.')?.0)?;
        let names = disclosure::event(number).to_vec();
        return (names.iter().any(|one| one == name) || name == disclosure::event_proof(number))
            .then_some(names);
    }
    if let Some(stamp) = name.strip_prefix(disclosure::TIME) {
        let (number, ending) = stamp.split_once('.')?;
        let known = disclosure::number(number).is_some() && [RESPONSE_ENDING, PROOF_ENDING].contains(&ending);
        return known.then(|| vec![disclosure::RECEIPT.to_owned()]);
    }
    if let Some(derivative) = name.strip_prefix(disclosure::DERIVATIVES) {
        let number = derivatives::number(derivative)?;
        let mut names = disclosure::derivative_statement(number).to_vec();
        names.push(disclosure::derivative(number));
        return names.iter().any(|one| one == name).then_some(names);
    }
    if let Some(file) = name.strip_prefix(disclosure::FILES) {
        return disclosure::number(file).map(|_| Vec::new());
    }
    let (number, rest) = name.strip_prefix(disclosure::RECORDS)?.split_once('/')?;
    let record = disclosure::record(disclosure::number(number)?);
    let unit = || disclosure::number(rest.strip_prefix("units/")?.strip_suffix(".json")?);
    let known = rest == LIST_NAME || unit().is_some();
    known.then(|| vec![format!("{record}/{LIST_NAME}"), format!("{record}/{}", unit_name(1))])
}

/// What it declares itself to be, where what it counts is there.
pub(super) fn declaration(folder: &Folder) -> io::Result<Result<Info, BundleError>> {
    let declared = folder.read(layout::BAGIT, layout::TEXT_BYTES_MAX)?;
    if declared.as_deref() != Some(bag::DECLARATION.as_bytes()) {
        return Ok(Err(BundleError::Content { member: layout::BAGIT.to_owned() }));
    }
    let info = folder.read(layout::INFO, layout::TEXT_BYTES_MAX)?.unwrap_or_default();
    let payload = folder.names().filter(|name| name.starts_with("data/"));
    let lens: Vec<u64> = payload.filter_map(|name| folder.len(name)).collect();
    let oxum = bag::Oxum { bytes: lens.iter().sum(), files: lens.len() as u64 };
    Ok(Info::parse(&info).and_then(|info| match info.oxum == oxum {
        true => Ok(info),
        false => Err(BundleError::Content { member: format!("{}, Payload-Oxum,", layout::INFO) }),
    }))
}

/// The digest of every file.
pub(super) fn digests(folder: &Folder) -> io::Result<BTreeMap<String, Digest>> {
    let mut digests = BTreeMap::new();
    for name in folder.names() {
        digests.extend(folder.digest(name)?.map(|digest| (name.to_owned(), digest)));
    }
    Ok(digests)
}

/// Whether both manifests list exactly what is there.
pub(super) fn manifests(folder: &Folder, digests: &BTreeMap<String, Digest>) -> io::Result<Findings> {
    let payload = digests.iter().filter(|(name, _)| name.starts_with("data/"));
    let payload = payload.filter_map(|(name, digest)| Some((name.parse().ok()?, *digest))).collect();
    let tags = disclosure::TAGGED.map(|name| digests.get(name).copied().unwrap_or(Digest::of(b"")));
    let expected = [
        (layout::MANIFEST, disclosure::manifest(&payload)),
        (layout::TAG_MANIFEST, disclosure::tag_manifest(tags)),
    ];
    let mut findings = Findings::new();
    for (name, expected) in expected {
        let found = folder.read(name, expected.len() as u64)?.unwrap_or_default();
        if found != expected.as_bytes() {
            findings.extend(other_lines(name, &expected, &found));
        }
    }
    Ok(findings)
}

/// Which files a manifest does not list as they are.
fn other_lines(manifest: &str, expected: &str, found: &[u8]) -> Findings {
    let found = String::from_utf8_lossy(found);
    let listed: BTreeSet<&str> = found.lines().collect();
    let others = expected.lines().filter(|line| !listed.contains(line));
    let mut findings: Findings = others
        .filter_map(|line| line.split_once("  "))
        .map(|(_, name)| format!("{manifest}: {name} is not listed as it is"))
        .collect();
    if findings.is_empty() {
        findings.push(format!("{manifest}: it lists what is not there, or in another order"));
    }
    findings
}
