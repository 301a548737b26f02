//! Times from outside: heads of the log are stamped by an authority (openssl) and by a calendar (OpenTimestamps), kept
//! only if they are over a head of this very log, carried in proofs, and checked by an auditor without a network.
#![cfg(all(feature = "intake", feature = "verify"))]

#[path = "stamp/authority.rs"]
mod authority;
#[path = "stamp/calendar.rs"]
mod calendar;
mod desk;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use authority::Authority;
use calendar::Calendar;
use desk::{Organisation, names};
use sanduq::audit::{self, LogQuestions, Outcome, Question, Report, TimeQuestions, Unproved, ValueName};
use sanduq::crypto::Digest;
use sanduq::format::ots::BlockHeader;
use sanduq::intake::{IntakeError, StampSays};
use sanduq::tlog::Stamp;

const NO_OPENSSL: &str = "no openssl";
const NO_CALENDAR: &str = "no Python with opentimestamps (tests/run tools installs it)";

/// An organisation with one bundle in its log, and the text of its head.
fn logged() -> (Organisation, Digest, Vec<u8>) {
    let org = Organisation::founded(1, 1);
    let bundle = take_in(&org, "first");
    let head = head(&org, "head");
    (org, bundle, head)
}

fn take_in(org: &Organisation, name: &str) -> Digest {
    let (path, sealed) = org.seal_into(&org.folder("sticks"), &format!("{name}.bundle"));
    org.accept(&[path]);
    sealed.bundle
}

/// The text of the newest head, as it goes to whoever stamps it.
fn head(org: &Organisation, name: &str) -> Vec<u8> {
    let file = org.dir.path().join(name);
    org.look().head_to_stamp(&file).unwrap();
    fs::read(file).unwrap()
}

fn brought(org: &Organisation, name: &str, stamp: &[u8]) -> std::path::PathBuf {
    let path = org.folder("brought").join(name);
    fs::write(&path, stamp).unwrap();
    path
}

fn asked(org: &Organisation, id: &Digest, questions: &TimeQuestions) -> Report {
    let proof = fs::read(org.dir.path().join("proved").join(format!("{id}.tlog-proof"))).unwrap();
    let mut report = audit::receipt(org.card().as_bytes(), &proof);
    audit::time(&mut report, &proof, questions);
    report
}

fn stamps(paths: &[std::path::PathBuf]) -> TimeQuestions {
    let stamps = paths.iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    TimeQuestions { stamps, headers: Vec::new() }
}

fn values(report: &Report, name: ValueName) -> Vec<&str> {
    report.values.iter().filter(|value| value.name == name).map(|value| value.value.as_str()).collect()
}

fn outcomes(report: &Report, question: Question) -> Vec<Outcome> {
    report.checks.iter().filter(|check| check.question == question).map(|check| check.outcome).collect()
}

fn program(name: &str, args: &[&str]) -> Output {
    let path = match name {
        "sanduq-intake" => env!("CARGO_BIN_EXE_sanduq-intake"),
        _ => env!("CARGO_BIN_EXE_sanduq-verify"),
    };
    Command::new(path).args(["--lang", "en"]).args(args).output().unwrap()
}

fn good(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_stamped_is_what_the_log_signs() {
    let (org, _, head) = logged();
    let checkpoint = org.look().checkpoint().unwrap();
    let (text, _) = checkpoint.split_once("\n\n").unwrap();
    assert_eq!(String::from_utf8(head).unwrap(), format!("{text}\n"));
    let file = org.dir.path().join("head");
    assert!(matches!(org.look().head_to_stamp(&file), Err(IntakeError::Store(_))), "nothing is overwritten");
}

#[test]
fn an_authority_stamps_a_head_and_an_auditor_is_told() {
    let (org, bundle, head) = logged();
    let Some(authority) = Authority::found(&org.dir.path().join("authority")) else {
        return println!("SKIPPED an_authority_stamps_a_head_and_an_auditor_is_told: {NO_OPENSSL}");
    };
    let response = authority.stamp(&head);
    let came = brought(&org, "head.tsr", &response);
    let kept = org.open().take_stamp(&came).unwrap();
    assert!((kept.size, kept.already) == (1, false));
    assert!(matches!(kept.says, StampSays::Authority { .. }), "{kept:?}");
    let StampSays::Authority { authority: Some(name), .. } = &kept.says else { panic!("{kept:?}") };
    assert_eq!(name, "O=Invented, CN=Stamps");

    // The same once more, by itself or in another answer, is there once.
    let token = authority.token(&response);
    for again in [&response, &token] {
        assert!(org.open().take_stamp(&brought(&org, "again.tsr", again)).unwrap().already);
    }
    assert_eq!(names(&org.root().join("stamps")), [kept.name.as_str()]);
    let lies = fs::read(org.root().join("stamps").join(&kept.name)).unwrap();
    assert!(authority.verifies(&head, &lies), "openssl takes what is kept");

    // The head stays stamped when the log grows.
    let later = take_in(&org, "second");
    let dir = org.dir.path().join("proved");
    let proved = org.look().prove_stamped(&bundle, &dir).unwrap();
    assert_eq!((proved.size, proved.leaf), (1, 0));
    assert_eq!(names(&dir), [format!("{bundle}.tlog-proof"), format!("{bundle}.tsr")]);
    assert!(matches!(org.look().prove_stamped(&later, &dir), Err(IntakeError::NotStamped { .. })));

    let report = asked(&org, &bundle, &stamps(&proved.stamps));
    assert!(report.holds(), "{report:#?}");
    assert_eq!(report.not_proved, [Unproved::AuthoritySignature]);
    assert_eq!(values(&report, ValueName::Imprint), [Digest::of(&head).to_string()]);
    assert_eq!(values(&report, ValueName::Authority), ["O=Invented, CN=Stamps"]);
    let time = values(&report, ValueName::TokenTime)[0].parse::<sanduq::format::time::Time>().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(time.unix().unsigned_abs()) < 600, "{time}");

    // The command that the program prints is one that openssl takes.
    let card = org.dir.path().join("card");
    fs::write(&card, org.card().as_bytes()).unwrap();
    let proof = text(&proved.proof);
    for (stamp, bytes) in [("response", &lies), ("token", &token)] {
        let stamp = brought(&org, stamp, bytes);
        let said = good(&program(
            "sanduq-verify",
            &["receipt", "--card", text(&card), proof, "--stamp", text(&stamp)],
        ));
        let command = said.lines().find(|line| line.trim_start().starts_with("openssl ts -verify")).unwrap();
        let root = authority.root();
        let command = command.replace("ROOT.pem", text(&root));
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success(), "{command}");
        assert!(said.contains("not proved: the time that the authority's token claims"), "{said}");
    }
}

#[test]
fn a_stamp_over_anything_else_is_not_kept() {
    let (org, bundle, head) = logged();
    let Some(authority) = Authority::found(&org.dir.path().join("authority")) else {
        return println!("SKIPPED a_stamp_over_anything_else_is_not_kept: {NO_OPENSSL}");
    };
    let other = Organisation::founded(1, 1);
    take_in(&other, "first");
    let of_other = authority.stamp(&self::head(&other, "head"));
    let whole = org.look().checkpoint().unwrap();
    let of_signed = authority.stamp(whole.as_bytes());
    for (name, stamp) in [("other log", &of_other), ("signed note", &of_signed)] {
        let refused = org.open().take_stamp(&brought(&org, "other.tsr", stamp));
        assert!(matches!(refused, Err(IntakeError::OtherStamp { .. })), "{name}: {refused:?}");
    }
    let sha512 = authority.stamp_by(&head, "sha512", "");
    let refusal = authority.stamp_by(&head, "sha3-256", "");
    for (name, stamp) in [("sha512", &sha512[..]), ("refusal", &refusal), ("text", b"30"), ("nothing", b"")] {
        let refused = org.open().take_stamp(&brought(&org, "other.tsr", stamp));
        assert!(matches!(refused, Err(IntakeError::Stamp { .. })), "{name}: {refused:?}");
    }
    assert!(!org.root().join("stamps").exists());

    // What was kept and is shown with another proof does not hold there.
    let good = authority.stamp(&head);
    org.open().take_stamp(&brought(&org, "head.tsr", &good)).unwrap();
    org.look().prove_stamped(&bundle, &org.dir.path().join("proved")).unwrap();
    let report = asked(&org, &bundle, &stamps(&[brought(&org, "other.tsr", &of_other)]));
    assert!(!report.holds());
    assert_eq!(outcomes(&report, Question::StampHead), [Outcome::Fails]);
    assert!(values(&report, ValueName::TokenTime).is_empty(), "no time is told of what does not hold");

    // Every bit of the imprint counts, and no part of a stamp is one.
    let at = good.windows(32).position(|window| window == Digest::of(&head).as_bytes()).unwrap();
    for byte in at..at + 32 {
        let mut flipped = good.clone();
        flipped[byte] ^= 1 << (byte % 8);
        let refused = org.open().take_stamp(&brought(&org, "flipped.tsr", &flipped));
        assert!(matches!(refused, Err(IntakeError::OtherStamp { .. })), "byte {byte}: {refused:?}");
        assert!(!authority.verifies(&head, &flipped));
    }
    for len in 0..good.len() {
        assert!(Stamp::parse(&good[..len]).is_err(), "{len} bytes");
    }
}

/// A byte that is changed anywhere is either of what is passed over (the certificates, the signature), where openssl
/// finds it, or is refused, or says something else.
#[test]
fn no_change_of_a_token_passes_both() {
    let (org, _, head) = logged();
    let Some(authority) = Authority::found(&org.dir.path().join("authority")) else {
        return println!("SKIPPED no_change_of_a_token_passes_both: {NO_OPENSSL}");
    };
    let good = Stamp::parse(&authority.stamp(&head)).unwrap().kept();
    let time = |stamp: &Stamp| match stamp {
        Stamp::Response(token) => token.time,
        other => panic!("{other:?}"),
    };
    let truth = time(&Stamp::parse(&good).unwrap());
    let mut lied = 0;
    for byte in 0..good.len() {
        let mut changed = good.clone();
        changed[byte] ^= 1;
        let Ok(stamp) = Stamp::parse(&changed) else { continue };
        if stamp.imprint() != Digest::of(&head)
            || matches!(stamp, Stamp::Response(_)) && time(&stamp) != truth
        {
            lied += 1;
            assert!(!authority.verifies(&head, &changed), "byte {byte}");
        }
    }
    assert!(lied > 32, "{lied}");
}

#[test]
fn the_log_carries_its_stamps() {
    let (org, bundle, head) = logged();
    let Some(authority) = Authority::found(&org.dir.path().join("authority")) else {
        return println!("SKIPPED the_log_carries_its_stamps: {NO_OPENSSL}");
    };
    let kept = org.open().take_stamp(&brought(&org, "head.tsr", &authority.stamp(&head))).unwrap();
    take_in(&org, "second");
    let to = org.dir.path().join("log");
    org.look().export_log(&to).unwrap();
    assert_eq!(org.look().export_log(&to).unwrap().files, 0, "there is nothing new");
    let stamp = to.join("stamp").join(&kept.name);
    let card = org.card();
    let audited = || audit::log(&to, card.as_bytes(), &LogQuestions::default()).unwrap();
    let report = audited();
    assert!(report.holds(), "{report:#?}");
    assert_eq!(outcomes(&report, Question::LogStamps), [Outcome::Holds]);
    assert_eq!(values(&report, ValueName::TokenTime).len(), 1);

    let bytes = fs::read(&stamp).unwrap();
    let digest = Digest::of(&bytes).to_string();
    let other_digest = kept.name.replace(&digest, &Digest::of(b"another").to_string());
    for (what, name, bytes) in [
        ("another size", kept.name.replacen("1-", "2-", 1), bytes.clone()),
        ("more than there are", kept.name.replacen("1-", "3-", 1), bytes.clone()),
        ("no name of a stamp", "first.tsr".to_owned(), bytes.clone()),
        ("another digest", other_digest, bytes.clone()),
        ("changed", kept.name.clone(), [&bytes[..], b"\0"].concat()),
    ] {
        fs::remove_file(&stamp).unwrap();
        fs::write(to.join("stamp").join(&name), &bytes).unwrap();
        let report = audited();
        assert_eq!(outcomes(&report, Question::LogStamps), [Outcome::Fails], "{what}: {report:#?}");
        assert!(values(&report, ValueName::TokenTime).is_empty());
        fs::remove_file(to.join("stamp").join(&name)).unwrap();
        fs::copy(org.root().join("stamps").join(&kept.name), &stamp).unwrap();
    }
    assert!(audited().holds());

    // One that was changed in the archive leaves it no more.
    fs::write(org.root().join("stamps").join(&kept.name), [&bytes[..], b"\0"].concat()).unwrap();
    let anew = org.dir.path().join("anew");
    let exported = org.look().export_log(&anew).map(drop);
    let proved = org.look().prove_stamped(&bundle, &anew).map(drop);
    for refused in [exported, proved] {
        assert!(matches!(refused, Err(IntakeError::Damaged { .. })), "{refused:?}");
    }
}

#[test]
fn a_calendar_promises_and_a_block_attests() {
    let (org, bundle, head) = logged();
    let Some(calendar) = Calendar::found(&org.dir.path().join("calendar")) else {
        return println!("SKIPPED a_calendar_promises_and_a_block_attests: {NO_CALENDAR}");
    };
    let pending = calendar.pending(&head);
    let kept = org.open().take_stamp(&brought(&org, "head.ots", &pending)).unwrap();
    assert!(kept.name.ends_with(".ots"));
    let dir = org.dir.path().join("proved");
    let proved = org.look().prove_stamped(&bundle, &dir).unwrap();
    let report = asked(&org, &bundle, &stamps(&proved.stamps));
    assert!(report.holds(), "{report:#?}");
    assert_eq!(report.not_proved, [Unproved::Pending]);
    assert_eq!(values(&report, ValueName::Calendar), ["https://calendar.example"]);
    assert!(values(&report, ValueName::Block).is_empty());

    let (attested, header) = calendar.attested(&head);
    org.open().take_stamp(&brought(&org, "head.ots", &attested)).unwrap();
    assert_eq!(names(&org.root().join("stamps")).len(), 2);
    let proved = org.look().prove_stamped(&bundle, &dir).unwrap();
    assert_eq!(fs::read(&proved.stamps[0]).unwrap(), attested, "the one that leads to a block");
    assert_eq!(proved.stamps.len(), 1);
    let both = [brought(&org, "pending.ots", &pending), brought(&org, "attested.ots", &attested)];
    assert_eq!(asked(&org, &bundle, &stamps(&both)).not_proved, [Unproved::Block]);
    let mut questions = stamps(&[brought(&org, "head.ots", &attested)]);
    let report = asked(&org, &bundle, &questions);
    assert!(report.holds(), "{report:#?}");
    assert_eq!(report.not_proved, [Unproved::Block]);
    assert_eq!(values(&report, ValueName::Block), ["902645"]);
    // As a node shows it: the last byte first.
    let root: Vec<&str> = (0..32).rev().map(|byte| &header[72 + 2 * byte..74 + 2 * byte]).collect();
    assert_eq!(values(&report, ValueName::MerkleRoot), [root.concat()]);

    questions.headers = vec![header.parse().unwrap()];
    let report = asked(&org, &bundle, &questions);
    assert!(report.holds(), "{report:#?}");
    assert_eq!(report.not_proved, [Unproved::Chain]);
    assert_eq!(values(&report, ValueName::BlockTime), ["2026-11-23T18:40:00Z"]);

    // Of another block the root is another.
    let at = 72;
    let digit = if &header[at..=at] == "0" { "1" } else { "0" };
    let wrong = format!("{}{digit}{}", &header[..at], &header[at + 1..]);
    questions.headers = vec![wrong.parse().unwrap()];
    let report = asked(&org, &bundle, &questions);
    assert_eq!(outcomes(&report, Question::StampBlock), [Outcome::Fails]);
    assert_eq!(report.not_proved, [Unproved::Block]);
    assert!(values(&report, ValueName::BlockTime).is_empty());
    assert!(
        header[2..].parse::<BlockHeader>().is_err() && header.to_uppercase().parse::<BlockHeader>().is_err()
    );

    // Over another text it is no stamp of this log, whatever it leads to.
    let other = calendar.attested(b"another text\n").0;
    let refused = org.open().take_stamp(&brought(&org, "other.ots", &other));
    assert!(matches!(refused, Err(IntakeError::OtherStamp { .. })), "{refused:?}");
    for len in 0..attested.len() {
        assert!(Stamp::parse(&attested[..len]).is_err(), "{len} bytes");
    }
    assert_eq!(
        calendar.again(&Stamp::parse(&attested).unwrap().kept()),
        attested,
        "its client reads what is kept"
    );
}

/// Each byte of the way counts: what still is a proof leads to another root, or names another block.
#[test]
fn no_change_of_a_way_leads_to_the_same_block() {
    let dir = tempfile::tempdir().unwrap();
    let Some(calendar) = Calendar::found(dir.path()) else {
        return println!("SKIPPED no_change_of_a_way_leads_to_the_same_block: {NO_CALENDAR}");
    };
    let (good, _) = calendar.attested(b"an invented text\n");
    let blocks = |stamp: &Stamp| match stamp {
        Stamp::Proof(proof) => proof.blocks().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let truth = (Digest::of(b"an invented text\n"), blocks(&Stamp::parse(&good).unwrap()));
    // What a calendar promises is on no way to a block: its kind, two lengths, its address.
    let address = good.windows(8).position(|window| window == b"https://").unwrap();
    let promise = address - 10..address + "https://calendar.example".len();
    let mut read = 0;
    for (byte, bit) in (0..good.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit))) {
        let mut changed = good.clone();
        changed[byte] ^= 1 << bit;
        if let Ok(stamp) = Stamp::parse(&changed) {
            read += 1;
            let same = (stamp.imprint(), blocks(&stamp)) == truth;
            assert!(!same || promise.contains(&byte), "byte {byte}, bit {bit}");
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn the_programs_say_what_to_do() {
    let (org, bundle, _) = logged();
    let root = org.root();
    let desk = |args: &[&str]| program("sanduq-intake", &[&["--archive", text(&root)], args].concat());
    let file = org.dir.path().join("to stamp");
    let said = good(&desk(&["log", "stamp", "--export", text(&file)]));
    for part in
        ["openssl ts -query -data 'to stamp' -sha256 -cert", "ots stamp 'to stamp'", "log stamp --import"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(fs::read(&file).unwrap(), head(&org, "head again"));
    assert_eq!(desk(&["log", "stamp", "--export", text(&file)]).status.code(), Some(1));
    for wrong in [&["log", "stamp"][..], &["log", "stamp", "--export", "a", "--import", "b"]] {
        assert_eq!(desk(wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(desk(&["log", "stamp", "--import", text(&file)]).status.code(), Some(4));
    let to = org.dir.path().join("proved");
    assert_eq!(desk(&["log", "prove", &bundle.to_string(), "--stamped", text(&to)]).status.code(), Some(5));
    assert!(!to.exists());
}

/// What a kill left of a stamp is swept by the next opening, and a stamp is whole or not there.
#[test]
fn what_a_kill_left_is_swept() {
    let (org, _, _) = logged();
    let folder = org.root().join("stamps");
    fs::create_dir(&folder).unwrap();
    let left = folder.join(sanduq::store::files::temporary_name());
    fs::write(&left, b"half").unwrap();
    org.open();
    assert!(!left.exists());
}
