//! One courier's share (`*.share`): with enough others of its kind it opens the couriers' layer of a bundle that was
//! split, and alone it opens nothing.
//!
//! ```text
//! sanduq-courier/1
//! needed: 2
//! 5f0c…9a1e  share-1
//! 77b4…02cd  share-2
//! e310…f58b  share-3
//! tuna next keep hard data …
//! ```
//!
//! The list has the SHA-256 of every share of the splitting, each of its last line with the line feed; the last line
//! is this courier's own share as [`crate::crypto::share`] writes it. The file names no bundle, nobody, and no day. The
//! digest of the list lies under the officers' layers ([`super::couriers`]): so a share that was changed is named, and
//! so is one of another bundle.

use super::couriers::{COURIERS_MAX, CouriersLock, Terms};
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Identity;
use crate::crypto::secret::Secret;
use crate::crypto::share::{self, Gathered, Share, ShareError};
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;

/// Bytes that a share's file may have: more than sixteen lines of a list and 46 words.
pub const FILE_BYTES_MAX: u64 = 4096;

const FIRST_LINE: &str = "sanduq-courier/1\n";
const NEEDED: &str = "needed: ";

/// What is wrong with a file that was given as a courier's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// Not in the one spelling of a share's file.
    #[error("not a courier's share")]
    NotAShare,
    /// The share is none of those its own list names.
    #[error("the share is not in its list: it was changed")]
    Changed,
    /// The share is one of this bundle's, and something else in its file was changed.
    #[error("the share is one of this bundle's, its list is not")]
    ListChanged,
    /// A share of another splitting.
    #[error("a share of another bundle")]
    Foreign,
    /// The same share was given before.
    #[error("share {number} is there already")]
    Twice {
        /// Its number.
        number: usize,
    },
    /// Enough shares, each of them listed, that do not fit together: whoever sealed the bundle made them so.
    #[error("the shares do not fit together")]
    DoNotFit,
}

/// One courier's share, with the list of all.
#[derive(Debug)]
pub struct CourierShare {
    share: Share,
    list: DigestList,
}

/// Cuts a one-time identity into shares, any `needed` of which open the layer that is sealed to the lock. The identity
/// is gone when this returns; refuses numbers that are not possible.
pub fn split(needed: usize, count: usize) -> Result<(CouriersLock, Vec<CourierShare>), ShareError> {
    split_identity(&Identity::generate(), needed, count)
}

fn split_identity(
    identity: &Identity,
    needed: usize,
    count: usize,
) -> Result<(CouriersLock, Vec<CourierShare>), ShareError> {
    let shares = share::split_secret(identity.seed(), needed, count)?;
    let mut list = DigestList::new();
    for share in &shares {
        list.push(name(share.number()), digest(share)).expect("shares have numbers of their own");
    }
    let terms = Terms::new(needed, count, list.digest()).expect("numbers that can be split can be written");
    let files = shares.into_iter().map(|share| CourierShare { share, list: list.clone() });
    Ok((CouriersLock::new(identity.to_recipient(), terms), files.collect()))
}

impl CourierShare {
    /// Reads a share's file. Everything is refused that a writer of ours does not write.
    pub fn parse(bytes: &[u8]) -> Result<CourierShare, CourierError> {
        let (needed, list, own) = lines(bytes).ok_or(CourierError::NotAShare)?;
        if !list.iter().any(|(_, listed)| listed == Digest::of(own.as_bytes())) {
            return Err(CourierError::Changed);
        }
        let share = Share::parse(own).map_err(|_| CourierError::NotAShare)?;
        let read = CourierShare { share, list };
        let numbers_agree = read.share.needed() == needed && read.terms().is_some();
        let one_spelling = read.to_bytes().expose() == bytes;
        let in_its_place = read.list.get(name(read.number()).as_str()) == Some(digest(&read.share));
        let is_ours = numbers_agree && one_spelling && in_its_place;
        is_ours.then_some(read).ok_or(CourierError::NotAShare)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let mut file = Secret::new(Vec::with_capacity(FILE_BYTES_MAX as usize));
        let text = file.expose_mut();
        text.extend_from_slice(FIRST_LINE.as_bytes());
        text.extend_from_slice(format!("{NEEDED}{}\n", self.share.needed()).as_bytes());
        text.extend_from_slice(self.list.to_string().as_bytes());
        text.extend_from_slice(own_line(&self.share).expose());
        file
    }

    /// Its number in the list, from 1.
    pub fn number(&self) -> usize {
        self.share.number()
    }

    /// What the shares of one splitting have in common, and those of another have not but by chance.
    pub fn set(&self) -> u16 {
        self.share.set()
    }

    /// How many are needed, and which there are; nothing where that is not possible.
    fn terms(&self) -> Option<Terms> {
        Terms::new(self.share.needed(), self.list.len(), self.list.digest())
    }
}

/// The shares given for one bundle, as they come in, in any order.
#[derive(Debug)]
pub struct Gathering {
    terms: Terms,
    gathered: Gathered,
    /// The list that the bundle vouches for, once a share brought it.
    list: Option<DigestList>,
}

impl Gathering {
    /// For a bundle of these terms.
    pub fn new(terms: &Terms) -> Gathering {
        Gathering { terms: *terms, gathered: Gathered::default(), list: None }
    }

    /// Takes in what fits of these files, in any order, and gives the places, from 0, of the others with what is wrong.
    pub fn add_all(&mut self, files: Vec<Result<CourierShare, CourierError>>) -> Vec<(usize, CourierError)> {
        let fits = |file: &Result<CourierShare, _>| file.as_ref().is_ok_and(|file| self.fits(file));
        let (ours, others): (Vec<_>, Vec<_>) =
            files.into_iter().enumerate().partition(|(_, file)| fits(file));
        // Those of this bundle first: by their list it is told what is wrong with the others.
        let judged = ours.into_iter().chain(others);
        let mut refused: Vec<_> = judged
            .filter_map(|(place, file)| Some((place, file.and_then(|file| self.add(file)).err()?)))
            .collect();
        refused.sort_by_key(|(place, _)| *place);
        refused
    }

    /// Takes a share in, unless it is not one of this bundle's or is there already.
    pub fn add(&mut self, file: CourierShare) -> Result<(), CourierError> {
        if !self.fits(&file) {
            let listed = self.list.as_ref().and_then(|list| list.get(name(file.number()).as_str()));
            let is_listed = listed == Some(digest(&file.share));
            return Err(if is_listed { CourierError::ListChanged } else { CourierError::Foreign });
        }
        let number = file.number();
        self.gathered.add(file.share).map_err(|error| match error {
            ShareError::Twice { .. } => CourierError::Twice { number },
            _ => CourierError::DoNotFit,
        })?;
        self.list = Some(file.list);
        Ok(())
    }

    /// Whether a share's list is the one that the bundle vouches for.
    fn fits(&self, file: &CourierShare) -> bool {
        file.terms() == Some(self.terms)
    }

    /// How many fit.
    pub fn count(&self) -> usize {
        self.gathered.count()
    }

    /// The identity that opens the couriers' layer, once there are enough.
    pub fn identity(&self) -> Option<Result<Identity, CourierError>> {
        if self.count() < self.terms.needed() {
            return None;
        }
        let secret = self.gathered.secret().map_err(|_| CourierError::DoNotFit);
        Some(secret.map(|secret| Identity::from_seed(&secret)))
    }
}

/// The name of a share in the list.
fn name(number: usize) -> MemberName {
    format!("share-{number}").parse().expect("a word and a number are a member's name")
}

/// The last line of a share's file: its words and a line feed.
fn own_line(share: &Share) -> Secret<Vec<u8>> {
    let words = share.to_words();
    let mut line = Secret::new(Vec::with_capacity(words.expose().len() + 1));
    line.expose_mut().extend_from_slice(words.expose().as_bytes());
    line.expose_mut().push(b'\n');
    line
}

fn digest(share: &Share) -> Digest {
    Digest::of(own_line(share).expose())
}

/// How many are needed, the list, and the last line with its line feed. The names in the list are those of the
/// numbers from 1 on.
fn lines(bytes: &[u8]) -> Option<(usize, DigestList, &str)> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?.strip_prefix(FIRST_LINE)?.strip_prefix(NEEDED)?;
    let (needed, rest) = text.split_once('\n')?;
    let end = rest.strip_suffix('\n')?.rfind('\n')? + 1;
    let (list, own) = rest.split_at(end);
    let list = DigestList::parse_up_to(list.as_bytes(), usize::from(COURIERS_MAX)).ok()?;
    let numbered = list.iter().zip(1..).all(|((listed, _), number)| *listed == name(number));
    numbered.then_some((needed.parse().ok()?, list, own))
}

#[cfg(test)]
#[path = "courier_share_tests.rs"]
mod tests;
