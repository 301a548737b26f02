//! What comes home by the same stick besides receipts: an officer's questions and thanks, a newer card, and a log that
//! shows two histories. Every letter that an honest organisation writes is taken once, and nothing that another hand
//! made, or the same hand about something else.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "replies/forger.rs"]
mod forger;
mod house;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use forger::{Forger, Seen, write};
use house::{Done, House, NAME, Organisation, Person, all, only, text};
use sanduq::bundle::Reply;
use sanduq::bundle::letter::{Letter, letter_len, open_letter, seal_letter};
use sanduq::bundle::reply::About;
use sanduq::crypto::{Digest, KeyPair};
use sanduq::format::card::{Draft, Terms};
use sanduq::intake::{Archive, IntakeError};
use serde_json::Value;
use world::{deliveries, files_below};

const QUESTION: &str = "سپاس از شما.\n\nWho else saw it?";

/// Someone with a contact of this card, and one letter sealed to it.
fn person<'h>(house: &'h House, name: &str, card: &Path) -> Person<'h> {
    let person = house.person(name);
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(card), "--yes", "--as", NAME]).good();
    seal(&person, &format!("{name}-one"));
    person
}

fn seal(person: &Person, letter: &str) {
    let path = person.house.write(&format!("{letter}.txt"), format!("an invented letter: {letter}"));
    person.sanduq(&["add", text(&path)]).good();
    person.sanduq(&["seal", "--all", "--to", NAME]).good();
}

fn home(person: &Person, stick: &Path) -> Value {
    person.sanduq(&["sync", text(stick), "--to", NAME, "--json"]).good().json()
}

fn desk(house: &House, stick: &Path) -> Value {
    house.desk(&["sync", text(stick), "--json"]).good().json()
}

fn count(said: &Value, field: &str) -> usize {
    said[field].as_array().unwrap_or_else(|| panic!("{field}: {said}")).len()
}

fn replies(person: &Person) -> Vec<Value> {
    let said = person.sanduq(&["replies", "--json"]).good().json();
    said["replies"].as_array().expect("replies").clone()
}

/// What `receipt add` makes of files; whatever it says, it does not fail but for letters that do not hold.
fn add(person: &Person, files: &[PathBuf]) -> (Done, Value) {
    let mut args = vec!["receipt", "add", "--json"];
    args.extend(files.iter().map(|path| text(path)));
    let done = person.sanduq(&args);
    let said = done.json();
    (done, said)
}

/// An officer says something about a bundle; gives the letter.
fn say(officer: &Person, bundle: &str, words: &str, to: &Path) -> PathBuf {
    let input = officer.house.write("words", words);
    let said = officer.sanduq_from(&["reply", bundle, "--to", text(to), "--json"], &input).good().json();
    PathBuf::from(said["file"].as_str().expect("a file"))
}

#[test]
fn a_question_and_thanks_come_home_by_the_same_stick() {
    let house = House::new("replies");
    let organisation = Organisation::new(&house, 1, 1);
    let (amal, other) =
        (person(&house, "amal", &organisation.card), person(&house, "other", &organisation.card));
    let (stick, post, handed) = (house.folder("stick"), house.folder("post"), house.folder("handed"));
    home(&amal, &stick);
    let officer = &organisation.officers[0];
    let bundle = only(&stick, "bundle");
    let opened = officer.sanduq(&["open", text(&bundle), "--json"]).good().json();
    let id = opened["bundle"].as_str().unwrap().to_owned();
    let letter = say(officer, &id, QUESTION, &post);
    say(officer, &id, "\u{1b}[2J\u{202e}Thanks.", &post);
    assert_eq!(fs::metadata(&letter).unwrap().len(), letter_len());
    assert_eq!((all(&post, "receipt").len(), files_below(&post).len()), (2, 2));
    let mut letters = vec!["letters", "add", "--json"];
    let files = all(&post, "receipt");
    letters.extend(files.iter().map(|path| text(path)));
    assert_eq!(count(&house.desk(&letters).good().json(), "letters"), 2);

    let said = desk(&house, &stick);
    assert_eq!((count(&said, "receipts"), said["letters"]["laid"].as_u64()), (1, Some(2)));
    assert_eq!(desk(&house, &stick)["letters"]["laid"], 0, "on one stick a letter lies once");
    let told = amal.sanduq(&["sync", text(&stick), "--to", NAME]).good().stdout();
    for expected in ["سپاس از شما.", "Who else saw it?", "<U+001B>[2J<U+202E>Thanks.", &id, " replies\n"]
    {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}'));
    // They stay where everybody's lie: a stick that misses one would name its reader.
    assert_eq!((all(&stick, "receipt").len(), all(&stick, "bundle").len()), (2, 0));
    let again = home(&amal, &stick);
    assert_eq!((count(&again, "replies"), again["known"].as_u64()), (0, Some(2)), "{again}");

    let kept = replies(&amal);
    let words: Vec<_> = kept.iter().map(|reply| reply["words"].as_str().unwrap()).collect();
    assert_eq!(words, [QUESTION, "\u{1b}[2J\u{202e}Thanks."]);
    assert_eq!(
        (&kept[1]["officer"], &kept[1]["number"], &kept[1]["name"]),
        (&1.into(), &2.into(), &NAME.into())
    );
    for args in [&["show", "1"][..], &["replies", &id], &["replies"]] {
        assert!(amal.sanduq(args).good().stdout().contains("Who else saw it?"), "{args:?}");
    }
    assert!(amal.sanduq(&["status"]).good().stdout().contains(" replies\n"));
    assert!(officer.sanduq(&["show", "1"]).good().stdout().contains("Who else saw it?"));

    // To another contributor they are others' letters.
    let strange = home(&other, &stick);
    assert_eq!(
        (strange["skipped"].as_u64(), count(&strange, "replies"), replies(&other).len()),
        (Some(2), 0, 0)
    );
    fs::remove_file(only(&stick, "bundle")).unwrap();

    // What was forgotten brings no letter back.
    amal.sanduq(&["forget", "--delivered", "--yes"]).good();
    assert!(replies(&amal).is_empty());
    let forgotten = home(&amal, &stick);
    assert_eq!((forgotten["skipped"].as_u64(), count(&forgotten, "replies")), (Some(2), 0));
    assert!(deliveries(&amal).is_empty());
    // What the officer takes back goes from the sticks.
    let open = house.desk(&["letters", "list", "--json"]).good().json();
    let name = open["letters"][0]["name"].as_str().unwrap().to_owned();
    house.desk(&["letters", "drop", &name]).good();
    let said = desk(&house, &stick);
    assert_eq!((&said["letters"]["taken_back"], &said["letters"]["laid"]), (&1.into(), &0.into()));
    assert_eq!(all(&stick, "receipt").len(), 1);
    house.desk(&["letters", "drop", "0123456789abcdef"]).bad();
    assert_eq!(all(&handed, "receipt").len(), 0);
}

#[test]
fn the_same_words_are_the_same_reply_and_others_are_not_signed() {
    let house = House::new("replies-same");
    let organisation = Organisation::new(&house, 1, 1);
    let amal = person(&house, "amal", &organisation.card);
    let (stick, post) = (house.folder("stick"), house.folder("post"));
    home(&amal, &stick);
    let officer = &organisation.officers[0];
    let opened = officer.sanduq(&["open", text(&only(&stick, "bundle")), "--json"]).good().json();
    let id = opened["bundle"].as_str().unwrap().to_owned();
    // The letter was lost on the way to the desk.
    fs::remove_file(say(officer, &id, "Thanks.", &post)).unwrap();
    say(officer, &id, "  Thanks.\r\n", &post);
    let (_, said) = add(&amal, &all(&post, "receipt"));
    assert_eq!((count(&said, "replies"), &said["replies"][0]["number"]), (1, &1.into()));
    assert_eq!(replies(officer).len(), 1);
    for (words, code) in
        [("", 4), (" \n", 4), ("-----BEGIN SSH SIGNATURE-----", 4), (&"a".repeat(20_000)[..], 4)]
    {
        let input = house.write("words", words);
        let done = officer.sanduq_from(&["reply", &id, "--to", text(&post)], &input).bad();
        assert_eq!(done.code, Some(code), "{}", done.stderr());
    }
    // Nobody else can answer, and an officer not to what was not opened.
    let unknown = Digest::of(b"never sent").to_string();
    assert_eq!(officer.sanduq(&["reply", &unknown, "--to", text(&post)]).bad().code, Some(5));
    assert_eq!(amal.sanduq(&["reply", &id, "--to", text(&post)]).bad().code, Some(5));
    assert_eq!(all(&post, "receipt").len(), 1);
}

/// A scene in which the test holds every key of the organisation, and amal has two bundles to it.
struct Scene<'h> {
    forger: Forger,
    amal: Person<'h>,
    seen: [Seen; 2],
    post: PathBuf,
}

impl<'h> Scene<'h> {
    fn new(house: &'h House) -> Scene<'h> {
        let forger = Forger::new();
        let card = house.write("organisation.card", forger.card(3).as_bytes());
        let amal = person(house, "amal", &card);
        seal(&amal, "two");
        let stick = house.folder("stick");
        amal.sanduq(&["export", text(&stick)]).good();
        let bundles = all(&stick, "bundle");
        let seen = [forger.open(&bundles[0]), forger.open(&bundles[1])];
        Scene { forger, amal, seen, post: house.folder("post") }
    }

    /// What becomes of one letter.
    fn add(&self, letter: &Letter) -> (Done, Value) {
        add(&self.amal, &[self.seen[0].post(letter, &self.post)])
    }

    fn serial(&self) -> u64 {
        let shown = self.amal.sanduq(&["contact", "show", NAME, "--json"]).good().json();
        shown["card"]["serial"].as_u64().unwrap()
    }
}

#[test]
fn a_reply_of_another_hand_or_about_something_else_is_refused() {
    let house = House::new("replies-forged");
    let scene = Scene::new(&house);
    let Scene { forger, seen: [seen, elsewhere], amal, post } = &scene;
    let keys = &forger.officers[1].1;
    let stranger = KeyPair::generate();
    let signed = |about: About, officer: usize, keys: &KeyPair| {
        Reply::sign(about, officer, 1, "Thanks.", keys).unwrap()
    };
    let other = Digest::of(b"another");
    let good = seen.reply(forger, 1, "Thanks.").print();
    let foreign = signed(seen.about, 2, &stranger).print();
    let begin = good.find("-----BEGIN").unwrap();
    let second = begin + good[begin + 1..].find("-----BEGIN").unwrap() + 1;
    let foreign_second = foreign.rfind("-----BEGIN").unwrap();
    let foreign_first = foreign.find("-----BEGIN").unwrap();
    let forged = [
        ("by another organisation's officer", foreign.clone()),
        ("by an officer in another's place", signed(seen.about, 1, keys).print()),
        ("by an officer who is not on the card", signed(seen.about, 3, &stranger).print()),
        ("about another bundle of hers", elsewhere.reply(forger, 1, "Thanks.").print()),
        ("about a bundle never sent", signed(About { bundle: other, ..seen.about }, 2, keys).print()),
        ("to another author", signed(About { author: other, ..seen.about }, 2, keys).print()),
        ("about another card", signed(About { card: other, ..seen.about }, 2, keys).print()),
        ("the first signature stripped", format!("{}{}", &good[..begin], &good[second..])),
        ("the second signature stripped", good[..second].to_owned()),
        ("both stripped", good[..begin].to_owned()),
        ("swapped", format!("{}{}{}", &good[..begin], &good[second..], &good[begin..second])),
        (
            "the first by a stranger",
            format!("{}{}{}", &good[..begin], &foreign[foreign_first..foreign_second], &good[second..]),
        ),
        ("the second by a stranger", format!("{}{}", &good[..second], &foreign[foreign_second..])),
        ("other words under the signatures", good.replace("Thanks.", "Thanks!")),
        ("of a kind of a later time", "sanduq-letter/9\n".to_owned()),
        ("nothing", String::new()),
    ];
    for (name, text_of) in &forged {
        let letter = write(post, &seal_letter(&seen.to, text_of.as_bytes()).unwrap());
        let (done, said) = add(amal, &[letter]);
        assert_eq!(
            (done.code, count(&said, "refused"), count(&said, "replies")),
            (Some(4), 1, 0),
            "{name}: {said}"
        );
    }
    assert!(replies(amal).is_empty());
    // The honest one is taken, once, also among all the others and sealed twice; and again it is known.
    let [letter, _] = [(); 2].map(|()| seen.post(&Letter::Reply(seen.reply(forger, 1, "Thanks.")), post));
    let (_, said) = add(amal, &files_below(post));
    assert_eq!((count(&said, "replies"), count(&said, "refused")), (1, forged.len()));
    assert_eq!(said["known"], 1);
    let replayed = seen.post(&Letter::Reply(seen.reply(forger, 1, "Thanks.")), post);
    let (done, said) = add(amal, &[replayed, letter]);
    assert_eq!((done.code, count(&said, "replies"), said["known"].as_u64()), (Some(0), 0, Some(2)));
    assert_eq!(replies(amal).len(), 1);
    // A letter to a bundle of somebody else is passed over.
    let strange = write(
        post,
        &seal_letter(&sanduq::crypto::Identity::generate().to_recipient(), good.as_bytes()).unwrap(),
    );
    let (done, said) = add(amal, &[strange]);
    assert_eq!((done.code, said["skipped"].as_u64()), (Some(0), Some(1)));
}

#[test]
fn only_a_newer_card_of_the_same_key_and_the_same_officers_is_taken_by_itself() {
    let house = House::new("replies-cards");
    let scene = Scene::new(&house);
    let (forger, amal) = (&scene.forger, &scene.amal);
    let card = |terms: Terms, key: &KeyPair| Letter::Card(Box::new(Draft::new(terms).unwrap().sign(key)));
    let new_key = KeyPair::generate();
    let told = |letter: &Letter| {
        let (done, said) = scene.add(letter);
        let counts = ["cards", "offered", "two_cards", "refused"].map(|field| count(&said, field));
        (done.code, counts, said["known"].as_u64().unwrap())
    };
    let (taken, nothing) = ([1, 0, 0, 0], [0, 0, 0, 0]);
    assert_eq!(told(&card(forger.terms(3), &forger.card_key)), (Some(0), nothing, 1), "the one held");
    assert_eq!(told(&card(forger.terms(2), &forger.card_key)), (Some(0), nothing, 1), "an older one");
    let ends = Terms { valid_until: "1999-01-01".parse().unwrap(), ..forger.terms(9) };
    assert_eq!(told(&card(ends, &forger.card_key)), (Some(0), nothing, 1), "one that has expired");
    let again = Terms { valid_until: "2098-01-01".parse().unwrap(), ..forger.terms(3) };
    assert_eq!(
        told(&card(again, &forger.card_key)),
        (Some(4), [0, 0, 1, 0], 0),
        "another one of that number"
    );
    assert_eq!(told(&card(forger.terms(4), &new_key)), (Some(4), [0, 0, 0, 1], 0), "by a stranger's key");
    assert_eq!(scene.serial(), 3);

    assert_eq!(told(&card(forger.terms(4), &forger.card_key)), (Some(0), taken, 0), "a newer one");
    assert_eq!(scene.serial(), 4);
    assert_eq!(told(&card(forger.terms(3), &forger.card_key)), (Some(0), nothing, 1), "the one before");

    // An officer more, and a new key: said, not taken, until a person does.
    let mut more = forger.terms(5);
    more.officers.push(Forger::new().terms(1).officers.remove(0));
    for (letter, why) in [
        (card(more, &forger.card_key), "differs"),
        (
            Letter::Card(Box::new(
                Draft::new(forger.terms(6)).unwrap().sign_succeeding(&new_key, &forger.card_key),
            )),
            "other-key",
        ),
    ] {
        let before = scene.serial();
        let (done, said) = scene.add(&letter);
        assert_eq!((done.code, said["offered"][0]["why"].as_str()), (Some(0), Some(why)), "{said}");
        assert_eq!(scene.serial(), before, "{why}: taken in silence");
        let path = said["offered"][0]["path"].as_str().unwrap().to_owned();
        let told = amal.sanduq(&["receipt", "add", &path]).good().stdout();
        assert!(told.contains(" contact add ") && told.contains(&path), "{told}");
        amal.sanduq(&["contact", "add", &path, "--as", NAME]).bad();
        amal.sanduq(&["contact", "add", &path, "--as", NAME, "--yes"]).good();
        assert!(scene.serial() > before);
        let (done, said) = add(amal, &[PathBuf::from(path)]);
        assert_eq!((done.code, said["known"].as_u64()), (Some(0), Some(1)));
    }
    // Replies by officers of the card that was sealed to still count.
    let reply = scene.seen[1].reply(forger, 1, "Thanks.");
    let (_, said) = add(amal, &[scene.seen[1].post(&Letter::Reply(reply), &scene.post)]);
    assert_eq!(count(&said, "replies"), 1);
}

/// A log showed one history to one person and another to the next; here both come to one.
#[test]
fn a_log_that_shows_two_histories_is_convicted_and_both_heads_are_kept() {
    let house = House::new("replies-fork");
    let scene = Scene::new(&house);
    let Scene { forger, amal, seen: [one, two], post } = &scene;
    let [first, second] = [one.about.bundle, two.about.bundle];
    let honest = one.post(&Letter::Receipt(forger.receipt(first, 4, "a history")), post);
    let (done, said) = add(amal, std::slice::from_ref(&honest));
    assert_eq!((done.code, count(&said, "received")), (Some(0), 1));
    // Another size says nothing without a proof of consistency, and is no conviction.
    let forked = two.post(&Letter::Receipt(forger.receipt(second, 4, "another history")), post);
    let (done, said) = add(amal, &[forked.clone(), honest]);
    assert_eq!((done.code, count(&said, "forks"), count(&said, "received")), (Some(4), 1, 0), "{said}");
    assert_eq!((said["forks"][0]["size"].as_u64(), count(&said, "already")), (Some(5), 1));
    assert!(done.stderr().contains("histories"), "{}", done.stderr());
    let mut states = deliveries(amal);
    states.sort();
    assert_eq!(states, ["carried", "received"], "nothing was overwritten");
    // It is said each time, kept once, shown by status, and written out for others.
    add(amal, std::slice::from_ref(&forked));
    let status = amal.sanduq(&["status", "--json"]).good().json();
    assert_eq!(count(&status, "forks"), 1);
    let proofs = house.folder("proofs");
    let said = amal.sanduq(&["receipt", "export", text(&proofs)]).good().stdout();
    // They were counted as receipts, of which she has one.
    assert!(said.contains("One receipt written:") && said.contains("that told two histories:"), "{said}");
    let heads: Vec<_> =
        all(&proofs, "checkpoint").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let verifier = forger.log.verifier();
    let roots: Vec<_> = heads
        .iter()
        .map(|head| {
            sanduq::tlog::SignedCheckpoint::parse(head.as_bytes()).unwrap().verify(&verifier).unwrap().clone()
        })
        .collect();
    assert!(roots.len() == 2 && roots[0].size == roots[1].size && roots[0].root != roots[1].root);
    // A head of another size is taken.
    let larger = two.post(&Letter::Receipt(forger.receipt(second, 7, "another history")), post);
    let (done, said) = add(amal, &[larger]);
    assert_eq!((done.code, count(&said, "received")), (Some(0), 1));
    // With the bundles what their receipts showed is forgotten.
    amal.sanduq(&["forget", "--delivered", "--yes"]).good();
    let status = amal.sanduq(&["status", "--json"]).good().json();
    assert!(status.get("forks").is_none(), "{status}");
}

/// The desk put an older copy of its archive back to work, and the log showed her another history than before. Nothing on
/// her sticks told so; the whole log, which an auditor gave her, does.
#[test]
fn a_log_that_was_rewritten_is_convicted_by_the_receipts_that_are_held() {
    let house = House::new("replies-log");
    let organisation = Organisation::new(&house, 1, 1);
    let sender = |name: &str| {
        let person = house.person(name);
        person.sanduq(&["init"]).good();
        person.sanduq(&["add", text(&house.write(&format!("{name}.txt"), "an invented letter"))]).good();
        let bundle = organisation.send(&person, &format!("stick-{name}"));
        (person, bundle)
    };
    let exported = |name: &str| {
        house.desk(&["log", "export", text(&house.path(name))]).good();
        house.path(name)
    };
    let (amal, first) = sender("amal");
    let (bilal, second) = sender("bilal");
    world::copy(&house.path("archive"), &house.path("older"));
    let letters = organisation.accept(&first, "letters");
    amal.sanduq(&["receipt", "add", text(&letters)]).good();
    let log = exported("log");
    let before = world::files_below(&log);
    let said = amal.sanduq(&["receipt", "check", text(&log)]).good().stdout();
    assert!(said.contains("grew out of everything that it showed you"), "{said}");
    assert_eq!(world::files_below(&log), before, "nothing was written there");
    let card = text(&organisation.card);
    let asked = |log: &Path, more: &[&str], code: i32| {
        let args = [&["log", text(log), "--card", card][..], more].concat();
        let done = house.audit(&args);
        assert_eq!(done.code, Some(code), "{more:?}: {}{}", done.stdout(), done.stderr());
        done.stdout()
    };
    let id = |bundle: &Path| {
        let told = house.audit(&["bundle", text(bundle), "--json"]).good().json();
        let values = told["files"][0]["values"].as_array().unwrap().clone();
        let id = values.iter().find(|value| value["name"] == "bundle").unwrap()["value"].clone();
        id.as_str().unwrap().to_owned()
    };
    let (here, elsewhere) = (id(&first), id(&second));
    asked(&log, &["--lacks", &elsewhere], 0);
    asked(&log, &["--lacks", &here], 1);
    asked(&log, &["--lacks", &elsewhere, "--at", "2"], 1);
    organisation.accept(&second, "more");
    let both = exported("both");
    asked(&both, &["--lacks", &elsewhere], 1);
    asked(&both, &["--lacks", &elsewhere, "--at", "1", "--since", text(&log)], 0);
    asked(&log, &["--since", text(&house.path("nowhere"))], 5);
    amal.sanduq(&["receipt", "export", text(&house.path("plain"))]).good();
    let receipt = only(&house.path("plain"), "tlog-proof");
    asked(&log, &["--since", text(&receipt)], 0);
    // What another organisation's log showed her says nothing of this one.
    let elsewhere = House::new("replies-log-elsewhere");
    let other = Organisation::new(&elsewhere, 1, 1);
    for (person, name) in [(&amal, "amal"), (&bilal, "bilal")] {
        person.sanduq(&["contact", "add", text(&other.card), "--yes", "--as", "Other"]).good();
        person.sanduq(&["seal", "--all", "--to", "Other"]).good();
        let stick = house.folder(&format!("other-{name}"));
        person.sanduq(&["export", text(&stick), "--to", "Other"]).good();
        let letters = other.accept(&only(&stick, "bundle"), &format!("letters-{name}"));
        person.sanduq(&["receipt", "add", text(&letters)]).good();
    }
    amal.sanduq(&["receipt", "check", text(&log)]).good();
    let nothing = bilal.sanduq(&["receipt", "check", text(&log)]);
    assert_eq!(nothing.code, Some(5), "{}", nothing.stderr());

    fs::remove_dir_all(house.path("archive")).unwrap();
    world::copy(&house.path("older"), &house.path("archive"));
    organisation.accept(&second, "others");
    let rewritten = exported("rewritten");
    let found = amal.sanduq(&["receipt", "check", text(&rewritten)]);
    assert_eq!(found.code, Some(1), "{}", found.stdout());
    let origin = fs::read_to_string(rewritten.join("checkpoint")).unwrap();
    let origin = origin.lines().next().unwrap();
    // Both heads are printed, each with the log's own signature.
    assert!(found.stdout().matches(&format!("\u{2014} {origin} ")).count() >= 2, "{}", found.stdout());
    for since in [&log, &receipt] {
        let said = asked(&rewritten, &["--since", text(since)], 1);
        assert!(said.matches(&format!("\u{2014} {origin} ")).count() >= 2, "{said}");
        // Where the older entries are at hand, the first that is another one is named.
        assert_eq!(said.contains("leaf 0 was"), since == &log, "{said}");
    }
    let done = amal.sanduq(&["receipt", "check", text(&rewritten), "--lang", "fa"]);
    assert_eq!(done.code, Some(1));
}

/// A desk gave out the log of last month, in which what came later is not to be seen. Whoever holds a receipt from after it
/// knows better; a receipt from before it, that came late, is no contradiction.
#[test]
fn a_log_that_ends_before_a_receipt_is_not_all_of_it() {
    let house = House::new("replies-frozen");
    let organisation = Organisation::new(&house, 1, 1);
    let person = house.person("amal");
    person.sanduq(&["init"]).good();
    person.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    let letters = ["first", "second"].map(|name| {
        person
            .sanduq(&["add", text(&house.write(&format!("{name}.txt"), format!("an invented {name}")))])
            .good();
        person.sanduq(&["seal", "--all", "--to", NAME]).good();
        let stick = house.folder(name);
        person.sanduq(&["export", text(&stick)]).good();
        let letters = organisation.accept(&stick, &format!("letters-{name}"));
        house.desk(&["log", "export", text(&house.path(&format!("log-{name}")))]).good();
        letters
    });
    let [early, all] = ["log-first", "log-second"].map(|name| house.path(name));
    person.sanduq(&["receipt", "add", text(&letters[1])]).good();
    let said = person.sanduq(&["receipt", "check", text(&early)]);
    assert_eq!(said.code, Some(1), "{}{}", said.stdout(), said.stderr());
    person.sanduq(&["receipt", "check", text(&all)]).good();
    person.sanduq(&["receipt", "add", text(&letters[0])]).good();
    person.sanduq(&["receipt", "check", text(&all)]).good();
}

#[test]
fn a_receipt_for_a_bundle_never_sent_proves_nothing() {
    let house = House::new("replies-never");
    let scene = Scene::new(&house);
    let receipt = scene.forger.receipt(Digest::of(b"never sent"), 4, "a history");
    let plain = house.write("plain", receipt.print());
    let (done, said) = add(&scene.amal, &[plain]);
    assert_eq!((done.code, said["skipped"].as_u64()), (Some(0), Some(1)));
    let (done, said) = scene.add(&Letter::Receipt(receipt));
    assert_eq!((done.code, count(&said, "refused"), count(&said, "received")), (Some(4), 1, 0));
}

/// What she sealed and forgot before anybody answered: the question is shown, and nothing of it stays.
#[test]
fn a_reply_about_what_is_forgotten_is_shown_and_not_kept() {
    let house = House::new("replies-forgotten");
    let scene = Scene::new(&house);
    let Scene { forger, amal, seen: [one, two], post } = &scene;
    let (reply, other) = (one.reply(forger, 1, "Who saw it?"), two.reply(forger, 1, "Who else?"));
    let letters = [one.post(&Letter::Reply(reply), post), two.post(&Letter::Reply(other), post)];
    add(amal, &letters[..1]);
    assert_eq!(replies(amal).len(), 1);
    // Both bundles still wait for their receipts; what was kept of what they said goes with the items.
    amal.sanduq(&["forget", "1", "2", "--yes"]).good();
    assert_eq!((deliveries(amal).len(), replies(amal).len()), (2, 0));
    let (done, said) = add(amal, &letters);
    assert_eq!(
        (done.code, count(&said, "replies"), &said["replies"][1]["kept"]),
        (Some(0), 2, &false.into())
    );
    assert!(replies(amal).is_empty());
    let receipts = [one, two].map(|seen| {
        let receipt =
            forger.receipt(seen.about.bundle, 4 + seen.about.bundle.as_bytes()[0] as u64 % 2, "a history");
        seen.post(&Letter::Receipt(receipt), post)
    });
    add(amal, &receipts[..1]);
    let (_, said) = add(amal, &letters);
    assert_eq!((count(&said, "replies"), said["skipped"].as_u64()), (1, Some(1)), "{said}");
}

#[test]
fn the_newest_card_comes_home_with_the_receipt() {
    let house = House::new("replies-newest");
    let organisation = Organisation::new(&house, 1, 1);
    let amal = person(&house, "amal", &organisation.card);
    let officer = &organisation.officers[0];
    house.desk(&["accept", text(&organisation.card)]).good();
    let draft = house.write("draft2", house.desk(&["card"]).good().out);
    let newer = house.write("newer.card", officer.sanduq(&["card", "sign", text(&draft)]).good().out);
    house.desk(&["accept", text(&newer)]).good();
    let stick = house.folder("stick");
    home(&amal, &stick);
    let opened = officer.sanduq(&["open", text(&only(&stick, "bundle")), "--json"]).good().json();
    assert_eq!(desk(&house, &stick)["cards"], 1);
    assert_eq!((desk(&house, &stick)["cards"].as_u64(), all(&stick, "receipt").len()), (Some(0), 2));
    let back = home(&amal, &stick);
    assert_eq!((&back["cards"][0]["serial"], count(&back, "received")), (&2.into(), 1), "{back}");
    assert_eq!((fs::read_dir(&stick).unwrap().count(), back["removed"].as_u64()), (0, Some(3)));
    // An officer can send it too; it is known by then.
    let id = opened["bundle"].as_str().unwrap();
    officer.sanduq(&["reply", id, "--to", text(&stick), "--card", text(&newer)]).good();
    assert_eq!(home(&amal, &stick)["known"], 1);
    let stranger = house.write("stranger.card", Forger::new().card(9).as_bytes());
    let refused = officer.sanduq(&["reply", id, "--to", text(&stick), "--card", text(&stranger)]).bad();
    // The card about a bundle that was acknowledged before is left where it lies.
    assert_eq!((refused.code, all(&stick, "receipt").len()), (Some(4), 1));
}

#[test]
fn every_open_letter_lies_on_every_stick_until_it_is_taken_back() {
    let house = House::new("replies-desk");
    let _organisation = Organisation::new(&house, 1, 1);
    let to = sanduq::crypto::Identity::generate().to_recipient();
    let post = house.folder("post");
    let now = sanduq::format::time::Time::from_unix(1_795_459_200).unwrap();
    let later = |days: i64| sanduq::format::time::Time::from_unix(now.unix() + days * 24 * 60 * 60).unwrap();
    let mut archive = Archive::open(&house.path("archive")).unwrap();
    let [first, second] =
        ["one", "two"].map(|words| write(&post, &seal_letter(&to, words.as_bytes()).unwrap()));
    let name = archive.letter_add(&first, now).unwrap().name;
    archive.letter_add(&second, later(1)).unwrap();
    assert!(archive.letter_add(&first, later(2)).unwrap().already);
    for (what, bytes) in [
        ("no letter", vec![7; letter_len() as usize]),
        ("cut short", fs::read(&first).unwrap()[1..].to_vec()),
        ("longer", [fs::read(&first).unwrap(), vec![0]].concat()),
    ] {
        let path = house.write("not-a-letter", bytes);
        assert!(matches!(archive.letter_add(&path, now), Err(IntakeError::NotALetter { .. })), "{what}");
    }
    let sync = |archive: &mut Archive, stick: &Path, at| {
        archive.sync(stick, at, &Default::default(), &mut |_| {}).unwrap().letters
    };
    let sticks = [house.folder("one"), house.folder("two")];
    let lists = sticks.each_ref().map(|stick| {
        assert_eq!(sync(&mut archive, stick, later(3)).laid, 2);
        all(stick, "receipt").iter().map(|path| path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(lists[0], lists[1]);
    assert!(lists[0].iter().any(|found| found.to_str().unwrap().starts_with(&name)));
    let lying = sticks[0].join(format!("{name}.receipt"));
    assert!(fs::read(&lying).unwrap() == fs::read(&first).unwrap());
    // One that was bent on the stick, or cut short, is laid anew.
    for damage in [|letter: &mut Vec<u8>| letter[70] ^= 1, |letter: &mut Vec<u8>| letter.truncate(70)] {
        let mut bytes = fs::read(&first).unwrap();
        damage(&mut bytes);
        fs::write(&lying, bytes).unwrap();
        assert_eq!(sync(&mut archive, &sticks[0], later(3)).laid, 1);
        assert!(fs::read(&lying).unwrap() == fs::read(&first).unwrap());
    }
    // The desk's clock jumps: letters were taken back for being old, and were gone for good.
    for days in [800, -8_000] {
        let laid = sync(&mut archive, &sticks[0], later(days));
        assert_eq!((laid.laid, laid.taken_back), (0, 0), "{days}");
    }
    assert_eq!(files_below(&house.path("archive/letters")).len(), 2);
    archive.letter_drop(&name).unwrap();
    let laid = sync(&mut archive, &sticks[0], later(4));
    assert_eq!((laid.laid, laid.taken_back, lying.exists()), (0, 1, false));
    // What only has the name is left alone.
    let named = sticks[1].join(format!("{name}.receipt"));
    fs::write(&named, "somebody's note").unwrap();
    assert_eq!(sync(&mut archive, &sticks[1], later(4)).taken_back, 0);
    assert!(named.exists());
    fs::remove_file(named).unwrap();
    assert_eq!(files_below(&house.path("archive/letters")).len(), 1);
    // Given to the desk once more, it is open once more.
    assert!(!archive.letter_add(&first, later(500)).unwrap().already);
    assert_eq!(sync(&mut archive, &sticks[0], later(500)).laid, 1);
}

/// What is in a letter is padded like every other, and its words are nowhere in it.
#[test]
fn a_letter_tells_nothing() {
    let house = House::new("replies-tell");
    let scene = Scene::new(&house);
    let Scene { forger, seen: [seen, _], post, .. } = &scene;
    let letters = [
        seen.post(&Letter::Reply(seen.reply(forger, 1, "Thanks.")), post),
        seen.post(&Letter::Card(Box::new(forger.card(4))), post),
        seen.post(&Letter::Receipt(forger.receipt(seen.about.bundle, 4, "a history")), post),
    ];
    for letter in letters.map(|path| fs::read(path).unwrap()) {
        assert_eq!(letter.len() as u64, letter_len());
        let id = seen.about.bundle.to_string();
        assert!(!letter.windows(7).any(|window| window == b"Thanks." || window == &id.as_bytes()[..7]));
        assert!(open_letter(&sanduq::crypto::Identity::generate(), &letter).is_err());
    }
}
