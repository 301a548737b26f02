//! The author's statement: who vouches for the records, to whom they go, and under which one-time keys they
//! travel. It lies inside, so only the organisation learns the author; outside stands its digest, so that
//! authorship can be shown later and not be exchanged meanwhile.
//!
//! ```text
//! sanduq-author/1
//! author: ssh-ed25519 AAAA…
//! author-pq: ssh-mldsa44-ed25519 AAAA…
//! salt: 64 hexadecimal digits
//! bundle-key: ssh-ed25519 AAAA…
//! bundle-pq-key: ssh-mldsa44-ed25519 AAAA…
//! disclosure: SHA-256 of records-sha256.txt
//! card: SHA-256 of the card
//! proof: as Proof-Commit-SHA256 outside
//! ```
//!
//! A follow-up adds `refers: <bundle id>` or `refers: all`, and `act: add`, `correct` or `withdraw`. Each line
//! ends with a line feed, comes once and in this order. Signed with both author keys in the role
//! `sanduq-author`. Naming the card keeps a bundle from being passed on as if it had been sent to another.

use serde::{Deserialize, Serialize};

use super::error::BundleError;
use super::layout::{self, Info};
use crate::crypto::hash::Digest;
use crate::crypto::key_pair::{KeyPair, PublicPair};
use crate::crypto::sign::{Domain, VerifyingKey, domain};
use crate::format::sshsig;

const FIRST_LINE: &str = "sanduq-author/1";

/// What an author says about a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The author's keys for this organisation.
    pub author: PublicPair,
    /// 32 random bytes, so that the statement's digest cannot be found by trying authors.
    pub salt: Digest,
    /// The one-time keys of the outside.
    pub bundle: PublicPair,
    /// SHA-256 of the list of records.
    pub disclosure: Digest,
    /// SHA-256 of the card it is sealed to.
    pub card: Digest,
    /// SHA-256 of the key with which authorship can be proved.
    pub proof: Digest,
    /// For a follow-up: what it is about, and what it does to it.
    pub follow_up: Option<FollowUp>,
}

/// What a later bundle does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The earlier bundle; `None` for all by this author.
    pub refers: Option<Digest>,
    /// What happens to it.
    pub act: Act,
}

/// What a follow-up does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Adds to it.
    Add,
    /// Corrects it.
    Correct,
    /// Withdraws consent for it.
    Withdraw,
}

impl Act {
    const ALL: [Act; 3] = [Act::Add, Act::Correct, Act::Withdraw];

    fn name(self) -> &'static str {
        match self {
            Act::Add => "add",
            Act::Correct => "correct",
            Act::Withdraw => "withdraw",
        }
    }
}

impl Statement {
    /// The statement's text.
    pub fn print(&self) -> String {
        let mut text = format!(
            "{FIRST_LINE}\nauthor: {}\nauthor-pq: {}\nsalt: {}\nbundle-key: {}\nbundle-pq-key: {}\n\
             disclosure: {}\ncard: {}\nproof: {}\n",
            self.author.ed25519(),
            self.author.composite(),
            self.salt,
            self.bundle.ed25519(),
            self.bundle.composite(),
            self.disclosure,
            self.card,
            self.proof,
        );
        if let Some(follow_up) = &self.follow_up {
            let refers = follow_up.refers.map_or("all".to_owned(), |bundle| bundle.to_string());
            text.push_str(&format!("refers: {refers}\nact: {}\n", follow_up.act.name()));
        }
        text
    }

    /// Reads a statement; nothing but the one spelling of [`Statement::print`]. Its signatures are **not**
    /// checked here.
    pub fn parse(bytes: &[u8]) -> Result<Statement, BundleError> {
        let wrong = || BundleError::content(layout::AUTHOR);
        let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
        if bytes.len() as u64 > layout::TEXT_BYTES_MAX {
            return Err(wrong());
        }
        let statement = read(&mut text.lines()).ok_or_else(wrong)?;
        if statement.print() == text { Ok(statement) } else { Err(wrong()) }
    }

    /// Signs the text with the author's keys: the two signature files.
    pub(super) fn sign(text: &str, author: &KeyPair) -> [String; 2] {
        let signatures = author.sign::<domain::Author>(text.as_bytes());
        sshsig::encode_pair(&author.public(), &signatures)
    }

    /// Checks that it says what the outside says: the one-time keys, the list of records, the proof.
    pub fn check_outside(&self, info: &Info, signer: &PublicPair) -> Result<(), BundleError> {
        let names = |holds: bool, what| if holds { Ok(()) } else { Err(BundleError::Statement(what)) };
        names(self.bundle == *signer, "one-time key")?;
        names(self.disclosure == info.disclosure, "list of records")?;
        names(self.proof == info.proof, "proof of authorship")
    }

    /// Checks the two signature files over the statement's bytes.
    pub fn verify(&self, signature: &[u8], pq_signature: &[u8]) -> Result<(), BundleError> {
        let text = self.print();
        let check =
            |member, key, armored| check_signature::<domain::Author>(member, key, text.as_bytes(), armored);
        check(layout::AUTHOR_SIGNATURE, self.author.ed25519(), signature)?;
        check(layout::AUTHOR_PQ_SIGNATURE, self.author.composite(), pq_signature)
    }
}

/// The values of a statement's lines; a wrong order or spelling shows when it is printed again.
fn read<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Statement> {
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let mut value = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(": ");
    let pair = |ed25519: &str, composite: &str| {
        let key = VerifyingKey::from_line;
        PublicPair::new(key(ed25519).ok()?, key(composite).ok()?).ok()
    };
    let author = pair(value("author")?, value("author-pq")?)?;
    let salt = value("salt")?.parse().ok()?;
    let bundle = pair(value("bundle-key")?, value("bundle-pq-key")?)?;
    let disclosure = value("disclosure")?.parse().ok()?;
    let card = value("card")?.parse().ok()?;
    let proof = value("proof")?.parse().ok()?;
    let follow_up = match value("refers") {
        Some(refers) => Some(read_follow_up(refers, value("act")?)?),
        None => None,
    };
    Some(Statement { author, salt, bundle, disclosure, card, proof, follow_up })
}

fn read_follow_up(refers: &str, act: &str) -> Option<FollowUp> {
    let refers = if refers == "all" { None } else { Some(refers.parse().ok()?) };
    let act = Act::ALL.into_iter().find(|one| one.name() == act)?;
    Some(FollowUp { refers, act })
}

/// Checks an SSHSIG file: this key, this role, this message.
pub(super) fn check_signature<D: Domain>(
    member: &str,
    key: &VerifyingKey,
    message: &[u8],
    armored: &[u8],
) -> Result<(), BundleError> {
    let wrong = || BundleError::Signature { member: member.to_owned() };
    let (named, signature) = sshsig::parse::<D>(armored).map_err(|_| wrong())?;
    if named != *key {
        return Err(wrong());
    }
    key.verify(message, &signature).map_err(|_| wrong())
}
