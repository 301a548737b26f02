//! The vectors as our writers make them, from fixed seeds: good ones, and for each the ways in which another program
//! might spell it wrongly. Every person, place and organisation in them is invented.

#[path = "frames.rs"]
mod frames;
#[path = "stamps.rs"]
mod stamps;

use std::io::Write;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sanduq::bundle::reply::About;
use sanduq::bundle::volume::{Set, Volume};
use sanduq::bundle::{Commitment, Missing, ProofKey, Reply};
use sanduq::crypto::domain::{Bundle, Card as CardRole};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{CosignerKey, Digest, KeyPair, LogSigningKey, Secret};
use sanduq::custody::{Chain, Event};
use sanduq::format::archive::Writer;
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::digest_list::DigestList;
use sanduq::format::holds::Holds;
use sanduq::format::id::RandomId;
use sanduq::format::note::{NoteSigner, NoteVerifier};
use sanduq::format::policy::Policy;
use sanduq::format::possession::{Answer, Challenge};
use sanduq::format::time::Time;
use sanduq::format::{bag, sshsig};
use sanduq::tlog::add_checkpoint::AddCheckpoint;
use sanduq::tlog::cosignature::Witness;
use sanduq::tlog::tile::print_leaves;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

/// The formats that have a folder of good and bad vectors.
pub const FORMATS: &[&str] = &[
    "archive",
    "bag",
    "card",
    "carrier",
    "checkpoint",
    "custody",
    "digest_list",
    "draft",
    "frames",
    "holds",
    "leaf",
    "missing",
    "name",
    "note",
    "officer",
    "ots",
    "policy",
    "possession",
    "proof",
    "receipt",
    "reply",
    "sshsig",
    "time",
    "timestamp",
    "vkey",
    "volume",
];

/// A vector: where it lies under `tests/vectors/`, and its bytes.
pub struct Sample {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// All of them.
pub fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (format, vectors) in [
        ("archive", archives()),
        ("bag", bags()),
        ("card", cards()),
        ("carrier", carriers()),
        ("checkpoint", checkpoints()),
        ("custody", custody()),
        ("digest_list", digest_lists()),
        ("draft", drafts()),
        ("frames", frames::frames()),
        ("holds", holds()),
        ("leaf", leaves()),
        ("missing", missing()),
        ("name", names()),
        ("note", notes()),
        ("officer", officers()),
        ("ots", stamps::proofs()),
        ("timestamp", stamps::timestamps()),
        ("policy", policies()),
        ("possession", possession()),
        ("proof", proofs()),
        ("receipt", receipts()),
        ("add_checkpoint", add_checkpoints()),
        ("tile", tiles()),
        ("reply", replies()),
        ("sshsig", signatures()),
        ("time", times()),
        ("vkey", vkeys()),
        ("volume", volumes()),
    ] {
        let path = |name| format!("{format}/{name}");
        samples.extend(vectors.into_iter().map(|(name, bytes)| Sample { path: path(name), bytes }));
    }
    samples
}

type Vectors = Vec<(&'static str, Vec<u8>)>;

/// What is wrong with any text of lines, whatever it says.
fn misspelled(good: &str) -> Vectors {
    vec![
        ("bad-empty", Vec::new()),
        ("bad-no-last-line-feed", good.trim_end().into()),
        ("bad-crlf", good.replace('\n', "\r\n").into()),
        ("bad-byte-order-mark", format!("\u{feff}{good}").into()),
        ("bad-line-after-the-end", format!("{good}\n").into()),
        ("bad-not-utf-8", [good.as_bytes(), b"\xff\n"].concat()),
    ]
}

fn texts<T: Into<Vec<u8>>>(named: impl IntoIterator<Item = (&'static str, T)>) -> Vectors {
    named.into_iter().map(|(name, text)| (name, text.into())).collect()
}

fn archive_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    for (name, body) in members {
        writer.whole(&name.parse().unwrap(), body).unwrap();
    }
    writer.finish().unwrap()
}

/// A header with some bytes changed and its checksum made right again.
fn forged(tar: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar.to_vec();
    tar[at..at + bytes.len()].copy_from_slice(bytes);
    tar[148..156].copy_from_slice(b"        ");
    let sum: u32 = tar[..512].iter().map(|byte| u32::from(*byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar
}

fn archives() -> Vectors {
    let two = archive_of(&[("card", b"hello\n"), ("quorum/01.age", &[7; 513])]);
    let one = archive_of(&[("a", b"x")]);
    let mut checksum = one.clone();
    checksum[148..156].copy_from_slice(b"0007113\0");
    let mut dirty = one.clone();
    dirty[512 + 1] = b'x';
    vec![
        ("good-empty.tar", archive_of(&[])),
        ("good-two-members.tar", two.clone()),
        ("good-zeros-after-the-end.tar", [&one[..], &[0; 1024]].concat()),
        ("bad-cut-in-a-header.tar", two[..300].to_vec()),
        ("bad-cut-in-a-body.tar", two[..514].to_vec()),
        ("bad-cut-in-the-end.tar", two[..two.len() - 1].to_vec()),
        ("bad-one-zero-block.tar", [&one[..1024 + 512], &two[..]].concat()),
        ("bad-byte-after-the-end.tar", [&one[..], b"x"].concat()),
        ("bad-filling-not-zero.tar", dirty),
        ("bad-checksum-spelled-otherwise.tar", checksum),
        ("bad-hard-link.tar", forged(&one, 156, b"1")),
        ("bad-symbolic-link.tar", forged(&one, 156, b"2")),
        ("bad-device.tar", forged(&one, 156, b"3")),
        ("bad-folder.tar", forged(&one, 156, b"5")),
        ("bad-pax.tar", forged(&one, 156, b"x")),
        ("bad-gnu-long-name.tar", forged(&one, 156, b"L")),
        ("bad-gnu-sparse.tar", forged(&one, 156, b"S")),
        ("bad-old-type.tar", forged(&one, 156, b"\0")),
        ("bad-absolute-name.tar", forged(&one, 0, b"/etc/passwd")),
        ("bad-name-out-of-the-folder.tar", forged(&one, 0, b"../a")),
        ("bad-prefix.tar", forged(&one, 345, b"folder")),
        ("bad-mode.tar", forged(&one, 100, b"0000755")),
        ("bad-time.tar", forged(&one, 136, b"00000000001")),
        ("bad-user-name.tar", forged(&one, 265, b"root")),
        ("bad-size-in-base-256.tar", forged(&one, 124, b"\x80\0\0\0\0\0\0\0\0\0\0\x01")),
        ("bad-claim-of-gigabytes.tar", forged(&one, 124, b"37777777777\0")),
    ]
}

fn bags() -> Vectors {
    let digest = Digest::of(b"invented").to_string();
    let good = bag::print_info(&[
        ("Format-Version", "sanduq-bundle/1"),
        ("Payload-Oxum", "1050475.1"),
        ("Disclosure-SHA256", &digest),
        ("Author-Commit-SHA256", &digest),
        ("Proof-Commit-SHA256", &digest),
    ])
    .unwrap();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-outer-bag", good.clone()),
        ("bad-date-added", format!("{good}Bagging-Date: 2026-11-23\n")),
        ("bad-label-missing", good.replacen("Format-Version: sanduq-bundle/1\n", "", 1)),
        ("bad-label-twice", format!("Format-Version: sanduq-bundle/1\n{good}")),
        ("bad-label-in-lower-case", good.replace("Payload-Oxum", "payload-oxum")),
        ("bad-two-spaces", good.replacen(": ", ":  ", 1)),
        ("bad-space-at-the-end", good.replacen("/1\n", "/1 \n", 1)),
        ("bad-folded", good.replacen(": sanduq", ":\n sanduq", 1)),
    ]));
    vectors
}

fn digest_lists() -> Vectors {
    let mut list = DigestList::new();
    list.push("units/0001.json".parse().unwrap(), Digest::of(b"consent")).unwrap();
    list.push("units/0002.json".parse().unwrap(), Digest::of(b"title")).unwrap();
    let good = list.to_string();
    let first = good.lines().next().unwrap();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-record", good.clone()),
        ("record.sha256", format!("{}\n", list.digest())),
        ("bad-name-twice", format!("{good}{first}\n")),
        ("bad-upper-case", good.to_uppercase()),
        ("bad-binary-mark", good.replacen("  ", " *", 1)),
        ("bad-one-space", good.replacen("  ", " ", 1)),
        ("bad-three-spaces", good.replacen("  ", "   ", 1)),
        ("bad-escaped-name", format!("\\{good}")),
        ("bad-name-out-of-the-folder", good.replacen("units/", "../../", 1)),
        ("bad-absolute-name", good.replacen("units/", "/etc/", 1)),
        ("bad-short-digest", good[1..].to_owned()),
        ("bad-comment", format!("# units\n{good}")),
    ]));
    vectors
}

fn missing() -> Vectors {
    let numbers = [3].into_iter().chain(16..=160).collect();
    let good = Missing { set: Digest::of(b"a set"), numbers }.to_string();
    let changed = |from: &str, to: &str| good.replacen(from, to, 1);
    let mut vectors = texts([
        ("good-some", good.clone()),
        ("good-one", changed("3 16-160", "4351")),
        ("bad-none", changed("3 16-160", "")),
        ("bad-run-of-one", changed("3 ", "3-3 ")),
        ("bad-no-run", changed("16-160", "16 17")),
        ("bad-runs-that-touch", changed("3 16", "15 16")),
        ("bad-out-of-order", changed("3 16-160", "16-160 3")),
        ("bad-backwards", changed("16-160", "160-16")),
        ("bad-zero", changed("3 ", "0 ")),
        ("bad-too-great", changed("160", "4352")),
        ("bad-leading-zero", changed("3 ", "03 ")),
        ("bad-two-spaces", changed("3 ", "3  ")),
        ("bad-another-format", changed("parts/1", "parts/2")),
    ]);
    vectors.extend(misspelled(&good));
    vectors
}

/// A set of three slices of a bundle of 300 bytes that is none, and two parities that are none.
fn set_of_parts() -> (Set, Vec<Vec<u8>>) {
    let recipient = Identity::from_seed(&Secret::new([60; 32])).to_recipient();
    let volume = Volume::new(300, 3, 2, recipient).unwrap();
    let mut bodies: Vec<Vec<u8>> = volume.numbers().map(|number| vec![number as u8; 128]).collect();
    bodies[2][44..].fill(0);
    let digests: Vec<Digest> = bodies.iter().map(|body| Digest::of(body)).collect();
    (Set::of(volume, &digests).unwrap(), bodies)
}

fn volumes() -> Vectors {
    let (set, bodies) = set_of_parts();
    let part = |number: u16| {
        let mut part = set.begin(number, Vec::new()).unwrap();
        part.write_all(&bodies[usize::from(number) - 1]).unwrap();
        part.finish().unwrap()
    };
    let (volume, list) = (set.volume().to_string(), set.list().to_string());
    let id = |list: &str| format!("{}  parts-sha256.txt\n", Digest::of(list.as_bytes()));
    // With a list and an id that belong to what `volume.txt` says.
    let said = |volume: &str| {
        let (_, rest) = list.split_once('\n').unwrap();
        let list = format!("{}  volume.txt\n{rest}", Digest::of(volume.as_bytes()));
        of_members(volume, &list, &id(&list), ("slices/0001", &bodies[0]))
    };
    let listed = |list: &str| of_members(&volume, list, &id(list), ("slices/0001", &bodies[0]));
    let holding = |name, body: &[u8]| of_members(&volume, &list, &id(&list), (name, body));
    let mut lines: Vec<&str> = list.lines().collect();
    lines.swap(1, 2);
    vec![
        ("good-slice", part(1)),
        ("good-last-slice", part(3)),
        ("good-parity", part(5)),
        ("bad-cut-in-the-slice", part(1)[..part(1).len() - 1100].to_vec()),
        ("bad-byte-after-the-end", [&part(1)[..], b"x"].concat()),
        ("bad-zeros-after-the-end", [&part(1)[..], &[0; 512]].concat()),
        ("bad-slice-changed", holding("slices/0001", &[9; 128])),
        ("bad-slice-of-another-length", holding("slices/0001", &[1; 192])),
        ("bad-slice-that-is-not-listed", holding("slices/0004", &bodies[0])),
        ("bad-another-slices-name", holding("slices/0002", &bodies[0])),
        (
            "bad-no-slice",
            archive_of(&[("volume.txt", volume.as_bytes()), ("parts-sha256.txt", list.as_bytes())]),
        ),
        ("bad-id-of-another-set", of_members(&volume, &list, &id("another"), ("slices/0001", &bodies[0]))),
        ("bad-list-in-another-order", listed(&(lines.join("\n") + "\n"))),
        ("bad-list-one-short", listed(&list[..list.trim_end().rfind('\n').unwrap() + 1])),
        (
            "bad-list-of-another-volume",
            listed(&list.replacen(&list[..1], if list.starts_with('0') { "1" } else { "0" }, 1)),
        ),
        ("bad-length-zero", said(&volume.replace("length: 300", "length: 0"))),
        ("bad-length-with-leading-zero", said(&volume.replace("length: 300", "length: 0300"))),
        ("bad-length-of-fewer-slices", said(&volume.replace("length: 300", "length: 128"))),
        ("bad-too-many-slices", said(&volume.replace("slices: 3", "slices: 4097"))),
        ("bad-too-much-parity", said(&volume.replace("parity: 2", "parity: 256"))),
        ("bad-no-recipient", said(&volume[..volume.find("return").unwrap()])),
        ("bad-line-more", said(&format!("{volume}\n"))),
        ("bad-another-format", said(&volume.replace("volume/1", "volume/2"))),
    ]
}

fn of_members(volume: &str, list: &str, id: &str, (name, body): (&str, &[u8])) -> Vec<u8> {
    archive_of(&[
        ("volume.txt", volume.as_bytes()),
        ("parts-sha256.txt", list.as_bytes()),
        ("set-sha256.txt", id.as_bytes()),
        (name, body),
    ])
}

fn names() -> Vectors {
    let long = "a".repeat(100);
    let mut vectors = texts([
        ("good-fixed", "tagmanifest-sha256.txt.pq.sig"),
        ("good-in-folders", "records/1/units/0001.json"),
        ("bad-empty", ""),
        ("bad-absolute", "/a"),
        ("bad-parent", "a/../b"),
        ("bad-hidden", "a/.b"),
        ("bad-option", "-rf"),
        ("bad-folder", "a/"),
        ("bad-upper-case", "A"),
        ("bad-space", "a b"),
        ("bad-backslash", "a\\b"),
        ("bad-drive", "c:a"),
        ("bad-direction", "photo\u{202e}gpj.exe"),
        ("bad-dot-at-the-end", "a."),
    ]);
    vectors.push(("good-of-100-bytes", long.clone().into()));
    vectors.push(("bad-of-101-bytes", (long + "a").into()));
    vectors
}

fn times() -> Vectors {
    texts([
        ("good-moment", "2026-11-23T18:40:00Z"),
        ("good-last-moment", "9999-12-31T23:59:59Z"),
        ("good-day", "2028-02-29"),
        ("bad-empty", ""),
        ("bad-zone", "2026-11-23T18:40:00+00:00"),
        ("bad-no-zone", "2026-11-23T18:40:00"),
        ("bad-fraction", "2026-11-23T18:40:00.0Z"),
        ("bad-leap-second", "2026-12-31T23:59:60Z"),
        ("bad-lower-case", "2026-11-23t18:40:00z"),
        ("bad-no-such-day", "2026-02-29"),
        ("bad-before-1970", "1969-12-31"),
        ("bad-no-dashes", "20261123"),
        ("bad-year-10000", "10000-01-01"),
        ("bad-line-feed", "2026-11-23\n"),
    ])
}

fn keys(seed: u8) -> KeyPair {
    KeyPair::from_seeds(&Secret::new([seed; 32]), &Secret::new([seed + 100; 32]))
}

fn signatures() -> Vectors {
    let keys = keys(9);
    let [good, pq] = sshsig::encode_pair(&keys.public(), &keys.sign::<Bundle>(b"sealed\n"));
    let role = sshsig::encode(keys.public().ed25519(), &keys.sign::<CardRole>(b"sealed\n").ed25519);
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-ed25519.sig", good.clone()),
        ("good-composite.sig", pq),
        ("bad-another-role.sig", role),
        ("bad-two-envelopes.sig", good.repeat(2)),
        ("bad-lines-of-69.sig", format!("{}\n{}{}", &good[..99], &good[99..100], &good[101..])),
        ("bad-pgp.sig", good.replace("SSH SIGNATURE", "PGP SIGNATURE")),
        ("bad-nothing-inside.sig", format!("{}{}", sshsig::BEGIN, sshsig::END)),
    ]));
    vectors
}

/// The phrase that the vectors of proofs are made with; `proof/phrase` is it.
pub const PHRASE: &str =
    "abandon ability able about above absent absorb abstract absurd abuse access accident";

/// The bundle that they are about, and the key it commits to.
pub fn proof_about() -> Commitment {
    let commit = ProofKey::from_phrase(PHRASE).unwrap().commit();
    Commitment { bundle: Digest::of(b"an invented bundle"), commit }
}

fn proofs() -> Vectors {
    let key = ProofKey::from_phrase(PHRASE).unwrap();
    let prove = |challenge: &str, said: &str| key.prove(&proof_about(), challenge, said).unwrap();
    let signed = prove("Which colour has the door? 58213", "It is green.\n\nI wrote this account.");
    let good = signed.text.clone();
    let line = key_line(&good);
    let bundle = proof_about().bundle.to_string();
    let composite = keys(9).public().composite().to_line();
    let weak = format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{}", "A".repeat(43));
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-answer", good.clone()),
        ("good-persian", prove("پرسش ۱", "من نوشته‌ام.").text),
        ("answer.sig", signed.signature),
        ("key.pub", format!("{line}\n")),
        ("key.sha256", format!("{}\n", proof_about().commit)),
        ("phrase", format!("{PHRASE}\n")),
        ("bad-another-first-line", good.replace("sanduq-proof/1", "sanduq-proof/2")),
        ("bad-bundle-in-upper-case", good.replace(&bundle, &bundle.to_uppercase())),
        ("bad-lines-in-another-order", swapped(&good)),
        ("bad-no-challenge", good.replace("Which colour has the door? 58213", "")),
        ("bad-challenge-with-a-tab", good.replace("colour has", "colour\thas")),
        ("bad-challenge-ends-with-a-space", good.replace("58213", "58213 ")),
        ("bad-composite-key", good.replace(&line, &composite)),
        ("bad-weak-key", good.replace(&line, &weak)),
        ("bad-no-empty-line", good.replacen("\n\n", "\n", 1)),
        ("bad-nothing-said", good.split_inclusive("\n\n").next().unwrap().to_owned()),
        ("bad-words-turn-the-direction", good.replace("green", "\u{202e}green")),
        ("bad-words-begin-with-a-line-feed", good.replacen("\n\n", "\n\n\n", 1)),
        ("bad-too-long", good.replace("green", &"green ".repeat(4_000))),
    ]));
    vectors
}

/// The officer who says what is in the vectors of replies, the second of two on the card that they name.
pub fn reply_officer() -> KeyPair {
    keys(12)
}

/// What the vectors of replies are about.
pub fn reply_about() -> About {
    let [bundle, author, card] =
        ["an invented bundle", "an invented author", "an invented card"].map(|of| Digest::of(of.as_bytes()));
    About { bundle, author, card }
}

fn replies() -> Vectors {
    let sign = |number: u64, words: &str| {
        Reply::sign(reply_about(), 2, number, words, &reply_officer()).unwrap().print()
    };
    let good = sign(1, "Thank you.\n\nWho else saw it?");
    let begins = |text: &str, from: usize| text[from..].find(sshsig::BEGIN).unwrap() + from;
    let first = begins(&good, 0);
    let second = begins(&good, first + 1);
    let (said, signature, pq_signature) = (&good[..first], &good[first..second], &good[second..]);
    let bundle = reply_about().bundle.to_string();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-question", good.clone()),
        ("good-persian", sign(2, "سپاس.\n\nچه کس دیگری آنجا بود؟")),
        ("good-spelling-that-steers", sign(3, "\u{1b}[2J\u{202e}shown escaped")),
        ("question.sig", signature.to_owned()),
        ("question.pq.sig", pq_signature.to_owned()),
        ("officer.pub", reply_officer().public().to_lines()),
        ("bad-another-first-line", good.replace("sanduq-reply/1", "sanduq-reply/2")),
        ("bad-bundle-in-upper-case", good.replace(&bundle, &bundle.to_uppercase())),
        ("bad-lines-in-another-order", swapped(&good)),
        ("bad-officer-nobody", good.replace("officer: 2", "officer: 0")),
        ("bad-officer-beyond-a-card", good.replace("officer: 2", "officer: 6")),
        ("bad-number-with-a-zero", good.replace("number: 1", "number: 01")),
        ("bad-number-nothing", good.replace("number: 1", "number: 0")),
        ("bad-no-empty-line", good.replacen("\n\n", "\n", 1)),
        ("bad-nothing-said", good.replace("Thank you.\n\nWho else saw it?", "")),
        ("bad-words-begin-with-a-line-feed", good.replacen("\n\n", "\n\n\n", 1)),
        ("bad-words-not-composed", good.replace("Thank", "Tha\u{308}nk")),
        ("bad-zero-byte", good.replace("Thank", "Tha\0nk")),
        ("bad-too-long", good.replace("Thank you.", &"thanks ".repeat(3_000))),
        ("bad-one-signature", format!("{said}{signature}")),
        ("bad-pq-signature-alone", format!("{said}{pq_signature}")),
        ("bad-signatures-swapped", format!("{said}{pq_signature}{signature}")),
        ("bad-no-signature", said.to_owned()),
        ("bad-three-signatures", format!("{good}{signature}")),
        ("bad-signature-of-another-role", good.replace(signature, &another_role(said))),
    ]));
    vectors
}

fn another_role(said: &str) -> String {
    let keys = reply_officer();
    let [signature, _] = sshsig::encode_pair(&keys.public(), &keys.sign::<Bundle>(said.as_bytes()));
    signature
}

fn key_line(proof: &str) -> String {
    proof.lines().nth(3).unwrap().strip_prefix("key: ").unwrap().to_owned()
}

/// The second and third lines in each other's place.
fn swapped(proof: &str) -> String {
    let mut lines: Vec<&str> = proof.split('\n').collect();
    lines.swap(1, 2);
    lines.join("\n")
}

fn log() -> NoteSigner {
    NoteSigner::new("archive.example/log", LogSigningKey::from_seed(&Secret::new([50; 32]))).unwrap()
}

fn other_log() -> NoteSigner {
    NoteSigner::new("other.example/log", LogSigningKey::from_seed(&Secret::new([51; 32]))).unwrap()
}

fn witness(number: u8) -> Witness {
    let key = LogSigningKey::from_seed(&Secret::new([60 + number; 32]));
    Witness::new(&format!("w{number}.example"), key).unwrap()
}

fn pq_witness(number: u8) -> Witness {
    let key = CosignerKey::from_seed(&Secret::new([60 + number; 32]));
    Witness::pq(&format!("w{number}.example"), key).unwrap()
}

fn vkeys() -> Vectors {
    let good = log().verifier().to_string();
    let (name, rest) = good.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    texts([
        ("good-log", good.clone()),
        ("good-witness", witness(1).verifier().to_string()),
        ("good-post-quantum-witness", pq_witness(1).verifier().to_string()),
        ("bad-post-quantum-key-cut", {
            let name = pq_witness(1).verifier().name().to_owned();
            let key = [&[6], &pq_witness(1).verifier().key().as_bytes()[1..]].concat();
            let id = Digest::of(&[name.as_bytes(), b"\n", &key].concat()).to_string();
            format!("{name}+{}+{}", &id[..8], BASE64_STANDARD.encode(key))
        }),
        ("bad-empty", String::new()),
        ("bad-another-id", format!("{name}+00000000+{key}")),
        ("bad-another-name", format!("x{good}")),
        ("bad-no-name", format!("+{id}+{key}")),
        ("bad-direction-in-the-name", turned_vkey()),
        ("bad-space-in-the-name", format!("a b+{id}+{key}")),
        ("bad-id-in-upper-case", format!("{name}+{}+{key}", id.to_uppercase())),
        ("bad-no-key", format!("{name}+{id}")),
        ("bad-line-feed", format!("{good}\n")),
        ("bad-identity-point", format!("{name}+{id}+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
    ])
}

/// A key whose id is right and whose name turns the direction of reading.
fn turned_vkey() -> String {
    let name = "\u{202e}gol";
    let key = [&[1], log().verifier().key().as_bytes()].concat();
    let id = Digest::of(&[name.as_bytes(), b"\n", &key].concat()).to_string();
    format!("{name}+{}+{}", &id[..8], BASE64_STANDARD.encode(key))
}

fn notes() -> Vectors {
    let good = log().sign("A text.\n\nOf two paragraphs.\n").unwrap().to_string();
    let line = &good[good.find('—').unwrap()..];
    let mut vectors = misspelled(&good);
    // To a note such a mark is text like any other.
    vectors.retain(|(name, _)| *name != "bad-byte-order-mark");
    vectors.extend(texts([
        ("good-signed", good.clone()),
        ("good-signed-by-strangers", format!("{good}— stranger AAAAAAA=\n")),
        ("bad-unsigned", good.replace(line, "")),
        ("bad-hyphen", good.replace('—', "-")),
        ("bad-control-character", good.replacen(' ', "\t", 1)),
        ("bad-plus-in-a-name", format!("{good}— a+b AAAAAAA=\n")),
        ("bad-signature-of-nothing", format!("{good}— a AAAAAA==\n")),
        ("bad-too-many-signatures", format!("{good}{}", "— a AAAAAAA=\n".repeat(64))),
    ]));
    vectors
}

fn policies() -> Vectors {
    let lines: String =
        (1..=3).map(|number| format!("witness w{number} {}\n", witness(number).verifier())).collect();
    let good = format!("log {}\n{lines}group all-three 2 w1 w2 w3\nquorum all-three\n", log().verifier());
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-none", "quorum none\n".to_owned()),
        ("good-two-of-three", good.clone()),
        ("good-with-an-address", good.replacen('\n', " https://archive.example/log\n", 1)),
        ("good-with-the-log-s-second-key", with_second(&lines, 2)),
        ("bad-one-of-three-beside-the-log-s-second-key", with_second(&lines, 1)),
        ("bad-half-of-the-witnesses", good.replace("all-three 2", "all-three 1")),
        ("bad-one-of-three", good.replace("quorum all-three", "quorum w1")),
        ("bad-no-quorum", good.replace("quorum all-three\n", "")),
        ("bad-two-quorums", format!("{good}quorum all-three\n")),
        ("bad-undefined-member", good.replace("w1 w2 w3\n", "w1 w2 w4\n")),
        ("bad-member-twice", good.replace("w1 w2 w3\n", "w1 w2 w2\n")),
        (
            "bad-witness-twice",
            good.replace("group", &format!("{}group", lines.lines().next().unwrap().to_owned() + "\n")),
        ),
        ("bad-more-than-there-are", good.replace("all-three 2", "all-three 4")),
        ("bad-leading-zero", good.replace("all-three 2", "all-three 02")),
        ("bad-comment", format!("# witnesses\n{good}")),
        ("bad-two-spaces", good.replace("quorum ", "quorum  ")),
        ("bad-log-key-as-witness", format!("witness w {}\nquorum w\n", log().verifier())),
    ]));
    vectors
}

/// Two bundles of which nothing but the ids is known here, in their order.
fn bundle_ids() -> [Digest; 2] {
    let mut ids = [b"one bundle".as_slice(), b"another bundle"].map(Digest::of);
    ids.sort();
    ids
}

/// What is wrong with any list of ids, whatever stands above it.
fn misspelled_ids(good: &str) -> Vectors {
    let [first, second] = bundle_ids().map(|id| id.to_string());
    let mut vectors = misspelled(good);
    vectors.extend(texts([
        ("bad-upper-case", good.replace(&first, &first.to_uppercase())),
        ("bad-short-id", good.replace(&second, &second[1..])),
        ("bad-id-twice", good.replace(&first, &second)),
        ("bad-not-in-order", good.replace(&second, "x").replace(&first, &second).replace('x', &first)),
        ("bad-comment", good.replace(&first, &format!("# {first}"))),
        ("bad-version", good.replacen("/1", "/2", 1)),
    ]));
    vectors
}

fn holds() -> Vectors {
    let good = Holds::of(bundle_ids()).unwrap().to_string();
    let mut vectors = misspelled_ids(&good);
    vectors.extend(texts([
        ("good-two", good.clone()),
        ("good-none", Holds::of([]).unwrap().to_string()),
        ("bad-without-its-first-line", good.lines().skip(1).map(|line| format!("{line}\n")).collect()),
        ("bad-name-behind-an-id", good.replacen('\n', "\n  a.bundle\n", 1)),
    ]));
    vectors
}

/// Keys, and behind a key the carrier that openssl made under it.
fn carriers() -> Vectors {
    let key = include_str!("../vectors/carrier/by-openssl.key");
    let made = include_bytes!("../vectors/carrier/good-carrier-by-openssl");
    let changed = |at: std::ops::Range<usize>| {
        let mut changed = made.to_vec();
        changed[at].iter_mut().for_each(|byte| *byte ^= 1);
        changed
    };
    let body = key.len() + 16;
    let mut vectors = misspelled(key);
    vectors.extend(texts([
        ("good-key", key.to_owned()),
        ("bad-key-in-upper-case", key.to_uppercase()),
        ("bad-key-one-digit-short", key[1..].to_owned()),
        ("bad-key-with-a-space", key.replacen('0', " ", 1)),
    ]));
    vectors.extend([
        ("good-carrier-damaged-in-its-name", changed(body..body + 32)),
        ("good-carrier-damaged-behind-its-name", changed(body + 200..body + 300)),
        ("good-carrier-without-a-tail", made[..body + 2048].to_vec()),
        ("good-carrier-cut-short", made[..body + 700].to_vec()),
        ("bad-carrier-damaged-in-most-of-its-name", changed(body..body + 33)),
        ("bad-carrier-with-another-beginning", changed(key.len() + 15..key.len() + 16)),
        ("bad-carrier-shorter-than-a-name", made[..body + 63].to_vec()),
        ("bad-carrier-of-nothing", made[..body].to_vec()),
    ]);
    vectors
}

fn possession() -> Vectors {
    let nonce = [0x47; 32];
    let challenge = Challenge::with_nonce(nonce, bundle_ids()).unwrap();
    let tag = sanduq::crypto::hmac(&nonce, b"the bytes of one of them");
    let good = challenge.to_string();
    let answer = Answer::to(&challenge, [Some(tag), None]).to_string();
    let nonce = "47".repeat(32);
    let mut vectors = misspelled_ids(&good);
    vectors.extend(texts([
        ("good-challenge", good.clone()),
        ("good-answer", answer.clone()),
        ("bad-nothing-asked", good.lines().take(2).map(|line| format!("{line}\n")).collect()),
        ("bad-no-nonce", good.replace(&format!("nonce: {nonce}\n"), "")),
        ("bad-short-nonce", good.replace(&nonce, &nonce[2..])),
        ("bad-answer-in-a-challenge", good.replace("possession/1", "possession-answer/1")),
        ("bad-answer-missing-in-capitals", answer.replace("missing", "MISSING")),
        ("bad-answer-without-a-tag", answer.replace(" missing", "")),
        ("bad-answer-two-spaces", answer.replace(" missing", "  missing")),
        ("bad-answer-short-tag", answer.replace(&tag.to_string(), &tag.to_string()[2..])),
        ("bad-answer-id-twice", format!("{answer}{}\n", answer.lines().last().unwrap())),
    ]));
    vectors
}

fn tree() -> Tree<MemoryHashes> {
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    for leaf in [card_leaf(), ingest_leaf(), event_leaf()] {
        tree.append(leaf.to_string().as_bytes()).unwrap();
    }
    tree
}

fn card_leaf() -> Leaf {
    Leaf::Card(Digest::of(b"invented card"))
}

fn ingest_leaf() -> Leaf {
    Leaf::Ingest(Digest::of(b"invented bundle"))
}

fn event_leaf() -> Leaf {
    Event::Open { bundle: Digest::of(b"invented bundle"), officer: keys(1).public().fingerprint() }
        .leaf(&[5; 32])
}

fn leaves() -> Vectors {
    let good = ingest_leaf().to_string();
    texts([
        ("good-ingest", good.clone()),
        ("good-card", card_leaf().to_string()),
        ("good-event", event_leaf().to_string()),
        ("bad-empty", String::new()),
        ("bad-line-feed", format!("{good}\n")),
        ("bad-version", good.replace("/1", "/2")),
        ("bad-kind", good.replace("ingest", "forget")),
        ("bad-upper-case", good.to_uppercase()),
        ("bad-two-spaces", good.replacen(' ', "  ", 1)),
        ("bad-time-added", format!("{good} 2026-11-23T18:40:00Z")),
    ])
}

/// A policy that asks for the log's own second key and so many of three witnesses.
fn with_second(lines: &str, needed: usize) -> String {
    let (log, second) = (log().verifier(), Witness::beside(&log()).unwrap());
    let second = second.verifier();
    format!(
        "log {log}\nwitness log {second}\n{lines}group w {needed} w1 w2 w3\ngroup all all log w\nquorum all\n"
    )
}

fn tiles() -> Vectors {
    let leaves: Vec<String> = [
        Leaf::Ingest(Digest::of(b"a bundle")),
        Leaf::Event(Digest::of(b"an event")),
        Leaf::Card(Digest::of(b"a card")),
    ]
    .map(|leaf| leaf.to_string())
    .into();
    let many: Vec<String> = (0..257).map(|number| format!("leaf {number}")).collect();
    let print = |leaves: &[String]| print_leaves(leaves.iter().map(String::as_bytes)).unwrap();
    let good = print(&leaves);
    let mut turned = good.clone();
    turned.swap(0, 1);
    texts([
        ("good-three-leaves", good.clone()),
        ("good-one-empty-leaf", vec![0, 0]),
        ("good-full", print(&many[..256])),
        ("bad-empty", Vec::new()),
        ("bad-257-leaves", print(&many)),
        ("bad-cut-in-a-leaf", good[..good.len() - 1].to_vec()),
        ("bad-cut-in-a-length", [&good[..], &[0]].concat()),
        ("bad-length-in-the-other-order", turned),
        ("bad-length-past-the-end", [&[0xff; 2][..], &[b'x'; 100]].concat()),
    ])
}

fn add_checkpoints() -> Vectors {
    let (log, tree) = (log(), tree());
    let head = Checkpoint::of(&log, 3, tree.root(3).unwrap()).sign(&log).unwrap();
    let request =
        AddCheckpoint { old: 2, proof: tree.consistency_proof(2, 3).unwrap(), checkpoint: head.clone() };
    let good = request.to_string();
    let mut cosigned = head.clone();
    witness(1).cosign(&mut cosigned, Time::from_unix(1_795_459_200).unwrap());
    pq_witness(1).cosign(&mut cosigned, Time::from_unix(1_795_459_200).unwrap());
    let answer: String =
        cosigned.note().signatures()[1..].iter().map(|signature| format!("{signature}\n")).collect();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-request", good.clone()),
        ("good-first-request", AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: head }.to_string()),
        ("good-answer", answer.clone()),
        ("good-answer-of-a-size", "2\n".to_owned()),
        ("bad-no-old-size", good.replacen("old 2\n", "", 1)),
        ("bad-leading-zero", good.replacen("old 2", "old 02", 1)),
        ("bad-short-hash", good.replacen("=\n\n", "\n\n", 1)),
        ("bad-no-empty-line", good.replacen("\n\n", "\n", 1)),
        ("bad-answer-with-an-empty-line", format!("{answer}\n")),
        ("bad-answer-of-two-sizes", "2\n3\n".to_owned()),
        ("bad-answer-of-a-size-with-a-leading-zero", "02\n".to_owned()),
        ("bad-answer-with-a-hyphen", answer.replace("— ", "- ")),
    ]));
    vectors
}

fn checkpoints() -> Vectors {
    let (log, tree) = (log(), tree());
    let mut head = Checkpoint::of(&log, 3, tree.root(3).unwrap()).sign(&log).unwrap();
    let good = head.to_string();
    witness(1).cosign(&mut head, Time::from_unix(1_795_459_200).unwrap());
    let signed = |text: &str| log.sign(text).unwrap().to_string();
    let text = head.note().text();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-three-leaves", good.clone()),
        ("good-cosigned", head.to_string()),
        ("good-cosigned-with-post-quantum-keys", {
            let mut head = Checkpoint::of(&log, 3, tree.root(3).unwrap()).sign_twice(&log).unwrap();
            pq_witness(1).cosign(&mut head, Time::from_unix(1_795_459_200).unwrap());
            head.to_string()
        }),
        ("good-empty-log", Checkpoint::of(&log, 0, Digest::of(b"")).sign(&log).unwrap().to_string()),
        ("bad-extension-line", signed(&format!("{text}extension\n"))),
        ("bad-leading-zero", signed(&text.replace("\n3\n", "\n03\n"))),
        ("bad-sign-before-the-size", signed(&text.replace("\n3\n", "\n+3\n"))),
        ("bad-size-beyond-64-bits", signed(&text.replace("\n3\n", "\n18446744073709551616\n"))),
        ("bad-no-root", signed("archive.example/log\n3\n")),
        ("bad-short-root", signed("archive.example/log\n3\nAAAA\n")),
        ("bad-no-origin", signed(&text.replace("archive.example/log\n", "\n"))),
    ]));
    vectors
}

fn receipts() -> Vectors {
    let (log, tree) = (log(), tree());
    let receipt = |index, log: &NoteSigner| {
        let head = Checkpoint::of(log, 3, tree.root(3).unwrap()).sign(log).unwrap();
        let hashes = tree.inclusion_proof(1, 3).unwrap();
        TlogProof::logged(ingest_leaf().to_string().as_bytes(), index, hashes, head)
    };
    let good = receipt(1, &log).to_string();
    let extra = good.lines().nth(1).unwrap();
    let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-ingest", good.clone()),
        ("good-without-extra", good.replace(&format!("{extra}\n"), "")),
        ("good-spelling-of-another-log", receipt(1, &other_log()).to_string()),
        ("good-spelling-at-another-place", receipt(2, &log).to_string()),
        ("bad-version", good.replace("@v1", "@v2")),
        ("bad-leading-zero", good.replace("index 1", "index 01")),
        ("bad-no-index", good.replace("index 1\n", "")),
        ("bad-empty-extra", good.replace(extra, "extra ")),
        ("bad-65-hashes", good.replace("index 1\n", &format!("index 1\n{}", hash.repeat(65)))),
        ("bad-short-hash", good.replace("index 1\n", "index 1\nAAAA\n")),
        ("bad-two-empty-lines", good.replacen("\n\n", "\n\n\n", 1)),
        ("bad-no-checkpoint", good[..good.find("\n\n").unwrap() + 2].to_owned()),
    ]));
    vectors
}

fn officer(seed: u8) -> OfficerLine {
    let recipient = Identity::from_seed(&Secret::new([seed; 32])).to_recipient();
    OfficerLine { recipient, keys: keys(seed).public() }
}

fn officers() -> Vectors {
    let good = officer(1).to_string();
    let fields: Vec<_> = good.split(' ').collect();
    let other = officer(2).to_string();
    let recipient_cut = &fields[0][..fields[0].len() - 1];
    texts([
        ("good-officer", good.clone()),
        ("bad-empty", String::new()),
        ("bad-line-feed", format!("{good}\n")),
        ("bad-two-spaces", good.replacen(' ', "  ", 1)),
        ("bad-comment", format!("{good} officer@archive.example")),
        ("bad-no-second-key", fields[..3].join(" ")),
        ("bad-keys-in-another-order", [fields[0], fields[3], fields[4], fields[1], fields[2]].join(" ")),
        ("bad-recipient-in-upper-case", good.replace(fields[0], &fields[0].to_uppercase())),
        ("bad-recipient-cut", good.replace(fields[0], recipient_cut)),
        ("bad-two-officers", format!("{good} {other}")),
        (
            "bad-weak-key",
            good.replace(fields[2], "AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ),
    ])
}

fn draft_of(officers: &[u8], threshold: usize) -> Draft {
    Draft::new(Terms {
        name: "Invented Archive – بایگانی ساختگی".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold,
        officers: officers.iter().map(|seed| officer(*seed)).collect(),
        log: log().verifier(),
        policy: Policy::none(),
    })
    .unwrap()
}

fn drafts() -> Vectors {
    let further = Witness::beside(&log()).unwrap();
    let good = draft_of(&[1, 2, 3], 2).to_string();
    let first = format!("officer: {}\n", officer(1));
    let witnessed = Witness::new("log", LogSigningKey::from_seed(&Secret::new([50; 32]))).unwrap();
    let strange = NoteVerifier::log(
        "archive.example/log",
        LogSigningKey::from_seed(&Secret::new([61; 32])).verifying_key(),
    )
    .unwrap();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-two-of-three", good.clone()),
        (
            "bad-further-key-of-a-log-that-is-not-named",
            good.replace("quorum none", &format!("witness log {}\npolicy: quorum log", further.verifier())),
        ),
        (
            "good-further-key-of-its-log",
            good.replace(
                "quorum none",
                &format!(
                    "log {}\npolicy: witness log {}\npolicy: quorum log",
                    log().verifier(),
                    further.verifier()
                ),
            ),
        ),
        ("bad-version", good.replace("sanduq-card/1", "sanduq-card/2")),
        ("bad-serial-zero", good.replace("serial: 1\n", "serial: 0\n")),
        ("bad-leading-zero", good.replace("serial: 1\n", "serial: 01\n")),
        ("bad-name-empty", good.replace("name: Invented Archive – بایگانی ساختگی", "name: ")),
        ("bad-name-with-direction", good.replace("Invented", "\u{202e}Invented")),
        (
            "bad-no-officers",
            good.lines().filter(|l| !l.starts_with("officer")).map(|l| l.to_owned() + "\n").collect(),
        ),
        ("bad-officer-twice", good.replace("log: ", &format!("{first}log: "))),
        ("bad-six-officers", six_officers(&good)),
        ("bad-threshold-zero", good.replace("threshold: 2", "threshold: 0")),
        ("bad-threshold-above-officers", good.replace("threshold: 2", "threshold: 4")),
        (
            "bad-witness-key-as-log",
            good.replace(&log().verifier().to_string(), &witnessed.verifier().to_string()),
        ),
        ("bad-policy-of-another-log", good.replace("policy: ", &format!("policy: log {strange}\npolicy: "))),
        ("bad-no-policy", good.replace("policy: quorum none\n", "")),
        (
            "bad-fields-in-another-order",
            good.replace("serial: 1\nvalid-until: 2028-11-23\n", "valid-until: 2028-11-23\nserial: 1\n"),
        ),
    ]));
    vectors
}

fn six_officers(good: &str) -> String {
    let more: String = (4..=6).map(|seed| format!("officer: {}\n", officer(seed))).collect();
    good.replace("log: ", &format!("{more}log: "))
}

fn text_of(card: &Card) -> String {
    String::from_utf8(card.as_bytes().to_vec()).unwrap()
}

fn cards() -> Vectors {
    let good = text_of(&draft_of(&[1, 2, 3], 2).sign(&keys(9)));
    let succeeding = text_of(&draft_of(&[1], 1).sign_succeeding(&keys(9), &keys(8)));
    let (text, signatures) = good.split_at(good.find(sshsig::BEGIN).unwrap());
    let [sig, pq_sig] = signatures.split_inclusive(sshsig::END).collect::<Vec<_>>()[..] else {
        unreachable!()
    };
    let other = sshsig::encode_pair(&keys(8).public(), &keys(8).sign::<CardRole>(text.as_bytes()));
    let role = sshsig::encode_pair(&keys(9).public(), &keys(9).sign::<Bundle>(text.as_bytes()));
    let end = succeeding.match_indices(sshsig::END).nth(1).unwrap().0 + sshsig::END.len();
    let mut vectors = misspelled(&good);
    vectors.extend(texts([
        ("good-two-of-three.card", good.clone()),
        ("good-succeeding-another-key.card", succeeding.clone()),
        ("bad-draft.card", draft_of(&[1, 2, 3], 2).to_string()),
        ("bad-changed.card", good.replace("threshold: 2", "threshold: 1")),
        ("bad-unsigned.card", text.to_owned()),
        ("bad-second-signature-stripped.card", format!("{text}{sig}")),
        ("bad-first-signature-stripped.card", format!("{text}{pq_sig}")),
        ("bad-signatures-swapped.card", format!("{text}{pq_sig}{sig}")),
        ("bad-a-third-signature.card", format!("{good}{sig}")),
        ("bad-signed-by-another-key.card", format!("{text}{}", other.concat())),
        ("bad-signed-in-another-role.card", format!("{text}{}", role.concat())),
        ("bad-older-key-did-not-sign.card", succeeding[..end].to_owned()),
        ("bad-weak-key.card", format!("{text}{}{pq_sig}", by_nobody(sig))),
    ]));
    vectors
}

/// A signature with its Ed25519 key made the identity point, under which R = identity and S = 0 sign every message: for
/// `ssh-keygen` it verifies.
fn by_nobody(signature: &str) -> String {
    let armour = signature.trim_end().lines().filter(|line| !line.starts_with("-----"));
    let mut blob = BASE64_STANDARD.decode(armour.collect::<String>()).unwrap();
    let key = keys(9).public().ed25519().as_bytes().to_vec();
    let at = blob.windows(32).position(|part| part == key).unwrap();
    let mut identity = [0; 32];
    identity[0] = 1;
    blob[at..at + 32].copy_from_slice(&identity);
    let end = blob.len();
    blob[end - 64..].fill(0);
    blob[end - 64] = 1;
    let text = BASE64_STANDARD.encode(&blob);
    let lines: Vec<&str> =
        text.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("{}{}\n{}", sshsig::BEGIN, lines.join("\n"), sshsig::END)
}

fn custody() -> Vectors {
    let mut chain = Chain::new();
    let now = Time::from_unix(1_795_459_200).unwrap();
    let (item, bundle) = (RandomId::from_bytes([7; 16]), Digest::of(b"invented bundle"));
    let first = chain.append(now, Event::Add { item, content: Digest::of(b"invented item") }).to_string();
    let second = chain.append(now, Event::Seal { bundle, card: Digest::of(b"invented card") }).to_string();
    let opened = Event::Open { bundle, officer: keys(1).public().fingerprint() }.to_string();
    texts([
        ("good-first-entry", first.clone()),
        ("good-second-entry", second),
        ("good-event-open", opened.clone()),
        ("good-event-reply", Event::Reply { bundle, reply: Digest::of(b"invented reply") }.to_string()),
        ("good-event-fork", Event::Fork { one: bundle, other: Digest::of(b"another head") }.to_string()),
        ("good-event-withdraw", Event::Withdraw { record: bundle }.to_string()),
        ("bad-empty", String::new()),
        ("bad-line-feed", format!("{first}\n")),
        ("bad-two-spaces", first.replacen(' ', "  ", 1)),
        ("bad-no-time", first.replacen(" 2026-11-23T18:40:00Z", "", 1)),
        ("bad-upper-case", first.to_uppercase()),
        ("bad-verb", opened.replace("open", "peek")),
        ("bad-word-added", format!("{opened} twice")),
        ("bad-word-missing", opened.rsplit_once(' ').unwrap().0.to_owned()),
    ])
}
