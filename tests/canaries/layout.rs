//! Every file that Sanduq may leave behind, and no other. A line is a path in which `{hex:N}` stands for N lower-case
//! hexadecimal digits and a closing `/` for a folder. Files are 0600 and folders 0700, whatever the umask.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;

/// In a vault.
pub const VAULT: &[&str] = &[
    "{hex:32}/",
    "{hex:32}/slots",
    "{hex:32}/epoch.a",
    "{hex:32}/epoch.b",
    "{hex:32}/index",
    "{hex:32}/journal",
    "{hex:32}/lock",
    "{hex:32}/packs/",
    "{hex:32}/packs/{hex:32}",
];

/// On a stick after an export.
pub const STICK: &[&str] = &["{hex:16}.bundle"];

/// On a stick that goes to and fro.
pub const TO_AND_FRO: &[&str] = &["{hex:16}.bundle", "{hex:16}.part", "{hex:16}.receipt"];

/// On a stick with what is disguised.
pub const DISGUISED: &[&str] = &["{hex:16}.dat"];

/// Pages of shares.
pub const PAGES: &[&str] = &["share-{hex:4}-1.html", "share-{hex:4}-2.html", "share-{hex:4}-3.html"];

/// Couriers' shares.
pub const SHARES: &[&str] = &["{hex:4}-1.share", "{hex:4}-2.share", "{hex:4}-3.share"];

/// In the desk's archive.
pub const ARCHIVE: &[&str] = &[
    "bundles/",
    "bundles/{hex:64}.bundle",
    "settled",
    "cards/",
    "cards/{hex:64}.card",
    "letters/",
    "letters/{hex:16}.receipt",
    "parts/",
    "parts/{hex:64}/",
    "parts/{hex:64}/parts-sha256.txt",
    "parts/{hex:64}/volume.txt",
    "parts/{hex:64}/slices/",
    "parts/{hex:64}/slices/{hex:4}",
    "parts/{hex:64}/parity/",
    "parts/{hex:64}/parity/{hex:4}",
    "quarantine/",
    "ledger.sqlite",
    "log.key",
    "lock",
];

/// Sealed receipts, as the desk hands them out.
pub const HANDED: &[&str] = &["{hex:16}.receipt"];

/// True when `path` is spelled as `line` says.
pub fn fits(line: &str, path: &str, folder: bool) -> bool {
    let Some(line) = line.strip_suffix('/') else { return !folder && spelled(line, path) };
    folder && spelled(line, path)
}

fn spelled(line: &str, path: &str) -> bool {
    let Some((before, rest)) = line.split_once("{hex:") else { return line == path };
    let (count, rest) = rest.split_once('}').expect("a closing brace in the list");
    let count: usize = count.parse().expect("a number in the list");
    let Some(path) = path.strip_prefix(before) else { return false };
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    path.len() >= count && path.bytes().take(count).all(hex) && spelled(rest, &path[count..])
}

/// What is wrong with a file that was found, if anything.
pub fn wrong(path: &str, data: &Metadata, allowed: &[&str]) -> Option<String> {
    let mode = data.permissions().mode() & 0o7777;
    let expected = if data.is_dir() { 0o700 } else { 0o600 };
    if data.is_symlink() {
        Some(format!("{path} is a link"))
    } else if !allowed.iter().any(|line| fits(line, path, data.is_dir())) {
        Some(format!("{path} is not on the list"))
    } else if mode != expected {
        Some(format!("{path} has mode {mode:04o} and not {expected:04o}"))
    } else {
        None
    }
}
