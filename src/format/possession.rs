//! A possession check: a challenge that nobody could foresee, and the answer that only who has the bytes can give.
//!
//! ```
//! use sanduq::crypto::Digest;
//! use sanduq::format::possession::{Answer, Challenge};
//!
//! let bundle = b"the bytes of a bundle";
//! let challenge = Challenge::with_nonce([7; 32], [Digest::of(b"its id")])?;
//! let mut tag = challenge.tag();
//! std::io::Write::write_all(&mut tag, bundle).expect("memory takes every byte");
//! let answer = Answer::to(&challenge, [Some(tag.finish())]);
//!
//! let read = Answer::parse(answer.to_string().as_bytes())?;
//! let said = read.checked(&challenge).expect("it answers this challenge");
//! assert_eq!(said, [(Digest::of(b"its id"), Some(sanduq::crypto::hmac(&[7; 32], bundle)))]);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! The tag of a bundle is HMAC-SHA-256, keyed with the challenge's nonce, over the whole file. Each challenge has a
//! nonce of its own, so no tag can be kept instead of the bytes. docs/spec/possession.md is the normative text, and says
//! what such an answer does not show.

use std::fmt;

use super::holds::{IDS_MAX, check_count, check_next, sorted_ids};
use super::{FormatError, lines};
use crate::crypto::hash::{Digest, Hmac};
use crate::crypto::{hex, random};

/// The longest challenge or answer, in bytes: two lines, and for each id a line with a tag.
pub const BYTES_MAX: usize = 128 + IDS_MAX * 130;

const CHALLENGE_HEAD: &str = "sanduq-possession/1";
const ANSWER_HEAD: &str = "sanduq-possession-answer/1";
const NONCE: &str = "nonce: ";
/// What stands for the tag of a bundle that is not there.
const MISSING: &str = "missing";

const CHALLENGE: &str = "possession challenge";
const ANSWER: &str = "possession answer";

/// Which bundles are asked for, and under which nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    nonce: [u8; 32],
    ids: Vec<Digest>,
}

impl Challenge {
    /// A fresh challenge for these bundles, at least one and at most [`IDS_MAX`].
    pub fn draw(ids: impl IntoIterator<Item = Digest>) -> Result<Challenge, FormatError> {
        Challenge::with_nonce(random::array(), ids)
    }

    /// A challenge with a nonce that is known already: for tests. **Never** ask twice under one nonce: the first answer
    /// would answer again.
    pub fn with_nonce(
        nonce: [u8; 32],
        ids: impl IntoIterator<Item = Digest>,
    ) -> Result<Challenge, FormatError> {
        let mut ids: Vec<Digest> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        check_some(CHALLENGE, ids.len())?;
        check_count(CHALLENGE, ids.len())?;
        Ok(Challenge { nonce, ids })
    }

    /// The challenge that these bytes spell.
    pub fn parse(bytes: &[u8]) -> Result<Challenge, FormatError> {
        let (nonce, lines) = head(CHALLENGE, CHALLENGE_HEAD, bytes)?;
        Ok(Challenge { nonce, ids: sorted_ids(CHALLENGE, &lines, 3)? })
    }

    /// The ids of the bundles that are asked for, in their order.
    #[must_use]
    pub fn ids(&self) -> &[Digest] {
        &self.ids
    }

    /// The tag of one bundle in the making: the whole file has to be written into it.
    #[must_use]
    pub fn tag(&self) -> Hmac {
        Hmac::keyed(&self.nonce)
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{CHALLENGE_HEAD}\n{NONCE}{}", hex::encode(&self.nonce))?;
        self.ids.iter().try_for_each(|id| writeln!(f, "{id}"))
    }
}

/// What is said of each bundle that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    nonce: [u8; 32],
    said: Vec<(Digest, Option<Digest>)>,
}

/// An answer that is none to this challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotItsAnswer {
    /// It answers a challenge with another nonce.
    #[error("it answers another challenge")]
    OtherChallenge,
    /// A bundle that was asked for is left out.
    #[error("it leaves out {0}")]
    LeftOut(Digest),
    /// A bundle that was not asked for stands in it.
    #[error("{0} was not asked for")]
    NotAsked(Digest),
}

impl Answer {
    /// The answer to a challenge: for each bundle, in the order of the challenge, its tag, or nothing where it is missing.
    ///
    /// # Panics
    ///
    /// If there are fewer or more tags than bundles asked for.
    #[must_use]
    pub fn to(challenge: &Challenge, tags: impl IntoIterator<Item = Option<Digest>>) -> Answer {
        let tags: Vec<_> = tags.into_iter().collect();
        assert_eq!(tags.len(), challenge.ids.len(), "one tag for each bundle");
        Answer { nonce: challenge.nonce, said: challenge.ids.iter().copied().zip(tags).collect() }
    }

    /// The answer that these bytes spell.
    pub fn parse(bytes: &[u8]) -> Result<Answer, FormatError> {
        let (nonce, lines) = head(ANSWER, ANSWER_HEAD, bytes)?;
        check_count(ANSWER, lines.len())?;
        let mut said: Vec<(Digest, Option<Digest>)> = Vec::with_capacity(lines.len());
        for (line, number) in lines.iter().zip(3..) {
            let expected = "an id, a space, and a tag or missing";
            let one =
                one_said(line).ok_or(FormatError::Malformed { format: ANSWER, line: number, expected })?;
            check_next(ANSWER, said.last().map(|(id, _)| id), &one.0, number)?;
            said.push(one);
        }
        Ok(Answer { nonce, said })
    }

    /// What is said of each bundle, if it answers this challenge and all of it.
    pub fn checked(self, challenge: &Challenge) -> Result<Vec<(Digest, Option<Digest>)>, NotItsAnswer> {
        if self.nonce != challenge.nonce {
            return Err(NotItsAnswer::OtherChallenge);
        }
        if let Some((id, _)) = self.said.iter().find(|(id, _)| challenge.ids.binary_search(id).is_err()) {
            return Err(NotItsAnswer::NotAsked(*id));
        }
        let answered = |id: &Digest| self.said.binary_search_by_key(id, |(id, _)| *id).is_ok();
        match challenge.ids.iter().find(|id| !answered(id)) {
            Some(id) => Err(NotItsAnswer::LeftOut(*id)),
            None => Ok(self.said),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{ANSWER_HEAD}\n{NONCE}{}", hex::encode(&self.nonce))?;
        self.said.iter().try_for_each(|(id, tag)| match tag {
            Some(tag) => writeln!(f, "{id} {tag}"),
            None => writeln!(f, "{id} {MISSING}"),
        })
    }
}

/// The nonce, and the lines that follow it, at least one.
fn head<'a>(
    format: &'static str,
    first: &'static str,
    bytes: &'a [u8],
) -> Result<([u8; 32], Vec<&'a str>), FormatError> {
    let mut lines = lines(format, bytes, BYTES_MAX)?;
    if lines[0] != first {
        return Err(FormatError::Malformed { format, line: 1, expected: first });
    }
    let nonce = lines.get(1).and_then(|line| hex::decode(line.strip_prefix(NONCE)?));
    let expected = "nonce: and 64 hexadecimal digits";
    let nonce = nonce.ok_or(FormatError::Malformed { format, line: 2, expected })?;
    let rest = lines.split_off(2);
    check_some(format, rest.len())?;
    Ok((nonce, rest))
}

fn one_said(line: &str) -> Option<(Digest, Option<Digest>)> {
    let (id, tag) = line.split_once(' ')?;
    let tag = if tag == MISSING { None } else { Some(tag.parse().ok()?) };
    Some((id.parse().ok()?, tag))
}

/// Nothing asked or answered about nothing.
fn check_some(format: &'static str, count: usize) -> Result<(), FormatError> {
    if count == 0 {
        return Err(FormatError::Malformed { format, line: 3, expected: "at least one id" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&[u8]]) -> Vec<Digest> {
        let mut ids: Vec<_> = names.iter().map(|name| Digest::of(name)).collect();
        ids.sort();
        ids
    }

    fn answer(nonce: [u8; 32], names: &[&[u8]]) -> Answer {
        let asked = Challenge::with_nonce(nonce, ids(names)).unwrap();
        Answer::to(&asked, names.iter().map(|_| None))
    }

    #[test]
    fn an_answer_is_to_one_challenge_and_to_all_of_it() {
        let challenge = Challenge::with_nonce([1; 32], ids(&[b"a", b"b"])).unwrap();
        let checked = |nonce, names: &[&[u8]]| answer(nonce, names).checked(&challenge);
        assert_eq!(checked([1; 32], &[b"a", b"b"]).unwrap().len(), 2);
        assert_eq!(checked([2; 32], &[b"a", b"b"]), Err(NotItsAnswer::OtherChallenge));
        assert_eq!(checked([1; 32], &[b"a"]), Err(NotItsAnswer::LeftOut(Digest::of(b"b"))));
        assert_eq!(checked([1; 32], &[b"a", b"b", b"c"]), Err(NotItsAnswer::NotAsked(Digest::of(b"c"))));
    }

    #[test]
    fn a_doubled_id_is_named() {
        let good = answer([1; 32], &[b"a"]).to_string();
        let line = good.lines().nth(2).unwrap();
        let twice = Answer::parse(format!("{good}{line}\n").as_bytes());
        let name = Digest::of(b"a").to_string();
        assert_eq!(twice, Err(FormatError::Duplicate { format: ANSWER, name }));
    }

    #[test]
    fn no_two_challenges_have_one_nonce() {
        let [one, other] = [(); 2].map(|()| Challenge::draw(ids(&[b"a"])).unwrap());
        assert_ne!(one, other);
        assert!(Challenge::draw([]).is_err());
    }
}
