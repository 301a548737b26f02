//! A proof of authorship: whoever sealed a bundle says something to someone who asked, much later and without the
//! vault, and nobody else can say it for her.
//!
//! ```text
//! sanduq-proof/1
//! bundle: 64 hexadecimal digits
//! challenge: what the one who asks has chosen
//! key: ssh-ed25519 AAAA…
//!
//! what she says, in as many lines as she likes
//! ```
//!
//! Twelve words on paper carry an Ed25519 key. They are drawn when a bundle is sealed and stored nowhere; outside the
//! bundle stands the SHA-256 of the public key's line, where other bundles have a random digest. The signature, in
//! the role `sanduq-proof`, covers bundle, challenge and words together, so that it answers this one question only.
//! docs/spec/proof.md is the normative text.
//!
//! ```
//! use sanduq::bundle::proof::{Commitment, Proof, ProofKey};
//! use sanduq::crypto::Digest;
//!
//! let phrase = ProofKey::draw();
//! let key = ProofKey::from_phrase(phrase.expose())?;
//! let about = Commitment { bundle: Digest::of(b"a bundle"), commit: key.commit() };
//! let signed = key.prove(&about, "Which colour has the door?", "It is green.")?;
//! let proof = Proof::parse(signed.text.as_bytes())?;
//! proof.verify(&about, signed.signature.as_bytes())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::author::check_signature;
use super::envelope::{Check, Envelope};
use super::error::BundleError;
use super::layout::{self, Info};
use super::parts::Split;
use crate::crypto::hash::Digest;
use crate::crypto::secret::Secret;
use crate::crypto::seed::{self, SeedError};
use crate::crypto::sign::{Algorithm, SigningKey, VerifyingKey, domain};
use crate::format::digest_list::DigestList;
use crate::format::text::steers;
use crate::format::{FormatError, lines, sshsig};

/// How many words carry the key: 132 bits, which need no slow hashing.
pub const PHRASE_WORDS: usize = 12;
/// Bytes of a challenge: a question, a date, a random number.
pub const CHALLENGE_BYTES_MAX: usize = 1 << 10;
/// Bytes of what she says: a few pages.
pub const SAID_BYTES_MAX: usize = 16 << 10;
/// Bytes of a proof.
pub const PROOF_BYTES_MAX: usize = SAID_BYTES_MAX + CHALLENGE_BYTES_MAX + 512;

/// What the name of the signature's file ends with, behind that of the proof.
pub const SIGNATURE_ENDING: &str = "sig";

const FORMAT: &str = "proof";
const FIRST_LINE: &str = "sanduq-proof/1";
const PURPOSE: &str = "sanduq/proof/1";

/// A bundle, and the key that it says its author can prove herself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// The bundle's id.
    pub bundle: Digest,
    /// Its `Proof-Commit-SHA256`.
    pub commit: Digest,
}

/// What somebody says as the author of a bundle. It says nothing until it [verifies](Proof::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    bundle: Digest,
    challenge: String,
    key: VerifyingKey,
    said: String,
}

/// A proof as it is written: two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedProof {
    /// The statement.
    pub text: String,
    /// Its signature, as `ssh-keygen -Y sign` writes it.
    pub signature: String,
}

/// The key that a phrase carries. **Never** kept anywhere.
#[derive(Debug)]
pub struct ProofKey(SigningKey);

/// A proof cannot be made, or does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The challenge cannot stand in a proof.
    #[error("a challenge is one line of 1 to {CHALLENGE_BYTES_MAX} bytes, without control characters")]
    Challenge,
    /// What is said cannot stand in a proof.
    #[error("what is said has 1 to {SAID_BYTES_MAX} bytes, without control characters")]
    Said,
    /// The bundle commits to another key: another bundle's phrase, or a bundle of which nobody can prove anything.
    #[error("the bundle {bundle} commits to {expected}, not to {found}")]
    NotCommitted {
        /// The bundle.
        bundle: Digest,
        /// What it commits to.
        expected: Digest,
        /// The digest of the key that was to prove.
        found: Digest,
    },
    /// The proof is about another bundle.
    #[error("about the bundle {found}, not {expected}")]
    AnotherBundle {
        /// The bundle that was asked about.
        expected: Digest,
        /// The one that the proof names.
        found: Digest,
    },
    /// The signature is not by the proof's key over the proof.
    #[error(transparent)]
    Signature(#[from] BundleError),
}

impl Commitment {
    /// What a bundle says: of its file, or of a folder with `bag-info.txt` and `tagmanifest-sha256.txt` of it.
    ///
    /// The id vouches for the commitment, as the digest of the list that names it. Whether anything else of the
    /// bundle holds is another question.
    pub fn at(path: &Path) -> Result<Commitment, BundleError> {
        if !path.is_dir() {
            return Commitment::of_bundle(&mut File::open(path)?);
        }
        let member = |name: &str, max: u64| -> Result<Vec<u8>, BundleError> {
            let mut bytes = Vec::new();
            // One byte more than is allowed: whoever parses it finds it too long.
            File::open(path.join(name))?.take(max + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let list = member(layout::TAG_MANIFEST, layout::MANIFEST_BYTES_MAX)?;
        Commitment::of_members(&list, &member(layout::INFO, layout::TEXT_BYTES_MAX)?)
    }

    /// What a bundle's file says. The payload is not read.
    pub fn of_bundle(source: &mut (impl Read + Seek)) -> Result<Commitment, BundleError> {
        let envelope = Envelope::skim(source, Split::default())?;
        envelope.check(Check::TagManifest)?;
        Commitment::of_members(envelope.member(layout::TAG_MANIFEST), envelope.member(layout::INFO))
    }

    /// What these two members of a bundle say.
    pub fn of_members(tag_manifest: &[u8], info: &[u8]) -> Result<Commitment, BundleError> {
        let list = DigestList::parse(tag_manifest).map_err(BundleError::format(layout::TAG_MANIFEST))?;
        if list.get(layout::INFO) != Some(Digest::of(info)) {
            return Err(BundleError::Manifest { manifest: layout::TAG_MANIFEST.to_owned() });
        }
        Ok(Commitment { bundle: Digest::of(tag_manifest), commit: Info::parse(info)?.proof })
    }
}

impl ProofKey {
    /// A fresh phrase. It is shown once and stored nowhere.
    pub fn draw() -> Secret<String> {
        seed::phrase(PHRASE_WORDS)
    }

    /// The key that a phrase carries, however it is typed.
    pub fn from_phrase(typed: &str) -> Result<ProofKey, SeedError> {
        let seed = seed::from_phrase(typed, PHRASE_WORDS, PURPOSE)?;
        Ok(ProofKey(SigningKey::from_seed(Algorithm::Ed25519, &seed)))
    }

    /// What a bundle commits to so that this key can prove it later.
    pub fn commit(&self) -> Digest {
        commit(&self.0.verifying_key())
    }

    /// Says something as the author of a bundle.
    pub fn prove(&self, about: &Commitment, challenge: &str, said: &str) -> Result<SignedProof, ProofError> {
        let key = self.0.verifying_key();
        let proof = Proof { bundle: about.bundle, challenge: challenge.into(), key, said: said.into() };
        proof.check_texts()?;
        proof.check_commitment(about)?;
        let text = proof.print();
        let signature = sshsig::encode(&proof.key, &self.0.sign::<domain::Proof>(text.as_bytes()));
        Ok(SignedProof { text, signature })
    }
}

impl Proof {
    /// Reads a proof; nothing but the one spelling of [`Proof::print`]. Its signature is **not** checked here.
    pub fn parse(bytes: &[u8]) -> Result<Proof, FormatError> {
        let lines = lines(FORMAT, bytes, PROOF_BYTES_MAX)?;
        let wrong = |line, expected| FormatError::Malformed { format: FORMAT, line, expected };
        if lines.first() != Some(&FIRST_LINE) {
            return Err(wrong(1, FIRST_LINE));
        }
        let value = |line: usize, label| {
            let text = lines.get(line - 1).and_then(|text| text.strip_prefix(label)?.strip_prefix(": "));
            text.ok_or(wrong(line as u64, label))
        };
        let bundle = value(2, "bundle")?.parse().map_err(|_| wrong(2, "the id of a bundle"))?;
        let challenge = value(3, "challenge")?.to_owned();
        let key = read_key(value(4, "key")?)?.ok_or(wrong(4, "an Ed25519 key"))?;
        if lines.get(4) != Some(&"") {
            return Err(wrong(5, "an empty line"));
        }
        let proof = Proof { bundle, challenge, key, said: lines[5..].join("\n") };
        proof.check_texts().map_err(|error| match error {
            ProofError::Challenge => wrong(3, "a challenge without control characters"),
            _ => wrong(6, "words without control characters"),
        })?;
        Ok(proof)
    }

    /// The statement's text.
    pub fn print(&self) -> String {
        let Proof { bundle, challenge, key, said } = self;
        format!("{FIRST_LINE}\nbundle: {bundle}\nchallenge: {challenge}\nkey: {key}\n\n{said}\n")
    }

    /// The bundle it is about.
    pub fn bundle(&self) -> Digest {
        self.bundle
    }

    /// What it answers.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }

    /// What is said.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Checks everything: this bundle, its key, the key's signature. Whether the challenge is the one that was
    /// asked, whoever asked has to look.
    pub fn verify(&self, about: &Commitment, signature: &[u8]) -> Result<(), ProofError> {
        self.check_bundle(about)?;
        self.check_commitment(about)?;
        self.check_signature(signature)
    }

    /// Checks that it is about this bundle.
    pub fn check_bundle(&self, about: &Commitment) -> Result<(), ProofError> {
        let (expected, found) = (about.bundle, self.bundle);
        if expected == found { Ok(()) } else { Err(ProofError::AnotherBundle { expected, found }) }
    }

    /// Checks that the bundle commits to its key.
    pub fn check_commitment(&self, about: &Commitment) -> Result<(), ProofError> {
        let (bundle, expected, found) = (about.bundle, about.commit, commit(&self.key));
        if expected == found { Ok(()) } else { Err(ProofError::NotCommitted { bundle, expected, found }) }
    }

    /// Checks that its key signed it.
    pub fn check_signature(&self, signature: &[u8]) -> Result<(), ProofError> {
        let text = self.print();
        Ok(check_signature::<domain::Proof>("proof.sig", &self.key, text.as_bytes(), signature)?)
    }

    fn check_texts(&self) -> Result<(), ProofError> {
        if !is_text(&self.challenge, CHALLENGE_BYTES_MAX, |_| false) {
            return Err(ProofError::Challenge);
        }
        let fits = is_text(&self.said, SAID_BYTES_MAX, |character| character == '\n');
        if fits { Ok(()) } else { Err(ProofError::Said) }
    }
}

/// SHA-256 of the key's line with its line feed, which `sha256sum` shows of a file that holds it.
fn commit(key: &VerifyingKey) -> Digest {
    Digest::of(format!("{key}\n").as_bytes())
}

/// A key of the one kind that proves; `None` for one of another.
fn read_key(line: &str) -> Result<Option<VerifyingKey>, FormatError> {
    let key = VerifyingKey::from_line(line)?;
    Ok((key.algorithm() == Algorithm::Ed25519).then_some(key))
}

/// Whether a text is there, fits, shows as it is, and neither begins nor ends with white space.
fn is_text(text: &str, bytes_max: usize, kept: impl Fn(char) -> bool) -> bool {
    let fits = !text.is_empty() && text.len() <= bytes_max && text.trim() == text;
    fits && !text.chars().any(|character| steers(character) && !kept(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str =
        "abandon ability able about above absent absorb abstract absurd abuse access accident";

    fn key() -> ProofKey {
        ProofKey::from_phrase(PHRASE).unwrap()
    }

    fn about() -> Commitment {
        Commitment { bundle: Digest::of(b"an invented bundle"), commit: key().commit() }
    }

    #[test]
    fn a_proof_has_one_spelling() {
        let signed = key().prove(&about(), "پرسش ۱", "بند نخست.\n\nbundle: no line of the head").unwrap();
        let proof = Proof::parse(signed.text.as_bytes()).unwrap();
        assert_eq!(proof.print(), signed.text);
        assert_eq!((proof.challenge(), proof.bundle()), ("پرسش ۱", about().bundle));
        assert_eq!(proof.said(), "بند نخست.\n\nbundle: no line of the head");
        proof.verify(&about(), signed.signature.as_bytes()).unwrap();
    }

    #[test]
    fn what_cannot_be_said_is_refused_before_it_is_signed() {
        let long = "a".repeat(SAID_BYTES_MAX + 1);
        for said in ["", " a", "a\n", "a\rb", "a\tb", "\u{1b}[2J", "a\u{202e}b", &long] {
            assert!(matches!(key().prove(&about(), "a", said), Err(ProofError::Said)), "{said:?}");
        }
        for challenge in ["", "a ", "a\nb", "a\u{0}", &long[..CHALLENGE_BYTES_MAX + 1]] {
            assert!(matches!(key().prove(&about(), challenge, "a"), Err(ProofError::Challenge)));
        }
        key().prove(&about(), &long[..CHALLENGE_BYTES_MAX], &long[..SAID_BYTES_MAX]).unwrap();
    }

    #[test]
    fn the_longest_proof_is_within_what_is_read() {
        let long = "a".repeat(SAID_BYTES_MAX);
        let signed = key().prove(&about(), &long[..CHALLENGE_BYTES_MAX], &long).unwrap();
        Proof::parse(signed.text.as_bytes()).unwrap();
    }
}
