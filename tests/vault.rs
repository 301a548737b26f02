//! The whole trip at the level of the library: a contributor's vault, an organisation's officers, a log, and the
//! small accidents on the way.

#![cfg(feature = "test-kdf")]

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sanduq::bundle::Outer;
use sanduq::bundle::letter::seal_receipt;
use sanduq::bundle::receipt::Receipt;
use sanduq::crypto::{KdfParams, LogSigningKey, Passphrase};
use sanduq::format::card::{Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::tlog::{Checkpoint, Leaf, TlogProof, Tree};
use sanduq::vault::{
    CardProblem, Confirm, ContactChange, DeliveryState, ItemState, Manner, MediumProblem, OpenOutcome,
    Selection, SkipReason, TestimonyText, Vault, VaultError,
};

const PASSPHRASE: &str = "an invented passphrase";

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

fn later(days: i64) -> Time {
    Time::from_unix(now().unix() + days * 86_400).unwrap()
}

fn phrase(text: &str) -> Passphrase {
    Passphrase::from(text)
}

fn vault_at(root: &Path) -> Vault {
    Vault::init(root, &phrase(PASSPHRASE), KdfParams::FLOOR, Some("Maryam".into()), "fa", now()).unwrap()
}

fn testimony(account: &str) -> TestimonyText {
    TestimonyText { title: Some("گواهی".into()), account: account.into() }
}

/// An organisation: officers' vaults, a log, a card.
struct Organisation {
    dir: tempfile::TempDir,
    officers: Vec<Vault>,
    log: NoteSigner,
    card: Vec<u8>,
    words: String,
}

impl Organisation {
    fn new(officers: usize, threshold: usize) -> Organisation {
        let dir = tempfile::tempdir().unwrap();
        let officers: Vec<Vault> =
            (0..officers).map(|number| vault_at(&dir.path().join(format!("officer{number}")))).collect();
        let log = NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap();
        let mut organisation = Organisation { dir, officers, log, card: Vec::new(), words: String::new() };
        organisation.sign(threshold, 1);
        organisation
    }

    fn draft(&self, threshold: usize, serial: u64) -> Draft {
        let line = |vault: &Vault| vault.recipient_line().parse::<OfficerLine>().unwrap();
        Draft::new(Terms {
            name: "Invented Archive".into(),
            serial,
            valid_until: "2028-11-23".parse().unwrap(),
            threshold,
            officers: self.officers.iter().map(line).collect(),
            log: self.log.verifier(),
            policy: Policy::none(),
        })
        .unwrap()
    }

    fn sign(&mut self, threshold: usize, serial: u64) {
        let draft = self.draft(threshold, serial).to_string();
        let signed = self.officers[0].sign_card(draft.as_bytes(), now()).unwrap();
        (self.card, self.words) = (signed.text.into_bytes(), signed.words);
    }

    /// What the intake does: checks, logs, and answers; the receipt plain and sealed.
    fn take_in(&self, bundle: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let outer = Outer::read(&mut Cursor::new(bundle)).unwrap();
        let receipt = receipt_by(&self.log, &Leaf::Ingest(outer.id()));
        let sealed = seal_receipt(outer.return_recipient(), &receipt).unwrap();
        (receipt.print().into_bytes(), sealed)
    }
}

fn receipt_by(log: &NoteSigner, leaf: &Leaf) -> Receipt {
    let mut tree = Tree::new(sanduq::tlog::MemoryHashes::default(), 0);
    tree.append(b"sanduq-log/1 something else").unwrap();
    let index = tree.append(leaf.to_string().as_bytes()).unwrap();
    let size = tree.size();
    let head = Checkpoint::of(log, size, tree.root(size).unwrap()).sign(log).unwrap();
    let hashes = tree.inclusion_proof(index, size).unwrap();
    Receipt::of(TlogProof::logged(leaf.to_string().as_bytes(), index, hashes, head)).unwrap()
}

/// A contributor who knows an organisation and has kept a testimony and two files.
struct Contributor {
    dir: tempfile::TempDir,
    vault: Vault,
}

impl Contributor {
    fn of(organisation: &Organisation) -> Contributor {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault_at(&dir.path().join("vault"));
        let confirm = Confirm::Words(organisation.words.clone());
        let outcome = vault.contact_add(&organisation.card, confirm, Some("archive".into()), now()).unwrap();
        assert_eq!(outcome.change, ContactChange::Added);
        vault.testify(testimony("They took him from [[Laleh street]].\n\nمن دیدم."), now()).unwrap();
        let folder = dir.path().join("papers");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("page.txt"), "an invented page").unwrap();
        fs::write(folder.join("film.bin"), large()).unwrap();
        let added = vault.add_paths(&[folder], now(), &mut ()).unwrap();
        assert_eq!(added.added.len(), 2);
        Contributor { dir, vault }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn seal_and_export(&mut self) -> PathBuf {
        self.vault.seal(Selection::AllUnsealed, "archive", now(), &mut ()).unwrap();
        let outcome = self.vault.export(&self.path("stick"), now(), &mut ()).unwrap();
        outcome.bundles[0].path.clone()
    }
}

/// Three mebibytes in which no two blocks are equal.
fn large() -> Vec<u8> {
    (0u32..786_432).flat_map(u32::to_le_bytes).collect()
}

fn taken(outcome: OpenOutcome) -> sanduq::vault::TakenIn {
    match outcome {
        OpenOutcome::TakenIn(taken) => taken,
        other => panic!("not taken in: {other:?}"),
    }
}

#[test]
fn a_testimony_reaches_one_officer_and_the_receipt_comes_home() {
    let mut organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let bundle = contributor.seal_and_export();
    assert_eq!(contributor.vault.status().unwrap().deliveries[0].state, DeliveryState::Carried);

    let (plain, sealed) = organisation.take_in(&fs::read(&bundle).unwrap());
    let receipts = contributor.path("receipts");
    fs::create_dir(&receipts).unwrap();
    fs::write(receipts.join("a"), sealed).unwrap();
    fs::write(receipts.join("b"), "a shopping list").unwrap();
    let home = contributor.vault.receipt_add(&[receipts], now()).unwrap();
    assert_eq!((home.received.len(), home.skipped, home.refused.len()), (1, 1, 0));
    let status = contributor.vault.status().unwrap();
    assert_eq!(status.deliveries[0].state, DeliveryState::Received);
    assert_eq!((status.items, status.unsealed), (3, 0));
    assert!(contributor.vault.export(&contributor.path("other"), now(), &mut ()).unwrap().bundles.is_empty());

    let officer = &mut organisation.officers[0];
    let opened = taken(officer.open_bundle(&bundle, None, now(), &mut ()).unwrap());
    assert_eq!((opened.items.as_slice(), opened.already), (&[1, 2, 3][..], false));
    assert_eq!(opened.card_name, "Invented Archive");
    let again = taken(officer.open_bundle(&bundle, None, now(), &mut ()).unwrap());
    assert!(again.already && again.items == opened.items);
    assert_eq!(officer.status().unwrap().items, 3);

    let item = officer.show(1).unwrap();
    assert_eq!(item.account.as_deref(), Some("They took him from [[Laleh street]].\n\nمن دیدم."));
    assert_eq!(item.summary.state, ItemState::Received);
    let origin = item.received.unwrap();
    assert_eq!((origin.author_words, origin.receipt), (opened.author_words, false));
    assert!(matches!(officer.remove(1, now()), Err(VaultError::NotOwn { number: 1 })));
    assert_eq!(officer.search("ديدم laleh").unwrap().len(), 1);

    let proof = organisation.dir.path().join("proof");
    fs::write(&proof, plain).unwrap();
    let officer = &mut organisation.officers[0];
    assert_eq!(officer.receipt_add(&[proof], now()).unwrap().received, [opened.bundle]);
    assert!(officer.show(2).unwrap().received.unwrap().receipt);

    let out = organisation.dir.path().join("out");
    let files: Vec<_> =
        (1..=3).flat_map(|number| officer.extract(number, &out, now(), &mut ()).unwrap().files).collect();
    assert_eq!(files.len(), 3);
    assert_eq!(fs::read(out.join("film.bin")).unwrap(), large());
    assert_eq!(fs::read(out.join("page.txt")).unwrap(), b"an invented page");
}

#[test]
fn two_of_three_officers_open_in_card_order() {
    let mut organisation = Organisation::new(3, 2);
    let mut contributor = Contributor::of(&organisation);
    let bundle = contributor.seal_and_export();

    let card = organisation.card.clone();
    let OpenOutcome::OthersMustBegin { who } =
        organisation.officers[2].open_bundle(&bundle, None, now(), &mut ()).unwrap()
    else {
        panic!("the third officer cannot begin")
    };
    assert!(who.is_empty(), "the third officer holds no card yet");
    organisation.officers[2].contact_add(&card, Confirm::Yes, None, now()).unwrap();
    let OpenOutcome::OthersMustBegin { who } =
        organisation.officers[2].open_bundle(&bundle, None, now(), &mut ()).unwrap()
    else {
        panic!("the third officer cannot begin")
    };
    assert_eq!(who.iter().map(|other| other.place).collect::<Vec<_>>(), [1, 2]);

    let OpenOutcome::PassOn(pass_on) =
        organisation.officers[0].open_bundle(&bundle, None, now(), &mut ()).unwrap()
    else {
        panic!("the first officer passes on")
    };
    assert_eq!(pass_on.next.iter().map(|other| other.place).collect::<Vec<_>>(), [2, 3]);
    let opened = organisation.officers[2].open_bundle(&bundle, Some(&pass_on.file), now(), &mut ()).unwrap();
    assert_eq!(taken(opened).items.len(), 3);
    assert_eq!(organisation.officers[0].status().unwrap().items, 0);
}

/// Three officers passed a bundle on, and the last one found that it had been damaged on the way to the first.
#[test]
fn damage_shows_to_the_first_officer_who_has_a_bundle_in_hand() {
    let mut organisation = Organisation::new(3, 2);
    let mut contributor = Contributor::of(&organisation);
    let mut bytes = fs::read(contributor.seal_and_export()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = organisation.dir.path().join("damaged.bundle");
    fs::write(&damaged, bytes).unwrap();
    // The first takes off a layer and passes it on; the third has to wait for another.
    for place in [0, 2] {
        let refused = organisation.officers[place].open_bundle(&damaged, None, now(), &mut ());
        assert!(
            matches!(refused, Err(VaultError::Bundle(sanduq::bundle::BundleError::Manifest { .. }))),
            "{refused:?}"
        );
    }
}

#[test]
fn an_officer_of_another_organisation_opens_nothing() {
    let organisation = Organisation::new(1, 1);
    let mut other = Organisation::new(1, 1);
    let bundle = Contributor::of(&organisation).seal_and_export_kept();
    let outcome = other.officers[0].open_bundle(&bundle.1, None, now(), &mut ()).unwrap();
    assert!(matches!(outcome, OpenOutcome::OthersMustBegin { .. }));
}

impl Contributor {
    fn seal_and_export_kept(mut self) -> (Contributor, PathBuf) {
        let path = self.seal_and_export();
        (self, path)
    }
}

#[test]
fn a_changed_bundle_leaves_the_officers_vault_as_it_was() {
    let mut organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let path = contributor.seal_and_export();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let changed = contributor.path("changed.bundle");
    fs::write(&changed, &bytes).unwrap();
    let refused = organisation.officers[0].open_bundle(&changed, None, now(), &mut ());
    assert!(matches!(refused, Err(VaultError::Bundle(_))));
    fs::write(&changed, &bytes[..middle]).unwrap();
    assert!(organisation.officers[0].open_bundle(&changed, None, now(), &mut ()).is_err());
    assert_eq!(organisation.officers[0].status().unwrap().items, 0);
}

#[test]
fn a_passphrase_selects_its_part() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("vault");
    assert!(matches!(Vault::parts(&root), Err(VaultError::NoVault { .. })));
    let unlock = |text: &str, part| Vault::unlock(&root, part, &phrase(text));
    assert!(matches!(unlock("a", None), Err(VaultError::NoVault { .. })));
    let init = |text: &str| Vault::init(&root, &phrase(text), KdfParams::FLOOR, None, "en", now());
    let first = init("first").unwrap().about().part;
    assert!(matches!(init("first"), Err(VaultError::PassphraseInUse)));
    assert!(matches!(init(""), Err(VaultError::PassphraseEmpty)));
    let second = init("second").unwrap().about().part;
    assert_eq!(Vault::parts(&root).unwrap().len(), 2);
    assert!(Vault::parts(&root).is_ok());
    assert_eq!(unlock("first", None).unwrap().about().part, first);
    assert_eq!(unlock("second", None).unwrap().about().part, second);
    assert!(matches!(unlock("third", None), Err(VaultError::Unopened)));
    let part = Some(first.parse().unwrap());
    assert!(matches!(unlock("second", part), Err(VaultError::Unopened)));
    assert!(unlock("first", part).is_ok());
    let held = unlock("first", None).unwrap();
    assert!(matches!(unlock("first", None), Err(VaultError::Busy)));
    drop(held);
    assert!(unlock("first", None).is_ok());
}

/// A part that lost its key slots is damage to be told, never the place of a fresh vault.
#[test]
fn no_fresh_part_is_made_beside_a_damaged_one() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault_at(dir.path());
    fs::write(dir.path().join("letters.txt"), "mine").unwrap();
    let slots = dir.path().join(vault.about().part).join("slots");
    drop(vault);
    let kept = fs::read(&slots).unwrap();
    fs::remove_file(&slots).unwrap();
    let init = || Vault::init(dir.path(), &phrase("another"), KdfParams::FLOOR, None, "en", now());
    assert!(matches!(init(), Err(VaultError::Remains { .. })));
    let unlocked = Vault::unlock(dir.path(), None, &phrase(PASSPHRASE));
    assert!(matches!(unlocked, Err(VaultError::Remains { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    fs::write(&slots, kept).unwrap();
    assert!(Vault::unlock(dir.path(), None, &phrase(PASSPHRASE)).is_ok());
}

#[test]
fn what_was_kept_is_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("vault");
    let mut vault = vault_at(&root);
    vault.testify(testimony("one"), now()).unwrap();
    drop(vault);
    let vault = Vault::unlock(&root, None, &phrase(PASSPHRASE)).unwrap();
    assert_eq!(vault.about().label.as_deref(), Some("Maryam"));
    assert_eq!(vault.about().lang, "fa");
    assert_eq!(vault.show(1).unwrap().account.as_deref(), Some("one"));
}

#[test]
fn items_are_edited_and_removed_until_they_are_sealed() {
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let vault = &mut contributor.vault;
    vault.edit_testimony(1, testimony("What I saw, again."), now()).unwrap();
    assert_eq!(vault.testimony(1).unwrap().account, "What I saw, again.");
    assert!(vault.search("Laleh").unwrap().is_empty());
    assert!(matches!(
        vault.edit_testimony(2, testimony("x"), now()),
        Err(VaultError::NotTestimony { number: 2 })
    ));
    vault.remove(2, now()).unwrap();
    assert!(matches!(vault.show(2), Err(VaultError::NoItem { number: 2 })));
    vault.seal(Selection::Items(vec![1]), "archive", now(), &mut ()).unwrap();
    assert!(matches!(vault.edit_testimony(1, testimony("x"), now()), Err(VaultError::Sealed { number: 1 })));
    assert!(matches!(vault.remove(1, now()), Err(VaultError::Sealed { number: 1 })));
    // A number is never given again.
    assert_eq!(vault.testify(testimony("four"), now()).unwrap().item, 4);
    assert_eq!(vault.unsealed("archive").unwrap().len(), 2);
    let sealed = vault.seal(Selection::AllUnsealed, "archive", now(), &mut ()).unwrap();
    assert_eq!((sealed.items, sealed.left), (vec![3, 4], 0));
    let nothing = vault.seal(Selection::AllUnsealed, "archive", now(), &mut ());
    assert!(matches!(nothing, Err(VaultError::NothingToSeal { .. })));
    let shown = vault.show(3).unwrap();
    assert_eq!(
        (shown.sealed_to[0].to.as_str(), shown.sealed_to[0].state),
        ("archive", DeliveryState::Sealed)
    );
}

#[test]
fn equal_files_are_stored_once_and_go_with_the_last_item() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    for name in ["a", "b"] {
        fs::write(dir.path().join(name), large()).unwrap();
    }
    let paths = [dir.path().join("a"), dir.path().join("b")];
    let added = vault.add_paths(&paths, now(), &mut ()).unwrap().added;
    assert_eq!(added.iter().map(|file| file.known).collect::<Vec<_>>(), [false, true]);
    vault.remove(1, now()).unwrap();
    vault.extract(2, &dir.path().join("out"), now(), &mut ()).unwrap();
    assert_eq!(fs::read(dir.path().join("out/b")).unwrap(), large());
    vault.remove(2, now()).unwrap();
    assert_eq!(vault.status().unwrap().items, 0);
}

#[test]
fn links_devices_and_what_vanished_are_reported_and_the_rest_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("vault");
    let mut vault = vault_at(&root);
    fs::write(dir.path().join("good"), "good").unwrap();
    fs::write(dir.path().join("empty"), "").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link")).unwrap();
    let outcome =
        vault.add_paths(&[dir.path().to_path_buf(), dir.path().join("none")], now(), &mut ()).unwrap();
    assert_eq!(outcome.added.len(), 2);
    let why: Vec<_> = outcome.skipped.iter().map(|skipped| &skipped.why).collect();
    assert_eq!(why, [&SkipReason::Link, &SkipReason::InsideVault, &SkipReason::Vanished]);
}

/// A file that grows under the reader is not kept as if it were whole.
#[test]
fn a_file_that_changes_while_it_is_read_is_reported() {
    struct Touch(PathBuf);
    impl sanduq::vault::Progress for Touch {
        fn start(&mut self, _total: u64) {}
        fn advance(&mut self, _bytes: u64) {
            if self.0.exists() {
                use std::io::Write;
                fs::OpenOptions::new().append(true).open(&self.0).unwrap().write_all(b"more").unwrap();
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    let (growing, steady) = (dir.path().join("growing"), dir.path().join("steady"));
    // So long that it is read while it is kept.
    fs::write(&growing, [large(), large()].concat()).unwrap();
    fs::write(&steady, "steady").unwrap();
    let outcome = vault.add_paths(&[growing.clone(), steady], now(), &mut Touch(growing)).unwrap();
    assert_eq!(outcome.skipped[0].why, SkipReason::Changed);
    assert_eq!(outcome.added[0].label, "steady");
    assert_eq!(vault.list(None, None).unwrap().len(), 1);
}

#[test]
fn a_draft_is_resumed_and_becomes_an_item() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("vault");
    let mut vault = vault_at(&root);
    let id = vault.draft_begin(None, now()).unwrap();
    vault.draft_save(&id, None, &["one".into(), "two".into()], now()).unwrap();
    drop(vault);
    let mut vault = Vault::unlock(&root, None, &phrase(PASSPHRASE)).unwrap();
    let draft = vault.drafts().unwrap().remove(0);
    assert_eq!((draft.id.as_str(), draft.paragraphs.len()), (id.as_str(), 2));
    vault.draft_save(&id, Some("T".into()), &["one".into()], later(1)).unwrap();
    assert_eq!(vault.draft(&id).unwrap().paragraphs, ["one"]);
    assert_eq!(vault.status().unwrap().drafts, 1);
    let item = vault.draft_finish(&id, now()).unwrap();
    assert_eq!((item.title.as_str(), vault.drafts().unwrap().len()), ("T", 0));
    assert!(matches!(vault.draft(&id), Err(VaultError::NoDraft { .. })));
    let empty = vault.draft_begin(None, now()).unwrap();
    assert!(matches!(vault.draft_finish(&empty, now()), Err(VaultError::EmptyTestimony)));
    vault.draft_drop(&empty).unwrap();
}

#[test]
fn lists_are_newest_first_and_paged() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    for number in 0..5 {
        vault.testify(testimony(&format!("number {number}")), now()).unwrap();
    }
    let numbers =
        |limit, after| vault.list(limit, after).unwrap().iter().map(|item| item.item).collect::<Vec<_>>();
    assert_eq!(numbers(None, None), [5, 4, 3, 2, 1]);
    assert_eq!(numbers(Some(2), None), [5, 4]);
    assert_eq!(numbers(Some(2), Some(4)), [3, 2]);
    assert!(numbers(Some(0), None).is_empty());
}

#[test]
fn cards_are_confirmed_and_never_changed_by_stealth() {
    let mut organisation = Organisation::new(1, 1);
    let first = organisation.card.clone();
    organisation.sign(1, 2);
    let second = organisation.card.clone();
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    let preview = vault.preview_card(&first, now()).unwrap();
    assert_eq!((preview.words.as_str(), preview.known_as), (organisation.words.as_str(), None));

    let problem = |error| match error {
        Err(VaultError::Card(problem)) => problem,
        other => panic!("not a problem of the card: {other:?}"),
    };
    let wrong = Confirm::Words("abandon ".repeat(8));
    assert_eq!(problem(vault.contact_add(&second, wrong, None, now())), CardProblem::WordsDiffer);
    let late = vault.contact_add(&second, Confirm::Yes, None, later(800));
    assert!(matches!(problem(late), CardProblem::Expired { .. }));

    let numbers = Confirm::Words(preview.numbers);
    vault.contact_add(&first, numbers, None, now()).unwrap();
    let known = vault.preview_card(&second, now()).unwrap().known_as;
    assert_eq!(known.as_deref(), Some("Invented Archive"));
    let replaced = vault.contact_add(&second, Confirm::Yes, None, now()).unwrap();
    assert_eq!(replaced.change, ContactChange::Replaced);
    let same = vault.contact_add(&second, Confirm::Yes, None, now()).unwrap();
    assert_eq!(same.change, ContactChange::Unchanged);
    let older = vault.contact_add(&first, Confirm::Yes, None, now());
    assert_eq!(problem(older), CardProblem::LowerSerial { held: 2, found: 1 });
    // Under another name it is the same old card.
    assert!(vault.contact_add(&first, Confirm::Yes, Some("second".into()), now()).is_err());

    let stranger = Organisation::new(1, 1);
    let taken = vault.contact_add(&stranger.card, Confirm::Yes, None, now());
    assert!(matches!(problem(taken), CardProblem::OtherKey { .. }));
    vault.contact_add(&stranger.card, Confirm::Yes, Some("stranger".into()), now()).unwrap();
    let names: Vec<_> = vault.contact_list(now()).unwrap().into_iter().map(|contact| contact.name).collect();
    assert_eq!(names, ["Invented Archive", "stranger"]);
    let shown = vault.contact_show("stranger", now()).unwrap();
    assert_eq!((shown.confirmed.as_str(), shown.officers.len()), ("yes", 1));
    assert!(matches!(vault.contact_show("nobody", now()), Err(VaultError::NoContact { .. })));
    for name in ["", " ", "a\u{202e}b"] {
        let refused = vault.contact_add(&stranger.card, Confirm::Yes, Some(name.into()), now());
        assert!(matches!(refused, Err(VaultError::ContactName)), "{name:?}");
    }
    assert!(matches!(
        vault.preview_card(b"not a card", now()),
        Err(VaultError::Card(CardProblem::Invalid(_)))
    ));
}

/// A card key can be followed by another only with its own signature; the author stays the same person to them.
#[test]
fn a_card_key_is_succeeded_only_by_its_own_word() {
    let mut organisation = Organisation::new(1, 1);
    let (older, newer) = (sanduq::crypto::KeyPair::generate(), sanduq::crypto::KeyPair::generate());
    organisation.card = organisation.draft(1, 1).sign(&older).as_bytes().to_vec();
    let known = organisation.draft(1, 1).sign(&older).fingerprint();
    organisation.words = sanduq::crypto::words::eight_words(&known).join(" ");
    let mut contributor = Contributor::of(&organisation);
    let first = contributor.seal_and_export();
    let mut add = |card: sanduq::format::card::Card| {
        contributor.vault.contact_add(card.as_bytes(), Confirm::Yes, Some("archive".into()), now())
    };
    let usurped = add(organisation.draft(1, 2).sign(&newer));
    assert!(matches!(usurped, Err(VaultError::Card(CardProblem::OtherKey { .. }))));
    let stale = add(organisation.draft(1, 1).sign_succeeding(&newer, &older));
    assert!(matches!(stale, Err(VaultError::Card(CardProblem::TwoCardsOfOneSerial { .. }))));
    let followed = add(organisation.draft(1, 2).sign_succeeding(&newer, &older)).unwrap();
    assert_eq!(followed.change, ContactChange::Replaced);

    contributor.vault.testify(testimony("later"), now()).unwrap();
    let sealed = contributor.vault.seal(Selection::AllUnsealed, "archive", now(), &mut ()).unwrap();
    let stick = contributor.path("stick");
    let exported = contributor.vault.export(&stick, now(), &mut ()).unwrap().bundles;
    let second = &exported.iter().find(|exported| exported.bundle == sealed.bundle).unwrap().path;
    let officer = &mut organisation.officers[0];
    let one = taken(officer.open_bundle(&first, None, now(), &mut ()).unwrap());
    let two = taken(officer.open_bundle(second, None, now(), &mut ()).unwrap());
    assert_eq!(one.author, two.author);
}

/// A stick found on a courier told by its dates which evening each bundle was written, and by their order which
/// was sealed first.
#[test]
fn what_is_carried_has_no_date_and_comes_oldest_first_to_its_owner_only() {
    use std::os::unix::fs::MetadataExt;
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let mut sealed = Vec::new();
    for title in ["one", "two", "three"] {
        contributor.vault.testify(testimony(title), now()).unwrap();
        let outcome = contributor.vault.seal(Selection::AllUnsealed, "archive", now(), &mut ()).unwrap();
        sealed.push(outcome.bundle);
    }
    let stick = contributor.path("stick");
    for already in [false, true] {
        let exported = contributor.vault.export(&stick, now(), &mut ()).unwrap().bundles;
        assert_eq!(exported.iter().map(|one| one.bundle.clone()).collect::<Vec<_>>(), sealed);
        for one in exported {
            let metadata = fs::metadata(&one.path).unwrap();
            assert_eq!((metadata.mtime(), metadata.atime()), (315_446_400, 315_446_400));
            assert_eq!(one.already, already);
        }
    }
}

/// A file that several items name travels once, and was counted for each: a small disk was called full that was not.
#[test]
fn sealing_counts_a_file_once_that_two_items_name() {
    struct Heard(u64);
    impl sanduq::vault::Progress for Heard {
        fn start(&mut self, total: u64) {
            self.0 = total;
        }
        fn advance(&mut self, _bytes: u64) {}
    }
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let page = contributor.path("page.bin");
    fs::write(&page, vec![7; 100_000]).unwrap();
    let added =
        [(); 2].map(|()| contributor.vault.add_paths(std::slice::from_ref(&page), now(), &mut ()).unwrap());
    let items = added.iter().flat_map(|outcome| &outcome.added).map(|one| one.item).collect::<Vec<_>>();
    assert_eq!(items.len(), 2);
    let mut heard = Heard(0);
    contributor.vault.seal(Selection::Items(items), "archive", now(), &mut heard).unwrap();
    assert_eq!(heard.0, 100_000);
}

/// Two organisations cannot tell by the keys that they were told by one person.
#[test]
fn an_author_has_other_keys_for_every_organisation() {
    let (mut one, mut two) = (Organisation::new(1, 1), Organisation::new(1, 1));
    let mut contributor = Contributor::of(&one);
    contributor.vault.contact_add(&two.card, Confirm::Yes, Some("second".into()), now()).unwrap();
    let first = contributor.seal_and_export();
    let sealed = contributor.vault.seal(Selection::AllUnsealed, "second", now(), &mut ()).unwrap();
    assert_eq!(sealed.items, [1, 2, 3]);
    let manner = Manner { to: Some("second"), ..Manner::default() };
    let other = contributor.path("other");
    let exported = contributor.vault.export_as(&other, &manner, now(), &mut ()).unwrap().bundles;
    let second = &exported.iter().find(|exported| exported.bundle == sealed.bundle).unwrap().path;
    let to_one = taken(one.officers[0].open_bundle(&first, None, now(), &mut ()).unwrap());
    let to_two = taken(two.officers[0].open_bundle(second, None, now(), &mut ()).unwrap());
    assert_ne!(to_one.author, to_two.author);
    let record = |vault: &Vault| vault.show(1).unwrap().received.unwrap().record;
    assert_ne!(record(&one.officers[0]), record(&two.officers[0]));
}

/// The battery ended while a second contributor made her part: half of one lay there for ever.
#[test]
fn what_is_left_of_a_part_that_was_never_whole_goes_when_the_next_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("vault");
    let init = |passphrase: &str| {
        Vault::init(&root, &Passphrase::from(passphrase), KdfParams::FLOOR, None, "fa", now()).map(drop)
    };
    init("an invented passphrase").unwrap();
    let remains = root.join(sanduq::store::files::temporary_name());
    fs::create_dir(&remains).unwrap();
    fs::write(remains.join("slots"), "half of a part").unwrap();
    assert_eq!(Vault::parts(&root).unwrap().len(), 1);
    init("another one").unwrap();
    assert_eq!(Vault::parts(&root).unwrap().len(), 2);
    assert!(!remains.exists());
}

/// What an interrupted extraction leaves under a temporary name is plaintext, and goes when the folder is next used.
#[test]
fn remains_of_an_interrupted_extraction_are_swept() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    vault.testify(testimony("one"), now()).unwrap();
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    let remains = out.join(sanduq::store::files::temporary_name());
    fs::write(&remains, "half of a testimony").unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    fs::File::options().write(true).open(&remains).unwrap().set_modified(long_ago).unwrap();
    fs::write(out.join("mine"), "untouched").unwrap();
    vault.extract(1, &out, now(), &mut ()).unwrap();
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
    assert!(out.join("mine").exists());
    let file = vault.extract(1, &out.join("mine"), now(), &mut ());
    assert!(matches!(file, Err(VaultError::Medium { problem: MediumProblem::NotAFolder, .. })));
}

/// Whoever signs two cards of one serial is convicted, so the vault that signs never does, and whoever is shown the
/// second refuses it.
#[test]
fn two_cards_of_one_serial_are_neither_signed_nor_taken() {
    let dir = tempfile::tempdir().unwrap();
    let mut organisation = Organisation::new(2, 1);
    let first = organisation.card.clone();
    let other = organisation.draft(2, 1).to_string();
    let twice = organisation.officers[0].sign_card(other.as_bytes(), now());
    assert!(matches!(twice, Err(VaultError::Card(CardProblem::TwoCardsOfOneSerial { serial: 1, .. }))));
    let same = organisation.draft(1, 1).to_string();
    let again = organisation.officers[0].sign_card(same.as_bytes(), now()).unwrap();
    assert_eq!(again.text.as_bytes(), first);

    let key = sanduq::crypto::KeyPair::generate();
    let one = organisation.draft(1, 1).sign(&key);
    let two = organisation.draft(2, 1).sign(&key);
    let mut vault = vault_at(&dir.path().join("vault"));
    vault.contact_add(one.as_bytes(), Confirm::Yes, None, now()).unwrap();
    let refused = vault.contact_add(two.as_bytes(), Confirm::Yes, None, now());
    assert!(matches!(refused, Err(VaultError::Card(CardProblem::TwoCardsOfOneSerial { serial: 1, .. }))));
}

#[test]
fn an_expired_card_is_not_sealed_to() {
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let refused = contributor.vault.seal(Selection::AllUnsealed, "archive", later(800), &mut ());
    assert!(matches!(refused, Err(VaultError::Card(CardProblem::Expired { .. }))));
    assert!(contributor.vault.status().unwrap().deliveries.is_empty());
}

#[test]
fn exporting_twice_is_one_and_never_overwrites() {
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let path = contributor.seal_and_export();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let stick = contributor.path("stick");
    let again = contributor.vault.export(&stick, now(), &mut ()).unwrap();
    assert!(again.bundles[0].already);
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 1);
    let mut other = fs::read(&path).unwrap();
    other[4096] ^= 1;
    fs::write(&path, &other).unwrap();
    let refused = contributor.vault.export(&stick, now(), &mut ());
    assert!(matches!(refused, Err(VaultError::Medium { problem: MediumProblem::Occupied, .. })));
    assert_eq!(fs::read(&path).unwrap(), other);
}

#[test]
fn receipts_of_another_log_prove_nothing() {
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    let bundle = fs::read(contributor.seal_and_export()).unwrap();
    let outer = Outer::read(&mut Cursor::new(&bundle)).unwrap();
    let forger = NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap();
    let forged = receipt_by(&forger, &Leaf::Ingest(outer.id()));
    let (plain, sealed) = (contributor.path("plain"), contributor.path("sealed"));
    fs::write(&plain, forged.print()).unwrap();
    fs::write(&sealed, seal_receipt(outer.return_recipient(), &forged).unwrap()).unwrap();
    let outcome = contributor.vault.receipt_add(&[plain.clone(), sealed], now()).unwrap();
    assert_eq!((outcome.received.len(), outcome.refused.len()), (0, 2));
    assert_eq!(contributor.vault.status().unwrap().deliveries[0].state, DeliveryState::Carried);

    let (honest, letter) = organisation.take_in(&bundle);
    fs::write(&plain, honest).unwrap();
    let outcome = contributor.vault.receipt_add(&[plain], now()).unwrap();
    assert_eq!(outcome.received, [outer.id().to_string()]);
    let letter_path = contributor.path("letter");
    fs::write(&letter_path, letter).unwrap();
    let known = contributor.vault.receipt_add(&[letter_path], now()).unwrap();
    assert_eq!((known.received.len(), known.already.len()), (0, 1));
    let auditors = contributor.path("auditors");
    let files = contributor.vault.receipt_export(&auditors).unwrap().files;
    let receipt = Receipt::parse(&fs::read(&files[0]).unwrap()).unwrap();
    assert_eq!(receipt.bundle(), outer.id());
    assert_eq!(contributor.vault.receipt_export(&auditors).unwrap().files, files);
}

#[test]
fn extracting_never_overwrites_and_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = vault_at(&dir.path().join("vault"));
    let told = TestimonyText { title: Some("a/../b\u{202e}".into()), account: "I [[saw]] it".into() };
    vault.testify(told, now()).unwrap();
    let out = dir.path().join("out");
    let one = vault.extract(1, &out, now(), &mut ()).unwrap().files.remove(0);
    let two = vault.extract(1, &out, now(), &mut ()).unwrap().files.remove(0);
    assert_eq!(one.file_name().unwrap(), "a_.._b_.txt");
    assert_eq!(two.file_name().unwrap(), "a_.._b_ (2).txt");
    assert_eq!(fs::read_to_string(&one).unwrap(), "I saw it\n");
    assert_eq!(fs::metadata(&one).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_identity_file_opens_what_the_officer_opens() {
    let mut organisation = Organisation::new(1, 1);
    let path = organisation.dir.path().join("identity");
    organisation.officers[0].identity_to(&path, now()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("AGE-SECRET-KEY-PQ-1"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let identity: sanduq::crypto::Identity = text.trim_end().parse().unwrap();
    let recipient = identity.to_recipient().to_string();
    assert!(organisation.officers[0].recipient_line().starts_with(&recipient));
    assert!(organisation.officers[0].identity_to(&path, now()).is_err());
}

/// Nothing that was typed or added is to be found in the files of a vault.
#[test]
fn no_plaintext_lies_in_the_vault() {
    let organisation = Organisation::new(1, 1);
    let mut contributor = Contributor::of(&organisation);
    contributor.vault.seal(Selection::AllUnsealed, "archive", now(), &mut ()).unwrap();
    let canaries =
        ["Laleh", "invented page", "page.txt", "Maryam", "Invented Archive", "AGE-SECRET", "گواهی"];
    let mut files = 0;
    for entry in walkdir::WalkDir::new(contributor.path("vault")) {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if entry.file_type().is_dir() { 0o700 } else { 0o600 }, "{:?}", entry.path());
        if entry.file_type().is_dir() {
            continue;
        }
        files += 1;
        let bytes = fs::read(entry.path()).unwrap();
        for canary in canaries {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} in {:?}", entry.path());
        }
    }
    assert!(files >= 5);
}
