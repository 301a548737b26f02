//! Witnesses over a stick, by the programs as they are typed: an archive asks, two auditors' laptops cosign, and only then
//! do receipts go out that the contributor's card lets count; a log that shows two histories gets no cosignature for the
//! second.
#![cfg(all(feature = "intake", feature = "verify"))]

mod desk;
#[path = "foreign/tools.rs"]
#[allow(dead_code)]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use desk::{Organisation, names, now, snapshot};
use sanduq::audit::{self, LogQuestions};
use sanduq::bundle::letter::open_receipt;
use sanduq::format::card::Card;
use sanduq::tlog::add_checkpoint::{AddCheckpoint, Answer};
use sanduq::tlog::{Checkpoint, SignedCheckpoint};
use serde_json::Value;

const NAMES: [&str; 3] = ["auditor.example/one", "auditor.example/two", "auditor.example/three"];

struct Scene {
    org: Organisation,
}

impl Scene {
    fn path(&self, name: &str) -> PathBuf {
        self.org.dir.path().join(name)
    }

    fn desk(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq-intake"));
        command.env_clear().current_dir(self.org.dir.path()).arg("--archive").arg(self.org.root());
        command.args(args).output().unwrap()
    }

    fn witness(&self, number: usize, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanduq-verify"));
        command.env_clear().current_dir(self.org.dir.path()).arg("witness").args(args);
        command.arg("--witness").arg(self.path(&format!("witness-{number}"))).output().unwrap()
    }

    /// Two of three witnesses are enough by the card that the desk takes in.
    fn new() -> Scene {
        let scene = Scene { org: Organisation::founded(1, 1) };
        let mut card = vec!["card".to_owned()];
        for (number, name) in NAMES.iter().enumerate() {
            good(scene.witness(number, &["init", name]));
            let said = good(scene.witness(number, &["status"]));
            let again = format!(
                "sanduq-verify witness --witness {} cosign",
                scene.path(&format!("witness-{number}")).display()
            );
            assert!(said.contains(&again), "what is suggested works as it stands: {said}");
            let keys = good(scene.witness(number, &["keys"]));
            let file = format!("witness-{number}.keys");
            fs::write(scene.path(&file), keys).unwrap();
            card.extend(["--witness".to_owned(), file]);
        }
        scene.takes_card(&card.iter().map(String::as_str).collect::<Vec<_>>());
        scene
    }

    /// The desk takes in the card that this command drafts.
    fn takes_card(&self, draft: &[&str]) {
        let draft = good(self.desk(draft));
        let signed = sanduq::format::card::Draft::parse(draft.as_bytes()).unwrap().sign(&self.org.card_key);
        fs::write(self.path("organisation.card"), signed.as_bytes()).unwrap();
        good(self.desk(&["accept", "organisation.card"]));
    }

    fn card(&self) -> Card {
        Card::parse(&fs::read(self.path("organisation.card")).unwrap()).unwrap()
    }

    /// A bundle comes on a stick of its own.
    fn arrives(&self, stick: &str) -> sanduq::bundle::Sealed {
        let folder = self.org.folder(stick);
        let (bytes, sealed) = desk::bundle(&self.card());
        fs::write(folder.join("a.bundle"), bytes).unwrap();
        sealed
    }

    fn asks(&self) -> Vec<String> {
        let asked = json(self.desk(&["log", "ask", "requests", "--json"]));
        let asked = asked["asked"].as_array().unwrap();
        asked.iter().map(|one| one["witness"].as_str().unwrap().to_owned()).collect()
    }

    /// What the witness of this number answers to the request for it.
    fn cosigns(&self, number: usize) -> Output {
        let (request, answer) = (self.request(number), format!("answer-{number}"));
        let args =
            ["cosign", request.to_str().unwrap(), "--card", "organisation.card", "--to", &answer, "--json"];
        self.witness(number, &args)
    }

    fn request(&self, number: usize) -> PathBuf {
        self.path(&format!("requests/{}.add-checkpoint", number + 1))
    }

    fn takes(&self, number: usize) -> Value {
        json(self.desk(&["log", "cosigned", &format!("answer-{number}"), "--json"]))["answers"][0].clone()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn good(output: Output) -> String {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

fn json(output: Output) -> Value {
    serde_json::from_str(&good(output)).unwrap()
}

fn letters(folder: &Path) -> usize {
    names(folder).iter().filter(|name| name.ends_with(".receipt")).count()
}

#[test]
fn receipts_wait_for_witnesses_and_count_under_them() {
    let scene = Scene::new();
    let sealed = scene.arrives("stick");
    let synced = json(scene.desk(&["sync", "stick", "--json"]));
    assert_eq!((&synced["waiting"], &synced["left"]), (&1.into(), &0.into()));
    // Nothing went out that the contributor would have to refuse.
    assert_eq!(synced["receipts"], Value::Array(Vec::new()));
    let said = good(scene.desk(&["sync", "stick"]));
    assert!(said.contains("One receipt waits until enough witnesses have cosigned the log."), "{said}");
    assert!(good(scene.desk(&["receipts", "--to", "out"])).contains("One receipt waits"));

    assert_eq!(scene.asks(), NAMES);
    for (number, enough) in [(0, false), (2, true)] {
        assert_eq!(json(scene.cosigns(number))["state"], "cosigned");
        let taken = scene.takes(number);
        assert_eq!((&taken["state"], &taken["witness"]), (&"cosigned".into(), &NAMES[number].into()));
        assert_eq!(taken["enough"], enough, "{taken}");
    }
    assert_eq!(scene.asks(), [NAMES[1]], "the others have cosigned this head");

    let synced = json(scene.desk(&["sync", "stick", "--json"]));
    assert_eq!(synced["waiting"], 0);
    let letter = fs::read(scene.path(synced["receipts"][0]["file"].as_str().unwrap())).unwrap();
    let receipt = open_receipt(&sealed.return_identity, &letter).unwrap();
    receipt.verify(&scene.card(), &sealed.bundle).unwrap();
    assert!(audit::receipt(scene.card().as_bytes(), receipt.print().as_bytes()).holds());
    // Two witnesses are needed: with the signatures of one alone it does not count.
    let printed = receipt.print();
    let without = |gone: &dyn Fn(&str) -> bool| -> String {
        printed.lines().filter(|line| !gone(line)).flat_map(|line| [line, "\n"]).collect()
    };
    let one = without(&|line| line.contains(NAMES[2]));
    assert!(!audit::receipt(scene.card().as_bytes(), one.as_bytes()).holds());
    // The log's own second signature cannot be stripped either.
    let origin = scene.card().log_key().name().to_owned();
    let own: Vec<&str> = printed.lines().filter(|line| line.starts_with(&format!("— {origin} "))).collect();
    assert_eq!(own.len(), 2);
    let stripped = without(&|line| line == own[1]);
    assert!(!audit::receipt(scene.card().as_bytes(), stripped.as_bytes()).holds());

    // What came after is in no head that counts, and waits; what was answered stays answered.
    scene.arrives("second");
    let synced = json(scene.desk(&["sync", "second", "--json"]));
    assert_eq!(synced["waiting"], 1);
    assert_eq!(letters(&scene.path("stick")), 2, "the receipt and the card");
    good(scene.desk(&["log", "export", "log"]));
    let newest = audit::log(&scene.path("log"), scene.card().as_bytes(), &LogQuestions::default()).unwrap();
    assert!(!newest.holds(), "too few witnesses saw it");
    scene.asks();
    for number in [0, 1] {
        good(scene.cosigns(number));
        scene.takes(number);
    }
    assert_eq!(json(scene.desk(&["sync", "second", "--json"]))["waiting"], 0);
    good(scene.desk(&["log", "export", "log"]));
    let report = audit::log(&scene.path("log"), scene.card().as_bytes(), &LogQuestions::default()).unwrap();
    assert!(report.holds(), "{report:#?}");
}

#[test]
fn a_witness_says_from_where_it_has_to_be_asked() {
    let scene = Scene::new();
    scene.asks();
    good(scene.cosigns(0));
    // The answer is lost; the next request begins where the desk thinks the witness is.
    scene.arrives("stick");
    good(scene.desk(&["sync", "stick"]));
    scene.asks();
    let again = json(scene.cosigns(0));
    assert_eq!((&again["state"], &again["size"]), (&"ask-again".into(), &1.into()));
    assert_eq!(fs::read_to_string(scene.path("answer-0")).unwrap(), "1\n", "as C2SP has it");
    let told = scene.takes(0);
    assert_eq!((&told["state"], &told["last"]), (&"ask-again".into(), &1.into()));
    scene.asks();
    let request = AddCheckpoint::parse(&fs::read(scene.request(0)).unwrap()).unwrap();
    assert_eq!((request.old, request.checkpoint.unverified().size), (1, 2));
    assert_eq!(json(scene.cosigns(0))["state"], "cosigned");
    assert_eq!(scene.takes(0)["size"], 2);
    // One that was moved to a new laptop without its memory is asked from the beginning.
    fs::remove_dir_all(scene.path("witness-1")).unwrap();
    good(scene.witness(1, &["init", NAMES[1]]));
    let asked = json(scene.desk(&["log", "ask", "requests", "--from", "0", "--json"]));
    assert_eq!(asked["asked"][0]["from"], 0);
    assert_eq!(json(scene.cosigns(1))["state"], "cosigned");
    // It has other keys, which the card does not name.
    let refused = scene.desk(&["log", "cosigned", "answer-1"]);
    assert_eq!(refused.status.code(), Some(4));
    assert!(text(&refused.stderr).contains("no answer of a witness of your card"));
    assert!(text(&refused.stderr).contains("Nothing was changed."));
    // Beside one that is taken it was said that nothing was changed.
    let refused = scene.desk(&["log", "cosigned", "answer-1", "answer-0"]);
    assert!(text(&refused.stderr).contains("What was named before it is done."), "{}", text(&refused.stderr));
}

/// Story: a witness that put its line into its answer sixty times would have made every receipt longer than its readers
/// take.
#[test]
fn of_each_key_one_line_is_taken() {
    let scene = Scene::new();
    scene.asks();
    good(scene.cosigns(0));
    let answer = fs::read_to_string(scene.path("answer-0")).unwrap();
    let first = answer.lines().next().unwrap();
    fs::write(scene.path("answer-0"), format!("{first}\n").repeat(60) + &answer).unwrap();
    assert_eq!(scene.takes(0)["state"], "cosigned");
    let head = good(scene.desk(&["log", "checkpoint"]));
    let head = SignedCheckpoint::parse(head.as_bytes()).unwrap();
    assert_eq!(head.note().signatures().len(), 4, "two of the log, two of the witness");
    // One key of two is no answer.
    fs::write(scene.path("answer-0"), format!("{first}\n")).unwrap();
    assert_eq!(scene.desk(&["log", "cosigned", "answer-0"]).status.code(), Some(4));
}

/// With as many witnesses as a card may name, a receipt fits into a letter and the card is no longer than cards are.
#[test]
fn as_many_witnesses_as_a_card_may_name_can_all_cosign() {
    let org = Organisation::founded(5, 5);
    let witnesses: Vec<_> = (0..=sanduq::intake::WITNESSES_MAX)
        .map(|number| {
            let state = sanduq::witness::WitnessState::init(
                &org.folder(&format!("w{number}")),
                &format!("w{number}.example/a-long-name-for-a-witness"),
            );
            state.unwrap()
        })
        .collect();
    let named = |count: usize| sanduq::intake::Witnesses {
        keys: witnesses[..count].iter().map(|witness| witness.verifiers().cloned().collect()).collect(),
        needed: Some(count),
    };
    let draft = |count| org.look().card_draft_with(now(), Some(&named(count)));
    assert!(draft(witnesses.len()).is_err());
    let draft = draft(sanduq::intake::WITNESSES_MAX).unwrap();
    let card = draft.sign(&org.card_key);
    assert!(Card::parse(card.as_bytes()).is_ok(), "{} bytes", card.as_bytes().len());
    let path = org.dir.path().join("organisation.card");
    fs::write(&path, card.as_bytes()).unwrap();
    let (bytes, sealed) = desk::bundle(&card);
    let stick = org.folder("stick");
    fs::write(stick.join("a.bundle"), bytes).unwrap();
    org.accept(&[path, stick.join("a.bundle")]);
    let mut archive = org.open();
    for (asked, witness) in archive.ask_witnesses(&org.folder("asked"), None).unwrap().iter().zip(&witnesses)
    {
        let request = AddCheckpoint::parse(&fs::read(&asked.file).unwrap()).unwrap();
        let sanduq::witness::Verdict::Cosigned { answer, .. } =
            witness.cosign(&card, &request, now()).unwrap()
        else {
            panic!("it is the first head")
        };
        fs::write(&asked.file, answer.to_string()).unwrap();
        archive.take_answer(&asked.file).unwrap();
    }
    let answered = archive.sync(&stick, now(), &Default::default(), &mut |_| {}).unwrap();
    let letter = fs::read(&answered.receipts[0].file).unwrap();
    open_receipt(&sealed.return_identity, &letter).unwrap().verify(&card, &sealed.bundle).unwrap();
}

/// The heads of one log key that cannot both be true.
#[test]
fn a_second_history_gets_no_cosignature_and_convicts() {
    let scene = Scene::new();
    scene.arrives("stick");
    good(scene.desk(&["sync", "stick"]));
    scene.asks();
    good(scene.cosigns(0));
    let kept = snapshot(&scene.path("witness-0"));
    // Another history of the same size, signed by the same key.
    let key = fs::read_to_string(scene.org.root().join("log.key")).unwrap();
    let key = sanduq::crypto::Secret::new(key.into_bytes());
    let (name, key) = sanduq::format::private_key::parse(&key, sanduq::format::note::KeyKind::Log).unwrap();
    let log = sanduq::format::note::NoteSigner::new(&name, key).unwrap();
    let head = |size, root: &[u8]| {
        Checkpoint::of(&log, size, sanduq::crypto::Digest::of(root)).sign_twice(&log).unwrap()
    };
    let ask = |old, proof, checkpoint: SignedCheckpoint| {
        let request = AddCheckpoint { old, proof, checkpoint };
        fs::write(scene.request(0), request.to_string()).unwrap();
        scene.cosigns(0)
    };
    let forked = ask(2, Vec::new(), head(2, b"another history"));
    assert_eq!(forked.status.code(), Some(4));
    let said: Value = serde_json::from_slice(&forked.stdout).unwrap();
    assert_eq!(said["state"], "convicts");
    let heads: Vec<SignedCheckpoint> = said["heads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|head| SignedCheckpoint::parse(head.as_str().unwrap().as_bytes()).unwrap())
        .collect();
    let both: Vec<&Checkpoint> = heads.iter().map(|head| head.verify(&log.verifier()).unwrap()).collect();
    assert!(both[0].size == both[1].size && both[0].root != both[1].root);
    assert!(text(&forked.stderr).contains("THIS LOG SHOWS TWO HISTORIES"), "{}", text(&forked.stderr));
    assert_eq!(json(scene.witness(0, &["status", "--json"]))["logs"][0]["convicted"], true);

    // A longer one without a proof, one with a proof of nothing, a shorter one: refused, and nothing is signed.
    let nothing = sanduq::crypto::Digest::of(b"nothing");
    for (old, proof, checkpoint) in [
        (2, vec![nothing], head(3, b"another history")),
        (2, Vec::new(), head(3, b"another history")),
        (2, Vec::new(), head(1, b"another history")),
    ] {
        let refused = ask(old, proof, checkpoint);
        assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stdout));
        assert!(text(&refused.stderr).contains("Nothing was cosigned."));
    }
    // One that is not signed by the log's second key, or by another log.
    let once = Checkpoint::of(&log, 2, both[0].root);
    assert_eq!(ask(2, Vec::new(), once.sign(&log).unwrap()).status.code(), Some(4));
    let other = Scene::new();
    other.asks();
    fs::copy(other.request(0), scene.request(0)).unwrap();
    assert_eq!(scene.cosigns(0).status.code(), Some(4));
    let after = snapshot(&scene.path("witness-0"));
    assert!(kept.iter().all(|file| after.contains(file)), "what it saw is as it was");
}

#[test]
fn a_witness_is_named_by_its_keys_and_nothing_else() {
    let scene = Scene::new();
    let keys: Vec<Vec<String>> = [0, 1]
        .map(|number| {
            let keys = fs::read_to_string(scene.path(&format!("witness-{number}.keys"))).unwrap();
            keys.lines().map(str::to_owned).collect()
        })
        .into();
    let log = scene.card().log_key().to_string();
    for (told, lines) in [
        ("the post-quantum one alone", vec![&keys[0][1]]),
        ("one of each of two witnesses", vec![&keys[0][0], &keys[1][1]]),
        ("in another order", vec![&keys[0][1], &keys[0][0]]),
        ("three", vec![&keys[0][0], &keys[0][1], &keys[0][1]]),
        ("a log's", vec![&log, &keys[0][1]]),
        ("nothing", vec![]),
    ] {
        let lines: String = lines.into_iter().map(|line| format!("{line}\n")).collect();
        fs::write(scene.path("given.keys"), lines).unwrap();
        let refused = scene.desk(&["card", "--witness", "given.keys"]);
        assert_eq!(refused.status.code(), Some(4), "{told}: {}", text(&refused.stdout));
        assert!(text(&refused.stderr).contains("not the keys of a witness"), "{told}");
    }
    // As mail and a terminal leave them: indented, with empty lines around.
    fs::write(scene.path("given.keys"), format!("\n  {}\r\n  {}\n\n", keys[0][0], keys[0][1])).unwrap();
    good(scene.desk(&["card", "--witness", "given.keys"]));
    // One of another make has no post-quantum key.
    fs::write(scene.path("given.keys"), format!("{}\n", keys[0][0])).unwrap();
    good(scene.desk(&["card", "--witness", "given.keys"]));
    // Among others it weighs less, for a policy counts keys; so more of them are asked for. It was refused.
    for (second, needed) in [("witness-1.keys", 2), ("given.keys", 3)] {
        let last = if second == "given.keys" { "last.keys" } else { "given.keys" };
        fs::write(scene.path("given.keys"), format!("{}\n", keys[1][0])).unwrap();
        let third = fs::read_to_string(scene.path("witness-2.keys")).unwrap();
        fs::write(scene.path(last), format!("{}\n", third.lines().next().unwrap())).unwrap();
        let args = ["card", "--witness", "witness-0.keys", "--witness", second, "--witness", last];
        let draft = good(scene.desk(&args));
        assert!(draft.contains(&format!("group witnesses {needed} w1 w2 w3")), "{second}: {draft}");
    }
    // Half of two is not enough.
    let two = ["card", "--witness", "witness-0.keys", "--witness", "witness-1.keys", "--quorum"];
    for (quorum, code) in [("1", 2), ("0", 2), ("3", 2), ("2", 0)] {
        let done = scene.desk(&[&two[..], &[quorum]].concat());
        assert_eq!(done.status.code(), Some(code), "{quorum}: {}", text(&done.stderr));
    }
}

/// Story: somebody who came by put an older head of the log where the witness keeps what it cosigned; it would have
/// cosigned another history from there.
#[test]
fn what_it_did_not_cosign_is_no_memory_of_a_witness() {
    let scene = Scene::new();
    scene.asks();
    good(scene.cosigns(0));
    let kept =
        names(&scene.path("witness-0")).into_iter().find(|name| name.ends_with(".checkpoint")).unwrap();
    let kept = scene.path("witness-0").join(kept);
    let head = SignedCheckpoint::parse(&fs::read(&kept).unwrap()).unwrap();
    let ours = head.only(std::iter::once(scene.card().log_key()));
    fs::write(&kept, ours.to_string()).unwrap();
    scene.arrives("stick");
    good(scene.desk(&["sync", "stick"]));
    scene.asks();
    let refused = scene.cosigns(0);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused.stderr).contains("it cannot tell whether the log grew"),
        "{}",
        text(&refused.stderr)
    );
}

/// Killed or failed at any write, a witness has either not cosigned, or remembers that it did.
#[test]
fn a_head_is_kept_before_its_cosignature_leaves() {
    let scene = Scene::new();
    scene.arrives("stick");
    good(scene.desk(&["sync", "stick"]));
    scene.asks();
    let before = scene.path("before");
    copy(&scene.path("witness-0"), &before);
    let trace = |inject: &str| {
        fs::remove_dir_all(scene.path("witness-0")).unwrap();
        copy(&before, &scene.path("witness-0"));
        let _ = fs::remove_file(scene.path("answer-0"));
        Command::new("strace")
            .args(["-f", "-qq", "-o"])
            .arg(scene.path("trace"))
            .args(["-e", "trace=write,fsync,rename,renameat2,openat", "-e", inject])
            .arg(env!("CARGO_BIN_EXE_sanduq-verify"))
            .args(["witness", "cosign", scene.request(0).to_str().unwrap(), "--card", "organisation.card"])
            .args(["--to", "answer-0", "--witness", "witness-0"])
            .current_dir(scene.org.dir.path())
            .output()
    };
    let Ok(plain) = trace("inject=fsync:error=EIO:when=1000") else {
        return println!("SKIPPED a_head_is_kept_before_its_cosignature_leaves: no strace");
    };
    if !plain.status.success() {
        return println!("SKIPPED a_head_is_kept_before_its_cosignature_leaves: strace may not trace here");
    }
    let (mut not_yet, mut done) = (0, 0);
    for call in ["write", "fsync", "renameat2", "rename"] {
        let calls = fs::read_to_string(scene.path("trace")).unwrap();
        let count = calls.lines().filter(|line| line.contains(&format!(" {call}("))).count();
        for number in 1..=count {
            for fault in ["signal=SIGKILL", "error=EIO"] {
                trace(&format!("inject={call}:{fault}:when={number}")).unwrap();
                let status = json(scene.witness(0, &["status", "--json"]));
                let size = status["logs"][0]["size"].as_u64();
                let answer = fs::read(scene.path("answer-0")).ok();
                if let Some(answer) = &answer {
                    assert!(matches!(Answer::parse(answer).unwrap(), Answer::Cosigned(_)), "{call} {number}");
                    assert_eq!(size, Some(2), "{call} {number} {fault}: it forgot what it cosigned");
                }
                *(if answer.is_some() { &mut done } else { &mut not_yet }) += 1;
                // The next request just works, from wherever it is.
                let again = json(scene.cosigns(0));
                let state = again["state"].as_str().unwrap();
                assert!(state == "cosigned" || (state == "ask-again" && size == Some(2)), "{again}");
            }
        }
        trace("inject=fsync:error=EIO:when=1000").unwrap();
    }
    println!(
        "MEASURED a witness killed or failed at every write: {not_yet} times before its answer, {done} times after, none forgotten"
    );
    assert!(not_yet > 4 && done > 0, "{not_yet} {done}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (path, bytes) in snapshot(from) {
        fs::write(to.join(path.file_name().unwrap()), bytes).unwrap();
    }
}

/// A witness that somebody else wrote, with the one key that witnesses of other logs have.
#[test]
fn a_witness_of_another_make_can_be_asked() {
    let Some(python) = tools::python("a_witness_of_another_make_can_be_asked") else { return };
    let scene = Scene { org: Organisation::founded(1, 1) };
    let (state, name) = (scene.path("state"), "witness.example/other");
    let other = |args: &[&str]| {
        let script = tools::script("witness.py");
        tools::run(&python, &[&[&script, state.to_str().unwrap(), name][..], args].concat(), b"")
    };
    fs::write(scene.path("other.keys"), good(other(&[]))).unwrap();
    scene.takes_card(&["card", "--witness", "other.keys"]);
    let log = scene.card().log_key().to_string();
    let cosigns = |request: &Path| other(&[request.to_str().unwrap(), &log]);
    for stick in ["first", "second"] {
        let sealed = scene.arrives(stick);
        assert_eq!(json(scene.desk(&["sync", stick, "--json"]))["waiting"], 1);
        assert_eq!(scene.asks(), [name]);
        fs::write(scene.path("answer-0"), good(cosigns(&scene.request(0)))).unwrap();
        let taken = scene.takes(0);
        assert_eq!((&taken["state"], &taken["enough"]), (&"cosigned".into(), &true.into()), "{taken}");
        let synced = json(scene.desk(&["sync", stick, "--json"]));
        let letter = fs::read(scene.path(synced["receipts"][0]["file"].as_str().unwrap())).unwrap();
        let receipt = open_receipt(&sealed.return_identity, &letter).unwrap();
        receipt.verify(&scene.card(), &sealed.bundle).unwrap();
    }
    // It checks what it is asked: a proof that was changed on the way gets nothing.
    scene.arrives("third");
    good(scene.desk(&["sync", "third"]));
    scene.asks();
    let request = fs::read_to_string(scene.request(0)).unwrap();
    let hash = request.lines().nth(1).unwrap();
    fs::write(scene.path("bent"), request.replacen(hash, &format!("{}=", "A".repeat(43)), 1)).unwrap();
    let refused = cosigns(&scene.path("bent"));
    assert!(text(&refused.stderr).contains("did not grow"), "{}", text(&refused.stderr));
    good(cosigns(&scene.request(0)));
}

/// Python's ML-DSA takes the cosignatures of a witness and the second signature of a log.
#[test]
fn pyca_verifies_both_post_quantum_signatures_of_a_head() {
    let Some(python) = tools::python("pyca_verifies_both_post_quantum_signatures_of_a_head") else { return };
    let scene = Scene::new();
    scene.asks();
    good(scene.cosigns(0));
    scene.takes(0);
    let head = scene.path("checkpoint");
    fs::write(&head, good(scene.desk(&["log", "checkpoint"]))).unwrap();
    let before = now().unix();
    for key in scene.card().policy().witnesses().filter(|key| key.to_string().len() > 1000) {
        let key = key.to_string();
        let verified =
            tools::run(&python, &[&tools::script("cosignature.py"), head.to_str().unwrap(), &key], b"");
        let named = key.starts_with(scene.card().log_key().name());
        if named || key.starts_with(NAMES[0]) {
            assert!(verified.status.success(), "{}", text(&verified.stderr));
            let time: i64 = text(&verified.stdout).trim().parse().unwrap();
            assert!(if named { time == 0 } else { time > before }, "{time}");
        } else {
            assert!(text(&verified.stderr).contains("no such signature"));
        }
    }
    let changed = fs::read_to_string(&head).unwrap().replacen("\n1\n", "\n2\n", 1);
    fs::write(&head, changed).unwrap();
    let key = scene.card().policy().witnesses().next().unwrap().to_string();
    let verified =
        tools::run(&python, &[&tools::script("cosignature.py"), head.to_str().unwrap(), &key], b"");
    assert!(text(&verified.stderr).contains("it does not hold"), "{}", text(&verified.stderr));
}

/// Story: an archive of the first layout is opened by a later program; its receipts go out as before, and its next card
/// names the log's second key.
#[test]
fn an_archive_from_before_witnesses_goes_on() {
    let org = Organisation::founded(1, 1);
    let ledger = rusqlite::Connection::open(org.root().join("ledger.sqlite")).unwrap();
    ledger
        .execute_batch(
            "DROP TABLE cosignatures; DROP TABLE witnesses; DROP TABLE asked; PRAGMA user_version = 1",
        )
        .unwrap();
    // Its checkpoints had one signature.
    let note: String = ledger.query_row("SELECT note FROM checkpoints", [], |row| row.get(0)).unwrap();
    let once: String = note.lines().take(5).flat_map(|line| [line, "\n"]).collect();
    ledger.execute("UPDATE checkpoints SET note = ?", [&once]).unwrap();
    drop(ledger);
    assert_eq!(SignedCheckpoint::parse(once.as_bytes()).unwrap().note().signatures().len(), 1);
    let (path, sealed) = org.seal_into(&org.folder("stick"), "a.bundle");
    org.accept(&[path]);
    let proof = org.look().prove(&sealed.bundle).unwrap();
    assert!(audit::receipt(org.card().as_bytes(), proof.proof.as_bytes()).holds());
    assert_eq!(org.card().policy().others().len(), 0);
    assert!(org.card().policy().asks_for_witnesses(), "the log's own second key is asked for");
}

/// What is stamped is the newest head that counts: a receipt under any other would not.
#[test]
fn the_head_that_counts_is_the_one_to_stamp() {
    let scene = Scene::new();
    let size = |file: &str| json(scene.desk(&["log", "stamp", "--export", file, "--json"]))["size"].clone();
    assert_eq!(size("none counts yet"), 1);
    scene.asks();
    for number in 0..2 {
        good(scene.cosigns(number));
        scene.takes(number);
    }
    scene.arrives("stick");
    good(scene.desk(&["accept", "stick"]));
    assert_eq!(size("the newer one is not cosigned"), 1);
    let stamped =
        ["none counts yet", "the newer one is not cosigned"].map(|file| fs::read(scene.path(file)).unwrap());
    assert_eq!(stamped[0], stamped[1], "cosignatures are not in what is stamped");
    scene.asks();
    for number in 0..2 {
        good(scene.cosigns(number));
        scene.takes(number);
    }
    assert_eq!(size("now it is"), 2);
}
