//! The seeds of the fuzz targets that have no vectors to start from. All of it is invented.

use sanduq::bundle::author::{Act, FollowUp};
use sanduq::bundle::layout::Info;
use sanduq::bundle::reply::About;
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{Commitment, Missing, ProofKey, Reply, Statement, quorum};
use sanduq::crypto::domain::Bundle;
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{self, Digest, KeyPair, LogSigningKey, Secret, bytewords, seal, words};
use sanduq::format::archive::Writer;
use sanduq::format::bag::{self, Oxum};
use sanduq::format::digest_list::DigestList;
use sanduq::format::note::NoteSigner;
use sanduq::format::share_page::{AFTER, BEFORE};
use sanduq::format::sshsig;

/// Target, name, bytes.
pub type Seed = (&'static str, &'static str, Vec<u8>);

/// All of them.
pub fn all() -> Vec<Seed> {
    let text = |target, name, text: &str| (target, name, text.as_bytes().to_vec());
    let keys = keys(9).public();
    let salt = "47".repeat(32);
    let unit =
        |kind: &str, value: &str| format!("{{\"unit\":\"{kind}\",\"salt\":\"{salt}\",\"value\":{value}}}\n");
    let consent =
        unit("consent", r#"{"share":"organisation","name":"never","not-before":null,"contact":false}"#);
    vec![
        ("author", "first", statement(None).print().into()),
        ("author", "follow-up", statement(Some(Act::Withdraw)).print().into()),
        ("bundle", "texts", bundle()),
        text(
            "inner",
            "testimony",
            &format!("{consent}{}", [unit("kind", "\"testimony\""), unit("title", "\"a\"")].concat()),
        ),
        text("inner", "two-files", &two_files(&consent, &unit)),
        ("derivative", "by-hand", include_bytes!("../vectors/derivative/good-by-hand").to_vec()),
        (
            "derivative",
            "metadata-removed",
            include_bytes!("../vectors/derivative/good-metadata-removed").to_vec(),
        ),
        ("disclosure", "court", include_bytes!("../vectors/disclosure/good-court").to_vec()),
        ("disclosure", "public", include_bytes!("../vectors/disclosure/good-public").to_vec()),
        ("event", "disclose", include_bytes!("../vectors/event/good-disclose").to_vec()),
        ("event", "open", include_bytes!("../vectors/event/good-open").to_vec()),
        ("event_leaves", "two", include_bytes!("../vectors/event_leaves/good-two").to_vec()),
        ("event_proofs", "empty", include_bytes!("../vectors/event_proofs/good-empty").to_vec()),
        ("event_proofs", "two", include_bytes!("../vectors/event_proofs/good-two").to_vec()),
        ("letter", "receipt", include_bytes!("../vectors/receipt/good-ingest").to_vec()),
        ("letter", "reply", include_bytes!("../vectors/reply/good-question").to_vec()),
        ("letter", "card", include_bytes!("../vectors/card/good-two-of-three.card").to_vec()),
        ("letter", "missing", missing()),
        ("merkle", "inclusion", [&[0; 7][..], &[1], &[0; 7], &[2], &[5; 32]].concat()),
        ("merkle", "consistency", [&[0; 7][..], &[3], &[0; 7], &[7], &[5; 128]].concat()),
        ("pass_on", "two-layers", pass_on()),
        ("proof", "one-line", proof("58213", "I wrote this.").into()),
        ("proof", "persian", proof("پرسش ۱", "من نوشتم.\n\nkey: no line of the head").into()),
        ("reply", "one-line", reply("Thanks.").into()),
        ("reply", "persian", reply("سپاس.\n\nbundle: no line of the head").into()),
        ("sealed", "letter", seal::seal_bytes(&identity(7).to_recipient(), b"invented")),
        ("sealed", "nothing", seal::seal_bytes(&identity(7).to_recipient(), b"")),
        text("recipient", "recipient", &identity(1).to_recipient().to_string()),
        text("recipient", "identity", identity(1).to_secret_string().expose()),
        ("signer", "signer.pub", signer().print().into()),
        text(
            "testimony",
            "marks",
            "They took him from [[the house in Laleh street]].\n\nI saw [[it]][[all]].",
        ),
        text("testimony", "persian", "او را از [[خانه]] بردند.\n\nمن دیدم."),
        text("text", "direction", "photo\u{202e}gpj.exe"),
        text("text", "persian", "می\u{200c}خواهم\n"),
        text("unit", "consent", &consent),
        text("unit", "title", &unit("title", "\"آنچه دیدم\"")),
        text("unit", "label", &unit("label", r#"{"position":1,"label":"a/b.jpg"}"#)),
        text("record", "consent", &format!("{consent}-\n-\n")),
        text("record", "title-left-out", &format!("{consent}-\n")),
        text("record", "kind", &(consent.clone() + "-\n" + &unit("kind", "\"document\""))),
        text("verifying_key", "ed25519", &keys.ed25519().to_line()),
        text("verifying_key", "composite", &keys.composite().to_line()),
        text("verifying_key", "pair", &keys.to_lines()),
        ("verifying_key", "blob", keys.ed25519().to_blob()),
        text("words", "words", &words::eight_words(&Digest::of(b"abc")).join(" ")),
        text(
            "words",
            "numbers",
            &words::eight_numbers(&Digest::of(b"abc")).map(|number| format!("{number:04}")).join("-"),
        ),
        text("share", "words", &share()),
        text("share", "upper-case", &share().to_uppercase().replace(' ', "\n")),
        text(
            "consent",
            "public-under-a-pseudonym",
            r#"{"terms":{"share":"public","name":"pseudonym","not-before":"2030-01-01","contact":true},"pseudonym":"an invented name","words":"not on the radio"}"#,
        ),
        text(
            "consent",
            "safe",
            r#"{"terms":{"share":"organisation","name":"never","not-before":null,"contact":false}}"#,
        ),
        text("phrase", "seed", crypto::Seed::from_bytes(Secret::new([7; 32])).to_words().expose()),
        text("phrase", "proof", PHRASE),
        text("phrase", "upper-case", &PHRASE.to_uppercase().replace(' ', "\n ")),
        text("random_id", "id", "00112233445566778899aabbccddeeff"),
        text("share_page", "page", &share_on_a_page()),
        ("epoch", "epoch", [&b"sanduq-epoch/1\n"[..], &[1, 0, 0, 0, 0, 0, 0, 0], &[9; 60]].concat()),
        ("slots", "slots", slots()),
        text("key_file", "key-file", &format!("sanduq-key-file/1\n{}\n", "0f".repeat(32))),
    ]
}

/// Twelve words of no bundle.
const PHRASE: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";

fn missing() -> Vec<u8> {
    let log =
        NoteSigner::new("archive.example/log", LogSigningKey::from_seed(&Secret::new([50; 32]))).unwrap();
    let missing = Missing { set: Digest::of(b"set"), numbers: [3, 16, 17].into() };
    missing.sign(&log).unwrap().to_string().into()
}

fn share_on_a_page() -> String {
    let items: String = share().split(' ').map(|word| format!("{BEFORE}{word}{AFTER}\n")).collect();
    format!("<!doctype html>\n<title>an invented share</title>\n<ol>\n{items}</ol>\n")
}

/// The first of shares of which two are needed.
fn share() -> String {
    let bytes = [&[0xd9, 0x9d, 0x75, 0x58, 37, 0x5a, 0x5a, 0, 1, 0][..], &[7; 32]].concat();
    bytewords::encode(&bytes).expose().clone()
}

fn keys(seed: u8) -> KeyPair {
    KeyPair::from_seeds(&Secret::new([seed; 32]), &Secret::new([seed + 100; 32]))
}

fn identity(seed: u8) -> Identity {
    Identity::from_seed(&Secret::new([seed; 32]))
}

fn statement(act: Option<Act>) -> Statement {
    Statement {
        author: keys(1).public(),
        salt: Digest::of(b"salt"),
        bundle: keys(2).public(),
        disclosure: Digest::of(b"disclosure"),
        card: Digest::of(b"card"),
        proof: Digest::of(b"proof"),
        follow_up: act.map(|act| FollowUp { refers: Some(Digest::of(b"bundle")), act }),
    }
}

fn signer() -> Signer {
    Signer { keys: keys(2).public(), return_recipient: identity(3).to_recipient() }
}

fn proof(challenge: &str, said: &str) -> String {
    let key = ProofKey::from_phrase(PHRASE).unwrap();
    let about = Commitment { bundle: Digest::of(b"bundle"), commit: key.commit() };
    key.prove(&about, challenge, said).unwrap().text
}

fn reply(words: &str) -> String {
    let digest = Digest::of(b"invented");
    let about = About { bundle: digest, author: digest, card: digest };
    Reply::sign(about, 1, 1, words, &keys(1)).unwrap().print()
}

fn slots() -> Vec<u8> {
    let params = [512 * 1024u32, 3, 1].map(u32::to_le_bytes).concat();
    [&b"sanduq-slots/1\n"[..], &[4; 32], &params, &[5; 8 * (12 + 32 + 16)]].concat()
}

fn pass_on() -> Vec<u8> {
    let mut archive = Writer::new(Vec::new());
    let head = format!("sanduq-pass-on/1\nbundle: {}\n", Digest::of(b"bundle"));
    archive.whole(&"pass-on".parse().unwrap(), head.as_bytes()).unwrap();
    for number in [1, 3] {
        archive.whole(&format!("layers/{number:02}.age").parse().unwrap(), &[number; 600]).unwrap();
    }
    archive.finish().unwrap()
}

/// The six texts of a bundle whose sealed members are zeros, but for the payload's header, signed as they should be.
fn bundle() -> Vec<u8> {
    let keys = keys(2);
    let zeros = |len| "A".repeat(len);
    let header = format!(
        "age-encryption.org/v1\n-> mlkem768x25519 {}\n{}\n--- {}\n",
        zeros(1494),
        zeros(43),
        zeros(43)
    );
    let mut payload = header.into_bytes();
    payload.resize(seal::sealed_len(1 << 20) as usize, 0);
    let digest = Digest::of(b"invented");
    let oxum = Oxum { bytes: payload.len() as u64, files: 1 };
    let info = Info { oxum, disclosure: digest, author: digest, proof: digest }.print();
    let manifest = list([("data/payload.age".to_owned(), Digest::of(&payload))]);
    let quorum_digest = Digest::of(&vec![0; quorum::file_len() as usize]);
    let mut members = vec![
        ("bagit.txt".to_owned(), Digest::of(bag::DECLARATION.as_bytes())),
        ("bag-info.txt".to_owned(), Digest::of(info.as_bytes())),
        ("signer.pub".to_owned(), Digest::of(signer().print().as_bytes())),
    ];
    members.extend((1..=quorum::FILES).map(|number| (format!("quorum/{number:02}.age"), quorum_digest)));
    members.push(("manifest-sha256.txt".to_owned(), Digest::of(manifest.as_bytes())));
    let tag_manifest = list(members);
    let [sig, pq_sig] = sshsig::encode_pair(&keys.public(), &keys.sign::<Bundle>(tag_manifest.as_bytes()));
    [info, signer().print(), manifest, tag_manifest, sig, pq_sig].join("\0").into()
}

fn list(entries: impl IntoIterator<Item = (String, Digest)>) -> String {
    let mut list = DigestList::new();
    for (name, digest) in entries {
        list.push(name.parse().unwrap(), digest).unwrap();
    }
    list.to_string()
}

/// A document of two files, the second of which comes in parts.
fn two_files(consent: &str, unit: &dyn Fn(&str, &str) -> String) -> String {
    let contents = ["short", "a file of more than one part"];
    let mut text = format!("{consent}{}{}", unit("kind", "\"document\""), unit("title", "\"two files\""));
    for (content, number) in contents.iter().zip(1..) {
        let len = content.len();
        let media = r#""media-type":"text/plain""#;
        text += &unit(
            "file",
            &format!(r#"{{"position":{number},"file":{number},{media},"size":{len},"sha256":"@{number}"}}"#),
        );
        text += &unit("label", &format!(r#"{{"position":{number},"label":"page {number}"}}"#));
    }
    format!("{text}\0\0{}", contents.join("\0"))
}
