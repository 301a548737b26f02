//! One more layer within a quorum file, for couriers who travel apart: the payload's key lies sealed to a one-time
//! recipient whose identity was cut into shares, one a courier ([`super::courier_share`]).
//!
//! ```text
//! under the last officer's layer:   sanduq-quorum/1 <SHA-256 of signer.pub>
//!                                   sanduq-couriers/1 2/3 <SHA-256 of the list of shares>
//!                                   the couriers' layer
//! under the couriers' layer:        sanduq-quorum/1 <SHA-256 of signer.pub>
//!                                   # ........................
//!                                   AGE-SECRET-KEY-PQ-1…
//! ```
//!
//! The second line lies under the officers' layers, so that the list which every share carries is vouched for by what
//! only they can open. Whoever holds all officers' identities and one share too few opens nothing.

use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Recipient;

/// The most couriers.
pub const COURIERS_MAX: u8 = 16;
/// The fewest of them that may be needed: of fewer than two, each would hold everything.
pub const NEEDED_MIN: u8 = 2;

const FIRST_WORD: &str = "sanduq-couriers/1";
/// The line of sixteen out of sixteen.
pub(super) const LINE_BYTES_MAX: u64 = FIRST_WORD.len() as u64 + 1 + 5 + 1 + 64 + 1;

/// How many couriers' shares there are, how many of them are needed, and which they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    needed: u8,
    count: u8,
    list: Digest,
}

impl Terms {
    /// Terms of numbers that are possible; `list` is the SHA-256 of the list of the shares' digests.
    pub fn new(needed: usize, count: usize, list: Digest) -> Option<Terms> {
        let (needed, count) = (u8::try_from(needed).ok()?, u8::try_from(count).ok()?);
        let possible = (NEEDED_MIN..=count).contains(&needed) && count <= COURIERS_MAX;
        possible.then_some(Terms { needed, count, list })
    }

    /// How many shares open it.
    pub fn needed(&self) -> usize {
        usize::from(self.needed)
    }

    /// How many shares there are.
    pub fn count(&self) -> usize {
        usize::from(self.count)
    }

    /// SHA-256 of the list of their digests.
    pub fn list(&self) -> Digest {
        self.list
    }

    /// The line within the last officer's layer.
    pub(super) fn line(&self) -> String {
        format!("{FIRST_WORD} {}/{} {}\n", self.needed, self.count, self.list)
    }

    /// The terms that a content begins with, in their one spelling, and what follows them.
    pub(super) fn strip(content: &[u8]) -> Option<(Terms, &[u8])> {
        let end = content.iter().take(LINE_BYTES_MAX as usize).position(|byte| *byte == b'\n')? + 1;
        let (line, rest) = content.split_at(end);
        let line = std::str::from_utf8(line).ok()?;
        let (numbers, list) = line.strip_prefix(FIRST_WORD)?.trim().split_once(' ')?;
        let (needed, count) = numbers.split_once('/')?;
        let terms = Terms::new(needed.parse().ok()?, count.parse().ok()?, list.parse().ok()?)?;
        (terms.line() == line).then_some((terms, rest))
    }
}

/// The couriers' layer while a bundle is sealed: to whom, and on which terms. The identity is in their shares alone.
#[derive(Debug, Clone)]
pub struct CouriersLock {
    pub(super) recipient: Recipient,
    pub(super) terms: Terms,
}

impl CouriersLock {
    /// A layer that this recipient's identity opens.
    pub fn new(recipient: Recipient, terms: Terms) -> CouriersLock {
        CouriersLock { recipient, terms }
    }

    /// On which terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

#[cfg(all(test, feature = "shares"))]
#[path = "couriers_tests.rs"]
mod tests;
