//! The audit: every finding is told, none hides another, and nothing holds that should not.

mod desk;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sanduq::audit::{self, Outcome, Question, Report, ValueName};
use sanduq::crypto::{KeyPair, LogSigningKey};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Date;
use sanduq::tlog::cosignature::Witness;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

fn today() -> Date {
    desk::now().date()
}

/// A card of an invented organisation with the key of its log.
fn organisation() -> (Card, NoteSigner) {
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    (desk::card(&log, &KeyPair::generate()), log)
}

fn failing(report: &Report) -> Vec<Question> {
    report.checks.iter().filter(|one| one.outcome == Outcome::Fails).map(|one| one.question).collect()
}

fn value(report: &Report, name: ValueName) -> &str {
    &report.values.iter().find(|one| one.name == name).unwrap().value
}

struct Sealed {
    dir: tempfile::TempDir,
    bytes: Vec<u8>,
    id: String,
}

impl Sealed {
    fn new() -> Sealed {
        let (bytes, sealed) = desk::bundle(&organisation().0);
        Sealed { dir: tempfile::tempdir().unwrap(), bytes, id: sealed.bundle.to_string() }
    }

    fn path(&self, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join("a.bundle");
        fs::write(&path, bytes).unwrap();
        path
    }

    fn report(&self, bytes: &[u8]) -> Report {
        audit::bundle(&self.path(bytes)).unwrap()
    }

    /// Where a text stands, which must be there.
    fn find(&self, text: &str) -> usize {
        self.bytes.windows(text.len()).position(|one| one == text.as_bytes()).unwrap()
    }
}

#[test]
fn a_good_bundle_holds_and_names_itself() {
    let sealed = Sealed::new();
    let report = sealed.report(&sealed.bytes);
    assert!(report.holds(), "{report:?}");
    assert_eq!(report.checks.len(), 8);
    assert_eq!(value(&report, ValueName::Bundle), sealed.id);
}

#[test]
fn each_change_is_found_where_it_is_and_does_not_hide_the_others() {
    let sealed = Sealed::new();
    let changed = |places: &[usize]| {
        let mut bytes = sealed.bytes.clone();
        places.iter().for_each(|place| bytes[*place] ^= 1);
        sealed.report(&bytes)
    };
    let payload = sealed.find("data/payload.age") + 512 + 5000;
    assert_eq!(failing(&changed(&[payload])), [Question::BundleManifest]);
    let declaration = sealed.find("Tag-File-Character-Encoding");
    let both = [Question::BundleDeclaration, Question::BundleTagManifest];
    assert_eq!(failing(&changed(&[declaration])), both);
    let quorum = sealed.find("quorum/07.age") + 512 + 40;
    assert_eq!(failing(&changed(&[quorum])), [Question::BundleTagManifest]);
    // The last line of the tag manifest's own body.
    let manifest = sealed.find("  signer.pub\n") - 1;
    let signatures = [Question::BundleTagManifest, Question::BundleSignature, Question::BundlePqSignature];
    assert_eq!(failing(&changed(&[manifest])), signatures);
    let all = failing(&changed(&[payload, declaration, manifest]));
    assert_eq!(all.len(), 5, "{all:?}");
}

/// Damage is of use to nobody who is not told where it is: the question that fails says in which member it lies.
#[test]
fn each_member_s_damage_is_found_in_that_member() {
    let sealed = Sealed::new();
    let tags = [Question::BundleTagManifest];
    let quorum: Vec<String> = (1..=10).map(|number| format!("quorum/{number:02}.age")).collect();
    let mut members: Vec<(&str, &[Question])> = vec![
        ("bagit.txt", &[Question::BundleDeclaration, Question::BundleTagManifest]),
        (
            "signer.pub",
            &[
                Question::BundleKeys,
                Question::BundleTagManifest,
                Question::BundleSignature,
                Question::BundlePqSignature,
            ],
        ),
        ("data/payload.age", &[Question::BundleManifest, Question::BundleSealed]),
        ("manifest-sha256.txt", &[Question::BundleManifest, Question::BundleTagManifest]),
        (
            "tagmanifest-sha256.txt",
            &[Question::BundleTagManifest, Question::BundleSignature, Question::BundlePqSignature],
        ),
        ("tagmanifest-sha256.txt.sig", &[Question::BundleSignature]),
        ("tagmanifest-sha256.txt.pq.sig", &[Question::BundlePqSignature]),
    ];
    members.extend(quorum.iter().map(|name| (name.as_str(), &tags[..])));
    for (name, expected) in members {
        // The header of a member ends its name with a zero byte, as nothing else does.
        let header = sealed.find(&format!("{name}\0"));
        let mut bytes = sealed.bytes.clone();
        bytes[header + 512] ^= 1;
        let found: BTreeSet<String> =
            failing(&sealed.report(&bytes)).iter().map(|q| format!("{q:?}")).collect();
        let expected: BTreeSet<String> = expected.iter().map(|question| format!("{question:?}")).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn what_could_not_be_asked_is_listed_and_does_not_hold() {
    let sealed = Sealed::new();
    for bytes in [&sealed.bytes[..sealed.bytes.len() - 1], &sealed.bytes[..3000], b"no bundle", b""] {
        let report = sealed.report(bytes);
        assert!(!report.holds());
        assert_eq!(failing(&report), [Question::BundleLayout]);
        let not_asked = report.checks.iter().filter(|one| one.outcome == Outcome::NotAsked).count();
        assert_eq!((report.checks.len(), not_asked), (8, 7));
    }
    assert!(audit::bundle(Path::new("/nonexistent")).is_err());
}

#[test]
fn signatures_of_another_bundle_do_not_hold() {
    let (one, other) = (Sealed::new(), Sealed::new());
    let armour = "-----BEGIN SSH SIGNATURE-----";
    let (at, from) = (one.find(armour), other.find(armour));
    let mut bytes = one.bytes.clone();
    let len = "-----BEGIN SSH SIGNATURE-----\n".len() + 4 * 71;
    bytes[at..at + len].copy_from_slice(&other.bytes[from..from + len]);
    assert_eq!(failing(&one.report(&bytes)), [Question::BundleSignature]);
}

/// A receipt for a bundle among five, under the log's key.
fn receipt(log: &NoteSigner, id: &str) -> String {
    cosigned_receipt(log, id, &[])
}

fn cosigned_receipt(log: &NoteSigner, id: &str, witnesses: &[Witness]) -> String {
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    let leaf = Leaf::Ingest(id.parse().unwrap()).to_string();
    for other in ["a", "b", leaf.as_str(), "c", "d"] {
        tree.append(other.as_bytes()).unwrap();
    }
    let mut head = Checkpoint::of(log, 5, tree.root(5).unwrap()).sign(log).unwrap();
    witnesses.iter().for_each(|witness| witness.cosign(&mut head, desk::now()));
    TlogProof::logged(leaf.as_bytes(), 2, tree.inclusion_proof(2, 5).unwrap(), head).to_string()
}

#[test]
fn a_receipt_holds_under_its_own_card_alone() {
    let (card, log) = organisation();
    let id = "ab".repeat(32);
    let text = receipt(&log, &id);
    let report = audit::receipt(card.as_bytes(), text.as_bytes());
    assert!(report.holds(), "{report:?}");
    assert_eq!((value(&report, ValueName::Bundle), value(&report, ValueName::Leaf)), (&*id, "2"));

    let (stranger, _) = organisation();
    let report = audit::receipt(stranger.as_bytes(), text.as_bytes());
    assert_eq!(failing(&report), [Question::ReceiptCheckpoint, Question::ReceiptWitnesses]);

    let other = Leaf::Ingest("cd".repeat(32).parse().unwrap()).to_string();
    let head = TlogProof::parse(text.as_bytes()).unwrap();
    let forged = TlogProof { extra: Some(other.into_bytes()), ..head }.to_string();
    assert_eq!(failing(&audit::receipt(card.as_bytes(), forged.as_bytes())), [Question::ReceiptInclusion]);
}

/// An audit that passes over the witnesses would vouch for a history that the log showed to one person alone.
#[test]
fn a_receipt_holds_only_with_the_quorum_of_witnesses_that_its_card_asks_for() {
    let witnesses = [1, 2, 3].map(|n| Witness::new(&format!("w{n}"), LogSigningKey::generate()).unwrap());
    let lines: String = witnesses
        .iter()
        .map(|witness| format!("witness {} {}\n", witness.verifier().name(), witness.verifier()))
        .collect();
    let policy = Policy::parse(format!("{lines}group two 2 w1 w2 w3\nquorum two\n").as_bytes()).unwrap();
    let (_, log) = organisation();
    let card = desk::card_under(&log, &KeyPair::generate(), policy);
    let audited = |witnesses: &[Witness]| {
        let text = cosigned_receipt(&log, &"ab".repeat(32), witnesses);
        audit::receipt(card.as_bytes(), text.as_bytes())
    };
    assert_eq!(failing(&audited(&witnesses[..0])), [Question::ReceiptWitnesses]);
    assert_eq!(failing(&audited(&witnesses[..1])), [Question::ReceiptWitnesses]);
    let report = audited(&witnesses[1..]);
    assert!(report.holds(), "{report:?}");
}

#[test]
fn a_broken_card_does_not_keep_the_receipt_from_being_looked_at() {
    let (card, log) = organisation();
    let text = receipt(&log, &"ab".repeat(32));
    let broken = String::from_utf8(card.as_bytes().to_vec()).unwrap().replace("serial: 1", "serial: 2");
    let report = audit::receipt(broken.as_bytes(), text.as_bytes());
    assert_eq!(failing(&report), [Question::CardSignatures]);
    let asked = |question| report.checks.iter().find(|one| one.question == question).unwrap().outcome;
    assert_eq!(asked(Question::ReceiptForm), Outcome::Holds);
    assert_eq!(asked(Question::ReceiptInclusion), Outcome::Holds);
    assert_eq!(asked(Question::ReceiptCheckpoint), Outcome::NotAsked);
    for no_receipt in [&b"age-encryption.org/v1\n"[..], b"", &vec![b'a'; 1 << 20]] {
        let report = audit::receipt(card.as_bytes(), no_receipt);
        assert_eq!(failing(&report), [Question::ReceiptForm]);
    }
}

#[test]
fn a_card_holds_until_its_last_day() {
    let (card, _) = organisation();
    let report = audit::card(card.as_bytes(), today());
    assert!(report.holds());
    assert_eq!(value(&report, ValueName::Words).split(' ').count(), 8);
    assert!(audit::card(card.as_bytes(), card.valid_until()).holds());
    let late = audit::card(card.as_bytes(), "2028-11-24".parse().unwrap());
    assert_eq!(failing(&late), [Question::CardInTime]);
    assert!(!audit::card(&card.as_bytes()[..500], today()).holds());
}

#[test]
fn an_empty_report_holds_nothing() {
    assert!(!Report::default().holds());
}
