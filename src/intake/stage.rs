//! Staging: a source is looked at, copied onto a shelf of the archive, and the copy is checked.
//!
//! The look is quick whatever the source claims to be: all of a bundle but its payload is read, and both signatures
//! must hold before anything is copied. The full check reads what was copied, from the disk where that can be had:
//! so what is kept is what was checked, however the source changed meanwhile. The copy has a temporary name until
//! then. Nothing here touches the ledger, so several sources can be staged at once.

use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::archive::Shelf;
use super::carriers::Carriers;
use super::gather::is_named_part;
use super::ledger::Entry;
use super::source::Source;
use super::{IntakeError, stored};
use crate::bundle::carrier::{self, BEGINNING_BYTES};
use crate::bundle::parts::Split;
use crate::bundle::volume::begins_a_part;
use crate::bundle::{BundleError, Check, Envelope, Outer};
use crate::crypto::checksum::Checksum;
use crate::crypto::hash::Digest;
use crate::store::StoreError;
use crate::store::files::{self, NewFile};

const BUFFER_BYTES: usize = 1 << 20;

/// What staging made of a source.
#[derive(Debug)]
pub(super) enum Staged {
    /// It holds, and lies synced under a temporary name.
    Held { entry: Entry, id: Digest, copy: NewFile },
    /// A whole bundle with its id lies on the shelf already.
    Here { entry: Entry, id: Digest },
    /// It is no bundle, or one that does not hold.
    Refused(BundleError),
}

/// What a source turned out to be.
#[derive(Debug)]
pub(super) enum Brought {
    /// A bundle, or what claims to be one.
    Bundle(Staged),
    /// A part of a bundle, which is kept where the others of its set are.
    Part,
    /// Another program's file whose name ends as those of parts do.
    Foreign,
}

/// Looks at one source; copies it and checks the copy, unless it is a part.
pub(super) fn stage(
    shelf: &Shelf,
    carriers: &Carriers,
    source: &Path,
    stop: &AtomicBool,
) -> Result<Brought, IntakeError> {
    let (mut file, _) = carriers.open(source)?;
    let is_carrier = matches!(file, Source::Carrier(_));
    let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
    let begun = file.by_ref().take(BEGINNING_BYTES as u64).read_to_end(&mut beginning);
    begun.map_err(|error| IntakeError::source(source, error))?;
    drop(file);
    if begins_a_part(&beginning) {
        return Ok(Brought::Part);
    }
    if is_named_part(source) && !is_carrier && !carrier::is_plain(&beginning) {
        return Ok(Brought::Foreign);
    }
    let room = &mut |len| {
        let free = files::free_bytes(shelf.folder())?;
        if len > free { Err(no_room(source, len, free)) } else { Ok(()) }
    };
    stage_within(shelf, carriers, source, room, stop).map(Brought::Bundle)
}

/// That what came does not fit.
pub(super) fn no_room(source: &Path, needed: u64, free: u64) -> IntakeError {
    IntakeError::NoRoom { path: source.to_path_buf(), needed, free }
}

/// As [`stage`] for what is no part, where `room` says whether a file of this length may be copied.
pub(super) fn stage_within(
    shelf: &Shelf,
    carriers: &Carriers,
    source: &Path,
    room: &mut dyn FnMut(u64) -> Result<(), IntakeError>,
    stop: &AtomicBool,
) -> Result<Staged, IntakeError> {
    let (mut file, len) = carriers.open(source)?;
    let id = match look(&mut file) {
        Ok(id) => id,
        Err(BundleError::Io(error)) => return Err(IntakeError::source(source, error)),
        Err(reason) => return Ok(Staged::Refused(reason)),
    };
    if let Some(entry) = stored::whole(&shelf.bundle(&id), &id) {
        return Ok(Staged::Here { entry, id });
    }
    room(len)?;
    let mut copy = NewFile::begin(&shelf.bundle(&id))?.undated();
    file.rewind().map_err(|error| IntakeError::source(source, error))?;
    let written = copy_whole(&mut file.take(len), &mut copy, source, stop)?;
    copy.sync()?;
    check(shelf, copy, written)
}

/// Asks all that can be asked without reading the payload; the id that the bundle has if the rest holds too.
fn look(source: &mut Source) -> Result<Digest, BundleError> {
    let envelope = Envelope::skim(source, Split::default())?;
    let mut quick = Check::ALL.into_iter().filter(|check| *check != Check::Manifest);
    quick.try_for_each(|check| envelope.check(check))?;
    Ok(envelope.id())
}

/// Copies a source to its end; the checksum of what was written.
pub(super) fn copy_whole(
    source: &mut impl Read,
    copy: &mut NewFile,
    from: &Path,
    stop: &AtomicBool,
) -> Result<u32, IntakeError> {
    let (mut buffer, mut written) = (vec![0; BUFFER_BYTES], Checksum::new());
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(IntakeError::Stopped);
        }
        let count = match source.read(&mut buffer) {
            Ok(0) => return Ok(written.finish()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(IntakeError::source(from, error)),
        };
        let path = copy.path().to_path_buf();
        copy.write_all(&buffer[..count]).map_err(|error| StoreError::io("write", &path, error))?;
        written.update(&buffer[..count]);
    }
}

/// Refuses a copy that reads back as something else than what was written.
pub(super) fn check_kept(copy: &NewFile, written: u32) -> Result<(), IntakeError> {
    let mut kept = Checksum::new();
    io::copy(&mut copy.reread()?, &mut kept).map_err(|error| StoreError::io("read", copy.path(), error))?;
    if kept.finish() == written {
        return Ok(());
    }
    Err(StoreError::ReadsBack { path: copy.path().to_path_buf() }.into())
}

/// Checks what was copied, and gives it the name that its id is. `written` is the checksum of what was written: where the
/// disk has kept something else, a copy that does not hold says nothing against its source.
pub(super) fn check(shelf: &Shelf, copy: NewFile, written: u32) -> Result<Staged, IntakeError> {
    let trouble = |error| IntakeError::Store(StoreError::io("read", copy.path(), error));
    let mut kept = copy.reread()?;
    let bytes = kept.file_len().map_err(trouble)?;
    let outer = match Outer::read(&mut kept) {
        Ok(outer) => outer,
        Err(BundleError::Io(error)) => return Err(trouble(error)),
        Err(reason) => {
            check_kept(&copy, written)?;
            return Ok(Staged::Refused(reason));
        }
    };
    // Anew from the copy: the source may have become another bundle since it was looked at.
    let id = outer.id();
    let copy = copy.rename(&shelf.bundle(&id));
    Ok(Staged::Held { entry: stored::entry(&outer, bytes), id, copy })
}

#[cfg(test)]
mod tests {
    use super::super::archive::Places;
    use super::*;
    use crate::bundle::sample::{Shelf as Files, organisation, seal, testimony};

    /// The desk's disk kept something else than what came, and a good bundle was called forged.
    #[test]
    fn a_copy_that_does_not_hold_says_nothing_against_its_source_where_the_disk_kept_something_else() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Places::of(dir.path()).bundles();
        files::create_dir(shelf.folder()).unwrap();
        let (bundle, _) =
            seal(&organisation(1, 1).card, &[testimony("…")], &Files::default(), Split::default());
        let came = bundle.into_inner();
        let mut kept = came.clone();
        let middle = kept.len() / 2;
        kept[middle] ^= 1;
        let checked = |kept: &[u8], came: &[u8]| {
            let mut copy = NewFile::begin(&shelf.folder().join("copy")).unwrap();
            copy.write_all(kept).unwrap();
            copy.sync().unwrap();
            let mut written = Checksum::new();
            written.update(came);
            check(&shelf, copy, written.finish())
        };
        assert!(matches!(checked(&came, &came), Ok(Staged::Held { .. })));
        assert!(matches!(checked(&kept, &kept), Ok(Staged::Refused(BundleError::Manifest { .. }))));
        let other = checked(&kept, &came);
        assert!(matches!(other, Err(IntakeError::Store(StoreError::ReadsBack { .. }))), "{other:?}");
    }
}
