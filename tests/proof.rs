//! Authorship proved later: with the phrase alone, for one bundle, one challenge and these words; and by nobody else,
//! whatever they hold.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod desk;
mod house;
#[path = "linkable/index.rs"]
mod index;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use house::{Done, House, NAME, Organisation, Person, only, run, text};
use sanduq::audit::{self, Outcome, Question, Report};
use sanduq::bundle::layout::Info;
use sanduq::bundle::{Commitment, Outer, Proof, ProofError, ProofKey};
use sanduq::crypto::domain::{Author, Proof as ProofRole};
use sanduq::crypto::{Algorithm, Digest, KeyPair, LogSigningKey, Passphrase, Seed, SigningKey, weak};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;
use sanduq::format::sshsig;

const CHALLENGE: &str = "Tribunal of Examples, day 3: 58213";
const SAID: &str = "من این را نوشته‌ام.\n\nI wrote it in an invented spring.";
/// Words that are not those of any bundle here.
const OTHER: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";

fn invented_card() -> Card {
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    desk::card(&log, &KeyPair::generate())
}

fn commitment(bytes: &[u8]) -> Commitment {
    Commitment::of_bundle(&mut Cursor::new(bytes)).unwrap()
}

/// A commitment to this key, of an invented bundle.
fn about(key: &ProofKey) -> Commitment {
    Commitment { bundle: Digest::of(b"an invented bundle"), commit: key.commit() }
}

/// Someone who sealed a bundle with a proof, and what she had written on paper.
struct Sealed<'h> {
    house: &'h House,
    family: Person<'h>,
    bundle: PathBuf,
    phrase: String,
}

impl<'h> Sealed<'h> {
    fn new(house: &'h House) -> Sealed<'h> {
        let organisation = Organisation::new(house, 1, 1);
        let family = house.person("family");
        family.sanduq(&["init"]).good();
        let account = house.write("account.txt", "An invented account.\n");
        family.sanduq(&["testify", text(&account)]).good();
        family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
        let phrase = seal(&family, &["1"]);
        let stick = house.folder("stick");
        family.sanduq(&["export", text(&stick)]).good();
        Sealed { house, family, bundle: only(&stick, "bundle"), phrase }
    }

    /// `sanduq prove` where there is no vault and no passphrase, with this phrase.
    fn prove(&self, phrase: &str, to: &Path, more: &[&str]) -> Done {
        let given = self.house.write("on-paper", format!("{phrase}\n"));
        let mut args = vec!["prove", text(&self.bundle), "--challenge", CHALLENGE, "--say", SAID];
        args.extend(["--to", text(to), "--phrase-fd", "0"]);
        args.extend(more);
        let mut command = self.house.command(Path::new(env!("CARGO_BIN_EXE_sanduq")), &args);
        command.stdin(fs::File::open(given).unwrap());
        run(command, None)
    }
}

/// Seals with `--proof`, and gives the phrase that came out of the descriptor.
fn seal(person: &Person, items: &[&str]) -> String {
    with_proof(person, &[&["seal"], items].concat())
}

/// Runs a command that seals, with `--proof`, and gives the phrase that came out of the descriptor.
fn with_proof(person: &Person, args: &[&str]) -> String {
    let (done, phrase) = try_with_proof(person, args);
    done.good();
    assert_eq!(phrase.split_whitespace().count(), 12, "{phrase}");
    phrase
}

/// As [`with_proof`], whatever becomes of it.
fn try_with_proof(person: &Person, args: &[&str]) -> (Done, String) {
    let out = person.house.path("phrase-out");
    let args = [args, &["--to", NAME, "--proof", "--proof-fd", "4"]].concat();
    let mut command = person.command_under(&["sh", "-c", "exec \"$@\" 4> phrase-out", "sh"], &args);
    command.stdin(Stdio::piped());
    let done = run(command, Some(&person.passphrase));
    let phrase = fs::read_to_string(&out).unwrap();
    fs::remove_file(out).unwrap();
    (done, phrase.trim_end().to_owned())
}

#[test]
fn the_whole_trip_of_a_proof() {
    let house = House::new("proof-trip");
    let sealed = Sealed::new(&house);
    let to = house.path("a.proof");
    let done = sealed.prove(&sealed.phrase, &to, &["--json"]).good().json();
    let id = commitment(&fs::read(&sealed.bundle).unwrap()).bundle.to_string();
    assert_eq!(done["bundle"], id.as_str());
    assert!(!house.path("home/.local").exists(), "no vault was asked for or made");
    let bundle = text(&sealed.bundle);

    let answer = house.audit(&["proof", text(&to), bundle, "--challenge", CHALLENGE]).good();
    for shown in [id.as_str(), CHALLENGE, "  I wrote it in an invented spring."] {
        assert!(answer.stdout().contains(shown), "{shown} in {}", answer.stdout());
    }
    house.audit(&["proof", text(&to), bundle]).good();
    let json = house.audit(&["--json", "proof", text(&to), bundle]).good().json();
    assert_eq!(json["files"][0]["values"][2], serde_json::json!({ "name": "said", "value": SAID }));

    // Replayed to somebody who asked otherwise.
    let replayed = house.audit(&["proof", text(&to), bundle, "--challenge", "another question"]).bad();
    assert_eq!(replayed.code, Some(1));
    assert!(replayed.stdout().contains("DOES NOT HOLD: it answers the challenge"), "{}", replayed.stdout());

    // The same from what anybody may hold of the bundle: two of its outer members.
    let members = house.folder("members");
    let outer = Outer::read(&mut Cursor::new(fs::read(&sealed.bundle).unwrap())).unwrap();
    for (name, body) in outer.kept().iter().filter(|(name, _)| !name.to_string().contains('/')) {
        fs::write(members.join(name.to_string()), body).unwrap();
    }
    house.audit(&["proof", text(&to), text(&members), "--challenge", CHALLENGE]).good();
    fs::write(members.join("bag-info.txt"), fs::read(house.path("account.txt")).unwrap()).unwrap();
    assert_eq!(house.audit(&["proof", text(&to), text(&members)]).bad().code, Some(1));

    let missing = house.audit(&["proof", text(&house.path("none")), bundle]).bad();
    assert_eq!(missing.code, Some(5));
    let again = sealed.prove(&sealed.phrase, &to, &[]).bad();
    assert!(again.stderr().contains("A different file of this name"), "{}", again.stderr());
}

#[test]
fn a_phrase_that_is_not_the_bundles_is_refused() {
    let house = House::new("proof-refused");
    let sealed = Sealed::new(&house);
    let to = house.path("a.proof");
    let other = sealed.prove(OTHER, &to, &[]).bad();
    assert_eq!(other.code, Some(3));
    assert!(other.stderr().contains("not the words that were shown for this bundle"), "{}", other.stderr());

    let words: Vec<&str> = sealed.phrase.split(' ').collect();
    let misspelt = format!("{} sanduk {}", words[..4].join(" "), words[5..].join(" "));
    let refused = sealed.prove(&misspelt, &to, &[]).bad();
    assert!(refused.stderr().contains("Word 5 is not one of the words"), "{}", refused.stderr());
    assert!(!refused.stderr().contains("sanduk"), "what was typed is not repeated");
    let short = sealed.prove(&words[..11].join(" "), &to, &[]).bad();
    assert!(short.stderr().contains("You gave 11 words"), "{}", short.stderr());
    assert!(!to.exists() && !house.path("a.proof.sig").exists(), "nothing was written");

    // However it is typed, it is the same phrase.
    sealed.prove(&sealed.phrase.to_uppercase().replace(' ', "  "), &to, &[]).good();
}

/// A command that was killed between the two files left one, and then the same command was refused.
#[test]
fn half_of_a_proof_does_not_stand_in_the_way_of_the_whole() {
    let house = House::new("proof-half");
    let sealed = Sealed::new(&house);
    let (to, signature) = (house.path("a.proof"), house.path("a.proof.sig"));
    sealed.prove(&sealed.phrase, &to, &[]).good();
    let whole = fs::read(&signature).unwrap();
    sealed.prove(&sealed.phrase, &to, &[]).bad();
    fs::remove_file(&to).unwrap();
    sealed.prove(&sealed.phrase, &to, &[]).good();
    assert_eq!(fs::read(&signature).unwrap(), whole);
    // Somebody else's file is not written over, and nothing is left beside it.
    fs::remove_file(&to).unwrap();
    fs::write(&signature, "my notes").unwrap();
    sealed.prove(&sealed.phrase, &to, &[]).bad();
    assert_eq!((fs::read_to_string(&signature).unwrap().as_str(), to.exists()), ("my notes", false));
}

/// Whoever kept nothing at all could prove nothing later: it was refused together with `--direct`.
#[test]
fn what_was_never_kept_can_be_proved_as_well() {
    let house = House::new("proof-direct");
    let sealed = Sealed::new(&house);
    let letter = house.write("letter.txt", "An invented letter.\n");
    let more = [
        with_proof(&sealed.family, &["seal", "--direct", text(&letter)]),
        with_proof(&sealed.family, &["testify", text(&letter), "--direct"]),
        with_proof(&sealed.family, &["withdraw", "--all"]),
        with_proof(&sealed.family, &["withdraw", "--all", "--direct"]),
    ];
    let stick = house.folder("second");
    sealed.family.sanduq(&["export", text(&stick)]).good();
    let bundles = house::all(&stick, "bundle");
    assert_eq!(bundles.len(), 5);
    for phrase in more.iter().chain([&sealed.phrase]) {
        let key = ProofKey::from_phrase(phrase).unwrap();
        let commits =
            bundles.iter().filter(|path| commitment(&fs::read(path).unwrap()).commit == key.commit());
        assert_eq!(commits.count(), 1);
    }
    let kept = sealed.family.sanduq(&["testify", text(&letter), "--proof", "--proof-fd", "4"]).bad();
    assert_eq!(kept.code, Some(2), "what is kept is proved when it is sealed");
}

/// Twelve words prove one bundle: of two, the second could never be proved, and nobody would know which.
#[test]
fn what_needs_two_bundles_is_not_sealed_with_one_phrase() {
    let house = House::new("proof-several");
    let sealed = Sealed::new(&house);
    let folder = house.folder("many");
    // The lists of so many files are longer than those of one bundle may be.
    (0..9_000).for_each(|number| fs::write(folder.join(number.to_string()), [b'a']).unwrap());
    let (refused, _) = try_with_proof(&sealed.family, &["seal", "--direct", text(&folder)]);
    assert_eq!(refused.bad().code, Some(4));
    let status = sealed.family.sanduq(&["status", "--json"]).good().json();
    assert_eq!(status["deliveries"].as_array().map(Vec::len), Some(1), "the one from before");
}

/// She had no terminal, nobody saw the phrase, and the bundle was sealed all the same.
#[test]
fn nothing_is_sealed_with_a_phrase_that_nobody_sees() {
    let house = House::new("proof-unseen");
    let sealed = Sealed::new(&house);
    let refused = sealed.family.sanduq(&["seal", "1", "--to", NAME, "--proof"]).bad();
    assert_eq!(refused.code, Some(7));
    let closed = sealed.family.sanduq(&["seal", "1", "--to", NAME, "--proof", "--proof-fd", "9"]).bad();
    assert_eq!(closed.code, Some(1), "{}", closed.stderr());
    let printed = sealed.family.sanduq(&["seal", "1", "--to", NAME, "--proof", "--proof-fd", "1"]).bad();
    assert_eq!(printed.code, Some(2), "among the answer it would stay in a log");
    let status = sealed.family.sanduq(&["status", "--json"]).good().json();
    assert_eq!(status["deliveries"].as_array().map(Vec::len), Some(1));
}

/// The vault was taken and its passphrase pressed out of her: it can prove nothing, and does not know the phrase.
#[test]
fn a_coerced_vault_holds_nothing_that_proves() {
    let house = House::new("proof-coerced");
    let sealed = Sealed::new(&house);
    let words = sealed.phrase.split(' ').collect::<Vec<_>>();
    let commit = commitment(&fs::read(&sealed.bundle).unwrap()).commit;
    let pairs: Vec<String> = words.windows(2).map(|pair| pair.join(" ")).collect();
    let hex = commit.to_string();
    let canaries: Vec<&[u8]> =
        pairs.iter().map(String::as_bytes).chain([commit.as_bytes().as_slice(), hex.as_bytes()]).collect();
    let holds = |bytes: &[u8], canary: &[u8]| bytes.windows(canary.len()).any(|part| part == canary);
    for (path, data) in house.files("family").into_iter().filter(|(_, data)| data.is_file()) {
        let bytes = fs::read(house.path(&path)).unwrap();
        assert_eq!(bytes.len() as u64, data.len());
        canaries.iter().for_each(|canary| assert!(!holds(&bytes, canary), "in {path}"));
    }
    // What her passphrase opens: every row of the index.
    let rows = index::rows(&sealed.family.vault, &Passphrase::from(sealed.family.passphrase.as_str()));
    let id = commitment(&fs::read(&sealed.bundle).unwrap()).bundle.to_string();
    assert!(rows.iter().any(|(_, _, value)| holds(value, id.as_bytes())), "the rows are open");
    for (kind, _, value) in &rows {
        canaries.iter().for_each(|canary| assert!(!holds(value, canary), "in a row of {kind}"));
    }
    // What it tells to whoever has the passphrase.
    for args in [vec!["status", "--json"], vec!["show", "1", "--json"], vec!["list", "--json"]] {
        let told = sealed.family.sanduq(&args).good().stdout();
        assert!(!told.contains("proof") && !pairs.iter().any(|pair| told.contains(pair)), "{told}");
    }
}

/// Every key that a seed gives, for every purpose that the house derives by, and for that of the phrase too.
#[test]
fn no_key_of_a_seed_is_the_key_of_a_phrase() {
    let seed = Seed::generate();
    let phrase = ProofKey::draw();
    let commit = ProofKey::from_phrase(phrase.expose()).unwrap().commit();
    let purposes =
        ["sanduq/proof/1", "sanduq/author-ed25519/1", "sanduq/officer-age/1", "sanduq/card-ed25519/1"];
    for purpose in purposes {
        for context in [&b""[..], commit.as_bytes(), phrase.expose().as_bytes()] {
            let key = SigningKey::from_seed(Algorithm::Ed25519, &seed.derive(purpose, context));
            let line = format!("{}\n", key.verifying_key());
            assert_ne!(Digest::of(line.as_bytes()), commit, "{purpose}");
        }
    }
}

/// A bundle with a proof looks like one without: the same members, the same lengths, a digest in the same place.
#[test]
fn a_bundle_with_a_proof_looks_like_one_without() {
    let house = House::new("proof-alike");
    let sealed = Sealed::new(&house);
    sealed.family.sanduq(&["seal", "1", "--to", NAME]).good();
    let stick = house.folder("second");
    sealed.family.sanduq(&["export", text(&stick)]).good();
    let outers: Vec<Outer> = house::all(&stick, "bundle")
        .iter()
        .map(|path| Outer::read(&mut Cursor::new(fs::read(path).unwrap())).unwrap())
        .collect();
    assert_eq!(outers.len(), 2);
    let shape = |outer: &Outer| -> Vec<(String, usize)> {
        outer.kept().iter().map(|(name, body)| (name.to_string(), body.len())).collect()
    };
    assert_eq!(shape(&outers[0]), shape(&outers[1]));
    assert_eq!(outers[0].info().oxum, outers[1].info().oxum);
    assert_ne!(outers[0].proof_commit(), outers[1].proof_commit());
}

/// The organisation has opened the bundle, has every byte of it, the author's statement, and keys of its own.
#[test]
fn the_organisation_cannot_forge_a_proof() {
    let phrase = ProofKey::draw();
    let key = ProofKey::from_phrase(phrase.expose()).unwrap();
    let about = about(&key);
    let own = ProofKey::from_phrase(OTHER).unwrap();
    assert!(matches!(own.prove(&about, CHALLENGE, SAID), Err(ProofError::NotCommitted { .. })));

    // A proof by its own key, over the right bundle.
    let forged = own.prove(&Commitment { commit: own.commit(), ..about }, CHALLENGE, SAID).unwrap();
    let proof = Proof::parse(forged.text.as_bytes()).unwrap();
    assert!(matches!(
        proof.verify(&about, forged.signature.as_bytes()),
        Err(ProofError::NotCommitted { .. })
    ));

    // Her own proof with other words, another challenge, another bundle; and with a signature of another role.
    let signed = key.prove(&about, CHALLENGE, SAID).unwrap();
    for (from, to) in [("I wrote", "I did not write"), ("58213", "58214")] {
        let changed = Proof::parse(signed.text.replace(from, to).as_bytes()).unwrap();
        let refused = changed.verify(&about, signed.signature.as_bytes());
        assert!(matches!(refused, Err(ProofError::Signature(_))), "{refused:?}");
    }
    let other = Commitment { bundle: Digest::of(b"another bundle"), ..about };
    let proof = Proof::parse(signed.text.as_bytes()).unwrap();
    let refused = proof.verify(&other, signed.signature.as_bytes());
    assert!(matches!(refused, Err(ProofError::AnotherBundle { .. })), "{refused:?}");
    let author = KeyPair::generate();
    for signature in [
        sshsig::encode(author.public().ed25519(), &author.sign::<ProofRole>(signed.text.as_bytes()).ed25519),
        sshsig::encode(author.public().ed25519(), &author.sign::<Author>(signed.text.as_bytes()).ed25519),
    ] {
        assert!(matches!(proof.verify(&about, signature.as_bytes()), Err(ProofError::Signature(_))));
    }
    proof.verify(&about, signed.signature.as_bytes()).unwrap();
}

/// Under the identity point a signature that nobody made verifies; a bundle that commits to it proves nothing.
#[test]
fn a_weak_key_proves_nothing() {
    let good = ProofKey::from_phrase(OTHER).unwrap();
    let signed = good.prove(&about(&good), CHALLENGE, SAID).unwrap();
    let line = signed.text.lines().nth(3).unwrap().strip_prefix("key: ").unwrap();
    for key in weak::SMALL_ORDER {
        let key: [u8; 32] = sanduq::crypto::hex::decode(key).unwrap();
        let blob = [&[0, 0, 0, 11][..], b"ssh-ed25519", &[0, 0, 0, 32], &key].concat();
        let weak = format!("ssh-ed25519 {}", BASE64_STANDARD.encode(blob));
        assert!(Proof::parse(signed.text.replace(line, &weak).as_bytes()).is_err(), "{weak}");
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let key = ProofKey::from_phrase(OTHER).unwrap();
    let about = about(&key);
    let signed = key.prove(&about, CHALLENGE, SAID).unwrap();
    let holds = |text: &[u8], signature: &[u8]| {
        Proof::parse(text).is_ok_and(|proof| proof.verify(&about, signature).is_ok())
    };
    assert!(holds(signed.text.as_bytes(), signed.signature.as_bytes()));
    for bit in 0..signed.text.len() * 8 {
        let mut changed = signed.text.clone().into_bytes();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!holds(&changed, signed.signature.as_bytes()), "bit {bit} of the proof");
    }
    for bit in 0..signed.signature.len() * 8 {
        let mut changed = signed.signature.clone().into_bytes();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!holds(signed.text.as_bytes(), &changed), "bit {bit} of the signature");
    }
}

/// A bundle's outer members that somebody wrote to commit to a key of their own have another id.
#[test]
fn a_commitment_is_vouched_for_by_the_id() {
    let (bytes, _) = desk::bundle(&invented_card());
    let outer = Outer::read(&mut Cursor::new(&bytes)).unwrap();
    let member = |name: &str| outer.kept().iter().find(|(one, _)| *one == name).unwrap().1.clone();
    let (list, info) = (member("tagmanifest-sha256.txt"), member("bag-info.txt"));
    let about = Commitment::of_members(&list, &info).unwrap();
    assert_eq!((about.bundle, about.commit), (outer.id(), outer.proof_commit()));
    assert_eq!(about, commitment(&bytes));
    let own = ProofKey::from_phrase(OTHER).unwrap();
    let changed = Info { proof: own.commit(), ..Info::parse(&info).unwrap() }.print();
    assert!(Commitment::of_members(&list, changed.as_bytes()).is_err());
}

/// Each finding stands by itself; a question that could not be asked is listed and does not hold.
#[test]
fn an_audit_tells_every_finding() {
    let (bytes, sealed) = desk::bundle(&invented_card());
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("a.bundle");
    fs::write(&bundle, bytes).unwrap();
    let own = ProofKey::from_phrase(OTHER).unwrap();
    let claimed = Commitment { bundle: sealed.bundle, commit: own.commit() };
    let signed = own.prove(&claimed, CHALLENGE, SAID).unwrap();
    let report = |text: &str, signature: &str, asked: Option<&str>| {
        audit::proof(text.as_bytes(), signature.as_bytes(), &bundle, asked).unwrap()
    };
    let with = |report: &Report, outcome: Outcome| -> Vec<Question> {
        report.checks.iter().filter(|one| one.outcome == outcome).map(|one| one.question).collect()
    };
    let one = report(&signed.text, &signed.signature, Some(CHALLENGE));
    assert_eq!(with(&one, Outcome::Fails), [Question::ProofCommitment]);
    let three = report(&signed.text.replace("58213", "58214"), &signed.signature, Some(CHALLENGE));
    let expected = [Question::ProofCommitment, Question::ProofSignature, Question::ProofChallenge];
    assert_eq!(with(&three, Outcome::Fails), expected);
    let none = report("no proof", &signed.signature, Some(CHALLENGE));
    assert_eq!(with(&none, Outcome::Fails), [Question::ProofForm]);
    assert_eq!(with(&none, Outcome::NotAsked).len(), 4);
    assert!(!none.holds());
}

fn keygen(args: &[&str], input: &Path) -> Option<Output> {
    let input = fs::File::open(input).unwrap();
    let output = Command::new("ssh-keygen").args(args).stdin(input).output();
    if output.is_err() {
        println!("SKIPPED ssh_keygen_and_proofs: ssh-keygen is not installed");
    }
    output.ok()
}

/// What an auditor types, from docs/spec/proof.md, without any program of ours; and a proof that `ssh-keygen` signed.
#[test]
fn ssh_keygen_takes_our_proofs_and_we_take_its() {
    let house = House::new("proof-keygen");
    let sealed = Sealed::new(&house);
    let to = house.path("a.proof");
    sealed.prove(&sealed.phrase, &to, &[]).good();
    let Some(_) = keygen(&["-?"], &to) else { return };
    let bag = house.folder("bag");
    let tar = Command::new("tar").args(["-xf", text(&sealed.bundle), "-C", text(&bag)]).status().unwrap();
    assert!(tar.success());
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spec/proof.md")).unwrap();
    let (_, block) = page.split_once("```sh\n").expect("the page has a block of commands");
    let (block, _) = block.split_once("```").expect("it ends");
    for name in ["a.proof", "a.proof.sig"] {
        fs::copy(house.path(name), bag.join(name)).unwrap();
    }
    let shell = |block: &str| {
        let mut command = Command::new("bash");
        command.args(["-euc", block]).current_dir(&bag).env("CHALLENGE", CHALLENGE).output().unwrap()
    };
    let done = shell(block);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = fs::read_to_string(bag.join("a.proof")).unwrap();
    fs::write(bag.join("a.proof"), said.replace("invented spring", "invented winter")).unwrap();
    assert!(!shell(block).status.success(), "other words");

    // The other way: a key that is ssh-keygen's own, and its signature over our text.
    let (key, theirs) = (house.path("key"), house.path("theirs"));
    keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", text(&key)], &to).unwrap();
    let line = fs::read_to_string(house.path("key.pub")).unwrap().trim().to_owned() + "\n";
    let about = Commitment { bundle: Digest::of(b"an invented bundle"), commit: Digest::of(line.as_bytes()) };
    let statement =
        format!("sanduq-proof/1\nbundle: {}\nchallenge: {CHALLENGE}\nkey: {line}\n{SAID}\n", about.bundle);
    fs::write(&theirs, &statement).unwrap();
    keygen(&["-q", "-Y", "sign", "-f", text(&key), "-n", "sanduq-proof", text(&theirs)], &to).unwrap();
    let signature = fs::read(house.path("theirs.sig")).unwrap();
    Proof::parse(statement.as_bytes()).unwrap().verify(&about, &signature).unwrap();
}
