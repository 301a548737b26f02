//! Witnesses: they are asked for cosignatures on the newest head, and a receipt goes out under a head that enough of them
//! cosigned.
//!
//! Which witnesses there are and how many are enough the newest card says ([`crate::format::policy`]). A request and its
//! answer are files, for a stick (c2sp.org/tlog-witness, [`crate::tlog::add_checkpoint`]). What a witness cosigned last is
//! remembered, because the next proof has to begin there; a witness that knows better says so in its answer.

use std::path::{Path, PathBuf};

use super::archive::{Archive, Places};
use super::ledger::Ledger;
use super::{IntakeError, source};
use crate::format::FormatError;
use crate::format::card::{CARD_BYTES_MAX, Card};
use crate::format::note::{KeyKind, NoteSignature, NoteSigner, NoteVerifier};
use crate::format::policy::Policy;
use crate::format::time::Time;
use crate::store::files;
use crate::tlog::add_checkpoint::{ANSWER_BYTES_MAX, AddCheckpoint, Answer};
use crate::tlog::cosignature::{Witness, cosigned_at};
use crate::tlog::{SignedCheckpoint, policy};

/// How the name of a request's file ends.
const REQUEST_ENDING: &str = "add-checkpoint";

/// A file with a witness's keys is no longer than this.
const KEYS_BYTES_MAX: u64 = 16 << 10;

/// Witnesses on a card: with the signatures of so many a receipt still fits into a letter, and with their keys the card
/// into what cards may have.
pub const WITNESSES_MAX: usize = 9;

/// Which witnesses the next card names, and how many of them are enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witnesses {
    /// The keys of each.
    pub keys: Vec<Vec<NoteVerifier>>,
    /// How many are enough; more than half if nothing is said.
    pub needed: Option<usize>,
}

/// A request to a witness.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Asked {
    /// The witness.
    pub witness: String,
    /// The request.
    #[serde(serialize_with = "crate::format::path::one")]
    pub file: PathBuf,
    /// How many leaves the witness knows.
    pub from: u64,
    /// How many it is asked about.
    pub size: u64,
}

/// What a witness's answer brought.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Cosigned {
    /// It cosigned a head.
    Cosigned {
        /// The witness.
        witness: String,
        /// How many leaves the head has.
        size: u64,
        /// Whether the head counts now by the newest card.
        enough: bool,
    },
    /// It cosigned another head last, and has to be asked from there.
    AskAgain {
        /// The witnesses that were asked and may have answered so.
        witnesses: Vec<String>,
        /// How many leaves that head has.
        last: u64,
    },
}

impl Archive {
    /// Writes a request to each witness of the newest card that has not cosigned the newest head, into a folder, which is
    /// made where it is missing.
    ///
    /// Proofs begin where each cosigned last, as far as that is known, or at `from`: for a witness that forgot.
    pub fn ask_witnesses(&mut self, dir: &Path, from: Option<u64>) -> Result<Vec<Asked>, IntakeError> {
        files::create_dir_all(dir)?;
        let witnesses = policy_of(&self.places, &self.ledger)?.others();
        let head = self.head_of(self.ledger.head()?.0)?;
        let size = head.unverified().size;
        let mut asked = Vec::new();
        for (keys, number) in witnesses.iter().zip(1..) {
            let witness = keys[0].name();
            if cosigned_by(&head, keys)? {
                continue;
            }
            // One that was told wrongly, or lost what it knew, says so.
            let known = self.ledger.witnessed(witness)?;
            let from = from.unwrap_or(known).min(size);
            let proof = self.ledger.consistency_proof(from, size)?;
            let request = AddCheckpoint { old: from, proof, checkpoint: head.clone() };
            let file = dir.join(format!("{number}.{REQUEST_ENDING}"));
            files::replace(&file, request.to_string().as_bytes())?;
            asked.push(Asked { witness: witness.to_owned(), file, from, size });
        }
        self.ledger.note_asked(size)?;
        Ok(asked)
    }

    /// Takes a witness's answer.
    pub fn take_answer(&mut self, path: &Path) -> Result<Cosigned, IntakeError> {
        let bytes = source::read(path, ANSWER_BYTES_MAX as u64)?;
        let refused = |source| IntakeError::WitnessAnswer { path: path.to_path_buf(), source };
        match Answer::parse(&bytes).map_err(refused)? {
            Answer::Last(last) => {
                let witnesses = self.asked_again(last)?;
                Ok(Cosigned::AskAgain { witnesses, last })
            }
            Answer::Cosigned(lines) => self.take_cosignatures(&lines).and_then(|taken| {
                taken.ok_or_else(|| {
                    refused(FormatError::spelling(
                        "witness answer",
                        "cosignatures of a head that was asked about",
                    ))
                })
            }),
        }
    }

    /// An answer of a size alone does not say whose it is: every witness that is not known to have cosigned as much is
    /// asked from there, and one of whom it is not true answers with its own.
    fn asked_again(&mut self, last: u64) -> Result<Vec<String>, IntakeError> {
        let all = policy_of(&self.places, &self.ledger)?.others();
        let names: Vec<String> = all.iter().map(|keys| keys[0].name().to_owned()).collect();
        let mut again = Vec::new();
        for name in names {
            if self.ledger.witnessed(&name)? < last {
                self.ledger.note_witnessed(&name, last)?;
                again.push(name);
            }
        }
        Ok(again)
    }

    /// Takes the lines that verify on a head that was asked about; nothing if none does.
    fn take_cosignatures(&mut self, lines: &[NoteSignature]) -> Result<Option<Cosigned>, IntakeError> {
        let policy = policy_of(&self.places, &self.ledger)?;
        for keys in policy.others() {
            for size in self.ledger.asked()? {
                let Some(ours) = verified(&self.head_of(size)?, &keys, lines) else { continue };
                let witness = keys[0].name().to_owned();
                self.ledger.cosign(size, &witness, &ours)?;
                let enough = policy::verify(&self.head_of(size)?, &self.log.verifier(), &policy).is_ok();
                return Ok(Some(Cosigned::Cosigned { witness, size, enough }));
            }
        }
        Ok(None)
    }

    /// The newest head that counts by the newest card; nothing while too few witnesses cosigned any.
    pub(super) fn answering_head(&self) -> Result<Option<SignedCheckpoint>, IntakeError> {
        let policy = policy_of(&self.places, &self.ledger)?;
        self.ledger.counting_head(&self.log, &policy)
    }

    fn head_of(&self, size: u64) -> Result<SignedCheckpoint, IntakeError> {
        self.ledger.cosigned_head(size, &self.log)
    }
}

impl Ledger {
    /// The newest head that counts by this policy, if one does.
    pub(super) fn counting_head(
        &self,
        log: &NoteSigner,
        policy: &Policy,
    ) -> Result<Option<SignedCheckpoint>, IntakeError> {
        let newest = self.head()?.0;
        for size in std::iter::once(newest).chain(self.cosigned()?) {
            let head = self.cosigned_head(size, log)?;
            if policy::verify(&head, &log.verifier(), policy).is_ok() {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// The head of this size with every cosignature that came. One from before the log had a second key gets its signature
    /// now: it is the same each time, and says nothing of when.
    pub(super) fn cosigned_head(&self, size: u64, log: &NoteSigner) -> Result<SignedCheckpoint, IntakeError> {
        let note = self.checkpoint(size)?.ok_or_else(|| self.damaged("a checkpoint is missing"))?;
        let mut head = SignedCheckpoint::parse(note.as_bytes()).map_err(crate::tlog::TlogError::from)?;
        let second = Witness::beside(log)?;
        if cosigned_at(&head, second.verifier())?.is_none() {
            second.cosign(&mut head, Time::EPOCH);
        }
        for line in self.cosignatures(size)? {
            head.add(NoteSignature::parse(&line).map_err(|_| self.damaged("a cosignature is none"))?);
        }
        Ok(head)
    }
}

/// The policy of the newest card, which receipts go out by; before there is one, none.
pub(super) fn policy_of(places: &Places, ledger: &Ledger) -> Result<Policy, IntakeError> {
    let Some(newest) = ledger.newest_card()? else { return Ok(Policy::none()) };
    let path = places.card(&newest.digest);
    let card = Card::parse(&source::read(&path, CARD_BYTES_MAX as u64)?).map_err(IntakeError::Card)?;
    Ok(card.policy().clone())
}

/// The policy of the next card: with these witnesses, or those of the card before.
pub(super) fn next_policy(
    places: &Places,
    ledger: &Ledger,
    log: &NoteSigner,
    witnesses: Option<&Witnesses>,
) -> Result<Policy, IntakeError> {
    let before = policy_of(places, ledger)?;
    if witnesses.is_none() && !before.others().is_empty() {
        return Ok(before);
    }
    let (keys, needed) = witnesses.map(|asked| (&asked.keys[..], asked.needed)).unwrap_or_default();
    if keys.len() > WITNESSES_MAX {
        let limit = WITNESSES_MAX as u64;
        return Err(IntakeError::Founding(FormatError::TooLarge {
            format: "card",
            limit,
            unit: "witnesses",
        }));
    }
    let further = Witness::beside(log)?;
    let of = |needed| Policy::of(&log.verifier(), further.verifier(), keys, needed);
    // A policy counts keys: where some witnesses have one and others two, more than half of the witnesses may be too few.
    let fewest = keys.len() / 2 + 1;
    let policy = match needed {
        Some(needed) => of(needed),
        None => (fewest..=keys.len()).find_map(|needed| of(needed).ok()).map_or_else(|| of(fewest), Ok),
    };
    policy.map_err(IntakeError::Founding)
}

/// The keys of a witness in a file: what `sanduq-verify witness keys` printed, or the one key of a witness that watches
/// other logs and has no post-quantum one. White space around them is passed over.
pub fn read_witness(path: &Path) -> Result<Vec<NoteVerifier>, IntakeError> {
    let bytes = source::read(path, KEYS_BYTES_MAX)?;
    let wrong = |source| IntakeError::WitnessKeys { path: path.to_path_buf(), source };
    let not_keys = || FormatError::spelling("witness keys", "one key, or one of each kind under one name");
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong(not_keys()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Vec<NoteVerifier> = lines.map(str::parse).collect::<Result<_, FormatError>>().map_err(wrong)?;
    let kinds: Vec<KeyKind> = keys.iter().map(NoteVerifier::kind).collect();
    let one_name = keys.iter().all(|key| key.name() == keys[0].name());
    if [&[KeyKind::Witness][..], &[KeyKind::Witness, KeyKind::PqWitness]].contains(&&kinds[..]) && one_name {
        Ok(keys)
    } else {
        Err(wrong(not_keys()))
    }
}

/// One line for each of a witness's keys that verifies under this head; nothing where one is missing. More of one key
/// would only make the checkpoint longer than its readers take.
fn verified(head: &SignedCheckpoint, keys: &[NoteVerifier], lines: &[NoteSignature]) -> Option<Vec<String>> {
    let of = |key: &NoteVerifier| {
        lines.iter().find(|line| {
            let mut alone = head.only(std::iter::empty());
            alone.add((*line).clone());
            cosigned_at(&alone, key).is_ok_and(|at| at.is_some())
        })
    };
    keys.iter().map(|key| of(key).map(ToString::to_string)).collect()
}

fn cosigned_by(head: &SignedCheckpoint, keys: &[NoteVerifier]) -> Result<bool, IntakeError> {
    for key in keys {
        if cosigned_at(head, key)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}
