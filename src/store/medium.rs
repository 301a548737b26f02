//! The medium under a path: what kind of file system it is, how much is free, what it can hold.
//!
//! A vault needs permissions that hold, renames that are atomic and syncs that mean what they say. FAT, NTFS
//! and network shares lack one of these, so a vault there is refused; exporting to them is what they are for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::error::StoreError;
use super::lock::Lock;

/// What lies under a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileSystem {
    /// FAT12, FAT16 or FAT32: no permissions, no file of 4 GiB or more.
    Fat,
    /// exFAT: no permissions.
    Exfat,
    /// NTFS by the kernel's driver.
    Ntfs,
    /// NFS, SMB or another share: locks and syncs cannot be trusted.
    Network,
    /// A program stands in for the kernel: an encrypted home as well as a FAT stick.
    Fuse,
    /// Anything else: a file system of this machine.
    Local,
}

/// Room to leave free on a medium: folders and tables of the file system need some.
pub const MARGIN_BYTES: u64 = 1 << 20;

/// The most by which a common file system rounds the length of a file up: the clusters of a large exFAT stick.
pub const CLUSTER_BYTES: u64 = 128 << 10;

/// The largest file on FAT32: 4 GiB − 1.
const FAT_FILE_BYTES_MAX: u64 = u32::MAX as u64;

impl FileSystem {
    /// The largest single file it can hold, where that is a limit people meet.
    pub fn file_bytes_max(self) -> Option<u64> {
        (self == FileSystem::Fat).then_some(FAT_FILE_BYTES_MAX)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            FileSystem::Fat => "FAT",
            FileSystem::Exfat => "exFAT",
            FileSystem::Ntfs => "NTFS",
            FileSystem::Network => "NFS, SMB",
            FileSystem::Fuse => "FUSE",
            FileSystem::Local => "Linux",
        }
    }

    fn from_magic(magic: u64) -> FileSystem {
        match magic & 0xffff_ffff {
            0x4d44 => FileSystem::Fat,
            0x2011_bab0 => FileSystem::Exfat,
            0x5346_544e | 0x7366_746e => FileSystem::Ntfs,
            0x6969 | 0x517b | 0xff53_4d42 | 0xfe53_4d42 | 0x0bd0_0bd0 | 0x00c3_6400 => FileSystem::Network,
            0x6573_5546 => FileSystem::Fuse,
            _ => FileSystem::Local,
        }
    }
}

/// What lies under `path`, which must exist.
pub fn file_system(path: &Path) -> Result<FileSystem, StoreError> {
    let found = rustix::fs::statfs(path).map_err(|e| StoreError::io("inspect", path, e.into()))?;
    // The width and sign of f_type differ between processors.
    #[allow(clippy::unnecessary_cast)]
    Ok(FileSystem::from_magic(found.f_type as u64))
}

/// How many bytes may still be written under `path` by this user.
pub fn free_bytes(path: &Path) -> Result<u64, StoreError> {
    let found = rustix::fs::statvfs(path).map_err(|e| StoreError::io("inspect", path, e.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// How many files of this length may still be written under `path`, each in whole blocks of the file system, with so much
/// left free.
pub fn how_many_fit(path: &Path, len: u64, margin: u64) -> Result<usize, StoreError> {
    let found = rustix::fs::statvfs(path).map_err(|e| StoreError::io("inspect", path, e.into()))?;
    let block = found.f_frsize.max(1);
    let free = found.f_bavail.saturating_sub(margin.div_ceil(block));
    Ok(usize::try_from(free / len.div_ceil(block).max(1)).unwrap_or(usize::MAX))
}

/// Rids a folder on a medium of what an interrupted writing of ours left there, which may be plaintext, and takes room:
/// plain files of our temporary names that nobody holds. While the guard is held no other process of ours sweeps it. Some
/// media know no locks, and somebody else may be writing there: then nothing is swept.
pub fn sweep_medium(dir: &Path) -> Result<Option<Lock>, StoreError> {
    let lock = Lock::folder(dir).ok();
    if lock.is_some() {
        super::files::sweep_abandoned(dir)?;
    }
    Ok(lock)
}

/// Refuses a folder that cannot hold a vault: on a read-only medium, a share or a file system without permissions.
pub fn check_suitable(dir: &Path) -> Result<(), StoreError> {
    let file_system = file_system(dir)?;
    match file_system {
        FileSystem::Fat | FileSystem::Exfat | FileSystem::Ntfs | FileSystem::Network => {
            return Err(StoreError::Unsuitable { path: dir.to_path_buf(), file_system });
        }
        FileSystem::Fuse | FileSystem::Local => {}
    }
    check_writable(dir)
}

/// Refuses a folder on a medium that takes nothing, before anything is done for it.
pub fn check_writable(dir: &Path) -> Result<(), StoreError> {
    let found = rustix::fs::statvfs(dir).map_err(|e| StoreError::io("inspect", dir, e.into()))?;
    match found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        true => Err(StoreError::ReadOnly { path: dir.to_path_buf() }),
        false => Ok(()),
    }
}

/// [`check_suitable`] for a folder that is all ours: it is given 0700, and refused if it does not keep that.
pub fn check_own(dir: &Path) -> Result<(), StoreError> {
    check_suitable(dir)?;
    if keeps_modes(dir)? {
        return Ok(());
    }
    Err(StoreError::Unsuitable { path: dir.to_path_buf(), file_system: file_system(dir)? })
}

/// [`check_own`] for a folder that was just made: it must take two different modes. A file system that shows 0700 for
/// everything, as FAT behind FUSE may, would pass otherwise; one of them was seen to lose what is in a folder when the
/// folder is renamed.
pub fn check_new(dir: &Path) -> Result<(), StoreError> {
    check_suitable(dir)?;
    if takes_mode(dir, 0o500)? && takes_mode(dir, 0o700)? {
        return Ok(());
    }
    Err(StoreError::Unsuitable { path: dir.to_path_buf(), file_system: file_system(dir)? })
}

/// Refuses the folder of a file, of ours and without content, that does not take two modes where a program stands in for
/// the kernel: FAT behind it shows whatever it was told to, and a vault that was copied there passed for one that is safe
/// until it had to be changed.
pub fn check_modes(dir: &Path, file: &Path) -> Result<(), StoreError> {
    let file_system = file_system(dir)?;
    // The second is the one that it keeps.
    if file_system != FileSystem::Fuse || (takes_mode(file, 0o700)? && takes_mode(file, 0o600)?) {
        return Ok(());
    }
    Err(StoreError::Unsuitable { path: dir.to_path_buf(), file_system })
}

/// Whether a folder given 0700 has 0700 afterwards: FAT behind FUSE reports what it was mounted with.
fn keeps_modes(dir: &Path) -> Result<bool, StoreError> {
    Ok(mode_of(dir)? == 0o700 || takes_mode(dir, 0o700)?)
}

fn mode_of(dir: &Path) -> Result<u32, StoreError> {
    let metadata = fs::metadata(dir).map_err(|e| StoreError::io("inspect", dir, e))?;
    Ok(metadata.permissions().mode() & 0o777)
}

/// Whether a folder or file has a mode after it was given it.
fn takes_mode(dir: &Path, mode: u32) -> Result<bool, StoreError> {
    match fs::set_permissions(dir, fs::Permissions::from_mode(mode)) {
        Ok(()) => Ok(mode_of(dir)? == mode),
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Ok(false),
        Err(e) if e.kind() == std::io::ErrorKind::Unsupported => Ok(false),
        Err(e) => Err(StoreError::io("restrict", dir, e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magics_of_media_people_carry() {
        assert_eq!(FileSystem::from_magic(0x4d44), FileSystem::Fat);
        assert_eq!(FileSystem::from_magic(0x2011_bab0), FileSystem::Exfat);
        assert_eq!(FileSystem::from_magic(0xef53), FileSystem::Local);
        assert_eq!(FileSystem::from_magic(0xffff_ffff_ff53_4d42), FileSystem::Network);
        assert_eq!(FileSystem::Fat.file_bytes_max(), Some(4 * 1024 * 1024 * 1024 - 1));
        assert_eq!(FileSystem::Local.file_bytes_max(), None);
    }

    #[test]
    fn a_folder_of_this_machine_is_suitable_and_has_room() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        check_suitable(dir.path()).unwrap();
        assert_eq!(fs::metadata(dir.path()).unwrap().permissions().mode() & 0o777, 0o755);
        check_own(dir.path()).unwrap();
        assert_eq!(mode_of(dir.path()).unwrap(), 0o700);
        check_new(dir.path()).unwrap();
        assert_eq!(mode_of(dir.path()).unwrap(), 0o700);
        assert!(free_bytes(dir.path()).unwrap() > 0);
    }

    #[test]
    fn a_path_that_is_not_there_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(file_system(&dir.path().join("none")), Err(StoreError::Io { .. })));
    }
}
