//! An archive: making one, and opening one as its only writer.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::carriers::Carriers;
use super::draft::Founding;
use super::ledger::{About, Ledger};
use super::{IntakeError, parts};
use crate::bundle::layout::BUNDLE_ENDING;
use crate::bundle::letter::LETTER_ENDING;
use crate::crypto::hash::Digest;
use crate::crypto::hex;
use crate::crypto::{LogSigningKey, Secret, random};
use crate::format::note::{KeyKind, NoteSigner, NoteVerifier};
use crate::format::private_key::{self, PRIVATE_KEY_BYTES_MAX};
use crate::store::StoreError;
use crate::store::files;
use crate::store::lock::{LOCK_FILE, Lock};
use crate::tlog::Checkpoint;

const LEDGER: &str = "ledger.sqlite";
const LOG_KEY: &str = "log.key";
const BUNDLES: &str = "bundles";
const CARDS: &str = "cards";
const CARRIERS: &str = "carriers";
const LETTERS: &str = "letters";
const PARTS: &str = "parts";
const QUARANTINE: &str = "quarantine";
const REPLICAS: &str = "replicas";
const SETTLED: &str = "settled";
const STAMPS: &str = "stamps";

/// How the name of a carrier key's file ends.
pub(super) const CARRIER_KEY_ENDING: &str = "key";

/// Bytes of chance in a log's name.
const ORIGIN_BYTES: usize = 16;

/// A folder of bundles, each named by its id.
#[derive(Debug, Clone)]
pub(super) struct Shelf(PathBuf);

impl Shelf {
    pub fn folder(&self) -> &Path {
        &self.0
    }

    pub fn bundle(&self, id: &Digest) -> PathBuf {
        self.0.join(format!("{id}.{BUNDLE_ENDING}"))
    }
}

/// Where things lie in an archive.
#[derive(Debug, Clone)]
pub(super) struct Places(PathBuf);

impl Places {
    pub fn of(root: &Path) -> Places {
        Places(root.to_path_buf())
    }

    pub fn root(&self) -> &Path {
        &self.0
    }

    pub fn ledger(&self) -> PathBuf {
        self.0.join(LEDGER)
    }

    fn log_key(&self) -> PathBuf {
        self.0.join(LOG_KEY)
    }

    /// What was accepted.
    pub fn bundles(&self) -> Shelf {
        Shelf(self.0.join(BUNDLES))
    }

    /// The mark that all that lies in `bundles/` has its row ([`super::strays`]).
    pub fn settled(&self) -> PathBuf {
        self.0.join(SETTLED)
    }

    /// What is kept for a sister organisation; made when the first comes.
    pub fn replicas(&self) -> Shelf {
        Shelf(self.0.join(REPLICAS))
    }

    pub fn cards(&self) -> PathBuf {
        self.0.join(CARDS)
    }

    pub fn card(&self, digest: &Digest) -> PathBuf {
        self.cards().join(format!("{digest}.card"))
    }

    /// The carrier keys; made when the first is.
    pub fn carriers(&self) -> PathBuf {
        self.0.join(CARRIERS)
    }

    pub fn carrier(&self, name: &str) -> PathBuf {
        self.carriers().join(format!("{name}.{CARRIER_KEY_ENDING}"))
    }

    pub fn letters(&self) -> PathBuf {
        self.0.join(LETTERS)
    }

    pub fn letter(&self, name: &str) -> PathBuf {
        self.letters().join(format!("{name}.{LETTER_ENDING}"))
    }

    pub fn parts(&self) -> PathBuf {
        self.0.join(PARTS)
    }

    pub fn set(&self, id: &Digest) -> PathBuf {
        self.parts().join(id.to_string())
    }

    pub fn quarantine(&self) -> PathBuf {
        self.0.join(QUARANTINE)
    }

    /// The stamps on heads of the log; made when the first comes.
    pub fn stamps(&self) -> PathBuf {
        self.0.join(STAMPS)
    }

    fn folders(&self) -> [PathBuf; 5] {
        [self.bundles().0, self.cards(), self.letters(), self.parts(), self.quarantine()]
    }
}

/// An archive that this process alone may change.
#[derive(Debug)]
pub struct Archive {
    pub(super) places: Places,
    pub(super) ledger: Ledger,
    pub(super) log: NoteSigner,
    pub(super) about: About,
    pub(super) carriers: Carriers,
    /// Whether something may lie in `bundles/` that has no row, left by a kill or a failing disk.
    pub(super) strays: bool,
    _lock: Lock,
}

impl Archive {
    /// Makes an archive with a fresh log key in a folder that is empty or not there.
    ///
    /// The ledger gets its name last; what an interrupted `init` left behind is no archive, and the next one
    /// begins anew in its place.
    pub fn init(root: &Path, founding: &Founding) -> Result<Archive, IntakeError> {
        let places = Places::of(root);
        let (log, line) = fresh_log()?;
        let about = founding.about(&log.verifier())?;
        files::create_dir_all(root)?;
        check_vacant(&places)?;
        let lock = Lock::file(root)?;
        files::sweep(root)?;
        for folder in places.folders() {
            files::create_dir_all(&folder)?;
        }
        files::replace(&places.log_key(), line.expose())?;
        write_ledger(&places, &about, &log)?;
        let (ledger, carriers) = (Ledger::open(&places.ledger())?, Carriers::default());
        Ok(Archive { ledger, log, about, carriers, places, strays: true, _lock: lock })
    }

    /// Opens an archive. [`StoreError::Busy`] while another process has it open.
    pub fn open(root: &Path) -> Result<Archive, IntakeError> {
        let places = Places::of(root);
        check_archive(&places)?;
        let lock = Lock::file(root)?;
        for folder in places.folders() {
            files::create_dir_all(&folder)?;
        }
        let others =
            [places.cards(), places.carriers(), places.letters(), places.quarantine(), places.stamps()];
        for folder in others.iter().filter(|folder| folder.is_dir()) {
            files::sweep(folder)?;
        }
        parts::sweep(&places)?;
        let ledger = Ledger::open(&places.ledger())?;
        let strays = !Archive::is_settled(&places, &ledger)?;
        if strays {
            files::sweep(places.bundles().folder())?;
        }
        let about = ledger.about()?;
        let log = read_log_key(&places, &about)?;
        let carriers = Carriers::read(&places)?;
        Ok(Archive { places, ledger, log, about, carriers, strays, _lock: lock })
    }

    /// The archive's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.places.root()
    }

    /// The log's name and public key.
    #[must_use]
    pub fn log_key(&self) -> NoteVerifier {
        self.log.verifier()
    }
}

/// An archive's folder is there and has a ledger.
pub(super) fn check_archive(places: &Places) -> Result<(), IntakeError> {
    match std::fs::metadata(places.ledger()) {
        Ok(meta) if meta.is_file() => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(IntakeError::source(places.root(), error))
        }
        _ => Err(IntakeError::NotAnArchive { path: places.root().to_path_buf() }),
    }
}

/// Nothing is there but what an interrupted `init` leaves: a key that has signed nothing and empty folders.
fn check_vacant(places: &Places) -> Result<(), IntakeError> {
    let root = places.root();
    let trouble = |error| IntakeError::source(root, error);
    for entry in std::fs::read_dir(root).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ours = match name {
            LOG_KEY | LOCK_FILE => path.is_file(),
            BUNDLES | CARDS | LETTERS | PARTS | QUARANTINE => is_empty_folder(&path),
            other => files::is_temporary(other.trim_end_matches("-journal")),
        };
        if !ours {
            return Err(IntakeError::NotEmpty { path: root.to_path_buf() });
        }
    }
    Ok(())
}

fn is_empty_folder(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// A fresh key under a name that no other log has, and its line. `.invalid` belongs to nobody (RFC 2606), so the
/// name promises no address.
fn fresh_log() -> Result<(NoteSigner, Secret<Vec<u8>>), IntakeError> {
    let name = format!("sanduq.invalid/{}", hex::encode(&random::array::<ORIGIN_BYTES>()));
    let key = LogSigningKey::generate();
    let line = private_key::print(&name, KeyKind::Log, &key)?;
    Ok((NoteSigner::new(&name, key)?, line))
}

pub(super) fn read_log_key(places: &Places, about: &About) -> Result<NoteSigner, IntakeError> {
    let path = places.log_key();
    let trouble = |error| IntakeError::source(&path, error);
    let mut line = Secret::new(Vec::with_capacity(PRIVATE_KEY_BYTES_MAX as usize));
    let file = File::open(&path).map_err(trouble)?;
    file.take(PRIVATE_KEY_BYTES_MAX).read_to_end(line.expose_mut()).map_err(trouble)?;
    let (name, key) = private_key::parse(&line, KeyKind::Log)?;
    let log = NoteSigner::new(&name, key)?;
    if log.verifier().to_string() == about.log {
        Ok(log)
    } else {
        Err(IntakeError::Damaged { what: "the log key is not the one in the ledger", path })
    }
}

/// Writes the ledger under a temporary name first: an archive is one when its ledger is whole.
fn write_ledger(places: &Places, about: &About, log: &NoteSigner) -> Result<(), IntakeError> {
    let path = places.root().join(files::temporary_name());
    let file = files::create(&path)?;
    let empty = Checkpoint::of(log, 0, Digest::of(b"")).sign_twice(log)?.to_string();
    Ledger::create(&path, about, &empty)?;
    file.sync_all().map_err(|error| StoreError::io("sync", &path, error))?;
    files::rename(&path, &places.ledger())?;
    Ok(())
}
