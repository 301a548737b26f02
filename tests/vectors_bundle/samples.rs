//! The vectors as our writers make them, from fixed seeds. Every person, place and event in them is invented.

use sanduq::bundle::author::{Act, FollowUp};
use sanduq::bundle::derivative::{Derivative, How, SignedDerivative};
use sanduq::bundle::disclosure::{Audience, Info};
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{EventLeaves, EventProofs, PassOn, SignedEvent, Statement};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, LogSigningKey, Secret, domain};
use sanduq::custody::Event;
use sanduq::evidence::consent::{Naming, Reach, Terms};
use sanduq::evidence::date::{EventDate, Sureness};
use sanduq::evidence::item::Kind;
use sanduq::evidence::record::Record;
use sanduq::evidence::unit::{Descriptor, Label, Person, PlacedRun, Unit, Value};
use sanduq::format::archive::Writer;
use sanduq::format::bag::Oxum;
use sanduq::format::note::NoteSigner;
use sanduq::format::sshsig;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

/// The formats that have a folder of good and bad vectors.
pub const FORMATS: &[&str] = &[
    "author",
    "courier",
    "derivative",
    "disclosure",
    "event",
    "event_leaves",
    "event_proofs",
    "pass_on",
    "record",
    "signer",
    "unit",
];

type Vectors = Vec<(String, Vec<u8>)>;

/// Format, name, bytes.
pub fn all() -> Vec<(&'static str, String, Vec<u8>)> {
    let folders = [
        ("author", authors()),
        ("courier", couriers()),
        ("derivative", derivatives()),
        ("disclosure", disclosures()),
        ("event", events()),
        ("event_leaves", event_leaves()),
        ("event_proofs", event_proofs()),
        ("pass_on", passed_on()),
        ("record", records()),
        ("signer", signers()),
        ("unit", units()),
    ];
    let named = |(format, vectors): (&'static str, Vectors)| {
        vectors.into_iter().map(move |(name, bytes)| (format, name, bytes))
    };
    folders.into_iter().flat_map(named).collect()
}

/// A good text, and it with each change that makes it another spelling.
fn spoiled(good: &str, changes: &[(&str, &str, &str)]) -> Vectors {
    let spoil = |(name, from, to): &(&str, &str, &str)| {
        assert!(good.contains(from), "{name}: nothing to change");
        (format!("bad-{name}"), good.replacen(from, to, 1).into_bytes())
    };
    let mut vectors: Vectors = changes.iter().map(spoil).collect();
    vectors.push(("bad-empty".to_owned(), Vec::new()));
    vectors.push(("bad-no-last-line-feed".to_owned(), good.trim_end().into()));
    vectors.push(("bad-two-last-line-feeds".to_owned(), format!("{good}\n").into()));
    vectors.push(("bad-carriage-return".to_owned(), good.replacen('\n', "\r\n", 1).into()));
    vectors.push(("bad-byte-order-mark".to_owned(), format!("\u{feff}{good}").into()));
    vectors
}

/// What disclosures say of themselves.
fn disclosures() -> Vectors {
    let info = |audience| {
        let (oxum, bundle) = (Oxum { bytes: 131_072, files: 31 }, Digest::of(b"an invented bundle"));
        Info { oxum, bundle, audience }.print()
    };
    let good = info(Audience::Court);
    let mut vectors = spoiled(
        &good,
        &[
            ("version", "sanduq-disclosure/1", "sanduq-disclosure/2"),
            ("version-of-a-bundle", "sanduq-disclosure/1", "sanduq-bundle/1"),
            ("for-the-organisation", "court", "organisation"),
            ("for-in-capitals", "court", "Court"),
            ("oxum-with-zeros", "131072.31", "131072.031"),
            ("bundle-too-short", "Bundle-SHA256: ", "Bundle-SHA256: 0"),
            ("label-unknown", "Disclosed-For", "Disclosed-To"),
            ("line-missing", "Disclosed-For: court\n", ""),
            ("line-twice", "Disclosed-For: court\n", "Disclosed-For: court\nDisclosed-For: court\n"),
        ],
    );
    vectors.push(("good-court".to_owned(), good.into()));
    vectors.push(("good-public".to_owned(), info(Audience::Public).into()));
    vectors
}

/// Statements of derivatives, each with its two signatures behind it.
fn derivatives() -> Vectors {
    let officer = KeyPair::from_seeds(&Secret::new([5; 32]), &Secret::new([6; 32]));
    let digest = Digest::of(b"an invented original");
    let print = |how| {
        let derivative = Derivative {
            bundle: Digest::of(b"an invented bundle"),
            record: Digest::of(b"an invented record"),
            unit: 12,
            original: digest,
            derivative: Digest::of(b"an invented derivative"),
            bytes: 22,
            media_type: "image/jpeg".to_owned(),
            how,
            officer: officer.public().fingerprint(),
        };
        SignedDerivative::sign(derivative, &officer).print().concat()
    };
    let words = |words: &str| How::ByHand { words: Some(words.to_owned()) };
    let good = print(words("two faces are blurred"));
    let mut vectors = spoiled(
        &good,
        &[
            ("version", "sanduq-derivative/1", "sanduq-derivative/2"),
            ("unit-too-short", "unit: 0012", "unit: 12"),
            ("unit-zero", "unit: 0012", "unit: 0000"),
            ("digest-in-upper-case", &digest.to_string(), &digest.to_string().to_uppercase()),
            ("bytes-with-zeros", "bytes: 22", "bytes: 022"),
            ("type-in-capitals", "image/jpeg", "image/JPEG"),
            ("type-with-a-parameter", "image/jpeg", "text/plain; charset=utf-8"),
            ("how-unknown", "by-hand", "by-magic"),
            ("words-of-what-was-not-made-by-hand", "by-hand", "metadata-removed"),
            ("words-empty", "two faces are blurred", ""),
            ("words-with-an-escape", "two faces", "two \u{1b}[2Jfaces"),
            ("words-turned", "two faces", "two \u{202e}faces"),
            ("words-too-long", "two faces", &"x".repeat(200)),
            ("words-twice", "words: two", "words: one\nwords: two"),
            ("line-missing", "bytes: 22\n", ""),
            ("signature-missing", "-----BEGIN SSH SIGNATURE-----\n", ""),
        ],
    );
    let text = &good[..good.find("-----BEGIN").expect("it is signed")];
    let as_event = sshsig::encode_pair(&officer.public(), &officer.sign::<domain::Event>(text.as_bytes()));
    vectors.push(("bad-signatures-of-an-event".to_owned(), format!("{text}{}", as_event.concat()).into()));
    vectors.push(("good-by-hand".to_owned(), good.into()));
    vectors.push(("good-by-hand-persian".to_owned(), print(words("چهره‌ها پوشانده شد")).into()));
    vectors.push(("good-by-hand-without-words".to_owned(), print(How::ByHand { words: None }).into()));
    vectors.push(("good-metadata-removed".to_owned(), print(How::MetadataRemoved).into()));
    vectors
}

/// Signed events, each as its line, a line feed, and the two signatures.
fn events() -> Vectors {
    let officer = KeyPair::from_seeds(&Secret::new([5; 32]), &Secret::new([6; 32]));
    let digest = Digest::of(b"an invented record");
    let print = |event| {
        let [line, signature, pq_signature] = SignedEvent::sign(event, &officer).print();
        format!("{line}\n{signature}{pq_signature}")
    };
    let good = print(Event::Disclose { record: digest });
    let of_a_card = sshsig::encode_pair(&officer.public(), &officer.sign::<domain::Card>(b"disclose"));
    let mut vectors = spoiled(
        &good,
        &[
            ("verb-unknown", "disclose", "publish"),
            ("two-spaces", "disclose ", "disclose  "),
            ("digest-in-upper-case", &digest.to_string(), &digest.to_string().to_uppercase()),
            ("signature-missing", "-----BEGIN SSH SIGNATURE-----\n", ""),
        ],
    );
    vectors.push((
        "bad-signatures-of-a-card".to_owned(),
        format!("disclose {digest}\n{}", of_a_card.concat()).into(),
    ));
    vectors.push(("good-disclose".to_owned(), good.into()));
    vectors.push((
        "good-open".to_owned(),
        print(Event::Open { bundle: digest, officer: officer.public().fingerprint() }).into(),
    ));
    vectors
}

fn log() -> NoteSigner {
    NoteSigner::new("example.org/log", LogSigningKey::from_seed(&Secret::new([7; 32]))).unwrap()
}

/// Leaves of events, in their order.
fn leaves() -> [Digest; 2] {
    let mut leaves = [Digest::of(b"an invented event"), Digest::of(b"another")];
    leaves.sort();
    leaves
}

/// An officer's events on their way to the desk.
fn event_leaves() -> Vectors {
    let officer = KeyPair::from_seeds(&Secret::new([5; 32]), &Secret::new([6; 32]));
    let [one, two] = leaves().map(|leaf| format!("leaf: {leaf}\n"));
    let good = EventLeaves::sign(&log().verifier(), leaves(), &officer).print();
    let mut vectors = spoiled(
        &good,
        &[
            ("version", "sanduq-events/1", "sanduq-events/2"),
            ("no-leaf", &format!("{one}{two}"), ""),
            ("leaf-twice", &one, &format!("{one}{one}")),
            ("out-of-order", &format!("{one}{two}"), &format!("{two}{one}")),
            ("leaf-in-upper-case", &one, &one.to_uppercase().replace("LEAF", "leaf")),
            ("officer-missing", "officer: ", "officer "),
            ("log-of-no-key", "log: example.org/log+", "log: example.org/log "),
            ("signature-missing", "-----BEGIN SSH SIGNATURE-----\n", ""),
        ],
    );
    let of_a_card = sshsig::encode_pair(&officer.public(), &officer.sign::<domain::Card>(b"events"));
    let text = good.split("-----BEGIN").next().unwrap();
    vectors.push(("bad-signatures-of-a-card".to_owned(), format!("{text}{}", of_a_card.concat()).into()));
    vectors.push(("good-two".to_owned(), good.into()));
    vectors
}

/// Proofs of events on their way back.
fn event_proofs() -> Vectors {
    let (log, leaves) = (log(), leaves());
    let mut tree = Tree::new(MemoryHashes::default(), 0);
    for leaf in &leaves {
        tree.append(Leaf::Event(*leaf).to_string().as_bytes()).unwrap();
    }
    let head = Checkpoint::of(&log, 2, tree.root(2).unwrap()).sign(&log).unwrap();
    let archive = |order: &[usize]| {
        let mut proofs = EventProofs::begin(Vec::new());
        for at in order {
            let leaf = Leaf::Event(leaves[*at]).to_string();
            let hashes = tree.inclusion_proof(*at as u64, 2).unwrap();
            let proof = TlogProof::logged(leaf.as_bytes(), *at as u64, hashes, head.clone());
            proofs.add(&leaves[*at], &proof).unwrap();
        }
        proofs.finish().unwrap()
    };
    let mut not_a_proof = Writer::new(Vec::new());
    not_a_proof.whole(&format!("{}.tlog-proof", leaves[0]).parse().unwrap(), b"nothing").unwrap();
    let mut other_name = Writer::new(Vec::new());
    other_name.whole(&"one.tlog-proof".parse().unwrap(), b"nothing").unwrap();
    let good = archive(&[0, 1]);
    let named = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    vec![
        named("bad-out-of-order", archive(&[1, 0])),
        named("bad-twice", archive(&[0, 0])),
        named("bad-cut-short", good[..good.len() - 512].to_vec()),
        named("bad-no-proof-in-it", not_a_proof.finish().unwrap()),
        named("bad-name", other_name.finish().unwrap()),
        named("good-empty", archive(&[])),
        named("good-two", good),
    ]
}

/// Shares of the identity whose seed is 32 bytes of 3, any two of which give it. They were made by a program that shares
/// no code with ours.
const SHARES: [&str; 3] = [
    "tuna next keep hard data heat cash able acid able quad puff cash skew exam jugs \
     item draw edge jump rich mint epic kept arch door loud jury runs yurt echo keep \
     inky crux wand plus into navy eyes calm idle days glow trip city wolf",
    "tuna next keep hard data heat cash able acid acid fuel horn roof iron each knob \
     kiln epic calm hawk mild omit bald duty gift king time cash ugly meow free back \
     visa part keys exam zero fish miss obey undo void slot code yoga taco",
    "tuna next keep hard data heat cash able acid also fizz bald heat legs fair jowl \
     game cook judo dark very zest gala yurt mild logo figs purr kept cyan user luau \
     kiwi diet toil lazy foxy stub knob idea bias runs song fair brew obey",
];

/// The file of one courier, in words alone.
pub fn courier(number: usize) -> String {
    let line = |(share, number): (&&str, usize)| {
        format!("{}  share-{number}\n", Digest::of(format!("{share}\n").as_bytes()))
    };
    let list: String = SHARES.iter().zip(1..).map(line).collect();
    format!("sanduq-courier/1\nneeded: 2\n{list}{}\n", SHARES[number - 1])
}

fn couriers() -> Vectors {
    let second = courier(2);
    let lines: Vec<&str> = second.lines().collect();
    let ordered = |order: &[usize]| {
        order.iter().map(|line| format!("{}\n", lines[*line])).collect::<String>().into_bytes()
    };
    let other_digest = Digest::of(b"another").to_string();
    let mut vectors = spoiled(
        &second,
        &[
            ("version", "courier/1", "courier/2"),
            ("needed-one", "needed: 2", "needed: 1"),
            ("needed-more-than-the-share-says", "needed: 2", "needed: 3"),
            ("needed-with-a-zero", "needed: 2", "needed: 02"),
            ("share-changed", "acid acid fuel", "acid acid fund"),
            ("share-misspelt", "acid acid fuel", "acid acid feul"),
            ("share-in-capitals", "tuna next", "TUNA NEXT"),
            ("two-spaces-in-the-share", "tuna next", "tuna  next"),
            ("own-digest-changed", &lines[3][..64], &other_digest),
            ("digest-in-capitals", &lines[2][..64], &lines[2][..64].to_uppercase()),
            ("name-with-a-zero", "share-1", "share-01"),
            ("name-twice", "share-3", "share-1"),
            ("name-out-of-order", "share-3", "share-4"),
        ],
    );
    vectors.push(("bad-list-out-of-order".to_owned(), ordered(&[0, 1, 3, 2, 4, 5])));
    vectors.push(("bad-no-list".to_owned(), ordered(&[0, 1, 5])));
    vectors.push(("bad-fewer-listed-than-needed".to_owned(), ordered(&[0, 1, 3, 5])));
    vectors.push(("bad-share-alone".to_owned(), ordered(&[5])));
    vectors.extend((1..=3).map(|number| good(&format!("{number}-of-3"), courier(number))));
    vectors
}

fn good(name: &str, bytes: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (format!("good-{name}"), bytes.into())
}

fn keys(seed: u8) -> KeyPair {
    KeyPair::from_seeds(&Secret::new([seed; 32]), &Secret::new([seed + 100; 32]))
}

fn value_samples() -> Vec<Value> {
    let run = |paragraph, run, marked, text: &str| {
        Value::Run(PlacedRun { paragraph, run, marked, text: text.to_owned() })
    };
    vec![
        Value::Consent(Terms { share: Reach::Court, name: Naming::Pseudonym, ..Terms::default() }),
        run(1, 1, false, "I saw "),
        Value::Person(Person { position: 1, name: "Invented Person".to_owned() }),
        Value::Title("آنچه دیدم (نمونه)".to_owned()),
        Value::Place("Sample Town".to_owned()),
        run(2, 1, false, "Then they left."),
        Value::File(Descriptor {
            position: 1,
            file: 1,
            media_type: "image/jpeg".to_owned(),
            size: 3,
            sha256: Digest::of(b"abc"),
        }),
        Value::Date(EventDate::new("1988-08", Sureness::About).unwrap()),
        run(1, 2, true, "the man from next door"),
        Value::Kind(Kind::Testimony),
        Value::Label(Label { position: 1, label: "photos/\"door\".jpg".to_owned() }),
        Value::Pseudonym("Reed".to_owned()),
        Value::ConsentWords("Ask me first.\nThank you.".to_owned()),
        run(1, 3, false, "."),
    ]
}

fn salt(number: u32, value: &Value) -> Digest {
    Digest::of(format!("{number} {}", value.name()).as_bytes())
}

fn units() -> Vectors {
    let bytes = |value: Value| Unit { salt: salt(1, &value), value }.to_bytes();
    let mut vectors = Vectors::new();
    for (number, value) in value_samples().into_iter().enumerate() {
        vectors.push(good(&format!("{:02}-{}", number + 1, value.name()), bytes(value)));
    }
    let steering = "\u{1}\u{7f}\u{202e}\u{2028}\\/\u{1f39e}";
    vectors.push(good("characters", bytes(Value::Title(steering.to_owned()))));
    let person = bytes(Value::Person(Person { position: 1, name: "a/é".to_owned() }));
    vectors.extend(spoiled(
        std::str::from_utf8(&person).unwrap(),
        &[
            ("space-after-colon", ":1,", ": 1,"),
            ("number-as-fraction", ":1,", ":1.0,"),
            ("number-with-leading-zero", ":1,", ":01,"),
            ("number-negative", ":1,", ":-1,"),
            ("number-too-large", ":1,", ":4294967296,"),
            ("escaped-slash", "a/", "a\\/"),
            ("escaped-letter", "é", "\\u00e9"),
            ("lone-surrogate", "é", "\\ud800"),
            ("key-twice", "\"position\":1,", "\"position\":1,\"position\":1,"),
            ("key-missing", "\"position\":1,", ""),
            ("key-unknown", "\"name\"", "\"age\":3,\"name\""),
            (
                "keys-in-another-order",
                "{\"position\":1,\"name\":\"a/é\"}",
                "{\"name\":\"a/é\",\"position\":1}",
            ),
            ("unit-unknown", "\"person\"", "\"rumour\""),
            ("unit-of-another-sort", "\"person\"", "\"place\""),
            ("salt-in-upper-case", "\"salt\":\"", "\"salt\":\"A"),
        ],
    ));
    for (name, number, from, to) in [
        ("paragraph-0", 1, "\"paragraph\":1", "\"paragraph\":0"),
        ("run-0", 1, "\"run\":1", "\"run\":0"),
        ("position-0", 2, "\"position\":1", "\"position\":0"),
        ("position-of-a-file-0", 6, "\"position\":1", "\"position\":0"),
        ("file-0", 6, "\"file\":1", "\"file\":0"),
        ("position-of-a-label-0", 10, "\"position\":1", "\"position\":0"),
        ("pseudonym-of-nothing", 11, "\"Reed\"", "\"\""),
    ] {
        let text = String::from_utf8(bytes(value_samples().remove(number))).unwrap();
        vectors.push((format!("bad-{name}"), text.replacen(from, to, 1).into_bytes()));
    }
    let consent = bytes(value_samples().remove(0));
    for (name, from, to) in [
        ("consent-unknown-reach", "\"court\"", "\"press\""),
        ("consent-unknown-name", "\"pseudonym\"", "\"everywhere\""),
        ("consent-without-a-day", "\"not-before\":null,", ""),
        ("consent-of-no-day", "null", "\"2031-02-30\""),
        ("consent-more", "\"contact\"", "\"more\":1,\"contact\""),
    ] {
        let text = std::str::from_utf8(&consent).unwrap();
        vectors.push((format!("bad-{name}"), text.replacen(from, to, 1).into_bytes()));
    }
    let date = String::from_utf8(bytes(value_samples().remove(7))).unwrap();
    vectors.push(("bad-date-of-no-calendar".to_owned(), date.replacen("1988-08", "1988-13", 1).into_bytes()));
    vectors.push(("bad-title-too-long".to_owned(), bytes(Value::Title("x".repeat(4097)))));
    vectors
}

fn folder(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Writer::new(Vec::new());
    for (name, body) in members {
        archive.whole(&name.parse().unwrap(), body).unwrap();
    }
    archive.finish().unwrap()
}

/// The members of a record's folder, its list first.
fn members(values: Vec<Value>) -> Vectors {
    let record = Record::of(values, salt).unwrap();
    let mut members = vec![("disclosure-sha256.txt".to_owned(), record.list().to_vec())];
    members.extend(record.units().map(|(name, unit)| (name.to_string(), unit.to_vec())));
    members
}

fn records() -> Vectors {
    let whole = || members(value_samples());
    let without = |number: usize| {
        let mut members = whole();
        members.remove(number);
        folder(&members)
    };
    let of = |values: Vec<Value>| folder(&members(values));
    let edited = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut values = value_samples();
        change(&mut values);
        of(values)
    };
    let mut changed = whole();
    changed[5].1[100] ^= 1;
    let mut swapped = whole();
    let body = std::mem::take(&mut swapped[4].1);
    swapped[4].1 = std::mem::replace(&mut swapped[5].1, body);
    let mut unlisted = whole();
    unlisted.push(("units/0014.json".to_owned(), unlisted[13].1.clone()));
    let mut renumbered = whole();
    let list = String::from_utf8(renumbered[0].1.clone()).unwrap();
    renumbered[0].1 = list.replace("units/0013", "units/0014").into_bytes();
    renumbered[13].0 = "units/0014.json".to_owned();
    let bad = |name: &str, bytes| (format!("bad-{name}"), bytes);
    vec![
        good("whole", folder(&whole())),
        good("part", without(5)),
        bad("consent-left-out", without(1)),
        bad("unit-changed", folder(&changed)),
        bad("units-exchanged", folder(&swapped)),
        bad("unit-not-listed", folder(&unlisted)),
        bad("number-left-out", folder(&renumbered)),
        bad("consent-not-first", edited(&|values| values.swap(0, 1))),
        bad("no-kind", edited(&|values| drop(values.remove(9)))),
        bad("no-title", edited(&|values| drop(values.remove(3)))),
        bad("two-titles", edited(&|values| values.push(Value::Title(String::new())))),
        bad("run-missing", edited(&|values| drop(values.remove(1)))),
        bad("run-twice", edited(&|values| values.push(values[1].clone()))),
        bad(
            "paragraph-missing",
            edited(&|values| {
                values.push(Value::Run(PlacedRun {
                    paragraph: 4,
                    run: 1,
                    marked: false,
                    text: String::new(),
                }));
            }),
        ),
        bad("file-without-label", edited(&|values| drop(values.remove(10)))),
        bad("label-without-file", edited(&|values| drop(values.remove(6)))),
    ]
}

fn statement() -> Statement {
    Statement {
        author: keys(1).public(),
        salt: Digest::of(b"a salt"),
        bundle: keys(2).public(),
        disclosure: Digest::of(b"a list of records"),
        card: Digest::of(b"a card"),
        proof: Digest::of(b"a proof key"),
        follow_up: None,
    }
}

fn authors() -> Vectors {
    let text = statement().print();
    let follow_up =
        |refers, act| Statement { follow_up: Some(FollowUp { refers, act }), ..statement() }.print();
    let withdrawal = follow_up(Some(Digest::of(b"an earlier bundle")), Act::Withdraw);
    let author = keys(1).public();
    let signatures = sshsig::encode_pair(&author, &keys(1).sign::<domain::Author>(text.as_bytes()));
    let mut vectors = vec![
        good("statement", text.clone()),
        good("withdrawal", withdrawal.clone()),
        good("addition-to-all", follow_up(None, Act::Add)),
        ("statement.sig".to_owned(), signatures[0].clone().into_bytes()),
        ("statement.pq.sig".to_owned(), signatures[1].clone().into_bytes()),
        ("bad-act-unknown".to_owned(), withdrawal.replace("withdraw", "forget").into_bytes()),
        ("bad-act-missing".to_owned(), withdrawal.replace("act: withdraw\n", "").into_bytes()),
        ("bad-act-alone".to_owned(), format!("{text}act: add\n").into_bytes()),
    ];
    let (one, other) = (author.ed25519().to_line(), author.composite().to_line());
    vectors.extend(spoiled(
        &text,
        &[
            ("version", "sanduq-author/1", "sanduq-author/2"),
            ("two-spaces", "card: ", "card:  "),
            ("line-twice", "card: ", "card: 0\ncard: "),
            ("line-missing", "\nsalt: ", "\npepper: "),
            ("digest-in-upper-case", "disclosure: ", "disclosure: A"),
            ("key-with-comment", &one, &format!("{one} her")),
            ("key-of-the-other-kind", &one, &other),
        ],
    ));
    vectors
}

fn signers() -> Vectors {
    let return_recipient = Identity::from_seed(&Secret::new([9; 32])).to_recipient();
    let signer = Signer { keys: keys(2).public(), return_recipient };
    let text = signer.print();
    let key = keys(2).public().ed25519().to_line();
    // The identity point: under it every message verifies.
    let weak = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let mut lines: Vec<_> = text.lines().collect();
    lines.swap(0, 1);
    let mut vectors = vec![
        good("signer", text.clone()),
        ("bad-keys-exchanged".to_owned(), format!("{}\n", lines.join("\n")).into_bytes()),
        ("bad-no-recipient".to_owned(), keys(2).public().to_lines().into_bytes()),
    ];
    vectors.extend(spoiled(
        &text,
        &[
            ("weak-key", &key, weak),
            ("recipient-of-another-kind", "age1pq1", "age1"),
            ("recipient-in-upper-case", "age1pq1", "AGE1PQ1"),
            ("key-with-comment", &key, &format!("{key} her")),
        ],
    ));
    vectors
}

fn passed_on() -> Vectors {
    let head = format!("sanduq-pass-on/1\nbundle: {}\n", Digest::of(b"a bundle"));
    let archive = |head: &str, layers: &[u8]| {
        let layer = |number: &u8| (format!("layers/{number:02}.age"), vec![*number; 40]);
        let head = [("pass-on".to_owned(), head.as_bytes().to_vec())];
        folder(&head.into_iter().chain(layers.iter().map(layer)).collect::<Vec<_>>())
    };
    let parsed = PassOn::parse(&archive(&head, &[1, 2, 10])).expect("a good one");
    let bad = |name: &str, bytes| (format!("bad-{name}"), bytes);
    vec![
        good("three-layers", parsed.to_bytes()),
        good("one-layer", archive(&head, &[4])),
        bad("no-layers", archive(&head, &[])),
        bad("layers-out-of-order", archive(&head, &[2, 1])),
        bad("layer-twice", archive(&head, &[2, 2])),
        bad("layer-eleven", archive(&head, &[11])),
        bad("layer-zero", archive(&head, &[0])),
        bad("version", archive(&head.replace("/1", "/2"), &[1])),
        bad("carriage-return", archive(&head.replace('\n', "\r\n"), &[1])),
        bad("no-bundle", archive("sanduq-pass-on/1\n", &[1])),
        bad("empty", Vec::new()),
        bad("cut", parsed.to_bytes()[..1024].to_vec()),
    ]
}
