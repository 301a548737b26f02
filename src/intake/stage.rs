//! Staging: a source is looked at, copied into the archive, and the copy is checked.
//!
//! The look is quick whatever the source claims to be: all of a bundle but its payload is read, and both signatures
//! must hold before anything is copied. The full check reads what was copied, from the disk where that can be had:
//! so what is kept is what was checked, however the source changed meanwhile. The copy has a temporary name until
//! then. Nothing here touches the ledger, so several sources can be staged at once.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::archive::Places;
use super::ledger::Entry;
use super::{IntakeError, strays};
use crate::bundle::parts::Split;
use crate::bundle::{BundleError, Check, Envelope, Outer};
use crate::crypto::hash::Digest;
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

const BUFFER_BYTES: usize = 1 << 20;

/// What staging made of a source.
#[derive(Debug)]
pub(super) enum Staged {
    /// It holds, and lies synced under a temporary name.
    Held { entry: Entry, id: Digest, copy: NewFile },
    /// A whole bundle with its id lies in the archive already.
    Here { entry: Entry, id: Digest },
    /// It is no bundle, or one that does not hold.
    Refused(BundleError),
}

/// Looks at one source, copies it and checks the copy.
pub(super) fn stage(places: &Places, source: &Path, stop: &AtomicBool) -> Result<Staged, IntakeError> {
    let (mut file, len) = open(source)?;
    let id = match look(&mut file) {
        Ok(id) => id,
        Err(BundleError::Io(error)) => return Err(IntakeError::source(source, error)),
        Err(reason) => return Ok(Staged::Refused(reason)),
    };
    if let Some(entry) = strays::whole(&places.bundle(&id), &id) {
        return Ok(Staged::Here { entry, id });
    }
    let free = files::free_bytes(&places.bundles())?;
    if len > free {
        return Err(IntakeError::NoRoom { path: source.to_path_buf(), needed: len, free });
    }
    let mut copy = NewFile::begin(&places.bundle(&id))?.undated();
    file.rewind().map_err(|error| IntakeError::source(source, error))?;
    copy_whole(&mut file.take(len), &mut copy, source, stop)?;
    copy.sync()?;
    check(places, copy)
}

/// Asks all that can be asked without reading the payload; the id that the bundle has if the rest holds too.
fn look(source: &mut File) -> Result<Digest, BundleError> {
    let envelope = Envelope::skim(source, Split::default())?;
    let mut quick = Check::ALL.into_iter().filter(|check| *check != Check::Manifest);
    quick.try_for_each(|check| envelope.check(check))?;
    Ok(envelope.id())
}

fn copy_whole(
    source: &mut impl Read,
    copy: &mut NewFile,
    from: &Path,
    stop: &AtomicBool,
) -> Result<(), IntakeError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(IntakeError::Stopped);
        }
        let count = match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(IntakeError::source(from, error)),
        };
        let path = copy.path().to_path_buf();
        copy.write_all(&buffer[..count]).map_err(|error| StoreError::io("write", &path, error))?;
    }
}

fn check(places: &Places, copy: NewFile) -> Result<Staged, IntakeError> {
    let mut written = copy.reread()?;
    let trouble = |error| IntakeError::Store(StoreError::io("read", copy.path(), error));
    let bytes = written.metadata().map_err(trouble)?.len();
    let outer = match Outer::read(&mut written) {
        Ok(outer) => outer,
        Err(BundleError::Io(error)) => return Err(trouble(error)),
        Err(reason) => return Ok(Staged::Refused(reason)),
    };
    // Anew from the copy: the source may have become another bundle since it was looked at.
    let id = outer.id();
    let copy = copy.rename(&places.bundle(&id));
    Ok(Staged::Held { entry: entry(&outer, bytes), id, copy })
}

/// What the ledger is to say of a bundle.
pub(super) fn entry(outer: &Outer, bytes: u64) -> Entry {
    Entry::Bundle { id: outer.id(), bytes, recipient: outer.return_recipient().to_string() }
}

/// Opens a source that is a plain file, and tells its length.
///
/// A pipe or a link that was put in its place since it was looked at neither makes the desk wait nor leads it
/// elsewhere.
pub(super) fn open(source: &Path) -> Result<(File, u64), IntakeError> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let not_a_file = || IntakeError::NotAFile { path: source.to_path_buf() };
    let trouble = |error: io::Error| match Errno::from_io_error(&error) {
        // A link, and a socket.
        Some(Errno::LOOP | Errno::NXIO) => not_a_file(),
        _ => IntakeError::source(source, error),
    };
    let file =
        OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(source).map_err(trouble)?;
    let meta = file.metadata().map_err(trouble)?;
    if meta.is_file() { Ok((file, meta.len())) } else { Err(not_a_file()) }
}

/// The file that a path named by hand stands for: a link there is followed, for whoever typed it chose it.
pub(super) fn named(path: &Path) -> io::Result<PathBuf> {
    if path.symlink_metadata()?.is_symlink() { path.canonicalize() } else { Ok(path.to_path_buf()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A stick whose file became a pipe between the look and the opening would have held a worker for ever.
    #[test]
    fn what_was_put_in_the_place_of_a_file_is_neither_waited_for_nor_followed() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, path("pipe"), rustix::fs::Mode::RUSR).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        std::fs::write(path("elsewhere"), b"not from this stick").unwrap();
        symlink(path("elsewhere"), path("link")).unwrap();
        for name in ["pipe", "socket", "link", "."] {
            let opened = open(&path(name));
            assert!(matches!(opened, Err(IntakeError::NotAFile { .. })), "{name}: {opened:?}");
        }
        assert!(matches!(open(&path("gone")), Err(IntakeError::Vanished { .. })));
        assert_eq!(open(&named(&path("link")).unwrap()).unwrap().1, 19);
    }
}
