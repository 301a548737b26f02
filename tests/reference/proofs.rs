//! Attacks on proofs of authorship.

use sanduq::bundle::{Commitment, ProofKey};
use sanduq::crypto::{Algorithm, Digest, Secret, SigningKey, VerifyingKey, domain};
use sanduq::format::{bag, sshsig};

use super::{Family, Files, Pair, Rng, keys, line_of, misspelled, replaced, weak_key};

/// A bundle's two members that a proof is judged by, and the key that they commit to.
struct Setting {
    key: SigningKey,
    manifest: String,
    info: String,
}

impl Setting {
    fn new(rng: &mut Rng) -> Setting {
        let key = SigningKey::from_seed(Algorithm::Ed25519, &Secret::new([1 + rng.byte() % 100; 32]));
        let info = info(&key.verifying_key(), rng);
        Setting { key, manifest: manifest(&info, rng), info }
    }

    fn about(&self) -> Digest {
        Digest::of(self.manifest.as_bytes())
    }

    fn files(&self, text: &str) -> Files {
        let signature =
            sshsig::encode(&self.key.verifying_key(), &self.key.sign::<domain::Proof>(text.as_bytes()));
        self.files_with(text, &signature)
    }

    fn files_with(&self, text: impl Into<Vec<u8>>, signature: &str) -> Files {
        vec![text.into(), signature.into(), self.manifest.clone().into(), self.info.clone().into()]
    }

    fn text(&self, rng: &mut Rng) -> String {
        let challenge = rng.pick(&["Which colour has the door?", "پرسش ۱", "a", "key: none"]);
        let said =
            rng.pick(&["It is green.", "من نوشته\u{200c}ام.\n\nهمین.", "bundle: none\nkey: none", "a"]);
        text(
            &self.about().to_string(),
            &format!("{challenge} {}", rng.next()),
            &self.key.verifying_key().to_line(),
            said,
        )
    }
}

fn text(bundle: &str, challenge: &str, key: &str, said: &str) -> String {
    format!("sanduq-proof/1\nbundle: {bundle}\nchallenge: {challenge}\nkey: {key}\n\n{said}\n")
}

fn info(key: &VerifyingKey, rng: &mut Rng) -> String {
    let [disclosure, author] = [(); 2].map(|()| Digest::of(&rng.next().to_be_bytes()).to_string());
    let commit = Digest::of(format!("{}\n", key.to_line()).as_bytes()).to_string();
    bag::print_info(&[
        ("Format-Version", "sanduq-bundle/1"),
        ("Payload-Oxum", "1050475.1"),
        ("Disclosure-SHA256", &disclosure),
        ("Author-Commit-SHA256", &author),
        ("Proof-Commit-SHA256", &commit),
    ])
    .unwrap()
}

fn manifest(info: &str, rng: &mut Rng) -> String {
    let others = ["bagit.txt", "signer.pub", "quorum/01.age", "manifest-sha256.txt"];
    let mut lines = vec![format!("{}  bag-info.txt\n", Digest::of(info.as_bytes()))];
    lines.extend(others.map(|name| format!("{}  {name}\n", Digest::of(&rng.next().to_be_bytes()))));
    lines.concat()
}

/// A proof, and one whose text no writer would write; both rightly signed.
fn said(rng: &mut Rng, change: impl FnOnce(&Setting, &str, &mut Rng) -> String) -> Pair {
    let setting = Setting::new(rng);
    let good = setting.text(rng);
    let bad = change(&setting, &good, rng);
    assert_ne!(good, bad);
    Pair { good: setting.files(&good), bad: setting.files(&bad) }
}

/// The same proof beside something that is not its own.
fn beside(rng: &mut Rng, change: impl FnOnce(&Setting, &mut Files, &mut Rng)) -> Pair {
    let setting = Setting::new(rng);
    let good = setting.files(&setting.text(rng));
    let mut bad = good.clone();
    change(&setting, &mut bad, rng);
    Pair { good, bad }
}

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "proof", story, make };
    vec![
        family("proof-about-another-bundle", "Another bundle that commits to the same key.", |rng| {
            beside(rng, |setting, files, rng| {
                let info = info(&setting.key.verifying_key(), rng);
                (files[2], files[3]) = (manifest(&info, rng).into(), info.into());
            })
        }),
        family(
            "proof-of-a-bundle-that-did-not-commit",
            "A key of one's own, and a bundle that promised another.",
            |rng| {
                let (setting, mut other) = (Setting::new(rng), Setting::new(rng));
                other.key = SigningKey::from_seed(Algorithm::Ed25519, &Secret::new([200; 32]));
                let bad = other.text(rng);
                Pair { good: setting.files(&setting.text(rng)), bad: other.files(&bad) }
            },
        ),
        family(
            "proof-with-another-bag-info",
            "The list that gives the bundle its id names another one.",
            |rng| {
                beside(rng, |_, files, rng| {
                    let mine = SigningKey::from_seed(Algorithm::Ed25519, &Secret::new([201; 32]));
                    files[3] = info(&mine.verifying_key(), rng).into();
                })
            },
        ),
        family(
            "proof-by-a-list-without-bag-info",
            "Nothing vouches for what the bundle commits to.",
            |rng| {
                let good = Setting::new(rng);
                let mut bad = Setting::new(rng);
                bad.manifest = replaced(
                    &bad.manifest,
                    "bag-info.txt",
                    rng.pick(&["bag-info.txt2", "data/bag-info.txt", "info.txt"]),
                );
                let text = bad.text(rng);
                Pair { good: good.files(&good.text(rng)), bad: bad.files(&text) }
            },
        ),
        family(
            "proof-of-changed-words",
            "What is said, or what was asked, is changed below the signature.",
            |rng| {
                beside(rng, |_, files, rng| {
                    let text = String::from_utf8(files[0].clone()).unwrap();
                    let ways = [
                        text.trim_end().to_owned() + ".\n",
                        replaced(&text, "challenge: ", "challenge: not "),
                    ];
                    files[0] = rng.pick(&ways).into();
                })
            },
        ),
        family("proof-signed-in-another-role", "What the key signed as something else.", |rng| {
            let setting = Setting::new(rng);
            let good = setting.text(rng);
            let signature = sshsig::encode(
                &setting.key.verifying_key(),
                &setting.key.sign::<domain::Author>(good.as_bytes()),
            );
            Pair { good: setting.files(&good), bad: setting.files_with(good, &signature) }
        }),
        family("proof-signed-by-another-key", "The right key is named and another one signed.", |rng| {
            let setting = Setting::new(rng);
            let good = setting.text(rng);
            let other = SigningKey::from_seed(Algorithm::Ed25519, &Secret::new([202; 32]));
            let named = rng.pick(&[0, 1]);
            let key = if named == 0 { other.verifying_key() } else { setting.key.verifying_key() };
            let signature = sshsig::encode(&key, &other.sign::<domain::Proof>(good.as_bytes()));
            Pair { good: setting.files(&good), bad: setting.files_with(good, &signature) }
        }),
        family("proof-of-another-proof-s-signature", "The answer to another challenge.", |rng| {
            let setting = Setting::new(rng);
            let (good, other) = (setting.text(rng), setting.text(rng));
            let signature = setting.files(&other)[1].clone();
            let signature = String::from_utf8(signature).unwrap();
            Pair { good: setting.files(&good), bad: setting.files_with(good, &signature) }
        }),
        family(
            "proof-by-a-composite-key",
            "A key of a kind that no phrase carries, to which the bundle commits.",
            |rng| {
                let setting = Setting::new(rng);
                let mut other = Setting::new(rng);
                let composite = keys(1).public().composite().clone();
                other.info = info(&composite, rng);
                other.manifest = manifest(&other.info, rng);
                let key = SigningKey::from_seed(Algorithm::MlDsa44Ed25519, &Secret::new([101; 32]));
                let bad = text(&other.about().to_string(), "a", &key.verifying_key().to_line(), "a");
                let signature =
                    sshsig::encode(&key.verifying_key(), &key.sign::<domain::Proof>(bad.as_bytes()));
                Pair { good: setting.files(&setting.text(rng)), bad: other.files_with(bad, &signature) }
            },
        ),
        family("proof-weak-key", "A key under which anybody answers, to which the bundle commits.", |rng| {
            let setting = Setting::new(rng);
            let line = line_of("ssh-ed25519", &weak_key(rng));
            let commit = Digest::of(format!("{line}\n").as_bytes()).to_string();
            let mut other = Setting::new(rng);
            let kept = other.info.rfind("Proof-Commit-SHA256").unwrap();
            other.info = format!("{}Proof-Commit-SHA256: {commit}\n", &other.info[..kept]);
            other.manifest = manifest(&other.info, rng);
            let bad = text(&other.about().to_string(), "a", &line, "a");
            Pair { good: setting.files(&setting.text(rng)), bad: other.files(&bad) }
        }),
        family(
            "proof-that-steers",
            "Words or a challenge that turn, hide or repaint what stands beside them.",
            |rng| {
                said(rng, |_, good, rng| {
                    let steering = [
                        "\u{1b}[2J",
                        "\u{202e}",
                        "\u{200b}",
                        "\u{200f}",
                        "\u{7f}",
                        "\u{9b}",
                        "\u{ad}",
                        "\u{61c}",
                        "\u{2066}",
                        "\u{2028}",
                        "\u{feff}",
                        "\u{e0041}",
                        "\t",
                        "\r",
                        "\0",
                    ];
                    let place = rng.pick(&["challenge: ", "\n\n"]);
                    replaced(good, place, &format!("{place}a{}b", rng.pick(&steering)))
                })
            },
        ),
        family(
            "proof-that-says-nothing-or-too-much",
            "Nothing, more than a few pages, or white space at an end.",
            |rng| {
                said(rng, |setting, _, rng| {
                    let (about, key) = (setting.about().to_string(), setting.key.verifying_key().to_line());
                    let (long, longer) = ("a".repeat(1025), "ب".repeat(8193));
                    let ways = [
                        ("", "a"),
                        ("a", ""),
                        (&*long, "a"),
                        ("a", &*longer),
                        (" a", "a"),
                        ("a\u{a0}", "a"),
                        ("a", "\na"),
                        ("a", "a "),
                        ("a", "a\n"),
                    ];
                    let (challenge, said) = rng.pick(&ways);
                    text(&about, challenge, &key, said)
                })
            },
        ),
        family(
            "proof-spelled-otherwise",
            "The same proof as another program would spell it, rightly signed.",
            |rng| {
                said(rng, |setting, good, rng| {
                    let about = setting.about().to_string();
                    let ways = [
                        replaced(good, "proof/1", "proof/2"),
                        replaced(good, &about, &about.to_uppercase()),
                        replaced(good, &about, &format!("{about} ")),
                        replaced(good, "\nkey: ", "\nKey: "),
                        replaced(good, "\nkey: ", "\nkey:  "),
                        replaced(good, "\nbundle: ", "\nbag: x\nbundle: "),
                        replaced(good, "\n\n", "\n"),
                        replaced(good, "\n\n", " me@here\n\n"),
                        good.replace('\n', "\r\n"),
                        format!("\u{feff}{good}"),
                        good.trim_end().to_owned(),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
        family(
            "proof-by-a-bag-info-spelled-otherwise",
            "What the bundle commits to, as no bundle says it.",
            |rng| {
                let setting = Setting::new(rng);
                let mut other = Setting::new(rng);
                let info = other.info.clone();
                let ways = [
                    replaced(&info, "bundle/1", "bundle/2").into(),
                    replaced(&info, "1050475.1", "1050475").into(),
                    replaced(&info, "1050475.1", "01050475.1").into(),
                    replaced(&info, "1050475.1", "18446744073709551616.1").into(),
                    replaced(&info, "Payload-Oxum", "Bagging-Date: 2026-11-23\nPayload-Oxum").into(),
                    info.to_uppercase().into_bytes(),
                    misspelled(&info, rng),
                ];
                other.info = String::from_utf8(rng.pick(&ways)).unwrap();
                other.manifest = manifest(&other.info, rng);
                let bad = other.text(rng);
                Pair { good: setting.files(&setting.text(rng)), bad: other.files(&bad) }
            },
        ),
        family("proof-file-spelled-otherwise", "The text is changed without being signed anew.", |rng| {
            beside(rng, |_, files, rng| {
                let text = String::from_utf8(files[0].clone()).unwrap();
                files[0] = misspelled(&text, rng);
            })
        }),
    ]
}

/// That a proof of the phrase that a person holds is one of these: the library's own writer is the neighbour of all.
pub fn by_the_library(rng: &mut Rng) -> Files {
    let key = ProofKey::from_phrase(
        "abandon ability able about above absent absorb abstract absurd abuse access accident",
    )
    .unwrap();
    let mut setting = Setting::new(rng);
    let kept = setting.info.rfind("Proof-Commit-SHA256").unwrap();
    setting.info = format!("{}Proof-Commit-SHA256: {}\n", &setting.info[..kept], key.commit());
    setting.manifest = manifest(&setting.info, rng);
    let about = Commitment { bundle: setting.about(), commit: key.commit() };
    let proof = key.prove(&about, "پرسش", "I wrote this account.").unwrap();
    setting.files_with(proof.text, &proof.signature)
}
