//! The audit of a disclosure: whether what is shown is what was sealed, and which of it may be shown; and what all of
//! that does not prove.
//!
//! That all of it holds means: nothing that is shown was changed since the bundle was signed, and nothing was added.
//! What was left out is counted, and nothing can be known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::disclosed::{Disclosed, DisclosedEvent, DisclosedRecord};
use super::disclosure_folder::{self, AUTHOR, Findings};
use super::folder::Folder;
use super::log::{self, LogQuestions};
use super::report::{Question, Report, Unproved, ValueName};
use super::{derivatives, events, receipt, stamp};
use crate::bundle::derivative::Derivative;
use crate::bundle::disclosure::{self, Info};
use crate::bundle::{BundleError, Check, Envelope, Receipt, Statement, layout};
use crate::crypto::hash::Digest;
use crate::crypto::words::eight_words;
use crate::evidence::layout::{LIST_NAME, UNITS_MAX, unit_name};
use crate::evidence::received::ReceivedItem;
use crate::evidence::unit::{Descriptor, UNIT_BYTES_MAX, Unit, Value};
use crate::format::card::Card;
use crate::format::digest_list::DigestList;
use crate::format::ots::BlockHeader;
use crate::format::time::Date;
use crate::tlog::proof_text::PROOF_BYTES_MAX;
use crate::tlog::stamp::STAMP_BYTES_MAX;
use crate::tlog::{SignedCheckpoint, Stamp, TlogProof};

/// The outside is asked all that a bundle is, but for its payload, which is not there.
const OUTSIDE: [(Check, Question); 5] = [
    (Check::Declaration, Question::BundleDeclaration),
    (Check::Keys, Question::BundleKeys),
    (Check::TagManifest, Question::BundleTagManifest),
    (Check::Signature, Question::BundleSignature),
    (Check::PqSignature, Question::BundlePqSignature),
];

/// What is at hand beside a disclosure.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The log of the organisation: a folder as `sanduq-intake log export` writes it.
    pub log: Option<&'a Path>,
    /// Headers of blocks that a stamp should lead to.
    pub headers: &'a [BlockHeader],
}

/// Audits the disclosure in this folder on this day. An `Err` is about the folder: it could not be read.
pub fn disclosure(dir: &Path, today: Date) -> io::Result<Report> {
    disclosed(dir, today, &Beside::default()).map(|(report, _)| report)
}

/// As [`disclosure()`], with what else is at hand, and with what is shown as far as it could be read. An `Err` may be about
/// the log's folder too.
pub fn disclosed(dir: &Path, today: Date, beside: &Beside) -> io::Result<(Report, Disclosed)> {
    let mut folder = Folder::list(dir, disclosure::VERIFY)?;
    let mut report = Report::default();
    let strays = std::mem::take(&mut folder.findings);
    report.ask_all(
        Question::DisclosureLayout,
        strays.into_iter().chain(disclosure_folder::layout_findings(&folder)).collect(),
    );
    let info = match disclosure_folder::declaration(&folder)? {
        Ok(info) => report.ask(Question::DisclosureDeclaration, Ok::<_, BundleError>(info)),
        Err(error) => report.ask(Question::DisclosureDeclaration, Err(error)),
    };
    let digests = disclosure_folder::digests(&folder)?;
    report.ask_all(Question::DisclosureManifests, disclosure_folder::manifests(&folder, &digests)?);
    let audit = Audit { folder, digests, info, beside, today: today.to_string() };
    let disclosed = audit.evidence(&mut report)?;
    Ok((report, disclosed))
}

/// A disclosure while it is audited.
struct Audit<'a> {
    folder: Folder,
    digests: BTreeMap<String, Digest>,
    info: Option<Info>,
    beside: &'a Beside<'a>,
    today: String,
}

impl Audit<'_> {
    fn evidence(self, report: &mut Report) -> io::Result<Disclosed> {
        let envelope = self.outside(report)?;
        let lists = self.lists(envelope.as_ref(), report)?;
        let records_in_bundle = lists.as_ref().map(Vec::len);
        let records = self.records(report)?;
        report.ask_all(Question::DisclosureFiles, self.files(&records));
        report.ask_all(Question::DisclosureTerms, self.terms(&records));
        let card = self.small(layout::CARD, layout::CARD_BYTES_MAX)?;
        let card = report.ask(Question::CardSignatures, Card::parse(&card));
        self.describe(envelope.as_ref(), card.as_ref(), lists, &records, report);
        let author = self.author(envelope.as_ref(), report)?;
        let receipt = self.receipt(envelope.as_ref(), card.as_ref(), report)?;
        let bundle = envelope.as_ref().map(Envelope::id);
        let salt = self.small(layout::SALT, 32)?.try_into().ok();
        let shown: Vec<_> = records.iter().map(|record| (record.number, record.digest)).collect();
        let about = events::About { bundle, card: card.as_ref(), records: &shown, salt: salt.as_ref() };
        let derivatives = self.derivatives(bundle, card.as_ref(), &records, report)?;
        let (mut events, events_hold) = events::ask(&self.folder, &about, report)?;
        match (self.beside.log, &card) {
            (Some(dir), Some(card)) => {
                let questions = LogQuestions { heads: self.heads(&events)?, ..LogQuestions::default() };
                let leaves = log::ask(dir, card, &questions, report)?;
                events::ask_log(&mut events, &about, leaves, report);
            }
            (Some(_), None) => report.not_asked(Question::DisclosureStands),
            (None, _) => report.not_proved.push(Unproved::Stands),
        }
        events::tell_logged(&events, report);
        report.not_proved.extend([Unproved::Complete, Unproved::Truth]);
        let signer = envelope.as_ref().and_then(|envelope| envelope.signer().ok());
        let whole = events_hold
            && author.is_some() == self.folder.has(layout::AUTHOR)
            && receipt.is_some() == self.folder.has(disclosure::RECEIPT);
        let disclosed = Disclosed {
            audience: self.info.map(|info| info.audience),
            bundle,
            signer: signer.map(|signer| signer.keys.fingerprint()),
            card,
            records_in_bundle,
            records,
            author,
            receipt,
            events,
            derivatives,
            folder: self.folder,
        };
        check_custody_record(&disclosed, whole, report)?;
        Ok(disclosed)
    }

    /// The heads that the receipt and the proofs of events stand under. That a proof holds is asked elsewhere.
    fn heads(&self, events: &[DisclosedEvent]) -> io::Result<Vec<SignedCheckpoint>> {
        let proofs = events.iter().map(|event| disclosure::event_proof(event.number));
        let mut heads = Vec::new();
        for name in proofs.chain([disclosure::RECEIPT.to_owned()]) {
            let proof = TlogProof::parse(&self.small(&name, PROOF_BYTES_MAX as u64)?);
            heads.extend(proof.ok().map(|proof| proof.checkpoint));
        }
        Ok(heads)
    }

    /// A file that has to be there; nothing of it where it is not, which the layout tells.
    fn small(&self, name: &str, max: u64) -> io::Result<Vec<u8>> {
        self.folder.read_or_nothing(name, max)
    }

    fn outside(&self, report: &mut Report) -> io::Result<Option<Envelope>> {
        let mut kept = Vec::new();
        for name in Envelope::names() {
            let max = layout::TEXT_BYTES_MAX.max(layout::MANIFEST_BYTES_MAX);
            if let Some(body) = self.folder.read(&disclosure::outer(name.as_str()), max)? {
                kept.push((name, body));
            }
        }
        let named = |envelope: Envelope| match &self.info {
            Some(info) if info.bundle != envelope.id() => Err(BundleError::DigestMismatch {
                name: disclosure::outer(layout::TAG_MANIFEST),
                expected: info.bundle,
                found: envelope.id(),
            }),
            _ => Ok(envelope),
        };
        let read = Envelope::without_payload(kept);
        let envelope = read.as_ref().ok().cloned();
        report.ask(Question::DisclosureBundle, read.and_then(named));
        for (check, question) in OUTSIDE {
            match &envelope {
                Some(envelope) => drop(report.ask(question, envelope.check(check))),
                None => report.not_asked(question),
            }
        }
        Ok(envelope)
    }

    /// The digests of the lists of the bundle's records; asks whether those that are shown are among them.
    fn lists(&self, envelope: Option<&Envelope>, report: &mut Report) -> io::Result<Option<Vec<Digest>>> {
        let list = self.small(layout::RECORDS, layout::RECORD_BYTES_MAX)?;
        let salt = self.small(layout::SALT, 32)?;
        let mut findings = Findings::new();
        let lists = match disclosure::record_lists(&list, &salt) {
            Ok(lists) => Some(lists),
            Err(error) => {
                findings.push(error.to_string());
                None
            }
        };
        if let Some(expected) = envelope.map(|envelope| envelope.info().disclosure)
            && expected != Digest::of(&list)
        {
            findings.push(differs(layout::RECORDS, expected, Digest::of(&list)));
        }
        let numbers = self.numbers();
        if numbers.is_empty() {
            findings.push(format!("{}: no record is shown", disclosure::RECORDS));
        }
        for number in numbers {
            let name = format!("{}/{LIST_NAME}", disclosure::record(number));
            let expected = lists.as_ref().and_then(|lists| lists.get(number as usize - 1));
            match (self.digests.get(&name), expected) {
                (Some(found), Some(expected)) if found != expected => {
                    findings.push(differs(&name, *expected, *found));
                }
                (Some(_), None) => findings.push(format!("{name}: not in the bundle's list")),
                _ => {}
            }
        }
        match envelope {
            Some(_) => report.ask_all(Question::DisclosureRecords, findings),
            None => report.not_asked(Question::DisclosureRecords),
        }
        Ok(lists)
    }

    /// The numbers of the records of which anything is there.
    fn numbers(&self) -> BTreeSet<u32> {
        let below = self.folder.below(disclosure::RECORDS);
        below.filter_map(|name| disclosure::number(name.split_once('/')?.0)).collect()
    }

    fn records(&self, report: &mut Report) -> io::Result<Vec<DisclosedRecord>> {
        let (mut records, mut findings) = (Vec::new(), Findings::new());
        let mut left = layout::RECORD_BYTES_MAX;
        for number in self.numbers() {
            records.push(self.record(number, &mut left, &mut findings)?);
        }
        report.ask_all(Question::DisclosureUnits, findings);
        Ok(records)
    }

    /// Reads a record, with a finding for each unit that does not hold.
    fn record(&self, number: u32, left: &mut u64, findings: &mut Findings) -> io::Result<DisclosedRecord> {
        let record = disclosure::record(number);
        let name = format!("{record}/{LIST_NAME}");
        let list = self.small(&name, layout::RECORD_BYTES_MAX)?;
        let mut shown = DisclosedRecord {
            number,
            digest: Digest::of(&list),
            units: 0,
            there: 0,
            files: Vec::new(),
            item: None,
        };
        let listed = match DigestList::parse_up_to(&list, UNITS_MAX) {
            Ok(listed) => listed,
            Err(error) => {
                findings.push(format!("{name}: {error}"));
                return Ok(shown);
            }
        };
        shown.units = listed.len();
        let (mut units, before) = (Vec::new(), findings.len());
        for (unit, number) in listed.iter().zip(1u32..) {
            let (unit, expected) = unit;
            let path = format!("{record}/{unit}");
            if *unit != unit_name(number) {
                findings.push(format!("{name}: {unit} is out of order"));
            }
            let bytes = self.folder.read(&path, (UNIT_BYTES_MAX as u64).min(*left))?;
            if let Some(bytes) = &bytes {
                *left = left.saturating_sub(bytes.len() as u64);
                shown.there += 1;
                if let Some(Unit { value: Value::File(file), .. }) = Unit::parse(bytes) {
                    shown.files.push((number, file));
                }
                if Digest::of(bytes) != expected {
                    findings.push(differs(&path, expected, Digest::of(bytes)));
                }
            }
            units.push(bytes);
        }
        for unit in self.folder.below(&format!("{record}/")) {
            if unit != LIST_NAME && listed.get(unit).is_none() {
                findings.push(format!("{record}/{unit}: not in the record's list"));
            }
        }
        if findings.len() == before {
            match ReceivedItem::read(&list, units.iter().map(Option::as_deref)) {
                Ok(item) => shown.item = Some(item),
                Err(error) => findings.push(format!("{record}: {error}")),
            }
        }
        Ok(shown)
    }

    fn derivatives(
        &self,
        bundle: Option<Digest>,
        card: Option<&Card>,
        records: &[DisclosedRecord],
        report: &mut Report,
    ) -> io::Result<BTreeMap<u32, Derivative>> {
        let held = records.iter().filter(|record| record.item.is_some());
        let files =
            held.flat_map(|record| record.files.iter().map(|(unit, file)| (record.digest, *unit, file)));
        let files: Vec<_> = files.collect();
        let about = derivatives::About { bundle, card, files: &files };
        derivatives::ask(&self.folder, &about, report)
    }

    /// Each original belongs to a unit that is shown, and each of these has its original or, in its place, a derivative.
    fn files(&self, records: &[DisclosedRecord]) -> Findings {
        let items = records.iter().filter_map(|record| record.item.as_ref());
        let named = items.flat_map(|item| item.files.values()).filter_map(|file| file.descriptor.as_ref());
        let mut wanted: BTreeMap<String, &Descriptor> = BTreeMap::new();
        let mut findings = Findings::new();
        for descriptor in named {
            let name = disclosure::file(descriptor.file);
            let derived = self.folder.has(&disclosure::derivative(descriptor.file));
            match (self.digests.get(&name), self.folder.len(&name)) {
                (Some(_), _) if derived => {
                    findings.push(format!("{name}: there is a derivative in its place"))
                }
                (None, _) if derived => {}
                (Some(found), Some(len)) if (*found, len) != (descriptor.sha256, descriptor.size) => {
                    findings.push(differs(&name, descriptor.sha256, *found));
                }
                (Some(_), Some(_)) => {}
                _ => findings.push(format!("{name}: it is not there")),
            }
            wanted.insert(name, descriptor);
        }
        let originals = self.folder.below(disclosure::FILES).filter_map(disclosure::number);
        let derived = self.folder.below(disclosure::DERIVATIVES).filter_map(derivatives::number);
        let there: BTreeSet<String> = originals.chain(derived).map(disclosure::file).collect();
        let strays = there.iter().filter(|name| !wanted.contains_key(*name));
        findings.extend(strays.map(|name| format!("{name}: no unit that is shown names it")));
        findings
    }

    fn terms(&self, records: &[DisclosedRecord]) -> Findings {
        let mut findings = Findings::new();
        let released = self.folder.has(layout::AUTHOR);
        for record in records {
            let name = disclosure::record(record.number);
            let Some(item) = &record.item else {
                findings.push(format!("{name}: its terms could not be read"));
                continue;
            };
            let audience = self.info.as_ref().map(|info| info.audience.check(&item.terms, &self.today));
            let author = released.then(|| disclosure::check_author(&item.terms));
            let refused = [audience, author].into_iter().flatten().filter_map(Result::err);
            findings.extend(refused.map(|refusal| format!("{name}: {refusal}")));
        }
        findings
    }

    fn author(&self, envelope: Option<&Envelope>, report: &mut Report) -> io::Result<Option<Statement>> {
        if !AUTHOR.iter().any(|name| self.folder.has(name)) {
            report.not_proved.extend([Unproved::Author, Unproved::Addressee]);
            return Ok(None);
        }
        let [statement, signature, pq_signature] =
            AUTHOR.map(|name| self.small(name, layout::TEXT_BYTES_MAX));
        let (statement, signature, pq_signature) = (statement?, signature?, pq_signature?);
        let Some(envelope) = envelope else {
            report.not_asked(Question::DisclosureAuthor);
            return Ok(None);
        };
        let holds = || {
            let (expected, found) = (envelope.info().author, Digest::of(&statement));
            same(layout::AUTHOR, expected, found)?;
            let statement = Statement::parse(&statement)?;
            statement.check_outside(envelope.info(), &envelope.signer()?.keys)?;
            let card = self.digests.get(layout::CARD).copied().unwrap_or(Digest::of(b""));
            same(layout::CARD, statement.card, card)?;
            statement.verify(&signature, &pq_signature)?;
            Ok::<_, BundleError>(statement)
        };
        let statement = report.ask(Question::DisclosureAuthor, holds());
        if let Some(statement) = &statement {
            let fingerprint = statement.author.fingerprint();
            report.value(ValueName::Author, fingerprint);
            report.value(ValueName::AuthorWords, eight_words(&fingerprint).join(" "));
        }
        Ok(statement)
    }

    fn receipt(
        &self,
        envelope: Option<&Envelope>,
        card: Option<&Card>,
        report: &mut Report,
    ) -> io::Result<Option<Receipt>> {
        let Some(bytes) = self.folder.read(disclosure::RECEIPT, PROOF_BYTES_MAX as u64)? else {
            report.not_proved.push(Unproved::Receipt);
            self.beside.headers.iter().for_each(|_| report.not_asked(Question::StampBlock));
            return Ok(None);
        };
        let receipt = receipt::ask(card, &bytes, report);
        self.stamps(receipt.as_ref(), report)?;
        match (&receipt, envelope) {
            (Some(receipt), Some(envelope)) => {
                receipt::describe(receipt, report);
                let about = same(disclosure::RECEIPT, envelope.id(), receipt.bundle());
                report.ask(Question::ReceiptBundle, about);
            }
            _ => report.not_asked(Question::ReceiptBundle),
        }
        Ok(receipt)
    }

    /// The stamps on the checkpoint of the receipt.
    fn stamps(&self, receipt: Option<&Receipt>, report: &mut Report) -> io::Result<()> {
        let mut stamps = Vec::new();
        for name in self.folder.below(disclosure::TIME).take(disclosure::STAMPS_MAX) {
            let ending = name.split_once('.').map_or("", |(_, ending)| ending);
            let name = format!("{}{name}", disclosure::TIME);
            let bytes = self.small(&name, STAMP_BYTES_MAX as u64)?;
            stamps.push((name, Stamp::parse_kept(&bytes, ending)));
        }
        let head = receipt.map(|receipt| receipt.proof().checkpoint.unverified());
        stamp::ask(head, stamps.into_iter(), self.beside.headers, report);
        Ok(())
    }

    fn describe(
        &self,
        envelope: Option<&Envelope>,
        card: Option<&Card>,
        lists: Option<Vec<Digest>>,
        records: &[DisclosedRecord],
        report: &mut Report,
    ) {
        if let Some(envelope) = envelope {
            report.value(ValueName::Bundle, envelope.id());
        }
        if let Some(info) = &self.info {
            report.value(ValueName::Audience, info.audience);
        }
        if let Some(lists) = lists {
            report.value(ValueName::Records, format!("{}/{}", records.len(), lists.len()));
        }
        for record in records {
            report.value(ValueName::Record, record.digest);
            report.value(ValueName::Units, format!("{}/{}", record.there, record.units));
        }
        if let Some(card) = card {
            report.value(ValueName::Name, card.name());
            report.value(ValueName::Card, card.digest());
            report.value(ValueName::Words, eight_words(&card.fingerprint()).join(" "));
        }
    }
}

/// The custody record is made anew from the rest of the disclosure, where all of that could be read.
fn check_custody_record(disclosed: &Disclosed, whole: bool, report: &mut Report) -> io::Result<()> {
    let Some(expected) = disclosed.custody_record().filter(|_| whole) else {
        report.not_asked(Question::DisclosureCustodyRecord);
        return Ok(());
    };
    let found = disclosed.folder.read(disclosure::CUSTODY_RECORD, expected.len() as u64)?;
    let found = Digest::of(&found.unwrap_or_default());
    let expected = Digest::of(expected.as_bytes());
    let same = same(disclosure::CUSTODY_RECORD, expected, found);
    report.ask(Question::DisclosureCustodyRecord, same);
    Ok(())
}

fn same(name: &str, expected: Digest, found: Digest) -> Result<(), BundleError> {
    if expected == found {
        return Ok(());
    }
    Err(BundleError::DigestMismatch { name: name.to_owned(), expected, found })
}

fn differs(name: &str, expected: Digest, found: Digest) -> String {
    BundleError::DigestMismatch { name: name.to_owned(), expected, found }.to_string()
}
