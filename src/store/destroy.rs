//! Destroying what a small file of keys held: random bytes over its own, where they lie.
//!
//! A file that is only replaced or removed leaves its blocks whole on the disk, free for whoever looks. So an old file
//! is overwritten after the new one took its name, and until that is done it has a second, temporary name, by which the
//! next opening finds it. Where a file system writes elsewhere than it is told (snapshots, flash chips) the old bytes
//! may stay all the same.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::error::StoreError;
use super::files::{
    folder_of, is_temporary, no_follow, open_existing, remove, replace, sweep, sync_dir, temporary_name,
};
use crate::crypto::random;

/// Only small files of keys are destroyed so.
const DESTROYED_BYTES_MAX: u64 = 4096;

/// Writes random bytes over those of a small file where they lie, often one of several.
pub fn destroy(path: &Path) -> Result<(), StoreError> {
    let file = open_existing(path)?;
    write_noise(file, path).map_err(StoreError::behind)
}

fn write_noise(mut file: File, path: &Path) -> Result<(), StoreError> {
    let len = file.metadata().map_err(|e| StoreError::io("inspect", path, e))?.len();
    let mut noise = vec![0; usize::try_from(len.min(DESTROYED_BYTES_MAX)).expect("small")];
    random::fill(&mut noise);
    file.write_all(&noise).map_err(|e| StoreError::io("write", path, e))?;
    file.sync_all().map_err(|e| StoreError::io("sync", path, e))
}

/// Writes a file in place of the one that is there, and then random bytes over those of the old one where they lie:
/// a crash leaves the old or the new one, and the new one leaves nothing of the old.
///
/// The old file has a second, temporary name meanwhile, so that wherever this stops, the next [`sweep_destroying`] finds
/// it. A file system that knows no second names has no such help.
pub fn replace_destroying(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let old = open_existing(path)?;
    let second = folder_of(path).join(temporary_name());
    let named = link_where_possible(path, &second)?;
    // If this fails, either file may be the one that the medium will show: then nothing is destroyed here.
    replace(path, bytes)?;
    write_noise(old, path).map_err(StoreError::behind)?;
    if named { remove(&second) } else { Ok(()) }
}

fn link_where_possible(path: &Path, second: &Path) -> Result<bool, StoreError> {
    const UNKNOWN: [Errno; 5] = [Errno::PERM, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::MLINK];
    match fs::hard_link(path, second) {
        Ok(()) => sync_dir(folder_of(second)).map(|()| true),
        Err(e) if UNKNOWN.iter().any(|errno| e.raw_os_error() == Some(errno.raw_os_error())) => Ok(false),
        Err(e) => Err(StoreError::io("link", second, e)),
    }
}

/// Writes over the bytes of a file where they lie: for destroying what it held, where a new file would leave
/// the old blocks. **Never** for anything a crash may not tear.
pub fn overwrite_in_place(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = OpenOptions::new()
        .write(true)
        .custom_flags(no_follow())
        .open(path)
        .map_err(|e| StoreError::io("open", path, e))?;
    file.write_all(bytes).map_err(|e| StoreError::io("write", path, e))?;
    file.set_len(bytes.len() as u64).map_err(|e| StoreError::io("write", path, e))?;
    file.sync_all().map_err(|e| StoreError::io("sync", path, e))
}

/// As [`sweep`], where what was interrupted may have held keys: random bytes are written over small files before they
/// go, unless they have another name as well and so are in use.
pub fn sweep_destroying(dir: &Path) -> Result<(), StoreError> {
    for (path, about) in small_remains(dir)? {
        if about.nlink() == 1 {
            // Who stopped may not have synced the name that took its place: the medium could still show this one.
            sync_dir(dir)?;
            destroy(&path)?;
        }
    }
    sweep(dir)
}

/// The small files that interrupted writes left in `dir`.
pub fn small_remains(dir: &Path) -> Result<Vec<(PathBuf, fs::Metadata)>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(|e| StoreError::io("list", dir, e))? {
        let entry = entry.map_err(|e| StoreError::io("list", dir, e))?;
        if entry.file_name().to_str().is_some_and(is_temporary) {
            let path = entry.path();
            let about = path.symlink_metadata().map_err(|e| StoreError::io("inspect", &path, e))?;
            found.push((path, about));
        }
    }
    found.retain(|(_, about)| about.is_file() && about.len() <= DESTROYED_BYTES_MAX);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;

    use super::super::files::{link, write_new};
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn overwriting_keeps_the_file_itself() {
        use std::os::unix::fs::MetadataExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        write_new(&path, b"secret bytes").unwrap();
        let before = fs::metadata(&path).unwrap().ino();
        overwrite_in_place(&path, b"other").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().ino(), before);
        assert_eq!(fs::read(&path).unwrap(), b"other");
    }

    /// The machine stopped before the noise was written over the old file, whose blocks were then free and whole.
    #[test]
    fn what_is_replaced_is_destroyed_wherever_that_stopped() {
        let (old, new) = ([7; 539], [8; 539]);
        for steps in 0..=3 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("slots");
            write_new(&path, &old).unwrap();
            let mut held = File::open(&path).unwrap();
            let second = dir.path().join(temporary_name());
            let taken: [&dyn Fn(); 3] = [
                &|| link(&path, &second).unwrap(),
                &|| write_new(&dir.path().join(temporary_name()), &new).unwrap(),
                &|| replace(&path, &new).unwrap(),
            ];
            taken.iter().take(steps).for_each(|step| step());
            sweep_destroying(dir.path()).unwrap();
            assert_eq!(names(dir.path()), ["slots"], "{steps} steps");
            let mut found = Vec::new();
            held.read_to_end(&mut found).unwrap();
            let replaced = steps == 3;
            assert_eq!(fs::read(&path).unwrap(), if replaced { new } else { old }, "{steps} steps");
            assert_eq!(found == old, !replaced, "{steps} steps");
        }
    }

    #[test]
    fn replacing_leaves_neither_the_old_bytes_nor_their_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slots");
        write_new(&path, &[7; 539]).unwrap();
        let mut held = File::open(&path).unwrap();
        replace_destroying(&path, &[8; 539]).unwrap();
        let mut found = Vec::new();
        held.read_to_end(&mut found).unwrap();
        assert!(found.len() == 539 && !found.windows(8).any(|bytes| bytes == [7; 8]));
        assert_eq!((names(dir.path()), fs::read(&path).unwrap()), (vec!["slots".to_owned()], vec![8; 539]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
