//! Stamps: a time from outside on a head of the log ([`crate::tlog::stamp`]).
//!
//! The desk has no network. It writes the text of a head to a file; on any other machine an authority stamps it or the
//! calendars of OpenTimestamps take it in; what comes back is kept if it is over a head of this very log. Stamps are plain
//! files in `stamps/`, each named by the size of its head and its own digest, and are never changed: the same one comes
//! twice and is there once. Of a head that holds a leaf with its stamps auditors get the proof that the leaf was there
//! before that time.

use std::path::{Path, PathBuf};

use super::archive::{Archive, Places, read_log_key};
use super::read::Reading;
use super::witnesses::policy_of;
use super::{IntakeError, source};
use crate::crypto::hash::Digest;
use crate::format::ots::Attestation;
use crate::format::time::Time;
use crate::store::files;
use crate::tlog::stamp::{PROOF_ENDING, RESPONSE_ENDING, STAMP_BYTES_MAX, StampName, stamped};
use crate::tlog::{Checkpoint, SignedCheckpoint, Stamp, TlogProof, policy};

/// Checkpoints that are read at once.
const PAGE: usize = 1024;

/// A head that was written to be stamped.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ToStamp {
    /// The file.
    #[serde(serialize_with = "crate::format::path::one")]
    pub file: PathBuf,
    /// How many leaves the head has.
    pub size: u64,
    /// The digest of the file, which is what is stamped.
    pub sha256: Digest,
}

/// A stamp that is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StampKept {
    /// How many leaves the head that it is over has.
    pub size: u64,
    /// The name of its file.
    pub name: String,
    /// Whether it was there before.
    pub already: bool,
    /// What it says.
    #[serde(flatten)]
    pub says: StampSays,
}

/// What a stamp says, of which an authority's signature and a block's header are **not** checked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StampSays {
    /// A token of an authority.
    Authority {
        /// When it claims to have seen the head.
        time: Time,
        /// The number of the token.
        serial: String,
        /// Whose token it is, if it says so.
        authority: Option<String>,
    },
    /// A proof of OpenTimestamps.
    Opentimestamps {
        /// The heights of the blocks that attest.
        blocks: Vec<u64>,
        /// The calendars that promise to have it attested.
        calendars: Vec<String>,
    },
}

/// A proof that was written with the stamps on its head.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StampedProof {
    /// The number of the leaf.
    pub leaf: u64,
    /// How many leaves the head has.
    pub size: u64,
    /// The proof.
    #[serde(serialize_with = "crate::format::path::one")]
    pub proof: PathBuf,
    /// The stamps beside it.
    #[serde(serialize_with = "crate::format::path::many")]
    pub stamps: Vec<PathBuf>,
}

/// The stamps of one head: the lower, the more they say.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct OfHead {
    too_few_cosigned: bool,
    tells_nothing: bool,
    size: u64,
    stamps: Vec<StampName>,
}

impl Reading {
    /// Writes the text of the newest head that counts, or of the newest where none does yet, to a new file.
    pub fn head_to_stamp(&self, file: &Path) -> Result<ToStamp, IntakeError> {
        let log = read_log_key(&self.places, &self.ledger.about()?)?;
        let counting = self.ledger.counting_head(&log, &policy_of(&self.places, &self.ledger)?)?;
        let head = match counting {
            Some(head) => head,
            None => self.cosigned_head(self.ledger.head()?.0)?,
        };
        let head = head.unverified();
        files::write_new(file, head.to_string().as_bytes())?;
        Ok(ToStamp { file: file.to_path_buf(), size: head.size, sha256: stamped(head) })
    }

    /// Writes the proof that something stands in the log under a stamped head, with the stamps beside it, into a folder,
    /// which is made where it is missing.
    ///
    /// Of several such heads it is one that counts by the newest card and whose stamps tell a time, as far as there is
    /// one, and of these the first: the earlier the time, the more it says.
    pub fn prove_stamped(&self, digest: &Digest, dir: &Path) -> Result<StampedProof, IntakeError> {
        let newest = self.ledger.head()?.0;
        let (leaf, number) = self.leaf_of(digest, newest)?;
        let stamps = self.stamps_with(number)?.ok_or(IntakeError::NotStamped { digest: *digest })?;
        let size = stamps[0].size;
        let head = self.cosigned_head(size)?;
        let hashes = self.ledger.inclusion_proof(number, size)?;
        let proof = TlogProof::logged(leaf.to_string().as_bytes(), number, hashes, head);
        proof.verify_logged(&self.ledger.about()?.log.parse()?)?;
        files::create_dir_all(dir)?;
        let path = dir.join(format!("{digest}.tlog-proof"));
        files::replace(&path, proof.to_string().as_bytes())?;
        let mut beside = Vec::new();
        for ending in [RESPONSE_ENDING, PROOF_ENDING] {
            for (name, place) in stamps.iter().filter(|name| name.ending == ending).zip(1..) {
                let counted = if place == 1 { String::new() } else { format!(".{place}") };
                let file = dir.join(format!("{digest}{counted}.{ending}"));
                files::replace(&file, &read(&self.places, name)?)?;
                beside.push(file);
            }
        }
        Ok(StampedProof { leaf: number, size, proof: path, stamps: beside })
    }

    /// The stamps on the best head with this leaf, if any was stamped.
    fn stamps_with(&self, number: u64) -> Result<Option<Vec<StampName>>, IntakeError> {
        let kept = kept(&self.places)?;
        let of_heads = kept.chunk_by(|one, other| one.size == other.size);
        let mut ranked = Vec::new();
        for stamps in of_heads.filter(|stamps| stamps[0].size > number) {
            ranked.push(self.rank(stamps)?);
        }
        Ok(ranked.into_iter().min().map(|best| best.stamps))
    }

    /// These stamps of one head. A proof that waits for its calendars is left out where another one leads to a block.
    fn rank(&self, stamps: &[StampName]) -> Result<OfHead, IntakeError> {
        let (size, log) = (stamps[0].size, self.ledger.about()?.log.parse()?);
        let policy = policy_of(&self.places, &self.ledger)?;
        let counts = policy::verify(&self.cosigned_head(size)?, &log, &policy).is_ok();
        let (mut telling, mut waiting) = (Vec::new(), Vec::new());
        for name in stamps {
            let tells = Stamp::parse(&read(&self.places, name)?).is_ok_and(|stamp| stamp.tells_time());
            if tells { telling.push(*name) } else { waiting.push(*name) }
        }
        let tells_nothing = telling.is_empty();
        if !telling.iter().any(|name| name.ending == PROOF_ENDING) {
            telling.extend(waiting);
        }
        Ok(OfHead { too_few_cosigned: !counts, tells_nothing, size, stamps: telling })
    }
}

impl Archive {
    /// Keeps a stamp that was brought, if it is over a head of this log.
    pub fn take_stamp(&mut self, path: &Path) -> Result<StampKept, IntakeError> {
        let bytes = source::read(path, STAMP_BYTES_MAX as u64)?;
        let refused = |source| IntakeError::Stamp { path: path.to_path_buf(), source };
        let stamp = Stamp::parse(&bytes).map_err(refused)?;
        let other = || IntakeError::OtherStamp { path: path.to_path_buf(), imprint: stamp.imprint() };
        let size = self.head_of_stamp(&stamp)?.ok_or_else(other)?.size;
        let name = StampName::of(&stamp, size);
        let place = self.places.stamps().join(name.to_string());
        let already = place.is_file();
        if !already {
            files::create_dir_all(&self.places.stamps())?;
            files::write_new(&place, &stamp.kept())?;
        }
        Ok(StampKept { size, name: name.to_string(), already, says: says(&stamp) })
    }

    /// The head that was stamped, if it is one of this log's.
    fn head_of_stamp(&self, stamp: &Stamp) -> Result<Option<Checkpoint>, IntakeError> {
        let mut below = self.ledger.head()?.0 + 1;
        loop {
            let notes = self.ledger.checkpoints_below(below, PAGE)?;
            if notes.is_empty() {
                return Ok(None);
            }
            for note in notes {
                let head = SignedCheckpoint::parse(note.as_bytes()).map_err(crate::tlog::TlogError::from)?;
                if stamp.is_over(head.unverified()) {
                    return Ok(Some(head.unverified().clone()));
                }
                below = head.unverified().size;
            }
        }
    }
}

/// The stamps of an archive, by the sizes of their heads. What else lies there is no stamp.
pub(super) fn kept(places: &Places) -> Result<Vec<StampName>, IntakeError> {
    let folder = places.stamps();
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let trouble = |error| IntakeError::source(&folder, error);
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(trouble)? {
        let name = entry.map_err(trouble)?.file_name();
        kept.extend(name.to_str().and_then(|name| name.parse::<StampName>().ok()));
    }
    kept.sort_unstable();
    Ok(kept)
}

/// A stamp of the archive, byte for byte as it was taken.
pub(super) fn read(places: &Places, name: &StampName) -> Result<Vec<u8>, IntakeError> {
    let path = places.stamps().join(name.to_string());
    let bytes = source::read(&path, STAMP_BYTES_MAX as u64)?;
    if Digest::of(&bytes) == name.digest {
        Ok(bytes)
    } else {
        Err(IntakeError::Damaged { what: "a stamp is not what was kept", path })
    }
}

fn says(stamp: &Stamp) -> StampSays {
    match stamp {
        Stamp::Response(token) | Stamp::Token(token) => StampSays::Authority {
            time: token.time,
            serial: token.serial.clone(),
            authority: token.authority.clone(),
        },
        Stamp::Proof(proof) => {
            let calendars = proof.attestations.iter().filter_map(|one| match one {
                Attestation::Pending { calendar } => Some(calendar.clone()),
                _ => None,
            });
            StampSays::Opentimestamps {
                blocks: proof.blocks().map(|(height, _)| height).collect(),
                calendars: calendars.collect(),
            }
        }
    }
}
