//! Attacks on what a log says: its heads, its receipts, its growth, and the policies that heads count by.

use std::sync::OnceLock;

use sanduq::crypto::Digest;
use sanduq::format::card::Draft;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::tlog::cosignature::Witness;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, SignedCheckpoint, TlogProof, Tree};

use super::cards::{signed, terms};
use super::{
    Family, Files, Pair, Rng, base64, log, log_key, malleate, misspelled, replaced, unbase64, weak_key,
};

pub fn witnesses() -> [Witness; 3] {
    [1, 2, 3].map(|number| Witness::new(&format!("w{number}.example"), log_key(60 + number)).unwrap())
}

fn stranger() -> Witness {
    Witness::new("w4.example", log_key(64)).unwrap()
}

fn other_log() -> NoteSigner {
    NoteSigner::new("archive.example/log", log_key(51)).unwrap()
}

/// Two of these.
pub fn policy_of(witnesses: &[Witness]) -> Policy {
    let names: Vec<String> = (1..=witnesses.len()).map(|number| format!("w{number}")).collect();
    let line = |(name, witness): (&String, &Witness)| format!("witness {name} {}\n", witness.verifier());
    let lines: String = names.iter().zip(witnesses).map(line).collect();
    let text = format!("{lines}group two 2 {}\nquorum two\n", names.join(" "));
    Policy::parse(text.as_bytes()).unwrap()
}

/// A card of this log by whose policy two of three witnesses are needed.
fn card() -> Vec<u8> {
    static CARD: OnceLock<String> = OnceLock::new();
    let card = CARD.get_or_init(|| {
        let terms = terms("Invented Archive", 1, policy_of(&witnesses()));
        signed(&Draft::new(terms).unwrap().to_string())
    });
    card.clone().into_bytes()
}

fn now(rng: &mut Rng) -> Time {
    Time::from_unix(1_795_459_200 + rng.below(1 << 30) as i64).unwrap()
}

/// A log with some leaves, and where in it a bundle stands.
struct Grown {
    tree: Tree<MemoryHashes>,
    size: u64,
    index: u64,
    bundle: Digest,
}

impl Grown {
    fn new(rng: &mut Rng) -> Grown {
        let size = 2 + rng.below(40) as u64;
        let index = rng.next() % size;
        let bundle = Digest::of(&rng.next().to_be_bytes());
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for place in 0..size {
            let other = Leaf::Card(Digest::of(&rng.next().to_be_bytes()));
            let leaf = if place == index { Leaf::Ingest(bundle) } else { other };
            tree.append(leaf.to_string().as_bytes()).unwrap();
        }
        Grown { tree, size, index, bundle }
    }

    fn head(&self, size: u64) -> Checkpoint {
        Checkpoint::of(&log(), size, self.tree.root(size).unwrap())
    }

    /// What the log signed and these witnesses cosigned.
    fn receipt(&self, by: &[Witness], rng: &mut Rng) -> TlogProof {
        self.receipt_under(cosigned(self.head(self.size).sign(&log()).unwrap(), by, rng))
    }

    fn receipt_under(&self, head: SignedCheckpoint) -> TlogProof {
        let hashes = self.tree.inclusion_proof(self.index, self.size).unwrap();
        TlogProof::logged(Leaf::Ingest(self.bundle).to_string().as_bytes(), self.index, hashes, head)
    }

    fn files(&self, receipt: impl ToString) -> Files {
        vec![receipt.to_string().into_bytes(), card(), format!("{}\n", self.bundle).into_bytes()]
    }
}

fn cosigned(mut head: SignedCheckpoint, by: &[Witness], rng: &mut Rng) -> SignedCheckpoint {
    by.iter().for_each(|witness| witness.cosign(&mut head, now(rng)));
    head
}

/// A receipt, and what an attacker makes of it.
fn receipt(rng: &mut Rng, change: impl FnOnce(&Grown, TlogProof, &mut Rng) -> String) -> Pair {
    let grown = Grown::new(rng);
    let good = grown.receipt(&witnesses()[1..], rng);
    let bad = change(&grown, good.clone(), rng);
    Pair { good: grown.files(good), bad: grown.files(bad) }
}

/// A receipt under a head that says the same and bears other signatures.
fn other_head(rng: &mut Rng, change: impl FnOnce(&Grown, SignedCheckpoint, &mut Rng) -> String) -> Pair {
    receipt(rng, |grown, good, rng| {
        let head = good.checkpoint.clone();
        let bad = change(grown, head.clone(), rng);
        replaced(&good.to_string(), &head.to_string(), &bad)
    })
}

/// The signature lines of a head, the log's first.
fn lines(head: &SignedCheckpoint) -> Vec<String> {
    let text = head.to_string();
    text[head.note().text().len() + 1..].lines().map(|line| format!("{line}\n")).collect()
}

fn with_lines(head: &SignedCheckpoint, lines: &[String]) -> String {
    format!("{}\n{}", head.note().text(), lines.concat())
}

/// A signature line whose bytes, behind the key's id, were changed.
fn edited(line: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let (name, blob) = line.trim_end().rsplit_once(' ').unwrap();
    let mut bytes = unbase64(blob);
    change(&mut bytes);
    format!("{name} {}\n", base64(&bytes))
}

fn head(rng: &mut Rng, change: impl FnOnce(&SignedCheckpoint, &mut Rng) -> Vec<u8>) -> Pair {
    let grown = Grown::new(rng);
    let good = cosigned(grown.head(grown.size).sign(&log()).unwrap(), &witnesses()[..2], rng);
    let bad = change(&good, rng);
    Pair { good: vec![good.to_string().into_bytes(), card()], bad: vec![bad, card()] }
}

/// A text that a writer of heads would not write, rightly signed by the log and by all witnesses.
fn other_text(rng: &mut Rng, change: impl FnOnce(&str, &mut Rng) -> String) -> Pair {
    head(rng, |good, rng| {
        let text = change(good.note().text(), rng);
        let mut signatures = vec![note_line(
            "archive.example/log",
            &log().verifier().id(),
            &log_key(50).sign_note_text(text.as_bytes()),
        )];
        for (number, witness) in (61..).zip(witnesses()) {
            let time = 1_795_459_200u64;
            let said = format!("cosignature/v1\ntime {time}\n{text}");
            let signature =
                [&time.to_be_bytes()[..], &log_key(number).sign_note_text(said.as_bytes())].concat();
            signatures.push(note_line(witness.verifier().name(), &witness.verifier().id(), &signature));
        }
        format!("{text}\n{}", signatures.concat()).into_bytes()
    })
}

fn note(text: &str, name: &str) -> Vec<u8> {
    format!("{text}\n{}", note_line(name, &[1; 4], &[2; 64])).into_bytes()
}

fn note_line(name: &str, id: &[u8], signature: &[u8]) -> String {
    format!("— {name} {}\n", base64(&[id, signature].concat()))
}

/// Two heads and the proof that the later one grew out of the earlier.
fn growth(
    rng: &mut Rng,
    change: impl FnOnce(&Grown, u64, &mut Rng) -> (Checkpoint, Checkpoint, Vec<Digest>),
) -> Pair {
    let grown = Grown::new(rng);
    let old = 1 + rng.next() % (grown.size - 1);
    let good =
        (grown.head(old), grown.head(grown.size), grown.tree.consistency_proof(old, grown.size).unwrap());
    let bad = change(&grown, old, rng);
    let mut files = |(older, newer, proof): (Checkpoint, Checkpoint, Vec<Digest>)| {
        let [older, newer] = [older, newer].map(|head| {
            cosigned(head.sign(&log()).unwrap(), &witnesses()[..2], rng).to_string().into_bytes()
        });
        let hashes: String = proof.iter().map(|hash| base64(hash.as_bytes()) + "\n").collect();
        vec![older, newer, card(), hashes.into_bytes()]
    };
    Pair { good: files(good), bad: files(bad) }
}

fn digest(rng: &mut Rng) -> Digest {
    Digest::of(&rng.next().to_be_bytes())
}

/// A policy that holds, and one that does not.
fn policy(rng: &mut Rng, change: impl FnOnce(&str, &mut Rng) -> String) -> Pair {
    let lines: String = (1..=3)
        .zip(witnesses())
        .map(|(number, witness)| format!("witness w{number} {}\n", witness.verifier()))
        .collect();
    let group = rng.pick(&["2", "3", "all"]);
    let good = format!("log {}\n{lines}group g {group} w1 w2 w3\nquorum g\n", log().verifier());
    let bad = change(&good, rng);
    Pair { good: vec![good.into_bytes()], bad: vec![bad.into_bytes()] }
}

pub fn families() -> Vec<Family> {
    [receipts(), heads(), notes(), growths(), policies()].into_iter().flatten().collect()
}

fn receipts() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "receipt", story, make };
    vec![
        family("receipt-from-another-log", "A log of the same name under another key.", |rng| {
            receipt(rng, |grown, _, rng| {
                let head = grown.head(grown.size).sign(&other_log()).unwrap();
                grown.receipt_under(cosigned(head, &witnesses(), rng)).to_string()
            })
        }),
        family("receipt-for-another-bundle", "The receipt of somebody else's bundle.", |rng| {
            let grown = Grown::new(rng);
            let good = grown.files(grown.receipt(&witnesses()[..2], rng));
            let bad = vec![good[0].clone(), good[1].clone(), format!("{}\n", digest(rng)).into_bytes()];
            Pair { good, bad }
        }),
        family(
            "receipt-that-names-another-bundle",
            "What it carries is changed, the proof is another leaf's.",
            |rng| {
                let grown = Grown::new(rng);
                let good = grown.receipt(&witnesses()[..2], rng);
                let bundle = digest(rng);
                let extra = Some(Leaf::Ingest(bundle).to_string().into_bytes());
                let bad = TlogProof { extra, ..good.clone() };
                let bad = vec![bad.to_string().into_bytes(), card(), format!("{bundle}\n").into_bytes()];
                Pair { good: grown.files(good), bad }
            },
        ),
        family("receipt-without-its-leaf", "Nothing says what was logged.", |rng| {
            receipt(rng, |_, good, _| TlogProof { extra: None, ..good }.to_string())
        }),
        family("receipt-of-a-card", "The leaf names the same digest, as that of a card.", |rng| {
            let grown = Grown::new(rng);
            let good = grown.receipt(&witnesses()[..2], rng);
            let leaf = Leaf::Card(grown.bundle).to_string();
            let mut tree = Tree::new(MemoryHashes::default(), 0);
            tree.append(leaf.as_bytes()).unwrap();
            let head = cosigned(
                Checkpoint::of(&log(), 1, tree.root(1).unwrap()).sign(&log()).unwrap(),
                &witnesses(),
                rng,
            );
            let bad = TlogProof::logged(leaf.as_bytes(), 0, Vec::new(), head);
            Pair { good: grown.files(good), bad: grown.files(bad) }
        }),
        family("inclusion-proof-changed", "One bit of one hash.", |rng| {
            receipt(rng, |_, mut good, rng| {
                let place = rng.below(good.hashes.len());
                let mut bytes = *good.hashes[place].as_bytes();
                bytes[rng.below(32)] ^= 1 << rng.below(8);
                good.hashes[place] = Digest::from_bytes(bytes);
                good.to_string()
            })
        }),
        family("inclusion-proof-of-another-length", "A hash too many or too few, at either end.", |rng| {
            receipt(rng, |_, mut good, rng| {
                match rng.below(4) {
                    0 => drop(good.hashes.pop()),
                    1 => drop(good.hashes.remove(0)),
                    2 => good.hashes.push(digest(rng)),
                    _ => good.hashes.insert(0, digest(rng)),
                }
                good.to_string()
            })
        }),
        family("inclusion-proof-of-another-leaf", "The hashes that lead from the leaf beside it.", |rng| {
            receipt(rng, |grown, good, _| {
                let beside = (grown.index + 1) % grown.size;
                let hashes = grown.tree.inclusion_proof(beside, grown.size).unwrap();
                TlogProof { hashes, index: beside, ..good }.to_string()
            })
        }),
        family(
            "receipt-at-another-place",
            "A place that the hashes do not lead from, or behind the end.",
            |rng| {
                receipt(rng, |grown, good, rng| {
                    let index = rng.pick(&[
                        (grown.index + 1) % grown.size,
                        grown.size,
                        grown.size + grown.index,
                        u64::MAX,
                    ]);
                    TlogProof { index, ..good }.to_string()
                })
            },
        ),
        family("receipt-of-a-root-that-nobody-signed", "The head is changed below its signatures.", |rng| {
            other_head(rng, |grown, head, rng| {
                let other = Checkpoint { root: digest(rng), ..grown.head(grown.size) }.to_string();
                with_lines(&head, &lines(&head)).replace(head.note().text(), &other)
            })
        }),
        family("log-signature-malleated", "S + L in place of S fits the same equation.", |rng| {
            other_head(rng, |_, head, _| {
                let mut all = lines(&head);
                all[0] = edited(&all[0], |bytes| malleate(bytes));
                with_lines(&head, &all)
            })
        }),
        family("log-signature-changed", "One bit of it, or a byte too many or too few.", |rng| {
            other_head(rng, |_, head, rng| {
                let mut all = lines(&head);
                all[0] = edited(&all[0], |bytes| match rng.below(3) {
                    0 => bytes[4 + rng.below(64)] ^= 1 << rng.below(8),
                    1 => drop(bytes.pop()),
                    _ => bytes.push(rng.byte()),
                });
                with_lines(&head, &all)
            })
        }),
        family("log-signature-stripped", "Cosigned by every witness, and signed by no log.", |rng| {
            other_head(rng, |_, head, rng| {
                let all = lines(&cosigned(head.clone(), &witnesses()[..1], rng));
                with_lines(&head, &all[1..])
            })
        }),
        family(
            "log-signature-twice-one-of-them-bad",
            "One that holds does not make up for one that does not.",
            |rng| {
                other_head(rng, |_, head, rng| {
                    let mut all = lines(&head);
                    let bad = edited(&all[0], |bytes| bytes[4 + rng.below(64)] ^= 1);
                    all.insert(rng.below(all.len() + 1), bad);
                    with_lines(&head, &all)
                })
            },
        ),
        family("cosignature-by-an-unknown-witness", "One of the card's witnesses, and a stranger.", |rng| {
            receipt(rng, |grown, _, rng| {
                let [one, ..] = witnesses();
                grown.receipt(&[one, stranger()], rng).to_string()
            })
        }),
        family("cosignatures-too-few", "One where two are needed, or none.", |rng| {
            receipt(rng, |grown, _, rng| {
                let few = rng.below(2);
                grown.receipt(&witnesses()[..few], rng).to_string()
            })
        }),
        family("cosignature-counted-twice", "One witness, who cosigned at two times.", |rng| {
            receipt(rng, |grown, _, rng| {
                let [one, ..] = witnesses();
                let head = cosigned(grown.head(grown.size).sign(&log()).unwrap(), &[one], rng);
                let [one, ..] = witnesses();
                grown.receipt_under(cosigned(head, &[one], rng)).to_string()
            })
        }),
        family("cosignature-of-another-head", "A witness's word about another size.", |rng| {
            other_head(rng, |grown, head, rng| {
                let other =
                    cosigned(grown.head(grown.size - 1).sign(&log()).unwrap(), &witnesses()[1..], rng);
                let place = 1 + rng.below(2);
                let mut all = lines(&head);
                all[place] = lines(&other)[place].clone();
                with_lines(&head, &all)
            })
        }),
        family("cosignature-of-another-time", "The time that a witness names is changed.", |rng| {
            other_head(rng, |_, head, rng| {
                let mut all = lines(&head);
                let place = 1 + rng.below(2);
                all[place] = edited(&all[place], |bytes| bytes[4 + rng.below(8)] ^= 1 << rng.below(8));
                with_lines(&head, &all)
            })
        }),
        family("cosignature-in-another-s-name", "A stranger's, under the name and id of a witness.", |rng| {
            other_head(rng, |_, head, rng| {
                let theirs = lines(&cosigned(head.clone(), &[stranger()], rng)).pop().unwrap();
                let ours = witnesses()[1].verifier().clone();
                let mut all = lines(&head);
                all[1] = edited(&theirs, |bytes| bytes[..4].copy_from_slice(&ours.id()))
                    .replace("w4.example", ours.name());
                with_lines(&head, &all)
            })
        }),
        family(
            "cosignature-without-a-time",
            "A witness's key that signed the bare text, as logs do.",
            |rng| {
                other_head(rng, |_, head, _| {
                    let ours = witnesses()[1].verifier().clone();
                    let signature = log_key(62).sign_note_text(head.note().text().as_bytes());
                    let mut all = lines(&head);
                    all[1] = note_line(ours.name(), &ours.id(), &signature);
                    with_lines(&head, &all)
                })
            },
        ),
        family("receipt-that-carries-too-much", "More than a leaf can be.", |rng| {
            receipt(rng, |_, good, rng| {
                let extra = Some(vec![b'a'; 4097 + rng.below(1000)]);
                TlogProof { extra, ..good }.to_string()
            })
        }),
        family("receipt-spelled-otherwise", "The same proof as another program would spell it.", |rng| {
            let grown = Grown::new(rng);
            let good = grown.receipt(&witnesses()[1..], rng);
            let text = good.to_string();
            let place = format!("index {}\n", grown.index);
            let ways = [
                misspelled(&text, rng),
                replaced(&text, "@v1", "@v2").into(),
                replaced(&text, &place, &format!("index 0{}\n", grown.index)).into(),
                replaced(&text, &place, &format!("index +{}\n", grown.index)).into(),
                replaced(&text, &place, "").into(),
                replaced(&text, &place, &format!("{place}{}", format!("{}\n", base64(&[0; 32])).repeat(65)))
                    .into(),
                replaced(&text, &place, &format!("{place}{}\n", base64(&[0; 31]))).into(),
                replaced(&text, "extra ", "extra  ").into(),
                replaced(&text, "extra ", "Extra ").into(),
            ];
            let bad = rng.pick(&ways);
            let mut files = grown.files("");
            files[0] = bad;
            Pair { good: grown.files(good), bad: files }
        }),
        family("receipt-under-a-forged-card", "The card that it is judged by does not hold.", |rng| {
            let grown = Grown::new(rng);
            let good = grown.files(grown.receipt(&witnesses()[1..], rng));
            let card = String::from_utf8(card()).unwrap();
            let mut bad = good.clone();
            bad[1] = replaced(&card, "serial: ", "serial: 1").into_bytes();
            Pair { good, bad }
        }),
    ]
}

fn heads() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "head", story, make };
    vec![
        family(
            "checkpoint-of-another-text",
            "Lines that a head does not have, or numbers of another spelling.",
            |rng| {
                other_text(rng, |text, rng| {
                    let parts: Vec<&str> = text.trim_end().split('\n').collect();
                    let (origin, size, root) = (parts[0], parts[1], parts[2]);
                    let ways = [
                        format!("{text}extension\n"),
                        format!("{origin}\n0{size}\n{root}\n"),
                        format!("{origin}\n+{size}\n{root}\n"),
                        format!("{origin}\n-{size}\n{root}\n"),
                        format!("{origin}\n18446744073709551616\n{root}\n"),
                        format!("{origin}\n{size}\n{}\n", &root[..43]),
                        format!("{origin}\n{size}\n{}\n", base64(&[0; 33])),
                        format!("{origin}\n{size}\n"),
                        format!("{size}\n{root}\n"),
                        format!("{origin} \n{size}\n{root}\n"),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
        family("checkpoint-of-another-origin", "The log signed a head in another log's name.", |rng| {
            other_text(rng, |text, rng| {
                let other = [
                    "other.example/log",
                    "archive.example/log2",
                    "Archive.example/log",
                    "archive.example/lo\u{200b}g",
                    "a",
                ];
                replaced(text, "archive.example/log", rng.pick(&other))
            })
        }),
        family(
            "note-with-too-many-signatures",
            "Sixty-two strangers are read, sixty-three are not.",
            |rng| {
                let pair = head(rng, |good, _| {
                    format!("{good}{}", note_line("stranger", &[1; 4], &[2; 64]).repeat(62)).into_bytes()
                });
                let good = String::from_utf8(pair.good[0].clone()).unwrap()
                    + &note_line("stranger", &[1; 4], &[2; 64]).repeat(61);
                Pair { good: vec![good.into_bytes(), card()], ..pair }
            },
        ),
        family("note-signature-line-spelled-otherwise", "A stranger's line that is none.", |rng| {
            head(rng, |good, rng| {
                let blob = base64(&[1; 68]);
                let ways = [
                    format!("- stranger {blob}\n"),
                    format!("—  stranger {blob}\n"),
                    format!("— stranger  {blob}\n"),
                    format!("— str+anger {blob}\n"),
                    format!("— stran\u{a0}ger {blob}\n"),
                    format!("— {} {blob}\n", "s".repeat(257)),
                    format!("— stranger {}\n", base64(&[1; 4])),
                    format!("— stranger {}\n", blob.trim_end_matches('=')),
                    format!("— stranger {blob} \n"),
                    format!("— {blob}\n"),
                    "\n".to_owned(),
                ];
                format!("{good}{}", rng.pick(&ways)).into_bytes()
            })
        }),
        family(
            "checkpoint-file-spelled-otherwise",
            "The same head as another program would spell it.",
            |rng| head(rng, |good, rng| misspelled(&good.to_string(), rng)),
        ),
    ]
}

/// A note that is no head: a text, and strangers' names below it.
fn notes() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "note", story, make };
    vec![family(
        "control-character-in-a-note",
        "In its text, or in the name of a stranger who signs below.",
        |rng| {
            let (first, last) = rng.pick(&[(1u8, 9u8), (0xb, 0x1f), (0x7f, 0x9f)]);
            let control = char::from(first + rng.below(usize::from(last - first) + 1) as u8);
            let (text, name) =
                rng.pick(&[(control.to_string(), String::new()), (String::new(), control.to_string())]);
            Pair {
                good: vec![note("A text.\n", "stranger")],
                bad: vec![note(&format!("A te{text}xt.\n"), &format!("stran{name}ger"))],
            }
        },
    )]
}

fn growths() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "consistency", story, make };
    vec![
        family("checkpoint-of-a-fork", "Two roots of one size, both signed and cosigned.", |rng| {
            growth(rng, |grown, _, rng| {
                let head = grown.head(grown.size);
                (head.clone(), Checkpoint { root: digest(rng), ..head }, Vec::new())
            })
        }),
        family("history-rewritten", "The later head grew out of another history.", |rng| {
            growth(rng, |grown, old, rng| {
                let other = Checkpoint { root: digest(rng), ..grown.head(grown.size) };
                (grown.head(old), other, grown.tree.consistency_proof(old, grown.size).unwrap())
            })
        }),
        family("history-that-begins-otherwise", "The earlier head is of another history.", |rng| {
            growth(rng, |grown, old, rng| {
                let other = Checkpoint { root: digest(rng), ..grown.head(old) };
                (other, grown.head(grown.size), grown.tree.consistency_proof(old, grown.size).unwrap())
            })
        }),
        family("history-that-shrank", "The later head has fewer leaves.", |rng| {
            growth(rng, |grown, old, _| {
                (
                    grown.head(grown.size),
                    grown.head(old),
                    grown.tree.consistency_proof(old, grown.size).unwrap(),
                )
            })
        }),
        family("consistency-proof-changed", "One bit of one hash.", |rng| {
            growth(rng, |grown, old, rng| {
                let mut proof = grown.tree.consistency_proof(old, grown.size).unwrap();
                let place = rng.below(proof.len());
                let mut bytes = *proof[place].as_bytes();
                bytes[rng.below(32)] ^= 1 << rng.below(8);
                proof[place] = Digest::from_bytes(bytes);
                (grown.head(old), grown.head(grown.size), proof)
            })
        }),
        family("consistency-proof-of-another-length", "A hash too many or too few, at either end.", |rng| {
            growth(rng, |grown, old, rng| {
                let mut proof = grown.tree.consistency_proof(old, grown.size).unwrap();
                match rng.below(4) {
                    0 => drop(proof.pop()),
                    1 => drop(proof.remove(0)),
                    2 => proof.push(digest(rng)),
                    _ => proof.insert(0, digest(rng)),
                }
                (grown.head(old), grown.head(grown.size), proof)
            })
        }),
        family(
            "empty-log-that-is-not-empty",
            "No leaves, under another root than that of nothing; or a proof that begins there.",
            |rng| {
                growth(rng, |grown, _, rng| {
                    let empty = Checkpoint::of(&log(), 0, Digest::of(b""));
                    match rng.below(3) {
                        0 => (Checkpoint { root: digest(rng), ..empty }, grown.head(grown.size), Vec::new()),
                        1 => (empty, grown.head(grown.size), vec![grown.head(grown.size).root]),
                        _ => (empty.clone(), Checkpoint { root: digest(rng), ..empty }, Vec::new()),
                    }
                })
            },
        ),
    ]
}

fn policies() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "policy", story, make };
    vec![
        family(
            "policy-of-a-minority",
            "Two quorums without a common witness: two histories, each with its own.",
            |rng| {
                policy(rng, |good, rng| {
                    let (witnesses, _) = good.split_at(good.find("group ").unwrap());
                    let ends = [
                        "group g any w1 w2 w3\nquorum g\n",
                        "group g 1 w1 w2 w3\nquorum g\n",
                        "quorum w1\n",
                        "group g all w1\nquorum g\n",
                        "group a any w1 w2\ngroup g any a w3\nquorum g\n",
                    ];
                    format!("{witnesses}{}", rng.pick(&ends))
                })
            },
        ),
        family("policy-with-a-key-twice", "One witness under two names counts as two.", |rng| {
            policy(rng, |good, rng| {
                let [one, two, _] = witnesses().map(|witness| witness.verifier().to_string());
                if rng.below(3) == 0 {
                    format!("log {}\n{good}", log().verifier())
                } else {
                    replaced(good, &two, &one)
                }
            })
        }),
        family("policy-weak-key", "A witness in whose name anybody cosigns.", |rng| {
            policy(rng, |good, rng| {
                let key = [&[4][..], &weak_key(rng)].concat();
                let id = Digest::of(&[b"weak.example\n", &key[..]].concat());
                let one = witnesses()[0].verifier().to_string();
                replaced(good, &one, &format!("weak.example+{}+{}", &id.to_string()[..8], base64(&key)))
            })
        }),
        family(
            "policy-whose-names-fail",
            "A name that is missing, taken, reserved, too long or a member of two groups.",
            |rng| {
                policy(rng, |good, rng| {
                    let long = "w".repeat(65);
                    let ways = [
                        replaced(good, "w1 w2 w3", "w1 w2 w4"),
                        replaced(good, "w1 w2 w3", "w1 w2 w2"),
                        replaced(good, "w1 w2 w3", "w1 w2 w3 g"),
                        replaced(good, "quorum g", "quorum h"),
                        replaced(good, "group g", "group w1"),
                        replaced(good, "quorum g", "group h 1 w1\nquorum g"),
                        good.replace("group g", "group none").replace("quorum g", "quorum none"),
                        good.replace("w1", "none"),
                        good.replace("w1", &long),
                        replaced(good, "witness w2", "witness w1"),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
        family(
            "policy-whose-counts-fail",
            "Nobody, more than there are, or a number of another spelling.",
            |rng| {
                policy(rng, |good, rng| {
                    let count = rng.pick(&[
                        "0",
                        "4",
                        "02",
                        "+2",
                        "-1",
                        "two",
                        "",
                        "ALL",
                        "18446744073709551618",
                        "2 ",
                    ]);
                    let (before, rest) = good.split_at(good.find("group g ").unwrap() + "group g ".len());
                    format!("{before}{count}{}", &rest[rest.find(" w1").unwrap()..])
                })
            },
        ),
        family("policy-with-too-much", "More lines than are read, or an address that is none.", |rng| {
            policy(rng, |good, rng| {
                let one = witnesses()[0].verifier().to_string();
                let groups: String = (0..63)
                    .map(|number| {
                        format!(
                            "group g{number} 1 {}\n",
                            if number == 0 { "g".to_owned() } else { format!("g{}", number - 1) }
                        )
                    })
                    .collect();
                let ways = [
                    replaced(good, "quorum g\n", &format!("{groups}quorum g62\n")),
                    replaced(good, &one, &format!("{one} {}", "a".repeat(257))),
                    replaced(good, &one, &format!("{one} ")),
                    replaced(good, &one, &format!("{one} نشانی")),
                    replaced(good, &one, &format!("{one} a b")),
                    replaced(good, &one, &format!("{one} a\u{7f}")),
                ];
                rng.pick(&ways)
            })
        }),
        family(
            "policy-spelled-otherwise",
            "Comments, spaces, empty lines, the quorum not last or twice.",
            |rng| {
                policy(rng, |good, rng| {
                    let ways = [
                        String::from_utf8(misspelled(good, rng)).unwrap(),
                        format!("# all\n{good}"),
                        format!("{good}quorum g\n"),
                        replaced(good, "quorum g\n", ""),
                        replaced(good, "quorum g", "quorum  g"),
                        replaced(good, "witness ", "Witness "),
                        replaced(good, "group g", "group\tg"),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
    ]
}
