//! What officers open and disclose comes into the organisation's log over a stick, the proofs come back, and a disclosure
//! carries them; a withdrawal that the log knows of cannot be hidden.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]
// The evidence and the bags are those of the tests of disclosures, which use more of them.
#![allow(dead_code)]

#[path = "disclosure/bag.rs"]
mod bag;
#[path = "disclosure/evidence.rs"]
mod evidence;
mod house;
#[path = "disclosure/instructions.rs"]
mod instructions;
#[path = "disclosure/stock.rs"]
mod stock;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bag::{agree, audited, failures, judge};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use evidence::{Case, receipt, seal, terms, testimony};
use house::{House, all, only, text};
use instructions::follow_instructions;
use sanduq::audit::{self, Beside, Question, Report, Unproved, ValueName};
use sanduq::bundle::{Act, EventLeaves, FollowUp};
use sanduq::crypto::{Digest, KeyPair, LogSigningKey};
use sanduq::evidence::consent::{Naming, Reach};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;

fn logged(report: &Report) -> &str {
    &report.values.iter().find(|value| value.name == ValueName::Logged).unwrap().value
}

fn audited_with(dir: &Path, log: &Path) -> Report {
    let beside = Beside { log: Some(log), ..Beside::default() };
    audit::disclosed(dir, "2026-11-23".parse().unwrap(), &beside).unwrap().0
}

/// Carries the officer's events to the desk and the proofs back; what the vault says at the end.
fn carry(case: &Case, stick: &Path) -> serde_json::Value {
    case.officer().sanduq(&["events", text(stick)]).good();
    case.organisation.house.desk(&["sync", text(stick)]).good();
    case.officer().sanduq(&["events", text(stick), "--json"]).good().json()
}

fn exported_log(case: &Case, name: &str) -> PathBuf {
    let house = case.organisation.house;
    house.desk(&["log", "export", text(&house.path(name))]).good();
    house.path(name)
}

#[test]
fn events_come_into_the_log_and_their_proofs_into_a_disclosure() {
    let house = House::new("events");
    let case = Case::for_court(&house);
    let receipt = text(&case.receipt);
    let args = ["1", "2", "--for", "court", "--receipt", receipt, "--json"];
    let (first, done) = case.disclose("first", &args);
    assert_eq!(done.good().json()["logged"], 0);
    let report = audited(&first);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert_eq!(logged(&report), "0/3");
    assert!(report.not_proved.contains(&Unproved::Events) && report.not_proved.contains(&Unproved::Stands));
    let listed = case.officer().sanduq(&["events", "--json"]).good().json();
    let dids: Vec<_> = listed["events"].as_array().unwrap().iter().map(|one| &one["did"]).collect();
    assert_eq!(dids.len(), 3);
    assert!(dids.iter().any(|did| *did == "opened"), "{listed}");
    assert!(listed["events"].as_array().unwrap().iter().all(|one| one["logged"] == false));

    let stick = house.folder("stick");
    let laid = case.officer().sanduq(&["events", text(&stick), "--json"]).good().json();
    assert_eq!((laid["waiting"].as_u64(), laid["proved"].as_u64()), (Some(3), Some(0)));
    let file = only(&stick, "events");
    // Once more changes nothing.
    let before = fs::read(&file).unwrap();
    case.officer().sanduq(&["events", text(&stick)]).good();
    assert_eq!(fs::read(only(&stick, "events")).unwrap(), before);
    stock_tools_see_who_signed(&house, &file);
    let early = exported_log(&case, "early");

    let answered = house.desk(&["sync", text(&stick), "--json"]).good().json();
    assert_eq!(answered["outcomes"][0]["fresh"], 3);
    assert_eq!(answered["events"]["proved"], 3, "{answered}");
    let proofs = only(&stick, "proofs");
    let names = Command::new("tar").arg("-tf").arg(&proofs).output().unwrap();
    assert_eq!(String::from_utf8(names.stdout).unwrap().lines().count(), 3);
    // A stick that comes twice logs nothing twice.
    let again = house.desk(&["sync", text(&stick), "--json"]).good().json();
    assert_eq!(again["outcomes"][0]["fresh"], 0);

    let home = case.officer().sanduq(&["events", text(&stick), "--json"]).good().json();
    assert_eq!((home["proved"].as_u64(), home["waiting"].as_u64()), (Some(3), Some(0)));
    assert_eq!(home["removed"], 2);
    assert!(all(&stick, "events").is_empty() && all(&stick, "proofs").is_empty());
    let said = case.officer().sanduq(&["events"]).good().stdout();
    assert_eq!(said.matches("the log of your organisation has it").count(), 3, "{said}");

    let (second, done) = case.disclose("second", &args);
    assert_eq!(done.good().json()["logged"], 3);
    let report = audited(&second);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert_eq!(logged(&report), "3/3");
    assert!(!report.not_proved.contains(&Unproved::Events));
    let said = follow_instructions(&second).unwrap();
    assert_eq!(said.matches(", which the log has").count(), 3, "{said}");

    // A log from before its events once passed, for the receipt is older still.
    assert!(!audited_with(&second, &early).holds());
    let log = exported_log(&case, "log");
    for dir in [&first, &second] {
        let said = house.audit(&["disclosure", text(dir), "--log", text(&log)]).good().stdout();
        for part in ["All checks hold.", "3/3", "no record that its author withdrew it"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        // Three events under one head were asked about three times.
        let heads = if dir == &first { 1 } else { 2 };
        assert_eq!(said.matches("the log grew out of what it showed before").count(), heads, "{said}");
        assert!(!said.contains("use --log") && !said.contains("not all are shown"), "{said}");
    }
    let said =
        house.audit(&["disclosure", "--lang", "fa", text(&first), "--log", text(&log)]).good().stdout();
    assert!(said.contains("دربارهٔ هیچ موردی نمی‌گوید"), "{said}");
}

/// What was done outside of this program is noted, goes into the log, and is told by a disclosure of the record.
#[test]
fn what_is_noted_by_hand_is_told() {
    let house = House::new("events-noted");
    let case = Case::for_court(&house);
    let held = case.officer().sanduq(&["custody", "hold", "1", "2", "--json"]).good().json();
    assert_eq!(held["records"].as_array().unwrap().len(), 2);
    let card = text(&case.organisation.card);
    case.officer().sanduq(&["custody", "transfer", "1", "--to", card]).good();
    // The same once more is the same event.
    case.officer().sanduq(&["custody", "hold", "1"]).good();
    let said = case.officer().sanduq(&["custody", "transfer", "1", "--to", text(&case.receipt)]);
    assert_eq!(said.code, Some(4), "{}", said.stderr());
    let letter = house.write("own.txt", "an invented letter");
    case.officer().sanduq(&["add", text(&letter)]).good();
    let own = case.officer().newest();
    assert_eq!(case.officer().sanduq(&["custody", "hold", &own]).code, Some(7));

    // Who else had it is nothing that leaves unasked.
    let (early, done) = case.disclose("early", &["1", "--for", "court"]);
    done.good();
    let events = bag::read(&early).into_iter().filter(|(name, _)| name.starts_with("data/events/"));
    let told: Vec<String> = events.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(told.iter().any(|text| text.starts_with("disclose ")), "{told:?}");
    assert!(!told.iter().any(|text| text.starts_with("hold ") || text.starts_with("transfer ")), "{told:?}");
    let review = |more: &[&str]| {
        let args = [&["disclose", "1", "--for", "court", "--to", "nowhere", "--json"][..], more].concat();
        let said = case.officer().sanduq(&args);
        assert_eq!(said.code, Some(7), "{}", said.stderr());
        said.json()
    };
    let (asked, unasked) = (review(&["--with-notes"]), review(&[]));
    assert_eq!((&unasked["notes"], &unasked["notes_kept"]), (&serde_json::json!([]), &serde_json::json!(2)));
    let did: Vec<&str> =
        asked["notes"].as_array().unwrap().iter().filter_map(|note| note["did"].as_str()).collect();
    assert_eq!((did, &asked["notes_kept"]), (vec!["held", "transferred"], &serde_json::json!(0)));
    let home = carry(&case, &house.folder("stick"));
    assert_eq!(home["proved"], 5, "{home}");
    let (dir, done) = case.disclose("court", &["1", "--for", "court", "--with-notes"]);
    assert!(done.good().stdout().contains("the proofs that your organisation's log has it go along"));
    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert_eq!(logged(&report), "4/4");
    let said = follow_instructions(&dir).unwrap();
    assert_eq!(said.matches(", which the log has").count(), 4, "{said}");
    let lines: Vec<String> =
        said.lines().filter(|line| line.contains(", which the log has")).map(verb).collect();
    assert_eq!(lines, ["open", "disclose", "hold", "transfer"]);

    // An event of a record that is not shown is none of this disclosure's.
    let mut bag = bag::read(&dir);
    let other = held["records"][1].as_str().unwrap();
    let line = String::from_utf8(bag["data/events/0003.txt"].clone()).unwrap();
    bag.insert("data/events/0003.txt".into(), format!("{} {other}", verb(&line)).into_bytes());
    agree(&mut bag);
    let asked: Vec<Question> = judge(&bag).iter().map(|one| one.0).collect();
    assert!(asked.contains(&Question::DisclosureEvents), "{asked:?}");
}

fn verb(line: &str) -> String {
    line.split(' ').next().unwrap().to_owned()
}

/// The file's first signature is by the officer who stands on the card, says a program that is not ours.
fn stock_tools_see_who_signed(house: &House, file: &Path) {
    let whole = fs::read_to_string(file).unwrap();
    let (signed, signatures) = whole.split_at(whole.find("-----BEGIN").unwrap());
    let first = signatures.split_inclusive("-----END SSH SIGNATURE-----\n").next().unwrap();
    let line = fs::read_to_string(house.path("officer1.recipient")).unwrap();
    let fields: Vec<&str> = line.split(' ').collect();
    let signer = format!("officer namespaces=\"sanduq-event\" {} {}\n", fields[1], fields[2]);
    let (signer, signature) = (house.write("signer", signer), house.write("signature", first));
    let text_file = house.write("signed", signed);
    let verify = |namespace: &str| {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-Y", "verify", "-I", "officer", "-n", namespace, "-f", text(&signer), "-s"]);
        keygen.arg(&signature).stdin(fs::File::open(&text_file).unwrap());
        keygen.output().unwrap().status.success()
    };
    assert!(verify("sanduq-event") && !verify("sanduq-reply"));
}

#[test]
fn a_withdrawal_that_the_log_knows_of_cannot_be_hidden() {
    let house = House::new("events-withdrawn");
    let author = KeyPair::generate();
    let court = terms(Reach::Court, Naming::Never, None);
    let organisation = house::Organisation::new(&house, 1, 1);
    let (bundle, sealed) = seal(&organisation, &author, &[testimony(court)], None, "one.bundle");
    organisation.officers[0].sanduq(&["open", text(&bundle)]).good();
    let receipt = receipt(&organisation, &bundle, &sealed);
    let case = Case { organisation, receipt };
    let (dir, done) = case.disclose("court", &["1", "--for", "court", "--receipt", text(&case.receipt)]);
    done.good();
    let before = exported_log(&case, "before");
    house.audit(&["disclosure", text(&dir), "--log", text(&before)]).good();

    let refers = Some(sealed.bundle);
    let follow_up = Some(FollowUp { refers, act: Act::Withdraw });
    let words = [testimony(terms(Reach::Organisation, Naming::Never, None))];
    let (withdrawal, _) = seal(&case.organisation, &author, &words, follow_up, "two.bundle");
    case.officer().sanduq(&["open", text(&withdrawal)]).good();
    let home = carry(&case, &house.folder("stick"));
    // Both bundles were opened, the record was disclosed, and withdrawn.
    assert_eq!(home["proved"], 4, "{home}");

    let after = exported_log(&case, "after");
    let report = audited_with(&dir, &after);
    let failed = failures(&report);
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(
        (failed[0].0, failed[0].1.as_str()),
        (Question::DisclosureStands, "data/records/0001: withdrawn")
    );
    let said = house.audit(&["disclosure", text(&dir), "--log", text(&after)]);
    assert_eq!(said.code, Some(1), "{}", said.stdout());
    // An older log of the same organisation, behind the receipt, is no way around it.
    let emptied = house.path("emptied");
    fs::create_dir(&emptied).unwrap();
    let log = NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap();
    let head = sanduq::tlog::Checkpoint::of(&log, 0, Digest::of(b"")).sign(&log).unwrap();
    fs::write(emptied.join("checkpoint"), head.to_string()).unwrap();
    let report = audited_with(&dir, &emptied);
    assert!(!report.holds());
    // Of a log that is not there the disclosure was once said not to be.
    let nowhere = house.path("nowhere");
    for command in [&["disclosure", text(&dir)][..], &["report", text(&dir), "--to", "page.html"]] {
        let told = house.audit(&[command, &["--log", text(&nowhere)]].concat());
        assert_eq!(told.code, Some(5), "{}", told.stderr());
        assert!(told.stderr().contains(text(&nowhere)), "{}", told.stderr());
    }
}

#[test]
fn the_desk_logs_nothing_but_its_officers_events() {
    let house = House::new("events-foreign");
    let case = Case::for_court(&house);
    let stick = house.folder("stick");
    case.officer().sanduq(&["events", text(&stick)]).good();
    let good = fs::read_to_string(only(&stick, "events")).unwrap();
    let log = Card::parse(&fs::read(&case.organisation.card).unwrap()).unwrap().log_key().clone();
    let other = NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap().verifier();
    let stranger = KeyPair::generate();
    let leaf = good.lines().nth(3).unwrap();
    let before = house.desk(&["log", "--json"]).good().json()["leaves"].as_array().unwrap().len();
    for (told, bytes) in [
        ("by somebody else", EventLeaves::sign(&log, [Digest::of(b"one")], &stranger).print()),
        ("for another log", EventLeaves::sign(&other, [Digest::of(b"one")], &stranger).print()),
        ("a leaf more", good.replace(leaf, &format!("leaf: {}\n{leaf}", "0".repeat(64)))),
        ("another leaf", good.replace(leaf, &format!("leaf: {}", "0".repeat(64)))),
        ("cut short", good[..good.len() - 40].to_owned()),
        ("the officer's name on it", {
            let signed = EventLeaves::sign(&log, [Digest::of(b"one")], &stranger).print();
            let named = good.lines().nth(2).unwrap();
            signed.replace(signed.lines().nth(2).unwrap(), named)
        }),
    ] {
        assert_ne!(bytes, good, "{told}");
        fs::write(only(&stick, "events"), &bytes).unwrap();
        for args in [vec!["sync", text(&stick)], vec!["accept", text(&only(&stick, "events"))]] {
            let refused = house.desk(&args);
            assert_eq!(refused.code, Some(1), "{told}");
            assert!(refused.stderr().contains("not a file of events by an officer"), "{}", refused.stderr());
        }
        assert!(all(&stick, "proofs").is_empty(), "{told}");
    }
    let after = house.desk(&["log", "--json"]).good().json()["leaves"].as_array().unwrap().len();
    assert_eq!(after, before);
    fs::write(only(&stick, "events"), &good).unwrap();
    let file = only(&stick, "events");
    // The desk of another archive of the same officer has another log.
    let (elsewhere, line) = (House::new("events-elsewhere"), house.path("officer1.recipient"));
    let founded = ["init", "--name", "Another-Archive", "--officers", text(&line), "--threshold", "1"];
    elsewhere.desk(&founded).good();
    let refused = elsewhere.desk(&["accept", text(&file)]);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout());
    assert!(refused.stderr().contains("not a file of events by an officer"), "{}", refused.stderr());
    house.desk(&["accept", text(&file)]).good();
}

/// Her events were cut short on the stick. They lay there for ever, for a file of that name was there, and the desk refused
/// them each time.
#[test]
fn what_was_damaged_on_the_way_is_laid_anew() {
    let house = House::new("events-cut");
    let case = Case::for_court(&house);
    let stick = house.folder("stick");
    case.officer().sanduq(&["events", text(&stick)]).good();
    let file = only(&stick, "events");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(house.desk(&["sync", text(&stick)]).code, Some(1));
    assert_eq!(carry(&case, &stick)["proved"], 1);
}

/// A vault that was put back from a copy took the file off the stick, in which the only trace of its last event lay.
#[test]
fn what_is_not_known_here_stays_on_the_stick() {
    let house = House::new("events-copy");
    let case = Case::for_court(&house);
    let (stick, vault) = (house.folder("stick"), &case.officer().vault);
    let copy = house.path("copy");
    let copied = |from: &Path, to: &Path| {
        let done = std::process::Command::new("cp").arg("-a").args([from, to]).status().unwrap();
        assert!(done.success());
    };
    copied(vault, &copy);
    case.officer().sanduq(&["custody", "hold", "1"]).good();
    case.officer().sanduq(&["events", text(&stick)]).good();
    let file = only(&stick, "events");
    let laid = fs::read(&file).unwrap();
    fs::remove_dir_all(vault).unwrap();
    copied(&copy, vault);
    let said = case.officer().sanduq(&["events", text(&stick), "--json"]).good().json();
    assert_eq!((said["removed"].as_u64(), fs::read(&file).unwrap()), (Some(0), laid), "{said}");
    // The desk logs all of it; a file of which all is known goes.
    house.desk(&["sync", text(&stick)]).good();
    let said = case.officer().sanduq(&["events", text(&stick), "--json"]).good().json();
    assert_eq!((said["proved"].as_u64(), file.exists()), (Some(1), true), "{said}");
}

#[test]
fn what_proves_nothing_is_not_kept() {
    let house = House::new("events-proofs");
    let case = Case::for_court(&house);
    let stick = house.folder("stick");
    case.officer().sanduq(&["events", text(&stick)]).good();
    house.desk(&["sync", text(&stick)]).good();
    let proofs = only(&stick, "proofs");
    let good = fs::read(&proofs).unwrap();
    let at = good.windows(7).position(|window| window == b"\nindex ").unwrap();
    let extra = good.windows(7).position(|window| window == b"\nextra ").unwrap() + 40;
    for (told, change) in [
        // A disclosure that carried it would be refused.
        ("what it says it is about", (extra, if good[extra] == b'A' { b'B' } else { b'A' })),
        ("another index", (at + 7, b'9')),
        ("another name", (0, b'0' + u8::from(good[0] == b'0'))),
        ("no archive", (257, b'x')),
    ] {
        let mut bad = good.clone();
        bad[change.0] = change.1;
        fs::write(&proofs, &bad).unwrap();
        let refused = case.officer().sanduq(&["events", text(&stick)]);
        assert_eq!(refused.code, Some(4), "{told}: {}", refused.stdout());
        assert!(refused.stderr().contains("proves nothing"), "{told}: {}", refused.stderr());
        assert!(proofs.is_file() && all(&stick, "events").len() == 1, "{told}");
    }
    fs::write(&proofs, &good).unwrap();
    assert_eq!(case.officer().sanduq(&["events", text(&stick), "--json"]).good().json()["proved"], 1);
}

#[test]
fn a_proof_in_a_disclosure_is_of_its_event() {
    let house = House::new("events-bag");
    let case = Case::for_court(&house);
    case.disclose("early", &["1", "--for", "court"]).1.good();
    carry(&case, &house.folder("stick"));
    let (dir, done) = case.disclose("court", &["1", "--for", "court"]);
    done.good();
    let whole = bag::read(&dir);
    assert!(judge(&whole).is_empty());
    let [one, two] = ["0001", "0002"].map(|number| format!("data/events/{number}.tlog-proof"));
    let changed = |change: &dyn Fn(&mut bag::Bag)| {
        let mut bag = whole.clone();
        change(&mut bag);
        agree(&mut bag);
        judge(&bag)
    };
    let asked = |failed: Vec<(Question, String)>| failed.iter().map(|one| one.0).collect::<Vec<_>>();
    let swapped = changed(&|bag| {
        let (first, second) = (bag[&one].clone(), bag[&two].clone());
        bag.extend([(one.clone(), second), (two.clone(), first)]);
    });
    assert_eq!(asked(swapped), [Question::DisclosureLogged]);
    let moved = changed(&|bag| drop(bag.insert("data/events/0003.tlog-proof".into(), bag[&one].clone())));
    assert!(asked(moved).contains(&Question::DisclosureLayout));
    let foreign = changed(&|bag| {
        let text = String::from_utf8(bag[&one].clone()).unwrap();
        let index = text.lines().find(|line| line.starts_with("index ")).unwrap();
        bag.insert(one.clone(), text.replace(index, "index 7").into_bytes());
    });
    assert_eq!(asked(foreign), [Question::DisclosureLogged]);
    let claims = changed(&|bag| {
        let text = String::from_utf8(bag[&one].clone()).unwrap();
        let extra = text.lines().find(|line| line.starts_with("extra ")).unwrap();
        let other = BASE64_STANDARD.encode(format!("sanduq-log/1 event {}", Digest::of(b"another")));
        bag.insert(one.clone(), text.replace(extra, &format!("extra {other}")).into_bytes());
    });
    assert_eq!(asked(claims), [Question::DisclosureLogged]);
    // That it is left out is no fault, and it is told.
    assert!(changed(&|bag| drop(bag.remove(&one))).is_empty());
}
