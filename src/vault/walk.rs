//! What lies under the paths that a person names: files to keep, and what is passed over and why.
//!
//! Links are not followed, wherever they point: what they name was not chosen. Devices, pipes and sockets are no
//! documents. The parts of a vault are passed over where they lie inside a folder that is added.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::keep::{SkipReason, Skipped};
use super::label;

/// One file found, not yet read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// Its label: relative to what was named.
    pub label: String,
    /// Its length when it was found.
    pub len: u64,
}

/// All files under the paths named, each folder in name order, and what is passed over.
pub(super) fn files(
    paths: &[PathBuf],
    parts: &[PathBuf],
    label_bytes_max: usize,
) -> (Vec<Found>, Vec<Skipped>) {
    let parts = parts.iter().filter_map(|part| part.canonicalize().ok()).collect();
    let mut walk = Walk { parts, label_bytes_max, found: Vec::new(), skipped: Vec::new() };
    for path in paths {
        walk.named(path);
    }
    (walk.found, walk.skipped)
}

/// A path passed over.
pub(super) fn skip(path: &Path, why: SkipReason) -> Skipped {
    Skipped { path: path.to_string_lossy().into_owned(), why }
}

/// Why a path that the system refuses is passed over.
pub(super) fn refused(error: &io::Error) -> SkipReason {
    match error.kind() {
        io::ErrorKind::NotFound => SkipReason::Vanished,
        _ => SkipReason::Unreadable(error.kind().to_string()),
    }
}

struct Walk {
    /// The parts of the vault.
    parts: Vec<PathBuf>,
    label_bytes_max: usize,
    found: Vec<Found>,
    skipped: Vec<Skipped>,
}

impl Walk {
    fn named(&mut self, named: &Path) {
        let above = named_parent(named);
        let mut entries =
            walkdir::WalkDir::new(named).follow_links(false).follow_root_links(false).sort_by_file_name();
        entries = entries.max_open(32);
        let mut entries = entries.into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if self.is_inside(&entry) => {
                    self.skipped.push(skip(entry.path(), SkipReason::InsideVault));
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.entry(&entry, &above),
                Err(error) => self.failed(named, &error),
            }
        }
    }

    fn entry(&mut self, entry: &walkdir::DirEntry, above: &Path) {
        let path = entry.path();
        let kind = entry.file_type();
        if kind.is_symlink() {
            return self.skipped.push(skip(path, SkipReason::Link));
        }
        if !kind.is_file() {
            return self.skipped.push(skip(path, SkipReason::NotAFile));
        }
        match entry.metadata().map_err(io::Error::from) {
            Ok(metadata) => self.file(path, above, &metadata),
            Err(error) => self.skipped.push(skip(path, refused(&error))),
        }
    }

    fn file(&mut self, path: &Path, above: &Path, metadata: &Metadata) {
        let relative = path.strip_prefix(above).unwrap_or(path);
        let label = label::label_of(relative, self.label_bytes_max);
        self.found.push(Found { path: path.to_path_buf(), label, len: metadata.len() });
    }

    fn failed(&mut self, named: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(named).to_path_buf();
        let why = error.io_error().map_or(SkipReason::Unreadable(String::new()), refused);
        self.skipped.push(skip(&path, why));
    }

    /// Whether it is a part, or lies in one. Only folders and what was named itself are looked up: a file below a folder
    /// lies in a part only where that folder does, and links are not followed.
    fn is_inside(&self, entry: &walkdir::DirEntry) -> bool {
        let looked_up = entry.file_type().is_dir() || (entry.depth() == 0 && !entry.path_is_symlink());
        let lies_in = |path: PathBuf| self.parts.iter().any(|part| path.starts_with(part));
        looked_up && entry.path().canonicalize().is_ok_and(lies_in)
    }
}

/// What labels are relative to: the folder that holds what was named, so that a folder's own name stays in them.
fn named_parent(named: &Path) -> PathBuf {
    if named.file_name().is_none() {
        return named.to_path_buf();
    }
    named.parent().unwrap_or(Path::new("")).to_path_buf()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_walked_in_order_and_links_are_reported() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("papers");
        fs::create_dir_all(folder.join("b")).unwrap();
        fs::write(folder.join("b/2.txt"), "two").unwrap();
        fs::write(folder.join("a.txt"), "a").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();
        let (found, skipped) = files(&[folder.clone(), dir.path().join("none")], &[], 100);
        let labels: Vec<_> = found.iter().map(|f| f.label.as_str()).collect();
        assert_eq!(labels, ["papers/a.txt", "papers/b/2.txt"]);
        let reasons: Vec<_> = skipped.into_iter().map(|s| s.why).collect();
        assert_eq!(reasons, [SkipReason::Link, SkipReason::NotAFile, SkipReason::Vanished]);
    }

    #[test]
    fn the_vault_is_not_added_to_itself() {
        let dir = tempfile::tempdir().unwrap();
        let part = dir.path().join("vault/part");
        fs::create_dir_all(&part).unwrap();
        fs::write(part.join("slots"), "x").unwrap();
        fs::write(dir.path().join("vault/a"), "a").unwrap();
        let (found, skipped) =
            files(&[dir.path().to_path_buf(), part.join("slots")], std::slice::from_ref(&part), 100);
        assert_eq!(found.len(), 1);
        assert!(skipped.iter().all(|s| s.why == SkipReason::InsideVault));
        assert_eq!(skipped.len(), 2);
    }

    /// Somebody named the folder of packs inside of a part, and the vault began to keep its own sealed files.
    #[test]
    fn a_folder_inside_of_a_part_is_passed_over_however_it_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let part = dir.path().join("part");
        let packs = part.join("packs");
        fs::create_dir_all(packs.join("below")).unwrap();
        fs::write(packs.join("below/pack"), "x").unwrap();
        std::os::unix::fs::symlink(&part, dir.path().join("link")).unwrap();
        let named = [part.clone(), packs.clone(), packs.join("below"), dir.path().join("link/packs")];
        let (found, skipped) = files(&named, std::slice::from_ref(&part), 100);
        assert_eq!(found.len(), 0);
        assert_eq!(skipped.len(), named.len());
        assert!(skipped.iter().all(|s| s.why == SkipReason::InsideVault));
    }

    #[test]
    fn the_current_folder_gives_labels_without_dots() {
        assert_eq!(named_parent(Path::new("a/b")), Path::new("a"));
        assert_eq!(named_parent(Path::new("b")), Path::new(""));
        assert_eq!(named_parent(Path::new("a/..")), Path::new("a/.."));
        assert_eq!(named_parent(Path::new(".")), Path::new("."));
    }
}
