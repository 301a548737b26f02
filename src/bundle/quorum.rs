//! How the payload's key is split among officers: for each group of k officers one file, an age file within an
//! age file, the first officer's layer outermost.
//!
//! ```text
//! 3 officers, threshold 2:   01.age = A(B(key))   02.age = A(C(key))   03.age = B(C(key))
//!                            04.age … 10.age      the same for keys that were thrown away
//! each layer:   sanduq-quorum/1 <SHA-256 of signer.pub>
//!               the next layer, or at the end:
//!               # ........................
//!               AGE-SECRET-KEY-PQ-1…
//! ```
//!
//! Where the key was split among couriers as well, the last officer's layer holds a second line and one layer more
//! ([`super::couriers`]); there is room for it in every file, so that this does not show either.
//!
//! There are always ten files, all of one size: neither the number of officers nor the threshold shows. The
//! comment line is as long as that takes. An officer strips a layer only if its first line names this bundle's
//! `signer.pub`, so that nobody has a layer stripped that he planted in a bundle of his own. The order of the
//! groups is that of the card, 1 2, 1 3, 2 3 and so on.

use super::couriers::{self, CouriersLock, Terms};
use super::error::BundleError;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::{Identity, Recipient};
use crate::crypto::seal;
use crate::crypto::secret::Secret;

/// Quorum files in every bundle.
pub const FILES: u8 = 10;

/// Officers on a card.
pub const OFFICERS_MAX: usize = 5;

const FIRST_WORD: &str = "sanduq-quorum/1";
/// The first line of a layer: word, space, digest, line feed.
const LINE_BYTES: u64 = FIRST_WORD.len() as u64 + 1 + 64 + 1;
/// `AGE-SECRET-KEY-PQ-1` and 58 characters of bech32.
const KEY_BYTES: u64 = 77;
/// A comment of nothing, the key, and their line feeds.
const CORE_BYTES_MIN: u64 = 2 + 1 + KEY_BYTES + 1;
const AGE_FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";

/// The groups of `threshold` officers out of so many, each in card order, positions from 0.
pub fn groups(officers: usize, threshold: usize) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new()];
    for _ in 0..threshold {
        groups = groups.iter().flat_map(|group| longer(group, officers)).collect();
    }
    groups
}

fn longer(group: &[usize], officers: usize) -> impl Iterator<Item = Vec<usize>> + '_ {
    let next = group.last().map_or(0, |last| last + 1);
    (next..officers).map(move |officer| group.iter().copied().chain([officer]).collect())
}

/// Who can begin, so that this officer can go on: positions on the card, from 0, himself among them if he can.
pub fn beginners(officers: usize, threshold: usize, officer: usize) -> Vec<usize> {
    let with_him = groups(officers, threshold).into_iter().filter(|group| group.contains(&officer));
    let mut first: Vec<_> = with_him.filter_map(|group| group.first().copied()).collect();
    first.dedup();
    first
}

/// Who can go on after this officer stripped his layer of the quorum files of these numbers: positions on the
/// card, from 0.
pub fn followers(officers: usize, threshold: usize, officer: usize, numbers: &[u8]) -> Vec<usize> {
    let groups = groups(officers, threshold);
    let chosen = numbers.iter().filter_map(|number| groups.get(usize::from(*number).checked_sub(1)?));
    let after = |group: &Vec<usize>| {
        let place = group.iter().position(|one| *one == officer)?;
        group.get(place + 1).copied()
    };
    let mut next: Vec<_> = chosen.filter_map(after).collect();
    next.sort_unstable();
    next.dedup();
    next
}

/// How long every quorum file is: as one of five officers and sixteen couriers.
pub fn file_len() -> u64 {
    nested_len(OFFICERS_MAX, couriers::LINE_BYTES_MAX + nested_len(1, CORE_BYTES_MIN))
}

/// How long a core of so many bytes is within so many layers.
fn nested_len(layers: usize, core: u64) -> u64 {
    (0..layers).fold(core, |len, _| seal::sealed_len(LINE_BYTES + len))
}

/// The ten files for a payload's key: one for each group, the rest for nobody.
pub(super) fn seal_files(
    officers: &[Recipient],
    threshold: usize,
    couriers: Option<&CouriersLock>,
    signer: &Digest,
    key: &Identity,
) -> Vec<Vec<u8>> {
    let groups = groups(officers.len(), threshold);
    let file = |number: usize| match groups.get(number) {
        Some(group) => {
            let recipients: Vec<_> = group.iter().map(|officer| &officers[*officer]).collect();
            nest(&recipients, couriers, signer, key)
        }
        None => for_nobody(threshold, signer),
    };
    (0..usize::from(FILES)).map(file).collect()
}

/// A file like the others, for recipients whose identities are gone when this function ends.
fn for_nobody(layers: usize, signer: &Digest) -> Vec<u8> {
    let recipients: Vec<_> = (0..layers).map(|_| Identity::generate().to_recipient()).collect();
    nest(&recipients.iter().collect::<Vec<_>>(), None, signer, &Identity::generate())
}

/// The core, within the couriers' layer if there is one, within a layer for each of these, the first outermost.
fn nest(
    recipients: &[&Recipient],
    couriers: Option<&CouriersLock>,
    signer: &Digest,
    key: &Identity,
) -> Vec<u8> {
    let innermost = innermost(recipients.len(), couriers, signer, key);
    let mut content: Option<Vec<u8>> = None;
    for recipient in recipients.iter().rev() {
        let within = content.as_ref().unwrap_or(innermost.expose());
        content = Some(seal_layer(recipient, signer, within));
    }
    content.unwrap_or_default()
}

/// What the last officer finds.
fn innermost(
    layers: usize,
    couriers: Option<&CouriersLock>,
    signer: &Digest,
    key: &Identity,
) -> Secret<Vec<u8>> {
    let Some(lock) = couriers else {
        return core(file_len() - nested_len(layers, CORE_BYTES_MIN), key);
    };
    let line = lock.terms.line();
    let len_min = nested_len(layers, line.len() as u64 + nested_len(1, CORE_BYTES_MIN));
    let layer = seal_layer(&lock.recipient, signer, core(file_len() - len_min, key).expose());
    Secret::new([line.as_bytes(), &layer].concat())
}

pub(super) fn seal_layer(recipient: &Recipient, signer: &Digest, content: &[u8]) -> Vec<u8> {
    let mut plain = Secret::new(Vec::with_capacity(LINE_BYTES as usize + content.len()));
    plain.expose_mut().extend_from_slice(first_line(signer).as_bytes());
    plain.expose_mut().extend_from_slice(content);
    seal::seal_bytes(recipient, plain.expose())
}

/// The innermost plaintext: a comment that makes all files equally long, and the key.
fn core(filler: u64, key: &Identity) -> Secret<Vec<u8>> {
    let key = key.to_secret_string();
    let mut core = Secret::new(Vec::with_capacity((CORE_BYTES_MIN + filler) as usize));
    let text = core.expose_mut();
    text.extend_from_slice(b"# ");
    text.resize(text.len() + filler as usize, b'.');
    text.push(b'\n');
    text.extend_from_slice(key.expose().as_bytes());
    text.push(b'\n');
    core
}

fn first_line(signer: &Digest) -> String {
    format!("{FIRST_WORD} {signer}\n")
}

/// What an officer finds under his layer.
pub(super) enum Peeled {
    /// Another officer's layer.
    Layer(Vec<u8>),
    /// The couriers' layer, and on which terms it opens.
    Couriers(Terms, Vec<u8>),
    /// The payload's key.
    Key(Identity),
}

/// Opens a layer; `None` if it is not for this identity. Refuses what was made for another bundle.
pub(super) fn peel(
    number: u8,
    sealed: &[u8],
    identity: &Identity,
    signer: &Digest,
) -> Result<Option<Peeled>, BundleError> {
    let Ok(plain) = seal::open_bytes(identity, sealed, file_len() as usize) else { return Ok(None) };
    let line = first_line(signer);
    let Some(content) = plain.expose().strip_prefix(line.as_bytes()) else {
        return Err(BundleError::Planted { number });
    };
    if content.starts_with(AGE_FIRST_LINE) {
        return Ok(Some(Peeled::Layer(content.to_vec())));
    }
    if let Some((terms, layer)) = Terms::strip(content)
        && layer.starts_with(AGE_FIRST_LINE)
    {
        return Ok(Some(Peeled::Couriers(terms, layer.to_vec())));
    }
    let key = read_core(content).ok_or(BundleError::Quorum { number })?;
    Ok(Some(Peeled::Key(key)))
}

fn read_core(content: &[u8]) -> Option<Identity> {
    let text = std::str::from_utf8(content).ok()?;
    let (comment, rest) = text.split_once('\n')?;
    let filler = comment.strip_prefix("# ")?;
    let key: Identity = rest.strip_suffix('\n')?.parse().ok()?;
    let one_spelling = filler.bytes().all(|byte| byte == b'.') && rest.len() as u64 == KEY_BYTES + 1;
    one_spelling.then_some(key)
}

#[cfg(test)]
#[path = "quorum_tests.rs"]
mod tests;
