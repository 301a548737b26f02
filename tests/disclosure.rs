//! What an officer discloses: that anyone can check it and nobody can change it, that nothing of what was withheld is in
//! it, and that what its author did not allow is refused.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

#[path = "stamp/authority.rs"]
mod authority;
#[path = "disclosure/bag.rs"]
mod bag;
#[path = "stamp/calendar.rs"]
mod calendar;
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

use authority::Authority;
use bag::{Bag, agree, audited, failures, judge};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use calendar::Calendar;
use evidence::{CANARIES, Case, document, other, receipt, seal, terms, testimony};
use house::{House, Person, text};
use instructions::{follow_instructions, follow_with_root};
use rexpect::session::{PtySession, spawn_command};
use sanduq::audit::{Question, Unproved, ValueName};
use sanduq::bundle::{Act, FollowUp, disclosure, layout};
use sanduq::crypto::{Digest, KeyPair, LogSigningKey};
use sanduq::evidence::consent::{Naming, Reach};
use sanduq::evidence::item::{Item, Kind};
use sanduq::evidence::unit::{Unit, Value};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::digest_list::DigestList;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::tlog::{Stamp, TlogProof};

const PATIENCE: u64 = 60_000;
fn value(report: &sanduq::audit::Report, name: ValueName) -> Vec<String> {
    report.values.iter().filter(|value| value.name == name).map(|value| value.value.clone()).collect()
}

#[test]
fn anyone_can_check_a_disclosure_with_and_without_us() {
    let house = House::new("disclosure");
    let case = Case::for_court(&house);
    let receipt = text(&case.receipt);
    let (dir, done) = case.disclose(
        "first",
        &["1", "2", "--for", "court", "--withhold", "place", "--receipt", receipt, "--json"],
    );
    let outcome = done.good().json();
    assert_eq!(outcome["outcome"], "disclosed");
    assert_eq!(outcome["records"][0]["item"], 1);
    let (units, shown) = (&outcome["records"][0]["units"], &outcome["records"][0]["shown"]);
    assert_eq!((units.as_u64(), shown.as_u64()), (Some(12), Some(8)));
    assert_eq!(outcome["events"].as_array().unwrap().len(), 3);

    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert_eq!(value(&report, ValueName::Units), ["8/12", "3/5"]);
    assert_eq!(value(&report, ValueName::Records), ["2/3"]);
    let expected = [
        Unproved::Author,
        Unproved::Addressee,
        Unproved::Stands,
        Unproved::Events,
        Unproved::Complete,
        Unproved::Truth,
    ];
    assert_eq!(report.not_proved, expected);
    let said = house.audit(&["disclosure", text(&dir)]).good().stdout();
    for part in [
        "All checks hold.",
        "8/12",
        "not proved: that what is said is true",
        "not all are shown to be logged",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let said = follow_instructions(&dir).unwrap();
    assert!(said.contains("data/records/0001: 8 of 12 units are shown"), "{said}");
    for leaf in outcome["events"].as_array().unwrap() {
        assert!(said.contains(leaf.as_str().unwrap()), "{leaf} in {said}");
    }

    let (bare, done) = case.disclose("bare", &["1", "--for", "court", "--lang", "fa"]);
    let told = done.good().stdout();
    assert!(told.contains("نوشته شد"), "{told}");
    let report = audited(&bare);
    assert!(report.holds() && report.not_proved.contains(&Unproved::Receipt), "{:#?}", failures(&report));
    assert!(fs::read_to_string(bare.join("VERIFY.txt")).unwrap().contains("این پوشه"));
    follow_instructions(&bare).unwrap();
    let said = house.audit(&["disclosure", "--lang", "fa", text(&bare)]).good().stdout();
    assert!(said.contains("ثابت نمی‌شود"), "{said}");
}

/// What an earlier version disclosed lies in a court's archive, and is checked by a later one.
/// `SANDUQ_WRITE_GOLDEN=1` writes that of the present version, once, before it is released; **never** again after.
#[test]
fn what_any_version_disclosed_still_holds() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    if std::env::var_os("SANDUQ_WRITE_GOLDEN").is_some() {
        let house = House::new("golden-disclosure");
        let named = terms(Reach::Public, Naming::Named, None);
        let case = Case::of(&house, &[testimony(named), evidence::page(named), other(named)]);
        let receipt = text(&case.receipt);
        let args = ["1", "2", "--for", "public", "--receipt", receipt, "--release", "author,label"];
        let (dir, done) = case.disclose("court", &args);
        done.good();
        let to = golden.join("0.1/disclosure");
        fs::create_dir_all(&to).unwrap();
        world::copy(&dir, &to);
        fs::write(to.join("expected.txt"), told(&audited(&dir))).unwrap();
    }
    let versions = fs::read_dir(&golden).unwrap().map(|version| version.unwrap().path().join("disclosure"));
    let versions: Vec<_> = versions.filter(|folder| folder.is_dir()).collect();
    assert!(!versions.is_empty());
    for folder in versions {
        let report = audited(&folder.join("court"));
        assert!(report.holds(), "{}: {:#?}", folder.display(), failures(&report));
        let said = told(&report);
        for line in fs::read_to_string(folder.join("expected.txt")).unwrap().lines() {
            assert!(said.lines().any(|one| one == line), "{line} in {said}");
        }
        follow_instructions(&folder.join("court")).unwrap();
    }
}

/// Whoever does not trust the folder takes the commands from the page of the format: they are the same.
#[test]
fn the_page_of_the_format_has_the_commands_of_the_instructions() {
    let page = include_str!("../docs/spec/disclosure.md");
    let mut blocks = page.split("\n```sh\n").skip(1).map(|block| block.split("```\n").next().unwrap());
    let house = House::new("instructions-page");
    let named = terms(Reach::Court, Naming::Named, None);
    let case = Case::of(&house, &[document(named)]);
    let to = house.path("reviewed");
    let review =
        case.officer().sanduq(&["disclose", "1", "--for", "court", "--to", text(&to), "--json"]).json();
    let shown = review["records"][0]["shown"].as_array().unwrap();
    let file = shown.iter().find(|unit| unit["what"] == "file").unwrap()["unit"].as_u64().unwrap();
    let made = format!("1:{file:04}={}", text(&house.write("made.txt", "made by hand")));
    let receipt = text(&case.receipt);
    let args =
        ["1", "--for", "court", "--receipt", receipt, "--release", "author,label", "--derivative", &made];
    let (dir, done) = case.disclose("court", &args);
    done.good();
    let said = fs::read_to_string(dir.join("VERIFY.txt")).unwrap();
    let commands: String =
        said.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    let whole: String = blocks.by_ref().collect();
    assert!(commands.lines().count() > 100);
    assert_eq!(whole, commands);
}

#[test]
fn the_page_of_times_has_the_commands_of_the_instructions() {
    let (_, block) = include_str!("../docs/spec/time.md").split_once("\n```sh\n").unwrap();
    assert_eq!(block.split("```\n").next().unwrap(), include_str!("../src/cli/instructions/time.sh"));
}

/// The values of a report, line by line.
fn told(report: &sanduq::audit::Report) -> String {
    report.values.iter().map(|value| format!("{:?} {}\n", value.name, value.value)).collect()
}

/// The Python of the test tools, where it is installed.
fn installed_python() -> PathBuf {
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-tools");
    let tools = std::env::var_os("SANDUQ_TEST_TOOLS").map_or(default, PathBuf::from);
    let installed = tools.join("venv/bin/python");
    if installed.is_file() { installed } else { "python3".into() }
}

/// Investigators' programs read CASE; its own validator takes the custody record, and refuses one with a wrong
/// property.
#[test]
fn case_validate_takes_the_custody_record() {
    let program = installed_python();
    let validate = |path: &Path| {
        let check = "import sys; from case_utils.case_validate import main; sys.exit(main())";
        let args = ["-c", check, "--built-version", "case-1.4.0", text(path)];
        Command::new(&program).args(args).output().unwrap()
    };
    let imports = Command::new(&program).args(["-c", "import case_utils.case_validate"]).output();
    if !imports.is_ok_and(|done| done.status.success()) {
        println!(
            "SKIPPED case_validate_takes_the_custody_record: no Python with case-utils (tests/run tools installs it)"
        );
        return;
    }
    let house = House::new("case");
    let named = terms(Reach::Court, Naming::Named, None);
    let case = Case::of(&house, &[testimony(named), document(named), other(named)]);
    let receipt = text(&case.receipt);
    case.officer().sanduq(&["custody", "hold", "1"]).good();
    case.officer().sanduq(&["custody", "transfer", "2", "--to", text(&case.organisation.card)]).good();
    let args =
        ["1", "2", "--for", "court", "--receipt", receipt, "--release", "author,label", "--with-notes"];
    let (dir, done) = case.disclose("whole", &args);
    done.good();
    let record = dir.join(disclosure::CUSTODY_RECORD);
    let done = validate(&record);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    let said = fs::read_to_string(&record).unwrap();
    let digests: Vec<String> = bag::read(&dir)
        .iter()
        .filter(|(name, _)| name.starts_with("data/files/") || name.ends_with("/disclosure-sha256.txt"))
        .map(|(_, bytes)| Digest::of(bytes).to_string())
        .collect();
    assert!(digests.len() == 3 && digests.iter().all(|digest| said.contains(digest)), "{said}");
    let parsed: serde_json::Value = serde_json::from_str(&said).unwrap();
    let sort = |sort: &str| {
        let graph = parsed["@graph"].as_array().unwrap().iter();
        graph.filter(|node| node["@type"] == sort).count()
    };
    assert_eq!(sort("case-investigation:InvestigativeAction"), 7);
    assert_eq!(sort("case-investigation:ProvenanceRecord"), 2);
    let (from, to) = ("\"uco-types:hashValue\"", "\"uco-types:hashed\"");
    assert!(said.contains(from));
    let wrong = house.write("wrong.jsonld", said.replacen(from, to, 1));
    assert!(!validate(&wrong).status.success());
}

/// A program that was written from the page of the format makes the same custody record from the rest of the folder.
#[test]
fn another_program_makes_the_same_custody_record() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/custody_record.py");
    let made = |dir: &Path| Command::new("python3").arg(script).arg(dir).output();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1/disclosure/court");
    if made(&golden).is_err() {
        println!("SKIPPED another_program_makes_the_same_custody_record: no Python");
        return;
    }
    let house = House::new("custody-record");
    let court = terms(Reach::Court, Naming::Never, None);
    let case = Case::of(&house, &[document(court), testimony(court), evidence::page(court), other(court)]);
    let receipt = text(&case.receipt);
    let mut dirs = vec![golden];
    case.officer().sanduq(&["custody", "hold", "1"]).good();
    case.officer().sanduq(&["custody", "transfer", "2", "--to", text(&case.organisation.card)]).good();
    for (to, more) in
        [("bare", &[][..]), ("whole", &["--receipt", receipt, "--withhold", "file", "--with-notes"][..])]
    {
        let (dir, done) = case.disclose(to, &[&["1", "2", "3", "--for", "court"], more].concat());
        done.good();
        dirs.push(dir);
    }
    for dir in dirs {
        let done = made(&dir).unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let record = fs::read(dir.join(disclosure::CUSTODY_RECORD)).unwrap();
        assert_eq!(String::from_utf8(done.stdout).unwrap(), String::from_utf8(record).unwrap());
    }
}

/// A court's archivist has a program of her own for such folders.
#[test]
fn bagit_validates_it() {
    let program = installed_python();
    let python = |args: &[&str]| Command::new(&program).args(args).output();
    if !python(&["-c", "import bagit"]).is_ok_and(|done| done.status.success()) {
        println!("SKIPPED bagit_validates_it: no Python with bagit (tests/run tools installs it)");
        return;
    }
    let house = House::new("bagit");
    let case = Case::for_court(&house);
    let (dir, done) = case.disclose("bag", &["1", "2", "--for", "court"]);
    done.good();
    let check = "import bagit, sys; bagit.Bag(sys.argv[1]).validate()";
    let done = python(&["-c", check, text(&dir)]).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    fs::write(dir.join("data/salt"), [0; 32]).unwrap();
    assert!(!python(&["-c", check, text(&dir)]).unwrap().status.success());
}

#[test]
fn an_author_who_wants_to_be_named_is_and_no_other() {
    let house = House::new("named");
    let named = terms(Reach::Public, Naming::Named, None);
    let case = Case::of(&house, &[testimony(named), document(named)]);
    let (dir, done) = case.disclose("named", &["1", "--for", "public", "--release", "author,person"]);
    done.good();
    let report = audited(&dir);
    assert!(report.holds() && !report.not_proved.contains(&Unproved::Author), "{:#?}", failures(&report));
    assert_eq!(value(&report, ValueName::AuthorWords)[0].split(' ').count(), 8);
    follow_instructions(&dir).unwrap();

    // The statement speaks for the whole bundle: one record that names nobody keeps the author of all of them back.
    let house = House::new("unnamed");
    let never = terms(Reach::Public, Naming::Never, None);
    let case = Case::of(&house, &[testimony(named), other(never)]);
    let (dir, done) = case.disclose("named", &["1", "--for", "public", "--release", "author", "--json"]);
    let said = done.bad().stderr();
    assert!(said.contains("err-terms-author") && !dir.exists(), "{said}");
    let (dir, done) = case.disclose("named", &["1", "--for", "public"]);
    done.good();
    assert!(!dir.join("data/author").exists());
}

#[test]
fn what_its_author_did_not_allow_is_refused_with_the_reason() {
    let house = House::new("terms");
    let items = [
        other(terms(Reach::Organisation, Naming::Never, None)),
        other(terms(Reach::Court, Naming::Never, None)),
        other(terms(Reach::Public, Naming::Never, Some("2999-05-01"))),
        other(terms(Reach::Public, Naming::Never, Some("2026-11-01"))),
    ];
    let case = Case::of(&house, &items);
    let refused = |items: &[&str], audience: &str, error: &str| {
        let args: Vec<&str> = items.iter().copied().chain(["--for", audience, "--json"]).collect();
        let (dir, done) = case.disclose("out", &args);
        assert_eq!(done.code, Some(7), "{}", done.stderr());
        let said = done.bad().stderr();
        assert!(said.contains(error) && !dir.exists(), "{error}: {said}");
        assert!(said.contains("Nothing was disclosed."), "{said}");
    };
    refused(&["1"], "court", "err-terms-organisation");
    refused(&["1"], "public", "err-terms-organisation");
    refused(&["2"], "public", "err-terms-court");
    refused(&["3"], "public", "err-terms-not-before");
    refused(&["2", "3", "1"], "court", "err-terms-organisation");
    for (item, audience, to) in [("2", "court", "a"), ("3", "court", "b"), ("4", "public", "c")] {
        let (dir, done) = case.disclose(to, &[item, "--for", audience]);
        done.good();
        let report = audited(&dir);
        assert!(report.holds(), "{:#?}", failures(&report));
    }
    // Whoever changes for whom it was made is told by the terms that go along.
    let mut bag = bag::read(&house.path("a"));
    let info = String::from_utf8(bag["bag-info.txt"].clone()).unwrap().replace("court", "public");
    bag.insert("bag-info.txt".to_owned(), info.into_bytes());
    agree(&mut bag);
    let found = judge(&bag);
    let questions: Vec<Question> = found.iter().map(|(question, _)| *question).collect();
    assert_eq!(questions, [Question::DisclosureTerms, Question::DisclosureCustodyRecord]);
    assert!(found[0].1.contains("data/records/0002"));
}

#[test]
fn what_was_withdrawn_is_refused_whichever_way() {
    for refers_to_all in [false, true] {
        let house = House::new("withdrawn");
        let organisation = house::Organisation::new(&house, 1, 1);
        let author = KeyPair::generate();
        let item = || other(terms(Reach::Public, Naming::Never, None));
        let (first, sealed) = seal(&organisation, &author, &[item()], None, "first.bundle");
        let receipt = receipt(&organisation, &first, &sealed);
        let refers = (!refers_to_all).then_some(sealed.bundle);
        let withdrawal = Some(FollowUp { refers, act: Act::Withdraw });
        let (second, _) = seal(&organisation, &author, &[item()], withdrawal, "second.bundle");
        let officer = &organisation.officers[0];
        officer.sanduq(&["open", text(&first)]).good();
        let case = Case { organisation, receipt };
        let (_, done) = case.disclose("before", &["1", "--for", "public"]);
        done.good();
        case.officer().sanduq(&["open", text(&second)]).good();
        let (dir, done) = case.disclose("after", &["1", "--for", "public", "--json"]);
        assert!(done.bad().stderr().contains("err-withdrawn") && !dir.exists());
    }
}

#[test]
fn a_disclosure_is_of_one_bundle_that_came_here() {
    let house = House::new("one-bundle");
    let case = Case::for_court(&house);
    let item = other(terms(Reach::Court, Naming::Never, None));
    let (second, _) = seal(&case.organisation, &KeyPair::generate(), &[item], None, "second.bundle");
    case.officer().sanduq(&["open", text(&second)]).good();
    let own = house.write("own.txt", "own");
    case.officer().sanduq(&["add", text(&own)]).good();
    let refused = |args: &[&str], code: i32, error: &str| {
        let (dir, done) = case.disclose("out", args);
        assert_eq!(done.code, Some(code), "{args:?} {}", done.stderr());
        assert!(done.stderr().contains(error) && !dir.exists(), "{args:?} {}", done.stderr());
    };
    refused(&["1", "4", "--for", "court", "--json"], 7, "err-several-bundles");
    refused(&["5", "--for", "court", "--json"], 7, "err-not-received");
    refused(&["9", "--for", "court", "--json"], 5, "err-no-item");
    refused(&["1", "--json"], 2, "--for");
    refused(&["1", "--for", "nobody"], 2, "This value does not fit:");
    refused(&["1", "--for", "court", "--withhold", "consent"], 2, "This value does not fit:");
    refused(
        &["1", "--for", "court", "--withhold", "person", "--release", "person", "--json"],
        2,
        "err-disclose-both",
    );
    refused(&["1", "--for", "court", "--withhold-unit", "1:0001", "--json"], 7, "err-terms-stay");
    refused(&["1", "--for", "court", "--withhold-unit", "1:99", "--json"], 5, "err-no-unit");
    refused(&["1", "--for", "court", "--withhold-unit", "2:0002", "--json"], 5, "err-no-unit");
    let card = text(&case.organisation.card).to_owned();
    refused(&["1", "--for", "court", "--receipt", &card, "--json"], 4, "err-disclose-receipt");
    fs::create_dir(house.path("there")).unwrap();
    let (_, done) = case.disclose("there", &["1", "--for", "court", "--json"]);
    assert!(done.bad().stderr().contains("err-folder-there"));
    let (_, done) = case.disclose("not/there", &["1", "--for", "court", "--json"]);
    assert!(done.bad().stderr().contains("err-not-a-folder") && !house.path("not").exists());
}

/// An officer whose keys do not stand on the card signs nothing that anybody could check.
#[test]
fn an_officer_of_another_card_is_told() {
    let house = House::new("another-card");
    let mut organisation = house::Organisation::new(&house, 1, 1);
    let card = Card::parse(&fs::read(&organisation.card).unwrap()).unwrap();
    let recipient = card.officers()[0].recipient.clone();
    let strange = OfficerLine { recipient, keys: KeyPair::generate().public() };
    let draft = Draft::new(Terms { officers: vec![strange], ..card.terms().clone() }).unwrap();
    organisation.card = house.write("strange.card", draft.sign(&KeyPair::generate()).as_bytes());
    let item = other(terms(Reach::Court, Naming::Never, None));
    let (bundle, _) = seal(&organisation, &KeyPair::generate(), &[item], None, "one.bundle");
    organisation.officers[0].sanduq(&["open", text(&bundle)]).good();
    let case = Case { organisation, receipt: bundle };
    let (dir, done) = case.disclose("out", &["1", "--for", "court", "--json"]);
    assert!(done.bad().stderr().contains("err-keys-not-on-card") && !dir.exists());
}

/// Every byte of a folder, also of its names.
fn all_bytes(dir: &Path) -> Vec<u8> {
    bag::read(dir).into_iter().flat_map(|(name, bytes)| [name.into_bytes(), bytes].concat()).collect()
}

/// How a text may stand in bytes: as it is, in other cases and encodings, and in base64 at every offset.
fn forms(said: &str) -> Vec<Vec<u8>> {
    let hex: String = said.bytes().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = said.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![said.into(), said.to_lowercase().into(), hex.into_bytes(), wide];
    for before in 0..3 {
        let encoded = BASE64_STANDARD.encode([vec![b' '; before], said.into()].concat());
        forms.push(encoded.as_bytes()[4..encoded.len() - 4].to_vec());
    }
    forms
}

#[test]
fn nothing_that_was_withheld_is_in_any_byte() {
    let house = House::new("disclosure-canaries");
    let case = Case::for_court(&house);
    let holds = |bytes: &[u8], canary: &str| {
        forms(canary).iter().any(|form| bytes.windows(form.len()).any(|window| window == form))
    };
    let (dir, done) =
        case.disclose("withheld", &["1", "2", "--for", "court", "--withhold", "place", "--lang", "fa"]);
    let said = done.good();
    let bytes = [all_bytes(&dir), said.out, said.err].concat();
    for canary in CANARIES {
        assert!(!holds(&bytes, canary), "{canary}");
    }
    // What is released is there: the search finds what it looks for.
    let all = ["person", "marked", "label", "consent-words"].join(",");
    let (dir, done) = case.disclose("released", &["1", "2", "3", "--for", "court", "--release", &all]);
    done.good();
    let bytes = all_bytes(&dir);
    for canary in CANARIES {
        assert!(holds(&bytes, canary), "{canary}");
    }
}

/// A unit that says one of two things: whoever has the whole disclosure tries both, with every salt that it could hide.
#[test]
fn a_withheld_yes_or_no_cannot_be_guessed() {
    let house = House::new("guessing");
    let case = Case::for_court(&house);
    let (withheld, done) = case.disclose("withheld", &["1", "--for", "court", "--withhold", "kind"]);
    done.good();
    let (shown, done) = case.disclose("shown", &["1", "--for", "court"]);
    done.good();
    let name = "data/records/0001/disclosure-sha256.txt";
    let list = DigestList::parse(&fs::read(withheld.join(name)).unwrap()).unwrap();
    let listed: Vec<Digest> = list.iter().map(|(_, digest)| digest).collect();
    let decides = |salt: [u8; 32]| -> Vec<Kind> {
        let kinds = [Kind::Testimony, Kind::Document].into_iter();
        let unit = |kind| Unit { salt: Digest::from_bytes(salt), value: Value::Kind(kind) }.to_bytes();
        kinds.filter(|kind| listed.contains(&Digest::of(&unit(*kind)))).collect()
    };
    let mut tried = 0;
    for (_, bytes) in bag::read(&withheld) {
        for window in bytes.windows(32) {
            tried += 1;
            assert!(decides(window.try_into().unwrap()).is_empty());
        }
        for window in bytes.windows(64).filter(|window| window.iter().all(u8::is_ascii_hexdigit)) {
            if let Ok(salt) = std::str::from_utf8(window).unwrap().parse::<Digest>() {
                tried += 1;
                assert!(decides(*salt.as_bytes()).is_empty());
            }
        }
    }
    assert!(tried > 100_000, "{tried}");
    // With the salt, which goes with the value and never without it, it is decided.
    let units = bag::read(&shown);
    let mut parsed = units.values().filter_map(|bytes| Unit::parse(bytes));
    let unit = parsed.find(|unit| matches!(unit.value, Value::Kind(_))).unwrap();
    assert_eq!(decides(*unit.salt.as_bytes()), [Kind::Testimony]);
}

/// Nor do names and lengths tell: of two disclosures that differ in one withheld word they are the same.
#[test]
fn what_is_withheld_has_no_length() {
    let names_and_lengths = |answer: &str| {
        let house = House::new("lengths");
        let account = format!("Were they there? [[{answer}]]. They left at noon.");
        let item = Item { account: Some(account), ..testimony(terms(Reach::Court, Naming::Never, None)) };
        let case = Case::of(&house, &[item]);
        let (dir, done) = case.disclose("court", &["1", "--for", "court", "--receipt", text(&case.receipt)]);
        done.good();
        assert!(audited(&dir).holds());
        // Which number a unit has is drawn anew for each record.
        let folder =
            |name: String| name.split_once("/units/").map_or(name.clone(), |(folder, _)| folder.to_owned());
        let lengths = bag::read(&dir).into_iter().map(|(name, bytes)| (folder(name), bytes.len()));
        let mut lengths: Vec<_> = lengths.collect();
        lengths.sort();
        lengths
    };
    let told = names_and_lengths("No");
    for answer in ["Yes", "No, not one of the four whom I could see from where I stood"] {
        assert_eq!(names_and_lengths(answer), told);
    }
}

/// The unit of a sort in a bag, as its file.
fn unit_of(bag: &Bag, wanted: &str) -> String {
    let begin = format!("{{\"unit\":\"{wanted}\"");
    bag.iter().find(|(_, bytes)| bytes.starts_with(begin.as_bytes())).unwrap().0.clone()
}

#[test]
fn every_change_is_refused_with_its_name() {
    let house = House::new("disclosure-attacks");
    let named = terms(Reach::Court, Naming::Named, None);
    let case = Case::of(&house, &[testimony(named), document(named), other(named)]);
    let receipt = text(&case.receipt);
    let (dir, done) =
        case.disclose("good", &["1", "2", "--for", "court", "--receipt", receipt, "--release", "author"]);
    done.good();
    let (whole, done) = case.disclose("whole", &["1", "2", "3", "--for", "court", "--release", "person"]);
    done.good();
    let (good, whole) = (bag::read(&dir), bag::read(&whole));
    let stranger_house = House::new("disclosure-stranger");
    let stranger = Case::of(&stranger_house, &[testimony(named), document(named)]);
    let (dir, done) = stranger.disclose("stranger", &["1", "2", "--for", "court", "--release", "author"]);
    done.good();
    let stranger = bag::read(&dir);
    assert_eq!(judge(&good), []);

    let put = |bag: &mut Bag, name: &str, from: &Bag, other: &str| {
        bag.insert(name.to_owned(), from[other].clone());
        agree(bag);
    };
    let edit = |bag: &mut Bag, name: &str, from: &str, to: &str| {
        let text = String::from_utf8(bag[name].clone()).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        bag.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        agree(bag);
    };
    let refused = |told: &str, bag: &Bag, question: Question, named: &str| {
        let found = judge(bag);
        let there = found.iter().any(|(asked, detail)| *asked == question && detail.contains(named));
        assert!(there, "{told}: {question:?} does not name {named}: {found:#?}");
    };
    let changed = |told: &str, change: &dyn Fn(&mut Bag), question: Question, named: &str| {
        let mut bag = good.clone();
        change(&mut bag);
        refused(told, &bag, question, named);
    };

    // One bit of any file, and the manifests left as they were.
    for name in good.keys() {
        let question = match name.as_str() {
            "bagit.txt" | "bag-info.txt" => Question::DisclosureDeclaration,
            _ => Question::DisclosureManifests,
        };
        changed("a bit", &|bag| bag.get_mut(name).unwrap()[0] ^= 1, question, name);
    }
    // From here on the bag agrees with itself again.
    for name in good.keys().filter(|name| name.contains("/units/")) {
        let resalted = |bag: &mut Bag| {
            let unit = Unit::parse(&bag[name]).unwrap();
            let salt = Digest::of(b"another salt");
            bag.insert(name.clone(), Unit { salt, ..unit }.to_bytes());
            agree(bag);
        };
        changed("a unit changed", &resalted, Question::DisclosureUnits, name);
    }
    let (date, title) = (unit_of(&good, "date"), unit_of(&good, "title"));
    changed("units exchanged", &|bag| put(bag, &date, &good, &title), Question::DisclosureUnits, &date);
    let strange = unit_of(&stranger, "title");
    changed(
        "another's unit",
        &|bag| put(bag, &title, &stranger, &strange),
        Question::DisclosureUnits,
        &title,
    );
    let more = "data/records/0001/units/0099.json";
    changed("a unit added", &|bag| put(bag, more, &good, &title), Question::DisclosureUnits, more);
    let terms = "data/records/0001/units/0001.json";
    let no_terms = |bag: &mut Bag| {
        bag.remove(terms);
        agree(bag);
    };
    changed("no terms", &no_terms, Question::DisclosureUnits, "data/records/0001: ");
    changed("no terms", &no_terms, Question::DisclosureLayout, terms);
    let list = "data/records/0001/disclosure-sha256.txt";
    let reordered = |bag: &mut Bag| {
        let text = String::from_utf8(bag[list].clone()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(1, 2);
        bag.insert(list.to_owned(), (lines.join("\n") + "\n").into_bytes());
        agree(bag);
    };
    changed("a list reordered", &reordered, Question::DisclosureRecords, list);
    changed("a list reordered", &reordered, Question::DisclosureUnits, list);
    let moved = |bag: &mut Bag| {
        let names: Vec<String> = bag.keys().filter(|name| name.contains("/0001/")).cloned().collect();
        for name in names {
            let bytes = bag.remove(&name).unwrap();
            bag.insert(name.replace("/0001/", "/0003/"), bytes);
        }
        agree(bag);
    };
    changed("a record moved", &moved, Question::DisclosureRecords, "data/records/0003");
    let added = |bag: &mut Bag| {
        for (name, bytes) in whole.iter().filter(|(name, _)| name.contains("records/0003/")) {
            bag.insert(name.clone(), bytes.clone());
        }
        agree(bag);
    };
    changed("a record added", &added, Question::DisclosureEvents, "data/records/0003");
    let file = "data/files/0001";
    let exchanged = |bag: &mut Bag| {
        bag.get_mut(file).unwrap()[5] ^= 1;
        agree(bag);
    };
    changed("a file exchanged", &exchanged, Question::DisclosureFiles, file);
    let more = "data/files/0002";
    changed("a file added", &|bag| put(bag, more, &good, file), Question::DisclosureFiles, more);
    let no_file = |bag: &mut Bag| {
        bag.remove(file);
        agree(bag);
    };
    changed("a file missing", &no_file, Question::DisclosureFiles, file);
    changed("a stray", &|bag| put(bag, "data/note", &good, file), Question::DisclosureLayout, "data/note");

    // The author, the card, the receipt.
    for name in ["data/author", "data/author.sig", "data/author.pq.sig"] {
        let question = Question::DisclosureAuthor;
        changed("another author", &|bag| put(bag, name, &stranger, name), question, name);
    }
    let card = "data/card";
    changed("another card", &|bag| put(bag, card, &stranger, card), Question::DisclosureAuthor, card);
    changed("another card", &|bag| put(bag, card, &stranger, card), Question::ReceiptCheckpoint, "");
    changed("another card", &|bag| put(bag, card, &stranger, card), Question::DisclosureEvents, "officer");
    let released = |bag: &mut Bag| {
        for name in ["data/author.sig", "data/author.pq.sig"] {
            bag.remove(name);
        }
        agree(bag);
    };
    changed("an author unsigned", &released, Question::DisclosureLayout, "data/author.sig");
    changed("an author unsigned", &released, Question::DisclosureAuthor, "data/author.sig");

    // The outside, and what binds the inside to it.
    let outer = "data/bundle/bag-info.txt";
    changed("another bundle", &|bag| put(bag, outer, &stranger, outer), Question::BundleTagManifest, "");
    let all = |bag: &mut Bag| {
        for name in stranger.keys().filter(|name| name.starts_with("data/bundle/")) {
            bag.insert(name.clone(), stranger[name].clone());
        }
        agree(bag);
    };
    changed("another bundle", &all, Question::DisclosureBundle, "data/bundle/tagmanifest-sha256.txt");
    changed("another bundle", &all, Question::DisclosureRecords, "data/records-sha256.txt");
    changed("another bundle", &all, Question::ReceiptBundle, "data/receipt.tlog-proof");
    let salt = "data/salt";
    changed("another salt", &|bag| put(bag, salt, &stranger, salt), Question::DisclosureRecords, salt);
    let one = "data/bundle/quorum/07.age";
    let cut = |bag: &mut Bag| {
        bag.remove(one);
        agree(bag);
    };
    changed("no quorum file", &cut, Question::DisclosureLayout, one);
    changed("no quorum file", &cut, Question::DisclosureBundle, "quorum/07.age");

    // The events.
    let event = "data/events/0002.txt";
    changed(
        "a withdrawal",
        &|bag| edit(bag, event, "disclose", "withdraw"),
        Question::DisclosureEvents,
        event,
    );
    let other = "data/events/0003.txt";
    changed("an event twice", &|bag| put(bag, event, &good, other), Question::DisclosureEvents, event);
    for ending in ["sig", "pq.sig"] {
        let (one, other) = (format!("data/events/0002.{ending}"), format!("data/events/0003.{ending}"));
        changed("a signature", &|bag| put(bag, &one, &good, &other), Question::DisclosureEvents, event);
    }
    let untold = |bag: &mut Bag| {
        bag.retain(|name, _| !name.starts_with("data/events/0003"));
        agree(bag);
    };
    changed("an event missing", &untold, Question::DisclosureEvents, "data/records/0002");

    // The custody record says what the rest says, in one spelling.
    let record = disclosure::CUSTODY_RECORD;
    let question = Question::DisclosureCustodyRecord;
    for (from, to) in [
        ("Archive-of-Examples", "Archive-of-Example"),
        ("\"seal\"", "\"Seal\""),
        ("SHA256", "SHA512"),
        ("],", "] ,"),
        ("\n]}\n", "\n]}"),
    ] {
        changed("another custody record", &|bag| edit(bag, record, from, to), question, record);
    }
    changed("another's", &|bag| put(bag, record, &stranger, record), question, record);
    let none = |bag: &mut Bag| {
        bag.remove(record);
        agree(bag);
    };
    changed("no custody record", &none, Question::DisclosureLayout, record);
    changed("no custody record", &none, question, record);
    for (from, to) in [("court", "Court"), ("sanduq-disclosure/1", "sanduq-disclosure/2")] {
        let question = Question::DisclosureDeclaration;
        changed("a wrong declaration", &|bag| edit(bag, "bag-info.txt", from, to), question, "bag-info.txt");
    }
}

/// How much of a file stock tools verify: of a receipt not the signatures, the last of which is the log's second one.
fn stock_len(name: &str, bytes: &[u8]) -> usize {
    let signatures = bytes.windows(4).position(|four| four == b"\n\xe2\x80\x94");
    signatures.filter(|_| name.ends_with(".tlog-proof")).map_or(bytes.len(), |at| at - 2)
}

/// The stock commands stop where they should.
#[test]
fn the_instructions_end_at_what_does_not_hold() {
    let house = House::new("instructions");
    let named = terms(Reach::Court, Naming::Named, None);
    let case = Case::of(&house, &[testimony(named), document(named)]);
    let receipt = text(&case.receipt);
    let args = ["1", "2", "--for", "court", "--receipt", receipt, "--release", "author"];
    let (dir, done) = case.disclose("good", &args);
    done.good();
    let good = bag::read(&dir);
    let stops = |told: &str, change: &dyn Fn(&mut Bag)| {
        let mut bag = good.clone();
        change(&mut bag);
        let dir = tempfile::tempdir().unwrap();
        bag::write(&bag, dir.path());
        assert!(follow_instructions(dir.path()).is_err(), "{told}");
    };
    let title = unit_of(&good, "title");
    for name in good.keys().filter(|name| *name != "VERIFY.txt") {
        stops(name, &|bag| {
            let bytes = bag.get_mut(name).unwrap();
            let last = stock_len(name, bytes) - 1;
            bytes[last] ^= 1;
        });
    }
    // What stock tools do not hold against the rest.
    let left_out = |name: &str| name.ends_with(".pq.sig") || name == disclosure::CUSTODY_RECORD;
    for name in good.keys().filter(|name| name.starts_with("data/") && !left_out(name)) {
        // The card and what is bound to nothing else than its signature are caught by that.
        stops(name, &|bag| {
            let bytes = bag.get_mut(name).unwrap();
            let at = stock_len(name, bytes) / 2;
            bytes[at] ^= 1;
            agree(bag);
        });
    }
    stops("a unit added", &|bag| {
        bag.insert("data/records/0001/units/0099.json".to_owned(), bag[&title].clone());
        agree(bag);
    });
    stops("no terms", &|bag| {
        bag.remove("data/records/0001/units/0001.json");
        agree(bag);
    });
    stops("a file added", &|bag| {
        bag.insert("data/files/0002".to_owned(), b"more".to_vec());
        agree(bag);
    });
    stops("an event missing", &|bag| {
        bag.retain(|name, _| !name.starts_with("data/events/0003"));
        agree(bag);
    });
}

/// `sha256sum -c` passes over a line that begins with `#`: what such a line names was not looked at.
#[test]
fn the_instructions_end_at_a_line_that_sha256sum_passes_over() {
    let house = House::new("comments");
    let case = Case::for_court(&house);
    let (dir, done) = case.disclose("good", &["1", "2", "--for", "court"]);
    done.good();
    let good = bag::read(&dir);
    let hidden = |list: &str, name: &str| {
        let mut bag = good.clone();
        bag.get_mut(name).unwrap().push(b'x');
        agree(&mut bag);
        let listed = String::from_utf8(bag[list].clone()).unwrap();
        let line = listed.lines().find(|line| line.ends_with(&format!("  {name}"))).unwrap();
        let other = format!("#{}", &line[1..]);
        bag.insert(list.to_owned(), listed.replace(line, &other).into_bytes());
        if list == layout::MANIFEST {
            let tags = disclosure::TAGGED.map(|name| Digest::of(&bag[name]));
            bag.insert(layout::TAG_MANIFEST.to_owned(), disclosure::tag_manifest(tags).into_bytes());
        }
        let dir = tempfile::tempdir().unwrap();
        bag::write(&bag, dir.path());
        follow_instructions(dir.path())
    };
    for (list, name) in [(layout::MANIFEST, disclosure::CUSTODY_RECORD), (layout::TAG_MANIFEST, "VERIFY.txt")]
    {
        let said = hidden(list, name).unwrap_err();
        assert!(!said.contains("FAILED"), "{list}: another command found it: {said}");
    }
}

/// Where `sh` is bash, a size such as `bundle[$(…)]` in the shell's own arithmetic is run.
#[test]
fn what_a_stranger_wrote_is_not_run() {
    let house = House::new("strangers");
    let case = Case::for_court(&house);
    let receipt = text(&case.receipt);
    let (dir, done) = case.disclose("good", &["1", "--for", "court", "--receipt", receipt]);
    done.good();
    let mut bag = bag::read(&dir);
    let log = NoteSigner::new("strange.example/log", LogSigningKey::generate()).unwrap();
    let terms = Card::parse(&bag["data/card"]).unwrap().terms().clone();
    let draft = Draft::new(Terms { log: log.verifier(), policy: Policy::none(), ..terms }).unwrap();
    bag.insert("data/card".to_owned(), draft.sign(&KeyPair::generate()).as_bytes().to_vec());
    let proof = String::from_utf8(bag[disclosure::RECEIPT].clone()).unwrap();
    let (before, _) = proof.split_once("\n\n").unwrap();
    let proof_with = |index: &str, size: &str| {
        let head = format!("strange.example/log\n{size}\n{}\n", BASE64_STANDARD.encode([7; 32]));
        let lines = before.lines().map(|line| match line.starts_with("index ") {
            true => format!("index {index}\n"),
            false => format!("{line}\n"),
        });
        format!("{}\n{}", lines.collect::<String>(), log.sign(&head).unwrap())
    };
    let code = "bundle[$(: > ran)]";
    for (index, size) in [("0", code), (code, "9"), ("0", "09"), ("-1", "9"), ("0", "99999999999999999999")] {
        bag.insert(disclosure::RECEIPT.to_owned(), proof_with(index, size).into_bytes());
        agree(&mut bag);
        let dir = tempfile::tempdir().unwrap();
        bag::write(&bag, dir.path());
        let said = follow_instructions(dir.path()).unwrap_err();
        assert!(said.contains("Signature Verified Successfully"), "{index} {size}: never got there: {said}");
        assert!(!dir.path().join("ran").exists(), "{index} {size}");
    }
}

/// What a pty gives back, one character a byte.
fn bytes(said: &str) -> String {
    said.bytes().map(char::from).collect()
}

fn at_a_terminal(person: &Person, args: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq"));
    command.args(["--vault", text(&person.vault)]).args(args);
    command.current_dir(&person.house.dir).env_clear().env("HOME", person.house.path("home"));
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    let mut session = spawn_command(command, Some(PATIENCE)).expect("a pty");
    session.exp_string(":").unwrap();
    session.send_line(&person.passphrase).unwrap();
    session
}

#[test]
fn everything_that_leaves_is_shown_before_anything_is_written() {
    let house = House::new("review");
    let case = Case::for_court(&house);
    let dir = house.path("reviewed");
    // Where nobody can be asked the review is all there is.
    let args = ["disclose", "1", "--for", "court", "--to", text(&dir)];
    let done = case.officer().sanduq(&args);
    assert_eq!(done.code, Some(7));
    assert!(!dir.exists() && done.stderr().contains("I stood at the gate."), "{}", done.stderr());
    let done = case.officer().sanduq(&[&args[..], &["--json"]].concat());
    assert_eq!(done.code, Some(7));
    let review = done.json();
    assert_eq!((&review["outcome"], &review["for"]), (&"review".into(), &"court".into()));
    let shown = review["records"][0]["shown"].as_array().unwrap();
    let date = shown.iter().find(|unit| unit["what"] == "date").unwrap();
    assert_eq!(date["said"], "1988-08, about");
    assert_eq!(review["records"][0]["withheld"].as_array().unwrap().len(), 3);

    let unit = format!("1:{:04}", date["unit"].as_u64().unwrap());
    let mut session = at_a_terminal(case.officer(), &[&args[..], &["--lang", "en"]].concat());
    session.exp_string("1988-08").unwrap();
    session.exp_string("Write it?").unwrap();
    session.send_line("1:0001").unwrap();
    session.exp_string("Unit 0001 always leaves.").unwrap();
    session.exp_string("Write it?").unwrap();
    session.send_line(&unit).unwrap();
    let again = session.exp_string("Write it?").unwrap();
    assert!(!again.contains("1988-08") && again.contains("What I saw"), "{again}");
    session.send_line("no").unwrap();
    session.exp_string("Nothing was").unwrap();
    session.exp_eof().unwrap();
    assert!(!dir.exists());

    let mut session = at_a_terminal(case.officer(), &[&args[..], &["--lang", "fa"]].concat());
    session.exp_string(&bytes("این‌ها بیرون می‌رود")).unwrap();
    session.exp_string(&bytes("نوشته شود؟")).unwrap();
    session.send_line(&unit).unwrap();
    session.exp_string(&bytes("نوشته شود؟")).unwrap();
    session.send_line("بله").unwrap();
    session.exp_string(&bytes("نوشته شد")).unwrap();
    session.exp_eof().unwrap();
    let bag = bag::read(&dir);
    assert!(bag.values().all(|bytes| !bytes.starts_with(b"{\"unit\":\"date\"")));
    assert!(audited(&dir).holds());
}

/// A name that is withheld stands in a passage that is not.
#[test]
fn what_is_withheld_and_can_be_read_all_the_same_is_said() {
    let house = House::new("repeats");
    let court = terms(Reach::Court, Naming::Pseudonym, None);
    let court_unnamed = terms(Reach::Court, Naming::Never, None);
    let mut item = testimony(court);
    item.account = Some("Zahra came to the gate.\n\nNothing else.".to_owned());
    // Another item of the same bundle tells it as well.
    let second = Item { account: Some("I saw Zahra.".to_owned()), ..other(court_unnamed) };
    let case = Case::of(&house, &[item, second]);
    let to = house.path("out");
    let args = ["disclose", "1", "2", "--for", "court", "--to", text(&to), "--json"];
    let review = case.officer().sanduq(&args).json();
    let records = review["records"].as_array().unwrap().iter();
    let shown: Vec<_> = records.flat_map(|record| record["shown"].as_array().unwrap()).collect();
    let repeating: Vec<&str> = shown
        .iter()
        .filter(|unit| unit["repeats"] == true)
        .map(|unit| unit["said"].as_str().unwrap())
        .collect();
    assert_eq!(repeating, ["Zahra came to the gate.", "I saw Zahra."]);
    let (_, done) = case.disclose("out", &["1", "2", "--for", "court"]);
    let said = done.good().stderr();
    assert!(said.contains("can be read here") && said.contains("  2:00"), "{said}");
}

/// Left by a run that was killed or could not write: what was there before, or a whole disclosure.
#[test]
fn a_killed_or_failed_run_leaves_no_half_disclosure() {
    let house = House::new("disclosure-kills");
    let case = Case::for_court(&house);
    let folder = house.folder("out");
    let dir = folder.join("disclosed");
    let args = ["disclose", "1", "2", "--for", "court", "--yes", "--to", text(&dir)];
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 300; exec \"$@\"", "sh"];
    let done = house::run(case.officer().command_under(&limited, &args), Some(&case.officer().passphrase));
    assert!(done.code.is_some_and(|code| code != 0), "{}", done.stderr());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{}", done.stderr());

    let (mut before, mut after, mut pause) = (0, 0, 40_u32);
    for round in 0..24 {
        let limit = format!("{}.{:03}", pause / 1000, pause % 1000);
        let command = case.officer().command_under(&["timeout", "-s", "KILL", &limit], &args);
        let done = house::run(command, Some(&case.officer().passphrase));
        if dir.exists() {
            let report = audited(&dir);
            assert!(report.holds(), "round {round}: {:#?}", failures(&report));
            fs::remove_dir_all(&dir).unwrap();
            after += 1;
            pause = (pause * 4 / 5).max(20);
        } else {
            assert_ne!(done.code, Some(0));
            before += 1;
            // However slow the machine is: it comes to an end some time.
            pause = pause * 3 / 2;
        }
        for left in fs::read_dir(&folder).unwrap() {
            let left = left.unwrap().path();
            assert!(left.file_name().unwrap().to_str().unwrap().ends_with(".part"));
        }
    }
    assert!(before > 0 && after > 0, "{before} before, {after} after");
    // The next run sweeps what they left.
    case.officer().sanduq(&args).good();
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["disclosed"]);
    assert!(audited(&dir).holds());
}

/// The stamps on a receipt's checkpoint go along, and count for this checkpoint alone.
#[test]
fn stamps_go_along_with_the_receipt() {
    let house = House::new("disclosure-stamps");
    let case = Case::for_court(&house);
    let head = TlogProof::parse(&fs::read(&case.receipt).unwrap()).unwrap();
    let head = head.checkpoint.unverified().to_string().into_bytes();
    let authority = Authority::found(&house.folder("authority")).unwrap();
    let response = authority.stamp(&head);
    let stamp = house.write("head.tsr", authority.token(&response));
    let args = ["1", "--for", "court", "--receipt", text(&case.receipt), "--stamp", text(&stamp)];
    let (dir, done) = case.disclose("stamped", &[&args[..], &["--json"]].concat());
    assert_eq!(done.good().json()["stamps"], 1);
    let report = audited(&dir);
    assert!(report.holds(), "{:#?}", failures(&report));
    assert!(report.not_proved.contains(&Unproved::AuthoritySignature));
    assert_eq!(value(&report, ValueName::StampResponse), ["data/time/0001.tsr"]);
    let said = house.audit(&["disclosure", text(&dir)]).good().stdout();
    assert!(said.contains(&format!("-in {}/data/time/0001.tsr -CAfile ROOT.pem", text(&dir))), "{said}");

    // With stock tools: without a certificate they say what they left out, with another one they stop.
    let said = follow_instructions(&dir).unwrap();
    assert!(
        said.contains("data/time/0001.tsr: it claims ") && said.contains("NOT checked whether"),
        "{said}"
    );
    let said = follow_with_root(&dir, Some(&authority.root())).unwrap();
    assert!(!said.contains("NOT checked"), "{said}");
    let stranger = Authority::found(&house.folder("stranger")).unwrap();
    follow_with_root(&dir, Some(&stranger.root())).unwrap_err();

    // A bag that was changed and agrees with itself.
    let good = bag::read(&dir);
    let name = "data/time/0001.tsr".to_owned();
    let other = Stamp::parse(&stranger.stamp(b"archive.example/log\n")).unwrap().kept();
    let refused = |what: &str, question: Question, change: &dyn Fn(&mut Bag)| {
        let mut bag = good.clone();
        change(&mut bag);
        agree(&mut bag);
        let found = judge(&bag);
        assert!(found.iter().any(|(asked, _)| *asked == question), "{what}: {found:?}");
    };
    refused("over another text", Question::StampHead, &|bag| drop(bag.insert(name.clone(), other.clone())));
    refused("no stamp", Question::StampForm, &|bag| drop(bag.insert(name.clone(), b"a stamp".to_vec())));
    refused("under the other ending", Question::StampForm, &|bag| {
        let stamp = bag.remove(&name).unwrap();
        bag.insert("data/time/0001.ots".to_owned(), stamp);
    });
    refused("by itself", Question::StampForm, &|bag| {
        bag.insert(name.clone(), authority.token(&response));
    });
    refused("a number is missing", Question::DisclosureLayout, &|bag| {
        let stamp = bag[&name].clone();
        bag.insert("data/time/0003.tsr".to_owned(), stamp);
    });
    refused("another name", Question::DisclosureLayout, &|bag| {
        let stamp = bag[&name].clone();
        bag.insert("data/time/0002.txt".to_owned(), stamp);
    });
    refused("without the receipt", Question::DisclosureLayout, &|bag| {
        bag.remove("data/receipt.tlog-proof").unwrap();
    });
    let mut bag = good.clone();
    bag.insert(name.clone(), other);
    agree(&mut bag);
    let changed = tempfile::tempdir().unwrap();
    bag::write(&bag, changed.path());
    follow_instructions(changed.path()).unwrap_err();

    // What is no stamp on this receipt is refused before anything is written.
    let (none, done) = case.disclose("none", &["1", "--for", "court", "--stamp", text(&stamp)]);
    let alone = done.bad();
    assert!(alone.stderr().contains("there is no receipt") && !none.exists(), "{}", alone.stderr());
    let wrong = house.write("wrong.tsr", authority.stamp(b"something else"));
    let args = ["1", "--for", "court", "--receipt", text(&case.receipt), "--stamp", text(&wrong)];
    let (wrong, done) = case.disclose("wrong", &args);
    let wrong_done = done.bad();
    assert!(
        wrong_done.stderr().contains("over something else") && !wrong.exists(),
        "{}",
        wrong_done.stderr()
    );
}

/// A proof of OpenTimestamps goes along as it is, and whoever has the header of its block is told the time.
#[test]
fn a_proof_of_opentimestamps_goes_along() {
    let house = House::new("disclosure-ots");
    let Some(calendar) = Calendar::found(&house.folder("calendar")) else {
        println!(
            "SKIPPED a_proof_of_opentimestamps_goes_along: no Python with opentimestamps (tests/run tools installs it)"
        );
        return;
    };
    let case = Case::for_court(&house);
    let head = TlogProof::parse(&fs::read(&case.receipt).unwrap()).unwrap();
    let (proof, header) = calendar.attested(head.checkpoint.unverified().to_string().as_bytes());
    let stamp = house.write("head.ots", &proof);
    let args = ["1", "--for", "court", "--receipt", text(&case.receipt), "--stamp", text(&stamp)];
    let (dir, done) = case.disclose("attested", &args);
    done.good();
    assert_eq!(fs::read(dir.join("data/time/0001.ots")).unwrap(), proof);
    let said = follow_instructions(&dir).unwrap();
    assert!(said.contains("NOT checked to which block it leads: ots info data/time/0001.ots"), "{said}");
    let said = house.audit(&["disclosure", text(&dir), "--block-header", &header]).good().stdout();
    assert!(said.contains("2026-11-23T18:40:00Z"), "{said}");
    let mut bag = bag::read(&dir);
    bag.insert("data/time/0001.ots".to_owned(), calendar.pending(b"another text"));
    agree(&mut bag);
    assert!(judge(&bag).iter().any(|(question, _)| *question == Question::StampHead));
}
