//! Couriers' shares of a bundle's key: handed out when it is sealed, and gathered when it is opened.
//!
//! The shares are written before the bundle enters the outbox, each read back, so that no bundle waits whose shares
//! are nowhere. Whoever is stopped between the two has shares that open nothing. The identity that was cut is never
//! written anywhere, and nothing in the vault tells that a bundle was split.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{MediumProblem, VaultError, medium};
use crate::bundle::outer::{Locked, Opened};
use crate::bundle::{BundleError, CourierError, CourierShare, CouriersLock, Gathering, courier_share};
use crate::crypto::Secret;
use crate::crypto::share::ShareError;
use crate::store::{StoreError, files};

/// Couriers' shares, and where each is to be written.
#[derive(Debug)]
pub struct HandOut {
    lock: CouriersLock,
    shares: Vec<CourierShare>,
    dirs: Vec<PathBuf>,
}

impl HandOut {
    /// Shares for so many couriers, so many of whom are needed, into one folder, or into one for each courier. Refuses
    /// numbers that are not possible.
    pub fn new(needed: usize, count: usize, dirs: Vec<PathBuf>) -> Result<HandOut, ShareError> {
        let (lock, shares) = courier_share::split(needed, count)?;
        match dirs.len() {
            folders if folders == 1 || folders == count => Ok(HandOut { lock, shares, dirs }),
            _ => Err(ShareError::Split { count, needed }),
        }
    }

    /// What the bundle needs of it.
    pub(super) fn lock(&self) -> &CouriersLock {
        &self.lock
    }

    /// How many shares are needed.
    pub fn needed(&self) -> usize {
        self.lock.terms().needed()
    }

    /// How many shares there are.
    pub fn count(&self) -> usize {
        self.shares.len()
    }

    /// The folders that were named.
    pub fn dirs(&self) -> &[PathBuf] {
        &self.dirs
    }

    /// Where the shares lie once they are written: `SET-NUMBER.share`.
    pub fn paths(&self) -> Vec<PathBuf> {
        let folders = self.dirs.iter().cycle();
        let name = |share: &CourierShare| format!("{:04x}-{}.share", share.set(), share.number());
        self.shares.iter().zip(folders).map(|(share, dir)| dir.join(name(share))).collect()
    }

    /// Writes all shares and reads each back; those that were written are destroyed if one cannot be.
    pub(super) fn write(&self) -> Result<Vec<PathBuf>, VaultError> {
        let paths = self.paths();
        let held: Result<Vec<_>, _> = self.dirs.iter().map(|dir| medium::prepare(dir)).collect();
        let _held = held?;
        for (share, place) in self.shares.iter().zip(0..) {
            if let Err(error) = write_one(&paths[place], &share.to_bytes()) {
                paths[..place].iter().for_each(|path| take_back(path));
                return Err(error);
            }
        }
        Ok(paths)
    }
}

/// Writes a share, which does not tell when, and reads it back before it gets its name.
fn write_one(path: &Path, bytes: &Secret<Vec<u8>>) -> Result<(), VaultError> {
    let mut file = files::NewFile::begin(path)?.undated();
    file.write_all(bytes.expose()).map_err(|error| StoreError::io("write", path, error))?;
    file.sync()?;
    let mut read = Secret::new(Vec::with_capacity(bytes.expose().len() + 1));
    let again = file.reread()?.take(bytes.expose().len() as u64 + 1).read_to_end(read.expose_mut());
    again.map_err(|error| StoreError::io("read", path, error))?;
    if read.expose() != bytes.expose() {
        return Err(medium::problem(path, MediumProblem::ReadsBackDifferently));
    }
    Ok(file.commit()?)
}

/// A share of a bundle that will not be. It opens nothing, so that leaving it would do no harm.
fn take_back(path: &Path) {
    let _ = files::destroy(path).and_then(|()| files::remove(path));
}

/// A file that was given as a courier's share.
#[derive(Debug)]
pub struct ShareFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it holds.
    pub bytes: Secret<Vec<u8>>,
}

/// A file that is no share of this bundle, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedShare {
    /// The file.
    #[serde(serialize_with = "crate::format::path::one")]
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: ShareRefusal,
}

/// What is wrong with a file that was given as a courier's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareRefusal {
    /// It is none, or damaged.
    NotAShare,
    /// The share was changed.
    Changed,
    /// The list that it carries was changed.
    ListChanged,
    /// It belongs to another bundle.
    OtherBundle,
    /// The same share was named before.
    Twice,
}

/// How far the couriers' shares lead.
#[derive(Debug)]
pub(super) struct Gathered {
    /// The payload's key, if there are enough.
    pub opened: Option<Opened>,
    /// How many fit.
    pub fitting: usize,
    /// Which do not, in the order they were named.
    pub refused: Vec<RefusedShare>,
}

/// Takes off the couriers' layer with these files, as far as they are shares of this bundle.
pub(super) fn gather(locked: &Locked, given: &[ShareFile]) -> Result<Gathered, VaultError> {
    let mut gathering = Gathering::new(locked.terms());
    let read = given.iter().map(|file| CourierShare::parse(file.bytes.expose())).collect();
    let mut refused = Vec::new();
    for (place, error) in gathering.add_all(read) {
        refused.push(RefusedShare { path: given[place].path.clone(), why: refusal(error)? });
    }
    let identity = gathering.identity().transpose().map_err(unfit)?;
    let opened = identity.map(|identity| locked.open(&identity)).transpose()?;
    Ok(Gathered { opened, fitting: gathering.count(), refused })
}

fn refusal(error: CourierError) -> Result<ShareRefusal, VaultError> {
    Ok(match error {
        CourierError::NotAShare => ShareRefusal::NotAShare,
        CourierError::Changed => ShareRefusal::Changed,
        CourierError::ListChanged => ShareRefusal::ListChanged,
        CourierError::Foreign => ShareRefusal::OtherBundle,
        CourierError::Twice { .. } => ShareRefusal::Twice,
        CourierError::DoNotFit => return Err(unfit(error)),
    })
}

/// The list vouches for shares that do not fit: it is the bundle that is not as it should be.
fn unfit(_: CourierError) -> VaultError {
    BundleError::content("the couriers' shares").into()
}
