//! Repair: a damaged index is made anew from the journal, a damaged journal from the index, and what was damaged is
//! set aside.
//!
//! ```text
//! index whole, journal as far as the index        nothing to do, if both hold the same facts
//! index whole, journal not                        a journal of the index's facts, of as many blocks
//! journal whole up to some change                 an index of the journal's facts
//! neither                                         nothing is touched
//! ```
//!
//! Everything is tried on copies: as long as nobody said yes, nothing of the compartment changes. One file takes
//! another's place at a time, and the key stays the same, so that a repair that is interrupted is simply done again,
//! and what was set aside can still be read by whoever finds a better way. It goes at the next renewal.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::compartment::{Compartment, OpenEpoch};
use super::error::{Part, StoreError};
use super::files::{self, NewFile, NewFolder};
use super::index::{INDEX_FILE, Index, ROLLBACK_END};
use super::journal::{Extent, JOURNAL_FILE, Journal};
use super::lock::Lock;
use super::opened::{PACKS_DIR, take_in};
use super::packs::{Directory, PackRow, PackStore};
use super::renew::{NEXT_INDEX, NEXT_JOURNAL};
use super::{Row, Store, fact, index};
use crate::crypto::keyslot::IndexKey;
use crate::crypto::{Digest, Hasher, MasterKey, Secret};
use crate::format::id::RandomId;

/// How the names of files end that were damaged and set aside.
const ASIDE_END: &str = ".damaged";

/// What is to be done about a compartment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Nothing: index and journal are whole.
    Nothing,
    /// The index is made anew from the journal.
    Index,
    /// The journal is made anew from the index.
    Journal,
}

/// What an examination found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Diagnosis {
    /// What is to be done.
    pub remedy: Remedy,
    /// The journal cannot be read to its end, or packs hold what it does not tell of: what was changed last is lost.
    pub lost: bool,
    /// Only the state before a renewal can be had: what was forgotten then is there again.
    pub earlier: bool,
    /// The folder of packs is gone, and with it everything that lay there.
    pub packs_gone: bool,
}

impl Diagnosis {
    /// Whether anything would be changed.
    pub fn is_well(self) -> bool {
        self.remedy == Remedy::Nothing && !self.earlier && !self.packs_gone
    }
}

/// A compartment that was examined. Its lock is held until it is repaired or this is dropped.
pub struct Examined {
    diagnosis: Diagnosis,
    epoch: OpenEpoch,
    /// The copy that stands above the epoch which counted, where that opens nothing.
    overruled: Option<OpenEpoch>,
    journal: Option<Rebuilt>,
    _scratch: NewFolder,
    lock: Lock,
}

/// An index made anew from a journal, in the scratch folder.
struct Rebuilt {
    index: PathBuf,
    /// The journal it was made from.
    journal: &'static str,
    /// Up to where that is whole.
    extent: Extent,
    /// Something lies beyond.
    torn: bool,
}

/// An index that is whole, as a copy in the scratch folder.
struct Whole {
    copy: PathBuf,
    extent: Extent,
}

impl Examined {
    /// What was found.
    pub fn diagnosis(&self) -> Diagnosis {
        self.diagnosis
    }
}

impl Compartment {
    /// Finds out what is damaged, on copies: nothing of the compartment changes. An index of a later version is
    /// [`StoreError::Newer`]; where neither index nor journal can be read, that is [`StoreError::Damaged`].
    pub fn examine(&self, master: &MasterKey) -> Result<Examined, StoreError> {
        files::check_own(self.dir())?;
        let lock = Lock::file(self.dir())?;
        let scratch = NewFolder::begin(self.dir())?;
        let mut overruled = None;
        for epoch in self.epochs(master)? {
            // What was tried under another key stays out of the way.
            let tried = scratch.path().join(epoch.copy.to_string());
            files::create_dir(&tried)?;
            let examination = Examination { dir: self.dir(), scratch: &tried, key: &epoch.key };
            if let Some((mut diagnosis, journal)) = examination.run()? {
                diagnosis.earlier = overruled.is_some();
                diagnosis.packs_gone = !self.dir().join(PACKS_DIR).is_dir();
                return Ok(Examined { diagnosis, epoch, overruled, journal, _scratch: scratch, lock });
            }
            overruled = overruled.or(Some(epoch));
        }
        Err(StoreError::Damaged { part: Part::Index, path: self.dir().join(INDEX_FILE) })
    }

    /// Does what the examination found is to be done, and opens the compartment. Gives the names of the files that
    /// were set aside as well.
    pub fn repair(&self, master: &MasterKey, examined: Examined) -> Result<(Store, Vec<String>), StoreError> {
        let Examined { diagnosis, epoch, overruled, journal, _scratch: scratch, lock } = examined;
        let mut aside = Aside { dir: self.dir().to_path_buf(), names: Vec::new() };
        if diagnosis.packs_gone {
            files::create_dir(&self.dir().join(PACKS_DIR))?;
        }
        if overruled.is_some() && diagnosis.remedy != Remedy::Index {
            aside.put_next_aside()?;
            aside.keep_beyond(&self.dir().join(INDEX_FILE), &epoch.key)?;
        }
        match (diagnosis.remedy, journal) {
            (Remedy::Index, Some(rebuilt)) => aside.replace_index(&rebuilt, &epoch.key)?,
            (Remedy::Journal, _) => aside.replace_journal(scratch.path(), &epoch.key)?,
            _ => {}
        }
        if let Some(overruled) = overruled {
            // It is overwritten where it lies, and so would be a second name of it.
            aside.keep_copy(&self.epoch_path(overruled.copy))?;
            self.overrule(&overruled, master, &epoch.key)?;
        }
        drop(scratch);
        Ok((self.open_held(master, lock)?, aside.names))
    }
}

/// An examination under one key.
struct Examination<'e> {
    dir: &'e Path,
    scratch: &'e Path,
    key: &'e IndexKey,
}

impl Examination<'_> {
    /// What is to be done, if anything opens under the key.
    fn run(&self) -> Result<Option<(Diagnosis, Option<Rebuilt>)>, StoreError> {
        let index = self.whole_index()?;
        let journal = self.rebuilt_index()?;
        let found = |remedy, lost| Diagnosis { remedy, lost, earlier: false, packs_gone: false };
        Ok(match (index, journal) {
            (Some(index), Some(journal)) if journal.extent.blocks >= index.extent.blocks => {
                let remedy = if self.agree(&index, &journal)? { Remedy::Nothing } else { Remedy::Index };
                Some((found(remedy, false), Some(journal)))
            }
            (Some(_), _) => Some((found(Remedy::Journal, false), None)),
            (None, Some(journal)) => {
                let lost = journal.torn || self.packs_hold_more(&journal)?;
                Some((found(Remedy::Index, lost), Some(journal)))
            }
            (None, None) => None,
        })
    }

    /// The index that opening would take, if it is whole. What SQLite would take back of it is taken back in the copy.
    fn whole_index(&self) -> Result<Option<Whole>, StoreError> {
        for name in [NEXT_INDEX, INDEX_FILE] {
            let copy = self.scratch.join(name);
            let whole = self.copy(name).and_then(|()| {
                let index = Index::open(&copy, self.key)?;
                index.check()?;
                index.journal_extent()
            });
            match whole {
                Ok(extent) => return Ok(Some(Whole { copy, extent })),
                Err(error) if is_damage(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Copies an index, and what SQLite keeps beside it.
    fn copy(&self, name: &str) -> Result<(), StoreError> {
        copy_file(&self.dir.join(name), &self.scratch.join(name))?;
        let beside = format!("{name}{ROLLBACK_END}");
        match self.dir.join(&beside).symlink_metadata() {
            Ok(_) => copy_file(&self.dir.join(&beside), &self.scratch.join(&beside)),
            Err(_) => Ok(()),
        }
    }

    /// The index that the journal makes, if a change of it can be read.
    fn rebuilt_index(&self) -> Result<Option<Rebuilt>, StoreError> {
        for name in [NEXT_JOURNAL, JOURNAL_FILE] {
            let index = self.scratch.join(format!("of-{name}"));
            let extent = self.rebuild(&self.dir.join(name), &index)?;
            if extent != Extent::EMPTY {
                let len = fs::metadata(self.dir.join(name)).map_or(0, |about| about.len());
                return Ok(Some(Rebuilt { index, journal: name, extent, torn: len != extent.len() }));
            }
        }
        Ok(None)
    }

    /// Makes an index of every whole change before the first that is not; says how far they reach.
    fn rebuild(&self, journal: &Path, to: &Path) -> Result<Extent, StoreError> {
        let index = Index::create(to, self.key)?;
        let taken = Journal::open(journal, self.key, Extent::EMPTY)
            .and_then(|mut journal| take_in(&index, &mut journal));
        match taken {
            Err(error) if !is_damage(&error) => Err(error),
            _ => index.journal_extent(),
        }
    }

    /// Whether an index and a journal hold the same facts.
    fn agree(&self, whole: &Whole, rebuilt: &Rebuilt) -> Result<bool, StoreError> {
        let index = Index::open(&whole.copy, self.key)?;
        let mut journal = Journal::open(&self.dir.join(rebuilt.journal), self.key, whole.extent)?;
        match take_in(&index, &mut journal) {
            Err(error) if is_damage(&error) => return Ok(false),
            taken => taken?,
        }
        Ok(digest(&index)? == digest(&Index::open(&rebuilt.index, self.key)?)?)
    }

    /// Whether packs hold anything of changes that the journal does not tell of.
    fn packs_hold_more(&self, rebuilt: &Rebuilt) -> Result<bool, StoreError> {
        Ok(!beyond(self.dir, &Index::open(&rebuilt.index, self.key)?)?.is_empty())
    }
}

/// Sets damaged files aside and puts whole ones in their places.
struct Aside {
    dir: PathBuf,
    names: Vec<String>,
}

impl Aside {
    /// The journal comes first: until the index has its name, both can be examined again.
    fn replace_index(&mut self, rebuilt: &Rebuilt, key: &IndexKey) -> Result<(), StoreError> {
        let journal = self.dir.join(JOURNAL_FILE);
        if rebuilt.journal != JOURNAL_FILE {
            self.keep(&journal)?;
            files::rename_over(&self.dir.join(rebuilt.journal), &journal)?;
        } else if rebuilt.torn {
            // The next opening cuts off its end.
            self.keep_copy(&journal)?;
        }
        self.keep_beyond(&rebuilt.index, key)?;
        self.put_next_aside()?;
        self.put_aside(&self.dir.join(beside(INDEX_FILE)))?;
        self.keep(&self.dir.join(INDEX_FILE))?;
        files::rename_over(&rebuilt.index, &self.dir.join(INDEX_FILE))
    }

    /// A journal of the index's facts has as many blocks as the index says it has: it never had fewer than they take.
    fn replace_journal(&mut self, scratch: &Path, key: &IndexKey) -> Result<(), StoreError> {
        super::renew::settle(&self.dir, key)?;
        let (path, new) = (self.dir.join(JOURNAL_FILE), scratch.join(JOURNAL_FILE));
        let index = Index::open(&self.dir.join(INDEX_FILE), key)?;
        if let Ok(mut old) = Journal::open(&path, key, index.journal_extent()?) {
            take_in(&index, &mut old)?;
        }
        let extent = index.journal_extent()?;
        let mut journal = Journal::create(&new, key)?;
        index.each_fact(|kind, key, value| journal.push(kind, key, Some(value)))?;
        while journal.finish()?.blocks < extent.blocks {}
        if journal.extent() != extent {
            return Err(StoreError::Damaged { part: Part::Index, path: self.dir.join(INDEX_FILE) });
        }
        self.keep(&path)?;
        files::rename_over(&new, &path)
    }

    /// The next opening would remove packs that this index does not know, and cut off what lies beyond the others.
    fn keep_beyond(&mut self, index: &Path, key: &IndexKey) -> Result<(), StoreError> {
        for pack in beyond(&self.dir, &Index::open(index, key)?)? {
            self.keep_copy(&self.dir.join(PACKS_DIR).join(pack.to_string()))?;
        }
        Ok(())
    }

    /// What is there of a renewal cannot be used, and would be taken up or removed by the next opening.
    fn put_next_aside(&mut self) -> Result<(), StoreError> {
        let names = [NEXT_INDEX.to_owned(), beside(NEXT_INDEX), NEXT_JOURNAL.to_owned()];
        names.iter().try_for_each(|name| self.put_aside(&self.dir.join(name)))
    }

    fn put_aside(&mut self, path: &Path) -> Result<(), StoreError> {
        self.keep(path)?;
        files::remove(path)
    }

    /// Gives a file a second name, if it is there; its bytes stay where they are.
    fn keep(&mut self, path: &Path) -> Result<(), StoreError> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        let aside = free_name(path);
        match files::link(path, &aside) {
            Ok(()) => {}
            // Not every file system knows second names.
            Err(_) => copy_file(path, &aside)?,
        }
        self.note(&aside);
        Ok(())
    }

    /// Copies a file that is about to be cut.
    fn keep_copy(&mut self, path: &Path) -> Result<(), StoreError> {
        let aside = free_name(path);
        copy_file(path, &aside)?;
        self.note(&aside);
        Ok(())
    }

    fn note(&mut self, aside: &Path) {
        let name = aside.strip_prefix(&self.dir).unwrap_or(aside);
        self.names.push(name.to_string_lossy().into_owned());
    }
}

/// Removes what repairs set aside: afterwards a passphrase opens nothing of it any more. What holds a key is overwritten
/// where it lies.
pub(super) fn remove_set_aside(dir: &Path) -> Result<(), StoreError> {
    for path in set_aside(dir)? {
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"epoch.")) {
            let len = fs::metadata(&path).map_or(0, |about| about.len());
            files::overwrite_in_place(&path, &vec![0; usize::try_from(len.min(4096)).unwrap_or(0)])?;
        }
        files::remove(&path)?;
    }
    Ok(())
}

/// What repairs set aside.
pub(super) fn set_aside(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    for folder in [dir.to_path_buf(), dir.join(PACKS_DIR)] {
        for entry in fs::read_dir(&folder).map_err(|e| StoreError::io("list", &folder, e))? {
            let path = entry.map_err(|e| StoreError::io("list", &folder, e))?.path();
            if path.as_os_str().as_encoded_bytes().ends_with(ASIDE_END.as_bytes()) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The packs that an index does not know, or not to their ends.
fn beyond(dir: &Path, index: &Index) -> Result<Vec<RandomId>, StoreError> {
    let mut known = BTreeMap::new();
    index.each(PackRow::KIND, &[], |bytes| {
        let row: PackRow = index::decode(bytes)?;
        known.insert(row.pack, row.len);
        Ok(())
    })?;
    let packs = dir.join(PACKS_DIR);
    if !packs.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Directory::open(&packs).list()?;
    found.retain(|(pack, len)| known.get(pack).is_none_or(|known| len > known));
    Ok(found.into_iter().map(|(pack, _)| pack).collect())
}

/// A digest of every fact that an index holds.
fn digest(index: &Index) -> Result<Digest, StoreError> {
    let mut hasher = Hasher::new();
    index.each_fact(|kind, key, value| {
        let mut bytes = Secret::new(Vec::new());
        fact::encode(kind, key, Some(value), &mut bytes)?;
        hasher.update(bytes.expose());
        Ok(())
    })?;
    Ok(hasher.finish())
}

/// Whether an error says that a file cannot be read, rather than that there is no room or too new a format.
fn is_damage(error: &StoreError) -> bool {
    match error {
        StoreError::Damaged { .. } | StoreError::Index { .. } | StoreError::Row { .. } => true,
        StoreError::Io { step, source, .. } => *step == "read" || source.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = files::open_for_reading(from)?;
    let mut copy = NewFile::begin(to)?;
    io::copy(&mut Reading(&mut source, from), &mut copy)
        .map_err(|e| StoreError::from_stream("write", to, e))?;
    copy.commit()
}

/// Tells a source that cannot be read from a medium that cannot be written.
struct Reading<'r>(&'r mut fs::File, &'r Path);

impl io::Read for Reading<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(|e| StoreError::io("read", self.1, e).into())
    }
}

fn beside(name: &str) -> String {
    format!("{name}{ROLLBACK_END}")
}

/// A name beside a file that nothing has yet.
fn free_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbered = |number: u32| match number {
        0 => path.with_file_name(format!("{name}{ASIDE_END}")),
        number => path.with_file_name(format!("{name}.{number}{ASIDE_END}")),
    };
    (0..).map(numbered).find(|free| free.symlink_metadata().is_err()).expect("some number is free")
}
