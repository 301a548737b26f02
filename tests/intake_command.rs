//! `sanduq-intake` and `sanduq-verify` as they are typed: what they print, in both languages, and how they end.
#![cfg(all(feature = "intake", feature = "verify"))]

mod desk;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use desk::{Organisation, bundle, names, now, officer_line};
use sanduq::bundle::letter::open_receipt;
use sanduq::crypto::hybrid::Identity;
use sanduq::intake::Fate;
use serde_json::Value;

fn intake(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq-intake"));
    command.env_clear().arg("--archive").arg(root);
    command
}

fn verify() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq-verify"));
    command.env_clear();
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(command: &mut Command) -> Value {
    let output = command.arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output).lines().count(), 1);
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn founded(dir: &Path, officers: usize) -> PathBuf {
    let root = dir.join("archive");
    let mut init = intake(&root);
    init.args(["init", "--name", "بایگانی ساختگی", "--officers"]);
    for number in 0..officers {
        let path = dir.join(format!("officer-{number}.txt"));
        fs::write(&path, format!("{}\n", officer_line(&Identity::generate()))).unwrap();
        init.arg(path);
    }
    let output = init.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    root
}

#[test]
fn an_archive_is_made_with_more_than_half_of_its_officers_as_threshold() {
    for (officers, threshold) in [(1, 1), (2, 2), (3, 2), (5, 3)] {
        let dir = tempfile::tempdir().unwrap();
        let root = founded(dir.path(), officers);
        let card = json(intake(&root).arg("card"));
        let draft = card["draft"].as_str().unwrap();
        assert!(draft.contains(&format!("\nthreshold: {threshold}\n")), "{draft}");
        assert!(draft.contains("\nname: بایگانی ساختگی\n"), "{draft}");
        assert_eq!(card["serial"], 1);
        assert_eq!(stdout(&intake(&root).arg("card").output().unwrap()), draft);
    }
}

#[test]
fn bundles_come_in_and_receipts_go_out() {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    let (path, sealed) = org.seal_into(&stick, "a.bundle");
    fs::write(stick.join("b.bundle"), b"no bundle").unwrap();

    let output = intake(&org.root()).arg("accept").arg(&stick).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let (said, trouble) = (stdout(&output), stderr(&output));
    assert!(said.contains(&format!("\n  {}\n", sealed.bundle)), "{said}");
    assert!(said.contains("1 taken in, 0 here already, 1 refused"), "{said}");
    assert!(trouble.contains("/quarantine/") && trouble.contains("b.bundle"), "{trouble}");

    let again = json(intake(&org.root()).arg("accept").arg(&path));
    assert_eq!(again["outcomes"][0]["state"], "known");
    assert_eq!(again["outcomes"][0]["bundle"], sealed.bundle.to_string());

    let out = org.dir.path().join("out");
    let receipts = json(intake(&org.root()).arg("receipts").arg("--to").arg(&out));
    assert_eq!(receipts["receipts"].as_array().unwrap().len(), 1);
    assert_eq!(names(&out).len(), 1);
    let nothing = intake(&org.root()).arg("receipts").arg("--to").arg(&out).output().unwrap();
    assert!(nothing.status.success() && stdout(&nothing).contains("No receipt is waiting"));

    let list = json(intake(&org.root()).arg("list"));
    assert_eq!(list["bundles"][0]["handed_out"], true);
    let log = json(intake(&org.root()).arg("log"));
    assert_eq!(log["leaves"][0], format!("sanduq-log/1 ingest {}", sealed.bundle));
    let log = stdout(&intake(&org.root()).arg("log").output().unwrap());
    assert!(log.starts_with("sanduq.invalid/") && log.ends_with(&format!("{}\n", sealed.bundle)), "{log}");

    // The letter, opened by the contributor, is a receipt that anybody can check.
    let letter = fs::read(out.join(&names(&out)[0])).unwrap();
    let receipt = org.folder("audit").join("receipt.tlog-proof");
    fs::write(&receipt, open_receipt(&sealed.return_identity, &letter).unwrap().print()).unwrap();
    let card = org.folder("audit").join("organisation.card");
    fs::write(&card, org.card().as_bytes()).unwrap();
    for command in [
        verify().arg("bundle").arg(&path),
        verify().arg("receipt").arg("--card").arg(&card).arg(&receipt),
        verify().arg("card").arg(&card),
    ] {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        assert!(!stdout(&output).contains("DOES NOT HOLD"), "{}", stdout(&output));
        assert!(stdout(&output).contains("does not show") || stdout(&output).contains("eight words"));
    }
}

#[test]
fn every_answer_is_also_given_in_persian() {
    let org = Organisation::founded(2, 2);
    let stick = org.folder("stick");
    let (path, _) = org.seal_into(&stick, "a.bundle");
    fs::write(stick.join("b.bundle"), b"no bundle").unwrap();
    for command in [
        intake(&org.root()).arg("accept").arg(&stick),
        intake(&org.root()).arg("receipts").arg("--to").arg(&stick),
        intake(&org.root()).arg("accept").arg(org.dir.path().join("gone")),
        verify().arg("bundle").arg(&path),
        verify().arg("bundle").arg(stick.join("b.bundle")),
        intake(&org.root()).arg("--help"),
        verify().arg("--help"),
    ] {
        let output = command.args(["--lang", "fa"]).output().unwrap();
        let said = stdout(&output) + &stderr(&output);
        let persian = said.chars().filter(|c| ('\u{600}'..='\u{6ff}').contains(c)).count();
        assert!(persian > 40, "{said}");
        assert!(!said.contains("does not") && !said.contains("taken"), "{said}");
    }
}

#[test]
fn a_command_that_cannot_be_understood_ends_with_2_and_one_that_cannot_be_done_with_another() {
    let dir = tempfile::tempdir().unwrap();
    let code = |command: &mut Command| command.output().unwrap().status.code().unwrap();
    assert_eq!(code(intake(dir.path()).arg("acept")), 2);
    assert_eq!(code(&mut intake(dir.path())), 2);
    assert_eq!(code(verify().arg("bundle")), 2);
    assert_eq!(code(verify().args(["bundle", "--lang", "xx", "a"])), 2);
    assert_eq!(code(intake(dir.path()).arg("list")), 5);
    assert_eq!(code(intake(dir.path()).args(["accept", "a"])), 5);
    assert_eq!(code(verify().args(["bundle", "/nonexistent"])), 5);
    let officer = dir.path().join("officer.txt");
    fs::write(&officer, "not a line").unwrap();
    let mut init = intake(&dir.path().join("archive"));
    assert_eq!(code(init.args(["init", "--name", "N", "--officers"]).arg(&officer)), 4);
    assert_eq!(names(dir.path()), ["officer.txt"]);
}

/// What looks from outside as an officer's letter does.
fn a_letter() -> Vec<u8> {
    let org = Organisation::founded(1, 1);
    let stick = org.folder("stick");
    org.seal_into(&stick, "a.bundle");
    let answered = org.open().sync(&stick, now(), &AtomicBool::new(false), &mut |_| {}).unwrap();
    fs::read(&answered.receipts[0].file).unwrap()
}

/// A disk was full when the desk that was watching wanted to log a bundle. Room was made, sticks came and went, and nobody
/// looked for that bundle until the desk was next started.
#[test]
fn what_a_batch_could_not_log_is_taken_in_with_the_next_one() {
    let org = Organisation::founded(1, 1);
    let desk = org.folder("media");
    let (bytes, _) = bundle(&org.card());
    let mut watching = intake(&org.root())
        .args(["watch", "--every", "1", "--json"])
        .arg(&desk)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next = move || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    fs::write(org.folder("media/FIRST").join("a.bundle"), bytes).unwrap();
    assert_eq!(next()["state"], "accepted");
    assert_eq!(next()["folder"], desk.join("FIRST").to_str().unwrap());

    // As such a batch leaves it.
    let (bytes, left) = bundle(&org.card());
    let lying = org.root().join(format!("bundles/{}.bundle", left.bundle));
    fs::write(&lying, bytes).unwrap();
    fs::remove_file(org.root().join("settled")).unwrap();
    let (bytes, brought) = bundle(&org.card());
    fs::write(org.folder("media/SECOND").join("b.bundle"), bytes).unwrap();
    let said = [next(), next()];
    let accepted =
        said.each_ref().map(|one| (one["state"].as_str().unwrap(), one["bundle"].as_str().unwrap()));
    assert_eq!(
        accepted,
        [("accepted", &*left.bundle.to_string()), ("accepted", &*brought.bundle.to_string())]
    );
    // Nobody brought it: the stick is answered, and nothing is laid into the archive's own folder.
    assert_eq!(next()["folder"], desk.join("SECOND").to_str().unwrap());
    assert_eq!(names(&org.root().join("bundles")).len(), 3);
    assert!(names(&org.root().join("bundles")).iter().all(|name| name.ends_with(".bundle")));

    let pid = rustix::process::Pid::from_raw(watching.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(watching.wait().unwrap().success());
}

#[test]
fn a_watched_folder_is_emptied_into_the_archive_and_answered() {
    let org = Organisation::founded(1, 1);
    let desk = org.folder("media");
    let stick = org.folder("media/STICK");
    let (early, _) = bundle(&org.card());
    fs::write(stick.join("early.bundle"), &early).unwrap();
    let card = org.root().with_file_name("organisation.card");
    fs::write(&card, org.card().as_bytes()).unwrap();
    assert!(matches!(org.accept(&[card])[0].fate, Fate::CardAccepted { .. }));
    let letter = org.root().with_file_name("letter");
    fs::write(&letter, a_letter()).unwrap();
    org.open().letter_add(&letter, now()).unwrap();
    let mut watching = intake(&org.root())
        .args(["watch", "--every", "1", "--json"])
        .arg(&desk)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next = move || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(next()["state"], "accepted");
    let said = next();
    assert_eq!(said["folder"], stick.to_str().unwrap());
    let first = PathBuf::from(said["receipts"][0]["file"].as_str().unwrap());
    assert_eq!(first.parent().unwrap(), stick);
    assert_eq!(said["cards"], 1, "{said}");
    assert_eq!((next()["letters"]["laid"].as_u64(), names(&stick).len()), (Some(1), 4));
    assert_eq!(names(&stick).iter().filter(|name| name.ends_with(".receipt")).count(), 3);

    // The stick is lost; the next one brings the same bundle and nothing else.
    fs::remove_dir_all(&stick).unwrap();
    fs::create_dir(&stick).unwrap();
    fs::write(stick.join("again.bundle"), &early).unwrap();
    assert_eq!(next()["state"], "known");
    let said = next();
    assert_eq!((said["receipts"].as_array().unwrap().len(), &said["cards"]), (1, &1.into()), "{said}");
    assert_eq!(next()["letters"]["laid"], 1);
    assert_eq!(names(&stick).iter().filter(|name| name.ends_with(".receipt")).count(), 3);

    // One that comes in two halves, as a copy does, is taken when it is whole.
    let (late, sealed) = bundle(&org.card());
    let path = desk.join("late.bundle");
    fs::write(&path, &late[..late.len() / 2]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    fs::write(&path, &late).unwrap();
    let mut seen = next();
    if seen["state"] == "refused" {
        // The machine was so slow that the half looked finished; it is quarantined, and then comes the whole.
        seen = next();
    }
    assert_eq!(
        (seen["state"].as_str(), seen["bundle"].as_str()),
        (Some("accepted"), Some(&*sealed.bundle.to_string()))
    );
    let second = next();
    let letter = fs::read(second["receipts"][0]["file"].as_str().unwrap()).unwrap();
    open_receipt(&sealed.return_identity, &letter).unwrap().verify(&org.card(), &sealed.bundle).unwrap();

    let pid = rustix::process::Pid::from_raw(watching.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let began = Instant::now();
    assert!(watching.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(org.look().bundles().unwrap().iter().filter(|one| one.handed_out).count(), 2);
}
