//! A bundle of which everything holds that needs no key: what an intake stores and an auditor reports. An officer begins
//! with one of which the payload was not read yet.

use std::io::{Read, Seek};

use super::couriers::Terms;
use super::envelope::{Check, Envelope};
use super::error::BundleError;
use super::files::FileSink;
use super::layout::{self, Info, Named};
use super::parts::Split;
use super::pass_on::PassOn;
use super::quorum::{self, Peeled};
use super::signer::Signer;
use super::unpack::Verified;
use crate::crypto::hash::Digest;
use crate::crypto::hybrid::{Identity, Recipient};
use crate::crypto::key_pair::PublicPair;

/// A bundle whose layout, manifests, keys and both signatures hold.
#[derive(Debug, Clone)]
pub struct Outer {
    envelope: Envelope,
    signer: Signer,
    split: Split,
}

/// A bundle of which everything holds but for the payload, which was not read yet: for whoever opens it, and reads it once.
#[derive(Debug)]
pub struct Unread(Outer);

impl Unread {
    /// Reads all but the payload, and makes every check that needs neither it nor a key.
    pub fn begin(source: &mut (impl Read + Seek)) -> Result<Unread, BundleError> {
        Unread::begin_split(source, Split::default())
    }

    /// As [`Unread::begin`], with shorter parts. For tests.
    pub fn begin_split(source: &mut (impl Read + Seek), split: Split) -> Result<Unread, BundleError> {
        let envelope = Envelope::skim(source, split)?;
        for check in
            [Check::Declaration, Check::TagManifest, Check::Keys, Check::Signature, Check::PqSignature]
        {
            envelope.check(check)?;
        }
        let signer = envelope.signer()?.clone();
        Ok(Unread(Outer { envelope, signer, split }))
    }

    /// The id that the bundle has if the payload holds too.
    pub fn id(&self) -> Digest {
        self.0.id()
    }

    /// What it commits to.
    pub fn info(&self) -> &Info {
        self.0.info()
    }

    /// As [`Outer::open_quorum`].
    pub fn open_quorum(&self, identity: &Identity, passed_on: Option<&PassOn>) -> Result<Step, BundleError> {
        self.0.open_quorum(identity, passed_on)
    }

    /// Reads the payload, and makes the checks that are left.
    pub fn read(self, source: &mut (impl Read + Seek)) -> Result<Outer, BundleError> {
        let Unread(mut outer) = self;
        outer.envelope.hash_payload(source)?;
        outer.check_payload()?;
        Ok(outer)
    }

    /// As [`Unread::read`], and in the same pass opens the payload and checks everything in it: card, author, records,
    /// units, files. `officer` is who opens, and must stand on the card inside. `source` is the file this was read from.
    ///
    /// Where the payload does not open, what is wrong with the bundle is told first, unless reading itself failed.
    pub fn verify(
        self,
        opened: &Opened,
        source: &mut (impl Read + Seek),
        officer: &Recipient,
        sink: &mut dyn FileSink,
    ) -> Result<(Outer, Verified), BundleError> {
        let (verified, digests) = match self.0.open_payload(opened, source, officer, sink) {
            Ok(read) => read,
            Err(BundleError::Io(error)) => return Err(BundleError::Io(error)),
            Err(error) => return self.read(source).and(Err(error)),
        };
        let Unread(mut outer) = self;
        outer.envelope.set_digests(digests);
        outer.check_payload()?;
        Ok((outer, verified))
    }
}

/// How far an officer's identity leads.
#[derive(Debug)]
pub enum Step {
    /// To the payload's key.
    Opened(Opened),
    /// Through the layers of all officers, to that of the couriers.
    NeedsShares(Locked),
    /// To layers for the officer who follows.
    PassOn(PassOn),
    /// Nowhere: another officer must begin, or this one stands on no layer. See [`quorum::beginners`].
    NotYet,
}

/// The payload's key, for the bundle it belongs to. **Never** written anywhere.
#[derive(Debug)]
pub struct Opened {
    pub(super) bundle: Digest,
    pub(super) key: Identity,
}

/// A bundle of which every officer's layer is off and the couriers' is not.
#[derive(Debug)]
pub struct Locked {
    pub(super) bundle: Digest,
    pub(super) signer: Digest,
    pub(super) number: u8,
    pub(super) terms: Terms,
    pub(super) layer: Vec<u8>,
}

impl Locked {
    /// How many shares are needed, and which there are.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Takes off the couriers' layer, by the identity that their shares give. Refuses a layer of another bundle, and
    /// one that this identity does not open though the list vouches for its shares.
    pub fn open(&self, couriers: &Identity) -> Result<Opened, BundleError> {
        match quorum::peel(self.number, &self.layer, couriers, &self.signer)? {
            Some(Peeled::Key(key)) => Ok(Opened { bundle: self.bundle, key }),
            _ => Err(BundleError::Quorum { number: self.number }),
        }
    }
}

impl Outer {
    /// Reads a bundle and makes every check that needs no key. The payload is read last: a bundle of any size
    /// whose signatures do not hold is refused at once.
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Outer, BundleError> {
        Outer::read_split(source, Split::default())
    }

    /// As [`Outer::read`], with shorter parts. For tests.
    pub fn read_split(source: &mut (impl Read + Seek), split: Split) -> Result<Outer, BundleError> {
        Unread::begin_split(source, split)?.read(source)
    }

    fn check_payload(&self) -> Result<(), BundleError> {
        self.envelope.check(Check::Manifest)?;
        self.envelope.check(Check::Sealed)
    }

    /// The bundle's id.
    pub fn id(&self) -> Digest {
        self.envelope.id()
    }

    /// The one-time keys that signed it.
    pub fn signer(&self) -> &PublicPair {
        &self.signer.keys
    }

    /// To whom receipts and replies are sealed.
    pub fn return_recipient(&self) -> &Recipient {
        &self.signer.return_recipient
    }

    /// What it commits to.
    pub fn info(&self) -> &Info {
        self.envelope.info()
    }

    /// SHA-256 of the inner list of records.
    pub fn disclosure(&self) -> Digest {
        self.info().disclosure
    }

    /// SHA-256 of the author's statement.
    pub fn author_commit(&self) -> Digest {
        self.info().author
    }

    /// SHA-256 of the key with which authorship can be proved.
    pub fn proof_commit(&self) -> Digest {
        self.info().proof
    }

    /// Every member but the payload, in order, byte for byte: what is kept for a later disclosure.
    pub fn kept(&self) -> &[Named] {
        self.envelope.kept()
    }

    pub(super) fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    pub(super) fn split(&self) -> Split {
        self.split
    }

    /// Takes this officer's layer off the quorum files, or off what another officer passed on.
    pub fn open_quorum(&self, identity: &Identity, passed_on: Option<&PassOn>) -> Result<Step, BundleError> {
        let layers: Vec<(u8, &[u8])> = match passed_on {
            Some(pass_on) if pass_on.bundle() != self.id() => {
                let (expected, found) = (self.id(), pass_on.bundle());
                return Err(BundleError::PassedOnForAnother { expected, found });
            }
            Some(pass_on) => pass_on.layers().collect(),
            None => (1..=quorum::FILES).map(|number| (number, self.quorum_file(number))).collect(),
        };
        let signer = Digest::of(self.envelope.member(layout::SIGNER));
        let mut stripped = Vec::new();
        let (mut opened, mut locked) = (None, None);
        for (number, layer) in layers {
            match quorum::peel(number, layer, identity, &signer)? {
                Some(Peeled::Key(key)) => opened = opened.or(Some(Opened { bundle: self.id(), key })),
                Some(Peeled::Couriers(terms, layer)) => {
                    let bundle = self.id();
                    locked = locked.or(Some(Locked { bundle, signer, number, terms, layer }));
                }
                Some(Peeled::Layer(layer)) => stripped.push((number, layer)),
                None => {}
            }
        }
        Ok(match (opened, locked) {
            (Some(opened), _) => Step::Opened(opened),
            (None, Some(locked)) => Step::NeedsShares(locked),
            (None, None) if stripped.is_empty() => Step::NotYet,
            (None, None) => Step::PassOn(PassOn::new(self.id(), stripped)),
        })
    }

    fn quorum_file(&self, number: u8) -> &[u8] {
        self.envelope.member(layout::quorum(number).as_str())
    }
}
