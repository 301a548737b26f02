//! A folder of foreign files: what lies in it, listed once and never followed anywhere.
//!
//! Only plain files under names of the small alphabet count; links, pipes and everything else are findings. Nothing that
//! was not listed is opened, and what is opened is what was listed.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::ops::Bound;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::crypto::hash::Digest;
use crate::crypto::hashing::HashingReader;
use crate::format::name::MemberName;

/// Entries that are looked at.
const ENTRIES_MAX: usize = 1 << 18;
/// Folders within folders.
const DEPTH_MAX: usize = 8;

const BUFFER_BYTES: usize = 256 * 1024;

/// The plain files of a folder, and what else there was.
pub(super) struct Folder {
    root: PathBuf,
    files: BTreeMap<String, Metadata>,
    /// What is no plain file, or has a name that no file may have.
    pub findings: Vec<String>,
}

impl Folder {
    /// Lists a folder. One name that is not of the small alphabet may be allowed.
    pub fn list(root: &Path, allowed: &str) -> io::Result<Folder> {
        let mut folder = Folder { root: root.to_path_buf(), files: BTreeMap::new(), findings: Vec::new() };
        let mut waiting = vec![(root.to_path_buf(), String::new(), 0)];
        let mut entries = 0;
        while let Some((path, prefix, depth)) = waiting.pop() {
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                entries += 1;
                if entries > ENTRIES_MAX {
                    folder.findings.push(format!("more than {ENTRIES_MAX} entries"));
                    return Ok(folder);
                }
                let about = entry.path().symlink_metadata()?;
                let Some(name) = name(&prefix, &entry, allowed) else {
                    folder
                        .findings
                        .push(format!("{:?}: no name that a file here may have", entry.file_name()));
                    continue;
                };
                if about.is_dir() && depth < DEPTH_MAX {
                    waiting.push((entry.path(), format!("{name}/"), depth + 1));
                } else if about.is_file() {
                    folder.files.insert(name, about);
                } else {
                    folder.findings.push(format!("{name}: not a plain file"));
                }
            }
        }
        Ok(folder)
    }

    /// The names, in the order of their bytes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The names that begin so, without that beginning.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.files.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.map_while(move |(name, _)| name.strip_prefix(prefix))
    }

    /// How long a file is.
    pub fn len(&self, name: &str) -> Option<u64> {
        self.files.get(name).map(Metadata::len)
    }

    /// Whether a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// A file's bytes, and one more than is allowed at most: whoever parses it finds it too long. `None` where it is not
    /// there.
    pub fn read(&self, name: &str, max: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.open(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(max + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// As [`Folder::read`]; nothing of a file that is not there, which whoever asks for the names tells.
    pub fn read_or_nothing(&self, name: &str, max: u64) -> io::Result<Vec<u8>> {
        Ok(self.read(name, max)?.unwrap_or_default())
    }

    /// A file's digest; `None` where it is not there.
    pub fn digest(&self, name: &str) -> io::Result<Option<Digest>> {
        let Some(file) = self.open(name)? else { return Ok(None) };
        let mut hashed = HashingReader::new(file);
        let mut buffer = vec![0; BUFFER_BYTES];
        while hashed.read(&mut buffer)? > 0 {}
        Ok(Some(hashed.finish().0))
    }

    fn open(&self, name: &str) -> io::Result<Option<File>> {
        let Some(listed) = self.files.get(name) else { return Ok(None) };
        let file = File::open(self.root.join(name))?;
        let about = file.metadata()?;
        if (about.dev(), about.ino()) != (listed.dev(), listed.ino()) {
            return Err(io::Error::other("another file came in its place meanwhile"));
        }
        Ok(Some(file))
    }
}

/// The name of an entry from the root on, if it is one that a file here may have.
fn name(prefix: &str, entry: &fs::DirEntry, allowed: &str) -> Option<String> {
    let name = format!("{prefix}{}", entry.file_name().to_str()?);
    (name == allowed || name.parse::<MemberName>().is_ok()).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_plain_files_under_plain_names_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), b"secret").unwrap();
        fs::create_dir_all(dir.path().join("data/units")).unwrap();
        fs::write(dir.path().join("data/units/0001.json"), b"one").unwrap();
        fs::write(dir.path().join("READ"), b"two").unwrap();
        fs::write(dir.path().join("Data"), b"three").unwrap();
        symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
        symlink(outside.path(), dir.path().join("folder")).unwrap();
        let folder = Folder::list(dir.path(), "READ").unwrap();
        assert_eq!(folder.names().collect::<Vec<_>>(), ["READ", "data/units/0001.json"]);
        assert_eq!(folder.findings.len(), 3, "{:?}", folder.findings);
        assert_eq!(folder.read("data/units/0001.json", 3).unwrap().unwrap(), b"one");
        assert_eq!(folder.read("data/units/0001.json", 1).unwrap().unwrap(), b"on");
        assert_eq!(folder.digest("READ").unwrap(), Some(Digest::of(b"two")));
        for name in ["link", "folder/secret", "../secret", "Data", "data"] {
            assert!(folder.read(name, 9).unwrap().is_none(), "{name}");
        }
        fs::remove_file(dir.path().join("READ")).unwrap();
        symlink(outside.path().join("secret"), dir.path().join("READ")).unwrap();
        assert!(folder.read("READ", 9).is_err());
    }
}
