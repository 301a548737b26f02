//! A bundle's outside as bytes: every member in its place, and the checks that need no key, each by itself.
//!
//! [`Envelope::read`] refuses what is not laid out as a bundle. The checks then ask one question each, so that
//! an auditor can be told every answer; [`Outer`](super::outer::Outer) is an envelope of which all hold.

use std::io::{BufReader, Read, Seek};

use super::author::check_signature;
use super::error::BundleError;
use super::layout::{self, Info, Named};
use super::members::Members;
use super::parts::{Part, Split};
use super::quorum;
use super::signer::Signer;
use crate::crypto::hash::{Digest, HashingReader};
use crate::crypto::seal;
use crate::crypto::sign::{VerifyingKey, domain};
use crate::format::archive::MEMBER_BYTES_MAX;
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;
use crate::format::{bag, padding};

const BUFFER_BYTES: usize = 256 * 1024;

/// One question about a bundle's outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// `bagit.txt` is BagIt's declaration.
    Declaration,
    /// `signer.pub` holds two usable keys and a recipient; none is weak.
    Keys,
    /// `manifest-sha256.txt` lists exactly the payload, with its digests.
    Manifest,
    /// `tagmanifest-sha256.txt` lists exactly the other members, with their digests.
    TagManifest,
    /// The Ed25519 signature is by the one-time key, over the tag manifest, in its role.
    Signature,
    /// The composite signature is, too.
    PqSignature,
}

impl Check {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Check; 6] = [
        Check::Declaration,
        Check::Keys,
        Check::Manifest,
        Check::TagManifest,
        Check::Signature,
        Check::PqSignature,
    ];
}

/// A bundle's outside, member by member, the payload by its place.
#[derive(Debug, Clone)]
pub struct Envelope {
    kept: Vec<Named>,
    payload: Vec<Part>,
    info: Info,
}

impl Envelope {
    /// Reads a bundle's file once from its beginning to its end. Memory is bounded, whatever the payload's size.
    pub fn read(source: &mut (impl Read + Seek), split: Split) -> Result<Envelope, BundleError> {
        let total = source.seek(std::io::SeekFrom::End(0))?;
        source.rewind()?;
        let mut members = Members::new(BufReader::with_capacity(BUFFER_BYTES, source), total);
        let mut kept = Vec::new();
        let mut keep = |members: &mut Members<_>, name: MemberName, max| {
            let body = members.whole(&name, max)?;
            kept.push((name, body.clone()));
            Ok::<_, BundleError>(body)
        };
        keep(&mut members, layout::name(layout::BAGIT), layout::TEXT_BYTES_MAX)?;
        let info = Info::parse(&keep(&mut members, layout::name(layout::INFO), layout::TEXT_BYTES_MAX)?)?;
        keep(&mut members, layout::name(layout::SIGNER), layout::TEXT_BYTES_MAX)?;
        for number in 1..=quorum::FILES {
            let body = keep(&mut members, layout::quorum(number), quorum::file_len())?;
            if body.len() as u64 != quorum::file_len() {
                return Err(BundleError::content(layout::quorum(number)));
            }
        }
        let payload = read_payload(&mut members, &info, split, total)?;
        for name in [layout::MANIFEST, layout::TAG_MANIFEST] {
            keep(&mut members, layout::name(name), layout::MANIFEST_BYTES_MAX)?;
        }
        for name in [layout::SIGNATURE, layout::PQ_SIGNATURE] {
            keep(&mut members, layout::name(name), layout::TEXT_BYTES_MAX)?;
        }
        members.end()?;
        Ok(Envelope { kept, payload, info })
    }

    /// The bundle's id: the SHA-256 of its tag manifest. It says nothing until the checks hold.
    pub fn id(&self) -> Digest {
        Digest::of(self.member(layout::TAG_MANIFEST))
    }

    /// What `bag-info.txt` says.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Every member but the payload, in order, byte for byte.
    pub fn kept(&self) -> &[Named] {
        &self.kept
    }

    /// Where the payload lies.
    pub(super) fn payload(&self) -> &[Part] {
        &self.payload
    }

    /// A member but the payload.
    pub fn member(&self, name: &str) -> &[u8] {
        let member = self.kept.iter().find(|(one, _)| *one == name);
        member.map(|(_, body)| body.as_slice()).expect("every member but the payload was read")
    }

    /// Who signed it.
    pub fn signer(&self) -> Result<Signer, BundleError> {
        Signer::parse(self.member(layout::SIGNER))
    }

    /// Asks one question.
    pub fn check(&self, check: Check) -> Result<(), BundleError> {
        match check {
            Check::Declaration if self.member(layout::BAGIT) == bag::DECLARATION.as_bytes() => Ok(()),
            Check::Declaration => Err(BundleError::content(layout::BAGIT)),
            Check::Keys => self.signer().map(drop),
            Check::Manifest => self.check_list(layout::MANIFEST, self.payload_list()?),
            Check::TagManifest => self.check_list(layout::TAG_MANIFEST, self.tag_list()?),
            Check::Signature => self.check_signature(layout::SIGNATURE, self.signer()?.keys.ed25519()),
            Check::PqSignature => self.check_signature(layout::PQ_SIGNATURE, self.signer()?.keys.composite()),
        }
    }

    fn payload_list(&self) -> Result<DigestList, BundleError> {
        list_of(self.payload.iter().map(|part| (&part.name, part.digest)))
    }

    fn tag_list(&self) -> Result<DigestList, BundleError> {
        list_of(self.kept.iter().take_while(is_tagged).map(|(name, body)| (name, Digest::of(body))))
    }

    fn check_list(&self, manifest: &str, expected: DigestList) -> Result<(), BundleError> {
        if self.member(manifest) == expected.to_string().as_bytes() {
            return Ok(());
        }
        Err(BundleError::Manifest { manifest: manifest.to_owned() })
    }

    fn check_signature(&self, member: &str, key: &VerifyingKey) -> Result<(), BundleError> {
        let message = self.member(layout::TAG_MANIFEST);
        check_signature::<domain::Bundle>(member, key, message, self.member(member))
    }
}

/// Whether the tag manifest lists a member: all that come before it do.
fn is_tagged(member: &&Named) -> bool {
    member.0 != layout::TAG_MANIFEST
}

/// A list of these names and digests.
pub(super) fn list_of<'a>(
    entries: impl IntoIterator<Item = (&'a MemberName, Digest)>,
) -> Result<DigestList, BundleError> {
    let mut list = DigestList::new();
    for (name, digest) in entries {
        list.push(name.clone(), digest).map_err(BundleError::format(name))?;
    }
    Ok(list)
}

/// Hashes the payload in the parts that its announced length makes, without keeping it.
fn read_payload(
    members: &mut Members<impl Read>,
    info: &Info,
    split: Split,
    total: u64,
) -> Result<Vec<Part>, BundleError> {
    let announced = info.oxum.bytes;
    if !is_payload_len(announced) {
        return Err(BundleError::content(layout::INFO));
    }
    if announced > total {
        return Err(BundleError::Claim { member: layout::PAYLOAD.to_owned(), len: announced, left: total });
    }
    let parts = split.parts(layout::PAYLOAD, announced)?;
    if parts.len() as u64 != info.oxum.files {
        return Err(BundleError::content(layout::INFO));
    }
    let mut payload = Vec::with_capacity(parts.len());
    for (name, expected) in parts {
        let len = members.begin(&name, MEMBER_BYTES_MAX)?;
        if len != expected {
            return Err(BundleError::Length { member: name.to_string(), len, max: expected });
        }
        let offset = members.body_offset();
        let digest = digest_of(members.content())?;
        payload.push(Part { name, offset, len, digest });
    }
    Ok(payload)
}

/// Whether a payload can be so long: a padding class, sealed. What lay between would tell more than the class.
fn is_payload_len(len: u64) -> bool {
    seal::plain_len(len).is_some_and(|plain| padding::padded_len(plain) == plain)
}

fn digest_of(content: &mut impl Read) -> Result<Digest, BundleError> {
    let mut hashed = HashingReader::new(content);
    let mut buffer = vec![0; BUFFER_BYTES];
    while hashed.read(&mut buffer)? > 0 {}
    Ok(hashed.finish().0)
}
