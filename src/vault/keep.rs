//! Keeping files and folders: every file becomes one item, byte for byte.
//!
//! A file is read once, hashed and sealed as it streams by. A file that changes or vanishes while it is read is
//! reported and the others are kept; links, devices and sockets are skipped and reported, never followed.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use serde::Serialize;

use super::change::Change;
use super::short_files::{self, Looked, Short};
use super::walk::{self, Found};
use super::{Progress, Vault, VaultError, label};
use crate::crypto::SecretBytes;
use crate::custody::Event;
use crate::evidence::consent::Consent;
use crate::evidence::item::{self, Item, Kind, LABEL_BYTES_MAX, LINE_BYTES_MAX, Origin};
use crate::format::id::RandomId;
use crate::format::time::Time;
use crate::store::{Pool, StoreError, StoredFile};

/// Files kept in one transaction: a folder of fewer is kept whole or not at all.
const FILES_PER_CHANGE_MAX: usize = 20_000;

/// Bytes from which the media type is guessed.
pub(super) const HEAD_BYTES: usize = 8 * 1024;

/// What `add` did, file by file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddOutcome {
    /// The new items, in the order they were read.
    pub added: Vec<Added>,
    /// What was not kept, and why.
    pub skipped: Vec<Skipped>,
}

/// One file that became an item.
#[derive(Debug, Clone, Serialize)]
pub struct Added {
    /// The item's number.
    pub item: u64,
    /// The file's label: its path relative to the folder it was found in.
    pub label: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Whether the same bytes were in this part already; they are stored once.
    pub known: bool,
    /// Whether the file was deleted while it was read: what is kept is whole, and may be the only copy.
    pub vanished: bool,
}

/// One path that was not kept.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// The path, for people: what is not UTF-8 in it is replaced.
    pub path: String,
    /// Why.
    pub why: SkipReason,
}

/// Why a path was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum SkipReason {
    /// A symbolic link; links are not followed.
    Link,
    /// A device, pipe or socket.
    NotAFile,
    /// It changed while it was read.
    Changed,
    /// It vanished before it could be read.
    Vanished,
    /// It lies inside the vault itself.
    InsideVault,
    /// It cannot be read; with what the system said.
    Unreadable(String),
}

impl Vault {
    /// Keeps the files and folders named, each file as one item, all in one transaction.
    ///
    /// A path that cannot be read is reported as skipped and the others are kept. Fails only when the vault itself
    /// cannot go on, and then nothing of it was kept (beyond 20,000 files: nothing after the last full 20,000).
    pub fn add_paths(
        &mut self,
        paths: &[PathBuf],
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<AddOutcome, VaultError> {
        let (found, skipped) = walk::files(paths, &self.folders()?, LABEL_BYTES_MAX);
        let total = found.iter().map(|file| file.len).sum();
        self.check_room(total)?;
        progress.start(total);
        let mut outcome = AddOutcome { added: Vec::new(), skipped };
        for batch in found.chunks(FILES_PER_CHANGE_MAX) {
            self.add_batch(batch, now, progress, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn add_batch(
        &mut self,
        batch: &[Found],
        now: Time,
        progress: &mut dyn Progress,
        outcome: &mut AddOutcome,
    ) -> Result<(), VaultError> {
        let mut change = self.begin()?;
        let mut events = Vec::new();
        short_files::each(batch, |found, looked, bytes| {
            let kept = match looked {
                Looked::Short(short) => Ok(change.keep_short(found, short, bytes, now, progress)?),
                Looked::Long => change.keep_file(found, now, progress)?,
                Looked::Skipped(why) => Err(why.clone()),
            };
            match kept {
                Ok((added, event)) => {
                    outcome.added.push(added);
                    events.push(event);
                }
                Err(why) => outcome.skipped.push(walk::skip(&found.path, why)),
            }
            Ok::<(), VaultError>(())
        })?;
        change.commit_all(events, now)
    }

    /// Refuses to begin what cannot fit where the vault lies.
    pub(super) fn check_room(&self, needed: u64) -> Result<(), VaultError> {
        if self.store.free_bytes()? < needed {
            return Err(VaultError::DiskFull { path: self.root.clone() });
        }
        Ok(())
    }
}

impl Change<'_> {
    /// Keeps a file that was read as an item.
    fn keep_short(
        &mut self,
        found: &Found,
        short: &Short,
        mut bytes: &[u8],
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<(Added, Event), VaultError> {
        let stored = self.put_claimed(&mut bytes, short.sums, &mut |bytes| progress.advance(bytes))?;
        self.keep_document(found, &stored, short.media_type.clone(), short.vanished, now)
    }

    /// Keeps one file as an item, or says why not; what the vault itself refuses is an error.
    fn keep_file(
        &mut self,
        found: &Found,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<Result<(Added, Event), SkipReason>, VaultError> {
        let (mut file, before) = match open(found) {
            Ok(opened) => opened,
            Err(why) => return Ok(Err(why)),
        };
        // A file that grows as fast as it is read would never end; one byte more says that it changed.
        let mut head = Head::new(&mut file, before.len() + 1);
        let stored = match self.put_file(&mut head, Pool::Items, &mut |bytes| progress.advance(bytes)) {
            Ok(stored) => stored,
            Err(StoreError::Source(error)) => return Ok(Err(walk::refused(&error))),
            Err(error) => return Err(error.into()),
        };
        let media_type = media_type(head.begin());
        let Ok(after) = file.metadata() else { return self.drop_file(&stored, SkipReason::Changed) };
        if !is_same(&before, &after) || stored.len != before.len() {
            return self.drop_file(&stored, SkipReason::Changed);
        }
        Ok(Ok(self.keep_document(found, &stored, media_type, after.nlink() == 0, now)?))
    }

    fn keep_document(
        &mut self,
        found: &Found,
        stored: &StoredFile,
        media_type: String,
        vanished: bool,
        now: Time,
    ) -> Result<(Added, Event), VaultError> {
        let mut item = new_item(Kind::Document, label::title_of(&found.label, LINE_BYTES_MAX), now);
        item.files.push(item::File {
            object: stored.object,
            digest: stored.digest,
            len: stored.len,
            media_type,
            label: found.label.clone(),
        });
        let (kept, event) = self.keep_new(item)?;
        let added = Added {
            item: kept.item.number,
            label: found.label.clone(),
            bytes: stored.len,
            sha256: stored.digest.to_string(),
            known: !stored.fresh,
            vanished,
        };
        Ok((added, event))
    }

    fn drop_file(
        &mut self,
        stored: &StoredFile,
        why: SkipReason,
    ) -> Result<Result<(Added, Event), SkipReason>, VaultError> {
        self.remove_object(&stored.object)?;
        Ok(Err(why))
    }
}

/// An own item with the safe consent and a secret of its own; it gets its number when it is kept.
pub(super) fn new_item(kind: Kind, title: String, now: Time) -> Item {
    Item {
        number: 0,
        id: RandomId::generate(),
        kind,
        title,
        created: now,
        consent: Consent::default(),
        date: None,
        place: None,
        persons: Vec::new(),
        account: None,
        files: Vec::new(),
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

/// Opens what was found, if it is still a plain file; a pipe put in its place does not stop us.
pub(super) fn open(found: &Found) -> Result<(File, Metadata), SkipReason> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(&found.path);
    let file = file.map_err(|error| walk::refused(&error))?;
    let metadata = file.metadata().map_err(|error| walk::refused(&error))?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(SkipReason::NotAFile) }
}

/// Whether a file was left alone between two looks at it. Deleting it changes the time of its entry, not its bytes.
pub(super) fn is_same(before: &Metadata, after: &Metadata) -> bool {
    let written = |m: &Metadata| (m.len(), m.mtime(), m.mtime_nsec());
    let changed = |m: &Metadata| (m.ctime(), m.ctime_nsec());
    written(before) == written(after) && (changed(before) == changed(after) || after.nlink() == 0)
}

/// Reads a file and remembers how it begins.
pub(super) struct Head<'a> {
    file: io::Take<&'a mut File>,
    head: Vec<u8>,
}

impl<'a> Head<'a> {
    /// Reads at most `bytes_max` bytes.
    pub(super) fn new(file: &'a mut File, bytes_max: u64) -> Head<'a> {
        Head { file: file.take(bytes_max), head: Vec::new() }
    }

    /// How it begins.
    pub(super) fn begin(&self) -> &[u8] {
        &self.head
    }
}

impl Read for Head<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(bytes)?;
        let wanted = (HEAD_BYTES - self.head.len()).min(count);
        self.head.extend_from_slice(&bytes[..wanted]);
        Ok(count)
    }
}

/// What a file seems to be, by its first bytes: its name is not believed.
pub(super) fn media_type(head: &[u8]) -> String {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type().to_owned();
    }
    let is_text = match std::str::from_utf8(head) {
        Ok(text) => is_plain(text),
        // The head may end within a character.
        Err(error) if error.error_len().is_none() => head.len() - error.valid_up_to() < 4,
        Err(_) => false,
    };
    if is_text && !head.is_empty() { "text/plain".to_owned() } else { "application/octet-stream".to_owned() }
}

fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_by_content() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg");
        assert_eq!(media_type(b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(media_type("گواهی\n".as_bytes()), "text/plain");
        assert_eq!(media_type(&"گواهی".as_bytes()[..5]), "text/plain");
        assert_eq!(media_type(b"\0\x01\x02"), "application/octet-stream");
        assert_eq!(media_type(b""), "application/octet-stream");
    }
}
