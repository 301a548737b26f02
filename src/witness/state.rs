//! What a witness keeps: its key, and the last head that it cosigned of each log.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::WitnessError;
use crate::crypto::{CosignerKey, Digest, LogSigningKey, Secret};
use crate::format::note::{KeyKind, NOTE_BYTES_MAX, NoteVerifier};
use crate::format::private_key::{self, PRIVATE_KEY_BYTES_MAX};
use crate::format::time::Time;
use crate::store::lock::{LOCK_FILE, Lock};
use crate::store::{StoreError, files};
use crate::tlog::SignedCheckpoint;
use crate::tlog::cosignature::{Witness, cosigned_at};

const KEY: &str = "witness.key";
const CHECKPOINT_ENDING: &str = "checkpoint";
const REFUSED_ENDING: &str = "refused";

/// A witness that this process alone may use.
#[derive(Debug)]
pub struct WitnessState {
    root: PathBuf,
    /// Its Ed25519 key, and its ML-DSA-44 key.
    pub(super) keys: [Witness; 2],
    _lock: Lock,
}

/// What a witness knows of a log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LogView {
    /// The log's name.
    pub log: String,
    /// How many leaves it had.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
    /// When that was cosigned, by this machine's clock.
    pub cosigned: Option<Time>,
    /// Whether it signed another head that contradicts it.
    pub convicted: bool,
}

impl WitnessState {
    /// Makes a witness of this name with a fresh key, in a folder that is empty or not there.
    pub fn init(root: &Path, name: &str) -> Result<WitnessState, WitnessError> {
        let key = LogSigningKey::generate();
        let keys = keys(name, &key).map_err(WitnessError::Name)?;
        let line = private_key::print(name, KeyKind::Witness, &key).map_err(WitnessError::Name)?;
        files::create_dir_all(root)?;
        let entries = root.read_dir().map_err(|error| StoreError::io("read", root, error))?;
        let is_ours = |name: &str| name == LOCK_FILE || files::is_temporary(name);
        for entry in entries {
            let entry = entry.map_err(|error| StoreError::io("read", root, error))?;
            if !entry.file_name().to_str().is_some_and(is_ours) {
                return Err(WitnessError::NotEmpty { path: root.to_path_buf() });
            }
        }
        let lock = Lock::file(root)?;
        files::sweep(root)?;
        files::write_new(&root.join(KEY), line.expose())?;
        Ok(WitnessState { root: root.to_path_buf(), keys, _lock: lock })
    }

    /// Opens a witness. [`StoreError::Busy`] while another process has it open.
    pub fn open(root: &Path) -> Result<WitnessState, WitnessError> {
        let path = root.join(KEY);
        if !path.is_file() {
            return Err(WitnessError::NotAWitness { path: root.to_path_buf() });
        }
        let lock = Lock::file(root)?;
        files::sweep(root)?;
        let mut line = Secret::new(Vec::with_capacity(PRIVATE_KEY_BYTES_MAX as usize));
        let read = File::open(&path)
            .and_then(|file| file.take(PRIVATE_KEY_BYTES_MAX).read_to_end(line.expose_mut()));
        read.map_err(|error| StoreError::io("read", &path, error))?;
        let damaged = |_| WitnessError::Damaged { path: path.clone() };
        let (name, key) = private_key::parse(&line, KeyKind::Witness).map_err(damaged)?;
        let keys = keys(&name, &key).map_err(damaged)?;
        Ok(WitnessState { root: root.to_path_buf(), keys, _lock: lock })
    }

    /// Its public keys, by which cards name it: Ed25519, then ML-DSA-44.
    pub fn verifiers(&self) -> impl Iterator<Item = &NoteVerifier> {
        self.keys.iter().map(Witness::verifier)
    }

    /// Every log that it cosigned a head of, by name.
    pub fn logs(&self) -> Result<Vec<LogView>, WitnessError> {
        let trouble = |error| WitnessError::from(StoreError::io("read", &self.root, error));
        let mut logs = Vec::new();
        for entry in self.root.read_dir().map_err(trouble)? {
            let path = entry.map_err(trouble)?.path();
            if path.extension().is_some_and(|end| end == CHECKPOINT_ENDING) {
                let head = read(&path)?.ok_or_else(|| WitnessError::Damaged { path: path.clone() })?;
                let cosigned = cosigned_at(&head, self.keys[0].verifier())?;
                let convicted = path.with_extension(REFUSED_ENDING).is_file();
                let head = head.unverified();
                logs.push(LogView {
                    log: head.origin.clone(),
                    size: head.size,
                    root: head.root,
                    cosigned,
                    convicted,
                });
            }
        }
        logs.sort_by(|one, other| (&one.log, one.size).cmp(&(&other.log, other.size)));
        Ok(logs)
    }

    /// The last head that was cosigned of this log, verified once more.
    pub(super) fn last(&self, log: &NoteVerifier) -> Result<Option<SignedCheckpoint>, WitnessError> {
        let path = self.path(log, CHECKPOINT_ENDING);
        let Some(head) = read(&path)? else { return Ok(None) };
        let damaged = || WitnessError::Damaged { path: path.clone() };
        head.verify(log).map_err(|_| damaged())?;
        // Nobody but this witness can have put it there.
        for key in self.verifiers() {
            cosigned_at(&head, key).ok().flatten().ok_or_else(damaged)?;
        }
        Ok(Some(head))
    }

    /// Keeps a head that is about to be cosigned: on the disk, synced, when this is done.
    pub(super) fn keep(&self, log: &NoteVerifier, head: &SignedCheckpoint) -> Result<(), WitnessError> {
        Ok(files::replace(&self.path(log, CHECKPOINT_ENDING), head.to_string().as_bytes())?)
    }

    /// Keeps a head that contradicts the last one; the first such is enough.
    pub(super) fn keep_refused(
        &self,
        log: &NoteVerifier,
        head: &SignedCheckpoint,
    ) -> Result<(), WitnessError> {
        match files::write_new(&self.path(log, REFUSED_ENDING), head.to_string().as_bytes()) {
            Ok(()) | Err(StoreError::Exists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn path(&self, log: &NoteVerifier, ending: &str) -> PathBuf {
        self.root.join(format!("{}.{ending}", Digest::of(log.to_string().as_bytes())))
    }
}

fn keys(name: &str, key: &LogSigningKey) -> Result<[Witness; 2], crate::format::FormatError> {
    Ok([Witness::new(name, key.clone())?, Witness::pq(name, CosignerKey::beside(key.seed()))?])
}

/// The head in a file of ours; nothing where there is none.
fn read(path: &Path) -> Result<Option<SignedCheckpoint>, WitnessError> {
    let mut bytes = Vec::new();
    let opened = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened,
    };
    opened
        .and_then(|file| file.take(NOTE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| StoreError::io("read", path, error))?;
    let head = SignedCheckpoint::parse(&bytes);
    head.map(Some).map_err(|_| WitnessError::Damaged { path: path.to_path_buf() })
}
