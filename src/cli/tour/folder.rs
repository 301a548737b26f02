//! The tour's folder: always a new or an empty one.

use crate::cli::context::told;
use crate::store::{StoreError, files};
use crate::ui::Trouble;
use std::fs;
use std::path::{Path, PathBuf};

/// How many tours may lie beside each other under one name.
const TOURS_MAX: usize = 1000;

/// Makes the folder that was named, or one among the temporary files; where something lies already, a number is put
/// behind the name.
pub fn make(named: Option<&Path>) -> Result<PathBuf, Trouble> {
    let wanted = named.map_or_else(usual, Path::to_path_buf);
    let mut last = None;
    for number in 1..=TOURS_MAX {
        let folder = numbered(&wanted, number);
        match claim(&folder) {
            Ok(()) => return fs::canonicalize(&folder).map_err(|source| told(unread(&folder, source))),
            Err(error @ StoreError::Exists { .. }) => last = Some(error),
            Err(error) => return Err(told(error)),
        }
    }
    Err(told(last.expect("the loop ran")))
}

/// Among the temporary files, where nothing else of ours may lie: everything in a tour is made up.
fn usual() -> PathBuf {
    let folder = std::env::var_os("TMPDIR").map(PathBuf::from).filter(|path| path.is_absolute());
    folder.unwrap_or_else(|| PathBuf::from("/tmp")).join("sanduq-tour")
}

fn claim(folder: &Path) -> Result<(), StoreError> {
    if is_empty_folder(folder) {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        files::create_dir_all(parent)?;
    }
    files::create_dir(folder)
}

fn is_empty_folder(folder: &Path) -> bool {
    !folder.is_symlink() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn numbered(wanted: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return wanted.to_path_buf();
    }
    let mut name = wanted.as_os_str().to_owned();
    name.push(format!("-{number}"));
    PathBuf::from(name)
}

fn unread(path: &Path, source: std::io::Error) -> crate::vault::VaultError {
    crate::vault::VaultError::Read { path: path.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tour_never_writes_over_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let wanted = dir.path().join("deep/tour");
        let first = make(Some(&wanted)).unwrap();
        assert!(first.ends_with("deep/tour"));
        // It is empty still, so it serves.
        assert_eq!(make(Some(&wanted)).unwrap(), first);
        fs::write(first.join("x"), "x").unwrap();
        assert!(make(Some(&wanted)).unwrap().ends_with("deep/tour-2"));
        fs::write(dir.path().join("deep/tour-2/x"), "x").unwrap();
        assert!(make(Some(&wanted)).unwrap().ends_with("deep/tour-3"));
    }
}
