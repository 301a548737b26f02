//! The one road to the disk: whatever this program writes goes through here.
//!
//! A file is written under a temporary name in its own folder, synced, renamed, and the folder synced: under its
//! final name it is whole or not there. Every file is 0600 and every folder 0700, whatever the umask. A sync that
//! failed is **never** tried again: after it the system may hold pages it will not write. What it was to make last is
//! written anew first, by [`write_again`].
//!
//! ```
//! use sanduq::store::files;
//! # let dir = tempfile::tempdir().unwrap();
//! let path = dir.path().join("note");
//! files::write_new(&path, b"whole or not there")?;
//! assert!(files::write_new(&path, b"never overwrites").is_err());
//! # Ok::<(), sanduq::store::StoreError>(())
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{CWD, FlockOperation, OFlags, RenameFlags, Timespec, Timestamps, flock};
use rustix::io::Errno;

pub use super::destroy::{destroy, overwrite_in_place, replace_destroying, small_remains, sweep_destroying};
use super::error::StoreError;
use super::lock::Lock;
pub use super::medium::{
    CLUSTER_BYTES, FileSystem, MARGIN_BYTES, check_new, check_own, check_suitable, check_writable,
    file_system, free_bytes, how_many_fit, sweep_medium,
};
pub use super::new_file::{NewFile, NewFolder};
use crate::crypto::random;

/// The time of a file without one, seconds since 1970: 1979-12-31T00:00:00Z. FAT's first time is 1980-01-01 and is
/// kept as local time; what lies a day before it becomes that first time in every zone, and tells none.
pub(super) const UNDATED_SECONDS: i64 = 315_446_400;

/// How a temporary name begins; 32 hex digits and [`TEMPORARY_END`] follow.
const TEMPORARY_BEGIN: &str = ".";
/// How a temporary name ends.
const TEMPORARY_END: &str = ".part";

/// So much of a file is written once more at a time.
const AGAIN_BYTES: usize = 1 << 20;

/// Writes a file that must not be there yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = NewFile::begin(path)?;
    file.write_all(bytes).map_err(|e| StoreError::io("write", path, e))?;
    file.commit()
}

/// As [`write_new`], and the file does not tell when it was written.
pub fn write_new_undated(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = NewFile::begin(path)?.undated();
    file.write_all(bytes).map_err(|e| StoreError::io("write", path, e))?;
    file.commit()
}

/// Takes the times of writing and reading from an open file: all such files have the same.
pub fn undate(file: &File, path: &Path) -> Result<(), StoreError> {
    let first = Timespec { tv_sec: UNDATED_SECONDS, tv_nsec: 0 };
    match rustix::fs::futimens(file, &Timestamps { last_access: first, last_modification: first }) {
        Ok(()) => Ok(()),
        // A stick that keeps other times, or none, must not keep a bundle at home.
        Err(_) if !matches!(file_system(folder_of(path)), Ok(FileSystem::Local)) => Ok(()),
        Err(e) => Err(StoreError::io("undate", path, e.into())),
    }
}

/// Lays a file on a medium, where one that was damaged on the way may lie: nobody else makes such a name. It does not tell
/// when it was written.
pub fn lay(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = NewFile::begin(path)?.undated();
    file.write_all(bytes).map_err(|e| StoreError::io("write", path, e))?;
    file.commit_replacing()
}

/// Writes a file in place of the one that is there, if any.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = NewFile::begin(path)?;
    file.write_all(bytes).map_err(|e| StoreError::io("write", path, e))?;
    file.commit_replacing()
}

/// Writes the bytes of a file that lie in `range` once more, and makes them last: for what is there to be read and may
/// not be on the disk, because who wrote it was stopped before the sync, or told that it failed.
pub fn write_again(file: &File, path: &Path, range: Range<u64>) -> Result<(), StoreError> {
    let mut bytes = vec![0; AGAIN_BYTES.min(usize::try_from(range.end - range.start).unwrap_or(AGAIN_BYTES))];
    let mut at = range.start;
    while at < range.end {
        let len = bytes.len().min(usize::try_from(range.end - at).unwrap_or(bytes.len()));
        let part = &mut bytes[..len];
        file.read_exact_at(part, at).map_err(|e| StoreError::io("read", path, e))?;
        file.write_all_at(part, at).map_err(|e| StoreError::io("write", path, e))?;
        at += len as u64;
    }
    file.sync_all().map_err(|e| StoreError::io("sync", path, e))
}

/// Opens a file for reading; a link is not followed.
pub fn open_for_reading(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    let opened = options.read(true).custom_flags(no_follow()).open(path);
    opened.map_err(|e| StoreError::io("read", path, e))
}

/// Opens a file for reading and writing at chosen places; it must be there.
pub fn open_existing(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).custom_flags(no_follow());
    file.open(path).map_err(|e| StoreError::io("open", path, e))
}

/// Creates a file that must not be there yet, empty, under its final name: for what grows by appending and has
/// its true length elsewhere.
pub fn create(path: &Path) -> Result<File, StoreError> {
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(no_follow())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            return Err(StoreError::Exists { path: path.to_path_buf() });
        }
        Err(e) => return Err(StoreError::io("create", path, e)),
    };
    restrict(&file, path)?;
    Ok(file)
}

/// Makes a folder, 0700, in a folder that is there; it must not be there yet.
pub fn create_dir(path: &Path) -> Result<(), StoreError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            return Err(StoreError::Exists { path: path.to_path_buf() });
        }
        Err(e) => return Err(StoreError::io("create", path, e)),
    }
    let file = File::open(path).map_err(|e| StoreError::io("open", path, e))?;
    set_mode(&file, path, 0o700)?;
    sync_dir(folder_of(path))
}

/// Makes a folder and those above it where they are missing; those that are there stay as they are.
pub fn create_dir_all(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    create_dir_all(folder_of(path))?;
    match create_dir(path) {
        Err(StoreError::Exists { .. }) if path.is_dir() => Ok(()),
        other => other,
    }
}

/// Removes a file and makes that last; one that is gone already is no error. What is removed has often been replaced.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Ok(()) => sync_dir(folder_of(path)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(StoreError::io("remove", path, e).behind()),
    }
}

/// Renames a file or folder to a name that nothing has yet, and makes that last.
pub fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    rename_new(from, to)?;
    sync_dir(folder_of(to))
}

/// Removes a folder of ours with all that is in it, as if at once: it loses its name first.
pub fn remove_dir(path: &Path) -> Result<(), StoreError> {
    let nameless = folder_of(path).join(temporary_name());
    rename(path, &nameless)?;
    // From here on it is gone for everybody.
    fs::remove_dir_all(&nameless).map_err(|e| StoreError::io("remove", path, e).behind())?;
    sync_dir(folder_of(path))
}

/// Removes a folder, if nothing is in it.
pub fn remove_empty(path: &Path) -> Result<(), StoreError> {
    fs::remove_dir(path).map_err(|e| StoreError::io("remove", path, e))?;
    sync_dir(folder_of(path))
}

/// Renames a file to a name that another may have, which is then gone, and makes that last.
pub fn rename_over(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|e| StoreError::io("rename", to, e))?;
    sync_dir(folder_of(to))
}

/// Gives a file a second name that nothing has yet, and makes that last.
pub fn link(path: &Path, second: &Path) -> Result<(), StoreError> {
    fs::hard_link(path, second).map_err(|e| StoreError::io("link", second, e))?;
    sync_dir(folder_of(second))
}

/// Makes the names in a folder last. A file system that cannot say so is taken at its word.
pub fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    let folder = File::open(dir).map_err(|e| StoreError::io("open", dir, e))?;
    match folder.sync_all() {
        Ok(()) => Ok(()),
        Err(e) if e.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => Ok(()),
        // The name is there already.
        Err(e) => Err(StoreError::io("sync", dir, e).behind()),
    }
}

/// Removes what an interrupted write left in `dir`: files and folders under our temporary names.
/// Call it only where nobody else can be writing, holding the lock.
pub fn sweep(dir: &Path) -> Result<(), StoreError> {
    let entries = fs::read_dir(dir).map_err(|e| StoreError::io("list", dir, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io("list", dir, e))?;
        if !entry.file_name().to_str().is_some_and(is_temporary) {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().map_err(|e| StoreError::io("inspect", &path, e))?;
        let removed = if kind.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(|e| StoreError::io("remove", &path, e))?;
    }
    Ok(())
}

/// As [`sweep`], for a folder that others use too: only plain files, and only those that nobody is writing any more.
pub fn sweep_abandoned(dir: &Path) -> Result<(), StoreError> {
    let entries = fs::read_dir(dir).map_err(|e| StoreError::io("list", dir, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io("list", dir, e))?;
        let path = entry.path();
        let ours = entry.file_name().to_str().is_some_and(is_temporary);
        if ours && path.symlink_metadata().is_ok_and(|about| about.is_file()) && is_abandoned(&path) {
            fs::remove_file(&path).map_err(|e| StoreError::io("remove", &path, e))?;
        }
    }
    Ok(())
}

/// Removes the folders that an interrupted filling left in `dir`, which others use too: only those that nobody is filling
/// any more.
pub fn sweep_abandoned_folders(dir: &Path) -> Result<(), StoreError> {
    let entries = fs::read_dir(dir).map_err(|e| StoreError::io("list", dir, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io("list", dir, e))?;
        let path = entry.path();
        let ours = entry.file_name().to_str().is_some_and(is_temporary);
        if ours
            && path.symlink_metadata().is_ok_and(|about| about.is_dir())
            && let Ok(_held) = Lock::folder(&path)
        {
            fs::remove_dir_all(&path).map_err(|e| StoreError::io("remove", &path, e))?;
        }
    }
    Ok(())
}

/// Whether who began this file has ended: it locked the file.
fn is_abandoned(path: &Path) -> bool {
    let file = open_for_reading(path);
    file.is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok())
}

/// A fresh temporary name: random, so it tells nothing.
pub fn temporary_name() -> String {
    let mut name = String::from(TEMPORARY_BEGIN);
    for byte in random::array::<16>() {
        name.push_str(&format!("{byte:02x}"));
    }
    name + TEMPORARY_END
}

/// Whether a name is one of [`temporary_name`]'s.
pub fn is_temporary(name: &str) -> bool {
    let digits = name.strip_prefix(TEMPORARY_BEGIN).and_then(|n| n.strip_suffix(TEMPORARY_END));
    digits.is_some_and(|d| d.len() == 32 && d.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// Gives an open file 0600, whatever the umask.
pub(crate) fn restrict(file: &File, path: &Path) -> Result<(), StoreError> {
    set_mode(file, path, 0o600)
}

fn set_mode(file: &File, path: &Path, mode: u32) -> Result<(), StoreError> {
    match file.set_permissions(fs::Permissions::from_mode(mode)) {
        Ok(()) => Ok(()),
        // A stick with FAT has no permissions to set. A vault is never opened on one.
        Err(_) if !matches!(file_system(path), Ok(FileSystem::Local)) => Ok(()),
        Err(e) => Err(StoreError::io("restrict", path, e)),
    }
}

/// Renames without ever replacing. Where the file system cannot promise that, it looks first.
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<(), StoreError> {
    let exists = || StoreError::Exists { path: to.to_path_buf() };
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) => Err(exists()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            if fs::symlink_metadata(to).is_ok() {
                return Err(exists());
            }
            fs::rename(from, to).map_err(|e| StoreError::io("rename", to, e))
        }
        Err(e) => Err(StoreError::io("rename", to, e.into())),
    }
}

pub(super) fn no_follow() -> i32 {
    OFlags::NOFOLLOW.bits() as i32
}

/// The folder a path lies in; a bare name lies in the current one.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_is_private_and_leaves_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        write_new(&path, b"one").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(names(dir.path()), ["a"]);
    }

    #[test]
    fn what_is_there_is_never_overwritten_by_write_new() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        write_new(&path, b"one").unwrap();
        assert!(matches!(write_new(&path, b"two"), Err(StoreError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(dir.path()), ["a"]);
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn folders_are_private_and_made_as_deep_as_needed() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b/c");
        create_dir_all(&deep).unwrap();
        create_dir_all(&deep).unwrap();
        assert_eq!(mode(&deep), 0o700);
        assert_eq!(mode(&dir.path().join("a")), 0o700);
        assert!(matches!(create_dir(&deep), Err(StoreError::Exists { .. })));
    }

    #[test]
    fn sweeping_takes_our_remains_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(temporary_name()), b"remains").unwrap();
        let half = dir.path().join(temporary_name());
        fs::create_dir(&half).unwrap();
        fs::write(half.join("index"), b"remains").unwrap();
        for name in ["keep", ".part", ".0123.part", ".hidden"] {
            fs::write(dir.path().join(name), b"").unwrap();
        }
        sweep(dir.path()).unwrap();
        assert_eq!(names(dir.path()), [".0123.part", ".hidden", ".part", "keep"]);
    }

    /// A stick was pulled out and put in again: for an hour it was too full for what it had just held half of.
    #[test]
    fn what_an_interrupted_writing_left_is_swept_and_what_is_being_written_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str| fs::write(dir.path().join(name), b"left").unwrap();
        let (left, mine, folder) = (temporary_name(), String::from("mine.part"), temporary_name());
        put(&left);
        put(&mine);
        fs::create_dir(dir.path().join(&folder)).unwrap();
        let being_written = NewFile::begin(&dir.path().join("a")).unwrap();
        sweep_abandoned(dir.path()).unwrap();
        let mut expected =
            vec![folder, mine, being_written.temporary.file_name().unwrap().to_str().unwrap().to_owned()];
        expected.sort();
        assert_eq!(names(dir.path()), expected);
        being_written.commit().unwrap();
    }

    /// A disclosure was killed half-way: what it had shown so far lay there under a name that nobody looks at.
    #[test]
    fn a_folder_that_nobody_fills_any_more_is_swept_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let left = dir.path().join(temporary_name());
        fs::create_dir(&left).unwrap();
        fs::write(left.join("half"), b"half").unwrap();
        fs::create_dir(dir.path().join("mine.part")).unwrap();
        let being_filled = NewFolder::begin(dir.path()).unwrap();
        sweep_abandoned_folders(dir.path()).unwrap();
        assert!(!left.exists() && being_filled.path().exists() && dir.path().join("mine.part").exists());
        being_filled.commit(&dir.path().join("whole")).unwrap();
        assert_eq!(names(dir.path()), ["mine.part", "whole"]);
    }

    #[test]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("target");
        fs::write(&target, b"safe").unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(overwrite_in_place(&link, b"torn").is_err());
        assert!(write_new(&link, b"torn").is_err());
        assert_eq!(fs::read(&target).unwrap(), b"safe");
    }
}
