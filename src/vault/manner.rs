//! How bundles are carried: whole or in parts, as they are or as carriers, under names that tell nothing or under one
//! that the person chose.
//!
//! A carrier key is held while it is used and never kept, nor is anything that would tell that there was one. So which
//! carriers on a medium are ours only the key shows, by what is in them: their names are random, and new each time.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::sync::NAMES_MAX;
use super::volumes::Volumes;
use super::{MediumProblem, VaultError, medium};
use crate::bundle::carrier::{self, BEGINNING_BYTES};
use crate::bundle::parts::Split;
use crate::bundle::volume::{PART_BYTES_MIN, PART_STEP_BYTES, Part, begins_a_part};
use crate::bundle::{BundleError, Envelope};
use crate::crypto::carrier::{CarrierReader, CarrierWriter};
use crate::crypto::{CarrierKey, Digest, hex, random};
use crate::format::archive::BLOCK_BYTES;
use crate::format::plain_name::PlainName;
use crate::store::files::{self, NewFile};

/// How the name of a carrier ends: as that of many programs' data.
const CARRIER_ENDING: &str = "dat";
/// Bytes of chance in a carrier's name.
const NAME_BYTES: usize = 8;

/// How what waits is carried.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner<'m> {
    /// Only what goes to this contact.
    pub to: Option<&'m str>,
    /// In parts, where it is longer than these allow.
    pub volumes: Option<Volumes>,
    /// As carriers under this key.
    pub carrier: Option<&'m CarrierKey>,
    /// Under this name, where it is one file.
    pub name: Option<&'m PlainName>,
}

impl Manner<'_> {
    /// How bundles are cut: a carrier has to leave room for its tail.
    pub(super) fn volumes(&self) -> Option<Volumes> {
        let with_tail = |bytes| carrier::content_max(bytes).unwrap_or(0);
        let cut = |volumes: Volumes| Volumes { part_bytes: with_tail(volumes.part_bytes), ..volumes };
        if self.carrier.is_some() { self.volumes.map(cut) } else { self.volumes }
    }

    /// How long the file is at most that has so much in it.
    pub(super) fn len_max(&self, content: u64) -> u64 {
        if self.carrier.is_some() { carrier::len_max(content) } else { content }
    }

    /// What is said where parts are too small: of the files that are asked for, not of what is in them.
    pub(super) fn told(&self, error: VaultError) -> VaultError {
        match error {
            VaultError::Bundle(BundleError::VolumeSize { smallest }) => {
                let smallest = self.len_max(smallest).next_multiple_of(PART_STEP_BYTES).max(PART_BYTES_MIN);
                VaultError::Bundle(BundleError::VolumeSize { smallest })
            }
            other => other,
        }
    }

    /// Refuses to give one name to several files. Nothing is written yet.
    pub(super) fn check_name(&self, dir: &Path, files: usize) -> Result<(), VaultError> {
        match self.name {
            Some(_) if files > 1 => Err(medium::problem(dir, MediumProblem::OneName { files })),
            _ => Ok(()),
        }
    }

    /// The file that the person chose a name for, if she did.
    pub(super) fn chosen(&self, dir: &Path) -> Option<PathBuf> {
        self.name.map(|name| dir.join(name.as_str()))
    }

    /// Where a new carrier goes.
    pub(super) fn carrier_path(&self, dir: &Path) -> Result<PathBuf, VaultError> {
        let random = || dir.join(format!("{}.{CARRIER_ENDING}", hex::encode(&random::array::<NAME_BYTES>())));
        let path = self.chosen(dir).unwrap_or_else(random);
        match path.symlink_metadata() {
            Ok(_) => Err(medium::problem(&path, MediumProblem::Occupied)),
            Err(_) => Ok(path),
        }
    }

    /// Begins a file on a medium.
    pub(super) fn begin(&self, path: &Path) -> Result<Output, VaultError> {
        let file = NewFile::begin(path)?.undated();
        match self.carrier {
            None => Ok(Output::Plain(file)),
            Some(key) => {
                let writer = CarrierWriter::new(key, file);
                Ok(Output::Carrier(writer.map_err(|error| medium::failed("write", path, error))?))
            }
        }
    }

    /// Reads what is in a file on a medium.
    pub(super) fn open<R: Read + Seek>(&self, file: R) -> io::Result<Input<R>> {
        match self.carrier {
            None => Ok(Input::Plain(file)),
            Some(key) => carrier::open(key, file).map(Input::Carrier),
        }
    }
}

/// A file that is being written to a medium.
pub(super) enum Output {
    Plain(NewFile),
    Carrier(CarrierWriter<NewFile>),
}

impl Output {
    /// Ends it, after so much content.
    pub fn finish(self, content: u64) -> io::Result<NewFile> {
        match self {
            Output::Plain(file) => Ok(file),
            Output::Carrier(writer) => writer.finish(carrier::tail_len(content)),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Plain(file) => file.write(bytes),
            Output::Carrier(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Plain(file) => file.flush(),
            Output::Carrier(writer) => writer.flush(),
        }
    }
}

/// What is in a file on a medium.
pub(super) enum Input<R> {
    Plain(R),
    Carrier(CarrierReader<R>),
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Plain(file) => file.read(bytes),
            Input::Carrier(reader) => reader.read(bytes),
        }
    }
}

impl<R: Read + Seek> Seek for Input<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Input::Plain(file) => file.seek(to),
            Input::Carrier(reader) => reader.seek(to),
        }
    }
}

/// The carriers on a medium that a key shows, by the bundle or the part that each says it is.
#[derive(Debug, Default)]
pub(super) struct Covered {
    bundles: HashMap<Digest, Vec<PathBuf>>,
    parts: HashMap<(Digest, u16), Vec<PathBuf>>,
}

impl Covered {
    /// Looks at every file in a folder; without a key, at none.
    pub fn look(dir: &Path, manner: &Manner) -> Result<Covered, VaultError> {
        let mut covered = Covered::default();
        let Some(key) = manner.carrier else { return Ok(covered) };
        let unread = |source| VaultError::Read { path: dir.to_path_buf(), source };
        for (number, entry) in dir.read_dir().map_err(unread)?.enumerate() {
            if number >= NAMES_MAX {
                return Err(medium::problem(dir, MediumProblem::TooManyNames { names_max: NAMES_MAX }));
            }
            let path = entry.map_err(unread)?.path();
            // What cannot be read is not ours to complain of: there may be anything on a stick.
            covered.note(path, key).unwrap_or_default();
        }
        Ok(covered)
    }

    fn note(&mut self, path: PathBuf, key: &CarrierKey) -> io::Result<()> {
        if !path.symlink_metadata()?.is_file() {
            return Ok(());
        }
        let file = File::open(&path)?;
        let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
        (&file).take(BEGINNING_BYTES as u64).read_to_end(&mut beginning)?;
        if !carrier::is_under(key, &beginning) {
            return Ok(());
        }
        let mut content = carrier::open(key, &file)?;
        let mut block = Vec::with_capacity(BLOCK_BYTES);
        (&mut content).take(BLOCK_BYTES as u64).read_to_end(&mut block)?;
        content.rewind()?;
        if begins_a_part(&block) {
            if let Ok(part) = Part::open(&mut content) {
                self.parts.entry((part.set().id(), part.number())).or_default().push(path.clone());
            }
        } else if let Ok(envelope) = Envelope::skim(&mut content, Split::default()) {
            self.bundles.entry(envelope.id()).or_default().push(path.clone());
        }
        // Reading dated it, and it is ours.
        let _ = files::undate(&file, &path);
        Ok(())
    }

    /// The files that say they are this bundle and are there still.
    pub fn bundle(&self, id: &Digest) -> impl Iterator<Item = &PathBuf> {
        self.bundles.get(id).into_iter().flatten().filter(|path| is_there(path))
    }

    /// The files that say they are this part and are there still.
    pub fn part(&self, set: &Digest, number: u16) -> impl Iterator<Item = &PathBuf> {
        self.parts.get(&(*set, number)).into_iter().flatten().filter(|path| is_there(path))
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
