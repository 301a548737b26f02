//! Staging: a source is copied into the archive while it is checked, byte by byte the same ones, read once.
//!
//! What was checked is therefore what is kept, however the source changes meanwhile. The copy has a temporary
//! name; it gets its own only when every check held and it is synced. Nothing here touches the ledger, so several
//! sources can be staged at once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::IntakeError;
use super::archive::Places;
use super::ledger::Entry;
use crate::bundle::{BundleError, Outer};
use crate::crypto::hash::Digest;
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

/// What staging made of a source.
#[derive(Debug)]
pub(super) enum Staged {
    /// It holds, and lies synced under a temporary name.
    Held { entry: Entry, id: Digest, copy: NewFile },
    /// It is no bundle, or one that does not hold.
    Refused(BundleError),
}

/// Copies and checks one source.
pub(super) fn stage(places: &Places, source: &Path, stop: &AtomicBool) -> Result<Staged, IntakeError> {
    let (file, len) = open(source)?;
    let free = files::free_bytes(&places.bundles())?;
    if len > free {
        return Err(IntakeError::NoRoom { path: source.to_path_buf(), needed: len, free });
    }
    let copy = NewFile::begin(&places.bundles().join("staged"))?;
    let mut tee = Tee { source: file, len, copy, at: 0, stop, trouble: None };
    let read = Outer::read(&mut tee);
    match (read, tee.trouble.take()) {
        (_, Some(Trouble::Stopped)) => Err(IntakeError::Stopped),
        (_, Some(Trouble::Copy(error))) => Err(StoreError::io("write", &places.bundles(), error).into()),
        (_, Some(Trouble::Source(error))) => Err(IntakeError::source(source, error)),
        (Ok(outer), None) if tee.at == len => held(outer, len, tee.copy),
        // The reader saw the end elsewhere than the system first said: the source is changing.
        (Ok(_), None) => Ok(Staged::Refused(BundleError::FileChanged { label: "the source".to_owned() })),
        (Err(error), None) => Ok(Staged::Refused(error)),
    }
}

fn held(outer: Outer, bytes: u64, mut copy: NewFile) -> Result<Staged, IntakeError> {
    copy.sync()?;
    let id = outer.id();
    let entry = Entry::Bundle { id, bytes, recipient: outer.return_recipient().to_string() };
    Ok(Staged::Held { entry, id, copy })
}

/// Opens a source that is a plain file, and tells its length.
pub(super) fn open(source: &Path) -> Result<(File, u64), IntakeError> {
    let trouble = |error| IntakeError::source(source, error);
    let not_a_file = || IntakeError::NotAFile { path: source.to_path_buf() };
    // Looked at before it is opened: opening a pipe waits for its other end.
    if !std::fs::metadata(source).map_err(trouble)?.is_file() {
        return Err(not_a_file());
    }
    let file = File::open(source).map_err(trouble)?;
    let meta = file.metadata().map_err(trouble)?;
    if meta.is_file() { Ok((file, meta.len())) } else { Err(not_a_file()) }
}

/// Which side failed, so that a bad stick is not taken for a bad bundle or a full disk.
#[derive(Debug)]
enum Trouble {
    Source(io::Error),
    Copy(io::Error),
    Stopped,
}

/// A source that is written down as it is read, from its beginning to its end and once.
struct Tee<'a> {
    source: File,
    len: u64,
    copy: NewFile,
    at: u64,
    stop: &'a AtomicBool,
    trouble: Option<Trouble>,
}

impl Tee<'_> {
    fn fail(&mut self, trouble: Trouble) -> io::Error {
        self.trouble = Some(trouble);
        io::Error::other("the copy failed")
    }
}

impl Read for Tee<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(self.fail(Trouble::Stopped));
        }
        let count = match self.source.read(bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(self.fail(Trouble::Source(error))),
        };
        if let Err(error) = self.copy.write_all(&bytes[..count]) {
            return Err(self.fail(Trouble::Copy(error)));
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Tee<'_> {
    /// Tells the length and goes to the beginning, which is all a reader of bundles asks for.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::End(0) if self.at == 0 => Ok(self.len),
            SeekFrom::Start(0) | SeekFrom::Current(0) if self.at == 0 => Ok(0),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}
