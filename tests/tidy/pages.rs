//! What is checked on pages and lists: links, dependencies and their reasons, and skipped tests. Each function
//! takes text and gives what is wrong with it, in words.

use crate::tables::Tables;

/// Targets of relative Markdown links, without their anchors.
pub fn links(page: &str) -> Vec<String> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.split('#').next().unwrap_or_default().to_string())
        .filter(|link| !link.is_empty() && !link.contains(':'))
        .collect()
}

/// Names under `[dependencies]` and `[build-dependencies]`.
pub fn dependencies(manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = ["[dependencies]", "[build-dependencies]"].contains(&line.trim());
        } else if let Some((name, _)) = line.split_once('=').filter(|_| inside && !line.starts_with('#')) {
            found.push(name.trim().to_string());
        }
    }
    found
}

pub fn without_door(named: &[String], plan: &Tables, reasons: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in named {
        if !plan.doors.iter().any(|(door, _)| *door == name.replace('-', "_")) {
            found.push(format!("{name} has no door in docs/ARCHITECTURE.md"));
        }
        if !reasons.contains(&format!("`{name}`")) {
            found.push(format!("{name} has no reason in docs/dependencies.md"));
        }
    }
    let gone =
        plan.doors.iter().filter(|(door, _)| !named.iter().any(|name| name.replace('-', "_") == *door));
    found.extend(gone.map(|(door, _)| format!("{door} has a door and is no dependency")));
    found
}

/// Files that the map does not name, names that are no file, and names that stand there twice.
pub fn off_the_map(files: &[&str], map: &[String]) -> Vec<String> {
    let unnamed = files.iter().filter(|file| !map.iter().any(|named| named == *file));
    let gone = map.iter().filter(|named| !files.contains(&named.as_str()));
    let unnamed = unnamed.map(|file| format!("src/{file} is not on the map of docs/ARCHITECTURE.md"));
    let twice =
        map.iter().enumerate().filter(|(at, named)| map[..*at].contains(named)).map(|(_, named)| named);
    unnamed
        .chain(gone.map(|named| format!("src/{named} is on the map and not there")))
        .chain(twice.map(|named| format!("src/{named} is on the map twice")))
        .collect()
}

/// The fewest characters of a reason.
const REASON_CHARS_MIN: usize = 20;

/// What is wrong with tests/skips.txt: lines that are not `name: reason`, and names that none of the tests says.
pub fn bad_skips(list: &str, tests: &[String]) -> Vec<String> {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let said = |name: &str| tests.iter().any(|test| test.split(not_in_a_name).any(|word| word == name));
    let bad = lines.filter_map(|line| match line.split_once(": ") {
        Some((_, why)) if why.chars().count() < REASON_CHARS_MIN => Some(format!("no reason: {line}")),
        Some((name, _)) if !said(name) => Some(format!("no test skips {name}")),
        Some(_) => None,
        None => Some(format!("no reason: {line}")),
    });
    bad.map(|bad| format!("tests/skips.txt: {bad}")).collect()
}

fn not_in_a_name(c: char) -> bool {
    !c.is_ascii_alphanumeric() && c != '_'
}
