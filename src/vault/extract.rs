//! Extracting: with disclosing, the one thing a vault does that leaves plaintext on a disk, and only where it is told to.
//!
//! A file's given name is a label, never a path: what is written lies directly under the folder named, nothing there
//! is overwritten, and nothing that does not show is left in a name. What is read is checked against its digest
//! before the file gets its name.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::rows::Kept;
use super::{MediumProblem, Progress, Vault, VaultError, label, medium};
use crate::crypto::HashingReader;
use crate::custody::Event;
use crate::evidence::item::File;
use crate::evidence::testimony::Testimony;
use crate::format::time::Time;
use crate::store::StoreError;
use crate::store::files::NewFile;

/// How many files of one name may lie in one folder.
const SAME_NAMES_MAX: u32 = 10_000;

/// Bytes copied at once.
const CHUNK_BYTES: usize = 1 << 20;

/// What `extract` wrote.
#[derive(Debug, Clone, Serialize)]
pub struct ExtractOutcome {
    /// The item.
    pub item: u64,
    /// The files written, in plain.
    #[serde(serialize_with = "crate::format::path::many")]
    pub files: Vec<PathBuf>,
}

impl Vault {
    /// Writes an item's originals, and its account as UTF-8 text, **in plain** under `dir`, which is made if need
    /// be. Nothing is overwritten.
    pub fn extract(
        &mut self,
        number: u64,
        dir: &Path,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<ExtractOutcome, VaultError> {
        let kept = self.kept(number)?;
        self.check_not_withdrawn(&kept)?;
        let _held = medium::prepare(dir)?;
        check_room(dir, &kept)?;
        self.begin()?.commit(Event::Extract { item: kept.item.id }, now)?;
        let account = self.account(number)?;
        let total = kept.item.files.iter().map(|file| file.len).sum::<u64>();
        progress.start(total);
        let mut written = Vec::new();
        if let Some(account) = account {
            let name = label::file_name(&format!("{}.txt", kept.item.title.replace(['/', '\\'], "_")));
            let text = Testimony::parse(&account).text() + "\n";
            let telling = write(dir, &name, |out| Ok(out.write_all(text.as_bytes())?));
            written.push(medium::on(dir, telling)?);
        }
        for file in &kept.item.files {
            let name = label::file_name(&file.label);
            let copying = write(dir, &name, |out| self.copy_original(file, out, progress));
            written.push(medium::on(dir, copying)?);
        }
        Ok(ExtractOutcome { item: number, files: written })
    }

    /// Copies an original to a file that is being written, checked against its digest.
    pub(super) fn copy_whole(
        &self,
        file: &File,
        out: &mut NewFile,
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        let path = out.path().to_path_buf();
        self.copy_original(file, out, progress).map_err(|error| told(error, &path))
    }

    fn copy_original(
        &self,
        file: &File,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<(), Copying> {
        let mut reader = HashingReader::new(self.store.open_object(&file.object).map_err(Copying::Vault)?);
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Copying::Damaged),
            };
            out.write_all(&chunk[..count])?;
            progress.advance(count as u64);
        }
        if reader.finish() != (file.digest, file.len) {
            return Err(Copying::Damaged);
        }
        Ok(())
    }
}

/// What can go wrong between an object and a file in plain.
enum Copying {
    Vault(StoreError),
    Damaged,
    Medium(io::Error),
}

impl From<io::Error> for Copying {
    fn from(error: io::Error) -> Copying {
        Copying::Medium(error)
    }
}

/// Writes one file under the first free name of its kind.
fn write(
    dir: &Path,
    name: &str,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), Copying>,
) -> Result<PathBuf, VaultError> {
    let path = free_name(dir, name)?;
    let mut file = NewFile::begin(&path)?;
    fill(&mut file).map_err(|error| told(error, &path))?;
    file.commit()?;
    Ok(path)
}

fn told(error: Copying, path: &Path) -> VaultError {
    match error {
        Copying::Vault(error) => error.into(),
        Copying::Damaged => VaultError::damaged("an original"),
        Copying::Medium(error) => medium::failed("write", path, error),
    }
}

fn free_name(dir: &Path, name: &str) -> Result<PathBuf, VaultError> {
    let names = (1..=SAME_NAMES_MAX).map(|count| dir.join(label::numbered(name, count)));
    let mut free = names.filter(|path| path.symlink_metadata().is_err());
    free.next().ok_or_else(|| VaultError::Medium { path: dir.join(name), problem: MediumProblem::Occupied })
}

fn check_room(dir: &Path, kept: &Kept) -> Result<(), VaultError> {
    medium::check_room(dir, kept.bytes)?;
    kept.item.files.iter().try_for_each(|file| medium::check_len(dir, file.len))
}
