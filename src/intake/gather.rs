//! Which files a path stands for: a file stands for itself, a folder for every plain file in it and below. Those named
//! `*.bundle` and `*.part` are taken for what their names say; whether another is one of ours, its first bytes tell.
//!
//! A link named by hand stands for the file it leads to. Links inside a folder are not followed, and what is no plain file is passed over, so a stick cannot lead the
//! desk out of itself or make it wait on a pipe. A folder that cannot be listed is a finding; the rest goes on.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{IntakeError, source};
use crate::bundle::layout::BUNDLE_ENDING;
use crate::bundle::volume::PART_ENDING;

/// How deep folders are searched: deeper than any stick of a person, short enough for every path limit.
pub const FOLDER_DEPTH_MAX: usize = 16;
/// How many names are looked at below one path before the search ends as a finding.
pub const NAMES_MAX: usize = 1 << 20;

/// A file that may be a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub path: PathBuf,
    /// Whether it was named by hand, or has the name of a bundle or a part.
    pub named: bool,
    /// Its length and the time of its last change, by which one still being copied is told.
    pub shape: Shape,
}

/// What a directory says of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub len: u64,
    pub changed: Option<SystemTime>,
}

/// What a search found, and where it could not look.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub files: Vec<Candidate>,
    pub troubles: Vec<(PathBuf, IntakeError)>,
}

/// The files `path` stands for, in the order of their names. Folders equal to `but` are left out.
pub(super) fn gather(path: &Path, but: Option<&Path>) -> Gathered {
    let mut gathered = Gathered::default();
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            let mut search = Search { but, names: 0, gathered: &mut gathered };
            search.folder(path, 0);
        }
        Ok(meta) if meta.is_file() => match source::named(path) {
            Ok(path) => gathered.files.push(Candidate { path, named: true, shape: shape(&meta) }),
            Err(error) => gathered.trouble(path, IntakeError::source(path, error)),
        },
        Ok(_) => gathered.trouble(path, IntakeError::NotAFile { path: path.to_path_buf() }),
        Err(error) => gathered.trouble(path, IntakeError::source(path, error)),
    }
    gathered
}

impl Gathered {
    fn trouble(&mut self, path: &Path, error: IntakeError) {
        self.troubles.push((path.to_path_buf(), error));
    }
}

struct Search<'a> {
    but: Option<&'a Path>,
    names: usize,
    gathered: &'a mut Gathered,
}

impl Search<'_> {
    fn folder(&mut self, folder: &Path, depth: usize) {
        if self.but.is_some_and(|but| but == folder) {
            return;
        }
        if depth > FOLDER_DEPTH_MAX {
            self.gathered.trouble(folder, IntakeError::TooDeep { path: folder.to_path_buf() });
            return;
        }
        match self.names_in(folder) {
            Ok(paths) => paths.iter().for_each(|path| self.entry(path, depth)),
            Err(error) => self.gathered.trouble(folder, error),
        }
    }

    fn names_in(&mut self, folder: &Path) -> Result<Vec<PathBuf>, IntakeError> {
        let source = |error| IntakeError::source(folder, error);
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(source)? {
            self.names += 1;
            if self.names > NAMES_MAX {
                return Err(IntakeError::TooMany { path: folder.to_path_buf(), limit: NAMES_MAX });
            }
            paths.push(entry.map_err(source)?.path());
        }
        paths.sort();
        Ok(paths)
    }

    fn entry(&mut self, path: &Path, depth: usize) {
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_dir() => self.folder(path, depth + 1),
            Ok(meta) if meta.is_file() => {
                let (path, shape) = (path.to_path_buf(), shape(&meta));
                let named = is_named_bundle(&path) || is_named_part(&path);
                self.gathered.files.push(Candidate { path, named, shape });
            }
            Ok(_) => {}
            // Gone between listing and looking: it was not there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.gathered.trouble(path, IntakeError::source(path, error)),
        }
    }
}

fn shape(meta: &fs::Metadata) -> Shape {
    Shape { len: meta.len(), changed: meta.modified().ok() }
}

/// Endings are compared without case: FAT sticks may shout.
fn is_named_bundle(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(BUNDLE_ENDING))
}

/// As parts of bundles are named. What begins with a dot is somebody's temporary file, or ours.
pub(super) fn is_named_part(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PART_ENDING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn names(gathered: &Gathered, root: &Path) -> Vec<String> {
        let below = |c: &Candidate| c.path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        gathered.files.iter().filter(|file| file.named).map(below).collect()
    }

    #[test]
    fn a_folder_stands_for_its_bundles() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/c")).unwrap();
        for name in
            ["z.bundle", "a.BUNDLE", "note.txt", "b/c/d.bundle", "bundle", "x.receipt", "y.part", ".y.part"]
        {
            fs::write(root.join(name), b"").unwrap();
        }
        let gathered = gather(root, None);
        assert_eq!(names(&gathered, root), ["a.BUNDLE", "b/c/d.bundle", "y.part", "z.bundle"]);
        assert!(gathered.troubles.is_empty());
        assert_eq!(names(&gather(root, Some(&root.join("b"))), root), ["a.BUNDLE", "y.part", "z.bundle"]);
    }

    #[test]
    fn a_file_named_by_hand_may_be_called_anything() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("IMG_0001.jpg");
        fs::write(&path, b"").unwrap();
        assert_eq!(gather(&path, None).files.len(), 1);
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(gather(&link, None).files[0].path, path.canonicalize().unwrap());
    }

    #[test]
    fn links_lead_nowhere() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir(root.join("stick")).unwrap();
        fs::write(root.join("secret.bundle"), b"").unwrap();
        symlink(root.join("secret.bundle"), root.join("stick/a.bundle")).unwrap();
        symlink(root, root.join("stick/loop")).unwrap();
        assert!(gather(&root.join("stick"), None).files.is_empty());
    }

    #[test]
    fn what_is_not_there_is_a_finding() {
        let dir = tempfile::tempdir().unwrap();
        let gathered = gather(&dir.path().join("gone"), None);
        assert!(matches!(gathered.troubles[..], [(_, IntakeError::Vanished { .. })]));
    }

    #[test]
    fn folders_without_end_are_a_finding() {
        let dir = tempfile::tempdir().unwrap();
        let mut path = dir.path().to_path_buf();
        for _ in 0..=FOLDER_DEPTH_MAX {
            path.push("d");
        }
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("a.bundle"), b"").unwrap();
        let gathered = gather(dir.path(), None);
        assert!(gathered.files.is_empty());
        assert!(matches!(gathered.troubles[..], [(_, IntakeError::TooDeep { .. })]));
    }
}
