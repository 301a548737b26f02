//! A bundle's outside as bytes: every member in its place, and the checks that need no key, each by itself.
//!
//! [`Envelope::skim`] refuses what is not laid out as a bundle, and passes over the payload but for its header; only
//! [`Envelope::hash_payload`] reads it, which may be after the signatures were found to hold. The checks ask one
//! question each, so that an auditor can be told every answer; [`Outer`](super::outer::Outer) is an envelope of
//! which all hold.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::OnceLock;

use super::author::check_signature;
use super::error::BundleError;
use super::layout::{self, Info, Named};
use super::members::Members;
use super::parts::{Part, Split};
use super::quorum;
use super::signer::Signer;
use crate::crypto::hash::Digest;
use crate::crypto::hashing::HashingReader;
use crate::crypto::seal;
use crate::crypto::sign::{VerifyingKey, domain};
use crate::format::archive::MEMBER_BYTES_MAX;
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;
use crate::format::{bag, padding};

const BUFFER_BYTES: usize = 256 * 1024;
const QUORUM: &str = "quorum/";

/// One question about a bundle's outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// `bagit.txt` is BagIt's declaration.
    Declaration,
    /// `signer.pub` holds two usable keys and a recipient; none is weak.
    Keys,
    /// `manifest-sha256.txt` lists exactly the payload, with its digests.
    Manifest,
    /// The payload begins as every sealed file of ours does.
    Sealed,
    /// `tagmanifest-sha256.txt` lists exactly the other members, with their digests.
    TagManifest,
    /// The Ed25519 signature is by the one-time key, over the tag manifest, in its role.
    Signature,
    /// The composite signature is, too.
    PqSignature,
}

impl Check {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Check; 7] = [
        Check::Declaration,
        Check::Keys,
        Check::Manifest,
        Check::Sealed,
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
    /// What the payload begins with: as much as a sealed file's header has.
    header: Vec<u8>,
    info: Info,
    /// Parsed once: three checks ask for it, and a recipient takes a while.
    signer: OnceLock<Signer>,
}

impl Envelope {
    /// Reads a bundle's file from its beginning to its end, the payload included. Memory is bounded, whatever
    /// the payload's size.
    pub fn read(source: &mut (impl Read + Seek), split: Split) -> Result<Envelope, BundleError> {
        let mut envelope = Envelope::skim(source, split)?;
        envelope.hash_payload(source)?;
        Ok(envelope)
    }

    /// Reads all but the payload, and of that its header.
    pub fn skim(source: &mut (impl Read + Seek), split: Split) -> Result<Envelope, BundleError> {
        let total = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let mut kept =
            Kept { members: Members::new(BufReader::new(&mut *source), total), bodies: Vec::new() };
        kept.keep(layout::name(layout::BAGIT), layout::TEXT_BYTES_MAX)?;
        let info = Info::parse(kept.keep(layout::name(layout::INFO), layout::TEXT_BYTES_MAX)?)?;
        kept.keep(layout::name(layout::SIGNER), layout::TEXT_BYTES_MAX)?;
        for number in 1..=quorum::FILES {
            let len = kept.keep(layout::quorum(number), quorum::file_len())?.len();
            if len as u64 != quorum::file_len() {
                return Err(BundleError::content(layout::quorum(number)));
            }
        }
        let payload = places(&mut kept.members, &info, split, total)?;
        kept.keep(layout::name(layout::MANIFEST), layout::MANIFEST_BYTES_MAX)?;
        kept.keep(layout::name(layout::TAG_MANIFEST), layout::MANIFEST_BYTES_MAX)?;
        kept.keep(layout::name(layout::SIGNATURE), layout::TEXT_BYTES_MAX)?;
        kept.keep(layout::name(layout::PQ_SIGNATURE), layout::TEXT_BYTES_MAX)?;
        kept.members.end()?;
        let (kept, mut header) = (kept.bodies, Vec::new());
        for part in &payload {
            begin(source, part, &mut header)?;
        }
        Ok(Envelope { kept, payload, header, info, signer: OnceLock::new() })
    }

    /// The outside of which the payload is not there, from its other members in their order: what is kept of a bundle,
    /// and shown in a disclosure. It is as if the payload had not been read.
    pub fn without_payload(kept: Vec<Named>) -> Result<Envelope, BundleError> {
        let names = Envelope::names();
        for (at, name) in names.iter().enumerate() {
            let found = kept.get(at).map(|(name, _)| name.to_string());
            if found.as_deref() != Some(name.as_str()) {
                return Err(BundleError::Member { expected: name.to_string(), found });
            }
        }
        if let Some((name, _)) = kept.get(names.len()) {
            return Err(BundleError::Member {
                expected: "the end".to_owned(),
                found: Some(name.to_string()),
            });
        }
        for (name, body) in &kept {
            if name.as_str().starts_with(QUORUM) && body.len() as u64 != quorum::file_len() {
                return Err(BundleError::content(name));
            }
        }
        let info = kept.iter().find(|(name, _)| *name == layout::INFO).map(|(_, body)| body.as_slice());
        let info = Info::parse(info.unwrap_or_default())?;
        Ok(Envelope { kept, payload: Vec::new(), header: Vec::new(), info, signer: OnceLock::new() })
    }

    /// The names of all members but the payload, in their order.
    pub fn names() -> Vec<MemberName> {
        let quorum = (1..=quorum::FILES).map(layout::quorum);
        let before = [layout::BAGIT, layout::INFO, layout::SIGNER].map(layout::name).into_iter();
        let after = [layout::MANIFEST, layout::TAG_MANIFEST, layout::SIGNATURE, layout::PQ_SIGNATURE];
        before.chain(quorum).chain(after.map(layout::name)).collect()
    }

    /// Reads the payload, from the file that was skimmed.
    pub fn hash_payload(&mut self, source: &mut (impl Read + Seek)) -> Result<(), BundleError> {
        // Anew: what is checked is what is hashed.
        let mut header = Vec::new();
        for part in &mut self.payload {
            let before = header.len();
            begin(source, part, &mut header)?;
            let begun = &header[before..];
            let rest = source.by_ref().take(part.len - begun.len() as u64);
            let (digest, len) = digest_of(&mut begun.chain(rest))?;
            if len != part.len {
                return Err(BundleError::Claim { member: part.name.to_string(), len: part.len, left: len });
            }
            part.digest = Some(digest);
        }
        self.header = header;
        Ok(())
    }

    /// The payload was read elsewhere, and its parts have these digests.
    pub(super) fn set_digests(&mut self, digests: Vec<Digest>) {
        let digests = digests.into_iter().map(Some).chain(std::iter::repeat(None));
        self.payload.iter_mut().zip(digests).for_each(|(part, digest)| part.digest = digest);
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
    pub fn signer(&self) -> Result<&Signer, BundleError> {
        match self.signer.get() {
            Some(signer) => Ok(signer),
            None => {
                let signer = Signer::parse(self.member(layout::SIGNER))?;
                Ok(self.signer.get_or_init(|| signer))
            }
        }
    }

    /// Asks one question.
    pub fn check(&self, check: Check) -> Result<(), BundleError> {
        match check {
            Check::Declaration if self.member(layout::BAGIT) == bag::DECLARATION.as_bytes() => Ok(()),
            Check::Declaration => Err(BundleError::content(layout::BAGIT)),
            Check::Keys => self.signer().map(drop),
            Check::Manifest => self.check_list(layout::MANIFEST, self.payload_list()?),
            Check::Sealed if seal::begins_as_ours(&self.header) => Ok(()),
            Check::Sealed => Err(BundleError::content(layout::PAYLOAD)),
            Check::TagManifest => self.check_list(layout::TAG_MANIFEST, self.tag_list()?),
            Check::Signature => self.check_signature(layout::SIGNATURE, self.signer()?.keys.ed25519()),
            Check::PqSignature => self.check_signature(layout::PQ_SIGNATURE, self.signer()?.keys.composite()),
        }
    }

    /// The payload's list; a part that was not read is as one that is not there.
    fn payload_list(&self) -> Result<DigestList, BundleError> {
        list_of(self.payload.iter().filter_map(|part| Some((&part.name, part.digest?))))
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

/// The members that are kept, as they are read.
struct Kept<R> {
    members: Members<R>,
    bodies: Vec<Named>,
}

impl<R: Read> Kept<R> {
    fn keep(&mut self, name: MemberName, max: u64) -> Result<&[u8], BundleError> {
        let body = self.members.whole(&name, max)?;
        self.bodies.push((name, body));
        Ok(self.bodies.last().map_or(&[], |(_, body)| body))
    }
}

/// Where the payload lies, in the parts that its announced length makes.
fn places(
    members: &mut Members<impl Read + Seek>,
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
    let mut places = Vec::with_capacity(parts.len());
    for (name, expected) in parts {
        let len = members.begin(&name, MEMBER_BYTES_MAX)?;
        if len != expected {
            return Err(BundleError::Length { member: name.to_string(), len, max: expected });
        }
        places.push(Part { name, offset: members.body_offset(), len, digest: None });
        members.pass_over()?;
    }
    Ok(places)
}

/// Reads on in the payload's header, as far as this part of it goes.
fn begin(source: &mut (impl Read + Seek), part: &Part, header: &mut Vec<u8>) -> Result<(), BundleError> {
    source.seek(SeekFrom::Start(part.offset))?;
    let missing = (seal::HEADER_LEN - header.len()) as u64;
    source.by_ref().take(missing.min(part.len)).read_to_end(header)?;
    Ok(())
}

/// Whether a payload can be so long: a padding class, sealed. What lay between would tell more than the class.
fn is_payload_len(len: u64) -> bool {
    seal::plain_len(len).is_some_and(|plain| padding::padded_len(plain) == plain)
}

fn digest_of(content: &mut impl Read) -> Result<(Digest, u64), BundleError> {
    let mut hashed = HashingReader::new(content);
    let mut buffer = vec![0; BUFFER_BYTES];
    while hashed.read(&mut buffer)? > 0 {}
    Ok(hashed.finish())
}
