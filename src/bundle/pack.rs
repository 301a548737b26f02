//! Packing: items become records, records and originals an inner bag, the bag a payload, and around it the
//! outside that anybody can check.
//!
//! Everything is written in one pass and each original is read once; what must stand before something that is
//! not yet known, such as the payload's length, is computed from lengths alone. The payload's key and the
//! one-time signing keys exist only while this runs.

use std::io::Write;

use super::author::{FollowUp, Statement};
use super::couriers::CouriersLock;
use super::envelope::list_of;
use super::error::BundleError;
use super::files::FileSource;
use super::inner::{Inner, Numbering};
use super::layout::{self, Info, Named};
use super::parts::{PartsWriter, Split};
use super::quorum;
use super::signer::Signer;
use crate::crypto::aside_hasher::AsideHashers;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::Identity;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::sign::domain;
use crate::crypto::{random, seal};
use crate::evidence::item::Item;
use crate::evidence::layout::LIST_NAME;
use crate::evidence::record::Record;
use crate::format::archive::Writer;
use crate::format::bag::{self, Oxum};
use crate::format::card::Card;
use crate::format::digest_list::DigestList;
use crate::format::name::MemberName;
use crate::format::sshsig;

/// What is to be sealed, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// The organisation.
    pub card: &'a Card,
    /// The contributor's keys for this organisation.
    pub author: &'a KeyPair,
    /// The items, each of which becomes one record.
    pub items: &'a [Item],
    /// SHA-256 of the key with which authorship can be proved later ([`super::proof`]); random where none is wanted.
    pub proof_commit: Digest,
    /// What it does to an earlier bundle, if it follows up on one.
    pub follow_up: Option<FollowUp>,
    /// The couriers' layer, if its key is split among them.
    pub couriers: Option<&'a CouriersLock>,
}

/// What the contributor keeps of a bundle.
#[derive(Debug)]
pub struct Sealed {
    /// The bundle's id.
    pub bundle: Digest,
    /// Opens receipts and replies.
    pub return_identity: Identity,
    /// SHA-256 of the author's statement.
    pub author: Digest,
    /// The records' ids, in the order of the items.
    pub records: Vec<Digest>,
    /// How long the bundle is.
    pub len: u64,
}

/// Seals a parcel into `out`. `progress` is told how many bytes of originals were just read.
pub fn pack(
    parcel: &Parcel<'_>,
    source: &dyn FileSource,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<Sealed, BundleError> {
    pack_split(parcel, source, out, progress, Split::default())
}

/// As [`pack`], with shorter parts. For tests.
pub fn pack_split(
    parcel: &Parcel<'_>,
    source: &dyn FileSource,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
    split: Split,
) -> Result<Sealed, BundleError> {
    let keys = KeyPair::generate();
    let return_identity = Identity::generate();
    let signer = Signer { keys: keys.public(), return_recipient: return_identity.to_recipient() };
    let numbering = Numbering::of(parcel.items)?;
    let records = build_records(parcel, &numbering)?;
    let ids = records.iter().map(Record::id).collect();
    let (small, commitments) = small_members(parcel, &signer, records)?;
    let inner = Inner::new(small, numbering, split)?;
    let outside = Outside { parcel, signer, keys, commitments, split };
    let (bundle, len) = outside.write(inner, source, out, progress)?;
    Ok(Sealed { bundle, return_identity, author: commitments.author, records: ids, len })
}

fn build_records(parcel: &Parcel<'_>, numbering: &Numbering<'_>) -> Result<Vec<Record>, BundleError> {
    let (count, max) = (parcel.items.len(), layout::RECORDS_MAX);
    if count > max {
        return Err(BundleError::TooMany { what: "records", count: count as u64, max: max as u64 });
    }
    let organisation = parcel.card.fingerprint();
    let mut bytes = 0;
    let mut records = Vec::with_capacity(count);
    for (item, record) in parcel.items.iter().zip(1..) {
        let built = Record::build(item, &organisation, |digest| numbering.get(digest))
            .map_err(|error| BundleError::Evidence { record, error })?;
        bytes += built.list().len() as u64 + built.units().map(|(_, unit)| unit.len() as u64).sum::<u64>();
        if bytes > layout::RECORD_BYTES_MAX {
            return Err(BundleError::TooMany {
                what: "bytes of records",
                count: bytes,
                max: layout::RECORD_BYTES_MAX,
            });
        }
        records.push(built);
    }
    Ok(records)
}

/// What the outside says of the inside.
#[derive(Debug, Clone, Copy)]
struct Commitments {
    disclosure: Digest,
    author: Digest,
}

/// All inner members but the originals, in their order.
fn small_members(
    parcel: &Parcel<'_>,
    signer: &Signer,
    records: Vec<Record>,
) -> Result<(Vec<Named>, Commitments), BundleError> {
    let salt: [u8; 32] = random::array();
    let list = record_list(&salt, &records)?.to_string();
    let disclosure = Digest::of(list.as_bytes());
    let statement = Statement {
        author: parcel.author.public(),
        salt: Digest::from_bytes(random::array()),
        bundle: signer.keys.clone(),
        disclosure,
        card: parcel.card.digest(),
        proof: parcel.proof_commit,
        follow_up: parcel.follow_up,
    };
    let text = statement.print();
    let author = Digest::of(text.as_bytes());
    let [signature, pq_signature] = Statement::sign(&text, parcel.author);
    let mut small = vec![
        (layout::name(layout::CARD), parcel.card.as_bytes().to_vec()),
        (layout::name(layout::SALT), salt.to_vec()),
        (layout::name(layout::RECORDS), list.into_bytes()),
        (layout::name(layout::AUTHOR), text.into_bytes()),
        (layout::name(layout::AUTHOR_SIGNATURE), signature.into_bytes()),
        (layout::name(layout::AUTHOR_PQ_SIGNATURE), pq_signature.into_bytes()),
    ];
    for (record, number) in records.into_iter().zip(1..) {
        let folder = format!("data/{}", layout::record(number));
        let within = |name: MemberName| layout::name(&format!("{folder}/{name}"));
        small.extend(record.into_members().map(|(name, body)| (within(name), body)));
    }
    Ok((small, Commitments { disclosure, author }))
}

/// `records-sha256.txt`: the salt, and each record's list.
fn record_list(salt: &[u8; 32], records: &[Record]) -> Result<DigestList, BundleError> {
    let mut list = DigestList::new();
    let mut push = |name: &str, digest| {
        list.push(layout::name(name), digest).map_err(BundleError::format(layout::RECORDS))
    };
    push("salt", Digest::of(salt))?;
    for (record, number) in records.iter().zip(1..) {
        push(&format!("{}/{LIST_NAME}", layout::record(number)), record.id())?;
    }
    Ok(list)
}

/// What stands around the payload.
struct Outside<'a> {
    parcel: &'a Parcel<'a>,
    signer: Signer,
    keys: KeyPair,
    commitments: Commitments,
    split: Split,
}

impl Outside<'_> {
    /// Writes the whole bundle; its id and length.
    fn write(
        self,
        inner: Inner<'_>,
        source: &dyn FileSource,
        out: &mut dyn Write,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(Digest, u64), BundleError> {
        let payload_key = Identity::generate();
        let payload_len = seal::sealed_len(inner.padded_len());
        let parts = self.split.parts(layout::PAYLOAD, payload_len)?;
        let mut tagged = self.members_before(&payload_key, payload_len, parts.len() as u64)?;
        let mut archive = Writer::new(Counted { out, len: 0 });
        for (name, body) in &tagged {
            archive.whole(name, body)?;
        }
        let mut hashers = AsideHashers::new();
        let mut payload = PartsWriter::new(&mut archive, Some(&mut hashers), &parts);
        let sealer = seal::seal(&payload_key.to_recipient(), &mut payload)?;
        inner.write(sealer, source, progress)?.finish()?;
        payload.finish()?;

        let digests = hashers.finish();
        if digests.len() != parts.len() {
            return Err(BundleError::Sealing("a part that was not hashed"));
        }
        let manifest = list_of(parts.iter().map(|(name, _)| name).zip(digests))?;
        let manifest = manifest.to_string().into_bytes();
        archive.whole(&layout::name(layout::MANIFEST), &manifest)?;
        tagged.push((layout::name(layout::MANIFEST), manifest));
        let entries = tagged.iter().map(|(name, body)| (name, Digest::of(body)));
        let tag_manifest = list_of(entries)?.to_string();
        archive.whole(&layout::name(layout::TAG_MANIFEST), tag_manifest.as_bytes())?;
        let signatures = self.keys.sign::<domain::Bundle>(tag_manifest.as_bytes());
        let [signature, pq_signature] = sshsig::encode_pair(&self.signer.keys, &signatures);
        archive.whole(&layout::name(layout::SIGNATURE), signature.as_bytes())?;
        archive.whole(&layout::name(layout::PQ_SIGNATURE), pq_signature.as_bytes())?;
        let mut counted = archive.finish()?;
        counted.flush()?;
        Ok((Digest::of(tag_manifest.as_bytes()), counted.len))
    }

    /// The members that come before the payload.
    fn members_before(
        &self,
        payload_key: &Identity,
        payload_len: u64,
        parts: u64,
    ) -> Result<Vec<Named>, BundleError> {
        let info = Info {
            oxum: Oxum { bytes: payload_len, files: parts },
            disclosure: self.commitments.disclosure,
            author: self.commitments.author,
            proof: self.parcel.proof_commit,
        };
        let signer = self.signer.print().into_bytes();
        let card = self.parcel.card;
        let officers: Vec<_> = card.officers().iter().map(|officer| officer.recipient.clone()).collect();
        let (threshold, couriers) = (card.threshold(), self.parcel.couriers);
        let quorum = quorum::seal_files(&officers, threshold, couriers, &Digest::of(&signer), payload_key);
        let mut members = vec![
            (layout::name(layout::BAGIT), bag::DECLARATION.as_bytes().to_vec()),
            (layout::name(layout::INFO), info.print().into_bytes()),
            (layout::name(layout::SIGNER), signer),
        ];
        members.extend((1..).map(layout::quorum).zip(quorum));
        Ok(members)
    }
}

/// Counts what it passes on.
struct Counted<'a> {
    out: &'a mut dyn Write,
    len: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.len += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
