//! What was brought to the desk, opened: plain files and nothing else, and of one in disguise what is under it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::IntakeError;
use crate::crypto::carrier::CarrierReader;

/// What is in a file that was brought.
#[derive(Debug)]
pub(super) enum Source {
    /// The file as it is.
    Plain(File),
    /// What is in a carrier, up to its end.
    Carrier(CarrierReader<File>),
}

impl Read for Source {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Plain(file) => file.read(bytes),
            Source::Carrier(content) => content.read(bytes),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Source::Plain(file) => file.seek(to),
            Source::Carrier(content) => content.seek(to),
        }
    }
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

/// What is in a file named by hand: at most one byte more than so many, by which whoever parses it finds it too long.
pub(super) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, IntakeError> {
    let trouble = |error| IntakeError::source(path, error);
    let mut bytes = Vec::new();
    let (file, _) = open(&named(path).map_err(trouble)?)?;
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(trouble)?;
    Ok(bytes)
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
            // Named by hand, a link is followed.
            assert!(
                name == "link" || matches!(read(&path(name), 9), Err(IntakeError::NotAFile { .. })),
                "{name}"
            );
        }
        assert!(matches!(open(&path("gone")), Err(IntakeError::Vanished { .. })));
        assert_eq!(open(&named(&path("link")).unwrap()).unwrap().1, 19);
        assert_eq!(read(&path("link"), 19).unwrap(), b"not from this stick");
        assert_eq!(read(&path("link"), 3).unwrap(), b"not ");
    }
}
