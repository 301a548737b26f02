//! What is forgotten is gone, what is kept is whole, and nothing tells how much there was.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "linkable/index.rs"]
mod index;
mod world;

use std::fs;
use std::path::Path;

use house::{House, NAME, Noise, Organisation, Person, only, text};
use sanduq::crypto::{Digest, Passphrase};
use serde_json::Value;
use world::nothing_left_over;

/// What is said beforehand of a bundle that waits: it is the last that shows whose it is.
const STAYS: &str = "until then it shows that it was sealed here";

/// Someone with a letter, two scans that share a pack, and a testimony.
fn begin(house: &House) -> (Person<'_>, Organisation<'_>) {
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let letter = house.write("letter.txt", "an invented letter about the orchard");
    let one = house.write("one.scan", Noise::new(1).bytes(300_000));
    let two = house.write("two.scan", Noise::new(2).bytes(400_000));
    person.sanduq(&["add", text(&letter), text(&one), text(&two)]).good();
    let told = house.write("told.txt", "an invented testimony about the harbour");
    person.sanduq(&["testify", text(&told)]).good();
    let organisation = Organisation::new(house, 1, 1);
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    (person, organisation)
}

fn send(person: &Person, organisation: &Organisation, stick: &str) {
    let stick = person.house.folder(stick);
    person.sanduq(&["export", text(&stick)]).good();
    let bundle = only(&stick, "bundle");
    let receipts = organisation.accept(&bundle, "receipts");
    person.sanduq(&["receipt", "add", text(&receipts)]).good();
}

fn titles(person: &Person) -> Vec<(u64, String)> {
    let mut listed: Vec<_> = person
        .list()
        .iter()
        .map(|item| (item["item"].as_u64().unwrap(), item["title"].as_str().unwrap().to_owned()))
        .collect();
    listed.sort();
    listed
}

fn deliveries(person: &Person) -> Vec<Value> {
    let status = person.sanduq(&["status", "--json"]).good().json();
    status["deliveries"].as_array().unwrap().clone()
}

fn packed(person: &Person) -> u64 {
    let files = person.house.files("amal");
    files.iter().filter(|(name, _)| name.contains("/packs/")).map(|(_, metadata)| metadata.len()).sum()
}

/// A laptop was taken, and its owner made to type her passphrase: all she had sent lay open.
#[test]
fn what_was_delivered_and_forgotten_is_gone_and_the_rest_is_whole() {
    let house = House::new("forget-delivered");
    let (person, organisation) = begin(&house);
    person.sanduq(&["seal", "1", "2", "--to", NAME]).good();
    send(&person, &organisation, "stick");
    let before = packed(&person);
    let outcome = person.sanduq(&["forget", "--delivered", "--yes", "--json"]).good().json();
    assert_eq!((outcome["items"].as_u64(), outcome["waiting"].as_u64()), (Some(2), Some(0)));
    nothing_left_over(&person.vault);
    let kept = titles(&person);
    assert_eq!(kept.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2], "{kept:?}");
    assert!(deliveries(&person).is_empty());
    assert!(packed(&person) < before - 300_000, "the pack still holds what was forgotten");
    let out = house.folder("out");
    person.sanduq(&["extract", "1", "--to", text(&out)]).good();
    assert!(fs::read(out.join("two.scan")).unwrap() == Noise::new(2).bytes(400_000));
    let found = person.sanduq(&["search", "harbour", "--json"]).good().json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let lost = person.sanduq(&["search", "letter", "--json"]).good().json();
    assert!(lost["items"].as_array().unwrap().is_empty());
    // It goes on as any vault does.
    let more = house.write("more.txt", "another invented letter");
    person.sanduq(&["add", text(&more)]).good();
    assert_eq!(titles(&person).last().unwrap().0, 3);
}

/// A receipt named a bundle for ever, long after everything in it was forgotten.
#[test]
fn a_bundle_that_waits_stays_until_its_receipt_comes() {
    let house = House::new("forget-waiting");
    let (person, organisation) = begin(&house);
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let forgotten = person.sanduq(&["forget", "1", "--yes", "--json"]).good();
    let warned = forgotten.stderr();
    assert!(warned.contains("One sealed bundle still waits") && warned.contains(STAYS), "{warned}");
    let outcome = forgotten.json();
    assert_eq!((outcome["items"].as_u64(), outcome["waiting"].as_u64()), (Some(1), Some(1)));
    let waiting = deliveries(&person);
    assert_eq!((waiting.len(), waiting[0]["items"].as_array().unwrap().len()), (1, 0));
    let delivered = person.sanduq(&["forget", "--delivered", "--yes"]).bad();
    assert!(delivered.stderr().contains("nothing to forget"), "{}", delivered.stderr());
    send(&person, &organisation, "stick");
    assert!(deliveries(&person).is_empty(), "the receipt came, and the bundle is still named");
    assert_eq!(titles(&person).len(), 3);
    nothing_left_over(&person.vault);
}

/// "Its receipt is kept", she read of a bundle that she had forgotten; when she was asked for it, there was none.
#[test]
fn nothing_is_said_to_be_kept_of_what_is_forgotten() {
    let house = House::new("forget-receipt");
    let (person, organisation) = begin(&house);
    let sealed = person.sanduq(&["seal", "1", "--to", NAME, "--forget"]).good();
    assert!(sealed.stderr().contains("receipt export DIR"), "beforehand: {}", sealed.stderr());
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let receipts = organisation.accept(&stick, "receipts");
    let forgotten =
        deliveries(&person).iter().find(|row| row["items"] == serde_json::json!([])).unwrap()["bundle"]
            .as_str()
            .unwrap()
            .to_owned();
    let base = house.path("amal-before");
    world::copy(&person.vault, &base);
    let came = person.sanduq(&["receipt", "add", text(&receipts), "--json"]).good().json();
    assert_eq!(came["received"].as_array().unwrap().len(), 2);
    assert_eq!(came["forgotten"], serde_json::json!([forgotten]));
    fs::remove_dir_all(&person.vault).unwrap();
    world::copy(&base, &person.vault);
    let said = person.sanduq(&["receipt", "add", text(&receipts)]).good().stdout();
    let (kept, gone) = said.split_once("nothing about it is kept").expect(&said);
    assert!(
        kept.contains("One bundle has arrived; its receipt is kept:") && !kept.contains(&forgotten),
        "{said}"
    );
    assert!(gone.contains(&forgotten), "{said}");
    let out = house.folder("out");
    let written = person.sanduq(&["receipt", "export", text(&out), "--json"]).good().json();
    assert_eq!(written["files"].as_array().unwrap().len(), 1);
}

#[test]
fn sealing_and_forgetting_are_one_moment() {
    let house = House::new("forget-seal");
    let (person, organisation) = begin(&house);
    let sealed = person.sanduq(&["seal", "--all", "--to", NAME, "--forget", "--json"]).good();
    assert!(sealed.stderr().contains(STAYS), "{}", sealed.stderr());
    let outcome = sealed.json();
    assert_eq!(outcome["items"].as_array().unwrap().len(), 4);
    assert!(person.list().is_empty());
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&only(&stick, "bundle"))]).good();
    assert_eq!(officer.list().len(), 4);
}

/// She sealed her second item and forgot it in the same moment, then forgot number 3, as she had noted it: it was
/// another's testimony by then, for nobody had said that the numbers had changed.
#[test]
fn who_seals_and_forgets_is_told_of_the_new_numbers() {
    let house = House::new("forget-seal-numbers");
    let (person, _) = begin(&house);
    let before = titles(&person);
    let done = person.sanduq(&["seal", "2", "--to", NAME, "--forget"]).good();
    assert!(done.stderr().contains("numbered anew"), "beforehand: {}", done.stderr());
    assert!(done.stdout().contains("new numbers"), "{}", done.stdout());
    let after = titles(&person);
    assert_eq!(after.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(after[1].1, before[2].1);
    // The last one goes, and no other number changes.
    let last = person.sanduq(&["seal", "3", "--to", NAME, "--forget"]).good();
    assert!(!last.stdout().contains("new numbers"), "{}", last.stdout());
    let told = person.sanduq(&["seal", "1", "--to", NAME, "--forget", "--json"]).good().json();
    assert_eq!(told["renumbered"], true);
}

/// The number of an item that she had removed long ago was given to another one while a receipt came, her keys were
/// renewed or a contact went. The numbers stay there; where somebody forgets, they change, and that is said.
#[test]
fn numbers_change_only_where_items_are_forgotten() {
    let house = House::new("forget-numbers");
    let (person, organisation) = begin(&house);
    person.sanduq(&["seal", "1", "--to", NAME, "--forget"]).good();
    person.sanduq(&["remove", "1"]).good();
    let kept = titles(&person);
    assert_eq!(kept.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 3]);
    send(&person, &organisation, "stick");
    assert!(deliveries(&person).is_empty());
    assert_eq!(titles(&person), kept, "a receipt came");
    person.sanduq(&["contact", "remove", NAME, "--yes"]).good();
    assert_eq!(titles(&person), kept, "a contact went");
    person.sanduq(&["rekey"]).good();
    assert_eq!(titles(&person), kept, "new keys");
    let traces = person.sanduq(&["forget", "--traces"]).good();
    assert!(traces.stdout().contains("new numbers"), "{}", traces.stdout());
    assert_eq!(titles(&person), [(1, kept[0].1.clone()), (2, kept[1].1.clone())]);
    let again = person.sanduq(&["forget", "--traces", "--json"]).good().json();
    assert_eq!(again["renumbered"], false);
}

#[test]
fn what_waits_can_be_dropped() {
    let house = House::new("forget-outbox");
    let (person, _) = begin(&house);
    person.sanduq(&["seal", "1", "--to", NAME, "--forget"]).good();
    person.sanduq(&["seal", "1", "--to", NAME]).good();
    let outcome = person.sanduq(&["forget", "--outbox", "--yes", "--json"]).good().json();
    assert_eq!(outcome["dropped"].as_u64(), Some(2));
    assert!(deliveries(&person).is_empty());
    let kept = person.list();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|item| item["state"] == "open"), "{kept:?}");
    person.sanduq(&["forget", "--outbox", "--yes"]).bad();
}

/// What is sealed straight away was searched for by the program alone: what it does not show may lie in its rows.
#[test]
fn captured_straight_to_sealed_it_was_never_here() {
    let house = House::new("forget-direct");
    let (person, organisation) = begin(&house);
    let held = person.list().len();
    let letter = house.write("direct.txt", "an invented letter about the quarry");
    let scan = house.write("direct.scan", Noise::new(3).bytes(200_000));
    let direct = ["seal", "--direct", text(&letter), text(&scan), "--to", NAME, "--json"];
    let outcome = person.sanduq(&direct).good().json();
    assert_eq!(outcome["files"].as_array().unwrap().len(), 2);
    let told = house.write("direct-told.txt", "an invented testimony about the lighthouse");
    person.sanduq(&["testify", text(&told), "--direct", "--to", NAME]).good();
    assert_eq!(person.list().len(), held);
    for word in ["quarry", "lighthouse", "direct"] {
        let found = person.sanduq(&["search", word, "--json"]).good().json();
        assert!(found["items"].as_array().unwrap().is_empty(), "{word}");
    }
    let digest = |path: &Path| Digest::of(&fs::read(path).unwrap()).to_string();
    let kept = digest(&house.path("letter.txt"));
    assert!(rows_with(&person, &kept) > 0 && rows_with(&person, "letter.txt") > 0, "what is kept is found");
    for told in [&digest(&letter), &digest(&scan), "direct", "quarry", "lighthouse"] {
        assert_eq!(rows_with(&person, told), 0, "{told}");
    }
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let officer = &organisation.officers[0];
    for bundle in house::all(&stick, "bundle") {
        officer.sanduq(&["open", text(&bundle)]).good();
    }
    let received = officer.list();
    assert_eq!(received.len(), 3);
    let scan = received.iter().find(|item| item["bytes"] == 200_000).unwrap();
    let out = house.folder("out");
    officer.sanduq(&["extract", &scan["item"].to_string(), "--to", text(&out)]).good();
    assert!(fs::read(out.join("direct.scan")).unwrap() == Noise::new(3).bytes(200_000));
    let told = officer.sanduq(&["search", "lighthouse", "--json"]).good().json();
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_forgotten_is_said_and_nothing_changes() {
    let house = House::new("forget-refused");
    let (person, organisation) = begin(&house);
    let unsure = person.sanduq(&["forget", "1"]).bad();
    assert!(unsure.stderr().contains("--yes"), "{}", unsure.stderr());
    person.sanduq(&["forget", "1", "9", "--yes"]).bad();
    assert_eq!(person.list().len(), 4);
    let warned = person.sanduq(&["forget", "1", "--yes"]).good();
    assert!(warned.stderr().contains("only copy"), "{}", warned.stderr());
    organisation.send(&person, "stick");
    // Whoever asked to drop what waits was told how to forget an item.
    let unsure = person.sanduq(&["forget", "--outbox"]).bad();
    assert!(unsure.stderr().contains("forget --outbox --yes"), "{}", unsure.stderr());
    let officer = &organisation.officers[0];
    officer.sanduq(&["open", text(&only(&house.path("stick"), "bundle"))]).good();
    officer.sanduq(&["forget", "1", "--yes"]).bad();
    assert_eq!(officer.list().len(), 3);
}

/// Of several processes that forget at once each does it or says that another one is at it.
#[test]
fn who_comes_second_is_told_and_forgets_nothing() {
    let house = House::new("forget-twice");
    let (person, _) = begin(&house);
    let held = person.list().len();
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let open = sanduq::vault::Vault::unlock(&person.vault, None, &passphrase).unwrap();
    let second = person.sanduq(&["forget", "1", "--yes"]).bad();
    assert_eq!(second.code, Some(6), "{}", second.stderr());
    drop(open);
    assert_eq!(person.list().len(), held);
    let codes: Vec<Option<i32>> = std::thread::scope(|scope| {
        let forget = || person.sanduq(&["forget", "1", "--yes"]).code;
        let threads: Vec<_> = (0..held).map(|_| scope.spawn(forget)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let done = codes.iter().filter(|code| **code == Some(0)).count();
    assert!(done > 0 && codes.iter().all(|code| matches!(code, Some(0 | 6))), "{codes:?}");
    assert_eq!(person.list().len(), held - done);
    nothing_left_over(&person.vault);
}

/// She had removed what she did not want to be found with, and whoever had her passphrase read it in the journal: nothing
/// that the program offered took it away, for nothing was left to forget.
#[test]
fn traces_of_what_was_removed_can_be_taken_away() {
    let house = House::new("forget-traces");
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let (one, two) = (house.write("one.txt", "an invented letter"), house.write("two.txt", "another"));
    person.sanduq(&["add", text(&one), text(&two)]).good();
    person.sanduq(&["remove", "1"]).good();
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let before = ["index", "journal", "epoch.a", "epoch.b"].map(|name| fs::read(part.join(name)).unwrap());
    let done = person.sanduq(&["forget", "--traces", "--json"]).good().json();
    assert_eq!(done["left"].as_u64(), Some(1));
    let after = ["index", "journal", "epoch.a", "epoch.b"].map(|name| fs::read(part.join(name)).unwrap());
    for (before, after) in before.iter().zip(&after) {
        let same = before.iter().zip(after).filter(|(a, b)| a == b).count();
        assert!(same < before.len() / 4 + 32, "written anew under another key");
    }
    assert_eq!(person.list()[0]["title"], "two.txt");
}

/// Rows of someone's open index that hold this text.
fn rows_with(person: &Person, text: &str) -> usize {
    let passphrase = Passphrase::from(person.passphrase.as_str());
    let rows = index::rows(&person.vault, &passphrase).into_iter();
    rows.filter(|(_, _, value)| value.windows(text.len()).any(|part| part == text.as_bytes())).count()
}

/// Whose contact she had was left to be read when everything that had gone there was forgotten: the chain of custody
/// named the card, whose digest stands in the organisation's public log.
#[test]
fn a_contact_is_forgotten_once_nothing_to_it_is_listed() {
    let house = House::new("forget-contact");
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    let organisation = Organisation::new(&house, 1, 1);
    person.sanduq(&["add", text(&house.write("one.txt", "an invented letter"))]).good();
    organisation.send(&person, "stick");
    let card = Digest::of(&fs::read(&organisation.card).unwrap()).to_string();
    person.sanduq(&["forget", "--traces", "--yes"]).good();
    assert!(rows_with(&person, &card) > 0, "the organisation is held, and so is the entry of its card");
    let refused = person.sanduq(&["contact", "remove", NAME, "--yes"]).bad();
    assert_eq!(refused.code, Some(7), "{}", refused.stderr());
    person.sanduq(&["forget", "--outbox", "--yes"]).good();
    assert_eq!(person.sanduq(&["contact", "remove", NAME]).bad().code, Some(7), "nobody said yes");
    let warned = person.sanduq(&["contact", "remove", NAME, "--yes"]).good();
    // Her keys for an organisation come from the first key of it that was held, and that is gone as well.
    assert!(warned.stderr().contains("takes you for somebody else"), "{}", warned.stderr());
    assert_eq!((rows_with(&person, &card), rows_with(&person, NAME)), (0, 0));
    assert_eq!(
        person.sanduq(&["contact", "list", "--json"]).good().json()["contacts"],
        serde_json::json!([])
    );
    assert_eq!(person.sanduq(&["contact", "remove", NAME, "--yes"]).bad().code, Some(5));
    assert_eq!(person.list().len(), 1);
}

/// The files that a repair set aside in someone's part.
fn set_aside(person: &Person) -> usize {
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let names = fs::read_dir(part).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".damaged")).count()
}

/// `repair` had said that something was lost. What it had set aside, all that there was of that, went when a receipt
/// came, and nobody had been asked.
#[test]
fn what_a_repair_set_aside_goes_only_where_somebody_said_so() {
    let house = House::new("forget-set-aside");
    let (person, organisation) = begin(&house);
    person.sanduq(&["seal", "1", "--to", NAME, "--forget"]).good();
    let bundle = deliveries(&person)[0]["bundle"].as_str().unwrap().to_owned();
    let stick = house.folder("stick");
    person.sanduq(&["export", text(&stick)]).good();
    let receipts = organisation.accept(&only(&stick, "bundle"), "receipts");
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let mut index = fs::read(part.join("index")).unwrap();
    index[4096..8192].fill(0);
    fs::write(part.join("index"), index).unwrap();
    person.sanduq(&["repair", "--yes"]).good();
    let held = set_aside(&person);
    assert!(held > 0);

    let came = person.sanduq(&["receipt", "add", text(&receipts)]).good();
    assert!(came.stdout().contains("forget --traces"), "{}", came.stdout());
    assert!(deliveries(&person).is_empty());
    assert_eq!(set_aside(&person), held, "a receipt came");
    for refused in [&["contact", "remove", NAME, "--yes"][..], &["rekey"], &["forget", "--traces"]] {
        let refused = person.sanduq(refused).bad();
        assert_eq!(refused.code, Some(7), "{}", refused.stderr());
        assert!(refused.stderr().contains("forget --traces --yes"), "{}", refused.stderr());
        assert_eq!(set_aside(&person), held);
    }
    let warned = person.sanduq(&["forget", "--traces", "--yes"]).good();
    assert!(warned.stderr().contains("set aside"), "{}", warned.stderr());
    assert_eq!((set_aside(&person), rows_with(&person, &bundle)), (0, 0));
    person.sanduq(&["rekey"]).good();
    person.sanduq(&["contact", "remove", NAME, "--yes"]).good();
}
