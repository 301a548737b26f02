//! Tests of what `card sign` and `contact add` do where nobody can be asked.

use crate::cli::sanduq::{Clock, play};
use crate::cli::terminal::Terminal;
use crate::crypto::{KdfParams, KeyPair, LogSigningKey, Passphrase};
use crate::format::card::{Draft, OfficerLine, Terms};
use crate::format::note::NoteVerifier;
use crate::format::policy::Policy;
use crate::format::time::Time;
use crate::ui::{Language, Trouble};
use crate::vault::Vault;
use std::path::Path;
use std::time::Duration;

fn now() -> Time {
    "2026-11-23T18:40:00Z".parse().unwrap()
}

fn phrase() -> Passphrase {
    Passphrase::from("an invented passphrase")
}

/// Makes a vault in this folder and gives its officer's line.
fn officer(root: &Path) -> OfficerLine {
    let vault = Vault::init(root, &phrase(), KdfParams::FLOOR, None, "en", now()).unwrap();
    vault.recipient_line().parse().unwrap()
}

fn log() -> NoteVerifier {
    NoteVerifier::log("invented.example/log", LogSigningKey::generate().verifying_key()).unwrap()
}

fn terms(serial: u64, threshold: usize, officers: &[&OfficerLine], log: &NoteVerifier) -> Terms {
    Terms {
        name: "Invented Archive".into(),
        serial,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold,
        officers: officers.iter().map(|officer| (*officer).clone()).collect(),
        log: log.clone(),
        policy: Policy::none(),
    }
}

/// A folder with vaults in it, on which `sanduq` is run without a terminal.
struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Room {
        Room(tempfile::tempdir().unwrap())
    }

    fn run(&self, vault: &str, words: &[&str]) -> Result<Vec<u8>, Trouble> {
        let vault = self.0.path().join(vault);
        let mut all = vec!["sanduq", "--vault", vault.to_str().unwrap(), "--quiet"];
        all.extend(words);
        let clock = Clock { now: &now, stopwatch: &Duration::default };
        play(&all, Terminal::playing(Language::English, true, true), phrase(), clock)
    }

    fn sign(&self, terms: Terms, flags: &[&str]) -> Result<Vec<u8>, Trouble> {
        let draft = self.0.path().join("draft");
        std::fs::write(&draft, Draft::new(terms).unwrap().to_string()).unwrap();
        self.run("officer", &[&["card", "sign", draft.to_str().unwrap()], flags].concat())
    }

    fn take(&self, card: &[u8], flags: &[&str]) -> Result<Vec<u8>, Trouble> {
        let path = self.0.path().join("card");
        std::fs::write(&path, card).unwrap();
        self.run("family", &[&["contact", "add", path.to_str().unwrap()], flags].concat())
    }
}

fn refused(done: Result<Vec<u8>, Trouble>, what: &str) {
    assert_eq!(done.expect_err("it has to refuse").what.id(), what);
}

/// A desk that was taken over drafted a card with an officer of its own in place of another, and the officer's vault
/// signed what it was handed: a genuine card, to which everybody would have sealed.
#[test]
fn a_changed_draft_is_not_signed_without_a_word() {
    let (room, log, other_log) = (Room::new(), log(), log());
    let [own, second, stranger] =
        ["officer", "second", "stranger"].map(|name| officer(&room.0.path().join(name)));
    let first = room.sign(terms(1, 2, &[&own, &second], &log), &[]).unwrap();
    assert!(first.starts_with(b"sanduq-card/1\n"));
    room.sign(terms(2, 2, &[&own, &second], &log), &[]).expect("a renewal changes nobody");
    for changed in [
        terms(3, 2, &[&own, &stranger], &log),
        terms(3, 2, &[&own, &second, &stranger], &log),
        terms(3, 1, &[&own, &second], &log),
        terms(3, 2, &[&own, &second], &other_log),
        // The second officer's keys, with a recipient that the desk can open.
        terms(3, 2, &[&own, &OfficerLine { recipient: stranger.recipient.clone(), ..second.clone() }], &log),
    ] {
        refused(room.sign(changed, &[]), "err-card-differs");
    }
    refused(room.sign(terms(3, 1, &[&second], &log), &[]), "err-card-without-us");
    let crossed = OfficerLine { recipient: stranger.recipient.clone(), ..own.clone() };
    refused(room.sign(terms(3, 1, &[&crossed], &log), &[]), "err-card-without-us");
    room.sign(terms(3, 2, &[&own, &stranger], &log), &["--yes"]).unwrap();
}

/// The first card has nothing to be compared with, but an officer does not found an organisation without herself.
#[test]
fn a_first_draft_without_this_officer_is_not_signed() {
    let (room, log) = (Room::new(), log());
    let [_, stranger] = ["officer", "stranger"].map(|name| officer(&room.0.path().join(name)));
    refused(room.sign(terms(1, 1, &[&stranger], &log), &[]), "err-card-without-us");
    room.sign(terms(1, 1, &[&stranger], &log), &["--yes"]).unwrap();
}

/// A newer card of a known key was taken without a word, whoever stood on it.
#[test]
fn a_newer_card_of_other_officers_is_not_taken_without_a_word() {
    let (room, log, other_log) = (Room::new(), log(), log());
    let [_, one, two] = ["family", "one", "two"].map(|name| officer(&room.0.path().join(name)));
    let key = KeyPair::generate();
    let card = |terms| Draft::new(terms).unwrap().sign(&key).as_bytes().to_vec();
    room.take(&card(terms(1, 1, &[&one], &log)), &["--yes"]).unwrap();
    room.take(&card(terms(2, 1, &[&one], &log)), &[]).expect("a renewal changes nobody");
    for changed in
        [terms(3, 1, &[&two], &log), terms(3, 1, &[&one, &two], &log), terms(3, 1, &[&one], &other_log)]
    {
        refused(room.take(&card(changed), &[]), "err-card-newer-differs");
    }
    room.take(&card(terms(3, 2, &[&one, &two], &log)), &["--yes"]).unwrap();
    refused(room.take(&card(terms(4, 1, &[&one, &two], &log)), &[]), "err-card-newer-differs");
}
